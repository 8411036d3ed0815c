"""What a page sets by itself, without a drawn picture: faces with words below, cards, rows.

In: HTML.  Out: a sheet, which :func:`labkit.views.plots.show` takes in the place of a figure.
"""

from __future__ import annotations

import base64
import html
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Sheet:
    """HTML with what is said around it, as a figure has it.

    Parameters
    ----------
    body
        HTML.  Whoever cannot see it hears the alt text: nothing in it needs words of its own.
    title, about, footer
        As of a figure.
    """

    body: str
    title: str = ""
    about: str = ""
    footer: str = ""


def face(picture: Any, side: int = 120) -> str:
    """A photograph as an image of ``side`` pixels; its words stand in the alt text of the whole.

    Parameters
    ----------
    picture
        Array, uint8, colour.
    """
    from labkit.base.codec import encode

    data = base64.b64encode(encode(picture)).decode()
    return (
        f'<img alt="" width="{side}" height="{side}" src="data:image/webp;base64,{data}"'
        ' style="margin:0 2px 0 0">'
    )


def words(text: str, kind: str = "") -> str:
    """A line of words."""
    style = f' class="lab-{kind}"' if kind else ""
    return f"<div{style}>{html.escape(text)}</div>"

"""What a page sets by itself, without a drawn picture: faces with words below, cards, rows.

In: HTML.  Out: a sheet, which :func:`labkit.views.plots.show` takes in the place of a figure.
"""

from __future__ import annotations

import html
from dataclasses import dataclass
from typing import Any

from labkit.views.page import address_of


@dataclass(frozen=True)
class Sheet:
    """HTML with what is said around it, as a figure has it.

    Parameters
    ----------
    body
        HTML whose words say all that its marks show, and whose images have alt texts: it is read
        out as it stands.
    title, about, footer
        As of a figure.
    """

    body: str
    title: str = ""
    about: str = ""
    footer: str = ""


def face(picture: Any, alt: str, side: int = 120) -> str:
    """A photograph as an image.

    Parameters
    ----------
    picture
        Array, uint8, colour.
    alt
        What it shows.
    side
        Pixels of the page.
    """
    from labkit.base.codec import encode

    return (
        f'<img alt="{html.escape(alt, quote=True)}" width="{side}" height="{side}"'
        f' src="{address_of(encode(picture))}"'
        ' style="margin:0 2px 0 0">'
    )


def words(text: str, kind: str = "") -> str:
    """A line of words."""
    style = f' class="lab-{kind}"' if kind else ""
    return f"<div{style}>{html.escape(text)}</div>"

"""Pages of the lab: one frame, one stylesheet, and the parts that a page is put together from.

In: a template that extends ``base.html.j2``, and what it shows.  Out: the text of one HTML file
that needs nothing else: no script, nothing fetched.  A template takes parts (tables, figures,
sections) from ``parts.html.j2``.

``tokens.css`` holds colours, fonts and spaces, for the explorers too; ``page.css`` is the look of a
page, on a screen of 320 pixels or more, light or dark, and on paper.
"""

from __future__ import annotations

import base64
import json
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from labkit.base.words import _, translations
from labkit.views.identity import tokens

if TYPE_CHECKING:
    import jinja2

HERE = Path(__file__).resolve().parent


def address_of(picture: bytes, kind: str = "webp") -> str:
    """An address that holds a picture: a page that shows it needs nothing beside it.

    Examples
    --------
    >>> address_of(b"RIFF")
    'data:image/webp;base64,UklGRg=='
    """
    return f"data:image/{kind};base64,{base64.b64encode(picture).decode('ascii')}"


def in_script(value: Any) -> str:
    r"""A value as JSON that can stand in a script element: nothing in it ends the element.

    Raises
    ------
    ValueError
        For a number that is not finite, which JSON does not know.

    Examples
    --------
    >>> in_script({"a": "</script>"})
    '{"a": "\\u003c/script>"}'
    """
    return json.dumps(value, allow_nan=False).replace("<", "\\u003c")


def style() -> str:
    """The stylesheet of every page."""
    return f"{tokens()}\n{(HERE / 'page.css').read_text('utf-8')}"


def render(
    template: str | Path, *, linked: Callable[[str], str] | None = None, **shown: Any
) -> str:
    """A page from a template that extends ``base.html.j2``.

    Parameters
    ----------
    template
        The file; templates beside it and the parts of this folder can be included by their names.
    linked
        Makes markup of a text, with words linked to a glossary of the page: the filter ``linked``
        of the parts.  Without it they show plain text.
    **shown
        What the template shows; ``title`` at least.  Text is escaped, whatever it holds.

    Raises
    ------
    jinja2.UndefinedError
        When the template shows something that was not given.

    Examples
    --------
    >>> render(HERE / "base.html.j2", title="Fish & chips").splitlines()[1:6:4]
    ['<html lang="en">', '<title>Fish &amp; chips</title>']
    """
    template = Path(template)
    made = templates([template.parent], linked)
    language = translations().info().get("language") or "en"
    made.globals.update(_=_, language=language, style=style())
    return made.get_template(template.name).render(shown)


def templates(
    folders: Iterable[Path], linked: Callable[[str], str] | None = None
) -> jinja2.Environment:
    """How every template of a page is read.

    Parameters
    ----------
    folders
        Where templates lie, beside this folder.
    linked
        As for :func:`render`.
    """
    import jinja2
    from markupsafe import escape

    made = jinja2.Environment(
        loader=jinja2.FileSystemLoader([*folders, HERE]),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    made.filters["linked"] = linked or escape
    return made

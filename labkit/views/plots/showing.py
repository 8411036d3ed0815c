"""Figures in a notebook: never without words and numbers, in the theme of the page.

In: a figure, its alt text, its numbers.  Out: HTML: the finding, what it is of, a picture, a table
to unfold.  Where a page strips styles (a notebook that is not trusted, a site of repositories) the
light picture stands on white and nothing is lost.
"""

from __future__ import annotations

import functools
import hashlib
import html
import re
import sys
from typing import TYPE_CHECKING, Any

from labkit.base.words import _
from labkit.views.identity import tokens
from labkit.views.page import address_of
from labkit.views.plots.sheets import Sheet

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.figure import Figure

LONGEST_TABLE = 60
PHONE = 640
"""Pixels of a page below which the narrow picture stands."""

CSS = """
.lab-figure { margin: 0 0 var(--lab-pad); max-width: var(--lab-reading); color: var(--lab-ink);
  background: var(--lab-paper); font: var(--lab-note)/var(--lab-line) var(--lab-font);
  font-variant-numeric: tabular-nums; overflow-wrap: break-word; }
.lab-figure .lab-title { font-size: var(--lab-chart-title); font-weight: 600; line-height: 1.35; }
.lab-figure .lab-quiet, .lab-figure summary { color: var(--lab-quiet); }
.lab-figure .lab-picture { margin: var(--lab-gap) 0 var(--lab-tight); }
.lab-figure img { border: 0; }
.lab-figure .lab-table { overflow-x: auto; }
.lab-figure table { font-size: var(--lab-note); border-collapse: collapse; color: inherit;
  margin: var(--lab-tight) 0; }
.lab-figure th, .lab-figure td { text-align: left; vertical-align: top; background: none;
  color: inherit; padding: 2px var(--lab-mid) 2px 0; border-bottom: 1px solid var(--lab-faint); }
.lab-cards { display: flex; flex-wrap: wrap; gap: var(--lab-pad); }
.lab-card { flex: 1 1 244px; max-width: 332px; }
.lab-card .lab-value, .lab-block > .lab-value { font-weight: 600; }
.lab-block { margin: 0 0 var(--lab-pad); }
.lab-row { display: grid; grid-template-columns: 176px minmax(90px, 1fr) minmax(112px, 224px);
  column-gap: var(--lab-mid); align-items: center; padding: var(--lab-tight) 0;
  border-top: 1px solid var(--lab-faint); }
.lab-row .lab-detail { grid-column: 1 / -1; }
.lab-track { position: relative; height: 20px; margin: 0 6px;
  background: linear-gradient(var(--lab-rule), var(--lab-rule)) 0 50%/100% 1px no-repeat; }
.lab-track span { position: absolute; top: 50%; background: var(--lab-b); }
.lab-ours .lab-track span { background: var(--lab-a); }
.lab-dot { width: 8px; height: 8px; margin: -4px 0 0 -4px; }
.lab-ours .lab-dot { border-radius: 50%; }
.lab-reach { height: 2px; margin-top: -1px; }
@media (max-width: 640px) { .lab-row { grid-template-columns: 1fr auto; }
  .lab-row .lab-track { grid-column: 1 / -1; grid-row: 2; } }
.lab-told { border-left: 4px solid var(--lab-rule); background: var(--lab-limit-ground);
  border-radius: var(--lab-round); padding: var(--lab-gap) var(--lab-mid); flex-basis: 300px;
  box-sizing: border-box; max-width: none; font-size: var(--lab-small); }
"""


def show(fig: Figure | Sheet, alt: str, table: pd.DataFrame) -> None:
    """Put a figure into a notebook, with its alt text and its numbers as a table.

    This is the only way in which the notebooks show a figure.  The figure is closed.

    Parameters
    ----------
    fig
        A Matplotlib figure, or a :class:`~labkit.views.plots.sheets.Sheet`.
    alt
        What the figure shows, in words and numbers; read out to whoever cannot see it.
    table
        The numbers of the figure.

    Raises
    ------
    ValueError
        When the alt text is empty or ``table`` is not a table with rows.
    """
    from IPython.display import display

    page = as_html(fig, alt, table)
    title = getattr(fig, "title", "")
    display({"text/html": page, "text/plain": f"{title} {alt}".strip()}, raw=True)


def as_html(fig: Figure | Sheet, alt: str, table: pd.DataFrame) -> str:
    """The HTML that :func:`show` displays: words, a picture with alt text, a table to unfold."""
    import pandas as pd

    if not isinstance(alt, str) or len(alt.split()) < 3:
        raise ValueError(
            f"the alt text {alt!r} says too little: say in words and numbers what the figure shows"
        )
    if not isinstance(table, pd.DataFrame) or not len(table):
        raise ValueError("a figure needs its numbers: give a pandas DataFrame with rows as table=")
    css, body = _sheet(fig) if isinstance(fig, Sheet) else _drawn(fig, alt)
    title, about, footer = (getattr(fig, part, "") for part in ("title", "about", "footer"))
    head = _line("lab-title", title) + _line("lab-quiet", about)
    numbers = table.to_html(
        max_rows=LONGEST_TABLE, border=0, float_format=lambda v: f"{v:.4g}", na_rep=""
    )
    return (
        f'<style>{_style()}{css}</style><figure class="lab-figure" style="margin:0 0 16px">'
        + (f"<figcaption>{head}</figcaption>" if head else "")
        + body
        + _line("lab-quiet", footer)
        + f"<details><summary>{_('The numbers as a table')}</summary>"
        f'<div class="lab-table" style="overflow-x:auto">{numbers}</div></details></figure>'
    )


def _line(kind: str, words: str) -> str:
    return f'<div class="{kind}">{html.escape(words, quote=False)}</div>' if words else ""


def _sheet(sheet: Sheet) -> tuple[str, str]:
    return "", f'<div class="lab-picture">{sheet.body}</div>'


def _drawn(fig: Figure, alt: str) -> tuple[str, str]:
    """The picture of the light theme as an image, the others in a style that puts them over it."""
    from labkit.views.plots.paper import pictures, webp

    photographs = any(ax.images for ax in fig.axes)
    coded, sizes = {}, {}
    for key, picture in pictures(fig):
        coded[key], sizes[key] = webp(picture, photographs=photographs), picture.size
    _close(fig)
    name = "lab-" + hashlib.sha256(coded["light", "wide"]).hexdigest()[:12]
    urls = {key: address_of(data) for key, data in coded.items()}
    width, height = (side // 2 for side in sizes["light", "wide"])
    image = (
        f'<img alt="{html.escape(alt, quote=True)}" width="{width}" height="{height}"'
        f' src="{urls["light", "wide"]}" style="max-width:100%;height:auto;background:#ffffff">'
    )
    return _over(name, urls, sizes), f'<div class="lab-picture" id="{name}">{image}</div>'


def _over(name: str, urls: dict[tuple[str, str], str], sizes: dict[tuple[str, str], Any]) -> str:
    """The style that shows another picture over the image, in the dark and on a telephone."""
    others = {key: url for key, url in urls.items() if key != ("light", "wide")}
    held = " ".join(f"--{'-'.join(key)}: url({url});" for key, url in others.items())

    def rule(before: str, theme: str, room: str) -> str:
        width, height = (side // 2 for side in sizes[theme, room])
        return (
            f" {before} #{name} {{ background-image: var(--{theme}-{room});"
            f" max-width: {width}px; aspect-ratio: {width}/{height}; }}"
            f" {before} #{name} img {{ opacity: 0; }}"
        )

    told, alone = 'body[data-jp-theme-light="false"]', "body:not([data-jp-theme-light])"
    phone, dark = f"(max-width: {PHONE}px)", "(prefers-color-scheme: dark)"
    css = f" #{name} {{ {held} background-size: 100% 100%; overflow: hidden; }}"
    css += rule(told, "dark", "wide")
    css += f" @media screen and {dark} {{{rule(alone, 'dark', 'wide')} }}"
    if ("light", "narrow") in others:
        narrow = rule("body", "light", "narrow") + rule(told, "dark", "narrow")
        css += f" @media screen and {phone} {{{narrow} }}"
        css += f" @media screen and {phone} and {dark} {{{rule(alone, 'dark', 'narrow')} }}"
    return css


def _close(fig: Figure) -> None:
    pyplot = sys.modules.get("matplotlib.pyplot")
    if pyplot is not None:
        pyplot.close(fig)


@functools.cache
def _style() -> str:
    return re.sub(r"\s+", " ", re.sub(r"/\*.*?\*/", "", tokens() + CSS, flags=re.DOTALL))

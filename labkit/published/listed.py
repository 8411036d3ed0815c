"""Rows of words: a table where there is room, one card below another where there is not.

In: headings and rows of texts and links, or any table.  Out: a
:class:`~labkit.published.reading.Page` that wraps at any width, with a twin in plain text.
"""

from __future__ import annotations

import html
import re
from collections.abc import Sequence
from numbers import Integral
from typing import TYPE_CHECKING, Any

from labkit.base.words import ENGLISH, N_, _, language
from labkit.published.reading import Page, columns_of

if TYPE_CHECKING:
    import pandas as pd

Link = tuple[str, str]
"""Words and the address to which they lead."""

Cell = str | Sequence[str | Link]
"""A text, or several texts and links, each in a line of its own."""

# A page that names tokens.css has these colours and fonts; elsewhere the reader's own are used.
CSS = """
.lab-listed { container-type: inline-size; max-width: var(--lab-wide, 60rem);
  margin: 0 0 var(--lab-mid, 12px); overflow-wrap: break-word; }
.lab-listed.lab-framed { max-height: 36em; overflow-y: auto; }
.lab-listed.lab-listed table { table-layout: auto; width: 100%; margin: 0; border: 0;
  border-collapse: collapse; font: var(--lab-small, 14px)/var(--lab-line, 1.5)
  var(--lab-font, system-ui, sans-serif); }
.lab-listed.lab-listed caption { text-align: left; font-weight: 600; padding: 4px 0; }
.lab-listed.lab-listed.lab-listed tr { background: none; border: 0;
  border-top: 1px solid var(--lab-faint, currentcolor); }
.lab-listed.lab-listed th, .lab-listed.lab-listed td { text-align: left; vertical-align: top;
  padding: 8px 12px 8px 0; border: 0; white-space: normal; max-width: none; min-width: 5em; }
.lab-listed.lab-listed tbody th { font-weight: 600; }
.lab-listed.lab-close.lab-close table { width: auto; font-variant-numeric: tabular-nums; }
.lab-listed.lab-close.lab-close :is(th, td) { padding: 4px 24px 4px 0; }
.lab-listed small { font-weight: 400; font-size: var(--lab-note, 13px);
  color: var(--lab-quiet, inherit); }
.lab-listed.lab-even small { display: block; margin-top: 6px; font: inherit; color: inherit; }
.lab-listed.lab-even br { display: none; }
.lab-listed a { text-decoration: underline; }
@container (max-width: 40rem) {
  .lab-listed.lab-listed :is(table, caption, tbody, tr, th, td) { display: block; }
  .lab-listed.lab-listed thead { position: absolute; clip-path: inset(50%); width: 1px;
    height: 1px; overflow: hidden; }
  .lab-listed.lab-listed tr { padding: 8px 0; }
  .lab-listed.lab-listed :is(th, td) { padding: 2px 0; }
  .lab-listed.lab-listed td[data-head]::before { content: attr(data-head) ": "; font-weight: 600; }
}
"""
DOLLAR = "<span>$</span>"
"""A dollar as HTML: two bare ones in a text are typeset as a formula by a notebook."""

IN_ENGLISH = N_("The record is in English, as its sources are.")

STYLE = re.sub(r"\s+", " ", CSS)


def listed(
    about: str,
    heads: Sequence[str],
    rows: Sequence[Sequence[Cell]],
    *,
    framed: bool = False,
    close: bool = False,
    even: bool = False,
    record: bool = False,
) -> Page:
    """Rows to read, each named by its first cell.

    Parameters
    ----------
    about
        What the rows are; stands above them.  Empty where that is said already.
    heads
        What stands above each column, in the reader's language.
    rows
        As many cells as there are heads; an empty one is left out where rows are cards.
    framed
        In a frame of some height that scrolls, for many rows.
    close
        Columns no wider than they need to be, for numbers.
    even
        Every text of a cell in one size, for lists; else what follows the first is small.
    record
        Whether the rows are words of the published record.  They stay English, as they were read
        in their sources; whoever reads another language, or hears it, is told so.

    Raises
    ------
    ValueError
        For a row with another number of cells than there are heads.

    Examples
    --------
    >>> listed("Who asks", ["who", "what"], [["a reader", ["a question", ("more", "02.ipynb")]]])
    Who asks
    a reader; a question; more
    """
    for row in rows:
        if len(row) != len(heads):
            said = _("a row of {cells} cells under {heads} heads: give one for each ({row!r})")
            raise ValueError(said.format(cells=len(row), heads=len(heads), row=row))
    told = ("; ".join(filter(None, map(_plain, row))) for row in rows)
    text = "\n".join([*filter(None, [about]), *told])
    head = "".join(f'<th scope="col" role="columnheader">{html.escape(h)}</th>' for h in heads)
    body = "".join(_row(heads, row) for row in rows)
    said = html.escape(about)
    foreign = record and language() != ENGLISH
    if foreign:
        text = "\n".join([text, _(IN_ENGLISH)])
    note = f" <small>{html.escape(_(IN_ENGLISH))}</small>" if foreign else ""
    caption = f"<caption>{said}{note}</caption>" if about or note else ""
    tongue = f' lang="{ENGLISH}"' if foreign else ""
    look = " lab-framed" * framed + " lab-close" * close + " lab-even" * even
    frame = f' tabindex="0" role="region" aria-label="{said}"' if framed else ""
    return Page(
        text,
        f"<style>{STYLE}</style>"
        f'<div class="lab-listed{look}"{frame}>'
        f'<table role="table">{caption}<thead role="rowgroup"><tr role="row">{head}'
        f'</tr></thead><tbody role="rowgroup"{tongue}>{body}</tbody></table></div>',
    )


def readable(
    table: pd.DataFrame,
    digits: int = 2,
    *,
    columns: Sequence[str] | None = None,
    about: str = "",
) -> Page:
    r"""A table to read at any width, with no text cut short (notebooks cut it after 50 letters).

    Parameters
    ----------
    table
        Any table.  Its index names the rows; where they are only numbered, its first column does.
    digits
        Digits that count, of numbers that are not whole.
    columns
        Which of its columns, in the order wanted; all when ``None``.
    about
        What the rows are; stands above them.

    Raises
    ------
    ValueError
        For a column that is not there.

    Examples
    --------
    >>> import pandas as pd
    >>> readable(pd.DataFrame({"rate": [0.0123]}, index=["everyone"])).text
    'rate\neveryone; 0.012'
    >>> readable(pd.DataFrame({"who": ["everyone"], "rate": [0.0123]}), 1).text
    'who; rate\neveryone; 0.01'
    """
    import pandas as pd

    if columns is not None:
        table = table[columns_of(table, columns)]
    if isinstance(table.index, pd.RangeIndex) and table.index.name is None and len(table.columns):
        table = table.set_index(table.columns[0])
    index = [_(str(name)) for name in table.index.names if name is not None]
    heads = [", ".join(index), *(_(str(head)) for head in table.columns)]
    rows = [
        [_name(name), *(_cell(value, digits) for value in row)]
        for name, row in zip(table.index, table.itertuples(index=False))
    ]
    lines = ("; ".join(row) for row in ([*filter(None, heads)], *rows))
    text = "\n".join(filter(None, [about, *lines]))
    return Page(text, listed(about, heads, rows, close=True).page)


def _name(name: Any) -> str:
    """What names a row; of several levels all, in every row."""
    return ", ".join(_(str(part)) for part in (name if isinstance(name, tuple) else (name,)))


def _cell(value: Any, digits: int) -> str:
    """A value in words; numbers without powers of ten."""
    import numpy as np
    import pandas as pd

    if pd.isna(value) or value == "":
        return ""
    if isinstance(value, Integral) or (isinstance(value, float) and value.is_integer()):
        return f"{int(value):,}" if not isinstance(value, bool) else _(str(value))
    if not isinstance(value, float) or np.isinf(value):
        return _(str(value))
    return np.format_float_positional(value, digits, fractional=False, trim="-")


def together(*pages: Page) -> Page:
    """Pages below one another.

    Examples
    --------
    >>> together(Page("one", "<p>one</p>"), Page("two", "<p>two</p>")).page
    '<p>one</p><p>two</p>'
    """
    return Page("\n".join(p.text for p in pages), "".join(p.page for p in pages))


def sentence(text: str) -> Page:
    """A sentence as a page.

    Examples
    --------
    >>> sentence("5 < 6").page
    '<p>5 &lt; 6</p>'
    """
    return Page(text, f"<p>{html.escape(text)}</p>")


def _parts(cell: Cell) -> list[str | Link]:
    return [cell] if isinstance(cell, str) else list(cell)


def _plain(cell: Cell) -> str:
    return "; ".join(filter(None, (p if isinstance(p, str) else p[0] for p in _parts(cell))))


def _row(heads: Sequence[str], row: Sequence[Cell]) -> str:
    first, *rest = map(_inner, row)
    cells = "".join(
        f'<td role="cell" data-head="{html.escape(head)}">{cell}</td>'
        if cell
        else '<td role="cell"></td>'
        for head, cell in zip(heads[1:], rest, strict=True)
    )
    return f'<tr role="row"><th scope="row" role="rowheader">{first}</th>{cells}</tr>'


def _inner(cell: Cell) -> str:
    """What stands in a cell; a text after the first is small: it says where the first stands."""
    made = []
    for n, part in enumerate(_parts(cell)):
        if not isinstance(part, str):
            made.append(f'<a href="{html.escape(part[1])}">{html.escape(part[0])}</a>')
        elif part:
            words = html.escape(part).replace("$", DOLLAR)
            made.append(f"<small>{words}</small>" if n else words)
    return "<br>".join(made)

"""What stands in a saved notebook where no kernel runs: an explorer's numbers, without its life.

In: a heading, a sentence, a table, perhaps a picture.  Out: HTML that a reader without the lab, an
untrusted notebook, a web page of a notebook and a screen reader can show, and a twin in plain text.

A notebook keeps what a widget was called, not what it showed.  Opened again without a kernel, in
its place stands an error.  So a still is an output of its own, in front of the widget; its style
hides it beside a widget that lives, and hides the error beside itself.
"""

from __future__ import annotations

import html
from collections.abc import Sequence
from dataclasses import dataclass

from labkit.base.words import WIDTH, _, wrapped
from labkit.views.page import address_of

STYLE = """<style>
.jp-OutputArea-child:has(.lx-still):has(+ .jp-OutputArea-child .lx) { display: none; }
.jp-OutputArea-child:has(.lx-still) + .jp-OutputArea-child:has(.jupyter-widgets):not(:has(.lx))
{ display: none; }
.lx-still { max-width: 44rem; font-variant-numeric: tabular-nums; }
.lx-still :is(th, td) { text-align: left; vertical-align: top; white-space: normal; }
</style>"""


def waking() -> str:
    """How a still comes to life."""
    return _("This is a still. To wake it: Run > Run All Cells.")


@dataclass(frozen=True)
class Still:
    """An explorer at the moment it was shown.

    Parameters
    ----------
    title
        The explorer's heading.
    said
        A sentence.
    columns, rows
        A table; none where there are no columns.
    picture, alt
        A WebP and what it shows; none where it is empty.

    Examples
    --------
    >>> print(Still("Heights", "Two people.", ("who", "cm"), (("one", "170"),)).plain)
    Heights. Two people.
    who: one; cm: 170
    This is a still. To wake it: Run > Run All Cells.
    """

    title: str
    said: str = ""
    columns: Sequence[str] = ()
    rows: Sequence[Sequence[str]] = ()
    picture: bytes = b""
    alt: str = ""

    @property
    def plain(self) -> str:
        """The twin in plain text."""
        lines = [wrapped(" ".join(filter(None, (f"{self.title}.", self.said))), WIDTH)]
        for row in self.rows:
            cells = "; ".join(
                f"{name}: {cell}" for name, cell in zip(self.columns, row, strict=True)
            )
            lines.append(wrapped(cells, WIDTH))
        return "\n".join([*lines, waking()])

    @property
    def html(self) -> str:
        """The same as HTML; what a notebook that is not trusted leaves of it still reads well."""
        parts = [f"<p><strong>{html.escape(self.title)}</strong></p>"]
        if self.said:
            parts.append(f"<p>{html.escape(self.said)}</p>")
        if self.picture:
            alt = html.escape(self.alt, quote=True)
            parts.append(f'<p><img src="{address_of(self.picture)}" alt="{alt}"></p>')
        if self.columns:
            parts.append(f"<table><thead>{_row(self.columns, 'th', 'col')}</thead><tbody>")
            parts += [_row(row, "td", "") for row in self.rows]
            parts.append("</tbody></table>")
        parts.append(f"<p><em>{html.escape(waking())}</em></p>")
        return f'{STYLE}<div class="lx-still">{"".join(parts)}</div>'


def _row(cells: Sequence[str], tag: str, scope: str) -> str:
    first = '<th scope="row">{}</th>' if tag == "td" else f'<th scope="{scope}">{{}}</th>'
    other = f"<{tag}>{{}}</{tag}>" if tag == "td" else first
    made = [(first if k == 0 else other).format(html.escape(c)) for k, c in enumerate(cells)]
    return f"<tr>{''.join(made)}</tr>"

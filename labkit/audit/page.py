"""The page of an audit: plain HTML with drawings inside it, for a screen, a printer and a reader.

In: words, rows of cells, intervals.  Out: HTML text.  No script, nothing fetched, no colour that
says something alone; tables turn into lists on a narrow screen and keep their roles for a screen
reader.  What is counted is the business of :mod:`labkit.audit.command`.
"""

from __future__ import annotations

import html
import itertools
import math
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from labkit.measure.intervals import Interval

WIDTH = 360  # of a drawing, in its own units: text of 14 is then read at 320 pixels too
DIGIT = 8.5  # width of a digit of that text, about
INK, GREY, LINE = "#1a1a1a", "#595959", "#767676"
BLUE, BROWN = "#0b5394", "#9c4a00"

STYLE = """
:root { color-scheme: light; }
* { box-sizing: border-box; }
html { -webkit-text-size-adjust: 100%; }
body { margin: 0; background: #ffffff; color: #1a1a1a; line-height: 1.5;
  font-family: system-ui, -apple-system, "Segoe UI", "DejaVu Sans", Arial, sans-serif; }
header, main, footer, nav { max-width: 60rem; margin: 0 auto; padding: 0 1rem; }
header { padding-top: 1.5rem; }
h1 { font-size: 1.7rem; line-height: 1.2; margin: 0 0 .5rem; overflow-wrap: anywhere; }
h2 { font-size: 1.3rem; line-height: 1.3; margin: 2.5rem 0 .5rem; padding-top: .75rem;
  border-top: 2px solid #0b5394; }
h3 { font-size: 1.08rem; line-height: 1.3; margin: 1.6rem 0 .4rem; }
p, li, dd { max-width: 46rem; overflow-wrap: anywhere; }
a { color: #0b5394; }
a:focus-visible { outline: 3px solid #0b5394; outline-offset: 2px; }
.skip { position: absolute; left: -999px; }
.skip:focus { position: static; }
nav ol { columns: 2; column-gap: 2rem; padding-left: 1.4rem; margin: .5rem 0; }
nav li { break-inside: avoid; }
.short { border-left: 5px solid #0b5394; background: #f2f6fb; padding: .1rem 1rem .4rem; }
.short li { margin: .45rem 0; }
.note { color: #595959; }
figure { margin: 1rem 0; max-width: 34rem; }
svg { display: block; width: 100%; height: auto; }
figcaption { color: #595959; font-size: .92rem; }
table { border-collapse: collapse; margin: .6rem 0 1.2rem; font-size: .92rem; width: 100%;
  font-variant-numeric: tabular-nums; }
caption { text-align: left; font-weight: 600; padding-bottom: .35rem; }
th, td { text-align: left; vertical-align: top; padding: .35rem .5rem;
  border-bottom: 1px solid #c9c9c9; overflow-wrap: anywhere; }
th:first-child { padding-left: 0; }
thead th { border-bottom: 2px solid #1a1a1a; vertical-align: bottom; overflow-wrap: normal; }
tbody th { font-weight: 600; }
.n { text-align: right; }
td.n, th.s { white-space: nowrap; }
tr.thin td, tr.thin th { color: #595959; }
code, pre { font-family: ui-monospace, "DejaVu Sans Mono", Consolas, monospace; font-size: .9em; }
pre { background: #f4f4f4; padding: .7rem; white-space: pre-wrap; overflow-wrap: anywhere; }
footer { padding-top: 1rem; padding-bottom: 2rem; color: #595959; }
@media screen and (max-width: 46rem) {
  nav ol { columns: 1; }
  table, tbody, tr, th, td, caption { display: block; width: 100%; }
  thead { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%);
    white-space: nowrap; }
  tr { border-bottom: 2px solid #767676; padding: .4rem 0; }
  th, td { border: 0; padding: .12rem 0; }
  thead th { padding: 0; }
  .n, td.n, th.s { text-align: left; white-space: normal; }
  td::before { content: attr(data-label) ": "; color: #595959; }
}
@media print {
  @page { size: A4; margin: 16mm 15mm; }
  body { font-size: 10pt; line-height: 1.4; }
  header, main, footer, nav { max-width: none; padding: 0; }
  nav, .skip { display: none; }
  h1 { font-size: 18pt; } h2 { font-size: 13.5pt; margin-top: 8mm; } h3 { font-size: 11pt; }
  h2, h3, caption { break-after: avoid; }
  figure { break-inside: avoid; max-width: 95mm; margin: 2mm 0; }
  table.few { break-inside: avoid; }
  table { font-size: 8.5pt; }
  thead { display: table-header-group; }
  tr { break-inside: avoid; }
  p, li { orphans: 3; widows: 3; }
  .short { border: 1px solid #0b5394; border-left-width: 5px; background: none; }
  a { color: inherit; text-decoration: none; }
}
"""


# ---- words --------------------------------------------------------------------------------------


def esc(text: object) -> str:
    """Text as HTML text."""
    return html.escape(str(text), quote=True)


def rate(x: float) -> str:
    """A rate or a ratio with three digits that matter, never as 1e-05 unless it has to be.

    Examples
    --------
    >>> rate(0.012345), rate(0.011), rate(0.00002), rate(0), rate(1.5), rate(137.4)
    ('0.0123', '0.0110', '0.0000200', '0', '1.50', '137')
    """
    if math.isnan(x):
        return "–"
    if math.isinf(x):
        return "no limit"
    if x == 0:
        return "0"
    if abs(x) < 1e-7:
        return f"{x:.2g}"
    if abs(x) >= 100:
        return f"{x:,.0f}"
    size = float(f"{abs(x):.2e}")  # rounded first: 0.09999 has the digits of 0.100
    return f"{x:.{2 - math.floor(math.log10(size))}f}"


def tick(x: float) -> str:
    """A number that somebody chose, without zeros behind it.

    Examples
    --------
    >>> tick(0.01), tick(0.00001), tick(-0.5), tick(2.0)
    ('0.01', '0.00001', '−0.5', '2')
    """
    if x and not 1e-7 <= abs(x) < 1e7:
        return f"{x:.3g}".replace("-", "−")
    text = np.format_float_positional(x, precision=6, fractional=False, trim="-")
    return text.replace("-", "−") if x else "0"


def count(x: float) -> str:
    """A whole number with commas; small expected numbers keep their digits."""
    if math.isnan(x):
        return "–"
    return f"{x:,.0f}" if x >= 100 or float(x).is_integer() else rate(x)


def percent(x: float) -> str:
    """A share for reading.

    Examples
    --------
    >>> percent(0.0123), percent(0.0), percent(0.0002), percent(1.0)
    ('1.2%', 'none', 'below 0.1%', 'above 99.9%')
    """
    if math.isnan(x):
        return "–"
    if x < 0.001:
        return "below 0.1%" if x else "none"
    return "above 99.9%" if x > 0.999 else f"{x:.1%}"


def listing(words: Sequence[str], last: str = "and") -> str:
    """Some words as one enumeration."""
    return words[0] if len(words) == 1 else f"{', '.join(words[:-1])} {last} {words[-1]}"


def plural(n: float, one: str, many: str = "") -> str:
    """A counted noun.

    Examples
    --------
    >>> plural(1, "person", "people"), plural(1200, "person", "people")
    ('1 person', '1,200 people')
    """
    return f"{count(n)} {one if n == 1 else many or one + 's'}"


# ---- parts of a page ----------------------------------------------------------------------------


class Head(NamedTuple):
    """A column of a table: its name, and whether it holds numbers."""

    name: str
    number: bool = False


def p(*sentences: str, note: bool = False) -> str:
    """A paragraph of plain sentences."""
    text = " ".join(s for s in sentences if s)
    kind = ' class="note"' if note else ""
    return f"<p{kind}>{esc(text)}</p>" if text else ""


def bullets(sentences: Sequence[str], kind: str = "") -> str:
    """A list of plain sentences."""
    items = "".join(f"<li>{esc(s)}</li>" for s in sentences if s)
    box = f'<div class="{kind}"><ul>{items}</ul></div>'
    return box if kind else f"<ul>{items}</ul>"


def table(
    caption: str,
    heads: Sequence[Head],
    rows: Sequence[Sequence[str]],
    thin: Sequence[bool] = (),
) -> str:
    """A table whose first column names the row.

    Roles are written out, for a browser forgets them when a narrow screen shows the rows as lists.
    """
    kinds = [' class="n"' if h.number else "" for h in heads]
    head = "".join(
        f'<th scope="col" role="columnheader"{k}>{esc(h.name)}</th>'
        for h, k in zip(heads, kinds, strict=True)
    )
    body = []
    for number, row in enumerate(rows):
        first, *others = row
        short = ' class="s"' if len(first) <= 16 else ""
        cells = [f'<th scope="row" role="rowheader"{short}>{esc(first)}</th>']
        cells += [
            f'<td role="cell" data-label="{esc(h.name)}"{k}>{esc(cell)}</td>'
            for h, k, cell in zip(heads[1:], kinds[1:], others, strict=True)
        ]
        grey = ' class="thin"' if number < len(thin) and thin[number] else ""
        body.append(f'<tr role="row"{grey}>{"".join(cells)}</tr>')
    lines = "\n".join(body)
    few = ' class="few"' if len(rows) <= 12 else ""  # not torn apart by a printer
    return (
        f'<table role="table"{few}><caption>{esc(caption)}</caption>'
        f'<thead role="rowgroup"><tr role="row">{head}</tr></thead>'
        f'<tbody role="rowgroup">{lines}</tbody></table>'
    )


@dataclass
class Section:
    """A part of the page with its heading."""

    name: str
    title: str
    parts: list[str] = field(default_factory=list)

    def add(self, *parts: str) -> None:
        """Put parts at its end; empty ones are left out."""
        self.parts += [part for part in parts if part]

    def sub(self, title: str) -> None:
        """A heading within it."""
        self.parts.append(f"<h3>{esc(title)}</h3>")

    def html(self) -> str:
        """The section."""
        inner = "\n".join(self.parts)
        return (
            f'<section aria-labelledby="{self.name}"><h2 id="{self.name}">{esc(self.title)}</h2>'
            f"\n{inner}\n</section>"
        )


def page(title: str, under: Sequence[str], sections: Sequence[Section], foot: str) -> str:
    """The whole page."""
    links = "".join(f'<li><a href="#{s.name}">{esc(s.title)}</a></li>' for s in sections)
    inner = "\n".join(s.html() for s in sections)
    return (
        '<!DOCTYPE html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f"<title>{esc(title)}</title>\n<style>{STYLE}</style>\n</head>\n<body>\n"
        '<a class="skip" href="#main">To the report</a>\n'
        f"<header><h1>{esc(title)}</h1>{''.join(p(u) for u in under)}</header>\n"
        f'<nav aria-label="Contents"><ol>{links}</ol></nav>\n'
        f'<main id="main">\n{inner}\n</main>\n'
        f"<footer>{p(foot)}</footer>\n</body>\n</html>\n"
    )


# ---- drawings -----------------------------------------------------------------------------------


def figure(name: str, title: str, said: str, height: float, marks: Sequence[str]) -> str:
    """A drawing with its title and what it shows in words, which a screen reader reads out."""
    box = f'viewBox="0 0 {WIDTH} {height:g}"'
    return (
        f'<figure><svg {box} role="img" aria-labelledby="{name}-t {name}-d"'
        ' font-family="system-ui, -apple-system, DejaVu Sans, Arial, sans-serif" font-size="14"'
        f' fill="{INK}"><title id="{name}-t">{esc(title)}</title>'
        f'<desc id="{name}-d">{esc(said)}</desc>{"".join(marks)}</svg>'
        f"<figcaption>{esc(title)}</figcaption></figure>"
    )


def _text(x: float, y: float, words: str, anchor: str = "start", fill: str = "") -> str:
    colour = f' fill="{fill}"' if fill else ""
    return f'<text x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}"{colour}>{esc(words)}</text>'


def _line(x1: float, y1: float, x2: float, y2: float, colour: str = LINE, more: str = "") -> str:
    return (
        f'<line x1="{x1:.1f}" y1="{y1:.1f}" x2="{x2:.1f}" y2="{y2:.1f}" stroke="{colour}"{more}/>'
    )


class Axis(NamedTuple):
    """A horizontal axis: values to places in the drawing."""

    low: float
    high: float
    log: bool
    left: float = 8.0
    right: float = WIDTH - 8.0

    def at(self, x: float) -> float:
        """Where a value stands."""
        low, high, value = self.low, self.high, x
        if self.log:
            low, high, value = (math.log10(max(v, 1e-300)) for v in (low, high, x))
        share = min(max((value - low) / (high - low), 0.0), 1.0)
        return self.left + share * (self.right - self.left)

    def ticks(self) -> list[float]:
        """Values with a mark: whole steps."""
        if self.log:
            first, last = math.ceil(math.log10(self.low) - 1e-9), math.log10(self.high) + 1e-9
            steps = [10.0**k for k in range(first, math.floor(last) + 1)]
            return [
                x * f
                for x in steps
                for f in ((1,) if len(steps) > 2 else (1, 2, 5))
                if x * f <= self.high * (1 + 1e-9)
            ]
        step = 10.0 ** math.floor(math.log10((self.high - self.low) / 2))
        while (self.high - self.low) / step > 5:
            step *= 2 if (self.high - self.low) / step <= 10 else 2.5
        first = math.ceil(self.low / step - 1e-9)
        return [k * step for k in range(first, math.floor(self.high / step + 1e-9) + 1)]

    def draw(self, top: float, bottom: float, title: str, fmt: Any = tick) -> list[str]:
        """Line, marks and title."""
        out = [_line(self.left, bottom, self.right, bottom, INK)]
        free = math.inf  # where the label to the right begins: one that would touch it is left out
        for x in reversed(self.ticks()):
            at, label = self.at(x), fmt(round(x, 12))
            out.append(_line(at, top, at, bottom, "#d9d9d9"))
            near = "start" if at < 24 else "end" if at > WIDTH - 24 else "middle"
            wide = len(label) * DIGIT
            begins = at - {"start": 0.0, "middle": wide / 2, "end": wide}[near]
            if begins + wide + DIGIT / 2 > free:
                continue
            free = begins
            out.append(_text(at, bottom + 16, label, near))
        out.append(_text(self.left, bottom + 35, title, fill=GREY))
        return out


def groups(
    name: str, title: str, cells: Sequence[tuple[str, Interval, str, str]], *, log: bool
) -> str:
    """A rate with its interval for each row; rows with too little for a rate are hollow and say so.

    Parameters
    ----------
    name
        Of the drawing within the page.
    title
        Written below it.
    cells
        Name of a row, its interval, what is said of it in the drawing and in full.
    log
        Whether the axis goes in steps of ten.
    """
    seen = [
        x
        for _, i, _, _ in cells
        for x in (i.value, i.low, i.high)
        if math.isfinite(x) and (x > 0 or not log)
    ]
    if log:
        low, high = (min(seen), max(seen)) if seen else (1e-4, 1e-1)
        axis = Axis(
            10 ** math.floor(math.log10(low) - 1e-9),
            min(10 ** math.ceil(math.log10(high) + 1e-9), 1.0),
            True,
        )
    else:
        axis = Axis(0.0, (max(seen) if seen and max(seen) > 0 else 1.0) * 1.05, False)
    row = 40.0
    bottom = row * len(cells) + 6
    marks = axis.draw(4, bottom, f"{title.split(' by ')[0]}{' (steps of ten)' if log else ''}")
    told = []
    for place, (group, i, near, said) in enumerate(cells):
        y = place * row + 18
        marks.append(
            f'<text x="{axis.left}" y="{y:.1f}" stroke="#ffffff" stroke-width="3"'
            f' paint-order="stroke">{esc(_short(group, 40 - len(near)))}: {esc(near)}</text>'
        )
        told.append(f"{group}: {said}.")
        if math.isfinite(i.value) and (i.value > 0 or not log):
            x, thin = axis.at(i.value), bool(i.words)
            if not thin:
                a, b = axis.at(i.low), axis.at(i.high)
                marks.append(_line(a, y + 10, b, y + 10, BLUE, ' stroke-width="2.5"'))
                marks += [_line(e, y + 5, e, y + 15, BLUE, ' stroke-width="1.5"') for e in (a, b)]
            look = (
                f'fill="#ffffff" stroke="{GREY}" stroke-width="1.5"' if thin else f'fill="{BLUE}"'
            )
            marks.append(f'<circle cx="{x:.1f}" cy="{y + 10:.1f}" r="4.5" {look}/>')
    return figure(name, title, " ".join(told), bottom + 42, marks)


def _short(text: str, most: float) -> str:
    """As much of a text as fits into the room of so many letters of middling width."""

    def room(letter: str) -> float:
        if unicodedata.east_asian_width(letter) in "WF":
            return 1.9
        return 1.6 if letter in "mwMW@%" else 1.15 if letter.isupper() else 1.0

    widths = list(itertools.accumulate(map(room, text)))
    if not widths or widths[-1] <= most:
        return text
    return text[: sum(w <= most - 1 for w in widths)] + "…"


def histogram(
    name: str,
    title: str,
    sides: Sequence[tuple[str, NDArray[Any]]],
    mark: float,
    said: str,
    *,
    turned: bool,
) -> str:
    """Two histograms of scores, each as high as its own highest bar, and the threshold.

    ``turned``: scores are distances; the axis shows them as such, alike to the right.
    """
    low = min(float(v.min()) for _, v in sides)
    high = max(float(v.max()) for _, v in sides)
    if not high > low:
        low, high = low - 0.5, high + 0.5
    axis = Axis(low, high, False)
    bins, top, bottom = 60, 48.0, 204.0
    marks = axis.draw(
        top,
        bottom,
        "distance: alike to the right" if turned else "score: alike to the right",
        lambda x: tick(0.0 - x) if turned else tick(x),
    )
    looks = ((BLUE, ""), (BROWN, ' stroke-dasharray="5 3"'))
    for (label, values), (colour, dash), x in zip(sides, looks, (axis.left, 190), strict=True):
        counts = np.histogram(values, np.linspace(low, high, bins + 1))[0]
        heights = counts / counts.max() * (bottom - top - 4)
        step = (axis.right - axis.left) / bins
        path = [f"M{axis.left:.1f} {bottom:.1f}"]
        for b, height in enumerate(heights):
            path.append(f"V{bottom - height:.1f}H{axis.left + (b + 1) * step:.1f}")
        path.append(f"V{bottom:.1f}")
        marks.append(
            f'<path d="{"".join(path)}" fill="{colour}" fill-opacity="0.14" stroke="{colour}"'
            f' stroke-width="1.8"{dash}/>'
        )
        marks.append(_line(x, 12, x + 22, 12, colour, f' stroke-width="2.5"{dash}'))
        marks.append(_text(x + 27, 16, label))
    at = axis.at(mark)
    marks.append(_line(at, top - 16, at, bottom, INK, ' stroke-width="1.5"'))
    near = "end" if at > WIDTH / 2 else "start"
    # Between the legend and the heaps, so that it covers neither.
    marks.append(_text(at + (-4 if near == "end" else 4), top - 6, "threshold", near))
    return figure(name, title, said, bottom + 42, marks)


def trade(
    name: str,
    title: str,
    fmrs: NDArray[Any],
    fnmrs: NDArray[Any],
    floor: float,
    mark: float,
    said: str,
) -> str:
    """FNMR against FMR; nothing is drawn where too few pairs of people are behind the FMR."""
    lowest = 10.0 ** math.floor(math.log10(floor) - 1e-9)
    axis = Axis(lowest, 1.0, True, 40)
    top, bottom = 10.0, 190.0
    high = float(max(fnmrs.max(initial=0), 0.01)) * 1.05
    high = next((h for h in (0.02, 0.05, 0.1, 0.2, 0.5) if h >= high), 1.0)

    def up(y: float) -> float:
        return bottom - y / high * (bottom - top)

    marks = axis.draw(top, bottom, "FMR (steps of ten); left axis: FNMR")
    for y in (0, high / 2, high):
        marks += [
            _line(axis.left, up(y), axis.right, up(y), "#d9d9d9"),
            _text(34, up(y) + 5, tick(y), "end"),
        ]
    edge = axis.at(floor)
    if edge > axis.left + 1:
        marks.append(
            f'<rect x="{axis.left}" y="{top}" width="{edge - axis.left:.1f}"'
            f' height="{bottom - top}" fill="#eeeeee"/>'
        )
        marks.append(_line(edge, top, edge, bottom, GREY, ' stroke-dasharray="2 3"'))
    points = " ".join(f"{axis.at(x):.1f},{up(y):.1f}" for x, y in zip(fmrs, fnmrs, strict=True))
    marks.append(f'<polyline points="{points}" fill="none" stroke="{BLUE}" stroke-width="2.5"/>')
    if lowest <= mark <= 1:
        at = axis.at(mark)
        marks.append(_line(at, top, at, bottom, INK, ' stroke-width="1.5"'))
        near = "end" if at > WIDTH / 2 else "start"
        marks.append(_text(at + (-4 if near == "end" else 4), top + 12, "operating point", near))
    return figure(name, title, said, bottom + 42, marks)

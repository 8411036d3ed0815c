"""The drawings of an audit: what stands where in them.

In: intervals, scores, error curves.  Out: :class:`Figure`, which the page's ``figure`` part turns
into SVG.  Marks have kinds (CSS classes), no colours: ``page.css`` has those, light and dark, and
none of them says something alone.
"""

from __future__ import annotations

import itertools
import math
import unicodedata
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from labkit.audit.numbers import tick
from labkit.base.words import _
from labkit.measure.intervals import Interval

WIDTH = 360
"""Units of a drawing for a telephone: text of 14 is then read at 320 pixels too."""

WIDE = 720
"""Units, and pixels, of the same drawing elsewhere: its text of 13 is 13 pixels."""

GUTTERS = 164, 240
"""Of a wide drawing, left for the names of its rows and right for what they say."""

DIGIT = 8.5  # width of a digit of that text, about


class Mark(NamedTuple):
    """One element of a drawing: an SVG element, its attributes, and its text if it is text."""

    name: str
    attributes: dict[str, str]
    text: str = ""


@dataclass(frozen=True)
class Figure:
    """A drawing.

    Parameters
    ----------
    name
        Within the page.
    title
        Written below it.
    said
        What it shows, in words and numbers, for whoever does not see it.
    height
        In its own units.
    marks
        What is drawn, the first below the others.
    width
        In its own units.
    phone
        The same for a screen that is narrower, if it has to be another.
    """

    name: str
    title: str
    said: str
    height: float
    marks: list[Mark] = field(repr=False)
    width: int = WIDTH
    phone: Figure | None = field(default=None, repr=False)


def _mark(element: str, kind: str, text: str = "", /, **values: float | str) -> Mark:
    """An element with its places rounded to what can be seen; ``kind`` may be empty."""
    told = {k: v if isinstance(v, str) else f"{v:.1f}" for k, v in values.items()}
    return Mark(element, {**told, **({"class": kind} if kind else {})}, text)


def _text(x: float, y: float, words: str, kind: str = "") -> Mark:
    return _mark("text", kind, words, x=x, y=y)


def _line(x1: float, y1: float, x2: float, y2: float, kind: str) -> Mark:
    return _mark("line", kind, x1=x1, y1=y1, x2=x2, y2=y2)


def _named_line(
    x: float, top: float, bottom: float, y: float, words: str, width: float
) -> list[Mark]:
    """A value on the axis as a line from top to bottom, its name on the side with more room."""
    side = -4 if x > width / 2 else 4
    name = _text(x + side, y, words, "end halo" if side < 0 else "halo")
    return [_line(x, top, x, bottom, "mark"), name]


class Axis(NamedTuple):
    """A horizontal axis: values to places in the drawing."""

    low: float
    high: float
    log: bool
    left: float = 8.0
    right: float = WIDTH - 8.0
    width: float = WIDTH

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
            within = (1,) if len(steps) > 2 else (1, 2, 5)
            values = [x * f for x in steps for f in within]
            return [x for x in values if x <= self.high * (1 + 1e-9)]
        step = 10.0 ** math.floor(math.log10((self.high - self.low) / 2))
        while (self.high - self.low) / step > 5:
            step *= 2 if (self.high - self.low) / step <= 10 else 2.5
        first = math.ceil(self.low / step - 1e-9)
        return [k * step for k in range(first, math.floor(self.high / step + 1e-9) + 1)]

    def draw(
        self, top: float, bottom: float, title: str, fmt: Callable[[float], str] = tick
    ) -> list[Mark]:
        """Line, marks and title."""
        out = [_line(self.left, bottom, self.right, bottom, "axis")]
        free = math.inf  # where the label to the right begins: one that would touch it is left out
        for x in reversed(self.ticks()):
            at, label = self.at(x), fmt(round(x, 12))
            out.append(_line(at, top, at, bottom, "grid"))
            near = "start" if at < 24 else "end" if at > self.width - 24 else "middle"
            wide = len(label) * DIGIT
            begins = at - {"start": 0.0, "middle": wide / 2, "end": wide}[near]
            if begins + wide + DIGIT / 2 > free:
                continue
            free = begins
            out.append(_text(at, bottom + 16, label, "" if near == "start" else near))
        out.append(_text(self.left, bottom + 35, title, "quiet"))
        return out


class Cell(NamedTuple):
    """A row of :func:`groups`: its name, its interval, what is said of it, its limit if any.

    ``all_seen``: whether every trial was an error.
    """

    group: str
    interval: Interval
    brief: str
    said: str
    at_most: float = math.nan
    all_seen: bool = False


def groups(
    name: str,
    title: str,
    axis_title: str,
    cells: Sequence[Cell],
    *,
    log: bool,
    width: int = WIDE,
) -> Figure:
    """A rate with its interval for each row; a row with too little for a rate has no dot.

    Where no error was seen, a broken line goes up to the limit; where nothing but errors was seen,
    an arrow head points to 1, at the right edge where the axis ends before it.

    Parameters
    ----------
    name
        Of the drawing within the page.
    title
        Written below it.
    axis_title
        Written below the axis.
    cells
        The rows, from above.
    log
        Whether the axis goes in steps of ten.
    width
        :data:`WIDE`, with names to the left and rates to the right, or :data:`WIDTH`, with both
        above the row.
    """
    wide = width == WIDE
    row = 32.0 if wide else 40.0
    bottom = row * len(cells) + 6
    axis = _axis_of(cells, log)
    if wide:
        axis = axis._replace(left=float(GUTTERS[0]), right=float(WIDE - GUTTERS[1]), width=WIDE)
    marks = axis.draw(4, bottom, axis_title)
    for place, cell in enumerate(cells):
        i, y = cell.interval, place * row + (8 if wide else 18)
        if wide:
            marks.append(_text(0, y + 15, shortened(cell.group, 21)))
            marks.append(_text(axis.right + 18, y + 15, shortened(cell.brief, 32)))
        else:
            words = f"{shortened(cell.group, 40 - len(cell.brief))}: {cell.brief}"
            marks.append(_text(axis.left, y, words, "halo"))
        if math.isfinite(cell.at_most):
            limit = axis.at(cell.at_most)
            marks.append(_line(axis.left, y + 10, limit, y + 10, "limit"))
            marks.append(_line(limit, y + 5, limit, y + 15, "limit thread"))
        if cell.all_seen:
            tip = axis.at(1.0)
            head = f"M{tip - 9:.1f} {y + 5:.1f}L{tip:.1f} {y + 10:.1f}L{tip - 9:.1f} {y + 15:.1f}Z"
            marks.append(_mark("path", "dot", d=head))
        if i.words or not math.isfinite(i.value) or (log and i.value <= 0):
            continue
        a, b = axis.at(i.low), axis.at(i.high)
        marks.append(_line(a, y + 10, b, y + 10, "a"))
        marks += [_line(end, y + 5, end, y + 15, "a thread") for end in (a, b)]
        marks.append(_mark("circle", "dot", cx=axis.at(i.value), cy=y + 10, r=4.5))
    said = " ".join(f"{c.group}: {c.said}." for c in cells)
    phone = groups(name, title, axis_title, cells, log=log, width=WIDTH) if wide else None
    return Figure(name, title, said, bottom + 42, marks, width, phone)


def _axis_of(cells: Sequence[Cell], log: bool) -> Axis:
    """An axis on which all intervals and limits have room: from nought, or whole steps of ten."""
    ends = [c.at_most for c in cells]
    ends += [x for c in cells if not (i := c.interval).words for x in (i.value, i.low, i.high)]
    seen = [x for x in ends if math.isfinite(x) and (x > 0 or not log)]
    if not log:
        return Axis(0.0, (max(seen, default=0.0) or 1.0) * 1.05, False)
    low, high = (min(seen), max(seen)) if seen else (1e-4, 1e-1)
    above = 10 ** math.ceil(math.log10(high) + 1e-9)
    return Axis(10 ** math.floor(math.log10(low) - 1e-9), min(above, 1.0), True)


def shortened(text: str, most: float) -> str:
    """As much of a text as fits into the room of so many letters of middling width.

    Examples
    --------
    >>> shortened("north", 10), shortened("northern district", 10)
    ('north', 'northern …')
    """

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
    threshold: float,
    said: str,
    *,
    distance: bool,
    width: int = WIDE,
) -> Figure:
    """Two histograms of scores, each as high as its own highest bar, and the threshold.

    Parameters
    ----------
    name, title, said
        As in :class:`Figure`.
    sides
        Name and scores (larger means more alike) of both kinds of pairs.
    threshold
        Marked with a line.
    distance
        Whether the axis shows scores as distances: minus the score, alike to the right.
    width
        Of the drawing, in its own units.
    """
    low = min(float(v.min()) for _name, v in sides)
    high = max(float(v.max()) for _name, v in sides)
    if not high > low:
        low, high = low - 0.5, high + 0.5
    axis = Axis(low, high, False, right=width - 8.0, width=width)
    bins, top, bottom = 60, 48.0, 204.0
    step = (axis.right - axis.left) / bins
    marks = axis.draw(
        top,
        bottom,
        _("distance: alike to the right") if distance else _("score: alike to the right"),
        (lambda x: tick(0.0 - x)) if distance else tick,
    )
    for (label, values), kind, x in zip(
        sides, ("a", "b"), (axis.left, 0.5 * width + 10), strict=True
    ):
        counts = np.histogram(values, np.linspace(low, high, bins + 1))[0]
        tops = bottom - counts / counts.max() * (bottom - top - 4)
        path = [f"M{axis.left:.1f} {bottom:.1f}"]
        path += [f"V{y:.1f}H{axis.left + (b + 1) * step:.1f}" for b, y in enumerate(tops)]
        marks.append(_mark("path", f"heap {kind}", d="".join([*path, f"V{bottom:.1f}"])))
        marks.append(_line(x, 12, x + 22, 12, kind))
        marks.append(_text(x + 27, 16, label))
    # Its name stands between the legend and the heaps, so that it covers neither.
    if low <= threshold <= high:
        marks += _named_line(axis.at(threshold), top - 16, bottom, top - 6, _("threshold"), width)
    elif threshold > high:
        marks.append(_text(axis.right, top - 6, _("threshold: beyond all \u2192"), "end halo"))
    else:
        marks.append(_text(axis.left, top - 6, _("\u2190 threshold: beyond all"), "halo"))
    phone = None
    if width == WIDE:
        narrow: Any = {"distance": distance, "width": WIDTH}
        phone = histogram(name, title, sides, threshold, said, **narrow)
    return Figure(name, title, said, bottom + 42, marks, width, phone)


def trade(
    name: str,
    title: str,
    fmrs: NDArray[Any],
    fnmrs: NDArray[Any],
    floor: float,
    point: float,
    said: str,
    *,
    width: int = WIDE,
) -> Figure:
    """FNMR against FMR; nothing is drawn where too few pairs of people are behind the FMR.

    Parameters
    ----------
    name, title, said
        As in :class:`Figure`.
    fmrs, fnmrs
        The curve, shape (n,).
    floor
        The lowest FMR with enough pairs of people behind it.
    point
        FMR at the threshold.
    width
        Of the drawing, in its own units.
    """
    lowest = 10.0 ** math.floor(math.log10(floor) - 1e-9)
    axis = Axis(
        lowest, 1.0, True, 10 + 5 * DIGIT, width - 8.0, width
    )  # left of it: labels of up to five characters
    top, bottom = 10.0, 190.0
    high = float(max(fnmrs.max(initial=0), 0.01)) * 1.05
    high = next((h for h in (0.02, 0.05, 0.1, 0.2, 0.5) if h >= high), 1.0)

    def up(y: float) -> float:
        return bottom - y / high * (bottom - top)

    marks = axis.draw(top, bottom, _("FMR (steps of ten); left axis: FNMR"))
    for y in (0, high / 2, high):
        marks.append(_line(axis.left, up(y), axis.right, up(y), "grid"))
        # Half as high as a line of text, but nought stands clear of the labels below it.
        marks.append(_text(axis.left - 6, up(y) + (5 if y else 1), tick(y), "end"))
    edge = axis.at(floor)
    if edge > axis.left + 1:
        size = {"x": axis.left, "y": top, "width": edge - axis.left, "height": bottom - top}
        marks.append(_mark("rect", "void", **size))
        marks.append(_line(edge, top, edge, bottom, "edge"))
    points = " ".join(f"{axis.at(x):.1f},{up(y):.1f}" for x, y in zip(fmrs, fnmrs, strict=True))
    marks.append(_mark("polyline", "a line", points=points))
    if lowest <= point <= 1:
        marks += _named_line(axis.at(point), top, bottom, top + 12, _("threshold"), width)
    phone = None
    if width == WIDE:
        phone = trade(name, title, fmrs, fnmrs, floor, point, said, width=WIDTH)
    return Figure(name, title, said, bottom + 42, marks, width, phone)

"""The drawings of an audit: what stands where in them.

In: intervals, scores, error curves.  Out: :class:`labkit.views.page.drawing.Figure`, which the
page's ``figure`` part turns into SVG.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from labkit.audit.numbers import tick
from labkit.base.words import _
from labkit.measure.intervals import Interval
from labkit.views.page.drawing import (
    DIGIT,
    WIDE,
    WIDTH,
    Axis,
    Figure,
    line,
    mark,
    named_line,
    shortened,
    text,
)

GUTTERS = 164, 240
"""Of a wide drawing, left for the names of its rows and right for what they say."""


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
    marks = axis.draw(4, bottom, axis_title, tick)
    for place, cell in enumerate(cells):
        i, y = cell.interval, place * row + (8 if wide else 18)
        if wide:
            marks.append(text(0, y + 15, shortened(cell.group, 21)))
            marks.append(text(axis.right + 18, y + 15, shortened(cell.brief, 32)))
        else:
            words = f"{shortened(cell.group, 40 - len(cell.brief))}: {cell.brief}"
            marks.append(text(axis.left, y, words, "halo"))
        if math.isfinite(cell.at_most):
            limit = axis.at(cell.at_most)
            marks.append(line(axis.left, y + 10, limit, y + 10, "limit"))
            marks.append(line(limit, y + 5, limit, y + 15, "limit thread"))
        if cell.all_seen:
            tip = axis.at(1.0)
            head = f"M{tip - 9:.1f} {y + 5:.1f}L{tip:.1f} {y + 10:.1f}L{tip - 9:.1f} {y + 15:.1f}Z"
            marks.append(mark("path", "dot", d=head))
        if i.words or not math.isfinite(i.value) or (log and i.value <= 0):
            continue
        a, b = axis.at(i.low), axis.at(i.high)
        marks.append(line(a, y + 10, b, y + 10, "a"))
        marks += [line(end, y + 5, end, y + 15, "a thread") for end in (a, b)]
        marks.append(mark("circle", "dot", cx=axis.at(i.value), cy=y + 10, r=4.5))
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
        marks.append(mark("path", f"heap {kind}", d="".join([*path, f"V{bottom:.1f}"])))
        marks.append(line(x, 12, x + 22, 12, kind))
        marks.append(text(x + 27, 16, label))
    # Its name stands between the legend and the heaps, so that it covers neither.
    if low <= threshold <= high:
        marks += named_line(axis.at(threshold), top - 16, bottom, top - 6, _("threshold"), width)
    elif threshold > high:
        marks.append(text(axis.right, top - 6, _("threshold: beyond all \u2192"), "end halo"))
    else:
        marks.append(text(axis.left, top - 6, _("\u2190 threshold: beyond all"), "halo"))
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

    marks = axis.draw(top, bottom, _("FMR (steps of ten); left axis: FNMR"), tick)
    for y in (0, high / 2, high):
        marks.append(line(axis.left, up(y), axis.right, up(y), "grid"))
        # Half as high as a line of text, but nought stands clear of the labels below it.
        marks.append(text(axis.left - 6, up(y) + (5 if y else 1), tick(y), "end"))
    edge = axis.at(floor)
    if edge > axis.left + 1:
        size = {"x": axis.left, "y": top, "width": edge - axis.left, "height": bottom - top}
        marks.append(mark("rect", "void", **size))
        marks.append(line(edge, top, edge, bottom, "edge"))
    points = " ".join(f"{axis.at(x):.1f},{up(y):.1f}" for x, y in zip(fmrs, fnmrs, strict=True))
    marks.append(mark("polyline", "a line", points=points))
    if lowest <= point <= 1:
        marks += named_line(axis.at(point), top, bottom, top + 12, _("threshold"), width)
    phone = None
    if width == WIDE:
        phone = trade(name, title, fmrs, fnmrs, floor, point, said, width=WIDTH)
    return Figure(name, title, said, bottom + 42, marks, width, phone)

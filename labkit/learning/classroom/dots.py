"""The drawings of a class: one dot for one answer.

In: guesses and what was measured, or votes.  Out:
:class:`~labkit.views.page.drawing.Figure`, with the same in words.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence

from labkit.base.words import _
from labkit.views.page.drawing import (
    DIGIT,
    WIDE,
    WIDTH,
    Axis,
    Figure,
    Mark,
    line,
    mark,
    named_line,
    shortened,
    text,
)

PITCH = 11.0  # from one dot to the next
RADIUS = 4.8
WIDEST = 17.0  # the same in a row of votes
HIGHEST = 14  # dots above each other, and then a dot stands for more than one answer
FAR = 3.0  # times the span of nine in ten answers, from which on an answer is only counted


def wanted(n: float) -> str:
    """A number as a class reads it: three digits that count, and a minus as wide as a digit.

    Examples
    --------
    >>> wanted(27.64), wanted(0.02), wanted(-3.0), wanted(12500)
    ('27.6', '0.02', '−3', '12,500')
    """
    shown = f"{n:,.0f}" if abs(n) >= 1000 else f"{n:.3g}"
    return shown.replace("-", "−")


def ends(guesses: Sequence[float], results: Sequence[float]) -> tuple[float, float]:
    """Where an axis begins and ends: at nought if it can, and not at one answer far from the rest.

    Examples
    --------
    >>> ends([5, 10, 20], [27.6]), ends([0.01] * 20 + [50], [0.03]), ends([-2, 1], [])
    ((0.0, 30.0), (0.0, 0.03), (-2.0, 1.0))
    """
    reach = [_reach(values) for values in (guesses, results) if values]
    low, high = min(0.0, *(r[0] for r in reach)), max(r[1] for r in reach)
    if not high > low:
        high = low + 1.0
    step = 10.0 ** math.floor(math.log10((high - low) / 2))
    return math.floor(low / step + 1e-9) * step, math.ceil(high / step - 1e-9) * step


def _reach(values: Sequence[float]) -> tuple[float, float]:
    """The lowest and the highest value, without the few that lie far from nine in ten."""
    ordered = sorted(values)
    most, least = ordered[math.ceil(0.9 * len(ordered)) - 1], ordered[len(ordered) // 10]
    low = max(ordered[0], FAR * least) if least < 0 else min(0.0, ordered[0])
    return low, min(ordered[-1], FAR * most) if most > 0 else ordered[-1]


def guessed(
    name: str,
    title: str,
    unit: str,
    said: str,
    guesses: Sequence[float],
    middle: tuple[float, float, float],
    results: Sequence[float],
    result: float | None,
    *,
    width: int = WIDE,
) -> Figure:
    """Guesses as dots, their middle half as a line, and what was measured.

    Parameters
    ----------
    name, title, said
        As in :class:`~labkit.views.page.drawing.Figure`.
    unit
        What the axis counts.
    guesses
        One number for each learner.
    middle
        The ends of the middle half, and the middle guess between them.
    results
        What was measured; drawn as rings of their own where each learner measured another number.
    result
        The same as one number, drawn as an upright line; None where there is none.
    width
        Of the drawing, in its own units.
    """
    low, high = ends(guesses, results)
    axis = Axis(low, high, False, 12.0, width - 12.0, width)
    top = 30.0 if result is not None else 10.0
    heaps, each = _heaps(axis, guesses)
    base = top + PITCH * max(heaps.values(), default=1) + 8
    marks: list[Mark] = []
    for x, count in sorted(heaps.items()):
        marks += [
            mark("circle", "dot", cx=x, cy=base - 8 - PITCH * (k + 0.5), r=RADIUS)
            for k in range(count)
        ]
    first, half, last = (axis.at(value) for value in middle)
    marks += [line(first, base - 3, last, base - 3, "a"), line(half, base - 8, half, base + 2, "a")]
    bottom = base + 8
    if result is None and results:
        rings, each_ring = _heaps(axis, results)
        each = max(each, each_ring)
        bottom = base + 34 + PITCH * max(rings.values())
        marks.append(text(axis.left, base + 24, _("what was measured, each their own:"), "quiet"))
        for x, count in sorted(rings.items()):
            marks += [
                mark("circle", "ring", cx=x, cy=bottom - 4 - PITCH * (k + 0.5), r=RADIUS - 0.8)
                for k in range(count)
            ]
    frame = axis.draw(top - 4, bottom, _legend(unit, each), wanted)
    if result is not None:
        words = _("measured: {result}").format(result=wanted(result))
        marks += named_line(axis.at(result), top - 24, bottom, top - 12, words, width)
    phone = None
    if width == WIDE:
        phone = guessed(name, title, unit, said, guesses, middle, results, result, width=WIDTH)
    return Figure(name, title, said, bottom + 42, [*frame, *marks], width, phone)


def _legend(unit: str, each: int) -> str:
    if each == 1:
        return unit
    many = _("each dot: up to {each} learners").format(each=each)
    return f"{unit} ({many})" if unit else many


def _heaps(axis: Axis, values: Sequence[float]) -> tuple[dict[float, int], int]:
    """How many dots stand above each place, and for how many answers each of them stands.

    Dots that would touch are put on top of each other, in the middle between them (a dot plot after
    Wilkinson, "Dot Plots", The American Statistician 53, 1999).
    """
    heaps: list[list[float]] = []
    for x in sorted(axis.at(v) for v in values if axis.low <= v <= axis.high):
        if heaps and x < heaps[-1][0] + PITCH:
            heaps[-1].append(x)
        else:
            heaps.append([x])
    each = math.ceil(max(map(len, heaps), default=1) / HIGHEST)
    places: dict[float, int] = {}
    free = -math.inf
    for heap in heaps:
        place = max((heap[0] + heap[-1]) / 2, free)
        places[place], free = math.ceil(len(heap) / each), place + PITCH
    return places, each


def rows(
    name: str,
    title: str,
    said: str,
    sides: Mapping[str, Mapping[str, int]],
    names: Mapping[str, str],
    *,
    width: int = WIDE,
) -> Figure:
    """Options below each other, each with a row of dots for every side.

    Parameters
    ----------
    name, title, said
        As in :class:`~labkit.views.page.drawing.Figure`.
    sides
        Such as before and after: how many chose each option.  All but the last are rings.
    names
        Option -> its name in words, in the order in which they are drawn.
    width
        Of the drawing, in its own units.
    """
    gutter = 4.0 + (DIGIT * max(map(len, sides)) if len(sides) > 1 else 0.0)
    most = max((n for counts in sides.values() for n in counts.values()), default=1)
    room = width - gutter - 48
    each = math.ceil(most * PITCH / room)
    pitch = min(room / math.ceil(most / each), WIDEST)
    marks, y = [], 0.0
    for option, words in names.items():
        marks.append(text(0, y + 16, shortened(words, width / 7.2), "name"))
        y += 24
        for place, (side, counts) in enumerate(sides.items()):
            if len(sides) > 1:
                marks.append(text(0, y + 5 + pitch / 2, side, "quiet"))
            kind, thick = ("dot", 0.0) if place == len(sides) - 1 else ("ring", 0.8)
            count = counts.get(option, 0)
            drawn = math.ceil(count / each)
            across = {"cy": y + pitch / 2, "r": 0.43 * pitch - thick}
            marks += [
                mark("circle", kind, cx=gutter + pitch * (k + 0.5), **across) for k in range(drawn)
            ]
            marks.append(text(gutter + pitch * drawn + 8, y + 5 + pitch / 2, f"{count:,}"))
            y += pitch + 4
        y += 12
    if each > 1:
        marks.append(text(0, y + 10, _legend("", each), "quiet"))
        y += 16
    phone = rows(name, title, said, sides, names, width=WIDTH) if width == WIDE else None
    return Figure(name, title, said, y, marks, width, phone)

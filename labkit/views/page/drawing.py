"""What drawings of a page are made of: marks, an axis, names that fit.

In: values and places.  Out: :class:`Mark` and :class:`Figure`, which the part ``figure`` of
``parts.html.j2`` turns into SVG.  Marks have kinds (CSS classes), no colours: ``page.css`` has
those, light and dark, and none of them says something alone.
"""

from __future__ import annotations

import itertools
import math
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import NamedTuple

WIDTH = 360
"""Units of a drawing for a telephone: text of 14 is then read at 320 pixels too."""

WIDE = 720
"""Units, and pixels, of the same drawing elsewhere: its text of 13 is 13 pixels."""

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


def mark(element: str, kind: str, text: str = "", /, **values: float | str) -> Mark:
    """An element with its places rounded to what can be seen; ``kind`` may be empty."""
    told = {k: v if isinstance(v, str) else f"{v:.1f}" for k, v in values.items()}
    return Mark(element, {**told, **({"class": kind} if kind else {})}, text)


def text(x: float, y: float, words: str, kind: str = "") -> Mark:
    """Words at a place; ``kind`` says which end of them stands there."""
    return mark("text", kind, words, x=x, y=y)


def line(x1: float, y1: float, x2: float, y2: float, kind: str) -> Mark:
    """A line from one place to another."""
    return mark("line", kind, x1=x1, y1=y1, x2=x2, y2=y2)


def named_line(
    x: float, top: float, bottom: float, y: float, words: str, width: float
) -> list[Mark]:
    """A value on the axis as a line from top to bottom, its name on the side with more room."""
    side = -4 if x > width / 2 else 4
    name = text(x + side, y, words, "end halo" if side < 0 else "halo")
    return [line(x, top, x, bottom, "mark"), name]


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
        self, top: float, bottom: float, title: str, fmt: Callable[[float], str] = "{:g}".format
    ) -> list[Mark]:
        """Line, marks and title."""
        out = [line(self.left, bottom, self.right, bottom, "axis")]
        free = math.inf  # where the label to the right begins: one that would touch it is left out
        for x in reversed(self.ticks()):
            at, label = self.at(x), fmt(round(x, 12))
            out.append(line(at, top, at, bottom, "grid"))
            near = "start" if at < 24 else "end" if at > self.width - 24 else "middle"
            wide = len(label) * DIGIT
            begins = at - {"start": 0.0, "middle": wide / 2, "end": wide}[near]
            if begins + wide + DIGIT / 2 > free:
                continue
            free = begins
            out.append(text(at, bottom + 16, label, "" if near == "start" else near))
        out.append(text(self.left, bottom + 35, title, "quiet"))
        return out


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

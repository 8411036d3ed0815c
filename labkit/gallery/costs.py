"""What a search of a large gallery costs on the computer that it runs on: time, memory, a price.

In: how many templates.  Out: seconds and bytes measured here, and what follows from a price.

The templates are bytes drawn at random.  They take as long to search as templates of faces, and
say nothing about who is found: for errors there is ``data/gallery``.
"""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from labkit.base.words import _
from labkit.gallery.codes import LEVELS, Codes
from labkit.gallery.index import Exact
from labkit.measure.scores.memory import memory_left

if TYPE_CHECKING:
    import pandas as pd

NUMBERS = 128
"""Numbers in a template, as dlib's and SFace's have."""

BESIDE = 50e6
"""Bytes that a search needs beside the templates: blocks that are decoded and scored."""

CANDIDATES = 10
"""How many candidates each search returns."""

TRIED = 20_000
"""Templates of the small gallery from which :func:`needs` foresees the time."""


@dataclass(frozen=True)
class Cost:
    """What searches of one gallery took, and what they would cost.

    Parameters
    ----------
    templates
        How many the gallery has.
    probes
        How many were searched together.
    seconds
        For one probe, the fastest of all rounds.
    made
        Seconds that it took to draw the templates; a service would have to read them.
    bytes
        What the templates and their lengths take.
    hour
        Input: the price of an hour of such a computer.
    searches
        Input: how many searches are paid for.
    """

    templates: int
    probes: int
    seconds: float
    made: float
    bytes: int
    hour: float
    searches: int

    @property
    def hours(self) -> float:
        """Hours that one such computer needs for all the searches."""
        return self.searches * self.seconds / 3600

    @property
    def price(self) -> float:
        """Price of all the searches, in the money of ``hour``."""
        return self.hours * self.hour

    def frame(self) -> pd.DataFrame:
        """A line for each number, inputs named as such: columns ``what``, ``value``, ``from``."""
        import pandas as pd

        measured, given, follows = _("measured here"), _("input"), _("follows")
        lines = [
            (_("templates in the gallery"), f"{self.templates:,}", given),
            (_("probes searched together"), f"{self.probes:,}", given),
            (_("seconds for one probe"), f"{self.seconds:.3g}", measured),
            (_("megabytes of memory"), f"{self.bytes / 1e6:,.0f}", measured),
            (_("searches paid for"), f"{self.searches:,}", given),
            (_("price of an hour of such a computer"), f"{self.hour:g}", given),
            (_("hours for all the searches"), f"{self.hours:,.3g}", follows),
            (_("price of all the searches"), f"{self.price:,.3g}", follows),
        ]
        return pd.DataFrame(lines, columns=["what", "value", "from"])

    def read(self) -> str:
        """The same in two sentences."""
        words = _(
            "One face is searched for among {n:,} in {seconds:.2g} seconds on this computer, which"
            " holds them in {megabytes:,.0f} MB. {searches:,} such searches take {hours:.3g} hours:"
            " at {hour:g} an hour they cost {price:.3g}."
        )
        return words.format(
            n=self.templates,
            seconds=self.seconds,
            megabytes=self.bytes / 1e6,
            searches=self.searches,
            hours=self.hours,
            hour=self.hour,
            price=self.price,
        )


def cost(
    n: int = 10_000_000,
    probes: int = 16,
    seconds: float = 2.0,
    *,
    hour: float = 1.0,
    searches: int = 1_000_000,
) -> Cost:
    """Search a gallery of ``n`` drawn templates with 8 bits a number, and time it.

    Parameters
    ----------
    n
        Templates; :func:`needs` says what they take before it starts.
    probes
        How many are searched together.
    seconds
        Searches are repeated until so many seconds have passed; one is always made.
    hour
        Price of an hour of such a computer, in any money.  It is not known here: give yours.
    searches
        How many are to be paid for.

    Raises
    ------
    ValueError
        If a number is not positive, or the memory does not suffice.

    Examples
    --------
    >>> found = cost(1000, probes=2, seconds=0, hour=0.5)
    >>> found.bytes, found.price == found.hours / 2
    (132000, True)
    """
    if min(n, probes, searches) < 1 or seconds < 0 or hour < 0:
        raise ValueError(_("give at least one template, probe and search, and no negative numbers"))
    left = memory_left()
    if _bytes(n) + BESIDE > left:
        words = _("{needs} {left:.1f} GB are left: close other programs, or ask for fewer")
        raise ValueError(words.format(needs=_memory(n), left=left / 1e9))
    start = time.perf_counter()
    index, wanted = _drawn(n, probes)
    made = time.perf_counter() - start
    fastest, until = np.inf, time.perf_counter() + seconds
    while True:
        start = time.perf_counter()
        index.search(wanted, CANDIDATES)
        stop = time.perf_counter()
        fastest = min(fastest, (stop - start) / probes)
        if stop >= until:
            return Cost(n, probes, fastest, made, index.nbytes, hour, searches)


def needs(n: int = 10_000_000, probes: int = 16) -> str:
    """What :func:`cost` of ``n`` templates will need on this computer, from a small trial.

    Examples
    --------
    >>> needs(1_000_000)
    '1,000,000 templates of 128 bytes need 0.2 GB of memory... seconds.'
    """
    trial = cost(min(n, TRIED), probes, seconds=0)
    took = (trial.made + 2 * trial.seconds * probes) * max(n / TRIED, 1)
    words = _("{memory} Drawing and searching them takes about {seconds:,.0f} seconds.")
    return words.format(memory=_memory(n), seconds=max(took, 1))


def _bytes(n: int) -> int:
    """Foreseen: of the codes, and of one float32 for the length of each."""
    return n * (NUMBERS + 4)


def _memory(n: int) -> str:
    words = _("{n:,} templates of {d} bytes need {gigabytes:.1f} GB of memory.")
    return words.format(n=n, d=NUMBERS, gigabytes=(_bytes(n) + BESIDE) / 1e9)


def _drawn(n: int, probes: int) -> tuple[Exact, np.ndarray]:
    """A gallery of random codes, drawn in blocks, and probes like them."""
    rng = np.random.default_rng(0)
    numbers = np.empty((n, NUMBERS), np.uint8)
    for start in range(0, n, 2**15):
        some = numbers[start : start + 2**15]
        some[:] = rng.integers(0, LEVELS, some.shape, np.uint8, endpoint=True)
    codes = Codes(numbers, np.full(NUMBERS, -1.0), np.full(NUMBERS, 2 / LEVELS))
    return Exact(codes, "cosine"), rng.uniform(-1, 1, (probes, NUMBERS)).astype(np.float32)

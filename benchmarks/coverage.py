"""How often the lab's intervals hold the truth, and how often it claims what is not there.

    python benchmarks/coverage.py                  print, and write results/coverage.md and .csv
    python benchmarks/coverage.py --sets 200       fewer data sets a cell; nothing is written
    python benchmarks/coverage.py --part claims    one of the parts; nothing is written

People are made up as numbers, so that the truth is known.  A score of two people's pictures is the
sum of what either person brings, what the two bring together and chance:

    impostor  person (SD p) + person (SD p) + pair (SD d) + chance (SD 1)
    mated     person (SD g) + chance (SD 1)

In some generators 5% of the people are easily taken for others (1.5 more on every impostor score
they are in, "wolves") and 8% are hard to recognise (1.5 less on mated scores, "goats").  After a
description of an outside reader's generators; the figures are our own.  Everybody has four
pictures.
Data set k of a cell has a seed of its own, so that fewer sets are the first of more.
"""

from __future__ import annotations

import argparse
import functools
import math
import sys
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from labkit.measure import areas, intervals, thresholds  # noqa: E402
from labkit.measure.counts import GroupCounts, SquareCounts  # noqa: E402
from labkit.measure.disparity import ALL_OTHERS, GroupTable, within_strata  # noqa: E402
from labkit.measure.scores import Comparisons  # noqa: E402

RESULTS = ROOT / "benchmarks" / "results"
SETS = 2000
CHECKED = 100
"""Data sets of each cell that a test counts again."""
PICTURES = 4
COMPARED = PICTURES**2
MATED = PICTURES * (PICTURES - 1) // 2

Numbers = NDArray[np.float64]


# ---- people whose truth is known ----------------------------------------------------------------


@dataclass(frozen=True)
class Generator:
    """How people differ; see the top of this file."""

    name: str
    person: float
    pair: float
    genuine: float
    wolves: float = 0.0
    goats: float = 0.0
    far: float = 1.5

    def fmr(self, threshold: float) -> float:
        """The FMR of infinitely many people."""
        from scipy.special import ndtr

        sd, w = math.sqrt(2 * self.person**2 + self.pair**2 + 1), self.wolves
        parts = ((1 - w) ** 2, 2 * w * (1 - w), w * w)
        return sum(
            share * float(ndtr((n * self.far - threshold) / sd)) for n, share in enumerate(parts)
        )

    def fnmr(self, threshold: float) -> float:
        """The FNMR of infinitely many people."""
        from scipy.special import ndtr

        sd, w = math.sqrt(self.genuine**2 + 1), self.goats
        parts = (1 - w, w)
        return sum(
            share * float(ndtr((threshold + n * self.far) / sd)) for n, share in enumerate(parts)
        )

    def auc(self, apart: float) -> float:
        """The area of infinitely many people, mated scores higher by ``apart``."""
        from scipy.special import ndtr

        w, g = self.wolves, self.goats
        sd = math.sqrt(2 * self.person**2 + self.pair**2 + self.genuine**2 + 2)
        wolves = ((1 - w) ** 2, 2 * w * (1 - w), w * w)
        goats = (1 - g, g)
        return sum(
            a * b * float(ndtr((apart - (n + m) * self.far) / sd))
            for n, a in enumerate(wolves)
            for m, b in enumerate(goats)
        )

    def threshold(self, rate: float, of: str = "fmr") -> float:
        """Where that rate is what is asked for."""
        from scipy.optimize import brentq

        found = getattr(self, of)
        return float(brentq(lambda t: found(t) - rate, -20, 20))

    def livelinesses(self, people: int, rng: np.random.Generator) -> Numbers:
        """What each person brings to impostor scores."""
        own = rng.normal(0, self.person, people) if self.person else np.zeros(people)
        return own + self.far * (rng.random(people) < self.wolves)

    def false_matches(self, people: int, threshold: float, rng: np.random.Generator) -> Numbers:
        """Symmetric table of false matches, shape (people, people), of 16 comparisons a pair."""
        from scipy.special import ndtr

        i, j = np.triu_indices(people, 1)
        a = self.livelinesses(people, rng)
        middle = a[i] + a[j]
        if self.pair:
            middle = middle + rng.normal(0, self.pair, len(i))
        out = np.zeros((people, people))
        out[i, j] = rng.binomial(COMPARED, ndtr(middle - threshold))
        return out + out.T

    def scores(self, people: int, rng: np.random.Generator) -> tuple[Numbers, Numbers, Numbers]:
        """Impostor scores, 16 a pair of people, with the two people of each."""
        i, j = (np.repeat(x, COMPARED) for x in np.triu_indices(people, 1))
        a = self.livelinesses(people, rng)
        pairs = people * (people - 1) // 2
        both = np.repeat(
            rng.normal(0, self.pair, pairs) if self.pair else np.zeros(pairs), COMPARED
        )
        return a[i] + a[j] + both + rng.normal(size=len(i)), i, j

    def mated(self, people: int, apart: float, rng: np.random.Generator) -> Numbers:
        """Mated scores, 6 a person, person by person."""
        own = rng.normal(0, self.genuine, people) - self.far * (rng.random(people) < self.goats)
        return apart + np.repeat(own, MATED) + rng.normal(size=people * MATED)

    def misses(self, people: int, threshold: float, rng: np.random.Generator) -> Numbers:
        """Misses of each person, of 6 mated pairs."""
        from scipy.special import ndtr

        own = rng.normal(0, self.genuine, people) if self.genuine else np.zeros(people)
        own = own - self.far * (rng.random(people) < self.goats)
        return rng.binomial(MATED, ndtr(threshold - own)).astype(np.float64)


GENERATORS = {
    g.name: g
    for g in (
        Generator("none", 0.0, 0.0, 0.0),
        Generator("moderate", 0.35, 0.4, 0.65),
        Generator("strong", 0.7, 0.8, 1.3),
        Generator("strong, wolves", 0.7, 0.8, 1.3, 0.05, 0.08),
        Generator("moderate, wolves", 0.35, 0.4, 0.65, 0.05, 0.08),
        Generator("wolves alone", 0.0, 0.0, 0.0, 0.05, 0.08),
    )
}


def compared(people: int) -> Numbers:
    return COMPARED * (1 - np.eye(people))


def group(name: str, false: Numbers, missed: Numbers, first: int = 0) -> GroupCounts:
    """A group of whom nobody's picture failed."""
    k = len(missed)
    one = np.ones(k)
    return GroupCounts(
        name,
        np.arange(first, first + k),
        false=false,
        compared=compared(k),
        images=PICTURES * one,
        failed=0 * one,
        missed=missed,
        made=MATED * one,
        planned=MATED * one,
    )


def rngs(cell: str, sets: int) -> Iterator[np.random.Generator]:
    """One for each data set of a cell."""
    for k in range(sets):
        yield np.random.default_rng(np.random.SeedSequence([59, k, *cell.encode()]))


# ---- one cell -----------------------------------------------------------------------------------


@dataclass(frozen=True)
class Outcome:
    """What one data set gave: the ends of the interval (NaN for none), truth, value."""

    low: float
    high: float
    truth: float
    value: float

    @property
    def shown(self) -> bool:
        return math.isfinite(self.low)

    @property
    def held(self) -> bool:
        return self.low <= self.truth <= self.high


def _of(interval: intervals.Interval, truth: float) -> Outcome:
    return Outcome(float(interval.low), float(interval.high), truth, float(interval.value))


def covered(
    outcomes: Sequence[Outcome],
    *,
    scale: Callable[[Any], Any] = np.log,
    varies: str = "value",
) -> dict[str, Any]:
    """Coverage, which end missed, and width beside that of an oracle which knows the variance.

    What varies from set to set is the estimate, or (of a threshold, whose rate here is what was
    asked for) the truth.
    """
    shown = [o for o in outcomes if o.shown]
    row: dict[str, Any] = {"sets": len(outcomes), "shown": len(shown) / len(outcomes)}
    if len(shown) < 0.1 * len(outcomes):
        return row  # too seldom shown for its coverage to be spoken of
    with np.errstate(divide="ignore"):
        ends = scale(np.array([[o.low, o.high] for o in shown]))
        values = scale(np.array([getattr(o, varies) for o in shown]))
    held = sum(o.held for o in shown)
    sure = intervals.wilson(held, len(shown))
    return {
        **row,
        "coverage": held / len(shown),
        "coverage_low": sure.low,
        "coverage_high": sure.high,
        "truth_above": sum(o.high < o.truth for o in shown) / len(shown),
        "truth_below": sum(o.low > o.truth for o in shown) / len(shown),
        "times_oracle": float(
            np.median(ends[:, 1] - ends[:, 0]) / (2 * intervals.Z * np.std(values))
        ),
        "checked": sum(o.held for o in outcomes[:CHECKED]),
    }


def _logit(p: Numbers) -> Numbers:
    return np.log(p / (1 - p))


def share(found: Sequence[bool]) -> dict[str, Any]:
    """How often something was claimed, with the error of that figure."""
    k = sum(found)
    sure = intervals.wilson(k, len(found))
    return {
        "sets": len(found),
        "claimed": k / len(found),
        "claimed_low": sure.low,
        "claimed_high": sure.high,
        "checked": sum(found[:CHECKED]),
    }


# ---- the parts ----------------------------------------------------------------------------------


@dataclass(frozen=True)
class Cell:
    """One line of the table: which part, which people, and how to make it."""

    part: str
    case: str
    generator: str
    run: Callable[[int], dict[str, Any]]

    def line(self, sets: int) -> dict[str, Any]:
        names = {"part": self.part, "case": self.case, "generator": self.generator}
        return {**names, **self.run(sets)}


def _fmr(g: Generator, people: int, rate: float, way: str, sets: int) -> dict[str, Any]:
    t, out = g.threshold(rate), []
    find = {"fmr": intervals.fmr_interval, "dyadic": intervals.dyadic_interval}[way]
    for rng in rngs(f"fmr {g.name} {people} {rate}", sets):
        out.append(_of(find(g.false_matches(people, t, rng), compared(people)), rate))
    return covered(out)


def _by_person(g: Generator, people: int, rate: float, sets: int) -> dict[str, Any]:
    t, out = g.threshold(rate, "fnmr"), []
    for rng in rngs(f"fnmr {g.name} {people} {rate}", sets):
        made = np.full(people, float(MATED))
        out.append(_of(intervals.cluster_interval(g.misses(people, t, rng), made), rate))
    return covered(out, scale=_logit)


def _difference(g: Generator, people: int, rate: float, sets: int) -> dict[str, Any]:
    """Rates by person of the same people under two conditions, one with twice the rate."""
    from scipy.special import ndtr

    ends, out = [g.threshold(x, "fnmr") for x in (2 * rate, rate)], []
    made = np.full(people, float(MATED))
    for rng in rngs(f"difference {g.name} {people} {rate}", sets):
        own = rng.normal(0, g.genuine, people) - g.far * (rng.random(people) < g.goats)
        both = [(rng.binomial(MATED, ndtr(t - own)).astype(float), made) for t in ends]
        out.append(_of(intervals.paired_difference(*both), rate))
    return covered(out, scale=np.positive)


def _area(g: Generator, people: int, area: float, sets: int) -> dict[str, Any]:
    """AUC of mated scores that are higher by as much as makes the area."""
    apart, out = g.threshold(area, "auc"), []
    for rng in rngs(f"area {g.name} {people} {area}", sets):
        impostor, i, j = g.scores(people, rng)
        mated, own = g.mated(people, apart, rng), np.repeat(np.arange(people), MATED)
        ends = np.concatenate([i, own]), np.concatenate([j, own])
        listed = Comparisons(np.concatenate([impostor, mated]), *ends)
        out.append(_of(areas.auc_interval(listed), area))
    return covered(out, scale=_logit)


def _threshold(g: Generator, sizes: Sequence[int], rate: float, sets: int) -> dict[str, Any]:
    """The mean of the rates within groups at a threshold chosen on them."""
    from labkit.measure.rates import threshold_at_mean_fmr

    out = []
    for rng in rngs(f"threshold {g.name} {sizes} {rate}", sets):
        drawn = [g.scores(n, rng) for n in sizes]
        t = float(threshold_at_mean_fmr([s for s, _, _ in drawn], rate))
        cells = []
        for n, (s, i, j) in zip(sizes, drawn, strict=True):
            false = np.zeros((n, n))
            np.add.at(false, (i[s >= t], j[s >= t]), 1)
            cells.append(SquareCounts(false + false.T, compared(n)))
        out.append(_of(thresholds.true_fmr(cells), g.fmr(t)))
    found = covered(out, varies="truth")
    ratios = np.array([o.truth for o in out]) / rate
    low, high = np.percentile(ratios, [5, 95])
    return {**found, "true_over_asked_5": low, "true_over_asked_95": high}


def tables(
    g: Generator, sizes: Sequence[int], rate: float, sets: int, times: float = 1.0
) -> Iterator[GroupTable]:
    """Groups with the same rates, or the last with so many times the rates of the others."""
    apart = [1.0] * (len(sizes) - 1) + [times]
    match = {x: g.threshold(rate * x) for x in set(apart)}
    miss = {x: g.threshold(0.1 * x, "fnmr") for x in set(apart)}
    for rng in rngs(f"groups {g.name} {sizes} {rate} {times}", sets):
        rows, first = [], 0
        for k, (n, x) in enumerate(zip(sizes, apart, strict=True)):
            false, missed = g.false_matches(n, match[x], rng), g.misses(n, miss[x], rng)
            rows.append(group("abcdefgh"[k], false, missed, first))
            first += n
        yield GroupTable(tuple(rows), 0.0)


def _ratios(g: Generator, sizes: Sequence[int], rate: float, of: str, sets: int) -> dict[str, Any]:
    """The ratio of the smallest group that is compared to all others."""
    out = []
    for table in tables(g, sizes, rate, sets):
        row: Any = table.contrasts(ALL_OTHERS, of).dropna(subset="low")
        last = row.iloc[-1] if len(row) else {"low": math.nan, "high": math.nan, "ratio": math.nan}
        out.append(Outcome(*(float(last[x]) for x in ("low", "high")), 1.0, float(last["ratio"])))
    return covered(out)


def _claims(
    g: Generator, sizes: Sequence[int], rate: float, times: float, sets: int
) -> dict[str, Any]:
    """Any difference claimed (equal groups), or that of the last group (not equal)."""
    found, single = [], []
    for table in tables(g, sizes, rate, sets, times):
        family = table.family()
        if times != 1:
            family = family.xs("abcdefgh"[len(sizes) - 1], level="group")
        found.append(bool(family["claimed"].any()))
        single.append(bool((family["p"] < 0.05).any()))
    return {**share(found), "single": sum(single) / len(single)}


def _same_people(g: Generator, people: int, rate: float, sets: int) -> dict[str, Any]:
    """FMR of the same people under two cameras that do not differ, one over the other."""
    t, out = g.threshold(rate), []
    for rng in rngs(f"same {g.name} {people} {rate}", sets):
        state = rng.bit_generator.state
        both = []
        for again in range(2):
            rng.bit_generator.state = state  # the same people, then other chance
            a = g.livelinesses(people, rng)
            pair = rng.normal(0, g.pair, people * (people - 1) // 2) if g.pair else 0.0
            chance = np.random.default_rng(rng.integers(2**32) + again)
            both.append((_from(a, pair, t, chance), compared(people)))
        out.append(_of(intervals.fmr_ratio(*both), 1.0))
    return covered(out)


def _from(a: Numbers, pair: Any, t: float, rng: np.random.Generator) -> Numbers:
    from scipy.special import ndtr

    i, j = np.triu_indices(len(a), 1)
    out = np.zeros((len(a), len(a)))
    out[i, j] = rng.binomial(COMPARED, ndtr(a[i] + a[j] + pair - t))
    return out + out.T


def _strata(g: Generator, way: str, sets: int) -> dict[str, Any]:
    """Two groups that do not differ, under two cameras of which one gives three times the FMR.

    Of group a 120 people met the good camera and 60 the bad one, of b the other way round.
    """
    found = []
    good, bad = g.threshold(0.01), g.threshold(0.03)
    for rng in rngs(f"strata {g.name}", sets):
        by, rows, first = {}, {"a": [], "b": []}, 0
        for camera, t, sizes in (("good", good, (120, 60)), ("bad", bad, (60, 120))):
            here = []
            for name, n in zip("ab", sizes, strict=True):
                part = g.false_matches(n, t, rng), g.misses(n, g.threshold(0.1, "fnmr"), rng)
                here.append(group(name, *part, first))
                rows[name].append(here[-1])
                first += n
            by[camera] = GroupTable(tuple(here), 0.0)
        if way == "within":
            p = within_strata(by)["p"].iloc[0]
        else:
            p = _crude(rows).contrasts(ALL_OTHERS)["p"].iloc[0]
        found.append(bool(p < 0.05))
    return share(found)


def _crude(rows: dict[str, list[GroupCounts]]) -> GroupTable:
    """As if nobody knew the camera; pictures of two cameras were not compared."""
    merged = []
    for name, parts in rows.items():
        k = sum(len(p.people) for p in parts)
        false, of, at = np.zeros((k, k)), np.zeros((k, k)), 0
        for p in parts:
            n = len(p.people)
            false[at : at + n, at : at + n], of[at : at + n, at : at + n] = p.false, p.compared
            at += n
        one = np.ones(k)
        people = np.concatenate([p.people for p in parts])
        merged.append(GroupCounts(name, people, false, of, one, 0 * one, 0 * one, one, one))
    return GroupTable(tuple(merged), 0.0)


FMR = ((40, 0.01), (60, 0.1), (60, 0.01), (60, 0.001), (120, 0.01), (200, 0.01), (200, 0.001))
UNEQUAL = (120, 80, 60, 40, 30)
FIVE = ((60,) * 5, (120,) * 5, UNEQUAL, (120, 80, 60, 60, 60))


def cells() -> Iterator[Cell]:
    """Every line of the table, in its order."""
    bind = functools.partial
    for g in GENERATORS.values():
        for n, rate in (
            (40, 0.01),
            (60, 0.1),
            (60, 0.01),
            (60, 0.001),
            (120, 0.01),
            (200, 0.01),
            (200, 0.001),
        ):
            run = bind(_fmr, g, n, rate, "fmr")
            yield Cell("fmr", f"{n} people, {rate:g}", g.name, run)
    for g in GENERATORS.values():
        for n, rate in ((60, 0.1), (60, 0.01), (200, 0.01)):
            run = bind(_fmr, g, n, rate, "dyadic")
            yield Cell("dyadic", f"{n} people, {rate:g}", g.name, run)
    for g in GENERATORS.values():
        for n, rate in ((30, 0.2), (60, 0.05), (60, 0.2), (200, 0.02), (200, 0.2)):
            yield Cell("fnmr", f"{n} people, {rate:g}", g.name, bind(_by_person, g, n, rate))
    for g in GENERATORS.values():
        for n, rate in ((30, 0.1), (60, 0.1), (200, 0.02)):
            run = bind(_difference, g, n, rate)
            yield Cell("difference", f"{n} people, {2 * rate:g} and {rate:g}", g.name, run)
    for g in GENERATORS.values():
        for n, area in ((30, 0.95), (60, 0.95), (60, 0.99)):
            yield Cell("area", f"{n} people, {area:g}", g.name, bind(_area, g, n, area))
    for g in GENERATORS.values():
        for sizes in ((60,), (160,), (80,) * 3):
            run = bind(_threshold, g, sizes, 0.01)
            yield Cell("threshold", f"{_sizes(sizes)}, 0.01", g.name, run)
    for g in GENERATORS.values():
        for sizes in (UNEQUAL, (60, 60), (160,) * 3):
            for of in ("fmr", "false_rejection"):
                run = bind(_ratios, g, sizes, 0.01, of)
                yield Cell("ratio", f"{of}, {_sizes(sizes)}, 0.01", g.name, run)
    for g in GENERATORS.values():
        for n in (60, 160):
            run = bind(_same_people, g, n, 0.01)
            yield Cell("same people", f"{n} people, 0.01", g.name, run)
    for g in GENERATORS.values():
        for sizes, rate in (*((s, 0.01) for s in ((60, 60), (160,) * 3, *FIVE)), ((60,) * 5, 0.1)):
            run = bind(_claims, g, sizes, rate, 1.0)
            yield Cell("claims", f"{_sizes(sizes)}, {rate:g}", g.name, run)
    for g in GENERATORS.values():
        for sizes in ((60, 60), (160,) * 3, (120,) * 5):
            for times in (2.0, 3.0):
                run = bind(_claims, g, sizes, 0.01, times)
                case = f"{_sizes(sizes)}, 0.01, the last {times:g} times"
                yield Cell("power", case, g.name, run)
    for g in GENERATORS.values():
        for way in ("crude", "within"):
            yield Cell("strata", f"{way}", g.name, bind(_strata, g, way))


def _sizes(sizes: Sequence[int]) -> str:
    if len(sizes) == 1:
        return f"{sizes[0]} people"
    if len(set(sizes)) == 1:
        return f"{len(sizes)} groups of {sizes[0]}"
    return "groups of " + "/".join(map(str, sizes))


# ---- the page -----------------------------------------------------------------------------------

HEADS = {
    "fmr": "FMR with the jackknife's interval, by number of people and true rate. Groups of fewer"
    " than 60 people get words in its place.",
    "dyadic": "FMR with the analytic interval (Fogliato and others) that notebook 04 shows too.",
    "fnmr": "Rates by person (FNMR, FTA, false rejection).",
    "difference": "Rates by person of the same people under two conditions: their difference.",
    "area": "The area under the curve (AUC).",
    "threshold": "The true FMR, among other people, of a threshold chosen at 0.01 on these; with"
    " groups, the mean within them. Beside it what that rate was, as a multiple of what was asked"
    " for: 5% of thresholds lie below the first and 5% above the second.",
    "ratio": "Ratio of the smallest group that is compared to all others together, where no group"
    " differs.",
    "same people": "Ratio of the FMRs of the same people under two conditions that do not differ.",
    "claims": "Groups that do not differ, false rejection 0.1, FMR as named: share of analyses in"
    " which ANY difference is claimed, over both rates and all groups. It should be at most .05."
    " Beside it the share in which some p-value alone is below .05.",
    "power": "The last group has so many times the FMR and the false rejections of the others:"
    " share of analyses that claim a difference of that group in either rate; beside it the share"
    " in which one of its two p-values alone is below .05. The distance is what the control costs.",
    "strata": "Two groups that do not differ, and a camera that gives three times the FMR and was"
    " used for one of them more often: share of analyses with p < .05, crude and within cameras.",
}

COLUMNS = {
    "case": "case",
    "generator": "people",
    "shown": "shown",
    "coverage": "coverage",
    "range": "error of it",
    "truth_above": "truth above",
    "truth_below": "truth below",
    "times_oracle": "width / oracle's",
    "true_over_asked_5": "true / asked, 5%",
    "true_over_asked_95": "95%",
    "claimed": "claimed",
    "claimed_range": "error of it",
    "single": "some p < .05",
}


def page(frame: Any) -> str:
    """The table as Markdown."""
    import pandas as pd

    sets = int(frame["sets"].max())
    out = [
        "# How often intervals hold the truth, and what is claimed that is not there",
        "",
        f"`python benchmarks/coverage.py`; {sets:,} data sets a cell, seeds in the file. The error"
        " of a share is Wilson's 95% interval over data sets. An oracle knows how much the estimate"
        " varies from data set to data set (on the logarithmic scale, the logit for rates by"
        " person): its width is 3.92 standard deviations. Truth above: the interval ended below the"
        " truth.",
    ]
    for part, head in HEADS.items():
        rows = frame[frame["part"] == part]
        if not len(rows):
            continue
        table = pd.DataFrame({"case": rows["case"], "generator": rows["generator"]})
        for column, digits in (
            *(("shown", 2), ("coverage", 3), ("range", 3), ("truth_above", 3), ("truth_below", 3)),
            *(("times_oracle", 2), ("true_over_asked_5", 2), ("true_over_asked_95", 2)),
            *(("claimed", 3), ("claimed_range", 3), ("single", 3)),
        ):
            if column in ("range", "claimed_range"):
                of = "coverage" if column == "range" else "claimed"
                if of in rows and rows[of].notna().any():
                    table[column] = [
                        "" if np.isnan(a) else f"{a:.{digits}f} to {b:.{digits}f}"
                        for a, b in zip(rows[f"{of}_low"], rows[f"{of}_high"], strict=True)
                    ]
            elif column in rows and rows[column].notna().any():
                table[column] = ["" if np.isnan(x) else f"{x:.{digits}f}" for x in rows[column]]
        names = [COLUMNS[c] for c in table]
        lines = [names, ["---"] * len(names), *table.to_numpy().tolist()]
        out += ["", f"## {part}", "", head, "", *(f"| {' | '.join(line)} |" for line in lines)]
    return "\n".join(out) + "\n"


def run(parts: Sequence[str], sets: int, jobs: int = -1) -> Any:
    """The lines of these parts, in parallel processes."""
    import pandas as pd
    from joblib import Parallel, delayed

    wanted = [c for c in cells() if c.part in parts]
    lines = Parallel(n_jobs=jobs, verbose=1)(delayed(c.line)(sets) for c in wanted)
    return pd.DataFrame(lines)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--part", choices=list(HEADS), action="append")
    parser.add_argument("--sets", type=int, default=SETS)
    args = parser.parse_args()
    frame = run(args.part or list(HEADS), args.sets)
    print(page(frame))
    if not args.part and args.sets == SETS:
        frame.to_csv(RESULTS / "coverage.csv", index=False, float_format="%.5g")
        (RESULTS / "coverage.md").write_text(page(frame))


if __name__ == "__main__":
    main()

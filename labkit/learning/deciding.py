"""The numbers of notebooks 03 to 11 that bear on a decision, measured again from the bundled data.

In: nothing but the data.  Out: functions that give a :class:`Value`, a number with its interval, or
with the reason why it has none.  All are of free matchers on invented people.
"""

from __future__ import annotations

import functools
import math
from typing import Any, NamedTuple

from labkit.base.words import N_, _

STATION = {"people": 20_000, "wanted": 100}
"""Who passes the station of notebook 08 in a day, and how many of them are in the gallery."""


class Value(NamedTuple):
    """A number with its ends.

    Parameters
    ----------
    value, low, high
        The number and its 95% interval; NaN where it has none.
    words
        Said instead of an interval: why there is none.
    """

    value: float
    low: float = math.nan
    high: float = math.nan
    words: str = ""

    def text(self, digits: int) -> str:
        """The number and its interval, in a table.

        Examples
        --------
        >>> Value(14.49, 13.03, 16.08).text(0), Value(1.25, words="no interval").text(1)
        ('14 [13 to 16]', '1.2 (no interval)')
        """
        if not math.isfinite(self.value) and self.words:
            return _(self.words)
        one = written(self.value, digits)
        if math.isfinite(self.low) and math.isfinite(self.high):
            ends = (written(self.low, digits), written(self.high, digits))
            return _("{value} [{low} to {high}]").format(value=one, low=ends[0], high=ends[1])
        return f"{one} ({_(self.words)})" if self.words else one


def written(value: float, digits: int) -> str:
    """A number with so many digits behind the point.

    Examples
    --------
    >>> written(1190.4, 0), written(float("nan"), 1)
    ('1,190', '-')
    """
    return f"{value:,.{digits}f}" if math.isfinite(value) else "-"


@functools.cache
def _faces(name: str) -> Any:
    from labkit import data

    return data.load(f"anytown/{name}")


@functools.cache
def _pairs(name: str) -> Any:
    from labkit import measure

    return measure.compare_faces(_faces(name), "dlib")


def _of_hundred(interval: Any, words: str = "") -> Value:
    return Value(
        100 * interval.value, 100 * interval.low, 100 * interval.high, interval.words or words
    )


def missed(fmr: float) -> Value:
    """FNMR of dlib on eval, of a hundred, at the threshold that dev gives for an FMR (03)."""
    from labkit import measure

    threshold = measure.choose_threshold(_pairs("dev"), fmr).value
    mated = _pairs("eval").mated_counts(threshold)
    return _of_hundred(measure.cluster_interval(mated.missed, mated.made, "misses"))


def none_seen(people: int = 535, luck: float = 0.05) -> Value:
    """The largest rate, of 1,000, at which so many people still see no error by luck (04)."""
    return Value(1000 * (1 - luck ** (1 / people)), words=N_("one-sided 95% bound"))


@functools.cache
def _bands() -> Any:
    """The group table of dlib by tone band, at one threshold for all (05)."""
    from labkit import measure

    cells = measure.threshold_cells(_faces("dev"))
    chosen = measure.choose_threshold(_pairs("dev"), 1e-2, cells=cells)
    return measure.group_table(_pairs("eval"), _faces("eval").groups("tone_band"), chosen.value)


def ratio(rate: str) -> Value:
    """A rate of the darker band over that of the lighter (05)."""
    found: Any = _bands().contrasts("lighter", rate).loc["darker"]
    return Value(float(found["ratio"]), float(found["low"]), float(found["high"]))


def mix() -> Value:
    """FMR darker over lighter, where nine lighter people were learned from for one darker (06)."""
    from labkit.experiment import mixes

    gap = mixes.study().mean_gap("90-10")
    return Value(gap.ratio, gap.low, gap.high)


def own_threshold() -> Value:
    """False rejections of darker people, of a hundred, at a threshold for their band alone (07)."""
    from labkit import measure

    dev, band = _faces("dev"), _faces("dev").groups("tone_band") == "darker"
    cells = measure.threshold_cells(dev)
    own = measure.choose_threshold(_pairs("dev").select(band), 1e-2, cells=cells[band])
    table = measure.group_table(_pairs("eval"), _faces("eval").groups("tone_band"), own.value)
    return _of_hundred(table["darker", "false_rejection"])


@functools.cache
def _station() -> Any:
    """TPIR and FPIR of the station: 5 of 100 innocent searches of dev may return somebody (08)."""
    from labkit import gallery

    town = gallery.searched("dlib")
    threshold = town.threshold(0.05).value
    return town.tpir(threshold), town.at(threshold).fpir()


def alerts() -> Value:
    """False alerts in a day at the station (08)."""
    innocent, fpir = STATION["people"] - STATION["wanted"], _station()[1]
    return Value(innocent * fpir.value, innocent * fpir.low, innocent * fpir.high, fpir.words)


def right() -> Value:
    """Of 100 alerts at the station those for somebody in the gallery (08)."""
    tpir, fpir = _station()

    def precise(true: float, false: float) -> float:
        right = STATION["wanted"] * true
        return 100 * right / (right + (STATION["people"] - STATION["wanted"]) * false)

    worst, best = precise(tpir.low, fpir.high), precise(tpir.high, fpir.low)
    return Value(precise(tpir.value, fpir.value), worst, best)


def returned() -> Value:
    """Of 100 searches for people enrolled nowhere, those that return somebody; FMR 1e-3 (08)."""
    from labkit import gallery

    town = gallery.searched("dlib")
    return _of_hundred(town.at(town.pair_threshold(1e-3).value).fpir())


@functools.cache
def _trial() -> Any:
    from labkit import data
    from labkit.gallery.council import Trial

    return Trial(data.gallery(), "dlib", "town")


def lost() -> Value:
    """Of 100 enrolled people who are searched for, those whom C loses and A had found (09)."""
    from labkit.measure import searches

    scores, _ranks = _trial().mates
    found = {point: _found(scores, _trial().at(point)) for point in ("A", "C")}
    return _of_hundred(searches.exact(found["A"] & ~found["C"], N_("lost")))


def _found(scores: Any, threshold: float) -> Any:
    import numpy as np

    return np.nan_to_num(scores, nan=-math.inf) >= threshold


def members() -> Value:
    """Members of the council of 535 who are falsely matched at C (09)."""
    share = _trial().council(_trial().at("C")).share()
    n = share.trials
    return Value(n * share.value, n * share.low, n * share.high, share.words)


def again() -> Value:
    """Of ten who were falsely matched at A, those whom a second photograph falsely matches (09)."""
    from labkit.measure import searches

    low = _trial().at("A")
    once, twice = _trial().council(low), _trial().council(low, photo=1)
    share = searches.exact(twice.matched[once.matched], N_("falsely matched again"))
    return Value(10 * share.value, 10 * share.low, 10 * share.high, share.words)


def crowd_found() -> Value:
    """Faces of the crowd that dlib's detector finds (10)."""
    from labkit.street import crowd

    found = crowd.load_crowd().faces("dlib")["found"]
    return Value(float(found.sum()), words=N_("a count in these pictures alone"))


def named() -> Value:
    """Wrong names in a review: nobody's but the learner's own, so there is none here (10)."""
    return Value(math.nan, words=N_("only your own review can say"))


@functools.cache
def _study() -> Any:
    from labkit import street

    return street.Study()


def links() -> Value:
    """Sightings of somebody else under an average resident's name, in two weeks (11)."""
    passed = _study().passages()
    wrong = float((passed["passages"] * passed["wrong name"]).sum())
    return Value(wrong / _study().residents, words=N_("an illustration: no interval"))


def singled() -> Value:
    """Sightings that single out more than half of the people (11)."""
    shares = _study().found().unique
    needed = next((k for k, share in shares.items() if share > 0.5), math.nan)
    return Value(float(needed), words=N_("an illustration: no interval"))

"""Who is enrolled: what the make-up of a gallery does to the people who are searched.

In: how often two people of each two groups are falsely matched, and how many people of each group a
gallery holds.  Out: how many false candidates a search of a person of each group is expected to
return, and the same counted in galleries that are drawn from ``anytown/eval``.

A searched person of one group meets everybody in the gallery: those of their own group, who are
falsely matched at the rate within the group, and the others, at the rates across groups.  So the
expected number is a sum of products, and no matcher has to change for it to change.
"""

from __future__ import annotations

import math
from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from labkit.base.words import _
from labkit.experiment.camera import threshold_of
from labkit.measure.disparity import group_of_person
from labkit.measure.faces import compare_faces
from labkit.measure.intervals import ENOUGH_PEOPLE, Interval, vertex_weights
from labkit.measure.labels import labels

if TYPE_CHECKING:
    import pandas as pd

    from labkit.data import FaceSet
    from labkit.measure.scores import AllPairs

Counts = NDArray[np.float64]

MAKE_UPS: Mapping[str, Mapping[str, int]] = MappingProxyType(
    {
        "mostly lighter": MappingProxyType({"lighter": 64, "medium": 8, "darker": 8}),
        "balanced": MappingProxyType({"lighter": 27, "medium": 26, "darker": 27}),
        "mostly darker": MappingProxyType({"lighter": 8, "medium": 8, "darker": 64}),
    }
)
"""Three galleries of 80 people."""


def expected(
    gallery: Mapping[Hashable, float], rates: Mapping[tuple[Hashable, Hashable], float]
) -> dict[Hashable, float]:
    """False candidates expected for one search of a person of each group, who is not enrolled.

    ``sum over groups h of N_h x FMR(g, h)``: those of the own group times FMR within, the others
    times FMR across.

    Parameters
    ----------
    gallery
        Group -> enrolled photographs of it; one photograph a person makes it people.
    rates
        (group, group) -> FMR; each two groups once, in either order.

    Returns
    -------
    expected
        Group -> expected false candidates, of every group that stands in ``rates``.

    Raises
    ------
    ValueError
        When a rate is missing or is no share, or a number of people is below 0.

    Examples
    --------
    >>> rates = {("a", "a"): 0.01, ("a", "b"): 0.001, ("b", "b"): 0.01}
    >>> {g: round(n, 3) for g, n in expected({"a": 900, "b": 100}, rates).items()}
    {'a': 9.1, 'b': 1.9}
    """
    both = {frozenset(pair): rate for pair, rate in rates.items()}
    for pair, rate in rates.items():
        if not 0 <= rate <= 1:
            raise ValueError(f"the rate of {pair} is {rate}: give a share from 0 to 1")
    groups = list(dict.fromkeys(group for pair in rates for group in pair))
    for group, people in gallery.items():
        if not people >= 0:
            raise ValueError(f"{people} people of {group!r} in the gallery: give 0 or more")
        if people and group not in groups:
            raise ValueError(f"no rate was given for {group!r}: give one for each two groups")
    out: dict[Hashable, float] = {}
    for group in groups:
        total = 0.0
        for other, people in gallery.items():
            if people and frozenset((group, other)) not in both:
                raise ValueError(f"no rate was given for {group!r} and {other!r}")
            total += people * both.get(frozenset((group, other)), 0.0)
        out[group] = total
    return out


# ---- counting -----------------------------------------------------------------------------------


@dataclass(frozen=True, eq=False)
class Enrolled:
    """False matches of every two people, by group; what galleries are drawn from.

    Parameters
    ----------
    matcher
        Its name.
    threshold
        Chosen on other people.
    groups
        In reading order.
    own
        Place of each person's group, shape (k,); -1 for a person of no group.
    false, compared
        False matches and comparisons of every two people, shape (k, k).
    images
        Usable photographs of each person, shape (k,).
    """

    matcher: str
    threshold: float
    groups: Sequence[Hashable]
    own: NDArray[np.int64] = field(repr=False)
    false: Counts = field(repr=False)
    compared: Counts = field(repr=False)
    images: Counts = field(repr=False)

    def rates(self) -> dict[tuple[Hashable, Hashable], float]:
        """FMR of each two groups; NaN where nobody was compared."""
        out: dict[tuple[Hashable, Hashable], float] = {}
        for a, first in enumerate(self.groups):
            for b, second in enumerate(self.groups[a:], a):
                part = np.ix_(self.own == a, self.own == b)
                of = self.compared[part].sum()
                out[first, second] = float(self.false[part].sum() / of) if of else math.nan
        return out

    def split(self, seed: int = 0) -> tuple[NDArray[np.bool_], NDArray[np.bool_]]:
        """Each group divided at random into those who may be enrolled and those who search."""
        rng = np.random.default_rng(np.random.SeedSequence([67, seed]))
        enrolled = np.zeros(len(self.own), bool)
        for place in range(len(self.groups)):
            people = rng.permutation(np.flatnonzero((self.own == place) & (self.images > 0)))
            enrolled[people[: len(people) // 2]] = True
        searching = ~enrolled & (self.own >= 0) & (self.images > 0)
        return enrolled, searching


def enrolled(pairs: AllPairs, groups: ArrayLike, threshold: float, matcher: str = "") -> Enrolled:
    """Count the false matches of every two people.

    Parameters
    ----------
    pairs
        Everybody compared with everybody.
    groups
        Group of each image, one for each person; people without one are in no gallery.
    threshold
        Chosen on other people.
    matcher
        Its name.

    Raises
    ------
    ValueError
        When labels do not fit, or a person has several.
    """
    found = labels(groups, len(pairs))
    false, compared, people = pairs.pair_counts(threshold)
    own = group_of_person(people, pairs.people, found.place)
    images = np.bincount(np.searchsorted(people, pairs.people[pairs.usable]), minlength=len(people))
    tables = (np.asarray(t, np.float64) for t in (false, compared, images))
    return Enrolled(matcher, threshold, found.names, own, *tables)


def town(faces: FaceSet, matcher: str = "dlib") -> Enrolled:
    """The people of a set by tone band, at the lab's threshold; a second.

    Examples
    --------
    >>> from labkit import data
    >>> found = town(data.load("anytown/eval"))
    >>> found.groups, len(found.own)
    (['lighter', 'medium', 'darker'], 480)
    """
    pairs = compare_faces(faces, matcher)
    return enrolled(pairs, faces.groups("tone_band"), threshold_of(matcher), matcher)


def counted(
    of: Enrolled,
    make_ups: Mapping[str, Mapping[str, int]] = MAKE_UPS,
    *,
    galleries: int = 200,
    draws: int = 500,
    seed: int = 0,
) -> pd.DataFrame:
    """The arithmetic beside what is counted, for each make-up of a gallery and each group.

    Half of each group may be enrolled, the other half searches.  The rates of the arithmetic are of
    those who search, among each other; what is counted are their searches in galleries drawn from
    those who may be enrolled.  These are other people, so the check can fail.

    A search compares one photograph with one photograph of everybody enrolled; which of them it is
    does not matter to a mean, so the share of a pair's comparisons that match stands for it.

    Parameters
    ----------
    of
        From :func:`town` or :func:`enrolled`.
    make_ups
        Name -> group -> people enrolled.
    galleries
        How many are drawn of each make-up.
    draws
        Of people, with replacement, for the intervals.
    seed
        Who is on which side, and who is drawn.

    Returns
    -------
    table
        Index: ``gallery``, ``searched``.  Columns: ``expected`` false candidates for one search, by
        the arithmetic, with ``low`` and ``high``, 95% by people; ``counted``, the mean over
        searches and galleries, with ``gallery_low`` and ``gallery_high``, between which nine in ten
        galleries lie; ``difference``, counted minus expected, an
        :class:`~labkit.measure.intervals.Interval` by people of both sides.

    Raises
    ------
    ValueError
        When a gallery takes more people of a group than may be enrolled.

    Examples
    --------
    >>> from labkit import data
    >>> table = counted(town(data.load("anytown/eval")), galleries=20, draws=50)
    >>> table.loc["mostly darker", "counted"].idxmax()
    'darker'
    """
    import pandas as pd

    may, searching = of.split(seed)
    each = np.divide(of.false, of.compared, out=np.zeros_like(of.false), where=of.compared > 0)
    rng = np.random.default_rng(np.random.SeedSequence([67, seed, 1]))
    sides = _Sides(of, may, searching, draws, seed)
    index, lines = [], []
    for name, make_up in make_ups.items():
        drawn = _draw(of, make_up, may, galleries, rng)
        for place, group in enumerate(of.groups):
            probes = np.flatnonzero(searching & (of.own == place))
            found = each[probes].mean(0) @ drawn.T if len(probes) else np.array([math.nan])
            index.append((name, group))
            lines.append(
                {
                    **sides.expected(group, make_up),
                    "counted": float(found.mean()),
                    "gallery_low": float(np.quantile(found, 0.05)),
                    "gallery_high": float(np.quantile(found, 0.95)),
                    "difference": sides.difference(group, make_up),
                }
            )
    return pd.DataFrame(lines, pd.MultiIndex.from_tuples(index, names=["gallery", "searched"]))


def _draw(
    of: Enrolled,
    make_up: Mapping[str, int],
    may: NDArray[np.bool_],
    galleries: int,
    rng: np.random.Generator,
) -> Counts:
    """Who is in each gallery: 1 or 0, shape (galleries, k)."""
    drawn = np.zeros((galleries, len(of.own)))
    for group, many in make_up.items():
        if group not in of.groups:
            raise ValueError(f"there is nobody of {group!r}: groups are {list(of.groups)}")
        pool = np.flatnonzero(may & (of.own == list(of.groups).index(group)))
        if many > len(pool):
            raise ValueError(
                f"the gallery takes {many} people of {group!r} and {len(pool)} may be enrolled:"
                " give fewer"
            )
        for row in drawn:
            row[rng.choice(pool, many, replace=False)] = 1
    return drawn


class _Sides:
    """FMR of each two groups among those who search, and between them and those enrolled.

    Each with what it comes to when the people of both sides are drawn again.
    """

    def __init__(
        self,
        of: Enrolled,
        may: NDArray[np.bool_],
        searching: NDArray[np.bool_],
        draws: int,
        seed: int,
    ) -> None:
        self.groups = list(of.groups)
        self.few = ""
        weights = np.zeros((draws + 1, len(of.own)))
        for place, group in enumerate(self.groups):
            for side, who in enumerate((may, searching)):
                people = np.flatnonzero(who & (of.own == place))
                if len(people) < ENOUGH_PEOPLE:
                    words = _("{group}: {n} people on one side; a check takes {need}")
                    self.few = words.format(group=group, n=len(people), need=ENOUGH_PEOPLE)
                weights[0, people] = 1
                if len(people):
                    weights[1:, people] = vertex_weights(len(people), draws, seed, place, side)
        own = [np.flatnonzero(searching & (of.own == g)) for g in range(len(self.groups))]
        theirs = [np.flatnonzero(may & (of.own == g)) for g in range(len(self.groups))]
        self.among = self._rates(of, weights, own, own)
        self.between = self._rates(of, weights, own, theirs)

    def _rates(
        self,
        of: Enrolled,
        weights: Counts,
        rows: Sequence[NDArray[np.int64]],
        columns: Sequence[NDArray[np.int64]],
    ) -> dict[tuple[Hashable, Hashable], Counts]:
        out = {}
        for a, first in zip(self.groups, rows):
            for b, second in zip(self.groups, columns):
                part, w, v = np.ix_(first, second), weights[:, first], weights[:, second]
                errors, trials = (
                    np.einsum("rk,rk->r", w @ table[part], v) for table in (of.false, of.compared)
                )
                out[a, b] = np.divide(
                    errors, trials, out=np.full(len(w), math.nan), where=trials > 0
                )
        return out

    def _sum(
        self,
        rates: Mapping[tuple[Hashable, Hashable], Counts],
        group: Hashable,
        make_up: Mapping[str, int],
    ) -> Counts:
        """The arithmetic of :func:`expected` in every draw; the first entry is the estimate."""
        parts = [many * rates[group, other] for other, many in make_up.items() if many]
        return np.sum(parts, 0) if parts else np.zeros(len(rates[group, group]))

    def expected(self, group: Hashable, make_up: Mapping[str, int]) -> dict[str, float]:
        """The arithmetic with its interval."""
        found = self._sum(self.among, group, make_up)
        low, high = _ends(found) if not self.few else (math.nan, math.nan)
        return {"expected": float(found[0]), "low": low, "high": high}

    def difference(self, group: Hashable, make_up: Mapping[str, int]) -> Interval:
        """Counted minus expected, counted in all galleries that could be drawn."""
        apart = self._sum(self.between, group, make_up) - self._sum(self.among, group, make_up)
        if self.few or not math.isfinite(apart[0]):
            return Interval(float(apart[0]), words=self.few or _("nobody was compared"))
        spread = float(np.nanstd(apart[1:]))
        if not spread:
            return Interval(float(apart[0]), words=_("no interval: no draw of people differs"))
        return Interval(float(apart[0]), *_ends(apart), detectable=DETECTED * spread)


DETECTED = 2.8
"""Standard errors of a true difference that is found four times in five at the 5% level."""


def _ends(found: Counts) -> tuple[float, float]:
    low, high = np.nanquantile(found[1:], [0.025, 0.975])
    return float(low), float(high)


# ---- in words -----------------------------------------------------------------------------------


def told(table: pd.DataFrame, matcher: str = "") -> str:
    """What a gallery's make-up does, by the arithmetic, and whether counting agrees.

    Parameters
    ----------
    table
        From :func:`counted`.
    matcher
        Its name, to begin with.

    Examples
    --------
    >>> from labkit import data
    >>> table = counted(town(data.load("anytown/eval")), galleries=20)
    >>> "who is enrolled" in told(table)
    True
    """
    lines = []
    for group in dict.fromkeys(table.index.get_level_values("searched")):
        own: Any = table.xs(group, level="searched")
        most, least = own["counted"].idxmax(), own["counted"].idxmin()
        words = _(
            "A searched {group} person gets {high:.2f} false candidates in the gallery {most} and"
            " {low:.2f} in the gallery {least}."
        )
        if own["counted"].max() == own["counted"].min():
            words = _("A searched {group} person gets {high:.2f} false candidates in each gallery.")
        lines.append(
            words.format(
                group=_(str(group)),
                most=most,
                least=least,
                high=own["counted"].max(),
                low=own["counted"].min(),
            )
        )
    lines.append(_told_check(table))
    head = _("{matcher}, the same matcher and threshold, only who is enrolled differs.")
    plain = _("The same matcher and threshold, only who is enrolled differs.")
    return "\n".join([head.format(matcher=matcher) if matcher else plain, *lines])


WEAK = 0.5
"""A check that would miss a count off by this part of the expected one is called weak."""


def _told_power(table: pd.DataFrame) -> str:
    """Whether the check could have found a count that is half as high again."""
    sizes = [i.detectable for i in table["difference"]]
    weak = sum(size > WEAK * of for size, of in zip(sizes, table["expected"], strict=True))
    if not weak:
        return _("In each of them a count off by half would be found.")
    return _("This check is weak: in {k} of {n} cells a count off by half could be missed.").format(
        k=weak, n=len(sizes)
    )


def shown(table: pd.DataFrame) -> pd.DataFrame:
    """The arithmetic and the count for reading: each with what its two ends are.

    Parameters
    ----------
    table
        From :func:`counted`.

    Returns
    -------
    table
        The same rows; the difference with its interval by people, which the verdict uses.

    Examples
    --------
    >>> from labkit import data
    >>> list(shown(counted(town(data.load("anytown/eval")), galleries=20, draws=50)))[:2]
    ['arithmetic', 'counted']
    """
    import pandas as pd

    by_people = [
        i.words
        or _("{value:+.2f} [{low:+.2f}, {high:+.2f}]").format(value=i.value, low=i.low, high=i.high)
        for i in table["difference"]
    ]
    galleries = [
        _("{low:.2f} to {high:.2f}").format(low=low, high=high)
        for low, high in zip(table["gallery_low"], table["gallery_high"], strict=True)
    ]
    return pd.DataFrame(
        {
            _("arithmetic"): table["expected"].map("{:.2f}".format),
            _("counted"): table["counted"].map("{:.2f}".format),
            _("counted - arithmetic [95% by people]"): by_people,
            _("nine in ten galleries"): galleries,
        },
        table.index,
    )


def _told_check(table: pd.DataFrame) -> str:
    found = list(table["difference"])
    few = [i.words for i in found if i.words]
    if few:
        return _("The arithmetic cannot be checked: {why}.").format(why=few[0])
    off = [
        _("{group} in {gallery}").format(gallery=gallery, group=group)
        for (gallery, group), i in zip(table.index, found)
        if not i.low <= 0 <= i.high
    ]
    n, missed = len(found), max(i.detectable for i in found)
    if not off:
        least = min(i.detectable for i in found)
        said = _(
            "Counted with other people, no difference from the arithmetic is shown in any of {n}"
            " cells; what would be found four times in five is from {least:.2f} to {missed:.2f}"
            " candidates."
        ).format(n=n, least=least, missed=missed)
        return f"{said} {_told_power(table)}"
    return _(
        "Counted with other people, the arithmetic is off in {k} of {n} cells ({which}); each cell"
        " has 1 chance in 20 to be off by luck."
    ).format(k=len(off), n=n, which=", ".join(off))

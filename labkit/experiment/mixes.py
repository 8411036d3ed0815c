"""Who was in the training: errors of networks trained at several mixes of tone bands.

In: what the networks of ``data/networks`` got wrong about the people of ``anytown/eval``, counted.
Out: the gap between two bands in each network, its slope over the mixes, and the controls, each as
a ratio with an interval.

A training is repeated with other people to learn from and other first weights; within one training
the mixes draw from one pool of people, so what differs between them is the mix.  Every network is
judged on the same people, at the one threshold that its false matches on other people gave.  An
effect is computed in each training apart and then averaged
(:func:`labkit.experiment.trainings.combined`), so its interval counts test people and trainings.

The sentences stand in :mod:`labkit.experiment.mix_words`.
"""

from __future__ import annotations

import functools
import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Protocol

import numpy as np
from numpy.typing import NDArray

from labkit.experiment.trainings import Effect, Estimate, combined, too_little, weighted
from labkit.measure.intervals import (
    Interval,
    Moves,
    cluster_interval,
    cluster_moves,
    fmr_of_people,
    jackknife,
)
from labkit.measure.rate import rate as rate_of

if TYPE_CHECKING:
    import pandas as pd

    from labkit.data import NetworkErrors

MIXES = ("90-10", "75-25", "50-50", "25-75", "10-90")
"""Shares of lighter and darker people in training, in percent; nobody of the medium band."""
GREY = ("grey-90-10", "grey-10-90")
"""The ends again, with pictures that lost their colours."""
SIZES = ("thirds-160", "thirds", "thirds-2500")
"""A third of each band, of few and of many people."""
BALANCED = ("50-50", "thirds", "thirds-2500")
"""As many lighter as darker people."""
ODD = "odd"
"""As many lighter as darker people, 90% of them with an odd number: no picture depends on it."""

DARKER, LIGHTER = "darker", "lighter"
BETWEEN = (DARKER, LIGHTER)
"""The bands of a gap: the rate of the first over that of the second."""
BANDS = ("lighter", "medium", "darker")
TRAINED, RECENTRED = "as trained", "recentred"
STYLES = ("same style", "restyled")
RATES = ("fmr", "fnmr", "false_rejection")

PRIMARY = "fmr"
"""The one question asked beforehand is the slope of this rate; all else is exploratory."""


class Source(Protocol):
    """Where counted errors come from; :class:`Shipped` unless a test makes its own."""

    def networks(self) -> pd.DataFrame:
        """One row for each network, as :func:`labkit.data.networks` gives it."""

    def network_errors(self, network: str, origin: str = ..., asked: float = ...) -> NetworkErrors:
        """Counted errors, as :func:`labkit.data.network_errors` gives them."""

    def people(self) -> pd.DataFrame:
        """The people the networks are judged on: ``tone_band`` and ``person_seed`` by person."""


class Shipped:
    """The networks of ``data/networks``, judged on ``anytown/eval``."""

    def __repr__(self) -> str:
        return "Shipped()"

    def networks(self) -> pd.DataFrame:
        """One row for each network."""
        from labkit import data

        return data.networks()

    def network_errors(
        self, network: str, origin: str = TRAINED, asked: float = 0.01
    ) -> NetworkErrors:
        """Counted errors of one network."""
        from labkit import data

        return data.network_errors(network, origin=origin, asked=asked)

    def people(self) -> pd.DataFrame:
        """The people of ``anytown/eval``."""
        from labkit import data

        return data.load("anytown/eval").people


@dataclass(frozen=True, eq=False)
class Study:
    """Networks at several mixes, and what can be asked of them.

    Parameters
    ----------
    source
        Where the counted errors come from.
    asked
        FMR at which each network's threshold was set: 0.01 or 0.001.
    """

    source: Source = field(default_factory=Shipped, repr=False)
    asked: float = 0.01
    _kept: dict[Any, Any] = field(default_factory=dict, repr=False)

    # ---- what there is --------------------------------------------------------------------------

    @functools.cached_property
    def table(self) -> pd.DataFrame:
        """One row for each network."""
        return self.source.networks()

    def trainings(self, mix: str) -> dict[int, str]:
        """The networks of a mix, by number of the training.

        Raises
        ------
        ValueError
            For a mix that no network was trained on.
        """
        rows = self.table[self.table["mix"] == mix]
        if not len(rows):
            known = ", ".join(dict.fromkeys(self.table["mix"]))
            raise ValueError(f"no network was trained on the mix {mix!r}: use one of {known}")
        return {int(row["training"]): str(name) for name, row in rows.iterrows()}

    def odds(self, mix: str) -> float:
        """Darker people for each lighter one among those trained on; the share where one is none.

        Examples
        --------
        >>> Study(made_up()).odds("10-90")
        9.0
        """
        row = self.table[self.table["mix"] == mix].iloc[0]
        return float(row["darker"]) / float(row["lighter"])

    def people_in(self, mix: str) -> int:
        """How many people a network of this mix was trained on."""
        row = self.table[self.table["mix"] == mix].iloc[0]
        return int(row[list(BANDS)].sum())

    def learned_from(self, mix: str, band: str) -> bool:
        """Whether anybody of a band was among those trained on.

        Examples
        --------
        >>> Study(made_up()).learned_from("50-50", "medium")
        False
        """
        return bool(self.table[self.table["mix"] == mix].iloc[0][band] > 0)

    @functools.cached_property
    def bands(self) -> NDArray[np.str_]:
        """Band of each person who is tested, in the order of the counted errors."""
        return self._of_people("tone_band").astype(str)

    @functools.cached_property
    def odd(self) -> NDArray[np.bool_]:
        """Whether each person who is tested has an odd number."""
        return self._of_people("person_seed").astype(np.int64) % 2 == 1

    @functools.cached_property
    def people(self) -> NDArray[np.int64]:
        """Numbers of the people who are tested, in the order of the counted errors."""
        return np.asarray(self.errors(str(self.table.index[0])).people)

    def _of_people(self, column: str) -> NDArray[Any]:
        return self.source.people()[column].loc[self.people.tolist()].to_numpy()

    def errors(self, network: str, origin: str = TRAINED) -> NetworkErrors:
        """Counted errors of one network, read once."""
        key = ("errors", network, origin)
        if key not in self._kept:
            self._kept[key] = self.source.network_errors(network, origin=origin, asked=self.asked)
        return self._kept[key]

    # ---- one network ----------------------------------------------------------------------------

    def interval(
        self,
        network: str,
        group: str,
        rate: str = PRIMARY,
        *,
        origin: str = TRAINED,
        style: str | None = None,
    ) -> Interval:
        """A rate of one network among people of one group, with its interval by people.

        Parameters
        ----------
        network
            Its name, such as ``"90-10-0"``.
        group
            A tone band, ``"odd"`` or ``"even"`` (of the person's number; two people of one band),
            or ``"all"`` (the same).
        rate
            ``"fmr"``, ``"fnmr"`` or ``"false_rejection"``.
        origin
            ``"as trained"``, or ``"recentred"``: similarity measured from the mean of the lab's
            balanced people, nothing retrained.
        style
            Of a rate by person: ``"same style"`` or ``"restyled"`` photographs, else both.

        Raises
        ------
        ValueError
            For another rate, group or style.
        """
        errors, trials, pairs = self._counts(network, group, rate, origin, style)
        if rate == "fmr":
            return fmr_of_people(errors, trials, *pairs)
        return cluster_interval(errors, trials, rate_of(rate).errors)

    def log_rate(
        self,
        network: str,
        group: str,
        rate: str = PRIMARY,
        *,
        origin: str = TRAINED,
        style: str | None = None,
    ) -> Estimate:
        """The logarithm of a rate and the people who move it; words below the usual floors.

        Parameters
        ----------
        network, group, rate, origin, style
            As for :meth:`interval`.
        """
        key = ("log", network, group, rate, origin, style)
        if key in self._kept:
            return self._kept[key]
        found = self.interval(network, group, rate, origin=origin, style=style)
        if found.words:
            made = too_little(f"{network}, {group}: {found.words}")
        else:
            errors, trials, _pairs = self._counts(network, group, rate, origin, style)
            mine = np.flatnonzero(self._members(group))
            if rate == "fmr":
                moves = jackknife(errors, trials)
            else:
                use = np.flatnonzero(trials > 0)
                moves = Moves(use, cluster_moves(errors[use], trials[use]) / found.value)
            made = Estimate(math.log(found.value), Moves(mine[moves.people], moves.moves))
        self._kept[key] = made
        return made

    def _members(self, group: str) -> NDArray[np.bool_]:
        if group in BANDS:
            return self.bands == group
        if group in ("odd", "even"):
            return self.odd == (group == "odd")
        if group != "all":
            known = ", ".join([*BANDS, "odd", "even", "all"])
            raise ValueError(f"there is no group {group!r}: use one of {known}")
        return np.ones(len(self.bands), bool)

    def _counts(
        self, network: str, group: str, rate: str, origin: str, style: str | None
    ) -> tuple[NDArray, NDArray, tuple[int, int]]:
        """Errors and trials of each member of a group; pairs of people compared, and in error."""
        if rate not in RATES:
            raise ValueError(f"networks are compared by {', '.join(RATES)}, not by {rate!r}")
        found, member = self.errors(network, origin), self._members(group)
        if rate != "fmr":
            planned, compared, missed = (x[member] for x in _mated(found, style))
            if rate == "fnmr":
                return missed, compared, (0, 0)
            return missed + planned - compared, planned, (0, 0)
        if style is not None:
            raise ValueError("false matches are of two people: no photograph of them is restyled")
        parity = self.odd if group in ("odd", "even") else np.zeros(len(member), bool)
        cell = np.unique(self.bands, return_inverse=True)[1] * 2 + parity
        first, second = np.asarray(found.first), np.asarray(found.second)
        false = np.asarray(found.false_matches, np.float64)
        use = member[first] & member[second] & (false > 0)  # of one band all
        size = len(member)
        errors = np.bincount(first[use], false[use], size)
        errors += np.bincount(second[use], false[use], size)
        images = np.where(member, np.asarray(found.images, np.float64), 0.0)
        trials = images * (np.bincount(cell, images, cell.max() + 1)[cell] - images)
        people = np.bincount(cell, images > 0)
        pairs = round(float((people * (people - 1) / 2).sum())), int(use.sum())
        return errors[member], trials[member], pairs

    def matched(self, network: str, first: int, second: int) -> tuple[int, int]:
        """How often two people of one band were taken for one, and compared.

        Parameters
        ----------
        network
            Its name.
        first, second
            Their places in :attr:`people`.
        """
        found = self.errors(network)
        a, b = sorted((first, second))
        here = (np.asarray(found.first) == a) & (np.asarray(found.second) == b)
        return int(found.false_matches[here].sum()), int(found.images[a]) * int(found.images[b])

    # ---- a gap ----------------------------------------------------------------------------------

    def gap(
        self,
        network: str,
        rate: str = PRIMARY,
        *,
        between: tuple[str, str] = BETWEEN,
        origin: str = TRAINED,
        style: str | None = None,
    ) -> Effect:
        """The rate of one group over that of another in one network, with an interval by people.

        Parameters
        ----------
        network, rate, origin, style
            As for :meth:`interval`.
        between
            The two groups.

        Examples
        --------
        >>> study = Study(made_up())
        >>> study.gap("90-10-0").ratio > 1 > study.gap("10-90-0").ratio
        True
        """
        return combined({0: self._gap(network, rate, between, origin, style)})

    def _gap(
        self,
        network: str,
        rate: str = PRIMARY,
        between: tuple[str, str] = BETWEEN,
        origin: str = TRAINED,
        style: str | None = None,
    ) -> Estimate:
        one, other = (self.log_rate(network, g, rate, origin=origin, style=style) for g in between)
        return one - other

    def mean_gap(
        self,
        mix: str,
        rate: str = PRIMARY,
        *,
        between: tuple[str, str] = BETWEEN,
        origin: str = TRAINED,
        style: str | None = None,
    ) -> Effect:
        """The gap at one mix: the mean (of logarithms) over its trainings.

        Parameters
        ----------
        mix
            Such as ``"50-50"``.
        rate, between, origin, style
            As for :meth:`gap`.

        Examples
        --------
        >>> effect = Study(made_up()).mean_gap("50-50")
        >>> len(effect.trainings), effect.low < effect.ratio < effect.high
        (3, True)
        """
        networks = self.trainings(mix)
        return combined(
            {k: self._gap(name, rate, between, origin, style) for k, name in networks.items()}
        )

    # ---- the slope ------------------------------------------------------------------------------

    def slope(
        self,
        rate: str = PRIMARY,
        *,
        mixes: Sequence[str] = MIXES,
        between: tuple[str, str] = BETWEEN,
        origin: str = TRAINED,
        style: str | None = None,
    ) -> Effect:
        """What the mix does to the gap: the factor of the ratio from the first mix to the last.

        In each training the logarithm of the ratio is fitted by a straight line over the logarithm
        of the odds (darker people for each lighter one in training); the effect is the line's rise
        from the first mix to the last, so from 90:10 to 10:90 the ratio of the two rates is
        multiplied by it.  A line needs not be true for that: least squares make of the five mixes a
        weighted sum with fixed weights, the farthest weighing most, and its interval is that of the
        sum.  Trainings and test people both count (:func:`labkit.experiment.trainings.combined`).

        Parameters
        ----------
        rate
            ``"fmr"``, ``"fnmr"`` or ``"false_rejection"``.
        mixes
            Two or more, each with the same trainings.
        between, origin, style
            As for :meth:`gap`.

        Raises
        ------
        ValueError
            For mixes with the same odds, or with different trainings.

        Examples
        --------
        >>> effect = Study(made_up()).slope()
        >>> effect.shown, effect.high < 0.1
        (True, True)
        """
        return combined(self._slopes(rate, mixes, between, origin, style))

    def _slopes(
        self,
        rate: str = PRIMARY,
        mixes: Sequence[str] = MIXES,
        between: tuple[str, str] = BETWEEN,
        origin: str = TRAINED,
        style: str | None = None,
    ) -> dict[int, Estimate]:
        """By training, the rise of the line from the first mix to the last."""
        x = np.log([self.odds(mix) for mix in mixes])
        if len(mixes) < 2 or not np.ptp(x) > 0:
            raise ValueError(f"a slope takes mixes that differ: {', '.join(mixes)} do not")
        weights = (x - x.mean()) / ((x - x.mean()) ** 2).sum() * (x[-1] - x[0])
        found: dict[int, list[tuple[float, Estimate]]] = {}
        for weight, mix in zip(weights, mixes, strict=True):
            for k, name in self.trainings(mix).items():
                gap = self._gap(name, rate, between, origin, style)
                found.setdefault(k, []).append((float(weight), gap))
        short = [k for k, terms in found.items() if len(terms) < len(mixes)]
        if short:
            raise ValueError(
                f"training {short[0]} has {len(found[short[0]])} of {len(mixes)} mixes: train the"
                " others, or leave it out"
            )
        return {k: weighted(terms) for k, terms in found.items()}

    def per_tenfold(self, effect: Effect, mixes: Sequence[str] = MIXES) -> float:
        """The factor of a slope for ten times the odds, rather than from first mix to last."""
        rise = math.log10(self.odds(mixes[-1]) / self.odds(mixes[0]))
        return math.exp(effect.log / rise)

    # ---- controls -------------------------------------------------------------------------------

    def odd_split(self) -> OddSplit:
        """90:10 by something that cannot matter: is the rare half falsely matched more?

        People whose number is even are a tenth of those trained on; nothing in a picture depends on
        it.  Which half of the test people happens to be alike is luck of the draw, and the same
        luck in every network: so the ratio is set against that of networks trained on thirds, in
        which nobody looked at numbers, training by training.
        """
        even = ("even", "odd")
        crude = self.mean_gap(ODD, between=even)
        mine, theirs = self.trainings(ODD), self.trainings("thirds")
        against = {
            k: self._gap(mine[k], between=even) - self._gap(theirs[k], between=even)
            for k in mine
            if k in theirs
        }
        tone = {
            k: self._gap(self.trainings(MIXES[0])[k]) - self._gap(self.trainings("50-50")[k])
            for k in self.trainings(MIXES[0])
        }
        return OddSplit(crude, combined(against), combined(tone))

    def grey(self, rate: str = PRIMARY) -> Compared:
        """The ends again without colours: what is left of the slope, training by training."""
        ends = (MIXES[0], MIXES[-1])
        colour, grey = (self._slopes(rate, mixes) for mixes in (ends, GREY))
        both = {k: grey[k] - colour[k] for k in grey if k in colour}
        return Compared(combined(colour), combined(grey), combined(both), math.nan, ())

    def recentred(self, rate: str = PRIMARY) -> Compared:
        """The slope as trained, with another origin and nothing retrained, and the difference.

        ``share`` is the part of the slope (of its logarithm) that the other origin takes away, with
        an interval from the same people and trainings; NaN where there is no slope to take from.
        """
        as_trained, moved = (
            self._slopes(rate, MIXES, BETWEEN, origin) for origin in (TRAINED, RECENTRED)
        )
        both = {k: moved[k] - as_trained[k] for k in as_trained}
        before, after = combined(as_trained), combined(moved)
        share = math.nan
        ends: tuple[float, ...] = ()
        if before.shown and not after.words:
            left = after.log / before.log
            away = {
                k: weighted([(1 / before.log, moved[k]), (-left / before.log, as_trained[k])])
                for k in as_trained
            }
            reach = combined(away).reach
            share, ends = 1 - left, (1 - left - reach, 1 - left + reach)
        return Compared(before, after, combined(both), share, ends)

    def balanced(self, rate: str = PRIMARY) -> dict[str, Effect]:
        """The gap that is left where as many lighter as darker people were trained on, by mix."""
        return {mix: self.mean_gap(mix, rate) for mix in BALANCED if self.has(mix)}

    def has(self, mix: str) -> bool:
        """Whether a network was trained on this mix."""
        return bool((self.table["mix"] == mix).any())

    def sizes(self) -> Sizes:
        """How many people it takes: the gap, the misses and what is found again, by size."""
        names = [mix for mix in SIZES if self.has(mix)]
        gaps = {mix: self.mean_gap(mix) for mix in names}
        few, many = (self.trainings(mix) for mix in SIZES[:2])
        gap = {k: self._gap(many[k]) - self._gap(few[k]) for k in few if k in many}
        missed = {
            band: combined(
                {
                    k: self.log_rate(many[k], band, "false_rejection")
                    - self.log_rate(few[k], band, "false_rejection")
                    for k in few
                    if k in many
                }
            )
            for band in BANDS
        }
        return Sizes(gaps, combined(gap), missed)

    # ---- tables ---------------------------------------------------------------------------------

    def rates(
        self,
        mixes: Iterable[str] = MIXES,
        rate: str = PRIMARY,
        *,
        groups: Sequence[str] = BANDS,
        origin: str = TRAINED,
        style: str | None = None,
    ) -> pd.DataFrame:
        """A row for each mix, training and group: the rate, its interval, or words.

        Parameters
        ----------
        mixes, rate, groups, origin, style
            As for :meth:`interval`.

        Returns
        -------
        table
            Columns: ``mix``, ``training``, ``darker_share`` (of those trained on), ``group``,
            ``rate``, ``errors``, ``trials``, ``low``, ``high``, ``words``.
        """
        import pandas as pd

        rows = []
        for mix in mixes:
            share = float(self.table[self.table["mix"] == mix].iloc[0]["darker_share"])
            for k, name in self.trainings(mix).items():
                for group in groups:
                    found = self.interval(name, group, rate, origin=origin, style=style)
                    rows.append(
                        {
                            "mix": mix,
                            "training": k,
                            "darker_share": share,
                            "group": group,
                            "rate": found.value,
                            "errors": found.errors,
                            "trials": found.trials,
                            "low": found.low,
                            "high": found.high,
                            "words": found.words,
                        }
                    )
        return pd.DataFrame(rows)

    def mean_rate(
        self,
        mix: str,
        group: str,
        rate: str = PRIMARY,
        *,
        origin: str = TRAINED,
        style: str | None = None,
    ) -> Effect:
        """A rate at one mix: the mean (of logarithms) over its trainings, with both parts.

        Parameters
        ----------
        mix
            Such as ``"50-50"``.
        group, rate, origin, style
            As for :meth:`interval`.
        """
        return combined(
            {
                k: self.log_rate(name, group, rate, origin=origin, style=style)
                for k, name in self.trainings(mix).items()
            }
        )

    def difference(
        self,
        mix: str,
        rate: str = "false_rejection",
        *,
        between: tuple[str, str] = BETWEEN,
        origin: str = TRAINED,
    ) -> float:
        """The rate of one group minus that of another: the mean over the trainings of a mix.

        Parameters
        ----------
        mix
            Such as ``"50-50"``.
        rate, origin
            As for :meth:`interval`.
        between
            The two groups.

        Examples
        --------
        >>> study = Study(made_up())
        >>> study.difference("90-10", "fmr") > 0 > study.difference("10-90", "fmr")
        True
        """
        one, other = (
            [self.interval(name, g, rate, origin=origin).value for name in self._names(mix)]
            for g in between
        )
        return float(np.mean(one) - np.mean(other))

    def highest(self, mix: str, rate: str = "false_rejection") -> list[str]:
        """The band with the highest rate in each training of a mix.

        Examples
        --------
        >>> Study(made_up()).highest("90-10", "fmr")
        ['darker', 'darker', 'darker']
        """
        return [
            max(BANDS, key=lambda band: self.interval(name, band, rate).value)
            for name in self._names(mix)
        ]

    def _names(self, mix: str) -> list[str]:
        return list(self.trainings(mix).values())

    def found_again(self, mix: str) -> dict[int, Interval]:
        """Photographs of one person that match, of those compared (TAR), by training."""
        out = {}
        for k, name in self.trainings(mix).items():
            missed = self.interval(name, "all", "fnmr")
            out[k] = Interval(
                1 - missed.value,
                1 - missed.high,
                1 - missed.low,
                missed.people,
                missed.trials - missed.errors,
                missed.trials,
                words=missed.words,
            )
        return out


def _mated(found: NetworkErrors, style: str | None) -> tuple[NDArray, NDArray, NDArray]:
    """Mated pairs planned, compared and missed by person, of all or of one style."""
    if style is not None and style not in STYLES:
        raise ValueError(f"there is no style {style!r}: use {' or '.join(STYLES)}")
    parts = (part[style or "all"] for part in (found.planned, found.compared, found.missed))
    planned, compared, missed = (np.asarray(part, np.float64) for part in parts)
    return planned, compared, missed


@dataclass(frozen=True)
class OddSplit:
    """The control that cannot matter.

    Parameters
    ----------
    crude
        FMR of people with an even number (the rare ones in training) over that of the others.
    against_thirds
        The same, over the same ratio in networks trained on thirds.
    tone
        For comparison, what the same step does by tone: the gap at 90:10 over that at 50:50.
    """

    crude: Effect
    against_thirds: Effect
    tone: Effect


@dataclass(frozen=True)
class Compared:
    """A slope under two conditions, the same trainings and test people.

    Parameters
    ----------
    first, second
        The slope under each.
    change
        The second over the first.
    share, ends
        The part of the first that the second lacks, and its interval; NaN and nothing where that
        is not asked.
    """

    first: Effect
    second: Effect
    change: Effect
    share: float
    ends: tuple[float, ...]


@dataclass(frozen=True)
class Sizes:
    """How many people it takes.

    Parameters
    ----------
    gaps
        The gap in FMR by mix, from few people to many.
    gap_change
        The gap with four times the people over that with few.
    missed_change
        By band, rejections with four times the people over those with few.
    """

    gaps: Mapping[str, Effect]
    gap_change: Effect
    missed_change: Mapping[str, Effect]


@functools.cache
def study(asked: float = 0.01) -> Study:
    """The networks of the lab.

    Parameters
    ----------
    asked
        FMR at which their thresholds were set: 0.01 or 0.001.
    """
    return Study(asked=asked)


def made_up(**options: Any) -> Source:
    """Made-up counted errors, to try the study on; see :mod:`labkit.experiment.made_up`."""
    from labkit.experiment.made_up import MadeUp

    return MadeUp(**options)

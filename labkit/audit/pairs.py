"""Pairs that an audit asks its questions of: a list of any pairs, or everybody with everybody.

In: scored pairs with the people and groups behind them (:class:`PairList`, read by
:mod:`labkit.audit.csv`), or :class:`labkit.measure.scores.AllPairs` (:class:`PairTable`).  Out:
scores, thresholds, and group tables that :mod:`labkit.measure.disparity` goes on with.  What a
report may ask of either is written down once, in :class:`Pairs`.

A list may be long and touch few of the pairs of people there could be, so a list never makes a
table of many people by many people.
"""

from __future__ import annotations

import functools
import hashlib
from collections.abc import Hashable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Protocol, runtime_checkable

import numpy as np
from numpy.typing import NDArray

from labkit.audit.reading import Written
from labkit.base.words import _
from labkit.measure.counts import GroupCounts, PairCounts
from labkit.measure.disparity import REPLICATES, GroupTable, group_table
from labkit.measure.intervals import Counts, Moves, pair_totals
from labkit.measure.labels import Labels, labels
from labkit.measure.rate import RATES
from labkit.measure.rates import auc, threshold_at_fmr, threshold_at_mean_fmr
from labkit.measure.scores import AllPairs
from labkit.measure.thresholds import (
    ENOUGH_PEOPLE_FOR_A_MEAN,
    ENOUGH_PERSON_PAIRS,
    choose_threshold,
    highest_of_person_pairs,
    lowest_fmr,
)

if TYPE_CHECKING:
    import pandas as pd

Places = NDArray[np.int64]
Scores = NDArray[np.floating]

DRAWN_AGAIN = 2_000
"""Up to this many people are drawn again one by one; beyond, see :class:`ListTable`."""

EVERYONE = "everyone"
HIGHEST = 20


class BadFile(ValueError):
    """A file of scored pairs that cannot be audited; says why in one sentence."""


# ---- what a report asks -------------------------------------------------------------------------


@runtime_checkable
class Pairs(Protocol):
    """Scored pairs of pictures with who is in them, whichever way they are kept."""

    @property
    def name(self) -> str:
        """Of the file, or what else the pairs are."""

    @property
    def ignored(self) -> tuple[str, ...]:
        """Columns that were not used."""

    def __len__(self) -> int:
        """Pairs of pictures, failed ones included."""

    @property
    def sha256(self) -> str:
        """Checksum of what was read."""

    @property
    def groups(self) -> list[str]:
        """Names of the groups; none when nobody gave any."""

    @property
    def missing_groups(self) -> int:
        """Pictures without a group, where others have one."""

    @property
    def strata(self) -> list[str]:
        """Names of the strata (camera, site); none when nobody gave any."""

    @property
    def notes(self) -> tuple[str, ...]:
        """Sentences on what was recognised, passed over, dropped, or looks odd."""

    @property
    def left_out(self) -> dict[str, int]:
        """Groups that take no part in the mean that a threshold is chosen by -> their people."""

    @property
    def genuine(self) -> Scores:
        """Scores of pairs of one person."""

    @property
    def impostor(self) -> Scores:
        """Scores of pairs of two people."""

    @property
    def known_people(self) -> bool:
        """Whether somebody said who is in each picture."""

    @property
    def people_count(self) -> int:
        """Different people, as far as known."""

    @property
    def planned_mated(self) -> int:
        """Pairs of one person, failed ones included."""

    @property
    def failed_comparisons(self) -> int:
        """Pairs that could not be compared."""

    @property
    def unsure_failures(self) -> int:
        """Failed pairs of two pictures that are in no other: which of the two failed is unknown."""

    @property
    def share_of_all(self) -> float:
        """Pairs here / pairs that the pictures could form."""

    def best_of_pairs(self, *, within: bool) -> Scores:
        """The highest score of each pair of people, descending; within groups, or of all.

        Within groups: those that take part in the mean that a threshold is chosen by.
        """

    def threshold_at(self, rate: float) -> float:
        """The lowest threshold with a mean FMR within groups (or an FMR) of at most ``rate``.

        Groups of fewer than :data:`~labkit.measure.thresholds.ENOUGH_PEOPLE_FOR_A_MEAN` people take
        no part; where all are smaller, the FMR over all pairs decides.
        """

    def everyone(self, threshold: float) -> GroupTable:
        """Error rates over all pairs, also those across groups: a table with one row."""

    def by_group(self, threshold: float) -> GroupTable | None:
        """Error rates by group, with both pictures in it; ``None`` without groups."""

    def by_stratum(self, threshold: float) -> dict[Hashable, GroupTable]:
        """Error rates by group in each stratum, with both pictures of a pair in it."""

    def highest(self, n: int = HIGHEST) -> pd.DataFrame:
        """The n impostor pairs that are most alike, the highest first."""


# ---- what was read ------------------------------------------------------------------------------


@dataclass(frozen=True, eq=False)
class PairList:
    """Scored pairs of pictures, with who is in them; from :func:`read_pairs`.

    Parameters
    ----------
    name, sha256
        Of the file.
    scores
        Larger means more alike; NaN where the comparison failed; shape (n,), float64.
    mated
        Which pairs are of one person, shape (n,).
    probe, gallery
        Places of the two pictures in ``pictures``, shape (n,).
    pictures
        Names of the m pictures.
    person
        Number of the person in each picture, shape (m,).
    people
        Their names; ``None`` when the file does not say who is in a picture, and pictures are of
        one person only where mated pairs link them.
    group
        Place of each picture's group in ``groups``, shape (m,), -1 without one; or ``None``.
    groups
        Names of the groups.
    ignored
        Columns that were not used.
    notes
        Sentences on what was recognised, passed over, dropped, or looks odd.
    missing_groups
        Pictures without a group, where others have one.
    stratum
        Place of each picture's stratum (camera, site) in ``strata``, shape (m,), -1 without one; or
        ``None``.
    strata
        Names of the strata.
    lines
        Lines of the file, shape (n,); ``None`` when nobody knows.
    kind
        What kind of file it was.
    distance
        Whether the scores came as distances.
    written
        How the scores were written.
    """

    name: str
    sha256: str
    scores: NDArray[np.float64]
    mated: NDArray[np.bool_]
    probe: Places
    gallery: Places
    pictures: list[str] = field(repr=False)
    person: Places = field(repr=False)
    people: list[str] | None = field(repr=False)
    group: Places | None = field(repr=False)
    groups: list[str]
    ignored: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    missing_groups: int = 0
    stratum: Places | None = field(default=None, repr=False)
    strata: list[str] = field(default_factory=list)
    lines: Places | None = field(default=None, repr=False)
    kind: str = ""
    distance: bool = False
    written: Written = field(default_factory=Written)

    def __len__(self) -> int:
        return len(self.scores)

    @functools.cached_property
    def made(self) -> NDArray[np.bool_]:
        """Which comparisons have a score."""
        return ~np.isnan(self.scores)

    @functools.cached_property
    def genuine(self) -> Scores:
        """Scores of pairs of one person."""
        return self.scores[self.mated & self.made]

    @functools.cached_property
    def impostor(self) -> Scores:
        """Scores of pairs of two people."""
        return self.scores[~self.mated & self.made]

    @property
    def known_people(self) -> bool:
        """Whether somebody said who is in each picture."""
        return self.people is not None

    @property
    def people_count(self) -> int:
        """Different people, as far as known."""
        return int(self.person.max()) + 1

    @property
    def planned_mated(self) -> int:
        """Pairs of one person, failed ones included."""
        return int(self.mated.sum())

    @property
    def failed_comparisons(self) -> int:
        """Pairs that could not be compared."""
        return int((~self.made).sum())

    @functools.cached_property
    def failed_pictures(self) -> NDArray[np.bool_]:
        """Pictures in no comparison that could be made, shape (m,)."""
        used = np.zeros(len(self.pictures), bool)
        used[self.probe[self.made]] = True
        used[self.gallery[self.made]] = True
        return ~used

    @property
    def unsure_failures(self) -> int:
        """Failed pairs of two pictures that are in no other: which of the two failed is unknown."""
        bad = self.failed_pictures
        seen = np.bincount(np.r_[self.probe, self.gallery], minlength=len(bad))
        single = bad & (seen == 1)
        return int((~self.made & single[self.probe] & single[self.gallery]).sum())

    @functools.cached_property
    def share_of_all(self) -> float:
        """Pairs in the file / pairs that its pictures could form."""
        m = len(self.pictures)
        return len(self) / (m * (m - 1) / 2)

    # -- pairs of people -------------------------------------------------------------------------

    @functools.cached_property
    def _ends(self) -> tuple[Places, Places, Places, Places]:
        """Of impostor pairs: pair of people, group or -1; of pairs of people: first, second."""
        rows = ~self.mated & self.made
        i, j = self.person[self.probe[rows]], self.person[self.gallery[rows]]
        k = self.people_count
        keys, place = np.unique(np.minimum(i, j) * k + np.maximum(i, j), return_inverse=True)
        if self.group is None:
            cell = np.zeros(len(i), np.int64)
        else:
            a, b = self.group[self.probe[rows]], self.group[self.gallery[rows]]
            cell = np.where(a == b, a, -1)
        return place, cell, keys // k, keys % k

    @functools.cached_property
    def _compared_people(self) -> NDArray[np.int64]:
        """People in a comparison of two people of one group, by group."""
        place, cell, first, second = self._ends
        out = np.zeros(max(len(self.groups), 1), np.int64)
        for g in range(len(out)):
            pairs = np.zeros(len(first), bool)
            pairs[place[cell == g]] = True
            out[g] = len(np.union1d(first[pairs], second[pairs]))
        return out

    @property
    def left_out(self) -> dict[str, int]:
        """Groups that take no part in the mean that a threshold is chosen by -> their people."""
        found = dict(zip(self.groups, self._compared_people.tolist(), strict=False))
        return {name: n for name, n in found.items() if n < ENOUGH_PEOPLE_FOR_A_MEAN}

    @functools.cached_property
    def cells(self) -> dict[str, Scores]:
        """Impostor scores within each group that takes part in the mean of a threshold."""
        cell = self._ends[1]
        small = self.left_out
        return {
            name: self.impostor[cell == g]
            for g, name in enumerate(self.groups)
            if name not in small
        }

    def best_of_pairs(self, *, within: bool) -> Scores:
        """The highest score of each pair of people, descending; within groups, or of all."""
        place, cell, first, _second = self._ends
        best = np.full(len(first), -np.inf)
        use = np.ones(len(cell), bool)
        if within and self.group is not None:
            use = np.isin(cell, [self.groups.index(name) for name in self.cells])
        np.maximum.at(best, place[use], self.impostor[use])
        return np.sort(best[best > -np.inf])[::-1]

    def threshold_at(self, rate: float) -> float:
        """The lowest threshold with a mean FMR within groups (or an FMR) of at most ``rate``.

        Raises
        ------
        BadFile
            When its false matches come from fewer than 30 different pairs of people.
        """
        cells = list(self.cells.values()) or [self.impostor]
        if self.cells:
            value = threshold_at_mean_fmr(cells, rate)
        else:
            value = threshold_at_fmr(self.impostor, rate)
        best = self.best_of_pairs(within=bool(self.cells))
        found, need = int((best >= value).sum()), ENOUGH_PERSON_PAIRS
        if found >= need:
            return value
        words = _(
            "no threshold at FMR {rate:g} from {file}: its false matches come from {found}"
            " different pairs of people, and it takes {need}; {help}"
        )
        if len(best) < need:
            advice = _("only {n} pairs of people were compared: add people, or give a threshold")
            advice = advice.format(n=len(best))
        else:
            advice = _("add people, or ask for an FMR of {lowest:g} or more, or give a threshold")
            advice = advice.format(lowest=lowest_fmr(cells, best))
        raise BadFile(words.format(rate=rate, file=self.name, found=found, need=need, help=advice))

    # -- counts ----------------------------------------------------------------------------------

    def everyone(self, threshold: float) -> GroupTable:
        """Error rates over all pairs, also those across groups: a table with one row."""
        return ListTable((self._counts(EVERYONE, None, threshold),), float(threshold))

    def by_group(self, threshold: float) -> GroupTable | None:
        """Error rates by group; FMR counts pairs with both pictures in the group."""
        if self.group is None:
            return None
        rows = (self._counts(name, g, threshold) for g, name in enumerate(self.groups))
        return ListTable(tuple(rows), float(threshold), self.missing_groups)

    def by_stratum(self, threshold: float) -> dict[Hashable, GroupTable]:
        """Error rates by group in each stratum, with both pictures of a pair in it."""
        if self.stratum is None or self.group is None:
            return {}
        out: dict[Hashable, GroupTable] = {}
        for s, stratum in enumerate(self.strata):
            here = self.stratum == s
            rows = (self._counts(name, g, threshold, here) for g, name in enumerate(self.groups))
            out[stratum] = ListTable(tuple(rows), float(threshold))
        return out

    def _counts(
        self,
        name: Hashable,
        g: int | None,
        threshold: float,
        here: NDArray[np.bool_] | None = None,
    ) -> GroupCounts:
        """Counts of a group (of everybody), of the pictures that are here (of all)."""
        mine = np.ones(len(self.pictures), bool)
        if g is not None and self.group is not None:
            mine = self.group == g
        if here is not None:
            mine = mine & here
        people, owner = np.unique(self.person[mine], return_inverse=True)
        place, cell, first, second = self._ends
        use = np.ones(len(cell), bool) if g is None else cell == g
        if here is not None:
            rows = ~self.mated & self.made
            use = use & here[self.probe[rows]] & here[self.gallery[rows]]
        match = self.impostor >= threshold
        compared = np.bincount(place[use], minlength=len(first))
        false = np.bincount(place[use & match], minlength=len(first))
        seen = compared > 0
        mated = self.mated & mine[self.probe] & mine[self.gallery]
        of = np.searchsorted(people, self.person[self.probe[mated]])
        scores = self.scores[mated]

        def by_person(places: Places) -> Counts:
            return np.bincount(places, minlength=len(people)).astype(np.float64)

        return GroupCounts(
            name,
            people,
            false=false[seen].astype(np.float64),
            compared=compared[seen].astype(np.float64),
            images=by_person(owner),
            failed=by_person(owner[self.failed_pictures[mine]]),
            missed=by_person(of[scores < threshold]),
            made=by_person(of[~np.isnan(scores)]),
            planned=by_person(of),
            paired=functools.partial(
                ListCounts,
                first=np.searchsorted(people, first[seen]).astype(np.int64),
                second=np.searchsorted(people, second[seen]).astype(np.int64),
                people=len(people),
            ),
        )

    def highest(self, n: int = HIGHEST) -> pd.DataFrame:
        """The n impostor pairs that are most alike, the highest first; ties as in the file."""
        import pandas as pd

        rows = np.flatnonzero(~self.mated & self.made)
        n = min(n, len(rows))
        floor = np.partition(self.impostor, -n)[-n]
        rows = rows[self.impostor >= floor]
        rows = rows[np.lexsort((rows, -self.scores[rows]))][:n]
        ends = {"probe": self.probe[rows], "gallery": self.gallery[rows]}
        table = pd.DataFrame(
            {
                "line": rows + 2 if self.lines is None else self.lines[rows],
                **{side: [self.pictures[i] for i in at] for side, at in ends.items()},
            }
        )
        for side, at in ends.items():
            if self.people is not None:
                table[f"{side}_person"] = [self.people[i] for i in self.person[at]]
            if self.group is not None:
                names = [*self.groups, ""]  # -1: none
                table[f"{side}_group"] = [names[i] for i in self.group[at]]
        table["score"] = self.scores[rows]
        return table


# ---- counts of a list ---------------------------------------------------------------------------


@dataclass(frozen=True, eq=False)
class ListCounts(PairCounts):
    """Errors and trials of the pairs of people that were compared, shape (p,), each pair once.

    Parameters
    ----------
    errors, trials
        Of each pair of people.
    first, second
        Places of the two in the group, shape (p,).
    people
        People in the group.
    """

    errors: Counts
    trials: Counts
    first: Places = field(repr=False)
    second: Places = field(repr=False)
    people: int = 0  # (a default, so that it stands for the abstract property)

    def by_person(self, counts: Counts) -> Counts:
        """What each person takes part in, shape (people,)."""
        k = self.people
        both = np.bincount(self.first, counts, k) + np.bincount(self.second, counts, k)
        return both.astype(np.float64)

    def different(self, counts: Counts) -> int:
        """How many are not 0."""
        return int((counts > 0).sum())

    def totals(self, weights: Counts) -> tuple[Counts, Counts]:
        """Twice the sums over pairs, as of a square table; one draw needs no table."""
        if len(weights) == 1:
            both = weights[0, self.first] * weights[0, self.second]
            return 2 * (both @ self.errors)[None], 2 * (both @ self.trials)[None]
        errors, trials = (self.square(x) for x in (self.errors, self.trials))
        return pair_totals(weights, errors), pair_totals(weights, trials)

    def square(self, counts: Counts) -> Counts:
        """Counts by pair of people as a symmetric table, shape (people, people)."""
        k = self.people
        half = np.bincount(self.first * k + self.second, counts, k * k).astype(np.float64)
        table = half.reshape(k, k)
        return table + table.T


@dataclass(frozen=True, eq=False)
class ListTable(GroupTable):
    """A group table of a list of pairs.

    Up to :data:`DRAWN_AGAIN` people are drawn again one by one, as
    :class:`~labkit.measure.disparity.GroupTable` does it.  With more, drawing them would take a
    table of everybody by everybody: the logarithms of the rates are drawn from a normal
    distribution instead, with the variances that the intervals by people rest on; groups that share
    people move together.
    """

    @property
    def drawn_one_by_one(self) -> bool:
        """Whether the draws are of people, and not of rates."""
        return sum(len(r.people) for r in self.rows) <= DRAWN_AGAIN

    def _drawn(
        self, replicates: int = REPLICATES, seed: int = 0
    ) -> dict[str, dict[Hashable, tuple[Counts, Counts]]]:
        if self.drawn_one_by_one:
            return super()._drawn(replicates, seed)
        out: dict[str, dict[Hashable, tuple[Counts, Counts]]] = {}
        for order, rate in enumerate(RATES):
            rows = [r for r in self.rows if r.terms(rate)[1].any()]
            found = [r.moves(rate) for r in rows]
            rng = np.random.default_rng(np.random.SeedSequence([47, seed, order]))
            moves = (
                rng.multivariate_normal(
                    np.zeros(len(rows)), _covariance(found), replicates, method="eigh"
                )
                if rows
                else np.zeros((replicates, 0))
            )
            out[rate] = {}
            for r, move in zip(rows, moves.T, strict=True):
                errors, trials = (part.sum() for part in r.terms(rate))
                drawn = np.minimum(errors / trials * np.exp(move), 1.0) * trials
                out[rate][r.name] = drawn, np.full(replicates, trials)
        return out


def _covariance(found: list[Moves]) -> NDArray[np.float64]:
    """Of the logarithms of rates, from what each person does to them."""
    n = len(found)
    out = np.zeros((n, n))
    for a in range(n):
        for b in range(a, n):
            _, i, j = np.intersect1d(
                found[a].people, found[b].people, assume_unique=True, return_indices=True
            )
            out[a, b] = out[b, a] = float((found[a].moves[i] * found[b].moves[j]).sum())
    return out


# ---- everybody with everybody -------------------------------------------------------------------


@dataclass(frozen=True, eq=False)
class PairTable:
    """Everybody compared with everybody, asked the same questions as a :class:`PairList`."""

    pairs: AllPairs
    group: NDArray[np.object_] | None
    names: list[Hashable]
    pictures: list[str] | None = None
    people: list[str] | None = field(default=None)
    name: str = "comparisons of everybody with everybody"
    ignored: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    strata: list[str] = field(default_factory=list)

    known_people = True
    unsure_failures = 0

    @functools.cached_property
    def _labels(self) -> Labels | None:
        return None if self.group is None else labels(self.group, names=self.names)

    @property
    def missing_groups(self) -> int:
        """Pictures without a group, where others have one."""
        return self._labels.missing if self._labels else 0

    @property
    def left_out(self) -> dict[str, int]:
        """Groups that take no part in the mean that a threshold is chosen by -> their people."""
        if self._labels is None:
            return {}
        of = {n: self.pairs.people[self._labels.of(n) & self.pairs.usable] for n in self.names}
        found = {str(name): len(np.unique(people)) for name, people in of.items()}
        return {name: n for name, n in found.items() if n < ENOUGH_PEOPLE_FOR_A_MEAN}

    def __len__(self) -> int:
        n = len(self.pairs)
        return n * (n - 1) // 2

    @functools.cached_property
    def sha256(self) -> str:
        """Checksum of the scores and of who is in each picture."""
        found = hashlib.sha256(self.pairs.matrix.data)  # without a copy
        found.update(self.pairs.people.astype("<i8").tobytes())
        return found.hexdigest()

    @property
    def groups(self) -> list[str]:
        """Names of the groups."""
        return [str(name) for name in self.names]

    @property
    def genuine(self) -> Scores:
        """Scores of pairs of one person."""
        return self.pairs.genuine

    @property
    def impostor(self) -> Scores:
        """Scores of pairs of two people."""
        return self.pairs.impostor

    @property
    def people_count(self) -> int:
        """Different people."""
        return self.pairs.people_count

    @property
    def planned_mated(self) -> int:
        """Pairs of one person, failed ones included."""
        return self.pairs.planned_mated

    @property
    def share_of_all(self) -> float:
        """Pairs here / pairs that the pictures could form."""
        return 1.0

    @property
    def failed_comparisons(self) -> int:
        """Pairs with a picture that has no template."""
        used = int(self.pairs.usable.sum())
        return len(self) - used * (used - 1) // 2

    def best_of_pairs(self, *, within: bool) -> Scores:
        """The highest score of each pair of people, descending."""
        parts = [self.pairs]
        if within and self.group is not None:
            parts = list(self.pairs.within(self.group.astype(str)).values())
        return highest_of_person_pairs(self.pairs, parts)

    def threshold_at(self, rate: float) -> float:
        """As :meth:`PairList.threshold_at`."""
        cells = self.group if len(self.left_out) < len(self.names) else None
        return choose_threshold(self.pairs, rate, cells=cells).value

    def everyone(self, threshold: float) -> GroupTable:
        """Error rates over all pairs."""
        return group_table(self.pairs, [EVERYONE] * len(self.pairs), threshold)

    def by_group(self, threshold: float) -> GroupTable | None:
        """Error rates by group."""
        if self.group is None:
            return None
        return group_table(self.pairs, self.group, threshold, names=self.names)

    def by_stratum(self, threshold: float) -> dict[Hashable, GroupTable]:
        """Nothing: a table has no strata."""
        return {}

    def highest(self, n: int = HIGHEST) -> pd.DataFrame:
        """The n impostor pairs that are most alike."""
        import pandas as pd

        found = self.pairs.highest(n)
        ends = {"probe": "1", "gallery": "2"}
        out = {}
        for side, k in ends.items():
            at = found[f"image_{k}"].to_numpy()
            out[side] = at if self.pictures is None else [self.pictures[i] for i in at]
        places = {image: i for i, image in enumerate(self.pairs.images)}
        for side, k in ends.items():
            out[f"{side}_person"] = found[f"person_{k}"].to_numpy()
            if self.group is not None:
                out[f"{side}_group"] = [self.group[places[i]] for i in found[f"image_{k}"]]
        return pd.DataFrame({**out, "score": found["score"].to_numpy()})

    def check(self) -> None:
        """Both kinds of pairs, and scores the right way up."""
        for kind, scores in (("one person", self.genuine), ("two people", self.impostor)):
            if not scores.size:
                raise ValueError(
                    f"there is no scored pair of {kind}: an audit needs pairs of one person and of"
                    " two"
                )
        if EVERYONE in self.groups:
            words = _("a group is called {name!r}, as is the row of all people: rename the group")
            raise ValueError(words.format(name=EVERYONE))
        found = auc(self.genuine, self.impostor)
        if found < 0.5:
            raise ValueError(
                f"AUC {found:.3f}: pairs of one person score lower than pairs of two; give scores"
                " where larger means more alike"
            )


KINDS: tuple[type[Pairs], ...] = (PairList, PairTable)
"""The two ways in which pairs are kept."""

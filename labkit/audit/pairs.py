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

from labkit.measure.counts import GroupCounts, PairCounts
from labkit.measure.disparity import REPLICATES, GroupTable, group_table
from labkit.measure.intervals import Counts, Moves, pair_totals
from labkit.measure.rate import RATES
from labkit.measure.rates import auc, threshold_at_fmr, threshold_at_mean_fmr
from labkit.measure.scores import AllPairs
from labkit.measure.thresholds import (
    ENOUGH_PERSON_PAIRS,
    choose_threshold,
    highest_of_person_pairs,
    lowest_fmr,
)

if TYPE_CHECKING:
    import pandas as pd

Places = NDArray[np.int64]

DRAWN_AGAIN = 2_000
"""Up to this many people are drawn again one by one; beyond, see :class:`ListTable`."""

EVERYONE = "everyone"
HIGHEST = 20


class BadFile(ValueError):
    """A CSV of scored pairs that cannot be audited; says why in one sentence."""


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
    def genuine(self) -> NDArray[np.float32]:
        """Scores of pairs of one person."""

    @property
    def impostor(self) -> NDArray[np.float32]:
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

    def best_of_pairs(self, *, within: bool) -> NDArray[np.float32]:
        """The highest score of each pair of people, descending; within groups, or of all."""

    def threshold_at(self, rate: float) -> float:
        """The lowest threshold with a mean FMR within groups (or an FMR) of at most ``rate``."""

    def everyone(self, threshold: float) -> GroupTable:
        """Error rates over all pairs, also those across groups: a table with one row."""

    def by_group(self, threshold: float) -> GroupTable | None:
        """Error rates by group, with both pictures in it; ``None`` without groups."""

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
        Larger means more alike; NaN where the comparison failed; shape (n,), float32.
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
        Place of each picture's group in ``groups``, shape (m,), or ``None``.
    groups
        Names of the groups.
    ignored
        Columns that were not used.
    """

    name: str
    sha256: str
    scores: NDArray[np.float32]
    mated: NDArray[np.bool_]
    probe: Places
    gallery: Places
    pictures: list[str] = field(repr=False)
    person: Places = field(repr=False)
    people: list[str] | None = field(repr=False)
    group: Places | None = field(repr=False)
    groups: list[str]
    ignored: tuple[str, ...] = ()

    def __len__(self) -> int:
        return len(self.scores)

    @functools.cached_property
    def made(self) -> NDArray[np.bool_]:
        """Which comparisons have a score."""
        return ~np.isnan(self.scores)

    @functools.cached_property
    def genuine(self) -> NDArray[np.float32]:
        """Scores of pairs of one person."""
        return self.scores[self.mated & self.made]

    @functools.cached_property
    def impostor(self) -> NDArray[np.float32]:
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

    def check_groups(self) -> None:
        """No group may have a single person (or, when people are unknown, a single picture)."""
        if self.group is None:
            return
        for g, name in enumerate(self.groups):
            members = np.unique(self.person[self.group == g])
            if len(members) == 1:
                raise BadFile(
                    f"group {name!r} of {self.name} has one person: nobody of the group to compare"
                    " with; join it to another group or leave its lines out"
                )

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

    def cells(self) -> list[NDArray[np.float32]]:
        """Impostor scores within each group that has any."""
        cell = self._ends[1]
        parts = (self.impostor[cell == g] for g in range(max(len(self.groups), 1)))
        return [p for p in parts if p.size]

    def best_of_pairs(self, *, within: bool) -> NDArray[np.float32]:
        """The highest score of each pair of people, descending; within groups, or of all."""
        place, cell, first, _ = self._ends
        best = np.full(len(first), -np.inf, np.float32)
        use = cell >= 0 if within else np.ones(len(cell), bool)
        np.maximum.at(best, place[use], self.impostor[use])
        return np.sort(best[best > -np.inf])[::-1]

    def threshold_at(self, rate: float) -> float:
        """The lowest threshold with a mean FMR within groups (or an FMR) of at most ``rate``.

        Raises
        ------
        BadFile
            When its false matches come from fewer than 30 different pairs of people.
        """
        by_group = self.group is not None and bool(self.cells())
        cells = self.cells() if by_group else [self.impostor]
        value = threshold_at_mean_fmr(cells, rate) if by_group else threshold_at_fmr(cells[0], rate)
        best = self.best_of_pairs(within=by_group)
        found, need = int((best >= np.float32(value)).sum()), ENOUGH_PERSON_PAIRS
        if found >= need:
            return value
        why = (
            f"no threshold at FMR {rate:g} from {self.name}: its false matches come from {found}"
            f" different pairs of people, and it takes {need}"
        )
        if len(best) < need:
            raise BadFile(f"{why}; only {len(best)} pairs of people were compared: add people")
        lowest = lowest_fmr(cells, best)
        raise BadFile(f"{why}; add people, or ask for an FMR of {lowest:g} or more")

    # -- counts ----------------------------------------------------------------------------------

    def everyone(self, threshold: float) -> GroupTable:
        """Error rates over all pairs, also those across groups: a table with one row."""
        return ListTable((self._counts(EVERYONE, None, threshold),), float(threshold))

    def by_group(self, threshold: float) -> GroupTable | None:
        """Error rates by group; FMR counts pairs with both pictures in the group."""
        if self.group is None:
            return None
        rows = (self._counts(name, g, threshold) for g, name in enumerate(self.groups))
        return ListTable(tuple(rows), float(threshold))

    def _counts(self, name: Hashable, g: int | None, threshold: float) -> GroupCounts:
        mine = np.ones(len(self.pictures), bool)
        if g is not None and self.group is not None:
            mine = self.group == g
        people, owner = np.unique(self.person[mine], return_inverse=True)
        place, cell, first, second = self._ends
        use = np.ones(len(cell), bool) if g is None else cell == g
        match = self.impostor >= np.float32(threshold)
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
            missed=by_person(of[scores < np.float32(threshold)]),
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
                "line": rows + 2,
                **{side: [self.pictures[i] for i in at] for side, at in ends.items()},
            }
        )
        for side, at in ends.items():
            if self.people is not None:
                table[f"{side}_person"] = [self.people[i] for i in self.person[at]]
            if self.group is not None:
                table[f"{side}_group"] = [self.groups[i] for i in self.group[at]]
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

    known_people = True
    unsure_failures = 0

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
    def genuine(self) -> NDArray[np.float32]:
        """Scores of pairs of one person."""
        return self.pairs.genuine

    @property
    def impostor(self) -> NDArray[np.float32]:
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

    def best_of_pairs(self, *, within: bool) -> NDArray[np.float32]:
        """The highest score of each pair of people, descending."""
        parts = [self.pairs]
        if within and self.group is not None:
            parts = list(self.pairs.within(self.group.astype(str)).values())
        return highest_of_person_pairs(self.pairs, parts)

    def threshold_at(self, rate: float) -> float:
        """As :meth:`PairList.threshold_at`."""
        cells = None if self.group is None else self.group.astype(str)
        return choose_threshold(self.pairs, rate, cells=cells).value

    def everyone(self, threshold: float) -> GroupTable:
        """Error rates over all pairs."""
        return group_table(self.pairs, [EVERYONE] * len(self.pairs), threshold)

    def by_group(self, threshold: float) -> GroupTable | None:
        """Error rates by group."""
        if self.group is None:
            return None
        return group_table(self.pairs, self.group, threshold, names=self.names)

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
        """Both kinds of pairs, groups of more than one person, scores the right way up."""
        for kind, scores in (("one person", self.genuine), ("two people", self.impostor)):
            if not scores.size:
                raise ValueError(
                    f"there is no scored pair of {kind}: an audit needs pairs of one person and of"
                    " two"
                )
        if self.group is not None:
            for name in self.names:
                if len(np.unique(self.pairs.people[self.group == name])) == 1:
                    raise ValueError(
                        f"group {name!r} has one person: nobody of the group to compare with; join"
                        " it to another group or leave its pictures out"
                    )
        found = auc(self.genuine, self.impostor)
        if found < 0.5:
            raise ValueError(
                f"AUC {found:.3f}: pairs of one person score lower than pairs of two; give scores"
                " where larger means more alike"
            )


KINDS: tuple[type[Pairs], ...] = (PairList, PairTable)
"""The two ways in which pairs are kept."""

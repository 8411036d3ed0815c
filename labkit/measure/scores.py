"""Scores of comparisons: two templates, everybody against everybody, or counted as they come.

In: templates (n, d), a row for each image, NaN where no face was found, and the number of the
person in each image.  Out: scores, larger meaning more alike, that know the people behind them
(:class:`AllPairs`, :class:`Comparisons`), or counts of scores when there are too many to hold.
What is counted from them is the business of :mod:`labkit.measure.rates`.

Every score is rounded to 2**-20 of the range of its table before anything is counted: products
computed in another order or in other blocks differ in the last bit, and no count may hang on it.
"""

from __future__ import annotations

import functools
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

if TYPE_CHECKING:
    import pandas as pd

Scores = NDArray[np.float32]
Whole = NDArray[np.int64]

MEASURES = ("euclidean", "cosine")
"""How templates are compared: minus their distance as they are, or the cosine of their angle."""

STEPS = 2**20
"""Scores are rounded to this fraction of their range before anything is counted."""

STYLES = ("all", "same style", "restyled")
"""Which mated pairs count; see :meth:`AllPairs.mated_only`."""


# ---- comparing ----------------------------------------------------------------------------------


def euclidean_scores(first: ArrayLike, second: ArrayLike) -> NDArray[np.float64]:
    """Minus the Euclidean distance of raw descriptors, as dlib's network is meant to be compared.

    Parameters
    ----------
    first, second
        Descriptors, shapes (n, d) and (m, d).

    Returns
    -------
    scores
        Shape (n, m), at most 0; 0 is the same descriptor.

    Examples
    --------
    >>> euclidean_scores([[0.0, 0.0]], [[3.0, 4.0]]).tolist()
    [[-5.0]]
    """
    a, b = np.asarray(first, np.float64), np.asarray(second, np.float64)
    squares = (a**2).sum(1)[:, None] + (b**2).sum(1)[None] - 2 * a @ b.T
    return -np.sqrt(np.maximum(squares, 0))


def cosine_scores(first: ArrayLike, second: ArrayLike) -> NDArray[np.float64]:
    """Cosine of the angle between descriptors of shapes (n, d) and (m, d); shape (n, m).

    Examples
    --------
    >>> cosine_scores([[1.0, 0.0]], [[0.0, 2.0], [3.0, 0.0]]).tolist()
    [[0.0, 1.0]]
    """
    a, b = np.asarray(first, np.float64), np.asarray(second, np.float64)
    a = a / np.maximum(np.linalg.norm(a, axis=1, keepdims=True), 1e-12)
    b = b / np.maximum(np.linalg.norm(b, axis=1, keepdims=True), 1e-12)
    return a @ b.T


def compare(first: ArrayLike, second: ArrayLike, measure: str) -> NDArray[np.float64]:
    """Scores of every template of ``first`` with every one of ``second``; larger = more alike.

    Parameters
    ----------
    first, second
        Templates, shapes (n, d) and (m, d).  A template of NaN gives NaN.
    measure
        One of :data:`MEASURES`.

    Returns
    -------
    scores
        Shape (n, m), not rounded.

    Raises
    ------
    ValueError
        For another measure, or templates of different lengths.

    Examples
    --------
    >>> compare([[0.0, 1.0]], [[0.0, 3.0], [1.0, 1.0]], "euclidean").tolist()
    [[-2.0, -1.0]]
    """
    a, b = np.asarray(first), np.asarray(second)
    if a.ndim != 2 or b.ndim != 2 or a.shape[1] != b.shape[1]:
        raise ValueError(
            f"templates of shapes {a.shape} and {b.shape} cannot be compared: give (n, d), (m, d)"
        )
    return _scorer(measure)(a, b)


def similarity(first: ArrayLike, second: ArrayLike, measure: str) -> float:
    """Score of two templates, shape (d,) each; larger = more alike.

    Examples
    --------
    >>> similarity([1.0, 0.0], [1.0, 1.0], "cosine")
    0.7071067811865475
    """
    return float(compare(np.asarray(first)[None], np.asarray(second)[None], measure)[0, 0])


def _scorer(measure: str) -> Any:
    scorers = {"euclidean": euclidean_scores, "cosine": cosine_scores}
    if measure not in scorers:
        raise ValueError(f"there is no measure {measure!r}: use {' or '.join(MEASURES)}")
    return scorers[measure]


def round_scores(scores: ArrayLike, low: float, high: float) -> Scores:
    """Scores on a grid of 2**-20 of their range, so that no count hangs on the last bit of a sum.

    Products computed in blocks of another size differ in the last bits; after rounding they agree
    (unless a score lies right between two grid points, which costs one step of the grid).

    Parameters
    ----------
    scores
        Any shape; NaN is not allowed.
    low, high
        The range, the same for all scores that are to be compared.

    Raises
    ------
    ValueError
        If the range is empty or a score is not a number.

    Examples
    --------
    >>> float(round_scores([0.1 + 0.2], 0, 1)[0]) == float(round_scores([0.3], 0, 1)[0])
    True
    """
    values = np.asarray(scores, np.float64)
    if not high > low:
        raise ValueError(f"the range of scores {low:g} to {high:g} is empty: give low < high")
    if np.isnan(values).any():
        raise ValueError(
            f"{int(np.isnan(values).sum())} scores are not numbers: count failed comparisons"
            " apart, as failures to acquire"
        )
    return _on_grid(values, low, high)


def _on_grid(values: NDArray[np.floating], low: float, high: float) -> Scores:
    step = (high - low) / STEPS
    return np.asarray(low + np.round((values.astype(np.float64) - low) / step) * step, np.float32)


# ---- everybody against everybody ----------------------------------------------------------------


class MatedCounts(NamedTuple):
    """Mated comparisons of each person, shape (k,) each.

    Errors of the false rejection rate, failures included, are ``missed + planned - made``.
    """

    missed: Whole
    made: Whole
    planned: Whole
    people: Whole


@dataclass(frozen=True, eq=False)
class AllPairs:
    """Every image compared with every other, made by :func:`all_pairs`.

    The table of scores is all that is kept: views of it (:meth:`mated_only`) share it, and lists
    of scores are read from it anew.

    Parameters
    ----------
    matrix
        Rounded scores, shape (n, n), float32, symmetric.  NaN in the rows and columns of images
        without a template, and on the diagonal: no image is compared with itself.
    people
        Number of the person in each image, shape (n,).
    measure
        How templates were compared.
    low, high
        The range whose 2**-20 the scores are rounded to; a part of a table keeps that of the whole.
    usable
        Which images have a template, shape (n,).
    images
        Place of each image in the set that the table was made of, shape (n,).
    kept
        Which images keep their person's styling, shape (n,), or ``None`` when nobody said.
    style
        Which mated pairs count, one of :data:`STYLES`.

    Examples
    --------
    >>> templates = np.array([[0.0], [1.0], [4.0], [np.nan]])
    >>> pairs = all_pairs(templates, [7, 7, 8, 8])
    >>> pairs.genuine.tolist(), pairs.impostor.tolist(), pairs.planned_mated
    ([-1.0], [-4.0, -3.0], 2)
    """

    matrix: Scores
    people: Whole
    measure: str
    low: float
    high: float
    usable: NDArray[np.bool_] = field(repr=False)
    images: Whole = field(repr=False)
    kept: NDArray[np.bool_] | None = field(default=None, repr=False)
    style: str = "all"

    def __len__(self) -> int:
        """Images."""
        return len(self.people)

    def __repr__(self) -> str:
        return (
            f"AllPairs({len(self)} images of {self.people_count} people, {self.measure},"
            f" mated pairs: {self.style})"
        )

    # -- people ----------------------------------------------------------------------------------

    @functools.cached_property
    def _places(self) -> tuple[Whole, Whole]:
        names, place = np.unique(self.people, return_inverse=True)
        return names, place.astype(np.int64)

    @property
    def people_count(self) -> int:
        """Different people, also those whose every image failed."""
        return len(self._places[0])

    @property
    def person_pairs_count(self) -> int:
        """Different pairs of people with at least one comparison made."""
        k = len(np.unique(self.people[self.usable]))
        return k * (k - 1) // 2

    # -- scores ----------------------------------------------------------------------------------

    def _blocks(self) -> Iterator[tuple[slice, Scores, NDArray[np.bool_]]]:
        """Blocks of rows from the diagonal on: which rows, scores, what is impostor and was made.

        A list of a table's scores takes half as much room as the table; a block takes little.
        """
        place = self._places[1]
        for rows in _blocks(len(self), READ):
            block = self.matrix[rows, rows.start :]
            counts = place[rows, None] != place[None, rows.start :]
            counts &= block == block  # a comparison that failed is NaN
            counts[:, : len(block)] &= ~np.tri(len(block), dtype=bool)
            yield rows, block, counts

    @functools.cached_property
    def _mated(self) -> tuple[Whole, Whole]:
        """Places of the two images of each mated pair that counts, in the order of the rows."""
        place, found = self._places[1], [np.empty((2, 0), np.int64)]
        for rows in _blocks(len(self), READ):
            i, j = np.nonzero(place[rows, None] == place[None, rows.start :])
            found.append(np.stack([i, j])[:, i < j] + rows.start)
        i, j = np.concatenate(found, axis=1)
        if self.style != "all" and self.kept is not None:
            counts = (self.kept[i] & self.kept[j]) == (self.style == "same style")
            i, j = i[counts], j[counts]
        return i, j

    @functools.cached_property
    def genuine(self) -> Scores:
        """Scores of the mated comparisons that were made, in one row."""
        scores = self.matrix[self._mated]
        return scores[~np.isnan(scores)]

    @property
    def impostor(self) -> Scores:
        """Scores of the impostor comparisons that were made, in one row.

        Half as large as the table and read from it at every use: name it where it is used twice.
        """
        found = (block[counts] for _, block, counts in self._blocks())
        return np.concatenate([np.empty(0, np.float32), *found])

    @property
    def impostor_count(self) -> int:
        """Impostor comparisons that were made."""
        images = np.bincount(self._places[1][self.usable])
        return (int(images.sum()) ** 2 - int((images**2).sum())) // 2

    @property
    def planned_mated(self) -> int:
        """Mated pairs there would be had no image failed."""
        return len(self._mated[0])

    def comparisons(self) -> Comparisons:
        """Every comparison that was made, with its two people; 20 bytes each."""
        i, j = self._mated
        made = ~np.isnan(self.matrix[i, j])
        i, j = i[made], j[made]
        found = [Comparisons(np.empty(0, np.float32), self.people[:0], self.people[:0])]
        for rows, block, counts in self._blocks():
            own = slice(*np.searchsorted(i, [rows.start, rows.stop]))
            counts[i[own] - rows.start, j[own] - rows.start] = True
            a, b = np.nonzero(counts)
            ends = self.people[a + rows.start], self.people[b + rows.start]
            found.append(Comparisons(block[a, b], *ends))
        return Comparisons(
            np.concatenate([c.scores for c in found]),
            np.concatenate([c.first for c in found]),
            np.concatenate([c.second for c in found]),
        )

    # -- parts -----------------------------------------------------------------------------------

    def select(self, mask: ArrayLike) -> AllPairs:
        """The comparisons among some of the images; their scores stay as they are.

        Parameters
        ----------
        mask
            Truth values, shape (n,).

        Raises
        ------
        ValueError
            If there is not one truth value for each image.
        """
        chosen = np.asarray(mask)
        if chosen.shape != (len(self),) or chosen.dtype != bool:
            raise ValueError(
                f"a mask of shape {chosen.shape} and type {chosen.dtype} selects nothing here: give"
                f" one truth value for each of {len(self)} images"
            )
        if chosen.all():
            return self
        take = np.flatnonzero(chosen)
        return replace(
            self,
            matrix=self.matrix[np.ix_(take, take)],
            people=self.people[take],
            usable=self.usable[take],
            images=self.images[take],
            kept=None if self.kept is None else self.kept[take],
        )

    def within(self, cells: ArrayLike) -> dict[Any, AllPairs]:
        """For each cell the comparisons with both images in it.

        Parameters
        ----------
        cells
            Group of each image, shape (n,).

        Returns
        -------
        parts
            By cell, in ascending order.

        Raises
        ------
        ValueError
            If there is not one group for each image.
        """
        group = per_image(cells, len(self), "groups")
        return {name: self.select(group == name) for name in np.unique(group).tolist()}

    def mated_only(self, which: str) -> AllPairs:
        """The same comparisons with the mated pairs of one kind; impostor pairs stay.

        The table of scores is shared, not copied.

        Parameters
        ----------
        which
            ``"same style"``: both images keep their person's styling; ``"restyled"``: the others;
            ``"all"``.

        Raises
        ------
        ValueError
            For another word, or when :func:`all_pairs` was not told which images keep theirs.
        """
        if which not in STYLES:
            raise ValueError(f"there are no {which!r} mated pairs: use {', '.join(STYLES)}")
        if self.kept is None:
            raise ValueError("these pairs do not know who kept their style: give all_pairs kept=")
        return replace(self, style=which)

    # -- counts ----------------------------------------------------------------------------------

    def pair_counts(self, threshold: float) -> tuple[Whole, Whole, Whole]:
        """False matches and impostor comparisons for every pair of people.

        Parameters
        ----------
        threshold
            A match is ``s >= threshold``, compared as float32 like the scores.

        Returns
        -------
        false_matches, compared
            Shape (k, k), symmetric, zero on the diagonal.
        people
            The k numbers of the people, ascending; also of those whose every image failed.
        """
        names, place = self._places
        k, t = len(names), _float32(threshold)
        false = np.zeros((k, k), np.int64)
        for rows, block, counts in self._blocks():
            i, j = np.nonzero(counts & (block >= t))
            np.add.at(false, (place[i + rows.start], place[j + rows.start]), 1)
        images = np.bincount(place[self.usable], minlength=k)
        compared = np.outer(images, images)
        np.fill_diagonal(compared, 0)
        return false + false.T, compared, names

    def mated_counts(self, threshold: float) -> MatedCounts:
        """Mated pairs of every person: missed (``s < threshold``), made, planned.

        Returns
        -------
        counts
            In the order of ``people``, the same as that of :meth:`pair_counts`.
        """
        names, place = self._places
        t, k = _float32(threshold), len(names)
        owner, scores = place[self._mated[0]], self.matrix[self._mated]
        missed, made, planned = (
            np.bincount(owner[which], minlength=k)
            for which in (scores < t, ~np.isnan(scores), slice(None))
        )
        return MatedCounts(missed, made, planned, names)

    def pair_highest(self) -> Scores:
        """The highest impostor score of every two people: they are confused up to this threshold.

        Returns
        -------
        table
            Shape (k, k), symmetric, in the order of :meth:`pair_counts`; minus infinity where two
            people were not compared and on the diagonal.
        """
        names, place = self._places
        k = len(names)
        order = np.argsort(place, kind="stable")
        starts = np.searchsorted(place[order], np.arange(k))
        best = np.full((k, k), np.nan, np.float32)
        for row, own in zip(best, np.split(order, starts[1:]), strict=False):  # (k may be 0)
            row[:] = np.fmax.reduceat(np.fmax.reduce(self.matrix[own])[order], starts)
        np.fill_diagonal(best, np.nan)
        return np.where(np.isnan(best), np.float32(-np.inf), best)

    def highest(self, n: int = 20) -> pd.DataFrame:
        """The n impostor pairs that are most alike: one person under two names is a common fault.

        Returns
        -------
        table
            Columns image_1, image_2 (places in the whole set), person_1, person_2, score; the
            highest first.
        """
        import pandas as pd

        i = j = np.empty(0, np.int64)
        scores, floor = np.empty(0, np.float32), np.float32(-np.inf if n > 0 else np.inf)
        for rows, block, counts in self._blocks():
            at = np.nonzero(counts & (block >= floor))
            scores = np.concatenate([scores, block[at]])
            i, j = (np.concatenate([a, b + rows.start]) for a, b in zip((i, j), at, strict=True))
            if scores.size > n > 0:
                floor = np.partition(scores, -n)[-n]
                i, j, scores = (x[scores >= floor] for x in (i, j, scores))
        order = np.lexsort((self.images[j], self.images[i], -scores))[:n]
        i, j = i[order], j[order]
        return pd.DataFrame(
            {
                "image_1": self.images[i],
                "image_2": self.images[j],
                "person_1": self.people[i],
                "person_2": self.people[j],
                "score": scores[order],
            }
        )


def _float32(threshold: float) -> np.float32:
    value = np.float32(threshold)
    if np.isnan(value):
        raise ValueError("the threshold is not a number: give one between the scores")
    return value


def per_image(values: ArrayLike, n: int, what: str) -> NDArray[Any]:
    """``values`` as an array with one entry for each of n images, or a ``ValueError``."""
    array = np.asarray(values)
    if array.shape != (n,):
        raise ValueError(f"{what} of shape {array.shape} for {n} images: give one for each image")
    return array


BLOCK, READ = 256, 64
"""Rows of a table that are computed, and that are read, at once."""


def all_pairs(
    templates: ArrayLike,
    people: ArrayLike,
    measure: str = "euclidean",
    *,
    kept: ArrayLike | None = None,
    limits: tuple[float, float] | None = None,
) -> AllPairs:
    """Compare every image with every other.

    Takes 4 n**2 bytes (33 MB for 2,880 images) and a few MB to work with.

    Parameters
    ----------
    templates
        Shape (n, d), taken as float32; a row with a NaN is an image without a usable face.
    people
        Number of the person in each image, shape (n,), whole numbers.
    measure
        One of :data:`MEASURES`: what the matcher declares.
    kept
        Which images keep their person's styling, shape (n,); needed by
        :meth:`AllPairs.mated_only`.
    limits
        Lowest and highest score, whose 2**-20 the scores are rounded to; those of these pairs,
        when ``None``.

    Raises
    ------
    ValueError
        With one sentence, when shapes do not fit, people are no whole numbers or a template is
        infinite.

    Examples
    --------
    >>> all_pairs(np.eye(3), [1, 1, 2], "cosine")
    AllPairs(3 images of 2 people, cosine, mated pairs: all)
    """
    rows, who = checked_templates(templates, people)
    n = len(rows)
    usable: NDArray[np.bool_] = np.asarray(~np.isnan(rows).any(axis=1), bool)
    scorer = _scorer(measure)
    matrix = np.full((n, n), np.nan, np.float32)
    low, high = np.inf, -np.inf
    # The whole range is known only after the last block, so rounding needs a second round.
    for r in _blocks(n):
        block = scorer(rows[r], rows[r.start :])
        block[~usable[r]] = np.nan
        block[:, ~usable[r.start :]] = np.nan
        np.fill_diagonal(block, np.nan)
        square = np.triu(block[:, : len(block)], 1)
        np.fill_diagonal(square, np.nan)
        block[:, : len(block)] = square + np.triu(square, 1).T  # the same bits on both sides
        matrix[r, r.start :] = block
        matrix[r.start :, r] = block.T
        if not np.isnan(block).all():
            low, high = min(low, np.nanmin(block)), max(high, np.nanmax(block))
    low, high = _range(low, high) if limits is None else limits
    if not low < high:
        raise ValueError(f"limits {low:g} to {high:g} are no range: give lowest, highest score")
    for r in _blocks(n):
        matrix[r] = _on_grid(matrix[r], low, high)
    styled = None if kept is None else per_image(kept, n, "kept").astype(bool)
    return AllPairs(matrix, who, measure, low, high, usable, np.arange(n), styled)


def _range(low: float, high: float) -> tuple[float, float]:
    """Ends that a last bit of a float64 does not move; a range of one point gets a width."""
    if not low <= high:
        return -1.0, 0.0
    low, high = float(np.float32(low)), float(np.float32(high))
    return (low, high) if low < high else (low, low + 1.0)


def _blocks(n: int, block: int = BLOCK) -> Iterator[slice]:
    return (slice(k, min(k + block, n)) for k in range(0, n, block))


def checked_templates(templates: ArrayLike, people: ArrayLike) -> tuple[Scores, Whole]:
    """Templates as float32 (n, d) and people as int64 (n,), or a ``ValueError`` that says why."""
    rows = np.ascontiguousarray(templates, np.float32)
    if rows.ndim != 2:
        raise ValueError(f"templates of shape {rows.shape}: give a row for each image, (n, d)")
    if np.isinf(rows).any():
        raise ValueError("a template holds an infinite number: mark failed images with NaN")
    who = per_image(people, len(rows), "people")
    if who.size and not np.issubdtype(who.dtype, np.integer):
        raise ValueError(f"people are of type {who.dtype}: give a whole number for each image")
    return rows, who.astype(np.int64)


# ---- too many to hold ---------------------------------------------------------------------------


def dev_edges(pairs: AllPairs, bins: int = 4096) -> NDArray[np.float64]:
    """Even edges between the lowest and the highest score of (dev) pairs, ``bins + 1``.

    Raises
    ------
    ValueError
        If 2**20 is no multiple of ``bins``: edges lie on the grid that scores are rounded to.
    """
    if bins < 1 or STEPS % bins:
        raise ValueError(f"{bins} bins do not divide 2**20: give a power of two such as 4096")
    steps = np.arange(bins + 1) * (STEPS // bins)
    return np.asarray(pairs.low + steps * ((pairs.high - pairs.low) / STEPS), np.float64)


@dataclass(frozen=True, eq=False)
class ScoreCounts:
    """Binned counts of scores by pair of groups, from :func:`score_counts`.

    Bin 0 holds the scores below the first edge, bin k those from edge k-1 up to below edge k, the
    last those from the last edge on.

    Parameters
    ----------
    edges
        Shape (b + 1,), ascending.
    groups
        Names, shape (g,).
    genuine, impostor
        Pairs of images, shape (g, g, b + 2), int64; symmetric: pairs of two groups stand in both
        halves, so add up one half only.
    people, images
        People and images with a template in each group, shape (g,).
    """

    edges: NDArray[np.float64]
    groups: NDArray[Any]
    genuine: Whole
    impostor: Whole
    people: Whole
    images: Whole

    def __repr__(self) -> str:
        return (
            f"ScoreCounts({int(self.images.sum()):,} images in {len(self.groups)} groups,"
            f" {len(self.edges) - 1:,} bins)"
        )

    def _of(self, table: Whole, first: Any, second: Any) -> Whole:
        g = [np.flatnonzero(self.groups == name) for name in (first, second)]
        if not (g[0].size and g[1].size):
            raise ValueError(
                f"no group {first if not g[0].size else second!r}: use {self.groups.tolist()}"
            )
        return table[g[0][0], g[1][0]]

    def fmr(self, group: Any, other: Any = None) -> NDArray[np.float64]:
        """Binned FMR at every edge, shape (b + 1,): within a group, or between two."""
        counts = self._of(self.impostor, group, group if other is None else other)
        return np.cumsum(counts[::-1])[::-1][1:] / (counts.sum() or np.nan)

    def fnmr(self, group: Any) -> NDArray[np.float64]:
        """Binned FNMR at every edge, shape (b + 1,)."""
        counts = self._of(self.genuine, group, group)
        return np.cumsum(counts)[:-1] / (counts.sum() or np.nan)

    def all_impostors(self) -> Whole:
        """Impostor pairs of everybody with everybody by bin, each once, shape (b + 2,)."""
        return self.impostor[np.triu_indices(len(self.groups))].sum(0)

    def all_genuine(self) -> Whole:
        """Mated pairs by bin, each once, shape (b + 2,)."""
        return self.genuine[np.triu_indices(len(self.groups))].sum(0)


def score_counts(
    templates: ArrayLike,
    people: ArrayLike,
    groups: ArrayLike,
    edges: ArrayLike,
    measure: str = "euclidean",
    *,
    block: int = 512,
    progress: Callable[..., Any] | None = None,
) -> ScoreCounts:
    """Count the scores of everybody with everybody by group, without ever holding them.

    The counts are those of scores rounded as :func:`all_pairs` does it with ``limits`` at the first
    and the last edge: products are computed in float32, and those too near an edge for float32 once
    more in float64.  So neither the order of the images nor the size of a block changes a count.

    Parameters
    ----------
    templates
        Shape (n, d), taken as float32; images with a NaN are left out.
    people, groups
        Of each image, shape (n,); people are whole numbers.
    edges
        Ascending, at least two, such as :func:`dev_edges` gives.
    measure
        One of :data:`MEASURES`.
    block
        Rows of a tile of scores.
    progress
        Wraps the blocks of rows, such as ``tqdm.tqdm``; called with them and ``total=``.

    Raises
    ------
    ValueError
        With one sentence, when shapes do not fit or edges do not ascend.

    Examples
    --------
    >>> c = score_counts([[0.0], [1.0], [3.0]], [1, 1, 2], ["a"] * 3, [-4, -2, 0])
    >>> c.genuine[0, 0].tolist(), c.impostor[0, 0].tolist()
    ([0, 0, 1, 0], [0, 1, 1, 0])
    """
    rows, who = checked_templates(templates, people)
    group = per_image(groups, len(rows), "groups")
    cuts = np.asarray(edges, np.float64)
    if cuts.ndim != 1 or len(cuts) < 2 or not (np.diff(cuts) > 0).all() or block < 1:
        raise ValueError("edges must be two or more ascending numbers, and a block at least a row")
    cosine = _scorer(measure) is cosine_scores
    names, place = np.unique(group, return_inverse=True)
    usable = np.flatnonzero(~np.isnan(rows).any(axis=1))
    order = usable[np.argsort(place[usable], kind="stable")]
    rows, who, place = rows[order], who[order], place[order].astype(np.int64)
    stream = _Stream.of(rows, place, cuts, cosine)
    everyone = stream.count(len(names), block, progress)
    genuine = stream.move_mated(who, everyone)
    seen = np.unique(np.stack([place, who], 1), axis=0)[:, 0]
    sizes = [np.bincount(p, minlength=len(names)) for p in (seen, place)]
    return ScoreCounts(cuts, names, _symmetric(genuine), _symmetric(everyone), *sizes)


def _symmetric(half: Whole) -> Whole:
    """Counts of unordered pairs of groups in both halves of the table."""
    whole = half + half.transpose(1, 0, 2)
    own = np.arange(len(half))
    whole[own, own] = half[own, own]
    return whole


COLUMNS = 512
"""Columns of a tile of scores: with 512 rows it stays in a core's cache."""


@dataclass(frozen=True, eq=False)
class _Stream:
    """What counting by tiles needs of every image, and where the bins are cut."""

    rows: Scores
    groups: Whole
    ends: Whole
    cosine: bool
    norms: NDArray[np.float64]
    centred: Scores
    offsets: Scores
    slack: Scores
    grid: tuple[float, float]
    marks: NDArray[np.float64]
    cuts: Scores
    guess: NDArray[np.uint32]
    start: np.float32
    per: np.float32

    @classmethod
    def of(cls, rows: Scores, groups: Whole, edges: NDArray[np.float64], cosine: bool) -> _Stream:
        exact = rows.astype(np.float64)
        norms = np.maximum(np.linalg.norm(exact, axis=1), 1e-12)
        if cosine:
            exact /= norms[:, None]
        # A distance, and up to a sum a product, does not change when all are moved by the same
        # vector; nearer to the origin float32 is wrong by less.
        middle = exact.mean(0) if len(exact) else np.zeros(rows.shape[1])
        away = exact - middle
        squares = (away**2).sum(1)
        offsets = exact @ middle - middle @ middle / 2 if cosine else -squares
        lengths = np.sqrt(squares)
        longest, most = lengths.max(initial=0), np.abs(offsets).max(initial=0)
        factor = 1 if cosine else 2
        # What float32 can be wrong by.  The errors of a sum of d terms reach d roundings of 2**-24
        # at worst and, being as good as independent, a few times sqrt(d) in fact (Higham and Mary
        # 2019, SIAM J. Sci. Comput. 41(5)); the tests see less than a quarter of this allowance.
        sums = factor * lengths * longest
        slack = 2.0**-24 * (sums * 4 * rows.shape[1] ** 0.5 + 8 * (np.abs(offsets) + most + sums))
        low, high = edges[0], edges[-1]
        step = (high - low) / STEPS
        marks = _first_steps(edges, low, step)
        middles = low + (marks - 0.5) * step  # a score is rounded up to an edge from here on
        cuts = middles if cosine else np.where(middles > 0, np.inf, -(middles**2))
        cuts = np.concatenate([[-np.inf], cuts, [np.inf]]).astype(np.float32)
        cells = len(edges) - 1
        starts = middles[0] + np.arange(cells + 1) * ((middles[-1] - middles[0]) / cells)
        guess = np.concatenate(
            [[0], np.searchsorted(middles, starts + 1e-9 * (high - low))]
        ).astype(np.uint32)
        ends = np.cumsum(np.bincount(groups))
        return cls(
            rows,
            groups,
            ends,
            cosine,
            norms,
            away.astype(np.float32),
            offsets.astype(np.float32),
            slack.astype(np.float32),
            (float(low), float(step)),
            marks,
            cuts,
            guess,
            np.float32(middles[0]),
            np.float32(cells / (middles[-1] - middles[0])),
        )

    def count(self, groups: int, block: int, progress: Callable[..., Any] | None) -> Whole:
        """Every pair of images by pair of groups and bin; the blocks are shared out to threads."""
        from concurrent.futures import ThreadPoolExecutor

        from threadpoolctl import (  # type: ignore[import-untyped]
            threadpool_info,
            threadpool_limits,
        )

        blas = [lib["num_threads"] for lib in threadpool_info() if lib["user_api"] == "blas"]
        blocks = list(_blocks(len(self.rows), block))
        shape = (groups, groups, len(self.cuts) - 1)
        tables: list[Whole] = []  # one for each thread, handed from block to block

        def work(rows: slice) -> None:
            try:
                counts = tables.pop()
            except IndexError:
                counts = np.zeros(shape, np.int64)
            self._add_block(rows, counts)
            tables.append(counts)

        # One product in each thread is as fast as one product by all, and counting gains too.
        with threadpool_limits(1, "blas"), ThreadPoolExecutor(max(blas, default=1)) as pool:
            done = pool.map(work, blocks)
            try:
                for _ in done if progress is None else progress(done, total=len(blocks)):
                    pass
            except BaseException:
                pool.shutdown(cancel_futures=True)
                raise
        return sum(tables, np.zeros(shape, np.int64))

    def _add_block(self, r: slice, counts: Whole) -> None:
        from labkit.measure import _counting

        at = np.empty(COLUMNS, np.int32)
        factor = np.float32(1 if self.cosine else 2)
        store = np.empty((r.stop - r.start) * COLUMNS, np.float32)
        for c in _blocks(len(self.rows) - r.start, COLUMNS):
            columns = self.centred[r.start + c.start : r.start + c.stop]
            tile = store[: (r.stop - r.start) * len(columns)].reshape(-1, len(columns))
            np.matmul(self.centred[r], columns.T, out=tile)
            _counting.count_tile(
                tile,
                r.start,
                r.start + c.start,
                self.rows,
                self.norms,
                self.offsets,
                self.slack,
                factor,
                self.cosine,
                self.grid,
                self.start,
                self.per,
                self.guess,
                self.cuts,
                self.marks,
                self.groups,
                self.ends,
                at,
                counts,
            )

    def move_mated(self, who: Whole, everyone: Whole) -> Whole:
        """Take the mated pairs out of ``everyone``."""
        from labkit.measure import _counting

        genuine = np.zeros_like(everyone)
        order = np.argsort(who, kind="stable")
        starts = np.append(np.unique(who[order], return_index=True)[1], len(who))
        _counting.count_mated(
            self.rows,
            self.norms,
            self.cosine,
            self.grid,
            self.marks,
            order,
            starts,
            self.groups,
            everyone,
            genuine,
        )
        return genuine


def _first_steps(edges: NDArray[np.float64], low: float, step: float) -> NDArray[np.float64]:
    """For each edge the first point of the grid that is not below it, all as float32."""
    near = np.floor((edges - low) / step)
    tries = near[:, None] + np.arange(-1, 3)
    reached = np.asarray(low + tries * step, np.float32) >= edges.astype(np.float32)[:, None]
    return near - 1 + reached.argmax(1)


# ---- a flat list --------------------------------------------------------------------------------


@dataclass(frozen=True)
class Comparisons:
    """Scores with the two people behind each.

    Parameters
    ----------
    scores
        Shape (n,).
    first, second
        Numbers of the people, shape (n,).  Equal numbers make a mated (genuine) comparison.

    Examples
    --------
    >>> c = Comparisons.all_pairs(np.array([[1.0, 0.9], [0.9, 1.0]]), np.array([7, 7]))
    >>> c.genuine.tolist(), c.impostor.size
    ([0.9], 0)
    """

    scores: NDArray[np.floating]
    first: NDArray[np.int64]
    second: NDArray[np.int64]

    @classmethod
    def all_pairs(
        cls,
        scores: NDArray[np.floating],
        people: ArrayLike,
        cells: ArrayLike | None = None,
    ) -> Comparisons:
        """Every unordered pair of images from a square table of scores.

        Parameters
        ----------
        scores
            Shape (n, n), symmetric.
        people
            Number of the person in each image, shape (n,).
        cells
            Group of each image, shape (n,); impostor pairs across groups are then left out.
        """
        who = np.asarray(people, np.int64)
        i, j = np.triu_indices(len(who), 1)
        if cells is not None:
            group = np.asarray(cells)
            keep = (group[i] == group[j]) | (who[i] == who[j])
            i, j = i[keep], j[keep]
        return cls(scores[i, j], who[i], who[j])

    @property
    def mated(self) -> NDArray[np.bool_]:
        """Which comparisons are of one person."""
        return self.first == self.second

    @property
    def genuine(self) -> NDArray[np.floating]:
        """Scores of mated comparisons."""
        return self.scores[self.mated]

    @property
    def impostor(self) -> NDArray[np.floating]:
        """Scores of comparisons of two people."""
        return self.scores[~self.mated]

    def rounded(self, low: float | None = None, high: float | None = None) -> Comparisons:
        """The same comparisons with scores rounded to 2**-20 of their range."""
        low = float(self.scores.min()) if low is None else low
        high = float(self.scores.max()) if high is None else high
        return Comparisons(round_scores(self.scores, low, high), self.first, self.second)

    def person_pairs(self, threshold: float) -> int:
        """How many different pairs of people are behind the false matches at a threshold."""
        wrong = ~self.mated & (self.scores >= threshold)
        a = np.minimum(self.first[wrong], self.second[wrong])
        b = np.maximum(self.first[wrong], self.second[wrong])
        return len(np.unique(np.stack([a, b], 1), axis=0)) if a.size else 0

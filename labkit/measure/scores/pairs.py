"""Everybody compared with everybody, the table held in memory.

In: templates and who is in each image.  Out: :class:`AllPairs`: scores, and counts of them by
person and by pair of people.
"""

from __future__ import annotations

import functools
from collections.abc import Hashable, Iterator
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

from labkit.base.words import _
from labkit.measure.labels import labels
from labkit.measure.scores.comparing import checked_templates, per_image, scorer
from labkit.measure.scores.grid import on_grid, range_of
from labkit.measure.scores.lists import Comparisons
from labkit.measure.scores.memory import memory_left

if TYPE_CHECKING:
    import pandas as pd

Scores = NDArray[np.float32]
Whole = NDArray[np.int64]

STYLES = ("all", "same style", "restyled")
"""Which mated pairs count; see :meth:`AllPairs.mated_only`."""


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

    def impostor_blocks(self) -> Iterator[tuple[slice, Scores, NDArray[np.bool_]]]:
        """Blocks of rows from the diagonal on: which rows, scores, what is impostor and was made.

        A list of a table's scores takes half as much room as the table; a block takes little.
        """
        place = self._places[1]
        for rows in blocks(len(self), READ):
            block = self.matrix[rows, rows.start :]
            counts = place[rows, None] != place[None, rows.start :]
            counts &= block == block  # a comparison that failed is NaN
            counts[:, : len(block)] &= ~np.tri(len(block), dtype=bool)
            yield rows, block, counts

    @functools.cached_property
    def _mated(self) -> tuple[Whole, Whole]:
        """Places of the two images of each mated pair that counts, in the order of the rows."""
        place, found = self._places[1], [np.empty((2, 0), np.int64)]
        for rows in blocks(len(self), READ):
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
        return self.genuine_and_place()[0]

    def genuine_and_place(self) -> tuple[Scores, Whole]:
        """The same, and the place of each one's person in the order of :meth:`pair_counts`."""
        scores = self.matrix[self._mated]
        made = ~np.isnan(scores)
        return scores[made], self._places[1][self._mated[0][made]]

    @property
    def impostor(self) -> Scores:
        """Scores of the impostor comparisons that were made, in one row.

        Half as large as the table and read from it at every use: name it where it is used twice.
        """
        found = (block[counts] for _, block, counts in self.impostor_blocks())
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
        for rows, block, counts in self.impostor_blocks():
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

    def within(self, cells: Any) -> dict[Hashable, AllPairs]:
        """For each cell the comparisons with both images in it.

        Parameters
        ----------
        cells
            Group of each image, shape (n,).  Images of which nobody said it are in no cell; how
            many they are says :func:`labkit.measure.labels.labels`.

        Returns
        -------
        parts
            By cell, in ascending order.

        Raises
        ------
        ValueError
            If there is not one group for each image, or none at all.
        """
        found = labels(cells, len(self))
        return {name: self.select(found.of(name)) for name in found.names}

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
        for rows, block, counts in self.impostor_blocks():
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
        for rows, block, counts in self.impostor_blocks():
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


BLOCK, READ = 128, 64
"""Rows of a table that are computed, and that are read, at once."""

MOST_IMAGES = 10_000
"""Images of the largest table (400 MB); more are counted as they come."""


def all_pairs(
    templates: ArrayLike,
    people: ArrayLike,
    measure: str = "euclidean",
    *,
    kept: ArrayLike | None = None,
    limits: tuple[float, float] | None = None,
) -> AllPairs:
    """Compare every image with every other, and keep every score.

    Takes 4 n**2 bytes (33 MB for 2,880 images) and a few MB to work with.  More than
    :data:`MOST_IMAGES` images are not held but streamed:
    :func:`~labkit.measure.scores.streams.score_counts` counts their scores in bins, from which
    :func:`labkit.measure.rates.curve_of` and
    :meth:`~labkit.measure.scores.streams.ScoreCounts.threshold_at_fmr` make curves, thresholds and
    the rates of groups.

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
        With one sentence, when shapes do not fit or people are no whole numbers; when a template is
        infinite, all zeros (for the cosine) or so far from the others that their scores would be
        rounded to a few points; and before anything is computed, when the table would have too many
        images or would not fit into the memory that is left.

    Warns
    -----
    UserWarning
        When images have the very same template.

    Examples
    --------
    >>> all_pairs(np.eye(3), [1, 1, 2], "cosine")
    AllPairs(3 images of 2 people, cosine, mated pairs: all)
    """
    refuse_too_large(len(np.atleast_1d(np.asarray(people))))
    rows, who, usable = checked_templates(templates, people, measure)
    n, compared = len(rows), scorer(measure)
    styled = None if kept is None else per_image(kept, n, "kept").astype(bool)
    matrix = np.full((n, n), np.nan, np.float32)
    low, high = np.inf, -np.inf
    # The whole range is known only after the last block, so rounding needs a second round.
    for r in blocks(n, BLOCK):
        block = compared(rows[r], rows[r.start :])
        block[:, : len(block)][np.tri(len(block), dtype=bool)] = np.nan
        matrix[r, r.start :] = block
        low = min(low, np.fmin.reduce(block, axis=None, initial=np.inf))
        high = max(high, np.fmax.reduce(block, axis=None, initial=-np.inf))
    low, high = range_of(low, high) if limits is None else limits
    if not low < high:
        raise ValueError(f"limits {low:g} to {high:g} are no range: give lowest, highest score")
    for r in blocks(n, READ):
        upper = matrix[r, r.start :]
        upper[:] = on_grid(upper, low, high)
        own = upper[:, : len(upper)]
        own[:] = np.fmax(own, own.T)  # the lower half is NaN so far
        matrix[r.stop :, r] = upper[:, len(upper) :].T
    return AllPairs(matrix, who, measure, low, high, usable, np.arange(n), styled)


def refuse_too_large(n: int) -> None:
    """Raise a ``ValueError`` where a table of n images is too large to be made.

    Examples
    --------
    >>> refuse_too_large(60_000)
    Traceback (most recent call last):
    ValueError: 60,000 images take 14.4 GB as a table ...: count them with score_counts, ...
    """
    need = 4 * n * n + 8 * 3 * BLOCK * n
    left = memory_left()
    if n <= MOST_IMAGES and need < left:
        return
    why = _("up to {most:,} images are held").format(most=MOST_IMAGES)
    if n <= MOST_IMAGES:
        why = _("{left:.2g} GB are left").format(left=max(left, 0) / 1e9)
    words = _(
        "{n:,} images take {need:.3g} GB as a table of scores, and {why}: count them with"
        " score_counts, which streams"
    )
    raise ValueError(words.format(n=n, need=4 * n * n / 1e9, why=why))


def blocks(n: int, size: int) -> Iterator[slice]:
    """Slices of so many rows, up to row n."""
    return (slice(k, min(k + size, n)) for k in range(0, n, size))

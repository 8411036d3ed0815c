"""Scores of comparisons: two templates, everybody against everybody, or counted as they come.

In: templates (n, d), a row for each image, NaN where no face was found, and the number of the
person in each image.  Out: scores, larger meaning more alike, that know the people behind them
(:class:`AllPairs`, :class:`Comparisons`), or counts of scores when there are too many to hold.
What is counted from them is the business of :mod:`labkit.rates`.

Every score is rounded to 2**-20 of the range of its table before anything is counted: products
computed in another order or in other blocks differ in the last bit, and no count may hang on it.
"""

from __future__ import annotations

import functools
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

if TYPE_CHECKING:
    import pandas as pd

    from labkit.rates import RateCurve

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

    def _call(self, kernel: Any, *more: Any) -> Any:
        kept = np.zeros(len(self), bool) if self.kept is None else self.kept
        return kernel(self.matrix, self._places[1], kept, STYLES.index(self.style), *more)

    @functools.cached_property
    def _split(self) -> tuple[Scores, Scores]:
        from labkit import _counting

        made = int(self.mated_counts(np.inf).made.sum())
        images = np.bincount(self._places[1][self.usable])
        compared = (int(images.sum()) ** 2 - int((images**2).sum())) // 2
        genuine, impostor = np.empty(made, np.float32), np.empty(compared, np.float32)
        self._call(_counting.split, genuine, impostor)
        return genuine, impostor

    @property
    def genuine(self) -> Scores:
        """Scores of the mated comparisons that were made, in one row."""
        return self._split[0]

    @property
    def impostor(self) -> Scores:
        """Scores of the impostor comparisons that were made, in one row."""
        return self._split[1]

    @property
    def planned_mated(self) -> int:
        """Mated pairs there would be had no image failed."""
        return int(self.mated_counts(np.inf).planned.sum())

    def curve(self) -> RateCurve:
        """Exact FMR and FNMR at every threshold; see :func:`labkit.rates.curve`."""
        from labkit.rates import curve

        return curve(self.genuine, self.impostor, limits=(self.low, self.high))

    def comparisons(self) -> Comparisons:
        """Every comparison that was made, with its two people; 20 bytes each."""
        from labkit import _counting

        size = sum(s.size for s in self._split)
        scores, first = np.empty(size, np.float32), np.empty(size, np.int64)
        second = np.empty(size, np.int64)
        kept = np.zeros(len(self), bool) if self.kept is None else self.kept
        style = STYLES.index(self.style)
        _counting.flatten(self.matrix, self.people, kept, style, scores, first, second)
        return Comparisons(scores, first, second)

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
        from labkit import _counting

        names, place = self._places
        k = len(names)
        false = _counting.false_totals(self.matrix, place, k, _float32(threshold))
        images = np.bincount(place[self.usable], minlength=k)
        compared = np.outer(images, images)
        np.fill_diagonal(compared, 0)
        return false, compared, names

    def mated_counts(self, threshold: float) -> MatedCounts:
        """Mated pairs of every person: missed (``s < threshold``), made, planned.

        Returns
        -------
        counts
            In the order of ``people``, the same as that of :meth:`pair_counts`.
        """
        from labkit import _counting

        names = self._places[0]
        missed, made, planned = self._call(_counting.mated_totals, len(names), _float32(threshold))
        return MatedCounts(missed, made, planned, names)

    def highest(self, n: int = 20) -> pd.DataFrame:
        """The n impostor pairs that are most alike: one person under two names is a common fault.

        Returns
        -------
        table
            Columns image_1, image_2 (places in the whole set), person_1, person_2, score; the
            highest first.
        """
        import pandas as pd

        from labkit import _counting

        n = min(n, self.impostor.size)
        floor = np.partition(self.impostor, -n)[-n] if n else np.float32(np.inf)
        size = int((self.impostor >= floor).sum())
        i, j = np.empty(size, np.int64), np.empty(size, np.int64)
        _counting.highest(self.matrix, self._places[1], floor, i, j)
        scores = self.matrix[i, j]
        order = np.lexsort((self.images[j], self.images[i], -scores))[:n]
        i, j = i[order], j[order]
        return pd.DataFrame(
            {
                "image_1": self.images[i], "image_2": self.images[j],
                "person_1": self.people[i], "person_2": self.people[j], "score": scores[order],
            }
        )  # fmt: skip


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


BLOCK = 256
"""Rows of a table that are computed at once."""


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

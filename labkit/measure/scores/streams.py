"""Scores of too many images to hold, counted in bins as they come.

In: templates, who is in each image, groups and the edges of bins.  Out: :class:`ScoreCounts`.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

from labkit.measure.labels import labels
from labkit.measure.scores.comparing import checked_templates, cosine_scores, scorer
from labkit.measure.scores.grid import STEPS
from labkit.measure.scores.pairs import AllPairs, blocks

Scores = NDArray[np.float32]
Whole = NDArray[np.int64]


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
    missing
        Images of which nobody said the group: they are in no count.
    """

    edges: NDArray[np.float64]
    groups: NDArray[Any]
    genuine: Whole
    impostor: Whole
    people: Whole
    images: Whole
    missing: int = 0

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

    def threshold_at_fmr(self, rate: float, *, within: bool = False) -> float:
        """The lowest edge at which the binned FMR is at most ``rate``.

        Parameters
        ----------
        rate
            FMR asked for, 0..1.
        within
            Hold the mean of the FMRs within the groups to it, not the FMR of all pairs; groups
            without an impostor comparison take no part.

        Returns
        -------
        threshold
            An edge, at which the counts are exact; infinity when more match even at the last edge.

        Raises
        ------
        ValueError
            If the rate is none, or there is no impostor comparison.
        """
        if not 0 <= rate <= 1:
            raise ValueError(f"FMR {rate:g} is not a rate: give a number from 0 to 1")
        tables = [self.impostor[g, g] for g in range(len(self.groups))]
        counts = [t for t in (tables if within else [self.all_impostors()]) if t.sum()]
        if not counts:
            raise ValueError("no impostor scores were given: a threshold needs at least one")
        fmr = np.mean([np.cumsum(t[::-1])[::-1][1:] / t.sum() for t in counts], axis=0)
        low = np.flatnonzero(fmr <= rate * (1 + 1e-12))
        return float(self.edges[low[0]]) if low.size else float(np.inf)

    def bins(self, group: Any = None) -> tuple[Whole, Whole]:
        """Impostor and mated pairs by bin, shape (b + 2,): within a group, or of everybody."""
        if group is None:
            return self.all_impostors(), self.all_genuine()
        return self._of(self.impostor, group, group), self._of(self.genuine, group, group)

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
    people
        Number of the person in each image, shape (n,).
    groups
        Group of each image, shape (n,).  Images of which nobody said it are in no count;
        ``missing`` is how many they are.
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
    rows, who, has = checked_templates(templates, people, measure)
    found = labels(groups, len(rows))
    cuts = np.asarray(edges, np.float64)
    if cuts.ndim != 1 or len(cuts) < 2 or not (np.diff(cuts) > 0).all() or block < 1:
        raise ValueError("edges must be two or more ascending numbers, and a block at least a row")
    cosine = scorer(measure) is cosine_scores
    names, place = found.names, found.place
    usable = np.flatnonzero(has & found.known)
    order = usable[np.argsort(place[usable], kind="stable")]
    rows, who, place = rows[order], who[order], place[order]
    stream = _Stream.of(rows, place, cuts, cosine)
    everyone = stream.count_all(len(names), block, progress)
    genuine = stream.move_mated(who, everyone)
    person = np.unique(who, return_inverse=True)[1]
    seen = np.unique(place + person * len(names)) % max(len(names), 1)  # once in each group
    persons, images = (np.bincount(p, minlength=len(names)) for p in (seen, place))
    group = np.empty(len(names), object)
    group[:] = names
    return ScoreCounts(
        cuts,
        group,
        _symmetric(genuine),
        _symmetric(everyone),
        persons.astype(np.int64),
        images.astype(np.int64),
        found.missing,
    )


def _symmetric(half: Whole) -> Whole:
    """Counts of unordered pairs of groups in both halves of the table."""
    whole = half + half.transpose(1, 0, 2)
    own = np.arange(len(half))
    whole[own, own] = half[own, own]
    return whole


COLUMNS = 512
"""Columns of a tile of scores: with 512 rows it stays in a core's cache."""


class _Stream(NamedTuple):
    """What counting by tiles needs of every image, and where the bins are cut.

    ``slack`` is what float32 can be wrong by in an image's products, at most: ``fixed`` and, for
    each unit of the other's length (``sizes``), ``growing``.
    """

    rows: Scores
    groups: Whole
    ends: Whole
    cosine: bool
    factor: np.float32
    norms: NDArray[np.float64]
    centred: Scores
    offsets: Scores
    sizes: Scores
    fixed: Scores
    growing: Scores
    slack: Scores
    low: float
    step: float
    marks: NDArray[np.float64]
    cuts: Scores
    line: tuple[np.float32, np.float32, np.float32, np.float32]

    @classmethod
    def of(cls, rows: Scores, groups: Whole, edges: NDArray[np.float64], cosine: bool) -> _Stream:
        n = len(rows)
        norms, along, squares = np.empty(n), np.empty(n), np.empty(n)
        centred, total = np.empty_like(rows), np.zeros(rows.shape[1])
        for r in blocks(n, COLUMNS):  # float64 of a few rows at a time stays in the cache
            exact = rows[r].astype(np.float64)
            norms[r] = np.maximum(np.sqrt(np.einsum("ij,ij->i", exact, exact)), 1e-12)
            total += (exact / norms[r, None] if cosine else exact).sum(0)
        # A distance, and up to a sum a product, does not change when all are moved by the same
        # vector; nearer to the origin float32 is wrong by less.  So cosines are counted from the
        # middle of the bins.
        middle = total / max(n, 1)
        centre = (edges[0] + edges[-1]) / 2 if cosine else 0.0
        for r in blocks(n, COLUMNS):
            exact = rows[r].astype(np.float64)
            if cosine:
                exact /= norms[r, None]
            along[r] = exact @ middle
            exact -= middle
            squares[r] = np.einsum("ij,ij->i", exact, exact)
            centred[r] = exact
        offsets = along - (middle @ middle + centre) / 2 if cosine else -squares
        lengths = np.sqrt(squares)
        longest, most = lengths.max(initial=0), np.abs(offsets).max(initial=0)
        factor = 1 if cosine else 2
        # What float32 can be wrong by.  The errors of a sum of d terms reach d roundings of 2**-24
        # at worst and, being as good as independent, a few times sqrt(d) in fact (Higham and Mary
        # 2019, SIAM J. Sci. Comput. 41(5)); the tests see less than a quarter of this allowance.
        growing = 2.0**-24 * (2 * rows.shape[1] ** 0.5 + 4) * factor * lengths
        fixed = 2.0**-24 * 4 * (np.abs(offsets) + most)
        low, high = edges[0], edges[-1]
        step = (high - low) / STEPS
        marks = _first_steps(edges, low, step)
        middles = low + (marks - 0.5) * step  # a score is rounded up to an edge from here on
        cuts = middles - centre if cosine else np.where(middles > 0, np.inf, -(middles**2))
        cuts = np.concatenate([[-np.inf], cuts, [np.inf]]).astype(np.float32)
        ends = np.cumsum(np.bincount(groups))
        return cls(
            rows,
            groups,
            ends,
            cosine,
            np.float32(factor),
            norms,
            centred,
            offsets.astype(np.float32),
            lengths.astype(np.float32),
            fixed.astype(np.float32),
            growing.astype(np.float32),
            (fixed + growing * longest).astype(np.float32),
            float(low),
            float(step),
            marks,
            cuts,
            _line(middles - centre),
        )

    def count_all(self, groups: int, block: int, progress: Callable[..., Any] | None) -> Whole:
        """Every pair of images by pair of groups and bin; the blocks are shared out to threads."""
        from concurrent.futures import ThreadPoolExecutor

        from threadpoolctl import (  # type: ignore[import-untyped]
            threadpool_info,
            threadpool_limits,
        )

        blas = [lib["num_threads"] for lib in threadpool_info() if lib["user_api"] == "blas"]
        work_list = list(blocks(len(self.rows), block))
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
            done = pool.map(work, work_list)
            try:
                for _ in done if progress is None else progress(done, total=len(work_list)):
                    pass
            except BaseException:
                pool.shutdown(cancel_futures=True)
                raise
        return sum(tables, np.zeros(shape, np.int64))

    def _add_block(self, r: slice, counts: Whole) -> None:
        from labkit.measure.scores import _counting

        at = np.empty(COLUMNS, np.uint32)
        asked = np.empty(((r.stop - r.start) * COLUMNS, 3), np.uint32)
        store = np.empty((r.stop - r.start) * COLUMNS, np.float32)
        for c in blocks(len(self.rows) - r.start, COLUMNS):
            columns = self.centred[r.start + c.start : r.start + c.stop]
            tile = store[: (r.stop - r.start) * len(columns)].reshape(-1, len(columns))
            np.matmul(self.centred[r], columns.T, out=tile)
            _counting.count_tile(tile, r.start, r.start + c.start, self, at, asked, counts)

    def move_mated(self, who: Whole, everyone: Whole) -> Whole:
        """Take the mated pairs out of ``everyone``."""
        from labkit.measure.scores import _counting

        genuine = np.zeros_like(everyone)
        order = np.argsort(who, kind="stable")
        starts = np.append(np.unique(who[order], return_index=True)[1], len(who))
        _counting.count_mated(self, order, starts, everyone, genuine)
        return genuine


def _line(middles: NDArray[np.float64]) -> tuple[np.float32, np.float32, np.float32, np.float32]:
    """How scores become bins, ``score * per + shift``; how far float32 is off; the highest.

    No ``per`` where the edges are not evenly spaced.
    """
    cells = len(middles) - 1
    width = (middles[-1] - middles[0]) / cells
    uneven = np.abs(middles - middles[0] - width * np.arange(cells + 1)).max() / width
    per, centre = np.float32(1 / width), (middles[0] + middles[-1]) / 2
    shift = np.float32(1 + cells / 2 - centre * float(per))
    # A rounding of the root, of the slope (nothing at the centre), of the product and of the sum.
    largest = np.abs(middles).max() / width
    off = uneven + 2.0**-24 * (2 * largest + 2 * cells + abs(float(shift)) + 2)
    last = np.float32(cells + 1.5)
    return (per if off < 0.1 else np.float32(0)), shift, np.float32(off), last


def _first_steps(edges: NDArray[np.float64], low: float, step: float) -> NDArray[np.float64]:
    """For each edge the first point of the grid that is not below it, all as float32."""
    near = np.floor((edges - low) / step)
    tries = near[:, None] + np.arange(-1, 3)
    reached = np.asarray(low + tries * step, np.float32) >= edges.astype(np.float32)[:, None]
    return near - 1 + reached.argmax(1)

"""Searches by faiss, the library that many services use for galleries too large to compare whole.

In: templates, as :class:`labkit.gallery.Exact` takes them.  Out: the same kinds of answers, with
faiss's own float32 scores, which may differ from exact ones in their last digits; and, for the
kinds that do not look at everything, with misses of their own, which come on top of the matcher's.

Needs the extra ``search``: ``pip install "labkit[search]"``.  (Douze et al. 2024, "The Faiss
library", arXiv 2401.08281.)
"""

from __future__ import annotations

import itertools
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from labkit.base.words import _
from labkit.gallery.codes import Codes
from labkit.gallery.index import Above, Exact, Found, Mates, nobody, ordered
from labkit.measure.scores import paired_scores

Scores = NDArray[np.float32]
Whole = NDArray[np.int64]

KINDS = ("flat", "8bit", "ivf")
"""Everything in float32; everything with 8 bits a number; only the cells nearest to the probe."""

VISITED = 16
"""Of an ``"ivf"`` index, how many cells a search looks into."""

LEARNED = 50
"""Templates for each cell that the cells are learned from, at most."""

NEARLY = 1e-5
"""Two ways to compute one score in float32 differ by less than this, in units of the lengths."""


class Faiss:
    """A gallery searched by faiss, behind the same protocol as :class:`labkit.gallery.Exact`.

    Parameters
    ----------
    templates
        The gallery, shape (n, d); rows with a NaN are never found.  faiss keeps a copy.
    measure
        One of :data:`labkit.measure.MEASURES`.
    kind
        One of :data:`KINDS`.  ``"ivf"`` sorts the gallery into as many cells as the root of its
        size and looks into :data:`VISITED` of them.

    Raises
    ------
    ValueError
        For another kind, and for what :class:`~labkit.gallery.Exact` refuses.
    ModuleNotFoundError
        Without faiss, with a sentence that says how to get it.
    """

    def __init__(self, templates: ArrayLike, measure: str, kind: str = "flat") -> None:
        if kind not in KINDS:
            words = _("there is no kind {kind!r} of index: use {kinds}")
            raise ValueError(words.format(kind=kind, kinds=", ".join(KINDS)))
        # Checks templates and probes, and knows which rows are missing.
        self._checked = Exact(templates, measure)
        self.measure, self.kind = measure, kind
        given = self._checked._rows
        rows = given[:] if isinstance(given, Codes) else given
        self._cosine = measure == "cosine"
        rows = self._scaled(rows)
        self._index = _made(rows, self._cosine, kind)
        self._checked._rows = rows[:0]  # faiss has its own

    def __len__(self) -> int:
        """Rows of the gallery, those without a template included."""
        return len(self._checked)

    def __repr__(self) -> str:
        return f"Faiss({len(self):,} templates, {self.measure}, {self.kind})"

    def search(self, probes: ArrayLike, k: int) -> Found:
        """The k nearest rows of each probe; see :meth:`labkit.gallery.Exact.search`."""
        if k < 1:
            raise ValueError(_("the {k} nearest cannot be found: give 1 or more").format(k=k))
        given, usable = self._given(probes)
        scores = np.full((len(given), k), np.nan, np.float32)
        rows = np.full((len(given), k), -1, np.int64)
        most = min(k, self._index.ntotal)
        if most and usable.size:
            far, found = self._index.search(self._scaled(given[usable]), most)
            some = np.where(found < 0, np.float32(np.nan), self._score(far))
            order = np.lexsort((found, -some))
            scores[usable, :most] = np.take_along_axis(some, order, 1)
            found = np.take_along_axis(found, order, 1)
            rows[usable, :most] = np.where(found < 0, -1, self._checked._names(found))
        return Found(scores, rows)

    def above(self, probes: ArrayLike, threshold: float) -> Above:
        """All pairs with a score of at least the threshold; see :meth:`labkit.gallery.Exact.above`.

        ``"ivf"`` finds only those in the cells that it looks into.
        """
        if threshold != threshold:
            raise ValueError(_("a threshold of NaN decides nothing: give a number"))
        given, usable = self._given(probes)
        i, j, s = self._above(given[usable], threshold)
        return ordered(Above(usable[i], self._checked._names(j), s))

    def best(self, probes: ArrayLike) -> Scores:
        """The highest score of each probe, shape (m,); NaN where nothing was found."""
        return self.search(probes, 1).scores[:, 0]

    def mate(self, probes: ArrayLike, rows: ArrayLike) -> Mates:
        """Score and rank of one given row for each probe; see :meth:`labkit.gallery.Exact.mate`.

        A mate in a cell that ``"ivf"`` does not look into is missed: NaN, and the rank -1.
        """
        given, usable = self._given(probes)
        own = self._checked._own(given, rows)
        scores = np.full(len(given), np.nan, np.float32)
        ranks = np.full(len(given), -1, np.int64)
        for p in usable[own[usable] >= 0]:
            probe = self._scaled(given[p : p + 1])
            row = self._index.reconstruct(int(own[p]))[None]
            score = float(paired_scores(probe, row, self.measure)[0])
            size = 1.0 if self._cosine else float(np.linalg.norm(probe) + np.linalg.norm(row))
            _i, j, s = self._above(given[p : p + 1], score - NEARLY * size)
            mine = j == own[p]
            if mine.any():
                scores[p] = s[mine][0]
                ranks[p] = (s >= scores[p]).sum()
        return Mates(scores, ranks)

    def reaching(self, probes: ArrayLike, scores: ArrayLike) -> Whole:
        """How many rows reach each probe's own score; see :meth:`labkit.gallery.Exact.reaching`.

        ``"ivf"`` counts only those in the cells that it looks into.
        """
        given, usable = self._given(probes)
        wanted = np.broadcast_to(np.asarray(scores, np.float64), len(given))
        total = np.zeros(len(given), np.int64)
        for p in usable[~np.isnan(wanted[usable])]:
            total[p] = len(self._above(given[p : p + 1], float(wanted[p])).rows)
        return total

    def _given(self, probes: ArrayLike) -> tuple[Scores, Whole]:
        given = self._checked._probes(probes)
        return given, np.flatnonzero(~np.isnan(given).any(1))

    def _scaled(self, rows: Scores) -> Scores:
        """Products are what faiss knows, not angles."""
        if not self._cosine:
            return rows
        return rows / np.linalg.norm(rows, axis=1, keepdims=True)

    def _score(self, far: Scores) -> Scores:
        """Products, or squared distances, as scores."""
        return far if self._cosine else -np.sqrt(np.maximum(far, 0))

    def _above(self, given: Scores, threshold: float) -> Above:
        """Pairs among the rows with a template, in no order."""
        if not len(given) or (threshold > 0 and not self._cosine):
            return nobody()
        # faiss returns what is beyond a radius, not what is at it.
        if self._cosine:
            radius = np.nextafter(np.float32(threshold), np.float32(-np.inf))
        else:
            radius = np.nextafter(np.float32(threshold**2 * (1 + 1e-6)), np.float32(np.inf))
        ends, far, found = self._index.range_search(self._scaled(given), float(radius))
        i = np.repeat(np.arange(len(given)), np.diff(ends.astype(np.int64)))
        s = self._score(far)
        passes = s >= threshold
        return Above(i[passes], found[passes], s[passes])


def _made(rows: Scores, cosine: bool, kind: str) -> Any:
    """The index of the rows that faiss makes."""
    try:
        import faiss
    except ModuleNotFoundError as error:
        words = _(
            "faiss is not installed: run 'pip install faiss-cpu' in the lab's environment, or"
            " search with labkit.gallery.Exact"
        )
        raise ModuleNotFoundError(words, name="faiss") from error
    n, d = rows.shape
    metric = faiss.METRIC_INNER_PRODUCT if cosine else faiss.METRIC_L2
    cells = max(int(n**0.5), 1)
    made = {"flat": "Flat", "8bit": "SQ8", "ivf": f"IVF{cells},Flat"}[kind]
    index: Any = faiss.index_factory(d, made, metric)
    if kind == "ivf":
        index.nprobe = min(VISITED, cells)
        index.cp.max_points_per_centroid = LEARNED
        index.cp.min_points_per_centroid = 1  # no warning for small galleries
    if n:
        index.train(rows[:: max(n // (LEARNED * cells), 1)])
        for start, stop in itertools.pairwise([*range(0, n, 2**17), n]):
            index.add(rows[start:stop])
        if kind == "ivf":
            index.make_direct_map()
    return index

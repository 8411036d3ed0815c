"""Searches of a gallery: the nearest few, all above a threshold, and where somebody's own place is.

In: templates of the gallery and of the probes, a row for each face, NaN where no face was found.
Out: rows of the gallery with their scores, larger meaning more alike.

:class:`Exact` compares every probe with every row, and is what other ways to search are judged by.
It first computes all scores quickly, in float32 and in blocks, with a bound on what that can be
wrong by; whatever lies within the bound is then scored one by one as
:func:`labkit.measure.scores.paired_scores` does it.  So a result depends neither on the size of a
block nor on which probes are searched together, nor on how many threads do it.
"""

from __future__ import annotations

import functools
import itertools
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple, Protocol, TypeVar

import numpy as np
from numpy.typing import ArrayLike, NDArray

from labkit.base.words import _
from labkit.gallery.codes import Codes
from labkit.measure.scores import cosine_scores, paired_scores
from labkit.measure.scores.comparing import refuse_no_templates, scorer

if TYPE_CHECKING:
    from threadpoolctl import ThreadpoolController  # type: ignore[import-untyped]

Scores = NDArray[np.float32]
Whole = NDArray[np.int64]
Exactly = NDArray[np.float64]
T = TypeVar("T")

TOGETHER = 1024
"""Probes that are searched together, at most."""

TILE = 2**20
"""Scores that are computed at once, about: what a core's cache holds."""

DECODED = 2**18
"""Numbers of codes that are made float32 at once: what the nearest cache of a core holds."""

PENDING = 2**21
"""Rows in question, at most, before they are scored one by one and all but the best let go."""

PARTS = 16
"""Times k, the parts of the first block whose best scores say where a search begins."""

PIECE = 2**10
"""Scores of a single probe that are looked at together."""

UNIT = 2.0**-21
"""Templates whose length is so near to 1 are not divided by it: half of what the bound has over."""

LONGEST = 1e15
"""A template longer than this has a square that float32 does not hold."""


class Found(NamedTuple):
    """The nearest rows of each probe.

    Parameters
    ----------
    scores
        Shape (m, k), descending; NaN where there are fewer than k.
    rows
        Rows of the gallery, shape (m, k); of equal scores the lower row first; -1 where there are
        fewer than k.
    """

    scores: Scores
    rows: Whole


class Above(NamedTuple):
    """Every pair of a probe and a row of the gallery at or above a threshold.

    Ordered by probe, then by score from the highest, then by row.  Shape (p,) each.
    """

    probes: Whole
    rows: Whole
    scores: Scores


class Mates(NamedTuple):
    """Scores and ranks of given rows, shape (m,) each.

    A rank of 1 is the first of the list; other rows with the same score come before the mate.  Who
    has no row, or whose template is missing, has the score NaN and the rank -1.
    """

    scores: Scores
    ranks: Whole


class Index(Protocol):
    """What every way to search a gallery offers."""

    measure: str

    def __len__(self) -> int:
        """Rows of the gallery, those without a template included."""

    def search(self, probes: ArrayLike, k: int) -> Found:
        """The k nearest rows of each probe."""

    def above(self, probes: ArrayLike, threshold: float) -> Above:
        """All pairs of a probe and a row with a score of at least the threshold."""

    def best(self, probes: ArrayLike) -> Scores:
        """The highest score of each probe, shape (m,); NaN where nothing can be compared."""

    def mate(self, probes: ArrayLike, rows: ArrayLike) -> Mates:
        """Score and rank of one given row for each probe."""

    def reaching(self, probes: ArrayLike, scores: ArrayLike) -> Whole:
        """How many rows reach a score that each probe has of its own, shape (m,)."""


class Exact:
    """Every probe compared with every row.

    Parameters
    ----------
    templates
        The gallery, shape (n, d), taken as float32, or as :class:`~labkit.gallery.codes.Codes`,
        whose templates are what the codes give; rows with a NaN are never found.  They are kept,
        not copied, when they are float32 in one piece, or codes, and none is missing.
    measure
        One of :data:`labkit.measure.MEASURES`.

    Raises
    ------
    ValueError
        With one sentence, for another measure or shape, infinite numbers, or zeros whose angle is
        asked for.

    Examples
    --------
    >>> index = Exact([[0.0], [5.0], [np.nan], [2.0]], "euclidean")
    >>> found = index.search([[1.5]], k=2)
    >>> found.rows.tolist(), found.scores.tolist()
    ([[3, 0]], [[-0.5, -1.5]])
    >>> index.above([[1.0], [5.5]], -1.0).rows.tolist()
    [0, 3, 1]
    >>> index.mate([[1.5]], [0]).ranks.tolist()
    [2]
    """

    def __init__(self, templates: ArrayLike | Codes, measure: str) -> None:
        self.measure = measure
        self._cosine = scorer(measure) is cosine_scores
        self._rows: Scores | Codes = _rows_of(templates)
        self._size, self._place = len(self._rows), None
        lengths = _lengths(self._rows, measure)
        missing = np.isnan(lengths)
        if missing.any():
            self._place = np.flatnonzero(~missing)
            lengths = lengths[self._place]
            rows = self._rows
            self._rows = rows.only(self._place) if isinstance(rows, Codes) else rows[self._place]
        if self._cosine:
            self._column: Scores = np.reciprocal(lengths, out=lengths)
            ends = lengths.min(initial=1), lengths.max(initial=1)
            self._unit = ends[0] >= 1 - UNIT and ends[1] <= 1 + UNIT
        else:
            self._column = np.square(lengths, out=lengths)

    def __len__(self) -> int:
        """Rows of the gallery, those without a template included."""
        return self._size

    def __repr__(self) -> str:
        return f"Exact({len(self):,} templates, {self.measure})"

    @property
    def nbytes(self) -> int:
        """Bytes that are kept: the templates, and a length for each."""
        names = 0 if self._place is None else self._place.nbytes
        return self._rows.nbytes + self._column.nbytes + names

    def search(self, probes: ArrayLike, k: int) -> Found:
        """The k nearest rows of each probe.

        Parameters
        ----------
        probes
            Shape (m, d), taken as float32; a probe with a NaN finds nobody.
        k
            How many; 1 or more.

        Raises
        ------
        ValueError
            If there is no such k, or the probes do not fit the gallery.
        """
        if k < 1:
            raise ValueError(_("the {k} nearest cannot be found: give 1 or more").format(k=k))
        given = self._probes(probes)
        most = min(k, len(self._rows))
        found: list[Above] = []
        if most:
            found = self._everywhere(given, lambda some, part: self._nearest(some, most, part))
        i, j, s = together(found)
        return listed(Above(i, self._names(j), s), len(given), k)

    def above(self, probes: ArrayLike, threshold: float) -> Above:
        """All pairs of a probe and a row with a score of at least the threshold.

        Parameters
        ----------
        probes
            Shape (m, d).
        threshold
            Scores are float32 and compared with it as they are: a threshold that was one of them
            finds it.

        Raises
        ------
        ValueError
            If the threshold is NaN, or the probes do not fit the gallery.
        """
        if threshold != threshold:
            raise ValueError(_("a threshold of NaN decides nothing: give a number"))

        given = self._probes(probes)

        def passing(some: _Probes, part: slice) -> Above:
            found = []
            for start, tile, slack in self._tiles(some, part):
                i, j = _reaching(tile, some.on_scale(threshold) - slack)
                exact = self._scores(some.rows, i, j + start)
                passes = exact >= threshold
                found.append(Above(some.place[i[passes]], j[passes] + start, exact[passes]))
            return together(found)

        i, j, s = together(self._everywhere(given, passing))
        return ordered(Above(i, self._names(j), s))

    def best(self, probes: ArrayLike) -> Scores:
        """The highest score of each probe, shape (m,); NaN where nothing can be compared."""
        return self.search(probes, 1).scores[:, 0]

    def mate(self, probes: ArrayLike, rows: ArrayLike) -> Mates:
        """Score and rank of one given row for each probe.

        Parameters
        ----------
        probes
            Shape (m, d).
        rows
            The row of each probe's own person, shape (m,); -1 where the person is not enrolled.

        Raises
        ------
        ValueError
            If there is not one row for each probe, a row is not in the gallery, or the probes do
            not fit it.
        """
        given = self._probes(probes)
        own = self._own(given, rows)
        has = np.flatnonzero((own >= 0) & ~np.isnan(given).any(1))
        scores = np.full(len(given), np.nan, np.float32)
        scores[has] = self._scores(given, has, own[has])
        ranks = np.full(len(given), -1, np.int64)
        ranks[has] = self.reaching(given[has], scores[has])  # the mate is one of them
        return Mates(scores, ranks)

    def reaching(self, probes: ArrayLike, scores: ArrayLike) -> Whole:
        """How many rows have at least a score that each probe has of its own, shape (m,).

        Parameters
        ----------
        probes
            Shape (m, d).
        scores
            Shape (m,), or one for all; nothing reaches NaN.

        Raises
        ------
        ValueError
            If the probes do not fit the gallery, or there is not one score for each.
        """
        given = self._probes(probes)
        wanted = np.broadcast_to(np.asarray(scores, np.float64), len(given))

        def counted(some: _Probes, part: slice) -> tuple[Whole, Whole]:
            asked = wanted[some.place]
            level, many = some.on_scale(asked), np.zeros(len(asked), np.int64)
            for start, tile, slack in self._tiles(some, part):
                sure = tile > _up(level + slack)
                many += sure.sum(1)
                i, j = _where((tile >= _down(level - slack)) & ~sure)
                reach = self._scores(some.rows, i, j + start) >= asked[i]
                many += np.bincount(i[reach], minlength=len(many))
            return some.place, many

        total = np.zeros(len(given), np.int64)
        for place, many in self._everywhere(given, counted):
            total[place] += many
        return total

    # -- rows and their names ----------------------------------------------------------------------

    def _names(self, rows: Whole) -> Whole:
        """Rows among those with a template, as rows of the gallery."""
        return rows if self._place is None else self._place[rows]

    def _inside(self, rows: Whole) -> Whole:
        """The other way round; -1 for rows without a template."""
        if self._place is None:
            return rows
        inside = np.full(len(self) + 1, -1, np.int64)  # the last is for row -1
        inside[self._place] = np.arange(len(self._place))
        return inside[rows]

    def _probes(self, probes: ArrayLike) -> Scores:
        given = _rows_of(probes)[:]
        if given.shape[1] != self._rows.shape[1]:
            words = _("probes of {d} numbers do not fit a gallery of {own}: use one matcher")
            raise ValueError(words.format(d=given.shape[1], own=self._rows.shape[1]))
        _lengths(given, self.measure)
        return given

    def _scores(self, probes: Scores, i: Whole, j: Whole) -> Scores:
        """Scores of pairs, one by one."""
        parts = np.array_split(np.arange(len(i)), len(i) // 2**13 + 1)
        return np.concatenate(
            [paired_scores(probes[i[p]], self._rows[j[p]], self.measure) for p in parts]
        )

    def _own(self, probes: Scores, rows: ArrayLike) -> Whole:
        """The row of each probe's own person among those with a template, -1 for none."""
        mates = np.asarray(rows)
        if mates.shape != (len(probes),) or (mates.size and mates.dtype.kind not in "iu"):
            words = _("rows of shape {shape} for {n} probes: give one whole number for each")
            raise ValueError(words.format(shape=mates.shape, n=len(probes)))
        wrong = mates[(mates < -1) | (mates >= len(self))]
        if wrong.size:
            words = _("row {row} is not in a gallery of {n}: give 0 to {last}, or -1 for nobody")
            raise ValueError(words.format(row=wrong[0], n=len(self), last=len(self) - 1))
        return self._inside(mates.astype(np.int64))

    # -- a sweep over the gallery ------------------------------------------------------------------

    def _everywhere(self, probes: Scores, work: Callable[[_Probes, slice], T]) -> list[T]:
        """``work`` for some probes in a part of the gallery at a time, until all of both are done.

        Probes with a NaN are left out.
        """
        usable = np.flatnonzero(~np.isnan(probes).any(1))
        done = []
        for first in range(0, len(usable), TOGETHER):
            place = usable[first : first + TOGETHER]
            some = _Probes.of(probes[place], place, self._cosine, self._rows)
            done += _shared_out(functools.partial(work, some), len(self._rows), len(place))
        return done

    def _tiles(self, probes: _Probes, part: slice) -> Iterator[tuple[int, Scores, Exactly]]:
        """Blocks: the first row, quick scores (m, rows), and what those can be wrong by, (m,).

        Scores are cosines; or squared lengths of probes less squared distances.
        """
        m, d = probes.factors.shape
        rows = max(TILE // max(m, 1), 64)
        codes = self._rows if isinstance(self._rows, Codes) else None
        if codes:
            rows = min(rows, max(DECODED // max(d, 1), 64))
            decoded = np.empty((rows, d), np.float32)
        room = np.empty(m * rows, np.float32)
        for start in range(part.start, part.stop, rows):
            stop = min(start + rows, part.stop)
            tile = room[: m * (stop - start)].reshape(m, -1)
            column = self._column[start:stop]
            if codes:
                block = decoded[: stop - start]
                block[:] = codes.numbers[start:stop]
            else:
                block = self._rows[start:stop]
            if m == 1:  # reads the rows faster than a product with one column does
                np.vecdot(block, probes.factors[0], out=tile[0])
            else:
                np.matmul(probes.factors, block.T, out=tile)
            if codes:
                tile += probes.shift[:, None]
            if self._cosine:
                if not self._unit:
                    tile *= column
                sizes = np.ones(m)
                if codes:
                    sizes += 2 * probes.low * float(column.max())
            else:
                tile -= column
                longest = np.sqrt(float(column.max()))
                sizes = (probes.lengths + longest + 2 * probes.low) ** 2
            # A sum of d products is wrong by at most d roundings of 2**-24 of the product of the
            # lengths (Higham 2002, Accuracy and Stability of Numerical Algorithms, section 3.1),
            # where a code is at most as long as its template and the low end of the scale together;
            # the other 16 are for lengths that are taken for 1, for the roundings before and after,
            # and of a score to float32.
            yield start, tile, 2.0**-24 * (d + 16) * sizes

    def _nearest(self, probes: _Probes, k: int, part: slice) -> Above:
        """The k nearest rows of each probe in a part of the gallery."""
        best, pending = nobody(), _Pending(len(probes.place), k)

        def settle() -> Above:
            if not pending.size:
                return best
            i, j = pending.take()
            fresh = Above(i, j, self._scores(probes.rows, i, j))
            return _best(together([best, fresh]), k)

        for start, tile, slack in self._tiles(probes, part):
            gate = _begin(tile, k) - slack if start == part.start else pending.gate
            i, j = _reaching(tile, gate - slack)
            if i.size:
                pending.add(i, j + start, tile[i, j].astype(np.float64), slack[i])
            if pending.size > PENDING:
                best = settle()
        i, j, s = settle()
        return Above(probes.place[i], j, s)


@dataclass(frozen=True)
class _Probes:
    """Probes as a sweep needs them, and which of all they are.

    For codes the scale of each number is put into the factors, ``shift`` is the product with the
    low ends of the scales, and ``low`` how long these are.
    """

    rows: Scores
    place: Whole
    factors: Scores
    shift: Scores
    low: float
    lengths: Exactly
    cosine: bool

    @classmethod
    def of(cls, rows: Scores, place: Whole, cosine: bool, gallery: Scores | Codes) -> _Probes:
        exact = rows.astype(np.float64)
        lengths = np.sqrt((exact**2).sum(1))
        factors = exact / lengths[:, None] if cosine else 2 * exact
        shift, low = np.zeros(len(rows)), 0.0
        if isinstance(gallery, Codes):
            shift, low = factors @ gallery.low, float(np.linalg.norm(gallery.low))
            factors = factors * gallery.step
        single = factors.astype(np.float32), shift.astype(np.float32)
        return cls(rows, place, *single, low, lengths, cosine)

    def on_scale(self, scores: ArrayLike) -> Exactly:
        """Scores as the tiles have them, one for each probe."""
        s = np.broadcast_to(np.asarray(scores, np.float64), self.lengths.shape)
        if self.cosine:
            return s
        return np.where(s > 0, np.inf, self.lengths**2 - s**2)


class _Pending:
    """Rows that may be among the k nearest of m probes, and what these are at least (``gate``)."""

    def __init__(self, m: int, k: int) -> None:
        self.size, self.gate = 0, np.full(m, -np.inf)
        self._least = np.full((m, k), -np.inf)
        self._rows: list[tuple[Whole, Whole, Exactly]] = []
        self._late: list[tuple[Whole, Exactly]] = []
        self._waiting = 0

    def add(self, i: Whole, j: Whole, quick: Exactly, slack: Exactly) -> None:
        """Rows j for probes i, their quick scores, and what those can be wrong by."""
        self._rows.append((i, j, quick + slack))
        self._late.append((i, quick - slack))
        self.size += len(i)
        self._waiting += len(i)
        if self._waiting > self._least.size:  # to look at a few each time would take longer
            self._raise()

    def _raise(self) -> None:
        """Put what is waiting among the k largest of each probe."""
        i, values = (np.concatenate(x) for x in zip(*self._late, strict=True))
        self._late, self._waiting = [], 0
        order = np.argsort(i, kind="stable")
        i, values, (m, k) = i[order], values[order], self._least.shape
        many = np.bincount(i, minlength=m)
        new = np.full((m, many.max()), -np.inf)
        new[i, np.arange(len(i)) - (np.cumsum(many) - many)[i]] = values
        hit = np.flatnonzero(many)
        both = np.concatenate([self._least[hit], new[hit]], axis=1)
        self._least[hit] = np.partition(both, both.shape[1] - k, axis=1)[:, -k:]
        self.gate = self._least.min(1)

    def take(self) -> tuple[Whole, Whole]:
        """Those that may still be among the nearest, and none is pending any more."""
        if self._late:
            self._raise()
        i, j, most = (np.concatenate(x) for x in zip(*self._rows, strict=True))
        may = most >= self.gate[i]
        self._rows, self.size = [], 0
        return i[may], j[may]


def _down(values: Exactly) -> Scores:
    """float32, a column, below the values."""
    return np.nextafter(values.astype(np.float32), np.float32(-np.inf))[:, None]


def _up(values: Exactly) -> Scores:
    return -_down(-values)


def _begin(tile: Scores, k: int) -> Exactly:
    """What the k best of each row are at least: the k best of parts of it are k different ones."""
    width = tile.shape[1] // (PARTS * k)
    if not width:
        return np.full(len(tile), -np.inf)
    best = tile[:, : PARTS * k * width].reshape(len(tile), -1, width).max(2)
    return np.partition(best, -k, axis=1)[:, -k].astype(np.float64)


def _reaching(tile: Scores, gate: Exactly) -> tuple[Whole, Whole]:
    """Where rows of a tile reach their gate, row by row; most are seen not to by their maximum."""
    if len(tile) == 1 and tile.shape[1] > PIECE:  # one long row, as many short ones
        whole = tile.shape[1] // PIECE * PIECE
        short = tile[0, :whole].reshape(-1, PIECE)
        i, j = _reaching(short, np.broadcast_to(gate, len(short)))
        rest = np.flatnonzero(tile[0, whole:] >= _down(gate)[0])
        j = np.concatenate([i * PIECE + j, whole + rest])
        return np.zeros_like(j), j
    hit = np.flatnonzero(tile.max(1) >= gate)
    if len(hit) < len(tile):
        tile, gate = tile[hit], gate[hit]
    i, j = _where(tile >= _down(gate))
    return hit[i], j


def _where(table: NDArray[np.bool_]) -> tuple[Whole, Whole]:
    """``numpy.nonzero`` of a table, ten times as fast."""
    i, j = np.divmod(np.flatnonzero(table), table.shape[1])
    return i, j


def ordered(found: Above) -> Above:
    """Pairs by probe, then by score from the highest, then by row."""
    order = np.lexsort((found.rows, -found.scores, found.probes))
    return Above(found.probes[order], found.rows[order], found.scores[order])


def _rank(found: Above) -> Whole:
    """Of pairs in order, the place among those of their probe, from 0."""
    return np.arange(len(found.probes)) - np.searchsorted(found.probes, found.probes)


def _best(found: Above, k: int) -> Above:
    """The k best pairs of each probe, in order."""
    found = ordered(found)
    keep = _rank(found) < k
    return Above(found.probes[keep], found.rows[keep], found.scores[keep])


def listed(found: Above, m: int, k: int) -> Found:
    """The k best pairs of each of m probes, as lists."""
    found = _best(found, k)
    scores, rows = np.full((m, k), np.nan, np.float32), np.full((m, k), -1, np.int64)
    at = found.probes, _rank(found)
    scores[at], rows[at] = found.scores, found.rows
    return Found(scores, rows)


def nobody() -> Above:
    """No pair."""
    return Above(np.empty(0, np.int64), np.empty(0, np.int64), np.empty(0, np.float32))


def together(found: list[Above]) -> Above:
    """Pairs of several lists, one list after the other."""
    return Above(*(np.concatenate(parts) for parts in zip(nobody(), *found, strict=True)))


def _rows_of(templates: ArrayLike | Codes) -> Scores | Codes:
    if isinstance(templates, Codes):
        return templates
    rows = np.ascontiguousarray(templates, np.float32)
    if rows.ndim != 2:
        words = _("templates of shape {shape}: give a row for each face, (n, d)")
        raise ValueError(words.format(shape=rows.shape))
    return rows


def _lengths(rows: Scores | Codes, measure: str) -> Scores:
    """Lengths, NaN for rows with a NaN; ``ValueError`` for rows that are no templates."""
    lengths = np.empty(len(rows), np.float32)
    for start in range(0, len(rows), 4096):  # float64 of a few rows at a time stays in the cache
        some = rows[start : start + 4096].astype(np.float64)
        lengths[start : start + 4096] = np.sqrt(np.einsum("ij,ij->i", some, some))
    longest = np.fmax.reduce(lengths, initial=0)
    if longest > LONGEST or (measure == "cosine" and np.fmin.reduce(lengths, initial=1) == 0):
        refuse_no_templates(rows[:], measure)
        words = _("a template is {length:.0e} long: look at it, or mark it as failed with NaN")
        raise ValueError(words.format(length=longest))
    return lengths


def _shared_out(work: Callable[[slice], T], rows: int, probes: int) -> list[T]:
    """``work`` on parts of the gallery: as many as the linear algebra has threads, if it is large.

    One product in each thread is as fast as one product by all, and the rest gains too.
    """
    if rows * max(probes, 16) < 2**24:
        return [work(slice(0, rows))]
    from concurrent.futures import ThreadPoolExecutor

    blas = _blas()
    threads = max([lib["num_threads"] for lib in blas.info()], default=1)
    ends = [rows * k // threads for k in range(threads + 1)]
    parts = [slice(a, b) for a, b in itertools.pairwise(ends)]
    if threads == 1:
        return [work(parts[0])]
    with blas.limit(limits=1), ThreadPoolExecutor(threads) as pool:
        return list(pool.map(work, parts))


@functools.cache
def _blas() -> ThreadpoolController:
    """The linear algebra of this process, looked for once: looking takes longer than asking it."""
    from threadpoolctl import ThreadpoolController

    return ThreadpoolController().select(user_api="blas")

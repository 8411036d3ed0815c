"""Compiled loops of :func:`labkit.measure.scores.score_counts`, which says what they mean.

They are for tables too large to hold; importing them takes 120 MB (numba), so nothing else does.
"""

from __future__ import annotations

import numpy as np
from numba import njit


@njit(cache=True, nogil=True, fastmath={"reassoc", "contract"})
def _dot(a, b):
    total = 0.0
    for x in range(len(a)):
        total += np.float64(a[x]) * np.float64(b[x])
    return total


@njit(cache=True, nogil=True, fastmath={"reassoc", "contract"})
def _squares(a, b):
    total = 0.0
    for x in range(len(a)):
        d = np.float64(a[x]) - np.float64(b[x])
        total += d * d
    return total


@njit(cache=True, nogil=True)
def exact_step(rows, norms, i, j, cosine, low, step):
    """The grid point of one score, computed in float64 as :mod:`labkit.measure.scores` does."""
    if cosine:
        s = _dot(rows[i], rows[j]) / (norms[i] * norms[j])
    else:
        s = -np.sqrt(_squares(rows[i], rows[j]))
    return np.rint((np.float64(np.float32(s)) - low) / step)


@njit(cache=True, nogil=True)
def settle(marks, k, b):
    """How many marks are at or below ``k``, looked for from ``b`` on, first without a branch."""
    n = len(marks)
    up = (b < n) & (k >= marks[min(b, n - 1)])
    down = (b > 0) & (k < marks[max(b - 1, 0)])
    b += np.int64(up) - np.int64(down)
    while b > 0 and k < marks[b - 1]:
        b -= 1
    while b < n and k >= marks[b]:
        b += 1
    return b


UNSURE = np.uint32(2**31)
"""Added to a bin that float32 is not sure of."""


@njit(cache=True, nogil=True, error_model="numpy", fastmath={"contract", "nsz"})
def even_bins(product, own, others, sizes, factor, cosine, line, near, at):
    """Bins of one row of products where edges are evenly spaced.

    ``x = score * per + shift`` counts bins from 0, with their edges at whole numbers.  A score is
    unsure where it is nearer to an edge than x is rounded by plus what an error of the product does
    to it: for distances, that of a square is as much more as the distance is smaller, and of two
    that are nearly 0 nothing is known.  There is no branch, so that it is compiled to vectors.
    """
    zero, half = np.float32(0), np.float32(0.5)
    per, shift, rounding, last = line
    every, each, tiny = near
    for j in range(len(product)):
        u = own + others[j] + factor * product[j]
        length = np.float32(1) if cosine else np.sqrt(-u if u < zero else zero)
        x = (u if cosine else -length) * per + shift
        x = x if x > half else half
        x = x if x < last else last
        b = np.uint32(np.int32(x))
        inside = half - abs(x - np.float32(np.int32(x)) - half)
        ask = ((inside - rounding) * length <= every + each * sizes[j]) | (u >= tiny)
        at[j] = b | UNSURE if ask else b


@njit(cache=True, nogil=True, error_model="numpy")
def any_bins(product, own, others, factor, cuts, near, at):
    """The same for any edges, by looking each value up; ``near`` in the unit of the values."""
    for j in range(len(product)):
        u = own + others[j] + factor * product[j]
        b = np.searchsorted(cuts, u, side="right") - 1
        ask = u - near < cuts[b] or u + near >= cuts[b + 1]
        at[j] = np.uint32(b) | UNSURE if ask else np.uint32(b)


@njit(cache=True, nogil=True)
def add(at, i, j, counts, asked, m):
    """Count what float32 is sure of; list the rest (i, j and bin) after the first ``m`` listed."""
    m = np.uint32(m)
    for x in range(len(at)):
        b = at[x]
        if b < UNSURE:
            counts[b] += 1
        else:
            asked[m, 0], asked[m, 1], asked[m, 2] = i, j + x, b & ~UNSURE
            m += np.uint32(1)
    return m


@njit(cache=True, nogil=True, error_model="numpy")
def count_tile(product, i0, j0, s, at, asked, counts):
    """Add the scores of pairs i < j of one tile to ``counts[group, group, bin]``.

    What float32 is not sure of is computed again in float64, at the end, all at once.  ``s`` is the
    ``_Stream`` of :mod:`labkit.measure.scores.streams`.
    """
    infinite = np.float32(np.inf)
    even, m = s.line[0] > 0, 0
    for r in range(len(product)):
        i = i0 + r
        first = max(i + 1 - j0, 0)
        if first >= product.shape[1]:
            continue
        row, where = product[r, first:], at[: product.shape[1] - first]
        j1, n = j0 + first, len(row)
        own, others, sizes = s.offsets[i], s.offsets[j1 : j1 + n], s.sizes[j1 : j1 + n]
        if even:
            # The root of a value this far from 0 is wrong by less than slack / 1.8 roots.
            scale = s.line[0] / np.float32(1 if s.cosine else 1.8)
            tiny = infinite if s.cosine else np.float32(-4) * s.slack[i]
            near = (s.fixed[i] * scale, s.growing[i] * scale, tiny)
            even_bins(row, own, others, sizes, s.factor, s.cosine, s.line, near, where)
        else:
            any_bins(row, own, others, s.factor, s.cuts, s.slack[i], where)
        c = 0
        while c < n:
            g = s.groups[j1 + c]
            stop, mine = min(s.ends[g] - j1, n), counts[s.groups[i], g]
            m = add(where[c:stop], i, j1 + c, mine, asked, m)
            c = stop
    for y in range(m):
        i, j, b = np.int64(asked[y, 0]), np.int64(asked[y, 1]), np.int64(asked[y, 2])
        k = exact_step(s.rows, s.norms, i, j, s.cosine, s.low, s.step)
        counts[s.groups[i], s.groups[j], settle(s.marks, k, b)] += 1


@njit(cache=True)
def count_mated(s, order, starts, everyone, genuine):
    """Move the pairs of images of one person from ``everyone`` to ``genuine``.

    ``order`` lists the images person by person, ``starts`` where each person begins.
    """
    groups = s.groups
    for p in range(len(starts) - 1):
        for x in range(starts[p], starts[p + 1]):
            for y in range(x + 1, starts[p + 1]):
                i, j = min(order[x], order[y]), max(order[x], order[y])
                k = exact_step(s.rows, s.norms, i, j, s.cosine, s.low, s.step)
                b = np.searchsorted(s.marks, k, side="right")
                everyone[groups[i], groups[j], b] -= 1
                genuine[groups[i], groups[j], b] += 1

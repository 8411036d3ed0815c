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


@njit(cache=True, nogil=True, error_model="numpy", fastmath={"contract", "nsz"})
def even_bins(product, own, others, factor, cosine, per, shift, last, near, unsure, at):
    """Bins of one row of products when edges are evenly spaced; the number ``unsure`` means ask.

    ``x = score * per + shift`` counts bins from 0 with their edges at whole numbers.  A score is
    unsure where float32 may put it on the wrong side of an edge: nearer than ``near[0]`` bins, by
    the rounding of x itself, and what an error of the product (``near[1]``, in bins) does to it.
    Distances: an error of a square is as much more in the distance as that is smaller; two that
    are nearly 0 (``near[2]``, in squares) are unsure.  There is no branch, so that it is compiled
    to vectors.
    """
    zero, half = np.float32(0), np.float32(0.5)
    rounding, wrong, tiny = near
    for j in range(len(product)):
        u = own + others[j] + factor * product[j]
        length = np.float32(1) if cosine else np.sqrt(-u if u < zero else zero)
        x = (u if cosine else -length) * per + shift
        x = x if x > half else half
        x = x if x < last else last
        b = np.int32(x)
        inside = half - abs(x - np.float32(b) - half)
        ask = (inside - rounding) * length < wrong or (not cosine and u > tiny)
        at[j] = unsure if ask else np.uint32(b)


@njit(cache=True, nogil=True, error_model="numpy")
def any_bins(product, own, others, factor, cuts, near, unsure, at):
    """The same for any edges, by looking each value up; ``near`` in the unit of the values."""
    for j in range(len(product)):
        u = own + others[j] + factor * product[j]
        b = np.searchsorted(cuts, u, side="right") - 1
        ask = u - near < cuts[b] or u + near >= cuts[b + 1]
        at[j] = unsure if ask else np.uint32(b)


@njit(cache=True, nogil=True, error_model="numpy")
def count_tile(
    product,
    i0,
    j0,
    rows,
    norms,
    offsets,
    slack,
    factor,
    cosine,
    grid,
    line,
    cuts,
    marks,
    groups,
    ends,
    at,
    counts,
):
    """Add the scores of pairs i < j of one tile to ``counts[group, group, bin]``.

    A value that lies so near a cut that float32 can be wrong about its side is computed again in
    float64.  ``slack`` is what float32 can be wrong by, ``line`` how scores become bins (no ``per``
    where edges are not evenly spaced).
    """
    low, step = grid
    per, shift, rounding = line
    unsure = np.uint32(len(marks) + 1)
    last = np.float32(len(marks)) + np.float32(0.5)
    for r in range(len(product)):
        i = i0 + r
        first = max(i + 1 - j0, 0)
        if first >= product.shape[1]:
            continue
        row, where = product[r, first:], at[: product.shape[1] - first]
        j1, n = j0 + first, len(row)
        own, others = offsets[i], offsets[j1 : j1 + n]
        if per > 0:
            # The root of a value this far from 0 is wrong by less than slack / 1.8 roots.
            wrong = slack[i] * per / np.float32(1 if cosine else 1.8)
            near = (rounding, wrong, np.float32(-4) * slack[i])
            even_bins(row, own, others, factor, cosine, per, shift, last, near, unsure, where)
        else:
            any_bins(row, own, others, factor, cuts, slack[i], unsure, where)
        c = 0
        while c < n:
            g = groups[j1 + c]
            stop, mine = min(ends[g] - j1, n), counts[groups[i], g]
            for x in range(c, stop):
                b = where[x]
                if b == unsure:
                    k = exact_step(rows, norms, i, j1 + x, cosine, low, step)
                    b = np.uint32(np.searchsorted(marks, k, side="right"))
                mine[b] += 1
            c = stop


@njit(cache=True)
def count_mated(rows, norms, cosine, grid, marks, order, starts, groups, everyone, genuine):
    """Move the pairs of images of one person from ``everyone`` to ``genuine``.

    ``order`` lists the images person by person, ``starts`` where each person begins.
    """
    low, step = grid
    for p in range(len(starts) - 1):
        for x in range(starts[p], starts[p + 1]):
            for y in range(x + 1, starts[p + 1]):
                i, j = min(order[x], order[y]), max(order[x], order[y])
                k = exact_step(rows, norms, i, j, cosine, low, step)
                b = np.searchsorted(marks, k, side="right")
                everyone[groups[i], groups[j], b] -= 1
                genuine[groups[i], groups[j], b] += 1

"""Compiled loops of :func:`labkit.measure.scores.score_counts`, which says what they mean.

They are for tables too large to hold; importing them takes 120 MB (numba), so nothing else does.
"""

from __future__ import annotations

import numpy as np
from numba import njit

ONE = np.uint32(1)


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
    """How many marks are at or below ``k``, looked for from ``b`` on."""
    while b > 0 and k < marks[b - ONE]:
        b -= ONE
    while b < len(marks) and k >= marks[b]:
        b += ONE
    return b


@njit(cache=True, nogil=True, error_model="numpy")
def positions(product, own, others, factor, cosine, start, per, last, at):
    """Turn products of one row into values to compare with cuts, and guess where they fall.

    ``product`` becomes the score (cosine) or minus the squared distance; ``at`` the cell 0..last
    of an even grid of scores.  Kept apart from the counting so that it is compiled to vectors.
    """
    zero = np.float32(0)
    for j in range(len(product)):
        u = own + others[j] + factor * product[j]
        product[j] = u
        s = u if cosine else -np.sqrt(-u if u < zero else zero)
        x = (s - start) * per + np.float32(1)
        x = x if x > zero else zero
        at[j] = np.int32(x if x < last else last)


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
    start,
    per,
    guess,
    cuts,
    marks,
    groups,
    ends,
    at,
    counts,
):
    """Add the scores of pairs i < j of one tile to ``counts[group, group, bin]``.

    A value that lies within ``slack`` of a cut (what float32 can be wrong by) is computed again in
    float64; how many were.
    """
    low, step = grid
    again = 0
    last = np.float32(len(guess) - 1)
    for r in range(len(product)):
        i = i0 + r
        first = max(i + 1 - j0, 0)
        if first >= product.shape[1]:
            continue
        line, where = product[r, first:], at[: product.shape[1] - first]
        j1, n = j0 + first, len(line)
        positions(line, offsets[i], offsets[j1 : j1 + n], factor, cosine, start, per, last, where)
        cell = where.view(np.uint32)  # compiled code need not ask whether an index is negative
        near, c = slack[i], 0
        while c < n:
            g = groups[j1 + c]
            stop, mine = min(ends[g] - j1, n), counts[groups[i], g]
            for x in range(c, stop):
                u = line[x]
                b = guess[cell[x]]
                while u >= cuts[b + ONE]:
                    b += ONE
                if u - near < cuts[b] or u + near >= cuts[b + ONE]:
                    again += 1
                    k = exact_step(rows, norms, i, j1 + x, cosine, low, step)
                    b = settle(marks, k, b)
                mine[b] += 1
            c = stop
    return again


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

"""Compiled loops over a square table of scores; :mod:`labkit.measure.scores` says what they mean.

``place`` holds a number 0..k-1 for the person in each image.  ``style`` says which mated pairs
count: 0 all, 1 those of two images that are both ``kept``, 2 the others.  A comparison that failed
is NaN, and NaN is neither ``>=`` nor ``<`` anything.
"""

from __future__ import annotations

import numpy as np
from numba import njit


@njit(cache=True, inline="always")
def _counts(style, kept, i, j):
    return style == 0 or (style == 1) == (kept[i] and kept[j])


@njit(cache=True)
def mated_totals(matrix, place, kept, style, k, threshold):
    """Missed, made and planned mated comparisons of each person."""
    missed = np.zeros(k, np.int64)
    made = np.zeros(k, np.int64)
    planned = np.zeros(k, np.int64)
    n = len(place)
    for i in range(n):
        p = place[i]
        for j in range(i + 1, n):
            if place[j] == p and _counts(style, kept, i, j):
                planned[p] += 1
                s = matrix[i, j]
                made[p] += s == s
                missed[p] += s < threshold
    return missed, made, planned


@njit(cache=True)
def false_totals(matrix, place, k, threshold):
    """False matches of each pair of people, shape (k, k), symmetric."""
    false = np.zeros((k, k), np.int64)
    n = len(place)
    for i in range(n):
        p = place[i]
        for j in range(i + 1, n):
            if matrix[i, j] >= threshold and place[j] != p:
                false[p, place[j]] += 1
    return false + false.T


@njit(cache=True)
def split(matrix, place, kept, style, genuine, impostor):
    """Fill the scores of mated and of impostor pairs, in the order of the table's rows."""
    g, m = 0, 0
    n = len(place)
    for i in range(n):
        p = place[i]
        for j in range(i + 1, n):
            s = matrix[i, j]
            if s != s:
                continue
            if place[j] != p:
                impostor[m] = s
                m += 1
            elif _counts(style, kept, i, j):
                genuine[g] = s
                g += 1


@njit(cache=True)
def flatten(matrix, people, kept, style, scores, first, second):
    """Fill every comparison that was made with its two people; how many there are."""
    m = 0
    n = len(people)
    for i in range(n):
        for j in range(i + 1, n):
            s = matrix[i, j]
            if s == s and (people[i] != people[j] or _counts(style, kept, i, j)):
                scores[m] = s
                first[m] = people[i]
                second[m] = people[j]
                m += 1
    return m


@njit(cache=True)
def highest(matrix, place, floor, first, second):
    """Fill the impostor pairs with a score of at least ``floor``; how many there are."""
    m = 0
    n = len(place)
    for i in range(n):
        for j in range(i + 1, n):
            if matrix[i, j] >= floor and place[j] != place[i]:
                first[m] = i
                second[m] = j
                m += 1
    return m


@njit(cache=True)
def tally(scores, low, step, counts):
    """Count scores by point of the grid ``low + k * step``; whether every score lies on a point."""
    last, per = len(counts) - 1, 1 / step
    for x in range(scores.size):
        s = scores[x]
        k = int((s - low) * per + 0.5)
        if k < 0 or k > last or np.float32(low + k * step) != s:
            return False
        counts[k] += 1
    return True


@njit(cache=True)
def gather(low, step, impostors, genuines, values, false, missed):
    """The points of a grid that have a score, ascending, with their counts; how many there are."""
    m = 0
    for k in range(len(impostors)):
        if impostors[k] + genuines[k]:
            values[m] = np.float32(low + k * step)
            false[m] = impostors[k]
            missed[m] = genuines[k]
            m += 1
    return m


@njit(cache=True)
def pair_highest(matrix, place, k):
    """The highest score of each pair of people, shape (k, k), in the upper half; else -inf."""
    best = np.full((k, k), -np.inf, np.float32)
    n = len(place)
    for i in range(n):
        p = place[i]
        for j in range(i + 1, n):
            q = place[j]
            if p != q:
                a, b = min(p, q), max(p, q)
                if matrix[i, j] > best[a, b]:
                    best[a, b] = matrix[i, j]
    return best


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

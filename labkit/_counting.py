"""Compiled loops over a square table of scores; :mod:`labkit.scores` says what they mean.

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

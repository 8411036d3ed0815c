"""Triples: two photographs of one person and one of somebody else.  Who comes out nearer?

In: scores of every photograph with every other, and who is in each.  Out: triples lost, by person,
and the share won with an interval by people.  A triple needs no threshold: the share won is the
area under the ROC curve for one photograph at a time.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from numpy.typing import ArrayLike, NDArray

from labkit.base.words import _
from labkit.measure.intervals import Interval, cluster_interval

Whole = NDArray[np.int64]


def lost_triples(scores: ArrayLike, people: ArrayLike) -> tuple[Whole, Whole]:
    """For each person, triples in which a stranger is at least as near as the person's own photo.

    A triple is a photograph of a person, another of the same person and one of somebody else.  The
    share of triples that are *not* lost is the area under the ROC curve for one photograph at a
    time, and it needs no threshold.

    Parameters
    ----------
    scores
        Similarities of every photograph with every other, shape (n, n); NaN where one failed.
    people
        Who is in each photograph, shape (n,).

    Returns
    -------
    lost, triples
        By person, in the order of their numbers, shape (k,) each.  Failed comparisons are left out.

    Raises
    ------
    ValueError
        When the table of scores is not square, or does not fit the list of people.

    Examples
    --------
    >>> from labkit.measure.scores import compare
    >>> photographs = [[0.0], [1.0], [1.5], [9.0]]
    >>> scores = compare(photographs, photographs, "euclidean")
    >>> [x.tolist() for x in lost_triples(scores, [1, 1, 2, 2])]
    [[1, 2], [4, 4]]
    """
    matrix, who = np.array(scores, float), np.asarray(people)
    if matrix.shape != (len(who), len(who)):
        sentence = _(
            "scores of shape {shape} do not fit {count} photographs: give every photograph with"
            " every other"
        )
        raise ValueError(sentence.format(shape=matrix.shape, count=len(who)))
    np.fill_diagonal(matrix, np.nan)  # a photograph is not compared with itself
    lost, triples = [], []
    for person in np.unique(who):
        own, others = np.flatnonzero(who == person), np.flatnonzero(who != person)
        mated = matrix[np.ix_(own, own)][:, :, None]
        strangers = matrix[np.ix_(own, others)][:, None, :]
        made = ~np.isnan(mated) & ~np.isnan(strangers)
        lost.append(int((made & (strangers >= mated)).sum()))
        triples.append(int(made.sum()))
    return np.array(lost), np.array(triples)


def triples_won(scores: ArrayLike, people: ArrayLike) -> Interval:
    """Triples won, of 100, with the interval by people.

    Parameters
    ----------
    scores, people
        As :func:`lost_triples` takes them.

    Returns
    -------
    interval
        On the scale 0 to 100: ``.text(1)`` writes it into a table.  ``errors`` are triples lost;
        with too few people, or with none lost, ``words`` stands in place of the ends.

    Examples
    --------
    >>> from labkit.measure.scores import compare
    >>> photographs = np.random.default_rng(0).normal(size=(40, 2)).repeat(2, axis=0)
    >>> photographs += np.random.default_rng(1).normal(size=(80, 2)) / 9
    >>> who = np.arange(40).repeat(2)
    >>> triples_won(compare(photographs, photographs, "euclidean"), who).text(1)
    '99.0 [98.3, 99.4]'
    """
    share = cluster_interval(*lost_triples(scores, people), _("lost triples"))
    value, low, high = (100 * (1 - x) for x in (share.value, share.high, share.low))
    return replace(share, value=value, low=low, high=high)

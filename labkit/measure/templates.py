"""Templates in hand: how far two lie apart, what is typical, whom a leaked list still finds.

In: templates, a row for each photograph, NaN where no face was found.  Out: single numbers, as a
learner would work them out by hand; rates and intervals come from the other modules of this room.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

from labkit.base.words import _
from labkit.measure.scores import compare


def distance(first: ArrayLike, second: ArrayLike) -> float:
    """The Euclidean distance of two templates; minus their similarity under ``"euclidean"``.

    Computed from the differences, as the formula is written: equal templates have a distance of
    exactly 0.  (:func:`labkit.measure.scores.compare` expands the squares, quicker for many.)

    Parameters
    ----------
    first, second
        Templates, shape (d,) each.

    Returns
    -------
    distance
        0 or more, in the unit of the templates; NaN where one failed.

    Raises
    ------
    ValueError
        When the templates differ in length.

    Examples
    --------
    >>> distance([0, 0], [3, 4])
    5.0
    """
    a, b = np.asarray(first, float), np.asarray(second, float)
    if a.ndim != 1 or a.shape != b.shape:
        sentence = _(
            "templates of shapes {first} and {second} have no distance: give two rows of one length"
        )
        raise ValueError(sentence.format(first=a.shape, second=b.shape))
    return float(np.sqrt(((a - b) ** 2).sum()))


def typical_similarities(
    first: ArrayLike, second: ArrayLike, measure: str = "euclidean"
) -> tuple[float, float]:
    """Mean similarity of two photographs of one person, and of two people.

    One photograph of each person against another of the same person, and against that of the next
    person in the list.  A rough guide to where a threshold may lie; choosing one well needs error
    rates (:mod:`labkit.measure.rates`).

    Parameters
    ----------
    first, second
        Templates, shape (n, d) each, the same people in the same order; rows of NaN are left out.
    measure
        How templates are compared, one of :data:`labkit.measure.scores.MEASURES`.

    Returns
    -------
    one_person, two_people
        Means of at most n similarities each.

    Raises
    ------
    ValueError
        For lists of different lengths, fewer than two people, or nothing that can be compared.

    Examples
    --------
    >>> typical_similarities([[0.0], [5.0]], [[1.0], [6.0]])
    (-1.0, -5.0)
    """
    scores = _square(first, second, measure)
    own, strangers = np.diag(scores), np.diag(np.roll(scores, 1, axis=0))
    if np.isnan(own).all() or np.isnan(strangers).all():
        sentence = _("of {people} people none can be compared: too many templates failed")
        raise ValueError(sentence.format(people=len(scores)))
    return float(np.nanmean(own)), float(np.nanmean(strangers))


def found_again(fresh: ArrayLike, leaked: ArrayLike, measure: str = "euclidean") -> tuple[int, int]:
    """How many people a leaked list of templates still finds, by new photographs of them.

    Parameters
    ----------
    fresh, leaked
        Templates, shape (n, d) each, the same people in the same order; NaN where one failed.
    measure
        How templates are compared.

    Returns
    -------
    found, tried
        People whose own leaked template is the nearest of all; people with both templates.

    Raises
    ------
    ValueError
        For lists of different lengths, or fewer than two people.

    Examples
    --------
    >>> found_again([[0.1], [1.1], [2.4]], [[0.0], [1.0], [9.0]])
    (2, 3)
    """
    scores = _square(fresh, leaked, measure)
    usable = np.flatnonzero(~np.isnan(np.diag(scores)))
    nearest = np.nanargmax(scores[usable], axis=1)
    return int((nearest == usable).sum()), len(usable)


def _square(first: ArrayLike, second: ArrayLike, measure: str) -> NDArray[np.float64]:
    """Scores of two lists of the same people, shape (n, n)."""
    a, b = np.asarray(first, float), np.asarray(second, float)
    if len(a) != len(b) or len(a) < 2:
        sentence = _(
            "{first} templates beside {second}: give one of each person in both lists, in the same"
            " order, of two people or more"
        )
        raise ValueError(sentence.format(first=len(a), second=len(b)))
    return compare(a, b, measure)

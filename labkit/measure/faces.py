"""A set of faces compared with itself: everybody with everybody, or each person alone.

In: a :class:`labkit.data.FaceSet`, or templates and the person in each.  Out: comparisons.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import ArrayLike, NDArray

from labkit.measure.scores import AllPairs, all_pairs, checked_templates, compare

if TYPE_CHECKING:
    from labkit.data import FaceSet


def compare_faces(faces: FaceSet) -> AllPairs:
    """Every photograph of a set compared with every other, by dlib's bundled templates.

    Parameters
    ----------
    faces
        A bundled set.

    Returns
    -------
    pairs
        They know which photographs keep their person's styling, where the set says it.

    Examples
    --------
    >>> from labkit import data
    >>> compare_faces(data.load("teaching/linked")).mated_only("same style")
    AllPairs(2880 images of 480 people, euclidean, mated pairs: same style)
    """
    kept = faces.of("styling_kept") == 1 if "styling_kept" in faces.images.columns else None
    return all_pairs(faces.templates, faces.of("person"), "euclidean", kept=kept)


def mated_scores(
    templates: ArrayLike, people: ArrayLike, measure: str = "euclidean"
) -> NDArray[np.float64]:
    """Scores of the mated comparisons alone, one person after the other: takes next to no room.

    Parameters
    ----------
    templates
        Shape (n, d), taken as float32; a row with a NaN is an image without a usable face.
    people
        Number of the person in each image, shape (n,).
    measure
        How templates are compared, as for :func:`labkit.measure.scores.all_pairs`.

    Returns
    -------
    scores
        Of the comparisons that could be made; not rounded to the grid of a whole table, which moves
        a score by less than 1e-6 of its range.

    Raises
    ------
    ValueError
        As :func:`labkit.measure.scores.all_pairs`.

    Examples
    --------
    >>> mated_scores([[0.0], [3.0], [9.0], [np.nan]], [1, 1, 2, 2]).tolist()
    [-3.0]
    """
    rows, who = checked_templates(templates, people)
    usable = ~np.isnan(rows).any(axis=1)
    rows, who = rows[usable], who[usable]
    found = [np.empty(0)]
    for person in np.unique(who):
        own = rows[who == person]
        found.append(compare(own, own, measure)[np.triu_indices(len(own), 1)])
    return np.concatenate(found)

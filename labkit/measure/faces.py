"""A set of faces compared with itself, by any matcher.

In: a :class:`labkit.data.FaceSet`.  Out: everybody compared with everybody, knowing who kept their
style.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from labkit.measure.scores import AllPairs, all_pairs

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
    AllPairs(1920 images of 480 people, euclidean, mated pairs: same style)
    """
    kept = faces.of("styling_kept") == 1 if "styling_kept" in faces.images.columns else None
    return all_pairs(faces.templates, faces.of("person"), "euclidean", kept=kept)

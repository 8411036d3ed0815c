"""A set of faces compared with itself, by any matcher of the registry.

In: a :class:`labkit.data.FaceSet`.  Out: everybody compared with everybody, knowing who kept their
style; and the cells by which the lab chooses one threshold for everybody.
"""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING
from weakref import WeakValueDictionary

import numpy as np

from labkit import matchers
from labkit.measure.scores import AllPairs, all_pairs

if TYPE_CHECKING:
    import pandas as pd

    from labkit.data import FaceSet


def compare_faces(faces: FaceSet, matcher: str = "dlib") -> AllPairs:
    """Every photograph of a set compared with every other.

    While somebody holds what came out, asking again gives the very same, so it is read-only.

    Parameters
    ----------
    faces
        A bundled set, of people on whom the matcher was not fitted.
    matcher
        The name of one of :data:`labkit.matchers.registry.MATCHERS`, which says how its templates
        are made and compared.  One that must be fitted is fitted once, on ``anytown/train``.

    Returns
    -------
    pairs
        They know which photographs keep their person's styling, where the set says it.

    Raises
    ------
    ValueError
        For a matcher that is not there, or people on whom it was fitted.
    LookupError
        For a set without what the matcher reads.

    Examples
    --------
    >>> from labkit import data
    >>> compare_faces(data.load("teaching/linked")).mated_only("same style")
    AllPairs(1920 images of 480 people, euclidean, mated pairs: same style)
    """
    entry = matchers.get(matcher)
    kept = faces.of("styling_kept") == 1 if "styling_kept" in faces.images.columns else None
    templates, people = entry.templates(faces), faces.of("person")
    digest = hashlib.sha256(repr((entry.measure, templates.shape, kept is None)).encode())
    for part in (templates, people, [] if kept is None else kept):
        digest.update(np.ascontiguousarray(part).tobytes())
    key = digest.digest()
    pairs = _held.get(key)
    if pairs is None:
        pairs = all_pairs(templates, people, entry.measure, kept=kept)
        pairs.matrix.flags.writeable = False
        _held[key] = pairs
    return pairs


_held: WeakValueDictionary[bytes, AllPairs] = WeakValueDictionary()
"""What :func:`compare_faces` gave and somebody still holds, by what went in."""


def threshold_cells(faces: FaceSet) -> pd.Categorical:
    """The cells of the one rule for a threshold: the mean FMR within them is what was asked.

    Tone band x presentation, so that no band and no half counts more than another.  Give them to
    :func:`labkit.measure.thresholds.choose_threshold` as ``cells``; README and notebook 05 do.

    Parameters
    ----------
    faces
        The set that a threshold is chosen on, ``anytown/dev``.

    Returns
    -------
    cells
        One for each image, six in all.

    Raises
    ------
    KeyError
        For a set whose people have no tone band or presentation.

    Examples
    --------
    >>> from labkit import data
    >>> threshold_cells(data.load("anytown/dev")).categories.tolist()[:2]
    ['lighter, lower', 'lighter, upper']
    """
    return faces.groups("tone_band", "presentation_half")

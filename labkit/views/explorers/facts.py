"""What can be told of two photographs without showing them: for whoever cannot or will not look.

In: a set of photographs and two places in it.  Out: sentences, the same ones for every pair.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from labkit.base.words import _

if TYPE_CHECKING:
    import pandas as pd

    from labkit.data import FaceSet


def landmark_distances() -> dict[str, tuple[int, int]]:
    """What the five landmarks give: two of them by the name of the distance between them.

    The landmarks 0 and 2 are the outer corners of the eyes, 1 and 3 the inner ones, 4 lies under
    the nose.
    """
    return {
        _("between the inner corners of the eyes"): (1, 3),
        _("one eye from corner to corner"): (0, 1),
        _("the other eye from corner to corner"): (2, 3),
        _("from under the nose to the outer corner of one eye"): (4, 0),
        _("from under the nose to the outer corner of the other eye"): (4, 2),
    }


def worn() -> dict[str, str]:
    """What a photograph shows besides a face, and the column that says so."""
    return {
        _("glasses"): "glasses",
        _("head covering"): "covering",
        _("facial hair"): "facial_hair",
    }


def face_measures(row: pd.Series) -> dict[str, float]:
    """Distances between landmarks of a picture, as shares of that between the outer eye corners.

    Parameters
    ----------
    row
        A row of ``FaceSet.images``; NaN distances where no face was found.
    """
    points = np.array([[row[f"point{k}_x"], row[f"point{k}_y"]] for k in range(5)], float)
    whole = np.linalg.norm(points[0] - points[2])
    line = points[2] - points[0]
    down = points[4] - points[0]
    drop = abs(line[0] * down[1] - line[1] * down[0]) / whole
    return {
        **{
            name: float(np.linalg.norm(points[a] - points[b]) / whole)
            for name, (a, b) in landmark_distances().items()
        },
        _("from the line of the eyes down to under the nose"): float(drop / whole),
    }


def pair_facts(faces: FaceSet, first: int, second: int) -> list[str]:
    """What can be told of two pictures without showing them: measured distances, what is worn.

    Parameters
    ----------
    faces
        A set of photographs.
    first, second
        Places of the two images.

    Returns
    -------
    facts
        Sentences, the same ones for every pair, so that none tells who it is.

    Examples
    --------
    >>> from labkit.data import load  # doctest: +SKIP
    >>> pair_facts(load("anytown/dev"), 0, 1)[0]  # doctest: +SKIP
    'Between the inner corners of the eyes: 0.41 and 0.43 of the width over both eyes.'
    """
    rows = [faces.images.iloc[k] for k in (first, second)]
    bands = [faces.of("tone_band")[k] for k in (first, second)]
    one, two = (face_measures(row) for row in rows)

    def share(value: float) -> str:
        return f"{value:.2f}" if np.isfinite(value) else _("not found")

    facts = [
        _("{what}: {a} and {b} of the width over both eyes.").format(
            what=name.capitalize(), a=share(one[name]), b=share(two[name])
        )
        for name in one
    ]
    facts.append(_("Skin tone band: {a} and {b}.").format(a=bands[0], b=bands[1]))
    a, b = (str(row["haircut"]).replace("_", " ") for row in rows)
    facts.append(_("Haircut: {a} and {b}.").format(a=a, b=b))
    for name, column in worn().items():
        a, b = (str(row[column]).replace("_", " ") or _("none") for row in rows)
        facts.append(_("{what}: {a} and {b}.").format(what=name.capitalize(), a=a, b=b))
    return facts

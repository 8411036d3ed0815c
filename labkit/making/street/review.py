"""The cases of human review: their pictures on one sheet, their scores, and what they hold.

In: ``data/gallery``.  Out: ``review.webp`` and ``review.csv`` in ``data/street``.  Whom the cases
show is decided in :mod:`labkit.street.review`; here they are drawn and looked at.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import cv2
import numpy as np
from numpy.typing import NDArray

from labkit import data
from labkit.base.codec import Picture
from labkit.base.files import write_whole
from labkit.making.gallery.sitting import picture
from labkit.making.plans import styling_of
from labkit.matchers.align import DlibPipeline
from labkit.people.who.tables import styling_row
from labkit.street.review import (
    COLUMNS,
    DISTANCES,
    SHEET,
    TABLE,
    TILE,
    Searches,
    chosen,
    searches,
)

if TYPE_CHECKING:
    from labkit.data import Gallery

Drawn = Callable[[Any, int], Picture]
"""A gallery and a row of its images -> the picture."""

QUALITY = 88
"""Of the sheet: 72 pictures in less than 300 KB."""

POINTS = ((1, 3), (0, 1), (2, 3), (4, 0), (4, 2))
"""Between which of dlib's five points the first of the distances go."""


def make_review(folder: Path, *, gallery: Gallery | None = None, drawn: Drawn = picture) -> None:
    """Write the cases: 72 pictures on a sheet, and a row for each.

    Parameters
    ----------
    folder
        ``data/street``; it is made when it is not there.  Its checksums are the caller's.
    gallery
        Without it that of the lab.
    drawn
        Draws a photograph of the gallery again; tests give a stand-in.
    """
    import pandas as pd

    of = data.gallery() if gallery is None else gallery
    found = searches(of)
    bands = of.images["tone_band"].to_numpy()[found.images]
    rows: list[dict[str, Any]] = []
    pictures: list[Picture] = []
    for case, (search, shown) in enumerate(chosen(found, bands)):
        for place in range(COLUMNS):
            row = _row(of, found, search, place)
            rows.append({"case": case, "place": place, **row, "shown": int(shown)})
            pictures.append(drawn(of, row["image"]))
    looked = [_distances(face) for face in DlibPipeline().many(pictures)]
    table = pd.DataFrame([{**row, **seen} for row, seen in zip(rows, looked, strict=True)])
    write_whole(folder / TABLE, table.to_csv(index=False).encode())
    write_whole(folder / SHEET, sheet_of(pictures, COLUMNS))


def _row(of: Gallery, found: Searches, search: int, place: int) -> dict[str, Any]:
    """What is known of one picture of a case before it is drawn."""
    images = of.images
    image = int(found.images[search] if place == 0 else found.rows[search, place - 1])
    person, photo = int(images["person"].iloc[image]), int(images["photo"].iloc[image])
    score = float(found.scores[search, place - 1]) if place else float("nan")
    worn = styling_row(styling_of(of.person(image), photo))
    return {
        "image": image,
        "person": person,
        "photo": photo,
        "mate": int(place > 0 and place == found.mates[search]),
        "score": round(score, 6),
        "percent": _percent(-score) if place else float("nan"),
        "tone_band": images["tone_band"].iloc[image],
        **{name: worn[name] for name in ("haircut", "glasses", "covering", "facial_hair")},
    }


def _percent(distance: float) -> float:
    """The confidence that DeepFace gives for a distance of dlib that it takes for a match."""
    from deepface.modules.verification import find_confidence

    return float(find_confidence(distance, "Dlib", True, "euclidean"))


def _distances(face: Any) -> dict[str, float]:
    """Measured distances in a picture, shares of the width over both eyes; NaN without a face."""
    if face is None:
        return dict.fromkeys(DISTANCES, float("nan"))
    p: NDArray[np.float64] = np.asarray(face.points, float)
    whole = float(np.linalg.norm(p[0] - p[2]))
    line, down = p[2] - p[0], p[4] - p[0]
    drop = abs(line[0] * down[1] - line[1] * down[0]) / whole
    values = [*(float(np.linalg.norm(p[a] - p[b])) for a, b in POINTS), float(drop)]
    return {name: round(v / whole, 4) for name, v in zip(DISTANCES, values, strict=True)}


def sheet_of(pictures: list[Picture], columns: int, quality: int = QUALITY) -> bytes:
    """Pictures of :data:`TILE` pixels in rows, as one WebP.

    Examples
    --------
    >>> from labkit.base.codec import decode
    >>> grey = np.full((160, 160, 3), 128, np.uint8)
    >>> decode(sheet_of([grey] * 4, 2)).shape
    (320, 320, 3)
    """
    rows = [np.concatenate(pictures[k : k + columns], 1) for k in range(0, len(pictures), columns)]
    whole = np.ascontiguousarray(np.concatenate(rows)[..., ::-1])
    if whole.shape[1] != TILE * columns:
        raise ValueError(f"a sheet of {columns} columns is {TILE * columns} pixels wide: give more")
    good, block = cv2.imencode(".webp", whole, [cv2.IMWRITE_WEBP_QUALITY, quality])
    if not good:
        raise ValueError("the sheet could not be written as WebP")
    return block.tobytes()

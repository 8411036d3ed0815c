"""Photographs altered as police have altered them, described: for :mod:`labkit.street.probes`.

In: ``data/gallery``.  Out: ``probes.csv`` and ``probes.npz`` in ``data/street``: whose photographs
they are, and dlib's templates of the altered ones.  No picture is kept.
"""

from __future__ import annotations

import io
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from labkit import data
from labkit.base.codec import Picture
from labkit.base.files import write_whole
from labkit.making.gallery.sitting import picture
from labkit.making.street.review import Drawn
from labkit.matchers.align import DlibPipeline, Face
from labkit.street.probes import TABLE, TEMPLATES, blurred, chosen, pasted_mouth

if TYPE_CHECKING:
    from labkit.data import Gallery

WIDTH = 128


def make_probes(folder: Path, *, gallery: Gallery | None = None, drawn: Drawn = picture) -> None:
    """Write whose photographs are altered, and the templates of the altered ones.

    Parameters
    ----------
    folder
        ``data/street``; it is made when it is not there.  Its checksums are the caller's.
    gallery
        Without it that of the lab.
    drawn
        Draws a photograph of the gallery again; tests give a stand-in.
    """
    of = data.gallery() if gallery is None else gallery
    table = chosen(of)
    rows = table["image"].tolist()
    pictures = {row: drawn(of, row) for row in rows}
    dlib = DlibPipeline()
    faces = dict(zip(rows, dlib.many([pictures[row] for row in rows]), strict=True))
    altered = [
        (blurred(pictures[row]), with_mouth(pictures, faces, row, other))
        for row, other in zip(rows, table["other"].tolist(), strict=True)
    ]
    content = io.BytesIO()
    np.savez_compressed(
        content,
        blurred=described(dlib, [a for a, _b in altered]),
        mouth=described(dlib, [b for _a, b in altered]),
    )
    write_whole(folder / TABLE, table.to_csv(index=False).encode())
    write_whole(folder / TEMPLATES, content.getvalue())


def with_mouth(
    pictures: dict[int, Picture], faces: dict[int, Face | None], row: int, other: int
) -> Picture:
    """A photograph with another's mouth; as it is where a face was not found in one of the two."""
    own, their = faces[row], faces[other]
    if own is None or their is None:
        return pictures[row]
    return pasted_mouth(pictures[row], own.points, pictures[other], their.points)


def described(dlib: DlibPipeline, pictures: list[Picture]) -> NDArray[np.float32]:
    """Templates of pictures, shape (n, 128); NaN where no face is found."""
    out = np.full((len(pictures), WIDTH), np.nan, np.float32)
    for k, face in enumerate(dlib.many(pictures)):
        if face is not None:
            out[k] = face.descriptor
    return out

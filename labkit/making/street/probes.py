"""Photographs altered as police have altered them, described: for :mod:`labkit.street.probes`.

In: ``data/gallery``.  Out: ``probes.csv``, ``probes.npz`` and ``probes.webp`` in ``data/street``:
whose photographs they are, dlib's templates of the altered ones, and the pictures of two people.
"""

from __future__ import annotations

import io
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from labkit import data
from labkit.base.codec import Picture
from labkit.base.files import write_whole
from labkit.gallery.index import Exact
from labkit.making.gallery.sitting import picture
from labkit.making.street.review import Drawn, sheet_of
from labkit.matchers.align import DlibPipeline, Face
from labkit.street.probes import (
    KINDS,
    SHEET,
    SHOWN,
    TABLE,
    TEMPLATES,
    TILES,
    blurred,
    chosen,
    with_mouth,
)
from labkit.street.review import MATCHER, TILE, enrolled_in

if TYPE_CHECKING:
    from labkit.data import Gallery

WIDTH = 128
NOBODY: Picture = np.full((TILE, TILE, 3), 235, np.uint8)
"""Stands where a probe without a face has no candidate."""


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
    points = dict(zip(rows, map(points_of, dlib.many([pictures[r] for r in rows])), strict=True))
    both = list(zip(rows, table["other"].tolist(), strict=True))
    mouths = [with_mouth(pictures[a], points[a], pictures[b], points[b]) for a, b in both]
    held = {
        "blurred": described(dlib, [blurred(pictures[row]) for row in rows]),
        "mouth": described(dlib, mouths),
    }
    content = io.BytesIO()
    pairs = np.array([[points[a], points[b]] for a, b in both])
    np.savez_compressed(content, blurred=held["blurred"], mouth=held["mouth"], points=pairs)
    write_whole(folder / TABLE, table.to_csv(index=False).encode())
    write_whole(folder / TEMPLATES, content.getvalue())
    shown = [place for place in SHOWN if place < len(table)]
    first = candidates(of, table, held)
    tiles = []
    for place in shown:
        own, other = both[place]
        tiles += [pictures[own], pictures[other], drawn(of, int(table["look_alike"].iloc[place]))]
        tiles += [drawn(of, row) if row >= 0 else NOBODY for row in first[place]]
    write_whole(folder / SHEET, sheet_of(tiles, TILES))


def points_of(face: Face | None) -> NDArray[np.float64]:
    """The five points of dlib, shape (5, 2); NaN without a face."""
    return np.full((5, 2), np.nan) if face is None else np.asarray(face.points, float)


def candidates(of: Gallery, table: Any, held: dict[str, NDArray[np.float32]]) -> NDArray[np.int64]:
    """Rows of the first candidate of each probe, shape (people, kinds); -1 without a face."""
    enrolled = enrolled_in(of)
    index = Exact(of.templates(MATCHER, enrolled), of.measure(MATCHER))
    vectors = {
        "unaltered": of.templates(MATCHER, table["image"].to_numpy()),
        **held,
        "look-alike": of.templates(MATCHER, table["look_alike"].to_numpy()),
    }
    found = [index.search(vectors[kind], 1).rows[:, 0] for kind in KINDS]
    rows = np.array(found).T
    return np.where(rows >= 0, enrolled[rows], -1)


def described(dlib: DlibPipeline, pictures: list[Picture]) -> NDArray[np.float32]:
    """Templates of pictures, shape (n, 128); NaN where no face is found."""
    out = np.full((len(pictures), WIDTH), np.nan, np.float32)
    for k, face in enumerate(dlib.many(pictures)):
        if face is not None:
            out[k] = face.descriptor
    return out

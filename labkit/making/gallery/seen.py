"""The few photographs of the galleries that notebook 09 shows, stored.

In: the galleries.  Out: ``data/gallery/seen.npz``.  Everybody can be drawn again from a seed, but
the renderer takes 180 MB and half a minute, and a notebook may take 450 MB and a minute in all.
Which photographs these are follows from the templates; a test draws some of them again.
"""

from __future__ import annotations

import io
from collections.abc import Callable
from pathlib import Path

import numpy as np

from labkit.base.files import write_checksums, write_whole
from labkit.data import SEEN, Gallery
from labkit.making.gallery.sitting import as_stored

PAIRS = 6
"""Falsely matched members that are shown, each with whom the search returned."""

DESCRIBED = 3
"""Photographs of ``dev`` that are described again when a seal is opened."""


def rows(gallery: Gallery) -> list[int]:
    """The photographs that notebook 09 shows: rows of ``gallery.images``, ascending."""
    from labkit.gallery.council import Trial

    town = Trial(gallery)
    test = town.council(town.at("C"))
    first = test.highest(PAIRS)
    found = {*test.rows[first], *test.found[first], *gallery.rows("dev")[:DESCRIBED]}
    return sorted(map(int, found))


def write(
    folder: Path, gallery: Gallery, drawn: Callable[[Gallery, int], bytes] = as_stored
) -> None:
    """Draw them, and write them beside the templates.

    Parameters
    ----------
    folder
        ``data/gallery``, whose checksums are written anew.
    gallery
        What is in it.
    drawn
        Draws one of its photographs; WebP.
    """
    which = rows(gallery)
    content = [drawn(gallery, row) for row in which]
    out = io.BytesIO()
    np.savez(
        out,
        row=np.array(which, np.int64),
        length=np.array([len(c) for c in content], np.int64),
        webp=np.frombuffer(b"".join(content), np.uint8),
    )
    write_whole(folder / SEEN, out.getvalue())
    write_checksums(folder)

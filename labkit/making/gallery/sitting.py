"""Photographs of everybody in the galleries, drawn and described.

In: :func:`labkit.making.gallery.people.sittings`.  Out: a file for every few people in the cache,
with the pictures as stored, the five points dlib found, and the templates of both real matchers.
Whoever is in the cache is not drawn again, so an interrupted run goes on where it stopped.
"""

from __future__ import annotations

import io
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from labkit.base.codec import Picture, decode, encode
from labkit.base.files import write_whole
from labkit.base.processes import each
from labkit.data import Gallery
from labkit.making.described import _sface
from labkit.making.gallery.people import Sitting, sittings
from labkit.making.plans import capture_of, styling_of
from labkit.making.studio import Studio, describe
from labkit.matchers.rekognition.pictures import Drawn

BLOCK = 16
"""People in one file of the cache."""


def blocks(of: tuple[Sitting, ...] | None = None) -> list[tuple[Sitting, ...]]:
    """Everybody, a few at a time."""
    of = sittings() if of is None else of
    return [of[k : k + BLOCK] for k in range(0, len(of), BLOCK)]


def place(cache: Path, number: int) -> Path:
    """Where a block is kept."""
    return cache / "gallery" / f"{number:05}.npz"


def sit(
    cache: Path,
    *,
    of: list[tuple[Sitting, ...]] | None = None,
    workers: int | None = None,
    quiet: bool = False,
    studio: Studio | None = None,
) -> None:
    """Photograph and describe every block that is not in the cache yet."""
    jobs = [
        (block, place(cache, k), studio or Studio())
        for k, block in enumerate(blocks() if of is None else of)
        if not place(cache, k).is_file()
    ]
    for _ in each(_sit, jobs, workers=workers, label="gallery", unit="16 people", quiet=quiet):
        pass


def _sit(block: tuple[Sitting, ...], path: Path, studio: Studio) -> None:
    """A block of people; runs in a worker process."""
    taken, seeds, photos = [], [], []
    for sitting in block:
        likeness = studio.likeness(sitting.person)
        for photo in range(sitting.photos):
            taken.append(photographed(sitting, photo, likeness, studio))
            seeds.append(sitting.person.seed)
            photos.append(photo)
    content = io.BytesIO()
    found: Any = described(taken) | {"person": np.array(seeds), "photo": np.array(photos)}
    np.savez(content, **found)
    write_whole(path, content.getvalue())


def picture(gallery: Gallery, row: int, studio: Studio | None = None) -> Picture:
    """A photograph of the gallery, drawn again: the one whose template is stored.

    Takes about .3 s; the first one of a program more, because the renderer is compiled.

    Parameters
    ----------
    gallery
        From :func:`labkit.data.gallery`.
    row
        A row of its ``images``.

    Returns
    -------
    picture
        Shape (160, 160, 3), uint8 RGB.
    """
    return decode(as_stored(gallery, row, studio))


@dataclass(frozen=True)
class Recipes:
    """How each photograph of the gallery is drawn, for whoever draws it only when it is needed.

    Parameters
    ----------
    gallery
        From :func:`labkit.data.gallery`.

    Examples
    --------
    >>> from labkit import data
    >>> people = data.gallery()
    >>> Recipes(people)[0].person.seed == people.person(0).seed
    True
    """

    gallery: Gallery

    def __getitem__(self, row: int) -> Drawn:
        """The recipe of a row of ``images``; drawn, it is :func:`picture`."""
        person, photo = self.gallery.person(row), int(self.gallery.images["photo"].iloc[row])
        return Drawn(person, styling_of(person, photo), capture_of(person, photo))


def as_stored(gallery: Gallery, row: int, studio: Studio | None = None) -> bytes:
    """The same as the bytes that were described: WebP, which loses a little each time."""
    studio = studio or Studio()
    of = gallery.images.iloc[row]
    sitting = Sitting(of["role"], int(of["place"]), gallery.person(row), 1)
    return photographed(sitting, int(of["photo"]), studio.likeness(sitting.person), studio)


def photographed(sitting: Sitting, photo: int, likeness: Any, studio: Studio) -> bytes:
    """One picture as stored."""
    styling, capture = styling_of(sitting.person, photo), capture_of(sitting.person, photo)
    radiance = studio.radiance(studio.dress(likeness, styling), capture)
    return encode(studio.develop(radiance, capture))


def described(taken: list[bytes]) -> dict[str, NDArray[Any]]:
    """Stored pictures with dlib's points and the templates of both; NaN where there is no face."""
    of = describe(taken)
    return {
        "webp": of["webp"],
        "length": of["length"],
        "points": of["points"],
        "dlib": of["template"],
        "sface": _sface().transform([decode(content) for content in taken]),
    }

"""Photographs of the people that networks learn from: drawn, stored, and found by dlib.

In: the pools of :mod:`labkit.making.nets.people`.  Out: a file a person in the cache, with pictures
as stored and the five points of each face.  Nothing of it is shipped.
"""

from __future__ import annotations

import io
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from labkit.base.codec import decode, encode
from labkit.base.files import write_whole
from labkit.base.processes import each
from labkit.making.nets.people import POOLS, pool
from labkit.making.plans import CAMERAS, Plan, at_tone, capture_of, styling_of
from labkit.making.studio import Studio, _dlib
from labkit.people.who.person import Person
from labkit.people.who.styling import Styling


def place(cache: Path, plan: Plan, person: Person) -> Path:
    """Where a person's photographs are kept."""
    return cache / plan.name / f"{person.seed}.npz"


def sit(
    cache: Path,
    *,
    pools: Iterable[int] | None = None,
    workers: int | None = None,
    quiet: bool = False,
    studio: Studio | None = None,
) -> None:
    """Photograph everybody who is not in the cache yet."""
    for k in range(len(POOLS)) if pools is None else pools:
        paths = [(person, place(cache, POOLS[k], person)) for person in pool(k)]
        studio = studio or Studio()
        jobs = [(POOLS[k], person, path, studio) for person, path in paths if not path.is_file()]
        for _ in each(_sit, jobs, workers=workers, label=f"{POOLS[k].name:>15}", quiet=quiet):
            pass


def _sit(plan: Plan, person: Person, path: Path, studio: Studio) -> None:
    """All photographs of one person; runs in a worker process."""
    taken = photographs(plan, person, studio)
    content = io.BytesIO()
    np.savez(
        content,
        webp=np.frombuffer(b"".join(taken), np.uint8),
        length=np.array([len(one) for one in taken], np.int32),
        points=np.stack([points_in(one) for one in taken]),
    )
    write_whole(path, content.getvalue())


def photographs(plan: Plan, person: Person, studio: Studio) -> list[bytes]:
    """The pictures of one person as stored, as :func:`labkit.making.studio.photograph` draws them.

    Nobody is described: that takes longer than drawing.
    """
    likeness = studio.likeness(at_tone(person, plan.tones[0]) if plan.tones else person)
    sitters: dict[Styling, Any] = {}
    taken = []
    for tone in plan.tones or (None,):
        for photo in range(plan.photos):
            styling, capture = styling_of(person, photo), capture_of(person, photo)
            if styling not in sitters:
                sitters[styling] = studio.dress(likeness, styling)
            sitter = sitters[styling]
            if tone is not None:
                sitter = studio.again(sitter, at_tone(person, tone))
            radiance = studio.radiance(sitter, capture)
            for settings in [CAMERAS[name] for name in plan.cameras] or [{}]:
                taken.append(encode(studio.develop(radiance, capture.with_(**settings))))
    return taken


def points_in(stored: bytes) -> NDArray[np.float32]:
    """Dlib's five points in a stored picture, shape (5, 2); NaN where it finds no face."""
    mark = _dlib().find(decode(stored))
    if mark is None:
        return np.full((5, 2), np.nan, np.float32)
    return np.array([(p.x, p.y) for p in mark.parts()], np.float32)

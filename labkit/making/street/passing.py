"""People who walk past a camera: drawn once, photographed under three conditions, described.

In: who is watched for and who passes, from ``data/gallery``.  Out: a file for each person in the
cache; whoever is in it is not drawn again.

The watched are the first mates of the gallery, evenly from the three bands; the others the first
council members, evenly from the three bands, who are enrolled nowhere.  Everybody passes once, in
clothes of that day, over a few frames that follow each other: the face comes nearer and turns a
little, the light stays.  All seeds are this module's own, so no frame is one of the gallery's.
"""

from __future__ import annotations

import io
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from labkit import data
from labkit.base.files import write_whole
from labkit.base.processes import each
from labkit.making.described import _sface
from labkit.making.studio import _dlib
from labkit.people.who import Capture, Person, sample_capture, sample_person, sample_styling
from labkit.street.worn import CONDITIONS, camera_of

ROOM = 47  # this module's number in the seeds
WATCHED, OTHERS, FRAMES = 40, 120, 4
SIZE = 160
"""Pixels of a frame, before a camera has fewer."""

HARD = 0.5


@dataclass(frozen=True)
class Passer:
    """One who passes: the row of their portrait in the gallery, and whether they are watched."""

    row: int
    seed: int
    watched: bool
    tone_band: str
    presentation_half: str


def passers(gallery: data.Gallery) -> list[Passer]:
    """Everybody who passes, the watched first."""
    out = []
    for who, many in (("mates", WATCHED), ("council", OTHERS)):
        rows = gallery.rows(who)
        bands = gallery.images["tone_band"].to_numpy()[rows]
        names = data.ORDERS["tone_band"]
        for k, band in enumerate(names):
            share = many // len(names) + (k < many % len(names))
            out += [_passer(gallery, int(r), who == "mates") for r in rows[bands == band][:share]]
    return out


def _passer(gallery: data.Gallery, row: int, watched: bool) -> Passer:
    mine = gallery.images.iloc[row]
    return Passer(
        row, int(mine["person"]), watched, str(mine["tone_band"]), str(mine["presentation_half"])
    )


def captures(person: Person) -> list[Capture]:
    """The frames of one passage.

    Examples
    --------
    >>> frames = captures(sample_person(1))
    >>> [one.scale < two.scale for one, two in zip(frames, frames[1:])]
    [True, True, True]
    """
    rng = np.random.default_rng([ROOM, person.seed])
    first = sample_capture(int(rng.integers(2**31)), HARD)
    z = np.clip(rng.standard_normal((FRAMES, 4)), -2.2, 2.2)
    turn, nod = 11 * np.clip(rng.standard_normal(), -2.2, 2.2), -7 + 3 * rng.standard_normal()
    drift = 4 * rng.standard_normal()
    out = []
    for k in range(FRAMES):
        along = k / (FRAMES - 1)
        out.append(
            first.with_(
                yaw=float(np.clip(turn + drift * (along - 0.5) + 3.5 * z[k, 0], -60, 60)),
                pitch=float(np.clip(nod - 4 * along + 1.5 * z[k, 1], -40, 40)),
                roll=float(2.0 * z[k, 2]),
                smile=float(np.clip(first.smile + 0.05 * z[k, 3], 0, 1)),
                gaze=(float(4 * z[k, 0]), float(3 * z[k, 1])),
                scale=0.85 + 0.30 * along,
                seed=int(rng.integers(2**31)),
            )
        )
    return out


def sit(
    cache: Path, of: list[Passer], *, workers: int | None = None, quiet: bool = False
) -> list[dict[str, NDArray[Any]]]:
    """Draw and describe whoever is not in the cache yet; what was found, in the order of ``of``."""
    paths = [cache / f"{one.seed}.npz" for one in of]
    jobs = [(one.seed, path) for one, path in zip(of, paths, strict=True) if not path.is_file()]
    for _done in each(_work, jobs, workers=workers, label="passages", quiet=quiet):
        pass
    out = []
    for path in paths:
        with np.load(path) as archive:
            out.append({name: archive[name] for name in archive.files})
    return out


def _work(seed: int, path: Path) -> None:
    content = io.BytesIO()
    np.savez(content, **passage(seed))  # type: ignore[arg-type]
    write_whole(path, content.getvalue())


def passage(seed: int) -> dict[str, NDArray[Any]]:
    """One person passing: templates (cameras, frames, 128) of both matchers, pixels between eyes.

    Each frame is drawn once; the cameras photograph the same light.
    """
    frames, eyes = lights(sample_person(seed))
    pictures = [
        photographed(light, name, seed, k) for name in CONDITIONS for k, light in enumerate(frames)
    ]
    found = _dlib().many(pictures)
    none = np.full(128, np.nan, np.float32)
    dlib = np.stack([none if face is None else face.descriptor for face in found])
    sface = _sface().transform(pictures)
    shape = (len(CONDITIONS), len(frames), -1)
    return {
        "dlib": dlib.reshape(shape).astype(np.float16),
        "sface": sface.reshape(shape).astype(np.float16),
        "eyes": np.array(eyes, np.float32),
    }


def photographed(light: NDArray[np.float32], name: str, seed: int, k: int) -> NDArray[np.uint8]:
    """Frame k of a person under one condition."""
    from labkit.people.photo.crowd import photograph

    return photograph(light, camera_of(name, seed, k))


def lights(person: Person) -> tuple[list[NDArray[np.float32]], list[float]]:
    """The light of each frame as it reaches the lens, exposed; and the pixels between the eyes."""
    from labkit.people.photo.camera import sensor_signal
    from labkit.people.photo.render import Sitter, render_radiance
    from labkit.people.photo.view import view

    rng = np.random.default_rng([ROOM, person.seed, 1])
    sitter = Sitter.of(person, sample_styling(int(rng.integers(2**31)), person))
    marks = sitter.likeness.head.landmarks
    apart = float(np.linalg.norm(marks["eye_l"] - marks["eye_r"]))
    frames, eyes = [], []
    for capture in captures(person):
        # The lens is sharp here: blur belongs to the cameras.
        sharp = capture.with_(blur=0.0)
        frames.append(sensor_signal(render_radiance(sitter, None, sharp, SIZE), sharp))
        eyes.append(apart * view(capture, SIZE, sitter.top, sitter.side).scale)
    return frames, eyes

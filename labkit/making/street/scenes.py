"""Crowd pictures: drawn, photographed by two cameras, searched by two detectors.

In: the seeds below.  Out: for each scene its truth, its pictures as stored, and what was found in
them.  Detections are made on the picture as stored, so that who opens it finds the same.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

import numpy as np

from labkit.base.codec import Picture, decode, encode
from labkit.base.files import write_whole
from labkit.base.processes import each
from labkit.making.plans import band
from labkit.people.photo.crowd import (
    Camera,
    Figure,
    Lens,
    Scene,
    Stander,
    arranged,
    compose,
    figure,
    photograph,
    scene_at,
)
from labkit.people.who import sample_person
from labkit.street.crowd import CONDITIONS, DETECTORS, SIDES, detect, matched
from labkit.street.worn import NIGHT, camera_of

START, STEP = 2_500_000, 1_000
"""Seeds of the people of the scenes: the first of each scene."""
PEOPLE = 100
QUALITY = {"good": 84, "worn by night": 72}
ALMOST_HIDDEN = 0.9
"""Faces hidden by more than this are nobody's to be found."""


@dataclass(frozen=True)
class Setting:
    """A lens, and between how many metres from it people stand, at least how far apart."""

    lens: Lens = field(default_factory=Lens)
    nearest: float = 4.3
    farthest: float = 27.0
    apart: float = 0.62


SCENES = (
    Setting(),
    Setting(farthest=15.0, apart=0.5),  # packed: many hide others
    Setting(Lens(focal=1850.0, horizon=330.0)),  # seen more widely: faces half as large
)


@dataclass(frozen=True)
class Drawn:
    """One scene: rows of its tables, and its pictures as stored, by condition."""

    faces: list[dict[str, Any]]
    found: list[dict[str, Any]]
    pictures: dict[str, bytes]


def camera(condition: str, scene: int) -> Camera:
    """The camera of a condition for a scene."""
    if condition == "good":
        return Camera(noise=0.35, blur=0.55, jpeg=100, seed=scene)
    return camera_of(NIGHT, START, scene)


def people_of(scene: int, n: int = PEOPLE) -> list[int]:
    """Seeds of the people of a scene.

    Examples
    --------
    >>> people_of(1, 2)
    [2501000, 2501001]
    """
    return list(range(START + STEP * scene, START + STEP * scene + n))


def scenes(
    cache: Path,
    many: int = len(SCENES),
    *,
    people: int = PEOPLE,
    settings: Sequence[Setting] = SCENES,
    workers: int | None = None,
    quiet: bool = False,
) -> list[Drawn]:
    """All scenes; those in the cache are not drawn again."""
    return [
        _scene(cache / f"scene-{k}-{people}", k, people, settings[k], workers, quiet)
        for k in range(many)
    ]


def _scene(
    place: Path, scene: int, people: int, setting: Setting, workers: int | None, quiet: bool
) -> Drawn:
    names = {condition: place / f"{condition.replace(' ', '-')}.webp" for condition in CONDITIONS}
    tables = place / "tables.json"
    if not tables.is_file():
        lens = setting.lens
        standers = arranged(
            scene,
            people_of(scene, people),
            lens,
            setting.nearest,
            setting.farthest,
            setting.apart,
        )
        jobs = [(one, lens) for one in standers]
        done = dict(each(_figure, jobs, workers=workers, label=f"crowd {scene}", quiet=quiet))
        drawn = compose([done[k] for k in range(len(standers))], standers, lens)
        done.clear()
        faces, found = face_rows(scene, drawn), []
        for condition, path in names.items():
            used = camera(condition, scene)
            content = encode(photograph(drawn.light, used), QUALITY[condition])
            write_whole(path, content)
            found += detections(scene, condition, decode(content), used, drawn, lens)
        write_whole(tables, json.dumps({"faces": faces, "found": found}).encode())
    stored = json.loads(tables.read_text(encoding="utf-8"))
    return Drawn(
        stored["faces"], stored["found"], {name: path.read_bytes() for name, path in names.items()}
    )


def _figure(one: Stander, lens: Lens) -> Figure:
    return figure(one, lens)


def face_rows(scene: int, drawn: Scene) -> list[dict[str, Any]]:
    """What is true of each face, as rows of a table."""
    rows = []
    for face in drawn.faces:
        row: dict[str, Any] = {"scene": scene}
        for name, value in asdict(face).items():
            row[name] = round(value, 3) if isinstance(value, float) else value
        rows.append(row | {"tone_band": band(sample_person(face.person).tone)})
    return rows


def detections(
    scene: int, condition: str, picture: Picture, used: Camera, drawn: Scene, lens: Lens
) -> list[dict[str, Any]]:
    """What both detectors find in a picture, in pixels of the scene, with whose face each is."""
    rows = []
    truth = [f for f in drawn.faces if f.hidden <= ALMOST_HIDDEN]
    faces = np.array([[getattr(f, side) for side in SIDES] for f in truth])
    for detector in DETECTORS:
        found = detect(picture, detector)
        boxes = in_scene(found[list(SIDES)].to_numpy(), used, lens)
        whose = matched(boxes, faces) if len(boxes) else np.zeros(0, int)
        for box, score, k in zip(boxes, found["score"], whose, strict=True):
            row: dict[str, Any] = {"scene": scene, "condition": condition, "detector": detector}
            row |= {side: round(float(v), 1) for side, v in zip(SIDES, box, strict=True)}
            rows.append(row | {"score": round(float(score), 3)})
            rows[-1]["person"] = truth[k].person if k >= 0 else -1
    return rows


def in_scene(boxes: Any, used: Camera, lens: Lens) -> Any:
    """Boxes of a camera's picture in pixels of the scene, shape (n, 4)."""
    boxes = np.asarray(boxes, np.float64).reshape(-1, 4)
    middle = boxes.reshape(-1, 2, 2).mean(1)
    half = (boxes[:, 2:] - boxes[:, :2]) / 2
    low = scene_at(middle - half, used, lens.width, lens.height)
    high = scene_at(middle + half, used, lens.width, lens.height)
    return np.concatenate([np.minimum(low, high), np.maximum(low, high)], 1)

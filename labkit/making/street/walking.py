"""A crowd that walks towards a camera, frame by frame, with the faces found in each.

In: the seeds below.  Out: rows of faces found and of what was there, and a template of each face
found.  No frame is kept.
"""

from __future__ import annotations

import io
import json
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from tqdm import tqdm

from labkit.base.codec import Picture
from labkit.base.files import write_whole
from labkit.making.street.scenes import ALMOST_HIDDEN, face_rows
from labkit.matchers import sface, yunet
from labkit.people.photo.crowd import (
    Camera,
    Lens,
    Scene,
    Stander,
    arranged,
    compose,
    figure,
    photograph,
)
from labkit.people.photo.render import Sitter
from labkit.street.crowd import SIDES, matched

ROOM = 48  # this module's number in the seeds
START = 2_510_000
PEOPLE, FRAMES = 20, 12
STEP = 0.4
"""Seconds between two frames."""
LENS = Lens(1280, 800, 2300.0, 2.7, 110.0)
CAMERA = Camera(noise=0.5, blur=0.6, motion=1.0, jpeg=90)


@dataclass(frozen=True)
class Walked:
    """Rows of faces found and of what was there, and SFace's templates of the faces found."""

    boxes: list[dict[str, Any]]
    truth: list[dict[str, Any]]
    templates: NDArray[np.float16]


def walkers(seed: int = 0, people: int = PEOPLE, frames: int = FRAMES) -> list[list[Stander]]:
    """Where everybody stands in each frame: they come nearer, and some cross others' ways.

    Examples
    --------
    >>> first, second = walkers(people=3, frames=2)
    >>> all(a.z > b.z for a, b in zip(first, second))
    True
    """
    rng = np.random.default_rng([ROOM, seed])
    seeds = range(START, START + people)
    start = arranged(START + seed, list(seeds), LENS, nearest=10.5, farthest=18.0, apart=0.8)
    pace = rng.uniform(0.9, 1.4, people)
    aside = rng.normal(0, 0.22, people)
    turns = np.clip(rng.standard_normal((frames, people, 2)), -2.2, 2.2)
    out = []
    for k in range(frames):
        standers = []
        for n, one in enumerate(start):
            capture = one.capture.with_(
                yaw=float(np.clip(0.5 * one.capture.yaw + 4 * turns[k, n, 0], -60, 60)),
                pitch=float(one.capture.pitch + 2 * turns[k, n, 1]),
            )
            far = one.z - pace[n] * STEP * k
            across = one.x * (0.55 + 0.45 * far / one.z) + aside[n] * STEP * k
            standers.append(replace(one, capture=capture, x=float(across), z=float(far)))
        out.append(standers)
    return out


def walk(cache: Path, *, people: int = PEOPLE, frames: int = FRAMES, quiet: bool = False) -> Walked:
    """The sequence; frames in the cache are not drawn again."""
    truth: list[dict[str, Any]] = []
    boxes: list[dict[str, Any]] = []
    templates = []
    todo = walkers(people=people, frames=frames)
    dressed: dict[int, Sitter] = {}
    for k, standers in enumerate(tqdm(todo, desc="walk", unit="frame", disable=quiet)):
        path = cache / f"frame-{people}-{frames}-{k:02}.npz"
        if not path.is_file():
            write_whole(path, _frame(k, standers, dressed))
        with np.load(path) as archive:
            rows = json.loads(str(archive["rows"]))
            templates.append(archive["templates"])
        truth += rows["truth"]
        boxes += rows["boxes"]
    return Walked(boxes, truth, np.concatenate(templates))


def _frame(k: int, standers: list[Stander], dressed: dict[int, Sitter]) -> bytes:
    figures = []
    for one in standers:
        if one.person.seed not in dressed:
            dressed[one.person.seed] = Sitter.of(one.person, one.styling)
        figures.append(figure(one, LENS, sitter=dressed[one.person.seed]))
    drawn = compose(figures, standers, LENS)
    picture = photograph(drawn.light, replace(CAMERA, seed=k))
    boxes, templates = faces_in(k, picture, drawn)
    truth = [
        {"frame": k} | {name: row[name] for name in ("person", *SIDES, "eyes", "hidden")}
        for row in face_rows(0, drawn)
    ]
    content = io.BytesIO()
    rows = json.dumps({"boxes": boxes, "truth": truth})
    np.savez(content, rows=np.array(rows), templates=templates)
    return content.getvalue()


def faces_in(
    k: int, picture: Picture, drawn: Scene
) -> tuple[list[dict[str, Any]], NDArray[np.float16]]:
    """What YuNet finds in a frame, whose face each is, and SFace's templates."""
    found = yunet.faces(picture)
    truth = [f for f in drawn.faces if f.hidden <= ALMOST_HIDDEN]
    corners = found[:, :4].astype(float)
    corners[:, 2:] += corners[:, :2]
    faces = np.array([[getattr(f, side) for side in SIDES] for f in truth])
    whose = matched(corners, faces) if len(found) else np.zeros(0, int)
    rows = []
    for box, score, at in zip(corners, found[:, 14], whose, strict=True):
        row: dict[str, Any] = {"frame": k}
        row |= {side: round(float(v), 1) for side, v in zip(SIDES, box, strict=True)}
        row["score"] = round(float(score), 3)
        rows.append(row | {"person": truth[at].person if at >= 0 else -1})
    templates = list(_described(picture, found))
    return rows, np.array(templates, np.float16).reshape(-1, sface.LENGTH)


def _described(picture: Picture, found: NDArray[np.float32]) -> Iterator[NDArray[np.float32]]:
    network = sface._network()
    for face in found:
        yield network.feature(sface._chip(picture, face))[0]

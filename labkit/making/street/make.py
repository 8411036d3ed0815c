"""Crowds, passages, a walk, cases to review, altered probes: ``python -m labkit make street``.

In: ``data/gallery``, which says who is watched for.  Out: ``data/street``.  Whatever is in the
cache is not drawn again, so an interrupted run goes on where it stopped.
"""

from __future__ import annotations

import hashlib
import io
import shutil
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from labkit import data as bundled
from labkit.base.files import write_checksums, write_whole
from labkit.base.places import PROJECT
from labkit.making.basis import write_array
from labkit.making.fingerprint import APART, PACKAGE, fingerprint, tree
from labkit.making.street import passing, scenes, walking
from labkit.making.street.probes import make_probes
from labkit.making.street.review import make_review
from labkit.street.crowd import picture_file
from labkit.street.passages import MATCHERS
from labkit.street.stored import STREET

PARTS = ("crowds", "passages", "walk")
DRAWN_BY = (
    *APART,
    "making/street/passing.py",
    "making/street/scenes.py",
    "making/street/walking.py",
    "street/worn.py",
)
"""What decides a byte of ``data/street`` beside what the fingerprint of the sets covers."""


def make(
    *,
    data: Path | None = None,
    cache: Path | None = None,
    only: Iterable[str] | None = None,
    workers: int | None = None,
    quiet: bool = False,
) -> None:
    """Make ``data/street`` and print what came of it: ``python -m labkit make street``.

    Parameters
    ----------
    data, cache, workers, quiet
        As for :func:`labkit.making.store.make`.
    only
        Some of :data:`PARTS`, to fill the cache with; nothing is written to ``data`` then.

    Raises
    ------
    ValueError
        For a part that does not exist.
    """
    parts = tuple(PARTS if only is None else only)
    for name in parts:
        if name not in PARTS:
            raise ValueError(f"data/street has no part {name!r}: use {', '.join(PARTS)}")
    folder = PROJECT / "data" if data is None else Path(data)
    place = (PROJECT / "build" / "make" if cache is None else Path(cache)) / "street" / name_of()
    options: dict[str, Any] = {"quiet": quiet}
    gallery = bundled.gallery(data=folder)
    who = passing.passers(gallery)
    crowds: list[scenes.Drawn] = []
    passed: list[dict[str, NDArray[Any]]] = []
    if "crowds" in parts:
        crowds = scenes.scenes(place, workers=workers, **options)
    if "passages" in parts:
        passed = passing.sit(place / "passages", who, workers=workers, **options)
    walked = walking.walk(place / "walk", **options) if "walk" in parts else None
    if walked is None or not crowds or not passed:
        return
    store(folder / STREET, crowds, who, passed, gallery, walked)
    people = sum(len(one.faces) for one in crowds)
    print(
        f"people in crowds: {people:,}, passages: {len(who):,},"
        f" faces found in the walk: {len(walked.boxes):,}"
    )


def name_of() -> str:
    """The name of the code that draws the street, with that of the sets in it."""
    texts = [tree(PACKAGE / name, PACKAGE) for name in DRAWN_BY]
    return hashlib.sha256("\n".join([fingerprint(), *texts]).encode()).hexdigest()[:16]


def store(
    top: Path,
    crowds: Sequence[scenes.Drawn],
    who: Sequence[passing.Passer],
    passed: Sequence[Mapping[str, NDArray[Any]]],
    gallery: bundled.Gallery,
    walked: walking.Walked,
) -> None:
    """Write ``data/street``; it appears only when it is whole, and keeps its documents."""
    import pandas as pd

    part = top.parent / f".{top.name}.part"
    shutil.rmtree(part, ignore_errors=True)

    def table(name: str, rows: Any) -> None:
        content = io.StringIO()
        pd.DataFrame(rows).to_csv(content, index=False, lineterminator="\n")
        write_whole(part / name, content.getvalue().encode())

    table("faces.csv", [row for one in crowds for row in one.faces])
    table("detections.csv", [row for one in crowds for row in one.found])
    for condition, content in crowds[0].pictures.items():
        write_whole(part / picture_file(condition), content)
    listed = [one for one in who if one.watched]
    table(
        "passages.csv",
        [
            {
                "person": one.seed,
                "watched": int(one.watched),
                "tone_band": one.tone_band,
                "presentation_half": one.presentation_half,
            }
            for one in who
        ],
    )
    write_array(part / "passages_eyes.npy", np.stack([one["eyes"] for one in passed]))
    for matcher in MATCHERS:
        name = matcher.lower()
        write_array(part / f"passages_{name}.npy", np.stack([one[name] for one in passed], 1))
        rows = np.array([one.row for one in listed])
        write_array(
            part / f"watchlist_{name}.npy", gallery.templates(matcher, rows).astype(np.float16)
        )
    table("walk.csv", walked.boxes)
    table("walk_truth.csv", walked.truth)
    write_array(part / "walk_sface.npy", walked.templates)
    make_review(part, gallery=gallery)
    make_probes(part, gallery=gallery)
    for document in top.glob("*.md"):
        shutil.copy(document, part / document.name)
    shutil.rmtree(top, ignore_errors=True)
    part.rename(top)
    write_checksums(top)

"""Crowds, passages, a walk, and what people review: ``python -m labkit make street``.

In: ``data/gallery``, which says who is watched for.  Out: ``data/street``.  Whatever is in the
cache is not drawn again, so an interrupted run goes on where it stopped.
"""

from __future__ import annotations

import hashlib
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

PARTS = ("crowds", "passages", "walk", "review", "probes")
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
        Some of :data:`PARTS`; the files of the others stay as they are.

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
    gallery = bundled.gallery(data=folder)
    top = folder / bundled.STREET
    if "crowds" in parts:
        store_crowds(top, scenes.scenes(place, workers=workers, quiet=quiet))
    if "passages" in parts:
        who = passing.passers(gallery)
        passed = passing.sit(place / "passages", who, workers=workers, quiet=quiet)
        store_passages(top, who, passed, gallery)
    if "walk" in parts:
        store_walk(top, walking.walk(place / "walk", quiet=quiet))
    if "review" in parts:
        make_review(top, gallery=gallery)
    if "probes" in parts:
        make_probes(top, gallery=gallery)
    write_checksums(top)
    print(f"{top}: {', '.join(parts)} written")


def name_of() -> str:
    """The name of the code that draws the street, with that of the sets in it."""
    texts = [tree(PACKAGE / name, PACKAGE) for name in DRAWN_BY]
    return hashlib.sha256("\n".join([fingerprint(), *texts]).encode()).hexdigest()[:16]


def store_crowds(top: Path, crowds: Sequence[scenes.Drawn]) -> None:
    """Truth and detections of all scenes, and the pictures of the first."""
    _table(top / "faces.csv", [row for one in crowds for row in one.faces])
    _table(top / "detections.csv", [row for one in crowds for row in one.found])
    for condition, content in crowds[0].pictures.items():
        write_whole(top / picture_file(condition), content)


def store_passages(
    top: Path,
    who: Sequence[passing.Passer],
    passed: Sequence[Mapping[str, NDArray[Any]]],
    gallery: bundled.Gallery,
) -> None:
    """Who passes, templates of their frames, and the watchlist's as the gallery has them."""
    rows = [
        {
            "person": one.seed,
            "watched": int(one.watched),
            "tone_band": one.tone_band,
            "presentation_half": one.presentation_half,
        }
        for one in who
    ]
    _table(top / "passages.csv", rows)
    write_array(top / "passages_eyes.npy", np.stack([one["eyes"] for one in passed]))
    listed = np.array([one.row for one in who if one.watched])
    for matcher in MATCHERS:
        name = matcher.lower()
        write_array(top / f"passages_{name}.npy", np.stack([one[name] for one in passed], 1))
        portraits = gallery.templates(matcher, listed).astype(np.float16)
        write_array(top / f"watchlist_{name}.npy", portraits)


def store_walk(top: Path, walked: walking.Walked) -> None:
    """Faces found in each frame with their templates, and who was where."""
    _table(top / "walk.csv", walked.boxes)
    _table(top / "walk_truth.csv", walked.truth)
    write_array(top / "walk_sface.npy", walked.templates)


def _table(path: Path, rows: Sequence[Mapping[str, Any]]) -> None:
    import pandas as pd

    content = pd.DataFrame(rows).to_csv(index=False, lineterminator="\n")
    write_whole(path, content.encode())

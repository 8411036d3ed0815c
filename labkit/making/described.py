"""Describe the bundled people with SFace too: the second step of ``python -m labkit make``.

In: the sets as :mod:`labkit.making.store` made them.  Out: ``templates_sface.npy`` in the folder of
each, float16, in the order of ``images.csv``, and its line in the checksums.

SFace sees what dlib saw: the pictures as stored.  Pictures that are not shipped are drawn again,
and used only if dlib makes of them the templates that are stored (:data:`LARGEST`).  Whoever was
drawn stays in the cache of :mod:`labkit.making.store`, so nobody is drawn twice.
"""

from __future__ import annotations

import functools
from collections.abc import Iterable, Iterator
from pathlib import Path, PurePosixPath
from typing import Any

import numpy as np
from numpy.typing import NDArray

from labkit import data as bundled
from labkit.base.codec import decode
from labkit.base.files import CHECKSUMS, read_checked, read_checksums, sha256, write_whole
from labkit.base.places import PROJECT
from labkit.base.processes import each
from labkit.making import store
from labkit.making.basis import write_array
from labkit.making.fingerprint import fingerprint
from labkit.making.plans import PLANS, Plan, person_of
from labkit.making.studio import Studio, pictures_in
from labkit.matchers.sface import SFaceMatcher

FILE = "templates_sface.npy"
TYPICAL, LARGEST = 0.05, 0.2
"""dlib's distances between a person's pictures and the same drawn again: their median at most, and
the largest.  A machine that rounds otherwise changes a pixel here and there, which now and then
moves the box of a face: .12 was seen in a picture, and a median of 0."""


def describe(
    *,
    data: Path | None = None,
    cache: Path | None = None,
    only: Iterable[str] | None = None,
    workers: int | None = None,
    quiet: bool = False,
    studio: Studio | None = None,
) -> dict[str, int]:
    """Describe the pictures of the sets with SFace and store the templates.

    Parameters
    ----------
    data, cache, only, workers, quiet, studio
        As for :func:`labkit.making.store.make`.

    Returns
    -------
    dict
        Set -> photographs in which no face was found.

    Raises
    ------
    ValueError
        For an unknown set.
    RuntimeError
        When a picture that is drawn again is not the one whose template is stored.
    DamagedFile
        When a file of a set is missing, cut short or changed.
    """
    names = list(PLANS) if only is None else list(only)
    for name in names:
        if name not in PLANS:
            raise ValueError(f"there is no set {name!r}: use {', '.join(PLANS)}")
    data = PROJECT / "data" if data is None else Path(data)
    cache = (PROJECT / "build" / "make" if cache is None else Path(cache)) / fingerprint()
    missing = {}
    for plan in (PLANS[name] for name in names):
        jobs = list(_jobs(plan, data, cache, studio or Studio()))
        done: list[Any] = [None] * len(jobs)
        label = f"{plan.name:>15}, SFace"
        for k, templates in each(_describe, jobs, workers=workers, label=label, quiet=quiet):
            done[k] = templates
        templates = np.concatenate(done)
        _write(data / plan.top, f"{plan.name}/{FILE}", templates)
        missing[plan.name] = int(np.isnan(templates[:, 0]).sum())
        if not quiet:
            print(f"{plan.name}: SFace found no face in {missing[plan.name]} of {len(templates)}")
    return missing


def _jobs(plan: Plan, data: Path, cache: Path, studio: Studio) -> Iterator[tuple[Any, ...]]:
    """What :func:`_describe` is given, for each person of a set."""
    faces = bundled.load(f"{plan.top}/{plan.name}", data=data)
    checksums = read_checksums(data / plan.top)
    for seed, rows in faces.images.groupby("person", sort=False):
        files = [f"{plan.name}/{file}" for file in rows["file"] if file]
        stored = [read_checked(data / plan.top, file, checksums) for file in files]
        templates = faces.templates[rows.index]
        yield plan, int(str(seed)), stored, templates, cache, studio


def _describe(
    plan: Plan,
    seed: int,
    stored: list[bytes],
    dlib: NDArray[np.float32],
    cache: Path,
    studio: Studio,
) -> NDArray[np.float16]:
    """SFace's templates of one person's pictures; runs in a worker process."""
    pictures = stored or _drawn_again(plan, seed, dlib, cache, studio)
    templates = _sface().transform([decode(content) for content in pictures])
    return templates.astype(np.float16)


def _drawn_again(
    plan: Plan, seed: int, dlib: NDArray[np.float32], cache: Path, studio: Studio
) -> list[bytes]:
    """One person's pictures as they were when dlib described them."""
    person = person_of(plan, seed)
    path = store._place(cache, plan, person)
    if not path.is_file():
        store._work(plan, person, path, studio)
    result = store._cached(path)
    found = np.isfinite(dlib).all(1)
    apart = np.linalg.norm(result["template"] - dlib, axis=1)[found]
    same = np.array_equal(result["ok"], found)
    if not same or (len(apart) and (np.median(apart) > TYPICAL or apart.max() > LARGEST)):
        raise RuntimeError(
            f"person {seed} of {plan.name} is drawn otherwise than when dlib described the set:"
            f" make it again with `python -m labkit make --only {plan.name}`"
        )
    return pictures_in(result)


@functools.lru_cache(maxsize=1)
def _sface() -> SFaceMatcher:
    return SFaceMatcher(progress=False)


def _write(top: Path, name: str, templates: NDArray[np.float16]) -> None:
    """Store templates, and their line in the checksums; no other line is looked at or changed."""
    write_array(top / name, templates)
    known = read_checksums(top) | {name: sha256((top / name).read_bytes())}
    lines = [f"{known[n]}  {n}\n" for n in sorted(known, key=PurePosixPath)]
    write_whole(top / CHECKSUMS, "".join(lines).encode())

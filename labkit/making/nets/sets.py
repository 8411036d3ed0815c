"""AnytownNet's templates of the sets whose pictures are not shipped: drawn again, described once.

In: the plans of such sets, and the five points in their tables.  Out: ``templates_anytownnet.npy``
in the folder of each, float16, and its line in the checksums.

Of every :data:`LOOKED_AT`-th person the pictures are searched again, and used only if dlib finds
the points that the table has.
"""

from __future__ import annotations

import io
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from labkit import data as bundled
from labkit.base.codec import decode
from labkit.base.files import write_whole
from labkit.base.places import PROJECT
from labkit.base.processes import each
from labkit.making.described import _write
from labkit.making.fingerprint import fingerprint
from labkit.making.nets.sitting import photographs, points_in
from labkit.making.plans import PLANS, Plan, person_of
from labkit.making.studio import Studio
from labkit.matchers import network as networks

FILE = "templates_anytownnet.npy"
LOOKED_AT = 20
NEAR = 3.0
"""Pixels that a point may lie elsewhere: a machine that rounds otherwise moves one now and then."""


def undrawn() -> list[Plan]:
    """The sets that ship no pictures."""
    return [plan for plan in PLANS.values() if not plan.pictures]


def describe(
    *,
    data: Path | None = None,
    cache: Path | None = None,
    only: Iterable[str] | None = None,
    workers: int | None = None,
    quiet: bool = False,
    studio: Studio | None = None,
) -> None:
    """Describe the sets whose pictures are not shipped, and store the templates.

    Raises
    ------
    RuntimeError
        When a picture that is drawn again is not the one whose points are stored.
    """
    data = PROJECT / "data" if data is None else Path(data)
    cache = (PROJECT / "build" / "make" if cache is None else Path(cache)) / fingerprint()
    wanted = None if only is None else set(only)
    for plan in undrawn():
        if wanted is not None and plan.name not in wanted:
            continue
        faces = bundled.load(f"{plan.top}/{plan.name}", data=data)
        points = faces.images[networks.POINTS].to_numpy(float).reshape(-1, 5, 2)
        jobs = []
        for k, (seed, rows) in enumerate(faces.images.groupby("person", sort=False)):
            place = cache / f"chips-{plan.name}" / f"{seed}.npz"
            own = points[rows.index]
            jobs.append((plan, int(str(seed)), own, k % LOOKED_AT == 0, place, studio or Studio()))
        label = f"{plan.name:>15}, chips"
        for _ in each(_chips, jobs, workers=workers, label=label, quiet=quiet):
            pass
        found = []
        for job in jobs:
            with np.load(job[4]) as archive:
                found.append(networks.describe(archive["chips"]))
        templates = np.concatenate(found).astype(np.float16)
        _write(data / plan.top, f"{plan.name}/{FILE}", templates)


def _chips(
    plan: Plan, seed: int, points: NDArray[Any], looked_at: bool, place: Path, studio: Studio
) -> None:
    """The chips of one person's pictures, drawn again, into the cache."""
    if place.is_file():
        return
    taken = photographs(plan, person_of(plan, seed), studio)
    chips = np.zeros((len(taken), networks.SIDE, networks.SIDE, 3), np.uint8)
    for k in np.flatnonzero(np.isfinite(points).all((1, 2))):
        chips[k] = networks.chip_of(decode(taken[k]), points[k])
    if looked_at:
        again = np.stack([points_in(one) for one in taken])
        same = np.array_equal(np.isfinite(again), np.isfinite(points))
        if not same or np.nanmedian(np.abs(again - points)) > NEAR:
            raise RuntimeError(
                f"person {seed} of {plan.name} is drawn otherwise than when dlib found the set's"
                f" faces: make it again with `python -m labkit make --only {plan.name}`"
            )
    content = io.BytesIO()
    np.savez(content, chips=chips)
    write_whole(place, content.getvalue())

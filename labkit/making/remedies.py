"""The final table of remedies, computed once on the people of holdout: ``make remedies``.

In: ``anytown/dev`` and ``anytown/holdout``, whose pictures are drawn again for the gate.  Out:
``data/remedies``: the table, when and by what it was made, checksums.

Interrupted, it goes on where it stopped: whoever was drawn is in the cache of
:mod:`labkit.making.store`.
"""

from __future__ import annotations

import datetime
import hashlib
import json
from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from labkit import data as bundled
from labkit import remedies as room
from labkit.base.files import write_checksums, write_whole
from labkit.base.places import PROJECT
from labkit.base.processes import each
from labkit.making import described, store
from labkit.making.fingerprint import fingerprint
from labkit.making.plans import PLANS, Plan, person_of
from labkit.making.studio import Studio
from labkit.remedies.final import FOLDER, as_rows, final_remedies, registered

SET = "anytown/holdout"
FILE = "final.csv"


def make(
    *,
    data: Path | None = None,
    cache: Path | None = None,
    only: Iterable[str] | None = None,
    workers: int | None = None,
    quiet: bool = False,
    studio: Studio | None = None,
) -> Path:
    """Compute the final table and store it; once: an existing table is refused.

    Parameters
    ----------
    data, cache, workers, quiet, studio
        As for :func:`labkit.making.store.make`.
    only
        ``["pictures"]``: draw the pictures and stop.

    Returns
    -------
    path
        The table.

    Raises
    ------
    ValueError
        For another part than the pictures.
    FileExistsError
        When there is a final table: a second one would be a second look.
    RuntimeError
        When a picture that is drawn again is not the one whose template is stored.
    """
    wanted = None if only is None else list(only)
    if wanted not in (None, ["pictures"]):
        raise ValueError(
            f"make remedies makes no {wanted}: leave out --only, or say --only pictures"
        )
    data = PROJECT / "data" if data is None else Path(data)
    folder = data / FOLDER
    if (folder / FILE).exists():
        raise FileExistsError(
            f"{folder / FILE} is there: the people of holdout are used once. Whoever finds a fault"
            " deletes it, and says in the data sheet why it was made again"
        )
    crops = crops_of_holdout(data, cache, workers=workers, quiet=quiet, studio=studio)
    if wanted:
        return folder
    results = []
    for name in registered():
        town = room.Town.of(name, test=SET)
        town = replace(town, test=replace(town.test, crops=lambda: crops))
        results += final_remedies(town)
    table = as_rows(results)
    about = {
        "set": SET,
        "people": len(bundled.load(SET, data=data).people),
        "matchers": registered(),
        "date": datetime.datetime.now(datetime.UTC).date().isoformat(),
        "command": "python -m labkit make remedies",
        "code": code(),
    }
    text = table.to_csv(index=False, lineterminator="\n", float_format="%.10g")
    write_whole(folder / FILE, text.encode())
    write_whole(folder / "made.json", (json.dumps(about, indent=1) + "\n").encode())
    write_checksums(folder)
    return folder / FILE


def code() -> str:
    """A short name of the code of the remedies, from their sources."""
    folder = Path(room.__file__).parent
    content = b"".join(p.read_bytes() for p in sorted(folder.glob("*.py")))
    return hashlib.sha256(content).hexdigest()[:16]


def crops_of_holdout(
    data: Path,
    cache: Path | None = None,
    *,
    workers: int | None = None,
    quiet: bool = False,
    studio: Studio | None = None,
) -> NDArray[np.uint8]:
    """Aligned grey crops of holdout, whose pictures are not shipped: drawn again.

    Returns
    -------
    crops
        Shape (n, 64, 64), in the order of the set; 0 where no face was found.

    Raises
    ------
    RuntimeError
        When a picture that is drawn again is not the one whose template is stored.
    """
    plan = PLANS["holdout"]
    place = (PROJECT / "build" / "make" if cache is None else Path(cache)) / fingerprint()
    faces = bundled.load(SET, data=data)
    jobs: list[tuple[Any, ...]] = [
        (plan, int(str(seed)), faces.templates[rows.index], place, studio or Studio())
        for seed, rows in faces.images.groupby("person", sort=False)
    ]
    done: list[Any] = [None] * len(jobs)
    for k, crops in each(_crops, jobs, workers=workers, label="holdout, pictures", quiet=quiet):
        done[k] = crops
    return np.concatenate(done)


def _crops(
    plan: Plan, seed: int, dlib: NDArray[np.float32], cache: Path, studio: Studio
) -> NDArray[np.uint8]:
    """One person's crops; runs in a worker process."""
    described._drawn_again(plan, seed, dlib, cache, studio)
    result = store._cached(store._place(cache, plan, person_of(plan, seed)))
    return np.asarray(result["crop"], np.uint8)

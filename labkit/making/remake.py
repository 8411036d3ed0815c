"""Is the shipped data what the code makes, and what does making it cost?

In: the data folder.  Out: differences between stored pictures and the same pictures made again; a
printed table of costs.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from labkit.base.codec import decode, encode
from labkit.base.processes import check_workers
from labkit.data import data_folder
from labkit.making.fingerprint import fingerprint, record
from labkit.making.plans import (
    ANYTOWN,
    PLANS,
    ROOM,
    SHOWN,
    Plan,
    capture_of,
    kept,
    shots,
    styling_of,
)
from labkit.making.store import image_rows
from labkit.making.studio import Studio, describe, photograph, pictures_in
from labkit.people.who.person import sample_person


@dataclass(frozen=True)
class Remade:
    """One stored picture made again: do the bytes agree, and by how much do they differ if not?

    ``pixels`` is the mean absolute difference of the pictures in grey levels 0..255 (NaN without a
    stored picture), ``template`` the distance between the templates (NaN if no face was found),
    ``same_row`` whether the line of the images table is the stored one, letter by letter.
    """

    image: str
    same_bytes: bool
    pixels: float
    template: float
    same_row: bool

    @property
    def same(self) -> bool:
        """Nothing at all differs."""
        return self.same_bytes and self.same_row and not self.template > 0


def remake_sample(
    names: Iterable[str] = ANYTOWN,
    *,
    people: int = 2,
    seed: int = 0,
    data: Path | None = None,
    studio: Studio | None = None,
) -> list[Remade]:
    """Make the pictures of a few stored people again and compare them with the stored ones.

    Parameters
    ----------
    names
        Sets to take people from.
    people
        How many of each set.
    seed
        Which.

    Returns
    -------
    list of Remade
        One for each picture.
    """
    import pandas as pd

    data = data_folder() if data is None else Path(data)
    rng = np.random.default_rng(np.random.SeedSequence([ROOM, seed]))
    out = []
    for name in names:
        plan = PLANS[name]
        folder = data / plan.top / name
        images = pd.read_csv(folder / "images.csv", keep_default_na=False, low_memory=False)
        lines = (folder / "images.csv").read_text(encoding="utf-8").splitlines()[1:]
        templates = np.load(folder / "templates.npy")
        everyone = images["person"].unique()
        for who in rng.choice(everyone, min(people, len(everyone)), replace=False):
            person = sample_person(int(who), linked=plan.linked)
            result = photograph(plan, person, studio or Studio())
            k = int(np.flatnonzero(everyone == who)[0])
            rows = pd.DataFrame(image_rows(plan, person, k, result))
            written = rows.to_csv(index=False, header=False, lineterminator="\n").splitlines()
            stored = images[images["person"] == who]
            for n, (row, image) in enumerate(stored.iterrows()):
                path = folder / image["file"] if image["file"] else None
                same_row = written[n] == lines[int(str(row))]
                out.append(_compare(str(image["image"]), path, templates[row], result, n, same_row))
    return out


def accept(
    *, people: int = 2, data: Path | None = None, say: Callable[[str], object] = print
) -> int:
    """Write down that today's code makes the stored data, if people of every set show that it does.

    Parameters
    ----------
    people
        How many of each set are drawn again.

    Returns
    -------
    code
        0 when the name was written, 1 when something differs and nothing was.
    """
    data = data_folder() if data is None else Path(data)
    remade = remake_sample(tuple(PLANS), people=people, data=data)
    other = [r for r in remade if not r.same]
    if other:
        say(
            f"{len(other)} of {len(remade)} pictures are not what is stored (the first is"
            f" {other[0]}): this code draws other people. Nothing was written down."
        )
        return 1
    shown = f"{len(remade)} pictures of {people} people in each of {len(PLANS)} sets, drawn again"
    record(data, shown)
    say(f"{shown}: all as stored. The code is written down as {fingerprint()}.")
    return 0


def _compare(
    image: str,
    path: Path | None,
    template: NDArray[Any],
    result: Mapping[str, NDArray[Any]],
    n: int,
    same_row: bool,
) -> Remade:
    distance = float(np.linalg.norm(template - result["template"][n]))
    if path is None:
        both_missing = bool(np.isnan(template).all() and not result["ok"][n])
        return Remade(image, distance == 0 or both_missing, float("nan"), distance, same_row)
    before, now = path.read_bytes(), pictures_in(result)[n]
    off = np.abs(decode(before).astype(np.float32) - decode(now).astype(np.float32)).mean()
    return Remade(image, before == now, float(off), distance, same_row)


def measure(people: int = 6, workers: int | None = None) -> None:
    """Print processor time of each step, sizes by quality, and the time of the whole run."""
    clock: dict[str, list[float]] = {}
    sizes: dict[int, list[int]] = {q: [] for q in (70, 75, 80, 84, 88, 92)}

    def timed(label: str, call: Callable[..., Any], *args: Any) -> Any:
        begin = time.process_time()
        value = call(*args)
        clock.setdefault(label, []).append(time.process_time() - begin)
        return value

    studio = Studio()
    for seed in range(people + 1):  # tuning seeds; the first one compiles and loads
        if seed == 1:
            clock.clear()
        person = sample_person(seed)
        likeness = timed("likeness", studio.likeness, person)
        for photo in range(4):
            if photo != 2:
                sitter = timed("dress", studio.dress, likeness, styling_of(person, photo))
            capture = capture_of(person, photo)
            radiance = timed("radiance", studio.radiance, sitter, capture)
            picture = timed("develop", studio.develop, radiance, capture)
            content = timed("encode", encode, picture)
            timed("align and describe", describe, [content])
            for q, found in sizes.items():
                found.append(len(encode(picture, q)))
    cost = {label: float(np.mean(v)) for label, v in clock.items()}
    for label, seconds in cost.items():
        print(f"{label:>20}: {1e3 * seconds:7.1f} ms")
    shipped = sum(6 * p.cell * p.photos for p in PLANS.values() if p.pictures)
    shipped += SHOWN * len(shots(PLANS["paired"]))
    for q, found in sizes.items():
        size = float(np.mean(found))
        total_mb = shipped * size / 1e6
        print(f"WebP quality {q}: {size:6.0f} bytes, {shipped} pictures {total_mb:.1f} MB")
    total = sum(_estimate(plan, cost) for plan in PLANS.values())
    n = check_workers(workers)
    print(f"whole run: {total / 60:.0f} minutes on one core, about {total / 60 / n:.0f} on {n}")


def _estimate(plan: Plan, cost: Mapping[str, float]) -> float:
    """Seconds on one core for one set."""
    people = plan.cell * (2 if plan.halves_only else 6)
    stylings = 1 + sum(not kept(photo) for photo in range(plan.photos))
    radiances = plan.photos * max(1, len(plan.tones))
    pictures = radiances * max(1, len(plan.cameras))
    one = cost["likeness"] + stylings * cost["dress"] + radiances * cost["radiance"]
    one += pictures * (cost["develop"] + cost["encode"] + cost["align and describe"])
    return people * one

"""Is the shipped data what the code makes?

In: the data folder.  Out: differences between stored pictures and the same pictures made again.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from labkit.base.codec import decode
from labkit.data import data_folder
from labkit.making.fingerprint import fingerprint, record
from labkit.making.plans import ANYTOWN, PLANS, ROOM, person_of
from labkit.making.rows import image_rows
from labkit.making.studio import Studio, photograph, pictures_in


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
            person = person_of(plan, int(who))
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

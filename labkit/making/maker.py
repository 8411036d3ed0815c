"""The face maker's strips: ``python -m labkit make maker``.

In: the strips that :mod:`labkit.experiment.strips` wrote down.  Out: ``data/maker``: pictures, what
dlib and SFace make of each beside the starting picture, by which code, checksums.

Pictures are drawn, stored and described as those of the sets are.  Whatever is in the cache is not
drawn again, so an interrupted run goes on where it stopped.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from labkit import data as bundled
from labkit import matchers
from labkit.base.codec import decode, encode
from labkit.base.files import write_checksums, write_whole
from labkit.base.places import PROJECT
from labkit.base.processes import each
from labkit.experiment.design import Studio
from labkit.experiment.factors import Draw
from labkit.experiment.strips import MATCHERS, START, STRIPS, TABLE, drawn, file_of
from labkit.making.fingerprint import fingerprint
from labkit.making.studio import describe as by_dlib
from labkit.matchers.sface import SFaceMatcher
from labkit.measure.scores import similarity

COMMAND = "python -m labkit make maker"


def make(
    *,
    data: Path | None = None,
    cache: Path | None = None,
    only: Iterable[str] | None = None,
    workers: int | None = None,
    quiet: bool = False,
) -> Path:
    """Make ``data/maker``: ``python -m labkit make maker``.

    Parameters
    ----------
    data, cache, workers, quiet
        As for :func:`labkit.making.store.make`.

    Returns
    -------
    path
        The table.

    Raises
    ------
    ValueError
        For ``only``: there is one set.
    """
    if only:
        raise ValueError("make maker makes one set: leave out --only")
    folder = (PROJECT / "data" if data is None else Path(data)) / bundled.MAKER
    place = (PROJECT / "build" / "make" if cache is None else Path(cache)) / fingerprint() / "maker"
    wanted = pictures()
    jobs = [(draw, place / file) for file, draw in wanted.items() if not (place / file).is_file()]
    for _ in each(_work, jobs, workers=workers, label="strips", unit="picture", quiet=quiet):
        pass
    stored = {file: (place / file).read_bytes() for file in wanted}
    for file, content in stored.items():
        write_whole(folder / file, content)
    write_whole(folder / TABLE, as_text(rows(described(stored))))
    people = list(dict.fromkeys(seed for seed, *_ in drawn()))
    about = {"people": people, "command": COMMAND, "code": fingerprint()}
    write_whole(folder / "made.json", (json.dumps(about, indent=1) + "\n").encode())
    write_checksums(folder)
    if not quiet:
        size = sum(map(len, stored.values()))
        print(f"{folder}: {len(stored)} pictures, {size / 1e3:.0f} kB")
    return folder / TABLE


def pictures() -> dict[str, Draw]:
    """What is drawn in each file; strips of one person share the starting picture.

    Examples
    --------
    >>> len(pictures())
    98
    """
    return {file_of(seed, name, step): draw for seed, name, step, draw in drawn()}


def draw_one(draw: Draw) -> bytes:
    """One picture as it is stored."""
    return encode(Studio().photographs([draw])[0])


def _work(draw: Draw, path: Path) -> None:
    """One picture into the cache; runs in a worker process."""
    write_whole(path, draw_one(draw))


def described(stored: Mapping[str, bytes]) -> dict[str, dict[str, NDArray[Any]]]:
    """Templates by matcher and file, of the pictures as stored; NaN where no face was found."""
    contents = list(stored.values())
    found = {
        "dlib": by_dlib(contents)["template"],
        "SFace": SFaceMatcher(progress=False).transform([decode(c) for c in contents]),
    }
    return {name: dict(zip(stored, found[name], strict=True)) for name in MATCHERS}


def rows(templates: Mapping[str, Mapping[str, NDArray[Any]]]) -> list[dict[str, Any]]:
    """One row a picture of a strip: the parameter, its value, similarities to the first picture."""
    out = []
    for seed, name, step, _draw in drawn():
        file = file_of(seed, name, step)
        row = {
            "person": seed,
            "parameter": name,
            "step": step,
            "value": STRIPS[name].values[step],
            "file": file,
        }
        for matcher, of in templates.items():
            row[matcher] = _alike(of[f"{seed}/{START}.webp"], of[file], matcher)
        out.append(row)
    return out


def _alike(one: NDArray[Any], other: NDArray[Any], matcher: str) -> float:
    if np.isnan(one).any() or np.isnan(other).any():
        return float("nan")
    return similarity(one, other, matchers.get(matcher).measure) + 0.0  # no "-0" in the table


def as_text(rows: list[dict[str, Any]]) -> bytes:
    """The table as it is stored."""
    import pandas as pd

    text = pd.DataFrame(rows).to_csv(index=False, lineterminator="\n", float_format="%.6g")
    return str(text).encode()

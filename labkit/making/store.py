"""Make the bundled data again: ``python -m labkit make``.

In: the plans of :mod:`labkit.making.plans`.  Out: ``data/anytown``, ``data/counterfactual`` and
``data/teaching``: pictures, tables of every parameter, dlib templates, grey crops, a PCA basis with
coefficients, checksums.

Each person is one piece of work.  Finished people are kept in a cache folder named after the
fingerprint of the code that made them, so an interrupted run goes on where it stopped and a change
of the renderer never mixes with older people.  Folders appear in ``data/`` only when they are
whole.
"""

from __future__ import annotations

import io
import json
import shutil
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from labkit.base.codec import tile
from labkit.base.files import CHECKSUMS, write_checksums, write_whole
from labkit.base.places import PROJECT
from labkit.base.processes import check_workers, each
from labkit.making.basis import write_array, write_basis
from labkit.making.fingerprint import fingerprint
from labkit.making.plans import COUNTERFACTUAL, NARROW, PLANS, Plan, choose
from labkit.making.rows import image_rows, name_of, people_row, shipped
from labkit.making.studio import Studio, photograph, pictures_in
from labkit.people.who.person import Person


def make(
    *,
    data: Path | None = None,
    cache: Path | None = None,
    only: Iterable[str] | None = None,
    limit: int | None = None,
    workers: int | None = None,
    quiet: bool = False,
    studio: Studio | None = None,
) -> dict[str, dict[str, int]]:
    """Make the sets and print how many faces were found in each.

    Parameters
    ----------
    data
        Folder to write to; ``data/`` beside the package when ``None``.
    cache
        Folder for finished people; ``build/make`` beside the package when ``None``.
    only
        Names of :data:`PLANS`; all when ``None``.
    limit
        First people of each set only; refused for the package's own ``data/``.
    workers
        Processes; all cores when ``None``.
    quiet
        No progress bar.
    studio
        The renderer; a stand-in in tests.

    Returns
    -------
    dict
        Set -> people, pictures, failed, bytes.

    Raises
    ------
    ValueError
        For an unknown set, or a limit on the shipped data.
    OSError
        When a folder cannot be written to.
    """
    check_workers(workers)
    names = list(PLANS) if only is None else list(only)
    for name in names:
        if name not in PLANS:
            raise ValueError(f"there is no set {name!r}: use {', '.join(PLANS)}")
    if limit is not None and data is None:
        raise ValueError("--limit makes a trial: give it another folder with --data")
    if limit is not None and limit < 1:
        raise ValueError(f"limit {limit} leaves nobody: give 1 or more")
    data = PROJECT / "data" if data is None else Path(data)
    cache = (PROJECT / "build" / "make" if cache is None else Path(cache)) / fingerprint()
    studio = studio or Studio()
    report = {}
    for name in names:
        plan, people = PLANS[name], choose(PLANS[name], limit)
        paths = [_place(cache, plan, person) for person in people]
        jobs = [(plan, p, f, studio) for p, f in zip(people, paths, strict=True) if not f.is_file()]
        for _ in each(_work, jobs, workers=workers, label=f"{name:>15}", quiet=quiet):
            pass
        report[name] = _assemble(plan, people, [_cached(path) for path in paths], data)
        if not quiet:
            print(_line(name, report[name]))
    described = [PLANS[name] for name in names if name in COUNTERFACTUAL]
    if described and (data / "anytown" / "train" / "crops.webp").is_file():
        sets = {p.name: [_cached(_place(cache, p, x)) for x in choose(p, limit)] for p in described}
        write_basis(data, sets)
    for folder in sorted({PLANS[name].top for name in names}):
        if (data / folder).is_dir():
            write_checksums(data / folder)
    return report


# ---- one person ---------------------------------------------------------------------------------


def _place(cache: Path, plan: Plan, person: Person) -> Path:
    return cache / plan.name / f"{person.seed}.npz"


def _work(plan: Plan, person: Person, path: Path, studio: Studio) -> None:
    """Photograph one person into the cache; runs in a worker process."""
    try:
        result = photograph(plan, person, studio)
    except Exception as error:
        raise RuntimeError(f"person {person.seed} of {plan.name}: {error}") from error
    content = io.BytesIO()
    np.savez(content, **result)  # type: ignore[arg-type]
    write_whole(path, content.getvalue())


def _cached(path: Path) -> dict[str, NDArray[Any]]:
    with np.load(path) as archive:
        return {name: archive[name] for name in archive.files}


# ---- one set ------------------------------------------------------------------------------------


def _assemble(
    plan: Plan, people: Sequence[Person], results: Sequence[dict[str, NDArray[Any]]], data: Path
) -> dict[str, int]:
    """Put the finished people of a set into its folder, which appears only when it is whole."""
    top = data / plan.top
    place, part = top / plan.name, top / f".{plan.name}.part"
    shutil.rmtree(part, ignore_errors=True)
    everybody = list(enumerate(zip(people, results, strict=True)))
    _write_table(part / "people.csv", [people_row(plan, p) for p in people])
    rows = [row for k, (p, result) in everybody for row in image_rows(plan, p, k, result)]
    _write_table(part / "images.csv", rows)
    write_array(part / "templates.npy", np.concatenate([r["template"] for r in results]))
    for k, (person, result) in everybody:
        for n, content in enumerate(pictures_in(result) if shipped(plan, k) else ()):
            write_whole(part / "pictures" / f"{name_of(person, n)}.webp", content)
    if plan.pictures:
        write_whole(part / "crops.webp", tile(np.concatenate([r["crop"] for r in results])))
    _write_seeds(part / "seeds.json", plan, people)
    shutil.rmtree(place, ignore_errors=True)
    part.rename(place)
    (top / CHECKSUMS).unlink(missing_ok=True)
    return {
        "people": len(people),
        "pictures": sum(len(r["ok"]) for r in results),
        "failed": sum(int((~r["ok"]).sum()) for r in results),
        "bytes": sum(p.stat().st_size for p in place.rglob("*") if p.is_file()),
    }


def _write_table(path: Path, rows: Sequence[Mapping[str, Any]]) -> None:
    import pandas as pd

    write_whole(path, pd.DataFrame(rows).to_csv(index=False, lineterminator="\n").encode())


def _write_seeds(path: Path, plan: Plan, people: Sequence[Person]) -> None:
    seeds: dict[str, Any] = {"set": plan.name, "first": plan.start}
    if plan.linked:
        seeds["linked"] = True
    if plan.narrow != 1:
        seeds["narrow"] = {"band": NARROW, "spread": plan.narrow}
    seeds |= {"code": fingerprint(), "people": [p.seed for p in people]}
    write_whole(path, (json.dumps(seeds, indent=1) + "\n").encode())


def _line(name: str, counts: Mapping[str, int]) -> str:
    share = counts["failed"] / max(1, counts["pictures"])
    return (
        f"{name}: {counts['people']} people, {counts['pictures']} pictures,"
        f" no face found in {counts['failed']} ({share:.2%}), {counts['bytes'] / 1e6:.2f} MB"
    )

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
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from labkit.base.codec import tile, untile
from labkit.base.files import CHECKSUMS, write_checksums, write_whole
from labkit.base.places import PROJECT
from labkit.base.processes import check_workers, each
from labkit.making.fingerprint import fingerprint
from labkit.making.plans import (
    CAMERAS,
    COUNTERFACTUAL,
    PLANS,
    SHOWN,
    Plan,
    band,
    capture_of,
    choose,
    half,
    kept,
    shots,
    styling_of,
)
from labkit.making.studio import Studio, photograph, pictures_in
from labkit.matchers.align import crop_vectors
from labkit.people.who.person import Person
from labkit.people.who.tables import capture_row, person_row, styling_row

if TYPE_CHECKING:
    import pandas as pd

COMPONENTS = 150


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


# ---- everybody ----------------------------------------------------------------------------------


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
        plan = PLANS[name]
        people = choose(plan, limit)
        paths = [cache / name / f"{person.seed}.npz" for person in people]
        jobs = [(plan, p, f, studio) for p, f in zip(people, paths, strict=True) if not f.is_file()]
        for _ in each(_work, jobs, workers=workers, label=f"{name:>15}", quiet=quiet):
            pass
        report[name] = _assemble(plan, people, paths, data)
        if not quiet:
            print(_line(name, report[name]))
    if set(names) & set(COUNTERFACTUAL) and (data / "anytown" / "train" / "crops.webp").is_file():
        project(data, cache, [n for n in names if n in COUNTERFACTUAL], limit)
    for folder in sorted({PLANS[name].top for name in names}):
        if (data / folder).is_dir():
            write_checksums(data / folder)
    return report


def _line(name: str, counts: Mapping[str, int]) -> str:
    share = counts["failed"] / max(1, counts["pictures"])
    return (
        f"{name}: {counts['people']} people, {counts['pictures']} pictures,"
        f" no face found in {counts['failed']} ({share:.2%}), {counts['bytes'] / 1e6:.2f} MB"
    )


def _assemble(
    plan: Plan, people: tuple[Person, ...], paths: list[Path], data: Path
) -> dict[str, int]:
    """Put the finished people of a set into its folder, which appears only when it is whole."""
    top = data / plan.top
    place, part = top / plan.name, top / f".{plan.name}.part"
    shutil.rmtree(part, ignore_errors=True)
    results = [_cached(path) for path in paths]
    people_table, images_table = tables(plan, people, results)
    _write_table(part / "people.csv", people_table)
    _write_table(part / "images.csv", images_table)
    _write_array(part / "templates.npy", np.concatenate([r["template"] for r in results]))
    for file, content in _files(plan, people, results):
        write_whole(part / "pictures" / file, content)
    if plan.pictures:
        write_whole(part / "crops.webp", tile(np.concatenate([r["crop"] for r in results])))
    _write_seeds(part / "seeds.json", plan, people)
    shutil.rmtree(place, ignore_errors=True)
    part.rename(place)
    (top / CHECKSUMS).unlink(missing_ok=True)
    failed = sum(int((~r["ok"]).sum()) for r in results)
    pictures = sum(len(r["ok"]) for r in results)
    size = sum(p.stat().st_size for p in place.rglob("*") if p.is_file())
    return {"people": len(people), "pictures": pictures, "failed": failed, "bytes": size}


def _files(
    plan: Plan, people: tuple[Person, ...], results: list[dict[str, NDArray[Any]]]
) -> Iterable[tuple[str, bytes]]:
    """Names and bytes of the pictures that are shipped."""
    for k, result in enumerate(results):
        if _shipped(plan, k):
            for n, content in enumerate(pictures_in(result)):
                yield f"{_stem(people[k], n)}.webp", content


def _shipped(plan: Plan, k: int) -> bool:
    return plan.pictures or (plan.name == "paired" and k < SHOWN)


def _stem(person: Person, n: int) -> str:
    return f"{person.seed}-{n:02d}"


def tables(
    plan: Plan, people: tuple[Person, ...], results: list[dict[str, NDArray[Any]]]
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """The people table and the images table of a set; images in the order of the templates."""
    import pandas as pd

    who = [
        {
            "person": p.seed,
            "set": plan.name,
            "tone_band": band(p.tone),
            "presentation_half": half(p.presentation),
            **person_row(p),
        }
        for p in people
    ]
    rows = [
        row
        for k, (person, result) in enumerate(zip(people, results, strict=True))
        for row in image_rows(plan, person, k, result)
    ]
    return pd.DataFrame(who), pd.DataFrame(rows)


def image_rows(
    plan: Plan, person: Person, k: int, result: Mapping[str, NDArray[Any]]
) -> list[dict[str, Any]]:
    """What the images table says of one person, the ``k``-th of the set; one row a picture."""
    return [
        _image_row(plan, person, k, n, tone, photo, camera, result)
        for n, (tone, photo, camera) in enumerate(shots(plan))
    ]


def _image_row(
    plan: Plan,
    person: Person,
    k: int,
    n: int,
    tone: float | None,
    photo: int,
    camera: str,
    result: Mapping[str, NDArray[Any]],
) -> dict[str, Any]:
    row: dict[str, Any] = {"image": _stem(person, n), "person": person.seed, "photo": photo}
    row["file"] = f"pictures/{_stem(person, n)}.webp" if _shipped(plan, k) else ""
    row["status"] = "ok" if result["ok"][n] else "failed"
    row["tone"] = person.tone if tone is None else tone
    row["camera"] = camera
    row["styling_kept"] = int(kept(photo))
    row |= dict(zip(("left", "top", "right", "bottom"), result["box"][n].tolist(), strict=True))
    names = [f"point{i}_{axis}" for i in range(5) for axis in "xy"]
    row |= dict(zip(names, result["points"][n].ravel().tolist(), strict=True))
    capture = capture_of(person, photo).with_(**(CAMERAS[camera] if camera else {}))
    return row | styling_row(styling_of(person, photo)) | capture_row(capture)


def _write_table(path: Path, table: pd.DataFrame) -> None:
    write_whole(path, table.to_csv(index=False, lineterminator="\n").encode())


def _write_array(path: Path, array: NDArray[Any]) -> None:
    content = io.BytesIO()
    np.save(content, array)
    write_whole(path, content.getvalue())


def _write_seeds(path: Path, plan: Plan, people: tuple[Person, ...]) -> None:
    seeds: dict[str, Any] = {"set": plan.name, "first": plan.start}
    if plan.linked:
        seeds["linked"] = True
    seeds |= {"code": fingerprint(), "people": [p.seed for p in people]}
    write_whole(path, (json.dumps(seeds, indent=1) + "\n").encode())


# ---- one PCA basis for the pixel matchers -------------------------------------------------------


def fit_basis(crops: NDArray[np.uint8], components: int) -> tuple[NDArray[np.float32], ...]:
    """Mean (4096,), components (k, 4096) and variances (k,) of crops, rounded to half precision.

    Principal components of :func:`labkit.matchers.align.crop_vectors` (Turk and Pentland 1991).
    Signs are fixed: the largest weight of a component is positive.
    """
    x = crop_vectors(crops).astype(np.float64)
    mean = x.mean(0)
    _, scale, axes = np.linalg.svd(x - mean, full_matrices=False)
    axes = axes[:components]
    axes *= np.sign(axes[np.arange(len(axes)), np.abs(axes).argmax(1)])[:, None]
    variance = scale[: len(axes)] ** 2 / max(1, len(x) - 1)
    short = [np.asarray(a, np.float16).astype(np.float32) for a in (mean, axes)]
    return short[0], short[1], variance.astype(np.float32)


def project(data: Path, cache: Path, names: list[str], limit: int | None) -> None:
    """Fit the basis on the crops of ``train`` and write coefficients of the counterfactual sets."""
    train = data / "anytown" / "train"
    ok = np.isfinite(np.load(train / "templates.npy")[:, 0])
    crops = untile((train / "crops.webp").read_bytes(), len(ok))[ok]
    mean, axes, variance = fit_basis(crops, min(COMPONENTS, len(crops) - 1))
    content = io.BytesIO()
    np.savez_compressed(
        content, mean=mean.astype(np.float16), components=axes.astype(np.float16), variance=variance
    )
    write_whole(data / "counterfactual" / "basis.npz", content.getvalue())
    for name in names:
        people = choose(PLANS[name], limit)
        results = [_cached(cache / name / f"{person.seed}.npz") for person in people]
        found = np.concatenate([r["ok"] for r in results])
        x = crop_vectors(np.concatenate([r["crop"] for r in results]))
        weights = ((x - mean) @ axes.T).astype(np.float16)
        weights[~found] = np.nan
        _write_array(data / "counterfactual" / name / "coefficients.npy", weights)

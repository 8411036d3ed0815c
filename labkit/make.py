"""Make the data of Anytown again: ``python -m labkit make``.

In: the seeds below.  Out: ``data/anytown`` and ``data/counterfactual``: pictures, tables of every
parameter, dlib templates, grey crops, a PCA basis with coefficients, checksums.

Each person is one piece of work.  Finished people are kept in a cache folder named after a
fingerprint of the code that made them, so an interrupted run goes on where it stopped and a change
of the renderer never mixes with older people.  Folders appear in ``data/`` only when they are
whole.

Every template and crop is computed from the picture *as stored* (WebP, decoded again), so that who
opens a shipped picture computes the shipped template.  Sets without pictures go through the same
compression.
"""

from __future__ import annotations

import functools
import hashlib
import io
import json
import shutil
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import cv2
import numpy as np
from numpy.typing import NDArray

from labkit.data import CROP, TILES, decode, untile
from labkit.files import CHECKSUMS, write_checksums, write_whole
from labkit.matchers.align import DlibPipeline, Face, crop_vectors, grey_crop
from labkit.parallel import check_workers, each
from labkit.people.person import (
    Capture,
    Person,
    Styling,
    sample_capture,
    sample_covering,
    sample_person,
    sample_styling,
)
from labkit.people.tables import capture_row, person_row, styling_row

if TYPE_CHECKING:
    import pandas as pd

Picture = NDArray[np.uint8]
HERE = Path(__file__).resolve().parent.parent
ROOM = 16  # this module's number in the seeds
ROLES = ("kept styling", "redrawn styling", "capture", "fabric")

SIZE = 160  # pixels
QUALITY = 88  # of the stored WebP: the largest that keeps all pictures within 22 MB, measured
CROP_QUALITY = 90
HARD = 0.5  # how much probes vary, see sample_capture
BANDS = ("lighter", "medium", "darker")  # thirds of the continuous tone
HALVES = ("lower", "upper")  # of presentation
SHOWN = 12  # people of the counterfactual set whose pictures are kept
COMPONENTS = 150
# In tone experiments pigment of hair and iris is the same dark brown for everybody.
DARK_BROWN = (0.0242, 0.0124, 0.0076)
DARK_IRIS = (0.0550, 0.0290, 0.0110)

# One radiance is developed under each of these.
CAMERAS: Mapping[str, Mapping[str, Any]] = {
    "equal": {"exposure": "equal"},
    "natural": {"exposure": "natural"},
    "light-metered": {"exposure": "light-metered"},
    "light-metered noisy": {"exposure": "light-metered", "noise": 2.5},
}


@dataclass(frozen=True)
class Plan:
    """One set of people.

    Parameters
    ----------
    name
        Folder below ``data/anytown`` (or, with ``tones``, part of ``data/counterfactual``).
    start
        First person seed; seeds are scanned upwards from it.
    cell
        People in each cell of tone band x presentation half; with ``halves_only`` in each half.
    photos
        Photographs of each person.
    pictures
        Whether pictures and crops are shipped, or templates only.
    tones
        Draw everybody at these tones instead of their own.
    cameras
        Names of :data:`CAMERAS`; empty: as the capture says.
    """

    name: str
    start: int
    cell: int
    photos: int
    pictures: bool = True
    halves_only: bool = False
    tones: tuple[float, ...] = ()
    cameras: tuple[str, ...] = ()


PLANS: Mapping[str, Plan] = {
    p.name: p
    for p in (
        Plan("train", 10_000, 50, 4),
        Plan("dev", 20_000, 80, 4),
        Plan("eval", 30_000, 80, 6),
        Plan("holdout", 40_000, 40, 6, pictures=False),
        Plan("paired", 50_000, 80, 4, False, True, (0.1, 0.5, 0.9), tuple(CAMERAS)),
        Plan("train-two-tones", 10_000, 50, 4, False, False, (0.1, 0.9), ("natural",)),
    )
}
ANYTOWN = ("train", "dev", "eval", "holdout")
COUNTERFACTUAL = ("paired", "train-two-tones")


# ---- who and what is photographed ---------------------------------------------------------------


def band(tone: float) -> str:
    """Tone band: thirds of 0..1.

    Examples
    --------
    >>> band(0.2), band(0.5), band(1.0)
    ('lighter', 'medium', 'darker')
    """
    return BANDS[min(int(tone * 3), 2)]


def half(presentation: float) -> str:
    """Half of the presentation range: ``'lower'`` below 0, ``'upper'`` from 0."""
    return HALVES[int(presentation >= 0)]


@functools.lru_cache(maxsize=16)
def choose(plan: Plan, limit: int | None = None) -> tuple[Person, ...]:
    """The people of a set, in the order of their seeds.

    Seeds are scanned upwards and accepted while their cell has room, so everybody is an ordinary
    draw.  ``limit`` keeps the first few, for trials.

    Examples
    --------
    >>> [p.seed for p in choose(PLANS["train"], 3)]
    [10000, 10001, 10002]
    """
    filled: Counter[tuple[str, ...]] = Counter()
    cells = len(HALVES) * (1 if plan.halves_only else len(BANDS))
    out: list[Person] = []
    seed = plan.start
    while len(out) < cells * plan.cell and (limit is None or len(out) < limit):
        person = sample_person(seed)
        key = (half(person.presentation),) + (() if plan.halves_only else (band(person.tone),))
        if filled[key] < plan.cell:
            filled[key] += 1
            out.append(person)
        seed += 1
    return tuple(out)


def number(role: str, person_seed: int, photo: int) -> int:
    """A seed for one purpose in one photograph of one person."""
    sequence = np.random.SeedSequence([ROOM, ROLES.index(role), person_seed, photo])
    return int(sequence.generate_state(1)[0] >> 1)


def kept(photo: int) -> bool:
    """Whether photograph 0, 1, ... shows the person's kept styling: every second one does."""
    return photo % 2 == 0


def styling_of(person: Person, photo: int) -> Styling:
    """Styling of one photograph; the fabric of a covering is redrawn in every one."""
    role = "kept styling" if kept(photo) else "redrawn styling"
    styling = sample_styling(number(role, person.seed, 0 if kept(photo) else photo), person)
    fabric = sample_covering(number("fabric", person.seed, photo), person.covering_kind)
    return styling.with_(covering=fabric)


def capture_of(person: Person, photo: int) -> Capture:
    """Capture of one photograph: the first is an enrolment portrait, the others are probes."""
    return sample_capture(number("capture", person.seed, photo), 0.0 if photo == 0 else HARD)


def at_tone(person: Person, tone: float) -> Person:
    """The person at another tone, with the dark brown hair and eyes of all tone experiments."""
    return person.with_(tone=tone, hair_colour=DARK_BROWN, iris=DARK_IRIS)


# ---- the studio ---------------------------------------------------------------------------------


class Studio:
    """The renderer as the maker uses it; tests give a stand-in with the same four methods."""

    def likeness(self, person: Person) -> Any:
        """What no styling changes."""
        from labkit.people.render import Likeness

        return Likeness.of(person)

    def dress(self, likeness: Any, styling: Styling) -> Any:
        """A dressed person."""
        from labkit.people.render import Sitter

        return Sitter.of(likeness, styling)

    def again(self, sitter: Any, person: Person) -> Any:
        """The same sitter with another tone: nothing that was built depends on it."""
        return replace(sitter, likeness=replace(sitter.likeness, person=person))

    def radiance(self, sitter: Any, capture: Capture) -> Any:
        """What reaches the lens."""
        from labkit.people.render import render_radiance

        return render_radiance(sitter, None, capture, SIZE)

    def develop(self, radiance: Any, capture: Capture) -> Picture:
        """The picture of one camera."""
        from labkit.people.camera import develop

        return develop(radiance, capture)


@functools.lru_cache(maxsize=1)
def _dlib() -> DlibPipeline:
    return DlibPipeline()


def encode(picture: Picture, quality: int = QUALITY) -> bytes:
    """A picture as WebP bytes."""
    bgr = cv2.cvtColor(picture, cv2.COLOR_RGB2BGR)
    done, data = cv2.imencode(".webp", bgr, [cv2.IMWRITE_WEBP_QUALITY, quality])
    if not done:
        raise RuntimeError(
            "OpenCV could not write WebP: install opencv-contrib-python-headless again"
        )
    return data.tobytes()


# ---- one person ---------------------------------------------------------------------------------


def photograph(plan: Plan, person: Person, studio: Studio) -> dict[str, NDArray[Any]]:
    """All photographs of one person: arrays over tones x photographs x cameras.

    ``webp`` and ``length`` hold the compressed pictures one after the other, ``ok`` whether a face
    was found, ``template`` (n, 128) NaN where it was not, ``box``, ``points``, ``crop``.
    """
    # Hair is grown once, with the pigment of tone experiments; only the skin is painted anew.
    likeness = studio.likeness(at_tone(person, plan.tones[0]) if plan.tones else person)
    sitters: dict[Styling, Any] = {}
    for photo in range(plan.photos):
        styling = styling_of(person, photo)
        if styling not in sitters:
            sitters[styling] = studio.dress(likeness, styling)
    stored: list[bytes] = []
    for tone in plan.tones or (None,):
        for photo in range(plan.photos):
            sitter, capture = sitters[styling_of(person, photo)], capture_of(person, photo)
            if tone is not None:
                sitter = studio.again(sitter, at_tone(person, tone))
            radiance = studio.radiance(sitter, capture)
            for settings in [CAMERAS[name] for name in plan.cameras] or [{}]:
                stored.append(encode(studio.develop(radiance, capture.with_(**settings))))
    return describe(stored)


def describe(stored: list[bytes]) -> dict[str, NDArray[Any]]:
    """Faces in stored pictures, as arrays; see :func:`photograph`."""
    faces: list[Face | None] = _dlib().many([decode(content) for content in stored])
    n = len(stored)
    out: dict[str, NDArray[Any]] = {
        "webp": np.frombuffer(b"".join(stored), np.uint8),
        "length": np.array([len(content) for content in stored], np.int32),
        "ok": np.array([face is not None for face in faces]),
        "template": np.full((n, 128), np.nan, np.float32),
        "box": np.full((n, 4), -1, np.int16),
        "points": np.full((n, 5, 2), np.nan, np.float32),
        "crop": np.zeros((n, CROP, CROP), np.uint8),
    }
    for k, face in enumerate(faces):
        if face is not None:
            out["template"][k] = face.descriptor
            out["box"][k] = face.box
            out["points"][k] = face.points
            out["crop"][k] = grey_crop(face.chip)
    return out


def pictures_in(result: Mapping[str, NDArray[Any]]) -> list[bytes]:
    """The compressed pictures of a result, one by one."""
    ends = np.cumsum(result["length"])
    data = result["webp"].tobytes()
    return [data[end - n : end] for end, n in zip(ends, result["length"], strict=True)]


@functools.lru_cache(maxsize=1)
def fingerprint() -> str:
    """Short name for the code that decides the data: renderer, aligner, this file, key versions."""
    here = Path(__file__).parent
    files = [p for p in here.glob("people/*.py") if p.name not in ("wall.py", "scene.py")]
    digest = hashlib.sha256()
    for path in [*sorted(files), here / "matchers" / "align.py", here / "make.py"]:
        digest.update(path.name.encode() + b"\0" + path.read_bytes() + b"\0")
    digest.update(f"{np.__version__} {cv2.__version__}".encode())
    return digest.hexdigest()[:16]


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
    data = HERE / "data" if data is None else Path(data)
    cache = (HERE / "build" / "make" if cache is None else Path(cache)) / fingerprint()
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
    for folder in ("anytown", "counterfactual"):
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
    top = data / ("counterfactual" if plan.tones else "anytown")
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
        {"person": p.seed, "set": plan.name, "tone_band": band(p.tone),
         "presentation_half": half(p.presentation), **person_row(p)}
        for p in people
    ]  # fmt: skip
    rows: list[dict[str, Any]] = []
    for k, (person, result) in enumerate(zip(people, results, strict=True)):
        for n, (tone, photo, camera) in enumerate(shots(plan)):
            rows.append(_image_row(plan, person, k, n, tone, photo, camera, result))
    return pd.DataFrame(who), pd.DataFrame(rows)


def shots(plan: Plan) -> list[tuple[float | None, int, str]]:
    """Tone, photograph and camera of each picture of a person, in the order of the arrays."""
    return [
        (tone, photo, camera)
        for tone in plan.tones or (None,)
        for photo in range(plan.photos)
        for camera in plan.cameras or ("",)
    ]


def _image_row(
    plan: Plan, person: Person, k: int, n: int, tone: float | None, photo: int, camera: str,
    result: Mapping[str, NDArray[Any]],
) -> dict[str, Any]:  # fmt: skip
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
    seeds = {"set": plan.name, "first": plan.start, "code": fingerprint(),
             "people": [p.seed for p in people]}  # fmt: skip
    write_whole(path, (json.dumps(seeds, indent=1) + "\n").encode())


def tile(crops: NDArray[np.uint8]) -> bytes:
    """Grey crops (n, 64, 64) as one WebP, 32 side by side."""
    rows = -(-len(crops) // TILES)
    room = np.zeros((rows * TILES, CROP, CROP), np.uint8)
    room[: len(crops)] = crops
    sheet = room.reshape(rows, TILES, CROP, CROP).transpose(0, 2, 1, 3)
    grey = np.ascontiguousarray(sheet).reshape(rows * CROP, TILES * CROP)
    return encode(cv2.cvtColor(grey, cv2.COLOR_GRAY2RGB), CROP_QUALITY)


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

"""Controls for the camera's part in unequal errors: ``python -m labkit make causes``.

In: the first people of ``counterfactual/paired``, with their photographs.  Out: ``data/causes``:
what dlib and SFace make of the same photographs when nothing on them shines, and when the camera
has one gain for everybody.  Templates only; no picture is kept.

The set lies apart from the others because it is drawn by switches of the renderer that no plan has.
Each person is one piece of work and stays in the cache, so an interrupted run goes on.  One picture
of each person is drawn without any switch too, and must give the template that ``paired`` holds:
what differs is then the switch, and not the renderer of another day.
"""

from __future__ import annotations

import functools
import io
import json
import shutil
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import Any

import numpy as np
from numpy.typing import NDArray

from labkit import data as bundled
from labkit.base.codec import decode, encode
from labkit.base.files import write_checksums, write_whole
from labkit.base.places import PROJECT
from labkit.base.processes import each
from labkit.making.basis import write_array
from labkit.making.described import LARGEST
from labkit.making.fingerprint import fingerprint
from labkit.making.plans import HALVES, PLANS, at_tone, capture_of, choose, half, kept, styling_of
from labkit.making.rows import people_row
from labkit.making.studio import SIZE, Studio
from labkit.making.studio import describe as by_dlib
from labkit.matchers.sface import SFaceMatcher
from labkit.people.who.capture import Capture
from labkit.people.who.person import Person

PAIRED = PLANS["paired"]
TONES = (0.1, 0.9)
PEOPLE = 15
"""People of each half of presentation, the first of ``paired``: seeds from 50,000."""


@dataclass(frozen=True)
class Switch:
    """One control: how it is exposed, and how strong gloss is (1 as it is, 0 none)."""

    exposure: str
    specular: float


SWITCHES: Mapping[str, Switch] = MappingProxyType(
    {"equal, no gloss": Switch("equal", 0.0), "locked": Switch("locked", 1.0)}
)
"""The controls by the name in the column ``camera``."""


class Lamps(Studio):
    """The renderer with a switch for gloss; tests give a stand-in."""

    def lit(self, sitter: Any, capture: Capture, specular: float) -> Any:
        """What reaches the lens with gloss of that strength."""
        from labkit.people.photo.render import render_radiance

        return render_radiance(sitter, None, capture, SIZE, specular=specular)


def make(
    *,
    data: Path | None = None,
    cache: Path | None = None,
    only: Iterable[str] | None = None,
    workers: int | None = None,
    quiet: bool = False,
) -> None:
    """Make ``data/causes`` and print what came of it: ``python -m labkit make causes``.

    Raises
    ------
    ValueError
        For ``only``: there is one set.
    """
    if only:
        raise ValueError("make causes makes one set: leave out --only")
    report = photograph_controls(data=data, cache=cache, workers=workers, quiet=quiet)
    print(", ".join(f"{what}: {n:,}" for what, n in report.items()))


def people() -> list[Person]:
    """Who is drawn: the first of each half, in the order of their seeds.

    Examples
    --------
    >>> [person.seed for person in people()][:2], len(people())
    ([50000, 50001], 30)
    """
    everyone = choose(PAIRED)
    first = [[p for p in everyone if half(p.presentation) == name][:PEOPLE] for name in HALVES]
    return sorted((p for part in first for p in part), key=lambda p: p.seed)


def photograph_controls(
    *,
    data: Path | None = None,
    cache: Path | None = None,
    limit: int | None = None,
    workers: int | None = None,
    quiet: bool = False,
    studio: Lamps | None = None,
) -> dict[str, int]:
    """Draw and describe the controls, and store the templates.

    Parameters
    ----------
    data, cache, workers, quiet, studio
        As for :func:`labkit.making.store.make`.
    limit
        The first few people only, for a trial into another ``data``.

    Returns
    -------
    dict
        People, pictures, and in how many each detector found no face.

    Raises
    ------
    ValueError
        For a limit on the shipped data.
    RuntimeError
        When a picture that is drawn without a switch is not the one whose template is stored.
    """
    if limit is not None and data is None:
        raise ValueError("a limit makes a trial: give it another folder with --data")
    folder = PROJECT / "data" if data is None else Path(data)
    name = f"controls-{'-'.join(f'{s.exposure}-{s.specular:g}' for s in SWITCHES.values())}"
    place = (PROJECT / "build" / "make" if cache is None else Path(cache)) / fingerprint() / name
    who = people()[:limit]
    paths = [place / f"{person.seed}.npz" for person in who]
    jobs = [
        (person, path, stored_template(person), studio or Lamps())
        for person, path in zip(who, paths, strict=True)
        if not path.is_file()
    ]
    for _ in each(_work, jobs, workers=workers, label="controls", quiet=quiet):
        pass
    found = []
    for path in paths:
        with np.load(path) as archive:
            found.append({matcher: archive[matcher] for matcher in ("dlib", "SFace")})
    _assemble(who, found, folder / "causes")
    lost = {m: int(sum(np.isnan(f[m][:, 0]).sum() for f in found)) for m in ("dlib", "SFace")}
    pictures = sum(len(f["dlib"]) for f in found)
    return {"people": len(who), "pictures": pictures} | {f"no face, {m}": lost[m] for m in lost}


@functools.lru_cache(maxsize=1)
def _paired() -> bundled.FaceSet:
    return bundled.load("counterfactual/paired")


def stored_template(person: Person) -> NDArray[np.float32]:
    """The template of dlib of a person's first photograph, lighter tone, equally exposed."""
    faces = _paired()
    here = (faces.of("person") == person.seed) & (faces.of("camera") == "equal")
    here &= (faces.of("photo") == 0) & np.isclose(faces.of("tone").astype(float), TONES[0])
    return faces.templates[here][0]


def shots() -> Iterator[tuple[float, int, str]]:
    """Tone, photograph and control of each picture of a person, in the order of the arrays.

    Examples
    --------
    >>> list(shots())[:2], len(list(shots()))
    ([(0.1, 0, 'equal, no gloss'), (0.1, 0, 'locked')], 16)
    """
    return ((t, n, name) for t in TONES for n in range(PAIRED.photos) for name in SWITCHES)


def controls_of(person: Person, studio: Lamps) -> dict[str, NDArray[Any]]:
    """Templates of one person's controls by matcher, float16, and ``check`` without a switch."""
    likeness = studio.likeness(at_tone(person, TONES[0]))  # hair is grown once, as in ``paired``
    sitters: dict[Any, Any] = {}
    plain: list[bytes] = []
    stored: list[bytes] = []
    for tone, photo, name in shots():
        styling, capture, switch = styling_of(person, photo), capture_of(person, photo), None
        if styling not in sitters:
            sitters[styling] = studio.dress(likeness, styling)
        sitter = studio.again(sitters[styling], at_tone(person, tone))
        switch = SWITCHES[name]
        light = studio.lit(sitter, capture, switch.specular)
        if switch.specular == 1 and not plain:
            plain.append(encode(studio.develop(light, capture.with_(exposure="equal"))))
        stored.append(encode(studio.develop(light, capture.with_(exposure=switch.exposure))))
    sface = _sface().transform([decode(content) for content in stored])
    return {
        "dlib": by_dlib(stored)["template"].astype(np.float16),
        "SFace": sface.astype(np.float16),
        "check": by_dlib(plain)["template"][0],
    }


@functools.lru_cache(maxsize=1)
def _sface() -> SFaceMatcher:
    return SFaceMatcher(progress=False)


def _work(person: Person, path: Path, stored: NDArray[np.float32], studio: Lamps) -> None:
    """One person into the cache, if they are drawn as they were; runs in a worker process."""
    result = controls_of(person, studio)
    check = result.pop("check")
    lost = np.isnan(stored).any(), np.isnan(check).any()
    apart = float(np.linalg.norm(check - stored)) if not any(lost) else 0.0
    if lost[0] != lost[1] or apart > LARGEST:
        raise RuntimeError(
            f"person {person.seed} is drawn otherwise than when `paired` was made: make it again"
            " with `python -m labkit make --only paired`"
        )
    content = io.BytesIO()
    np.savez(content, **result)  # type: ignore[arg-type]
    write_whole(path, content.getvalue())


def _assemble(who: list[Person], found: list[dict[str, NDArray[Any]]], top: Path) -> None:
    """The folder ``causes/controls``, which appears only when it is whole, and the checksums."""
    import pandas as pd

    place, part = top / "controls", top / ".controls.part"
    shutil.rmtree(part, ignore_errors=True)

    def table(name: str, rows: list[dict[str, Any]]) -> None:
        content = pd.DataFrame(rows).to_csv(index=False, lineterminator="\n")
        write_whole(part / name, content.encode())

    table("people.csv", [people_row(PAIRED, person) | {"set": "controls"} for person in who])
    rows = []
    for person, result in zip(who, found, strict=True):
        for n, (tone, photo, name) in enumerate(shots()):
            rows.append(
                {
                    "image": f"{person.seed}-{n:02d}",
                    "person": person.seed,
                    "photo": photo,
                    "file": "",
                    "status": "failed" if np.isnan(result["dlib"][n]).any() else "ok",
                    "tone": tone,
                    "camera": name,
                    "styling_kept": int(kept(photo)),
                }
            )
    table("images.csv", rows)
    for matcher, file in (("dlib", "templates.npy"), ("SFace", "templates_sface.npy")):
        write_array(part / file, np.concatenate([f[matcher] for f in found]))
    seeds = {"set": "controls", "code": fingerprint(), "people": [p.seed for p in who]}
    write_whole(part / "seeds.json", (json.dumps(seeds, indent=1) + "\n").encode())
    shutil.rmtree(place, ignore_errors=True)
    part.rename(place)
    write_checksums(top)

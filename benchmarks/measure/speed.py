"""Speed: pictures a second on one core, ours and the prototype's in turns in one run.

Time is processor time of this one-threaded process, so that a busy machine does not count; caches
and clocks are still shared, which is why the two take turns.
"""

from __future__ import annotations

import importlib.util
import sys
import time
from collections import defaultdict
from collections.abc import Callable
from pathlib import Path
from typing import Any

import cv2
import numpy as np

from benchmarks.measure.tables import Table
from benchmarks.measure.work import Setting, seed_of
from labkit.people.photo.camera import develop
from labkit.people.photo.render import Likeness, Sitter, detail_for, render_radiance
from labkit.people.who import sample_capture, sample_person, sample_styling

SIZES = (112, 128, 160, 512)
PICTURES = 6
HARD = 0.5

Timing = tuple[float, float]  # seconds to build a person, seconds for PICTURES pictures


def ours(seed: int, size: int, kind: str) -> Timing:
    """One person and their pictures by this renderer."""
    captures = [sample_capture(seed_of(12, seed, j), HARD) for j in range(PICTURES)]
    start = time.process_time()
    person = sample_person(seed)
    styling = sample_styling(seed_of(13, seed), person)
    if kind == "ours, bald":
        styling = styling.with_(haircut="bald", facial_hair="none")
    sitter = Sitter.of(Likeness.of(person, detail_for(size)), styling, detail_for(size))
    built = time.process_time()
    for capture in captures:
        strands = kind != "ours, strands not drawn"
        develop(render_radiance(sitter, None, capture, size, draw_strands=strands), capture)
    return built - start, time.process_time() - built


def loaded(path: Path) -> Any:
    """The prototype's one module."""
    file = path / "synthfaces.py" if path.is_dir() else path
    if not file.is_file():
        raise SystemExit(
            f"no prototype at {file}: give the folder of synthfaces.py, or leave it out"
        )
    spec = importlib.util.spec_from_file_location("synthfaces", file)
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules["synthfaces"] = module
    spec.loader.exec_module(module)
    return module


def theirs(module: Any) -> Callable[[int, int], Timing]:
    """A timer of the prototype."""

    def timing(seed: int, size: int) -> Timing:
        rng = np.random.default_rng(seed)
        captures = [module.sample_capture(rng, HARD, size=size) for _ in range(PICTURES)]
        start = time.process_time()
        person = module.sample_identity(seed, spread=1.2)
        module.prepare(person)
        built = time.process_time()
        for capture in captures:
            module.render(person, capture)
        return built - start, time.process_time() - built

    return timing


def run(setting: Setting, prototype: Path | None = None) -> list[Table]:
    """Measure; tables come back."""
    cv2.setNumThreads(1)
    kinds: dict[str, Callable[[int, int], Timing]] = {}
    for name in ("ours, with strands", "ours, strands not drawn", "ours, bald"):
        kinds[name] = lambda seed, size, name=name: ours(seed, size, name)
    if prototype is not None:
        kinds["prototype"] = theirs(loaded(prototype))
    times: dict[tuple[str, int], list[Timing]] = defaultdict(list)
    people = 4 if setting.quick else 12
    for size in SIZES:
        for k in range(people + 1):
            for name, timing in kinds.items():
                took = timing(setting.seeds + 4800 + k, size)
                if k:  # the first warms up: compiling, loading
                    times[name, size].append(took)
    return [_table(times, list(kinds), people)]


def _table(times: dict[tuple[str, int], list[Timing]], kinds: list[str], people: int) -> Table:
    table = Table("speed", "Speed on one core")
    for size in SIZES:
        base = times.get(("prototype", size))
        for name in kinds:
            build, shoot = np.array(times[name, size]).T
            cells: dict[str, Any] = {
                "build_ms": 1e3 * float(np.median(build)),
                "picture_ms": 1e3 * float(np.median(shoot)) / PICTURES,
                "pictures_a_second": PICTURES / float(np.median(shoot)),
                "six_a_person": PICTURES / float(np.median(build + shoot)),
            }
            if base is not None:
                old_build, old_shoot = np.array(base).T
                cells["times_prototype"] = float(np.median(old_shoot) / np.median(shoot))
                cells["times_prototype_six_a_person"] = float(
                    np.median(old_build + old_shoot) / np.median(build + shoot)
                )
            table.add(pixels=size, renderer=name, **cells)
    table.notes = [
        f"Medians over {people} people x {PICTURES} pictures, camera included (noise, JPEG);"
        " processor time of one thread. 'Pictures a second': the person is kept; 'six a person':"
        " building the person is shared by six pictures. 'Bald' has neither scalp nor facial hair"
        " but brows and lashes. At 512 px ours draws finer textures and more strands.",
        "The prototype draws hair as shells, without strands.",
    ]
    return table

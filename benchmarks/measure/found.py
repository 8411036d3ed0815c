"""Found: where dlib's HOG and OpenCV's Haar detector find the face."""

from __future__ import annotations

from collections import defaultdict

import numpy as np

from benchmarks.measure import faces
from benchmarks.measure.tables import Table
from benchmarks.measure.work import Setting, seed_of, spread
from labkit.measure.intervals import wilson
from labkit.people.photo.camera import develop
from labkit.people.photo.render import render_radiance
from labkit.people.who import Capture, sample_capture, sample_person, sample_styling
from labkit.people.who.capture import LIGHTS

TONES = (0.0, 0.25, 0.5, 0.75, 1.0)
YAWS = (-40, -30, -20, -10, 0, 10, 20, 30, 40)
WANTED = 0.99

Key = tuple[float, float, str, str]


def lit(light: str, seed: int) -> Capture:
    """A calm capture under one named light, as the first seed that draws this light has it."""
    for k in range(400):
        drawn = sample_capture(seed_of(5, seed, k), 0.5)
        if drawn.light == light:
            names = ("light", "key_azimuth", "key_elevation", "key_size", "key", "fill", "rim",
                     "bounce", "warmth", "backdrop", "shirt", "seed")  # fmt: skip
            return Capture(**{name: getattr(drawn, name) for name in names}, noise=0.5, jpeg=90)
    raise RuntimeError(f"no capture seed drew the light {light!r}: is its share 0?")


def frontal(seed: int) -> dict[Key, tuple[int, int]]:
    """An enrolment portrait at every tone: found in the right place, or not."""
    person = sample_person(seed)
    sitter = faces.Studio.of(person).dressed(sample_styling(seed_of(6, seed), person))
    capture = sample_capture(seed_of(7, seed), 0.0).with_(yaw=0.0)
    out = {}
    for tone in TONES:
        radiance = render_radiance(faces.toned(sitter, tone), None, capture)
        for exposure in ("equal", "natural"):
            picture = develop(radiance, capture.with_(exposure=exposure))
            for name, detect in faces.DETECTORS.items():
                got = detect(picture)
                out[tone, 0.0, exposure, name] = (
                    int(faces.right_place(got, radiance)),
                    got is not None,
                )
    return out


def grid(seed: int) -> dict[Key, tuple[int, int]]:
    """The same person at every tone, yaw and light."""
    person = sample_person(seed)
    sitter = faces.Studio.of(person).dressed(sample_styling(seed_of(6, seed), person))
    out = {}
    for light in LIGHTS:
        capture = lit(light, seed)
        for tone in TONES[::2]:
            toned = faces.toned(sitter, tone)
            for yaw in YAWS:
                radiance = render_radiance(toned, None, capture.with_(yaw=float(yaw)))
                picture = develop(radiance, capture)
                for name, detect in faces.DETECTORS.items():
                    got = detect(picture)
                    out[tone, float(yaw), light, name] = (
                        int(faces.right_place(got, radiance)), got is not None,
                    )  # fmt: skip
    return out


def _sums(results: list[dict[Key, tuple[int, int]]]) -> dict[Key, np.ndarray]:
    sums: dict[Key, np.ndarray] = defaultdict(lambda: np.zeros(3, int))
    for result in results:
        for key, (right, any_) in result.items():
            sums[key] += (right, int(any_), 1)
    return sums


def run(setting: Setting) -> list[Table]:
    """Measure; tables come back."""
    n = 2 * setting.people
    first = setting.seeds + 1300
    front = _sums(spread(frontal, [first + i for i in range(n)], setting, "found, frontal"))
    m = max(3, setting.people // 12)
    more = _sums(spread(grid, [first + 400 + i for i in range(m)], setting, "found, grid"))
    return [_frontal_table(front, n), *_grid_tables(more, m)]


def _frontal_table(sums: dict[Key, np.ndarray], n: int) -> Table:
    table = Table("found_frontal", "Frontal enrolment portrait, studio light: share found")
    for (tone, _, exposure, name), (right, any_, count) in sums.items():
        share = wilson(int(right), int(count))
        table.add(
            detector=name, exposure=exposure, tone=tone, found=share, people=int(count),
            box_elsewhere=int(any_ - right),
            **{"at_least_.99": bool(share.value >= WANTED)},
        )  # fmt: skip
    table.rows.sort(key=lambda r: (r["detector"], r["exposure"], r["tone"]))
    table.notes = [
        f"{n} people, each once at every tone (same styling and capture), so intervals over people."
        " Found: the largest box is centred on the face. Styling as drawn, coverings and glasses"
        " included.",
        "OpenCV's YuNet detector is not here: its pip package ships no model file for it.",
    ]
    return table


def _grid_tables(sums: dict[Key, np.ndarray], m: int) -> list[Table]:
    tables = []
    for name in faces.DETECTORS:
        table = Table(f"found_grid_{name}", f"Share found over tone, light and yaw: {name}")
        for light in LIGHTS:
            for tone in TONES[::2]:
                shares = {
                    f"yaw_{yaw:+d}": f"{sums[tone, float(yaw), light, name][0]}/{m}" for yaw in YAWS
                }
                table.add(light=light, tone=tone, **shares)
        table.notes = [f"{m} people in each cell, the same in all; noise .5, JPEG 90, 'equal'."]
        tables.append(table)
    return tables

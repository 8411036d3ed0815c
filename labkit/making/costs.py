"""What does making the data cost?

In: a few people of the tuning seeds.  Out: a printed table of processor time and of bytes.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from typing import Any

import numpy as np

from labkit.base.codec import encode
from labkit.base.processes import check_workers
from labkit.making.plans import PLANS, SHOWN, Plan, capture_of, kept, shots, styling_of
from labkit.making.studio import Studio, describe
from labkit.people.who.person import sample_person


def measure(people: int = 6, workers: int | None = None, studio: Studio | None = None) -> None:
    """Print processor time of each step, sizes by quality, and the time of the whole run."""
    clock: dict[str, list[float]] = {}
    sizes: dict[int, list[int]] = {q: [] for q in (70, 75, 80, 84, 88, 92)}

    def timed(label: str, call: Callable[..., Any], *args: Any) -> Any:
        begin = time.process_time()
        value = call(*args)
        clock.setdefault(label, []).append(time.process_time() - begin)
        return value

    studio = studio or Studio()
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

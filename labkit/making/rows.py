"""What the tables of a set say: who is in it, and every parameter of every photograph.

In: a :class:`~labkit.making.plans.Plan`, its people and what was found in their photographs.  Out:
rows, images in the order of the arrays.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from numpy.typing import NDArray

from labkit.making.plans import (
    CAMERAS,
    SHOWN,
    Plan,
    band,
    capture_of,
    half,
    kept,
    shots,
    styling_of,
)
from labkit.people.who.person import Person
from labkit.people.who.tables import capture_row, person_row, styling_row


def shipped(plan: Plan, k: int) -> bool:
    """Whether the pictures of the ``k``-th person are shipped; of some sets only templates are."""
    return plan.pictures or (plan.name == "paired" and k < SHOWN)


def name_of(person: Person, n: int) -> str:
    """The name of a person's ``n``-th photograph."""
    return f"{person.seed}-{n:02d}"


def people_row(plan: Plan, person: Person) -> dict[str, Any]:
    """What the people table says of one person."""
    return {
        "person": person.seed,
        "set": plan.name,
        "tone_band": band(person.tone),
        "presentation_half": half(person.presentation),
        **person_row(person),
    }


def image_rows(
    plan: Plan, person: Person, k: int, result: Mapping[str, NDArray[Any]]
) -> list[dict[str, Any]]:
    """What the images table says of one person, the ``k``-th of the set; one row a picture."""
    points = [f"point{i}_{axis}" for i in range(5) for axis in "xy"]
    rows = []
    for n, (tone, photo, camera) in enumerate(shots(plan)):
        name = name_of(person, n)
        capture = capture_of(person, photo).with_(**(CAMERAS[camera] if camera else {}))
        rows.append(
            {
                "image": name,
                "person": person.seed,
                "photo": photo,
                "file": f"pictures/{name}.webp" if shipped(plan, k) else "",
                "status": "ok" if result["ok"][n] else "failed",
                "tone": person.tone if tone is None else tone,
                "camera": camera,
                "styling_kept": int(kept(photo)),
                **dict(zip(("left", "top", "right", "bottom"), result["box"][n].tolist())),
                **dict(zip(points, result["points"][n].ravel().tolist())),
                **styling_row(styling_of(person, photo)),
                **capture_row(capture),
            }
        )
    return rows

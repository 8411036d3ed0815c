"""People, stylings and captures as rows of tables, and back.

In: the dataclasses.  Out: flat dictionaries of numbers and text, one column per value, that a CSV
file holds without loss.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import fields
from typing import Any

from labkit.people.who.capture import Capture
from labkit.people.who.draws import Colour, check_colour
from labkit.people.who.parameters import NAMES
from labkit.people.who.person import Marks, Person
from labkit.people.who.styling import Covering, Glasses, Styling


def _rgb(prefix: str, colour: Colour | None) -> dict[str, Any]:
    values = colour if colour is not None else ("", "", "")
    return dict(zip((f"{prefix}_r", f"{prefix}_g", f"{prefix}_b"), values, strict=True))


def _read_rgb(row: Mapping[str, Any], prefix: str) -> Colour | None:
    values = [row[f"{prefix}_{c}"] for c in "rgb"]
    if any(_empty(v) for v in values):
        return None
    return check_colour("row", prefix, values)


def _empty(value: Any) -> bool:
    return value is None or value == "" or (isinstance(value, float) and math.isnan(value))


def person_row(person: Person) -> dict[str, Any]:
    """Every number of a person as one flat row; :func:`person_from_row` reads it back.

    Examples
    --------
    >>> from labkit.people.who.person import sample_person
    >>> someone = sample_person(7)
    >>> person_from_row(person_row(someone)) == someone
    True
    """
    moles = ";".join(":".join(f"{v:.4f}" for v in mole) for mole in person.marks.moles)
    return {
        "person_seed": person.seed,
        "tone": person.tone,
        "presentation": person.presentation,
        "age": person.age,
        **_rgb("hair", person.hair_colour),
        "greyness": person.greyness,
        **_rgb("iris", person.iris),
        "hair_loss": person.hair_loss,
        "freckle_amount": person.marks.freckles,
        "moles": moles,
        "covering_kind": person.covering_kind or "",
        **person.shape,
    }


def person_from_row(row: Mapping[str, Any]) -> Person:
    """The person of a row of :func:`person_row`; ``KeyError`` names a column that is missing."""
    text = "" if _empty(row["moles"]) else str(row["moles"])
    moles = []
    for part in filter(None, text.split(";")):
        u, v, size = (float(x) for x in part.split(":"))
        moles.append((u, v, size))
    return Person(
        seed=int(row["person_seed"]),
        shape={name: float(row[name]) for name in NAMES},
        tone=float(row["tone"]),
        presentation=float(row["presentation"]),
        age=float(row["age"]),
        hair_colour=_read_rgb(row, "hair") or (0.0, 0.0, 0.0),
        greyness=float(row["greyness"]),
        iris=_read_rgb(row, "iris") or (0.0, 0.0, 0.0),
        hair_loss=float(row["hair_loss"]),
        marks=Marks(float(row["freckle_amount"]), tuple(moles)),
        covering_kind=None if _empty(row["covering_kind"]) else str(row["covering_kind"]),
    )


def styling_row(styling: Styling) -> dict[str, Any]:
    """Every value of a styling as one flat row; empty text where something is not worn.

    A shirt that belongs to the styling is not written: in the shipped data the capture decides it.
    """
    if styling.shirt is not None:
        raise ValueError(
            "a styling with its own shirt cannot be written as a row: leave shirt=None"
        )
    g, c = styling.glasses, styling.covering
    return {
        "styling_seed": styling.seed,
        "haircut": styling.haircut,
        "hair_type": styling.hair_type,
        "hair_length": styling.hair_length,
        "parting": styling.parting,
        "volume": styling.volume,
        "fringe": styling.fringe,
        **_rgb("dye", styling.dye),
        "facial_hair": styling.facial_hair,
        "facial_hair_length": styling.facial_hair_length,
        "glasses": g.shape if g else "",
        "glasses_width": g.width if g else "",
        "glasses_height": g.height if g else "",
        "glasses_rim": g.rim if g else "",
        **_rgb("glasses", g.colour if g else None),
        "glasses_metal": int(g.metal) if g else "",
        "glasses_tint": g.tint if g else "",
        "covering": c.kind if c else "",
        "covering_wrap": c.wrap if c else "",
        **_rgb("covering", c.colour if c else None),
        "covering_seed": c.seed if c else "",
    }


def styling_from_row(row: Mapping[str, Any]) -> Styling:
    """The styling of a row of :func:`styling_row`."""
    glasses = covering = None
    if not _empty(row["glasses"]):
        glasses = Glasses(
            shape=str(row["glasses"]),
            width=float(row["glasses_width"]),
            height=float(row["glasses_height"]),
            rim=float(row["glasses_rim"]),
            colour=_read_rgb(row, "glasses") or (0.0, 0.0, 0.0),
            metal=bool(int(row["glasses_metal"])),
            tint=float(row["glasses_tint"]),
        )
    if not _empty(row["covering"]):
        colour = _read_rgb(row, "covering") or (0.0, 0.0, 0.0)
        covering = Covering(
            str(row["covering"]), int(row["covering_wrap"]), colour, int(row["covering_seed"])
        )
    return Styling(
        haircut=str(row["haircut"]),
        dye=_read_rgb(row, "dye"),
        facial_hair=str(row["facial_hair"]),
        glasses=glasses,
        covering=covering,
        seed=int(row["styling_seed"]),
        hair_type=float(row["hair_type"]),
        hair_length=float(row["hair_length"]),
        parting=float(row["parting"]),
        volume=float(row["volume"]),
        fringe=float(row["fringe"]),
        facial_hair_length=float(row["facial_hair_length"]),
    )


def capture_row(capture: Capture) -> dict[str, Any]:
    """Every value of a capture as one flat row; pairs become two columns."""
    row: dict[str, Any] = {}
    for f in fields(capture):
        value = getattr(capture, f.name)
        if isinstance(value, tuple):
            row |= {f"{f.name}_x": value[0], f"{f.name}_y": value[1]}
        else:
            row["capture_seed" if f.name == "seed" else f.name] = value
    return row


def capture_from_row(row: Mapping[str, Any]) -> Capture:
    """The capture of a row of :func:`capture_row`."""
    values: dict[str, Any] = {}
    for f in fields(Capture):
        if f.name in ("gaze", "shift"):
            values[f.name] = (float(row[f"{f.name}_x"]), float(row[f"{f.name}_y"]))
        elif f.name in ("light", "exposure"):
            values[f.name] = str(row[f.name])
        else:
            cell = row["capture_seed" if f.name == "seed" else f.name]
            values[f.name] = (
                int(cell) if f.name in ("backdrop", "shirt", "jpeg", "seed") else float(cell)
            )
    return Capture(**values)

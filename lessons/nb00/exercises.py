"""Notebook 00: its exercise."""

from __future__ import annotations

import functools
from typing import TYPE_CHECKING

from labkit.base.words import _
from labkit.learning.exercises import Check, Exact

if TYPE_CHECKING:
    from labkit.data import FaceSet


@functools.cache
def _dev() -> FaceSet:
    from labkit import data

    return data.load("anytown/dev")


EXERCISES = (
    Check(
        "00-a",
        question=_("How many photographs are there of the people in anytown/dev?"),
        reference=lambda: len(_dev().images),
        tolerance=Exact(),
        wrong={
            "people counted": (
                lambda: len(_dev().people),
                _(
                    "That is the number of people. Everybody was photographed several times: count"
                    " the rows of faces.images."
                ),
            ),
            "photographs of one person": (
                lambda: len(_dev().images) // len(_dev().people),
                _("That is how often one person was photographed. Count everybody's photographs."),
            ),
            "columns counted": (
                lambda: len(_dev().images.columns),
                _("That is the number of columns of the table. len(table) counts its rows."),
            ),
        },
        hint=_("The table faces.images has one row for each photograph."),
        way=_("Write answer = len(faces.images), then run the cell."),
    ),
)

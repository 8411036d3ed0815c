"""Notebook 00: its exercise."""

from __future__ import annotations

import functools
from typing import TYPE_CHECKING

from labkit.base.words import N_
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
        question=N_("How many photographs are there of the people in anytown/dev?"),
        reference=lambda: len(_dev().images),
        tolerance=Exact(),
        wrong={
            "people counted": (
                lambda: len(_dev().people),
                N_(
                    "That is the number of people. Everybody was photographed several times: count"
                    " the rows of `faces.images`."
                ),
            ),
            "photographs of one person": (
                lambda: len(_dev().images) // len(_dev().people),
                N_("That is how often one person was photographed. Count everybody's photographs."),
            ),
            "cells counted": (
                lambda: _dev().images.size,
                N_(
                    "This counts every cell of the table, rows times columns. `len(table)` counts"
                    " its rows."
                ),
            ),
            "columns counted": (
                lambda: len(_dev().images.columns),
                N_("That is the number of columns. How many rows has the table?"),
            ),
        },
        hint=N_("The table `faces.images` has one row for each photograph."),
        way=N_("Write `answer = len(faces.images)`, then run the cell."),
        unit="count",
        goes_on=False,
    ),
)

"""One cause at a time: what a change of one thing does to the error rates of groups.

In: people, photographs and matchers that differ in one thing.  Out: differences by person, with
intervals, controls, and sentences that the numbers decide.

An experiment of one's own, about a factor of the invented photographs::

    from labkit import experiment

    found = experiment.run("noise", [0.3, 2.5], people=30, captures=3)
    found.read()

What the lab has done before: :mod:`~labkit.experiment.mixes` (who was in the training),
:mod:`~labkit.experiment.origin`, :mod:`~labkit.experiment.camera`,
:mod:`~labkit.experiment.enrolment`, :mod:`~labkit.experiment.confounded`.
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from labkit.experiment.design import PLACEBO, Design, Result, Studio, run
    from labkit.experiment.factors import PLACES, THINGS
    from labkit.experiment.power import Needed, needed

__all__ = ["PLACEBO", "PLACES", "THINGS", "Design", "Needed", "Result", "Studio", "needed", "run"]

_HOMES = (
    dict.fromkeys(("PLACEBO", "Design", "Result", "Studio", "run"), "design")
    | dict.fromkeys(("PLACES", "THINGS"), "factors")
    | dict.fromkeys(("Needed", "needed"), "power")
)
"""Where names live; the renderer loads with the first that needs it."""


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(f"labkit.experiment has no {name!r}; it has {', '.join(__all__)}")
    return getattr(importlib.import_module(f"labkit.experiment.{_HOMES[name]}"), name)


def __dir__() -> list[str]:
    return sorted([*globals(), *__all__])

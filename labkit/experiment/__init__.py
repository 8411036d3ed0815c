"""One cause at a time: what a change of one thing does to the error rates of groups.

In: people, photographs and matchers that differ in one thing.  Out: differences by person, with
intervals, controls, and sentences that the numbers decide.

Whoever designs an experiment of their own needs :func:`~labkit.experiment.design.run` and
:func:`~labkit.experiment.power.needed`; each name here is read when it is first used.
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from labkit.experiment.design import PLACEBO, Design, Result, Studio, run
    from labkit.experiment.factors import PLACES, THINGS
    from labkit.experiment.power import Needed, needed

__all__ = ["PLACEBO", "PLACES", "THINGS", "Design", "Needed", "Result", "Studio", "needed", "run"]

_HOMES = dict.fromkeys(("PLACES", "THINGS"), "factors") | dict.fromkeys(
    ("Needed", "needed"), "power"
)


def __getattr__(name: str) -> Any:
    if name not in __all__:
        raise AttributeError(f"labkit.experiment has no {name!r}; it has {', '.join(__all__)}")
    home = importlib.import_module(f"labkit.experiment.{_HOMES.get(name, 'design')}")
    return getattr(home, name)


def __dir__() -> list[str]:
    return sorted([*globals(), *__all__])

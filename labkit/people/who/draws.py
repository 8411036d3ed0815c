"""Small tools that person, styling and capture share: streams of random numbers, checks, choices.

In: seeds and values.  Out: generators that never touch each other, and one clear sentence when a
value cannot be used.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields, replace
from typing import Any, Self

import numpy as np

Colour = tuple[float, float, float]

ROOM = 6
# The order is part of the file format: a new aspect is added at the end, never in between.
ASPECTS = (
    "shape",
    "tone",
    "presentation",
    "age",
    "hair colour",
    "iris",
    "grey",
    "hair loss",
    "marks",
    "covered",
    "hair type",
    "haircut",
    "hair detail",
    "dye",
    "covering",
    "glasses",
    "facial hair",
    "pose",
    "expression",
    "light",
    "camera",
    "setting",
    "shirt",
)


def stream(aspect: str, seed: int) -> np.random.Generator:
    """The random numbers of one aspect of one seed, apart from those of all other aspects."""
    return np.random.default_rng(np.random.SeedSequence([ROOM, ASPECTS.index(aspect), seed]))


def check_seed(seed: Any) -> int:
    """The seed as an int; ``ValueError`` unless it is a whole number from 0."""
    if isinstance(seed, bool) or not isinstance(seed, int | np.integer) or seed < 0:
        raise ValueError(f"seed {seed!r} cannot be used: give a whole number from 0 upwards")
    return int(seed)


def check_range(owner: str, name: str, value: Any, low: float, high: float) -> None:
    """``ValueError`` naming owner, field and range when a value is outside."""
    try:
        number = float(value)
    except (TypeError, ValueError):
        raise ValueError(
            f"{owner}: {name} is {value!r}: give a number from {low:g} to {high:g}"
        ) from None
    if not low <= number <= high:
        raise ValueError(f"{owner}: {name} {number:g} is out of range: give {low:g} to {high:g}")


def check_one_of(owner: str, name: str, value: Any, allowed: tuple[str, ...]) -> None:
    """``ValueError`` with the allowed names when a name is unknown."""
    if value not in allowed:
        raise ValueError(f"{owner}: {name} {value!r} is unknown: use one of {', '.join(allowed)}")


def check_colour(owner: str, name: str, value: Any) -> Colour:
    """Three linear albedos 0..1 as a tuple; ``ValueError`` otherwise."""
    try:
        r, g, b = (float(v) for v in value)
    except (TypeError, ValueError):
        raise ValueError(
            f"{owner}: {name} is {value!r}: give three linear albedos (R, G, B)"
        ) from None
    for v in (r, g, b):
        check_range(owner, name, v, 0.0, 1.0)
    return (r, g, b)


def rounded(values: Any, digits: int = 4) -> tuple[float, ...]:
    """Rounded at the source, so that a table of four decimals holds exactly what was drawn."""
    return tuple(round(float(v), digits) for v in np.atleast_1d(values))


def as_colour(values: Any) -> Colour:
    """Clip to 0..1 and round."""
    r, g, b = rounded(np.clip(values, 0.0, 1.0))
    return (r, g, b)


def smooth(x: float, low: float, high: float) -> float:
    """Smooth step: 0 below ``low``, 1 above ``high``."""
    t = min(max((x - low) / (high - low), 0.0), 1.0)
    return t * t * (3.0 - 2.0 * t)


def pick(u: float, weights: Mapping[str, tuple[float, float]], presentation: float) -> str:
    """The name whose share of the weights holds ``u``, the weights read at a presentation.

    A weight that is negative at one end is 0 from where its line crosses 0.
    """
    t = (presentation + 1.0) / 2.0
    values = np.array([max(0.0, a + (b - a) * t) for a, b in weights.values()])
    edges = np.cumsum(values) / values.sum()
    return list(weights)[min(int(np.searchsorted(edges, u, side="right")), len(weights) - 1)]


class With:
    """Adds ``with_`` to a frozen dataclass."""

    def with_(self, **changes: Any) -> Self:
        """A copy with some fields changed; ``ValueError`` for an unknown field or a bad value."""
        known = [f.name for f in fields(self)]  # type: ignore[arg-type]
        for name in changes:
            if name not in known:
                kind, names = type(self).__name__, ", ".join(known)
                raise ValueError(f"{kind} has no field {name!r}: its fields are {names}")
        return replace(self, **changes)  # type: ignore[type-var]

"""How the networks are trained: numbers alone, so that they can be read without JAX.

In: a mix.  Out: its :class:`Recipe`.
"""

from __future__ import annotations

from dataclasses import dataclass

from labkit.making.nets.people import Mix

STEPS = 700
"""Batches of a network of up to 642 people; a smaller one sees each picture more often."""
PASSES = 12
"""Times that the largest network sees each picture; its steps follow from that."""
BATCH = 64


@dataclass(frozen=True)
class Recipe:
    """How a network is trained; the same for every mix.

    Parameters
    ----------
    steps
        Batches; a network of many more people is given more, see :func:`recipe_for`.
    batch
        Pictures at a time.
    rate
        Highest learning rate; it rises over the first tenth and falls along a cosine.
    decay
        Weight decay.
    scale, margin
        Of the additive margin.
    """

    steps: int = 800
    batch: int = 64
    rate: float = 4e-3
    decay: float = 5e-4
    scale: float = 24.0
    margin: float = 0.25


def recipe_for(mix: Mix, pictures: int) -> Recipe:
    """How a mix is trained."""
    steps = STEPS if mix.pools == 1 else PASSES * pictures // BATCH
    return Recipe(steps=steps, batch=BATCH)

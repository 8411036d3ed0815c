"""Made-up towns in which a remedy's effect is known."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import numpy as np

from labkit.remedies import Side, Town


def side(
    seed: int,
    sizes: dict[str, int],
    *,
    first: int = 0,
    photos: int = 4,
    near: dict[str, float] | None = None,
    hard: dict[str, float] | None = None,
    crops: Any = None,
) -> Side:
    """People of some groups; ``near`` draws a group's people closer together, ``hard`` blurs."""
    rng = np.random.default_rng(seed)
    group = np.repeat(list(sizes), list(sizes.values()))
    spread = np.array([(near or {}).get(g, 1.0) for g in group])
    noise = np.array([(hard or {}).get(g, 0.3) for g in group])
    place = rng.normal(size=(len(group), 6)) * spread[:, None]
    who = np.repeat(np.arange(len(group)), photos)
    templates = place[who] + rng.normal(size=(len(who), 6)) * noise[who, None]
    return Side(templates, who + first, group[who], "euclidean", crops=crops)


def town(
    sizes: dict[str, int] | None = None,
    *,
    asked: float = 0.02,
    dev: dict[str, int] | None = None,
    **how: Any,
) -> Town:
    """A town of two groups of 80 people in which people of ``b`` are more alike."""
    sizes = sizes or {"a": 80, "b": 80}
    how = {"near": {"b": 0.75}, **how}
    return Town("made up", side(1, dev or sizes, **how), side(2, sizes, first=5000, **how), asked)


def network(seed: int, people: np.ndarray, band: np.ndarray, rate: dict[str, float]) -> Any:
    """What a network got wrong, with a false match rate of each band."""
    rng = np.random.default_rng(seed)
    first, second = np.triu_indices(len(people), 1)
    same = band[first] == band[second]
    first, second = first[same], second[same]
    lively = rng.gamma(4.0, 0.25, len(people))
    share = np.array([rate[b] for b in band[first]]) * lively[first] * lively[second]
    false = rng.binomial(36, np.minimum(share, 1))
    missed = rng.binomial(15, 0.1 * np.minimum(lively, 5))
    whole = np.full(len(people), 15)
    return SimpleNamespace(
        threshold=0.3,
        people=people,
        first=first[false > 0],
        second=second[false > 0],
        false_matches=false[false > 0],
        images=np.full(len(people), 6),
        missed={"all": missed},
        compared={"all": whole},
        planned={"all": whole},
    )

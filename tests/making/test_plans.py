"""Who is in each set and how they are photographed: balanced, the same every time."""

from __future__ import annotations

from collections import Counter

import numpy as np
import pytest

from labkit.making import plans
from labkit.making.plans import PLANS, Plan, band, capture_of, choose, half, kept, shots, styling_of
from labkit.people.who.person import sample_person


@pytest.mark.parametrize("name", list(PLANS))
def test_cells_are_full_and_seeds_lie_where_the_plan_says(name):
    plan = PLANS[name]
    people = choose(plan)
    cells = Counter(
        (half(p.presentation), "" if plan.halves_only else band(p.tone)) for p in people
    )
    assert set(cells.values()) == {plan.cell}
    assert len(cells) == (2 if plan.halves_only else 6)
    seeds = [p.seed for p in people]
    assert seeds == sorted(seeds) and seeds[0] >= plan.start and seeds[-1] < plan.start + 10_000
    assert min(seeds) >= 2000


def test_the_sets_have_the_sizes_promised():
    sizes = {name: (len(choose(p)), p.photos, len(shots(p))) for name, p in PLANS.items()}
    assert sizes == {
        "train": (300, 4, 4),
        "dev": (480, 4, 4),
        "eval": (480, 6, 6),
        "holdout": (240, 6, 6),
        "paired": (160, 4, 48),
        "train-two-tones": (300, 4, 8),
        "linked": (480, 4, 4),
        "narrow": (480, 4, 4),
    }
    assert choose(PLANS["train"]) == choose(PLANS["train-two-tones"])


def test_ages_are_flat_in_every_set():
    for plan in PLANS.values():
        ages = [p.age for p in choose(plan)]
        counts = np.histogram(ages, 4, (18, 85))[0]
        # Four cells of a flat distribution: 4.5 standard errors of a share of one quarter.
        assert np.abs(counts / len(ages) - 0.25).max() < 4.5 * np.sqrt(0.1875 / len(ages))


def test_styling_is_redrawn_in_half_the_photographs_and_the_setting_in_all():
    for person in choose(PLANS["eval"], 60):
        bare = [styling_of(person, k).with_(covering=None) for k in range(6)]
        assert sum(kept(k) for k in range(6)) == 3
        assert len({bare[k] for k in range(6) if kept(k)}) == 1
        assert len(set(bare)) == 4
        captures = [capture_of(person, k) for k in range(6)]
        assert len({c.shirt for c in captures}) == len({c.backdrop for c in captures}) == 6
        assert captures[0].light == "studio" and captures[0].jaw == 0
    covered = next(p for p in choose(PLANS["eval"]) if p.covering_kind)
    fabrics = [styling_of(covered, k).covering for k in range(6)]
    assert len({f.seed for f in fabrics}) == 6
    assert {f.kind for f in fabrics} == {covered.covering_kind}


def test_plans_are_only_what_they_say():
    assert isinstance(PLANS["train"], Plan)
    assert band(sample_person(5).tone) in plans.BANDS

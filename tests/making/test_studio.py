"""All photographs of one person, with the renderer itself."""

from __future__ import annotations

import numpy as np
import pytest

from labkit.base import codec
from labkit.making import plans, studio
from labkit.making.plans import Plan, capture_of, styling_of
from labkit.people.who.person import sample_person


@pytest.mark.slow
def test_with_the_renderer_bytes_repeat_and_a_new_tone_costs_no_new_sitter():
    real = studio.Studio()
    plan = Plan("trial", 3, 1, 2, tones=(0.1, 0.9), cameras=("natural",))
    person = sample_person(3)
    first, second = (studio.photograph(plan, person, real) for _ in range(2))
    for name in first:
        assert np.array_equal(first[name], second[name], equal_nan=first[name].dtype.kind == "f")
    styling, capture = styling_of(person, 0), capture_of(person, 0).with_(exposure="natural")
    deep = plans.at_tone(person, 0.9)
    sitter = real.dress(real.likeness(deep), styling)
    fresh = real.develop(real.radiance(sitter, capture), capture)
    assert codec.encode(fresh) == studio.pictures_in(first)[2]

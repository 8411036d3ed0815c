"""Groups of people whose drawn faces are more or less alike."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.spatial.distance import pdist

from labkit import data
from labkit.measure.shapes import THIRDS, near_and_far
from labkit.people.who import NAMES


@pytest.fixture(scope="module")
def faces():
    return data.load("anytown/eval")


def test_thirds_are_of_people_and_lie_as_their_names_say(faces):
    third = near_and_far(faces)
    of = dict(zip(faces.of("person").tolist(), third.tolist(), strict=True))
    assert all(of[p] == x for p, x in zip(faces.of("person").tolist(), third, strict=True))
    shape = faces.people[list(NAMES)]
    far = np.sqrt(((shape - shape.mean()) ** 2).sum(axis=1))
    inside = {name: far[[of[p] == name for p in far.index]] for name in THIRDS}
    assert [len(v) for v in inside.values()] == [160] * 3
    assert inside["near"].max() <= inside["between"].min()
    assert inside["between"].max() <= inside["far"].min()


def test_people_near_the_average_are_more_alike(faces):
    third = dict(zip(faces.of("person").tolist(), near_and_far(faces).tolist(), strict=True))
    shape = faces.people[list(NAMES)]
    near, far = (
        pdist(shape[[third[p] == name for p in shape.index]]).mean() for name in ("near", "far")
    )
    assert near < 0.95 * far, "the notebook says so"

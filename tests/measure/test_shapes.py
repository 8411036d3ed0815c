"""How unlike drawn faces are."""

from __future__ import annotations

import numpy as np
import pytest

from labkit import data
from labkit.measure.shapes import THIRDS, near_and_far, shape_distances
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
    table = shape_distances(faces, near_and_far(faces))
    assert table.loc["near", "near"] < 0.95 * table.loc["far", "far"], "the notebook says so"


def test_distances_are_means_over_different_people(faces):
    band = faces.groups("tone_band")
    table = shape_distances(faces, band)
    assert table.index.tolist() == table.columns.tolist() == ["lighter", "medium", "darker"]
    assert (table.to_numpy() == table.to_numpy().T).all()
    shape = faces.people[list(NAMES)].to_numpy()
    apart = np.sqrt(((shape[:, None] - shape[None]) ** 2).sum(-1))
    own = (faces.people["tone_band"] == "lighter").to_numpy()
    other = (faces.people["tone_band"] == "darker").to_numpy()
    inside = apart[np.ix_(own, own)]
    assert table.loc["lighter", "lighter"] == pytest.approx(inside.sum() / (160 * 159))
    assert table.loc["lighter", "darker"] == pytest.approx(apart[np.ix_(own, other)].mean())


def test_a_group_of_one_has_no_distance_and_wrong_groups_are_refused(faces):
    alone = np.where(faces.of("person") == faces.of("person")[0], "a", "b")
    table = shape_distances(faces, alone)
    assert np.isnan(table.loc["a", "a"]) and table.loc["a", "b"] > 0
    with pytest.raises(ValueError, match="3 groups for 2880 images"):
        shape_distances(faces, ["a", "b", "c"])
    with pytest.raises(ValueError, match="a person is in two groups"):
        shape_distances(faces, np.arange(len(faces)) % 2)

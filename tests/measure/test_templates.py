"""Templates in hand: distances, typical similarities, whom a leaked list finds."""

from __future__ import annotations

import numpy as np
import pytest

from labkit.measure.scores import similarity
from labkit.measure.templates import distance, found_again, typical_similarities


def test_a_distance_is_that_of_the_formula_and_minus_the_similarity():
    a, b = np.random.default_rng(0).normal(size=(2, 128)).astype(np.float32)
    by_hand = sum((float(x) - float(y)) ** 2 for x, y in zip(a, b, strict=True)) ** 0.5
    assert distance(a, b) == pytest.approx(by_hand, rel=1e-12)
    assert distance(a, b) == pytest.approx(-similarity(a, b, "euclidean"), rel=1e-9)
    assert distance(a, b) == distance(b, a) and distance(a, a) == 0
    assert np.isnan(distance(a, np.full(128, np.nan)))


@pytest.mark.parametrize(("a", "b"), [([1, 2], [1]), ([[1, 2]], [[1, 2]]), (1, 2)])
def test_no_distance_between_templates_of_different_lengths(a, b):
    with pytest.raises(ValueError, match="two rows of one length"):
        distance(a, b)


def test_typical_similarities_are_of_oneself_and_of_the_next_person():
    first, second = [[0.0], [10.0], [30.0]], [[1.0], [12.0], [33.0]]
    # 1, 2 and 3 apart; and 12, 23 and 29 apart: after the last person comes the first.
    one, two = typical_similarities(first, second)
    assert one == pytest.approx(-2) and two == pytest.approx(-64 / 3)


def test_who_was_not_found_is_left_out_of_the_means():
    failed = np.nan
    one, two = typical_similarities([[0.0], [failed], [5.0]], [[1.0], [9.0], [7.0]])
    assert one == pytest.approx(-1.5)
    assert np.isfinite(two)
    with pytest.raises(ValueError, match="of 2 people none can be compared"):
        typical_similarities([[failed], [1.0]], [[1.0], [failed]])


def test_typical_similarities_follow_the_measure():
    one, two = typical_similarities([[1.0, 0.0], [0.0, 1.0]], [[2.0, 0.0], [0.0, 3.0]], "cosine")
    assert (one, two) == (1.0, 0.0)


def test_who_is_nearest_to_somebody_else_is_not_found():
    assert found_again([[0.0], [0.9]], [[0.1], [2.0]]) == (1, 2)
    assert found_again([[0.0], [1.9]], [[0.1], [2.0]]) == (2, 2)


def test_who_was_not_found_in_a_picture_is_not_tried():
    one = np.zeros((3, 128), np.float32)
    one[1] = np.nan
    assert found_again(one, one + np.array([[0], [0], [9]])) == (1, 2)


@pytest.mark.parametrize("function", [found_again, typical_similarities])
def test_lists_of_different_people_are_refused(function):
    with pytest.raises(ValueError, match="3 templates beside 2: give one of each person"):
        function([[0.0], [1.0], [2.0]], [[0.0], [1.0]])
    with pytest.raises(ValueError, match="two people or more"):
        function([[0.0]], [[0.0]])

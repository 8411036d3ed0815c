"""Who is enrolled: the arithmetic, the count beside it, and what is said."""

from __future__ import annotations

import math

import numpy as np
import pytest

from labkit import data
from labkit.experiment import enrolment
from labkit.measure.intervals import Interval
from labkit.measure.scores import all_pairs

RATES = {("a", "a"): 0.02, ("a", "b"): 0.001, ("b", "b"): 0.01}


@pytest.fixture(scope="module")
def town():
    return enrolment.town(data.load("anytown/eval"))


@pytest.fixture(scope="module")
def table(town):
    return enrolment.counted(town)


def test_the_arithmetic_is_a_sum_of_products():
    found = enrolment.expected({"a": 300, "b": 700}, RATES)
    assert found["a"] == pytest.approx(300 * 0.02 + 700 * 0.001)
    assert found["b"] == pytest.approx(300 * 0.001 + 700 * 0.01)
    turned = {(b, a): rate for (a, b), rate in RATES.items()}
    assert enrolment.expected({"a": 300, "b": 700}, turned) == pytest.approx(found)


def test_nobody_enrolled_is_nobody_found():
    assert enrolment.expected({"a": 0, "b": 0}, RATES) == {"a": 0, "b": 0}
    assert enrolment.expected({}, RATES) == {"a": 0, "b": 0}


def test_a_gallery_that_cannot_be_is_refused():
    with pytest.raises(ValueError, match="no rate was given for 'c'"):
        enrolment.expected({"c": 1}, RATES)
    with pytest.raises(ValueError, match="give 0 or more"):
        enrolment.expected({"a": -1}, RATES)
    with pytest.raises(ValueError, match="give a share"):
        enrolment.expected({"a": 1}, {("a", "a"): 1.2})
    with pytest.raises(ValueError, match="give a share"):
        enrolment.expected({"a": 1}, {("a", "a"): math.nan})
    with pytest.raises(ValueError, match="'a' and 'b'"):
        enrolment.expected({"b": 1}, {("a", "a"): 0.1, ("b", "b"): 0.1})


def test_who_searches_is_never_enrolled(town):
    may, searching = town.split()
    assert not (may & searching).any() and (may | searching).sum() == 480
    for place in range(3):
        assert may[town.own == place].sum() == 80


def test_counting_with_other_people_agrees_with_the_arithmetic(table):
    """The finding of (c), and it could have come out otherwise: other people on both sides."""
    assert len(table) == 9
    off = [i for i in table["difference"] if not i.low <= 0 <= i.high]
    assert len(off) <= 1
    assert (table["gallery_low"] <= table["counted"]).all()
    assert (table["counted"] <= table["gallery_high"]).all()
    apart = table["counted"] - table["expected"] - [i.value for i in table["difference"]]
    assert np.abs(apart).max() < 0.02, "drawn galleries come to the mean of all that there are"


def test_only_who_is_enrolled_changes_who_is_found(table):
    for group, gallery in (("lighter", "mostly lighter"), ("darker", "mostly darker")):
        assert table.xs(group, level="searched")["counted"].idxmax() == gallery
    said = enrolment.told(table, "dlib")
    assert "only who is enrolled differs" in said and said.count("A searched") == 3


def made_up(wrong=False, people=160):
    """Two groups far apart; with ``wrong`` those who search are unlike those enrolled."""
    rng = np.random.default_rng(4)
    who = np.arange(people)
    group = np.where(who % 2, "a", "b")
    rows = rng.normal(size=(people, 3)) + 3 * (who % 2)[:, None]
    of = enrolment.enrolled(all_pairs(rows, who), group, -0.9)
    if wrong:
        may, searching = of.split()
        rows[searching] = 0.3 * rows[searching] + 0.7 * rows[may].mean(0)
        of = enrolment.enrolled(all_pairs(rows, who), group, -0.9)
    return enrolment.counted(of, {"some": {"a": 30, "b": 10}}, galleries=30, draws=200)


def test_a_check_that_fails_is_heard():
    fine, off = made_up(), made_up(wrong=True)
    assert "no difference from the arithmetic is shown" in enrolment.told(fine)
    assert "the arithmetic is off in" in enrolment.told(off)


def test_a_small_group_cannot_check_it():
    rng = np.random.default_rng(0)
    who = np.arange(70)
    group = np.where(who < 60, "a", "b")
    of = enrolment.enrolled(all_pairs(rng.normal(size=(70, 3)), who), group, -0.9)
    table = enrolment.counted(of, {"some": {"a": 20, "b": 5}}, galleries=20, draws=50)
    assert all(isinstance(i, Interval) and i.words for i in table["difference"])
    assert "cannot be checked" in enrolment.told(table)
    with pytest.raises(ValueError, match="5 may be enrolled"):
        enrolment.counted(of, {"too many": {"b": 6}}, galleries=2, draws=2)
    with pytest.raises(ValueError, match="nobody of 'c'"):
        enrolment.counted(of, {"who": {"c": 1}}, galleries=2, draws=2)


def test_missing_labels_and_lost_faces_are_in_no_gallery():
    rng = np.random.default_rng(0)
    rows, who = rng.normal(size=(130, 3)), np.arange(130)
    rows[100:110] = np.nan
    group = np.array(["a"] * 65 + ["b"] * 65, object)
    group[:5] = None
    of = enrolment.enrolled(all_pairs(rows, who), group, -0.9)
    may, searching = of.split()
    taking_part = may | searching
    assert not taking_part[:5].any() and not taking_part[100:110].any()
    assert taking_part.sum() == 115


def test_all_scores_tied_leave_nothing_to_say():
    who = np.arange(120)
    near = 1e-3 * np.random.default_rng(0).normal(size=(120, 2))
    of = enrolment.enrolled(all_pairs(near, who), np.where(who % 2, "a", "b"), -1.0)
    table = enrolment.counted(of, {"x": {"a": 10, "b": 10}}, galleries=5, draws=20)
    assert (table["counted"] == 20).all() and (table["expected"] == 20).all()
    assert "cannot be checked" in enrolment.told(table)
    assert "in each gallery" in enrolment.told(table)


def test_a_weak_check_is_called_weak(table):
    """Finding: a size that exceeds most of the counted numbers was given as if it were power."""
    assert "This check is weak: in" in enrolment.told(table)
    strong = table.assign(expected=100.0)
    assert "In each of them a count off by half would be found." in enrolment.told(strong)


def test_the_gallery_table_says_which_interval_is_whose(table):
    """Finding: the spread of galleries was taken for the interval of the verdict."""
    shown = enrolment.shown(table)
    assert "counted - arithmetic [95% by people]" in shown and "nine in ten galleries" in shown
    first, line = table.iloc[0], shown.iloc[0]
    assert line["counted - arithmetic [95% by people]"].startswith(
        f"{first['difference'].value:+.2f} ["
    )

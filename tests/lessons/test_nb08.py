"""What notebook 08 concludes, held against the shipped data, and every branch of its sentences."""

from __future__ import annotations

import math
import re

import numpy as np
import pytest

from labkit import data, published
from labkit.app import notebooks, rules
from labkit.base.places import PROJECT
from labkit.gallery.nested import searched
from labkit.measure import searches
from labkit.views.plots import Operating
from lessons.nb08 import exercises, words

SOURCE = PROJECT / notebooks.SOURCE / "08_one_face_in_a_million.py"


def text(form="open"):
    return " ".join(" ".join(rules.prose(SOURCE, form)).split())


def code(form="open"):
    return "\n".join(rules.code(SOURCE, form))


# ---- what the prose says ------------------------------------------------------------------------


def test_the_sections_that_claims_point_to_are_there():
    found = [words for level, words in rules.headings(rules.prose(SOURCE)) if level == 2]
    table = published.load("claims").table
    sections = set(table["section"][table["notebook"] == "08"])
    assert {"Alerts as counted people", "What a search of ten million costs"} <= set(found)
    assert sections <= set(found)
    core = [words for _, words in rules.headings(rules.prose(SOURCE, "core"))]
    assert "Alerts as counted people" in core


def test_who_is_in_it_is_as_many_as_the_text_says():
    people = data.gallery()
    assert searched("dlib").size == data.GALLERY_SIZE == 25_000
    assert len(people.rows("dev", 1)) == 600 and len(people.rows("council", 1)) == 535
    assert "portraits of 25,000" in text() and "600 of them" in text() and "535 others" in text()
    everybody = 25_000 + 535 + 600
    assert set(re.findall(r"plots\.invented\(([\d_]+)\)", code())) == {f"{everybody:_}"}


def test_bands_are_searched_for_alike():
    assert "As many people of each tone band are searched for" in text("core")
    bands = data.gallery().images["tone_band"]
    for role in ("dev", "council", "mates"):
        many = bands.iloc[data.gallery().rows(role, 1)].value_counts()
        assert many.max() - many.min() <= 1, role


def test_the_numbers_of_the_code_are_those_of_the_exercises():
    """The exercises compute their right values from the same thresholds and the same station."""
    assert f"pair_threshold({exercises.FMR:.0e})".replace("e-0", "e-") in code()
    assert set(re.findall(r"\.threshold\(([\d.]+)\)", code())) == {str(exercises.FPIR)}
    assert set(re.findall(r"people=([\d_]+), wanted=(\d+)", code())) == {
        (f"{exercises.PASSING:_}", str(exercises.WANTED))
    }
    assert f"Of {exercises.PASSING:,} people who pass in a day, {exercises.WANTED} are" in text()
    assert "5 of 100 innocent searches may return" in text()


def test_a_search_errs_most_of_the_time_where_a_comparison_errs_once_in_a_thousand():
    assert "makes a search that errs most of the time" in text()
    for matcher in ("dlib", "SFace"):
        assert exercises.loose(matcher).fpir().low > 0.5


def test_few_innocent_passages_give_an_alert_and_most_alerts_are_false():
    assert "Nearly all innocent passages give no alert. Still most alerts are false" in text()
    assert exercises.strict().fpir().high < 0.1
    assert "Most alerts are false." in words.alerts(station())


def test_candidates_grow_with_the_gallery_and_people_more_slowly():
    assert "The second grows more slowly" in text()
    for matcher in ("dlib", "SFace"):
        found = exercises.loose(matcher)
        small, large = found.selectivity(2_500), found.selectivity(25_000)
        assert large.candidates / small.candidates > 1.5 * large.people / small.people
        lot = searches.busiest_by_lot(large.searches, large.candidates)
        assert large.busiest > 2 * lot, "a few people collect many of the candidates"


def test_the_formula_is_too_high_where_the_text_calls_it_a_bound():
    assert "the formula is too high, on average" in text()
    for matcher in ("dlib", "SFace"):
        table = exercises.loose(matcher).table()
        assert (table["bound"] > [float(r) for r in table["fpir"]]).all()


def test_the_half_is_reached_where_the_solution_says():
    """By the formula too small a gallery; a school, not a city."""
    assert "By the formula a smaller gallery would be enough" in text("solved")
    half = exercises.SIZE.reference()
    formula = math.log(0.5) / math.log1p(-exercises.loose().fmr)
    assert formula < 0.8 * half and half < 5_000


def test_the_prevalence_of_half_is_that_of_the_solution():
    p = exercises.HALF.reference()
    assert searches.precision(p, exercises.tpir(), exercises.fpir()) == pytest.approx(0.5)
    # What the hints say.
    assert exercises.FPIR < exercises.tpir() < 1 - exercises.fpir()
    assert exercises.WANTED / exercises.PASSING < p / 5


def test_false_alerts_of_a_day_are_those_of_the_figure():
    assert exercises.ALERTS.reference() == pytest.approx(station().wrong)


@pytest.mark.parametrize("exercise", exercises.EXERCISES, ids=lambda e: e.id)
def test_what_the_figure_shows_rounded_is_near_enough(exercise):
    """A right answer from a rounded FPIR or TPIR is right."""
    rate, found = (round(r(), 3) for r in (exercises.fpir, exercises.tpir))
    rounded = {
        "08-a": round(exercises.ALERTS.reference()),
        "08-b": rate / (rate + found),
        "08-c": exercises.SIZE.reference() * 1.05,
    }[exercise.id]
    right = exercise.reference()
    assert exercise.tolerance.steps(right, rounded) <= 1
    for name, (wrong, _hint) in exercise.wrong.items():
        assert exercise.tolerance.steps(right, wrong()) > 1.5, name


def test_the_step_that_08_a_teaches_can_be_seen():
    """Finding: with the wanted counted as well, the answer still passed, and 1,200 did."""
    right = exercises.ALERTS.reference()
    for answer in (exercises.PASSING * exercises.fpir(), 1_200, round(right, -2)):
        assert exercises.ALERTS.tolerance.steps(right, answer) > 1.5


# ---- branches of sentences ----------------------------------------------------------------------


def station(tpir=None, fpir=None):
    found = exercises.strict()
    return Operating(
        "station",
        exercises.PASSING,
        exercises.WANTED,
        found.town.tpir(found.threshold) if tpir is None else tpir,
        found.fpir() if fpir is None else fpir,
        found.town.size,
    )


def rate(k, n=535):
    return searches.exact(np.arange(n) < k, "alerts")


@pytest.mark.parametrize(
    ("tpir", "fpir", "says"),
    [
        (rate(250, 500), rate(28), "Most alerts are false."),
        (0.9, 1e-6, "Most alerts are right."),
        (rate(250, 500), rate(1), "is not known from so few searches"),
        (0.0, 0.0, "No alert at all"),
    ],
)
def test_whether_most_alerts_are_right_is_told_each_way(tpir, fpir, says):
    assert says in words.alerts(station(tpir, fpir))


def test_no_false_alert_seen_is_not_none():
    """Nobody of 535 was returned: up to three in 535 still may be, and the sentence counts them."""
    told = words.alerts(station(rate(250, 500), rate(0)))
    assert "100 of 100 alerts are right (between" in told and "is not known" in told


def test_frames_lie_between_one_and_all_different():
    told = words.frames(station(0.5, 0.01))
    assert "between 1 in 100" in told and "9.6 in 100" in told


def test_the_published_point_is_the_record_s():
    ours = station()
    theirs = words.npl(ours)
    assert (theirs.tpir, theirs.fpir, theirs.gallery) == (0.89, 0.00017, 10_000)
    assert (theirs.people, theirs.wanted) == (ours.people, ours.wanted)


def test_two_points_are_told_each_way():
    ours, theirs = station(0.5, 0.05), station(0.89, 0.00017)
    told = words.beside(ours, theirs)
    assert "most are false" in told and "most are right" in told and "290 times theirs" in told
    assert "compares no two matchers" in told
    assert "no larger than theirs" in words.beside(theirs, ours)
    # Finding: three digits of a ratio whose upper part is known to a half.
    told = words.beside(station(0.5, rate(11)), station(0.9, 0.00017))
    assert "about 120 times theirs (from 61 to 210, by our interval alone)" in told


def test_a_police_report_has_both_denominators():
    """One share of alerts, one of faces; who classified them; and what nobody counted."""
    told = words.met()
    assert "10 of 2,077 alerts" in told and "3.2 for each million of 3,147,436 faces" in told
    assert "as the police classified them" in told and "nobody counted them" in told
    assert "1,523 faces were scanned for each right alert" in told

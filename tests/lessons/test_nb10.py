"""What notebook 10 says, held against the shipped data, and every branch of its sentences."""

from __future__ import annotations

import ast
from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest

from labkit import published
from labkit.app import notebooks, rules
from labkit.base.places import PROJECT
from labkit.measure.intervals import Interval
from labkit.street import crowd, make_up, passages, probes, review, worn
from labkit.views.explorers._review import made_up
from lessons.nb10 import exercises, words

SOURCE = PROJECT / notebooks.SOURCE / "10_watching_a_crowd.py"


def text(form="open"):
    return " ".join(" ".join(rules.prose(SOURCE, form)).split())


# ---- what the prose says ------------------------------------------------------------------------


def test_the_sections_that_claims_point_to_are_there():
    found = {words for level, words in rules.headings(rules.prose(SOURCE)) if level == 2}
    table = published.load("claims").table
    wanted = set(table["section"][table["notebook"] == "10"])
    assert wanted and wanted <= found


def test_there_is_one_explorer_beside_the_game():
    code = "\n".join(rules.code(SOURCE))
    calls = [ast.unparse(n.func) for n in ast.walk(ast.parse(code)) if isinstance(n, ast.Call)]
    assert sorted(c for c in calls if c.startswith("explorers.")) == [
        "explorers.crowd",
        "explorers.review",
    ]


def test_a_detector_of_2005_is_not_set_against_a_vendor():
    """Finding: missing small faces is a property of an old method, not of what was sold."""
    assert "Neither is Amazon's, so this does not test what Amazon said." in text()
    assert "crowd.about_detectors()" in "\n".join(rules.code(SOURCE, "core"))


def test_hidden_and_turned_faces_are_found_less_often():
    """Finding: the text named what hides a face without a count, and left out turning."""
    assert "when others hide them or they are turned away" in text("core")
    faces = crowd.load_crowd().faces("dlib")
    large = faces[faces["eyes"] >= crowd.SIZES[3]]
    clear = large[(large["hidden"] <= crowd.MOST_HIDDEN) & (large["yaw"].abs() <= 30)]
    turned = large[(large["hidden"] <= crowd.MOST_HIDDEN) & (large["yaw"].abs() > 30)]
    hidden = large[large["hidden"] > 0.5]
    assert min(len(turned), len(hidden)) > 10
    assert clear["found"].mean() > 0.9 > 0.7 > turned["found"].mean() > hidden["found"].mean()


def test_one_passage_is_one_trial_in_the_core():
    """Finding: alerts were counted by frame, which hides how often a person is stopped."""
    core = text("core")
    assert "(glossary.md#passage) is one trial" in core and "counted by passage" in core


def test_there_are_enough_false_alerts_for_a_rate_by_people():
    """Finding: a rate from a handful of people is none; the text says that the threshold is low."""
    assert "The threshold is low, so that there are false alerts to count." in text("core")
    found = exercises.rates()
    assert not found.frame.words and not found.passage.words


def test_fewer_alerts_of_a_worn_camera_come_with_more_misses():
    assert "Fewer alerts are no gain by themselves" in text()
    walk = passages.load_passages()
    threshold = passages.threshold_for(exercises.MATCHER, exercises.FMR).value
    table = worn.worsens(walk, exercises.MATCHER, threshold)
    for camera in ("worn by day", "worn by night"):
        assert table.loc[camera, "false alerts"].value < table.iloc[0]["false alerts"].value
    assert table.loc["worn by night", "difference"].low > 0


def test_one_in_four_who_pass_is_listed():
    assert "one in four who pass is listed" in text()
    watched = passages.load_passages().people["watched"]
    assert watched.mean() == pytest.approx(0.25)


def test_the_limits_stand_beside_the_table_by_tone():
    cells = [c.text for c in rules.cells(SOURCE) if c.kind == "code"]
    (by_tone,) = [c for c in cells if "lists.table()" in c]
    assert "limit(data.limits())" in by_tone


def test_the_review_is_half_with_nobody_and_half_with_the_percentage():
    """Finding: a list without a threshold names somebody when nobody is right."""
    assert "In half of the cases the person is enrolled and among the five." in text("core")
    cases = review.cases()
    assert (cases.mates > 0).mean() == cases.shown.mean() == 0.5


def test_both_sides_speak_in_their_own_words():
    """Findings: the vendor's best argument was not answered; words in quotes must be theirs."""
    (row,) = published.load("arguments").rows(["v-human"]).to_dict("records")
    said = [v for v in row.values() if isinstance(v, str) and v.rstrip(" .")]
    for quote in (
        "to help narrow the field and allow humans to expeditiously review and consider options"
        " using their judgment",
        "may also seem more correct than they actually are",
    ):
        assert f'"{quote}"' in text("core") and any(quote in v for v in said), quote


def test_a_rule_is_never_called_a_person():
    assert "two *rules*, which are no people" in text("core")
    assert all(name.startswith("rule: ") for name in review.RULES.values())


def test_one_in_ten_is_what_the_rule_s_threshold_was_chosen_for():
    assert "one in ten of whom it names wrongly" in text("core")
    assert review.threshold_of.__defaults__ == (None, 0.10)


def test_a_content_note_and_a_way_around_stand_before_arrests():
    order = [c.text for c in rules.cells(SOURCE)]
    (at,) = [k for k, c in enumerate(order) if "arrests(read_on)" in c]
    assert "Content note" in order[at - 1] and "go on to the next heading" in order[at - 1]
    assert "read_on = False" in order[at]
    assert "arrests(" not in "\n".join(rules.code(SOURCE, "core"))


def test_studies_that_are_named_are_in_the_record():
    code = "\n".join(rules.code(SOURCE))
    (call,) = [
        n
        for n in ast.walk(ast.parse(code))
        if isinstance(n, ast.Call) and ast.unparse(n.func) == "studies.human_review"
    ]
    assert len(published.load("human_review").rows(ast.literal_eval(call.args[0]))) == 6


def test_officers_were_as_accurate_as_students():
    """The answer to 10-c says so of practice; the record has to."""
    (row,) = published.load("human_review").rows(["white-2015-officers"]).to_dict("records")
    assert "As accurate as students" in row["note"]
    assert "as accurate as students" in exercises.SAFEGUARD.options["years"]


def test_the_solution_says_why_the_factor_is_below_two():
    assert "The factor is below 2" in text("solved")
    assert 1 < exercises.FACTOR.reference() < 2


def test_the_notebook_and_its_exercise_use_one_threshold():
    code = "\n".join(rules.code(SOURCE, "core"))
    assert f'threshold_for("{exercises.MATCHER}", 5e-3)' in code and exercises.FMR == 5e-3
    assert f'"{exercises.MATCHER}", "{exercises.CAMERA}"' in code


# ---- branches of sentences ----------------------------------------------------------------------


def rate(value, low, high, **more):
    return Interval(value, low, high, **more)


@pytest.mark.parametrize(
    ("found", "said"),
    [
        (rate(0.05, 0.02, 0.08), "counts on independent frames gets too large"),
        (rate(0.2, 0.15, 0.3), "more than independent frames"),
        (rate(0.1, 0.05, 0.2), "Whether that is too large a number is not shown"),
        (Interval(0.0, 0.0, 0.03, words="no alerts"), "more cannot be said"),
    ],
)
def test_a_passage_is_set_beside_independent_frames(found, said):
    told = words.passed(found, 0.12, 4)
    assert said in told and "0.120" in told and "4 independent frames" in told
    assert "too large" not in text("core"), "only the sentence with the count may say so"


@pytest.mark.parametrize(
    ("tpir", "fpir", "said"),
    [
        (0.9, 0.05, "At these rates most alerts name somebody who is on no list"),
        (0.9, 0.0001, "Most alerts are right"),
        (0, 0, "no alert at all"),
    ],
)
def test_how_many_alerts_are_right_has_each_way(tpir, fpir, said):
    rates = SimpleNamespace(tpir=Interval(tpir), passage=Interval(fpir))
    assert said in words.precise(rates, 1 / 1000)


def moved(value, low, high, **more):
    return Interval(value, low, high, detectable=0.2, **more)


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (moved(0.3, 0.1, 0.5), "misses: +30 [+10, +50], more"),
        (moved(-0.3, -0.5, -0.1), "misses: -30 [-50, -10], fewer"),
        (moved(0.05, -0.1, 0.2), "no difference is shown (one of 20 would be found"),
        (Interval(0.1, words="too few"), "too few differ"),
    ],
)
def test_another_camera_has_each_way(change, said):
    table = pd.DataFrame.from_dict(
        {
            "fixed camera": {"difference": None, "alerts difference": None},
            "worn by night": {"difference": change, "alerts difference": change},
        },
        orient="index",
    )
    told = words.worn(table)
    assert said in told and "Worn by night" in told and "Fixed camera" not in told


def lists(town, over, expected=1.5):
    bands = np.array(["darker"] * len(town))
    rates = pd.DataFrame(1e-4, index=list(make_up.BANDS), columns=list(make_up.BANDS))
    listed = pd.DataFrame(
        {"lighter": [0, 0], "medium": [0, 0], "darker": [1000, 1000 * expected]},
        index=["town", "over-policed"],
    )
    candidates = {"town": np.array(town), "over-policed": np.array(over)}
    return make_up.Watchlists(None, rates, listed, candidates, bands)


@pytest.mark.parametrize(
    ("town", "over", "expected", "said"),
    [
        ([1, 0] * 100, [2, 0] * 70 + [1, 0] * 30, 1.5, "does not agree"),
        ([1, 0] * 100, ([2, 0] * 5 + [1, 0] * 5) * 10, 1.5, "only the list differs"),
        ([1, 0] * 100, [1, 0] * 100, 1.0, "is not shown by this count"),
        ([2, 1] * 100, [1, 0] * 100, 0.33, "the other way"),
        ([1, 0] * 10, [1, 0] * 10, 1.5, "Too few were counted"),
    ],
)
def test_arithmetic_and_count_have_each_way(town, over, expected, said):
    """Finding: an over-policed list is arithmetic; it is said whether the count agrees."""
    told = words.listed(lists(town, over, expected))
    assert said in told and f"{expected:.2f} times as many" in told


def banded(town, over, rate=1e-4):
    """Watchlists for which each band has counts of its own, the same for 100 people."""
    n = 100
    bands = np.repeat(list(make_up.BANDS), n)
    rates = pd.DataFrame(np.eye(3) * rate, index=list(make_up.BANDS), columns=list(make_up.BANDS))
    listed = pd.DataFrame(
        {"lighter": [5000, 2500], "medium": [5000, 2500], "darker": [5000, 10000]},
        index=["town", "over-policed"],
    )
    candidates = {
        name: np.concatenate([np.resize(each, n) for each in rows])
        for name, rows in {"town": town, "over-policed": over}.items()
    }
    return make_up.Watchlists(None, rates, listed, candidates, bands)


def test_a_ratio_that_agrees_says_nothing_of_the_level():
    """Finding: 'the count agrees' stood above a table whose levels are off by a factor of two."""
    near, far = [[1, 0]] * 3, [[2, 4], [1, 0], [1, 0]]
    over = [[1, 0, 0, 0], [1, 0, 0, 0], [1, 1]]
    same = words.listed(banded(near, over))
    assert "This ratio agrees" in same and "agrees as well, for each band" in same
    assert "Lighter: 0.500 expected, 0.500" in same and "counted, agrees." in same
    off = words.listed(banded(far, over))
    assert "does not agree for all: lighter 3.00 [" in off and "0.50 expected" in off
    assert "darker 0" not in off.split("does not agree for all")[1]
    assert "Lighter: 0.500 expected" in off and "does not agree. Medium" in off


def test_the_shipped_levels_are_told_where_they_do_not_agree():
    told = words.listed(exercises.lists())
    of = exercises.lists()
    for band in make_up.BANDS:
        value, low, high = of.level("town", band)
        off = not low <= of.expected("town", band) <= high
        assert (f"{band} {value:.2f} [{low:.2f}, {high:.2f}] a search" in told) is off
        assert f"{of.factor(band):.2f}" in told


def test_the_name_of_the_list_is_said_to_be_a_word_of_the_letter():
    """Finding: a label named a cause that nobody measured."""
    assert "called over-policed, a word of the coalition's letter" in text()
    (row,) = published.load("claims").rows(["letter-18"]).to_dict("records")
    assert "over-policed" in row["words"]


def test_the_question_of_10_c_says_by_what_it_is_judged():
    """Finding: no reader could know which of six good answers counted; none is called wrong."""
    asked = "how often an innocent person would be named, or what then still stands between"
    assert asked in text() and "All six of these are worth knowing" in text()
    for name, said in exercises.SAFEGUARD.options.items():
        assert said.startswith("Yes." if name in exercises.SAFEGUARD.best else "Worth knowing")


def test_the_pictures_are_shown_before_the_guess():
    """Finding: a guess between none and all, before any picture, is a lottery."""
    core = "\n".join(rules.code(SOURCE, "core"))
    assert core.index("plots.photographed(") < core.index("predict(") < core.index("found_by(")


def tried(listed, unaltered=None, first=-0.2):
    n = len(listed)
    own = np.where(np.ones(n, bool) if unaltered is None else unaltered, 1, 9)
    places = {kind: np.where(listed, 1, 9) for kind in probes.KINDS} | {"unaltered": own}
    scores = {kind: np.full(n, first) for kind in probes.KINDS}
    return probes.Probes(pd.DataFrame({"image": range(n)}), places, scores)


HALF = np.arange(60) % 2 == 0


@pytest.mark.parametrize(
    ("found", "said"),
    [
        (tried(HALF), "Lost from the list: 50 in 100 people"),
        (tried(np.ones(60, bool), HALF), "Won for the list: 50 in 100"),
        (tried(HALF, ~HALF), "That people are lost is not shown"),
        (tried(np.ones(60, bool)), "Too few differ"),
    ],
)
def test_altered_probes_have_each_way(found, said):
    """Finding: what is not shown comes with the size that would have been found."""
    told = words.altered(found, -0.3)
    assert said in told and told.count("\n- ") == 3
    if "not shown" in said:
        assert "would be found four times in five" in told


def test_strangers_above_the_threshold_are_told_only_where_there_are_some():
    assert "30 times with a score above" in words.altered(tried(HALF), -0.3).split("\n", 1)[1]
    assert "above the threshold" not in words.altered(tried(HALF), -0.1).split("\n", 1)[1]


def test_the_unaltered_photographs_are_told_by_the_same_numbers():
    """Finding: strangers after an alteration were told without those before it."""
    first = words.altered(tried(HALF, HALF), -0.3).splitlines()[0]
    assert "a stranger leads in 30, 30 times with a score above the threshold" in first
    assert "a stranger leads in 30, 0 times" in words.altered(tried(HALF, HALF), -0.1)


def test_a_review_that_was_not_played_shows_rules_only():
    """Finding: nobody's answers are made up; a rule stands there and is called one."""
    cases = made_up([1, 0, 2, 0])
    table = review.side_by_side(["1", "", "", ""], cases, -0.3)
    assert list(table.index) == list(review.RULES.values())
    assert "which are no people" in words.reviewed(["1", "", "", ""], cases)


def test_a_review_is_counted_with_and_without_the_percentage():
    cases = made_up([1, 0, 2, 0])
    answers = ["1", "2", "nobody", "nobody"]
    table = review.side_by_side(answers, cases, -0.3)
    assert table.loc["you, percentage shown", "right name"] == "1 of 2"
    assert table.loc["you, not shown", "a name, though not enrolled"] == "1 of 2"
    told = words.reviewed(answers, cases)
    assert "1 right names" in told.replace("1 right name ", "1 right names ")
    assert "4 cases cannot rank you" in told and "might now be visited" in told
    clean = words.reviewed(["1", "nobody", "2", "nobody"], cases)
    assert "visited" not in clean


@pytest.mark.parametrize(
    ("first", "strangers", "own", "said"),
    [
        ((99, 99, 99, 90), (-0.3, -0.3), (-0.1, -0.1), "it did not tell"),
        ((99, 90, 99, 90), (-0.1, -0.3), (-0.1, -0.1), "1 of 2 who are not enrolled"),
        ((99, 90, 99, 90), (-0.1, -0.3), (-0.1, np.nan), "look better than it is"),
        ((99, 90, 99, 90), (-0.3, -0.3), (-0.1, -0.1), "told in more than these cases"),
    ],
)
def test_what_the_percentage_told_is_counted_on_everybody(first, strangers, own, said):
    """Finding: in six cases the percentage gave the answer, and nothing said it was luck."""
    mates = np.array([1, 0, 2, 0])
    cases = SimpleNamespace(
        percents=np.array(first, float)[:, None],
        scores=np.where(mates > 0, -0.2, -0.3)[:, None],
        mates=mates,
        shown=np.ones(4, bool),
    )
    everybody = SimpleNamespace(
        scores=np.array([*strangers, *own])[:, None], present=np.array([False, False, True, True])
    )
    assert said in review.percentages(cases, everybody)


def test_only_answers_to_these_cases_are_taken_from_a_journal():
    cases = made_up([1, 0])
    assert cases.fits(["1", "nobody"]) and cases.fits(["", ""])
    for other in (["1"], ["1", "6"], "12", None, ["1", 2]):
        assert not cases.fits(other)

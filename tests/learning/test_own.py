"""The learner's own numbers stand beside the lab's, and each says whose it is."""

from __future__ import annotations

import json
import math

import pytest

from labkit.learning import ballot, catalogue, journal, own
from labkit.learning.deciding import Value
from labkit.learning.own import MEASURED, Number, Own, OwnNumbers
from labkit.published.options import OPTIONS


@pytest.fixture(autouse=True)
def a_journal(tmp_path, monkeypatch):
    monkeypatch.setenv("LABKIT_JOURNAL", str(tmp_path / "journal.json"))


def keep(predictions=None, attempts=None, kept=None):
    entries = {
        "version": 1,
        "predictions": predictions or {},
        "attempts": attempts or {},
        "kept": kept or {},
    }
    journal.place().write_text(json.dumps(entries))


@pytest.fixture
def quick(monkeypatch):
    """Every number is computed as if by a quick lab; what the journal gives is the matter here."""

    def numbers():
        entries = journal.read()
        found = {}
        for name, number in MEASURED.items():
            still = Number(**{**vars(number), "compute": lambda: Value(20.0, 15.0, 25.0)})
            found[name] = own._own(still, entries)
        return OwnNumbers(found)

    return numbers


def test_notebooks_03_to_11_are_there():
    assert {n.notebook for n in MEASURED.values()} == {f"{k:02}" for k in range(3, 12)}


def test_what_is_read_is_what_notebooks_keep():
    exercises, letters = catalogue.everything(), {ballot.key(k) for k in ballot.QUESTIONS}
    for name, number in MEASURED.items():
        if number.key in exercises or number.key in letters:
            assert number.key[:2] in ("01", number.notebook), name
        elif number.key:
            assert number.key.startswith(f"{number.notebook}-"), name
    assert letters == {n.key for n in MEASURED.values() if n.key.startswith("01-ballot")}


def test_an_empty_journal_says_that_all_was_computed_here(quick):
    mine = quick()
    assert mine.yours == 0 and "holds none of these numbers" in mine.told()
    assert {row[3] for row in mine.rows()} == {"computed here"}


def test_a_right_answer_and_a_result_are_yours_and_a_wrong_answer_is_not(quick):
    tries = [{"answer": 0.9, "right": False}, {"answer": 0.2, "right": True}]
    keep(
        {"05-ratio": {"guess": 3, "result": 20.0}, "06-mix": {"guess": 2}},
        {"03-b": {"tries": tries}, "08-a": {"tries": [{"answer": 7, "right": False}]}},
    )
    mine = quick()
    assert mine.table["missed"].yours == pytest.approx(20) and mine.table["missed"].guess is None
    assert mine.table["darker"].yours == 20 and mine.table["darker"].guessed == "3"
    assert mine.table["mix"].yours is None and mine.table["mix"].guess == 2
    assert mine.table["alerts"].yours is None
    assert mine.yours == 2 and mine.told().startswith("2 of these")
    assert mine.table["darker"].whose == "yours, and the same here"
    assert mine["missed"] == "20 [15 to 25]"


def test_a_number_that_differs_from_the_lab_s_is_shown_with_both(quick):
    keep({"05-ratio": {"guess": 3, "result": 0.25}})
    one = quick().table["darker"]
    assert one.differs and one.text == "0.25"
    assert one.whose == "yours; computed here it is 20.00 [15.00 to 25.00]"


@pytest.mark.parametrize("odd", [None, "20", [1], {"a": 1}, True, float("inf"), float("nan")])
def test_nonsense_in_the_journal_is_nobody_s(odd, quick):
    keep(
        {k: {"guess": odd, "result": odd} for k in ("05-ratio", "01-ballot-a")},
        {"03-b": {"tries": [{"answer": odd, "right": True}]}},
        {"10-review": {"value": odd}},
    )
    mine = quick()
    assert mine.yours == 0 and not any(own.guessed for own in mine.table.values())


def test_wrong_names_of_your_own_review_count_when_every_case_was_answered():
    from labkit.street import review

    cases = review.cases()
    answers = ["1"] * len(cases)
    keep(kept={"10-review": {"value": answers}})
    found = own._own(MEASURED["named"], journal.read())
    assert found.yours == int((cases.mates == 0).sum()) == 6
    assert (found.text, found.whose) == ("6", "yours")
    keep(kept={"10-review": {"value": ["nobody", *answers[1:-1], ""]}})
    found = own._own(MEASURED["named"], journal.read())
    assert found.yours is None and found.whose == "not measured", "one case is open"
    assert found.text == "only your own review can say"


def test_the_ballot_is_answered_in_its_own_units(quick):
    found = quick().ballot()
    assert sorted(found) == sorted(ballot.QUESTIONS)
    assert found["b"][0] == 20 and found["b"][1].startswith("20 [15 to 25] of 100")


def test_each_option_is_weighed_with_numbers_of_here_of_others_and_with_none(quick):
    mine = quick()
    page = own.weigh(mine)
    rows = page.text.splitlines()[1:]
    assert [row.split(";")[0] for row in rows] == list(OPTIONS)
    for row, option in zip(rows, OPTIONS.values(), strict=True):
        assert option.no_number in row and row.count("20") >= len(option.numbers)
    assert len(own.weigh(mine, "law").text.splitlines()) == 2
    ends = own.weigh(mine, ...).text
    assert [row.split(";")[0] for row in ends.splitlines()[1:]] == ["no", "police"]
    assert own.weigh(mine, "ban").text == own.weigh(mine, None).text == ends


def test_a_number_that_is_not_there_is_refused_with_those_there_are(quick):
    with pytest.raises(ValueError, match="no number 'gap': use one of missed, stricter"):
        quick()["gap"]


def test_values_in_words():
    assert Value(math.nan).text(1) == "-"
    assert Value(5.62, words="a bound").text(1) == "5.6 (a bound)"
    assert Own(MEASURED["links"], Value(1.7)).text == "1.7"


# ---- the same numbers as the notebooks' ------------------------------------------------------


@pytest.mark.slow
def test_numbers_are_those_of_the_notebooks():
    """Each is computed here by another way than in its exercise, where there is one."""
    for name, number in MEASURED.items():
        if number.key in catalogue.everything():
            right = float(catalogue.find(number.key).reference()) * number.times
            assert number.compute().value == pytest.approx(right, rel=0.01), name
    found = {name: MEASURED[name].compute() for name in MEASURED}
    for name in ("missed", "stricter", "darker", "rejected", "mix", "remedy", "alerts", "right"):
        assert found[name].low < found[name].value < found[name].high, name
    for name in ("lost", "members", "again", "returned"):
        assert found[name].low < found[name].value < found[name].high, name
    for name in ("none", "found", "named", "links", "singled"):
        assert math.isnan(found[name].low) and found[name].words, "no interval, and why"

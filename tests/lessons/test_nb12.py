"""Notebook 12, held against what it says: its prose, its numbers and its promises."""

from __future__ import annotations

import re

import pytest

from labkit import published
from labkit.app import notebooks, rules
from labkit.base.places import PROJECT
from labkit.learning import catalogue, vote
from labkit.learning.checks import judge
from labkit.learning.deciding import STATION
from labkit.published import options
from labkit.published.options import OPTIONS
from lessons.nb12 import exercises, words

SOURCE = next(p for p in notebooks.sources(PROJECT) if p.stem.startswith("12"))


@pytest.fixture(scope="module")
def text():
    return " ".join(" ".join(rules.prose(SOURCE)).split())


def test_every_option_is_named_in_the_text_in_its_order(text):
    found = [word for word in re.findall(r'- `"([a-z]+)"`:', text) if word in OPTIONS]
    assert found == list(OPTIONS)


def test_the_guess_is_about_as_many_rows_as_the_record_has(text):
    every, over = options.forbidden()
    assert "seven times a row" in text and every == 7 and 0 < over < every
    (call,) = (c for c in rules.code(SOURCE) if '"12-undone", guess' in c)
    assert f"high={every}" in call


def test_claims_that_are_weighed_lead_to_a_section_of_this_notebook():
    table = published.load("claims").table
    weighed = table[table["notebook"] == "12"]
    sections = {words for level, words in rules.headings(rules.prose(SOURCE)) if level == 2}
    assert len(weighed) > 10 and set(weighed["section"]) == {"The options"} <= sections
    assert not table["planned"].any()


def test_if_it_happened_to_you_is_linked_in_the_core():
    core = " ".join(rules.prose(SOURCE, "core"))
    assert "01_the_case.ipynb#If-it-happened-to-you" in core
    first = next(p for p in notebooks.sources(PROJECT) if p.stem.startswith("01"))
    assert (2, "If it happened to you") in rules.headings(rules.prose(first, "core"))


def test_the_vote_is_asked_before_the_options_are_shown_and_again_at_the_end():
    for form in notebooks.FORMS:
        code = rules.code(SOURCE, form)
        places = [n for n, c in enumerate(code) for name in vote.TIMES if f'cast("{name}"' in c]
        shown = next(n for n, c in enumerate(code) if "options.options()" in c)
        assert places[0] < shown < places[1] == len(code) - 1, form


def test_nothing_in_the_text_praises_an_option(text):
    for word in ("best option", "should vote", "we think", "we recommend", "right option"):
        assert word not in text.casefold()
    assert "There is no right vote." in text


def test_the_station_of_the_exercise_is_that_of_notebook_08():
    from lessons.nb08 import exercises as before

    assert (before.PASSING, before.WANTED) == (STATION["people"], STATION["wanted"])
    day = exercises.day()
    assert day.loc["loose"].gt(day.loc["strict"]).all(), "a step exchanges one for the other"


def test_ten_times_as_many_wanted_give_about_a_tenth():
    day, more = exercises.day(), 10 * STATION["wanted"]
    step = day.loc["loose"] - day.loc["strict"]
    innocent = (STATION["people"] - more) / (STATION["people"] - STATION["wanted"])
    then = step.iloc[0] * innocent / (10 * step.iloc[1])
    assert then / (step.iloc[0] / step.iloc[1]) == pytest.approx(0.1, abs=0.01)


def test_the_table_of_the_cell_is_that_of_the_exercise():
    (cell,) = (c for c in rules.code(SOURCE) if "innocent people alerted" in c and "DataFrame" in c)
    names: dict = {}
    exec("from labkit import gallery, views\nimport pandas as pd\n" + cell, names)
    assert names["day"].equals(exercises.day())


def test_a_right_answer_passes_and_two_digits_do_not(tmp_path, monkeypatch):
    monkeypatch.setenv("LABKIT_JOURNAL", str(tmp_path / "journal.json"))
    right = exercises.EXCHANGE.reference()
    assert judge(catalogue.find("12-b"), round(right), keep=False).right
    assert not judge(catalogue.find("12-b"), round(right, -1), keep=False).right


def test_the_memos_of_the_solution_disagree_and_are_whole():
    no, after = words.memo("no"), words.memo("after")
    assert not no.missing and not after.missing and no.option != after.option
    for memo in (no, after):
        assert re.search(r"\d", memo.because), "a number, with its base"
    assert "8 of 10" in no.because and "962" in no.against and "3,147,436" in after.because
    with pytest.raises(ValueError, match="no model memo for 'law'"):
        words.memo("law")
    assert not any("words.memo" in cell for cell in rules.code(SOURCE)), "no word in the open form"

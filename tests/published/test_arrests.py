"""Arrests, stops and ejections are shown only when asked for, for people and police alike."""

from __future__ import annotations

import html
import re

import pytest

from labkit import published
from labkit.published.arrests import arrests, told


@pytest.fixture(scope="module")
def record():
    return published.load("wrongful_arrests").table


@pytest.fixture(scope="module")
def stops():
    return published.load("stops").table


@pytest.mark.parametrize("no", [False, ..., "no", None, 0, 1])
def test_nothing_is_shown_unless_asked_for(no):
    page = arrests(no)
    assert page.text.startswith("Nothing is shown") and "<table" not in page.page


def test_stops_and_ejections_stand_beside_arrests(record, stops):
    """Finding: only arrests were shown, though the record has people stopped and turned away."""
    page = arrests(True).page
    assert page.count('scope="row"') == len(record) + len(stops)
    for what in stops["what_happened"]:
        assert html.escape(what) in page


def test_what_the_person_and_what_the_police_say_both_stand(record):
    """Finding: the record corrected those arrested harder than the police."""
    page = arrests(True).page
    for own in filter(None, record["words"]):
        assert html.escape(own.rstrip(".")) in page
    for police in filter(None, record["police_say"]):
        assert f">{html.escape(police)}<" in page, "in the size of the person's words"
    silent = [int((record[side] == "").sum()) for side in ("words", "police_say")]
    assert page.count("no words found yet") == sum(silent)
    assert record["words"].ne("").any() and record["police_say"].ne("").any()
    assert "as those arrested" not in page


def test_what_is_said_is_counted(record):
    """Finding: how many are known in all, and whom reports say it hit, stood in no sentence."""
    said = arrests(True).text.splitlines()[0]
    race = record["race_as_reported"]
    unsaid = race.str.startswith("not reported").sum()
    assert said.startswith(f"{len(record)} arrests") and 0 < unsaid < len(record)
    black, white = (race == "Black").sum(), (race == "white").sum()
    assert f"Of the {len(record)}, {black} are reported to be Black and {white} white;" in said
    assert f"for {unsaid} no report" in said and "no sample" in said
    known = published.load("live_trials").rows(["known-arrests-2026-06"]).iloc[0]
    assert f"at least {known['count']} were known in June 2026" in said
    disputed = (record["status"] == "disputed").sum()
    assert 0 < disputed and f"In {disputed} it is disputed" in said


def test_the_counts_follow_the_record(record):
    half = record.iloc[:3].assign(
        race_as_reported="white", status="disputed", witness=["a", "", ""]
    )
    said = told(half)
    assert (
        said.startswith("3 arrests") and "Of the 3, 0 are reported to be Black and 3 white" in said
    )
    assert "for 0 no report" in said and "In 3 it is disputed" in said
    assert "In at least 1 of the 3 a person, too, chose" in said


def test_the_denominator_is_not_chosen_after_looking(record):
    """Point: "9 of the 10 for whom a report gives a race" left out those without one, who need
    not be missing at random."""
    said = told(record)
    assert "for whom a report gives" not in said and "of the 10" not in said


WITNESSED = {
    *("detroit-2019", "detroit-2020", "missouri-2021", "maryland-2022", "detroit-2023"),
    *("texas-2023", "florida-2024-lee", "new-york-2025"),
}
"""Rows whose named sources say that a person chose or confirmed the one arrested."""

SILENT = {"maryland-2022", "florida-2024-miami", "north-dakota-2025", "maryland-2026"}
"""Rows in whose sources, as far as they were read, the person arrested is not quoted."""


def test_a_witness_who_chose_the_person_is_told_in_every_row_whose_source_says_so(record):
    """Point: one row of fourteen told it; the sources of seven others say it too."""
    assert set(record.loc[record["witness"] != "", "id"]) == WITNESSED
    page = html.unescape(arrests(True).page)
    for words in filter(None, record["witness"]):
        assert f"Also: {words}" in page
    assert f"In at least {len(WITNESSED)} of the {len(record)} a person, too, chose" in page


def test_a_row_whose_named_source_quotes_the_person_has_words(record):
    """Point: "no words in what we read" stood beside people whom the row's own source quotes."""
    assert set(record.loc[record["words"] == "", "id"]) == SILENT


def test_nothing_is_told_of_a_relative_or_twice(record, stops):
    """Points: a note told that a man's brother was wanted; that nothing later needs the section
    was said three times, as if the people in it were a detour."""
    for table in (record, stops):
        assert not re.search("brother|sister|told his story", " ".join(table["note"]))
    assert "later needs" not in arrests(False).text


def test_of_the_stop_in_london_it_says_what_was_judged_and_what_was_not(stops):
    """Point: "not this stop" was nobody's finding, and what the court said of rights was missing."""
    note = stops.set_index("id").loc["london-2024", "note"]
    assert "rights had not been breached" in note
    assert "whether this stop was lawful was not in what we read" in note


def test_rows_stand_in_the_order_of_their_dates(record):
    years = [
        int(y)
        for y in re.findall(r'scope="row"[^>]*>(?:\d+ )?(?:[A-Z]\w+ )?(20\d\d)', arrests(True).page)
    ]
    listed = years[: len(record)]
    assert listed == sorted(listed) and len(set(listed)) > 4

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
    assert page.count("no words in what we read") == sum(silent)
    assert record["words"].ne("").any() and record["police_say"].ne("").any()
    assert "as those arrested" not in page


def test_what_is_said_is_counted(record):
    """Finding: how many are known in all, and whom reports say it hit, stood in no sentence."""
    said = arrests(True).text.splitlines()[0]
    race = record["race_as_reported"]
    unsaid = race.str.startswith("not reported").sum()
    assert said.startswith(f"{len(record)} arrests") and 0 < unsaid < len(record)
    assert f"{(race == 'Black').sum()} of the {len(record) - unsaid} for whom" in said
    assert f"for {unsaid} no report" in said
    known = published.load("live_trials").rows(["known-arrests-2026-06"]).iloc[0]
    assert f"at least {known['count']} were known in June 2026" in said
    disputed = (record["status"] == "disputed").sum()
    assert 0 < disputed and f"In {disputed} it is disputed" in said


def test_the_counts_follow_the_record(record):
    half = record.iloc[:3].assign(race_as_reported="white", status="disputed")
    said = told(half)
    assert said.startswith("3 arrests") and "0 of the 3 for whom" in said
    assert "for 0 no report" in said and "In 3 it is disputed" in said


def test_rows_stand_in_the_order_of_their_dates(record):
    years = [
        int(y)
        for y in re.findall(r'scope="row"[^>]*>(?:\d+ )?(?:[A-Z]\w+ )?(20\d\d)', arrests(True).page)
    ]
    listed = years[: len(record)]
    assert listed == sorted(listed) and len(set(listed)) > 4

"""Arrests are shown only when asked for, and without the names of those arrested."""

from __future__ import annotations

import pytest

from labkit import published
from labkit.published.arrests import arrests, without_names


@pytest.fixture(scope="module")
def record():
    return published.load("wrongful_arrests").table


@pytest.mark.parametrize("no", [False, ..., "no", None, 0, 1])
def test_nothing_is_shown_unless_asked_for(no):
    page = arrests(no)
    assert page.text.startswith("Nothing is shown") and "<table" not in page.page


def test_every_arrest_of_the_record_is_shown(record):
    # That nobody is named is held for every table: test_published.py.
    assert arrests(True).page.count('scope="row"') == len(record) == len(without_names())


def test_what_is_said_is_counted(record):
    text = arrests(True).text
    assert text.startswith(f"{len(record)} arrests") and record["date"].min()[:4] in text
    years = sorted(d[:4] for d in record["date"])
    assert f"from {years[0]} to {years[-1]}, in {record['place'].nunique()} places" in text
    disputed = (record["status"] == "disputed").sum()
    assert 0 < disputed < len(record) and f"In {disputed} of them it is disputed" in text


def test_rows_stand_in_the_order_of_their_dates():
    table = without_names()
    assert table["date"].tolist() == sorted(table["date"]) and len(set(table["date"])) > 4

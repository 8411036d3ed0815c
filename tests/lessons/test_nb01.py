"""What notebook 01 says, held against the published tables and its own text."""

from __future__ import annotations

import re

import pytest

from labkit import published
from labkit.app import notebooks
from labkit.base.places import PROJECT
from labkit.learning import catalogue, journal
from labkit.published.claims import ClaimCounts, count_claims
from lessons.nb01 import exercises as asked
from lessons.nb01 import words

SAID = asked.RETELLINGS.options


def record(name):
    return published.load(name).table.set_index("id")


@pytest.fixture(scope="module")
def text():
    source = next(p for p in notebooks.sources(PROJECT) if p.stem.startswith("01"))
    return "\n".join(c.source for c in notebooks.read_source(source))


def test_the_exercise_is_even():
    pattern = r"Wrong, in favour of (the critics|the vendor|vendors)\."
    sides = [re.match(pattern, SAID[name]).group(1) for name in asked.WRONG]
    assert [side == "the critics" for side in sides] == [True] * 3 + [False] * 3
    assert not any(re.match(pattern, SAID[name]) for name in set(SAID) - set(asked.WRONG))


def test_figures_in_the_exercise_stand_in_the_tables():
    test, trials, gender = record("congress_test"), record("live_trials"), record("gender_shades")
    athletes, congress = test.loc["aclu-2019-massachusetts"], test.loc["aclu-2018"]
    share = f"{athletes['count']} of {athletes['of']} is {athletes['rate']:.1%}"
    assert share in SAID[asked.ONE_IN_SIX]
    assert (congress["count"], congress["of"], congress["threshold"]) == (28, 535, 80)
    assert f"{3 / congress['of']:.1%}" in SAID[asked.ZERO]
    cardiff = trials.loc["swp-final"]
    assert f"{cardiff['count']:,} of {cardiff['of']:,} ALERTS" in SAID[asked.CARDIFF]
    assert f"{cardiff['rate']:.1%}" in SAID[asked.CARDIFF]
    assert f"{trials.loc['swp-final-people', 'count']:,} people" in SAID[asked.CARDIFF]
    ibm = gender[(gender["group"] == "darker-skinned women") & (gender["system"].str[:3] == "IBM")]
    assert f"{ibm['value'].item()}%" in SAID[asked.GENDER]
    first = test.loc["amazon-95", ["value", "day"]].tolist()
    assert first < test.loc["amazon-99-retest", ["threshold", "day"]].tolist()
    assert record("aws_docs").loc["law-enforcement-99", "date"] == "2018-09-19"


def test_every_retelling_is_told_with_its_answer():
    told = words.told_retellings()
    assert catalogue.find("01-a") is asked.RETELLINGS
    assert all(f"\n\n{option}: {said}" in told for option, said in SAID.items())


def test_every_retelling_of_the_exercise_stands_in_the_text(text):
    assert re.findall(r"^- `'([^`]+)'`: \"", text, re.M) == list(SAID)


def test_figures_in_the_text_of_the_notebook_stand_in_the_tables(text):
    again = record("congress_test").loc["amazon-99-retest"]
    assert f"{again['gallery']:,} faces" in text and again["threshold"] == 99
    numbers = set(re.findall(r"\b\d{1,3}(?:,\d{3})+\b|\b\d+ of \d+\b", text))
    allowed = {"850,000", "27 of 188", "28 of 535", "2,297", "2,470", "170,000"}
    assert numbers - allowed <= {"1,000", "25,000"}, "a figure that no table holds"


def test_what_was_sold_is_told_in_the_order_of_its_dates():
    table = words.sold()
    guide = record("aws_docs").loc[list(words.SOLD)].sort_values("date", kind="stable")
    assert table["verified"].tolist() == guide["verified"].tolist()
    assert [day[-4:] for day in table["date"]] == [date[:4] for date in guide["date"]]
    assert len(table) == len(words.SOLD) and table.columns[0] == "date"


def test_who_wanted_what_is_told_row_by_row():
    table = words.actors()
    assert table.shape == (len(words.ACTORS), 3) and table.ne("").all(axis=None)


def test_events_come_from_the_tables_and_are_whole():
    listed = words.events()
    assert len(listed) == len(words.EVENTS)
    assert all(2016 <= e.year < 2027 for e in listed)
    assert all("{" not in e.words and e.source and e.verified for e in listed)
    told = {e.words: e.when for e in listed}
    congress = record("congress_test").loc["aclu-2018"]
    test = f"ACLU test: {congress['count']} of {congress['of']} in Congress, at 80"
    assert told[test] == congress["date"] == "2018-07-26"
    assert told["Letter of the coalition to Amazon"] == "2018-05-22"
    london = record("live_trials").loc["met-2025-alerts"]
    assert told[f"London: {london['of']:,} alerts, {london['count']} false"] == london["until"]


def test_what_can_be_tested_is_told_with_its_counts():
    count = ClaimCounts(
        claims=90,
        documents=4,
        there=11,
        planned=22,
        weighed=35,
        untested=21,
        status={"confirmed": 41, "disputed": 5, "corrected": 6, "open": 38},
    )
    told = words.told_tested(count)
    assert "Of 90 claims in 4 documents, 41 are confirmed" in told
    assert "5 disputed, 6 corrected and 38 open" in told
    assert "For 33 a section" in told and "11 in notebooks that exist so far, 22 in" in told
    assert "35 are demands" in told and "the other 21 there is only" in told
    assert str(count_claims().claims) in words.told_tested(count_claims())


def test_the_ballot_says_what_was_kept(tmp_path, monkeypatch, text):
    monkeypatch.setenv("LABKIT_JOURNAL", str(tmp_path / "journal.json"))
    assert "empty" in words.told_ballot()
    journal.predict("01-ballot-c", 5)
    assert "1 of 5" in words.told_ballot() and "c in 04" in words.told_ballot()
    assert re.findall(r'predict\("(01-ballot-\w)"', text) == list(words.BALLOT)
    for key, number in list(words.BALLOT.items())[1:]:
        assert f"**{key[-1]}** (notebook {number})" in text

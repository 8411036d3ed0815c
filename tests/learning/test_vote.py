"""Two votes are kept as they were given, and nothing is said for or against one."""

from __future__ import annotations

import json

import pytest

from labkit.learning import journal, vote
from labkit.published.options import OPTIONS


@pytest.fixture(autouse=True)
def a_journal(tmp_path, monkeypatch):
    monkeypatch.setenv("LABKIT_JOURNAL", str(tmp_path / "journal.json"))


def said(capsys, *ballots):
    for when, choice in ballots:
        vote.cast(when, choice)
    return " ".join(capsys.readouterr().out.split())


def test_both_votes_are_kept_under_one_name(capsys):
    told = said(capsys, ("before", "audit"), ("after", "no"))
    assert journal.read()["kept"]["12-vote"]["value"] == {"before": "audit", "after": "no"}
    assert vote.votes() == {"before": "audit", "after": "no"}
    assert told.endswith("Your vote before: With an audit (audit). Your vote afterwards: No (no).")
    assert "Kept for a later notebook" not in told


def test_a_vote_before_can_change_until_there_is_one_afterwards(capsys):
    said(capsys, ("before", "audit"), ("before", "law"))
    assert vote.votes() == {"before": "law"}
    told = said(capsys, ("after", "law"), ("before", "no"))
    assert vote.votes() == {"before": "law", "after": "law"}
    assert "as before" in told and "stays as it was: With rules in law (law)" in told


@pytest.mark.parametrize("choice", ["With an audit", " 'Audit' ", "AUDIT", ["audit"]])
def test_an_option_may_be_written_in_many_ways(choice, capsys):
    said(capsys, ("before", choice))
    assert vote.votes() == {"before": "audit"}


@pytest.mark.parametrize(
    ("choice", "words"),
    [
        (..., "No vote was given"),
        (None, "No vote was given"),
        ("audti", "Did you mean 'audit'?"),
        ("something else", "The options are: 'no', 'pause'"),
        (3, "one word out of"),
        (["no", "law"], "one word out of"),
    ],
)
def test_what_is_no_vote_keeps_nothing_and_says_so(choice, words, capsys):
    assert words in said(capsys, ("before", choice))
    assert vote.votes() == {} and "12-vote" not in journal.read()["kept"]


def test_a_vote_afterwards_alone(capsys):
    assert "You gave none before" in said(capsys, ("after", "no"))


def test_another_time_is_refused():
    with pytest.raises(ValueError, match="'before' or 'after', not 'later'"):
        vote.cast("later", "no")


@pytest.mark.parametrize(
    "kept", [3, "audit", ["audit"], {"before": ["x"]}, {"before": "ban"}, None]
)
def test_nonsense_in_the_journal_is_no_vote(kept):
    file = journal.place()
    entry = {"version": 1, "predictions": {}, "attempts": {}, "kept": {"12-vote": {"value": kept}}}
    file.write_text(json.dumps(entry))
    assert vote.votes() == {}


def test_no_option_is_praised(capsys):
    for word in OPTIONS:
        told = said(capsys, ("before", word)).casefold()
        assert not any(w in told for w in ("good", "right", "wrong", "well done"))

"""Every exercise on the shipped data: the right value is right, each mistake is told apart."""

from __future__ import annotations

import numpy as np
import pytest

from labkit.learning import catalogue, checks
from labkit.learning.exercises import Check, Choose, Write

ALL = catalogue.everything()
CHECKS = [e for e in ALL.values() if isinstance(e, Check)]
MISTAKES = [(e, name) for e in CHECKS for name in e.wrong]
named = pytest.mark.parametrize(
    ("exercise", "name"), MISTAKES, ids=[f"{e.id}: {name}" for e, name in MISTAKES]
)
each = pytest.mark.parametrize("exercise", CHECKS, ids=[e.id for e in CHECKS])


@pytest.fixture(autouse=True)
def own_journal(tmp_path, monkeypatch):
    monkeypatch.setenv("LABKIT_JOURNAL", str(tmp_path / "journal.json"))


def test_there_are_exercises():
    assert CHECKS, "lessons/ holds no exercise of kind check"


@each
def test_the_right_value_is_right(exercise):
    assert checks.judge(exercise, exercise.reference()).right


@each
def test_an_exercise_names_mistakes(exercise):
    assert exercise.wrong, "no mistake is named: what do learners get wrong here?"


@named
def test_a_mistake_is_wrong_and_gets_its_own_hint(exercise, name):
    found = checks.judge(exercise, exercise.wrong[name][0]())
    assert not found.right, "this mistake lies within the tolerance of the right value"
    assert found.mistake == name, f"taken for {found.mistake or 'no named mistake'!r}"
    assert found.words.count(exercise.wrong[name][1]) == 1


@each
def test_hints_are_different(exercise):
    hints = [hint for _, hint in exercise.wrong.values()] + [exercise.hint, exercise.way]
    assert len(set(hints)) == len(hints) and all(len(h.split()) >= 3 for h in hints)


@each
def test_a_wrong_answer_of_any_kind_gets_words(exercise):
    for answer in (None, "0.5", [], np.array([1.0, 2.0, 3.0, 4.0, 5.0, 6.0, 7.0]), float("nan")):
        found = checks.judge(exercise, answer)
        assert not found.right and len(found.words.split()) > 5
        assert "could not" not in found.words


@pytest.mark.parametrize(
    "exercise", [e for e in ALL.values() if isinstance(e, Choose)], ids=lambda e: e.id
)
def test_every_option_is_answered(exercise):
    said = {checks.judge(exercise, option).words for option in exercise.options}
    assert len(said) == len(exercise.options)
    assert any(checks.judge(exercise, option).right for option in exercise.options)


@pytest.mark.parametrize(
    "exercise", [e for e in ALL.values() if isinstance(e, Write)], ids=lambda e: e.id
)
def test_questions_can_be_answered_with_yes_or_no(exercise):
    assert all(q.endswith("?") for q in exercise.questions)
    assert checks.judge(exercise, ["yes", "yes", "yes"]).right

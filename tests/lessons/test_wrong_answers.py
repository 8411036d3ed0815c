"""The house rule of hints: ten answers that beginners give to each exercise, each with real help.

``instructors/wrong_answers.json`` holds them, written by readers who had not seen the hints.
"""

from __future__ import annotations

import json
import re

import pytest

from labkit.app import command, notebooks, wrong_answers
from labkit.app.wrong_answers import Answer, Said, filled_in, needed
from labkit.base.places import PROJECT
from labkit.learning import catalogue
from labkit.learning.exercises import Check

ANSWERS = wrong_answers.collected(PROJECT)
EXERCISES = sorted(catalogue.everything())
LEAST = 10
CODE = re.compile(r"\w\(|\w\[|[^<>=]=[^=]|\*\*|[<>]=")
"""What looks like code: a call, a place, a name that is set, a power, a comparison."""


def guesses():
    """Every guess that a notebook asks for."""
    cells = [c.source for s in notebooks.sources(PROJECT) for c in notebooks.read_source(s)
             if c.cell_type == "code"]  # fmt: skip
    return sorted({name for cell in cells for name in wrong_answers.asked(cell)} - set(EXERCISES))


def lacking(name, answers):
    """What the file lacks about an exercise or a guess: a sentence, or nothing."""
    count = len({a.source for a in answers.get(name, [])})
    if count >= LEAST:
        return ""
    return (
        f"{name} has {count} collected answers in {wrong_answers.FILE}: ask somebody who has not"
        f" seen its hints for at least {LEAST}, with what each was thinking"
    )


@pytest.mark.parametrize("name", [*EXERCISES, *guesses()])
def test_ten_answers_are_collected(name):
    assert not lacking(name, ANSWERS), lacking(name, ANSWERS)


def test_an_exercise_without_answers_is_noticed():
    one = Answer("1", "a try", False, "")
    assert "99-a has 0" in lacking("99-a", {}) and "has 1 " in lacking("99-a", {"99-a": [one] * 12})


@pytest.mark.parametrize("name", EXERCISES)
def test_some_are_right_and_most_are_not(name):
    right = [a.right for a in ANSWERS[name]]
    assert 0 < sum(right) < len(right)
    assert all(a.why and a.before for a in ANSWERS[name])


@pytest.fixture(scope="module")
def said():
    sources = {name: [a.source for a in answers] for name, answers in ANSWERS.items()}
    return wrong_answers.said_now(PROJECT, sources)


@pytest.mark.slow
def test_every_answer_gets_real_help_and_only_right_ones_pass(said):
    """Finding: the commonest mistakes got no hint, or a wrong one, or none but "too high"."""
    for name, answers in ANSWERS.items():
        for answer, now in zip(answers, said[name], strict=True):
            assert now.helpful, f"{name}, {answer.source}: {now.words}: name this mistake"
            if name in EXERCISES:
                assert now.right is answer.right, f"{name}, {answer.source}: {now.words}"


@pytest.mark.slow
def test_the_table_is_in_step(said):
    text = (PROJECT / wrong_answers.TABLE).read_text(encoding="utf-8")
    assert text == wrong_answers.table(ANSWERS, said), "run python -m labkit wrong-answers"


def test_what_was_said_before_is_kept_as_it_was():
    """The first table is data: it shows what the findings were about, and does not change."""
    old = {(name, a.source): a.before for name, answers in ANSWERS.items() for a in answers}
    assert "is a step such as .sum() missing?" in old["00-a", "1,920"]
    assert "It is too low." in old["03-b", "0.14"]
    assert "is not one of the options" in old["05-c", "'misses', 'open'"]
    assert "0o prefix for octal" in old["05-a", "4,400/455,061"]


@pytest.mark.parametrize("name", [n for n in EXERCISES if isinstance(catalogue.find(n), Check)])
def test_code_in_a_sentence_is_marked_as_code(name):
    """Finding: "The way" broke code in the middle; what is marked is never broken."""
    exercise = catalogue.find(name)
    said = [exercise.hint, exercise.way, *(hint for _make, hint in exercise.wrong.values())]
    for sentence in said:
        assert sentence.count("`") % 2 == 0
        left = re.sub(r"`[^`]*`", "", sentence)
        assert not CODE.search(left), f"{name}: put backticks around the code in {sentence!r}"


def test_the_rule_about_code_can_fail():
    for text in ("Write len(table).", "Take x[3].", "answer = 3", "a >= b", "(a - b) ** 2"):
        assert CODE.search(text)
    for text in ("count places from 0", "an FMR of 1e-2 (1 in 100)", "FNMR, 0.1 < that"):
        assert not CODE.search(text)


# --- how they are run -----------------------------------------------------------------------------


def test_an_answer_stands_where_its_notebook_asks_for_it():
    cell = "n = 3\nanswer = ...\nok = check('99-a', answer)\nprint(ok)"
    assert filled_in(cell, "99-a", "n + 1") == "n = 3\nanswer = n + 1\ncheck('99-a', answer)"
    many = filled_in(cell, "99-a", "m = 2\nanswer = m")
    assert many == "n = 3\nm = 2\nanswer = m\ncheck('99-a', answer)"
    ballot = "b, c = ..., ...\npredict('x', b, low=0)\npredict('y', c)"
    assert filled_in(ballot, "y", "5,5") == "b, c = ..., 5,5\npredict('y', c)"
    assert filled_in(ballot, "x", "1") == "b, c = 1, ...\npredict('x', b, low=0)"


def test_only_the_cells_that_an_answer_needs_are_run():
    cells = ["a = 1", "b = a", "c = 2", "a = 3", "b.x[0] = 1", "d = b", "answer = ..."]
    assert needed(cells, 6, {"d"}) == {0, 1, 4, 5}
    assert needed(["a = 1", "a = 2", "b = a"], 3, {"b"}) == {1, 2}, "made again: the first is idle"
    assert needed(cells, 6, {"c"}) == {2} and needed(cells, 6, {"print"}) == set()


@pytest.fixture
def project(tmp_path):
    """A project with one notebook and one answer."""
    for folder in ("instructors/source", "notebooks"):
        (tmp_path / folder).mkdir(parents=True)
    (tmp_path / "instructors/source/00_a.py").write_text(
        "# %%\nfrom labkit import check, predict\n\n"
        "# %%\nguess = ...\npredict('00-x', guess, low=0)\n"
    )
    return tmp_path


def keep(project, name, source):
    one = {"source": source, "why": "A try", "right": False, "before": "nothing | at all"}
    (project / wrong_answers.FILE).write_text(json.dumps({name: [one]}))


def test_the_command_writes_the_table_and_says_when_it_is_out_of_step(project, monkeypatch, capsys):
    monkeypatch.setattr(notebooks, "root", lambda: project)
    keep(project, "00-x", "'2x'")
    assert command.main(["wrong-answers", "--check"]) == 1
    assert command.main(["wrong-answers"]) == 0
    text = (project / wrong_answers.TABLE).read_text()
    assert "| `'2x'` | A try | nothing \\| at all | ◇ Predict: Kept your guess for 00-x: 2." in text
    assert command.main(["wrong-answers", "--check"]) == 0
    keep(project, "00-x", "-1")
    assert command.main(["wrong-answers", "--check"]) == 1
    keep(project, "00-y", "-1")
    assert command.main(["wrong-answers"]) == 2
    assert "no notebook asks 00-y" in capsys.readouterr().err


def test_what_python_stops_at_is_told(project):
    found = wrong_answers.said_now(project, {"00-x": ["12%", "raise_it", "1 if", "3"]})["00-x"]
    assert found[0].words.startswith("(Python stops: SyntaxError) Python knows no percent sign.")
    assert [f.right for f in found] == [False, False, False, True]
    assert found[3] == Said("◇ Predict: Kept your guess for 00-x: 3.", True, True)

"""What is said when Python stops in the cell of an exercise, before anything can be checked."""

from __future__ import annotations

import numpy as np
import pytest
from IPython.core.interactiveshell import InteractiveShell

from labkit.learning import stumbles
from labkit.learning.stumbles import STUMBLES, advice

ASKED = "\nmissed = check('03-c', answer).value"


def stops(cell):
    """The error with which a cell stops."""
    names = {"check": lambda *given: None, "scores": np.zeros(3), "table": {}, "np": np}
    try:
        exec(compile(cell, "cell", "exec"), names)
    except Exception as error:
        return error
    raise AssertionError(f"{cell} ran")


@pytest.mark.parametrize(
    ("answer", "key"),
    [
        ("12%", "percent"), ("4,987/455,061", "comma"), ("1,072,800", "comma"), ("0,02", "comma"),
        ("1920 photographs", "unit"), ("2x", "unit"), ("3 of 10", "unit"),
        ("np.sqrt((1).sum(", "bracket"), ("[1, 2", "bracket"), ("1 if scores", "else"),
        ("'phone", "quotes open"), ("= 3", "unread"), ("for", "unread"),
        ("scores(1)", "call"), ("scores < print", "compare"), ("table['missed']", "key"),
        ("scores[9]", "place"), ("scores[0.5]", "place"), ("1 / 0", "division"),
    ],
)  # fmt: skip
def test_a_stumble_gets_one_sentence(answer, key):
    """Finding: 12% and a number copied with its commas were a raw error, everywhere."""
    cell = f"answer = {answer}{ASKED}"
    name = answer.partition("[")[2].rstrip("]") if key == "key" else ""
    assert advice(stops(cell), cell) == STUMBLES[key].format(name=name)


def test_a_comma_between_several_guesses():
    cell = "b, c = 1,000, 2\npredict('01-b', b)"
    assert advice(stops(cell), cell) == STUMBLES["unpack"]


@pytest.mark.parametrize(
    ("exercise", "answer", "says"),
    [
        ("04-c", "C", "put quotes around it: `'C'`"),
        ("03-c", "search, strict", "quotes around all of it, as in `'search, strict'`"),
        ("02-c", "nobody", "put quotes around it: `'nobody'`"),
        ("03-b", "missing", "There is no `missing` yet."),
        ("99-z", "missing", "There is no `missing` yet."),
    ],
)
def test_a_name_that_is_not_there(exercise, answer, says):
    cell = f"answer = {answer}\ncheck('{exercise}', answer)"
    assert says in advice(stops(cell), cell)


def test_cells_without_an_exercise_are_left_alone():
    assert advice(stops("answer = 12%"), "answer = 12%") == ""
    assert advice(None, f"answer = 1{ASKED}") == ""
    odd = ValueError("on purpose")
    assert advice(odd, f"answer = 1{ASKED}") == ""


def test_the_sentence_comes_after_python_s_own_message(capsys, monkeypatch):
    shell = InteractiveShell()
    monkeypatch.setattr("IPython.core.getipython.get_ipython", lambda: shell)
    stumbles.listen()
    stumbles.listen()
    shell.run_cell("answer = 12%\ncheck('03-b', answer)")
    printed = capsys.readouterr()
    out = " ".join((printed.out + printed.err).split())
    assert out.index("SyntaxError") < out.index("Before your answer can be checked")
    assert out.count("Python knows no percent sign") == 1
    shell.run_cell("answer = 12")
    assert "Before your answer" not in capsys.readouterr().out

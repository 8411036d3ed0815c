"""What is said when Python stops in the cell of an exercise, before anything can be checked."""

from __future__ import annotations

import numpy as np
import pytest
from IPython.core.interactiveshell import InteractiveShell

from labkit.learning import stumbles
from labkit.learning.stumbles import STUMBLES, advice

ASKED = "\nmissed = check('03-c', answer).value"


def stops(cell, **more):
    """The error with which a cell stops."""
    names = more | {"check": lambda *given: None, "scores": np.zeros(3), "table": {}, "np": np}
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
        ("0.5 ^ 2", "power"), ("scores.sum / 2", "method"), ("(2).bit_length * 2", "method"),
    ],
)  # fmt: skip
def test_a_stumble_gets_one_sentence(answer, key):
    """Finding: 12% and a number copied with its commas were a raw error, everywhere."""
    cell = f"answer = {answer}{ASKED}"
    name = answer.partition("[")[2].rstrip("]") if key == "key" else ""
    assert advice(stops(cell), cell) == STUMBLES[key].format(name=name)


@pytest.mark.parametrize(
    ("answer", "says"),
    [
        ("len[scores]", "`len` is called with round ones"),
        ("scores.mean[0]", "called with round ones"),
        ("check[0]", "called with round ones"),
        ("scores.len", "as in `len(scores)`"),
        ("(scores + 1).len", "as in `len(scores + 1)`"),
        ("scores.sise", "`scores` has no `sise`. Did you mean `size`?"),
        ("scores.zzzz", "`scores` has no `zzzz`. Look at the spelling."),
        ("1 in 20", "is a fraction: `1 / 20`"),
        ("[4400] / [455061]", "Square brackets make a list"),
        ("{4400} / {455061}", "Square brackets make a list"),
        ("len{scores}", "Curly brackets belong to sets"),
    ],
)
def test_brackets_and_words_in_the_wrong_place_get_one_sentence(answer, says):
    """Finding: len[...], .len and 1 in 20 were a bare traceback."""
    cell = f"answer = {answer}{ASKED}"
    assert says in advice(stops(cell), cell)


class Faces:
    """Like a set of faces."""

    __module__ = "labkit.data"
    images = ()
    low = ()
    people = ()


@pytest.mark.parametrize(
    ("answer", "says"),
    [
        ("len(images)", "There is no `images`. Did you mean `faces.images`?"),
        ("len(image)", "There is no `image`. Did you mean `faces.images`?"),
        ("len(fases.images)", "Did you mean `faces`?"),
        ("Len(faces.images)", "Did you mean `len`?"),
        ("sqrt(2)", "Did you mean `np.sqrt`?"),
        ("(low, high)", "a name of your own is made first, as in `low = ...`"),
        ("qqqqqq", "no cell of this notebook makes it"),
    ],
)
def test_a_name_that_no_cell_makes_is_looked_for_in_what_is_there(answer, says):
    """Finding: whoever wrote `images` was sent to run cells that do not make it."""
    cell = f"answer = {answer}\ncheck('00-a', answer)"
    told = advice(stops(cell, faces=Faces()), cell)
    assert says in told and "run them first" not in told


def test_the_very_name_of_a_part_comes_before_a_name_that_is_like_it():
    cell = "answer = len(images)\ncheck('00-a', answer)"
    assert "`faces.images`" in advice(stops(cell, faces=Faces(), image=3), cell)
    assert "`faces.images`" not in advice(stops(cell, image=3), cell)


def test_a_thing_that_resists_is_passed_over():
    class Odd:
        __module__ = "labkit.odd"

        def __dir__(self):
            raise RuntimeError("no parts")

    cell = "answer = len(images)\ncheck('00-a', answer)"
    assert "`faces.images`" in advice(stops(cell, odd=Odd(), faces=Faces()), cell)


def test_a_name_that_a_cell_makes_is_made_by_running_it():
    cell = "answer = falling[3]\ncheck('03-a', answer)"
    assert "run them first" in advice(stops(cell), cell)
    assert "run them first" not in advice(stops(cell), cell.replace("03-a", "00-a"))


def test_a_comma_between_several_guesses():
    cell = "b, c = 1,000, 2\npredict('01-b', b)"
    assert advice(stops(cell), cell) == STUMBLES["unpack"]


@pytest.mark.parametrize(
    ("exercise", "answer", "says"),
    [
        ("04-c", "C", "put quotes around it: `'C'`"),
        ("03-c", "search, strict", "quotes around all of it, as in `'search, strict'`"),
        ("02-c", "nobody", "put quotes around it: `'nobody'`"),
        ("03-b", "pairs", "There is no `pairs` yet."),
        ("04-c", "missing", "There is no `missing`, and no cell"),
        ("02-c", "nobdy", "There is no `nobdy`. Did you mean `'nobody'`?"),
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

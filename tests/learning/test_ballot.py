"""The ballot of notebook 01 is opened, with the learner's own guess, where it says it will be."""

from __future__ import annotations

import ast

import pytest

from labkit.app import notebooks
from labkit.base.places import PROJECT
from labkit.learning import ballot, journal

SOURCES = {path.stem[:2]: path for path in notebooks.sources(PROJECT)}
OPENED = [letter for letter, q in ballot.QUESTIONS.items() if q.notebook in SOURCES]


@pytest.fixture(autouse=True)
def a_journal(tmp_path, monkeypatch):
    monkeypatch.setenv("LABKIT_JOURNAL", str(tmp_path / "journal.json"))


def calls(source, name):
    """First arguments of the calls of a function in a notebook's cells."""
    found = []
    for cell in notebooks.read_source(source):
        if cell.cell_type == "code":
            for node in ast.walk(ast.parse(cell.source)):
                if isinstance(node, ast.Call) and ast.unparse(node.func).endswith(name):
                    found.append(ast.literal_eval(node.args[0]))
    return found


def opened(source):
    """Letters that a notebook opens, by either of two calls."""
    kept = [name for name in calls(source, "result") if name.startswith("01-ballot-")]
    return calls(source, "open_ballot") + [name[-1] for name in kept]


def texts(source):
    cells = notebooks.read_source(source)
    return " ".join(" ".join(c.source.split()) for c in cells if c.cell_type == "markdown")


def test_notebook_01_asks_every_question_in_its_words():
    asked = calls(SOURCES["01"], "predict")
    assert sorted(asked) == [ballot.key(letter) for letter in ballot.QUESTIONS]
    for letter, question in ballot.QUESTIONS.items():
        assert f"**{letter}** (notebook {question.notebook}): {question.words}" in texts(
            SOURCES["01"]
        )


@pytest.mark.parametrize("letter", OPENED)
def test_a_notebook_that_exists_opens_its_letter(letter):
    """Finding: 01 promised that 03, 04 and 05 open the ballot, and none of them did."""
    source = SOURCES[ballot.QUESTIONS[letter].notebook]
    assert opened(source).count(letter) == 1, f"open_ballot({letter!r}, ...) is missing"


def test_no_notebook_opens_a_letter_that_is_not_its_own():
    for number, source in SOURCES.items():
        for letter in opened(source):
            assert ballot.QUESTIONS[letter].notebook == number


def test_the_question_the_guess_and_the_result_are_shown_together(capsys):
    journal.predict(ballot.key("b"), 12)
    capsys.readouterr()
    ballot.open_ballot("b", 31.5, "31.5 of 100")
    said = " ".join(capsys.readouterr().out.split())
    assert "question b: The threshold is raised" in said and "*" not in said
    assert "Your guess for 01-ballot-b: 12." in said and "31.5 of 100" in said
    assert journal.read()["predictions"]["01-ballot-b"]["result"] == 31.5


def test_who_did_not_guess_sees_the_result_all_the_same(capsys):
    ballot.open_ballot("c", 5.6)
    said = " ".join(capsys.readouterr().out.split())
    assert "no guess was kept" in said and "5.6" in said


def test_the_box_says_what_is_in_it():
    assert "empty" in ballot.told() and "5 guesses" in ballot.told()
    journal.predict(ballot.key("c"), 5)
    assert ballot.told() == "In the ballot box: 1 of 5 guesses, to be opened: c in 04."


def test_a_letter_that_is_not_there_is_refused_with_those_there_are():
    with pytest.raises(ValueError, match="no question 'f': its letters are a, b, c, d, e"):
        ballot.open_ballot("f", 1)


@pytest.mark.parametrize(
    ("alerts", "said"),
    [(500, "every search returned"), (470, "not shared out equally"), (0, "no search returned")],
)
def test_question_a_has_words_for_each_way_that_it_can_come_out(alerts, said):
    words = ballot.returned(alerts, 500, gallery=25_000, fmr=1e-3)
    assert said in words and f"({alerts} of 500)" in words
    assert words.startswith(f"{alerts / 5:.3g} of 100") and "25 false candidates" in words
    others = {"every search returned", "not shared out equally", "no search returned"} - {said}
    assert not any(other in words for other in others)

"""What notebook 13 says and concludes, held against what its code does."""

from __future__ import annotations

from types import SimpleNamespace

import pytest

from labkit.app import notebooks, rules
from labkit.base.consent import questions
from labkit.base.places import PROJECT
from labkit.experiment.two_paths import PATHS
from labkit.learning import catalogue
from labkit.measure import Interval
from lessons.nb13 import exercises, words

SOURCE = PROJECT / notebooks.SOURCE / "13_real_photographs.py"


class Paths(SimpleNamespace):
    """Rates of two paths, as they might come out."""

    pairs = dict.fromkeys((PATHS[0].name, PATHS[-1].name))

    def rates(self, name):
        errors = {PATHS[0].name: 46, PATHS[-1].name: 42}[name]
        return Interval(errors / 100, errors=errors, trials=100), Interval(0.0)


def test_the_cell_asks_every_question_and_no_other():
    cell = next(text for text in rules.code(SOURCE) if "answers = {" in text)
    asked = {name for name in questions() if f'"{name}": ...' in cell}
    assert asked == set(questions()) and cell.count(": ...,") == len(questions())
    text = " ".join(rules.prose(SOURCE))
    assert "six questions are answered with yes" in text and len(questions()) == 6
    assert all(text in words.asked().text for text in questions().values())


def test_without_a_folder_invented_people_are_used_and_it_is_said(capsys):
    found = words.photographs(..., {})
    said = capsys.readouterr().out
    assert f"{words.PEOPLE * words.EACH} portraits of {words.PEOPLE} invented people" in said
    assert "Nobody in them exists." in said and len(found.left_out) == 0
    assert found.of("name").tolist()[:4] == ["invented A"] * 3 + ["invented B"]


@pytest.mark.parametrize(
    ("answers", "says"),
    [
        ({}, "'asked' has no answer yet"),
        (dict.fromkeys(questions(), "no"), "'asked' was answered no"),
        ({"asked": "maybe"}, "write 'yes' or 'no'"),
        (dict.fromkeys(questions(), "yes"), "does not exist"),
    ],
)
def test_a_folder_that_cannot_be_used_is_said_and_invented_people_go_on(
    answers, says, capsys, tmp_path
):
    found = words.photographs(tmp_path / "nowhere", answers)
    said = " ".join(capsys.readouterr().out.split())
    assert "Your folder was not used" in said and says in said
    assert found.names[0] == "invented A"


def test_a_learner_s_own_folder_is_used(capsys):
    own = words.invented(2, 2)
    folder = own.pictures._files[0].parent.parent
    found = words.photographs(folder, dict.fromkeys(questions(), "yes"))
    assert "your own photographs" in capsys.readouterr().out and len(found) == 4


def test_the_folder_of_invented_people_goes_with_the_kernel():
    import atexit

    registered = []
    real, atexit.register = atexit.register, lambda *call, **_: registered.append(call)
    try:
        own = words.invented(1, 1)
    finally:
        atexit.register = real
    remove, place = registered[0]
    assert own.pictures._files[0].is_relative_to(place)
    remove(place)
    assert not place.exists()


def test_false_matches_are_told_by_path_and_drawings_are_called_drawings():
    drawn = SimpleNamespace(names=["invented A", "invented B"])
    said = words.told(Paths(), drawn)
    assert "46 the same person (46 of 100)" in said and "called 42 of 100" in said
    assert "These are drawings" in said
    assert "drawings" not in words.told(Paths(), SimpleNamespace(names=["Ann"]))
    assert words.per_hundred(Paths(), PATHS[0].name) == pytest.approx(46)


def test_what_nobody_could_count_is_not_told():
    nothing = Paths()
    nothing.rates = lambda name: (Interval(float("nan"), words="no comparison made"), None)
    assert words.told(nothing, SimpleNamespace(names=["Ann"])) == ""


def test_the_exercise_and_the_text_speak_of_the_same_folder():
    text = " ".join(rules.prose(SOURCE))
    assert f"a folder of {exercises.PEOPLE} people with {exercises.EACH} photographs" in text
    right = catalogue.find("13-a").reference()
    assert catalogue.find("13-a").reference is not None and "then(words.bound)" in "".join(
        rules.code(SOURCE)
    )
    said = words.bound(right)
    assert f"could still be 3 in {right}, which is 0.11: about 1 in 9" in said
    assert words.bound(2).count("1.00") == 1, "no rate is above 1"

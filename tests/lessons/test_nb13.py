"""What notebook 13 says and concludes, held against what its code does."""

from __future__ import annotations

import os
from types import SimpleNamespace

import pytest

import labkit
from labkit.app import notebooks, rules
from labkit.base.consent import questions
from labkit.base.places import PROJECT
from labkit.experiment.two_paths import PATHS
from labkit.learning import catalogue, journal
from labkit.measure import Interval
from labkit.photographs import elsewhere
from lessons.nb13 import exercises, words

SOURCE = PROJECT / notebooks.SOURCE / "13_real_photographs.py"


class Paths(SimpleNamespace):
    """Rates of two paths, as they might come out."""

    pairs = dict.fromkeys((PATHS[0].name, PATHS[-1].name))

    def rates(self, name):
        errors = {PATHS[0].name: 46, PATHS[-1].name: 42}[name]
        return Interval(errors / 100, errors=errors, trials=100), Interval(0.0)


YES = dict.fromkeys(questions(), "yes")


@pytest.fixture(autouse=True)
def own_computer(monkeypatch):
    """Whatever computer runs the tests, the lab takes it for the reader's own."""
    for name in list(os.environ):
        if name.startswith(tuple(elsewhere.SET_BY)):
            monkeypatch.delenv(name)


def test_the_cell_asks_every_question_and_no_other():
    cell = next(text for text in rules.code(SOURCE) if "answers = {" in text)
    asked = {name for name in questions() if f'"{name}": ...' in cell}
    assert asked == set(questions()) and cell.count(": ...,") == len(questions())
    assert all(text in words.asked().text for text in questions().values())


def test_without_a_folder_invented_people_are_used_and_it_is_said(capsys, monkeypatch):
    monkeypatch.setenv("BINDER_SERVICE_HOST", "10.0.0.1")  # they need no upload
    found = words.photographs(..., ..., {})
    said = capsys.readouterr().out
    assert f"{words.PEOPLE * words.EACH} portraits of {words.PEOPLE} invented people" in said
    assert "Nobody in them exists." in said and len(found.left_out) == 0 and found.invented
    assert found.of("name").tolist()[:4] == ["invented A"] * 3 + ["invented B"]


@pytest.mark.parametrize(
    ("folder", "said_yes", "answers", "says"),
    [
        ("nowhere", ["A"], {}, "'asked' has no answer yet"),
        ("nowhere", ["A"], dict.fromkeys(questions(), "no"), "'asked' was answered no"),
        ("nowhere", ["A"], {"asked": "maybe"}, "write 'yes' or 'no'"),
        ("nowhere", ["A"], YES, "there is no folder nowhere (looked for in"),
        ("~nobody_at_all/x", ["A"], YES, "there is no folder ~nobody_at_all/x"),
        (".", ..., YES, "the list of those who said yes is"),
        (".", "A", YES, "the list of those who said yes is 'A'"),
    ],
)
def test_a_folder_that_cannot_be_used_is_said_and_invented_people_go_on(
    folder, said_yes, answers, says, capsys, tmp_path, monkeypatch
):
    monkeypatch.chdir(tmp_path)
    found = words.photographs(folder, said_yes, answers)
    said = " ".join(capsys.readouterr().out.split())
    assert "Your folder was not used" in said and says in said
    assert found.names[0] == "invented A" and found.invented


def test_a_learner_s_own_folder_is_used_and_of_it_who_said_yes(capsys, monkeypatch):
    own = words.invented(3, 2)
    folder = own.pictures._files[0].parent.parent
    found = words.photographs(folder, ["invented A", "invented C"], YES)
    assert "your own photographs" in capsys.readouterr().out and len(found) == 4
    assert found.names == ["invented A", "invented C"] and not found.invented
    monkeypatch.setenv("JUPYTERHUB_USER", "ann")
    assert words.photographs(folder, ["invented A"], YES).invented
    assert "somebody else's computer" in " ".join(capsys.readouterr().out.split())


@pytest.mark.parametrize("invented", [True, False])
def test_what_friends_pictures_gave_goes_into_no_journal(invented, tmp_path, monkeypatch):
    """Finding: what came out of people's own photographs was kept, exported and taken home."""
    monkeypatch.setenv("LABKIT_JOURNAL", str(tmp_path / "journal.json"))
    cell = next(text for text in rules.code(SOURCE) if "two_paths(photographs)" in text)
    known = {
        "words": words,
        "photographs": SimpleNamespace(invented=invented),
        "two_paths": lambda photographs: Paths(differs=lambda: None),
        **{name: getattr(labkit, name) for name in ("result", "say")},
        "readable": lambda table: table,
    }
    labkit.predict("13-haar", 5, low=0, high=100)
    exec(cell, known)
    kept = journal.read()["predictions"]["13-haar"]
    assert kept["guess"] == 5 and kept.get("result") == (46 if invented else None)
    assert "46 of 100 comparisons" in words.unkept(46.0)
    assert "no comparison of two people" in words.unkept(float("nan"))


def test_a_windows_path_is_shown_with_slashes_and_what_stays_on_disk_is_said():
    text = " ".join(" ".join(rules.prose(SOURCE)).split())
    assert '"C:/Users/anna/friends"' in text and "until you shut the kernel down" in text
    for stays in (".ipynb_checkpoints", "Clear Outputs of All Cells", "A, B, C", "journal"):
        assert stays in text


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
    said = words.told(Paths(), SimpleNamespace(invented=True))
    assert said.startswith("Invented people:") and "These are drawings" in said
    assert "46 the same person (46 of 100)" in said and "called 42 of 100" in said
    said = words.told(Paths(), SimpleNamespace(invented=False, names=["invented A"]))
    assert said.startswith("Your photographs:") and "drawings" not in said
    assert words.per_hundred(Paths(), PATHS[0].name) == pytest.approx(46)


def test_what_nobody_could_count_is_not_told():
    nothing = Paths()
    nothing.rates = lambda name: (Interval(float("nan"), words="no comparison made"), None)
    assert words.told(nothing, SimpleNamespace(invented=False)) == ""


def test_the_exercise_and_the_text_speak_of_the_same_folder():
    text = " ".join(rules.prose(SOURCE))
    assert f"a folder of {exercises.PEOPLE} people with {exercises.EACH} photographs" in text
    right = catalogue.find("13-a").reference()
    assert catalogue.find("13-a").reference is not None and "then(words.bound)" in "".join(
        rules.code(SOURCE)
    )
    said = words.bound(right)
    assert f"could still be about 3 in {right} (0.11, or 1 in 9)" in said
    assert f"share {exercises.PEOPLE} people" in said and "even 0.75 could not be excluded" in said
    assert words.bound(1).count("1.00") == 2, "no rate is above 1"

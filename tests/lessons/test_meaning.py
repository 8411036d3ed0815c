"""What each exercise means, held apart from the exercise: its answers, hints and best options.

``mistakes.json`` says for every exercise what the right answer is, what a learner gives who makes
each mistake, and a word or two that the sentence for it must contain.  Whoever swaps two hints,
two mistakes or two options finds a test that fails; so does a new exercise that says nothing there.
"""

from __future__ import annotations

import json
import re
from collections import Counter
from pathlib import Path

import numpy as np
import pytest

from labkit.learning import catalogue
from labkit.learning.checks import judge
from labkit.learning.exercises import Cases, Check, Choose, Exact, Write
from labkit.learning.store import plain

FILE = Path(__file__).with_name("mistakes.json")
PINS = json.loads(FILE.read_text(encoding="utf-8"))
ALL = catalogue.everything()
CHECKS = {name: e for name, e in ALL.items() if isinstance(e, Check)}
CHOICES = {name: e for name, e in ALL.items() if isinstance(e, Choose)}
each = pytest.mark.parametrize("name", ALL)


def sentences(exercise):
    """Every sentence that answers a learner, by what it is for."""
    if isinstance(exercise, Check):
        hints = {mistake: hint for mistake, (_, hint) in exercise.wrong.items()}
        return hints | {"the hint": exercise.hint, "the way": exercise.way}
    if isinstance(exercise, Choose):
        return dict(exercise.options)
    return {f"question {n}": text for n, text in enumerate(exercise.questions, 1)}


def outputs(exercise, value):
    """A value as it stands in the file; of a function, what it gives for each case."""
    if isinstance(exercise.tolerance, Cases):
        value = [value(*arguments) for arguments in exercise.tolerance.arguments()]
    return json.loads(json.dumps(plain(value)), parse_float=lambda f: float(f"{float(f):.6g}"))


def same(one, other):
    """Whether two values are the same, numbers to five digits: computers round differently."""
    if isinstance(one, dict):
        return list(one) == list(other) and same(list(one.values()), list(other.values()))
    if np.asarray(one).dtype.kind in "if":
        return np.shape(one) == np.shape(other) and np.allclose(one, other, rtol=1e-5, atol=0)
    return one == other


def answer_for(exercise, value):
    """What a learner would give: a value, or a function that gives these outputs in turn."""
    if not isinstance(exercise.tolerance, Cases):
        return value
    turns = iter(value)
    return lambda *arguments: next(turns)


def to_fill_in(exercise):
    """What the file should say of an exercise, with its words left open."""
    pins = {"says": {label: ["..."] for label in sentences(exercise)}}
    if isinstance(exercise, Check):
        wrong = {
            mistake: outputs(exercise, make()) for mistake, (make, _) in exercise.wrong.items()
        }
        pins |= {"right": outputs(exercise, exercise.reference()), "answers": wrong}
    if isinstance(exercise, Choose):
        pins |= {"best": list(exercise.best_options)}
    return json.dumps({exercise.id: pins}, ensure_ascii=False)


def lost(exercise, pins):
    """What the file lacks, or holds too much, about an exercise: a sentence, or nothing."""
    label = set(sentences(exercise)) ^ set((pins or {}).get("says", {}))
    if isinstance(exercise, Check):
        label |= set(exercise.wrong) ^ set((pins or {}).get("answers", {}))
        label |= {"right"} - set(pins or {})
    if isinstance(exercise, Choose):
        label |= {"best"} - set(pins or {})
    if not label:
        return ""
    return (
        f"{FILE.name} does not say what exercise {exercise.id} means ({', '.join(sorted(label))}):"
        " read its sentences, check the answers by hand, replace each '...' by a word or two that"
        f" only that sentence has, and add {to_fill_in(exercise)}"
    )


def fits(pinned, text):
    """Whether a sentence has all of its words."""
    text = " ".join(text.casefold().split())
    return all(word.casefold() in text for word in pinned)


# --- the rules ----------------------------------------------------------------------------------


@each
def test_every_exercise_says_what_it_means(name):
    missing = lost(ALL[name], PINS.get(name))
    assert not missing, missing


def test_nothing_is_said_about_exercises_that_are_gone():
    assert set(PINS) <= set(ALL), f"take them out of {FILE.name}"


@each
def test_a_sentence_is_about_what_it_is_for(name):
    for label, text in sentences(ALL[name]).items():
        words = PINS[name]["says"][label]
        assert fits(words, text), f"{name}, {label}: {words} is not in {text!r}"


@each
def test_two_sentences_that_were_swapped_would_be_noticed(name):
    said = sentences(ALL[name])
    for label, words in PINS[name]["says"].items():
        assert words and all(len(word) >= 2 for word in words)
        found = [other for other, text in said.items() if fits(words, text)]
        assert found == [label], f"{name}: {words} fits {found}: choose words of {label!r} alone"


@pytest.mark.parametrize("name", CHECKS)
def test_the_right_answer_is_the_one_in_the_file(name):
    exercise, right = CHECKS[name], PINS[name]["right"]
    assert same(outputs(exercise, exercise.reference()), right)
    assert judge(exercise, answer_for(exercise, right), keep=False).right


@pytest.mark.parametrize(
    ("name", "mistake"), [(name, mistake) for name, e in CHECKS.items() for mistake in e.wrong]
)
def test_who_makes_a_mistake_gets_its_hint(name, mistake):
    exercise = CHECKS[name]
    found = judge(exercise, answer_for(exercise, PINS[name]["answers"][mistake]), keep=False)
    assert not found.right and found.mistake == mistake
    assert fits(PINS[name]["says"][mistake], found.words)


@pytest.mark.parametrize("name", CHOICES)
def test_the_best_options_are_the_ones_in_the_file(name):
    exercise, best = CHOICES[name], PINS[name]["best"]
    passed = [o for o in exercise.options if judge(exercise, o, keep=False).right]
    assert passed == best == list(exercise.best_options)
    for option in exercise.options:
        assert fits(PINS[name]["says"][option], judge(exercise, option, keep=False).words)


@pytest.mark.parametrize("name", CHOICES)
def test_no_two_options_end_in_the_same_question(name):
    """Finding: solved 03 printed one closing question six times; it belongs in the exercise."""
    said = [re.findall(r"[^.?!]+\?", text) for text in CHOICES[name].options.values()]
    found = Counter(question.strip() for text in said for question in text)
    assert not [question for question, times in found.items() if times > 1]


# --- the rules can fail ---------------------------------------------------------------------------


def test_values_are_compared_as_they_are_written():
    assert same(0.25, 0.250001) and same([1, 2.0], [1.0, 2.0]) and same({"a": 1}, {"a": 1.000001})
    assert same(["a", "b"], ["a", "b"]) and same([True, False], [True, False])
    for one, other in ((0.25, 0.2501), ([1], [1, 1]), ([True], [False]), ("a", "b"), (1e-9, 2e-9)):
        assert not same(one, other)
    assert not same({"a": 1}, {"b": 1}) and not same({"a": 1}, {"a": 2})


def test_an_exercise_without_pins_is_told_what_to_add():
    half = Check(
        "99-a", "?", lambda: 5, Exact(), {"doubled": (lambda: 20, "Twice.")}, "Halve.", "Do."
    )
    told = lost(half, None)
    assert "exercise 99-a" in told and '"answers": {"doubled": 20}' in told and "'...'" in told
    filled = json.loads(told[told.index("{") :])["99-a"]
    assert lost(half, filled) == ""
    assert "doubled" in lost(half, filled | {"answers": {}})
    assert "right" in lost(half, {k: v for k, v in filled.items() if k != "right"})
    option = Choose("99-b", "?", {"a": "One.", "b": "Two."})
    assert '"best": ["a", "b"]' in lost(option, None)
    assert "best" in lost(option, {"says": {"a": [], "b": []}})
    assert "question 3" in lost(Write("99-c", "?", ("A?", "B?", "C?")), None)

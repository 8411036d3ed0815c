"""The judge of the pages says what ``check`` says: run in node on every answer that was collected.

One node process answers all questions of this file.
"""

from __future__ import annotations

import ast
import contextlib
import dataclasses
import io
import json
import math
import random
import re
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from labkit.app import notebooks, wrong_answers
from labkit.app.site import by_hand, exercises, page_words
from labkit.base.places import PROJECT
from labkit.learning import answers, catalogue, checks, guesses, journal, slips
from labkit.learning.exercises import Absolute, Cases, Check, Choose, Exact, Relative, Write
from tests.views.test_javascript import node  # noqa: F401 (a fixture)

RUNNER = Path(__file__).with_name("judged.mjs")
FOUND = catalogue.everything()
SEED = 14
EARLIER = (0, 1, 2)
"""How many wrong answers were given before: hints come at the second, the way at the third."""

Question = dict[str, Any]


# --- asking node --------------------------------------------------------------------------------


def packed(value: Any) -> Question:
    """A value as the runner reads it: marked with its kind."""
    if value is None:
        return {"is": "none"}
    if value is ...:
        return {"is": "open"}
    if isinstance(value, bool | np.bool_):
        return {"is": "bool", "yes": bool(value)}
    if isinstance(value, str):
        return {"is": "str", "text": value}
    if isinstance(value, int | np.integer):
        return {"is": "int", "n": str(int(value))}
    if isinstance(value, float | np.floating):
        return {"is": "float", "n": number(float(value))}
    if isinstance(value, Mapping):
        return {"is": "dict", "pairs": [[packed(k), packed(v)] for k, v in value.items()]}
    if isinstance(value, frozenset):
        value = set(value)
    if isinstance(value, list | tuple | set):
        return {"is": type(value).__name__, "items": [packed(v) for v in value]}
    raise TypeError(f"{value!r} is no plain value")


def number(x: float) -> float | str:
    """A float that JSON can hold, or its name in JavaScript."""
    if math.isfinite(x):
        return x
    return "NaN" if math.isnan(x) else "Infinity" if x > 0 else "-Infinity"


@dataclasses.dataclass(frozen=True)
class Asking:
    """Asks node, one process for many questions."""

    run: Callable[..., Any]
    folder: Path

    def __call__(self, questions: list[Question], found: dict[str, Any] | None = None) -> list[Any]:
        shown = found or FROZEN
        cases = {
            "scripts": str(exercises.SCRIPTS),
            "exercises": {
                form: {id: exercises.exercise(e, page=form == "page") for id, e in shown.items()}
                for form in ("notebook", "page")
            },
            "words": {"notebook": exercises.words(page=False), "page": exercises.words()},
            "questions": questions,
        }
        file = self.folder / "cases.json"
        file.write_text(json.dumps(cases, allow_nan=False), "utf-8")
        done = self.run(str(RUNNER), env={"LABKIT_CASES": str(file)})
        assert done.returncode == 0, done.stderr
        return json.loads(done.stdout)


@pytest.fixture(scope="session")
def ask(node, tmp_path_factory) -> Asking:  # noqa: F811
    """Asks node."""
    return Asking(node, tmp_path_factory.mktemp("judge"))


def same(said: list[Any], wanted: list[Any], questions: list[Any]) -> None:
    """Compare what node said with what Python says, and show the first that differ."""
    wrong = [
        f"{q}\n  node:   {one}\n  Python: {other}"
        for q, one, other in zip(questions, said, wanted, strict=True)
        if one != other
    ]
    assert not wrong, f"{len(wrong)} of {len(said)} differ:\n" + "\n".join(wrong[:8])


# --- exercises whose values are computed once --------------------------------------------------------


def frozen(one: Any) -> Any:
    """An exercise that gives its computed values back, so that judging it often is quick."""
    if not isinstance(one, Check) or isinstance(one.tolerance, Cases):
        return one
    return dataclasses.replace(
        one,
        reference=kept(one.reference),
        also=[kept(make) for make in one.also],
        parts=[kept(part) for part in one.parts],
        wrong={name: (kept(make), hint) for name, (make, hint) in one.wrong.items()},
    )


def kept(make: Callable[[], Any]) -> Callable[[], Any]:
    try:
        value = make()
    except Exception as error:
        value = error

    def give() -> Any:
        if isinstance(value, Exception):
            raise value
        return value

    return give


def invented() -> dict[str, Check]:
    """Exercises of the kinds that no notebook asks for at the moment."""
    def mistake(value: Any, hint: str) -> tuple[Callable[[], Any], str]:
        return lambda: value, hint

    def asked(letter: str, right: Any, tolerance: Any, **more: Any) -> Check:
        texts = {"hint": "A hint.", "way": "The way."}
        return Check(f"99-{letter}", "A question?", lambda: right, tolerance, **texts, **more)

    return {
        one.id: one
        for one in (
            asked("a", {"low": 0.25, "high": 0.75}, Absolute(0.01),
                  wrong={"turned": mistake({"high": 0.25, "low": 0.75}, "Turned."),
                         "one gone": mistake({"low": 0.25}, "Never.")}),
            asked("b", True, Exact(), wrong={"no": mistake(False, "Look again.")}),
            asked("c", "the gate", Exact(), among=("the gate", "phone"),
                  wrong={"phone": mistake("phone", "Not that one.")}),
            asked("d", [1.5, 22.0, 3.25], Relative(0.01), unit="count"),
            asked("e", -0.384, Absolute(0.002), unit="score"),
            asked("f", 34.0625, Relative(0.001), unit="share", digits=4),
            asked("g", 5, Exact(), unit="count", parts=(lambda: 10, lambda: 2)),
            asked("h", [[1.0, 2.0], [3.0, 4.0]], Exact()),
        )
    }


FROZEN = {id: frozen(one) for id, one in FOUND.items()}
INVENTED = invented()


# --- what Python says -----------------------------------------------------------------------------


class Memory:
    """A journal that lives for one answer."""

    def __init__(self, tries: dict[str, list[Any]]) -> None:
        self.entries = {"attempts": {id: {"tries": [*t]} for id, t in tries.items()}}

    def change(self, edit: Callable[[Any], Any]) -> Any:
        return edit(self.entries)


def earlier(count: int) -> list[Any]:
    """Attempts that the journal holds already, of both sorts."""
    one = {"right": False, "mistake": "", "day": "2026-01-01T00:00:00"}
    return [
        {**one, "answer": f"earlier {n} {counts}", "counts": counts}
        for n in range(count)
        for counts in (True, False)
    ]


def python_says(one: Any, value: Any, tries: list[Any] | None, patch: Any) -> dict[str, Any]:
    memory = Memory({one.id: tries or []})
    patch.setattr(journal, "_here", lambda: memory)
    checked = checks.judge(one, value, keep=tries is not None)
    after = memory.entries["attempts"].get(one.id, {"tries": []})["tries"]
    new = after[len(tries or []) :]
    return {
        "title": checked.title,
        "words": checked.words,
        "right": checked.right,
        "mistake": checked.mistake,
        "answered": checked.answered,
        "new": [{k: v for k, v in t.items() if k != "day"} for t in new],
    }


def node_says(said: dict[str, Any]) -> dict[str, Any]:
    if "error" in said:
        return said
    new = [said["entry"]] if said["entry"] and not said["again"] else []
    keys = ("title", "words", "right", "mistake", "answered")
    return {**{key: said[key] for key in keys}, "new": new}


def compared(ask: Asking, pairs: list[tuple[Any, Any]], patch: Any, words: str = "notebook",
             found: dict[str, Any] | None = None) -> int:
    """Judge answers in node and in Python, first, second, third and unkept; how many there were."""
    questions, wanted = [], []
    for one, value in pairs:
        for count in (None, *EARLIER):
            tries = None if count is None else earlier(count)
            questions.append(
                {"ask": "judge", "id": one.id, "value": packed(value), "tries": tries, "words": words}
            )
            wanted.append(python_says(one, listed(one, value), tries, patch))
    said = [node_says(s) for s in ask(questions, found)]
    same(said, wanted, [(q["id"], q["value"], len(q["tries"] or [])) for q in questions])
    return len(questions)


def listed(one: Any, value: Any) -> Any:
    """For a function's exercise, a function that gives the listed results one after the other."""
    if not (isinstance(one, Check) and isinstance(one.tolerance, Cases)):
        return value
    given = iter(value)
    return lambda *arguments: next(given)


def literal(source: str) -> Any:
    """What Python makes of an answer, or nothing where it is no literal."""
    with contextlib.suppress(ValueError, SyntaxError, TypeError):
        return ast.literal_eval(source.strip())
    return NotImplemented


COLLECTED = {
    id: [a.source for a in of] for id, of in wrong_answers.collected(PROJECT).items() if id in FOUND
}
GUESSED = {id: of for id, of in wrong_answers.collected(PROJECT).items() if id not in FOUND}


def variants(one: Any) -> list[Any]:
    """At least ten answers to an exercise: right, rounded, every mistake, and slips of writing."""
    if isinstance(one, Choose):
        options = list(one.options)
        return [*options, options[:2], options[0].upper() + ".", f"'{options[0]}'", 1, 99, 0.5, None,
                "nonsense", options[0][:-1] + "x", [*options, "x"], set(options), (), True,
                " and ".join(options[:2]), list(one.best_options), ..., tuple(options[-2:])]
    if isinstance(one, Write):
        return [["yes", "no", "yes"], ["yes"] * 3, "yes, no, yes", "y n y", [True, False, 1], [1, 0, 0],
                ["yes"], 3, None, "maybe", ["yes", "no", "perhaps"], ("YES", " no ", "No"), ..., {"a": 1}]
    if isinstance(one.tolerance, Cases):
        count = len(one.tolerance.arguments())
        return [[n >> k & 1 == 1 for k in range(count)] for n in range(2**count)] + [
            ["yes"] * count, [1] * count, [...] * count, [True] * (count - 1) + [0.5]]
    right = one.reference()
    made = []
    for make, _hint in one.wrong.values():
        with contextlib.suppress(Exception):
            made.append(make())
    kind = answers.kind_of(right)
    odd = [None, ..., True, "nobody", "len(table)", [], {}, {"a": 1}, [1, "a"], [None, 2], "",
           [True, False], (1, 920), (0, 5), (50, 0), (2, 738 / 457, 920), float("nan"), float("inf"),
           10**400, [10**30], [[1, 2], [3]], "about 15", "'15'", {1, 2}, (3,), [0.25], -0.0, 0, 0.0]
    if kind == "number":
        return [*made, *odd, *near_by(float(right)), *(v for m in made for v in written(m))]
    if kind in ("numbers", "names"):
        return [*made, *odd, *rows_near(right), right]
    return [*made, *odd, right, *texts_near(one, right)]


def written(value: Any) -> list[Any]:
    """A number as people write it: rounded."""
    if not isinstance(value, int | float | np.number) or not math.isfinite(value) or not value:
        return []
    return [float(f"{float(value):.{digits}g}") for digits in (1, 2, 3, 4)]


def near_by(right: float) -> list[Any]:
    factors = [1, 1.0001, 1.003, 1.02, 1.09, 1.3, 3, 0.5, -1, 100, 0.01, 1000, 0.001, 10, 1.0049]
    near = [right * f for f in factors] + [1 / right if right else 0, right + 1, right - 1]
    texts = [f"{right:.4g}", f"{right:,.2f}", f" {right} ", f"{100 * right:.3g}%", f"{right:.3g} people"]
    many = [(right, 2.0), [right, right], [3.5, 7.0], [right]]
    return [*near, *written(right), *written(100 * right), *texts, *many]


def rows_near(right: Any) -> list[Any]:
    values = list(right.values()) if isinstance(right, Mapping) else [*np.ravel(right)]
    rows: list[Any] = [
        values[::-1], [100 * v for v in values], [v * 1.0001 for v in values],
        [float(f"{v:.2g}") for v in values], [float(f"{v:.1g}") for v in values],
        [v + 1 for v in values], [-v for v in values], [values[0]], values[0], values[-1],
        [*values, 1.0], tuple(values), [values[0], *[v * 2 for v in values[1:]]], [None] * len(values),
        [True] * len(values), [str(v) for v in values],
    ]
    if isinstance(right, Mapping):
        rows += [dict(zip(right, row, strict=False)) for row in rows if isinstance(row, list)]
    return rows


def texts_near(one: Check, right: Any) -> list[Any]:
    names = list(one.among) or ["a", "b"]
    spelled = [n[:-1] + "x" for n in names]
    if isinstance(right, str):
        return [right.upper(), f" {right} ", *names, *spelled, f"{names[0]} {names[-1]}", names]
    return [
        set(names), names, names[:3], spelled, spelled[0], names[0].upper(), ", ".join(names[:2]),
        [" and ".join(names[:2])], "".join(names[:2]), [*names, "nonsense"], [n.upper() for n in names],
        [*names[:2], 3], {names[0]: 1}, names[::-1], names * 2, [names[0]] * len(right), tuple(right),
        {*names, "straying"}, list(right)[::-1], ["x" * 250, names[0]],
    ]


# --- the proof ------------------------------------------------------------------------------------


def test_every_collected_literal_gets_the_words_that_python_gives(ask, monkeypatch) -> None:
    pairs = [
        (FROZEN[id], literal(source))
        for id, sources in COLLECTED.items()
        for source in sources
        if literal(source) is not NotImplemented and not is_function(FROZEN[id])
    ]
    assert len(pairs) > 200
    assert compared(ask, pairs, monkeypatch) == 4 * len(pairs)


def is_function(one: Any) -> bool:
    return isinstance(one, Check) and isinstance(one.tolerance, Cases)


@pytest.mark.parametrize("words", ["notebook", "page"])
def test_many_answers_to_every_exercise_get_the_words_that_python_gives(
    ask, monkeypatch, words
) -> None:
    if words == "page":
        speak_as_a_page(monkeypatch)
    pairs = [(one, v) for one in FROZEN.values() for v in variants(one)]
    for id in FROZEN:
        assert sum(one.id == id for one, _v in pairs) >= 10, id
    assert compared(ask, pairs, monkeypatch, words) == 4 * len(pairs)


@pytest.mark.parametrize("words", ["notebook", "page"])
def test_kinds_that_no_notebook_asks_for_are_judged_alike(ask, monkeypatch, words) -> None:
    monkeypatch.setitem(by_hand.__dict__, "of", lambda name: {})
    if words == "page":
        speak_as_a_page(monkeypatch)
    pairs = [(one, v) for one in INVENTED.values() for v in variants(one)]
    compared(ask, pairs, monkeypatch, words, INVENTED)


def speak_as_a_page(monkeypatch) -> None:
    """Let Python say the sentences of the table of differences, and nothing else of a page."""
    for table, name in ((checks.TEXTS, "texts"), (slips.SLIPS, "slips")):
        for key, other in page_words.SENTENCES[name].items():
            if not key.endswith(" bare"):
                monkeypatch.setitem(table, key, other.sentence)
    said = checks._
    monkeypatch.setattr(checks, "_", lambda s: said(page_words.exercise_sentence(s)))
    monkeypatch.setattr(checks, "expected", page_words.expected)

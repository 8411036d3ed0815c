"""The judge of the pages says what ``check`` says: run in node on every answer that was collected.

One node process answers all questions of this file.
"""

from __future__ import annotations

import ast
import contextlib
import dataclasses
import functools
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
from labkit.app.site import by_hand, exercises, frame, page_words
from labkit.base.places import PROJECT
from labkit.learning import answers, catalogue, checks, guesses, journal, slips
from labkit.learning.exercises import Absolute, Cases, Check, Choose, Exact, Relative, Write
from tests.views.test_javascript import node as node_of_python

RUNNER = Path(__file__).with_name("judged.mjs")
FOUND = catalogue.everything()
SEED = 14
ATTEMPTS = (None, 0, 1, 2)
"""Wrong answers given before (hints come at the second, the way at the third); None: not kept."""

Question = dict[str, Any]


# --- asking node ----------------------------------------------------------------------------------


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
        cases = {
            "scripts": str(frame.HERE / "js"),
            "exercises": in_both_forms(found) if found else all_exported(),
            "words": {"notebook": exercises.words(page=False), "page": exercises.words()},
            "questions": questions,
        }
        file = self.folder / "cases.json"
        file.write_text(json.dumps(cases, allow_nan=False), "utf-8")
        done = self.run(str(RUNNER), env={"LABKIT_CASES": str(file)})
        assert done.returncode == 0, done.stderr
        return json.loads(done.stdout)


node = node_of_python
"""The fixture that runs node; without it a failure where CI=true, else a skip that says so."""


@pytest.fixture(scope="session")
def ask(node, tmp_path_factory) -> Asking:
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


# --- exercises whose values are computed once -----------------------------------------------------


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
            asked(
                "a",
                {"low": 0.25, "high": 0.75},
                Absolute(0.01),
                wrong={
                    "turned": mistake({"high": 0.25, "low": 0.75}, "Turned."),
                    "one gone": mistake({"low": 0.25}, "Never."),
                },
            ),
            asked("b", True, Exact(), wrong={"no": mistake(False, "Look again.")}),
            asked(
                "c",
                "the gate",
                Exact(),
                among=("the gate", "phone"),
                wrong={"phone": mistake("phone", "Not that one.")},
            ),
            asked("d", [1.5, 22.0, 3.25], Relative(0.01), unit="count"),
            asked("e", -0.384, Absolute(0.002), unit="score"),
            asked("f", 34.0625, Relative(0.001), unit="share", digits=4),
            asked("g", 5, Exact(), unit="count", parts=(lambda: 10, lambda: 2)),
            asked("h", [[1.0, 2.0], [3.0, 4.0]], Exact()),
        )
    }


@functools.cache
def all_frozen() -> dict[str, Any]:
    """All exercises of all notebooks, worked out once."""
    return {id: frozen(one) for id, one in FOUND.items()}


def in_both_forms(found: dict[str, Any]) -> dict[str, Any]:
    """Exercises as a notebook and as a page says them."""
    return {
        form: {id: exercises.exercise(e, page=form == "page") for id, e in found.items()}
        for form in ("notebook", "page")
    }


@functools.cache
def all_exported() -> dict[str, Any]:
    return in_both_forms(all_frozen())


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
        "new": [{k: as_json(v) for k, v in t.items() if k != "day"} for t in new],
    }


def as_json(value: Any) -> Any:
    """A kept answer as a browser holds it, where all numbers are floats."""
    if isinstance(value, int) and not isinstance(value, bool):
        return float(value)
    if isinstance(value, list):
        return [as_json(v) for v in value]
    return {k: as_json(v) for k, v in value.items()} if isinstance(value, dict) else value


def node_says(said: dict[str, Any]) -> dict[str, Any]:
    if "error" in said:
        return said
    new = [said["entry"]] if said["entry"] and not said["again"] else []
    keys = ("title", "words", "right", "mistake", "answered")
    return {**{key: said[key] for key in keys}, "new": new}


def compared(
    ask: Asking,
    pairs: list[tuple[Any, Any]],
    patch: Any,
    words: str = "notebook",
    found: dict[str, Any] | None = None,
) -> int:
    """Judge answers in node and in Python, unkept, first, second, third; how many there were."""
    questions, wanted = [], []
    for one, value in pairs:
        for count in ATTEMPTS:
            tries = None if count is None else earlier(count)
            questions.append(
                {
                    "ask": "judge",
                    "id": one.id,
                    "value": packed(value),
                    "tries": tries,
                    "words": words,
                }
            )
            wanted.append(python_says(one, listed(one, value), tries, patch))
    said = [node_says(s) for s in ask(questions, found)]
    for n in (n for n, (one, _value) in enumerate(pairs) if is_function(one)):
        for told in (*said[4 * n : 4 * n + 4], *wanted[4 * n : 4 * n + 4]):
            for entry in told["new"]:  # Python keeps a function's source, a page what it gives
                entry.pop("answer")
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
        return [
            *options,
            options[:2],
            options[0].upper() + ".",
            f"'{options[0]}'",
            1,
            99,
            0.5,
            None,
            "nonsense",
            options[0][:-1] + "x",
            [*options, "x"],
            set(options),
            (),
            True,
            " and ".join(options[:2]),
            list(one.best_options),
            ...,
            tuple(options[-2:]),
        ]
    if isinstance(one, Write):
        return [
            ["yes", "no", "yes"],
            ["yes"] * 3,
            "yes, no, yes",
            "y n y",
            [True, False, 1],
            [1, 0, 0],
            ["yes"],
            3,
            None,
            "maybe",
            ["yes", "no", "perhaps"],
            ("YES", " no ", "No"),
            ...,
            {"a": 1},
        ]
    if isinstance(one.tolerance, Cases):
        count, luck = len(one.tolerance.arguments()), random.Random(SEED)
        thrown = [[luck.random() < 0.5 for _n in range(count)] for _n in range(12)]
        odd = [["yes"] * count, [1] * count, [...] * count, [True] * (count - 1) + [0.5]]
        return [*results_of(one), *thrown, *odd]
    right = one.reference()
    made = []
    for make, _hint in one.wrong.values():
        with contextlib.suppress(Exception):
            made.append(make())
    kind = answers.kind_of(right)
    odd = [
        None,
        ...,
        True,
        "nobody",
        "len(table)",
        [],
        {},
        {"a": 1},
        [1, "a"],
        [None, 2],
        "",
        [True, False],
        (1, 920),
        (0, 5),
        (50, 0),
        (2, 738 / 457, 920),
        float("nan"),
        float("inf"),
        10**400,
        [10**30],
        [[1, 2], [3]],
        "about 15",
        "'15'",
        {1, 2},
        (3,),
        [0.25],
        -0.0,
        0,
        0.0,
    ]
    if kind == "number":
        return [*made, *odd, *near_by(float(right)), *(v for m in made for v in written(m))]
    if kind in ("numbers", "names"):
        return [*made, *odd, *rows_near(right), right]
    if kind == "truth":
        return [*made, *odd, right]
    return [*made, *odd, right, *texts_near(one, right)]


def results_of(one: Check) -> list[list[Any]]:
    """What the right function and each mistaken one give for the cases."""
    assert isinstance(one.tolerance, Cases)
    makers = [one.reference, *(make for make, _hint in one.wrong.values())]
    return [[make()(*given) for given in one.tolerance.arguments()] for make in makers]


def written(value: Any) -> list[Any]:
    """A number as people write it: rounded."""
    if not isinstance(value, int | float | np.number) or not math.isfinite(value) or not value:
        return []
    return [float(f"{float(value):.{digits}g}") for digits in (1, 2, 3, 4)]


def near_by(right: float) -> list[Any]:
    factors = [1, 1.0001, 1.003, 1.02, 1.09, 1.3, 3, 0.5, -1, 100, 0.01, 1000, 0.001, 10, 1.0049]
    near = [right * f for f in factors] + [1 / right if right else 0, right + 1, right - 1]
    texts = [
        f"{right:.4g}",
        f"{right:,.2f}",
        f" {right} ",
        f"{100 * right:.3g}%",
        f"{right:.3g} people",
    ]
    many = [(right, 2.0), [right, right], [3.5, 7.0], [right]]
    return [*near, *written(right), *written(100 * right), *texts, *many]


def rows_near(right: Any) -> list[Any]:
    values = list(right.values()) if isinstance(right, Mapping) else [*np.ravel(right)]
    rows: list[Any] = [
        values[::-1],
        [100 * v for v in values],
        [v * 1.0001 for v in values],
        [float(f"{v:.2g}") for v in values],
        [float(f"{v:.1g}") for v in values],
        [v + 1 for v in values],
        [-v for v in values],
        [values[0]],
        values[0],
        values[-1],
        [*values, 1.0],
        tuple(values),
        [values[0], *[v * 2 for v in values[1:]]],
        [None] * len(values),
        [True] * len(values),
        [str(v) for v in values],
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
        set(names),
        names,
        names[:3],
        spelled,
        spelled[0],
        names[0].upper(),
        ", ".join(names[:2]),
        [" and ".join(names[:2])],
        "".join(names[:2]),
        [*names, "nonsense"],
        [n.upper() for n in names],
        [*names[:2], 3],
        {names[0]: 1},
        names[::-1],
        names * 2,
        [names[0]] * len(right),
        tuple(right),
        {*names, "straying"},
        list(right)[::-1],
        ["x" * 250, names[0]],
    ]


# --- the proof ------------------------------------------------------------------------------------


def test_every_collected_literal_gets_the_words_that_python_gives(ask, monkeypatch) -> None:
    pairs = [
        (all_frozen()[id], literal(source))
        for id, sources in COLLECTED.items()
        for source in sources
        if literal(source) is not NotImplemented and not is_function(FOUND[id])
    ]
    assert len(pairs) > 200
    assert compared(ask, pairs, monkeypatch) == 4 * len(pairs)


def is_function(one: Any) -> bool:
    return isinstance(one, Check) and isinstance(one.tolerance, Cases)


@pytest.mark.slow
@pytest.mark.parametrize("words", ["notebook", "page"])
def test_many_answers_to_every_exercise_get_the_words_that_python_gives(
    ask, monkeypatch, words
) -> None:
    if words == "page":
        speak_as_a_page(monkeypatch)
    pairs = [(one, v) for one in all_frozen().values() for v in variants(one)]
    for id in FOUND:
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


@pytest.mark.slow
def test_answers_that_need_their_notebook_get_the_words_that_python_gives(ask, monkeypatch) -> None:
    """Every collected answer is run where its notebook asks for it; plain values go to the page."""
    pairs: list[tuple[Any, Any]] = []

    def check(name: str, answer: Any = ...) -> checks.Checked:
        with contextlib.suppress(TypeError):
            packed(answer)
            pairs.append((all_frozen()[name], answer))
        return checks.Checked(answer, False, True, "")

    with monkeypatch.context() as patch:
        patch.setattr(checks, "check", check)
        for source in notebooks.sources(PROJECT):
            of = {id: a for id, a in COLLECTED.items() if id[:2] == source.stem[:2]}
            if of:
                wrong_answers.of_notebook(source, of)
    pairs = [(one, value) for one, value in pairs if not is_function(one)]
    assert len(pairs) > 300
    compared(ask, pairs, monkeypatch)


def test_a_judge_that_errs_is_noticed(ask, monkeypatch) -> None:
    one = all_frozen()["13-a"]
    monkeypatch.setattr(exercises, "value", lambda right: {**value_of(right), "values": [29.0]})
    with pytest.raises(AssertionError, match="differ"):
        compared(ask, [(one, 28)], monkeypatch, found={"13-a": one})


value_of = exercises.value


def test_answers_to_a_function_on_a_page_are_kept_as_they_were_given(ask) -> None:
    one = all_frozen()["02-b"]
    right = results_of(one)[0]
    question = {"ask": "judge", "id": "02-b", "words": "page", "value": packed([*map(bool, right)])}
    said, unkept, begun = ask(
        [
            {**question, "tries": []},
            {**question, "tries": None},
            {**question, "tries": [], "value": packed([None, *map(bool, right[1:])])},
        ]
    )
    assert said["right"] and said["kept"] == [bool(r) for r in right]
    assert unkept["right"] and unkept["kept"] is None
    assert not begun["answered"] and begun["kept"] is None


# --- what is typed --------------------------------------------------------------------------------

SOURCES = [
    "28",
    "-0.4",
    "1e-2",
    "1_000",
    ".5",
    "5.",
    "0.07, 0.21",
    "(0.07, 0.21)",
    "[1, 2.5]",
    "{'a', 'b'}",
    "{'a': 1, 'b': [2]}",
    "'one in six'",
    '"it\'s"',
    "True",
    "None",
    "...",
    "[1, ...]",
    "1/20",
    "2 ** 3",
    "-3 ** 2",
    "(1 + 2) * 3",
    "7 // 2",
    "-7 // 2",
    "-7 % 3",
    "7.5 % 2",
    "1,920",
    "0,41",
    "07",
    "1 2",
    "2x",
    "a",
    "len(x)",
    "1 if 2 else 3",
    "()",
    "(3,)",
    "[]",
    "{}",
    "'a' 'b'",
    r"'a\n'",
    "1__0",
    "10 ** -2",
    "[[1, 2], [3]]",
    "{1, 1.0, True}",
    "{1: 2, 1.0: 3}",
    "1e400",
    "+5",
    "--5",
    "3 - -2",
    "1 +",
    "(1",
    "]",
    "# nothing",
    "5 # five",
    "'unfinished",
    "1,",
    "5 % 3",
    "4400/455061",
    "{1: 2, **a}",
    "not True",
]

CODES = [
    "len(faces.images)",
    "faces.images",
    "a[0]",
    "falling[allowed]",
    "1,920",
    "nobody",
    "about 15",
    "x.y",
    "f(x)[1:2]",
    "f(a=1, *b)",
    "lambda x: x.y",
    "[x.y for x in z if x]",
    "'text'.upper()",
    "a + b",
    "(a < b).mean()",
    "not a.b",
    "a if b.c else d",
    "{a.b: 1}",
    "yes.",
    "one in six",
    "a is not b.c",
    "-a.b ** 2",
    "a.b.",
    "print(len(x))",
    "1.5.real",
    "a[",
    "np.sqrt(((a - b) ** 2).sum())",
    "x[1:, ::2]",
]


def worth(source: str) -> Any:
    """What Python makes of a constant expression, or nothing."""
    try:
        tree = ast.parse(source.strip(), mode="eval")
    except (SyntaxError, ValueError):
        return None
    fine = (
        ast.Expression
        | ast.Constant
        | ast.Tuple
        | ast.List
        | ast.Set
        | ast.Dict
        | ast.UnaryOp
        | ast.BinOp
        | ast.operator
        | ast.USub
        | ast.UAdd
        | ast.Load
    )
    if not all(isinstance(node, fine) for node in ast.walk(tree)):
        return None
    with contextlib.suppress(Exception):
        return json.loads(json.dumps(packed(eval(source.strip()))))
    return None


def test_python_literals_and_calculations_are_read_as_python_reads_them(ask) -> None:
    given = [*SOURCES, *(s for of in wrong_answers.collected(PROJECT).values() for s, *_ in of)]
    said = ask([{"ask": "constant", "text": source} for source in given])
    same([ordered(s) for s in said], [ordered(worth(s)) for s in given], given)


def ordered(value: Any) -> Any:
    """A set's items in one order; floats that hold whole numbers as JSON writes them."""
    if isinstance(value, dict) and value.get("is") == "set":
        return {**value, "items": sorted(map(json.dumps, map(ordered, value["items"])))}
    return value


def test_what_python_could_work_out_is_known_as_code(ask) -> None:
    given = [*CODES, *SOURCES]
    said = ask([{"ask": "code", "text": source} for source in given])
    same(said, [slips.is_code(source) for source in given], given)


TYPED = [
    ("03-b", "0.145", 0.145, None),
    ("03-b", "0,145", 0.145, "0.145"),
    ("03-b", "14.5%", 0.145, "0.145"),
    ("03-b", "14,5 %", 0.145, "0.145"),
    ("03-b", "1041/7185", 1041 / 7185, "0.144885"),
    ("03-b", "1,041 / 7,185", 1041 / 7185, "0.144885"),
    ("03-b", "1,041 in 7,185", 1041 / 7185, "0.144885"),
    ("03-b", "1041 out of 7185", 1041 / 7185, "0.144885"),
    ("03-b", "1 de cada 7", 1 / 7, "0.142857"),
    ("03-b", "answer = 0.145", 0.145, None),
    ("03-b", ".145", 0.145, None),
    ("03-a", "\u22120.3793", -0.3793, None),
    ("03-a", "\u2212 0,3793", -0.3793, "-0.3793"),
    ("00-a", "1,920", 1920, "1920"),
    ("00-a", "1 920", 1920, "1920"),
    ("00-a", "480 * 4", 1920, "1920"),
    ("00-a", "480 \u00d7 4", 1920, "1920"),
    ("08-c", "2,150", 2150, "2150"),
    ("11-a", "1,713", 1.713, "1.713"),
    ("09-b", "3,740", 3.74, "3.74"),
    ("08-a", "1.190,3", 1190.3, "1190.3"),
    ("08-a", "1,190.3", 1190.3, "1190.3"),
    ("07-b", "0.9*0.00787587 + 0.05*(0.0116314 + 0.0104162)", 0.008190663, "0.00819066"),
    ("13-a", "8*7/2", 28.0, "28"),
]
"""Exercise, what is typed, what is meant, and how it is said to be read."""


def read(ask: Asking, rows: list[Any]) -> list[Any]:
    """What is read in each row: its first two are an exercise and what is typed."""
    return ask([{"ask": "read", "id": id, "typed": typed} for id, typed, *_rest in rows])


def test_numbers_are_read_as_people_write_them(ask) -> None:
    said = read(ask, TYPED)
    got = [(float(v["n"]), v.get("readAs", {}).get("number")) for v in said]
    same(got, [(pytest.approx(m, rel=1e-6), told) for _id, _t, m, told in TYPED], TYPED)


TYPED_ROWS = [
    ("04-a", "0.0749, 0.208", [0.0749, 0.208]),
    ("04-a", "(0.0749, 0.208)", [0.0749, 0.208]),
    ("04-a", "0,0749; 0,208", [0.0749, 0.208]),
    ("04-a", "0,0749, 0,208", [0.0749, 0.208]),
    ("04-a", "0.0749 to 0.208", [0.0749, 0.208]),
    ("04-a", "0.0749 \u2013 0.208", [0.0749, 0.208]),
    ("04-a", "0.0749-0.208", [0.0749, 0.208]),
    ("04-a", "7.49% and 20.8%", [0.0749, 0.208]),
    ("04-a", "[7.49 %; 20.8 %]", [0.0749, 0.208]),
    ("06-c", "age, images, camera", ["age", "images", "camera"]),
    ("06-c", "[age, images, camera]", ["age", "images", "camera"]),
    ("06-c", "['age', 'images', 'camera']", ["age", "images", "camera"]),
    ("06-c", "\u2018age\u2019, \u2018images\u2019 and camera", ["age", "images", "camera"]),
    ("02-c", "Ari Bo", "Ari Bo"),
    ("01-a", "banned", "banned"),
    ("01-a", "one in six, never at 99", ["one in six", "never at 99"]),
    ("01-a", "set()", []),
    ("03-c", "phone, strict", "phone, strict"),
    ("03-c", "'phone, strict'", "phone, strict"),
]


def test_rows_and_words_are_read_without_brackets_and_quotation_marks(ask) -> None:
    said = [
        v.get("text") or [i.get("text", i.get("n")) for i in v["items"]]
        for v in read(ask, TYPED_ROWS)
    ]
    wanted = [
        pytest.approx(meant) if isinstance(meant, list) and "04-a" == id else meant
        for id, _typed, meant in TYPED_ROWS
    ]
    same(said, wanted, TYPED_ROWS)


def test_nothing_typed_is_not_answered(ask) -> None:
    nothing = ["", "   ", "...", "\u2026"]
    assert {v["is"] for v in read(ask, [("13-a", typed) for typed in nothing])} == {"open"}


SAID_TYPED = [
    ("00-a", "1,920", "right", ""),
    (
        "00-a",
        "1920 photographs",
        "kind",
        "Write the number alone: 1920. The number itself is right.",
    ),
    (
        "00-a",
        "'1920'",
        "kind",
        "In quotes it is text. Take the quotes away; write the number alone:"
        " 1920. The number itself is right.",
    ),
    (
        "00-a",
        "len(faces.images)",
        "kind",
        "This page runs no Python: work the number out another"
        " way, and write it. This answer is text ('len(faces.images)'). Expected: a whole number.",
    ),
    ("00-a", "many", "kind", "This answer is text ('many'). Expected: a whole number."),
    ("03-b", "14.5", "percent", ""),
    ("02-a", "0.409", "right", ""),
    ("03-a", "\u22120,37927", "right", ""),
    ("04-b", "52/457,924", "right", ""),
    ("04-a", "0.0751 to 0.2083", "right", ""),
    ("12-b", "(10,117.4 - 1,190.3) / (55.6 - 34.4)", "right", ""),
    (
        "03-b",
        "2/15",
        "",
        "It is too low. It is near: a detail is missing, such as a place, a sign, or"
        " who is counted.",
    ),
    (
        "01-a",
        "one in six, banned, always 99, never at 99, cleared by NIST, Gender Shades",
        "right",
        "",
    ),
    (
        "01-a",
        "PST, bannd",
        "misspelt",
        "'bannd' is none of those that are offered. Did you mean 'banned'?",
    ),
    ("01-a", "PST banned", "misspelt", "A comma is missing between two names: write PST, banned."),
    ("06-c", "age, images, camera", "right", ""),
    (
        "05-c",
        "unfair",
        "kind",
        "Did you mean 'fair'? This answer is text ('unfair'). Give one of these names:",
    ),
]


def test_what_is_said_to_what_was_typed(ask) -> None:
    common = {"ask": "judge", "tries": [], "words": "page"}
    said = ask([{**common, "id": id, "typed": typed} for id, typed, *_rest in SAID_TYPED])
    for (id, typed, verdict, words), told in zip(SAID_TYPED, said, strict=True):
        assert told["right"] == (verdict == "right"), (id, typed, told)
        assert told["mistake"] == ("" if verdict == "right" else verdict), (id, typed, told)
        assert words in told["words"], (id, typed, told)


# --- guesses --------------------------------------------------------------------------------------

BOUNDS = [
    (0, 100, True),
    (0, 1, False),
    (0, None, False),
    (None, 5, False),
    (0, 20, True),
    (1, 50, True),
    (None, None, False),
    (-1, 1, False),
    (0, 40_000, False),
    (None, None, True),
]


def test_guesses_are_taken_and_asked_about_as_in_python(ask) -> None:
    luck = random.Random(SEED)
    given = [
        v
        for s in sorted({s for of in GUESSED.values() for s, *_ in of})
        if (v := literal(s)) is not NotImplemented
    ]
    given += [luck.uniform(-2, 120) for _n in range(60)] + [10.0**n for n in range(-6, 9)]
    given += [
        None,
        ...,
        True,
        "12%",
        "0,5",
        "twice",
        (0, 5),
        (1, 920),
        float("nan"),
        float("inf"),
        [1],
        {"a": 1},
        {1},
        10**400,
        "1/4",
        "nobody",
        -0.0,
        1e16,
        123456.7,
    ]
    pairs = [(v, bounds) for v in given for bounds in BOUNDS]
    said = ask(
        [
            {"ask": "guess", "value": packed(v), "low": low, "high": high, "whole": whole}
            for v, (low, high, whole) in pairs
        ]
    )
    wanted = []
    for v, bounds in pairs:
        kept, remarks = guesses.read(v, *bounds)
        told: dict[str, Any] = {"remarks": remarks}
        if kept is not ...:
            told["kept"] = as_json(journal.plain(kept))
        wanted.append(told)
    same([{k: as_json(v) for k, v in s.items()} for s in said], wanted, pairs)


def test_a_guess_is_compared_with_its_result_as_in_python(ask) -> None:
    luck = random.Random(SEED)
    sizes = [10.0 ** luck.uniform(-4, 7) for _n in range(400)]
    pairs: list[tuple[Any, Any]] = [
        (luck.choice((1, -1)) * a, luck.choice((1, 1, -1)) * b)
        for a, b in zip(sizes, reversed(sizes), strict=True)
    ]
    pairs += [(luck.randrange(100), luck.randrange(100)) for _n in range(400)]
    pairs += [(5, 5), (0, 3), (2.5, 5), ("a", 3), (None, 2), (True, 1), (10.5, 0.5), (12.5, 2)]
    said = ask([{"ask": "apart", "guess": g, "value": v} for g, v in pairs])
    same(said, [journal._apart(g, v) for g, v in pairs], pairs)


TYPED_GUESSES = [
    ("1,920", 0, None, 1920, None),
    ("about 15", 0, 20, 15, "Taken as 15."),
    ("12 %", 0, 1, 0.12, None),
    ("12 %", 0, 100, 12, "Taken as 12."),
    ("1 in 100", 0, 1, 0.01, None),
    (
        "1 in 4",
        0,
        100,
        0.25,
        "The question asks for a number from 0 to 100. Did you mean a share of it, 25?",
    ),
    ("0,5", 0, 1, 0.5, None),
    ("no idea", 0, 1, None, "A guess is one number here: write it without words."),
    ("phone", None, None, "phone", None),
]


def test_a_typed_guess_is_read_kindly(ask) -> None:
    said = ask(
        [
            {"ask": "typedGuess", "typed": typed, "low": low, "high": high, "whole": False}
            for typed, low, high, *_rest in TYPED_GUESSES
        ]
    )
    got = [(told.get("kept"), told["remarks"]) for told in said]
    wanted = [(kept, [remark] if remark else []) for *_typed, kept, remark in TYPED_GUESSES]
    same(got, wanted, TYPED_GUESSES)


# --- numbers and texts as Python writes them ------------------------------------------------------


def numbers_of_all_sizes() -> list[float]:
    luck = random.Random(SEED)
    found = [luck.uniform(-1, 1) * 10.0 ** luck.uniform(-12, 20) for _n in range(3000)]
    found += [round(x, luck.randrange(6)) for x in found[:1000]]
    found += (
        [n / 8 for n in range(-40, 40)]
        + [n + 0.5 for n in range(30)]
        + [10.0**n for n in range(-20, 23)]
    )
    found += [
        0.0,
        -0.0,
        9.9995,
        99999.5,
        999999.5,
        0.00001,
        1e16,
        1e15,
        5e-324,
        1.7976931348623157e308,
    ]
    found += [math.inf, -math.inf, math.nan, 0.125, 0.375, 2.675, 1e22, 1e21]
    return found


def test_numbers_are_written_as_python_writes_them(ask) -> None:
    given = numbers_of_all_sizes()
    said = ask([{"ask": "formats", "x": number(x)} for x in given])
    wanted = [
        [
            repr(x),
            f"{x:,.0f}",
            f"{x:,.1f}",
            f"{x:.3f}",
            f"{x:g}",
            f"{x:,g}",
            f"{x:.3g}",
            f"{x:.4g}",
            f"{x:.2g}",
        ]
        for x in given
    ]
    same(said, wanted, given)


def test_numbers_are_rounded_as_python_rounds_them(ask) -> None:
    pairs = [
        (x, places)
        for x in numbers_of_all_sizes()
        if math.isfinite(x)
        for places in (-3, 0, 1, 2, 5)
    ]
    pairs = [(x, places) for x, places in pairs if abs(x) < 1e300]
    said = ask([{"ask": "rounded", "x": x, "places": places} for x, places in pairs])
    same(said, [repr(round(x, places)) for x, places in pairs], pairs)


def test_values_are_spoken_as_the_journal_speaks_them(ask) -> None:
    luck = random.Random(SEED)
    given: list[Any] = [
        *numbers_of_all_sizes()[:1500],
        *(luck.randrange(10**17) for _n in range(200)),
    ]
    given += [
        True,
        False,
        None,
        "gate",
        "x" * 400,
        [1, 2.5],
        (1, "a"),
        list(range(20)),
        {"a": 1, "b": [2]},
        {"b", "a"},
        -5,
        -12345,
        10**15,
        10**15 - 1,
    ]
    said = ask([{"ask": "spoken", "value": packed(v)} for v in given])
    same(said, [journal.spoken(v) for v in given], given)


def test_texts_are_written_and_compared_as_python_does(ask) -> None:
    luck = random.Random(SEED)
    letters = "abcdeé ,;&'\"\\\n\tßÅ\u00a0\u200bñ1."
    given = ["".join(luck.choices(letters, k=luck.randrange(20))) for _n in range(500)]
    same(ask([{"ask": "reprText", "text": t} for t in given]), [repr(t) for t in given], given)
    mixed = numbers_in_texts(luck)
    said = ask([{"ask": "numberIn", "text": t} for t in mixed])
    same(said, [slips.number_in(t) for t in mixed], mixed)
    from difflib import get_close_matches

    known = [
        "one in six",
        "gender shades",
        "banned",
        "always 99",
        "never at 99",
        "pst",
        "cardiff",
        "x" * 210,
    ]
    near = [mistyped(luck, name) for name in known for _n in range(80)]
    said = ask([{"ask": "closest", "text": t, "known": known} for t in near])
    same(said, [next(iter(get_close_matches(t, known, 1)), None) for t in near], near)
    rows = [
        luck.choice([", ", " and ", "; ", " ", "", "&"]).join(luck.sample(near, 2))
        for _n in range(300)
    ]
    said = ask([{"ask": "namesIn", "text": t, "known": known[:-1]} for t in rows])
    same(said, [checks.names_in(t, known[:-1]) for t in rows], rows)


def numbers_in_texts(luck: random.Random) -> list[str]:
    signs = "0123456789.,-+/e% ax"
    made = ["".join(luck.choices(signs, k=luck.randrange(1, 12))) for _n in range(1500)]
    return [t for t in made if not overflows(t)]


def overflows(text: str) -> bool:
    """Whether a text holds a number that no float holds, or a fraction of what is none."""
    try:
        found = slips.number_in(text)
    except ValueError:
        return True
    return found is not None and not math.isfinite(found)


def mistyped(luck: random.Random, name: str) -> str:
    signs = list(name)
    for _n in range(luck.randrange(3)):
        signs[luck.randrange(len(signs))] = luck.choice("aeiou x9")
    return "".join(signs)


# --- what differs ---------------------------------------------------------------------------------

OF_PYTHON = re.compile(
    r"Python|[Qq]uotes|`[^`]*[(=\[][^`]*`|\.loc|three dots|square brackets|the cell\b"
)
FIT = {"quotes", "own quotes", "no comma", "code"}
"""Sentences that are said only where quotation marks or code were typed."""


def test_no_sentence_of_a_page_speaks_of_python_unless_it_was_typed() -> None:
    words = exercises.words()
    said = {
        key: text
        for room in ("texts", "slips", "asks", "is", "things")
        for key, text in words[room].items()
    }
    told = {key: text for key, text in said.items() if key not in FIT | bared(said)}
    for id, one in all_frozen().items():
        for key, text in sentences_of(exercises.exercise(one)):
            told[f"{id} {key}"] = text
    left = {key: text for key, text in told.items() if OF_PYTHON.search(text)}
    assert not left


def bared(said: dict[str, str]) -> set[str]:
    """Sentences that have another form for what stood without quotation marks."""
    return {key.removesuffix(" bare") for key in said if key.endswith(" bare")}


def sentences_of(one: dict[str, Any]) -> list[tuple[str, str]]:
    found = [(key, one[key]) for key in ("hint", "way", "expects") if key in one]
    found += [(m["name"], m["hint"]) for m in one.get("mistakes", [])]
    return found + [(o["name"], o["feedback"]) for o in one.get("options", [])]


def test_every_difference_has_a_sentence_it_stands_for_and_a_reason() -> None:
    own = {"texts": checks.TEXTS, "slips": slips.SLIPS, "asks": guesses.ASKS}
    for room, others in page_words.SENTENCES.items():
        for key, other in others.items():
            assert other.reason
            assert key.removesuffix(" bare") in own[room] or key == "read as", key
    told = {text for one in FOUND.values() if isinstance(one, Check) for text in own_sentences(one)}
    gone = sorted(set(page_words.EXERCISES) - told)
    assert not gone, f"no exercise says this any more: {gone}"


def own_sentences(one: Check) -> list[str]:
    return [one.hint, one.way, one.expects, *(hint for _make, hint in one.wrong.values())]


def test_everything_exported_is_json_and_no_larger_than_a_page_can_bear() -> None:
    for number_of in ("00", "02", "13"):
        size = len(json.dumps(exercises.exported(number_of), allow_nan=False))
        assert size < 60_000, number_of

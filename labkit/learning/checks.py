"""``check``: the answer to an exercise, judged in words, with the value the notebook goes on with.

In: an exercise's name and the learner's answer.  Out: one printed paragraph and a
:class:`Checked`.  Nothing a learner can write makes it stop the notebook.
"""

from __future__ import annotations

import contextlib
import copy
import difflib
import io
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from numbers import Real
from typing import Any

import numpy as np

from labkit.base.words import say
from labkit.learning import journal
from labkit.learning.exercises import (
    Absolute,
    Cases,
    Check,
    Choose,
    Exact,
    Exercise,
    Relative,
    Write,
    find,
)

__all__ = ["check", "Checked", "Check", "Choose", "Write", "Relative", "Absolute", "Exact", "Cases"]

TEXTS = {
    "right": "{id}: right.",
    "near": "The exact value is {value}.",
    "open": "{id}: not answered yet. Put your answer in place of the three dots. Until then the"
    " notebook goes on with the lab's own value.",
    "wrong": "{id}: not right yet.",
    "goes on": "The notebook goes on with your answer, so what follows is yours and may look odd.",
    "lab's": "Until it fits, the notebook goes on with the lab's own value.",
    "kind": "This answer is {given}. Expected: {expected}.",
    "many": "Its {count:,} numbers have not been brought together into one yet: is a step such as"
    " .sum() missing?",
    "mine": " (your answer, not right yet)",
    "nan": "This answer is not a number (NaN): somewhere a missing value or a division by zero"
    " came in. Expected: {expected}.",
    "high": "It is too high.",
    "low": "It is too low.",
    "different": "It is not the right one.",
    "item high": "{right} of {all} are right; number {item} is too high.",
    "item low": "{right} of {all} are right; number {item} is too low.",
    "item": "{right} of {all} are right; look at number {item}.",
    "name high": "{right} of {all} are right; {item!r} is too high.",
    "name low": "{right} of {all} are right; {item!r} is too low.",
    "set": "{right} of your {given} belong there; {missing} missing.",
    "percent": "It is a hundred times the right value: give a share between 0 and 1, not a"
    " percentage.",
    "share": "It is a hundredth of the right value: give a percentage, not a share.",
    "sign": "Its size is right; its sign is not.",
    "stopped": "Your function stopped with {error} when it was called with {call}.",
    "case": "{right} of {all} calls give the right result. Called with {call} it gives {given};"
    " right would be {expected}.",
    "case kind": "Called with {call} your function gives {given}. Expected: {expected}.",
    "function": "a function (its name, without brackets)",
    "hint": "Hint: {text}",
    "second hint": "Second hint: {text}",
    "way": "The way: {text}",
    "options": "{id}: {given} is not one of the options: {options}.",
    "meant": " Did you mean {near!r}?",
    "choose open": "{id}: not answered yet. Choose one of: {options}.",
    "chosen": "{id}: {option}. {feedback}",
    "passed": "(This counts as answered.)",
    "again": "(Think again, and choose another.)",
    "write open": "{id}: write your text, then answer three questions with 'yes' or 'no':"
    " check({id!r}, ['yes', 'no', 'yes']).",
    "write bad": "{id}: {given} cannot be read as three answers. Give a list of three times 'yes'"
    " or 'no'.",
    "write": "{id}: {count} of 3 answered with yes.",
    "write more": "Can you change your text so that the others become a yes?",
    "unknown": "check: {why}.",
    "broken": "{id}: the lab could not work out its own value ({error}), so your answer was not"
    " checked. Run labkit.app.doctor.doctor() to see what is missing.",
    "lost": "{id}: this answer could not be checked ({error}). The notebook goes on with the lab's"
    " own value where it has one.",
}
STUCK = 3  # answers of the wrong kind after which the general hint is said
YES = {"yes", "y", "true", "1"}
NO = {"no", "n", "false", "0"}


@dataclass(frozen=True)
class Checked:
    """What an answer was worth.

    Parameters
    ----------
    value
        What the notebook goes on with: the learner's answer if it is of the expected kind (right
        or wrong), else the lab's own.
    right
        True when the exercise is passed.
    yours
        True when ``value`` is the learner's own.
    words
        What was printed.
    mistake
        Name of the mistake that was recognised, else empty.
    """

    value: Any
    right: bool
    yours: bool
    words: str
    mistake: str = ""

    @property
    def mark(self) -> str:
        """What to print behind a number made from ``value``; empty unless it is yours and wrong.

        Examples
        --------
        >>> Checked(3, right=False, yours=True, words="").mark
        ' (your answer, not right yet)'
        """
        return TEXTS["mine"] if self.yours and not self.right else ""

    def _ipython_display_(self) -> None:
        """Show nothing: the words are printed already."""


def check(name: str, answer: Any = ...) -> Checked:
    """Judge an answer and say what was found; never raises.

    Parameters
    ----------
    name
        The exercise, ``"03-b"``.
    answer
        The learner's answer; ``...`` (three dots) means not answered yet.

    Returns
    -------
    checked
        ``checked.value`` is what the notebook goes on with.

    Examples
    --------
    >>> check("99-z", 3).right
    check: there is no exercise '99-z' (in that notebook: none).
    False
    """
    try:
        exercise = find(name)
    except Exception as error:
        why = error.args[0] if isinstance(error, KeyError) else _error(error)
        return _say(Checked(answer, False, True, TEXTS["unknown"].format(why=why)))
    try:
        return _say(judge(exercise, answer))
    except Exception as error:
        words = TEXTS["lost"].format(id=exercise.id, error=_error(error))
        return _say(Checked(_own_value(exercise, answer), False, False, words))


def _say(checked: Checked) -> Checked:
    say(checked.words)
    return checked


def _error(error: BaseException) -> str:
    with contextlib.suppress(Exception):
        return f"{type(error).__name__}: {error}"[: journal.LONGEST]
    return type(error).__name__


def _own_value(exercise: Exercise, answer: Any) -> Any:
    with contextlib.suppress(Exception):
        if isinstance(exercise, Check):
            return exercise.reference()
        if isinstance(exercise, Choose):
            return exercise.best_options[0]
    return answer


def judge(exercise: Exercise, answer: Any, *, keep: bool = True) -> Checked:
    """What :func:`check` prints and returns, without printing.

    Parameters
    ----------
    exercise
        An exercise, from the registry or not.
    answer
        The learner's answer.
    keep
        Keep the attempt in the journal (and give later hints to later attempts).
    """
    if isinstance(exercise, Choose):
        return _choose(exercise, answer, keep)
    if isinstance(exercise, Write):
        return _write(exercise, answer, keep)
    try:
        right = exercise.reference()
    except Exception as error:
        words = TEXTS["broken"].format(id=exercise.id, error=_error(error))
        return Checked(None if _open(answer) else answer, False, not _open(answer), words)
    if _open(answer):
        return Checked(right, False, False, TEXTS["open"].format(id=exercise.id))
    found = (_function if isinstance(exercise.tolerance, Cases) else _value)(
        exercise, right, answer
    )
    return _with_hints(exercise, found, right, answer, keep)


# --- kinds of answers ------------------------------------------------------------------------


class _WrongKind(Exception):
    """The answer is not of the kind that is expected; the text says what it is."""


def _open(answer: Any) -> bool:
    """Three dots, alone or anywhere in a list."""
    if answer is ...:
        return True
    if isinstance(answer, Mapping):
        return any(v is ... for v in answer.values())
    return isinstance(answer, list | tuple | set) and any(v is ... for v in answer)


def describe(answer: Any) -> str:
    """What kind of thing an answer is, in words.

    Examples
    --------
    >>> describe("0.3"), describe(None), describe([1, 2]), describe(np.zeros((2, 3)))
    ("text ('0.3')", 'nothing (None)', 'a list of 2 numbers', 'an array of shape 2 x 3')
    >>> describe([True, False]), describe([1, "a"])
    ('a list of 2 yes-or-no values', 'a list of 2 things of different kinds')
    """
    if answer is None:
        return "nothing (None)"
    if isinstance(answer, bool | np.bool_):
        return f"{bool(answer)} (yes or no)"
    if isinstance(answer, str):
        return f"text ({answer[:40]!r})"
    if isinstance(answer, int | float | np.number):
        return f"a number ({journal.spoken(answer)})"
    if isinstance(answer, Mapping):
        return f"a dictionary with {len(answer)} names"
    if isinstance(answer, list | tuple | set):
        return f"a {type(answer).__name__} of {len(answer)}{_of(answer)}"
    if hasattr(answer, "columns") and hasattr(answer, "shape"):
        return "a whole table, with rows and columns"
    if isinstance(getattr(answer, "shape", None), tuple):
        return "an array of shape " + (" x ".join(str(s) for s in answer.shape) or "()")
    if callable(answer):
        return "a function (were the round brackets forgotten that call it?)"
    return f"a {type(answer).__name__}"


def _of(answer: list | tuple | set) -> str:
    """What the things in a list are, in words; empty for an empty list."""
    kinds = {_thing(a) for a in answer}
    if len(kinds) > 1:
        return " things of different kinds"
    return kinds.pop() if kinds else ""


def _thing(answer: Any) -> str:
    if isinstance(answer, bool | np.bool_):
        return " yes-or-no values"
    if isinstance(answer, str):
        return " texts"
    if isinstance(answer, int | float | np.number):
        return " numbers"
    if answer is None:
        return " empty values (None)"
    if isinstance(answer, list | tuple | set):
        return " lists"
    return " arrays" if isinstance(answer, np.ndarray) else " other things"


def _many(answer: Any) -> int:
    """How many numbers an answer holds where one was expected; 0 for anything else."""
    column = hasattr(answer, "to_numpy") and getattr(answer, "ndim", 0) == 1
    if not (column or isinstance(answer, np.ndarray | list | tuple)):
        return 0
    try:
        array = np.asarray(answer)
    except Exception:  # a list may hold anything
        return 0
    return array.size if array.dtype.kind in "iuf" and array.size > 1 else 0


def _kind(right: Any) -> str:
    """Which kind of answer fits a right value."""
    if callable(right):
        return "function"
    if isinstance(right, bool | np.bool_):
        return "truth"
    if isinstance(right, str):
        return "text"
    if isinstance(right, set | frozenset):
        return "set"
    if isinstance(right, Mapping):
        return "names"
    array = np.asarray(right)
    if array.dtype.kind in "US":
        return "texts"
    return "number" if array.ndim == 0 else "numbers"


def expected(exercise: Check, right: Any) -> str:
    """What kind of answer an exercise expects, in words."""
    if exercise.expects:
        return exercise.expects
    return _expected(right)


def _expected(right: Any) -> str:
    kind = _kind(right)
    if kind == "number":
        whole = np.asarray(right).dtype.kind in "iu"
        return "a whole number" if whole else "one number, such as 0.25 or 1e-3"
    if kind == "numbers":
        shape = np.shape(right)
        many = f"{shape[0]} numbers" if len(shape) == 1 else " x ".join(map(str, shape))
        return f"a list of {many}" if len(shape) == 1 else f"an array of shape {many}"
    return {
        "truth": "True or False",
        "text": "a text in quotes",
        "set": "a set or list of texts, such as {'a', 'b'}",
        "texts": f"a list of {np.size(right)} texts",
        "names": "a dictionary with the names " + ", ".join(map(repr, right))
        if isinstance(right, Mapping)
        else "",
    }[kind]


def _number(answer: Any) -> float:
    """One number; ``_WrongKind`` for anything else, True and False included."""
    if isinstance(answer, bool | np.bool_ | str | bytes) or answer is None or callable(answer):
        raise _WrongKind
    if isinstance(answer, set | Mapping):
        raise _WrongKind
    try:
        array = np.asarray(answer)
        if array.size != 1 or array.dtype.kind in "bUSmMc":
            raise _WrongKind
        return float(array.reshape(-1)[0])
    except (TypeError, ValueError, OverflowError):
        raise _WrongKind from None


def _numbers(answer: Any, shape: tuple[int, ...]) -> np.ndarray:
    """Numbers of a given shape."""
    if isinstance(answer, str | set | Mapping) or callable(answer):
        raise _WrongKind
    try:
        array = np.asarray(answer)
        if array.dtype.kind in "bUSmMc":
            raise _WrongKind
        array = array.astype(float)
    except (TypeError, ValueError, OverflowError):
        raise _WrongKind from None
    if array.shape != shape and array.squeeze().shape == shape:
        array = array.squeeze()
    if array.shape != shape:
        raise _WrongKind
    return array


def _text(answer: Any) -> str:
    if not isinstance(answer, str):
        raise _WrongKind
    return " ".join(answer.casefold().split())


def read_as(right: Any, answer: Any) -> Any:
    """An answer brought into the form of the right value.

    Raises
    ------
    _WrongKind
        When it is of another kind or size.
    """
    kind = _kind(right)
    if kind == "number":
        return _number(answer)
    if kind == "numbers":
        return _numbers(answer, np.shape(right))
    if kind == "truth":
        if not isinstance(answer, bool | np.bool_):
            raise _WrongKind
        return bool(answer)
    if kind == "text":
        return _text(answer)
    if kind == "names":
        if not isinstance(answer, Mapping) or set(answer) != set(right):
            raise _WrongKind
        return np.array([_number(answer[k]) for k in right])
    if isinstance(answer, str):
        answer = [answer] if kind == "set" else answer
    if isinstance(answer, str | Mapping) or not hasattr(answer, "__iter__"):
        raise _WrongKind
    texts = [_text(a) for a in answer]
    if kind == "texts" and len(texts) != np.size(right):
        raise _WrongKind
    return frozenset(texts) if kind == "set" else texts


def steps(tolerance: Relative | Absolute | Exact, right: Any, answer: Any) -> float:
    """How far an answer is from a value, in tolerances: at most 1 is near enough.

    The answer must be in the form :func:`read_as` gives; the largest distance of its parts counts.
    """
    kind = _kind(right)
    if kind in ("number", "numbers", "names"):
        reference = list(right.values()) if kind == "names" else right
        found = np.asarray(tolerance.steps(np.asarray(reference, float), answer))
        return float(found.max()) if found.size else 0.0
    return 0.0 if read_as(right, right) == answer else np.inf


# --- values ------------------------------------------------------------------------------------


@dataclass(frozen=True)
class _Found:
    """What judging found: passed, usable by the notebook, and the words for it."""

    right: bool
    usable: bool
    words: str = ""
    mistake: str = ""
    hint: str = ""


def _value(exercise: Check, right: Any, answer: Any) -> _Found:
    tolerance = exercise.tolerance
    assert not isinstance(tolerance, Cases)
    kind = expected(exercise, right)
    try:
        given = read_as(right, answer)
    except _WrongKind:
        words = TEXTS["kind"].format(given=describe(answer), expected=kind)
        many = _many(answer) if _kind(right) == "number" else 0
        words += " " + TEXTS["many"].format(count=many) if many else ""
        return _Found(False, False, words, "kind")
    if isinstance(given, float | np.ndarray) and np.isnan(given).any() > np.isnan(_flat(right)):
        return _Found(False, False, TEXTS["nan"].format(expected=kind), "not a number")
    if steps(tolerance, right, given) <= 1:
        return _Found(True, True)
    nearest = _nearest(exercise, lambda wrong: _steps_to(tolerance, right, wrong, given))
    if nearest:
        return _Found(False, True, mistake=nearest, hint=exercise.wrong[nearest][1])
    return _Found(False, True, _direction(tolerance, right, given))


def _flat(right: Any) -> Any:
    """True when a right value itself holds missing numbers."""
    values = list(right.values()) if isinstance(right, Mapping) else right
    array = np.asarray(values)
    return array.dtype.kind == "f" and bool(np.isnan(array).any())


def _steps_to(tolerance: Relative | Absolute | Exact, right: Any, wrong: Any, given: Any) -> float:
    """Distance of an answer from the value that a mistake gives."""
    if _kind(wrong) != _kind(right) or np.shape(wrong) != np.shape(right):
        return np.inf
    if isinstance(right, Mapping):
        wrong = {k: wrong[k] for k in right}
    return steps(tolerance, wrong, given)


def _nearest(exercise: Check, distance: Callable[[Any], float]) -> str:
    """The named mistake that lies nearest to an answer and near enough; empty if none does."""
    best, name = 1.0, ""
    for mistake, (wrong, _) in exercise.wrong.items():
        with contextlib.suppress(Exception):  # a mistake that cannot be computed is not recognised
            far = distance(wrong())
            if far <= best and (far < best or not name):
                best, name = far, mistake
    return name


def _direction(tolerance: Relative | Absolute | Exact, right: Any, given: Any) -> str:
    """Where a wrong answer of the right kind lies."""
    kind = _kind(right)
    if kind == "number":
        share = 0 < abs(right) <= 1
        for factor, words, possible in (
            (100, "percent", share),
            (0.01, "share", not share),
            (-1, "sign", right),
        ):
            if possible and steps(tolerance, float(right) * factor, given) <= 1:
                return TEXTS[words]
        return TEXTS["high" if given > right else "low"]
    if kind == "set":
        whole = read_as(right, right)
        right_ones = len(whole & given)
        return TEXTS["set"].format(
            right=right_ones, given=len(given), missing=len(whole) - right_ones
        )
    if kind == "texts":
        same = [a == b for a, b in zip(read_as(right, right), given, strict=True)]
        return TEXTS["item"].format(right=sum(same), all=len(same), item=same.index(False) + 1)
    if kind in ("numbers", "names"):
        values = np.asarray(list(right.values()) if kind == "names" else right, float)
        good = np.asarray(tolerance.steps(values, given)).ravel() <= 1
        first = int(np.argmin(good))
        side = "high" if given.ravel()[first] > values.ravel()[first] else "low"
        item = list(right)[first] if kind == "names" else first + 1
        which = "name" if kind == "names" else "item"
        return TEXTS[f"{which} {side}"].format(right=int(good.sum()), all=good.size, item=item)
    return TEXTS["different"]


# --- functions ------------------------------------------------------------------------------------


def _call(function: Callable[..., Any], arguments: Sequence[Any]) -> Any:
    """A function's output, on copies of its arguments and without what it prints."""
    with contextlib.redirect_stdout(io.StringIO()):
        return function(*copy.deepcopy(list(arguments)))


def _shown_call(cases: Cases, arguments: Sequence[Any]) -> str:
    if cases.words:
        return cases.words(*arguments)

    def short(a: Any) -> str:
        return (
            repr(a)
            if isinstance(a, str)
            else (journal.spoken(a) if np.ndim(a) == 0 else describe(a))
        )

    return "(" + ", ".join(short(a) for a in arguments) + ")"


def _function(exercise: Check, right: Callable[..., Any], answer: Any) -> _Found:
    cases = exercise.tolerance
    assert isinstance(cases, Cases)
    inputs = cases.arguments()
    outputs = [_call(right, i) for i in inputs]
    if not callable(answer):
        words = TEXTS["kind"].format(
            given=describe(answer),
            expected=exercise.expects or TEXTS["function"],
        )
        return _Found(False, False, words, "kind")
    given = []
    for arguments, output in zip(inputs, outputs, strict=True):
        call = _shown_call(cases, arguments)
        try:
            raw = _call(answer, arguments)
        except (Exception, SystemExit) as error:
            words = TEXTS["stopped"].format(error=_error(error), call=call)
            return _Found(False, False, words, "stopped")
        if _open(raw):
            return _Found(False, False, "", "open")
        try:
            given.append(read_as(output, raw))
        except _WrongKind:
            words = TEXTS["case kind"].format(
                given=describe(raw), call=call, expected=_expected(output)
            )
            return _Found(False, False, words, "kind")
    return _cases(exercise, cases, inputs, outputs, given)


def _cases(
    exercise: Check, cases: Cases, inputs: list[Any], outputs: list[Any], given: list[Any]
) -> _Found:
    """Compare outputs of the right kind with the right ones and with those of each mistake."""
    good = [steps(cases.tolerance, o, g) <= 1 for o, g in zip(outputs, given, strict=True)]
    if all(good):
        return _Found(True, True)

    def distance(wrong: Callable[..., Any]) -> float:
        made = [_call(wrong, i) for i in inputs]
        return max(
            _steps_to(cases.tolerance, o, m, g)
            for o, m, g in zip(outputs, made, given, strict=True)
        )

    nearest = _nearest(exercise, distance)
    if nearest:
        return _Found(False, True, mistake=nearest, hint=exercise.wrong[nearest][1])
    first = good.index(False)
    words = TEXTS["case"].format(
        right=sum(good),
        all=len(good),
        call=_shown_call(cases, inputs[first]),
        given=journal.spoken(given[first]),
        expected=journal.spoken(outputs[first]),
    )
    return _Found(False, True, words)


# --- words ----------------------------------------------------------------------------------------


def _with_hints(exercise: Check, found: _Found, right: Any, answer: Any, keep: bool) -> Checked:
    """The paragraph for an answer: verdict, what was seen, and the hint that is due."""
    if found.mistake == "open":
        return Checked(right, False, False, TEXTS["open"].format(id=exercise.id))
    kept = answer if not callable(answer) else _source(answer)
    count = 1
    if keep:
        count = journal.attempt(exercise.id, kept, found.right, found.mistake, found.usable)
    if found.usable and _kind(right) == "number" and not isinstance(answer, Real):
        answer = _number(answer)  # a number in a list or an array of one
    if found.right:
        return Checked(answer, True, True, TEXTS["right"].format(id=exercise.id))
    parts = [TEXTS["wrong"].format(id=exercise.id)]
    if found.words:
        parts.append(found.words)
    if found.hint:
        parts.append(TEXTS["hint"].format(text=found.hint))
    if found.usable and count == 2:
        which = "second hint" if found.hint else "hint"
        parts.append(TEXTS[which].format(text=exercise.hint))
    elif found.usable and count > 2:
        parts.append(TEXTS["way"].format(text=exercise.way))
    elif not found.usable and count >= STUCK:
        parts.append(TEXTS["hint"].format(text=exercise.hint))
    parts.append(TEXTS["goes on" if found.usable else "lab's"])
    value = answer if found.usable else right
    return Checked(value, False, found.usable, " ".join(parts), found.mistake)


def _source(function: Any) -> str:
    """A function as it was written, so that a changed one counts as a new attempt."""
    import inspect

    try:
        return inspect.getsource(function)
    except Exception:
        return describe(function)


def _choose(exercise: Choose, answer: Any, keep: bool) -> Checked:
    options = ", ".join(repr(o) for o in exercise.options)
    own = exercise.best_options[0]
    if _open(answer):
        words = TEXTS["choose open"].format(id=exercise.id, options=options)
        return Checked(own, False, False, words)
    known = {" ".join(o.casefold().split()): o for o in exercise.options}
    given = " ".join(answer.casefold().split()) if isinstance(answer, str) else None
    if given not in known:
        words = TEXTS["options"].format(id=exercise.id, given=describe(answer), options=options)
        near = difflib.get_close_matches(given or "", list(known), 1)
        words += TEXTS["meant"].format(near=known[near[0]]) if near else ""
        return Checked(own, False, False, words, "kind")
    option = known[given or ""]
    right = option in exercise.best_options
    if keep:
        journal.attempt(exercise.id, option, right)
    words = TEXTS["chosen"].format(id=exercise.id, option=option, feedback=exercise.options[option])
    words += " " + TEXTS["passed" if right else "again"]
    return Checked(option, right, True, words)


def _write(exercise: Write, answer: Any, keep: bool) -> Checked:
    listed = [f"{n}. {q}" for n, q in enumerate(exercise.questions, 1)]
    if _open(answer):
        words = "\n".join([TEXTS["write open"].format(id=exercise.id), *listed])
        return Checked([], False, False, words)
    ticks = _ticks(answer)
    if ticks is None:
        words = TEXTS["write bad"].format(id=exercise.id, given=describe(answer))
        return Checked([], False, False, "\n".join([words, *listed]), "kind")
    if keep:
        journal.attempt(exercise.id, ["yes" if t else "no" for t in ticks], all(ticks))
    lines = [f"{q} {'Yes.' if t else 'No.'}" for q, t in zip(listed, ticks, strict=True)]
    words = TEXTS["write"].format(id=exercise.id, count=sum(ticks))
    if not all(ticks):
        words += " " + TEXTS["write more"]
    return Checked(ticks, all(ticks), True, "\n".join([words, *lines]))


def _ticks(answer: Any) -> list[bool] | None:
    """Three answers as yes or no; None when they cannot be read."""
    if isinstance(answer, str):
        answer = answer.replace(",", " ").split()
    try:
        words = [str(a).strip().casefold() for a in answer]
    except Exception:
        return None
    if len(words) != 3 or any(w not in YES | NO for w in words):
        return None
    return [w in YES for w in words]

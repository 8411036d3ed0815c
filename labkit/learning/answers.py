"""Answers of any kind: what they are, in words, and how far they lie from a value.

In: whatever a learner wrote, and a right value.  Out: the answer in the form of that value, its
distance in tolerances, or the words for what it is and for what was expected.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from labkit.base.words import N_, _
from labkit.learning.exercises import Absolute, Exact, Relative
from labkit.learning.journal import spoken

IS = {
    "nothing": N_("nothing (None)"),
    "truth": N_("{value} (yes or no)"),
    "text": N_("text ({text!r})"),
    "number": N_("a number ({number})"),
    "names": N_("a dictionary with {count} names"),
    "empty": N_("a {kind} of 0"),
    "list": N_("a {kind} of {count} {things}"),
    "table": N_("a whole table, with rows and columns"),
    "array": N_("an array of shape {shape}"),
    "function": N_("a function (were the round brackets forgotten that call it?)"),
    "other": N_("a {kind}"),
}
"""What an answer is."""

THINGS = {
    "mixed": N_("things of different kinds"),
    "truth": N_("yes-or-no values"),
    "text": N_("texts"),
    "number": N_("numbers"),
    "nothing": N_("empty values (None)"),
    "list": N_("lists"),
    "array": N_("arrays"),
    "other": N_("other things"),
}
"""What the things in a list are."""

EXPECTED = {
    "whole": N_("a whole number"),
    "number": N_("one number, such as 0.25 or 1e-3"),
    "numbers": N_("a list of {count} numbers"),
    "array": N_("an array of shape {shape}"),
    "truth": N_("True or False"),
    "text": N_("a text in quotes"),
    "set": N_("a set or list of texts, such as {{'a', 'b'}}"),
    "texts": N_("a list of {count} texts"),
    "names": N_("a dictionary with the names {names}"),
}
"""What kind of answer a right value asks for."""


class WrongKind(Exception):
    """The answer is not of the kind that is expected."""


def is_open(answer: Any) -> bool:
    """Three dots, alone or anywhere in a list: not answered yet.

    Examples
    --------
    >>> is_open(...), is_open([1, ...]), is_open({"low": ...}), is_open([])
    (True, True, True, False)
    """
    if answer is ...:
        return True
    if isinstance(answer, Mapping):
        return any(v is ... for v in answer.values())
    return isinstance(answer, list | tuple | set) and any(v is ... for v in answer)


# --- in words -------------------------------------------------------------------------------------


def describe(answer: Any) -> str:
    """What kind of thing an answer is, in words.

    Examples
    --------
    >>> describe("0.3"), describe(None), describe([1, 2]), describe(np.zeros((2, 3)))
    ("text ('0.3')", 'nothing (None)', 'a list of 2 numbers', 'an array of shape 2 x 3')
    >>> describe([True, False]), describe([1, "a"])
    ('a list of 2 yes-or-no values', 'a list of 2 things of different kinds')
    """
    key, facts = _seen(answer)
    return _(IS[key]).format(**facts)


def _seen(answer: Any) -> tuple[str, dict[str, Any]]:
    """A key of :data:`IS` and its facts."""
    kind = type(answer).__name__
    if answer is None:
        return "nothing", {}
    if isinstance(answer, bool | np.bool_):
        return "truth", {"value": bool(answer)}
    if isinstance(answer, str):
        return "text", {"text": answer[:40]}
    if isinstance(answer, int | float | np.number):
        return "number", {"number": spoken(answer)}
    if isinstance(answer, Mapping):
        return "names", {"count": len(answer)}
    if isinstance(answer, list | tuple | set):
        kinds = {_thing(a) for a in answer}
        things = _(THINGS["mixed" if len(kinds) > 1 else kinds.pop()]) if kinds else ""
        return "list" if things else "empty", {"kind": kind, "count": len(answer), "things": things}
    if hasattr(answer, "columns") and hasattr(answer, "shape"):
        return "table", {}
    if isinstance(getattr(answer, "shape", None), tuple):
        return "array", {"shape": _sides(answer.shape)}
    return ("function", {}) if callable(answer) else ("other", {"kind": kind})


def _thing(answer: Any) -> str:
    """A key of :data:`THINGS`."""
    if isinstance(answer, bool | np.bool_):
        return "truth"
    if isinstance(answer, str):
        return "text"
    if isinstance(answer, int | float | np.number):
        return "number"
    if answer is None:
        return "nothing"
    if isinstance(answer, list | tuple | set):
        return "list"
    return "array" if isinstance(answer, np.ndarray) else "other"


def _sides(shape: tuple[Any, ...]) -> str:
    return " x ".join(str(s) for s in shape) or "()"


def many(answer: Any, kinds: str = "iuf") -> int:
    """How many numbers an answer holds where one was expected; 0 for anything else.

    Parameters
    ----------
    kinds
        Which kinds of numbers count, as NumPy names them: ``"b"`` for yes or no.

    Examples
    --------
    >>> many(np.zeros(128)), many([1, 2]), many(["a", "b"]), many([1])
    (128, 2, 0, 0)
    >>> many([True, False], "b")
    2
    """
    column = hasattr(answer, "to_numpy") and getattr(answer, "ndim", 0) == 1
    if not (column or isinstance(answer, np.ndarray | list | tuple)):
        return 0
    try:
        array = np.asarray(answer)
    except Exception:  # a list may hold anything
        return 0
    return array.size if array.dtype.kind in kinds and array.size > 1 else 0


def expected(right: Any) -> str:
    """What kind of answer a right value asks for, in words.

    Examples
    --------
    >>> expected(3), expected((0.1, 0.2)), expected({"low": 1})
    ('a whole number', 'a list of 2 numbers', "a dictionary with the names 'low'")
    """
    kind = kind_of(right)
    facts: dict[str, Any] = {}
    if kind == "number" and np.asarray(right).dtype.kind in "iu":
        kind = "whole"
    elif kind == "numbers" and np.ndim(right) != 1:
        kind, facts = "array", {"shape": _sides(np.shape(right))}
    elif kind in ("numbers", "texts"):
        facts = {"count": str(np.size(right))}
    elif kind == "names":
        facts = {"names": ", ".join(map(repr, right))}
    return _(EXPECTED[kind]).format(**facts)


# --- in the form of the right value -------------------------------------------------------------


def kind_of(right: Any) -> str:
    """Which kind of answer fits a right value: a key of :data:`EXPECTED`, or ``"function"``.

    Examples
    --------
    >>> kind_of(0.5), kind_of([1, 2]), kind_of({"a"}), kind_of({"low": 1})
    ('number', 'numbers', 'set', 'names')
    """
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


def read_as(right: Any, answer: Any) -> Any:
    """An answer brought into the form of the right value.

    Raises
    ------
    WrongKind
        When it is of another kind or size.

    Examples
    --------
    >>> read_as(0.5, [0.25]), read_as("gate", "  The Gate ")
    (0.25, 'the gate')
    """
    kind = kind_of(right)
    if kind == "number":
        return number(answer)
    if kind == "numbers":
        return _numbers(answer, np.shape(right))
    if kind == "truth":
        if not isinstance(answer, bool | np.bool_):
            raise WrongKind
        return bool(answer)
    if kind == "text":
        return _text(answer)
    if kind == "names":
        if not isinstance(answer, Mapping) or set(answer) != set(right):
            raise WrongKind
        return np.array([number(answer[k]) for k in right])
    if isinstance(answer, str):
        answer = [answer] if kind == "set" else answer
    if isinstance(answer, str | Mapping) or not hasattr(answer, "__iter__"):
        raise WrongKind
    texts = [_text(a) for a in answer]
    if kind == "texts" and len(texts) != np.size(right):
        raise WrongKind
    return frozenset(texts) if kind == "set" else texts


def number(answer: Any) -> float:
    """One number.

    Raises
    ------
    WrongKind
        For anything else, True and False included.
    """
    if isinstance(answer, bool | np.bool_ | str | bytes) or answer is None or callable(answer):
        raise WrongKind
    if isinstance(answer, set | Mapping):
        raise WrongKind
    try:
        array = np.asarray(answer)
        if array.size != 1 or array.dtype.kind in "bUSmMc":
            raise WrongKind
        return float(array.reshape(-1)[0])
    except (TypeError, ValueError, OverflowError):
        raise WrongKind from None


def _numbers(answer: Any, shape: tuple[int, ...]) -> np.ndarray:
    """Numbers of a given shape."""
    if isinstance(answer, str | set | Mapping) or callable(answer):
        raise WrongKind
    try:
        array = np.asarray(answer)
        if array.dtype.kind in "bUSmMc":
            raise WrongKind
        array = array.astype(float)
    except (TypeError, ValueError, OverflowError):
        raise WrongKind from None
    if array.shape != shape and array.squeeze().shape == shape:
        array = array.squeeze()
    if array.shape != shape:
        raise WrongKind
    return array


def _text(answer: Any) -> str:
    if not isinstance(answer, str):
        raise WrongKind
    return " ".join(answer.casefold().split())


def holds_missing(right: Any) -> bool:
    """Whether a right value itself holds missing numbers."""
    values = list(right.values()) if isinstance(right, Mapping) else right
    array = np.asarray(values)
    return array.dtype.kind == "f" and bool(np.isnan(array).any())


# --- distances ----------------------------------------------------------------------------------


def steps(tolerance: Relative | Absolute | Exact, right: Any, answer: Any) -> float:
    """How far an answer is from a value, in tolerances: at most 1 is near enough.

    The answer must be in the form :func:`read_as` gives; the largest distance of its parts counts.

    Examples
    --------
    >>> round(steps(Absolute(0.1), (1.0, 2.0), np.array([1.05, 2.2])), 9)
    2.0
    """
    kind = kind_of(right)
    if kind in ("number", "numbers", "names"):
        reference = list(right.values()) if kind == "names" else right
        found = np.asarray(tolerance.steps(np.asarray(reference, float), answer))
        return float(found.max()) if found.size else 0.0
    return 0.0 if read_as(right, right) == answer else np.inf


def steps_to(tolerance: Relative | Absolute | Exact, right: Any, wrong: Any, answer: Any) -> float:
    """Distance of an answer from what a mistake gives; infinite when that is of another kind."""
    if kind_of(wrong) != kind_of(right) or np.shape(wrong) != np.shape(right):
        return np.inf
    if isinstance(right, Mapping):
        wrong = {k: wrong[k] for k in right}
    return steps(tolerance, wrong, answer)

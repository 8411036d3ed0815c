"""The exercises of a notebook, worked out: what a page needs to judge answers without Python.

In: a notebook's number.  Out: plain data (JSON) with each exercise's question, right value, what
every mistake gives, tolerances and sentences in the reader's language.  ``js/judge.js`` reads it
and says what :func:`labkit.learning.checks.judge` says.

The right values stand in the page: a page without a server cannot hide them, and need not.
Learners who look there have found an honest way to read the source.
"""

from __future__ import annotations

import contextlib
import math
from collections.abc import Callable, Mapping
from typing import Any

import numpy as np

from labkit.app.site import by_hand, page_words
from labkit.base.words import _
from labkit.learning import answers, catalogue, checks, guesses, journal, slips
from labkit.learning.exercises import Absolute, Cases, Check, Choose, Exercise, Relative, Write
from labkit.learning.store import LARGE

Plain = dict[str, Any]
"""What JSON can hold, by name."""

ELSEWHERE = (
    "first",
    "lab",
    "not checked",
    "unchecked",
    "unknown",
    "names",
    "broken",
    "lost",
    "row",
    "table",
    "return",
    "stopped",
    "function",
)
"""Sentences of ``checks`` that no page says: of notebooks, arrays and code that runs."""

COMPARED = ("exactly", "higher times", "lower times", "higher", "lower")
"""Sentences of the journal that compare a guess with its result."""


def exported(number: str, *, page: bool = True) -> Plain:
    """The exercises of a notebook and the sentences that judge them.

    Parameters
    ----------
    number
        The notebook, ``"03"``.
    page
        With the sentences of a page, which cannot run Python; else with those of a notebook.

    Returns
    -------
    exported
        ``exercises``: by name; ``words``: the sentences, the same for all notebooks.

    Examples
    --------
    >>> friends = exported("13")["exercises"]["13-a"]
    >>> friends["right"]["values"], [m["name"] for m in friends["mistakes"]][:2]
    ([28.0], ['all comparisons', 'comparisons of two people'])
    """
    found = catalogue.of_notebook(number)
    return {"exercises": {e.id: exercise(e, page=page) for e in found}, "words": words(page=page)}


def exercise(one: Exercise, *, page: bool = True) -> Plain:
    """One exercise as :func:`exported` gives it."""
    said = page_words.exercise_sentence if page else _
    if isinstance(one, Choose):
        options = [{"name": o, "feedback": said(told)} for o, told in one.options.items()]
        best = list(one.best_options)
        return {**_head(one, "choose", said), "options": options, "best": best}
    if isinstance(one, Write):
        return {**_head(one, "write", said), "questions": [said(q) for q in one.questions]}
    return _check(one, said, page)


def _head(one: Exercise, kind: str, said: Callable[[str], str]) -> Plain:
    return {"id": one.id, "kind": kind, "question": said(one.question)}


def _check(one: Check, said: Callable[[str], str], page: bool) -> Plain:
    reference = one.reference()
    out = {
        **_head(one, "check", said),
        "hint": said(one.hint),
        "way": said(one.way),
        "expects": _expects(one, reference, said),
        "digits": one.digits,
        "unit": one.unit,
        "among": list(one.among),
        "goes_on": one.goes_on,
        "parts": [float(part()) for part in one.parts],
        "also": [value(make()) for make in one.also],
    }
    if isinstance(one.tolerance, Cases):
        out |= _cases(one, one.tolerance, reference, said)
    else:
        out |= {
            "tolerance": _tolerance(one.tolerance),
            "right": value(reference),
            "mistakes": list(_mistakes(one, said, reference)),
        }
    if page:
        out["by_hand"] = by_hand.of(one.id)
        out["box"] = out["expects"] if one.expects else page_words.box(reference, one.unit)
    return out


def _expects(one: Check, reference: Any, said: Callable[[str], str]) -> str:
    if one.expects:
        return said(one.expects)
    if callable(reference):
        return _(checks.TEXTS["function"])
    return page_words.expected(reference) if said is not _ else answers.expected(reference)


def _tolerance(tolerance: Any) -> Plain:
    if isinstance(tolerance, Relative):
        return {"kind": "relative", "share": tolerance.share}
    if isinstance(tolerance, Absolute):
        return {"kind": "absolute", "distance": tolerance.distance}
    return {"kind": "exact"}


def value(right: Any) -> Plain:
    """A right or a mistaken value: its kind, its shape, and its numbers or texts in a row.

    Examples
    --------
    >>> value((0.1, 0.2))
    {'kind': 'numbers', 'shape': [2], 'values': [0.1, 0.2], 'missing': False}
    >>> value("Gate")
    {'kind': 'text', 'shape': [], 'form': 'gate'}
    """
    kind = answers.kind_of(right)
    out: Plain = {"kind": kind, "shape": list(np.shape(right))}
    if kind in ("number", "numbers", "names"):
        if kind == "names":
            out["names"] = list(right)
        row = np.ravel(list(right.values()) if isinstance(right, Mapping) else right)
        missing = answers.holds_missing(right)
        return out | {"values": [_finite(float(v)) for v in row], "missing": missing}
    form = answers.read_as(right, right)
    if kind in ("set", "texts"):
        out["values"] = list(form)
        form = sorted(form) if kind == "set" else list(form)
    return out | {"form": form}


def _finite(number: float) -> float:
    if not math.isfinite(number):
        raise ValueError(f"{number} cannot stand in a page: JSON knows no such number")
    return number


def _mistakes(one: Check, said: Callable[[str], str], right: Any) -> Any:
    """Each mistake with what it gives; one that cannot be computed is not recognised either."""
    for name, (make, hint) in one.wrong.items():
        with contextlib.suppress(Exception):
            wrong = make()
            if isinstance(right, Mapping) and isinstance(wrong, Mapping):
                wrong = {key: wrong[key] for key in right}
            yield {"name": name, "hint": said(hint), **value(wrong)}


# --- functions ------------------------------------------------------------------------------------


def _cases(one: Check, cases: Cases, right: Any, said: Callable[[str], str]) -> Plain:
    """A function's exercise as a table: what it is given, and what it gives back for each."""
    inputs = cases.arguments()
    calls = [
        {
            "call": checks._shown_call(cases, given),
            "right": value(checks._call(right, given)),
            "expects": answers.expected(checks._call(right, given)),
            "spoken": journal.spoken(checks._call(right, given)),
            "shown": by_hand.shown(one.id, given),
        }
        for given in inputs
    ]
    mistakes = [
        {
            "name": name,
            "hint": said(hint),
            "outputs": [value(checks._call(make(), given)) for given in inputs],
        }
        for name, (make, hint) in one.wrong.items()
    ]
    return {
        "right": {"kind": "function", "shape": []},
        "tolerance": _tolerance(cases.tolerance),
        "cases": calls,
        "cases_head": by_hand.shown_head(one.id),
        "mistakes": mistakes,
    }


# --- sentences ------------------------------------------------------------------------------------


def words(*, page: bool = True) -> Plain:
    """The sentences that the judge says, in the reader's language.

    Parameters
    ----------
    page
        With the sentences of a page where it says something else (:mod:`page_words`).

    Examples
    --------
    >>> words()["texts"]["high"], sorted(words())[:4]
    ('It is too high.', ['asks', 'is', 'journal', 'large'])
    """
    tables: dict[str, dict[str, str]] = {
        "texts": {key: s for key, s in checks.TEXTS.items() if key not in ELSEWHERE},
        "slips": dict(slips.SLIPS),
        "units": dict(slips.UNITS),
        "sides": dict(slips.SIDES),
        "is": {
            key: s for key, s in answers.IS.items() if key not in ("table", "array", "function")
        },
        "things": dict(answers.THINGS),
        "asks": dict(guesses.ASKS),
        "journal": {key: journal.SENTENCES[key] for key in COMPARED},
    }
    if page:
        for room, others in page_words.SENTENCES.items():
            tables[room] |= {key: other.sentence for key, other in others.items()}
    tables["texts"].setdefault("read as", "")
    said = {room: {key: _(s) for key, s in table.items()} for room, table in tables.items()}
    plain = {"yes": _("yes"), "no": _("no"), "nothing": _("nothing"), "large": _(LARGE)}
    return {**said, **plain, "yeses": sorted(checks.YES), "noes": sorted(checks.NO)}

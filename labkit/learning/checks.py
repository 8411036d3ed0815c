"""``check``: the answer to an exercise, judged in words, with the value the notebook goes on with.

In: an exercise's name and the learner's answer.  Out: one printed paragraph and a
:class:`Checked`.  Nothing a learner can write makes it stop the notebook.
"""

from __future__ import annotations

import contextlib
import copy
import difflib
import inspect
import io
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from numbers import Real
from typing import Any

import numpy as np

from labkit.base.words import N_, _
from labkit.learning import journal
from labkit.learning.answers import (
    WrongKind,
    describe,
    expected,
    holds_missing,
    is_open,
    kind_of,
    many,
    number,
    read_as,
    steps,
    steps_to,
)
from labkit.learning.catalogue import find
from labkit.learning.exercises import (
    Absolute,
    Cases,
    Check,
    Choose,
    Exact,
    Exercise,
    Relative,
    Write,
)
from labkit.views.callouts import callout

TEXTS = {
    "right": N_("{id}: right."),
    "open": N_(
        "{id}: not answered yet. Put your answer in place of the three dots. Until then the"
        " notebook goes on with the lab's own value."
    ),
    "wrong": N_("{id}: not right yet."),
    "goes on": N_(
        "The notebook goes on with your answer, so what follows is yours and may look odd."
    ),
    "lab's": N_("Until it fits, the notebook goes on with the lab's own value."),
    "kind": N_("This answer is {given}. Expected: {expected}."),
    "many": N_(
        "Its {count:,} numbers have not been brought together into one yet: is a step such as"
        " .sum() missing?"
    ),
    "mine": N_("(your answer, not right yet)"),
    "nan": N_(
        "This answer is not a number (NaN): somewhere a missing value or a division by zero came"
        " in. Expected: {expected}."
    ),
    "high": N_("It is too high."),
    "low": N_("It is too low."),
    "different": N_("It is not the right one."),
    "item high": N_("{right} of {all} are right; number {item} is too high."),
    "item low": N_("{right} of {all} are right; number {item} is too low."),
    "item": N_("{right} of {all} are right; look at number {item}."),
    "name high": N_("{right} of {all} are right; {item!r} is too high."),
    "name low": N_("{right} of {all} are right; {item!r} is too low."),
    "set": N_("{right} of your {given} belong there; {missing} missing."),
    "percent": N_(
        "It is a hundred times the right value: give a share between 0 and 1, not a percentage."
    ),
    "share": N_("It is a hundredth of the right value: give a percentage, not a share."),
    "sign": N_("Its size is right; its sign is not."),
    "stopped": N_("Your function stopped with {error} when it was called with {call}."),
    "case": N_(
        "{right} of {all} calls give the right result. Called with {call} it gives {given}; right"
        " would be {expected}."
    ),
    "case kind": N_("Called with {call} your function gives {given}. Expected: {expected}."),
    "function": N_("a function (its name, without brackets)"),
    "hint": N_("Hint: {text}"),
    "second hint": N_("Second hint: {text}"),
    "way": N_("The way: {text}"),
    "options": N_("{id}: {given} is not one of the options: {options}."),
    "meant": N_("Did you mean {near!r}?"),
    "choose open": N_("{id}: not answered yet. Choose one of: {options}."),
    "chosen": N_("{id}: {option}. {feedback}"),
    "passed": N_("(This counts as answered.)"),
    "again": N_("(Think again, and choose another.)"),
    "write open": N_(
        "{id}: write your text, then answer three questions with 'yes' or 'no':"
        " check({id!r}, ['yes', 'no', 'yes'])."
    ),
    "write bad": N_(
        "{id}: {given} cannot be read as three answers. Give a list of three times 'yes' or 'no'."
    ),
    "write": N_("{id}: {count} of 3 answered with yes."),
    "write more": N_("Can you change your text so that the others become a yes?"),
    "yes": N_("{question} Yes."),
    "no": N_("{question} No."),
    "unknown": N_("check: {why}."),
    "broken": N_(
        "{id}: the lab could not work out its own value ({error}), so your answer was not checked."
        " Run labkit.app.doctor.doctor() to see what is missing."
    ),
    "lost": N_(
        "{id}: this answer could not be checked ({error}). The notebook goes on with the lab's own"
        " value where it has one."
    ),
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
        return " " + _(TEXTS["mine"]) if self.yours and not self.right else ""

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
        return _say(Checked(answer, False, True, _(TEXTS["unknown"]).format(why=why)))
    try:
        return _say(judge(exercise, answer))
    except Exception as error:
        words = _(TEXTS["lost"]).format(id=exercise.id, error=_error(error))
        return _say(Checked(_own_value(exercise, answer), False, False, words))


def _say(checked: Checked) -> Checked:
    answered = checked.yours or checked.mistake
    callout("right" if checked.right else "hint" if answered else "exercise", checked.words)
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
        An exercise, from the catalogue or not.
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
        words = _(TEXTS["broken"]).format(id=exercise.id, error=_error(error))
        return Checked(None if is_open(answer) else answer, False, not is_open(answer), words)
    if is_open(answer):
        return Checked(right, False, False, _(TEXTS["open"]).format(id=exercise.id))
    found = (_function if isinstance(exercise.tolerance, Cases) else _value)(
        exercise, right, answer
    )
    return _with_hints(exercise, found, right, answer, keep)


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
    kind = _(exercise.expects) or expected(right)
    try:
        given = read_as(right, answer)
    except WrongKind:
        words = _(TEXTS["kind"]).format(given=describe(answer), expected=kind)
        count = many(answer) if kind_of(right) == "number" else 0
        words += " " + _(TEXTS["many"]).format(count=count) if count else ""
        return _Found(False, False, words, "kind")
    missing = isinstance(given, float | np.ndarray) and bool(np.isnan(given).any())
    if missing and not holds_missing(right):
        return _Found(False, False, _(TEXTS["nan"]).format(expected=kind), "not a number")
    all_right = (right, *(make() for make in exercise.also))
    if any(steps(tolerance, one, given) <= 1 for one in all_right):
        return _Found(True, True)
    nearest = _nearest(exercise, lambda wrong: steps_to(tolerance, right, wrong, given))
    if nearest:
        return _mistaken(exercise, nearest)
    return _Found(False, True, _direction(tolerance, right, given))


def _mistaken(exercise: Check, mistake: str) -> _Found:
    return _Found(False, True, mistake=mistake, hint=_(exercise.wrong[mistake][1]))


def _nearest(exercise: Check, distance: Callable[[Any], float]) -> str:
    """The named mistake that lies nearest to an answer and near enough; empty if none does."""
    best, name = 1.0, ""
    for mistake, pair in exercise.wrong.items():
        with contextlib.suppress(Exception):  # a mistake that cannot be computed is not recognised
            far = distance(pair[0]())
            if far <= best and (far < best or not name):
                best, name = far, mistake
    return name


def _direction(tolerance: Relative | Absolute | Exact, right: Any, given: Any) -> str:
    """Where a wrong answer of the right kind lies."""
    kind = kind_of(right)
    if kind == "number":
        share = 0 < abs(right) <= 1
        for factor, words, possible in (
            (100, "percent", share),
            (0.01, "share", not share),
            (-1, "sign", right),
        ):
            if possible and steps(tolerance, float(right) * factor, given) <= 1:
                return _(TEXTS[words])
        return _(TEXTS["high" if given > right else "low"])
    if kind == "set":
        whole = read_as(right, right)
        right_ones = len(whole & given)
        return _(TEXTS["set"]).format(
            right=right_ones, given=len(given), missing=len(whole) - right_ones
        )
    if kind == "texts":
        same = [a == b for a, b in zip(read_as(right, right), given, strict=True)]
        return _(TEXTS["item"]).format(right=sum(same), all=len(same), item=same.index(False) + 1)
    if kind in ("numbers", "names"):
        values = np.asarray(list(right.values()) if kind == "names" else right, float)
        good = np.asarray(tolerance.steps(values, given)).ravel() <= 1
        first = int(np.argmin(good))
        side = "high" if given.ravel()[first] > values.ravel()[first] else "low"
        item = list(right)[first] if kind == "names" else first + 1
        which = "name" if kind == "names" else "item"
        return _(TEXTS[f"{which} {side}"]).format(right=int(good.sum()), all=good.size, item=item)
    return _(TEXTS["different"])


# --- functions ------------------------------------------------------------------------------------


def _call(function: Callable[..., Any], arguments: Sequence[Any]) -> Any:
    """A function's output, on copies of its arguments and without what it prints."""
    with contextlib.redirect_stdout(io.StringIO()):
        return function(*copy.deepcopy(list(arguments)))


def _shown_call(cases: Cases, arguments: Sequence[Any]) -> str:
    if cases.words:
        return cases.words(*arguments)

    def short(a: Any) -> str:
        if isinstance(a, str):
            return repr(a)
        return journal.spoken(a) if np.ndim(a) == 0 else describe(a)

    return "(" + ", ".join(short(a) for a in arguments) + ")"


def _function(exercise: Check, right: Callable[..., Any], answer: Any) -> _Found:
    cases = exercise.tolerance
    assert isinstance(cases, Cases)
    inputs = cases.arguments()
    outputs = [_call(right, i) for i in inputs]
    if not callable(answer):
        words = _(TEXTS["kind"]).format(
            given=describe(answer), expected=_(exercise.expects) or _(TEXTS["function"])
        )
        return _Found(False, False, words, "kind")
    given = []
    for arguments, output in zip(inputs, outputs, strict=True):
        call = _shown_call(cases, arguments)
        try:
            raw = _call(answer, arguments)
        except (Exception, SystemExit) as error:
            words = _(TEXTS["stopped"]).format(error=_error(error), call=call)
            return _Found(False, False, words, "stopped")
        if is_open(raw):
            return _Found(False, False, "", "open")
        try:
            given.append(read_as(output, raw))
        except WrongKind:
            words = _(TEXTS["case kind"]).format(
                given=describe(raw), call=call, expected=expected(output)
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
            steps_to(cases.tolerance, o, m, g) for o, m, g in zip(outputs, made, given, strict=True)
        )

    nearest = _nearest(exercise, distance)
    if nearest:
        return _mistaken(exercise, nearest)
    first = good.index(False)
    words = _(TEXTS["case"]).format(
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
        return Checked(right, False, False, _(TEXTS["open"]).format(id=exercise.id))
    kept = answer if not callable(answer) else _source(answer)
    count = 1
    if keep:
        count = journal.attempt(exercise.id, kept, found.right, found.mistake, found.usable)
    if found.usable and kind_of(right) == "number" and not isinstance(answer, Real):
        answer = number(answer)  # a number in a list or an array of one
    if found.right:
        return Checked(answer, True, True, _(TEXTS["right"]).format(id=exercise.id))
    parts = [_(TEXTS["wrong"]).format(id=exercise.id)]
    if found.words:
        parts.append(found.words)
    if found.hint:
        parts.append(_(TEXTS["hint"]).format(text=found.hint))
    if found.usable and count == 2:
        which = "second hint" if found.hint else "hint"
        parts.append(_(TEXTS[which]).format(text=_(exercise.hint)))
    elif found.usable and count > 2:
        parts.append(_(TEXTS["way"]).format(text=_(exercise.way)))
    elif not found.usable and count >= STUCK:
        parts.append(_(TEXTS["hint"]).format(text=_(exercise.hint)))
    parts.append(_(TEXTS["goes on" if found.usable else "lab's"]))
    value = answer if found.usable else right
    return Checked(value, False, found.usable, " ".join(parts), found.mistake)


def _source(function: Any) -> str:
    """A function as it was written, so that a changed one counts as a new attempt."""
    try:
        return inspect.getsource(function)
    except Exception:
        return describe(function)


def _choose(exercise: Choose, answer: Any, keep: bool) -> Checked:
    options = ", ".join(repr(o) for o in exercise.options)
    own = exercise.best_options[0]
    if is_open(answer):
        words = _(TEXTS["choose open"]).format(id=exercise.id, options=options)
        return Checked(own, False, False, words)
    known = {" ".join(o.casefold().split()): o for o in exercise.options}
    given = " ".join(answer.casefold().split()) if isinstance(answer, str) else None
    if given not in known:
        words = _(TEXTS["options"]).format(id=exercise.id, given=describe(answer), options=options)
        near = difflib.get_close_matches(given or "", list(known), 1)
        words += " " + _(TEXTS["meant"]).format(near=known[near[0]]) if near else ""
        return Checked(own, False, False, words, "kind")
    option = known[given or ""]
    right = option in exercise.best_options
    if keep:
        journal.attempt(exercise.id, option, right)
    feedback = _(exercise.options[option])
    words = _(TEXTS["chosen"]).format(id=exercise.id, option=option, feedback=feedback)
    words += " " + _(TEXTS["passed" if right else "again"])
    return Checked(option, right, True, words)


def _write(exercise: Write, answer: Any, keep: bool) -> Checked:
    listed = [f"{n}. {_(question)}" for n, question in enumerate(exercise.questions, 1)]
    if is_open(answer):
        words = "\n".join([_(TEXTS["write open"]).format(id=exercise.id), *listed])
        return Checked([], False, False, words)
    ticks = _ticks(answer)
    if ticks is None:
        words = _(TEXTS["write bad"]).format(id=exercise.id, given=describe(answer))
        return Checked([], False, False, "\n".join([words, *listed]), "kind")
    if keep:
        journal.attempt(exercise.id, ["yes" if t else "no" for t in ticks], all(ticks))
    lines = [
        _(TEXTS["yes" if tick else "no"]).format(question=question)
        for question, tick in zip(listed, ticks, strict=True)
    ]
    words = _(TEXTS["write"]).format(id=exercise.id, count=sum(ticks))
    if not all(ticks):
        words += " " + _(TEXTS["write more"])
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

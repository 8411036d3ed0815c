"""``check``: the answer to an exercise, judged in words, with the value the notebook goes on with.

In: an exercise's name and the learner's answer.  Out: a call-out and a :class:`Checked`.  Nothing a
learner can write makes it stop the notebook, and the notebook goes on with a learner's answer only
when it is right: no conclusion is drawn from one that is known to be wrong.
"""

from __future__ import annotations

import contextlib
import copy
import difflib
import inspect
import io
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from numbers import Real
from typing import Any

import numpy as np

from labkit.base.words import N_, _
from labkit.learning import journal, slips
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
    Cases,
    Check,
    Choose,
    Exact,
    Exercise,
    Write,
)
from labkit.learning.stumbles import of_running
from labkit.views.callouts import Marked, callout

TEXTS = {
    "right": N_("{id}: right"),
    "open": N_("{id}: not answered yet"),
    "wrong": N_("{id}: not right yet"),
    "chosen": N_("{id}: {option}"),
    "ticks": N_("{id}: {count} of 3 answered with yes"),
    "unchecked": N_("{id}: not checked"),
    "to do": N_("Put your answer in place of the three dots."),
    "until then": N_("Until then the notebook goes on with the lab's own value."),
    "yours": N_("The notebook goes on with your answer."),
    "rounded": N_("Rounded, and right as far as it goes."),
    "all digits": N_("The notebook goes on with all digits."),
    "or rounded": N_("If you rounded your own result: give {digits} digits, zeros in front aside."),
    "lab's": N_("Until it is right, the notebook goes on with the lab's own value."),
    "kind": N_("This answer is {given}. Expected: {expected}."),
    "many": N_(
        "These are {count:,} numbers, not brought together into one yet: is a step such as"
        " `.sum()` missing?"
    ),
    "one of": N_(
        "These are {count:,} numbers, and the answer is one place of them: pick it with square"
        " brackets, such as `numbers[3]`."
    ),
    "row": N_(
        "These are {count:,} numbers, each under a name of its own: pick the one that is asked for"
        " with square brackets, such as `row[{name!r}]`."
    ),
    "truths": N_(
        "These are {count:,} times yes or no (True, False). `.mean()` makes one number of them,"
        " the share of yes; `.sum()` counts them."
    ),
    "table": N_("`len(table)` counts its rows, `table.loc[row, column]` picks one number."),
    "one end": N_("It is right for number {item} of {all}; give all of them."),
    "no text": N_("In it is {given}, where a text belongs."),
    "print": N_(
        "`print(...)` shows a value and hands back nothing: give the value itself, without `print`."
    ),
    "return": N_("A function hands back only what stands behind `return`; `print` only shows it."),
    "truth": N_("A comparison, such as `a >= b`, gives True or False, without quotes."),
    "lab": N_("(the lab's own value)"),
    "not checked": N_("(your answer, not checked)"),
    "first": N_("This comes when exercise {id} is answered and right: then run this cell again."),
    "number right": N_("The number itself is right."),
    "nan": N_(
        "This answer is not a number (NaN): somewhere a missing value, a division by zero or the"
        " root of a negative number came in. Expected: {expected}."
    ),
    "digits": N_("It fits as far as it goes: give at least {digits} digits, zeros in front aside."),
    "high": N_("It is too high."),
    "low": N_("It is too low."),
    "near": N_("It is near: a detail is missing, such as a place, a sign, or who is counted."),
    "different": N_("It is not the right one."),
    "item high": N_("{right} of {all} are right; number {item} is too high."),
    "item low": N_("{right} of {all} are right; number {item} is too low."),
    "item": N_("{right} of {all} are right; look at number {item}."),
    "name high": N_("{right} of {all} are right; {item!r} is too high."),
    "name low": N_("{right} of {all} are right; {item!r} is too low."),
    "set": N_("{right} of your {given} belong there; {missing} missing."),
    "unknown text": N_("{text!r} is none of those that are offered."),
    "own quotes": N_("Put quotes around each name, and square brackets around all: `{names}`."),
    "no comma": N_("A comma is missing between two names: write `{names}`."),
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
    "no option": N_("This answer is {given}. Give one of these names, in quotes:"),
    "meant": N_("Did you mean {near!r}?"),
    "choose": N_("Choose from these, in quotes:"),
    "one at a time": N_("Choose one at a time: not all of these pass."),
    "one name": N_("Choose one at a time, and give its name alone."),
    "option": N_("- `{option!r}`"),
    "answered": N_("- `{option!r}`: {feedback}"),
    "passed": N_("(This counts as answered.)"),
    "again": N_("(Think again, and choose another.)"),
    "write open": N_(
        "Write your text, then answer three questions with 'yes' or 'no':"
        " `check({id!r}, ['yes', 'no', 'yes'])`."
    ),
    "write bad": N_(
        "This answer is {given}, which cannot be read as three answers. Give a list of three times"
        " 'yes' or 'no'."
    ),
    "write more": N_("Can you change your text so that the others become a yes?"),
    "question": N_("- {question}"),
    "yes": N_("- {question} Yes."),
    "no": N_("- {question} No."),
    "unknown": N_("check: {why}"),
    "names": N_("An exercise is named as in its text, such as '03-b'."),
    "broken": N_(
        "The lab could not work out its own value ({error}). Run `labkit.app.doctor.doctor()` to"
        " see what is missing."
    ),
    "lost": N_(
        "This answer could not be checked ({error}). The notebook goes on with the lab's own value"
        " where it has one."
    ),
}
NEAR = 0.1
"""Share of the right value within which a wrong one is near."""
STUCK = 3  # answers of the wrong kind after which the general hint is said
YES = {"yes", "y", "true", "1"}
NO = {"no", "n", "false", "0"}


@dataclass(frozen=True)
class Checked:
    """What an answer was worth.

    Parameters
    ----------
    value
        What the notebook goes on with: the learner's answer if it is right, else the lab's own.
    right
        True when the exercise is passed.
    yours
        True when ``value`` is the learner's own.
    words
        What was said below the title.
    mistake
        Name of the mistake that was recognised, else empty.
    title
        The verdict, ``"03-a: not right yet"``.
    id
        The exercise.
    answered
        False where nothing was answered yet.
    """

    value: Any
    right: bool
    yours: bool
    words: str
    mistake: str = ""
    title: str = ""
    id: str = ""
    answered: bool = True

    @property
    def mark(self) -> str:
        """What to print behind a number made from ``value``, unless it is a right answer.

        Examples
        --------
        >>> Checked(3, right=False, yours=False, words="").mark
        " (the lab's own value)"
        """
        if self.right:
            return ""
        return " " + _(TEXTS["not checked" if self.yours else "lab"])

    def then(self, sentence: Callable[..., str], *arguments: Any) -> str:
        """What follows from a right answer; for any other, that it comes later.

        Parameters
        ----------
        sentence
            Makes the text, from ``value`` and the arguments.

        Examples
        --------
        >>> three = Checked(3, right=True, yours=True, words="", id="03-a")
        >>> three.then("{} of {}".format, 4)
        '3 of 4'
        """
        if not self.right:
            return Marked(_(TEXTS["first"]).format(id=self.id), follows=self.id)
        return Marked(sentence(self.value, *arguments), follows=self.id)

    def _ipython_display_(self) -> None:
        """Show nothing: the words are shown already."""


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
    → check: there is no exercise '99-z' (in that notebook: none): An exercise is named as in its
    text, such as '03-b'.
    False
    """
    try:
        exercise = find(name)
    except Exception as error:
        why = error.args[0] if isinstance(error, KeyError) else _error(error)
        title = _(TEXTS["unknown"]).format(why=why)
        return _say(Checked(answer, False, True, _(TEXTS["names"]), title=title))
    try:
        return _say(judge(exercise, answer))
    except Exception as error:
        words = _(TEXTS["lost"]).format(error=_error(error))
        title = _title("unchecked", exercise)
        return _say(Checked(_own_value(exercise, answer), False, False, words, "", title))


def _say(checked: Checked) -> Checked:
    kind = "right" if checked.right else "hint" if checked.answered else "exercise"
    about = {"asks": "check", "id": checked.id} if checked.id else {}
    callout(kind, checked.words, title=checked.title, about=about)
    return checked


def _title(verdict: str, exercise: Exercise, **facts: Any) -> str:
    return _(TEXTS[verdict]).format(id=exercise.id, **facts)


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
    """What :func:`check` shows and returns, without showing it.

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
        words, no = _(TEXTS["broken"]).format(error=_error(error)), is_open(answer)
        title = _title("unchecked", exercise)
        return Checked(None if no else answer, False, not no, words, "", title, exercise.id, not no)
    if is_open(answer):
        return _not_answered(exercise, right)
    found = (_function if isinstance(exercise.tolerance, Cases) else _value)(
        exercise, right, answer
    )
    return _with_hints(exercise, found, right, answer, keep)


def _not_answered(exercise: Exercise, value: Any, words: str = "") -> Checked:
    if not words:
        goes_on = isinstance(exercise, Check) and exercise.goes_on
        words = _(TEXTS["to do"]) + (" " + _(TEXTS["until then"]) if goes_on else "")
    title = _title("open", exercise)
    return Checked(value, False, False, words, "", title, exercise.id, answered=False)


# --- values ------------------------------------------------------------------------------------


@dataclass(frozen=True)
class _Found:
    """What judging found: passed, of the kind asked for, and the words for it."""

    right: bool
    usable: bool
    words: str = ""
    mistake: str = ""
    hint: str = ""


def _value(exercise: Check, right: Any, answer: Any) -> _Found:
    kind = _(exercise.expects) or expected(right)
    try:
        given = read_as(right, answer)
    except WrongKind:
        return _other_kind(exercise, right, answer, kind)
    missing = isinstance(given, float | np.ndarray) and bool(np.isnan(given).any())
    if missing and not holds_missing(right):
        return _Found(False, False, _(TEXTS["nan"]).format(expected=kind), "not a number")
    if kind_of(right) in ("number", "numbers", "names"):
        return _number(exercise, right, given)
    if read_as(right, right) == given:
        return _Found(True, True)
    nearest = _nearest(exercise, lambda wrong: steps_to(Exact(), right, wrong, given))
    if nearest:
        return _mistaken(exercise, nearest)
    strange = _misspelt(exercise, answer)
    if strange:
        return _Found(False, True, strange, "misspelt")
    part = "part" if kind_of(right) in ("set", "texts") else ""
    return _Found(False, True, _direction(exercise, right, given), part)


def _number(exercise: Check, right: Any, given: Any) -> _Found:
    """Numbers: right, a mistake with a name, a slip of writing, or only a direction.

    What is equal comes first, then what is the same but rounded, then what is near; of what is
    right and what is mistaken the nearer counts.
    """
    tolerance, digits = exercise.tolerance, exercise.digits
    assert not isinstance(tolerance, Cases)
    exact = isinstance(tolerance, Exact)
    targets = [_plain(value) for value in (right, *(make() for make in exercise.also))]
    if any(steps(Exact(), one, given) <= 1 for one in targets):
        return _Found(True, True)

    def equal(wrong: Any) -> float:
        return steps_to(Exact(), right, wrong, given)

    def near(wrong: Any) -> float:
        as_right = kind_of(wrong) == kind_of(right) and np.shape(wrong) == np.shape(right)
        value = _in_order(right, wrong) if as_right else None
        close = as_right and steps(tolerance, value, given) <= 1
        same = as_right and not exact and slips.rounded(value, given, 2)
        return _gap(value, given) if close or same else np.inf

    close = any(steps(tolerance, one, given) <= 1 for one in targets)
    passed = _Found(True, True, "" if close else _(TEXTS["rounded"]))
    rounded = not exact and any(slips.rounded(one, given, digits) for one in targets)
    mistake, far = _closest(exercise, equal if rounded else near)
    if rounded and far > 1:
        return passed
    own = not exact and any(slips.rounded(one, given, 1) for one in targets)
    more = _(TEXTS["or rounded"]).format(digits=digits + 1) if own else ""
    if mistake and (rounded or far < min(_gap(one, given) for one in targets)):
        return _mistaken(exercise, mistake, more)
    if close or (not exact and any(slips.within(one, given, digits) for one in targets)):
        return passed
    if mistake:
        return _mistaken(exercise, mistake, more)
    slip = _slip(exercise, right, given)
    if slip:
        number, value = (given / 100, right) if slip == "above one" else (0.0, 0.0)
        told = slips.sentence(slip, exercise.unit, number, right=value)
        return _Found(False, True, told, slip)
    if own:
        return _Found(False, True, _(TEXTS["digits"]).format(digits=digits), "digits")
    return _Found(False, True, _direction(exercise, right, given))


def _plain(value: Any) -> Any:
    return list(value.values()) if isinstance(value, Mapping) else value


def _in_order(right: Any, wrong: Any) -> Any:
    """What a mistake gives, its names in the order of the right value."""
    return [wrong[k] for k in right] if isinstance(right, Mapping) else wrong


def _gap(value: Any, given: Any) -> float:
    apart = np.abs(np.asarray(value, float) - given)
    return float(np.nanmax(apart)) if apart.size else 0.0


def _mistaken(exercise: Check, mistake: str, more: str = "") -> _Found:
    hint = f"{_(exercise.wrong[mistake][1])} {more}".strip()
    return _Found(False, True, mistake=mistake, hint=hint)


def _closest(exercise: Check, distance: Callable[[Any], float]) -> tuple[str, float]:
    """The named mistake that lies nearest to an answer, and how far; empty if none can."""
    best, name = np.inf, ""
    for mistake, pair in exercise.wrong.items():
        with contextlib.suppress(Exception):  # a mistake that cannot be computed is not recognised
            far = distance(pair[0]())
            if far < best:
                best, name = far, mistake
    return name, best


def _nearest(exercise: Check, distance: Callable[[Any], float]) -> str:
    """The named mistake that lies nearest to an answer and near enough; empty if none does."""
    name, far = _closest(exercise, distance)
    return name if far <= 1 else ""


def _other_kind(exercise: Check, right: Any, answer: Any, kind: str) -> _Found:
    """An answer of another kind: what it is, what was expected, and what it may have meant."""
    told = _(TEXTS["kind"]).format(given=describe(answer), expected=kind)
    if isinstance(answer, str) and slips.is_code(answer):
        return _Found(False, False, f"{slips.sentence('code')} {told}", "kind")
    if answer is None:
        return _Found(False, False, f"{_(TEXTS['print'])} {told}", "kind")
    if kind_of(right) == "number":
        meant = slips.meant(answer, float(right))
        if meant and not _holds(answer, right):
            return _meant(exercise, right, answer, *meant)
        more = _of_many(exercise, right, answer)
        if slips.is_fraction(answer):
            more = slips.sentence("fraction", count=len(answer))
        more = _(TEXTS["table"]) if hasattr(answer, "columns") else more
        return _Found(False, False, f"{more} {told}".strip(), "kind")
    if kind_of(right) in ("texts", "set") and isinstance(answer, list | tuple | set):
        odd = next((a for a in answer if not isinstance(a, str)), "")
        told += "" if odd == "" else " " + _(TEXTS["no text"]).format(given=describe(odd))
        return _Found(False, False, told, "kind")
    values = np.ravel(_plain(right)) if kind_of(right) in ("numbers", "names") else np.zeros(0)
    with contextlib.suppress(WrongKind):
        one = number(answer)
        fits = [slips.alike(v, one) for v in values.astype(float)]
        if any(fits):
            item = fits.index(True) + 1
            told += " " + _(TEXTS["one end"]).format(item=item, all=len(fits))
    return _Found(False, False, told, "kind")


def _meant(exercise: Check, right: Any, answer: Any, slip: str, value: float) -> _Found:
    """A number in quotes or with commas: what to write, and what the number is worth."""
    count = len(answer) if isinstance(answer, tuple) else 1
    told = slips.sentence(slip, number=value, count=count)
    inner = _value(exercise, right, value)
    worth = _(TEXTS["number right"]) if inner.right else inner.words
    return _Found(False, False, f"{told} {worth}".strip(), inner.mistake or "kind", inner.hint)


def _of_many(exercise: Check, right: Any, answer: Any) -> str:
    """How one number is made from many; empty when the answer does not hold many."""
    truths = many(answer, "b")
    if truths:
        return _(TEXTS["truths"]).format(count=truths)
    count = many(answer)
    if not count:
        return ""
    place = _holds(answer, right) or exercise.unit == "score"
    name = next(iter(getattr(answer, "index", ())), None) if hasattr(answer, "to_numpy") else None
    if isinstance(name, str):
        return _(TEXTS["row"]).format(count=count, name=name)
    return _(TEXTS["one of" if place else "many"]).format(count=count)


def _holds(answer: Any, right: Any) -> bool:
    """Whether one of an answer's many numbers is the right one."""
    if not many(answer):
        return False
    return bool(np.isclose(np.asarray(answer, float), float(right), rtol=1e-6, atol=0).any())


def _misspelt(exercise: Check, answer: Any) -> str:
    """What is said to each text of an answer that is none of those offered; empty if all are."""
    if not exercise.among:
        return ""
    texts = [answer] if isinstance(answer, str) else list(answer)
    known = {_plain_text(t): t for t in exercise.among}
    told = []
    for text in sorted(t for t in texts if _plain_text(t) not in known):
        names = names_in(text, exercise.among)
        if len(names) > 1:
            key = "own quotes" if _parted(text) else "no comma"
            told.append(_(TEXTS[key]).format(names=names))
        else:
            unknown = _(TEXTS["unknown text"]).format(text=text)
            told.append(unknown + _near(_plain_text(text), known))
    return " ".join(told)


def _plain_text(text: str) -> str:
    return " ".join(text.casefold().split())


def _parted(text: str) -> list[str]:
    """The parts of a text that holds several, or nothing."""
    parts = [part for part in re.split(r"[,;\n]|\band\b|&", text) if part.strip(" .'\"")]
    return parts if len(parts) > 1 else []


def names_in(text: str, known: Sequence[str]) -> list[str]:
    """The names that a text holds, also where commas stand inside the quotes or are missing.

    Parameters
    ----------
    text
        One text of an answer.
    known
        The names that there are.

    Returns
    -------
    names
        As they are spelled in ``known``; empty when a part of the text is none of them.

    Examples
    --------
    >>> known = ["one in six", "banned", "PST"]
    >>> names_in("one in six, Banned", known), names_in("bannedPST", known), names_in("b", known)
    (['one in six', 'banned'], ['banned', 'PST'], [])
    >>> names_in("one in sixx, pst", known)
    ['one in six', 'PST']
    """
    spelled = {_plain_text(name): name for name in known}
    plain = _plain_text(text)
    if plain in spelled:
        return [spelled[plain]]
    found = [
        difflib.get_close_matches(_plain_text(part.strip(" .'\"")), list(spelled), 1)
        for part in _parted(text)
    ]
    if found:
        return [spelled[near[0]] for near in found if near] if all(found) else []
    longest = sorted((re.escape(name) for name in spelled), key=len, reverse=True)
    one = "|".join(longest)
    if not one or not re.fullmatch(rf"(?:(?:{one})\s*)+", plain):
        return []
    return [spelled[name] for name in re.findall(one, plain)]


def _near(text: str, known: Mapping[str, str]) -> str:
    near = difflib.get_close_matches(text, list(known), 1)
    return " " + _(TEXTS["meant"]).format(near=known[near[0]]) if near else ""


def _slip(exercise: Check, right: Any, given: Any) -> str:
    """The slip of writing that gives this answer; empty when none does."""
    if kind_of(right) == "number":
        exact = isinstance(exercise.tolerance, Exact)
        return slips.of_number(float(right), given, exercise.unit, exercise.parts, exact)
    return slips.of_numbers(_plain(right), given)


def _direction(exercise: Check, right: Any, given: Any) -> str:
    """Where a wrong answer of the right kind lies."""
    kind, tolerance = kind_of(right), exercise.tolerance
    assert not isinstance(tolerance, Cases)
    if kind == "number":
        told = _(TEXTS["high" if given > right else "low"])
        near = abs(given - right) <= NEAR * abs(right)
        return f"{told} {_(TEXTS['near'])}" if near else told
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
        values = np.asarray(_plain(right), float)
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
            told = of_running(error)
            return _Found(False, False, f"{told} {words}".strip(), "stopped")
        if is_open(raw):
            return _Found(False, False, "", "open")
        try:
            given.append(read_as(output, raw))
        except WrongKind:
            words = _(TEXTS["case kind"]).format(
                given=describe(raw), call=call, expected=expected(output)
            )
            if raw is None or kind_of(output) == "truth":
                words = f"{_(TEXTS['return' if raw is None else 'truth'])} {words}"
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
    """The sentences for an answer: what was seen, and the hint that is due."""
    if found.mistake == "open":
        return _not_answered(exercise, right)
    kept = answer if not callable(answer) else _source(answer)
    count = 1
    if keep:
        count = journal.attempt(exercise.id, kept, found.right, found.mistake, found.usable)
    if found.right:
        if kind_of(right) == "number" and not isinstance(answer, Real):
            answer = number(answer)  # a number in a list or an array of one
        goes_on = _(TEXTS["all digits" if found.words else "yours"]) if exercise.goes_on else ""
        words = f"{found.words} {goes_on}".strip()
        value, yours = (right, False) if found.words else (answer, True)
        return Checked(value, True, yours, words, "", _title("right", exercise), exercise.id)
    parts = [found.words, found.hint]
    if found.usable and count == 2:
        which = "second hint" if found.hint else "hint"
        parts.append(_(TEXTS[which]).format(text=_(exercise.hint)))
    elif found.usable and count > 2:
        parts.append(_(TEXTS["way"]).format(text=_(exercise.way)))
    elif not found.usable and count >= STUCK:
        parts.append(_(TEXTS["hint"]).format(text=_(exercise.hint)))
    if exercise.goes_on:
        parts.append(_(TEXTS["lab's"]))
    words = "\n".join(part for part in parts if part)
    title = _title("wrong", exercise)
    return Checked(right, False, False, words, found.mistake, title, exercise.id)


def _source(function: Any) -> str:
    """A function as it was written, so that a changed one counts as a new attempt."""
    try:
        return inspect.getsource(function)
    except Exception:
        return describe(function)


def _choose(exercise: Choose, answer: Any, keep: bool) -> Checked:
    own = exercise.best_options[0]
    listed = [_(TEXTS["option"]).format(option=o) for o in exercise.options]
    if is_open(answer):
        words = "\n".join([_(TEXTS["choose"]), *listed])
        return _not_answered(exercise, own, words)
    chosen = _chosen(exercise, answer)
    if not chosen:
        said = [_no_option(exercise, answer), *listed]
        title = _title("wrong", exercise)
        return Checked(own, False, False, "\n".join(said), "kind", title, exercise.id)
    right = all(option in exercise.best_options for option in chosen)
    title = _title("chosen", exercise, option=", ".join(chosen))
    if keep:
        journal.attempt(exercise.id, ", ".join(chosen), right)
    value, mistake = (chosen[0], "") if right else (own, ", ".join(chosen))
    if len(chosen) == 1:
        verdict = _(TEXTS["passed" if right else "again"])
        words = f"{_(exercise.options[chosen[0]])} {verdict}"
        return Checked(value, right, right, words, mistake, title, exercise.id)
    lines = [_(TEXTS["answered"]).format(option=o, feedback=_(exercise.options[o])) for o in chosen]
    lines = [*lines, _(TEXTS["passed"])] if right else [_(TEXTS["one at a time"]), *lines]
    return Checked(value, right, right, "\n".join(lines), mistake, title, exercise.id)


def _key(text: str) -> str:
    """A text without what does not matter: capitals, spaces, a full stop, quotation marks."""
    return " ".join(text.casefold().strip(" .!?'\"").split())


def _chosen(exercise: Choose, answer: Any) -> list[str]:
    """The options that an answer names, each once; none when a part of it is no option.

    A set has no order of its own: its options stand in that of the exercise.
    """
    known = {_key(o): o for o in exercise.options}
    texts = [answer] if isinstance(answer, str) else answer
    if not isinstance(texts, list | tuple | set | frozenset) or not texts:
        return []
    if not all(isinstance(t, str) for t in texts):
        return []
    whole = _key(", ".join(texts))  # 'phone', 'strict' for 'phone, strict'
    if whole in known:
        return [known[whole]]
    found = [known.get(_key(t)) for t in texts]
    if isinstance(texts, set | frozenset):
        found = [o for o in exercise.options if o in found] if all(found) else []
    return list(dict.fromkeys(o for o in found if o)) if all(found) else []


def _no_option(exercise: Choose, answer: Any) -> str:
    """What to say to an answer that is no option: what it is, and what it may have meant."""
    told = _(TEXTS["no option"]).format(given=describe(answer))
    options = list(exercise.options)
    if isinstance(answer, int) and not isinstance(answer, bool) and 1 <= answer <= len(options):
        return _(TEXTS["meant"]).format(near=options[answer - 1]) + " " + told
    if not isinstance(answer, str):
        return told
    named = [o for o in options if re.search(rf"(?<!\w){re.escape(o)}(?!\w)", answer)]
    if len(named) > 1:
        return _(TEXTS["one name"]) + " " + told
    near = _(TEXTS["meant"]).format(near=named[0]) if named else ""
    near = near or _near(_key(answer), {_key(o): o for o in options}).strip()
    return f"{near} {told}".strip()


def _write(exercise: Write, answer: Any, keep: bool) -> Checked:
    questions = [_(question) for question in exercise.questions]
    listed = [_(TEXTS["question"]).format(question=q) for q in questions]
    if is_open(answer):
        words = "\n".join([_(TEXTS["write open"]).format(id=exercise.id), *listed])
        return _not_answered(exercise, [], words)
    ticks = _ticks(answer)
    if ticks is None:
        words = "\n".join([_(TEXTS["write bad"]).format(given=describe(answer)), *listed])
        return Checked([], False, False, words, "kind", _title("wrong", exercise), exercise.id)
    if keep:
        journal.attempt(exercise.id, ["yes" if t else "no" for t in ticks], all(ticks))
    lines = [
        _(TEXTS["yes" if tick else "no"]).format(question=q)
        for q, tick in zip(questions, ticks, strict=True)
    ]
    lines += [] if all(ticks) else [_(TEXTS["write more"])]
    title = _title("ticks", exercise, count=sum(ticks))
    mistake = "" if all(ticks) else "no"
    return Checked(ticks, all(ticks), True, "\n".join(lines), mistake, title, exercise.id)


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

"""What a class guessed, met, chose and voted: counted, and what is too little left out.

In: journals.  Out: :class:`Counted`.  Everything is counted for itself: nothing here says which
guess and which vote are of the same person.  What fewer than :data:`FEWEST` people answered is not
counted at all, and what fewer than :data:`ALIKE` share is not named.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from labkit.base.words import N_
from labkit.learning import catalogue, vote
from labkit.learning.classroom.asked import ASKED
from labkit.learning.classroom.folder import Handed
from labkit.learning.exercises import Check, Choose, Exercise
from labkit.learning.store import LONGEST, Entries
from labkit.published.options import OPTIONS

FEWEST = 5
"""Answers below which nothing of a question is shown."""

ALIKE = 3
"""People below whom a mistake or a choice is not named."""

CLOSE, AGREED = 0.02, 0.9
"""One result was measured when it differs by at most this share among so many of the learners."""

LARGEST = 1e15
"""A number that is larger is no guess."""

SLIPS = {
    "kind": N_("another kind of answer than asked for: text, a whole table, several numbers"),
    "digits": N_("fewer digits than asked for"),
    "percent": N_("a percentage where a share is asked for"),
    "parts percent": N_("percentages where shares are asked for"),
    "share": N_("a share where a percentage is asked for"),
    "no percent": N_("a hundred times too large, though it is no percentage"),
    "above one": N_("a share above 1"),
    "many times one": N_("a share far above 1"),
    "thousandth": N_("a point taken for a comma: a thousandth of the right value"),
    "sign": N_("the right size with the other sign"),
    "upside down": N_("a fraction upside down"),
    "above": N_("only what stands above the line of a fraction"),
    "below": N_("only what stands below the line of a fraction"),
    "one off": N_("one off: places are counted from 0, how many there are from 1"),
    "swapped": N_("both numbers right, and swapped"),
    "part": N_("some of the right names"),
    "misspelt": N_("a name that is none of those offered"),
    "not a number": N_("a number that is none (NaN)"),
    "stopped": N_("a function that stopped with an error"),
}
"""Mistakes that can happen in any exercise: the name a journal keeps -> what it was, in words."""


@dataclass(frozen=True)
class Guessed:
    """The guesses under one name.

    Parameters
    ----------
    key
        Their name in the journal.
    guesses, results
        Numbers, sorted each for itself.
    sides
        How many guessed lower than was measured, exactly it, and higher.
    texts
        Guesses that are words -> how many made them; those that fewer than :data:`ALIKE` made are
        left out.
    told
        What was measured, in words, where (nearly) all learners were told the same.
    """

    key: str
    guesses: Sequence[float] = field(repr=False)
    results: Sequence[float] = field(repr=False)
    sides: tuple[int, int, int] = (0, 0, 0)
    texts: Mapping[str, int] = field(default_factory=dict)
    told: str = ""

    @property
    def middle(self) -> tuple[float, float, float]:
        """The middle guess between the two ends of the middle half; each of them a guess."""
        ends = (0.25, 0.5, 0.75)
        low, middle, high = np.quantile(self.guesses, ends, method="inverted_cdf")
        return float(low), float(middle), float(high)

    @property
    def result(self) -> float | None:
        """What was measured, where it was the same for (nearly) all."""
        if not self.results:
            return None
        middle = self.results[len(self.results) // 2]
        close = sum(abs(result - middle) <= CLOSE * abs(middle) for result in self.results)
        return middle if close >= AGREED * len(self.results) else None


@dataclass(frozen=True)
class Met:
    """A mistake in an exercise: what is said to it, how many met it, how many got there after."""

    name: str
    hint: str
    people: int
    right: int


@dataclass(frozen=True)
class Tried:
    """An exercise: how many tried it, how many got there, the mistakes that many met."""

    exercise: Exercise = field(repr=False)
    people: int
    right: int
    met: Sequence[Met]
    chosen: Mapping[str, int]


@dataclass(frozen=True)
class Voted:
    """The vote of those who voted before and after: option -> votes, and how many changed."""

    people: int
    before: Mapping[str, int]
    after: Mapping[str, int]
    changed: int


@dataclass(frozen=True)
class Counted:
    """All that is shown of a class.

    Parameters
    ----------
    people
        How many journals there are.
    guessed
        Questions with at least :data:`FEWEST` guesses, in the order of the notebooks.
    tried
        Exercises that as many tried.
    slips
        Slip of writing -> how many people met it, those that many met.
    voted
        The vote; None where too few voted.
    withheld
        How many questions, exercises and votes have answers, and fewer than :data:`FEWEST`.
    """

    people: int
    guessed: Sequence[Guessed]
    tried: Sequence[Tried]
    slips: Mapping[str, int]
    voted: Voted | None
    withheld: int


def counted(journals: Sequence[Handed]) -> Counted:
    """Count what the journals of a class hold."""
    every = [journal.entries for journal in journals]
    guesses = _guesses(every)
    tries = _tries(every)
    votes = _votes(every)
    shown = [g for g in guesses if len(g.guesses) >= FEWEST or g.texts]
    tried = [t for t in tries if t.people >= FEWEST]
    voted = votes if votes and votes.people >= FEWEST else None
    withheld = len(guesses) - len(shown) + len(tries) - len(tried) + bool(votes and not voted)
    return Counted(len(every), shown, tried, _slips(every), voted, withheld)


def number(value: Any) -> float | None:
    """A value as a number that can be drawn; None for anything else.

    Examples
    --------
    >>> number(3), number(True), number("3"), number(10**400)
    (3.0, None, None, None)
    """
    known = isinstance(value, int | float) and not isinstance(value, bool)
    return float(value) if known and abs(value) <= LARGEST else None


def clean(text: str) -> str:
    """A text of a learner's that any page can show, not longer than a line or two."""
    shown = text.encode("utf-8", "replace").decode()
    return " ".join("".join(c if c.isprintable() else " " for c in shown).split())[:LONGEST]


def common(counts: Mapping[str, int], least: int = ALIKE) -> dict[str, int]:
    """What enough people have in common, most first; as many: in the order of their names."""
    return dict(sorted(((k, n) for k, n in counts.items() if n >= least), key=lambda p: (-p[1], p)))


# --- guesses --------------------------------------------------------------------------------------


def _guesses(every: Iterable[Entries]) -> list[Guessed]:
    found: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for entries in every:
        for key, entry in entries["predictions"].items():
            if entry.get("guess") is not None:
                found[key].append(entry)
    order = list(ASKED)
    keys = sorted(found, key=lambda k: (order.index(k) if k in ASKED else len(order), k))
    return [_guessed(key, found[key]) for key in keys]


def _guessed(key: str, entries: Sequence[Mapping[str, Any]]) -> Guessed:
    pairs = [(number(e["guess"]), number(e.get("result"))) for e in entries]
    both = [(guess, result) for guess, result in pairs if guess is not None and result is not None]
    texts = Counter(clean(e["guess"]) for e in entries if isinstance(e["guess"], str))
    told = Counter(clean(e["text"]) for e in entries if isinstance(e.get("text"), str))
    agreed = [words for words, n in told.items() if n >= AGREED * len(both)]
    return Guessed(
        clean(key),
        sorted(guess for guess, _result in pairs if guess is not None),
        sorted(result for _guess, result in pairs if result is not None),
        (
            sum(guess < result for guess, result in both),
            sum(guess == result for guess, result in both),
            sum(guess > result for guess, result in both),
        ),
        common(texts) if sum(texts.values()) >= FEWEST else {},
        agreed[0] if agreed else "",
    )


# --- exercises ------------------------------------------------------------------------------------


def _tries(every: Iterable[Entries]) -> list[Tried]:
    found: dict[str, list[list[dict[str, Any]]]] = defaultdict(list)
    for entries in every:
        for name, entry in entries["attempts"].items():
            if entry["tries"]:
                found[name].append(entry["tries"])
    known = catalogue.everything()
    return [_tried(known[name], found[name]) for name in sorted(found) if name in known]


def _tried(exercise: Exercise, people: Sequence[Sequence[Mapping[str, Any]]]) -> Tried:
    right = [any(t.get("right") is True for t in tries) for tries in people]
    met: Counter[str] = Counter()
    after: Counter[str] = Counter()
    chosen: Counter[str] = Counter()
    for tries, passed in zip(people, right, strict=True):
        mistakes = {m for t in tries if (m := _mistake(exercise, t))}
        met.update(mistakes)
        after.update(mistakes if passed else ())
        last = tries[-1].get("answer")
        if isinstance(exercise, Choose) and isinstance(last, str) and last in exercise.options:
            chosen[last] += 1
    named = [Met(m, _hint(exercise, m), n, after[m]) for m, n in common(met).items()]
    return Tried(exercise, len(people), sum(right), named, common(chosen, 1))


def _mistake(exercise: Exercise, tried: Mapping[str, Any]) -> str:
    """The mistake of one attempt that the exercise knows; empty where it knows none."""
    if tried.get("right") is True:
        return ""
    if isinstance(exercise, Check):
        name = tried.get("mistake")
        return name if isinstance(name, str) and name in exercise.wrong else ""
    answer = tried.get("answer")
    known = isinstance(exercise, Choose) and isinstance(answer, str) and answer in exercise.options
    return str(answer) if known else ""


def _hint(exercise: Exercise, mistake: str) -> str:
    if isinstance(exercise, Check):
        return exercise.wrong[mistake][1]
    assert isinstance(exercise, Choose)
    return exercise.options[mistake]


def _slips(every: Sequence[Entries]) -> dict[str, int]:
    """Slips of writing, over all exercises: how many people met each."""
    people: Counter[str] = Counter()
    if sum(bool(entries["attempts"]) for entries in every) < FEWEST:
        return {}
    for entries in every:
        tries = [t for entry in entries["attempts"].values() for t in entry["tries"]]
        names = {t.get("mistake") for t in tries if isinstance(t.get("mistake"), str)}
        people.update(names & SLIPS.keys())
    return common(people)


# --- the vote -------------------------------------------------------------------------------------


def _votes(every: Iterable[Entries]) -> Voted | None:
    votes = []
    for entries in every:
        value = entries["kept"].get(vote.KEY, {}).get("value")
        both = [value.get(when) for when in vote.TIMES] if isinstance(value, dict) else []
        known = [option for option in both if isinstance(option, str) and option in OPTIONS]
        if len(known) == len(vote.TIMES):
            votes.append(known)
    if not votes:
        return None
    before, after = (Counter(side) for side in zip(*votes, strict=True))
    changed = sum(first != second for first, second in votes)
    return Voted(len(votes), common(before, 1), common(after, 1), changed)

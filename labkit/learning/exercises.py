"""What an exercise is: a value to compute, an option to choose, a text to write; how near is right.

In: a question, what is right, and what each mistake looks like.  Out: a :class:`Check`, a
:class:`Choose` or a :class:`Write`.  Right and wrong answers are functions that compute them from
the shipped data: none is typed.  Sentences are kept as they are written, marked with
:func:`~labkit.base.words.N_`; they are translated when they are said.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

NAME = re.compile(r"(\d\d)-[a-z]")
UNITS = ("share", "distance", "score", "count")
EQUAL = 1e-9
"""Two computed numbers that differ by less than this share count as the same number."""


@dataclass(frozen=True)
class Relative:
    """Right when within a share of the right value: ``Relative(0.02)`` is 2% either way.

    A right value of 0 has no share: use :class:`Absolute` there.
    """

    share: float

    def __post_init__(self) -> None:
        if not self.share > 0:
            raise ValueError(f"a tolerance of {self.share} lets no answer be right: use Exact()")

    def steps(self, right: Any, answer: Any) -> Any:
        """Distance in tolerances, element by element: at most 1 is near enough.

        Examples
        --------
        >>> float(Relative(0.02).steps(10.0, 10.1).round(2))
        0.5
        """
        return _steps(right, answer, self.share * np.abs(np.asarray(right, float)))


@dataclass(frozen=True)
class Absolute:
    """Right when within a fixed distance of the right value, in its own unit."""

    distance: float

    def __post_init__(self) -> None:
        if not self.distance > 0:
            raise ValueError(f"a tolerance of {self.distance} lets no answer be right: use Exact()")

    def steps(self, right: Any, answer: Any) -> Any:
        """Distance in tolerances, element by element: at most 1 is near enough."""
        return _steps(right, answer, np.full(np.shape(right), self.distance))


@dataclass(frozen=True)
class Exact:
    """Right only when equal (numbers up to the last bits of a computation)."""

    def steps(self, right: Any, answer: Any) -> Any:
        """0 where equal, infinite elsewhere."""
        room = EQUAL * np.maximum(np.abs(np.asarray(right, float)), 1e-300)
        return np.where(_steps(right, answer, room) <= 1, 0.0, np.inf)


@dataclass(frozen=True)
class Cases:
    """Right when a function gives the right output for every input.

    Parameters
    ----------
    inputs
        One tuple of arguments for each case, or a function that makes them from the shipped data.
    tolerance
        How near each output has to be.
    words
        Says in words what one call is given, where its arguments say little (long arrays).
    """

    inputs: Sequence[tuple[Any, ...]] | Callable[[], Sequence[tuple[Any, ...]]] = field(repr=False)
    tolerance: Relative | Absolute | Exact = field(default_factory=Exact)
    words: Callable[..., str] | None = field(default=None, repr=False)

    def arguments(self) -> list[tuple[Any, ...]]:
        """The inputs of all cases."""
        return list(self.inputs() if callable(self.inputs) else self.inputs)


def _steps(right: Any, answer: Any, room: Any) -> Any:
    """|answer - right| / room; 0 where both are equal, both missing included."""
    a, b = np.asarray(right, float), np.asarray(answer, float)
    with np.errstate(all="ignore"):
        steps = np.abs(a - b) / room
    same = (a == b) | (np.isnan(a) & np.isnan(b))
    return np.where(same, 0.0, np.where(np.isnan(steps), np.inf, steps))


@dataclass(frozen=True)
class Check:
    """An exercise with a right value.

    Parameters
    ----------
    id
        Notebook and letter, ``"03-b"``.
    question
        What is asked, in one sentence.
    reference
        Computes the right value.  For :class:`Cases` it gives the right function.
    also
        Compute other values that are right as well; not for :class:`Cases`.
    tolerance
        How near is near enough.
    wrong
        Name of a mistake -> (function that computes what the mistake gives, hint for it).  For
        :class:`Cases` the first is a function that gives the mistaken function.
    hint
        Said at the second wrong answer.
    way
        Said at the third: how to get there.
    expects
        What kind of answer is expected, if the right value does not say it well enough.
    digits
        How many significant digits of a number have to be right; the question says so in words
        where they are more than two.
    unit
        What a right number is: ``"share"``, ``"distance"``, ``"score"`` or ``"count"``; only a
        share can be mistaken for a percentage.
    parts
        Compute what stands above and below the line, where the right value is a fraction.
    among
        The texts that an answer in words may hold, so that a misspelt one is named.
    goes_on
        Whether the notebook uses the value afterwards, right or not; else only the verdict is said.

    Raises
    ------
    ValueError
        When the name is not of the form ``"03-b"``, a text is missing or a unit is not known.

    Examples
    --------
    >>> half = Check("99-a", "Half of 10?", lambda: 5, Exact(),
    ...              {"doubled": (lambda: 20, "That is twice 10.")}, "Divide.", "10 / 2.")
    >>> half.reference()
    5
    """

    id: str
    question: str
    reference: Callable[[], Any] = field(repr=False)
    tolerance: Relative | Absolute | Exact | Cases
    wrong: Mapping[str, tuple[Callable[[], Any], str]] = field(default_factory=dict, repr=False)
    hint: str = ""
    way: str = ""
    expects: str = ""
    also: Sequence[Callable[[], Any]] = field(default=(), repr=False)
    digits: int = 2
    unit: str = "share"
    parts: Sequence[Callable[[], Any]] = field(default=(), repr=False)
    among: Sequence[str] = ()
    goes_on: bool = True

    def __post_init__(self) -> None:
        notebook_of(self.id)
        if self.unit not in UNITS:
            raise ValueError(
                f"exercise {self.id} is in {self.unit!r}: use one of {', '.join(UNITS)}"
            )
        for part in ("question", "hint", "way"):
            if not getattr(self, part).strip():
                raise ValueError(f"exercise {self.id} has no {part}")


@dataclass(frozen=True)
class Choose:
    """An exercise in which one option is chosen and every option is answered.

    Parameters
    ----------
    id, question
        As in :class:`Check`.
    options
        Option -> what is said to whoever chooses it.
    best
        The options that count as passed; all of them when empty.
    """

    id: str
    question: str
    options: Mapping[str, str]
    best: frozenset[str] | set[str] | Sequence[str] = frozenset()

    def __post_init__(self) -> None:
        notebook_of(self.id)
        if len(self.options) < 2:
            raise ValueError(f"exercise {self.id} offers no choice: give two options or more")
        strange = set(self.best_options) - set(self.options)
        if strange:
            raise ValueError(f"exercise {self.id}: {sorted(strange)} is not among its options")

    @property
    def best_options(self) -> tuple[str, ...]:
        """The options that count as passed, in the order in which they are offered."""
        best = {self.best} if isinstance(self.best, str) else set(self.best)
        return tuple(o for o in self.options if o in best) + tuple(best - set(self.options)) or (
            tuple(self.options)
        )


@dataclass(frozen=True)
class Write:
    """A text that the learner writes and then judges with three yes/no questions."""

    id: str
    question: str
    questions: tuple[str, str, str]

    def __post_init__(self) -> None:
        notebook_of(self.id)
        if len(self.questions) != 3:
            raise ValueError(f"exercise {self.id} has {len(self.questions)} questions: give three")


Exercise = Check | Choose | Write


def notebook_of(name: str) -> str:
    """Number of the notebook in which an exercise stands.

    Raises
    ------
    ValueError
        When the name is not of the form ``"03-b"``.

    Examples
    --------
    >>> notebook_of("03-b")
    '03'
    """
    found = NAME.fullmatch(name) if isinstance(name, str) else None
    if not found:
        raise ValueError(f"{name!r} is not an exercise's name: write it like '03-b'")
    return found.group(1)

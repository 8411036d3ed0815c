"""The page of a class: what was counted, in words, drawings and tables.

In: :class:`~labkit.learning.classroom.counted.Counted`.  Out: the text of an HTML file for a
projector, a telephone, a printer and a screen reader: no script, nothing fetched.  The template
``class.html.j2`` has the order of the page and all markup.
"""

from __future__ import annotations

import functools
import itertools
import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from labkit.base.words import N_, _
from labkit.learning import ballot
from labkit.learning.classroom import dots
from labkit.learning.classroom.asked import ASKED, asked
from labkit.learning.classroom.counted import (
    ALIKE,
    FEWEST,
    SLIPS,
    Counted,
    Guessed,
    Met,
    Tried,
    common,
)
from labkit.learning.classroom.dots import wanted
from labkit.learning.classroom.folder import Passed
from labkit.learning.exercises import Choose
from labkit.published.options import OPTIONS
from labkit.views import page
from labkit.views.page.drawing import Axis, Figure
from labkit.views.page.tables import Head, Table, columns

if TYPE_CHECKING:
    from markupsafe import Markup

TEMPLATE = Path(__file__).with_name("class.html.j2")
MOST_EXERCISES = 10
MOST_MISTAKES = 3  # of one exercise
MOST = 0.6
"""Share of the guesses on one side from which on most lie there."""

KINDS = {
    "damaged": N_("damaged"),
    "foreign": N_("no journal of this lab"),
    "newer": N_("of a newer version of the lab"),
    "older": N_("of an older version of the lab"),
    "large": N_("too large for a journal"),
    "unreadable": N_("not readable"),
    "empty": N_("without entries"),
    "twice": N_("by a person who is counted already"),
}
"""Why files were passed over, as the page says it: without their names."""

HEADINGS = {
    "short": N_("In short"),
    "ballot": N_("The ballot of notebook 01, opened"),
    "guesses": N_("Guesses, and what was measured"),
    "mistakes": N_("Mistakes that many met"),
    "chosen": N_("What was chosen"),
    "vote": N_("The vote, before and after"),
    "kept": N_("What this page does not show"),
}


class Card(NamedTuple):
    """A result that the page opens with."""

    name: str
    value: str
    text: str


class Question(NamedTuple):
    """A guess as the page shows it."""

    heading: str
    lines: list[str]
    figure: Figure | None
    table: Table | None


class Mistake(NamedTuple):
    """A mistake as the page shows it: how many met it, what is said to it, how many got there."""

    met: str
    hint: str
    after: str


class Exercise(NamedTuple):
    """An exercise and the mistakes in it that many met."""

    heading: str
    mistakes: list[Mistake]


def html(
    counted: Counted, passed: Sequence[Passed], *, title: str, names: Sequence[str] = ()
) -> str:
    """The whole page.

    Parameters
    ----------
    counted
        What was counted.
    passed
        The files that were passed over.
    title
        The heading.
    names
        Names of those whose journals are in it; none are shown otherwise.
    """
    shown = Shown(counted, passed, names)
    return page.render(TEMPLATE, title=title, shown=shown, linked=_marked)


def _marked(text: str) -> Markup:
    """A sentence with its code, which stands between backticks, as code."""
    from markupsafe import Markup, escape

    parts = [escape(part) for part in text.split("`")]
    if len(parts) % 2 == 0:  # one that does not end
        return escape(text)
    code = Markup("<code>{}</code>").format
    return Markup("").join(code(part) if n % 2 else part for n, part in enumerate(parts))


@dataclass(frozen=True, eq=False)
class Shown:
    """What the template shows."""

    counted: Counted
    passed: Sequence[Passed]
    names: Sequence[str] = field(repr=False)

    @property
    def headings(self) -> dict[str, str]:
        """The sections that have something to show."""
        there = {
            "short": True,
            "ballot": bool(self.ballot),
            "guesses": bool(self.guesses),
            "mistakes": bool(self.mistakes or self.slips or self.exercises),
            "chosen": bool(self.chosen),
            "vote": self.counted.voted is not None,
            "kept": True,
        }
        return {key: _(words) for key, words in HEADINGS.items() if there[key]}

    # -- in short ----------------------------------------------------------------------------------

    @property
    def cards(self) -> list[Card]:
        """How many took part, and where the middle guess was nearest and farthest."""
        told = _("Counted together. Nobody is named, and no answer is shown beside another of"
                 " the same person.")  # fmt: skip
        out = [Card(_("Journals"), f"{self.counted.people:,}", told)]
        known = [
            (abs(math.log(g.middle[1] / g.result)), g)
            for g in self.counted.guessed
            if g.key in ASKED and g.guesses and g.result and g.middle[1] / g.result > 0
        ]
        if len(known) < 2:
            return out
        known.sort(key=lambda pair: (pair[0], pair[1].key))
        for heading, (_far, guess) in (
            (_("Guessed best together"), known[0]),
            (_("Surprised most"), known[-1]),
        ):
            assert guess.result is not None
            told = _("measured; the middle guess was {guess}. {question}").format(
                guess=wanted(guess.middle[1]), question=asked(guess.key).words
            )
            out.append(Card(heading, wanted(guess.result), told))
        return out

    # -- guesses -----------------------------------------------------------------------------------

    @functools.cached_property
    def ballot(self) -> list[Question]:
        """The guesses of the ballot."""
        keys = {ballot.key(letter): letter for letter in ballot.QUESTIONS}
        return [
            self._question(
                _("Question {letter}").format(letter=keys[g.key]),
                g,
                ballot.QUESTIONS[keys[g.key]].notebook,
            )
            for g in self.counted.guessed
            if g.key in keys
        ]

    @functools.cached_property
    def guesses(self) -> list[Question]:
        """All other guesses."""
        keys = {ballot.key(letter) for letter in ballot.QUESTIONS}
        return [
            self._question(_heading(g.key), g) for g in self.counted.guessed if g.key not in keys
        ]

    def _question(self, heading: str, guess: Guessed, notebook: str = "") -> Question:
        question = asked(guess.key)
        lines = [] if question.words == heading else [question.words]
        if len(guess.guesses) < FEWEST:
            said = ", ".join(f"{text}: {n}" for text, n in guess.texts.items())
            return Question(heading, [*lines, _("Guessed: {said}.").format(said=said)], None, None)
        told = [_spread(guess), _measured(guess, notebook), _side(guess)]
        name = "fig-" + re.sub(r"\W", "-", guess.key)
        figure = dots.guessed(
            name,
            _("{count:,} guesses").format(count=len(guess.guesses)),
            question.unit,
            " ".join(filter(None, told)),
            guess.guesses,
            guess.middle,
            guess.results,
            guess.result,
        )
        return Question(heading, [*lines, " ".join(filter(None, told))], figure, _ranges(guess))

    # -- exercises ---------------------------------------------------------------------------------

    @functools.cached_property
    def mistakes(self) -> list[Exercise]:
        """The exercises with the mistakes that most people met, and what is said to these."""
        found = [tried for tried in self.counted.tried if tried.met and not _is_opinion(tried)]
        found.sort(key=lambda tried: (-tried.met[0].people, tried.exercise.id))
        return [
            Exercise(
                f"{tried.exercise.id}: {tried.exercise.question}",
                [_mistake(tried, met) for met in tried.met[:MOST_MISTAKES]],
            )
            for tried in found[:MOST_EXERCISES]
        ]

    @functools.cached_property
    def exercises(self) -> Table | None:
        """How many tried each exercise, and how many got there."""
        rows = [
            [f"{t.exercise.id}: {t.exercise.question}", f"{t.people:,}", _most(t.right, t.people)]
            for t in self.counted.tried
            if not _is_opinion(t)
        ]
        if not rows:
            return None
        heads = [Head(_("Exercise")), Head(_("Tried by"), True), Head(_("Got there"))]
        return Table(_("Exercises"), heads, rows)

    @functools.cached_property
    def slips(self) -> Table | None:
        """Slips of writing, over all exercises."""
        rows = [[_(SLIPS[slip]), f"{n:,}"] for slip, n in self.counted.slips.items()]
        heads = columns(_("Slip"), _("Met by"))
        return Table(_("Slips of writing, over all exercises"), heads, rows) if rows else None

    @functools.cached_property
    def chosen(self) -> list[Question]:
        """What was chosen where more than one option can be defended, each person's last choice."""
        out = []
        for tried in self.counted.tried:
            if not _is_opinion(tried) or not tried.chosen:
                continue
            assert isinstance(tried.exercise, Choose)
            side, count = _("chosen"), sum(tried.chosen.values())
            counts = together([tried.chosen])
            names = {option: option for option in tried.exercise.options if option in counts[0]}
            if OTHERS in counts[0]:
                names[OTHERS] = _others()
            said = _listed(names, {side: counts[0]})
            figure = dots.rows(
                f"fig-{tried.exercise.id}",
                _("{count:,} choices").format(count=count),
                said,
                {side: counts[0]},
                names,
            )
            out.append(Question(tried.exercise.id, [tried.exercise.question], figure, None))
        return out

    # -- the vote ----------------------------------------------------------------------------------

    @functools.cached_property
    def vote(self) -> Question | None:
        """The vote before and after, and whether many changed theirs."""
        voted = self.counted.voted
        if voted is None:
            return None
        before, after = together([voted.before, voted.after])
        names = {
            word: _(option.name)
            for word, option in OPTIONS.items()
            if word in before or word in after
        }
        if OTHERS in {*before, *after}:
            names[OTHERS] = _others()
        sides = {_("before"): before, _("after"): after}
        told = _("{count:,} learners voted before and after.").format(count=voted.people)
        changed = _("Their vote changed: {most}.").format(most=_most(voted.changed, voted.people))
        said = _listed(names, sides)
        figure = dots.rows(
            "fig-vote", _("Votes before (rings) and after (dots)"), said, sides, names
        )
        rows = [
            [words, f"{before.get(option, 0):,}", f"{after.get(option, 0):,}"]
            for option, words in names.items()
        ]
        table = Table(_("The vote"), columns(_("Option"), *sides), rows)
        return Question("", [f"{told} {changed}"], figure, table)

    # -- what is kept back -------------------------------------------------------------------------

    @property
    def kept_back(self) -> list[str]:
        """What the page leaves out, and why."""
        out = [
            _("No answers of one person to two questions side by side: every chart is sorted for"
              " itself, so that no dot can be followed from one to the next. Only how many changed"
              " their vote, and how many met a slip, is counted over more than one answer."),
            _("Nothing that fewer than {few} people answered. Left out for this reason: {count}.")
            .format(few=FEWEST, count=self.counted.withheld or _("nothing")),
            _("No mistake and no slip that fewer than {alike} people met. Choices of fewer are"
              " shown together, without saying which they were.").format(alike=ALIKE),
        ]  # fmt: skip
        if self.names:
            listed = ", ".join(self.names)
            out.insert(0, _("Names stand here only, as their owners gave them: {names}.").format(
                names=listed))  # fmt: skip
        else:
            out.insert(0, _("No names, and no names of files."))
        if self.passed:
            kinds = [p.why for p in self.passed]
            said = ", ".join(f"{_(KINDS[why])}: {n}" for why, n in common(_count(kinds), 1).items())
            out.append(_("Files that are not counted: {said}.").format(said=said))
        out.append(
            _("In a small class even this may be too much: whoever saw a neighbour's screen may"
              " recognise a dot, and where all answered alike, everybody's answer is known. Ask the"
              " class before you show it.")
        )  # fmt: skip
        return out


def _heading(key: str) -> str:
    """Which notebook asked; of a guess that no notebook asks for, its own name."""
    return _("Notebook {number}").format(number=key[:2]) if key in ASKED else key


# --- words ----------------------------------------------------------------------------------------

OTHERS = "\0others"
"""In place of the options that too few chose."""


def _others() -> str:
    return _("Others, each chosen by fewer than {alike}").format(alike=ALIKE)


def _count(items: Sequence[str]) -> dict[str, int]:
    return {item: items.count(item) for item in items}


def together(sides: Sequence[Mapping[str, int]]) -> list[dict[str, int]]:
    """Votes, those for options that fewer than three chose on every side brought together.

    Examples
    --------
    >>> together([{"ban": 6, "law": 2, "use": 1}])[0] == {"ban": 6, OTHERS: 3}
    True
    >>> together([{"ban": 6, "law": 2}, {"ban": 1, "law": 7}])
    [{'ban': 6, 'law': 2}, {'ban': 1, 'law': 7}]
    """
    few = {
        option
        for side in sides
        for option in side
        if all(other.get(option, 0) < ALIKE for other in sides)
    }
    out = []
    for side in sides:
        counts = {option: n for option, n in side.items() if option not in few}
        rest = sum(n for option, n in side.items() if option in few)
        out.append({**counts, OTHERS: rest} if rest else counts)
    return out


def _listed(names: Mapping[str, str], sides: Mapping[str, Mapping[str, int]]) -> str:
    """Every option with its counts, as one text."""
    return " ".join(
        f"{words}: " + ", ".join(f"{side} {n.get(option, 0)}" for side, n in sides.items()) + "."
        for option, words in names.items()
    )


def _is_opinion(tried: Tried) -> bool:
    """Whether an exercise has no single right answer: then choices are shown, not mistakes."""
    exercise = tried.exercise
    return isinstance(exercise, Choose) and len(exercise.best_options) > len(exercise.options) / 2


def _most(some: int, every: int) -> str:
    """How many of all, so that one or two who did not, or did, are not counted out.

    Examples
    --------
    >>> _most(20, 20), _most(19, 20), _most(12, 20), _most(2, 20), _most(0, 20)
    ('all', 'nearly all', '12 of 20', 'a few', 'nobody yet')
    """
    if some in (0, every):
        return _("all") if some else _("nobody yet")
    if every - some < ALIKE:
        return _("nearly all")
    if some < ALIKE:
        return _("a few")
    return _("{some:,} of {every:,}").format(some=some, every=every)


def _mistake(tried: Tried, met: Met) -> Mistake:
    of = _("{people:,} of {every:,}").format(people=met.people, every=tried.people)
    option = f"'{met.name}': " if isinstance(tried.exercise, Choose) else ""
    after = _("Got there later: {most}.").format(most=_most(met.right, met.people))
    return Mistake(of, f"{option}{_(met.hint)}", after)


def _spread(guess: Guessed) -> str:
    low, middle, high = guess.middle
    first, last = guess.guesses[0], guess.guesses[-1]
    if first == last:
        return _("All guessed {guess}.").format(guess=wanted(first))
    said = _("The middle guess is {middle}; half of all lie from {low} to {high}.")
    if low == high:
        said = _("At least half guessed {middle}.")
    said = said.format(middle=wanted(middle), low=wanted(low), high=wanted(high))
    beyond = _beyond(guess)
    if beyond:
        words = _("Guesses that lie far from the others and are not drawn: {count}.")
        said = f"{said} {words.format(count=beyond)}"
    return said


def _beyond(guess: Guessed) -> int:
    low, high = dots.ends(guess.guesses, guess.results)
    return sum(not low <= value <= high for value in guess.guesses)


def _measured(guess: Guessed, notebook: str) -> str:
    if guess.result is not None:
        told = guess.told.rstrip(". ") or wanted(guess.result)
        return _("Measured: {told}.").format(told=told)
    if guess.results:
        return _("Each learner measured a number of their own, from {low} to {high}.").format(
            low=wanted(guess.results[0]), high=wanted(guess.results[-1])
        )
    if notebook:
        return _("Not opened yet: notebook {notebook} measures it.").format(notebook=notebook)
    return _("Not measured yet.")


def _side(guess: Guessed) -> str:
    lower, same, higher = guess.sides
    every = lower + same + higher
    if every < FEWEST:
        return ""
    if lower >= MOST * every:
        return _("Most guessed lower.")
    if higher >= MOST * every:
        return _("Most guessed higher.")
    return _("Guesses lie on both sides of it.")


def _ranges(guess: Guessed) -> Table:
    """The guesses as a table: how many lie in each range."""
    low, high = dots.ends(guess.guesses, guess.results)
    marks = Axis(low, high, False).ticks()
    edges = sorted({low, *marks, high})
    inner = [value for value in guess.guesses if low <= value <= high]
    rows = []
    for n, (first, last) in enumerate(itertools.pairwise(edges)):
        end = n == len(edges) - 2
        count = sum(first <= value < last or (end and value == last) for value in inner)
        words = _("{low} to {high}") if end else _("{low} to less than {high}")
        rows.append([words.format(low=wanted(first), high=wanted(last)), f"{count:,}"])
    beyond = len(guess.guesses) - len(inner)
    if beyond:
        rows.append([_("beyond"), f"{beyond:,}"])
    return Table(_("How many guessed what"), columns(_("Guess"), _("Learners")), rows)

"""The learner's own numbers of notebooks 03 to 11, each beside what is computed here and now.

In: the journal, and the bundled data.  Out: :class:`OwnNumbers`: for each number what it counts,
the learner's own where the journal has one, the lab's with its interval, the guess, and which of
them is which.  :func:`weigh` sets them beside the options of :mod:`labkit.published.options`.

A number is the learner's own when the journal holds a right answer to the exercise that asks for
it, or the result that stood beside a guess.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from labkit.base.words import N_, _
from labkit.learning import deciding, journal
from labkit.learning.deciding import Value, written
from labkit.published.listed import listed
from labkit.published.options import OPTIONS, known, published
from labkit.published.reading import Page
from labkit.views.callouts import Marked

CLOSE = 0.05
"""A number of the journal that differs from the lab's by a larger share is shown with a word."""


@dataclass(frozen=True)
class Number:
    """One number, and where the journal has it.

    Parameters
    ----------
    notebook
        Where it is measured.
    counts
        What it counts, as a line of a table.
    compute
        Measures it here.
    key
        Where the journal keeps it: the name of an exercise or of a guess.
    reads
        Reads it from the journal's entries, where it is kept in another way.
    times
        What the journal's value is multiplied by to be in this unit.
    digits
        Digits behind the point.
    """

    notebook: str
    counts: str
    compute: Callable[[], Value] = field(repr=False)
    key: str = ""
    times: float = 1.0
    digits: int = 0
    reads: Callable[[Mapping[str, Any]], float | None] | None = field(default=None, repr=False)


# ---- from the journal ---------------------------------------------------------------------------


def _finite(value: Any) -> float | None:
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    return float(value) if math.isfinite(value) else None


def _kept(key: str, entries: Mapping[str, Any]) -> float | None:
    """A learner's own number from the journal; ``None`` where there is none that can be used."""
    tries = (entries["attempts"].get(key) or {}).get("tries", [])
    right = [_finite(t.get("answer")) for t in tries if t.get("right") is True]
    if right:
        return right[-1]
    return _finite((entries["predictions"].get(key) or {}).get("result"))


def _reviewed(entries: Mapping[str, Any]) -> float | None:
    """The learner's own wrong names of notebook 10; ``None`` unless every case was answered."""
    from labkit.street import review

    cases = review.cases()
    answers: Any = (entries["kept"].get(review.ANSWERS) or {}).get("value")
    if not cases.fits(answers):
        return None
    found = review.counted(answers, cases.mates)
    return float(found.named) if found.answered == len(cases) else None


MEASURED: Mapping[str, Number] = {
    "missed": Number(
        "03",
        N_("of 100 comparisons of one person, missed when 1 in 100 of two people matches"),
        lambda: deciding.missed(1e-2),
        "03-b",
        100,
    ),
    "stricter": Number(
        "03",
        N_("of 100 comparisons of one person, missed when 1 in 1,000 of two people matches"),
        lambda: deciding.missed(1e-3),
        "01-ballot-b",
    ),
    "none": Number(
        "04",
        N_("in 1,000: what the true rate may still be when 535 people show no error, by luck"),
        deciding.none_seen,
        "01-ballot-c",
        digits=1,
    ),
    "darker": Number(
        "05",
        N_("FMR of people drawn darker, divided by that of people drawn lighter"),
        lambda: deciding.ratio("fmr"),
        "05-ratio",
        digits=2,
    ),
    "rejected": Number(
        "05",
        N_("false rejection of people drawn darker, divided by that of people drawn lighter"),
        lambda: deciding.ratio("false_rejection"),
        "01-ballot-d",
        digits=2,
    ),
    "mix": Number(
        "06",
        N_("FMR darker / lighter in networks that learned from nine lighter people to one darker"),
        deciding.mix,
        "06-mix",
        digits=1,
    ),
    "remedy": Number(
        "07",
        N_("of 100 pairs of darker people, rejected when their band has its own threshold"),
        deciding.own_threshold,
        "07-rejected",
        100,
    ),
    "alerts": Number(
        "08",
        N_("false alerts a day at the station: 20,000 pass, 100 of them are in the gallery"),
        deciding.alerts,
        "08-a",
    ),
    "returned": Number(
        "08",
        N_("of 100 people enrolled nowhere, for whom a search of 25,000 returns somebody (1e-3)"),
        deciding.returned,
        "01-ballot-a",
    ),
    "right": Number(
        "08",
        N_("of 100 alerts there, for somebody in the gallery (ends: both rates at theirs)"),
        deciding.right,
        "08-right",
        digits=1,
    ),
    "lost": Number(
        "09",
        N_("of 100 enrolled people searched for, lost by going from threshold A to C"),
        deciding.lost,
        "09-a",
        100,
    ),
    "members": Number(
        "09",
        N_("members of the council of 535 who are falsely matched at C"),
        deciding.members,
    ),
    "again": Number(
        "09",
        N_("of ten who were falsely matched at A, matched again by a second photograph"),
        deciding.again,
        "01-ballot-e",
        digits=1,
    ),
    "found": Number(
        "10",
        N_("of the 300 faces of a crowd, found by dlib's detector"),
        deciding.crowd_found,
        "10-found",
    ),
    "named": Number(
        "10",
        N_("wrong names that you gave, of six people who were not in the gallery"),
        deciding.named,
        reads=_reviewed,
    ),
    "links": Number(
        "11",
        N_("sightings of somebody else under an average name, in two weeks of a city"),
        deciding.links,
        "11-a",
        digits=1,
    ),
    "singled": Number(
        "11",
        N_("sightings that single out more than half of the people of that city"),
        deciding.singled,
        "11-singled",
    ),
}
"""Name -> number, in the order of the notebooks."""


@dataclass(frozen=True)
class Own:
    """One number with whose it is.

    Parameters
    ----------
    number
        What it is.
    here
        What was computed here.
    yours
        The learner's own, in the same unit; ``None`` where the journal has none.
    guess
        The learner's guess, in the same unit; ``None`` where there is none.
    """

    number: Number
    here: Value
    yours: float | None = None
    guess: float | None = None

    @property
    def differs(self) -> bool:
        """Whether the learner's own is not what was computed here."""
        if self.yours is None or not math.isfinite(self.here.value):
            return False
        step = 10.0**-self.number.digits
        return abs(self.yours - self.here.value) > max(CLOSE * abs(self.here.value), step)

    @property
    def text(self) -> str:
        """The number with its interval: the learner's own where there is one, else the lab's."""
        if self.yours is None or (math.isfinite(self.here.value) and not self.differs):
            return self.here.text(self.number.digits)
        return written(self.yours, max(self.number.digits, 2)).rstrip("0").rstrip(".")

    @property
    def line(self) -> str:
        """The number with what it counts and the notebook that measures it."""
        return _("{number}: {counts} ({notebook})").format(
            number=self.text, counts=_(self.number.counts), notebook=self.number.notebook
        )

    @property
    def whose(self) -> str:
        """Whose number it is, in words."""
        if self.yours is None:
            return _("computed here") if math.isfinite(self.here.value) else _("not measured")
        if not math.isfinite(self.here.value):
            return _("yours")
        if self.differs:
            return _("yours; computed here it is {here}").format(
                here=self.here.text(self.number.digits)
            )
        return _("yours, and the same here")

    @property
    def guessed(self) -> str:
        """The guess, in words."""
        return "" if self.guess is None else f"{self.guess:,.4g}"


@dataclass(frozen=True)
class OwnNumbers:
    """All numbers, made by :func:`numbers`.

    Parameters
    ----------
    table
        Name -> number.
    """

    table: Mapping[str, Own]

    def __getitem__(self, name: str) -> str:
        """A number with its interval, by its name in :data:`MEASURED`.

        Raises
        ------
        ValueError
            For a name that there is not, with those there are.
        """
        if name not in self.table:
            said = _("there is no number {name!r}: use one of {all}")
            raise ValueError(said.format(name=name, all=", ".join(self.table)))
        return self.table[name].text

    @property
    def yours(self) -> int:
        """How many are the learner's own."""
        return sum(own.yours is not None for own in self.table.values())

    @property
    def computed(self) -> int:
        """How many were computed here."""
        return sum(math.isfinite(own.here.value) for own in self.table.values())

    def told(self) -> str:
        """How many are the learner's own, in a sentence."""
        facts = {"yours": self.yours, "here": self.computed, "all": len(self.table)}
        if not self.yours:
            said = _(NONE_YOURS)
        else:
            said = _(
                "{yours} of these {all} numbers are yours, from your journal. The others, and all"
                " intervals, were computed here, now, from the same invented people."
            )
        return Marked(said.format(**facts), shows="own", numbers=self._where())

    def _where(self) -> list[dict[str, Any]]:
        """Of each number what it counts, its value here, and where a journal has another."""
        return [
            {
                "counts": _(own.number.counts),
                "here": own.here.text(own.number.digits),
                "key": own.number.key,
                "times": own.number.times,
                "digits": own.number.digits,
                "notebook": own.number.notebook,
            }
            for own in self.table.values()
        ]

    def rows(self, names: Iterable[str] = ()) -> list[list[str]]:
        """A row for each number, in the order of :data:`HEADS`; of all where none is named."""
        return [
            [_(own.number.counts), own.text, own.guessed, own.whose, own.number.notebook]
            for own in (self.table[name] for name in (tuple(names) or self.table))
        ]

    def ballot(self) -> dict[str, tuple[float, str]]:
        """What the ballot of notebook 01 asked: letter -> what was computed here, and in words."""
        return {
            own.number.key[-1]: (
                round(own.here.value, own.number.digits),
                f"{own.here.text(own.number.digits)} {_(own.number.counts)}",
            )
            for own in self.table.values()
            if own.number.key.startswith("01-ballot-")
        }

    def page(self) -> Page:
        """All numbers as a table to read."""
        rows = [
            [[row[0], name], *row[1:]] for name, row in zip(self.table, self.rows(), strict=True)
        ]
        return listed(self.told(), [_(head) for head in HEADS], rows)


NONE_YOURS = N_(
    "Your journal holds none of these numbers. {here} of {all} were computed here, now, from the"
    " same invented people."
)
"""Said of numbers of which none is the learner's own."""

ALL = "all"
"""Every option."""

HEADS = (
    N_("what is counted"),
    N_("number [95% interval]"),
    N_("your guess"),
    N_("whose"),
    N_("notebook"),
)


def numbers() -> OwnNumbers:
    """Every number of :data:`MEASURED`, with whose it is; takes some seconds.

    Examples
    --------
    >>> Own(MEASURED["none"], MEASURED["none"].compute()).text
    '5.6 (one-sided 95% bound)'
    """
    entries = journal.read()
    return OwnNumbers({name: _own(number, entries) for name, number in MEASURED.items()})


def _own(number: Number, entries: Mapping[str, Any]) -> Own:
    """A number beside what the journal holds of it."""
    yours = number.reads(entries) if number.reads else _kept(number.key, entries)
    guess = _finite((entries["predictions"].get(number.key) or {}).get("guess"))
    return Own(
        number,
        number.compute(),
        None if yours is None else yours * number.times,
        None if guess is None else guess * number.times,
    )


def weigh(own: OwnNumbers, name: Any = ALL) -> Page:
    """What numbers say about an option, measured here and by others, and what none says.

    Parameters
    ----------
    own
        The learner's numbers.
    name
        The short word of an option, or ``"all"``; for anything else the two ends of the list.
    """
    try:
        chosen = list(OPTIONS) if name == ALL else [known(name)]
    except ValueError:
        chosen = [list(OPTIONS)[place] for place in (0, -1)]
    rows = []
    for word in chosen:
        option = OPTIONS[word]
        told = [own.table[n].line for n in option.numbers]
        rows.append([[word, _(option.name)], told, list(published(option)), _(option.no_number)])
    return listed(
        _("What numbers say about each option, and what none of them says"),
        [
            _("option"),
            _("here, on drawn faces, free matchers (yours or the lab's)"),
            _("others', on real people and other matchers"),
            _("what no number here says"),
        ],
        rows,
        framed=len(rows) > 2,
        even=True,
    )

"""Notebook 09, "The Congress test": its exercises; right values and mistakes are computed."""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import Any

from labkit import data
from labkit.base.words import N_
from labkit.gallery.council import DARKER, LIGHTER, POINTS, Trial, expected
from labkit.learning.exercises import Absolute, Check, Relative, Write

Table = Any
"""A pandas DataFrame: its published types know less than this module does."""

POLICED = "over-policed"


@functools.cache
def town() -> Trial:
    """The town's gallery, and dlib."""
    return Trial(data.gallery())


@functools.cache
def costs() -> Table:
    """The table of exercise 09-a."""
    return town().costs()


@functools.cache
def rates() -> Table:
    """The rates of exercise 09-b, counted in the town's gallery."""
    return town().hits(town().at("A")).rates()


@functools.cache
def entries(make_up: str) -> Any:
    """Who is enrolled in a gallery, by band."""
    return Trial(data.gallery(), make_up=make_up).entries


# ---- 09-a ---------------------------------------------------------------------------------------


def _missed(point: str) -> float:
    return float(costs().loc[point, "not found"])


def _searched() -> float:
    return float(costs().loc["A", "enrolled, searched for"])


def _lost(first: str = "A", last: str = "C") -> float:
    return (_missed(last) - _missed(first)) / _searched()


PRICE = Check(
    "09-a",
    question=N_(
        "By how much does FNIR rise from A to C: what share of the searches for enrolled people is"
        " lost?"
    ),
    reference=_lost,
    tolerance=Absolute(0.001),
    goes_on=False,
    parts=(lambda: _missed("C") - _missed("A"), _searched),
    wrong={
        "FNIR at C": (
            lambda: _missed("C") / _searched(),
            N_(
                "This is FNIR at C, all that are not found there. Some of them were not found at A"
                " either: the question is how many MORE."
            ),
        ),
        "FNIR at A": (
            lambda: _missed("A") / _searched(),
            N_("This is FNIR at A. The question asks by how much it rises up to C."),
        ),
        "the other way round": (
            lambda: -_lost(),
            N_("You took C from A. More are lost at C, so the rise is C less A, above zero."),
        ),
        "relative to A": (
            lambda: (_missed("C") - _missed("A")) / _missed("A"),
            N_(
                "You divided by those who were not found at A. FNIR has everybody who was searched"
                " for below the line."
            ),
        ),
        "no brackets": (
            lambda: _missed("C") - _missed("A") / _searched(),
            N_("Python divides before it subtracts. Put brackets around the difference."),
        ),
        "how many times": (
            lambda: _missed("C") / _missed("A"),
            N_("This says how many times as many are not found. The question asks for a share."),
        ),
        "of those found at A": (
            lambda: (_missed("C") - _missed("A")) / (_searched() - _missed("A")),
            N_(
                "This is the share of those whom A had found. A good question, and another one:"
                " FNIR is about all who were searched for."
            ),
        ),
        "found at C": (
            lambda: 1 - _missed("C") / _searched(),
            N_("This is the share that is still found at C. The question asks what is lost."),
        ),
        "from B": (
            lambda: _lost("B"),
            N_("This is the step from B to C. The question begins at A."),
        ),
        "to B": (
            lambda: _lost("A", "B"),
            N_("This is the step from A to B. The question goes on to C."),
        ),
        "divided by members": (
            lambda: (_missed("C") - _missed("A")) / len(town().probes("council")),
            N_(
                "You divided by the members of the council. Those who are not found are enrolled"
                " people, so divide by the enrolled people who were searched for."
            ),
        ),
        "innocent searches": (
            lambda: POINTS["A"] - POINTS["C"],
            N_(
                "This is what falls: the share of innocent searches that return somebody. The"
                " question asks for the price, the searches that no longer find the right person."
            ),
        ),
    },
    hint=N_("Not found at C, less not found at A, divided by those who were searched for."),
    way=N_(
        "`lost = costs.loc['C', 'not found'] - costs.loc['A', 'not found']`, then `answer = lost /"
        " costs.loc['A', 'enrolled, searched for']`."
    ),
)


# ---- 09-b ---------------------------------------------------------------------------------------


def _expects(make_up: str = POLICED, band: str = DARKER) -> float:
    return float(expected(rates(), entries(make_up))[band])


def _part(of: Callable[[Table, Any], Any]) -> Callable[[], float]:
    """What a mistake gives, from the row of darker people and the over-policed gallery."""
    return lambda: float(of(rates().loc[DARKER], entries(POLICED)))


@functools.cache
def _counted() -> float:
    """What a search for a darker person did give in the over-policed gallery, counted."""
    trial = Trial(data.gallery(), make_up=POLICED)
    return float(trial.hits(town().at("A")).per_search(DARKER))


CANDIDATES = Check(
    "09-b",
    question=N_(
        "How many false candidates does a search for a darker person give in the over-policed"
        " gallery, by arithmetic?"
    ),
    reference=_expects,
    tolerance=Relative(0.005),
    digits=3,
    unit="score",
    goes_on=False,
    wrong={
        "the town's gallery": (
            lambda: _expects("town"),
            N_("This is the town's gallery. Take the row of the over-policed one."),
        ),
        "the balanced gallery": (
            lambda: _expects("balanced"),
            N_(
                "This is what comes out when all bands are enrolled in equal numbers, as in the"
                " balanced gallery or with a plain mean. In the over-policed gallery they are not."
            ),
        ),
        "lighter people": (
            lambda: _expects(band=LIGHTER),
            N_("This is a search for a lighter person. Take the row `darker` of the rates."),
        ),
        "medium people": (
            lambda: _expects(band="medium"),
            N_("This is a search for a medium person. Take the row `darker` of the rates."),
        ),
        "the column": (
            lambda: float((rates()[DARKER] * entries(POLICED)).sum()),
            N_(
                "You went down the column `darker`: there the ENROLLED person is darker. The"
                " person who is searched stands in the row."
            ),
        ),
        "own band only": (
            _part(lambda row, many: row[DARKER] * many[DARKER]),
            N_(
                "These are the candidates of the same band. Lighter and medium people are enrolled"
                " too, and some of them are returned."
            ),
        ),
        "other bands only": (
            _part(lambda row, many: (row * many).sum() - row[DARKER] * many[DARKER]),
            N_("These are the candidates of other bands. Add those of the same band."),
        ),
        "twice the town's": (
            lambda: 2 * _expects("town"),
            N_(
                "You doubled the town's number. Twice as many DARKER people are enrolled, and fewer"
                " of the others: each band has to be taken by itself."
            ),
        ),
        "how many times": (
            lambda: _expects() / _expects("town"),
            N_(
                "This is how many TIMES as many as in the town's gallery. The question asks how"
                " many candidates a search gives."
            ),
        ),
        "the mean": (
            _part(lambda row, many: (row * many).mean()),
            N_("You took the mean of the three products. Their sum is what a search gives."),
        ),
        "counted": (
            _counted,
            N_(
                "This is what was counted in the over-policed gallery. The question asks for"
                " arithmetic, from the rates of the town's."
            ),
        ),
        "own rate for all": (
            _part(lambda row, many: row[DARKER] * many.sum()),
            N_(
                "You gave everybody who is enrolled the rate within the band. People of other bands"
                " are returned at other rates."
            ),
        ),
        "rates added": (
            _part(lambda row, many: row.sum() * many.sum()),
            N_("You added the rates first. Each goes with the people of its own band alone."),
        ),
    },
    hint=N_(
        "One row of `rates`, each rate times how many of that band are enrolled; then the sum."
    ),
    way=N_("`answer = (rates.loc['darker'] * entries.loc['over-policed']).sum()`."),
)

HEADLINES = Write(
    "09-c",
    question=N_(
        "Write two headlines that the table `costs` allows, one that a critic would print and one"
        " that the vendor would print."
    ),
    questions=(
        N_(
            "Does each headline say of whom its number is a share (members, innocent searches,"
            " enrolled people), and stand in the table?"
        ),
        N_("Could a reader find out from it at which operating point, and with which matcher?"),
        N_("Do both keep from naming a cause, and from saying anything about real people?"),
    ),
)

EXERCISES = (PRICE, CANDIDATES, HEADLINES)

"""Notebook 06, "Why unequal?": its exercises; right values and mistakes are computed."""

from __future__ import annotations

import functools
from typing import Any

from labkit import data
from labkit.base.words import N_
from labkit.experiment import confounded, enrolment
from labkit.experiment.camera import GOOD, POOR, cameras
from labkit.learning.exercises import Absolute, Check, Exact, Relative

LIGHTER, DARKER = "lighter", "darker"
ENROLLED = "mostly lighter"
"""The gallery of exercise 06-b."""


# ---- 06-a: a difference in differences ----------------------------------------------------------


@functools.cache
def _rate(rate: str, camera: str, tone: str) -> float:
    return float(cameras("dlib").row(camera, tone).interval(rate).value)


def _apart(rate: str = "false_rejection") -> float:
    """The gap under the poor camera minus the gap under the good one."""
    return _gap(POOR, rate) - _gap(GOOD, rate)


def _gap(camera: str, rate: str = "false_rejection") -> float:
    return _rate(rate, camera, DARKER) - _rate(rate, camera, LIGHTER)


def _effect(tone: str) -> float:
    return _rate("false_rejection", POOR, tone) - _rate("false_rejection", GOOD, tone)


ADDED = Check(
    "06-a",
    question=N_("By how much does the poor camera widen the gap between the two tones?"),
    reference=_apart,
    tolerance=Absolute(1.5e-3),
    goes_on=False,
    expects=N_("a share from 0 to 1 with three digits, such as 0.123"),
    wrong={
        "the gap under the poor camera": (
            lambda: _gap(POOR),
            N_(
                "This is the gap under the poor camera, and a part of it is there under the good"
                " one too. Take that part off."
            ),
        ),
        "the gap under the good camera": (
            lambda: _gap(GOOD),
            N_("This is the gap that is there without the fault. What comes on top of it?"),
        ),
        "the darker tone alone": (
            lambda: _effect(DARKER),
            N_(
                "This is what the camera does to people drawn darker. It does something to those"
                " drawn lighter, too: a camera that is bad for everybody widens no gap."
            ),
        ),
        "the lighter tone alone": (
            lambda: _effect(LIGHTER),
            N_("This is what the camera does to people drawn lighter. And to those drawn darker?"),
        ),
        "the wrong way round": (
            lambda: -_apart(),
            N_(
                "The size is right, the sign is turned: take poor minus good, darker minus lighter."
            ),
        ),
        "lost faces forgotten": (
            lambda: _apart("fnmr"),
            N_(
                "This is made of FNMR, which forgets the faces that were not found. The poor camera"
                " loses some: take the column that counts them."
            ),
        ),
        "both gaps together": (
            lambda: _gap(POOR) + _gap(GOOD),
            N_("You added the two gaps. How much wider is one than the other?"),
        ),
        "divided": (
            lambda: _gap(POOR) / _gap(GOOD),
            N_("This says how many times as wide. The question asks by how much: a difference."),
        ),
        "one rate": (
            lambda: _rate("false_rejection", POOR, DARKER),
            N_("This is one rate of the table. Four of them are needed."),
        ),
    },
    hint=N_("Work out one gap for each camera first, darker minus lighter."),
    way=N_(
        "`poor = 'light-metered noisy'`, then the gap under it is `small.loc[(poor, 'darker'),"
        " 'false rejection'] - small.loc[(poor, 'lighter'), 'false rejection']`. The same for"
        " 'equal'; one gap minus the other."
    ),
)


# ---- 06-b: who is enrolled ----------------------------------------------------------------------


@functools.cache
def _rates() -> dict[tuple[Any, Any], float]:
    return enrolment.town(data.load("anytown/eval")).rates()


def _fmr(one: str, other: str) -> float:
    rates = _rates()
    return rates[(one, other)] if (one, other) in rates else rates[(other, one)]


def _expected(searched: str = DARKER, gallery: str = ENROLLED) -> float:
    people: dict[Any, float] = dict(enrolment.MAKE_UPS[gallery])
    return float(enrolment.expected(people, _rates())[searched])


def _enrolled(group: str = "") -> int:
    make_up = enrolment.MAKE_UPS[ENROLLED]
    return make_up[group] if group else sum(make_up.values())


EXPECTED = Check(
    "06-b",
    question=N_("How many false candidates does a search of a darker person return, on average?"),
    reference=_expected,
    tolerance=Relative(0.02),
    goes_on=False,
    unit="count",
    wrong={
        "the own band only": (
            lambda: _enrolled(DARKER) * _fmr(DARKER, DARKER),
            N_(
                "These are the false candidates from the searched person's own band. The others are"
                " enrolled too, and now and then one of them matches."
            ),
        ),
        "the lighter band only": (
            lambda: _enrolled(LIGHTER) * _fmr(LIGHTER, DARKER),
            N_(
                "These are the false candidates from the lighter people enrolled. There are people"
                " of two more bands in the gallery: add theirs."
            ),
        ),
        "the medium band only": (
            lambda: _enrolled("medium") * _fmr("medium", DARKER),
            N_(
                "These are the false candidates from the medium people enrolled. The gallery has"
                " two more bands: add theirs."
            ),
        ),
        "everybody at all rates": (
            lambda: _enrolled() * sum(_fmr(g, DARKER) for g in (LIGHTER, "medium", DARKER)),
            N_(
                "You took everybody three times, once at each rate. Each person enrolled is of one"
                " band, and counts at the rate of that band."
            ),
        ),
        "everybody at the mean rate": (
            lambda: _enrolled() * sum(_fmr(g, DARKER) for g in (LIGHTER, "medium", DARKER)) / 3,
            N_(
                "You took the plain mean of the three rates. The bands are not of one size in this"
                " gallery: each rate counts with its own people."
            ),
        ),
        "everybody at the rate within": (
            lambda: _enrolled() * _fmr(DARKER, DARKER),
            N_(
                "You took everybody at the rate of two darker people. Most people in this gallery"
                " are of other bands: each band has its own rate with the searched person."
            ),
        ),
        "everybody at the rate across": (
            lambda: _enrolled() * _fmr(DARKER, LIGHTER),
            N_(
                "You took everybody at the rate of a darker and a lighter person. Each band has its"
                " own rate with the searched person."
            ),
        ),
        "rates added": (
            lambda: _fmr(DARKER, LIGHTER) + _fmr(DARKER, "medium") + _fmr(DARKER, DARKER),
            N_(
                "You added the rates. Each is for ONE comparison: how many comparisons are there"
                " with each band?"
            ),
        ),
        "for each comparison": (
            lambda: _expected() / _enrolled(),
            N_(
                "This is the chance in one comparison of this search. A search makes as many as"
                " there are people enrolled."
            ),
        ),
        "a lighter person": (
            lambda: _expected(LIGHTER),
            N_(
                "This is for a lighter person who is searched. The question is about a darker one:"
                " take the three rates in which 'darker' stands."
            ),
        ),
        "the gallery turned round": (
            lambda: _expected(DARKER, "mostly darker"),
            N_("You put the numbers of the other gallery in: here the lighter are the many."),
        ),
        "the rates within of each band": (
            lambda: sum(_enrolled(g) * _fmr(g, g) for g in (LIGHTER, "medium", DARKER)),
            N_(
                "You took for each band the rate among its own people. The searched person is"
                " darker: take the rates with a darker person at one end."
            ),
        ),
        "people enrolled": (
            lambda: float(_enrolled()),
            N_(
                "This is how many are enrolled, and so how many comparisons a search makes. Most of"
                " them do not match: where do the rates come in?"
            ),
        ),
        "nobody": (
            lambda: 0.0,
            N_(
                "In one search mostly nobody comes back. On average over many searches it is more"
                " than 0."
            ),
        ),
        "medium forgotten": (
            lambda: _expected() - _enrolled("medium") * _fmr("medium", DARKER),
            N_("One of the three bands is missing."),
        ),
    },
    hint=N_("Each band gives people enrolled times a rate; then add the three."),
    way=N_(
        "For each band `people * rates[band]`, where the rate is the one of this band and 'darker';"
        " the answer is the sum of the three."
    ),
)


# ---- 06-c: find it ------------------------------------------------------------------------------

THINGS = ("camera", "age", "images")
"""What a comparison may be confounded by."""


def _order(*places: int) -> list[str]:
    """What confounds each comparison; with places, the answer of who has them in another order."""
    things = [confounded.comparison(number).thing for number in (1, 2, 3)]
    return [things[place] for place in places] if places else things


FIND = Check(
    "06-c",
    question=N_("Which thing was dealt out unevenly in each of the three comparisons?"),
    reference=_order,
    tolerance=Exact(),
    among=THINGS,
    goes_on=False,
    wrong={
        "the camera each time": (
            lambda: ["camera"] * 3,
            N_(
                "The camera was just shown to matter, which does not make it the cause each time."
                " In which of the three does its row differ between the districts at all?"
            ),
        ),
        "age each time": (
            lambda: ["age"] * 3,
            N_("Each has another cause. In which of the three does the row of age differ?"),
        ),
        "images each time": (
            lambda: ["images"] * 3,
            N_("Each has another cause. In which of the three does the row of images differ?"),
        ),
        "first and second swapped": (
            lambda: _order(1, 0, 2),
            N_("The third is right. Look again at the first two: which row differs in which?"),
        ),
        "second and third swapped": (
            lambda: _order(0, 2, 1),
            N_(
                "The first is right. A camera has to differ in its own row before it can explain"
                " anything."
            ),
        ),
        "first and third swapped": (
            lambda: _order(2, 1, 0),
            N_("The second is right. Hold the rows of the other two beside each other."),
        ),
        "moved down by one": (
            lambda: _order(2, 0, 1),
            N_("None is in its place. Take one table, go down its rows, and compare two numbers."),
        ),
        "moved up by one": (
            lambda: _order(1, 2, 0),
            N_("Three rows differ, one in each table; you have given each to another table."),
        ),
    },
    expects=N_("a list of three names, such as ['camera', 'camera', 'age']"),
    hint=N_(
        "In each table one row is far apart between the districts and all others are nearly alike."
    ),
    way=N_(
        "Go down the rows of each table of what is known and compare district A with district B."
        " The row that differs names the thing: write the three names in the order of the tables."
    ),
)

EXERCISES = (ADDED, EXPECTED, FIND)

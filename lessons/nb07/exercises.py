"""Notebook 07, "Can it be fixed?": its exercises; right values and mistakes are computed."""

from __future__ import annotations

import functools
from typing import Any

from labkit import remedies
from labkit.base.words import N_
from labkit.learning.exercises import Absolute, Check, Choose, Relative
from labkit.remedies.pictures import SHARE as SHARE_TURNED_AWAY

Table = Any
"""A pandas DataFrame: its published types know less than this module does."""

SHARE = 0.1
"""Share of wrong records in exercise 07-b."""


@functools.cache
def came() -> Table:
    """The table of exercise 07-a: whom the gate of the notebook turns away."""
    return remedies.quality_gate(remedies.Town.of("dlib")).counts


@functools.cache
def fmr() -> Table:
    """The table of exercise 07-b: FMR by what people are and what their record says."""
    by_record = remedies.by_record(remedies.Town.of("dlib"))
    return by_record["fmr"].map(float).unstack()


def _cell(column: str, group: str = "darker") -> float:
    return float(came().loc[group, column])


def _people() -> int:
    town = remedies.Town.of("dlib")
    return len(set(town.test.people[town.test.groups == "darker"]))


def _sum(column: str) -> float:
    return float(came()[column].sum())


TURNED = Check(
    "07-a",
    question=N_("What share of the photographs of darker people does the gate turn away?"),
    reference=lambda: _cell("turned away") / _cell("photographs"),
    tolerance=Absolute(0.001),
    goes_on=False,
    parts=(lambda: _cell("turned away"), lambda: _cell("photographs")),
    wrong={
        "everybody": (
            lambda: _sum("turned away") / _sum("photographs"),
            N_(
                "This is the share of ALL photographs, the number a brochure would print. The"
                " question is about one row: the darker people."
            ),
        ),
        "share of those turned away": (
            lambda: _cell("turned away") / _sum("turned away"),
            N_(
                "This says how many of the photographs turned away are of darker people. The"
                " question asks how many of the darker people's photographs are turned away: the"
                " line below is another."
            ),
        ),
        "no face counted too": (
            lambda: (_cell("turned away") + _cell("no face found")) / _cell("photographs"),
            N_(
                "You added the photographs in which no face was found. The gate did not turn those"
                " away: they were lost before."
            ),
        ),
        "divided by pairs": (
            lambda: _cell("turned away") / _cell("pairs planned"),
            N_(
                "You divided photographs by pairs. The gate looks at one photograph at a time:"
                " divide by photographs."
            ),
        ),
        "lost pairs": (
            lambda: 1 - _cell("pairs compared") / _cell("pairs planned"),
            N_(
                "This is the share of PAIRS that could not be compared. One photograph turned away"
                " takes five pairs with it; the question asks for photographs."
            ),
        ),
        "let through": (
            lambda: 1 - _cell("turned away") / _cell("photographs"),
            N_("This is the share that was let through. The question asks who was turned away."),
        ),
        "the share of dev": (
            lambda: SHARE_TURNED_AWAY,
            N_(
                "The gate was set to turn away 5 of 100 photographs of dev, all bands together."
                " What it does to one band of eval is counted in the table."
            ),
        ),
        "a person's photographs": (
            lambda: _cell("turned away") / _people(),
            N_("You divided by people. Each of them came several times, once for each photograph."),
        ),
    },
    hint=N_("One row of `came`: photographs turned away, divided by photographs."),
    way=N_(
        "`row = came.loc['darker']` is that row, then `answer = row['turned away'] /"
        " row['photographs']`."
    ),
)


def _darker(record: str) -> float:
    return float(fmr().loc["darker", record])


def _mixed(right: float, medium: float, lighter: float) -> float:
    return right * _darker("darker") + medium * _darker("medium") + lighter * _darker("lighter")


RECORDS = Check(
    "07-b",
    question=N_(
        "What is the FMR of the darker band when 10 of 100 darker people are recorded wrongly, half"
        " of these as medium and half as lighter?"
    ),
    reference=lambda: _mixed(1 - SHARE, SHARE / 2, SHARE / 2),
    tolerance=Relative(0.002),
    goes_on=False,
    digits=3,
    wrong={
        "all right": (
            lambda: _darker("darker"),
            N_("This is the rate when every record is right. Ten in a hundred are not."),
        ),
        "each counted alike": (
            lambda: _mixed(1 / 3, 1 / 3, 1 / 3),
            N_(
                "You took the plain mean of the row. Ninety of a hundred records are right, so the"
                " three rates do not count alike."
            ),
        ),
        "ten each": (
            lambda: _mixed(1 - SHARE, SHARE, SHARE),
            N_(
                "Your shares add up to more than 1. Ten of a hundred are wrong IN ALL: five of them"
                " say medium and five lighter."
            ),
        ),
        "all wrong ones medium": (
            lambda: _mixed(1 - SHARE, SHARE, 0),
            N_("Only half of the wrong records say medium; the other half say lighter."),
        ),
        "all wrong ones lighter": (
            lambda: _mixed(1 - SHARE, 0, SHARE),
            N_("Only half of the wrong records say lighter; the other half say medium."),
        ),
        "eighty right": (
            lambda: _mixed(1 - 2 * SHARE, SHARE, SHARE),
            N_("These are the shares when 20 of 100 records are wrong. Here it is 10."),
        ),
        "recorded as medium": (
            lambda: _mixed(0, 1, 0),
            N_(
                "This is the FMR of those who are recorded as medium. In the band they are five of"
                " a hundred."
            ),
        ),
        "recorded as lighter": (
            lambda: _mixed(0, 0, 1),
            N_(
                "This is the FMR of those who are recorded as lighter. In the band they are five of"
                " a hundred."
            ),
        ),
        "the right ones forgotten": (
            lambda: _mixed(0, SHARE / 2, SHARE / 2),
            N_(
                "This is what the ten wrong records add. The ninety right ones count too, at the"
                " rate of their own."
            ),
        ),
        "the wrong ones only": (
            lambda: _mixed(0, 0.5, 0.5),
            N_(
                "This is the FMR of those whose record is wrong. In the band they are ten of a"
                " hundred."
            ),
        ),
        "the other way round": (
            lambda: _mixed(SHARE, (1 - SHARE) / 2, (1 - SHARE) / 2),
            N_("Here nine of ten records are WRONG. Nine of ten are right."),
        ),
        "the column, not the row": (
            lambda: float(
                (1 - SHARE) * fmr().loc["darker", "darker"]
                + SHARE / 2 * (fmr().loc["medium", "darker"] + fmr().loc["lighter", "darker"])
            ),
            N_(
                "You went down a column: those are other people recorded as darker. Stay in the row"
                " of darker people."
            ),
        ),
        "shares forgotten": (
            lambda: _mixed(1, 1, 1),
            N_(
                "You added the three rates. Each has to be multiplied by the share of people it"
                " holds for."
            ),
        ),
        "the lighter band": (
            lambda: float(
                (1 - SHARE) * fmr().loc["lighter", "lighter"]
                + SHARE / 2 * (fmr().loc["lighter", "medium"] + fmr().loc["lighter", "darker"])
            ),
            N_("This is the lighter band. The question asks for the darker one."),
        ),
    },
    hint=N_("Three rates of one row, each times the share of people it holds for."),
    way=N_(
        "`row = fmr.loc['darker']` is that row; then `answer = 0.9 * row['darker'] + 0.05 *"
        " (row['medium'] + row['lighter'])`."
    ),
)

PERFECT = Choose(
    "07-c",
    question=N_("The matcher makes no error any more. Which of these does that alone meet?"),
    options={
        "congress": N_(
            "Met. That was a complaint about false matches, and without errors there are none."
            " Whether the searches should have been made is another question."
        ),
        "unequal": N_(
            "Met, as far as errors go: where nobody is falsely matched, no group is falsely"
            " matched more often. Who is searched for, and where the cameras hang, is not the"
            " matcher's choice."
        ),
        "children": N_(
            "Met, as far as a matcher can: without errors it finds more of the people it is asked"
            " to find and alarms nobody else. It says nothing about who else it is asked to find."
        ),
        "protest": N_(
            "Not met. A matcher without errors names EVERY protester who is enrolled and whose face"
            " a camera sees. The letter's objection grows with the accuracy."
        ),
        "street": N_(
            "Not met. In the letter's words, 'People should be free to walk down the street without"
            " being watched by the government.' That asks who may watch, not how well."
        ),
        "immigrants": N_(
            "Not met. To be followed all the time does not take an error; it takes a matcher"
            " that works. Its supporters would say that rules, not errors, decide that: also not"
            " settled by a table."
        ),
        "law": N_(
            "Not met. Amazon asked for a law on how it is used. Some critics asked to wait until"
            " there is one, others to stop for good. A matcher without errors makes no law."
        ),
    },
    best=["congress", "unequal", "children"],
)

EXERCISES = (TURNED, RECORDS, PERFECT)

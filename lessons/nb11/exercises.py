"""Notebook 11, "Following people": its exercises; right values and mistakes are computed."""

from __future__ import annotations

import functools
from typing import Any

from labkit.base.words import N_
from labkit.learning.exercises import Absolute, Check, Relative, Write
from labkit.street import Study
from labkit.street.city import DAYS

Table = Any
"""A pandas DataFrame: its published types know less than this module does."""


@functools.cache
def study() -> Study:
    """The city of the notebook."""
    return Study()


@functools.cache
def passed() -> Table:
    """The table of exercise 11-a."""
    return study().passages()


def _wrong(row: str, rate: str = "") -> float:
    """Wrong names at the passages of one row, at its own rate or at another row's."""
    table = passed()
    return float(table.loc[row, "passages"] * table.loc[rate or row, "wrong name"])


def _all() -> float:
    return _wrong("residents") + _wrong("visitors")


def _names() -> int:
    return int(passed().loc["residents", "people"])


def _people() -> int:
    return int(passed()["people"].sum())


LINKS = Check(
    "11-a",
    question=N_(
        "How many sightings of somebody else are to be expected under an average resident's name?"
    ),
    reference=lambda: _all() / _names(),
    tolerance=Relative(0.005),
    digits=3,
    unit="count",
    goes_on=False,
    expects=N_("a number to three digits, such as 2.34"),
    parts=(_all, _names),
    wrong={
        "residents only": (
            lambda: _wrong("residents") / _names(),
            N_(
                "These are the passages of residents alone. Visitors pass the cameras too, and some"
                " of them get a resident's name."
            ),
        ),
        "visitors only": (
            lambda: _wrong("visitors") / _names(),
            N_(
                "These are the passages of visitors alone. Residents are taken for other residents"
                " as well."
            ),
        ),
        "everybody": (
            lambda: _all() / _people(),
            N_(
                "Two things to look at: each row has its own rate, and names are only those of"
                " residents, so the sum is divided by the residents, not by everybody who passes."
            ),
        ),
        "in all": (
            _all,
            N_("This is the number of wrong names in the whole town. How many is that a resident?"),
        ),
        "a day": (
            lambda: _all() / _names() / DAYS,
            N_("This is for one day. The passages of the table are those of two weeks."),
        ),
        "no brackets": (
            lambda: _wrong("residents") + _wrong("visitors") / _names(),
            N_("Python divides before it adds. Put brackets around the sum."),
        ),
        "each by its own people": (
            lambda: _wrong("residents") / _names() + _wrong("visitors") / (_people() - _names()),
            N_(
                "You divided the visitors' part by the visitors. They have no name to give: all"
                " wrong names fall on residents."
            ),
        ),
        "passages of visitors": (
            lambda: float(passed().loc["visitors", "passages"]),
            N_("These are all passages of visitors. How many of them get a wrong name?"),
        ),
        "rates added": (
            lambda: float(passed()["wrong name"].sum()),
            N_("This is the sum of both rates. Each has to be multiplied by its passages first."),
        ),
        "right names": (
            lambda: (float(passed()["passages"].sum()) - _all()) / _names(),
            N_("You took the passages WITHOUT a wrong name. The question asks for the others."),
        ),
        "the mean rate": (
            lambda: float(passed()["passages"].sum() * passed()["wrong name"].mean()) / _names(),
            N_(
                "You took the plain mean of the two rates. Residents pass far more often than"
                " visitors, so the rates do not count alike."
            ),
        ),
        "both rates for all": (
            lambda: float(passed()["passages"].sum() * passed()["wrong name"].sum()) / _names(),
            N_(
                "You added the two rates. Each holds for the passages of its own row: multiply row"
                " by row, then add."
            ),
        ),
        "swapped": (
            lambda: (_wrong("residents", "visitors") + _wrong("visitors", "residents")) / _names(),
            N_("The rates are swapped: each belongs to the passages of its own row."),
        ),
        "upside down": (
            lambda: _names() / _all(),
            N_("This is residents for each wrong name. Turn the fraction over."),
        ),
        "in percent": (
            lambda: 100 * _all() / _names(),
            N_("This is a hundred times too much: the answer is a number of sightings."),
        ),
        "counted": (
            lambda: float(study().found().false_links_each),
            N_("This is what was counted. The question asks what the two rates lead to expect."),
        ),
        "the sightings": (
            lambda: float(passed()["passages"].sum()) / _names(),
            N_("These are all passages for each resident. How many of them get a wrong name?"),
        ),
    },
    hint=N_("Row by row: passages times the share with a wrong name. Add; divide by residents."),
    way=N_(
        "`wrong = (passed['passages'] * passed['wrong name']).sum()`, then `answer = wrong /"
        " passed.loc['residents', 'people']`."
    ),
)


@functools.cache
def pairs() -> dict[str, int]:
    """The counts of exercise 11-b."""
    return study().pairs("perfect")


def _pairs(name: str) -> float:
    return float(pairs()[name])


PAIRS = Check(
    "11-b",
    question=N_("What share of the pairs written down are people who do not meet?"),
    reference=lambda: 1 - _pairs("both") / _pairs("written down"),
    tolerance=Absolute(0.002),
    digits=3,
    goes_on=False,
    parts=(lambda: _pairs("written down") - _pairs("both"), lambda: _pairs("written down")),
    wrong={
        "missed": (
            lambda: 1 - _pairs("both") / _pairs("meet"),
            N_(
                "This is the share of the true pairs that were missed. The question is about the"
                " list: of what is written down, how much is wrong?"
            ),
        ),
        "right": (
            lambda: _pairs("both") / _pairs("written down"),
            N_("This is the share of the list that is right. What is the rest?"),
        ),
        "found": (
            lambda: _pairs("both") / _pairs("meet"),
            N_(
                "This is the share of the true pairs that were found. Divide by what is written"
                " down, and ask for what is wrong there."
            ),
        ),
        "over the true pairs": (
            lambda: (_pairs("written down") - _pairs("both")) / _pairs("meet"),
            N_("The wrong ones are right so far; divide them by the pairs that are written down."),
        ),
        "over the right ones": (
            lambda: (_pairs("written down") - _pairs("both")) / _pairs("both"),
            N_(
                "You divided the wrong ones by the right ones. A share has all that is written"
                " down below the line."
            ),
        ),
        "the length of the list": (
            lambda: _pairs("written down") / _pairs("meet"),
            N_("This compares the lengths of two lists. It does not say who is on both."),
        ),
        "what both lack": (
            lambda: 1 - _pairs("written down") / _pairs("meet"),
            N_("This is by how much one list is shorter than the other, not who is on both."),
        ),
        "of both lists": (
            lambda: (
                (_pairs("written down") - _pairs("both"))
                / (_pairs("meet") + _pairs("written down") - _pairs("both"))
            ),
            N_(
                "You divided by the pairs on either list. Those who meet and were not written down"
                " are not on the list that is read."
            ),
        ),
        "none": (
            lambda: 0.0,
            N_(
                "The matcher makes no error here, and still the list is not all right: people on it"
                " may only pass in the same minute. Count those."
            ),
        ),
        "counted": (
            lambda: _pairs("written down") - _pairs("both"),
            N_("This is how many are wrong. The question asks for a share of the list."),
        ),
    },
    hint=N_("Those written down who do not meet, divided by all who are written down."),
    way=N_(
        "`answer = (pairs['written down'] - pairs['both']) / pairs['written down']`: what is on the"
        " list and not true, out of the list."
    ),
)

FORBID = Write(
    "11-c",
    question=N_("What would you forbid to store, and for how long may the rest be kept?"),
    questions=(
        N_("Does it name who may look, at what, and who checks that?"),
        N_("Would it still protect somebody if the matcher made no error?"),
        N_("Does it say what is lost by it, such as a search for a missing child?"),
    ),
)

EXERCISES = (LINKS, PAIRS, FORBID)
"""Notebook 11, "Following people": a file of sightings, its errors, and what they do not decide."""

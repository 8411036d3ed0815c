"""Notebook 12: its exercises; right values and mistakes are computed.

Out: what one step of a threshold exchanges, and a memo that the writer judges.
"""

from __future__ import annotations

import functools
from typing import Any

from labkit import gallery
from labkit.base.words import N_
from labkit.learning.deciding import STATION
from labkit.learning.exercises import Check, Relative, Write

SETTINGS = {"loose": 0.5, "strict": 0.05}
"""Of innocent searches by dev, the share that returns somebody: what each setting may cost."""


@functools.cache
def day() -> Any:
    """The table of exercise 12-b: a day at the station, at two settings."""
    import pandas as pd

    town, rows = gallery.searched("dlib"), {}
    innocent = STATION["people"] - STATION["wanted"]
    for name, share in SETTINGS.items():
        t = town.threshold(share).value
        rows[name] = {
            "innocent people alerted": innocent * town.at(t).fpir().value,
            "wanted people found": STATION["wanted"] * town.tpir(t).value,
        }
    return pd.DataFrame(rows).T


def _cell(setting: str, column: str) -> float:
    return float(day().loc[setting, column])


def _alerted(setting: str) -> float:
    return _cell(setting, "innocent people alerted")


def _found(setting: str) -> float:
    return _cell(setting, "wanted people found")


def _fewer() -> float:
    """Innocent people who are no longer alerted."""
    return _alerted("loose") - _alerted("strict")


def _lost() -> float:
    """Wanted people who are no longer found."""
    return _found("loose") - _found("strict")


EXCHANGE = Check(
    "12-b",
    question=N_(
        "From the loose to the strict setting: for each wanted person who is no longer found, how"
        " many innocent people fewer are alerted?"
    ),
    reference=lambda: _fewer() / _lost(),
    tolerance=Relative(0.002),
    digits=3,
    unit="score",
    goes_on=False,
    parts=(_fewer, _lost),
    wrong={
        "fewer alerted": (
            _fewer,
            N_(
                "This is how many innocent people fewer are alerted in all. Divide by the wanted"
                " people who are no longer found."
            ),
        ),
        "no longer found": (
            _lost,
            N_("This is how many wanted people are no longer found. It belongs below the line."),
        ),
        "the example": (
            lambda: _found("loose"),
            N_(
                "This is the example, one number of the table. The question takes all four: two"
                " differences, and one divided by the other."
            ),
        ),
        "upside down": (
            lambda: _lost() / _fewer(),
            N_(
                "This is the other way round: wanted people lost for each innocent person who is"
                " spared. Both say the same; the question asks for people spared."
            ),
        ),
        "the other sign": (
            lambda: -_fewer() / _lost(),
            N_("One of the differences was taken the other way round: take strict from loose."),
        ),
        "alerts a find, strict": (
            lambda: _alerted("strict") / _found("strict"),
            N_(
                "This is how many innocent people are alerted for each one found, at the strict"
                " setting. The question is about the step between the two settings."
            ),
        ),
        "alerts a find, loose": (
            lambda: _alerted("loose") / _found("loose"),
            N_(
                "This is how many innocent people are alerted for each one found, at the loose"
                " setting. The question is about the step between the two settings."
            ),
        ),
        "difference of the two": (
            lambda: _alerted("loose") / _found("loose") - _alerted("strict") / _found("strict"),
            N_(
                "You divided at each setting and took the difference. Take the differences first,"
                " people by people, and divide then."
            ),
        ),
        "times as many alerts": (
            lambda: _alerted("loose") / _alerted("strict"),
            N_("This says how many TIMES as many innocent people the loose setting alerts."),
        ),
        "times as many finds": (
            lambda: _found("loose") / _found("strict"),
            N_("This says how many TIMES as many wanted people the loose setting finds."),
        ),
        "all who are missed": (
            lambda: _fewer() / (STATION["wanted"] - _found("strict")),
            N_(
                "Below the line stands everybody whom the strict setting misses. The loose one"
                " misses some of them, too: only those count whom the step loses."
            ),
        ),
        "of all wanted": (
            lambda: _fewer() / STATION["wanted"],
            N_(
                "You divided by all who are wanted. Only those count whom the strict setting no"
                " longer finds."
            ),
        ),
        "of those still found": (
            lambda: _fewer() / _found("strict"),
            N_(
                "You divided by those whom the strict setting still finds. The question asks about"
                " those whom it loses."
            ),
        ),
        "all alerts of strict": (
            lambda: _alerted("strict") / _lost(),
            N_(
                "Above the line are the innocent people whom the strict setting still alerts. The"
                " question asks for those whom it spares."
            ),
        ),
        "all alerts of loose": (
            lambda: _alerted("loose") / _lost(),
            N_(
                "Above the line are all innocent people whom the loose setting alerts. The strict"
                " one still alerts some of them: take those away first."
            ),
        ),
        "no brackets": (
            lambda: _alerted("loose") - _alerted("strict") / _found("loose") - _found("strict"),
            N_("Python divides before it subtracts. Put brackets around each difference."),
        ),
        "rates, not people": (
            lambda: (
                (_fewer() / (STATION["people"] - STATION["wanted"])) / (_lost() / STATION["wanted"])
            ),
            N_(
                "You divided two rates. They are shares of different people, many and few: the"
                " table counts people, so use its numbers as they stand."
            ),
        ),
    },
    hint=N_(
        "Two differences from the table, people spared and people lost; then one divided by the"
        " other."
    ),
    way=N_(
        "`step = day.loc['loose'] - day.loc['strict']`, then `answer = step['innocent people"
        " alerted'] / step['wanted people found']`."
    ),
)

MEMO = Write(
    "12-a",
    question=N_("Write a decision memo to the council of Anytown."),
    questions=(
        N_(
            "Does every number in your sentences say of how many it is, and whether it was measured"
            " here on invented people or published about real ones?"
        ),
        N_(
            "Would somebody who holds the opposite view read your reason against it and say: yes,"
            " that is what I mean?"
        ),
        N_(
            "Does it say who bears what is left, the wrongly named and those whom nobody found, and"
            " what the town does for them the next morning?"
        ),
    ),
)

EXERCISES = (MEMO, EXCHANGE)

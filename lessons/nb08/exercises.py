"""Notebook 08, "One face in a million": its exercises; right values and mistakes are computed."""

from __future__ import annotations

import functools
import math

from labkit.base.words import N_
from labkit.gallery.nested import SIZES, Nested, searched
from labkit.learning.exercises import Absolute, Check, Relative

FMR = 1e-3
"""Share of pairs of two people that match at the loose threshold: that of the ballot."""

FPIR = 0.05
"""Share of searches that return somebody, asked of the strict threshold on dev."""

PASSING, WANTED = 20_000, 100
"""The station: people who pass in a day, and how many of them are in the gallery."""

MATCHER = "dlib"


@functools.cache
def loose(matcher: str = MATCHER) -> Nested:
    """Searches by the council at the threshold of the ballot."""
    town = searched(matcher)
    return town.at(town.pair_threshold(FMR).value)


@functools.cache
def strict(matcher: str = MATCHER) -> Nested:
    """Searches by the council at the threshold that is chosen by FPIR."""
    town = searched(matcher)
    return town.at(town.threshold(FPIR).value)


def fpir() -> float:
    """Share of the council's searches that return somebody, in the largest gallery."""
    return float(strict().fpir())


def tpir() -> float:
    """Share of the enrolled people whom a search returns."""
    return float(strict().town.tpir(strict().threshold))


ALERTS = Check(
    "08-a",
    question=N_("How many false alerts does the station get in a day, to the nearest whole alert?"),
    reference=lambda: (PASSING - WANTED) * fpir(),
    tolerance=Absolute(1.0),
    digits=4,
    unit="count",
    goes_on=False,
    wrong={
        "all who pass": (
            lambda: PASSING * fpir(),
            N_(
                "You took all who pass as not wanted. Some are wanted: take those away first, for"
                " a false alert is about somebody else."
            ),
        ),
        "FPIR rounded": (
            lambda: (PASSING - WANTED) * round(fpir(), 2),
            N_(
                "Near: you rounded FPIR. Among so many people that moves the answer by some alerts:"
                " take `float(ours.fpir)` as it is."
            ),
        ),
        "everything rounded": (
            lambda: PASSING * round(fpir(), 2),
            N_(
                "A good estimate. The question asks for whole alerts: take the wanted people away"
                " first, and FPIR with all its digits."
            ),
        ),
        "all alerts": (
            lambda: (PASSING - WANTED) * fpir() + WANTED * tpir(),
            N_(
                "You counted all alerts. Those for wanted people are not false: the question asks"
                " about the others."
            ),
        ),
        "right alerts": (
            lambda: WANTED * tpir(),
            N_(
                "These are the RIGHT alerts: wanted people, times TPIR. The question asks for false"
                " ones."
            ),
        ),
        "wanted people missed": (
            lambda: WANTED * (1 - tpir()),
            N_(
                "These are wanted people who get no alert. The question asks about people who are"
                " not in the gallery."
            ),
        ),
        "FPIR of the wanted": (
            lambda: WANTED * fpir(),
            N_("You multiplied the WANTED people by FPIR. FPIR is about everybody else."),
        ),
        "TPIR of the others": (
            lambda: (PASSING - WANTED) * tpir(),
            N_(
                "TPIR is the share of the wanted people who get an alert. For the others it is"
                " FPIR."
            ),
        ),
        "those without an alert": (
            lambda: (PASSING - WANTED) * (1 - fpir()),
            N_("These are the people who pass WITHOUT an alert. The question asks for the alerts."),
        ),
        "in percent": (
            lambda: (PASSING - WANTED) * fpir() * 100,
            N_("A hundred times too many: FPIR is a share from 0 to 1 here, not a percentage."),
        ),
        "a share of a percentage": (
            lambda: (PASSING - WANTED) * fpir() / 100,
            N_(
                "A hundred times too few: `fpir` already is a share from 0 to 1. Do not divide by"
                " 100 again."
            ),
        ),
        "pairs instead of searches": (
            lambda: (PASSING - WANTED) * strict().fmr,
            N_(
                "You used the FMR of one pair of people. Every passage is compared with the whole"
                " gallery; the share of passages with an alert is FPIR."
            ),
        ),
        "one search a pair": (
            lambda: (PASSING - WANTED) * strict().fmr * strict().town.size,
            N_(
                "This counts false CANDIDATES. Somebody with three candidates is one false alert:"
                " take the share of searches that return anybody."
            ),
        ),
        "everybody": (
            lambda: PASSING,
            N_("This is everybody who passes. Most of them get no alert."),
        ),
        "all who are not wanted": (
            lambda: PASSING - WANTED,
            N_("These are all who are not wanted. Which share of them gets an alert?"),
        ),
        "the rate on dev": (
            lambda: PASSING * FPIR,
            N_(
                "You took the rate that was asked for when the threshold was chosen. The council's"
                " searches gave another one: it is in `ours.fpir`."
            ),
        ),
        "wanted people off the alerts": (
            lambda: PASSING * fpir() - WANTED,
            N_(
                "You took the wanted people off the alerts. Take them off the PEOPLE, in brackets,"
                " then multiply."
            ),
        ),
        "no brackets": (
            lambda: PASSING - WANTED * fpir(),
            N_("Python multiplies before it subtracts. Put brackets around the difference."),
        ),
        "of a hundred alerts": (
            lambda: 100 - 100 * WANTED * tpir() / (WANTED * tpir() + (PASSING - WANTED) * fpir()),
            N_("So many of a HUNDRED alerts are false. The question asks about a whole day."),
        ),
        "the share alone": (
            fpir,
            N_(
                "This is the share of the innocent searches. How many people are that, of those who"
                " are not wanted?"
            ),
        ),
    },
    hint=N_("People who pass and are not wanted, times the share of such searches with an alert."),
    way=N_("`answer = (ours.people - ours.wanted) * float(ours.fpir)`."),
)

HALF = Check(
    "08-b",
    question=N_(
        "At which prevalence are half of this matcher's alerts right? Prevalence is the share of"
        " those who pass that are in the gallery."
    ),
    reference=lambda: fpir() / (fpir() + tpir()),
    tolerance=Relative(0.015),
    parts=(fpir, lambda: fpir() + tpir()),
    goes_on=False,
    wrong={
        "odds": (
            lambda: fpir() / tpir(),
            N_(
                "Near: this is how many wanted people it takes for each OTHER person. Prevalence"
                " is the wanted among all who pass: divide by FPIR + TPIR."
            ),
        ),
        "the other part": (
            lambda: tpir() / (fpir() + tpir()),
            N_("This is the share of people who are NOT wanted. You want what is left."),
        ),
        "half": (
            lambda: 0.5,
            N_(
                "When half of the people are wanted, most alerts are right, as TPIR is larger than"
                " FPIR. Ask when right and false alerts are equally many."
            ),
        ),
        "FPIR": (
            fpir,
            N_(
                "At a prevalence of FPIR, false alerts still outnumber right ones, as TPIR is"
                " smaller than 1 - FPIR. Divide by FPIR + TPIR."
            ),
        ),
        "TPIR": (tpir, N_("This is TPIR. Set right alerts equal to false ones and solve for p.")),
        "one in so many": (
            lambda: (fpir() + tpir()) / fpir(),
            N_("Upside down: one wanted person in so many. A share from 0 to 1 is asked for."),
        ),
        "one in so many others": (
            lambda: tpir() / fpir(),
            N_("Upside down, and without the wanted people themselves: a share is asked for."),
        ),
        "as if nobody were missed": (
            lambda: fpir() / (fpir() + 1),
            N_("This would be right if no wanted person were missed, with a TPIR of 1."),
        ),
        "the station": (
            lambda: WANTED / PASSING,
            N_("This is the prevalence at the station. There far fewer than half are right."),
        ),
        "the precision there": (
            lambda: WANTED * tpir() / (WANTED * tpir() + (PASSING - WANTED) * fpir()),
            N_(
                "This is the share of right alerts AT the station's prevalence. Turn the question"
                " round: at which prevalence would it be one half?"
            ),
        ),
        "half of FPIR": (
            lambda: fpir() / 2,
            N_(
                "You halved FPIR. Half of the ALERTS have to be right: ask when right and false"
                " alerts are equally many."
            ),
        ),
        "no brackets": (
            lambda: 1 + tpir(),
            N_("Python divides before it adds. Put brackets around the sum below the line."),
        ),
        "multiplied": (
            lambda: fpir() * tpir(),
            N_("Do not multiply the two: set p x TPIR equal to (1 - p) x FPIR."),
        ),
    },
    hint=N_(
        "With prevalence p, right alerts are p x TPIR of all who pass and false ones (1 - p) x"
        " FPIR. Half are right when the two are equal."
    ),
    way=N_("`answer = fpir / (fpir + tpir)`, with `fpir = float(ours.fpir)` and the same of TPIR."),
)


def _sizes() -> list[int]:
    """Sizes of the table in which at least half of the searches return somebody."""
    return [n for n in SIZES if loose().share(n) >= 0.5]


SIZE = Check(
    "08-c",
    question=N_(
        "From which gallery size on do at least half of the innocent searches return somebody, as"
        " measured with dlib at an FMR of 1 in 1,000? To the nearest hundred."
    ),
    reference=lambda: float(loose().half()),
    tolerance=Relative(0.1),
    unit="count",
    goes_on=False,
    wrong={
        "by the formula": (
            lambda: math.log(0.5) / math.log1p(-loose().fmr),
            N_(
                "This is what the formula 1 - (1 - FMR)^N gives. It takes everybody as equally easy"
                " to match; measured, it takes a larger gallery. Try `share(n)`."
            ),
        ),
        "one candidate each": (
            lambda: 1 / loose().fmr,
            N_(
                "At this size there is one false candidate for each search ON AVERAGE. Some"
                " searches have several and more than half have none."
            ),
        ),
        "half a candidate each": (
            lambda: 0.5 / loose().fmr,
            N_(
                "At this size there are half as many candidates as searches. As some searches"
                " collect several, fewer than half of them return anybody."
            ),
        ),
        "half of the largest": (
            lambda: loose().town.size / 2,
            N_("You halved the size. Half of the SEARCHES is asked for: try `share(n)`."),
        ),
        "the largest": (
            lambda: loose().town.size,
            N_("In the largest gallery it is many more than half. Try smaller ones."),
        ),
        "a share": (
            lambda: 0.5,
            N_("One half is the share. Which n gives it? A number of people is asked for."),
        ),
        "the next size of the table": (
            lambda: _sizes()[0],
            N_(
                "Here it is more than half already. A smaller gallery is enough: try `share(n)` for"
                " sizes between this one and the row above it."
            ),
        ),
        "the size after that": (
            lambda: _sizes()[1],
            N_("Here it is much more than half. Smaller galleries are enough: try `share(n)`."),
        ),
        "the share at a thousand": (
            lambda: loose().share(1_000),
            N_(
                "This is a share of searches, and the question asks for a size: for which n is the"
                " share one half?"
            ),
        ),
        "the share at half": (
            lambda: loose().share(loose().town.size // 2),
            N_(
                "This is the share of searches in a gallery of half the size. Which size gives a"
                " share of one half?"
            ),
        ),
        "a point for thousands": (
            lambda: loose().half() / 1_000,
            N_(
                "Python takes a point as the start of decimals: this is a gallery of a few people."
                " A thousand is written 1000 or `1_000`."
            ),
        ),
        "the smallest": (
            lambda: 1,
            N_("In a gallery of one nearly no search returns somebody. Try larger ones."),
        ),
        "the strict threshold": (
            lambda: 0.5 / strict().fmr,
            N_("You took the strict threshold. The question is about an FMR of 1 in 1,000."),
        ),
    },
    hint=N_("`found['dlib'].share(n)` is the measured share in a gallery of n: try some n."),
    way=N_("The table has a size below one half and one above it. Try what lies between."),
)

EXERCISES = (ALERTS, HALF, SIZE)

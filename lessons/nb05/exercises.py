"""Notebook 05, "Unequal errors": its exercises; right values and mistakes are computed."""

from __future__ import annotations

import functools
from typing import TYPE_CHECKING, Any

import numpy as np

from labkit import data
from labkit.base.words import N_
from labkit.learning.exercises import Absolute, Check, Choose, Relative
from labkit.measure import thresholds
from labkit.measure.faces import compare_faces, threshold_cells
from labkit.measure.groups import confusion_counts
from labkit.measure.people import mated_summary
from labkit.measure.scores import all_pairs

if TYPE_CHECKING:
    from labkit.measure.scores import AllPairs

Table = Any
"""A pandas DataFrame or Series: their published types know less than this module does."""

FMR = 1e-2

POOR_CAMERA = "light-metered noisy"
DEEP = 0.9


def pairs(name: str = "anytown/eval") -> AllPairs:
    """All comparisons of dlib templates of a set, as in the notebook; large, so not kept."""
    return compare_faces(data.load(name))


@functools.cache
def threshold() -> float:
    """Threshold of dlib at a mean FMR within the lab's cells of 1e-2, chosen on dev."""
    cells = threshold_cells(data.load("anytown/dev"))
    return thresholds.choose_threshold(pairs("anytown/dev"), FMR, cells=cells).value


@functools.cache
def small() -> Table:
    """The table of exercise 05-a."""
    return confusion_counts(pairs(), data.load("anytown/eval").groups("tone_band"), threshold())


def _share(rows: Table) -> float:
    return float(rows["false matches"].sum() / rows["comparisons"].sum())


def _involving(band: str, twice: bool = False) -> float:
    rows = small()
    with_band = rows[[band in row for row in rows.index]]
    if not twice:
        return _share(with_band)
    own = rows.loc[(band, band)]
    both = with_band.sum() + own  # a pair within the band is seen from both of its people
    return float(both["false matches"] / both["comparisons"])


def _row(one: str, other: str) -> float:
    return _share(small().loc[(one, other)].to_frame().T)


def _own(band: str = "darker") -> Table:
    return small().loc[(band, band)]


@functools.cache
def _person_pairs() -> tuple[int, int]:
    """Pairs of people of the darker band: those with a false match, and all that were compared."""
    band = pairs().select(data.load("anytown/eval").of("tone_band") == "darker")
    false, compared, _planned = band.pair_counts(threshold())
    return int((np.triu(false, 1) > 0).sum()), int((np.triu(compared, 1) > 0).sum())


def _images(band: str = "darker") -> int:
    return int((data.load("anytown/eval").of("tone_band") == band).sum())


WITHIN = Check(
    "05-a",
    question=N_("What is dlib's FMR of the darker band, with both people in the band?"),
    reference=lambda: _row("darker", "darker"),
    tolerance=Relative(0.005),
    goes_on=False,
    parts=(lambda: float(_own()["false matches"]), lambda: float(_own()["comparisons"])),
    wrong={
        "the rate asked for": (
            lambda: FMR,
            N_(
                "0.01 is the rate the threshold was chosen for, on OTHER people. What it came to in"
                " this band is counted in the table."
            ),
        ),
        "the ratio": (
            lambda: _row("darker", "darker") / _row("lighter", "lighter"),
            N_(
                "This is how many times as often, one band's FMR divided by the other's. The"
                " question asks for the FMR of one band."
            ),
        ),
        "all comparisons": (
            lambda: float(_own()["false matches"] / small()["comparisons"].sum()),
            N_(
                "The false matches are those of the darker band; you divided by the comparisons of"
                " everybody. Take both numbers from one row."
            ),
        ),
        "pairs of people": (
            lambda: _person_pairs()[0] / _person_pairs()[1],
            N_(
                "You counted PAIRS OF PEOPLE. Two people are compared many times, once for each two"
                " photographs, and an FMR is a share of comparisons."
            ),
        ),
        "the comparisons of the lighter band": (
            lambda: float(_own()["false matches"] / _own("lighter")["comparisons"]),
            N_(
                "Nearly: the false matches are those of the darker band, the comparisons are those"
                " of the lighter one. Take both numbers from one row."
            ),
        ),
        "one person in the band": (
            lambda: _involving("darker"),
            N_(
                "You took every row in which the darker band stands, also those where only ONE"
                " person is in it. FMR of a group counts pairs with both people in it."
            ),
        ),
        "against everyone": (
            lambda: _involving("darker", twice=True),
            N_(
                "This is how often a darker person is taken for anyone at all. It has its own name,"
                " 'against everyone'. FMR of a group counts pairs with both people in it."
            ),
        ),
        "pooled": (
            lambda: _share(small()),
            N_(
                "This is the rate over all rows together. Take the one row with both people in the"
                " darker band."
            ),
        ),
        "per image": (
            lambda: float(_own()["false matches"] / _images()),
            N_(
                "You divided by the number of photographs. A rate is errors / chances to err, and"
                " the chances are comparisons."
            ),
        ),
        "per pair of people": (
            lambda: float(_own()["false matches"] / _person_pairs()[1]),
            N_(
                "You divided by pairs of PEOPLE. Each pair of people was compared many times, once"
                " for each two photographs: divide by comparisons."
            ),
        ),
        "share of all false matches": (
            lambda: float(_own()["false matches"] / small()["false matches"].sum()),
            N_(
                "This is the band's share of all false matches. A rate needs the comparisons below"
                " the line."
            ),
        ),
        "the lighter band": (
            lambda: _row("lighter", "lighter"),
            N_("This is the lighter band. The question asks for the darker one."),
        ),
        "the medium band": (
            lambda: _row("medium", "medium"),
            N_("This is the medium band. The question asks for the darker one."),
        ),
        "lighter and darker": (
            lambda: _row("lighter", "darker"),
            N_(
                "This is the row of a LIGHTER and a darker person. In the row that is asked for"
                " both are darker."
            ),
        ),
        "medium and darker": (
            lambda: _row("medium", "darker"),
            N_(
                "This is the row of a MEDIUM and a darker person. In the row that is asked for both"
                " are darker."
            ),
        ),
        "lighter and medium": (
            lambda: _row("lighter", "medium"),
            N_("Nobody in this row is darker: it is that of a lighter and a medium person."),
        ),
    },
    hint=N_("One row of the table has both people in the darker band."),
    way=N_(
        "`both = small.loc[('darker', 'darker')]` is that row, then `answer = both['false matches']"
        " / both['comparisons']`."
    ),
)


@functools.cache
def counts() -> Table:
    """The counts of exercise 05-b: people of one deep tone under one poor camera."""
    faces = data.load("counterfactual/paired")
    here = (faces.of("camera") == POOR_CAMERA) & (faces.of("tone") == DEEP)
    return mated_summary(all_pairs(faces.templates[here], faces.of("person")[here]), threshold())


def _counted(*weights: int, of: str) -> float:
    """Weighted sum of (failed photographs, planned, compared, missed) over one of the counts."""
    terms = counts()[
        [
            "photographs without a face found",
            "mated pairs planned",
            "mated pairs compared",
            "compared and missed",
        ]
    ]
    return float((terms.to_numpy() * weights).sum() / counts()[of])


REJECTED = Check(
    "05-b",
    question=N_("What is the false rejection rate, failures included, under the poor camera?"),
    reference=lambda: _counted(0, 1, -1, 1, of="mated pairs planned"),
    tolerance=Absolute(1e-3),
    goes_on=False,
    parts=(
        lambda: (
            _counted(0, 1, -1, 1, of="mated pairs planned") * float(counts()["mated pairs planned"])
        ),
        lambda: float(counts()["mated pairs planned"]),
    ),
    wrong={
        "FNMR": (
            lambda: _counted(0, 0, 0, 1, of="mated pairs compared"),
            N_(
                "This is FNMR: misses among the comparisons that were MADE. It forgets the pairs"
                " that were lost because no face was found, so a camera that loses faces looks"
                " better."
            ),
        ),
        "failures per photograph": (
            lambda: _counted(1, 0, 0, 1, of="mated pairs planned"),
            N_(
                "You added photographs to pairs. One photograph without a face loses EVERY pair it"
                " belongs to: count the planned pairs that were not compared."
            ),
        ),
        "lost pairs forgotten": (
            lambda: _counted(0, 0, 0, 1, of="mated pairs planned"),
            N_(
                "The line below is right: pairs planned. Above the line the pairs that could not be"
                " compared are missing."
            ),
        ),
        "lost pairs only": (
            lambda: _counted(0, 1, -1, 0, of="mated pairs planned"),
            N_("These are the pairs that were lost. Add the pairs that were compared and missed."),
        ),
        "divided by the pairs compared": (
            lambda: _counted(0, 1, -1, 1, of="mated pairs compared"),
            N_(
                "Above the line is right. Below it belong the pairs PLANNED, since the lost pairs"
                " are counted above."
            ),
        ),
        "share accepted": (
            lambda: 1 - _counted(0, 1, -1, 1, of="mated pairs planned"),
            N_("This is the share that was accepted; the question asks for the share rejected."),
        ),
        "divided by photographs": (
            lambda: _counted(0, 1, -1, 1, of="photographs"),
            N_("You divided by photographs. The errors are pairs, so divide by pairs planned."),
        ),
    },
    hint=N_("A planned pair is rejected when it was lost, or when it was compared and missed."),
    way=N_(
        "First the lost pairs, `lost = planned - compared`, then `(lost + missed) / planned`, each"
        " number from `counts`."
    ),
)

HEADLINE = Choose(
    "05-c",
    question=N_("Which of these headlines do dlib's tables support? Write one that passes."),
    options={
        "equal": N_(
            "Not supported. The interval of the ratio contains 1, and it also contains ratios far"
            " from 1. 'Not shown to differ' is not 'equal', and at an FMR of 1e-2 only."
        ),
        "misses": N_(
            "Supported. It says who (invented people), what (rejections, of planned pairs), by"
            " which matcher, and that the cause is open. The table's intervals and the adjusted"
            " contrast support it. A careful editor would add that nearly all of these"
            " rejections are of restyled pairs and, as it was an exploratory look, would ask for"
            " it to be repeated on other people."
        ),
        "open": N_(
            "Supported. It answers the primary question as it was answered: no difference shown,"
            " and it says what could have been missed. It makes a poor headline and a true one."
        ),
        "worst": N_(
            "Not supported. Best and worst were picked AFTER looking. Of six groups that do not"
            " differ, the luckiest and the unluckiest lie apart too; compare the value that equal"
            " groups of this size would give."
        ),
        "races": N_(
            "Not supported by this table. Tone is a drawing parameter of invented people, and one"
            " matcher is not face recognition. Tests of real systems have found such differences,"
            " see below; cite those."
        ),
        "fair": N_(
            "Not supported. The audit could not have seen what was not built into these people,"
            " such as differences between tones that come from face shape or ancestry; it found a"
            " difference in rejections, and one matcher is not all of face recognition."
        ),
    },
    best=["misses", "open"],
)

EXERCISES = (WITHIN, REJECTED, HEADLINE)

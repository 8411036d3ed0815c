"""Notebook 10, "Watching a crowd": its exercises; right values and mistakes are computed."""

from __future__ import annotations

import functools
from typing import Any

from labkit import data
from labkit.base.words import N_
from labkit.learning.exercises import Check, Choose, Relative
from labkit.street import make_up, passages

FMR = 5e-3
"""For which the threshold of the demonstration is chosen: low, so that there is much to count."""
MATCHER, CAMERA = "dlib", "fixed camera"


# ---- a passage ----------------------------------------------------------------------------------


@functools.cache
def rates() -> Any:
    """The rates of the notebook's demonstration, by frame and by passage."""
    walk = passages.load_passages()
    threshold = passages.threshold_for(MATCHER, FMR).value
    return passages.rates(passages.search(walk, MATCHER, CAMERA, threshold))


def _f() -> float:
    return float(rates().frame.value)


def _n() -> int:
    return passages.load_passages().frames


PASSAGE = Check(
    "10-a",
    question=N_(
        "What share of passages gives at least one false alert when their frames are independent?"
    ),
    reference=lambda: 1 - (1 - _f()) ** _n(),
    tolerance=Relative(0.003),
    digits=3,
    wrong={
        "one frame": (
            _f,
            N_("This is the share of single FRAMES. A passage has several chances to alert."),
        ),
        "added up": (
            lambda: _n() * _f(),
            N_(
                "You added the frames up. A passage in which two frames alert is then counted"
                " twice; it is one passage."
            ),
        ),
        "all of them": (
            lambda: _f() ** _n(),
            N_("This is the share in which EVERY frame alerts. One is enough."),
        ),
        "none of them": (
            lambda: (1 - _f()) ** _n(),
            N_("This is the share in which no frame alerts. The question asks for the rest."),
        ),
        "not all of them": (
            lambda: 1 - _f() ** _n(),
            N_("This is the share in which NOT ALL frames alert. Ask when none does."),
        ),
        "measured": (
            lambda: float(rates().passage.value),
            N_(
                "This is what was counted on the real frames, which are not independent. The"
                " question asks for arithmetic."
            ),
        ),
        "two frames": (
            lambda: 1 - (1 - _f()) ** 2,
            N_("You took two frames. How many has a passage? `n` says it."),
        ),
        "no brackets": (
            lambda: -(_f() ** _n()),
            N_("Without brackets the power belongs to `f` alone, and 1 - 1 is 0: `(1 - f) ** n`."),
        ),
        "times for a power": (
            lambda: 1 - (1 - _f()) * _n(),
            N_(
                "You multiplied by the number of frames. That all of them are silent is one share"
                " times itself, n times: a power, written `a ** b`."
            ),
        ),
        "one frame too few": (
            lambda: 1 - (1 - _f()) ** (_n() - 1),
            N_("You took one frame too few: the first one is a chance as well."),
        ),
        "one frame too many": (
            lambda: 1 - (1 - _f()) ** (_n() + 1),
            N_("You took one frame too many."),
        ),
        "divided": (
            lambda: _f() / _n(),
            N_("You divided by the frames. More frames give more chances, not fewer."),
        ),
        "silent frame": (
            lambda: 1 - _f(),
            N_("This is the share of single frames WITHOUT a false alert."),
        ),
    },
    hint=N_("A passage is silent when all its frames are: (1 - f) times itself, n times."),
    way=N_("`answer = 1 - (1 - f) ** n`."),
)


# ---- who is on the list -------------------------------------------------------------------------


@functools.cache
def lists() -> Any:
    """The watchlists of the notebook."""
    return make_up.watchlists(data.gallery())


def _sum(name: str, band: str = "darker") -> float:
    return lists().expected(name, band)


def _own(name: str) -> float:
    return float(lists().listed.loc[name, "darker"])


def _listed(name: str) -> float:
    return float(lists().listed.loc[name].sum())


def _column(name: str) -> float:
    return float(lists().listed.loc[name] @ lists().rates["darker"])


FACTOR = Check(
    "10-b",
    question=N_(
        "How many times as many false candidates does arithmetic expect for a darker passer-by from"
        " the over-policed list as from the town's?"
    ),
    reference=lambda: lists().factor("darker"),
    tolerance=Relative(0.003),
    digits=3,
    unit="count",
    goes_on=False,
    parts=(lambda: _sum("over-policed"), lambda: _sum("town")),
    wrong={
        "people alone": (
            lambda: _own("over-policed") / _own("town"),
            N_(
                "You compared how many darker people are listed. A darker passer-by is sometimes"
                " taken for people of other bands too, and of these FEWER are on the second list."
            ),
        ),
        "turned round": (
            lambda: 1 / lists().factor("darker"),
            N_("You divided the town's list by the over-policed one. It is the other way round."),
        ),
        "the town's list": (
            lambda: _sum("town"),
            N_("This is what the town's list alone gives. Divide the other list's sum by it."),
        ),
        "the over-policed list": (
            lambda: _sum("over-policed"),
            N_("This is what the over-policed list alone gives. Divide it by the town's sum."),
        ),
        "the difference": (
            lambda: _sum("over-policed") - _sum("town"),
            N_("This is how many MORE candidates are expected. The question asks how many times."),
        ),
        "the increase": (
            lambda: lists().factor("darker") - 1,
            N_("This is by how much the number grows. How many TIMES as many are there?"),
        ),
        "the lighter row": (
            lambda: lists().factor("lighter"),
            N_("This is the factor of lighter passers-by. The question is about darker ones."),
        ),
        "the medium row": (
            lambda: lists().factor("medium"),
            N_("This is the factor of medium passers-by. The question is about darker ones."),
        ),
        "the column": (
            lambda: _column("over-policed") / _column("town"),
            N_(
                "You went down the column `darker`: there the LISTED person is darker. The"
                " passer-by stands in the row."
            ),
        ),
        "quotients added": (
            lambda: float((lists().listed.loc["over-policed"] / lists().listed.loc["town"]).sum()),
            N_(
                "You divided band by band and added the quotients. Make the sum of each list"
                " first, rates included, then divide one by the other."
            ),
        ),
        "rates left out": (
            lambda: _listed("over-policed") / _listed("town"),
            N_(
                "You compared how long the lists are. Each band has to be multiplied by its rate"
                " before the sum is made."
            ),
        ),
        "people below the line": (
            lambda: _sum("over-policed") / _listed("town"),
            N_(
                "Below the line stand the people of the town's list, without their rates. Make the"
                " same sum there as above."
            ),
        ),
        "counted": (
            lambda: lists().counted("darker")[0],
            N_("This is what was counted with both lists. The question asks for arithmetic."),
        ),
        "all rates added": (
            lambda: float(lists().rates.loc["darker"].sum()),
            N_("You added the three rates. Each has to be multiplied by the people listed."),
        ),
    },
    hint=N_(
        "For each list three products, people times rate, added up; then one sum by the other."
    ),
    way=N_(
        "`row = confused.loc['darker']`, then `answer = (listed.loc['over-policed'] * row).sum() /"
        " (listed.loc['town'] * row).sum()`."
    ),
)


# ---- review -------------------------------------------------------------------------------------

SAFEGUARD = Choose(
    "10-c",
    question=N_(
        "Which of these tell how often an innocent person would be named, or what then still stands"
        " between that person and an arrest?"
    ),
    options={
        "absent": N_(
            "Yes. A safeguard works when the machine is wrong, and it is wrong whenever the person"
            " is not enrolled: a list without a threshold names five others."
        ),
        "present": N_(
            "Worth knowing: it is what a search is for. It does not tell how often an innocent"
            " person is named; whoever always takes the first candidate does well there too."
        ),
        "blind": N_(
            "Worth knowing, and a good reason to ask: studies found that an answer given beforehand"
            " moves people's own judgement. How often an innocent person is then named has to be"
            " counted, and that is 'absent'."
        ),
        "percent": N_(
            "Worth knowing once it is known how often strangers get as much. Alone it does not tell"
            " how often an innocent person is named: in a long gallery some stranger comes near."
        ),
        "years": N_(
            "Worth knowing, above all what they were trained in: passport officers who used such a"
            " system daily were as accurate as students, trained examiners did better. How often"
            " these reviewers name an innocent person has to be counted."
        ),
        "evidence": N_(
            "Yes. If machine and reviewer both err, only what does not rest on the photograph can"
            " stop it. A witness who chooses from photographs that the search found is not apart"
            " from it."
        ),
    },
    best=["absent", "evidence"],
)

EXERCISES = (PASSAGE, FACTOR, SAFEGUARD)

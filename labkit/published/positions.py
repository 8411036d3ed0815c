"""Who wanted what in 2018 and 2019, why in their own words, and what became of it.

In: nothing.  Out: :data:`POSITIONS`, and a page of them.  People who were misidentified are told by
place and year, as everywhere in the lab.
"""

from __future__ import annotations

from typing import NamedTuple

from labkit.base.words import N_, _
from labkit.published.listed import listed
from labkit.published.reading import Page


class Position(NamedTuple):
    """What somebody wanted.

    Parameters
    ----------
    who
        Who it was.
    wanted
        What they asked for.
    words
        Why, with a short quotation of their own.
    where
        Where these words stand.
    then
        What became of it.
    """

    who: str
    wanted: str
    words: str
    where: str
    then: str


POSITIONS = {
    "company": Position(
        N_("Amazon"),
        N_("to keep selling, under rules that its customers sign; from 2019 also a federal law"),
        N_(
            "“We should not throw away the oven because the temperature could be set wrong and burn"
            " the pizza”"
        ),
        N_("AWS blog, 27 July 2018"),
        N_(
            "it paused use by police in June 2020, without an end date since 2021; by 2024 its"
            " terms named comparing faces in criminal investigations"
        ),
    ),
    "sheriff": Position(
        N_("a sheriff's office, one of its customers"),
        N_("to keep using it"),
        N_(
            "“investigators are not permitted to take enforcement action based solely on a"
            " potential identification lead”"
        ),
        N_("Washington County, Oregon, its page before June 2020"),
        N_("it ended its programme in June 2020 and named concerns of its community"),
    ),
    "searchers": Position(
        N_("a group that looks for abused children"),
        N_("to go on looking through advertisements with it"),
        N_("“we are finding more victims faster”"),
        N_("Thorn, in Biometric Update, August 2018"),
        N_("exempt from Amazon's pause"),
    ),
    "arrested": Position(
        N_("a man arrested in Michigan in 2020 after a wrong match"),
        N_("no use by the police"),
        N_("“It's dangerous when it works and even more dangerous when it doesn't work”"),
        N_("to lawmakers in California, in The Guardian, 28 April 2023"),
        N_(
            "in June 2024 new rules for Detroit's police, which a court enforces for four years;"
            " the police use it still"
        ),
    ),
    "stopped": Position(
        N_("a man stopped in London in 2024 after a wrong match"),
        N_("structural change; in court, limits on where and for whom the police may look"),
        N_("“I want structural change”"),
        N_("to the BBC, in Moneycontrol, 2025"),
        N_("in April 2026 a court found the police's rules clear enough"),
    ),
    "coalition": Position(
        N_("a coalition around the ACLU"),
        N_("no sales to governments"),
        N_(
            "“People should be free to walk down the street without being watched by the"
            " government”"
        ),
        N_("letter of 22 May 2018"),
        N_("no such end; for the police, the pause of 2020"),
    ),
    "shareholders": Position(
        N_("some shareholders"),
        N_(
            "no expansion, development or marketing to governments until the board shows"
            " its oversight"
        ),
        N_("“we are deeply concerned it may ultimately violate civil and human rights”"),
        N_("letter of 15 June 2018"),
        N_("votes of May 2019: 2.4% to forbid such sales, 27.5% for a study"),
    ),
    "caucus": Position(
        N_("the Congressional Black Caucus"),
        N_("people who break no law not to be watched, and no biased data or matching"),
        N_(
            "“communities of color are more heavily and aggressively policed than white"
            " communities”"
        ),
        N_("letter of 24 May 2018"),
        N_("not in what we read"),
    ),
    "researchers": Position(
        N_("AI researchers"),
        N_("no sales to the police; an audit of naming genders had found unequal errors"),
        N_("“We call on Amazon to stop selling Rekognition to law enforcement”"),
        N_("open letter of spring 2019, in PYMNTS"),
        N_("the pause of 2020"),
    ),
    "google": Position(
        N_("Google, another maker"),
        N_("to wait"),
        N_("no such product “before working through important technology and policy questions”"),
        N_("blog of 13 December 2018"),
        N_("not in what we read"),
    ),
}
"""Name -> position, in the order in which they are shown."""


def positions() -> Page:
    """Who wanted what, why, where that stands, and what became of it.

    Examples
    --------
    >>> len(positions().text.splitlines()) - 1 == len(POSITIONS)
    True
    """
    rows = [
        [_(p.who), _(p.wanted), [_(p.words), _(p.where)], _(p.then)] for p in POSITIONS.values()
    ]
    return listed(
        _("Who wanted what, why, and what became of it"),
        [_("who"), _("wanted"), _("because, and where it stands"), _("what became of it")],
        rows,
        record=True,
    )

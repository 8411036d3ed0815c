"""A hearing of Anytown's council as a role-play: cards that print, made from the published record.

In: positions, arguments and options of :mod:`labkit.published`.  Out: one page of HTML with a sheet
for whoever leads and a card for each role, to print and cut.

Both sides have as many roles, in the same shape: what they wanted, words of those who want it,
something hard to answer, and a question to be ready for.  Nobody plays somebody who was harmed:
two people's published words lie on the table, on a card of their own.  Whoever would rather not
take a role does not, and says no reason.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from labkit.base.files import write_whole
from labkit.base.words import N_, _
from labkit.published.options import OPTIONS, Place, said
from labkit.published.positions import POSITIONS
from labkit.views.download import link, offer

NAME = "role-cards.html"
"""What the file is called."""
TEMPLATE = Path(__file__).with_name("roles.html.j2")
FOR, LIMITS = "for", "limits"
"""Sides: those who want it used, and those who want it limited."""


@dataclass(frozen=True)
class Role:
    """One card.

    Parameters
    ----------
    name
        Whom it speaks for.
    side
        :data:`FOR` or :data:`LIMITS`.
    position
        Its row of :data:`labkit.published.positions.POSITIONS`; empty where there is none.
    wanted
        What they want, where there is no position.
    words
        Words of those who want it: rows of ``arguments``, or ``"position"`` and its name.
    hardest
        Something hard to answer, of the other side.
    ready
        A question to be ready for.
    """

    name: str
    side: str
    words: tuple[Place, ...]
    hardest: Place
    ready: str
    position: str = ""
    wanted: str = ""


ROLES: Mapping[str, Role] = {
    "company": Role(
        N_("The company that sells it"),
        FOR,
        (("v-law", "words"), ("v-setting", "words")),
        ("v-setting", "reply"),
        N_("What would you sign about the setting, and who may check that it is kept?"),
        position="company",
    ),
    "police": Role(
        N_("The police"),
        FOR,
        (("v-police", "words"), ("c-lead", "reply")),
        ("v-police", "reply"),
        N_("What do you say to somebody whom you stopped, and who was somebody else?"),
        wanted=N_(
            "to find wanted and missing people, and to narrow a search down; a match alone is to be"
            " no reason to arrest"
        ),
    ),
    "searchers": Role(
        N_("A group that looks for missing and abused children"),
        FOR,
        (("position", "searchers"), ("v-tool", "words")),
        ("v-tool", "reply"),
        N_("Which of your searches would end under each option, and is there another way?"),
        position="searchers",
    ),
    "coalition": Role(
        N_("A coalition for civil liberties"),
        LIMITS,
        (("c-freedom", "words"), ("c-accurate", "words")),
        ("c-accurate", "reply"),
        N_("Which missing people would not be found without it, and how would you look for them?"),
        position="coalition",
    ),
    "caucus": Role(
        N_("The Congressional Black Caucus of 2018"),
        LIMITS,
        (("position", "caucus"), ("c-unequal", "words")),
        ("c-unequal", "reply"),
        N_("Searches also find people who harm others in your districts. What do you say there?"),
        position="caucus",
    ),
    "researchers": Role(
        N_("Researchers who test such systems"),
        LIMITS,
        (("c-safeguards", "words"), ("v-human", "reply")),
        ("c-safeguards", "reply"),
        N_("Your tests were of a product as it was then. What do they say about today's?"),
        position="researchers",
    ),
}
"""Name -> role, each side's in turn for and against."""

VOICES = ("arrested", "stopped")
"""Positions of people who were taken for somebody else: their words are read, not played."""

WITHOUT_SIDE = {
    N_("Chair"): (
        N_("You open the hearing, give everybody the same time, and hold the vote."),
        N_("You say nothing for or against. You ask for the source of every number."),
    ),
    N_("Keeper of the numbers"): (
        N_(
            "You write down every number that is used, and where it is from: measured in the lab,"
            " published, or nobody knows."
        ),
        N_("Before the vote you read your list aloud."),
    ),
    N_("People of the street where it would stand"): (
        N_(
            "Some want it, some do not: you need not be of one mind. You may ask everybody what it"
            " would change here."
        ),
        N_(
            "Residents have said in public: “a costly additional layer of bureaucracy that really"
            " does nothing to improve the safety of our citizens” (of a rule that asks the public"
            " first; Stop Crime SF, 2019), and “There is no guarantee that this data stays local”"
            " (a teacher, Milwaukee, 2026)."
        ),
    ),
    N_("Observer"): (
        N_("You take no side and need not speak. Any number of people can observe."),
        N_("Write down one argument that moved you, and one that you could not answer."),
    ),
}
"""Cards without a side -> their lines."""

OPT_OUT = (
    N_(
        "Nobody has to take a role. Observe, or leave the room for this part: say so or just do it,"
        " and no reason is asked for."
    ),
    N_(
        "You speak for somebody and need not agree with them. Speak in your own voice: do not play"
        " how a person looks, talks or where they come from."
    ),
    N_(
        "Nobody plays a person who was taken for somebody else. Two of them have said in public"
        " what they want; the card with their words lies on the table, for whoever wants to read"
        " it."
    ),
    N_(
        "Nobody has to speak about abused children: the card of those who look for them may be read"
        " silently."
    ),
    N_(
        "If something like this happened to you or to somebody close to you, it is yours to tell or"
        " to keep. Nobody will ask."
    ),
)
"""What is said before roles are given."""

STEPS = (
    (3, N_("Read the five sentences above aloud. Give out the cards by lot or by choice.")),
    (4, N_("Everybody reads their card. Change it for another where it does not suit you.")),
    (6, N_("Each of the six sides speaks for one minute, in turn; then people of the street.")),
    (8, N_("Questions, from everybody to everybody; the chair asks for the source of numbers.")),
    (4, N_("Out of the roles: stand up, put the card away, say one thing as yourself.")),
    (5, N_("The keeper reads the list. Vote as yourself, one of the options, on paper.")),
)
"""Minutes, and what is done."""


def minutes() -> int:
    """How long the hearing takes.

    Examples
    --------
    >>> minutes()
    30
    """
    return sum(length for length, _words in STEPS)


def page() -> str:
    """The sheet and the cards as the text of one HTML file."""
    from labkit.views.page import render

    return render(
        TEMPLATE,
        title=_("A hearing in Anytown: role cards"),
        about=_(
            "The council of Anytown, a town of invented people, decides whether its police may use"
            " face recognition. Words in quotation marks are those of real organisations, with"
            " their source. Print this page, and cut along the frames."
        ),
        before=[_(sentence) for sentence in OPT_OUT],
        steps=[(length, _(words)) for length, words in STEPS],
        minutes=minutes(),
        options=[(word, _(o.name), _(o.means)) for word, o in OPTIONS.items()],
        cards=[_card(role) for role in ROLES.values()],
        others=[(_(name), [_(line) for line in lines]) for name, lines in WITHOUT_SIDE.items()],
        voices=[POSITIONS[name] for name in VOICES],
    )


def _card(role: Role) -> dict[str, Any]:
    """What stands on a card."""
    position = POSITIONS.get(role.position)
    return {
        "name": _(role.name),
        "wanted": _(position.wanted if position else role.wanted),
        "then": _(position.then) if position else "",
        "words": [_words(place) for place in role.words],
        "hardest": _words(role.hardest),
        "ready": _(role.ready),
    }


def _words(place: Place) -> tuple[str, str]:
    """Words in quotation marks, and who said them when and where."""
    if place[0] == "position":
        position = POSITIONS[place[1]]
        return _(position.words), _(position.where)
    found = said(place)
    return found.quoted, f"{found.by}. {found.source}"


def export() -> None:
    """Show a link that saves the cards through the browser."""
    offer(link(NAME, page().encode(), _("Save the role cards (open the page, and print it)")))


def write(path: str | Path) -> Path:
    """Write the cards into a file.

    Parameters
    ----------
    path
        The file.

    Raises
    ------
    OSError
        When it cannot be written.
    """
    write_whole(Path(path), page().encode())
    return Path(path)

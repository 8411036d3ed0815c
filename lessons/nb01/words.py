"""Notebook 01: the sentences that the published record decides, and what is told in our words.

In: the tables of :mod:`labkit.published` and the journal.  Out: tables, events and sentences.
Every figure comes from those tables.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from labkit import published
from labkit.base.dates import in_words
from labkit.base.words import N_, _
from labkit.learning import journal
from labkit.published.claims import ClaimCounts
from labkit.views.timeline import Event
from lessons.nb01.exercises import RETELLINGS

if TYPE_CHECKING:
    import pandas as pd


# --- what was sold -------------------------------------------------------------------------------

SOLD = (
    "collection-limit",
    "faces-per-image",
    "compare-default",
    "search-default-80",
    "surveillance-wording",
    "surveillance-removed",
    "law-enforcement-absent",
    "law-enforcement-99",
)


def sold() -> pd.DataFrame:
    """What Amazon's own guide said about the product, and when; one row for each version."""
    table = published.load("aws_docs").rows(SOLD).sort_values("date", kind="stable")
    table["date"] = table["date"].map(in_words)
    heads = [_("date"), _("about"), _("Amazon's guide, in our words"), _("verified")]
    return table[["date", "topic", "said", "verified"]].set_axis(heads, axis="columns")


# --- who objected, who defended ------------------------------------------------------------------

ACTORS = (
    (
        N_("Amazon"),
        N_("to keep selling, under rules that its customers sign"),
        N_(
            "it helps to find missing people; a tool should not be outlawed because somebody could"
            " abuse it"
        ),
    ),
    (
        N_("a sheriff's office"),
        N_("to keep using it"),
        N_("it searches its own booking photographs, faster than by hand, and an officer decides"),
    ),
    (
        N_("coalition around the ACLU"),
        N_("no sales to governments"),
        N_(
            "the power to follow everybody is too great, and falls hardest on people who are"
            " already watched"
        ),
    ),
    (
        N_("some shareholders"),
        N_("no sales until a review"),
        N_("risks to rights, and so to the company"),
    ),
    (
        N_("Congressional Black Caucus"),
        N_("answers"),
        N_("harm that nobody need intend, to people of color, immigrants and protesters"),
    ),
    (
        N_("AI researchers"),
        N_("no sales to police"),
        N_("unequal errors for women and people of color"),
    ),
    (
        N_("other companies"),
        N_("to wait: no such product, or none for police"),
        N_("its dangers first to be dealt with, or a law first"),
    ),
    (
        N_("cities, legislatures, courts"),
        N_("limits of many kinds"),
        N_("see the timeline"),
    ),
)


def actors() -> pd.DataFrame:
    """Who wanted what, and the strongest reason given, in our words."""
    import pandas as pd

    rows = [[_(text) for text in row] for row in ACTORS]
    return pd.DataFrame(rows, columns=[_("who"), _("wanted"), _("because")])


# --- the timeline --------------------------------------------------------------------------------

SAID = N_("said or done by a vendor")
ASKED = N_("objected, tested or counted")
DECIDED = N_("decided by others")

EVENTS = (  # table, row, lane, what happened; {names} are columns of the row
    (
        "aws_docs",
        "collection-limit",
        SAID,
        N_("Amazon's guide: {value:,.0f} faces in one collection"),
    ),
    ("policies", "ccops", ASKED, N_("Campaign for public control of police surveillance")),
    ("claims", "letter-01", ASKED, N_("Letter of the coalition to Amazon")),
    (
        "aws_docs",
        "surveillance-removed",
        SAID,
        N_("Guide edited: surveillance no longer typical use"),
    ),
    ("claims", "petition-01", ASKED, N_("Petition, letters delivered")),
    (
        "congress_test",
        "aclu-2018",
        ASKED,
        N_("ACLU test: {count:.0f} of {of:.0f} in Congress, at 80"),
    ),
    ("congress_test", "amazon-99-retest", SAID, N_("Amazon: none in Congress at {threshold:.0f}")),
    ("aws_docs", "law-enforcement-99", SAID, N_("Guide first advises {value:.0f} for police")),
    ("claims", "researchers-01", ASKED, N_("Letter of AI researchers to Amazon")),
    ("policies", "san-francisco", DECIDED, N_("San Francisco bans use by the city")),
    (
        "congress_test",
        "aclu-2019-massachusetts",
        ASKED,
        N_("ACLU: {count:.0f} of {of:.0f} athletes"),
    ),
    ("nist", "nist-undetectable", ASKED, N_("NIST report on differences between groups")),
    ("policies", "amazon-moratorium", SAID, N_("Amazon pauses police use of Rekognition")),
    ("policies", "bridges", DECIDED, N_("Court: South Wales Police's use was unlawful")),
    ("policies", "amazon-extended", SAID, N_("Amazon's pause goes on without an end date")),
    ("policies", "new-orleans", DECIDED, N_("New Orleans bans police use; partly undone in 2022")),
    ("live_trials", "npl-2023-fpir", ASKED, N_("NPL tests a police system in the UK")),
    ("policies", "rite-aid", DECIDED, N_("US trade commission: no use in a chain's stores")),
    ("policies", "detroit", DECIDED, N_("Detroit limits what police may do with a match")),
    ("live_trials", "met-2025-alerts", ASKED, N_("London: {of:,.0f} alerts, {count:.0f} false")),
    ("policies", "ai-act", DECIDED, N_("EU: AI Act limits live use by police")),
    ("policies", "people-pathing-ends", SAID, N_("Amazon ends tracking of people in videos")),
    ("live_trials", "npl-2025-white", ASKED, N_("NPL tests police searches in the UK")),
)


def events() -> list[Event]:
    """The events of the timeline, from the published tables; a vendor's lane is named first."""
    found = []
    for name, key, lane, words in EVENTS:
        row: dict[str, Any] = dict(published.load(name).rows([key]).iloc[0])
        # The letter and the petition are claims; the alerts of a year are known at its end.
        when = row.get("when") or row["until" if key == "met-2025-alerts" else "date"]
        told = _(words).format(**row)
        found.append(Event(when, _(lane), told, row["source"], row["verified"]))
    return found


# --- sentences -----------------------------------------------------------------------------------


def told_tested(count: ClaimCounts) -> str:
    """How many claims a notebook tests, and for how many there is only a reason why none can."""
    return _(
        "Of {claims} claims in {documents} documents, {confirmed} are confirmed by a second source,"
        " {disputed} disputed, {corrected} corrected and {open} open. For {measured} a section of"
        " this lab measures the claim or something next to it: {there} in notebooks that exist so"
        " far, {planned} in notebooks still to come. {weighed} are demands and arguments, which"
        " notebook 12 weighs and nobody can measure. For the other {untested} there is only the"
        " reason why no experiment here can help."
    ).format(
        claims=count.claims,
        documents=count.documents,
        measured=count.measured,
        there=count.there,
        planned=count.planned,
        weighed=count.weighed,
        untested=count.untested,
        **count.status,
    )


BALLOT = {
    "01-ballot-a": "08",
    "01-ballot-b": "03",
    "01-ballot-c": "04",
    "01-ballot-d": "05",
    "01-ballot-e": "09",
}
"""Name of a prediction -> the notebook that opens it."""


def told_ballot() -> str:
    """Which predictions of the ballot are in the journal, and where they are opened."""
    kept = [key for key in BALLOT if journal.recall(key, None).yours]
    if not kept:
        sentence = _("The ballot box is empty: {all} predictions are still open.")
        return sentence.format(all=len(BALLOT))
    opened = [_("{letter} in {notebook}").format(letter=k[-1], notebook=BALLOT[k]) for k in kept]
    sentence = _("In the ballot box: {kept} of {all} predictions, to be opened: {opened}.")
    return sentence.format(kept=len(kept), all=len(BALLOT), opened=", ".join(opened))


def told_retellings() -> str:
    """What is said to whoever chooses each retelling of the exercise."""
    head = _("What each retelling is answered with:")
    answers = (f"{option}: {_(said)}" for option, said in RETELLINGS.options.items())
    return "\n".join([f"\n{head}", *(f"\n{answer}" for answer in answers)])

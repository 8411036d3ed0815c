"""Notebook 01: what the published record says, in the words and the order in which it is told.

In: the tables of :mod:`labkit.published` and the journal.  Out: pages, events and sentences.
Every figure comes from those tables.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

from labkit import published
from labkit.base.dates import in_words
from labkit.base.words import N_, _
from labkit.learning.answers import is_open
from labkit.learning.checks import names_in
from labkit.published.listed import listed, sentence
from labkit.published.reading import Page
from labkit.views.timeline import Event
from lessons.nb01.exercises import RETELLINGS

if TYPE_CHECKING:
    from labkit.learning.checks import Checked


# --- what was sold -------------------------------------------------------------------------------

SOLD = (
    "compare-default",
    "search-default-80",
    "stream-default-70",
    "law-enforcement-absent",
    "law-enforcement-99",
)


def sold() -> Page:
    """What Amazon's own guide said about the product, and when; one row for each version."""
    table = published.load("aws_docs").rows(SOLD).sort_values("date", kind="stable")
    rows = [
        [in_words(row["date"]), row["topic"], row["said"], row["verified"]]
        for row in table.to_dict("records")
    ]
    heads = [_("date"), _("about"), _("what it said, in our words"), _("verified")]
    return listed(_("What Amazon's guide said, by its public source"), heads, rows, record=True)


# --- the timeline --------------------------------------------------------------------------------

SAID = N_("said or done by a vendor or the police")
ASKED = N_("objected, tested or counted by others")
DECIDED = N_("decided by lawmakers and courts")
HIT = N_("taken for somebody else")

EVENTS: tuple[tuple[str, tuple[str, ...], str, str], ...] = (
    # table, rows (the first gives date and source), lane, words with {0[column]} of each row
    ("claims", ("letter-01",), ASKED, N_("Letter of the coalition to Amazon")),
    ("aws_docs", ("surveillance-removed",), SAID, N_("Guide: surveillance no longer typical use")),
    ("claims", ("petition-01",), ASKED, N_("Petition, letters delivered")),
    (
        "congress_test",
        ("aclu-2018",),
        ASKED,
        N_("ACLU test: {0[count]} of {0[of]} in Congress, at {0[threshold]:.0f}"),
    ),
    (
        "congress_test",
        ("amazon-99-retest",),
        SAID,
        N_("Amazon: {0[count]} of {0[of]} in Congress, at {0[threshold]:.0f}"),
    ),
    (
        "aws_docs",
        ("law-enforcement-99",),
        SAID,
        N_("Guide first advises {0[value]:.0f} for police"),
    ),
    (
        "wrongful_arrests",
        ("new-jersey-2019",),
        HIT,
        N_("New Jersey: an arrest, made public in 2020"),
    ),
    ("claims", ("researchers-01",), ASKED, N_("Letter of AI researchers to Amazon")),
    ("policies", ("san-francisco",), DECIDED, N_("San Francisco bans use by the city")),
    (
        "congress_test",
        ("aclu-2019-massachusetts",),
        ASKED,
        N_("ACLU test: {0[count]} of {0[of]} athletes"),
    ),
    ("nist", ("nist-undetectable",), ASKED, N_("NIST report on differences between groups")),
    ("wrongful_arrests", ("detroit-2020",), HIT, N_("Michigan: the first arrest to become public")),
    ("policies", ("amazon-moratorium",), SAID, N_("Amazon pauses police use")),
    (
        "policies",
        ("washington-county",),
        SAID,
        N_("A sheriff's office ends its use of Rekognition"),
    ),
    ("policies", ("bridges",), DECIDED, N_("Court: South Wales Police's use was unlawful")),
    ("policies", ("amazon-extended",), SAID, N_("Amazon's pause goes on without an end date")),
    ("stops", ("michigan-2021",), HIT, N_("Michigan: a girl turned away from a skating rink")),
    ("policies", ("virginia",), DECIDED, N_("Virginia bans police use; undone in 2022")),
    (
        "live_trials",
        ("npl-2023-fpir",),
        ASKED,
        N_("NPL, UK: wrong hits in {0[value]:g}% of searches among {0[gallery]:,}"),
    ),
    ("policies", ("rite-aid",), DECIDED, N_("US trade commission: no use in a chain's stores")),
    ("stops", ("london-2024",), HIT, N_("London: a man stopped after a wrong alert")),
    ("policies", ("detroit",), DECIDED, N_("Detroit settles: no arrest on a match alone")),
    ("policies", ("ai-act",), DECIDED, N_("EU: AI Act limits live use by police")),
    (
        "live_trials",
        ("met-2025-alerts", "met-2025-black"),
        SAID,
        N_(
            "London police, own count: {0[count]} of {0[of]:,} alerts false, {1[count]} of"
            " Black people"
        ),
    ),
    (
        "live_trials",
        ("npl-2025-white", "npl-2025-black"),
        ASKED,
        N_("NPL, UK, a low setting: wrong hits {0[value]:g}% (White), {1[value]:g}% (Black)"),
    ),
    ("policies", ("met-2026",), DECIDED, N_("Court: London police's rules are lawful")),
    (
        "live_trials",
        ("known-arrests-2026-06",),
        ASKED,
        N_("ACLU: at least {0[count]} wrongful arrests known in the US"),
    ),
)


def events() -> list[Event]:
    """The events of the timeline, from the published tables; a vendor's lane is named first."""
    found = []
    for name, keys, lane, words in EVENTS:
        rows: list[Any] = published.load(name).rows(keys).to_dict("records")
        first = rows[0]
        # The letter and the petition are claims; the alerts of a year are known at its end.
        when = first.get("when") or first["until" if "alerts" in keys[0] else "date"]
        told = _(words).format(*rows)
        found.append(Event(when, _(lane), told, first["source"], first["verified"]))
    return found


# --- the retellings ------------------------------------------------------------------------------


def judged(checked: Checked, answer: Any) -> Page:
    """What the record has on the retellings; after an answer, what it says of those chosen.

    Parameters
    ----------
    checked
        What :func:`labkit.check` returned for exercise 01-a.
    answer
        What it was given: a name, or several.

    Returns
    -------
    page
        Not answered yet: the rows by which each can be judged.  Answered: what is to be said of
        each that was chosen; of all of them once the answer is right.
    """
    if is_open(answer):
        heads = [_("retelling"), _("the record")]
        rows = [[name, [_row(*at) for at in r.rows]] for name, r in RETELLINGS.items()]
        return listed(_("Rows of the record to judge by"), heads, rows, record=True)
    given = [answer] if isinstance(answer, str) or not isinstance(answer, Iterable) else answer
    held = [names_in(name, list(RETELLINGS)) for name in given if isinstance(name, str)]
    chosen = {name for names in held for name in names}
    named = [name for name in RETELLINGS if checked.right or name in chosen]
    if not named:
        return sentence(_("None of the nine is called that: copy the names from the list above."))
    rows = [[name, _(RETELLINGS[name].told)] for name in named]
    about = _("What the record says of all nine") if checked.right else _("Of those you chose")
    return listed(about, [_("retelling"), _("what the record says")], rows)


SHORT = {
    "fpir": N_("people given a false match / people searched"),
    "advised_threshold": N_("the setting advised"),
}
"""Shorter words for what a figure counts."""


def _row(name: str, key: str) -> str:
    """A row of the record in a sentence, with its date and what it counts."""
    row: dict[str, Any] = dict(published.load(name).rows([key]).iloc[0])
    when = in_words(row.get("when") or row["date"])
    if name in published.FIGURE_TABLES:
        return _figure(row, when)
    said = row["measure"] if name == "policies" else row.get("said") or row["detail"]
    who = {"policies": "body", "claims": "who"}.get(name)
    first = row[who] if who else _("Amazon's guide")
    return _("{who}, {when}: {said}.").format(who=first, when=when, said=said.rstrip("."))


def _figure(row: Mapping[str, Any], when: str) -> str:
    import pandas as pd

    about = ", ".join(
        part for part in (row["system"], row["group"]) if part and part not in ("all", row["study"])
    )
    study = row["study"]
    if row["read_in"].startswith("notes on the report"):
        study = _("{study} (read in notes)").format(study=study)
    if row["statistic"] == "finding":
        words = _("{study}, {when}: {about}. {note}")
        return words.format(study=study, when=when, about=about, note=row["note"])
    number = published.figure(row)
    if pd.notna(row["count"]) and pd.notna(row["of"]):  # the share is left to be worked out
        number = f"{row['count']:,} / {row['of']:,}"
    setting = " " + _("Setting: {n:g}.").format(n=row["threshold"])
    told = pd.notna(row["threshold"]) and row["statistic"] != "advised_threshold"
    words = _("{study}, {when}: {about}: {number}. It counts: {counts}.{setting}")
    return words.format(
        study=study,
        when=when,
        about=about,
        number=number,
        counts=_(SHORT.get(row["statistic"], published.STATISTICS[row["statistic"]])),
        setting=setting if told else "",
    )

"""What a town can decide about face recognition by its police, from "no" on, in one shape.

In: rows of the published tables.  Out:
:data:`OPTIONS` and a page of them.  Each has the strongest argument of those who want it and the
best reply of the other side, both in their own words, and what became of it where it was tried.

The words of an option are a row of ``arguments`` and ``"words"``, what its own side says in it, or
``"reply"``, what the other side answers there.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from labkit.base.dates import in_words
from labkit.base.words import N_, _
from labkit.published.listed import listed
from labkit.published.reading import Page, figure
from labkit.published.record import STATISTICS, load

Place = tuple[str, str]
"""A row of ``arguments``, and ``"words"`` or ``"reply"``; or a table of the record and its row."""

FORBIDS = ("ban", "moratorium")
"""Kinds of rows in ``policies`` by which lawmakers forbade something for good or for a time."""

OVER = (N_("ended"), N_("repealed"), N_("repealed in part"), N_("changed"))
"""States of a row in ``policies`` that is no longer what it was."""


OWN = ("company", "police decision")
"""Kinds of rows in ``policies`` in which somebody decided about themselves."""


@dataclass(frozen=True)
class Option:
    """One thing that can be decided.

    Parameters
    ----------
    name
        In a few words.
    means
        What would hold, in one or two sentences.
    case
        The strongest argument of those who want it.
    reply
        The best reply of those who do not.
    since
        Where it was tried and what became of it: tables of the record and their rows.
    published
        What others measured on real people that bears on it: tables of figures and their rows.
    numbers
        Numbers of the lab that bear on it, by their names in
        :data:`labkit.learning.own.MEASURED`.
    no_number
        What no number says about it.
    """

    name: str
    means: str
    case: Place
    reply: Place
    since: tuple[Place, ...]
    published: tuple[Place, ...]
    numbers: tuple[str, ...]
    no_number: str


OPTIONS: Mapping[str, Option] = {
    "no": Option(
        N_("No"),
        N_("The town's police do not use it, and the town buys none."),
        ("c-freedom", "words"),
        ("v-tool", "words"),
        (
            ("policies", "san-francisco"),
            ("policies", "boston"),
            ("policies", "portland"),
            ("policies", "new-orleans"),
            ("policies", "king-county"),
            ("policies", "virginia"),
            ("policies", "washington-county"),
        ),
        (("live_trials", "met-2025-alerts"), ("live_trials", "met-2025-faces")),
        ("alerts", "right", "links"),
        N_(
            "How many crimes would be cleared up, and how many missing people found, only with it;"
            " and what it is worth to go unwatched."
        ),
    ),
    "pause": Option(
        N_("Not now"),
        N_("No use until a law says what is allowed. Then the council decides again."),
        ("c-safeguards", "words"),
        ("c-safeguards", "reply"),
        (
            ("policies", "axon-2019"),
            ("policies", "ab-1215"),
            ("policies", "amazon-moratorium"),
            ("policies", "amazon-extended"),
            ("policies", "microsoft"),
        ),
        (("nist", "nist-fmr-factor-high"), ("nist", "nist-undetectable")),
        ("darker", "rejected", "mix"),
        N_("How long a law takes, and what happens to whom until then, with it and without it."),
    ),
    "agree": Option(
        N_("Only if the public has agreed"),
        N_(
            "Before anything is bought, the police publish what for, at what cost and with which"
            " errors. The public is heard, and the council may say no."
        ),
        ("c-agree", "words"),
        ("c-agree", "reply"),
        (
            ("policies", "santa-clara"),
            ("policies", "ccops"),
            ("policies", "washington-2020"),
            ("policies", "san-francisco-2024"),
        ),
        (("live_trials", "npl-2023-tpir"), ("live_trials", "npl-2023-fpir")),
        ("none", "alerts", "again"),
        N_("What the people who live there want, and who of them is not heard."),
    ),
    "after": Option(
        N_("After a crime only, never live"),
        N_(
            "The police may search with a photograph from an investigation. No camera in the"
            " street is connected."
        ),
        ("c-freedom", "reply"),
        ("c-lead", "words"),
        (
            ("policies", "washington-county"),
            ("policies", "new-orleans-2022"),
            ("policies", "maryland"),
            ("policies", "ai-act"),
            ("courts", "detroit-2025"),
            ("courts", "new-jersey-2026"),
        ),
        (("human_review", "white-2015-adults"), ("human_review", "white-2015-examiners")),
        ("named", "lost", "found"),
        N_(
            "Whether the person in the photograph did it; and whether searches stay with the crimes"
            " for which they were allowed."
        ),
    ),
    "law": Option(
        N_("With rules in law"),
        N_(
            "A law lists the crimes and who has to sign. A match alone is no reason to arrest, and"
            " whoever is accused is told of the search."
        ),
        ("v-law", "words"),
        ("v-test", "reply"),
        (
            ("policies", "maine"),
            ("policies", "virginia-2022"),
            ("policies", "detroit"),
            ("policies", "maryland"),
            ("policies", "ai-act"),
        ),
        (("live_trials", "met-2025-not-stopped"), ("human_review", "howard-2020-labels")),
        ("right", "named", "singled"),
        N_("Whether a rule is kept when nobody looks, and who answers when it was not."),
    ),
    "audit": Option(
        N_("With an audit"),
        N_(
            "Only after an independent test that anybody can read: this matcher, this setting, a"
            " gallery of this size, the errors of each group. The same again every year."
        ),
        ("v-test", "words"),
        ("c-accurate", "words"),
        (
            ("policies", "washington-2020"),
            ("policies", "virginia-2022"),
            ("policies", "maryland"),
        ),
        (
            ("live_trials", "npl-2023-fpir"),
            ("live_trials", "npl-2025-white"),
            ("live_trials", "npl-2025-black-women"),
        ),
        ("none", "darker", "rejected", "remedy"),
        N_("Whether something that works well enough should be used at all, and on whom."),
    ),
    "strict": Option(
        N_("At a strict setting, a person decides"),
        N_(
            "As Amazon advises the police: a high threshold, a trained person looks at each"
            " match, and a match is a lead and no more. No further rule."
        ),
        ("v-setting", "words"),
        ("v-setting", "reply"),
        (
            ("aws_docs", "law-enforcement-99"),
            ("courts", "detroit-2024"),
        ),
        (("live_trials", "npcc-2025-leads-lower"), ("live_trials", "npcc-2025-leads-higher")),
        ("missed", "stricter", "lost", "named"),
        N_("What the setting is on a day when nobody checks it."),
    ),
    "police": Option(
        N_("Under existing law, by the police's own rules"),
        N_(
            "The police may use it under the laws that hold already, and write the rules for it"
            " themselves: where, when and for whom."
        ),
        ("v-police", "words"),
        ("c-law", "words"),
        (
            ("courts", "swp-2020"),
            ("courts", "met-2026"),
            ("policies", "axon-edmonton"),
        ),
        (
            ("live_trials", "met-2025-arrests"),
            ("live_trials", "met-2025-alerts"),
            ("live_trials", "met-2025-faces"),
            ("live_trials", "met-2025-black"),
        ),
        ("alerts", "right", "members", "again"),
        N_("Whether those who use it keep to rules that they wrote, and who would find out."),
    ),
}
"""Short word -> option, from the one that allows least to the one that allows most."""


@dataclass(frozen=True)
class Said:
    """Words of one side, with who said them when, and where they stand.

    Parameters
    ----------
    who, date
        Who said it; year, month or day.
    words
        Theirs.
    gist
        The same in short, in ours.
    source, read_in
        What is cited, and where it was read.
    """

    who: str
    date: str
    words: str
    gist: str
    source: str
    read_in: str

    @property
    def quoted(self) -> str:
        """The words between marks."""
        return _("“{words}”").format(words=self.words.rstrip("."))

    @property
    def by(self) -> str:
        """Who and when."""
        return f"{self.who}, {in_words(self.date)}"


def said(place: Place) -> Said:
    """What a side says in a row of ``arguments``.

    Parameters
    ----------
    place
        The row, and ``"words"`` or ``"reply"``.

    Raises
    ------
    ValueError
        For a row that there is not, or another part than these two.

    Examples
    --------
    >>> said(("v-setting", "reply")).who
    'Gizmodo'
    """
    name, part = place
    row: Any = load("arguments").rows([name]).iloc[0]
    if part == "words":
        return Said(*(row[c] for c in "who date words argument source read_in".split()))
    if part == "reply":
        columns = "reply_by reply_date reply_words reply reply_source read_in"
        return Said(*(row[c] for c in columns.split()))
    raise ValueError(
        _("a row of arguments has 'words' and 'reply', not {part!r}").format(part=part)
    )


def known(name: object) -> str:
    """The short word of an option, however it was written.

    Raises
    ------
    ValueError
        For a word that is none, with those there are.

    Examples
    --------
    >>> known(" Audit")
    'audit'
    """
    word = str(name).strip().strip("'\"“”").casefold()
    if word not in OPTIONS:
        raise ValueError(
            _("there is no option {name!r}: use one of {all}").format(
                name=name, all=", ".join(map(repr, OPTIONS))
            )
        )
    return word


def options() -> Page:
    """All options, each with the strongest argument for it and the best reply.

    Examples
    --------
    >>> [row.split(";")[0] for row in options().text.splitlines()[1:3]]
    ['no', 'pause']
    """
    rows = []
    for word, option in OPTIONS.items():
        case, reply = said(option.case), said(option.reply)
        rows.append(
            [
                [word, _(option.name)],
                _(option.means),
                [case.quoted, case.by, case.gist],
                [reply.quoted, reply.by, reply.gist],
            ]
        )
    return listed(
        _("What a council can decide, from the option that allows least"),
        [_("option"), _("what would hold"), _("strongest argument for it"), _("best reply")],
        rows,
    )


def tried(name: str = "") -> Page:
    """Where each option was tried and what became of it, in court too.

    Parameters
    ----------
    name
        The short word of one option; all when empty.

    Raises
    ------
    ValueError
        For a word that is no option, with those there are.

    Examples
    --------
    >>> "Repealed (2022)" in tried("no").text
    True
    """
    chosen = {known(name): OPTIONS[known(name)]} if name else OPTIONS
    return listed(
        _("Where each option was tried, and what became of it"),
        [_("option"), _("tried")],
        [[[word, _(option.name)], list(since(option))] for word, option in chosen.items()],
        framed=not name,
        even=True,
    )


def since(option: Option) -> Iterator[str]:
    """Where an option was tried and what became of it, a line each."""
    for table, name in option.since:
        row: Any = load(table).rows([name]).iloc[0]
        yield TOLD[table](row)


def published(option: Option) -> Iterator[str]:
    """What others measured on real people that bears on an option, a line each; a note once."""
    notes = {""}
    for table, name in option.published:
        row: Any = load(table).rows([name]).iloc[0]
        line = _figure(row)
        yield line if row["note"] in notes else f"{line} {row['note']}"
        notes.add(row["note"])


def _policy(row: Any) -> str:
    who = row["place"] if row["kind"] not in OWN else f"{row['body']}, {row['place']}"
    ended = re.sub(r"[:,]? see [a-z0-9-]+$", "", row["ended"])
    told = f"{who}, {row['date'][:4]}: {row['measure']}."
    if row["state"] in OVER:
        words = _("{told} {state} ({until}): {ended}.")
        return words.format(
            told=told, state=_(row["state"]).capitalize(), until=row["until"][:4], ended=ended
        )
    return f"{told} {_('No end known to us.')}" if row["state"] == "no end known" else told


def _court(row: Any) -> str:
    return _("In court, {place}, {when}: {held} (won by: {won}).").format(
        place=row["place"], when=row["date"][:4], held=row["held"], won=_(row["won"])
    )


def _figure(row: Any) -> str:
    until = f"-{row['until'][:4]}" if row["until"] else ""
    when = "" if row["date"][:4] in row["study"] else f", {row['date'][:4]}{until}"
    head = f"{row['study']}{when}: {row['group']}"
    if row["statistic"] == "finding":
        return f"{head}."
    counts = _(STATISTICS[row["statistic"]])
    return f"{head}, {figure(row)} ({counts})."


def _guide(row: Any) -> str:
    return f"{_('Amazon’s guide')}, {in_words(row['date'])}: {row['said']}"


TOLD = {"policies": _policy, "courts": _court, "aws_docs": _guide}
"""Table -> how a row of it is told in a line."""


def forbidden() -> tuple[int, int]:
    """How often lawmakers of the record forbade it, and how many of these have ended or changed.

    Returns
    -------
    all, over
        Rows of ``policies`` whose kind is one of :data:`FORBIDS`; of these, rows whose state is one
        of :data:`OVER`.
    """
    table = load("policies").table
    chosen = table[table["kind"].isin(FORBIDS)]
    return len(chosen), int(chosen["state"].isin(OVER).sum())


def undone() -> str:
    """What became of what lawmakers forbade, and of rules for use, in sentences."""
    table = load("policies").table
    banned = table[table["kind"].isin(FORBIDS)]
    over = banned[banned["state"].isin(OVER)]
    every, ended = forbidden()
    told = [
        _("{ended} of {all} have ended or were taken back, in whole or in part:").format(
            ended=ended, all=every
        )
    ]
    told += [f"- {_policy(row)}" for row in over.to_dict("records")]
    told.append(
        _(
            "For the others no end is known to us. A ban that stands may not be kept: by The"
            " Washington Post, San Francisco's police later asked neighbouring agencies for"
            " searches. Nor may a rule: in New Orleans police received live alerts from a private"
            " camera network for two years, a clear violation of the rules of 2022 in the words of"
            " EPIC; the alerts were suspended."
        )
    )
    return "\n".join(told)

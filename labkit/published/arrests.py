"""What wrong matches have cost: arrests, stops and ejections that became public, without names.

In: the published tables ``wrongful_arrests``, ``stops`` and ``live_trials``.  Out: a page for
whoever asked to read it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from labkit.base.dates import in_words
from labkit.base.words import N_, _
from labkit.published.listed import listed, sentence, together
from labkit.published.reading import Page, figure
from labkit.published.record import load

if TYPE_CHECKING:
    import pandas as pd

KNOWN = "known-arrests-2026-06"
"""The row of ``live_trials`` with the newest count of known arrests."""

UNREAD = N_("no words found yet")
"""Stands where no words of a side were read: the same for both."""

NOT_REPORTED = "not reported"
"""How a row begins that has no race in what was read."""


def arrests(read_on: bool) -> Page:
    """Arrests, then stops and ejections, as pages to read; nothing unless ``read_on`` is True.

    Parameters
    ----------
    read_on
        Whether the reader, after a content note, wants to see it.

    Returns
    -------
    page
        How many there are and what cannot be made of them, then a row for each; or one sentence
        that says that nothing is shown.

    Examples
    --------
    >>> arrests(False)
    Nothing is shown: `read_on` is False.
    """
    if read_on is not True:
        return sentence(_("Nothing is shown: `read_on` is False."))
    cases = load("wrongful_arrests").table.sort_values("date", kind="stable")
    stopped = load("stops").table.sort_values("date", kind="stable")
    return together(sentence(told(cases)), _arrested(cases), _stopped(stopped))


def told(cases: pd.DataFrame) -> str:
    """How many arrests are known, whom they hit, who chose them, and what nobody counted."""
    known = load("live_trials").rows([KNOWN]).iloc[0]
    unsaid = cases["race_as_reported"].str.startswith(NOT_REPORTED)
    black, white = (cases["race_as_reported"] == race for race in ("Black", "white"))
    return _(
        "{count} arrests stand in this lab's table, from {first} to {last}: those that a court,"
        " the police, the press or the person made public. By the count of the {who}, {known} were"
        " known in {when}. Of the {count}, {black} are reported to be Black and {white} white; for"
        " {unsaid} no report that we read gives a race. These are cases that became known, no"
        " sample. In {disputed} it is disputed whether face recognition was used. In at least"
        " {witness} of the {count} a person, too, chose or confirmed the one arrested, mostly from"
        " photographs among which the search had put theirs. How many searches there were, and how"
        " many arrests nobody heard of, is in no source of this lab: no rate can be made from them."
    ).format(
        count=len(cases),
        first=cases["date"].iloc[0][:4],
        last=cases["date"].iloc[-1][:4],
        who=known["study"].split(",")[0],
        known=figure(known),
        when=in_words(known["date"]),
        black=int(black.sum()),
        white=int(white.sum()),
        unsaid=int(unsaid.sum()),
        disputed=int((cases["status"] == "disputed").sum()),
        witness=int((cases["witness"] != "").sum()),
    )


def _arrested(cases: pd.DataFrame) -> Page:
    rows: list[Any] = cases.to_dict("records")
    return listed(
        _("Arrests"),
        [_("when, where"), _("what happened"), _("the person"), _("the police"), _("note")],
        [
            [
                [f"{in_words(row['date'])}, {row['place']}", row["agency"]],
                [
                    _("Held {held}; {outcome}").format(held=row["held"], outcome=row["outcome"]),
                    _("Also: {witness}").format(witness=row["witness"]) if row["witness"] else "",
                ],
                _own(row) or _(UNREAD),
                row["police_say"] or _(UNREAD),
                [row["note"], f"{row['source']} ({row['verified']})"],
            ]
            for row in rows
        ],
        framed=True,
        record=True,
    )


def _own(row: Any) -> str:
    """What the person said, in their own words; empty where none were read."""
    return _("“{words}”").format(words=row["words"].rstrip(".")) if row["words"] else ""


def _stopped(stopped: pd.DataFrame) -> Page:
    rows: list[Any] = stopped.to_dict("records")
    return listed(
        _("Stopped, searched or turned away"),
        [
            _("when, where"),
            _("what happened"),
            _("what came of it"),
            _("what was wrong"),
            _("note"),
        ],
        [
            [
                [_when(row), f"{row['by']}: {_(row['kind'])}"],
                [
                    row["what_happened"],
                    _own(row),
                ],
                row["outcome"],
                _(row["error"]),
                [row["note"], f"{row['source']} ({row['verified']})"],
            ]
            for row in rows
        ],
        framed=True,
        record=True,
    )


def _when(row: Any) -> str:
    until = _(" to {until}").format(until=in_words(row["until"])) if row["until"] else ""
    return f"{in_words(row['date'])}{until}, {row['place']}"

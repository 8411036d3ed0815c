"""Both sides of the argument, what was decided between them, and what can be asked for.

In: the published tables ``arguments``, ``courts``, ``policies`` and ``remedies``.  Out: pages to
read.  Each side has as many arguments, in its own words, each with the other side's best reply.
"""

from __future__ import annotations

import itertools
from collections.abc import Mapping
from typing import Any

from labkit.base.dates import in_words
from labkit.base.words import N_, _
from labkit.published.listed import listed, together
from labkit.published.reading import Page
from labkit.published.record import load

SIDES = {"vendor": N_("for selling or using it"), "critics": N_("against")}
"""Side -> what it argues; in the order in which they take turns."""

WON = (
    N_("those who objected"),
    N_("police or company"),
    N_("in part"),
    N_("settled"),
    N_("pending"),
)
"""Who can have won a case, as the table ``courts`` says it."""

UNREAD = "not in what we read"
"""What stands in the record where nothing was read."""

NO_RULES = ("judgment", "campaign")
"""Kinds of rows in ``policies`` that are no rule: judgments stand with the courts."""


def arguments(each: int | None = None) -> Page:
    """The best arguments of both sides in turn, each with the best reply of the other side.

    Parameters
    ----------
    each
        How many of each side; all when ``None``.

    Returns
    -------
    page
        A row for each argument: who made it and when, what it says in short and in its own words,
        and the reply in the same way.

    Raises
    ------
    ValueError
        For less than one.

    Examples
    --------
    >>> len(arguments(2).text.splitlines())
    5
    """
    if each is not None and each < 1:
        raise ValueError(_("arguments of each side: at least 1, or none for all of them"))
    table = load("arguments").table
    sides: list[list[Any]] = [
        table[table["side"] == side].to_dict("records")[:each] for side in SIDES
    ]
    turns = [row for rows in itertools.zip_longest(*sides) for row in rows if row]
    return listed(
        _("The best arguments of both sides, in turn, with the best reply of the other"),
        [_("who, when"), _("argument"), _("reply")],
        [
            [
                [_said_by(row["who"], row["date"]), _(SIDES[row["side"]])],
                [_quoted(row["words"]), row["argument"]],
                [
                    _quoted(row["reply_words"]),
                    row["reply"],
                    _said_by(row["reply_by"], row["reply_date"]),
                ],
            ]
            for row in turns
        ],
        record=True,
    )


def _said_by(who: str, date: str) -> str:
    return f"{who}, {in_words(date)}"


def _quoted(words: str) -> str:
    return _("“{words}”").format(words=words.rstrip("."))


def decided() -> Page:
    """What each side won and lost in court, and the rules that came and went.

    Examples
    --------
    >>> decided().text.splitlines()[0].startswith("In court: those who objected won")
    True
    """
    return together(courts(), rules())


def courts() -> Page:
    """Judgments and settlements in the order of their dates, with who won."""
    table = load("courts").table.sort_values("date", kind="stable")
    won = {key: int((table["won"] == key).sum()) for key in WON}
    about = _(
        "In court: those who objected won {0}, the police or a company {1}; {2} in part, {3}"
        " settled, {4} pending"
    ).format(*won.values())
    return listed(
        about,
        [_("case"), _("asked"), _("decided"), _("won by")],
        [
            [
                [f"{in_words(row['date'])}, {row['place']}", _case(row)],
                row["asked"],
                [
                    row["held"],
                    _("Then: {after}").format(after=row["after"]) if row["after"] else "",
                ],
                _(row["won"]),
            ]
            for row in table.to_dict("records")
        ],
        framed=True,
        record=True,
    )


def _case(row: Mapping[Any, Any]) -> str:
    """Who against whom, before which court, and the row's name, to which others may point."""
    court = _("court not in what we read") if row["court"] == UNREAD else row["court"]
    parts = (row["between"], court, row["citation"], f"[{row['id']}]")
    return ", ".join(part for part in parts if part)


def rules() -> Page:
    """Laws, bans, settlements and decisions of companies: who must act, on what, from when on."""
    table = load("policies").table
    table = table[~table["kind"].isin(NO_RULES)].sort_values("date", kind="stable")
    return listed(
        _("{count} rules, and decisions of those who sell or use it").format(count=len(table)),
        [_("since, where"), _("who must act"), _("what it asks"), _("state")],
        [
            [
                [f"{in_words(row['date'])}, {row['place']}", f"{row['body']}, {_(row['kind'])}"],
                row["acts"],
                row["measure"],
                [_(row["state"]), row["ended"]],
            ]
            for row in table.to_dict("records")
        ],
        framed=True,
        record=True,
    )


def what_to_ask() -> Page:
    """What somebody can ask for who was taken for somebody else: of whom, in which country.

    Examples
    --------
    >>> "no legal advice" in what_to_ask().text
    True
    """
    table = load("remedies").table
    return listed(
        _("What you can ask for, of whom, and where that holds (no legal advice)"),
        [_("where, and if"), _("ask for"), _("ask"), _("it rests on, and its limit")],
        [
            [
                [row["place"], row["situation"]],
                row["ask"],
                row["whom"],
                [row["basis"], row["limit"]],
            ]
            for row in table.to_dict("records")
        ],
        framed=True,
        record=True,
    )

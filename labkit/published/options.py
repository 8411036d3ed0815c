"""The options of a council as pages: both sides' words, what became of each, and what was measured.

In: :data:`labkit.published.choices.OPTIONS` and rows of the published tables.  Out: pages and
sentences.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from labkit.base.dates import in_words
from labkit.base.words import N_, _
from labkit.published.choices import OPTIONS, Option, Place
from labkit.published.listed import listed
from labkit.published.reading import Page, figure
from labkit.published.record import STATISTICS, load

FORBIDS = ("ban", "moratorium")
"""Kinds of rows in ``policies`` by which lawmakers forbade something for good or for a time."""

OVER = (N_("ended"), N_("repealed"), N_("repealed in part"), N_("changed"))
"""States of a row in ``policies`` that is no longer what it was."""


OWN = ("company", "police decision")
"""Kinds of rows in ``policies`` in which somebody decided about themselves."""


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
                [case.quoted, case.by, _short(case)],
                list(filter(None, [reply.quoted, reply.by, _short(reply), _(option.besides)])),
            ]
        )
    return listed(
        _("What a council can decide, from the option that allows least"),
        [
            _("option"),
            _("what would hold"),
            _("strongest argument for it"),
            _("best reply, and what else is known"),
        ],
        rows,
        record=True,
    )


def _short(words: Said) -> str:
    return _("In short, by us: {gist}").format(gist=words.gist)


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
        record=True,
    )


def since(option: Option) -> Iterator[str]:
    """Where an option was tried and what became of it, a line each."""
    for table, name in option.since:
        row: Any = load(table).rows([name]).iloc[0]
        yield TOLD[table](row)


def published(option: Option) -> Iterator[str]:
    """What others measured on real people that bears on an option, a line for each test.

    Groups of one test stand in one line; a note is given once.
    """
    rows: list[Any] = [load(table).rows([name]).iloc[0] for table, name in option.published]
    notes = {""}
    for _test, same in itertools.groupby(rows, lambda row: (row["study"], row["statistic"])):
        found = list(same)
        line = _figures(found)
        for note in dict.fromkeys(row["note"] for row in found):
            if note not in notes:
                notes.add(note)
                line = f"{line} {note}"
        yield line


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
    told = _("In court, {place}, {when}: {held}").format(
        place=row["place"], when=row["date"][:4], held=row["held"]
    )
    sides = ("those who objected", "police or company")
    if row["won"] not in sides:
        return f"{told}."
    return _("{told} (won by: {won}).").format(told=told, won=_(row["won"]))


def _figures(rows: list[Any]) -> str:
    """The figures of one test: who was tested, each group with its figure, and what it counts."""
    first = rows[0]
    until = f"-{first['until'][:4]}" if first["until"] else ""
    when = "" if first["date"][:4] in first["study"] else f", {first['date'][:4]}{until}"
    if first["statistic"] == "finding":
        where = "; ".join(f"{row['group']}, {row['data_set']}" for row in rows)
        return f"{first['study']}{when}: {where}."
    apart = "group" if len({row["group"] for row in rows}) == len(rows) else "data_set"
    each = "; ".join(f"{row[apart]}, {figure(row)}" for row in rows)
    return f"{first['study']}{when}: {each} ({_(STATISTICS[first['statistic']])})."


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
    own = table[(table["kind"] == OWN[0]) & table["state"].isin(OVER)]
    every, ended = forbidden()
    told = [_("{ended} of {all} are over, in whole or in part:").format(ended=ended, all=every)]
    told += [f"- {_policy(row)}" for row in over.to_dict("records")]
    told.append(
        _(
            "For the others no end is known to us. Promises of companies changed, too:"
            " {who}. A ban that stands may not be kept: San Francisco's"
            " police later asked neighbouring agencies for searches, as The Washington Post found."
            " Nor may a rule: in New Orleans police received live alerts from a private camera"
            " network for two years, in the words of EPIC a clear violation of the rules of 2022;"
            " the alerts were suspended."
        ).format(who=", ".join(dict.fromkeys(own["body"])))
    )
    return "\n".join(told)

"""Studies beside the lab's own: people who compare faces, searches, places that give away.

In: the published tables ``human_review``, ``searches``, ``mobility`` and ``probes``.  Out: pages to
read, each row with what was counted, by whom, and how far it was checked.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from labkit.base.dates import in_words
from labkit.base.words import _
from labkit.published.listed import listed
from labkit.published.reading import Page, figure
from labkit.published.record import STATISTICS, VERIFIED, load

Rows = Mapping[str, Any] | Sequence[str] | None
"""Which rows, as :meth:`labkit.published.record.Published.rows` takes them."""


def human_review(rows: Rows = None) -> Page:
    """How well people compare faces, and what a machine's opinion does to their answers.

    Parameters
    ----------
    rows
        Names of rows in the order wanted, or what columns must hold; all when ``None``.

    Raises
    ------
    ValueError
        For a row or a column that the table does not have.

    Examples
    --------
    >>> human_review(["white-2015-adults"]).text.splitlines()[0]
    'People who compare faces: 1 finding of 1 study'
    """
    return _studies("human_review", _("People who compare faces"), rows)


def searches(rows: Rows = None) -> Page:
    """Searches of one face among many: what tests and those who search have counted.

    Parameters
    ----------
    rows
        As for :func:`human_review`.

    Examples
    --------
    >>> "over 30" in searches(["fbi-30-million"]).text, "30,000,000" in searches().text
    (False, True)
    """
    return _studies("searches", _("Searches of one face among many"), rows)


def mobility(rows: Rows = None) -> Page:
    """How few known places single somebody out, and how hard it is in practice.

    Parameters
    ----------
    rows
        As for :func:`human_review`.

    Examples
    --------
    >>> "95%" in mobility(["montjoye-2013"]).text
    True
    """
    return _studies("mobility", _("Places that single people out"), rows)


def probes() -> Page:
    """Which pictures police have searched with, and what the police say to it.

    Examples
    --------
    >>> probes().text.splitlines()[1].split(";")[0]
    '16 May 2019, United States'
    """
    table = load("probes").table
    return listed(
        _("Pictures that police have searched with"),
        [_("when, where"), _("what was searched"), _("what the police say"), _("note")],
        [
            [
                [f"{in_words(row['date'])}, {row['place']}", row["agency"]],
                row["practice"],
                row["police_say"],
                [row["note"], f"{row['source']} ({_(VERIFIED[row['verified']])})"],
            ]
            for row in table.to_dict("records")
        ],
        framed=True,
        record=True,
    )


def _studies(name: str, title: str, rows: Rows) -> Page:
    """Findings of a table of figures: who, on what, what was found."""
    found: list[Any] = load(name).rows(rows).to_dict("records")
    studies = len({row["source"] for row in found})
    one = _("{title}: 1 finding of 1 study")
    many = _("{title}: {findings} findings of {studies} studies")
    said = one if len(found) == 1 else many
    return listed(
        said.format(title=title, findings=len(found), studies=studies),
        [_("study"), _("who, on what"), _("found"), _("source")],
        [
            [
                [row["study"], in_words(row["date"])],
                [f"{row['group']}; {row['system']}", row["data_set"]],
                _found(row),
                [row["source"], _(VERIFIED[row["verified"]])],
            ]
            for row in found
        ],
        framed=len(found) > 4,
        record=True,
    )


def _found(row: Mapping[str, Any]) -> list[str]:
    """A figure with what it counts and the note below; of a finding in words the note."""
    if row["statistic"] == "finding":
        return [row["note"]]
    return [
        _("{figure}: {counts}").format(figure=figure(row), counts=_(STATISTICS[row["statistic"]])),
        row["note"],
    ]

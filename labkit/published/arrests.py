"""Arrests after a wrong match that became public, without the names of those arrested.

In: the published table ``wrongful_arrests``, which names nobody.  Out: a page for whoever asked to
read it.
"""

from __future__ import annotations

import html
from typing import TYPE_CHECKING

from labkit.base.dates import in_words
from labkit.base.words import _
from labkit.published.reading import Page, readable
from labkit.published.record import load

if TYPE_CHECKING:
    import pandas as pd

COLUMNS = ("date", "place", "held", "outcome", "note", "source", "status")
"""What is shown."""


def without_names() -> pd.DataFrame:
    """The arrests in the order of their dates; the record names nobody.

    Returns
    -------
    table
        One row for each arrest, with the columns :data:`COLUMNS` of the record.

    Examples
    --------
    >>> without_names().columns.tolist()[:3]
    ['date', 'place', 'held']
    """
    table = load("wrongful_arrests").table.sort_values("date", kind="stable")
    return table[list(COLUMNS)].reset_index(drop=True)


def arrests(read_on: bool) -> Page:
    """The arrests as a page to read; nothing unless ``read_on`` is True.

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
    Nothing is shown: `read_on` is False. Nothing later needs this section.
    """
    if read_on is not True:
        said = _("Nothing is shown: `read_on` is False. Nothing later needs this section.")
        return Page(said, f"<p>{html.escape(said)}</p>")
    cases = without_names()
    said = _(
        "{count} arrests after a wrong match, as those arrested or the press tell it, stand in"
        " this lab's table, from {first} to {last}, in {places} places. In {disputed} of them it is"
        " disputed whether face recognition was used. These are cases that somebody reported. How"
        " many there were in all, and of how many searches, is not in any source of this lab: no"
        " rate can be made from them."
    ).format(
        count=len(cases),
        first=cases["date"].iloc[0][:4],
        last=cases["date"].iloc[-1][:4],
        places=cases["place"].nunique(),
        disputed=(cases["status"] == "disputed").sum(),
    )
    heads = [_("arrested"), _("where"), _("held for")]
    heads += [_("what came of it"), _("note"), _("source")]
    shown = cases.drop(columns="status").set_axis(heads, axis="columns")
    shown[heads[0]] = shown[heads[0]].map(in_words)
    return Page(said, f"<p>{html.escape(said)}</p>{readable(shown).page}")

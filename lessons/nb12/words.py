"""Notebook 12, "Decide": two memos that disagree, for the solution of its exercise.

In: the published table of trials.  Out: memos whose figures come from it.  A learner sees them only
in the solved form; in the open form no word stands in a memo.
"""

from __future__ import annotations

from typing import Any

from labkit.base.words import _
from labkit.learning.memo import Memo
from labkit.published.reading import figure
from labkit.published.record import load


def memo(option: str) -> Memo:
    """One of two memos that disagree, each with a published number and the other side's reason.

    Parameters
    ----------
    option
        ``"no"`` or ``"after"``.

    Raises
    ------
    ValueError
        For another option: there is no model memo for it.
    """
    black, arrests, faces = (_figure(f"met-2025-{name}") for name in ("black", "arrests", "faces"))
    if option == "no":
        return Memo(
            option=option,
            because=_(
                "Of the false alerts in London in a year, {black} were of Black people, by the"
                " police's report; the make-up of the crowd is unknown. I do not want people to be"
                " watched who did nothing."
            ).format(black=black),
            against=_(
                "In the same year it led to arrests, {arrests} by that report, and to few false"
                " alerts, {faces} faces."
            ).format(arrests=arrests, faces=faces),
            reply=_("How many of those would have been found without it is not in the report."),
            bears=_(
                "Whoever is harmed by somebody who is not found. The council hears each year what"
                " was not cleared up, and pays for more people who look."
            ),
            change=_("A count of what is found with it and not without it, by somebody else."),
        )
    if option == "after":
        return Memo(
            option=option,
            because=_(
                "A search after a crime gives a lead where there is none, and watches nobody who"
                " walks past. London's cameras scanned millions: {faces} faces were a false alert."
            ).format(faces=faces),
            against=_("The wrong arrests that are known to us followed such searches."),
            reply=_("A match is no reason to arrest: other evidence first, and the court is told."),
            bears=_(
                "Whoever is wrongly named. The town tells them, clears the record and pays, and"
                " publishes each case."
            ),
            change=_("One arrest in this town on a match alone."),
        )
    raise ValueError(_("there is no model memo for {option!r}").format(option=option))


def _figure(name: str) -> str:
    row: Any = load("live_trials").rows([name]).iloc[0]
    return figure(row)

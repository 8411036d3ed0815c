"""Notebook 05, "Unequal errors": the sentences that its numbers decide.

Every sentence that draws a conclusion has a branch for each way the numbers can fall.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import numpy as np

from labkit.base.words import N_, _
from labkit.measure import reading

if TYPE_CHECKING:
    import pandas as pd

    from labkit.measure.disparity import GroupTable

CAUSE = N_("Renderer, camera or matcher: which of them is the cause cannot be told apart here.")

TWOFOLD = 2.0
"""A ratio that would matter to the people concerned: named when it could have been missed."""


def explorer(table: GroupTable) -> str:
    """What the explorer shows as it opens, and under false rejection."""

    def each(rate: str) -> str:
        return ", ".join(f"{group} {table[group, rate].short()}" for group in table.names)

    return _(
        "As it opens, FMR by tone band: {fmr}. With the rate set to false rejection: {rejection}."
    ).format(fmr=each("fmr"), rejection=each("false_rejection"))


def rejections(table: GroupTable, reference: str) -> str:
    """False rejection of every other group against the reference: what differs comes first."""
    rows = table.contrasts(reference, "false_rejection")
    differ, other = [], []
    for group, row in rows.iterrows():
        if row["p_holm"] < reading.LEVEL:
            differ.append(_rejected(table, str(group), reference, row))
            continue
        told = reading.contrast(row, str(group), reference, _("false rejection"))
        if reading.differs(row):
            told += " " + _("After adjusting it is not shown.")
        other.append(told)
    if differ:
        adjusted = _("(Exploratory, adjusted for {looks} looks by Holm's way.)")
        differ.append(f"{adjusted.format(looks=len(rows))} {_(CAUSE)}")
    return "\n".join([*differ, *other])


def _rejected(table: GroupTable, group: str, reference: str, row: Any) -> str:
    own, theirs = (table[g, "false_rejection"] for g in (group, reference))
    if row["ratio"] > 1:
        words = _(
            "People drawn {group} were rejected more often than people drawn {reference}: {own:.1f}"
            " of 100 times against {theirs:.1f} ({errors:,} of {trials:,} pairs of their own"
            " photographs, and {their_errors:,} of {their_trials:,}); {ratio} times as often."
        )
    else:
        words = _(
            "People drawn {group} were rejected less often than people drawn {reference}: {own:.1f}"
            " of 100 times against {theirs:.1f} ({errors:,} of {trials:,} pairs of their own"
            " photographs, and {their_errors:,} of {their_trials:,}); {ratio} times as often."
        )
    return words.format(
        group=group,
        reference=reference,
        own=100 * own.value,
        theirs=100 * theirs.value,
        errors=own.errors,
        trials=own.trials,
        their_errors=theirs.errors,
        their_trials=theirs.trials,
        ratio=reading.ratio(row),
    )


def primary(contrasts: pd.DataFrame, group: str, reference: str) -> str:
    """The answer to the protocol's one question, and what a missed gap would mean for people."""
    row: Any = contrasts.loc[group]
    told = _("Primary question. {answer}").format(answer=reading.contrast(row, group, reference))
    if reading.differs(row):
        return f"{told} {_(CAUSE)}"
    # With too few for an interval no comparison holds, so no gap is spoken of.
    if row["high"] >= TWOFOLD:
        more, less = group, reference
    elif row["low"] <= 1 / TWOFOLD:
        more, less = reference, group
    else:
        return told
    gap = _(
        "A twofold gap is among them and could have been missed: for every 100 false matches of two"
        " {less} people there would be 200 of two {more} people, in as many comparisons, and in"
        " each a person is taken for somebody else."
    )
    return f"{told}\n{gap.format(less=less, more=more)}"


def style(tables: Mapping[str, GroupTable], group: str, reference: str) -> str:
    """How much of a gap between two groups stands in restyled and in same-style pairs.

    Parameters
    ----------
    tables
        What :func:`labkit.measure.groups.by_style` gives.
    group, reference
        Whose rejections are set against whose.
    """
    rows: dict[str, Any] = {
        which: table.contrasts(reference, "false_rejection").loc[group]
        for which, table in tables.items()
    }
    told = [
        words.format(answer=reading.contrast(rows[which], group, reference, _("false rejection")))
        for which, words in (
            ("restyled", _("restyled pairs: {answer}")),
            ("same style", _("same style pairs: {answer}")),
        )
    ]
    if not np.isfinite(rows["same style"]["low"]):
        told.append(
            _(
                "So the gap is known for restyled pairs only: what restyling does to these drawings"
                " is part of it, and a claim about presentation itself has no support here."
            )
        )
    return "\n".join(told)


def confusion(cells: pd.DataFrame) -> str:
    """False matches of people at the two ends of tone, beside those within the ends.

    Parameters
    ----------
    cells
        Intervals by the tone bands of both people, from the lightest to the darkest, as
        :func:`labkit.measure.disparity.confusion` gives them with ``show="interval"``.
    """
    table: Any = cells
    first, last = table.index[0], table.index[-1]
    ends, across = [table.loc[b, b] for b in (first, last)], table.loc[first, last]
    start = _(
        "One {first} and one {last} person: FMR {across}. Both in one of these bands: {within:.4f}"
    ).format(first=first, last=last, across=across, within=np.mean([i.value for i in ends]))
    if across.high < min(i.low for i in ends):
        words = _(
            "{start}. This matcher takes tone, or what goes with it in a picture, for part of the"
            " face: who shares a tone is confused more often. The all-pairs FMR hides that."
        )
    else:
        words = _(
            "{start}. That people who share a tone are confused more often is not shown here."
        )
    return words.format(start=start)


def linked(row: Any, shapes: pd.DataFrame, plain: pd.DataFrame) -> str:
    """The teaching population: what the audit finds, and why.

    Parameters
    ----------
    row
        The contrast of the last band against the first.
    shapes, plain
        Mean distances of drawn shapes by band, from the lightest to the darkest, in the teaching
        population and in Anytown, as :func:`labkit.measure.shapes.shape_distances` gives them.
    """
    first, last = plain.index[0], plain.index[-1]
    change: Any = shapes / plain - 1
    within = {band: float(change.loc[band, band]) for band in plain.index}
    apart = float(change.loc[first, last])
    each = ", ".join(
        _("within {band} {change:+.1%}").format(band=band, change=value)
        for band, value in within.items()
    )
    told = [
        reading.contrast(row, last, first),
        _(
            "Distance of drawn shapes, linked against Anytown: {each}; from {first} to {last}"
            " {apart:+.1%}."
        ).format(each=each, first=first, last=last, apart=apart),
    ]
    if reading.differs(row):
        told.append(_("The audit finds a false-match gap in the linked population."))
    elif apart > max(map(abs, within.values())):
        told.append(
            _(
                "The audit finds no gap within bands, though shape IS linked to tone. The link"
                " moves each band's average face: bands move apart, but people within a band are"
                " not more alike than before."
            )
        )
    else:
        told.append(_("The audit finds no gap within bands, though shape IS linked to tone."))
    return "\n".join(told)

"""Notebook 05, "Unequal errors": the sentences that its numbers decide.

Every sentence that draws a conclusion has a branch for each way the numbers can fall.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from labkit.base.words import N_, _
from labkit.measure import intervals, reading
from labkit.measure.rate import RATES

if TYPE_CHECKING:
    import pandas as pd

    from labkit.measure.disparity import GroupTable
    from labkit.measure.intervals import Interval

CAUSE = N_(
    "Styling, hair and eye colours, renderer, camera or matcher: which of them is the cause cannot"
    " be told apart here."
)

TWOFOLD = 2.0
"""A ratio that would matter to the people concerned: named when it could have been missed."""

MOST = 0.9
"""From this share on, something is said to be almost the whole."""


def _dlib(looks: pd.DataFrame) -> Any:
    """The contrasts of dlib's false rejection by tone band."""
    levels = ["matcher", "grouping", "rate"]
    return looks.xs(("dlib", "tone band", "false_rejection"), level=levels)


def headline(looks: pd.DataFrame, reference: str) -> str:
    """What dlib's figure by tone band shows, each rate with what became of it among all looks.

    Parameters
    ----------
    looks, reference
        As for :func:`rejections`.
    """
    found: Any = looks.xs(("dlib", "tone band"), level=("matcher", "grouping"))
    told = []
    for rate in ("false_rejection", "fmr"):
        name = _(RATES[rate].errors).capitalize()
        differ = [
            f"{group} {row['ratio']:.2f}"
            for group, row in found.xs(rate, level="rate").iterrows()
            if row["claimed"]
        ]
        if differ:
            words = _("{name} differ ({groups} times {reference})")
            told.append(words.format(name=name, groups=", ".join(differ), reference=reference))
        else:
            told.append(_("{name}: no difference shown").format(name=name))
    return ". ".join(told)


def rejections(table: GroupTable, looks: pd.DataFrame, reference: str) -> str:
    """False rejection of dlib by tone band against the reference: what differs, and why not known.

    Parameters
    ----------
    table
        The group table of dlib, by tone band.
    looks
        All contrasts of the page, of :func:`labkit.measure.groups.looks`.
    reference
        The group that the others are set against.
    """
    found = _dlib(looks)
    count = int(found["looks"].max())
    differ = [
        _rejected(table, str(group), reference, row)
        for group, row in found.iterrows()
        if row["claimed"]
    ]
    if not differ:
        return _(
            "False rejection: after adjusting for {looks} looks no band is told apart."
        ).format(looks=count)
    held = _("This holds after adjusting for {looks} looks.").format(looks=count)
    return "\n".join([*differ, f"{held} {_(CAUSE)}"])


def details(looks: pd.DataFrame, reference: str, by_style: Mapping[str, GroupTable]) -> str:
    """The bands whose false rejection is not told apart, and which pairs the rejections are of.

    Parameters
    ----------
    looks, reference
        As for :func:`rejections`.
    by_style
        What :func:`labkit.measure.groups.by_style` gives.
    """
    return f"{_not_told(looks, reference)}\n{_styles(by_style)}"


def _not_told(looks: pd.DataFrame, reference: str) -> str:
    """The bands whose false rejection is not told apart from the reference, and what was missed."""
    found = _dlib(looks)
    told = []
    for group, row in found.iterrows():
        if row["claimed"]:
            continue
        count = int(row["looks"])
        told.append(reading.contrast(row, str(group), reference, _("false rejection"), count))
        if reading.differs(row):
            told[-1] += " " + _("After adjusting it is not shown.")
    return "\n".join(told) or _("Every band's false rejection is told apart from {group}.").format(
        group=reference
    )


def _styles(tables: Mapping[str, GroupTable]) -> str:
    """Which pairs the rejections are of: those in which styling stayed, or the restyled ones."""
    rates = {
        which: {name: part[name, "false_rejection"] for name in part.names}
        for which, part in tables.items()
    }
    total, restyled = (
        sum(rate.errors for rate in rates[which].values()) for which in ("all", "restyled")
    )

    def each(which: str) -> str:
        return ", ".join(f"{name} {rate.short()}" for name, rate in rates[which].items())

    told = _(
        "Of {total:,} rejections {restyled:,} are of restyled pairs. Rejected of restyled pairs:"
        " {restyled_rates}. Of same-style pairs: {same}."
    ).format(
        total=total, restyled=restyled, restyled_rates=each("restyled"), same=each("same style")
    )
    if restyled >= MOST * total:
        told += " " + _("So the table's false rejection is almost wholly about restyled pairs.")
    if any(rate.words for rate in rates["same style"].values()):
        told += " " + _("Same-style pairs have too few rejections to compare these groups.")
    return told


def _rejected(table: GroupTable, group: str, reference: str, row: Any) -> str:
    own, theirs = (table[g, "false_rejection"] for g in (group, reference))
    if row["ratio"] > 1:
        words = _(
            "People drawn {group} were rejected {ratio} times as often as people drawn {reference}:"
            " {own:.1f} of 100 times against {theirs:.1f}."
        )
    else:
        words = _(
            "People drawn {group} were rejected less often, {ratio} times as often as people drawn"
            " {reference}: {own:.1f} of 100 times against {theirs:.1f}."
        )
    return words.format(
        group=group,
        reference=reference,
        own=100 * own.value,
        theirs=100 * theirs.value,
        ratio=reading.ratio(row),
    )


def primary(row: Any, group: str, reference: str) -> str:
    """The answer to the protocol's one question, and what a missed gap would mean for people."""
    told = reading.contrast(row, group, reference)
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
        "So a twofold gap could have been missed: 200 false matches of two {more} people for every"
        " 100 of two {less} people, and in each two drawn people are taken for one."
    )
    return f"{told}\n{gap.format(less=less, more=more)}"


def style(difference: Interval, group: str, reference: str, looks: int) -> str:
    """Whether restyling adds more rejections to one group than to another.

    Parameters
    ----------
    difference
        What :func:`labkit.measure.groups.style_difference` gives.
    group, reference
        Whose rejections are set against whose.
    looks
        How many looks the page makes.
    """
    if difference.words:
        return _("How much more restyling adds to one half is not known: {words}.").format(
            words=difference.words
        )
    told = _(
        "False rejections that restyling adds, {group} minus {reference}: {value:+.1f} of 100"
        " [{low:+.1f}, {high:+.1f}] (exploratory, one of {looks} looks)."
    ).format(
        group=group,
        reference=reference,
        value=100 * difference.value,
        low=100 * difference.low,
        high=100 * difference.high,
        looks=looks,
    )
    if reading.told_apart(difference, looks):
        verdict = _(
            "Restyling adds more in one half than in the other. So part of the gap between the"
            " halves goes with how people were styled, and same-style pairs alone can speak of"
            " presentation."
        )
    else:
        verdict = _(
            "That restyling adds more in one half than in the other is not shown. Only a true"
            " difference of about {points:.1f} of 100 would be found {often}."
        ).format(points=100 * intervals.missed_difference(difference), often=reading.often(looks))
    return f"{told} {verdict}"


def linked(row: Any, counted: pd.DataFrame, plain: pd.DataFrame, group: str, reference: str) -> str:
    """The population whose average face moves with tone: what the audit finds, and what is true.

    Parameters
    ----------
    row
        The contrast of the group against the reference, in the audited set.
    counted
        What was counted among further people with the link, by group:
        ``data.counted("linked").loc[matcher]``.
    plain
        The same for people drawn without it, of whom the reference is used:
        ``data.counted("narrow").loc[matcher]``.
    group, reference
        Whose rate is divided by whose.
    """
    true = reading.counted_row(counted.loc[group])
    audit = reading.contrast(row, group, reference)
    told = _("Counted among {people:,} further linked people: {ratio}.").format(
        people=int(counted.loc[[group, reference], "people"].sum()), ratio=reading.ratio(true)
    )
    there, found = reading.differs(true), reading.differs(row)
    if there and found and (true["ratio"] > 1) == (row["ratio"] > 1):
        verdict = _("So a gap is there, and the audit found it.")
    elif there and found:
        verdict = _("In the WRONG DIRECTION: believe none of this audit's results.")
    elif there:
        verdict = _("So a gap is there, which an audit of so few people missed.")
    elif found:
        verdict = _("The audit found a gap that the count does not show.")
    else:
        verdict = _("The count shows no gap either.")
    with_link, without = counted.loc[reference], plain.loc[reference]
    rates = _("FMR of two {reference} people: {linked:.4f} with the link, {plain:.4f} without.")
    apart = with_link["fmr_low"] > without["fmr_high"] or with_link["fmr_high"] < without["fmr_low"]
    if apart:
        shift = _("So a shift of the average face alone can change the rate within a group.")
    else:
        shift = _("That the shift of the average face changes it is not shown.")
    rates = rates.format(reference=reference, linked=with_link["fmr"], plain=without["fmr"])
    shift += " " + _(
        "What the two bands differ by without the link was not counted: how much of their ratio the"
        " link makes is open."
    )
    return f"{audit}\n{told} {verdict}\n{rates} {shift}"

"""A remedy read aloud: what got better, what got worse, what was not shown, and who pays.

In: a remedy that was judged, and all looks of the page.  Out: sentences, each with a branch for
every way the numbers can fall.
"""

from __future__ import annotations

import math
from collections.abc import Hashable
from typing import TYPE_CHECKING, Any

import numpy as np

from labkit.base.words import N_, _
from labkit.measure import reading
from labkit.measure.counts import PersonCounts
from labkit.measure.disparity import LEVEL
from labkit.measure.intervals import Moves, cluster_moves
from labkit.measure.rate import RATES
from labkit.remedies import judged as j
from labkit.remedies.judged import Judged, key

if TYPE_CHECKING:
    import pandas as pd


def told(result: Judged, looks: pd.DataFrame) -> str:
    """What a remedy did to every group, and to the gap between the first and the last.

    Parameters
    ----------
    result
        A remedy that is among the looks.
    looks
        What :func:`labkit.remedies.judged.looks` gives.

    Returns
    -------
    text
        A line for each rate, one for the gaps, one for whoever is turned away.

    Raises
    ------
    ValueError
        When the remedy is not among the looks.

    Examples
    --------
    >>> from labkit.remedies import Town, group_thresholds, looks
    >>> found = group_thresholds(Town.of("dlib"))
    >>> print(told(found, looks([found])))
    group thresholds (dlib)...
    """
    name = key(result)
    if name not in looks.index.get_level_values("remedy"):
        raise ValueError(f"{name!r} is not among the looks: give looks of a list that holds it")
    rows: Any = looks.xs(name, level="remedy")
    if result.luck is not None:
        return f"{name}. {result.fitted}\n{_luck(result)}"
    lines = [f"{name}. {result.does}"]
    lines += [_rate(rows.loc[rate], rate) for rate in j.COMPARED]
    lines += [gap for rate in j.COMPARED if (gap := _gap(rows, rate, result.before.names))]
    if turned := _turned(result, int(rows["looks"].max())):
        lines.append(turned)
    if spread := _spread(result):
        lines.append(spread)
    return "\n".join(lines)


def _rate(rows: pd.DataFrame, rate: str) -> str:
    """Which groups get better, which worse, and for which nothing was shown, and why."""
    said = {
        j.BETTER: N_("lower for {groups}"),
        j.WORSE: N_("higher for {groups}"),
        j.UNCHANGED: N_("the same for {groups}"),
        j.TOO_FEW: N_("too few to tell for {groups}"),
    }
    parts = []
    for verdict, words in said.items():
        own = rows[rows["verdict"] == verdict]
        if len(own):
            each = [_change(str(group), row, rate) for group, row in own.iterrows()]
            parts.append(_(words).format(groups=", ".join(each)))
    quiet = rows[rows["verdict"] == j.NOT_SHOWN]
    for why, own in quiet.groupby("why", sort=False):
        each = [_ends(str(group), row, rate) for group, row in own.iterrows()]
        reason = str(why) or _missed(own, rate)
        words = _("no change shown for {groups}: {why}")
        parts.append(words.format(groups=", ".join(each), why=reason))
    return f"{_(RATES[rate].short)}: {'; '.join(parts)}."


def _ends(group: str, row: Any, rate: str) -> str:
    """One group, before and after."""
    size, digits = (1, 4) if RATES[rate].of_pairs else (100, 1)
    before, after = (f"{size * row[end]:.{digits}f}" for end in ("before", "after"))
    words = _("{group} ({before} to {after})")
    if not RATES[rate].of_pairs:
        words = _("{group} ({before} to {after} in 100)")
    return words.format(group=group, before=before, after=after)


def _change(group: str, row: Any, rate: str) -> str:
    """One group: before, after, and the change with its interval."""
    verdict = row["verdict"]
    if verdict == j.UNCHANGED:
        return group
    if verdict == j.TOO_FEW:
        return f"{group} ({row['words']})"
    if RATES[rate].of_pairs:
        words = _("{ends}, {change:.2f} times [{low:.2f}, {high:.2f}]")
    else:
        words = _("{ends}, {change:+.1f} [{low:+.1f}, {high:+.1f}]")
    size = 1 if RATES[rate].of_pairs else 100
    numbers = {k: size * row[k] for k in ("change", "low", "high")}
    return words.format(ends=_ends(group, row, rate), **numbers)


def _missed(rows: pd.DataFrame, rate: str) -> str:
    """What could have been missed in any of these groups."""
    often, most = reading.often(int(rows["looks"].max())), float(rows["detectable"].max())
    if RATES[rate].of_pairs:
        return _("only below {most:.2f} or above {least:.2f} times would be found {often}").format(
            most=1 / most, least=most, often=often
        )
    return _("only a change of {points:.1f} or more would be found {often}").format(
        points=100 * most, often=often
    )


def _gap(rows: pd.DataFrame, rate: str, names: list[Hashable]) -> str:
    """The gap between the last group and the first, before and after."""
    what = f"{j.GAP} {rate}"
    if len(names) < 2 or what not in rows.index.get_level_values("what"):
        return ""
    row: Any = rows.xs((what, names[-1]))
    pairs = RATES[rate].of_pairs
    if not all(math.isfinite(row[end]) for end in ("before", "after")):
        return ""
    if pairs:
        sizes = _("{last} over {first} {before:.2f} before, {after:.2f} after")
    else:
        sizes = _("{last} minus {first} {before:+.1f} before, {after:+.1f} after, in 100")
    size = 1 if pairs else 100
    sizes = sizes.format(
        first=names[0], last=names[-1], before=size * row["before"], after=size * row["after"]
    )
    verdicts = {
        j.NARROWER: N_("The gap is narrower."),
        j.WIDER: N_("The gap is WIDER."),
        j.TURNED: N_("The gap turned over."),
        j.NOT_SHOWN: N_("That the gap changes is not shown."),
        j.UNCHANGED: N_("The gap is the same."),
        j.TOO_FEW: N_("Too few to say more."),
    }
    name = _("Gap in {rate}").format(rate=_(RATES[rate].short))
    verdict = _(verdicts[row["verdict"]])
    if row["verdict"] == j.NOT_SHOWN and row["why"]:
        verdict = _("That it changes is not shown: {why}.").format(why=row["why"])
    return f"{name}: {sizes}. {verdict}"


def _turned(result: Judged, looks: int) -> str:
    """Whom the remedy turns away, by group; most first."""
    if not result.turned_away:
        return ""
    shares = {group: result.turned(group) for group in result.before.names}
    order = sorted(shares, key=lambda group: -np.nan_to_num(shares[group].value))
    each = ", ".join(f"{group} {shares[group].value:.1%}" for group in order)
    most, least = order[0], order[-1]
    if _apart(result, most, least, looks):
        verdict = _("So this gate turns away {most} people more often than {least} ones.")
    else:
        verdict = _("That {most} people are turned away more often than {least} ones is not shown.")
    return (
        _("Turned away, of all who came: {each}.").format(each=each)
        + " "
        + verdict.format(most=most, least=least)
    )


def _apart(result: Judged, most: Hashable, least: Hashable, looks: int) -> bool:
    """Whether two groups are turned away unequally often, as one more of so many looks."""
    sides = [result.turned_away[group] for group in (most, least)]
    people = [result.before.row(group).people for group in (most, least)]
    if any(side.people_with_trials < side.floor for side in sides):
        return False
    gap = result.turned(most).value - _at_most(sides[1])
    moves = Moves.total(
        (sign, Moves(who, cluster_moves(side.errors, side.trials)))
        for sign, side, who in zip((1.0, -1.0), sides, people, strict=True)
    )
    return gap > 0 and moves.p_value(gap) * (looks + 1) < LEVEL


def _at_most(side: PersonCounts) -> float:
    """The rate, or without an error the most that it may be."""
    return float(side.errors.sum() / side.trials.sum()) or side.bound()


def _spread(result: Judged) -> str:
    """How the change of FMR came out in each training."""
    before, after = result.trainings
    if not before or not after:
        return ""
    if len(before) != len(after):
        return _(
            "{first} networks stand against {second}: this says what these do, not how another"
            " training would come out."
        ).format(first=len(before), second=len(after))
    each = {
        group: [
            new[group, "fmr"].value / old[group, "fmr"].value
            for old, new in zip(before, after, strict=True)
        ]
        for group in result.before.names
    }
    words = "; ".join(
        f"{group} {', '.join(f'{x:.2f}' for x in values)}" for group, values in each.items()
    )
    return _("FMR after / before in each of {n} trainings: {each}.").format(
        n=len(before), each=words
    )


def _luck(result: Judged) -> str:
    """How far a table moves when nothing is mended."""
    draws = result.luck or {}
    told = []
    for rate in j.COMPARED:
        each = []
        for group in result.before.names:
            low, high = j.luck_of(draws[rate, group])
            if not math.isfinite(low):
                each.append(_("{group} nothing to count").format(group=group))
                continue
            if RATES[rate].of_pairs:
                words = _("{group} {low:.2f} to {high:.2f} times").format(
                    group=group, low=low, high=high
                )
            else:
                words = _("{group} {low:+.1f} to {high:+.1f} in 100").format(
                    group=group, low=100 * low, high=100 * high
                )
            each.append(words)
        told.append(f"{_(RATES[rate].short)}: {', '.join(each)}")
    return _(
        "By luck alone, in 95 of 100 draws: {told}. A remedy that chooses a threshold on dev"
        " and moves a table less has shown nothing."
    ).format(told=". ".join(told))

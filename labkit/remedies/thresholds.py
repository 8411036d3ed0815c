"""Remedies that move a threshold, and the null remedy that shows what luck does to one.

In: a :class:`~labkit.remedies.town.Town`.  Out: what became of every group.

**Whose record decides?**  The threshold of a comparison is that of the *enrolled* person's record.
Either of two photographs may be the enrolled one, so every comparison is judged both ways: with one
threshold both give the same, and rates are those of :func:`labkit.measure.group_table`.
"""

from __future__ import annotations

import math
from collections.abc import Hashable, Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np

from labkit.base.words import _
from labkit.measure.counts import GroupCounts
from labkit.measure.disparity import GroupTable, group_table
from labkit.measure.intervals import Counts, Interval, pair_totals, vertex_weights
from labkit.measure.labels import labels
from labkit.measure.scores import AllPairs
from labkit.measure.thresholds import cells_with_people
from labkit.remedies.judged import COMPARED, GAP, Judged, Luck
from labkit.remedies.town import Side, Town

if TYPE_CHECKING:
    import pandas as pd

ANOTHER, NONE = "another", "none"
"""What a wrong record says: one of the other groups, each as likely; or nothing."""

# ---- the null remedy ----------------------------------------------------------------------------


def drawn_again(town: Town, *, draws: int = 200, seed: int = 0) -> Judged:
    """The null remedy: the people of dev drawn again, the threshold chosen again, nothing mended.

    People are drawn with replacement within each cell of dev, as many as there are.  Who is judged
    stays.

    Parameters
    ----------
    town
        A matcher with people to fit on and to judge on.
    draws, seed
        How often, from which seed.

    Returns
    -------
    judged
        ``after`` is the table at the threshold of the first draw; ``luck`` holds the change of
        every group in each.

    Raises
    ------
    ValueError
        When the cells of dev have too few people, or for no draw.

    Examples
    --------
    >>> found = drawn_again(Town.of("dlib"), draws=40)
    >>> low, high = np.percentile(found.luck["fmr", "darker"], (2.5, 97.5))
    >>> bool(low < 1 < high)
    True
    """
    if draws < 1:
        raise ValueError(f"{draws} draws of dev say nothing about luck: give 1 or more")
    thresholds = _redrawn(town.dev, town.asked, draws, seed)
    rates = {
        name: _rates(town.test.pairs.select(where), thresholds)
        for name, where in _places(town).items()
    }
    low, high = np.percentile(thresholds, (2.5, 97.5))
    fitted = _(
        "{draws} draws of the people of dev gave thresholds from {low:.4g} to {high:.4g} (95 of"
        " 100), where all of them gave {chosen}. In tables of remedies its row is the first draw."
    ).format(draws=draws, low=low, high=high, chosen=town.chosen.text)
    return Judged(
        _("nothing, dev drawn again"),
        _("Nothing is mended: the threshold is chosen on people of dev drawn by lot."),
        town.matcher,
        town.before,
        group_table(town.test.pairs, town.test.groups, float(thresholds[0])),
        fitted,
        luck=_changes(rates, _as_before(town.before, draws)),
    )


def _places(town: Town) -> dict[Hashable, Any]:
    found = labels(town.test.groups, len(town.test.pairs))
    return {name: found.of(name) for name in found.names}


def _redrawn(dev: Side, asked: float, draws: int, seed: int) -> Counts:
    """The threshold of every draw: the lowest with a (weighted) mean FMR of at most what is asked.

    A person is drawn equally often in a draw whether all cells are asked about or some.
    """
    parts, _left, _missing = cells_with_people(dev.pairs, dev.rule)
    found, weights = [], []
    floor = _floor(parts, asked)
    for part in parts:
        _false, compared, people = part.pair_counts(math.inf)
        drawn = vertex_weights(len(people), draws, seed, int(people[0]))
        of = np.maximum(pair_totals(drawn, compared) / 2, 1) * len(parts)
        found.append(_above(part, floor))
        weights.append((drawn, of))
    scores = np.concatenate([scores for scores, _i, _j in found])
    order = np.argsort(-scores, kind="stable")
    ranked = scores[order]
    out = np.empty(draws)
    for k in range(draws):  # one by one: all of them at once would take a hundred MB
        shares = [
            drawn[k, i] * drawn[k, j] / of[k]
            for (_scores, i, j), (drawn, of) in zip(found, weights, strict=True)
        ]
        reached = np.cumsum(np.concatenate(shares)[order])
        out[k] = np.nextafter(ranked[(reached > asked).argmax()], np.float32(np.inf))
    return out


DEEP = 6
"""Scores are kept down to where the FMR of all of dev is so many times what is asked; a draw's
threshold does not lie below."""


def _floor(parts: list[AllPairs], asked: float) -> float:
    most = min(DEEP * asked, 1.0)
    return float(min(np.quantile(part.impostor, 1 - most) for part in parts))


def _above(part: AllPairs, floor: float) -> tuple[Counts, Counts, Counts]:
    """Impostor scores from a floor on, and the places of the two people of each."""
    names = np.unique(part.people)
    place = np.searchsorted(names, part.people)
    out = []
    for rows, block, counts in part.impostor_blocks():
        i, j = np.nonzero(counts & (block >= np.float32(floor)))
        out.append((block[i, j], place[i + rows.start], place[j + rows.start]))
    scores, first, second = (np.concatenate(x) for x in zip(*out, strict=True))
    return scores, first, second


def _rates(part: AllPairs, thresholds: Counts) -> dict[str, Counts]:
    """FMR and false rejection of a group at many thresholds."""
    t = thresholds.astype(np.float32)
    impostor, genuine = np.sort(part.impostor), np.sort(part.genuine)
    lost = part.planned_mated - len(genuine)
    with np.errstate(divide="ignore", invalid="ignore"):
        return {
            "fmr": 1 - np.searchsorted(impostor, t) / np.float64(len(impostor)),
            "false_rejection": (lost + np.searchsorted(genuine, t))
            / np.float64(part.planned_mated),
        }


Rates = Mapping[Hashable, Mapping[str, Counts]]


def _as_before(before: GroupTable, draws: int) -> Rates:
    return {
        name: {rate: np.full(draws, before[name, rate].value) for rate in COMPARED}
        for name in before.names
    }


def _changes(after: Rates, before: Rates) -> Luck:
    """The change of each rate and gap in each draw, as :attr:`Judged.changes` counts changes."""
    out: dict[tuple[str, Hashable], Counts] = {}
    names = list(before)
    with np.errstate(divide="ignore", invalid="ignore"):
        for name in names:
            new, old = after[name], before[name]
            out["fmr", name] = new["fmr"] / old["fmr"]
            out["false_rejection", name] = new["false_rejection"] - old["false_rejection"]
        if len(names) > 1:
            first, last = names[0], names[-1]
            out[f"{GAP} fmr", last] = out["fmr", last] / out["fmr", first]
            out[f"{GAP} false_rejection", last] = (
                out["false_rejection", last] - out["false_rejection", first]
            )
    return out


# ---- a threshold for each group -----------------------------------------------------------------


def group_thresholds(
    town: Town, *, wrong: float = 0.0, to: Hashable = ANOTHER, draws: int = 200
) -> Judged:
    """One threshold for each group, that of the enrolled person's record.

    Each is chosen on the people of dev of that group alone, by the one rule (the mean FMR within
    the group's cells is what is asked), so the mean over all cells stays what it was.  A group in
    which dev has too few people keeps the threshold of all.

    Parameters
    ----------
    town
        A matcher with people to fit on and to judge on.
    wrong
        Share of the people judged whose record is wrong; each is as likely to be one of them.
        Errors are what is expected over all ways to draw them.  The records of dev are right.
    to
        What a wrong record says: ``"another"`` group, each as likely; the name of a group; or
        ``"none"``, nothing: then the threshold of all decides.
    draws
        How often dev is drawn again, to see in how many draws the remedy changes the same way.

    Raises
    ------
    ValueError
        For a share that is none, or a group that is not there.

    Examples
    --------
    >>> found = group_thresholds(Town.of("dlib"))
    >>> found.changes["before"]["gap fmr"].item() > 1.4
    True
    """
    if not 0 <= wrong <= 1:
        raise ValueError(f"{wrong!r} of the records are wrong: give a share from 0 to 1")
    own, kept = _own(town)
    names = town.before.names
    if to not in (ANOTHER, NONE, *names):
        raise ValueError(f"no record says {to!r}: use {ANOTHER!r}, {NONE!r} or one of {names}")
    tables = {
        name: group_table(town.test.pairs, town.test.groups, t, names=names)
        for name, t in {**own, NONE: town.chosen.value}.items()
    }
    chances = {name: _records(name, names, wrong, to) for name in names}
    rows = [
        _mixed({said: table.row(name) for said, table in tables.items()}, chances[name])
        for name in names
    ]
    each = ", ".join(f"{name} {value:.4g}" for name, value in own.items())
    fitted = _("Thresholds, chosen on dev: {each} (before, for all: {all}).").format(
        each=each, all=town.chosen.text
    )
    for name, why in kept.items():
        fitted += " " + _("{group} keeps the threshold of all: {why}.").format(group=name, why=why)
    name = _("group thresholds")
    does = _("Whoever is enrolled brings the threshold of the group in their record.")
    if wrong:
        name = _("{name}, {share:.0%} wrong records").format(name=name, share=wrong)
        if to == NONE:
            does += " " + _("{share:.0%} have no record.").format(share=wrong)
        elif to == ANOTHER:
            does += " " + _("{share:.0%} of the records name another group.").format(share=wrong)
        else:
            does += " " + _("{share:.0%} of the records say {group}, wrongly.").format(
                share=wrong, group=to
            )
        if to != ANOTHER:
            name += f" ({to})"
    after = GroupTable(tuple(rows), math.nan, town.before.missing)
    redrawn = _in_each_draw(town, kept, chances, draws) if draws else None
    return Judged(name, does, town.matcher, town.before, after, fitted, redrawn=redrawn)


def _own(town: Town) -> tuple[dict[Hashable, float], dict[Hashable, str]]:
    """The threshold of each group that is judged, and why one has none of its own."""
    own: dict[Hashable, float] = {}
    kept: dict[Hashable, str] = {}
    for name, side in _sides(town).items():
        own[name] = town.chosen.value
        if side is None:
            kept[name] = _("nobody of dev is in it")
            continue
        try:
            own[name] = side.choose(side.pairs, town.asked).value
        except ValueError as refused:
            kept[name] = str(refused)
    return own, kept


def _sides(town: Town) -> dict[Hashable, Side | None]:
    """The people of dev of each group that is judged."""
    dev = labels(town.dev.groups, len(town.dev.pairs))
    return {
        name: town.dev.part(dev.of(name)) if name in dev.names else None
        for name in town.before.names
    }


def _in_each_draw(town: Town, kept: Mapping[Hashable, str], chances: Chances, draws: int) -> Luck:
    """What group thresholds change when they and the one threshold are chosen in the same draw."""
    common = _redrawn(town.dev, town.asked, draws, 0)
    thresholds: dict[Hashable, Counts] = {NONE: common}
    for name, side in _sides(town).items():
        own = side is not None and name not in kept
        thresholds[name] = _redrawn(side, town.asked, draws, 0) if side and own else common
    before, after = {}, {}
    for name, where in _places(town).items():
        part = town.test.pairs.select(where)
        at = {said: _rates(part, t) for said, t in thresholds.items() if chances[name][said]}
        before[name] = _rates(part, common)
        after[name] = {
            rate: np.asarray(sum(chances[name][said] * at[said][rate] for said in at))
            for rate in COMPARED
        }
    return _changes(after, before)


Chances = Mapping[Hashable, Mapping[Hashable, float]]
"""Group -> what the record of somebody in it says -> with which chance."""


def _records(
    name: Hashable, names: list[Hashable], wrong: float, to: Hashable
) -> dict[Hashable, float]:
    """What the record of somebody of a group says, with which chance."""
    out = dict.fromkeys([*names, NONE], 0.0)
    out[name] = 1.0
    if to != name:
        out[name] -= wrong
        others = [n for n in names if n != name] if to == ANOTHER else [to]
        for other in others:
            out[other] += wrong / len(others)
        if not others:
            out[name] = 1.0
    return out


def _mixed(rows: Mapping[Hashable, GroupCounts], chances: Mapping[Hashable, float]) -> GroupCounts:
    """What is expected of a group whose people are recorded as one thing or another.

    Two people's records are drawn each by itself, and either may be the enrolled one, so the
    expected false matches of a pair are those at each threshold, as likely as such a record.
    """
    first = next(iter(rows.values()))

    def expected(part: str) -> Counts:
        terms = [share * getattr(rows[said], part) for said, share in chances.items() if share]
        return np.asarray(sum(terms), np.float64)

    return replace(first, false=expected("false"), missed=expected("missed"))


def by_record(town: Town) -> pd.DataFrame:
    """What group thresholds do to somebody whose record says this or that.

    Parameters
    ----------
    town
        A matcher with people to fit on and to judge on.

    Returns
    -------
    table
        Index: ``group``, what people are; ``record``, what it says of the enrolled one.  Columns:
        ``fmr`` and ``false_rejection``, intervals by people; ``right``, whether the record is.

    Examples
    --------
    >>> len(by_record(Town.of("dlib")))
    9
    """
    import pandas as pd

    own, _kept = _own(town)
    rows: dict[tuple[Hashable, Hashable], dict[str, Interval | bool]] = {}
    for said, threshold in own.items():
        at = group_table(town.test.pairs, town.test.groups, threshold)
        for group in at.names:
            rates: dict[str, Any] = {r: at[group, r] for r in ("fmr", "false_rejection")}
            rows[group, said] = {**rates, "right": group == said}
    index = pd.MultiIndex.from_tuples(list(rows), names=["group", "record"])
    order = {name: n for n, name in enumerate(own)}
    table = pd.DataFrame(list(rows.values()), index=index)
    return table.sort_index(key=lambda level: level.map(order), level=["group", "record"])

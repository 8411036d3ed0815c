"""Remedies that change how two templates are compared: another origin, other scales.

In: a :class:`~labkit.remedies.town.Town`, and people of whom an origin or a cohort is made.  Out:
what became of every group.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from labkit import data, matchers
from labkit.base.words import _
from labkit.matchers.registry import TRAINED_ON
from labkit.measure.disparity import group_table
from labkit.measure.labels import labels
from labkit.measure.scores import AllPairs, compare
from labkit.measure.scores.grid import on_grid, range_of
from labkit.remedies.judged import Judged
from labkit.remedies.town import Side, Town

Vector = NDArray[np.float64]

BALANCED = "balanced"

# ---- another origin -----------------------------------------------------------------------------


def origin_of(matcher: str, group: str | None = None, *, by: str = "tone_band") -> Vector:
    """The mean template of ``anytown/train``, whose people are balanced by tone and presentation.

    Parameters
    ----------
    matcher
        A matcher of the registry that was not fitted on these people.
    group
        One of its groups, for an origin that is not balanced.
    by
        Which groups.

    Returns
    -------
    origin
        Shape (d,).

    Raises
    ------
    ValueError
        For a group that is not there, or a matcher that was fitted on these people.

    Examples
    --------
    >>> origin_of("dlib").shape
    (128,)
    """
    train = data.load(TRAINED_ON)
    templates = matchers.get(matcher).templates(train)
    found = labels(train.groups(by))
    if group is not None and group not in found.names:
        raise ValueError(f"there is no group {group!r}: use one of {found.names}")
    where = found.known if group is None else found.of(group)
    return np.nanmean(np.asarray(templates[where], np.float64), axis=0)


def recentred(town: Town, origin: ArrayLike | None, *, sample: str = BALANCED) -> Judged:
    """Similarity measured from the mean of a chosen sample: one vector subtracted, then the angle.

    The threshold is chosen anew on dev.  A Euclidean distance does not change when one vector is
    subtracted from every template, so for a matcher that measures distances this is another
    matcher: the angle in place of the distance.

    Parameters
    ----------
    town
        A matcher with people to fit on and to judge on.
    origin
        Shape (d,), as :func:`origin_of` gives; ``None`` for the angle as it is, with nothing
        subtracted: what of the change comes from the angle alone.
    sample
        Who it is the mean of, for the name.

    Raises
    ------
    ValueError
        For an origin of another length, or one that is not finite.

    Examples
    --------
    >>> town = Town.of("SFace")
    >>> recentred(town, origin_of("SFace")).after.names
    ['lighter', 'medium', 'darker']
    """
    length = town.dev.templates.shape[1]
    vector = np.zeros(length) if origin is None else np.asarray(origin, np.float64)
    if vector.shape != (length,) or not np.isfinite(vector).all():
        raise ValueError(
            f"an origin of shape {vector.shape} for templates of {length} numbers: give as many"
            " numbers as a template has, all finite"
        )
    moved = [side.templates - vector for side in (town.dev, town.test)]
    chosen = town.dev.choose(town.dev.compared(moved[0], "cosine"), town.asked)
    after = group_table(town.test.compared(moved[1], "cosine"), town.test.groups, chosen.value)
    fitted = _("Threshold, chosen on dev: {value} (before: {before}).").format(
        value=chosen.text, before=town.chosen.text
    )
    name = _("recentred, {sample} sample").format(sample=sample)
    does = _("Similarity is measured from the mean template of a {sample} sample.").format(
        sample=sample
    )
    if origin is None:
        name = _("angle, not distance")
        does = _("Templates are compared by their angle, with nothing subtracted.")
    elif town.test.measure == "euclidean":
        does += " " + _(
            "Subtracting one vector from all templates changes no distance (here by {most:.1g} at"
            " most), so this compares angles instead: another matcher."
        ).format(most=_moved_by(town.test, vector))
    return Judged(name, does, town.matcher, town.before, after, fitted)


def _moved_by(side: Side, vector: Vector, few: int = 200) -> float:
    """The most that a distance changes when a vector is subtracted from both templates."""
    rows = side.templates[np.isfinite(side.templates).all(1)][:few].astype(np.float64)
    scores = [compare(x, x, "euclidean") for x in (rows, rows - vector)]
    return float(np.abs(scores[0] - scores[1]).max())


# ---- scores on the scale of those with strangers ------------------------------------------------


def s_norm(
    town: Town, cohort: str = BALANCED, *, people_of_group: int | None = None, seed: int = 0
) -> Judged:
    """Each score set against the scores of both templates with strangers: the S-norm.

    ``s' = ((s - m_i) / d_i + (s - m_j) / d_j) / 2``, with mean m and standard deviation d of the
    scores of each template with those of the cohort: the mean of the norms called Z (of the
    enrolled template) and T (of the probe), after Shum, Dehak, Dehak and Glass (2010, Odyssey).
    Half of the people of dev, drawn by lot within each cell, is the cohort; on the other half the
    threshold is chosen.

    Parameters
    ----------
    town
        A matcher with people to fit on and to judge on.
    cohort
        ``"balanced"``: as many people of each cell; or a group: as many people in all, of that
        group alone.
    people_of_group
        How many people of a group the cohort may have; all there are, when ``None``.
    seed
        Of the halves.

    Raises
    ------
    ValueError
        For a group that is not there, fewer than one person, or when half of dev is too few to
        choose a threshold.

    Examples
    --------
    >>> s_norm(Town.of("dlib"), "lighter").name
    'S-norm, lighter cohort'
    """
    if people_of_group is not None and people_of_group < 1:
        raise ValueError(f"{people_of_group} people of a group: give at least 1, or None for all")
    dev = town.dev
    halves = _halves(dev, seed)
    chosen_people = _cohort(dev, halves, cohort, people_of_group, seed)
    strangers = dev.templates[np.isin(dev.people, chosen_people)]
    strangers = strangers[np.isfinite(strangers).all(1)]
    rest = ~np.isin(dev.people, halves)
    other_half = dev.part(rest)
    on_rest = _normed(other_half.pairs, other_half.templates, strangers)
    chosen = other_half.choose(on_rest, town.asked)
    on_test = _normed(town.test.pairs, town.test.templates, strangers)
    fitted = _(
        "Cohort: {cohort} people of one half of dev ({sort}); threshold, chosen on the {rest}"
        " people of the other half: {value}."
    ).format(
        cohort=len(chosen_people),
        sort=cohort,
        rest=len(np.unique(dev.people[rest])),
        value=chosen.text,
    )
    return Judged(
        _("S-norm, {sort} cohort").format(sort=cohort),
        _("A score counts by how unusual it is among each template's scores with strangers."),
        town.matcher,
        town.before,
        group_table(on_test, town.test.groups, chosen.value),
        fitted,
    )


def _cells_of(side: Side) -> tuple[NDArray[np.int64], NDArray[Any]]:
    """The people of a side, and the cell of each; nothing where nobody said."""
    people, at = np.unique(side.people, return_index=True)
    found = labels(side.rule, len(side.people))
    names = np.array([*found.names, None], object)
    return people, names[found.place[at]]


def _halves(dev: Side, seed: int) -> NDArray[np.int64]:
    """Half of the people of each cell, drawn by lot."""
    people, cell = _cells_of(dev)
    rng = np.random.default_rng(np.random.SeedSequence([47, seed]))
    half: list[int] = []
    for name in dict.fromkeys(cell.tolist()):
        own = people[[c == name for c in cell]]
        half += rng.permutation(own)[: len(own) // 2].tolist()
    return np.array(sorted(half), np.int64)


def _cohort(
    dev: Side, half: NDArray[np.int64], sort: str, most: int | None, seed: int
) -> NDArray[np.int64]:
    """People of the cohort: as many whether all of one group or the same of each cell."""
    people, cell = _cells_of(dev)
    at = np.unique(dev.people, return_index=True)[1]
    found = labels(dev.groups, len(dev.people))
    group = np.array([*found.names, None], object)[found.place[at]]
    inside = np.isin(people, half)
    sizes = [int((inside & np.array([g == name for g in group])).sum()) for name in found.names]
    size = min(sizes) if most is None else min(most, *sizes)
    if sort == BALANCED:
        kinds = [name for name in dict.fromkeys(cell[inside].tolist()) if name is not None]
        own = [people[inside & np.array([c == name for c in cell])] for name in kinds]
        each = max(size // len(kinds), 1)
    elif sort in found.names:
        own = [people[inside & np.array([g == sort for g in group])]]
        kinds = list(dict.fromkeys(cell[inside].tolist()))
        each = size
    else:
        raise ValueError(f"there is no cohort {sort!r}: use {BALANCED!r} or one of {found.names}")
    rng = np.random.default_rng(np.random.SeedSequence([48, seed]))
    return np.sort(np.concatenate([rng.permutation(x)[:each] for x in own]))


def _normed(pairs: AllPairs, templates: NDArray[np.floating], strangers: Any) -> AllPairs:
    """The same comparisons with every score on the scale of both templates' scores."""
    measure = pairs.measure
    usable = np.flatnonzero(pairs.usable)
    centre, spread = np.full((2, len(pairs)), np.nan)
    for part in np.array_split(usable, max(len(usable) // 512, 1)):
        scores = compare(templates[part], strangers, measure)
        centre[part], spread[part] = scores.mean(1), scores.std(1)
    matrix = np.array(pairs.matrix, np.float32)
    for k in range(len(matrix)):
        row = pairs.matrix[k].astype(np.float64)
        matrix[k] = ((row - centre[k]) / spread[k] + (row - centre) / spread) / 2
    low, high = range_of(float(np.nanmin(matrix)), float(np.nanmax(matrix)))
    for k in range(len(matrix)):
        matrix[k] = on_grid(matrix[k], low, high)
    return replace(pairs, matrix=matrix, low=low, high=high, measure=f"{measure}, S-norm")

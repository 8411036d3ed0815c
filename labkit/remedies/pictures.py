"""Remedies that begin with the photograph: a gate that turns pictures away, and another camera.

In: a :class:`~labkit.remedies.town.Town`, or the paired people of ``counterfactual/paired``.  Out:
what became of every group.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from types import MappingProxyType
from typing import Any

import numpy as np
from numpy.typing import NDArray

from labkit import data, matchers
from labkit.base.words import N_, _
from labkit.measure.counts import PersonCounts
from labkit.measure.disparity import GroupTable, group_table
from labkit.measure.scores import AllPairs, all_pairs
from labkit.remedies.judged import Judged
from labkit.remedies.town import Side, Town

_QUALITIES = {
    "sharpness": N_("how strongly neighbouring pixels differ (variance of the Laplacian)"),
    "contrast": N_("how far grey levels of the face spread (standard deviation)"),
    "brightness": N_("mean grey level of the face"),
}
QUALITIES: Mapping[str, str] = MappingProxyType(_QUALITIES)
"""What is measured of the face in a picture; nothing is guessed about the person."""


def qualities(crops: NDArray[np.uint8]) -> dict[str, NDArray[np.float64]]:
    """Sharpness, contrast and brightness of aligned grey crops, within the oval of the face.

    Parameters
    ----------
    crops
        Shape (n, 64, 64), uint8.

    Returns
    -------
    measured
        By name of :data:`QUALITIES`, shape (n,) each.

    Examples
    --------
    >>> grey = np.full((1, 64, 64), 90, np.uint8)
    >>> {name: float(x[0].round(6)) for name, x in qualities(grey).items()}
    {'sharpness': 0.0, 'contrast': 0.0, 'brightness': 90.0}
    """
    from labkit.matchers.align import face_oval

    weight = face_oval(crops.shape[1]).astype(np.float64)
    weight /= weight.sum()
    out = {name: np.empty(len(crops)) for name in QUALITIES}
    for k, crop in enumerate(crops):
        grey = crop.astype(np.float64)
        mean = float((weight * grey).sum())
        # The sum of the four neighbours less four times the pixel; the oval is 0 at the edges.
        edges = sum(np.roll(grey, step, axis) for step in (-1, 1) for axis in (0, 1)) - 4 * grey
        edge = float((weight * edges).sum())
        out["brightness"][k] = mean
        out["contrast"][k] = float((weight * (grey - mean) ** 2).sum()) ** 0.5
        out["sharpness"][k] = float((weight * (edges - edge) ** 2).sum())
    return out


SHARE = 0.05
"""Share of the photographs of dev that a gate turns away where nothing else is said."""


# ---- turned away --------------------------------------------------------------------------------


def quality_gate(town: Town, *, share: float = SHARE, by: str | None = None) -> Judged:
    """Photographs of low measured quality are turned away, and the threshold is chosen again.

    Each photograph is one time that somebody came.  Whoever is turned away was not recognised, so
    false rejection counts them.

    Parameters
    ----------
    town
        A matcher with people to fit on and to judge on; both sides need crops.
    share
        Share of the photographs of dev that is turned away: the lowest.
    by
        One of :data:`QUALITIES`; without it the one whose lowest photographs of dev are missed
        most, compared with the others.

    Raises
    ------
    ValueError
        For a share that is none, a quality that is not measured, or one that does not vary.
    LookupError
        Where there are no crops.

    Examples
    --------
    >>> found = quality_gate(Town.of("dlib"))
    >>> found.turned("darker").value > found.turned("lighter").value
    True
    """
    if not 0 < share < 1:
        raise ValueError(f"a gate for {share!r} of the photographs: give a share between 0 and 1")
    if by is not None and by not in QUALITIES:
        raise ValueError(f"{by!r} is not measured: use one of {', '.join(QUALITIES)}")
    on_dev = _measured(town.dev)
    usable = town.dev.pairs.usable
    limits = {name: float(np.quantile(x[usable], share)) for name, x in on_dev.items()}
    missed = _missed(town.dev.pairs, town.chosen.value)
    on_dev = {n: x for n, x in on_dev.items() if (x[usable] < limits[n]).any()}
    if not on_dev or (by and by not in on_dev):
        what = by or _("quality")
        raise ValueError(f"no photograph of dev has a lower {what} than the others: no gate")
    gains = {
        name: np.nanmean(missed[usable & (x < limits[name])])
        - np.nanmean(missed[usable & (x >= limits[name])])
        for name, x in on_dev.items()
    }
    name = by or max(gains, key=lambda quality: gains[quality])
    limit = limits[name]
    dev = without(town.dev.pairs, on_dev[name] < limit)
    refused = (_measured(town.test)[name] < limit) & town.test.pairs.usable
    chosen = town.dev.choose(dev, town.asked)
    table = group_table(without(town.test.pairs, refused), town.test.groups, chosen.value)
    rows, turned = [], {}
    for row, old in zip(table.rows, town.before.rows, strict=True):
        turned[row.name] = PersonCounts(row.failed - old.failed, row.images)
        rows.append(replace(row, failed=old.failed))  # a face was found; it was turned away
    fitted = _(
        "Turned away: a {quality} below {limit:.4g}, the lowest {share:.0%} of dev. There such"
        " photographs are missed in {gain:.1f} more of 100 comparisons than the others. Threshold:"
        " {value} (before: {before})."
    ).format(
        quality=name,
        limit=limit,
        share=share,
        gain=100 * gains[name],
        value=chosen.text,
        before=town.chosen.text,
    )
    return Judged(
        _("quality gate ({quality})").format(quality=name),
        _("Photographs of low {quality} are turned away: {means}.").format(
            quality=name, means=_(QUALITIES[name])
        ),
        town.matcher,
        town.before,
        GroupTable(tuple(rows), table.threshold, table.missing),
        fitted,
        turned_away=turned,
    )


def _measured(side: Side) -> dict[str, NDArray[np.float64]]:
    if side.crops is None:
        raise LookupError("there are no crops of these people: a gate measures pictures")
    return qualities(side.crops())


def _missed(pairs: AllPairs, threshold: float) -> NDArray[np.float64]:
    """Of each photograph: the share of its comparisons with its own person that are missed."""
    same = pairs.people[:, None] == pairs.people[None]
    made = same & ~np.isnan(pairs.matrix)
    with np.errstate(divide="ignore", invalid="ignore"):
        return (made & (pairs.matrix < np.float32(threshold))).sum(1) / made.sum(1)


def without(pairs: AllPairs, refused: NDArray[np.bool_]) -> AllPairs:
    """The same comparisons when some photographs are turned away: none of theirs is made.

    Examples
    --------
    >>> pairs = all_pairs([[0.0], [1.0], [4.0]], [7, 7, 8])
    >>> gated = without(pairs, np.array([True, False, False]))
    >>> gated.planned_mated, len(gated.genuine), gated.impostor.tolist()
    (1, 0, [-3.0])
    """
    matrix = pairs.matrix.copy()
    matrix[refused] = np.nan
    matrix[:, refused] = np.nan
    return replace(pairs, matrix=matrix, usable=pairs.usable & ~refused)


# ---- another camera -----------------------------------------------------------------------------

TONES = {0.1: "lighter", 0.5: "medium", 0.9: "darker"}
"""Tones at which each person of ``counterfactual/paired`` is drawn, by the band they lie in."""


def exposure(town: Town, before: str = "light-metered", after: str = "equal") -> Judged:
    """Another exposure for the same people: one for each face, and not for light skin.

    Each of the people of ``counterfactual/paired`` is drawn at three tones, and photographed by
    each camera in the same pose and light.  The threshold is the town's, chosen on dev.

    Parameters
    ----------
    town
        A matcher with its threshold.
    before, after
        Cameras; see the datasheet of the set.  These two differ in one thing, the exposure;
        ``"light-metered noisy"`` differs in its noise, too.

    Raises
    ------
    ValueError
        For a camera that is not there.

    Examples
    --------
    >>> found = exposure(Town.of("dlib"))
    >>> found.name
    'exposure: light-metered to equal'
    """
    faces = data.load("counterfactual/paired")
    camera, entry = faces.of("camera"), matchers.get(town.matcher)
    for name in (before, after):
        if name not in set(camera):
            raise ValueError(f"there is no camera {name!r}: use {', '.join(sorted(set(camera)))}")
    templates, tone = entry.templates(faces), faces.of("tone")
    names = list(TONES.values())

    def judged(name: str) -> GroupTable:
        where = camera == name
        pairs = all_pairs(
            templates[where],
            faces.of("person")[where],
            entry.measure,
            kept=(faces.of("styling_kept") == 1)[where],
        )
        groups: Any = [TONES[round(float(t), 1)] for t in tone[where]]
        return group_table(pairs, groups, town.chosen.value, names=names)

    people = len(faces.people)
    noise = sum(name.endswith("noisy") for name in (before, after)) == 1
    what = _("exposure and noise") if noise else _("exposure")
    return Judged(
        _("{what}: {before} to {after}").format(what=what, before=before, after=after),
        _("The same people before another camera; what differs is {what}.").format(what=what),
        town.matcher,
        judged(before),
        judged(after),
        _(
            "{people} people, each drawn at tone 0.1 (lighter), 0.5 (medium) and 0.9 (darker); the"
            " threshold is that of dev: {value}."
        ).format(people=people, value=town.chosen.text),
        chosen_anew=False,
    )

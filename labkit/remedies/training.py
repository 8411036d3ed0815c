"""Remedies that begin with the training: other people, or more of them, in the training set.

In: what networks that were trained here got wrong (:func:`labkit.data.network_errors`).  Out: what
became of every group.  All networks are judged on the people of ``anytown/eval``, each at its own
threshold, chosen on dev.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from labkit import data
from labkit.base.words import _
from labkit.measure.counts import GroupCounts
from labkit.measure.disparity import GroupTable
from labkit.measure.labels import labels
from labkit.remedies.judged import Judged
from labkit.remedies.town import ASKED

Errors = Any
"""A :class:`labkit.data.NetworkErrors`."""

NETWORKS = "networks"


def other_training(
    before: str,
    after: str,
    *,
    origins: tuple[str, str] = ("as trained", "as trained"),
    asked: float = ASKED,
    errors: Callable[..., Errors] | None = None,
) -> Judged:
    """Networks of one training mix set against those of another.

    A change is the mean of the trainings, as in :mod:`labkit.experiment.mixes`; its interval counts
    the people who are judged and the trainings.  In the two tables errors of all trainings of a mix
    are added up.

    Parameters
    ----------
    before, after
        Mixes, such as ``"90-10"`` and ``"50-50"``.
    origins
        Where similarity is measured from, before and after.
    asked
        FMR for which the thresholds were chosen.
    errors
        What gives the errors of one network; :func:`labkit.data.network_errors`, when ``None``.

    Raises
    ------
    ValueError
        For a mix of which nothing was measured.

    Examples
    --------
    >>> other_training("90-10", "50-50").before.names
    ['lighter', 'medium', 'darker']
    """
    give = data.network_errors if errors is None else errors
    people = data.load("anytown/eval").people
    found = []
    for mix, origin in zip((before, after), origins, strict=True):
        networks = _trainings(mix)
        found.append([_table(give(n, origin, asked), people) for n in networks])
    first, second = (_added(tables) for tables in found)
    how = [
        _("{n} of {mix}, {origin}").format(n=len(tables), mix=mix, origin=origin)
        for tables, mix, origin in zip(found, (before, after), origins, strict=True)
    ]
    name = _("training {before} to {after}").format(before=before, after=after)
    does = _("Networks that learned from other people, or from more; each at its own threshold.")
    if origins[0] != origins[1]:
        name += f", {origins[1]}"
    if before == after:
        name = _("{mix} {origin}").format(mix=before, origin=origins[1])
        does = _("Nothing is trained again: similarity is measured from another origin.")
    if min(len(tables) for tables in found) == 1:
        name += " " + _("(trained once)")
    return Judged(
        name,
        does,
        NETWORKS,
        first,
        second,
        _("Networks: {first}; {second}. Each has its own threshold, chosen on dev.").format(
            first=how[0], second=how[1]
        ),
        trainings=(tuple(found[0]), tuple(found[1])),
        chosen_anew=False,
    )


def _trainings(mix: str) -> list[str]:
    known = data.networks()
    found = known.index[known["mix"] == mix].tolist()
    if not found:
        mixes = ", ".join(dict.fromkeys(known["mix"]))
        raise ValueError(f"no network was trained on the mix {mix!r}: use {mixes}")
    return [str(name) for name in found]


def _table(own: Errors, people: Any) -> GroupTable:
    """The group table of one network, from its counts by person and by pair of people."""
    found = labels(people.loc[own.people, "tone_band"], names=list(data.ORDERS["tone_band"]))
    k = len(own.people)
    false = np.zeros((k, k))
    false[own.first, own.second] = own.false_matches
    false += false.T
    images = np.asarray(own.images, np.float64)
    compared = np.outer(images, images)
    np.fill_diagonal(compared, 0)
    planned = own.planned["all"].astype(np.float64)
    taken = _photographs(planned)
    rows = []
    for name in found.names:
        at = np.flatnonzero(found.of(name))
        rows.append(
            GroupCounts(
                name,
                own.people[at],
                false=false[np.ix_(at, at)],
                compared=compared[np.ix_(at, at)],
                images=taken[at],
                failed=taken[at] - images[at],
                missed=own.missed["all"][at].astype(np.float64),
                made=own.compared["all"][at].astype(np.float64),
                planned=planned[at],
            )
        )
    return GroupTable(tuple(rows), float(own.threshold))


def _photographs(planned: Any) -> Any:
    """Photographs of each person, from the pairs they make: n (n - 1) / 2."""
    return np.rint((1 + np.sqrt(1 + 8 * planned)) / 2)


def _added(tables: Sequence[GroupTable]) -> GroupTable:
    """Errors and trials of several networks added up, person by person."""
    rows = []
    for same in zip(*(table.rows for table in tables), strict=True):
        sums: dict[str, Any] = {
            part: np.asarray(sum(getattr(row, part) for row in same))
            for part in ("false", "compared", "images", "failed", "missed", "made", "planned")
        }
        rows.append(GroupCounts(same[0].name, same[0].people, **sums))
    return GroupTable(tuple(rows), tables[0].threshold)

"""A CSV of scored pairs of any matcher in the world, read and checked before a pair is counted.

In: a CSV with a line for each comparison; its columns are :data:`REQUIRED` and :data:`OPTIONAL`.
Out: :class:`labkit.audit.pairs.PairList`, or one sentence that says what is wrong, on which line,
and what to do.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from labkit.audit.columns import OPTIONAL, REQUIRED, Columns
from labkit.audit.pairs import BadFile, PairList, Places
from labkit.base.words import _
from labkit.measure.rates import auc


def read_pairs(path: str | Path, *, distance: bool = False) -> PairList:
    """Read and check a CSV of scored pairs.

    Parameters
    ----------
    path
        A CSV in UTF-8 with a header.  Required: ``probe``, ``gallery`` (names of pictures),
        ``same_person`` (1/0, true/false, yes/no), ``score``.  Optional: ``probe_person``,
        ``gallery_person``, ``probe_group``, ``gallery_group``; ``group``, which means both groups;
        ``status``, where ``failed`` with an empty score is a comparison that could not be made.
        Other columns are left out and named.
    distance
        Whether smaller scores mean more alike; they are then turned round.

    Returns
    -------
    PairList

    Raises
    ------
    BadFile
        With one sentence, for a file that cannot be counted.
    """
    path = Path(path)
    columns = Columns.read(path)
    mated = columns.truth("same_person")
    failed = columns.failed()
    scores = columns.scores(failed)
    pictures, probe, gallery = columns.both("probe", "gallery")
    _check_pairs(columns, probe, gallery, pictures)
    people, person = _people(columns, probe, gallery, pictures, mated)
    groups, group = _groups(columns, probe, gallery, pictures)
    with open(path, "rb") as file:
        digest = hashlib.file_digest(file, "sha256").hexdigest()
    pairs = PairList(
        path.name,
        digest,
        -scores if distance else scores,
        mated,
        probe,
        gallery,
        pictures,
        person,
        people,
        group,
        groups,
        tuple(n for n in columns.names if n not in REQUIRED + OPTIONAL),
    )
    _check_counts(pairs, distance)
    return pairs


def _check_pairs(c: Columns, probe: Places, gallery: Places, pictures: list[str]) -> None:
    """No picture against itself, and no pair twice."""
    if (probe == gallery).any():
        row = int(np.argmax(probe == gallery))
        words = _(
            "line {line} of {file} compares {picture} with itself: leave such pairs out, they"
            " always match"
        )
        raise c.wrong(row, words, picture=pictures[probe[row]])
    key = np.minimum(probe, gallery) * len(pictures) + np.maximum(probe, gallery)
    if (np.diff(np.sort(key)) == 0).any():  # only then in the order of the file: that takes longer
        order = np.argsort(key, kind="stable")
        same = np.flatnonzero(np.diff(key[order]) == 0)
        again = order[same + 1]
        row = int(again.min())
        before = int(order[same[np.argmin(again)]])
        words = _(
            "line {line} of {file} has the pair {probe}, {gallery} of line {before} again (A-B is"
            " B-A): keep one of them"
        )
        ends = {"probe": pictures[probe[row]], "gallery": pictures[gallery[row]]}
        raise c.wrong(row, words, before=c.line(before), **ends)


def _people(
    c: Columns, probe: Places, gallery: Places, pictures: list[str], mated: NDArray[np.bool_]
) -> tuple[list[str] | None, Places]:
    """Who is in each picture: as the file says, or as its mated pairs link pictures."""
    if not c.has("probe_person"):
        person = _linked(probe, gallery, len(pictures), mated)
        clash = ~mated & (person[probe] == person[gallery])
        if clash.any():
            row = int(np.argmax(clash))
            words = _(
                "line {line} of {file} says that {probe} and {gallery} are two people, but other"
                " lines link them as one: correct same_person"
            )
            ends = {"probe": pictures[probe[row]], "gallery": pictures[gallery[row]]}
            raise c.wrong(row, words, **ends)
        return None, person
    names, first, second = c.both("probe_person", "gallery_person")
    person = _of_picture(c, (probe, gallery), (first, second), pictures, names, "person")
    clash = mated != (first == second)
    if clash.any():
        row = int(np.argmax(clash))
        words = _(
            "line {line} of {file} says {said} and names {probe} and {gallery}: correct same_person"
            " or the persons"
        )
        said = _("one person") if mated[row] else _("two people")
        raise c.wrong(row, words, said=said, probe=names[first[row]], gallery=names[second[row]])
    order = sorted(range(len(names)), key=_natural(names))
    place = np.empty(len(names), np.int64)
    place[order] = np.arange(len(names))
    return [names[i] for i in order], place[person]


def _natural(names: Sequence[str]) -> Any:
    """Numbers by size, anything else as text."""
    if all(re.fullmatch(r"-?\d{1,18}", n) for n in names):
        return lambda i: (int(names[i]), names[i])
    return lambda i: names[i]


def _linked(probe: Places, gallery: Places, pictures: int, mated: NDArray[np.bool_]) -> Places:
    """Pictures that mated pairs join, directly or by way of others, are of one person."""
    from scipy.sparse import coo_array
    from scipy.sparse.csgraph import connected_components

    ends = (probe[mated], gallery[mated])
    graph = coo_array((np.ones(len(ends[0]), np.int8), ends), shape=(pictures, pictures))
    return connected_components(graph, directed=False)[1].astype(np.int64)


def _of_picture(
    c: Columns,
    pictures: tuple[Places, Places],
    values: tuple[Places, Places],
    named: list[str],
    names: list[str],
    what: str,
) -> Places:
    """One value for each picture; a picture with two is named."""
    own = np.empty(len(named), np.int64)
    for at, value in zip(pictures, values, strict=True):
        own[at] = value
    wrong = (own[pictures[0]] != values[0]) | (own[pictures[1]] != values[1])
    if wrong.any():
        row = int(np.argmax(wrong))
        side = 0 if own[pictures[0][row]] != values[0][row] else 1
        at = pictures[side][row]
        if what == "person":
            words = _(
                "line {line} of {file} has {picture} with person {one}, another line with {other}:"
                " give every picture one person"
            )
        elif c.has("group"):
            words = _(
                "line {line} of {file} has {picture} with group {one}, another line with {other}:"
                " give probe_group and gallery_group"
            )
        else:
            words = _(
                "line {line} of {file} has {picture} with group {one}, another line with {other}:"
                " give it one"
            )
        one, other = names[values[side][row]], names[own[at]]
        raise c.wrong(row, words, picture=named[at], one=one, other=other)
    return own


def _groups(
    c: Columns, probe: Places, gallery: Places, pictures: list[str]
) -> tuple[list[str], Places | None]:
    """The groups in ascending order, and that of each picture; none when nobody said."""
    if c.has("group"):
        names, first = c.filled("group")
        second = first
    elif c.has("probe_group"):
        names, first, second = c.both("probe_group", "gallery_group")
    else:
        return [], None
    own = _of_picture(c, (probe, gallery), (first, second), pictures, names, "group")
    order = sorted(range(len(names)), key=_natural(names))
    place = np.empty(len(names), np.int64)
    place[order] = np.arange(len(names))
    return [names[i] for i in order], place[own]


def _check_counts(pairs: PairList, distance: bool) -> None:
    """Both kinds of pairs, groups of more than one, and scores the right way up."""
    for kind, one, scores in (
        ("same_person 1", _("one person"), pairs.genuine),
        ("same_person 0", _("two people"), pairs.impostor),
    ):
        if not scores.size:
            words = _(
                "{file} has no scored pair of {one} ({kind}): an audit needs pairs of one person"
                " and of two"
            )
            raise BadFile(words.format(file=pairs.name, one=one, kind=kind))
    pairs.check_groups()
    found = auc(pairs.genuine, pairs.impostor)
    if found < 0.5:
        words = (
            _(
                "AUC {auc:.3f} with --distance: pairs of one person lie farther apart than pairs of"
                " two; these look like similarities: rerun without --distance"
            )
            if distance
            else _(
                "AUC {auc:.3f}: pairs of one person score lower than pairs of two; these look like"
                " distances: rerun with --distance"
            )
        )
        raise BadFile(words.format(auc=found))

"""A file of scored pairs of any matcher in the world, read and checked before a pair is counted.

In: a file with a line for each comparison (:mod:`labkit.audit.formats` says of which kinds); its
columns are :data:`REQUIRED` and :data:`OPTIONAL`.  Out: :class:`labkit.audit.pairs.PairList`, or
one sentence that says what is wrong, on how many lines, and what to do.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from labkit.audit.columns import Columns, guesses, renaming
from labkit.audit.formats import bad_file, printable
from labkit.audit.pairs import EVERYONE, BadFile, PairList, Places
from labkit.audit.reading import OPTIONAL, REQUIRED, Reading
from labkit.base.words import _
from labkit.measure.labels import labels
from labkit.measure.rates import auc

__all__ = ["OPTIONAL", "REQUIRED", "BadFile", "Reading", "read_pairs"]

ENOUGH_FOR_A_CODE = 5
"""One score in fewer pairs than this is not taken for a failure code."""


def read_pairs(
    path: str | Path, *, distance: bool = False, reading: Reading | None = None
) -> PairList:
    """Read and check a file of scored pairs.

    Parameters
    ----------
    path
        Text with a header and columns (commas, semicolons, tabs, vertical bars; UTF-8, UTF-16 or
        Windows-1252; packed with gzip or not), ``.xlsx``, or ``.parquet``; all are recognised.
        Required columns: ``probe``, ``gallery`` (names of pictures), ``same_person`` (1/0 or words
        of :data:`labkit.audit.columns.TRUTH`), ``score``.  Optional: ``probe_person``,
        ``gallery_person``, ``probe_group``, ``gallery_group``; ``group``, which means both groups;
        ``probe_stratum``, ``gallery_stratum`` or ``stratum`` (camera, site); ``status``, where
        ``failed`` with an empty score is a comparison that could not be made.  Other columns are
        left out and named.
    distance
        Whether smaller scores mean more alike; they are then turned round.
    reading
        What cannot be recognised, or was recognised wrongly.

    Returns
    -------
    PairList

    Raises
    ------
    BadFile
        With one sentence, for a file that cannot be counted.
    """
    c, probe, gallery, pictures = _once(Columns.read(Path(path), reading))
    mated = c.truth()
    scores, written = c.scores(c.failed())
    people, person = _people(c, probe, gallery, pictures, mated)
    ends = (probe, gallery)
    groups, group = _labelled(c, ends, pictures, "group")
    strata, stratum = _labelled(c, ends, pictures, "stratum")
    _note_names(c, pictures, people is not None)
    pairs = PairList(
        c.path.name,
        c.source.sha256,
        0.0 - scores if distance else scores,
        mated,
        probe,
        gallery,
        pictures,
        person,
        people,
        group,
        groups,
        c.ignored,
        notes=(*c.notes, *_codes_of_failure(scores)),
        missing_groups=0 if group is None else int((group < 0).sum()),
        stratum=stratum,
        strata=strata,
        lines=c.lines(),
        kind=c.source.kind,
        distance=distance,
        written=written,
    )
    _check_counts(pairs, distance)
    return pairs


# ---- pairs --------------------------------------------------------------------------------------


def _once(c: Columns) -> tuple[Columns, Places, Places, list[str]]:
    """Each pair once and no picture against itself: refused, or left out when that was asked."""
    pictures, (probe, gallery) = c.filled("probe", "gallery")
    itself = probe == gallery
    key = np.minimum(probe, gallery) * len(pictures) + np.maximum(probe, gallery)
    again = np.zeros(len(c), bool)
    if (np.diff(np.sort(key)) == 0).any():  # only then in the order of the file: that takes longer
        order = np.argsort(key, kind="stable")
        again[order[1:]] = np.diff(key[order]) == 0
        again &= ~itself
    if not itself.any() and not again.any():
        return c, probe, gallery, pictures
    if not c.reading.drop_repeats:
        if again.any():
            raise _repeated(c, key, again, int(itself.sum()))
        words = _(
            "{file}: a picture is compared with itself in {lines} (the first: {picture}): such"
            " pairs always match; add --drop-repeats to leave them out"
        )
        raise c.wrong(itself, words, picture=pictures[probe[int(np.argmax(itself))]])
    if itself.any():
        n = int(itself.sum())
        one = _("a comparison of a picture with itself was left out")
        words = _("{n:,} comparisons of pictures with themselves were left out") if n > 1 else one
        c.notes.append(words.format(n=n))
    if again.any():
        n, differ = int(again.sum()), _differ(c, key, again)
        one = _("a repeat (A-B and B-A, or the same pair again) was dropped{differ}")
        words = _("{n:,} repeats (A-B and B-A, or the same pair again) were dropped{differ}")
        c.notes.append((words if n > 1 else one).format(n=n, differ=differ))
    c = c.only(~(itself | again))
    if not len(c):
        words = _("{file} compares pictures with themselves only: give pairs of two pictures")
        raise bad_file(words, c.path)
    pictures, (probe, gallery) = c.filled("probe", "gallery")
    return c, probe, gallery, pictures


def _repeated(c: Columns, key: Places, again: NDArray[np.bool_], itself: int) -> BadFile:
    row = int(np.argmax(again))
    before = int(np.argmax(key == key[row]))
    words = _(
        "{file}: a pair stands there again in {lines} (line {line} is the pair of line {before};"
        " A-B is B-A){differ}{itself}: add --drop-repeats to keep the first of each"
    )
    alone = _("; {n:,} compare a picture with itself").format(n=itself) if itself else ""
    line, first = c.lines(np.array([row, before])).tolist()
    differ = _differ(c, key, again)
    return c.wrong(again, words, line=line, before=first, differ=differ, itself=alone)


def _differ(c: Columns, key: Places, again: NDArray[np.bool_]) -> str:
    """How often, and by how much, a repeat says something else than the first of its pair."""
    order = np.argsort(key, kind="stable")
    fresh = np.r_[True, np.diff(key[order]) != 0]
    first = np.empty(len(key), np.int64)
    first[order] = order[fresh][np.cumsum(fresh) - 1]
    mated = c.truth()
    clash = again & (mated != mated[first])
    if clash.any():
        words = _(
            "{file}: same_person is not that of the first line of the pair in {lines}: correct it"
        )
        raise c.wrong(clash, words)
    notes = list(c.notes)
    scores, _written = c.scores(c.failed())
    c.notes[:] = notes  # they are taken again when the repeats are gone
    now, then = scores[again], scores[first[again]]
    lost = np.isnan(now) != np.isnan(then)
    other = lost | (~np.isnan(now) & (now != then))
    if not other.any():
        return ""
    words = _(", {n:,} with another score than the first, by up to {x:.4g}")
    gap = np.abs(now - then)[other & ~lost]
    out = words.format(n=int(other.sum()), x=float(gap.max()) if gap.size else 0.0)
    if lost.any():
        out += _(" (in {n:,} one of the two failed)").format(n=int(lost.sum()))
    return out


# ---- people -------------------------------------------------------------------------------------


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
                "{file}: two people in {lines} (the first: {probe} and {gallery}) whom other lines"
                " link as one: correct same_person"
            )
            ends = {"probe": pictures[probe[row]], "gallery": pictures[gallery[row]]}
            raise c.wrong(clash, words, **ends)
        return None, person
    names, (first, second) = c.filled("probe_person", "gallery_person")
    person = _of_picture(c, (probe, gallery), (first, second), pictures, names, "person")
    clash = mated != (first == second)
    if clash.any():
        row = int(np.argmax(clash))
        words = _(
            "{file}: same_person says {said} and the persons are {probe} and {gallery} in line"
            " {line}; it and they disagree in {lines}: correct same_person or the persons"
        )
        said = _("one person") if mated[row] else _("two people")
        line = int(c.lines(np.array([row]))[0])
        ends = {"probe": names[first[row]], "gallery": names[second[row]]}
        raise c.wrong(clash, words, said=said, line=line, **ends)
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
    """One value for each picture; -1 says nothing, and a picture with two values is named."""
    own = np.full(len(named), -1, np.int64)
    for at, value in zip(pictures, values, strict=True):
        own[at[value >= 0]] = value[value >= 0]
    one, two = (
        (own[at] != value) & (value >= 0) for at, value in zip(pictures, values, strict=True)
    )
    if (one | two).any():
        row = int(np.argmax(one | two))
        side = 0 if one[row] else 1
        at = pictures[side][row]
        words = _(
            "{file}: the picture {picture} has the {what} {one}, and {other} elsewhere (such"
            " differences in {lines}): give every picture one {what}"
        )
        if c.has(what):
            words = _(
                "{file}: the picture {picture} has the {what} {one}, and {other} elsewhere (such"
                " differences in {lines}): give probe_{what} and gallery_{what}"
            )
        ends = {"one": names[values[side][row]], "other": names[own[at]]}
        raise c.wrong(one | two, words, picture=named[at], what=what, **ends)
    return own


# ---- groups and strata --------------------------------------------------------------------------


def _labelled(
    c: Columns, pictures: tuple[Places, Places], named: list[str], what: str
) -> tuple[list[str], Places | None]:
    """Labels in ascending order and that of each picture, -1 for none; none when nobody said."""
    if c.has(what):
        names, (first,) = c.codes(what)
        second = first
    elif c.has(f"probe_{what}"):
        names, (first, second) = c.codes(f"probe_{what}", f"gallery_{what}")
    else:
        return [], None
    try:
        found = labels(names)
    except ValueError:
        words = _("no picture has a {what}: the columns say nothing")
        c.notes.append(words.format(what=what))
        return [], None
    known = [str(name) for name in found.names]
    _note_alike(c, known, what)
    if what == "group" and EVERYONE in known:
        own = _("{name} (group)").format(name=EVERYONE)
        while own in known:
            own += "'"
        known[known.index(EVERYONE)] = own
        words = _("the group {name!r} is called {own!r} here: {name} is the row of all people")
        c.notes.append(words.format(name=EVERYONE, own=own))
    order = sorted(range(len(known)), key=_natural(known))
    place = np.full(len(known) + 1, -1, np.int64)  # the last for those without a label
    place[order] = np.arange(len(known))
    to = place[found.place]
    known = [known[i] for i in order]
    return known, _of_picture(c, pictures, (to[first], to[second]), named, known, what)


# ---- what is worth a sentence -------------------------------------------------------------------


def _note_alike(c: Columns, names: list[str], what: str) -> None:
    """Labels that are probably one, and are counted as two."""
    alike: dict[str, list[str]] = {}
    for name in names:
        same = "".join(unicodedata.normalize("NFKC", name).casefold().split())
        alike.setdefault(same, []).append(name)
    for found in alike.values():
        if len(found) > 1:
            words = _(
                "{names} differ only in capitals or blanks: each is counted as its own {what};"
                " if they are one, write them alike"
            )
            c.notes.append(words.format(names=", ".join(map(repr, sorted(found))), what=what))


def _note_names(c: Columns, pictures: list[str], people: bool) -> None:
    """Columns that were not used, and names that look as if a quote were missing."""
    broken = [name for name in pictures if "\n" in name]
    if broken:
        words = _("the names of {n:,} pictures go over several lines: is a quote missing?")
        c.notes.append(words.format(n=len(broken)))
    if not c.ignored:
        return
    words = _("columns that were not used: {names}")
    note = printable(words.format(names=", ".join(c.ignored)))
    for what, words in (
        ("person", _("; if {one} and {two} say who is in each picture, add {options}")),
        ("group", _("; if {one} and {two} say the group of each picture, add {options}")),
    ):
        here = people if what == "person" else c.has("group") or c.has("probe_group")
        found = guesses(c.ignored, (f"probe_{what}", f"gallery_{what}"))
        if not here and len(found) == 2:
            one, two = found
            note += words.format(one=one, two=two, options=renaming(found))
    c.notes.append(note)


def _codes_of_failure(scores: NDArray[np.float64]) -> list[str]:
    """Sentences on one score that many pairs have: -1, 0 or 999.

    Scores of a matcher rarely repeat, and its lowest stand close together; a code that stands for a
    failure does neither.
    """
    made = np.sort(scores[~np.isnan(scores)])
    if len(made) < 2:
        return []
    begins = np.flatnonzero(np.r_[True, made[1:] != made[:-1]])
    counts = np.diff(np.r_[begins, len(made)])
    values = made[begins]
    if len(counts) <= 20:
        return []
    advice = _(": it looks like a failure code; if it is one, add --failed-value={value:g}")
    out = []
    top = int(np.argmax(counts))
    rest = int(np.delete(counts, top).max())
    at_an_end = top in (0, len(counts) - 1)
    often = counts[top] >= max(ENOUGH_FOR_A_CODE, 10 * rest)
    if often and (at_an_end or counts[top] >= 0.01 * len(made)):
        words = _(
            "{value:g} stands in {n:,} of {all:,} pairs{where}, and no other score in more than"
            " {next:,}"
        )
        end = _(" and is the highest score") if top else _(" and is the lowest score")
        where = end if at_an_end else ""
        out.append(
            (words + advice).format(
                value=values[top], n=counts[top], all=len(scores), where=where, next=rest
            )
        )
    gaps = np.diff(values)
    alone = counts[0] >= ENOUGH_FOR_A_CODE and gaps[0] > gaps[1:].max()
    if alone and not (out and top == 0):
        words = _("{value:g} stands in {n:,} of {all:,} pairs, far below the next score, {next:g}")
        out.append(
            (words + advice).format(value=values[0], n=counts[0], all=len(scores), next=values[1])
        )
    return out


def _check_counts(pairs: PairList, distance: bool) -> None:
    """Both kinds of pairs, and scores the right way up."""
    for kind, one, scores, planned in (
        ("same_person 1", _("one person"), pairs.genuine, pairs.planned_mated),
        ("same_person 0", _("two people"), pairs.impostor, len(pairs) - pairs.planned_mated),
    ):
        if not scores.size:
            words = _(
                "{file} has no scored pair of {one} ({kind} in {n:,} of {all:,} lines{failed}): an"
                " audit needs pairs of one person and of two"
            )
            raise BadFile(
                words.format(
                    file=pairs.name,
                    one=one,
                    kind=kind,
                    n=planned,
                    all=len(pairs),
                    failed=_(", all failed") if planned else "",
                )
            )
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
        codes = _codes_of_failure(0.0 - pairs.scores if distance else pairs.scores)
        raise BadFile("; ".join([words.format(auc=found), *codes]))

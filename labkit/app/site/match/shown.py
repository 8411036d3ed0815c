"""Whom the page shows, at which thresholds, and how often these are wrong.

In: the bundled people of Anytown.  Out: :class:`Shown`: people with two photographs each, pairs of
photographs, and for each matcher its thresholds with their error rates.  Nothing is typed: people
are chosen by the rule of :func:`cases`, and every rate is counted on everybody of :data:`SHOWN_OF`.
"""

from __future__ import annotations

import functools
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from labkit import data
from labkit.base.files import read_checked, read_checksums
from labkit.matchers import Entry, get, network, sface
from labkit.measure.faces import threshold_cells
from labkit.measure.intervals import Interval, cluster_interval, fmr_of_people
from labkit.measure.scores import AllPairs, all_pairs, compare
from labkit.measure.thresholds import choose_threshold

CHOSEN_ON, SHOWN_OF = "anytown/dev", "anytown/eval"
ASKED = 1e-3
"""The FMR that the lab's own threshold was chosen for."""

MATCHERS = {"SFace": 2, "AnytownNet": 1}
"""Which matchers the page has, and how many pairs it shows of each kind that they get wrong."""

ORDINARY = 3
"""People who are shown because they come first, and not because something goes wrong."""

EACH = 2  # photographs of a person on the page
STEP = 0.02  # of the threshold


class Photo(NamedTuple):
    """One photograph on the page.

    Parameters
    ----------
    row
        Its place in the set.
    person
        Who is in it: a number from 0, in the order of the page.
    number
        Which of that person's photographs: a number from 0.
    """

    row: int
    person: int
    number: int


class Case(NamedTuple):
    """A pair of photographs on the page.

    Parameters
    ----------
    kind
        ``"false match"``, ``"miss"`` or ``"ordinary"``.
    matcher
        Whose error it is; empty for an ordinary pair.
    first, second
        Places of the photographs in the set.
    """

    kind: str
    matcher: str
    first: int
    second: int


@dataclass(frozen=True)
class Step:
    """A place of the threshold.

    Parameters
    ----------
    threshold
        A match is a similarity of at least this.
    fmr, fnmr
        Of everybody of :data:`SHOWN_OF`, with intervals by people.
    """

    threshold: float
    fmr: Interval
    fnmr: Interval


@dataclass(frozen=True)
class Judged:
    """A matcher: what it makes of the people shown, and what each threshold gets wrong.

    Parameters
    ----------
    entry
        Its entry in the registry.
    own
        The lab's own threshold, chosen on :data:`CHOSEN_ON` for :data:`ASKED`.
    library
        The threshold that comes with it; ``None`` where there is none.
    steps
        Places of the threshold, ascending; ``own`` and ``library`` are among them.
    similarities
        Of each photograph shown with each, by Python, shape (k, k).
    """

    entry: Entry
    own: float
    library: float | None
    steps: Sequence[Step] = field(repr=False)
    similarities: NDArray[np.float64] = field(repr=False)


@dataclass(frozen=True)
class Shown:
    """Everything that the page shows of the bundled people.

    Parameters
    ----------
    photos
        Ordered by person.
    cases
        Pairs of them.
    judged
        By the matcher's name.
    """

    photos: Sequence[Photo]
    cases: Sequence[Case]
    judged: dict[str, Judged]


@functools.cache
def shown() -> Shown:
    """Whom the page shows; computed once (about a minute: AnytownNet describes two sets)."""
    pairs = {name: _pairs(name, SHOWN_OF) for name in MATCHERS}
    chosen = list(cases(pairs))
    photos = _photos(chosen)
    rows = [photo.row for photo in photos]
    judged = {name: _judged(name, pairs[name], rows) for name in MATCHERS}
    return Shown(photos, chosen, judged)


def cases(pairs: dict[str, AllPairs]) -> Iterator[Case]:
    """The rule: who is shown, and in which pairs.  Nobody is in two cases.

    For each matcher, in the order of :data:`MATCHERS`: the pairs of different people whose
    photographs are most alike to it, then the people of whom two photographs are least alike.
    Then the first people of the set who are not shown yet, with the first two photographs that
    keep their styling.  A photograph in which a detector finds no face is passed over.

    Parameters
    ----------
    pairs
        Everybody of :data:`SHOWN_OF` with everybody, by each matcher.
    """
    faces = _faces(SHOWN_OF)
    usable = np.all([p.usable for p in pairs.values()], axis=0)
    taken: set[int] = set()
    for name, many in MATCHERS.items():
        part = pairs[name].select(usable)
        for kind, found in (("false match", _alike(part)), ("miss", _unlike(part))):
            left = many
            for first, second in found:
                people = {int(faces.of("person")[row]) for row in (first, second)}
                if people & taken or not left:
                    continue
                taken |= people
                left -= 1
                yield Case(kind, name, first, second)
    yield from _ordinary(faces, usable, taken)


def _alike(pairs: AllPairs, looked: int = 400) -> Iterator[tuple[int, int]]:
    """Photographs of different people, the most alike first."""
    highest = pairs.highest(looked)
    yield from zip(highest["image_1"].tolist(), highest["image_2"].tolist(), strict=True)


def _unlike(pairs: AllPairs) -> Iterator[tuple[int, int]]:
    """Two photographs of one person, the least alike first."""
    where: NDArray[Any] = np.argwhere(
        (pairs.people[:, None] == pairs.people) & ~np.tri(len(pairs), dtype=bool)
    )
    scores = pairs.matrix[where[:, 0], where[:, 1]]
    for k in np.argsort(scores, kind="stable"):
        yield int(pairs.images[where[k, 0]]), int(pairs.images[where[k, 1]])


def _ordinary(faces: data.FaceSet, usable: NDArray[np.bool_], taken: set[int]) -> Iterator[Case]:
    kept = faces.images["styling_kept"].to_numpy().astype(bool) & usable
    rest = [person for person in faces.people.index if int(person) not in taken]
    left = ORDINARY
    for person in rest:
        rows = np.flatnonzero((faces.of("person") == person) & kept)
        if left and len(rows) > 1:
            left -= 1
            yield Case("ordinary", "", int(rows[0]), int(rows[1]))


def _photos(chosen: Sequence[Case]) -> list[Photo]:
    """Two photographs of everybody: those of the cases, then the first others."""
    faces = _faces(SHOWN_OF)
    who, found = faces.of("person"), faces.images["status"].to_numpy() == "ok"
    rows: dict[int, list[int]] = {}
    for case in chosen:
        for row in (case.first, case.second):
            rows.setdefault(int(who[row]), []).append(row)
    out = []
    for place, (person, own) in enumerate(rows.items()):
        others = [int(r) for r in np.flatnonzero((who == person) & found) if int(r) not in own]
        wanted = sorted([*own, *others][:EACH])
        out += [Photo(row, place, number) for number, row in enumerate(wanted)]
    return out


# ---- thresholds ---------------------------------------------------------------------------------


def _judged(name: str, pairs: AllPairs, rows: Sequence[int]) -> Judged:
    entry = get(name)
    faces = _faces(CHOSEN_ON)
    own = choose_threshold(_pairs(name, CHOSEN_ON), ASKED, cells=threshold_cells(faces)).value
    library = sface.COSINE if name == "SFace" else None
    named = [own] if library is None else [own, library]
    at = sorted({*_grid(pairs.low, pairs.high), *named})
    steps = [Step(t, *found) for t, found in zip(at, rates(pairs, at), strict=True)]
    return Judged(entry, own, library, steps, _similarities(entry, rows))


def _grid(low: float, high: float) -> list[float]:
    first, last = int(np.floor(low / STEP)), int(np.ceil(high / STEP))
    return [round(k * STEP, 6) for k in range(first, last + 1)]


def rates(pairs: AllPairs, thresholds: Sequence[float]) -> Iterator[tuple[Interval, Interval]]:
    """FMR and FNMR at each of some thresholds, with intervals by people.

    Parameters
    ----------
    pairs
        Everybody with everybody.
    thresholds
        Ascending.
    """
    false, made = _false_matches(pairs, thresholds)
    best = pairs.pair_highest()
    compared = int((best > -np.inf).sum()) // 2
    for k, threshold in enumerate(thresholds):
        erring = int((best >= np.float32(threshold)).sum()) // 2
        mated = pairs.mated_counts(threshold)
        yield (
            fmr_of_people(false[k], made, compared, erring),
            cluster_interval(mated.missed, mated.made, "misses"),
        )


def _false_matches(
    pairs: AllPairs, thresholds: Sequence[float]
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """False matches of each person at each threshold, (t, people); comparisons of each person.

    All thresholds in one pass over the scores, where one pass for each takes a minute.
    """
    place = np.unique(pairs.people, return_inverse=True)[1]
    people, steps = int(place.max()) + 1, len(thresholds) + 1
    cuts = np.asarray(thresholds, np.float32)
    counted = np.zeros(people * steps, np.int64)
    for rows, block, counts in pairs.impostor_blocks():
        i, j = np.nonzero(counts)
        above = np.searchsorted(cuts, block[i, j], side="right")  # how many it is at or above
        for ends in (place[i + rows.start], place[j + rows.start]):
            counted += np.bincount(ends * steps + above, minlength=people * steps)
    table = counted.reshape(people, steps)
    reached = np.cumsum(table[:, ::-1], axis=1)[:, ::-1]
    return reached[:, 1:].T, reached[:, 0]


def _similarities(entry: Entry, rows: Sequence[int]) -> NDArray[np.float64]:
    """Of the photographs shown, described anew: what is stored of SFace has 11 binary digits."""
    faces = _faces(SHOWN_OF)
    if entry.name == "SFace":
        found = sface.SFaceMatcher(progress=False).transform([faces.pictures[r] for r in rows])
    else:
        found = _templates(entry.name, SHOWN_OF)[list(rows)]
    return np.asarray(compare(found, found, entry.measure))


def _pairs(name: str, of: str) -> AllPairs:
    return all_pairs(_templates(name, of), _faces(of).of("person"), get(name).measure)


@functools.cache
def _templates(name: str, of: str) -> NDArray[np.float32]:
    return get(name).templates(_faces(of))


@functools.cache
def _faces(name: str) -> data.FaceSet:
    return data.load(name)


# ---- pictures -----------------------------------------------------------------------------------


def stored(row: int) -> bytes:
    """The file of a photograph of :data:`SHOWN_OF`, as it is shipped."""
    root, part = SHOWN_OF.split("/")
    folder = data.data_folder() / root
    file = _faces(SHOWN_OF).images["file"].iloc[row]
    return read_checked(folder, f"{part}/{file}", read_checksums(folder))


def chip(row: int) -> NDArray[np.uint8]:
    """What AnytownNet is given of a photograph: dlib found the face when the set was made."""
    return network.chips_of(_faces(SHOWN_OF), slice(row, row + 1))[0]

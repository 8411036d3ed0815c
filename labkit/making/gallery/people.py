"""Who stands in the galleries, and who is searched for in them.

In: the seeds below.  Out: people in one fixed order; nothing is drawn here.

There is one pool of people, each band of it in one random order.  A gallery of ``n`` people with a
make-up is the first people of each band, so many as its share of ``n``: smaller galleries are parts
of larger ones, and galleries of different make-up share whom they can.  The make-ups are choices,
made before anybody was matched: nobody was counted for them.
"""

from __future__ import annotations

import functools
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from labkit.data import GALLERY_SIZE, MAKE_UPS, MATES, shares
from labkit.making.plans import BANDS, HALVES, Plan, band, choose, half
from labkit.people.who import sample_person
from labkit.people.who.person import Person

ROOM = 22  # this module's number in the seeds
POOL = Plan("pool", 2_000_000, 0, 1, pictures=False)
DEV = Plan("dev", 2_200_000, 100, 2, pictures=False)
COUNCIL = Plan("council", 2_300_000, 90, 2, pictures=False)
MEMBERS = 535
"""Council members: the first of the 540 that fill the cells of :data:`COUNCIL`."""


@dataclass(frozen=True)
class Sitting:
    """One person's photographs for the gallery.

    Parameters
    ----------
    role
        ``pool``, ``dev`` or ``council``.
    place
        Place within the role, from 0; in the pool: within the band.
    person
        Whose they are.
    photos
        How many.
    """

    role: str
    place: int
    person: Person
    photos: int


def needed() -> tuple[int, int, int]:
    """People of each band in the pool: as many as the gallery that has most of them."""
    most = [max(of) for of in zip(*(shares(name, GALLERY_SIZE) for name in MAKE_UPS), strict=True)]
    return most[0], most[1], most[2]


@functools.lru_cache(maxsize=1)
def pool() -> tuple[tuple[Person, ...], ...]:
    """The people of each band in their fixed order.

    In every band as many come from each half of presentation (or one more from the lower one).
    """
    room = {
        (b, side): (n + (1 - k)) // 2
        for b, n in zip(BANDS, needed(), strict=True)
        for k, side in enumerate(HALVES)
    }
    found: dict[str, list[Person]] = {name: [] for name in BANDS}
    seed = POOL.start
    while any(room.values()):
        person = sample_person(seed)
        key = (band(person.tone), half(person.presentation))
        if room[key]:
            room[key] -= 1
            found[key[0]].append(person)
        seed += 1
    return tuple(
        tuple(found[name][k] for k in order(number, len(found[name])))
        for number, name in enumerate(BANDS)
    )


def order(number: int, n: int) -> NDArray[np.int64]:
    """A fixed random order of the people of a band."""
    return np.random.default_rng([ROOM, number]).permutation(n)


def mates() -> tuple[int, int, int]:
    """How many of each band, first in their order, have a second photograph."""
    return shares("balanced", MATES)


@functools.lru_cache(maxsize=1)
def sittings() -> tuple[Sitting, ...]:
    """Everybody who is photographed: who is searched for first, then the pool by its order.

    The bands of the pool take turns, so that whoever stops early has small galleries of all
    make-ups.
    """
    out = [Sitting("dev", k, person, DEV.photos) for k, person in enumerate(choose(DEV))]
    members = choose(COUNCIL)[:MEMBERS]
    out += [Sitting("council", k, person, COUNCIL.photos) for k, person in enumerate(members)]
    two = mates()
    rows = [
        (place / len(of), number, place, person)
        for number, of in enumerate(pool())
        for place, person in enumerate(of)
    ]
    for _, number, place, person in sorted(rows, key=lambda row: row[:3]):
        out.append(Sitting("pool", place, person, 2 if place < two[number] else 1))
    return tuple(out)

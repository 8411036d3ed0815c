"""Who the networks learn from: invented people that no other set has, and how they are mixed.

In: nothing.  Out: three pools of people, and for each network the people it is trained on.

Each training of a mix draws from a pool of its own, so a repetition has OTHER PEOPLE and other
first weights.  Within one pool the mixes share people, which makes their differences those of the
mix: whoever is among the 10% is also among the 25%.  Only the bands' shares differ between mixes;
in every band as many people come from each half of presentation, and all are photographed by the
rules of all sets (:mod:`labkit.making.plans`).
"""

from __future__ import annotations

import functools
from collections.abc import Mapping
from dataclasses import dataclass

from labkit.making.plans import BANDS, HALVES, Plan, band, choose, half
from labkit.people.who.person import Person

START, STEP = 1_000_000, 100_000
"""First person seed of the first pool, and from one pool to the next."""
TRAININGS = 3
PHOTOS = 5
CELL = 288
"""People of a half of presentation in the lighter and the darker band of a pool."""
MIDDLE = 139
"""The same in the medium band, which only the mix of thirds needs."""

POOLS: tuple[Plan, ...] = tuple(
    Plan(f"nets-{k}", START + k * STEP, CELL, PHOTOS, pictures=False) for k in range(TRAININGS)
)


@dataclass(frozen=True)
class Mix:
    """A recipe of training people.

    Parameters
    ----------
    name
        In tables and file names.
    people
        How many of each band, in the order of :data:`labkit.making.plans.BANDS`.
    pools
        From how many pools together; 1 except for the largest network.
    grey
        Whether the pictures lose their colours.
    odd
        Share of people with an odd seed; ``None`` where nobody looks at that.
    """

    name: str
    people: tuple[int, int, int]
    pools: int = 1
    grey: bool = False
    odd: float | None = None

    @property
    def total(self) -> int:
        """People in all."""
        return sum(self.people)

    @property
    def darker(self) -> float:
        """Share of the darker band."""
        return self.people[2] / self.total


MIXES: Mapping[str, Mix] = {
    mix.name: mix
    for mix in (
        Mix("90-10", (576, 0, 64)),
        Mix("75-25", (480, 0, 160)),
        Mix("50-50", (320, 0, 320)),
        Mix("25-75", (160, 0, 480)),
        Mix("10-90", (64, 0, 576)),
        Mix("thirds", (214, 214, 214)),
        Mix("odd", (276, 0, 276), odd=0.9),
        Mix("thirds-160", (54, 54, 54)),
        Mix("thirds-2500", (834, 834, 834), pools=TRAININGS),
        Mix("grey-90-10", (576, 0, 64), grey=True),
        Mix("grey-10-90", (64, 0, 576), grey=True),
    )
}
"""Lighter : medium : darker.  Names of two numbers are shares of lighter and darker, in percent."""

CONTROLS = ("odd", "thirds-160", "grey-90-10", "grey-10-90")
"""Of these the file of the first training is shipped; of the others' only what they got wrong."""


@functools.lru_cache(maxsize=4)
def pool(k: int) -> tuple[Person, ...]:
    """Everybody in a pool who is photographed, in the order of their seeds."""
    seen = dict.fromkeys(HALVES, 0)
    out = []
    for person in choose(POOLS[k]):
        if band(person.tone) == "medium":
            seen[half(person.presentation)] += 1
            if seen[half(person.presentation)] > MIDDLE:
                continue
        out.append(person)
    return tuple(out)


def people_of(mix: Mix, training: int) -> list[Person]:
    """The people a network is trained on, in the order of their seeds.

    Parameters
    ----------
    mix
        One of :data:`MIXES`.
    training
        0, 1 or 2: which repetition; with several pools 0.

    Raises
    ------
    ValueError
        For a repetition that does not exist.

    Examples
    --------
    >>> len(MIXES), MIXES["thirds"].total
    (11, 642)
    """
    last = TRAININGS // mix.pools
    if not 0 <= training < last:
        raise ValueError(f"{mix.name} has trainings 0 to {last - 1}: {training} is none of them")
    out: list[Person] = []
    for k in range(training, training + mix.pools):
        for name, wanted in zip(BANDS, mix.people, strict=True):
            for side in HALVES:
                cell = [p for p in pool(k) if band(p.tone) == name and half(p.presentation) == side]
                out += _taken(cell, wanted // (len(HALVES) * mix.pools), mix.odd)
    return sorted(out, key=lambda person: person.seed)


def _taken(cell: list[Person], n: int, odd: float | None) -> list[Person]:
    """The first n of a cell; with ``odd``, that share of them with an odd seed."""
    if odd is None:
        return cell[:n]
    many = round(odd * n)
    first = [p for p in cell if p.seed % 2][:many]
    return first + [p for p in cell if not p.seed % 2][: n - many]

"""An invented city: who lives there, where they go in two weeks, which cameras they pass.

In: how regular routines are, how many cameras hang, a seed.  Out: passages: who walked past which
camera in which minute.  An **illustration**: every number about it follows from what is assumed
here.  Nobody in it exists; routes are lines on a grid, days are drawn by lot.

What is assumed, all of it: a grid of street corners; households, jobs, a school, shops, three
places of worship, two clinics, a square; a protest on the first Saturday; a walk of one corner a
minute along one street and then the other; pairs of people who spend an evening together; visitors
who come in by four roads; the first camera on the square, the others by lot, the middle sooner.
:data:`ROUTINES` and :data:`CAMERAS` are its two dials; the third, the matcher, is
:mod:`labkit.street.recognised`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from labkit.base.words import _

WIDTH, HEIGHT = 24, 16
"""Street corners from west to east and from north to south."""
DAYS, DAY = 14, 1440
"""Days, from a Monday on, and minutes of one."""
RESIDENTS, VISITORS = 2000, 400
"""Who lives in the city, all of them in its register, and who only comes there, in no register."""
LOOKS = 8
"""Different photographs that cameras get of one person: see :mod:`labkit.street.recognised`."""

LEVELS = ("low", "middle", "high")
"""The levels of each dial."""
MIDDLE = "middle"


class Routine(NamedTuple):
    """How regular days are."""

    kept: float
    """Chance that something usual (a way to work, a service, an evening) happens on its day."""
    spread: float
    """Standard deviation of the time at which somebody leaves, in minutes."""


ROUTINES: Mapping[str, Routine] = {
    "low": Routine(0.5, 60),
    "middle": Routine(0.75, 25),
    "high": Routine(0.95, 8),
}
CAMERAS: Mapping[str, int] = {"low": 10, "middle": 30, "high": 90}
"""Cameras at so many corners; each level keeps those of the level below."""

WORSHIP = ("worship 1", "worship 2", "worship 3")
CLINICS = ("clinic 1", "clinic 2")
SQUARE, SCHOOL = "square", "school"
SHOPS = tuple(f"shop {k + 1}" for k in range(8))
WORKS = tuple(f"work {k + 1}" for k in range(12))
ROADS = tuple(f"road {k + 1}" for k in range(4))
PLACES = (*WORSHIP, *CLINICS, SQUARE, SCHOOL, *SHOPS, *WORKS, *ROADS)
"""Every place by name; its number is its place in this list."""
SENSITIVE = (*WORSHIP, *CLINICS)
"""Places where a visit says something that people may want to keep to themselves."""

SERVICES = {"worship 1": (6, 11 * 60), "worship 2": (5, 11 * 60), "worship 3": (4, 19 * 60 + 40)}
"""Day of the week (0 is Monday) and minute at which somebody sets out for a service."""
SERVICE = 75
"""Minutes of a service, and of a visit to a clinic half of it."""
EVENINGS = (1, 3)
"""Days of the week on which pairs spend the evening together."""
CLINIC_DAYS, CLINIC_AT = (0, 2), 18 * 60 + 55
"""Days of the week of clinics, and the minute around which people set out for one."""
PROTEST = (5, 14 * 60 + 30, 120)
"""Day, minute at which people set out, and minutes they stay."""

WORKING, SCHOOLED, BELIEVING = 0.55, 0.15, 0.5
"""Shares of the residents who work, go to school, and go to services."""
PROTESTING, ILL, PAIRED = 0.1, 0.1, 0.6
"""Shares who join the protest, visit a clinic in the two weeks, and spend evenings with one other
person."""
HOUSEHOLDS = (0.3, 0.35, 0.15, 0.2)
"""Shares of households of one to four people."""

Ints = NDArray[np.int32]


def assumed() -> str:
    """What belongs beside every number about the city."""
    return _("Illustration: an invented city. Every number follows from what is assumed about it.")


class Hours(NamedTuple):
    """When there is something to visit: days of the two weeks, first and last minute of a day."""

    days: tuple[int, ...]
    first: int
    last: int


def hours(place: str) -> Hours:
    """When a service, a clinic or the protest is, with an hour to come and to go.

    Raises
    ------
    ValueError
        For a place that has no hours.

    Examples
    --------
    >>> hours("worship 1").days, hours("square").days
    ((6, 13), (5,))
    """
    if place == SQUARE:
        day, begin, stay = PROTEST
        return Hours((day,), begin - 30, begin + stay + 90)
    if place in SERVICES:
        weekday, begin = SERVICES[place]
        return Hours((weekday, weekday + 7), begin - 30, begin + SERVICE + 90)
    if place in CLINICS:
        days = tuple(d for d in range(DAYS) if d % 7 in CLINIC_DAYS)
        return Hours(days, CLINIC_AT - 30, CLINIC_AT + SERVICE // 2 + 90)
    raise ValueError(f"{place!r} has no hours: use {', '.join((*SENSITIVE, SQUARE))}")


def corner(x: Any, y: Any) -> Any:
    """The number of a corner.

    Examples
    --------
    >>> corner(2, 1), tuple(int(v) for v in xy(26))
    (26, (2, 1))
    """
    return y * WIDTH + x


def xy(corners: Any) -> tuple[Any, Any]:
    """Places of corners: from the west and from the north."""
    return np.asarray(corners) % WIDTH, np.asarray(corners) // WIDTH


def blocks(a: Any, b: Any) -> Any:
    """Blocks to walk from one corner to another; arrays of corners as well.

    Examples
    --------
    >>> int(blocks(corner(2, 1), corner(5, 3)))
    5
    """
    (ax, ay), (bx, by) = xy(a), xy(b)
    return abs(ax - bx) + abs(ay - by)


def corner_name(number: int) -> str:
    """A corner in letters from west to east and numbers from north to south.

    Examples
    --------
    >>> corner_name(0), corner_name(corner(12, 8))
    ('A1', 'M9')
    """
    return f"{chr(ord('A') + number % WIDTH)}{number // WIDTH + 1}"


def weekdays() -> list[str]:
    """The days of the week, Monday first."""
    return [
        _("Monday"),
        _("Tuesday"),
        _("Wednesday"),
        _("Thursday"),
        _("Friday"),
        _("Saturday"),
        _("Sunday"),
    ]


def clock(minute: int) -> str:
    """A minute of the two weeks in words.

    Examples
    --------
    >>> clock(0), clock(5 * 1440 + 15 * 60 + 5)
    ('Monday 1, 00:00', 'Saturday 1, 15:05')
    """
    day, rest = divmod(int(minute), DAY)
    return f"{weekdays()[day % 7]} {day // 7 + 1}, {rest // 60:02d}:{rest % 60:02d}"


@dataclass(frozen=True)
class Passages:
    """Who walked past which camera in which minute, in order of time; arrays of one length.

    Parameters
    ----------
    person
        Number of a resident, or ``RESIDENTS`` and more for a visitor.
    corner
        Where.
    minute
        Minutes since the first Monday began.
    look
        Which of the person's photographs the camera got, ``0`` to ``LOOKS - 1``, by lot.
    """

    person: Ints
    corner: Ints
    minute: Ints
    look: Ints

    def __len__(self) -> int:
        return len(self.person)

    def __getitem__(self, chosen: Any) -> Passages:
        return Passages(
            self.person[chosen], self.corner[chosen], self.minute[chosen], self.look[chosen]
        )


@dataclass(frozen=True)
class Trips:
    """Walks from corner to corner: who, when, from where, to where, along which street first."""

    person: Ints
    minute: Ints
    start: Ints
    end: Ints
    across: NDArray[np.bool_]


class City:
    """One invented city with its two weeks.

    Parameters
    ----------
    routine
        ``"low"``, ``"middle"`` or ``"high"``, see :data:`ROUTINES`.
    seed
        Of the city; the same people and places at every level of the routine.
    residents, visitors
        How many of each.

    Attributes
    ----------
    places
        The corner of each of :data:`PLACES`.
    home, household
        The corner where each resident lives, and with whom.
    work, worship, clinic
        Places of each resident as numbers in :data:`PLACES`, -1 for none.
    protests
        Who joins the protest.
    with_whom
        With whom evenings are spent, -1 for nobody.
    camera_order
        Corners in the order in which cameras are hung there.

    Raises
    ------
    ValueError
        For a level that the dial does not have.

    Examples
    --------
    >>> city = City(residents=200, visitors=20)
    >>> city, city.places["square"] == corner(12, 8)
    (City(routine='middle', seed=0, residents=200, visitors=20), True)
    >>> len(city.passages("low")) < len(city.passages("high"))
    True
    """

    def __init__(
        self,
        routine: str = MIDDLE,
        seed: int = 0,
        residents: int = RESIDENTS,
        visitors: int = VISITORS,
    ) -> None:
        known("routine", routine, ROUTINES)
        self.routine, self.seed = routine, seed
        self.residents, self.visitors = residents, visitors
        self.places: dict[str, int] = _places(np.random.default_rng([seed, 1]))
        self._people(np.random.default_rng([seed, 2]))
        self.camera_order: Ints = _hung(np.random.default_rng([seed, 3]))

    def __repr__(self) -> str:
        return (
            f"City(routine={self.routine!r}, seed={self.seed}, residents={self.residents},"
            f" visitors={self.visitors})"
        )

    def _people(self, rng: np.random.Generator) -> None:
        n = self.residents
        sizes = rng.choice(4, size=n, p=HOUSEHOLDS) + 1
        household = np.repeat(np.arange(n), sizes)[:n].astype(np.int32)
        self.household: Ints = rng.permutation(household)
        x, y = xy(np.arange(WIDTH * HEIGHT))
        weights = 1 + np.hypot(x - WIDTH / 2, y - HEIGHT / 2)  # homes lie away from the middle
        homes = rng.choice(WIDTH * HEIGHT, size=n, p=weights / weights.sum())
        self.home: Ints = homes[self.household].astype(np.int32)
        lot = rng.random(n)
        jobs = rng.choice([PLACES.index(w) for w in WORKS], size=n)
        jobs = np.where(lot < WORKING, jobs, -1)
        pupil = (lot >= WORKING) & (lot < WORKING + SCHOOLED)
        self.work: Ints = np.where(pupil, PLACES.index(SCHOOL), jobs).astype(np.int32)
        self.worship: Ints = _some(rng, n, BELIEVING, WORSHIP)
        self.clinic: Ints = _some(rng, n, ILL, CLINICS)
        self.protests: NDArray[np.bool_] = rng.random(n) < PROTESTING
        self.with_whom: Ints = np.full(n, -1, np.int32)
        pairs = rng.permutation(n)[: 2 * int(PAIRED * n / 2)].reshape(-1, 2)
        self.with_whom[pairs[:, 0]], self.with_whom[pairs[:, 1]] = pairs[:, 1], pairs[:, 0]

    @property
    def people(self) -> int:
        """Residents and visitors."""
        return self.residents + self.visitors

    @cached_property
    def corner_of(self) -> Ints:
        """The corner of each place of :data:`PLACES`."""
        return np.array([self.places[name] for name in PLACES], np.int32)

    @cached_property
    def _days(self) -> tuple[Trips, NDArray[np.bool_]]:
        return _Days(self).trips()

    @property
    def trips(self) -> Trips:
        """Every walk of the two weeks."""
        return self._days[0]

    @property
    def stayed(self) -> NDArray[np.bool_]:
        """Who was at which place at least once: residents x :data:`PLACES`."""
        return self._days[1]

    @cached_property
    def _all(self) -> Passages:
        return _walked(self.trips, self.camera_order[: max(CAMERAS.values())], self.seed)

    def cameras(self, level: str = MIDDLE) -> Ints:
        """The corners at which cameras hang."""
        known("cameras", level, CAMERAS)
        return self.camera_order[: CAMERAS[level]]

    def passages(self, cameras: str = MIDDLE) -> Passages:
        """Everybody's passages past the cameras of one level, in order of time.

        Raises
        ------
        ValueError
            For a level that the dial does not have.
        """
        hung = np.zeros(WIDTH * HEIGHT, bool)
        hung[self.cameras(cameras)] = True
        return self._all[hung[self._all.corner]]


def known(dial: str, level: str, levels: Mapping[str, Any]) -> None:
    """Refuse a level that a dial does not have.

    Raises
    ------
    ValueError
        With its levels.
    """
    if level not in levels:
        raise ValueError(f"the dial {dial!r} has no level {level!r}: use {', '.join(levels)}")


def _some(rng: np.random.Generator, n: int, share: float, names: tuple[str, ...]) -> Ints:
    """A place for some of the people, -1 for the others."""
    chosen = rng.choice([PLACES.index(name) for name in names], size=n)
    return np.where(rng.random(n) < share, chosen, -1).astype(np.int32)


def _places(rng: np.random.Generator) -> dict[str, int]:
    """A corner for each place: the square in the middle, roads at the edges, the rest by lot."""
    middle = (WIDTH // 2, HEIGHT // 2)
    edges = ((0, middle[1]), (WIDTH - 1, middle[1]), (middle[0], 0), (middle[0], HEIGHT - 1))
    taken = {SQUARE: corner(*middle), **{r: corner(*e) for r, e in zip(ROADS, edges, strict=True)}}
    free = np.setdiff1d(np.arange(WIDTH * HEIGHT), list(taken.values()))
    lots = rng.permutation(free).tolist()
    others = [name for name in PLACES if name not in taken]
    return taken | dict(zip(others, lots[: len(others)], strict=True))


def _hung(rng: np.random.Generator) -> Ints:
    """Corners in the order in which they get a camera: the square, then by lot."""
    x, y = xy(np.arange(WIDTH * HEIGHT))
    far = np.hypot((x - WIDTH / 2) / WIDTH, (y - HEIGHT / 2) / HEIGHT)
    # The lot of Efraimidis and Spirakis (2006): the largest u^(1/w) first.
    lots = np.log(rng.random(len(far))) / np.exp(-3 * far)
    lots[corner(WIDTH // 2, HEIGHT // 2)] = 0
    return np.argsort(-lots, kind="stable").astype(np.int32)


class _Days:
    """Draws everybody's days: blocks of walks that do not overlap, each for all who take part."""

    def __init__(self, city: City) -> None:
        self.city = city
        self.routine = ROUTINES[city.routine]
        self.rng = np.random.default_rng([city.seed, 4])
        self.blocks: list[tuple[Any, ...]] = []
        self.stayed = np.zeros((city.residents, len(PLACES)), bool)
        lots = np.random.default_rng([city.seed, 5])
        n = city.residents
        self.usual_street = lots.random(city.people) < 0.5
        self.usual_start = lots.normal(0, 35, n)
        self.usual_shop = lots.choice([PLACES.index(s) for s in SHOPS], size=n)

    def trips(self) -> tuple[Trips, NDArray[np.bool_]]:
        """Every walk, and who was where."""
        for day in range(DAYS):
            if day % 7 < 5:
                self.workday(day)
            self.shopping(day)
            self.service(day)
            if day % 7 in EVENINGS:
                self.evening(day)
            if day == PROTEST[0]:
                self.protest(day)
            self.visits(day)
        self.clinic()
        parts = [np.concatenate([b[k] for b in self.blocks]) for k in range(5)]
        who, minute, start, end, across = parts
        return Trips(
            who.astype(np.int32),
            minute.astype(np.int32),
            start.astype(np.int32),
            end.astype(np.int32),
            across.astype(bool),
        ), self.stayed

    def chance(self, n: int, share: float | None = None) -> NDArray[np.bool_]:
        """Who of n people does what is usual."""
        return self.rng.random(n) < (self.routine.kept if share is None else share)

    def walk(self, who: Any, minute: Any, start: Any, end: Any, across: Any = None) -> None:
        """Walks from corner to corner; usually along the usual street first."""
        if across is None:
            kept = self.chance(len(who))
            across = np.where(kept, self.usual_street[who], ~self.usual_street[who])
        block = np.broadcast_arrays(who, np.round(minute), start, end, across)
        self.blocks.append(tuple(block))

    def there_and_back(self, who: Any, place: Any, leave: Any, stay: Any, base: Any) -> None:
        """From a corner to a place, a stay, and back."""
        to = self.city.corner_of[place]
        self.walk(who, leave, base, to)
        self.walk(who, leave + blocks(base, to) + stay, to, base)
        local = who < self.city.residents
        self.stayed[who[local], np.broadcast_to(place, who.shape)[local]] = True

    def when(self, day: int, minute: float, who: Any, spread: float = 1) -> Any:
        """A time around a minute of the day."""
        return day * DAY + minute + self.rng.normal(0, spread * self.routine.spread, len(who))

    def workday(self, day: int) -> None:
        """To work or school and back; on some days somewhere else instead."""
        city = self.city
        with_work = np.flatnonzero(city.work >= 0)
        usual = self.chance(len(with_work))
        who = with_work[usual]
        leave = self.when(day, 7.5 * 60, who) + self.usual_start[who]
        stay = 8 * 60 + self.rng.normal(0, 10, len(who))
        self.there_and_back(who, city.work[who], leave, stay, city.home[who])
        other = np.concatenate([with_work[~usual], np.flatnonzero(city.work < 0)])
        other = other[self.chance(len(other), 0.7)]
        somewhere = self.rng.integers(0, WIDTH * HEIGHT, len(other))
        leave = day * DAY + self.rng.uniform(8 * 60, 13 * 60, len(other))
        self.walk(other, leave, city.home[other], somewhere)
        back = leave + blocks(city.home[other], somewhere) + self.rng.uniform(60, 180, len(other))
        self.walk(other, back, somewhere, city.home[other])

    def shopping(self, day: int) -> None:
        """Some go to a shop, mostly their usual one."""
        weekday = day % 7 < 5
        who = np.flatnonzero(self.chance(self.city.residents, 0.25 if weekday else 0.5))
        any_shop = self.rng.choice([PLACES.index(s) for s in SHOPS], size=len(who))
        shop = np.where(self.chance(len(who)), self.usual_shop[who], any_shop)
        leave = self.when(day, 17.9 * 60 if weekday else 8.5 * 60, who, 0.3)
        self.there_and_back(
            who, shop, leave, self.rng.uniform(15, 30, len(who)), self.city.home[who]
        )

    def service(self, day: int) -> None:
        """Services of the day: a fixed hour, so people arrive within minutes of each other."""
        for name, (weekday, minute) in SERVICES.items():
            if day % 7 != weekday:
                continue
            place = PLACES.index(name)
            who = np.flatnonzero(self.city.worship == place)
            who = who[self.chance(len(who))]
            leave = self.when(day, minute, who, 0.2)
            self.there_and_back(who, place, leave, SERVICE, self.city.home[who])

    def evening(self, day: int) -> None:
        """Pairs meet at one's home, go out together, come back together."""
        city = self.city
        first = np.flatnonzero(city.with_whom > np.arange(city.residents))
        first = first[self.chance(len(first))]
        second = city.with_whom[first]
        leave = self.when(day, 20 * 60, first, 0.3)
        host, guest = city.home[first], city.home[second]
        self.walk(second, leave - blocks(host, guest) - 5, guest, host)
        shop = self.rng.choice([PLACES.index(s) for s in SHOPS], size=len(first))
        to = city.corner_of[shop]
        back = leave + blocks(host, to) + 75
        across = self.usual_street[first]
        for who in (first, second):
            self.walk(who, leave, host, to, across)
            self.walk(who, back, to, host, across)
        self.walk(second, back + blocks(to, host) + 5, host, guest)

    def protest(self, day: int) -> None:
        """The protest on the square."""
        who = np.flatnonzero(self.city.protests)
        leave = self.when(day, PROTEST[1], who, 0.3)
        stay = PROTEST[2] + self.rng.normal(0, 10, len(who))
        self.there_and_back(who, PLACES.index(SQUARE), leave, stay, self.city.home[who])

    def clinic(self) -> None:
        """Each visit to a clinic, once in the two weeks, on the evening of a working day."""
        who = np.flatnonzero(self.city.clinic >= 0)
        day = self.rng.choice([d for d in range(DAYS) if d % 7 in CLINIC_DAYS], size=len(who))
        leave = day * DAY + CLINIC_AT + self.rng.normal(0, 15, len(who))
        place = self.city.clinic[who]
        self.there_and_back(who, place, leave, SERVICE / 2, self.city.home[who])

    def visits(self, day: int) -> None:
        """Visitors come in by a road, stay some hours at a place of work or a shop, and leave."""
        city = self.city
        who = city.residents + np.flatnonzero(self.chance(city.visitors, 0.5))
        road = city.corner_of[self.rng.choice([PLACES.index(r) for r in ROADS], size=len(who))]
        place = self.rng.choice([PLACES.index(p) for p in (*WORKS, *SHOPS)], size=len(who))
        leave = day * DAY + self.rng.uniform(7 * 60, 14 * 60, len(who))
        self.there_and_back(who, place, leave, self.rng.uniform(60, 300, len(who)), road)


def _walked(trips: Trips, cameras: Ints, seed: int) -> Passages:
    """Every corner of every walk at which a camera hangs, one minute a corner."""
    hung = np.zeros(WIDTH * HEIGHT, bool)
    hung[cameras] = True
    (x0, y0), (x1, y1) = xy(trips.start), xy(trips.end)
    wide, deep = abs(x1 - x0), abs(y1 - y0)
    steps = wide + deep + 1
    of = np.repeat(np.arange(len(steps), dtype=np.int32), steps)
    first = np.cumsum(steps) - steps
    step = (np.arange(len(of)) - np.repeat(first, steps)).astype(np.int32)
    wide, deep = wide[of], deep[of]
    across = trips.across[of]
    # Along one street until it is done, then along the other.
    x_done = np.where(across, np.minimum(step, wide), np.clip(step - deep, 0, wide))
    y_done = step - x_done
    x = x0[of] + np.sign(x1 - x0)[of] * x_done
    y = y0[of] + np.sign(y1 - y0)[of] * y_done
    at = corner(x, y).astype(np.int32)
    minute = trips.minute[of] + step
    seen = hung[at] & (minute >= 0) & (minute < DAYS * DAY)
    who, at, minute = trips.person[of[seen]], at[seen], minute[seen].astype(np.int32)
    order = np.lexsort((at, who, minute))
    look = np.random.default_rng([seed, 6]).integers(0, LOOKS, len(order)).astype(np.int32)
    return Passages(who[order], at[order], minute[order], look)

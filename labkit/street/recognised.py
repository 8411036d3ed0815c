"""The matcher in the city: who is named at a passage, as often right and wrong as was measured.

In: the searches of the galleries (:func:`labkit.data.gallery`).  Out: for each person of a city and
each of their looks, who is named: they themselves, somebody else, nobody.

Nobody here was photographed at every passage.  Each resident *is* one enrolled face of the
register, in its tone band; what a camera gets of them is borrowed:

- Every resident has :data:`~labkit.street.city.LOOKS` searches, drawn by lot among those that the
  enrolled people of the same band made with a second photograph; every visitor as many among those
  of the council, who are enrolled nowhere.  Each passage repeats one of them, by lot: found, missed
  or taken for another as that search was.
- Who is then named is drawn once for each look, among residents of the band of the face that was
  really named, and about as easily taken for others (:data:`STEPS` steps).  So whoever passes is
  confused with the same few people again and again, and some residents are named by many.
- The threshold is chosen on the 600 people of ``dev``, who are enrolled nowhere.

Only the first of the list is named, and only at or above the threshold.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from labkit import data
from labkit.base.words import _
from labkit.gallery.index import Exact
from labkit.measure.searches import SearchThreshold, exact, fisher, fpir, search_threshold
from labkit.street.city import LOOKS, City

if TYPE_CHECKING:
    import pandas as pd

    from labkit.measure.intervals import Interval
    from labkit.measure.searches import Exact as Exactly

FPIR = 0.1
"""Share of searches by people in no register that may name somebody."""
STEPS = 20
"""Residents of a band are put in so many steps of how easily they are taken for others."""
LISTED = 10
"""Who is often among so many candidates is easily taken for others."""
MATCHERS = ("dlib", "SFace", "perfect")
"""The levels of the dial: two that were measured, and one that makes no error."""
NOBODY = -1


@dataclass(frozen=True)
class Searches:
    """What searches of one register came to.

    Parameters
    ----------
    matcher
        Its name.
    band
        Tone band of each enrolled face, shape (n,).
    easily
        How often each is among the candidates of somebody else, shape (n,).
    own, other, taken_for
        Of the enrolled people's second photographs: the score of their own face, the best score of
        another, and whose it is; shape (m,) each, NaN and -1 where no face was found.
    own_band
        Their bands.
    strangers, named, strangers_band
        Of people in no register: the best score, whose it is, and their own bands.
    threshold
        At or above it somebody is named.
    """

    matcher: str
    band: NDArray[Any]
    easily: NDArray[np.int64]
    own: NDArray[np.float64]
    other: NDArray[np.float64]
    taken_for: NDArray[np.int64]
    own_band: NDArray[Any]
    strangers: NDArray[np.float64]
    named: NDArray[np.int64]
    strangers_band: NDArray[Any]
    threshold: SearchThreshold

    @classmethod
    def of(cls, matcher: str, n: int, share: float = FPIR) -> Searches:
        """Those of the lab's galleries: a register of n people of the town.

        Parameters
        ----------
        matcher
            ``"dlib"`` or ``"SFace"``.
        n
            People in the register, 1,000 or more.
        share
            FPIR asked for on ``dev``.
        """
        g = data.gallery()
        rows = g.enrolled("town", n)
        index = Exact(g.templates(matcher, rows), g.measure(matcher))
        band = g.images["tone_band"].to_numpy()
        photos = {who: g.rows(who, 1) for who in ("dev", "council", "mates")}
        probes = {who: g.templates(matcher, found) for who, found in photos.items()}
        place = {int(row): k for k, row in enumerate(rows)}
        mates = np.array([place[int(row)] for row in g.rows("mates", 0)])
        lists = {who: index.search(some, LISTED + 1) for who, some in probes.items()}
        own = index.mate(probes["mates"], mates).scores
        found = lists["mates"]
        second = (found.rows[:, 0] == mates).astype(int)  # the first who is not the person
        at = np.arange(len(mates))
        taken = [found.rows != mates[:, None]]
        listed = [found.rows[taken[0]], lists["dev"].rows.ravel(), lists["council"].rows.ravel()]
        names = np.concatenate(listed)
        return cls(
            matcher,
            band[rows],
            np.bincount(names[names >= 0], minlength=n),
            own.astype(float),
            found.scores[at, second].astype(float),
            found.rows[at, second],
            band[photos["mates"]],
            lists["council"].scores[:, 0].astype(float),
            lists["council"].rows[:, 0],
            band[photos["council"]],
            search_threshold(lists["dev"].scores[:, 0], share),
        )

    @property
    def right(self) -> NDArray[np.bool_]:
        """Which enrolled people are named, first of the list."""
        return (self.own >= self.threshold.value) & ~(self.other > self.own)

    @property
    def wrong(self) -> NDArray[np.bool_]:
        """Which enrolled people are taken for another one."""
        return (self.other >= self.threshold.value) & ~(self.own >= self.other)

    def rates(self) -> pd.DataFrame:
        """What was measured, in all and by band: TPIR, wrong names, FPIR, with intervals.

        TPIR is the share of searches by enrolled people that name them, first of the list; a wrong
        name is another enrolled person's; FPIR is the share of searches by people in no register
        that name somebody.
        """
        import pandas as pd

        rows = []
        for name in ("everybody", *data.ORDERS["tone_band"]):
            mine = np.full(len(self.own), True) if name == "everybody" else self.own_band == name
            them = (
                np.full(len(self.strangers), True)
                if name == "everybody"
                else self.strangers_band == name
            )
            rows.append(
                {
                    "band": name,
                    "TPIR": _share(self.right[mine]),
                    "wrong name": _share(self.wrong[mine]),
                    "FPIR": fpir(self.strangers[them], self.threshold.value),
                    "enrolled": int(mine.sum()),
                    "strangers": int(them.sum()),
                }
            )
        return pd.DataFrame(rows).set_index("band")

    def contrasts(self, group: str = "darker", reference: str = "lighter") -> dict[str, Exactly]:
        """One band against another: enrolled people who are not named, strangers who are.

        Two looks, decided before any of them was counted; exact tests from both sides.
        """
        heard = self.strangers >= self.threshold.value
        return {
            "not named": fisher(~self.right, self.own_band, reference, group),
            "named all the same": fisher(heard, self.strangers_band, reference, group),
        }

    def told(self) -> str:
        """What was measured, and on whom, in a sentence."""
        all_of: Any = self.rates().loc["everybody"]
        return _(
            "Measured: {matcher}, a register of {n:,} invented people, FPIR {asked:.0f} in 100"
            " asked on {dev} others. Of {enrolled} enrolled people's second photographs {right:.1f}"
            " in 100 bring up their name and {wrong:.1f} another one; of {strangers} people in no"
            " register {fpir:.1f} in 100 get a name."
        ).format(
            matcher=self.matcher,
            n=len(self.band),
            asked=100 * self.threshold.asked,
            dev=self.threshold.searches,
            enrolled=all_of["enrolled"],
            right=100 * all_of["TPIR"].value,
            wrong=100 * all_of["wrong name"].value,
            strangers=all_of["strangers"],
            fpir=100 * all_of["FPIR"].value,
        )


def _share(hits: NDArray[np.bool_]) -> Interval:
    """The share of searches in which something happens, one search a person, exact interval."""
    return exact(hits, "named")


@dataclass(frozen=True)
class Matcher:
    """Who is named at a passage.

    Parameters
    ----------
    name
        One of :data:`MATCHERS`.
    named
        The resident who is named, for each person of the city and each look, shape (people, looks);
        -1 for nobody.
    searches
        What it was taken from; none for one that makes no error.
    """

    name: str
    named: NDArray[np.int32]
    searches: Searches | None = None


def perfect(city: City) -> Matcher:
    """A matcher that makes no error: every resident is named at every passage, no visitor ever.

    Examples
    --------
    >>> perfect(City(residents=3, visitors=1)).named[:, 0].tolist()
    [0, 1, 2, -1]
    """
    who = np.where(np.arange(city.people) < city.residents, np.arange(city.people), NOBODY)
    return Matcher("perfect", np.repeat(who[:, None], LOOKS, 1).astype(np.int32))


def measured(city: City, searches: Searches | str) -> Matcher:
    """A matcher with the errors that were measured, see the head of this module.

    Parameters
    ----------
    city
        Its residents are the enrolled faces, in their order.
    searches
        What was measured, or the name of a matcher.

    Raises
    ------
    ValueError
        When the register is of another size than the city.
    """
    if isinstance(searches, str):
        searches = Searches.of(searches, city.residents)
    n = city.residents
    if len(searches.band) != n:
        raise ValueError(
            f"a register of {len(searches.band):,} faces for a city of {n:,} residents: give both"
            " the same size"
        )
    rng = np.random.default_rng([city.seed, 7])
    out = np.full((city.people, LOOKS), NOBODY, np.int32)
    for who, looks in _borrowed(rng, searches.band, searches.own_band):
        out[who] = np.where(searches.right[looks], who[:, None], NOBODY)
        wrong = searches.wrong[looks]
        out[who] = np.where(wrong, -2 - searches.taken_for[looks], out[who])
    bands = rng.choice(searches.strangers_band, size=city.visitors)
    heard = searches.strangers >= searches.threshold.value
    for who, looks in _borrowed(rng, bands, searches.strangers_band):
        out[n + who] = np.where(heard[looks], -2 - searches.named[looks], NOBODY)
    _alike(rng, out, searches)
    return Matcher(searches.matcher, out, searches)


def _borrowed(rng: np.random.Generator, bands: Any, of: Any) -> Any:
    """For each band: who is of it, and the searches that each of them borrows."""
    for band in data.ORDERS["tone_band"]:
        who = np.flatnonzero(bands == band)
        yield who, rng.choice(np.flatnonzero(of == band), size=(len(who), LOOKS))


def _alike(rng: np.random.Generator, out: NDArray[np.int32], searches: Searches) -> None:
    """Replace each face that was really named, ``-2 - face``, by one of its band and step."""
    cell = np.full(len(searches.band), -1)
    for b, band in enumerate(data.ORDERS["tone_band"]):
        own = np.flatnonzero(searches.band == band)
        order = own[np.lexsort((rng.random(len(own)), searches.easily[own]))]
        cell[order] = b * STEPS + np.arange(len(own)) * STEPS // max(len(own), 1)
    person, look = np.nonzero(out < NOBODY)
    cells = cell[-2 - out[person, look]]
    for one in np.unique(cells):
        own, here = np.flatnonzero(cell == one), np.flatnonzero(cells == one)
        place = rng.integers(0, len(own), len(here))
        himself = own[place] == person[here]
        place = np.where(himself, (place + 1) % len(own), place)
        out[person[here], look[here]] = own[place]


def of(city: City, name: str) -> Matcher:
    """The matcher of a level of the dial.

    Raises
    ------
    ValueError
        For a name that the dial does not have.
    """
    if name not in MATCHERS:
        raise ValueError(f"the dial 'matcher' has no {name!r}: use {', '.join(MATCHERS)}")
    return perfect(city) if name == "perfect" else measured(city, name)


__all__ = ["FPIR", "MATCHERS", "Matcher", "Searches", "measured", "of", "perfect"]

"""What if we had met other people?  Draws of people, and two kinds of interval for each."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
import traitlets
from numpy.typing import NDArray

from labkit.base.words import _
from labkit.measure.intervals import (
    ENOUGH_FALSE_MATCH_PAIRS,
    ENOUGH_PEOPLE_FOR_AN_FMR,
    fmr_interval,
    wilson,
)
from labkit.measure.rates import threshold_at_fmr
from labkit.measure.reading import in_words
from labkit.measure.thresholds import ENOUGH_PERSON_PAIRS
from labkit.views.explorers.base import Explorer
from labkit.views.explorers.counts import at_least, best_by_person_pair
from labkit.views.explorers.made_up import made_up_pairs
from labkit.views.explorers.still import Still

if TYPE_CHECKING:
    import pandas as pd

    from labkit.measure.scores import AllPairs

SEED = 41
MOST = 1000  # draws of one size; the page stays quick and the dots apart
ALIKE = 0.25
"""Share of a town from which on draws are so alike that intervals hold its rate too often."""


class RedrawExplorer(Explorer):
    """Draws of people that accumulate; see :func:`redraw`.

    ``people`` is the size of the next draw, ``drawn`` how many draws of each size there are, in the
    order of ``sizes``.  Setting them from Python shows the draws.
    """

    NAME = "redraw"
    SENT = ("people", "drawn", "seed")
    people = traitlets.Int(0).tag(sync=True)
    drawn = traitlets.List(traitlets.Int(min=0, max=MOST)).tag(sync=True)
    seed = traitlets.Int(SEED, min=0, max=2**31 - 1).tag(sync=True)

    @property
    def sizes(self) -> list[int]:
        """The numbers of people that can be drawn."""
        return self.meta["sizes"]

    @traitlets.validate("people")
    def _known_size(self, proposal: Any) -> int:
        if self.data and proposal["value"] not in self.sizes:
            raise traitlets.TraitError(
                f"{proposal['value']} people cannot be drawn: give one of {self.sizes}"
            )
        return proposal["value"]

    @classmethod
    def example(cls) -> Explorer:
        """Twenty-five draws of people enough, five of fewer."""
        pairs, _band = made_up_pairs()
        view = redraw(pairs, threshold_at_fmr(pairs.impostor, 1e-2), sizes=(30, 60, 90))
        view.drawn = [5, 25, 0]
        return view

    def still(self) -> Still:
        """The lowest FMR that draws of each size can show, and how many there were."""
        meta, words = self.meta, self.words()
        said = _("{people} people at threshold {threshold:.4g}, some of them drawn at random.")
        rows = [
            (f"{n}", f"{drawn}", in_words(floor) if floor else _("none"))
            for n, drawn, floor in zip(self.sizes, self.drawn, meta["floors"], strict=True)
        ]
        columns = [str(words["column_people"]), str(words["column_draws"]), _("lowest FMR shown")]
        text = said.format(people=meta["people"], threshold=meta["threshold"])
        return Still(str(words["title"]), text, columns, rows)

    def table(self) -> pd.DataFrame:
        """How many draws of each size held the whole town's rate, by each kind of interval.

        Returns
        -------
        DataFrame
            ``people``, ``draws``, ``pair_held``, ``person_held``, and ``few``: the draws that had
            too little for an interval by people.
        """
        import pandas as pd

        false, compared = self._town()
        rate = false.sum() / compared.sum()
        rows = []
        for n, draws in zip(self.sizes, self.drawn, strict=True):
            pair = person = few = 0
            for index in range(draws):
                own = np.ix_(*[drawn_people(len(false), n, index, self.seed)] * 2)
                wrong, made = int(false[own].sum()) // 2, int(compared[own].sum()) // 2
                by_pair = wilson(wrong, made)
                by_person = fmr_interval(false[own], compared[own])
                pair += by_pair.low <= rate <= by_pair.high
                person += by_person.low <= rate <= by_person.high
                few += bool(by_person.words)
            row = {"people": n, "draws": draws, "pair_held": pair, "person_held": person}
            rows.append(row | {"few": few})
        return pd.DataFrame(rows)

    def _town(self) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        """False matches and comparisons by pair of people, of everybody."""
        arrays = self.arrays
        images = arrays["images"].astype(np.int64)
        compared = np.outer(images, images)
        np.fill_diagonal(compared, 0)
        false = np.zeros_like(compared)
        false[arrays["first"], arrays["second"]] = arrays["many"]
        return false + false.T, compared

    @classmethod
    def words(cls) -> dict[str, str | list[str]]:
        """Sentences of the page."""
        return {
            "title": _("What if we had met other people?"),
            "town": _(
                "In the whole town ({people} people), at threshold {threshold}, {fmr} comparisons"
                " of two people match (FMR {number}): {errors} of {trials}, from {pairs} pairs of"
                " people."
            ),
            "size": _("People in a draw"),
            "size_of": _("{n} of {all}"),
            "meet": _("Meet another {n} people"),
            "twenty_more": _("20 more"),
            "again": _("Start again"),
            # The last draw, and all of them.
            "draws": [_("{n} draw"), _("{n} draws")],
            "no_draw_of": _("No draw of {n} people yet."),
            "last_draw": _(
                "Draw {k} of {n} people: {errors} of {trials} comparisons of two people match,"
                " {fmr} (FMR {number}); pair interval {range}, {interval}."
            ),
            "person_interval": _("person interval {range}"),
            "no_person_interval": _("no person interval ({why})"),
            "held": _(
                "Of {draws} of {n} people, the pair interval held the whole town's rate in {pair}"
            ),
            "held_all": _("{of}, the person interval in {person}."),
            "held_some": _(
                "{of}, the person interval in {person} of the {shown} that have one ({draws} had"
                " too little for it)."
            ),
            "held_none": _("{of}; none had enough for a person interval."),
            "small": _(
                "{n} people are too few for a person interval, which takes {enough}: perhaps none"
                " of them is easily confused, and then nothing shows that others are."
            ),
            "overlap": _(
                "Each draw takes {n} of the {all} people, nobody twice. Two draws have about"
                " {shared} people in common."
            ),
            "draws_alike": _(
                "Draws this large from a town this small are more alike than draws from a large"
                " town would be, so the person interval holds the town's rate more often here than"
                " 95 times in 100."
            ),
            # The picture.
            "dots": _(
                "{draws} of {n} people as dots with two intervals each, on a logarithmic axis of"
                " FMR, and a line at the whole town's rate. The table has the same numbers."
            ),
            "axis": _("FMR of the draw (logarithmic: equal steps multiply)"),
            "axis_short": _("FMR of the draw (logarithmic)"),
            "floor": _("floor for {n} people: {fmr}"),
            "floor_left": _("\u2190 floor for {n} people: {fmr}"),
            "whole_town": _("whole town {fmr}"),
            "no_false_match": _("no false match"),
            "no_draw": _("no draw yet"),
            "how_to_read": _(
                "A row is a draw. Dot: its FMR. Thick bar: the pair interval, which treats"
                " comparisons as independent. Thin line with ends: the person interval, which"
                " leaves out whole people; a cross marks one that misses the town's rate. Hollow"
                " dot: too little for a person interval, which takes {people} people and false"
                " matches from {erring} pairs of them. Floor: the FMR at which so many people would"
                " show about {pairs} confused pairs of people."
            ).format(
                people=ENOUGH_PEOPLE_FOR_AN_FMR,
                erring=ENOUGH_FALSE_MATCH_PAIRS,
                pairs=ENOUGH_PERSON_PAIRS,
            ),
            # The tables.
            "held_caption": _("How many draws held the whole town's rate."),
            "column_people": _("People in a draw"),
            "column_draws": _("draws"),
            "column_pair_held": _("pair interval held it"),
            "column_person_held": _("person interval held it"),
            "column_few": _("too little for one"),
            "each_as_table": _("Every draw as a table"),
            "each": _("Every draw"),
            "each_caption": _("Every draw of this size."),
            "column_draw": _("Draw"),
            "column_errors": _("false matches"),
            "column_trials": _("comparisons"),
            "column_pairs": _("from pairs of people"),
            "column_fmr": _("FMR"),
            "column_pair": _("pair interval"),
            "column_pair_holds": _("holds the town's rate"),
            "column_person": _("person interval"),
            "column_holds": _("holds it"),
            "yes": _("yes"),
            "no": _("no"),
            "not_shown": _("not shown"),
        }


def redraw(
    pairs: AllPairs,
    threshold: float,
    *,
    sizes: Sequence[int] = (60, 80, 160, 240),
    seed: int = SEED,
) -> RedrawExplorer:
    """A view that draws n of the people again and again, without replacement in each draw.

    Each draw shows its FMR at the threshold with two intervals, one that counts comparisons as
    independent (Wilson) and one that leaves out whole people
    (:func:`labkit.measure.intervals.fmr_interval`), and how often each kind held the rate of
    everybody.

    Parameters
    ----------
    pairs
        All comparisons of a set of images.
    threshold
        A match is ``s >= threshold``.
    sizes
        Numbers of people to choose from, 3 to the number of people.  Draws of fewer than 60
        (:data:`labkit.measure.intervals.ENOUGH_PEOPLE_FOR_AN_FMR`) have no interval by people, and
        the page says why.
    seed
        The same seed gives the same people; :func:`drawn_people` repeats a draw in Python.

    Raises
    ------
    ValueError
        If a size is out of reach, or nothing matches at the threshold.

    Examples
    --------
    >>> from labkit.measure.scores import all_pairs
    >>> rng = np.random.default_rng(0)
    >>> people = np.repeat(np.arange(60), 3)
    >>> view = redraw(all_pairs(rng.normal(size=(180, 4)), people), -0.8, sizes=(20, 40))
    >>> view.people, view.drawn
    (20, [0, 0])
    """
    false, compared, people = pairs.pair_counts(threshold)
    false = np.asarray(false)
    taking_part = np.asarray(compared).sum(1) > 0
    total = int(taking_part.sum())
    chosen = [int(n) for n in sizes]
    if not chosen or min(chosen) < 3 or max(chosen) > total:
        raise ValueError(f"sizes {chosen} cannot be drawn from {total} people: give 3 to {total}")
    if not false.any():
        raise ValueError(f"nothing matches at threshold {threshold:g}: choose a lower one")
    images = np.bincount(np.searchsorted(people, pairs.people[pairs.usable]), minlength=len(people))
    false, images = false[np.ix_(taking_part, taking_part)], images[taking_part]
    i, j = np.nonzero(np.triu(false, 1))
    arrays = {
        "images": images.astype(np.uint16),
        "first": i.astype(np.uint16),
        "second": j.astype(np.uint16),
        "many": false[i, j].astype(np.uint16),
    }
    meta = {
        "threshold": float(threshold),
        "people": total,
        "sizes": chosen,
        "floors": floors(pairs, chosen, total),
        "most": MOST,
        "alike": ALIKE,
    }
    start = chosen[1] if len(chosen) > 2 else chosen[0]
    return RedrawExplorer.of(meta, arrays, people=start, drawn=[0] * len(chosen), seed=seed)


def floors(pairs: AllPairs, sizes: Sequence[int], total: int) -> list[float | None]:
    """For each size the FMR at which so many people would show 30 erring pairs of people.

    Measured on everybody: at the threshold where 30 x (all pairs of people / pairs of people drawn)
    pairs are confused.  None where even everybody shows too few.
    """
    best = np.sort(best_by_person_pair(pairs).pairs)
    impostor = np.sort(pairs.impostor)
    out: list[float | None] = []
    for n in sizes:
        needed = int(np.ceil(ENOUGH_PERSON_PAIRS * total * (total - 1) / (n * (n - 1))))
        if needed > len(best):
            out.append(None)
            continue
        out.append(float(at_least(impostor, best[-needed:][:1])[0]) / impostor.size)
    return out


def drawn_people(total: int, n: int, index: int, seed: int = SEED) -> NDArray[np.int64]:
    """The people of one draw, as the page draws them: places 0 to total - 1, ascending.

    Numbers come from xorshift32 (Marsaglia 2003, shifts 13, 17, 5), started anew for every draw
    from the seed, the size and the draw's number; each exchanges one place of a list with a later
    one (Fisher and Yates).

    Parameters
    ----------
    total, n
        Draw n of so many people.
    index
        Number of the draw among those of this size, from 0.
    seed
        As in :func:`redraw`.

    Examples
    --------
    >>> len(set(drawn_people(480, 80, 0).tolist()))
    80
    """
    state = start_of(seed, n, index)
    places = list(range(total))
    for k in range(n):
        state = xorshift(state)
        other = k + int(state / 2**32 * (total - k))
        places[k], places[other] = places[other], places[k]
    return np.sort(np.array(places[:n]))


def start_of(seed: int, n: int, index: int) -> int:
    """First state: three numbers mixed into 32 bits, never 0, then eight steps."""
    state = (seed * 2654435761 + n * 40503 + index * 2246822519 + 1) % 2**32 or 1
    for _step in range(8):
        state = xorshift(state)
    return state


def xorshift(state: int) -> int:
    """One step of xorshift32."""
    state ^= state << 13 & 0xFFFFFFFF
    state ^= state >> 17
    return state ^ (state << 5 & 0xFFFFFFFF)

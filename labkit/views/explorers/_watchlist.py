"""The watchlist explorer: how many alerts, how many right, in galleries that were measured."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
import traitlets
from numpy.typing import NDArray

from labkit.base.words import N_, _
from labkit.measure.reading import in_words
from labkit.measure.searches import exact
from labkit.views.explorers.base import Explorer
from labkit.views.explorers.searched import (
    HIGHEST,
    MADE_UP_SIZES,
    MATCHERS,
    SIZES,
    Searched,
    made_up,
    searched,
    steps,
)
from labkit.views.explorers.still import Still

if TYPE_CHECKING:
    import pandas as pd

    from labkit.data import Gallery
    from labkit.measure.intervals import Interval

PEOPLE = 100_000
"""People scanned."""
WANTED = (1, 3, 10, 30, 100, 300, 1_000, 3_000, 10_000)
"""How many of them can be on the list."""
BEYOND = (50_000, 100_000, 1_000_000, 10_000_000)
"""Sizes of galleries that nobody searched here."""

WORDS_OF = {
    "balanced": N_("a third of each tone band"),
    "town": N_("like the town"),
    "over-policed": N_("over-policed"),
}
"""Who is in a gallery, in words."""


class WatchlistExplorer(Explorer):
    """Alerts as counted people at a gallery size, a prevalence and an FMR; see :func:`watchlist`.

    ``size``, ``wanted`` and ``step`` are places in the lists of what can be chosen.
    """

    NAME = "watchlist"
    SENT = ("size", "wanted", "step")
    size = traitlets.Int(0).tag(sync=True)
    wanted = traitlets.Int(0).tag(sync=True)
    step = traitlets.Int(0).tag(sync=True)

    @traitlets.validate("size", "wanted", "step")
    def _known(self, proposal: Any) -> int:
        name = proposal["trait"].name
        choices = self.meta[CHOICES[name]] if self.data else ()
        if self.data and not 0 <= proposal["value"] < len(choices):
            raise traitlets.TraitError(
                f"{name} {proposal['value']} is not on the slider: use 0 to {len(choices) - 1}"
            )
        return proposal["value"]

    @property
    def gallery(self) -> int:
        """People in the gallery that is chosen."""
        return int(self.meta["galleries"][self.size])

    @property
    def fmr(self) -> float:
        """FMR of the thresholds that are chosen."""
        return float(self.meta["rates"][self.step])

    def found(self, matcher: str) -> tuple[Interval, Interval] | None:
        """FPIR and TPIR of a matcher where it stands; nothing beyond what was searched."""
        meta, arrays = self.meta, self.arrays
        if self.size >= len(meta["sizes"]):
            return None
        k = [one["name"] for one in meta["matchers"]].index(matcher)
        t = arrays[f"thresholds_{k}"][self.step]
        best = arrays[f"best_{k}"].reshape(len(meta["sizes"]), -1)[self.size]
        inside = arrays[f"inside_{k}"].reshape(len(meta["sizes"]), -1)[self.size] > 0
        mates = arrays[f"mates_{k}"][inside]
        return exact(best >= t, _("alerts")), exact(mates >= t, _("people found"))

    @classmethod
    def example(cls) -> Explorer:
        """Made-up searches of galleries of up to a thousand."""
        return watchlist(made_up(), sizes=MADE_UP_SIZES, gallery=1_000, fmr=1e-3)

    def table(self) -> pd.DataFrame:
        """Rates of alerts for each matcher where it stands, with their intervals.

        Returns
        -------
        DataFrame
            ``matcher``, ``fpir``, ``low``, ``high`` (its interval), ``tpir``; NaN for a gallery
            that nobody searched.
        """
        import pandas as pd

        rows = []
        for one in self.meta["matchers"]:
            found = self.found(one["name"])
            row = dict.fromkeys(("fpir", "low", "high", "tpir"), math.nan)
            if found is not None:
                fpir, tpir = found
                row = {"fpir": fpir.value, "low": fpir.low, "high": fpir.high, "tpir": tpir.value}
            rows.append({"matcher": one["name"], **row})
        return pd.DataFrame(rows)

    def still(self) -> Still:
        """Alerts as people, for each matcher, where it stands."""
        words, meta = self.words(), self.meta
        wanted = meta["wanted"][self.wanted]
        rows = []
        for one in meta["matchers"]:
            rates = self.found(one["name"])
            if rates is None:
                rows.append((one["name"], *[str(words["not_measured"])] * 4))
                continue
            fpir, tpir = rates
            right, wrong = wanted * tpir.value, (meta["people"] - wanted) * fpir.value
            share = right / (right + wrong) if right + wrong else math.nan
            told = in_words(share) if math.isfinite(share) else str(words["no_alert"])
            numbers = (right, wrong, wanted - math.floor(right + 0.5))
            rows.append((one["name"], *(_whole(n) for n in numbers), told))
        columns = [str(words[f"column_{key}"]) for key in ("matcher", *COUNTED)]
        said = str(words["set"]).format(
            gallery=f"{self.gallery:,}",
            wanted=f"{wanted:,}",
            people=f"{meta['people']:,}",
            fmr=in_words(self.fmr),
        )
        return Still(str(words["title"]), said, columns, rows)

    @classmethod
    def words(cls) -> dict[str, str | list[str]]:
        """Sentences of the page."""
        return {
            "title": _("A watchlist: its alerts, and how many are right"),
            "label": _("Watchlist explorer"),
            # What is chosen.
            "gallery": _("People on the list (gallery)"),
            "wanted": _("Of those scanned, on the list"),
            "fmr": _("FMR: pairs of two people who match"),
            "value_gallery": _("{n} people"),
            "value_beyond": _("{n} people: never searched here"),
            "value_wanted": _("{wanted} of {people} ({rate})"),
            # What follows.
            "set": _("Gallery of {gallery}; {wanted} of {people} scanned are on it; FMR {fmr}."),
            "sentence": _("{set} {each}"),
            "each": _(
                "{matcher}: right alerts {right}, wrong alerts {wrong}, missed {missed}; right"
                " among the alerts: {share}."
            ),
            "each_beyond": _(
                "{matcher}: not measured. By the formula wrong alerts are at most {bound}."
            ),
            "counted": _("{n} ({low} to {high})"),
            "at_most": _("none seen ({n} at most)"),
            "fewer": _("fewer than 1"),
            "no_alert": _("no alert"),
            # The people.
            "people_picture": _("{matcher}, in little figures. {counts}"),
            "right": _("On the list, found: {n}"),
            "wrong": _("Somebody else: {n}"),
            "missed": _("On the list, no alert: {n}"),
            "unit": _(
                "Each little figure: {n}. Filled: found; striped: somebody else; hollow: missed."
            ),
            "one_person": _("one person"),
            "several": _("{n} people"),
            "not_measured": _("not measured"),
            "refused": _("Nobody searched so many here."),
            "bound": _("at most {n}, by formula"),
            "at_most_bound": _("Wrong alerts, by formula: at most {n}"),
            # FPIR at every size.
            "sizes_title": _("FPIR: of 100 people not on the list, so many get an alert"),
            "sizes_picture": _(
                "FPIR of {n} matchers by size of the gallery, dots with intervals; hatched where"
                " nobody searched. The table has the same numbers."
            ),
            "sizes_axis": _("people in the gallery (each step is ten times)"),
            "sizes_axis_short": _("people in the gallery"),
            "how_to_read": _(
                "Dots: measured. Dashes: the formula 1 - (1 - FMR)^N, which is an upper bound."
                " Hatched: nobody searched so many here."
            ),
            "about": _(
                "Measured with an everyday photograph of {probes} invented people enrolled nowhere"
                " and of {mates} who are enrolled, one search each, in galleries {make_up}, each a"
                " part of the next; intervals by people, the gallery fixed. The same {probes}"
                " people say what FMR a threshold has. Counted for {people} people scanned."
                " Invented faces: on real ones these matchers may do better or worse."
            ),
            # The tables.
            "as_table": _("The same as tables"),
            "in_words": _("The same in words"),
            "caption": _("Alerts among {people} people scanned"),
            "caption_sizes": _("FPIR at FMR {fmr}, by size of the gallery"),
            "column_matcher": _("matcher"),
            "column_right": _("right alerts"),
            "column_wrong": _("wrong alerts"),
            "column_missed": _("missed"),
            "column_share": _("right among alerts"),
            "column_fpir": _("FPIR"),
            "column_tpir": _("TPIR"),
            "column_size": _("gallery"),
            "column_formula": _("formula"),
            "with_ends": _("{rate} ({range})"),
        }


CHOICES = {"size": "galleries", "wanted": "wanted", "step": "rates"}
"""Trait -> the list it is a place in."""
COUNTED = ("right", "wrong", "missed", "share")


def watchlist(
    found: Mapping[str, Searched] | Gallery | None = None,
    *,
    make_up: str = "town",
    who: str = "dev",
    sizes: Sequence[int] = SIZES,
    gallery: int = 25_000,
    wanted: int = 100,
    fmr: float = 1e-5,
) -> WatchlistExplorer:
    """A view of a watchlist: gallery size, prevalence and FMR give counted people.

    Parameters
    ----------
    found
        What searches came to, by matcher (:func:`labkit.views.explorers.searched.searched`), or the
        gallery to search; without it :func:`labkit.data.gallery`.
    make_up, who
        Who is in the galleries, and who is searched for that is enrolled nowhere.
    sizes
        Of the galleries that were searched, from the smallest.
    gallery, wanted, fmr
        Where to start; the nearest that can be chosen.

    Returns
    -------
    widget
        With ``.gallery``, ``.fmr`` and ``.to_html(path)``.

    Raises
    ------
    ValueError
        When two matchers were searched for different numbers of people, or at other sizes.

    Examples
    --------
    >>> view = WatchlistExplorer.example()
    >>> view.gallery, view.fmr, view.meta["people"]
    (1000, 0.001, 100000)
    """
    if not isinstance(found, Mapping):
        people = found
        if people is None:
            from labkit.data import gallery as shipped

            people = shipped()
        found = {m: searched(people, m, make_up=make_up, who=who, sizes=sizes) for m in MATCHERS}
    shapes = {(one.best.shape, one.inside.shape) for one in found.values()}
    if len(shapes) != 1 or {shape[0] for pair in shapes for shape in pair} != {len(sizes)}:
        said = _("every matcher needs searches of as many people at each of the {n} sizes")
        raise ValueError(said.format(n=len(sizes)))
    ((best, inside),) = shapes
    common = min(len(one.thresholds) for one in found.values())
    arrays: dict[str, NDArray[Any]] = {}
    for k, one in enumerate(found.values()):
        arrays |= {
            f"best_{k}": one.best,
            f"mates_{k}": one.mates,
            f"inside_{k}": one.inside.astype(np.uint8),
            f"thresholds_{k}": one.thresholds[:common],
        }
    every = [n for one in found.values() for n in one.inside.sum(axis=1).tolist()]
    for n in {best[1], *every}:
        arrays |= _limits(n)
    galleries = [*sizes, *(n for n in BEYOND if n > sizes[-1])]
    rates = steps(HIGHEST, 0)[:common]
    meta = {
        "people": PEOPLE,
        "probes": best[1],
        "mates": inside[1],
        "sizes": list(sizes),
        "galleries": galleries,
        "wanted": list(WANTED),
        "rates": rates,
        "make_up": _(WORDS_OF.get(make_up, make_up)),
        "matchers": [{"name": name} for name in found],
    }
    return WatchlistExplorer.of(
        meta,
        arrays,
        size=_nearest(galleries, gallery),
        wanted=_nearest(WANTED, wanted),
        step=_nearest(rates, fmr),
    )


def _limits(n: int) -> dict[str, NDArray[np.float64]]:
    """The low end of the interval of every count out of ``n``: the high one is 1 less the low end
    of those that were not counted.
    """
    return {f"low_{n}": np.array([exact(np.arange(n) < k, "").low for k in range(n + 1)])}


def _nearest(choices: Sequence[float], value: float) -> int:
    """The place of what is nearest in times, not in difference."""
    return int(np.abs(np.log(np.asarray(choices, float) / value)).argmin())


def _whole(number: float) -> str:
    """As the page says it."""
    if 0 < number < 0.5:
        return _("fewer than 1")
    return f"{math.floor(number + 0.5):,}"

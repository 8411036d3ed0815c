"""Whom a watchlist holds, and whom it then takes for somebody else: arithmetic, and a count.

In: the galleries.  Out: :func:`watchlists`, what is expected for a passer-by of each band who is on
no list, from how often two people are confused and how many of each band are listed; and what was
counted.  How often people are confused is measured with ``dev`` people in a balanced list, the
count is of council members in the other two: different people, other lists.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from labkit.base.words import _
from labkit.gallery.council import Hits, expected
from labkit.measure.searches import SearchThreshold, search_threshold
from labkit.street.review import BANDS, MATCHER

if TYPE_CHECKING:
    import pandas as pd

LISTED = 10_000
"""People on a watchlist, where the pool has so many: as in NPL's test of 2023."""
ASKED = 0.30
"""FPIR that the threshold is chosen for, with dev people and the balanced list: far more than
anybody would use, so that there is something to count."""
ENOUGH = 30
"""False candidates below which no factor is told."""
REDRAWN = 2000


@dataclass(frozen=True)
class Watchlists:
    """What watchlists of two make-ups do to the same passers-by; made by :func:`watchlists`.

    Parameters
    ----------
    threshold
        Chosen with dev people, who are on no list, and the balanced list.
    rates
        How often a passer-by (rows) and a listed person (columns) of two bands are confused: shares
        of comparisons.
    listed
        People of each band (columns) on each list (rows).
    candidates
        By make-up: false candidates of each council member, shape (n,).
    bands
        The band of each council member, shape (n,).
    """

    threshold: SearchThreshold
    rates: pd.DataFrame
    listed: pd.DataFrame
    candidates: dict[str, NDArray[np.int64]]
    bands: NDArray[Any]

    def expected(self, make_up: str, band: str) -> float:
        """False candidates that arithmetic expects for one passer-by of a band."""
        return float(expected(self.rates, self._listed(make_up))[band])

    def _listed(self, make_up: str) -> pd.Series:
        """People of each band on a list."""
        listed: Any = self.listed.loc[make_up]
        return listed

    def factor(self, band: str) -> float:
        """How many times as many are expected in the over-policed list as in the town's."""
        return self.expected("over-policed", band) / self.expected("town", band)

    def counted(self, band: str, seed: int = 0) -> tuple[float, float, float]:
        """The same factor as it was counted, with an interval from redrawing passers-by.

        Returns
        -------
        factor, low, high
            NaN where fewer than :data:`ENOUGH` candidates in the town's list would carry it.
        """
        of = self.bands == band
        over, town = (self.candidates[m][of].astype(float) for m in ("over-policed", "town"))
        if town.sum() < ENOUGH:
            return np.nan, np.nan, np.nan
        drawn = np.random.default_rng(seed).integers(0, len(town), (REDRAWN, len(town)))
        sums = over[drawn].sum(1), np.maximum(town[drawn].sum(1), 0.5)
        low, high = np.quantile(sums[0] / sums[1], (0.025, 0.975))
        return float(over.sum() / town.sum()), float(low), float(high)

    def level(self, make_up: str, band: str, seed: int = 0) -> tuple[float, float, float]:
        """False candidates a search as counted, with an interval from redrawing passers-by.

        Returns
        -------
        candidates, low, high
            NaN where fewer than :data:`ENOUGH` candidates would carry it.
        """
        own = self.candidates[make_up][self.bands == band].astype(float)
        if own.sum() < ENOUGH:
            return np.nan, np.nan, np.nan
        drawn = np.random.default_rng(seed).choice(own, (REDRAWN, len(own))).mean(1)
        low, high = np.quantile(drawn, (0.025, 0.975))
        return float(own.mean()), float(low), float(high)

    def table(self) -> pd.DataFrame:
        """A row for each list and band: who is listed, what is expected, what was counted."""
        import pandas as pd

        rows = []
        for make_up, found in self.candidates.items():
            listed = self._listed(make_up)
            for band in BANDS:
                own = found[self.bands == band]
                rows.append(
                    {
                        _("watchlist"): make_up,
                        _("band"): band,
                        _("listed"): int(listed[band]),
                        _("searched"): len(own),
                        _("with a false alert"): int((own > 0).sum()),
                        _("false candidates a search"): float(own.mean()),
                        _("expected"): self.expected(make_up, band),
                    }
                )
        return pd.DataFrame(rows).set_index([_("watchlist"), _("band")])


def watchlists(gallery: Any = None, *, n: int = LISTED, fpir: float = ASKED) -> Watchlists:
    """Search watchlists of two make-ups for council members, who are on none.

    Parameters
    ----------
    gallery
        Of :func:`labkit.data.gallery`; without it that of the lab.
    n
        People on a list; fewer where the pool has fewer.
    fpir
        Share of dev people with a false alert in the balanced list, for which the threshold is
        chosen.
    """
    import pandas as pd

    from labkit import data
    from labkit.gallery.index import Exact
    from labkit.gallery.nested import largest

    of = data.gallery() if gallery is None else gallery
    bands = of.images["tone_band"].to_numpy().astype(str)
    least = min(n, *(largest(of, make_up) for make_up in data.MAKE_UPS))
    lists = {make_up: of.enrolled(make_up, least) for make_up in data.MAKE_UPS}
    listed = pd.DataFrame(
        {m: [int((bands[rows] == b).sum()) for b in BANDS] for m, rows in lists.items()},
        index=list(BANDS),
    ).T
    dev, council = of.rows("dev", photo=1), of.rows("council", photo=1)
    balanced = Exact(of.templates(MATCHER, lists["balanced"]), of.measure(MATCHER))
    probes = of.templates(MATCHER, dev)
    threshold = search_threshold(balanced.best(probes), fpir)
    near = balanced.above(probes, threshold.value)
    rows = lists["balanced"][near.rows]
    entries: Any = listed.loc["balanced"]
    rates = Hits(bands[dev], near.probes, rows, bands[rows], entries).rates()
    every = np.unique(np.concatenate([*lists.values()]))
    index = Exact(of.templates(MATCHER, every), of.measure(MATCHER))
    found = index.above(of.templates(MATCHER, council), threshold.value)
    candidates = {
        make_up: np.bincount(
            found.probes[np.isin(every, lists[make_up])[found.rows]], minlength=len(council)
        )
        for make_up in ("town", "over-policed")
    }
    return Watchlists(threshold, rates, listed, candidates, bands[council])

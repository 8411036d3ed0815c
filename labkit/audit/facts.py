"""What an audit found: everything counted for one report.

In: pairs, an operating point and what to compare.  Out: :class:`Facts`, its numbers also as tables.
Nothing here is worded: :mod:`labkit.audit.words` does that.
"""

from __future__ import annotations

import functools
import math
from collections.abc import Hashable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from labkit.audit.pairs import HIGHEST, ListTable, PairList, PairTable
from labkit.base.words import _
from labkit.measure.disparity import ALL_OTHERS, GroupCounts, GroupTable
from labkit.measure.intervals import Interval
from labkit.measure.rate import RATES
from labkit.measure.rates import allowed_false_matches, auc, fmr
from labkit.measure.thresholds import ENOUGH_PERSON_PAIRS

if TYPE_CHECKING:
    import pandas as pd

ORDER = tuple(reversed(list(RATES)))
"""The rates as a report goes through them: false matches first, failures last."""

COMPARED = tuple(rate for rate in ORDER if RATES[rate].partner and rate != "fnmr")
"""Those whose groups are compared: rates with a summary of spread; false rejection holds FNMR."""


@dataclass(frozen=True)
class Point:
    """The operating point and where it comes from.

    Parameters
    ----------
    value
        The threshold, larger meaning more alike.
    asked
        The FMR that it was chosen at; NaN when it was given.
    here
        Whether it was chosen on the people it is reported on.
    words
        Where it comes from.
    """

    value: float
    asked: float
    here: bool
    words: str


class Row(NamedTuple):
    """A line of the report's tables."""

    name: str
    counts: GroupCounts
    table: GroupTable

    def interval(self, rate: str) -> Interval:
        """A rate of this line, by people."""
        return self.table[self.counts.name, rate]

    def bound(self, rate: str) -> float:
        """The limit of a rate when no error was seen."""
        return self.counts.bound(rate)

    def none_seen(self, rate: str) -> bool:
        """Whether there were trials, too few errors for a rate, and indeed none."""
        i = self.interval(rate)
        return bool(i.words and i.trials and not i.errors)


@dataclass(frozen=True, eq=False)
class Facts:
    """Everything counted for one report, and what was asked for.

    Parameters
    ----------
    pairs
        The scored pairs.
    point
        The operating point.
    distance
        Whether scores came, and are shown, as distances.
    reference
        The group that others are compared with, or :data:`~labkit.measure.disparity.ALL_OTHERS`.
    galleries
        Sizes of galleries for the part on searches.
    show_names
        Whether the highest impostor scores name pictures and people.
    title, about, limits, command, date
        Printed as they are; see :func:`labkit.audit.report.audit`.
    """

    pairs: PairList | PairTable
    point: Point
    distance: bool
    reference: Hashable
    galleries: tuple[int, ...]
    title: str
    about: tuple[tuple[str, str], ...]
    limits: tuple[str, ...]
    command: str
    date: str
    show_names: bool

    def shown(self, score: Any) -> Any:
        """Scores in the unit they came in."""
        return 0.0 - score if self.distance else score

    # -- error rates -----------------------------------------------------------------------------

    @functools.cached_property
    def everyone(self) -> GroupTable:
        """The table of everyone, with one row."""
        return self.pairs.everyone(self.point.value)

    @functools.cached_property
    def by_group(self) -> GroupTable | None:
        """The table by group, once the reference is known to be one of them."""
        table = self.pairs.by_group(self.point.value)
        if self.reference == ALL_OTHERS:
            return table
        if table is None:
            words = _("no groups were given, so none can be compared with {reference}")
            raise ValueError(words.format(reference=self.reference))
        known = [str(name) for name in table.names]
        if str(self.reference) not in known:
            words = _("there is no group {name!r} to compare with: use one of {known}")
            raise ValueError(words.format(name=str(self.reference), known=", ".join(known)))
        return table

    @functools.cached_property
    def rows(self) -> list[Row]:
        """Everyone, then each group."""
        tables = [self.everyone, *([self.by_group] if self.by_group else [])]
        return [Row(str(r.name), r, t) for t in tables for r in t.rows]

    @property
    def group_rows(self) -> list[Row]:
        """Each group; empty without groups."""
        return self.rows[1:]

    def interval(self, rate: str) -> Interval:
        """A rate over all pairs."""
        return self.rows[0].interval(rate)

    @property
    def mean_fmr_within(self) -> float:
        """The mean of the FMRs within groups, those that have one; NaN without groups."""
        values = [r.interval("fmr").value for r in self.group_rows]
        known = [v for v in values if math.isfinite(v)]
        return float(np.mean(known)) if known else math.nan

    @property
    def failed_comparisons(self) -> int:
        """Planned comparisons that could not be made."""
        return self.pairs.failed_comparisons

    # -- differences between groups --------------------------------------------------------------

    @property
    def _compared(self) -> GroupTable | None:
        """The table by group, if it has groups to compare."""
        return self.by_group if self.by_group and len(self.by_group.rows) > 1 else None

    @property
    def rates_drawn(self) -> bool:
        """Whether rates were drawn again, for there are too many people to draw them."""
        return isinstance(self.by_group, ListTable) and not self.by_group.drawn_one_by_one

    @functools.cached_property
    def spread(self) -> dict[str, pd.DataFrame]:
        """Summaries of spread, by rate; empty without groups."""
        table = self._compared
        return {rate: table.spread(rate) for rate in COMPARED} if table else {}

    @functools.cached_property
    def contrasts(self) -> dict[str, pd.DataFrame]:
        """Ratios of groups, by rate; empty without groups."""
        table = self._compared
        if not table:
            return {}
        known = {str(name): name for name in table.names}
        reference = known.get(str(self.reference), self.reference)
        return {rate: table.contrasts(reference, rate) for rate in COMPARED}

    # -- scores and other thresholds -------------------------------------------------------------

    @functools.cached_property
    def auc(self) -> float:
        """The share of genuine-impostor pairs of scores in which the genuine one is higher."""
        return auc(self.pairs.genuine, self.pairs.impostor)

    @functools.cached_property
    def _ordered(self) -> tuple[NDArray[np.floating], NDArray[np.floating]]:
        """Scores of pairs of one person and of two, ascending."""
        return np.sort(self.pairs.genuine), np.sort(self.pairs.impostor)

    def at_fmr(self, asked: float) -> tuple[float, float, float]:
        """The lowest threshold with an FMR of at most this, past ties; its FMR and FNMR."""
        genuine, impostor = self._ordered
        above = allowed_false_matches(asked, impostor.size)
        if above >= impostor.size:
            return -math.inf, 1.0, 0.0
        t = np.nextafter(impostor[impostor.size - 1 - above], impostor.dtype.type(np.inf))
        matched = impostor.size - int(np.searchsorted(impostor, t))
        missed = int(np.searchsorted(genuine, t))
        return float(t), matched / impostor.size, missed / genuine.size

    @functools.cached_property
    def floor(self) -> float:
        """The lowest FMR whose false matches come from 30 pairs of people; NaN when none does."""
        best = self.pairs.best_of_pairs(within=False)
        if len(best) < ENOUGH_PERSON_PAIRS:
            return math.nan
        return fmr(self.pairs.impostor, float(best[ENOUGH_PERSON_PAIRS - 1]))

    @functools.cached_property
    def steps(self) -> pd.DataFrame:
        """FNMR at FMRs in steps of ten, as far down as these people carry."""
        import pandas as pd

        rows = []
        for x in (10.0**-k for k in range(1, 9)):
            if not x >= self.floor:
                break
            t, false, missed = self.at_fmr(x)
            rows.append((x, float(self.shown(t)), false, missed))
        return pd.DataFrame(rows, columns=["fmr_asked", "threshold", "fmr", "fnmr"])

    # -- searches and single pairs ---------------------------------------------------------------

    @functools.cached_property
    def search(self) -> pd.DataFrame:
        """False candidates of a search by somebody who is not in the gallery."""
        import pandas as pd

        out = []
        for row in self.rows:
            i = row.interval("fmr")
            low, high = (0.0, row.bound("fmr")) if row.none_seen("fmr") else (i.low, i.high)
            none_false = math.log1p(-min(i.value, 1 - 1e-12))
            for n in self.galleries:
                out.append(
                    {
                        "group": row.name,
                        "gallery": n,
                        "false_candidates": n * i.value,
                        "low": n * low,
                        "high": n * high,
                        "share_at_most": -math.expm1(n * none_false),
                        "words": i.words,
                    }
                )
        return pd.DataFrame(out)

    @functools.cached_property
    def highest(self) -> pd.DataFrame:
        """The highest impostor scores, in the unit they came in, and whether they match."""
        found = self.pairs.highest(HIGHEST)
        match = found["score"].to_numpy() >= self.point.value
        if not self.show_names:
            keep = [c for c in found.columns if c in ("line", "score") or c.endswith("_group")]
            found = found[keep]
        return found.assign(score=self.shown(found["score"].to_numpy()), match=match)

    # -- tables ----------------------------------------------------------------------------------

    @functools.cached_property
    def who(self) -> pd.DataFrame:
        """People, pictures and pairs, of everyone and of each group."""
        import pandas as pd

        return pd.DataFrame(
            [
                {
                    "group": row.name,
                    "people": len(row.counts.people),
                    "pictures": int(row.counts.images.sum()),
                    "mated_pairs": int(row.counts.planned.sum()),
                    "impostor_pairs": row.interval("fmr").trials,
                    "person_pairs": row.interval("fmr").person_pairs,
                }
                for row in self.rows
            ]
        )

    @functools.cached_property
    def rates(self) -> pd.DataFrame:
        """Every rate of everyone and of each group, with its interval and what is behind it."""
        import pandas as pd

        parts = (
            *("value", "low", "high"),
            *("errors", "trials", "people", "person_pairs", "error_pairs", "words"),
        )
        found = [(row.name, rate, row.interval(rate)) for row in self.rows for rate in ORDER]
        return pd.DataFrame(
            [
                {"group": name, "rate": rate, **{part: getattr(i, part) for part in parts}}
                for name, rate, i in found
            ]
        )

    def tables(self) -> dict[str, pd.DataFrame]:
        """The numbers of the page."""
        import pandas as pd

        joined = {
            name: pd.concat(tables, names=["rate"]).reset_index() if tables else pd.DataFrame()
            for name, tables in (("spread", self.spread), ("contrasts", self.contrasts))
        }
        return {
            "who": self.who,
            "rates": self.rates,
            **joined,
            "search": self.search,
            "thresholds": self.steps,
            "highest": self.highest.drop(columns="match"),
        }


def records(frame: pd.DataFrame) -> list[Any]:
    """The rows of a table, with their columns as attributes."""
    return list(frame.itertuples(index=False))

"""What an audit found: everything counted for one report.

In: pairs, a threshold and what to compare.  Out: :class:`Facts`, its numbers also as tables and as
plain numbers for JSON.  Nothing here is worded: :mod:`labkit.audit.words` does that.
"""

from __future__ import annotations

import functools
import math
from collections.abc import Hashable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

import labkit
from labkit.audit.numbers import ends_around, plain
from labkit.audit.pairs import HIGHEST, ListTable, PairList, PairTable
from labkit.base.words import _
from labkit.measure.counts import GroupCounts
from labkit.measure.disparity import ALL_OTHERS, GroupTable, within_strata
from labkit.measure.intervals import (
    Interval,
)
from labkit.measure.rate import RATES
from labkit.measure.rates import allowed_false_matches, auc, fmr, shortest_threshold
from labkit.measure.thresholds import ENOUGH_PEOPLE_FOR_A_MEAN, ENOUGH_PERSON_PAIRS

if TYPE_CHECKING:
    import pandas as pd

ORDER = tuple(reversed(list(RATES)))
"""The rates as a report goes through them: false matches first, failures last."""

COMPARED = tuple(rate for rate in ORDER if RATES[rate].partner and rate != "fnmr")
"""Those whose groups are compared: rates with a summary of spread; false rejection holds FNMR."""

ALPHA = 0.5
"""Weight of false matches in summaries of both kinds of errors."""

QUANTILES = (0.05, 0.5, 0.95)
"""Shares of the pairs below the scores that a report shows."""


@dataclass(frozen=True)
class Point:
    """The threshold and where it comes from.

    Parameters
    ----------
    value
        Larger scores mean more alike; a match is a score of at least this.
    asked
        The FMR that it was chosen at; NaN when it was given.
    here
        Whether it was chosen on the people it is reported on.
    words
        Where it comes from.
    true
        Its true FMR on other people like these, where it was chosen on known people.
    refused
        The FMR that was tried first and could not be had, where nobody asked for one; else NaN.
    """

    value: float
    asked: float
    here: bool
    words: str
    true: Interval | None = None
    refused: float = math.nan


class Row(NamedTuple):
    """A line of the report's tables."""

    name: str
    counts: GroupCounts
    table: GroupTable

    @property
    def people(self) -> int:
        """Different people."""
        return len(self.counts.people)

    def interval(self, rate: str) -> Interval:
        """A rate of this line, by people."""
        return self.table[self.counts.name, rate]

    def bound(self, rate: str) -> float:
        """The limit of a rate when no error was seen."""
        return self.counts.bound(rate)

    def erred(self, rate: str) -> int:
        """People, or pairs of people, with an error."""
        return self.counts.of(rate).units_with_error

    def none_seen(self, rate: str) -> bool:
        """Whether there were trials, too few errors for a rate, and indeed none."""
        i = self.interval(rate)
        return bool(i.words and i.trials and not i.errors)

    def all_seen(self, rate: str) -> bool:
        """Whether every trial was an error."""
        i = self.interval(rate)
        return bool(i.trials and i.errors == i.trials)

    def faultless(self, rate: str) -> int:
        """People with a trial that was no error."""
        counts = self.counts.of(rate)
        return int((counts.errors < counts.trials).sum())

    def reason(self, rate: str) -> str:
        """Why there is no interval, as :class:`~labkit.measure.intervals.Interval` has it."""
        return self.interval(rate).reason

    def given(self, rate: str) -> bool:
        """Whether the page prints the rate, with or without an interval."""
        return self.reason(rate) in ("", "none", "all", "others", "same")

    def at_most(self, rate: str) -> float:
        """The limit where no error was seen; NaN where there are, or where it would be 1."""
        bound = self.bound(rate) if self.none_seen(rate) else math.nan
        return bound if bound < 1 else math.nan

    def if_anyone(self, rate: str) -> float:
        """The same for pairs of people, could one person match everybody: 6 / people."""
        people = self.interval(rate).people
        bound = 6 / people if RATES[rate].of_pairs and self.none_seen(rate) else math.nan
        return bound if bound < 1 else math.nan

    def at_least(self, rate: str) -> float:
        """The limit where every trial of every person was an error: 1 - 3 / people, or NaN."""
        people = self.interval(rate).people
        if RATES[rate].of_pairs or not self.all_seen(rate) or people <= 3:
            return math.nan
        return 1 - 3 / people


@dataclass(frozen=True, eq=False)
class Facts:
    """Everything counted for one report, and what was asked for.

    Parameters
    ----------
    pairs
        The scored pairs.
    point
        The threshold.
    distance
        Whether scores came, and are shown, as distances.
    reference
        The group that others are compared with, or :data:`~labkit.measure.disparity.ALL_OTHERS`.
    galleries
        Sizes of galleries for the part on searches; empty for none.
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

    # -- what came in ----------------------------------------------------------------------------

    @functools.cached_property
    def ends(self) -> tuple[float, float]:
        """The lowest and the highest score."""
        sides = (self.pairs.genuine, self.pairs.impostor)
        return min(float(s.min()) for s in sides), max(float(s.max()) for s in sides)

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

    @functools.cached_property
    def errors(self) -> list[str]:
        """The rates of errors that a page shows: FNMR only where false rejection is another."""
        of_pairs = [rate for rate in ORDER if rate != "fta"]
        made, planned = (self.interval(rate).trials for rate in ("fnmr", "false_rejection"))
        return [rate for rate in of_pairs if rate != "fnmr" or made != planned]

    @functools.cached_property
    def in_mean(self) -> list[Row]:
        """Groups with people enough to take part in the mean of the FMRs within groups."""
        need = ENOUGH_PEOPLE_FOR_A_MEAN
        return [r for r in self.group_rows if r.counts.of("fmr").people_with_trials >= need]

    @property
    def mean_fmr_within(self) -> float:
        """The mean of the FMRs within groups that have people enough; NaN without any."""
        values = [r.interval("fmr").value for r in self.in_mean]
        return float(np.mean(values)) if values else math.nan

    @property
    def failed_comparisons(self) -> int:
        """Planned comparisons that could not be made."""
        return self.pairs.failed_comparisons

    @functools.cached_property
    def failures(self) -> pd.DataFrame:
        """Comparisons planned and failed, of everyone and of each group (both pictures in it)."""
        import pandas as pd

        rows = []
        for row in self.rows:
            n, failed = len(self.pairs), self.failed_comparisons
            if row is not self.rows[0]:
                n, failed = self._planned_within(row.name)
            share = failed / n if n else math.nan
            rows.append({"group": row.name, "comparisons": n, "failed": failed, "share": share})
        return pd.DataFrame(rows)

    def _planned_within(self, name: str) -> tuple[int, int]:
        """Comparisons with both pictures in a group, and how many of them failed."""
        pairs = self.pairs
        if isinstance(pairs, PairList):
            if pairs.group is None:
                return 0, 0
            mine = pairs.group == pairs.groups.index(name)
            within = mine[pairs.probe] & mine[pairs.gallery]
            return int(within.sum()), int((within & ~pairs.made).sum())
        row = next(r for r in self.group_rows if r.name == name)
        n = int(row.counts.images.sum())
        used = n - int(row.counts.failed.sum())
        return math.comb(n, 2), math.comb(n, 2) - math.comb(used, 2)

    @property
    def lost_groups(self) -> list[Row]:
        """Groups whose every picture failed."""
        return [r for r in self.group_rows if r.all_seen("fta")]

    # -- differences between groups --------------------------------------------------------------

    @property
    def compared(self) -> GroupTable | None:
        """The table by group, if it has groups to compare."""
        return self.by_group if self.by_group and len(self.by_group.rows) > 1 else None

    @property
    def _reference(self) -> Hashable:
        """The reference as the table names it."""
        names = self.compared.names if self.compared else []
        return {str(name): name for name in names}.get(str(self.reference), self.reference)

    @property
    def rates_drawn(self) -> bool:
        """Whether rates were drawn again, for there are too many people to draw them."""
        return isinstance(self.by_group, ListTable) and not self.by_group.drawn_one_by_one

    @functools.cached_property
    def spread(self) -> dict[str, pd.DataFrame]:
        """Summaries of spread, by rate; empty without groups."""
        table = self.compared
        return {rate: table.spread(rate, alpha=ALPHA) for rate in COMPARED} if table else {}

    @property
    def summed_up(self) -> bool:
        """Whether there is any summary of spread."""
        return any(frame["value"].notna().any() for frame in self.spread.values())

    @functools.cached_property
    def family(self) -> pd.DataFrame:
        """Ratios of groups, all rates adjusted together; index rate and group."""
        import pandas as pd

        table = self.compared
        return table.family(self._reference, COMPARED) if table else pd.DataFrame()

    @functools.cached_property
    def contrasts(self) -> dict[str, pd.DataFrame]:
        """Ratios of the groups that have enough, by rate; empty without groups."""
        if not self.compared:
            return {}
        known = self.family[np.isfinite(self.family["low"].to_numpy(float))]
        rates = known.index.get_level_values("rate")
        return {rate: known[rates == rate].droplevel("rate") for rate in COMPARED}

    @functools.cached_property
    def left_out(self) -> dict[str, list[Row]]:
        """By rate: groups with too little to take part in a comparison of groups."""
        out = {}
        for rate in self.contrasts:
            few = {str(name) for name in self.compared.left_out(rate)} if self.compared else set()
            found = self.family.loc[rate]["low"] if rate in self.family.index else ()
            few |= {str(name) for name, low in dict(found).items() if not math.isfinite(low)}
            out[rate] = [r for r in self.group_rows if r.name in few]
        return out

    @functools.cached_property
    def beside(self) -> dict[str, tuple[list[Row], list[Row]]]:
        """By rate: groups with an interval, and groups with people enough and yet without one.

        No ratio of the two can be given, and none is claimed.  A rate is in it only where there is
        a second group to set beside a first that has a rate.
        """
        out = {}
        for rate in self.contrasts:
            reasons = {r.name: r.reason(rate) for r in self.group_rows}
            known = [r for r in self.group_rows if not reasons[r.name]]
            few = [
                r
                for r in self.group_rows
                if reasons[r.name] in ("none", "errors", "all", "others", "same")
                and r.counts.enough_people(rate)
                and r not in self.lost_groups
            ]
            rated = any(reasons[r.name] not in ("none", "errors") for r in (*known, *few))
            if few and rated and len(known) + len(few) > 1:
                out[rate] = (known, few)
        return out

    @functools.cached_property
    def strata(self) -> dict[Hashable, GroupTable]:
        """The group table of each stratum; empty without strata."""
        if not self.compared or not self.pairs.strata:
            return {}
        tables = self.pairs.by_stratum(self.point.value)
        return {name: tables[name] for name in self.pairs.strata if name in tables}

    @functools.cached_property
    def within(self) -> dict[str, pd.DataFrame]:
        """Ratios of groups within strata, by rate; empty without strata."""
        if not self.strata:
            return {}
        return {rate: within_strata(self.strata, self._reference, rate) for rate in COMPARED}

    # -- scores and other thresholds -------------------------------------------------------------

    @functools.cached_property
    def auc(self) -> float:
        """The share of genuine-impostor pairs of scores in which the genuine one is higher."""
        return auc(self.pairs.genuine, self.pairs.impostor)

    @functools.cached_property
    def _ordered(self) -> tuple[NDArray[Any], NDArray[Any]]:
        """Scores of pairs of one person and of two, ascending."""
        return np.sort(self.pairs.genuine), np.sort(self.pairs.impostor)

    def at_fmr(self, asked: float) -> tuple[float, float, float]:
        """The lowest threshold with an FMR of at most this, past ties; its FMR and FNMR.

        Of the thresholds that count the same it is the one with the fewest digits.
        """
        genuine, impostor = self._ordered
        above = allowed_false_matches(asked, impostor.size)
        if above >= impostor.size:
            return -math.inf, 1.0, 0.0
        last = impostor[impostor.size - 1 - above]
        matched = impostor.size - int(np.searchsorted(impostor, last, "right"))
        missed = int(np.searchsorted(genuine, last, "right"))
        t = float(np.nextafter(last, last.dtype.type(np.inf)))
        t = float(shortest_threshold(t, *ends_around(t, genuine, impostor)))
        return t, matched / impostor.size, missed / genuine.size

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

    @functools.cached_property
    def quantiles(self) -> pd.DataFrame:
        """How many scores of both kinds of pairs, and some of them: scores that were given."""
        import pandas as pd

        sides = {"one person": self.pairs.genuine, "two people": self.pairs.impostor}
        rows = []
        for kind, values in sides.items():
            found = self.shown(np.quantile(values, QUANTILES, method="inverted_cdf"))
            named = {f"{q:.0%}": plain(x) for q, x in zip(QUANTILES, found, strict=True)}
            rows.append({"pairs": kind, "scores": len(values), **named})
        return pd.DataFrame(rows)

    # -- searches and single pairs ---------------------------------------------------------------

    @functools.cached_property
    def search(self) -> pd.DataFrame:
        """False candidates of a search by somebody who is not in the gallery."""
        import pandas as pd

        out = []
        for row in self.rows if self.galleries else ():
            i = row.interval("fmr")
            low, high = (0.0, row.bound("fmr")) if row.none_seen("fmr") else (i.low, i.high)
            value = i.value if row.given("fmr") else math.nan
            most = row.bound("fmr") if i.words else i.high
            if most >= 1 and not row.all_seen("fmr"):
                most = math.nan
            none_false = math.log1p(-min(most, 1 - 1e-12)) if most == most else math.nan
            for n in self.galleries:
                out.append(
                    {
                        "group": row.name,
                        "gallery": n,
                        "false_candidates": n * value,
                        "low": n * low,
                        "high": n * high,
                        "share_at_most": -math.expm1(n * none_false),
                        "words": i.words,
                    }
                )
        return pd.DataFrame(out)

    @functools.cached_property
    def highest(self) -> pd.DataFrame:
        """The highest impostor scores, in the unit they came in, and whether they match.

        Without names: the line and the score alone.
        """
        found = self.pairs.highest(HIGHEST)
        scores = found["score"].to_numpy()
        if not self.show_names:
            found = found[[c for c in found.columns if c in ("line", "score")]]
        match = scores >= scores.dtype.type(self.point.value)
        return found.assign(score=self.shown(scores), match=match)

    # -- tables ----------------------------------------------------------------------------------

    @functools.cached_property
    def who(self) -> pd.DataFrame:
        """People, pictures and pairs, of everyone and of each group."""
        import pandas as pd

        return pd.DataFrame(
            [
                {
                    "group": row.name,
                    "people": row.people,
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
        rows = []
        for row in self.rows:
            for rate in ORDER:
                i = row.interval(rate)
                line = {part: getattr(i, part) for part in parts}
                more = {
                    "units_with_error": row.erred(rate),
                    "at_most": row.at_most(rate),
                    "at_most_if_anyone": row.if_anyone(rate),
                    "at_least": row.at_least(rate),
                    "shown": row.given(rate),
                }
                rows.append({"group": row.name, "rate": rate, **line, **more})
        return pd.DataFrame(rows)

    def tables(self) -> dict[str, pd.DataFrame]:
        """The numbers of the page."""
        import pandas as pd

        def joined(tables: Mapping[str, pd.DataFrame]) -> pd.DataFrame:
            if not tables:
                return pd.DataFrame()
            return pd.concat(dict(tables), names=["rate"]).reset_index()

        return {
            "who": self.who,
            "rates": self.rates,
            "failures": self.failures,
            "contrasts": self.family.reset_index() if self.compared else pd.DataFrame(),
            "strata": joined(self.within),
            "spread": joined(self.spread),
            "scores": self.quantiles,
            "thresholds": self.steps,
            "search": self.search,
            "highest": self.highest,
        }

    def numbers(self) -> dict[str, Any]:
        """Every number of the page, for JSON; see :class:`labkit.audit.report.AuditReport`."""
        point, pairs = self.point, self.pairs
        true = point.true
        return {
            "title": self.title,
            "date": self.date,
            "labkit": labkit.__version__,
            "input": plain(
                {
                    "name": pairs.name,
                    "sha256": pairs.sha256,
                    "pairs": len(pairs),
                    "mated_pairs": pairs.planned_mated,
                    "people": pairs.people_count,
                    "people_known": pairs.known_people,
                    "groups": list(pairs.groups),
                    "strata": list(self.strata),
                    "pictures_without_group": self.pairs.missing_groups,
                    "share_of_all_pairs": pairs.share_of_all,
                    "failed_comparisons": self.failed_comparisons,
                    "unsure_failures": pairs.unsure_failures,
                    "distance": self.distance,
                    "lowest_score": self.ends[0],
                    "highest_score": self.ends[1],
                    "columns_not_used": list(pairs.ignored),
                    "notes": list(self.pairs.notes),
                }
            ),
            "threshold": plain(
                {
                    "value": self.shown(point.value),
                    "fmr_asked": point.asked,
                    "fmr_refused": point.refused,
                    "chosen_on_these_people": point.here,
                    "fmr_within_groups": self.mean_fmr_within,
                    "groups_in_mean": [r.name for r in self.in_mean],
                    "true_fmr_low": true.low if true else math.nan,
                    "true_fmr_high": true.high if true else math.nan,
                    "lowest_fmr": self.floor,
                }
            ),
            "auc": plain(self.auc),
            "left_out": {rate: [r.name for r in rows] for rate, rows in self.left_out.items()},
            **{name: plain(_as_shown(name, table)) for name, table in self.tables().items()},
        }


def _as_shown(name: str, table: pd.DataFrame) -> list[dict[Hashable, Any]]:
    """The rows of a table, without the numbers in whose place the page has a dash."""
    if name == "rates":
        table = table.assign(value=table["value"].where(table["shown"]))
    if name in ("contrasts", "strata") and len(table):
        table = table.assign(ratio=table["ratio"].where(np.isfinite(table["low"].to_numpy(float))))
    return table.to_dict("records")


def records(frame: pd.DataFrame) -> list[Any]:
    """The rows of a table, with their columns as attributes."""
    return list(frame.itertuples(index=False))

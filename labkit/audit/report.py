"""What a report says: the words around the numbers of an audit, section by section.

In: pairs, an operating point and what to compare.  Out: the page and its numbers as tables.  Every
sentence of the report that does not depend on numbers stands at the top.
"""

from __future__ import annotations

import functools
import math
import platform
from collections.abc import Hashable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

import labkit
from labkit.audit.page import (
    Head,
    Section,
    bullets,
    count,
    esc,
    histogram,
    listing,
    p,
    page,
    percent,
    plural,
    tick,
    trade,
)
from labkit.audit.page import groups as groups_drawing
from labkit.audit.page import rate as digits
from labkit.audit.page import table as rows_table
from labkit.audit.pairs import HIGHEST, ListTable, PairList, PairTable
from labkit.measure.disparity import ALL_OTHERS, GroupCounts, GroupTable
from labkit.measure.intervals import ENOUGH_FALSE_MATCH_PAIRS, Interval
from labkit.measure.rate import RATES
from labkit.measure.rates import ENOUGH_PERSON_PAIRS, allowed_false_matches, auc, fmr

if TYPE_CHECKING:
    import pandas as pd

Row = tuple[str, GroupCounts, GroupTable]
"""A line of the report's tables: its name, its counts, the table they are of."""

COVERS = "Covers what the scope of ISO/IEC 19795-10 names; no conformity is claimed."

SAME_PEOPLE = (
    "This threshold was chosen on the people it is reported on. That flatters the system: the"
    " threshold fits the chance features of these people, so the error rates of other people will"
    " tend to be higher than reported, and the intervals do not contain this. Choose a threshold"
    " on other people and give it with --threshold."
)
GIVEN = (
    "The threshold was given. This report cannot know on whom it was chosen; if it was chosen on"
    " these people, the rates flatter the system."
)
NO_PEOPLE = (
    "The intervals in this report are too narrow. Nobody said who is in each picture"
    " (probe_person, gallery_person), so pictures were taken as one person only where pairs of one"
    " person link them, and all others as different people. One person who is easily confused"
    " causes errors in many pictures; counted as many people, these errors look like independent"
    " evidence. How much too narrow cannot be known from this file."
)
CHOSEN_PAIRS = (
    "Nothing in the file says how its pairs were chosen. If they were chosen by their score (the"
    " candidates a system returned, say, or pairs near the threshold), every rate here is biased,"
    " and no interval shows it. Pairs must be drawn without looking at scores."
)
BY_PEOPLE = (
    "Intervals are 95% and move whole people in and out: comparisons share people, so a thousand"
    f" comparisons of ten people are not a thousand observations. With false matches from fewer"
    f" than {ENOUGH_FALSE_MATCH_PAIRS} pairs of people no rate is given."
)
IF_ANYONE = (
    "Where no false match was seen, the limit is 3 / pairs of people; if one person could match"
    " everybody, it would be 6 / people."
)
NO_GROUPS = (
    "No group was given for the pictures, so nothing can be said about how errors differ between"
    " groups of people. Give the columns probe_group and gallery_group."
)
NEVER_ONE = (
    "The highest rate over the lowest is above 1 in every sample, also where the groups are equal,"
    " so each summary stands beside what equal groups of this size would give. Max/geomean and"
    " GARBE depend on how many groups there are: compare only tables with the same groups."
)
DRAWN_RATES = (
    "With {people} the rates were drawn again, not the people: the logarithm of each rate from a"
    " normal distribution with the variance that its interval by people rests on."
)
WIDE = (
    "Intervals of ratios of FMR are up to about 1.7 times too wide when pairs of people are nearly"
    " independent, so they find less than there is."
)
SEARCHES = (
    "A search compares one person with everybody in a gallery of N. Somebody who is not in it gets"
    " N x FMR false candidates on average, always. The share of such searches with at least one"
    " false candidate is at most 1 - (1 - FMR)^N; that is an upper bound, for people differ, and"
    " the false candidates gather on those who are easily confused."
)
ONE_TO_ONE = (
    "No search was run: these numbers are computed from comparisons of two, all people together,"
    " and hold for a gallery made up like the people tested here."
)
TWO_NAMES = (
    "Look at these pairs first. One person under two names is the commonest fault in such data;"
    " it counts as a false match and is none."
)
NAMES_INSIDE = (
    "The table holds the names of pictures and people as they were given: make the report with"
    " --no-names before it is published."
)
NO_SEARCH = "No search was run: the part on searches is computed from comparisons of two."
NOT_SHOWN = (
    "These people, pictures and pairs only. Other cameras, light, ages of pictures or people can"
    " give other rates; nothing here says by how much.",
    "No cause. A rate that differs between groups does not say whether pictures, people, training"
    " or threshold made it differ.",
    "Groups are as they were given. Who recorded them, and how often wrongly, is not known here;"
    " they were not guessed from faces.",
    "A difference that was not found may be there: the section on what this audit could have seen"
    " says how large it could be.",
    "Nothing about a system in use: who is searched and why, what people do with a match, whether"
    " the use is lawful or wanted. Low error rates settle none of these.",
)


@dataclass(frozen=True)
class Point:
    """The operating point and where it comes from."""

    value: float
    asked: float
    here: bool
    words: str


@dataclass(frozen=True, eq=False)
class Facts:
    """Everything counted for one report, and the page made of it."""

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

    # -- counted ---------------------------------------------------------------------------------

    @functools.cached_property
    def all(self) -> GroupTable:
        """The table of everyone, with one row."""
        return self.pairs.everyone(self.point.value)

    @functools.cached_property
    def by_group(self) -> GroupTable | None:
        """The table by group, once the reference is known to be one of them."""
        table = self.pairs.by_group(self.point.value)
        if table is not None and self.reference != ALL_OTHERS:
            known = {str(name): name for name in table.names}
            if str(self.reference) not in known:
                raise ValueError(
                    f"there is no group {str(self.reference)!r} to compare with: use one of"
                    f" {', '.join(known)}"
                )
        if table is None and self.reference != ALL_OTHERS:
            raise ValueError(f"no groups were given, so none can be compared with {self.reference}")
        return table

    @functools.cached_property
    def _ordered(self) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
        """Scores of pairs of one person and of two, ascending."""
        return np.sort(self.pairs.genuine), np.sort(self.pairs.impostor)

    def at_fmr(self, asked: float) -> tuple[float, float, float]:
        """The lowest threshold with an FMR of at most this, past ties; its FMR and FNMR."""
        genuine, impostor = self._ordered
        above = allowed_false_matches(asked, impostor.size)
        if above >= impostor.size:
            return -math.inf, 1.0, 0.0
        t = np.nextafter(impostor[impostor.size - 1 - above], np.float32(np.inf))
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
    def rows(self) -> list[Row]:
        """Everyone, then each group."""
        tables = [self.all, *([self.by_group] if self.by_group else [])]
        return [(str(r.name), r, t) for t in tables for r in t.rows]

    def interval(self, row: Row, rate: str) -> Interval:
        """A rate of one row."""
        return row[2][row[1].name, rate]

    @functools.cached_property
    def spread(self) -> dict[str, pd.DataFrame]:
        """Summaries of spread, by rate; empty without groups."""
        table = self.by_group
        if table is None or len(table.rows) < 2:
            return {}
        return {rate: table.spread(rate) for rate in ("fmr", "false_rejection")}

    @functools.cached_property
    def contrasts(self) -> dict[str, pd.DataFrame]:
        """Ratios of groups, by rate; empty without groups."""
        table = self.by_group
        if table is None or len(table.rows) < 2:
            return {}
        known = {str(name): name for name in table.names}
        reference = known.get(str(self.reference), self.reference)
        return {rate: table.contrasts(reference, rate) for rate in ("fmr", "false_rejection")}

    @functools.cached_property
    def highest(self) -> pd.DataFrame:
        """The highest impostor scores, in the unit they came in."""
        found = self.pairs.highest(HIGHEST)
        if not self.show_names:
            keep = [c for c in found.columns if c in ("line", "score") or c.endswith("_group")]
            found = found[keep]
        return found.assign(score=self.shown(found["score"].to_numpy()))

    @functools.cached_property
    def steps(self) -> pd.DataFrame:
        """FNMR at FMRs in steps of ten, as far down as these people carry."""
        import pandas as pd

        rows = []
        for k in range(1, 9):
            x = 10.0**-k
            if not x >= self.floor:
                break
            t, false, missed = self.at_fmr(x)
            rows.append((x, float(self.shown(t)), false, missed))
        return pd.DataFrame(rows, columns=["fmr_asked", "threshold", "fmr", "fnmr"])

    @functools.cached_property
    def search(self) -> pd.DataFrame:
        """False candidates of a search by somebody who is not in the gallery."""
        import pandas as pd

        out = []
        for row in self.rows:
            i = self.interval(row, "fmr")
            low, value, high = i.low, i.value, i.high
            if i.words and i.trials and not i.errors:
                low, high = 0.0, row[1].bound("fmr")
            for n in self.galleries:
                out.append(
                    {
                        "group": row[0],
                        "gallery": n,
                        "false_candidates": n * value,
                        "low": n * low,
                        "high": n * high,
                        "share_at_most": -math.expm1(n * math.log1p(-min(value, 1 - 1e-12)))
                        if math.isfinite(value)
                        else math.nan,
                        "words": i.words,
                    }
                )
        return pd.DataFrame(out)

    def shown(self, score: Any) -> Any:
        """Scores in the unit they came in."""
        return 0.0 - score if self.distance else score

    def tables(self) -> dict[str, pd.DataFrame]:
        """The numbers of the page."""
        import pandas as pd

        lines = []
        for row in self.rows:
            for rate in reversed(list(RATES)):
                i = self.interval(row, rate)
                lines.append(
                    {
                        "group": row[0],
                        "rate": rate,
                        "value": i.value,
                        "low": i.low,
                        "high": i.high,
                        "errors": i.errors,
                        "trials": i.trials,
                        "people": i.people,
                        "person_pairs": i.person_pairs,
                        "error_pairs": i.error_pairs,
                        "words": i.words,
                    }
                )
        joined = {
            name: pd.concat(tables, names=["rate"]).reset_index() if tables else pd.DataFrame()
            for name, tables in (("spread", self.spread), ("contrasts", self.contrasts))
        }
        return {
            "who": pd.DataFrame([self._who(r) for r in self.rows]),
            "rates": pd.DataFrame(lines),
            **joined,
            "search": self.search,
            "thresholds": self.steps,
            "highest": self.highest,
        }

    def _who(self, row: Row) -> dict[str, Any]:
        r = row[1]
        i = self.interval(row, "fmr")
        return {
            "group": row[0],
            "people": len(r.people),
            "pictures": int(r.images.sum()),
            "mated_pairs": int(r.planned.sum()),
            "impostor_pairs": i.trials,
            "person_pairs": i.person_pairs,
        }

    # -- said ------------------------------------------------------------------------------------

    @property
    def rule(self) -> str:
        """What counts as a match, in words."""
        word = "distance" if self.distance else "score"
        sign = "at most" if self.distance else "at least"
        return f"a match is a {word} of {sign} {self.threshold}"

    @property
    def threshold(self) -> str:
        """The threshold, as exact as it is."""
        value = np.float32(self.shown(self.point.value))
        return str(value).replace("-", "−")

    def said(self, row: Row, rate: str) -> str:
        """A rate with its interval, or why there is none."""
        i = self.interval(row, rate)
        if not i.words:
            return f"{digits(i.value)} [{digits(i.low)}, {digits(i.high)}]"
        return f"{self.few(row, rate)}"

    def brief(self, row: Row, rate: str) -> str:
        """The same in a few words, for a drawing."""
        i = self.interval(row, rate)
        if not i.words:
            return self.said(row, rate)
        if not i.trials:
            return "nothing to count"
        return "too few for a rate" if i.errors else f"none; at most {digits(row[1].bound(rate))}"

    def few(self, row: Row, rate: str) -> str:
        """The words instead of an interval, with as many digits as they need."""
        i = self.interval(row, rate)
        if not i.trials:
            return i.words
        if i.errors:
            if rate == "fmr":
                return f"from {plural(i.error_pairs, 'pair')} of people: too few for a rate"
            erred = int((row[1].terms(rate)[0] > 0).sum())
            return (
                f"by {count(erred)} of {plural(i.people, 'person', 'people')}: too few for a rate"
            )
        units = (
            plural(i.person_pairs, "pair") + " of people"
            if rate == "fmr"
            else plural(i.people, "person", "people")
        )
        return f"none seen; at most {digits(row[1].bound(rate))}, from {units}"

    # -- page ------------------------------------------------------------------------------------

    def html(self) -> str:
        """The whole page."""
        sections = [
            self._short(),
            self._tested(),
            self._in_it(),
            self._failures(),
            self._errors(),
            self._spread_section(),
            self._power(),
            self._searches(),
            self._highest_section(),
            self._limits(),
            self._reproduce(),
        ]
        under = [COVERS, f"Date: {self.date}" if self.date else ""]
        foot = f"Made by labkit {labkit.__version__}. {COVERS}"
        return page(self.title, [u for u in under if u], sections, foot)

    def _short(self) -> Section:
        s = Section("short", "In short")
        first = self.rows[0]
        i, r = self.interval(first, "fmr"), self.interval(first, "false_rejection")
        lines = [
            f"At the operating point ({self.rule}), {count(i.errors)} of {count(i.trials)} impostor"
            f" comparisons match. FMR: {self.said(first, 'fmr')}.",
            f"Of {count(r.trials)} pairs of one person, {count(r.errors)} are rejected or failed."
            f" False rejection: {self.said(first, 'false_rejection')}.",
        ]
        for rate, words in (("fmr", "FMR"), ("false_rejection", "False rejection")):
            if self.spread:
                lines.append(self._about_groups(rate, words))
        if self.by_group is None:
            lines.append(NO_GROUPS)
        n = self.galleries[-1]
        if not i.words:
            lines.append(
                f"In a gallery of {n:,} the measured FMR means {count(n * i.value)} false"
                " candidates for each search, on average."
            )
        if self.point.here:
            lines.append("The threshold was chosen on the people it is reported on: rates flatter.")
        if not self.pairs.known_people:
            lines.append("People were not given: all intervals are too narrow.")
        s.add(bullets(lines, "short"))
        return s

    def _about_groups(self, rate: str, words: str) -> str:
        """Lowest, highest and what equal groups would have shown, in a sentence or two."""
        table = self.by_group
        assert table is not None
        rows = [r for r in self.rows[1:] if not self.interval(r, rate).words]
        if len(rows) < 2:
            return f"{words} by group: fewer than two groups have enough for a rate."
        by = sorted(rows, key=lambda r: self.interval(r, rate).value)
        ends = [f"{digits(self.interval(r, rate).value)} ({r[0]})" for r in (by[0], by[-1])]
        line = dict(named(self.spread[rate]))["max/min"]
        start = f"{words} by group goes from {ends[0]} to {ends[1]}"
        if not math.isfinite(line.null_median):
            thin = [r[0] for r in self.rows[1:] if self.interval(r, rate).words]
            left_out = f" ({listing(thin)})" if thin else ""
            return (
                f"{start} where there is enough for a rate; some groups{left_out} have too little,"
                " so it is not said what equal groups would give."
            )
        share = line.share_of_null_at_least
        verdict = (
            "no sign of a difference beyond chance in this summary"
            if share >= 0.05
            else "more than chance alone would be expected to give"
        )
        found = [
            f"{g} {digits(c.ratio)} times [{digits(c.low)}, {digits(c.high)}]"
            for g, c in named(self.contrasts[rate])
            if c.p_holm < 0.05
        ]
        against = f"; compared with {self.reference}: {'; '.join(found)}" if found else ""
        return (
            f"{start}, {digits(line.value)} times; equal groups of this size would give"
            f" {digits(line.null_median)}, up to {digits(line.null_95)}, and at least as much in"
            f" {percent(share)} of draws: {verdict}{against}."
        )

    def _tested(self) -> Section:
        s = Section("tested", "What was tested")
        pairs = self.pairs
        kind = (
            "distances: smaller means more alike"
            if self.distance
            else ("similarities: larger means more alike")
        )
        i = self.interval(self.rows[0], "fmr")
        facts = [
            *self.about,
            ("Input", pairs.name),
            ("Checksum (SHA-256)", pairs.sha256),
            ("Comparisons", f"{plural(len(pairs), 'pair')} of pictures"),
            ("Scores", kind),
            ("Operating point", self.rule),
            ("FMR at it", f"{digits(i.value)} over all pairs{self._mean_within()}"),
            ("AUC, all pairs", f"{auc(pairs.genuine, pairs.impostor):.4f}"),
        ]
        if not math.isnan(self.point.asked):
            facts.insert(-2, ("FMR asked for", tick(self.point.asked)))
        if pairs.ignored:
            facts.append(("Columns not used", ", ".join(pairs.ignored)))
        s.add(rows_table("Input, scores, operating point", [Head("What"), Head("Value")], facts))
        s.add(p(self.point.words))
        if pairs.share_of_all < 1:
            s.add(
                p(
                    f"The file has {count(len(pairs))} of the pairs that its pictures could form"
                    f" ({percent(pairs.share_of_all)}); every count uses the comparisons there are"
                    " for each two people.",
                    CHOSEN_PAIRS,
                )
            )
        else:
            s.add(
                p("Every picture was compared with every other: no pair was chosen by its score.")
            )
        return s

    def _mean_within(self) -> str:
        if self.by_group is None:
            return ""
        values = [self.interval(r, "fmr").value for r in self.rows[1:]]
        known = [v for v in values if math.isfinite(v)]
        return f", {digits(float(np.mean(known)))} within groups (mean)" if known else ""

    def _in_it(self) -> Section:
        s = Section("who", "Who was in it")
        heads = [
            Head("Group"),
            Head("People", True),
            Head("Pictures", True),
            Head("Pairs of one person", True),
            Head("Impostor comparisons", True),
            Head("Pairs of people", True),
        ]
        rows = [
            [c if isinstance(c, str) else count(c) for c in self._who(r).values()]
            for r in self.rows
        ]
        s.add(rows_table("People, pictures and pairs", heads, rows))
        if self.by_group is None:
            s.add(p(NO_GROUPS))
        else:
            s.add(
                p(
                    "In the row of a group both pictures of a pair are of the group; the first row also"
                    " holds the pairs across groups.",
                    note=True,
                )
            )
        if not self.pairs.known_people:
            s.add(p(NO_PEOPLE))
        return s

    def _failures(self) -> Section:
        s = Section("failures", "Failures")
        s.add(p(RATES["fta"].means), self._rates("fta"))
        failed = (
            self.pairs.failed_comparisons
            if isinstance(self.pairs, PairTable)
            else int((~self.pairs.made).sum())
        )
        if not failed:
            s.add(
                p(
                    "Every planned comparison was made. If failures were left out of the input, the"
                    " report cannot know it."
                )
            )
            return s
        s.add(
            p(
                f"{plural(failed, 'comparison')} of {count(len(self.pairs))} failed. A picture counts"
                " as failed when none of its comparisons could be made."
            )
        )
        unsure = self.pairs.unsure_failures
        if unsure:
            s.add(
                p(
                    f"In {plural(unsure, 'failed pair')} neither picture is in any other pair: which of"
                    " the two failed is unknown, both were counted, and FTA is at most what is shown."
                )
            )
        return s

    def _rates(self, rate: str) -> str:
        pairs = rate == "fmr"
        heads = [
            Head("Group"),
            Head("Rate", True),
            Head("95% interval, by people"),
            Head("Errors", True),
            Head("Trials", True),
            Head("Pairs of people" if pairs else "People", True),
        ]
        if pairs:
            heads.append(Head("of them behind errors", True))
        rows, thin = [], []
        for row in self.rows:
            i = self.interval(row, rate)
            thin.append(bool(i.words))
            value = (
                "0"
                if i.words and i.trials and not i.errors
                else "–"
                if i.words
                else digits(i.value)
            )
            band = self.few(row, rate) if i.words else f"{digits(i.low)} to {digits(i.high)}"
            cells = [row[0], value, band, count(i.errors), count(i.trials)]
            cells += [count(i.person_pairs), count(i.error_pairs)] if pairs else [count(i.people)]
            rows.append(cells)
        return rows_table(f"{RATES[rate].heading} by group", heads, rows, thin)

    def _errors(self) -> Section:
        s = Section("errors", "Errors at the operating point")
        s.add(p(f"One threshold for everybody: {self.rule}.", BY_PEOPLE, IF_ANYONE))
        for rate in ("fmr", "false_rejection", "fnmr"):
            s.sub(RATES[rate].heading)
            s.add(p(RATES[rate].means))
            if rate != "fnmr" and any(self.interval(r, rate).trials for r in self.rows):
                cells = [
                    (r[0], self.interval(r, rate), self.brief(r, rate), self.said(r, rate))
                    for r in self.rows
                ]
                title = f"{'FMR' if rate == 'fmr' else 'False rejection'} by group, with 95%"
                s.add(
                    groups_drawing(
                        f"fig-{rate}", f"{title} intervals by people", cells, log=rate == "fmr"
                    )
                )
            s.add(self._rates(rate))
        s.sub("Scores, and other thresholds")
        s.add(*self._scores(), *self._trade())
        return s

    def _scores(self) -> list[str]:
        sides = [("pairs of one person", self.pairs.genuine), ("pairs of two", self.pairs.impostor)]
        places = (0.05, 0.5, 0.95)
        rows, told = [], []
        for label, values in sides:
            q = self.shown(np.quantile(values, places))
            rows.append([label, count(len(values)), *(score_text(float(x)) for x in q)])
            told.append(
                f"{count(len(values))} {label}: nine in ten between {rows[-1][2]} and"
                f" {rows[-1][4]}, the middle at {rows[-1][3]}."
            )
        told.append(f"The threshold stands at {self.threshold}.")
        heads = [Head("Pairs"), Head("How many", True), *(Head(f"{x:.0%}", True) for x in places)]
        title = "Scores of both kinds of pairs, each as high as its own highest bar"
        return [
            histogram(
                "fig-scores", title, sides, self.point.value, " ".join(told), turned=self.distance
            ),
            rows_table(
                "Scores below which a share of the pairs lies"
                if not self.distance
                else "Distances, from the least alike to the most alike pairs",
                heads,
                rows,
            ),
        ]

    def _trade(self) -> list[str]:
        if not len(self.steps):
            return [
                p(
                    "Too few pairs of people are behind any false matches to say how FNMR changes with"
                    " FMR."
                )
            ]
        grid = np.logspace(math.log10(self.floor), 0, 120)
        asked = [self.at_fmr(min(float(x), 1.0))[2] for x in grid]
        mark = self.interval(self.rows[0], "fmr").value
        told = "; ".join(
            f"at FMR {tick(r.fmr_asked)} FNMR {digits(r.fnmr)}" for r in records(self.steps)
        )
        rows = [
            [tick(r.fmr_asked), score_text(r.threshold), digits(r.fmr), digits(r.fnmr)]
            for r in records(self.steps)
        ]
        heads = [
            Head("FMR at most"),
            Head("Threshold", True),
            Head("FMR", True),
            Head("FNMR", True),
        ]
        words = (
            f"Below FMR {digits(self.floor)} the false matches come from fewer than"
            f" {ENOUGH_PERSON_PAIRS} different pairs of people: too few to set a threshold by."
        )
        return [
            trade(
                "fig-trade",
                "FNMR against FMR, all pairs",
                grid,
                np.array(asked),
                self.floor,
                mark,
                f"{told}. {words}",
            ),
            rows_table("FNMR at FMRs in steps of ten, all pairs", heads, rows),
            p(words, note=True),
        ]

    def _spread_section(self) -> Section:
        s = Section("spread", "Spread over groups")
        if not self.spread:
            s.add(
                p(
                    NO_GROUPS
                    if self.by_group is None
                    else "There is one group only: nothing to compare it with."
                )
            )
            return s
        s.add(p(NEVER_ONE))
        if isinstance(self.by_group, ListTable) and not self.by_group.drawn_one_by_one:
            s.add(p(DRAWN_RATES.format(people=plural(self.pairs.people_count, "person", "people"))))
        heads = [
            Head("Summary"),
            Head("Seen", True),
            Head("Equal groups: median", True),
            Head("Equal groups: up to (95%)", True),
            Head("Draws as far", True),
        ]
        for rate, frame in self.spread.items():
            rows, thin, notes = [], [], []
            for name, line in named(frame):
                known = math.isfinite(line.null_median)
                words = [w for w in line.words.split("; ") if not _is_null_words(w)]
                start = "" if words and words[0].startswith(f"{name}") else f"{name}: "
                notes += [f"{start}{'; '.join(words)}."] if words else []
                rows.append(
                    [
                        f"{name} ({line.of})",
                        digits(line.value),
                        digits(line.null_median),
                        digits(line.null_95),
                        percent(line.share_of_null_at_least),
                    ]
                )
                thin.append(not known)
            s.sub(RATES[rate].heading)
            s.add(rows_table(f"Summaries of spread: {RATES[rate].heading}", heads, rows, thin))
            s.add(bullets(notes) if notes else "")
        s.add(
            p(
                "Equal groups: people are drawn again within each group after all groups were given"
                " the mean rate. Draws as far: the share of such draws at least as far from equal as"
                " what was seen; for FDR, lower is less equal.",
                note=True,
            )
        )
        return s

    def _power(self) -> Section:
        s = Section("power", "What this audit could have seen")
        lowest = (
            f"The lowest FMR at which these people can set a threshold is {digits(self.floor)}:"
            f" there the false matches come from {ENOUGH_PERSON_PAIRS} different pairs of people."
            if math.isfinite(self.floor)
            else f"Fewer than {ENOUGH_PERSON_PAIRS} pairs of people were compared: no threshold can be"
            " set by them."
        )
        s.add(p(lowest))
        if not self.contrasts:
            return s
        against = "all others together" if self.reference == ALL_OTHERS else str(self.reference)
        s.add(
            p(
                f"Each group's rate over that of {against}. The last column is the smallest true ratio"
                " that data like these would find four times in five (at the 5% level, one comparison);"
                " a smaller difference would probably have gone unseen.",
                WIDE,
                "No group was picked after looking." if self.reference == ALL_OTHERS else "",
            )
        )
        heads = [
            Head("Group"),
            Head("Ratio", True),
            Head("95% interval"),
            Head("p (Holm)", True),
            Head("Found four times in five", True),
        ]
        for rate, frame in self.contrasts.items():
            rows, thin = [], []
            for name, c in named(frame):
                known = math.isfinite(c.low)
                thin.append(not known)
                band = f"{digits(c.low)} to {digits(c.high)}" if known else c.words
                found = (
                    "–"
                    if math.isnan(c.detectable)
                    else ("none" if math.isinf(c.detectable) else digits(c.detectable))
                )
                chance = (
                    "–"
                    if math.isnan(c.p_holm)
                    else ("below 0.001" if c.p_holm < 0.001 else f"{c.p_holm:.3f}")
                )
                rows.append([str(name), digits(c.ratio), band, chance, found])
            s.sub(RATES[rate].heading)
            n = len(frame)
            title = f"{RATES[rate].heading}: ratio to {against}"
            title += f"; p adjusted for {plural(n, 'comparison')}"
            s.add(rows_table(title, heads, rows, thin))
        return s

    def _searches(self) -> Section:
        s = Section("search", "In a search (1:N)")
        s.add(p(SEARCHES), p(ONE_TO_ONE))
        first = self.search[self.search["group"] == self.rows[0][0]].iloc[: len(self.galleries)]
        i = self.interval(self.rows[0], "fmr")
        rows = []
        for line in records(first):
            band = f"{count(line.low)} to {count(line.high)}" if math.isfinite(line.low) else "–"
            if i.words and not i.errors:
                band = f"at most {count(line.high)}"
            rows.append(
                [
                    f"{line.gallery:,}",
                    count(line.false_candidates),
                    band,
                    percent(line.share_at_most),
                ]
            )
        heads = [
            Head("Gallery (N)"),
            Head("False candidates a search (N x FMR)", True),
            Head("95% interval, by people"),
            Head("Searches with any: at most (upper bound)", True),
        ]
        s.add(
            rows_table(
                f"Searches by people who are not in the gallery, FMR {digits(i.value)}", heads, rows
            )
        )
        if i.words:
            s.add(p(f"The FMR behind this table: {self.few(self.rows[0], 'fmr')}.", note=True))
        if self.by_group is not None:
            rows, thin = [], []
            for row in self.rows[1:]:
                of = self.interval(row, "fmr")
                thin.append(bool(of.words))
                cells = ["–" if of.words else count(n * of.value) for n in self.galleries]
                rows.append([row[0], *cells])
            heads = [Head("Group"), *(Head(f"N = {n:,}", True) for n in self.galleries)]
            s.add(
                rows_table(
                    "False candidates a search, were everybody in the gallery of the searcher's group",
                    heads,
                    rows,
                    thin,
                )
            )
        return s

    def _highest_section(self) -> Section:
        found = self.highest
        s = Section("highest", f"The {len(found)} highest impostor scores")
        s.add(p(TWO_NAMES))
        names = {
            "line": "Line",
            "probe": "Probe",
            "gallery": "Gallery",
            "probe_person": "Probe is of",
            "gallery_person": "Gallery is of",
            "probe_group": "Probe's group",
            "gallery_group": "Gallery's group",
            "score": "Distance" if self.distance else "Score",
        }
        columns = list(found.columns)
        heads = [
            Head("No."),
            *(Head(names[c], c in ("score", "line")) for c in columns),
            Head("Match"),
        ]
        rows = []
        matches = self.pairs.highest(len(found))["score"].to_numpy() >= np.float32(self.point.value)
        for n, (line, match) in enumerate(
            zip(found.itertuples(index=False), matches, strict=True), 1
        ):
            cells = [
                score_text(float(v)) if c == "score" else f"{v}"
                for c, v in zip(columns, line, strict=True)
            ]
            rows.append([str(n), *cells, "yes" if match else "no"])
        s.add(rows_table("Pairs of two people that are most alike", heads, rows))
        if "line" in columns:
            s.add(p("Line: of the file, when it has no empty lines.", note=True))
        if self.show_names:
            s.add(p(NAMES_INSIDE, note=True))
        return s

    def _limits(self) -> Section:
        s = Section("limits", "What this report does not show")
        lines = [*self.limits, *NOT_SHOWN, NO_SEARCH]
        if self.point.here:
            lines.append("How these rates hold for people on whom the threshold was not chosen.")
        if not self.pairs.known_people:
            lines.append("How wide the intervals should be: people were not given.")
        if self.pairs.share_of_all < 1:
            lines.append("Whether the pairs were chosen without looking at their scores.")
        s.add(bullets(lines))
        return s

    def _reproduce(self) -> Section:
        s = Section("again", "How to reproduce")
        if self.command:
            s.add(f"<pre><code>{esc(self.command)}</code></pre>")
        s.add(
            rows_table(
                "Versions and checksum",
                [Head("What"), Head("Value")],
                [
                    ("Input", self.pairs.name),
                    ("Checksum (SHA-256)", self.pairs.sha256),
                    *versions(),
                ],
            )
        )
        s.add(
            p(
                "The same input and versions give this file again, byte for byte. Scores are compared"
                " as 32-bit numbers. Draws of people have fixed seeds, 2,000 draws each."
            )
        )
        return s


def records(frame: pd.DataFrame) -> list[Any]:
    """The rows of a table, with their columns as attributes."""
    return list(frame.itertuples(index=False))


def named(frame: pd.DataFrame) -> list[tuple[str, Any]]:
    """The same, each with the name of its row."""
    return list(zip(map(str, frame.index), records(frame), strict=True))


def _is_null_words(words: str) -> bool:
    """Words of a summary that stand in columns of their own here."""
    return words.startswith("with equal groups of this size") or "of such draws are" in words


def score_text(x: float) -> str:
    """A score with five digits that matter."""
    return f"{x:.5g}".replace("-", "−")


def versions() -> list[tuple[str, str]]:
    """What the numbers were made with."""
    import pandas as pd

    return [
        ("labkit", labkit.__version__),
        ("Python", platform.python_version()),
        ("NumPy", np.__version__),
        ("pandas", pd.__version__),
    ]

"""The tables of an audit's page: what stands in their cells.

In: :class:`labkit.audit.facts.Facts` and its words.  Out: :class:`Table`, which the page's
``table`` part marks up.  The numbers themselves are in :meth:`labkit.audit.facts.Facts.tables`.
"""

from __future__ import annotations

import functools
import math
from dataclasses import dataclass
from typing import Any

from numpy.typing import NDArray

from labkit.audit import numbers
from labkit.audit.facts import ALPHA, QUANTILES, Facts, Row, records
from labkit.audit.numbers import NOTHING, between, count, digits, part_of, percent, plural, tick
from labkit.audit.words import Words, named
from labkit.base.words import _
from labkit.measure.rate import RATES
from labkit.views.page.tables import Head, Table, columns


def _of(errors: float, trials: float) -> str:
    """A numerator and its denominator."""
    return _("{errors} of {trials}").format(errors=count(errors), trials=count(trials))


@dataclass(frozen=True, eq=False)
class Tables:
    """The tables of one report."""

    facts: Facts
    words: Words

    # -- what was tested -------------------------------------------------------------------------

    @property
    def tested(self) -> Table:
        """Input, scores and operating point."""
        facts, pairs = self.facts, self.facts.pairs
        kind = (
            _("distances: smaller means more alike")
            if facts.distance
            else _("similarities: larger means more alike")
        )
        asked, ignored = facts.point.asked, ", ".join(pairs.ignored)
        compared = _("{pairs} of pictures").format(pairs=plural(len(pairs), _("pair"), _("pairs")))
        rows = [
            *facts.about,
            (_("Input"), pairs.name),
            (_("Checksum (SHA-256)"), pairs.sha256),
            (_("Comparisons"), compared),
            (_("Scores"), kind),
            (_("Threshold"), self.words.rule),
            *([] if math.isnan(asked) else [(_("FMR asked for"), tick(asked))]),
            (_("FMR at it"), self.words.fmr_here),
            *self._true,
            (_("AUC, all pairs"), f"{facts.auc:.4f}"),
            *([(_("Columns not used"), ignored)] if ignored else []),
        ]
        heads = [Head(_("What")), Head(_("Value"))]
        return Table(_("Input, scores, threshold"), heads, rows, terms=True)

    @property
    def _true(self) -> list[tuple[str, str]]:
        """The true FMR of the threshold on other people, where it was chosen on known ones."""
        true = self.facts.point.true
        if true is None or not math.isfinite(true.low):
            return []
        name = _("Its true FMR on other people, 95% interval")
        return [(name, between(true.low, true.high))]

    @property
    def who(self) -> Table:
        """People, pictures and pairs."""
        heads = columns(
            _("Group"),
            _("People"),
            _("Pictures"),
            _("Pairs of one person"),
            _("Impostor comparisons"),
            _("Pairs of people"),
        )
        rows = [[name, *map(count, counts)] for name, *counts in records(self.facts.who)]
        return Table(_("People, pictures and pairs"), heads, rows)

    @property
    def failures(self) -> Table:
        """Comparisons that failed."""
        heads = columns(_("Group"), _("Comparisons that failed"), _("Share"))
        rows = [
            [name, _of(failed, n), part_of(failed, n)]
            for name, n, failed, _share in records(self.facts.failures)
        ]
        caption = _("Comparisons that failed, by group")
        if not self.facts.group_rows:
            caption = _("Comparisons that failed")
        return Table(caption, heads, rows)

    # -- errors ----------------------------------------------------------------------------------

    def rate(self, rate: str) -> Table:
        """A rate by group."""
        of_pairs = RATES[rate].of_pairs
        behind = _("Pairs of people with an error") if of_pairs else _("People with an error")
        heads = [
            Head(_("Group")),
            Head(_("Rate"), True),
            Head(_("95% interval, by people")),
            Head(_("Errors"), True),
            Head(behind, True),
        ]
        rows = [self._rate(row, rate) for row in self.facts.rows]
        thin = [bool(row.interval(rate).words) for row in self.facts.rows]
        caption = _("{rate} by group").format(rate=_(RATES[rate].heading))
        if not self.facts.group_rows:
            caption = _(RATES[rate].heading)
        return Table(caption, heads, rows, thin)

    def _rate(self, row: Row, rate: str) -> list[str]:
        i = row.interval(rate)
        if i.words:
            value = digits(i.value) if row.given(rate) else NOTHING
            band = self.words.few(row, rate)
        else:
            value, band = digits(i.value), between(i.low, i.high)
        if RATES[rate].of_pairs:
            behind = _of(i.error_pairs, i.person_pairs)
        else:
            behind = _of(row.erred(rate), i.people)
        return [row.name, value, band, _of(i.errors, i.trials), behind]

    @functools.cached_property
    def sides(self) -> list[tuple[str, NDArray[Any]]]:
        """Name and scores of both kinds of pairs."""
        pairs = self.facts.pairs
        return [(_("pairs of one person"), pairs.genuine), (_("pairs of two"), pairs.impostor)]

    @property
    def _span(self) -> float:
        """From the lowest to the highest score."""
        ends = [x for _kind, _n, *found in records(self.facts.quantiles) for x in found]
        return max(ends) - min(ends)

    @functools.cached_property
    def scores(self) -> Table:
        """Where the scores of both kinds of pairs lie."""
        span = self._span
        rows = [
            [label, count(how_many), *(numbers.rounded_score(x, span) for x in found)]
            for (label, _values), (_kind, how_many, *found) in zip(
                self.sides, records(self.facts.quantiles), strict=True
            )
        ]
        caption = (
            _("Distances, from the least alike to the most alike pairs")
            if self.facts.distance
            else _("Scores below which a share of the pairs lies")
        )
        heads = columns(_("Pairs"), _("How many"), *(f"{x:.0%}" for x in QUANTILES))
        return Table(caption, heads, rows, terms=True)

    @property
    def steps(self) -> Table:
        """FNMR at other thresholds."""
        heads = columns(_("FMR at most"), _("Threshold"), RATES["fmr"].short, RATES["fnmr"].short)
        rows = [
            [tick(r.fmr_asked), numbers.score(r.threshold), digits(r.fmr), digits(r.fnmr)]
            for r in records(self.facts.steps)
        ]
        return Table(_("FNMR at FMRs in steps of ten, all pairs"), heads, rows)

    # -- differences between groups --------------------------------------------------------------

    @property
    def spread(self) -> Table:
        """Summaries of spread, beside those of equal groups.

        Those of one kind of error, then those of both; failures count as rejections in all.
        """
        heads = columns(
            _("Summary"),
            _("Seen"),
            _("Equal groups: middle"),
            _("Equal groups: up to (95%)"),
            _("Draws as far"),
        )
        alone, both = [], []
        for rate, frame in self.facts.spread.items():
            for name, c in named(frame):
                if c.of == RATES[rate].short:
                    alone.append((f"{name} ({_(c.of)})", c))
                elif rate == "false_rejection":
                    of = _("{fmr} and {rejection}, alpha {alpha}").format(
                        fmr=_(RATES["fmr"].short), rejection=_(RATES[rate].short), alpha=tick(ALPHA)
                    )
                    both.append((f"{name} ({of})", c))
        rows, thin = [], []
        for name, c in [*alone, *both]:
            if math.isnan(c.value):
                continue
            seen, *null = map(digits, (c.value, c.null_median, c.null_95))
            if c.at_least:
                seen = _("at least {value}").format(value=seen)
            rows.append([name, seen, *null, percent(c.share_of_null_at_least)])
            thin.append(not math.isfinite(c.null_median))
        return Table(_("Summaries of spread"), heads, rows, thin, terms=True)

    def ratios(self, rate: str) -> Table:
        """Each group's rate over that of the reference."""
        heads = [
            Head(_("Group")),
            Head(_("Ratio"), True),
            Head(_("95% interval")),
            Head(_("p value (adjusted)"), True),
            Head(_("Difference")),
            Head(_("Found four times in five"), True),
        ]
        rows = []
        for name, c in named(self.facts.contrasts[rate]):
            found = _("none") if math.isinf(c.detectable) else digits(c.detectable)
            told = _("shown") if c.claimed else _("not shown")
            rows.append([name, *_ratio(c), _chance(c.p_family), told, found])
        caption = _("{rate}: ratio to {against}").format(
            rate=_(RATES[rate].heading), against=self.words.against(rate)
        )
        return Table(caption, heads, rows)

    def within(self, rate: str) -> Table:
        """The same over all pairs and within strata."""
        heads = [
            Head(_("Group")),
            Head(_("Ratio over all pairs"), True),
            Head(_("Ratio within strata"), True),
            Head(_("95% interval within strata")),
        ]
        crude = dict(named(self.facts.contrasts[rate]))
        rows, thin = [], []
        for name, c in named(self.facts.within[rate]):
            known = math.isfinite(c.low)
            ratio, band = _ratio(c) if known else (NOTHING, _("too little to compare"))
            over_all = _ratio(crude[name])[0] if name in crude else NOTHING
            rows.append([name, over_all, ratio, band])
            thin.append(not known)
        caption = _("{rate}: ratio to {against}, within {strata}").format(
            rate=_(RATES[rate].heading),
            against=self.words.against(rate),
            strata=plural(len(self.facts.strata), _("stratum"), _("strata")),
        )
        return Table(caption, heads, rows, thin)

    # -- searches and single pairs ---------------------------------------------------------------

    @property
    def searches(self) -> Table:
        """False candidates of a search, all people together."""
        heads = [
            Head(_("Gallery (N)")),
            Head(_("False candidates a search (N x FMR)"), True),
            Head(_("95% interval, by people")),
            Head(_("Searches with any: at most (upper bound)"), True),
        ]
        first, value = self.facts.rows[0], digits(self.facts.interval("fmr").value)
        search = self.facts.search.iloc[: len(self.facts.galleries)]
        rows = []
        for line in records(search):
            if first.none_seen("fmr"):
                band = _("at most {high}").format(high=count(line.high))
            elif math.isfinite(line.low):
                band = _("{low} to {high}").format(low=count(line.low), high=count(line.high))
            else:
                band = NOTHING
            found, share = count(line.false_candidates), percent(line.share_at_most)
            rows.append([f"{line.gallery:,}", found, band, share])
        caption = _("Searches by people who are not in the gallery")
        if first.given("fmr"):
            caption = _("{caption}, FMR {fmr}").format(caption=caption, fmr=value)
        return Table(caption, heads, rows)

    @property
    def own_group(self) -> Table:
        """The same for galleries of the searcher's group."""
        sizes = self.facts.galleries
        heads = columns(_("Group"), *(f"N = {n:,}" for n in sizes))
        found = [(r.name, r.interval("fmr")) for r in self.facts.group_rows]
        rows = [
            [name, *(NOTHING if i.words else count(n * i.value) for n in sizes)]
            for name, i in found
        ]
        caption = _(
            "False candidates a search, were everybody in the gallery of the searcher's group"
        )
        return Table(caption, heads, rows, [bool(i.words) for _name, i in found])

    @property
    def highest(self) -> Table:
        """The highest impostor scores."""
        names = {
            "line": Head(_("Line"), True),
            "probe": Head(_("Probe")),
            "gallery": Head(_("Gallery")),
            "probe_person": Head(_("Probe is of")),
            "gallery_person": Head(_("Gallery is of")),
            "probe_group": Head(_("Probe's group")),
            "gallery_group": Head(_("Gallery's group")),
            "score": Head(_("Distance") if self.facts.distance else _("Score"), True),
            "match": Head(_("Match")),
        }
        found = self.facts.highest
        found = found.assign(
            score=[numbers.rounded_score(x, self._span) for x in found["score"].to_numpy()],
            match=[_("yes") if match else _("no") for match in found["match"]],
        )
        rows = [[str(n), *map(str, line)] for n, line in enumerate(records(found), 1)]
        heads = [Head(_("No.")), *(names[column] for column in found.columns)]
        return Table(_("Pairs of two people that are most alike"), heads, rows)


def _ratio(c: Any) -> tuple[str, str]:
    """A ratio, and its interval, with digits enough to tell them from 1."""
    ratio, low, high = numbers.apart([c.ratio, c.low, c.high], digits)
    return ratio, _("{low} to {high}").format(low=low, high=high)


def _chance(p: float) -> str:
    """A p value for reading."""
    if math.isnan(p):
        return NOTHING
    return _("below 0.001") if p < 0.001 else f"{p:.3f}"

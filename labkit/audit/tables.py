"""The tables of an audit's page: what stands in their cells.

In: :class:`labkit.audit.facts.Facts` and its words.  Out: :class:`Table`, which the page's
``table`` part marks up.  The numbers themselves are in :meth:`labkit.audit.facts.Facts.tables`.
"""

from __future__ import annotations

import functools
import math
import platform
from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

import labkit
from labkit.audit import numbers
from labkit.audit.facts import Facts, Row, records
from labkit.audit.numbers import NOTHING, between, count, digits, percent, plural, tick
from labkit.audit.words import Words, named
from labkit.base.words import _
from labkit.measure.rate import RATES

QUANTILES = (0.05, 0.5, 0.95)


class Head(NamedTuple):
    """A column of a table: its name, and whether it holds numbers."""

    name: str
    number: bool = False


@dataclass(frozen=True)
class Table:
    """A table whose first column names the row.

    Parameters
    ----------
    caption
        Its name.
    heads
        Its columns.
    rows
        Text of each cell.
    thin
        Which rows have too little for a number; empty when none has.
    """

    caption: str
    heads: Sequence[Head]
    rows: Sequence[Sequence[str]]
    thin: Sequence[bool] = ()


def _heads(first: str, *numbers: str) -> list[Head]:
    """A column of names and columns of numbers."""
    return [Head(first), *(Head(name, True) for name in numbers)]


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
            (_("Operating point"), self.words.rule),
            *([] if math.isnan(asked) else [(_("FMR asked for"), tick(asked))]),
            (_("FMR at it"), self.words.fmr_here),
            (_("AUC, all pairs"), f"{facts.auc:.4f}"),
            *([(_("Columns not used"), ignored)] if ignored else []),
        ]
        return Table(_("Input, scores, operating point"), [Head(_("What")), Head(_("Value"))], rows)

    @property
    def who(self) -> Table:
        """People, pictures and pairs."""
        heads = _heads(
            _("Group"),
            _("People"),
            _("Pictures"),
            _("Pairs of one person"),
            _("Impostor comparisons"),
            _("Pairs of people"),
        )
        rows = [[name, *map(count, counts)] for name, *counts in records(self.facts.who)]
        return Table(_("People, pictures and pairs"), heads, rows)

    # -- errors ----------------------------------------------------------------------------------

    def rate(self, rate: str) -> Table:
        """A rate by group."""
        of_pairs = RATES[rate].of_pairs
        heads = [
            Head(_("Group")),
            Head(_("Rate"), True),
            Head(_("95% interval, by people")),
            Head(_("Errors"), True),
            Head(_("Trials"), True),
            Head(_("Pairs of people") if of_pairs else _("People"), True),
        ]
        if of_pairs:
            heads.append(Head(_("of them behind errors"), True))
        rows = [self._rate(row, rate) for row in self.facts.rows]
        thin = [bool(row.interval(rate).words) for row in self.facts.rows]
        caption = _("{rate} by group").format(rate=_(RATES[rate].heading))
        return Table(caption, heads, rows, thin)

    def _rate(self, row: Row, rate: str) -> list[str]:
        i = row.interval(rate)
        if i.words:
            value, band = "0" if row.none_seen(rate) else NOTHING, self.words.few(row, rate)
        else:
            value, band = digits(i.value), between(i.low, i.high)
        behind = [i.person_pairs, i.error_pairs] if RATES[rate].of_pairs else [i.people]
        return [row.name, value, band, *map(count, (i.errors, i.trials, *behind))]

    @functools.cached_property
    def sides(self) -> list[tuple[str, NDArray[np.floating]]]:
        """Name and scores of both kinds of pairs."""
        pairs = self.facts.pairs
        return [(_("pairs of one person"), pairs.genuine), (_("pairs of two"), pairs.impostor)]

    @functools.cached_property
    def scores(self) -> Table:
        """Where the scores of both kinds of pairs lie."""
        rows = []
        for label, values in self.sides:
            found = self.facts.shown(np.quantile(values, QUANTILES))
            rows.append([label, count(len(values)), *(numbers.score(float(x)) for x in found)])
        caption = (
            _("Distances, from the least alike to the most alike pairs")
            if self.facts.distance
            else _("Scores below which a share of the pairs lies")
        )
        return Table(
            caption, _heads(_("Pairs"), _("How many"), *(f"{x:.0%}" for x in QUANTILES)), rows
        )

    @property
    def steps(self) -> Table:
        """FNMR at other thresholds."""
        heads = _heads(_("FMR at most"), _("Threshold"), RATES["fmr"].short, RATES["fnmr"].short)
        rows = [
            [tick(r.fmr_asked), numbers.score(r.threshold), digits(r.fmr), digits(r.fnmr)]
            for r in records(self.facts.steps)
        ]
        return Table(_("FNMR at FMRs in steps of ten, all pairs"), heads, rows)

    # -- differences between groups --------------------------------------------------------------

    def spread(self, rate: str) -> Table:
        """Summaries of spread, beside those of equal groups."""
        heads = _heads(
            _("Summary"),
            _("Seen"),
            _("Equal groups: median"),
            _("Equal groups: up to (95%)"),
            _("Draws as far"),
        )
        rows, thin = [], []
        for name, line in named(self.facts.spread[rate]):
            found = (line.value, line.null_median, line.null_95)
            share = percent(line.share_of_null_at_least)
            rows.append([f"{name} ({line.of})", *map(digits, found), share])
            thin.append(not math.isfinite(line.null_median))
        caption = _("Summaries of spread: {rate}").format(rate=_(RATES[rate].heading))
        return Table(caption, heads, rows, thin)

    def ratios(self, rate: str) -> Table:
        """Each group's rate over that of the reference."""
        heads = [
            Head(_("Group")),
            Head(_("Ratio"), True),
            Head(_("95% interval")),
            Head(_("p (Holm)"), True),
            Head(_("Found four times in five"), True),
        ]
        frame = self.facts.contrasts[rate]
        rows, thin = [], []
        for name, c in named(frame):
            known = math.isfinite(c.low)
            band = between(c.low, c.high) if known else c.words
            found = _("none") if math.isinf(c.detectable) else digits(c.detectable)
            rows.append([name, digits(c.ratio), band, _chance(c.p_holm), found])
            thin.append(not known)
        caption = _("{rate}: ratio to {against}; p adjusted for {comparisons}").format(
            rate=_(RATES[rate].heading),
            against=self.words.against,
            comparisons=plural(len(frame), _("comparison"), _("comparisons")),
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
        caption = _("Searches by people who are not in the gallery, FMR {fmr}").format(fmr=value)
        return Table(caption, heads, rows)

    @property
    def own_group(self) -> Table:
        """The same for galleries of the searcher's group."""
        sizes = self.facts.galleries
        heads = _heads(_("Group"), *(f"N = {n:,}" for n in sizes))
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
        found = self.facts.highest.assign(
            score=[numbers.score(float(x)) for x in self.facts.highest["score"]],
            match=[_("yes") if match else _("no") for match in self.facts.highest["match"]],
        )
        rows = [[str(n), *map(str, line)] for n, line in enumerate(records(found), 1)]
        heads = [Head(_("No.")), *(names[column] for column in found.columns)]
        return Table(_("Pairs of two people that are most alike"), heads, rows)

    # -- how to make it again --------------------------------------------------------------------

    @property
    def versions(self) -> Table:
        """What the numbers were made of and with."""
        import pandas as pd

        rows = [
            (_("Input"), self.facts.pairs.name),
            (_("Checksum (SHA-256)"), self.facts.pairs.sha256),
            ("labkit", labkit.__version__),
            ("Python", platform.python_version()),
            ("NumPy", np.__version__),
            ("pandas", pd.__version__),
        ]
        return Table(_("Versions and checksum"), [Head(_("What")), Head(_("Value"))], rows)


def _chance(p: float) -> str:
    """A p value for reading."""
    if math.isnan(p):
        return NOTHING
    return _("below 0.001") if p < 0.001 else f"{p:.3f}"

"""What a report says: its headings, and the sentences that depend on what was counted.

In: :class:`labkit.audit.facts.Facts`.  Out: text, in the reader's language.  Sentences that hold
whatever was counted are in :mod:`labkit.audit.sentences`.
"""

from __future__ import annotations

import functools
import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

import labkit
from labkit.audit import sentences
from labkit.audit.facts import COMPARED, Facts, Row, records
from labkit.audit.numbers import capital, count, digits, listing, minus, percent, plural
from labkit.base.words import _
from labkit.measure.disparity import ALL_OTHERS
from labkit.measure.rate import RATES
from labkit.measure.thresholds import ENOUGH_PERSON_PAIRS

if TYPE_CHECKING:
    import pandas as pd


def people(n: float) -> str:
    """So many people."""
    return plural(n, _("person"), _("people"))


def pairs_of_people(n: float) -> str:
    """So many pairs of people."""
    return plural(n, _("pair of people"), _("pairs of people"))


def named(frame: pd.DataFrame) -> list[tuple[str, Any]]:
    """The rows of a table: the name of each, and its columns as attributes."""
    return list(zip(map(str, frame.index), records(frame), strict=True))


@dataclass(frozen=True, eq=False)
class Words:
    """The sentences of one report that depend on what was counted."""

    facts: Facts

    @functools.cached_property
    def headings(self) -> dict[str, str]:
        """The sections in their order: id and heading."""
        highest = _("The {n} highest impostor scores").format(n=len(self.facts.highest))
        return {
            "short": _("In short"),
            "tested": _("What was tested"),
            "who": _("Who was in it"),
            "failures": _("Failures"),
            "errors": _("Errors at the operating point"),
            "spread": _("Spread over groups"),
            "power": _("What this audit could have seen"),
            "search": _("In a search (1:N)"),
            "highest": highest,
            "limits": _("What this report does not show"),
            "again": _("How to reproduce"),
        }

    @property
    def dated(self) -> str:
        """The date, if one was given."""
        return _("Date: {date}").format(date=self.facts.date) if self.facts.date else ""

    @property
    def made_by(self) -> str:
        """What made the page."""
        return _("Made by labkit {version}.").format(version=labkit.__version__)

    # -- one rate --------------------------------------------------------------------------------

    @property
    def threshold(self) -> str:
        """The threshold, as exact as it is."""
        return minus(str(np.float32(self.facts.shown(self.facts.point.value))))

    @property
    def rule(self) -> str:
        """What counts as a match."""
        if self.facts.distance:
            return _("a match is a distance of at most {t}").format(t=self.threshold)
        return _("a match is a score of at least {t}").format(t=self.threshold)

    def said(self, row: Row, rate: str) -> str:
        """A rate with its interval, or why there is none."""
        i = row.interval(rate)
        if i.words:
            return self.few(row, rate)
        return f"{digits(i.value)} [{digits(i.low)}, {digits(i.high)}]"

    def brief(self, row: Row, rate: str) -> str:
        """The same in a few words, for a drawing."""
        i = row.interval(rate)
        if not i.words:
            return self.said(row, rate)
        if not i.trials:
            return _("nothing to count")
        if i.errors:
            return _("too few for a rate")
        return _("none; at most {bound}").format(bound=digits(row.bound(rate)))

    def few(self, row: Row, rate: str) -> str:
        """The words instead of an interval, with as many digits as they need."""
        i, of_pairs = row.interval(rate), RATES[rate].of_pairs
        if not i.trials:
            return i.words
        if not i.errors:
            units = pairs_of_people(i.person_pairs) if of_pairs else people(i.people)
            bound = digits(row.bound(rate))
            return _("none seen; at most {bound}, from {units}").format(bound=bound, units=units)
        if of_pairs:
            units = pairs_of_people(i.error_pairs)
            return _("from {units}: too few for a rate").format(units=units)
        erred = int((row.counts.terms(rate)[0] > 0).sum())
        return _("by {some} of {people}: too few for a rate").format(
            some=count(erred), people=people(i.people)
        )

    # -- in short --------------------------------------------------------------------------------

    @property
    def short(self) -> list[str]:
        """The page in a few sentences; empty ones do not apply."""
        facts = self.facts
        first, i, r = facts.rows[0], facts.interval("fmr"), facts.interval("false_rejection")
        return [
            _(
                "At the operating point ({rule}), {errors} of {trials} impostor comparisons match."
                " FMR: {said}."
            ).format(
                rule=self.rule,
                errors=count(i.errors),
                trials=count(i.trials),
                said=self.said(first, "fmr"),
            ),
            _(
                "Of {trials} pairs of one person, {errors} are rejected or failed. False rejection:"
                " {said}."
            ).format(
                trials=count(r.trials),
                errors=count(r.errors),
                said=self.said(first, "false_rejection"),
            ),
            *(self.differs(rate) for rate in COMPARED if facts.spread),
            sentences.NO_GROUPS if facts.by_group is None else "",
            self._in_the_largest_gallery,
            sentences.FLATTER if facts.point.here else "",
            sentences.ALL_TOO_NARROW if not facts.pairs.known_people else "",
        ]

    @property
    def _in_the_largest_gallery(self) -> str:
        i, n = self.facts.interval("fmr"), self.facts.galleries[-1]
        if i.words:
            return ""
        return _(
            "In a gallery of {n} the measured FMR means {found} false candidates for each search,"
            " on average."
        ).format(n=f"{n:,}", found=count(n * i.value))

    def differs(self, rate: str) -> str:
        """Lowest and highest of a rate, and what equal groups would have shown."""
        facts, name = self.facts, capital(_(RATES[rate].short))
        rows = [r for r in facts.group_rows if not r.interval(rate).words]
        thin = [r.name for r in facts.group_rows if r.interval(rate).words]
        if len(rows) < 2:
            return _("{rate} by group: fewer than two groups have enough for a rate.").format(
                rate=name
            )
        rows.sort(key=lambda r: r.interval(rate).value)
        low, high = (f"{digits(r.interval(rate).value)} ({r.name})" for r in (rows[0], rows[-1]))
        start = _("{rate} by group goes from {low} to {high}").format(rate=name, low=low, high=high)
        line = dict(named(facts.spread[rate]))["max/min"]
        if not math.isfinite(line.null_median):
            return _(
                "{start} where there is enough for a rate; some groups{thin} have too little, so it"
                " is not said what equal groups would give."
            ).format(start=start, thin=f" ({listing(thin)})" if thin else "")
        return _(
            "{start}, {ratio} times; equal groups of this size would give {median}, up to {high},"
            " and at least as much in {share} of draws: {verdict}{found}."
        ).format(
            start=start,
            ratio=digits(line.value),
            median=digits(line.null_median),
            high=digits(line.null_95),
            share=percent(line.share_of_null_at_least),
            verdict=_("no sign of a difference beyond chance in this summary")
            if line.share_of_null_at_least >= 0.05
            else _("more than chance alone would be expected to give"),
            found=self._found(rate),
        )

    def _found(self, rate: str) -> str:
        """The groups whose ratio differs, adjusted for how many were compared."""
        found = [
            _("{group} {ratio} times [{low}, {high}]").format(
                group=group, ratio=digits(c.ratio), low=digits(c.low), high=digits(c.high)
            )
            for group, c in named(self.facts.contrasts[rate])
            if c.p_holm < 0.05
        ]
        if not found:
            return ""
        return _("; compared with {reference}: {groups}").format(
            reference=self.facts.reference, groups="; ".join(found)
        )

    # -- what was tested, and failures -----------------------------------------------------------

    @property
    def fmr_here(self) -> str:
        """The FMR at the operating point, of all pairs and within groups."""
        facts = self.facts
        value, within = digits(facts.interval("fmr").value), facts.mean_fmr_within
        if math.isnan(within):
            return _("{fmr} over all pairs").format(fmr=value)
        return _("{fmr} over all pairs, {within} within groups (mean)").format(
            fmr=value, within=digits(within)
        )

    @property
    def which_pairs(self) -> str:
        """Whether all pairs are there, and what follows when they are not."""
        pairs = self.facts.pairs
        if pairs.share_of_all >= 1:
            return sentences.EVERY_PAIR
        some = _(
            "The file has {n} of the pairs that its pictures could form ({share}); every count uses"
            " the comparisons there are for each two people."
        ).format(n=count(len(pairs)), share=percent(pairs.share_of_all))
        return f"{some} {sentences.CHOSEN_PAIRS}"

    @property
    def failures(self) -> list[str]:
        """What failed, and what is not known about it."""
        facts = self.facts
        failed, unsure = facts.failed_comparisons, facts.pairs.unsure_failures
        if not failed:
            return [sentences.ALL_MADE]
        told = _(
            "{failed} of {n} failed. A picture counts as failed when none of its comparisons could"
            " be made."
        ).format(
            failed=plural(failed, _("comparison"), _("comparisons")), n=count(len(facts.pairs))
        )
        if not unsure:
            return [told]
        return [
            told,
            _(
                "In {pairs} neither picture is in any other pair: which of the two failed is"
                " unknown, both were counted, and FTA is at most what is shown."
            ).format(pairs=plural(unsure, _("failed pair"), _("failed pairs"))),
        ]

    # -- errors ----------------------------------------------------------------------------------

    @property
    def one_threshold(self) -> str:
        """That all groups are measured at the same."""
        return _("One threshold for everybody: {rule}.").format(rule=self.rule)

    @property
    def below_floor(self) -> str:
        """Where a threshold can no longer be set."""
        return _(
            "Below FMR {floor} the false matches come from fewer than {enough} different pairs of"
            " people: too few to set a threshold by."
        ).format(floor=digits(self.facts.floor), enough=ENOUGH_PERSON_PAIRS)

    # -- differences between groups --------------------------------------------------------------

    @property
    def against(self) -> str:
        """What each group is compared with."""
        if self.facts.reference == ALL_OTHERS:
            return _("all others together")
        return str(self.facts.reference)

    @property
    def ratios(self) -> str:
        """How to read the table of ratios."""
        words = [sentences.AGAINST.format(against=self.against), sentences.WIDE]
        return " ".join(
            [*words, sentences.NOT_PICKED] if self.facts.reference == ALL_OTHERS else words
        )

    @property
    def drawn_rates(self) -> str:
        """That rates were drawn again, and not people."""
        return sentences.DRAWN_RATES.format(people=people(self.facts.pairs.people_count))

    def notes(self, rate: str) -> list[str]:
        """What is said of single summaries beside their numbers."""
        out = []
        for name, line in named(self.facts.spread[rate]):
            words = [w for w in line.words.split("; ") if w and not _in_columns(w)]
            start = "" if words and words[0].startswith(name) else f"{name}: "
            out.append(f"{start}{'; '.join(words)}." if words else "")
        return out

    @property
    def lowest_fmr(self) -> str:
        """How low an FMR these people can set a threshold for."""
        if math.isfinite(self.facts.floor):
            return _(
                "The lowest FMR at which these people can set a threshold is {floor}: there the"
                " false matches come from {enough} different pairs of people."
            ).format(floor=digits(self.facts.floor), enough=ENOUGH_PERSON_PAIRS)
        return _(
            "Fewer than {enough} pairs of people were compared: no threshold can be set by them."
        ).format(enough=ENOUGH_PERSON_PAIRS)

    # -- searches, and limits --------------------------------------------------------------------

    @property
    def fmr_of_searches(self) -> str:
        """Why the FMR behind the searches has no interval; empty when it has one."""
        if not self.facts.interval("fmr").words:
            return ""
        few = self.few(self.facts.rows[0], "fmr")
        return _("The FMR behind this table: {few}.").format(few=few)

    @property
    def limits(self) -> Sequence[str]:
        """What the report does not show; empty ones do not apply."""
        facts = self.facts
        return [
            *facts.limits,
            *sentences.NOT_SHOWN,
            sentences.OTHER_PEOPLE if facts.point.here else "",
            sentences.HOW_WIDE if not facts.pairs.known_people else "",
            sentences.HOW_CHOSEN if facts.pairs.share_of_all < 1 else "",
        ]


def _in_columns(words: str) -> bool:
    """Words of a summary that stand in columns of their own here."""
    return words.startswith("with equal groups of this size") or "of such draws are" in words

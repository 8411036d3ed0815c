"""What a report says: its headings, and the sentences that depend on what was counted.

In: :class:`labkit.audit.facts.Facts`.  Out: text, in the reader's language.  Sentences that hold
whatever was counted are in :mod:`labkit.audit.sentences`, those of "In short" in
:mod:`labkit.audit.short`.
"""

from __future__ import annotations

import functools
import math
import platform
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

import labkit
from labkit.audit import sentences
from labkit.audit.facts import COMPARED, Facts, Row, records
from labkit.audit.numbers import (
    capital,
    count,
    digits,
    listing,
    one_in,
    percent,
    plural,
    score,
    tick,
    times,
)
from labkit.base.words import _
from labkit.measure.disparity import ALL_OTHERS
from labkit.measure.rate import RATES
from labkit.measure.thresholds import ENOUGH_PEOPLE_FOR_A_MEAN, ENOUGH_PERSON_PAIRS

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
        facts = self.facts
        highest = _("The {n} highest impostor scores").format(n=len(facts.highest))
        found = {
            "short": _("In short"),
            "tested": _("What was tested"),
            "who": _("Who was in it"),
            "failures": _("Failures"),
            "errors": _("Errors at the threshold"),
            "differences": _("Differences between groups") if facts.compared else "",
            "strata": _("Within strata") if facts.within else "",
            "spread": _("Summaries of spread (exploratory)") if facts.summed_up else "",
            "scores": _("Scores, and other thresholds"),
            "search": _("In a search (1:N)") if facts.galleries else "",
            "highest": highest,
            "limits": _("What this report does not show"),
            "glossary": _("Words explained"),
            "again": _("How to make it again, and the numbers"),
        }
        return {name: heading for name, heading in found.items() if heading}

    @property
    def dated(self) -> str:
        """The date, if one was given."""
        return _("Date: {date}").format(date=self.facts.date) if self.facts.date else ""

    @property
    def versions(self) -> str:
        """What the numbers were made with."""
        import pandas as pd

        return _("labkit {labkit}, Python {python}, NumPy {numpy}, pandas {pandas}.").format(
            labkit=labkit.__version__,
            python=platform.python_version(),
            numpy=np.__version__,
            pandas=pd.__version__,
        )

    @property
    def made_by(self) -> str:
        """What made the page."""
        return _("Made by labkit {version}.").format(version=labkit.__version__)

    # -- one rate --------------------------------------------------------------------------------

    @property
    def threshold(self) -> str:
        """The threshold, with the digits it takes to count the same."""
        return score(float(self.facts.shown(self.facts.point.value)))

    @property
    def rule(self) -> str:
        """What counts as a match."""
        if self.facts.distance:
            return _("a match is a distance of at most {t}").format(t=self.threshold)
        return _("a match is a score of at least {t}").format(t=self.threshold)

    @property
    def beyond(self) -> str:
        """That the threshold lies beyond all scores; nothing when it does not."""
        facts = self.facts
        low, high = facts.ends
        if low < facts.point.value <= high:
            return ""
        first, last = sorted(float(facts.shown(x)) for x in (low, high))
        said = (
            _("No pair reaches it, so nothing matches: all lie between {low} and {high}.")
            if facts.point.value > high
            else _("Every pair reaches it, so all match: they lie between {low} and {high}.")
        )
        return said.format(low=score(first), high=score(last))

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
        if row.all_seen(rate):
            return _("all of them")
        if row.given(rate) and i.errors:
            return _("{rate}, no interval").format(rate=digits(i.value))
        if math.isnan(row.at_most(rate)):
            return _("too few for a rate")
        return _("none; at most {bound}").format(bound=digits(row.at_most(rate)))

    def few(self, row: Row, rate: str) -> str:
        """The words instead of an interval, with as many digits as they need."""
        i, of_pairs, why = row.interval(rate), RATES[rate].of_pairs, row.reason(rate)
        counts = row.counts.of(rate)
        units = pairs_of_people(i.person_pairs) if of_pairs else people(i.people)
        if why == "nothing":
            return _("nothing to count")
        if why == "all":
            said = _("all of them, of {units}").format(units=units)
            least = row.at_least(rate)
            if math.isnan(least):
                return said
            return _("{said}: at least {least}").format(said=said, least=digits(least))
        if why == "none":
            if math.isnan(row.at_most(rate)):
                return _("none seen, from {units}: too few for a limit").format(units=units)
            bound = digits(row.at_most(rate))
            return _("none seen; at most {bound}, from {units}").format(bound=bound, units=units)
        if why == "people":
            words = _("{people}: too few for a rate, which takes {need}")
            return words.format(people=people(counts.people_with_trials), need=counts.floor)
        if why == "errors" and of_pairs:
            words = _("from {units}: too few for a rate")
            return words.format(units=pairs_of_people(i.error_pairs))
        if why == "errors":
            words = _("by {some} of {people}: too few for a rate")
            return words.format(some=count(row.erred(rate)), people=units)
        if why == "others":
            words = _("nothing but errors in {some} of {people}: no interval")
            return words.format(some=count(i.people - row.faultless(rate)), people=units)
        return _("everybody has the same share of errors: no interval")

    # -- what was tested, and failures -----------------------------------------------------------

    @property
    def fmr_here(self) -> str:
        """The FMR at the threshold, of all pairs and within groups."""
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
    def without_group(self) -> str:
        """That some pictures have no group; nothing when all have."""
        n = self.facts.pairs.missing_groups
        if not n:
            return ""
        return _(
            "{pictures} without a group are in the first row alone and take no part in any"
            " comparison of groups."
        ).format(pictures=plural(n, _("picture"), _("pictures")))

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

    # -- differences between groups --------------------------------------------------------------

    def against(self, rate: str) -> str:
        """What each group is compared with."""
        facts = self.facts
        if facts.reference != ALL_OTHERS:
            return str(facts.reference)
        enough = [row.name for row in facts.group_rows if row.counts.enough_people(rate)]
        return enough[0] if len(enough) == 2 else _("the other groups together")

    @property
    def differences(self) -> str:
        """How to read the tables of ratios."""
        n = sum(map(len, self.facts.contrasts.values()))
        if not n:
            return sentences.NOTHING_COMPARED
        said = sentences.FAMILY.format(comparisons=plural(n, _("comparison"), _("comparisons")))
        return " ".join([said, *self.reference])

    @property
    def reference(self) -> list[str]:
        """How it was chosen what each group is compared with."""
        facts = self.facts
        if facts.reference != ALL_OTHERS:
            return [sentences.NAMED.format(group=facts.reference)]
        together = [self.together(rate) for rate, frame in facts.contrasts.items() if len(frame)]
        return [
            *([sentences.TOGETHER] if any(together) else []),
            *([sentences.ONE_QUESTION] if not all(together) else []),
            sentences.NOT_PICKED,
        ]

    def together(self, rate: str) -> bool:
        """Whether each group is compared with several others at once."""
        return self.against(rate) not in {row.name for row in self.facts.group_rows}

    def too_small(self, rate: str) -> str:
        """The groups that take no part in the comparison of a rate, and why; or nothing."""
        out = [
            _("{group} ({why})").format(
                group=row.name,
                why=self.few(row, rate)
                if row.interval(rate).words
                else _("no other group has enough"),
            )
            for row in self.facts.left_out[rate]
        ]
        words = _("{rate}: left out, with too little to compare: {groups}.")
        return words.format(rate=_(RATES[rate].heading), groups="; ".join(out)) if out else ""

    @property
    def drawn_rates(self) -> str:
        """That rates were drawn again, and not people."""
        return sentences.DRAWN_RATES.format(people=people(self.facts.pairs.people_count))

    @property
    def notes(self) -> list[str]:
        """What must be known before the summaries are read; often nothing."""
        facts = self.facts
        out = []
        for rate, frame in facts.spread.items():
            if len(facts.left_out[rate]) > len(facts.group_rows) - 2:
                words = _("{rate}: fewer than two groups have enough for a summary.")
                out.append(words.format(rate=_(RATES[rate].heading)))
            elif frame["at_least"].any():
                words = _(
                    "{rate}: max/min is at least what is shown, for {group} has so few errors that"
                    " its rate must be lower than any other; how few is not known."
                )
                rows = [r for r in facts.left_out[rate] if r.counts.enough_people(rate)]
                lowest = min(rows, key=lambda r: r.bound(rate))
                out.append(words.format(rate=_(RATES[rate].heading), group=lowest.name))
        fmrs = [i.value for r in facts.group_rows if not (i := r.interval("fmr")).words]
        if len(fmrs) > 1 and math.isfinite(facts.spread["false_rejection"]["value"]["FDR"]):
            words = _("FDR hardly sees ratios: FMRs {ratio}-fold apart differ by {gap}.")
            gap = digits(max(fmrs) - min(fmrs))
            out.append(words.format(ratio=times(max(fmrs) / min(fmrs)), gap=gap))
        return out

    @property
    def fallback(self) -> str:
        """That a lower FMR could not be had, where nobody asked for one; else nothing."""
        point = self.facts.point
        if math.isnan(point.refused):
            return ""
        return sentences.NOT_POSSIBLE.format(refused=tick(point.refused), used=one_in(point.asked))

    @property
    def mean_of_groups(self) -> str:
        """What a threshold was held to; nothing where it was given, or without groups."""
        facts = self.facts
        if not facts.point.here or not facts.group_rows:
            return ""
        small = [r.name for r in facts.group_rows if r not in facts.in_mean]
        if not small:
            return sentences.MEAN_OF_GROUPS
        words = _("{groups} had no part in it: fewer than {need} people with a usable face.")
        left_out = words.format(groups=listing(small), need=ENOUGH_PEOPLE_FOR_A_MEAN)
        return f"{sentences.MEAN_OF_GROUPS} {left_out}"

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
            sentences.HOW_WIDE if not facts.pairs.known_people else "",
            sentences.HOW_CHOSEN if facts.pairs.share_of_all < 1 else "",
            sentences.NO_SEARCH if not facts.galleries else "",
        ]


def short_name(rate: str) -> str:
    """A rate as it stands at the beginning of a heading."""
    return capital(_(RATES[rate].short))


__all__ = ["COMPARED", "Words", "named", "pairs_of_people", "people", "short_name"]

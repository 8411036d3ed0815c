"""The page in a few sentences, for a reader who knows no statistics.

In: :class:`labkit.audit.facts.Facts` and its words.  Out: lines, each with a name and a text.

A difference between groups is called shown only where the family of all comparisons says so
(``claimed``); what could have been missed and what was too small stand beside it.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, NamedTuple

from labkit.audit import sentences
from labkit.audit.facts import COMPARED, Facts, Row, records
from labkit.audit.numbers import (
    apart,
    capital,
    count,
    in_one_unit,
    listing,
    one_in,
    part_of,
    plural,
    tick,
    times,
)
from labkit.audit.words import Words, named, pairs_of_people, people
from labkit.base.words import _
from labkit.measure.disparity import ALL_OTHERS
from labkit.measure.intervals import Interval
from labkit.measure.rate import RATES
from labkit.measure.reading import in_words, interval_in_words

MANY = 6
"""More groups than this are counted in a sentence, not named."""


class Card(NamedTuple):
    """A result that the page opens with: its name, what it is in a few words, and of what."""

    name: str
    value: str
    text: str


class Line(NamedTuple):
    """One line: what it is about, and what it says."""

    name: str
    text: str


def odds(i: Interval) -> str:
    """A rate with its interval, for a sentence."""
    rate, low, high = in_one_unit(i.value, i.low, i.high)
    return _("{rate} (95% interval: {low} to {high})").format(rate=rate, low=low, high=high)


def _limit(row: Row, rate: str) -> str:
    """The limit of a rate without an error; for pairs of people also the more careful one."""
    if math.isnan(row.at_most(rate)):
        return _("they are too few for a limit")
    said = _("the rate is at most {bound} (95% limit)").format(bound=one_in(row.at_most(rate)))
    if not RATES[rate].of_pairs:
        return said
    said = _("{said} if pairs of people are independent").format(said=said)
    if math.isnan(row.if_anyone(rate)):
        return said
    return _("{said}, and at most {bound} if one person could match everybody").format(
        said=said, bound=one_in(row.if_anyone(rate))
    )


class Ratio(NamedTuple):
    """A ratio of two rates with its interval, either way round."""

    ratio: float
    low: float
    high: float

    @classmethod
    def of(cls, c: Any, turned: bool) -> Ratio:
        """Of a row of contrasts; with ``turned`` the reference over the group."""
        return cls(1 / c.ratio, 1 / c.high, 1 / c.low) if turned else cls(c.ratio, c.low, c.high)


@dataclass(frozen=True, eq=False)
class Short:
    """The lines of one report."""

    facts: Facts
    words: Words

    @property
    def lines(self) -> list[Line]:
        """All that apply, in their order."""
        found = [
            Line(_("Tested"), self.tested),
            Line(_("Threshold"), self.threshold),
            Line(_("Two people taken for one"), self.false_matches),
            Line(_("One person not recognised"), self.misses),
            Line(_("Failures"), self.failures),
            *(Line(_("Shown"), text) for text in self.shown),
            *(Line(_("Without a ratio"), text) for text in self.beside),
            *(Line(_("Not shown"), text) for text in self.not_shown),
            Line(_("Too little to say"), self.too_small),
            Line(_("Limits"), self.limits),
        ]
        return [line for line in found if line.text]

    # -- three cards -----------------------------------------------------------------------------

    @property
    def cards(self) -> list[Card]:
        """What the page opens with: both errors, and what was not decided."""
        found = [
            self._card(_("Strangers matched"), "fmr", _("pairs of two people")),
            self._card(_("Own photographs rejected"), "false_rejection", _("pairs of one person")),
        ]
        return [*found, self._undecided]

    def _card(self, name: str, rate: str, of: str) -> Card:
        row, i = self.facts.rows[0], self.facts.interval(rate)
        counted = _("{errors} of {trials} {of}").format(
            errors=count(i.errors), trials=count(i.trials), of=of
        )
        if not i.trials:
            return Card(name, _("nothing to count"), _("There are no {of}.").format(of=of))
        if not i.errors:
            return Card(name, _("none"), f"{counted}; {_limit(row, rate)}.")
        if row.all_seen(rate):
            return Card(name, _("all"), f"{counted}.")
        if i.words:
            return Card(name, _("too few for a rate"), f"{counted}.")
        ends = _("95% interval: {ends}").format(ends=interval_in_words(i.low, i.high))
        return Card(name, in_words(i.value), f"{counted}; {ends}.")

    @property
    def _undecided(self) -> Card:
        """What this audit leaves open, the first that applies."""
        name, facts = _("Not decided"), self.facts
        if len(facts.group_rows) < 2:
            said = _("The pairs name no two groups of people, so nothing was compared.")
            return Card(name, _("Between groups"), said)
        total = sum(len(frame) for frame in facts.contrasts.values())
        if not total:
            said = _("No two groups have people and errors enough to be compared.")
            return Card(name, _("Between groups"), said)
        open_ones = list(self._contrasts(False))
        if not open_ones:
            said = _("Every comparison of groups showed a difference; where it comes from is open.")
            return Card(name, _("Why"), said)
        said = _("comparisons of groups showed no difference. That is not 'equal'.")
        least = max(c.detectable for _rate, _group, c in open_ones)
        if math.isfinite(least):
            words = _("{said} Only ratios from about {ratio} on are found four times in five.")
            said = words.format(said=said, ratio=f"{least:.1f}")
        value = _("{open} of {all}").format(open=len(open_ones), all=total)
        return Card(name, value, said)

    # -- what was tested -------------------------------------------------------------------------

    @property
    def tested(self) -> str:
        """Pairs, people, groups."""
        facts = self.facts
        of = (
            _("{pairs} of pictures of {people}")
            if facts.pairs.known_people
            else _("{pairs} of {pictures}")
        ).format(
            pairs=plural(len(facts.pairs), _("pair"), _("pairs")),
            people=people(facts.pairs.people_count),
            pictures=plural(facts.rows[0].counts.images.sum(), _("picture"), _("pictures")),
        )
        return _("{of}{groups}: {mated} of one person, {impostor} of two people.").format(
            of=of,
            groups=self._groups,
            mated=count(facts.pairs.planned_mated),
            impostor=count(len(facts.pairs) - facts.pairs.planned_mated),
        )

    @property
    def _groups(self) -> str:
        names = [row.name for row in self.facts.group_rows]
        if not names:
            return ""
        if len(names) == 1:
            return _(" in one group ({group})").format(group=names[0])
        if len(names) > MANY:
            return _(" in {n} groups").format(n=len(names))
        return _(" in {n} groups ({groups})").format(n=len(names), groups=listing(names))

    @property
    def threshold(self) -> str:
        """What counts as a match, how it was chosen, and how far off it may be."""
        facts, point = self.facts, self.facts.point
        start = (
            _("Two pictures count as a match when their distance is at most {t}.")
            if facts.distance
            else _("Two pictures count as a match when their score is at least {t}.")
        ).format(t=self.words.threshold)
        if point.here:
            words = (
                _(
                    "It was chosen on these same people, to match {rate} pairs of two people of one"
                    " group (mean over groups, FMR {fmr})."
                )
                if facts.by_group
                else _(
                    "It was chosen on these same people, to match {rate} pairs of two people (FMR"
                    " {fmr})."
                )
            )
            how = words.format(rate=one_in(point.asked), fmr=tick(point.asked))
        else:
            how = point.words
        said = (start, how, self.words.fallback, self._true, self.words.beyond)
        return " ".join(filter(None, said))

    @property
    def _true(self) -> str:
        """What the threshold may do on other people."""
        true = self.facts.point.true
        if true is None or not math.isfinite(true.low):
            return ""
        low, high = in_one_unit(true.low, true.high)
        return _(
            "On other people like these its true rate, counted in the same way, may be anything"
            " from {low} to {high} (95% interval)."
        ).format(low=low, high=high)

    # -- errors ----------------------------------------------------------------------------------

    @property
    def false_matches(self) -> str:
        """How often two people are taken for one."""
        facts, i = self.facts, self.facts.interval("fmr")
        of = _("pairs of two people")
        said = self._errors(facts.rows[0], "fmr", of, _("match"))
        within = facts.mean_fmr_within
        if i.words or math.isnan(within) or len(facts.group_rows) < 2:
            return said
        return _(
            "{said} That is over all pairs, also of people of two groups. Among pairs of one group"
            " it is {within} (mean over groups)."
        ).format(said=said, within=one_in(within))

    @property
    def misses(self) -> str:
        """How often one person is not recognised."""
        of = _("pairs of one person")
        do = _("do not match")
        if self.facts.failed_comparisons:
            do = _("do not match or could not be compared")
        return self._errors(self.facts.rows[0], "false_rejection", of, do)

    def _errors(self, row: Row, rate: str, of: str, do: str) -> str:
        i = row.interval(rate)
        if not i.trials:
            return ""
        if not i.errors:
            return _("None of {trials} {of} {do}; {limit}.").format(
                trials=count(i.trials), of=of, do=do, limit=_limit(row, rate)
            )
        said = _("{errors} of {trials} {of} {do}").format(
            errors=count(i.errors), trials=count(i.trials), of=of, do=do
        )
        if not i.words:
            return _("{said}: {odds}.").format(said=said, odds=odds(i))
        if row.all_seen(rate):
            return _("{said}: all of them.").format(said=said)
        behind = (pairs_of_people if RATES[rate].of_pairs else people)(row.erred(rate))
        return _("{said}, from {behind}: too few for a rate.").format(said=said, behind=behind)

    @property
    def failures(self) -> str:
        """Pictures that could not be used, and groups that lost all."""
        facts, i = self.facts, self.facts.interval("fta")
        if not i.errors and not facts.failed_comparisons:
            return _("No picture failed.")
        if not i.errors:
            return _("No picture failed in all its comparisons; {comparisons} did{groups}.").format(
                comparisons=self._failed, groups=self._failed_by_group
            )
        said = [
            _("{failed} of {all} pictures gave no face that could be used{rate}.").format(
                failed=count(i.errors),
                all=count(i.trials),
                rate="" if i.words else _(": {odds}").format(odds=odds(i)),
            )
        ]
        for row in facts.lost_groups:
            words = _(
                "Every picture of {group} failed ({people}): nobody in this group can be"
                " recognised."
            )
            said.append(words.format(group=row.name, people=people(row.people)))
        words = _("{comparisons} failed{groups}.")
        said.append(words.format(comparisons=self._failed, groups=self._failed_by_group))
        return " ".join(said)

    @property
    def _failed(self) -> str:
        """How many comparisons failed, of how many."""
        failed, n = self.facts.failed_comparisons, len(self.facts.pairs)
        return _("{failed} of {n} comparisons").format(failed=count(failed), n=count(n))

    @property
    def _failed_by_group(self) -> str:
        """The share of comparisons that failed in each group, the highest first."""
        table = self.facts.failures[1:].sort_values("share", ascending=False, kind="stable")
        rows = [r for r in records(table) if r.comparisons]
        found = [f"{r.group} {part_of(r.failed, r.comparisons)}" for r in rows]
        if not found:
            return ""
        if len(found) > MANY:
            found = [_("{high} to {low}").format(low=found[-1], high=found[0])]
        return _(" (within groups: {groups})").format(groups=", ".join(found))

    # -- differences between groups --------------------------------------------------------------

    def _contrasts(self, claimed: bool) -> Iterator[tuple[str, str, Any]]:
        """Rate, group and row of each comparison; within a rate the highest ratio first."""
        for rate, frame in self.facts.contrasts.items():
            for group, c in named(frame.sort_values("ratio", ascending=False, kind="stable")):
                if bool(c.claimed) == claimed:
                    yield rate, group, c

    @property
    def shown(self) -> list[str]:
        """Each difference that is claimed, with the limits of the claim."""
        found = list(self._contrasts(True))
        said = [self._claim(rate, group, c) for rate, group, c in found]
        together = [rate for rate, _group, _c in found if self.words.together(rate)]
        if self.facts.reference != ALL_OTHERS and said:
            return [sentences.NAMED.format(group=self.facts.reference), *said]
        return [sentences.TOGETHER, *said] if len(together) > len(set(together)) else said

    def _turned(self, rate: str, c: Any) -> bool:
        """Whether a group does better than one other, which is then named first."""
        return c.ratio < 1 and not self.words.together(rate)

    def _claim(self, rate: str, group: str, c: Any) -> str:
        i = next(r for r in self.facts.group_rows if r.name == group).interval(rate)
        against, turned = self.words.against(rate), self._turned(rate, c)
        found = Ratio.of(c, turned)
        words = (
            _("Pairs of two people of {group} are taken for one person {more}")
            if rate == "fmr"
            else _("Pairs of one person of {group} are rejected or fail {more}")
        )
        how = _("more often") if found.ratio > 1 else _("less often")
        first, second = (against, group) if turned else (group, against)
        own, other = in_one_unit(*sorted((i.value, i.value / c.ratio), reverse=found.ratio > 1))
        ratio, low, high = apart(found)
        said = _(
            "{said}: {own} against {other} for {against}, {ratio} times (95% interval {low} to"
            " {high}). {why}"
        ).format(
            said=words.format(group=first, more=how),
            own=own,
            other=other,
            against=second,
            ratio=ratio,
            low=low,
            high=high,
            why=sentences.NOT_WHY,
        )
        unsure = "" if self.facts.pairs.known_people else sentences.MAY_BE_CHANCE
        return " ".join(filter(None, (said, unsure, self.within(rate, group, c))))

    def within(self, rate: str, group: str, crude: Any) -> str:
        """What comparing within strata makes of a claimed difference; nothing without strata."""
        found = dict(named(self.facts.within[rate])) if rate in self.facts.within else {}
        c = found.get(group)
        if c is None:
            return ""
        if not math.isfinite(c.low):
            return _("Within strata there is too little to compare.")
        if c.low <= 1 <= c.high:
            # Only a ratio that moved by more than its own uncertainty was explained by strata.
            nearer = crude.ratio > c.high if crude.ratio > 1 else crude.ratio < c.low
            then = (
                _(
                    "no difference is shown there, so what differs between the strata may account"
                    " for this one."
                )
                if nearer
                else _("that is too little to tell whether a difference remains.")
            )
        elif (c.ratio > 1) != (crude.ratio > 1):
            then = _("there it is the other way round.")
        else:
            then = _("the strata alone do not account for it.")
        names = [str(name) for name in self.facts.strata]
        ratio, low, high = apart(Ratio.of(c, self._turned(rate, crude)))
        return _(
            "Compared only within strata{names}, the ratio is {ratio} ({low} to {high}): {then}"
        ).format(
            names=f" ({listing(names)})" if len(names) <= MANY else "",
            ratio=ratio,
            low=low,
            high=high,
            then=then,
        )

    @property
    def beside(self) -> list[str]:
        """Groups whose errors are too few, or too many, for a ratio, beside those with a rate.

        The larger a difference is, the fewer errors the better group has: without these lines a
        page would say least where there is most to say.  Nothing here is claimed.
        """
        return [self._beside(rate, *both) for rate, both in self.facts.beside.items()]

    def _beside(self, rate: str, known: list[Row], few: list[Row]) -> str:
        known = sorted(known, key=lambda r: -r.interval(rate).value)
        few = sorted(few, key=lambda r: r.bound(rate))
        said = [*(self._counted(r, rate) for r in few[:MANY]), *self._more(few)]
        said += [*(self._counted(r, rate) for r in known[:MANY]), *self._more(known)]
        out = [f"{_(RATES[rate].heading)}.", f"{capital('; '.join(said))}."]
        for row in few[:MANY]:
            above = [r.name for r in known if r.interval(rate).low > row.bound(rate)]
            if not above:
                continue
            words = (
                _(
                    "The limit of {group} (pairs of people taken as independent) lies below the"
                    " whole interval of {others}."
                )
                if RATES[rate].of_pairs
                else _("The limit of {group} lies below the whole interval of {others}.")
            )
            others = _("{n} groups").format(n=len(above)) if len(above) > MANY else listing(above)
            out.append(words.format(group=row.name, others=others))
        few_names = listing([r.name for r in few])
        if len(few) > MANY:
            few_names = _("{n} groups").format(n=len(few))
        return " ".join([*out, sentences.NO_RATIO.format(groups=few_names)])

    @staticmethod
    def _counted(row: Row, rate: str) -> str:
        """A group's errors and trials, with its rate, or with the limit where it has none."""
        i = row.interval(rate)
        if not i.errors:
            words = _("in {group} none of {trials}, and {limit}")
            return words.format(group=row.name, trials=count(i.trials), limit=_limit(row, rate))
        said = _("in {group} {errors} of {trials}").format(
            group=row.name, errors=count(i.errors), trials=count(i.trials)
        )
        if not i.words:
            return _("{said}: {odds}").format(said=said, odds=odds(i))
        if math.isfinite(row.at_least(rate)):
            return _("{said}, and the rate is at least {bound} (95% limit)").format(
                said=said, bound=one_in(row.at_least(rate))
            )
        if row.given(rate):
            return _("{said}: {rate}, no interval").format(said=said, rate=one_in(i.value))
        if row.bound(rate) >= 1:
            return said
        words = (
            _("{said}, and the rate is at most {bound} (95% limit) if pairs are independent")
            if RATES[rate].of_pairs
            else _("{said}, and the rate is at most {bound} (95% limit)")
        )
        return words.format(said=said, bound=one_in(row.bound(rate)))

    @staticmethod
    def _more(rows: list[Row]) -> list[str]:
        """How many groups are not named."""
        more = len(rows) - MANY
        return [_("{n} more groups").format(n=more)] if more > 0 else []

    @property
    def not_shown(self) -> list[str]:
        """What was compared without a difference, and what could have been missed."""
        if self.facts.by_group is None:
            return [sentences.NO_GROUPS]
        if not self.facts.compared:
            return [sentences.ONE_GROUP]
        out = []
        for rate in COMPARED:
            found = [(g, c) for r, g, c in self._contrasts(False) if r == rate]
            if found:
                out.append(self._missed(rate, found))
        return out

    def _missed(self, rate: str, found: list[tuple[str, Any]]) -> str:
        names = listing([group for group, _c in found])
        if len(found) > MANY:
            names = _("{n} groups").format(n=len(found))
        missed = [c.detectable for _g, c in found]
        low, high = times(min(missed)), times(max(missed))
        start = _("{rate}: no difference is shown for {groups}, compared with {against}.").format(
            rate=_(RATES[rate].heading), groups=names, against=self.words.against(rate)
        )
        if not all(map(math.isfinite, missed)):
            rest = _("Even a large one could have been missed.")
        elif low == high:
            rest = _(
                "That is no proof that they are equal: a true difference of less than {low} times"
                " would probably have been missed."
            ).format(low=low)
        else:
            rest = _(
                "That is no proof that they are equal: a true difference of less than {low} to"
                " {high} times (by group) would probably have been missed."
            ).format(low=low, high=high)
        hidden = [g for g, c in found if self._hidden(rate, g)]
        if not hidden:
            return f"{start} {rest}"
        words = _(
            "Within strata the interval of {groups} leaves 1 out; that is not adjusted for the"
            " number of comparisons, and claims nothing."
        )
        return f"{start} {rest} {words.format(groups=listing(hidden))}"

    def _hidden(self, rate: str, group: str) -> bool:
        """Whether a difference within strata does not show over all pairs."""
        found = dict(named(self.facts.within[rate])) if rate in self.facts.within else {}
        c = found.get(group)
        return c is not None and math.isfinite(c.low) and not c.low <= 1 <= c.high

    @property
    def too_small(self) -> str:
        """Groups with too few people or errors to compare; those that lost all are said before."""
        facts = self.facts
        out = []
        for rate, few in facts.left_out.items():
            known, counted = facts.beside.get(rate, ([], []))
            said_before = {r.name for r in (*facts.lost_groups, *known, *counted)}
            small = [row for row in few if row.name not in said_before]
            if not small:
                continue
            names = listing([self._small(row, rate) for row in small])
            if len(small) > MANY:
                names = _("{n} groups").format(n=len(small))
            then = (
                _("the others are compared all the same")
                if len(facts.contrasts[rate])
                else _("so no groups are compared")
            )
            out.append(
                _("{rate}: {groups}: too few people, or too few errors; {then}.").format(
                    rate=capital(_(RATES[rate].short)), groups=names, then=then
                )
            )
        return " ".join(out)

    @staticmethod
    def _small(row: Row, rate: str) -> str:
        """A group, with its people where these are too few."""
        if not row.interval(rate).words:
            return _("{group} (no other group has enough)").format(group=row.name)
        if row.counts.enough_people(rate):
            return row.name
        return _("{group} ({people})").format(group=row.name, people=people(row.people))

    @property
    def limits(self) -> str:
        """The strongest limits."""
        facts = self.facts
        return " ".join(
            filter(
                None,
                (
                    sentences.ALL_TOO_NARROW if not facts.pairs.known_people else "",
                    sentences.PERHAPS_CHOSEN if facts.pairs.share_of_all < 1 else "",
                    self.words.without_group,
                    sentences.PAIRS_ONLY,
                ),
            )
        )

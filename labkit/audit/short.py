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
from labkit.audit.facts import COMPARED, Facts, Row
from labkit.audit.numbers import count, listing, one_in, plural, tick, times
from labkit.audit.words import Words, named, pairs_of_people, people
from labkit.base.words import _
from labkit.measure.intervals import Interval
from labkit.measure.rate import RATES

MANY = 6
"""More groups than this are counted in a sentence, not named."""


class Line(NamedTuple):
    """One line: what it is about, and what it says."""

    name: str
    text: str


def odds(i: Interval) -> str:
    """A rate with its interval, for a sentence."""
    return _("{rate} (95% interval: {low} to {high})").format(
        rate=one_in(i.value), low=one_in(i.low), high=one_in(i.high)
    )


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
            *(Line(_("Not shown"), text) for text in self.not_shown),
            Line(_("Too little to say"), self.too_small),
            Line(_("Limits"), self.limits),
        ]
        return [line for line in found if line.text]

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
        return " ".join(filter(None, (start, how, self._true, self.words.beyond)))

    @property
    def _true(self) -> str:
        """What the threshold may do on other people."""
        true = self.facts.point.true
        if true is None or not math.isfinite(true.low):
            return ""
        return _(
            "On other people like these its true rate may be anything from {low} to {high} (95%"
            " interval)."
        ).format(low=one_in(true.low), high=one_in(true.high))

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
        return _("{said} Among pairs of one group it is {within} (mean over groups).").format(
            said=said, within=one_in(within)
        )

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
            return _("None of {trials} {of} {do}; the rate is at most {bound} (95% limit).").format(
                trials=count(i.trials), of=of, do=do, bound=one_in(row.bound(rate))
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
        if not i.errors:
            return _("No picture failed.")
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
        return " ".join(said)

    # -- differences between groups --------------------------------------------------------------

    def _contrasts(self, claimed: bool) -> Iterator[tuple[str, str, Any]]:
        for rate, frame in self.facts.contrasts.items():
            for group, c in named(frame):
                if bool(c.claimed) == claimed:
                    yield rate, group, c

    @property
    def shown(self) -> list[str]:
        """Each difference that is claimed, with the limits of the claim."""
        return [self._claim(rate, group, c) for rate, group, c in self._contrasts(True)]

    def _claim(self, rate: str, group: str, c: Any) -> str:
        row = next(r for r in self.facts.group_rows if r.name == group)
        i = row.interval(rate)
        words = (
            _("Pairs of two people of {group} are taken for one person {more}")
            if rate == "fmr"
            else _("Pairs of one person of {group} are rejected or fail {more}")
        )
        how = _("more often") if c.ratio > 1 else _("less often")
        said = words.format(group=group, more=how)
        said = _(
            "{said}: {own} against {other} for {against}, {ratio} times (95% interval {low} to"
            " {high}). {why}"
        ).format(
            said=said,
            own=one_in(i.value),
            other=one_in(i.value / c.ratio),
            against=self.words.against(rate),
            ratio=times(c.ratio),
            low=times(c.low),
            high=times(c.high),
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
            then = _(
                "no difference is shown there, so what differs between the strata may account for"
                " this one."
            )
        elif (c.ratio > 1) != (crude.ratio > 1):
            then = _("there it is the other way round.")
        else:
            then = _("the strata alone do not account for it.")
        names = [str(name) for name in self.facts.strata]
        return _(
            "Compared only within strata{names}, the ratio is {ratio} ({low} to {high}): {then}"
        ).format(
            names=f" ({listing(names)})" if len(names) <= MANY else "",
            ratio=times(c.ratio),
            low=times(c.low),
            high=times(c.high),
            then=then,
        )

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
        words = _("Within strata there is one, which all pairs together hide: {groups}.")
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
            names = [self._small(row, rate) for row in few if row not in facts.lost_groups]
            if names:
                words = _("{rate}: {groups}").format(
                    rate=_(RATES[rate].short), groups=listing(names)
                )
                out.append(words)
        if not out:
            return ""
        words = _(
            "{groups}. They have too few people, or too few errors, to be compared; the others are"
            " compared all the same."
        )
        return words.format(groups="; ".join(out))

    @staticmethod
    def _small(row: Row, rate: str) -> str:
        """A group, with its people where these are too few."""
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

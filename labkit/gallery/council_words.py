"""What a town's own test shows, read aloud: sentences that the numbers decide.

In: what :mod:`labkit.gallery.council` counts.  Out: text in the reader's language.  Every sentence
that draws a conclusion has a branch for each way the numbers can fall, and "not shown" comes with
the size that would have been found.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from labkit.base.words import _
from labkit.gallery.council import (
    BANDS,
    DARKER,
    LIGHTER,
    Council,
    Together,
    Trial,
    expected,
    in_hundred,
)
from labkit.gallery.sealed import UNEQUAL
from labkit.measure import searches
from labkit.measure.intervals import Interval

if TYPE_CHECKING:
    from labkit.gallery.vendor import PercentMap

LEVEL = searches.LEVEL


def p_words(p: float) -> str:
    """A p to three digits behind the point, and "below" where that says nothing.

    Examples
    --------
    >>> p_words(0.0141), p_words(1e-5)
    ('p = 0.014', 'p < 0.001')
    """
    return _("p < 0.001") if p < 0.001 else _("p = {p:.3f}").format(p=p)


def _times(value: float) -> str:
    """A factor with as many digits as it deserves.

    Examples
    --------
    >>> _times(2.46), _times(12.4), _times(0.071)
    ('2.5', '12', '0.071')
    """
    return f"{value:.0f}" if value >= 10 else f"{value:.1f}" if value >= 1 else f"{value:.2g}"


def _span(found: Interval) -> str:
    if found.words:
        return f"{_times(found.value)} ({found.words})" if found.value > 0 else found.words
    if math.isinf(found.high):
        return _("{value} [{low} or more]").format(value=_times(found.value), low=_times(found.low))
    return f"{_times(found.value)} [{_times(found.low)}, {_times(found.high)}]"


def _apart(found: Interval) -> bool:
    """Whether a ratio's interval leaves out 1."""
    return not found.words and not found.low <= 1 <= found.high


# ---- before the run -----------------------------------------------------------------------------


def power(trial: Trial, share: float, group: str = DARKER, reference: str = LIGHTER) -> str:
    """What the exact test would find, said before the run.

    Parameters
    ----------
    trial
        One matcher and one gallery; only the number of members is looked at.
    share
        Of the reference, the share that is falsely matched.
    group, reference
        The band in question, and the one it is set against.
    """
    bands = trial.bands("council")
    people, others = (int((bands == band).sum()) for band in (group, reference))
    twice, thrice, half = (searches.fisher_power(people, others, share, k) for k in (2, 3, 0.5))
    least = searches.detectable_ratio(people, others, share)
    told = _(
        "{people} members are {group} and {others} {reference}. Suppose that {share:g} in 100 of"
        " the {reference} are falsely matched. If twice that share of the {group} were, {twice:.0f}"
        " of 100 such tests would say so; if three times, {thrice:.0f}; if half, {half:.0f}."
    ).format(
        people=people,
        others=others,
        group=_(group),
        reference=_(reference),
        share=100 * share,
        twice=100 * twice,
        thrice=100 * thrice,
        half=100 * half,
    )
    if not math.isfinite(least):
        return f"{told} " + _("No factor would be found four times in five.")
    return f"{told} " + _("From {least} times on, four in five would.").format(least=_times(least))


# ---- the council --------------------------------------------------------------------------------


def primary(council: Council, group: str = DARKER, reference: str = LIGHTER) -> str:
    """The one question: is one band falsely matched more often than the other?

    Parameters
    ----------
    council
        The test.
    group, reference
        The two bands.
    """
    found = council.contrast(group, reference)
    counts = {
        "group": _(group),
        "reference": _(reference),
        "a": found.group.errors,
        "n": found.group.trials,
        "b": found.reference.errors,
        "m": found.reference.trials,
        "p": p_words(found.p),
    }
    if not (counts["a"] or counts["b"]):
        return _("Nobody of the {n} {group} and {m} {reference} members was matched.").format(
            **counts
        )
    told = _(
        "{a} of {n} members drawn {group} were falsely matched, and {b} of {m} drawn"
        " {reference} ({p}, exact, two-sided)."
    ).format(**counts)
    if found.p <= LEVEL:
        words = (
            _("Members drawn {group} are falsely matched more often than luck alone would have it.")
            if found.ratio > 1
            else _("Members drawn {group} are falsely matched less often than luck would have it.")
        )
        return f"{words.format(**counts)} {told} " + _(
            "That holds for this gallery; the test names no cause."
        )
    words = _("No difference is shown between {group} and {reference} members.").format(**counts)
    return f"{words} {told} {_allowed(found)}"


def of_hundred(council: Council) -> tuple[float | str, str]:
    """Of 100 falsely matched members that are darker or lighter, how many are darker; in words too.

    Parameters
    ----------
    council
        The test.
    """
    dark, light = council.count(DARKER)[0], council.count(LIGHTER)[0]
    if not dark + light:
        return _("nobody"), _("nobody of either band was falsely matched")
    share = 100 * dark / (dark + light)
    return round(share, 1), _(
        "{share:.0f} of 100 ({dark} of {all}); where both are matched alike, luck alone is as"
        " uneven in {luck:.2g} of 100 tests"
    ).format(share=share, dark=dark, all=dark + light, luck=100 * council.contrast().p)


def _allowed(found: searches.Exact) -> str:
    """Which ratios these counts allow: an exact interval for how the matched ones divide."""
    one, other = found.group, found.reference
    if not one.errors + other.errors:
        return _("Nobody was matched, so the counts allow any ratio.")
    low, high = ratios(one.errors, one.trials, other.errors, other.trials)
    if math.isinf(high):
        return _("These counts allow {low} times as often, or more (95%, exact).").format(
            low=_times(low)
        )
    return _("These counts allow from {low} to {high} times as often (95%, exact).").format(
        low=_times(low), high=_times(high)
    )


def ratios(a: int, n: int, b: int, m: int) -> tuple[float, float]:
    """Ends of the ratio of two rare shares, a of n over b of m: exact, given how many there are.

    How ``a + b`` divide is a binomial count, whose exact interval (Clopper and Pearson 1934) is
    turned into a ratio; where the shares are not rare it is too wide.

    Examples
    --------
    >>> [round(end, 2) for end in ratios(10, 178, 5, 178)]
    [0.62, 7.46]
    """
    from scipy.stats import binomtest

    part = binomtest(a, a + b).proportion_ci(1 - LEVEL, "exact")
    low, high = (p / (1 - p) * m / n if p < 1 else math.inf for p in (part.low, part.high))
    return low, high


def price(trial: Trial, first: str = "A", last: str = "C") -> str:
    """What moving the threshold takes away: false matches, and true ones.

    Parameters
    ----------
    trial
        One matcher and one gallery.
    first, last
        Two operating points.
    """
    (wrong, new_wrong), (right, new_right) = (
        [f(trial.at(point)) for point in (first, last)]
        for f in (lambda t: trial.council(t).count()[0], lambda t: trial.found(t).errors)
    )
    members, people = len(trial.probes("council")), len(trial.probes("mates", 1))
    told = _(
        "From {first} to {last}: of {members} members {a} and then {b} are falsely matched; of"
        " {people} enrolled people, searched for with everyday photographs, {c} and then {d} are"
        " found."
    ).format(
        first=first,
        last=last,
        members=members,
        a=wrong,
        b=new_wrong,
        people=people,
        c=right,
        d=new_right,
    )
    if new_wrong < wrong and new_right < right:
        words = _("A higher threshold takes away false matches and true ones.")
    elif new_wrong < wrong:
        words = _("Here a higher threshold takes away false matches, and no true one was lost.")
    else:
        words = _("Here a higher threshold took away no false match.")
    return f"{words} {told}"


def again(first: Council, second: Council) -> str:
    """Whether those who were falsely matched are falsely matched with another photograph.

    Parameters
    ----------
    first, second
        The same members, searched with one photograph and with another.
    """
    before, after = first.matched, second.matched
    if not before.any():
        return _("Nobody was falsely matched, so nobody was searched again.")
    test = searches.fisher(after, np.where(before, "matched", "others"), "others", "matched")
    same = int((before & after & (first.found == second.found)).sum())
    told = _(
        "Of {n} members who were falsely matched {k} are falsely matched again (in 100: {rate}),"
        " {same} of them with the same first candidate; of the {m} others {j} are ({p})."
    ).format(
        n=test.group.trials,
        k=test.group.errors,
        rate=in_hundred(test.group),
        same=same,
        m=test.reference.trials,
        j=test.reference.errors,
        p=p_words(test.p),
    )
    if test.p <= LEVEL and test.ratio > 1:
        words = _(
            "A false match is not only luck of the picture: who was matched once is matched again"
            " more often than others are."
        )
    elif test.p <= LEVEL:
        words = _("Who was matched once is matched again less often than others are.")
    else:
        words = _("That who was matched once is matched again more often than others is not shown.")
        return f"{words} {told} {_allowed(test)}"
    return f"{words} {told}"


def of_ten(first: Council, second: Council) -> tuple[float | str, str]:
    """Of ten who were falsely matched, how many are falsely matched again; in words too.

    Parameters
    ----------
    first, second
        As for :func:`again`.
    """
    before = int(first.matched.sum())
    if not before:
        return _("nobody"), _("nobody was falsely matched, so nobody was searched again")
    after = int((first.matched & second.matched).sum())
    return round(10 * after / before, 1), _("{share:.1f} of ten ({after} of {before})").format(
        share=10 * after / before, after=after, before=before
    )


def five(trial: Trial, count: int = 5) -> str:
    """What a list of candidates without a threshold returns, by construction.

    Parameters
    ----------
    trial
        One matcher and one gallery.
    count
        Names on a list.
    """
    rows = trial.first("council", count=count)[1]
    best, (own, ranks) = trial.best("council", photo=1), trial.mates
    right = searches.tpir(own, ranks, -math.inf, within=count)
    usual = float(np.nanmedian(best))
    listed = np.isfinite(own) & (ranks <= count)
    below = int((own[listed] < usual).sum())
    return _(
        "{members} members were searched, and none is enrolled: the lists have {places:,} places,"
        " filled with {names:,} different people, each of them wrong. Of {people} enrolled people"
        " {right} have the right name among {count} (in 100: {rate}). No list says which kind it"
        " is, and scores tell only in part: with everyday photographs, {below} of these {right}"
        " score lower with their own entry than half of the members do with a stranger's."
    ).format(
        members=len(rows),
        places=int((rows >= 0).sum()),
        names=len(np.unique(rows[rows >= 0])),
        people=right.trials,
        right=right.errors,
        count=count,
        rate=in_hundred(right),
        below=below,
    )


def dial(trial: Trial, maps: Sequence[PercentMap], percents: Sequence[int]) -> str:
    """What the same percentages return, when different maps make them.

    Parameters
    ----------
    trial
        One matcher and one gallery.
    maps
        Two, of :func:`labkit.gallery.vendor.maps`.
    percents
        Settings of the dial; the maps agree at the first.
    """
    first, last = percents[0], percents[-1]
    searched = len(trial.probes("mates", 1))

    def at(one: PercentMap, percent: int) -> tuple[int, int]:
        t = one.score(percent)
        return trial.council(t).count()[0], searched - trial.found(t).errors

    told = [
        _("{name}: {a} members matched at {first} and {b} at {last}, where {c} of {n} are missed")
        .format(
            name=_(one.name), first=first, last=last, n=searched,
            a=at(one, first)[0], b=at(one, last)[0], c=at(one, last)[1],
        )
        for one in maps
    ]  # fmt: skip
    if len({at(one, last) for one in maps}) > 1:
        words = _("Two maps that agree at {first} part at {last}, and nothing measured picks one.")
    else:
        words = _("Here the two maps return the same at {last}, as at {first}.")
    return f"{words.format(first=first, last=last)} {'; '.join(told)}."


# ---- galleries ----------------------------------------------------------------------------------


def galleries(found: Together, balanced: str, town: str, policed: str) -> str:
    """Which part of an excess is the gallery's, and which is there without it.

    Parameters
    ----------
    found
        Make-up -> false candidates of the same searches at the same threshold.
    balanced, town, policed
        The make-ups: bands enrolled alike, as in the town, and with more darker people.
    """
    own, here, there = (found.ratio(name) for name in (balanced, town, policed))
    moved = found.times(policed, town)
    told = [
        _("For each false candidate of lighter people, darker people get {ratio}").format(
            ratio=_span(own)
        )
        + _(" in the balanced gallery. ")
        + (
            _(
                "As many of both are enrolled there: that part is not the gallery's. It is this"
                " matcher's, with people drawn so; what in the drawings makes it was not tested."
            )
            if _apart(own)
            else _("No difference is shown there, with as many of both enrolled.")
        ),
        _("In the town's gallery it is {town}, in the over-policed one {policed}.").format(
            town=_span(here), policed=_span(there)
        ),
    ]
    words = (
        _("From the one to the other it changes {moved} times: that part is the gallery's alone.")
        if _apart(moved)
        else _("From the one to the other it changes {moved} times: no change is shown.")
    )
    return " ".join([*told, words.format(moved=_span(moved))])


def arithmetic(rates: Any, trials: Mapping[str, Trial], found: Together) -> str:
    """How near the arithmetic comes to what was counted, over galleries and bands.

    Parameters
    ----------
    rates
        False match rates by band, of :meth:`labkit.gallery.council.Hits.rates`, of one gallery.
    trials
        Make-up -> the trial; galleries the rates were not taken from.
    found
        The false candidates in them.
    """
    off = {
        (name, band): expected(rates, trial.entries)[band] / found.found[name].per_search(band)
        for name, trial in trials.items()
        for band in BANDS
        if found.found[name].per_search(band) > 0
    }
    if not off or not all(value > 0 for value in off.values()):
        return _("Too few false candidates were counted to compare.")
    (name, band), worst = max(off.items(), key=lambda item: abs(math.log(item[1])))
    return _(
        "The arithmetic is farthest off for {band} people in the {name} gallery: {change:+.0f} in"
        " 100."
    ).format(band=_(band), name=_(name), change=100 * (worst - 1))


# ---- a blind audit ------------------------------------------------------------------------------


def named(found: Together) -> str:
    """Which of two matchers the audit calls the unequal one; empty if it cannot tell.

    Parameters
    ----------
    found
        Two names -> false candidates of the same searches of one gallery, each matcher at its own
        threshold of the same operating point.
    """
    one, two = found.found
    times = found.times(one, two)
    if not _apart(times):
        return ""
    return one if times.value > 1 else two


def audit_title(found: Together) -> str:
    """The same in a line, above a figure.

    Parameters
    ----------
    found
        As for :func:`named`.
    """
    name = named(found)
    if not name:
        return _("Two networks that the audit cannot tell apart")
    return _("{name} gives darker people more of the false candidates").format(name=name)


def audit(found: Together) -> str:
    """What the audit of two matchers can tell, and how sure.

    Parameters
    ----------
    found
        As for :func:`named`.
    """
    one, two = found.found
    times, name = found.times(one, two), named(found)
    told = _(
        "For each false candidate of lighter people, darker people get: {one} {first}; {two}"
        " {second}. {one} over {two}: {times}."
    ).format(
        one=one,
        two=two,
        first=_span(found.ratio(one)),
        second=_span(found.ratio(two)),
        times=_span(times),
    )
    if name:
        words = _(
            "The audit tells them apart: {name} gives darker people more of the false candidates."
            " Searches and gallery are the same for both, so the difference is the matcher's."
        )
        return f"{words.format(name=name)} {told}"
    words = _("The audit cannot tell them apart.")
    return f"{words} {told} " + _("Only a ratio outside this interval would have been told.")


def members(tests: Mapping[str, Council]) -> str:
    """The exact test over members, for each matcher.

    Parameters
    ----------
    tests
        Name -> the council at its threshold.
    """
    told = []
    for name, council in tests.items():
        found = council.contrast()
        words = _("{name}: {a} of {n} darker and {b} of {m} lighter members ({p})")
        told.append(
            words.format(
                name=name,
                a=found.group.errors,
                n=found.group.trials,
                b=found.reference.errors,
                m=found.reference.trials,
                p=p_words(found.p),
            )
        )
        if found.p > LEVEL:
            told[-1] += ". " + _allowed(found)
    return "\n".join(f"- {one}" for one in told)


def unequal(mixes: Mapping[str, str]) -> str:
    """Which name stands for the network of nine lighter people for each darker one.

    Parameters
    ----------
    mixes
        Of :meth:`labkit.gallery.sealed.Sealed.mixes`.
    """
    return next(name for name, mix in mixes.items() if mix == UNEQUAL)


def opened(mixes: Mapping[str, str], found: Together) -> str:
    """Whether the audit was right, once the seal is open.

    Parameters
    ----------
    mixes
        Name -> who was in its training.
    found
        What was audited.
    """
    name, said = unequal(mixes), named(found)
    told = _("{name} was trained on nine lighter people for each darker one.").format(name=name)
    if not said:
        return f"{told} " + _("The audit had not been able to tell.")
    if said == name:
        return f"{told} " + _("The audit had named it.")
    return f"{told} " + _(
        "The audit had named {said}, and was wrong, though its interval left out 1."
    ).format(said=said)

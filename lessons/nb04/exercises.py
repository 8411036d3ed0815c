"""Exercises of notebook 04, "How sure are we?"."""

from __future__ import annotations

import functools
import math
import re
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from labkit.learning.exercises import Absolute, Check, Choose, Relative
from labkit.measure import intervals, rates
from lessons.nb03.exercises import UNANSWERED, answered, pairs, smallest_fmr, threshold

if TYPE_CHECKING:
    import pandas as pd

    from labkit.learning.checks import Checked
    from labkit.measure.intervals import Interval
    from labkit.measure.scores import AllPairs

Table = NDArray[Any]

EVERY = 12
"""Every twelfth person of dev: a table of 40 people, short enough to read."""

ENOUGH = 30
"""Intervals below which the share that holds is not shown."""

DEAL, DEALS = 5, 20
"""Seed and number of deals of the false matches to pairs of people by lot."""

LOT = 6
"""Seed of the groups in the headline: their ratio is an ordinary one (tested)."""

HALF = 240
"""People whose smallest possible FMR is asked for."""


@functools.cache
def table() -> pd.DataFrame:
    """Misses and mated comparisons made at an FMR of 1e-2, by person, for 40 people of dev."""
    import pandas as pd

    counts = pairs("anytown/dev").mated_counts(threshold())
    whole = pd.DataFrame({"missed": counts.missed, "made": counts.made}, counts.people)
    whole.index.name = "person"
    return whole.iloc[::EVERY]


def rate_and_error(counts: pd.DataFrame) -> tuple[float, float]:
    """FNMR and its standard error with people as the units.

    Parameters
    ----------
    counts
        A row for each person: ``missed`` of ``made`` comparisons.

    Returns
    -------
    rate, standard_error
        The standard error is the root of the variance that the full form writes out.
    """
    missed, made = counts["missed"], counts["made"]
    k, rate = len(missed), missed.sum() / made.sum()
    surplus = missed - rate * made
    variance = k / (k - 1) * (surplus**2).sum() / made.sum() ** 2
    return float(rate), math.sqrt(variance)


def _ends(reach: float) -> tuple[float, float]:
    rate = rate_and_error(table())[0]
    return rate - reach, rate + reach


def _independent() -> tuple[float, float]:
    rate = rate_and_error(table())[0]
    return _ends(intervals.Z * math.sqrt(rate * (1 - rate) / int(table()["made"].sum())))


def _wilson() -> tuple[float, float]:
    found = intervals.wilson(int(table()["missed"].sum()), int(table()["made"].sum()))
    return found.low, found.high


def _by_people_count() -> tuple[float, float]:
    reach = rate_and_error(table())[1] * int(table()["made"].sum()) / len(table())
    return _ends(intervals.Z * reach)


BY_HAND = Check(
    "04-a",
    question="What are the two ends of the 95% interval of this FNMR, with people as the units?",
    reference=lambda: _ends(intervals.Z * rate_and_error(table())[1]),
    tolerance=Absolute(1e-3),
    wrong={
        "pairs taken as independent": (
            _independent,
            "This treats every comparison as a separate observation. The comparisons of one person"
            " share that person's face: use the standard error printed above, made from PEOPLE.",
        ),
        "pairs taken as independent (Wilson)": (
            _wilson,
            "Wilson's interval treats every comparison as a separate observation. The comparisons"
            " of one person share that person's face: use the standard error printed above, made"
            " from PEOPLE.",
        ),
        "square root forgotten": (
            lambda: _ends(intervals.Z * rate_and_error(table())[1] ** 2),
            "This reaches 1.96 VARIANCES to either side. Take the standard error, which is the"
            " square root of the variance.",
        ),
        "one standard error": (
            lambda: _ends(rate_and_error(table())[1]),
            "This reaches one standard error to either side; about 68 in 100 such intervals hold"
            " the truth. For 95 in 100 go 1.96 standard errors.",
        ),
        "divided by the number of people": (
            _by_people_count,
            "Here the sum of squares was divided by the number of people, squared. The rate's"
            " denominator is the number of comparisons made: divide by its square.",
        ),
    },
    hint="The ends are the rate minus and plus 1.96 standard errors; both numbers are printed"
    " above.",
    way="`reach = 1.96 * standard_error`, then `answer = (rate - reach, rate + reach)`.",
    expects="two numbers in brackets, the lower end first: (0.1, 0.2)",
)


@functools.cache
def _half() -> dict[str, int]:
    """Counts of the first 240 people of dev.

    ``rank`` is the place of the impostor comparison, most alike first, that brings in the 30th
    different pair of people.
    """
    whole = pairs("anytown/dev")
    half = whole.select(np.isin(whole.people, np.unique(whole.people)[:HALF]))
    return {
        "comparisons": half.impostor.size,
        "person pairs": half.person_pairs_count,
        "whole town": whole.impostor.size,
        "rank": round(smallest_fmr(half) * half.impostor.size),
    }


@functools.cache
def _refusal() -> float:
    """The FMR that the refusal of :func:`labkit.measure.rates.choose_threshold` offers instead."""
    whole = pairs("anytown/dev")
    try:
        half = np.isin(whole.people, np.unique(whole.people)[:HALF])
        rates.choose_threshold(whole.select(half), 1e-5)
    except ValueError as refusal:
        return float(re.findall(r"FMR of ([0-9.e-]+[0-9])", str(refusal))[-1])
    return math.nan


def _over(unit: str, count: float) -> float:
    return count / _half()[unit]


SMALLEST = Check(
    "04-b",
    question="What is the smallest FMR for which the first 240 people of dev can set a threshold?",
    reference=lambda: _over("comparisons", _half()["rank"]),
    tolerance=Relative(0.005),
    wrong={
        "3 / comparisons": (
            lambda: _over("comparisons", 3),
            "3 / comparisons is the bound after NO error in independent trials. These comparisons"
            " share people, and a threshold needs errors from 30 different pairs of people.",
        ),
        "1 / comparisons": (
            lambda: _over("comparisons", 1),
            "One false match in all comparisons: the threshold would be set by a single pair of"
            " pictures. It needs errors from 30 different pairs of people.",
        ),
        "30 / comparisons": (
            lambda: _over("comparisons", rates.ENOUGH_PERSON_PAIRS),
            "The 30 highest comparisons come from fewer than 30 pairs of people, because two"
            " people who look alike do so in several pictures. Go down the list until the 30th"
            " DIFFERENT pair of people appears.",
        ),
        "30 / pairs of people": (
            lambda: _over("person pairs", rates.ENOUGH_PERSON_PAIRS),
            "The 30 is right, but an FMR divides comparisons by comparisons: divide the PLACE in"
            " the list at which the 30th pair of people appears by all impostor comparisons.",
        ),
        "3 / pairs of people": (
            lambda: _over("person pairs", 3),
            "3 / pairs of people is the bound after NO error. A threshold needs errors from 30"
            " different pairs of people.",
        ),
        "first place": (
            lambda: _over("comparisons", _half()["rank"] - 1),
            "Python counts places from 0: the comparison at place 0 is the first. Add 1.",
        ),
        "copied from the refusal": (
            _refusal,
            "The refusal rounds up, to be on the safe side. Work it out from `top` and `new`, to"
            " see where its number comes from.",
        ),
        "divided by the whole town": (
            lambda: _over("whole town", _half()["rank"]),
            "The place is right; it was divided by the comparisons of all 480 people. Divide by"
            " those of `half`.",
        ),
    },
    hint="`new` is True where a pair of people appears for the first time. At which place does"
    " the 30th True stand?",
    way="`rank = 1 + int(np.flatnonzero(new)[29])` is the place of the 30th new pair of people;"
    " `answer = rank / half.impostor.size`.",
)

SENTENCE = Choose(
    "04-c",
    question="Which of the three sentences do the data carry?",
    options={
        "A": "These people WERE falsely matched that much more often. But the lot put them"
        " together: the lot, not the matcher's treatment of a kind of person, made the difference,"
        " and in another lot other groups would come first and last. They were also picked AFTER"
        " looking, as the highest and the lowest of six: among equal groups of this size such a"
        " ratio is usual, as the histogram above shows. The arithmetic is right and the conclusion"
        " is not. A group named before looking, with a ratio beyond what luck gives, would be"
        " evidence.",
        "B": "The number of comparisons is large and the number of people is not: behind the many"
        " comparisons stand a few people. Nothing seen in so few pairs of people allows a rate far"
        " above nothing; the bound is printed beside the sentence. 'Does not confuse' is a claim"
        " about everybody, 'did not confuse these' is what was seen.",
        "C": "It says on whom, on how many people and in how many comparisons, at which FMR and on"
        " whom the threshold was set, gives an interval made by people, and claims no more than"
        " that. It is the least exciting of the three. It still does not say anything about"
        " photographs of real people.",
    },
    best={"C"},
)

EXERCISES = (BY_HAND, SMALLEST, SENTENCE)


# --- what the notebook concludes: sentences made from the numbers, for either outcome -------------


def told_draws(seen: NDArray[np.floating], town: float, people: int) -> str:
    """How far the rates of several testers lie apart."""
    ratio = seen.max() / seen.min() if seen.min() > 0 else math.inf
    far = (
        f"The highest is {ratio:.1f} times the lowest, and no tester made a mistake."
        if ratio > 1.2
        else "They hardly differ."
    )
    return (
        f"{len(seen)} testers, {people} people each: FMR from {seen.min():.4f} to {seen.max():.4f}"
        f" (town: {town:.4f}). {far}"
    )


def told_held(how: str, found: Sequence[Interval], town: float) -> str:
    """How many intervals hold the town's rate, beside how many should."""
    held = sum(i.low <= town <= i.high for i in found)
    made = sum(not i.words for i in found)
    usual = 0.95 * made
    # Two standard deviations of a count of made intervals that hold the truth 19 times in 20.
    verdict = (
        "That is far too few: these intervals are too narrow."
        if held < usual - 2 * math.sqrt(0.05 * usual)
        else "That is about what was promised, as far as so few draws can tell."
    )
    return (
        f"Of {made} intervals {how}, {held} hold the town's rate; about {usual:.0f} should."
        f" {verdict}"
    )


def told_few_carry(false: Table, compared: Table) -> str:
    """How large a part of the false matches involves the one in twenty with most of them.

    The people are picked after looking, so it is set beside the same share when the counts of the
    pairs of people that were compared are dealt out by lot.
    """
    few, rng = max(len(false) // 20, 1), np.random.default_rng(DEAL)
    share, first, second = _most(false, few), *np.nonzero(np.triu(compared, 1))
    dealt = []
    for _ in range(DEALS):
        lot = np.zeros_like(false)
        lot[first, second] = rng.permutation(false[first, second])
        dealt.append(_most(lot + lot.T, few))
    verdict = (
        "The errors cluster in few people: meet them or not, and the rate changes."
        if share > 1.2 * max(dealt)
        else "That is about what luck gives: the errors are spread over the people."
    )
    return (
        f"The {few} people (of {len(false)}) with most false matches take part in {share:.0%} of"
        " the false matches. They were picked after looking, and somebody always has most: with"
        f" the same counts dealt by lot to the pairs of people it is {np.median(dealt):.0%} (at"
        f" most {max(dealt):.0%} in {DEALS} deals). {verdict}"
    )


def _most(table: Table, few: int) -> float:
    """Share of a symmetric table of pairs that involves the few people with most of it."""
    top = np.argsort(-table.sum(1), kind="stable")[:few]
    inside = table[np.ix_(top, top)].sum() / 2
    return float((table[top].sum() - inside) / (table.sum() / 2))


def coverage(
    false: Table, compared: Table, size: int, draws: int, seed: int = 44
) -> dict[str, float]:
    """How often intervals of drawn people hold the rate of everybody.

    Parameters
    ----------
    false, compared
        Symmetric tables by person, shape (k, k).
    size, draws
        People in a draw, without replacement, and how many draws.

    Returns
    -------
    shares
        Of the draws, the share whose interval by comparisons holds the rate; of the draws with an
        interval by people, the share whose interval holds it, NaN when there are fewer than
        :data:`ENOUGH` of them; and the share of the draws with too few errors for one.
    """
    rng = np.random.default_rng(np.random.SeedSequence([seed, size]))
    town, held, by_people = false.sum() / compared.sum(), 0, []
    for _ in range(draws):
        some = rng.choice(len(false), size, replace=False)
        f, n = false[np.ix_(some, some)], compared[np.ix_(some, some)]
        pair = intervals.wilson(int(f.sum()) // 2, int(n.sum()) // 2)
        held += pair.low <= town <= pair.high
        person = intervals.fmr_interval(f, n)
        if not person.words:
            by_people.append(person.low <= town <= person.high)
    return {
        "held, by comparisons": held / draws,
        "held, by people": float(np.mean(by_people)) if len(by_people) >= ENOUGH else math.nan,
        "too few for an interval by people": 1 - len(by_people) / draws,
    }


def told_fading(table: pd.DataFrame) -> str:
    """Whether counting comparisons does less harm where errors are rarer."""
    held = table["held, by comparisons"]
    if held.iloc[-1] > held.iloc[0] + 0.1:
        return (
            f"Counting comparisons: {held.iloc[0]:.0%} of the intervals hold the town's rate at an"
            f" FMR of {held.index[0]}, {held.iloc[-1]:.0%} at {held.index[-1]}. The fault fades as"
            " errors become rare, and what is left is too few errors."
        )
    return "Counting comparisons does the same harm at all four thresholds."


def told_width(given: Checked, by_comparison: Interval) -> str:
    """How much wider the interval by people is than one that counts comparisons; once answered."""
    if not answered(given):
        return UNANSWERED
    ends = given.value
    width, other = ends[1] - ends[0], by_comparison.high - by_comparison.low
    told = (
        f"{width / other:.1f} times as wide: misses come in clusters, a few people have most of"
        " them"
        if width > 1.1 * other
        else "no wider: check the answer, or the misses are spread evenly over the people"
    )
    return (
        f"Interval of exercise 04-a{given.mark}: {ends[0]:.4f} to {ends[1]:.4f}. By comparisons:"
        f" {by_comparison.low:.4f} to {by_comparison.high:.4f}. By people it is {told}."
    )


def told_nothing(clean: Mapping[str, float]) -> str:
    """Which unit keeps the promise of the rule of three: nothing seen in at most 5 of 100 tests."""
    kept = [name for name, share in clean.items() if share <= 0.05]
    broken = [f"{name} ({share:.0%})" for name, share in clean.items() if share > 0.05]
    if not broken:
        told = "Both keep the promise of at most 5 in 100."
    elif not kept:
        return "Neither keeps the promise of at most 5 in 100."
    else:
        told = (
            f"The promise was at most 5 in 100. Counting {', '.join(kept)} keeps it; counting"
            f" {', '.join(broken)} does not."
        )
    loose = [name for name in kept if clean[name] < 0.01]
    if not loose:
        return told
    return told + (
        f" By {', '.join(loose)} it is more than kept, so the bound is loose here; with one person"
        " who matches everybody it would be too small."
    )


def told_smallest(smallest: float, half: AllPairs, whole: AllPairs) -> str:
    """The smallest FMR of half the people beside that of all of them."""
    rate = smallest_fmr(whole)
    return (
        f"{half.people_count} people ({half.person_pairs_count:,} pairs of people): FMR"
        f" {smallest:.1e}, 1 in {1 / smallest:,.0f}. {whole.people_count} people"
        f" ({whole.person_pairs_count:,} pairs of people): FMR {rate:.1e}, 1 in {1 / rate:,.0f},"
        f" {smallest / rate:.1f} times smaller."
    )


def first_photographs(table: AllPairs, k: int) -> AllPairs:
    """The comparisons among the first k photographs of each person."""
    import pandas as pd

    place = pd.Series(table.people).groupby(table.people).cumcount().to_numpy()
    return table.select(place < k)


def told_photographs(half: AllPairs) -> str:
    """Whether more photographs of the same people allow a smaller FMR."""
    most = int(np.unique(half.people, return_counts=True)[1].max())
    one, all_ = smallest_fmr(first_photographs(half, 1)), smallest_fmr(half)
    if one < 1.2 * all_:
        return (
            f"More pictures of the same {half.people_count} people: no help. The smallest FMR is"
            f" {one:.1e} with one photograph each and {all_:.1e} with {most}."
        )
    return (
        f"More pictures of the same {half.people_count} people: yes for this number."
        f" {most} photographs each instead of one make it {one / all_:.1f} times smaller here"
        f" ({one:.1e} to {all_:.1e}), because more comparisons are divided by. But the"
        f" {rates.ENOUGH_PERSON_PAIRS} pairs are still {rates.ENOUGH_PERSON_PAIRS} pairs of the"
        " same people, and they tell nothing about people who were not met."
    )


def _reach(table: AllPairs) -> float:
    """Upper end over lower end of the interval by people, at this table's own FMR of 1e-2."""
    false, compared, _ = table.pair_counts(rates.threshold_at_fmr(table.impostor, 1e-2))
    found = intervals.fmr_interval(false, compared)
    return found.high / found.low


def told_widths(whole: AllPairs, half: AllPairs) -> str:
    """What makes the interval of an FMR of 1e-2 narrow: more people, or more photographs of them.

    Widths are those on a log scale, on which the interval is made.
    """
    fewer, one, all_ = (math.log(_reach(t)) for t in (half, first_photographs(whole, 1), whole))
    comparisons = [
        whole.impostor.size / t.impostor.size for t in (half, first_photographs(whole, 1))
    ]
    # Narrower by how much for each doubling of the comparisons, by people and by photographs.
    people, pictures = (
        math.log(x / all_) / math.log(n) for x, n in zip((fewer, one), comparisons, strict=True)
    )
    verdict = (
        "More people help, more comparisons of the same people help far less."
        if people > max(2 * pictures, 0.1)
        else "Here more comparisons of the same people help as much."
    )
    return (
        f"And the interval at an FMR of 1e-2? {whole.people_count} people instead of"
        f" {half.people_count} make {comparisons[0]:.0f} times as many comparisons and an interval"
        f" {fewer / all_:.1f} times narrower. All photographs of each person instead of one make"
        f" {comparisons[1]:.0f} times as many comparisons and an interval {one / all_:.1f} times"
        f" narrower. {verdict}"
    )


def told_luck(luck: NDArray[np.floating]) -> str:
    """What highest / lowest comes to among equal groups."""
    low, middle, high = np.quantile(luck, [0, 0.5, 0.95])
    near = (
        "Never near 1: the worst of six equal groups always looks worse than the best."
        if low > 1.02
        else "Sometimes near 1."
    )
    return (
        f"{len(luck):,} splits by lot: highest / lowest is {middle:.1f} in the middle, above"
        f" {high:.1f} in 1 of 20 splits, and at least {low:.2f}. {near}"
    )


def told_headlines(
    group: NDArray[np.integer],
    false: Table,
    compared: Table,
    nothing: Interval,
    test: AllPairs,
    threshold: float,
) -> str:
    """Three press sentences: the worst of groups by lot, nothing seen, and one with an interval.

    The third is about ``test``, other people than those whose false matches chose ``threshold``.
    """
    mated, (wrong, made, _) = test.mated_counts(threshold), test.pair_counts(threshold)
    missed = intervals.cluster_interval(mated.missed, mated.made, "misses")
    member = np.eye(group.max() + 1)[group]
    rate = np.diag(member.T @ false @ member) / np.diag(member.T @ compared @ member)
    return (
        f"(Groups 1 to {len(rate)} were drawn by lot. B was tested at a stricter threshold.)\n"
        f"A: The matcher treats people unequally: those of group {rate.argmax() + 1} are falsely"
        f" matched {rate.max() / rate.min():.1f} times as often as those of group"
        f" {rate.argmin() + 1}.\n"
        f"B: In {nothing.trials:,} comparisons of {nothing.people} people not one false match was"
        f" seen: the matcher does not confuse people. (The lab: {nothing.words}.)\n"
        f"C: On {missed.people} invented people, {missed.value:.1%} of {missed.trials:,}"
        " comparisons of one person's photographs were missed, at a threshold that was set on"
        f" {len(false)} other people and that {wrong.sum() / made.sum():.1%} of the comparisons of"
        " two people reach here. 95% interval, by people, for the rate of all such people at this"
        f" threshold: {missed.low:.1%} to {missed.high:.1%}."
    )

"""Notebook 03, "Tune the threshold": the sentences that its numbers decide.

Every sentence that draws a conclusion has a branch for each way the numbers can fall.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import ArrayLike

from labkit.base.words import _
from labkit.learning import game as games
from labkit.measure import people, rates, reading
from labkit.views.callouts import Marked

if TYPE_CHECKING:
    import pandas as pd

    from labkit.measure.intervals import Interval
    from labkit.measure.scores import AllPairs

ALIKE = 1.2
"""Two rates of which one is at most so many times the other are said to agree."""


def defaults(table: pd.DataFrame, pairs: AllPairs) -> str:
    """How far a library's own thresholds lie apart on these faces; a row each, with its ``FMR``."""
    low, high = (table.loc[table["FMR"].agg(end)] for end in ("idxmin", "idxmax"))
    times = float(high["FMR"]) / max(float(low["FMR"]), 1 / pairs.impostor.size)
    if times > ALIKE:
        spread = _(
            "one library, and its strictest default, with the lab's cut of the faces, not the"
            " library's own, calls {low:.0%} of the comparisons of two people a match"
            " ({strictest}), its loosest {high:.0%} ({loosest}; {times:.1f} times as many)"
        )
    else:
        spread = _(
            "with the lab's cut of the faces the library's defaults agree: about {high:.1%} of two"
            " people's comparisons match"
        )
    if low["FMR"] > 0.05:
        verdict = _(
            "Even the strictest calls about 1 in {one_in:.0f} a match: too loose here for most"
            " uses."
        )
    else:
        verdict = _("The strictest is a usable threshold here.")
    return _(
        "On these {people} people ({comparisons:,} comparisons, {pairs:,} pairs of people):"
        " {spread}. {verdict}"
    ).format(
        people=pairs.people_count,
        comparisons=pairs.impostor.size,
        pairs=pairs.person_pairs_count,
        spread=spread.format(
            low=low["FMR"], high=high["FMR"], strictest=low.name, loosest=high.name, times=times
        ),
        verdict=verdict.format(one_in=1 / max(low["FMR"], 1e-12)),
    )


def by_hand(t: float, pairs: AllPairs) -> str:
    """Both rates at the threshold of exercise 03-a, and what they are to people."""
    found = _("At {t}: FMR {fmr:.4f}, FNMR {fnmr:.4f}.").format(
        t=rates.threshold_text(t, pairs.impostor, pairs.genuine),
        fmr=rates.fmr(pairs.impostor, t),
        fnmr=rates.fnmr(pairs.genuine, t),
    )
    return f"{found}\n{reading.reached(people.people_reached(pairs, t))}"


def percent(ways: Mapping[str, tuple[int, int]]) -> str:
    """Whether "80%" means the same under several formulas; (false matches, misses) of each."""
    found = {name: int(false) for name, (false, _misses) in ways.items()}
    least, most = min(found, key=found.__getitem__), max(found, key=found.__getitem__)
    if found[most] <= 2 * found[least]:
        return _("The formulas agree within a factor of two on how many false matches 80% allows.")
    return _(
        'The same word, "80%": {most} lets {many:,} comparisons of two people match, {least} lets'
        " {few:,} match."
    ).format(most=most, many=found[most], least=least, few=found[least])


def confidence(pairs: AllPairs, limit: float, confidence_of: Callable[..., float]) -> str:
    """What confidence stands beside the false matches at the library's Euclidean default.

    Parameters
    ----------
    pairs
        Compared by Euclidean distance.
    limit
        The library's threshold, a distance.
    confidence_of
        Its function: distance, model, whether it says yes, metric -> confidence.
    """
    wrong = -pairs.impostor[pairs.impostor >= -limit]
    if not wrong.size:
        return _("At this threshold there is no false match on these people.")
    middle, least = (
        confidence_of(float(distance), "Dlib", True, "euclidean")
        for distance in (np.median(wrong), wrong.max())
    )
    return _(
        "At this default {wrong:,} of {comparisons:,} comparisons of two different people"
        " ({pairs:,} pairs of people) are false matches. Each is shown with a confidence of at"
        " least {least:.0f}, half of them with {middle:.0f} or more."
    ).format(
        wrong=wrong.size,
        comparisons=pairs.impostor.size,
        pairs=pairs.person_pairs_count,
        least=least,
        middle=middle,
    )


def reported(asked: float, fmr: Interval, fnmr: Interval) -> str:
    """Both rates on eval with intervals and denominators; beside the FMR asked for.

    Parameters
    ----------
    asked
        The FMR asked for on dev.
    fmr, fnmr
        As measured on eval.
    """
    found = _(
        "FMR  {fmr}: {false:,} of {impostor:,} impostor comparisons, from {pairs:,} pairs of"
        " {all_people} people\nFNMR {fnmr}: {misses:,} of {genuine:,} genuine comparisons, from"
        " {people} people"
    ).format(
        fmr=fmr.text(),
        false=fmr.errors,
        impostor=fmr.trials,
        pairs=fmr.person_pairs,
        all_people=fmr.people,
        fnmr=fnmr.text(),
        misses=fnmr.errors,
        genuine=fnmr.trials,
        people=fnmr.people,
    )
    return "\n".join([found, transfer(asked, fmr)])


def transfer(asked: float, measured: Interval) -> str:
    """What it means that the FMR on eval is not the one asked for on dev."""
    if measured.value < asked:
        first = _("Asked for on dev: {asked:g}. Measured on eval: {value:.4f}, lower.")
    else:
        first = _("Asked for on dev: {asked:g}. Measured on eval: {value:.4f}, higher.")
    if measured.words:
        then = _("There is too little for an interval: {words}.")
    elif measured.low <= asked <= measured.high:
        then = _(
            "The interval holds the rate asked for: other people alone can explain the difference,"
            " so this difference is no sign of a mistake. The threshold, too, was set on a sample"
            " of people. Report the rate on eval, not the one you asked for."
        )
    else:
        then = _(
            "The interval does not hold the rate asked for. The threshold, too, was set on a sample"
            " of people, which adds to the difference; still, report the rate on eval, not the one"
            " you asked for."
        )
    return f"{first} {then}".format(asked=asked, value=measured.value, words=measured.words)


def game(who: str, answers: Sequence[str], same: ArrayLike) -> str:
    """Counts of right and wrong answers in the game of notebook 00: 20 pairs give no rate."""
    count: Any = games.counted(answers, same)
    sentence = _(
        "{who}: {right} right of {answered} answered. False matches: {mixed} of {different} pairs"
        " of two people. Misses: {missed} of {same} pairs of one person."
    )
    said = sentence.format(who=who, right=count.right, **count._asdict())
    return Marked(said, shows="game count", sentence=sentence)

"""Exercises of notebook 03, "Tune the threshold"."""

from __future__ import annotations

import functools
from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from labkit import data
from labkit.learning.exercises import Absolute, Check, Choose
from labkit.measure import rates

if TYPE_CHECKING:
    import pandas as pd

    from labkit.learning.checks import Checked
    from labkit.learning.game import GamePairs
    from labkit.measure.intervals import Interval
    from labkit.measure.scores import AllPairs

FMR = 1e-2
"""The rate at which notebooks 03 and 04 work: errors enough to count on 480 people."""


UNANSWERED = "Answer first, then run this cell."


def answered(given: Checked) -> bool:
    """Whether an answer of the expected kind, right or wrong, was given."""
    return given.right or given.yours


def pairs(name: str) -> AllPairs:
    """All comparisons of dlib templates of a bundled set, as the notebooks make them.

    Not kept: beside the notebook's own tables there is little room (450 MB in all).
    """
    from labkit.measure.scores import all_pairs

    faces = data.load(name)
    return all_pairs(faces.templates, faces.of("person"), "euclidean")


def smallest_fmr(table: AllPairs) -> float:
    """The smallest FMR at which these people can set a threshold.

    The place of the impostor comparison, most alike first, that brings in the 30th different pair
    of people, over all impostor comparisons.
    """
    top = table.highest(2000)[["person_1", "person_2"]].to_numpy()
    first = np.unique(np.sort(top, axis=1), axis=0, return_index=True)[1]
    return int(np.sort(first)[rates.ENOUGH_PERSON_PAIRS - 1] + 1) / table.impostor.size


@functools.cache
def threshold(name: str = "anytown/dev") -> float:
    """Threshold at an FMR of 1e-2 over all pairs of a set."""
    return rates.threshold_at_fmr(pairs(name).impostor, FMR)


@functools.cache
def _on_dev() -> dict[str, float]:
    """What each mistake with the scores of dev gives."""
    dev = pairs("anytown/dev")
    both = np.concatenate([dev.genuine, dev.impostor])
    return {
        "wrong end": float(np.quantile(dev.impostor, FMR)),
        "genuine": rates.threshold_at_fmr(dev.genuine, FMR),
        "fnmr": float(np.quantile(dev.genuine, FMR)),
        "both": rates.threshold_at_fmr(both, FMR),
        "stricter": rates.threshold_at_fmr(dev.impostor, FMR / 10),
        "looser": rates.threshold_at_fmr(dev.impostor, FMR * 10),
        "missed": rates.fnmr(dev.genuine, threshold()),
    }


@functools.cache
def _missed() -> float:
    """FNMR on eval at the threshold from dev; only mated pairs are compared, a few people a time.

    Scores are rounded to a grid of each part's own range here, which moves them by less than 1e-6.
    """
    from labkit.measure.scores import all_pairs

    faces, t = data.load("anytown/eval"), threshold()
    people = faces.of("person")
    missed = made = 0
    for some in np.array_split(np.unique(people), 12):
        part = np.isin(people, some)
        counts = all_pairs(faces.templates[part], people[part], "euclidean").mated_counts(t)
        missed, made = missed + int(counts.missed.sum()), made + int(counts.made.sum())
    return missed / made


@functools.cache
def _on_eval() -> dict[str, float]:
    """What each mistake with the scores of eval gives."""
    from labkit.measure.scores import score_counts

    # Counted as they come: a second table beside the notebook's own would be too much.
    faces, t = data.load("anytown/eval"), threshold()
    people, edges = faces.of("person"), t + np.linspace(-0.05, 0.05, 8193)
    counts = score_counts(faces.templates, people, np.zeros(len(people), int), edges)
    fmr, fnmr, here = counts.fmr(0), counts.fnmr(0), len(edges) // 2
    genuine, impostor = int(counts.all_genuine().sum()), int(counts.all_impostors().sum())
    images = np.unique(people, return_counts=True)[1]
    planned = int((images * (images - 1) // 2).sum())
    misses = fnmr[here] * genuine
    found = {
        "all": misses / (genuine + impostor),
        "refused": 1 - fmr[here],
        "fmr": fmr[here],
        "failures": (misses + planned - genuine) / planned,
        "chosen here": fnmr[np.flatnonzero(fmr <= FMR)[0]],
    }
    return {name: float(rate) for name, rate in found.items()}


THRESHOLD = Check(
    "03-a",
    question="Which threshold gives dlib an FMR of 1e-2 on the comparisons of dev?",
    reference=threshold,
    tolerance=Absolute(3e-4),
    wrong={
        "sorted the wrong way": (
            lambda: _on_dev()["wrong end"],
            "99 in 100 impostor comparisons score higher than this: nearly everybody would match"
            " everybody. A match is a score AT OR ABOVE the threshold, so count from the highest"
            " score downwards.",
        ),
        "took the genuine scores": (
            lambda: _on_dev()["genuine"],
            "Only the 1 in 100 most alike pictures of the SAME person reach this. False matches"
            " come from two different people: use the impostor scores.",
        ),
        "set an FNMR of 1e-2": (
            lambda: _on_dev()["fnmr"],
            "At this threshold 1 in 100 GENUINE comparisons is missed. That is an FNMR; the"
            " question asks for an FMR, so sort the impostor scores.",
        ),
        "percentile of all pairs": (
            lambda: _on_dev()["both"],
            "Close, but the genuine scores were sorted in with the impostor scores. The"
            " denominator of FMR holds impostor comparisons only.",
        ),
        "sign of the distance": (
            lambda: -threshold(),
            "That is the distance. A score here is MINUS the distance, so that larger means more"
            " alike: put a minus in front.",
        ),
        "FMR of 1e-3": (
            lambda: _on_dev()["stricter"],
            "1e-2 is 1 in 100. This threshold calls 1 in 1,000 a match.",
        ),
        "FMR of 1e-1": (
            lambda: _on_dev()["looser"],
            "1e-2 is 1 in 100. This threshold calls 1 in 10 a match.",
        ),
        "chosen on eval": (
            lambda: threshold("anytown/eval"),
            "This is the threshold for the people of eval. On the people it was chosen on, every"
            " threshold has the FMR that was asked for; eval is kept for the judging. Choose on"
            " dev.",
        ),
    },
    hint="Sort the impostor scores from the highest down. How many of them may match? The threshold"
    " lies right above the next one.",
    way="`falling` holds the impostor scores from the highest down, and `allowed` is 1 in 100 of"
    " their number. The first `allowed` scores may match; the next one is the threshold: `answer ="
    " falling[allowed]` (strictly, a tiny amount above it).",
)

MISSED = Check(
    "03-b",
    question="What is dlib's FNMR on eval at the threshold that was chosen on dev?",
    reference=_missed,
    tolerance=Absolute(2e-4),
    wrong={
        "measured on dev": (
            lambda: _on_dev()["missed"],
            "This is the FNMR on dev, the people the threshold was chosen on. Take the genuine"
            " scores of `test`.",
        ),
        "share that was recognised": (
            lambda: 1 - _missed(),
            "This is the share of genuine comparisons that DO match (TAR, the true accept rate)."
            " A miss is a genuine score BELOW the threshold.",
        ),
        "all comparisons as denominator": (
            lambda: _on_eval()["all"],
            "The misses are right, the denominator is not: misses can only happen in genuine"
            " comparisons, so divide by their number, not by that of all comparisons.",
        ),
        "impostor scores": (
            lambda: _on_eval()["refused"],
            "This is the share of IMPOSTOR comparisons that are rightly refused. FNMR counts"
            " genuine comparisons.",
        ),
        "measured the FMR": (
            lambda: _on_eval()["fmr"],
            "This is the FMR on eval. FNMR counts genuine comparisons below the threshold.",
        ),
        "failures counted as misses": (
            lambda: _on_eval()["failures"],
            "This counts pairs that could not be compared, because no face was found, as misses."
            " It is a rate worth knowing (false rejection, failures included; notebook 05), but"
            " FNMR divides by the comparisons that were MADE.",
        ),
        "chosen on eval": (
            lambda: _on_eval()["chosen here"],
            "The threshold was chosen again on eval. Use `chosen.value`, which comes from dev.",
        ),
    },
    hint="FNMR = misses / genuine comparisons made. A miss is a genuine score below the threshold.",
    way="`(test.genuine < chosen.value)` is True for every miss; the mean of trues and falses is"
    " the share of trues.",
)

CHANGE = " Who would have to agree before the setting is changed?"
SETTINGS = {
    "phone, strict": "A strict phone refuses its owner more often, who then types a code: the cost"
    " is small, falls on the person who bought it, and can be seen at once. It keeps out a sibling"
    " or a thief, which is what the lock is for. Its owner tries many times a day, so even a small"
    " FNMR is felt, and people who are refused often switch the lock off.",
    "phone, loose": "A loose phone hardly ever refuses its owner. What it lets in is rare, because"
    " few strangers ever hold the phone, but the people who do are not strangers: a partner, a"
    " child, an officer who holds it up to a face. The owner bears the cost and mostly never learns"
    " of it. Some phones let the owner choose; who should set the value at delivery?",
    "gate, strict": "A strict border gate sends more travellers with their own passports to an"
    " officer. Each loses minutes, the airport pays staff, and if the misses fall on some groups"
    " more than on others, those groups are questioned more often. In return fewer people pass with"
    " somebody else's passport; they bring the best look-alike they can find, so the FMR against"
    " strangers is too friendly a number here.",
    "gate, loose": "A loose border gate keeps the queue short. It lets more people pass with a"
    " passport that is not theirs; that cost falls on the state and on whoever the passport was"
    " taken from, and nobody at the gate sees it happen. An officer behind the gate can catch an"
    " error of the first kind only, the traveller who was refused.",
    "search, strict": "A strict search against many photographs returns fewer people who have"
    " nothing to do with the matter, and misses the person more often. The cost of a miss falls on"
    " victims and investigators; other ways to search remain. Strict is not never: somebody"
    " uninvolved can still come first. And the same setting is far less strict here than at a"
    " phone: one photograph is compared with every entry, not with one (a later notebook).",
    "search, loose": "A loose search returns the person more often, and with them strangers who"
    " look alike. The cost of each false match falls on somebody who did not choose to take part"
    " and cannot correct it: questioning, an arrest, days in a cell, and a record that outlasts the"
    " release. Those who argue for it say that a trained person looks at every candidate and that"
    " the search only narrows the field; those who argue against it say that people tend to trust"
    " what a machine puts before them.",
    "default for all": "The default in the library was chosen on other faces. On these people it"
    " has an error rate that nobody chose, as you have measured, and the three uses differ in what"
    " an error costs and whom. This option decides without deciding.",
}

COSTS = Choose(
    "03-c",
    question="A phone, a border gate, a police search: take one use and one setting. Who bears"
    " which error?",
    options={
        key: text if key == "default for all" else text + CHANGE for key, text in SETTINGS.items()
    },
    best=[key for key in SETTINGS if key != "default for all"],
)

EXERCISES = (THRESHOLD, MISSED, COSTS)


# --- what the notebook concludes: sentences made from the numbers, for either outcome -------------


def told_overlap(table: AllPairs) -> str:
    """Whether one threshold could separate genuine from impostor scores without an error."""
    lowest, highest = float(table.genuine.min()), float(table.impostor.max())
    if lowest > highest:
        return (
            f"No: every genuine score lies above {highest:.3f} and every impostor score at or"
            " below it. A threshold between them makes no error on these people."
        )
    refused = rates.fmr(table.impostor, lowest)
    return (
        f"Yes. To accept every genuine comparison the threshold must be as low as {lowest:.3f}, and"
        f" then {refused:.0%} of the impostor comparisons match too. To refuse every impostor"
        f" comparison it must lie above {highest:.3f}, and then"
        f" {float((table.genuine <= highest).mean()):.0%} of the genuine ones are missed. No"
        " threshold is free of errors."
    )


def told_defaults(defaults: pd.DataFrame, table: AllPairs) -> str:
    """How far the library's thresholds lie apart on these faces."""
    low, high = (defaults.loc[defaults["FMR"].agg(f)] for f in ("idxmin", "idxmax"))
    worst = max(float(low["FMR"]), 1 / table.impostor.size)
    ratio = float(high["FMR"]) / worst
    over = f"{table.impostor.size:,} comparisons, {table.person_pairs_count:,} pairs of people"
    spread = (
        f"one library, and its strictest default calls {low['FMR']:.0%} of the comparisons of two"
        f" people a match ({low.name}), its loosest {high['FMR']:.0%} ({high.name};"
        f" {ratio:.1f} times as many)"
        if ratio > 1.2
        else f"the library's defaults agree: about {high['FMR']:.1%} of two people's comparisons"
        " match"
    )
    verdict = (
        f"Even the strictest calls about 1 in {1 / low['FMR']:.0f} a match."
        if low["FMR"] > 0.05
        else "The strictest is a usable threshold here."
    )
    return f"On these {table.people_count} people ({over}): {spread}. {verdict}"


def shown_defaults(defaults: pd.DataFrame, misses: Sequence[int], table: AllPairs) -> pd.DataFrame:
    """The library's thresholds with both rates; where no miss was seen, that in words."""
    import pandas as pd

    made = table.genuine.size
    return pd.DataFrame(
        {
            "threshold": defaults["threshold"],
            "FMR": defaults["FMR"].map("{:.4f}".format),
            "FNMR": [f"{m / made:.4f}" if m else f"0 of {made:,} (none seen)" for m in misses],
        },
        index=defaults.index,
    )


def told_by_hand(given: Checked, table: AllPairs) -> str:
    """Both rates at the threshold of exercise 03-a, and what they are to people; once answered."""
    if not answered(given):
        return UNANSWERED
    t = float(given.value)
    return (
        f"At {t:.4f}{given.mark}: FMR {rates.fmr(table.impostor, t):.4f}, FNMR"
        f" {rates.fnmr(table.genuine, t):.4f}.\n{told_people(table, t)}"
    )


def told_people(table: AllPairs, threshold: float) -> str:
    """What a false match rate is to people: how many are taken for somebody else at least once."""
    false, compared, names = table.pair_counts(threshold)
    wrong, made = int(np.triu(false > 0).sum()), int(np.triu(compared > 0).sum())
    if not wrong:
        return "At this threshold nobody is taken for anybody else in these comparisons."
    return (
        f"What this FMR is to people: in {wrong:,} of {made:,} pairs of people (1 in"
        f" {made / wrong:.0f}) the two are taken for one person at least once, and"
        f" {int((false.sum(1) > 0).sum())} of {len(names)} people are taken for somebody else at"
        " least once."
    )


def told_search(rate: float, entries: int) -> str:
    """How many false matches a search of strangers' photographs expects: rate x entries."""
    return (
        f"At an FMR of {rate:g} a search of {entries:,} strangers' photographs expects about"
        f" {rate * entries:,.0f} false matches."
    )


def told_percent(ways: Mapping[str, tuple[int, int]]) -> str:
    """Whether "80%" means the same under several formulas; (false matches, misses) of each."""
    found = {name: int(false) for name, (false, _) in ways.items()}
    least, most = min(found, key=found.__getitem__), max(found, key=found.__getitem__)
    if found[most] <= 2 * found[least]:
        return "The formulas agree within a factor of two on how many false matches 80% allows."
    return (
        f'The same word, "80%": {most} lets {found[most]:,} comparisons of two people match,'
        f" {least} lets {found[least]:,} match."
    )


def told_confidence(table: AllPairs, limit: float, confidence: Callable[..., float]) -> str:
    """What confidence stands beside the false matches at the library's Euclidean default."""
    wrong = -table.impostor[table.impostor >= -limit]
    if not wrong.size:
        return "At this threshold there is no false match on these people."
    middle = confidence(float(np.median(wrong)), "Dlib", True, "euclidean")
    least = confidence(float(wrong.max()), "Dlib", True, "euclidean")
    return (
        f"At this default {wrong.size:,} of {table.impostor.size:,} comparisons of two different"
        f" people ({table.person_pairs_count:,} pairs of people) are false matches. Each is shown"
        f" with a confidence of at least {least:.0f}, half of them with {middle:.0f} or more."
    )


def told_rates(fmr: Interval, fnmr: Interval) -> str:
    """Both rates on eval with intervals and both denominators."""
    return (
        f"FMR  {fmr.text()}: {fmr.errors:,} of {fmr.trials:,} impostor comparisons, from"
        f" {fmr.person_pairs:,} pairs of {fmr.people} people\n"
        f"FNMR {fnmr.text()}: {fnmr.errors:,} of {fnmr.trials:,} genuine comparisons, from"
        f" {fnmr.people} people"
    )


def told_transfer(asked: float, measured: Interval) -> str:
    """What it means that the FMR on eval is not the one asked for on dev."""
    side = "lower" if measured.value < asked else "higher"
    first = f"Asked for on dev: {asked:g}. Measured on eval: {measured.value:.4f}, {side}. "
    if measured.words:
        return first + f"There is too little for an interval: {measured.words}."
    if measured.low <= asked <= measured.high:
        return first + (
            "The interval holds the rate asked for: other people alone can explain the difference,"
            " so this difference is no sign of a mistake. The threshold, too, was set on a sample"
            " of people. Report the rate on eval, not the one you asked for."
        )
    return first + (
        "The interval does not hold the rate asked for. The threshold, too, was set on a sample of"
        " people, which adds to the difference; still, report the rate on eval, not the one you"
        " asked for."
    )


def told_yours(missed: float, fnmr: Interval) -> str:
    """Whether the answer of the exercise is the FNMR that the interval belongs to."""
    if abs(missed - fnmr.value) < 5e-4:
        return f"It is the FNMR of exercise 03-b, {missed:.4f}, now with an interval."
    return (
        f"Your answer in exercise 03-b was {missed:.4f}; the FNMR here is {fnmr.value:.4f}."
        " Go back and see which comparisons you counted."
    )


def pixel_rule(game: GamePairs) -> list[str]:
    """20 answers of a rule that knows no faces: below the middle difference of pixels, "same"."""
    apart = [np.abs(a.astype(float) - b.astype(float)).mean() for a, b in game.pictures()]
    return ["same" if x < np.median(apart) else "different" for x in apart]


def told_game(who: str, answers: Sequence[str], same: NDArray[np.bool_]) -> str:
    """Counts of right and wrong answers in the game: 20 pairs give no rate."""
    given = np.array([str(a) for a in answers])
    called_same, called_different = given == "same", given == "different"
    answered = called_same | called_different
    right = int((called_same & same).sum() + (called_different & ~same).sum())
    return (
        f"{who}: {right} right of {int(answered.sum())} answered. False matches:"
        f" {int((called_same & ~same).sum())} of {int((answered & ~same).sum())} pairs of two"
        f" people. Misses: {int((called_different & same).sum())} of"
        f" {int((answered & same).sum())} pairs of one person."
    )

"""What notebook 04 concludes, held against the shipped data, and every branch of its sentences."""

from __future__ import annotations

import functools
import re

import numpy as np
import pytest

from labkit import data
from labkit.app import notebooks, rules
from labkit.base.places import PROJECT
from labkit.learning.checks import judge
from labkit.measure import intervals, people, rates, reading, thresholds
from labkit.measure.disparity import max_min
from labkit.measure.faces import compare_faces
from lessons.nb04 import exercises, words


@pytest.fixture(scope="module")
def dev():
    return compare_faces(data.load("anytown/dev"))


@pytest.fixture(scope="module")
def t(dev):
    return rates.threshold_at_fmr(dev.impostor, 1e-2)


@pytest.fixture(scope="module")
def counts(dev, t):
    """False matches and comparisons by person at an FMR of 1e-2 on dev."""
    return dev.pair_counts(t)[:2]


@pytest.fixture(scope="module")
def half(dev):
    return dev.select(np.isin(dev.people, np.unique(dev.people)[: exercises.HALF]))


def by_lot():
    """The groups of the headline, from the seed that stands in the notebook."""
    source = PROJECT / notebooks.SOURCE / "04_how_sure_are_we.py"
    found = re.findall(r"default_rng\((\d+)\)\.permutation", source.read_text(encoding="utf-8"))
    assert len(found) == 1, "one cell deals the groups of the headline"
    return np.random.default_rng(int(found[0])).permutation(np.arange(480) % 6)


def test_other_people_another_rate(counts):
    false, compared = counts
    rng = np.random.default_rng(0)
    draws = [rng.choice(len(false), 80, replace=False) for _ in range(20)]
    seen = np.array([false[np.ix_(d, d)].sum() / compared[np.ix_(d, d)].sum() for d in draws])
    assert seen.max() > 1.5 * seen.min()
    assert "times the lowest" in words.draws(seen, 0.01, 80)
    assert words.draws(np.full(20, 0.01), 0.01, 80).startswith("20 testers, 80 people each")
    assert "hardly" in words.draws(np.full(20, 0.01), 0.01, 80)
    assert "inf times the lowest" in words.draws([0.0, 0.01], 0.01, 80)


def lab():
    table = exercises.table()
    return intervals.cluster_interval(table["missed"], table["made"])


def test_by_hand_is_a_first_approximation_and_the_lab_s_own_stands_beside_it():
    """Finding: Wald's interval with 1.96 was taught for 40 people without a caveat."""
    table = exercises.table()
    low, high = exercises.BY_HAND.reference()
    rate, error = people.rate_and_error(table["missed"], table["made"])
    assert (high - rate, rate - low) == pytest.approx((1.96 * error,) * 2, rel=1e-3)
    found = lab()
    assert found.high - found.value > high - rate, "it reaches farther up"
    assert found.high - found.value > found.value - found.low, "and farther up than down"
    by_comparison = intervals.wilson(int(table["missed"].sum()), int(table["made"].sum()))

    told = words.width((low, high), by_comparison, found)
    assert "times as wide: misses come in clusters" in told
    assert f"04-a: {low:.4f} to {high:.4f}. By comparisons: {by_comparison.low:.4f} to" in told
    assert f"for 40 people, which cannot reach below 0: {found.text()}" in told


@pytest.mark.parametrize(
    ("ends", "said"),
    [
        ((0.05, 0.15), "By people it is 2.0 times as wide: misses come in clusters"),
        ((0.07, 0.12), "By people it is no wider: the misses are spread evenly over the people."),
    ],
)
def test_the_width_in_words(ends, said):
    by_comparison = intervals.Interval(0.095, 0.07, 0.12)
    told = words.width(ends, by_comparison, intervals.Interval(0.1, 0.05, 0.17, people=40))
    assert said in told and "The lab's own for 40 people" in told


@pytest.mark.parametrize("factor", [1.96, 100])
def test_no_conclusion_is_drawn_from_an_answer_that_is_wrong(factor):
    """Finding: ends as percentages were told to be 151.2 times as wide: misses come in clusters."""
    table, (low, high) = exercises.table(), exercises.BY_HAND.reference()
    by_comparison = intervals.wilson(int(table["missed"].sum()), int(table["made"].sum()))
    given = judge(exercises.BY_HAND, (factor * low, factor * high), keep=False)
    told = given.then(words.width, by_comparison, lab())
    assert not given.right and "wide" not in told and set(re.findall(r"\d+", told)) == {"04"}


def test_what_is_better_than_asked_counts_as_right_and_so_do_two_digits():
    table, judged = exercises.table(), functools.partial(judge, exercises.BY_HAND, keep=False)
    rate, error = people.rate_and_error(table["missed"], table["made"])
    t = intervals.student(0.975, 39) * error
    low, high = exercises.BY_HAND.reference()
    for answer in ((rate - t, rate + t), (lab().low, lab().high), (round(low, 2), round(high, 2))):
        assert judged(answer).right, answer
    assert judged((high, low)).mistake == "swapped"
    assert judged((100 * low, 100 * high)).mistake == "parts percent"
    assert judged((rate - 1.96, rate + 1.96)).mistake == "1.96 added to the rate"
    assert not judged((low, lab().high)).right, "one end of each is neither"


def test_a_small_town_flatters_intervals_as_much_as_is_said():
    """Finding: the caveat of the finite town stood in the full form, the judging in the core."""
    rng, town, at_large = np.random.default_rng(0), [], []
    for _ in range(2000):
        everybody = rng.normal(size=480)
        drawn = everybody[:80]
        reach = 1.99 * drawn.std(ddof=1) / np.sqrt(80)
        town.append(abs(drawn.mean() - everybody.mean()) <= reach)
        at_large.append(abs(drawn.mean()) <= reach)
    assert np.mean(at_large) == pytest.approx(0.95, abs=0.015)
    said = reading.finite_town(80, 480)
    held = int(re.search(r"about (\d+) of 100", said)[1]) / 100
    assert np.mean(town) == pytest.approx(held, abs=0.012) and held > 0.96
    source = PROJECT / notebooks.SOURCE / "04_how_sure_are_we.py"
    core = [c.text for c in rules.cells(source) if "core" in c.tags]
    judging = [text for text in core if 'reading.held("by people"' in text]
    assert judging and all("reading.finite_town(80, len(people))" in text for text in judging)


def test_a_threshold_that_was_set_on_dev_is_shown_as_an_estimate(dev):
    """Finding: nothing said what the threshold itself is worth on other people."""
    chosen = thresholds.choose_threshold(dev, 1e-2)
    test = compare_faces(data.load("anytown/eval"))
    measured = intervals.fmr_interval(*test.pair_counts(chosen.value)[:2])
    said = reading.threshold(chosen, measured)
    assert chosen.true.low < 1e-2 < chosen.true.high
    assert f"likely between {chosen.true.low:.4f} and {chosen.true.high:.4f}." in said
    assert f"Measured on other people: {measured.text()}." in said
    for number, shown in (("03", "say(chosen.words)"), ("04", "reading.threshold(chosen,")):
        (source,) = (p for p in notebooks.sources(PROJECT) if p.stem.startswith(number))
        assert any(shown in text for text in rules.code(source)), f"{number} does not show it"
    source = PROJECT / notebooks.SOURCE / "05_unequal_errors.py"
    assert "A threshold is an estimate, too" in " ".join(" ".join(rules.prose(source)).split())
    assert "among other people like these its FMR is likely" in chosen.words


def test_an_exercise_that_is_open_gives_no_answer_away(tmp_path, monkeypatch):
    monkeypatch.setenv("LABKIT_JOURNAL", str(tmp_path / "journal.json"))
    for answer in (..., "no number"):
        given = judge(exercises.BY_HAND, answer)
        told = given.then(words.width, intervals.wilson(10, 100), lab())
        assert told.startswith("This comes when exercise 04-a is answered and right")


def test_nothing_seen_breaks_the_promise_for_comparisons_and_keeps_it_for_pairs_of_people(dev):
    rng = np.random.default_rng(1)
    draws = [rng.choice(dev.people_count, 60, replace=False) for _ in range(300)]
    clean = {}
    for name, units in (("comparisons", 1770 * 16), ("pairs of people", 1770)):
        f = dev.pair_counts(rates.threshold_at_fmr(dev.impostor, 3 / units))[0]
        clean[name] = float(np.mean([not f[np.ix_(d, d)].any() for d in draws]))
    assert clean["comparisons"] > 0.1 and clean["pairs of people"] <= 0.05
    assert "Counting pairs of people keeps it" in words.nothing(clean)
    assert "more than kept" in words.nothing(clean)
    assert "more than kept" not in words.nothing({"a": 0.04, "b": 0.2})
    assert words.nothing({"a": 0.0}).startswith("Both")
    assert words.nothing({"a": 0.2}).startswith("Neither")


def test_with_one_person_who_matches_everybody_three_over_pairs_of_people_is_too_small():
    town, met = 480, 40
    hub = np.zeros((town, town))
    hub[0] = hub[:, 0] = 1 - np.eye(town)[0]
    rate = hub.sum() / (town * (town - 1))
    rng = np.random.default_rng(0)
    draws = [rng.choice(town, met, replace=False) for _ in range(300)]
    nothing_seen = np.mean([not hub[np.ix_(d, d)].any() for d in draws])
    assert 3 / (met * (met - 1) / 2) < rate < 6 / met and nothing_seen > 0.5


def test_more_photographs_lower_the_floor_and_hardly_the_width(dev, half):
    one = people.first_photographs(half, 1)
    smallest = exercises.SMALLEST.reference()
    assert smallest == pytest.approx(people.smallest_fmr(half))
    told = words.more_people(smallest, half, dev).split("\n")
    assert len(told) == 3
    assert "yes for this number. 4 photographs each instead of one" in told[0]
    assert "no help" in words.photographs(one)
    times = smallest / people.smallest_fmr(dev)
    assert f"{times:.1f} times smaller" in told[1] and times > 2
    assert f"480 people ({480 * 479 // 2:,} pairs of people)" in told[1]
    assert "help far less" in told[2]
    # A town in which photographs do what people do: 120 of 480 "people" are met four times each.
    twice = dev.select(np.arange(len(dev)) % 4 == 0)
    assert "help as much" in words.narrower(dev, twice)


def test_the_refusal_of_the_cell_says_what_the_exercise_calls_copied(half):
    with pytest.raises(ValueError, match="different pairs of people") as refused:
        thresholds.choose_threshold(half, 1e-5)
    copied = exercises.SMALLEST.wrong["copied from the refusal"][0]()
    assert f"an FMR of {copied:g} or more" in str(refused.value)


def test_the_worst_group_of_one_lot_is_not_that_of_another(counts):
    worst = []
    for seed in range(120):
        group = np.random.default_rng(seed).permutation(np.arange(480) % 6)
        worst.append(people.fmr_within(*counts, group).argmax())
    assert np.bincount(worst, minlength=6).max() < 0.35 * len(worst)


def test_the_sentence_that_stands_is_about_other_people_than_its_threshold(dev, t, counts):
    test = compare_faces(data.load("anytown/eval"))
    assert not set(test.people) & set(dev.people)
    nothing = intervals.fmr_interval(np.zeros((60, 60)), 16 * (1 - np.eye(60)))
    fmr = people.fmr_within(*counts, by_lot())
    said = words.headlines(fmr, nothing, [False, True, True, True], dev, test, t)
    assert f"those of group {fmr.argmax() + 1} are falsely matched {max_min(fmr):.1f} times" in said
    assert f"as those of group {fmr.argmin() + 1}.\nB: In 28,320 comparisons of 60 people" in said
    # Finding: B's test had been chosen because it saw nothing, and the page did not say so.
    assert "B is the first of 4 tests, each of 60 people at a stricter threshold" in said
    assert "that saw nothing; 75% did.)" in said
    assert f"(The lab: {reading.none_seen(nothing)})" in said
    assert f"{rates.fnmr(test.genuine, t):.1%} of {test.genuine.size:,}" in said
    assert f"set on 480 other people and that {rates.fmr(test.impostor, t):.1%} of the" in said


def test_nothing_seen_is_shown_for_people_enough_and_with_its_caveat():
    """Finding: a bound stood in a headline for 40 people, below the floor of 60, as if certain."""
    nothing = intervals.fmr_interval(np.zeros((60, 60)), 16 * (1 - np.eye(60)))
    assert reading.none_seen(nothing) == (
        f"{nothing.words}; a one-sided 95% limit, too small if somebody could match everybody:"
        " then 6 / 60 = 0.10."
    )
    source = (PROJECT / notebooks.SOURCE / "04_how_sure_are_we.py").read_text(encoding="utf-8")
    (met,) = re.findall(r"tests = \[rng\.choice\(len\(people\), (\d+), replace=False\)", source)
    assert int(met) >= intervals.ENOUGH_PEOPLE_FOR_AN_FMR
    assert f"500 draws of {met} people" in source and f"a test of {met} people sees" in source
    assert f'"pairs of people": {met} * {int(met) - 1} // 2' in source


def test_errors_are_put_on_the_matcher_and_not_on_a_person_s_face():
    """Finding: "a person who looks like many others" puts the error on the person."""
    for number in ("03", "04"):
        (source,) = (p for p in notebooks.sources(PROJECT) if p.stem.startswith(number))
        text = " ".join(" ".join(rules.prose(source, form)) for form in ("open", "solved"))
        assert "whom the matcher finds" in " ".join(text.replace("#", " ").split())
        assert not re.search(r"looks like many|people who look alike|resemble each", text)


def test_equal_groups_look_unequal_and_the_headline_s_ratio_is_an_ordinary_one(counts):
    def ratio(group):
        return max_min(people.fmr_within(*counts, group))

    rng = np.random.default_rng(2)
    luck = np.array([ratio(rng.permutation(np.arange(480) % 6)) for _ in range(400)])
    assert np.median(luck) > 1.5 and luck.min() > 1.02
    assert "400 splits by lot" in words.luck(luck) and "Never near 1" in words.luck(luck)
    assert "Sometimes" in words.luck([1.0, 2.0])
    assert 1.4 < ratio(by_lot()) < np.quantile(luck, 0.95)


def test_the_table_of_the_exercise_is_the_cell_s(dev, t):
    rows = people.misses_by_person(dev, t).iloc[:: exercises.EVERY]
    assert len(rows) == 40 and rows.equals(exercises.table())
    source = (PROJECT / notebooks.SOURCE / "04_how_sure_are_we.py").read_text(encoding="utf-8")
    assert f"measure.misses_by_person(pairs, threshold).iloc[::{exercises.EVERY}]" in source
    assert f"people[:{exercises.HALF}]" in source


def test_the_best_option_is_the_dull_one():
    assert exercises.SENTENCE.best_options == ("C",)

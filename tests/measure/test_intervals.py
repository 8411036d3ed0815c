"""Intervals: formulas computed the long way, coverage of a known truth, what is said in words."""

import math
import subprocess
import sys

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from labkit.measure import intervals
from labkit.measure.intervals import Interval
from labkit.measure.scores import Comparisons, all_pairs


def random_table(seed: int, k: int, rate: float = 0.1) -> tuple[np.ndarray, np.ndarray]:
    """Symmetric tables of false matches and of 1 to 4 comparisons for every pair of people."""
    rng = np.random.default_rng(seed)
    n = np.triu(rng.integers(1, 5, (k, k)), 1)
    f = rng.binomial(n, rate)
    return (f + f.T).astype(float), (n + n.T).astype(float)


# ---- how an interval reads ----------------------------------------------------------------------


def test_an_interval_reads_alike_in_every_place():
    i = Interval(0.01234, 0.008, 0.019)
    assert i.text() == str(i) == f"{i}" == "0.0123 [0.0080, 0.0190]"
    assert i.text(2) == "0.01 [0.01, 0.02]"
    assert float(i) == 0.01234
    assert Interval(0.5, words="too few").text(1) == "0.5 (too few)"
    assert Interval(math.nan, words="no comparison made").text() == "no comparison made"


# ---- counting -----------------------------------------------------------------------------------


@pytest.mark.parametrize("spread", [1, 10**9])
def test_people_may_have_any_numbers(spread):
    """Numbers far apart take another path than numbers close together."""
    rng = np.random.default_rng(1)
    who = rng.permutation(np.repeat(np.arange(8), 3)) * spread - 5
    table = rng.normal(size=(24, 24)).round(1)
    c = Comparisons.all_pairs(table + table.T, who)
    false, compared, people = intervals.pair_counts(c, 0.5)
    assert people.tolist() == [p * spread - 5 for p in range(8)]
    for a, first in enumerate(people):
        for b, second in enumerate(people):
            between = ((c.first == first) & (c.second == second)) | (
                (c.first == second) & (c.second == first)
            )
            if a == b:
                assert false[a, b] == compared[a, b] == 0
            else:
                assert false[a, b] == (c.scores[between] >= 0.5).sum()
                assert compared[a, b] == between.sum() == 9
    assert intervals.auc_interval(c).person_pairs == 28
    assert intervals.auc_interval(c).people == 8


def test_nobody_at_all_is_no_error():
    none = Comparisons(np.empty(0), np.empty(0, np.int64), np.empty(0, np.int64))
    false, compared, people = intervals.pair_counts(none, 0.0)
    assert false.shape == compared.shape == (0, 0)
    assert people.size == 0
    assert intervals.fmr_interval(false, compared).words == "no comparison made"


def test_flat_list_and_square_table_count_the_same():
    rng = np.random.default_rng(2)
    templates = rng.normal(size=(40, 3))
    templates[7] = np.nan
    pairs = all_pairs(templates, np.repeat(np.arange(10), 4))
    c = pairs.comparisons()
    t = float(np.quantile(pairs.impostor, 0.9))
    for a, b in zip(intervals.pair_counts(c, t), pairs.pair_counts(t), strict=True):
        assert (a == b).all()
    missed, made, _ = intervals.mated_counts(c, t)
    assert (missed == pairs.mated_counts(t).missed).all()
    assert (made == pairs.mated_counts(t).made).all()


# ---- one rate -----------------------------------------------------------------------------------


@given(st.integers(0, 10**6), st.integers(6, 25), st.floats(0.0, 0.6))
@settings(max_examples=60, deadline=None)
def test_random_tables_give_an_interval_or_words(seed, k, rate):
    f, n = random_table(seed, k, rate)
    shuffle = np.random.default_rng(seed).permutation(k)
    for interval in (intervals.fmr_interval, intervals.dyadic_interval):
        i = interval(f, n)
        assert i.value == pytest.approx(np.triu(f).sum() / np.triu(n).sum())
        assert i.person_pairs == k * (k - 1) // 2
        assert i.error_pairs == (np.triu(f) > 0).sum()
        if i.error_pairs < 10:
            assert i.words
            assert math.isnan(i.low)
        else:
            assert not i.words
            assert 0 <= i.low <= i.value <= i.high <= 1
        # The order of people changes nothing but the last bit of a sum.
        again = interval(f[np.ix_(shuffle, shuffle)], n[np.ix_(shuffle, shuffle)])
        assert again.words == i.words
        assert again.low == pytest.approx(i.low, nan_ok=True)


def test_dyadic_variance_adds_covariances_of_pairs_that_share_a_person():
    f, n = random_table(3, 14)
    f[0], f[:, 0] = n[0], n[:, 0]  # one person matches everybody: pairs are far from independent
    p = f.sum() / n.sum()
    pairs = list(zip(*np.triu_indices(14, 1), strict=True))
    e = {q: f[q] - p * n[q] for q in pairs}
    variance = sum(e[q] * e[r] for q in pairs for r in pairs if set(q) & set(r))
    variance /= (n.sum() / 2) ** 2
    worth = p * (1 - p) / variance
    assert 1 < worth < n.sum() / 2
    i = intervals.dyadic_interval(f, n)
    z2 = intervals.Z**2
    for end in (i.low, i.high):  # Wilson's limits solve (p - x)^2 = z^2 x (1 - x) / n
        assert (p - end) ** 2 == pytest.approx(z2 * end * (1 - end) / worth)


def test_cluster_variance_by_hand():
    errors = np.r_[np.ones(10), np.zeros(20)]
    i = intervals.cluster_interval(errors, np.full(30, 5))
    p = 10 / 150
    se = math.sqrt(30 / 29 * ((errors - p * 5) ** 2).sum()) / 150
    assert (i.value, i.low) == (p, pytest.approx(max(p - intervals.Z * se, 0)))
    # People without a trial are no people of this rate.
    more = intervals.cluster_interval(np.r_[errors, 0, 0], np.r_[np.full(30, 5), 0, 0])
    assert (more.low, more.people) == (i.low, 30)
    assert intervals.cluster_interval([], []).words == "nothing to count"


@pytest.mark.parametrize(("errors", "trials"), [(3, 2), (0, 0), (-1, 5), (1.5, 5)])
def test_wilson_refuses_what_cannot_be(errors, trials):
    with pytest.raises(ValueError, match=f"{errors} errors in {trials} trials: give whole numbers"):
        intervals.wilson(errors, trials)


@pytest.mark.parametrize(("errors", "trials"), [(0, 7), (7, 7), (1, 7), (41_000, 4_140_000)])
def test_wilson_with_whole_and_with_broken_trials_is_one_formula(errors, trials):
    """scipy takes whole trials only; the trials that pairs of people are worth are not whole."""
    i, p = intervals.wilson(errors, trials), errors / trials
    assert (i.value, i.errors, i.trials) == (p, errors, trials)
    assert (i.low, i.high) == pytest.approx(intervals._wilson_limits(p, trials), abs=1e-12)
    for end in (i.low, i.high):  # they solve (p - x)^2 = z^2 x (1 - x) / n
        assert (p - end) ** 2 == pytest.approx(1.959963984540054**2 * end * (1 - end) / trials)


def test_scipy_is_loaded_only_where_it_is_needed():
    code = (
        "import sys, numpy as np\n"
        "from labkit.measure import intervals\n"
        "intervals.cluster_interval(np.ones(40), np.full(40, 5))\n"
        "assert 'scipy' not in sys.modules\n"
    )
    subprocess.run([sys.executable, "-c", code], check=True)


# ---- people drawn again -------------------------------------------------------------------------


def test_bootstrap_in_one_product_is_the_loop():
    f, n = random_table(4, 17)
    w = intervals.vertex_weights(17, 50, 9)
    assert (w.sum(1) == 17).all()
    again = np.random.default_rng(np.random.SeedSequence([41, 9]))
    for row, drawn in zip(w, intervals.pair_totals(w, f), strict=True):
        assert (row == again.multinomial(17, np.full(17, 1 / 17))).all()
        assert drawn == sum(row[i] * row[j] * f[i, j] for i in range(17) for j in range(17))
    rates = intervals.vertex_bootstrap(
        lambda v: intervals.pair_totals(v, f) / intervals.pair_totals(v, n), 17, 50, 9
    )
    assert rates[3] == (w[3] @ f @ w[3]) / (w[3] @ n @ w[3])


def test_groups_are_drawn_independently():
    first, second = (intervals.vertex_weights(30, 40, 0, g) for g in (0, 1))
    assert (first != second).any()
    assert (first == intervals.vertex_weights(30, 40, 0, 0)).all()
    with pytest.raises(ValueError, match="0 people"):
        intervals.vertex_weights(0)


def test_a_ratio_of_nothing_is_dropped_and_one_by_zero_is_infinite():
    got = intervals.ratios([2, 2, 0, 2, 0], [4, 4, 4, 0, 4], [1, 0, 0, 1, 1], [4, 4, 4, 4, 4])
    assert got[:2].tolist() == [2.0, math.inf]
    assert np.isnan(got[2:4]).all()
    assert got[4] == 0
    some = np.r_[np.arange(1.0, 38.0), math.inf, math.inf, math.inf, math.nan]
    assert intervals.ratio_limits(some) == (2.0, math.inf)
    assert all(map(math.isnan, intervals.ratio_limits(np.full(3, math.nan))))


def test_ratio_of_the_same_people_moves_both_sides():
    f, n = random_table(5, 40)
    twice = intervals.fmr_ratio((2 * f, n), (f, n), replicates=200)
    assert (twice.value, twice.low, twice.high) == (2, 2, 2)
    other, _ = random_table(6, 40)
    apart = intervals.fmr_ratio((other, n), (f, n), replicates=200)
    assert apart.low < apart.value < apart.high
    with pytest.raises(ValueError, match="different people"):
        intervals.fmr_ratio((f, n), (f[:3, :3], n[:3, :3]))


# ---- coverage -----------------------------------------------------------------------------------


def test_coverage_of_a_known_rate():
    """100 people x 6 at FMR 1e-2: intervals by people cover, Wilson over pairs does not."""
    rng = np.random.default_rng(12)
    dims, people, images, noise, truth, repeats = 8, 100, 6, 0.45, 1e-2, 300

    def draw(n: int) -> np.ndarray:
        # People differ in how near the middle they are, hence in how easily they are matched.
        return rng.normal(size=(n, dims)) * rng.gamma(8, 1 / 8, size=(n, 1))

    far = draw(400_000) - draw(400_000) + noise * math.sqrt(2) * rng.normal(size=(400_000, dims))
    t = np.quantile(np.linalg.norm(far, axis=1), truth)
    compared = 36.0 * (1 - np.eye(people))
    inside = np.zeros(3)
    for _ in range(repeats):
        e = np.repeat(draw(people), images, 0) + noise * rng.normal(size=(people * images, dims))
        squares = (e**2).sum(1)
        near = squares[:, None] + squares - 2 * e @ e.T <= t * t
        f = near.reshape(people, images, people, images).sum((1, 3)).astype(float)
        np.fill_diagonal(f, 0)
        by_person = intervals.fmr_interval(f, compared)
        analytic = intervals.dyadic_interval(f, compared)
        by_pair = intervals.wilson(by_person.errors, by_person.trials)
        inside += [i.low <= truth <= i.high for i in (by_person, analytic, by_pair)]
    person, dyadic, pair = inside / repeats
    assert person >= 0.88
    assert dyadic >= 0.88
    assert pair <= 0.40

"""Intervals: formulas computed the long way, coverage of a known truth, what is said in words."""

import math
import subprocess
import sys

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from labkit.measure import areas, intervals, rates
from labkit.measure.intervals import Interval, Moves
from labkit.measure.scores import Comparisons, all_pairs, euclidean_scores

NORMAL = 1.959963984540054
"""Of a two-sided 95% interval, as tables of the normal distribution have it."""


def kish(moves: np.ndarray) -> float:
    """Quantile of Student's t by the people who carry weight, from scipy's distribution."""
    return float(stats.t.ppf(0.975, (moves**2).sum() ** 2 / (moves**4).sum()))


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
    assert areas.auc_interval(c).person_pairs == 28
    assert areas.auc_interval(c).people == 8


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


@given(st.integers(0, 10**6), st.integers(50, 70), st.floats(0.0, 0.6))
@settings(max_examples=60, deadline=None)
def test_random_tables_give_an_interval_or_words(seed, k, rate):
    f, n = random_table(seed, k, rate)
    shuffle = np.random.default_rng(seed).permutation(k)
    for interval in (intervals.fmr_interval, intervals.dyadic_interval):
        i = interval(f, n)
        assert i.value == pytest.approx(np.triu(f).sum() / np.triu(n).sum())
        assert i.person_pairs == k * (k - 1) // 2
        assert i.error_pairs == (np.triu(f) > 0).sum()
        if i.error_pairs < 10 or k < 60:
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
    f, n = random_table(3, 60)
    f[0], f[:, 0] = n[0], n[:, 0]  # one person matches everybody: pairs are far from independent
    p = f.sum() / n.sum()
    i, j = np.triu_indices(60, 1)
    e = f[i, j] - p * n[i, j]
    share = (i[:, None] == i) | (i[:, None] == j) | (j[:, None] == i) | (j[:, None] == j)
    variance = float(e @ share @ e) / (n.sum() / 2) ** 2
    z = kish(intervals.jackknife(f.sum(1), n.sum(1)).moves)
    worth = p * (1 - p) / variance
    assert 1 < worth < n.sum() / 2
    i = intervals.dyadic_interval(f, n)
    for end in (i.low, i.high):  # Wilson's limits solve (p - x)^2 = z^2 x (1 - x) / n
        assert (p - end) ** 2 == pytest.approx(z**2 * end * (1 - end) / worth)
    assert i.low < p < i.high


def test_cluster_variance_by_hand():
    """On the logit scale, with Student's t of one person less."""
    errors = np.r_[np.ones(10), np.zeros(20)]
    i = intervals.cluster_interval(errors, np.full(30, 5))
    p = 10 / 150
    se = math.sqrt(30 / 29 * ((errors - p * 5) ** 2).sum()) / 150
    assert i.value == p
    reach = stats.t.ppf(0.975, 29) * se / (p * (1 - p))
    for end, side in ((i.low, -1), (i.high, 1)):
        assert math.log(end / (1 - end)) == pytest.approx(math.log(p / (1 - p)) + side * reach)
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
    assert (i.low, i.high) == pytest.approx(intervals._wilson_limits(p, trials, NORMAL), abs=1e-12)
    for end in (i.low, i.high):  # they solve (p - x)^2 = z^2 x (1 - x) / n
        assert (p - end) ** 2 == pytest.approx(NORMAL**2 * end * (1 - end) / trials)


def test_scipy_is_loaded_only_where_it_is_needed():
    code = (
        "import sys, numpy as np\n"
        "from labkit.measure import intervals\n"
        "intervals.cluster_interval(np.r_[np.ones(20), np.zeros(20)], np.full(40, 5))\n"
        "assert 'scipy.special' in sys.modules\n"
        "assert 'scipy.stats' not in sys.modules  # 50 MB\n"
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


def test_ratio_of_the_same_people_moves_both_sides():
    """The same in everybody: no interval of width 0, but words."""
    f, n = random_table(5, 80)
    twice = intervals.fmr_ratio((2 * f, n), (f, n))
    assert twice.value == pytest.approx(2)
    assert twice.words == "no interval: the ratio is the same in all people"
    assert math.isnan(twice.low)
    other, _ = random_table(6, 80)
    apart = intervals.fmr_ratio((other, n), (f, n))
    assert apart.low < apart.value < apart.high
    # By hand: what leaving a person out does to the logarithm of the ratio.
    logs = []
    for person in range(80):
        keep = np.ix_(np.arange(80) != person, np.arange(80) != person)
        logs.append(np.log(other[keep].sum() / f[keep].sum()))
    moves = np.array(logs) - np.mean(logs)
    reach = kish(moves) * math.sqrt(79 / 80 * (moves**2).sum())
    assert apart.high == pytest.approx(apart.value * math.exp(reach))
    with pytest.raises(ValueError, match="different people"):
        intervals.fmr_ratio((f, n), (f[:3, :3], n[:3, :3]))


# ---- people left out, differences ---------------------------------------------------------------


def test_jackknife_by_hand():
    rng = np.random.default_rng(3)
    k = 60
    n = 4.0 * (1 - np.eye(k))
    f = np.triu(rng.random((k, k)) < 0.1, 1).astype(float)
    f = f + f.T
    logs = []
    for person in range(k):
        keep = np.arange(k) != person
        logs.append(np.log(f[np.ix_(keep, keep)].sum() / n[np.ix_(keep, keep)].sum()))
    se = np.sqrt((k - 1) / k * ((np.array(logs) - np.mean(logs)) ** 2).sum())
    i = intervals.fmr_interval(f, n)
    assert i.value == f.sum() / n.sum()
    t = kish(np.array(logs) - np.mean(logs))
    assert t > NORMAL
    assert i.low == pytest.approx(i.value * np.exp(-t * se))
    assert i.high == pytest.approx(i.value * np.exp(t * se))
    assert i.person_pairs == 1770


def test_too_few_is_said_in_words():
    n = 4.0 * (1 - np.eye(20))
    f = np.zeros((20, 20))
    assert "at most 0.0158, from 190 pairs" in intervals.fmr_interval(f, n).words
    f[0, 1] = f[1, 0] = 4
    assert intervals.fmr_interval(f, n).words == (
        "4 false matches from 1 pairs of people: too few for a rate"
    )
    assert "at most 0.0750, from 40 people" in intervals.cluster_interval([0] * 40, [6] * 40).words
    assert "too few" in intervals.cluster_interval([1] * 9 + [0] * 31, [6] * 40).words
    assert not intervals.cluster_interval([1] * 10 + [0] * 30, [6] * 40).words


def test_auc_jackknife_leaves_out_whole_people():
    rng = np.random.default_rng(4)
    who = np.repeat(np.arange(30), 3)
    e = rng.normal(size=(30, 4))[who] + rng.normal(size=(90, 4))
    s = euclidean_scores(e, e).round(1)  # ties
    left = []
    for person in range(30):
        keep = who != person
        c = Comparisons.all_pairs(s[np.ix_(keep, keep)], who[keep])
        left.append(rates.auc(c.genuine, c.impostor))
    se = np.sqrt(29 / 30 * ((np.array(left) - np.mean(left)) ** 2).sum())
    i = areas.auc_interval(Comparisons.all_pairs(s, who))
    centre = np.log(i.value / (1 - i.value))
    off = kish(np.array(left) - np.mean(left)) * se / (i.value * (1 - i.value))
    assert i.low == pytest.approx(1 / (1 + np.exp(-(centre - off))))
    assert i.high == pytest.approx(1 / (1 + np.exp(-(centre + off))))
    assert (i.people, i.trials, i.person_pairs) == (30, 90 * 89 // 2, 435)
    assert i.low < i.value < i.high < 1


def test_auc_without_overlap_has_no_interval():
    who = np.repeat(np.arange(30), 2)
    e = 10.0 * np.eye(30)[who] + 0.01 * np.random.default_rng(0).normal(size=(60, 30))
    i = areas.auc_interval(Comparisons.all_pairs(euclidean_scores(e, e), who))
    assert (i.value, i.words) == (1.0, "no overlap among 30 people")
    few = areas.auc_interval(Comparisons.all_pairs(euclidean_scores(e[:58], e[:58]), who[:58]))
    assert few.words == "29 people: too few for an interval, which takes 30"


def test_paired_difference_cancels_what_people_bring():
    rng = np.random.default_rng(5)
    own = rng.integers(0, 5, 60)
    g = np.full(60, 6.0)
    d = intervals.paired_difference((own + 1, g), (own, g))
    assert d.value == pytest.approx(1 / 6)
    assert d.words == "no interval: the difference is the same in all people"
    assert math.isnan(d.low)
    apart = intervals.paired_difference((own + 1, g), (rng.permutation(own), g))
    assert apart.high - apart.low > 0.04
    did = intervals.weighted_difference([(1, own + 1, g), (-1, own, g), (-1, own, g), (1, own, g)])
    assert did.value == pytest.approx(1 / 6)


def test_a_difference_without_errors_is_no_certainty():
    none = (np.zeros(50), np.full(50, 6.0))
    assert "too few" in intervals.paired_difference(none, none).words
    with pytest.raises(ValueError, match="different people"):
        intervals.paired_difference(none, ([1], [6]))


def test_fmr_ratio_of_equal_tables_is_one():
    rng = np.random.default_rng(6)
    f = np.triu(rng.random((80, 80)) < 0.1, 1).astype(float)
    f, n = f + f.T, 1 - np.eye(80)
    assert intervals.fmr_ratio((f, n), (f, n)).value == 1
    assert "no false match" in intervals.fmr_ratio((np.zeros_like(f), n), (f, n)).words
    assert intervals.fmr_ratio((f, n), (np.zeros_like(f), n)).value == math.inf


# ---- coverage -----------------------------------------------------------------------------------


@pytest.mark.parametrize("seed", [7, 12])
def test_coverage_of_a_known_rate(seed):
    """100 people x 6 at FMR 1e-2: intervals by people cover, Wilson over pairs does not."""
    rng = np.random.default_rng(seed)
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
    assert 0.92 <= person <= 0.98
    assert 0.90 <= dyadic <= 0.97
    assert 0.05 <= pair <= 0.40


def people_who_err(rng: np.random.Generator, mean: float, people: int = 80) -> np.ndarray:
    """Errors of 15 comparisons of each person; some people err far more often than others."""
    return rng.binomial(15, rng.beta(mean * 4, (1 - mean) * 4, people)).astype(float)


def covered(draw, truth: float, repeats: int = 800) -> float:
    """How often the interval that is drawn holds the truth."""
    rng = np.random.default_rng(16)
    found = [draw(rng) for _ in range(repeats)]
    assert not any(i.words for i in found)
    return float(np.mean([i.low <= truth <= i.high for i in found]))


def test_coverage_of_misses_by_people():
    trials = np.full(80, 15.0)
    by_person = covered(
        lambda rng: intervals.cluster_interval(people_who_err(rng, 0.2), trials), 0.2
    )
    by_trial = covered(
        lambda rng: intervals.wilson(int(people_who_err(rng, 0.2).sum()), 80 * 15), 0.2
    )
    assert 0.93 <= by_person <= 0.97
    assert by_trial <= 0.75


def test_coverage_of_a_difference_of_the_same_people():
    trials = np.full(80, 15.0)

    def draw(rng: np.random.Generator) -> Interval:
        easy = rng.beta(0.8, 3.2, 80)  # how hard a person is stays the same under both
        first, second = (rng.binomial(15, easy * share).astype(float) for share in (1.0, 0.6))
        return intervals.paired_difference((first, trials), (second, trials))

    assert 0.93 <= covered(draw, 0.2 * (1 - 0.6)) <= 0.97


def test_coverage_of_the_area_under_the_curve():
    """Genuine scores N(2, 1), impostor scores N(0, 1), each with a part of each person's own."""

    def draw(rng: np.random.Generator) -> Interval:
        who = np.repeat(np.arange(40), 3)
        own = rng.normal(size=40)
        i, j = np.triu_indices(120, 1)
        same = who[i] == who[j]
        shared = np.where(same, own[who[i]], (own[who[i]] + own[who[j]]) / math.sqrt(2))
        noise = rng.normal(size=len(i))
        scores = 1.2 * same + math.sqrt(0.3) * shared + math.sqrt(0.7) * noise
        return areas.auc_interval(Comparisons(scores, who[i], who[j]))

    truth = 0.5 * (1 + math.erf(1.2 / 2))  # Phi(1.2 / sqrt 2)
    assert 0.92 <= covered(draw, truth, repeats=300) <= 0.98


def test_a_missed_difference_is_found_four_times_in_five():
    """Simulated with normal errors whose standard error is guessed from so many people."""
    rng = np.random.default_rng(17)
    weight = 12
    moves = Moves(np.arange(weight), np.full(weight, 1 / math.sqrt(weight)))
    assert (moves.error, moves.weight) == (pytest.approx(1), pytest.approx(weight))
    seen = rng.normal(moves.detectable, 1, 200_000)
    guessed = np.sqrt(rng.chisquare(weight, 200_000) / weight)
    found = np.abs(seen) > stats.t.ppf(0.975, weight) * guessed
    assert found.mean() == pytest.approx(0.8, abs=0.02)
    d = intervals.paired_difference(
        (np.r_[np.ones(30), np.zeros(30)], np.full(60, 6.0)), (np.zeros(60), np.full(60, 6.0))
    )
    assert intervals.missed_difference(d) > (d.high - d.low) / 2


def test_whoever_is_on_both_sides_moves_both():
    one, other = Moves(np.array([3, 5]), np.array([1.0, 2])), Moves(np.array([5, 9]), np.ones(2))
    both = one - other * 2
    assert dict(zip(both.people.tolist(), both.moves.tolist(), strict=True)) == {3: 1, 5: 0, 9: -2}
    assert (one - one).error == 0
    assert math.isnan((one - one).p_value(1.0))
    p = one.p_value(3.0)
    weight = 25 / 17
    assert p == pytest.approx(2 * stats.t.sf(3 / math.sqrt(5), weight))
    assert one.p_value(-3.0) == p


# ---- no interval of width 0 ---------------------------------------------------------------------


def test_all_errors_is_a_bound_and_no_certainty():
    """All faces of a group fail, or every comparison matches: words, not [1, 1]."""
    i = intervals.cluster_interval([6] * 60, [6] * 60, "images without a usable face")
    assert i.value == 1
    assert i.words == "nothing but images without a usable face; at least 0.9500, from 60 people"
    assert i.short() == "all of 360"
    almost = intervals.cluster_interval([6] * 55 + [5] * 5, [6] * 60, "misses")
    assert almost.words == "nothing but misses in 55 of 60 people: the others are too few"
    n = 4.0 * (1 - np.eye(70))
    assert intervals.fmr_interval(n, n).words == "all 9,660 comparisons match"
    assert intervals.fmr_interval(n / 4, n).words.startswith("no interval: every person has")
    same = intervals.cluster_interval([3] * 40, [6] * 40)
    assert same.words.startswith("no interval: every person has the same share")


@given(st.integers(0, 10**6), st.integers(1, 80), st.floats(0, 1))
@settings(max_examples=80, deadline=None)
def test_no_interval_has_width_0(seed, k, rate):
    rng = np.random.default_rng(seed)
    f, n = random_table(seed, k, round(rate, 1))
    errors = rng.binomial(6, round(rate, 1), k).astype(float)
    found = [
        intervals.fmr_interval(f, n),
        intervals.dyadic_interval(f, n),
        intervals.cluster_interval(errors, np.full(k, 6.0)),
        intervals.paired_difference((errors, np.full(k, 6)), (errors // 2, np.full(k, 6))),
        intervals.fmr_ratio((f, n), (f, 2 * n)),
    ]
    for i in found:
        assert i.words or i.low < i.high


# ---- where too little begins --------------------------------------------------------------------


@pytest.mark.parametrize(
    ("people", "erring", "enough"), [(30, 10, True), (29, 10, False), (30, 9, False)]
)
def test_thirty_people_ten_of_them_with_errors(people, erring, enough):
    errors = np.r_[np.ones(erring), np.zeros(people - erring)]
    i = intervals.cluster_interval(errors, np.full(people, 4.0), "misses")
    assert bool(i.words) is not enough
    if not enough:
        assert i.words == f"misses: {erring}, by {erring} of {people} people: too few for a rate"
    assert i.value == erring / (4 * people)


@pytest.mark.parametrize(("pairs", "enough"), [(10, True), (9, False)])
def test_ten_pairs_of_people_with_false_matches(pairs, enough):
    f = np.zeros((60, 60))
    i, j = np.triu_indices(60, 1)
    f[i[::170][:pairs], j[::170][:pairs]] = f[j[::170][:pairs], i[::170][:pairs]] = 2
    for found in (
        intervals.fmr_interval(f, 3 * (1 - np.eye(60))),
        intervals.dyadic_interval(f, 3 * (1 - np.eye(60))),
    ):
        assert bool(found.words) is not enough
        assert (found.errors, found.trials) == (2 * pairs, 3 * 1770)
        assert (found.people, found.person_pairs, found.error_pairs) == (60, 1770, pairs)


@pytest.mark.parametrize(("people", "enough"), [(60, True), (59, False)])
def test_sixty_people_for_an_fmr(people, enough):
    """Among fewer, nobody may happen to be easily confused, and the interval does not show it."""
    f, n = random_table(8, people)
    i = intervals.fmr_interval(f, n)
    assert bool(i.words) is not enough
    if not enough:
        assert i.words == "59 people: too few for an interval, which takes 60"
    # Somebody who was never compared is no person of this rate.
    alone = intervals.fmr_interval(np.pad(f, (0, 1)), np.pad(n, (0, 1)))
    assert (alone.people, bool(alone.words)) == (people, not enough)


@pytest.mark.parametrize(("people", "enough"), [(10, True), (9, False)])
def test_a_difference_needs_errors_by_ten_people(people, enough):
    """In all conditions together."""
    first, second = np.zeros(40), np.zeros(40)
    first[:5], second[5:people] = 1, 1
    d = intervals.paired_difference((first, np.full(40, 2)), (second, np.full(40, 2)))
    assert bool(d.words) is not enough
    assert d.value == pytest.approx((5 - (people - 5)) / 80)


def test_a_difference_by_hand():
    first, second = np.r_[np.ones(12), np.zeros(18)], np.r_[np.zeros(4), np.ones(2), np.zeros(24)]
    d = intervals.paired_difference((3 * first, np.full(30, 4.0)), (second, np.full(30, 2.0)))
    by_person = 3 * first / 4 - second / 2
    assert d.value == pytest.approx(by_person.mean())
    apart = by_person - by_person.mean()
    reach = kish(apart) * math.sqrt(30 / 29 * (apart**2).sum()) / 30
    assert (d.low, d.high) == pytest.approx((d.value - reach, d.value + reach))
    few = intervals.paired_difference((3 * first[:29], [4] * 29), (second[:29], [2] * 29))
    assert few.words == "errors by 12 of 29 people: too few for a difference"
    none = intervals.paired_difference((first, np.full(30, 4.0)), (second, np.zeros(30)))
    assert none.words == "nothing to count in one condition" and math.isnan(none.value)
    with pytest.raises(ValueError, match="the terms are of different people"):
        intervals.paired_difference((first, np.ones(30)), (second[:9], np.ones(9)))

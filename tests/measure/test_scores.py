"""Scores: counted by hand, whatever the order or the block, with failures, and as they stream."""

import itertools
import math
import subprocess
import sys

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from labkit.measure import intervals, scores
from labkit.measure.scores import (
    MEASURES,
    AllPairs,
    all_pairs,
    compare,
    dev_edges,
    score_counts,
    similarity,
    streams,
)
from labkit.measure.scores import pairs as pairs_module

# Four images, six pairs, counted by hand: on a line, a score is minus a distance.
#   person 1 at 0 and 1, person 2 at 3 and 7:   pairs 1-1: -1;  2-2: -4;  1-2: -3, -7, -2, -6
LINE = np.array([[0.0], [1.0], [3.0], [7.0]])
WHO = np.array([1, 1, 2, 2])


@pytest.fixture
def line() -> AllPairs:
    return all_pairs(LINE, WHO, limits=(-8, 0))  # 2**-20 of this range leaves whole numbers whole


def crowd(
    seed: int, people: int, images: int = 4, size: int = 16, failed: int = 0
) -> tuple[np.ndarray, np.ndarray]:
    """Templates of unlike people in no order, and who they are; the first few failed."""
    rng = np.random.default_rng(seed)
    who = rng.permutation(np.repeat(np.arange(people), images))
    e = 1 + rng.normal(size=(people, size))[who] + 0.6 * rng.normal(size=(len(who), size))
    e[:failed] = np.nan
    return e.astype(np.float32), who


def by_bin(values: np.ndarray, edges: np.ndarray) -> list[int]:
    """The bins of ScoreCounts, from scores that are all there."""
    place = np.searchsorted(edges.astype(np.float32), values, side="right")
    return np.bincount(place, minlength=len(edges) + 1).tolist()


# ---- two templates ------------------------------------------------------------------------------


def test_measures_by_hand():
    assert similarity([0, 0], [3, 4], "euclidean") == -5
    assert similarity([2, 0], [3, 3], "cosine") == pytest.approx(1 / math.sqrt(2))
    assert compare([[0.0], [1.0]], [[5.0]], "euclidean").tolist() == [[-5.0], [-4.0]]
    assert math.isnan(similarity([np.nan], [1.0], "euclidean"))


# ---- everybody against everybody ----------------------------------------------------------------


def test_six_pairs_by_hand(line):
    assert sorted(line.genuine) == [-4, -1]
    assert sorted(line.impostor) == [-7, -6, -3, -2]
    assert (all_pairs(LINE, WHO).low, all_pairs(LINE, WHO).high) == (-7, -1)
    assert (line.people_count, line.person_pairs_count, line.planned_mated) == (2, 1, 2)
    false, compared, people = line.pair_counts(-3)  # -3 and -2: equality matches
    assert people.tolist() == [1, 2]
    assert false.tolist() == [[0, 2], [2, 0]]
    assert compared.tolist() == [[0, 4], [4, 0]]
    counts = line.mated_counts(-3)
    assert [c.tolist() for c in counts] == [[0, 1], [1, 1], [1, 1], [1, 2]]


def test_no_image_is_compared_with_itself(line):
    assert np.isnan(np.diag(line.matrix)).all()
    same = all_pairs(np.ones((3, 2)), [1, 2, 3])
    assert same.impostor.tolist() == [0, 0, 0]


def test_ties_fall_on_one_side():
    pairs = all_pairs(np.array([[0.0], [1.0], [2.0], [3.0]]), [1, 2, 3, 4])
    assert pairs.pair_counts(-1)[0].sum() / 2 == 3
    above = np.nextafter(np.float32(-1), np.float32(0))
    assert pairs.pair_counts(above)[0].sum() == 0


def test_thresholds_are_compared_as_scores_are_kept():
    pairs = all_pairs(np.array([[0.0], [0.6], [9.0]]), [1, 2, 3], limits=(-1, 0))
    t = float(pairs.impostor.max())
    assert np.float64(t + 1e-9) > pairs.impostor.max()
    assert pairs.pair_counts(t + 1e-9)[0].sum() == 2


def test_failed_templates_are_left_out_and_counted():
    pairs = all_pairs([[0.0], [np.nan], [3.0], [7.0], [np.nan]], [1, 1, 2, 2, 5])
    assert pairs.usable.tolist() == [True, False, True, True, False]
    assert pairs.genuine.tolist() == [-4]
    assert sorted(pairs.impostor) == [-7, -3]
    assert pairs.planned_mated == 2
    assert pairs.people_count == 3
    assert pairs.person_pairs_count == 1
    false, compared, people = pairs.pair_counts(-5)
    assert people.tolist() == [1, 2, 5]
    assert false.tolist() == [[0, 1, 0], [1, 0, 0], [0, 0, 0]]
    assert compared.tolist() == [[0, 2, 0], [2, 0, 0], [0, 0, 0]]
    counts = pairs.mated_counts(-3)
    assert (counts.missed + counts.planned - counts.made).tolist() == [1, 1, 0]


def test_nothing_usable_is_no_error():
    pairs = all_pairs(np.full((3, 2), np.nan), [1, 1, 2])
    assert pairs.genuine.size == pairs.impostor.size == 0
    assert pairs.planned_mated == 1
    assert pairs.pair_counts(0)[1].sum() == 0
    assert len(pairs.highest()) == 0


def test_one_person_in_a_group(line):
    parts = line.within(["a", "a", "b", "b"])
    assert list(parts) == ["a", "b"]
    assert parts["a"].impostor.size == 0
    assert parts["a"].genuine.tolist() == [-1]
    assert parts["a"].pair_counts(-9)[0].tolist() == [[0]]


def test_parts_keep_their_scores_and_their_range():
    e, who = crowd(0, 20, failed=3)
    pairs = all_pairs(e, who)
    part = pairs.select(who < 7)
    assert (part.low, part.high) == (pairs.low, pairs.high)
    assert (part.images == np.flatnonzero(who < 7)).all()
    assert np.array_equal(part.matrix, pairs.matrix[np.ix_(who < 7, who < 7)], equal_nan=True)
    tables = pairs.pair_counts(-4.5), part.pair_counts(-4.5)
    assert (tables[0][0][:7, :7] == tables[1][0]).all()
    assert tables[1][0].sum() > 0


def test_mated_pairs_by_style():
    pairs = all_pairs([[0.0], [1.0], [3.0], [9.0]], [1, 1, 1, 2], kept=[1, 1, 0, 0])
    assert pairs.mated_only("same style").genuine.tolist() == [-1]
    assert sorted(pairs.mated_only("restyled").genuine) == [-3, -2]
    assert pairs.mated_only("restyled").planned_mated == 2
    assert pairs.mated_only("restyled").mated_counts(-2.5).missed.tolist() == [1, 0]
    assert (pairs.mated_only("restyled").impostor == pairs.impostor).all()
    assert pairs.mated_only("restyled").mated_only("all").genuine.size == 3
    assert pairs.mated_only("restyled").select([True, False, True, True]).genuine.tolist() == [-3]
    assert pairs.mated_only("same style").comparisons().genuine.tolist() == [-1]


def test_highest_lists_impostors_only():
    pairs = all_pairs([[0.0], [0.0], [2.0], [1.0], [2.0]], [1, 1, 1, 2, 3])
    table = pairs.highest(3)
    assert table[["image_1", "image_2"]].values.tolist() == [[2, 4], [0, 3], [1, 3]]
    assert table[["person_1", "person_2"]].values.tolist() == [[1, 3], [1, 2], [1, 2]]
    assert table["score"].tolist() == [0, -1, -1]
    assert len(pairs.highest(100)) == pairs.impostor.size
    assert len(pairs.highest(0)) == 0
    shifted = pairs.select([False, True, True, True, True]).highest(1)
    assert shifted[["image_1", "image_2"]].values.tolist() == [[2, 4]]


@pytest.mark.parametrize("count", [1, 2, 9, 40])
def test_the_highest_are_found_over_blocks(count):
    e, who = crowd(12, 60, failed=3)
    pairs = all_pairs(e, who)
    assert len(pairs) > 3 * pairs_module.READ
    rows = [
        (-s, i, j)
        for i, j in itertools.combinations(range(len(who)), 2)
        if who[i] != who[j] and not math.isnan(s := float(pairs.matrix[i, j]))
    ]
    table = pairs.highest(count)
    found = zip(-table["score"].astype(float), table["image_1"], table["image_2"], strict=True)
    assert list(found) == sorted(rows)[:count]


def test_flat_comparisons_count_the_same():
    e, who = crowd(1, 15, failed=4)
    pairs = all_pairs(e, who)
    flat = pairs.comparisons()
    assert sorted(flat.genuine) == sorted(pairs.genuine)
    assert sorted(flat.impostor) == sorted(pairs.impostor)
    false, compared, people = intervals.pair_counts(flat, -4)
    ours = pairs.pair_counts(-4)
    assert (people == ours[2]).all()
    assert (false == ours[0]).all() and false.any()
    assert (compared == ours[1]).all()
    missed, made, _ = intervals.mated_counts(flat, -4)
    assert (missed == pairs.mated_counts(-4).missed).all() and missed.any()
    assert (made == pairs.mated_counts(-4).made).all()


@pytest.mark.parametrize("measure", MEASURES)
def test_neither_order_nor_blocks_matter(measure, monkeypatch):
    e, who = crowd(2, 60, failed=5)
    whole = all_pairs(e, who, measure)
    monkeypatch.setattr(pairs_module, "BLOCK", 7)
    assert np.array_equal(all_pairs(e, who, measure).matrix, whole.matrix, equal_nan=True)
    shuffle = np.random.default_rng(0).permutation(len(who))
    other = all_pairs(e[shuffle], who[shuffle], measure)
    assert (other.low, other.high) == (whole.low, whole.high)
    assert np.array_equal(other.matrix, whole.matrix[np.ix_(shuffle, shuffle)], equal_nan=True)
    t = float(np.median(whole.impostor))
    for ours, theirs in zip(whole.pair_counts(t), other.pair_counts(t), strict=True):
        assert (ours == theirs).all()


def test_matrix_is_symmetric_and_rounded():
    e, who = crowd(3, 30)
    pairs = all_pairs(e, who)
    assert np.array_equal(pairs.matrix, pairs.matrix.T, equal_nan=True)
    steps = (pairs.impostor.astype(float) - pairs.low) / ((pairs.high - pairs.low) / scores.STEPS)
    assert np.abs(steps - np.round(steps)).max() < 0.1
    exact = compare(e[:5], e[:5], "euclidean")
    off = ~np.eye(5, dtype=bool)
    assert pairs.matrix[:5, :5][off] == pytest.approx(
        exact[off], abs=(pairs.high - pairs.low) / 2e6
    )


def test_a_table_takes_little_more_than_itself():
    import tracemalloc

    e, who = crowd(4, 400, images=3, size=64)
    all_pairs(e[:10], who[:10]).mated_counts(0)  # compile outside of the measurement
    tracemalloc.start()
    pairs = all_pairs(e, who)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    # Twice a block of float64 scores, whose rows are as long as the table, and the templates.
    assert peak < pairs.matrix.nbytes + 5 * pairs_module.BLOCK * len(e) * 8


def test_a_table_is_all_that_is_kept():
    """Lists of scores are read from the table and let go; views of it share it."""
    import tracemalloc

    e, who = crowd(4, 200, images=5, size=16)
    pairs = all_pairs(e, who, kept=np.arange(len(who)) % 2 == 0)
    tracemalloc.start()
    views = [pairs.mated_only(style) for style in scores.STYLES]
    for view in views:
        assert view.matrix is pairs.matrix
        assert view.impostor.size == pairs.impostor_count == 200 * 199 // 2 * 25
        assert view.genuine.size and len(view.highest(5)) == 5
        view.pair_counts(-5), view.mated_counts(-5), view.pair_highest()
    assert pairs.select(np.ones(len(who), bool)) is pairs
    held, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert held < pairs.matrix.nbytes / 10
    assert peak < 1.5 * pairs.matrix.nbytes


def test_everybody_with_everybody_needs_no_compiled_loop():
    """numba takes 120 MB of a notebook's memory; only a streamed count is worth that."""
    code = (
        "import sys, numpy as np\n"
        "from labkit.measure import disparity, rates, scores\n"
        "p = scores.all_pairs(np.eye(8), np.arange(8) // 2, kept=np.ones(8))\n"
        "p.highest(), p.pair_highest(), p.comparisons(), rates.curve_of(p)\n"
        "disparity.group_table(p, ['a'] * 8, -1).show()\n"
        "big = rates.curve(np.linspace(0, 1, 99), np.linspace(0, 1, 200_000))\n"
        "assert 'numba' not in sys.modules, 'numba was loaded'\n"
        "scores.score_counts(np.eye(8), np.arange(8), np.arange(8) % 2, [-2, 0])\n"
        "assert 'numba' in sys.modules\n"
    )
    subprocess.run([sys.executable, "-c", code], check=True)


def test_nobody_at_all_is_an_empty_table():
    none = all_pairs(np.empty((0, 3)), np.empty(0, int))
    assert none.genuine.size == none.impostor.size == none.planned_mated == none.impostor_count == 0
    assert none.pair_counts(0)[0].shape == none.pair_highest().shape == (0, 0)
    assert none.mated_counts(0).made.size == len(none.highest()) == 0
    assert none.comparisons().scores.size == 0


def test_people_may_stand_in_any_order():
    """Images of one person need not stand together."""
    e, who = crowd(11, 25, failed=4)
    shuffle = np.random.default_rng(3).permutation(len(who))
    tidy, mixed = all_pairs(e, who), all_pairs(e[shuffle], who[shuffle])
    assert (tidy.pair_highest() == mixed.pair_highest()).all()
    assert sorted(tidy.impostor) == sorted(mixed.impostor)
    assert sorted(tidy.genuine) == sorted(mixed.genuine)
    by_hand = np.full((25, 25), -np.inf)
    for i, j in itertools.combinations(range(len(who)), 2):
        s = tidy.matrix[i, j]
        if who[i] != who[j] and s > by_hand[who[i], who[j]]:
            by_hand[who[i], who[j]] = by_hand[who[j], who[i]] = s
    assert (tidy.pair_highest() == by_hand).all()


@given(
    st.lists(
        st.tuples(st.integers(0, 6), st.integers(0, 3), st.booleans(), st.booleans()),
        min_size=1,
        max_size=12,
    ),
    st.integers(-7, 1),
)
@settings(max_examples=60, deadline=None)
def test_counts_on_random_tables(images, t):
    where = np.array([math.nan if lost else x for x, _, lost, _ in images])
    who = np.array([p for _, p, _, _ in images])
    kept = np.array([k for *_, k in images])
    pairs = all_pairs(where[:, None], who, kept=kept, limits=(-8, 0)).mated_only("restyled")
    names = np.unique(who).tolist()
    false = np.zeros((len(names), len(names)), int)
    missed, made, planned = (np.zeros(len(names), int) for _ in range(3))
    for i, j in itertools.combinations(range(len(who)), 2):
        score, p, q = -abs(where[i] - where[j]), names.index(who[i]), names.index(who[j])
        if p != q:
            false[p, q] += score >= t
            false[q, p] += score >= t
        elif not (kept[i] and kept[j]):
            planned[p] += 1
            made[p] += not math.isnan(score)
            missed[p] += score < t
    assert pairs.pair_counts(t)[0].tolist() == false.tolist()
    counts = pairs.mated_counts(t)
    assert counts.missed.tolist() == missed.tolist()
    assert counts.made.tolist() == made.tolist()
    assert counts.planned.tolist() == planned.tolist()
    assert pairs.planned_mated == planned.sum()


# ---- counted as they come -----------------------------------------------------------------------


def test_streamed_counts_by_hand():
    c = score_counts(LINE, WHO, ["a", "a", "a", "b"], [-8, -4, 0])
    # impostors: -3 and -2 within a; -7 and -6 with b.  mated: -1 within a, -4 with b.
    assert c.groups.tolist() == ["a", "b"]
    assert c.impostor[0].tolist() == [[0, 0, 2, 0], [0, 2, 0, 0]]
    assert c.genuine[0].tolist() == [[0, 0, 1, 0], [0, 0, 1, 0]]
    assert (c.impostor == c.impostor.transpose(1, 0, 2)).all()
    assert c.people.tolist() == [2, 1]
    assert c.images.tolist() == [3, 1]
    assert c.all_impostors().tolist() == [0, 2, 2, 0]
    assert c.all_genuine().tolist() == [0, 0, 2, 0]
    assert c.fmr("a", "b").tolist() == [1, 0, 0]
    assert c.fnmr("a").tolist() == [0, 0, 1]
    assert np.isnan(c.fnmr("b")).all()


@pytest.mark.parametrize("measure", MEASURES)
def test_streamed_counts_are_those_of_rounded_scores(measure):
    e, who = crowd(5, 150, failed=6)
    group = np.array(list("xyz"))[who % 3]
    dev = all_pairs(*crowd(6, 30), measure)
    edges = dev_edges(dev)
    assert (edges[0], edges[-1]) == (dev.low, dev.high)
    c = score_counts(e, who, group, edges, measure)
    pairs = all_pairs(e, who, measure, limits=(dev.low, dev.high))
    assert c.all_impostors().tolist() == by_bin(pairs.impostor, edges)
    assert c.all_genuine().tolist() == by_bin(pairs.genuine, edges)
    assert c.all_impostors()[0] + c.all_genuine()[-1] > 0  # some lie outside of dev's range
    for g, (name, part) in enumerate(pairs.within(group).items()):
        assert c.impostor[g, g].tolist() == by_bin(part.impostor, edges)
        fmr = [(part.impostor >= np.float32(t)).mean() for t in edges[::500]]
        assert c.fmr(name)[::500] == pytest.approx(fmr)


@pytest.mark.parametrize("measure", MEASURES)
def test_streamed_counts_hang_on_nothing_else(measure, monkeypatch):
    e, who = crowd(7, 200, size=128)
    group = who % 4
    edges = dev_edges(all_pairs(e[:200], who[:200], measure))
    first = score_counts(e, who, group, edges, measure)
    shuffle = np.random.default_rng(1).permutation(len(who))
    monkeypatch.setattr(streams, "COLUMNS", 90)
    other = score_counts(e[shuffle], who[shuffle], group[shuffle], edges, measure, block=61)
    assert (first.impostor == other.impostor).all()
    assert (first.genuine == other.genuine).all()
    assert first.all_impostors().sum() + first.all_genuine().sum() == len(who) * (len(who) - 1) / 2


@pytest.mark.parametrize("measure", MEASURES)
def test_float32_is_wrong_by_less_than_what_is_computed_again(measure):
    """The promise rests on this bound; a quarter of it leaves room for other processors."""
    e, who = crowd(8, 100, size=128)
    edges = dev_edges(all_pairs(e, who, measure))
    cosine = measure == "cosine"
    s = streams._Stream.of(e, np.zeros(len(e), np.int64), edges, cosine)
    factor = np.float32(1 if cosine else 2)
    product = s.offsets[:, None] + s.offsets + factor * (s.centred @ s.centred.T)
    assert product.dtype == np.float32
    true = compare(e, e, measure)
    error = np.abs(product - (true - (edges[0] + edges[-1]) / 2 if cosine else -(true**2)))
    np.fill_diagonal(error, 0)
    assert 0 < (error / s.slack[:, None]).max() < 0.25


@given(
    st.lists(st.integers(-9, 9), min_size=1, max_size=14),
    st.sets(st.integers(-20, 3), min_size=2, max_size=6),
    st.integers(1, 4),
)
@settings(max_examples=60, deadline=None)
def test_uneven_edges_on_random_tables(where, edges, people):
    """Scores lie right on edges, several images at one place, edges beyond every score."""
    e, who = np.array(where, float)[:, None], np.arange(len(where)) % people
    cuts = np.array(sorted(edges), float)
    c = score_counts(e, who, who % 2, cuts, block=3)
    pairs = all_pairs(e, who, limits=(cuts[0], cuts[-1]))
    assert c.all_impostors().tolist() == by_bin(pairs.impostor, cuts)
    assert c.all_genuine().tolist() == by_bin(pairs.genuine, cuts)


def test_streaming_shows_progress_and_can_be_interrupted():
    e, who = crowd(9, 50)
    seen = []

    def show(blocks, total):
        for b in blocks:
            seen.append(total)
            yield b

    edges = [-20.0, 0.0]
    shown = score_counts(e, who, who % 2, edges, block=64, progress=show)
    assert seen == [4] * 4
    assert (shown.impostor == score_counts(e, who, who % 2, edges).impostor).all()

    def stop(blocks, total):
        yield next(iter(blocks))
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        score_counts(e, who, who % 2, edges, block=16, progress=stop)


def test_streaming_without_images():
    c = score_counts(np.full((2, 3), np.nan), [1, 2], ["a", "b"], [-1, 0])
    assert c.impostor.sum() == c.genuine.sum() == 0
    assert c.people.tolist() == [0, 0]


# ---- wrong inputs -------------------------------------------------------------------------------

TWO = np.eye(2, 3)
WRONG = {
    "unknown measure": (lambda: compare(TWO, TWO, "l2"), "there is no measure 'l2': use euclidean"),
    "widths": (lambda: compare(TWO, np.zeros((2, 4)), "cosine"), r"\(2, 3\) and \(2, 4\) cannot"),
    "one template": (lambda: all_pairs(np.zeros(3), [1]), r"shape \(3,\): give a row for each"),
    "people": (lambda: all_pairs(TWO, [1, 2, 3]), r"people of shape \(3,\) for 2 images"),
    "names": (lambda: all_pairs(TWO, ["a", "b"]), "give a whole number for each image"),
    "infinite": (lambda: all_pairs([[np.inf], [0]], [1, 2]), "mark failed images with NaN"),
    "kept": (lambda: all_pairs(TWO, [1, 2], kept=[1]), r"kept of shape \(1,\) for 2 images"),
    "limits": (lambda: all_pairs(TWO, [1, 2], limits=(0, -1)), "limits 0 to -1 are no range"),
    "mask": (lambda: all_pairs(TWO, [1, 2]).select([0, 1]), "one truth value for each of 2"),
    "cells": (lambda: all_pairs(TWO, [1, 2]).within(["a"]), "1 group labels for 2 images"),
    "style": (lambda: all_pairs(TWO, [1, 2]).mated_only("old"), "no 'old' mated pairs: use all,"),
    "unknown style": (lambda: all_pairs(TWO, [1, 2]).mated_only("restyled"), "all_pairs kept="),
    "threshold": (lambda: all_pairs(TWO, [1, 2]).pair_counts(math.nan), "is not a number"),
    "bins": (lambda: dev_edges(all_pairs(TWO, [1, 2]), 1000), "give a power of two"),
    "edges": (lambda: score_counts(TWO, [1, 2], [1, 1], [0.0]), "two or more ascending"),
    "descending": (lambda: score_counts(TWO, [1, 2], [1, 1], [0.0, -1]), "ascending"),
    "group": (lambda: score_counts(TWO, [1, 2], [1, 1], [-1, 0]).fmr(9), r"no group 9: use \[1\]"),
}


@pytest.mark.parametrize("case", WRONG)
def test_wrong_input_is_one_sentence(case):
    call, words = WRONG[case]
    with pytest.raises(ValueError, match=words) as error:
        call()
    assert "\n" not in str(error.value)
    assert len(str(error.value)) < 200

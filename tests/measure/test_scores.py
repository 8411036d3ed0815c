"""Scores: counted by hand, whatever the order or the block, with failures, and as they stream."""

import itertools
import math
import subprocess
import sys
import warnings

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from labkit import data, matchers
from labkit.measure import intervals, rates, scores
from labkit.measure.disparity import group_table
from labkit.measure.scores import (
    MEASURES,
    AllPairs,
    all_pairs,
    compare,
    comparing,
    dev_edges,
    memory,
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
@example([0, 0], {0, 1, 2, 3, -2, -1}, 1)  # two at one place, with no length to be wrong by
@settings(max_examples=60, deadline=None)
def test_uneven_edges_on_random_tables(where, edges, people):
    """Scores lie right on edges, several images at one place, edges beyond every score."""
    warnings.simplefilter("ignore", UserWarning)  # of the copies
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


# ---- templates that are none, labels that say nothing, tables that do not fit -------------------


def faces_like(seed: int = 20) -> tuple[np.ndarray, np.ndarray]:
    return crowd(seed, 60, size=32)


@pytest.mark.parametrize("count", [all_pairs, "streamed"])
def test_one_template_far_off_is_named_and_refused(count):
    """One template of 10,000 times the length left ten different scores to all others."""
    e, who = faces_like()
    e[17] *= 1e4
    for measure in MEASURES:
        with pytest.raises(ValueError, match=r"template of image 17 lies far from all others") as w:
            if measure == "cosine":
                e += 1000  # all nearly parallel, but for one
            if count == "streamed":
                score_counts(e, who, who % 2, [-9, 0], measure)
            else:
                all_pairs(e, who, measure)
        assert "where half of all lie from" in str(w.value)


def test_several_templates_far_off_are_named_furthest_first():
    e, who = faces_like()
    e[[3, 200]] *= np.array([[1e5], [2e5]], np.float32)
    with pytest.raises(ValueError, match="of images 200 and 3 lies far"):
        all_pairs(e, who)


def test_templates_ten_times_as_long_are_borne():
    """They spoil nothing: the others' scores still fall on points enough."""
    e, who = faces_like()
    before = all_pairs(e, who)
    e[17] *= 10
    after = all_pairs(e, who)
    rest = np.arange(len(who)) != 17
    apart = after.select(rest).impostor.astype(float) - before.select(rest).impostor
    assert np.abs(apart).max() < np.ptp(before.impostor) / 10_000


@pytest.mark.parametrize("entry", list(matchers.offline()), ids=lambda entry: entry.name)
def test_the_sets_of_the_lab_are_far_from_refused(entry, monkeypatch):
    """Over 90,000 points of the grid lie below the middle half of every matcher's scores."""
    faces = data.load("anytown/dev")
    templates = np.asarray(entry.templates(faces), np.float32)
    monkeypatch.setattr(comparing, "ENOUGH_STEPS", 90_000)
    usable = ~np.isnan(templates).any(1)
    comparing.refuse_far_templates(templates, usable, comparing.scorer(entry.measure))


@pytest.mark.parametrize("measure", MEASURES)
@pytest.mark.parametrize("size", [1, 2, 128, 4096])
def test_random_templates_are_not_refused(measure, size, monkeypatch):
    """Where all distances are nearly alike, a copy stretches the range most."""
    monkeypatch.setattr(comparing, "ENOUGH_STEPS", 10_000)
    e = np.random.default_rng(size).normal(size=(100, size)).astype(np.float32)
    e[1] = e[0]
    comparing.refuse_far_templates(e, np.ones(100, bool), comparing.scorer(measure))


def test_templates_that_are_none_are_named():
    e, who = faces_like()
    e[[5, 9]] = 0
    for call in (
        lambda: all_pairs(e, who, "cosine"),
        lambda: score_counts(e, who, who % 2, [-1, 1], "cosine"),
        lambda: compare(e, e[:2], "cosine"),
    ):
        with pytest.raises(ValueError, match="of images 5 and 9 is all zeros and has no angle"):
            call()
    e[5], e[9] = 1, 2
    e[7, 0] = np.inf
    with pytest.raises(ValueError, match="template of image 7 holds an infinite number"):
        all_pairs(e, who)
    with pytest.raises(ValueError, match="template of image 0 holds an infinite number"):
        similarity([-np.inf, 1], [1, 1], "euclidean")


def test_the_same_template_twice_is_said_once():
    """Identical templates of two people, zeros among them, counted as perfect matches unsaid."""
    e, who = faces_like()
    other = np.flatnonzero(who != who[5])[-1]
    e[other] = e[5]
    with pytest.warns(
        UserWarning, match=f"images 5 and {other} have the same template and diff"
    ) as w:
        all_pairs(e, who)
    assert len(w) == 1 and w[0].filename == __file__
    e[5], e[other] = 0, -0.0
    with pytest.warns(UserWarning, match=r"\(2 such images in all\)"):
        all_pairs(e, who)
    e, who = faces_like()
    own = np.flatnonzero(who == who[5])[-1]
    e[own] = e[5]
    with pytest.warns(UserWarning, match="of one person have the same template"):
        score_counts(e, who, who % 2, [-9, 0])
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        all_pairs(*faces_like())
        all_pairs([[np.nan], [np.nan], [1.0]], [1, 2, 3])  # two failures are no copies


@pytest.mark.parametrize("nothing", [None, math.nan, "unknown", ""])
def test_images_without_a_group_are_in_no_cell(nothing, line):
    """Finding F: a missing label was a raw TypeError, and "unknown" a group of its own."""
    cells = np.array(["a", "a", nothing, "b"], object)
    parts = line.within(cells)
    assert list(parts) == ["a", "b"]
    assert (len(parts["a"]), len(parts["b"])) == (2, 1)
    counted = score_counts(LINE, WHO, cells, [-8, 0])
    assert counted.groups.tolist() == ["a", "b"] and counted.missing == 1
    assert counted.images.tolist() == [2, 1]
    assert counted.all_impostors().sum() + counted.all_genuine().sum() == 3
    with pytest.raises(ValueError, match="none of 4 images has a group"):
        line.within([nothing] * 4)


def test_a_group_of_which_every_face_failed_flows_through():
    """Finding D: the group that is served worst was refused, with the advice to leave it out."""
    e, who = crowd(21, 30)
    group = np.where(who < 10, "lost", "found")
    e[group == "lost"] = np.nan
    parts = all_pairs(e, who).within(group)
    lost = parts["lost"]
    assert lost.people_count == 10 and not lost.usable.any()
    assert lost.genuine.size == lost.impostor.size == lost.impostor_count == 0
    assert lost.planned_mated == 10 * 6 and lost.person_pairs_count == 0
    assert lost.pair_counts(0)[1].sum() == 0 and len(lost.highest()) == 0
    assert lost.mated_counts(0).planned.tolist() == [6] * 10
    assert np.isinf(lost.pair_highest()).all() and lost.comparisons().scores.size == 0
    table = group_table(all_pairs(e, who), group, -4.0)
    assert table["lost", "fta"].value == 1
    counted = score_counts(e, who, group, [-9, 0])
    assert counted.images.tolist() == [80, 0]


def test_the_size_of_a_table_is_said_before_it_is_made(monkeypatch):
    """60,000 images under a limit ended in a raw MemoryError."""
    with pytest.raises(
        ValueError, match=r"60,000 images take 14\.4 GB .* with score_counts, which"
    ):
        all_pairs(np.zeros((60_000, 1)), np.arange(60_000))
    monkeypatch.setattr(pairs_module, "memory_left", lambda: 2e6)
    all_pairs(*crowd(22, 20))
    with pytest.raises(ValueError, match=r"800 images take 0\.00256 GB .*, and 0\.002 GB are left"):
        all_pairs(*crowd(22, 200))
    monkeypatch.setattr(pairs_module, "MOST_IMAGES", 79)
    with pytest.raises(ValueError, match=r"80 images take .* up to 79 images are held"):
        all_pairs(*crowd(22, 20))


@pytest.mark.skipif(sys.platform != "linux", reason="limits are read on Linux")
def test_a_table_under_a_limit_is_refused_in_a_sentence():
    code = (
        "import resource, numpy as np\n"
        "from labkit.measure import scores\n"
        "from labkit.measure.scores import memory\n"
        "scores.all_pairs(np.eye(9), np.arange(9))\n"
        "used = int(open('/proc/self/statm').read().split()[0]) * resource.getpagesize()\n"
        "resource.setrlimit(resource.RLIMIT_AS, (used + 150_000_000, -1))\n"
        "assert memory.memory_left() < 200_000_000\n"
        "try: scores.all_pairs(np.random.default_rng(0).normal(size=(9000, 2)), np.arange(9000))\n"
        "except ValueError as error: print(error)\n"
    )
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert "9,000 images take 0.324 GB as a table of scores, and 0." in run.stdout


def test_memory_is_read_where_the_system_says_it(tmp_path):
    assert memory._machine(tmp_path / "none") == memory._container(tmp_path) == math.inf
    (tmp_path / "meminfo").write_text("MemTotal: 9 kB\nMemAvailable:   8 kB\n")
    assert memory._machine(tmp_path / "meminfo") == 8 * 1024
    for name, text in (("max", "max"), ("current", "900"), ("stat", "file 7\ninactive_file 50")):
        (tmp_path / f"memory.{name}").write_text(text + "\n")
    assert memory._container(tmp_path) == math.inf
    (tmp_path / "memory.max").write_text("1000\n")
    assert memory._container(tmp_path) == 150
    assert memory.memory_left() > 0


def test_bins_give_thresholds_curves_and_rates_of_groups():
    """What takes the place of a table when there are too many images to hold."""
    e, who = crowd(23, 90, failed=5)
    group = np.array(list("xyz"))[who % 3]
    pairs = all_pairs(e, who)
    counted = score_counts(e, who, group, dev_edges(pairs))
    exact = rates.threshold_at_fmr(pairs.impostor, 0.02)
    t = counted.threshold_at_fmr(0.02)
    width = counted.edges[1] - counted.edges[0]
    assert exact <= t <= exact + width
    assert rates.fmr(pairs.impostor, t) <= 0.02 < rates.fmr(pairs.impostor, t - width)
    curve = rates.curve_of(counted)
    assert curve.threshold_at_fmr(0.02) == t
    for edge in counted.edges[::400]:
        whole = rates.fmr(pairs.impostor, edge), rates.fnmr(pairs.genuine, edge)
        assert curve.at(edge) == pytest.approx(whole)
    assert curve.at(-np.inf) == (1, 0) and curve.at(np.inf) == (0, 1)
    assert curve.eer() == pytest.approx(rates.curve_of(pairs).eer(), abs=2e-3)
    within = counted.threshold_at_fmr(0.02, within=True)
    parts = pairs.within(group)
    mean = [
        np.mean([rates.fmr(p.impostor, x) for p in parts.values()])
        for x in (within, within - width)
    ]
    assert mean[0] <= 0.02 < mean[1]
    of_x = rates.curve_of(counted, "x").at(within)
    assert of_x == pytest.approx(
        (rates.fmr(parts["x"].impostor, within), rates.fnmr(parts["x"].genuine, within))
    )
    assert counted.threshold_at_fmr(0) == np.inf or not counted.all_impostors()[-1]
    with pytest.raises(ValueError, match="FMR 2 is not a rate"):
        counted.threshold_at_fmr(2)
    with pytest.raises(ValueError, match="a table of scores has no groups"):
        rates.curve_of(pairs, "x")
    with pytest.raises(ValueError, match="no impostor scores were given"):
        score_counts(e[:1], who[:1], ["a"], [-1, 0]).threshold_at_fmr(0.1)


@pytest.mark.parametrize("measure", MEASURES)
def test_many_bins_are_counted_exactly_too(measure):
    """With 2**20 bins float32 is sure of nothing, and every score is computed again."""
    e, who = crowd(24, 40)
    pairs = all_pairs(e, who, measure)
    edges = dev_edges(pairs, scores.STEPS)
    c = score_counts(e, who, who % 2, edges, measure)
    assert c.all_impostors().tolist() == by_bin(pairs.impostor, edges)


def test_copies_are_counted_exactly():
    """Of two distances that are nearly 0 float32 knows nothing."""
    e, who = crowd(25, 60, size=128)
    e = np.concatenate([e, e[:40], e[:40] + np.float32(1e-4)])
    who = np.arange(len(e))
    with pytest.warns(UserWarning, match="same template"):
        pairs = all_pairs(e, who)
    for edges in (dev_edges(pairs), np.linspace(-0.5, 0.5, 9)):
        with pytest.warns(UserWarning, match="same template"):
            table = all_pairs(e, who, limits=(edges[0], edges[-1]))
            c = score_counts(e, who, who % 2, edges)
        assert c.all_impostors().tolist() == by_bin(table.impostor, edges)


@pytest.mark.parametrize("measure", MEASURES)
def test_scores_right_at_uneven_edges_are_asked_again(measure):
    """A bin begins half a step of the grid below its edge; float32 is wrong about every second."""
    e, who = crowd(26, 60, size=128)
    low, high = (-32.0, 0.0) if measure == "euclidean" else (-1.0, 1.0)
    raw = compare(e[:60], e[60:], measure)
    picked = np.unique(np.random.default_rng(0).choice(raw.ravel(), 60, replace=False))
    edges = np.concatenate([[low], picked + (high - low) / scores.STEPS / 2, [high]])
    c = score_counts(e, who, who % 2, edges, measure)
    pairs = all_pairs(e, who, measure, limits=(low, high))
    assert c.all_impostors().tolist() == by_bin(pairs.impostor, edges)
    assert c.all_genuine().tolist() == by_bin(pairs.genuine, edges)


def test_of_two_that_are_nearly_the_same_float32_is_never_sure():
    from labkit.measure.scores import _counting

    single, at = np.float32, np.zeros(1, np.uint32)
    slack = single(1e-6)
    line = (single(1), single(1.5), single(1e-6), single(2.5))
    near = (slack / single(1.8), single(0), single(-4) * slack)
    for u, asked in ((-2e-6, True), (-3.9e-6, True), (-4.1e-6, False), (0.0, True)):
        zero = np.zeros(1, np.float32)
        _counting.even_bins(zero, single(u), zero, zero, single(2), False, line, near, at)
        assert bool(at[0] & _counting.UNSURE) is asked
        assert at[0] & ~_counting.UNSURE == 1

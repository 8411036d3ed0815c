"""The exact search: what one by one gives, whatever is searched together and in whatever blocks."""

from __future__ import annotations

import contextlib
import itertools
from types import SimpleNamespace

import numpy as np
import pytest

from labkit import measure
from labkit.gallery import index
from labkit.gallery.codes import Codes
from labkit.gallery.index import Exact
from labkit.measure.scores import paired_scores

MEASURES = measure.MEASURES


def gallery(rng, n=700, d=16, offset=0.0, copies=True):
    """Templates with some missing and some that stand there twice."""
    rows = (offset + rng.normal(size=(n, d))).astype(np.float32)
    if copies:
        rows[n // 2 : n // 2 + 40] = rows[:40]
        rows[[3, n - 1]] = np.nan
        rows[5, 2] = np.nan
    return rows


def one_by_one(probes, rows, name):
    """Every score, each from its own two templates; NaN where one is missing."""
    i, j = np.divmod(np.arange(len(probes) * len(rows)), len(rows))
    return paired_scores(probes[i], rows[j], name).reshape(len(probes), len(rows))


def expected(table, k):
    """The k best of each row of a table, of equal scores the lower row first."""
    order = np.argsort(np.where(np.isnan(table), np.inf, -table), axis=1, kind="stable")[:, :k]
    scores = np.take_along_axis(table, order, 1)
    return scores, np.where(np.isnan(scores), -1, order)


@pytest.fixture(params=["as shipped", "small blocks"])
def blocks(request, monkeypatch):
    """Everything in one block, or in many, with what is pending settled again and again."""
    if request.param == "small blocks":
        for name, value in {
            "TILE": 1,
            "PENDING": 5,
            "TOGETHER": 7,
            "PARTS": 2,
            "PIECE": 32,
        }.items():
            monkeypatch.setattr(index, name, value)


@pytest.mark.parametrize("name", MEASURES)
@pytest.mark.parametrize("offset", [0.0, 300.0])
def test_finds_what_one_by_one_finds(name, offset, blocks):
    """An offset of 300 makes float32 products wrong by more than most scores are apart."""
    rng = np.random.default_rng(1)
    rows = gallery(rng, offset=offset)
    probes = np.concatenate([gallery(rng, 20, offset=offset, copies=False), rows[:10]])
    exact, table = Exact(rows, name), one_by_one(probes, rows, name)
    for k in (1, 10, 699):
        scores, places = expected(table, k)
        found = exact.search(probes, k)
        np.testing.assert_array_equal(found.scores, scores)
        np.testing.assert_array_equal(found.rows, places)
    np.testing.assert_array_equal(exact.best(probes), expected(table, 1)[0][:, 0])

    threshold = float(np.sort(table[~np.isnan(table)])[-900])
    above = exact.above(probes, threshold)
    i, j = np.nonzero(table >= threshold)
    assert sorted(zip(i, j)) == sorted(zip(above.probes, above.rows)) and len(i) >= 900
    np.testing.assert_array_equal(above.scores, table[above.probes, above.rows])
    order = np.lexsort((above.rows, -above.scores, above.probes))
    np.testing.assert_array_equal(order, np.arange(len(order)))

    reached = np.where(np.arange(len(probes)) % 5, threshold, np.nan)
    np.testing.assert_array_equal(
        exact.reaching(probes, reached), (table >= reached[:, None]).sum(1)
    )

    mates = rng.integers(0, len(rows), len(probes))
    mates[:3] = -1, 3, 5  # not enrolled; no template, twice
    told = exact.mate(probes, mates)
    for p, row in enumerate(mates):
        s = table[p, row] if row >= 0 else np.float32(np.nan)
        others = np.delete(table[p], row)
        rank = 1 + (others >= s).sum() if s == s else -1
        np.testing.assert_array_equal(told.scores[p], s)
        assert told.ranks[p] == rank, p


@pytest.mark.parametrize("name", MEASURES)
def test_scores_are_those_of_compare(name):
    """One scale: a score is that of measure.compare, to the rounding of float32."""
    rng = np.random.default_rng(2)
    rows, probes = gallery(rng, 300, 128, copies=False), gallery(rng, 9, 128, copies=False)
    table = measure.compare(probes, rows, name)
    found = Exact(rows, name).search(probes, 300)
    np.testing.assert_allclose(found.scores, np.take_along_axis(table, found.rows, 1), rtol=1e-7)
    one = measure.similarity(probes[4], rows[found.rows[4, 0]], name)
    assert found.scores[4, 0] == pytest.approx(one, rel=1e-7)


@pytest.mark.parametrize("name", MEASURES)
def test_a_template_finds_itself_at_the_highest_score(name):
    rows = np.random.default_rng(3).normal(size=(50, 128)).astype(np.float32)
    found = Exact(rows, name).search(rows, 1)
    np.testing.assert_array_equal(found.rows[:, 0], np.arange(50))
    np.testing.assert_array_equal(found.scores[:, 0], 1.0 if name == "cosine" else 0.0)


@pytest.mark.parametrize("name", MEASURES)
def test_nothing_hangs_on_what_is_searched_together(name, monkeypatch):
    """A blocked product differs in its last bits with the block; no result may."""
    rng = np.random.default_rng(4)
    rows, probes = gallery(rng, 2000, 64), gallery(rng, 33, 64, copies=False)
    exact = Exact(rows, name)
    whole = exact.search(probes, 10)
    mates = rng.integers(0, 2000, 33)
    ranked, above = exact.mate(probes, mates), exact.above(probes, float(whole.scores[0, 5]))
    for p in range(33):
        alone = exact.search(probes[p : p + 1], 10)
        np.testing.assert_array_equal(alone.scores[0], whole.scores[p])
        np.testing.assert_array_equal(alone.rows[0], whole.rows[p])
        one = exact.mate(probes[p : p + 1], mates[p : p + 1])
        assert one.ranks[0] == ranked.ranks[p]
    turned = rng.permutation(2000)
    again = Exact(rows[turned], name)
    np.testing.assert_array_equal(again.search(probes, 10).scores, whole.scores)
    monkeypatch.setattr(index, "_shared_out", in_three_parts)
    for got, wanted in zip(exact.search(probes, 10), whole):
        np.testing.assert_array_equal(got, wanted)
    for got, wanted in zip(exact.above(probes, float(whole.scores[0, 5])), above):
        np.testing.assert_array_equal(got, wanted)
    for got, wanted in zip(exact.mate(probes, mates), ranked):
        np.testing.assert_array_equal(got, wanted)


def in_three_parts(work, rows, probes):
    """As three threads would share a gallery."""
    ends = [rows * k // 3 for k in range(4)]
    return [work(slice(a, b)) for a, b in itertools.pairwise(ends)]


def test_lengths_of_nearly_one_are_not_divided_by(blocks):
    """Templates of length 1 to a few roundings are searched as they are, within the bound."""
    rng = np.random.default_rng(8)
    rows = gallery(rng, 600, 16, offset=30.0, copies=False).astype(np.float64)
    rows /= np.linalg.norm(rows, axis=1, keepdims=True)
    rows = (rows * (1 + rng.uniform(-4e-7, 4e-7, (600, 1)))).astype(np.float32)
    exact = Exact(rows, "cosine")
    assert exact._unit and not Exact(rows * np.float32(1.001), "cosine")._unit
    probes = rows[:9] * np.float32(3)
    scores, places = expected(one_by_one(probes, rows, "cosine"), 10)
    found = exact.search(probes, 10)
    np.testing.assert_array_equal(found.scores, scores)
    np.testing.assert_array_equal(found.rows, places)


def test_threads_share_a_gallery(monkeypatch):
    """The parts of as many threads as the linear algebra has cover every row once."""
    three = SimpleNamespace(
        info=lambda: [{"num_threads": 3}], limit=lambda limits: contextlib.nullcontext()
    )
    monkeypatch.setattr(index, "_blas", lambda: three)
    rows = 2**20 + 1
    parts = index._shared_out(lambda part: part, rows, 16)
    covered = np.concatenate([np.arange(p.start, p.stop) for p in parts])
    assert len(parts) == 3
    np.testing.assert_array_equal(covered, np.arange(rows))
    assert index._shared_out(lambda part: part, 1000, 16) == [slice(0, 1000)]


@pytest.mark.parametrize("name", MEASURES)
def test_all_the_same(name, blocks):
    """A thousand equal templates are a thousand ties: the lowest rows, and the mate comes last."""
    rows = np.tile(np.float32([0.6, 0.8, 0.3]), (1000, 1))
    exact = Exact(rows, name)
    probe = np.float32([[0.1, 0.5, 0.2]])
    assert exact.search(probe, 4).rows.tolist() == [[0, 1, 2, 3]]
    assert exact.mate(probe, [7]).ranks.tolist() == [1000]
    assert len(exact.above(probe, float(exact.best(probe)[0])).rows) == 1000


@pytest.mark.parametrize("name", MEASURES)
def test_one_far_template_hides_nobody(name, blocks):
    """A template a million times as long as the others makes products near it wrong by more."""
    rng = np.random.default_rng(5)
    rows = rng.normal(size=(900, 8)).astype(np.float32)
    rows[450] *= 1e6
    probes = rng.normal(size=(12, 8)).astype(np.float32)
    scores, places = expected(one_by_one(probes, rows, name), 5)
    found = Exact(rows, name).search(probes, 5)
    np.testing.assert_array_equal(found.rows, places)
    np.testing.assert_array_equal(found.scores, scores)


@pytest.mark.parametrize("name", MEASURES)
def test_without_a_template_nobody_is_found(name):
    probes = np.float32([[np.nan, 1.0], [1.0, 2.0]])
    exact = Exact(np.float32([[1.0, 2.0], [np.nan, np.nan]]), name)
    assert len(exact) == 2
    found = exact.search(probes, 3)
    assert found.rows.tolist() == [[-1, -1, -1], [0, -1, -1]]
    assert np.isnan(found.scores).tolist() == [[True] * 3, [False, True, True]]
    assert exact.above(probes, -np.inf).rows.tolist() == [0]
    assert np.isnan(exact.best(probes)).tolist() == [True, False]
    assert exact.mate(probes, [0, 1]).ranks.tolist() == [-1, -1]
    nobody = Exact(np.full((4, 2), np.nan, np.float32), name)
    assert nobody.search(probes, 1).rows.tolist() == [[-1], [-1]]
    assert exact.search(np.empty((0, 2)), 2).rows.shape == (0, 2)


def test_a_large_gallery_is_not_copied():
    rows = np.ones((10, 4), np.float32)
    assert np.shares_memory(Exact(rows, "euclidean")._rows, rows)


@pytest.mark.parametrize(
    ("call", "words"),
    [
        (lambda e: e.search([[0.0, 1.0]], 0), "give 1 or more"),
        (lambda e: e.search([[0.0]], 1), "probes of 1 numbers do not fit a gallery of 2"),
        (lambda e: e.search([0.0, 1.0], 1), "a row for each face"),
        (lambda e: e.above([[0.0, 1.0]], np.nan), "decides nothing"),
        (lambda e: e.mate([[0.0, 1.0]], [0, 1]), "one whole number for each"),
        (lambda e: e.mate([[0.0, 1.0]], [0.5]), "one whole number for each"),
        (lambda e: e.mate([[0.0, 1.0]], [2]), "row 2 is not in a gallery of 2: give 0 to 1"),
        (lambda e: e.search([[np.inf, 1.0]], 1), "infinite"),
        (lambda e: e.search([[0.0, 0.0]], 1), "no angle"),
        (lambda e: Exact([[np.inf, 1.0]], "euclidean"), "infinite"),
        (lambda e: Exact([[1.0, 1.0], [0.0, 0.0]], "cosine"), "image 1 is all zeros"),
        (lambda e: Exact([[1e20, 1.0]], "euclidean"), "look at it"),
        (lambda e: Exact([[1.0]], "angle"), "no measure 'angle'"),
    ],
)
def test_one_sentence(call, words):
    exact = Exact([[1.0, 2.0], [2.0, 1.0]], "cosine")
    with pytest.raises(ValueError, match=words):
        call(exact)


# -- 8 bits a number ------------------------------------------------------------------------------


@pytest.mark.parametrize("name", MEASURES)
@pytest.mark.parametrize("offset", [0.0, 300.0])
def test_codes_are_searched_as_what_they_stand_for(name, offset, blocks, monkeypatch):
    """The same answers as from the templates that the codes give, without ever holding these."""
    monkeypatch.setattr(index, "DECODED", 2000)
    rng = np.random.default_rng(6)
    rows = gallery(rng, offset=offset)
    whole = rows[~np.isnan(rows).any(1)]
    codes = Codes.of(np.array_split(rows, 9), len(rows), whole.min(0), whole.max(0))
    decoded = codes[:]
    half = (whole.max(0) - whole.min(0)) / 254 / 2
    assert (np.isnan(decoded).any(1) == np.isnan(rows).any(1)).all()
    assert np.nanmax(np.abs(decoded - rows) / half) <= 1.001
    probes = np.concatenate([gallery(rng, 20, offset=offset, copies=False), rows[:10]])
    ours, theirs = Exact(codes, name), Exact(decoded, name)
    for got, wanted in zip(ours.search(probes, 10), theirs.search(probes, 10)):
        np.testing.assert_array_equal(got, wanted)
    one = ours.search(probes[:1], 10)
    np.testing.assert_array_equal(one.rows, theirs.search(probes[:1], 10).rows)
    threshold = float(theirs.best(probes)[3])
    for got, wanted in zip(ours.above(probes, threshold), theirs.above(probes, threshold)):
        np.testing.assert_array_equal(got, wanted)
    mates = np.arange(len(probes))
    for got, wanted in zip(ours.mate(probes, mates), theirs.mate(probes, mates)):
        np.testing.assert_array_equal(got, wanted)


def test_codes_are_kept_as_they_are():
    codes = Codes(np.full((9, 4), 7, np.uint8), np.zeros(4), np.ones(4))
    exact = Exact(codes, "cosine")
    assert exact._rows is codes and exact.nbytes == codes.nbytes + 9 * 4 == 9 * (4 + 4)


def test_codes_say_what_does_not_fit():
    with pytest.raises(ValueError, match="2 templates came, and 3 were to"):
        Codes.of([np.ones((2, 4))], 3, np.zeros(4), np.ones(4))
    with pytest.raises(ValueError, match="give bytes"):
        Codes(np.ones((2, 4)), np.zeros(4), np.ones(4))

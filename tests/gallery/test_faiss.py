"""faiss behind the same protocol: what it finds, what it misses, and what it says when absent."""

from __future__ import annotations

import sys

import numpy as np
import pytest

from labkit import measure
from labkit.gallery import faiss
from labkit.gallery.faiss import KINDS, Faiss
from labkit.gallery.index import Exact

MEASURES = measure.MEASURES


@pytest.fixture
def rows():
    """People in crowds, as templates of faces are; some missing."""
    pytest.importorskip("faiss", reason="needs the extra search")
    rng = np.random.default_rng(1)
    centres = rng.normal(size=(20, 32))
    rows = (centres[rng.integers(0, 20, 3000)] + rng.normal(size=(3000, 32))).astype(np.float32)
    rows[[2, 700]] = np.nan
    return rows


def probes_of(rows):
    return (rows[:40] + np.random.default_rng(2).normal(0, 0.3, (40, 32))).astype(np.float32)


@pytest.mark.parametrize("name", MEASURES)
def test_flat_finds_what_exact_finds(name, rows):
    probes, exact, flat = probes_of(rows), Exact(rows, name), Faiss(rows, name)
    ours, theirs = exact.search(probes, 10), flat.search(probes, 10)
    np.testing.assert_array_equal(ours.rows, theirs.rows)
    np.testing.assert_allclose(ours.scores, theirs.scores, rtol=2e-5)
    assert ours.rows[2].tolist() == [-1] * 10
    np.testing.assert_allclose(exact.best(probes), flat.best(probes), rtol=2e-5)
    scores = np.unique(exact.search(probes, 30).scores[~np.isnan(probes).any(1)])
    between = np.argmax(np.diff(scores[200:400])) + 200  # no score is near
    threshold = float(scores[between : between + 2].mean())
    ours, theirs = exact.above(probes, threshold), flat.above(probes, threshold)
    assert len(ours.rows) > 300
    np.testing.assert_array_equal(ours.rows, theirs.rows)
    np.testing.assert_array_equal(ours.probes, theirs.probes)
    mates = np.r_[-1, 1:38, 700, 900]
    ours, theirs = exact.mate(probes, mates), flat.mate(probes, mates)
    np.testing.assert_array_equal(ours.ranks, theirs.ranks)
    np.testing.assert_allclose(ours.scores, theirs.scores, rtol=2e-5)
    assert (ours.ranks == -1).tolist() == [k in (0, 2, 38) for k in range(40)]


@pytest.mark.parametrize("name", MEASURES)
@pytest.mark.parametrize("kind", KINDS)
def test_recall_of_each_kind(kind, name, rows, monkeypatch):
    """All of flat, nearly all of 8 bits, and of cells what lies in those looked into."""
    monkeypatch.setattr(faiss, "VISITED", 2)
    probes = np.delete(probes_of(rows), 2, axis=0)
    wanted = Exact(rows, name).search(probes, 10).rows
    found = Faiss(rows, name, kind).search(probes, 10)
    recall = np.mean([np.isin(a, b).mean() for a, b in zip(wanted, found.rows)])
    low, high = {"flat": (1, 1), "8bit": (0.95, 1), "ivf": (0.3, 0.999)}[kind]
    assert low <= recall <= high
    assert not np.isin(found.rows, [2, 700]).any()
    assert (np.diff(found.scores, axis=1) <= 0)[~np.isnan(np.diff(found.scores, axis=1))].all()


def test_a_cell_not_looked_into_hides_the_mate(rows):
    """An index that does not look at everything has misses of its own, and says so: rank -1."""
    probes = np.random.default_rng(3).normal(size=(200, 32)).astype(np.float32)
    mates = np.arange(1000, 1200)
    told = Faiss(rows, "cosine", "ivf").mate(probes, mates)
    exact = Exact(rows, "cosine").mate(probes, mates)
    hidden = told.ranks == -1
    assert 0 < hidden.mean() < 1 and np.isnan(told.scores[hidden]).all()
    assert (exact.ranks > 0).all()
    assert (told.ranks[~hidden] <= exact.ranks[~hidden]).all()


def test_the_smallest(rows):
    assert len(Faiss(rows[:3], "cosine")) == 3
    for kind in KINDS:
        one = Faiss(rows[:1], "euclidean", kind)
        assert one.search(rows[:1], 2).rows.tolist() == [[0, -1]]
        assert one.above(rows[:1], 1.0).rows.size == 0
    nobody = Faiss(rows[2:3], "cosine")
    assert nobody.search(rows[:1], 1).rows.tolist() == [[-1]]


def test_one_sentence_without_faiss(monkeypatch):
    monkeypatch.setitem(sys.modules, "faiss", None)
    with pytest.raises(ModuleNotFoundError, match="pip install faiss-cpu"):
        Faiss(np.ones((3, 4)), "cosine")
    with pytest.raises(ValueError, match="use flat, 8bit, ivf"):
        Faiss(np.ones((3, 4)), "cosine", "hnsw")

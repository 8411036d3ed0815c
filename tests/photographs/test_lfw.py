"""Labeled Faces in the Wild, as scikit-learn lays it: here a small set of invented people."""

from __future__ import annotations

import tarfile

import numpy as np
import pytest
from PIL import Image
from sklearn.datasets import fetch_lfw_pairs

from labkit import data
from labkit.photographs.folder import FolderError
from labkit.photographs.lfw import load_lfw_pairs

LIST = "2\nAnn_A\t1\t2\nBen_B\t1\t2\nAnn_A\t1\tBen_B\t2\nBen_B\t1\tCem_C\t1\n"


@pytest.fixture
def home(tmp_path):
    """Three invented people in the layout of lfw_home, pictures of 250 x 250."""
    town = data.load("anytown/dev")
    for k, (name, count) in enumerate((("Ann_A", 2), ("Ben_B", 2), ("Cem_C", 1))):
        folder = tmp_path / "lfw_home" / "lfw_funneled" / name
        folder.mkdir(parents=True)
        for n in range(count):
            picture = Image.fromarray(town.pictures[4 * k + n]).resize((250, 250))
            picture.save(folder / f"{name}_{n + 1:04d}.jpg", quality=95)
    for name in ("pairsDevTrain.txt", "pairsDevTest.txt", "pairs.txt"):
        (tmp_path / "lfw_home" / name).write_text(LIST, encoding="utf-8")
    return tmp_path


def test_pairs_are_those_that_scikit_learn_reads(home):
    found = load_lfw_pairs(data_home=home)
    theirs = fetch_lfw_pairs(
        subset="test", data_home=home, color=True, resize=None, download_if_missing=False,
        slice_=(slice(0, 250), slice(0, 250)),
    )  # fmt: skip
    assert found.pairs["same"].tolist() == theirs.target.astype(bool).tolist()
    for pair, (first, second) in zip(
        theirs.pairs, found.pairs[["first", "second"]].to_numpy(), strict=True
    ):
        for picture, row in zip(pair, (first, second), strict=True):
            assert np.allclose(picture * 255, found.pictures[row], atol=1)
    assert found.of("name").tolist() == ["Ann_A", "Ann_A", "Ben_B", "Ben_B", "Cem_C"]
    assert len(found.images) == 5, "each photograph once"


def test_some_pairs_are_half_of_one_person(home):
    found = load_lfw_pairs("10_folds", data_home=home, count=2)
    assert found.pairs["same"].tolist() == [True, False]


def test_what_a_system_lays_beside_the_photographs_does_not_change_which_is_meant(home):
    """Finding: the n-th file of the folder was taken, and .DS_Store made each the one before."""
    before = load_lfw_pairs(data_home=home)
    (home / "lfw_home" / "lfw_funneled" / "Ann_A" / ".DS_Store").write_bytes(b"x")
    after = load_lfw_pairs(data_home=home)
    assert after.of("file").tolist() == before.of("file").tolist()


@pytest.mark.parametrize("error", [ValueError("x"), EOFError(), tarfile.ReadError("x")])
def test_a_broken_download_is_one_sentence_without_the_whole_path(tmp_path, monkeypatch, error):
    def fails(**_):
        raise error

    monkeypatch.setattr("sklearn.datasets.fetch_lfw_pairs", fails)
    with pytest.raises(FolderError, match="lfw_home was changed or cut short") as refused:
        load_lfw_pairs(data_home=tmp_path, download=True)
    assert str(tmp_path) not in str(refused.value)


def test_nothing_is_fetched_or_made_unasked(tmp_path):
    with pytest.raises(FolderError, match="is not on this computer") as refused:
        load_lfw_pairs(data_home=tmp_path / "kept")
    assert "no consent" in str(refused.value) and not (tmp_path / "kept").exists()


def test_without_a_network_one_sentence_is_said(tmp_path, monkeypatch):
    def fails(**_):
        raise OSError("<urlopen error no route>")

    monkeypatch.setattr("sklearn.datasets.fetch_lfw_pairs", fails)
    with pytest.raises(FolderError, match=r"could not be fetched .*no route.*: connect") as refused:
        load_lfw_pairs(data_home=tmp_path, download=True)
    assert "\n" not in str(refused.value)


@pytest.mark.parametrize(
    ("spoil", "says"),
    [
        (lambda home: (home / "pairsDevTest.txt").write_text("1\nAnn_A\tone\t2\n"), "cut short"),
        (lambda home: (home / "pairsDevTest.txt").write_text(""), "cut short"),
        (lambda home: (home / "pairsDevTest.txt").write_text("1\nAnn_A\t1\t9\n"), "Ann_A was"),
    ],
)
def test_a_spoilt_set_is_named(home, spoil, says):
    spoil(home / "lfw_home")
    with pytest.raises(FolderError, match=says):
        load_lfw_pairs(data_home=home)


def test_what_is_asked_for_wrongly_is_said(home):
    with pytest.raises(FolderError, match="there is no part 'all': use train"):
        load_lfw_pairs("all", data_home=home)
    with pytest.raises(FolderError, match="0 pairs cannot be taken"):
        load_lfw_pairs(data_home=home, count=0)

"""One network by several paths, on pictures of invented people."""

from __future__ import annotations

import inspect
import os
import re
import shutil
import socket
from types import SimpleNamespace

import numpy as np
import pytest
from PIL import Image

from labkit import data
from labkit.base.places import PROJECT
from labkit.experiment import two_paths as paths
from labkit.experiment.two_paths import PATHS, THRESHOLD, compared, two_paths
from labkit.matchers import deepface
from labkit.photographs.folder import read_folder

NAMES = [path.name for path in PATHS]


@pytest.fixture(scope="module")
def few():
    """Two photographs each of three people."""
    town = data.load("anytown/dev")
    rows = [4 * p + k for p in range(3) for k in range(2)]
    pictures = [town.pictures[row] for row in rows]
    return SimpleNamespace(pictures=pictures, of=lambda column: np.repeat(np.arange(3), 2))


@pytest.fixture(scope="module")
def found(few):
    return two_paths(few)


def rows(values):
    return np.array(values, np.float32)


def test_the_first_path_is_what_deepface_s_verify_does(few, found):
    verify = deepface._deepface().verify
    first = found.pairs[NAMES[0]]
    for a, b in ((0, 1), (0, 2), (3, 5)):
        if not first.usable[[a, b]].all():
            continue
        bgr = [np.ascontiguousarray(few.pictures[k][..., ::-1]) for k in (a, b)]
        said = verify(*bgr, model_name="Dlib", silent=True)
        assert said["threshold"] == pytest.approx(1 - THRESHOLD)
        assert first.matrix[a, b] == pytest.approx(1 - said["distance"], abs=1e-5)


def test_every_path_names_what_it_changes(found):
    table = found.differs()
    assert list(table.index) == NAMES
    changed = (table != "the same").sum(axis=1).tolist()
    assert changed == [4, 1, 1, 2, 1], "crop and size go together"


def test_false_matches_and_misses_are_counted_by_path(found):
    table = found.table()
    assert list(table.index) == NAMES and table["false matches"].str.contains(" of ").all()
    pairs = found.pairs["as trained"]
    false, missed = found.rates("as trained", 0.9)
    assert false.errors == (pairs.impostor >= np.float32(0.9)).sum()
    assert missed.errors == (pairs.genuine < np.float32(0.9)).sum()
    assert "at most" in table["FMR"].iloc[-1] or "too few" in table["FMR"].iloc[-1]


def test_few_people_are_said_to_be_few(found):
    said = found.words()
    assert "These are 3 people, so 3 pairs of people: too few to say" in said
    assert "distance 0.07" in said and "in 0 of 6 photographs" in said


def test_thresholds_are_read_from_strict_to_loose(found):
    table = found.by_threshold("as trained", (0.0, 0.5, 2.0))
    false = [int(cell.split()[0]) for cell in table["false matches"]]
    missed = [int(cell.split()[0]) for cell in table["misses"]]
    assert false == sorted(false) and missed == sorted(missed, reverse=True)
    assert missed[-1] == 0 and table["false matches"].iloc[-1] == "12 of 12"


def test_a_distance_is_chosen_again_for_each_path(found):
    said = found.chosen(0.25)
    assert "DeepFace's own setting for this network is 0.070" in said
    for name in (NAMES[0], NAMES[-1]):
        scores = np.sort(found.pairs[name].impostor)[::-1]
        allowed = int(0.25 * min(found.pairs[n].impostor_count for n in (NAMES[0], NAMES[-1])))
        assert f"(of {found.pairs[name].impostor_count}" in said
        assert f"{1 - float(scores[allowed]):.3f}" in said


def test_what_is_said_of_deepface_s_default_is_so():
    """Finding: Dlib was called DeepFace's default network; it has to be asked for by name."""
    parameters = inspect.signature(deepface._deepface().verify).parameters
    assert parameters["model_name"].default != "Dlib"
    assert parameters["detector_backend"].default == "opencv", "Haar"
    assert NAMES[0] == "DeepFace with Dlib"


@pytest.fixture
def own(few, tmp_path):
    """Three people of one's own, one of whom has a picture with somebody else in it."""
    for k, picture in enumerate(few.pictures):
        folder = tmp_path / "ABC"[k // 2]
        folder.mkdir(exist_ok=True)
        Image.fromarray(picture).save(folder / f"{k}.png")
    two = np.concatenate([few.pictures[0], few.pictures[5]], axis=1)
    Image.fromarray(two).save(tmp_path / "A" / "two.png")
    return tmp_path


def test_a_picture_with_a_bystander_is_left_out_of_every_path_and_named(own, monkeypatch):
    """Finding: a template of every face was made and compared, also of those nobody asked."""
    described = []
    real = paths.represented
    monkeypatch.setattr(paths, "represented", lambda crops: described.append(crops) or real(crops))
    found = two_paths(read_folder(own), NAMES[:2])
    assert len(described) == len(found.people) == 6
    assert found.people.tolist() == [0, 0, 1, 1, 2, 2]
    assert "More than one face was found in A/two.png: left out of every path" in found.words()
    assert all(pairs.matrix.shape == (6, 6) for pairs in found.pairs.values())


def test_where_every_picture_shows_two_nothing_is_described(own, monkeypatch):
    for letter in "BC":
        shutil.rmtree(own / letter)
    for k in (0, 1):
        (own / "A" / f"{k}.png").unlink()
    monkeypatch.setattr(paths, "represented", lambda crops: pytest.fail("a template was made"))
    with pytest.raises(ValueError, match=r"no photograph is left to compare: .* A/two.png"):
        two_paths(read_folder(own))


def test_a_picture_that_was_taken_away_is_named_and_is_no_miss_of_the_detector(own):
    photographs = read_folder(own)
    (own / "B" / "2.png").unlink()
    found = two_paths(photographs, NAMES[:1])
    assert "can no longer be read: B/2.png" in found.words() and len(found.people) == 5


def test_of_several_faces_the_two_most_alike_are_compared():
    faces = [rows([[1, 0], [0, 1]]), rows([[0, 2]]), rows([]).reshape(0, 2)]
    pairs = compared(faces, np.array([0, 0, 1]))
    assert pairs.matrix[0, 1] == 1 and np.isnan(pairs.matrix[2]).all()
    assert np.isnan(pairs.matrix[0, 0]) and pairs.usable.tolist() == [True, True, False]
    nobody = compared([faces[2]] * 2, np.array([0, 1]))
    assert not nobody.usable.any() and np.isnan(nobody.matrix).all()
    largest = compared([one[:1] for one in faces], np.array([0, 0, 1]))
    assert largest.matrix[0, 1] == pytest.approx(0, abs=1e-6)


def test_a_path_that_does_not_exist_and_no_photographs_are_refused(few, found):
    with pytest.raises(ValueError, match="there is no path 'best': use one of DeepFace with Dlib"):
        two_paths(few, ["best"])
    with pytest.raises(ValueError, match="there is no path 'best'"):
        found.rates("best")
    with pytest.raises(ValueError, match="no photographs to compare"):
        two_paths(SimpleNamespace(pictures=[], of=lambda column: []))


def test_a_photograph_that_cannot_be_read_fails_on_every_path(few):
    spoilt = SimpleNamespace(pictures=[few.pictures[0], "nowhere.jpg"], of=lambda c: [0, 1])
    found = two_paths(spoilt, [NAMES[0], NAMES[3]])
    assert found.failed[NAMES[3]] == 1 and found.failed[NAMES[0]] >= 1


def test_nothing_is_written_and_nothing_leaves(few, tmp_path, monkeypatch):
    """No file below the home folder or the temporary one, no socket, no guess of anybody."""
    from deepface.modules import demography

    home = deepface.deepface_home()  # set up before: what is watched is the use
    before = sorted(home.rglob("*"))
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(socket.socket, "connect", lambda *_: pytest.fail("a socket was opened"))
    monkeypatch.setattr(demography, "analyze", lambda *_, **__: pytest.fail("analyze was called"))
    two_paths(few, [NAMES[0], NAMES[4]])
    assert not os.listdir(tmp_path) and sorted(home.rglob("*")) == before


def test_the_lab_never_asks_deepface_what_a_person_is():
    """A matcher needs no age, gender, race or emotion; DeepFace has models of each."""
    asks = re.compile(r"\.analyze\(|import analyze|demography|facial_attribute")
    for path in [*PROJECT.glob("labkit/**/*.py"), *PROJECT.glob("lessons/**/*.py")]:
        assert not asks.search(path.read_text(encoding="utf-8")), path
    assert asks.search("DeepFace.analyze(picture)")

"""SFace by itself: its networks are checked before they are loaded, and used as OpenCV does."""

from __future__ import annotations

import functools
import shutil

import cv2
import numpy as np
import pytest

from labkit import data
from labkit.base.places import PROJECT
from labkit.matchers import DeepFaceMatcher, MatcherError, SFaceMatcher, sface, yunet
from labkit.measure.scores import similarity

MODELS = PROJECT / "data" / "models"


@functools.cache
def faces():
    return list(data.load("anytown/dev").pictures[:9])


@pytest.fixture
def copied(tmp_path, monkeypatch):
    """A data folder with copies of the networks, and nothing loaded before."""
    faces()  # read while the data folder is the lab's own
    shutil.copytree(MODELS, tmp_path / "models")
    monkeypatch.setenv("LABKIT_DATA", str(tmp_path))
    for loaded in (yunet.detector, sface._network):
        loaded.cache_clear()
    yield tmp_path / "models"
    for loaded in (yunet.detector, sface._network):
        loaded.cache_clear()


# ---- the networks -------------------------------------------------------------------------------


@pytest.mark.parametrize("name", [sface.FILE, yunet.FILE])
@pytest.mark.parametrize("harm", ["changed", "cut short", "missing", "not listed"])
def test_a_network_that_is_not_the_shipped_one_is_refused_before_it_is_loaded(copied, name, harm):
    path = copied / name
    content = path.read_bytes()
    if harm == "changed":
        path.write_bytes(content[:-1] + bytes([content[-1] ^ 1]))
    elif harm == "cut short":
        path.write_bytes(content[:-1000])
    elif harm == "missing":
        path.unlink()
    else:
        listed = (copied / "checksums.txt").read_text().splitlines(keepends=True)
        (copied / "checksums.txt").write_text("".join(s for s in listed if name not in s))
    with pytest.raises(MatcherError) as caught:
        SFaceMatcher(progress=False).transform(faces()[:1])
    words = str(caught.value)
    assert str(path) in words and "\n" not in words
    says = {
        "changed": "was changed or cut short: get that file again",
        "cut short": "was changed or cut short: get that file again",
        "missing": "is missing: get the data folder again",
        "not listed": "does not belong to the data",
    }
    assert says[harm] in words


def test_dlib_says_so_too_when_the_detector_that_sees_lying_faces_is_missing(copied):
    (copied / yunet.FILE).unlink()
    with pytest.raises(MatcherError, match=f"{yunet.FILE} is missing"):
        DeepFaceMatcher(progress=False).transform(faces()[:1])


def test_without_a_data_folder_one_sentence_says_so(copied, monkeypatch):
    monkeypatch.setenv("LABKIT_DATA", str(copied / "nowhere"))
    with pytest.raises(MatcherError, match=r"the data folder .*nowhere does not exist"):
        SFaceMatcher().find(faces()[0])


def test_the_networks_are_those_of_the_opencv_zoo():
    """As the Zoo's own pointers name them; the data sheet says where they were taken from."""
    listed = dict(line.split()[::-1] for line in (MODELS / "checksums.txt").open())
    assert listed[sface.FILE].startswith("fb143eea07838aa5")
    assert listed[yunet.FILE].startswith("49f000ec501fef24")
    sheet = (MODELS / "DATASHEET.md").read_text("utf-8")
    for name in (sface.FILE, yunet.FILE):
        assert f"`{name}`" in sheet and f"{(MODELS / name).stat().st_size:,}" in sheet
    for licence in ("LICENSE-SFace.txt", "LICENSE-YuNet.txt"):
        assert licence in sheet and (MODELS / licence).is_file()
    assert "is not stated" in sheet and "no more innocent than dlib" in sheet


@pytest.mark.parametrize("size", [(1, 1), (5, 7), (20, 32), (32, 32), (12, 70), (33, 31)])
def test_what_the_detector_sees_hangs_on_the_picture_alone(size, monkeypatch):
    """OpenCV gives what lay in memory, now and then a face of 4e33 pixels, for a picture of one
    cell of 32 x 32 pixels: no such picture reaches it."""
    wall = np.full((*size, 3), 128, np.uint8)
    for picture in faces():
        yunet.faces(picture)
        assert not len(yunet.faces(wall))

    class Seen:
        def setInputSize(self, size):
            self.size = size

        def detect(self, bgr):
            assert bgr.shape[1::-1] == self.size and min(self.size) > 32
            assert np.array_equal(bgr[: wall.shape[0], : wall.shape[1]], wall)
            return 0, None

    monkeypatch.setattr(yunet, "detector", Seen)
    assert yunet.faces(wall).shape == (0, 15)


# ---- what it gives ------------------------------------------------------------------------------


def test_templates_are_what_opencv_makes_of_the_picture():
    detector = cv2.FaceDetectorYN.create(str(MODELS / yunet.FILE), "", (160, 160), yunet.LEAST)
    network = cv2.FaceRecognizerSF.create(str(MODELS / sface.FILE), "")
    for picture in faces()[:3]:
        bgr = np.ascontiguousarray(picture[..., ::-1])
        face = detector.detect(bgr)[1][0]
        direct = network.feature(network.alignCrop(bgr, face))[0]
        assert np.array_equal(SFaceMatcher().transform([picture])[0], direct)


def test_templates_are_raw_and_not_a_view_of_what_the_network_writes_over():
    templates = SFaceMatcher().transform(faces())
    assert templates.shape == (9, 128) and templates.dtype == np.float32
    assert (np.linalg.norm(templates, axis=1) > 5).all()  # not brought to length 1
    assert len(np.unique(templates, axis=0)) == 9


def test_pictures_are_described_alike_in_any_order_and_company():
    together = SFaceMatcher(progress=False).transform(faces())
    order = np.random.default_rng(3).permutation(9)
    shuffled = SFaceMatcher(progress=False).transform([faces()[i] for i in order])
    assert np.array_equal(shuffled, together[order])
    for picture, row in zip(faces(), together, strict=True):
        assert np.array_equal(SFaceMatcher(progress=False).transform([picture])[0], row)


@pytest.mark.parametrize("name", ["anytown/dev", "anytown/eval", "counterfactual/paired"])
def test_stored_templates_are_those_of_the_stored_pictures(name):
    """To the 11 binary digits that are stored; of another machine's last bits there are fewer."""
    stored = data.load(name)
    templates = stored.stored("sface")
    shown = np.flatnonzero(stored.images["file"] != "")
    rows = np.random.default_rng(5).choice(shown, 6, replace=False)
    live = SFaceMatcher(progress=False).transform([stored.pictures[int(k)] for k in rows])
    assert np.array_equal(np.isnan(live), np.isnan(templates[rows]))
    assert np.allclose(templates[rows], live, rtol=2**-11, atol=1e-4, equal_nan=True)
    assert np.array_equal(templates, templates.astype(np.float16), equal_nan=True)


@pytest.mark.parametrize("name", data.SETS)
def test_every_set_has_templates_of_sface(name):
    stored = data.load(name)
    templates = stored.stored("sface")
    assert templates.shape == (len(stored), 128) and templates.dtype == np.float32
    assert np.isfinite(templates).all(1).mean() > 0.95


def test_a_face_is_shown_as_the_network_will_see_it():
    found = SFaceMatcher().find(faces()[0])
    assert found.chip.shape == (112, 112, 3) and found.chip.dtype == np.uint8
    assert found.faces == 1 and found.turned == 0
    left, top, right, bottom = found.box
    assert (found.points > (left, top)).all() and (found.points < (right, bottom)).all()
    eyes, mouth = found.points[:2], found.points[3:]
    assert eyes[0, 0] < eyes[1, 0] and eyes[:, 1].max() < found.points[2, 1] < mouth[:, 1].min()
    network = cv2.FaceRecognizerSF.create(str(MODELS / sface.FILE), "")
    bgr = np.ascontiguousarray(found.chip[..., ::-1])
    assert np.array_equal(network.feature(bgr), SFaceMatcher().transform(faces()[:1]))


def test_a_large_picture_is_made_smaller_and_its_face_found_in_place():
    large = cv2.resize(faces()[0], None, fx=8, fy=8, interpolation=cv2.INTER_CUBIC)
    assert large.shape[0] * large.shape[1] > SFaceMatcher.searched
    found, small = SFaceMatcher().find(large), SFaceMatcher().find(faces()[0])
    assert np.allclose(found.points / 8, small.points, atol=3)
    a, b = (SFaceMatcher().transform([p])[0] for p in (large, faces()[0]))
    assert similarity(a, b, "cosine") > 0.85


def test_a_default_decides_as_opencv_does():
    network = cv2.FaceRecognizerSF.create(str(MODELS / sface.FILE), "")
    table = SFaceMatcher().defaults().set_index("metric")
    templates = data.load("anytown/eval").stored("sface")[::180]
    said = {True: 0, False: 0}
    for metric, kind in (("cosine", cv2.FaceRecognizerSF_FR_COSINE),
                         ("norm_l2", cv2.FaceRecognizerSF_FR_NORM_L2)):  # fmt: skip
        row = table.loc[metric]
        for a in templates:
            for b in templates:
                theirs = network.match(a[None], b[None], kind)
                match = theirs >= row["threshold"] if metric == "cosine" else (
                    theirs <= row["threshold"])  # fmt: skip
                ours = similarity(a, b, row["measure"])
                if abs(ours - row["similarity"]) > 1e-5:
                    assert match == (ours >= row["similarity"])
                    said[bool(match)] += 1
    assert min(said.values()) > 5  # both answers were given


def test_what_was_seen_before_is_kept_on_disk_when_asked(tmp_path, monkeypatch):
    first = SFaceMatcher(cache=tmp_path, progress=False).transform(faces()[:2])
    monkeypatch.setattr(SFaceMatcher, "_represent", lambda *_: pytest.fail("described again"))
    again = SFaceMatcher(cache=tmp_path, progress=False).transform(faces()[:2])
    assert np.array_equal(first, again)
    monkeypatch.undo()
    dlib = DeepFaceMatcher(cache=tmp_path, progress=False).transform(faces()[:1])
    assert np.abs(dlib - first[:1]).max() > 1  # what SFace kept is not taken for dlib's

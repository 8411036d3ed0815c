"""The face in a photograph of real life; one real face is tried where scikit-image brings it."""

from __future__ import annotations

import functools
import importlib.util
import os
from pathlib import Path

import cv2
import numpy as np
import pytest
from PIL import Image

from labkit import data
from labkit.base.pictures import read_picture
from labkit.matchers import DeepFaceMatcher, NetworkMatcher, SFaceMatcher, finding, upright
from labkit.matchers.describing import MatcherError
from labkit.measure.scores import similarity
from labkit.photographs.pictures import RealPictures

GREY = 120


@functools.cache
def person(k):
    """A photograph of an invented person, twice as large as it is stored."""
    picture = data.load("anytown/dev").pictures[4 * k]
    return cv2.resize(picture, (320, 320), interpolation=cv2.INTER_CUBIC)


def on_grey(picture, height, width, left, top):
    """A picture laid on a large grey one."""
    out = np.full((height, width, 3), GREY, np.uint8)
    out[top : top + picture.shape[0], left : left + picture.shape[1]] = picture
    return out


@functools.cache
def astronaut():
    """NASA's public-domain portrait of an astronaut, 512 x 512, as scikit-image brings it."""
    package = importlib.util.find_spec("skimage")
    if package is None and os.environ.get("CI"):
        pytest.fail("scikit-image is not installed: it brings the one real photograph of the tests")
    if package is None:
        pytest.skip("scikit-image is not installed: no real photograph is tried")
    return read_picture(Path(package.submodule_search_locations[0]) / "data" / "astronaut.png")


def same(matcher, first, second):
    """The similarity of two pictures; a test fails where a face is not found."""
    a, b = matcher.transform([first, second])
    return similarity(a, b, matcher.measure)


def test_no_face_is_none():
    assert finding.seen(np.full((300, 400, 3), GREY, np.uint8)) is None
    assert finding.seen(np.zeros((5, 7, 3), np.uint8)) is None


@pytest.mark.parametrize("degrees", [0, 90, 180, 270, 120])
def test_a_face_is_found_as_it_lies(degrees):
    found = finding.seen(upright.turned(person(0), degrees))
    assert found is not None and found.faces == 1
    off = (found.turned - degrees + 180) % 360 - 180
    assert abs(off) < 12 and found.row is not None
    eyes, mouth = found.row[[5, 7]].mean(), found.row[[11, 13]].mean()
    assert eyes < mouth, "upright in the patch"


def test_a_small_face_in_a_large_photograph_is_cut_out_of_the_photograph():
    large = on_grey(cv2.resize(person(0), (200, 200)), 2600, 3600, 3000, 2000)
    found = finding.seen(large)
    assert found is not None and found.faces == 1
    assert np.allclose(found.place, (3100 / 3600, 2100 / 2600), atol=0.02)
    assert 60 < found.width < 130 and max(found.patch.shape) > 150


def test_the_largest_of_several_is_used_and_it_is_said_which():
    two = on_grey(person(0), 500, 900, 20, 20)
    two[260:420, 700:860] = cv2.resize(person(1), (160, 160))
    found = finding.seen(two)
    assert found is not None and found.faces == 2 and found.place[0] < 0.4
    assert finding.note(found).startswith("2 faces were found: the largest is used, on the left")


def test_faces_are_counted_though_the_largest_is_surer_than_another(monkeypatch):
    two = on_grey(person(0), 500, 900, 20, 20)
    two[260:420, 700:860] = cv2.resize(person(1), (160, 160))
    assert finding.how_many(two) == 2 and finding.how_many(person(0)) == 1
    assert finding.how_many(upright.turned(person(0), 90)) == 1
    rows = np.zeros((2, 15), np.float32)
    rows[:, 2:4], rows[1, 0], rows[:, 14] = 20, 100, (0.95, 0.65)
    monkeypatch.setattr(finding, "_looked", lambda *_: rows)
    assert len(finding.faces(person(0))) == 1 and finding.how_many(person(0)) == 2


def test_a_small_face_is_said_to_be_small():
    found = finding.seen(cv2.resize(person(0), (56, 56), interpolation=cv2.INTER_AREA))
    assert found is not None and found.width < finding.SMALL
    assert "pixels wide: there is little to tell it by" in finding.note(found)


def test_one_face_is_counted_once_though_it_is_seen_at_several_sizes():
    assert len(finding.faces(cv2.resize(person(2), (1400, 1400)))) == 1


def test_dlib_looks_where_yunet_finds_nothing(monkeypatch):
    monkeypatch.setattr(finding, "faces", lambda *_: np.zeros((0, 15), np.float32))
    found = finding.seen(person(0))
    assert found is not None and found.row is None and found.faces == 1
    left, top, right, bottom = found.box
    assert 0 < left < right < found.patch.shape[1] and 0 < top < bottom < found.patch.shape[0]
    for matcher in (DeepFaceMatcher(thorough=True), SFaceMatcher(thorough=True)):
        assert matcher.describe([person(0)]).table["status"].tolist() == ["ok"]


@pytest.mark.parametrize("kind", [DeepFaceMatcher, SFaceMatcher, NetworkMatcher])
def test_a_thorough_search_finds_the_same_person(kind):
    matcher = kind(thorough=True, progress=False)
    lying, small = np.rot90(person(3)), on_grey(person(3), 2000, 2400, 1500, 1200)
    for other in (lying, small):
        mine = same(matcher, person(3), other)
        assert mine > same(matcher, person(3), person(4)) + (0.05 if kind is DeepFaceMatcher else 0)


def test_files_without_a_face_in_one_look_are_searched_again(tmp_path):
    small = on_grey(cv2.resize(person(0), (110, 110)), 2200, 3000, 500, 700)
    Image.fromarray(small).save(tmp_path / "a.png")
    matcher = DeepFaceMatcher(progress=False)
    assert matcher.describe([small]).table["status"].tolist() == ["no face"], "arrays: one look"
    assert matcher.describe([tmp_path / "a.png"]).table["status"].tolist() == ["ok"]
    assert matcher.describe([small]).table["status"].tolist() == ["no face"], "kept apart"
    once = DeepFaceMatcher(progress=False, thorough=False)
    assert once.describe([tmp_path / "a.png"]).table["status"].tolist() == ["no face"]


def test_photographs_of_real_people_are_searched_thoroughly_and_named(tmp_path):
    Image.fromarray(np.ascontiguousarray(np.rot90(person(0)))).save(tmp_path / "a.png")
    pictures = RealPictures([tmp_path / "a.png", tmp_path / "b.png"], ["Ann/a.png", "Ann/b.png"])
    table = SFaceMatcher(progress=False).describe(pictures).table
    assert table["picture"].tolist() == ["Ann/a.png", "Ann/b.png"]
    assert table["status"].tolist() == ["ok", "refused"]
    assert "turned by 90 degrees" in table["words"][0] and "Ann/b.png does not" in table["words"][1]


@pytest.mark.parametrize("kind", [DeepFaceMatcher, SFaceMatcher, NetworkMatcher])
def test_templates_of_people_s_own_photographs_are_never_written(kind, tmp_path):
    Image.fromarray(person(0)).save(tmp_path / "a.png")
    matcher = kind(cache=tmp_path / "kept", progress=False)
    for describe in (matcher.describe, matcher.transform):
        with pytest.raises(MatcherError, match="not written to disk: make the matcher without"):
            describe(RealPictures([tmp_path / "a.png"], ["Ann/a.png"]))
    assert not (tmp_path / "kept").exists()


def test_several_faces_can_be_refused():
    two = on_grey(person(0), 500, 900, 20, 20)
    two[100:420, 560:880] = person(1)
    table = SFaceMatcher(several="refuse", thorough=True).describe([two]).table
    assert table["status"].tolist() == ["several faces"] and table["faces"].tolist() == [2]


# ---- one real photograph ------------------------------------------------------------------------


def changed(picture):
    """The same face as it might be met elsewhere."""
    rng = np.random.default_rng(0)
    head = picture[:300, 60:400]
    small = cv2.resize(head, None, fx=0.4, fy=0.4, interpolation=cv2.INTER_AREA)
    hidden = head.copy()
    hidden[135:175, 100:220] = (60, 110, 90)  # over the mouth
    crowd = np.concatenate([head, np.full((300, 140, 3), GREY, np.uint8)], axis=1)
    crowd[80:200, 350:470] = cv2.resize(person(0), (120, 120))
    return {
        "lying": np.ascontiguousarray(np.rot90(head)),
        "tilted": upright.turned(head, 25),
        "small": small,
        "noisy": np.clip(head + rng.normal(0, 25, head.shape), 0, 255).astype(np.uint8),
        "dark": (head * 0.35).astype(np.uint8),
        "half hidden": hidden,
        "beside another": crowd,
        "far": on_grey(small, 1800, 2400, 1500, 900),
    }


@pytest.mark.slow
def test_a_real_face_is_known_again_and_deepface_alone_knows_it_no_better():
    """dlib and SFace at their makers' thresholds; DeepFace with its own detector and threshold."""
    from labkit.experiment.two_paths import THRESHOLD, compared, haar

    picture, others = astronaut(), changed(astronaut())
    names, pictures = list(others), list(others.values())
    strangers = [person(k) for k in range(4)]
    for matcher, threshold in (
        (DeepFaceMatcher(thorough=True, progress=False), -0.6),
        (SFaceMatcher(thorough=True, progress=False), 0.363),
    ):
        own, *rest = matcher.transform([picture, *pictures, *strangers])
        scores = [similarity(own, row, matcher.measure) for row in rest]
        assert min(scores[: len(names)]) >= threshold, dict(zip(names, scores, strict=False))
        assert max(scores[len(names) :]) < threshold
    faces = haar([picture, *pictures])
    alone = compared(faces, np.zeros(len(faces), int)).matrix[0, 1:] >= THRESHOLD
    assert not alone.all(), "it loses some of these: we lose none"

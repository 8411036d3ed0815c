"""A face that lies on its side or upside down is turned upright, by every matcher of photographs.

Seen before: SFace described a face turned by 45 degrees as somebody else's, dlib three of ten that
stood on their heads.
"""

from __future__ import annotations

import functools

import numpy as np
import pytest

from benchmarks import turned as bench
from labkit import data, matchers
from labkit.matchers import upright
from labkit.measure.scores import similarity

REAL = [entry.name for entry in matchers.offline() if entry.reads == "pictures"]
ANGLES = (30, 45, 60, 90, 135, 180, -90)
SOME = 6


@functools.cache
def faces():
    pictures = data.load("anytown/dev").pictures
    return [pictures[k] for k in range(3, 1920, 1920 // SOME)]


@functools.cache
def known(name):
    """The matcher, the templates of the upright pictures, and the similarity for a match."""
    entry = matchers.get(name)
    return entry.make(), entry.make().transform(faces()), bench.threshold(entry)


@pytest.mark.parametrize("angle", ANGLES)
@pytest.mark.parametrize("name", REAL)
def test_a_lying_face_is_described_as_the_upright_one(name, angle):
    matcher, before, threshold = known(name)
    described = matcher.describe([upright.turned(p, angle) for p in faces()])
    after = described.templates
    if angle % 90 == 0:  # no pixel was changed
        assert np.array_equal(after, before)
    for a, b in zip(after, before, strict=True):
        assert similarity(a, b, matcher.measure) >= threshold
    assert all("the face lies turned by" in w for w in described.table["words"])
    assert (described.table["status"] == "ok").all()


@pytest.mark.parametrize("name", REAL)
def test_an_upright_face_is_described_as_if_there_were_no_rule(name, monkeypatch):
    entry = matchers.get(name)
    _, before, _ = known(name)
    monkeypatch.setattr(upright, "lies", lambda picture: 0.0)
    assert np.array_equal(entry.make().transform(faces()), before)


def test_upright_photographs_are_left_as_they_are():
    pictures = data.load("anytown/dev").pictures[::32]
    assert [upright.lies(p) for p in pictures] == [0.0] * 60


@pytest.mark.parametrize("angle", [-150, -135, -60, -45, 30, 45, 120])
def test_the_angle_is_found_to_fifteen_degrees(angle):
    for picture in faces():
        found = upright.lies(upright.turned(picture, angle))
        assert abs((found - angle + 180) % 360 - 180) <= 15


@pytest.mark.parametrize("angle", [90, 180, -90])
def test_a_quarter_turn_is_found_exactly(angle):
    assert [upright.lies(upright.turned(p, angle)) for p in faces()] == [float(angle)] * SOME


def test_a_picture_without_a_face_and_a_tiny_one_are_left_as_they_are():
    for picture in (np.full((120, 90, 3), 128, np.uint8), np.zeros((1, 1, 3), np.uint8)):
        assert upright.lies(picture) == 0


def test_a_large_picture_is_looked_at_in_a_small_copy(monkeypatch):
    large = np.repeat(np.repeat(upright.turned(faces()[0], 90), 6, 0), 6, 1)
    seen = []
    real = upright.yunet.faces
    monkeypatch.setattr(
        upright.yunet, "faces", lambda p: seen.append(p.shape[0] * p.shape[1]) or real(p)
    )
    assert upright.lies(large) == 90
    assert max(seen) <= 2 * upright.LOOKED
    assert upright.lies(np.zeros((3, 100_000, 3), np.uint8)) == 0  # a strip, too
    assert max(seen) <= 8 * upright.LOOKED


@pytest.mark.parametrize("degrees", [0, 90, 180, -90, 33.5, -140])
def test_points_lead_back_to_where_they_were(degrees):
    picture = np.zeros((50, 80, 3), np.uint8)
    picture[12:15, 60:63] = 255
    after = upright.turned(picture, degrees)
    rows, columns = np.nonzero(after[..., 0] > 100)
    middle = upright.back(picture.shape, degrees)(np.array([[columns.mean(), rows.mean()]]))
    assert np.allclose(middle, [[61, 13]], atol=0.3)
    light, before = (int(p[..., 0].sum(dtype=int)) for p in (after, picture))
    assert light == pytest.approx(before, rel=0.1)  # all of it is in


@pytest.mark.parametrize("name", REAL)
@pytest.mark.parametrize("angle", [45, 180])
def test_a_lying_face_is_found_where_it_is(name, angle):
    matcher, *_ = known(name)
    picture = faces()[0]
    plain = matcher.find(picture)
    found = matcher.find(upright.turned(picture, angle))
    back = upright.back(picture.shape, angle)
    assert np.allclose(back(found.points), plain.points, atol=6)
    left, top, right, bottom = found.box
    assert (found.points >= (left - 1, top - 1)).all()
    assert (found.points <= (right + 1, bottom + 1)).all()
    assert plain.turned == 0 and abs(found.turned - angle) < 10


def test_what_is_written_of_turned_faces_is_what_was_measured():
    text = bench.RESULTS.read_text("utf-8")
    for name in REAL:
        for angle in bench.ANGLES:
            assert f"| {name} | {angle} |" in text
    assert f"{bench.PICTURES} photographs of dev people" in text
    assert f"Within {upright.LEFT_ALONE} degrees" in text and f"turns of {upright.STEP}" in text

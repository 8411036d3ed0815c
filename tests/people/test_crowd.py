"""Crowd pictures: who stands where, what hides whom, one light and one camera."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from labkit.matchers import yunet
from labkit.people.photo import crowd
from labkit.people.photo.crowd import Camera, Lens, Stander
from labkit.people.who import Capture, sample_person, sample_styling

LENS = Lens(360, 240, 560.0, 1.9, 30.0)


def stander(seed: int, x: float, z: float, **pose) -> Stander:
    person = sample_person(seed)
    return Stander(person, sample_styling(seed, person), Capture(**pose), x, z, 1.6)


@pytest.fixture(scope="module")
def pair():
    """One before another, and somebody beside them."""
    return [stander(1, 0.0, 3.2), stander(5, 0.03, 2.0), stander(9, -0.55, 2.6)]


@pytest.fixture(scope="module")
def figures(pair):
    return [crowd.figure(one, LENS) for one in pair]


@pytest.fixture(scope="module")
def scene(figures, pair):
    return crowd.compose(figures, pair, LENS)


def test_the_same_people_give_the_same_bytes(pair, scene):
    again = crowd.draw(pair[2:], LENS)
    other = crowd.draw(pair[2:], LENS)
    assert (again.light == other.light).all() and again.faces == other.faces
    one, two = (crowd.photograph(scene.light, Camera(seed=4)) for _ in range(2))
    assert (one == two).all()
    assert (one != crowd.photograph(scene.light, Camera(seed=5))).any()


def test_a_nearer_person_hides_a_farther_one(scene, figures, pair):
    behind, before, beside = scene.faces
    assert before.hidden < 0.02 and beside.hidden < 0.05
    assert behind.hidden > 0.5
    alone = crowd.compose(figures[:1], pair[:1], LENS)
    assert alone.faces[0].hidden < 0.02


def test_what_the_edge_of_the_picture_cuts_off_is_hidden():
    far_right = LENS.width / 2 / LENS.focal * 3.0
    (face,) = crowd.draw([stander(1, far_right, 3.0)], LENS).faces
    assert 0.3 < face.hidden < 0.7


def test_faces_are_where_the_truth_says(scene):
    """A detector that knows nothing of the truth finds the two that nobody hides."""
    picture = crowd.photograph(scene.light, Camera(noise=0.1, blur=0.0, jpeg=100))
    found = yunet.faces(picture)
    centres = found[:, :2] + found[:, 2:4] / 2
    for face in scene.faces[1:]:
        inside = [face.left < x < face.right and face.top < y < face.bottom for x, y in centres]
        assert sum(inside) == 1, face
        (k,) = np.flatnonzero(inside)
        apart = float(np.hypot(*(found[k, 6:8] - found[k, 4:6])))
        assert apart == pytest.approx(face.eyes, rel=0.2)


@pytest.mark.parametrize("z", [2.6, 6.0])
def test_size_and_place_follow_the_distance(z):
    """Pixels between the eyes are as 1 / distance; nobody floats: feet stand on the floor."""
    one = stander(9, 0.2, z)
    figure = crowd.figure(one, LENS)
    assert figure.truth.distance == z
    assert figure.truth.eyes == pytest.approx(0.063 * LENS.focal / z, rel=0.15)
    rows = np.flatnonzero((figure.alpha > 0.5).any(1))
    _x, floor = LENS.place(one.x, 0.0, z)
    reach = 0.08 * LENS.focal / z
    assert figure.top + rows[-1] == pytest.approx(min(floor, LENS.height - 1), abs=reach)
    assert len(rows) == rows[-1] - rows[0] + 1, "no gap between a head and what carries it"
    x, y = LENS.place(one.x, one.eyes, z)
    face = figure.truth
    assert face.left < x < face.right and face.top < y < face.bottom


def test_everybody_stands_in_one_light(pair):
    """A capture's own light is not used: the scene's is."""
    lit = replace(pair[2], capture=pair[2].capture.with_(key=3.0, key_azimuth=120.0, warmth=1.0))
    assert (crowd.figure(lit, LENS).rgb == crowd.figure(pair[2], LENS).rgb).all()
    assert (
        crowd.figure(pair[2], LENS, crowd.DAY.with_(key=2.0)).rgb != crowd.figure(lit, LENS).rgb
    ).any()


def test_from_above_and_from_the_side_heads_are_turned():
    seen = stander(1, 1.0, 2.0, yaw=5.0, pitch=2.0).seen_by(LENS)
    assert seen.yaw == pytest.approx(5 + np.degrees(np.arctan2(1.0, 2.0)))
    assert seen.pitch == pytest.approx(2 - np.degrees(np.arctan2(LENS.tall - 1.6, 2.0)))


def test_a_camera_that_moves_blurs_along_its_way():
    light = np.full((41, 41, 3), 0.05, np.float32)
    light[20, 20] = 1.0
    still = crowd.photograph(light, Camera(noise=0, blur=0, jpeg=100)).astype(int)[..., 1]
    moved = crowd.photograph(light, Camera(noise=0, blur=0, motion=9, jpeg=100)).astype(int)[..., 1]
    assert (still > still.min()).sum() == 1
    rows, columns = np.nonzero(moved > moved.min() + 2)
    assert np.ptp(rows) <= 2 and 7 <= np.ptp(columns) <= 11


def test_darkness_and_noise_are_the_cameras():
    light = np.full((60, 60, 3), 0.3, np.float32)
    day, night = (
        crowd.photograph(light, Camera(ev=ev, noise=noise, blur=0, jpeg=100)).astype(float)
        for ev, noise in ((0, 0.3), (-1, 3))
    )
    assert night.mean() < day.mean() - 25 and night.std() > 4 * day.std()


@pytest.mark.parametrize("camera", [Camera(), Camera(wide=0.15), Camera(wide=0.3, pixels=0.5)])
def test_points_are_found_where_the_lens_puts_them(camera):
    """A bright dot stands in the picture where shown_at says, and scene_at goes back."""
    light = np.full((120, 180, 3), 0.02, np.float32)
    light[28:32, 148:152] = 3.0
    still = replace(camera, noise=0, blur=0, jpeg=100)
    picture = crowd.photograph(light, still).astype(float)[..., 1]
    rows, columns = np.nonzero(picture > 0.6 * picture.max())
    at = np.array([[columns.mean() + 0.5, rows.mean() + 0.5]])
    said = crowd.shown_at([[150, 30]], still, 180, 120)
    assert said == pytest.approx(at, abs=1.0)
    assert crowd.scene_at(said, still, 180, 120) == pytest.approx(np.array([[150, 30]]))
    if camera.wide:
        middle = np.array([[90, 60]]) * still.pixels
        near = np.linalg.norm(crowd.shown_at([[100, 60]], still, 180, 120) - middle) / 10
        far = np.linalg.norm(crowd.shown_at([[180, 120]], still, 180, 120) - middle)
        assert far == pytest.approx(still.pixels * np.hypot(90, 60)), "corners stay"
        assert near > still.pixels, "the middle is drawn larger than the edge"


def test_a_crowd_stands_apart_and_in_the_picture():
    lens = Lens()
    people = crowd.arranged(3, range(2_500_000, 2_500_100), lens)
    places = np.array([(one.x, one.z) for one in people])
    gaps = np.linalg.norm(places[:, None] - places[None], axis=-1) + 99 * np.eye(len(places))
    assert gaps.min() >= 0.62
    across = [lens.place(one.x, one.eyes, one.z)[0] for one in people]
    assert 0 < min(across) and max(across) < lens.width
    again = crowd.arranged(3, range(2_500_000, 2_500_100), lens)
    assert again == people and again != crowd.arranged(4, range(2_500_000, 2_500_100), lens)


def test_what_cannot_be_drawn_is_refused():
    with pytest.raises(ValueError, match="give at least one Stander"):
        crowd.draw([], LENS)
    with pytest.raises(ValueError, match="let them stand nearer"):
        crowd.figure(stander(1, 0.0, 90.0), LENS)
    with pytest.raises(ValueError, match="do not fit"):
        crowd.arranged(1, range(50), LENS, nearest=2.0, farthest=2.2)
    for wrong in ({"pixels": 0}, {"noise": -1}, {"motion": float("nan")}):
        with pytest.raises(ValueError, match="give a"):
            Camera(**wrong)

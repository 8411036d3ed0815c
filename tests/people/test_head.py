"""Heads: what their makers promise about form, motion and privacy of tone."""

from __future__ import annotations

from types import SimpleNamespace

import numpy as np
import pytest

from labkit.people.body import head_form
from labkit.people.body.head import build_head, grid_faces
from labkit.people.who.parameters import PARAMETERS

SHAPES = [p.name for p in PARAMETERS if p.part != "skin" and p.name != "brow_density"]


def person(age=35.0, hair_loss=0.0, **shape):
    return SimpleNamespace(shape=shape, age=age, hair_loss=hair_loss)


def shot(smile=0.0, jaw=0.0, brow=0.0, squint=0.0, blink=0.0, gaze=(0.0, 0.0)):
    return SimpleNamespace(smile=smile, jaw=jaw, brow=brow, squint=squint, blink=blink, gaze=gaze)


@pytest.fixture(scope="module")
def mean():
    return build_head(person())


def everything(head):
    """All that a picture can show of a head's shape."""
    capture = shot(smile=1.0)
    lids = head.lids(capture)
    parts = [head.points(capture).ravel(), lids.l.upper, lids.r.upper, lids.l.lower, lids.l.x]
    parts += [lids.l.crease * lids.l.crease_strength]
    parts += [m.points.ravel() for m in head.ears]
    for side in "rl":
        parts += [head.landmarks[f"brow_curve_{side}"].ravel(), head.landmarks[f"brow_half_{side}"]]
    return np.concatenate(parts)


def test_the_grid_is_closed_behind_and_middle_column_is_the_midline(mean):
    assert np.allclose(mean.grid[:, 0], mean.grid[:, -1], atol=1e-5)
    assert np.abs(mean.grid[:, mean.grid.shape[1] // 2, 0]).max() < 1e-5
    assert np.isfinite(mean.grid).all() and np.isfinite(mean.scalp).all()
    assert mean.grid[0, 0, 1] > 11 and mean.grid[-1, 0, 1] < -23


def test_a_face_without_asymmetry_is_its_own_mirror_image(mean):
    mirrored = mean.grid[:, ::-1] * np.array([-1, 1, 1], np.float32)
    assert np.allclose(mean.grid, mirrored, atol=1e-5)


def test_normals_are_unit_and_have_no_seam_at_the_back(mean):
    normals = mean.normals()
    assert np.allclose(np.linalg.norm(normals, axis=-1), 1, atol=1e-3)
    assert np.allclose(normals[:, 0], normals[:, -1], atol=1e-4)
    across = (normals[:-5, 1:] * normals[:-5, :-1]).sum(-1)[20:]
    assert np.median(across) > 0.99


@pytest.mark.parametrize("name", SHAPES)
def test_every_shape_score_can_be_seen(name):
    low, high = (everything(build_head(person(**{name: v}))) for v in (-1.5, 1.5))
    assert np.abs(low - high).max() > 0.04, f"{name} changes nothing that a picture shows"


@pytest.mark.parametrize("seed", range(12))
def test_mixed_extremes_stay_whole(seed):
    rng = np.random.default_rng(seed)
    shape = dict(zip(SHAPES, rng.choice([-1.9, 1.9], len(SHAPES)), strict=True))
    head = build_head(person(age=float(rng.uniform(18, 85)), **shape))
    assert np.isfinite(everything(head)).all()
    marks = head.landmarks
    assert 0 > marks["nose_tip"][1] > marks["nose_base_y"] > marks["mouth_y"] > marks["chin_y"]
    assert marks["lip_upper"][32, 1] < marks["nose_base_y"]
    assert marks["eye_l"][0] - head.measures.eye_half > 0.8
    front = head.grid[40:200, head.grid.shape[1] // 2]
    assert (np.diff(front[:, 1]) <= 1e-4).all(), "rows of the face cross each other"


def test_lips_are_one_until_they_part(mean):
    row = head_form.seam_row()
    closed = mean.points(shot(smile=0.3))
    assert np.allclose(closed[row], closed[row + 1], atol=1e-5)
    assert {m.material for m in mean.mesh(shot(smile=0.3))} == {"skin"}
    open_ = mean.points(shot(jaw=1.0))
    middle = mean.grid.shape[1] // 2
    assert open_[row, middle, 1] - open_[row + 1, middle, 1] > 1.2
    beyond = np.abs(mean.grid[row, :, 0]) > mean.landmarks["mouth_w"]
    assert np.allclose(open_[row, beyond], open_[row + 1, beyond], atol=1e-4)
    assert {m.material for m in mean.mesh(shot(smile=1.0))} == {"skin", "mouth", "teeth"}


def test_the_first_mesh_is_the_grid_and_its_triangles_skip_the_mouth_line(mean):
    skin = mean.mesh(shot())[0]
    rows, columns = mean.grid.shape[:2]
    assert skin.points.shape == (rows * columns, 3) and skin.uv.shape == (rows * columns, 2)
    faces = grid_faces(rows, columns)
    upper = faces.min(1) // columns
    assert not (upper == head_form.seam_row()).any()


def test_lids_open_close_and_follow_the_gaze(mean):
    lids = mean.lids(shot())
    for lid in (lids.r, lids.l):
        assert (lid.upper >= lid.lower).all()
        # no white above the iris, the lower lid near its edge
        iris = mean.landmarks["iris_radius"]
        assert 0.10 < (iris - lid.upper.max()) / (2 * iris) < 0.27
        assert abs(-lid.lower.min() - iris) < 0.12
    shut = mean.lids(shot(blink=1.0)).l
    assert np.allclose(shut.upper, shut.lower, atol=1e-5)
    down = mean.lids(shot(gaze=(0.0, -15.0))).l
    assert down.upper.max() < lids.l.upper.max() - 0.2
    assert mean.lids(shot(squint=1.0)).l.lower.min() > lids.l.lower.min() + 0.1


def test_lids_lie_on_the_eyeball(mean):
    lid = mean.lids(shot()).l
    inner = slice(14, -8)  # the very corners lie under tissue
    place = mean.locate(lid.x[inner], lid.upper[inner])
    skin = mean.sample(mean.grid, place)
    gap = np.linalg.norm(skin - mean.landmarks["eye_l"], axis=-1) - mean.landmarks["eye_radius"]
    assert gap.min() > 0.03 and gap.max() < 0.45


def test_locate_finds_places_on_the_front(mean):
    x, y = np.array([-3.0, 0.0, 2.0, 4.5]), np.array([3.0, -1.0, -6.0, -4.0])
    found = mean.sample(mean.grid, mean.locate(x, y))
    assert np.allclose(found[:, 0], x, atol=0.02) and np.allclose(found[:, 1], y, atol=0.02)


def test_a_single_lid_has_no_crease_and_as_wide_an_opening():
    single, double = (build_head(person(lid_crease=v)) for v in (-1.6, 0.5))
    assert single.lids(shot()).l.crease_strength == 0
    assert double.lids(shot()).l.crease_strength > 0.9
    lids = [h.lids(shot()).l for h in (single, double)]
    opening = [float((lid.upper - lid.lower).max()) for lid in lids]
    assert opening[0] == pytest.approx(opening[1], abs=1e-6)


def test_the_hair_line_rises_with_loss_and_is_even():
    full, thin = build_head(person()), build_head(person(hair_loss=1.0))
    theta = np.linspace(-np.pi, np.pi, 41)
    assert np.allclose(full.hairline(theta), full.hairline(-theta))
    assert (thin.hairline(theta) >= full.hairline(theta) - 1e-6).all()
    assert thin.hairline(0.5) > full.hairline(0.5) + 1.5


def test_ears_stand_between_brow_and_nose_base(mean):
    for ear in mean.ears:
        assert ear.points[:, 1].max() < 2.6
        assert ear.points[:, 1].min() > mean.landmarks["nose_base_y"] - 0.4
        assert 0 <= ear.uv.min() and ear.uv.max() <= 1


def test_building_twice_gives_the_same_bytes():
    a, b = (build_head(person(nose_width=0.7, asymmetry_nose=1.0)) for _ in range(2))
    assert a.grid.tobytes() == b.grid.tobytes()


def test_tone_is_never_read():
    class Guard(SimpleNamespace):
        def __getattr__(self, name):
            raise AssertionError(f"head.py must not read {name}")

    build_head(Guard(shape={}, age=30.0, hair_loss=0.0))


def test_a_score_that_is_no_number_is_refused():
    with pytest.raises(ValueError, match="nose_width"):
        build_head(person(nose_width=float("nan")))

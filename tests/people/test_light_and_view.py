"""Light, view, z-buffer and shadow against answers known from theory."""

import math

import numpy as np
import pytest

from labkit.people.body import mesh
from labkit.people.photo import light, occlusion, shade
from labkit.people.photo.view import PIVOT, rotation, view
from labkit.people.who import Capture


def unit(n, seed=0):
    v = np.random.default_rng(seed).normal(size=(n, 3)).astype(np.float32)
    return v / np.linalg.norm(v, axis=1, keepdims=True)


def test_uniform_environment_gives_its_own_radiance_everywhere():
    sh = light.uniform(np.array([1.0, 0.5, 0.25]))
    for n in unit(20):
        assert light.irradiance(sh, *n) == pytest.approx([1.0, 0.5, 0.25], rel=1e-4)


def test_lobe_gives_its_colour_to_a_surface_that_faces_it_and_little_behind():
    towards = light.direction(30, 20)
    sh = light.lobe(towards, np.array([0.7, 0.6, 0.5]))
    assert light.irradiance(sh, *towards) == pytest.approx([0.7, 0.6, 0.5], rel=1e-3)
    assert max(light.irradiance(sh, *(-towards))) < 0.12


def test_lobe_agrees_with_an_integral_over_the_sphere():
    """Irradiance of a clamped-cosine light, summed numerically, up to the cut at degree 2."""
    towards = light.direction(-40, 10)
    sh = light.lobe(towards, np.ones(3))
    sky = unit(200_000, 3)
    radiance = np.maximum(sky @ towards, 0)
    facing = 4 * (radiance * np.maximum(sky @ towards, 0)).mean()
    for n in unit(12, 5):
        exact = 4 * (radiance * np.maximum(sky @ n, 0)).mean() / facing
        assert light.irradiance(sh, *n)[0] == pytest.approx(exact, abs=0.04)


def test_standard_rig_lights_a_face_with_about_one():
    """Camera gains are stated for light of about 1 on a face that looks at the lens."""
    lamps = light.rig(Capture())
    cosine = float(lamps.key[2])
    total = cosine * lamps.key_colour.mean() + np.mean(light.irradiance(lamps.sh, 0.0, 0.0, 1.0))
    assert 0.7 < total < 1.6


@pytest.mark.parametrize(
    ("yaw", "pitch", "roll"), [(20, 0, 0), (0, 15, 0), (0, 0, 10), (-25, 8, -4)]
)
def test_rotation_is_a_rotation(yaw, pitch, roll):
    r = rotation(yaw, pitch, roll)
    assert r @ r.T == pytest.approx(np.eye(3), abs=1e-6)
    assert np.linalg.det(r) == pytest.approx(1, abs=1e-6)


def test_yaw_turns_right_and_pitch_turns_up():
    ahead = np.array([0, 0, 1.0])
    assert (rotation(20, 0, 0) @ ahead)[0] > 0.3
    assert (rotation(0, 20, 0) @ ahead)[1] > 0.3


def test_view_keeps_the_pivot_and_turns_shoulders_less():
    sight = view(Capture().with_(yaw=30.0), 320)
    points = np.array([PIVOT, [0, 0, 9], [0, -24, 9]], np.float32)
    posed = sight.pose(points)
    assert posed[0] == pytest.approx(PIVOT, abs=1e-4)
    assert posed[1, 0] > 2 * posed[2, 0] > 0


def test_projection_keeps_left_right_up_down_and_near_is_larger():
    sight = view(Capture(), 320)
    px, py, depth = sight.project(
        np.array([[-5, 0, 8], [5, 0, 8], [0, 5, 8], [5, 0, -5]], np.float32)
    )
    assert px[0] < 160 < px[1] and py[2] < py[0]
    assert px[3] < px[1] and depth[3] < depth[1]


def test_rasterise_covers_a_square_once_and_keeps_the_nearer():
    px = np.array([2, 7, 2, 7], np.float32)
    py = np.array([2, 2, 7, 7], np.float32)
    triangles = np.array([[0, 2, 1], [3, 1, 2]], np.int32)
    zbuffer = np.full((10, 10), occlusion.FAR, np.float32)
    index = np.full((10, 10), -1, np.int32)
    bary = np.zeros((10, 10, 2), np.float32)
    mesh.rasterise(px, py, np.full(4, 1, np.float32), triangles, 0, zbuffer, index, bary)
    assert (index >= 0).sum() == 36
    mesh.rasterise(px, py, np.full(4, 0, np.float32), triangles, 2, zbuffer, index, bary)
    assert index.max() <= 1, "a farther square replaced a nearer one"
    values = np.zeros((10, 10, 1), np.float32)
    mesh.interpolate(index, bary, triangles, 0, px[:, None].copy(), values)
    assert values[5, 2:8, 0] == pytest.approx(np.arange(2, 8), abs=1e-4)


def test_unknown_material_is_refused_in_one_sentence():
    with pytest.raises(ValueError, match="material 'gold' is unknown"):
        mesh.Mesh(np.zeros((3, 3), np.float32), np.zeros((1, 3), np.int32), "gold")


def quad(z, half=8.0, cells=40):
    x, y = np.meshgrid(np.linspace(-half, half, cells), np.linspace(half, -half, cells))
    points = np.stack([x, y, np.full_like(x, z)], -1).reshape(-1, 3).astype(np.float32)
    return points, mesh.grid_triangles(cells, cells)


def test_openness_is_full_in_the_open_and_small_under_a_lid():
    points, triangles = quad(5.0)
    maps = [
        (
            d,
            *reversed(
                occlusion.depth_map(points, triangles, d, occlusion.SKY_CELLS, occlusion.SKY_EXTENT)
            ),
        )
        for d in occlusion.sky_directions()
    ]
    receivers = np.array([[0, 0, 5], [0, 0, 3.5]], np.float32)
    normals = np.array([[0, 0, 1], [0, 0, 1]], np.float32)
    openness, bent = occlusion.gather(receivers, normals, maps)
    assert openness[0] > 0.97 and openness[1] < 0.15
    assert bent[0, 2] > 0.95


def test_shadow_is_complete_well_behind_a_wall_and_absent_beside_it():
    points, triangles = quad(6.0, half=3.0)
    zbuffer, axes = occlusion.depth_map(
        points,
        triangles,
        np.array([0, 0, 1], np.float32),
        occlusion.SHADOW_CELLS,
        occlusion.SHADOW_EXTENT,
    )
    ask = lambda x: occlusion.soft_visibility(  # noqa: E731
        np.float32(x), np.float32(0), np.float32(4.5), axes, zbuffer,
        np.float32(occlusion.SHADOW_EXTENT), np.float32(math.tan(0.2)), occlusion.DISC,
    )  # fmt: skip
    assert ask(0.0) < 0.02 and ask(8.0) == 1.0
    assert 0.2 < ask(3.0) < 0.8


def test_gloss_reflects_no_more_than_it_receives():
    """White-furnace bound: the GGX lobe times the cosine integrates to at most one."""
    sky = unit(100_000, 2)
    sky[:, 2] = np.abs(sky[:, 2])
    for alpha in (0.08, 0.2, 0.5):
        half = sky + np.array([0, 0, 1])
        half /= np.linalg.norm(half, axis=1, keepdims=True)
        values = [
            shade.ggx(np.float32(h[2]), np.float32(1), np.float32(s[2]), np.float32(alpha)) * s[2]
            for h, s in zip(half[:20_000], sky[:20_000], strict=True)
        ]
        assert 2 * math.pi * float(np.mean(values)) < 1.1

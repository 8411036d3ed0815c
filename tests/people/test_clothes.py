"""What people wear: it fits every skull, hides what it says it hides, and knows nobody."""

from __future__ import annotations

import numpy as np
import pytest

from labkit.people.body.head import build_head
from labkit.people.dress import clothes
from labkit.people.dress.tailor import BACK, form_of, lay, look, run_of, tube
from labkit.people.hair import hair
from labkit.people.who import Covering, Glasses, Shirt, sample_person, sample_styling
from labkit.people.who.person import COVERINGS
from labkit.people.who.styling import GLASSES_SHAPES, SHIRTS
from tests.people.effort import effort


@pytest.fixture(scope="module")
def heads():
    people = [sample_person(seed) for seed in (1, 2, 3)]
    people.append(people[0].with_(cranium_height=1.8, face_width=-1.8, ear_projection=1.8))
    people.append(people[1].with_(cranium_height=-1.8, face_width=1.8, face_length=1.8))
    return [(person, build_head(person)) for person in people]


def sound(mesh):
    """Finite, consistent, unit normals, albedo in 0..1."""
    n = len(mesh.points)
    assert np.isfinite(mesh.points).all()
    assert mesh.triangles.min() >= 0
    assert mesh.triangles.max() < n
    assert mesh.normals.shape == mesh.colour.shape == (n, 3)
    used = np.unique(mesh.triangles)
    assert np.allclose(np.linalg.norm(mesh.normals[used], axis=1), 1, atol=1e-3)
    assert mesh.colour.min() >= 0
    assert mesh.colour.max() <= 1


def outside(points, head):
    """Distance in cm from the axis of the head to points, minus the head's own radius there."""
    form = form_of(head)
    low = points[:, 1] < 1.0
    p = points[low]
    theta = np.arctan2(p[:, 0], p[:, 2] - BACK)
    return np.hypot(p[:, 0], p[:, 2] - BACK) - look(form.neck, theta, run_of(p[:, 1]))


@pytest.mark.parametrize("kind", SHIRTS)
def test_shirts(kind, heads):
    for person, head in heads:
        meshes = clothes.shirt_mesh(Shirt(kind, (0.2, 0.1, 0.1), seed=5), person, head)
        for mesh in meshes:
            sound(mesh)
            assert mesh.material == "cloth"
        assert np.percentile(outside(meshes[0].points, head), 2) > -0.3
        assert max(m.points[:, 1].max() for m in meshes) < -7


@pytest.mark.parametrize("kind", COVERINGS)
@pytest.mark.parametrize("wrap", range(4))
def test_coverings(kind, wrap, heads):
    for person, head in heads:
        meshes, hides = clothes.covering_mesh(Covering(kind, wrap, seed=wrap), person, head)
        assert hides in ("all", "scalp", "top")
        above = np.concatenate([m.points for m in meshes])
        above = above[above[:, 1] > -3]
        assert np.abs(above[:, 0]).max() < 13
        assert above[:, 1].max() < 17
        for mesh in meshes:
            sound(mesh)
            assert mesh.material == "covering"


@pytest.mark.parametrize("kind", [k for k in COVERINGS if k != "kippah"])
def test_the_crown_is_covered(kind, heads):
    person, head = heads[0]
    meshes, _ = clothes.covering_mesh(Covering(kind), person, head)
    p = np.concatenate([m.points for m in meshes])
    near = np.hypot(p[:, 0], p[:, 2] - BACK) < 2
    assert p[near, 1].max() > head.grid[..., 1].max()


def test_nothing_grows_under_a_hijab(heads):
    _, head = heads[0]
    roots = head.scalp[:20].reshape(-1, 3)
    assert clothes.covers(Covering("hijab"), head, roots).all()
    some = clothes.covers(Covering("kippah"), head, roots)
    assert 0 < some.mean() < 1


@pytest.mark.parametrize("shape", GLASSES_SHAPES)
def test_glasses_sit_in_front_of_the_face(shape, heads):
    for person, head in heads:
        frame, pads, lens = clothes.glasses_mesh(Glasses(shape), person, head)
        sound(frame)
        sound(pads)
        assert (frame.material, lens.material) == ("frame", "lens")
        assert lens.opacity.shape == (len(lens.points),)
        eye = np.asarray(head.landmarks["eye_l"])
        near = np.hypot(lens.points[:, 0] - eye[0], lens.points[:, 1] - eye[1]) < 1
        gap = lens.points[near, 2].min() - eye[2] - 1.25
        assert 0.5 < gap < 3
        assert np.abs(frame.points[:, 0]).max() < 11


def test_a_shirt_comes_from_its_seed_and_from_nobody(heads):
    (one, head), _ = heads[:2]
    shirt = clothes.sample_shirt(11)
    again = clothes.sample_shirt(11)
    assert shirt == again
    for a, b in zip(
        clothes.shirt_mesh(shirt, one, head),
        clothes.shirt_mesh(again, one.with_(tone=0.9), head),
        strict=True,
    ):
        assert a.points.tobytes() == b.points.tobytes()
        assert a.colour.tobytes() == b.colour.tobytes()


def test_a_tube_faces_outwards():
    path = np.stack([np.linspace(0, 5, 9), np.zeros(9), np.zeros(9)], -1)
    points, triangles = tube(path, 0.5, 12)
    a, b, c = (points[triangles[:, k]] for k in range(3))
    normal = np.cross(b - a, c - a)
    assert (np.einsum("ij,ij->i", normal[:, 1:], a[:, 1:]) >= -1e-6).all()


def test_lay_keeps_its_distance(heads):
    _, head = heads[0]
    form = form_of(head)
    low = lay(form.skull, 0.3, 9.0, 0.0)
    high = lay(form.skull, 0.3, 9.0, 1.0)
    assert np.linalg.norm(high - low) == pytest.approx(1, abs=1e-3)


def test_quick_enough(heads):
    person, head = heads[0]
    form_of(head)
    clothes.shirt_mesh(Shirt("jacket"), person, head)
    assert effort(lambda: clothes.shirt_mesh(Shirt("jacket"), person, head)) < 5


@pytest.mark.parametrize("kind", ["beanie", "cap", "bandana", "kippah", "hijab"])
def test_hair_is_tucked_under_cloth(kind, heads):
    person, head = heads[0]
    styling = sample_styling(1, person).with_(haircut="long", hair_length=30.0)
    grown = hair.grow(person, styling, head, 1.0)
    covering = Covering(kind)
    left = clothes.tuck(grown, covering, head)
    before = sum(len(s.points) for s in grown.strands)
    after = sum(len(s.points) for s in left.strands)
    assert (after == 0) if kind == "hijab" else (0 < after < before)
    for group in left.strands:
        assert not clothes.covers(covering, head, group.points[:, 0]).any()
        assert len(group.radius) == len(group.points) == len(group.colour)

"""Tubes and gathered hair: in the frame, off the face, the same at every tone and in every run."""

import numpy as np
import pytest

from labkit.people.body.head import build_head
from labkit.people.hair import locs
from labkit.people.who import Person, Styling, sample_person

LENGTH = {
    "locs": 30.0, "box_braids": 36.0, "cornrows": 18.0, "twists": 11.0, "plait": 45.0, "bun": 30.0,
    "ponytail": 36.0, "puff": 16.0,
}  # fmt: skip


@pytest.fixture(scope="module")
def person() -> Person:
    return sample_person(21)


@pytest.fixture(scope="module")
def head(person):
    return build_head(person)


def worn(cut: str, seed: int = 1, hair_type: float = 0.9) -> Styling:
    return Styling(haircut=cut, hair_length=LENGTH[cut], hair_type=hair_type, seed=seed)


def everything(hair) -> np.ndarray:
    parts = [m.points for m in hair.tubes] + [s.points.reshape(-1, 3) for s in hair.strands]
    return np.concatenate(parts)


@pytest.mark.parametrize("cut", sorted(locs.CUTS))
@pytest.mark.parametrize("hair_type", [0.1, 0.95])
def test_stays_finite_and_in_a_portrait(person, head, cut, hair_type):
    for seed in (1, 2):
        points = everything(locs.grow(person, worn(cut, seed, hair_type), head))
        assert np.isfinite(points).all()
        seen = points[points[:, 1] > -12]
        assert np.abs(seen[:, 0]).max() < 13.5
        assert points[:, 1].max() < 18.5


@pytest.mark.parametrize("cut", ["locs", "box_braids", "twists"])
def test_the_face_stays_free(person, head, cut):
    for seed in (1, 2, 3):
        p = everything(locs.grow(person, worn(cut, seed), head))
        before_face = (p[:, 2] > 5) & (np.abs(p[:, 0]) < 4.6) & (p[:, 1] < 3) & (p[:, 1] > -9)
        assert before_face.mean() < 0.002


@pytest.mark.parametrize("cut", sorted(locs.CUTS))
def test_tone_plays_no_part_and_a_seed_repeats(person, head, cut):
    a = locs.grow(person.with_(tone=0.1), worn(cut), head)
    b = locs.grow(person.with_(tone=0.9), worn(cut), head)
    assert all(np.array_equal(m.points, n.points) for m, n in zip(a.tubes, b.tubes, strict=True))
    assert all(np.array_equal(m.colour, n.colour) for m, n in zip(a.tubes, b.tubes, strict=True))
    assert all(
        np.array_equal(s.colour, t.colour) for s, t in zip(a.strands, b.strands, strict=True)
    )
    assert all(
        np.array_equal(s.points, t.points) for s, t in zip(a.strands, b.strands, strict=True)
    )


def test_tube_triangles_face_outwards():
    line = np.linspace([0, 0, 0], [0, -5, 0], 6, dtype=np.float32)[None]
    mesh = locs.tubes(
        line, np.full((1, 6), 0.4), np.zeros((1, 6, 8)), np.full((1, 3), 0.02), rough=0.0
    )
    inner = mesh.points * [0, 1, 0]
    out = (mesh.points - inner) / np.linalg.norm(mesh.points - inner, axis=1, keepdims=True)
    middle = (np.abs(mesh.points[:, 1] + 2.5) < 2)[:, None]
    assert ((out * mesh.normals).sum(1, keepdims=True) > 0.9)[middle].all()


def test_partings_show_the_scalp(person, head):
    coat = locs.grow(person, worn("cornrows"), head).undercoat
    assert coat is not None and coat.opacity is not None
    on_top = coat.points[:, 1] > 9
    assert coat.opacity[on_top].min() < 0.3 and coat.opacity[on_top].max() > 0.8


@pytest.mark.parametrize("cut", sorted(locs.CUTS))
def test_detail_does_not_change_the_hairstyle(person, head, cut):
    hairs = [locs.grow(person, worn(cut, 4), head, detail) for detail in (1.0, 2.0)]
    coarse, fine = (everything(hair) for hair in hairs)
    for low, high in ((coarse.min(0), fine.min(0)), (coarse.max(0), fine.max(0))):
        assert np.abs(low - high).max() < 1.6
    for a, b in zip(hairs[0].tubes, hairs[1].tubes, strict=True):
        assert np.abs(a.points.mean(0) - b.points.mean(0)).max() < 0.8


def test_a_cut_without_tubes_is_refused(person, head):
    with pytest.raises(ValueError, match="no tubes"):
        locs.grow(person, Styling(haircut="bob"), head)

"""Brows, lashes and beards: soft, off the lips, never paint, following the face."""

import numpy as np
import pytest

from labkit.people.body.head import build_head
from labkit.people.hair import facial_hair as fh
from labkit.people.who import Capture, Person, Styling, sample_person

LENGTH = {
    "shadow": 0.04,
    "stubble": 0.2,
    "moustache": 0.7,
    "goatee": 0.8,
    "short": 0.8,
    "full": 2.2,
    "long": 5.0,
}
BEARDS = sorted(LENGTH)


@pytest.fixture(scope="module")
def person() -> Person:
    return sample_person(12)


@pytest.fixture(scope="module")
def head(person):
    return build_head(person)


def bearded(kind: str) -> Styling:
    return Styling(facial_hair=kind, facial_hair_length=LENGTH[kind], seed=5)


@pytest.mark.parametrize("kind", BEARDS)
def test_no_hair_on_the_lips_and_soft_edges(head, kind):
    face = fh.Face.of(head)
    x, y = np.meshgrid(np.linspace(-7, 7, 281), np.linspace(-13, 1, 281))
    place = head.locate(x, y)
    points = head.sample(head.grid, place)
    points[..., 0], points[..., 1] = x, y
    density = fh.beard_density(kind, face, points)
    _, upper, lower = face.lips(x)
    on_lips = (y < upper - 0.05) & (y > lower + 0.05) & (np.abs(x) < face.half - 0.1)
    assert density[on_lips].max() == 0
    assert density.max() > 0.8
    here = fh.beard_density(kind, face, head.grid)
    for axis in (0, 1):
        length = np.linalg.norm(np.diff(head.grid, axis=axis), axis=-1)
        change = np.abs(np.diff(here, axis=axis))
        middle = np.delete(head.grid, 0, axis)
        off_lips = (np.abs(middle[..., 1] - face.mouth) > 1.7) & (length > 0.05)
        assert (change / np.maximum(length, 0.05))[off_lips].max() < 3.0


@pytest.mark.parametrize("kind", BEARDS)
def test_skin_is_seen_between_hairs(person, head, kind):
    hair = fh.beard(person, bearded(kind), head).grow(head.grid)
    assert np.max(hair.opacity) <= 0.7
    veil = fh.undercoat(person, bearded(kind), head, (256, 256))
    assert veil.max() <= 0.45


def test_grey_is_hair_by_hair_and_never_paint(head, person):
    grey = person.with_(greyness=0.5, hair_colour=(0.02, 0.014, 0.01))
    hair = fh.beard(grey, bearded("stubble"), head).grow(head.grid)
    light = hair.colour[:, 1] > 0.06
    assert 0.15 < light.mean() < 0.65
    around_mouth = np.abs(hair.points[:, 0, 1] - fh.Face.of(head).mouth) < 1.5
    assert light[around_mouth].mean() < 0.6
    assert fh.undercoat_colour(grey, bearded("stubble")).max() < 0.1
    full = fh.undercoat(grey, bearded("full"), head, (128, 128)).max()
    assert full < fh.undercoat(grey.with_(greyness=0.0), bearded("full"), head, (128, 128)).max()


def test_tone_plays_no_part_and_a_seed_repeats(person, head):
    capture = Capture(smile=0.5)
    points = head.points(capture)
    a = fh.on_face(person.with_(tone=0.1), bearded("full"), head, points, capture)
    b = fh.on_face(person.with_(tone=0.9), bearded("full"), head, points, capture)
    for s, t in zip(a, b, strict=True):
        assert np.array_equal(s.points, t.points) and np.array_equal(s.colour, t.colour)


def test_hair_follows_the_expression(person, head):
    rest = fh.on_face(person, bearded("short"), head, head.grid, Capture())
    raised = Capture(brow=1.0)
    moved = fh.on_face(person, bearded("short"), head, head.points(raised), raised)
    assert (moved[1].points - rest[1].points)[..., 1].mean() > 0.1
    smile = Capture(smile=1.0)
    smiling = fh.on_face(person, bearded("short"), head, head.points(smile), smile)
    assert np.abs(smiling[2].points[:, 0] - rest[2].points[:, 0]).max() > 0.1


def test_brows_are_a_band_not_a_line(head, person):
    hair = fh.brows(person, head).grow(head.grid)
    roots = hair.points[:, 0]
    right = roots[roots[:, 0] < 0]
    middle = right[np.abs(np.abs(right[:, 0]) - 2.6) < 0.25]
    assert np.ptp(np.percentile(middle[:, 1], [5, 95])) > 0.28
    directions = hair.points[:, -1] - hair.points[:, 0]
    inner = np.abs(roots[:, 0]) < np.percentile(np.abs(roots[:, 0]), 8)
    outer = np.abs(roots[:, 0]) > np.percentile(np.abs(roots[:, 0]), 70)
    upward = directions[:, 1] / np.linalg.norm(directions, axis=1)
    assert upward[inner].mean() > 0.5 > upward[outer].mean()


def test_lashes_close_with_the_lids(person, head):
    awake = fh.lashes(person, head, Capture()).points
    asleep = fh.lashes(person, head, Capture(blink=1.0)).points
    assert np.isfinite(asleep).all()
    assert asleep[..., 1].mean() < awake[..., 1].mean()


def test_wrong_input_is_explained(person, head):
    with pytest.raises(ValueError, match="unknown"):
        fh.beard_density("mutton", fh.Face.plain(), np.zeros((1, 3)))
    with pytest.raises(ValueError, match=r"head\.points"):
        fh.on_face(person, Styling(), head, head.grid[1:], Capture())


def test_a_bare_chin_has_no_beard(person, head):
    assert fh.beard(person, Styling(facial_hair="none"), head) is None

"""Hair and strands against what must hold whatever the art looks like."""

import dataclasses

import numpy as np
import pytest

from labkit.people.body.head import build_head
from labkit.people.hair import hair, strands
from labkit.people.hair.strands import Strands
from labkit.people.photo.light import rig
from labkit.people.photo.view import view
from labkit.people.who import Capture, Styling, sample_person

CUTS = ("shaved", "fade", "crop", "short", "side_part", "swept", "curly_top", "twa", "afro", "bob",
        "shoulder", "long", "fringe", "thinning")  # fmt: skip


@pytest.fixture(scope="module")
def person():
    return sample_person(3).with_(hair_loss=0.0, greyness=0.2)


@pytest.fixture(scope="module")
def head(person):
    return build_head(person)


def grown(person, head, cut, kind=0.0, **more):
    styling = Styling(haircut=cut, hair_type=kind, hair_length=more.pop("length", 20.0), **more)
    return hair.grow(person, styling, head)


def rod(radius=0.5, colour=0.2, z=9.0, opacity=1.0):
    line = np.array([[[-4.0, 0.0, z], [0.0, 0.0, z], [4.0, 0.0, z]]], np.float32)
    return Strands(line, radius, np.full(3, colour), opacity=opacity)


@pytest.mark.parametrize("cut", CUTS)
@pytest.mark.parametrize("kind", (0.0, 0.35, 0.6, 1.0))
def test_every_cut_grows_in_every_type(person, head, cut, kind):
    got = grown(person, head, cut, kind)
    assert got.undercoat is not None
    assert got.undercoat.opacity.min() >= 0 and got.undercoat.opacity.max() <= 1
    assert sum(len(s.points) for s in got.strands) > 500
    for s in got.strands:
        assert np.isfinite(s.points).all() and np.abs(s.points).max() < 45
        assert s.depth.min() >= 0 and s.depth.max() <= 1
        assert s.colour.min() > 0 and s.colour.max() < 1


def test_same_seed_same_bytes_other_seed_other_hair(person, head):
    a, b = (grown(person, head, "short", 0.35, seed=4) for _ in range(2))
    c = grown(person, head, "short", 0.35, seed=5)
    for s, t in zip(a.strands, b.strands, strict=True):
        assert s.points.tobytes() == t.points.tobytes()
        assert s.colour.tobytes() == t.colour.tobytes()
    assert a.strands[0].points.tobytes() != c.strands[0].points.tobytes()


def test_tone_is_not_read(person, head):
    a = grown(person.with_(tone=0.0), head, "shoulder", 0.35)
    b = grown(person.with_(tone=1.0), head, "shoulder", 0.35)
    for s, t in zip(a.strands, b.strands, strict=True):
        assert s.points.tobytes() == t.points.tobytes()
        assert s.colour.tobytes() == t.colour.tobytes()


@pytest.mark.parametrize("cut", ("long", "shoulder", "bob"))
def test_falling_hair_leaves_the_face_free(person, head, cut):
    main = grown(person, head, cut, 0.0).strands[0].points
    x, y, z = main[..., 0], main[..., 1], main[..., 2]
    assert not ((np.abs(x) < 5) & (y < 3) & (z > 4)).any()


def test_longer_cuts_reach_lower(person, head):
    low = [
        grown(person, head, cut).strands[0].points[..., 1].min() for cut in ("short", "bob", "long")
    ]
    assert low[0] > low[1] > low[2]


def test_hair_stays_outside_the_skull(person, head):
    body = hair.Body.of(head)
    points = grown(person, head, "short").strands[0].points
    assert hair.heights(body.shape, points.reshape(-1, 3)).min() > -0.2


def test_hair_loss_is_a_continuum(person, head):
    body = hair.Body.of(head)
    top = (body.points[..., 1] > 8) & (body.above > 1)
    side = (body.points[..., 1] < 3) & (body.above > 1)
    kept = [hair.hair_loss_density(body.points, loss) for loss in (0.0, 0.3, 0.6, 1.0)]
    means = [float(k[top].mean()) for k in kept]
    assert means[0] == 1.0 and means[0] > means[1] > means[2] > means[3]
    assert means[3] < 0.05
    assert kept[3][side].mean() > 0.9


def test_grey_share_follows_greyness(person):
    points = np.zeros((4000, 3), np.float32)
    dark = person.with_(hair_colour=(0.02, 0.015, 0.012))
    means = []
    for greyness in (0.0, 0.5, 1.0):
        rng = np.random.default_rng(1)
        means.append(
            hair.hair_colours(dark.with_(greyness=greyness), Styling(), points, rng).mean()
        )
    assert means[0] < 0.03 and means[2] > 0.35
    assert means[1] == pytest.approx((means[0] + means[2]) / 2, abs=0.06)


def test_dye_replaces_the_natural_colour(person):
    points = np.zeros((2000, 3), np.float32)
    dye = (0.05, 0.09, 0.22)
    got = hair.hair_colours(person, Styling(dye=dye), points, np.random.default_rng(1)).mean(0)
    np.testing.assert_allclose(got, dye, rtol=0.15)


def test_finer_detail_grows_more_and_thinner(person, head):
    styling = Styling(haircut="short")
    coarse, fine = (hair.grow(person, styling, head, d).strands[0] for d in (1.0, 2.0))
    assert 3 <= len(fine.points) / len(coarse.points) <= 4
    assert fine.radius[0] < coarse.radius[0]


def test_bald_heads_show_no_hair(person, head):
    assert grown(person, head, "bald").undercoat is None


def test_strands_refuse_wrong_shapes():
    with pytest.raises(ValueError, match="give"):
        Strands(np.zeros((3, 3)), 0.1, np.zeros(3))
    with pytest.raises(ValueError, match="one value per point"):
        Strands(np.zeros((2, 4, 3)), 0.1, np.zeros(3), depth=np.zeros((2, 3)))


def test_a_rod_covers_its_width_and_hides_behind_solids():
    sight, lamps = view(Capture(), 160), rig(Capture())
    far = np.full((160, 160), -1e3, np.float32)
    placed = strands.place([dataclasses.replace(rod(), taper=0.0)], sight)
    layer = strands.draw(placed, lamps, far)
    # 8 cm x 1 cm, in pixels of the plane z = 9
    px = sight.project(np.array([[0, 0, 9], [1, 0, 9]], np.float32))[0]
    assert layer.alpha.sum() == pytest.approx(8 * (px[1] - px[0]) ** 2, rel=0.05)
    assert layer.depth.max() == pytest.approx(9.0, abs=0.01)
    hidden = strands.draw(placed, lamps, np.full((160, 160), 20.0, np.float32))
    assert hidden.alpha.max() == 0


def test_thin_strands_cover_in_proportion_and_in_any_order():
    sight, lamps = view(Capture(), 160), rig(Capture())
    far = np.full((160, 160), -1e3, np.float32)

    def total(*groups):
        return strands.draw(strands.place(groups, sight), lamps, far)

    thin, half = total(rod(0.02)), total(rod(0.02, opacity=0.5))
    assert half.alpha.sum() == pytest.approx(thin.alpha.sum() / 2, rel=0.05)
    near, back = rod(0.3, 0.6, 10.0), rod(0.3, 0.02, 5.0)
    np.testing.assert_array_equal(total(near, back).rgb, total(back, near).rgb)


def test_hair_shadows_what_lies_behind_it():
    many = np.repeat(rod(0.05).points, 60, 0)
    many[..., 1] = np.linspace(-3, 3, 60)[:, None]
    placed = strands.place([Strands(many, 0.05, np.full(3, 0.1))], view(Capture(), 160))
    density = strands.density_map(placed, np.array([0.0, 0.0, 1.0]))
    before, behind, beside = density.transmittance(
        np.array([[0, 0, 12], [0, 0, 5], [15, 0, 5]], np.float32)
    )
    assert before == pytest.approx(1.0) and beside == pytest.approx(1.0)
    assert 0.2 < behind < 0.8


def test_no_hair_is_no_layer():
    sight, lamps = view(Capture(), 64), rig(Capture())
    placed = strands.place([], sight)
    far = np.full((64, 64), -1e3, np.float32)
    layer = strands.draw(placed, lamps, far, strands.density_map(placed, lamps.key))
    assert layer.alpha.max() == 0

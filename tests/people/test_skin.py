"""Skin: the tone curve is warm and even, and painting never learns the tone."""

from types import SimpleNamespace

import numpy as np
import pytest

from labkit.people.body import skin


def simple_head(rows: int = 60, columns: int = 81) -> SimpleNamespace:
    """Half an ellipsoid: enough surface to paint on."""
    theta = np.linspace(-np.pi, np.pi, columns)
    y = np.linspace(11.6, -23.0, rows)
    wide = np.sqrt(np.clip(1 - (y / 13.5) ** 2, 0.16, 1))[:, None]
    high = np.broadcast_to(y[:, None], (rows, columns))
    grid = np.stack([7 * wide * np.sin(theta), high, 9 * wide * np.cos(theta)], -1)
    return SimpleNamespace(grid=grid.astype(np.float32), theta=theta, landmarks={})


def somebody(seed: int = 3, **changes: object) -> SimpleNamespace:
    marks = SimpleNamespace(freckles=0.5, moles=((0.47, 0.52, 0.15),))
    values = {"seed": seed, "shape": {}, "age": 40.0, "marks": marks}
    return SimpleNamespace(**(values | changes))


def chroma_and_hue(t: float) -> tuple[float, float]:
    _, a, b = skin.tone_lab(t)
    return float(np.hypot(a, b)), float(np.degrees(np.arctan2(b, a)))


def test_tone_curve_darkens_evenly_and_ends_where_it_says() -> None:
    levels = skin.lightness(skin.tone_albedo(np.linspace(0, 1, 101)))
    assert levels[0] == pytest.approx(73, abs=0.1)
    assert levels[-1] == pytest.approx(30.5, abs=0.1)
    steps = -np.diff(levels)
    assert steps.min() > 0.25 and steps.max() < 0.60


@pytest.mark.parametrize("t", np.linspace(0, 1, 11))
def test_every_tone_is_warm(t: float) -> None:
    chroma, hue = chroma_and_hue(t)
    assert chroma > 16
    assert 50 < hue < 65


def test_undertone_and_redness_leave_lightness_alone() -> None:
    plain = skin.lightness(skin.tone_albedo(0.8))
    for change in ({"redness": 1.9}, {"undertone": -1.9}, {"redness": -1.9, "undertone": 1.9}):
        assert skin.lightness(skin.tone_albedo(0.8, **change)) == pytest.approx(plain, abs=0.2)


def test_bands_cover_the_curve_without_gap() -> None:
    names = [skin.tone_band(t) for t in np.linspace(0, 1, 41)]
    assert names == sorted(names, key=["lighter", "medium", "darker"].index)
    assert min(names.count(n) for n in skin.TONE_BANDS) >= 11


@pytest.mark.parametrize("t", [-0.1, 1.2, float("nan")])
def test_a_tone_outside_is_refused(t: float) -> None:
    with pytest.raises(ValueError, match=r"outside 0\.\.1"):
        skin.tone_albedo(t)


def test_detail_outside_is_refused() -> None:
    with pytest.raises(ValueError, match="detail"):
        skin.paint(somebody(), simple_head(), 9.0)


def test_painting_is_repeatable_and_reads_neither_tone_nor_presentation() -> None:
    head = simple_head()
    first = skin.paint(somebody(), head)  # has no tone at all
    second = skin.paint(somebody(tone=0.9, presentation=-1.0), head)
    assert np.array_equal(first.layers, second.layers)
    assert np.array_equal(first.gloss, second.gloss)
    assert not np.array_equal(first.layers, skin.paint(somebody(seed=4), head).layers)


def test_the_same_face_at_both_details() -> None:
    head = simple_head()
    small, large = skin.paint(somebody(), head, 1.0), skin.paint(somebody(), head, 2.0)
    assert large.layers.shape == (1024, 1024, 6)
    step = np.linspace(0, 1023, 384).round().astype(int)
    for layer in (skin.MELANIN, skin.HAEMOGLOBIN, skin.LIP):
        fine = large.layers[np.ix_(step, step)][..., layer].ravel()
        assert np.corrcoef(fine, small.layers[..., layer].ravel())[0, 1] > 0.97


@pytest.mark.parametrize("t", np.linspace(0, 1, 6))
def test_lips_are_seen_at_every_tone(t: float) -> None:
    maps = skin.paint(somebody(), simple_head())
    colours = skin.albedo(maps, t)
    lip = maps.layers[..., skin.LIP] > 0.7
    share = colours / colours.sum(-1, keepdims=True)
    bare = maps.layers[..., skin.LIP] == 0
    assert share[lip][:, 1].mean() < share[bare][:, 1].mean() - 0.008  # less green: redder
    if t > 0.7:  # two tones: the middle is lighter than the rim
        inner = lip & (maps.layers[..., skin.CENTRE] > 0.6)
        outer = lip & (maps.layers[..., skin.CENTRE] < 0.1)
        assert colours[inner].mean() > 1.2 * colours[outer].mean()


@pytest.mark.parametrize("t", [0.0, 0.5, 1.0])
def test_painted_skin_keeps_the_lightness_of_its_tone(t: float) -> None:
    colours = skin.albedo(skin.paint(somebody(), simple_head()), t)
    assert np.median(skin.lightness(colours)) == pytest.approx(skin.tone_lab(t)[0], abs=1.5)
    assert colours.min() > 0 and colours.max() < 1


def test_pore_noise_is_tiny_and_new_in_every_picture() -> None:
    maps = skin.paint(somebody(), simple_head())
    one, other = skin.albedo(maps, 0.5, seed=1), skin.albedo(maps, 0.5, seed=2)
    assert not np.array_equal(one, other)
    assert np.abs(np.log(one / other)).mean() < 0.03
    assert np.abs(maps.bump).max() < 0.006


def test_freckles_and_moles_are_marks() -> None:
    head = simple_head()
    few = SimpleNamespace(freckles=0.0, moles=())
    many = SimpleNamespace(freckles=1.0, moles=((0.5, 0.4, 0.2),) * 5)
    plain = skin.paint(somebody(marks=few), head).layers[..., skin.MARK]
    marked = skin.paint(somebody(marks=many), head).layers[..., skin.MARK]
    assert marked.sum() > 4 * plain.sum()
    assert marked.max() <= 1.8  # more than two moles are not drawn, nor one on top of another

"""The camera against answers known beforehand."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from labkit.people.photo import camera
from labkit.people.photo.camera import Radiance, develop, expose, sensor_signal
from tests.people.effort import effort


@dataclass(frozen=True)
class Settings:
    """A camera without a fault; the tests put the faults in."""

    exposure: str = "equal"
    ev: float = 0.0
    blur: float = 0.0
    noise: float = 0.0
    jpeg: int = 100
    seed: int = 0


PLAIN = Settings()
MIDDLE = (slice(70, 90), slice(70, 90))  # well inside the chart's disc at 160 px
CORNER = (slice(0, 20), slice(0, 20))  # backdrop alone


def portrait(seed: int = 0, size: int = 64) -> Radiance:
    """Make a chart with uneven light, uneven colour and a soft edge."""
    rng = np.random.default_rng(seed)
    chart = Radiance.flat((0.30, 0.18, 0.12), light=1.4, backdrop=0.35, size=size)
    uneven = rng.uniform(0.4, 1.8, chart.alpha.shape).astype(np.float32)
    chart.rgb = chart.rgb * uneven[..., None]
    chart.face = chart.face * rng.uniform(0, 1, chart.alpha.shape).astype(np.float32)
    return chart


def metered_mean(chart: Radiance, gain: float) -> float:
    seen = (chart.rgb.astype(np.float64) * gain) @ camera.LUMINANCE
    return float((seen * chart.face).sum() / chart.face.sum(dtype=np.float64))


# ---- exposure


@pytest.mark.parametrize("scale", [0.05, 0.3, 1.0, 7.0])
def test_equal_gives_every_face_the_same_signal(scale: float) -> None:
    chart = portrait()
    chart.rgb = chart.rgb * np.float32(scale)
    gain = expose(chart, PLAIN).gain
    assert metered_mean(chart, gain) == pytest.approx(camera.EQUAL_SIGNAL, rel=1e-6)


def test_natural_keeps_the_stated_share_of_a_difference() -> None:
    natural = replace(PLAIN, exposure="natural")
    signals = []
    for reflectance in (0.08, 0.40):
        chart = Radiance.flat(reflectance, light=2.7)
        signals.append(expose(chart, natural).gain * reflectance * 2.7)
    assert signals[1] == pytest.approx(camera.FACE_SIGNAL)
    assert signals[1] / signals[0] == pytest.approx(5.0**camera.NATURAL_EXPONENT)


@pytest.mark.parametrize("light", [0.2, 1.0, 3.0])
def test_light_metered_shows_reflectance_whatever_the_light(light: float) -> None:
    for reflectance in (0.06, 0.2, 0.4):
        chart = Radiance.flat(reflectance, light=light, size=160)
        signal = sensor_signal(chart, replace(PLAIN, exposure="light-metered"))
        assert signal[MIDDLE].mean() == pytest.approx(reflectance, rel=1e-5)


def test_locked_is_linear_in_the_scene() -> None:
    locked = replace(PLAIN, exposure="locked", blur=0.8)
    chart = portrait()
    double = replace(chart, rgb=chart.rgb * 2, backdrop_rgb=chart.backdrop_rgb * 2)
    np.testing.assert_allclose(
        sensor_signal(double, locked), 2 * sensor_signal(chart, locked), rtol=1e-5
    )
    assert expose(chart, locked).gain == camera.LOCKED_GAIN == expose(double, locked).gain


@pytest.mark.parametrize("mode", camera.EXPOSURES)
def test_one_stop_doubles_the_whole_picture(mode: str) -> None:
    chart = portrait()
    once = sensor_signal(chart, replace(PLAIN, exposure=mode))
    twice = sensor_signal(chart, replace(PLAIN, exposure=mode, ev=1.0))
    np.testing.assert_allclose(twice, 2 * once, rtol=1e-5)


@pytest.mark.parametrize("mode", camera.EXPOSURES)
def test_the_backdrop_does_not_know_the_face(mode: str) -> None:
    """Bytes of the backdrop are the same behind the lightest and the deepest face."""
    taken = [
        develop(Radiance.flat(r, backdrop=0.5), replace(PLAIN, exposure=mode, noise=0.5, blur=0.5))
        for r in (0.05, 0.45)
    ]
    np.testing.assert_array_equal(taken[0][CORNER], taken[1][CORNER])
    assert taken[0][CORNER].max() < 255


def test_with_no_face_in_view_the_light_is_metered() -> None:
    chart = Radiance.flat(0.2, light=1.7)
    chart.face = np.zeros_like(chart.face)
    for mode in ("equal", "natural"):
        exposure = expose(chart, replace(PLAIN, exposure=mode))
        assert exposure.gain == pytest.approx(1 / 1.7)
        assert np.isnan(exposure.face_luminance)


# ---- lens


def test_the_lens_keeps_the_light_and_spreads_it_as_stated() -> None:
    """A point of light becomes a spot with the blur's standard deviation."""
    side = 160
    chart = Radiance.flat(0.0, backdrop=0.0, size=side, ss=1)
    chart.rgb[80, 80] = 100.0
    locked = replace(PLAIN, exposure="locked", blur=3.0)
    spot = sensor_signal(chart, locked)[..., 1].astype(np.float64)
    assert spot.sum() == pytest.approx(100.0, rel=1e-4)
    place = np.arange(side) - 80
    assert (spot.sum(axis=0) * place**2).sum() / spot.sum() == pytest.approx(9.0, rel=0.01)


def test_a_pixel_is_the_mean_of_its_area() -> None:
    chart = portrait(size=32)
    signal = sensor_signal(chart, replace(PLAIN, exposure="locked"))
    flat = chart.rgb + chart.backdrop_rgb * (1 - chart.alpha)[..., None]
    expected = flat.reshape(32, 2, 32, 2, 3).mean(axis=(1, 3))
    np.testing.assert_allclose(signal, expected, rtol=1e-5)


# ---- sensor


@pytest.mark.parametrize("noise", [0.3, 1.0, 2.5])
@pytest.mark.parametrize("signal", [0.0, 0.05, 0.4, 2.0])
def test_noise_follows_the_photon_transfer_curve(signal: float, noise: float) -> None:
    """The sample variance of n values lies within five of its standard errors, v sqrt(2 / n)."""
    field = np.full((200, 200, 3), signal, np.float32)
    taken = camera.add_noise(field, noise, seed=4).astype(np.float64)
    unit = camera.FULL_WELL / camera.SATURATION / noise**2
    expected = signal / unit + (camera.READ_NOISE / unit) ** 2
    n = taken.size
    assert abs(taken.var() - expected) < 5 * expected * np.sqrt(2 / n)
    assert abs(taken.mean() - signal) < 5 * np.sqrt(expected / n)
    assert camera.noise_variance(signal, noise) == pytest.approx(expected, rel=1e-9)


def test_noise_comes_from_the_seed_and_from_nothing_else() -> None:
    light, dark = (np.full((40, 40, 3), v, np.float32) for v in (0.5, 0.1))
    draws = []
    for field in (light, dark):
        taken = camera.add_noise(field, 1.0, seed=9) - field
        draws.append(taken / np.sqrt(camera.noise_variance(field, 1.0)))
    np.testing.assert_allclose(draws[0], draws[1], atol=1e-3)
    other = camera.add_noise(light, 1.0, seed=10)
    assert np.abs(other - camera.add_noise(light, 1.0, seed=9)).max() > 0.01


def test_no_noise_is_none() -> None:
    field = np.linspace(0, 1, 300, dtype=np.float32).reshape(10, 10, 3)
    np.testing.assert_array_equal(camera.add_noise(field, 0.0, seed=1), field)


# ---- tone curve


@given(st.floats(0, 1))
def test_srgb_there_and_back(value: float) -> None:
    assert float(camera.srgb_decode(camera.srgb_encode(value))) == pytest.approx(value, abs=1e-6)


@pytest.mark.parametrize(
    ("linear", "display"), [(0, 0), (0.0031308, 0.04045), (0.18, 0.46136), (0.5, 0.73536), (1, 1)]
)
def test_srgb_at_known_places(linear: float, display: float) -> None:
    assert float(camera.srgb_encode(linear)) == pytest.approx(display, abs=2e-5)


def test_the_curve_rises_from_black_to_white_and_adds_no_grey() -> None:
    signal = np.linspace(0, camera.SATURATION, 20_001)
    display = camera.tone_map(signal)
    assert display[0] == 0 and display[-1] == pytest.approx(1)
    assert (np.diff(display) > 0).all()
    dark = (signal > 0) & (signal < 0.1)
    assert (display[dark] < camera.srgb_encode(signal[dark])).all()


def test_the_shoulder_has_no_kink() -> None:
    x = camera.SHOULDER + np.array([-1e-4, 0.0, 1e-4])
    below, above = np.diff(camera.tone_map(x))
    assert above / below == pytest.approx(1, abs=2e-3)


def test_bytes_are_the_curve_rounded() -> None:
    signal = np.linspace(-0.1, 5, 30_000, dtype=np.float32).reshape(100, 100, 3)
    got = camera._to_bytes(signal, camera._CURVE, np.float32(camera.SATURATION))
    exact = 255 * camera.tone_map(signal)
    assert np.abs(got - exact).max() < 0.52


# ---- the photograph


@settings(deadline=None, max_examples=20)
@given(
    mode=st.sampled_from(camera.EXPOSURES),
    ev=st.floats(-3, 3),
    noise=st.floats(0, 3),
    blur=st.floats(0, 2),
    jpeg=st.integers(5, 100),
    seed=st.integers(0, 2**31),
)
def test_same_settings_same_bytes(
    mode: str, ev: float, noise: float, blur: float, jpeg: int, seed: int
) -> None:
    capture = Settings(mode, ev, blur, noise, jpeg, seed)
    chart = portrait(3)
    before = chart.rgb.copy(), chart.backdrop_rgb.copy()
    one, two = develop(chart, capture), develop(chart, capture)
    assert one.dtype == np.uint8 and one.shape == (64, 64, 3)
    np.testing.assert_array_equal(one, two)
    np.testing.assert_array_equal(chart.rgb, before[0])
    np.testing.assert_array_equal(chart.backdrop_rgb, before[1])


def test_red_stays_red_through_jpeg() -> None:
    chart = Radiance.flat((0.5, 0.05, 0.05), backdrop=0.1)
    for jpeg in (100, 95):
        red, green, blue = develop(chart, replace(PLAIN, jpeg=jpeg))[MIDDLE].reshape(-1, 3).mean(0)
        assert red > 1.8 * max(green, blue)


def test_jpeg_costs_what_jpeg_costs() -> None:
    chart = portrait(5, size=160)
    plain, fine, coarse = (
        develop(chart, replace(PLAIN, noise=1.0, jpeg=q)).astype(float) for q in (100, 95, 30)
    )
    assert 0 < np.abs(fine - plain).mean() < np.abs(coarse - plain).mean() < 25


@pytest.mark.parametrize("tone", [(0.45, 0.30, 0.22), (0.11, 0.060, 0.037)])
def test_equal_light_means_equal_noise(tone: tuple[float, float, float]) -> None:
    """Metered to one signal, a light and a deep face carry the same relative noise in luminance."""
    chart = Radiance.flat(tone)
    clean = sensor_signal(chart, PLAIN)
    taken = camera.add_noise(clean, 1.0, seed=2)
    relative = np.std((taken - clean)[MIDDLE] @ camera.LUMINANCE) / camera.EQUAL_SIGNAL
    assert relative == pytest.approx(0.031, rel=0.2)


@pytest.mark.parametrize(("size", "budget"), [(160, 2.5), (512, 20)])
def test_developing_is_fast(size: int, budget: float) -> None:
    chart = Radiance.flat(size=size)
    capture = Settings("natural", 0.0, 0.5, 0.5, 90, 1)
    develop(chart, capture)
    assert effort(lambda: develop(chart, capture)) < budget


# ---- wrong input: one sentence each


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"exposure": "fair"}, "exposure 'fair' is not one of equal, natural"),
        ({"ev": float("nan")}, "ev of the capture is nan"),
        ({"blur": -1.0}, "blur -1 is negative"),
        ({"noise": -0.5}, "noise -0.5 is negative"),
        ({"noise": 1.0, "seed": -1}, "seed -1 is negative"),
        ({"jpeg": 0}, "JPEG quality 0 is not in 1..100"),
    ],
)
def test_wrong_settings(change: dict[str, object], sentence: str) -> None:
    with pytest.raises(ValueError, match=sentence):
        develop(portrait(), replace(PLAIN, **change))  # type: ignore[arg-type]


def test_wrong_radiance() -> None:
    chart = portrait()
    with pytest.raises(ValueError, match=r"alpha of the radiance has shape \(8, 8\)"):
        develop(replace(chart, alpha=np.zeros((8, 8), np.float32)), PLAIN)
    with pytest.raises(ValueError, match="light_on_face of the radiance is 0"):
        develop(replace(chart, light_on_face=0.0), PLAIN)
    with pytest.raises(ValueError, match="has no pixels"):
        develop(replace(chart, size=0), PLAIN)
    holed = replace(chart, backdrop_rgb=chart.backdrop_rgb.copy())
    holed.backdrop_rgb[0, 0, 1] = np.nan
    with pytest.raises(ValueError, match="leaves 1 of 4096 pixels without a finite value"):
        develop(holed, PLAIN)
    lost = replace(chart, rgb=np.full_like(chart.rgb, np.nan))
    with pytest.raises(ValueError, match="finite"):
        develop(lost, PLAIN)

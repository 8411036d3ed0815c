"""Eyes: cut by the lids, turned by the gaze, shaded by the lids, blind to tone."""

from types import SimpleNamespace

import numpy as np
import pytest

from labkit.people.body import eyes, skin

PPCM = 20


def lids(height: float = 1.1) -> SimpleNamespace:
    s = np.linspace(0, 1, 33)
    arch = np.sin(np.pi * s)
    x = 3.15 + (s - 0.5) * 3.0
    left = SimpleNamespace(x=x, upper=0.6 * height * arch, lower=-0.4 * height * arch)
    right = SimpleNamespace(x=-x, upper=left.upper, lower=left.lower)
    return SimpleNamespace(l=left, r=right)


def look(
    tone: float = 0.3,
    gaze: tuple[float, float] = (0.0, 0.0),
    height: float = 1.1,
    fold: float = -1.0,
) -> tuple[eyes.EyeBuffers, np.ndarray, np.ndarray]:
    """Both eyes from the front; buffers, x and y of the pixels."""
    head = SimpleNamespace(
        landmarks={"eye_r": (-3.15, 0, 6.6), "eye_l": (3.15, 0, 6.6), "iris_radius": 0.63},
        lids=lambda _: lids(height),
    )
    who = SimpleNamespace(seed=1, iris=(0.1, 0.05, 0.02), age=30.0, shape={"epicanthus": fold})
    pair = eyes.eye_set(who, head, SimpleNamespace(gaze=gaze))
    x, y = np.meshgrid(
        (np.arange(10 * PPCM) + 0.5) / PPCM - 5, 1.5 - (np.arange(3 * PPCM) + 0.5) / PPCM
    )
    points = np.stack([x, y, np.full_like(x, 7.9)], -1).astype(np.float32)
    under = np.broadcast_to(skin.tone_albedo(tone), points.shape).astype(np.float32)
    one = np.eye(3, dtype=np.float32)
    buffers = eyes.shade_eyes(
        points[..., :2], points, np.ones(x.shape, bool), under, pair, one,
        np.zeros(3, np.float32), np.array([0, 0, 148], np.float32), 1 / PPCM,
    )  # fmt: skip
    return buffers, x, y


def iris_x(buffers: eyes.EyeBuffers, x: np.ndarray, y: np.ndarray) -> float:
    """Mean x of the dark middle of the left eye."""
    seen = (x > 2.0) & (x < 4.4) & (np.abs(y) < 0.25) & (buffers.albedo.sum(-1) < 0.06)
    return float(x[seen].mean())


def test_covered_area_is_the_opening() -> None:
    buffers, x, _ = look()
    area = buffers.alpha[x > 0].sum() / PPCM**2
    assert area == pytest.approx(3.0 * 1.1 * 2 / np.pi, rel=0.03)


def test_closed_lids_hide_the_eye() -> None:
    assert look(height=0.0)[0].alpha.sum() == 0


def test_gaze_turns_the_iris_to_where_it_looks() -> None:
    straight, right = iris_x(*look()), iris_x(*look(gaze=(12.0, 0.0)))
    assert right - straight == pytest.approx(1.25 * np.sin(np.radians(12)), abs=0.08)


def test_eye_itself_is_the_same_at_every_tone() -> None:
    light, x, y = look(0.0)
    deep = look(1.0)[0]
    ball = (np.abs(x - 3.15) < 0.9) & (np.abs(y) < 0.12) & (light.alpha == 1)
    assert ball.sum() > 100
    assert np.array_equal(light.albedo[ball], deep.albedo[ball])
    assert np.array_equal(light.occlusion, deep.occlusion)


def test_white_of_the_eye_never_glows() -> None:
    buffers = look(1.0)[0]
    lit = buffers.albedo * buffers.occlusion[..., None]
    assert buffers.albedo.max() < 0.40
    assert lit.max() < 0.36
    # against the deepest skin: the review asked for less than the 51 steps it measured
    gap = np.percentile(skin.lightness(lit[buffers.alpha > 0.9]), 99) - skin.tone_lab(1.0)[0]
    assert gap < 36


def test_upper_lid_shades_the_ball() -> None:
    buffers, x, y = look()
    column = np.abs(x - 3.9) < 0.03
    top = buffers.occlusion[column & (y > 0.40) & (buffers.alpha > 0.9)].mean()
    middle = buffers.occlusion[column & (np.abs(y) < 0.05)].mean()
    assert top < 0.8 * middle


def test_normals_are_unit_and_face_the_lens() -> None:
    buffers = look()[0]
    inside = buffers.alpha > 0
    for vectors in (buffers.normal, buffers.shine):
        assert np.linalg.norm(vectors[inside], axis=-1) == pytest.approx(1.0, abs=1e-3)
        assert (vectors[inside][:, 2] > -0.1).all()
    assert (buffers.normal[~inside] == 0).all()


def test_fold_hides_the_pink_corner() -> None:
    bare, x, _ = look(fold=-1.0)
    folded = look(fold=1.9)[0]
    corner = (np.abs(x - 1.8) < 0.12) & (bare.alpha > 0.9)
    assert corner.any()
    red = [b.albedo[corner][:, 0].mean() / b.albedo[corner][:, 1].mean() for b in (bare, folded)]
    assert red[0] > 1.15 * red[1]


def test_wrong_input_is_named() -> None:
    with pytest.raises(ValueError, match="lid curves"):
        eyes.lid_curves(SimpleNamespace(x=[0, 1], upper=[0, 1, 2], lower=[0, 1]))
    flat = np.zeros((4, 4, 3), np.float32)
    with pytest.raises(ValueError, match="different pictures"):
        eyes.shade_eyes(
            flat[..., :2],
            flat,
            np.ones((5, 4)),
            flat,
            None,
            np.eye(3),
            np.zeros(3),
            np.zeros(3),
            0.1,
        )

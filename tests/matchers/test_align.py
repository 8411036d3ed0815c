"""Alignment: the vector of the direct path is DeepFace's, and pixel vectors hold the face alone."""

from __future__ import annotations

import sys

import numpy as np
import pytest

from labkit.matchers.align import (
    CHIP,
    LANDMARKS,
    NETWORK,
    DlibPipeline,
    crop_vectors,
    face_oval,
    grey_crop,
    model_file,
)
from labkit.people.photo.render import render
from labkit.people.who import Capture, Styling, sample_person


@pytest.fixture(scope="module")
def pipeline():
    return DlibPipeline()


@pytest.fixture(scope="module")
def portraits():
    people = [sample_person(s) for s in (3, 11)]
    return [render(p, Styling(haircut="crop", hair_length=2), Capture()) for p in people]


def test_a_portrait_is_found_aligned_and_described(pipeline, portraits):
    for picture in portraits:
        face = pipeline(picture)
        assert face is not None
        assert face.chip.shape == (CHIP, CHIP, 3) and face.chip.dtype == np.uint8
        assert face.descriptor.shape == (128,) and face.descriptor.dtype == np.float32
        left, top, right, bottom = face.box
        assert right - left > 40 and bottom - top > 40
        # Eyes of the aligned face lie level, where the network was trained to see them.
        again = pipeline.find(face.chip)
        if again is not None:
            eyes = np.array([(again.part(k).x, again.part(k).y) for k in range(4)])
            assert abs(eyes[:2, 1].mean() - eyes[2:, 1].mean()) < 4


def test_pictures_are_described_alike_alone_and_together(pipeline, portraits):
    together = pipeline.many([*portraits, np.zeros((160, 160, 3), np.uint8)])
    assert together[2] is None
    for picture, face in zip(portraits, together, strict=False):
        assert np.array_equal(pipeline(picture).descriptor, face.descriptor)


@pytest.mark.slow
def test_deepface_gives_the_same_vector_from_the_same_chip(
    pipeline, portraits, tmp_path, monkeypatch
):
    monkeypatch.setenv("DEEPFACE_BACKEND_ENGINE", "onnx")
    monkeypatch.setenv("DEEPFACE_HOME", str(tmp_path))
    weights = tmp_path / ".deepface" / "weights"
    weights.mkdir(parents=True)
    (weights / NETWORK).symlink_to(model_file(NETWORK))
    from deepface import DeepFace

    face = pipeline(portraits[0])
    bgr = np.ascontiguousarray(face.chip[..., ::-1])  # DeepFace reads arrays as BGR
    found = DeepFace.represent(
        bgr, model_name="Dlib", detector_backend="skip", enforce_detection=False
    )
    assert np.array_equal(np.asarray(found[0]["embedding"], np.float32), face.descriptor)


def test_the_noncommercial_landmarks_are_never_loaded():
    assert "68" not in LANDMARKS
    assert model_file(LANDMARKS).is_file() and model_file(NETWORK).is_file()
    assert "face_recognition_models" not in sys.modules


@pytest.mark.parametrize(
    ("picture", "says"),
    [
        (np.zeros((10, 10), np.uint8), "shape \\(height, width, 3\\)"),
        (np.zeros((10, 10, 3), np.float32), "uint8 values 0..255, not float32"),
        ("face.png", "should be an array"),
    ],
)
def test_a_wrong_picture_gets_one_sentence(pipeline, picture, says):
    with pytest.raises(ValueError, match=says):
        pipeline(picture)


def test_a_missing_model_is_named():
    with pytest.raises(FileNotFoundError, match="nothing is missing"):
        model_file("nothing")


def test_pixel_vectors_ignore_brightness_contrast_hair_and_backdrop():
    rng = np.random.default_rng(0)
    crop = rng.integers(60, 120, (64, 64)).astype(np.uint8)
    brighter = (crop * 2).astype(np.uint8)
    framed = crop.copy()
    framed[face_oval() == 0] = 255
    a, b, c = crop_vectors(np.stack([crop, brighter, framed]))
    assert np.allclose(a, b, atol=0.1) and np.allclose(a, c, atol=1e-4)
    oval = face_oval().ravel()
    assert abs(float(a @ oval / oval.sum())) < 0.05
    assert grey_crop(np.zeros((150, 150, 3), np.uint8)).shape == (64, 64)

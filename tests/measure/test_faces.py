"""A set compared with itself, by every matcher of the registry."""

from __future__ import annotations

import dataclasses

import numpy as np
import pytest

from labkit import data, matchers
from labkit.measure.faces import compare_faces, threshold_cells
from labkit.measure.scores import all_pairs

FEW = 40


@pytest.fixture(scope="module")
def faces():
    """The first photographs of dev, small enough for every matcher."""
    whole = data.load("anytown/dev")
    some = whole.images.index < FEW
    return dataclasses.replace(
        whole,
        images=whole.images[some],
        templates=whole.templates[some],
        pictures=whole.pictures[:FEW],
    )


@pytest.mark.parametrize("entry", list(matchers.offline()), ids=lambda entry: entry.name)
def test_a_matcher_s_templates_are_compared_as_it_says(entry):
    faces = data.load("anytown/dev")
    pairs = compare_faces(faces, entry.name)
    plain = all_pairs(entry.templates(faces), faces.of("person"), entry.measure)
    assert np.array_equal(pairs.matrix, plain.matrix, equal_nan=True)
    assert pairs.measure == entry.measure and (pairs.people == faces.of("person")).all()


def test_pairs_know_who_kept_their_style_where_the_set_says_it(faces):
    pairs = compare_faces(faces)
    assert (pairs.kept == (faces.of("styling_kept") == 1)).all() and not pairs.kept.all()
    without = dataclasses.replace(faces, images=faces.images.drop(columns="styling_kept"))
    assert compare_faces(without).kept is None


def test_what_cannot_be_compared_is_refused(faces):
    with pytest.raises(ValueError, match="there is no matcher 'dlip': use one of dlib"):
        compare_faces(faces, "dlip")
    with pytest.raises(ValueError, match="was fitted on people of anytown/train"):
        compare_faces(data.load("anytown/train"), "Fisherfaces")
    with pytest.raises(LookupError, match="has no crops"):
        compare_faces(data.load("teaching/linked"), "Eigenfaces")


def test_a_threshold_is_chosen_within_six_cells_of_tone_and_presentation():
    whole = data.load("anytown/dev")
    cells = threshold_cells(whole)
    assert len(cells.categories) == 6 and len(cells) == len(whole)
    both = zip(whole.of("tone_band"), whole.of("presentation_half"), strict=True)
    assert list(cells) == [f"{tone}, {half}" for tone, half in both]

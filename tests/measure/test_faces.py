"""A set compared with itself, by every matcher of the registry."""

from __future__ import annotations

import dataclasses
import gc
import weakref

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


def test_what_somebody_holds_is_not_made_twice_and_nothing_else_is_kept(faces):
    """Finding: a notebook asked for the same table three times; each took 33 MB, and a second."""
    first = compare_faces(faces)
    assert compare_faces(faces) is first
    assert compare_faces(dataclasses.replace(faces)) is first  # the same photographs
    with pytest.raises(ValueError, match="read-only"):
        first.matrix[0, 1] = 0
    held = weakref.ref(first.matrix)
    del first
    gc.collect()
    assert held() is None


@pytest.mark.parametrize("changed", ["a template", "a person", "a style", "no styles", "matcher"])
def test_a_table_of_others_is_made_anew(faces, changed):
    first, images, templates = compare_faces(faces), faces.images.copy(), faces.templates.copy()
    if changed == "a template":
        templates[3, 0] += 1e-3
    elif changed == "a person":
        images.loc[3, "person"] = images["person"][4]
    elif changed == "a style":
        images.loc[3, "styling_kept"] = 1 - images["styling_kept"][3]
    elif changed == "no styles":
        images = images.drop(columns="styling_kept")
    other = dataclasses.replace(faces, images=images, templates=templates)
    name = "AnytownNet" if changed == "matcher" else "dlib"
    assert compare_faces(other, name) is not first


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

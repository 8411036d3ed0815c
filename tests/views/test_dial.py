"""The dial explorer sends the counts that the searches give, and two maps that agree twice."""

from __future__ import annotations

import re

import numpy as np
import pytest
import traitlets

from labkit.gallery.council import BANDS, POINTS, Trial
from labkit.views import explorers
from tests.gallery.councils import Made

SIZE = 1500


@pytest.fixture(scope="module")
def town():
    return Trial(Made(size=SIZE), "dlib", "town", SIZE)


@pytest.fixture(scope="module")
def view(town):
    return explorers.dial(town)


def test_each_step_has_the_counts_of_the_searches(town, view):
    meta = view.meta
    assert meta["members"] == [100, 100, 100] and meta["innocent"] == 600
    found = [town.best("dev"), town.mates[0]]
    for step in meta["steps"]:
        t = float(step["threshold"])
        for key, scores in zip(("innocent", "found"), found, strict=True):
            counts = [int((scores >= t + e).sum()) for e in (-6e-5, 6e-5)]
            assert counts[1] <= step[key] <= counts[0]
    for name in POINTS:
        step = meta["steps"][meta["points"][name]]
        council = town.council(town.at(name))
        assert step["matched"] == [council.count(band)[0] for band in BANDS]
        assert step["found"] == town.found(town.at(name)).errors
        assert step["innocent"] == round(600 * POINTS[name])


def test_it_goes_from_nearly_everybody_to_nobody_and_never_back(view):
    innocent = [step["innocent"] for step in view.meta["steps"]]
    assert innocent == sorted(innocent, reverse=True)
    assert innocent[0] > 500 and innocent[-1] == 0


def test_two_maps_agree_at_both_anchors_and_part_above(view):
    meta = view.meta
    at = {name: meta["steps"][place]["percents"] for name, place in meta["points"].items()}
    assert at["A"] == ["50%", "50%"] and at["C"] == ["80%", "80%"]
    straight, logistic = meta["steps"][-1]["percents"]
    assert straight != logistic


def test_it_begins_where_the_primary_test_was_made_and_carries_the_stamp(view):
    meta = view.meta
    assert view.step == meta["points"]["C"]
    assert meta["stamp"] == "Matcher: dlib 2017 on invented faces, not Rekognition."
    assert meta["stamp"] in view.still().said
    assert [row[0] for row in view.still().rows][1] == "lighter members falsely matched"


def test_people_without_a_face_are_counted_as_nobody_returned():
    from labkit.views.explorers._dial import _of

    example = explorers.DialExplorer.example()
    assert example.meta["enrolled"] == 50
    rng = np.random.default_rng(0)
    best, council, mates = rng.normal(size=600), rng.normal(size=90), rng.normal(1.5, 1, 50)
    best[:5] = council[:3] = mates[:2] = np.nan
    from labkit.gallery.vendor import Anchor, maps
    from labkit.measure import searches

    points = {n: searches.search_threshold(best, share) for n, share in POINTS.items()}
    both = maps(Anchor(points["A"].value, "a"), Anchor(points["C"].value, "c"))
    bands = np.repeat(BANDS, 30)
    meta = _of(best, council, bands, mates, points, both, "matcher: x").meta
    assert meta["innocent"] == 600 and meta["enrolled"] == 50 and meta["members"] == [30] * 3
    assert meta["steps"][0]["innocent"] <= 595 and meta["steps"][0]["found"] <= 48


def test_a_step_that_is_not_there_is_refused(view):
    with pytest.raises(traitlets.TraitError, match="there is no step"):
        view.step = 10_000


def test_the_sentence_of_the_page_has_every_count():
    words = explorers.DialExplorer.words()
    named = set(re.findall(r"\{(\w+)\}", words["sentence"]))
    assert {"innocent", "matched", "found", "percents", "all", "enrolled"} <= named

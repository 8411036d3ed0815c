"""The vendor's words and limits: what they were, and that no percentage passes for more."""

from __future__ import annotations

import csv
import math
import re
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from labkit import data
from labkit.gallery import Collection, GalleryError, Measured, vendor
from labkit.matchers import yunet
from labkit.matchers.describing import Described
from labkit.measure.searches import search_threshold

LOW, HIGH = vendor.Anchor(-0.6, "low"), vendor.Anchor(-0.45, "high")
ASK: dict[str, Any] = {"by": "a reader", "why": "a test"}


@pytest.fixture
def town(tmp_path):
    with Collection.create(tmp_path / "town.gallery", "numbers", measure="euclidean") as made:
        yield made


# ---- what was documented ------------------------------------------------------------------------


def rows() -> dict[str, dict[str, str]]:
    with open(data.data_folder() / "published" / "aws_docs.csv", encoding="utf-8") as file:
        return {row["id"]: row for row in csv.DictReader(file)}


def test_limits_and_defaults_are_those_of_the_published_table() -> None:
    """Finding: 'the default was 80' is said of searches of which the guide said other things."""
    known = rows()
    assert float(known[vendor.SOURCES["FACES_IN_AN_IMAGE"]]["value"]) == vendor.FACES_IN_AN_IMAGE
    limit = known[vendor.SOURCES["FACES_IN_A_COLLECTION"]]
    assert float(limit["value"]) == vendor.FACES_IN_A_COLLECTION
    for what, since, percent in vendor.DEFAULTS:
        row = known[vendor.SOURCES[f"{what} {since}"]]
        assert (row["date"], float(row["value"])) == (since, percent)
        assert {"compare": "comparison", "search": "gallery", "stream": "stream"}[what] in row[
            "topic"
        ]
    assert len(vendor.SOURCES) == 2 + len(vendor.DEFAULTS)
    for name in ("search-reference-none", "search-reference-80"):
        assert name in Path(vendor.__file__).read_text("utf-8") and name in known


def test_defaults_hold_from_their_day_on() -> None:
    assert vendor.default("stream", "2020-04-30") == 70
    assert vendor.default("stream", "2020-05-01") == 80
    with pytest.raises(ValueError, match="no default of 'search' is known for 2017-01-01"):
        vendor.default("search", "2017-01-01")


# ---- the two maps -------------------------------------------------------------------------------


def test_the_maps_agree_where_something_was_measured_and_part_elsewhere() -> None:
    """Finding: whoever draws the map decides whether '99 makes it go away'."""
    straight, logistic = vendor.maps(LOW, HIGH)
    for percent, anchor in ((50, LOW), (80, HIGH)):
        assert straight.score(percent) == logistic.score(percent) == anchor.score
    assert logistic.score(99) - straight.score(99) > 1.5 * straight.step
    table = vendor.beside((straight, logistic))
    assert table["similarity %"].tolist() == [50, 80, 95, 99]
    apart = (table["logistic"] - table["straight"]).tolist()
    assert apart[:2] == [0, 0] and 0 < apart[2] < apart[3]


ANCHORS = st.tuples(
    st.floats(-2, 2).map(lambda x: round(x, 3)), st.floats(0.001, 2).map(lambda x: round(x, 3))
)


@given(ANCHORS, st.floats(1, 99), st.sampled_from([0, 1]))
def test_percent_and_score_are_each_others_inverse(anchors, percent: float, which: int) -> None:
    low, step = anchors
    one = vendor.maps(vendor.Anchor(low, "a"), vendor.Anchor(low + step, "b"))[which]
    assert one.percent(one.score(percent)) == pytest.approx(percent, abs=1e-6)
    scores = np.linspace(low - 3, low + 3, 50)
    percents = one.percent(scores)
    assert (np.diff(percents) >= 0).all() and percents.min() >= 0 and percents.max() <= 100
    assert np.isnan(one.percent(np.nan))


@given(ANCHORS, st.floats(-1, 1))
def test_the_formula_in_words_is_what_is_computed(anchors, at: float) -> None:
    low, step = anchors
    for one in vendor.maps(vendor.Anchor(low, "a"), vendor.Anchor(low + step, "b")):
        text = one.words().split("= ")[1].split(", not below")[0]
        text = text.replace(" x ", " * ").replace("4 to the power of", "4 **")
        score = low + at * step
        value = eval(re.sub(r"[^-\d.e+*/() score]", "", text), {"score": score})
        assert one.percent(score) == pytest.approx(min(max(value, 0), 100), abs=1e-2)


def test_a_map_says_what_was_measured_and_whose_it_is_not() -> None:
    best = np.linspace(-1.0, 0.0, 1000)
    low, high = search_threshold(best, 0.5), search_threshold(best, 0.05)
    straight, logistic = vendor.maps(low, high)
    for one in (straight, logistic):
        said = one.read()
        assert "50 of 1000 searches by people enrolled nowhere returned somebody" in said
        assert "not Rekognition's, which is not published" in said and one.words() in said
    assert straight.score(80) == high.value


@pytest.mark.parametrize("anchor", [-0.5, "80", None, SimpleNamespace(value=-0.5)])
def test_a_percentage_needs_something_measured(anchor: Any) -> None:
    with pytest.raises(GalleryError):
        vendor.maps(LOW, anchor)


@pytest.mark.parametrize(
    ("call", "words"),
    [
        (lambda: vendor.maps(HIGH, LOW), "must lie above"),
        (lambda: vendor.maps(LOW, LOW), "must lie above"),
        (lambda: vendor.PercentMap("round", LOW, HIGH), "there is no map 'round'"),
        (lambda: vendor.maps(LOW, HIGH)[0].score(100), "100 is no percentage to ask for"),
        (lambda: vendor.maps(LOW, HIGH)[1].score(0), "0 is no percentage to ask for"),
        (lambda: vendor.maps(LOW, HIGH)[1].score(math.nan), "nan is no percentage to ask for"),
    ],
)
def test_what_is_no_map_is_refused(call: Any, words: str) -> None:
    with pytest.raises(GalleryError, match=words):
        call()


# ---- the display --------------------------------------------------------------------------------


def test_the_vendors_words_stand_beside_the_labs(town: Collection) -> None:
    """Finding: a percentage without the size of the gallery and a measured rate answers nothing."""
    town.index([[0.0], [0.4], [3.0]], [*"abc"], matcher="numbers")
    one = vendor.maps(Measured(-0.6, 1e-2, "people"), Measured(-0.45, 1e-3, "people"))[0]
    found = vendor.Display(town, one).search_faces([0.01], matcher="numbers", **ASK)
    assert found.asked == 80 and found.answer.threshold == -0.45
    assert found.answer.expected == pytest.approx(3e-3)
    assert found.in_their_words() == {
        "FaceMatches": [
            {"Similarity": 100.0, "Face": {"FaceId": "a"}},
            {"Similarity": 92.0, "Face": {"FaceId": "b"}},
        ]
    }
    said = found.read()
    assert one.words() in said and "not Rekognition's" in said and found.answer.read() in said
    strict = vendor.Display(town, one).search_faces(
        [0.01], matcher="numbers", face_match_threshold=99, max_faces=1, **ASK
    )
    assert strict.answer.expected is None and len(strict.answer.candidates) == 1
    assert [line.threshold for line in town.lines()] == [-0.45, one.score(99)]


def test_the_display_needs_a_reason_too(town: Collection) -> None:
    shown = vendor.Display(town, vendor.maps(LOW, HIGH)[0])
    with pytest.raises(GalleryError, match="no reason was given"):
        shown.search_faces([0.0], matcher="numbers", by="a reader", why="")
    with pytest.raises(GalleryError, match="no percentage"):
        shown.search_faces([0.0], matcher="numbers", face_match_threshold=101, **ASK)
    assert town.lines() == [] and "straight" in repr(shown)


class Means:
    """Describes a piece by its mean."""

    measure = "euclidean"

    def describe(self, pictures: Any) -> Described:
        rows = np.array([[float(np.mean(p))] for p in pictures], np.float32)
        table = pd.DataFrame({"status": ["ok"] * len(rows), "words": [""] * len(rows)})
        return Described(rows, table)


def test_only_the_largest_faces_of_an_image_are_indexed(town: Collection, monkeypatch: Any) -> None:
    """One hundred; of the others it is said why they are not in the gallery."""
    boxes = np.zeros((102, 15), np.float32)
    boxes[:, 0], boxes[:, 2:4] = np.arange(102) * 3, 3
    monkeypatch.setattr(yunet, "faces", lambda picture: boxes)
    picture = np.arange(12 * 400 * 3, dtype=np.uint32).reshape(12, 400, 3).astype(np.uint8)
    shown = vendor.Display(town, vendor.maps(LOW, HIGH)[0])
    done = shown.index_faces(picture, "crowd", describer=Means())
    assert len(town) == 100 and done.done[:2] == ("crowd-1", "crowd-2")
    assert [name for name, _reason in done.refused] == ["crowd-101", "crowd-102"]
    assert "not among the 100 largest" in done.refused[0][1]
    monkeypatch.setattr(vendor, "FACES_IN_A_COLLECTION", 150)
    with pytest.raises(GalleryError, match="at most 150 faces"):
        shown.index_faces(picture, "another", describer=Means())
    with pytest.raises(GalleryError):
        shown.index_faces("no such file.png", "x", describer=Means())


def test_two_people_in_one_photograph(tmp_path) -> None:
    """Both are indexed; a search with the photograph is for the larger face alone."""
    faces = data.load("anytown/eval")
    person = faces.images["person"]
    first, second = (int(np.flatnonzero(person == p)[0]) for p in person.unique()[:2])
    large, small = faces.pictures[first], faces.pictures[second]
    small = small[::2, ::2]
    both = np.full((large.shape[0], large.shape[1] + small.shape[1], 3), 127, np.uint8)
    both[:, : large.shape[1]] = large
    both[: small.shape[0], large.shape[1] :] = small
    town = Collection.create(tmp_path / "sface.gallery", "SFace")
    shown = vendor.Display(town, vendor.maps(vendor.Anchor(0.5, "a"), vendor.Anchor(0.7, "b"))[0])
    done = shown.index_faces(both, "both")
    assert done.done == ("both-1", "both-2"), done.read()
    found = shown.search_faces_by_image(both, face_match_threshold=1, **ASK)
    assert found.table()["FaceId"].iloc[0] == "both-1"
    ask = {**ASK, "face_match_threshold": 1, "max_faces": 1}
    assert shown.search_faces_by_image(small, **ask).answer.candidates[0].id == "both-2"
    blank = np.zeros((90, 90, 3), np.uint8)
    assert shown.index_faces(blank, "nobody").ids == ()

"""The camera: paired differences, failures counted, controls, sentences for each way."""

from __future__ import annotations

import math

import numpy as np
import pytest

from labkit import data
from labkit.experiment import camera
from labkit.measure.intervals import paired_difference, weighted_difference

MADE = (data.data_folder() / "causes" / "checksums.txt").is_file()


@pytest.fixture(scope="module")
def found():
    return [camera.cameras(name) for name in camera.available()]


@pytest.fixture(scope="module")
def table(found):
    return camera.looks(found)


def test_every_condition_has_the_same_people(found):
    for one in found:
        assert one.cameras == list(camera.CAMERAS)[:4] and one.tones == list(camera.TONES)
        people = [row.people.tolist() for row in one.rows.values()]
        assert all(p == people[0] for p in people) and len(people[0]) == 160


def test_all_stored_matchers_of_photographs_are_looked_at(found):
    assert {"dlib", "SFace"} <= {one.matcher for one in found}


def test_a_face_that_is_not_found_counts_as_rejected(found):
    dlib = found[0]
    row = dlib.row("light-metered noisy", "darker")
    assert row.failed.sum() > 0
    rejection, fnmr = (row.interval(name).value for name in ("false_rejection", "fnmr"))
    assert rejection > fnmr, "a camera that loses faces does not look better for it"


def test_gap_and_difference_in_differences_are_those_of_the_measuring_room(found):
    for one in found:
        terms = {key: row.terms("false_rejection") for key, row in one.rows.items()}
        poor, good = camera.POOR, camera.GOOD
        gap = paired_difference(terms[good, "darker"], terms[good, "lighter"])
        assert one.gap(good).interval.text() == gap.text()
        extra = weighted_difference(
            [
                (weight, *terms[name, tone])
                for name, side in ((poor, 1.0), (good, -1.0))
                for tone, weight in (("darker", side), ("lighter", -side))
            ]
        )
        assert one.extra(poor).interval.text() == extra.text()


def test_part_of_the_gap_is_there_without_a_fault_of_the_camera(found, table):
    """The finding of (b), for both matchers that others trained, after adjusting for all looks."""
    for one in found[:2]:
        gap = table.loc[(one.matcher, "gap", camera.GOOD, "darker - lighter")]
        extra = table.loc[(one.matcher, "extra", camera.POOR, "darker - lighter")]
        assert gap["claimed"] and gap["value"] > 0
        assert extra["claimed"] and extra["value"] > 0
        part = one.part().interval
        assert 0 < part.low < part.value < part.high < 1
        assert part.value == pytest.approx(one.gap(camera.GOOD).value / one.gap(camera.POOR).value)


def test_all_looks_are_adjusted_together(table):
    known = table["p"].notna()
    assert (table["looks"] == known.sum()).all()
    assert (table["p_looks"] >= table["p"])[known].all()
    assert (table["claimed"] == (table["p_looks"] < 0.05)).all()
    more = camera.looks([camera.cameras("dlib")], more=200)
    fewer = camera.looks([camera.cameras("dlib")])
    assert (more["p_looks"] >= fewer["p_looks"]).all() and more["looks"].iloc[0] > 200


def test_ratios_of_false_matches_are_ratios(found, table):
    row = table.loc[("dlib", "false matches", "equal", "darker - lighter")]
    rates = [found[0].row("equal", tone).interval("fmr").value for tone in ("darker", "lighter")]
    assert row["value"] == pytest.approx(rates[0] / rates[1])
    assert row["low"] < row["value"] < row["high"] and row["detectable"] > 1


def test_the_second_detector_is_the_control_of_the_first(found):
    seen = camera.detectors(found[:2])
    assert seen.columns.tolist() == ["HOG (dlib)", "YuNet"]
    lost = int(found[0].row(camera.POOR, "darker").failed.sum())
    assert seen.loc[(camera.POOR, "darker"), "HOG (dlib)"] == f"{lost} of 640"
    said = camera.told_detectors(found[:2])
    assert f"in {lost} of 640" in said and "YuNet finds a face in each of 1,280" in said


# ---- made-up people, for each way the numbers can fall ----------------------------------------


def made_up(shift=None, people=60, seed=0, lost=(), photos=4):
    """Templates whose spread within a person grows by ``shift[camera, tone]``."""
    rng = np.random.default_rng(seed)
    names = list(camera.CAMERAS)[:4]
    centre = 2 * rng.normal(size=(people, 3))
    noise = rng.normal(size=(people, photos, 3))
    rows, who, cameras, tones = [], [], [], []
    for name in names:
        for word, tone in camera.TONES.items():
            spread = 0.35 + (shift or {}).get((name, word), 0.0)
            jitter = 0.03 * rng.normal(size=noise.shape)
            part = centre[:, None] + spread * noise + jitter
            if (name, word) in lost:
                part = np.full_like(part, np.nan)
            rows.append(part.reshape(-1, 3))
            who.append(np.repeat(np.arange(people), photos))
            cameras += [name] * (people * photos)
            tones += [tone] * (people * photos)
    return camera.count(
        "made up", -1.1, np.concatenate(rows), np.concatenate(who), cameras, tones, "euclidean"
    )


def said(one):
    table = camera.looks([one])
    parts = [camera.told_gap(one, table), camera.told_camera(one, table)]
    return "\n".join([*parts, camera.told_false_matches(one, table)])


def test_nothing_is_claimed_where_nothing_differs():
    one = made_up()
    assert not camera.looks([one])["claimed"].any()
    text = said(one)
    assert "no gap between the tones is shown" in text and "four times in five" in text
    assert "is not shown after adjusting" in text and "No part of its gap can be named" in text


def test_a_camera_that_does_all_is_told_apart_from_a_gap_that_was_there():
    poor = camera.POOR
    text = said(made_up({(poor, "darker"): 0.3}))
    assert "no gap between the tones is shown" in text
    assert "It does more to the darker tone" in text
    assert "Whether a part of its gap is there" in text
    everywhere = {(name, "darker"): 0.3 for name in camera.CAMERAS}
    text = said(made_up(everywhere))
    assert "rejected more often at the darker tone" in text
    assert "is not shown after adjusting" in text and "this camera did not add them" in text


def test_the_other_direction_is_said_too():
    everywhere = {(name, "lighter"): 0.3 for name in camera.CAMERAS}
    everywhere[camera.POOR, "lighter"] = 0.8
    text = said(made_up(everywhere))
    assert "rejected less often at the darker tone" in text
    assert "It does less to the darker tone" in text


def test_a_tiny_group_gets_words():
    text = said(made_up(people=12))
    assert "too little to compare the tones" in text
    assert "Too little for a difference in differences" in text
    assert "too little to compare false matches" in text


def test_where_every_face_failed_everybody_is_rejected():
    one = made_up(lost={(camera.POOR, "darker")})
    assert one.rejected(camera.POOR, "darker").value == 1
    assert one.gap(camera.POOR).value > 0.5
    assert one.row(camera.POOR, "darker").interval("fmr").words
    table = camera.looks([one])
    row = table.loc[("made up", "false matches", camera.POOR, "darker - lighter")]
    assert math.isnan(row["p"]) and row["words"] and not row["claimed"]
    assert "made up finds none in 0 of 240" in camera.told_detectors([one])
    assert one.show().loc[(camera.POOR, "darker"), "false rejection"].startswith("all of")


def test_one_template_far_from_all_is_refused_by_name():
    rng = np.random.default_rng(0)
    rows = rng.normal(size=(240, 3))
    rows[7] = 1e7
    names = ["equal"] * 240
    with pytest.raises(ValueError, match="image 7 lies far"):
        who, tones = np.repeat(np.arange(60), 4), [0.1] * 240
        only = {"names": ["equal"], "tones": ["lighter"]}
        camera.count("x", -1, rows, who, names, tones, "euclidean", **only)


def test_what_is_not_there_is_refused(found):
    with pytest.raises(ValueError, match="no 'sepia' at 'darker'"):
        found[0].gap("sepia")
    with pytest.raises(ValueError, match="nothing to look at"):
        camera.looks([])
    with pytest.raises(LookupError, match="templates of Eigenfaces are not stored"):
        camera.cameras("Eigenfaces")
    with pytest.raises(ValueError, match="no photograph of 'locked'"):
        given = np.eye(3), [1, 2, 3], ["equal"] * 3, [0.1] * 3, "euclidean"
        camera.count("x", 0, *given, names=["locked"])


# ---- the controls ------------------------------------------------------------------------------


@pytest.mark.skipif(not MADE, reason="data/causes was not made yet: python -m labkit make causes")
@pytest.mark.parametrize("matcher", ["dlib", "SFace"])
def test_the_controls_are_of_the_same_people_and_told(matcher):
    one = camera.with_controls(matcher)
    assert one.cameras == ["equal", "light-metered", "equal, no gloss", "locked"]
    people = [row.people.tolist() for row in one.rows.values()]
    n = len(data.load("causes/controls").people)
    assert all(p == people[0] for p in people) and len(people[0]) == n
    assert all(row.images.sum() == 4 * n for row in one.rows.values())
    text = camera.told_controls(one)
    assert text.count(matcher) == 2
    assert text.count(f"; {n} people)") + text.count("too little to compare") == 2
    whole = camera.cameras(matcher, people=people[0])
    assert one.gap("equal").value == whole.gap("equal").value


def test_a_control_is_told_in_each_direction():
    names = ["equal", "light-metered", "equal, no gloss", "locked"]

    def text(shift, people=60):
        rng = np.random.default_rng(2)
        centre, noise = 2 * rng.normal(size=(people, 3)), rng.normal(size=(people, 4, 3))
        rows, cameras, tones = [], [], []
        for name in names:
            for word in ("lighter", "darker"):
                part = centre[:, None] + (0.35 + shift.get((name, word), 0)) * noise
                rows.append((part + 0.03 * rng.normal(size=part.shape)).reshape(-1, 3))
                cameras += [name] * (4 * people)
                tones += [camera.TONES[word]] * (4 * people)
        who = np.tile(np.repeat(np.arange(people), 4), 8)
        options = {"names": names, "tones": ["lighter", "darker"]}
        given = np.concatenate(rows), who, cameras, tones, "euclidean"
        one = camera.count("made up", -1.1, *given, **options)
        return camera.told_controls(one)

    wide = {(name, "darker"): 0.3 for name in names[:2]}
    assert text(wide).count("narrower than with") == 2
    assert text({(name, "darker"): 0.3 for name in names[2:]}).count("wider than with") == 2
    assert text({}).count("no difference is shown") == 2
    assert text({}, people=12).count("too little to compare") == 2

"""What notebook 05 concludes, held against the shipped data, and every branch of its sentences."""

from __future__ import annotations

import math

import numpy as np
import pandas as pd
import pytest

from labkit import data
from labkit.measure import rates, reading
from labkit.measure.disparity import confusion, group_table
from labkit.measure.faces import compare_faces
from labkit.measure.groups import by_style
from labkit.measure.intervals import Interval
from labkit.measure.shapes import near_and_far, shape_distances
from lessons.nb05 import exercises, words

BANDS = ["lighter", "medium", "darker"]


@pytest.fixture(scope="module")
def faces():
    return data.load("anytown/eval")


@pytest.fixture(scope="module")
def pairs(faces):
    return compare_faces(faces)


@pytest.fixture(scope="module")
def t():
    return exercises.threshold()


@pytest.fixture(scope="module")
def table(pairs, faces, t):
    return group_table(pairs, faces.groups("tone_band"), t)


# ---- what the prose and the headlines say --------------------------------------------------------


def test_the_threshold_is_what_the_protocol_says(t):
    dev = data.load("anytown/dev")
    everybody = compare_faces(dev)
    parts = everybody.within(dev.of("tone_band")).values()
    assert np.mean([rates.fmr(p.impostor, t) for p in parts]) == pytest.approx(1e-2, rel=1e-3)
    whole = rates.fmr(everybody.impostor, t)
    assert whole < 0.9e-2, "the text says that the rate over all pairs is lower"


def test_the_primary_question_is_open_and_twofold_was_not_excluded(table):
    row = table.contrasts("lighter").loc["darker"]
    assert row["low"] <= 1 <= row["high"], "headlines 'equal' and 'open' speak of this"
    assert row["high"] > 2


def test_rejections_differ_at_deeper_tones(table):
    row = table.contrasts("lighter", "false_rejection").loc["darker"]
    assert row["low"] > 1 and row["p_holm"] < 0.05, "headline 'misses' says so"


def test_worst_of_six_cells_is_nearly_twice_the_best_and_luck_gives_as_much(pairs, faces, t):
    cells = group_table(pairs, faces.groups("tone_band", "presentation_half"), t)
    assert len(cells.names) == 6
    row = cells.spread().loc["max/min"]
    assert 1.7 < row["value"] < 2.1
    assert row["share_of_null_at_least"] > 0.05


def test_two_headlines_are_carried_and_no_other():
    assert exercises.HEADLINE.best_options == ("misses", "open")


def test_people_of_two_bands_are_rarely_confused(pairs, faces, t):
    small = exercises.small()
    rate = small["false matches"] / small["comparisons"]
    assert rate["lighter", "darker"] < 0.5 * rate["darker", "darker"]
    cell = confusion(pairs, faces.groups("tone_band"), t)
    assert rate["darker", "darker"] == pytest.approx(cell.loc["darker", "darker"])


def test_hardly_a_face_was_lost_on_eval_and_many_under_the_poor_camera(pairs):
    counts = exercises.counts()
    lost = counts["photographs without a face found"] / counts["photographs"]
    assert (~pairs.usable).mean() < 0.005 < 0.02 < lost
    assert counts["mated pairs planned"] == 160 * 6 and counts["photographs"] == 160 * 4


def test_restyled_pairs_carry_the_gap_by_presentation(pairs, faces, t):
    tables = by_style(pairs, faces.groups("presentation_half"), t)
    told = words.style(tables, "upper", "lower")
    assert "restyled pairs: false rejection of upper / false rejection of lower" in told
    assert "a difference" in told and "too few for a ratio" in told
    assert "has no support here" in told


def test_portraits_stand_in_the_pairs_as_the_caution_says(faces):
    kept = faces.of("styling_kept")[:6] == 1
    photos = faces.of("photo")[:6]
    both = [(i, j) for i in range(6) for j in range(i + 1, 6)]
    same = [p for p in both if kept[list(p)].all()]
    assert len(same) == 3 and sum(photos[i] == 0 for i, _ in same) == 2
    assert len(both) - len(same) == 12
    assert sum(photos[i] == 0 for i, j in both if (i, j) not in same) == 3


def test_who_shares_a_tone_is_confused_more_often(pairs, faces, t):
    told = words.confusion(confusion(pairs, faces.groups("tone_band"), t, show="interval"))
    assert told.startswith("One lighter and one darker person: FMR ")
    assert "confused more often. The all-pairs" in told


def test_summaries_that_mix_in_misses_are_far_from_equal(table):
    told = reading.summaries(table.spread())
    assert "Those that mix in misses are far, those of FMR alone are not." in told


def test_the_audit_sees_alike_faces_and_keeps_quiet_about_parity(pairs, faces, t):
    groupings = (
        (near_and_far(faces), "near", "far"),
        (np.where(faces.of("person") % 2, "odd", "even"), "odd", "even"),
    )
    near, parity = (
        reading.control(
            group_table(pairs, groups, t).contrasts(reference).loc[group],
            group,
            reference,
            expected=group == "near",
        )
        for groups, group, reference in groupings
    )
    assert "sees what was put there" in near and "Rightly, nothing" in parity


def test_the_linked_population_came_out_as_the_text_and_its_datasheet_say(faces, t):
    linked = data.load("teaching/linked")
    band = linked.groups("tone_band")
    row = group_table(compare_faces(linked), band, t).contrasts("lighter").loc["darker"]
    shapes = shape_distances(linked, band), shape_distances(faces, faces.groups("tone_band"))
    told = words.linked(row, *shapes)
    assert "bands move apart, but people within a band are not more" in told


# ---- every branch of every sentence --------------------------------------------------------------


def row(ratio=1.5, low=0.8, high=2.5, **more):
    """A row of contrasts."""
    line = {"ratio": ratio, "low": low, "high": high, "detectable": 2.2, "p_holm": 0.2}
    return pd.Series({**line, "words": "why", **more}, dtype=object)


@pytest.mark.parametrize(
    ("one", "said"),
    [
        (row(), "no difference was shown. That is not 'equal': ratios from 0.80 to 2.50"),
        (row(2, 1.2, 3.1), "a difference, FMR is higher for b"),
        (row(0.5, 0.2, 0.9), "a difference, FMR is lower for b"),
        (row(1.2, math.nan, math.nan), "FMR, b against a: why."),
    ],
)
def test_the_primary_answer_is_the_contrast_and_no_cause(one, said):
    primary = words.primary(pd.DataFrame({"b": one}).T, "b", "a")
    assert primary.startswith("Primary question.") and said in primary
    assert (words.CAUSE in primary) == ("a difference" in said and "no diff" not in said)


def distances(within, across):
    """Distances of drawn shapes by band."""
    bands = list(within)
    table = pd.DataFrame(10.0, bands, bands)
    for band, value in within.items():
        table.loc[band, band] = value
    table.loc[bands[0], bands[-1]] = table.loc[bands[-1], bands[0]] = across
    return table


@pytest.mark.parametrize(
    ("one", "across", "said"),
    [
        (row(2, 1.2, 3.1), 10.3, "finds a false-match gap"),
        (row(), 10.3, "bands move apart"),
        (row(), 10.0, "though shape IS linked to tone."),
    ],
)
def test_the_linked_population_in_words(one, across, said):
    linked = distances({"lighter": 9.9, "darker": 10.0}, across)
    told = words.linked(one, linked, distances({"lighter": 10.0, "darker": 10.0}, 10.0))
    assert told.startswith("FMR of darker / FMR of lighter")
    assert said in told and "within lighter -1.0%, within darker +0.0%" in told
    assert f"from lighter to darker {across / 10 - 1:+.1%}." in told


@pytest.mark.parametrize(("high", "said"), [(0.002, "confused more often. The"), (0.02, "is not")])
def test_confusion_in_words(high, said):
    own, across = Interval(0.01, 0.008, 0.013), Interval(0.0015, 0.001, high)
    cells = {"lighter": {"lighter": own, "darker": across}, "darker": {"darker": own}}
    told = words.confusion(pd.DataFrame(cells).T)
    assert said in told and "Both in one of these bands: 0.0100" in told


@pytest.mark.parametrize(
    ("same", "said"),
    [(row(), 2), (row(1.2, math.nan, math.nan), 3)],
)
def test_style_in_words(same, said):
    class Table:
        def __init__(self, line):
            self.line = line

        def contrasts(self, reference, rate):
            assert (reference, rate) == ("lower", "false_rejection")
            return pd.DataFrame({"upper": self.line}).T

    tables = {"all": Table(row()), "same style": Table(same), "restyled": Table(row(2, 1.2, 3.1))}
    told = words.style(tables, "upper", "lower").split("\n")
    assert len(told) == said
    assert told[0].startswith("restyled pairs: false rejection of upper / false rejection of lower")
    assert "a difference" in told[0] and told[1].startswith("same style pairs: false rejection")
    assert ("no support here" in told[-1]) == (said == 3)


@pytest.mark.parametrize(
    ("one", "said"),
    [
        (row(1.59, 0.94, 2.68), "100 false matches of two a people there would be 200 of two b"),
        (row(0.7, 0.4, 1.2), "100 false matches of two b people there would be 200 of two a"),
        (row(1.2, 0.8, 1.7), ""),
        (row(3, 2.2, 4), ""),
        (row(1.2, math.nan, math.nan), ""),
    ],
)
def test_a_gap_that_could_have_been_missed_is_told_for_people(one, said):
    told = words.primary(pd.DataFrame({"b": one}).T, "b", "a")
    assert said in told and ("twofold" in told) == bool(said)


class Rejections:
    """As much of a group table as the sentence about rejections asks for."""

    def __init__(self, **rows):
        self.rows = pd.DataFrame(rows).T

    def contrasts(self, reference, rate):
        return self.rows

    def __getitem__(self, key):
        errors = 20 if key[0] == "lighter" else 40
        return Interval(errors / 200, errors=errors, trials=200)


def test_rejections_that_differ_are_told_first():
    told = words.rejections(
        Rejections(medium=row(), darker=row(2, 1.4, 2.9, p_holm=0.01)), "lighter"
    )
    assert told.startswith(
        "People drawn darker were rejected more often than people drawn lighter: 20.0 of 100 times"
        " against 10.0 (40 of 200 pairs of their own photographs, and 20 of 200)"
    )
    assert "2.00 [1.40, 2.90] times as often" in told and words.CAUSE in told
    assert told.index("Exploratory, adjusted for 2") < told.index("no difference was shown")
    fewer = words.rejections(Rejections(medium=row(0.5, 0.3, 0.8, p_holm=0.01)), "lighter")
    assert "rejected less often" in fewer


def test_rejections_that_do_not_differ_after_adjusting():
    told = words.rejections(Rejections(medium=row(), darker=row(1.6, 1.1, 2.4)), "lighter")
    assert words.CAUSE not in told and told.count("After adjusting it is not shown.") == 1


def test_the_explorer_is_read_with_the_numbers_of_the_group_table(table):
    told = words.explorer(table)
    for name in BANDS:
        assert f"{name} {table[name, 'fmr'].short()}" in told
        assert f"{name} {table[name, 'false_rejection'].short()}" in told

"""Rows for a general tool, and its intervals beside those by people."""

from __future__ import annotations

from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest

from labkit import data
from labkit.measure.disparity import group_table
from labkit.measure.faces import compare_faces
from labkit.measure.intervals import wilson
from labkit.measure.rows import beside_rows, impostor_rows
from labkit.measure.scores import all_pairs

T = -0.379


@pytest.fixture(scope="module")
def portraits():
    faces = data.load("anytown/eval")
    first = faces.of("photo") == 0
    return compare_faces(faces).select(first), faces.groups("tone_band")[first]


def test_rows_are_the_impostor_comparisons_within_each_group(portraits):
    pairs, band = portraits
    rows, own = impostor_rows(pairs, band, T), group_table(pairs, band, T)
    assert rows["group"].unique().tolist() == own.names, "in the order of a group table"
    for name, part in rows.groupby("group"):
        i = own[name, "fmr"]
        assert (part["match"].sum(), len(part)) == (i.errors, i.trials)


def test_a_match_is_a_score_at_or_above_the_threshold():
    pairs = all_pairs([[0.0], [1.0], [3.0]], [1, 2, 3])
    assert impostor_rows(pairs, ["a"] * 3, -2.0)["match"].tolist() == [1, 0, 1]
    alone = impostor_rows(pairs, ["a", "b", "c"], -2.0)
    assert alone.empty and list(alone) == ["group", "match"]


def framed(rows, **options):
    from fairlearn.metrics import MetricFrame, selection_rate

    return MetricFrame(
        metrics=selection_rate,
        y_true=0 * rows["match"],
        y_pred=rows["match"],
        sensitive_features=rows["group"],
        **options,
    )


def test_fairlearn_agrees_on_the_rates_and_rows_make_intervals_too_narrow(portraits):
    pairs, band = portraits
    frame, own = framed(impostor_rows(pairs, band, T)), group_table(pairs, band, T)
    for name in own.names:
        assert frame.by_group[name] == pytest.approx(own[name, "fmr"].value)  # "the rates agree"
    table = beside_rows(frame, own)
    assert (table["times as wide"] > 1.3).all()
    assert table.index.tolist() == own.names and (table["people"] == 160).all()


def test_the_interval_by_rows_is_what_drawing_rows_again_comes_to():
    """Finding: tails of 2.5% were read off 40 draws, which have one draw in a tail."""
    pairs = all_pairs(np.random.default_rng(0).normal(size=(60, 2)), np.arange(60))
    groups = np.where(np.arange(60) < 40, "a", "b")
    rows, own = impostor_rows(pairs, groups, -0.5), group_table(pairs, groups, -0.5)
    frame = framed(rows, n_boot=600, ci_quantiles=[0.025, 0.975], random_state=0)
    table = beside_rows(frame, own)
    for name in own.names:
        i = wilson(own[name, "fmr"].errors, own[name, "fmr"].trials)
        assert table.loc[name, "by rows"] == i.text()
        drawn = [end[name] for end in frame.by_group_ci]
        assert drawn == pytest.approx((i.low, i.high), abs=0.25 * (i.high - i.low))


def test_both_intervals_stand_side_by_side_with_what_is_behind_them():
    pairs = all_pairs(np.random.default_rng(0).normal(size=(61, 2)), np.arange(61))
    own = group_table(pairs, ["a"] * 60 + ["b"], -0.5)
    frame = SimpleNamespace(by_group=pd.Series({"a": 0.055, "b": np.nan}))
    table, i = beside_rows(frame, own), own["a", "fmr"]
    rows = wilson(i.errors, i.trials)
    times = round((i.high - i.low) / (rows.high - rows.low), 1)
    assert table.loc["a"].tolist() == ["0.0550", rows.text(), i.text(), times, "1,770", 60]
    assert np.isnan(table.loc["b", "times as wide"])

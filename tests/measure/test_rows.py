"""Rows for a general tool, and its intervals beside those by people."""

from __future__ import annotations

from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest

from labkit import data
from labkit.measure.disparity import group_table
from labkit.measure.faces import compare_faces
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


def test_fairlearn_agrees_on_the_rates_and_makes_intervals_too_narrow(portraits):
    from fairlearn.metrics import MetricFrame, selection_rate

    pairs, band = portraits
    rows, own = impostor_rows(pairs, band, T), group_table(pairs, band, T)
    frame = MetricFrame(
        metrics=selection_rate,
        y_true=0 * rows["match"],
        y_pred=rows["match"],
        sensitive_features=rows["group"],
        n_boot=40,
        ci_quantiles=[0.025, 0.975],
        random_state=0,
    )
    for name in own.names:
        assert frame.by_group[name] == pytest.approx(own[name, "fmr"].value)  # "the rates agree"
    table = beside_rows(frame, own)
    assert (table["times as wide"] > 1.3).all()
    assert table.index.tolist() == own.names and (table["people"] == 160).all()


def test_both_intervals_stand_side_by_side_with_what_is_behind_them():
    pairs = all_pairs(np.random.default_rng(0).normal(size=(61, 2)), np.arange(61))
    own = group_table(pairs, ["a"] * 60 + ["b"], -0.5)
    low, high = (pd.Series({"a": x, "b": np.nan}) for x in (0.05, 0.06))
    frame = SimpleNamespace(by_group=pd.Series({"a": 0.055, "b": np.nan}), by_group_ci=[low, high])
    table, i = beside_rows(frame, own), own["a", "fmr"]
    words, times = "0.0550 [0.0500, 0.0600]", round((i.high - i.low) / 0.01, 1)
    assert table.loc["a"].tolist() == [words, i.text(), times, "1,770", 60]
    assert np.isnan(table.loc["b", "times as wide"])

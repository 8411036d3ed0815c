"""The table of coverage: what it must show, and that today's code still gives it."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from benchmarks import coverage
from labkit.measure import intervals
from labkit.measure.rates import auc

TABLE = coverage.RESULTS / "coverage.csv"
SHOWN = 0.1
"""Share of data sets from which on an interval is "usually shown"."""

QUICK = ("fmr", "fnmr", "claims", "strata")
"""Parts of which a few cells are counted again here."""


@pytest.fixture(scope="module")
def table() -> pd.DataFrame:
    return pd.read_csv(TABLE)


def test_the_table_has_every_cell_and_two_thousand_sets(table):
    cells = list(coverage.cells())
    assert [tuple(x) for x in table[["part", "case", "generator"]].to_numpy()] == [
        (c.part, c.case, c.generator) for c in cells
    ]
    assert (table["sets"] == 2000).all()
    assert (coverage.RESULTS / "coverage.md").read_text() == coverage.page(table)


def test_no_interval_is_shown_to_hold_the_truth_less_than_93_times_in_100(table):
    """Upper end of the coverage's own interval, wherever an interval is shown."""
    shown = table[table["coverage"].notna()]
    assert set(shown["part"]) == set(coverage.HEADS) - {"claims", "power", "strata"}
    low = shown[shown["coverage_high"] < 0.93]
    assert low.empty, low[["part", "case", "generator", "coverage"]]
    assert (shown["shown"] >= SHOWN).all()


def test_too_few_is_no_way_out(table):
    """60 people, FMR 1e-2, strong effects: shown, and not much wider than an oracle's."""
    row = table[(table["part"] == "fmr") & (table["case"] == "60 people, 0.01")]
    row = row.set_index("generator").loc["strong"]
    assert row["shown"] >= 0.9
    assert row["times_oracle"] <= 1.3


def test_equal_groups_are_said_to_differ_at_most_once_in_twenty(table):
    claims = table[table["part"] == "claims"]
    assert (claims["claimed_low"] <= 0.05).all()
    assert (claims["claimed"] <= 0.06).all()
    assert (claims["single"] >= claims["claimed"]).all()
    assert claims["single"].max() > 0.2  # what the control is for


def test_power_stands_beside(table):
    power = table[table["part"] == "power"]
    assert (power["single"] >= power["claimed"]).all()
    three = power[power["case"].str.endswith("3 times")]
    assert (three["claimed"] > 0.7).all()


def test_strata_see_through_a_camera(table):
    strata = table[table["part"] == "strata"].set_index(["case", "generator"])["claimed"]
    assert (strata["within"] <= 0.06).all()
    assert (strata["crude"] > 3 * strata["within"]).all()


def test_generators_have_the_rates_they_are_asked_for():
    rng = np.random.default_rng(1)
    for g in coverage.GENERATORS.values():
        t = g.threshold(0.05)
        assert g.fmr(t) == pytest.approx(0.05)
        rates = [g.false_matches(60, t, rng).sum() / coverage.compared(60).sum() for _ in range(80)]
        assert np.mean(rates) == pytest.approx(0.05, abs=4 * np.std(rates) / 80**0.5 + 1e-9)
        scores = np.concatenate([g.scores(30, rng)[0] for _ in range(40)])
        assert (scores >= t).mean() == pytest.approx(0.05, abs=0.02)
        apart = g.threshold(0.9, "auc")
        won = [auc(g.mated(60, apart, rng), g.scores(60, rng)[0].ravel()) for _ in range(40)]
        assert np.mean(won) == pytest.approx(0.9, abs=4 * np.std(won) / 40**0.5)
        t = g.threshold(0.2, "fnmr")
        misses = [g.misses(60, t, rng).mean() / coverage.MATED for _ in range(80)]
        assert np.mean(misses) == pytest.approx(0.2, abs=4 * np.std(misses) / 80**0.5)


def test_an_interval_that_is_too_narrow_is_seen(monkeypatch):
    """The check would notice the old interval: 1.96 in place of Student's t, no floor."""
    monkeypatch.setattr(intervals, "student", lambda share, freedom: 1.96)
    monkeypatch.setattr(intervals, "ENOUGH_PEOPLE_FOR_AN_FMR", 2)
    g = coverage.GENERATORS["moderate, wolves"]
    line = coverage._fmr(g, 40, 0.01, "fmr", 400)
    assert line["coverage_high"] < 0.93


CELLS = [c for c in coverage.cells() if c.part in QUICK and c.generator != "none"]


@pytest.mark.parametrize("cell", CELLS[::7], ids=lambda c: f"{c.part}-{c.case}-{c.generator}")
def test_todays_code_gives_the_table(cell, table):
    """The first hundred data sets of some cells, counted again, to the set."""
    row = table[
        (table["part"] == cell.part)
        & (table["case"] == cell.case)
        & (table["generator"] == cell.generator)
    ].iloc[0]
    line = cell.line(coverage.CHECKED)
    if "checked" not in line:
        assert np.isnan(row["checked"])
    else:
        assert line["checked"] == row["checked"]

"""What an audit finds: known answers, and the same numbers from a list as from a table."""

from __future__ import annotations

import itertools
import re

import numpy as np
import pandas as pd
import pytest

from labkit.audit import audit
from labkit.audit import pairs as audit_pairs
from labkit.audit.csv import read_pairs
from labkit.measure import intervals
from labkit.measure.disparity import RATES, group_table
from labkit.measure.thresholds import choose_threshold

from .made import HEADER, from_table, known, row, same, town, write


def test_given_rates_are_reported(tmp_path):
    report = audit(known(tmp_path / "k.csv", fmr=1 / 20, fnmr=0.3), threshold=0.5)
    for group in ("a", "b"):
        assert row(report, group, "fmr")["value"] == pytest.approx(39 / 780)
        assert row(report, group, "fmr")["person_pairs"] == 780
        assert row(report, group, "fnmr")["value"] == pytest.approx(0.3)
        assert row(report, group, "false_rejection")["value"] == pytest.approx(0.3)
    assert row(report, "everyone", "fmr")["trials"] == 2 * 780
    assert row(report, "everyone", "fta")["errors"] == 0
    assert "1 in 20" in report.html and "30 in 100" in report.html
    search = report.tables["search"].iloc[0]
    assert search["false_candidates"] == pytest.approx(1000 * 0.05)
    assert search["share_at_most"] == pytest.approx(1 - 0.95**1000)


def test_a_search_when_everything_matches_always_finds_somebody(tmp_path):
    """At an FMR of 1 the chance is 1, and nothing is divided by nothing on the way."""
    path = known(tmp_path / "k.csv", fmr=1 / 20, fnmr=0.3)
    report = audit(path, threshold=0.2)
    assert row(report, "everyone", "fmr")["value"] == 1
    assert report.tables["search"]["share_at_most"].tolist() == pytest.approx(
        [1.0] * len(report.tables["search"])
    )


def test_failures_count_as_rejections(tmp_path):
    rows = []
    for k in range(60):
        lost = k < 15
        rows.append([f"{k}/1", f"{k}/2", 1, "" if lost else 0.8, k, k, "failed" if lost else "ok"])
    for a, b in itertools.combinations(range(60), 2):
        rows.append([f"{a}/1", f"{b}/1", 0, 0.1 + 0.0001 * a, a, b, ""])
    header = [*HEADER, "probe_person", "gallery_person", "status"]
    report = audit(write(tmp_path / "f.csv", rows, header), threshold=0.5)
    assert row(report, "everyone", "false_rejection")["value"] == 0.25
    assert row(report, "everyone", "fnmr")["value"] == 0
    assert row(report, "everyone", "fta")["errors"] == 15  # .../1 is in other pairs, .../2 is not
    assert row(report, "everyone", "fta")["trials"] == 120
    assert "15 comparisons of 1,830 failed" in report.html


def test_a_failed_pair_of_two_pictures_seen_nowhere_else_is_said(tmp_path):
    path = known(tmp_path / "k.csv", 1 / 20, 0.3)
    with open(path, "a", encoding="utf-8") as file:
        file.write("lost/1,lost/2,1,,lost,lost,a,a\n")
    text = path.read_text().replace("group,gallery_group\n", "group,gallery_group,status\n")
    lines = text.splitlines()
    lines[1:] = [line + (",failed" if line.startswith("lost") else ",ok") for line in lines[1:]]
    path.write_text("\n".join(lines) + "\n")
    report = audit(path, threshold=0.5)
    assert "which of the two failed is unknown" in report.html
    assert row(report, "a", "fta")["errors"] == 2


def test_equal_groups_are_not_found_and_one_shifted_group_is():
    """Over several towns: a shifted group is found, equal groups are not."""
    found = {0.0: 0, 0.25: 0}
    for shift in found:
        for seed in (3, 4, 5):
            pairs, group = town(shift, seed=seed)
            table = audit(pairs, groups=group, fmr=1e-2).tables["contrasts"]
            table = table[table["rate"] == "fmr"].set_index("group")
            found[shift] += bool(table.loc["cedar", "claimed"])
            if shift:
                assert table.loc["cedar", "ratio"] > 2
    assert found == {0.0: 0, 0.25: 3}


@pytest.mark.parametrize("failed", [0, 7])
def test_a_list_of_all_pairs_gives_the_numbers_of_the_table(tmp_path, failed):
    pairs, group = town(0.15, failed)
    path = from_table(tmp_path / "all.csv", pairs, group)
    a, b = audit(pairs, groups=group, fmr=1e-2), audit(path, fmr=1e-2)
    # Each is the next number above a score, in 32 bits and in 64.
    assert a.threshold == pytest.approx(b.threshold, rel=1e-6)
    for name in ("who", "rates", "spread", "contrasts", "search"):
        same(a.tables[name], b.tables[name])
    x, y = (r.tables["thresholds"].drop(columns="threshold") for r in (a, b))
    same(x, y)
    same(a.tables["highest"][["score"]], b.tables["highest"][["score"]])
    assert row(b, "everyone", "fta")["errors"] == failed


def test_the_numbers_are_those_of_the_group_table(tmp_path):
    """So that a mistake shared by both ways in is seen."""
    pairs, group = town(0.15, 7)
    t = choose_threshold(pairs, 1e-2, cells=group).value
    table = group_table(pairs, group, t)
    report = audit(from_table(tmp_path / "all.csv", pairs, group), threshold=t)
    for name in table.names:
        for rate in RATES:
            i, found = table[name, rate], row(report, name, rate)
            assert found["errors"] == i.errors and found["trials"] == i.trials
            for part in ("value", "low", "high"):
                assert found[part] == pytest.approx(getattr(i, part), rel=1e-12, nan_ok=True)
    found = report.tables["spread"].query("rate == 'fmr'").set_index("summary")
    assert found.loc["max/min", "null_95"] == table.spread("fmr").loc["max/min", "null_95"]


def test_sampled_pairs_use_their_own_counts(tmp_path):
    """The interval of a sample is that of its own pair table, and the report says so."""
    pairs, group = town()
    i, j = np.triu_indices(len(pairs), 1)
    rng = np.random.default_rng(0)
    keep = (pairs.people[i] == pairs.people[j]) | (rng.random(len(i)) < 0.2)
    listed = read_pairs(from_table(tmp_path / "s.csv", pairs, group, keep=keep))
    t = listed.threshold_at(1e-2)
    i, j = i[keep], j[keep]
    s = pairs.matrix[i, j]
    false, compared = np.zeros((240, 240)), np.zeros((240, 240))
    two = pairs.people[i] != pairs.people[j]
    np.add.at(compared, (pairs.people[i][two], pairs.people[j][two]), 1)
    np.add.at(false, (pairs.people[i][two], pairs.people[j][two]), s[two].astype(np.float64) >= t)
    wanted = intervals.fmr_interval(false + false.T, compared + compared.T)
    found = listed.everyone(t)[audit_pairs.EVERYONE, "fmr"]
    assert found.low == pytest.approx(wanted.low, rel=1e-12)
    assert (found.errors, found.person_pairs) == (wanted.errors, wanted.person_pairs)
    said = audit(tmp_path / "s.csv", threshold=t).html
    assert "chosen by their score" in said and "biased" in said
    full = audit(pairs, groups=group, threshold=t).html
    assert "chosen by their score" not in full


def test_many_people_are_drawn_without_a_table_of_everybody(tmp_path, monkeypatch):
    """The way for many people, taken for few: nearly the same spread and ratios."""
    pairs, group = town(0.25)
    path = from_table(tmp_path / "all.csv", pairs, group)
    one_by_one = audit(path, fmr=1e-2).tables

    def no_table(*_):
        raise AssertionError("a table of everybody by everybody was made")

    monkeypatch.setattr(audit_pairs, "DRAWN_AGAIN", 100)
    monkeypatch.setattr(audit_pairs.ListCounts, "square", no_table)
    report = audit(path, fmr=1e-2)
    assert "the rates were drawn again, not the people" in report.html
    a = one_by_one["spread"].set_index(["rate", "summary"])
    b = report.tables["spread"].set_index(["rate", "summary"])
    assert np.allclose(a["value"], b["value"]) and not a["null_95"].isna().any()
    # Drawing people is a little too wide for FMR where pairs are nearly independent.
    for rate in ("fmr", "false_rejection"):
        assert (
            0.75 < b.loc[(rate, "max/min"), "null_95"] / a.loc[(rate, "max/min"), "null_95"] < 1.1
        )
    a, b = (x["contrasts"].set_index(["rate", "group"]) for x in (one_by_one, report.tables))
    width = np.log(b["high"] / b["low"]) / np.log(a["high"] / a["low"])
    assert width.between(0.6, 1.15).all()


def test_fifty_thousand_people(tmp_path):
    rng = np.random.default_rng(1)
    k = 50_000
    i = rng.integers(0, k, 120_000)
    j = (i + rng.integers(1, k, len(i))) % k
    lo, hi = np.minimum(i, j), np.maximum(i, j)
    _, first = np.unique(lo * k + hi, return_index=True)
    lo, hi = lo[first], hi[first]
    own = np.arange(k)
    frame = pd.DataFrame(
        {
            "probe": np.r_[lo * 2, own * 2],
            "gallery": np.r_[hi * 2, own * 2 + 1],
            "same_person": np.r_[np.zeros(len(lo), int), np.ones(k, int)],
            "score": np.r_[rng.normal(size=len(lo)), rng.normal(3, 1, k)].round(4),
            "probe_person": np.r_[lo, own],
            "gallery_person": np.r_[hi, own],
            "probe_group": np.r_[lo % 2, own % 2],
            "gallery_group": np.r_[hi % 2, own % 2],
        }
    )
    frame.to_csv(tmp_path / "big.csv", index=False)
    report = audit(tmp_path / "big.csv", fmr=1e-2)
    assert row(report, "everyone", "fmr")["people"] > 49_000
    i = row(report, "0", "fmr")
    assert i["low"] < 0.01 < i["high"] and i["high"] / i["low"] < 1.5


def test_pictures_that_no_mated_pair_links_are_taken_for_people(tmp_path):
    """Fewer links, more "people": the interval shrinks, which is why the report warns."""
    pairs, group = town()
    i, j = np.triu_indices(len(pairs), 1)
    mated = pairs.people[i] == pairs.people[j]
    keep = ~mated | (np.cumsum(mated) % 9 == 0)
    linked = audit(from_table(tmp_path / "p.csv", pairs, group, keep=keep), threshold=-1.5)
    loose = audit(
        from_table(tmp_path / "q.csv", pairs, group, keep=keep, people=False), threshold=-1.5
    )
    a, b = row(linked, "everyone", "fmr"), row(loose, "everyone", "fmr")
    assert a["value"] == b["value"] and b["people"] > 2 * a["people"]
    assert b["high"] - b["low"] < 0.8 * (a["high"] - a["low"])


def test_the_highest_impostor_scores(tmp_path):
    pairs, group = town()
    path = from_table(tmp_path / "all.csv", pairs, group)
    table = audit(path, fmr=1e-2, show_names=True).tables["highest"]
    assert len(table) == 20 and (np.diff(table["score"]) <= 0).all()
    assert table["score"].iloc[0] == pairs.impostor.max()
    lines = path.read_text().splitlines()
    for line in table.itertuples():
        assert lines[line.line - 1].startswith(f"{line.probe},{line.gallery},0,")
    hidden = audit(path, fmr=1e-2)
    assert not re.search(r"\bp\d+\b", hidden.html)
    assert list(hidden.tables["highest"]) == ["line", "score", "match"]


def test_the_order_of_lines_changes_no_number(tmp_path):
    pairs, group = town(0.15)
    path = from_table(tmp_path / "all.csv", pairs, group)
    frame = pd.read_csv(path)
    frame.sample(frac=1, random_state=1).to_csv(tmp_path / "mixed.csv", index=False)
    a, b = audit(path, fmr=1e-2), audit(tmp_path / "mixed.csv", fmr=1e-2)
    for name in ("who", "rates", "spread", "contrasts", "search", "thresholds"):
        same(a.tables[name], b.tables[name])

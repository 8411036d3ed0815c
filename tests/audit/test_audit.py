"""The audit report: known answers, the same numbers from a list as from a table, bad files."""

from __future__ import annotations

import csv
import functools
import html.parser
import itertools
import math
import re
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from labkit.audit import page as audit_page
from labkit.audit import pairs as audit_pairs
from labkit.audit.command import audit, lab_audit, main
from labkit.audit.csv import BadFile, read_pairs
from labkit.measure import intervals
from labkit.measure.disparity import RATES, group_table
from labkit.measure.rates import choose_threshold
from labkit.measure.scores import AllPairs, all_pairs

HEADER = ["probe", "gallery", "same_person", "score"]
PEOPLE = ["probe_person", "gallery_person", "probe_group", "gallery_group"]


# ---- made files ---------------------------------------------------------------------------------


def write(path: Path, rows: list[list[object]], header: list[str] = HEADER) -> Path:
    with open(path, "w", newline="", encoding="utf-8") as file:
        csv.writer(file, lineterminator="\n").writerows([header, *rows])
    return path


def from_table(path: Path, pairs: AllPairs, groups: np.ndarray, *, keep=None, people=True) -> Path:
    """Every pair of a table as a line; failed ones with an empty score."""
    i, j = np.triu_indices(len(pairs), 1)
    if keep is not None:
        i, j = i[keep], j[keep]
    s = pairs.matrix[i, j]
    failed = np.isnan(s)
    frame = pd.DataFrame({
        "probe": np.char.add("p", i.astype(str)), "gallery": np.char.add("p", j.astype(str)),
        "same_person": (pairs.people[i] == pairs.people[j]).astype(int),
        "score": [("" if f else repr(float(x))) for x, f in zip(s, failed, strict=True)],
        "status": np.where(failed, "failed", "ok"),
        "probe_group": groups[i], "gallery_group": groups[j],
    })  # fmt: skip
    if people:
        frame["probe_person"], frame["gallery_person"] = pairs.people[i], pairs.people[j]
    frame.to_csv(path, index=False)
    return path


@functools.cache
def town(shift: float = 0.0, failed: int = 0, seed: int = 3) -> tuple[AllPairs, np.ndarray]:
    """240 people with three pictures in three groups; one group may lie closer together."""
    rng = np.random.default_rng(seed)
    people = np.repeat(np.arange(240), 3)
    group = np.array(["ash", "birch", "cedar"])[people % 3]
    faces = rng.normal(size=(240, 8))[people]
    faces[group == "cedar"] *= 1 - shift
    faces = faces + 0.45 * rng.normal(size=(len(people), 8))
    if failed:
        faces[rng.choice(len(people), failed, replace=False)] = np.nan
    return all_pairs(faces, people), group


def known(path: Path, fmr: float, fnmr: float, groups=("a", "b"), each: int = 40) -> Path:
    """A file whose error rates are these exactly, in each group: scores of 0.2 and 0.8."""
    rows: list[list[object]] = []
    for g in groups:
        names = [f"{g}{k:02}" for k in range(each)]
        for k, name in enumerate(names):
            score = 0.2 if k < round(fnmr * each) else 0.8
            rows.append([f"{name}/1", f"{name}/2", 1, score, name, name, g, g])
        pairs = list(itertools.combinations(names, 2))
        wrong = set(pairs[:: round(1 / fmr)])
        for a, b in pairs:
            score = 0.8 if (a, b) in wrong else 0.2
            rows.append([f"{a}/1", f"{b}/1", 0, score, a, b, g, g])
    return write(path, rows, HEADER + PEOPLE)


def row(report, group: str, rate: str) -> pd.Series:
    table = report.tables["rates"]
    return table[(table["group"] == group) & (table["rate"] == rate)].iloc[0]


# ---- known answers ------------------------------------------------------------------------------


def test_given_rates_are_reported(tmp_path):
    report = audit(known(tmp_path / "k.csv", fmr=1 / 20, fnmr=0.3), threshold=0.5)
    for group in ("a", "b"):
        assert row(report, group, "fmr")["value"] == pytest.approx(39 / 780)
        assert row(report, group, "fmr")["person_pairs"] == 780
        assert row(report, group, "fnmr")["value"] == pytest.approx(0.3)
        assert row(report, group, "false_rejection")["value"] == pytest.approx(0.3)
    assert row(report, "everyone", "fmr")["trials"] == 2 * 780
    assert row(report, "everyone", "fta")["errors"] == 0
    assert "0.0500" in report.html and "0.300" in report.html
    search = report.tables["search"].iloc[0]
    assert search["false_candidates"] == pytest.approx(1000 * 0.05)
    assert search["share_at_most"] == pytest.approx(1 - 0.95**1000)


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
            found[shift] += bool(table.loc["cedar", "p_holm"] < 0.05)
            if shift:
                assert table.loc["cedar", "ratio"] > 2
    assert found == {0.0: 0, 0.25: 3}


def test_the_summary_says_what_was_found():
    pairs, group = town(0.25)
    said = audit(pairs, groups=group, fmr=1e-2).html
    short = re.search(r'id="short".*?</section>', said, re.S)[0]
    assert "(cedar)" in short and "more than chance alone" in short
    pairs, group = town()
    short = re.search(r'id="short".*?</section>', audit(pairs, groups=group, fmr=1e-2).html, re.S)
    assert "no sign of a difference beyond chance" in short[0]


# ---- a list and a table -------------------------------------------------------------------------


def same(a: pd.DataFrame, b: pd.DataFrame) -> None:
    pd.testing.assert_frame_equal(a, b, check_dtype=False, rtol=1e-12)


@pytest.mark.parametrize("failed", [0, 7])
def test_a_list_of_all_pairs_gives_the_numbers_of_the_table(tmp_path, failed):
    pairs, group = town(0.15, failed)
    path = from_table(tmp_path / "all.csv", pairs, group)
    a, b = audit(pairs, groups=group, fmr=1e-2), audit(path, fmr=1e-2)
    assert a.threshold == b.threshold
    for name in ("who", "rates", "spread", "contrasts", "search", "thresholds"):
        same(a.tables[name], b.tables[name])
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
    np.add.at(false, (pairs.people[i][two], pairs.people[j][two]), s[two] >= np.float32(t))
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
    frame = pd.DataFrame({
        "probe": np.r_[lo * 2, own * 2], "gallery": np.r_[hi * 2, own * 2 + 1],
        "same_person": np.r_[np.zeros(len(lo), int), np.ones(k, int)],
        "score": np.r_[rng.normal(size=len(lo)), rng.normal(3, 1, k)].round(4),
        "probe_person": np.r_[lo, own], "gallery_person": np.r_[hi, own],
        "probe_group": np.r_[lo % 2, own % 2], "gallery_group": np.r_[hi % 2, own % 2],
    })  # fmt: skip
    frame.to_csv(tmp_path / "big.csv", index=False)
    report = audit(tmp_path / "big.csv", fmr=1e-2)
    assert row(report, "everyone", "fmr")["people"] > 49_000
    i = row(report, "0", "fmr")
    assert i["low"] < 0.01 < i["high"] and i["high"] / i["low"] < 1.5


# ---- what the report must say -------------------------------------------------------------------


def test_a_threshold_chosen_here_is_said_and_a_given_one_too(tmp_path):
    pairs, group = town()
    here = audit(pairs, groups=group, fmr=1e-2)
    assert "chosen on the people it is reported on" in here.html and "flatters" in here.html
    given = audit(pairs, groups=group, threshold=here.threshold)
    assert "cannot know on whom it was chosen" in given.html
    assert "flatters the system: the" not in given.html
    other = audit(pairs, groups=group, threshold=here.threshold, chosen_on="other people")
    assert "The threshold was chosen on other people." in other.html


def test_without_people_intervals_are_said_to_be_too_narrow(tmp_path):
    pairs, group = town()
    with_people = audit(from_table(tmp_path / "a.csv", pairs, group), fmr=1e-2)
    assert "too narrow" not in with_people.html
    path = from_table(tmp_path / "b.csv", pairs, group, people=False)
    report = audit(path, fmr=1e-2)
    assert "The intervals in this report are too narrow." in report.html
    assert "not known" in report.html or "cannot be known" in report.html
    # Mated pairs link the pictures of a person here, so the intervals come out the same.
    assert row(report, "ash", "fmr")["people"] == row(with_people, "ash", "fmr")["people"]


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


def test_one_group_column_means_both(tmp_path):
    path = known(tmp_path / "k.csv", 1 / 20, 0.3)
    frame = pd.read_csv(path)
    both = frame.rename(columns={"probe_group": "group"}).drop(columns="gallery_group")
    both.to_csv(tmp_path / "g.csv", index=False)
    a, b = audit(path, threshold=0.5), audit(tmp_path / "g.csv", threshold=0.5)
    same(a.tables["rates"], b.tables["rates"])


def test_no_groups_at_all(tmp_path):
    frame = pd.read_csv(known(tmp_path / "k.csv", 1 / 20, 0.3))
    frame.drop(columns=["probe_group", "gallery_group"]).to_csv(tmp_path / "n.csv", index=False)
    report = audit(tmp_path / "n.csv", threshold=0.5)
    assert "nothing can be said about how errors differ" in report.html
    assert report.tables["spread"].empty and report.tables["contrasts"].empty


def test_distances_are_turned_round_and_shown_as_they_came(tmp_path):
    pairs, group = town()
    path = from_table(tmp_path / "s.csv", pairs, group)
    frame = pd.read_csv(path)
    frame["score"] = -frame["score"]
    frame.to_csv(tmp_path / "d.csv", index=False)
    a = audit(path, fmr=1e-2)
    b = audit(tmp_path / "d.csv", fmr=1e-2, distance=True)
    same(a.tables["rates"], b.tables["rates"])
    assert "a distance of at most" in b.html
    assert (b.tables["highest"]["score"] > 0).all()
    given = audit(tmp_path / "d.csv", threshold=-a.threshold, distance=True)
    same(a.tables["rates"], given.tables["rates"])


def test_too_little_is_said_in_words(tmp_path):
    report = audit(known(tmp_path / "k.csv", 1 / 200, 0.05), threshold=0.5)
    assert math.isnan(row(report, "a", "fmr")["low"])
    assert "from 4 pairs of people: too few for a rate" in report.html
    assert "by 2 of 40 people: too few for a rate" in report.html
    quiet = audit(known(tmp_path / "q.csv", 1 / 1000, 0.3), threshold=0.5)
    assert "false matches from 1 pairs" in " ".join(quiet.tables["contrasts"]["words"])


def test_a_group_with_too_little_is_never_the_best_or_the_worst(tmp_path):
    """A rate from a few people is not put beside others in the summary."""
    path = known(tmp_path / "k.csv", 1 / 20, 0.3, groups=("a", "b"))
    small = known(tmp_path / "s.csv", 1 / 4, 0.5, groups=("tiny",), each=6)
    path.write_text(path.read_text() + small.read_text().split("\n", 1)[1])
    said = audit(path, threshold=0.5).html
    short = re.search(r'id="short".*?</section>', said, re.S)[0]
    assert "(a) to" in short and "some groups (tiny) have too little" in short
    assert "0.25" not in short and "0.500 (tiny)" not in short


def test_no_false_match_gives_a_limit_with_its_digits(tmp_path):
    pairs, group = town()
    top = float(pairs.impostor.max())
    report = audit(pairs, groups=group, threshold=float(np.nextafter(np.float32(top), 1)))
    limit = audit_page.rate(3 / (240 * 239 / 2))
    assert f"none seen; at most {limit}, from 28,680 pairs of people" in report.html
    assert row(report, "everyone", "fmr")["errors"] == 0


def test_the_highest_impostor_scores(tmp_path):
    pairs, group = town()
    path = from_table(tmp_path / "all.csv", pairs, group)
    table = audit(path, fmr=1e-2).tables["highest"]
    assert len(table) == 20 and (np.diff(table["score"]) <= 0).all()
    assert table["score"].iloc[0] == pairs.impostor.max()
    lines = path.read_text().splitlines()
    for line in table.itertuples():
        assert lines[line.line - 1].startswith(f"{line.probe},{line.gallery},0,")
    hidden = audit(path, fmr=1e-2, show_names=False)
    assert not re.search(r"\bp\d+\b", hidden.html)


def test_default_operating_point_is_one_these_people_carry(tmp_path):
    path = known(tmp_path / "k.csv", 1 / 20, 0.3)
    frame = pd.read_csv(path)
    rng = np.random.default_rng(0)
    frame["score"] += rng.random(len(frame)).round(4) / 10
    frame.to_csv(path, index=False)
    report = audit(path)
    assert "Nobody gave a threshold. These people are too few for a lower one." in report.html
    assert row(report, "everyone", "fmr")["errors"] >= 30


def test_text_from_the_file_is_text(tmp_path):
    """A name cannot become part of the page."""
    path = known(tmp_path / "k.csv", 1 / 20, 0.3, groups=("<script>alert(1)</script>", 'b"&'))
    report = audit(path, threshold=0.5, title="<b>x</b>")
    assert "<script" not in report.html and "<b>" not in report.html
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in report.html


# ---- bad files ----------------------------------------------------------------------------------


def good() -> list[list[object]]:
    return [
        ["a1", "a2", 1, 0.9, "a", "a"], ["b1", "b2", 1, 0.8, "b", "b"],
        ["a1", "b1", 0, 0.1, "a", "b"], ["a2", "b2", 0, 0.2, "a", "b"],
    ]  # fmt: skip


G = [*HEADER, "probe_person", "gallery_person"]


def edit(row: int, column: str, value: object):
    def change(header: list[str], rows: list[list[object]]) -> None:
        rows[row][header.index(column)] = value

    return change


def drop(column: str):
    def change(header: list[str], rows: list[list[object]]) -> None:
        at = header.index(column)
        for line in [header, *rows]:
            del line[at]

    return change


def append(*row: object):
    return lambda _, rows: rows.append(list(row))


def extra(name: str, values: list[object]):
    def change(header: list[str], rows: list[list[object]]) -> None:
        header.append(name)
        for line, value in zip(rows, values, strict=True):
            line.append(value)

    return change


BAD = {
    "no score": (drop("score"), r"has no column score"),
    "no truth": (drop("same_person"), r"has no column same_person"),
    "half of the people": (drop("gallery_person"), r"no column gallery_person: give both or none"),
    "only mated": (lambda h, r: r.__delitem__(slice(2, None)), r"no scored pair of two people"),
    "only impostors": (lambda h, r: r.__delitem__(slice(0, 2)), r"no scored pair of one person"),
    "no pairs": (lambda h, r: r.clear(), r"has a header and no pairs"),
    "text NaN": (edit(1, "score", "NaN"), r"line 3 .*the score 'NaN', which is no number"),
    "text": (edit(2, "score", "high"), r"line 4 .*'high', which is no number"),
    "infinite": (edit(2, "score", "inf"), r"line 4 .*score inf.*finite"),
    "comma as point": (edit(0, "score", "0,9"), r"line 2 .*'0,9'"),
    "empty": (edit(3, "score", ""), r"line 5 .*has no score: .*status failed"),
    "truth": (edit(1, "same_person", "maybe"), r"line 3 .*same_person 'maybe': write 1 or 0"),
    "no truth value": (edit(1, "same_person", ""), r"line 3 .*has no same_person"),
    "no name": (edit(1, "probe", " "), r"line 3 .*has no probe"),
    "twice": (append("a1", "b1", 0, 0.3, "a", "b"), r"line 6 .*a1, b1 of line 4 again"),
    "turned round": (append("b1", "a1", 0, 0.3, "b", "a"), r"line 6 .*b1, a1 of line 4 again"),
    "itself": (append("a1", "a1", 1, 1.0, "a", "a"), r"line 6 .*compares a1 with itself"),
    "two people": (append("a1", "c1", 0, 0.3, "z", "c"), r"a1 with person"),
    "contradiction": (edit(2, "same_person", 1), r"line 4 .*says one person and names a and b"),
    "a group of one": (
        extra("group", ["x", "y", "x", "y"]),
        r"line \d .*with group",
    ),
    "status": (extra("status", ["ok", "lost", "ok", "ok"]), r"line 3 .*status 'lost'"),
    "failed with a score": (
        extra("status", ["failed", "", "", ""]),
        r"line 2 .*status failed and the score 0.9",
    ),
    "distances": (lambda h, r: [line.__setitem__(3, -line[3]) for line in r], r"these look like"
                  r" distances: rerun with --distance"),
}  # fmt: skip


@pytest.mark.parametrize("name", BAD)
def test_bad_files_get_one_sentence_and_no_report(tmp_path, capsys, name):
    change, words = BAD[name]
    header, rows = list(G), good()
    change(header, rows)
    path, out = write(tmp_path / "bad.csv", rows, header), tmp_path / "out.html"
    with pytest.raises(BadFile, match=words) as caught:
        read_pairs(path)
    assert "\n" not in str(caught.value)
    assert main([str(path), "--out", str(out), "--threshold", "0.5"]) == 2
    said = capsys.readouterr().err
    assert said == f"labkit: {caught.value}\n"
    assert not list(tmp_path.glob("*.html"))


def test_a_group_of_one_person(tmp_path):
    rows = [[*line, "x", "x"] for line in good()] + [
        ["c1", "c2", 1, 0.7, "c", "c", "z", "z"], ["a1", "c1", 0, 0.1, "a", "c", "x", "z"],
    ]  # fmt: skip
    with pytest.raises(BadFile, match=r"group 'z' of .* has one person: nobody of the group"):
        read_pairs(write(tmp_path / "one.csv", rows, HEADER + PEOPLE))


def test_linked_pictures_that_are_said_to_be_two_people(tmp_path):
    rows = [["a", "b", 1, 0.9], ["b", "c", 1, 0.8], ["c", "a", 0, 0.2], ["a", "d", 0, 0.1]]
    with pytest.raises(BadFile, match=r"line 4 .*c and a are two people, but other lines link"):
        read_pairs(write(tmp_path / "l.csv", rows))


def test_lines_are_those_of_the_file(tmp_path):
    """Empty lines and line breaks within quotes do not shift what is named."""
    text = 'probe,gallery,same_person,score\n\na,b,1,0.9\n"c\nx",d,1,0.8\n\na,c,0,oops\n'
    (tmp_path / "t.csv").write_text(text)
    with pytest.raises(BadFile, match=r"line 7 .*'oops'"):
        read_pairs(tmp_path / "t.csv")


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "is empty"),
        (b"\n", "is empty"),
        (b"\xff\xfe\x00p", "is not text in UTF-8"),
        (b"probe,gallery,same_person,score\na,b,1,\xe9\n", "is not text in UTF-8"),
        (b"probe;gallery;same_person;score\na;b;1;0.4\n", "separate the columns with commas"),
        (b"probe,gallery,same_person,score\na,b,1,0.4,9\n", "line 2 .* has 5 fields"),
        (b"probe,gallery,same_person,score\na,b,1,0.4\nc,d,1,1,1\n", "line 3 .* has 5 fields"),
        (b"probe,gallery,same_person,score,score\na,b,1,0.4,1\n", "two columns 'score'"),
    ],
)
def test_files_that_are_no_such_csv(tmp_path, capsys, content, words):
    path, out = tmp_path / "x.csv", tmp_path / "out.html"
    path.write_bytes(content)
    assert main([str(path), "--out", str(out)]) == 2
    said = capsys.readouterr().err
    assert re.search(words, said) and said.count("\n") == 1 and not out.exists()


def test_files_that_are_not_there(tmp_path, capsys):
    assert main([str(tmp_path / "no.csv"), "--out", str(tmp_path / "o.html")]) == 2
    assert "there is no file" in capsys.readouterr().err
    assert main([str(tmp_path), "--out", str(tmp_path / "o.html")]) == 2
    assert "cannot be read" in capsys.readouterr().err


def test_similarities_called_distances(tmp_path):
    path = known(tmp_path / "k.csv", 1 / 20, 0.3)
    with pytest.raises(BadFile, match="look like similarities: rerun without --distance"):
        audit(path, distance=True, threshold=0.5)


def test_a_byte_order_mark_blanks_and_capitals_are_no_fault(tmp_path):
    path = known(tmp_path / "k.csv", 1 / 20, 0.3)
    text = (
        path.read_text().replace("probe,gallery,", "Probe, Gallery ,", 1).replace(",1,", ", Yes ,")
    )
    path.write_text(text, encoding="utf-8-sig")
    assert row(audit(path, threshold=0.5), "a", "fnmr")["value"] == pytest.approx(0.3)


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["--threshold", "7"], "threshold 7 lies outside all scores seen (0.2 to 0.8)"),
        (["--threshold", "nan"], "is no number"),
        (["--fmr", "2"], "FMR 2 is no rate"),
        (["--fmr", "1e-6"], "it takes 30; add people, or ask for an FMR of"),
        (["--threshold", "0.5", "--reference", "q"], "there is no group 'q'"),
        (["--threshold", "0.5", "--gallery", "0"], "a gallery holds at least one person"),
        (["--by", "tone"], "--by is for --lab"),
    ],
)
def test_wrong_words(tmp_path, capsys, words, said):
    path, out = known(tmp_path / "k.csv", 1 / 20, 0.3), tmp_path / "o.html"
    assert main([str(path), "--out", str(out), *words]) == 2
    assert said in capsys.readouterr().err and not out.exists()


def test_places_that_cannot_be_written_to(tmp_path, capsys):
    path = known(tmp_path / "k.csv", 1 / 20, 0.3)
    for out, said in (
        ("report.txt", "ends in .html"), ("no/where.html", "does not exist"),
        ("d.html", "a folder"),
    ):  # fmt: skip
        (tmp_path / "d.html").mkdir(exist_ok=True)
        assert main([str(path), "--out", str(tmp_path / out), "--threshold", "0.5"]) == 2
        assert said in capsys.readouterr().err
    assert main(["--out", str(tmp_path / "o.html")]) == 2
    assert "give a CSV" in capsys.readouterr().err


def test_writing_is_all_or_nothing(tmp_path, monkeypatch):
    report = audit(known(tmp_path / "k.csv", 1 / 20, 0.3), threshold=0.5)
    out = tmp_path / "r.html"
    out.write_text("old")

    def full(*_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("os.replace", full)
    with pytest.raises(OSError, match="No space left"):
        report.write(out)
    assert out.read_text() == "old"
    assert sorted(p.name for p in tmp_path.iterdir()) == ["k.csv", "r.html"]


def test_templates_with_wrong_company():
    faces, people = np.random.default_rng(0).normal(size=(6, 3)), [1, 1, 2, 2, 3, 3]
    with pytest.raises(ValueError, match="give people="):
        audit(faces, threshold=-1)
    with pytest.raises(ValueError, match="group 'b' has one person"):
        audit(faces, people, ["a"] * 4 + ["b"] * 2, threshold=-1)
    with pytest.raises(ValueError, match="not both"):
        audit(faces, people, threshold=-1, fmr=0.1)
    with pytest.raises(ValueError, match="no scored pair of one person"):
        audit(faces, range(6), threshold=-1)


# ---- the page -----------------------------------------------------------------------------------

VOID = {"meta", "line", "circle", "rect", "path", "polyline", "br", "link", "img"}


class Reader(html.parser.HTMLParser):
    """Notes what a page is made of, and fails where a tag is closed that was not opened."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.seen: list[tuple[str, dict[str, str | None]]] = []
        self.headings: list[int] = []

    def handle_starttag(self, tag, attrs):
        self.seen.append((tag, dict(attrs)))
        if re.fullmatch("h[1-6]", tag):
            self.headings.append(int(tag[1]))
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag, attrs):
        self.seen.append((tag, dict(attrs)))

    def handle_endtag(self, tag):
        assert self.open and self.open[-1] == tag, f"</{tag}> closes {self.open[-3:]}"
        self.open.pop()


@pytest.fixture(scope="module")
def page(tmp_path_factory) -> str:
    pairs, group = town(0.15, 7)
    folder = tmp_path_factory.mktemp("page")
    return audit(from_table(folder / "all.csv", pairs, group), fmr=1e-2).html


def test_the_page_is_well_formed(page):
    reader = Reader()
    reader.feed(page)
    assert not reader.open and page.startswith("<!DOCTYPE html>")
    first, *others = reader.headings
    assert first == 1 and 1 not in others
    assert all(b <= a + 1 for a, b in itertools.pairwise(reader.headings))
    tags = [tag for tag, _ in reader.seen]
    assert {"header", "nav", "main", "footer", "title"} <= set(tags)
    assert dict(reader.seen)["html"] == {"lang": "en"}
    ids = [a["id"] for _, a in reader.seen if "id" in a]
    assert len(ids) == len(set(ids))
    for tag, a in reader.seen:
        for target in (a.get("href"), *(a.get("aria-labelledby") or "").split()):
            assert not target or target.removeprefix("#") in ids
        if tag == "svg":
            assert a["role"] == "img" and len(a["aria-labelledby"].split()) == 2
    assert tags.count("table") == tags.count("caption") and tags.count("svg") == 4
    words = re.findall(r"<desc[^>]*>(.*?)</desc>", page)
    assert len(words) == 4 and all(len(w.split()) > 10 and re.search(r"\d", w) for w in words)


def test_the_page_needs_nothing_else(page):
    """No script, and nothing that a browser would fetch."""
    assert not re.search(r"<(script|link|iframe|object|embed|base|form)\b", page)
    assert not re.search(r"\bon\w+=|javascript:|@import|url\(", page)
    outside = set(re.findall(r"""(?:src|href|action)=["']([^"'#][^"']*)""", page))
    assert not outside
    assert not re.search(r"https?://|//\w+\.", page)


def test_the_page_names_what_it_must(page):
    for heading in (
        "What was tested", "Who was in it", "Failures", "Errors at the operating point",
        "Spread over groups", "What this audit could have seen", "In a search (1:N)",
        "The 20 highest impostor scores", "What this report does not show", "How to reproduce",
    ):  # fmt: skip
        assert f">{heading}</h2>" in page
    for words in (
        "Covers what the scope of ISO/IEC 19795-10 names; no conformity is claimed.",
        "upper bound", "SHA-256", "four times in five", "Equal groups: median", "NumPy",
    ):  # fmt: skip
        assert words in page


def test_the_same_input_gives_the_same_bytes(tmp_path, capsys):
    path = known(tmp_path / "k.csv", 1 / 20, 0.3)
    words = [str(path), "--threshold", "0.5", "--reference", "a", "--gallery", "500"]
    made = []
    for name in ("one.html", "two.html"):
        assert main([*words, "--out", str(tmp_path / name)]) == 0
        made.append((tmp_path / name).read_bytes())
    assert made[0] == made[1]
    text = made[0].decode()
    command = "python -m labkit audit k.csv --threshold 0.5 --reference a --gallery 500"
    assert command in text and str(tmp_path) not in text
    assert not re.search(r"\b20\d\d-\d\d-\d\d\b", text)
    dated = audit(path, threshold=0.5, date="2031-05-06")
    assert "Date: 2031-05-06" in dated.html


def test_the_order_of_lines_changes_no_number(tmp_path):
    pairs, group = town(0.15)
    path = from_table(tmp_path / "all.csv", pairs, group)
    frame = pd.read_csv(path)
    frame.sample(frac=1, random_state=1).to_csv(tmp_path / "mixed.csv", index=False)
    a, b = audit(path, fmr=1e-2), audit(tmp_path / "mixed.csv", fmr=1e-2)
    for name in ("who", "rates", "spread", "contrasts", "search", "thresholds"):
        same(a.tables[name], b.tables[name])


@pytest.mark.slow
def test_a_matcher_of_the_lab(tmp_path, capsys):
    out = tmp_path / "dlib.html"
    assert main(["--lab", "DLIB", "--out", str(out)]) == 0
    text = out.read_text()
    assert "480 other people of Anytown (dev)" in text and "cannot appear here" in text
    report = lab_audit("dlib", "presentation")
    assert row(report, "upper", "fmr")["people"] == 240
    with pytest.raises(ValueError, match="there is no matcher 'x'"):
        lab_audit("x")


def test_words_of_numbers():
    assert audit_page.rate(0.0109831) == "0.0110" and audit_page.rate(0.09999) == "0.100"
    assert audit_page.rate(math.nan) == "–" and audit_page.rate(math.inf) == "no limit"
    assert audit_page.tick(1e-5) == "0.00001" and audit_page.tick(0.1) == "0.1"
    assert audit_page.count(5472.2) == "5,472" and audit_page.count(5.472) == "5.47"
    assert audit_page.percent(1 - 1e-9) == "above 99.9%" and audit_page.percent(0) == "none"


def test_the_marks_of_an_axis_do_not_touch():
    axis = audit_page.Axis(1e-6, 1.0, True, 40)
    drawn = re.findall(r'<text x="([\d.]+)"[^>]*text-anchor="(\w+)">([\d.]+)<', "".join(
        axis.draw(10, 190, "FMR")))  # fmt: skip
    ends = []
    for x, anchor, label in drawn:
        wide = len(label) * audit_page.DIGIT
        left = float(x) - {"start": 0, "middle": wide / 2, "end": wide}[anchor]
        ends.append((left, left + wide))
    assert len(ends) >= 5, "most powers of ten keep their label"
    assert all(a[1] < b[0] for a, b in zip(sorted(ends), sorted(ends)[1:]))

"""Thresholds of a list of pairs: who takes part in the mean, and to which digit."""

from __future__ import annotations

import itertools

import numpy as np
import pandas as pd
import pytest

from labkit.audit import audit, read_pairs
from labkit.audit.facts import Point
from labkit.audit.pairs import EVERYONE
from labkit.audit.understood import threshold, understood
from labkit.measure.rates import threshold_at_fmr, threshold_at_mean_fmr
from labkit.measure.thresholds import ENOUGH_PEOPLE_FOR_A_MEAN, choose_threshold

from .made import from_table, town


def people(path, groups: dict[str, int], alike: float = 0.15) -> pd.DataFrame:
    """Every picture with every other; people of one group are somewhat alike."""
    rng = np.random.default_rng(7)
    own = [(f"{g}{k:03}", g) for g, n in groups.items() for k in range(n)]
    rows = []
    for p, g in own:
        rows.append((f"{p}/1", f"{p}/2", 1, rng.normal(0.8, 0.1), p, p, g, g))
    for (p, g), (q, h) in itertools.combinations(own, 2):
        score = rng.normal(0.3 + alike * (g == h), 0.1)
        rows.append((f"{p}/1", f"{q}/1", 0, score, p, q, g, h))
    names = "probe gallery same_person score probe_person gallery_person probe_group gallery_group"
    frame = pd.DataFrame(rows, columns=names.split())
    frame.to_csv(path, index=False)
    return frame


def relabelled(frame: pd.DataFrame, path, change) -> object:
    """The same scores with other labels for the same people."""
    out = frame.copy()
    for side in ("probe", "gallery"):
        out[f"{side}_group"] = [
            change(p, g) for p, g in zip(out[f"{side}_person"], out[f"{side}_group"], strict=True)
        ]
    out.to_csv(path, index=False)
    return read_pairs(path)


def test_rare_labels_do_not_loosen_the_threshold(tmp_path):
    """Six people as a group, or as three groups of two, took the overall FMR from .00114 to .00277.

    A group too small for a rate counted as a rate of 0, with the weight of any other.  Now the six
    take no part, under one label, under three, or under none at all.
    """
    path = tmp_path / "k.csv"
    frame = people(path, {"A": 120, "B": 120, "C": 6})
    as_they_are = read_pairs(path)
    three = relabelled(frame, path, lambda p, g: g if g != "C" else f"C{int(p[1:]) // 2}")
    without = relabelled(frame, path, lambda p, g: g if g != "C" else "unknown")
    assert as_they_are.left_out == {"C": 6}
    assert three.left_out == {"C0": 2, "C1": 2, "C2": 2} and without.left_out == {}
    wanted = without.threshold_at(1e-2)
    assert as_they_are.threshold_at(1e-2) == three.threshold_at(1e-2) == wanted
    # What it was before: the mean over all groups, an empty rate counting as 0.
    impostor = frame[frame["same_person"] == 0]
    cells = [
        impostor.loc[(impostor["probe_group"] == g) & (impostor["gallery_group"] == g), "score"]
        for g in "ABC"
    ]
    assert wanted == threshold_at_mean_fmr(cells[:2], 1e-2)
    loose = threshold_at_mean_fmr([*cells[:2], np.zeros(15)], 1e-2)
    assert loose < wanted and (impostor["score"] >= loose).sum() > (
        1.2 * (impostor["score"] >= wanted).sum()
    )


def test_a_group_takes_part_from_thirty_people(tmp_path):
    enough = ENOUGH_PEOPLE_FOR_A_MEAN
    people(tmp_path / "k.csv", {"A": 60, "B": enough, "C": enough - 1})
    pairs = read_pairs(tmp_path / "k.csv")
    assert list(pairs.cells) == ["A", "B"] and pairs.left_out == {"C": enough - 1}
    said = " ".join(" ".join(understood(pairs)).split())
    assert "C: 29 people, 58 pictures" in said
    assert f"fewer than {enough} people were compared within the group: C (29)" in said


def test_where_all_groups_are_small_all_pairs_decide(tmp_path):
    frame = people(tmp_path / "k.csv", dict.fromkeys("ABCDEF", 12))
    pairs = read_pairs(tmp_path / "k.csv")
    assert len(pairs.left_out) == 6
    scores = frame.loc[frame["same_person"] == 0, "score"].to_numpy()
    t = pairs.threshold_at(0.05)
    assert t == threshold_at_fmr(scores, 0.05)
    said = " ".join(" ".join(understood(pairs, Point(t, 0.05, True, ""))).split())
    assert "the lowest with an FMR of at most 0.05 over all pairs, on these people" in said


def test_a_table_and_a_list_leave_out_the_same_groups(tmp_path):
    """Two copies of a rule may part: a list and a table of the same pairs choose alike."""
    pairs, group = town(0.15)
    group = group.astype(object)
    group[pairs.people < 20] = "dogwood"
    listed = read_pairs(from_table(tmp_path / "all.csv", pairs, group))
    chosen = choose_threshold(pairs, 1e-2, cells=group)
    assert chosen.left_out == tuple(listed.left_out) == ("dogwood",)
    assert listed.threshold_at(1e-2) == pytest.approx(chosen.value, rel=1e-6)
    t = audit(pairs, groups=group, fmr=1e-2).threshold  # with fewer digits, the same counts
    assert (pairs.impostor >= t).sum() == (pairs.impostor >= chosen.value).sum()


def test_many_groups_are_not_all_printed(tmp_path):
    people(tmp_path / "k.csv", {f"{k:02}": 3 for k in range(30)})
    said = understood(read_pairs(tmp_path / "k.csv"))
    assert len(said) < 75 and max(map(len, said)) <= 80
    assert any("and 11 more groups, 11 of them of fewer than 30 people" in line for line in said)


def test_a_group_without_a_single_face_is_reported_from_templates_too():
    """All faces of one group failed, and the audit refused with the advice to drop the group."""
    pairs, group = town()
    faces = np.random.default_rng(0).normal(size=(240, 8))[pairs.people]
    faces = faces + 0.45 * np.random.default_rng(1).normal(size=(len(faces), 8))
    faces[group == "cedar"] = np.nan
    report = audit(faces, pairs.people, group, fmr=0.05)
    rates = report.tables["rates"].set_index(["group", "rate"])
    fta = rates.loc[("cedar", "fta")]
    assert fta["errors"] == fta["trials"] == (group == "cedar").sum()
    assert rates.loc[("ash", "fta"), "errors"] == 0


def test_groups_that_take_no_part_are_named_in_one_sentence(tmp_path):
    """Of each small group it was said again, also where no threshold was to be chosen."""
    people(tmp_path / "k.csv", {"A": 40, **{f"{k:02}": 3 for k in range(30)}})
    pairs = read_pairs(tmp_path / "k.csv")
    said = " ".join(understood(pairs))
    assert said.count("no part in choosing a threshold") == 1
    assert "00 (3), 01 (3)" in said and "and 11 more" in said
    assert "choosing a threshold" not in " ".join(understood(pairs, chosen=False))


def test_the_only_group_that_takes_part_is_named(tmp_path):
    """It said "within 1 groups"."""
    people(tmp_path / "k.csv", {"A": 60, "B": 5})
    pairs = read_pairs(tmp_path / "k.csv")
    point = Point(pairs.threshold_at(0.1), 0.1, True, "")
    said = " ".join(" ".join(threshold(pairs, point)).split())
    assert "within the group A, the only one of at least 30 people" in said


def test_templates_may_not_have_a_group_called_everyone():
    """Two rows of the page had one name."""
    pairs, group = town()
    groups = np.where(group == "ash", EVERYONE, group)
    with pytest.raises(ValueError, match="a group is called 'everyone', as is the row of all"):
        audit(pairs, groups=groups, threshold=-3.0)

"""What a report says for what was found."""

from __future__ import annotations

import itertools
import math
import re

import numpy as np
import pandas as pd
import pytest

from labkit.audit import audit, sentences
from labkit.audit.numbers import digits

from .made import from_table, known, row, town


def test_the_summary_says_what_was_found():
    pairs, group = town(0.25)
    said = audit(pairs, groups=group, fmr=1e-2).html
    short = re.search(r'id="short".*?</section>', said, re.S)[0]
    assert "(cedar)" in short and "more than chance alone" in short
    pairs, group = town()
    short = re.search(r'id="short".*?</section>', audit(pairs, groups=group, fmr=1e-2).html, re.S)
    assert "no sign of a difference beyond chance" in short[0]


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


def test_no_groups_at_all(tmp_path):
    frame = pd.read_csv(known(tmp_path / "k.csv", 1 / 20, 0.3))
    frame.drop(columns=["probe_group", "gallery_group"]).to_csv(tmp_path / "n.csv", index=False)
    report = audit(tmp_path / "n.csv", threshold=0.5)
    assert "nothing can be said about how errors differ" in report.html
    assert report.tables["spread"].empty and report.tables["contrasts"].empty


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
    limit = digits(3 / (240 * 239 / 2))
    assert f"none seen; at most {limit}, from 28,680 pairs of people" in report.html
    assert row(report, "everyone", "fmr")["errors"] == 0


# ---- the sentences one by one --------------------------------------------------------------------


def short(report) -> list[str]:
    """The sentences of "In short"."""
    box = re.search(r'<div class="short">(.*?)</div>', report.html, re.S)[1]
    return re.findall(r"<li>(.*?)</li>", box)


def section(report, name: str) -> str:
    return re.search(rf'<h2 id="{name}">.*?</section>', report.html, re.S)[0]


def test_a_match_is_at_least_a_score_and_at_most_a_distance(tmp_path):
    path = known(tmp_path / "k.csv", 1 / 20, 0.3)
    assert "(a match is a score of at least 0.5)" in short(audit(path, threshold=0.5))[0]
    frame = pd.read_csv(path)
    frame["score"] = 1 - frame["score"]
    frame.to_csv(path, index=False)
    said = short(audit(path, threshold=0.25, distance=True))[0]
    assert "(a match is a distance of at most 0.25)" in said
    assert ", 78 of 1,560 impostor comparisons match. FMR: 0.0500 [" in said


def test_in_short_names_the_ends_of_the_groups_and_who_differs():
    pairs, group = town(0.25)
    report = audit(pairs, groups=group, fmr=1e-2)
    rates = report.tables["rates"].query("rate == 'fmr'").set_index("group")["value"]
    low, high = rates.drop("everyone").idxmin(), rates.drop("everyone").idxmax()
    said = next(s for s in short(report) if s.startswith("FMR by group"))
    start = f"FMR by group goes from {digits(rates[low])} ({low}) to {digits(rates[high])} ({high})"
    assert high == "cedar" and said.startswith(f"{start}, ")
    contrasts = report.tables["contrasts"].query("rate == 'fmr'").set_index("group")
    differ = contrasts.index[contrasts["p_holm"] < 0.05]
    found = said.split("; compared with all others: ")[1].rstrip(".").split("; ")
    assert [f.split()[0] for f in found] == list(differ)
    c = contrasts.loc["cedar"]
    band = f"[{digits(c['low'])}, {digits(c['high'])}]"
    assert f"cedar {digits(c['ratio'])} times {band}" in found
    spread = report.tables["spread"].query("rate == 'fmr'").set_index("summary").loc["max/min"]
    chance = f"would give {digits(spread['null_median'])}, up to {digits(spread['null_95'])}, and"
    assert chance in said and spread["share_of_null_at_least"] < 0.05
    assert said.count("more than chance alone") == 1 and "no sign" not in said


def test_both_compared_rates_are_in_short():
    pairs, group = town(0.25)
    said = short(audit(pairs, groups=group, fmr=1e-2))
    assert [s.split(" by group")[0] for s in said if " by group" in s] == ["FMR", "False rejection"]


@pytest.mark.parametrize("here", [True, False])
def test_what_a_chosen_threshold_means_for_other_people_is_a_limit(here):
    pairs, group = town()
    t = audit(pairs, groups=group, fmr=1e-2).threshold
    report = audit(pairs, groups=group, **({"fmr": 1e-2} if here else {"threshold": t}))
    assert (sentences.OTHER_PEOPLE in section(report, "limits")) == here
    assert (sentences.FLATTER in short(report)) == here
    assert (sentences.SAME_PEOPLE in section(report, "tested")) == here
    assert (sentences.GIVEN in section(report, "tested")) != here


def test_limits_that_were_given_stand_before_the_others(tmp_path):
    report = audit(known(tmp_path / "k.csv", 1 / 20, 0.3), threshold=0.5, limits=["Not the moon."])
    lines = re.findall(r"<li>(.*?)</li>", section(report, "limits"))
    assert lines[:2] == ["Not the moon.", sentences.NOT_SHOWN[0]]
    assert lines[-1] == sentences.HOW_CHOSEN  # not all pairs are in this file


def test_failures_of_a_table_are_counted():
    pairs, group = town(0.15, 7)
    n = len(pairs)
    lost = n * (n - 1) // 2 - (n - 7) * (n - 8) // 2
    said = section(audit(pairs, groups=group, fmr=1e-2), "failures")
    assert f"{lost:,} comparisons of {n * (n - 1) // 2:,} failed." in said
    assert sentences.ALL_MADE not in said
    assert sentences.ALL_MADE in section(audit(*town()[:1], fmr=1e-2), "failures")


def test_what_a_summary_says_beside_its_numbers_is_kept(tmp_path):
    """What has columns of its own is not said twice."""
    pairs, group = town(0.25)
    report = audit(pairs, groups=group, fmr=1e-2)
    said = re.findall(r"<li>(.*?)</li>", section(report, "spread"))
    assert said and all(line.startswith("FDR is blind to ratios") for line in said)
    few = section(audit(known(tmp_path / "q.csv", 1 / 200, 0.3), threshold=0.5), "spread")
    assert "<li>max/min: not said what equal groups would give:" in few


def test_one_group_has_nothing_to_be_compared_with(tmp_path):
    report = audit(known(tmp_path / "k.csv", 1 / 20, 0.3, groups=("a",)), threshold=0.5)
    assert sentences.ONE_GROUP in section(report, "spread")
    assert "ratio to" not in section(report, "power")


def test_the_lowest_fmr_is_that_of_thirty_pairs_of_people():
    pairs, group = town()
    report = audit(pairs, groups=group, fmr=1e-2)
    best = sorted((s.max() for s in _pairs_of_people(pairs)), reverse=True)
    floor = float((pairs.impostor >= best[29]).mean())
    said = f"can set a threshold is {digits(floor)}: there the false matches come from 30 different"
    assert said in section(report, "power")
    assert f"Below FMR {digits(floor)} the false matches" in section(report, "errors")


def _pairs_of_people(pairs):
    place = [np.flatnonzero(pairs.people == k) for k in range(pairs.people_count)]
    for a, b in itertools.combinations(place, 2):
        yield pairs.matrix[np.ix_(a, b)]

"""What a report says for what was found."""

from __future__ import annotations

import math
import re

import numpy as np
import pandas as pd

from labkit.audit import audit, numbers

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
    limit = numbers.digits(3 / (240 * 239 / 2))
    assert f"none seen; at most {limit}, from 28,680 pairs of people" in report.html
    assert row(report, "everyone", "fmr")["errors"] == 0

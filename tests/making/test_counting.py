"""Counting further people: who sits, for which photograph, and what the table says of them."""

from __future__ import annotations

from collections import Counter

import numpy as np
import pytest

from labkit import data as bundled
from labkit.app import command
from labkit.making import counting
from labkit.making.counting import Group
from labkit.making.plans import PLANS, Plan, band, half
from tests.making.cartoon import Cartoon

SMALL = (
    Group("lighter", "lighter", Plan("small", 0, 12, 4, False)),
    Group("medium", "medium", Plan("small", 0, 12, 4, False)),
)


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    """Two small groups, in photographs of the stand-in."""
    top = tmp_path_factory.mktemp("counted")
    patch = pytest.MonkeyPatch()
    patch.setitem(counting.COUNTS, "small", SMALL)
    options = {"data": top / "data", "cache": top / "cache", "workers": 1, "quiet": True}
    path = counting.count("small", **options, studio=Cartoon())
    yield top, path
    patch.undo()


def test_the_table_is_read_back_and_guarded(made):
    top, path = made
    assert path == top / "data/teaching/counted/small.csv"
    table = bundled.counted("small", data=top / "data")
    assert list(table.index) == [(m, g.name) for m in counting.MATCHERS for g in SMALL]
    assert set(table["people"]) == {24} and (table["comparisons"] <= 24 * 23 // 2).all()
    assert (table["false_matches"] > 0).all(), "cartoons are alike"
    path.write_bytes(path.read_bytes().replace(b"dlib", b"dlip"))
    with pytest.raises(bundled.DamagedFile, match=r"small\.csv was changed"):
        bundled.counted("small", data=top / "data")


def test_nobody_is_drawn_twice(made):
    class NeverAsked(Cartoon):
        def likeness(self, person):
            raise AssertionError(f"person {person.seed} was drawn again")

    top, path = made
    options = {"cache": top / "cache", "workers": 1, "quiet": True, "studio": NeverAsked()}
    again = counting.count("small", data=top / "again", **options)
    assert again.read_bytes() != b"" and again.name == path.name


def test_everybody_sits_once_and_the_photographs_go_round(tmp_path):
    """So that comparisons are the mix of portraits and probes that the audited sets have."""
    sat = Counter()

    class Watched(Cartoon):
        def radiance(self, sitter, capture):
            person, styling = sitter
            found = [k for k in range(4) if counting.capture_of(person, k) == capture]
            assert styling == counting.styling_of(person, found[0])
            sat[found[0]] += 1
            return super().radiance(sitter, capture)

    templates = counting.sit(SMALL[0], tmp_path, workers=1, quiet=True, studio=Watched())
    assert sat == {0: 6, 1: 6, 2: 6, 3: 6}
    for matcher in counting.MATCHERS:
        assert templates[matcher].shape == (24, 128) and templates[matcher].dtype == np.float32


def test_a_face_that_is_not_found_makes_no_comparison():
    rng = np.random.default_rng(0)
    found = [
        {m: rng.normal(0, 9, (24, 128)).astype(np.float32) for m in counting.MATCHERS}
        for _ in SMALL
    ]
    for templates in found[0].values():
        templates[:4] = np.nan  # nobody there
        templates[4:8] = templates[4] + 1e-3 * np.arange(4)[:, None]  # four who are all alike
    table = counting.table(SMALL, found).set_index(["matcher", "group"])
    for matcher in counting.MATCHERS:
        row = table.loc[matcher, "lighter"]
        assert (row["people"], row["no_face"]) == (24, 4)
        assert (row["comparisons"], row["false_matches"]) == (20 * 19 // 2, 6)
        assert table.loc[matcher, "medium"]["false_matches"] == 0


def test_the_groups_of_a_count_are_as_large_as_each_other_and_from_both_halves():
    for groups in counting.COUNTS.values():
        sizes = set()
        for group in groups:
            people = group.people()
            halves = Counter(half(p.presentation) for p in people)
            assert len(halves) == 2 and len(set(halves.values())) == 1
            assert {band(p.tone) for p in people} == {group.band}
            sizes.add(len(people))
        assert len(sizes) == 1


def test_the_trial_takes_seeds_for_tuning_and_the_truth_takes_none_of_a_set():
    assert all(p.seed < 2000 for group in counting.COUNTS["trial"] for p in group.people())
    for name in ("narrow", "linked"):
        for group in counting.COUNTS[name]:
            assert group.people()[0].seed >= 90_000 > max(plan.start for plan in PLANS.values())


def test_what_cannot_be_counted_is_said_in_one_sentence(capsys):
    with pytest.raises(ValueError, match="no count 'dev': use trial, narrow, linked"):
        counting.count("dev")
    with pytest.raises(ValueError, match="'dev' was not counted: use "):
        bundled.counted("dev")
    assert command.main(["make", "--count", "dev"]) == 2
    assert "there is no count 'dev'" in capsys.readouterr().err
    assert command.main(["make", "--count", "narrow", "--limit", "3"]) == 2
    assert "leave out --only, --describe, --limit" in capsys.readouterr().err

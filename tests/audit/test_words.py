"""What a report says for what was found."""

from __future__ import annotations

import itertools
import math
from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest

from labkit.audit import audit, sentences
from labkit.audit.numbers import digits, one_in, percent, times
from labkit.audit.short import Short, odds
from labkit.measure.intervals import ENOUGH_PEOPLE, ENOUGH_PEOPLE_FOR_AN_FMR, Interval

from . import towns
from .made import Served, from_table, known, row, town, unlike
from .pages import bullets, markup, plain, read, section, short


def test_without_people_intervals_are_said_to_be_too_narrow(tmp_path):
    pairs, group = town()
    with_people = audit(from_table(tmp_path / "a.csv", pairs, group), fmr=1e-2)
    assert "too narrow" not in with_people.html
    path = from_table(tmp_path / "b.csv", pairs, group, people=False)
    report = audit(path, fmr=1e-2)
    assert sentences.NO_PEOPLE in section(report, "who")
    assert short(report, "Limits")[0].startswith(sentences.ALL_TOO_NARROW)
    assert short(report, "Tested")[0].startswith(f"{len(pairs) * (len(pairs) - 1) // 2:,} pairs of")
    # Mated pairs link the pictures of a person here, so the intervals come out the same.
    assert row(report, "ash", "fmr")["people"] == row(with_people, "ash", "fmr")["people"]


def test_no_groups_at_all(tmp_path):
    frame = pd.read_csv(known(tmp_path / "k.csv", 1 / 20, 0.3))
    frame.drop(columns=["probe_group", "gallery_group"]).to_csv(tmp_path / "n.csv", index=False)
    report = audit(tmp_path / "n.csv", threshold=0.5)
    assert short(report, "Not shown") == [sentences.NO_GROUPS]
    assert report.tables["spread"].empty and report.tables["contrasts"].empty
    assert not markup(report, "differences") and not markup(report, "spread")


def test_too_little_is_said_in_words(tmp_path):
    report = audit(known(tmp_path / "k.csv", 1 / 200, 0.05, each=70), threshold=0.5)
    assert math.isnan(row(report, "a", "false_rejection")["low"])
    assert "by 4 of 70 people: too few for a rate" in report.html
    few = audit(known(tmp_path / "f.csv", 1 / 300, 0.3, each=70), threshold=0.5)
    assert "from 9 pairs of people: too few for a rate" in few.html
    small = audit(known(tmp_path / "s.csv", 1 / 20, 0.3, each=40), threshold=0.5)
    assert "40 people: too few for a rate, which takes 60" in section(small, "errors")


def test_no_false_match_gives_a_limit_with_its_digits(tmp_path):
    """A limit far below 0.0001 keeps its digits, also in a sentence."""
    pairs, group = town()
    top = float(pairs.impostor.max())
    report = audit(pairs, groups=group, threshold=float(np.nextafter(np.float32(top), 1)))
    limit = 3 / (240 * 239 / 2)
    assert f"none seen; at most {digits(limit)}, from 28,680 pairs of people" in report.html
    # As if pairs were independent; the page itself says that one person may match everybody.
    assert short(report)[2].removeprefix("Two people taken for one. ") == (
        f"None of {pairs.impostor.size:,} pairs of two people match; the rate is at most"
        f" {one_in(limit)} (95% limit) if pairs of people are independent, and at most"
        f" {one_in(6 / 240)} if one person could match everybody."
    )
    assert row(report, "everyone", "fmr")["at_most_if_anyone"] == 6 / 240
    assert row(report, "everyone", "fmr")["at_most"] == limit
    assert "0.0000 " not in report.html and ">0.0000<" not in report.html


# ---- in short -----------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def five(tmp_path_factory):
    """Four groups with enough people, one of which is served worse, and one of three people."""
    path = tmp_path_factory.mktemp("five") / "five.csv"
    frame = towns.town(towns.FIVE, raised={"cedar": 0.45}, pictures=3, fails=3, seed=1)
    return audit(towns.write(path, frame), fmr=1e-2)


def test_in_short_begins_with_what_was_tested(five):
    said = short(five, "Tested")[0]
    pairs = 3 * 243 * (3 * 243 - 1) // 2
    assert said == (
        f"{pairs:,} pairs of pictures of 243 people in 5 groups (ash, birch, cedar, elm and fir):"
        f" 729 of one person, {pairs - 729:,} of two people."
    )


def test_rates_are_said_as_one_in_so_many(five):
    """A reader who knows no statistics reads "1 in 640"; the tables keep the share."""
    i = row(five, "everyone", "fmr")
    said = short(five, "Two people taken for one")[0]
    assert said.startswith(
        f"{i['errors']:,} of {i['trials']:,} pairs of two people match: {one_in(i['value'])} (95%"
        f" interval: {one_in(i['low'])} to {one_in(i['high'])})."
    )
    assert digits(i["value"]) not in " ".join(short(five))
    i = row(five, "everyone", "false_rejection")
    said = short(five, "One person not recognised")[0]
    assert f"{i['errors']} of {i['trials']} pairs of one person do not match or could not" in said
    assert f": {one_in(i['value'])} (95%" in said
    assert "1 in " not in section(five, "errors")


def test_a_tiny_group_hides_no_difference_and_is_named(five):
    """Three people more in a group of their own used to remove every contrast from the summary."""
    c = five.tables["contrasts"].set_index(["rate", "group"]).loc[("fmr", "cedar")]
    i = row(five, "cedar", "fmr")
    said = [s for s in short(five, "Shown") if "two people of cedar" in s]
    assert said == [
        "Pairs of two people of cedar are taken for one person more often:"
        f" {one_in(i['value'])} against {one_in(i['value'] / c['ratio'])} for the other groups"
        " together,"
        f" {times(c['ratio'])} times (95% interval {times(c['low'])} to {times(c['high'])})."
        f" {sentences.NOT_WHY}"
    ]
    assert c["ratio"] > 1.5 and c["claimed"]
    small = short(five, "Too little to say")[0]
    assert small.startswith("FMR: fir (3 people): too few people") and "cedar" not in small
    assert "fir" not in " ".join(short(five, "Not shown") + short(five, "Shown"))
    assert five.numbers["left_out"]["fmr"] == ["fir"]
    spread = five.tables["spread"].query("rate == 'fmr'")
    assert spread["null_95"].notna().all()


def test_what_could_have_been_missed_stands_in_short(five):
    """Without it "no difference" reads as "equal"."""
    c = five.tables["contrasts"].query("rate == 'fmr' and not claimed").set_index("group")
    c = c[c["low"].notna()]
    said = next(s for s in short(five, "Not shown") if s.startswith("False matches"))
    low, high = times(c["detectable"].min()), times(c["detectable"].max())
    much = low if low == high else f"{low} to {high}"
    assert f"a true difference of less than {much} times" in said
    assert all(f"{name}" in said for name in c.index) and "cedar" not in said


def test_a_difference_is_said_only_where_the_family_claims_it(five, monkeypatch):
    """Nothing else on the page, no summary of spread and no p value of its own, may claim one."""
    from labkit.measure.disparity import GroupTable

    real = GroupTable.family
    monkeypatch.setattr(
        GroupTable, "family", lambda *a, **k: real(*a, **k).assign(claimed=False, p_family=1.0)
    )
    pairs, group = town(0.25)
    report = audit(pairs, groups=group, fmr=1e-2)
    assert short(report, "Shown") == [] and len(short(report, "Not shown")) == 2
    assert "cedar" in short(report, "Not shown")[0]
    monkeypatch.undo()
    assert "cedar" in " ".join(short(audit(pairs, groups=group, fmr=1e-2), "Shown"))


def test_equal_groups_show_nothing():
    pairs, group = town()
    report = audit(pairs, groups=group, fmr=1e-2)
    assert short(report, "Shown") == []
    assert "no proof that they are equal" in short(report, "Not shown")[0]


def test_a_group_that_is_served_better_is_said_to_err_less():
    pairs, group = town(-0.3, seed=5)
    said = [s for s in short(audit(pairs, groups=group, fmr=1e-2), "Shown") if "of cedar" in s]
    assert said and "less often" in said[0] and "more often" not in said[0]


def test_a_group_whose_every_face_failed_is_said_first_among_failures(tmp_path):
    """It used to be refused with the advice to drop it."""
    frame = towns.town({"ash": 80, "birch": 80, "cedar": 40}, failing=("cedar",), seed=2)
    report = audit(towns.write(tmp_path / "f.csv", frame), fmr=1e-2)
    said = short(report, "Failures")[0]
    assert (
        "Every picture of cedar failed (40 people): nobody in this group can be recognised." in said
    )
    assert row(report, "cedar", "fta")["value"] == 1
    assert row(report, "cedar", "false_rejection")["value"] == 1
    assert "cedar" not in " ".join(short(report, "Too little to say"))


def test_two_groups_are_one_question(tmp_path):
    """The same difference is not said twice, once from each side."""
    frame = towns.town({"ash": 70, "birch": 70}, raised={"birch": 0.8}, pictures=3, seed=3)
    report = audit(towns.write(tmp_path / "t.csv", frame), fmr=1e-2)
    said = [s for s in short(report, "Shown") if "two people" in s]
    assert len(said) == 1 and "of birch are taken" in said[0] and " for ash, " in said[0]


def test_high_rates_are_said_in_a_hundred():
    assert (one_in(0.22), one_in(0.1), one_in(1 / 640)) == ("22 in 100", "1 in 10", "1 in 640")


# ---- the threshold ------------------------------------------------------------------------------


def test_a_match_is_at_least_a_score_and_at_most_a_distance(tmp_path):
    path = known(tmp_path / "k.csv", 1 / 20, 0.3)
    said = short(audit(path, threshold=0.5), "Threshold")[0]
    assert "count as a match when their score is at least 0.5." in said
    frame = pd.read_csv(path)
    frame["score"] = 1 - frame["score"]
    frame.to_csv(path, index=False)
    report = audit(path, threshold=0.25, distance=True)
    assert "match when their distance is at most 0.25." in short(report, "Threshold")[0]
    assert "78 of 1,560 pairs of two people match: 1 in 20" in short(report)[2]


@pytest.mark.parametrize("here", [True, False])
def test_a_threshold_chosen_here_is_said_with_what_it_may_do_elsewhere(here):
    """A threshold is an estimate too: its true rate on other people has an interval."""
    pairs, group = town()
    t = audit(pairs, groups=group, fmr=1e-2).threshold
    report = audit(pairs, groups=group, **({"fmr": 1e-2} if here else {"threshold": t}))
    said = short(report, "Threshold")[0]
    assert ("chosen on these same people, to match 1 in 100 pairs" in said) == here
    found = report.numbers["threshold"]
    assert (sentences.SAME_PEOPLE in section(report, "tested")) == here
    assert (sentences.GIVEN in section(report, "tested")) != here
    if here:
        low, high = found["true_fmr_low"], found["true_fmr_high"]
        assert low < 0.01 < high
        assert f"may be anything from {one_in(low)} to {one_in(high)} (95% interval)." in said
    else:
        assert found["true_fmr_low"] is None and "anything from" not in said
    other = audit(pairs, groups=group, threshold=t, chosen_on="other people")
    assert "The threshold was chosen on other people." in short(other, "Threshold")[0]


def test_a_threshold_beyond_all_scores_is_a_result(tmp_path):
    """ "No match at 99" is the case of this lab's own story; it used to be refused."""
    path = known(tmp_path / "k.csv", 1 / 20, 0.3, each=70)
    report = audit(path, threshold=99)
    assert "nothing matches: all lie between " in short(report, "Threshold")[0]
    assert row(report, "everyone", "fmr")["errors"] == 0
    assert row(report, "everyone", "false_rejection")["value"] == 1
    assert short(report, "One person not recognised") == [
        "140 of 140 pairs of one person do not match: all of them."
    ]
    assert section(report, "differences").split(" False")[0].endswith(sentences.NOTHING_COMPARED)
    assert not markup(report, "spread")
    low = audit(path, threshold=-99)
    assert "so all match: they lie between " in short(low, "Threshold")[0]
    assert row(low, "everyone", "fmr")["value"] == 1
    with pytest.raises(ValueError, match="is no number"):
        audit(path, threshold=math.nan)


def test_groups_without_part_in_the_mean_are_named():
    pairs, group = town()
    group = np.where(pairs.people < 6, "dogwood", group)
    report = audit(pairs, groups=group, fmr=1e-2)
    assert "dogwood had no part in it" in section(report, "tested")
    assert report.numbers["threshold"]["groups_in_mean"] == ["ash", "birch", "cedar"]
    assert report.numbers["threshold"]["fmr_within_groups"] == pytest.approx(0.01, rel=0.02)
    pairs, group = town()
    assert "no part" not in section(audit(pairs, groups=group, fmr=1e-2), "tested")


# ---- strata -------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def cameras(tmp_path_factory):
    """Two cameras serve both groups alike; the worse one takes most pictures of birch."""
    folder = tmp_path_factory.mktemp("cameras")
    return audit(towns.write(folder / "c.csv", towns.camera_town()), fmr=1e-2)


def test_a_gap_that_a_camera_explains_is_not_left_alone(cameras):
    """It used to be summarised as "2.58 times, more than chance" and no more."""
    (said,) = [s for s in short(cameras, "Shown") if "two people" in s]
    crude = cameras.tables["contrasts"].set_index(["rate", "group"]).loc[("fmr", "birch")]
    within = cameras.tables["strata"].set_index(["rate", "group"]).loc[("fmr", "birch")]
    assert crude["ratio"] > 2 and within["low"] < 1 < within["high"]
    assert sentences.NOT_WHY in said
    assert f"only within strata (new and old), the ratio is {times(within['ratio'])}" in said
    assert "no difference is shown there" in said
    assert "Ratio within strata" in section(cameras, "strata")


def test_without_strata_nothing_is_said_of_them(five):
    assert not markup(five, "strata") and "strata" not in " ".join(short(five))


# ---- other sections -----------------------------------------------------------------------------


def test_no_search_is_forecast_without_a_threshold(five, tmp_path):
    """From the FMR that the report itself asked for, a forecast would only repeat it."""
    assert not markup(five, "search") and five.tables["search"].empty
    assert "false candidates" not in plain(five.html).split("Words")[0]
    assert sentences.NO_SEARCH in bullets(five, "limits")
    given = audit(known(tmp_path / "k.csv", 1 / 20, 0.3), threshold=0.5)
    assert "N x FMR" in section(given, "search") and len(given.tables["search"])
    assert sentences.NO_SEARCH not in bullets(given, "limits")


def test_limits_that_were_given_stand_before_the_others(tmp_path):
    report = audit(known(tmp_path / "k.csv", 1 / 20, 0.3), threshold=0.5, limits=["Not the moon."])
    lines = bullets(report, "limits")
    assert lines[:2] == ["Not the moon.", sentences.NOT_SHOWN[0]]
    assert sentences.HOW_CHOSEN in lines  # not all pairs are in this file


def test_failures_of_a_table_are_counted():
    pairs, group = town(0.15, 7)
    n = len(pairs)
    lost = n * (n - 1) // 2 - (n - 7) * (n - 8) // 2
    said = section(audit(pairs, groups=group, fmr=1e-2), "failures")
    assert f"{lost:,} comparisons of {n * (n - 1) // 2:,} failed." in said
    assert sentences.ALL_MADE not in said
    assert sentences.ALL_MADE in section(audit(*town()[:1], fmr=1e-2), "failures")


def test_false_rejection_and_fnmr_are_one_table_when_nothing_failed():
    """Two tables of the same numbers made readers look for the difference."""
    pairs, group = town(0.15)
    report = audit(pairs, groups=group, fmr=1e-2)
    assert sentences.SAME_AS_FNMR in section(report, "errors")
    assert "Misses among the comparisons made" not in report.html
    pairs, group = town(0.15, 7)
    report = audit(pairs, groups=group, fmr=1e-2)
    assert sentences.SAME_AS_FNMR not in section(report, "errors")
    assert "Misses among the comparisons made (FNMR) by group" in section(report, "errors")


def test_one_group_has_nothing_to_be_compared_with(tmp_path):
    report = audit(known(tmp_path / "k.csv", 1 / 20, 0.3, groups=("a",)), threshold=0.5)
    assert short(report, "Not shown") == [sentences.ONE_GROUP]
    assert "ratio to" not in report.html


def test_the_lowest_fmr_is_that_of_thirty_pairs_of_people():
    pairs, group = town()
    report = audit(pairs, groups=group, fmr=1e-2)
    best = sorted((s.max() for s in _pairs_of_people(pairs)), reverse=True)
    floor = float((pairs.impostor >= best[29]).mean())
    said = f"can set a threshold is {digits(floor)}: there the false matches come from 30 different"
    assert said in section(report, "scores")


def _pairs_of_people(pairs):
    place = [np.flatnonzero(pairs.people == k) for k in range(pairs.people_count)]
    for a, b in itertools.combinations(place, 2):
        yield pairs.matrix[np.ix_(a, b)]


def test_without_people_a_claim_says_that_it_may_be_chance(tmp_path):
    frame = towns.town({"ash": 70, "birch": 70}, raised={"birch": 0.9}, pictures=3, seed=3)
    drop = frame.drop(columns=["probe_person", "gallery_person"])
    for table, said in ((frame, False), (drop, True)):
        report = audit(towns.write(tmp_path / "t.csv", table), fmr=1e-2)
        claims = short(report, "Shown")
        assert claims and all((sentences.MAY_BE_CHANCE in s) == said for s in claims)


def test_pairs_that_may_have_been_chosen_are_a_limit_in_short(tmp_path):
    report = audit(known(tmp_path / "k.csv", 1 / 20, 0.3), threshold=0.5)
    assert sentences.PERHAPS_CHOSEN in short(report, "Limits")[0]
    assert sentences.PERHAPS_CHOSEN not in short(audit(*town()[:1], fmr=1e-2), "Limits")[0]


# ---- what a fresh reader found ------------------------------------------------------------------

DARK = Served(missed=[3] * 2 + [2] * 17 + [1] * 27, false=56)  # 67 of 210, by 46 of 70 people


@pytest.fixture(scope="module")
def apart(tmp_path_factory):
    """A group that is missed in a third of all pairs, one that is never missed."""
    folder = tmp_path_factory.mktemp("apart")
    groups = {"dark": DARK, "light": Served(false=4, failed=9)}
    return audit(unlike(folder / "h.csv", groups), threshold=0.5)


def test_a_difference_too_large_for_a_ratio_is_said_with_both_counts(apart):
    """0 of 210 against 67 of 210 was summed up as "too little to say", without the 67."""
    match, miss = short(apart, "Without a ratio")
    i = row(apart, "dark", "false_rejection")
    low, high = (f"{100 * i[end]:.0f} in 100" for end in ("low", "high"))
    assert miss == (
        "False rejection, failures counted. In light none of 210, and the rate is at most 1 in 23"
        f" (95% limit); in dark 67 of 210: 32 in 100 (95% interval: {low} to {high}). The limit of"
        " light lies below the whole interval of dark. No ratio can be given for light, and no"
        " difference is claimed."
    )
    assert match.startswith(
        "False matches (FMR). In light 4 of 2,406, and the rate is at most 1 in"
    )
    assert "(95% limit) if pairs are independent; in dark 56 of 2,415: 1 in 43 (95%" in match
    assert not short(apart, "Too little to say") and not short(apart, "Shown")
    assert not apart.tables["contrasts"]["claimed"].any()


def test_limits_that_overlap_are_not_said_to_lie_below(tmp_path):
    groups = {"dark": Served(missed=[1] * 16), "light": Served(missed=[1] * 6)}
    said = short(audit(unlike(tmp_path / "h.csv", groups), threshold=0.5), "Without a ratio")
    assert len(said) == 1 and "in dark 16 of 210" in said[0] and "lies below" not in said[0]


def test_the_real_reason_for_no_interval_is_given_and_the_rate_with_it(tmp_path):
    """ "b: by 55 of 55 people: too few for a rate": 55 are not few."""
    groups = {
        "a": Served(55),
        "b": Served(55, missed=[1] * 55),
        "c": Served(55, missed=[3] * 50 + [1] * 3),
    }
    report = audit(unlike(tmp_path / "h.csv", groups), threshold=0.5)
    shown = read(report).tables["False rejection, failures counted by group"]
    found = {g: (line["Rate"], line["95% interval, by people"]) for g, line in shown.items()}
    assert found["b"] == ("0.333", "everybody has the same share of errors: no interval")
    assert found["c"] == ("0.927", "nothing but errors in 50 of 55 people: no interval")
    (said,) = short(report, "Without a ratio")
    assert "in b 55 of 165: 33 in 100, no interval" in said and "In a none of 165" in said
    groups = {"a": Served(missed=[1] * 20), "b": Served(missed=[3] * 70)}
    report = audit(unlike(tmp_path / "h.csv", groups), threshold=0.5)
    (said,) = short(report, "Without a ratio")
    assert "In b 210 of 210, and the rate is at least 96 in 100 (95% limit); in a 20 of" in said


def test_others_are_not_said_to_be_compared_when_none_are(tmp_path, five):
    groups = {"a": Served(40, false=99), "b": Served(40, false=99)}
    report = audit(unlike(tmp_path / "h.csv", groups), threshold=0.5)
    said = short(report, "Too little to say")[0]
    assert "FMR: a (40 people) and b (40 people): too few people, or too few errors;" in said
    assert said.count("so no groups are compared.") == 2 and "all the same" not in said
    assert "all the same" in short(five, "Too little to say")[0].split(". False")[0]


def test_failed_comparisons_stand_in_short_and_by_group(apart):
    """ "No picture failed." stood there while 316 comparisons had failed, most in one group."""
    n = 2 * (210 + 70 * 69 // 2)
    share = 9 / (n / 2)
    assert short(apart, "Failures") == [
        f"No picture failed in all its comparisons; 9 of {n:,} comparisons did (within groups:"
        f" light {percent(share)}, dark none)."
    ]
    shown = read(apart).tables["Comparisons that failed, by group"]
    assert shown["light"]["Comparisons that failed"] == f"9 of {n // 2:,}"
    found = {line["group"]: line for line in apart.numbers["failures"]}
    assert found["light"] == {
        "group": "light",
        "comparisons": n // 2,
        "failed": 9,
        "share": share,
    }
    assert found["dark"]["failed"] == 0 and found["everyone"]["failed"] == 9


def test_failed_comparisons_of_a_table_are_those_of_its_list(tmp_path):
    pairs, group = town(0.15, 7)
    a = audit(pairs, groups=group, fmr=1e-2)
    b = audit(from_table(tmp_path / "all.csv", pairs, group), fmr=1e-2)
    pd.testing.assert_frame_equal(a.tables["failures"], b.tables["failures"])
    assert a.tables["failures"]["failed"].iloc[0] > a.tables["failures"]["failed"].iloc[1:].sum()
    assert "comparisons failed (within groups: " in short(a, "Failures")[0]


def test_a_default_threshold_that_could_not_be_had_is_said(tmp_path):
    """ "It was chosen to match 1 in 10 pairs" did not say that nobody wanted that."""
    pairs, group = town()
    path = from_table(
        tmp_path / "s.csv", pairs, group, keep=np.arange(len(pairs) * 719 // 2) % 40 == 0
    )
    report = audit(path)
    asked = report.numbers["threshold"]["fmr_asked"]
    assert asked > 1e-3 and report.numbers["threshold"]["fmr_refused"] == 1e-3
    said = sentences.NOT_POSSIBLE.format(refused="0.001", used=one_in(asked))
    assert said in short(report, "Threshold")[0] and said in section(report, "tested")
    wanted = audit(path, fmr=asked)
    assert "was not possible" not in wanted.html
    assert wanted.numbers["threshold"]["fmr_refused"] is None


def test_one_cause_is_not_said_as_three(tmp_path):
    """One group differed; three lines said "less often", "more often", "less often"."""
    frame = towns.town({"ash": 80, "birch": 80, "cedar": 80}, raised={"cedar": 1.2}, pictures=3)
    report = audit(towns.write(tmp_path / "t.csv", frame), fmr=1e-2)
    first, *rest = short(report, "Shown")
    assert first == sentences.TOGETHER and len(rest) == 3
    assert "of cedar are taken for one person more often" in rest[0]
    claims = report.tables["contrasts"].query("claimed").set_index("group")["ratio"]
    order = [next(g for g in claims.index if f"of {g} are" in s) for s in rest]
    assert order == list(claims.sort_values(ascending=False).index)
    assert sentences.TOGETHER in section(report, "differences")


@pytest.fixture(scope="module")
def first_worse(tmp_path_factory):
    """Two groups, of which the first is served worse."""
    frame = towns.town({"ash": 70, "birch": 70}, raised={"ash": 0.8}, pictures=3, seed=3)
    return towns.write(tmp_path_factory.mktemp("two") / "t.csv", frame)


@pytest.mark.parametrize("reference", ["", "ash", "birch"])
def test_the_group_that_is_worse_off_is_named_first(first_worse, reference):
    """ "Men are taken for one person less often, 0.19 times" hid whom it concerns."""
    given = {"reference": reference} if reference else {}
    report = audit(first_worse, fmr=1e-2, **given)
    (said,) = [s for s in short(report, "Shown") if "two people" in s]
    c = report.tables["contrasts"].set_index("rate").loc["fmr"]
    turned = reference != "birch"
    assert c["group"] == ("birch" if turned else "ash") and (c["ratio"] < 1) == turned
    ratio, low, high = (c[k] for k in ("ratio", "low", "high"))
    if turned:
        ratio, low, high = 1 / ratio, 1 / high, 1 / low
    ash, birch = (row(report, g, "fmr")["value"] for g in ("ash", "birch"))
    assert said == (
        f"Pairs of two people of ash are taken for one person more often: {one_in(ash)} against"
        f" {one_in(birch)} for birch, {times(ratio)} times (95% interval {times(low)} to"
        f" {times(high)}). {sentences.NOT_WHY}"
    )
    how = sentences.NAMED.format(group=reference) if reference else sentences.ONE_QUESTION
    assert how in section(report, "differences")
    assert (how in short(report, "Shown")) == bool(reference)


@pytest.mark.parametrize(
    ("crude", "within", "said"),
    [
        (0.31, (0.42, 0.10, 1.7), "that is too little to tell"),
        (0.31, (0.95, 0.60, 1.5), "may account for this one"),
        (3.0, (1.9, 0.8, 4.5), "that is too little to tell"),
        (3.0, (1.1, 0.8, 1.5), "may account for this one"),
        (3.0, (2.5, 1.5, 4.2), "do not account for it"),
    ],
)
def test_lost_precision_is_no_explanation(crude, within, said):
    """0.42 (0.10 to 1.7) within strata against 0.31 was put down to the strata."""
    frame = pd.DataFrame([within], columns=["ratio", "low", "high"], index=["x"])
    facts = SimpleNamespace(within={"fmr": frame}, strata={"day": None, "night": None})
    words = SimpleNamespace(together=lambda rate: True)
    assert said in Short(facts, words).within("fmr", "x", SimpleNamespace(ratio=crude))


def test_how_it_was_computed_names_every_p_of_the_file(first_worse):
    """p, p_pooled and p_family stood in the JSON, and nowhere what they are."""
    report = audit(first_worse, fmr=1e-2)
    assert sentences.HOW in section(report, "differences")
    keys = {key for key in report.numbers["contrasts"][0] if key.startswith("p")}
    assert keys == {"p", "p_pooled", "p_family"}
    assert all(f"{key} " in sentences.HOW for key in keys)


def test_the_people_that_a_rate_takes_stand_where_the_rule_does(five):
    said = section(five, "errors").split("False matches (FMR)")[0]
    assert f"FMR has an interval only in a group of at least {ENOUGH_PEOPLE_FOR_AN_FMR} " in said
    assert f"every other rate in one of at least {ENOUGH_PEOPLE} people, 10 of them with" in said


def test_fdr_is_spoken_of_only_beside_fdr(apart, tmp_path):
    """The warning about FDR stood below a table without it."""
    groups = {"a": Served(false=60), "b": Served(false=90)}
    report = audit(unlike(tmp_path / "f.csv", groups), threshold=0.5)
    assert "max/min (FMR)" in section(report, "spread")
    assert "FDR hardly sees" not in report.html
    groups = {"a": Served(missed=[1] * 20, false=60), "b": Served(missed=[1] * 30, false=90)}
    report = audit(unlike(tmp_path / "f.csv", groups), threshold=0.5)
    assert "FDR hardly sees" in section(report, "spread")


def test_sentences_have_one_unit_and_digits_enough():
    """ "1 in 25 to 10 in 100" has two units; "1.0 times (1.0 to 1.0)" was called shown."""
    assert odds(Interval(0.062, 0.04, 0.101)) == "6.2 in 100 (95% interval: 4 in 100 to 10 in 100)"
    frame = pd.DataFrame([(1.0131, 1.0004, 1.0301)], columns=["ratio", "low", "high"], index=["x"])
    facts = SimpleNamespace(within={"fmr": frame}, strata={"day": None, "night": None})
    words = SimpleNamespace(together=lambda rate: True)
    said = Short(facts, words).within("fmr", "x", SimpleNamespace(ratio=1.02))
    assert "the ratio is 1.0131 (1.0004 to 1.0301)" in said


def test_what_strata_alone_suggest_is_not_claimed():
    """ "Within strata there is one, which all pairs together hide" rested on an interval of its
    own; only the comparisons adjusted together may claim."""
    crude = pd.DataFrame(
        [(1.1, 0.7, 1.7, 1.9, False)],
        columns=["ratio", "low", "high", "detectable", "claimed"],
        index=["x"],
    )
    within = pd.DataFrame([(1.9, 1.2, 3.0)], columns=["ratio", "low", "high"], index=["x"])
    facts = SimpleNamespace(
        within={"fmr": within}, contrasts={"fmr": crude}, by_group=True, compared=True
    )
    words = SimpleNamespace(against=lambda rate: "y")
    (said,) = Short(facts, words).not_shown
    assert "the interval of x leaves 1 out; that is not adjusted" in said
    assert "there is one" not in said

"""What notebook 07 concludes, held against the shipped data, and every branch of its sentences."""

from __future__ import annotations

import re
from dataclasses import replace
from types import SimpleNamespace

import pandas as pd
import pytest

from labkit import published, remedies
from labkit.app import notebooks, rules
from labkit.base.places import PROJECT
from labkit.measure.intervals import Interval
from labkit.remedies import Judged
from lessons.nb07 import exercises, words
from tests.remedies import made

SOURCE = PROJECT / notebooks.SOURCE / "07_can_it_be_fixed.py"


@pytest.fixture(scope="module")
def town():
    return remedies.Town.of("dlib")


@pytest.fixture(scope="module")
def gate(town):
    return remedies.quality_gate(town)


@pytest.fixture(scope="module")
def by_group(town):
    return remedies.group_thresholds(town)


def text(form="open"):
    return " ".join(" ".join(rules.prose(SOURCE, form)).split())


# ---- what the prose says ------------------------------------------------------------------------


def test_the_section_that_claims_point_to_is_there():
    """Claims of the letters point to it by its exact words, and it is the last that argues."""
    found = [words for level, words in rules.headings(rules.prose(SOURCE)) if level == 2]
    assert found[-5:] == ["Every error at zero", *rules.ENDING]
    table = published.load("claims").table
    sections = set(table["section"][table["notebook"] == "07"])
    assert sections == {"Every error at zero"}
    assert "Every error at zero" in [w for _, w in rules.headings(rules.prose(SOURCE, "core"))]


def test_no_remedy_is_fitted_on_those_it_is_judged_on(town):
    assert "fitted on `dev` and judged on `eval`" in text()
    assert set(town.dev.people).isdisjoint(town.test.people)


def test_false_matches_are_commonest_among_darker_people_and_their_threshold_goes_up(town):
    """The text says so of dev and of the table, before the learner guesses."""
    assert "dlib's false matches are commonest among darker people" in text()
    rates = [town.before[g, "fmr"].value for g in town.before.names]
    assert max(rates) == town.before["darker", "fmr"].value
    own, kept = remedies.thresholds._own(town)
    assert not kept and own["darker"] == max(own.values()) > town.chosen.value


def test_what_takes_false_matches_from_a_group_adds_rejections(by_group):
    """The text reads the two gaps so."""
    assert "what takes false matches from a group adds rejections to it" in text()
    for group in by_group.before.names:
        fmr, rejected = (by_group.change(r, group) for r in ("fmr", "false_rejection"))
        assert (fmr < 1) == (rejected > 0), group
    gap = by_group.changes.loc[("gap fmr", "darker")]
    rejected = by_group.changes.loc[("gap false_rejection", "darker")]
    assert gap["after"] < gap["before"] and rejected["after"] > rejected["before"]


def test_nearly_all_that_are_turned_away_are_of_one_band(gate):
    """The solution of 07-a says so, and that darker people are missed more."""
    assert "nearly all of them are of one band" in text("solved")
    counts = gate.counts["turned away"]
    assert counts["darker"] > 0.9 * counts.sum()
    missed = [gate.before[g, "fnmr"].value for g in ("lighter", "darker")]
    assert missed[1] > missed[0]


def test_the_gate_turns_away_of_dev_what_the_text_says(town, gate):
    assert "turns away the lowest 5 of 100" in text()
    assert "the lowest 5% of dev" in gate.fitted


def test_the_core_counts_the_looks_of_the_whole_page():
    """A claim in the core holds for the page: all looks of the full form are counted there."""
    code = "\n".join(rules.code(SOURCE))
    (more,) = re.findall(r"remedies\.looks\(core, more=(\d+)\)", code)
    (listed,) = re.findall(r"everything = \[\*core, (.*)\]", code)
    each = 8  # two rates of three bands, and two gaps
    assert int(more) == each * len(listed.split(", "))
    assert f"looks {more} times more" in code


def test_every_remedy_is_in_the_table_and_in_a_figure():
    code = "\n".join(rules.code(SOURCE))
    (listed,) = re.findall(r"everything = \[\*core, (.*)\]", code)
    drawn = " ".join(re.findall(r"(?:scores|begun) = \[(.*)\]", code))
    assert set(listed.split(", ")) <= set(drawn.replace(",", "").split())


def test_the_people_in_the_figures_are_counted():
    from labkit import data

    code = "\n".join(rules.code(SOURCE))
    people = [len(data.load(f"anytown/{name}").people) for name in ("dev", "eval")]
    camera = len(data.load("counterfactual/paired").people)
    assert set(re.findall(r"plots\.invented\((\d+)\)", code)) == {
        str(sum(people)),
        str(sum(people) + camera),
    }


def test_a_wrong_record_hurts_and_a_band_hardly_shows_it(town):
    by_record = remedies.by_record(town)
    told = words.records(by_record)
    assert "FMR: hit hardest are" in told and "false rejection: hit hardest are" in told
    right = exercises.fmr().loc["darker", "darker"]
    band = exercises.RECORDS.reference()
    worst = exercises.fmr().loc["darker"].max()
    assert band / right < 1.1 < worst / right


def test_the_exercise_is_the_expectation_of_the_module(town):
    """07-b asks by hand what ten wrong records in a hundred come to; the module computes it."""
    found = remedies.group_thresholds(town, wrong=0.1, draws=0)
    assert exercises.RECORDS.reference() == pytest.approx(found.after["darker", "fmr"].value)


# ---- branches of sentences ----------------------------------------------------------------------


def tallied(*verdicts):
    names = [f"r{k}" for k in range(len(verdicts))]
    results = [SimpleNamespace(name=n, matcher="m", luck=None) for n in names]
    rows = {
        (f"{n} (m)", "fmr", g): {"verdict": v, "looks": 7}
        for n, both in zip(names, verdicts, strict=True)
        for g, v in zip("ab", both, strict=True)
    }
    index = pd.MultiIndex.from_tuples(list(rows), names=["remedy", "what", "group"])
    return words.tally(results, pd.DataFrame(list(rows.values()), index=index))


@pytest.mark.parametrize(
    ("verdicts", "said"),
    [
        (("better", "not shown"), "Some error gets rarer, none is shown to get commoner: r0 (m)."),
        (("better", "worse"), "An error gets rarer for some and commoner for others: r0 (m)."),
        (("worse", "unchanged"), "Some error gets commoner, none is shown to get rarer: r0 (m)."),
        (("not shown", "too few"), "Nothing is shown that luck could not have done: r0 (m)."),
    ],
)
def test_a_remedy_is_tallied_by_what_it_does(verdicts, said):
    told = tallied(verdicts)
    assert said in told and "after adjusting for 7 looks" in told


def test_remedies_are_tallied_side_by_side():
    told = tallied(("better", "better"), ("better", "worse"), ("worse", "worse"))
    assert len(told.splitlines()) == 4


def test_the_null_remedy_is_not_tallied(town):
    null = remedies.drawn_again(town, draws=5)
    assert "nothing" not in words.tally([null], remedies.looks([null]))


def test_the_gate_tells_both_stories(gate):
    told = words.gate(gate)
    last = gate.before.names[-1]
    before, after = (100 * t[last, "fnmr"].value for t in (gate.before, gate.after))
    assert f"{last}: FNMR {before:.1f} to {after:.1f}" in told
    if after < before:
        assert "sent home first; of all who came, fewer are recognised" in told
    else:
        assert "neither looks better" in told


def gated(fnmr: tuple[float, float], change: float):
    def table(n):
        return {("x", "fnmr"): Interval(fnmr[n]), ("x", "false_rejection"): Interval(0.2)}

    class Table(dict):
        names = ("x",)

    before, after = (Table(table(n)) for n in (0, 1))
    return words.gate(
        SimpleNamespace(before=before, after=after, change=lambda what, group: change)
    )


def test_a_gate_has_a_branch_for_each_way_the_numbers_fall():
    assert "FNMR looks better because" in gated((0.2, 0.1), 0.1)
    assert "neither looks better" in gated((0.2, 0.3), 0.1)
    assert "false rejection does not rise" in gated((0.2, 0.1), -0.1)


def final_of(looks, times: float) -> pd.DataFrame:
    """A final table in which every claimed change goes so many times as far."""
    rows = []
    for (name, what, group), row in zip(looks.index, looks.to_dict("records"), strict=True):
        remedy, _, matcher = name.rpartition(" (")
        neutral = 1.0 if what.endswith("fmr") else 0.0
        change = neutral + times * (row["change"] - neutral)
        rows.append({"remedy": remedy, "matcher": matcher[:-1], "what": what, "group": group,
                     "change": change, "verdict": row["verdict"]})  # fmt: skip
    return pd.DataFrame(rows)


@pytest.fixture(scope="module")
def some():
    from labkit.measure import group_table

    town = made.town()
    after = group_table(town.test.pairs, town.test.groups, town.chosen.value + 0.5)
    strict = Judged("stricter", "...", "made up", town.before, after)
    return remedies.looks([strict])


def test_what_was_seen_again_is_counted(some):
    claimed = int(some["claimed"].sum())
    again = words.held(some, final_of(some, 0.5))
    assert f"Of the {claimed} changes claimed above" in again
    assert f"{claimed} go the same way there, and {claimed} are shown again" in again
    other = words.held(some, final_of(some, -0.5))
    assert "0 go the same way" in other and "The other way: stricter (made up), fmr, a" in other


def test_nothing_claimed_is_said(some):
    none = some.assign(claimed=False)
    assert words.held(none, final_of(some, 1)) == (
        "None of the changes claimed above is in the final table."
    )


def test_both_sides_speak_of_a_matcher_that_works_in_their_own_words():
    told = words.perfect()
    table = published.load("arguments").table.set_index("id")
    for name in ("c-accurate", "v-tool"):
        assert table.loc[name, "words"] in told and table.loc[name, "reply_words"] in told
    assert {table.loc[n, "side"] for n in ("c-accurate", "v-tool")} == {"critics", "vendor"}


def test_options_of_the_last_exercise_are_claims_of_both_sides():
    words_of = " ".join(published.load("claims").table["words"])
    for said in ("protesters seen by body cameras", "walk down a street without the government"):
        assert said in words_of and said in text()
    assert set(exercises.PERFECT.best) == {"congress", "unequal", "children"}


def test_a_gap_without_a_claim_is_left_alone(by_group):
    quiet = replace(by_group, redrawn={k: [0.5, 1.5] for k in by_group.changes.index})
    assert quiet.changes.equals(by_group.changes)

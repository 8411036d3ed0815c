"""What may be claimed of remedies: every way the numbers can fall, and one family of looks."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from labkit import remedies
from labkit.measure import fmr_ratio, group_table, paired_difference
from labkit.remedies.judged import Judged
from tests.remedies import made


@pytest.fixture(scope="module")
def town():
    return made.town()


@pytest.fixture(scope="module")
def strict(town) -> Judged:
    """A stricter threshold: fewer false matches, more rejections, for everybody."""
    after = group_table(town.test.pairs, town.test.groups, town.chosen.value + 0.5)
    return Judged("stricter", "A higher threshold.", "made up", town.before, after)


def test_changes_are_those_of_paired_people(strict):
    changes = strict.changes
    before, after = (t.row("a") for t in (strict.before, strict.after))
    ratio = fmr_ratio((after.false, after.compared), (before.false, before.compared))
    row = changes.loc[("fmr", "a")]
    assert [row["change"], row["low"], row["high"]] == pytest.approx(
        [ratio.value, ratio.low, ratio.high]
    )
    gap = paired_difference(after.terms("false_rejection"), before.terms("false_rejection"))
    row = changes.loc[("false_rejection", "a")]
    assert [row["change"], row["low"], row["high"], row["detectable"]] == pytest.approx(
        [gap.value, gap.low, gap.high, gap.detectable]
    )


def test_the_gap_is_between_the_last_group_and_the_first(strict):
    changes, values = strict.changes, {}
    for end, table in (("before", strict.before), ("after", strict.after)):
        fmr = [table[g, "fmr"].value for g in "ab"]
        rejected = [table[g, "false_rejection"].value for g in "ab"]
        values[end] = fmr[1] / fmr[0], rejected[1] - rejected[0]
    for end, (ratio, difference) in values.items():
        assert changes.loc[("gap fmr", "b"), end] == pytest.approx(ratio)
        assert changes.loc[("gap false_rejection", "b"), end] == pytest.approx(difference)


def test_something_gets_worse_when_something_gets_better(strict):
    verdicts = remedies.looks([strict])["verdict"]["stricter (made up)"]
    assert set(verdicts["fmr"]) == {"better"} and set(verdicts["false_rejection"]) == {"worse"}
    told = remedies.told(strict, remedies.looks([strict]))
    assert "FMR: lower for a" in told and "false rejection: higher for a" in told


def test_a_stricter_threshold_turned_round_is_worse_and_better(strict):
    loose = replace(strict, name="looser", before=strict.after, after=strict.before)
    verdicts = remedies.looks([loose])["verdict"]["looser (made up)"]
    assert set(verdicts["fmr"]) == {"worse"} and set(verdicts["false_rejection"]) == {"better"}


def test_all_looks_of_a_page_are_adjusted_together(strict):
    """Whoever tries more remedies finds more by luck."""
    alone = remedies.looks([strict])
    more = remedies.looks([strict, *(replace(strict, name=f"again {k}") for k in range(4))])
    assert (alone["looks"].max(), more["looks"].max()) == (6, 30)
    name = "stricter (made up)"
    for found in (more, remedies.looks([strict], more=24)):
        assert found["looks"].max() == 30
        here, there = (x.xs(name, level="remedy")["p_looks"] for x in (alone, found))
        assert (there >= here).all() and there.min() > 2 * here.min()


def test_the_null_remedy_is_no_look_and_claims_nothing(town, strict):
    null = remedies.drawn_again(town, draws=20)
    looks = remedies.looks([null, strict])
    assert looks["looks"].max() == 6
    assert set(looks.loc["nothing, dev drawn again (made up)", "verdict"]) <= {
        "by luck", "unchanged", "too few"}  # fmt: skip


def test_what_luck_does_as_well_is_not_claimed(town):
    """A change that its own interval shows, but that drawing dev again gives as well."""
    null = remedies.drawn_again(town)
    small = group_table(town.test.pairs, town.test.groups, town.chosen.value + 0.02)
    tiny = Judged("a hair", "...", "made up", town.before, small)
    alone, beside = remedies.looks([tiny]), remedies.looks([null, tiny])
    key = ("a hair (made up)", "fmr", "b")
    assert alone.loc[key, "verdict"] == "better"
    assert beside.loc[key, "verdict"] == "not shown"
    assert beside.loc[key, "why"] == "drawing dev again does as much"
    assert "drawing dev again does as much" in remedies.told(tiny, beside)
    fixed = replace(tiny, chosen_anew=False)  # no threshold was chosen: no luck of dev
    assert remedies.looks([null, fixed]).loc[key, "verdict"] == "better"


def test_a_remedy_that_other_people_of_dev_would_not_give_is_not_claimed(strict):
    either = {k: np.linspace(-1, 3, 50) for k in strict.changes.index}
    looks = remedies.looks([replace(strict, redrawn=either)])
    assert set(looks["verdict"]) <= {"not shown", "unchanged"}
    assert "chosen on other people of dev, it may not change so" in set(looks["why"])


def test_a_change_that_only_adjusting_takes_away_says_so(strict, town):
    near = group_table(town.test.pairs, town.test.groups, town.chosen.value + 0.001)
    slight = Judged("slight", "...", "made up", town.before, near)
    many = [replace(slight, name=f"slight {k}") for k in range(40)]
    for one in (remedies.looks([slight]), remedies.looks(many)):
        thin = (one["p"] < 0.05) & (one["p_looks"] >= 0.05)
        assert one.loc[thin, "why"].str.startswith("not after adjusting for").all()


def test_nothing_changed_is_said(town):
    same = Judged("nothing", "Nothing is done.", "made up", town.before, town.before)
    looks = remedies.looks([same])
    assert set(looks["verdict"]) == {"unchanged"}
    told = remedies.told(same, looks)
    assert "FMR: the same for a, b." in told and "The gap is the same." in told


def gap(town, first: float, last: float) -> str:
    """The verdict on the gap in FMR when the two groups' thresholds move so far."""
    tables = [
        group_table(town.test.pairs, town.test.groups, town.chosen.value + move)
        for move in (first, last)
    ]
    rows = tuple(t.row(g) for t, g in zip(tables, "ab", strict=True))
    moved = Judged("moved", "...", "made up", town.before, replace(town.before, rows=rows))
    looks = remedies.looks([moved])
    told = remedies.told(moved, looks)
    verdict = looks.loc[("moved (made up)", "gap fmr", "b"), "verdict"]
    words = {"narrower": "is narrower", "wider": "is WIDER", "turned over": "turned over"}
    assert words[verdict] in told
    return verdict


def test_a_gap_narrows_widens_and_turns_over(town):
    before = town.before
    assert before["b", "fmr"].value > 2 * before["a", "fmr"].value
    assert gap(town, 0, 0.2) == "narrower"
    assert gap(town, 0.2, 0) == "wider"
    assert "turned over" in {gap(town, 0, move) for move in (0.3, 0.35, 0.4, 0.45, 0.5)}


def test_what_could_have_been_missed_is_said(town):
    other = group_table(town.test.pairs, town.test.groups, town.chosen.value)
    rows = []
    for row in other.rows:  # the errors of other people of the same group, so nothing is the same
        order = np.roll(np.arange(len(row.people)), 7)
        rows.append(replace(row, false=row.false[np.ix_(order, order)], missed=row.missed[order]))
    dealt = Judged("dealt", "...", "made up", town.before, replace(other, rows=tuple(rows)))
    told = remedies.told(dealt, remedies.looks([dealt]))
    assert "no change shown for a" in told
    assert "would be found four times in five (if it were the only look)" in told
    assert "That the gap changes is not shown." in told


def test_other_people_or_groups_are_refused(town, strict):
    with pytest.raises(ValueError, match="two tables of the same groups"):
        replace(strict, after=group_table(town.test.pairs, ["x"] * 640, 0.0))
    rows = tuple(replace(r, people=r.people + 1) for r in strict.after.rows)
    with pytest.raises(ValueError, match="other people in a"):
        replace(strict, after=replace(strict.after, rows=rows))


def test_a_list_of_remedies_is_checked(strict):
    with pytest.raises(ValueError, match="no remedy"):
        remedies.looks([])
    with pytest.raises(ValueError, match="stands twice"):
        remedies.looks([strict, strict])
    with pytest.raises(ValueError, match="not among the looks"):
        remedies.told(replace(strict, name="another"), remedies.looks([strict]))


def test_the_table_shows_every_group_before_and_after(town, strict):
    null = remedies.drawn_again(town, draws=5)
    table = remedies.table([null, strict])
    assert len(table) == 4 and (table["turned away"] == "0.0%").all()
    row = table.loc[("stricter (made up)", "b")]
    before, after = (t["b", "fmr"].value for t in (strict.before, strict.after))
    assert row["FMR"] == f"{before:.4f} → {after:.4f}" and row["FMR is"] == "better"

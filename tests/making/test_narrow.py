"""The people of whom one band varies less in shape: whole, as planned, and found by the audit."""

from __future__ import annotations

import json
import math
from collections import Counter

import numpy as np
import pytest
from scipy.spatial.distance import pdist
from scipy.special import ndtri

from labkit import data
from labkit.base.places import PROJECT
from labkit.making import counting, studio
from labkit.making.plans import BANDS, NARROW, PLANS, band, choose, person_of
from labkit.measure import reading
from labkit.measure.disparity import group_table
from labkit.measure.faces import compare_faces, threshold_cells
from labkit.measure.thresholds import choose_threshold
from labkit.people.who import NAMES
from labkit.people.who.person import sample_person
from labkit.people.who.tables import person_from_row

FOLDER = PROJECT / "data"
TEMPLATE = 0.05  # as in test_shipped_data: sums may round otherwise on another machine
PLAN = PLANS["narrow"]
REFERENCE = "lighter"
OFTEN = 0.95
"""How often, at least, the control should be found by each matcher: the rule for its spread."""


@pytest.fixture(scope="module")
def narrow():
    return data.load("teaching/narrow")


@pytest.fixture(scope="module")
def thresholds():
    """By the one rule of notebook 05."""
    dev = data.load("anytown/dev")
    cells = threshold_cells(dev)
    return {
        matcher: choose_threshold(compare_faces(dev, matcher), counting.RATE, cells=cells).value
        for matcher in counting.MATCHERS
    }


def audited(name, matcher, threshold):
    """The bands of a set against the reference, as notebook 05 asks."""
    faces = data.load(name)
    pairs = compare_faces(faces, matcher)
    return group_table(pairs, faces.groups("tone_band"), threshold).contrasts(REFERENCE)


# ---- the set -------------------------------------------------------------------------------------


def test_the_set_is_whole_and_balanced(narrow):
    cells = Counter(
        zip(narrow.people["tone_band"], narrow.people["presentation_half"], strict=True)
    )
    assert len(cells) == 6 and set(cells.values()) == {80}
    assert len(narrow) == 480 * 4 == len(narrow.templates)
    assert set(Counter(narrow.images["person"]).values()) == {4}
    ok = (narrow.images["status"] == "ok").to_numpy()
    assert (np.isfinite(narrow.templates).all(1) == ok).all() and ok.mean() > 0.95
    assert not narrow.images["file"].any(), "pictures of a teaching population are not shipped"


def test_seeds_are_its_own_and_what_was_narrowed_is_recorded(narrow):
    recorded = json.loads((FOLDER / "teaching/narrow/seeds.json").read_text())
    assert recorded["narrow"] == {"band": NARROW, "spread": PLAN.narrow} and PLAN.narrow < 1
    assert recorded["people"] == narrow.people.index.tolist()
    assert recorded["people"] == [person.seed for person in choose(PLAN)]
    for name in data.SETS:
        if name != "teaching/narrow":
            assert not set(data.load(name).people.index) & set(recorded["people"])


def test_the_tables_hold_the_narrowed_people(narrow):
    for seed in narrow.people.index[:8]:
        assert person_from_row(narrow.people.loc[seed]) == person_of(PLAN, int(seed))


def test_the_middle_band_is_narrowed_and_nothing_else_is_touched():
    """Neither end of the range of tones is the one that is more alike."""
    assert NARROW == BANDS[len(BANDS) // 2] == "medium"
    found = Counter()
    for person in choose(PLAN, 40):
        plain = sample_person(person.seed)
        inside = band(person.tone) == NARROW
        assert (person.shape != plain.shape) == inside
        assert person.with_(shape=plain.shape, marks=plain.marks) == plain
        found[inside] += 1
    assert min(found.values()) > 5


def drawn(faces, name):
    """Shapes of the people of one band, a row each."""
    return faces.people.loc[faces.people["tone_band"] == name, list(NAMES)].to_numpy()


def test_only_within_the_narrowed_band_are_drawn_faces_closer(narrow):
    """Finding: the linked people moved a whole band, whose own members stayed as far apart."""
    plain = data.load("anytown/eval")
    ratio = {
        name: np.divide(*(pdist(drawn(faces, name)).mean() for faces in (narrow, plain)))
        for name in BANDS
    }
    # Tempering gives back a little of what the spread takes.
    assert PLAN.narrow < ratio[NARROW] < PLAN.narrow + 0.1
    for name in BANDS:
        if name != NARROW:
            assert abs(ratio[name] - 1) < 0.05


@pytest.mark.slow
def test_a_sample_can_be_made_again(narrow):
    who = int(narrow.people.index[narrow.people["tone_band"] == NARROW][11])
    again = studio.photograph(PLAN, person_of(PLAN, who), studio.Studio())
    stored = narrow.templates[narrow.of("person") == who]
    assert (np.isfinite(stored[:, 0]) == again["ok"]).all()
    distance = np.linalg.norm(stored - again["template"], axis=1)[again["ok"]]
    assert distance.size and distance.max() < TEMPLATE
    plain = studio.photograph(PLAN, sample_person(who), studio.Studio())
    both = again["ok"] & plain["ok"]
    assert np.linalg.norm(stored - plain["template"], axis=1)[both].max() > TEMPLATE


# ---- what was counted ----------------------------------------------------------------------------


@pytest.mark.parametrize("name", list(counting.COUNTS))
def test_what_was_counted_adds_up(name, thresholds):
    counted = data.counted(name)
    groups = counting.COUNTS[name]
    assert list(counted.index) == [(m, g.name) for m in counting.MATCHERS for g in groups]
    for matcher, threshold in thresholds.items():
        own = counted.loc[matcher]
        # A changed threshold: count again with `python -m labkit make --count`.
        assert own["threshold"].to_numpy(float) == pytest.approx(threshold, rel=1e-5)
        seen = own["people"] - own["no_face"]
        assert (own["comparisons"] == seen * (seen - 1) // 2).all()
        fmr = own["false_matches"] / own["comparisons"]
        assert own["fmr"].to_numpy(float) == pytest.approx(fmr.to_numpy(float), rel=1e-4)
        first = groups[0].name
        assert math.isnan(own.loc[first, "ratio"])
        for group in groups[1:]:
            row = own.loc[group.name]
            assert row["ratio"] == pytest.approx(fmr[group.name] / fmr[first], rel=1e-4)
            assert row["ratio_low"] < row["ratio"] < row["ratio_high"]
    for group in groups:
        seeds = [person.seed for person in group.people()]
        rows = counted.xs(group.name, level="group")
        assert set(rows["people"]) == {len(seeds)}
        assert set(rows["first_seed"]) == {seeds[0]} and set(rows["last_seed"]) == {seeds[-1]}


def test_the_truth_is_counted_among_two_thousand_people_who_are_in_no_set(narrow):
    reference, group, plain = counting.COUNTS["narrow"]
    people = [*reference.people(), *group.people()]
    assert len({person.seed for person in people}) == 2000
    assert [p.seed for p in plain.people()] == [p.seed for p in group.people()]
    assert plain.people() == [sample_person(p.seed) for p in group.people()]
    assert (reference.band, group.band) == (REFERENCE, NARROW)
    assert group.plan.narrow == reference.plan.narrow == PLAN.narrow, "not drawn as the set is"
    for name in data.SETS:
        assert not set(data.load(name).people.index) & {person.seed for person in people}


def expected(trial, matcher, group, thresholds):
    """A ratio to the reference that can be expected: the trial's, times the bands' in Anytown.

    Bands differ a little there too; the mean of ``dev`` and ``eval`` on the scale of logarithms.
    """
    there = [
        audited(name, matcher, thresholds[matcher]).loc[NARROW, "ratio"]
        for name in ("anytown/dev", "anytown/eval")
    ]
    return trial.loc[(matcher, group), "ratio"] * math.sqrt(math.prod(there))


def needed(matcher, thresholds):
    """The ratio that 160 people against 160, as in ``linked``, find in 95 of 100 cases."""
    row = audited("teaching/linked", matcher, thresholds[matcher]).loc[NARROW]
    error = math.log(row["detectable"]) / (ndtri(0.975) + ndtri(0.8))
    return math.exp((ndtri(0.975) + ndtri(OFTEN)) * error)


def test_the_spread_follows_from_the_trial_by_its_rule(thresholds):
    """The widest spread of the trial that each matcher should find in 95 of 100 cases."""
    trial = data.counted("trial")
    enough = []
    for spread, group in zip(counting.TRIED[1:], counting.COUNTS["trial"][1:], strict=True):
        if all(
            expected(trial, m, group.name, thresholds) >= needed(m, thresholds)
            for m in counting.MATCHERS
        ):
            enough.append(spread)
    assert max(enough) == PLAN.narrow


@pytest.mark.parametrize("matcher", counting.MATCHERS)
def test_the_audit_finds_the_narrowed_band_and_its_interval_holds_the_truth(matcher, thresholds):
    """Finding: no control of notebook 05 was both drawn for it and bound to be found."""
    row = audited("teaching/narrow", matcher, thresholds[matcher]).loc[NARROW]
    true = data.counted("narrow").loc[matcher, NARROW]
    assert true["ratio_low"] > 1, "there is no gap to be found"
    assert row["low"] > 1, "the audit did not find it"
    assert row["low"] <= true["ratio"] <= row["high"]
    assert true["ratio"] > row["detectable"], "found by luck: a gap of this size is often missed"


def test_the_narrowing_is_what_makes_the_gap():
    """The same people, not narrowed, are taken for each other far less often."""
    counted = data.counted("narrow")
    for matcher in counting.MATCHERS:
        own = counted.loc[matcher]
        assert own.loc[NARROW, "ratio_low"] > own.loc[f"{NARROW}, not narrowed", "ratio_high"]


# ---- what the data sheet says --------------------------------------------------------------------


def sheet_rows(name):
    """The lines of a count, as the data sheet has them."""
    for (matcher, group), row in data.counted(name).iterrows():
        ratio = "" if math.isnan(row["ratio"]) else reading.ratio(_as_contrast(row))
        yield (
            f"| {matcher} | {group} | {row['false_matches']:,} | {row['comparisons']:,}"
            f" | {row['fmr']:.4f} | {ratio} |"
        )


def _as_contrast(row):
    return {"ratio": row["ratio"], "low": row["ratio_low"], "high": row["ratio_high"]}


@pytest.mark.parametrize("name", list(counting.COUNTS))
def test_the_data_sheet_has_the_lines_that_were_counted(name):
    sheet = (FOLDER / "teaching/DATASHEET.md").read_text("utf-8").splitlines()
    assert not [line for line in sheet_rows(name) if line not in sheet]


def test_the_data_sheet_says_how_and_by_how_much_was_narrowed():
    sheet = (FOLDER / "teaching/DATASHEET.md").read_text("utf-8")
    assert f"of the {NARROW} band are multiplied by {PLAN.narrow:g} before the shifts" in sheet
    assert f"**How {PLAN.narrow:g} was chosen.**" in sheet
    assert f"find the gap in {100 * OFTEN:.0f} of 100 such sets" in sheet
    for name in counting.COUNTS:
        assert f"python -m labkit make --count {name}`" in sheet

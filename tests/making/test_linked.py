"""The teaching population: whole, balanced, truly linked, what the code makes."""

from __future__ import annotations

import json
from collections import Counter

import numpy as np
import pytest

from labkit import data
from labkit.base.files import DamagedFile
from labkit.base.places import PROJECT
from labkit.making import studio
from labkit.making.counting import COUNTS, MATCHERS
from labkit.making.plans import PLANS, TEACHING, choose
from labkit.measure import reading
from labkit.measure.disparity import group_table
from labkit.measure.faces import compare_faces
from labkit.people.who.parameters import NAMES, PARAMETERS
from labkit.people.who.person import LINK, sample_person
from labkit.people.who.tables import person_from_row

FOLDER = PROJECT / "data"
TEMPLATE = 0.05  # as in test_shipped_data: sums may round otherwise on another machine


@pytest.fixture(scope="module")
def linked():
    return data.load("teaching/linked")


def shapes(people):
    return np.array([[p.shape[name] for name in NAMES] for p in people])


def test_the_set_is_whole_and_balanced(linked):
    cells = Counter(
        zip(linked.people["tone_band"], linked.people["presentation_half"], strict=True)
    )
    assert len(cells) == 6 and set(cells.values()) == {80}
    assert len(linked) == 480 * 4 == len(linked.templates)
    assert set(Counter(linked.images["person"]).values()) == {4}
    ok = (linked.images["status"] == "ok").to_numpy()
    assert (np.isfinite(linked.templates).all(1) == ok).all() and ok.mean() > 0.95
    assert not linked.images["file"].any(), "pictures of the teaching population are not shipped"


def test_seeds_are_its_own_and_recorded(linked):
    recorded = json.loads((FOLDER / "teaching/linked/seeds.json").read_text())
    assert recorded["linked"] is True
    assert recorded["people"] == linked.people.index.tolist()
    assert min(recorded["people"]) == PLANS["linked"].start == 70_000
    for name in data.SETS:
        if name != "teaching/linked":
            assert not set(data.load(name).people.index) & set(recorded["people"])


def test_the_tables_hold_the_linked_people(linked):
    for seed in linked.people.index[[0, 7, 479]]:
        row = linked.people.loc[seed]
        assert person_from_row(row) == sample_person(int(seed), linked=True)


def test_shape_moves_with_tone_and_only_here(linked):
    """Slope of each linked parameter on tone, against the sign of the link."""
    movable = [p.part != "skin" and not p.name.startswith("asymmetry") for p in PARAMETERS]
    sign = np.where(np.arange(len(NAMES)) % 2 == 0, 1.0, -1.0)
    found = {}
    for name in ("teaching/linked", "anytown/eval"):
        people = data.load(name).people
        tone = people["tone"].to_numpy() - people["tone"].mean()
        slope = tone @ people[list(NAMES)].to_numpy() / (tone @ tone)
        found[name] = slope[movable] * sign[movable]
    assert (found["teaching/linked"] > 0).mean() > 0.9
    assert 0.3 < (found["anytown/eval"] > 0).mean() < 0.7
    assert 0.5 < found["teaching/linked"].mean() / (2 * LINK) < 1.0  # tempering takes some
    assert abs(found["anytown/eval"].mean()) / (2 * LINK) < 0.1


def test_the_link_moves_shape_and_nothing_else():
    for person in choose(PLANS["linked"], 4):
        plain = sample_person(person.seed)
        moved = shapes([person]) - shapes([plain])
        assert np.abs(moved).max() <= LINK
        assert (moved != 0).any()
        assert person.with_(shape=plain.shape) == plain


TEMPLATES = ("templates.npy", "templates_sface.npy", "templates_anytownnet.npy")


def test_every_file_has_its_checksum():
    listed = data.read_checksums(FOLDER / "teaching")
    assert set(listed) == {
        f"{plan}/{f}"
        for plan in TEACHING
        for f in ("people.csv", "images.csv", "seeds.json", *TEMPLATES)
    } | {f"counted/{name}.csv" for name in COUNTS}
    for name in listed:
        data.read_checked(FOLDER / "teaching", name, listed)


def test_a_changed_table_is_noticed(tmp_path):
    copy = tmp_path / "teaching" / "linked"
    copy.mkdir(parents=True)
    (copy.parent / "checksums.txt").write_bytes((FOLDER / "teaching/checksums.txt").read_bytes())
    for file in (FOLDER / "teaching/linked").iterdir():
        (copy / file.name).write_bytes(file.read_bytes())
    assert len(data.load("teaching/linked", data=tmp_path)) == 1920
    table = copy / "images.csv"
    table.write_bytes(table.read_bytes().replace(b",ok,", b",no,", 1))
    with pytest.raises(DamagedFile, match=r"images\.csv was changed"):
        data.load("teaching/linked", data=tmp_path)


@pytest.mark.slow
def test_a_sample_can_be_made_again(linked):
    who = int(linked.people.index[11])
    again = studio.photograph(PLANS["linked"], sample_person(who, linked=True), studio.Studio())
    stored = linked.templates[linked.of("person") == who]
    assert (np.isfinite(stored[:, 0]) == again["ok"]).all()
    distance = np.linalg.norm(stored - again["template"], axis=1)[again["ok"]]
    assert distance.size and distance.max() < TEMPLATE
    plain = studio.photograph(PLANS["linked"], sample_person(who), studio.Studio())
    both = again["ok"] & plain["ok"]
    assert np.linalg.norm(stored - plain["template"], axis=1)[both].max() > TEMPLATE


@pytest.mark.parametrize("matcher", MATCHERS)
def test_the_audit_of_the_linked_people_claims_nothing_that_is_not_there(linked, matcher):
    """What is there was counted among 1,000 further people drawn with the same link."""
    true = data.counted("linked").loc[matcher]
    pairs = compare_faces(linked, matcher)
    threshold = true.loc["darker", "threshold"]
    row = group_table(pairs, linked.groups("tone_band"), threshold).contrasts("lighter")
    row, true = row.loc["darker"], true.loc["darker"]
    assert row["low"] <= true["ratio"] <= row["high"]
    if reading.differs(row):
        same_side = true["ratio_low"] > 1 if row["low"] > 1 else true["ratio_high"] < 1
        assert same_side, "a gap is claimed that is not there"


def test_the_truth_is_counted_among_people_with_the_same_link_who_are_in_no_set():
    people = [person for group in COUNTS["linked"] for person in group.people()]
    assert len({person.seed for person in people}) == 1000
    assert people[0] == sample_person(people[0].seed, linked=True)
    for name in data.SETS:
        assert not set(data.load(name).people.index) & {person.seed for person in people}


def test_the_data_sheet_says_what_the_link_did_to_rates_within_a_band():
    """Finding of ours: it said that the link could change nothing within a band."""
    linked, plain = (data.counted(name).loc["dlib", "lighter"] for name in ("linked", "narrow"))
    assert linked["fmr_low"] > plain["fmr_high"]
    assert 1.8 < linked["fmr"] / plain["fmr"] < 2.3, "the data sheet says: about twice"
    true = data.counted("linked").loc["dlib", "darker"]
    sheet = (FOLDER / "teaching/DATASHEET.md").read_text("utf-8")
    assert f"two darker people {true['ratio']:.2f} times as often as two lighter people" in sheet
    assert true["ratio_high"] < 1

"""Networks trained on invented people: who they learn from, how that is drawn, what is shipped."""

from __future__ import annotations

import itertools
import json
import os
import shutil
import subprocess
import sys
from collections import Counter
from pathlib import Path

import numpy as np
import pytest

from labkit import data as bundled
from labkit.base.files import read_checksums
from labkit.base.places import PROJECT
from labkit.making import counting, studio
from labkit.making.fingerprint import earlier, fingerprint, recorded
from labkit.making.nets import make, people, sets, sitting
from labkit.making.nets.people import MIXES, Mix, people_of, pool
from labkit.making.nets.recipe import recipe_for
from labkit.making.plans import BANDS, PLANS, Plan, band, choose, half
from labkit.matchers import network
from labkit.measure.scores import all_pairs
from tests.making.cartoon import Cartoon

FOLDER = bundled.data_folder() / bundled.NETWORKS


# ---- who they learn from ------------------------------------------------------------------------


@pytest.fixture(scope="module")
def taken():
    """Every mix's people in its first training."""
    return {name: people_of(mix, 0) for name, mix in MIXES.items()}


def test_a_mix_has_the_bands_it_says_and_as_many_of_each_half(taken):
    for name, found in taken.items():
        bands = Counter(band(p.tone) for p in found)
        assert tuple(bands.get(b, 0) for b in BANDS) == MIXES[name].people, name
        halves = Counter((band(p.tone), half(p.presentation)) for p in found)
        for one in bands:
            assert halves[one, "lower"] == halves[one, "upper"], name


def test_mixes_of_one_training_share_people_and_trainings_share_nobody(taken):
    seeds = {name: {p.seed for p in found} for name, found in taken.items()}
    darker = [
        {p.seed for p in taken[name] if band(p.tone) == "darker"}
        for name in ("90-10", "75-25", "50-50", "25-75", "10-90")
    ]
    assert all(a < b for a, b in itertools.pairwise(darker))
    assert seeds["90-10"] == seeds["grey-90-10"] and seeds["thirds-160"] < seeds["thirds"]
    pools = [{p.seed for p in pool(k)} for k in range(people.TRAININGS)]
    assert not set.intersection(*pools) and len(set.union(*pools)) == sum(map(len, pools))
    assert seeds["thirds-2500"] <= set.union(*pools)


def test_nobody_they_learn_from_is_in_a_set_or_was_counted():
    last = max(p.seed for k in range(people.TRAININGS) for p in pool(k))
    others = {p.seed for plan in PLANS.values() for p in choose(plan)}
    others |= {p.seed for groups in counting.COUNTS.values() for g in groups for p in g.people()}
    assert not others & set(range(people.START, last + 1))


def test_the_control_differs_in_what_cannot_matter_and_in_nothing_else(taken):
    odd = np.array([p.seed % 2 for p in taken["odd"]])
    assert odd.mean() == pytest.approx(0.9, abs=0.01)
    assert len(set(MIXES["odd"].people) - {0}) == 1, "as many of each band that there is"
    for one in {band(p.tone) for p in taken["odd"]}:
        own = [p.seed % 2 for p in taken["odd"] if band(p.tone) == one]
        assert np.mean(own) == pytest.approx(0.9, abs=0.01)


def test_a_repetition_that_does_not_exist_is_refused():
    with pytest.raises(ValueError, match="has trainings 0 to 0: 1 is none"):
        people_of(MIXES["thirds-2500"], 1)
    with pytest.raises(ValueError, match="there is no network 'half-half-0'"):
        make.of_name("half-half-0")


# ---- how that is drawn --------------------------------------------------------------------------


def test_pictures_are_those_of_the_maker_of_sets():
    """Tones, photographs and cameras in the same order, to the last byte."""
    plan = Plan("tiny", 0, 1, 2, False, True, (0.1, 0.9), ("equal", "light-metered noisy"))
    person = choose(plan, 1)[0]
    ours = sitting.photographs(plan, person, Cartoon())
    theirs = studio.pictures_in(studio.photograph(plan, person, Cartoon()))
    assert ours == theirs and len(ours) == 8


def test_who_was_drawn_is_not_drawn_again_and_an_end_in_the_middle_loses_nobody(
    tmp_path, monkeypatch
):
    monkeypatch.setattr(people, "CELL", 1)
    small = (Plan("small", people.START, 1, 2, False),)
    monkeypatch.setattr(people, "POOLS", small)
    monkeypatch.setattr(sitting, "POOLS", small)
    people.pool.cache_clear()
    try:
        everybody = pool(0)
        with pytest.raises(RuntimeError, match="the light went out"):
            sitting.sit(tmp_path, workers=1, quiet=True, studio=Cartoon(everybody[3].seed))
        assert len(list(tmp_path.rglob("*.npz"))) == 3
        rest = Cartoon()
        sitting.sit(tmp_path, workers=1, quiet=True, studio=rest)
        assert rest.drawn == 2 * (len(everybody) - 3)
        with np.load(sitting.place(tmp_path, small[0], everybody[0])) as archive:
            assert np.isfinite(archive["points"]).all() and len(archive["length"]) == 2
    finally:
        people.pool.cache_clear()


def test_grey_chips_have_one_value_in_all_channels():
    chips = np.random.default_rng(0).integers(0, 256, (3, 64, 64, 3)).astype(np.uint8)
    grey = make.greyed(chips)
    assert (grey == grey[..., :1]).all() and grey.dtype == np.uint8
    assert abs(grey.mean() - chips.mean()) < 3


# ---- what is shipped ----------------------------------------------------------------------------


def test_every_network_of_the_plan_is_shipped_and_small():
    table = bundled.networks()
    assert list(table.index) == make.names()
    files = {p.stem: p.stat().st_size for p in FOLDER.glob("*.onnx")}
    assert files == table.loc[table["shipped"], "bytes"].to_dict()
    assert set(files) == {name for name in make.names() if make.shipped(name)}
    assert max(files.values()) <= 0.4e6 and sum(files.values()) <= 6e6
    assert sum(p.stat().st_size for p in FOLDER.rglob("*") if p.is_file()) <= 8e6
    # The cards are documents, the rest is compared with its checksum when it is read.
    assert {f"{name}.onnx" for name in files} < set(read_checksums(FOLDER))
    assert {p.stem for p in (FOLDER / "cards").glob("*.md")} == set(table.index)


def test_the_table_says_who_they_learned_from():
    table = bundled.networks()
    for name, row in table.iterrows():
        mix, training = make.of_name(str(name))
        found = people_of(mix, training)
        assert tuple(row[b] for b in BANDS) == mix.people and bool(row["grey"]) == mix.grey
        assert (row["first_seed"], row["last_seed"]) == (found[0].seed, found[-1].seed)
        assert row["seed"] == make.seed_of(str(name))
        assert row["pictures"] == sum(row[f"pictures_{b}"] for b in BANDS)
        assert 0.98 < row["pictures"] / (mix.total * people.PHOTOS) <= 1
    assert table["seed"].is_unique
    assert set(table["code"]) <= {fingerprint(), recorded(), *earlier()}


def test_counts_by_person_are_the_rates_of_the_table():
    rates = bundled.network_rates().set_index(["network", "origin", "asked", "group", "rate"])
    faces = bundled.load("anytown/eval")
    bands = faces.people["tone_band"]
    for name in bundled.networks().index[::5]:
        for origin in bundled.ORIGINS:
            for asked in bundled.ASKED:
                e = bundled.network_errors(name, origin, asked)
                own = bands.loc[e.people].to_numpy()
                assert (own[e.first] == own[e.second]).all() and (e.first < e.second).all()
                for one in BANDS:
                    here = own == one
                    images = e.images[here]
                    row = rates.loc[name, origin, asked, one, "fmr"]
                    trials = (images.sum() ** 2 - (images**2).sum()) // 2
                    errors = e.false_matches[here[e.first]].sum()
                    assert (row["errors"], row["trials"]) == (errors, trials)
                    lost = (e.planned["all"] - e.compared["all"] + e.missed["all"])[here].sum()
                    row = rates.loc[name, origin, asked, one, "false_rejection"]
                    assert (row["errors"], row["trials"]) == (lost, e.planned["all"][here].sum())
                both = e.missed["same style"] + e.missed["restyled"]
                assert (both == e.missed["all"]).all()


def test_a_network_gives_the_errors_that_are_stored():
    """Described again from the shipped pictures; a borderline score may fall otherwise."""
    name = "90-10-1"
    faces = bundled.load("anytown/eval")
    templates = network.describe(network.chips_of(faces), name)
    pairs = all_pairs(templates, faces.of("person"), "cosine")
    e = bundled.network_errors(name)
    false, _, who = pairs.pair_counts(e.threshold)
    assert (who == e.people).all()
    stored = np.zeros_like(false)
    stored[e.first, e.second] = e.false_matches
    band_of = faces.people["tone_band"].loc[who].to_numpy()
    now = np.triu(false * (band_of[:, None] == band_of[None]), 1)
    assert np.abs(now - stored).sum() <= 0.01 * stored.sum()
    missed = pairs.mated_counts(e.threshold).missed
    assert np.abs(missed - e.missed["all"]).sum() <= 0.01 * e.missed["all"].sum() + 1


def test_cards_say_what_the_tables_say():
    """Written from them: a card of other numbers is noticed."""
    from labkit.making.nets import cards

    facts, rates = bundled.networks(), bundled.network_rates()
    for name in facts.index[::7]:
        own = rates[rates["network"] == name]
        text = "\n".join(cards._card(str(name), facts.loc[name], own))
        assert (FOLDER / "cards" / f"{name}.md").read_text("utf-8") == text
        assert f"seeds {facts.loc[name, 'first_seed']:,} to" in text


@pytest.mark.parametrize("plan", sets.undrawn(), ids=lambda plan: plan.name)
def test_sets_without_pictures_have_templates(plan):
    faces = bundled.load(f"{plan.top}/{plan.name}")
    templates = faces.stored("anytownnet")
    assert templates is not None and templates.shape == (len(faces), network.LENGTH)
    found = np.isfinite(faces.templates).all(1)
    assert (np.isfinite(templates).all(1) == found).all()


def test_templates_of_a_person_drawn_again_are_those_that_are_stored():
    plan = PLANS["holdout"]
    faces = bundled.load("anytown/holdout")
    rows = faces.images.groupby("person").indices
    person = choose(plan)[7]
    points = faces.images[network.POINTS].to_numpy(float).reshape(-1, 5, 2)[rows[person.seed]]
    from labkit.base.codec import decode

    taken = sitting.photographs(plan, person, studio.Studio())
    chips = [network.chip_of(decode(t), p) for t, p in zip(taken, points, strict=True)]
    stored = faces.stored("anytownnet")[rows[person.seed]]
    now = network.describe(np.stack(chips))
    cosine = (now * stored).sum(1) / np.linalg.norm(now, axis=1) / np.linalg.norm(stored, axis=1)
    assert cosine.min() > 0.99


# ---- the maker ----------------------------------------------------------------------------------


@pytest.fixture
def one_more(tmp_path):
    """A copy of the folder, and a cache that has two of the networks."""
    data = tmp_path / "data"
    shutil.copytree(FOLDER, data / bundled.NETWORKS)
    cache = tmp_path / "cache"
    table = bundled.networks()
    for name in ("thirds-0", "grey-90-10-0"):
        facts = json.loads(table.loc[[name]].reset_index().to_json(orient="records"))[0]
        place = make._trained(cache, name)
        place.parent.mkdir(parents=True, exist_ok=True)
        onnx = np.frombuffer((FOLDER / f"{name}.onnx").read_bytes(), np.uint8)
        np.savez(place, onnx=onnx, facts=np.array(json.dumps(facts)))
    return data, cache


@pytest.mark.slow
def test_judging_again_gives_the_same_and_leaves_the_other_networks(one_more):
    """Finding: `make nets --only` threw away the tables of all others.

    And every figure is made anew from the file and the pictures: origin, grey, groups, thresholds.
    """
    data, cache = one_more
    make.write(data, cache)
    assert bundled.networks(data=data).equals(bundled.networks())
    keys = ["network", "origin", "asked", "group", "rate"]
    now, before = (bundled.network_rates(data=d).set_index(keys) for d in (data, None))
    assert list(now.index) == list(before.index)
    other = ~before.index.get_level_values("network").isin(["thirds-0", "grey-90-10-0"])
    assert now[other].equals(before[other])
    assert np.allclose(now["value"], before["value"], rtol=0.02, atol=2e-4, equal_nan=True)
    for name in ("thirds-0", "90-10-1"):
        old, new = (bundled.network_errors(name, data=d) for d in (None, data))
        assert abs(old.false_matches.sum() - new.false_matches.sum()) <= 3
    assert {p.name for p in data.iterdir()} == {bundled.NETWORKS}


def test_an_end_in_the_middle_leaves_the_folder_whole(one_more, monkeypatch):
    data, cache = one_more

    def ended(folder):
        raise KeyboardInterrupt

    monkeypatch.setattr(make.judging, "judged", lambda templates: [])
    monkeypatch.setattr(make.cards, "write", ended)
    with pytest.raises(KeyboardInterrupt):
        make.write(data, cache)
    assert bundled.networks(data=data).equals(bundled.networks())
    assert bundled.network_errors("thirds-0", data=data).asked == 0.01


def test_what_is_missing_is_said_before_anybody_is_drawn(tmp_path, monkeypatch):
    """Finding: people were drawn for an hour before it was said that JAX is not there."""
    monkeypatch.setattr(sitting, "sit", lambda *a, **k: pytest.fail("somebody was drawn"))
    monkeypatch.setattr(make, "EXTRA", ("a_package_that_is_not_there",))
    with pytest.raises(ValueError, match=r"requirements-train\.lock"):
        make.make(data=tmp_path, cache=tmp_path, only=["90-10-0"])
    monkeypatch.setattr(make, "EXTRA", ())
    (tmp_path / "file").touch()
    with pytest.raises(OSError):
        make.make(data=tmp_path / "file", cache=tmp_path, only=["90-10-0"])
    with pytest.raises(ValueError, match="no network was named"):
        make.make(data=tmp_path, cache=tmp_path, only=[])


# ---- training -----------------------------------------------------------------------------------

TRAINS = """
import json, sys
from pathlib import Path
import numpy as np
from labkit.making.nets import make
from labkit.making.nets.people import MIXES, people_of
from labkit.making.nets.recipe import Recipe

cache = Path(sys.argv[1])
rng = np.random.default_rng(0)
who = np.repeat([p.seed for p in people_of(MIXES["thirds-160"], 0)[:12]], 5)
faces = rng.normal(120, 40, (12, 8, 8, 3)).repeat(8, 1).repeat(8, 2)
chips = np.clip(faces[np.repeat(np.arange(12), 5)]
                + rng.normal(0, 20, (60, 64, 64, 3)), 1, 255).astype(np.uint8)
make.chips_of = lambda mix, k, cache: (chips, who)
make.recipe_for = lambda mix, n: Recipe(steps=int(sys.argv[2]), batch=16)
make.train("thirds-160-0", cache)
from labkit.making.nets.make import _trained
from labkit.matchers.network import described, session_of
with np.load(_trained(cache, "thirds-160-0")) as archive:
    content, facts = archive["onnx"].tobytes(), json.loads(str(archive["facts"]))
templates = described(session_of(content), chips)
unit = templates / np.linalg.norm(templates, axis=1, keepdims=True)
same = who[:, None] == who[None]
cosine = unit @ unit.T
np.fill_diagonal(cosine, np.nan)
print(json.dumps({"same": float(np.nanmean(cosine[same])), "two": float(np.nanmean(cosine[~same])),
                  "bytes": len(content), "loss": facts["loss"], "sum": float(templates.sum())}))
"""


def _train(folder: Path, steps: int) -> dict:
    """Train in a Python that has the extra; where it is missing, skip, but not in CI."""
    more = os.environ.get("LABKIT_TRAIN", "")
    path = os.pathsep.join(filter(None, [os.environ.get("PYTHONPATH", ""), str(PROJECT), more]))
    env = {**os.environ, "PYTHONPATH": path, "XLA_FLAGS": make.ONE_THREAD}
    there = subprocess.run([sys.executable, "-c", "import jax2onnx"], env=env, capture_output=True)
    if there.returncode and not os.environ.get("CI"):
        pytest.skip("the extra `train` is not installed")
    done = subprocess.run(
        [sys.executable, "-c", TRAINS, str(folder), str(steps)],
        env=env,
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stderr[-2000:]
    return json.loads(done.stdout.splitlines()[-1])


def test_a_network_learns_who_is_who_and_a_repetition_gives_the_same(tmp_path):
    first = _train(tmp_path / "a", 40)
    assert first["same"] > first["two"] + 0.3
    assert first["bytes"] < 0.4e6
    again = _train(tmp_path / "b", 40)
    assert again == first
    untrained = _train(tmp_path / "c", 2)
    assert untrained["same"] - untrained["two"] < first["same"] - first["two"]


def test_a_recipe_gives_few_people_as_many_steps():
    few, many = (recipe_for(MIXES[n], MIXES[n].total * 5) for n in ("thirds-160", "thirds"))
    assert few == many
    assert recipe_for(MIXES["thirds-2500"], 12_500).steps > many.steps
    assert isinstance(MIXES["thirds"], Mix)

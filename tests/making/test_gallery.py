"""The galleries: who stands in them, how they are stored, and that it is they who were drawn."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from labkit import data
from labkit.base.files import DamagedFile
from labkit.base.places import PROJECT
from labkit.data import MAKE_UPS, shares
from labkit.making.gallery import Recipes, make, people, picture, sitting
from labkit.making.nets.people import POOLS
from labkit.making.plans import PLANS

from .cartoon import Cartoon

MADE = (PROJECT / "data" / "gallery" / "checksums.txt").is_file()
made = pytest.mark.skipif(not MADE, reason="not made yet: python -m labkit make gallery")


# ---- who stands in them -------------------------------------------------------------------------


@pytest.mark.parametrize("make_up", MAKE_UPS)
def test_a_smaller_gallery_is_a_part_of_a_larger_one(make_up):
    of = np.array([shares(make_up, n) for n in range(1, 3_001)])
    assert (of.sum(1) == np.arange(1, 3_001)).all()
    assert (np.diff(of, axis=0) >= 0).all()
    assert np.abs(of[-1] - 3_000 * np.array(MAKE_UPS[make_up])).max() < 1


@pytest.mark.parametrize("n", [0, 25_001, 1.5, True, "10"])
def test_a_gallery_of_no_size_is_refused(n):
    with pytest.raises(ValueError, match="a gallery has 1 to 25,000 people"):
        shares("town", n)
    with pytest.raises(ValueError, match="no make-up 'city'"):
        shares("city", 10)


def test_nobody_is_in_another_set():
    seeds = {s.person.seed for s in people.sittings()}
    assert len(seeds) == len(people.sittings()) == 30_833 + 600 + 535
    assert min(seeds) >= 2_000_000
    assert max(plan.start for plan in (*PLANS.values(), *POOLS)) < 2_000_000
    assert sum(s.photos for s in people.sittings()) == 33_603


def test_mates_stand_first_in_every_gallery():
    two = [s for s in people.sittings() if s.role == "pool" and s.photos == 2]
    assert len(two) == data.MATES
    for make_up in MAKE_UPS:
        assert (np.array(shares(make_up, 1_000)) >= people.mates()).all()


def test_who_is_searched_for_comes_first_and_the_bands_take_turns():
    """Whoever stops early has small galleries of every make-up."""
    first = people.sittings()[:2_135]
    assert [s.role for s in first[:1_135]] == ["dev"] * 600 + ["council"] * 535
    found = pd.Series(
        [
            people.pool().index(next(b for b in people.pool() if s.person is b[s.place]))
            for s in first[1_135:]
        ]
    ).value_counts(normalize=True)
    assert (np.abs(found.sort_index() - np.array(people.needed()) / 30_833) < 0.005).all()


# ---- how they are stored ------------------------------------------------------------------------


@given(
    arrays(
        np.float32,
        st.tuples(st.integers(2, 20), st.integers(1, 6)),
        elements=st.floats(-8, 8, width=32),
    )
)
def test_a_code_is_at_most_half_a_step_away(templates):
    codes, scale = make.coded(templates)
    assert codes.max() < data.NO_FACE
    back = data.decoded(codes, *scale)
    assert (np.abs(back - templates) <= scale[1] * 0.501 + 1e-5).all()


@pytest.fixture(scope="module")
def small(tmp_path_factory):
    """A gallery of a few people in a stand-in's hand, made twice."""
    top = tmp_path_factory.mktemp("gallery")
    every = people.sittings()
    some = every[:12] + every[600:606] + every[1_135:1_147]
    blocks = sitting.blocks(some)
    cache = top / "cache"
    sitting.sit(cache, of=blocks, workers=1, quiet=True, studio=Cartoon())
    found = []
    for k in range(len(blocks)):
        with np.load(sitting.place(cache, k)) as archive:
            found.append({name: archive[name] for name in archive.files})
    folder = top / "data" / "gallery"
    folder.mkdir(parents=True)
    (folder / "DATASHEET.md").write_text("Kept.\n")
    make.write(folder, zip(blocks, found, strict=True))
    return top, folder, blocks, found


def test_what_was_drawn_is_what_is_loaded(small):
    top, folder, _, found = small
    of = data.gallery(data=top / "data")
    assert len(of.images) == 24 + 12 + 24
    assert (folder / "DATASHEET.md").read_text() == "Kept.\n"
    raw = {
        (int(p), int(k)): t
        for block in found
        for p, k, t in zip(block["person"], block["photo"], block["dlib"], strict=True)
    }
    templates = of.templates("dlib")
    for row, image in of.images.iterrows():
        exact = raw[image["person"], image["photo"]]
        assert np.isnan(exact).all() == np.isnan(templates[row]).all()
        assert np.isnan(exact).all() or np.abs(exact - templates[row]).max() < 0.02
    assert of.rows("dev", 1).tolist() == (of.rows("dev") + 1).tolist()
    assert (
        of.images["person"].iloc[of.rows("mates")].to_numpy()
        == of.images["person"].iloc[of.rows("mates", 1)].to_numpy()
    ).all()
    with pytest.raises(ValueError, match="ask for a smaller one"):
        of.enrolled("town", 100)
    with pytest.raises(ValueError, match="no photograph 2 of 'dev'"):
        of.rows("dev", 2)
    with pytest.raises(ValueError, match="no templates of 'arcface'"):
        of.templates("arcface")


def test_a_folder_that_is_made_again_keeps_the_lot(small):
    """Otherwise a seal of an earlier day would be broken by making the data again."""
    top, folder, blocks, found = small
    before = data.gallery(data=top / "data").templates("one")
    for _ in range(6):
        make.write(folder, zip(blocks, found, strict=True))
        again = data.gallery(data=top / "data").templates("one")
        assert np.allclose(before, again, equal_nan=True)


def test_a_changed_file_is_noticed(small):
    top, folder, _, _ = small
    content = (folder / "sface.npy").read_bytes()
    try:
        (folder / "sface.npy").write_bytes(content[:-1] + bytes([content[-1] ^ 1]))
        with pytest.raises(DamagedFile, match=r"sface\.npy"):
            data._codes.cache_clear()
            data.gallery(data=top / "data").templates("SFace")
    finally:
        (folder / "sface.npy").write_bytes(content)


# ---- that it is they who were drawn -------------------------------------------------------------


@made
def test_the_table_is_of_the_people_of_today():
    images = data.gallery().images
    assert len(images) == 33_603
    expected = {(s.role, s.place, s.person.seed) for s in people.sittings()}
    assert {tuple(r) for r in images[["role", "place", "person"]].itertuples(index=False)} == (
        expected
    )


@made
@pytest.mark.slow
def test_a_sample_drawn_again_gives_the_stored_codes():
    """Both matchers, and the two networks, each stored once under one of the two names."""
    from labkit.making.studio import _dlib
    from labkit.matchers import network
    from labkit.matchers.sface import SFaceMatcher

    of = data.gallery()
    rows = np.array([of.rows("mates")[3], of.rows("council", 1)[10], of.enrolled("town")[-1]])
    taken = [picture(of, int(row)) for row in rows]
    assert (Recipes(of)[int(rows[0])].draw() == taken[0]).all()
    faces = _dlib().many(taken)
    assert np.abs(of.templates("dlib", rows) - np.stack([f.descriptor for f in faces])).max() < 0.02
    sface = SFaceMatcher(progress=False).transform(taken)
    assert np.abs(of.templates("SFace", rows) - sface).max() < 0.02 * np.abs(sface).max()
    chips = np.stack([network.chip_of(p, f.points) for p, f in zip(taken, faces, strict=True)])
    stored = [of.templates(name, rows) for name in ("one", "two")]
    again = [network.describe(chips, name) for name in make.NETWORKS]
    near = np.array([[np.abs(s - a).max() for a in again] for s in stored])
    assert (near.min(1) < 0.02 * np.abs(again[0]).max()).all()
    assert sorted(near.argmin(1)) == [0, 1]


@made
def test_nothing_tells_which_network_is_which():
    """No file, no column and no page names one of the two networks."""
    folder = PROJECT / "data" / "gallery"
    assert {p.stem.removesuffix("_scale") for p in folder.glob("*.npy")} == {
        "dlib",
        "sface",
        "one",
        "two",
    }
    for page in folder.rglob("*"):
        if page.suffix in {".csv", ".txt"}:
            assert "90-10" not in page.read_text() and "50-50" not in page.read_text()

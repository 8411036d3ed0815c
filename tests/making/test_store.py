"""The data maker, with a stand-in for the renderer: whole folders, same bytes again, resumed."""

from __future__ import annotations

import shutil

import numpy as np
import pytest

from labkit import data as bundled
from labkit.base.files import DamagedFile
from labkit.making import plans, store, studio
from labkit.making.plans import PLANS, band, capture_of, choose, styling_of
from tests.making.cartoon import Cartoon


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    """A small data folder: a few people of three sets."""
    top = tmp_path_factory.mktemp("made")
    options = {"data": top / "data", "cache": top / "cache", "workers": 1, "quiet": True}
    report = store.make(**options, only=["train"], limit=3, studio=Cartoon())
    store.make(**options, only=["holdout", "paired"], limit=1, studio=Cartoon())
    return top, report


def contents(folder):
    return {
        p.relative_to(folder).as_posix(): p.read_bytes()
        for p in sorted(folder.rglob("*"))
        if p.is_file()
    }


def test_a_made_set_can_be_loaded_and_says_who_and_how(made):
    top, report = made
    faces = bundled.load("anytown/train", data=top / "data")
    assert len(faces) == 12 and faces.templates.shape == (12, 128)
    assert report["train"] == {
        "people": 3,
        "pictures": 12,
        "failed": int((faces.images["status"] == "failed").sum()),
        "bytes": report["train"]["bytes"],
    }
    assert faces.templates.dtype == np.float32
    ok = (faces.images["status"] == "ok").to_numpy()
    assert ok.any() and (np.isfinite(faces.templates).all(1) == ok).all()
    assert faces.pictures[0].shape == (160, 160, 3) and len(faces.pictures[2:5]) == 3
    assert faces.crops.shape == (12, 64, 64)
    assert faces.of("tone_band").tolist()[:4] == [band(faces.people["tone"].iloc[0])] * 4
    again = studio.describe(
        [(top / "data/anytown/train" / f).read_bytes() for f in faces.images["file"]]
    )
    assert np.array_equal(again["template"], faces.templates, equal_nan=True)
    with pytest.raises(KeyError, match="no column 'race'"):
        faces.of("race")


def test_tables_hold_every_parameter(made):
    from labkit.people.who import tables

    faces = bundled.load("anytown/train", data=made[0] / "data")
    people = choose(PLANS["train"], 3)
    rows = faces.people.reset_index().to_dict("records")
    assert [tables.person_from_row(r) for r in rows] == list(people)
    for row in faces.images.to_dict("records"):
        person = next(p for p in people if p.seed == row["person"])
        assert tables.styling_from_row(row) == styling_of(person, row["photo"])
        assert tables.capture_from_row(row) == capture_of(person, row["photo"])


def test_counterfactual_sets_hold_templates_coefficients_and_a_few_pictures(made):
    top, _ = made
    faces = bundled.load("counterfactual/paired", data=top / "data")
    assert len(faces) == 3 * 4 * 4
    first = faces.images.head(48)
    assert sorted(set(first["tone"])) == [0.1, 0.5, 0.9]
    assert set(first["camera"]) == set(plans.CAMERAS)
    noisy = first[first["camera"] == "light-metered noisy"]
    assert set(noisy["exposure"]) == {"light-metered"} and set(noisy["noise"]) == {2.5}
    # One photograph is the same at every tone and under every camera.
    assert (first.groupby("photo")[["yaw", "backdrop", "styling_seed"]].nunique() == 1).all().all()
    ok = (faces.images["status"] == "ok").to_numpy()
    assert (np.isfinite(faces.coefficients).all(1) == ok).all()
    basis = bundled.load_basis(data=top / "data")
    assert basis.components.shape[1] == 4096
    gram = basis.components @ basis.components.T
    assert np.allclose(gram, np.eye(len(gram)), atol=5e-3)
    with pytest.raises(LookupError, match="has no crops"):
        _ = faces.crops
    holdout = bundled.load("anytown/holdout", data=top / "data")
    with pytest.raises(LookupError, match="is not shipped"):
        _ = holdout.pictures[0]
    assert not list((top / "data/anytown/holdout").rglob("*.webp"))


def test_an_interrupted_run_leaves_no_set_and_goes_on_where_it_stopped(tmp_path, made):
    options = {
        "data": tmp_path / "data",
        "cache": tmp_path / "cache",
        "only": ["train"],
        "limit": 3,
        "workers": 1,
        "quiet": True,
    }
    with pytest.raises(RuntimeError, match="person 10001 of train: the light went out"):
        store.make(**options, studio=Cartoon(fail_at=10001))
    assert not (tmp_path / "data").exists()
    second = Cartoon()
    store.make(**options, studio=second)
    assert second.drawn == 8  # two people, the first was kept
    third = Cartoon()
    store.make(**options, studio=third)
    assert third.drawn == 0
    same = contents(made[0] / "data" / "anytown" / "train")
    assert contents(tmp_path / "data" / "anytown" / "train") == same
    assert not list(tmp_path.rglob(".*"))


@pytest.mark.slow
def test_two_processes_make_what_one_makes(tmp_path, made):
    store.make(
        data=tmp_path / "data",
        cache=tmp_path / "cache",
        only=["train"],
        limit=3,
        workers=2,
        quiet=True,
        studio=Cartoon(),
    )
    same = contents(made[0] / "data" / "anytown" / "train")
    assert contents(tmp_path / "data" / "anytown" / "train") == same


def test_a_picture_without_a_face_is_recorded_and_counted(tmp_path):
    blank = Cartoon()
    blank.develop = lambda radiance, capture: np.full((160, 160, 3), 128, np.uint8)
    report = store.make(
        data=tmp_path / "d",
        cache=tmp_path / "c",
        only=["holdout"],
        limit=1,
        workers=1,
        quiet=True,
        studio=blank,
    )
    assert report["holdout"]["failed"] == report["holdout"]["pictures"] == 6
    faces = bundled.load("anytown/holdout", data=tmp_path / "d")
    assert set(faces.images["status"]) == {"failed"} and np.isnan(faces.templates).all()


@pytest.mark.parametrize("damage", ["flip", "cut", "remove"])
@pytest.mark.parametrize("file", ["people.csv", "templates.npy", "crops.webp", "pictures"])
def test_damage_is_noticed_before_use(made, tmp_path, file, damage):
    shutil.copytree(made[0] / "data", tmp_path / "data")
    path = tmp_path / "data" / "anytown" / "train" / file
    if file == "pictures":
        path = sorted(path.iterdir())[0]
    content = bytearray(path.read_bytes())
    if damage == "flip":
        content[len(content) // 2] ^= 1
        path.write_bytes(content)
    elif damage == "cut":
        path.write_bytes(content[:-1])
    else:
        path.unlink()
    says = "is missing" if damage == "remove" else "was changed or cut short"
    with pytest.raises(DamagedFile, match=says):
        faces = bundled.load("anytown/train", data=tmp_path / "data")
        _ = faces.crops, faces.pictures[0]


def test_a_folder_without_data_says_how_to_make_it(tmp_path, monkeypatch):
    with pytest.raises(DamagedFile, match="make it with `python -m labkit make`"):
        bundled.load("anytown/dev", data=tmp_path)
    with pytest.raises(ValueError, match="there is no set 'anytown/test'"):
        bundled.load("anytown/test", data=tmp_path)
    monkeypatch.setenv("LABKIT_DATA", str(tmp_path / "nowhere"))
    with pytest.raises(FileNotFoundError, match="LABKIT_DATA"):
        bundled.load("anytown/dev")


@pytest.mark.parametrize(
    ("options", "says"),
    [
        ({"only": ["test"]}, "there is no set 'test'"),
        ({"limit": 3}, "give it another folder"),
        ({"limit": 0, "data": "x"}, "limit 0 leaves nobody"),
        ({"workers": 0}, "workers 0 cannot work"),
    ],
)
def test_wrong_options_get_one_sentence(options, says):
    with pytest.raises(ValueError, match=says):
        store.make(**options)


def test_a_place_that_cannot_be_written_to_is_named(tmp_path):
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(OSError, match="cannot write to"):
        store.make(
            data=tmp_path / "d",
            cache=tmp_path / "file",
            only=["train"],
            limit=1,
            workers=1,
            quiet=True,
            studio=Cartoon(),
        )


class Stops(Cartoon):
    """Is interrupted at the second person."""

    def likeness(self, person):
        if person.seed > 70_000:
            raise KeyboardInterrupt
        return person


class NeverAsked(Cartoon):
    def likeness(self, person):
        raise AssertionError(f"person {person.seed} was drawn again")


def test_a_run_stopped_by_hand_goes_on_and_shows_nothing_half_made(tmp_path):
    place = {"data": tmp_path / "data", "cache": tmp_path / "cache", "limit": 3, "workers": 1}
    place |= {"only": ["linked"], "quiet": True}
    with pytest.raises(KeyboardInterrupt):
        store.make(**place, studio=Stops())
    assert len(list((tmp_path / "cache").rglob("*.npz"))) == 1
    assert not (tmp_path / "data").exists()
    counts = store.make(**place, studio=Cartoon())
    assert counts["linked"].items() >= {"people": 3, "pictures": 12}.items()
    assert store.make(**place, studio=NeverAsked()) == counts
    faces = bundled.load("teaching/linked", data=tmp_path / "data")
    assert len(faces) == 12 and not (tmp_path / "data/teaching/.linked.part").exists()

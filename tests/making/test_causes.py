"""The controls of the camera: what is drawn, and that only a switch sets it apart from `paired`."""

from __future__ import annotations

import json
from types import SimpleNamespace

import numpy as np
import pytest

from labkit import data
from labkit.base.places import PROJECT
from labkit.making import causes
from labkit.making.plans import HALVES, half
from labkit.making.studio import describe

from .cartoon import Cartoon

FOLDER = PROJECT / "data" / "causes"
MADE = (FOLDER / "checksums.txt").is_file()
made = pytest.mark.skipif(not MADE, reason="not made yet: python -m labkit make causes")


class Lamps(Cartoon):
    """The stand-in, with a switch for gloss that dims the picture a little."""

    def lit(self, sitter, capture, specular):
        self.drawn += 1
        return SimpleNamespace(sitter=sitter, specular=specular)

    def develop(self, radiance, capture):
        if not isinstance(radiance, SimpleNamespace):
            return super().develop(radiance, capture)
        picture = super().develop(radiance.sitter, capture)
        light = (0.9 + 0.1 * radiance.specular) * (0.8 if capture.exposure == "locked" else 1.0)
        return np.clip(picture * light, 0, 255).astype(np.uint8)


def plain(person, studio):
    """What dlib makes of the first photograph without a switch."""
    from labkit.base.codec import encode
    from labkit.making.plans import at_tone, capture_of, styling_of

    likeness = studio.likeness(at_tone(person, 0.1))
    sitter = studio.again(studio.dress(likeness, styling_of(person, 0)), at_tone(person, 0.1))
    capture = capture_of(person, 0).with_(exposure="equal")
    picture = studio.develop(studio.lit(sitter, capture, 1.0), capture)
    return describe([encode(picture)])["template"][0]


@pytest.fixture
def stored(monkeypatch):
    """`paired` as the stand-in would have drawn it."""
    studio = Lamps()
    monkeypatch.setattr(causes, "stored_template", lambda person: plain(person, studio))


def test_a_trial_is_whole_and_can_be_loaded(tmp_path, stored):
    place = {"data": tmp_path / "data", "cache": tmp_path / "cache"}
    report = causes.photograph_controls(**place, limit=2, workers=1, quiet=True, studio=Lamps())
    assert report["people"] == 2 and report["pictures"] == 32
    faces = data.load("causes/controls", data=tmp_path / "data")
    assert len(faces) == 32 and faces.templates.dtype == np.float32
    assert sorted(set(faces.of("camera"))) == sorted(causes.SWITCHES)
    assert faces.stored("sface").shape == (32, 128)
    ok = np.isfinite(faces.templates).all(1)
    assert (ok == (faces.of("status") == "ok")).all()
    assert list(zip(faces.of("tone"), faces.of("photo"), faces.of("camera")))[:16] == list(
        causes.shots()
    )


def test_an_interrupted_run_goes_on(tmp_path, stored):
    place = {"data": tmp_path / "data", "cache": tmp_path / "cache"}
    last = causes.people()[1].seed
    with pytest.raises(RuntimeError, match="the light went out"):
        causes.photograph_controls(
            **place, limit=2, workers=1, quiet=True, studio=Lamps(fail_at=last)
        )
    assert not (tmp_path / "data").exists(), "nothing half-made"
    studio = Lamps()
    causes.photograph_controls(**place, limit=2, workers=1, quiet=True, studio=studio)
    assert studio.drawn == 16, "the first person was not drawn again"


def test_another_renderer_is_noticed(tmp_path, monkeypatch):
    rng = np.random.default_rng(0)
    monkeypatch.setattr(causes, "stored_template", lambda person: rng.normal(size=128))
    with pytest.raises(RuntimeError, match="drawn otherwise than when `paired` was made"):
        causes.photograph_controls(
            data=tmp_path, cache=tmp_path, limit=1, workers=1, quiet=True, studio=Lamps()
        )


def test_a_limit_on_the_shipped_data_is_refused():
    with pytest.raises(ValueError, match="a limit makes a trial"):
        causes.photograph_controls(limit=1)


def test_who_is_drawn_is_the_first_of_each_half_of_paired():
    people = causes.people()
    assert len(people) == 2 * causes.PEOPLE
    paired = data.load("counterfactual/paired").people
    for name in HALVES:
        own = [p.seed for p in people if half(p.presentation) == name]
        assert own == paired.index[paired["presentation_half"] == name].tolist()[: causes.PEOPLE]


@made
def test_the_set_is_whole():
    faces = data.load("causes/controls")
    assert faces.people.index.tolist() == [p.seed for p in causes.people()]
    seeds = json.loads((FOLDER / "controls" / "seeds.json").read_text())
    assert seeds["people"] == faces.people.index.tolist()
    assert len(faces) == 16 * len(faces.people)
    ok = np.isfinite(faces.templates).all(1)
    assert (ok == (faces.of("status") == "ok")).all() and ok.mean() > 0.95
    assert f"{len(faces.people)} of the 160" in (FOLDER / "DATASHEET.md").read_text()
    assert f"{len(faces):,} |" in (FOLDER / "DATASHEET.md").read_text()


@made
def test_a_switch_changes_a_picture_and_not_who_is_in_it():
    """Each control is nearer to its own photograph in ``paired`` than to the person's others."""
    controls, paired = data.load("causes/controls"), data.load("counterfactual/paired")
    beside = {"equal, no gloss": "equal", "locked": "light-metered"}
    for name, camera in beside.items():
        mine, theirs = (
            f.images[f.of("camera") == c] for f, c in ((controls, name), (paired, camera))
        )
        both = mine.reset_index().merge(
            theirs.reset_index(), on=["person", "photo", "tone"], suffixes=("", "_paired")
        )
        assert len(both) == len(mine)
        a = controls.templates[both["index"]]
        b = paired.templates[both["index_paired"]]
        own = np.linalg.norm(a - b, axis=1)
        other = np.linalg.norm(a - np.roll(b, 1, axis=0), axis=1)
        known = np.isfinite(own) & np.isfinite(other)
        assert (own > 0)[known].all() and np.median(own[known]) < 0.6 * np.median(other[known])


@made
@pytest.mark.slow
def test_one_person_can_be_made_again():
    who = causes.people()[3]
    result = causes.controls_of(who, causes.Lamps())
    faces = data.load("causes/controls")
    here = faces.of("person") == who.seed
    for name, kept in (("dlib", faces.templates), ("SFace", faces.stored("sface"))):
        ours, shipped = result[name].astype(np.float32), kept[here]
        assert (np.isnan(ours) == np.isnan(shipped)).all()
        scale = np.nanmedian(np.linalg.norm(shipped, axis=1))
        assert np.nanmedian(np.linalg.norm(ours - shipped, axis=1)) < 0.05 * scale

"""SFace's templates of the bundled people: made from the pictures that dlib saw, or not at all."""

from __future__ import annotations

import shutil

import numpy as np
import pytest

from labkit import data as bundled
from labkit.app import command
from labkit.base.files import DamagedFile, read_checksums, write_checksums
from labkit.base.places import PROJECT
from labkit.making import described, store
from labkit.making.fingerprint import fingerprint
from labkit.making.plans import PLANS
from labkit.making.studio import Studio
from labkit.matchers import SFaceMatcher
from tests.making.cartoon import Cartoon

NAMES = {"train": "anytown", "holdout": "anytown", "paired": "counterfactual"}


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    """A few people of a set with pictures, of one without, and of one with several cameras."""
    top = tmp_path_factory.mktemp("described")
    options = {"data": top / "data", "cache": top / "cache", "workers": 1, "quiet": True}
    store.make(**options, only=["train", "holdout"], limit=2, studio=Cartoon())
    store.make(**options, only=["paired"], limit=1, studio=Cartoon())
    shutil.rmtree(top / "cache")
    described.describe(**options, only=list(NAMES), studio=Cartoon())
    return top


def again(made, tmp_path, **changed):
    """Describe a copy."""
    shutil.copytree(made / "data", tmp_path / "data")
    options = {"data": tmp_path / "data", "cache": tmp_path / "cache", "workers": 1, "quiet": True}
    return described.describe(**{**options, "studio": Cartoon(), **changed})


def test_each_set_has_templates_of_its_pictures_in_their_order(made):
    for name, top in NAMES.items():
        faces = bundled.load(f"{top}/{name}", data=made / "data")
        templates = faces.stored("sface")
        assert templates.shape == (len(faces), 128) and np.isfinite(templates).any()
        if faces.images["file"].all():
            live = SFaceMatcher(progress=False).transform(faces.pictures)
            assert np.array_equal(live.astype(np.float16), templates.astype(np.float16), True)


def test_pictures_that_are_not_shipped_are_drawn_as_they_were_stored(made):
    """Compressed and opened again, as dlib saw them; not as they leave the camera."""
    faces = bundled.load("anytown/holdout", data=made / "data")
    assert not faces.images["file"].any()
    cached = sorted((made / "cache" / fingerprint() / "holdout").iterdir())
    assert [int(p.stem) for p in cached] == faces.people.index.tolist()
    from labkit.base.codec import decode
    from labkit.making.studio import pictures_in

    pictures = [decode(b) for p in cached for b in pictures_in(store._cached(p))]
    live = SFaceMatcher(progress=False).transform(pictures)
    assert np.array_equal(live.astype(np.float16), faces.stored("sface").astype(np.float16), True)


def test_the_checksums_are_those_of_all_files_and_only_one_line_is_new(made, tmp_path):
    shutil.copytree(made / "data", tmp_path / "data")
    for top in set(NAMES.values()):
        listed = (tmp_path / "data" / top / "checksums.txt").read_bytes()
        write_checksums(tmp_path / "data" / top)
        assert (tmp_path / "data" / top / "checksums.txt").read_bytes() == listed
    table = tmp_path / "data" / "anytown" / "holdout" / "people.csv"
    before = read_checksums(tmp_path / "data" / "anytown")
    table.write_bytes(table.read_bytes() + b"\n")  # changed by somebody: must still be noticed
    described.describe(
        data=tmp_path / "data", cache=tmp_path / "c", only=["train"], workers=1, quiet=True
    )
    assert read_checksums(tmp_path / "data" / "anytown") == before
    with pytest.raises(DamagedFile, match=r"people\.csv was changed"):
        bundled.load("anytown/holdout", data=tmp_path / "data")


def test_the_same_bytes_again(made, tmp_path):
    again(made, tmp_path, only=list(NAMES))
    for name, top in NAMES.items():
        first, second = (d / "data" / top / name / described.FILE for d in (made, tmp_path))
        assert first.read_bytes() == second.read_bytes()


def test_somebody_else_than_dlib_saw_is_refused(made, tmp_path):
    other = Cartoon()
    other.develop = lambda radiance, capture: np.ascontiguousarray(
        Cartoon().develop(radiance, capture)[:, ::-1]
    )
    with pytest.raises(RuntimeError, match=r"of holdout is drawn otherwise .* --only holdout"):
        again(made, tmp_path, only=["holdout"], studio=other)


def test_a_face_that_dlib_did_not_find_must_not_be_found_now(made, tmp_path):
    blank = Cartoon()
    blank.develop = lambda radiance, capture: np.full((160, 160, 3), 128, np.uint8)
    with pytest.raises(RuntimeError, match="of holdout is drawn otherwise"):
        again(made, tmp_path, only=["holdout"], studio=blank)


def test_a_changed_picture_is_not_described(made, tmp_path):
    shutil.copytree(made / "data", tmp_path / "data")
    path = sorted((tmp_path / "data/anytown/train/pictures").iterdir())[0]
    path.write_bytes(path.read_bytes()[:-1])
    with pytest.raises(DamagedFile, match=f"{path.name} was changed or cut short"):
        described.describe(data=tmp_path / "data", only=["train"], workers=1, quiet=True)


def test_stored_templates_of_other_images_are_refused(made, tmp_path):
    shutil.copytree(made / "data", tmp_path / "data")
    path = tmp_path / "data/anytown/train" / described.FILE
    np.save(path, np.load(path)[:-1])
    write_checksums(tmp_path / "data/anytown")
    with pytest.raises(DamagedFile, match=r"8 images but 7 in templates_sface\.npy"):
        bundled.load("anytown/train", data=tmp_path / "data").stored("sface")


def test_the_command_describes_what_is_there(made, tmp_path, capsys):
    shutil.copytree(made / "data", tmp_path / "data")
    path = tmp_path / "data/anytown/train" / described.FILE
    before = path.read_bytes()
    path.unlink()
    words = ["make", "--describe", "--data", str(tmp_path / "data"), "--only", "train"]
    assert command.main([*words, "--workers", "1", "--quiet"]) == 0
    assert path.read_bytes() == before
    assert command.main([*words, "--limit", "1"]) == 2
    assert "leave out --limit" in capsys.readouterr().err
    with pytest.raises(ValueError, match="there is no set 'test': use train, dev"):
        described.describe(only=["test"])


@pytest.mark.slow
@pytest.mark.parametrize("name", ["holdout", "train-two-tones", "linked", "narrow", "paired"])
def test_a_sample_of_what_is_not_shipped_can_be_described_again(name, tmp_path):
    """One person each, drawn anew by the renderer."""
    plan = PLANS[name]
    faces = bundled.load(f"{plan.top}/{name}")
    stored = faces.stored("sface")
    rows = np.flatnonzero(faces.of("person") == faces.people.index[20])
    person = int(faces.people.index[20])
    assert not faces.images["file"].iloc[rows].any()
    live = described._describe(plan, person, [], faces.templates[rows], tmp_path, Studio())
    a, b = live.astype(np.float32), stored[rows]
    assert (np.isnan(a) == np.isnan(b)).all()
    alike = (a * b).sum(1) / np.linalg.norm(a, axis=1) / np.linalg.norm(b, axis=1)
    assert np.nanmin(alike) > 0.99  # on another machine pictures differ by up to one grey level


def test_the_data_sheets_name_the_files_and_the_command():
    for top in ("anytown", "counterfactual", "teaching"):
        sheet = (PROJECT / "data" / top / "DATASHEET.md").read_text("utf-8")
        assert described.FILE in sheet and "python -m labkit make --describe" in sheet
    sheet = (PROJECT / "data" / "anytown" / "DATASHEET.md").read_text("utf-8")
    assert f"more than {described.LARGEST:g} is refused" in sheet


def test_a_pixel_here_and_there_is_no_other_picture(made, tmp_path):
    """Other machines round otherwise: seen in one of 200 pictures."""
    other, drawn = Cartoon(), []

    def develop(radiance, capture):
        picture = Cartoon().develop(radiance, capture)
        if not drawn:
            picture[60:100:5, 60:100:5] ^= 1
        drawn.append(1)
        return picture

    other.develop = develop
    again(made, tmp_path, only=["holdout"], studio=other)
    a, b = (
        bundled.load("anytown/holdout", data=d / "data").stored("sface") for d in (made, tmp_path)
    )
    assert len(drawn) == 12 and np.array_equal(a[1:], b[1:], True)
    assert not np.array_equal(a[0], b[0])

"""A folder of people's photographs: what is used, what is not, and one sentence for each."""

from __future__ import annotations

import os
import shutil
import unicodedata

import numpy as np
import pytest
from PIL import Image

from labkit import data
from labkit.base.consent import Consent, ConsentMissing, questions
from labkit.photographs import elsewhere, usable
from labkit.photographs import folder as folders
from labkit.photographs.folder import FolderError, load_folder
from labkit.photographs.pictures import MOST, RealPictures

YES = Consent(dict.fromkeys(questions(), "yes"))


@pytest.fixture(autouse=True)
def own_computer(monkeypatch):
    """Whatever computer runs the tests, the lab takes it for the reader's own."""
    for name in list(os.environ):
        if name.startswith(tuple(elsewhere.SET_BY)):
            monkeypatch.delenv(name)


@pytest.fixture(scope="module")
def faces():
    """Two pictures each of three invented people."""
    town = data.load("anytown/dev")
    return [[town.pictures[4 * p + k] for k in range(2)] for p in range(3)]


@pytest.fixture
def town(tmp_path, faces):
    """A folder of three people with two photographs each."""
    for name, pictures in zip(("Ann", "Ben", "Cem"), faces, strict=True):
        save(tmp_path / name / "1.png", pictures[0])
        save(tmp_path / name / "2.png", pictures[1])
    return tmp_path


def save(path, picture, **options):
    path.parent.mkdir(exist_ok=True, parents=True)
    Image.fromarray(picture).save(path, **options)
    return path


def why(photographs, file):
    """What is said of a file that is left out: one sentence."""
    rows = photographs.left_out.set_index("file")["words"]
    assert "\n" not in rows[file]
    return rows[file]


def test_people_are_their_folders(town):
    found = load_folder(town, consent=YES)
    assert found.names == ["Ann", "Ben", "Cem"] and len(found) == 6
    assert found.of("person").tolist() == [0, 0, 1, 1, 2, 2]
    assert found.words == "6 photographs of 3 people can be used."
    assert all(p.ndim == 3 and p.dtype == np.uint8 for p in found.pictures)
    with pytest.raises(KeyError, match="no column 'age'"):
        found.of("age")


def test_it_is_reached_as_part_of_data():
    assert data.load_folder is load_folder
    with pytest.raises(AttributeError, match="no attribute 'load_people'"):
        data.load_people  # noqa: B018


@pytest.mark.parametrize("consent", [None, True, Consent(), Consent({"asked": "yes"})])
def test_nothing_is_looked_at_before_every_question_is_answered(town, consent, monkeypatch):
    monkeypatch.setattr(folders, "_root", lambda path: pytest.fail("the folder was looked at"))
    with pytest.raises(ConsentMissing):
        load_folder(town, consent=consent)


@pytest.mark.parametrize(
    ("name", "service"),
    [
        ("JUPYTERHUB_USER", "JupyterHub"),
        ("BINDER_SERVICE_HOST", "Binder"),
        ("BINDER_LAUNCH_HOST", "Binder"),
        ("CODESPACES", "GitHub Codespaces"),
        ("COLAB_RELEASE_TAG", "Google Colab"),
    ],
)
def test_on_somebody_else_s_computer_no_folder_is_looked_at(town, name, service, monkeypatch):
    monkeypatch.setattr(folders, "_root", lambda path: pytest.fail("the folder was looked at"))
    monkeypatch.setenv(name, "something")
    with pytest.raises(ConsentMissing, match=f"runs on {service}, somebody else's .* uploaded"):
        load_folder(town, consent=YES)


def test_only_folders_of_those_who_said_yes_are_opened(town, monkeypatch):
    opened = []
    real = folders._listed
    monkeypatch.setattr(folders, "_listed", lambda path: opened.append(path.name) or real(path))
    found = load_folder(town, consent=YES, people=["Cem", "Ann ", "Dan"])
    assert found.names == ["Ann", "Cem"] and opened[1:] == ["Ann", "Cem"]
    assert "Folders that are not on the list of those who said yes: 1." in found.words
    assert "Dan on the list" in found.words and "Ben" not in found.words
    assert load_folder(town, consent=YES, people=["Cem"]).names == ["Cem"], "one word less"


@pytest.mark.parametrize("people", [[], ..., "Ann", ["Ann", ...], [""]])
def test_a_list_that_names_nobody_opens_nothing(town, people):
    with pytest.raises(FolderError, match=r"the list of those who said yes is .*: write the names"):
        load_folder(town, consent=YES, people=people)


def test_a_list_of_others_opens_nothing(town):
    with pytest.raises(FolderError, match=r"nobody on the list .* \(Dan\) has a folder"):
        load_folder(town, consent=YES, people=["Dan"])


def test_pictures_a_folder_too_deep_are_told_from_pictures_beside(tmp_path, faces):
    save(tmp_path / "Ann" / "2023" / "1.png", faces[0][0])
    with pytest.raises(FolderError, match="hold folders and no pictures: move"):
        load_folder(tmp_path, consent=YES)


def test_of_many_files_left_out_the_first_few_are_named(town):
    for k in range(20):
        (town / "Ann" / f"{k}.txt").write_text("not a picture")
    said = load_folder(town, consent=YES).words
    assert "15 more files have something said of them" in said and said.count("\n") == 6


@pytest.mark.parametrize(
    ("make", "says"),
    [
        (lambda p: p / "nowhere", r"there is no folder .* \(looked for in .*\): write"),
        (lambda p: "~nobody_at_all/x", "there is no folder ~nobody_at_all/x"),
        (lambda p: save(p / "a.png", np.zeros((9, 9, 3), np.uint8)), "is a file: give the folder"),
        (lambda p: p, "there are no pictures in"),
        (lambda p: save(p / "a.png", np.zeros((9, 9, 3), np.uint8)).parent, "lie in .* itself"),
        (lambda p: ..., "is no path of a folder"),
        (lambda p: "", "is no path of a folder"),
    ],
)
def test_a_folder_that_holds_nothing_to_use_is_named(tmp_path, make, says):
    with pytest.raises(FolderError, match=says) as refused:
        load_folder(make(tmp_path), consent=YES)
    assert "\n" not in str(refused.value) and ": " in str(refused.value)


def test_damaged_files_do_not_lose_the_others(town):
    whole = (town / "Ann" / "1.png").read_bytes()
    (town / "Ann" / "cut.png").write_bytes(whole[: len(whole) // 2])
    (town / "Ann" / "empty.jpg").write_bytes(b"")
    (town / "Ben" / "notes.txt").write_text("not a picture")
    found = load_folder(town, consent=YES)
    assert len(found) == 6 and len(found.left_out) == 3
    assert "damaged or cut short" in why(found, "Ann/cut.png")
    assert "is empty" in why(found, "Ann/empty.jpg")
    assert "is not a picture that can be read" in why(found, "Ben/notes.txt")
    assert "6 photographs of 3 people can be used, 3 files cannot." in found.words


def test_only_damaged_files_are_refused_with_the_first_reason(tmp_path):
    (tmp_path / "Ann").mkdir()
    (tmp_path / "Ann" / "a.jpg").write_bytes(b"nothing")
    with pytest.raises(FolderError, match=r"none of the 1 files .* Ann/a.jpg is not a picture"):
        load_folder(tmp_path, consent=YES)


@pytest.mark.parametrize("name", ["a.HEIC", "a.heif", "a.jpg"])
def test_heic_is_told_how_to_convert(town, name):
    (town / "Ann" / name).write_bytes(b"\0\0\0\x18ftypheic" + bytes(40))
    assert "HEIC, which cannot be read here: save it as JPEG" in why(
        load_folder(town, consent=YES), f"Ann/{name}"
    )


def test_a_name_with_an_accent_is_one_person_in_both_forms(town):
    for form, source in (("NFC", "Ann/1.png"), ("NFD", "Ben/1.png")):
        path = town / unicodedata.normalize(form, "José") / unicodedata.normalize(form, "é.png")
        path.parent.mkdir(exist_ok=True)
        shutil.move(town / source, path)
    found = load_folder(town, consent=YES)
    assert found.names == ["Ann", "Ben", "Cem", "José"]
    assert (found.of("name") == "José").sum() == 2
    forms = {unicodedata.normalize("NFC", p.name) == p.name for p in town.iterdir()}
    if len(forms) == 2:  # not where the system keeps one form of its own
        assert "José is written in two ways" in found.words


def test_the_same_file_counts_once_and_the_same_photograph_too(town, faces):
    shutil.copy(town / "Ann" / "1.png", town / "Ann" / "copy.png")
    half = Image.fromarray(faces[1][0]).resize((110, 110))
    half.save(town / "Ben" / "again.jpg", quality=70)
    found = load_folder(town, consent=YES)
    assert "is the same file as Ann/1.png: it counts once" in why(found, "Ann/copy.png")
    assert "is the same photograph as Ben/" in found.words and len(found) == 6


def test_a_photograph_under_two_names_is_used_under_neither(town):
    shutil.copy(town / "Ann" / "1.png", town / "Ben" / "x.png")
    found = load_folder(town, consent=YES)
    for file in ("Ann/1.png", "Ben/x.png"):
        assert "under another name: neither is used" in why(found, file)
    assert found.of("file").tolist()[0] == "Ann/2.png" and len(found) == 5


def test_two_photographs_of_one_person_are_two(faces):
    thumbs = [usable._thumb(picture) for pictures in faces for picture in pictures]
    alike = np.array([[float(a @ b) for a in thumbs] for b in thumbs])
    assert alike[~np.eye(len(thumbs), dtype=bool)].max() < usable.ALIKE


def test_one_picture_each_and_one_person_are_said(tmp_path, faces):
    for name, pictures in zip(("Ann", "Ben"), faces, strict=False):
        save(tmp_path / name / "1.png", pictures[0])
    assert "Everybody has one picture" in load_folder(tmp_path, consent=YES).words
    shutil.rmtree(tmp_path / "Ben")
    save(tmp_path / "Ann" / "2.png", faces[0][1])
    assert "There is one person" in load_folder(tmp_path, consent=YES).words
    save(tmp_path / "Ben" / "1.png", faces[1][0])
    assert "With one picture only, Ben can be" in load_folder(tmp_path, consent=YES).words


def test_what_lies_elsewhere_is_named_and_what_systems_lay_there_is_not(town, faces):
    save(town / "loose.png", faces[0][0])
    (town / "Ann" / "more").mkdir()
    for name in (".DS_Store", "Thumbs.db", "desktop.ini", "._1.png"):
        (town / "Ann" / name).write_bytes(b"x")
    found = load_folder(town, consent=YES)
    assert sorted(found.left_out["file"]) == ["Ann/more", "loose.png"]
    assert "lies beside the people's folders" in why(found, "loose.png")
    assert "is a folder within a person's folder" in why(found, "Ann/more")


def test_a_turned_photograph_comes_upright(tmp_path, faces):
    turned = Image.Exif()
    turned[0x0112] = 6
    lying = np.rot90(faces[0][0])
    save(tmp_path / "Ann" / "1.jpg", np.ascontiguousarray(lying), exif=turned, quality=98)
    picture = load_folder(tmp_path, consent=YES).pictures[0]
    assert np.abs(picture.astype(int) - faces[0][0]).mean() < 3


def test_a_hundred_megapixels_are_made_smaller_and_it_is_said(tmp_path):
    grey = Image.new("L", (10_000, 10_000), 90)
    (tmp_path / "Ann").mkdir()
    grey.save(tmp_path / "Ann" / "large.jpg")
    found = load_folder(tmp_path, consent=YES)
    assert "Ann/large.jpg has 100 million pixels: it is made smaller" in found.words
    height, width = found.pictures[0].shape[:2]
    assert 0.9 * MOST < height * width <= 1.01 * MOST


def test_nothing_is_written(town):
    before = {p: (p.stat().st_mtime_ns, p.read_bytes()) for p in town.rglob("*") if p.is_file()}
    names = sorted(os.fspath(p) for p in town.rglob("*"))
    list(load_folder(town, consent=YES).pictures)
    assert names == sorted(os.fspath(p) for p in town.rglob("*"))
    assert before == {p: (p.stat().st_mtime_ns, p.read_bytes()) for p in before}


def test_pictures_are_read_when_they_are_asked_for(town):
    found = load_folder(town, consent=YES)
    assert isinstance(found.pictures[1:3], RealPictures) and len(found.pictures[1:3]) == 2
    (town / "Ann" / "1.png").unlink()
    with pytest.raises(ValueError, match=r"Ann/1.png does not exist"):
        found.pictures[0]

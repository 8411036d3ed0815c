"""What a gallery takes, refuses and finds, and what it says when its file is in trouble."""

from __future__ import annotations

import os
import sqlite3
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from labkit import measure
from labkit.gallery import Answer, Collection, GalleryError, Measured
from labkit.gallery.file import FORMAT
from labkit.matchers.describing import Described

ASK: dict[str, Any] = {"matcher": "numbers", "by": "a reader", "why": "a test"}


@pytest.fixture
def town(tmp_path: Path):
    with Collection.create(tmp_path / "town.gallery", "numbers", measure="euclidean") as made:
        yield made


def put(gallery: Collection, templates: Any, ids: list[Any]):
    return gallery.index(templates, ids, matcher=gallery.matcher)


# ---- what is refused, with its reason -----------------------------------------------------------


@pytest.mark.parametrize(
    ("template", "face", "reason"),
    [
        ([np.nan, np.nan], "x", "no face was found"),
        ([1.0, 2.0], "there", "a face with this id is there already"),
        ([1.0, 2.0, 3.0], "x", "has 3 numbers, those of this gallery have 2"),
        ([1.0, np.nan], "x", "not finite"),
        ([1.0, np.inf], "x", "not finite"),
        ([1.0, 1e39], "x", "not finite"),  # not in float32
        ([1.0, 1e30], "x", "too large"),
        ([[1.0, 2.0]], "x", "no list of numbers"),
        (["one", "two"], "x", "no list of numbers"),
        (None, "x", "no list of numbers"),
        ([1.0, 2.0], " ", "id is blank"),
        ([1.0, 2.0], None, "id is blank"),
        ([1.0, 2.0], np.nan, "neither a text nor a whole number"),
        ([1.0, 2.0], True, "neither a text nor a whole number"),
        ([1.0, 2.0], "\ud800", "cannot be written as text"),
        ([1.0, 2.0], "a\0b", "cannot be written as text"),
    ],
)
def test_a_refused_face_has_its_reason_and_loses_no_other(
    town: Collection, template: Any, face: Any, reason: str
) -> None:
    put(town, [[0.0, 0.0]], ["there"])
    done = put(town, [[5.0, 5.0], template, [6.0, 6.0]], ["first", face, "last"])
    assert done.done == ("first", "last") and len(done.refused) == 1
    assert reason in done.refused[0][1] and reason in done.read()
    assert done.table()["status"].tolist() == ["ok", "refused", "ok"]
    assert town.faces()["id"].tolist() == ["there", "first", "last"]


def test_an_id_given_twice_is_taken_once(town: Collection) -> None:
    done = put(town, [[1.0], [2.0], [3.0]], ["a", "a", "b"])
    assert done.done == ("a", "b") and "stands twice" in done.reasons[1]
    assert town.search([1.0], threshold=-0.5, **ASK).candidates[0].id == "a"


def test_many_reasons_are_counted(town: Collection) -> None:
    faces = [[np.nan]] * 5 + [[1.0]] * 2 + [[np.inf]]
    said = put(town, faces, [*"abcde", "f", "f", "g"]).read()
    assert said.startswith("1 of 8 faces are in the gallery now; 7 refused: 5: no face was found")
    assert "1: its template has numbers that are not finite" in said


def test_zeros_have_no_angle(tmp_path: Path) -> None:
    angles = Collection.create(tmp_path / "c.gallery", "numbers", measure="cosine")
    done = put(angles, [[0.0, 0.0], [1.0, 0.0]], ["zero", "one"])
    assert done.done == ("one",) and "no angle" in done.reasons[0]
    with pytest.raises(GalleryError, match="cannot be searched for: its template is all zeros"):
        angles.search([0.0, 0.0], threshold=0.5, **ASK)


def test_templates_of_another_matcher_are_refused(town: Collection) -> None:
    """Finding: numbers of two networks have one shape and mean nothing to each other."""
    words = "these templates are of SFace and those of the gallery of numbers"
    with pytest.raises(GalleryError, match=words):
        town.index([[1.0]], ["a"], matcher="SFace")
    put(town, [[1.0]], ["a"])
    with pytest.raises(GalleryError, match=words):
        town.search([1.0], threshold=-1.0, **{**ASK, "matcher": "SFace"})
    assert len(town) == 1 and town.lines() == []


def test_the_first_face_sets_the_length_also_after_it_was_deleted(town: Collection) -> None:
    put(town, [[np.nan, np.nan, np.nan], [1.0, 2.0]], ["none", "a"])
    town.delete(["a"])
    assert "those of this gallery have 2" in put(town, [[1.0]], ["b"]).reasons[0]


@pytest.mark.parametrize(
    ("call", "words"),
    [
        (lambda g: put(g, [1.0, 2.0], ["a", "b"]), "no list of numbers"),
        (lambda g: put(g, np.array([1.0, 2.0]), ["a"]), "this is one template"),
        (lambda g: put(g, 3, ["a"]), "no list of templates"),
        (lambda g: put(g, [[1.0]], "a"), "the ids are one text"),
        (lambda g: put(g, [[1.0]], 5), "no list of ids"),
        (lambda g: put(g, [[1.0]], ["a", "b"]), "1 templates with 2 ids"),
        (lambda g: g.search([[1.0]], threshold=0.0, **ASK), "shape"),
        (lambda g: g.search([1.0], threshold=np.nan, **ASK), "is no number"),
        (lambda g: g.search([1.0], threshold="high", **ASK), "is no number"),
        (lambda g: g.search([1.0], threshold=True, **ASK), "is no number"),
        (lambda g: g.search([1.0], threshold=0.0, most=0, **ASK), "no number of candidates"),
        (lambda g: g.search_all([[1.0]], threshold=0.0, whom=["a", "b"], **ASK), "1 templates"),
        (lambda g: g.search([1.0], threshold=0.0, **{**ASK, "by": 3}), "by is a int"),
    ],
)
def test_wrong_input_gets_one_sentence(town: Collection, call: Any, words: str) -> None:
    try:
        outcome = call(town)
    except GalleryError as error:
        said = str(error)
    else:
        said = outcome.reasons[0]
    assert words in said and "\n" not in said
    assert len(town) == 0 and town.lines() == []


# ---- a reason -----------------------------------------------------------------------------------


@pytest.mark.parametrize("why", ["", "  ", "\t\n", "...", "?!", "\u200b", "\0"])
def test_a_blank_reason_is_refused(town: Collection, why: str) -> None:
    """Finding: a field that may be left blank is left blank."""
    put(town, [[1.0]], ["a"])
    with pytest.raises(GalleryError, match="no reason was given: say why you search"):
        town.search([1.0], threshold=-1.0, **{**ASK, "why": why})
    with pytest.raises(GalleryError, match="nobody was named as searching"):
        town.search([1.0], threshold=-1.0, **{**ASK, "by": why})
    assert town.lines() == []


def test_the_reason_can_be_read_back(town: Collection) -> None:
    put(town, [[0.0], [2.0]], ["a", "b"])
    asked = {**ASK, "by": "Officer Näme", "why": "case 7: 'stolen'; \"bicycle\"\n-- 自転車"}
    answer = town.search([0.5], threshold=-1.0, whom="somebody on a bicycle", **asked)
    town.search([np.nan], threshold=None, **ASK)
    (line, second) = Collection(town.path).lines()
    assert (line.by, line.why) == (asked["by"], asked["why"])
    assert (line.whom, line.returned, line.passed) == ("somebody on a bicycle", ("a",), 1)
    assert (line.size, line.threshold, answer.line) == (2, -1.0, 1)
    assert len(line.probe) == 64 and second.probe == "" and second.threshold is None
    assert town.log().loc[1, "why"] == asked["why"]


def test_one_photograph_searched_twice_is_known_again(town: Collection) -> None:
    put(town, [[0.0]], ["a"])
    for template in ([0.25], [0.25], [0.5]):
        town.search(template, threshold=-1.0, **ASK)
    first, second, third = town.log()["probe"]
    assert first == second != third


def test_a_changed_line_is_noticed_in_the_file(town: Collection) -> None:
    """Also one that holds no text any more."""
    put(town, [[0.0]], ["a"])
    for _ in range(3):
        town.search([0.25], threshold=-1.0, **ASK)
    assert town.verify().whole and bool(town.verify().end)
    db = town._file.connection()
    db.execute("DROP TRIGGER log_is_not_changed")
    db.execute("UPDATE log SET why = CAST(x'ff' AS TEXT) WHERE line = 2")
    assert "Line 2 of the log is not what was written" in Collection(town.path).verify().words
    assert len(town.log()) == 3


def test_no_search_without_its_line(town: Collection, monkeypatch: Any) -> None:
    """Finding: a log that is written after the answer is lost with the program.

    Here the log cannot be written: nobody is told who passed.
    """
    put(town, [[0.0]], ["a"])
    town._file.connection().execute("DROP TABLE log_end")
    with pytest.raises(GalleryError):
        town.search([0.0], threshold=-1.0, **ASK)
    with (
        Collection(town.path, read_only=True) as reader,
        pytest.raises(GalleryError, match="a search is written into its log"),
    ):
        reader.search([0.0], threshold=-1.0, **ASK)


# ---- searches -----------------------------------------------------------------------------------


def test_unknown_when_nothing_passes(town: Collection) -> None:
    put(town, [[0.0], [2.0]], ["a", "b"])
    answer = town.search([9.0], threshold=-1.0, **ASK)
    assert answer.unknown and answer.candidates == () and answer.passed == 0
    assert answer.read().startswith("Unknown: none of the 2 faces passes the threshold -1.")
    none = town.search([np.nan], threshold=-1.0, **ASK)
    assert none.unknown and "No face was found" in none.read()


def test_an_empty_gallery_knows_nobody(town: Collection) -> None:
    assert town.search([1.0, 2.0], threshold=-1.0, **ASK).unknown
    assert town.search([1.0, 2.0], threshold=None, **ASK).unknown


def test_false_candidates_to_expect_are_size_times_fmr(town: Collection) -> None:
    """Finding: a result without the size of the gallery says nothing about chance."""
    put(town, np.arange(50.0)[:, None], list(range(50)))
    answer = town.search([0.0], threshold=Measured(-1.0, 0.02, "an example"), **ASK)
    assert answer.expected == pytest.approx(1.0)
    assert "1 on average (50 faces x FMR 0.02)" in answer.read()
    for threshold in (-1.0, np.float32(-1.0)):
        unknown = town.search([0.0], threshold=threshold, **ASK)
        assert unknown.expected is None and "is not known" in unknown.read()


def test_the_rate_comes_with_a_threshold_of_the_lab(town: Collection) -> None:
    people = np.repeat(np.arange(60), 2)
    pairs = measure.all_pairs(np.random.default_rng(0).normal(size=(120, 8)), people)
    chosen = measure.choose_threshold(pairs, 0.05)
    put(town, np.zeros((1, 8)), ["a"])
    answer = town.search(np.ones(8), threshold=chosen, **ASK)
    assert (answer.threshold, answer.fmr) == (chosen.value, chosen.measured)


def test_another_object_with_a_value_brings_no_rate(town: Collection) -> None:
    """A threshold chosen by the share of searches that alert has no rate of single comparisons."""

    class Searched:
        value, measured, asked = -1.0, 0.5, 0.5

    put(town, [[0.0]], ["a"])
    assert town.search([0.0], threshold=Searched(), **ASK).expected is None


@pytest.mark.parametrize(("value", "fmr"), [(-1.0, 0.0), (-1.0, 1.5), (np.nan, 0.1), (0, np.nan)])
def test_a_rate_that_was_not_measured_is_refused(value: float, fmr: float) -> None:
    with pytest.raises(ValueError, match="was not measured"):
        Measured(value, fmr, "nobody")


def test_a_list_without_threshold_says_so(town: Collection) -> None:
    put(town, [[0.0], [2.0], [5.0]], ["a", "b", "c"])
    answer = town.search([9.0], threshold=None, most=2, **ASK)
    assert [c.id for c in answer.candidates] == ["c", "b"] and answer.expected is None
    assert "for somebody who is not in the gallery, all of it is false" in answer.read()


def test_more_pass_than_are_shown(town: Collection) -> None:
    put(town, np.zeros((5, 1)), [*"abcde"])
    answer = town.search([0.0], threshold=-1.0, most=2, **ASK)
    assert (answer.passed, [c.id for c in answer.candidates]) == (5, ["a", "b"])
    assert "the 2 most alike are shown" in answer.read()
    assert len(town.search([0.0], threshold=-1.0, most=None, **ASK).candidates) == 5


def test_a_search_sees_what_another_program_wrote(town: Collection) -> None:
    put(town, [[0.0]], ["a"])
    assert town.search([5.0], threshold=-1.0, **ASK).unknown
    with Collection(town.path) as other:
        put(other, [[5.0]], ["b"])
    assert town.search([5.0], threshold=-1.0, **ASK).candidates[0].id == "b"
    with Collection(town.path) as other:
        other.delete(["b"])
    assert town.search([5.0], threshold=-1.0, **ASK).unknown


@pytest.mark.parametrize("kind", measure.MEASURES)
def test_a_search_finds_what_comparing_one_by_one_finds(tmp_path: Path, kind: str) -> None:
    draw = np.random.default_rng(3)
    faces, probes = draw.normal(size=(80, 6)), draw.normal(size=(7, 6))
    faces[40:60] = faces[:20]  # equal scores
    town = Collection.create(tmp_path / "s.gallery", "numbers", measure=kind)
    put(town, faces, list(range(80)))
    scores = measure.compare(np.float32(probes), np.float32(faces), kind).astype(np.float32)
    threshold = float(np.quantile(scores, 0.9))
    answers = town.search_all(probes, threshold=threshold, most=None, **ASK)
    lists = town.search_all(probes, threshold=None, most=10, **ASK)
    for answer, ten, row in zip(answers, lists, scores):
        order = np.lexsort((np.arange(80), -row))
        wanted = [str(k) for k in order if row[k] >= threshold]
        assert [c.id for c in answer.candidates] == wanted and answer.passed == len(wanted)
        assert [c.id for c in ten.candidates] == [str(k) for k in order[:10]]
        assert [c.score for c in ten.candidates] == row[order[:10]].tolist()
    assert [a.line for a in answers] == list(range(1, 8))


@settings(max_examples=12, deadline=None)
@given(
    st.lists(
        st.one_of(
            st.tuples(st.just("index"), st.lists(st.integers(0, 9), max_size=5)),
            st.tuples(st.just("delete"), st.lists(st.integers(0, 9), max_size=5)),
            st.tuples(st.just("search"), st.integers(0, 9)),
        ),
        max_size=12,
    )
)
def test_any_order_of_calls(tmp_path_factory: pytest.TempPathFactory, calls: list) -> None:
    """The gallery holds what a dictionary would, and each search is a line."""
    path = tmp_path_factory.mktemp("any") / "any.gallery"
    town, model, lines = Collection.create(path, "numbers", measure="euclidean"), {}, 0
    for what, argument in calls:
        if what == "index":
            done = put(town, [[float(k)] for k in argument], argument)
            new = [k for n, k in enumerate(argument) if k not in model and k not in argument[:n]]
            assert done.done == tuple(map(str, new))
            model.update(dict.fromkeys(new))
        elif what == "delete":
            done = town.delete(argument)
            gone = [k for n, k in enumerate(argument) if k in model and k not in argument[:n]]
            assert done.done == tuple(map(str, gone))
            model = {k: None for k in model if k not in gone}
        else:
            answer = town.search([float(argument)], threshold=-0.5, **ASK)
            lines += 1
            assert [c.id for c in answer.candidates] == [str(argument)] * (argument in model)
            assert (answer.line, answer.size) == (lines, len(model))
    again = Collection(path)
    assert again.faces()["id"].tolist() == [str(k) for k in model]
    assert len(again.lines()) == lines and again.verify().whole


# ---- photographs --------------------------------------------------------------------------------


class Describer:
    """Describes a picture by its mean; black is no face, white cannot be read, one shows two."""

    measure = "euclidean"

    def describe(self, pictures: Any) -> Described:
        means = [float(np.mean(p)) for p in pictures]
        words = {
            0.0: ("no face", "no face was found"),
            255.0: ("refused", "picture cannot be read"),
        }
        words[7.0] = ("ok", "2 faces were found: the largest is used")
        told = [words.get(m, ("ok", "")) for m in means]
        rows = [[m if status == "ok" else np.nan] for m, (status, _words) in zip(means, told)]
        table = pd.DataFrame(
            {
                "picture": range(len(means)),
                "status": [t[0] for t in told],
                "words": [t[1] for t in told],
            }
        )
        return Described(np.array(rows, np.float32).reshape(-1, 1), table)


def grey(value: int) -> np.ndarray:
    return np.full((4, 4, 3), value, np.uint8)


def test_photographs_are_described_and_refused_with_the_matchers_words(town: Collection) -> None:
    pictures = [grey(100), grey(0), grey(255), grey(7)]
    done = town.index_images(pictures, [*"abcd"], describer=Describer())
    assert done.done == ("a", "d")
    assert done.reasons[1:3] == (
        "no face was found, so there is no template",
        "picture cannot be read",
    )
    ask = {"by": "a reader", "why": "a test", "threshold": -1.0, "describer": Describer()}
    answer = town.search_image(grey(7), **ask)
    assert answer.candidates[0].id == "d" and "2 faces were found" in answer.read()
    assert "nobody was searched for" in town.search_image(grey(0), **ask).read()
    with pytest.raises(GalleryError, match="picture cannot be read"):
        town.search_image(grey(255), **ask)
    assert len(town.lines()) == 2
    with pytest.raises(GalleryError, match="numbers is no matcher of the lab"):
        town.search_image(grey(7), by="a", why="b", threshold=0.0)


def test_a_matcher_of_the_lab_describes(tmp_path: Path) -> None:
    from labkit import data

    faces = data.load("anytown/eval")
    person = faces.images["person"]
    first = [int(np.flatnonzero(person == p)[0]) for p in person.unique()[:3]]
    town = Collection.create(tmp_path / "sface.gallery", "sface")
    assert (town.matcher, town.measure) == ("SFace", "cosine")
    done = town.index_images([faces.pictures[k] for k in first], first)
    assert len(done.done) == 3, done.read()
    ask = {"by": "a reader", "why": "a test", "threshold": None, "most": 1}
    answer = town.search_image(faces.pictures[first[1]], **ask)
    assert answer.candidates[0].id == str(first[1])
    assert answer.candidates[0].score == pytest.approx(1.0, abs=1e-6)
    blank = town.search_image(np.zeros((80, 80, 3), np.uint8), **ask)
    assert not blank.described


def test_the_measure_must_be_that_of_the_matcher(tmp_path: Path) -> None:
    with pytest.raises(GalleryError, match="compared by euclidean, and not by cosine"):
        Collection.create(tmp_path / "d.gallery", "dlib", measure="cosine")
    with pytest.raises(GalleryError, match="say measure='euclidean' or 'cosine'"):
        Collection.create(tmp_path / "d.gallery", "one")
    with pytest.raises(GalleryError, match="no matcher was named"):
        Collection.create(tmp_path / "d.gallery", " ")
    assert not (tmp_path / "d.gallery").exists()


# ---- deleting -----------------------------------------------------------------------------------


def test_a_deleted_template_is_nowhere_in_the_files(town: Collection) -> None:
    """Finding: a face that was 'deleted' stayed in the file, where it could be read."""
    template = np.random.default_rng(5).normal(size=128).astype("<f4")
    put(town, [template, template + 1], ["gone", "kept"])

    def seen() -> bool:
        files = town.path.parent.glob(f"{town.path.name}*")
        return any(template.tobytes() in file.read_bytes() for file in files)

    assert seen()
    town.delete(["gone"])
    assert not seen() and town.faces()["id"].tolist() == ["kept"]


def test_what_is_not_there_cannot_be_deleted(town: Collection) -> None:
    put(town, [[1.0], [2.0]], ["a", "b"])
    done = town.delete(["a", "c", "a", "b\0"])
    assert done.done == ("a",) and "no face has this id" in done.reasons[1]
    assert "stands twice" in done.reasons[2] and done.reasons[3]
    assert town.faces()["id"].tolist() == ["b"]
    assert done.read().startswith("1 of 4 faces are deleted; 3 refused: c (no face has this id)")


# ---- the file -----------------------------------------------------------------------------------


def other_database(path: Path) -> None:
    with sqlite3.connect(path) as db:
        db.execute("CREATE TABLE faces (id)")


def newer(path: Path) -> None:
    Collection.create(path, "numbers", measure="cosine").close()
    with sqlite3.connect(path) as db:
        db.execute(f"PRAGMA user_version = {FORMAT + 1}")


def cut_short(path: Path) -> None:
    town = Collection.create(path, "numbers", measure="cosine")
    put(town, np.random.default_rng(0).normal(size=(400, 64)), list(range(400)))
    town.close()
    content = path.read_bytes()
    path.write_bytes(content[: len(content) // 2])


def lost_table(path: Path) -> None:
    Collection.create(path, "numbers", measure="cosine").close()
    with sqlite3.connect(path) as db:
        db.execute("DROP TABLE gallery")


@pytest.mark.parametrize(
    ("make", "words"),
    [
        (lambda p: None, "there is no gallery at"),
        (lambda p: p.mkdir(), "is a folder"),
        (lambda p: p.write_bytes(b""), "is empty: no gallery was finished there"),
        (lambda p: p.write_text("id,template\n" * 200), "is not an SQLite database"),
        (other_database, "the database of another program"),
        (newer, f"newer version of the lab (format {FORMAT + 1}"),
        (cut_short, "is damaged"),
        (lost_table, "is damaged"),
    ],
)
@pytest.mark.parametrize("read_only", [False, True])
def test_a_file_that_is_no_gallery_is_told_in_one_sentence(
    tmp_path: Path, make: Any, words: str, read_only: bool
) -> None:
    path = tmp_path / "x.gallery"
    make(path)
    with pytest.raises(GalleryError) as told:
        Collection.open(path, read_only=read_only).search([0.0] * 64, threshold=0.0, **ASK)
    said = str(told.value)
    if not (read_only and make is cut_short):  # refused before the damage is met
        assert words in said
    assert "\n" not in said and str(path) in said


def test_what_is_there_is_not_written_over(tmp_path: Path) -> None:
    path = tmp_path / "x.gallery"
    other_database(path)
    before = path.read_bytes()
    with pytest.raises(GalleryError, match="exists already"):
        Collection.create(path, "numbers", measure="cosine")
    assert path.read_bytes() == before
    for place in (tmp_path, tmp_path / "no" / "x.gallery"):
        with pytest.raises(GalleryError, match="give the name of a file in a folder that exists"):
            Collection.create(place, "numbers", measure="cosine")


def test_a_creation_that_was_interrupted_can_be_done_again(tmp_path: Path) -> None:
    path = tmp_path / "x.gallery"
    path.write_bytes(b"")
    assert len(Collection.create(path, "numbers", measure="cosine")) == 0


def test_a_full_disk_changes_nothing(town: Collection) -> None:
    put(town, [[1.0] * 64], ["a"])
    db = town._file.connection()
    pages = db.execute("PRAGMA page_count").fetchone()[0]
    db.execute(f"PRAGMA max_page_count = {pages + 2}")
    many = np.random.default_rng(0).normal(size=(500, 64))
    with pytest.raises(GalleryError, match="the disk is full: nothing was written"):
        put(town, many, list(range(500)))
    assert town.faces()["id"].tolist() == ["a"]
    db.execute("PRAGMA max_page_count = 100000")
    assert len(put(town, many, list(range(500))).done) == 500


def test_a_file_that_is_read_only(town: Collection) -> None:
    put(town, [[1.0]], ["a"])
    town._file.connection().execute("PRAGMA query_only = ON")  # what a read-only disk answers
    with pytest.raises(GalleryError, match="is read-only; nothing was changed"):
        put(town, [[1.0]], ["b"])
    town._file.connection().execute("PRAGMA query_only = OFF")
    town.close()
    with Collection(town.path, read_only=True) as reader:
        assert reader.faces()["id"].tolist() == ["a"] and reader.log().empty
        for call in (lambda: put(reader, [[1.0]], ["b"]), lambda: reader.delete(["a"])):
            with pytest.raises(GalleryError, match="open for reading only"):
                call()


def test_a_gallery_in_a_folder_that_nobody_can_write(town: Collection, monkeypatch: Any) -> None:
    """A finished gallery on a disk that is read-only can be looked at."""
    put(town, [[1.0]], ["a"])
    town.close()
    monkeypatch.setattr(os, "access", lambda *_: False)
    with Collection(town.path, read_only=True) as reader:
        assert len(reader) == 1
    assert [p.name for p in town.path.parent.iterdir()] == [town.path.name]


def test_closing_leaves_one_file(town: Collection) -> None:
    put(town, [[1.0]], ["a"])
    town.close()
    assert [p.name for p in town.path.parent.iterdir()] == [town.path.name]
    assert len(town) == 1  # opened again


def test_an_answer_shows_itself(town: Collection) -> None:
    put(town, [[1.0]], ["a"])
    assert repr(town) == "Collection('town.gallery': 1 faces, numbers)"
    answer = town.search([1.0], threshold=-1.0, **ASK)
    assert isinstance(answer, Answer) and answer.table().columns.tolist() == ["rank", "id", "score"]

"""The command line: one picture, or one sentence, and never half a file."""

from __future__ import annotations

import os
import subprocess
import sys

import numpy as np
import pytest
from PIL import Image

from labkit.__main__ import main
from labkit.app import notebooks
from labkit.views import wall


@pytest.fixture
def quick(monkeypatch):
    """Portraits without a renderer."""

    def portrait(person, styling, capture, size=512):
        return np.full((size, size, 3), round(255 * person.tone), np.uint8)

    monkeypatch.setattr(wall, "portrait", portrait)


@pytest.mark.parametrize(
    ("words", "size"),
    [
        (["--sheet", "3"], 3),
        (["--sheet", "12", "--seed", "2"], 4),
        (["--strip", "nose_width"], 5),
        (["--strip", "tone", "--steps", "3"], 3),
    ],
)
def test_a_picture_is_drawn(quick, tmp_path, capsys, words, size):
    out = tmp_path / "out.png"
    assert main(["people", *words, "--quiet", "--workers", "1", str(out)]) == 0
    picture = Image.open(out)
    assert picture.width == size * (512 + wall.GAP) + wall.GAP
    assert str(out) in capsys.readouterr().out
    assert [p.name for p in tmp_path.iterdir()] == ["out.png"]


def test_a_wall_is_never_wider_than_it_says(quick):
    picture = wall.wall(48, workers=1, quiet=True)
    assert picture.shape[1] <= wall.WIDEST + 9 * wall.GAP


def test_every_parameter_can_be_stripped(quick):
    for name in (*wall.NAMES, *wall.OTHER):
        assert wall.strip(name, steps=2, workers=1, quiet=True).ndim == 3


def test_a_strip_changes_one_parameter_only():
    person, styling, capture = wall._for_parameter("nose_width", 7)
    other = person.with_(nose_width=1.9)
    assert {n for n in wall.NAMES if person.shape[n] != other.shape[n]} == {"nose_width"}
    assert styling.facial_hair == "none" and styling.glasses is None and capture.noise == 0


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (["people", "--strip", "nose_widht", "{}/a.png"], "did you mean nose_width"),
        (["people", "{}/a.jpg"], "is not a .png"),
        (["people", "{}"], "is not a .png"),
        (["people", "{}/no/a.png"], "does not exist: make it first"),
        (["people"], "where should the picture go?"),
        (["people", "--sheet", "0", "{}/a.png"], "a wall of 0 people cannot be drawn"),
        (["people", "--seed", "-3", "{}/a.png"], "seed -3 cannot be used"),
        (["people", "--workers", "0", "{}/a.png"], "workers 0 cannot work"),
        (["people", "--strip", "tone", "--steps", "1", "{}/a.png"], "a strip of 1 steps"),
        (["make", "--only", "test"], "there is no set 'test'"),
        (["make", "--limit", "2"], "give it another folder with --data"),
        (["notebooks", "--check", "--core", "{}"], "leave out --core"),
    ],
)
def test_wrong_words_get_one_sentence(quick, tmp_path, capsys, words, says):
    assert main([w.format(tmp_path) for w in words]) == 2
    error = capsys.readouterr().err
    assert says in error and error.count("\n") == 1 and "Traceback" not in error
    assert list(tmp_path.iterdir()) == []


def test_a_folder_without_permission_is_named(quick, tmp_path, capsys):
    (tmp_path / "a.png").mkdir()
    assert main(["people", str(tmp_path / "a.png")]) == 2
    assert "is a folder" in capsys.readouterr().err


def test_stopping_leaves_nothing(monkeypatch, tmp_path, capsys):
    def stopped(*args, **kwargs):
        raise KeyboardInterrupt

    monkeypatch.setattr(wall, "wall", stopped)
    assert main(["people", str(tmp_path / "a.png")]) == 130
    assert "nothing half-written" in capsys.readouterr().err
    assert list(tmp_path.iterdir()) == []


def test_parameters_are_listed_in_words(capsys):
    assert main(["people", "--list"]) == 0
    out = capsys.readouterr().out
    assert "nose_width" in out and "narrow nose .. wide nose" in out


# --- notebooks, doctor, results -------------------------------------------------------------------


@pytest.fixture
def project(tmp_path, monkeypatch):
    """A project with one source."""
    source = tmp_path / notebooks.SOURCE
    source.mkdir(parents=True)
    (source / "07_try.py").write_text("# %% [markdown]\n# # Try\n\n# %%\n1 + 1\n")
    monkeypatch.setattr(notebooks, "root", lambda: tmp_path)
    return tmp_path


def test_notebooks_are_made_and_looked_at(project, monkeypatch, capsys):
    monkeypatch.setattr(notebooks, "broken_rules", lambda project: [])
    assert main(["notebooks", "--check"]) == 1
    assert "07_try.ipynb is missing" in capsys.readouterr().out
    assert not (project / "notebooks").exists(), "looking writes nothing"
    assert main(["notebooks"]) == 0
    assert "2 notebooks are in step" in capsys.readouterr().out
    assert main(["notebooks", "--check"]) == 0
    (project / notebooks.SOURCE / "07_try.py").write_text("# %%\n2 + 2\n")
    assert main(["notebooks", "--check"]) == 1
    assert "differs from its source" in capsys.readouterr().out


def test_what_breaks_a_house_rule_is_said_when_looked_at(project, capsys):
    assert main(["notebooks"]) == 0, "a notebook that is half written can be tried"
    (project / "notebooks" / "glossary.md").write_text("# Glossary\n\n## FMR\n\nA rate. It is.\n")
    capsys.readouterr()
    assert main(["notebooks", "--check"]) == 1
    said = capsys.readouterr().out
    assert "07_try.py: the first cell does not say **You will**: add a paragraph" in said
    assert "glossary.md: the list on top is not every entry from A to Z: look at 'FMR'" in said


def test_without_sources_one_sentence(tmp_path, monkeypatch, capsys):
    monkeypatch.setattr(notebooks, "root", lambda: tmp_path)
    assert main(["notebooks"]) == 2
    assert "there are no sources" in capsys.readouterr().err


def test_the_core_edition_goes_where_it_is_told(project, capsys):
    assert main(["notebooks", "--core", str(project / "core")]) == 0
    assert [p.name for p in (project / "core").iterdir()] == ["07_try.ipynb"]
    assert not (project / "notebooks").exists()


def test_checksums_of_a_changed_folder_are_written_and_the_change_is_named(tmp_path, capsys):
    from labkit.base.files import read_checked, read_checksums, write_checksums

    for name in ("a.csv", "b.csv"):
        (tmp_path / name).write_text(name)
    assert main(["checksums", str(tmp_path)]) == 2
    assert "has no checksums.txt: name a folder of data/" in capsys.readouterr().err
    write_checksums(tmp_path)
    (tmp_path / "a.csv").write_text("more")
    (tmp_path / "c.csv").write_text("new")
    (tmp_path / "b.csv").unlink()
    assert main(["checksums", str(tmp_path)]) == 0
    said = capsys.readouterr().out
    assert "a.csv: changed" in said and "c.csv: new" in said and "b.csv: gone" in said
    assert read_checked(tmp_path, "a.csv", read_checksums(tmp_path)) == b"more"


def test_doctor_says_what_it_found(monkeypatch):
    from labkit.app import doctor

    for code in (0, 1):
        monkeypatch.setattr(doctor, "main", lambda args, code=code: code)
        assert main(["doctor"]) == code


def test_results_runs_the_benchmark_with_its_words(monkeypatch):
    asked = []

    def run(words, check):
        asked.append(words)
        return subprocess.CompletedProcess(words, 3)

    monkeypatch.setattr(subprocess, "run", run)
    assert main(["results", "--quick", "x"]) == 3
    assert asked[0][1].endswith("matchers.py") and asked[0][2:] == ["--quick", "x"]


def test_words_that_do_not_exist_are_refused(capsys):
    with pytest.raises(SystemExit) as stopped:
        main(["notebooks", "--corre", "x"])
    assert stopped.value.code == 2 and "unrecognized arguments" in capsys.readouterr().err


def test_whoever_stops_reading_is_not_shown_an_error() -> None:
    """`python -m labkit people --list | head` ended with "[Errno 32] Broken pipe"."""
    read, write = os.pipe()
    os.close(read)
    words = [sys.executable, "-m", "labkit", "people", "--list"]
    ran = subprocess.run(words, stdout=write, stderr=subprocess.PIPE, text=True, check=False)
    os.close(write)
    assert (ran.returncode, ran.stderr) == (0, "")


def test_what_learners_do_not_have_is_named_in_one_sentence(monkeypatch, capsys):
    """The maker of notebooks needs a tool that only developers install."""
    monkeypatch.setitem(sys.modules, "jupytext", None)
    assert main(["notebooks", "--check"]) == 2
    told = capsys.readouterr().err
    assert "needs jupytext" in told and "`python3 lab.py test --quick`" in told
    assert told.count("\n") == 1

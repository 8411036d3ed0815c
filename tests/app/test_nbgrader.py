"""Assignments for nbgrader: every exercise once, its test before what follows, scored by nbgrader.

nbgrader is no part of the lab: ``LABKIT_TOOLS`` names an environment that has it
(``requirements-tools.lock``).
"""

from __future__ import annotations

import csv
import json
import os
import re
import subprocess
from pathlib import Path

import pytest

from labkit.app import nbgrader, notebooks
from labkit.app.command import main
from labkit.base.places import PROJECT
from labkit.learning import catalogue
from labkit.learning.exercises import Write

SMALL = """\
# %% [markdown] tags=["core"]
# # Three questions
#
# **Minutes:** core 1, full 1
#
# **Kind:** working
#
# Read [the glossary](glossary.md#fmr), [another](03_tune_the_threshold.ipynb), [a page](../x.md).

# %% tags=["core"]
import numpy as np

from labkit import data
from labkit.learning import check, journal

faces = data.load("anytown/dev")

# %% tags=["core"]
print("before:", journal.recall("99-own", 0).value)
journal.keep("99-own", 7)

# %% tags=["core", "exercise"]
answer = ...
check("00-a", answer)

# %% [markdown] tags=["solution"]
# They are counted by rows.

# %% tags=["core", "solution"]
answer = len(faces.images)
check("00-a", answer)

# %% tags=["exercise"]
def same_person(a, b, threshold):
    return ...


yours = check("02-b", same_person)
same_person = yours.value

# %% tags=["solution"]
def same_person(a, b, threshold):
    return -np.sqrt(((a - b) ** 2).sum()) >= threshold


yours = check("02-b", same_person)
same_person = yours.value

# %% tags=["exercise"]
answer = ...
check("04-c", answer)

# %% tags=["solution"]
answer = "C"
check("04-c", answer)
print("Why not A or B?")

# %% tags=["exercise"]
answer = ...
check("09-c", answer)

# %% tags=["solution"]
answer = ["yes", "yes", "yes"]
check("09-c", answer)
"""
STEM = "07_three_questions"


@pytest.fixture
def small(tmp_path):
    """A project with one small notebook."""
    project = tmp_path / "project"
    source = project / notebooks.SOURCE / f"{STEM}.py"
    source.parent.mkdir(parents=True)
    source.write_text(SMALL, encoding="utf-8")
    (project / notebooks.OPEN).mkdir()
    (project / notebooks.OPEN / notebooks.GLOSSARY).write_text("# Words\n", encoding="utf-8")
    return project


def cells(path: Path) -> list[dict]:
    return json.loads(path.read_text(encoding="utf-8"))["cells"]


def text(cell: dict) -> str:
    return "".join(cell["source"])


def cleared(cell: dict) -> str:
    """What a learner gets: nothing between the two marks, as nbgrader leaves it."""
    return re.sub(rf"{nbgrader.BEGIN}.*?{nbgrader.END}", "", text(cell), flags=re.DOTALL)


def test_every_exercise_that_a_machine_can_judge_has_one_point():
    """In the real notebooks: a cell to answer in, then its test, then what goes on from there."""
    found = []
    for source in notebooks.sources(PROJECT):
        content, points = nbgrader.assignment(source, PROJECT)
        made = json.loads(content)["cells"]
        names = [cell["id"] for cell in made]
        assert len(names) == len(set(names))
        tests = 0
        for before, cell in zip([{}, *made], made):
            mark = cell["metadata"].get("nbgrader", {})
            if mark.get("solution"):
                code = cleared(cell)
                compile(code, source.name, "exec")
                compile(text(cell), source.name, "exec")
                assert "..." in code, "a place for the answer is left"
            if mark.get("grade"):
                name = mark["grade_id"].removeprefix("test-")
                assert before["metadata"]["nbgrader"]["grade_id"] == f"answer-{name}"
                assert re.search(rf"^assert check\('{name}', \w+\)\.right, ", text(cell), re.M)
                assert mark["locked"] and cell["metadata"]["tags"] == ["raises-exception"]
                found.append(name)
                tests += 1
        assert points == tests
        for cell in made:
            if cell["cell_type"] == "markdown":
                links = re.findall(r"(?<!!)\]\(([^)]+)\)", text(cell))
                assert all(link.startswith(("http", "#", "glossary.md")) for link in links)
    judged = [n for n, e in catalogue.everything().items() if not isinstance(e, Write)]
    assert found == judged


def test_a_test_stands_before_the_labs_own_value_takes_the_place_of_the_answer(small, tmp_path):
    course = tmp_path / "course"
    assert nbgrader.run(course, small) == 0
    made = cells(course / "source" / STEM / f"{STEM}.ipynb")
    place = next(n for n, c in enumerate(made) if "test-02-b" in json.dumps(c["metadata"]))
    assert "assert check('02-b', same_person).right" in text(made[place])
    assert "same_person = yours.value" not in "".join(map(text, made[:place]))
    assert text(made[place + 1]) == "same_person = yours.value"


def test_what_a_learner_gets_is_the_exercise_as_everywhere(small, tmp_path):
    nbgrader.run(tmp_path / "course", small)
    made = cells(tmp_path / "course" / "source" / STEM / f"{STEM}.ipynb")
    answers = [c for c in made if c["metadata"].get("nbgrader", {}).get("solution")]
    assert [cleared(c).split() for c in answers] == [
        'answer = ... check("00-a", answer)'.split(),
        "def same_person(a, b, threshold): return ... "
        'yours = check("02-b", same_person)'.split(),
        'answer = ... check("04-c", answer)'.split(),
    ]  # fmt: skip
    shown = "".join(map(text, made))
    assert "They are counted by rows" not in shown and "Why not A or B" not in shown
    assert "[the glossary](glossary.md#fmr), another, a page." in shown


def test_what_somebody_changed_is_left(small, tmp_path, capsys):
    course = tmp_path / "course"
    nbgrader.run(course, small)
    assert capsys.readouterr().out.count(": written") == 4
    assert nbgrader.run(course, small) == 0
    assert "written" not in capsys.readouterr().out
    settings = course / nbgrader.CONFIG
    settings.write_text("# mine\n", encoding="utf-8")
    assert nbgrader.run(course, small) == 1
    assert f"{settings}: not as the lab would write it" in capsys.readouterr().out
    assert settings.read_text(encoding="utf-8") == "# mine\n"


def test_the_command_makes_one_notebook_and_names_those_there_are(tmp_path, capsys):
    course = tmp_path / "course"
    assert main(["nbgrader", str(course), "--notebook", "03"]) == 0
    assert [p.name for p in (course / "source").iterdir()] == ["03_tune_the_threshold"]
    assert "nbgrader generate_assignment 03_tune_the_threshold" in capsys.readouterr().out
    assert main(["nbgrader", str(course), "--notebook", "77"]) == 2
    assert "no notebook 77 with exercises: there are 00, 01, 02" in capsys.readouterr().err


# --- with nbgrader itself -------------------------------------------------------------------------


APPS = """
import sys
from nbgrader import apps
for words in {commands}:
    kind = getattr(apps, words[0])
    app = kind.instance()
    try:
        app.initialize(words[1:])
        app.start()
    except SystemExit as error:
        if error.code:
            raise
    kind.clear_instance()
"""
"""nbgrader's commands one after another in one process: each alone would begin for seconds."""


@pytest.fixture
def run():
    """Runs commands of nbgrader in a folder, in its own environment; returns what they printed."""
    python = Path(os.environ.get("LABKIT_TOOLS", "missing")) / "bin" / "python"
    if not (python.parent / "nbgrader").is_file():
        words = "no nbgrader: set LABKIT_TOOLS to an environment with requirements-tools.lock"
        if os.environ.get("CI"):
            pytest.fail(words)
        pytest.skip(words)

    def go(folder: Path, *commands: list[str]) -> str:
        places = os.pathsep.join(filter(None, [str(PROJECT), os.environ.get("PYTHONPATH")]))
        path = os.pathsep.join([str(python.parent), os.environ["PATH"]])
        done = subprocess.run(
            [str(python), "-c", APPS.format(commands=list(commands))],
            cwd=folder,
            env={**os.environ, "PATH": path, "PYTHONPATH": places},
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout + done.stderr

    return go


def hand_in(course: Path, learner: str, answered: dict[str, str]) -> Path:
    """A copy of the released notebook in which some cells are filled in."""
    copy = json.loads((course / "release" / STEM / f"{STEM}.ipynb").read_text(encoding="utf-8"))
    for cell in copy["cells"]:
        name = cell["metadata"].get("nbgrader", {}).get("grade_id", "")
        if name in answered:
            cell["source"] = answered[name]
    place = course / "submitted" / learner / STEM / f"{STEM}.ipynb"
    place.parent.mkdir(parents=True)
    place.write_text(json.dumps(copy), encoding="utf-8")
    return place


@pytest.mark.slow
def test_nbgrader_gives_a_blank_copy_nothing_and_a_right_one_all(small, tmp_path, run):
    course = tmp_path / "course"
    nbgrader.run(course, small)
    source = course / "source" / STEM / f"{STEM}.ipynb"
    released = course / "release" / STEM
    made, copy = ["GenerateAssignmentApp", STEM], f"release/{STEM}/{STEM}.ipynb"
    told = run(course, ["ValidateApp", str(source)], made, ["ValidateApp", copy])
    assert told.count("passes all the tests") == 1, "as its solutions stand in it"
    assert told.count("VALIDATION FAILED ON 3 CELL(S)") == 1, "as it is handed out"
    assert "not answered rightly yet" in told
    left = sorted(p.name for p in released.iterdir() if p.name != ".lab")
    assert left == [f"{STEM}.ipynb", "glossary.md"]
    assert "SOLUTION" not in (released / f"{STEM}.ipynb").read_text(encoding="utf-8")

    right = {
        mark["grade_id"]: text(cell)
        for cell in cells(source)
        if (mark := cell["metadata"].get("nbgrader")) and mark["solution"]
    }
    some = {**right, "answer-00-a": 'answer = 480\ncheck("00-a", answer)'}
    del some["answer-04-c"]
    hand_in(course, "blank", {f"test-{name}": "pass" for name in ("00-a", "02-b", "04-c")})
    hand_in(course, "some", some)
    hand_in(course, "all", right)
    run(course, ["AutogradeApp", STEM], ["ExportApp", "--to", "scores.csv"])
    with (course / "scores.csv").open(encoding="utf-8") as stream:
        scores = {row["student_id"]: row for row in csv.DictReader(stream)}
    points = {name: float(row["score"]) for name, row in scores.items()}
    assert points == {"blank": 0, "some": 1, "all": 3}, "tests that were changed count as well"
    assert {float(row["max_score"]) for row in scores.values()} == {3}

    for learner in scores:
        graded = course / "autograded" / learner / STEM / f"{STEM}.ipynb"
        assert "before: 0" in graded.read_text(encoding="utf-8"), "nobody meets another's journal"
    own = Path(os.environ["LABKIT_JOURNAL"])
    assert not own.exists() or "99-own" not in own.read_text(encoding="utf-8")

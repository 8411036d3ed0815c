"""Who may import whom: a broken rule is named, with the line that breaks it."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from labkit.base.places import PROJECT


@pytest.fixture(scope="module")
def copy(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The code and its rules, to be broken."""
    project = tmp_path_factory.mktemp("copy")
    shutil.copy(PROJECT / "pyproject.toml", project)
    for name in ("labkit", "lessons"):
        ignored = shutil.ignore_patterns("__pycache__", "*.js", "*.css")
        shutil.copytree(PROJECT / name, project / name, ignore=ignored)
    return project


def told(project: Path) -> tuple[int, str]:
    """What ``lint-imports`` says, as ``lab.py test`` runs it."""
    command = Path(sys.executable).with_name("lint-imports")
    done = subprocess.run(
        [command, "--no-cache", "--no-logo"],
        cwd=project,
        env={**os.environ, "PYTHONPATH": ""},
        capture_output=True,
        text=True,
        check=False,
    )
    return done.returncode, done.stdout + done.stderr


@pytest.mark.parametrize(
    ("file", "line", "rule", "named"),
    [
        (
            "labkit/base/codec.py",
            "from labkit.people import who",
            "Rooms of labkit: imports go down only",
            "labkit.base is not allowed to import labkit.people",
        ),
        (
            "labkit/measure/intervals.py",
            "def late():\n    from labkit.views import plots",
            "Rooms of labkit: imports go down only",
            "labkit.measure.intervals -> labkit.views.plots",
        ),
        (
            "labkit/attic.py",
            "",
            "Rooms of labkit: imports go down only",
            "attic",
        ),
        (
            "labkit/people/body/ears.py",
            "from labkit.people.photo import light",
            "Rooms of people: who < body < hair < dress < photo",
            "labkit.people.body.ears -> labkit.people.photo.light",
        ),
        (
            "lessons/nb00/exercises.py",
            "from lessons.nb02 import exercises",
            "Lessons never import each other",
            "lessons.nb00.exercises -> lessons.nb02.exercises",
        ),
        (
            "labkit/learning/checks.py",
            "from lessons.nb02 import exercises",
            "labkit never imports lessons",
            "labkit.learning.checks -> lessons.nb02.exercises",
        ),
    ],
)
def test_a_broken_rule_is_named(copy: Path, file: str, line: str, rule: str, named: str) -> None:
    path = copy / file
    before = path.read_text(encoding="utf-8") if path.exists() else None
    assert named not in told(copy)[1]
    try:
        path.write_text(f"{before or ''}\n{line}\n", encoding="utf-8")
        code, text = told(copy)
    finally:
        path.write_text(before, encoding="utf-8") if before is not None else path.unlink()
    broken = text[text.index("Broken contracts") :] if code else text
    assert code == 1 and f"{rule} BROKEN" in text
    assert named in broken[broken.index(rule) :]

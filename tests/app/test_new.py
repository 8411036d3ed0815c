"""Skeletons: in a copy of the project each passes what is asked of everything of its kind."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from labkit.app import new, notebooks
from labkit.base.places import PROJECT

PARTS = ("labkit", "lessons", "tests", "notebooks", "instructors", "docs", "benchmarks")
FILES = ("pyproject.toml", "README.md", "biome.json", "lab.py")
BOOKS = {"95": "working", "96": "reading", "97": "deciding"}
MATCHERS = Path("labkit") / "matchers"
EXPLORERS = Path("labkit") / "views" / "explorers"


def copied(place: Path) -> Path:
    """A copy of the project, the data left where it is."""
    for name in PARTS:
        shutil.copytree(PROJECT / name, place / name, ignore=shutil.ignore_patterns("__pycache__"))
    for name in FILES:
        shutil.copy(PROJECT / name, place)
    if (PROJECT / ".mypy_cache").is_dir():  # what is unchanged need not be read again
        shutil.copytree(PROJECT / ".mypy_cache", place / ".mypy_cache")
    (place / "data").symlink_to(PROJECT / "data")
    return place


def run(project: Path, *words: str) -> subprocess.CompletedProcess[str]:
    """A module, run in the copy on the copy's own code."""
    environment = os.environ | {
        "PYTHONPATH": os.pathsep.join([str(project), os.environ.get("PYTHONPATH", "")]),
        "LABKIT_JOURNAL": str(project / "journal.json"),
    }
    return subprocess.run(
        [sys.executable, "-m", *words],
        cwd=project,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )


def passes(project: Path, *words: str) -> str:
    """What a command printed; a failure, with its last lines, when it found anything."""
    done = run(project, *words)
    assert done.returncode == 0, done.stdout[-4000:] + done.stderr[-2000:]
    return done.stdout


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy in which one of each was made by the command."""
    place = copied(tmp_path_factory.mktemp("project"))
    for number, kind in BOOKS.items():
        passes(place, "labkit", "new", "notebook", f"{number}_a_new_one", "--kind", kind)
    passes(place, "labkit", "new", "matcher", "small_blocks")
    passes(place, "labkit", "new", "explorer", "two_steps")
    return place


@pytest.mark.slow
@pytest.mark.parametrize(
    "words",
    [
        ("ruff", "check", "--output-format", "concise", "."),
        ("ruff", "format", "--check", "."),
        ("mypy",),
        (
            "pytest",
            "-q",
            "-p",
            "no:cacheprovider",
            "tests/views/test_javascript.py",
            "-k",
            "linted",
        ),
        ("labkit", "notebooks", "--check"),
    ],
    ids=lambda words: " ".join(words[:2]),
)
def test_what_was_made_is_clean(project: Path, words: tuple[str, ...]) -> None:
    passes(project, *words)


@pytest.mark.slow
@pytest.mark.parametrize(
    ("words", "chosen", "least"),
    [
        ("tests/notebooks/test_house_rules.py", "95 or 96 or 97", 60),
        (
            "tests/lessons tests/learning lessons/nb95 lessons/nb96 lessons/nb97",
            # Their wrong answers are still to be collected: tests/lessons/test_wrong_answers.py.
            "(95 or 96 or 97) and not collected and not some_are_right",
            30,
        ),
        ("tests/notebooks/test_notebooks.py", "solved_with and (95 or 96 or 97)", 3),
        ("tests/notebooks/test_notebooks.py", "empty_journal and open and 95", 1),
        ("tests/test_package.py", "names_every_notebook", 1),
        ("tests/matchers labkit/matchers", "SmallBlocks or small_blocks", 15),
        ("tests/views tests/browser/test_pages.py", "two_steps", 6),
        ("labkit/views/explorers/_two_steps.py labkit/matchers/registry.py", "", 3),
    ],
)
def test_the_common_tests_run_on_it(project: Path, words: str, chosen: str, least: int) -> None:
    options = ["-q", "-p", "no:cacheprovider", *(["-k", chosen] if chosen else [])]
    said = passes(project, "pytest", *options, *words.split())
    passed = int(said.rsplit(" passed", 1)[0].split()[-1])
    assert passed >= least, said[-500:]


# ---- refused ------------------------------------------------------------------------------------


@pytest.fixture
def small(tmp_path: Path) -> Path:
    """As much of a project as is needed to refuse something in it."""
    for path in (notebooks.SOURCE / "06_there.py", MATCHERS / "pixel.py", EXPLORERS / "page.js"):
        (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / path).write_text("")
    for room, name in ((MATCHERS, "registry.py"), (EXPLORERS, "__init__.py")):
        shutil.copy(PROJECT / room / name, tmp_path / room)
    (tmp_path / "lessons" / "nb07").mkdir(parents=True)
    return tmp_path


def contents(folder: Path) -> dict[Path, bytes]:
    return {p: p.read_bytes() for p in folder.rglob("*") if p.is_file()}


@pytest.mark.parametrize(
    ("what", "name", "says"),
    [
        (new.notebook, "06_again", "the number 06 is taken by .*06_there.py: choose another"),
        (new.notebook, "07_again", "the number 07 is taken by .*nb07: choose another"),
        (new.notebook, "again", "'again' is no name for a notebook: write two digits and small"),
        (new.notebook, "08-again", "'08-again' is no name for a notebook"),
        (new.notebook, "08_Again", "'08_Again' is no name for a notebook"),
        (new.notebook, "../08_again", "is no name for a notebook"),
        (new.matcher, "pixel", "the name pixel is taken by .*pixel.py: choose another"),
        (new.matcher, "eigenfaces", "there is a matcher eigenfaces in the registry"),
        (new.matcher, "class", "'class' is no name for a new matcher: write small letters"),
        (new.matcher, "two words", "'two words' is no name for a new matcher"),
        (new.matcher, "", "'' is no name for a new matcher"),
        (new.explorer, "page", "the name page is taken by .*page.js: choose another"),
        (new.explorer, "Steps", "'Steps' is no name for a new explorer: write small letters"),
        (new.explorer, "../steps", "'../steps' is no name for a new explorer"),
    ],
)
def test_a_name_that_cannot_be_used_is_refused(small: Path, what, name: str, says: str) -> None:
    before = contents(small)
    with pytest.raises(ValueError, match=says) as error:
        what(name, project=small)
    assert "\n" not in str(error.value) and contents(small) == before


def test_a_kind_that_is_none_is_refused(small: Path) -> None:
    with pytest.raises(ValueError, match="no kind 'odd' of notebook: use reading, working, dec"):
        new.notebook("08_new", "odd", project=small)


def test_a_registry_that_was_changed_is_left_alone(small: Path) -> None:
    registry = small / MATCHERS / "registry.py"
    registry.write_text("MATCHERS = {}\n")
    before = contents(small)
    with pytest.raises(ValueError, match=r"registry.py is not as it was: .* add it by hand"):
        new.matcher("blocks", project=small)
    assert contents(small) == before


@pytest.mark.parametrize(
    ("what", "name"),
    [(new.notebook, "08_new"), (new.matcher, "blocks"), (new.explorer, "steps")],
)
@pytest.mark.parametrize("last", [1, 2, 3])
def test_nothing_half_written_is_left(small: Path, monkeypatch, what, name: str, last: int) -> None:
    """The disk is full at the first, second, third file."""
    real, before = new.write_whole, contents(small)
    asked = []

    def full(path: Path, content: bytes) -> None:
        asked.append(path)
        if len(asked) == last:
            raise OSError(f"cannot write {path}: no room left")
        real(path, content)

    monkeypatch.setattr(new, "write_whole", full)
    if what is new.matcher and last == 3:
        what(name, project=small)
        assert len(asked) == 2, "a matcher is one file and one entry"
        return
    with pytest.raises(OSError, match="no room left"):
        what(name, project=small)
    assert contents(small) == before

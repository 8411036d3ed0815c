"""What the documents name exists: every path, every command, every link."""

from __future__ import annotations

import importlib.util
import re
import shlex
import sys
from pathlib import Path

import pytest

from labkit import data
from labkit.app import command
from labkit.base.places import PROJECT

DOCUMENTS = ("README.md", "CONTRIBUTING.md", "docs/ARCHITECTURE.md")
PAGES = ("docs/audit.md", "docs/sizing.md", "docs/statistics.md", "docs/vendor.md")
"""Which name few files: their links and commands are looked up."""
SHEETS = tuple(p.relative_to(PROJECT).as_posix() for p in PROJECT.glob("data/*/DATASHEET.md"))
EXAMPLES = ("06_one_factor", "nb06", "nbNN", "blocks.py", "steps")
"""What `labkit new` writes in an example, and what stands for a number."""
MADE = (
    "build/",
    ".lab/",
    ".venv",
    "lab/tree/",
    "labkit/locale",
    "out.png",
    "report.html",
    "scores.csv",
)
"""What a command makes, or a reader brings."""
PATH = re.compile(r"^[\w.*-]+(/[\w.*-]+)*/?$")
ENDINGS = (".py", ".md", ".toml", ".lock", ".yml", ".json", ".csv", ".js", ".txt")


def text(name: str) -> str:
    return (PROJECT / name).read_text(encoding="utf-8")


def quoted(name: str) -> list[str]:
    """Everything in backticks outside blocks of code."""
    return re.findall(r"`([^`\n]+)`", re.sub(r"```.*?```", "", text(name), flags=re.DOTALL))


def paths(name: str) -> list[str]:
    found = [q for q in quoted(name) if PATH.match(q) and ("/" in q or q.endswith(ENDINGS))]
    return [q for q in found if not q.startswith(MADE) and not any(e in q for e in EXAMPLES)]


def commands(name: str) -> list[str]:
    """Every command: in backticks, or a line of a block of code."""
    blocks = re.findall(r"^```\n(.*?)^```", text(name), flags=re.DOTALL | re.MULTILINE)
    lines = [line.split(" #")[0].strip() for block in blocks for line in block.splitlines()]
    starts = ("python", "python3", ".venv/bin/", "lint-imports")
    return [c for c in quoted(name) + lines if c.startswith(starts) and (" " in c or "/" in c)]


@pytest.mark.parametrize("name", [*DOCUMENTS, *SHEETS])
def test_every_path_exists(name: str) -> None:
    assert len(paths(name)) >= (5 if name in DOCUMENTS else 1)
    lost = [path for path in paths(name) if not exists(path.rstrip("/"), PROJECT / name)]
    assert not lost, f"{name} names what is not there: {lost}"


def exists(path: str, document: Path) -> bool:
    """Whether it is in the project, or, for a datasheet, in or beside its folder."""
    if path in data.SETS or any(PROJECT.glob(path)):
        return True
    folder = document.parent
    return folder != PROJECT and ((folder / path).exists() or any(folder.rglob(Path(path).name)))


@pytest.mark.parametrize("name", [*DOCUMENTS, *PAGES])
def test_every_link_leads_somewhere(name: str) -> None:
    links = re.findall(r"\]\(([^)\s#]+)[^)]*\)", text(name))
    assert links
    for link in links:
        assert "://" in link or (PROJECT / name).parent.joinpath(link).exists(), link


@pytest.mark.parametrize(
    ("name", "line"),
    [(name, line) for name in (*DOCUMENTS, *PAGES, *SHEETS) for line in commands(name)],
)
def test_every_command_can_be_given(name: str, line: str, monkeypatch, tmp_path: Path) -> None:
    words = [w for w in shlex.split(line) if w != "..."]
    program = words.pop(0)
    if program == "python3":
        assert words.pop(0) == "lab.py"
        lab = front_door()
        given: list[list[str]] = []
        monkeypatch.setattr(lab, "set_up", lambda *_lock: None)
        monkeypatch.setattr(lab, "run", lambda _one, words, *_folder: given.append(words) or 0)
        monkeypatch.setitem(lab.COMMANDS, "doctor", lambda words: len(words))
        # The command itself would bring a new version into this very copy.
        monkeypatch.setitem(
            lab.COMMANDS, "update", lambda words: len(words) > 1 or any(w[0] == "-" for w in words)
        )
        monkeypatch.setattr(lab, "open_lab", lab.options_of)
        assert lab.main(words) in (0, (True, None)), line
        for path in (w for call in given for w in call if w.startswith("tests/")):
            assert (PROJECT / path).exists(), line
        return
    if program.endswith("/python") or program == "python":
        if words[0] != "-m":
            assert (PROJECT / words[0]).is_file(), line
            return
        module, rest = words[1], words[2:]
        if module == "labkit":
            own = 1 if rest[:1] in (["results"], ["audit"]) else len(rest)
            assert not rest or command.parser().parse_args(rest[:own]), line
        elif module == "pytest":
            assert all((PROJECT / w).exists() for w in rest if not w.startswith("-")), line
        else:
            # Looking for pip's own would turn off setuptools' distutils for this whole process.
            assert module == "pip" or importlib.util.find_spec(module), line
        return
    assert Path(sys.executable).with_name(Path(program).name).exists(), line


def front_door():
    spec = importlib.util.spec_from_file_location("lab_of_the_documents", PROJECT / "lab.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_the_drawing_has_every_room_from_top_to_bottom() -> None:
    """As the layers of pyproject.toml have them; a room to come has no place in it yet."""
    import tomllib

    contracts = tomllib.loads(text("pyproject.toml"))["tool"]["importlinter"]["contracts"]
    rooms = [layer for layer in contracts[0]["layers"] if not layer.startswith("(")]
    drawing = text("docs/ARCHITECTURE.md").split("```")[1]
    drawn = re.findall(r"^ (?:labkit)? +(\w+)  +", drawing, flags=re.MULTILINE)
    assert [room for room in drawn if room in rooms] == rooms


@pytest.mark.parametrize("name", ["CONTRIBUTING.md", "docs/ARCHITECTURE.md"])
def test_a_document_is_at_most_two_pages(name: str) -> None:
    assert len(text(name).split()) < 1100

"""The numbers that will appear in the cores, filled into ``instructors/guide.md`` from the code.

In: the sources of the notebooks.  Out: for each a table of what its core prints, between the marks
``<!-- shown_03 -->`` and ``<!-- /shown_03 -->`` of the guide.  The cells of the core run as a
learner's do, solved and with an empty journal; what a cell needs of others runs before it.
"""

from __future__ import annotations

import ast
import contextlib
import functools
import io
import multiprocessing
import os
import re
import tempfile
import types
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from labkit.app import in_step, notebooks
from labkit.app.wrong_answers import bound, needed

GUIDE = Path("instructors") / "guide.md"
PART = re.compile(r"(<!-- shown_(\d\d) -->\n).*?(<!-- /shown_\2 -->)", re.DOTALL)
TELLS = re.compile(r"\b(result|open_ballot|finding|check)\(")
"""What a cell calls that shows a number worth knowing the evening before."""

MEASURED = re.compile(r".* no guess was kept\. Measured: ", re.DOTALL)
HEAD = "\n| section | kind | what stands there |\n| --- | --- | --- |\n"
LONGEST = 700


@dataclass(frozen=True)
class Shown:
    """One thing that a core shows: in which section, of what kind, and in which words."""

    section: str
    kind: str
    words: str

    @property
    def row(self) -> str:
        """The row of the table in the guide."""
        words = " ".join(self.words.split()).replace("|", "\\|")
        if len(words) > LONGEST:
            words = words[:LONGEST].rsplit(" ", 1)[0] + " ..."
        return f"| {self.section} | {self.kind} | {words} |\n"


def core_cells(source: Path) -> list[tuple[str, str]]:
    """The code cells of a core, solved: the section each stands in, and its code."""
    section, cells = "", []
    for cell in notebooks.read_source(source):
        tags = cell.metadata.get("tags", [])
        if cell.cell_type == "markdown":
            section = [section, *re.findall(r"^## (.+)$", cell.source, re.MULTILINE)][-1]
        elif "core" in tags and notebooks.belongs(tags, "solved"):
            cells.append((section, cell.source))
    return cells


def of_core(source: Path) -> list[Shown]:
    """What the core of one notebook shows: guesses opened, findings, right answers."""
    cells = core_cells(source)
    code = [one for _, one in cells]
    telling = {n for n, one in enumerate(code) if TELLS.search(one)}
    runs = set(telling)
    for n in telling:
        runs |= needed(code, n, bound(ast.parse(code[n]))[1])
    module = types.ModuleType("notebook")
    names: dict[str, Any] = module.__dict__ | {"display": lambda *shown, **how: None}
    out: list[Shown] = []
    with tempfile.TemporaryDirectory() as folder, _listening() as heard:
        os.environ["LABKIT_JOURNAL"] = str(Path(folder) / "journal.json")
        for n in sorted(runs):
            heard.clear()
            with contextlib.redirect_stdout(io.StringIO()):
                exec(compile(code[n], f"{source.stem}, cell {n}", "exec"), names)
            if n in telling:
                out += [Shown(cells[n][0], kind, words) for kind, words in _worth(heard)]
                out += [Shown(cells[n][0], "answer", words) for words in _answers(code[n])]
    return out


@contextlib.contextmanager
def _listening() -> Iterator[list[Any]]:
    """Every call-out that is shown meanwhile."""
    from labkit.views import callouts

    heard: list[Any] = []

    class Heard(callouts.Callout):
        def __post_init__(self) -> None:
            super().__post_init__()
            heard.append(self)

    plain = callouts.Callout
    callouts.Callout = Heard  # type: ignore[misc]
    try:
        yield heard
    finally:
        callouts.Callout = plain  # type: ignore[misc]


def _worth(heard: Sequence[Any]) -> Iterator[tuple[str, str]]:
    for one in heard:
        if one.kind == "finding":
            yield "finding", re.sub(r"^- ", "", one.text, flags=re.MULTILINE)
        elif MEASURED.match(one.text):
            yield "guess", MEASURED.sub("", one.text)


def _answers(cell: str) -> Iterator[str]:
    from labkit.learning import catalogue
    from labkit.learning.exercises import Check, Choose

    for name in re.findall(r'\bcheck\("(\d\d-\w)"', cell):
        exercise = catalogue.find(name)
        if isinstance(exercise, Check):
            yield f"{name}: {_number(exercise.reference())}"
        elif isinstance(exercise, Choose):
            yield f"{name}: {', '.join(sorted(exercise.best))}"


def _number(value: Any) -> str:
    if isinstance(value, tuple | list | set | frozenset):
        order = value if isinstance(value, tuple | list) else sorted(value)
        return ", ".join(_number(one) for one in order)
    if isinstance(value, str):
        return value
    return f"{value:,.4g}" if abs(value) < 1000 else f"{value:,.0f}"


@functools.cache
def of_all(project: Path) -> dict[str, list[Shown]]:
    """Number of each notebook -> what its core shows; each in a process of its own."""
    context = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(1, context, max_tasks_per_child=1) as pool:
        found = notebooks.sources(project)
        return {path.stem[:2]: pool.submit(of_core, path).result() for path in found}


def filled(guide: str, shown: dict[str, list[Shown]]) -> str:
    """The guide with the tables of what is shown; a part without a notebook stays as it is."""

    def table(part: re.Match[str]) -> str:
        if part[2] not in shown:
            return part[0]
        return part[1] + HEAD + "".join(one.row for one in shown[part[2]]) + "\n" + part[3]

    return PART.sub(table, guide)


def run(project: Path, only_check: bool = False) -> int:
    """Write the numbers into the guide, or say whether they are out of step; 1 when they are."""
    shown = of_all(project)  # takes minutes, in which somebody may write in the guide
    after = filled((project / GUIDE).read_text(encoding="utf-8"), shown)
    return in_step.keep(
        project,
        GUIDE,
        after,
        of="what is shown",
        command="python -m labkit kit --numbers",
        only_check=only_check,
    )

"""The exercises as assignments for nbgrader: ``python -m labkit nbgrader FOLDER``.

In: ``instructors/source/NN_name.py``.  Out: a course as nbgrader wants it: for every notebook
``source/NN_name/NN_name.ipynb``, in which each exercise is a cell with its solution between
nbgrader's two marks, followed by a locked test ``assert check(...).right`` worth one point; and
``nbgrader_config.py``.  nbgrader itself need not be installed here: its own commands go on from
there (``nbgrader generate_assignment``, ``nbgrader autograde``), in any environment that has it.

What a learner judges (an exercise to write) gets no points: a machine cannot read it.
"""

from __future__ import annotations

import ast
import json
import re
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any, NamedTuple

from labkit.app import notebooks, update
from labkit.base.files import write_whole
from labkit.learning.catalogue import find
from labkit.learning.exercises import Write

SOURCE = "source"
CONFIG = "nbgrader_config.py"
KERNEL = "face-lab"
BEGIN, END = "### BEGIN SOLUTION", "### END SOLUTION"
POINTS = 1
TEST = """\
# The test of exercise {id}: one point. Leave it as it is.
from labkit.learning import check

assert check({id!r}, {answer}).right, "exercise {id} is not answered rightly yet"
"""
LINK = re.compile(r"(?<!!)\[([^\]]*)\]\((?!https?:|mailto:|#|glossary\.md)[^)\s]+\)")
"""A link to a file that does not lie beside the notebook in the course."""

SETTINGS = '''\
"""The settings of the course, read by every command of nbgrader that is run in this folder."""

import os
from pathlib import Path

HERE = Path(__file__).resolve().parent
c = get_config()  # noqa: F821

c.CourseDirectory.course_id = "face-lab"
c.CourseDirectory.root = str(HERE)
c.CourseDirectory.ignore = [".ipynb_checkpoints", "*.pyc", "__pycache__", "feedback", ".lab"]

# Three dots stand where an answer belongs, as everywhere in the lab: no other stub is needed.
c.ClearSolutions.code_stub = {"python": ""}

# Copies are run with the lab's own Python; `kernels` holds the way to it.
os.environ["JUPYTER_PATH"] = os.pathsep.join(
    filter(None, [str(HERE), os.environ.get("JUPYTER_PATH")])
)
c.Execute.kernel_name = "face-lab"
c.Execute.timeout = 600

# Every copy has a journal of its own, beside it: no learner's numbers meet another's.
os.environ["LABKIT_JOURNAL"] = os.path.join(".lab", "journal.json")
'''

SENTENCES = {
    "written": "{path}: written, {points} points",
    "plain": "{path}: written",
    "left": "{path}: not as the lab would write it, so it was left; move it away to have it anew",
    "none": "there is no notebook {number} with exercises: there are {numbers}",
    "then": "Now in {folder}: nbgrader generate_assignment {name}",
}


class Parts(NamedTuple):
    """A cell with a call of ``check``: what stands before it, the call, what stands after it."""

    before: str
    call: str
    after: str
    id: str
    answer: str


def parts(code: str) -> Parts | None:
    r"""Take a cell apart at the first statement that calls ``check``; None when none does.

    Examples
    --------
    >>> parts("a = ...\ncheck('02-a', a)\nprint(1)")
    Parts(before='a = ...', call="check('02-a', a)", after='print(1)', id='02-a', answer='a')
    >>> parts("print(1)") is None
    True
    """
    lines = code.splitlines()
    for statement in ast.parse(code).body:
        for node in ast.walk(statement):
            if not (isinstance(node, ast.Call) and len(node.args) == 2):
                continue
            if not (isinstance(node.func, ast.Name) and node.func.id == "check"):
                continue
            name, answer = node.args
            first, last = statement.lineno - 1, statement.end_lineno or statement.lineno
            return Parts(
                "\n".join(lines[:first]).strip("\n"),
                "\n".join(lines[first:last]),
                "\n".join(lines[last:]).strip("\n"),
                ast.literal_eval(name),
                ast.unparse(answer),
            )
    return None


def assignment(path: Path, project: Path) -> tuple[bytes, int]:
    """One notebook as nbgrader's source, and how many points it has.

    Parameters
    ----------
    path
        The source, ``instructors/source/NN_name.py``.
    project
        The project's folder.
    """
    solutions = {
        found.id: found.before
        for cell in notebooks.read_source(path)
        if cell.cell_type == "code" and "solution" in cell.metadata.get("tags", [])
        if (found := parts(cell.source))
    }
    project = project.resolve()
    notebook = json.loads(notebooks.build(path, "open", project / notebooks.OPEN, project))
    cells: list[dict[str, Any]] = []
    for cell in notebook["cells"]:
        text = "".join(cell["source"])
        found = None
        if cell["cell_type"] == "code" and "exercise" in cell["metadata"].get("tags", []):
            found = parts(text)
        if found is None or isinstance(find(found.id), Write):
            plain = LINK.sub(r"\1", text) if cell["cell_type"] == "markdown" else text
            cells.append({**cell, "source": plain.splitlines(keepends=True)})
        else:
            cells += _graded(cell, found, solutions[found.id])
    del notebook["metadata"][update.MARK]
    points = sum(c["metadata"].get("nbgrader", {}).get("points", 0) for c in cells)
    content = json.dumps({**notebook, "cells": cells}, indent=1, ensure_ascii=False, sort_keys=True)
    return f"{content}\n".encode(), points


def _graded(cell: dict[str, Any], found: Parts, solution: str) -> list[dict[str, Any]]:
    """An exercise's cell with its solution, its test, and what followed it in the same cell.

    The test stands before what followed: there a notebook goes on with the lab's own value.
    """
    answer = f"{found.before}\n\n{BEGIN}\n{solution}\n{END}\n{found.call}"
    test = TEST.format(id=found.id, answer=found.answer).strip()
    out = [
        _cell(cell, answer, "", _mark(found.id, solution=True)),
        # What a wrong answer raises does not keep the cells below from running.
        _cell(cell, test, "-test", _mark(found.id, solution=False), tags=["raises-exception"]),
    ]
    return [*out, _cell(cell, found.after, "-then", None)] if found.after else out


def _mark(name: str, *, solution: bool) -> dict[str, Any]:
    """What nbgrader keeps about a cell: one to answer in, or a locked test with points."""
    mark = {"schema_version": 3, "solution": solution, "task": False, "cell_type": "code"}
    if solution:
        return {**mark, "grade": False, "locked": False, "grade_id": f"answer-{name}"}
    return {**mark, "grade": True, "locked": True, "grade_id": f"test-{name}", "points": POINTS}


def _cell(
    cell: dict[str, Any],
    text: str,
    suffix: str,
    nbgrader: dict[str, Any] | None,
    tags: Sequence[str] = (),
) -> dict[str, Any]:
    metadata: dict[str, Any] = {"tags": list(tags)} if tags else {}
    metadata |= {"nbgrader": nbgrader} if nbgrader else {}
    lines = text.splitlines(keepends=True)
    return {**cell, "id": f"{cell['id']}{suffix}", "metadata": metadata, "source": lines}


def kernel() -> bytes:
    """The kernel that runs the copies: this Python, the one that has the lab."""
    words = [sys.executable, "-m", "ipykernel_launcher", "-f", "{connection_file}"]
    spec = {"argv": words, "display_name": "Face lab", "language": "python"}
    return (json.dumps(spec, indent=1) + "\n").encode()


def run(folder: Path, project: Path, numbers: Sequence[str] = ()) -> int:
    """Write a course; 1 when something was left because somebody had changed it.

    Parameters
    ----------
    folder
        The course's folder; made when it is not there.
    project
        The project's folder.
    numbers
        Numbers of notebooks, ``"03"``; all that have exercises with points when empty.

    Raises
    ------
    ValueError
        With one sentence, when a number is of no notebook with exercises.
    OSError
        When the folder cannot be written to.
    """
    made = {}
    for path in notebooks.sources(project):
        content, points = assignment(path, project)
        if points:
            made[path.stem] = content, points
    known = [stem[:2] for stem in made]
    for number in numbers:
        if number not in known:
            words = SENTENCES["none"].format(number=number, numbers=", ".join(known))
            raise ValueError(words)
    wanted = {stem: pair for stem, pair in made.items() if not numbers or stem[:2] in numbers}
    glossary = (project / notebooks.OPEN / notebooks.GLOSSARY).read_bytes()
    left = 0
    for stem, (content, points) in wanted.items():
        place = folder / SOURCE / stem
        left += _put(place / f"{stem}.ipynb", content, "written", points=points)
        left += _put(place / notebooks.GLOSSARY, glossary, "plain")
    left += _put(folder / CONFIG, SETTINGS.encode(), "plain")
    left += _put(folder / "kernels" / KERNEL / "kernel.json", kernel(), "plain")
    print(SENTENCES["then"].format(folder=folder, name=next(iter(wanted))))
    return 1 if left else 0


def _put(path: Path, content: bytes, said: str, **facts: object) -> bool:
    """Write a file that is not there yet; whether one of another content was left."""
    there = path.read_bytes() if path.is_file() else None
    if there == content:
        return False
    if there is not None:
        print(SENTENCES["left"].format(path=path))
        return True
    write_whole(path, content)
    print(SENTENCES[said].format(path=path, **facts))
    return False

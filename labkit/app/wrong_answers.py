"""Common wrong answers: what people who had not seen the hints answered, and what is said to them.

In: ``instructors/wrong_answers.json``: for every exercise and guess, answers as a beginner types
them, why, and what was said when they were collected.  Out: what is said now, found by running each
answer where the open notebook asks for it; ``instructors/wrong_answers.md``, a table of both.
"""

from __future__ import annotations

import ast
import contextlib
import io
import json
import multiprocessing
import os
import tempfile
import types
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path
from typing import Any, NamedTuple

from labkit.app import in_step, notebooks

FILE = Path("instructors") / "wrong_answers.json"
TABLE = FILE.with_suffix(".md")
ASKS = ("check", "predict")
SHOWN = 300
"""Characters of a sentence that the table shows."""
HEAD = """\
# Common wrong answers

Before the hints were mended, readers who had not seen them wrote what a beginner would answer to
each exercise and each guess. *Before* is what the lab said then; it is kept and no longer changes.
*Now* is what it says today, to a first answer. `python -m labkit wrong-answers` runs every answer
where its notebook asks for it and writes this file from `wrong_answers.json`; a test keeps the two
in step. The first answers to notebooks 12 and 13 were
written by their authors; the rest by a reader who had not seen the hints.
"""


class Answer(NamedTuple):
    """An answer as it is typed, why somebody gives it, whether it is right, what was said."""

    source: str
    why: str
    right: bool
    before: str


class Said(NamedTuple):
    """What is said to an answer; whether it passed; whether that is more than too high or low."""

    words: str
    right: bool
    helpful: bool


def collected(project: Path) -> dict[str, list[Answer]]:
    """The answers in the file, by exercise or guess."""
    read = json.loads((project / FILE).read_text(encoding="utf-8"))
    return {
        name: [Answer(a["source"], a["why"], a["right"], a["before"]) for a in answers]
        for name, answers in read.items()
    }


# --- where an answer stands in its notebook -------------------------------------------------------


def bound(tree: ast.AST) -> tuple[set[str], set[str]]:
    r"""Names that a cell makes, and names that it reads or changes.

    Examples
    --------
    >>> [sorted(names) for names in bound(ast.parse("a = b\nc[0] = 1"))]
    [['a'], ['b', 'c']]
    """
    made: set[str] = set()
    read: set[str] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Name):
            (read if isinstance(node.ctx, ast.Load) else made).add(node.id)
        elif isinstance(node, ast.alias):
            made.add((node.asname or node.name).split(".")[0])
        elif isinstance(node, ast.FunctionDef):
            made.add(node.name)
    return made, read


def changed(tree: ast.AST) -> set[str]:
    """Names whose parts a cell sets: ``c`` in ``c[0] = 1``."""
    out = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Subscript | ast.Attribute) and isinstance(node.ctx, ast.Store):
            out |= {n.id for n in ast.walk(node.value) if isinstance(n, ast.Name)}
    return out


def needed(cells: Sequence[str], last: int, names: set[str]) -> set[int]:
    """Places of the cells before ``last`` that have to run for these names to be there."""
    out = set()
    for n in range(last - 1, -1, -1):
        tree = ast.parse(cells[n])
        made, read = bound(tree)
        if names & (made | changed(tree)):
            out.add(n)
            names = (names - made) | read
    return out


def asked(cell: str) -> dict[str, ast.Call]:
    """The calls of ``check`` and ``predict`` in a cell, by what they name."""
    calls = (n for n in ast.walk(ast.parse(cell)) if isinstance(n, ast.Call) and n.args)
    return {
        str(call.args[0].value): call
        for call in calls
        if ast.unparse(call.func) in ASKS and isinstance(call.args[0], ast.Constant)
    }


def filled_in(cell: str, name: str, source: str) -> str:
    r"""The cell with an answer where its three dots are, up to the call that judges it.

    An answer of several lines makes the name ``answer`` itself.

    Examples
    --------
    >>> print(filled_in("b, c = ..., ...\npredict('x', c)", "x", "5,5"))
    b, c = ..., 5,5
    predict('x', c)
    """
    call, lines = asked(cell)[name], []
    variable = "answer" if "\n" in source else ast.unparse(call.args[1])
    for node in ast.parse(cell).body:
        if any(
            isinstance(part, ast.Call) and part.lineno == call.lineno for part in ast.walk(node)
        ):
            break
        opened = [n for n in ast.walk(node) if isinstance(n, ast.Constant) and n.value is ...]
        if not opened and not set(asked(ast.unparse(node))):
            lines.append(ast.unparse(node))
        elif "\n" not in source and isinstance(node, ast.Assign):
            target = ast.unparse(node.targets[0]).strip("()")
            values = [source if one == variable else "..." for one in target.split(", ")]
            lines.append(f"{target} = {', '.join(values)}")
    given = ", ".join([repr(name), variable, *(ast.unparse(k) for k in call.keywords)])
    return "\n".join(
        [*lines, *([source] if "\n" in source else []), f"{ast.unparse(call.func)}({given})"]
    )


# --- running them ---------------------------------------------------------------------------------


def _one(code: str, names: dict[str, Any], folder: str) -> Said:
    """What is said when an answered cell runs, with a journal of its own."""
    from labkit.learning import checks, journal
    from labkit.learning.stumbles import advice

    right = []

    def check(name: str, answer: Any = ...) -> Any:
        right.append(checks.check(name, answer))
        return right[-1]

    handle, path = tempfile.mkstemp(".json", dir=folder)
    os.close(handle)
    os.remove(path)
    os.environ["LABKIT_JOURNAL"] = path
    shown = io.StringIO()
    try:
        with contextlib.redirect_stdout(shown):
            exec(
                compile(code, "answer", "exec"),
                {**names, "check": check, "predict": journal.predict},
            )
    except Exception as error:
        told = advice(error, code)  # what Python itself says differs from version to version
        words = f"(Python stops: {type(error).__name__}) {told}".strip()
        return Said(words, False, bool(told))
    words = " ".join(shown.getvalue().split())
    if not right:
        return Said(words, True, True)
    return Said(words, right[-1].right, right[-1].right or bool(right[-1].mistake))


def of_notebook(source: Path, answers: dict[str, list[str]]) -> dict[str, list[Said]]:
    """What is said to each answer in one notebook, in its open form; other names are skipped."""
    cells = [
        c.source
        for c in notebooks.read_source(source)
        if c.cell_type == "code" and notebooks.belongs(c.metadata.get("tags", []), "open")
    ]
    place = {name: n for n, cell in enumerate(cells) for name in asked(cell) if name in answers}
    codes = {
        name: [filled_in(cells[n], name, one) for one in answers[name]] for name, n in place.items()
    }
    runs: set[int] = set()
    for name, n in place.items():
        read: set[str] = bound(ast.parse(cells[n]))[1]
        for code in codes[name]:
            with contextlib.suppress(SyntaxError):
                read |= bound(ast.parse(code))[1]
        runs |= needed(cells, n, read)
    module = types.ModuleType("notebook")
    names: dict[str, Any] = module.__dict__ | {"display": lambda *shown, **how: None}
    out = {}
    with tempfile.TemporaryDirectory() as folder:
        os.environ["LABKIT_JOURNAL"] = str(Path(folder) / "journal.json")
        for n, cell in enumerate(cells):
            for name in (name for name in place if place[name] == n):
                out[name] = [_one(code, dict(names), folder) for code in codes[name]]
            if n in runs:
                with contextlib.redirect_stdout(io.StringIO()):
                    exec(compile(cell, f"cell {n}", "exec"), names)
    return {name: out[name] for name in answers if name in out}


def said_now(project: Path, answers: dict[str, list[str]]) -> dict[str, list[Said]]:
    """What is said to each answer today; each notebook in a process of its own."""
    out: dict[str, list[Said]] = {}
    context = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(1, context, max_tasks_per_child=1) as pool:
        for source in notebooks.sources(project):
            of = {name: a for name, a in answers.items() if name[:2] == source.stem[:2]}
            out |= pool.submit(of_notebook, source, of).result() if of else {}
    return out


# --- the table ------------------------------------------------------------------------------------


def table(answers: dict[str, list[Answer]], said: dict[str, list[Said]]) -> str:
    """The table of answers, what was said before and what is said now, as Markdown."""
    parts = [HEAD]
    for name in sorted(answers):
        parts.append(f"\n## {name}\n\n| answer | why | before | now |\n| --- | --- | --- | --- |\n")
        for answer, now in zip(answers[name], said.get(name, []), strict=True):
            row = (_typed(answer.source), answer.why, _short(answer.before), _short(now.words))
            parts.append("| " + " | ".join(_cell(part) for part in row) + " |\n")
    return "".join(parts)


def _typed(source: str) -> str:
    """Code as it was typed, one line of it a code of its own."""
    lines = [line for line in source.strip().splitlines() if line.strip()]
    return "<br>".join(f"`` {line} ``" if "`" in line else f"`{line}`" for line in lines)


def _short(text: str) -> str:
    return text if len(text) <= SHOWN else text[:SHOWN].rsplit(" ", 1)[0] + " ..."


def _cell(text: str) -> str:
    return text.replace("|", "\\|").replace("\n", " ")


def run(project: Path, only_check: bool = False) -> int:
    """Write the table, or say whether it is out of step with what is said; 1 when it is."""
    answers = collected(project)
    said = said_now(project, {name: [a.source for a in of] for name, of in answers.items()})
    gone = sorted(set(answers) - set(said))
    if gone:
        raise ValueError(f"no notebook asks {', '.join(gone)}: take the answers out of {FILE}")
    return in_step.keep(
        project,
        TABLE,
        table(answers, said),
        of="what is said",
        command="python -m labkit wrong-answers",
        only_check=only_check,
    )

"""Every notebook runs from its first cell to its last: open, solved, core, whatever the journal.

Each run is a test of its own, so that they can be shared out over processes.
"""

from __future__ import annotations

import ast
import functools
import html
import importlib
import json
import os
import re
import shutil
from datetime import datetime

import nbformat
import pytest
from nbclient import NotebookClient
from nbclient.exceptions import CellExecutionError

from benchmarks.notebooks import sentences
from labkit.app import notebooks, rules
from labkit.base.places import PROJECT
from labkit.learning import catalogue, journal, store

SOURCES = notebooks.sources(PROJECT)
RECALLING = [p for p in SOURCES if rules.calls(rules.code(p, None), rules.RECALL)]
PATIENCE = 600  # seconds; the promise of 60 is measured by benchmarks/notebooks.py

each = pytest.mark.parametrize("path", SOURCES, ids=[p.stem for p in SOURCES])
pytestmark = pytest.mark.slow

# What a learner may have kept, by name; every name that a notebook reads must be here.
KEPT = {
    "00-answers": ["same", "different"] * 9 + ["", "same"],
    "10-review": ["1", "nobody", "3"] * 3 + ["2", "", "5"],
    "12-vote": {"before": "audit", "after": "law"},
}


def test_there_are_notebooks():
    assert SOURCES, "instructors/source holds no source: nothing below would run"


@pytest.fixture
def place(tmp_path, monkeypatch):
    """A folder with its own journal, where a run leaves nothing behind in the project."""
    monkeypatch.setenv("LABKIT_JOURNAL", str(tmp_path / "journal" / "journal.json"))
    monkeypatch.setenv("IPYTHONDIR", str(tmp_path / "ipython"))
    monkeypatch.setenv(
        "PYTHONPATH", os.pathsep.join([str(PROJECT), os.environ.get("PYTHONPATH", "")])
    )
    return tmp_path


def put(path, form, folder):
    """The notebook file of one form, in a folder of its own with the glossary."""
    out = folder / f"{path.stem}.ipynb"
    out.write_bytes(notebooks.build(path, form, folder, PROJECT))
    shutil.copy(PROJECT / "notebooks" / "glossary.md", folder)
    return out


# --- keys that notebooks read and write --------------------------------------------------------


def names(path, *functions):
    """First arguments of some calls in a source, names from exercise modules resolved."""
    tree = ast.parse("\n".join(c.source for c in notebooks.read_source(path) if is_code(c)))
    imported = {
        a.asname or a.name: node.module
        for node in ast.walk(tree)
        if isinstance(node, ast.ImportFrom)
        for a in node.names
    }
    out = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and node.args and ast.unparse(node.func) in functions:
            first = node.args[0]
            if isinstance(first, ast.Name):
                out.add(getattr(importlib.import_module(imported[first.id]), first.id))
            elif isinstance(first, ast.Attribute):
                module = f"{imported[ast.unparse(first.value)]}.{ast.unparse(first.value)}"
                out.add(getattr(importlib.import_module(module), first.attr))
            else:
                out.add(ast.literal_eval(first))
    return out


def is_code(cell):
    return cell.cell_type == "code"


@functools.cache
def keys():
    """Every key that some notebook guesses or recalls."""
    guessed, recalled = set(), set()
    for path in SOURCES:
        guessed |= names(path, *rules.PREDICT, *rules.RESULT)
        recalled |= names(path, *rules.RECALL)
    return guessed, recalled


def full_journal(kept):
    """A journal of somebody who did everything, with values from ``kept``."""
    now = datetime.now().isoformat(timespec="seconds")
    wrong = {"answer": -12345, "right": False, "mistake": "", "day": now}
    return {
        "version": store.VERSION,
        "predictions": {k: {"guess": 0.5, "result": 0.25, "day": now} for k in keys()[0]},
        "attempts": {name: {"tries": [dict(wrong)]} for name in catalogue.everything()},
        "kept": {k: {"value": v, "day": now} for k, v in kept.items()},
    }


def test_a_full_journal_holds_all_that_is_read():
    assert keys()[1] <= set(KEPT) | keys()[0], "add what is recalled to KEPT, with a likely value"


# --- no cell raises or warns ----------------------------------------------------------------------


def executed(path, form, folder):
    """The notebook after a run, with its outputs."""
    return run(nbformat.read(put(path, form, folder), as_version=4), folder)


def run(book, folder):
    NotebookClient(
        book, timeout=PATIENCE, kernel_name="python3", resources={"metadata": {"path": folder}}
    ).execute()
    return book


def outputs(book):
    """Every output with the source of its cell."""
    return [(c.source, o) for c in book.cells if c.cell_type == "code" for o in c.outputs]


def printed(book):
    """Everything said, as one line: where it wraps is the business of labkit.base.words."""
    shown = (o.text if o.output_type == "stream" else o.get("data", {}).get("text/plain", "")
             for _, o in outputs(book))  # fmt: skip
    return " ".join("\n".join(shown).split())


def nothing_unseemly(book):
    """No warnings, no bare figure, every picture with an alt text and a table."""
    for source, out in outputs(book):
        address = r"<[^<>]* at 0x[0-9a-f]+|&lt;[^<>]* at 0x[0-9a-f]+"
        shown = re.search(address, json.dumps(out))
        assert not shown, f"an object's address, another in each run: {shown[0]}, from\n{source}"
        if out.output_type == "stream":
            assert out.name == "stdout", f"written to the error channel by\n{source}\n{out.text}"
            continue
        assert out.output_type != "error", f"{source}\n{out.get('evalue')}"
        kinds = set(out.data)
        assert not any(k.startswith("image/") for k in kinds), f"a bare figure from\n{source}"
        plain = out.data.get("text/plain", "")
        assert "<Figure size" not in plain, f"a bare figure from\n{source}"
        page = out.data.get("text/html", "")
        for image in re.findall(r"<img\b[^>]*>", page):
            alt = re.search(r'alt="([^"]*)"', image)
            assert alt and len(html.unescape(alt.group(1)).split()) >= 3, source
        if "data:image/" in page and "lx-still" not in page:
            assert "<figure" in page and "<table" in page, f"a figure without its table:\n{source}"


@each
@pytest.mark.parametrize("form", notebooks.FORMS)
def test_it_runs_with_an_empty_journal(path, form, place):
    """In 05 a warning stood in red above a figure: nothing may be written to the error channel."""
    book = executed(path, form, place)
    nothing_unseemly(book)
    assert all(c.execution_count for c in book.cells if is_code(c) and c.source), "a cell was left"


@pytest.mark.parametrize("line", ["import warnings; warnings.warn('odd')", "1 / 0"])
def test_a_warning_and_an_error_are_seen(line, place):
    """What reads the outputs of the notebooks finds what a learner would see in red."""
    book = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(line)])
    with pytest.raises((AssertionError, CellExecutionError), match=r"error channel|ZeroDivision"):
        nothing_unseemly(run(book, place))


# --- what it prints, with other journals ------------------------------------------------------


def test_the_core_of_05_says_little(place):
    """Finding: its core printed so many sentences that the one that counts was lost among them."""
    (path,) = (p for p in SOURCES if p.stem.startswith("05"))
    book = executed(path, "core", place)
    assert 100 < sentences(book) <= 300, printed(book)


@each
def test_open_with_a_damaged_journal(path, place):
    file = journal.place()
    file.parent.mkdir()
    damaged = json.dumps(full_journal(KEPT)).encode()[:-20]
    file.write_bytes(damaged)
    book = executed(path, "open", place)
    nothing_unseemly(book)
    aside = [p for p in file.parent.iterdir() if "set-aside" in p.name]
    assert [p.read_bytes() for p in aside] == [damaged], "the damaged journal was not kept"
    assert "was damaged" in printed(book)
    asked = len(re.findall(r"\bnot answered yet\b|\bwrite your text\b", printed(book)))
    assert asked == len(catalogue.of_notebook(path.stem[:2]))


@each
def test_solved_with_a_full_journal(path, place):
    file = journal.place()
    file.parent.mkdir()
    file.write_text(json.dumps(full_journal(KEPT)), encoding="utf-8")
    book = executed(path, "solved", place)
    nothing_unseemly(book)
    attempts = json.loads(file.read_text(encoding="utf-8"))["attempts"]
    for exercise in catalogue.of_notebook(path.stem[:2]):
        tries = attempts[exercise.id]["tries"]
        assert [t["right"] for t in tries] == [False, True], f"{exercise.id}: {printed(book)}"
    assert "not right yet" not in printed(book) and "not answered yet" not in printed(book)
    for key in names(path, *rules.RECALL) & set(KEPT):
        assert f"kept under {key}" not in printed(book), "the kept value was not used"


@pytest.mark.parametrize("path", RECALLING, ids=[p.stem for p in RECALLING])
def test_open_with_a_journal_that_holds_nonsense(path, place):
    file = journal.place()
    file.parent.mkdir()
    odd = full_journal({key: {"a": [None, "b"]} for key in keys()[1]})
    file.write_text(json.dumps(odd), encoding="utf-8")
    nothing_unseemly(executed(path, "open", place))

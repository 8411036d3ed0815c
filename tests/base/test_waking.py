"""Going on in the middle of a notebook that was opened again is explained."""

from __future__ import annotations

import os
import sys

import nbformat

from labkit.base import waking
from labkit.base.places import PROJECT


def ran(tmp_path, monkeypatch, *cells, config=waking.CONFIG):
    """The outputs of cells in a kernel of an environment with this setting."""
    from nbclient import NotebookClient

    (tmp_path / "profile_default").mkdir()
    (tmp_path / "profile_default" / "ipython_kernel_config.py").write_text(config)
    monkeypatch.setenv("IPYTHONDIR", str(tmp_path))
    monkeypatch.setenv(
        "PYTHONPATH", os.pathsep.join([str(PROJECT), os.environ.get("PYTHONPATH", "")])
    )
    book = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(c) for c in cells])
    NotebookClient(book, timeout=600, allow_errors=True, kernel_name="python3").execute()
    return [c.outputs for c in book.cells]


def printed(outputs):
    return " ".join("".join(o.text for o in outputs if o.output_type == "stream").split())


def test_a_name_that_is_not_there_yet_is_explained_below_its_error(tmp_path, monkeypatch):
    """Finding: after reopening, the next cell gave a NameError and nothing said what to do."""
    first, second, third, fourth = ran(
        tmp_path,
        monkeypatch,
        "pairs.scores",
        "1 / 0",
        "pairs = 3\npairs",
        "def f():\n    x += 1\nf()",
    )
    assert [o.ename for o in first if o.output_type == "error"] == ["NameError"]
    assert "Nothing has the name pairs yet." in printed(first)
    assert "Run > Run All Above Selected Cell" in printed(first)
    assert [o.ename for o in second] == ["ZeroDivisionError"] and third[0].data["text/plain"] == "3"
    assert not printed(fourth), "a variable of a function is no cell that was not run"


def test_lab_py_asks_for_it():
    text = (PROJECT / "lab.py").read_text(encoding="utf-8")
    assert waking.CONFIG.strip() in text and "ipython_kernel_config.py" in text
    assert waking.__name__ in waking.CONFIG and sys.version_info >= (3, 11)

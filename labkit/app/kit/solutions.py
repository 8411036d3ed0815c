"""The solutions, executed: each notebook as a page with its results, for those who teach.

In: the source of a notebook.  Out: one HTML file with the lab's look that needs nothing else: no
kernel, no network, no script.  Where a part moves, the page holds its still.  Formulas are drawn.
"""

from __future__ import annotations

import base64
import functools
import io
import os
import re
import tempfile
from pathlib import Path
from typing import Any

from labkit.app import notebooks
from labkit.app.kit.documents import HERE, linked
from labkit.views.page import render

SECONDS = 600
"""After so long a single cell is given up: ten times what a whole notebook may take."""

FORMULA = re.compile(r"\$\$(?P<block>.+?)\$\$|(?<![\w$])\$(?P<line>[^$\n]+)\$(?![\w$])", re.DOTALL)
INSIDE = re.compile(r'href="((?:\d\d_\w+\.ipynb|glossary\.md)(?:#[^"]*)?)"')
SAVED = re.compile(r'<a\b[^>]*href="data:[^>]*>(.*?)</a>', re.DOTALL)
COLOURS = re.compile(r"\x1b\[[\d;]*m")
WIDGET = "application/vnd.jupyter.widget-view+json"


def executed(source: Path, project: Path) -> Any:
    """The solved notebook, run from top to bottom in a new kernel with a journal of its own.

    Raises
    ------
    RuntimeError
        With one sentence, when a cell fails.
    """
    content = notebooks.build(source, "solved", project / notebooks.OPEN, project)
    return run_notebook(content.decode(), project / notebooks.OPEN, source.stem)


def run_notebook(content: str, folder: Path, name: str) -> Any:
    """A notebook after all its cells ran.

    Parameters
    ----------
    content
        The notebook as JSON.
    folder
        Where its kernel works.
    name
        What it is called where a cell fails.

    Raises
    ------
    RuntimeError
        With one sentence, when a cell fails or takes too long.
    """
    import nbformat
    from nbclient import NotebookClient
    from nbclient.exceptions import CellExecutionError, CellTimeoutError

    book = nbformat.reads(content, as_version=4)
    with tempfile.TemporaryDirectory() as journal:
        client = NotebookClient(
            book,
            timeout=SECONDS,
            kernel_name="python3",
            extra_arguments=["--log-level=ERROR"],  # what kernels warn of is not about the page
            resources={"metadata": {"path": str(folder)}},
        )
        try:
            client.execute(env=os.environ | {"LABKIT_JOURNAL": str(Path(journal) / "journal.json")})
        except (CellExecutionError, CellTimeoutError) as error:
            last = COLOURS.sub("", str(error)).strip().splitlines()[-1]
            raise RuntimeError(
                f"{name} stopped, so it has no page: {last}; python -m labkit doctor says whether"
                " the lab is whole"
            ) from None
    return book


def stilled(book: Any) -> Any:
    """The notebook for a page: without widgets, whose stills stay, and with its links led there."""
    for cell in book.cells:
        if cell.cell_type == "markdown":
            cell.source = with_formulas(notebooks.LINK.sub(_address, cell.source))
        else:
            cell.outputs = [o for o in cell.outputs if WIDGET not in o.get("data", {})]
    book.metadata.pop("widgets", None)
    return book


def led(page: str) -> str:
    """The page with what a cell linked to: other notebooks as pages, no file to save.

    A file to save holds the day on which the notebook ran, and nobody's answers.

    Examples
    --------
    >>> led('<a href="05_unequal_errors.ipynb#The-group-table">05</a>')
    '<a href="../solutions/05_unequal_errors.html#The-group-table">05</a>'
    >>> led('<p><a download="memo.html" href="data:text/html;base64,PA==">Save</a></p>')
    '<p>Save</p>'
    """
    page = SAVED.sub(r"\1", page)
    return INSIDE.sub(lambda found: f'href="{linked(found[1], below=True)}"', page)


def _address(found: re.Match[str]) -> str:
    return linked(found[1], below=True) or "../index.html"


def with_formulas(text: str) -> str:
    """A text in which formulas are pictures, each with its source as alt text.

    Examples
    --------
    >>> with_formulas("costs $5 or $6"), "alt='formula: k^2'" in with_formulas("so $k^2$ it is")
    ('costs $5 or $6', True)
    """
    return FORMULA.sub(lambda m: _drawn(m["block"] or m["line"], bool(m["block"])), text)


@functools.cache
def _drawn(formula: str, block: bool) -> str:
    import matplotlib
    from matplotlib.figure import Figure

    known = formula.strip().replace(r"\dots", r"\ldots").replace(r"\;", r"\ ").replace("\n", " ")
    with matplotlib.rc_context({"svg.fonttype": "path", "svg.hashsalt": "kit"}):
        fig = Figure(figsize=(0.1, 0.1))
        fig.text(0, 0, f"${known}$", fontsize=15 if block else 12)
        content = io.BytesIO()
        options: dict[str, Any] = {"bbox_inches": "tight", "pad_inches": 0.03, "transparent": True}
        fig.savefig(content, format="svg", metadata={"Date": None}, **options)
    data = base64.b64encode(content.getvalue()).decode("ascii")
    said = " ".join(formula.split()).replace("'", "&#39;").replace("<", "&lt;")
    kind = "formula block" if block else "formula"
    return f"<img class='{kind}' alt='formula: {said}' src='data:image/svg+xml;base64,{data}'>"


def body(book: Any, template: str, exporter: str, **options: Any) -> str:
    """The cells of a notebook as HTML, by nbconvert with a template of this folder.

    Parameters
    ----------
    book
        The notebook, executed.
    template
        A template of this folder that extends one of nbconvert's.
    exporter
        ``"html"`` or ``"slides"``.
    **options
        Traits of the exporter.
    """
    from jinja2 import FileSystemLoader
    from nbconvert import HTMLExporter, SlidesExporter

    kind = {"html": HTMLExporter, "slides": SlidesExporter}[exporter]
    made = kind(
        template_file=template,
        extra_loaders=[FileSystemLoader(HERE)],
        exclude_input_prompt=True,
        exclude_output_prompt=True,
        exclude_anchor_links=True,
        **options,
    )
    return str(made.from_notebook_node(book)[0])


def page(book: Any) -> str:
    """The page of an executed notebook."""
    from pygments.formatters import HtmlFormatter  # type: ignore[import-untyped]

    title = re.search(r"^# (.+)$", book.cells[0].source, re.MULTILINE)
    stilled(book)
    book.cells[0].source = re.sub(r"^# .+\n+", "", book.cells[0].source, count=1)
    colours = re.sub(
        r"background[^;]*;", "", HtmlFormatter(style="bw").get_style_defs(".highlight")
    )
    return render(
        HERE / "solution.html.j2",
        title=title[1] if title else "",
        content=led(body(book, "cells.html.j2", "html")),
        colours=colours,
    )

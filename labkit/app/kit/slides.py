"""The slides for the 90 minutes: a notebook, executed, and made into one file by nbconvert.

In: ``instructors/slides.py`` (percent format; a cell says in ``slide_type`` what it begins) and
reveal.js.  Out: one HTML file that moves with no network, from a memory stick too.  reveal.js (MIT)
is not in this repository: it is found in a folder that is named, or fetched once with pip from the
package that ``instructors/reveal.txt`` pins.  Without it the slides are a page to scroll and print.
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from labkit.app.kit.documents import HERE
from labkit.app.kit.solutions import body, run_notebook, stilled
from labkit.views.page import render

SOURCE = Path("instructors") / "slides.py"
PIN = Path("instructors") / "reveal.txt"
PLACE = Path("build") / "reveal"
NAMED = "LABKIT_REVEAL"
"""Variable of the environment that may name the folder in which reveal.js lies."""

FILES = ("dist/reveal.css", "dist/reveal.js", "plugin/notes/notes.js")


@dataclass(frozen=True)
class Reveal:
    """The text of reveal.js: its style, itself, and its view for the speaker."""

    css: str
    js: str
    notes: str


def find(folder: Path) -> Reveal | None:
    """reveal.js below a folder, as npm or pip put it there; None where it is not.

    Examples
    --------
    >>> find(Path("no such folder")) is None
    True
    """
    for css in sorted(folder.rglob(FILES[0])) if folder.is_dir() else ():
        parts = [css.parent.parent / name for name in FILES]
        if all(part.is_file() for part in parts):
            return Reveal(*(part.read_text(encoding="utf-8") for part in parts))
    return None


def bring(project: Path, say: Callable[[str], object]) -> Reveal | None:
    """reveal.js from where it was named or brought before, else from PyPI; None without either."""
    named = os.environ.get(NAMED)
    place = Path(named) if named else project / PLACE
    found = find(place)
    if found or named:
        return found
    say(f"reveal.js: fetching the package that {PIN} pins, once, with pip")
    words = ["install", "-q", "--no-deps", "--require-hashes", "--target", str(place)]
    command = [sys.executable, "-m", "pip", *words, "-r", str(project / PIN)]
    subprocess.run(command, check=False, capture_output=True)
    return find(place)


def made(project: Path, reveal: Reveal | None) -> str:
    """The slides as one page, run anew.

    Raises
    ------
    RuntimeError
        With one sentence, when a cell fails.
    """
    import jupytext  # type: ignore[import-untyped]

    book = jupytext.read(project / SOURCE, fmt="py:percent")
    for number, cell in enumerate(book.cells):
        cell.id = f"slide-{number}"  # else a new one each time, and other bytes
    book.metadata["kernelspec"] = {
        "display_name": "Python 3",
        "language": "python",
        "name": "python3",
    }
    run = run_notebook(jupytext.writes(book, fmt="ipynb"), project / "notebooks", SOURCE.stem)
    return page(run, reveal)


def page(book: Any, reveal: Reveal | None) -> str:
    """The slides of an executed notebook as one page, with reveal.js or as a page to scroll."""
    stilled(book)
    title = re.search(r"^# (.+)$", book.cells[0].source, re.MULTILINE)
    content = body(book, "sections.html.j2", "slides", exclude_input=True)
    template = "slides.html.j2" if reveal else "scrolled.html.j2"
    return render(HERE / template, title=title[1] if title else "", content=content, reveal=reveal)

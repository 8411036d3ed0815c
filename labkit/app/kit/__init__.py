"""The instructors' kit: ``python -m labkit kit --out DIR``.

In: ``instructors/`` and the sources of the notebooks.  Out: a folder of pages that open with no
network: the guide, slides, a handout of two pages, role-play cards, questions with and without
their key, and every notebook solved and executed.  Each page is written whole, and says from what
it was made: a kit that was interrupted goes on where it stopped, and one that is there is kept.
"""

from __future__ import annotations

import functools
import importlib.util
from collections.abc import Callable, Iterator
from pathlib import Path

from labkit.app import notebooks
from labkit.app.products import Product, code_of
from labkit.base.files import write_whole
from labkit.views.page import render

HERE = Path(__file__).resolve().parent
FOLDER = Path("instructors")
CARDS = "labkit.learning.roles"
"""The module of notebook 12's role-play, whose ``page()`` gives the cards."""


def products(project: Path, say: Callable[[str], object] = print) -> Iterator[Product]:
    """Every page, the first page last."""
    from labkit.app.kit import documents
    from labkit.app.kit.facts import facts

    folder, code = project / FOLDER, code_of(project)

    def document(name: str, says: str, path: Path) -> Product:
        text = path.read_text(encoding="utf-8")
        return Product(f"{name}.html", says, code + text.encode(), lambda: documents.page(text))

    yield document(
        "guide", "The guide: which minute, which cell, which question", folder / "guide.md"
    )
    asked = (folder / "questions.md").read_text(encoding="utf-8")
    yield Product(
        "questions.html",
        "Ten questions for before and after, to print",
        code + asked.encode(),
        lambda: documents.sheet(asked),
    )
    yield Product(
        "questions_key.html",
        "Their answer key, and what each other answer shows",
        code + asked.encode(),
        lambda: documents.key(asked),
    )
    text = (folder / "handout.md").read_text(encoding="utf-8")
    yield Product(
        "handout.html",
        "The handout: two A4 pages, one sheet",
        code + text.encode(),
        lambda: documents.handout(text, facts()),
    )
    yield Product(
        "options.html",
        "The eight options of notebook 12 on paper",
        code,
        documents.options,
    )
    yield document("rubric", "A rubric for the decision memo", folder / "rubric.md")
    yield document("wrong_answers", "Common wrong answers", folder / "wrong_answers.md")
    yield document("glossary", "The words of the notebooks", project / "notebooks" / "glossary.md")
    if importlib.util.find_spec(CARDS):
        cards = importlib.import_module(CARDS)
        yield Product("cards.html", "Cards for the role-play of notebook 12", code, cards.page)
    yield _slides(project, code, say)
    for source in notebooks.sources(project):
        yield Product(
            f"solutions/{source.stem}.html",
            f"{source.stem[:2]}, solved and executed",
            code + source.read_bytes(),
            functools.partial(_solved, source, project),
        )


def _solved(source: Path, project: Path) -> str:
    from labkit.app.kit import solutions

    return solutions.page(solutions.executed(source, project))


def _slides(project: Path, code: bytes, say: Callable[[str], object]) -> Product:
    from labkit.app.kit import slides

    reveal = slides.bring(project, say)
    if reveal is None:
        say(
            "reveal.js is not there, so slides.html is a page to scroll: bring it with python -m"
            f" pip install --no-deps --target {slides.PLACE} -r {slides.PIN}, and make the kit"
            " again"
        )
    rests_on = (
        code + (project / slides.SOURCE).read_bytes() + (reveal.js if reveal else "").encode()
    )
    return Product(
        "slides.html",
        "Slides for the 90 minutes (S opens the speaker's notes)",
        rests_on,
        lambda: slides.made(project, reveal),
    )


def make(out: Path, say: Callable[[str], object] = print) -> list[Path]:
    """Make the kit, or what is missing of it; returns the pages that were written.

    Parameters
    ----------
    out
        A folder outside the project, where learners do not look.
    say
        Is told what is made.

    Raises
    ------
    ValueError, OSError, RuntimeError
        With one sentence: the folder is inside the project or cannot be written to, or a notebook
        stopped.
    """
    project = notebooks.root().resolve()
    out = out.resolve()
    if out == project or project in out.parents:
        raise ValueError(
            f"{out} is inside the lab's folder, where learners would see the solutions: name a"
            " folder elsewhere, such as ../kit"
        )
    if out.exists() and not out.is_dir():
        raise ValueError(f"{out} is a file: name a folder")
    say("Each page is written when it is whole. If you stop this, run it again: it goes on.")
    written, listed = [], []
    for product in products(project, say):
        listed.append((product.name, product.says))
        if product.is_there(out):
            say(f"{product.name}: is there already, and nothing it rests on has changed")
            continue
        say(f"{product.name}: being made")
        written += product.write(out)
    first = render(HERE / "first.html.j2", title="A face-surveillance lab: the kit", pages=listed)
    write_whole(out / "index.html", first.encode())
    say(f"{out / 'index.html'}: open this. {len(written)} pages made, {len(listed)} in all.")
    return written

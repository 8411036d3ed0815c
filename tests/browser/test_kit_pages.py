"""The kit in a browser: two pages of handout, slides that move with no network, pages that fit."""

from __future__ import annotations

import os
import re
import zlib
from collections.abc import Callable, Iterator
from pathlib import Path

import jupytext
import pytest

from labkit.app.kit import documents, facts, slides
from labkit.base.places import PROJECT

from .conftest import Watched

INSTRUCTORS = PROJECT / "instructors"


def text(name: str) -> str:
    return (INSTRUCTORS / name).read_text(encoding="utf-8")


@pytest.fixture
def opened(browser, tmp_path: Path) -> Iterator[Callable]:
    """Opens a page from a file; afterwards it has asked for nothing and has said no error."""
    all_opened: list[Watched] = []

    def go(page: str, width: int = 1280, scheme: str = "light") -> Watched:
        path = tmp_path / "page.html"
        path.write_text(page, encoding="utf-8")
        watched = Watched(browser, viewport={"width": width, "height": 800}, color_scheme=scheme)
        all_opened.append(watched)
        watched.page.goto(path.as_uri())
        return watched

    yield go
    for watched in all_opened:
        asked = [url for url in watched.asked if not url.startswith("data:")]
        assert len(asked) == 1, asked
        assert not watched.errors
        watched.context.close()


def pages_of(pdf: bytes) -> int:
    """Pages of a PDF as Chromium writes it."""
    return len(re.findall(rb"/Type\s*/Page\b(?!s)", pdf + b"".join(_streams(pdf))))


def _streams(pdf: bytes) -> Iterator[bytes]:
    for found in re.finditer(rb"/ObjStm.*?stream\r?\n(.*?)endstream", pdf, re.DOTALL):
        yield zlib.decompress(found[1])


def test_the_handout_prints_on_exactly_two_a4_pages(opened: Callable, shots: Path) -> None:
    page = opened(documents.handout(text("handout.md"), facts.facts())).page
    pdf = page.pdf(prefer_css_page_size=True, path=shots / "handout.pdf")
    assert pages_of(pdf) == 2
    sizes = {tuple(map(float, one.split())) for one in re.findall(rb"/MediaBox \[([^\]]+)\]", pdf)}
    assert {(round(w), round(h)) for _, _, w, h in sizes} == {(595, 842)}


def test_the_questions_print_on_two_pages(opened: Callable, shots: Path) -> None:
    page = opened(documents.sheet(text("questions.md"))).page
    assert pages_of(page.pdf(prefer_css_page_size=True, path=shots / "questions.pdf")) == 2


@pytest.mark.parametrize("width", [320, 1000])
@pytest.mark.parametrize("name", ["guide", "sheet", "key", "rubric", "handout"])
def test_a_document_fits_and_can_be_read(
    opened: Callable, shots: Path, name: str, width: int
) -> None:
    made = {
        "handout": lambda: documents.handout(text("handout.md"), facts.facts()),
        "sheet": lambda: documents.sheet(text("questions.md")),
        "key": lambda: documents.key(text("questions.md")),
    }.get(name, lambda: documents.page(text(f"{name}.md")))()
    page = opened(made, width).page
    page.screenshot(path=shots / f"kit-{name}-{width}.png")
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    assert page.locator("h1").count() == 1


def unrun() -> object:
    """The slides without what their cells would show."""
    book = jupytext.read(PROJECT / slides.SOURCE, fmt="py:percent")
    for cell in book.cells:
        if cell.cell_type == "code":
            cell.outputs = []
    return book


def reveal() -> slides.Reveal:
    named = os.environ.get(slides.NAMED)
    found = slides.find(Path(named)) if named else slides.find(PROJECT / slides.PLACE)
    if found is None:
        words = (
            f"no reveal.js for the slides: {slides.NAMED} names its folder ({slides.PIN} pins it)"
        )
        if os.environ.get("CI") == "true":
            pytest.fail(words)
        pytest.skip(words)
    return found


def look(watched: Watched) -> int:
    """Go through all slides with the keyboard; their number.  Each has a heading and fits."""
    page = watched.page
    page.wait_for_function("window.Reveal && Reveal.isReady()")
    count = page.evaluate("Reveal.getTotalSlides()")
    seen = []
    while True:
        seen.append(page.evaluate("Reveal.getIndices().h"))
        slide = page.evaluate(
            "(() => { const s = Reveal.getCurrentSlide();"
            " return [s.querySelectorAll('h1, h2').length, s.scrollHeight]; })()"
        )
        assert slide[0] == 1, seen[-1]
        assert slide[1] <= 720, seen[-1]
        if page.evaluate("Reveal.isLastSlide()") and not page.evaluate(
            "Reveal.availableFragments().next"
        ):
            break
        page.keyboard.press("ArrowRight")
    assert sorted(set(seen)) == list(range(count))
    return count


def test_the_slides_move_with_no_network(opened: Callable) -> None:
    watched = opened(slides.page(unrun(), reveal()))
    assert look(watched) >= 15
    notes = watched.page.locator("aside.notes")
    assert notes.count() >= 10
    assert not notes.first.is_visible()


@pytest.mark.slow
def test_the_slides_show_what_their_cells_measure(opened: Callable, shots: Path) -> None:
    watched = opened(slides.made(PROJECT, reveal()))
    look(watched)
    known = facts.facts()
    whole = watched.page.locator(".slides").inner_html()
    assert watched.page.locator("section img[alt]").count() >= 5
    for number in (f"{known['matched_darker']} of {known['members_darker']} members", "28 of 535"):
        assert number in whole

"""Executed notebooks as pages: prose, code, results, tables, pictures, links."""

from __future__ import annotations

import re
from pathlib import Path

import nbformat
import pytest

from labkit.app import notebooks, site
from labkit.app.site import books, frame, live, runs
from labkit.base.places import PROJECT
from labkit.base.words import languages, use
from labkit.views import callouts, explorers
from labkit.views.plots import showing

AT = "learn/03_tune_the_threshold.html"
HERE = frame.Site(PROJECT, "en", b"")


def code(source: str, *outputs: dict, **metadata) -> nbformat.NotebookNode:
    cell = nbformat.v4.new_code_cell(source, metadata=metadata)
    cell.outputs = [nbformat.v4.new_output("display_data", data=data) for data in outputs]
    return cell


def widget(view: explorers.Explorer, model: str = "m1") -> tuple[list[dict], dict]:
    """What a notebook keeps of an explorer: its outputs, and its state."""
    import base64

    outputs = [
        {"text/html": view.still().html},
        {live.WIDGET: {"model_id": model, "version_major": 2, "version_minor": 0}},
    ]
    kind = type(view)
    state = {name: getattr(view, name) for name in kind.SENT}
    state["_anywidget_id"] = f"{kind.__module__}.{kind.__qualname__}"
    block = base64.b64encode(view.data).decode()
    buffers = [{"data": block, "encoding": "base64", "path": ["data"]}]
    return outputs, {model: {"state": state, "buffers": buffers}}


def book_of(*cells: nbformat.NotebookNode, states: dict | None = None) -> nbformat.NotebookNode:
    book = nbformat.v4.new_notebook(cells=list(cells))
    if states:
        book.metadata["widgets"] = {live.STATES: {"state": states}}
    return book


# ---- pieces -------------------------------------------------------------------------------------


def test_headings_have_the_addresses_that_links_in_notebooks_use() -> None:
    assert 'id="What-this-does-not-show"' in books.prose("## What this does not show")


def test_formulas_are_pictures_with_their_source_as_alt_text() -> None:
    made = books.prose("A rate $k/n$ of trials")
    assert "alt='formula: k/n'" in made
    assert "$" not in re.sub(r"<img[^>]*>", "", made)


def test_what_a_page_of_a_notebook_shows_of_code_is_said_by_the_cell() -> None:
    shown = books.piece(code("x = 1\ny = 2"))
    assert (shown.lines, "<span" in shown.code) == (2, True)
    assert books.piece(code("x = ...", labkit={"code": "hidden"})).code == ""
    assert books.piece(code("x", labkit={"waits": "03-default"})).waits == "03-default"


def test_colours_of_a_terminal_do_not_reach_a_page() -> None:
    printed = {"output_type": "stream", "name": "stdout", "text": "\x1b[31m<red>\x1b[0m\n"}
    assert books.output(printed) == '<pre class="said">&lt;red&gt;</pre>'


def test_what_a_notebook_says_of_its_computer_does_not_reach_a_page() -> None:
    looked = code("doctor()", {"text/html": "<p>memory 23,003 MB free</p>"})
    assert books.piece(looked).outputs == (
        "<p>This page needs nothing but a browser, so there is nothing to look for.</p>",
    )
    text = "## Stop\n\nChoose Run All.\n\nThen `journal.restore('lab-journal.json')`."
    stop = books.piece(nbformat.v4.new_markdown_cell(text)).text
    assert 'id="Stop"' in stop
    assert "Run All" not in stop
    assert "Save a copy of your journal" in " ".join(stop.split())


# ---- explorers ----------------------------------------------------------------------------------


@pytest.mark.parametrize("name", explorers.ALL)
def test_each_explorer_stands_in_a_page_with_the_data_that_the_notebook_kept(name: str) -> None:
    view = explorers.ALL[name].example()
    outputs, states = widget(view)
    book = book_of(code("view", *outputs), states=states)
    assert live.placed(book) == [name]
    (only,) = book.cells[0].outputs
    assert only["data"]["text/html"] == live.place_of(view)


def test_a_place_holds_no_sentence_about_running_cells() -> None:
    place = live.place_of(explorers.ThresholdExplorer.example())
    assert "Run All" not in place
    assert place.count("<noscript>") == 1


def test_another_widget_leaves_no_output() -> None:
    view = {live.WIDGET: {"model_id": "m2"}}
    book = book_of(code("slider", view), states={"m2": {"state": {"_model_name": "IntSlider"}}})
    assert live.placed(book) == []
    assert book.cells[0].outputs == []


def test_every_explorer_has_real_data_from_a_notebook_or_can_be_made_without_arguments() -> None:
    for name, where in live.homes(HERE).items():
        assert f"explorers.{name}(" in (PROJECT / notebooks.SOURCE / f"{where}.py").read_text(
            "utf-8"
        )
    for name in set(explorers.ALL) - set(live.homes(HERE)):
        assert isinstance(getattr(explorers, name)(), explorers.Explorer)


def test_each_explorer_is_told_what_it_is_for() -> None:
    assert set(live.ABOUT) >= set(explorers.ALL)


# ---- the whole page -----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("link", "led"),
    [
        ("05_unequal_errors.ipynb", 'href="05_unequal_errors.html"'),
        ("../notebooks/00_start_here.ipynb#Look", 'href="00_start_here.html#Look"'),
        ("glossary.md#FMR", 'href="../words/index.html#fmr"'),
        ("https://example.org/a.md", 'href="https://example.org/a.md"'),
        ("#Key-points", 'href="#Key-points"'),
    ],
)
def test_links_of_notebooks_lead_to_pages(link: str, led: str) -> None:
    assert f"<a {led}>it</a>" == books.led(f'<a href="{link}">it</a>', AT)


def test_styles_that_the_site_has_are_left_out_and_each_other_stands_once() -> None:
    one = callouts.Callout("finding", "Both fell.").html
    own = "<style>#lab-1 { x: 1 }</style>"
    figure = f"<style>{showing._style()}#lab-2 {{ y: 1 }}</style>"
    page = books.once_styled(one + one + own + own + figure)
    assert page.count("<style>") == 2
    assert "--lab-paper" not in page
    assert "#lab-2 { y: 1 }" in page


def test_each_table_scrolls_in_a_box_with_a_name_of_its_own() -> None:
    page = books.boxed(
        '<table><tr><td>1</td></tr></table><div class="lab-table" style="x"><table></table></div>'
    )
    labels = re.findall(r'role="region" tabindex="0" aria-label="([^"]+)"', page)
    assert len(set(labels)) == 2
    assert page.count("<div") == page.count("</div>") == 2


def test_a_picture_that_is_shown_twice_is_one_file() -> None:
    picture = "data:image/webp;base64,UklGRg=="
    page, files = books.apart(f'<img src="{picture}"><style>a {{ b: url({picture}) }}</style>', AT)
    (name,) = files
    assert page.count(f"../{name}") == 2
    assert files[name] == b"RIFF"


@pytest.fixture
def run_of(monkeypatch: pytest.MonkeyPatch):
    """Gives a page of a notebook that is said to have run."""

    def page(book: nbformat.NotebookNode, form: str = "open") -> str:
        monkeypatch.setattr(runs, "executed", lambda *asked: book)
        made = books._page(HERE, "03_tune_the_threshold", form)
        return str(made[f"{books.FOLDERS[form]}/03_tune_the_threshold.html"])

    return page


def test_a_page_has_contents_minutes_code_and_the_ways_on(run_of) -> None:
    first = nbformat.v4.new_markdown_cell("# Tune the threshold\n\n> `core 20 min`\n\n## One")
    page = run_of(book_of(first, code("x = 1", {"text/html": "<p>out</p>"})))
    assert page.count("<h1>") == 1
    assert '<li><a href="#One">One</a></li>' in page
    assert "core 20 min" in page
    assert '<details class="code"><summary>Code (1 line)</summary>' in page
    assert 'rel="prev" href="02_build_a_matcher.html"' in page
    assert 'rel="next" href="04_how_sure_are_we.html"' in page
    assert "data-code" in page


def test_a_page_loads_only_the_explorers_that_it_shows(run_of) -> None:
    outputs, states = widget(explorers.ThresholdExplorer.example())
    first = nbformat.v4.new_markdown_cell("# T")
    page = run_of(book_of(first, code("view", *outputs), states=states))
    assert re.findall(r'src="\.\./(assets/explorers/[^"]+)"', page) == [
        "assets/explorers/threshold.js"
    ]
    assert "explorers" not in run_of(book_of(nbformat.v4.new_markdown_cell("# T"), code("x")))


def test_lists_name_every_notebook_with_its_minutes() -> None:
    page = books._list(HERE, "open")
    for source in notebooks.sources(PROJECT):
        assert f'href="{source.stem}.html"' in page
    assert "20 minutes for the core, 75 for all" in page
    assert "?" not in re.sub(r"<[^>]+>", "", page).split("Tune the threshold")[1][:60]


@pytest.mark.parametrize("language", languages())
def test_lists_of_every_language_have_the_minutes(language: str) -> None:
    with use(language):
        made = books._list(frame.Site(PROJECT, language, b""), "open")
    for source in notebooks.sources(PROJECT):
        core, full = notebooks.minutes_of(source) or pytest.fail(f"{source.name} says no minutes")
        after = re.sub(r"<[^>]+>", "", made.split(f'href="{source.stem}.html"')[1])
        assert re.findall(r"\d+", after.split("\n")[1]) == [str(core), str(full)]


@pytest.mark.slow
def test_a_notebook_becomes_a_page_with_results_and_a_living_explorer(tmp_path: Path) -> None:
    out = tmp_path / "site"
    site.make(out, only=["learn/03", "explore/threshold"], quiet=True, say=lambda text: None)
    page = (out / AT).read_text("utf-8")
    assert "FMR  = " in page
    assert 'data-explorer="threshold"' in page
    assert page.count("<table") == page.count('tabindex="0" aria-label="Table')
    assert "data:image/webp" not in page
    for name in site.pictures_of(out / AT):
        assert (out / site.PICTURES / name).is_file()
    alone = (out / "explore/threshold.html").read_text("utf-8")
    block = re.compile(r"data-block>([^<]+)<")
    assert block.findall(alone) == block.findall(page)
    assert len(page.encode()) < 1_000_000

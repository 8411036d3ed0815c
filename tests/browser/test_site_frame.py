"""A page of a notebook in a browser, from a file with no network: what moves, folds and scrolls."""

from __future__ import annotations

import base64
from collections.abc import Callable
from pathlib import Path

import nbformat
import pytest

from labkit.app.products import put
from labkit.app.site import books, frame, live, runs, scripts
from labkit.base.places import PROJECT
from labkit.views import explorers

pytestmark = pytest.mark.slow

NAME = "03_tune_the_threshold"
HERE = frame.Site(PROJECT, "en", b"")
WIDE = f"<table><tr>{'<th>a heading</th>' * 20}</tr><tr>{'<td>1</td>' * 20}</tr></table>"


def executed() -> nbformat.NotebookNode:
    """A notebook that is said to have run: two cells with code, two tables, an explorer."""
    view = explorers.ThresholdExplorer.example()
    kind, block = type(view), base64.b64encode(view.data).decode()
    state = {name: getattr(view, name) for name in kind.SENT}
    state["_anywidget_id"] = f"{kind.__module__}.{kind.__qualname__}"
    first, second = (nbformat.v4.new_code_cell(f"x = {n}\ny = x") for n in (1, 2))
    first.outputs = [
        nbformat.v4.new_output("display_data", data={"text/html": text})
        for text in (WIDE, "<table><tr><th>one</th></tr></table>")
    ]
    second.outputs = [
        nbformat.v4.new_output("display_data", data={"text/html": view.still().html}),
        nbformat.v4.new_output("display_data", data={live.WIDGET: {"model_id": "m"}}),
    ]
    text = nbformat.v4.new_markdown_cell("# Tune the threshold\n\n## One\n\nIt is $k/n$.")
    book = nbformat.v4.new_notebook(cells=[text, first, second])
    buffers = [{"data": block, "encoding": "base64", "path": ["data"]}]
    book.metadata["widgets"] = {live.STATES: {"state": {"m": {"state": state, "buffers": buffers}}}}
    return book


@pytest.fixture(scope="module")
def page(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The page's file, with what it loads beside it."""
    out = tmp_path_factory.mktemp("site")
    for product in scripts.products(HERE):
        product.write(out)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(runs, "executed", lambda site, name, form: executed())
        made = books._page(HERE, NAME, "open")
    put({name: text.encode() for name, text in made.items() if isinstance(text, str)}, out)
    return out / "learn" / f"{NAME}.html"


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [320, 768, 1280])
def test_a_page_fits_every_width(
    page: Path, opened_offline: Callable, width: int, scheme: str
) -> None:
    shown = opened_offline(page, width, scheme)
    shown.wait_for_selector(".explorer.awake .lx")
    assert shown.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_the_explorer_moves_by_the_keyboard_and_tells_the_page(
    page: Path, opened_offline: Callable
) -> None:
    shown = opened_offline(page, 1280)
    shown.wait_for_selector(".explorer.awake .lx")
    shown.evaluate("addEventListener('lab-explorer', (event) => { window.told = event.detail; })")
    before = shown.locator(".lx [data-lx=live]").inner_text()
    shown.locator(".lx input[type=range]").first.focus()
    shown.keyboard.press("ArrowRight")
    told = shown.evaluate("window.told")
    assert told["explorer"] == "threshold"
    assert told["value"] == shown.evaluate(
        f"document.querySelector('.explorer').model.get({told['name']!r})"
    )
    shown.wait_for_function(
        "before => document.querySelector('.lx [data-lx=live]').innerText !== before", arg=before
    )


def test_one_switch_shows_all_code_and_is_remembered(page: Path, opened_offline: Callable) -> None:
    shown = opened_offline(page, 1280)
    folded = shown.locator("details.code")
    assert folded.count() == 2
    assert not folded.first.evaluate("one => one.open")
    shown.get_by_label("Show the code of every cell").check()
    assert folded.evaluate_all("all => all.every((one) => one.open)")
    shown.reload()
    shown.wait_for_selector(".explorer.awake")
    assert shown.get_by_label("Show the code of every cell").is_checked()
    assert folded.evaluate_all("all => all.every((one) => one.open)")


def test_only_a_table_that_scrolls_is_a_stop_of_the_keyboard(
    page: Path, opened_offline: Callable
) -> None:
    shown = opened_offline(page, 768)
    shown.wait_for_selector(".scroll:not([tabindex])")
    boxes = shown.locator(".scroll")
    assert boxes.evaluate_all("all => all.map((one) => one.getAttribute('tabindex'))")[:2] == [
        "0",
        None,
    ]
    assert boxes.first.get_attribute("aria-label") == "Table 1"


def test_the_page_does_not_move_to_what_a_reader_has_not_reached(
    page: Path, opened_offline: Callable
) -> None:
    shown = opened_offline(page, 1280)
    shown.wait_for_selector(".explorer.awake .lx")
    assert shown.evaluate("document.activeElement === document.body")
    assert shown.evaluate("scrollY") == 0


def test_without_scripts_the_still_and_the_results_can_be_read(page: Path, watch: Callable) -> None:
    shown = watch(1280, java_script_enabled=False, offline=True).page
    shown.goto(page.as_uri())
    still = shown.locator(".explorer .lx-still")
    assert still.is_visible()
    assert "Run All" not in still.inner_text()
    assert shown.locator("noscript p").last.is_visible()

"""The site's content in a browser: the search, folded cases, a row by its address, widths."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from labkit.app.products import Product
from labkit.app.site import audits, front, glossary, record, rows, scripts, sheets

from ..app.site import content
from .test_kit_pages import pages_of

PARTS = (scripts, rows, record, glossary, sheets, front, audits)
PAGES = (
    "index.html",
    record.AT,
    "words/index.html",
    sheets.INDEX,
    "data/anytown.html",
    "data/published.html",
    sheets.CARDS_AT,
    sheets.HANDOUT_AT,
    audits.INDEX,
)


@pytest.fixture(scope="session")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The pages of the content parts, with scripts and styles."""
    out = tmp_path_factory.mktemp("site")
    products: list[Product] = [p for part in PARTS for p in part.products(content.site())]
    for product in products:
        if product.name.startswith("assets/") or product.name in PAGES:
            product.write(out)
    return out


@pytest.fixture
def opened(folder: Path, opened_offline: Callable) -> Callable:
    """Opens a page of the site from its file, without a network."""

    def go(name: str, width: int = 1280, scheme: str = "light", end: str = ""):
        page = opened_offline(folder / "index.html", width, scheme)
        page.goto((folder / name).as_uri() + end)
        return page

    return go


def shown(page) -> list[str]:
    return page.evaluate(
        "[...document.querySelectorAll('[data-row]')].filter((r) => !r.hidden).map((r) => r.id)"
    )


# ---- the record ---------------------------------------------------------------------------------


def test_typing_shows_the_rows_that_have_all_words_and_says_how_many(opened: Callable) -> None:
    page = opened(record.AT)
    said = page.locator("[data-rows-said]")
    assert said.get_attribute("aria-live") == "polite"
    everything = len(shown(page))
    page.get_by_label("Search all rows").fill("Cardiff wrong")
    found = shown(page)
    assert 0 < len(found) < everything
    assert said.inner_text() == f"{len(found)} of {everything} rows fit."
    for name in found:
        text = page.locator(f"[id='{name}']").text_content().lower()
        heads = page.locator(f"[data-rows-of]:has([id='{name}']) [data-rows-head]")
        text += " ".join(heads.all_text_contents()).lower()
        assert "cardiff" in text
        assert "wrong" in text
    hidden = page.locator("[data-row][hidden]").first
    assert not hidden.is_visible()
    page.get_by_label("Search all rows").fill("zzzz")
    assert said.inner_text().startswith("None of the")
    assert page.locator("h2:visible").count() == 0
    page.get_by_role("button", name="Show all").click()
    page.wait_for_function("!document.querySelector('[data-row][hidden]')")
    assert said.inner_text() == f"All {everything} rows are shown."


def test_a_whole_sentence_finds_the_rows_that_have_most_of_its_words(opened: Callable) -> None:
    page = opened(record.AT)
    page.get_by_label("Search all rows").fill("police should use 99 zzzz")
    found = shown(page)
    said = page.locator("[data-rows-said]").inner_text()
    assert found and said.startswith("No row has all 5 words; those that have ")
    assert f": {len(found)} of " in said
    page.get_by_label("Search all rows").fill("Cardiff zzzz")
    assert shown(page) == []


@pytest.mark.parametrize("asked", ["99%", "99 percent", "99 per cent", "(99 %),"])
def test_percent_is_found_however_it_is_written(opened: Callable, asked: str) -> None:
    page = opened(record.AT)
    page.get_by_label("Search all rows").fill("99")
    wanted = shown(page)
    assert len(wanted) > 10
    page.get_by_label("Search all rows").fill(asked)
    assert shown(page) == wanted


@pytest.mark.parametrize("asked", ["happened to you", "misidentified"])
def test_a_word_of_a_tables_title_or_introduction_shows_its_rows(
    opened: Callable, asked: str
) -> None:
    page = opened(record.AT)
    page.get_by_label("Search all rows").fill(asked)
    own = [name for name in shown(page) if name.startswith("remedies-")]
    assert len(own) == len(content.published("remedies"))
    assert page.get_by_text("say that you want a lawyer").is_visible()


def test_table_state_and_check_narrow_it_down(opened: Callable) -> None:
    page = opened(record.AT)
    table = content.published("courts")
    page.get_by_label("Table", exact=True).select_option("courts")
    assert len(shown(page)) == len(table)
    page.get_by_label("Side or state").select_option("courts/those who objected")
    assert len(shown(page)) == (table["won"] == "those who objected").sum()
    page.get_by_label("Table", exact=True).select_option("claims")  # whose states are others
    assert page.get_by_label("Side or state").input_value() == ""
    assert len(shown(page)) == len(content.published("claims"))
    page.get_by_label("How it was checked").select_option("primary")
    primary = (content.published("claims")["verified"] == "primary").sum()
    assert len(shown(page)) == primary


def test_a_search_leaves_cases_of_people_folded_and_says_how_many_fit(opened: Callable) -> None:
    page = opened(record.AT)
    page.get_by_label("Table", exact=True).select_option("wrongful_arrests")
    page.get_by_label("Search all rows").fill("tattoos")
    found = shown(page)
    assert found
    fold = page.locator("#wrongful_arrests details")
    assert fold.get_attribute("open") is None
    summary = fold.locator("summary")
    assert f"{len(found)} of 14 rows" in summary.inner_text()
    summary.focus()
    page.keyboard.press("Enter")
    page.locator(f"[id='{found[0]}']").wait_for(state="visible")


def test_an_address_with_a_row_opens_it_where_it_is_folded(opened: Callable) -> None:
    page = opened(record.AT, end="#wrongful_arrests-detroit-2020")
    page.locator("[id='wrongful_arrests-detroit-2020']").wait_for(state="visible")
    page.get_by_label("Search all rows").fill("zzzz")
    page.evaluate("location.hash = 'courts-swp-2020'")
    page.locator("[id='courts-swp-2020']").wait_for(state="visible")
    assert page.get_by_label("Search all rows").input_value() == ""


def test_an_address_can_hold_a_search(opened: Callable) -> None:
    page = opened(record.AT, end="?q=Cardiff&table=live_trials")
    assert page.get_by_label("Search all rows").input_value() == "Cardiff"
    assert all(name.startswith("live_trials-") for name in shown(page))


def test_without_scripts_all_rows_are_there_and_no_form(folder: Path, watch: Callable) -> None:
    page = watch(1000, offline=True, java_script_enabled=False).page
    page.goto((folder / record.AT).as_uri())
    assert not page.locator("[data-rows-form]").is_visible()
    assert page.locator("[data-row]").count() == sum(
        len(content.published(name)) for name in record.TITLES
    )
    assert page.locator("[id='claims-letter-01']").is_visible()


# ---- the words ----------------------------------------------------------------------------------


def test_the_glossary_can_be_searched(opened: Callable) -> None:
    page = opened("words/index.html", end="#fmr")
    assert page.locator("#fmr").is_visible()
    page.get_by_label("Search the words").fill('"false match rate"')
    assert shown(page) == ["fmr"]
    assert page.locator("[data-rows-said]").inner_text().startswith("1 of ")


# ---- the first page -----------------------------------------------------------------------------


def test_the_first_page_shows_two_people_and_an_explorer_that_moves(opened: Callable) -> None:
    page = opened("index.html")
    for picture in page.locator("main img").all():
        assert picture.evaluate("(i) => i.complete && i.naturalWidth") > 0
    page.wait_for_selector(".lx input[type=range]")
    slider = page.locator(".lx input[type=range]").first
    before = page.locator(".lx [data-lx=numbers]").inner_text()
    slider.focus()
    page.keyboard.press("PageDown")
    page.wait_for_function(
        "(before) => document.querySelector('.lx [data-lx=numbers]').innerText !== before",
        arg=before,
    )


# ---- all of them --------------------------------------------------------------------------------


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [320, 360, 1280])
@pytest.mark.parametrize("name", PAGES)
def test_a_page_fits_its_screen(
    opened: Callable, shots: Path, name: str, width: int, scheme: str
) -> None:
    page = opened(name, width, scheme)
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    stem = name.removesuffix(".html").replace("/", "-")
    page.screenshot(path=shots / f"content-{stem}-{width}-{scheme}.png")


def test_the_handout_prints_on_one_sheet(opened: Callable, shots: Path) -> None:
    page = opened(sheets.HANDOUT_AT)
    pdf = page.pdf(prefer_css_page_size=True, path=shots / "site-handout.pdf")
    assert pages_of(pdf) == 2

"""The audit report in a real browser: offline, at three widths, printed, and looked at by axe."""

from __future__ import annotations

import functools
import os
import re

import numpy as np
import pytest

from labkit.audit import audit

from .conftest import Watched

WIDTHS = (320, 768, 1280)
TOO_WIDE = """() => [...document.querySelectorAll("body *")].filter((e) => {
  const r = e.getBoundingClientRect();
  return r.width > 1 && r.right > innerWidth + 1 && !e.classList.contains("skip"); })
  .map((e) => `${e.tagName} ${e.textContent.slice(0, 40)}`)"""
SMALLEST = """() => Math.min(...[...document.querySelectorAll("svg text")]
  .map((t) => parseFloat(getComputedStyle(t).fontSize)
       * t.ownerSVGElement.getBoundingClientRect().width / t.ownerSVGElement.viewBox.baseVal.width)
  .filter((size) => size > 0))"""
CUT = """() => [...document.querySelectorAll("svg")].flatMap((s) => {
  const box = s.getBoundingClientRect();
  return [...s.querySelectorAll("text")].filter((t) => {
    const r = t.getBoundingClientRect();
    return r.left < box.left - 1 || r.right > box.right + 1 || r.bottom > box.bottom + 1; })
    .map((t) => t.textContent); })"""


@pytest.fixture(scope="module")
def report(tmp_path_factory):
    """A report with everything on it: long names, failures, a group with too little."""
    rng = np.random.default_rng(3)
    people = np.repeat(np.arange(130), 3)
    names = np.array(["northern district, recorded by the clerk", "south", "w" * 44, "few"])
    group = names[np.where(people < 120, people % 3, 3)]
    faces = rng.normal(size=(130, 8))[people] + 0.25 * rng.normal(size=(len(people), 8))
    faces[[4, 90]] = np.nan
    made = audit(
        faces,
        people,
        group,
        fmr=1e-2,
        show_names=True,
        pictures=[f"photographs/{'x' * 60}/{i:05}.jpg" for i in range(len(people))],
        title="A report with a long name for a matcher of the town of Anytown, second edition",
    )
    return made.write(tmp_path_factory.mktemp("audit") / "report.html")


@pytest.fixture
def opened(opened_offline, report):
    """Opens the report; afterwards nothing may have gone wrong on it."""
    return functools.partial(opened_offline, report)


@pytest.mark.parametrize("width", WIDTHS)
def test_nothing_is_wider_than_the_screen(opened, shots, width):
    page = opened(width)
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    assert page.evaluate(TOO_WIDE) == []
    assert page.evaluate(CUT) == []
    assert page.evaluate(SMALLEST) > (12.9 if width >= 768 else 10.5)
    assert page.locator("h1").is_visible() and page.locator("svg[role=img]:visible").count() == 4
    page.screenshot(path=str(shots / f"audit_{width}.png"), full_page=True)


@pytest.mark.parametrize("width", WIDTHS)
def test_tables_stay_tables_for_a_screen_reader(opened, width):
    page = opened(width)
    table = page.get_by_role("table", name="False matches (FMR) by group")
    assert table.get_by_role("rowheader").all_inner_texts()[0] == "everyone"
    heads = table.get_by_role("columnheader")
    assert heads.count() == 5
    assert table.get_by_role("row").nth(1).get_by_role("cell").count() == 4


def test_the_keyboard_reaches_the_report(opened):
    page = opened(1280)
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.textContent") == "To the report"
    assert page.locator(".skip").bounding_box()["x"] >= 0
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.textContent") == "In short"


def test_a_word_leads_to_its_meaning_and_a_folded_table_opens_with_the_keyboard(opened):
    """The glossary is on the page; a long table is folded, and Enter opens it."""
    page = opened(400)
    page.locator("a.term", has_text="FMR").first.click()
    assert page.evaluate("location.hash") == "#term-fmr"
    assert page.locator("#term-fmr").evaluate("e => e.getBoundingClientRect().top") < 900
    table = page.get_by_role("table", name="Pairs of two people that are most alike")
    assert table.count() == 0 or not table.is_visible()
    page.locator("summary").last.focus()
    page.keyboard.press("Enter")
    assert page.get_by_role("table", name="Pairs of two people that are most alike").is_visible()


def test_a_narrow_page_is_not_endless(opened):
    """It was 22,874 pixels high at 400: each row of each table was a list of its own."""
    page = opened(400)
    assert page.evaluate("document.documentElement.scrollHeight") < 17_500
    row = page.get_by_role("table", name="People, pictures and pairs").get_by_role("row").nth(1)
    assert row.bounding_box()["height"] < 150


def test_what_is_folded_is_printed_and_headings_stay_with_what_they_name(opened):
    """In print a heading used to part from its chart, and a fold would hide its table."""
    page = opened(1280)
    page.emulate_media(media="print")
    page.set_viewport_size({"width": 680, "height": 980})
    assert page.get_by_role("table", name="Pairs of two people that are most alike").is_visible()
    kept = page.evaluate(
        """() => [...document.querySelectorAll("h3")].filter((h) =>
          getComputedStyle(h).breakAfter !== "avoid"
          || (h.parentElement.querySelector("figure")
              && getComputedStyle(h.parentElement).breakInside !== "avoid"))
          .map((h) => h.textContent)"""
    )
    assert kept == []


def test_it_works_without_script_and_prints(browser, report, shots):
    watched = Watched(browser, java_script_enabled=False, offline=True)
    watched.page.goto(report.as_uri())
    content = watched.page.pdf(prefer_css_page_size=True)
    (shots / "audit.pdf").write_bytes(content)
    watched.context.close()
    assert content.startswith(b"%PDF") and content.rstrip().endswith(b"%%EOF")
    pages = len(re.findall(rb"/Type\s*/Page\b", content))
    assert 6 <= pages <= 14
    boxes = set(re.findall(rb"/MediaBox\s*\[([^\]]*)\]", content))
    width, height = (float(x) for x in boxes.pop().split()[2:])
    assert not boxes and abs(width - 595) < 2 and abs(height - 842) < 2  # A4


@pytest.mark.parametrize("width", WIDTHS)
def test_axe_finds_nothing_serious(opened, width):
    try:
        from axe_playwright_python.sync_playwright import Axe
    except ImportError:
        words = "axe is not here: install axe-playwright-python"
        if os.environ.get("CI") == "true":
            pytest.fail(words)
        pytest.skip(words)
    found = Axe().run(opened(width)).response
    assert len(found["passes"]) > 15  # it did look
    serious = [v for v in found["violations"] if v["impact"] in ("serious", "critical")]
    assert [(v["id"], v["nodes"][0]["html"][:120]) for v in serious] == []

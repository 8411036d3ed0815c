"""Human review in a browser: keys, facts, and what is told at the end."""

from __future__ import annotations

import re

from labkit.views import explorers
from labkit.views.explorers._review import made_up


def stage(page):
    return page.locator("[data-lx=stage]")


def progress(page):
    return page.locator("[data-lx=progress]")


def test_review_with_keys_only(show) -> None:
    page = show(explorers.review(made_up([2, 0, 1, 0])))
    progress(page).get_by_text("Case 1 of 4").wait_for()
    assert "Candidate 1: 93.0%" in stage(page).inner_text()
    page.keyboard.press("2")
    progress(page).get_by_text("Case 2 of 4").wait_for()
    assert "%" not in stage(page).inner_text(), "this case is shown without the percentage"
    page.keyboard.press("6")  # there is no sixth candidate
    page.keyboard.press("5")
    progress(page).get_by_text("Case 3 of 4").wait_for()
    for key in "n0":
        page.keyboard.press(key)
    progress(page).get_by_text("All 4 cases").wait_for()
    told = page.locator("[data-lx=live]").inner_text()
    assert "1 right names in 2 cases" in told and "1 names in 2 cases" in told
    assert "cannot rank you" in told
    rows = stage(page).locator("table").first.locator("tbody tr")
    assert re.split(r"\s*\t\s*", rows.nth(1).inner_text())[4] == "1 of 2"


def test_review_in_facts_shows_no_picture(show) -> None:
    page = show(explorers.review(made_up([2, 0, 1, 0])))
    page.get_by_role("checkbox").check()
    table = stage(page).locator("table")
    table.wait_for()
    assert stage(page).locator(".lx-tile").count() == 0
    assert table.locator("thead th").count() == 7 and table.locator("tbody tr").count() == 11


def test_an_answer_can_be_taken_back(show) -> None:
    page = show(explorers.review(made_up([2, 0])))
    page.get_by_role("button", name="Nobody").click()
    progress(page).get_by_text("Case 2 of 2").wait_for()
    page.get_by_role("button", name="One case back").click()
    progress(page).get_by_text("Case 1 of 2").wait_for()

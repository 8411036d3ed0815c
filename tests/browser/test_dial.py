"""The dial explorer in a browser: the keyboard, the buttons, marks, words and table together."""

from __future__ import annotations

import pytest

from labkit.views import explorers
from tests.browser.test_pages import live, rows, spoken, tab_to

pytestmark = pytest.mark.slow


def shown(page, meta, step):
    """What stands on the page is what was counted at this step."""
    page.wait_for_function("(k) => explorer.get('step') === k", arg=step)
    at = meta["steps"][step]
    said = spoken(page)
    assert f"Threshold {at['threshold']}: {at['innocent']} of 600 innocent searches" in said
    assert f"Of 50 enrolled people {at['found']} are found." in said
    assert page.locator("[data-lx=percents]").inner_text() in live(page)
    pictures = page.locator("svg[role=img]")
    for k, matched in enumerate(at["matched"]):
        assert pictures.nth(k).locator("[data-lx=matched]").count() == matched
        rest = meta["members"][k] - matched
        assert pictures.nth(k).locator("[data-lx=member]").count() == rest
    counts = [int(row["count"]) for row in rows(page)]
    assert counts == [at["innocent"], *at["matched"], at["found"]]


def test_the_dial_is_moved_with_the_keyboard_and_the_buttons(show):
    view = explorers.DialExplorer.example()
    page, meta = show(view), view.meta
    shown(page, meta, view.step)
    tab_to(page, "Threshold, from low to high")
    page.keyboard.press("ArrowLeft")
    shown(page, meta, view.step - 1)
    page.keyboard.press("Home")
    shown(page, meta, 0)
    page.keyboard.press("End")
    shown(page, meta, len(meta["steps"]) - 1)
    for point, step in meta["points"].items():
        page.get_by_role("button", name=f"To {point}").click()
        shown(page, meta, step)


@pytest.mark.parametrize("width", [1000, 320])
def test_nothing_sticks_out_of_the_page(show, width):
    page = show(explorers.DialExplorer.example(), width=width)
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    assert "not Rekognition" in page.locator("figcaption").inner_text()

"""A class's page in a real browser: offline, on a telephone and on a projector, light and dark."""

from __future__ import annotations

import functools
import os

import pytest

from labkit.learning.classroom import command
from tests.learning import learners

from .test_audit_page import CUT, SMALLEST, TOO_WIDE

SIZES = ((320, "light"), (400, "dark"), (1280, "light"), (1280, "dark"))


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    """The page of a class of 24, with every section."""
    place = learners.write(tmp_path_factory.mktemp("class") / "journals", 24)
    out = place.parent / "class.html"
    command.run(place, out)
    return out


@pytest.fixture
def opened(opened_offline, made):
    """Opens the page; afterwards nothing may have gone wrong on it."""
    return functools.partial(opened_offline, made)


@pytest.mark.parametrize(("width", "scheme"), SIZES)
def test_it_fits_and_axe_finds_nothing(opened, shots, width, scheme):
    page = opened(width, scheme)
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    assert page.evaluate(TOO_WIDE) == []
    assert page.evaluate(CUT) == []
    assert page.evaluate(SMALLEST) > (16 if width >= 768 else 10.5), "a projector is far away"
    page.screenshot(path=str(shots / f"class_{width}_{scheme}.png"), full_page=True)
    try:
        from axe_playwright_python.sync_playwright import Axe
    except ImportError:
        words = "axe is not here: install axe-playwright-python"
        if os.environ.get("CI") == "true":
            pytest.fail(words)
        pytest.skip(words)
    found = Axe().run(page).response
    assert len(found["passes"]) > 15  # it did look
    assert [(v["id"], v["nodes"][0]["html"][:120]) for v in found["violations"]] == []


def test_a_chart_is_read_out_and_its_table_opens_with_the_keyboard(opened):
    page = opened(1280)
    chart = page.get_by_role("img", name="22 guesses").first
    assert "The middle guess is" in chart.locator("desc").text_content()
    asked = page.locator("article").first
    table = asked.get_by_role("table", name="How many guessed what")
    assert table.count() == 0 or not table.is_visible()
    asked.locator("summary").focus()
    page.keyboard.press("Enter")
    assert table.is_visible() and table.get_by_role("columnheader").count() == 2

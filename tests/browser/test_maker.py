"""The face maker in a browser: a guess first, then a slider moved with the keyboard alone."""

from __future__ import annotations

import pytest

from labkit.experiment.strips import LOST, STRIPS
from labkit.views import explorers
from tests.browser.test_pages import live, rows, spoken, tab_to

SENT = """() => { const { save_changes } = explorer; window.sent = 0;
  explorer.save_changes = () => { window.sent += 1; save_changes(); }; }"""


def a_maker() -> explorers.MakerExplorer:
    view = explorers.maker(explorers._maker.made_up())
    assert view.guesses == {}
    return view


def test_nothing_of_the_matchers_is_shown_before_a_guess(show) -> None:
    page = show(a_maker())
    after = page.locator("table, figure svg, [data-lx=read]")
    assert after.count() >= 2 and not any(e.is_visible() for e in after.all())
    assert "appears after your guess" in spoken(page)
    assert "dlib" not in live(page)
    tab_to(page, "none")
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    assert page.evaluate("explorer.get('guesses')") == {"0 eye_spacing": "2"}
    said = page.locator("[data-lx=guess]").inner_text()
    assert said.startswith("At the right end: one matcher") and "You guessed: both." in said
    assert page.evaluate("document.activeElement.dataset.lx") == "guess", "the focus stays here"
    assert page.locator("svg[role=img]").first.is_visible()


@pytest.mark.parametrize("guess", ["none", "one", "both"])
def test_a_guess_is_compared_with_the_right_end(show, guess: str) -> None:
    page = show(a_maker())
    page.get_by_role("button", name=guess, exact=True).click()
    said = page.locator("[data-lx=guess]").inner_text()
    assert ("You guessed that." in said) == (guess == "one")


def test_a_slider_with_the_keyboard_changes_picture_words_and_numbers(show) -> None:
    view = a_maker()
    page = show(view)
    page.get_by_role("button", name="Show without a guess").click()
    assert page.locator("[data-lx=guess]").inner_text().startswith("At the right end: one")
    tab_to(page, "Distance between the eyes: close to far apart")
    seen = set()
    table = view.table()
    for key, step in (("Home", 0), ("ArrowRight", 1), ("ArrowRight", 2), ("End", 4)):
        page.keyboard.press(key)
        page.wait_for_function("(k) => explorer.get('step') === k", arg=step)
        text = spoken(page)
        told = STRIPS["eye_spacing"].told(step)
        assert text.startswith(f"Distance between the eyes: {told}")
        value = page.locator("input[type=range]").get_attribute("aria-valuetext")
        assert value.startswith(f"Distance between the eyes: {told}")
        images = page.locator("img.lx-portrait")
        assert told in images.nth(1).get_attribute("alt")
        same = images.nth(0).get_attribute("src") == images.nth(1).get_attribute("src")
        assert same == (step == 2)
        seen.add(images.nth(1).get_attribute("src"))
        for name in ("dlib", "SFace"):
            outcome = table[f"{name} says"][step]
            words = {"same": "the same person", "other": "somebody else", "itself": "with itself"}
            assert f"{name}" in text and words[outcome] in text
        assert page.locator("circle[data-lx=here]").count() == 2
        assert page.locator(".lx-strip img.lx-here").count() == 1
    assert len(seen) == 4
    loaded = "() => [...document.querySelectorAll('.lx img')].every((i) => i.naturalWidth > 0)"
    page.wait_for_function(loaded)


def test_another_parameter_asks_again_and_starts_where_it_starts(show) -> None:
    page = show(a_maker())
    page.get_by_role("button", name="Show without a guess").click()
    tab_to(page, "What changes")
    page.keyboard.press("End")
    page.wait_for_function("explorer.get('parameter') === 'blur'")
    assert page.evaluate("explorer.get('step')") == STRIPS["blur"].start
    assert "strongly blurred" in page.locator("[data-lx=question]").inner_text()
    assert "No number of the person changes." in page.locator(".lx-note").first.inner_text()
    page.get_by_role("button", name="both").click()
    page.locator("summary").click()
    assert rows(page)[-1]["cells"][1:3] == ["\u2013", "no face found"]
    assert page.locator(f"path[data-lx={LOST}]").count() == 1
    tab_to(page, "Invented person")
    page.keyboard.press("ArrowDown")
    assert page.locator("[data-lx=question]").is_visible(), "each person is a question of its own"
    groups = page.locator("optgroup").evaluate_all(
        "(all) => all.map((g) => [g.label, g.children.length])"
    )
    assert groups == [["Of the person", 6], ["Of the photograph", 6]]


def test_nothing_is_sent_while_the_slider_is_dragged(show) -> None:
    page = show(a_maker())
    page.get_by_role("button", name="Show without a guess").click()
    page.evaluate(SENT)
    box = page.locator("input[type=range]").bounding_box()
    y = box["y"] + box["height"] / 2
    page.mouse.move(box["x"] + 2, y)
    page.mouse.down()
    for share in range(0, 100, 5):
        page.mouse.move(box["x"] + box["width"] * share / 100, y)
    assert page.evaluate("explorer.get('step')") == 4 and page.evaluate("sent") == 0
    page.mouse.up()
    page.wait_for_function("sent === 1")


@pytest.mark.parametrize("width", [1280, 768, 320])
def test_dots_pictures_and_thumb_stand_below_each_other(show, shots, width: int) -> None:
    """Each step is one column: the thumb of the slider, the picture, the dot of each chart."""
    page = show(explorers.maker(), width=width)
    page.get_by_role("button", name="Show without a guess").click()
    for step in range(5):
        page.evaluate("(k) => explorer.set('step', k)", step)
        image = page.locator(".lx-strip img").nth(step).bounding_box()
        box = page.locator("input[type=range]").bounding_box()
        thumb = box["x"] + 8 + step / 4 * (box["width"] - 16)
        assert image["x"] + image["width"] / 2 == pytest.approx(thumb, abs=3), step
    page.evaluate("explorer.set('step', 3)")
    for scheme in ("light", "dark"):
        page.emulate_media(color_scheme=scheme)
        page.screenshot(path=shots / f"maker-shipped-{width}-{scheme}.png", full_page=True)
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")

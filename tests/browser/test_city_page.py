"""The city explorer as a page of its own, worked with the keyboard alone."""

from __future__ import annotations

from labkit.views import explorers
from labkit.views.explorers import _city
from tests.browser.test_pages import rows, spoken, tab_to


def test_the_map_is_worked_with_the_keyboard(show) -> None:
    """Words, table and marks are those of the same person, hour and levels as in Python."""
    view = explorers.CityExplorer.example()
    page = show(view)

    def agrees(**changed) -> None:
        for name, value in changed.items():
            page.wait_for_function(
                "([name, value]) => explorer.get(name) === value", arg=[name, value]
            )
            setattr(view, name, value)
        state = {name: getattr(view, name) for name in view.SENT}
        assert spoken(page) == view.told()
        wanted = _city.by_camera(view.meta, view.arrays, state)
        found = rows(page)
        assert [tuple(row["cells"]) for row in found] == wanted
        for mark, column in (("true", 1), ("false", 2)):
            marks = page.locator(f"svg [data-lx={mark}]").count()
            assert marks == sum(row[column] != "0" for row in wanted)
        hung = view.meta["levels"][view.cameras]
        assert page.locator("svg [data-lx=camera]").count() == hung
        guessed = page.locator("svg [data-lx=guess]").count()
        assert guessed == (_city._seems(_city.file_of(view.meta, view.arrays, state)) is not None)

    agrees()
    tab_to(page, "Whose file")
    page.keyboard.press("End")
    agrees(person=len(view.meta["people"]) - 1)
    tab_to(page, "middle")
    page.keyboard.press("ArrowRight")
    agrees(routine="high")
    tab_to(page, "middle")
    page.keyboard.press("ArrowLeft")
    agrees(cameras="low")
    tab_to(page, "SFace")  # by its name alone: matchers are not ranked
    page.keyboard.press("ArrowRight")
    agrees(matcher="high")
    assert page.locator("svg [data-lx=false]").count() == 0
    tab_to(page, "Up to")
    page.keyboard.press("ArrowLeft")
    agrees(hour=335)
    page.keyboard.press("PageDown")
    agrees(hour=325)
    page.keyboard.press("Home")
    agrees(hour=0)
    value = page.locator("input[type=range]").get_attribute("aria-valuetext")
    assert value == "Monday 1, 00:00"


def test_true_and_false_sightings_differ_by_shape_not_by_colour_alone(show) -> None:
    view = explorers.CityExplorer.example()
    view.person, view.cameras = len(view.meta["people"]) - 1, "high"
    page = show(view)
    tags = {
        mark: set(
            page.locator(f"svg [data-lx={mark}]").evaluate_all("(a) => a.map(e => e.tagName)")
        )
        for mark in ("true", "false")
    }
    assert tags == {"true": {"circle"}, "false": {"path"}}

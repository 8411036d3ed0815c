"""Each explorer as a page of its own in a real browser, worked with the keyboard alone.

What the page says is compared with what labkit counts.
"""

from __future__ import annotations

import re

import numpy as np
import pytest

from labkit.measure import intervals, rates
from labkit.measure.rate import RATES
from labkit.measure.scores import all_pairs
from labkit.views import explorers
from labkit.views.explorers.made_up import PEOPLE
from labkit.views.explorers.made_up import made_up_pairs as population

NAME = """() => { const e = document.activeElement;
  return (e.labels?.[0] ?? e).textContent.trim() || e.getAttribute("aria-label") || e.tagName; }"""
ROWS = """(rows) => rows.map((row) => ({ kind: row.className, ...row.dataset,
  cells: [...row.cells].map((cell) => cell.textContent) }))"""


def tab_to(page, name: str) -> None:
    """Tab until the control of that name has the focus, and see that the focus shows."""
    for _ in range(40):
        page.keyboard.press("Tab")
        if page.evaluate(NAME).startswith(name):
            outline = page.evaluate("getComputedStyle(document.activeElement).outline")
            assert "solid" in outline and "3px" in outline
            return
    raise AssertionError(f"{name!r} is not reached with the Tab key")


def live(page) -> str:
    return page.locator("[data-lx=live]").inner_text()


def spoken(page) -> str:
    """What a screen reader is told, once it has caught up with what is shown."""
    page.wait_for_function(
        """() => document.querySelector("[aria-live=polite]").textContent
             === document.querySelector("[data-lx=live]").textContent"""
    )
    return page.locator("[aria-live=polite]").text_content()


def rows(page, table: int = 0) -> list[dict]:
    return page.locator("table").nth(table).locator("tbody tr").evaluate_all(ROWS)


def number(text: str) -> float:
    return float(text) if text else float("nan")


def close(found: str, wanted: float) -> bool:
    """Within 1e-6 of each other, or both no number."""
    return bool(np.isclose(number(found), wanted, rtol=1e-6, atol=0, equal_nan=True))


def test_numbers_that_differ_are_told_apart() -> None:
    assert close("0.5", 0.5 + 1e-8) and not close("0.5", 0.50001)
    assert close("", float("nan")) and not close("", 0.5)


# ---- threshold ----------------------------------------------------------------------------------


def test_threshold_slider_with_the_keyboard(show) -> None:
    pairs, band = population()
    view = explorers.threshold(pairs, cells=band, marks={"one": -2.0, "two": -1.25})
    page = show(view)
    tab_to(page, "Threshold")
    counts, thresholds = view.arrays, view.arrays["thresholds"]

    def agrees(step: int) -> None:
        page.wait_for_function("(step) => explorer.get('step') === step", arg=step)
        false, missed = int(counts["false"][step]), int(counts["missed"][step])
        text = spoken(page)
        shown = view.meta["told"][step]
        assert text.startswith(f"At threshold {shown}: ")
        assert f": {false:,} of {pairs.impostor.size:,} impostor comparisons match" in text
        assert f"({missed:,} of {pairs.genuine.size:,})" in text
        row = rows(page)[0]
        assert row["cells"][0] == "the slider" and int(row["step"]) == step
        assert close(row["fmr"], rates.fmr(pairs.impostor, np.float32(thresholds[step])))
        assert close(row["fnmr"], rates.fnmr(pairs.genuine, np.float32(thresholds[step])))
        value = page.locator("input[type=range]").get_attribute("aria-valuetext")
        assert value.startswith(f"threshold {shown}, FMR ")

    step = view.step
    agrees(step)
    for key, move in (("ArrowRight", 1), ("ArrowRight", 1), ("ArrowLeft", -1), ("ArrowUp", 1)):
        page.keyboard.press(key)
        step += move
        agrees(step)
    page.keyboard.press("End")
    agrees(len(thresholds) - 1)
    assert "too small to set an FMR this low" in live(page)
    page.keyboard.press("Home")
    agrees(0)
    for letter, place in zip("AB", (place for _, place in view.meta["marks"])):
        tab_to(page, f"{letter}:")
        page.keyboard.press("Enter")
        agrees(place)


def test_threshold_heights_and_both_pictures(show) -> None:
    pairs, _ = population()
    page = show(explorers.threshold(pairs))
    assert page.locator("svg[role=img]").count() == 2
    before = page.locator("svg path").first.get_attribute("d")
    tab_to(page, "Stretch")
    page.keyboard.press("Space")
    assert page.locator("svg path").first.get_attribute("d") != before
    bins = rows(page, 1)
    assert sum(int(r["cells"][1].replace(",", "")) for r in bins) == pairs.genuine.size
    assert sum(int(r["cells"][2].replace(",", "")) for r in bins) == pairs.impostor.size


def test_what_python_sets_is_shown(show) -> None:
    pairs, _ = population()
    page = show(explorers.threshold(pairs))
    before = live(page)
    page.evaluate("explorer.set('step', 3)")
    assert live(page) != before
    assert page.locator("input[type=range]").input_value() == "3"


# ---- redraw -------------------------------------------------------------------------------------


@pytest.mark.parametrize(("rate", "size"), [(5e-2, 60), (1e-2, 59), (5e-4, 60), (3e-5, 59)])
def test_redraw_agrees_with_python(show, rate: float, size: int) -> None:
    pairs, _ = population()
    t = rates.threshold_at_fmr(pairs.impostor, rate)
    view = explorers.redraw(pairs, t, sizes=(59, 60))
    page = show(view)
    if size == 60:
        tab_to(page, "People in a draw")
        page.keyboard.press("ArrowDown")
    tab_to(page, f"Meet another {size} people")
    page.keyboard.press("Enter")
    assert f"Draw 1 of {size} people" in spoken(page)
    tab_to(page, "20 more")
    page.keyboard.press("Space")

    false, compared, _ = pairs.pair_counts(t)
    town = false.sum() / compared.sum()
    page.locator("summary").click()
    found = rows(page, 1)
    assert len(found) == 21
    held_pair = held_person = shown = 0
    for index, row in enumerate(found):
        who = np.ix_(*[explorers.drawn_people(PEOPLE, size, index)] * 2)
        person = intervals.fmr_interval(false[who], compared[who])
        pair = intervals.wilson(int(false[who].sum() // 2), int(compared[who].sum() // 2))
        assert close(row["value"], person.value)
        assert close(row["low"], person.low) and close(row["high"], person.high)
        assert close(row["pairlow"], pair.low) and close(row["pairhigh"], pair.high)
        held_pair += pair.low <= town <= pair.high
        held_person += person.low <= town <= person.high
        shown += not person.words
    marks = drawn(page)
    bars = {float(m["y1"]): float(m["x2"]) for m in marks if m.get("stroke") == "var(--lab-b)"}
    none = [m for m in marks if m["text"] == "no false match"]
    assert len(none) == sum(row["value"] == "0" for row in found) >= (rate < 1e-4)
    assert all(float(m["x"]) > bars[float(m["y"]) - 4] for m in none), "beside its bar"
    text, note = spoken(page), page.locator(".lx-note").inner_text()
    held = f"Of 21 draws of {size} people, the pair interval held the whole town's rate in "
    small = "59 people are too few for a person interval, which takes 60"
    if size < 60:
        assert shown == 0 and small in note
        assert f"{held}{held_pair}; none had enough for a person interval." in text
        whole = rows(page)[0]["cells"]
        assert whole[3] == "not shown"
    elif shown == 21:
        assert small not in note
        assert f"{held}{held_pair}, the person interval in {held_person}." in text
    else:
        few = f"({21 - shown} draws had too little for it)"
        some = f"{held_person} of the {shown} that have one {few}."
        assert f"{held}{held_pair}, the person interval in {some}" in text
    if size == 60:
        assert (shown < 21) == (rate < 1e-2) and shown
    tab_to(page, "Start again")
    page.keyboard.press("Enter")
    assert "No draw" in spoken(page)


def test_redraw_ends_at_the_most_draws(show) -> None:
    view = explorers.RedrawExplorer.example()
    most = view.meta["most"]
    view.people = view.sizes[0]
    view.drawn = [most - 3, 0, 0]
    page = show(view)
    tab_to(page, "20 more")
    page.keyboard.press("Enter")
    assert page.evaluate("explorer.get('drawn')") == [most, 0, 0]
    assert page.get_by_role("button", name="20 more").is_disabled()
    assert page.get_by_role("button", name="Meet another").is_disabled()
    assert f"Draw {most:,} of 30 people".replace(",", "") in live(page)


# ---- groups -------------------------------------------------------------------------------------


def wanted(pairs, group: np.ndarray, rate: str, t: float) -> intervals.Interval:
    """A row of the table, counted by labkit; ``group`` says for each person whether they are in."""
    if rate == "FMR":
        false, compared, _ = pairs.pair_counts(t)
        inside = np.ix_(group, group)
        return intervals.fmr_interval(false[inside], compared[inside])
    counts = pairs.mated_counts(t)
    images = np.bincount(pairs.people)
    failed = images - np.bincount(pairs.people[pairs.usable], minlength=PEOPLE)
    errors, trials = {
        "FNMR": (counts.missed, counts.made),
        "false rejection": (counts.missed + counts.planned - counts.made, counts.planned),
        "FTA": (failed, images),
    }[rate]
    return intervals.cluster_interval(errors[group], trials[group])


@pytest.mark.parametrize("rate", [rate.short for rate in RATES.values()])
@pytest.mark.parametrize("part", ["all", "restyled"])
def test_groups_agree_with_python(show, rate: str, part: str) -> None:
    pairs, band = population()
    by_person = band[:: len(band) // PEOPLE]
    half = np.where(np.arange(len(band)) // 4 < PEOPLE // 2, "lower", "upper")
    matchers = {"all": pairs, "restyled": pairs.mated_only("restyled")}
    view = explorers.groups(matchers, {"band": band, "half": half})
    page = show(view)
    if part == "restyled":
        tab_to(page, "Matcher")
        page.keyboard.press("ArrowDown")
    tab_to(page, "Rate")
    for _ in range(view.meta["rates"].index(rate)):
        page.keyboard.press("ArrowDown")
    tab_to(page, "Threshold")
    words = set()
    for keys in (["Home"], ["ArrowRight"], ["ArrowRight"] * 9, ["PageUp"], ["End"], ["ArrowLeft"]):
        for key in keys:
            page.keyboard.press(key)
        step = int(page.locator("input[type=range]").input_value())
        t = view.thresholds[step]
        text, found = spoken(page), rows(page)
        place = list(matchers).index(part)
        assert f"threshold {view.meta['described'][place]['told'][step]} (" in text
        assert [r["cells"][0] for r in found] == ["lighter", "medium", "darker"]
        for row in found:
            expected = wanted(matchers[part], by_person == row["cells"][0], rate, t)
            assert close(row["value"], expected.value)
            assert close(row["low"], expected.low) and close(row["high"], expected.high)
            assert ("lx-thin" in row["kind"]) == bool(expected.words)
            assert row["cells"][2] == f"{expected.errors:,}"
            assert row["cells"][3] == f"{expected.trials:,}"
            words.add(bool(expected.words))
    if rate == "FMR":
        assert words == {True, False}  # both kinds of row were seen
    tab_to(page, "Groups")
    page.keyboard.press("ArrowDown")
    assert [r["cells"][0] for r in rows(page)] == ["lower", "upper"]


def test_small_groups_are_grey_and_named_and_hide_nothing(show) -> None:
    """One group of a person made the mean of all "not known"; unknown was a row of its own."""
    pairs, _ = population()
    sizes = {"sixty": 60, "below": 59, "six": 6, "one": 1, "unknown": 24}
    said = np.repeat(np.repeat([*sizes], [*sizes.values()]), len(pairs) // PEOPLE)
    page = show(explorers.groups({"one": pairs}, {"said": said}))
    page.locator("input[type=range]").press("Home")
    note = "96 of 600 images have no group: they take no part in any comparison of groups"
    assert page.locator(".lx-note").inner_text() == note
    found = {row["cells"][0]: row for row in rows(page)}
    assert [*found] == ["below", "one", "six", "sixty"]
    assert [name for name, row in found.items() if "lx-thin" not in row["kind"]] == ["sixty"]
    inside = np.arange(PEOPLE) < 60
    t = float(page.evaluate("explorer.get('step')"))
    assert t == 0 and close(
        found["sixty"]["low"],
        wanted(pairs, inside, "FMR", rates.threshold_at_fmr(pairs.impostor, 0.05)).low,
    )
    below, six = (found[name]["cells"] for name in ("below", "six"))
    assert below[5] == "59 people: too few for an interval, which takes 60"
    assert below[7] == "takes 60 people" and "of people: too few for a rate" in six[5]
    text = spoken(page)
    assert "one: one person: nobody of the group to compare with" in text
    mean = (float(found["sixty"]["value"]) + float(found["below"]["value"])) / 2
    told = re.search(r"groups with 30 people or more: 1 in (\d+); too few: one, six\.$", text)
    assert told and int(told[1]) == round(1 / mean)
    marks = drawn(page)
    names = {m["text"]: m.get("class") for m in marks if m.get("font-weight") == "600"}
    assert names == {"below": "lx-quiet", "one": "lx-quiet", "six": "lx-quiet", "sixty": None}
    assert sum(m["text"] == below[5] for m in marks if m["tag"] == "text") == 1


def test_an_interval_that_goes_on_beyond_the_axis_has_no_end_there(show) -> None:
    """One person is behind every false match, so that the rate may be next to nothing."""
    rng = np.random.default_rng(0)
    faces = rng.normal(size=(70, 64))
    faces /= np.linalg.norm(faces, axis=1, keepdims=True)
    faces[0] = 0  # as near to everybody as nobody else is
    images = np.repeat(faces, 2, axis=0) + rng.normal(0, 1e-3, (140, 64))
    pairs = all_pairs(images, np.repeat(np.arange(70), 2))
    view = explorers.groups({"one": pairs}, {"all": ["everybody"] * 140}, start_fmr=0.02)
    page = show(view)
    (row,), marks = rows(page), drawn(page)
    x = scale(marks, log=True)
    (axis,) = (m for m in marks if m.get("class") == "lx-axis" and m["y1"] == m["y2"])
    (line,) = (m for m in marks if is_whisker(m))
    assert x(number(row["low"])) < float(axis["x1"]) < float(axis["x2"]) < x(number(row["high"]))
    y = line["d"].split(",")[1].partition("H")[0]
    assert line["d"] == f"M{axis['x1']},{y}H{axis['x2']}"


# ---- game ---------------------------------------------------------------------------------------


def a_game() -> explorers.GameExplorer:
    shade = [np.full((40, 40, 3), 30 * k, np.uint8) for k in range(8)]
    pairs = [(shade[k], shade[k + 1]) for k in (0, 2, 4, 6)]
    told = [[f"Between the eyes: {k} and {k + 1}.", "Glasses: none and none."] for k in range(4)]
    return explorers.game(pairs, [True, False, True, False], texts=told)


def test_game_with_keys_only(show) -> None:
    page = show(a_game())
    tab_to(page, "Same person")
    images = page.locator("img")
    assert images.count() == 2
    for k, key in enumerate("sdds"):
        assert page.locator("[data-lx=progress]").inner_text() == f"Pair {k + 1} of 4"
        stage = page.locator(".lx").inner_text()
        assert "right" not in stage.replace("Nothing says right or wrong", "")
        for alt in images.evaluate_all("(all) => all.map((i) => i.alt)"):
            assert alt.startswith(f"Pair {k + 1}, ")
            assert not any(w in alt for w in ("same", "different", "mated"))
        page.keyboard.press(key)
    assert page.evaluate("explorer.get('answers')") == ["same", "different", "different", "same"]
    text = spoken(page)
    assert (
        "2 of 4 answers are right (1 of 2 pairs of one person, 1 of 2 pairs of two people)" in text
    )
    assert "cannot rank anyone" in text
    assert [r["cells"][4] for r in rows(page)] == ["right", "right", "not right", "not right"]
    page.keyboard.press("s")  # nothing is left to answer
    assert page.evaluate("explorer.get('answers').length") == 4
    tab_to(page, "One pair back")
    page.keyboard.press("Enter")
    assert page.locator("[data-lx=progress]").inner_text() == "Pair 4 of 4"


def test_game_in_facts_shows_no_picture_and_is_read_out(show) -> None:
    page = show(a_game())
    tab_to(page, "Facts instead of pictures")
    page.keyboard.press("Space")
    assert page.locator("img").count() == 0
    assert "Between the eyes: 0 and 1." in spoken(page)
    assert page.locator("[data-lx=facts] li").count() == 2
    page.keyboard.press("d")
    assert "Kept: pair 1, different people. Pair 2 of 4" in spoken(page)
    assert "Between the eyes: 1 and 2." in spoken(page)


def test_game_leaves_keys_with_ctrl_to_the_browser(show) -> None:
    page = show(a_game())
    tab_to(page, "Same person")
    page.keyboard.press("Control+d")
    assert page.evaluate("explorer.get('answers')") == [""] * 4


# ---- what is drawn is what the tables say --------------------------------------------------------

DRAWN = """(svg) => [...svg.querySelectorAll("line, circle, path, text, rect")].map((e) => ({
  tag: e.tagName, text: e.textContent, ...Object.fromEntries(
    [...e.attributes].map((a) => [a.name, a.value])) }))"""
ALL_DIGITS = {"rel": 1e-6, "abs": 0.06}  # outlines are rounded to a tenth of a pixel


def drawn(page, picture: int = 0) -> list[dict]:
    """Every mark of a picture with its attributes."""
    return page.locator(".lx svg[role=img]").nth(picture).evaluate(DRAWN)


def named(text: str) -> float:
    """The number that the name of a tick stands for."""
    text = text.replace(",", "").replace("all", "1")
    if text.startswith("1 in "):
        return 1 / float(text[5:])
    return float(text.split()[0]) / (100 if text.endswith("100") else 1)


def scale(marks: list[dict], log: bool):
    """Where a value stands from left to right, by the first and the last tick that has a name."""
    short = (m for m in marks if m["tag"] == "line" and m.get("class") == "lx-axis")
    at = {float(m["x1"]) for m in short if abs(float(m["y2"]) - float(m["y1"]) - 4) < 1e-6}
    names = [m for m in marks if m["tag"] == "text" and float(m["x"]) in at and "class" not in m]
    known = sorted((named(m["text"]), float(m["x"])) for m in names)
    (a, left), (b, right) = known[0], known[-1]
    assert a < b and left < right
    turn = np.log if log else np.asarray
    return lambda x: float(left + (turn(x) - turn(a)) / (turn(b) - turn(a)) * (right - left))


def ends(mark: dict) -> tuple[float, float]:
    """Left and right end of a line with ends."""
    found = re.match(r"M([\d.]+),[\d.]+V[\d.]+M([\d.]+),", mark["d"])
    return float(found[1]), float(found[2])


def is_whisker(mark: dict) -> bool:
    return mark["tag"] == "path" and "H" in mark["d"]


@pytest.mark.parametrize("rate", [rate.short for rate in RATES.values()])
def test_groups_are_drawn_where_the_table_says(show, rate: str) -> None:
    pairs, band = population()
    view = explorers.groups({"one": pairs}, {"band": band})
    view.rate = rate
    view.step = 12
    page = show(view)
    marks, table = drawn(page), rows(page)
    x = scale(marks, log=rate == "FMR")
    shown = [row for row in table if "lx-thin" not in row["kind"]]
    dots = [m for m in marks if m["tag"] == "circle" and m["r"] == "5.5"]
    assert len(dots) == len(shown) and (shown or rate == "FTA")
    lines = [m for m in marks if is_whisker(m)]
    for row, dot, line in zip(shown, dots, lines, strict=True):
        assert float(dot["cx"]) == pytest.approx(x(number(row["value"])), **ALL_DIGITS)
        wanted = x(number(row["low"])), x(number(row["high"]))
        assert ends(line) == pytest.approx(wanted, **ALL_DIGITS)
    floors = [m for m in marks if m.get("stroke-dasharray") == "2 2" and m["tag"] == "line"]
    lowest = [named(row["cells"][7]) for row in table if row["cells"][7].startswith("1 in")]
    assert [float(m["x1"]) for m in floors] == pytest.approx([x(v) for v in lowest], abs=1)
    hollow = [m for m in marks if m["tag"] == "circle" and m["r"] == "5"]
    assert len(hollow) == len(table) - len(shown)


def test_draws_are_drawn_where_the_table_says(show) -> None:
    view = explorers.RedrawExplorer.example()
    page = show(view)
    page.locator("summary").click()
    marks, table = drawn(page), rows(page, 1)
    x = scale(marks, log=True)
    found = [row for row in table if number(row["value"])]
    dots = [float(m["cx"]) for m in marks if m["tag"] == "circle"]
    assert dots == pytest.approx([x(number(row["value"])) for row in found], **ALL_DIGITS)
    bars = [m for m in marks if m.get("stroke") == "var(--lab-b)"]
    for row, bar in zip(table, bars, strict=True):
        wanted = x(number(row["pairlow"])), x(number(row["pairhigh"]))
        assert (float(bar["x1"]), float(bar["x2"])) == pytest.approx(wanted, **ALL_DIGITS)
    lines = [m for m in marks if is_whisker(m)]
    shown = [row for row in table if row["low"]]
    for row, line in zip(shown, lines, strict=True):
        wanted = x(number(row["low"])), x(number(row["high"]))
        assert ends(line) == pytest.approx(wanted, **ALL_DIGITS)
    (town,) = (float(m["x1"]) for m in marks if m.get("stroke-dasharray") == "7 4")
    false, compared, _people = population()[0].pair_counts(view.meta["threshold"])
    assert town == pytest.approx(x(false.sum() / compared.sum()), **ALL_DIGITS)
    crosses = sum(m["text"] == "\u2717" for m in marks)
    assert crosses == sum(row["cells"][8] == "no" for row in shown)


def heights(path: dict) -> tuple[float, float]:
    """Highest and lowest place of an outline."""
    places = [float(y) for y in re.findall(r"[ML][\d.]+,([\d.]+)", path["d"])]
    return min(places), max(places)


def test_heaps_are_drawn_where_the_table_says(show) -> None:
    page = show(explorers.ThresholdExplorer.example())
    page.locator("input[type=range]").press("PageUp")
    marks, table = drawn(page), rows(page)
    x = scale(marks, log=False)
    slider, *marked = (number(row["threshold"]) for row in table[:3])
    (cut,) = (float(m["x1"]) for m in marks if m.get("stroke-width") == "2.5")
    assert cut == pytest.approx(x(slider), **ALL_DIGITS)
    dotted = [float(m["x1"]) for m in marks if m.get("stroke-dasharray") == "2 4"]
    assert dotted == pytest.approx([x(t) for t in marked], **ALL_DIGITS)

    # Mated pairs stand on the line and are striped left of the threshold, impostors the other way.
    (middle,) = {
        float(m["y1"])
        for m in marks
        if m.get("class") == "lx-axis" and m["y1"] == m["y2"] and float(m["y1"]) < 250
    }
    mated, impostor = (m for m in marks if "clip-path" in m)
    assert heights(mated)[1] == middle > heights(mated)[0] + 50
    assert heights(impostor)[0] == middle < heights(impostor)[1] - 50
    clips = [m for m in marks if m["tag"] == "rect" and m["height"] == "330"]
    low, high = [(float(m["x"]), float(m["x"]) + float(m["width"])) for m in clips]
    assert low == pytest.approx((0, cut)) and high[0] == pytest.approx(cut)
    parts = [re.search(r"lx-(low|high)-", m["clip-path"])[1] for m in (mated, impostor)]
    assert parts == ["low", "high"]


def test_the_curve_is_drawn_where_the_table_says(show) -> None:
    page = show(explorers.ThresholdExplorer.example())
    page.locator("input[type=range]").press("PageUp")
    marks, table = drawn(page, 1), rows(page)
    x = scale(marks, log=True)
    share = {m["text"]: float(m["y"]) - 4 for m in marks if m["text"] in ("0%", "100%")}

    def place(row: dict) -> tuple[float, float]:
        part = share["100%"] - share["0%"]
        return x(number(row["fmr"])), share["0%"] + number(row["fnmr"]) * part

    slider, first, second, floor = table
    (dot,) = (m for m in marks if m["tag"] == "circle")
    assert (float(dot["cx"]), float(dot["cy"])) == pytest.approx(place(slider), **ALL_DIGITS)
    diamonds = [m for m in marks if m["tag"] == "path" and m["d"].endswith("Z")]
    for row, diamond in zip((first, second), diamonds, strict=True):
        left, y = re.match(r"M([\d.]+),([\d.]+)", diamond["d"]).groups()
        assert (float(left) + 5, float(y)) == pytest.approx(place(row), **ALL_DIGITS)
    (edge,) = (float(m["x1"]) for m in marks if m.get("stroke-dasharray") == "6 3")
    assert edge == pytest.approx(place(floor)[0], **ALL_DIGITS)
    curve = next(m for m in marks if m["tag"] == "path" and m.get("fill") == "none")
    points = np.array(re.findall(r"([\d.]+),([\d.]+)", curve["d"]), float)
    for row in table:
        assert np.hypot(*(points - place(row)).T).min() < 0.1


# ---- every page ---------------------------------------------------------------------------------


PAPER = {"light": "rgb(255, 255, 255)", "dark": "rgb(20, 23, 26)"}
WIDTH_DRAWN = """(width) => innerWidth === width
  && [...document.querySelectorAll(".lx svg[width]")].every(
    (e) => Math.abs(e.parentElement.clientWidth - e.getAttribute("width")) < 1)"""
# Words that stick out of the picture they are in.
OUT = """() => [...document.querySelectorAll(".lx svg text")].filter((t) => {
  const a = t.getBoundingClientRect(), b = t.ownerSVGElement.getBoundingClientRect();
  return a.left < b.left - 1 || a.right > b.right + 1
    || a.top < b.top - 1 || a.bottom > b.bottom + 1;
}).map((t) => t.textContent)"""
# Names of ticks that run into each other: they stand on one line.
CROWDED = """() => [...document.querySelectorAll(".lx svg")].flatMap((svg) => {
  const names = [...svg.querySelectorAll("text[text-anchor=middle]:not([class])")];
  return names.filter((a) => names.some((b) => {
    const [p, q] = [a.getBoundingClientRect(), b.getBoundingClientRect()];
    return a !== b && a.getAttribute("y") === b.getAttribute("y")
      && p.left <= q.left && q.left < p.right + 2;
  }));
}).map((a) => a.textContent)"""
UNNAMED = """() => [...document.querySelectorAll("input, select, progress")]
  .filter((e) => !e.labels?.length && !e.getAttribute("aria-label")).length"""


@pytest.mark.parametrize("name", explorers.ALL)
def test_fits_and_is_named(show, shots, name: str) -> None:
    page = show(explorers.ALL[name].example())
    for details in page.locator("summary").all():
        if not details.evaluate("(s) => s.parentElement.open"):
            details.click()
    for width in (1280, 700, 400, 320):
        page.set_viewport_size({"width": width, "height": 900})
        for scheme in ("light", "dark"):
            page.emulate_media(color_scheme=scheme)
            page.wait_for_function(WIDTH_DRAWN, arg=width)
            page.screenshot(path=shots / f"{name}-{width}-{scheme}.png", full_page=True)
            assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), width
            assert not page.evaluate(OUT), width
            assert not page.evaluate(CROWDED), width
            paper = page.evaluate("getComputedStyle(document.querySelector('.lx')).backgroundColor")
            assert paper == PAPER[scheme]
    assert page.evaluate(UNNAMED) == 0
    ids = page.evaluate("[...document.querySelectorAll('[id]')].map((e) => e.id)")
    assert len(ids) == len(set(ids))
    assert page.evaluate("document.getAnimations().length") == 0

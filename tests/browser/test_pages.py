"""Each explorer as a page of its own in a real browser, worked with the keyboard alone.

What the page says is compared with what labkit counts.
"""

from __future__ import annotations

import re
from functools import cache

import cv2
import numpy as np
import pytest

from labkit.data import load
from labkit.measure import intervals, rates
from labkit.measure.rate import RATES
from labkit.measure.reading import in_words
from labkit.measure.scores import AllPairs, all_pairs
from labkit.views import explorers
from labkit.views.explorers.made_up import PEOPLE
from labkit.views.explorers.made_up import made_up_pairs as population
from labkit.views.identity import palette

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
    return page.locator("[data-lx=live]").text_content()


def large(page) -> list[str]:
    """The two large numbers of the threshold explorer, each with what stands under it."""
    return page.locator("[data-lx=numbers] p").all_inner_texts()


def spoken(page) -> str:
    """What a screen reader is told, once it has caught up with what is shown."""
    page.wait_for_function(
        """() => document.querySelector("[data-lx=spoken]").textContent
             === document.querySelector("[data-lx=live]").textContent"""
    )
    return page.locator("[data-lx=spoken]").text_content()


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
    tab_to(page, "Drag the line")
    counts, thresholds = view.arrays, view.arrays["thresholds"]

    def agrees(step: int) -> None:
        page.wait_for_function("(step) => explorer.get('step') === step", arg=step)
        false, missed = int(counts["false"][step]), int(counts["missed"][step])
        text = spoken(page)
        shown = view.meta["told"][step]
        assert text.startswith(f"At threshold {shown}: ")
        assert f": {false:,} of {pairs.impostor.size:,} comparisons of two people match" in text
        assert f"; {missed:,} of {pairs.genuine.size:,} comparisons of one person are" in text
        row = rows(page)[0]
        assert row["cells"][0] == "the line" and int(row["step"]) == step
        assert close(row["fmr"], rates.fmr(pairs.impostor, np.float32(thresholds[step])))
        assert close(row["fnmr"], rates.fnmr(pairs.genuine, np.float32(thresholds[step])))
        value = page.locator("input[type=range]").get_attribute("aria-valuetext")
        assert value.startswith(f"threshold {shown}: ")
        for number in large(page):
            assert number.split("\n")[0] in value

    step = view.step
    agrees(step)
    for key, move in (("ArrowRight", 1), ("ArrowRight", 1), ("ArrowLeft", -1), ("ArrowUp", 1)):
        page.keyboard.press(key)
        step += move
        agrees(step)
    page.keyboard.press("End")
    agrees(len(thresholds) - 1)
    bound = f"none of {pairs.impostor.size:,}\nstrangers match: the rate could still be up to 1 in"
    assert large(page)[0].startswith(bound)
    page.keyboard.press("Home")
    agrees(0)
    for letter, place in zip("AB", (place for _, place in view.meta["marks"])):
        tab_to(page, f"{letter}:")
        page.keyboard.press("Enter")
        agrees(place)


def test_threshold_heights_and_both_pictures(show) -> None:
    pairs, _ = population()
    page = show(explorers.threshold(pairs))
    details = page.get_by_text("Both rates at every threshold")
    assert not page.locator("svg[role=img]").nth(1).is_visible()
    details.click()
    page.locator("svg[role=img]").nth(1).wait_for()
    before = page.locator("svg path").first.get_attribute("d")
    tab_to(page, "Stretch")
    page.keyboard.press("Space")
    assert page.locator("svg path").first.get_attribute("d") != before
    bins = rows(page, 1)
    assert sum(int(r["cells"][1].replace(",", "")) for r in bins) == pairs.genuine.size
    assert sum(int(r["cells"][2].replace(",", "")) for r in bins) == pairs.impostor.size


SENT = """() => { const { save_changes } = explorer; window.sent = 0;
  explorer.save_changes = () => { window.sent += 1; save_changes(); }; }"""
LINE = "document.querySelector('.lx svg line[stroke-width=\"2.5\"]')"
LINE_AT = f"() => {LINE}.getBoundingClientRect().x"


def place_of(page, step: int) -> float:
    """Where the line stands at a step, from the left of the page."""
    page.evaluate("(k) => explorer.set('step', k)", step)
    return page.evaluate(LINE_AT)


def test_the_line_is_dragged_on_the_chart_and_stops_at_steps(show) -> None:
    """Finding: the line could not be taken; nothing is sent to Python before it is let go."""
    page = show(explorers.ThresholdExplorer.example())
    target, start = place_of(page, 60), place_of(page, 20)
    box = page.locator(".lx-drag svg").bounding_box()
    y = box["y"] + box["height"] / 3
    grip = page.locator(".lx-grip")
    assert grip.evaluate("(e) => getComputedStyle(e).cursor") == "ew-resize"
    assert grip.bounding_box()["width"] == pytest.approx(12, abs=0.1)
    page.evaluate(SENT)
    page.mouse.move(start + 4, y)
    page.mouse.down()
    seen = set()
    for x in np.linspace(start, target, 12):
        page.mouse.move(float(x), y)
        seen.add(page.evaluate("explorer.get('step')"))
        assert page.evaluate(LINE_AT) == pytest.approx(x, abs=3)
    assert len(seen) > 6 and page.evaluate("sent") == 0
    page.mouse.move(target, y + 600)  # far off the chart: the line is still held
    assert page.evaluate("explorer.get('step')") == 60 == int(rows(page)[0]["step"])
    page.mouse.up()
    assert page.evaluate("sent") == 1
    page.mouse.move(start, y)
    assert page.evaluate("explorer.get('step')") == 60
    page.keyboard.press("ArrowLeft")  # the slider below has the keyboard now
    assert page.evaluate("explorer.get('step')") == 59


def test_the_line_follows_the_mouse_from_end_to_end(show) -> None:
    """Finding: from 0.3 to 0.2 of the width the line stood still, then it jumped."""
    page = show(dev_with_faces()[0])
    box = page.locator(".lx-drag svg").bounding_box()
    y = box["y"] + box["height"] / 3
    page.mouse.move(place_of(page, 200), y)
    page.mouse.down()
    for share in np.linspace(0.02, 0.98, 49):
        x = box["x"] + share * box["width"]
        page.mouse.move(float(x), y)
        assert page.evaluate(LINE_AT) == pytest.approx(x, abs=6), share
    page.mouse.up()


def test_page_keys_move_ten_steps_as_is_said(show) -> None:
    pairs, band = population()
    groups = explorers.groups({"one": pairs}, {"band": band}, named="Pairs")
    for view in (explorers.ThresholdExplorer.example(), groups):
        page = show(view)
        slider = page.locator("input[type=range]")
        assert "Page Up, Down: 10" in page.locator(".lx").inner_text()
        for key, step in (("Home", 0), ("PageUp", 10), ("PageUp", 20), ("PageDown", 10)):
            slider.press(key)
            assert page.evaluate("explorer.get('step')") == step, (view.NAME, key)
    assert page.locator("label", has_text="Pairs").count() == 1
    assert page.locator("label", has_text="Matcher").count() == 0


def test_the_line_is_dragged_with_a_finger(show) -> None:
    """A finger near the line takes it; elsewhere it scrolls the page as ever."""
    page = show(explorers.ThresholdExplorer.example(), width=400, has_touch=True)
    target, start = place_of(page, 60), place_of(page, 20)
    box = page.locator(".lx-drag svg").bounding_box()
    y = box["y"] + box["height"] / 3
    fingers = page.context.new_cdp_session(page)

    def finger(kind: str, *x: float) -> None:
        points = [{"x": float(one), "y": y} for one in x]
        fingers.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": points})

    finger("touchStart", start + 60)
    finger("touchEnd")
    assert page.evaluate("explorer.get('step')") == 20
    finger("touchStart", start + 15)
    for x in np.linspace(start + 15, target, 12):
        finger("touchMove", x)
    finger("touchEnd")
    page.wait_for_function("explorer.get('step') === 60")


def thumb_at(page) -> float:
    """The middle of the slider's thumb, looked for in a picture of the slider."""
    box = page.locator("input.lx-on-axis").bounding_box()
    png = page.screenshot(clip=box)
    picture = cv2.imdecode(np.frombuffer(png, np.uint8), cv2.IMREAD_GRAYSCALE)
    top = picture[4 : len(picture) // 2 - 3]  # above the track only the thumb is dark
    dark = np.flatnonzero((top < 80).any(0))
    return box["x"] + (dark[0] + dark[-1] + 1) / 2


@pytest.mark.parametrize("width", [1280, 400, 320])
def test_the_thumb_stands_under_the_line(show, width: int) -> None:
    """Finding: the thumb was at 539 pixels, the line at 840."""
    view = explorers.ThresholdExplorer.example()
    page = show(view, width=width)
    last = len(view.arrays["thresholds"]) - 1
    for step in (0, last // 5, last // 2, last - 20, last):
        line = place_of(page, step)
        assert thumb_at(page) == pytest.approx(line, abs=2), step
    # At every step, by where a thumb of 20 pixels stands.
    at = page.evaluate(
        f"""(last) => {{ const e = document.querySelector("input.lx-on-axis"); const out = [];
        for (let k = 0; k <= last; k += 1) {{ explorer.set("step", k);
          const b = e.getBoundingClientRect(), share = (e.value - e.min) / (e.max - e.min);
          out.push(b.x + 10 + share * (b.width - 20) - {LINE}.getBoundingClientRect().x); }}
        return out; }}""",
        last,
    )
    assert len(at) == last + 1 and np.abs(at).max() < 2


@cache
def dev_with_faces() -> tuple[explorers.ThresholdExplorer, AllPairs]:
    faces = load("anytown/dev")
    pairs = all_pairs(faces.templates, faces.of("person"))
    lab = rates.threshold_at_fmr(pairs.impostor, 1e-2)
    return explorers.threshold(pairs, faces=faces, lab=lab), pairs


@pytest.mark.parametrize("width", [1280, 880])  # a page, and a notebook beside its file browser
def test_the_threshold_explorer_fits_a_laptop_with_its_faces(show, width: int) -> None:
    """Within 640 pixels at 1280 wide, wherever the line stands, with the title of a notebook."""
    view, _ = dev_with_faces()
    page = show(view, width=width)
    page.add_style_tag(content=".lx .lx-name { display: block !important; }")
    for step in range(0, len(view.arrays["thresholds"]), 30):
        page.evaluate("(k) => explorer.set('step', k)", step)
        assert page.locator(".lx").bounding_box()["height"] <= 640, step
    page.get_by_role("button", name="The lab's threshold").click()
    assert page.evaluate("explorer.get('step')") == view.meta["lab"]


def test_the_faces_beside_the_line_are_shown_at_every_step(show) -> None:
    """Finding: nobody saw a falsely matched pair."""
    view, _ = dev_with_faces()
    page, meta, arrays = show(view), view.meta["faces"], view.arrays
    page.evaluate(SENT)
    slider = page.locator("input.lx-on-axis")
    for key in ("Home", *["PageUp"] * 12, *["PageDown"] * 2, "End"):
        slider.press(key)
        step = page.evaluate("explorer.get('step')")
        for kind in ("above", "below"):
            place = int(arrays[kind][step])
            pair = page.locator(f".lx-pair.lx-{kind}")
            said = pair.locator(f"[data-lx={kind}]").inner_text()
            tiles = pair.locator(".lx-face:visible")
            if place == 65535:
                assert tiles.count() == 0 and said in (
                    "No two people are taken for one here.",
                    "Nobody is missed here.",
                )
                continue
            first, second, score, who, what = meta["pairs"][place]
            ages = {"a": meta["ages"][first], "b": meta["ages"][second]}
            about = " ".join([meta["said"][who].format(**ages), meta["said"][what]])
            near = f", just {kind} the line." in said
            assert near == bool(arrays[f"near_{kind}"][step])
            assert near or f", the nearest shown {kind} the line." in said
            shown = [int(x) for x in tiles.evaluate_all("(all) => all.map((e) => e.dataset.place)")]
            assert shown == [first, second] and said.endswith(about) and f"{score}," in said
            names = tiles.evaluate_all("(all) => all.map((e) => e.getAttribute('aria-label'))")
            assert all(name.endswith("photograph, drawn") for name in names)
    blank = """() => new Promise((done) => { const e = document.querySelector(".lx-face");
      const image = new Image(); image.onload = () => done([image.width, image.height]);
      image.src = e.style.backgroundImage.slice(5, -2); })"""
    width, height = page.evaluate(blank)
    assert width == meta["tile"] * meta["columns"] and height >= meta["tile"]


def test_what_python_sets_is_shown(show) -> None:
    pairs, _ = population()
    page = show(explorers.threshold(pairs))
    before = live(page)
    page.evaluate("explorer.set('step', 3)")
    assert live(page) != before
    assert rows(page)[0]["step"] == "3"


# ---- mixes --------------------------------------------------------------------------------------


def test_a_mix_is_chosen_with_the_keyboard(show) -> None:
    """Dots, faces, words and table are those of the mix; Python is told once for each choice."""
    view = explorers.MixesExplorer.example()
    page, meta = show(view), view.meta
    page.evaluate(SENT)
    tab_to(page, meta["mixes"][0]["name"])
    ends = set()
    for k, mix in enumerate(meta["mixes"]):
        if k:
            page.keyboard.press("ArrowRight")
        page.wait_for_function("(key) => explorer.get('mix') === key", arg=mix["key"])
        assert page.evaluate("sent") == k
        assert f"Learned from {mix['people']}." in spoken(page)
        assert page.locator("[data-lx=learned]").inner_text() in live(page)
        found = rows(page)
        wanted = [row for rates_ in mix["rates"] for row in rates_]
        for row, rate in zip(found, wanted, strict=True):
            for end in ("value", "low", "high"):
                assert close(row[end], rate[end])
            assert row["cells"][2] == in_words(rate["value"])
        pictures = page.locator("svg[role=img]")
        assert pictures.count() == 2
        for n in range(2):
            assert pictures.nth(n).locator("[data-lx=mean]").count() == len(meta["bands"])
            assert pictures.nth(n).locator("[data-lx=training]").count() == 3 * len(meta["bands"])
            texts = pictures.nth(n).locator("text:not([class])").all_inner_texts()
            ends.add((n, *texts))
        shown = page.locator(".lx-face:visible").evaluate_all(
            "(all) => all.map((e) => Number(e.dataset.place))"
        )
        pairs = [meta["pairs"][place] for place in mix["pairs"]]
        assert shown == [tile for pair in pairs for tile in pair["tiles"]]
        said = page.locator("[data-lx=pair]").all_inner_texts()
        for words_, pair in zip(said, pairs, strict=True):
            assert f"{pair['errors']} of {pair['trials']} comparisons match." in words_
            assert mix["name"] not in words_.partition("match.")[2]
    assert len(ends) == 2, "the axes stay where they are"


# ---- watchlist ----------------------------------------------------------------------------------


def test_a_watchlist_is_set_with_the_keyboard(show) -> None:
    """Three sliders; people, table, words and the drawn figures are those that Python counts."""
    view = explorers.WatchlistExplorer.example()
    page, meta = show(view), view.meta
    page.evaluate(SENT)
    tab_to(page, view.words()["gallery"])
    page.keyboard.press("Home")
    page.keyboard.press("Tab")
    page.keyboard.press("End")
    page.keyboard.press("Tab")
    page.keyboard.press("ArrowLeft")
    at = page.evaluate("['size', 'wanted', 'step'].map((k) => explorer.get(k))")
    assert at == [0, len(meta["wanted"]) - 1, view.step - 1]
    assert page.evaluate("sent") == 3
    view.size, view.wanted, view.step = at
    wanted = meta["wanted"][view.wanted]
    unit = int(
        re.search(r"figure: ([\d,]+|one)", page.locator("figcaption").first.inner_text())[1]
        .replace("one", "1")
        .replace(",", "")
    )
    for k, row in enumerate(rows(page)):
        fpir, tpir = view.found(row["cells"][0])
        for key, rate in (("fpir", fpir.value), ("tpir", tpir.value), ("high", fpir.high)):
            assert close(row[key], rate)
        assert row["cells"][0] in spoken(page) and view.still().rows[k][3] in row["cells"]
        drawn_ = page.locator("svg[role=img]").nth(k)
        for key, people in (
            ("right", wanted * tpir.value),
            ("wrong", (meta["people"] - wanted) * fpir.value),
        ):
            heap = drawn_.locator(f"[data-lx={key}]")
            whole = int(heap.get_attribute("data-figures")) if heap.count() else 0
            assert whole == int(people / unit + 1e-9), (key, people)
    dots = page.locator("[data-lx='fpir 0']").evaluate_all(
        "(all) => all.map((e) => e.dataset.value)"
    )
    assert len(dots) == len(meta["sizes"])


def test_a_gallery_that_nobody_searched_is_refused(show) -> None:
    """Beyond the largest gallery there are no people, only stripes and the formula's bound."""
    view = explorers.WatchlistExplorer.example()
    page, meta = show(view), view.meta
    tab_to(page, view.words()["gallery"])
    page.keyboard.press("End")
    page.wait_for_function("(n) => explorer.get('size') === n", arg=len(meta["galleries"]) - 1)
    assert page.locator("[data-lx=refused]").count() == len(meta["matchers"])
    assert page.locator("[data-lx=right], [data-lx=wrong], [data-lx=missed]").count() == 0
    assert "not measured" in spoken(page) and "at most" in spoken(page)
    for row in rows(page):
        assert set(row["cells"][1:4]) == {"not measured"} and "by formula" in row["cells"][4]


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
    mean = in_words((float(found["sixty"]["value"]) + float(found["below"]["value"])) / 2)
    assert text.endswith(f"groups with 30 people or more: {mean}; too few: one, six.")
    shown = {name: row["cells"][4] for name, row in found.items()}
    assert {name for name, rate in shown.items() if rate == "not shown"} == {"below", "one", "six"}
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
    return explorers.game(pairs, [True, False, True, False], texts=told, guess=3)


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
    assert page.locator("[data-lx=progress]").inner_text() == "You 2, your guess 3"
    text = spoken(page)
    assert "2 of 4 answers are right: 1 of 2 pairs of one person, 1 of 2 pairs of two" in text
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
    assert page.locator("[data-lx=facts] li").count() == 2
    page.keyboard.press("d")
    assert "Kept: pair 1, two people. Pair 2 of 4" in spoken(page)
    read_out = page.locator("[aria-live=polite]").all_text_contents()
    assert sum("Between the eyes: 1 and 2." in text for text in read_out) == 1
    whole = page.locator(".lx").text_content()
    assert whole.count("Between the eyes: 1 and 2.") == 1, "facts were said twice"


def test_the_game_ends_with_what_was_judged_wrongly(show) -> None:
    """Pictures of 160 pixels were blown up to 240; the end was one long table."""
    page = show(a_game())
    assert page.locator(".lx-pictures img").first.bounding_box()["width"] == 160
    for key in "sdds":
        page.keyboard.press(key)  # the game has the focus from the first
    squares = page.locator(".lx-square")
    assert squares.all_inner_texts() == ["\u2713", "\u2713", "\u2717", "\u2717"]
    label = page.locator(".lx-squares").get_attribute("aria-label")
    assert label == "Every pair in its order: 1 right, 2 right, 3 not right, 4 not right"
    wrong = page.locator(".lx-wrong")
    assert wrong.locator("p").all_inner_texts() == [
        "Pair 3. You said: two people. They are: one person.",
        "Pair 4. You said: one person. They are: two people.",
    ]
    assert [e.bounding_box()["width"] for e in wrong.locator("img").all()] == [160] * 4
    assert page.locator("table:visible").count() == 0
    page.get_by_text("All your answers").click()
    assert page.locator("table:visible").count() == 1
    tab_to(page, "Facts instead of pictures")
    page.keyboard.press("Space")
    assert page.locator("img").count() == 0
    assert wrong.locator("li").count() == 4


def test_enter_with_shift_is_never_an_answer(show) -> None:
    """Finding: Shift+Enter, pressed to go on, answered the pair with the button that had focus."""
    page = show(a_game())
    page.get_by_role("button", name="Same person").click()
    for key in ("Shift+Enter", "Control+Enter", "Meta+Enter", "Alt+Enter"):
        page.keyboard.press(key)
        assert page.evaluate("explorer.get('answers')") == ["same", "", "", ""], key
    page.keyboard.press("Enter")
    assert page.evaluate("explorer.get('answers')") == ["same", "same", "", ""]
    for _ in range(2):
        page.get_by_role("button", name="Different people").click()
    page.get_by_role("button", name="Play again").wait_for()
    frames = "() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))"
    page.evaluate(frames)  # a browser takes the focus from what is hidden a moment later
    assert page.evaluate("document.activeElement.className") == "lx"


def test_kept_answers_are_shown_and_can_be_played_again(show) -> None:
    shade = [np.full((40, 40, 3), 30 * k, np.uint8) for k in range(4)]
    pairs = [(shade[0], shade[1]), (shade[2], shade[3])]
    page = show(explorers.game(pairs, [True, False], answers=["same", "same"]))
    assert page.locator("[data-lx=progress]").inner_text() == "You 1 of 2"
    page.get_by_role("button", name="Play again").click()
    assert page.locator("[data-lx=progress]").inner_text() == "Pair 1 of 2"
    assert page.get_by_role("button", name="Start again").is_visible()
    page = show(explorers.game(pairs, [True, False], answers=["same"]))
    assert page.locator("[data-lx=progress]").inner_text() == "Pair 2 of 2"


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
    floors = [m for m in marks if m.get("data-lx") == "floor"]
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
    slider, _lab, *marked = (number(row["threshold"]) for row in table[:4])
    (cut,) = (float(m["x1"]) for m in marks if m.get("stroke-width") == "2.5")
    assert cut == pytest.approx(x(slider), **ALL_DIGITS)
    dotted = [float(m["x1"]) for m in marks if m.get("stroke-dasharray") == "2 4"]
    assert dotted == pytest.approx([x(t) for t in marked], **ALL_DIGITS)

    # Mated pairs stand on the line and are striped left of the threshold, impostors the other way.
    (middle,) = {
        float(m["y1"])
        for m in marks
        if m.get("class") == "lx-axis" and m["y1"] == m["y2"] and float(m["y1"]) < 180
    }
    mated, impostor = (m for m in marks if "clip-path" in m)
    assert heights(mated)[1] == middle > heights(mated)[0] + 50
    assert heights(impostor)[0] == middle < heights(impostor)[1] - 50
    clips = [m for m in marks if m["tag"] == "rect" and m["height"] == "240"]
    low, high = [(float(m["x"]), float(m["x"]) + float(m["width"])) for m in clips]
    assert low == pytest.approx((0, cut)) and high[0] == pytest.approx(cut)
    parts = [re.search(r"lx-(low|high)-", m["clip-path"])[1] for m in (mated, impostor)]
    assert parts == ["low", "high"]


def test_the_curve_is_drawn_where_the_table_says(show) -> None:
    page = show(explorers.ThresholdExplorer.example())
    page.locator("input[type=range]").press("PageUp")
    page.get_by_text("Both rates at every threshold").click()
    page.locator("svg[role=img]").nth(1).wait_for()
    marks, table = drawn(page, 1), rows(page)
    x = scale(marks, log=True)
    share = {m["text"]: float(m["y"]) - 4 for m in marks if m["text"] in ("0%", "100%")}

    def place(row: dict) -> tuple[float, float]:
        part = share["100%"] - share["0%"]
        return x(number(row["fmr"])), share["0%"] + number(row["fnmr"]) * part

    slider, _lab, first, second, floor = table
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


# ---- what stands after many inputs ---------------------------------------------------------------

# Works whatever control chance picks, folds among them, then opens every fold.
WORKED = """async ([seed, times]) => {
  let n = seed;
  const chance = (most) => { n = (1103515245 * n + 12345) % 2147483648; return n % 8191 % most; };
  const tell = (node, ...types) =>
    types.forEach((type) => node.dispatchEvent(new Event(type, { bubbles: true })));
  const some = "input:not([type=file]), select, button:not(:disabled), details";
  const one = {
    range: (e) => {
      const [low, high] = [Number(e.min), Number(e.max)];
      e.value = low + (high - low) * chance(101) / 100;
      tell(e, "input", "change");
    },
    "select-one": (e) => { e.selectedIndex = chance(e.options.length); tell(e, "change"); },
  };
  const fold = (e) => new Promise((done) => {
    e.addEventListener("toggle", done, { once: true });
    e.open = !e.open;
  });
  for (let k = 0; k < times; k += 1) {
    const all = [...document.querySelectorAll(".lx")[0].querySelectorAll(some)];
    const e = all[chance(all.length)];
    if (e.localName === "details") await fold(e);
    else (one[e.type] ?? (() => e.click()))(e);
  }
  await Promise.all([...document.querySelectorAll(".lx details:not([open])")].map(fold));
}"""
PLAYED = ("game", "review")  # of which each pair, or case, is written anew
# What stands there, but for names that differ each time.
STANDS = r"""() => {
  const plain = (text) => text.replace(/lx-(\w+)-[a-z0-9]{5,12}/g, "lx-$1")
    .replace(/blob:[^")]+/g, "blob").replace(/\s+/g, " ");
  const told = (node) => node.nodeType === 3 ? node.data : [node.localName,
    ...[...node.attributes].map((a) => `${a.name}=${plain(a.value)}`).sort(),
    ...[...node.childNodes].map(told).filter((x) => x !== "")];
  return [...document.querySelectorAll(".lx svg, .lx table, .lx .lx-live, .lx .lx-wrongs")]
    .filter((node) => node.getClientRects().length).map(told);
}"""


@pytest.mark.parametrize("name", [name for name in explorers.ALL if name not in PLAYED])
def test_after_many_inputs_stands_what_a_new_page_shows(show, name: str) -> None:
    """Of a picture and a table only what differs is changed: nothing may be left over."""
    pairs, band = population()
    stretched = {  # axes that reach farther for some of their inputs
        "redraw": lambda: explorers.redraw(
            pairs, rates.threshold_at_fmr(pairs.impostor, 5e-2), sizes=(6, 20, 90)
        ),
        "groups": lambda: explorers.groups({"one": pairs}, {"band": band}),
    }
    view = stretched.get(name, explorers.ALL[name].example)()
    page = show(view)
    for seed in (20, 21, 22, 23, 24, 25, 30, 37, 65):
        page.evaluate(WORKED, [seed, 40])
        found = page.evaluate(STANDS)
        for trait in view.SENT:
            setattr(view, trait, page.evaluate("(name) => explorer.get(name)", trait))
        anew = show(view)
        anew.evaluate(WORKED, [0, 0])
        wanted = anew.evaluate(STANDS)
        anew.close()
        assert len(found) == len(wanted) > 0
        for one, other in zip(found, wanted, strict=True):
            assert one == other, seed


# ---- every page ---------------------------------------------------------------------------------


PAPER = {
    theme: f"rgb({', '.join(str(int(palette(theme)['paper'][k : k + 2], 16)) for k in (1, 3, 5))})"
    for theme in ("light", "dark")
}
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


# Words that a line runs through: those with the colour of the page around them are kept free.
STRUCK = """() => [...document.querySelectorAll(".lx svg")].flatMap((svg) => {
  const lines = [...svg.querySelectorAll("line:not(.lx-grid):not(.lx-axis)")];
  return [...svg.querySelectorAll("text:not(.lx-halo)")].filter((t) => {
    const a = t.getBoundingClientRect();
    return lines.some((line) => { const b = line.getBoundingClientRect();
      return b.left < a.right && b.right > a.left && b.top < a.bottom - 2 && b.bottom > a.top + 2;
    }); });
}).map((t) => t.textContent)"""


# Lines drawn over words that have a ground: what comes later in a picture lies above.
OVER_GROUND = """() => [...document.querySelectorAll(".lx svg")].flatMap((svg) => {
  const lines = [...svg.querySelectorAll("line:not(.lx-grid):not(.lx-axis), rect[rx]")];
  return [...svg.querySelectorAll("text.lx-halo")].filter((t) => {
    const a = t.getBoundingClientRect();
    return parseFloat(getComputedStyle(t).strokeWidth) < 8 || lines.some((line) => {
      const b = line.getBoundingClientRect();
      return t.compareDocumentPosition(line) & Node.DOCUMENT_POSITION_FOLLOWING
        && b.left < a.right && b.right > a.left && b.top < a.bottom - 2 && b.bottom > a.top + 2;
    }); });
}).map((t) => t.textContent)"""
TICKS = """() => [...document.querySelector(".lx svg").querySelectorAll("text:not([class])")]
  .filter((t) => /^-?[0-9.]+$/.test(t.textContent)).length"""


# Words at the head of the picture that run into each other.
OVER = """() => { const all = [...document.querySelector(".lx svg").querySelectorAll("text")]
    .filter((t) => t.getAttribute("y") === "16").map((t) => t.getBoundingClientRect());
  return all.some((a) => all.some((b) => a !== b && a.left <= b.left && b.left < a.right + 2)); }"""


@pytest.mark.parametrize("width", [1280, 400])
def test_no_line_runs_through_words(show, width: int) -> None:
    """Findings: ticks through "too few: see the table", a dotted line through "no draw yet"."""
    pairs, band = population()
    t = rates.threshold_at_fmr(pairs.impostor, 5e-2)
    for view in (
        explorers.groups({"one": pairs}, {"band": band}),
        explorers.redraw(pairs, t, sizes=(60, 90)),
        explorers.ThresholdExplorer.example(),
    ):
        page = show(view, width=width)
        if view.NAME == "groups":
            page.locator("input[type=range]").press("End")
            assert page.locator("circle[stroke-dasharray]").count() > 1
            ticks = [e.bounding_box() for e in page.locator("[data-lx=floor]").all()]
            names = page.locator("svg text[font-weight='600']").all()
            ends = [(b["y"], b["y"] + b["height"]) for b in (e.bounding_box() for e in names)]
            assert len(ticks) == 2
            for tick in ticks:
                low = tick["y"] + tick["height"]
                assert not any(tick["y"] < end - 2 and low > top for top, end in ends), "on its row"
        assert not page.evaluate(STRUCK), view.NAME
        if view.NAME == "threshold":
            for step in range(0, len(view.arrays["thresholds"]), 15):
                page.evaluate("(k) => explorer.set('step', k)", step)
                assert not page.evaluate(STRUCK) and not page.evaluate(OVER), step
                assert not page.evaluate(OUT), step
                assert not page.evaluate(OVER_GROUND), step
                wide = page.locator("svg text.lx-halo", has_text="false match").first
                assert wide.count() == 1, "a number alone is no label"
            assert page.evaluate(TICKS) >= 3
        else:
            assert not page.evaluate(OVER_GROUND), view.NAME


def test_dots_of_groups_say_their_rate_and_the_lab_is_found_again(show) -> None:
    pairs, band = population()
    t = rates.threshold_at_fmr(pairs.impostor, 0.02)
    view = explorers.groups({"one": pairs}, {"band": band}, thresholds={"one": t})
    page = show(view)
    slider = page.locator("input[type=range]")
    slider.press("ArrowRight")
    moved = page.evaluate("explorer.get('step')")
    page.get_by_role("button", name="The lab's threshold").click()
    assert page.evaluate("explorer.get('step')") == view.step == moved - 1
    texts = {m["text"] for m in drawn(page) if m["tag"] == "text"}
    shown = [row for row in rows(page) if "lx-thin" not in row["kind"]]
    assert shown and {in_words(number(row["value"])) for row in shown} <= texts
    assert "1 in 100 asked" in texts
    (asked,) = (float(m["x1"]) for m in drawn(page) if m.get("data-lx") == "asked")
    assert asked == pytest.approx(scale(drawn(page), log=True)(0.01), abs=1)
    marks = [m for m in drawn(page) if m.get("font-weight") == "600"]
    places = [float(m["y"]) for m in marks]
    assert np.diff(places).tolist() == [40] * (len(places) - 1)
    assert page.locator("table:visible").count() == 0 and not page.locator(".lx-live").is_visible()


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("name", explorers.ALL)
@pytest.mark.parametrize("width", [1280, 320])
def test_axe_finds_nothing(show, axe, name: str, scheme: str, width: int) -> None:
    page = show(explorers.ALL[name].example(), scheme=scheme, width=width)
    assert axe(page) == []
    answer_all(page, name)
    for details in page.locator("summary").all():
        if not details.evaluate("(s) => s.parentElement.open"):
            details.click()
    assert axe(page) == []


ANSWERS = {"game": "sdds", "review": "1n25"}


def answer_all(page, name: str) -> None:
    """Games show their tables at the end."""
    for key in ANSWERS.get(name, ""):
        page.keyboard.press(key)


@pytest.mark.parametrize("name", explorers.ALL)
def test_table_holds_what_the_page_shows(show, name: str) -> None:
    """The head of each row, and every number that the page's row carries."""
    view = explorers.ALL[name].example()
    page = show(view)
    answer_all(page, name)
    for trait in ("step", "answers"):
        if trait in view.SENT:
            setattr(view, trait, page.evaluate("(name) => explorer.get(name)", trait))
    found = rows(page, {"review": 1}.get(name, 0))
    table = view.table()
    assert len(found) == len(table) > 0
    numbers = 0
    for row, (_at, wanted) in zip(found, table.iterrows(), strict=True):
        head = wanted.iloc[0]
        shown = view.strip.told(int(wanted["step"])) if name == "maker" else str(head)
        if isinstance(head, float):  # a number at the head of a row is shown rounded
            assert float(row["cells"][0]) == float(f"{head:.3g}")
        else:
            assert row["cells"][0] == shown
        for key in set(row) - {"kind", "cells", "lx"}:
            assert close(row[key], float(wanted[key])), (key, row)
            numbers += bool(row[key])
    assert numbers >= len(found)


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

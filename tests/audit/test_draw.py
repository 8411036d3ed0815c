"""What stands where in the drawings."""

from __future__ import annotations

import re

import numpy as np
import pytest

from labkit.audit import draw
from labkit.measure.intervals import Interval


def test_the_marks_of_an_axis_do_not_touch():
    axis = draw.Axis(1e-6, 1.0, True, 40)
    ends = []
    for mark in axis.draw(10, 190, "FMR"):
        if mark.name != "text" or not re.fullmatch(r"[\d.]+", mark.text):
            continue
        wide = len(mark.text) * draw.DIGIT
        before = {"": 0, "middle": wide / 2, "end": wide}[mark.attributes.get("class", "")]
        left = float(mark.attributes["x"]) - before
        ends.append((left, left + wide))
    assert len(ends) >= 5, "most powers of ten keep their label"
    assert all(a[1] < b[0] for a, b in zip(sorted(ends), sorted(ends)[1:]))


def places(figure: draw.Figure, name: str, kind: str = "") -> list[dict[str, str]]:
    """Attributes of the marks of one name and kind."""
    return [
        mark.attributes
        for mark in figure.marks
        if mark.name == name and (not kind or mark.attributes.get("class") == kind)
    ]


WIDE = {"left": 164.0, "right": 480.0, "width": 720}
"""Where the rows of a wide drawing stand: names to the left of it, rates to the right."""


def two_groups(**second) -> draw.Figure:
    cells = [
        draw.Cell("east", Interval(0.02, 0.01, 0.05), "brief", "in full"),
        draw.Cell("west", Interval(**second), "few", "too few, in full"),
    ]
    return draw.groups("f", "title", "axis", cells, log=True)


def test_an_interval_is_drawn_from_end_to_end_with_its_rate_within():
    figure = two_groups(value=0.1, low=0.05, high=0.2)
    axis = draw.Axis(1e-3, 1.0, True, **WIDE)
    line, other = places(figure, "line", "a")
    assert (float(line["x1"]), float(line["x2"])) == pytest.approx(
        (axis.at(0.01), axis.at(0.05)), abs=0.06
    )
    assert float(places(figure, "circle")[0]["cx"]) == pytest.approx(axis.at(0.02), abs=0.06)
    assert float(other["x1"]) == pytest.approx(axis.at(0.05), abs=0.06)
    assert float(other["y1"]) > float(line["y1"]) and line["y1"] == line["y2"]
    assert [c["class"] for c in places(figure, "circle")] == ["dot", "dot"]
    assert figure.said == "east: in full. west: too few, in full."


def test_too_little_for_a_rate_has_no_dot_and_no_interval():
    """A hollow dot at 0.22 was read as an estimate, though the page said "too few for a rate"."""
    figure = two_groups(value=0.1, words="too few")
    assert len(places(figure, "circle")) == 1 and len(places(figure, "line", "a")) == 1
    assert not places(figure, "line", "limit")
    nothing = two_groups(value=0.0, words="none")
    assert len(places(nothing, "circle")) == 1, "nought has no place on an axis of ratios"


def test_no_error_is_a_broken_line_up_to_the_limit():
    cells = [
        draw.Cell("east", Interval(0.02, 0.01, 0.05), "brief", "in full"),
        draw.Cell("west", Interval(0.0, words="none"), "none", "none", 0.004),
    ]
    figure = draw.groups("f", "title", "axis", cells, log=True)
    axis = draw.Axis(1e-3, 0.1, True, **WIDE)
    (line,) = places(figure, "line", "limit")
    assert float(line["x1"]) == axis.left
    assert float(line["x2"]) == pytest.approx(axis.at(0.004), abs=0.06)
    (end,) = places(figure, "line", "limit thread")
    assert end["x1"] == end["x2"] == line["x2"]


def test_log_axes_go_in_steps_of_ten_and_others_from_nought():
    assert [draw.tick(x) for x in draw.Axis(1e-3, 1.0, True).ticks()] == [
        "0.001",
        "0.01",
        "0.1",
        "1",
    ]
    figure = draw.groups(
        "f", "t", "a", [draw.Cell("g", Interval(0.2, 0.1, 0.3), "", "")], log=False
    )
    labels = [m.text for m in figure.marks if m.name == "text"]
    assert labels[:4] == ["0.3", "0.2", "0.1", "0"]


@pytest.mark.parametrize("distance", [False, True])
def test_both_heaps_have_their_own_name_and_the_threshold_stands_between(distance):
    genuine, impostor = np.array([-1.0, -1.2, -1.1]), np.array([-4.0, -3.0, -3.5])
    sides = [("one", genuine), ("two", impostor)]
    figure = draw.histogram("f", "t", sides, -2.0, "said", distance=distance)
    axis = draw.Axis(-4.0, -1.0, False, right=712.0, width=720)
    (mark,) = places(figure, "line", "mark")
    assert float(mark["x1"]) == float(mark["x2"]) == pytest.approx(axis.at(-2.0), abs=0.06)
    a, b = places(figure, "path", "heap a")[0]["d"], places(figure, "path", "heap b")[0]["d"]
    middle = [_middle(path) for path in (a, b)]
    assert middle[0] > axis.at(-2.0) > middle[1], "alike is to the right"
    keys = [(m.attributes["class"], m.attributes["x1"]) for m in figure.marks if m.name == "line"]
    names = {m.text: m.attributes["x"] for m in figure.marks if m.name == "text"}
    (left,), (right,) = ([x for kind, x in keys if kind == k] for k in ("a", "b"))
    assert float(left) < float(names["one"]) < float(right) < float(names["two"])
    labels = [m.text for m in figure.marks if re.fullmatch(r"[−\d.]+", m.text)]
    assert labels and all(label.startswith("−") != distance for label in labels)
    assert ("distance: alike to the right" in names) == distance


@pytest.mark.parametrize(("t", "said"), [(9.0, "beyond all →"), (-9.0, "← threshold")])
def test_a_threshold_beyond_all_scores_is_not_drawn_at_the_edge(t, said):
    sides = [("one", np.array([-1.0, -1.2])), ("two", np.array([-4.0, -3.0]))]
    figure = draw.histogram("f", "t", sides, t, "said", distance=False)
    assert not places(figure, "line", "mark")
    assert any(said in mark.text for mark in figure.marks)


def _middle(path: str) -> float:
    """Where the highest bar of a heap ends."""
    bars = [(float(y), float(x)) for y, x in re.findall(r"V([\d.]+)H([\d.]+)", path)]
    return min(bars)[1]


def test_nothing_of_the_curve_is_drawn_below_the_floor():
    fmrs = np.array([0.02, 0.1, 1.0])
    figure = draw.trade("f", "t", fmrs, np.array([0.4, 0.2, 0.0]), 0.02, 0.1, "said")
    axis = draw.Axis(0.01, 1.0, True, 52.5, 712.0, 720)
    points = [
        tuple(map(float, p.split(","))) for p in places(figure, "polyline")[0]["points"].split()
    ]
    assert [x for x, _ in points] == pytest.approx([axis.at(x) for x in fmrs], abs=0.06)
    assert points[0][1] < points[1][1] < points[2][1] == 190, "fewer misses are lower"
    (void,) = places(figure, "rect", "void")
    assert float(void["x"]) + float(void["width"]) == pytest.approx(axis.at(0.02), abs=0.06)
    (mark,) = places(figure, "line", "mark")
    assert float(mark["x1"]) == pytest.approx(axis.at(0.1), abs=0.06)


@pytest.mark.parametrize(("worst", "top"), [(0.004, 0.02), (0.1, 0.2), (0.4, 0.5), (0.9, 1.0)])
def test_the_axis_of_misses_ends_a_little_above_the_highest(worst, top):
    """And nought stands clear of what is written below the line."""
    fmrs = np.array([0.02, 1.0])
    figure = draw.trade("f", "t", fmrs, np.array([worst, 0.0]), 0.02, 0.1, "said")
    labels = [m for m in figure.marks if m.name == "text" and m.attributes["x"] == "46.5"]
    assert [label.text for label in labels] == [draw.tick(y) for y in (0, top / 2, top)]
    across = [m for m in places(figure, "line", "grid") if m["y1"] == m["y2"]]
    lines = sorted((float(m["y1"]) for m in across), reverse=True)
    off = [float(a.attributes["y"]) - line for a, line in zip(labels, lines, strict=True)]
    assert off == pytest.approx([1, 5, 5])


def test_labels_of_the_left_axis_have_room():
    """ "0.025" was cut to ".025"."""
    figure = draw.trade("f", "t", np.array([0.02, 1.0]), np.array([0.04, 0.0]), 0.02, 0.1, "said")
    (label,) = [m for m in figure.marks if m.text == "0.025"]
    assert label.attributes["class"] == "end"
    assert float(label.attributes["x"]) >= len(label.text) * draw.DIGIT


@pytest.mark.parametrize("log", [False, True])
def test_a_group_that_failed_altogether_has_a_mark_at_the_right_edge(log):
    """It was text without a mark, beside an axis that ended at 0.26."""
    cells = [
        draw.Cell("east", Interval(0.2, 0.1, 0.25), "brief", "in full"),
        draw.Cell("west", Interval(1.0, words="all"), "all", "all", all_seen=True),
    ]
    figure = draw.groups("f", "title", "axis", cells, log=log)
    (head,) = places(figure, "path", "dot")
    assert f"L{WIDE['right']:.1f} " in head["d"]
    assert f"L{draw.WIDTH - 8:.1f} " in places(figure.phone, "path", "dot")[0]["d"]
    assert len(places(figure, "circle")) == 1


def test_lines_are_level_or_upright():
    rng = np.random.default_rng(0)
    one, two = rng.normal(0.7, 0.1, 200), rng.normal(0.3, 0.1, 200)
    figures = [
        two_groups(value=0.1, low=0.05, high=0.2),
        draw.histogram("f", "t", [("one", one), ("two", two)], 0.5, "said", distance=False),
        draw.trade("f", "t", np.array([0.02, 1.0]), np.array([0.4, 0.0]), 0.02, 0.1, "said"),
    ]
    for figure in figures:
        lines = places(figure, "line")
        assert lines and all(m["x1"] == m["x2"] or m["y1"] == m["y2"] for m in lines)


def test_names_stand_left_of_the_rows_and_rates_right_of_them():
    """Finding: drawings of 360 units were blown up or shrunk, with words over their rows."""
    figure = two_groups(value=0.1, low=0.05, high=0.2)
    at = {mark.text: mark.attributes for mark in figure.marks if mark.name == "text"}
    assert figure.width == draw.WIDE == 720
    assert float(at["east"]["x"]) == 0 and float(at["brief"]["x"]) > WIDE["right"]
    assert at["east"]["y"] == at["brief"]["y"] != at["few"]["y"] == at["west"]["y"]
    dots = [float(c["cy"]) for c in places(figure, "circle")]
    rows = [float(at[name]["y"]) for name in ("east", "west")]
    assert [y - dot for y, dot in zip(rows, dots, strict=True)] == pytest.approx([5, 5])


@pytest.mark.parametrize("words", ["none; at most 0.000123", "0.000862 [0.000671, 0.000999]"])
def test_what_a_wide_row_says_fits_beside_it(words):
    """Of the widest names and rates; a letter of 13 is at most 8 wide, a digit 7.5."""
    cells = [draw.Cell("w" * 60, Interval(0.02, 0.01, 0.05), words, "in full")]
    figure = draw.groups("f", "title", "axis", cells, log=True)
    texts = {m.text: float(m.attributes["x"]) for m in figure.marks if m.name == "text"}
    name = next(text for text in texts if text.startswith("ww"))
    assert 11 * len(name) < WIDE["left"] and name.endswith("…")
    assert texts[words] + 7.5 * len(words) < figure.width


def test_a_telephone_has_the_same_rows_in_a_drawing_of_its_own():
    figure = two_groups(value=0.1, low=0.05, high=0.2)
    assert figure.phone.width == draw.WIDTH and figure.phone.phone is None
    assert len(places(figure.phone, "circle")) == len(places(figure, "circle")) == 2
    assert "east: brief" in [m.text for m in figure.phone.marks]

"""Alerts as counted people: what is drawn is what is counted, and every input stands beside it."""

from __future__ import annotations

import math

import pytest
from matplotlib.patches import PathPatch
from matplotlib.path import Path

from labkit import published
from labkit.measure.intervals import Interval
from labkit.views import plots
from labkit.views.plots.counted import COLUMNS, FIGURES, MISSED, RIGHT, WRONG

MANY = plots.Operating("many", 100_000, 100, Interval(0.6, 0.5, 0.7), 0.05, gallery=25_000)
FEW = plots.Operating("few", 100_000, 100, 0.89, 0.00017, gallery=10_000)
POLICE = plots.Operating.counted("police", 3_147_436, 2_067, 10)
STREET = plots.Operating("street", 1_000, 10, 0.9, 0.005, gallery=500)


def drawn(ax, group):
    """How many whole little figures there are of a group, and whether one is there in part."""
    patches = [p for p in ax.patches if isinstance(p, PathPatch)]
    heaps = [p.get_path() for p in patches if p.get_gid() == group]
    (one,) = [p for p in patches if p.get_gid() == group] or [None]
    heads = 0
    if one is not None:
        single = Path.circle((0.5, 0.27), 0.21)
        codes = heaps[0].codes.tolist()
        curves = codes.count(Path.CURVE4)
        heads = curves // single.codes.tolist().count(Path.CURVE4)
    return heads, any(p.get_gid() == f"{group} in part" for p in patches)


def words(ax):
    return "\n".join(t.get_text() for t in ax.texts)


def test_counts_are_those_of_the_four_inputs():
    assert FEW.right == pytest.approx(89) and FEW.missed == pytest.approx(11)
    assert FEW.wrong == pytest.approx(99_900 * 0.00017)
    assert FEW.precision == pytest.approx(89 / (89 + 16.983))
    assert FEW.prevalence == 0.001


def test_one_little_figure_is_one_person_where_there_are_few():
    fig, _, _ = plots.counted([STREET])
    (ax,) = fig.axes
    assert drawn(ax, RIGHT) == (9, False)
    assert drawn(ax, WRONG) == (4, True)  # 4.95
    assert drawn(ax, MISSED) == (1, False)
    assert "Each little figure is one person." in fig.about


def test_panels_side_by_side_count_in_one_unit():
    """Each panel with a unit of its own would make 17 wrong alerts as large as 5,000."""
    fig, _, _ = plots.counted([MANY, FEW])
    one, two = fig.axes
    assert "Each little figure is 50 people." in fig.about
    assert drawn(one, WRONG) == (99, True) and drawn(two, WRONG) == (0, True)
    assert drawn(one, RIGHT)[0] == drawn(two, RIGHT)[0] == 1 and 99 + 1 < FIGURES


@pytest.mark.parametrize("point", [MANY, FEW, STREET])
def test_all_four_inputs_stand_in_the_figure_its_alt_text_and_its_table(point):
    fig, alt, table = plots.counted([point])
    said = words(fig.axes[0])
    for value in (
        f"{point.people:,} people scanned",
        f"{point.wanted:,} (1 in ",
        "(TPIR): ",
        "(FPIR): ",
        f"Gallery: {point.gallery:,}",
        "frames a passage: 1",
    ):
        assert value in said and value in alt, value
    row = table.loc[point.name]
    for column in ("people scanned", "wanted", "prevalence", "TPIR", "FPIR", "gallery"):
        assert row[column] in said, column


def test_the_numbers_shown_add_up():
    """Rounded apart, 59.6 and 16.6 would be 60 and 17 of 76 alerts."""
    point = plots.Operating("x", 1_000, 100, 0.596, 16.6 / 900)
    _, alt, table = plots.counted([point])
    row = table.loc["x"]
    assert int(row["alerts"]) == int(row["the wanted person"]) + int(row["someone else"]) == 77
    assert "Alerts: 77" in alt


def test_an_interval_of_a_rate_is_one_of_people():
    fig, alt, _ = plots.counted([MANY, FEW])
    assert "interval, 95%: 50 to 70" in words(fig.axes[0]) and "interval" not in words(fig.axes[1])
    assert "50 to 70" in alt


def test_what_nobody_said_is_not_made_up():
    fig, alt, table = plots.counted([POLICE])
    assert math.isnan(POLICE.missed) and drawn(fig.axes[0], MISSED) == (0, False)
    for column in ("wanted", "prevalence", "TPIR", "missed", "gallery", "frames a passage"):
        assert table.loc["police", column] == "not known"
    assert "Not found, though wanted: not known" in alt and "nan" not in alt


def test_alerts_that_were_counted_are_those_of_the_record():
    rows = published.load("live_trials").table.set_index("id")
    faces, right = rows.loc["met-2025-faces"], rows.loc["met-2025-true"]
    assert (POLICE.people, POLICE.right, POLICE.wrong) == (
        faces["of"],
        right["count"],
        faces["count"],
    )


def test_several_frames_are_an_upper_bound_and_the_figure_says_so():
    often = plots.Operating("often", 1_000, 10, 0.5, 0.01, frames=5)
    once = plots.Operating("once", 1_000, 10, 0.5, 0.01)
    assert once.wrong < often.wrong < 5 * once.wrong
    assert "no more alerts than this" in plots.counted([often])[0].about
    assert "no more alerts than this" not in plots.counted([once])[0].about


def test_the_title_follows_the_numbers():
    said = plots.counted([MANY, FEW])[0].title
    assert said == "Alerts that are right: 1.2 in 100 at many, 84 in 100 at few."
    quiet = plots.Operating("quiet", 100, 0, 0.9, 0.0)
    assert "no alert at quiet" in plots.counted([quiet])[0].title


def test_fewer_than_one_is_said_and_none_is_none():
    rare = plots.Operating("rare", 1_000, 0, 0.9, 1e-5)
    _, _, table = plots.counted([rare])
    assert table.loc["rare", "someone else"] == "fewer than 1"
    assert table.loc["rare", "the wanted person"] == "0"


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"wanted": 101}, "101 wanted people among 100"),
        ({"tpir": 1.2}, "tpir=1.2 is no share"),
        ({"fpir": -0.1}, "fpir=-0.1 is no share"),
        ({"frames": 0}, "at least one frame"),
    ],
)
def test_what_cannot_be_is_refused(change, said):
    good = {"name": "x", "people": 100, "wanted": 1, "tpir": 0.9, "fpir": 0.1}
    with pytest.raises(ValueError, match=said):
        plots.Operating(**(good | change))


def test_no_operating_point_is_refused():
    with pytest.raises(ValueError, match="at least one"):
        plots.counted([])


def test_a_heap_keeps_to_its_columns():
    fig, _, _ = plots.counted([MANY])
    for patch in fig.axes[0].patches:
        corners = patch.get_path().vertices[:, 0]
        assert corners.min() >= 0 and corners.max() <= COLUMNS

"""Figures of the town's own test: what is drawn is what was counted, and the stamp is in it."""

from __future__ import annotations

import re

import numpy as np
import pandas as pd
import pytest

from labkit.data import MAKE_UPS
from labkit.gallery.council import BANDS, POINTS, Together, Trial, expected
from labkit.views import plots
from tests.gallery.councils import Made

SIZE = 1500
STAMP = "matcher: dlib 2017 on invented faces, not Rekognition"


@pytest.fixture(scope="module")
def town():
    return Trial(Made(size=SIZE), "dlib", "town", SIZE)


@pytest.fixture(scope="module")
def found(town):
    t = town.at("A")
    return Together({n: Trial(town.gallery, "dlib", n, SIZE).hits(t) for n in MAKE_UPS})


def grey(row):
    """A picture that says which row was drawn."""
    return np.full((8, 8, 3), row % 256, np.uint8)


def test_each_member_is_a_mark_and_the_filled_ones_are_matched(town):
    test = town.council(town.at("B"))
    fig, alt, table = plots.council({"dlib": test})
    for ax, band in zip(fig.axes, BANDS, strict=True):
        rest, filled = (len(line.get_xdata()) for line in ax.lines)
        assert (filled, filled + rest) == test.count(band)
        assert ax.get_title("left").startswith(f"{band}: {filled} of {filled + rest}")
        assert f"{band} {filled} of {filled + rest} falsely matched" in alt
    assert fig.get_supxlabel() == STAMP and STAMP[1:] in alt
    assert table.loc[("dlib", "all"), "falsely matched"] == test.count()[0]


def test_two_matchers_have_a_row_each_and_both_in_the_stamp(town):
    sface = Trial(town.gallery, "SFace", "town", SIZE)
    tests = {"dlib": town.council(town.at("C")), "SFace": sface.council(sface.at("C"))}
    fig, _alt, table = plots.council(tests)
    assert len(fig.axes) == 6 and set(table.index.get_level_values(0)) == set(tests)
    assert "dlib 2017 and SFace 2021" in fig.get_supxlabel()
    fig.make_narrow()
    places = [ax.get_subplotspec() for ax in fig.axes]
    assert {place.colspan.start for place in places} == {0}, "below each other on a telephone"
    assert len({place.rowspan.start for place in places}) == 6
    with pytest.raises(ValueError, match="no council to draw"):
        plots.council({})


def test_the_line_goes_through_the_operating_points(town):
    fig, alt, table = plots.trade({"dlib": town})
    (ax,) = fig.axes
    marks = [line for line in ax.lines if line.get_marker() == "o"]
    shares = [float(mark.get_xdata()[0]) for mark in marks]
    assert shares == pytest.approx(list(POINTS.values()))
    for mark, point in zip(marks, POINTS, strict=True):
        assert float(mark.get_ydata()[0]) == pytest.approx(town.found(town.at(point)).value)
        assert f"at {point} {100 * POINTS[point]:.0f} of 100" in alt
    assert ax.get_xlim() == (1.0, 0.004), "the threshold rises to the right"
    assert fig.get_supxlabel() == STAMP and list(table.loc["dlib"].index) == list(POINTS)
    with pytest.raises(ValueError, match="no trial to draw"):
        plots.trade({})


def test_candidates_are_drawn_with_what_arithmetic_expects(town, found):
    rates = found.found["town"].rates()
    asked = {n: expected(rates, hits.entries) for n, hits in found.found.items()}
    fig, alt, table = plots.candidates(found, "dlib", expected=asked)
    assert [ax.get_title("left").partition("\n")[0] for ax in fig.axes] == list(MAKE_UPS)
    for ax, name in zip(fig.axes, MAKE_UPS, strict=True):
        hollow = [float(x.get_xdata()[0]) for x in ax.lines if x.get_marker() == "D"]
        assert hollow == pytest.approx(asked[name].to_list())
        dots = [float(x.get_xdata()[0]) for x in ax.lines if x.get_marker() == "o"]
        assert dots == pytest.approx([found.found[name].per_search(b) for b in BANDS])
    assert "Hollow" in fig.about and "expected" in alt and len(table) == 9
    assert "50, 30, 20" in fig.axes[1].get_title("left")
    without, alt, _table = plots.candidates(found, "one", "two")
    assert "Hollow" not in without.about and "expected" not in alt
    assert without.get_supxlabel().startswith("matchers: networks trained here")


def test_members_stand_beside_whom_they_were_taken_for(town):
    test = town.council(town.at("B"))
    sheet, alt, table = plots.mistaken(test, grey, 3)
    assert list(table["score"]) == sorted(table["score"], reverse=True)
    assert (table["score"] >= test.threshold).all() and len(table) == 3
    assert sheet.body.count("<img") == 6 and STAMP in sheet.body
    people = town.gallery.images["person"]
    for row in table.itertuples():
        assert people.iloc[test.found[row.member]] == row[3]
        assert people.iloc[test.rows[row.member]] != row[3]
    assert all(len(a.split()) >= 3 for a in re.findall(r'alt="([^"]*)"', sheet.body))
    assert isinstance(table, pd.DataFrame) and "3 pairs of drawn faces" in alt


def test_nobody_is_drawn_where_nobody_was_matched(town):
    with pytest.raises(ValueError, match="nobody was falsely matched"):
        plots.mistaken(town.council(0.0), grey)
    everybody = town.council(-100.0)
    _sheet, _alt, table = plots.mistaken(everybody, grey, 2)
    assert len(table) == 2

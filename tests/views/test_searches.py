"""Figures of searches: what was measured, what is a bound, and whom a search returned."""

from __future__ import annotations

import numpy as np
import pytest

from labkit.measure import searches
from labkit.views import plots
from tests.views.test_plots import LOOSE, STRICT, nested


def lines(fig):
    return [line for line in fig.axes[0].lines if len(line.get_xdata()) > 2]


def test_beyond_what_was_measured_there_is_the_bound_and_no_estimate():
    """Formula up to the largest gallery, N x FMR after it, never above all."""
    fig, alt, _table = plots.searches(STRICT, beyond=10_000_000)
    formula = [x for x in lines(fig) if x.get_linestyle() == "--"]
    bound = [x for x in lines(fig) if x.get_linestyle() == ":"]
    for one, measured, far in zip(STRICT.values(), formula, bound, strict=True):
        assert max(measured.get_xdata()) == pytest.approx(25_000)
        assert min(far.get_xdata()) == pytest.approx(25_000)
        expected = np.minimum(one.fmr * far.get_xdata(), 1)
        np.testing.assert_allclose(far.get_ydata(), expected)
        n = measured.get_xdata()
        np.testing.assert_allclose(measured.get_ydata(), searches.bound(one.fmr, n))
    assert "not measured, only a bound" in alt
    dots = [x for x in fig.axes[0].lines if len(x.get_xdata()) == 1]
    assert max(x.get_xdata()[0] for x in dots) < 26_000


def test_no_alert_is_drawn_as_an_upper_limit():
    """A dot at zero would say that nobody can be returned; 3 in n still may be."""
    fig, alt, table = plots.searches({"dlib": nested(1e-8)})
    ends = [x for x in fig.axes[0].lines if x.get_marker() == "v"]
    assert ends and all(x.get_ydata()[0] == pytest.approx(3 / 535) for x in ends)
    assert "none (at most 1 in 178)" in alt and "none (at most 1 in 178)" in fig.title
    assert "none of 535: at most" in table["FPIR, this gallery"].iloc[0]


def test_the_table_has_a_row_for_each_matcher_and_size_with_both_intervals():
    _fig, _alt, table = plots.searches(LOOSE)
    assert len(table) == 2 * 7
    measured = LOOSE["dlib"].table()
    assert table["FPIR, this gallery"].iloc[6] == measured["fpir"].iloc[6].short(3)
    assert table["FPIR, other galleries too"].iloc[6] == measured["redrawn"].iloc[6].short(3)


def test_rare_alerts_have_an_axis_of_logarithms():
    for found, scale in ((LOOSE, "linear"), (STRICT, "log")):
        assert plots.searches(found)[0].axes[0].get_yscale() == scale
    with pytest.raises(ValueError, match="at least one matcher"):
        plots.searches({})


def grey(drawn):
    """Draws a square, and remembers whose it was."""

    def draw(row):
        drawn.append(row)
        return np.full((8, 8, 3), 128, np.uint8)

    return draw


def test_false_candidates_are_picked_by_score_and_seen_beside_whom_they_were_taken_for():
    found, drawn = LOOSE["SFace"], []
    sheet, alt, table = plots.false_candidates(found, grey(drawn), count=3, each=2)
    best = {p: found.scores[found.probes == p].max() for p in set(found.probes.tolist())}
    top = sorted(best, key=best.get, reverse=True)[:3]
    assert [row for row in drawn if row in top][:1] == top[:1]
    assert table.loc[table["rank"] == 1, "score"].tolist() == [best[p] for p in top]
    assert table["candidates in all"].iloc[0] == found.counts()[top[0]]
    assert sheet.body.count("<img") == len(drawn) == len(table) + 3
    assert sheet.body.count("enrolled nowhere") >= 3 and "another person" in sheet.body
    assert "other people" in alt and "not by eye" in sheet.about


def test_nobody_returned_is_nobody_shown():
    with pytest.raises(ValueError, match="nobody can be shown"):
        plots.false_candidates(nested(0.0), grey([]))
    one = plots.false_candidates(nested(1e-5, people=3, size=100_000), grey([]), count=5)[2]
    assert set(one["search"]) <= {1, 2, 3}

"""Figures of causes: readable in both themes and at two widths, nothing told by colour alone."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pytest
from matplotlib.text import Text

from labkit import data
from labkit.experiment import camera, origin
from labkit.measure.intervals import Interval, Moves
from labkit.views import plots
from tests.experiment.test_camera import made_up

from .test_plots import drawn_at, nothing_touches


def made_shares(mixes, ways=("as trained",), tests=("eval", "paired"), group="darker", seed=0):
    """Shares as they might come out, without a training."""
    from labkit.experiment.estimates import Estimate

    rng, who = np.random.default_rng(seed), np.arange(60)
    out = {}
    for mix in mixes:
        for split in (0, 1):
            for test in tests:
                for way in ways:
                    value = float(rng.uniform(0, 1))
                    share = {
                        g: Estimate(v, Moves(who, rng.normal(size=60) / 200), who, who)
                        for g, v in ((group, value), ("other", 1 - value))
                    }
                    flat = {g: Interval(0.01, 0.005, 0.02) for g in share}
                    counts = dict.fromkeys(share, 10)
                    out[mix, split, test, way] = origin.Judged(
                        0.5, share, share, flat, flat, counts
                    )
    return origin.Tested(out, group, "other")


MIXES = tuple(origin.MIXES)


def null():
    return made_shares(("odd", "even"), group="even", tests=("eval",), seed=2)


def two_matchers():
    wide = made_up({(name, "darker"): 0.3 for name in camera.CAMERAS})
    return [made_up(), replace(wide, matcher="another")]


FIGURES = {
    "gaps": lambda: plots.camera_gaps(two_matchers()),
    "one matcher": lambda: plots.camera_gaps([made_up(people=12)]),
    "shares": lambda: plots.false_match_shares(made_shares(MIXES, tuple(origin.WAYS)), null()),
    "origins": lambda: plots.false_match_shares(made_shares(origin.ORIGINS), null()),
    "person": lambda: plots.counterfactual(data.load("counterfactual/paired")),
}


@pytest.fixture(scope="module")
def made():
    return {kind: draw() for kind, draw in FIGURES.items()}


@pytest.mark.parametrize("kind", FIGURES)
def test_figures_are_readable_and_say_what_they_show(kind):
    fig, alt, table = FIGURES[kind]()
    assert fig.title and len(alt.split()) > 10 and "nan" not in alt and len(table)
    page = plots.as_html(fig, alt, table)
    assert "<table" in page and len(page) < 400_000
    sizes = {round(t.get_fontsize() * 110 / 72) for t in fig.findobj(Text) if t.get_text()}
    assert sizes <= {13, 15} and 13 in sizes
    assert not fig.legends and all(ax.get_legend() is None for ax in fig.axes)


@pytest.mark.parametrize("kind", [kind for kind in FIGURES if kind != "person"])
@pytest.mark.parametrize("narrow", [False, True], ids=["wide", "narrow"])
def test_no_words_touch_and_nothing_is_cut_off(kind, narrow):
    nothing_touches(drawn_at(FIGURES[kind]()[0], narrow))


def test_marks_differ_in_shape_and_are_named(made):
    fig, _alt, table = made["gaps"]
    marks = {line.get_marker() for ax in fig.axes for line in ax.lines} - {"None", None, ""}
    assert {"o", "s", "^"} <= marks
    assert "open circle lighter" in fig.about
    assert table.loc[("made up", "equal"), "gap"] == made_up().gap("equal").interval.value


def test_too_few_people_get_no_gap_in_figures(made):
    fig, alt, table = made["one matcher"]
    words = [t.get_text() for ax in fig.axes for t in ax.texts]
    assert words and set(words) == {"too few for a gap"} and "too few for a gap" in alt
    assert table["low"].isna().all()


def test_a_line_joins_steps_of_a_mix_and_no_kinds_of_people(made):
    lines = [line for ax in made["shares"][0].axes for line in ax.lines]
    assert {line.get_linestyle() for line in lines} >= {"-", "--", "-."}
    assert {line.get_linestyle() for line in made["origins"][0].axes[0].lines} == {"None"}
    names = {t.get_text() for t in made["shares"][0].axes[0].texts}
    assert names == {"own mean", "balanced\nmean", "distance", "control:\neven"}


def test_the_table_has_the_middle_and_both_ends(made):
    given, table = made_shares(MIXES, tuple(origin.WAYS)), made["shares"][2]
    row = table.loc[("own mean", "eval", "90:10")]
    shares = [given.judged["90:10", k, "eval", "as trained"].shares["darker"].value for k in (0, 1)]
    assert row["share"] == pytest.approx(np.median(shares)) and math.isfinite(row["share"])
    assert (row["lowest"], row["highest"]) == pytest.approx((min(shares), max(shares)))
    assert (table["lowest"] <= table["share"]).all() and (table["share"] <= table["highest"]).all()


def test_the_person_is_seen_at_each_tone_under_each_camera(made):
    fig, alt, table = made["person"]
    assert len(table) == 12 and sum(len(ax.images) for ax in fig.axes) == 12
    assert "light-metered noisy" in alt
    with pytest.raises(ValueError, match="pictures of person 50100 are not shipped"):
        plots.counterfactual(data.load("counterfactual/paired"), 50100)


def test_nothing_to_draw_is_refused():
    with pytest.raises(ValueError, match="nothing to draw"):
        plots.camera_gaps([])

"""Figures: shown only with words and numbers, readable without colour and on a dark page."""

from __future__ import annotations

import base64
import html
import io
import re
import subprocess
import sys
from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest
from matplotlib.colors import to_rgb
from matplotlib.text import Text
from PIL import Image

from labkit.measure.intervals import Interval
from labkit.measure.rate import RATES
from labkit.views import plots
from labkit.views.identity import palette

RANDOM = np.random.default_rng(5)
GENUINE = RANDOM.normal(-0.45, 0.08, 2000)
IMPOSTOR = RANDOM.normal(-0.75, 0.09, 20000)
TABLE = pd.DataFrame({"x": [0.123456, 2.0]}, index=["<a>", "b"])

BANDS = ["lighter", "medium", "darker"]
BETWEEN = pd.DataFrame(
    [[0.0125, 0.003, 0.001], [0.003, 0.0129, 0.004], [0.001, 0.004, 0.019]],
    index=BANDS,
    columns=BANDS,
)


def curve(genuine=GENUINE, impostor=IMPOSTOR):
    t = np.sort(np.concatenate([genuine, impostor]))
    fmr = 1 - np.searchsorted(np.sort(impostor), t) / len(impostor)
    fnmr = np.searchsorted(np.sort(genuine), t) / len(genuine)
    return SimpleNamespace(thresholds=t, fmr=fmr, fnmr=fnmr)


def intervals():
    few = Interval(0.0001, people=4, words="2 false matches from 2 pairs of people: too few")
    none = Interval(0.0, people=9, words="none seen: at most 0.08")
    return {
        "lighter": Interval(0.0125, 0.008, 0.019, people=160, person_pairs=12_720),
        "darker": Interval(0.019, 0.012, 0.03, people=160, person_pairs=12_000),
        "few": few,
        "none": none,
    }


def all_figures():
    """One of each kind of figure."""
    return {
        "scores": plots.scores((GENUINE, IMPOSTOR), marks={"library": -0.6, "chosen": -0.5}),
        "curve": plots.rates_curve({"dlib": curve(), "other": curve(GENUINE - 0.1)}),
        "one curve": plots.rates_curve(curve(), marks={"1 in 100": 1e-2}, floor=1e-3),
        "fmr": plots.groups(intervals()),
        "fnmr": plots.groups({"a": intervals(), "b": intervals()}, rate="fnmr"),
        "confusion": plots.confusion(BETWEEN, "FMR between groups"),
        "wall": plots.wall([np.zeros((8, 8, 3), np.uint8)] * 3, alt="Three", captions=list("abc")),
        "pair": plots.pair(np.zeros((8, 8)), np.ones((8, 8, 3)), score=-0.5, threshold=-0.6),
    }


KINDS = list(all_figures())


# --- show --------------------------------------------------------------------------------------


def shown(monkeypatch, *args, **kwargs):
    out = []
    monkeypatch.setattr("IPython.display.display", out.append)
    plots.show(*args, **kwargs)
    return out[0].data


def test_a_figure_comes_with_its_words_and_its_numbers(monkeypatch):
    fig, ax = plots.figure()
    ax.plot([1, 2])
    page = shown(monkeypatch, fig, alt='A line <from> "1" & to 2', table=TABLE)
    alt = re.search(r'<img alt="([^"]*)"', page).group(1)
    assert html.unescape(alt) == 'A line <from> "1" & to 2' and "<from>" not in page
    assert "<details><summary>" in page and "0.1235" in page and "&lt;a&gt;" in page
    assert "max-width:100%" in page and page.count("<figure") == page.count("</figure>") == 1


def test_the_picture_is_opaque_and_white_at_its_edge(monkeypatch):
    fig, ax = plots.figure()
    ax.plot([1, 2])
    page = shown(monkeypatch, fig, alt="A line from 1 to 2", table=TABLE)
    data = re.search(r"base64,([^\"]+)", page).group(1)
    picture = np.asarray(Image.open(io.BytesIO(base64.b64decode(data))).convert("RGBA"))
    assert (picture[..., 3] == 255).all() and (picture[0] == 255).all()
    assert picture[..., :3].min() < 60, "nothing dark is drawn"


@pytest.mark.parametrize("alt", ["", "  ", None, "figure", 3])
def test_a_figure_without_words_is_refused(alt):
    fig, _ = plots.figure()
    with pytest.raises(ValueError, match="says too little"):
        plots.show(fig, alt=alt, table=TABLE)


@pytest.mark.parametrize("table", [None, pd.DataFrame(), pd.DataFrame({"x": []}), [1, 2]])
def test_a_figure_without_numbers_is_refused(table):
    fig, _ = plots.figure()
    with pytest.raises(ValueError, match="needs its numbers"):
        plots.show(fig, alt="A line from 1 to 2", table=table)


def test_a_figure_of_pyplot_is_closed(monkeypatch):
    import matplotlib

    matplotlib.use("Agg")
    import matplotlib.pyplot as plt

    fig, ax = plt.subplots()
    ax.plot([1, 2])
    shown(monkeypatch, fig, alt="A line from 1 to 2", table=TABLE)
    assert not plt.fignum_exists(fig.number)


def test_a_long_table_is_cut(monkeypatch):
    fig, _ = plots.figure()
    page = shown(monkeypatch, fig, alt="a b c", table=pd.DataFrame({"x": range(5000)}))
    assert page.count("<tr") < 100


# --- all kinds -----------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_can_be_shown(monkeypatch, kind):
    fig, alt, table = all_figures()[kind]
    assert len(alt.split()) >= 6 and alt.endswith(".") and "nan" not in alt
    page = shown(monkeypatch, fig, alt, table)
    assert "<table" in page and ">nan<" not in page.lower()


@pytest.mark.parametrize("kind", ["curve", "fnmr"])
def test_series_differ_in_more_than_colour(kind):
    fig, _, _ = all_figures()[kind]
    drawn = [line for line in fig.axes[0].get_lines() if line.get_label()[0] != "_"]
    looks = {(line.get_linestyle(), line.get_marker()) for line in drawn}
    assert len(drawn) >= 2 and len(looks) == len(drawn)


@pytest.mark.parametrize("kind", KINDS)
def test_a_figure_has_at_most_one_legend_and_it_hides_nothing(kind):
    fig, _, _ = all_figures()[kind]
    assert all(ax.get_legend() is None for ax in fig.axes)
    assert len(fig.legends) <= 1


def test_the_two_histograms_differ_in_hatching_and_line():
    fig, _, _ = all_figures()["scores"]
    steps = [p for p in fig.axes[0].collections if p.get_label() and p.get_label()[0] != "_"]
    assert len({p.get_hatch() for p in steps}) == 2
    assert len({str(p.get_linestyle()) for p in steps}) == 2


def test_histograms_stand_where_the_scores_are():
    fig, _, _ = plots.scores(([0.0, 1.0, 1.0, 1.0], [-1.0, -1.0]), bins=4)
    genuine, impostor = (p.get_paths()[0].vertices for p in fig.axes[0].collections)
    for outline, edge, height in ((genuine, 0.5, 0.75), (impostor, -1.0, 1.0)):
        top = outline[:, 1].max()
        assert top == pytest.approx(height)
        assert outline[outline[:, 1] == top, 0].min() == pytest.approx(edge)


def test_text_is_dark_enough():
    """Contrast of 4.5 to 1 with white, as the accessibility guidelines count it."""

    def luminance(colour):
        c = np.array(to_rgb(colour))
        linear = np.where(c <= 0.03928, c / 12.92, ((c + 0.055) / 1.055) ** 2.4)
        return float(linear @ [0.2126, 0.7152, 0.0722])

    for kind, (fig, _, _) in all_figures().items():
        fig.canvas.draw()
        for text in fig.findobj(Text):
            if not text.get_text():
                continue
            contrast = 1.05 / (luminance(text.get_color()) + 0.05)
            assert contrast >= 4.5, f"{kind}: {text.get_text()!r} has a contrast of {contrast:.1f}"


# --- numbers --------------------------------------------------------------------------------------


def test_the_words_are_computed_from_the_scores():
    _, alt, table = plots.scores(([-0.3, -0.2], [-0.9, -0.8, -0.5, -0.1]), marks={"mine": -0.5})
    assert "2 genuine pairs" in alt and "4 impostor pairs" in alt
    assert "50.0% of the impostor pairs match, none of the genuine pairs do not" in alt
    assert table.loc["mine", ["FMR", "FNMR"]].tolist() == [0.5, 0.0]
    _, other, _ = plots.scores(([-0.3, -0.2], [-0.9, -0.8, -0.7, -0.6]), marks={"mine": -0.5})
    assert alt != other


def test_failed_comparisons_are_left_out_and_nothing_at_all_is_refused():
    _, _, table = plots.scores(([-0.3, np.nan], [-0.9, -0.8]))
    assert table["pairs"].tolist() == [1, 2]
    with pytest.raises(ValueError, match="no impostor scores"):
        plots.scores(([-0.3], [np.nan]))
    with pytest.raises(ValueError, match="give genuine scores, impostor scores"):
        plots.scores(([1.0],))


def test_equal_scores_can_be_drawn():
    plots.as_html(*plots.scores(([-0.3, -0.3], [-0.3])))


def test_the_table_of_a_curve_holds_its_rates():
    c = curve()
    _, alt, table = plots.rates_curve({"dlib": c})
    t = np.sort(IMPOSTOR)[::-1][int(0.01 * len(IMPOSTOR))]
    assert table.loc["1e-02", "dlib"] == pytest.approx((GENUINE < t).mean(), abs=0.01)
    assert f"FNMR {table.loc['1e-02', 'dlib']:.3g} at FMR 1e-02" in alt


def test_a_curve_ends_at_its_floor():
    fig, alt, table = plots.rates_curve({"dlib": curve()}, floor=1e-3)
    line = next(x for x in fig.axes[0].get_lines() if x.get_label() == "dlib")
    assert line.get_xdata().min() >= 1e-3
    assert "Nothing is drawn below FMR 1.0e-03" in alt
    assert np.isnan(table.loc["1e-04", "dlib"]) and np.isfinite(table.loc["1e-03", "dlib"])
    low, high = fig.axes[0].get_xlim()
    assert low < 1e-3 < high and fig.axes[0].get_xscale() == "log"


def test_without_a_floor_it_is_one_match_in_all_pairs():
    _, alt, _ = plots.rates_curve(curve())
    assert f"below FMR {1 / len(IMPOSTOR):.1e}" in alt


def test_groups_show_intervals_and_say_what_is_too_little():
    fig, alt, table = plots.groups(intervals())
    ax = fig.axes[0]
    assert ax.get_xscale() == "log"
    segments = [tuple(x.get_xdata()) for x in ax.get_lines() if len(x.get_xdata()) == 2]
    assert (0.008, 0.019) in segments and (0.012, 0.03) in segments
    assert "lighter: 0.0125, interval 0.008 to 0.019, 160 people." in alt
    assert "few: 2 false matches from 2 pairs of people: too few" in alt and "0.0001" not in alt
    assert table.loc["none", "words"] == "none seen: at most 0.08"
    grey = [x for x in ax.get_lines() if x.get_markerfacecolor() == "white"]
    assert len(grey) == 2, "rows with too little are hollow, also where nothing was seen"
    assert [t.get_text() for t in ax.get_yticklabels()] == ["lighter", "darker", "few", "none"]


@pytest.mark.parametrize("rate", RATES.values(), ids=lambda rate: rate.name)
def test_a_group_figure_names_its_rate(rate):
    fig, alt, _ = plots.groups(intervals(), rate=rate.name, title="By band")
    assert alt.startswith(f"By band: {rate.axis}, one row for each group. lighter: ")
    assert fig.axes[0].get_xlabel().startswith(rate.axis)
    assert (fig.axes[0].get_xscale() == "log") == rate.log


def test_the_floor_of_the_group_figure_is_drawn_and_said():
    fig, alt, _ = plots.groups(intervals())
    drawn = [x.get_xdata()[0] for x in fig.axes[0].get_lines() if x.get_label()[:5] == "floor"]
    assert drawn == [3 / 12_000] and "The floor is at 2.5e-04." in alt
    fig, alt, _ = plots.groups(intervals(), floor=1e-4)
    low, high = fig.axes[0].get_xlim()
    assert low < 1e-4 < high and "The floor is at 1.0e-04." in alt
    assert "floor" not in plots.groups(intervals(), rate="fnmr")[1]


def test_nothing_seen_stands_at_the_left_and_is_said():
    fig, _, _ = plots.groups(intervals(), rate="fnmr")
    words = [t for t in fig.axes[0].texts if t.get_text() == "too little for a rate"]
    assert [t.xy[0] for t in words] == [0.0001, 0.0]


def test_groups_from_a_frame():
    flat = pd.DataFrame(
        {"people": [80], "fnmr": [0.1], "fnmr_low": [0.05], "fnmr_high": [0.2]}, index=["a"]
    )
    for table in (flat, SimpleNamespace(frame=flat)):
        _, alt, _ = plots.groups(table, rate="fnmr")
        assert "a: 0.1, interval 0.05 to 0.2, 80 people." in alt
    with pytest.raises(ValueError, match="has no 'fmr'"):
        plots.groups(flat, rate="fmr")
    with pytest.raises(ValueError, match="give a group table"):
        plots.groups({})


def test_a_hollow_point_has_a_ring_that_can_be_seen():
    fig, _, _ = plots.groups(intervals())
    hollow = [x for x in fig.axes[0].get_lines() if x.get_markerfacecolor() == "white"]
    for point in hollow:
        assert point.get_markeredgewidth() >= 1
        assert to_rgb(point.get_markeredgecolor()) == to_rgb(palette()["quiet"])


def test_points_stand_at_their_rates():
    fig, _, _ = plots.groups({"a": intervals(), "b": intervals()}, rate="fnmr")
    drawn = {line.get_label(): line for line in fig.axes[0].get_lines()}
    for n, name in enumerate("ab"):
        assert drawn[name].get_xdata() == pytest.approx([0.0125, 0.019])
        assert drawn[name].get_ydata() == pytest.approx([y + (n - 0.5) * 0.35 for y in (0, 1)])


def test_the_words_of_a_map_are_those_of_its_table():
    fig, alt, table = plots.confusion(BETWEEN, "FMR between groups")
    assert table is BETWEEN
    assert alt == (
        "FMR between groups: a map of 3 by 3 groups, darker where FMR is higher. Lowest: lighter"
        " with darker (0.0010); highest: darker with darker (0.0190). The diagonal, both people in"
        " one group, goes from 0.0125 to 0.0190."
    )
    ax = fig.axes[0]
    cells = {
        (round(t.get_position()[1] - 0.5), round(t.get_position()[0] - 0.5)): t for t in ax.texts
    }
    for (i, j), text in cells.items():
        assert text.get_text() == f"{BETWEEN.iloc[i, j]:.4f}"
    assert [t.get_text() for t in ax.get_yticklabels()] == BANDS
    assert [t.get_text() for t in ax.get_xticklabels()] == BANDS
    greys = ax.collections[0].get_facecolors()[:, 0].reshape(3, 3)
    order = np.argsort(BETWEEN.to_numpy().ravel(), kind="stable")
    assert (np.diff(greys.ravel()[order]) <= 0).all(), "a higher rate is darker"
    # Black letters on the darkest cell.
    dark = ((greys.min() + 0.055) / 1.055) ** 2.4
    assert (dark + 0.05) / 0.05 >= 4.5


def test_a_map_needs_a_square_of_numbers():
    with pytest.raises(ValueError, match=r"a table of \(2, 3\) cannot be drawn"):
        plots.confusion(BETWEEN.iloc[:2])
    with pytest.raises(ValueError, match="cannot be drawn"):
        plots.confusion(BETWEEN * np.nan)
    with pytest.raises(ValueError, match="there is no rate 'x'"):
        plots.confusion(BETWEEN, rate="x")


def test_a_map_with_empty_cells_says_what_it_can():
    holes = BETWEEN.mask(np.eye(3, dtype=bool))
    _, alt, _ = plots.confusion(holes)
    assert alt.startswith("A map of 3 by 3") and "diagonal" not in alt and "nan" not in alt


def test_a_wall_names_its_pictures():
    faces = [np.full((8, 8, 3), n, np.uint8) for n in range(10)]
    fig, alt, table = plots.wall(faces, alt="Invented faces.", columns=4)
    assert "10 pictures in 3 rows of up to 4" in alt and len(table) == 10
    assert sum(bool(ax.get_images()) for ax in fig.axes) == 10
    assert table.loc[6, "place"] == "row 2, column 2"
    with pytest.raises(ValueError, match="no pictures"):
        plots.wall([])
    with pytest.raises(ValueError, match="2 captions for 10 pictures"):
        plots.wall(faces, captions=["a", "b"])


def test_a_pair_says_its_verdict():
    face = np.zeros((8, 8, 3), np.uint8)
    assert "a match" in plots.pair(face, face, score=-0.6, threshold=-0.6)[1]
    assert "no match" in plots.pair(face, face, score=-0.7, threshold=-0.6)[1]
    assert "Score" not in plots.pair(face, face)[1]


def test_the_style_stays_inside():
    import matplotlib as mpl

    before = dict(mpl.rcParams)
    all_figures()
    assert dict(mpl.rcParams) == before


def test_reading_the_module_loads_no_library_to_draw_with():
    """seaborn and what it pulls in (scipy.stats) take a second and 65 MB: at the first figure."""
    heavy = ("matplotlib", "seaborn", "scipy.stats", "pandas")
    ask = (
        "import sys; from labkit import views; views.plots.show, views.identity.palette();"
        f" print([m for m in {heavy!r} if m in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", ask], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"

"""Figures: shown only with words and numbers, in both themes, at two widths, without colour."""

from __future__ import annotations

import base64
import html
import io
import itertools
import re
import subprocess
import sys
from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.colors import to_hex, to_rgb
from matplotlib.text import Text
from PIL import Image

from labkit import data, published
from labkit.experiment.mixes import Study, made_up
from labkit.gallery.nested import Nested
from labkit.measure.disparity import group_table
from labkit.measure.faces import compare_faces
from labkit.measure.groups import by_style
from labkit.measure.intervals import Interval
from labkit.measure.rate import RATES
from labkit.measure.reading import in_words
from labkit.views import plots
from labkit.views.identity import palette
from labkit.views.plots import paper
from labkit.views.plots.faces import HAIR, differences
from labkit.views.plots.sheets import Sheet

RANDOM = np.random.default_rng(5)
GENUINE = RANDOM.normal(-0.45, 0.08, 2000)
IMPOSTOR = RANDOM.normal(-0.75, 0.09, 20000)
TABLE = pd.DataFrame({"x": [0.123456, 2.0]}, index=["<a>", "b"])
WAYS = {"cosine": (3, 1900), "half the distance": (18_000, 40), "nothing": (0, 2000)}

MIXED = Study(made_up())
FEW_MIXED = Study(made_up(fmr=0.0))

AT_LEVELS = SimpleNamespace(
    design=SimpleNamespace(factor="noise", captures=2),
    pictures=lambda person: {
        name: [np.full((8, 8, 3), 40 * k + c, np.uint8) for c in range(2)]
        for k, name in enumerate(("little", "some", "much"))
    },
)
"""One person at three levels, as the result of an experiment gives it."""

OURS = plots.Operating("ours", 100_000, 100, Interval(0.6, 0.5, 0.7), 0.05, gallery=25_000)
POLICE = plots.Operating.counted("a long name, as classified by the police", 3_147_436, 2_067, 10)
QUIET = plots.Operating("quiet", 100, 0, 0.9, 0.0, frames=3)


def nested(fmr, size=25_000, people=535):
    """Searches made up: everybody is a false candidate for everybody equally often."""
    probes = np.repeat(np.arange(people), RANDOM.poisson(fmr * size, people))
    places = RANDOM.integers(0, size, len(probes))
    town, scores = SimpleNamespace(size=size), RANDOM.uniform(0.5, 1, len(probes))
    rows, missing = np.arange(people), np.zeros(people, bool)
    return Nested(town, 0.5, rows, missing, probes, places, scores, places, places + 1)


LOOSE = {"dlib": nested(1e-3), "SFace": nested(2e-4)}
STRICT = {"dlib": nested(2e-6), "SFace": nested(4e-6)}

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


def intervals(darker=0.019):
    few = Interval(0.0001, people=4, words="2 false matches from 2 pairs of people: too few")
    none = Interval(0.0, people=9, words="none seen: at most 0.08")
    return {
        "lighter": Interval(0.0125, 0.008, 0.019, people=160, person_pairs=12_720),
        "darker": Interval(darker, 0.6 * darker, 1.6 * darker, people=160, person_pairs=12_000),
        "few": few,
        "none": none,
    }


@pytest.fixture(scope="module")
def dev():
    return data.load("anytown/dev")


@pytest.fixture(scope="module")
def pairs(dev):
    return compare_faces(dev)


@pytest.fixture(scope="module")
def tables(dev, pairs):
    band = dev.groups("tone_band")
    return group_table(pairs, band, -0.4), by_style(pairs, band, -0.4)


def all_figures():
    """One of each kind of drawn figure."""
    four = {name: intervals() for name in ("dlib", "SFace", "Eigenfaces", "Fisherfaces")}
    return {
        "scores": plots.scores((GENUINE, IMPOSTOR), marks={"library": -0.6, "chosen": -0.5}),
        "heaps": plots.scores((GENUINE, IMPOSTOR)),
        "curve": plots.rates_curve({"dlib": curve(), "other": curve(GENUINE - 0.1)}),
        "one curve": plots.rates_curve(curve(), marks={"1 in 100": 1e-2}, floor=1e-3),
        "fmr": plots.groups(intervals()),
        "far": plots.groups(intervals(0.2)),
        "fnmr": plots.groups(four, rate="fnmr"),
        "bars": plots.both_errors(WAYS, (20_000, 2000)),
        "confusion": plots.confusion(BETWEEN),
        "counted": plots.counted([OURS, POLICE]),
        "searches": plots.searches(LOOSE),
        "rare searches": plots.searches(STRICT),
        "mixes": plots.errors_by_mix(MIXED),
        "mix controls": plots.mix_controls(MIXED),
        "wall": plots.wall([np.zeros((8, 8, 3), np.uint8)] * 3, alt="Three", captions=list("abc")),
        "pair": plots.pair(np.zeros((8, 8)), np.ones((8, 8, 3)), score=-0.5, threshold=-0.6),
        "at levels": plots.at_levels(AT_LEVELS),
    }


KINDS = list(all_figures())
DRAWINGS = [kind for kind in KINDS if kind not in ("wall", "pair", "at levels")]


# --- show --------------------------------------------------------------------------------------


def shown(monkeypatch, *args, **kwargs):
    out = []
    monkeypatch.setattr("IPython.display.display", lambda bundle, raw: out.append(bundle))
    plots.show(*args, **kwargs)
    return out[0]["text/html"]


def test_a_figure_comes_with_its_words_and_its_numbers(monkeypatch):
    fig, ax = plots.figure()
    ax.plot([1, 2])
    page = shown(monkeypatch, fig, alt='A line <from> "1" & to 2', table=TABLE)
    alt = re.search(r'<img alt="([^"]*)"', page).group(1)
    assert html.unescape(alt) == 'A line <from> "1" & to 2' and "<from>" not in page
    assert "<details><summary>" in page and "0.1235" in page and "&lt;a&gt;" in page
    assert "max-width:100%" in page and page.count("<figure") == page.count("</figure>") == 1


def test_what_is_said_stands_around_the_picture(monkeypatch):
    """Finding: titles named what was drawn; whose numbers they were stood nowhere."""
    said = {"title": "Both & rise.", "about": "dlib, 40 people", "footer": plots.invented(40)}
    fig, ax = plots.figure(**said)
    ax.plot([1, 2])
    page = shown(monkeypatch, fig, alt="A line from 1 to 2", table=TABLE)
    order = [page.index(x) for x in ("Both &amp; rise.", "dlib, 40", "<img", "Invented people, 40")]
    assert order == sorted(order) and page.index("<figcaption>") < order[0]


def test_the_plain_text_of_a_figure_is_its_words(monkeypatch):
    """Finding: an untrusted notebook showed the address of an object."""
    out = []
    monkeypatch.setattr("IPython.display.display", lambda bundle, raw: out.append(bundle))
    fig, ax = plots.figure(title="It rises.")
    ax.plot([1, 2])
    plots.show(fig, "A line from 1 to 2", TABLE)
    assert out[0]["text/plain"] == "It rises. A line from 1 to 2"


def test_the_same_figure_is_the_same_text():
    first, again = (plots.as_html(*plots.groups(intervals())) for _ in range(2))
    assert first == again


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


# --- themes and widths ---------------------------------------------------------------------------


def luminance(colour) -> float:
    c = np.array(to_rgb(colour))
    linear = np.where(c <= 0.03928, c / 12.92, ((c + 0.055) / 1.055) ** 2.4)
    return float(linear @ [0.2126, 0.7152, 0.0722])


def contrast(one, two) -> float:
    low, high = sorted(luminance(c) + 0.05 for c in (one, two))
    return high / low


def embedded(page: str) -> list[Image.Image]:
    return [
        Image.open(io.BytesIO(base64.b64decode(text))).convert("RGB")
        for text in re.findall(r"data:image/webp;base64,([\w+/=]+)", page)
    ]


@pytest.mark.parametrize("kind", ["scores", "curve", "fmr", "bars", "confusion"])
def test_a_figure_has_a_picture_for_each_theme_and_width(kind):
    """Findings: in a dark notebook figures were glaring white; at 400 pixels words were tiny."""
    page = plots.as_html(*all_figures()[kind])
    pictures = embedded(page)
    grounds = [to_hex(np.array(p.getpixel((0, 0))) / 255) for p in pictures]
    day, night = palette()["paper"], palette("dark")["paper"]
    assert sorted(grounds) == sorted([day, day, night, night])
    widths = {(ground, p.width // 2) for ground, p in zip(grounds, pictures, strict=True)}
    assert widths == {(day, 704), (day, 352), (night, 704), (night, 352)}
    first = re.search(r'<img [^>]*width="(\d+)"[^>]*base64,([\w+/]+)', page)
    light = Image.open(io.BytesIO(base64.b64decode(first[2] + "==")))
    assert first[1] == "704" and light.convert("RGB").getpixel((0, 0)) == (255, 255, 255)


def test_the_theme_of_the_page_chooses_the_picture():
    css = re.search(r"<style>(.*?)</style>", plots.as_html(*all_figures()["fmr"]), re.S)[1]
    for rule in (
        r'body\[data-jp-theme-light="false"\] #lab-\w+ \{ background-image: var\(--dark-wide\)',
        r"scheme: dark\) \{ body:not\(\[data-jp-theme-light\]\) #lab-\w+ \{[^}]*--dark-wide",
        r"max-width: 640px\) \{ body #lab-\w+ \{ background-image: var\(--light-narrow\)",
    ):
        assert re.search(rule, css), rule
    page = re.sub(r"<style>.*?</style>", "", plots.as_html(*all_figures()["fmr"]), flags=re.S)
    assert len(embedded(page)) == 1, "a page that strips styles shows the light picture alone"


@pytest.mark.parametrize("kind", KINDS)
def test_words_and_marks_can_be_read_in_both_themes(kind):
    """Contrast of 4.5 to 1 for words, as the accessibility guidelines count it."""
    fig, _, _ = all_figures()[kind]
    FigureCanvasAgg(fig).draw()
    for theme in ("light", "dark"):
        if theme == "dark":
            paper.recolour(fig, paper.dark())
        ground = palette(theme)["paper"]
        assert to_hex(fig.get_facecolor()) == ground
        for text in (t for t in fig.findobj(Text) if t.get_text()):
            assert contrast(text.get_color(), ground) >= 4.5, (theme, text.get_text())
            box = text.get_bbox_patch()
            if box is not None:
                assert to_hex(box.get_facecolor()) == ground, (theme, text.get_text())
        for line in (x for ax in fig.axes for x in ax.get_lines()):
            assert contrast(line.get_color(), ground) >= 3, (theme, line.get_color())


def test_recolouring_can_be_undone():
    fig, _, _ = all_figures()["scores"]
    FigureCanvasAgg(fig).draw()
    before = np.asarray(fig.canvas.buffer_rgba()).copy()
    undo = paper.recolour(fig, paper.dark())
    fig.canvas.draw()
    assert (np.asarray(fig.canvas.buffer_rgba()) != before).mean() > 0.3
    for step in undo:
        step()
    fig.canvas.draw()
    assert (np.asarray(fig.canvas.buffer_rgba()) == before).all()


def boxes(fig) -> list[tuple[str, object]]:
    """Every word that is drawn, with its place."""
    renderer = fig.canvas.get_renderer()
    texts = list(fig.texts)
    for ax in fig.axes:
        if not ax.axison:
            texts += [ax.title]
            continue
        texts += [*ax.texts, ax.title, ax._left_title, ax.xaxis.label, ax.yaxis.label]
        for axis in (ax.xaxis, ax.yaxis):
            low, high = sorted(axis.get_view_interval())
            ticks = zip(axis.get_ticklocs(), axis.get_ticklabels(), strict=False)
            texts += [label for place, label in ticks if low <= place <= high]
    drawn = [t for t in texts if t.get_visible() and t.get_text()]
    return [(t.get_text(), Text.get_window_extent(t, renderer)) for t in drawn]


@pytest.mark.parametrize("kind", DRAWINGS)
@pytest.mark.parametrize("narrow", [False, True])
def test_no_words_touch_and_nothing_is_cut_off(kind, narrow):
    """Findings: intervals squeezed over three lines, and words cut off at 400 pixels."""
    nothing_touches(drawn_at(all_figures()[kind][0], narrow))


def drawn_at(fig, narrow):
    """The figure, laid out for a wide or a narrow page."""
    FigureCanvasAgg(fig)
    fig.set_dpi(paper.DPI)
    if narrow:
        fig.set_size_inches(paper.NARROW, fig.get_figheight())
        if fig.make_narrow:
            fig.make_narrow()
    fig.canvas.draw()
    return fig


def nothing_touches(fig):
    found = boxes(fig)
    assert len(found) > 1
    for words, box in found:
        assert box.x0 >= -1 and box.y0 >= -1, f"{words!r} is cut off"
        assert box.x1 <= fig.bbox.width + 1 and box.y1 <= fig.bbox.height + 1, f"{words!r} is cut"
    for (one, a), (two, b) in itertools.combinations(found, 2):
        apart = a.x1 <= b.x0 + 2 or b.x1 <= a.x0 + 2 or a.y1 <= b.y0 + 2 or b.y1 <= a.y0 + 2
        assert apart, f"{one!r} touches {two!r}"


@pytest.mark.parametrize("kind", DRAWINGS)
def test_words_have_the_sizes_of_the_identity(kind):
    """13 pixels for labels, at 110 pixels to the inch."""
    fig, _, _ = all_figures()[kind]
    FigureCanvasAgg(fig).draw()
    sizes = {round(t.get_fontsize() * 110 / 72) for t in fig.findobj(Text) if t.get_text()}
    assert sizes <= {13, 15} and 13 in sizes


@pytest.mark.parametrize("kind", DRAWINGS)
def test_there_is_no_box_no_legend_and_no_upright_grid(kind):
    fig, _, _ = all_figures()[kind]
    FigureCanvasAgg(fig).draw()
    assert not fig.legends and all(ax.get_legend() is None for ax in fig.axes)
    for ax in fig.axes:
        assert not any(ax.spines[side].get_visible() for side in ("top", "left", "right"))
        assert not any(line.get_visible() for line in ax.get_xgridlines())


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_can_be_shown(monkeypatch, kind):
    fig, alt, table = all_figures()[kind]
    assert len(alt.split()) >= 6 and alt.endswith(".") and "nan" not in alt
    page = shown(monkeypatch, fig, alt, table)
    assert "<table" in page and ">nan<" not in page.lower()
    assert len(page) < 180_000, "a notebook stays small"
    assert not re.search(r"\de-\d", re.sub(r"<style>.*?</style>|base64,[\w+/=]+", "", page)), (
        "powers of ten stand in no figure"
    )


# --- scores and curves ---------------------------------------------------------------------------


def test_the_two_heaps_lie_on_two_sides_and_are_named_there():
    """No colour and no legend is needed to tell them apart."""
    fig, _, _ = plots.scores((GENUINE, IMPOSTOR))
    fills = [p for p in fig.axes[0].patches if p.get_fill()]
    tops = [max(p.get_data().values, key=abs) for p in fills]
    assert tops[0] > 0 > tops[1]
    names = {t.get_text(): t.xy[1] for t in fig.axes[0].texts}
    assert names["same person (genuine)"] > 0 > names["two people (impostor)"]


def test_histograms_stand_where_the_scores_are():
    fig, _, _ = plots.scores(([0.0, 1.0, 1.0, 1.0], [-1.0, -1.0]), bins=4)
    fills = [p.get_data() for p in fig.axes[0].patches if p.get_fill()]
    assert fills[0].values.tolist() == [0, 0, 0.25, 0.75]
    assert fills[1].values.tolist() == [-1, 0, 0, 0]
    assert fills[0].edges.tolist() == [-1, -0.5, 0, 0.5, 1]


def test_stripes_are_errors():
    """What the first threshold decides wrongly, and nothing else, is striped."""
    t = -0.55
    fig, _, _ = plots.scores((GENUINE, IMPOSTOR), marks={"mine": t})
    striped = [p.get_data() for p in fig.axes[0].patches if p.get_hatch()]
    assert striped[0].values.sum() == pytest.approx((GENUINE < t).mean())
    assert striped[1].values.sum() == pytest.approx(-(IMPOSTOR >= t).mean())
    plain, _, _ = plots.scores((GENUINE, IMPOSTOR))
    assert not any(p.get_hatch() for p in plain.axes[0].patches)
    (line,) = (x for x in fig.axes[0].get_lines() if set(x.get_xdata()) == {t})
    assert line.get_color() == "black"


def test_a_figure_of_scores_says_what_it_shows():
    fig, _, _ = plots.scores((GENUINE, IMPOSTOR))
    assert fig.title == "The two heaps overlap: no threshold is free of errors."
    assert "2,000 comparisons of one person, 20,000 of two people" in fig.about
    fig, _, _ = plots.scores(([0.5, 0.6], [0.1, 0.2]), about="dlib on dev", footer="f")
    assert "do not overlap" in fig.title and fig.about.startswith("dlib on dev: ")
    fig, _, table = plots.scores((GENUINE, IMPOSTOR), marks={"mine": -0.55})
    rates = [in_words(table.loc["mine", rate]) for rate in ("FMR", "FNMR")]
    assert fig.title == "Mine: of two people {} match, of one person {} are missed.".format(*rates)
    assert plots.scores((GENUINE, IMPOSTOR), title="mine")[0].title == "mine"


def test_the_words_are_computed_from_the_scores():
    _, alt, table = plots.scores(([-0.3, -0.2], [-0.9, -0.8, -0.5, -0.1]), marks={"mine": -0.5})
    assert "2 genuine pairs" in alt and "4 impostor pairs" in alt
    assert "50 in 100 of the impostor pairs match, none of the genuine pairs do not" in alt
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


def test_the_table_of_a_curve_holds_its_rates_and_its_title_the_last():
    fig, alt, table = plots.rates_curve({"dlib": curve()})
    t = np.sort(IMPOSTOR)[::-1][int(0.01 * len(IMPOSTOR))]
    rate = table.loc["1 in 100", "dlib"]
    assert rate == pytest.approx((GENUINE < t).mean(), abs=0.01)
    assert f"FNMR {in_words(rate)} at FMR 1 in 100" in alt
    last = in_words(table["dlib"].dropna().iloc[-1])
    assert fig.title == (
        f"Where {table.index[-2]} of two people match, {last} of one person are missed."
    )


def test_a_curve_ends_at_its_floor_and_the_rest_is_hatched():
    fig, alt, table = plots.rates_curve({"dlib": curve()}, floor=1e-3)
    line = next(x for x in fig.axes[0].get_lines() if x.get_label() == "dlib")
    assert line.get_xdata().min() >= 1e-3
    assert "Nothing is drawn below FMR 1 in 1,000" in alt
    assert np.isnan(table.loc["1 in 10,000", "dlib"]) and np.isfinite(table.loc["1 in 1,000"]).all()
    low, high = fig.axes[0].get_xlim()
    assert low < 1e-3 < high and fig.axes[0].get_xscale() == "log"
    (hatched,) = (p for p in fig.axes[0].patches if p.get_hatch())
    assert hatched.get_width() == pytest.approx(1e-3 - low)


def test_a_log_axis_is_in_words():
    """Finding: 1e-3 stood beside 0.01."""
    fig, _, _ = plots.rates_curve({"dlib": curve()})
    FigureCanvasAgg(fig).draw()
    labels = [t.get_text().replace("\n", " ") for t in fig.axes[0].get_xticklabels()]
    assert "1 in 1,000" in labels and "1 in 10" in labels and "all" in labels


def test_without_a_floor_it_is_one_match_in_all_pairs():
    _, alt, _ = plots.rates_curve(curve())
    assert f"below FMR {in_words(1 / len(IMPOSTOR))}" in alt


def test_lines_differ_in_more_than_colour_and_are_named_beside_them():
    fig, _, _ = all_figures()["curve"]
    drawn = [line for line in fig.axes[0].get_lines() if line.get_label()[0] != "_"]
    looks = {(line.get_linestyle(), line.get_marker()) for line in drawn}
    assert len(drawn) == len(looks) == 2
    names = {t.get_text(): t for t in fig.axes[0].texts}
    for line in drawn:
        assert names[line.get_label()].get_color() == line.get_color()


# --- groups --------------------------------------------------------------------------------------


def reaches(ax) -> list[tuple[float, float]]:
    """Ends of the intervals that are drawn."""
    return [tuple(s[:, 0]) for c in ax.collections for s in c.get_segments()]


def test_groups_show_intervals_and_say_what_is_too_little():
    fig, alt, table = plots.groups(intervals())
    ax = fig.axes[0]
    assert reaches(ax) == [pytest.approx((0.008, 0.019)), pytest.approx((0.0114, 0.0304))]
    assert "lighter: 1.3 in 100, interval 1 in 125 to 1 in 53, 160 people." in alt
    assert "few: 2 false matches from 2 pairs of people: too few" in alt and "0.0001" not in alt
    assert table.loc["none", "words"] == "none seen: at most 0.08"
    assert [t.get_text() for t in ax.get_yticklabels()] == ["lighter", "darker", "few", "none"]
    words = {t.get_text() for t in ax.texts}
    assert words == {"1.3 in 100", "1.9 in 100", "too few", "none seen"}


def test_too_few_is_a_hollow_dot_off_the_scale_and_nothing_strikes_through_its_words():
    """Findings: floor ticks struck through "too few"; a hollow dot at .22 was read as a rate."""
    fig, _, _ = plots.groups(intervals())
    hollow = [x for x in fig.axes[0].get_lines() if to_hex(x.get_markerfacecolor()) == "#ffffff"]
    assert [list(x.get_xdata()) for x in hollow] == [[0.0], [0.0]]
    for point in hollow:
        assert point.get_markeredgewidth() >= 1
        assert to_hex(point.get_markeredgecolor()) == palette()["quiet"]
    for words in fig.axes[0].texts:
        assert words.get_bbox_patch() is not None and words.zorder > 3


def test_rates_far_apart_stand_on_steps_of_ten_with_a_hatched_floor():
    near, far = (plots.groups(intervals(x))[0].axes[0] for x in (0.019, 0.2))
    assert near.get_xscale() == "linear" and near.get_xlim()[0] == 0
    assert far.get_xscale() == "log"
    (floor,) = (p for p in far.patches if p.get_hatch())
    assert floor.get_x() + floor.get_width() == pytest.approx(3 / 12_000)
    assert plots.groups(intervals(0.2), rate="fnmr")[0].axes[0].get_xscale() == "linear"


@pytest.mark.parametrize("rate", RATES.values(), ids=lambda rate: rate.name)
def test_a_group_figure_names_its_rate(rate):
    fig, alt, _ = plots.groups(intervals(), rate=rate.name)
    assert alt.startswith(f"{rate.axis}, one row for each group. lighter: ")
    assert rate.axis in fig.about and fig.title.endswith(", for each group")
    assert plots.groups(intervals(), rate=rate.name, title="By band")[0].title == "By band"


def test_the_floor_of_the_group_figure_is_said():
    assert f"The floor is at {in_words(3 / 12_000)}." in plots.groups(intervals())[1]
    assert "The floor is at 1 in 10,000." in plots.groups(intervals(), floor=1e-4)[1]
    assert "floor" not in plots.groups(intervals(), rate="fnmr")[1]


def test_groups_from_a_frame():
    flat = pd.DataFrame(
        {"people": [80], "fnmr": [0.1], "fnmr_low": [0.05], "fnmr_high": [0.2]}, index=["a"]
    )
    for table in (flat, SimpleNamespace(frame=flat)):
        _, alt, _ = plots.groups(table, rate="fnmr")
        assert "a: 10 in 100, interval 5 to 20 in 100, 80 people." in alt
    with pytest.raises(ValueError, match="has no 'fmr'"):
        plots.groups(flat, rate="fmr")
    with pytest.raises(ValueError, match="give a group table"):
        plots.groups({})


@pytest.mark.parametrize("order", [1, -1])
def test_every_panel_has_room_for_the_highest_rate_of_all(order):
    """The last matcher's rates set the axis, and those of the others stood outside of it."""
    tables = dict([("a", intervals(0.01)), ("b", intervals(0.019))][::order])
    fig, _, _ = plots.groups(tables, rate="fnmr")
    highest = max(high for ax in fig.axes for _, high in reaches(ax))
    assert all(ax.get_xlim()[0] == 0 and ax.get_xlim()[1] > highest for ax in fig.axes)


def test_each_matcher_has_a_panel_on_one_scale_and_the_rows_are_shared():
    fig, _, table = plots.groups({"a": intervals(), "b": intervals(0.03)}, rate="fnmr")
    assert [ax.get_title("left") for ax in fig.axes] == ["a", "b"]
    assert len({ax.get_xlim() for ax in fig.axes}) == 1
    assert fig.axes[1].get_ylim() == fig.axes[0].get_ylim()
    assert reaches(fig.axes[1])[1] == pytest.approx((0.018, 0.048))
    assert table.index.tolist()[0] == ("a", "lighter") and len(table) == 8


def test_the_group_table_is_four_panels(tables):
    """Finding: the table of 05 squeezed intervals over three lines and was cut off at 400."""
    table, styles = tables
    fig, alt, rows = plots.group_rates(table, styles=styles, title="x", footer="y")
    names = [ax.get_title("left").replace("\n", " ") for ax in fig.axes]
    assert names == [
        "No face found (FTA)",
        "Rejected, same style",
        "Rejected, restyled",
        "False matches (FMR)",
    ]
    assert rows.index.get_level_values(0).unique().tolist() == names
    for name, of, rate in zip(
        names,
        (table, styles["same style"], styles["restyled"], table),
        ("fta", "false_rejection", "false_rejection", "fmr"),
        strict=True,
    ):
        for band in BANDS:
            assert rows.loc[(name, band), "rate"] == of[band, rate].value
        assert f"{name}: {rows.loc[name].index[0]}: " in alt or name in alt
    known = [r for r in rows["low"] if np.isfinite(r)]
    assert 0 < len(known) < len(rows), "some rows have too few"
    assert sum(len(reaches(ax)) for ax in fig.axes) == len(known)
    plain, _, _ = plots.group_rates(table)
    assert [ax.get_title("left").split("\n")[0] for ax in plain.axes][1:3] == [
        "Missed",
        "Rejected:",
    ]


def test_panels_stand_below_each_other_on_a_telephone(tables):
    fig, _, _ = plots.group_rates(tables[0])
    tall = fig.get_figheight()
    drawn = dict(paper.pictures(fig))
    width, height = drawn["light", "narrow"].size
    assert width == 704 and height == pytest.approx(4 * tall * paper.DPI, abs=1)
    tops = [ax.get_position().y1 for ax in fig.axes]
    assert (
        tops == sorted(tops, reverse=True) and len({ax.get_position().x0 for ax in fig.axes}) == 1
    )


def test_a_panel_where_nothing_is_known_has_no_scale():
    few = {"a": Interval(0.0, people=3, words="none"), "b": Interval(0.2, people=3, words="few")}
    ax = plots.groups(few)[0].axes[0]
    assert ax.get_xticks().size == 0 and len(ax.get_lines()) == 2


# --- bars, maps ----------------------------------------------------------------------------------


def test_both_errors_stand_as_pairs_of_striped_bars():
    """Finding: the four formulas of "80%" were eight lines of printed counts."""
    fig, alt, table = plots.both_errors(WAYS, (20_000, 2000), about="dlib on dev")
    striped = sorted(round(p.get_width(), 3) for p in fig.axes[0].patches if p.get_hatch())
    assert striped == sorted([0.95, 0.9, 0.02, 1.0])
    said = [t.get_text() for t in fig.axes[0].texts]
    for words in (*WAYS, "3 of 20,000 match", "none of 20,000 match", "90 in 100 match"):
        assert words in said
    assert table.loc["cosine"].tolist() == [3, 3 / 20_000, 1900, 0.95]
    assert "half the distance: false matches 90 in 100, misses 2 in 100." in alt
    assert fig.title == "False matches go from none to 90 in 100, misses from 2 in 100 to all."
    assert fig.about.startswith("dlib on dev: Of 20,000 comparisons of two people")


def test_errors_without_trials_are_refused():
    with pytest.raises(ValueError, match="'x' has 3 errors in 2 comparisons"):
        plots.both_errors({"x": (3, 0)}, (2, 5))
    with pytest.raises(ValueError, match="nothing to draw"):
        plots.both_errors({}, (2, 5))


def test_the_words_of_a_map_are_those_of_its_table():
    fig, alt, table = plots.confusion(BETWEEN)
    assert table is BETWEEN
    assert alt == (
        "A map of 3 by 3 groups, stronger where FMR is higher. Lowest: lighter with darker (1 in"
        " 1,000); highest: darker with darker (1.9 in 100). The diagonal, both people in one group,"
        " goes from 1.3 in 100 to 1.9 in 100."
    )
    assert fig.title.startswith("Every group is confused within itself more often")
    ax = fig.axes[0]
    for text in ax.texts:
        j, i = (int(place) for place in text.get_position())
        assert text.get_text().replace("\n", " ") == in_words(BETWEEN.iloc[i, j])
    assert [t.get_text() for t in ax.get_yticklabels()] == BANDS
    assert [t.get_text() for t in ax.get_xticklabels()] == BANDS


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_a_higher_rate_is_stronger_and_words_stay_readable_on_it(theme):
    fig, _, _ = plots.confusion(BETWEEN)
    FigureCanvasAgg(fig).draw()
    if theme == "dark":
        paper.recolour(fig, paper.dark())
        fig.canvas.draw()
    cells = fig.axes[0].collections[0].get_facecolors()
    ground, ink = palette(theme)["paper"], palette(theme)["ink"]
    off = np.array([contrast(cell, ground) for cell in cells])
    order = np.argsort(BETWEEN.to_numpy().ravel(), kind="stable")
    assert (np.diff(off[order]) >= 0).all()
    assert min(contrast(cell, ink) for cell in cells) >= 4.5


def test_the_title_of_a_map_follows_its_numbers():
    flat = BETWEEN * 0 + 0.01
    assert "no more often than across" in plots.confusion(flat)[0].title
    some = flat.copy()
    some.iloc[0, 0] = 0.02
    assert plots.confusion(some)[0].title.startswith("On average groups are confused within")


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


# --- faces ---------------------------------------------------------------------------------------


def test_the_most_confused_are_distinct_pairs_of_people(pairs, dev):
    """Finding: 05 printed 20 rows of image numbers, some for the same two people."""
    sheet, alt, table = plots.confused(pairs, dev, threshold=-0.3)
    assert isinstance(sheet, Sheet) and len(table) == 6
    people = {frozenset(row) for row in table[["person_1", "person_2"]].to_numpy().tolist()}
    assert len(people) == 6 and all(len(two) == 2 for two in people)
    best = np.sort(pairs.pair_highest()[np.triu_indices(pairs.people_count, 1)])[::-1][:6]
    assert table["score"].tolist() == pytest.approx(best.tolist())
    many = plots.confused(pairs, dev, 60)[2][["person_1", "person_2"]].to_numpy().tolist()
    assert len({frozenset(row) for row in many}) == 60, "further down some come twice"
    repeated = pairs.highest(60)[["person_1", "person_2"]].to_numpy().tolist()
    assert len({frozenset(row) for row in repeated}) < 60
    who = dev.of("person")
    assert (who[table["image_1"]] == table["person_1"]).all()
    assert sheet.body.count("<img") == 12 and sheet.body.count('width="120"') == 12
    for score in table["score"]:
        assert f"score {score:.3f}" in sheet.body and f"score {score:.3f}" in alt
    over = (table["score"] >= -0.3).sum()
    assert (table["verdict"] == "at or above the threshold: called one person").sum() == over
    assert over == 6 and sheet.title.endswith("highest: it calls each of them one person")
    between = float(table["score"].iloc[:2].mean())
    some = plots.confused(pairs, dev, 2, threshold=between)[0]
    assert some.title == (
        "The 2 pairs that the matcher scores highest: it calls 1 of them one person"
    )
    assert "one person" not in plots.confused(pairs, dev, 2)[0].title
    assert "picked by score and not by eye" in sheet.about
    assert sheet.footer == plots.invented(pairs.people_count)


def test_differences_come_from_the_tables_of_the_set(dev):
    assert differences(dev, 0, 0)[1] == []
    for place in range(0, 160, 4):
        share, differ = differences(dev, 0, place)
        bands = {dev.of("tone_band")[k] for k in (0, place)}
        assert (f"{dev.of('tone_band')[0]} band" in share) == (len(bands) == 1)
        glasses = {bool(dev.of("glasses")[k]) for k in (0, place)}
        assert any("glasses" in x for x in differ) == (len(glasses) == 2)
        ages = [dev.of("age")[k] for k in (0, place)]
        assert any("years old" in x for x in differ) == (abs(ages[0] - ages[1]) >= 10)
        covered = any(dev.of("covering")[k] for k in (0, place))
        cut = HAIR[dev.of("haircut")[0]] if dev.of("haircut")[0] in HAIR else "never"
        if covered:
            assert not any(cut in x for x in (*share, *differ)), "what is covered is not named"


def test_faces_of_another_set_are_refused(pairs):
    few = type("Few", (), {"__len__": lambda self: 4, "name": "few"})()
    with pytest.raises(ValueError, match="is not in few, which has 4"):
        plots.confused(pairs, few)


# --- the published record ------------------------------------------------------------------------


def test_the_record_is_dots_where_there_are_rates_and_cards_where_there_are_none():
    """Finding: the record was a table of 11 columns, unreadable at 400 pixels."""
    show = published.show("gender_shades")
    sheet, alt, table = plots.published(show)
    assert table is show
    assert sheet.body.count('class="lab-dot"') > 0
    rows = published.load("gender_shades").table.set_index("id")
    rated = [k for k in show.index if np.isfinite(rows.loc[k, "rate"])]
    assert sheet.body.count("lab-dot") == len(rated)
    for key in rated:
        assert in_words(rows.loc[key, "rate"]) in alt
    nist = published.show("nist")
    sheet, alt, _ = plots.published(nist)
    assert sheet.body.count("lab-told") == len(nist) and "lab-dot" not in sheet.body
    assert "10-fold" in alt and "a finding in words" not in sheet.body


def test_only_what_counts_the_same_shares_a_scale(tables):
    """A dot of searches must not be read against a dot of comparisons."""
    both = published.compare(tables[0], "live_trials", rows={"statistic": ["fpir", "alerts"]})
    sheet, alt, _ = plots.published(both)
    kinds = both[both["rate"].notna()].groupby(["where", "statistic"]).ngroups
    assert sheet.body.count("The scale goes from none to") == kinds
    assert "not to be divided" in sheet.title and "measured here" in alt
    ours = both[both["where"] == "measured here"]
    assert sheet.body.count("lab-ours") == len(ours)
    place = float(re.search(r'lab-ours.*?lab-dot" style="left:([\d.]+)%', sheet.body)[1])
    end = float(ours["high"].max())
    scale = next(k * 10.0**p for p in range(-6, 1) for k in (1, 2, 5) if k * 10.0**p >= end)
    assert place == pytest.approx(100 * float(ours["rate"].iloc[0]) / scale, abs=0.01)


def test_a_table_without_figures_is_refused():
    with pytest.raises(ValueError, match="nothing to show"):
        plots.published(published.show("policies"))


def test_a_sheet_is_read_out_as_it_stands_and_has_a_folded_table(pairs, dev):
    """Each face has words, and all that the alt text of the whole says stands on the page."""
    page = plots.as_html(*plots.confused(pairs, dev, 2))
    alts = re.findall(r'<img alt="([^"]*)"', page)
    bands = [f"{dev.of('tone_band')[k]} band" for k in plots.confused(pairs, dev, 2)[2]["image_1"]]
    assert len(alts) == 4 and all(band in alt for band, alt in zip(bands, alts[::2], strict=True))
    assert "<details><summary>" in page and "aria-label" not in page
    assert len(page) < 60_000


# --- pictures ------------------------------------------------------------------------------------


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


def test_photographs_keep_their_colours_in_the_dark():
    face = np.full((40, 40, 3), (200, 90, 60), np.uint8)
    drawn = dict(paper.pictures(plots.wall([face] * 3)[0]))
    assert set(drawn) == {("light", "wide"), ("dark", "wide")}
    for picture in drawn.values():
        middle = picture.getpixel((picture.width // 2, picture.height // 2))
        assert middle == pytest.approx((200, 90, 60), abs=2)


def test_the_style_stays_inside():
    import matplotlib as mpl

    before = dict(mpl.rcParams)
    all_figures()
    assert dict(mpl.rcParams) == before


def test_reading_the_module_loads_no_library_to_draw_with():
    """Matplotlib and pandas take a second: at the first figure.  seaborn is not needed at all."""
    heavy = ("matplotlib", "seaborn", "scipy.stats", "pandas")
    ask = (
        "import sys; from labkit import views; views.plots.show, views.identity.palette();"
        f" print([m for m in {heavy!r} if m in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", ask], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


# --- at the limits -------------------------------------------------------------------------------


def interval(rate: float, *, reach: float = 1.5, people: int = 160) -> Interval:
    """A rate with an interval that reaches so many times down and up."""
    return Interval(rate, rate / reach, min(1.0, rate * reach), people=people, person_pairs=9000)


SMALL = {name: Interval(0.0, people=1, words="nobody") for name in ("lighter", "darker")}
SPREAD = {
    "rare": {"lighter": interval(2e-6), "medium": interval(3e-5), "darker": interval(2e-4)},
    "often": {"lighter": interval(0.2), "medium": interval(0.02), "darker": interval(0.6)},
    "tiny": SMALL,
    "never": {"lighter": Interval(0.0, people=9, words="none seen"), "medium": interval(0.9)},
}
CELLS = [f"{band}, {half}" for band in BANDS for half in ("lower", "upper")]
ALL_BUT = {"100 x cosine": (1_833_559, 0), "100 x (1 - distance)": (0, 2454)}


def at_the_limits():
    """Figures of groups far apart, of four panels on one scale, of tiny groups, of long words."""
    return {
        **{f"far {rate}": plots.groups(SPREAD, rate=rate) for rate in RATES},
        "back": plots.groups(dict(list(SPREAD.items())[::-1]), rate="false_rejection"),
        "below the floor": plots.groups(SPREAD["rare"], floor=1e-3),
        "from zero": plots.groups({"a": Interval(1e-3, 0.0, 0.2, people=50), "b": interval(0.1)}),
        "tiny": plots.groups(SMALL),
        "one": plots.groups({"all": interval(1.0)}, rate="fnmr"),
        "six": plots.confusion(
            pd.DataFrame(np.linspace(1e-4, 0.01, 36).reshape(6, 6), index=CELLS, columns=CELLS)
        ),
        "all but a few": plots.both_errors(ALL_BUT, (1_833_615, 2871)),
        "two scores": plots.scores(([0.5], [0.5]), marks={"mine": 0.5, "theirs": -3.0}),
        "short curve": plots.rates_curve(curve(GENUINE[:2], IMPOSTOR[:3])),
        "three points": plots.counted([OURS, POLICE, QUIET]),
        "no alert": plots.counted([QUIET]),
        "mixes without a false match": plots.errors_by_mix(FEW_MIXED),
        "controls without one": plots.mix_controls(FEW_MIXED),
    }


LIMITS = list(at_the_limits())


@pytest.mark.parametrize("kind", LIMITS)
@pytest.mark.filterwarnings("error")
def test_no_figure_warns_whatever_it_has_to_show(kind):
    """In 05 a warning stood in red above a figure whose panels had collapsed."""
    assert embedded(plots.as_html(*at_the_limits()[kind]))


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.filterwarnings("error")
def test_no_kind_of_figure_warns(kind):
    assert embedded(plots.as_html(*all_figures()[kind]))


@pytest.mark.parametrize("kind", LIMITS)
@pytest.mark.parametrize("narrow", [False, True], ids=["wide", "narrow"])
def test_nothing_touches_at_the_limits(kind, narrow):
    """At 400 pixels a map's names ran together, and an axis' name and a bar's words were cut."""
    nothing_touches(drawn_at(at_the_limits()[kind][0], narrow))


@pytest.mark.parametrize(
    "kind", [k for k in LIMITS if k.startswith(("far", "back", "below", "from"))]
)
@pytest.mark.parametrize("narrow", [False, True], ids=["wide", "narrow"])
def test_every_dot_stands_inside_its_axis_and_has_its_rate(kind, narrow):
    """The worst rate of a figure lay past the end of its axis, and so had no number."""
    fig, _, table = at_the_limits()[kind]
    drawn_at(fig, narrow)
    dots, told = [], []
    for ax in fig.axes:
        low, high = ax.get_xlim()
        solid = [x for x in ax.get_lines() if to_hex(x.get_markerfacecolor()) != "#ffffff"]
        places = [float(x.get_xdata()[0]) for x in solid if len(x.get_xdata()) == 1]
        ends = [end for reach in reaches(ax) for end in reach]
        assert all(low < x < high for x in places), (low, places, high)
        assert all(low * (1 - 1e-9) <= x < high for x in ends), (low, ends, high)
        dots += places
        visible = [t for t in ax.texts if t._check_xy(fig.canvas.get_renderer())]
        told += [t.get_text() for t in visible]
    known = table[np.isfinite(table["low"])]["rate"]
    assert sorted(dots) == pytest.approx(sorted(known))
    assert sorted(told) == sorted(
        [in_words(rate) for rate in known]
        + ["none seen" if r == 0 else "too few" for r in table["rate"][~np.isfinite(table["low"])]]
    )


def test_an_axis_is_named_in_plain_words():
    """'in 100 of its side' was not understood."""
    assert plots.scores((GENUINE, IMPOSTOR))[0].axes[0].get_ylabel() == (
        "share of its comparisons, in 100"
    )


# --- faces and what was rebuilt of them ----------------------------------------------------------


def test_rebuilt_faces_stand_below_the_true_ones_with_what_they_are_off_by():
    true = np.full((3, 8, 8, 3), 100, np.uint8)
    made = true + np.uint8([[[[10]]], [[[20]]], [[[60]]]])
    fig, alt, table = plots.rebuilt(true, made, true[0] + 40)
    assert table.to_numpy().tolist() == [[10, 40], [20, 40], [60, 40]]
    assert "3 drawn faces" in alt and "For 2 of 3 the rebuilt face is nearer" in alt
    assert "off by 30 of 255 grey levels on average, in the mean face by 40" in alt
    shown = [[len(ax.images) for ax in row] for row in np.reshape(fig.axes, (2, 4))]
    assert shown == [[1, 1, 1, 0], [1, 1, 1, 1]]
    assert [ax.get_title("left") for ax in fig.axes if ax.get_title("left")] == [
        "true",
        "rebuilt",
        "mean face",
    ]


@pytest.mark.parametrize("count", [0, 2])
def test_rebuilt_faces_of_other_people_are_refused(count):
    face = np.zeros((3, 8, 8, 3), np.uint8)
    with pytest.raises(ValueError, match="give both of the same people, and at least one"):
        plots.rebuilt(face[:count], face if count else face[:0], face[0])


def test_making_a_file_of_a_figure_takes_little_room():
    """Finding: of a tall figure on a telephone it took 37 MB, which notebook 05 had not."""
    import tracemalloc

    picture = Image.fromarray(np.random.default_rng(0).integers(0, 255, (2200, 700, 3), np.uint8))
    tracemalloc.start()
    made = paper.webp(picture)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < len(made) + 5e6


def test_the_ground_of_a_figure_is_exactly_that_of_the_page():
    dots = np.full((150, 40, 3), (247, 245, 241), np.uint8)
    dots[70:80, 10:20] = (10, 92, 158)
    again = np.array(Image.open(io.BytesIO(paper.webp(Image.fromarray(dots)))).convert("RGB"))
    assert (again[:70] == dots[:70]).all() and (again[80:] == dots[80:]).all()
    assert np.abs(again[72:78, 12:18].astype(int) - (10, 92, 158)).max() < 40


# --- networks at several mixes -------------------------------------------------------------------


@pytest.mark.parametrize("place", [0, 1], ids=["false matches", "rejections"])
def test_every_training_is_a_dot_over_its_mix(place):
    """No mean hides how far three trainings lie apart."""
    fig, alt, table = plots.errors_by_mix(MIXED)
    rate = ("fmr", "false_rejection")[place]
    ax = fig.axes[place]
    hollow = [x for x in ax.get_lines() if to_hex(x.get_markerfacecolor()) == "#ffffff"]
    dots = sorted(float(y) for x in hollow if x.get_marker() != "None" for y in x.get_ydata())
    known = MIXED.rates(rate=rate)["rate"]
    assert dots == pytest.approx(sorted(known[known > 0])) and len(dots) == 45
    low, high = ax.get_ylim()
    assert low < min(dots) and max(dots) < high
    middle = MIXED.mean_rate("50-50", "darker", rate)
    assert f"{100 * middle.ratio:.2g}" in alt
    row = table.iloc[15 * place + 8]
    assert row["band"] == "darker" and row["mix"] == "50:50"
    assert row["mean, in 100"] == f"{100 * middle.ratio:.2g}"
    assert row["95% interval"].startswith(f"{100 * middle.low:.2g} to ")


def test_controls_show_each_effect_and_what_no_training_repeats():
    fig, alt, table = plots.mix_controls(MIXED)
    for effect in (MIXED.slope(), MIXED.grey().second, MIXED.mean_gap("thirds-2500")):
        assert effect.text() in alt and effect.text() in set(table.iloc[:, 1])
    solid = [
        x
        for x in fig.axes[0].get_lines()
        if x.get_marker() == "o" and to_hex(x.get_markerfacecolor()) != "#ffffff"
    ]
    gaps = [MIXED.mean_gap(mix).ratio for mix in ("90-10", "50-50", "thirds-160", "thirds")]
    assert [float(x.get_xdata()[0]) for x in solid][:4] == pytest.approx(gaps)

"""Figures and the explorer of crowds and passages: the numbers that were counted, and no others."""

from __future__ import annotations

import numpy as np
import pytest
import traitlets
from matplotlib.patches import Rectangle

from labkit.measure.intervals import Interval
from labkit.street.crowd import Crowd, by_size
from labkit.street.passages import Rates
from labkit.views import explorers, plots
from labkit.views.explorers._crowd import made_up
from labkit.views.plots.crowd import boxes, by_passage, found_by, photographed


class Pictured(Crowd):
    """The made-up crowd on grey."""

    def picture(self, condition: str = "good"):
        return np.full((90, 135, 3), 128, np.uint8)


@pytest.fixture
def crowd():
    made = made_up()
    return Pictured(made.people, made.found)


def some(frame=0.03, passage=0.09, errors=11) -> Rates:
    one = Interval(frame, frame / 2, 2 * frame, people=120, errors=14, trials=480)
    whole = Interval(passage, passage / 2, 2 * passage, people=120, errors=errors, trials=120)
    true = Interval(0.9, 0.8, 0.96, people=40, errors=36, trials=40)
    return Rates(one, whole, 1 - (1 - frame) ** 4, true, 3.8, 40)


def test_a_figure_of_sizes_shows_what_was_counted(crowd):
    fig, alt, table = found_by(crowd)
    counted = by_size(crowd)
    assert table["found"].tolist() == counted["found"].tolist()
    (ax,) = fig.axes
    lines = [line for line in ax.lines if len(line.get_ydata()) == 5]
    drawn = sorted(tuple(line.get_ydata()) for line in lines[:2])
    wanted = sorted(tuple(rows["share"]) for _name, rows in counted.groupby("detector"))
    assert drawn == wanted
    assert len({line.get_linestyle() for line in lines[:2]}) == 2, "not told apart by colour alone"
    assert "dlib: 0 of 1 at 6 to 9" in alt and "120" not in fig.footer and "12" in fig.footer
    with pytest.raises(ValueError, match="'eyes' or 'hidden'"):
        found_by(crowd, "age")


def test_boxes_stand_round_every_face_in_three_looks(crowd):
    fig, alt, table = boxes(crowd, "dlib")
    (ax,) = fig.axes
    drawn = [
        p for p in ax.patches if isinstance(p, Rectangle) and p.get_edgecolor()[:3] != (1, 1, 1)
    ]
    looks = {}
    for patch in drawn:
        looks.setdefault(str(patch.get_linestyle()), []).append(patch)
    assert sorted(len(of) for of in looks.values()) == [1, 5, 7]
    assert table.iloc[:, 0].tolist() == [5, 7, 1]
    assert "found: 5, missed: 7, false detection: 1" in alt
    part = boxes(crowd, "YuNet", window=(0, 0, 40, 90))[2]
    assert part.iloc[:, 0].tolist() == [2, 2, 0]


def test_the_picture_before_the_guess_shows_nothing_of_the_detectors(crowd):
    """Finding: a guess was asked for before any picture was shown; the picture must not tell."""
    fig, alt, table = photographed(crowd)
    assert not fig.axes[0].patches and len(fig.axes[0].images) == 1
    assert not any(name in alt for name in (*crowd.detectors, "found", "missed"))
    assert table["people"].sum() == len(crowd.people)


def test_passages_stand_beside_frames(crowd):
    fig, alt, table = by_passage({"dlib": some(), "SFace": some(0.0, 0.0, 0)})
    assert table.loc[("dlib", "by frame"), "rate"] == 0.03
    assert table.loc[("dlib", "by passage"), "rate"] == 0.09
    assert "dlib: 3 in 100 by frame, 9 in 100 by passage" in alt
    assert fig.axes[0].get_xlim()[1] > 0.18
    with pytest.raises(ValueError, match="nothing to draw"):
        by_passage({})


@pytest.mark.parametrize("kind", ["found", "boxes", "passages", "bare"])
def test_every_figure_can_be_shown(crowd, kind):
    shown = {
        "found": lambda: found_by(crowd, "hidden"),
        "boxes": lambda: boxes(crowd, "YuNet"),
        "passages": lambda: by_passage({"dlib": some()}),
        "bare": lambda: photographed(crowd),
    }[kind]()
    page = plots.as_html(*shown)
    assert "<img" in page and "alt=" in page and "<table" in page and "Invented people" in page


# ---- the explorer -------------------------------------------------------------------------------


def test_the_explorer_is_sent_what_was_found(crowd):
    view = explorers.crowd(crowd, start=20)
    meta = view.meta
    assert meta["sizes"][view.step] == 20 and view.detector == "YuNet"
    for k, name in enumerate(meta["detectors"]):
        table = crowd.faces(name)
        assert [face["found"][k] for face in meta["faces"]] == table["found"].tolist()
        assert meta["false"][k] == crowd.false(name) == len(meta["wrong"][k])
    first = crowd.people.iloc[0]
    assert meta["faces"][0]["box"] == pytest.approx(
        [first["left"] / 135, first["top"] / 90, first["right"] / 135, first["bottom"] / 90],
        abs=1e-5,
    )
    assert meta["sizes"][0] <= min(f["eyes"] for f in meta["faces"])
    assert meta["sizes"][-1] <= max(f["eyes"] for f in meta["faces"]) < meta["sizes"][-1] + 1


def test_the_explorer_refuses_what_is_not_there(crowd):
    view = explorers.crowd(crowd)
    with pytest.raises(traitlets.TraitError, match="not on the slider: use 0 to"):
        view.step = len(view.meta["sizes"])
    with pytest.raises(traitlets.TraitError, match="no detector 'Haar': use dlib, YuNet"):
        view.detector = "Haar"


def test_the_still_counts_as_the_page_does(crowd):
    view = explorers.crowd(crowd, start=20)
    rows = {row[0]: row[1:] for row in view.still().rows}
    large = crowd.people["eyes"] >= 20
    for name in ("dlib", "YuNet"):
        hits = int(crowd.faces(name)["found"][large].sum())
        assert rows[name] == (str(hits), str(int(large.sum()) - hits), str(crowd.false(name)))
    assert view.still().said.startswith(f"{large.sum()} faces")


def test_the_explorer_of_the_stored_crowd_is_small():
    assert len(explorers.crowd().data) < 600_000

"""The face put together again is the face, and picture, text and alt text say the same."""

from __future__ import annotations

import base64
import html
import re

import cv2
import matplotlib.pyplot as plt
import numpy as np
import pytest

from labkit import data
from labkit.matchers import Eigenfaces
from labkit.matchers.align import face_oval
from labkit.views import eigenfaces as view


@pytest.fixture(scope="module")
def crop():
    return data.load("anytown/dev").crops[4]


@pytest.fixture(scope="module")
def directions():
    return Eigenfaces(components=30, skip=0, whiten=False).fit(
        data.load("anytown/train").crops[:600]
    )


def test_the_slider_changes_picture_text_and_alt_text(crop, directions):
    slider, shown = view.rebuilding(directions, crop, 10).children
    seen = []
    for k in (0, 5, 30):
        slider.value = k
        seen.append(shown.value)
        assert f"{k} of 30 directions" in shown.value
        alt = html.unescape(re.search(r'alt="([^"]*)"', shown.value)[1])
        assert f"and {k} directions" in alt
    assert len(set(seen)) == 3 and max(map(len, seen)) < 20_000


def test_the_slider_shows_the_face_beside_what_was_put_together(crop, directions):
    slider, shown = view.rebuilding(directions, crop, 7).children
    assert slider.value == 7 and slider.max == 30
    png = base64.b64decode(re.search(r'base64,([^"]+)"', shown.value)[1])
    both = cv2.imdecode(np.frombuffer(png, np.uint8), cv2.IMREAD_GRAYSCALE)
    assert (both[:, :64] == view.seen(crop)).all()
    assert (both[:, 64:] == view.rebuilt(directions, crop, 7)[0]).all()


def test_more_directions_never_bring_less_of_the_face(crop, directions):
    shares = [view.rebuilt(directions, crop, k)[1] for k in range(31)]
    assert shares[0] == pytest.approx(0, abs=1e-6) and (np.diff(shares) >= -1e-6).all()
    assert 0.5 < shares[-1] < 1


def test_a_face_is_whole_with_every_direction(crop):
    few = data.load("anytown/dev").crops[4:24]
    few = few[few.any(axis=(1, 2))]
    whole = Eigenfaces(components=len(few) - 1, skip=0, whiten=False).fit(few)
    picture, share = view.rebuilt(whole, few[0], len(few) - 1)
    assert share == pytest.approx(1, abs=1e-4)
    assert np.abs(picture.astype(int) - view.seen(few[0])).max() <= 1


@pytest.mark.parametrize("options", [{"skip": 3, "whiten": False}, {"skip": 0, "whiten": True}])
def test_eigenfaces_that_do_not_add_up_are_refused(crop, options):
    learned = Eigenfaces(components=5, **options).fit(data.load("anytown/train").crops[:40])
    for use in (lambda: view.rebuilt(learned, crop, 3), lambda: view.direction_wall(learned, [])):
        with pytest.raises(ValueError, match=r"skip=0, whiten=False"):
            use()


def test_hair_and_backdrop_are_an_even_grey(crop):
    outside = face_oval() == 0
    assert (view.seen(crop)[outside] == view.GREY).all()
    assert view.seen(crop)[~outside].std() > 10


def test_the_wall_takes_each_direction_away_and_adds_it(crop, directions):
    amounts = directions.transform(data.load("anytown/train").crops[:100])
    fig, alt, table = view.direction_wall(directions, amounts)
    shown = [np.asarray(ax.images[0].get_array(), float) for ax in fig.axes if ax.images]
    plt.close(fig)
    names = [f"{n}: {what}" for n in range(3) for what in ("taken away", "added")]
    assert table["caption"].tolist() == ["mean face", *names] and "0: added" in alt
    mean, steps = shown[0], shown[1:]
    for n in range(3):
        pattern = directions.components_[n].reshape(64, 64)
        away, added = steps[2 * n : 2 * n + 2]
        assert ((added - mean) * pattern).sum() > 100 > -100 > ((away - mean) * pattern).sum()

"""One look: colours stand in one file, and can be told apart by people with any colour vision."""

from __future__ import annotations

import itertools
import re
import sys
from pathlib import Path

import numpy as np
import pytest
from matplotlib.colors import to_hex, to_rgb

from labkit.views import identity
from labkit.views.identity import THEMES, palette, series, tokens

VIEWS = Path(identity.__file__).parent

# Machado, Oliveira and Fernandes 2009, "A Physiologically-based Model for Simulation of Color
# Vision Deficiency", severity 1.0; on linear RGB.
VISION = {
    "full": np.eye(3),
    "protanopia": [
        [0.152286, 1.052583, -0.204868],
        [0.114503, 0.786281, 0.099216],
        [-0.003882, -0.048116, 1.051998],
    ],
    "deuteranopia": [
        [0.367322, 0.860646, -0.227968],
        [0.280085, 0.672501, 0.047413],
        [-0.011820, 0.042940, 0.968881],
    ],
    "tritanopia": [
        [1.255528, -0.076749, -0.178779],
        [-0.078411, 0.930809, 0.147602],
        [0.004733, 0.691367, 0.303900],
    ],
}


def linear(colour: str) -> np.ndarray:
    c = np.array(to_rgb(colour))
    return np.where(c <= 0.04045, c / 12.92, ((c + 0.055) / 1.055) ** 2.4)


def lab(colour: str, vision: str) -> np.ndarray:
    """CIE L*a*b* (D65) of a colour as people with this vision see it."""
    rgb = np.clip(np.array(VISION[vision]) @ linear(colour), 0, 1)
    to_xyz = [[0.4124, 0.3576, 0.1805], [0.2126, 0.7152, 0.0722], [0.0193, 0.1192, 0.9505]]
    x = np.array(to_xyz) @ rgb / [0.9505, 1.0, 1.089]
    f = np.where(x > 0.008856, np.cbrt(x), 7.787 * x + 16 / 116)
    return np.array([116 * f[1] - 16, 500 * (f[0] - f[1]), 200 * (f[1] - f[2])])


def difference(a: str, b: str, vision: str) -> float:
    return float(np.linalg.norm(lab(a, vision) - lab(b, vision)))


@pytest.mark.parametrize("vision", VISION)
def test_colours_of_a_figure_can_be_told_apart(vision: str) -> None:
    closest = min(difference(a, b, vision) for a, b in itertools.combinations(series(), 2))
    assert closest >= 15  # about 2.3 is what an eye can just see


@pytest.mark.parametrize("theme", THEMES)
@pytest.mark.parametrize("vision", VISION)
def test_the_two_colours_of_the_pages_can_be_told_apart(theme: str, vision: str) -> None:
    colours = palette(theme)
    assert difference(colours["a"], colours["b"], vision) >= 40


def test_figures_begin_with_the_colours_of_the_pages() -> None:
    assert series()[:2] == (palette()["a"], palette()["b"])


def test_every_theme_has_every_colour_and_both_dark_ones_agree() -> None:
    light, jupyter, dark = map(palette, THEMES)
    assert set(light) == set(dark) >= {"paper", "panel", "ink", "quiet", "rule", "faint", "a", "b"}
    assert jupyter == dark
    assert len(re.findall(r"#[0-9a-f]{6}", tokens())) == sum(map(len, map(palette, THEMES)))


def test_paper_is_what_a_notebook_stands_on() -> None:
    """In the dark, figures stood on a blue-black sheet of their own."""
    for theme, name in (("light", "light"), ("JupyterLab dark", "dark")):
        style = Path(f"share/jupyter/lab/themes/@jupyterlab/theme-{name}-extension/index.css")
        found = re.search(r"--jp-layout-color0: ?(#?\w+)", (sys.prefix / style).read_text("utf-8"))
        assert found and to_hex(found[1]) == palette(theme)["paper"]


def test_an_unknown_theme_is_refused() -> None:
    with pytest.raises(ValueError, match="no theme 'sepia': use one of light"):
        palette("sepia")


def test_no_other_file_of_the_views_names_a_colour() -> None:
    """Colours of pictures (labkit.views.wall) are numbers of their own; white paper is white."""
    found = {}
    for file in sorted(VIEWS.rglob("*.*")):
        if file.suffix in (".py", ".js", ".css") and file.name not in ("tokens.css", "identity.py"):
            text = file.read_text("utf-8").replace("background:#ffffff", "")
            found[file.name] = re.findall(r"#[0-9a-fA-F]{6}\b|\brgba?\(\d", text)
    assert not {name: colours for name, colours in found.items() if colours}

"""``from labkit import views`` gives what a notebook shows things with, and loads it when used."""

from __future__ import annotations

import subprocess
import sys

import pytest

from labkit import views


def test_a_notebook_finds_figures_explorers_and_show() -> None:
    assert views.show is views.plots.show
    assert views.plots.scores and views.explorers.threshold and views.identity.palette
    assert {"plots", "explorers", "show"} <= set(dir(views))


def test_what_is_not_there_is_named_with_what_is() -> None:
    with pytest.raises(
        AttributeError, match=r"labkit\.views has no 'plot'; it has callout, caption, explorers"
    ):
        _ = views.plot


@pytest.mark.parametrize(
    ("used", "heavy"),
    [("plots.show", ("anywidget", "seaborn", "matplotlib")), ("explorers.ALL", ("seaborn", "cv2"))],
)
def test_each_part_loads_only_what_it_needs(used: str, heavy: tuple[str, ...]) -> None:
    ask = (
        f"import sys; from labkit import views; views.{used};"
        f" print([m for m in {heavy!r} if m in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", ask], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"

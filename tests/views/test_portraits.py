"""A wall of portraits shows the people of its table."""

from __future__ import annotations

import matplotlib.pyplot as plt
import numpy as np
import pytest

from labkit import data
from labkit.views import plots
from labkit.views.portraits import portraits


@pytest.fixture(scope="module")
def dev():
    return data.load("anytown/dev")


def test_the_wall_shows_portraits_in_the_order_of_its_table(dev):
    fig, alt, table = portraits(dev, 5)
    assert table.index.tolist() == dev.people.index[:5].tolist() and "5 pictures" in alt
    shown = [ax.images[0].get_array() for ax in fig.axes if ax.images]
    assert all((np.asarray(a) == dev.pictures[4 * k]).all() for k, a in enumerate(shown))
    assert fig.footer == plots.invented(5)
    plt.close(fig)


def test_the_text_says_how_old_they_are_and_how_many_wear_a_covering(dev):
    fig, alt, table = portraits(dev, 40)
    plt.close(fig)
    worn = dev.images.iloc[0 : 4 * 40 : 4]["covering"] != ""
    ages = dev.people["age"].iloc[:40]
    assert 0 < worn.sum() < 40 and (table["covering"] != "").sum() == worn.sum()
    assert f"from {ages.min():.0f} to {ages.max():.0f} years, {worn.sum()} of them with" in alt


def test_nobody_cannot_be_shown(dev):
    with pytest.raises(ValueError, match="0 portraits of anytown/dev"):
        portraits(dev, 0)

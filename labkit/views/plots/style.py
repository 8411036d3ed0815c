"""The house style of figures: no box, faint lines across, and colours that the pages have too.

In: nothing.  Out: figures to draw on, and what several figures need: colours, axes, words.
"""

from __future__ import annotations

import contextlib
import math
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from labkit.base.words import _
from labkit.views.identity import palette, series

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.figure import Figure

    from labkit.views.plots.paper import Paper
    from labkit.views.plots.sheets import Sheet

    Shown = tuple[Figure | Sheet, str, pd.DataFrame]

WIDTH = 6.4
"""Inches of a figure that is as wide as a line of text (44 rem, at 110 pixels to the inch)."""

LABEL, NOTE, NAME = 8.5, 8.5, 9.8
"""Points of text: 13 pixels for labels and notes, 15 for the name of a panel."""

GROUND = {"facecolor": "white", "edgecolor": "none", "pad": 0.6}
"""The page's ground behind words, so that no line strikes through them."""

DOT = 5.3
"""Points of a dot: 8 pixels; its interval is 2 pixels wide."""

LINE = 1.31


@contextlib.contextmanager
def style() -> Iterator[None]:
    """The house style, for as long as a figure is drawn."""
    import matplotlib as mpl
    from cycler import cycler

    colour = palette()
    rules: Any = {
        "axes.prop_cycle": cycler(color=series()),
        "axes.titlelocation": "left",
        "axes.titlesize": NAME,
        "axes.titleweight": "bold",
        "axes.spines.left": False,
        "axes.spines.right": False,
        "axes.spines.top": False,
        "axes.edgecolor": colour["rule"],
        "axes.facecolor": colour["paper"],
        "axes.grid": True,
        "axes.grid.axis": "y",
        "axes.axisbelow": True,
        "axes.labelsize": LABEL,
        "axes.linewidth": 0.7,
        "figure.facecolor": colour["paper"],
        "figure.constrained_layout.use": True,
        "figure.constrained_layout.w_pad": 0.06,
        "font.size": LABEL,
        "font.sans-serif": ["DejaVu Sans"],
        "grid.color": colour["faint"],
        "grid.linewidth": 0.7,
        "hatch.linewidth": 0.9,
        "legend.frameon": False,
        "legend.fontsize": LABEL,
        "lines.linewidth": 1.3 * LINE,
        "xtick.color": colour["rule"],
        "ytick.color": colour["rule"],
        "xtick.labelcolor": colour["ink"],
        "ytick.labelcolor": colour["ink"],
        "xtick.labelsize": LABEL,
        "ytick.labelsize": LABEL,
        "ytick.major.size": 0,
        **dict.fromkeys(("text.color", "axes.labelcolor", "axes.titlecolor"), colour["ink"]),
    }
    with mpl.rc_context(rules):
        yield


def figure(
    width: float = WIDTH,
    height: float = 3.4,
    *,
    title: str = "",
    about: str = "",
    footer: str = "",
    **options: Any,
) -> tuple[Paper, Any]:
    """A figure and its axes in the house style, to draw on and give to :func:`show`.

    Parameters
    ----------
    width, height
        Inches, of 110 pixels.
    title
        What the figure shows, as a sentence with its hedges; the page sets it above.
    about
        What was measured, who is in it, how many; in grey below the title.
    footer
        In grey below the figure, such as :func:`invented` gives.
    options
        Given to ``Figure.subplots``, for example ``ncols=2``.
    """
    from labkit.views.plots.paper import Paper

    with style():
        fig = Paper(figsize=(width, height), title=title, about=about, footer=footer)
        return fig, fig.subplots(**options)


def invented(people: int) -> str:
    """The footer of a figure of invented people.

    Examples
    --------
    >>> invented(1480)
    'Invented people, 1,480 of them.'
    """
    return _("Invented people, {n} of them.").format(n=f"{people:,}")


def colours(count: int) -> list[str]:
    """Colours that people with any colour vision can tell apart; use markers or lines as well.

    Examples
    --------
    >>> len(set(colours(4)))
    4
    """
    known = series()
    return [known[k % len(known)] for k in range(count)]


def log_axis(axis: Any) -> None:
    """Ticks at whole steps of ten, in words: "1 in 1,000"."""
    from matplotlib.ticker import FuncFormatter, LogLocator, NullLocator

    axis.set_major_locator(LogLocator(10))
    axis.set_minor_locator(NullLocator())
    axis.set_major_formatter(FuncFormatter(lambda rate, _place: step_words(rate, "\n")))


def step_words(rate: float, space: str = " ") -> str:
    """A step of ten on an axis.

    Examples
    --------
    >>> step_words(1e-3), step_words(1.0)
    ('1 in 1,000', 'all')
    """
    if rate >= 1:
        return _("all")
    return _("1 in {n}").format(n=f"{1 / rate:,.0f}").replace(" in ", f" in{space}")


def hundred_axis(axis: Any) -> None:
    """Ticks that count in a hundred."""
    from matplotlib.ticker import FuncFormatter, MaxNLocator

    axis.set_major_locator(MaxNLocator(4, steps=[1, 2, 5, 10]))
    axis.set_major_formatter(FuncFormatter(lambda rate, _place: f"{100 * rate:.4g}"))


def log_words(name: str) -> str:
    """The name of a log axis."""
    return _("{name}\n(each step is ten times)").format(name=name)


def apart(places: list[float], gap: float, low: float, high: float) -> list[float]:
    """Places for labels, as near to those wanted as may be, ``gap`` from one another.

    Examples
    --------
    >>> apart([0.5, 0.52], 0.1, 0.0, 1.0)
    [0.5, 0.6]
    """
    order = sorted(range(len(places)), key=lambda k: places[k])
    out, last = list(places), low - gap
    for k in order:
        out[k] = last = max(places[k], last + gap)
    limit = high
    for k in reversed(order):
        out[k] = min(out[k], limit)
        limit = out[k] - gap
    return [round(x, 9) for x in out]


def finite(rate: float) -> bool:
    """Whether there is a number."""
    return math.isfinite(rate)

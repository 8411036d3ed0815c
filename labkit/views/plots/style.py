"""The house style of figures: seaborn's white grid, and colours that the pages have too.

In: nothing.  Out: figures to draw on, and what several figures need: colours, axes, a legend.
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

    Shown = tuple[Figure, str, pd.DataFrame]


@contextlib.contextmanager
def style() -> Iterator[None]:
    """The house style, for as long as a figure is drawn."""
    import matplotlib as mpl
    from cycler import cycler

    sns, ink = seaborn(), palette()["ink"]
    rules: Any = {
        "axes.prop_cycle": cycler(color=series()),
        "axes.titlelocation": "left",
        "axes.titlesize": "medium",
        "legend.frameon": False,
        "figure.constrained_layout.use": True,
        **dict.fromkeys(("text.color", "axes.labelcolor", "xtick.color", "ytick.color"), ink),
    }
    with sns.axes_style("whitegrid"), sns.plotting_context("notebook"), mpl.rc_context(rules):
        yield


def seaborn() -> Any:
    """The module, read when a figure is drawn first: it takes a second and 65 MB."""
    import seaborn  # type: ignore[import-untyped,unused-ignore]

    return seaborn


def figure(width: float = 7.0, height: float = 4.0, **options: Any) -> tuple[Figure, Any]:
    """A figure and its axes in the house style, to draw on and give to :func:`show`.

    Parameters
    ----------
    width, height
        Inches.
    options
        Given to ``Figure.subplots``, for example ``ncols=2``.
    """
    from matplotlib.figure import Figure

    with style():
        fig = Figure(figsize=(width, height))
        return fig, fig.subplots(**options)


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
    """Ticks at whole steps of ten, written as learners type them: 1e-3."""
    from matplotlib.ticker import FuncFormatter, LogLocator, NullFormatter

    axis.set_major_locator(LogLocator(10))
    axis.set_minor_formatter(NullFormatter())
    axis.set_major_formatter(
        FuncFormatter(lambda v, _place: f"{v:g}" if v >= 0.01 else f"1e{round(math.log10(v))}")
    )


def log_words(name: str) -> str:
    """The name of a log axis."""
    return _("{name} (each step is ten times)").format(name=name)


def legend(fig: Figure) -> None:
    """A legend below the figure, where it hides nothing; none when nothing has a name."""
    handles, names = fig.axes[0].get_legend_handles_labels()
    if handles:
        fig.legend(handles, names, loc="outside lower center", ncols=min(3, len(handles)))


def share(rate: float) -> str:
    """A rate in words: "1.2%", and "1 in 4,000" where per cent would need many zeros.

    Examples
    --------
    >>> share(0.012), share(0.00025), share(0.0)
    ('1.2%', '1 in 4,000', 'none')
    """
    if not math.isfinite(rate):
        return _("no rate")
    if rate == 0:
        return _("none")
    return f"{rate:.1%}" if rate >= 0.001 else _("1 in {n}").format(n=f"{1 / rate:,.0f}")

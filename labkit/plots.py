"""Static figures in one house style, each shown with a text and a table that say the same.

In: scores, rate curves, tables of rates, pictures.  Out: ``(figure, alt text, table)``, which
:func:`show` puts into a notebook: ``plots.show(*plots.scores(pairs))``.  The alt text is computed
from the numbers shown.  Nothing is told apart by colour alone: lines have styles, points have
shapes, histograms have hatching.
"""

from __future__ import annotations

import base64
import contextlib
import html
import io
import sys
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.figure import Figure

DPI = 110
LONGEST_TABLE = 60

TEXTS = {"table": "The numbers as a table"}


# --- showing ------------------------------------------------------------------------------------


def show(fig: Figure, alt: str, table: pd.DataFrame) -> None:
    """Put a figure into a notebook, with its alt text and its numbers as a table.

    This is the only way in which the notebooks show a figure.  The figure is closed.

    Parameters
    ----------
    fig
        A Matplotlib figure.
    alt
        What the figure shows, in words and numbers; read out to whoever cannot see it.
    table
        The numbers of the figure.

    Raises
    ------
    ValueError
        When the alt text is empty or ``table`` is not a table with rows.
    """
    from IPython.display import HTML, display

    display(HTML(as_html(fig, alt, table)))


def as_html(fig: Figure, alt: str, table: pd.DataFrame) -> str:
    """The HTML that :func:`show` displays: a picture with alt text, and a table to unfold."""
    import pandas as pd

    if not isinstance(alt, str) or len(alt.split()) < 3:
        raise ValueError(
            f"the alt text {alt!r} says too little: say in words and numbers what the figure shows"
        )
    if not isinstance(table, pd.DataFrame) or not len(table):
        raise ValueError("a figure needs its numbers: give a pandas DataFrame with rows as table=")
    data = base64.b64encode(as_png(fig)).decode()
    body = table.to_html(max_rows=LONGEST_TABLE, border=0, float_format=lambda v: f"{v:.4g}")
    return (
        '<figure style="margin:0.5em 0">'
        f'<img alt="{html.escape(alt, quote=True)}" src="data:image/png;base64,{data}"'
        ' style="max-width:100%;height:auto;background:#ffffff">'
        f"<details><summary>{TEXTS['table']}</summary>"
        f'<div style="overflow-x:auto">{body}</div></details></figure>'
    )


def as_png(fig: Figure) -> bytes:
    """A figure as a PNG on white, so that it can be read on a dark page too; closes the figure."""
    out = io.BytesIO()
    fig.savefig(out, format="png", dpi=DPI, facecolor="white", bbox_inches="tight")
    pyplot = sys.modules.get("matplotlib.pyplot")
    if pyplot is not None:
        pyplot.close(fig)
    return out.getvalue()


# --- house style ---------------------------------------------------------------------------------


@contextlib.contextmanager
def style() -> Iterator[None]:
    """The house style, for as long as a figure is drawn: seaborn's, on a light grid."""
    import matplotlib as mpl
    import seaborn as sns  # type: ignore[import-untyped]
    from cycler import cycler

    rules = {
        **sns.axes_style("whitegrid"),
        **sns.plotting_context("notebook"),
        "axes.prop_cycle": cycler(color=sns.color_palette("colorblind")),
        "axes.titlelocation": "left",
        "axes.titlesize": "medium",
        "legend.frameon": False,
        "figure.constrained_layout.use": True,
        "text.color": "black",
        "axes.labelcolor": "black",
        "xtick.color": "black",
        "ytick.color": "black",
    }
    with mpl.rc_context(rules):
        yield


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


def colours(count: int) -> list[Any]:
    """Colours that people with any colour vision can tell apart; use markers or lines as well."""
    import seaborn as sns

    return list(sns.color_palette("colorblind", count))

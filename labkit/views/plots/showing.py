"""Figures in a notebook: never without words and numbers.

In: a figure, its alt text, its numbers.  Out: HTML with a picture on white and a table to unfold.
"""

from __future__ import annotations

import base64
import html
import io
import sys
from typing import TYPE_CHECKING

from labkit.base.words import _

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.figure import Figure

DPI = 110
LONGEST_TABLE = 60


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
    body = table.to_html(
        max_rows=LONGEST_TABLE, border=0, float_format=lambda v: f"{v:.4g}", na_rep=""
    )
    return (
        '<figure style="margin:0.5em 0">'
        f'<img alt="{html.escape(alt, quote=True)}" src="data:image/png;base64,{data}"'
        ' style="max-width:100%;height:auto;background:#ffffff">'
        f"<details><summary>{_('The numbers as a table')}</summary>"
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

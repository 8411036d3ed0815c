"""Who is taken for whom: a rate for every pair of groups as a heat map.

In: a square table.  Out: figure, alt text, table.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from labkit.base.words import _
from labkit.measure.rate import rate as rate_of
from labkit.views.plots.style import figure, seaborn, style

if TYPE_CHECKING:
    import pandas as pd

    from labkit.views.plots.style import Shown


def confusion(table: pd.DataFrame, title: str = "", *, rate: str = "fmr") -> Shown:
    """A heat map of who is taken for whom: a rate for each group against each group.

    Parameters
    ----------
    table
        The rate by two groups, square, rows and columns in the same order, as
        :func:`labkit.measure.disparity.confusion` gives.
    title
        Written above.
    rate
        Which rate it is, for the words.

    Returns
    -------
    figure, alt, table
        For :func:`show`; the table is the one given.

    Raises
    ------
    ValueError
        When the table is not square, or holds no number.

    Examples
    --------
    >>> import pandas as pd
    >>> bands = ["lighter", "darker"]
    >>> rates = pd.DataFrame([[0.01, 0.002], [0.002, 0.02]], index=bands, columns=bands)
    >>> print(confusion(rates, "FMR by band")[1])  # doctest: +ELLIPSIS
    FMR by band: a map of 2 by 2 groups, darker where FMR is higher. Lowest: lighter with darker...
    """
    import numpy as np

    values = table.to_numpy(float)
    if values.ndim != 2 or values.shape[0] != values.shape[1] or not np.isfinite(values).any():
        raise ValueError(
            f"a table of {values.shape} cannot be drawn: give a rate for each group against each"
        )
    fig, ax = figure(7.0, 5.2)
    with style():
        seaborn().heatmap(
            table,
            annot=True,
            fmt=".4f",
            cmap="Greys",
            vmin=0,
            vmax=np.nanmax(values) * 1.7,  # the darkest cell still lets black letters be read
            annot_kws={"color": "black"},
            cbar=False,
            linewidths=1,
            ax=ax,
        )
        ax.set(title=title, xlabel="", ylabel="")
        ax.set_xticks(ax.get_xticks(), table.columns, rotation=35, ha="right")
        ax.set_yticks(ax.get_yticks(), table.index, rotation=0)
    return fig, _alt(table, title, rate_of(rate).short), table


def _alt(table: pd.DataFrame, title: str, rate: str) -> str:
    import numpy as np

    values = table.to_numpy(float)
    ends = []
    for place in (np.nanargmin(values), np.nanargmax(values)):
        i, j = map(int, np.unravel_index(place, values.shape))
        pair = _("{first} with {second} ({value})")
        value = f"{values[i, j]:.4f}"
        ends.append(pair.format(first=table.index[i], second=table.columns[j], value=value))
    said = _(
        "a map of {n} by {n} groups, darker where {rate} is higher. Lowest: {lowest}; highest:"
        " {highest}."
    ).format(n=len(table), rate=_(rate), lowest=ends[0], highest=ends[1])
    own = np.diag(values)[np.isfinite(np.diag(values))]
    if own.size:
        diagonal = _("The diagonal, both people in one group, goes from {low} to {high}.")
        said += " " + diagonal.format(low=f"{own.min():.4f}", high=f"{own.max():.4f}")
    return f"{title}: {said}" if title else f"{said[0].upper()}{said[1:]}"

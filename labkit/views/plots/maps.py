"""Who is taken for whom: a rate for every pair of groups as a heat map.

In: a square table.  Out: figure, alt text, table.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from labkit.base.words import _
from labkit.measure.rate import rate as rate_of
from labkit.measure.reading import in_words
from labkit.views.plots.style import figure, style

if TYPE_CHECKING:
    import pandas as pd

    from labkit.views.plots.style import Shown


def confusion(
    table: pd.DataFrame, title: str = "", *, rate: str = "fmr", about: str = "", footer: str = ""
) -> Shown:
    """A heat map of who is taken for whom: a rate for each group against each group.

    Parameters
    ----------
    table
        The rate by two groups, square, rows and columns in the same order, as
        :func:`labkit.measure.disparity.confusion` gives.
    title
        What the figure shows; without it how the groups' own rates lie to those across groups.
    rate
        Which rate it is, for the words.
    about
        What was compared, by which matcher.
    footer
        Stands below, such as :func:`labkit.views.plots.style.invented` gives.

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
    A map of 2 by 2 groups, stronger where FMR is higher. Lowest: lighter with darker...
    """
    import numpy as np

    values = table.to_numpy(float)
    if values.ndim != 2 or values.shape[0] != values.shape[1] or not np.isfinite(values).any():
        raise ValueError(
            f"a table of {values.shape} cannot be drawn: give a rate for each group against each"
        )
    name = _(rate_of(rate).short)
    fig, ax = figure(
        height=0.9 + 0.5 * len(table),
        title=title or _finding(values, name),
        about=about or _("{rate}; the stronger a cell, the higher.").format(rate=name),
        footer=footer,
    )
    with style():
        _draw(ax, table, values)
    fig.make_narrow = lambda: ax.tick_params(axis="x", rotation=90)
    return fig, _alt(table, name), table


def _draw(ax: Any, table: pd.DataFrame, values: Any) -> None:
    """Cells with their rates, a group against each."""
    import numpy as np

    from labkit.views.plots.paper import heat

    ax.pcolormesh(values, cmap=heat(), vmin=0, vmax=np.nanmax(values) or 1, edgecolor="white")
    for i, j in np.argwhere(np.isfinite(values)):
        words = in_words(float(values[i, j])).replace(" in ", " in\n")
        ax.text(j + 0.5, i + 0.5, words, ha="center", va="center")
    places = np.arange(len(table)) + 0.5
    names = [[str(name).replace(", ", ",\n") for name in side] for side in (table, table.index)]
    ax.set_xticks(places, names[0])
    ax.set_yticks(places, names[1])
    ax.grid(visible=False)
    ax.spines[:].set_visible(False)
    ax.tick_params(length=0)
    ax.invert_yaxis()


def _finding(values: Any, rate: str) -> str:
    """The groups' own rates, and those of two groups: what was seen, no test."""
    import numpy as np

    own = np.isfinite(values) & np.eye(len(values), dtype=bool)
    others = np.isfinite(values) & ~np.eye(len(values), dtype=bool)
    if not own.any() or not others.any():
        return _("{rate} for each group with each").format(rate=rate)
    if values[own].min() > values[others].max():
        words = _("Every group is confused within itself more often than any two groups are.")
    elif values[own].mean() > values[others].mean():
        words = _("On average groups are confused within themselves more often than across.")
    else:
        words = _("On average groups are confused within themselves no more often than across.")
    return words


def _alt(table: pd.DataFrame, rate: str) -> str:
    import numpy as np

    values = table.to_numpy(float)
    ends = []
    for place in (np.nanargmin(values), np.nanargmax(values)):
        i, j = map(int, np.unravel_index(place, values.shape))
        pair = _("{first} with {second} ({value})")
        value = in_words(float(values[i, j]))
        ends.append(pair.format(first=table.index[i], second=table.columns[j], value=value))
    said = _(
        "A map of {n} by {n} groups, stronger where {rate} is higher. Lowest: {lowest}; highest:"
        " {highest}."
    ).format(n=len(table), rate=rate, lowest=ends[0], highest=ends[1])
    own = np.diag(values)[np.isfinite(np.diag(values))]
    if own.size:
        diagonal = _("The diagonal, both people in one group, goes from {low} to {high}.")
        low, high = in_words(float(own.min())), in_words(float(own.max()))
        said += " " + diagonal.format(low=low, high=high)
    return said

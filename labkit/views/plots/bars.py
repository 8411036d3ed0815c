"""Both kinds of error side by side: a pair of bars for each way to decide.

In: false matches and misses by name.  Out: figure, alt text, table.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from labkit.base.words import N_, _
from labkit.measure.intervals import ENOUGH_PEOPLE_WITH_ERRORS
from labkit.measure.reading import in_words
from labkit.views.identity import palette
from labkit.views.plots.style import figure, style

if TYPE_CHECKING:
    import pandas as pd

    from labkit.views.plots.style import Shown

KINDS = (
    ("false matches", N_("match"), "b"),
    ("misses", N_("missed"), "a"),
)
"""A kind of error, what its rate says after "5 in 100", and its colour."""

ROOM = 1.55
"""Where the axis ends, in rates: a bar of all leaves room for its words."""


def both_errors(
    ways: Mapping[str, tuple[int, int]],
    comparisons: tuple[int, int],
    *,
    title: str = "",
    about: str = "",
    footer: str = "",
) -> Shown:
    """False matches and misses of several ways to decide, as pairs of bars on one scale.

    Parameters
    ----------
    ways
        Name -> (false matches, misses).
    comparisons
        How many comparisons of two people, and of one person, each way decided.
    title
        What is seen, as a sentence; without it from where to where both rates go.
    about
        What was compared; how many comparisons is added.
    footer
        Stands below, such as :func:`labkit.views.plots.style.invented` gives.

    Returns
    -------
    figure, alt, table
        Counts and rates, a row for each way.

    Raises
    ------
    ValueError
        When there is no way, or more errors than comparisons.

    Examples
    --------
    >>> ways = {"cosine": (0, 40), "distance": (900, 2)}
    >>> print(both_errors(ways, (1000, 50))[0].title)
    False matches go from none to 90 in 100, misses from too few for a rate to 80 in 100.
    """
    table = _table(ways, comparisons)
    fig, ax = figure(
        height=0.45 + 0.78 * len(table),
        title=title or _finding(table, comparisons),
        about=_about(about, comparisons),
        footer=footer,
    )
    with style():
        for n, (name, row) in enumerate(table.to_dict("index").items()):
            label: Any = {"ha": "left", "va": "bottom", "weight": "bold"}
            ax.annotate(str(name), (0, 3 * n - 0.45), **label)
            for k, (kind, said, colour) in enumerate(KINDS):
                place = (3 * n + 0.15 + k, int(row[kind]), comparisons[k])
                _bar(ax, *place, _(said), palette()[colour])
        ax.set_xlim(0, ROOM)
        ax.set_ylim(3 * len(table) - 0.7, -1.4)
        ax.set_yticks([])
        ax.spines["bottom"].set_bounds(0, 1)
        ax.set_xticks([0, 0.5, 1], ["0", "50", "100"])
        ax.set_xlabel(_("in 100 comparisons of its kind"), x=0, ha="left")
    return fig, _alt(table, comparisons), table


def _bar(ax: Any, y: float, errors: int, trials: int, said: str, colour: str) -> None:
    """A striped bar with its rate; counts without a bar where they are too few for one."""
    rate = errors / trials
    words = f"{_said(errors, trials)} {said}"
    if errors < ENOUGH_PEOPLE_WITH_ERRORS:
        rate, colour = 0.0, palette()["quiet"]
    else:
        looks: Any = {"facecolor": "none", "edgecolor": colour, "hatch": "////"}
        ax.barh([y], [rate], height=0.8, color=colour, alpha=0.2, linewidth=0)
        ax.barh([y], [rate], height=0.8, linewidth=1.2, **looks)
    ax.annotate(
        words,
        (rate, y),
        (6, 0),
        textcoords="offset points",
        ha="left",
        va="center",
        color=colour,
    )


def _said(errors: int, trials: int) -> str:
    """A rate, or the count where it is too few for one."""
    if errors >= ENOUGH_PEOPLE_WITH_ERRORS:
        return in_words(errors / trials)
    return _("{n} of {trials:,}").format(n=errors or _("none"), trials=trials)


def _table(ways: Mapping[str, tuple[int, int]], comparisons: tuple[int, int]) -> pd.DataFrame:
    import pandas as pd

    if not ways:
        raise ValueError("there is nothing to draw: give names with (false matches, misses)")
    for name, counts in ways.items():
        for errors, trials in zip(counts, comparisons, strict=True):
            if not 0 <= errors <= trials or not trials:
                raise ValueError(f"{name!r} has {errors} errors in {trials} comparisons")
    rows = {
        name: {
            "false matches": int(pair[0]),
            "FMR": pair[0] / comparisons[0],
            "misses": int(pair[1]),
            "FNMR": pair[1] / comparisons[1],
        }
        for name, pair in ways.items()
    }
    return pd.DataFrame.from_dict(rows, orient="index")


def _about(about: str, comparisons: tuple[int, int]) -> str:
    counted = _(
        "Of {impostor:,} comparisons of two people those that match, of {genuine:,} of one person"
        " those that are missed."
    ).format(impostor=comparisons[0], genuine=comparisons[1])
    return f"{about}: {counted}" if about else counted


def _finding(table: pd.DataFrame, comparisons: tuple[int, int]) -> str:
    ends = []
    for (kind, *_rest), trials in zip(KINDS, comparisons, strict=True):
        ends += [_short(int(f(table[kind])), trials) for f in (min, max)]
    return _("False matches go from {} to {}, misses from {} to {}.").format(*ends)


def _short(errors: int, trials: int) -> str:
    if 0 < errors < ENOUGH_PEOPLE_WITH_ERRORS:
        return _("too few for a rate")
    return in_words(errors / trials)


def _alt(table: pd.DataFrame, comparisons: tuple[int, int]) -> str:
    parts = [_("Pairs of bars, false matches above misses, in 100 comparisons of each kind.")]
    for name, row in table.to_dict("index").items():
        told = _("{name}: false matches {false}, misses {misses}.")
        false, misses = (
            _said(int(row[kind]), trials)
            for (kind, *_rest), trials in zip(KINDS, comparisons, strict=True)
        )
        parts.append(told.format(name=name, false=false, misses=misses))
    return " ".join(parts)

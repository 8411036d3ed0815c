"""Both kinds of error at every threshold: FNMR against FMR, a line for each matcher.

In: rate curves, ordered by threshold.  Out: figure, alt text, table.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from labkit.base.words import _
from labkit.measure.rate import RATES
from labkit.measure.reading import in_words
from labkit.views.identity import LINES, MARKERS, palette
from labkit.views.plots.style import (
    GROUND,
    apart,
    colours,
    figure,
    hundred_axis,
    log_axis,
    log_words,
    step_words,
    style,
)

if TYPE_CHECKING:
    import pandas as pd

    from labkit.views.plots.style import Shown


READABLE = 3
"""Colours of lines that words can have, too; the others are too light for words."""


def rates_curve(
    curves: Any,
    *,
    marks: Mapping[str, float] | None = None,
    floor: float | None = None,
    lowest: float | None = None,
    title: str = "",
    about: str = "",
    footer: str = "",
) -> Shown:
    """FNMR against FMR for every threshold: one line for each matcher.

    Parameters
    ----------
    curves
        A :class:`labkit.measure.rates.RateCurve`, or name -> curve; ordered by threshold.
    marks
        Name -> FMR, drawn as vertical lines.
    floor
        The smallest FMR that these people can show; without it one match in all impostor pairs.
        The part below is hatched and named.
    lowest
        Left end of the axis; without it the step of ten below the floor.
    title
        What the figure shows; without it each line at the rarest step of ten that it reaches.
    about
        What was compared, who is in it, how many.
    footer
        Stands below, such as :func:`labkit.views.plots.style.invented` gives.

    Returns
    -------
    figure, alt, table
        The table holds the FNMR at FMR 1 in 10, 1 in 100, ... for every curve.
    """
    named = dict(curves) if isinstance(curves, Mapping) else {_("matcher"): curves}
    floors = {n: floor if floor is not None else _floor(c) for n, c in named.items()}
    if lowest is None:
        lowest = 10.0 ** math.floor(math.log10(min([0.05, *floors.values()])) - 1e-9)
    table = _table(named, floors, lowest)
    about = about or _("Every threshold is one point of a line.")
    title = title or _finding(table)
    fig, ax = figure(height=3.8, title=title, about=about, footer=footer)
    with style():
        ax.set(xscale="log", xlim=(lowest, 1), ylim=(0, 1.02))
        _draw_curves(ax, named, floors, lowest)
        for n, (name, value) in enumerate((marks or {}).items()):
            ax.axvline(value, color="black", linestyle=LINES[n % len(LINES)], linewidth=1.4)
            _label(ax, name, (value, 1.02), (4, -13 * n - 2), va="top")
        ax.set(xlabel=log_words(_(RATES["fmr"].axis)), ylabel=_("FNMR: misses in 100"))
        log_axis(ax.xaxis)
        hundred_axis(ax.yaxis)
    return fig, _alt(table, floors, marks or {}), table


def _finding(table: pd.DataFrame) -> str:
    """Every curve at the rarest step that all of them reach."""
    whole = table.dropna()
    if whole.empty:
        return _("Fewer false matches, more misses.")
    told = [f"{name} {in_words(float(whole[name].iloc[-1]))}" for name in whole.columns]
    one = _("Where {step} of two people match, {rate} of one person are missed.")
    several = _("Where {step} of two people match, of one person are missed: {rates}.")
    if len(told) == 1:
        return one.format(step=whole.index[-1], rate=in_words(float(whole.to_numpy()[-1, 0])))
    return several.format(step=whole.index[-1], rates="; ".join(told))


def _draw_curves(
    ax: Any, named: Mapping[str, Any], floors: Mapping[str, float], lowest: float
) -> None:
    """The curves, named where they begin, and the part that these people can say nothing about."""
    import numpy as np

    grid, begins = np.logspace(math.log10(lowest), 0, 241), []
    for n, (name, curve) in enumerate(named.items()):
        shown = grid[grid >= floors[name]]
        rates = _fnmr_at(curve, shown)
        begins.append((float(shown[0]), float(rates[np.isfinite(rates)][0])))
        ax.plot(
            shown,
            rates,
            label=name,
            color=colours(len(named))[n],
            linestyle=LINES[n % len(LINES)],
            marker=MARKERS[n % len(MARKERS)],
            markevery=24,
            markersize=5,
        )
    places = apart([y for _x, y in begins], 0.09, 0.02, 0.9)
    for n, (name, place) in enumerate(zip(named, places, strict=True)):
        colour = colours(len(named))[n] if n < READABLE else palette()["ink"]
        _label(ax, name, (begins[n][0], place), (5, 5), color=colour)
    highest = max(floors.values())
    looks: Any = {"facecolor": "none", "edgecolor": palette()["faint"], "hatch": "///"}
    ax.axvspan(lowest, highest, linewidth=0, zorder=0, **looks)
    ax.axvline(highest, color=palette()["quiet"], linestyle=":", linewidth=1)
    words = _("fewer than {fmr}:\ntoo few pairs to say").format(fmr=in_words(highest))
    wide = math.log10(highest / lowest) > 0.3 * math.log10(1 / lowest)
    aside: Any = {"ha": "right" if wide else "left", "color": palette()["quiet"]}
    _label(ax, words, (highest, 0.02), (-5 if wide else 5, 2), **aside)


def _label(
    ax: Any, words: str, place: tuple[float, float], move: tuple[float, float], **looks: Any
) -> None:
    """Words beside a place, on the ground of the page, so that no line strikes through them."""
    ax.annotate(words, place, move, textcoords="offset points", bbox=GROUND, zorder=4, **looks)


def _table(named: Mapping[str, Any], floors: Mapping[str, float], lowest: float) -> pd.DataFrame:
    import pandas as pd

    steps = [10.0**-k for k in range(1, round(-math.log10(lowest)) + 1)]
    columns = {
        name: [float(_fnmr_at(c, [x])[0]) if x >= floors[name] else math.nan for x in steps]
        for name, c in named.items()
    }
    return pd.DataFrame(columns, index=pd.Index([step_words(x) for x in steps], name="FMR"))


def _rising(curve: Any) -> tuple[Any, Any]:
    """FMR in rising order with its FNMR: views, for a curve may hold millions of thresholds."""
    import numpy as np

    fmr, fnmr = np.asarray(curve.fmr), np.asarray(curve.fnmr)
    return (fmr, fnmr) if fmr[0] <= fmr[-1] else (fmr[::-1], fnmr[::-1])


def _floor(curve: Any) -> float:
    """One false match in all impostor comparisons of a curve."""
    import numpy as np

    fmr, _fnmr = _rising(curve)
    place = int(np.searchsorted(fmr, 0.0, side="right"))
    return float(fmr[place]) if place < len(fmr) else 1.0


def _fnmr_at(curve: Any, asked: Any) -> Any:
    """FNMR of a curve at the lowest threshold whose FMR is at most what is asked."""
    import numpy as np

    fmr, fnmr = _rising(curve)
    place = np.searchsorted(fmr, np.asarray(asked, fmr.dtype), side="right") - 1
    return np.where(place >= 0, fnmr[np.maximum(place, 0)], np.nan)


def _alt(table: pd.DataFrame, floors: Mapping[str, float], marks: Mapping[str, float]) -> str:
    parts = [_("FNMR against FMR, the FMR axis in steps of ten.")]
    for name in table.columns:
        parts.append(_told(name, table[name].items(), floors[name]))
    line = _("The line {name} stands at FMR {fmr}.")
    parts += [line.format(name=repr(name), fmr=in_words(value)) for name, value in marks.items()]
    return " ".join(parts)


def _told(name: str, points: Any, floor: float) -> str:
    """One curve in words, at the steps of the table."""
    point = _("FNMR {fnmr} at FMR {fmr}")
    told: Sequence[str] = [
        point.format(fnmr=in_words(value), fmr=step)
        for step, value in points
        if math.isfinite(value)
    ]
    return _("{name}: {points}. Nothing is drawn below FMR {floor}.").format(
        name=name, points="; ".join(told), floor=in_words(floor)
    )

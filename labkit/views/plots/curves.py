"""Both kinds of error at every threshold: FNMR against FMR, a line for each matcher.

In: rate curves, ordered by threshold.  Out: figure, alt text, table.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from labkit.base.words import _
from labkit.measure.rate import RATES
from labkit.views.identity import LINES, MARKERS, palette
from labkit.views.plots.style import colours, figure, legend, log_axis, log_words, style

if TYPE_CHECKING:
    import pandas as pd

    from labkit.views.plots.style import Shown


def rates_curve(
    curves: Any,
    *,
    marks: Mapping[str, float] | None = None,
    floor: float | None = None,
    lowest: float | None = None,
    title: str = "",
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
        The part below is left empty and named.
    lowest
        Left end of the axis; without it the step of ten below the floor.
    title
        Written above.

    Returns
    -------
    figure, alt, table
        The table holds the FNMR at FMR 1e-1, 1e-2, ... for every curve.
    """
    named = dict(curves) if isinstance(curves, Mapping) else {_("matcher"): curves}
    floors = {n: floor if floor is not None else _floor(c) for n, c in named.items()}
    if lowest is None:
        lowest = 10.0 ** math.floor(math.log10(min([0.05, *floors.values()])) - 1e-9)
    fig, ax = figure()
    with style():
        _draw_curves(ax, named, floors, lowest)
        for n, (name, value) in enumerate((marks or {}).items()):
            ax.axvline(value, color="black", linestyle=LINES[(n + 1) % len(LINES)], label=name)
        ax.set(xscale="log", xlim=(lowest, 1), ylim=(0, 1), title=title)
        ax.set(xlabel=log_words(_(RATES["fmr"].axis)), ylabel=_(RATES["fnmr"].axis))
        log_axis(ax.xaxis)
        legend(fig)
    table = _table(named, floors, lowest)
    return fig, _alt(table, floors, marks or {}, title), table


def _draw_curves(
    ax: Any, named: Mapping[str, Any], floors: Mapping[str, float], lowest: float
) -> None:
    """The curves, and the part of the axis that these people can say nothing about."""
    import numpy as np

    grid = np.logspace(math.log10(lowest), 0, 241)
    for n, (name, curve) in enumerate(named.items()):
        shown = grid[grid >= floors[name]]
        ax.plot(
            shown,
            _fnmr_at(curve, shown),
            label=name,
            color=colours(len(named))[n],
            linestyle=LINES[n % len(LINES)],
            marker=MARKERS[n % len(MARKERS)],
            markevery=24,
            linewidth=2,
        )
    grey, highest = palette()["quiet"], max(floors.values())
    words = _("below {fmr}: too few pairs to say").format(fmr=f"{highest:.1e}")
    ax.axvline(highest, color=grey, linestyle=":")
    ax.axvspan(lowest, highest, color=grey, alpha=0.12, label=words)


def _table(named: Mapping[str, Any], floors: Mapping[str, float], lowest: float) -> pd.DataFrame:
    import pandas as pd

    steps = [10.0**-k for k in range(1, round(-math.log10(lowest)) + 1)]
    columns = {
        name: [float(_fnmr_at(c, [x])[0]) if x >= floors[name] else math.nan for x in steps]
        for name, c in named.items()
    }
    return pd.DataFrame(columns, index=pd.Index([f"{x:.0e}" for x in steps], name="FMR"))


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


def _alt(
    table: pd.DataFrame, floors: Mapping[str, float], marks: Mapping[str, float], title: str
) -> str:
    parts = [f"{title}:"] if title else []
    parts.append(_("FNMR against FMR, the FMR axis in steps of ten."))
    for name in table.columns:
        parts.append(_told(name, table[name].items(), floors[name]))
    line = _("The line {name} stands at FMR {fmr}.")
    parts += [line.format(name=repr(name), fmr=f"{value:.1e}") for name, value in marks.items()]
    return " ".join(parts)


def _told(name: str, points: Any, floor: float) -> str:
    """One curve in words, at the steps of the table."""
    point = _("FNMR {fnmr} at FMR {fmr}")
    told: Sequence[str] = [
        point.format(fnmr=f"{value:.3g}", fmr=step)
        for step, value in points
        if math.isfinite(value)
    ]
    return _("{name}: {points}. Nothing is drawn below FMR {floor}.").format(
        name=name, points=", ".join(told), floor=f"{floor:.1e}"
    )

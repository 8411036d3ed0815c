"""How scores are spread: genuine and impostor pairs as two histograms.

In: scores, and thresholds to point out.  Out: figure, alt text, table.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from labkit.base.words import _
from labkit.views.identity import HATCHES, LINES
from labkit.views.plots.style import colours, figure, legend, seaborn, share, style

if TYPE_CHECKING:
    import pandas as pd

    from labkit.views.plots.style import Shown

QUANTILES = {"lowest": 0.0, "5%": 0.05, "middle": 0.5, "95%": 0.95, "highest": 1.0}


def scores(
    pairs: Any, *, marks: Mapping[str, float] | None = None, bins: int = 80, title: str = ""
) -> Shown:
    """Genuine and impostor scores as two histograms, with thresholds marked.

    Parameters
    ----------
    pairs
        Something with ``.genuine`` and ``.impostor`` (:class:`labkit.measure.scores.AllPairs`), or
        a tuple of two arrays of scores.
    marks
        Name -> threshold, drawn as lines; their FMR and FNMR stand in the table and the alt text.
    bins
        Bars in each histogram.
    title
        Written above.

    Returns
    -------
    figure, alt, table
        For :func:`show`.

    Raises
    ------
    ValueError
        When one of the two has no scores.

    Examples
    --------
    >>> fig, alt, table = scores(([-0.3, -0.2], [-0.9, -0.8, -0.5]), marks={"mine": -0.55})
    >>> round(float(table["FMR"]["mine"]), 3)
    0.333
    """
    sides = dict(zip(("genuine", "impostor"), _two(pairs), strict=True))
    marks = dict(marks or {})
    fig, ax = figure()
    with style():
        _draw_sides(ax, sides, bins)
        for n, (name, value) in enumerate(marks.items()):
            ax.axvline(value, color="black", linestyle=LINES[(n + 1) % len(LINES)], label=name)
        ax.set(
            xlabel=_("score: larger means more alike"),
            ylabel=_("share of the pairs"),
            title=title,
            ylim=(0, None),
        )
        legend(fig)
    table = _table(sides, marks)
    return fig, _alt(table, sides, marks, title), table


def _draw_sides(ax: Any, sides: Mapping[str, Any], bins: int) -> None:
    """Shares of the pairs in equal bins; counted first, for there may be millions of pairs."""
    import numpy as np

    ends = [f(v) for v in sides.values() for f in (np.min, np.max)]
    edges = np.linspace(min(ends), max(ends) or 1e-9, bins + 1)
    if edges[0] == edges[-1]:
        edges = edges[0] + np.linspace(-0.5, 0.5, bins + 1)
    names = {"genuine": _("genuine (the same person)"), "impostor": _("impostor (two people)")}
    for n, (side, values) in enumerate(sides.items()):
        seaborn().histplot(
            x=(edges[1:] + edges[:-1]) / 2,
            weights=np.histogram(values, edges)[0] / len(values),
            bins=edges.tolist(),
            element="step",
            alpha=0.3,
            color=colours(2)[n],
            hatch=HATCHES[n],
            linestyle=LINES[n],
            linewidth=1.8,
            label=names[side],
            ax=ax,
        )


def _two(pairs: Any) -> tuple[Any, Any]:
    import numpy as np

    both = (pairs.genuine, pairs.impostor) if hasattr(pairs, "genuine") else tuple(pairs)
    if len(both) != 2:
        raise ValueError(f"{len(both)} arrays were given: give genuine scores, impostor scores")
    arrays = (np.asarray(side) for side in both)
    # Millions of scores: no copy unless some comparison failed.
    genuine, impostor = (a if np.isfinite(a).all() else a[np.isfinite(a)] for a in arrays)
    for name, side in (("genuine", genuine), ("impostor", impostor)):
        if not len(side):
            raise ValueError(f"there are no {name} scores to draw: compare some pairs first")
    return genuine, impostor


def _quantiles(values: Any) -> dict[str, float]:
    import numpy as np

    found = np.quantile(values, list(QUANTILES.values()))
    return dict(zip(QUANTILES, map(float, found), strict=True))


def _table(sides: Mapping[str, Any], marks: Mapping[str, float]) -> pd.DataFrame:
    import numpy as np
    import pandas as pd

    rows: dict[str, dict[str, Any]] = {
        name: {"pairs": len(v), **_quantiles(v)} for name, v in sides.items()
    }
    for name, t in marks.items():
        match = {side: float(np.mean(v >= t)) for side, v in sides.items()}
        rows[name] = {"score": t, "FMR": match["impostor"], "FNMR": 1 - match["genuine"]}
    table = pd.DataFrame.from_dict(rows, orient="index")
    return table.astype({"pairs": "Int64"})


def _alt(
    table: pd.DataFrame, sides: Mapping[str, Any], marks: Mapping[str, float], title: str
) -> str:
    column = {c: table[c].to_dict() for c in table.columns}
    start = _("{title}: two histograms of scores.") if title else _("Two histograms of scores.")
    parts = [start.format(title=title)]
    spread = _(
        "{n} {side} pairs: nine in ten lie between {low} and {high}, the middle at {middle}."
    )
    for side, values in sides.items():
        low, middle, high = (f"{column[c][side]:.3g}" for c in ("5%", "middle", "95%"))
        n = f"{len(values):,}"
        parts.append(spread.format(n=n, side=side, low=low, middle=middle, high=high))
    over = float((sides["impostor"] >= column["middle"]["genuine"]).mean())
    above = _("Impostor pairs above the middle of the genuine ones: {share}.")
    parts.append(above.format(share=share(over)))
    line = _(
        "The line {name} at {score}: {fmr} of the impostor pairs match, {fnmr} of the genuine pairs"
        " do not."
    )
    for name in marks:
        rates = {key.lower(): share(column[key][name]) for key in ("FMR", "FNMR")}
        parts.append(line.format(name=repr(name), score=f"{column['score'][name]:.3g}", **rates))
    return " ".join(parts)

"""How scores are spread: one person's comparisons above the line, two people's below it.

In: scores, and thresholds to point out.  Out: figure, alt text, table.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from labkit.base.words import N_, _
from labkit.measure.reading import in_words
from labkit.views.identity import LINES
from labkit.views.plots.style import GROUND, colours, figure, hundred_axis, style

if TYPE_CHECKING:
    import pandas as pd

    from labkit.views.plots.style import Shown

MARK = 0.2
"""Room above the heaps for the name of a threshold, in heights of the higher heap."""

QUANTILES = {"lowest": 0.0, "5%": 0.05, "middle": 0.5, "95%": 0.95, "highest": 1.0}
SIDES = {"genuine": N_("same person (genuine)"), "impostor": N_("two people (impostor)")}
SPREADS = {
    "genuine": N_(
        "{n} genuine pairs: nine in ten lie between {low} and {high}, the middle at {middle}."
    ),
    "impostor": N_(
        "{n} impostor pairs: nine in ten lie between {low} and {high}, the middle at {middle}."
    ),
}


def scores(
    pairs: Any,
    *,
    marks: Mapping[str, float] | None = None,
    bins: int = 80,
    title: str = "",
    about: str = "",
    footer: str = "",
) -> Shown:
    """Genuine scores above a line, impostor scores below it, with thresholds marked.

    Stripes are errors: what lies on the wrong side of the first threshold.

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
        What the figure shows; without it whether the two overlap, or what the first threshold does.
    about
        What was compared, who is in it; how many comparisons is added.
    footer
        Stands below, such as :func:`labkit.views.plots.style.invented` gives.

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
    sides = dict(zip(SIDES, _two(pairs), strict=True))
    marks = dict(marks or {})
    table = _table(sides, marks)
    fig, ax = figure(
        title=title or _finding(table, sides, marks),
        about=_about(about, sides),
        footer=footer,
    )
    with style():
        _draw_sides(ax, sides, bins, next(iter(marks.values()), None), len(marks))
        _draw_marks(ax, marks)
        ax.set_xlabel(_("score: larger means more alike"))
        ax.set_ylabel(_("share of its comparisons, in 100"))
    return fig, _alt(table, sides, marks), table


def _about(about: str, sides: Mapping[str, Any]) -> str:
    counted = _("{genuine} comparisons of one person, {impostor} of two people.").format(
        **{side: f"{len(values):,}" for side, values in sides.items()}
    )
    return f"{about}: {counted}" if about else counted


def _finding(table: pd.DataFrame, sides: Mapping[str, Any], marks: Mapping[str, float]) -> str:
    """What the first threshold does, or whether any could be without an error."""
    if marks:
        name = next(iter(marks))
        rates = {c: in_words(float(table[c].to_dict()[name])) for c in ("FMR", "FNMR")}
        told = _("{name}: of two people {FMR} match, of one person {FNMR} are missed.")
        return told.format(name=name[:1].upper() + name[1:], **rates)
    if float(sides["genuine"].min()) > float(sides["impostor"].max()):
        return _("The two heaps do not overlap: here one threshold makes no error.")
    return _("The two heaps overlap: no threshold is free of errors.")


def _draw_sides(
    ax: Any, sides: Mapping[str, Any], bins: int, threshold: float | None, marks: int
) -> None:
    """Shares of the pairs in equal bins; counted first, for there may be millions of pairs."""
    import numpy as np

    ends = [f(v) for v in sides.values() for f in (np.min, np.max)]
    edges = np.linspace(min(ends), max(ends), bins + 1)
    if edges[0] == edges[-1]:
        edges = edges[0] + np.linspace(-0.5, 0.5, bins + 1)
    highest = 0.0
    for n, (side, values) in enumerate(sides.items()):
        sign, colour = (1, -1)[n], colours(2)[n]
        part = sign * np.histogram(values, edges)[0] / len(values)
        ax.stairs(part, edges, fill=True, color=colour, alpha=0.25, linewidth=0)
        ax.stairs(part, edges, color=colour)
        if threshold is not None:
            wrong = values[(values >= threshold) == (side == "impostor")]
            striped = sign * np.histogram(wrong, edges)[0] / len(values)
            looks: Any = {"facecolor": "none", "edgecolor": colour, "hatch": "////"}
            ax.stairs(striped, edges, fill=True, linewidth=0, **looks)
        place = float(np.median(values))
        ax.annotate(
            _(SIDES[side]),
            (place, sign * abs(part).max()),
            (0, 5 * sign),
            textcoords="offset points",
            ha="center",
            va="bottom" if sign > 0 else "top",
            color=colour,
            weight="bold",
            bbox=GROUND,
            zorder=4,
        )
        highest = max(highest, abs(part).max())
    ax.axhline(0, color=colours(3)[2], linewidth=0.8)
    ax.set_ylim(-1.25 * highest, (1.25 + MARK * marks) * highest)
    hundred_axis(ax.yaxis)
    ax.yaxis.set_major_formatter(lambda share, _place: f"{100 * abs(share):.4g}")


def _draw_marks(ax: Any, marks: Mapping[str, float]) -> None:
    """Black lines, each with its name at its upper end."""
    for n, (name, value) in enumerate(marks.items()):
        ax.axvline(value, color="black", linestyle=LINES[n % len(LINES)], linewidth=1.4)
        ax.annotate(
            name,
            (value, 1),
            (4, -13 * n - 2),
            xycoords=("data", "axes fraction"),
            textcoords="offset points",
            va="top",
            bbox=GROUND,
            zorder=4,
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


def _alt(table: pd.DataFrame, sides: Mapping[str, Any], marks: Mapping[str, float]) -> str:
    column = {c: table[c].to_dict() for c in table.columns}
    parts = [_("Two histograms of scores, one person above the line and two people below it.")]
    for side, values in sides.items():
        low, middle, high = (f"{column[c][side]:.3g}" for c in ("5%", "middle", "95%"))
        n = f"{len(values):,}"
        parts.append(_(SPREADS[side]).format(n=n, low=low, middle=middle, high=high))
    over = float((sides["impostor"] >= column["middle"]["genuine"]).mean())
    above = _("Impostor pairs above the middle of the genuine ones: {share}.")
    parts.append(above.format(share=in_words(over)))
    line = _(
        "The line {name} at {score}: {fmr} of the impostor pairs match, {fnmr} of the genuine pairs"
        " do not."
    )
    for name in marks:
        rates = {key.lower(): in_words(column[key][name]) for key in ("FMR", "FNMR")}
        parts.append(line.format(name=repr(name), score=f"{column['score'][name]:.3g}", **rates))
    if marks:
        parts.append(_("Striped is what the first line decides wrongly."))
    return " ".join(parts)

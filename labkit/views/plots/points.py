"""Groups compared: a rate for each as a point with its interval.

In: group tables, or intervals by name.  Out: figure, alt text, table.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from labkit.base.words import _
from labkit.measure.rate import RATES
from labkit.measure.rate import rate as rate_of
from labkit.views.identity import MARKERS, palette
from labkit.views.plots.style import colours, figure, legend, log_axis, log_words, seaborn, style

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes

    from labkit.views.plots.style import Shown

Row = Mapping[str, Any]


def groups(tables: Any, *, rate: str = "fmr", floor: float | None = None, title: str = "") -> Shown:
    """A rate for each group as a point with its interval; too little for a rate is said in words.

    Parameters
    ----------
    tables
        A :class:`labkit.measure.disparity.GroupTable`, its ``frame``, a mapping group -> Interval,
        or a mapping matcher -> one of these.
    rate
        One of :data:`labkit.measure.rate.RATES`, such as ``"fmr"``, which is on a log axis.
    floor
        The smallest FMR that these people can show, drawn as a line; without it 3 in the pairs of
        people of the smallest group, the bound when no false match is seen.
    title
        Written above.

    Returns
    -------
    figure, alt, table
        One row for each matcher and group.

    Raises
    ------
    ValueError
        When a table does not hold this rate.
    """
    rows = _rows(tables, rate)
    series = list(dict.fromkeys(r["matcher"] for r in rows))
    names = list(dict.fromkeys(r["group"] for r in rows))
    log = rate_of(rate).log
    floor = floor if floor is not None else _floor(rows)
    fig, ax = figure(height=1.4 + 0.5 * len(names) * max(1, 0.7 * len(series)))
    with style():
        for n, matcher in enumerate(series):
            offset = (n - (len(series) - 1) / 2) * 0.7 / len(series)
            mine = [
                {**r, "y": names.index(r["group"]) + offset}
                for r in rows
                if r["matcher"] == matcher
            ]
            known = [r for r in mine if _has_interval(r)]
            label = matcher if len(series) > 1 else None
            _draw_known(ax, known, colours(len(series))[n], MARKERS[n % len(MARKERS)], label)
            thin = [r for r in mine if not _has_interval(r)]
            # What a log axis cannot show stands at its floor, or at the smallest rate there is.
            least = floor or min([r["rate"] for r in mine if r["rate"] > 0], default=1e-3)
            _draw_thin(ax, thin, MARKERS[n % len(MARKERS)], least if log else 0.0)
        _draw_axes(ax, rate, names, floor)
        ax.set_title(title)
        legend(fig)
    return fig, _alt(rows, rate, title, floor if log else 0), _table(rows)


def _has_interval(row: Row) -> bool:
    return math.isfinite(row["low"]) and math.isfinite(row["high"])


def _draw_known(ax: Axes, rows: Sequence[Row], colour: str, marker: str, label: str | None) -> None:
    """Points with their intervals: of three numbers the middle one, and how far they reach."""
    import pandas as pd

    if not rows:
        return
    three = [(r[end], r["y"]) for r in rows for end in ("low", "rate", "high")]
    seaborn().pointplot(
        pd.DataFrame(three, columns=["rate", "y"]),
        x="rate",
        y="y",
        orient="y",
        native_scale=True,
        estimator="median",
        errorbar=("pi", 100),
        color=colour,
        marker=marker,
        markersize=8,
        linestyle="none",
        err_kws={"linewidth": 2},
        label=label,
        legend=False,
        ax=ax,
    )


def _draw_thin(ax: Axes, rows: Sequence[Row], marker: str, least: float) -> None:
    """Hollow grey points that say that there is too little."""
    grey = palette()["quiet"]
    for row in rows:
        x = row["rate"]
        at = x if math.isfinite(x) and (x > 0 or not least) else least
        ring: Any = {"markerfacecolor": "white", "markeredgecolor": grey, "markeredgewidth": 1.5}
        ax.plot([at], [row["y"]], marker=marker, markersize=8, linestyle="", zorder=3, **ring)
        ax.annotate(
            _("too little for a rate"),
            (at, row["y"]),
            xytext=(9, 0),
            textcoords="offset points",
            va="center",
            fontsize="small",
            color=grey,
            bbox={"facecolor": "white", "edgecolor": "none", "pad": 1},
        )


def _draw_axes(ax: Axes, rate: str, names: Sequence[str], floor: float) -> None:
    words = _(RATES[rate].axis)
    if RATES[rate].log:
        ax.set_xscale("log")
        log_axis(ax.xaxis)
        words = log_words(words)
        if floor:
            label = _("floor: 3 in all pairs of people, what none seen would still allow")
            ax.axvline(floor, color=palette()["quiet"], linestyle=":", label=label)
    else:
        ax.set_xlim(left=min(0.0, -0.02 * ax.get_xlim()[1]))
    ax.set(yticks=range(len(names)), yticklabels=names, xlabel=words, ylabel="")
    ax.margins(x=0.1)
    ax.set_ylim(len(names) - 0.5, -0.5)


# ---- numbers and words --------------------------------------------------------------------------


def _rows(tables: Any, rate: str) -> list[dict[str, Any]]:
    """Matcher, group, rate and interval from any of the forms that :func:`groups` takes."""
    import pandas as pd

    tables = getattr(tables, "frame", tables)
    if isinstance(tables, pd.DataFrame):
        return _frame_rows(tables, rate, "")
    if not isinstance(tables, Mapping) or not tables:
        raise ValueError("give a group table, or names with group tables or intervals")
    if all(hasattr(v, "low") and hasattr(v, "value") for v in tables.values()):
        return [_interval_row("", str(group), value) for group, value in tables.items()]
    out = []
    for matcher, one in tables.items():
        out += [{**row, "matcher": str(matcher)} for row in _rows(one, rate)]
    return out


def _interval_row(matcher: str, group: str, value: Any) -> dict[str, Any]:
    return {
        "matcher": matcher,
        "group": group,
        "rate": float(value.value),
        "low": float(value.low),
        "high": float(value.high),
        "people": int(getattr(value, "people", 0)),
        "trials": int(getattr(value, "trials", 0)),
        "person_pairs": int(getattr(value, "person_pairs", 0)),
        "words": str(getattr(value, "words", "")),
    }


def _frame_rows(frame: pd.DataFrame, rate: str, matcher: str) -> list[dict[str, Any]]:
    if rate not in frame.columns:
        raise ValueError(f"this table has no {rate!r}: its columns are {', '.join(frame.columns)}")
    out = []
    for group, row in frame.iterrows():
        if hasattr(row[rate], "low"):
            out.append(_interval_row(matcher, str(group), row[rate]))
            continue
        out.append(
            {
                "matcher": matcher,
                "group": str(group),
                "rate": float(row[rate]),
                "low": float(row.get(f"{rate}_low", math.nan)),
                "high": float(row.get(f"{rate}_high", math.nan)),
                "people": int(row.get("people", 0)),
                "trials": int(row.get(f"{rate}_trials", 0)),
                "person_pairs": int(row.get("person_pairs", 0)) if RATES[rate].of_pairs else 0,
                "words": str(row.get(f"{rate}_words", "") or ""),
            }
        )
    return out


def _floor(rows: Sequence[Row]) -> float:
    """The bound when no false match is seen in the smallest group: 3 / pairs of people."""
    pairs = [r["person_pairs"] for r in rows if r["person_pairs"]]
    return 3 / min(pairs) if pairs else 0.0


def _table(rows: Sequence[Row]) -> pd.DataFrame:
    import pandas as pd

    table = pd.DataFrame(list(rows))
    index = ["matcher", "group"] if table["matcher"].any() else ["group"]
    unused = [c for c in ("matcher",) if c not in index]
    unused += [c for c in ("trials", "person_pairs", "words", "people") if not table[c].any()]
    return table.drop(columns=unused).set_index(index)


def _alt(rows: Sequence[Row], rate: str, title: str, floor: float) -> str:
    parts = [f"{title}:"] if title else []
    parts.append(_("{rate}, one row for each group.").format(rate=_(RATES[rate].axis)))
    parts += [_told(row) for row in rows]
    if floor:
        parts.append(_("The floor is at {fmr}.").format(fmr=f"{floor:.1e}"))
    return " ".join(parts)


def _told(row: Row) -> str:
    """One row in words."""
    name = f"{row['matcher']}, {row['group']}" if row["matcher"] else row["group"]
    said = row["words"] or _("too little for a rate")
    if _has_interval(row):
        rate, low, high = (f"{row[key]:.3g}" for key in ("rate", "low", "high"))
        said = _("{rate}, interval {low} to {high}").format(rate=rate, low=low, high=high)
    if not row["people"]:
        return f"{name}: {said}."
    people = _("{n} people").format(n=f"{row['people']:,}")
    return f"{name}: {said}, {people}."

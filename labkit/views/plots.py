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
import math
import sys
from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from labkit.measure.rate import RATES
from labkit.measure.rate import rate as rate_of

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    Shown = tuple[Figure, str, pd.DataFrame]

DPI = 110
LONGEST_TABLE = 60

# Okabe and Ito 2008, "Color Universal Design", the darker ones first.
COLOURS = ("#0072B2", "#D55E00", "#009E73", "#CC79A7", "#56B4E9", "#E69F00", "#000000")
MARKERS = ("o", "s", "^", "D", "v", "P", "X", "*")
LINES = ("-", "--", "-.", ":", (0, (5, 1, 1, 1, 1, 1)), (0, (1, 2)))
HATCHES = ("", "///", "...", "xxx")
GREY = "#595959"  # 7:1 on white

WORDS = {
    "table": "The numbers as a table",
    "genuine": "genuine (the same person)",
    "impostor": "impostor (two people)",
    "score": "score: larger means more alike",
    "share": "share of the pairs",
    "log": "each step is ten times",
    "floor": "floor: 3 in all pairs of people, what none seen would still allow",
    "too little": "too little for a rate",
}
QUANTILES = {"lowest": 0.0, "5%": 0.05, "middle": 0.5, "95%": 0.95, "highest": 1.0}


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
    body = table.to_html(
        max_rows=LONGEST_TABLE, border=0, float_format=lambda v: f"{v:.4g}", na_rep=""
    )
    return (
        '<figure style="margin:0.5em 0">'
        f'<img alt="{html.escape(alt, quote=True)}" src="data:image/png;base64,{data}"'
        ' style="max-width:100%;height:auto;background:#ffffff">'
        f"<details><summary>{WORDS['table']}</summary>"
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
    """The house style, for as long as a figure is drawn: Matplotlib's white grid."""
    import matplotlib as mpl
    from cycler import cycler
    from matplotlib import style as styles

    # Matplotlib's copies of seaborn's styles: importing seaborn costs a kernel 65 MB.
    rules = {
        **styles.library["seaborn-v0_8-whitegrid"],
        **styles.library["seaborn-v0_8-notebook"],
        "axes.prop_cycle": cycler(color=COLOURS),
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
    return [COLOURS[k % len(COLOURS)] for k in range(count)]


def _share(rate: float) -> str:
    """A rate in words: "1.2%", and "1 in 4,000" where per cent would need many zeros."""
    if not math.isfinite(rate):
        return "no rate"
    if rate == 0:
        return "none"
    return f"{rate:.1%}" if rate >= 0.001 else f"1 in {1 / rate:,.0f}"


def _log_axis(axis: Any) -> None:
    """Ticks at whole steps of ten, written as learners type them: 1e-3."""
    from matplotlib.ticker import FuncFormatter, LogLocator, NullFormatter

    axis.set_major_locator(LogLocator(10))
    axis.set_minor_formatter(NullFormatter())
    axis.set_major_formatter(
        FuncFormatter(lambda v, _: f"{v:g}" if v >= 0.01 else f"1e{round(math.log10(v))}")
    )


def _legend(fig: Figure) -> None:
    """A legend below the figure, where it hides nothing; none when nothing has a name."""
    handles, names = fig.axes[0].get_legend_handles_labels()
    if handles:
        fig.legend(handles, names, loc="outside lower center", ncols=min(3, len(handles)))


# --- scores ---------------------------------------------------------------------------------------


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
    import numpy as np

    sides = dict(zip(("genuine", "impostor"), _two(pairs), strict=True))
    marks = dict(marks or {})
    fig, ax = figure()
    ends = [f(v) for v in sides.values() for f in (np.min, np.max)]
    edges = np.linspace(min(ends), max(ends) or 1e-9, bins + 1)
    if edges[0] == edges[-1]:
        edges = edges[0] + np.linspace(-0.5, 0.5, bins + 1)
    with style():
        for n, (name, values) in enumerate(sides.items()):
            shares = np.histogram(values, edges)[0] / len(values)
            ax.stairs(shares, edges, fill=True, alpha=0.3, color=colours(2)[n])
            ax.stairs(
                shares,
                edges,
                label=WORDS[name],
                color=colours(2)[n],
                hatch=HATCHES[n],
                linestyle=LINES[n],
                linewidth=1.8,
            )
        for n, (name, value) in enumerate(marks.items()):
            ax.axvline(value, color="black", linestyle=LINES[(n + 1) % len(LINES)], label=name)
        ax.set(xlabel=WORDS["score"], ylabel=WORDS["share"], title=title, ylim=(0, None))
        _legend(fig)
    table = _score_table(sides, marks)
    return fig, _score_alt(table, sides, marks, title), table


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


def _score_table(sides: Mapping[str, Any], marks: Mapping[str, float]) -> pd.DataFrame:
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


def _score_alt(
    table: pd.DataFrame, sides: Mapping[str, Any], marks: Mapping[str, float], title: str
) -> str:
    parts = [f"{title}: two histograms of scores." if title else "Two histograms of scores."]
    column = {c: table[c].to_dict() for c in table.columns}
    for name in sides:
        parts.append(
            f"{len(sides[name]):,} {name} pairs: nine in ten lie between {column['5%'][name]:.3g}"
            f" and {column['95%'][name]:.3g}, the middle at {column['middle'][name]:.3g}."
        )
    over = float((sides["impostor"] >= column["middle"]["genuine"]).mean())
    parts.append(f"Impostor pairs above the middle of the genuine ones: {_share(over)}.")
    for name in marks:
        parts.append(
            f"The line {name!r} at {column['score'][name]:.3g}: {_share(column['FMR'][name])} of"
            f" the impostor pairs match, {_share(column['FNMR'][name])} of the genuine pairs do"
            " not."
        )
    return " ".join(parts)


# --- rates ----------------------------------------------------------------------------------------


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
    import numpy as np
    import pandas as pd

    named = dict(curves) if isinstance(curves, Mapping) else {"matcher": curves}
    floors = {n: floor if floor is not None else _floor(c) for n, c in named.items()}
    if lowest is None:
        lowest = 10.0 ** math.floor(math.log10(min([0.05, *floors.values()])) - 1e-9)
    grid = np.logspace(math.log10(lowest), 0, 241)
    fig, ax = figure()
    with style():
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
        ax.axvline(max(floors.values()), color=GREY, linestyle=":")
        ax.axvspan(lowest, max(floors.values()), color=GREY, alpha=0.12, label=_floor_words(floors))
        for n, (name, value) in enumerate((marks or {}).items()):
            ax.axvline(value, color="black", linestyle=LINES[(n + 1) % len(LINES)], label=name)
        ax.set(xscale="log", xlim=(lowest, 1), ylim=(0, 1), title=title)
        ax.set(xlabel=f"{RATES['fmr'].axis} ({WORDS['log']})", ylabel=RATES["fnmr"].axis)
        _log_axis(ax.xaxis)
        _legend(fig)
    steps = [10.0**-k for k in range(1, round(-math.log10(lowest)) + 1)]
    columns = {
        name: [float(_fnmr_at(c, [x])[0]) if x >= floors[name] else math.nan for x in steps]
        for name, c in named.items()
    }
    table = pd.DataFrame(columns, index=pd.Index([f"{x:.0e}" for x in steps], name="FMR"))
    return fig, _curve_alt(table, steps, floors, marks or {}, title), table


def _rising(curve: Any) -> tuple[Any, Any]:
    """FMR in rising order with its FNMR: views, for a curve may hold millions of thresholds."""
    import numpy as np

    fmr, fnmr = np.asarray(curve.fmr), np.asarray(curve.fnmr)
    return (fmr, fnmr) if fmr[0] <= fmr[-1] else (fmr[::-1], fnmr[::-1])


def _floor(curve: Any) -> float:
    """One false match in all impostor comparisons of a curve."""
    import numpy as np

    fmr, _ = _rising(curve)
    place = int(np.searchsorted(fmr, 0.0, side="right"))
    return float(fmr[place]) if place < len(fmr) else 1.0


def _floor_words(floors: Mapping[str, float]) -> str:
    return f"below {max(floors.values()):.1e}: too few pairs to say"


def _fnmr_at(curve: Any, asked: Any) -> Any:
    """FNMR of a curve at the lowest threshold whose FMR is at most what is asked."""
    import numpy as np

    fmr, fnmr = _rising(curve)
    place = np.searchsorted(fmr, np.asarray(asked, fmr.dtype), side="right") - 1
    return np.where(place >= 0, fnmr[np.maximum(place, 0)], np.nan)


def _curve_alt(
    table: pd.DataFrame,
    steps: Sequence[float],
    floors: Mapping[str, float],
    marks: Mapping[str, float],
    title: str,
) -> str:
    parts = [f"{title}:" if title else "", "FNMR against FMR, the FMR axis in steps of ten."]
    for name in table.columns:
        told = [
            f"FNMR {value:.3g} at FMR {x:.0e}"
            for x, value in zip(steps, table[name], strict=True)
            if math.isfinite(value)
        ]
        parts.append(f"{name}: {', '.join(told)}. Nothing is drawn below FMR {floors[name]:.1e}.")
    parts += [f"The line {name!r} stands at FMR {value:.1e}." for name, value in marks.items()]
    return " ".join(p for p in parts if p)


# --- groups ---------------------------------------------------------------------------------------


def groups(tables: Any, *, rate: str = "fmr", floor: float | None = None, title: str = "") -> Shown:
    """A rate for each group as a point with its interval; too little for a rate is said in words.

    Parameters
    ----------
    tables
        A :class:`labkit.measure.disparity.GroupTable`, its ``frame``, a mapping group -> Interval,
        or a mapping matcher -> one of these.
    rate
        ``"fmr"`` (on a log axis), ``"fnmr"``, ``"false_rejection"`` or ``"fta"``.
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
    table = _group_table(rows)
    series = list(dict.fromkeys(r["matcher"] for r in rows))
    names = list(dict.fromkeys(r["group"] for r in rows))
    log = rate_of(rate).log
    floor = floor if floor is not None else _group_floor(rows)
    fig, ax = figure(height=1.4 + 0.5 * len(names) * max(1, 0.7 * len(series)))
    with style():
        for n, matcher in enumerate(series):
            offset = (n - (len(series) - 1) / 2) * 0.7 / max(len(series), 1)
            mine = [r for r in rows if r["matcher"] == matcher]
            _draw_rows(ax, mine, names, offset, n, len(series), log, floor)
        if log:
            ax.set_xscale("log")
            _log_axis(ax.xaxis)
            if floor:
                ax.axvline(floor, color=GREY, linestyle=":", label=WORDS["floor"])
        else:
            ax.set_xlim(left=min(0.0, -0.02 * ax.get_xlim()[1]))
        ax.set(yticks=range(len(names)), yticklabels=names, title=title)
        ax.set(xlabel=RATES[rate].axis + (f" ({WORDS['log']})" if log else ""))
        ax.margins(x=0.1)
        ax.set_ylim(len(names) - 0.5, -0.5)
        _legend(fig)
    return fig, _group_alt(rows, rate, title, floor if log else 0), table


def _draw_rows(
    ax: Axes,
    rows: Sequence[Mapping[str, Any]],
    names: Sequence[str],
    offset: float,
    n: int,
    count: int,
    log: bool,
    floor: float,
) -> None:
    """Points with intervals; rows with words instead are hollow, grey, and say so."""
    label: str | None = str(rows[0]["matcher"]) if rows and count > 1 else None
    for row in rows:
        y, x = names.index(row["group"]) + offset, row["rate"]
        thin = not (math.isfinite(row["low"]) and math.isfinite(row["high"]))
        # What a log axis cannot show stands at its floor, or at the smallest rate there is.
        least = floor or min([r["rate"] for r in rows if r["rate"] > 0], default=1e-3)
        at = x if math.isfinite(x) and (x > 0 or not log) else (least if log else 0.0)
        colour = GREY if thin else colours(count)[n]
        if not thin:
            low = max(row["low"], floor / 10) if log and floor else row["low"]
            ax.plot([low, row["high"]], [y, y], color=colour, linewidth=2, zorder=2)
        ax.plot(
            [at],
            [y],
            marker=MARKERS[n % len(MARKERS)],
            markersize=8,
            linestyle="",
            color=colour,
            markerfacecolor="white" if thin else colour,
            zorder=3,
            label=None if thin else label,
        )
        label = label if thin else None
        if thin:
            ax.annotate(
                WORDS["too little"],
                (at, y),
                xytext=(8, 0),
                textcoords="offset points",
                va="center",
                fontsize="small",
                color=GREY,
            )


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


def _group_floor(rows: Sequence[Mapping[str, Any]]) -> float:
    """The bound when no false match is seen in the smallest group: 3 / pairs of people."""
    pairs = [r["person_pairs"] for r in rows if r["person_pairs"]]
    return 3 / min(pairs) if pairs else 0.0


def _group_table(rows: Sequence[Mapping[str, Any]]) -> pd.DataFrame:
    import pandas as pd

    table = pd.DataFrame(list(rows))
    index = ["matcher", "group"] if table["matcher"].any() else ["group"]
    unused = [c for c in ("matcher",) if c not in index]
    unused += [c for c in ("trials", "person_pairs", "words", "people") if not table[c].any()]
    return table.drop(columns=unused).set_index(index)


def _group_alt(rows: Sequence[Mapping[str, Any]], rate: str, title: str, floor: float) -> str:
    parts = [f"{title}:" if title else "", f"{WORDS.get(rate, rate)}, one row for each group."]
    for row in rows:
        name = f"{row['matcher']}, {row['group']}" if row["matcher"] else row["group"]
        if math.isfinite(row["low"]) and math.isfinite(row["high"]):
            said = f"{row['rate']:.3g}, interval {row['low']:.3g} to {row['high']:.3g}"
        else:
            said = row["words"] or WORDS["too little"]
        people = f", {row['people']:,} people" if row["people"] else ""
        parts.append(f"{name}: {said}{people}.")
    if floor:
        parts.append(f"The floor is at {floor:.1e}.")
    return " ".join(p for p in parts if p)


# --- pictures -------------------------------------------------------------------------------------


def wall(
    pictures: Sequence[Any],
    *,
    alt: str = "",
    captions: Sequence[str] | None = None,
    columns: int = 8,
    size: float = 1.1,
) -> Shown:
    """Pictures in rows, each with a caption below if there are captions.

    Parameters
    ----------
    pictures
        Arrays, uint8, colour or grey.
    alt
        What the wall shows; the number of pictures and the captions are added.
    captions
        One text for each picture.
    columns
        Pictures in a row.
    size
        Inches for each picture.

    Raises
    ------
    ValueError
        When there are no pictures, or captions for another number of them.
    """
    import pandas as pd

    pictures = list(pictures)
    if not pictures:
        raise ValueError("there are no pictures to show: give at least one")
    if captions is not None and len(captions) != len(pictures):
        raise ValueError(f"{len(captions)} captions for {len(pictures)} pictures: give one each")
    columns = min(columns, len(pictures))
    rows = math.ceil(len(pictures) / columns)
    deep = size + (0.25 if captions is not None else 0.0)
    fig, axes = figure(columns * size, rows * deep, nrows=rows, ncols=columns, squeeze=False)
    for n, ax in enumerate(axes.ravel()):
        ax.set_axis_off()
        if n < len(pictures):
            ax.imshow(pictures[n], cmap="gray", vmin=0, vmax=255, interpolation="antialiased")
            if captions is not None:
                ax.set_title(captions[n], fontsize="small", loc="center", y=-0.22)
    told = f"{len(pictures)} pictures in {rows} rows of up to {columns}."
    if captions is not None:
        told += " " + "; ".join(f"{n}: {c}" for n, c in enumerate(captions, 1)) + "."
    index = pd.RangeIndex(1, len(pictures) + 1, name="picture")
    places = [f"row {n // columns + 1}, column {n % columns + 1}" for n in range(len(pictures))]
    table = pd.DataFrame({"place": places, "caption": captions or ""}, index=index)
    return fig, f"{alt} {told}".strip(), table if captions else table[["place"]]


def pair(
    first: Any,
    second: Any,
    *,
    names: tuple[str, str] = ("first", "second"),
    score: float | None = None,
    threshold: float | None = None,
    alt: str = "",
) -> Shown:
    """Two pictures side by side, with the score of the comparison and its verdict.

    Parameters
    ----------
    first, second
        Arrays, uint8.
    names
        Written above the pictures.
    score, threshold
        Written below: a match is ``score >= threshold``.
    alt
        What the pictures show; the names, the score and the verdict are added.
    """
    import pandas as pd

    fig, axes = figure(5.0, 2.9, ncols=2)
    for ax, picture, name in zip(axes, (first, second), names, strict=True):
        ax.set_axis_off()
        ax.imshow(picture, cmap="gray", vmin=0, vmax=255, interpolation="antialiased")
        ax.set_title(name, fontsize="small", loc="center")
    rows: dict[str, Any] = {"first picture": names[0], "second picture": names[1]}
    told = f"Two pictures: {names[0]} and {names[1]}."
    if score is not None:
        rows["score"] = f"{score:.4g}"
        told += f" Score {score:.4g}."
        if threshold is not None:
            verdict = "a match" if score >= threshold else "no match"
            rows |= {"threshold": f"{threshold:.4g}", "verdict": verdict}
            told += f" At the threshold {threshold:.4g} that is {verdict}."
        fig.supxlabel(told.split(". ", 1)[1], fontsize="small")
    table = pd.DataFrame({"value": rows})
    return fig, f"{alt} {told}".strip(), table


# --- confusion: kept here until the heat map of the views is there --------------------------------


def confusion(table: pd.DataFrame, *, title: str = "") -> Shown:
    """A map of who is taken for whom.

    Parameters
    ----------
    table
        FMR by two groups, as :func:`labkit.measure.disparity.confusion` gives.
    title
        Written above.

    Returns
    -------
    figure, alt, table
        For :func:`show`.
    """
    import numpy as np

    fig, ax = figure(7.0, 5.2)
    values = table.to_numpy(float)
    with style():
        ax.grid(False)
        ax.imshow(values, cmap="Greys", vmin=0, vmax=values.max() * 1.6)
        for (i, j), value in np.ndenumerate(values):
            ax.text(j, i, f"{value:.4f}", ha="center", va="center", color="black")
        ax.set_xticks(range(len(table)), table.columns, rotation=35, ha="right")
        ax.set_yticks(range(len(table)), table.index)
        ax.set_title(title)
    low, high = np.unravel_index([values.argmin(), values.argmax()], values.shape)
    ends = [
        f"{table.index[i]} with {table.columns[j]} ({values[i, j]:.4f})"
        for i, j in np.transpose([low, high])
    ]
    alt = (
        f"{title}: a map of {len(table)} by {len(table)} groups, darker where FMR is higher."
        f" Lowest: {ends[0]}; highest: {ends[1]}. The diagonal, both people in one group, goes from"
        f" {np.diag(values).min():.4f} to {np.diag(values).max():.4f}."
    )
    return fig, alt, table

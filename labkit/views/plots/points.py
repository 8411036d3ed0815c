"""Groups compared: a rate for each as a point with its interval, in panels that share their rows.

In: group tables, or intervals by name.  Out: figure, alt text, table.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from labkit.base.words import N_, _
from labkit.measure.rate import RATES
from labkit.measure.rate import rate as rate_of
from labkit.measure.reading import in_words, interval_in_words
from labkit.views.identity import palette
from labkit.views.plots.style import (
    DOT,
    GROUND,
    LINE,
    NAME,
    figure,
    hundred_axis,
    log_axis,
    style,
)

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes

    from labkit.views.plots.style import Shown

Row = Mapping[str, Any]

NAMES = {
    "fta": N_("No face found\n(FTA)"),
    "fnmr": N_("Missed\n(FNMR)"),
    "false_rejection": N_("Rejected:\nmissed or lost"),
    "fmr": N_("False matches\n(FMR)"),
}
"""A rate above its panel: plain words, the technical one in brackets."""

STYLED = {
    "same style": N_("Rejected,\nsame style"),
    "restyled": N_("Rejected,\nrestyled"),
}
"""False rejection above its panel, by which photographs of a person are compared."""

FAR = 10
"""An FMR is on a log axis when the ends of the intervals lie farther apart than this."""

ROW, ABOVE, BELOW = 0.364, 0.45, 0.5
"""Inches of a row (40 pixels), of a panel's name, and of its axis."""


@dataclass(frozen=True)
class Panel:
    """One rate of every group, under a name."""

    name: str
    rate: str
    rows: Sequence[Row]

    @property
    def log(self) -> bool:
        """Whether its rates lie so far apart that only steps of ten show them all."""
        ends = [r[end] for r in self.rows if _has_interval(r) for end in ("low", "high")]
        return RATES[self.rate].log and bool(ends) and max(ends) > FAR * max(min(ends), 1e-12)


def groups(
    tables: Any,
    *,
    rate: str = "fmr",
    floor: float | None = None,
    title: str = "",
    about: str = "",
    footer: str = "",
) -> Shown:
    """A rate for each group as a point with its interval; too few for a rate is said in words.

    Parameters
    ----------
    tables
        A :class:`labkit.measure.disparity.GroupTable`, its ``frame``, a mapping group -> Interval,
        or a mapping matcher -> one of these: then each has a panel, on one scale.
    rate
        One of :data:`labkit.measure.rate.RATES`, such as ``"fmr"``.
    floor
        The smallest FMR that these people can show; without it 3 in the pairs of people of the
        smallest group, the bound when no false match is seen.  It stands in the alt text, and is
        hatched where the axis goes in steps of ten.
    title
        What the figure shows, as a sentence with its hedges; without it what is drawn.
    about
        What was measured, who is in it, how many.
    footer
        Stands below, such as :func:`labkit.views.plots.style.invented` gives.

    Returns
    -------
    figure, alt, table
        One row for each matcher and group.

    Raises
    ------
    ValueError
        When a table does not hold this rate.
    """
    rate_of(rate)
    rows = _rows(tables, rate)
    series = list(dict.fromkeys(r["matcher"] for r in rows))
    panels = [
        Panel(name or _(NAMES[rate]), rate, [r for r in rows if r["matcher"] == name])
        for name in series
    ]
    log = rate_of(rate).log
    floor = floor if floor is not None else _floor(rows)
    whole = Panel("", rate, rows)
    title = title or _("{rate}, for each group").format(rate=_flat(_(NAMES[rate])))
    about = about or _("{rate}; dot and 95% interval by people.").format(rate=_(RATES[rate].axis))
    fig = _draw(panels, log=whole.log, floor=floor, shared=True, said=(title, about, footer))
    return fig, _alt(rows, rate, floor if log else 0), _table(rows)


def group_rates(
    table: Any,
    *,
    styles: Mapping[str, Any] | None = None,
    title: str = "",
    about: str = "",
    footer: str = "",
) -> Shown:
    r"""The group table as small panels that share their rows: one for each rate.

    Parameters
    ----------
    table
        A :class:`labkit.measure.disparity.GroupTable`.
    styles
        What :func:`labkit.measure.groups.by_style` gives: then false rejection stands in two
        panels, of same-style and of restyled photographs, in the place of FNMR and of all.
    title
        What the figure shows, as a sentence with its hedges; without it what is drawn.
    about
        What was measured, who is in it, how many; without it the threshold and the people.
    footer
        Stands below, such as :func:`labkit.views.plots.style.invented` gives.

    Returns
    -------
    figure, alt, table
        One row for each rate and group.

    Examples
    --------
    >>> import numpy as np
    >>> from labkit.measure.disparity import group_table
    >>> from labkit.measure.scores import all_pairs
    >>> rng, who = np.random.default_rng(0), np.arange(400) % 200
    >>> pairs = all_pairs(rng.normal(size=(200, 2))[who] + rng.normal(0, 0.1, (400, 2)), who)
    >>> fig, alt, table = group_rates(group_table(pairs, who % 2, -0.3))
    >>> [ax.get_title("left") for ax in fig.axes][-1], len(table)
    ('False matches\n(FMR)', 8)
    """
    if styles:
        middle = [(_(STYLED[which]), "false_rejection", styles[which]) for which in STYLED]
    else:
        middle = [(_(NAMES[rate]), rate, table) for rate in ("fnmr", "false_rejection")]
    asked = [(_(NAMES["fta"]), "fta", table), *middle, (_(NAMES["fmr"]), "fmr", table)]
    panels = [Panel(name, rate, _rows(of, rate)) for name, rate, of in asked]
    people = sum(row["people"] for row in panels[-1].rows)
    about = about or _("{n} people, one threshold for all; dot and 95% interval by people.").format(
        n=f"{people:,}"
    )
    fig = _draw(panels, said=(title or _("Four error rates, for each group"), about, footer))
    rows = [{**row, "matcher": _flat(panel.name)} for panel in panels for row in panel.rows]
    alt = " ".join(
        [_("Four panels with one row for each group.")]
        + [f"{_flat(panel.name)}: " + " ".join(map(_told, panel.rows)) for panel in panels]
    )
    return fig, alt, _table(rows, _("error rate"))


def _flat(name: str) -> str:
    return name.replace("\n", " ")


def _has_interval(row: Row) -> bool:
    return math.isfinite(row["low"]) and math.isfinite(row["high"])


# ---- drawing ------------------------------------------------------------------------------------


def _draw(
    panels: Sequence[Panel],
    *,
    said: tuple[str, str, str],
    log: bool | None = None,
    floor: float = 0.0,
    shared: bool = False,
) -> Any:
    """Panels side by side that share their rows; below each other on a telephone."""
    names = list(dict.fromkeys(r["group"] for panel in panels for r in panel.rows))
    deep = ABOVE + BELOW + ROW * len(names)
    fig, axes = figure(
        height=deep,
        title=said[0],
        about=said[1],
        footer=said[2],
        ncols=len(panels),
        sharey=True,
        sharex=shared,
        squeeze=False,
    )
    with style():
        for ax, panel in zip(axes[0], panels, strict=True):
            scale = [r for one in panels for r in one.rows] if shared else panel.rows
            _draw_panel(ax, panel, names, panel.log if log is None else log, floor, scale)
            if len(panels) > 1:
                ax.set_title(panel.name, fontsize=NAME - 1.3)

    def narrow() -> None:
        from labkit.views.plots.paper import stacked

        stacked(list(axes[0]), fig, deep=deep * len(panels))

    fig.make_narrow = narrow
    return fig


def _draw_panel(
    ax: Axes,
    panel: Panel,
    names: Sequence[str],
    log: bool,
    floor: float,
    scale: Sequence[Row],
) -> None:
    """One panel; ``scale`` holds the rows that its axis has to have room for."""
    colour = palette()["b"] if RATES[panel.rate].of_pairs else palette()["a"]
    known = [r for r in scale if _has_interval(r)]
    highest = max((r["high"] for r in known), default=0.01)
    left = 0.0
    if log and known:
        least = min([floor or 1.0, *(r["low"] or r["rate"] for r in known)])
        left = 10.0 ** math.floor(math.log10(least) - 0.1)
        ax.set_xscale("log")
        ax.set_xlim(left, max(10 * left, 1.3 * highest))
        log_axis(ax.xaxis)
        ax.set_xlabel(_("log axis"))
        if floor:
            looks: Any = {"facecolor": "none", "edgecolor": palette()["faint"], "hatch": "///"}
            ax.axvspan(left, floor, linewidth=0, zorder=0, **looks)
    elif known:
        ax.set_xlim(0, 1.15 * highest)
        hundred_axis(ax.xaxis)
        ax.set_xlabel(_("in 100"))
    else:  # no scale where nothing stands on it
        ax.set_xlim(0, 1)
        ax.set_xticks([])
        ax.spines["bottom"].set_visible(False)
    for row in panel.rows:
        y = names.index(row["group"])
        if _has_interval(row):
            _draw_known(ax, row, y, colour)
        else:
            _draw_thin(ax, row, y, left)
    ax.set_yticks(range(len(names)), names)
    ax.tick_params(axis="y", pad=8)
    ax.set_ylim(len(names) - 0.5, -0.65)


def _draw_known(ax: Axes, row: Row, y: int, colour: str) -> None:
    """A dot with its interval and its rate in words, on an axis that has its ends."""
    rate = row["rate"]
    low = max(row["low"], ax.get_xlim()[0])
    reach = [[max(0.0, rate - low)], [max(0.0, row["high"] - rate)]]
    ax.errorbar(
        [rate],
        [y],
        xerr=reach,
        fmt="o",
        markersize=DOT,
        color=colour,
        elinewidth=LINE,
        capsize=0,
        clip_on=False,
    )
    share = (ax.transScale + ax.transLimits).transform((rate, y))[0]
    aside = "left" if share < 0.3 else "right" if share > 0.75 else "center"
    move = {"left": -3, "right": 3, "center": 0}[aside]
    ax.annotate(
        in_words(rate),
        (rate, y),
        (move, 4),
        textcoords="offset points",
        ha=aside,
        va="bottom",
        zorder=4,
        bbox=GROUND,
    )


def _draw_thin(ax: Axes, row: Row, y: int, left: float) -> None:
    """A hollow grey dot at the edge, off the scale, and why there is no rate."""
    grey = palette()["quiet"]
    ring: Any = {"markerfacecolor": "white", "markeredgecolor": grey, "markeredgewidth": 1.4}
    ax.plot([left], [y], "o", markersize=DOT, clip_on=False, zorder=5, **ring)
    ax.annotate(
        _thin_words(row),
        (left, y),
        (8, 0),
        textcoords="offset points",
        va="center",
        color=grey,
        zorder=4,
        bbox=GROUND,
    )


def _thin_words(row: Row) -> str:
    if row["rate"] == 0:
        return _("none seen")
    if not math.isfinite(row["rate"]):
        return _("nothing to count")
    return _("too few")


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


def _table(rows: Sequence[Row], of: str = "matcher") -> pd.DataFrame:
    import pandas as pd

    table = pd.DataFrame(list(rows)).rename(columns={"matcher": of})
    index = [of, "group"] if table[of].any() else ["group"]
    unused = [c for c in (of,) if c not in index]
    unused += [c for c in ("trials", "person_pairs", "words", "people") if not table[c].any()]
    return table.drop(columns=unused).set_index(index)


def _alt(rows: Sequence[Row], rate: str, floor: float) -> str:
    parts = [_("{rate}, one row for each group.").format(rate=_(RATES[rate].axis))]
    parts += [_told(row) for row in rows]
    if floor:
        parts.append(_("The floor is at {fmr}.").format(fmr=in_words(floor)))
    return " ".join(parts)


def _told(row: Row) -> str:
    """One row in words."""
    name = f"{row['matcher']}, {row['group']}" if row["matcher"] else row["group"]
    said = row["words"] or _("too little for a rate")
    if _has_interval(row):
        rate, ends = in_words(row["rate"]), interval_in_words(row["low"], row["high"])
        said = _("{rate}, interval {ends}").format(rate=rate, ends=ends)
    if not row["people"]:
        return f"{name}: {said}."
    people = _("{n} people").format(n=f"{row['people']:,}")
    return f"{name}: {said}, {people}."

"""Remedies side by side: every group's errors before and after, whom they lose and turn away.

In: what the functions of :mod:`labkit.remedies` gave.  Out: figure, alt text, table.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from labkit import remedies as rooms
from labkit.base.words import N_, _
from labkit.measure.rate import RATES
from labkit.remedies.judged import BETTER, COMPARED, WORSE, key
from labkit.views.identity import palette
from labkit.views.plots.style import GROUND, LINE, NAME, NOTE, figure, hundred_axis, log_axis, style

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes

    from labkit.remedies import Judged
    from labkit.views.plots.style import Shown

PANELS = {
    "fmr": N_("False matches\n(FMR)"),
    "false_rejection": N_("Rejected:\nmissed or lost"),
    "lost": N_("No face found,\nturned away"),
}
"""What stands above each panel."""

SHAPES = {BETTER: "v", WORSE: "^"}
"""A change that may be claimed points down or up; what is not shown is a dot."""

ROW, HEAD, ABOVE, BELOW = 0.17, 0.25, 0.5, 0.55
"""Inches of a row, of a remedy's name above its rows, of panels' names and of axes."""

SIZE, BESIDE = 4.6, -42
"""Points of a sign; where a remedy's name begins, above the names of its groups."""

LEAST = 0.05
"""Where the axis of lost photographs ends at least, so that three in a thousand look few."""

STEPS = (1 / 10_000, 1 / 3_000, 1 / 1_000, 1 / 300, 1 / 100, 1 / 30, 1 / 10, 1 / 3, 1.0)
"""Where ticks of an FMR may stand."""


def remedies(
    results: Sequence[Judged],
    found: pd.DataFrame | None = None,
    *,
    title: str = "",
    about: str = "",
    footer: str = "",
) -> Shown:
    """Every group's FMR, false rejection, failures and people turned away, before and after.

    A hollow dot is before, a filled sign after: pointing down where less may be claimed, up where
    more, a dot where no change is shown.  The line through it is the 95% interval by people; the
    grey band is what drawing dev again does to the rate, where the null remedy is among them.

    Parameters
    ----------
    results
        What the remedies gave, in the order wanted.
    found
        Their looks, of :func:`labkit.remedies.looks`; of these results alone, when ``None``.
    title
        What the figure shows, as a sentence with its hedges; without it which groups get better
        and which worse.
    about
        What was measured, who is in it; without it how to read the signs.
    footer
        Stands below, such as :func:`labkit.views.plots.style.invented` gives.

    Returns
    -------
    figure, alt, table
        The table is :func:`labkit.remedies.table`.

    Raises
    ------
    ValueError
        Without a result, or when two have one name and matcher.

    Examples
    --------
    >>> town = rooms.Town.of("dlib")
    >>> fig, alt, table = remedies([rooms.drawn_again(town), rooms.group_thresholds(town)])
    >>> len(table), alt.startswith("Three panels")
    (6, True)
    """
    found = rooms.looks(results) if found is None else found
    rows: dict[Any, Any] = dict(zip(found.index, found.to_dict("records"), strict=True))
    places = _places(results)
    deep = ABOVE + BELOW + HEAD * len(results) + ROW * len(places)
    fig, axes = figure(
        height=deep,
        title=title or _finding(rows, results),
        about=about or _about(),
        footer=footer,
        ncols=3,
        sharey=True,
        squeeze=False,
        gridspec_kw={"width_ratios": [5, 5, 3]},
    )
    with style():
        for ax, rate in zip(axes[0], PANELS, strict=True):
            ax.set_title(_(PANELS[rate]), fontsize=NAME - 1.3)
            if rate == "lost":
                _draw_lost(ax, results, places)
            else:
                _draw_rate(ax, results, rows, places, rate)
        repeated = _name_rows(axes[0], results, places)

    def narrow() -> None:
        from labkit.views.plots.paper import stacked

        for name in repeated:
            name.set_visible(True)
        stacked(list(axes[0]), fig, deep=deep * 3)

    fig.make_narrow = narrow
    return fig, _alt(rows, results), rooms.table(results, found)


def _places(results: Sequence[Judged]) -> dict[tuple[str, Any], float]:
    """How far down each group of each remedy stands, in inches."""
    out, down = {}, 0.0
    for result in results:
        down += HEAD
        for group in result.before.names:
            out[key(result), group] = down
            down += ROW
    return out


def _name_rows(
    axes: Sequence[Axes], results: Sequence[Judged], places: Mapping[Any, float]
) -> list[Any]:
    """Groups beside the rows, and each remedy's name above them; the names of a narrow page."""
    repeated = []
    axes[0].set_zorder(1)
    axes[0].patch.set_visible(False)  # its names lie over the next panel, which is empty there
    axes[0].set_yticks(list(places.values()), [str(group) for _name, group in places])
    axes[0].set_ylim(max(places.values()) + ROW, 0)
    for n, ax in enumerate(axes):
        ax.grid(visible=False, axis="y")
        ax.grid(visible=True, axis="x")
        for result in results:
            first = places[key(result), result.before.names[0]]
            ax.axhline(first - HEAD - 0.02, color=palette()["rule"], linewidth=0.5, zorder=0)
            name = ax.annotate(
                key(result),
                (0, first - 0.53 * HEAD),
                (BESIDE, 0),
                xycoords=("axes fraction", "data"),
                textcoords="offset points",
                va="center",
                fontsize=NOTE,
                fontweight="bold",
                zorder=5,
                bbox=GROUND,
                visible=not n,
            )
            name.set_in_layout(False)
            repeated += [name] if n else []
    return repeated


def _draw_rate(
    ax: Axes,
    results: Sequence[Judged],
    rows: Mapping[Any, Any],
    places: Mapping[Any, float],
    rate: str,
) -> None:
    log = RATES[rate].log
    shown = [
        rows[key(result), rate, group][end]
        for result in results
        for group in result.before.names
        for end in ("before", "after")
    ]
    known = [x for x in shown if math.isfinite(x) and x > 0]
    if log and known:
        ax.set_xscale("log")
        ax.set_xlim(min(known) / 2, 2 * max(known))
        log_axis(ax.xaxis)
        ax.set_xticks([x for x in STEPS if ax.get_xlim()[0] <= x <= ax.get_xlim()[1]])
        ax.set_xlabel(_("log axis"))
    else:
        ax.set_xlim(0, 1.15 * max(known, default=1.0))
        hundred_axis(ax.xaxis)
        ax.set_xlabel(_("in 100"))
    for result in results:
        for group in result.before.names:
            row = rows[key(result), rate, group]
            _draw_change(ax, result.afterwards(group, rate), row, places[key(result), group], log)


def _draw_change(ax: Axes, after: Any, row: Mapping[str, Any], y: float, log: bool) -> None:
    """Before, after, and what luck does."""
    colour, edge = palette()["b" if log else "a"], ax.get_xlim()[0]
    luck = [row["before"] * row[e] if log else row["before"] + row[e] for e in LUCK]
    if all(map(math.isfinite, luck)):
        ax.plot(luck, [y, y], color=palette()["faint"], linewidth=7, zorder=1)
    if not math.isfinite(row["before"]):
        ax.annotate(
            _("nothing to count"), (edge, y), (4, 0), textcoords="offset points", va="center"
        )
        return
    if math.isfinite(after.low):
        ax.plot([max(after.low, edge), after.high], [y, y], color=colour, linewidth=LINE, zorder=2)
    ring: Any = {"markerfacecolor": "white", "markeredgecolor": palette()["ink"]}
    ax.plot([max(row["before"], edge)], [y], "o", markersize=SIZE, zorder=3, **ring)
    if math.isfinite(row["after"]):
        shape = SHAPES.get(row["verdict"], "o")
        size = SIZE * (1.35 if shape != "o" else 0.8)
        ax.plot([max(row["after"], edge)], [y], shape, markersize=size, color=colour, zorder=4)


LUCK = ("luck_low", "luck_high")


def _draw_lost(ax: Axes, results: Sequence[Judged], places: Mapping[Any, float]) -> None:
    """No face found (before: hollow; after: full) and turned away (striped)."""
    most = 0.0
    for result in results:
        for group in result.before.names:
            y = places[key(result), group]
            before, after = (
                share if math.isfinite(share) else 0.0
                for share in (t[group, "fta"].value for t in (result.before, result.after))
            )
            turned = result.turned(group).value
            stripes: Any = {"hatch": "////", "facecolor": "none", "linewidth": 0}
            ax.barh([y], [after], 0.6 * ROW, color=palette()["a"], zorder=2)
            ax.barh(
                [y], [turned], 0.6 * ROW, left=after, edgecolor=palette()["a"], zorder=2, **stripes
            )
            if before != after:
                ring: Any = {"markerfacecolor": "white", "markeredgecolor": palette()["ink"]}
                ax.plot([before], [y], "o", markersize=SIZE, zorder=3, **ring)
            most = max(most, before, after + turned)
    ax.set_xlim(0, max(1.15 * most, LEAST))
    hundred_axis(ax.xaxis)
    ax.set_xlabel(_("in 100"))


# ---- words --------------------------------------------------------------------------------------


def _about() -> str:
    return _(
        "Hollow: before. Filled: after, with its 95% interval by people; pointing down or up where"
        " a change may be claimed, a dot where none is shown. Grey: what drawing dev again does."
        " Striped: turned away."
    )


def _finding(rows: Mapping[Any, Any], results: Sequence[Judged]) -> str:
    """How many changes may be claimed, in which direction."""
    tried = [r for r in results if r.luck is None]
    verdicts = [
        rows[key(r), rate, group]["verdict"]
        for r in tried
        for rate in COMPARED
        for group in r.before.names
    ]
    both = sum(
        {BETTER, WORSE}
        <= {rows[key(r), rate, group]["verdict"] for rate in COMPARED for group in r.before.names}
        for r in tried
    )
    return _(
        "Rates of groups: {all}. Shown to get better: {better}; worse: {worse}. Remedies, the null"
        " remedy not counted: {n}; that do both: {both}"
    ).format(
        all=len(verdicts),
        n=len(tried),
        better=verdicts.count(BETTER),
        worse=verdicts.count(WORSE),
        both=both,
    )


def _alt(rows: Mapping[Any, Any], results: Sequence[Judged]) -> str:
    parts = [_("Three panels with one row for each group under each remedy.")]
    for result in results:
        each = []
        for group in result.before.names:
            fmr, rejected = (rows[key(result), rate, group] for rate in COMPARED)
            words = _(
                "{group}: FMR {fmr_before:.4f} to {fmr_after:.4f}, rejected {before:.1f} to"
                " {after:.1f} in 100, turned away {turned:.1f}"
            )
            each.append(
                words.format(
                    group=group,
                    fmr_before=fmr["before"],
                    fmr_after=fmr["after"],
                    before=100 * rejected["before"],
                    after=100 * rejected["after"],
                    turned=100 * result.turned(group).value,
                )
            )
        parts.append(f"{key(result)}. {'; '.join(each)}.")
    return " ".join(parts)

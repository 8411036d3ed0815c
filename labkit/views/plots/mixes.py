"""Errors of networks against who was in their training, and the controls beside it.

In: a :class:`labkit.experiment.mixes.Study`.  Out: figure, alt text, table.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from labkit.base.words import N_, _
from labkit.experiment import mix_words
from labkit.experiment.mixes import BALANCED, BANDS, MIXES, RECENTRED, SIZES, Study
from labkit.experiment.trainings import Effect, short
from labkit.views.identity import LINES, MARKERS, palette
from labkit.views.plots.style import (
    DOT,
    GROUND,
    LINE,
    apart,
    colours,
    figure,
    hundred_axis,
    invented,
    log_axis,
    style,
)

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from labkit.views.plots.style import Shown

PANELS = {
    "fmr": N_("Two people match\n(FMR)"),
    "false_rejection": N_("Rejected:\nmissed or lost"),
}
"""The two errors above their panels."""

SMALL = 0.62
"""A training's dot beside that of the mean."""
DODGE = 2.2
"""Bands stand so far beside each other, in percent of the share."""
ROOM = 27
"""Percent of the share to the right, for the names of the lines."""


@dataclass(frozen=True)
class Line:
    """A rate of one band over the mixes: the mean of the trainings, and each of them."""

    band: str
    means: Sequence[Effect]
    trainings: Sequence[Sequence[float]]


def errors_by_mix(
    study: Study,
    *,
    asked_style: str | None = None,
    title: str = "",
    about: str = "",
    footer: str = "",
) -> Shown:
    """Both errors of each band against its share in training: trainings as dots, their mean a line.

    Parameters
    ----------
    study
        Of the networks.
    asked_style
        ``"same style"`` or ``"restyled"`` photographs for the rejections, else both.
    title
        What the figure shows; without it what the numbers say.
    about
        What was measured, who is in it, how many.
    footer
        Stands below.

    Returns
    -------
    figure, alt, table
        A row for each error, mix and band.

    Examples
    --------
    >>> from labkit.experiment.mixes import made_up
    >>> fig, alt, table = errors_by_mix(Study(made_up()))
    >>> len(fig.axes), len(table)
    (2, 30)
    """
    styles: dict[str, str | None] = {"fmr": None, "false_rejection": asked_style}
    lines = {rate: _lines(study, rate, kind) for rate, kind in styles.items()}
    trainings = len(study.trainings(MIXES[0]))
    about = about or _(
        "Networks trained at five mixes, {n} trainings of each with other people (small dots)."
        " One threshold for all. Upright line: 95% interval of the mean, by people and trainings."
    ).format(n=trainings)
    deep = 3.3
    fig, axes = figure(
        height=deep,
        title=title or mix_words.headline(study),
        about=about,
        footer=footer or invented(len(study.bands)),
        ncols=2,
        squeeze=False,
    )
    shares = [100 * _share(study, mix) for mix in MIXES]
    with style():
        for ax, (rate, found) in zip(axes[0], lines.items(), strict=True):
            _draw(ax, rate, found, shares)

    def narrow() -> None:
        from labkit.views.plots.paper import stacked

        stacked(list(axes[0]), fig, deep=2 * deep)

    fig.make_narrow = narrow
    return fig, _alt(lines), _table(lines, study)


def _share(study: Study, mix: str) -> float:
    """Darker among lighter and darker people in training."""
    odds = study.odds(mix)
    return odds / (1 + odds)


def _lines(study: Study, rate: str, kind: str | None) -> list[Line]:
    table = study.rates(MIXES, rate, style=kind)
    found = []
    for band in BANDS:
        rows = table[table["group"] == band]
        each = [rows.loc[rows["mix"] == mix, "rate"].tolist() for mix in MIXES]
        means = [study.mean_rate(mix, band, rate, style=kind) for mix in MIXES]
        found.append(Line(band, means, each))
    return found


def _draw(ax: Axes, rate: str, lines: Sequence[Line], shares: Sequence[float]) -> None:
    log = rate == "fmr"
    look = zip(colours(len(lines)), MARKERS, LINES, strict=False)
    seen = [v for line in lines for each in line.trainings for v in each if v > 0]
    seen += [e.high for line in lines for e in line.means if math.isfinite(e.high)]
    seen += [e.low for line in lines for e in line.means if math.isfinite(e.low)]
    if log:
        ax.set_yscale("log")
        ax.set_ylim(*_decades(min(seen, default=1e-3), max(seen, default=1e-1)))
    else:
        ax.set_ylim(0, 1.1 * max(seen, default=0.1))
    for n, (line, (colour, marker, dashes)) in enumerate(zip(lines, look, strict=False)):
        places = [share + DODGE * (n - 1) for share in shares]
        known = [k for k, e in enumerate(line.means) if math.isfinite(e.log)]
        for k in known:
            mean = line.means[k]
            if math.isfinite(mean.low):
                ax.plot([places[k]] * 2, [mean.low, mean.high], color=colour, linewidth=0.8)
        ax.plot(
            [places[k] for k in known],
            [line.means[k].ratio for k in known],
            color=colour,
            linestyle=dashes,
            linewidth=1.3 * LINE,
        )
        for place, each in zip(places, line.trainings, strict=True):
            shown = [v for v in each if v > 0 or not log]
            ax.plot(
                [place] * len(shown),
                shown,
                marker,
                markersize=DOT * SMALL,
                markerfacecolor="white",
                markeredgecolor=colour,
                markeredgewidth=0.9,
                color=colour,
                zorder=3,
            )
    _name_lines(ax, lines, shares[-1])
    ax.set_xlim(shares[0] - 6, shares[-1] + ROOM)
    ax.set_xticks(list(shares), [mix_words.mix_name(mix) for mix in MIXES])
    ax.tick_params(axis="x", labelrotation=45)
    ax.set_xlabel(_("lighter : darker in training"))
    ax.spines["bottom"].set_bounds(shares[0] - 6, shares[-1] + 6)
    ax.set_title(_(PANELS[rate]))
    if log:
        log_axis(ax.yaxis)
    else:
        hundred_axis(ax.yaxis)
        ax.set_ylabel(_("in 100"))


def _decades(low: float, high: float) -> tuple[float, float]:
    """Ends of a log axis with at least two steps of ten on it."""
    first, last = math.floor(math.log10(low)), math.ceil(math.log10(high))
    bottom = max(10.0**first, low / 1.6) if last - first > 2 else 10.0**first / 1.05
    return bottom, min(10.0**last * 1.05, max(1.6 * high, 10 ** (first + 1) * 1.05))


def _name_lines(ax: Axes, lines: Sequence[Line], last: float) -> None:
    """The band beside the end of its line, with room between names."""
    change = ax.transScale + ax.transLimits
    ends = [line for line in lines if math.isfinite(line.means[-1].log)]
    wanted = [float(change.transform((0, line.means[-1].ratio))[1]) for line in ends]
    for line, place in zip(ends, apart(wanted, 0.085, 0.03, 0.97), strict=True):
        colour = colours(len(lines))[[one.band for one in lines].index(line.band)]
        ax.annotate(
            _(line.band),
            (last + DODGE + 3, place),
            xycoords=("data", "axes fraction"),
            color=colour,
            va="center",
            bbox=GROUND,
        )


def _alt(lines: dict[str, list[Line]]) -> str:
    names = [mix_words.mix_name(mix) for mix in MIXES]
    said = [
        _(
            "Two panels over the mixes {mixes} (lighter to darker in training); rates in 100."
        ).format(mixes=", ".join(names))
    ]
    for rate, found in lines.items():
        each = "; ".join(
            _("{band} {rates}").format(
                band=_(line.band), rates=", ".join(_told(e) for e in line.means)
            )
            for line in found
        )
        said.append(f"{_(PANELS[rate])}: {each}.".replace("\n", " "))
    return " ".join(said)


def _told(mean: Effect) -> str:
    return _hundred(mean.ratio) if math.isfinite(mean.log) else _("too few for a rate")


def _hundred(rate: float) -> str:
    """A rate in 100: one form for all numbers of a table.

    Examples
    --------
    >>> [_hundred(x) for x in (0.26, 0.02, 0.00169, 0.0)]
    ['26', '2', '0.17', '0']
    """
    return f"{100 * rate:.2g}"


def _table(lines: dict[str, list[Line]], study: Study) -> Any:
    import pandas as pd

    rows = []
    for rate, found in lines.items():
        for k, mix in enumerate(MIXES):
            for line in found:
                mean = line.means[k]
                rows.append(
                    {
                        _("error"): _(PANELS[rate]).replace("\n", " "),
                        _("mix"): mix_words.mix_name(mix),
                        _("band"): _(line.band),
                        _("mean, in 100"): _told(mean),
                        _("95% interval"): _between(mean),
                        _("each training"): ", ".join(_hundred(v) for v in line.trainings[k]),
                    }
                )
    return pd.DataFrame(rows).set_index(_("error"))


def _between(mean: Effect) -> str:
    if mean.words:
        return mean.words
    return _("{low} to {high}").format(low=_hundred(mean.low), high=_hundred(min(mean.high, 1.0)))


# ---- controls -----------------------------------------------------------------------------------


@dataclass(frozen=True)
class Row:
    """One effect under a name."""

    name: str
    effect: Effect


ROW, ABOVE, BELOW = 0.31, 0.42, 0.55
"""Inches of a row, of a panel's name, and of its axis."""


def controls(study: Study, *, title: str = "", about: str = "", footer: str = "") -> Shown:
    """What balance leaves, and what the way from 90:10 to 10:90 does under each control.

    Parameters
    ----------
    study
        Of the networks.
    title
        What the figure shows; without it what is drawn.
    about
        What was measured, who is in it, how many.
    footer
        Stands below.

    Returns
    -------
    figure, alt, table
        A row for each effect.

    Examples
    --------
    >>> from labkit.experiment.mixes import made_up
    >>> fig, alt, table = controls(Study(made_up()))
    >>> len(fig.axes)
    2
    """
    panels = {
        _("FMR, darker / lighter"): _gaps(study),
        _("Effect of the mix"): _slopes(study),
    }
    rows = [len(found) for found in panels.values()]
    fig, axes = figure(
        height=sum(rows) * ROW + 2 * (ABOVE + BELOW),
        title=title or _("The gap with balanced training, and the slope under each control"),
        about=about
        or _(
            "Large dot and line: mean of the trainings, 95% interval by people and trainings. Small"
            " dots: each training. 1: no difference."
        ),
        footer=footer or invented(len(study.bands)),
        nrows=2,
        squeeze=False,
        gridspec_kw={"height_ratios": [n * ROW + ABOVE + BELOW for n in rows]},
    )
    with style():
        for ax, (name, found) in zip(axes[:, 0], panels.items(), strict=True):
            _draw_effects(ax, name, found)
    return fig, _alt_effects(panels), _table_effects(panels)


def _gaps(study: Study) -> list[Row]:
    mixes = dict.fromkeys([MIXES[0], *BALANCED[:1], *SIZES, MIXES[-1]])
    return [
        Row(
            _("{mix}\n{n} people")
            .format(mix=mix_words.mix_name(mix).partition("-")[0], n=f"{study.people_in(mix):,}")
            .replace("\n", ", "),
            study.mean_gap(mix),
        )
        for mix in mixes
        if study.has(mix)
    ]


def _slopes(study: Study) -> list[Row]:
    grey, odd = study.grey(), study.odd_split()
    return [
        Row(_("five mixes"), study.slope()),
        Row(_("the same, other origin"), study.slope(origin=RECENTRED)),
        Row(_("90:10 and 10:90"), grey.first),
        Row(_("the same, in grey"), grey.second),
        Row(_("90:10 by odd numbers"), odd.against_thirds),
        Row(_("90:10 by tone"), odd.tone),
        Row(_("five mixes, rejections"), study.slope("false_rejection")),
    ]


def _draw_effects(ax: Axes, name: str, rows: Sequence[Row]) -> None:
    colour, grey = palette()["b"], palette()["quiet"]
    known = [row.effect for row in rows if not row.effect.words]
    ends = [x for e in known for x in (e.log - e.reach, e.log + e.reach, *e.trainings)]
    reach = max([math.log(2), *(abs(x) for x in ends)])
    left, right = (min([0.0, *ends]), max([0.0, *ends])) if ends else (-reach, reach)
    room = 0.06 * max(right - left, math.log(2))
    ax.set_xscale("log")
    ax.set_xlim(math.exp(left - room), math.exp(right + room))
    ax.axvline(1, color=palette()["rule"], linewidth=0.9, zorder=0)
    for y, row in enumerate(rows):
        effect = row.effect
        if effect.words:
            ax.annotate(
                _("too few"),
                (0, y),
                (4, 0),
                xycoords=ax.get_yaxis_transform(),
                textcoords="offset points",
                va="center",
                color=grey,
                bbox=GROUND,
            )
            continue
        ax.plot([effect.low, effect.high], [y, y], color=colour, linewidth=LINE, clip_on=False)
        ax.plot([effect.ratio], [y], "o", markersize=DOT, color=colour, clip_on=False)
        if not effect.alone:
            ax.plot(
                [math.exp(v) for v in effect.trainings],
                [y + 0.27] * len(effect.trainings),
                "o",
                color=colour,
                markersize=DOT * SMALL,
                markerfacecolor="white",
                markeredgecolor=colour,
                markeredgewidth=0.9,
                clip_on=False,
            )
    ax.set_yticks(range(len(rows)), [row.name for row in rows])
    ax.tick_params(axis="y", pad=6)
    ax.set_ylim(len(rows) - 0.4, -0.6)
    ax.set_title(name)
    _ratio_axis(ax)


def _ratio_axis(ax: Axes) -> None:
    """Ticks at 1 and at steps that fit: "÷ 4", "1", "× 4"."""
    from matplotlib.ticker import FixedLocator, FuncFormatter, NullLocator

    low, high = (math.log(x) for x in ax.get_xlim())
    unit = next(
        (n for n in (2, 4, 8, 16, 64, 256, 4096) if (high - low) / math.log(n) <= 4.5), 10**6
    )
    first = math.ceil(low / math.log(unit) - 1e-9)
    last = math.floor(high / math.log(unit) + 1e-9)
    ax.xaxis.set_major_locator(FixedLocator([float(unit) ** k for k in range(first, last + 1)]))
    ax.xaxis.set_minor_locator(NullLocator())
    ax.xaxis.set_major_formatter(FuncFormatter(lambda ratio, _place: ratio_words(ratio)))


def ratio_words(ratio: float) -> str:
    """A tick of an axis of ratios.

    Examples
    --------
    >>> [ratio_words(x) for x in (0.25, 1.0, 16.0)]
    ['÷ 4', '1', '× 16']
    """
    if math.isclose(ratio, 1):
        return "1"
    return f"÷ {1 / ratio:,.0f}" if ratio < 1 else f"× {ratio:,.0f}"


def _alt_effects(panels: dict[str, list[Row]]) -> str:
    said = [_("Two panels with a row for each effect.")]
    for name, rows in panels.items():
        each = "; ".join(f"{row.name}: {row.effect.text()}" for row in rows)
        said.append(f"{name}: {each}.")
    return " ".join(said)


def _table_effects(panels: dict[str, list[Row]]) -> Any:
    import pandas as pd

    rows = [
        {
            _("what"): name,
            _("row"): row.name,
            _("ratio [95% interval]"): row.effect.text(),
            _("each training"): ", ".join(short(math.exp(v)) for v in row.effect.trainings)
            if not row.effect.words
            else "",
        }
        for name, found in panels.items()
        for row in found
    ]
    return pd.DataFrame(rows).set_index(_("what"))

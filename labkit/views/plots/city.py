"""Figures of the invented city: what is found out, what each dial does, whom errors hit.

In: a :class:`labkit.street.dials.Study`.  Out: figure, alt text, table.  Every figure says that it
is an illustration.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

import numpy as np

from labkit.base.words import N_, _
from labkit.street.city import LEVELS, MIDDLE, assumed
from labkit.street.dials import DIALS, MEASURED, PERFECT, QUESTIONS, Study
from labkit.street.followed import POINTS
from labkit.views.identity import LINES, MARKERS, palette
from labkit.views.plots.style import DOT, GROUND, LINE, apart, colours, figure, style

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes

    from labkit.views.plots.style import Shown

SHORT = {
    "home": N_("home"),
    "places": N_("worship,\nclinic"),
    "pairs": N_("pairs"),
    "protest": N_("protest"),
}
"""What is found, at the end of its line."""
SIDES = {
    "null town": ("D", N_("null town: the same sightings under shuffled names (diamond)")),
    "as measured": ("o", N_("the matcher as measured (circle)")),
    "perfect": ("s", N_("no error (square)")),
}
ROW = 0.36
CLASSES = (0, 1, 2, 5, 10, 20)
"""Smallest number of sightings of others in each class."""


def illustration(study: Study) -> str:
    """The footer of a figure of the city.

    Examples
    --------
    >>> from labkit.street.made_up import made_up_searches
    >>> illustration(Study(residents=300, visitors=40, searches=made_up_searches(300)))
    'Illustration: ... 300 invented residents, 40 visitors. Matcher: SFace, on invented faces.'
    """
    return _(
        "{assumed} {n:,} invented residents, {v:,} visitors. Matcher: {matcher}, on invented faces."
    ).format(assumed=assumed(), n=study.residents, v=study.visitors, matcher=MEASURED)


# ---- what is found out --------------------------------------------------------------------------


def city_compared(study: Study, *, title: str = "") -> Shown:
    """What is found in the null town, with the matcher as measured, and without any error.

    Parameters
    ----------
    study
        The city.
    title
        What is seen, as a sentence; without it what is drawn.

    Returns
    -------
    figure, alt, table
        A row for each question.
    """
    table = study.compared()
    rows = list(QUESTIONS)
    fig, ax = figure(
        height=ROW * len(rows) + 0.7,
        title=title or _("What a file of two weeks says, and how much of what it says is wrong"),
        about=_("In 100: {marks}.").format(marks="; ".join(_(w) for _m, w in SIDES.values())),
        footer=illustration(study),
    )
    tint = dict(zip(SIDES, (palette()["quiet"], palette()["b"], palette()["a"]), strict=True))
    with style():
        for y, name in enumerate(rows):
            values = table.loc[name].to_numpy(float)
            known = values[np.isfinite(values)]
            if len(known):
                ax.plot([known.min(), known.max()], [y, y], color=palette()["rule"], zorder=1)
            for (side, (marker, _words)), value in zip(SIDES.items(), values, strict=True):
                if math.isfinite(value):
                    ax.plot(
                        [value],
                        [y],
                        marker,
                        color=tint[side],
                        markersize=DOT + 1,
                        zorder=3,
                        clip_on=False,
                    )
        ax.set_yticks(range(len(rows)), [_(QUESTIONS[name]) for name in rows])
        ax.tick_params(axis="y", pad=8)
        ax.set_ylim(len(rows) - 0.4, -0.6)
        ax.set_xlim(0, 100)
        ax.set_xlabel(_("in 100"))
        ax.axhline(3.5, color=palette()["rule"], linewidth=0.7)
    shown: Any = table.loc[rows].rename(index=lambda name: _(QUESTIONS[name]))
    return fig, _compared_alt(shown), shown.round(1)


def _compared_alt(table: pd.DataFrame) -> str:
    said = [_("In 100, of the null town, of the matcher as measured, of one without error.")]
    for name, row in table.iterrows():
        said.append(f"{name}: {', '.join(_number(v) for v in row)}.")
    return " ".join(said)


def _number(value: float) -> str:
    return f"{value:.0f}" if math.isfinite(value) else _("none written down")


# ---- three dials --------------------------------------------------------------------------------


def city_dials(study: Study, *, title: str = "") -> Shown:
    """What each dial does while the two others stay in the middle.

    Parameters
    ----------
    study
        The city.
    title
        What is seen, as a sentence; without it what is drawn.

    Returns
    -------
    figure, alt, table
        A row for each dial and level.
    """
    import pandas as pd

    found = study.dials()
    middle = found.loc[(_("all"), MIDDLE)]
    rows = {
        (dial, level): middle if level == MIDDLE else found.loc[(dial, level)]
        for dial in DIALS
        for level in LEVELS
    }
    table: Any = pd.DataFrame(rows).T
    table.index.names = ["dial", "level"]
    fig, axes = figure(
        height=3.2,
        title=title or _("What each dial does while the two others stay in the middle"),
        about=_("Found, in 100. Dashed at the bottom: the most that the null town gives."),
        footer=illustration(study),
        ncols=3,
        sharey=True,
        squeeze=False,
    )
    by_luck = max(100 * getattr(study.null, name) for name in SHORT)
    with style():
        for ax, dial in zip(axes[0], DIALS, strict=True):
            _dial(ax, table.loc[dial], dial, last=dial == list(DIALS)[-1])
            ax.axhline(by_luck, color=palette()["quiet"], linestyle=(0, (4, 3)), linewidth=LINE)
        axes[0][0].set_ylabel(_("found, in 100"))

    def narrow() -> None:
        from labkit.views.plots.paper import stacked

        for ax in axes[0]:
            ax.set_xlim(-0.3, 3.4)
        stacked(list(axes[0]), fig, deep=8.5)

    fig.make_narrow = narrow
    shown = table.rename(columns=lambda name: _(QUESTIONS.get(name, name)))
    return fig, _dials_alt(table), shown.round(1)


def _dial(ax: Axes, rows: Any, dial: str, *, last: bool) -> None:
    tints = colours(len(SHORT))
    look = zip(SHORT, tints, MARKERS, LINES, strict=False)
    for name, colour, marker, dashes in look:
        ax.plot(
            range(3),
            rows[name].to_numpy(float),
            color=colour,
            marker=marker,
            linestyle=dashes,
            markersize=DOT,
            linewidth=1.3 * LINE,
            clip_on=False,
        )
    ax.set_title(_(dial))
    ax.set_xticks(range(3), [_dial_level(dial, level) for level in LEVELS])
    ax.set_xlim(-0.3, 3.4 if last else 2.3)
    ax.set_ylim(0, 100)
    if not last:
        return
    ends = [float(rows[name].iloc[-1]) / 100 for name in SHORT]
    places = apart(ends, 0.13, 0.04, 0.96)
    for name, colour, place in zip(SHORT, tints, places, strict=True):
        ax.annotate(
            _(SHORT[name]),
            (2, 100 * place),
            (8, 0),
            textcoords="offset points",
            color=colour,
            va="center",
            bbox=GROUND,
        )


def _dial_level(dial: str, level: str) -> str:
    value = DIALS[dial][level]
    if dial != "matcher":
        return _(level)
    return _("no\nerror") if value == PERFECT else value


def _dials_alt(table: pd.DataFrame) -> str:
    said = [_("Three panels, a line for each thing found, in 100, at low, middle, high.")]
    for dial in DIALS:
        rows: Any = table.loc[dial]
        each = "; ".join(
            f"{_(SHORT[name])} {', '.join(_number(v) for v in rows[name])}".replace("\n", " ")
            for name in SHORT
        )
        said.append(f"{_(dial)}: {each}.")
    return " ".join(said)


# ---- how few sightings --------------------------------------------------------------------------


def city_unique(study: Study, published: pd.DataFrame | None = None, *, title: str = "") -> Shown:
    """How many people a few sightings single out, with what was published about phones beside it.

    Parameters
    ----------
    study
        The city.
    published
        The table ``mobility`` of the published record: shares of people whom known points single
        out are drawn as crosses, bounds as triangles.
    title
        What is seen, as a sentence; without it what is drawn.

    Returns
    -------
    figure, alt, table
        A row for each number of sightings.
    """
    import pandas as pd

    table = pd.DataFrame(
        {
            "as measured": study.found().unique,
            "perfect": study.found(matcher=PERFECT).unique,
            "null town": study.null.unique,
        }
    )
    table = (100 * table).rename_axis(_("sightings"))
    elsewhere = _elsewhere(published)
    fig, ax = figure(
        height=3.2,
        title=title or _("How many people a few sightings single out"),
        about=_(
            "Sightings (a camera and an hour) drawn by lot from a file: in so many of 100 files no"
            " other file holds them all. Published of phones and payments: crosses; triangles are"
            " what is proved at least."
        ),
        footer=illustration(study),
    )
    look = {
        "as measured": ("o", "-", palette()["b"]),
        "perfect": ("s", (0, (5, 2)), palette()["a"]),
        "null town": ("D", ":", palette()["quiet"]),
    }
    ends = [float(table[name].iloc[1]) / 100 for name in look]
    places = apart(ends, 0.1, 0.1, 0.9)
    with style():
        for (name, (marker, dashes, colour)), place in zip(look.items(), places, strict=True):
            ax.plot(
                POINTS,
                table[name],
                color=colour,
                marker=marker,
                linestyle=dashes,
                markersize=DOT,
                linewidth=1.3 * LINE,
                clip_on=False,
            )
            right = name == "perfect"  # the line that lies lowest has room on its right
            ax.annotate(
                _(name),
                (2, 100 * place),
                (12 if right else -12, 0),
                textcoords="offset points",
                color=colour,
                va="center",
                ha="left" if right else "right",
                bbox=GROUND,
            )
        for row in elsewhere:
            ax.plot(
                [row["points"]],
                [row["value"]],
                "^" if row["bound"] else "x",
                color=palette()["ink"],
                markersize=DOT + 2,
                markeredgewidth=1.6,
                zorder=4,
            )
        ax.set_xticks(POINTS)
        ax.set_ylim(0, 100)
        ax.set_xlabel(_("sightings known"))
        ax.set_ylabel(_("singled out, in 100"))
    said = "; ".join(
        f"{_(name)} {', '.join(_number(v) for v in table[name])}" for name in table.columns
    )
    alt = _("People singled out, in 100, by {n} sightings: {said}.").format(
        n=f"{POINTS[0]} to {POINTS[-1]}", said=said
    )
    shown = table.round(1)
    if elsewhere:
        told = {k: [r["said"] for r in elsewhere if r["points"] == k] for k in POINTS}
        shown[_("published")] = ["; ".join(told[k]) for k in POINTS]
        alt += " " + _("Published: {said}.").format(said="; ".join(r["said"] for r in elsewhere))
    return fig, alt, shown


KNOWN_POINTS = {"four": 4, "five": 5}
"""How the published record says how many points are known."""


def _elsewhere(published: pd.DataFrame | None) -> list[dict[str, Any]]:
    """Published shares of people whom known points single out."""
    if published is None:
        return []
    out = []
    for row in published[published["statistic"] == "unique_traces"].to_dict("records"):
        points = KNOWN_POINTS.get(str(row["system"]).partition(" ")[0])
        if points is None:
            continue
        bound = str(row["bound"] or "")
        words = _("{points} points, {bound} {value:g} in 100 ({study})")
        said = words.format(
            points=points,
            bound=_(bound) if bound else "",
            value=float(row["value"]),
            study=row["study"],
        )
        out.append(
            {
                "points": points,
                "value": float(row["value"]),
                "bound": bound,
                "said": said.replace("  ", " "),
            }
        )
    return out


# ---- whom errors hit ----------------------------------------------------------------------------


def city_false_links(study: Study, *, title: str = "") -> Shown:
    """How many residents have how many sightings of somebody else under their name.

    Parameters
    ----------
    study
        The city.
    title
        What is seen, as a sentence; without it what is drawn.

    Returns
    -------
    figure, alt, table
        A row for each class.
    """
    import pandas as pd

    links = study.found().false_links
    place = np.digitize(links, CLASSES) - 1
    counts = np.bincount(place, minlength=len(CLASSES)).tolist()
    held = np.bincount(place, links, minlength=len(CLASSES))
    total = int(links.sum())
    shares = 100 * held / total if total else np.full(len(CLASSES), math.nan)
    names = _class_names()
    table = pd.DataFrame(
        {_("residents"): counts, _("share of all such sightings, in 100"): shares},
        index=pd.Index(names, name=_("sightings of somebody else")),
    )
    fig, ax = figure(
        height=2.8,
        title=title or _("Sightings of somebody else under a resident's name, in two weeks"),
        about=_("Residents by how many of them stand in their file."),
        footer=illustration(study),
    )
    with style():
        ax.bar(
            range(len(names)),
            counts,
            color=palette()["b"],
            hatch="//",
            edgecolor=palette()["paper"],
            width=0.7,
        )
        for k, n in enumerate(counts):
            ax.annotate(f"{n:,}", (k, n), (0, 3), textcoords="offset points", ha="center")
        ax.set_xticks(range(len(names)), names)
        ax.set_xlabel(_("sightings of somebody else in the file"))
        ax.set_ylabel(_("residents"))
        ax.set_ylim(0, 1.15 * max(counts))
    each = "; ".join(f"{name}: {n:,}" for name, n in zip(names, counts, strict=True))
    alt = _("Bars: residents by sightings of somebody else under their name. {each}.").format(
        each=each
    )
    return fig, alt, table.round(1)


def _class_names() -> list[str]:
    """What each of :data:`CLASSES` is called."""
    return [
        str(low)
        if high == low + 1
        else f"{low}-{high - 1}"
        if math.isfinite(high)
        else _("{n} or more").format(n=low)
        for low, high in zip(CLASSES, [*CLASSES[1:], math.inf], strict=True)
    ]

"""Crowds and passages: who is found by size, boxes over the picture, alerts by frame and passage.

In: what :mod:`labkit.street` gives.  Out: figure, alt text, table.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from labkit.base.words import _
from labkit.measure.reading import in_words
from labkit.views.identity import LINES, MARKERS, palette
from labkit.views.plots.style import (
    DOT,
    LABEL,
    LINE,
    WIDTH,
    apart,
    colours,
    figure,
    hundred_axis,
    invented,
    style,
)

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from labkit.measure.intervals import Interval
    from labkit.street.crowd import Crowd
    from labkit.street.passages import Rates
    from labkit.views.plots.style import Shown

ROW, ABOVE, BELOW = 0.5, 0.45, 0.55
"""Inches of a row, of a panel's name, and of its axis."""

MOST_WIDE = 1344
"""Pixels of a photograph that is drawn."""

BESIDE = 0.13
"""Detectors stand so far beside each other, in steps of the axis."""


def found_by(
    crowd: Crowd,
    by: str = "eyes",
    condition: str = "good",
    *,
    title: str = "",
    about: str = "",
    footer: str = "",
) -> Shown:
    """Share of the faces that each detector finds, by size or by what is hidden.

    Parameters
    ----------
    crowd
        From :func:`labkit.street.load_crowd`.
    by
        ``"eyes"``: pixels between the eyes, of faces hardly hidden; ``"hidden"``: share hidden.
    condition
        One of ``crowd.conditions``.
    title, about, footer
        What the page sets around; without them what is drawn.

    Returns
    -------
    figure, alt, table
        A row for each detector and bin.

    Raises
    ------
    ValueError
        For something else to go by.
    """
    from labkit.street.crowd import by_hidden, by_size

    if by not in ("eyes", "hidden"):
        raise ValueError(f"found_by goes by 'eyes' or 'hidden', not {by!r}")
    found = (by_size if by == "eyes" else by_hidden)(crowd, condition)
    axis = _("pixels between the eyes") if by == "eyes" else _("share of the face hidden")
    bins = list(dict.fromkeys(found.sort_values("middle")[by]))
    fig, ax = figure(
        height=3.2,
        title=title or _("Faces found, by {axis}").format(axis=axis),
        about=about
        or _(
            "One person is one trial; dot and 95% interval (Wilson). Picture: {condition}."
        ).format(condition=_(condition)),
        footer=footer or invented(len(crowd.people)),
    )
    names = list(crowd.detectors)
    ends = [float(found.loc[found["detector"] == name, "share"].iloc[-1]) for name in names]
    places = apart(ends, 0.08, 0.03, 1.0)
    with style():
        for n, (name, colour) in enumerate(zip(names, colours(len(names)), strict=True)):
            rows = found[found["detector"] == name]
            at = [bins.index(b) + BESIDE * (2 * n - 1) for b in rows[by]]
            reach = [rows["share"] - rows["low"], rows["high"] - rows["share"]]
            look: Any = {"color": colour, "linestyle": LINES[n], "marker": MARKERS[n]}
            ax.errorbar(at, rows["share"], yerr=reach, markersize=DOT, elinewidth=LINE, **look)
            ax.annotate(name, (len(bins) - 0.72, places[n]), va="center", color=colour)
        ax.set_xticks(range(len(bins)), bins)
        ax.set_xlim(-0.5, len(bins) - 0.1)
        ax.spines["bottom"].set_bounds(-0.5, len(bins) - 0.75)
        ax.set_xlabel(axis)
        ax.set_ylim(-0.02, 1.04)
        ax.set_ylabel(_("found, in 100"))
        hundred_axis(ax.yaxis)
    said = "; ".join(
        _("{name}: {rows}").format(
            name=name,
            rows=", ".join(
                _("{found} of {people} at {bin}").format(
                    found=row["found"], people=row["people"], bin=row[by]
                )
                for _k, row in found[found["detector"] == name].iterrows()
            ),
        )
        for name in names
    )
    alt = _("Share of faces found by {axis}. {said}.").format(axis=axis, said=said)
    table = found.drop(columns="middle").set_index(["detector", by])
    return fig, alt, table


def photographed(crowd: Crowd, *, title: str = "", footer: str = "") -> Shown:
    """The first crowd picture as it is, before any detector has looked at it.

    Parameters
    ----------
    crowd
        From :func:`labkit.street.load_crowd`.
    title, footer
        What the page sets around; without them what is drawn.

    Returns
    -------
    figure, alt, table
        The people of each picture, and how large their faces are.
    """
    picture = crowd.picture()
    people = crowd.people.groupby("scene")["eyes"].agg(["size", "min", "median", "max"])
    first = people.iloc[0]
    fig, ax = figure(
        WIDTH,
        WIDTH * picture.shape[0] / picture.shape[1],
        title=title or _("A crowd, as photographed"),
        footer=footer or invented(int(first["size"])),
    )
    with style():
        ax.imshow(_shown(picture))
        ax.set_axis_off()
    alt = _(
        "A hall with {n} drawn people, near and far. Pixels between the eyes: from {low:.0f} to"
        " {high:.0f}, half of the people have less than {middle:.0f}."
    ).format(n=int(first["size"]), low=first["min"], high=first["max"], middle=first["median"])
    people.columns = [
        _("people"),
        _("least pixels between the eyes"),
        _("half have less than"),
        _("most"),
    ]
    return fig, alt, people.rename_axis(_("picture")).rename(lambda k: k + 1)


def boxes(
    crowd: Crowd,
    detector: str,
    *,
    window: tuple[int, int, int, int] | None = None,
    title: str = "",
    footer: str = "",
) -> Shown:
    """The first crowd picture with a box round each face: found, missed, and false detections.

    Parameters
    ----------
    crowd
        From :func:`labkit.street.load_crowd`.
    detector
        Whose findings.
    window
        Left, top, right, bottom in pixels, to show a part; without it all.
    title, footer
        What the page sets around; without them what is drawn.

    Returns
    -------
    figure, alt, table
        A row for each kind of box with how many there are.
    """
    import pandas as pd
    from matplotlib.patches import Rectangle

    from labkit.street.crowd import SIDES

    picture = crowd.picture()
    full = (picture.shape[1], picture.shape[0])
    left, top, right, bottom = window or (0, 0, *full)
    faces = crowd.faces(detector)
    faces = faces[faces["scene"] == 0]
    rows = crowd.found
    wrong = rows[
        (rows["scene"] == 0)
        & (rows["detector"] == detector)
        & (rows["condition"] == "good")
        & (rows["person"] < 0)
    ]
    kinds = {
        _("found"): faces[faces["found"]],
        _("missed"): faces[~faces["found"]],
        _("false detection"): wrong,
    }
    fig, ax = figure(
        WIDTH,
        WIDTH * (bottom - top) / (right - left),
        title=title
        or _("What {detector} finds in a crowd of {n} invented people").format(
            detector=detector, n=len(faces)
        ),
        footer=footer
        or _(
            "Solid box: found. Dashed: missed. Dotted, thick: a false detection. Invented people,"
            " {n} of them."
        ).format(n=len(faces)),
    )
    looks = zip(("-", (0, (2.5, 1.5)), ":"), (0.9, 0.9, 2.2), ("c", "b", "a"), strict=True)
    counts = {}
    with style():
        ax.imshow(_shown(picture[top:bottom, left:right]), extent=(left, right, bottom, top))
        ax.set_axis_off()
        for (name, table), (dashes, width, colour) in zip(kinds.items(), looks, strict=True):
            inside = table[
                (table["right"] > left)
                & (table["left"] < right)
                & (table["bottom"] > top)
                & (table["top"] < bottom)
            ]
            counts[name] = len(inside)
            for row in inside[list(SIDES)].to_numpy(float):
                for thick, ink in ((width + 1.1, "white"), (width, palette()[colour])):
                    ax.add_patch(
                        Rectangle(
                            (row[0], row[1]),
                            row[2] - row[0],
                            row[3] - row[1],
                            fill=False,
                            linewidth=thick,
                            linestyle=dashes,
                            edgecolor=ink,
                        )
                    )
        ax.set_xlim(left, right)
        ax.set_ylim(bottom, top)
    told = ", ".join(f"{name}: {n}" for name, n in counts.items())
    alt = _(
        "A hall with a crowd of drawn people, a box round each face. {detector}: {told}."
    ).format(detector=detector, told=told)
    return fig, alt, pd.DataFrame({_("boxes"): counts}).rename_axis(_("kind"))


def _shown(picture: Any) -> Any:
    """A picture with no more pixels than are drawn: Matplotlib takes 80 bytes for each."""
    import cv2

    share = MOST_WIDE / picture.shape[1]
    if share >= 1:
        return picture
    size = (MOST_WIDE, round(picture.shape[0] * share))
    return cv2.resize(picture, size, interpolation=cv2.INTER_AREA)


def by_passage(
    rates: Mapping[str, Rates], *, title: str = "", about: str = "", footer: str = ""
) -> Shown:
    """False alerts of people on no list, counted by frame and by passage.

    Parameters
    ----------
    rates
        Name of a row (a camera, a matcher) -> what :func:`labkit.street.passages.rates` gives.
    title, about, footer
        What the page sets around; without them what is drawn.

    Returns
    -------
    figure, alt, table
        A row for each name and way of counting.

    Raises
    ------
    ValueError
        When nothing is given.
    """
    import pandas as pd

    if not rates:
        raise ValueError("there is nothing to draw: give what rates() gives, under a name")
    first = next(iter(rates.values()))
    fig, ax = figure(
        height=ABOVE + BELOW + ROW * len(rates),
        title=title or _("The same threshold: false alerts by frame and by passage"),
        about=about
        or _(
            "People on no list, a list of {listed}, {frames:.1f} frames a passage. Open circle: by"
            " frame; square: by passage, which alerts when any frame does; cross: as if frames were"
            " independent. Lines: 95% intervals by people."
        ).format(listed=first.listed, frames=first.frames),
        footer=footer or invented(first.passage.people + first.tpir.people),
    )
    ways = (_("by frame"), _("by passage"), _("as if independent"))
    rows = []
    highest = 0.01
    for name, one in rates.items():
        for way, rate in zip(ways, (one.frame, one.passage), strict=False):
            rows.append({"name": name, "counted": way, "rate": rate.value, **_ends(rate)})
            highest = max(highest, rate.value, rate.high if math.isfinite(rate.high) else 0)
        rows.append({"name": name, "counted": ways[2], "rate": one.independent, "words": ""})
        highest = max(highest, one.independent)
    with style():
        _draw_passages(ax, list(rates.values()))
        ax.set_xlim(0, 1.12 * highest)
        hundred_axis(ax.xaxis)
        ax.set_xlabel(_("alert though nobody on the list passed, in 100"))
        ax.set_yticks(range(len(rates)), list(rates))
        ax.tick_params(axis="y", pad=8)
        ax.set_ylim(len(rates) - 0.5, -0.7)
    said = "; ".join(
        _("{name}: {frame} by frame, {passage} by passage").format(
            name=name, frame=_told(one.frame), passage=_told(one.passage)
        )
        for name, one in rates.items()
    )
    alt = _("False alerts of people on no list. {said}.").format(said=said)
    return fig, alt, pd.DataFrame(rows).set_index(["name", "counted"])


def _draw_passages(ax: Axes, rates: Sequence[Rates]) -> None:
    colour = palette()
    for y, one in enumerate(rates):
        looks = (("o", "white", colour["a"], -0.14), ("s", colour["b"], colour["b"], 0.14))
        for rate, (mark, fill, edge, move) in zip((one.frame, one.passage), looks, strict=True):
            if not math.isfinite(rate.value):
                continue
            if math.isfinite(rate.low) and math.isfinite(rate.high):
                ax.plot([rate.low, rate.high], [y + move] * 2, color=edge, linewidth=LINE)
            ax.plot(
                [rate.value],
                [y + move],
                mark,
                markersize=DOT,
                markerfacecolor=fill,
                markeredgecolor=edge,
                clip_on=False,
                zorder=4,
            )
            ax.annotate(
                in_words(rate.value),
                (rate.value, y + move),
                (0, 4),
                textcoords="offset points",
                ha="center",
                va="bottom",
                fontsize=LABEL,
            )
        if math.isfinite(one.independent):
            ax.plot([one.independent], [y + 0.14], "x", color=colour["quiet"], zorder=3)


def _ends(rate: Interval) -> dict[str, Any]:
    return {"low": rate.low, "high": rate.high, "words": rate.words}


def _told(rate: Interval) -> str:
    return rate.words or in_words(rate.value)

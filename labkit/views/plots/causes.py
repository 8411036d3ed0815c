"""Figures of causes: one person under every tone and camera, gaps by camera, shares by sample.

In: what the modules of :mod:`labkit.experiment` give.  Out: figure, alt text, table.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from labkit.base.words import N_, _
from labkit.experiment import camera as cameras
from labkit.experiment import changes, origin
from labkit.views.identity import LINES, MARKERS, palette
from labkit.views.plots.style import (
    DOT,
    GROUND,
    LABEL,
    LINE,
    NAME,
    apart,
    figure,
    invented,
    style,
)

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes

    from labkit.data import FaceSet
    from labkit.views.plots.style import Shown

ROW, ABOVE, BELOW = 0.5, 0.5, 0.5
"""Inches of a row, of a panel's name, and of its axis."""

SHORT = {
    "as trained": N_("own mean"),
    "recentred": N_("balanced\nmean"),
    "distance": N_("distance"),
}
"""A way at the end of its line."""


# ---- one person ---------------------------------------------------------------------------------


def counterfactual(faces: FaceSet, person: int | None = None, *, photo: int = 0) -> Shown:
    """One invented person at each tone under each camera: rows and columns of photographs.

    Parameters
    ----------
    faces
        ``counterfactual/paired``.
    person
        One of those whose pictures are shipped; the first when ``None``.
    photo
        Which photograph.

    Returns
    -------
    figure, alt, table
        A row for each picture: tone, camera, whether dlib found a face.

    Raises
    ------
    ValueError
        For a person whose pictures are not shipped.
    """
    import pandas as pd

    images = faces.images
    shown = images[(images["file"] != "") & (images["photo"] == photo)]
    person = int(shown["person"].iloc[0]) if person is None else person
    own = shown[shown["person"] == person]
    if own.empty:
        known = ", ".join(map(str, shown["person"].unique()))
        raise ValueError(f"the pictures of person {person} are not shipped: use one of {known}")
    tones = sorted(own["tone"].astype(float).unique())
    columns = list(dict.fromkeys(own["camera"]))
    names = {value: name for name, value in cameras.TONES.items()}
    fig, axes = figure(
        1.45 * len(columns),
        1.45 * len(tones) + 0.3,
        title=_("One invented person, one photograph: only the skin's tone and the camera change"),
        footer=_("An invented person."),
        nrows=len(tones),
        ncols=len(columns),
        squeeze=False,
    )
    rows = []
    for k, tone in enumerate(tones):
        for n, camera in enumerate(columns):
            here = own[np.isclose(own["tone"].astype(float), tone) & (own["camera"] == camera)]
            ax = axes[k, n]
            ax.set_axis_off()
            ax.imshow(faces.pictures[int(here.index[0])], interpolation="antialiased")
            if not k:
                words = camera.replace(" ", "\n")
                ax.set_title(words, fontsize=LABEL, fontweight="normal", loc="center")
            if not n:
                ax.annotate(
                    _(names.get(tone, str(tone))),
                    (-0.06, 0.5),
                    xycoords="axes fraction",
                    rotation=90,
                    ha="right",
                    va="center",
                )
            found = here["status"].iloc[0] == "ok"
            rows.append(
                {
                    "tone": tone,
                    "camera": camera,
                    "dlib": _("face found") if found else _("no face found"),
                }
            )
    alt = _(
        "{n} pictures of one drawn face in {rows} rows by tone, lighter above darker, and {columns}"
        " columns by camera: {cameras}."
    ).format(n=len(rows), rows=len(tones), columns=len(columns), cameras=", ".join(columns))
    return fig, alt, pd.DataFrame(rows).set_index(["tone", "camera"])


# ---- gaps by camera -----------------------------------------------------------------------------


def camera_gaps(
    found: Sequence[cameras.Cameras], *, title: str = "", about: str = "", footer: str = ""
) -> Shown:
    """False rejection at each tone under each camera, with the gap and its paired interval.

    Parameters
    ----------
    found
        Each matcher under its cameras: a panel each.
    title
        What is seen, as a sentence; without it what is drawn.
    about, footer
        Stand below the title and the figure.

    Returns
    -------
    figure, alt, table
        A row for each matcher and camera: the rates by tone, the gap with its ends.

    Raises
    ------
    ValueError
        When nothing is given.
    """
    if not found:
        raise ValueError("there is nothing to draw: give what cameras() gives")
    table = _gap_table(found)
    names, deep = found[0].cameras, ABOVE + BELOW + ROW * len(found[0].cameras)
    fig, axes = figure(
        height=deep,
        title=title or _("False rejection of the same people, by tone and camera"),
        about=about
        or _(
            "{n} people, each at every tone under every camera: {marks}. Failures counted, one"
            " threshold. The number above a line is the gap, darker minus lighter, with its 95%"
            " interval paired by person."
        ).format(n=found[0].people, marks=_marks(found[0].tones)),
        footer=footer or invented(found[0].people),
        ncols=len(found),
        sharex=True,
        sharey=True,
        squeeze=False,
    )
    most = float(np.nanmax([*table["lighter"], *table["darker"]]))
    with style():
        for ax, one in zip(axes[0], found, strict=True):
            ax.set_title(one.matcher, fontsize=NAME)
            for y, name in enumerate(names):
                _dumbbell(ax, y, table.loc[(one.matcher, name)], one.tones)
            ax.set_xlim(0, 1.12 * most)
            ticks = [t for t in (0, 0.1, 0.2, 0.3, 0.4, 0.5, 0.75, 1) if t <= 1.12 * most]
            ax.set_xticks(ticks, [f"{100 * t:.0f}" for t in ticks])
            ax.set_xlabel(_("rejected, in 100"))
            ax.set_ylim(len(names) - 0.45, -0.75)
            ax.set_yticks(range(len(names)), [name.replace(" noisy", ",\nnoisy") for name in names])
            ax.tick_params(axis="y", pad=8)

    def narrow() -> None:
        from labkit.views.plots.paper import stacked

        stacked(list(axes[0]), fig, deep=deep * len(found))

    fig.make_narrow = narrow
    return fig, _gap_alt(table), table


TONE_MARKS = {"lighter": "o", "medium": "s", "darker": "^"}
MARK_WORDS = {
    "lighter": N_("open circle lighter"),
    "medium": N_("square medium"),
    "darker": N_("triangle darker"),
}


def _marks(tones: Sequence[str]) -> str:
    """What the marks stand for; there is no legend to look up."""
    return ", ".join(_(MARK_WORDS[tone]) for tone in tones)


def _dumbbell(ax: Axes, y: int, row: Any, tones: Sequence[str]) -> None:
    """Rates of one camera on a line, and the gap in words above it."""
    colour = palette()["a"]
    ends = [row[tones[0]], row[tones[-1]]]
    ax.plot(ends, [y, y], color=colour, linewidth=LINE, alpha=0.5, zorder=2)
    for tone in tones:
        ring: Any = {"markerfacecolor": colour if tone != tones[0] else "white"}
        ax.plot(
            [row[tone]],
            [y],
            TONE_MARKS.get(tone, "D"),
            color=colour,
            markersize=DOT + (1 if tone == tones[-1] else 0),
            zorder=3,
            clip_on=False,
            **ring,
        )
    middle = min(max(float(np.mean(ends)), 0.0), 1.0)
    ax.annotate(
        _gap_words(row),
        (middle, y),
        (0, 6),
        textcoords="offset points",
        ha="center",
        va="bottom",
        bbox=GROUND,
        zorder=4,
    )


def _gap_words(row: Any) -> str:
    if not math.isfinite(row["low"]):
        return _("too few for a gap")
    low, high = changes.hundred(row["low"]), changes.hundred(row["high"])
    gap = changes.hundred(row["gap"], sign=True)
    return _("{gap} [{low}, {high}]").format(gap=gap, low=low, high=high)


def _gap_table(found: Sequence[cameras.Cameras]) -> pd.DataFrame:
    import pandas as pd

    rows = []
    for one in found:
        for camera in one.cameras:
            gap = one.gap(camera).interval
            rates = {tone: one.rejected(camera, tone).value for tone in one.tones}
            rows.append(
                {
                    "matcher": one.matcher,
                    "camera": camera,
                    **rates,
                    "gap": gap.value,
                    "low": gap.low,
                    "high": gap.high,
                }
            )
    return pd.DataFrame(rows).set_index(["matcher", "camera"])


def _gap_alt(table: pd.DataFrame) -> str:
    parts = [_("False rejection in 100 by camera, the same people at each tone.")]
    tones = [column for column in table.columns if column in cameras.TONES]
    for matcher, camera in table.index.tolist():
        row: Any = table.loc[(matcher, camera)]
        rates = ", ".join(f"{_(tone)} {changes.hundred(row[tone])}" for tone in tones)
        parts.append(
            _("{matcher}, {camera}: {rates}; gap {gap}.").format(
                matcher=matcher, camera=camera, rates=rates, gap=_gap_words(row)
            )
        )
    return " ".join(parts)


# ---- shares by sample ---------------------------------------------------------------------------


def false_match_shares(
    tested: origin.Tested,
    control: origin.Tested | None = None,
    *,
    title: str = "",
    about: str = "",
    footer: str = "",
) -> Shown:
    """The share of the false matches that one group has, against who sat in the sample.

    Parameters
    ----------
    tested
        From :func:`labkit.experiment.origin.fisherfaces` or ``centred``: a line for each way, a
        panel for each test sample.
    control
        From ``cannot_matter``, or ``centred`` with ``control=True``: drawn where its test sample
        is, from the first place to the last.
    title
        What is seen, as a sentence; without it what is drawn.
    about, footer
        Stand below the title and the figure.

    Returns
    -------
    figure, alt, table
        A row for each line and place: median, lowest and highest over the trainings.
    """
    table = _share_table(tested, control)
    tests = list(dict.fromkeys(test for _split, test in tested.trials))
    fig, axes = figure(
        height=3.3,
        title=title
        or _("False matches of the {group}, by who was in the sample").format(
            group=_(tested.group)
        ),
        about=about
        or _(
            "Share of all false matches within groups, one threshold chosen on other people; where"
            " there are several trainings, the middle one, with a bar from the lowest to the"
            " highest."
        ),
        footer=footer,
        ncols=len(tests),
        sharey=True,
        squeeze=False,
    )
    with style():
        for ax, test in zip(axes[0], tests, strict=True):
            own: Any = table.xs(test, level="test")
            _share_panel(ax, own, tested.mixes)
            ax.set_title(_(TEST_NAMES[test]), fontsize=NAME)
        axes[0][0].set_ylabel(_("share, in 100"))

    def narrow() -> None:
        from labkit.views.plots.paper import stacked

        stacked(list(axes[0]), fig, deep=3.3 * len(tests))

    fig.make_narrow = narrow
    return fig, _share_alt(table, tested.group), table


TEST_NAMES = {
    "eval": N_("Three bands, own tones"),
    "paired": N_("The same people at two tones"),
}


ROOM = 2.2
"""Places to the right of the last one, for the names of the lines."""


def _share_panel(ax: Axes, table: pd.DataFrame, mixes: Sequence[str]) -> None:
    """Dots with bars; lines join them where the places are steps of one mix."""
    colours = [palette()[name] for name in ("b", "a", "c", "quiet")]
    steps = set(mixes) <= set(origin.MIXES)
    parts = list(table.groupby(level="line", sort=False))
    for k, (_line, part) in enumerate(parts):
        rows = part.droplevel("line")
        colour, x = colours[k % len(colours)], [mixes.index(mix) for mix in rows.index]
        ax.plot(
            x,
            rows["share"].to_numpy(float),
            linestyle=LINES[k % len(LINES)] if steps else "none",
            marker=MARKERS[k % len(MARKERS)],
            markersize=DOT,
            color=colour,
            linewidth=1.3 * LINE,
            clip_on=False,
        )
        ax.vlines(x, rows["lowest"], rows["highest"], color=colour, linewidth=LINE)
    ax.set_ylim(0, 1)
    ax.set_yticks([0, 0.25, 0.5, 0.75, 1], ["0", "25", "50", "75", "100"])
    ax.set_xlim(-0.25, len(mixes) - 1 + ROOM)
    ax.set_xticks(range(len(mixes)), [_(mix).replace(" ", "\n") for mix in mixes])
    places = apart([float(part["share"].iloc[-1]) for _line, part in parts], 0.13, 0.02, 0.95)
    for k, ((line, _part), place) in enumerate(zip(parts, places, strict=True)):
        ax.annotate(
            str(line),
            (len(mixes) - 1, place),
            (9, 0),
            textcoords="offset points",
            va="center",
            color=colours[k % len(colours)],
            bbox=GROUND,
        )


def _share_table(tested: origin.Tested, control: origin.Tested | None) -> pd.DataFrame:
    import pandas as pd

    rows = []
    steps = set(tested.mixes) <= set(origin.MIXES)
    for of in filter(None, (tested, control)):
        frame = of.frame
        frame = frame[frame["group"] == of.group]
        for key, part in frame.groupby(["way", "test", "mix"], sort=False):
            way, test, mix = map(str, key)
            line = _("control:\n{group}").format(group=_(of.group))
            if of is tested:
                line = _(SHORT[way]) if steps else _("the {group}").format(group=_(of.group))
            share = part["share"]
            rows.append(
                {
                    "line": line,
                    "test": test,
                    "sample": mix if of is tested else _end(of, tested, mix),
                    "share": share.median(),
                    "lowest": share.min(),
                    "highest": share.max(),
                }
            )
    table = pd.DataFrame(rows).set_index(["line", "test", "sample"])
    return table.sort_index(level=["line", "test"], sort_remaining=False, key=_first_seen)


def _first_seen(level: Any) -> Any:
    """A sorting key that keeps the order in which the values came."""
    place = {value: k for k, value in enumerate(dict.fromkeys(level))}
    return level.map(place)


def _end(control: origin.Tested, tested: origin.Tested, mix: str) -> str:
    """The place of a control's sample: its first at the first of the real ones, and so on."""
    return tested.mixes[0] if mix == control.mixes[0] else tested.mixes[-1]


def _share_alt(table: pd.DataFrame, group: str) -> str:
    parts = [_("Share of the false matches of the {group}, in 100.").format(group=_(group))]
    for key, rows in table.groupby(level=["line", "test"], sort=False):
        line, test = map(str, key)
        values = ", ".join(
            f"{sample} {changes.hundred(share)}"
            for (_line, _test, sample), share in zip(rows.index.tolist(), rows["share"])
        )
        parts.append(f"{line}, {_(TEST_NAMES[test])}: {values}.".replace("\n", " "))
    return " ".join(parts)

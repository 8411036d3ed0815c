"""Alerts as counted people: little figures instead of a rate, with every number they come from.

In: operating points, each with who walks past, what the matcher does, and what it searches.
Out: figure, alt text, table.
"""

from __future__ import annotations

import math
import textwrap
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from labkit.base.words import N_, _
from labkit.measure.intervals import Interval
from labkit.measure.reading import in_words
from labkit.measure.searches import passage
from labkit.views.identity import palette
from labkit.views.plots.style import LABEL, figure, style

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes

    from labkit.views.plots.paper import Paper
    from labkit.views.plots.style import Shown

COLUMNS = 20
"""Little figures in a row."""
FIGURES = 120
"""At most so many little figures in a panel."""
LETTERS = 40
"""Letters of a line in a panel."""
DOTS = 33
"""Dots of the page from one little figure to the next: whole, so that all look alike."""
LINE, ROW, AFTER = 1.3, 50 / DOTS, 0.45
"""Height of a line of words and of a row of figures, and the gap below, in widths of a figure."""
PANEL, EDGE = 3.2, 0.1
"""Inches of a panel, and of its left edge."""
TITLE = 0.42
"""Inches for the name of a panel, above it."""

RIGHT, WRONG, MISSED = "right", "wrong", "missed"
GROUPS = {
    RIGHT: N_("{n}: the wanted person"),
    WRONG: N_("{n}: someone else"),
    MISSED: N_("Not found, though wanted: {n}"),
}
"""What stands above each heap of little figures."""


@dataclass(frozen=True)
class Operating:
    """People who walk past cameras with a watchlist, and what a matcher does with them.

    Parameters
    ----------
    name
        Of the matcher and its threshold; stands above the panel.
    people
        People scanned: passages, each of another person.
    wanted
        How many of them are on the list; NaN where nobody said.
    tpir
        Share of wanted people for whom there is an alert with their own name, at this threshold and
        gallery; NaN where nobody said.  A rate, or one with its interval.
    fpir
        Share of the others for whom there is an alert, at this threshold and gallery.
    gallery
        How many people are on the list; 0 where nobody said.
    frames
        Searches a passage.  With more than one they are taken as independent, which gives the
        most alerts that there can be: the frames of one passage are alike.
    reported
        Right and wrong alerts as somebody counted them, instead of what the rates give.

    Raises
    ------
    ValueError
        For a share that is none, more wanted people than people, or no frame.

    Examples
    --------
    >>> point = Operating("ours", 100_000, 100, 0.89, 0.00017, gallery=10_000)
    >>> round(point.right), round(point.wrong), round(point.missed), round(point.precision, 2)
    (89, 17, 11, 0.84)
    """

    name: str
    people: int
    wanted: float
    tpir: float | Interval
    fpir: float | Interval
    gallery: int = 0
    frames: int = 1
    reported: tuple[int, int] | None = None

    def __post_init__(self) -> None:
        if self.people < 1 or self.wanted < 0 or self.wanted > self.people:
            said = _("{wanted:,} wanted people among {people:,}: from none to all can be wanted")
            raise ValueError(said.format(wanted=self.wanted, people=self.people))
        for key in ("tpir", "fpir"):
            rate = _value(getattr(self, key))
            if not (math.isnan(rate) or 0 <= rate <= 1):
                said = _("{key}={rate} is no share: give a number from 0 to 1")
                raise ValueError(said.format(key=key, rate=rate))
        if self.frames < 1:
            said = _("frames={n}: a passage has at least one frame")
            raise ValueError(said.format(n=self.frames))

    @classmethod
    def counted(
        cls, name: str, people: int, right: int, wrong: int, *, gallery: int = 0
    ) -> Operating:
        """Alerts that somebody counted, where nobody knows how many wanted people walked past.

        Examples
        --------
        >>> point = Operating.counted("police", 3_147_436, 2_067, 10)
        >>> round(point.precision, 3), point.missed
        (0.995, nan)
        """
        others = people - right
        return cls(name, people, math.nan, math.nan, wrong / others, gallery, 1, (right, wrong))

    @property
    def prevalence(self) -> float:
        """Share of the people scanned who are wanted."""
        return self.wanted / self.people

    @property
    def right(self) -> float:
        """Expected alerts for wanted people."""
        return float(self.reported[0]) if self.reported else self._of(self.wanted, self.tpir)[0]

    @property
    def wrong(self) -> float:
        """Expected alerts for people who are not wanted."""
        if self.reported:
            return float(self.reported[1])
        return self._of(self.people - self.wanted, self.fpir)[0]

    @property
    def missed(self) -> float:
        """Wanted people who walk past without an alert; NaN where it is not known."""
        return self.wanted - self.right

    @property
    def precision(self) -> float:
        """Share of the alerts that are right; NaN where there is no alert."""
        alerts = self.right + self.wrong
        return self.right / alerts if alerts else math.nan

    def between(self, group: str) -> tuple[float, float]:
        """Ends of a count by the interval of its rate; NaN where the rate has none."""
        if self.reported or group == MISSED:
            return math.nan, math.nan
        people = self.wanted if group == RIGHT else self.people - self.wanted
        return self._of(people, self.tpir if group == RIGHT else self.fpir)[1:]

    def _of(self, people: float, rate: float | Interval) -> tuple[float, float, float]:
        """How many of so many people get an alert, and its ends."""
        ends = (rate.low, rate.high) if isinstance(rate, Interval) else (math.nan, math.nan)
        each = [people * _of_a_passage(r, self.frames) for r in (_value(rate), *ends)]
        return each[0], each[1], each[2]


def counted(
    points: Sequence[Operating], *, title: str = "", about: str = "", footer: str = ""
) -> Shown:
    """Draw the alerts of operating points as people: right, wrong, and who was missed.

    Filled figures are right alerts, striped ones wrong, hollow ones wanted people without an alert.
    All panels count in one unit.  Above the figures stand the numbers that they come from.

    Parameters
    ----------
    points
        One or more, drawn two in a row.
    title
        What the figure shows; without it how many alerts are right.
    about
        What was measured; without it how to read the figures.
    footer
        Stands below, such as :func:`labkit.views.plots.style.invented` gives.

    Returns
    -------
    figure, alt, table
        A row for each operating point.

    Raises
    ------
    ValueError
        Without an operating point.

    Examples
    --------
    >>> ours = Operating("ours", 100_000, 100, 0.6, 0.05, gallery=25_000)
    >>> published = Operating("published", 100_000, 100, 0.89, 0.00017, gallery=10_000)
    >>> fig, alt, table = counted([ours, published])
    >>> fig.title
    'Alerts that are right: 1.2 in 100 at ours, 84 in 100 at published.'
    >>> table["someone else"].tolist()
    ['4,995', '17']
    """
    if not points:
        raise ValueError(_("no operating point: give at least one"))
    unit = _unit(points)
    across = min(2, len(points))
    down = math.ceil(len(points) / across)
    deep = max(_depth(point, unit) for point in points)
    fig, axes = figure(
        PANEL * across,
        down,
        title=title or _finding(points),
        about=about or _about(points, unit),
        footer=footer,
        ncols=across,
        nrows=down,
        squeeze=False,
    )
    panels = list(axes.flat)
    for ax in panels[len(points) :]:
        ax.remove()
    del panels[len(points) :]
    with style():
        for ax, point in zip(panels, points, strict=True):
            _draw(ax, point, unit, deep)
    fig.set_layout_engine("none")
    _place(fig, panels, across, deep)
    fig.make_narrow = lambda: _place(fig, panels, 1, deep)
    return fig, " ".join(_alt(point) for point in points), _table(points)


# ---- how many -----------------------------------------------------------------------------------


def _value(rate: float | Interval) -> float:
    return rate.value if isinstance(rate, Interval) else float(rate)


def _of_a_passage(rate: float, frames: int) -> float:
    """The highest rate of a passage that the rate of a frame allows; NaN where it is not known."""
    return passage(rate, frames)[1] if math.isfinite(rate) else math.nan


def _whole(number: float) -> str:
    """A count of people to read: whole, "fewer than 1", or that it is not known."""
    if math.isnan(number):
        return _("not known")
    if 0 < number < 0.5:
        return _("fewer than 1")
    return f"{round(number):,}"


def _groups(point: Operating) -> dict[str, float]:
    return {RIGHT: point.right, WRONG: point.wrong, MISSED: point.missed}


def _unit(points: Sequence[Operating]) -> int:
    """How many people a little figure stands for: one, or a round number for all panels."""
    most = max(sum(n for n in _groups(p).values() if math.isfinite(n)) for p in points)
    steps = (m * 10**k for k in range(12) for m in (1, 2, 5))
    return next(step for step in steps if most / step <= FIGURES)


def _lines(point: Operating) -> list[str]:
    """The numbers that the counts come from, a line each."""
    known = math.isfinite(point.wanted)
    wanted = f"{_whole(point.wanted)} ({in_words(point.prevalence)})" if known else _("not known")
    tpir, fpir = _value(point.tpir), _value(point.fpir)
    found = in_words(tpir) if math.isfinite(tpir) else _("not known")
    return [
        _("{n} people scanned").format(n=f"{point.people:,}"),
        _("Wanted among them: {n}").format(n=wanted),
        _("Alert, if wanted (TPIR): {rate}").format(rate=found),
        _("Alert, if not (FPIR): {rate}").format(rate=in_words(fpir)),
        _("Gallery: {n}; frames a passage: {frames}").format(
            n=f"{point.gallery:,}" if point.gallery else _("not known"),
            frames=_("not known") if point.reported else point.frames,
        ),
    ]


def _heads(point: Operating) -> dict[str, list[str]]:
    """What stands above each heap, in lines."""
    out = {}
    for group, number in _groups(point).items():
        words = _(GROUPS[group]).format(n=_whole(number))
        low, high = point.between(group)
        if math.isfinite(low) and math.isfinite(high):
            ends = _("interval, 95%: {low} to {high}").format(low=_whole(low), high=_whole(high))
            out[group] = [words, ends]
        else:
            out[group] = [words]
    return out


def _alerts(point: Operating) -> str:
    """All alerts; right and wrong ones are rounded first, so that the numbers shown add up."""
    return _("Alerts: {n}").format(n=_whole(round(point.right) + round(point.wrong)))


def _rows(number: float, unit: int) -> int:
    return math.ceil(math.ceil(number / unit - 1e-9) / COLUMNS) if math.isfinite(number) else 0


def _depth(point: Operating, unit: int) -> float:
    """How deep a panel is, in widths of a figure."""
    lines = sum(len(textwrap.wrap(line, LETTERS)) for line in _lines(point)) + 1
    heads = _heads(point)
    deep = lines * LINE + AFTER
    for group, number in _groups(point).items():
        deep += len(heads[group]) * LINE + _rows(number, unit) * ROW + 2 * AFTER
    return deep


# ---- drawing ------------------------------------------------------------------------------------


def _place(fig: Paper, panels: Sequence[Axes], across: int, deep: float) -> None:
    """Panels side by side or below one another, each little figure as many dots wide."""
    from labkit.views.plots.paper import DPI

    cell = DOTS / DPI
    high = deep * cell + TITLE
    width, height = PANEL * across, high * math.ceil(len(panels) / across)
    fig.set_size_inches(width, height)
    for n, ax in enumerate(panels):
        left = EDGE + PANEL * (n % across)
        bottom = height - high * (n // across + 1)
        size = (COLUMNS * cell / width, deep * cell / height)
        ax.set_position((left / width, bottom / height, *size))


def _draw(ax: Axes, point: Operating, unit: int, deep: float) -> None:
    ax.set_title("\n".join(textwrap.wrap(point.name, LETTERS - 8)))
    ax.set_xlim(0, COLUMNS)
    ax.set_ylim(deep, 0)
    ax.set_xticks([])
    ax.set_yticks([])
    ax.grid(visible=False)
    ax.spines[:].set_visible(False)
    down = 0.0
    colour = palette()
    for line in _lines(point):
        for part in textwrap.wrap(line, LETTERS):
            _write(ax, down, part, color=colour["quiet"])
            down += LINE
    down += AFTER
    _write(ax, down, _alerts(point), fontweight="bold")
    down += LINE
    for (group, number), head in zip(_groups(point).items(), _heads(point).values(), strict=True):
        down += AFTER
        for part in head:
            _write(ax, down, part)
            down += LINE
        if math.isfinite(number):
            _heap(ax, group, number / unit, down)
        down += _rows(number, unit) * ROW + AFTER


def _write(ax: Axes, down: float, words: str, **look: Any) -> None:
    ax.text(0.1, down, words, va="top", fontsize=LABEL, **look)


def _heap(ax: Axes, group: str, figures: float, top: float) -> None:
    """So many little figures; of the last one as much as is counted."""
    from matplotlib.patches import PathPatch, Rectangle
    from matplotlib.path import Path

    colour = palette()
    looks: dict[str, Any] = {
        RIGHT: {"facecolor": colour["a"], "edgecolor": "none"},
        WRONG: {"facecolor": colour["b"], "edgecolor": "none"},
        MISSED: {"facecolor": colour["paper"], "edgecolor": colour["quiet"], "linewidth": 0.9},
    }
    whole = math.floor(figures + 1e-9)
    places = [(k % COLUMNS, top + (k // COLUMNS) * ROW) for k in range(whole + 1)]
    shape = _striped() if group == WRONG else _plain()
    drawn = [Path(shape.vertices + place, shape.codes) for place in places]
    if whole:
        heap = PathPatch(Path.make_compound_path(*drawn[:whole]), gid=group, **looks[group])
        ax.add_patch(heap)
    if figures - whole > 1e-6:
        x, y = places[-1]
        ghost = {"facecolor": colour["faint"], "edgecolor": "none", "gid": "ghost"}
        if group == MISSED:
            ghost |= {"facecolor": colour["paper"], "edgecolor": colour["faint"]}
        ax.add_patch(PathPatch(drawn[-1], **ghost))
        part = PathPatch(drawn[-1], gid=f"{group} in part", **looks[group])
        ax.add_patch(part)
        part.set_clip_path(Rectangle((x, y), figures - whole, ROW, transform=ax.transData))


def _head() -> Any:
    from matplotlib.path import Path

    return Path.circle((0.5, 0.27), 0.21)


def _plain() -> Any:
    """A head and shoulders."""
    from matplotlib.path import Path

    to, bend = Path.LINETO, Path.CURVE3
    corners = [
        *((0.12, 1.3), (0.12, 0.85), (0.12, 0.56), (0.38, 0.56), (0.62, 0.56)),
        *((0.88, 0.56), (0.88, 0.85), (0.88, 1.3), (0.12, 1.3)),
    ]
    codes = [Path.MOVETO, to, bend, bend, to, bend, bend, to, Path.CLOSEPOLY]
    return Path.make_compound_path(_head(), Path(corners, codes))


def _striped() -> Any:
    """The same with stripes for shoulders: an error."""
    from matplotlib.path import Path

    bars = []
    for top in (0.58, 0.84, 1.1):
        box = [(0.12, top), (0.88, top), (0.88, top + 0.15), (0.12, top + 0.15), (0.12, top)]
        bars.append(Path(box, closed=True))
    return Path.make_compound_path(_head(), *bars)


# ---- words --------------------------------------------------------------------------------------


def _finding(points: Sequence[Operating]) -> str:
    each = [
        _("{rate} at {name}").format(
            rate=in_words(p.precision) if math.isfinite(p.precision) else _("no alert"), name=p.name
        )
        for p in points
    ]
    return _("Alerts that are right: {each}.").format(each=", ".join(each))


def _about(points: Sequence[Operating], unit: int) -> str:
    if unit == 1:
        said = _("Each little figure is one person.")
    else:
        said = _("Each little figure is {n} people.").format(n=f"{unit:,}")
    said += " " + _("Filled: wanted and found; striped: someone else; hollow: wanted and missed.")
    if any(p.frames > 1 for p in points):
        said += " " + _(
            "Several frames a passage are taken as independent: no more alerts than this, as frames"
            " of one passage are alike."
        )
    return said


def _alt(point: Operating) -> str:
    said = _("{name}: {inputs}. {alerts}. {groups}.")
    heads = ["; ".join(lines) for lines in _heads(point).values()]
    return said.format(
        name=point.name,
        inputs=". ".join(_lines(point)),
        alerts=_alerts(point),
        groups=". ".join(heads),
    )


def _table(points: Sequence[Operating]) -> pd.DataFrame:
    import pandas as pd

    def told(rate: float) -> str:
        return in_words(rate) if math.isfinite(rate) else _("not known")

    rows = {
        point.name: {
            _("people scanned"): f"{point.people:,}",
            _("wanted"): _whole(point.wanted),
            _("prevalence"): told(point.prevalence),
            _("TPIR"): told(_value(point.tpir)),
            _("FPIR"): told(_value(point.fpir)),
            _("gallery"): f"{point.gallery:,}" if point.gallery else _("not known"),
            _("frames a passage"): _("not known") if point.reported else str(point.frames),
            _("alerts"): _whole(round(point.right) + round(point.wrong)),
            _("the wanted person"): _whole(point.right),
            _("someone else"): _whole(point.wrong),
            _("missed"): _whole(point.missed),
            _("alerts that are right"): told(point.precision),
        }
        for point in points
    }
    return pd.DataFrame.from_dict(rows, orient="index")

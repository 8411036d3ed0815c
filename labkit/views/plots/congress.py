"""The town's own test in pictures: each member a mark, two galleries, who was taken for whom.

In: what :mod:`labkit.gallery.council` counts.  Out: figure, alt text, table.  In each picture
stands which matcher it is of, so that it cannot be shown without that.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

import numpy as np

from labkit.base.words import _
from labkit.gallery.council import BANDS, POINTS, Council, Together, Trial, in_hundred, stamp
from labkit.measure import searches
from labkit.views.identity import LINES, palette
from labkit.views.plots.sheets import Sheet, face, words
from labkit.views.plots.style import (
    DOT,
    GROUND,
    LINE,
    NAME,
    colours,
    figure,
    hundred_axis,
    invented,
    style,
)

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes

    from labkit.views.plots.style import Shown

ACROSS = 15
"""Members in a row of marks."""


def _stamped(fig: Any, *matchers: str) -> None:
    """The matcher, in the picture."""
    with style():
        fig.supxlabel(
            stamp(*matchers), x=0.01, ha="left", fontsize=NAME - 1.3, color=palette()["ink"]
        )


# ---- every member -------------------------------------------------------------------------------


def council(
    tests: Mapping[str, Council], *, title: str = "", about: str = "", footer: str = ""
) -> Shown:
    """Every member as a mark, filled where the member is falsely matched.

    Parameters
    ----------
    tests
        Name -> the council at one threshold; a row of panels each.
    title
        What the figure shows, as a sentence with its hedges; without it what is drawn.
    about
        What was measured, who is in it, how many.
    footer
        Stands below.

    Returns
    -------
    figure, alt, table
        The table has a row for each name and band.

    Raises
    ------
    ValueError
        When there is no test.
    """
    if not tests:
        raise ValueError(_("there is no council to draw: give a name and a test, or several"))
    any_test = next(iter(tests.values()))
    fig, axes = figure(
        height=1.75 * len(tests) + 0.3,
        title=title or _("Members of the council, and who of them is falsely matched"),
        about=about or _("A mark is a member; filled: falsely matched. In 100, with 95% interval."),
        footer=footer or invented(len(any_test.bands) + any_test.trial.size),
        nrows=len(tests),
        ncols=len(BANDS),
        squeeze=False,
    )
    with style():
        for row, (name, test) in zip(axes, tests.items(), strict=True):
            for ax, band in zip(row, BANDS, strict=True):
                _draw_members(ax, test, band, name if len(tests) > 1 else "")
    _stamped(fig, *(test.trial.matcher for test in tests.values()))

    def narrow() -> None:
        from labkit.views.plots.paper import stacked

        flat = list(axes.ravel())
        stacked(flat, fig, deep=1.75 * len(flat) + 0.3)
        for ax in flat:
            ax.tick_params(labelleft=False)

    fig.make_narrow = narrow
    return fig, _alt_members(tests), _members_table(tests)


def _draw_members(ax: Axes, test: Council, band: str, name: str) -> None:
    matched, members = test.count(band)
    place = np.arange(members)
    x, y = place % ACROSS, -(place // ACROSS)
    colour = palette()
    ax.plot(
        x[matched:], y[matched:], "o", markersize=3.4, markerfacecolor="white",
        markeredgecolor=colour["quiet"], markeredgewidth=0.7,
    )  # fmt: skip
    ax.plot(x[:matched], y[:matched], "s", markersize=4.4, color=colour["b"])
    ax.set_xlim(-1, ACROSS)
    ax.set_ylim(y.min(initial=0) - 1, 1)
    ax.set_axis_off()
    first = _("{band}: {k} of {n}").format(band=_(band), k=matched, n=members)
    head = f"{name}, {first}" if name else first
    ax.set_title(f"{head}\n{in_hundred(test.share(band))}", fontsize=NAME - 1.3)


def _members_table(tests: Mapping[str, Council]) -> pd.DataFrame:
    import pandas as pd

    return pd.concat({name: test.table() for name, test in tests.items()})


def _alt_members(tests: Mapping[str, Council]) -> str:
    said = [_("Every member of the council as a mark.")]
    for name, test in tests.items():
        each = "; ".join(
            _("{band} {k} of {n} falsely matched").format(band=_(band), k=k, n=n)
            for band in BANDS
            for k, n in [test.count(band)]
        )
        said.append(f"{name}: {each}.")
    return " ".join([*said, *_stamps(*(test.trial.matcher for test in tests.values()))])


def _stamps(*matchers: str) -> list[str]:
    told = stamp(*matchers)
    return [f"{told[0].upper()}{told[1:]}."]


# ---- what a threshold costs ---------------------------------------------------------------------


def trade(
    trials: Mapping[str, Trial], *, title: str = "", about: str = "", footer: str = ""
) -> Shown:
    """Enrolled people found against innocent searches that return somebody, at every threshold.

    Parameters
    ----------
    trials
        Name -> one matcher and one gallery.
    title, about, footer
        As for :func:`council`.

    Returns
    -------
    figure, alt, table
        The table has a row for each name and operating point.

    Raises
    ------
    ValueError
        When there is no trial.
    """
    if not trials:
        raise ValueError(_("there is no trial to draw: give a name and a trial, or several"))
    size = next(iter(trials.values())).size
    fig, ax = figure(
        height=3.1,
        title=title or _("A higher threshold: fewer false matches, fewer true ones"),
        about=about
        or _("Each line goes over all thresholds; A, B, C are marked. {n} people enrolled.").format(
            n=f"{size:,}"
        ),
        footer=footer or invented(size),
    )
    with style():
        for k, (name, trial) in enumerate(trials.items()):
            _draw_trade(ax, trial, name, k, len(trials))
        ax.set_xscale("log")
        ax.set_xlim(1.0, 0.004)
        ax.set_ylim(0, 1)
        ax.xaxis.set_major_locator(_fixed([0.5, 0.1, 0.05, 0.01]))
        ax.xaxis.set_minor_locator(_fixed([]))
        ax.xaxis.set_major_formatter(lambda v, _place: f"{100 * v:g}")
        hundred_axis(ax.yaxis)
        ax.set_xlabel(_("of 100 innocent searches (portraits) return somebody (log axis)"))
        ax.set_ylabel(_("found with everyday\nphotographs, of 100"))
    _stamped(fig, *(trial.matcher for trial in trials.values()))
    return fig, _alt_trade(trials), _trade_table(trials)


def _fixed(places: list[float]) -> Any:
    from matplotlib.ticker import FixedLocator

    return FixedLocator(places)


def _draw_trade(ax: Axes, trial: Trial, name: str, k: int, many: int) -> None:
    table = searches.det(trial.best("dev"), trial.mates[0], points=200)
    x = np.array([float(v) for v in table["fpir"]])
    y = 1 - np.array([float(v) for v in table["fnir"]])
    seen = x >= 0.005
    colour = colours(many)[k]
    ax.plot(x[seen], y[seen], LINES[k % len(LINES)], color=colour)
    for point in POINTS:
        t = trial.at(point)
        at = (searches.fpir(trial.best("dev"), t).value, trial.found(t).value)
        ax.plot(*at, "o", markersize=DOT, color=colour)
        ax.annotate(point, at, (5, 5), textcoords="offset points", color=colour, bbox=GROUND)
    if many > 1:
        ax.annotate(
            name, (x[seen][-1], y[seen][-1]), (4, 0), textcoords="offset points", color=colour,
            va="center", bbox=GROUND,
        )  # fmt: skip


def _trade_table(trials: Mapping[str, Trial]) -> pd.DataFrame:
    import pandas as pd

    return pd.concat({name: trial.costs() for name, trial in trials.items()})


def _alt_trade(trials: Mapping[str, Trial]) -> str:
    said = [
        _(
            "Enrolled people found (everyday photographs) against innocent searches"
            " (portraits) that return somebody."
        )
    ]
    for name, trial in trials.items():
        each = "; ".join(
            _("at {point} {x} of 100 return somebody, and {y} of 100 are found").format(
                point=point,
                x=f"{100 * searches.fpir(trial.best('dev'), t).value:.0f}",
                y=f"{100 * trial.found(t).value:.0f}",
            )
            for point in POINTS
            for t in [trial.at(point)]
        )
        said.append(f"{name}: {each}.")
    return " ".join([*said, *_stamps(*(trial.matcher for trial in trials.values()))])


# ---- false candidates by band -------------------------------------------------------------------


def candidates(
    found: Together,
    *matchers: str,
    expected: Mapping[str, pd.Series] | None = None,
    title: str = "",
    about: str = "",
    footer: str = "",
) -> Shown:
    """False candidates a search, for each band, in galleries or by matchers side by side.

    Parameters
    ----------
    found
        Name -> false candidates of the same searches; a panel each.
    matchers
        Whose they are, for the stamp.
    expected
        Name -> what arithmetic expects of each band: drawn hollow.
    title, about, footer
        As for :func:`council`.

    Returns
    -------
    figure, alt, table
        The table has a row for each name and band.
    """
    names = list(found.found)
    first = found.found[names[0]]
    fig, axes = figure(
        height=1.9,
        title=title or _("False candidates a search, by who is searched"),
        about=about
        or _("Dot: counted, with 95% interval.")
        + (_(" Hollow: expected by arithmetic.") if expected else ""),
        footer=footer or invented(len(first.bands) + int(first.entries.sum())),
        ncols=len(names),
        sharey=True,
        sharex=True,
        squeeze=False,
    )
    rows = {name: {band: found.per_search(name, band) for band in BANDS} for name in names}
    right = max(
        [
            v.high if math.isfinite(v.high) else v.value
            for row in rows.values()
            for v in row.values()
        ]
        + [float(v.max()) for v in (expected or {}).values()]
    )
    with style():
        for ax, name in zip(axes[0], names, strict=True):
            _draw_candidates(ax, rows[name], (expected or {}).get(name), right)
            shares = found.found[name].entries
            told = ", ".join(f"{100 * shares[b] / shares.sum():.0f}" for b in BANDS)
            ax.set_title(
                _("{name}\nof 100 enrolled {shares}").format(name=_(name), shares=told),
                fontsize=NAME - 1.3,
            )
    _stamped(fig, *matchers)

    def narrow() -> None:
        from labkit.views.plots.paper import stacked

        stacked(list(axes[0]), fig, deep=1.9 * len(names))

    fig.make_narrow = narrow
    return fig, _alt_candidates(rows, expected, matchers), _candidates_table(rows, expected)


def _draw_candidates(ax: Axes, row: Mapping[str, Any], asked: Any, right: float) -> None:
    colour = palette()
    ax.set_xlim(0, 1.1 * right or 1)
    for y, band in enumerate(BANDS):
        value = row[band]
        if math.isfinite(value.low) and math.isfinite(value.high):
            ax.plot([value.low, value.high], [y, y], color=colour["b"], linewidth=LINE)
        ax.plot([value.value], [y], "o", markersize=DOT, color=colour["b"])
        if asked is not None:
            ax.plot(
                [asked[band]], [y], "D", markersize=DOT + 3, markerfacecolor="none",
                markeredgecolor=colour["ink"], markeredgewidth=1.1,
            )  # fmt: skip
    ax.set_yticks(range(len(BANDS)), [_(band) for band in BANDS])
    ax.set_ylim(len(BANDS) - 0.5, -0.5)
    ax.set_xlabel(_("a search"))


def _candidates_table(
    rows: Mapping[str, Mapping[str, Any]], expected: Mapping[str, pd.Series] | None
) -> pd.DataFrame:
    import pandas as pd

    out = []
    for name, row in rows.items():
        for band, value in row.items():
            one = {"": name, _("band"): _(band), _("counted [95% interval]"): value.text(2)}
            if expected and name in expected:
                one[_("expected")] = round(float(expected[name][band]), 2)
            out.append(one)
    return pd.DataFrame(out).set_index(["", _("band")])


def _alt_candidates(
    rows: Mapping[str, Mapping[str, Any]],
    expected: Mapping[str, pd.Series] | None,
    matchers: tuple[str, ...],
) -> str:
    said = [_("False candidates a search, a panel for each of {n}.").format(n=len(rows))]
    for name, row in rows.items():
        each = []
        for band, value in row.items():
            told = f"{_(band)} {value.text(2)}"
            if expected and name in expected:
                told += _(" (expected {x:.2f})").format(x=float(expected[name][band]))
            each.append(told)
        said.append(f"{_(name)}: {'; '.join(each)}.")
    return " ".join([*said, *_stamps(*matchers)])


# ---- who was taken for whom ---------------------------------------------------------------------


def mistaken(
    test: Council,
    picture: Callable[[int], Any],
    count: int = 6,
    *,
    title: str = "",
    about: str = "",
) -> Shown:
    """Members who were falsely matched, each beside the person the search returned.

    Parameters
    ----------
    test
        The council at one threshold.
    picture
        Gives the photograph of a row: ``gallery.seen`` has the six first ones of notebook 09,
        ``functools.partial(labkit.making.gallery.picture, gallery)`` draws any.
    count
        How many at most, the highest scores first.
    title, about
        As for :func:`council`.

    Returns
    -------
    sheet, alt, table
        A row for each two people.

    Raises
    ------
    ValueError
        When nobody was falsely matched.
    """
    import pandas as pd

    order = test.highest(count)
    if not len(order):
        raise ValueError(_("nobody was falsely matched at this threshold: choose a lower one"))
    people = test.trial.gallery
    own = people.images["tone_band"].to_numpy()
    rows: list[dict[str, Any]] = [
        {
            "member": int(k),
            "band": str(test.bands[k]),
            "taken for": int(people.images["person"].iloc[test.found[k]]),
            "of band": str(own[test.found[k]]),
            "score": float(test.scores[k]),
        }
        for k in order
    ]
    cards = []
    for row in rows:
        pair = (test.rows[row["member"]], test.found[row["member"]])
        alts = (
            _("Drawn face of a member, {band}").format(band=_(row["band"])),
            _("Drawn face of an enrolled person, {band}").format(band=_(row["of band"])),
        )
        two = "".join(face(picture(int(r)), a) for r, a in zip(pair, alts, strict=True))
        told = [
            words(
                _("member {n} | enrolled {person}").format(n=row["member"], person=row["taken for"])
            ),
            words(
                _("{one} | {two}, score {score:.3f}").format(
                    one=_(row["band"]), two=_(row["of band"]), score=row["score"]
                ),
                "quiet",
            ),
        ]
        cards.append(f'<div class="lab-card"><div>{two}</div>{"".join(told)}</div>')
    total = int(test.matched.sum())
    sheet = Sheet(
        f'<div class="lab-cards">{"".join(cards)}</div>'
        + words(stamp(test.trial.matcher), "value"),
        title=title or _("Who was taken for whom: two people each, never one"),
        about=about
        or _(
            "{n} of {all} falsely matched members, the highest scores; not picked by eye. From"
            " {threshold:.3f} on it is a match."
        ).format(n=len(rows), all=total, threshold=test.threshold),
        footer=invented(len(test.bands) + test.trial.size),
    )
    listed = "; ".join(
        _("member {n}, {band}, taken for somebody {other}, score {score:.3f}").format(
            n=r["member"], band=_(r["band"]), other=_(r["of band"]), score=r["score"]
        )
        for r in rows
    )
    alt = _("{n} pairs of drawn faces: {each}.").format(n=len(rows), each=listed)
    return sheet, " ".join([alt, *_stamps(test.trial.matcher)]), pd.DataFrame(rows)

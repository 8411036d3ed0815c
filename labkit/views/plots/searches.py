"""Searches: how often they return somebody as the gallery grows, and whom, as faces.

In: what :class:`labkit.gallery.nested.Nested` measured.  Out: figure or sheet, alt text, table.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

from labkit.base.words import _
from labkit.measure.reading import in_words
from labkit.views.identity import LINES, MARKERS, palette
from labkit.views.plots.sheets import Sheet, face, words
from labkit.views.plots.style import (
    DOT,
    GROUND,
    apart,
    colours,
    figure,
    hundred_axis,
    invented,
    log_axis,
    log_words,
    style,
)

if TYPE_CHECKING:
    import pandas as pd

    from labkit.gallery.nested import Nested
    from labkit.views.plots.style import Shown

BEYOND = 1_000_000
"""The largest gallery on the axis."""

RARE = 0.02
"""A figure with a rate as low as this has an axis of logarithms."""


def searches(
    found: Mapping[str, Nested],
    *,
    beyond: int = BEYOND,
    title: str = "",
    about: str = "",
    footer: str = "",
) -> Shown:
    """The share of searches by people enrolled nowhere that return somebody, by size of gallery.

    Dots are measured; their lines are 95% intervals, for other people who search and other people
    in the gallery.  A mark that points down is an upper limit: no search returned anybody.  Dashed
    is the formula 1 - (1 - FMR)^N, an upper bound on average.  What lies beyond the largest gallery
    is hatched: there only the bound N x FMR is drawn, and no estimate.

    Parameters
    ----------
    found
        Name -> searches at one threshold each.
    beyond
        Right end of the axis.
    title
        What the figure shows; without it the smallest and the largest gallery.
    about
        What was measured; without it how to read the signs.
    footer
        Stands below, such as :func:`labkit.views.plots.style.invented` gives.

    Returns
    -------
    figure, alt, table
        A row for each name and size: both intervals, people, candidates, the bound.

    Raises
    ------
    ValueError
        Without searches.

    Examples
    --------
    >>> from labkit.gallery.nested import Searched
    >>> town = Searched("dlib", size=1_000)
    >>> fig, alt, table = searches({"dlib": town.at(town.threshold(0.1).value)})
    >>> table["gallery"].tolist()
    ['250', '500', '1,000']
    >>> "not measured" in alt
    True
    """
    if not found:
        raise ValueError(_("no searches: give those of at least one matcher"))
    tables = {name: one.table() for name, one in found.items()}
    log = min(float(t["fpir"].iloc[0]) for t in tables.values()) < RARE
    largest = max(one.town.size for one in found.values())
    fig, ax = figure(
        height=3.9,
        title=title or _finding(tables),
        about=about or _about(found),
        footer=footer,
    )
    with style():
        for n, name in enumerate(found):
            _draw(ax, n, found[name], tables[name], len(found), beyond)
        _hatch(ax, largest, beyond)
        ax.set(xscale="log", xlim=(200, beyond))
        key = _("dashed: by formula, 1 - (1 - FMR)^N\ndotted: bound, N x FMR")
        ax.set_xlabel(_("people in the gallery") + "\n" + key)
        _sizes(ax.xaxis)
        if log:
            ax.set(yscale="log", ylim=(1e-3, 1.15))
            ax.set_ylabel(log_words(_("FPIR: searches that return somebody")))
            log_axis(ax.yaxis)
        else:
            ax.set_ylim(0, 1.05)
            ax.set_ylabel(_("FPIR: searches that return\nsomebody, in 100"))
            hundred_axis(ax.yaxis)
        _name(ax, tables, largest)
    return fig, _alt(found, tables), _table(tables)


def _name(ax: Any, tables: Mapping[str, pd.DataFrame], largest: int) -> None:
    """The name of each matcher, beside the last of its dots."""
    last = [t["fpir"].iloc[-1] for t in tables.values()]
    to_axes = ax.transData + ax.transAxes.inverted()
    wanted = [to_axes.transform((largest, float(rate) or rate.high))[1] for rate in last]
    for n, (name, place) in enumerate(zip(tables, apart(wanted, 0.09, 0.5, 0.94), strict=True)):
        ax.annotate(
            name,
            (largest, place),
            (9, 0),
            xycoords=("data", "axes fraction"),
            textcoords="offset points",
            va="center",
            color=colours(len(tables))[n],
            bbox=GROUND,
        )


def _draw(ax: Any, n: int, one: Nested, table: pd.DataFrame, many: int, beyond: int) -> None:
    """The dots of one matcher, the formula through the measured sizes, the bound beyond them."""
    import numpy as np

    from labkit.measure.searches import bound

    colour, shift = colours(many)[n], 1 + 0.06 * (n - (many - 1) / 2)
    sizes = table.index.to_numpy(float)
    for size, rate in zip(sizes * shift, table["redrawn"], strict=True):
        if rate.errors:
            ax.plot([size, size], [max(rate.low, 1e-4), rate.high], color=colour, linewidth=1.6)
            ax.plot(size, rate.value, MARKERS[n], color=colour, markersize=DOT)
        else:
            ax.plot(size, rate.high, "v", color=colour, markerfacecolor="white", markersize=DOT)
    grid = np.geomspace(sizes[0], sizes[-1], 60)
    line: Any = {"color": colour, "linewidth": 1.2}
    ax.plot(grid, bound(one.fmr, grid), linestyle="--", **line)
    far = np.geomspace(one.town.size, beyond, 60)
    ax.plot(far, np.minimum(far * one.fmr, 1), linestyle=":", **line)


def _hatch(ax: Any, largest: int, beyond: int) -> None:
    looks: Any = {"facecolor": "none", "edgecolor": palette()["faint"], "hatch": "///"}
    ax.axvspan(largest, beyond, linewidth=0, zorder=0, **looks)
    ax.axvline(largest, color=palette()["quiet"], linestyle=LINES[-1], linewidth=1)
    ax.annotate(
        _("beyond {n}:\nnot measured,\nonly a bound").format(n=f"{largest:,}"),
        (math.sqrt(largest * beyond), 0.25),
        xycoords=("data", "axes fraction"),
        ha="center",
        color=palette()["quiet"],
        bbox=GROUND,
    )


def _sizes(axis: Any) -> None:
    from matplotlib.ticker import FuncFormatter, LogLocator, NullLocator

    def named(size: float, _place: Any) -> str:
        if size >= 1e6:
            return _("{n:g} million").format(n=size / 1e6).replace(" ", "\n")
        return f"{size:,.0f}"

    axis.set_major_locator(LogLocator(10))
    axis.set_minor_locator(NullLocator())
    axis.set_major_formatter(FuncFormatter(named))


def _finding(tables: Mapping[str, pd.DataFrame]) -> str:
    told = []
    for name, table in tables.items():
        (small, first), (large, last) = ((table.index[k], table["fpir"].iloc[k]) for k in (0, -1))
        several = _("{name}: {first} among {small:,}, {last} among {large:,}")
        told.append(
            several.format(
                name=name, first=_said(first), small=small, last=_said(last), large=large
            )
        )
    return _("Searches for people who are not there return somebody. {each}.").format(
        each="; ".join(told)
    )


def _said(rate: Any) -> str:
    """A share in words; of none, what it may be at most."""
    if not rate.errors and math.isfinite(rate.high):
        return _("none (at most {bound})").format(bound=in_words(rate.high))
    return in_words(float(rate))


def _bound(share: float) -> str:
    """What the formula gives, in words; whoever is left out of a thousand is not counted."""
    return in_words(share) if share < 0.999 else _("as good as all")


def _about(found: Mapping[str, Nested]) -> str:
    one = next(iter(found.values()))
    return _(
        "{n} people who are enrolled nowhere, each searched once in nested galleries. Lines: 95%"
        " intervals, for other people who search and other people in the gallery."
    ).format(n=f"{one.searches:,}")


def _table(tables: Mapping[str, pd.DataFrame]) -> pd.DataFrame:
    import pandas as pd

    rows = []
    for name, table in tables.items():
        for size, row in zip(table.index, table.to_dict("records"), strict=True):
            rows.append(
                {
                    _("matcher"): name,
                    _("gallery"): f"{size:,}",
                    _("FPIR, this gallery"): row["fpir"].short(3),
                    _("FPIR, other galleries too"): row["redrawn"].short(3),
                    _("people"): f"{row['people']:,}",
                    _("candidates"): f"{row['candidates']:,}",
                    _("by formula"): f"{row['bound']:.3f}",
                }
            )
    return pd.DataFrame(rows)


def _alt(found: Mapping[str, Nested], tables: Mapping[str, pd.DataFrame]) -> str:
    told = []
    for name, table in tables.items():
        each = ", ".join(
            _("{rate} among {n:,} (by formula {bound})").format(
                rate=_said(row["fpir"]), n=size, bound=_bound(row["bound"])
            )
            for size, row in zip(table.index, table.to_dict("records"), strict=True)
        )
        told.append(f"{name}: {each}.")
    largest = max(one.town.size for one in found.values())
    beyond = _("Beyond {n:,} the plane is hatched: not measured, only a bound.").format(n=largest)
    return " ".join([_("Share of searches that return somebody, by size."), *told, beyond])


# ---- whom a search returns ----------------------------------------------------------------------


def false_candidates(
    found: Nested,
    draw: Callable[[int], Any],
    *,
    count: int = 3,
    each: int = 2,
    title: str = "",
    about: str = "",
) -> Shown:
    """People who are enrolled nowhere, and whom the search returned for them, as faces.

    Picked by score and not by eye: the searches with the highest scores of all, each with its first
    candidates.

    Parameters
    ----------
    found
        Searches at one threshold.
    draw
        Row of the gallery's images -> picture, uint8, colour
        (:func:`labkit.making.gallery.picture`).
    count, each
        How many searches, and how many candidates of each.
    title
        What is seen; without it that these are different people.
    about
        Without it how they were picked.

    Returns
    -------
    sheet, alt, table
        The table has a row for each candidate shown: search, rank, score, how many in all.

    Raises
    ------
    ValueError
        When no search returned anybody.

    Examples
    --------
    >>> import numpy as np
    >>> from labkit.gallery.nested import Searched
    >>> town = Searched("dlib", size=1_000)
    >>> grey = lambda row: np.full((8, 8, 3), 128, np.uint8)
    >>> sheet, alt, table = false_candidates(town.at(town.threshold(0.1).value), grey, count=2)
    >>> table["search"].tolist()[0], table["rank"].tolist()[0]
    (1, 1)
    """
    import numpy as np
    import pandas as pd

    if not len(found.probes):
        raise ValueError(
            _("no search returned anybody, so nobody can be shown: lower the threshold")
        )
    best = np.full(found.searches, -np.inf)
    np.maximum.at(best, found.probes, found.scores)
    picked = np.argsort(-best, kind="stable")[: min(count, int((best > -np.inf).sum()))]
    rows, cards = [], []
    for n, probe in enumerate(picked, 1):
        own = np.flatnonzero(found.probes == probe)
        own = own[np.argsort(-found.scores[own], kind="stable")]
        alt = _("search {n}: a person who is enrolled nowhere, everyday photograph").format(n=n)
        parts = [f"{face(draw(int(found.people[probe])), alt)}{words(_('searched for'))}"]
        for rank, k in enumerate(own[:each], 1):
            alt = _("candidate {rank} of search {n}: another person, portrait").format(
                rank=rank, n=n
            )
            line = _("candidate {rank}: {score:.3f}").format(rank=rank, score=found.scores[k])
            parts.append(f"{face(draw(int(found.rows[k])), alt)}{words(line)}")
            rows.append(
                {
                    "search": n,
                    "rank": rank,
                    "score": float(found.scores[k]),
                    "candidates in all": len(own),
                }
            )
        inner = "".join(f'<div style="display:inline-block">{part}</div>' for part in parts)
        told = words(_("Search {n}: {k} candidates in all").format(n=n, k=len(own)), "name")
        cards.append(f'<div class="lab-card">{told}{inner}</div>')
    table = pd.DataFrame(rows)
    sheet = Sheet(
        f'<div class="lab-cards">{"".join(cards)}</div>',
        title=title or _("On the left who was searched for; beside them other people."),
        about=about
        or _(
            "Of {n} searches for people who are enrolled nowhere, those with the highest scores:"
            " picked by score and not by eye. All were returned at the threshold; all are wrong."
        ).format(n=f"{found.searches:,}"),
        footer=invented(found.searches + found.town.size),
    )
    return sheet, _alt_faces(table), table


def _alt_faces(table: pd.DataFrame) -> str:
    told = [
        _("search {n}: {k} shown of {all} candidates, the first at {score:.3f}").format(
            n=n, k=len(own), all=own["candidates in all"].iloc[0], score=own["score"].iloc[0]
        )
        for n, own in table.groupby("search")
    ]
    return _(
        "Faces of people who were searched for and of the other people returned: {each}."
    ).format(each="; ".join(told))

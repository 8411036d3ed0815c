"""A timeline: events in lanes, one line for each, in words.

In: events with a date as far as it is known.  Out: ``(figure, alt text, table)`` for
:func:`labkit.views.plots.show`.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from labkit.base.dates import as_number, in_words
from labkit.base.words import _
from labkit.views import plots
from labkit.views.identity import palette

if TYPE_CHECKING:
    from labkit.views.plots.style import Shown

TURN = 0.53
"""Share of the axis after which an event's words stand on the left of its point."""

ROW = 0.24
"""Height of an event's line, in inches."""


@dataclass(frozen=True)
class Event:
    """One line of a timeline.

    Parameters
    ----------
    when
        ``"2018-05-22"``, ``"2018-05"`` or ``"2018"``.
    lane
        What kind of event it is.
    words
        What happened.
    source
        Where that stands.
    verified
        How far it was checked, one of :data:`labkit.published.VERIFIED`.
    """

    when: str
    lane: str
    words: str
    source: str
    verified: str

    @property
    def year(self) -> float:
        """The date as a number; the middle of the month or year when no more is known."""
        return as_number(self.when)


def timeline(events: Sequence[Event]) -> Shown:
    """Events in the order of their dates, one line for each, one shape and colour for each lane.

    Parameters
    ----------
    events
        In any order; lanes are named in the order in which they first appear here.

    Returns
    -------
    figure, alt, table
        The alt text counts the events of each lane; the table has a row for each event.

    Raises
    ------
    ValueError
        When there is no event, or an event's date is none.

    Examples
    --------
    >>> asked = Event("2018-05-22", "asked", "A letter", "its text", "primary")
    >>> said = Event("2018-06", "said", "An answer", "the press", "secondary")
    >>> timeline([said, asked])[2].index.tolist()
    ['22 May 2018', 'June 2018']
    """
    import pandas as pd

    if not events:
        raise ValueError(_("a timeline needs at least one event"))
    listed = sorted(events, key=lambda e: e.year)
    lanes = list(dict.fromkeys(e.lane for e in events))
    rows = [(in_words(e.when), e.lane, e.words, e.verified, e.source) for e in listed]
    heads = [_("date"), _("what kind"), _("what happened"), _("verified"), _("source")]
    table = pd.DataFrame(rows, columns=heads).set_index(heads[0])
    first, end = math.floor(listed[0].year), math.floor(listed[-1].year) + 1
    fig, ax = plots.figure(8.6, 1 + ROW * len(listed))
    with plots.style():
        for n, lane in enumerate(lanes):
            mine = [(e.year, place) for place, e in enumerate(listed) if e.lane == lane]
            ax.scatter(
                [x for x, _place in mine],
                [y for _year, y in mine],
                s=55,
                zorder=3,
                label=lane,
                marker=plots.MARKERS[n % len(plots.MARKERS)],
                color=plots.colours(len(lanes))[n],
            )
        last = end + 0.2
        for place, e in enumerate(listed):
            left = e.year - first > TURN * (last - first)
            ax.annotate(
                e.words,
                (e.year, place),
                xytext=(-8 if left else 8, 0),
                fontsize=9,
                textcoords="offset points",
                va="center",
                ha="right" if left else "left",
            )
        ax.set(ylim=(len(listed), -1), yticks=[], xlim=(first, last), xticks=range(first, end + 1))
        ax.grid(axis="y", visible=False)
        ax.grid(axis="x", color=palette()["faint"], linewidth=0.6)  # words stand on these lines
        fig.legend(*ax.get_legend_handles_labels(), loc="outside upper left", ncols=2)
    return fig, _alt(listed, lanes), table


def _alt(listed: Sequence[Event], lanes: Sequence[str]) -> str:
    """What the timeline shows, counted."""
    counts = ", ".join(f"{sum(e.lane == lane for e in listed)} {lane}" for lane in lanes)
    years = [int(e.year) for e in listed]
    busiest = max(sorted(set(years)), key=years.count)
    first, last = listed[0], listed[-1]
    return _(
        "A timeline with {count} events: {counts}. It begins in {begin} ({first}) and ends in"
        " {end} ({last}). The year with most events is {busiest}, with {most}."
    ).format(
        count=len(listed),
        counts=counts,
        begin=in_words(first.when),
        first=first.words,
        end=in_words(last.when),
        last=last.words,
        busiest=busiest,
        most=years.count(busiest),
    )

"""A timeline: years, and in each its events in words, with the sign of their lane.

In: events with a date as far as it is known.  Out: ``(sheet, alt text, table)`` for
:func:`labkit.views.plots.show`.
"""

from __future__ import annotations

import html
import itertools
import math
import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from labkit.base.dates import as_number, in_words
from labkit.base.words import _
from labkit.views.plots.sheets import Sheet

if TYPE_CHECKING:
    from labkit.views.plots.style import Shown

SIGNS = (("●", "a"), ("■", "c"), ("▲", "b"), ("◆", "predict"))
"""Sign and colour of each lane, in the order in which lanes are named."""

CSS = """
.lab-years { max-width: var(--lab-reading); font: var(--lab-small)/var(--lab-line) var(--lab-font);
  color: var(--lab-ink); overflow-wrap: break-word; }
.lab-years p { margin: 0 0 var(--lab-gap); }
.lab-years p span { display: inline-block; margin-right: var(--lab-pad); }
.lab-year { display: flex; gap: var(--lab-pad); padding: var(--lab-tight) 0;
  border-top: 1px solid var(--lab-faint); }
.lab-year > b { flex: 0 0 3em; font-variant-numeric: tabular-nums; }
.lab-year ul { margin: 0; padding: 0; list-style: none; }
.lab-year li { padding-left: 1.5em; text-indent: -1.5em; }
.lab-year i { display: inline-block; width: 1.5em; text-indent: 0; font-style: normal; }
.lab-year small { color: var(--lab-quiet); font-size: var(--lab-note); white-space: nowrap; }
"""


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
    """Events in the order of their dates, one line for each, with the sign of its lane.

    Parameters
    ----------
    events
        In any order; lanes are named in the order in which they first appear here.

    Returns
    -------
    sheet, alt, table
        The alt text counts the events of each lane; the table has a row for each event.

    Raises
    ------
    ValueError
        When there is no event, an event's date is none, or there are more lanes than signs.

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
    lanes = list(dict.fromkeys(e.lane for e in events))
    if len(lanes) > len(SIGNS):
        sentence = _("{count} lanes, and there are signs for {most}: {lanes}")
        raise ValueError(sentence.format(count=len(lanes), most=len(SIGNS), lanes=", ".join(lanes)))
    listed = sorted(events, key=lambda e: e.year)
    rows = [(in_words(e.when), e.lane, e.words, e.verified, e.source) for e in listed]
    heads = [_("date"), _("what kind"), _("what happened"), _("verified"), _("source")]
    table = pd.DataFrame(rows, columns=heads).set_index(heads[0])
    signs = {lane: _sign(*sign) for lane, sign in zip(lanes, SIGNS, strict=False)}
    key = "".join(f"<span>{sign} {html.escape(lane)}</span>" for lane, sign in signs.items())
    years = itertools.groupby(listed, key=lambda e: math.floor(e.year))
    body = "".join(
        f'<div class="lab-year"><b>{year}</b><ul>'
        + "".join(f"<li>{signs[e.lane]}{_line(e)}</li>" for e in group)
        + "</ul></div>"
        for year, group in years
    )
    style = re.sub(r"\s+", " ", CSS)
    sheet = Sheet(f'<style>{style}</style><div class="lab-years"><p>{key}</p>{body}</div>')
    return sheet, _alt(listed, lanes), table


def _sign(sign: str, colour: str) -> str:
    return f'<i style="color:var(--lab-{colour})">{sign}</i>'


def _line(event: Event) -> str:
    """What happened, and the day or month as far as it is known; the year stands beside."""
    day = in_words(event.when).removesuffix(event.when[:4]).strip()
    words = html.escape(event.words).replace("$", "<span>$</span>")
    return words + (f" <small>{html.escape(day)}</small>" if day else "")


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

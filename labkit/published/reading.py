"""The published record for reading: figures in words, and tables with nothing cut short.

In: the name of a table, or any table.  Out: a table with plain headings, a figure in words with its
denominator, or a :class:`Page` that a notebook shows whole.

Tables carry English headings and words, so that code can name them in every language;
:func:`readable` shows them in the reader's.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from labkit.base.words import N_, _
from labkit.published.record import FIGURE_TABLES, STATISTICS, VERIFIED, load

if TYPE_CHECKING:
    import pandas as pd


HEADINGS = {
    "id": N_("row"),
    "date": N_("date"),
    "place": N_("place"),
    "body": N_("who"),
    "kind": N_("kind"),
    "acts": N_("who must act"),
    "measure": N_("what it asks"),
    "state": N_("still so?"),
    "ended": N_("how it ended or changed"),
    "court": N_("court"),
    "between": N_("who against whom"),
    "asked": N_("what was asked"),
    "won": N_("for whom"),
    "after": N_("afterwards"),
    "since": N_("since"),
    "situation": N_("if"),
    "ask": N_("ask for"),
    "whom": N_("ask whom"),
    "basis": N_("by which rule"),
    "limit": N_("its limit"),
    "side": N_("side"),
    "argument": N_("argument"),
    "reply": N_("best reply"),
    "reply_by": N_("reply by"),
    "reply_words": N_("in their words"),
    "by": N_("by"),
    "what_happened": N_("what happened"),
    "error": N_("what was wrong"),
    "count": N_("people"),
    "police_say": N_("what the police say"),
    "topic": N_("topic"),
    "said": N_("what the guide said (our words)"),
    "agency": N_("police"),
    "practice": N_("what was searched"),
    "held": N_("held"),
    "outcome": N_("what came of it"),
    "status": N_("state"),
    "race_as_reported": N_("race, as reported"),
    "scale": N_("scale"),
    "step": N_("step"),
    "hex": N_("colour"),
    "lightness": N_("L*"),
    "ita": N_("ITA, degrees"),
    "ita_band": N_("band by ITA"),
    "study": N_("study"),
    "system": N_("system"),
    "data_set": N_("data set"),
    "group": N_("group"),
    "figure": N_("figure"),
    "of_what": N_("of what"),
    "statistic": N_("what it counts"),
    "claim": N_("claim"),
    "who": N_("who"),
    "when": N_("when"),
    "words": N_("in the speaker's own words"),
    "second": N_("second source"),
    "tested": N_("tested"),
    "detail": N_("what was found"),
    "notebook": N_("notebook"),
    "section": N_("section"),
    "why_not": N_("why no experiment here can decide it"),
    "verified": N_("how checked"),
    "note": N_("note"),
    "source": N_("source"),
}
"""What stands above a column of a table for reading."""

OTHER_HEADINGS = {
    "claims": {"words": N_("the claim, in our words")},
    "courts": {"held": N_("what was decided")},
}
"""Where one name of a column means something else in one table."""

_FIGURES = "date study system data_set group figure of_what statistic verified note source"
READING = {
    **dict.fromkeys(FIGURE_TABLES, _FIGURES.split()),
    "aws_docs": "date topic said verified note source".split(),
    "policies": "date place kind acts measure state ended verified note source".split(),
    "courts": "date place court between asked held won after verified note source".split(),
    "remedies": "place situation ask whom basis limit since verified note source".split(),
    "arguments": (
        "side who date argument words reply_by reply reply_words verified note source".split()
    ),
    "wrongful_arrests": (
        "date place agency held outcome status police_say words race_as_reported verified note"
        " source".split()
    ),
    "probes": "date place agency practice police_say verified note source".split(),
    "stops": (
        "date place by count what_happened outcome words error race_as_reported verified note"
        " source".split()
    ),
    "skin_tone_scales": "scale step hex lightness ita ita_band verified source".split(),
    "claims": (
        "who when words status second detail tested notebook section why_not verified".split()
    ),
}
"""What is shown of each table, after the name of its row."""


def figure(row: Any) -> str:
    """One figure in words with its denominator: "28 of 535 (5.2%)".

    Parameters
    ----------
    row
        A row of a table of figures.

    Examples
    --------
    >>> rows = load("live_trials").table.set_index("id")
    >>> figure(rows.loc["met-2025-faces"])
    '10 of 3,147,436 (0.0003%)'
    >>> figure(rows.loc["npl-2025-black-women"])
    '9.9%'
    >>> figure(load("nist").table.set_index("id").loc["nist-fmr-factor-high"])
    'more than 100-fold'
    >>> figure(rows.loc["npl-2023-58"])
    'in words'
    """
    said = f"{_(row['bound'])} " if row["bound"] else ""
    return said + _figure(row["count"], row["of"], row["rate"], row["value"], row["unit"])


def _figure(count: Any, of: Any, rate: float, value: float, unit: str) -> str:
    import pandas as pd

    if pd.notna(count) and pd.notna(of):
        share = f" ({_percent(rate)})" if of else ""
        return _("{count:,} of {of:,}").format(count=count, of=of) + share
    if pd.notna(count):
        return f"{count:,}"
    if pd.isna(value):
        return _("in words")
    if unit == "percent":
        return f"{value:,.10g}%"
    words = {"points": N_("{value:+.10g} points"), "factor": N_("{value:,.10g}-fold")}
    return _(words.get(unit, N_("{value:,.10g} {unit}"))).format(value=value, unit=_(unit))


def _percent(rate: float) -> str:
    """One digit behind the point from 1% on, else one digit that counts."""
    percent = 100 * rate
    digits = 1 if percent >= 1 or percent == 0 else max(1, -math.floor(math.log10(percent)))
    # Two digits that count for small shares that are not tiny: 0.48%, not 0.5%.
    return f"{percent:.{digits + (0.1 <= percent < 1)}f}%"


def show(
    name: str | Sequence[str],
    *,
    rows: Mapping[str, Any] | Sequence[str] | None = None,
    columns: Sequence[str] | None = None,
    data: Path | None = None,
) -> pd.DataFrame:
    """A table of the published record for reading, with how each row was checked.

    Parameters
    ----------
    name
        One of :data:`~labkit.published.record.NAMES`, or several tables of figures to stand below
        one another.
    rows
        Which rows: their names in the order wanted, or what columns of the record must hold, such
        as ``{"statistic": "fpir"}`` (see :meth:`~labkit.published.record.Published.rows`).
    columns
        Which of its columns, by their headings, in the order wanted; all when ``None``.
    data
        Another data folder.

    Raises
    ------
    ValueError, DamagedFile
        As :func:`~labkit.published.record.load`; also when no row fits, or there is no such column.

    Examples
    --------
    >>> show("congress_test").loc["aclu-2019-massachusetts", "figure"]
    '27 of 188 (14.4%)'
    >>> show("nist", rows={"statistic": "fmr_ratio"}, columns=["figure", "data set"]).iloc[0, 0]
    '10-fold'
    """
    import pandas as pd

    names = [name] if isinstance(name, str) else list(name)
    parts = [_shown(each, rows, data) for each in names]
    for each, part in zip(names, parts):
        if list(part.columns) != list(parts[0].columns):
            sentence = _("{first} and {other} have other columns: show one after the other")
            raise ValueError(sentence.format(first=names[0], other=each))
    table = pd.concat(parts) if len(parts) > 1 else parts[0]
    if table.empty:
        sentence = _("no row of {name} fits {rows!r}: see show({first!r})")
        raise ValueError(sentence.format(name=", ".join(names), rows=rows, first=names[0]))
    return table if columns is None else table[columns_of(table, columns)]


def _shown(
    name: str, rows: Mapping[str, Any] | Sequence[str] | None, data: Path | None
) -> pd.DataFrame:
    """The rows that are wanted of one table, in the words of :data:`HEADINGS`."""
    import pandas as pd

    table = load(name, data=data).rows(rows)
    key = table.columns[0]
    table = table.assign(verified=table["verified"].map(VERIFIED))
    if name in FIGURE_TABLES:
        table = table.assign(
            date=[_when(*dates) for dates in zip(table["date"], table["until"])],
            figure=[figure(row) for row in table.to_dict("records")],
            statistic=table["statistic"].map(STATISTICS),
        )
    if name == "stops":
        people = [_("not known") if pd.isna(n) else f"{n:,}" for n in table["count"]]
        table = table.assign(date=[_when(*d) for d in zip(table["date"], table["until"])])
        table = table.assign(count=people)
    out = table[READING[name]].rename(columns=HEADINGS | OTHER_HEADINGS.get(name, {}))
    return out.set_index(pd.Index(table[key], name=HEADINGS[key]))


def _when(date: str, until: str) -> str:
    return _("{date} to {until}").format(date=date, until=until) if until else date


def columns_of(table: pd.DataFrame, wanted: Sequence[str]) -> list[str]:
    """Columns of a table by their headings.

    Raises
    ------
    ValueError
        For one that is not there, with those that are.
    """
    for column in wanted:
        if column not in table:
            sentence = _("there is no column {column!r}: use {columns}")
            raise ValueError(sentence.format(column=column, columns=", ".join(table.columns)))
    return list(wanted)


# --- pages --------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Page:
    """Something to read in a notebook, as HTML and as plain text."""

    text: str
    page: str

    def _repr_html_(self) -> str:
        return self.page

    def __repr__(self) -> str:
        return self.text

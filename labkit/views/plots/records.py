"""The published record to look at: rates as dots, what has no rate as cards in words.

In: what ``published.show`` or ``published.compare`` gives.  Out: a sheet, alt text, table.

Rows stand together only when they count the same thing: each statistic has its own scale, so that
no dot can be read against a dot that counts something else.
"""

from __future__ import annotations

import html
import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from labkit.base.words import _
from labkit.measure.reading import in_words, interval_in_words
from labkit.views.plots.sheets import Sheet, words

if TYPE_CHECKING:
    import pandas as pd

    from labkit.views.plots.style import Shown


@dataclass(frozen=True)
class Line:
    """One row of the record."""

    name: str
    counts: str
    rate: float
    low: float
    high: float
    figure: str
    details: tuple[str, ...]
    note: str
    ours: bool

    @property
    def known(self) -> bool:
        """Whether it is a rate."""
        return math.isfinite(self.rate) and 0 <= self.rate <= 1

    @property
    def detail(self) -> str:
        """Study, system, data set and how it was checked."""
        return "; ".join(self.details)

    @property
    def said(self) -> str:
        """Its figure in words: the rate to feel, and the figure as it was printed."""
        if not self.known:
            return self.figure
        told = in_words(self.rate)
        return f"{told}: {self.figure}" if self.figure and self.figure != told else told


def published(table: pd.DataFrame, *, title: str = "", about: str = "", footer: str = "") -> Shown:
    """The published record as a dot plot for each statistic, and cards for what has no rate.

    Parameters
    ----------
    table
        What :func:`labkit.published.reading.show` or :func:`labkit.published.compare.compare`
        gives, with any of their columns; with "statistic" or "what it counts" rows are kept apart.
    title
        What is seen, as a sentence; without it what stands there.
    about
        What it is of; without it that only what counts the same thing shares a scale.
    footer
        Stands below.

    Returns
    -------
    figure, alt, table
        The table is the one given.

    Raises
    ------
    ValueError
        When the table has no rows, or neither a figure nor a rate.

    Examples
    --------
    >>> from labkit import published as record
    >>> sheet, alt, table = published(record.show("congress_test"))
    >>> len(table) > 0 and "27 of 188" in alt
    True
    """
    if not len(table) or not ({"figure", "rate"} & set(table.columns)):
        raise ValueError(
            "there is nothing to show: give a table of published.show or published.compare, with"
            " its column 'figure' or 'rate'"
        )
    lines = _lines(table)
    rated, told = [x for x in lines if x.known], [x for x in lines if not x.known]
    blocks = list(dict.fromkeys((x.ours, x.counts) for x in rated))
    body = "".join(
        _block(counts, [x for x in rated if (x.ours, x.counts) == (ours, counts)], ours)
        for ours, counts in blocks
    )
    if told:
        body += f'<div class="lab-cards">{"".join(map(_card, told))}</div>'
    sheet = Sheet(
        body,
        title=title or _title(lines),
        about=about or _("Dots share a scale only where they count the same thing."),
        footer=footer,
    )
    return sheet, " ".join(_told(line) for line in lines), table


def _title(lines: Sequence[Line]) -> str:
    ours = sum(line.ours for line in lines)
    if ours:
        return _("Measured here, and what others published: not to be divided by one another")
    return _("What others published: {n} figures").format(n=len(lines))


def _lines(table: pd.DataFrame) -> list[Line]:
    known = {} if "rate" in table else _known()
    rows: list[dict[Any, Any]] = table.to_dict("records")
    return [_line(known.get(str(k), {}) | row) for k, row in zip(table.index, rows, strict=True)]


def _known() -> dict[str, dict[Any, Any]]:
    """Rate and statistic of every row of the record by its name, whatever columns are shown."""
    from labkit.published.record import FIGURE_TABLES, STATISTICS, load

    out: dict[str, dict[Any, Any]] = {}
    for table in (load(name).table for name in FIGURE_TABLES):
        for key, rate, counts in zip(table["id"], table["rate"], table["statistic"], strict=True):
            out[str(key)] = {"rate": float(rate), "statistic": STATISTICS[counts]}
    return out


def _line(row: dict[Any, Any]) -> Line:
    from labkit.published.compare import HERE

    def part(*names: str) -> str:
        found = (row.get(name) for name in names)
        return next((str(x) for x in found if isinstance(x, str) and x), "")

    ours = part("where") == HERE
    figure = part("figure")
    if not figure and _whole(row.get("errors")) and _whole(row.get("of")):
        figure = _("{errors:,} of {of:,}").format(errors=int(row["errors"]), of=int(row["of"]))
    detail = [part("study"), part("system"), part("data set")]
    if _whole(row.get("gallery")):
        detail.append(_("gallery of {n:,}").format(n=int(row["gallery"])))
    checked = part("how checked", "verified")
    detail.append(_("checked: {how}").format(how=checked) if checked and not ours else "")
    return Line(
        name=part("group", "study", "system") or _("all"),
        counts=part("what it counts", "statistic"),
        rate=float(row.get("rate", math.nan)),
        low=float(row.get("low", math.nan)),
        high=float(row.get("high", math.nan)),
        figure=figure,
        details=tuple(x for x in detail if x),
        note=part("note"),
        ours=ours,
    )


def _whole(value: Any) -> bool:
    import pandas as pd

    return value is not None and bool(pd.notna(value))


def _block(counts: str, lines: Sequence[Line], ours: bool) -> str:
    """Rows of one statistic, on one scale from none to the end of what is drawn."""
    ends = [x for line in lines for x in (line.rate, line.high) if math.isfinite(x)]
    end = _round_up(max(ends))
    where = _("Measured here") if ours else _("Published")
    head = f"{where}: {counts}" if counts else where
    scale = _("The scale goes from none to {end}.").format(end=in_words(end))
    common = [x for x in lines[0].details if all(x in line.details for line in lines)]
    if len(lines) > 1 and common:
        scale = _("All: {details}. {scale}").format(details="; ".join(common), scale=scale)
        lines = [
            replace(line, details=tuple(x for x in line.details if x not in common))
            for line in lines
        ]
    rows = "".join(_row(line, end) for line in lines)
    return f'<div class="lab-block">{words(head, "value")}{words(scale, "quiet")}{rows}</div>'


def _round_up(rate: float) -> float:
    """The end of a scale: 1, 2 or 5 in a power of ten."""
    step = 10.0 ** math.floor(math.log10(rate)) if rate > 0 else 0.01
    end = next(k * step for k in (1, 2, 5, 10) if k * step >= rate * (1 - 1e-9))
    return min(1.0, end)


def _row(line: Line, end: float) -> str:
    """A name, a dot with its interval on a track, the figure; details below."""
    kind = "ours" if line.ours else "theirs"
    marks = ""
    if math.isfinite(line.low) and math.isfinite(line.high):
        left, wide = 100 * line.low / end, 100 * (line.high - line.low) / end
        marks = f'<span class="lab-reach" style="left:{left:.2f}%;width:{wide:.2f}%"></span>'
    marks += f'<span class="lab-dot" style="left:{100 * line.rate / end:.2f}%"></span>'
    name, said, detail = (html.escape(x) for x in (line.name, line.said, line.detail))
    under = f'<span class="lab-detail lab-quiet">{detail}{_note(line)}</span>'
    return (
        f'<div class="lab-row lab-{kind}"><span>{name} </span>'
        f'<span class="lab-track" aria-hidden="true">{marks}</span>'
        f'<span class="lab-said">{said}</span>{under}</div>'
    )


def _note(line: Line) -> str:
    start = ". " if line.details else ""
    return f"{start}{html.escape(line.note)}" if line.note else ""


def _card(line: Line) -> str:
    detail = f"{line.name}; {line.detail}" if line.detail else line.name
    if line.figure == _("in words") and line.note:
        body = words(line.note, "value")
    else:
        body = words(line.said, "value") + words(line.counts)
        body += words(line.note) if line.note else ""
    return f'<div class="lab-card lab-told">{body}{words(detail, "quiet")}</div>'


def _told(line: Line) -> str:
    where = _("measured here") if line.ours else _("published")
    parts = [p for p in (line.counts, line.detail) if p]
    said = line.said
    if math.isfinite(line.low) and math.isfinite(line.high):
        said += " " + _("(interval {ends})").format(ends=interval_in_words(line.low, line.high))
    return f"{line.name}: {said}; {where}; {'; '.join(parts)}."

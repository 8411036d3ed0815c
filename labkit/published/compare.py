"""Figures measured here beside published ones, without hiding that they count different things.

In: a group table, or errors and what they are out of; the name of a published table of figures.
Out: one table, ours first, with what each row counts and how it is to be read with ours.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from labkit.base.words import N_, _
from labkit.measure.disparity import GroupTable
from labkit.measure.rate import RATES
from labkit.published.reading import figure
from labkit.published.record import FIGURE_TABLES, STATISTICS, load

if TYPE_CHECKING:
    import pandas as pd

    from labkit.published.record import Published

HERE, THERE = N_("measured here"), N_("published")
OTHER_STATISTIC = N_("another statistic: do not compare the sizes")
SAME_STATISTIC = N_("the same statistic, but other people and another matcher")
NOT_PRINTED = N_("number not printed")


def statistics(ours: Any = None) -> dict[str, str]:
    """What can be compared, by name, and what it counts: "errors / trials" for a rate.

    Parameters
    ----------
    ours
        What was measured here.  A group table has the rates of
        :data:`~labkit.measure.rate.RATES`; anything else may count what others printed, too.

    Examples
    --------
    >>> statistics()["fmr"], statistics()["alerts"]
    ('false matches / impostor comparisons', 'alerts')
    """
    rates = {
        rate.name: _("{errors} / {trials}").format(errors=_(rate.errors), trials=_(rate.trials))
        for rate in reversed(list(RATES.values()))
    }
    others = {name: _(words) for name, words in STATISTICS.items()}
    return rates if isinstance(ours, GroupTable) else rates | others


def compare(
    ours: pd.DataFrame | GroupTable,
    name: str,
    *,
    statistic: str = "fmr",
    rows: Mapping[str, Any] | Sequence[str] | None = None,
    data_set: str = "invented people",
    system: str = "",
    of_what: str = "",
    note: str = "",
    data: Path | None = None,
) -> pd.DataFrame:
    """Figures measured here above published ones, each with its own denominator.

    Nothing is divided by anything and no difference is formed: the two parts count different
    things among different people, and the column "to be read with" says which.

    Parameters
    ----------
    ours
        A :class:`~labkit.measure.disparity.GroupTable`, or a table with one row for each group (the
        index, or a column ``group``) and columns ``errors`` and ``of``; ``low`` and ``high`` if
        known.
    name
        A published table of figures: one of :data:`~labkit.published.record.FIGURE_TABLES`.
    statistic
        What ours counts: a name of :func:`statistics`.
    rows
        Which published rows: their ids in the order wanted, or what columns must hold, such as
        ``{"system": "NEC NeoFace V4"}`` or ``{"statistic": ["fpir", "tpir"]}``.  All rows that have
        a rate when ``None``.
    data_set, system, of_what, note
        What ours was measured on, with which matcher, what ``of`` counts, what must be said.
    data
        Another data folder.

    Returns
    -------
    table
        Columns ``where`` (:data:`HERE` or :data:`THERE`), ``group``, ``statistic``, ``errors``,
        ``of``, ``of what``, ``rate``, ``low``, ``high``, ``data set``, ``system``, ``gallery`` (how
        many photographs were searched), ``verified``, ``to be read with``, ``note``, ``source``.

    Raises
    ------
    ValueError
        With one sentence: for a table without figures, an unknown statistic, row or column, rows
        without a rate, ours without its counts or with more errors than trials.

    Examples
    --------
    >>> import pandas as pd
    >>> ours = pd.DataFrame({"errors": [12], "of": [4000]}, index=["everyone"])
    >>> both = compare(ours, "live_trials", rows=["met-2025-alerts", "met-2025-faces"])
    >>> both[["where", "errors", "of", "rate"]].round(7).values.tolist()[-1]
    ['published', 10, 3147436, 3.2e-06]
    >>> both["to be read with"].iloc[-1]
    'another statistic: do not compare the sizes'
    """
    import pandas as pd

    record = load(name, data=data)
    if name not in FIGURE_TABLES:
        sentence = _("{name} is no table of figures to compare with: use {names}")
        raise ValueError(sentence.format(name=name, names=", ".join(FIGURE_TABLES)))
    known = statistics(ours)
    if statistic not in known:
        sentence = _("there is no statistic {statistic!r}: use one of {names}")
        raise ValueError(sentence.format(statistic=statistic, names=", ".join(known)))
    mine = _ours(ours, statistic)
    mine["where"] = HERE
    mine["statistic"] = known[statistic]
    mine["of what"] = of_what or _trials(statistic, known[statistic])
    mine["data set"], mine["system"], mine["verified"] = data_set, system, HERE
    mine["to be read with"], mine["source"], mine["gallery"] = "", "", pd.NA
    mine["note"] = [f"{own} {note}".strip() for own in mine["note"]]

    chosen = _rated(record, rows)
    theirs = pd.DataFrame(
        {
            "where": THERE,
            "group": chosen["group"],
            "statistic": chosen["statistic"].map(statistics()),
            "errors": chosen["count"],
            "of": chosen["of"],
            "of what": chosen["of_what"].where(chosen["of_what"] != "", NOT_PRINTED),
            "rate": chosen["rate"],
            "low": math.nan,
            "high": math.nan,
            "data set": chosen["data_set"],
            "system": chosen["system"],
            "gallery": chosen["gallery"],
            "verified": chosen["verified"],
            "to be read with": [
                SAME_STATISTIC if s == statistic else OTHER_STATISTIC for s in chosen["statistic"]
            ],
            "note": chosen["note"],
            "source": chosen["source"],
        }
    )
    both = pd.concat([mine[list(theirs.columns)], theirs], ignore_index=True)
    return both.astype(dict.fromkeys(("errors", "of", "gallery"), "Int64"))


def _trials(statistic: str, words: str) -> str:
    """What a statistic is out of, in words; empty for one that is no rate."""
    if statistic in RATES:
        return _(RATES[statistic].trials)
    return words.partition(" / ")[2]  # translators: keep the slash


def _ours(ours: Any, statistic: str) -> pd.DataFrame:
    """Columns group, errors, of, rate, low, high, note of what was measured here."""
    import pandas as pd

    if isinstance(ours, GroupTable):
        cells = [(group, ours[group, statistic]) for group in ours.names]
        return pd.DataFrame(
            {
                "group": [str(group) for group, _ in cells],
                "errors": [i.errors for _, i in cells],
                "of": [i.trials for _, i in cells],
                "rate": [i.value for _, i in cells],
                "low": [i.low for _, i in cells],
                "high": [i.high for _, i in cells],
                "note": [i.words for _, i in cells],
            }
        )
    missing = [c for c in ("errors", "of") if c not in getattr(ours, "columns", ())]
    if missing:
        sentence = _(
            "ours has no column {column!r}: give errors and what they are out of, for each group,"
            " or a group table"
        )
        raise ValueError(sentence.format(column=missing[0]))
    table = ours.reset_index(drop=True)
    errors, of = table["errors"].astype(float), table["of"].astype(float)
    if ((errors > of) | (errors < 0)).any():
        place = int(((errors > of) | (errors < 0)).argmax())
        sentence = _(
            "row {row} of ours has {errors:g} errors of {of:g}: a rate lies between 0 and 1"
        )
        raise ValueError(sentence.format(row=place, errors=errors[place], of=of[place]))
    groups = table["group"] if "group" in table else pd.Series(ours.index)
    blank = pd.Series(math.nan, index=table.index)
    return pd.DataFrame(
        {
            "group": groups.astype(str).to_numpy(),
            "errors": errors,
            "of": of,
            "rate": errors / of.where(of > 0),
            "low": table.get("low", blank),
            "high": table.get("high", blank),
            "note": "",
        }
    )


def _rated(record: Published, rows: Mapping[str, Any] | Sequence[str] | None) -> pd.DataFrame:
    """Published rows that have a rate: all, those named, or those that hold what is asked for."""
    chosen = record.rows(rows)
    without = chosen[chosen["rate"].isna()]
    if len(without) and rows is not None and not isinstance(rows, Mapping):
        row = without.iloc[0]
        sentence = _("row {row!r} of {name} has no rate: its figure is {figure}")
        raise ValueError(sentence.format(row=row["id"], name=record.name, figure=figure(row)))
    chosen = chosen[chosen["rate"].notna()]
    if chosen.empty:
        sentence = _("no row of {name} has a rate and fits {rows!r}: see show({name!r})")
        raise ValueError(sentence.format(name=record.name, rows=rows))
    return chosen.reset_index(drop=True)

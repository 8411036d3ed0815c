"""The final table: what remedies do to people at whom nobody had looked.

In: people of ``anytown/holdout``, used once.  Out: the table that ``python -m labkit make
remedies`` stores, and the same table read again.

Which remedies, matchers and settings stand in it was written down here before the people of holdout
were looked at.  Networks of other mixes have no templates of these people, so training is not in
it; nor are other cameras, whose people are a set of their own.
"""

from __future__ import annotations

import io
import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from labkit import data as bundled
from labkit import matchers
from labkit.base.files import read_checked, read_checksums
from labkit.remedies.judged import Judged, key, looks
from labkit.remedies.pictures import quality_gate
from labkit.remedies.scores import origin_of, recentred, s_norm
from labkit.remedies.thresholds import drawn_again, group_thresholds
from labkit.remedies.town import Town

if TYPE_CHECKING:
    import pandas as pd

FOLDER = "remedies"
MATCHERS = ("dlib", "SFace", "AnytownNet")
"""Whose errors are in the final table."""

SUMMED = ("fmr", "false_rejection", "fta", "turned away", "gap fmr")
"""What :func:`summary` tells."""

WRONG = 0.1
"""Share of wrong records."""


def final_remedies(town: Town) -> list[Judged]:
    """The remedies of the final table, with the settings that were written down.

    Parameters
    ----------
    town
        A matcher with its people; the people judged need crops.

    Returns
    -------
    results
        The null remedy first.

    Raises
    ------
    LookupError
        Where the people judged have no crops.

    Examples
    --------
    >>> [one.name for one in final_remedies(Town.of("dlib"))][:2]
    ['nothing, dev drawn again', 'group thresholds']
    """
    return [
        drawn_again(town),
        group_thresholds(town),
        group_thresholds(town, wrong=WRONG),
        quality_gate(town),
        quality_gate_other(town),
        recentred(town, origin_of(town.matcher)),
        s_norm(town),
        s_norm(town, "lighter"),
    ]


def quality_gate_other(town: Town) -> Judged:
    """The gate by the sharpness of the face, whichever quality the first one took.

    Examples
    --------
    >>> quality_gate_other(Town.of("dlib")).name
    'quality gate (sharpness)'
    """
    return quality_gate(town, by="sharpness")


def registered() -> list[str]:
    """Those of :data:`MATCHERS` that are in the registry.

    Examples
    --------
    >>> registered()[:2]
    ['dlib', 'SFace']
    """
    return [name for name in MATCHERS if name in matchers.MATCHERS]


def as_rows(results: Sequence[Judged]) -> pd.DataFrame:
    """All changes and counts of remedies as one table for a file.

    Parameters
    ----------
    results
        What the remedies gave.

    Returns
    -------
    table
        Columns: ``matcher``, ``remedy``, ``what`` (as in :attr:`Judged.changes`, and ``fta``,
        ``turned away``), ``group``, ``people``; ``before``, ``after``, ``change``, ``low``,
        ``high``, ``p``, ``detectable``, ``luck_low``, ``luck_high``, ``looks``, ``p_looks``,
        ``verdict``, ``why``, ``words``.

    Examples
    --------
    >>> town = Town.of("dlib")
    >>> len(as_rows([drawn_again(town, draws=5)]))
    14
    """
    import pandas as pd

    found = looks(results)
    rows: list[Mapping[str, Any]] = []
    for result in results:
        own: Any = found.xs(key(result), level="remedy")
        named = {"matcher": result.matcher, "remedy": result.name}
        people = {row.name: len(row.people) for row in result.before.rows}
        for (what, group), row in zip(own.index, own.to_dict("records"), strict=True):
            rows.append({**named, "what": what, "group": group, "people": people[group], **row})
        for group in people:
            fta = [t[group, "fta"].value for t in (result.before, result.after)]
            turned = [0.0, result.turned(group).value]
            for what, (before, after) in (("fta", fta), ("turned away", turned)):
                line = {"what": what, "group": group, "people": people[group]}
                rows.append({**named, **line, "before": before, "after": after})
    columns = [
        *("matcher", "remedy", "what", "group", "people", "before", "after", "change", "low"),
        *("high", "p", "detectable", "luck_low", "luck_high", "looks", "p_looks", "verdict"),
        *("why", "words"),
    ]
    table = pd.DataFrame(rows)[columns]
    for name in ("verdict", "why", "words"):
        table[name] = table[name].astype(object).where(table[name].notna(), "")
    return table


def final(*, data: Path | None = None) -> pd.DataFrame:
    """The final table as it is stored; :func:`as_rows` says what its columns are.

    Raises
    ------
    DamagedFile
        When the file is missing, cut short or changed.

    Examples
    --------
    >>> set(final()["matcher"]) <= set(MATCHERS)
    True
    """
    import pandas as pd

    words = ("verdict", "why", "words")
    table = pd.read_csv(io.BytesIO(_read("final.csv", data)), dtype=dict.fromkeys(words, str))
    return table.fillna(dict.fromkeys(words, ""))


def made(*, data: Path | None = None) -> dict[str, Any]:
    """When the final table was made, of whom, and by which code.

    Raises
    ------
    DamagedFile
        When the file is missing, cut short or changed.

    Examples
    --------
    >>> made()["set"]
    'anytown/holdout'
    """
    return dict(json.loads(_read("made.json", data)))


def _read(name: str, data: Path | None) -> bytes:
    folder = (bundled.data_folder() if data is None else Path(data)) / FOLDER
    return read_checked(folder, name, read_checksums(folder))


def summary(table: pd.DataFrame, what: str) -> pd.DataFrame:
    """One quantity of the final table, remedies down and groups across, for reading.

    Parameters
    ----------
    table
        What :func:`final` or :func:`as_rows` gives.
    what
        ``"fmr"``, ``"false_rejection"``, ``"fta"``, ``"turned away"`` or ``"gap fmr"``, the last
        group's FMR over the first's.

    Raises
    ------
    ValueError
        For anything else.

    Returns
    -------
    table
        Index: matcher and remedy.  Columns: groups; before -> after and the verdict.

    Examples
    --------
    >>> town = Town.of("dlib")
    >>> summary(as_rows([drawn_again(town, draws=5)]), "fta").iloc[0, 0]
    '0.0% → 0.0%'
    """
    if what not in SUMMED:
        raise ValueError(f"there is no summary of {what!r}: use one of {', '.join(SUMMED)}")
    part = table[table["what"] == what]
    groups = list(dict.fromkeys(part["group"]))
    digits = {"fmr": ".4f", "gap fmr": ".2f"}.get(what, ".1%")

    def cell(row: Any) -> str:
        ends = [f"{x:{digits}}" for x in (row.before, row.after)]
        words = "" if row.verdict in ("", "by luck", "not shown", "unchanged") else row.verdict
        ends = [x if np.isfinite(float(v)) else "-" for x, v in zip(ends, (row.before, row.after))]
        return f"{' → '.join(ends)} {words}".strip()

    said = part.assign(cell=[cell(row) for row in part.itertuples()])
    out = said.pivot_table("cell", ["matcher", "remedy"], "group", aggfunc="first", sort=False)
    return out[groups]

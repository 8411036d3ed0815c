"""What did not differ, and what size of difference would have been missed.

In: everything that a page looked at.  Out: one table of the comparisons in which no difference may
be spoken of, each with the true one that would have been found four times in five, and a sentence.

"No difference seen" is worth what the comparison could have seen.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from labkit.base.words import _
from labkit.experiment import changes
from labkit.experiment.estimates import Estimate

if TYPE_CHECKING:
    import pandas as pd

COLUMNS = ["as", "seen", "low", "high", "found", "why"]
RATIO, DIFFERENCE = "ratio", "difference"


def not_shown(
    looks: Mapping[str, pd.DataFrame] | None = None,
    estimates: Mapping[str, Mapping[str, Estimate]] | None = None,
) -> pd.DataFrame:
    """All comparisons of a page that showed no difference.

    Parameters
    ----------
    looks
        Part of the page -> a table of looks: of :func:`labkit.measure.groups.looks` (ratios), of
        :func:`labkit.experiment.camera.looks` (differences, and ratios of false matches), or of
        :meth:`labkit.measure.disparity.GroupTable.family`.
    estimates
        Part of the page -> name -> a difference, such as the shares of
        :meth:`labkit.experiment.origin.Tested.shares`; not shown where its interval holds 0.

    Returns
    -------
    table
        Index: ``part``, ``comparison``.  Columns: ``as``, ``"ratio"`` or ``"difference"``;
        ``seen``, ``low``, ``high``; ``found``, the true ratio or difference that would be found
        four times in five; ``why``, words where there was too little to compare at all.

    Raises
    ------
    ValueError
        For a table without the columns of a look.

    Examples
    --------
    >>> from labkit.experiment import camera
    >>> table = not_shown({"camera": camera.looks([camera.cameras("dlib")])})
    >>> sorted(set(table["as"]))
    ['difference', 'ratio']
    """
    import pandas as pd

    index, lines = [], []
    for part, table in (looks or {}).items():
        for name, line in _of_looks(table):
            index.append((part, name))
            lines.append(line)
    for part, given in (estimates or {}).items():
        for name, estimate in given.items():
            found = estimate.interval
            if not found.words and not found.low <= 0 <= found.high:
                continue
            index.append((part, name))
            lines.append(
                [DIFFERENCE, found.value, found.low, found.high, found.detectable, found.words]
            )
    names = ["part", "comparison"]
    rows = (
        pd.MultiIndex.from_tuples(index, names=names)
        if index
        else pd.MultiIndex([[], []], [[], []], names=names)
    )
    return pd.DataFrame(lines, rows, columns=COLUMNS)


def _of_looks(table: pd.DataFrame) -> list[tuple[str, list[Any]]]:
    value = "ratio" if "ratio" in table else "value"
    for column in (value, "low", "high", "detectable", "words", "claimed"):
        if column not in table:
            raise ValueError(
                f"this table has no {column!r}: give one of looks, with the columns it has"
            )
    out = []
    kinds = list(table.index.names)
    for key, row in table.iterrows():
        if row["claimed"]:
            continue
        parts = key if isinstance(key, tuple) else (key,)
        ratio = value == "ratio" or "false matches" in parts[: len(kinds)]
        why = "" if math.isfinite(row["low"]) else str(row["words"])
        seen = [row[value], row["low"], row["high"], row["detectable"]]
        out.append((", ".join(map(str, parts)), [RATIO if ratio else DIFFERENCE, *seen, why]))
    return out


def shown(table: pd.DataFrame) -> pd.DataFrame:
    """The same for reading: what was seen, and what a single look would have found.

    Parameters
    ----------
    table
        From :func:`not_shown`.

    Returns
    -------
    table
        Index: the comparison.  Differences in 100, ratios as they are; the unit stands beside them.

    Examples
    --------
    >>> list(shown(not_shown()))
    ['seen', 'would be found', 'unit']
    """
    import pandas as pd

    kinds = table["as"].tolist()
    units = {DIFFERENCE: _("of 100, a difference"), RATIO: _("times, a ratio")}
    sizes = {
        name: [_size(value, kind) for value, kind in zip(table[column], kinds, strict=True)]
        for name, column in ((_("seen"), "seen"), (_("would be found"), "found"))
    }
    rows = {**sizes, _("unit"): [units[kind] for kind in kinds]}
    return pd.DataFrame(rows, table.index.get_level_values("comparison"))


def told(table: pd.DataFrame, looked: int | None = None) -> str:
    """How many comparisons showed nothing, and what the weakest of them would have missed.

    Parameters
    ----------
    table
        From :func:`not_shown`.
    looked
        How many comparisons there were in all.

    Examples
    --------
    >>> told(not_shown())
    'No comparison ended without a difference.'
    """
    if table.empty:
        return _("No comparison ended without a difference.")
    n = len(table)
    if looked is None:
        lines = [_("In {n} comparisons no difference is shown.").format(n=n)]
    else:
        lines = [_("In {n} of {all} comparisons no difference is shown.").format(n=n, all=looked)]
    for kind, text in _weakest(table):
        rows = table[(table["as"] == kind) & (table["why"] == "")]
        if rows.empty:
            continue
        order = rows["found"].to_numpy(float).argsort(kind="stable")
        found, names = rows["found"].to_numpy(float), rows.index.tolist()
        lines.append(
            text.format(
                n=len(rows),
                least=_size(found[order[0]], kind),
                most=_size(found[order[-1]], kind),
                where=": ".join(map(str, names[order[-1]])),
            )
        )
    larger = int(_larger(table).sum())
    if larger:
        lines.append(
            _(
                "In {n} what was seen is larger than what a single look would mostly find: they are"
                " not shown because all looks are adjusted together."
            ).format(n=larger)
        )
    few = int((table["why"] != "").sum())
    if few:
        lines.append(_("In {few} there was too little to compare at all.").format(few=few))
    return "\n".join(lines)


def _larger(table: pd.DataFrame) -> Any:
    """Where the seen size is above the one that a single look finds four times in five."""
    import numpy as np

    seen, found = (table[name].to_numpy(float) for name in ("seen", "found"))
    ratio = (table["as"] == RATIO).to_numpy()
    with np.errstate(divide="ignore", invalid="ignore"):
        size = np.where(ratio, np.maximum(seen, 1 / seen), np.abs(seen))
    return size > found


def _weakest(table: pd.DataFrame) -> Sequence[tuple[str, str]]:
    return (
        (
            DIFFERENCE,
            _(
                "{n} are differences of rates or shares: the sharpest would find {least} of 100"
                " four times in five, the weakest only {most} of 100 ({where})."
            ),
        ),
        (
            RATIO,
            _(
                "{n} are ratios: the sharpest would find {least} times four times in five, the"
                " weakest only {most} times ({where})."
            ),
        ),
    )


def _size(value: float, kind: str) -> str:
    return changes.hundred(value) if kind == DIFFERENCE else f"{value:.2f}"

"""The published record: what others measured, said and decided, each figure with its source.

In: a name of :data:`NAMES`.  Out: a typed table in which every row says where it comes from, how
far it was checked (:data:`VERIFIED`) and where sources disagree.  :func:`compare` sets figures
measured here beside published ones without hiding that they count different things.

The tables are small, read by hand and kept in ``data/published/``; its ``DATASHEET.md`` says by
which rules, and what was left out.
"""

from __future__ import annotations

import io
import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from labkit.base.files import DamagedFile, read_checked, read_checksums
from labkit.data import data_folder
from labkit.measure.disparity import GroupTable
from labkit.measure.rate import RATES

if TYPE_CHECKING:
    import pandas as pd

FOLDER = "published"

VERIFIED = {
    "primary": "read in the source itself",
    "secondary": "read in a retelling of the source",
    "derived": "our arithmetic on figures that were read",
}
"""How far a row was checked."""

STATUS = ("confirmed", "disputed", "corrected", "open")
"""What became of a claim."""

STATISTICS = {
    **{name: f"{RATES[name].errors} / {RATES[name].trials}" for name in reversed(list(RATES))},
    "tar": "mated pairs accepted, at a false-match rate fixed beforehand",
    "fpir": "people searched who were given a false match / people searched who are not enrolled",
    "tpir": "people searched who were found / people searched who are enrolled",
    "accuracy": "pairs decided rightly",
    "classification_error": "people whose gender was misjudged (no face is compared with another)",
    "change_since_first_audit": "change of that error since the first audit",
    "share_of_people": "share of the people in a data set",
    "people": "people in a data set",
    "share_of_false_matches": "share of the false matches",
    "false_share_of_alerts": "wrong alerts / alerts",
    "true_share_of_alerts": "alerts counted as right by the police / alerts",
    "false_alerts_per_person": "wrong alerts / people who were there",
    "false_alerts_per_face": "wrong alerts / faces scanned",
    "verified_share_of_matches": "matches verified as right / matches",
    "rejected_by_operators": "matches that operators did not believe / matches",
    "acted_on": "matches on which officers acted / matches",
    "wrong_share_of_stops": "people stopped by mistake / people stopped",
    "searches_with_leads": "searches that gave a lead / searches",
    "alerts": "alerts",
    "arrests": "arrests",
    "advised_threshold": "the setting that the vendor advises",
    "oral_estimate": "an estimate, not a measurement",
    "fmr_ratio": "highest / lowest rate of false matches between groups",
    "fnmr_ratio": "highest / lowest rate of misses between groups",
    "finding": "a finding in words, see the note",
}
"""What a figure counts, by the name used in the tables.

The first four are those of :class:`labkit.measure.disparity.GroupTable`."""

UNITS = ("percent", "points", "factor", "people", "faces", "similarity")
BOUNDS = ("", "more than", "less than")
"""What the source says before a figure that is a bound."""

_END = ("source", "read_in", "verified", "conflict", "note")
_FIGURES = (
    "id",
    "date",
    "until",
    "study",
    "system",
    "data_set",
    "group",
    "statistic",
    "count",
    "of",
    "of_what",
    "value",
    "unit",
    "bound",
    "gallery",
    "threshold",
    *_END,
)
COLUMNS: dict[str, tuple[str, ...]] = {
    "congress_test": _FIGURES,
    "gender_shades": _FIGURES,
    "actionable_auditing": _FIGURES,
    "live_trials": _FIGURES,
    "vendors": _FIGURES,
    "aws_docs": ("id", "date", "commit", "topic", "said", "value", "unit", *_END),
    "policies": ("id", "date", "until", "place", "body", "kind", "measure", *_END),
    "wrongful_arrests": (
        "id",
        "date",
        "place",
        "agency",
        "name",
        "used_for",
        "held",
        "outcome",
        "status",
        "race_as_reported",
        *_END,
    ),
    "skin_tone_scales": (
        "id",
        "scale",
        "step",
        "hex",
        "red",
        "green",
        "blue",
        "lightness",
        "a",
        "b",
        "ita",
        "ita_band",
        *_END,
    ),
    "nist": _FIGURES,
    "claims": (
        "claim",
        "seed",
        "who",
        "when",
        "words",
        "where",
        "status",
        "detail",
        "notebook",
        "section",
        "planned",
        "why_not",
        "source",
        "verified",
    ),
}
"""The columns of each table, in the order of its file; ``DATASHEET.md`` explains them."""

NAMES = tuple(COLUMNS)
"""The tables that :func:`load` knows."""

FIGURE_TABLES = tuple(name for name, columns in COLUMNS.items() if columns is _FIGURES)
"""The tables of figures, which :func:`compare` can use."""

WHOLE = ("count", "of", "gallery", "step", "red", "green", "blue")
NUMBER = ("value", "threshold", "lightness", "a", "b", "ita")
YES_NO = {"true": True, "false": False}

# What a learner reads.
ABOUT = {
    "congress_test": "Tests that searched politicians or athletes among arrest photographs.",
    "gender_shades": "Gender Shades (2018): errors of GENDER CLASSIFICATION, not of recognition.",
    "actionable_auditing": "The audit of August 2018 that followed, of gender classification too.",
    "live_trials": "Trials and tests of police face search, each figure with its own denominator.",
    "vendors": "What a maker of models prints about them.",
    "aws_docs": "What the developer guide of Amazon Rekognition said, and when it changed.",
    "policies": "Laws, bans, judgments, settlements and decisions of companies.",
    "wrongful_arrests": "Arrests of the wrong person that became public: known cases, no rate.",
    "skin_tone_scales": "Printed colours of a scale of skin tones; no measurement of skin.",
    "nist": "Findings of NIST IR 8280 (2019), each with its data set where that was known.",
    "claims": "Every claim of the five documents of 2018-19, and what tests it or why nothing can.",
}
HERE, THERE = "measured here", "published"
OTHER_STATISTIC = "another statistic: do not compare the sizes"
SAME_STATISTIC = "the same statistic, but other people and another matcher"
NOT_PRINTED = "number not printed"
HEADINGS = {
    "id": "row",
    "date": "date",
    "place": "place",
    "body": "who",
    "kind": "kind",
    "measure": "what was decided",
    "topic": "topic",
    "said": "what the guide said (our words)",
    "name": "name",
    "agency": "police",
    "held": "held",
    "outcome": "what came of it",
    "status": "state",
    "race_as_reported": "race, as reported",
    "used_for": "the match was used",
    "scale": "scale",
    "step": "step",
    "hex": "colour",
    "lightness": "L*",
    "ita": "ITA, degrees",
    "ita_band": "band by ITA",
    "study": "study",
    "system": "system",
    "data_set": "data set",
    "group": "group",
    "claim": "claim",
    "seed": "document",
    "who": "who",
    "when": "when",
    "words": "the claim, in our words",
    "where": "where checked",
    "detail": "what was found",
    "notebook": "notebook",
    "section": "section",
    "why_not": "why no experiment here can decide it",
    "verified": "how checked",
    "note": "note",
    "source": "source",
}
READING = {
    "aws_docs": ("date", "topic", "said", "verified", "note", "source"),
    "policies": ("date", "place", "body", "kind", "measure", "verified", "note", "source"),
    "wrongful_arrests": (
        "date",
        "place",
        "agency",
        "name",
        "held",
        "outcome",
        "status",
        "race_as_reported",
        "verified",
        "note",
        "source",
    ),
    "skin_tone_scales": (
        "scale",
        "step",
        "hex",
        "lightness",
        "ita",
        "ita_band",
        "verified",
        "source",
    ),
    "claims": (
        "claim",
        "who",
        "when",
        "words",
        "status",
        "detail",
        "notebook",
        "section",
        "why_not",
        "verified",
    ),
}


@dataclass(frozen=True)
class Published:
    """One table of the published record.

    Parameters
    ----------
    name
        One of :data:`NAMES`.
    table
        One row for each figure, decision or claim: text is ``str`` (empty where there is
        nothing), counts ``Int64``, other numbers ``float64``.  Two columns are added: ``day``, the
        first day of what ``date`` names, for drawing; in tables of figures also ``rate``, a
        proportion (``count / of`` where both are known, else the printed percentage / 100).
    notes
        One sentence for each row in which sources disagree: "row: note".
    source
        The works cited, each once.
    about
        What the table is, in one sentence.
    """

    name: str
    table: pd.DataFrame = field(repr=False)
    notes: tuple[str, ...] = field(repr=False)
    source: tuple[str, ...] = field(repr=False)
    about: str

    def __len__(self) -> int:
        return len(self.table)


def load(name: str, *, data: Path | None = None) -> Published:
    """A table of the published record.

    Parameters
    ----------
    name
        One of :data:`NAMES`.
    data
        Another data folder.

    Raises
    ------
    ValueError
        For an unknown name.
    DamagedFile
        When the file is missing, was changed or cut short, or does not have its columns.

    Examples
    --------
    >>> record = load("congress_test")
    >>> row = record.table.set_index("id").loc["aclu-2018"]
    >>> int(row["count"]), int(row["of"]), round(float(row["rate"]), 3), row["verified"]
    (28, 535, 0.052, 'primary')
    """
    if name not in COLUMNS:
        raise ValueError(f"there is no published table {name!r}: use {', '.join(NAMES)}")
    folder = (data_folder() if data is None else Path(data)) / FOLDER
    content = read_checked(folder, f"{name}.csv", read_checksums(folder))
    table = _typed(_text(content, folder / f"{name}.csv", COLUMNS[name]), folder / f"{name}.csv")
    conflicts = table[table["conflict"] != ""] if "conflict" in table else table.iloc[:0]
    notes = tuple(f"{row['id']}: {row['note']}" for _, row in conflicts.iterrows())
    works = tuple(dict.fromkeys(s for s in table["source"] if s))
    return Published(name, table, notes, works, ABOUT[name])


def _text(content: bytes, path: Path, columns: Sequence[str]) -> pd.DataFrame:
    """The file as text, with exactly its columns."""
    import pandas as pd

    try:
        table = pd.read_csv(io.BytesIO(content), dtype=str, keep_default_na=False)
    except ValueError as error:  # pandas' parser errors are ValueErrors
        raise DamagedFile(f"{path} cannot be read as a table: {error}") from None
    if tuple(table.columns) != tuple(columns):
        wrong = sorted(set(columns) ^ set(table.columns)) or ["their order"]
        raise DamagedFile(
            f"{path} does not have its columns ({', '.join(wrong)}): they are {', '.join(columns)}"
        )
    return table


def _typed(text: pd.DataFrame, path: Path) -> pd.DataFrame:
    """Types by column; the first cell that does not fit is named."""
    import pandas as pd

    table = text.copy()
    # Only claims.csv has a column "claim"; its "when" is a date, its other columns are words.
    numbers = [c for c in text.columns if c in WHOLE + NUMBER]
    for column in numbers:
        values = pd.to_numeric(text[column].replace("", None), errors="coerce").astype(float)
        bad = values.isna() & (text[column] != "")
        if column in WHOLE:
            bad |= values.notna() & (values % 1 != 0)
        _refuse(
            bad, text[column], column, path, "a whole number" if column in WHOLE else "a number"
        )
        table[column] = values.astype("Int64") if column in WHOLE else values
    if "planned" in text:
        _refuse(~text["planned"].isin(YES_NO), text["planned"], "planned", path, "true or false")
        table["planned"] = text["planned"].map(YES_NO).astype(bool)
        _refuse(
            ~text["status"].isin(STATUS),
            text["status"],
            "status",
            path,
            f"one of {', '.join(STATUS)}",
        )
    _refuse(
        ~text["verified"].isin(VERIFIED),
        text["verified"],
        "verified",
        path,
        f"one of {', '.join(VERIFIED)}",
    )
    when = next((c for c in ("date", "when") if c in text), None)
    if when:
        days = pd.to_datetime(
            text[when].where(text[when] != "", None), format="ISO8601", errors="coerce"
        )
        _refuse(days.isna() & (text[when] != ""), text[when], when, path, "a date such as 2018-07")
        table["day"] = days
    if "of" in text:
        share = table["count"].astype(float) / table["of"].astype(float).where(table["of"] > 0)
        table["rate"] = share.fillna(table["value"].where(table["unit"] == "percent") / 100)
    return table


def _refuse(bad: Any, cells: Any, column: str, path: Path, wanted: str) -> None:
    if bad.any():
        place = int(bad.to_numpy().argmax())
        raise DamagedFile(
            f"{path}, line {place + 2}, column {column}: {cells.iloc[place]!r} is not {wanted}"
        )


def verify(*, data: Path | None = None) -> int:
    """Load every table that is there; the number of tables.

    Raises
    ------
    DamagedFile
        Naming the first file that is missing, changed or not what its columns say.
    """
    folder = (data_folder() if data is None else Path(data)) / FOLDER
    names = [Path(name).stem for name in read_checksums(folder)]
    for name in names:
        load(name, data=data)
    return len(names)


# ---- reading ------------------------------------------------------------------------------------


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
    said = f"{row['bound']} " if row["bound"] else ""
    return said + _figure(row["count"], row["of"], row["rate"], row["value"], row["unit"])


def _figure(count: Any, of: Any, rate: float, value: float, unit: str) -> str:
    import pandas as pd

    if pd.notna(count) and pd.notna(of):
        share = f" ({_percent(rate)})" if of else ""
        return f"{count:,} of {of:,}{share}"
    if pd.notna(count):
        return f"{count:,}"
    if pd.isna(value):
        return "in words"
    number = f"{value:,.10g}"
    if unit == "points":
        return f"{value:+.10g} points"
    return number + {"percent": "%", "factor": "-fold"}.get(unit, f" {unit}")


def _percent(rate: float) -> str:
    """One digit behind the point from 1% on, else one digit that counts."""
    percent = 100 * rate
    digits = 1 if percent >= 1 or percent == 0 else max(1, -math.floor(math.log10(percent)))
    # Two digits that count for small shares that are not tiny: 0.48%, not 0.5%.
    return f"{percent:.{digits + (0.1 <= percent < 1)}f}%"


def show(name: str, *, data: Path | None = None) -> pd.DataFrame:
    """A table of the published record for reading, with how each row was checked.

    Parameters
    ----------
    name
        One of :data:`NAMES`.
    data
        Another data folder.

    Raises
    ------
    ValueError, DamagedFile
        As :func:`load`.

    Examples
    --------
    >>> show("congress_test").loc["aclu-2019-massachusetts", "figure"]
    '27 of 188 (14.4%)'
    """
    import pandas as pd

    table = load(name, data=data).table
    first = table.columns[0]
    if name in FIGURE_TABLES:
        out = pd.DataFrame(
            {
                "date": table["date"] + table["until"].map(lambda s: f" to {s}" if s else ""),
                "study": table["study"],
                "system": table["system"],
                "data set": table["data_set"],
                "group": table["group"],
                "figure": [figure(row) for _, row in table.iterrows()],
                "of what": table["of_what"],
                "what it counts": table["statistic"].map(STATISTICS),
                "how checked": table["verified"].map(VERIFIED),
                "note": table["note"],
                "source": table["source"],
            }
        )
    else:
        columns = [c for c in READING[name] if c != first]
        out = table[columns].rename(columns=HEADINGS)
        out["how checked"] = out["how checked"].map(VERIFIED)
    return out.set_index(pd.Index(table[first], name=HEADINGS[first]))


# ---- beside ours --------------------------------------------------------------------------------


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
        A published table of figures: one of :data:`FIGURE_TABLES`.
    statistic
        What ours counts, a name of :data:`STATISTICS`; of a group table ``"fmr"``, ``"fnmr"``,
        ``"false_rejection"`` or ``"fta"``.
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
        ``of``, ``of what``, ``rate``, ``low``, ``high``, ``data set``, ``system``, ``verified``,
        ``to be read with``, ``note``, ``source``.

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

    if name not in FIGURE_TABLES:
        load(name, data=data)  # an unknown name has its own sentence
        raise ValueError(
            f"{name} is no table of figures to compare with: use {', '.join(FIGURE_TABLES)}"
        )
    if statistic not in STATISTICS:
        raise ValueError(f"there is no statistic {statistic!r}: use one of {', '.join(STATISTICS)}")
    mine = _ours(ours, statistic)
    mine["where"] = HERE
    mine["statistic"] = STATISTICS[statistic]
    mine["of what"] = of_what or STATISTICS[statistic].partition(" / ")[2]
    mine["data set"], mine["system"], mine["verified"] = data_set, system, HERE
    mine["to be read with"], mine["source"] = "", ""
    mine["note"] = [f"{own} {note}".strip() for own in mine["note"]]

    chosen = _choose(load(name, data=data).table, rows, name)
    theirs = pd.DataFrame(
        {
            "where": THERE,
            "group": chosen["group"],
            "statistic": chosen["statistic"].map(STATISTICS),
            "errors": chosen["count"],
            "of": chosen["of"],
            "of what": chosen["of_what"].where(chosen["of_what"] != "", NOT_PRINTED),
            "rate": chosen["rate"],
            "low": math.nan,
            "high": math.nan,
            "data set": chosen["data_set"],
            "system": chosen["system"],
            "verified": chosen["verified"],
            "to be read with": [
                SAME_STATISTIC if s == statistic else OTHER_STATISTIC for s in chosen["statistic"]
            ],
            "note": chosen["note"],
            "source": chosen["source"],
        }
    )
    both = pd.concat([mine[list(theirs.columns)], theirs], ignore_index=True)
    return both.astype({"errors": "Int64", "of": "Int64"})


def _ours(ours: Any, statistic: str) -> pd.DataFrame:
    """Columns group, errors, of, rate, low, high, note of what was measured here."""
    import pandas as pd

    if isinstance(ours, GroupTable):
        if statistic not in RATES:
            raise ValueError(
                f"a group table has no rate {statistic!r}: use one of {', '.join(RATES)}"
            )
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
        raise ValueError(
            f"ours has no column {missing[0]!r}: give errors and what they are out of, for each"
            " group, or a group table"
        )
    table = ours.reset_index(drop=True)
    errors, of = table["errors"].astype(float), table["of"].astype(float)
    if ((errors > of) | (errors < 0)).any():
        place = int(((errors > of) | (errors < 0)).argmax())
        raise ValueError(
            f"row {place} of ours has {errors[place]:g} errors of {of[place]:g}: a rate lies"
            " between 0 and 1"
        )
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


def _choose(
    table: pd.DataFrame, rows: Mapping[str, Any] | Sequence[str] | None, name: str
) -> pd.DataFrame:
    """Published rows that have a rate: all, those named, or those that hold what is asked for."""
    if isinstance(rows, str):
        rows = [rows]
    if rows is None:
        chosen = table[table["rate"].notna()]
    elif isinstance(rows, Mapping):
        keep = table["rate"].notna()
        for column, wanted in rows.items():
            if column not in table:
                raise ValueError(f"{name} has no column {column!r}: use {', '.join(table.columns)}")
            values = (
                [wanted] if isinstance(wanted, str) or not isinstance(wanted, Iterable) else wanted
            )
            keep &= table[column].isin(list(values))
        chosen = table[keep]
    else:
        known = table.set_index("id", drop=False)
        for key in rows:
            if key not in known.index:
                raise ValueError(
                    f"{name} has no row {key!r}: its rows are {', '.join(table['id'])}"
                )
        chosen = known.loc[list(rows)]
        for _, row in chosen[chosen["rate"].isna()].iterrows():
            raise ValueError(
                f"row {row['id']!r} of {name} has no rate: its figure is {figure(row)}"
            )
    if chosen.empty:
        raise ValueError(f"no row of {name} has a rate and fits {rows!r}: see show({name!r})")
    return chosen.reset_index(drop=True)

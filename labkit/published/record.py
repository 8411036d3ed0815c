"""The tables of the published record: what others measured, said and decided, and who says so.

In: a name of :data:`NAMES`.  Out: a typed table in which every row says where it comes from, how
far it was checked (:data:`VERIFIED`) and where sources disagree.

The tables are small, read by hand and kept in ``data/published/``; its ``DATASHEET.md`` says by
which rules, and what was left out.
"""

from __future__ import annotations

import io
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from labkit.base.files import DamagedFile, read_checked, read_checksums
from labkit.base.words import N_, _
from labkit.data import data_folder

if TYPE_CHECKING:
    import pandas as pd

FOLDER = "published"

VERIFIED = {
    "primary": N_("read in the source itself"),
    "secondary": N_("read in a retelling of the source"),
    "derived": N_("our arithmetic on figures that were read"),
}
"""How far a row was checked."""

STATUS = ("confirmed", "one source", "disputed", "corrected", "open")
"""What became of a claim.  ``confirmed`` needs an independent second source, named in the row."""

WEIGHING = "12"
"""The notebook that decides: it weighs claims, it does not measure them."""

TESTED = (N_("measured"), N_("method shown"), N_("not yet"), N_("cannot be"))
"""Whether a section tests a claim itself, only shows how one would, is still to come, or never can.

A reason in ``why_not`` says that the claim itself cannot be tested here."""

STATISTICS = {
    "tar": N_("mated pairs accepted, at a false-match rate fixed beforehand"),
    "fpir": N_(
        "people searched who were given a false match / people searched who are not enrolled"
    ),
    "tpir": N_("people searched who were found / people searched who are enrolled"),
    "accuracy": N_("pairs decided rightly"),
    "classification_error": N_(
        "people whose gender was misjudged (no face is compared with another)"
    ),
    "change_since_first_audit": N_("change of that error since the first audit"),
    "share_of_people": N_("share of the people in a data set"),
    "people": N_("people in a data set"),
    "share_of_false_matches": N_("share of the false matches"),
    "false_share_of_alerts": N_("wrong alerts / alerts"),
    "true_share_of_alerts": N_("alerts counted as right by the police / alerts"),
    "false_alerts_per_face": N_("wrong alerts / faces scanned"),
    "verified_share_of_matches": N_("matches verified as right / matches"),
    "rejected_by_operators": N_("matches that operators did not believe / matches"),
    "acted_on": N_("matches on which officers acted / matches"),
    "not_acted_on": N_("false alerts on which officers did not act / false alerts"),
    "wrong_share_of_stops": N_("people stopped by mistake / people stopped"),
    "searches_with_leads": N_("searches that gave a lead / searches"),
    "alerts": N_("alerts"),
    "arrests": N_("arrests"),
    "known_arrests": N_("arrests of the wrong person that became public"),
    "right_decisions": N_("decisions that were right / decisions"),
    "wrong_decisions": N_("decisions that were wrong / decisions"),
    "wrong_photographs_accepted": N_("wrong photographs accepted / wrong photographs shown"),
    "right_photographs_rejected": N_("right photographs rejected / right photographs shown"),
    "gain": N_("more right decisions than other groups of people, in points"),
    "unique_traces": N_("people singled out among the records / people"),
    "traces_matched": N_("people found again in a second set of records / people looked for"),
    "searches_without_mate": N_(
        "searches that did not return the person / searches for people who are enrolled"
    ),
    "found_in_list": N_(
        "searches whose list had the person / searches for people who are enrolled"
    ),
    "enrolled": N_("photographs or people that are searched among"),
    "advised_threshold": N_("the setting that the vendor advises"),
    "oral_estimate": N_("an estimate, not a measurement"),
    "fmr_ratio": N_("highest / lowest rate of false matches between groups"),
    "fnmr_ratio": N_("highest / lowest rate of misses between groups"),
    "finding": N_("a finding in words, see the note"),
}
"""What a published figure counts, by the name used in the tables: "errors / trials" for a rate."""

UNITS = ("percent", "points", "factor", "people", "faces", "similarity")
BOUNDS = ("", N_("more than"), N_("at least"), N_("less than"))
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
    "human_review": _FIGURES,
    "searches": _FIGURES,
    "mobility": _FIGURES,
    "probes": (*"id date place agency practice police_say".split(), *_END),
    "aws_docs": ("id", "date", "commit", "topic", "said", "value", "unit", *_END),
    "policies": (
        *"id date until place body kind acts measure state ended".split(),
        *_END,
    ),
    "courts": (
        *"id date place court citation between asked held won after".split(),
        *_END,
    ),
    "remedies": (*"id since place situation ask whom basis limit".split(), *_END),
    "arguments": (
        *"id side who date argument words".split(),
        *"reply_by reply_date reply reply_words reply_source".split(),
        *_END,
    ),
    "wrongful_arrests": (
        *"id date place agency used_for held outcome witness police_say words status".split(),
        "race_as_reported",
        *_END,
    ),
    "stops": (
        *"id date until place kind by count what_happened outcome words error".split(),
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
        "second",
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
"""The tables of figures: each row a number, with what it counts."""

WHOLE = ("count", "of", "gallery", "step", "red", "green", "blue")
NUMBER = ("value", "threshold", "lightness", "a", "b", "ita")
YES_NO = {"true": True, "false": False}

ABOUT = {
    "congress_test": N_("Tests that searched politicians or athletes among arrest photographs."),
    "gender_shades": N_(
        "Gender Shades (2018): errors of GENDER CLASSIFICATION, not of recognition."
    ),
    "actionable_auditing": N_(
        "The audit of August 2018 that followed, of gender classification too."
    ),
    "live_trials": N_(
        "Trials and tests of police face search, each figure with its own denominator."
    ),
    "vendors": N_("What a maker of models prints about them."),
    "human_review": N_(
        "How well people compare faces, and what a machine's opinion does to them: studies of"
        " pairs and of lists of candidates."
    ),
    "searches": N_(
        "Searches of one face among many, as tests and those who search count them; how many are"
        " searched among."
    ),
    "mobility": N_(
        "How few known places single somebody out among records without names, and how hard it is"
        " in practice: both sides."
    ),
    "probes": N_("Which pictures police have searched with, and what the police say to it."),
    "aws_docs": N_("What the developer guide of Amazon Rekognition said, and when it changed."),
    "policies": N_(
        "Laws, bans, judgments, settlements and decisions: who must act, what is asked, until when."
    ),
    "courts": N_("What each side won, lost or settled in court, side by side."),
    "remedies": N_(
        "If it happened to you: what to ask for, whom to ask, and where that holds. Not legal"
        " advice: laws change, and a lawyer or an advice centre knows those of your place."
    ),
    "arguments": N_(
        "The best arguments of vendors and of critics in their own words, each with the best reply."
    ),
    "wrongful_arrests": N_("Arrests of the wrong person that became public: known cases, no rate."),
    "stops": N_(
        "People stopped, searched or sent out after a wrong match or entry: known cases, no rate."
    ),
    "skin_tone_scales": N_("Printed colours of a scale of skin tones; no measurement of skin."),
    "nist": N_("Findings of NIST IR 8280 (2019), each with its data set where that was known."),
    "claims": N_(
        "Every claim of the five documents of 2018-19, and what tests it or why nothing can."
    ),
}
"""What each table is, in one sentence."""


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
        proportion (``count / of`` where both are known, else the printed percentage / 100); in
        ``claims`` also ``tested``, one of :data:`TESTED`.
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

    def rows(self, which: Mapping[str, Any] | Sequence[str] | None = None) -> pd.DataFrame:
        """Some of its rows, with every column.

        Parameters
        ----------
        which
            Names of rows, in the order wanted (one name, or several); or what columns must hold,
            such as ``{"system": "NEC NeoFace V4"}`` or ``{"statistic": ["fpir", "tpir"]}``.  All
            rows when ``None``.

        Returns
        -------
        table
            Rows of ``table``; none when no row holds what is asked for.

        Raises
        ------
        ValueError
            For a row or a column that the table does not have, with those it has.

        Examples
        --------
        >>> load("nist").rows({"statistic": "fmr_ratio"})["value"].tolist()
        [10.0, 100.0]
        """
        table, key = self.table, self.table.columns[0]
        if which is None:
            return table
        if isinstance(which, Mapping):
            keep = table[key].notna()
            for column, wanted in which.items():
                if column not in table:
                    raise ValueError(
                        _("{name} has no column {column!r}: use {columns}").format(
                            name=self.name, column=column, columns=", ".join(table.columns)
                        )
                    )
                several = isinstance(wanted, Iterable) and not isinstance(wanted, str)
                keep &= table[column].isin(list(wanted) if several else [wanted])
            return table[keep]
        which = [which] if isinstance(which, str) else list(which)
        for row in which:
            if row not in set(table[key]):
                raise ValueError(
                    _("{name} has no row {row!r}: its rows are {rows}").format(
                        name=self.name, row=row, rows=", ".join(table[key])
                    )
                )
        return table.set_index(key, drop=False).loc[which].reset_index(drop=True)


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
        sentence = _("there is no published table {name!r}: use {names}")
        raise ValueError(sentence.format(name=name, names=", ".join(NAMES)))
    folder = (data_folder() if data is None else Path(data)) / FOLDER
    content = read_checked(folder, f"{name}.csv", read_checksums(folder))
    table = _typed(_text(content, folder / f"{name}.csv", COLUMNS[name]), folder / f"{name}.csv")
    conflicts = table[table["conflict"] != ""] if "conflict" in table else table.iloc[:0]
    notes = tuple(f"{row['id']}: {row['note']}" for row in conflicts.to_dict("records"))
    works = tuple(dict.fromkeys(s for s in table["source"] if s))
    return Published(name, table, notes, works, _(ABOUT[name]))


def _text(content: bytes, path: Path, columns: Sequence[str]) -> pd.DataFrame:
    """The file as text, with exactly its columns."""
    import pandas as pd

    try:
        table = pd.read_csv(io.BytesIO(content), dtype=str, keep_default_na=False)
    except ValueError as error:  # pandas' parser errors are ValueErrors
        sentence = _("{path} cannot be read as a table: {error}")
        raise DamagedFile(sentence.format(path=path, error=error)) from None
    if tuple(table.columns) != tuple(columns):
        wrong = sorted(set(columns) ^ set(table.columns)) or ["their order"]
        sentence = _("{path} does not have its columns ({wrong}): they are {columns}")
        raise DamagedFile(
            sentence.format(path=path, wrong=", ".join(wrong), columns=", ".join(columns))
        )
    return table


def _typed(text: pd.DataFrame, path: Path) -> pd.DataFrame:
    """Types by column; the first cell that does not fit is named."""
    import pandas as pd

    table = text.copy()

    def refuse(bad: Any, column: str, wanted: str) -> None:
        if bad.any():
            place = int(bad.to_numpy().argmax())
            sentence = _("{path}, line {line}, column {column}: {cell!r} is not {wanted}")
            raise DamagedFile(
                sentence.format(
                    path=path,
                    line=place + 2,
                    column=column,
                    cell=text[column].iloc[place],
                    wanted=wanted,
                )
            )

    # Only claims.csv has a column "claim"; its "when" is a date, its other columns are words.
    for column in (c for c in text.columns if c in WHOLE + NUMBER):
        values = pd.to_numeric(text[column].replace("", None), errors="coerce").astype(float)
        bad = values.isna() & (text[column] != "")
        if column in WHOLE:
            bad |= values.notna() & (values % 1 != 0)
        refuse(bad, column, _("a whole number") if column in WHOLE else _("a number"))
        table[column] = values.astype("Int64") if column in WHOLE else values
    one_of: dict[str, Iterable[str]] = {"verified": VERIFIED}
    if "planned" in text:
        refuse(~text["planned"].isin(YES_NO), "planned", _("true or false"))
        table["planned"] = text["planned"].map(YES_NO).astype(bool)
        one_of = {"status": STATUS, **one_of}
        columns = (text["notebook"], table["planned"], text["why_not"])
        table["tested"] = [_tested(*row) for row in zip(*columns)]
    for column, words in one_of.items():
        refuse(
            ~text[column].isin(words), column, _("one of {words}").format(words=", ".join(words))
        )
    when = next((c for c in ("date", "when", "since") if c in text), None)
    if when:
        days = pd.to_datetime(
            text[when].where(text[when] != "", None), format="ISO8601", errors="coerce"
        )
        refuse(days.isna() & (text[when] != ""), when, _("a date such as 2018-07"))
        table["day"] = days
    if "of" in text:
        share = table["count"].astype(float) / table["of"].astype(float).where(table["of"] > 0)
        table["rate"] = share.fillna(table["value"].where(table["unit"] == "percent") / 100)
    return table


def _tested(notebook: str, planned: bool, why_not: str) -> str:
    """One of :data:`TESTED`: nothing is measured that has a reason why it cannot be."""
    measured, shown, not_yet, cannot = TESTED
    if notebook in ("", WEIGHING):
        return cannot
    if planned:
        return not_yet
    return shown if why_not else measured


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

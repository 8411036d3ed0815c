"""The columns of a CSV of scored pairs: names, truth, scores, and sentences that name a line.

In: a file.  Out: :class:`Columns`, or one sentence that says what is wrong, on which line, and what
to do.  What the columns mean together is the business of :mod:`labkit.audit.csv`.
"""

from __future__ import annotations

import contextlib
import csv
import itertools
import math
import re
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from labkit.audit.pairs import BadFile, Places
from labkit.base.words import _

if TYPE_CHECKING:
    import pandas as pd

REQUIRED = ("probe", "gallery", "same_person", "score")
OPTIONAL = ("probe_person", "gallery_person", "probe_group", "gallery_group", "group", "status")
TRUTH = {
    **dict.fromkeys(("1", "true", "yes", "y", "t"), True),
    **dict.fromkeys(("0", "false", "no", "n", "f"), False),
}
STATUS = {"": False, "ok": False, "failed": True}


@dataclass(frozen=True)
class Columns:
    """The columns of a file, with sentences that name a line.

    Parameters
    ----------
    path
        The file.
    table
        Its columns as categories of text, the score as numbers where every score is one.

    Raises
    ------
    BadFile
        From any method, for a value that cannot be used.
    """

    path: Path
    table: pd.DataFrame

    @classmethod
    def read(cls, path: Path) -> Columns:
        """The columns of a file with a header and at least one line."""
        table = _table(path, _header(path))
        if not len(table):
            words = _("{file} has a header and no pairs: give it a line for each comparison")
            raise bad_file(words, path)
        return cls(path, table)

    @property
    def names(self) -> list[str]:
        """Their names, lower case."""
        return list(self.table.columns)

    def has(self, name: str) -> bool:
        """Whether there is a column of this name."""
        return name in self.table.columns

    def line(self, row: int) -> int:
        """The line of the file on which a row of the table ends; empty lines are no rows."""
        with open(self.path, encoding="utf-8-sig", newline="") as file:
            reader = csv.reader(file)
            rows = (reader.line_num for cells in reader if cells)
            return next(itertools.islice(rows, int(row) + 1, None), int(row) + 2)

    def wrong(self, row: int, words: str, **values: object) -> BadFile:
        """A sentence about a line; it begins with ``line {line} of {file}``."""
        return bad_file(words, self.path, line=self.line(row), **values)

    def codes(self, name: str) -> tuple[list[str], Places]:
        """Different texts of a column without blanks around them, and which one each line has."""
        texts = [str(c).strip() for c in self.table[name].cat.categories]
        places = {text: i for i, text in enumerate(dict.fromkeys(texts))}
        at = np.array([places[t] for t in texts] or [0], np.int64)
        codes = self.table[name].cat.codes.to_numpy()
        if (codes < 0).any():
            places.setdefault("", len(places))
        found = np.where(codes < 0, places.get("", 0), at[codes])
        return list(places), found

    def filled(self, name: str) -> tuple[list[str], Places]:
        """The same; no line may be empty."""
        texts, codes = self.codes(name)
        if "" in texts:
            empty = np.flatnonzero(codes == texts.index(""))
            if empty.size:
                words = (
                    _("line {line} of {file} has no {column}: write unknown if nobody knows")
                    if "group" in name
                    else _("line {line} of {file} has no {column}: fill it in")
                )
                raise self.wrong(empty[0], words, column=name)
        return texts, codes

    def truth(self, name: str) -> NDArray[np.bool_]:
        """A column of :data:`TRUTH`."""
        words = _("line {line} of {file} has {column} {value!r}: write 1 or 0")
        return self._meaning(name, *self.filled(name), TRUTH, words)

    def failed(self) -> NDArray[np.bool_]:
        """Which comparisons could not be made, by their status; none without such a column."""
        if not self.has("status"):
            return np.zeros(len(self.table), bool)
        words = _("line {line} of {file} has status {value!r}: write ok, failed or nothing")
        return self._meaning("status", *self.codes("status"), STATUS, words)

    def _meaning(
        self, name: str, texts: list[str], codes: Places, meanings: dict[str, bool], words: str
    ) -> NDArray[np.bool_]:
        """What each text of a column means; the first line with another one is named."""
        for place, text in enumerate(texts):
            if text.lower() not in meanings and (codes == place).any():
                row = int(np.argmax(codes == place))
                raise self.wrong(row, words, column=name, value=text)
        return np.array([meanings.get(text.lower(), False) for text in texts])[codes]

    def scores(self, failed: NDArray[np.bool_]) -> NDArray[np.float32]:
        """The scores, NaN for comparisons that failed."""
        column = self.table["score"]
        if column.dtype != np.float64:
            self._not_numbers(column)
        values = column.to_numpy(np.float64)
        empty = np.isnan(values)
        lost = _(
            "line {line} of {file} has no score: a comparison that could not be made has status"
            " failed"
        )
        both = _(
            "line {line} of {file} has status failed and the score {score:g}: leave one of them out"
        )
        vast = _("line {line} of {file} has the score {score:g}: give a finite number")
        # float32 like all scores here; what is finite only in float64 is named as well
        endless = ~np.isfinite(values) & ~empty | (np.abs(values) > np.finfo(np.float32).max)
        for bad, words in ((empty & ~failed, lost), (failed & ~empty, both), (endless, vast)):
            if bad.any():
                row = int(np.argmax(bad))
                raise self.wrong(row, words, score=values[row])
        return values.astype(np.float32)

    def _not_numbers(self, column: pd.Series) -> None:
        texts, codes = self.codes("score")
        bad = np.array([bool(t) and not _number(t) for t in texts])
        rows = np.flatnonzero(bad[codes])
        if rows.size:
            words = _(
                "line {line} of {file} has the score {score!r}, which is no number: a comparison"
                " that could not be made has an empty score and status failed"
            )
            raise self.wrong(rows[0], words, score=texts[codes[rows[0]]])
        raise bad_file(_("the scores of {file} cannot be read: write them as 0.123"), self.path)

    def both(self, first: str, second: str) -> tuple[list[str], Places, Places]:
        """Names that two columns share, and which one each line has in either."""
        (a, at_a), (b, at_b) = self.filled(first), self.filled(second)
        places = {text: i for i, text in enumerate(dict.fromkeys(itertools.chain(a, b)))}
        to_a = np.array([places[t] for t in a], np.int64)
        to_b = np.array([places[t] for t in b], np.int64)
        return list(places), to_a[at_a], to_b[at_b]


def _number(text: str) -> bool:
    try:
        return math.isfinite(float(text)) and "_" not in text
    except ValueError:
        return False


# ---- reading ------------------------------------------------------------------------------------


def bad_file(words: str, path: Path, **values: object) -> BadFile:
    """A sentence about a file, with its name and whatever else it has places for."""
    return BadFile(words.format(file=path.name, path=path, **values))


def _not_utf8(path: Path) -> BadFile:
    return bad_file(_("{file} is not text in UTF-8: save it as a CSV in UTF-8"), path)


def _unreadable(path: Path, error: OSError) -> BadFile:
    return bad_file(_("{path} cannot be read: {why}"), path, why=error.strerror or error)


def _header(path: Path) -> list[str]:
    """The names of the columns, lower case; the required ones are there, once each."""
    try:
        with open(path, encoding="utf-8-sig", newline="") as file:
            first = next(csv.reader(file), None)
    except FileNotFoundError:
        words = _("there is no file {path}: give the path of a CSV of scored pairs")
        raise bad_file(words, path) from None
    except OSError as error:
        raise _unreadable(path, error) from None
    except (UnicodeDecodeError, csv.Error):
        raise _not_utf8(path) from None
    if not first or not any(cell.strip() for cell in first):
        words = _("{file} is empty: it needs a header with the columns {columns}")
        raise bad_file(words, path, columns=", ".join(REQUIRED))
    names = [cell.strip().lower() for cell in first]
    if len(names) == 1 and any(mark in names[0] for mark in ";\t"):
        words = _(
            "{file} has no commas in line 1: separate the columns with commas, not with semicolons"
            " or tabs"
        )
        raise bad_file(words, path)
    missing = [_("no column {name}").format(name=name) for name in REQUIRED if name not in names]
    if missing:
        words = _("{file} has {missing}: it needs {columns}")
        raise bad_file(words, path, missing=_(" and ").join(missing), columns=", ".join(REQUIRED))
    twice = [name for name in names if names.count(name) > 1]
    if twice:
        words = _("{file} has two columns {name!r}: leave one of them out")
        raise bad_file(words, path, name=twice[0])
    _check_optional(path, names)
    return names


def _check_optional(path: Path, names: list[str]) -> None:
    """Columns for both pictures, or for neither."""
    for what in ("person", "group"):
        ends = [n for n in (f"probe_{what}", f"gallery_{what}") if n in names]
        if len(ends) == 1:
            other = f"gallery_{what}" if ends[0].startswith("probe") else f"probe_{what}"
            words = _("{file} has a column {one} and no column {other}: give both or none")
            raise bad_file(words, path, one=ends[0], other=other)
        if what in names and ends and what == "group":
            words = _(
                "{file} has a column group beside {one}: give one group for both pictures, or one"
                " for each"
            )
            raise bad_file(words, path, one=ends[0])


def _table(path: Path, names: list[str]) -> pd.DataFrame:
    """All columns as categories, the score as numbers where every score is one."""
    import pandas as pd

    types: dict[str, Any] = dict.fromkeys(names, "category")
    options: dict[str, Any] = {
        "encoding": "utf-8-sig",
        "header": 0,
        "names": names,
        "keep_default_na": False,
        # Read in parts, categories would be joined part by part: five times as slow.
        "low_memory": False,
    }
    try:
        try:
            table = pd.read_csv(
                path, dtype={**types, "score": np.float64}, na_values={"score": [""]}, **options
            )
        except ValueError as error:
            if isinstance(error, pd.errors.ParserError | UnicodeDecodeError):
                raise
            table = pd.read_csv(path, dtype=types, **options)  # some score is no number
    except UnicodeDecodeError:
        raise _not_utf8(path) from None
    except pd.errors.ParserError as error:
        raise _unparsed(path, str(error), len(names)) from None
    except OSError as error:
        raise _unreadable(path, error) from None
    if not isinstance(table.index, pd.RangeIndex):
        raise _unparsed(path, "", len(names))
    return table


def _unparsed(path: Path, error: str, columns: int) -> BadFile:
    """What is wrong with the first line that has more fields than the header."""
    found = re.search(r"in line (\d+), saw (\d+)", error)
    if found:
        where, fields = int(found[1]), int(found[2])
    else:
        where, fields = 2, columns + 1
        with contextlib.suppress(csv.Error), open(path, encoding="utf-8-sig", newline="") as file:
            reader = csv.reader(file)
            for line in reader:
                if len(line) > columns:
                    where, fields = reader.line_num, len(line)
                    break
    words = _(
        "line {line} of {file} has {fields} fields and the header {columns}: give every line as"
        " many, with names that hold a comma in quotes"
    )
    return bad_file(words, path, line=where, fields=fields, columns=columns)

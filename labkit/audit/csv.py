"""A CSV of scored pairs of any matcher in the world, read and checked before a pair is counted.

In: a CSV with a line for each comparison; its columns are :data:`REQUIRED` and :data:`OPTIONAL`.
Out: :class:`labkit.audit.pairs.PairList`, or one sentence that says what is wrong, on which line,
and what to do.
"""

from __future__ import annotations

import contextlib
import csv
import hashlib
import itertools
import math
import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from labkit.audit.pairs import BadFile, PairList, Places
from labkit.measure.rates import (
    auc,
)

if TYPE_CHECKING:
    import pandas as pd


REQUIRED = ("probe", "gallery", "same_person", "score")
OPTIONAL = ("probe_person", "gallery_person", "probe_group", "gallery_group", "group", "status")
TRUE, FALSE = ("1", "true", "yes", "y", "t"), ("0", "false", "no", "n", "f")
STATUS = {"": False, "ok": False, "failed": True}

LOOK_LIKE_DISTANCES = (
    "AUC {auc:.3f}: pairs of one person score lower than pairs of two; these look like distances:"
    " rerun with --distance"
)
LOOK_LIKE_SIMILARITIES = (
    "AUC {auc:.3f} with --distance: pairs of one person lie farther apart than pairs of two; these"
    " look like similarities: rerun without --distance"
)


# ---- reading ------------------------------------------------------------------------------------


def read_pairs(path: str | Path, *, distance: bool = False) -> PairList:
    """Read and check a CSV of scored pairs.

    Parameters
    ----------
    path
        A CSV in UTF-8 with a header.  Required: ``probe``, ``gallery`` (names of pictures),
        ``same_person`` (1/0, true/false, yes/no), ``score``.  Optional: ``probe_person``,
        ``gallery_person``, ``probe_group``, ``gallery_group``; ``group``, which means both groups;
        ``status``, where ``failed`` with an empty score is a comparison that could not be made.
        Other columns are left out and named.
    distance
        Whether smaller scores mean more alike; they are then turned round.

    Returns
    -------
    PairList

    Raises
    ------
    BadFile
        With one sentence, for a file that cannot be counted.
    """
    path = Path(path)
    names = _header(path)
    table = _table(path, names)
    if not len(table):
        raise BadFile(f"{path.name} has a header and no pairs: give it a line for each comparison")
    columns = _Columns(path, table)
    mated = columns.truth("same_person")
    failed = columns.failed()
    scores = columns.scores(failed)
    pictures, probe, gallery = columns.both("probe", "gallery")
    _check_pairs(columns, probe, gallery, pictures)
    people, person = _people(columns, probe, gallery, pictures, mated)
    groups, group = _groups(columns, probe, gallery, pictures)
    with open(path, "rb") as file:
        digest = hashlib.file_digest(file, "sha256").hexdigest()
    pairs = PairList(
        path.name,
        digest,
        -scores if distance else scores,
        mated,
        probe,
        gallery,
        pictures,
        person,
        people,
        group,
        groups,
        tuple(n for n in names if n not in REQUIRED + OPTIONAL),
    )
    _check_counts(pairs, distance)
    return pairs


def _header(path: Path) -> list[str]:
    """The names of the columns, lower case; the required ones are there, once each."""
    try:
        with open(path, encoding="utf-8-sig", newline="") as file:
            first = next(csv.reader(file), None)
    except FileNotFoundError:
        raise BadFile(f"there is no file {path}: give the path of a CSV of scored pairs") from None
    except OSError as error:
        raise BadFile(f"{path} cannot be read: {error.strerror or error}") from None
    except (UnicodeDecodeError, csv.Error):
        raise BadFile(f"{path.name} is not text in UTF-8: save it as a CSV in UTF-8") from None
    if not first or not any(cell.strip() for cell in first):
        raise BadFile(
            f"{path.name} is empty: it needs a header with the columns {', '.join(REQUIRED)}"
        )
    names = [cell.strip().lower() for cell in first]
    if len(names) == 1 and any(mark in names[0] for mark in ";\t"):
        raise BadFile(
            f"{path.name} has no commas in line 1: separate the columns with commas, not with"
            " semicolons or tabs"
        )
    missing = [name for name in REQUIRED if name not in names]
    if missing:
        raise BadFile(
            f"{path.name} has no column {' and no column '.join(missing)}: it needs"
            f" {', '.join(REQUIRED)}"
        )
    twice = [name for name in names if names.count(name) > 1]
    if twice:
        raise BadFile(f"{path.name} has two columns {twice[0]!r}: leave one of them out")
    _check_optional(path, names)
    return names


def _check_optional(path: Path, names: list[str]) -> None:
    for what in ("person", "group"):
        ends = [n for n in (f"probe_{what}", f"gallery_{what}") if n in names]
        if len(ends) == 1:
            other = "gallery" if ends[0].startswith("probe") else "probe"
            raise BadFile(
                f"{path.name} has a column {ends[0]} and no column {other}_{what}: give both or"
                " none"
            )
        if what in names and ends and what == "group":
            raise BadFile(
                f"{path.name} has a column group beside {ends[0]}: give one group for both"
                " pictures, or one for each"
            )


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
        raise BadFile(f"{path.name} is not text in UTF-8: save it as a CSV in UTF-8") from None
    except pd.errors.ParserError as error:
        raise BadFile(_unparsed(path, str(error), len(names))) from None
    except OSError as error:
        raise BadFile(f"{path} cannot be read: {error.strerror or error}") from None
    if not isinstance(table.index, pd.RangeIndex):
        raise BadFile(_unparsed(path, "", len(names)))
    return table


def _unparsed(path: Path, error: str, columns: int) -> str:
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
    return (
        f"line {where} of {path.name} has {fields} fields and the header {columns}: give every line"
        " as many, with names that hold a comma in quotes"
    )


@dataclass(frozen=True)
class _Columns:
    """The columns of the file, with sentences that name a line."""

    path: Path
    table: pd.DataFrame

    def has(self, name: str) -> bool:
        return name in self.table.columns

    def line(self, row: int) -> int:
        """The line of the file on which a row of the table ends; empty lines are no rows."""
        with open(self.path, encoding="utf-8-sig", newline="") as file:
            reader = csv.reader(file)
            rows = (reader.line_num for cells in reader if cells)
            return next(itertools.islice(rows, int(row) + 1, None), int(row) + 2)

    def wrong(self, row: int, words: str) -> BadFile:
        return BadFile(f"line {self.line(row)} of {self.path.name} {words}")

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
                hint = "write unknown if nobody knows" if "group" in name else "fill it in"
                raise self.wrong(empty[0], f"has no {name}: {hint}")
        return texts, codes

    def truth(self, name: str) -> NDArray[np.bool_]:
        texts, codes = self.filled(name)
        values = [t.lower() for t in texts]
        for place, value in enumerate(values):
            if value in TRUE + FALSE:
                continue
            rows = np.flatnonzero(codes == place)
            if rows.size:
                raise self.wrong(rows[0], f"has {name} {texts[place]!r}: write 1 or 0")
        return np.array([v in TRUE for v in values])[codes]

    def failed(self) -> NDArray[np.bool_]:
        if not self.has("status"):
            return np.zeros(len(self.table), bool)
        texts, codes = self.codes("status")
        for place, text in enumerate(texts):
            if text.lower() in STATUS:
                continue
            rows = np.flatnonzero(codes == place)
            if rows.size:
                raise self.wrong(rows[0], f"has status {text!r}: write ok, failed or nothing")
        return np.array([STATUS.get(t.lower(), False) for t in texts])[codes]

    def scores(self, failed: NDArray[np.bool_]) -> NDArray[np.float32]:
        column = self.table["score"]
        if column.dtype != np.float64:
            self._not_numbers(column)
        values = column.to_numpy(np.float64)
        empty = np.isnan(values)
        if (empty & ~failed).any():
            row = int(np.argmax(empty & ~failed))
            raise self.wrong(
                row, "has no score: a comparison that could not be made has status failed"
            )
        if (failed & ~empty).any():
            row = int(np.argmax(failed & ~empty))
            raise self.wrong(
                row, f"has status failed and the score {values[row]:g}: leave one of them out"
            )
        # float32 like all scores here; what is finite only in float64 is named as well
        endless = ~np.isfinite(values) & ~empty | (np.abs(values) > np.finfo(np.float32).max)
        if endless.any():
            row = int(np.argmax(endless))
            raise self.wrong(row, f"has the score {values[row]:g}: give a finite number")
        return values.astype(np.float32)

    def _not_numbers(self, column: pd.Series) -> None:
        texts, codes = self.codes("score")
        bad = np.array([bool(t) and not _number(t) for t in texts])
        rows = np.flatnonzero(bad[codes])
        if rows.size:
            text = texts[codes[rows[0]]]
            said = "a comparison that could not be made has an empty score and status failed"
            raise self.wrong(rows[0], f"has the score {text!r}, which is no number: {said}")
        raise BadFile(f"the scores of {self.path.name} cannot be read: write them as 0.123")

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


def _check_pairs(c: _Columns, probe: Places, gallery: Places, pictures: list[str]) -> None:
    """No picture against itself, and no pair twice."""
    if (probe == gallery).any():
        row = int(np.argmax(probe == gallery))
        raise c.wrong(
            row,
            f"compares {pictures[probe[row]]} with itself: leave such pairs out, they always match",
        )
    key = np.minimum(probe, gallery) * len(pictures) + np.maximum(probe, gallery)
    order = np.argsort(key, kind="stable")
    same = np.flatnonzero(np.diff(key[order]) == 0)
    if same.size:
        again = order[same + 1]
        row = int(again.min())
        before = int(order[same[np.argmin(again)]])
        raise c.wrong(
            row,
            f"has the pair {pictures[probe[row]]}, {pictures[gallery[row]]} of line"
            f" {c.line(before)} again (A-B is B-A): keep one of them",
        )


def _people(
    c: _Columns, probe: Places, gallery: Places, pictures: list[str], mated: NDArray[np.bool_]
) -> tuple[list[str] | None, Places]:
    """Who is in each picture: as the file says, or as its mated pairs link pictures."""
    if not c.has("probe_person"):
        person = _linked(probe, gallery, len(pictures), mated)
        clash = ~mated & (person[probe] == person[gallery])
        if clash.any():
            row = int(np.argmax(clash))
            raise c.wrong(
                row,
                f"says that {pictures[probe[row]]} and {pictures[gallery[row]]} are two"
                " people, but other lines link them as one: correct same_person",
            )
        return None, person
    names, first, second = c.both("probe_person", "gallery_person")
    person = _of_picture(c, (probe, gallery), (first, second), pictures, names, "person")
    clash = mated != (first == second)
    if clash.any():
        row = int(np.argmax(clash))
        said = "one person" if mated[row] else "two people"
        raise c.wrong(
            row,
            f"says {said} and names {names[first[row]]} and {names[second[row]]}: correct"
            " same_person or the persons",
        )
    order = sorted(range(len(names)), key=_natural(names))
    place = np.empty(len(names), np.int64)
    place[order] = np.arange(len(names))
    return [names[i] for i in order], place[person]


def _natural(names: Sequence[str]) -> Any:
    """Numbers by size, anything else as text."""
    if all(re.fullmatch(r"-?\d{1,18}", n) for n in names):
        return lambda i: (int(names[i]), names[i])
    return lambda i: names[i]


def _linked(probe: Places, gallery: Places, pictures: int, mated: NDArray[np.bool_]) -> Places:
    """Pictures that mated pairs join, directly or by way of others, are of one person."""
    from scipy.sparse import coo_array
    from scipy.sparse.csgraph import connected_components

    ends = (probe[mated], gallery[mated])
    graph = coo_array((np.ones(len(ends[0]), np.int8), ends), shape=(pictures, pictures))
    return connected_components(graph, directed=False)[1].astype(np.int64)


def _of_picture(
    c: _Columns,
    pictures: tuple[Places, Places],
    values: tuple[Places, Places],
    named: list[str],
    names: list[str],
    what: str,
) -> Places:
    """One value for each picture; a picture with two is named."""
    own = np.empty(len(named), np.int64)
    for at, value in zip(pictures, values, strict=True):
        own[at] = value
    wrong = (own[pictures[0]] != values[0]) | (own[pictures[1]] != values[1])
    if wrong.any():
        row = int(np.argmax(wrong))
        side = 0 if own[pictures[0][row]] != values[0][row] else 1
        at = pictures[side][row]
        hint = "give probe_group and gallery_group" if c.has("group") else "give it one"
        raise c.wrong(
            row,
            f"has {named[at]} with {what} {names[values[side][row]]}, another line with"
            f" {names[own[at]]}: {hint if what == 'group' else 'give every picture one person'}",
        )
    return own


def _groups(
    c: _Columns, probe: Places, gallery: Places, pictures: list[str]
) -> tuple[list[str], Places | None]:
    """The groups in ascending order, and that of each picture; none when nobody said."""
    if c.has("group"):
        names, first = c.filled("group")
        second = first
    elif c.has("probe_group"):
        names, first, second = c.both("probe_group", "gallery_group")
    else:
        return [], None
    own = _of_picture(c, (probe, gallery), (first, second), pictures, names, "group")
    order = sorted(range(len(names)), key=_natural(names))
    place = np.empty(len(names), np.int64)
    place[order] = np.arange(len(names))
    return [names[i] for i in order], place[own]


def _check_counts(pairs: PairList, distance: bool) -> None:
    """Both kinds of pairs, groups of more than one, and scores the right way up."""
    for kind, one, scores in (
        ("same_person 1", "one person", pairs.genuine),
        ("same_person 0", "two people", pairs.impostor),
    ):
        if not scores.size:
            raise BadFile(
                f"{pairs.name} has no scored pair of {one} ({kind}): an audit needs pairs of one"
                " person and of two"
            )
    pairs.check_groups()
    found = auc(pairs.genuine, pairs.impostor)
    if found < 0.5:
        words = LOOK_LIKE_SIMILARITIES if distance else LOOK_LIKE_DISTANCES
        raise BadFile(words.format(auc=found))

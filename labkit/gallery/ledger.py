"""The log of a gallery: who searched for whom, and why; a line a search, never changed.

In: the database of a gallery and what is to be written down.  Out: lines, and whether they are all
still there as they were written.

Each line carries a checksum of itself and of the line before it, and the gallery remembers how many
lines there are and the checksum of the last.  A line that was changed, removed or put in between is
noticed.  This is append-only against mistakes, not against an attacker: whoever can write the file
can write a whole new log, with checksums that fit.  Against that helps a copy of the last checksum
in other hands.
"""

from __future__ import annotations

import hashlib
import json
import sqlite3
from collections.abc import Iterator, Sequence
from dataclasses import astuple, dataclass
from typing import Any

from labkit.base.words import _

START = "0" * 64
"""What stands for the checksum before the first line."""

SCHEMA = (
    """
    CREATE TABLE log (
        line INTEGER PRIMARY KEY,
        day TEXT NOT NULL,
        by TEXT NOT NULL,
        whom TEXT NOT NULL,
        why TEXT NOT NULL,
        probe TEXT NOT NULL,
        threshold REAL,
        size INTEGER NOT NULL,
        passed INTEGER NOT NULL,
        returned TEXT NOT NULL,
        before TEXT NOT NULL,
        checksum TEXT NOT NULL
    )
    """,
    """
    CREATE TABLE log_end (
        one INTEGER PRIMARY KEY CHECK (one = 1),
        lines INTEGER NOT NULL,
        checksum TEXT NOT NULL
    )
    """,
    f"INSERT INTO log_end VALUES (1, 0, '{START}')",
    """
    CREATE TRIGGER log_is_not_changed BEFORE UPDATE ON log
    BEGIN SELECT RAISE(ABORT, 'the log of searches is append-only'); END
    """,
    """
    CREATE TRIGGER log_is_not_shortened BEFORE DELETE ON log
    BEGIN SELECT RAISE(ABORT, 'the log of searches is append-only'); END
    """,
)
"""The tables of the log, and two triggers that refuse a change made by mistake."""


@dataclass(frozen=True)
class Line:
    """One search, as it was written down.

    Parameters
    ----------
    line
        Its number; the first is 1.
    day
        When: ISO 8601, UTC, to the second.
    by
        Who searched.
    whom
        Who was searched for, as the searcher put it.
    why
        The reason.
    probe
        The SHA-256 of the template that was searched for, so that the same photograph can be known
        again without being kept; empty where there was no face.
    threshold
        ``None`` for a candidate list without one.
    size
        Faces in the gallery at that moment.
    passed
        How many of them passed the threshold; without one, how many were returned.
    returned
        The ids that the searcher was shown, the most alike first.
    """

    line: int
    day: str
    by: str
    whom: str
    why: str
    probe: str
    threshold: float | None
    size: int
    passed: int
    returned: tuple[str, ...]


@dataclass(frozen=True)
class Verdict:
    """Whether a log is as it was written.

    Parameters
    ----------
    whole
        True when every line is there and unchanged.
    lines
        Lines that were read.
    words
        What was found, in a sentence.
    end
        The checksum of the last line.  Whoever keeps a copy of it elsewhere notices a log that was
        written anew.
    """

    whole: bool
    lines: int
    words: str
    end: str = START


def append(db: sqlite3.Connection, lines: Sequence[Line]) -> list[int]:
    """Add lines at the end, inside the transaction that is open; their numbers.

    Parameters
    ----------
    db
        The database of a gallery.
    lines
        What to write; ``line`` is put in here, whatever it was.  SQLite keeps no sign of a zero, so
        none goes into the checksum.
    """
    count, before = db.execute("SELECT lines, checksum FROM log_end").fetchone()
    numbers, rows = [], []
    for line in lines:
        count += 1
        *values, returned = astuple(line)[1:]
        values = [0.0 if value == 0.0 and isinstance(value, float) else value for value in values]
        row = (count, *values, json.dumps(returned), before)
        checksum = _checksum(row)
        rows.append((*row, checksum))
        numbers.append(count)
        before = checksum
    db.executemany("INSERT INTO log VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)", rows)
    db.execute("UPDATE log_end SET lines = ?, checksum = ?", (count, before))
    return numbers


def _checksum(row: Sequence[Any]) -> str:
    """The SHA-256 of a line as it stands in the file, with the checksum of the line before it."""
    return hashlib.sha256(json.dumps(row, default=repr).encode()).hexdigest()


def _rows(db: sqlite3.Connection) -> Iterator[tuple[Any, ...]]:
    """Each line as it stands in the file, in the order of its columns."""
    return db.execute("SELECT * FROM log ORDER BY line")


def _ids(text: Any) -> tuple[str, ...]:
    """The ids of a line; the text itself where it was changed to what is no list."""
    try:
        ids = json.loads(text)
        return tuple(map(str, ids)) if isinstance(ids, list) else (str(text),)
    except (TypeError, ValueError):
        return (str(text),)


def read(db: sqlite3.Connection) -> list[Line]:
    """The lines, the oldest first."""
    out = []
    for line, day, by, whom, why, probe, threshold, size, passed, returned, *_rest in _rows(db):
        ids = _ids(returned)
        out.append(Line(line, day, by, whom, why, probe, threshold, size, passed, ids))
    return out


def verify(db: sqlite3.Connection) -> Verdict:
    """Whether every line is there as it was written; where not, the first place that does not fit.

    Parameters
    ----------
    db
        The database of a gallery.
    """
    count, before = 0, START
    for row in _rows(db):
        n, *_values, given_before, given = row
        if n != count + 1:
            words = _("Line {n} of the log is missing: line {next} comes after line {last}.")
            said = words.format(n=count + 1, next=n, last=count)
            return Verdict(False, count, said, before)
        if _checksum(row[:-1]) != given:
            words = _("Line {n} of the log is not what was written: its checksum does not fit.")
            return Verdict(False, count, words.format(n=n), before)
        if given_before != before:
            words = _("Line {n} of the log does not follow on the line that stands before it.")
            return Verdict(False, count, words.format(n=n), before)
        count, before = count + 1, given
    written, end = db.execute("SELECT lines, checksum FROM log_end").fetchone()
    if (written, end) != (count, before):
        words = _("The log should have {written} lines and has {n}: its end is not what was kept.")
        return Verdict(False, count, words.format(written=written, n=count), before)
    words = _(
        "The log is whole, lines: {n}; its checksums fit. This shows mistakes: somebody who can"
        " write the file could also have written a whole new log."
    )
    return Verdict(True, count, words.format(n=count), before)

"""The log of searches: any change is noticed, and what it cannot notice is said."""

from __future__ import annotations

import sqlite3
from dataclasses import replace

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from labkit.gallery import Line, ledger

COLUMNS = (*Line.__dataclass_fields__, "before", "checksum")
TEXT = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=12)
LINE = st.builds(
    Line,
    line=st.just(0),
    day=TEXT,
    by=TEXT,
    whom=TEXT,
    why=TEXT,
    probe=TEXT,
    threshold=st.none() | st.floats(allow_nan=False, allow_infinity=False),
    size=st.integers(0, 2**40),
    passed=st.integers(0, 2**40),
    returned=st.lists(TEXT, max_size=3).map(tuple),
)
LINES = st.lists(LINE, min_size=1, max_size=5)


def made(lines: list[Line], guarded: bool = False) -> sqlite3.Connection:
    db = sqlite3.connect(":memory:", isolation_level=None)
    for statement in ledger.SCHEMA:
        db.execute(statement)
    for line in lines:  # one by one, as searches come
        ledger.append(db, [line])
    if not guarded:
        db.execute("DROP TRIGGER log_is_not_changed")
        db.execute("DROP TRIGGER log_is_not_shortened")
    return db


# Finding: SQLite keeps no sign of a zero, and the checksum had one.
@example([Line(0, "", "a", "b", "c", "d", -0.0, 1, 0, ())])
@settings(deadline=None)
@given(LINES)
def test_what_was_written_is_read_and_whole(lines: list[Line]) -> None:
    db = made(lines)
    wanted = [replace(line, line=k) for k, line in enumerate(lines, start=1)]
    assert ledger.read(db) == wanted
    verdict = ledger.verify(db)
    assert verdict.whole and verdict.lines == len(lines)
    assert "could also have written a whole new log" in verdict.words
    together = made([])
    ledger.append(together, lines)
    assert ledger.verify(together).end == verdict.end


@settings(deadline=None)
@given(LINES, st.data())
def test_any_change_is_noticed(lines: list[Line], data: st.DataObject) -> None:
    """Finding: a reason that is changed afterwards is worth less than none."""
    db = made(lines)
    column = data.draw(st.sampled_from(COLUMNS))
    at = data.draw(st.integers(1, len(lines)))
    old = db.execute(f"SELECT {column} FROM log WHERE line = ?", (at,)).fetchone()[0]
    values = st.integers(0, 2**40) if isinstance(old, int) else TEXT
    new = data.draw(values.filter(lambda v: v != old))
    try:
        db.execute(f"UPDATE log SET {column} = ? WHERE line = ?", (new, at))
    except sqlite3.IntegrityError:  # a number that another line has
        return
    if column == "threshold" and db.execute(
        "SELECT threshold IS ? FROM log WHERE line = ?", (old, at)
    ).fetchone() == (1,):
        return  # text that reads as the same number is stored as that number
    assert not ledger.verify(db).whole


@settings(deadline=None)
@given(LINES, st.data())
def test_a_line_that_is_gone_is_noticed(lines: list[Line], data: st.DataObject) -> None:
    db = made(lines)
    at = data.draw(st.integers(1, len(lines)))
    db.execute("DELETE FROM log WHERE line = ?", (at,))
    if data.draw(st.booleans()):  # and the others closed up
        db.execute("UPDATE log SET line = line - 1 WHERE line > ?", (at,))
    assert not ledger.verify(db).whole


LINE_OF = Line(
    0, "2026-01-01T00:00:00+00:00", "a reader", "somebody", "a test", "", -1.0, 5, 1, ("a",)
)


def three() -> sqlite3.Connection:
    return made([replace(LINE_OF, why=f"reason {k}") for k in (1, 2, 3)])


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ("UPDATE log SET why = 'another' WHERE line = 2", "Line 2 of the log is not what was"),
        ("UPDATE log SET returned = '[]' WHERE line = 3", "Line 3 of the log is not what was"),
        ("UPDATE log SET returned = 'a' WHERE line = 3", "Line 3 of the log is not what was"),
        ("UPDATE log SET why = x'00ff' WHERE line = 1", "Line 1 of the log is not what was"),
        ("DELETE FROM log WHERE line = 1", "Line 1 of the log is missing: line 2 comes after"),
        ("DELETE FROM log WHERE line = 2", "Line 2 of the log is missing: line 3 comes after"),
        ("DELETE FROM log WHERE line = 3", "should have 3 lines and has 2"),
        ("DELETE FROM log", "should have 3 lines and has 0"),
        ("UPDATE log_end SET lines = 2", "should have 2 lines and has 3"),
    ],
)
def test_the_place_is_named(change: str, words: str) -> None:
    db = three()
    db.execute(change)
    verdict = ledger.verify(db)
    assert not verdict.whole and words in verdict.words


def test_a_line_from_another_log_does_not_follow() -> None:
    db, other = three(), made([replace(LINE_OF, why=f"other {k}") for k in (1, 2, 3)])
    row = other.execute("SELECT * FROM log WHERE line = 2").fetchone()
    db.execute("DELETE FROM log WHERE line = 2")
    db.execute(f"INSERT INTO log VALUES ({', '.join('?' * len(row))})", row)
    assert "Line 2 of the log does not follow" in ledger.verify(db).words


def test_mistakes_are_refused_by_the_file_itself() -> None:
    db = made([LINE_OF], guarded=True)
    for change in ("UPDATE log SET why = 'x'", "DELETE FROM log"):
        with pytest.raises(sqlite3.IntegrityError, match="append-only"):
            db.execute(change)
    assert ledger.verify(db).whole


def test_a_log_written_anew_is_not_noticed_but_by_a_copy_of_its_end() -> None:
    """The limit that the module states: checksums that fit can be made by whoever writes."""
    kept = ledger.verify(three()).end
    anew = ledger.verify(made([replace(LINE_OF, why="invented")] * 3))
    assert anew.whole and anew.end != kept

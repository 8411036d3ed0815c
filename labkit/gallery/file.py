"""The file of a gallery: one SQLite database, written in whole transactions.

In: a path, and the statements that make its tables.  Out: connections inside a transaction, and
SQLite's errors in one sentence each.
"""

from __future__ import annotations

import contextlib
import os
import sqlite3
import threading
import time
import weakref
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import TypeVar

from labkit.base.words import N_, _
from labkit.gallery.checks import GalleryError

Some = TypeVar("Some")

FORMAT = 1
"""The format of the file; a file of a later one is refused."""

OURS = 0x6C616267
"""What the file says of itself in SQLite's ``application_id``: "labg"."""

PATIENCE = 30.0
"""Seconds to wait for another program that is writing, before saying so."""


def make(
    path: Path,
    statements: Sequence[str],
    first: Callable[[sqlite3.Connection], None],
    patience: float,
) -> None:
    """A new file with its tables, in one transaction.

    Parameters
    ----------
    path
        A file that does not exist, or is empty.
    statements
        What makes the tables.
    first
        Writes what stands in them from the beginning.
    patience
        Seconds to wait for another program.

    Raises
    ------
    GalleryError
        With one sentence, when something is there already, or nothing can be written there.
    """
    if path.is_dir() or not path.parent.is_dir():
        words = _("{path} cannot be made: give the name of a file in a folder that exists")
        raise GalleryError(words.format(path=path))

    def tables() -> None:
        with contextlib.closing(_connect(path)) as db:
            db.execute("BEGIN IMMEDIATE")
            if db.execute("SELECT count(*) FROM sqlite_master").fetchone()[0]:
                words = _("{path} exists already: open it with Collection.open, or name another")
                raise GalleryError(words.format(path=path))
            for statement in statements:
                db.execute(statement)
            first(db)
            db.execute(f"PRAGMA application_id = {OURS}")
            db.execute(f"PRAGMA user_version = {FORMAT}")
            db.execute("COMMIT")

    def ahead() -> None:
        with contextlib.closing(_connect(path)) as db:
            mode = db.execute("PRAGMA journal_mode = WAL").fetchone()[0]
        if mode != "wal":
            words = _("{path} cannot be a gallery: SQLite's WAL does not work in that folder")
            raise GalleryError(words.format(path=path))

    with in_one_sentence(path, patience):
        _patiently(tables, patience)
        _patiently(ahead, patience)


class File:
    """A gallery's file that is open.

    Parameters
    ----------
    path, read_only, patience
        As for :class:`labkit.gallery.Collection`.

    Raises
    ------
    GalleryError
        With one sentence, when there is no gallery that can be read.
    """

    def __init__(self, path: Path, read_only: bool, patience: float) -> None:
        self.path, self.read_only, self.patience = path, read_only, patience
        self._lock = threading.RLock()
        self._opened: tuple[int, sqlite3.Connection] | None = None
        if path.is_dir():
            raise GalleryError(_("{path} is a folder, no gallery").format(path=path))
        if not path.exists():
            words = _(
                "there is no gallery at {path}: make one with"
                ' Collection.create("{path}", matcher="dlib")'
            )
            raise GalleryError(words.format(path=path))
        with self.reading() as db:
            self._look(db)

    def __repr__(self) -> str:
        return f"File({self.path.name!r})"

    def _look(self, db: sqlite3.Connection) -> None:
        """Nothing, when this is a gallery that can be read."""
        if not db.execute("SELECT count(*) FROM sqlite_master").fetchone()[0]:
            words = _(
                "{path} is empty: no gallery was finished there; make it with Collection.create"
            )
            raise GalleryError(words.format(path=self.path))
        if db.execute("PRAGMA application_id").fetchone()[0] != OURS:
            words = _("{path} is no gallery, but the database of another program")
            raise GalleryError(words.format(path=self.path))
        version = db.execute("PRAGMA user_version").fetchone()[0]
        if version > FORMAT:
            words = _(
                "{path} was written by a newer version of the lab (format {version}, and this one"
                " reads {known}): update with python3 lab.py update"
            )
            raise GalleryError(words.format(path=self.path, version=version, known=FORMAT))

    def connection(self) -> sqlite3.Connection:
        """The database, opened in this process: a connection must not cross a fork."""
        if self._opened is None or self._opened[0] != os.getpid():
            self._opened = os.getpid(), _connect(self.path, self.read_only)
            weakref.finalize(self, _close, *self._opened)
        return self._opened[1]

    def close(self) -> None:
        """Let the file go; it is opened again when it is needed."""
        with self._lock:
            if self._opened is not None:
                _close(*self._opened)
            self._opened = None

    @contextlib.contextmanager
    def reading(self) -> Iterator[sqlite3.Connection]:
        """One state of the file, whatever others write meanwhile."""
        with self._lock, in_one_sentence(self.path, self.patience):
            db = _patiently(self.connection, self.patience)

            def begin() -> None:
                db.execute("BEGIN")
                try:
                    db.execute("SELECT count(*) FROM sqlite_master").fetchone()
                except BaseException:
                    _roll_back(db)
                    raise

            _patiently(begin, self.patience)
            try:
                yield db
            finally:
                _roll_back(db)

    @contextlib.contextmanager
    def writing(self) -> Iterator[sqlite3.Connection]:
        """All of it or nothing, after whoever else is writing."""
        self.refuse_read_only()
        with self._lock, in_one_sentence(self.path, self.patience):
            db = _patiently(self.connection, self.patience)
            _patiently(lambda: db.execute("BEGIN IMMEDIATE"), self.patience)
            try:
                yield db
                db.execute("COMMIT")
            finally:
                _roll_back(db)

    def refuse_read_only(self) -> None:
        """A :class:`GalleryError` when it was opened for reading only."""
        if self.read_only:
            words = _(
                "{path} is open for reading only: open it without read_only to index, delete, or"
                " search (a search is written into its log)"
            )
            raise GalleryError(words.format(path=self.path))

    def settle(self) -> None:
        """Move what was written from the WAL beside the file into it, as far as nobody reads it."""
        with self._lock, contextlib.suppress(sqlite3.Error):
            self.connection().execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()


def _connect(path: Path, read_only: bool = False) -> sqlite3.Connection:
    """A connection in which nothing begins or ends a transaction by itself."""
    where, options = path.resolve().as_uri(), "?mode=ro" if read_only else ""
    if read_only and not os.access(path.parent, os.W_OK):
        waiting = path.with_name(f"{path.name}-wal")
        if not (waiting.exists() and waiting.stat().st_size):
            options += "&immutable=1"  # nobody can write here: SQLite needs no file beside it
    db = sqlite3.connect(
        where + options, uri=True, timeout=0.25, isolation_level=None, check_same_thread=False
    )
    db.text_factory = lambda content: content.decode("utf-8", "replace")  # also what was damaged
    try:
        db.execute("PRAGMA synchronous = FULL")
        db.execute("PRAGMA secure_delete = ON")
    except BaseException:
        db.close()
        raise
    return db


def _close(process: int, db: sqlite3.Connection) -> None:
    """Close a connection, in the process that opened it."""
    if process == os.getpid():
        with contextlib.suppress(sqlite3.Error):
            db.close()


def _roll_back(db: sqlite3.Connection) -> None:
    if db.in_transaction:
        with contextlib.suppress(sqlite3.Error):
            db.execute("ROLLBACK")


def _code(error: sqlite3.Error) -> int:
    return getattr(error, "sqlite_errorcode", 0) & 0xFF


def _patiently(work: Callable[[], Some], patience: float) -> Some:
    """Do a thing that must wait for others; ``OperationalError`` when they take too long."""
    end = time.monotonic() + patience
    while True:
        try:
            return work()
        except sqlite3.OperationalError as error:
            waits = (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED, sqlite3.SQLITE_PROTOCOL)
            if _code(error) not in waits or time.monotonic() >= end:
                raise
            time.sleep(0.005)


def damaged(path: Path) -> str:
    """That a file is damaged, in a sentence."""
    words = _("{path} is damaged: its pages do not fit together; go back to a copy")
    return words.format(path=path)


SENTENCES = {
    sqlite3.SQLITE_NOTADB: N_("{path} is no gallery: it is not an SQLite database"),
    sqlite3.SQLITE_BUSY: N_(
        "another program has been writing to {path} for more than {patience:.0f} seconds: close it,"
        " or try again later"
    ),
    sqlite3.SQLITE_READONLY: N_(
        "{path} cannot be written to: it is read-only; nothing was changed"
    ),
    sqlite3.SQLITE_FULL: N_(
        "the disk is full: nothing was written to {path}; make room and do it again"
    ),
    sqlite3.SQLITE_CANTOPEN: N_(
        "{path} cannot be opened: look whether the file and its folder may be read and written, or"
        " open it with read_only=True"
    ),
    sqlite3.SQLITE_IOERR: N_(
        "the disk did not do what was asked of it ({why}): nothing was written to {path}"
    ),
}
"""What SQLite's refusals mean."""


@contextlib.contextmanager
def in_one_sentence(path: Path, patience: float) -> Iterator[None]:
    """SQLite's errors, in one sentence each."""
    try:
        yield
    except sqlite3.Error as error:
        code = _code(error)
        code = sqlite3.SQLITE_BUSY if code == sqlite3.SQLITE_LOCKED else code
        if code in SENTENCES:
            words = _(SENTENCES[code]).format(path=path, patience=patience, why=error)
            raise GalleryError(words) from error
        if code in (sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_ERROR):  # also: a table is not there
            raise GalleryError(damaged(path)) from error
        raise

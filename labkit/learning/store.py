"""The journal's file: read, changed and written in one piece, whatever happens around it.

In: a path, and changes to what it holds.  Out: what it holds, as nested names.  The file is never
half-written; notebooks that are open side by side add to it without losing each other's entries; a
damaged file is set aside under a new name, never deleted; one of a newer lab is left alone.  When
it cannot be written, entries live in memory.  What went wrong is told to whoever owns the store,
which finds the words for it.
"""

from __future__ import annotations

import contextlib
import json
import math
import numbers
import os
import re
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import numpy as np

from labkit.base.files import write_whole
from labkit.base.words import N_

VERSION = 1
PARTS = ("predictions", "attempts", "kept")
LONGEST = 300  # characters kept of an answer that is not numbers
MOST_ITEMS = 2000
DEEPEST = 6  # lists in lists
LARGE = N_("a very large number")
PATIENCE = 5.0  # seconds to wait for another notebook that is writing
POLL = 0.01  # seconds between two looks at the lock
BEGINNING = 200  # bytes of a journal within which its version stands
STALE = 3600.0  # seconds after which nobody is still writing a file

Entries = dict[str, Any]
"""What a journal holds: a table of entries for each of :data:`PARTS`."""


def plain(value: Any, deep: int = 0) -> Any:
    """A value as JSON can hold it: numbers, texts, lists, names; anything else as short text.

    Examples
    --------
    >>> plain({"a": np.float32(0.5), "b": (1, None, float("nan"))})
    {'a': 0.5, 'b': [1, None, None]}
    """
    if value is None or isinstance(value, bool | str):
        return value if not isinstance(value, str) else value[: 10 * LONGEST]
    if isinstance(value, np.generic | np.ndarray):
        return plain(value.tolist(), deep)
    if isinstance(value, int):
        return value if abs(value) < 10**300 else LARGE
    if deep > DEEPEST:
        return "..."
    if isinstance(value, numbers.Real):
        return float(value) if math.isfinite(float(value)) else None
    if isinstance(value, Mapping):
        return {str(k)[:LONGEST]: plain(v, deep + 1) for k, v in list(value.items())[:MOST_ITEMS]}
    if isinstance(value, set | frozenset):
        value = sorted(value, key=str)  # a set has no order: the same set is kept the same way
    if isinstance(value, list | tuple):
        return [plain(v, deep + 1) for v in list(value)[:MOST_ITEMS]]
    try:
        return repr(value)[:LONGEST]
    except Exception:  # a learner's own class may have a broken repr
        return f"a {type(value).__name__}"


def written(entries: Entries) -> bytes:
    """A journal as it stands in a file."""
    return (json.dumps(entries, indent=1) + "\n").encode()


def parsed(content: bytes) -> Entries | None:
    """The journal that some bytes hold; ``None`` when they hold none that is whole.

    Examples
    --------
    >>> parsed(b"{}") is None, parsed(written(empty())) == empty()
    (True, True)
    """
    entries = _loaded(content)
    return entries if _sound(entries) else None


def newer(content: bytes) -> bool:
    """Whether some bytes are a journal of a newer lab than this one.

    Examples
    --------
    >>> newer(b'{"version": 2, "entries": []}'), newer(written(empty()))
    (True, False)
    """
    entries = _loaded(content)
    version = entries.get("version") if isinstance(entries, dict) else None
    return isinstance(version, int) and not isinstance(version, bool) and version > VERSION


def trouble(content: bytes) -> str:
    """Why some bytes are no journal that can be used.

    Returns
    -------
    trouble
        ``"newer"`` or ``"older"``: of a lab with another form of journals; ``"damaged"``: a journal
        that is not whole; ``"foreign"``: something else.

    Examples
    --------
    >>> trouble(b'{"version": 1, "predictions": {"03-fmr"'), trouble(b"name,mark"), trouble(b"[1]")
    ('damaged', 'foreign', 'foreign')
    >>> trouble(b'{"version": 0, "predictions": {}}')
    'older'
    """
    if newer(content):
        return "newer"
    entries = _loaded(content)
    if entries is None:
        begun = content.lstrip().startswith(b"{") and b'"version"' in content[:BEGINNING]
        return "damaged" if begun else "foreign"
    if not isinstance(entries, dict) or not any(part in entries for part in PARTS):
        return "foreign"
    version = entries.get("version")
    older = isinstance(version, int) and not isinstance(version, bool) and version < VERSION
    return "older" if older else "damaged"


def _loaded(content: bytes) -> Any:
    """What JSON holds; ``None`` for what is none, and for NaN, which JSON does not know."""
    try:
        return json.loads(content.decode("utf-8"), parse_constant=lambda name: None)
    except (ValueError, RecursionError):
        return None


def empty() -> Entries:
    """A journal without entries."""
    return {"version": VERSION, **{part: {} for part in PARTS}}


def count(entries: Entries) -> int:
    """How many entries a journal has."""
    return sum(len(entries[part]) for part in PARTS)


@dataclass(frozen=True)
class TakenIn:
    """What :func:`take_in` did with each entry of the other journal.

    Parameters
    ----------
    taken
        For each of :data:`PARTS`, the names of entries that brought something that was not here.
    stayed
        Names under which the two journals differ and what is here stayed.
    same
        How many entries were here already, just the same.
    """

    taken: dict[str, list[str]]
    stayed: list[str]
    same: int


def take_in(entries: Entries, other: Entries) -> TakenIn:
    """Add the entries of another journal; of two under one name the one that is here stays.

    Attempts at one exercise are kept of both.
    """
    taken: dict[str, list[str]] = {part: [] for part in PARTS}
    stayed: list[str] = []
    for part in ("predictions", "kept"):
        here = entries[part]
        taken[part] = [name for name in other[part] if name not in here]
        stayed += [name for name, entry in other[part].items() if here.get(name, entry) != entry]
        entries[part] = {**other[part], **here}
    for name, entry in other["attempts"].items():
        tries = entries["attempts"].setdefault(name, {"tries": []})["tries"]
        new = [t for t in entry["tries"] if t not in tries]
        tries.extend(new)
        taken["attempts"] += [name] if new else []
    used = sum(map(len, taken.values())) + len(stayed)
    return TakenIn(taken, stayed, count(other) - used)


def _sound(content: Any) -> bool:
    """Whether this is a journal: every part a table of entries."""
    return (
        isinstance(content, dict)
        and content.get("version") == VERSION
        and all(isinstance(content.get(part), dict) for part in PARTS)
        and all(isinstance(e, dict) for part in PARTS for e in content[part].values())
        and all(isinstance(e.get("tries"), list) for e in content["attempts"].values())
        and all(isinstance(t, dict) for e in content["attempts"].values() for t in e["tries"])
    )


@contextlib.contextmanager
def locked(
    path: Path, patience: float | None = None, busy: Callable[[], object] = lambda: None
) -> Iterator[bool]:
    """Hold a file while it is read, changed and written; gives whether it is held.

    The system frees the lock of a process that dies.  After ``patience`` seconds
    (:data:`PATIENCE`), and where nothing can be locked, work goes on without it: an entry that may
    be lost is better than a notebook that stops.  In the first case ``busy`` is called.
    """
    from filelock import FileLock, Timeout

    lock = FileLock(f"{path}.lock")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        lock.acquire(timeout=PATIENCE if patience is None else patience, poll_interval=POLL)
    except Timeout:
        busy()
    except (OSError, NotImplementedError):
        pass
    try:
        yield lock.is_locked
    finally:
        with contextlib.suppress(OSError):
            lock.release()


class Store:
    """One journal's file, and what this kernel knows that the file may not.

    Parameters
    ----------
    path
        The file; it need not be there.
    tell
        Called with a name and facts, once for each trouble: ``"damaged"`` (``path``, ``aside``),
        ``"newer"`` (``path``), ``"unreadable"`` (``path``, ``why``), ``"unwritable"`` (``why``) or
        ``"busy"`` (``path``): another program holds the file for longer than one waits.

    Examples
    --------
    >>> import tempfile
    >>> folder = tempfile.TemporaryDirectory()
    >>> store = Store(Path(folder.name) / "journal.json", print)
    >>> store.change(lambda entries: entries["kept"].update(a={"value": 1}))
    >>> store.read()["kept"]
    {'a': {'value': 1}}
    >>> folder.cleanup()
    """

    def __init__(self, path: Path, tell: Callable[..., object]) -> None:
        self.path = path
        self._tell = tell
        self._told: set[tuple[Any, ...]] = set()
        self._unsaved: Entries | None = None
        self._busy = False
        self._swept = False

    def __repr__(self) -> str:
        return f"Store({str(self.path)!r})"

    def read(self) -> Entries:
        """Everything in the journal, what could not be saved included."""
        if self._unsaved is not None:
            return self._unsaved
        try:
            return self._from_file()
        except OSError as error:
            self._unsaved = empty()
            self._once("unreadable", path=self.path, why=error.strerror or error)
            return self._unsaved

    def change(self, edit: Callable[[Entries], Any]) -> Any:
        """Read, change and write the journal in one piece; returns what ``edit`` returns."""
        if self._unsaved is not None:
            return edit(self._unsaved)
        with self._locked() as held:
            if held and not self._swept:
                self._sweep()
            entries = self.read()
            out = edit(entries)
            if self._unsaved is None:
                try:
                    write_whole(self.path, written(entries))
                except OSError as error:
                    self._unsaved = entries
                    self._once("unwritable", why=error)
        return out

    def set_aside(self) -> Path | None:
        """Give the file a new name that says what it was; ``None`` when there is none.

        Raises
        ------
        OSError
            When it cannot be moved.
        """
        self._unsaved = None
        if not self.path.exists():
            return None
        with locked(self.path):
            return self._move()

    @contextlib.contextmanager
    def _locked(self) -> Iterator[bool]:
        """Hold the file; whoever holds it for too long is waited for once, not at every entry."""

        def busy() -> None:
            self._busy = True
            self._once("busy", path=self.path)

        with locked(self.path, 0 if self._busy else None, busy) as held:
            self._busy = self._busy and not held
            yield held

    def _sweep(self) -> None:
        """Remove what programs that were killed while they wrote the journal have left."""
        self._swept = True
        left = re.compile(re.escape(f".{self.path.name}.") + r"\w{8}")
        with contextlib.suppress(OSError):
            for path in self.path.parent.iterdir():
                if left.fullmatch(path.name) and time.time() - path.stat().st_mtime > STALE:
                    path.unlink()

    def _move(self) -> Path:
        stamp = datetime.now().strftime("%Y%m%d-%H%M%S-%f")
        aside = self.path.with_name(f"{self.path.stem}.set-aside-{stamp}{self.path.suffix}")
        os.replace(self.path, aside)
        return aside

    def _from_file(self) -> Entries:
        """What the file holds; an empty journal when there is none, or none that can be read.

        One that is damaged or empty is set aside; one of a newer lab stays where it is.

        Raises
        ------
        OSError
            When the file is there and cannot be read or moved.
        """
        try:
            content = self.path.read_bytes()
        except FileNotFoundError:
            return empty()
        if newer(content):
            self._unsaved = empty()
            self._once("newer", path=self.path)
            return self._unsaved
        entries = parsed(content)
        if entries is None:
            self._once("damaged", path=self.path, aside=self._move().name)
            return empty()
        return entries

    def _once(self, trouble: str, **facts: Any) -> None:
        said = (trouble, *map(str, facts.values()))
        if said not in self._told:
            self._told.add(said)
            self._tell(trouble, **facts)

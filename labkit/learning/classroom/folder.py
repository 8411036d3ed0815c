"""The journals in a folder: read, told apart, and those of one person brought together.

In: a folder, as learners' files arrive in it: in folders of their own or not, some twice, some
damaged, some no journals at all.  Out: :class:`Folder`, the journals and what was passed over.
"""

from __future__ import annotations

import itertools
import json
import os
import re
import stat
from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from labkit.base.words import N_, _
from labkit.learning import store
from labkit.learning.store import Entries

LARGEST = 4_000_000
"""Bytes; a journal of all notebooks has some tens of thousands."""

SHARED = 3
"""Entries alike to the second that two journals of one person have, at least."""

PASSED = {
    "damaged": N_("{name}: damaged, it cannot be read as a whole. Ask for a new export."),
    "foreign": N_("{name}: no journal of this lab."),
    "newer": N_(
        "{name}: written by a newer version of the lab. Update with python3 lab.py update, then"
        " run this again."
    ),
    "older": N_(
        "{name}: written by a version of the lab older than journals of today. Ask for a new"
        " export, after an update."
    ),
    "large": N_("{name}: too large for a journal."),
    "unreadable": N_("{name}: it cannot be read ({why})."),
    "empty": N_("{name}: a journal without entries."),
    "twice": N_("{name}: by the same person as {other}. Counted once, with the entries of both."),
}
"""Why a file is passed over, one sentence each."""

UNNAMED = re.compile(r"(lab-)?journal[-_ ]*(\(?\d+\)?)?", re.IGNORECASE)
"""What files are called to which nobody gave a name: the lab's own name, and a browser's number."""


@dataclass(frozen=True)
class Handed:
    """A journal that was handed in.

    Parameters
    ----------
    name
        As the learner named it; empty where the file has the lab's own name.
    file
        Where it lies in the folder.
    entries
        What it holds.
    """

    name: str
    file: str
    entries: Entries = field(repr=False)


@dataclass(frozen=True)
class Passed:
    """A file that was passed over: why (a key of :data:`PASSED`), and a sentence that says it."""

    why: str
    sentence: str


@dataclass(frozen=True)
class Folder:
    """The journals of a folder, one for each person, and what was passed over."""

    journals: list[Handed] = field(repr=False)
    passed: list[Passed]


def read_folder(folder: Path, but: Path | None = None) -> Folder:
    """Read every file of a folder and of the folders in it; hidden ones are left alone.

    Parameters
    ----------
    folder
        Where the files lie.
    but
        A file that is not read though it lies there: the page made last time.

    Raises
    ------
    ValueError
        With one sentence, when there is no such folder or it holds no files.
    """
    if not folder.is_dir():
        sentence = _("{folder} is no folder: give the one in which the exported journals lie")
        raise ValueError(sentence.format(folder=folder))
    found: list[Handed] = []
    passed: list[Passed] = []
    files = sorted(p for p in _files(folder) if but is None or p.resolve() != but.resolve())
    if not files:
        raise ValueError(
            _("{folder} holds no files: put the exported journals there").format(folder=folder)
        )
    for path in files:
        file = _shown(path.relative_to(folder))
        entries, why, more = _read(path)
        if entries is None:
            passed.append(Passed(why, _(PASSED[why]).format(name=file, why=more)))
        else:
            found.append(Handed(named(path, folder), file, entries))
    journals, twice = of_one_person(found)
    return Folder(journals, sorted(passed + twice, key=lambda p: p.sentence))


def _files(folder: Path) -> Iterator[Path]:
    for place, folders, names in os.walk(folder):
        folders[:] = [name for name in folders if not name.startswith((".", "__MACOSX"))]
        yield from (Path(place, name) for name in names if not name.startswith("."))


def _shown(path: Path) -> str:
    """A path that any terminal and any page can show, on one line."""
    text = path.as_posix().encode("utf-8", "replace").decode()
    return "".join(letter if letter.isprintable() else "?" for letter in text)


def named(path: Path, folder: Path) -> str:
    """The name that a learner gave: of the file, or of the folder that it came in.

    Examples
    --------
    >>> top = Path("class")
    >>> named(top / "lab-journal-owl-7.json", top), named(top / "lab-journal (3).json", top)
    ('owl-7', '')
    >>> named(top / "owl 7_file" / "lab-journal.json", top)
    'owl 7_file'
    """
    name = _shown(Path(path.stem))
    if not UNNAMED.fullmatch(name):
        return name.removeprefix("lab-journal").strip("-_ ") or name
    return "" if path.parent == folder else _shown(Path(path.parent.name))


def _read(path: Path) -> tuple[Entries | None, str, str]:
    """The journal in a file; or none, why not, and the system's words for it."""
    try:
        about = path.stat()
        if not stat.S_ISREG(about.st_mode):  # a pipe would be waited for
            return None, "foreign", ""
        if about.st_size > LARGEST:
            return None, "large", ""
        content = path.read_bytes()
    except OSError as error:
        return None, "unreadable", error.strerror or str(error)
    entries = store.parsed(content)
    if entries is None:
        return None, store.trouble(content), ""
    return (entries, "", "") if store.count(entries) else (None, "empty", "")


# --- the same person twice ------------------------------------------------------------------------


Events = frozenset[tuple[str, str, str]]
"""What was done, its value, and when, for every entry of a journal that bears a time."""


def events(entries: Entries) -> Events:
    """What a journal holds that bears a time to the second, as texts that can be compared."""
    dated: list[tuple[str, Any, Any]] = []
    for key, entry in entries["predictions"].items():
        dated.append((f"guess {key}", entry.get("guess"), entry.get("day")))
    for key, entry in entries["kept"].items():
        dated.append((f"kept {key}", entry.get("value"), entry.get("day")))
    for key, entry in entries["attempts"].items():
        dated += [(f"try {key}", t.get("answer"), t.get("day")) for t in entry["tries"]]
    return frozenset(
        (what, json.dumps(value, sort_keys=True), day)
        for what, value, day in dated
        if isinstance(day, str)
    )


def of_one_person(found: list[Handed]) -> tuple[list[Handed], list[Passed]]:
    """One journal for each person, with the entries of all that the same person handed in.

    Two journals are of one person when they hold the same, or when at least :data:`SHARED` entries
    and half of those of the shorter one are the same to the second: the later export of a journal
    holds what the earlier one held.  Two people who run a cell in the same second share an entry
    now and then, but not half of them; and nobody gives two guesses at once.
    """
    bags = [events(journal.entries) for journal in found]
    first: dict[Events, int] = {}
    group = list(range(len(found)))
    for n, bag in enumerate(bags):
        if bag:
            group[n] = first.setdefault(bag, n)
    shared: Counter[tuple[int, int]] = Counter()
    holders: dict[tuple[str, str, str], list[int]] = defaultdict(list)
    for n, bag in enumerate(bags):
        if group[n] == n:
            for event in bag:
                holders[event].append(n)
    for numbers in holders.values():
        shared.update(itertools.combinations(numbers, 2))
    for (a, b), count in sorted(shared.items()):
        many = count >= SHARED and 2 * count >= min(len(bags[a]), len(bags[b]))
        if many and not _apart(bags[a], bags[b]):
            low, high = sorted((_root(group, a), _root(group, b)))
            group[high] = low
    members: dict[int, list[int]] = defaultdict(list)
    for n in range(len(found)):
        members[_root(group, n)].append(n)
    journals, twice = [], []
    for numbers in members.values():
        main, *others = sorted(numbers, key=lambda n: (-len(bags[n]), not found[n].name, n))
        for other in others:
            store.take_in(found[main].entries, found[other].entries)
            words = _(PASSED["twice"]).format(name=found[other].file, other=found[main].file)
            twice.append(Passed("twice", words))
        journals.append(found[main])
    return journals, twice


def _apart(one: Events, other: Events) -> bool:
    """Whether two journals hold two answers to one question from the same second."""
    given: dict[tuple[str, str], set[str]] = defaultdict(set)
    for what, value, day in one:
        given[what, day].add(value)
    others: dict[tuple[str, str], set[str]] = defaultdict(set)
    for what, value, day in other:
        others[what, day].add(value)
    both = given.keys() & others.keys()
    return any(not (given[k] <= others[k] or given[k] >= others[k]) for k in both)


def _root(group: list[int], n: int) -> int:
    while group[n] != n:
        n = group[n]
    return n

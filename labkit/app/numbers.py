r"""Where every number in README, docs and notebook prose comes from: ``python -m labkit numbers``.

In: the texts, and ``docs/numbers.csv``, which says for a few words of a text what their numbers
rest on.  Out: one line for every number with its origin; a sentence for every number that has none,
for every origin that says something else, and for every entry whose words stand nowhere any more.

Code, addresses and what a command writes between ``<!-- name -->`` marks are no prose.
"""

from __future__ import annotations

import csv
import fnmatch
import functools
import importlib
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from labkit.app.notebooks import read_source, root, sources

ENTRIES = Path("docs") / "numbers.csv"
TEXTS = ("README.md", "CONTRIBUTING.md", "docs/*.md", "notebooks/*.md")
"""Prose beside the notebooks' own, as seen from the project's folder."""

KINDS = {
    "code": "a value that the code gives: module:expression, several with ' ; ' between",
    "file": "stands in a file of the project that a command makes or a person counted",
    "published": "a row of data/published: table/id, several with ' ; ' between",
    "cited": "read elsewhere; the origin names where and the year",
    "chosen": "chosen, not measured: a rule, an example, a round number; the origin says what for",
}

NUMBER = re.compile(
    r"(?<![\w.,#-])[+-]?(?:\d{1,3}(?:,\d{3})+|\d+)(?:\.\d+)?(?:e[+-]?\d+)?(?![\w]|[.,]\d)"
)
_CODE = re.compile(r"```.*?```|`[^`\n]+`|<!-- (\w+) -->.*?<!-- /\1 -->|<!--.*?-->", re.DOTALL)
_ADDRESS = re.compile(r"(?<=\])\([^)\s]+\)|https?://\S+|^\[[^\]]+\]: \S+$", re.MULTILINE)
_MONTH = "January|February|March|April|May|June|July|August|September|October|November|December"


@dataclass(frozen=True)
class Found:
    """A number in a text, with the words around it."""

    where: str
    line: int
    number: str
    before: str
    after: str

    @property
    def context(self) -> str:
        """The number among its neighbours."""
        return f"{self.before[-40:]}[{self.number}]{self.after[:30]}".replace("\n", " ").strip()


@dataclass(frozen=True)
class Entry:
    """What an entry of :data:`ENTRIES` says."""

    where: str
    words: str
    kind: str
    origin: str


#: What a number means by the way it is written: pattern of what stands before, of itself, of what
#: follows, and its origin.
BY_FORM: tuple[tuple[str, str, str, str], ...] = (
    (r"", r"0\d", r"(-[a-z]\b)?", "the name of a notebook or exercise"),
    (r"(?i)(notebooks?|0\d,|0\d and|0\d to|1\d,|1\d and) $", r"1[0-3]", r"", "name of a notebook"),
    (r"", r"1", r" in (10|100|1,000|10,000|100,000|1,000,000)\b", "the form of a rate"),
    (r"\b1 in $", r"10+|1(,000)+", r"", "the form of a rate"),
    (r"", r"1e-\d", r"", "the form of a rate"),
    (r"(?i)\bexercise $", r"\d\d", r"", "the name of an exercise"),
    (r"", r"\d{1,2}", rf" ({_MONTH})\b", "a date; the sentence says of what"),
    (rf"({_MONTH}) $", r"\d{4}", r"", "a date; the sentence says of what"),
    (r"\((?:[^()]{0,80}[ ,])?$", r"(19|20)\d\d", r"[),;]", "the year of a work that is named"),
    (r"(?m)^\s*$", r"\d{1,2}", r"\. ", "the number of a step"),
)


def prose(project: Path) -> Iterator[tuple[str, str]]:
    """Every text with its name: markdown files, and each notebook's prose."""
    for pattern in TEXTS:
        for path in sorted(project.glob(pattern)):
            yield path.relative_to(project).as_posix(), path.read_text("utf-8")
    for path in sources(project):
        cells = [c.source for c in read_source(path) if c.cell_type == "markdown"]
        yield path.relative_to(project).as_posix(), "\n\n".join(cells)


def bare(text: str) -> str:
    """A text with code, addresses and generated parts blanked, every line where it was."""

    def blank(found: re.Match[str]) -> str:
        return re.sub(r"[^\n]", " ", found[0])

    return _ADDRESS.sub(blank, _CODE.sub(blank, text))


def numbers(where: str, text: str) -> list[Found]:
    """The numbers of a text.

    Examples
    --------
    >>> [n.number for n in numbers("a.md", "Of 1,920 pictures 2.5% were `3`; notebook 05 says 12.")]
    ['1,920', '2.5', '05', '12']
    """
    plain = bare(text)
    return [
        Found(
            where,
            plain.count("\n", 0, m.start()) + 1,
            m[0],
            plain[max(0, m.start() - 160) : m.start()],
            plain[m.end() : m.end() + 160],
        )
        for m in NUMBER.finditer(plain)
    ]


def by_form(found: Found) -> str:
    """What a number means by the way it is written; empty when its form says nothing."""
    before = re.sub(r"\s+", " ", found.before)
    after = re.sub(r"\s+", " ", found.after)
    for first, itself, then, origin in BY_FORM:
        if (
            re.fullmatch(itself, found.number)
            and re.search(f"(?:{first})$" if not first.endswith("$") else first, before)
            and re.match(then, after)
        ):
            return origin
    return ""


def entries(path: Path) -> list[Entry]:
    """The entries of a file.

    Raises
    ------
    ValueError
        With one sentence, for an entry that is empty or of an unknown kind.
    """
    with path.open(encoding="utf-8", newline="") as file:
        rows = [Entry(**row) for row in csv.DictReader(file)]
    for number, row in enumerate(rows, 2):
        if row.kind not in KINDS or not (row.where and row.words and row.origin):
            raise ValueError(
                f"{path}, line {number}: give where, words, an origin and one of the kinds"
                f" {', '.join(KINDS)}"
            )
    return rows


def _same(text: str) -> str:
    return re.sub(r"[\s>]+", " ", text)


def covers(entry: Entry, found: Found) -> bool:
    """Whether a number stands in the words of an entry.

    Examples
    --------
    >>> first, second = numbers("a.md", "At most 20 minutes, for 30 people.")
    >>> entry = Entry("*.md", "At most 20 minutes", "chosen", "what a lesson allows")
    >>> covers(entry, first), covers(entry, second)
    (True, False)
    """
    if not fnmatch.fnmatch(found.where, entry.where):
        return False
    around = _same(found.before) + found.number + _same(found.after)
    place = len(_same(found.before))
    words = _same(entry.words)
    start = around.find(words)
    while start >= 0:
        if start <= place and place + len(found.number) <= start + len(words):
            return True
        start = around.find(words, start + 1)
    return False


# --- what an origin says -------------------------------------------------------------------------


def value(number: str) -> float:
    """A number as it is written, as a number."""
    return float(number.replace(",", ""))


def wrong(entry: Entry, found: Found, project: Path) -> str:
    """Why an entry's origin does not give a number; empty when it does."""
    try:
        given = _given(entry, project)
    except Exception as error:  # an origin is a text that anybody may have mistyped
        return f"its origin {entry.origin!r} cannot be read ({error})"
    if given is None:
        return ""
    if any(_equal(found.number, g) for g in given):
        return ""
    shown = ", ".join(f"{g:g}" for g in sorted(given)[:8])
    return f"its origin {entry.origin!r} gives {shown}" + (" ..." if len(given) > 8 else "")


def _given(entry: Entry, project: Path) -> list[float] | None:
    """The numbers of an origin; None where a person has to look it up."""
    if entry.kind == "code":
        return [float(v) for part in entry.origin.split(" ; ") for v in _values(_evaluated(part))]
    if entry.kind == "file":
        return _in_file(project / entry.origin)
    if entry.kind == "published":
        return [v for part in entry.origin.split(" ; ") for v in _in_row(project, part.strip())]
    if entry.kind == "cited" and not re.search(r"\b(19|20)\d\d\b", entry.origin):
        raise ValueError("no year")
    return None


def _evaluated(origin: str) -> Any:
    module, _, expression = origin.strip().partition(":")
    return eval(expression, vars(importlib.import_module(module)).copy())


def _values(made: Any) -> Iterable[Any]:
    return made if isinstance(made, list | tuple | set) else [made]


@functools.cache
def _in_file(path: Path) -> list[float]:
    text = path.read_text("utf-8")
    return [value(m[0].lstrip("+")) for m in NUMBER.finditer(text)]


def _in_row(project: Path, part: str) -> list[float]:
    table, _, name = part.partition("/")
    path = project / "data" / "published" / f"{table}.csv"
    with path.open(encoding="utf-8", newline="") as file:
        rows = [r for r in csv.DictReader(file) if name in r.values()]
    if not rows:
        raise ValueError(f"{path.name} has no row {name!r}")
    text = "\n".join(str(v) for r in rows for v in r.values())
    numbers_ = [float(n.replace(",", "")) for n in re.findall(r"\d+(?:,\d{3})*(?:\.\d+)?", text)]
    return [*numbers_, *(100 * n for n in numbers_ if n <= 1)]


def _equal(written: str, given: float) -> bool:
    """Whether a value, rounded as the text rounds it, is what the text says."""
    digits = len(written.partition("e")[0].partition(".")[2])
    if "e" in written:
        return abs(value(written) - given) <= 1e-9 * abs(given)
    return abs(value(written) - given) <= 0.5 * 10.0**-digits + 1e-9


# --- the command ----------------------------------------------------------------------------------


@dataclass(frozen=True)
class Report:
    """Every number with its origin, and one sentence for everything that is wrong."""

    origins: list[tuple[Found, str]]
    problems: list[str]


def report(project: Path, texts: Iterable[tuple[str, str]] | None = None) -> Report:
    """Look up every number of the project's texts.

    Parameters
    ----------
    project
        The project's folder.
    texts
        Name and text of each; :func:`prose` where none are given.
    """
    known = entries(project / ENTRIES)
    used: set[Entry] = set()
    origins: list[tuple[Found, str]] = []
    problems: list[str] = []
    for where, text in texts or prose(project):
        for found in numbers(where, text):
            own = [e for e in known if covers(e, found)]
            used.update(own)
            place = f"{where}, {found.context!r}"
            if own:
                faults = [wrong(e, found, project) for e in own]
                if all(faults):
                    problems.append(f"{place}: {faults[0]}")
                origins.append((found, f"{own[0].kind}: {own[0].origin}"))
            elif form := by_form(found):
                origins.append((found, form))
            else:
                problems.append(f"{place}: nothing says where this number comes from")
    problems += [
        f"{ENTRIES}: {e.words!r} stands nowhere in {e.where}" for e in known if e not in used
    ]
    return Report(origins, problems)


def run() -> int:
    """Print every number with its origin, then what is wrong; 0 when nothing is."""
    found = report(root())
    for number, origin in found.origins:
        print(f"{number.where}:{number.line}\t{number.number}\t{origin}")
    for problem in found.problems:
        print(problem)
    print(
        f"{len(found.origins) + len(found.problems):,} numbers,"
        f" {len(found.problems):,} of them (or of their entries) to be mended;"
        f" entries: {ENTRIES.as_posix()}"
    )
    return 1 if found.problems else 0

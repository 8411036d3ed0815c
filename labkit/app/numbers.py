r"""Where every number in README, docs and notebook prose comes from: ``python -m labkit numbers``.

In: the texts, and ``docs/numbers.csv``, which says for a few words of a text what their numbers
rest on.  Out: one line for every number with its origin; a sentence for every number that has none,
for every origin that says something else, and for every entry whose words stand nowhere any more.

Code and addresses are no prose.  What a command writes between ``<!-- name -->`` marks is passed
over, and the listing says which command.
"""

from __future__ import annotations

import ast
import csv
import fnmatch
import functools
import importlib
import re
import sys
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from labkit.app.notebooks import root, sources

ENTRIES = Path("docs") / "numbers.csv"
TEXTS = ("README.md", "CONTRIBUTING.md", "docs/*.md", "notebooks/*.md")
"""Prose beside the notebooks' own, as seen from the project's folder."""

KINDS = {
    "code": "a value that the code gives: module:expression, with a name of that module in it",
    "file": "stands in a file of the project: path:piece of its line (in Python not in a comment)",
    "published": "a row of data/published: table/id, or table/id/column for one of its figures",
    "cited": "read elsewhere; the origin names where and the year",
    "chosen": "not measured: a definition, a rule, an example; the origin says which or what for",
}
"""What an origin may be.  Of the first three it may hold several, with ``' ; '`` between; each is
looked up, and one has to give the number, as a share or in percent, rounded as the text rounds."""

MADE = {
    "results": "python -m labkit results",
    "claims": "python -m labkit notebooks",
    "sizing": "python benchmarks/search.py",
}
"""Name of a mark -> the command that writes what stands between ``<!-- name -->`` and its end."""

NUMBER = re.compile(r"(?<![\w#.])(?<![A-Za-z]-)[+\-\u2212]?(?:\d+(?:[.,]\d+)*|\.\d+)(?:e[+-]?\d+)?")
"""Not what belongs to a name (``SHA-256``, ``UTF-8``); both ends of a range (``3-4``) are."""

_THOUSANDS = r"\d{1,3}(?:,\d{3})+(?![\d,])"
_PLAIN = re.compile(
    rf"(?<![\w.])(?<![A-Za-z]-)[+-]?(?:{_THOUSANDS}|\d[\d_]*)?(?:\.?\d+)?(?:e[+-]?\d+)?"
)
_PART = re.compile(r"<!-- (\w+) -->.*?<!-- /\1 -->", re.DOTALL)
_CODE = re.compile(r"```.*?```|`[^`\n]+`|<!--.*?-->|(?<=\n\n)(?: {4}[^\n]*\n+)+", re.DOTALL)
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
    (r"", r"1[0-3]", r"-[a-z]\b", "the name of an exercise"),
    (r"\| \[", r"1[0-3]", r"\s[A-Z]", "the name of a notebook"),
    (r"(\A|\n)", r"1[0-3]", r"\sand\s1[0-3]\sare", "the name of a notebook"),
    (
        r"\b([Nn]otebooks?|0\d,|0\d and|0\d to|1\d and)\s",
        r"1[0-3]",
        r"(?!\w)",
        "the name of a notebook",
    ),
    (r"", r"1", r":N\b", "a search of one among many: a name"),
    (r"\[", r"1e-3", r"\]", "the name of an entry of the glossary"),
    (r"\n### ", r"1e-3", r"\n", "the name of an entry of the glossary"),
    (r"(Apache|CC BY|CC0|Software License)\s", r"\d\.\d", r"", "which version of a licence it is"),
    (r"", r"1", r"\sin\s\d", "the form of a rate: what it is 1 in has an origin of its own"),
    (
        r"\([^()]*",
        r"\d{1,2}",
        rf"(\sand\s\d\d?)?\s({_MONTH})\b",
        "the date of a work that is named",
    ),
    (rf"\([^()]*({_MONTH})\s", r"\d{4}", r"", "the date of a work that is named"),
    (
        r"\((?=[^()]*[A-Z])[^()]{0,80}[\s,]",
        r"(19|20)\d\d",
        r"[),;]",
        "the year of a work that is named",
    ),
    (r"(\A|\n)[ >]*", r"\d", r"\.\s", "the number of a step"),
    (r"\^", r"2", r"", "a square, in a formula"),
    (r"\]\s+\|\s", r"\d+", r"\s/\s\d+\s\|", "a notebook's header, by python -m labkit notebooks"),
    (r"\]\s+\|\s\d+\s/\s", r"\d+", r"\s\|", "a notebook's header, by python -m labkit notebooks"),
)


def prose(project: Path) -> Iterator[tuple[str, str]]:
    """Every text with its name: markdown files, and each notebook's prose."""
    for pattern in TEXTS:
        for path in sorted(project.glob(pattern)):
            yield path.relative_to(project).as_posix(), path.read_text("utf-8")
    for path in sources(project):
        yield path.relative_to(project).as_posix(), without_code(path.read_text("utf-8"))


def without_code(source: str) -> str:
    r"""The prose of a notebook's source, every line where it was.

    Examples
    --------
    >>> without_code("# %% [markdown]\n# Two\n# words.\n# %%\nx = 3  # three")
    '\nTwo\nwords.\n\n'
    """
    lines, inside = [], False
    for line in source.splitlines():
        starts = line.startswith("# %%")
        inside = "[markdown]" in line if starts else inside
        lines.append(line[2:] if inside and not starts else "")
    return "\n".join(lines)


def bare(text: str) -> str:
    """A text with code, addresses and generated parts blanked, every line where it was."""

    def blank(found: re.Match[str]) -> str:
        return re.sub(r"[^\n]", " ", found[0])

    return _ADDRESS.sub(blank, _CODE.sub(blank, _PART.sub(blank, text)))


def numbers(where: str, text: str) -> list[Found]:
    """The numbers of a text.

    Examples
    --------
    >>> [n.number for n in numbers("a.md", "Of 1,920 pictures 2.5% were `3`; 05 says -1 or 3-4s.")]
    ['1,920', '2.5', '05', '-1', '3', '4']
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
    for first, itself, then, origin in BY_FORM:
        if (
            re.fullmatch(itself, found.number)
            and re.search(f"(?:{first})\\Z", found.before)
            and re.match(then, found.after)
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
    """A number as it is written, as a number.

    Examples
    --------
    >>> value("1,920"), value("0,62"), value("\u22122")
    (1920.0, 0.62, -2.0)
    """
    plain = number.replace("\u2212", "-")
    whole = re.fullmatch(rf"[+-]?{_THOUSANDS}(\.\d+)?", plain)
    return float(plain.replace(",", "" if whole else "."))


def wrong(entry: Entry, found: Found, project: Path) -> str:
    """Why an entry's origin does not give a number; empty when it does."""
    try:
        given = _given(entry, project)
        if given and found.after.startswith("%"):
            given = [*given, *(100 * g for g in given if abs(g) <= 1)]
        if given is None or any(_equal(found.number, g) for g in given):
            return ""
    except Exception as error:  # an origin is a text that anybody may have mistyped
        return f"its origin {entry.origin!r} cannot be read ({error})"
    shown = ", ".join(f"{g:.10g}" for g in sorted(set(given))[:8])
    return f"its origin {entry.origin!r} gives {shown}" + (" ..." if len(given) > 8 else "")


@functools.cache
def _given(entry: Entry, project: Path) -> list[float] | None:
    """The numbers of an origin; None where a person has to look it up."""
    if entry.kind == "cited" and not re.search(r"\b(19|20)\d\d\b", entry.origin):
        raise ValueError("no year")
    looked_up = {"code": _evaluated, "file": _in_file, "published": _in_row}.get(entry.kind)
    if not looked_up:
        return None
    return [v for part in entry.origin.split(" ; ") for v in looked_up(project, part.strip())]


def _evaluated(project: Path, origin: str) -> list[float]:
    module, _, expression = origin.partition(":")
    known = vars(importlib.import_module(module))
    if not any(n.id in known for n in ast.walk(ast.parse(expression)) if isinstance(n, ast.Name)):
        raise ValueError(f"no name of {module} is in it")
    made: Any = eval(expression, known.copy())
    return [float(v) for v in (made if isinstance(made, list | tuple | set) else [made])]


def _in_file(project: Path, origin: str) -> list[float]:
    name, _, piece = origin.partition(":")
    path = project / name
    lines = path.read_text("utf-8").splitlines()
    if path.suffix == ".py":
        lines = [line for line in lines if not line.lstrip().startswith("#")]
    lines = [line for line in lines if piece and piece in line]
    if not lines:
        raise ValueError(f"no line of {name} has {piece!r}")
    return _plain("\n".join(lines))


def _in_row(project: Path, origin: str) -> list[float]:
    table, name, *columns = origin.split("/")
    with (project / "data" / "published" / f"{table}.csv").open(encoding="utf-8") as file:
        rows = [row for row in csv.DictReader(file) if next(iter(row.values())) == name]
    if not rows:
        raise ValueError(f"{table}.csv has no row {name!r}")
    return _plain("\n".join(rows[0][c] for c in columns or rows[0]))


def _plain(text: str) -> list[float]:
    return [float(n.replace(",", "")) for n in _PLAIN.findall(text) if n.strip("+-.")]


def _equal(written: str, given: float) -> bool:
    """Whether a value, rounded as the text rounds it, is what the text says."""
    said = value(written)
    if "e" in written:
        return abs(said - given) <= 1e-9 * abs(given)
    digits = len(re.sub(_THOUSANDS, "", written).partition(".")[2])
    return abs(said - given) <= 0.5 * 10.0**-digits + 1e-9


# --- the command ----------------------------------------------------------------------------------


@dataclass(frozen=True)
class Report:
    """Every number with its origin, what commands made, and a sentence for all that is wrong."""

    origins: list[tuple[Found, str]]
    made: list[str]
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
    made: list[str] = []
    problems: list[str] = []
    for where, text in texts or prose(project):
        for part in _PART.finditer(text):
            place = f"{where}:{text.count(chr(10), 0, part.start()) + 1}, {part[1]}"
            if part[1] in MADE:
                made.append(f"{place}: made by {MADE[part[1]]}")
            else:
                problems.append(f"{place}: nothing says which command makes this part")
        for found in numbers(where, text):
            own = [e for e in known if covers(e, found)]
            used.update(own)
            place = f"{where}, {found.context!r}"
            if own:
                faults = [wrong(e, found, project) for e in own]
                if all(faults):
                    problems.append(f"{place}: {faults[0]}")
                else:
                    right = own[faults.index("")]
                    origins.append((found, f"{right.kind}: {right.origin}"))
            elif form := by_form(found):
                origins.append((found, form))
            else:
                problems.append(f"{place}: nothing says where this number comes from")
    problems += [
        f"{ENTRIES}: {e.words!r} stands nowhere in {e.where}" for e in known if e not in used
    ]
    return Report(origins, made, problems)


def run() -> int:
    """Print every number with its origin, then what is wrong; 0 when nothing is."""
    project = root()
    sys.path.append(str(project))  # lab.py stands there, wherever this was started
    found = report(project)
    for number, origin in found.origins:
        print(f"{number.where}:{number.line}\t{number.number}\t{origin}")
    for line in found.made + found.problems:
        print(line)
    print(
        f"{len(found.origins) + len(found.problems):,} numbers,"
        f" {len(found.problems):,} of them (or of their entries) to be mended;"
        f" entries: {ENTRIES.as_posix()}"
    )
    return 1 if found.problems else 0

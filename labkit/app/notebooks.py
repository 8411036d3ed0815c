"""Notebooks from their sources: open for learners, solved for instructors, core only.

In: ``instructors/source/NN_name.py`` (percent format, with solutions).  Out: ``notebooks/*.ipynb``,
``instructors/solutions/*.ipynb`` and, where asked, a folder with the core edition.  A cell tagged
``exercise`` is in the open form only, one tagged ``solution`` in the solved form only, one tagged
``core`` in the core edition too.  Where a section outside the core begins, the open and the solved
form say so.  Notebooks hold no outputs; the same source gives the same bytes.

A generated notebook says in its metadata what it was generated as, so that any other text, cell or
output in it is known to be a learner's.  A learner's notebook is kept (:mod:`labkit.app.update`).
"""

from __future__ import annotations

import hashlib
import json
import os
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from labkit.app import layout, prose, told, update
from labkit.base import words
from labkit.base.files import write_whole
from labkit.base.places import PROJECT
from labkit.base.words import ENGLISH, _, wrapped

SOURCE = Path("instructors") / "source"
OPEN = Path("notebooks")
SOLVED = Path("instructors") / "solutions"
GLOSSARY = "glossary.md"
NAME = re.compile(r"\d\d_\w+\.py")
TAGS = {"core", "exercise", "solution"}
FORMS = ("open", "solved", "core")
METADATA = {
    "kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"},
    "language_info": {"name": "python"},
}
LINK = re.compile(r"(?<=\]\()([^)\s]+)(?=\))")
README = Path("README.md")
ROW = re.compile(
    r"^\| \[[^\n]*\]\(notebooks/(\w+)\.ipynb\) \|[^|\n]*\| ([^\n]*) \|\n", re.MULTILINE
)
MINUTES = re.compile(r"^(\*\*Minutes:\*\*) core (\d+), full (\d+)", re.MULTILINE)

SENTENCES = {
    "no source": "there are no sources in {path}: run this in the project's folder",
    "tag": "{name}: cell {number} has the tag {tag!r}; the tags are core, exercise and solution",
    "both": "{name}: cell {number} is tagged exercise and solution: choose one",
    "written": "{path}: written",
    "kept": "{path}: you worked in it; your version is now {aside}, and a new one is in its place",
    "removed": "{path}: removed, it was generated and has no source any more",
    "in step": "{count} notebooks are in step with their sources",
    "missing": "{path} is missing",
    "differs": "{path} differs from its source",
    "orphan": "{path} has no source",
    "yours": "passed over, because you worked in them: {names}",
    "remedy": "run python -m labkit notebooks (what you worked in is kept in notebooks/yours)",
}


def root() -> Path:
    """The project's folder, where ``instructors/source`` is.

    Raises
    ------
    ValueError
        With one sentence, when labkit is installed without the project's folder.
    """
    for folder in (PROJECT, Path.cwd()):
        if (folder / SOURCE).is_dir():
            return folder
    raise ValueError(SENTENCES["no source"].format(path=SOURCE))


def sources(project: Path) -> list[Path]:
    """The sources, in the order of their numbers."""
    return sorted(p for p in (project / SOURCE).glob("*.py") if NAME.fullmatch(p.name))


# --- one notebook ------------------------------------------------------------------------------


def read_source(path: Path) -> list[Any]:
    """The cells of a source, each with ``cell_type``, ``source`` and ``metadata.tags``.

    Raises
    ------
    ValueError
        With one sentence, when a cell has a tag that is not known.
    """
    import jupytext  # type: ignore[import-untyped]

    cells = jupytext.reads(path.read_text(encoding="utf-8"), fmt="py:percent").cells
    for number, cell in enumerate(cells, 1):
        tags = set(cell.metadata.get("tags", []))
        for tag in sorted(tags - TAGS):
            raise ValueError(SENTENCES["tag"].format(name=path.name, number=number, tag=tag))
        if {"exercise", "solution"} <= tags:
            raise ValueError(SENTENCES["both"].format(name=path.name, number=number))
    return [c for c in cells if c.source.strip()]


def belongs(tags: Sequence[str], form: str) -> bool:
    """Whether a cell with these tags is part of a form of its notebook.

    Examples
    --------
    >>> belongs(["core", "solution"], "open"), belongs(["core", "exercise"], "core")
    (False, True)
    """
    if form == "solved":
        return "exercise" not in tags
    return "solution" not in tags and (form == "open" or "core" in tags)


def build(path: Path, form: str, folder: Path, project: Path, language: str = ENGLISH) -> bytes:
    """One notebook as the bytes of its file.

    Parameters
    ----------
    path
        The source.
    form
        ``"open"``, ``"solved"`` or ``"core"``.
    folder
        Where the notebook will lie; links are written as seen from there.
    project
        The project's folder.
    language
        Of its text, and of what its code prints and its comments say; blocks without a translation
        stay English and say so (``lang="en"``, or in the cell's metadata where all of it is).
        What labkit and the lessons say follows the environment of the kernel that runs it.

    Raises
    ------
    ValueError
        When the form, a tag or the language is not known.
    """
    if form not in FORMS:
        raise ValueError(f"there is no form {form!r} of a notebook: {', '.join(FORMS)}")
    names = {p.stem + ".ipynb" for p in sources(project)} | (
        {GLOSSARY} if form == "core" else set()
    )
    with words.use(language):
        cells = _cells(path, form, folder, project, names)
    made: dict[str, str] = {"made": update.generated_mark(path.stem, cells)}
    if language != ENGLISH:
        made["language"] = language
    metadata = {**METADATA, update.MARK: made}
    notebook = {"cells": cells, "metadata": metadata, "nbformat": 4, "nbformat_minor": 5}
    return (json.dumps(notebook, indent=1, ensure_ascii=False, sort_keys=True) + "\n").encode()


def _cells(
    path: Path, form: str, folder: Path, project: Path, names: set[str]
) -> list[dict[str, Any]]:
    """The cells of a notebook, in the language that is in use."""
    cells: list[dict[str, Any]] = []
    seen: dict[str, int] = {}
    set_up, before = False, ""
    for cell in read_source(path):
        tags = [t for t in cell.metadata.get("tags", []) if t in TAGS]
        if not belongs(tags, form):
            continue
        folded = cell.cell_type == "code" and not set_up and layout.is_set_up(cell.source)
        set_up = set_up or folded
        named, text, english = cell.source, *in_language(cell)
        if folded:
            named, text = f"{layout.SET_UP}\n{named}", f"{_(layout.SET_UP)}\n{text}"
        if cell.cell_type == "markdown":
            text = _links(text, names, folder, project)
            text = MINUTES.sub(r"\1 \2", text) if form == "core" else text
            text = layout.prose(text, tags, before)
        if form != "core" and "solution" not in tags:
            before = "core" if "core" in tags else "full"
        key = _key(path.stem, cell.cell_type, named)  # the same in every language
        seen[key] = seen.get(key, 0) + 1
        cells.append(_cell(cell.cell_type, text, tags, f"{key}-{seen[key]}", folded))
        if english:
            cells[-1]["metadata"][update.MARK] = {"language": ENGLISH}
    return cells


def in_language(cell: Any) -> tuple[str, bool]:
    """The text of a cell in the language in use; whether it stayed English in another one."""
    if words.language() == ENGLISH:
        return cell.source, False
    said = words.translations("notebooks").gettext
    if cell.cell_type == "code":
        return told.put(cell.source, said), False
    english = layout.signs(cell.source)
    text = prose.put(english, lambda block: layout.resigned(block, said))
    return text, text == english and prose.has_words(text)


def _key(stem: str, kind: str, text: str) -> str:
    """Name of a cell, made from its text, so that a new cell renames no other."""
    return hashlib.sha256(f"{stem} {kind} {text}".encode()).hexdigest()[:12]


def _cell(kind: str, text: str, tags: list[str], name: str, folded: bool = False) -> dict[str, Any]:
    cell: dict[str, Any] = {
        "cell_type": kind,
        "id": name,
        "metadata": ({"jupyter": {"source_hidden": True}} if folded else {})
        | ({"tags": tags} if tags else {}),
        "source": text.splitlines(keepends=True),
    }
    if kind == "code":
        cell |= {"execution_count": None, "outputs": []}
    return cell


def _links(text: str, beside: set[str], folder: Path, project: Path) -> str:
    """Links as seen from ``folder``; in the sources they are written as seen from notebooks/."""

    def moved(found: re.Match[str]) -> str:
        target, hash_, anchor = found.group(1).partition("#")
        if not target or "://" in target or target.startswith("mailto:") or target in beside:
            return found.group(1)
        place = os.path.normpath(project / OPEN / target)
        return Path(os.path.relpath(place, folder)).as_posix() + hash_ + anchor

    return LINK.sub(moved, text)


# --- all notebooks -------------------------------------------------------------------------------


@dataclass(frozen=True)
class Wanted:
    """A file that should be there, with these bytes."""

    path: Path
    content: bytes


def wanted(project: Path, core: Path | None = None) -> list[Wanted]:
    """Every file that the sources give: both forms, or only the core edition in a folder.

    Raises
    ------
    ValueError
        When there is no source or one has an unknown tag.
    """
    found = sources(project)
    if not found:
        raise ValueError(SENTENCES["no source"].format(path=project / SOURCE))
    places = [("core", core)] if core else [("open", project / OPEN), ("solved", project / SOLVED)]
    out = []
    for form, folder in places:
        assert folder is not None
        folder = folder.resolve()
        for path in found:
            content = build(path, form, folder, project.resolve())
            out.append(Wanted(folder / f"{path.stem}.ipynb", content))
    glossary = project / OPEN / GLOSSARY
    if core and glossary.is_file():
        out.append(Wanted(core.resolve() / GLOSSARY, glossary.read_bytes()))
    return out


def minutes_of(path: Path) -> tuple[int, int] | None:
    """Minutes of a notebook's core, and of all of it, as its source says; None where it says none.

    The source is English; a built notebook says them in a reader's language, and differently.
    """
    first = next((cell.source for cell in read_source(path)), "")
    found = MINUTES.search(first)
    return (int(found[2]), int(found[3])) if found else None


def listed(readme: str, found: Sequence[Path]) -> str:
    """The README with one row for every source; what was said of a notebook there is kept.

    A new row says the objectives of its notebook.

    Parameters
    ----------
    readme
        A text that has such a row already; one without is returned as it is.
    found
        The sources, in order.
    """
    said = dict(ROW.findall(readme))
    rows = ""
    for path in found:
        first = next((c.source for c in read_source(path)), "")
        title = re.search(r"^# (.+)$", first, re.MULTILINE)
        core, full = minutes_of(path) or ("?", "?")
        goals = re.findall(r"^- (.+)$", first, re.MULTILINE)
        link = f"[{path.stem[:2]} {title[1] if title else path.stem}](notebooks/{path.stem}.ipynb)"
        rows += f"| {link} | {core} / {full} | {said.get(path.stem) or '; '.join(goals)} |\n"
    spans = [found.span() for found in ROW.finditer(readme)]
    return readme[: spans[0][0]] + rows + readme[spans[-1][1] :] if spans else readme


def with_claims(readme: str) -> str:
    """The README with how many claims of the documents are measured, between its two marks."""
    start, end = "<!-- claims -->", "<!-- /claims -->"
    if start not in readme or end not in readme:
        return readme
    from labkit.published.claims import count_claims

    before, _, rest = readme.partition(start)
    return f"{before}{start}\n{wrapped(count_claims().words, 104)}\n{end}{rest.partition(end)[2]}"


def _readme(project: Path) -> list[Wanted]:
    """The README as it should be, where there is one."""
    path = project.resolve() / README
    if not path.is_file():
        return []
    text = with_claims(listed(path.read_text(encoding="utf-8"), sources(project)))
    return [Wanted(path, text.encode())]


def out_of_step(project: Path, strict: bool | None = None) -> list[str]:
    """One sentence for every notebook that is missing, differs from its source or has none.

    The rows of the README are made from the sources too.

    Parameters
    ----------
    project
        The project's folder.
    strict
        Whether a notebook that somebody opened, ran or wrote in differs too; by default only where
        ``CI`` is set.  Otherwise :func:`learners` names those.
    """
    strict = bool(os.environ.get("CI")) if strict is None else strict
    files, folder = wanted(project), project.resolve()
    passed = [] if strict else learners(project)
    out = []
    for file in files + _readme(project):
        name = file.path.relative_to(folder)
        if not file.path.is_file():
            out.append(SENTENCES["missing"].format(path=name))
        elif name not in passed and not _as_made(file, strict):
            out.append(SENTENCES["differs"].format(path=name))
    out += [
        SENTENCES["orphan"].format(path=p.relative_to(folder)) for p in _orphans(project, files)
    ]
    return out


def _as_made(file: Wanted, strict: bool) -> bool:
    """Whether a file is what it should be; JupyterLab's stamps count only where it is strict."""
    there = file.path.read_bytes()
    if there == file.content:
        return True
    mark = "" if strict or file.path.suffix != ".ipynb" else update.mark_of(there)
    return bool(mark) and mark == update.mark_of(file.content)


def learners(project: Path) -> list[Path]:
    """The notebooks in the places of generated ones that somebody worked in."""
    return [
        file.path.relative_to(project.resolve())
        for file in wanted(project)
        if file.path.is_file() and update.is_theirs(file.path.read_bytes(), file.path.stem)
    ]


def passed_over(project: Path) -> str:
    """One sentence that names the learner's notebooks; empty when there are none."""
    names = [path.as_posix() for path in learners(project)]
    return SENTENCES["yours"].format(names=update.some_names(names)) if names else ""


def _orphans(project: Path, files: Sequence[Wanted]) -> list[Path]:
    """Generated notebooks that no source gives any more; any other is a learner's own."""
    expected = {f.path for f in files}
    folders = {f.path.parent for f in files}
    return sorted(
        p
        for folder in folders
        for p in folder.glob("*.ipynb")
        if p not in expected and _only_generated(p.read_bytes(), p.stem)
    )


def _only_generated(content: bytes, stem: str) -> bool:
    return bool(update.mark_of(content)) and not update.is_theirs(content, stem)


def write(
    project: Path, core: Path | None = None, say: Callable[[str], object] = print
) -> list[Path]:
    """Write what differs from its source; returns the files written.

    A notebook that somebody ran or wrote in is copied to the folder ``yours`` beside it first.

    Raises
    ------
    ValueError, OSError
        With one sentence, when a source is wrong or a place cannot be written to.
    """
    files, out = wanted(project, core), []
    for file in files + ([] if core else _readme(project)):
        there = file.path.read_bytes() if file.path.is_file() else None
        if there == file.content:
            continue
        if there is not None and _to_keep(file.path, there, core):
            aside = update.keep_notebook(file.path)
            say(SENTENCES["kept"].format(path=file.path, aside=aside))
        write_whole(file.path, file.content)
        say(SENTENCES["written"].format(path=file.path))
        out.append(file.path)
    if core is None:
        for path in _orphans(project, files):
            path.unlink()
            say(SENTENCES["removed"].format(path=path))
    return out


def _to_keep(path: Path, there: bytes, core: Path | None) -> bool:
    """Whether a file that will be replaced may hold something of a learner's."""
    if path.suffix == ".ipynb":
        return update.is_theirs(there, path.stem)
    return core is not None  # a glossary that somebody may have added to; the README is ours


def run(core: Path | None = None, only_check: bool = False) -> int:
    """The command ``python -m labkit notebooks``: 0 when all is in step at the end, else 1.

    With ``only_check`` the house rules (:mod:`labkit.app.rules`) are looked at as well.
    """
    project = root()
    if not only_check:
        write(project, core)
        if core:
            return 0
    problems = out_of_step(project)
    for sentence in problems:
        print(sentence)
    if problems:
        print(SENTENCES["remedy"])
    if yours := passed_over(project):
        print(yours)
    if only_check:
        broken = broken_rules(project)
        for sentence in broken:
            print(sentence)
        problems += broken
    if problems:
        return 1
    print(SENTENCES["in step"].format(count=len(wanted(project))))
    return 0


def broken_rules(project: Path) -> list[str]:
    """One sentence for everything that breaks a house rule, in a source or in the glossary."""
    from labkit.app import rules

    glossary = project / OPEN / GLOSSARY
    out = [sentence for source in sources(project) for sentence in rules.broken(source)]
    return out + (rules.broken_glossary(glossary) if glossary.is_file() else [])

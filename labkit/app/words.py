"""The lab in other languages: what there is to translate, and what has been.

In: sentences marked in labkit and in the lessons, templates of pages, the text of the notebooks.
Out: ``labkit/locale``: a template for each domain (``labkit.pot``, ``notebooks.pot``), a file of
translations for each language (``es/LC_MESSAGES/labkit.po``), and what the lab reads of it
(``labkit.mo``).  ``python -m labkit words`` writes them and counts what is missing;
``docs/languages.md`` says how a language is added.

Nothing translated is lost when English changes: the translation of a changed sentence stays beside
it, marked ``fuzzy``, and is not shown until somebody has looked at it; that of a sentence that went
stays at the end of its file.
"""

from __future__ import annotations

import ast
import contextlib
import fnmatch
import io
import re
import string
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from babel import Locale, UnknownLocaleError
from babel.messages.catalog import Catalog, Message
from babel.messages.mofile import write_mo
from babel.messages.pofile import PoFileError, read_po, write_po

from labkit.app import layout, notebooks, prose, told
from labkit.base import words
from labkit.base.files import write_whole

NOTEBOOKS = "notebooks"
DOMAINS = (words.DOMAIN, NOTEBOOKS)
KEYWORDS = {"_": 1, "N_": 1, "C_": 2}
"""What marks a sentence, and how many texts it takes."""

TAG = "Translators:"
"""What begins a comment above a sentence that translators are to read."""

CODE_FOLDERS = ("labkit", "lessons")
HEADER = "Sentences of the face-surveillance lab; docs/languages.md says how they are translated."
LINE = 100
_HEADERS = ("Language", "Plural-Forms", "MIME-Version", "Content-Type", "Content-Transfer-Encoding")
"""What the head of a file says: no dates and no tools, so that it changes only with a sentence."""
KINDS = {
    "heading": "a heading",
    "text": "a paragraph; links and what stands in backticks stay as they are",
    "item": "an item of a list; links and what stands in backticks stay as they are",
    "row": "a row of a table: as many | as here",
    "printed": "printed by the code of a cell",
    "f-string": "printed by the code of a cell: what stands in braces is code",
    "comment": "a comment in code",
}
"""What a text of a notebook is -> what its translator is told."""

PARTS: dict[str, tuple[str, ...]] = {
    "explorers": ("labkit/views/explorers/*",),
    "front": (
        "labkit/app/site/front*",
        "labkit/app/site/cards*",
        "labkit/app/site/frame.py",
        "labkit/app/site/shell*",
    ),
    "site": ("labkit/app/site/*",),
    "hints": (
        "lessons/nb03/exercises.py",
        "labkit/learning/checks.py",
        "labkit/learning/answers.py",
        "labkit/learning/exercises.py",
        "labkit/learning/guesses.py",
        "labkit/learning/slips.py",
        "labkit/learning/stumbles.py",
    ),
    "shared": (
        "labkit/base/*",
        "labkit/learning/*",
        "labkit/views/*",
        "labkit/measure/*",
        "labkit/published/*",
        "labkit/app/doctor.py",
        "labkit/app/layout.py",
        "labkit/app/prose.py",
        "labkit/data.py",
    ),
    "everything": ("*",),
}
"""Part -> the files whose sentences it holds, beside the notebooks, which have two digits.

``hints`` is whatever answers notebook 03's exercises; ``shared`` is what notebooks print and show.
"""


# --- what there is -------------------------------------------------------------------------------


def gathered(project: Path) -> dict[str, Words]:
    """Every sentence there is to translate, by domain, in the order of its files.

    Parameters
    ----------
    project
        The project's folder.
    """
    found = {domain: _catalog() for domain in DOMAINS}
    for folder in CODE_FOLDERS:
        for path in sorted((project / folder).rglob("*")):
            _of_code(found[words.DOMAIN], path, path.relative_to(project).as_posix())
    for path in notebooks.sources(project):
        at = path.relative_to(project).as_posix()
        for kind, text in of_notebook(path):
            _add(found[NOTEBOOKS], text, at, comment=KINDS[kind])
    glossary = project / notebooks.OPEN / notebooks.GLOSSARY
    if glossary.is_file():
        at = glossary.relative_to(project).as_posix()
        for block in prose.blocks(glossary.read_text(encoding="utf-8")):
            if block.text:
                _add(found[NOTEBOOKS], block.text, at, comment=KINDS[block.kind])
    return found


def of_notebook(path: Path) -> Iterator[tuple[str, str]]:
    """Kind and words of every text in a source, in order."""
    for cell in notebooks.read_source(path):
        if cell.cell_type == "code":
            try:
                found = told.pieces(cell.source)
            except ValueError as error:
                raise ValueError(f"{path.name}: {error}") from None
            yield from ((piece.kind, piece.text) for piece in found)
        else:
            for block in prose.blocks(layout.signs(cell.source)):
                if text := layout.unsigned(block.text):
                    yield block.kind, text


class Words(Catalog):
    """Sentences and their translations, with a head that says nothing of days and tools."""

    @property
    def mime_headers(self) -> list[tuple[str, str]]:
        """What stands in the head."""
        return [(n, v) for n, v in super().mime_headers if n in _HEADERS]


def _catalog(language: str | None = None) -> Words:
    return Words(language, header_comment=f"# {HEADER}", fuzzy=False, charset="utf-8")


def _of_code(catalog: Words, path: Path, at: str) -> None:
    """The sentences of a module or of a template of a page."""
    if not at.endswith((".py", ".html.j2")):
        return
    content = path.read_text(encoding="utf-8")
    if not any(f"{name}(" in content for name in KEYWORDS):
        return
    found = marked(content) if path.suffix == ".py" else _of_template(content)
    for text, context, comment in found:
        _add(catalog, text, at, comment, context)


def marked(source: str) -> Iterator[tuple[str, str | None, str]]:
    r"""Sentences of Python code that a translator is to see: text, meaning, comment above it.

    A syntax tree is read and not, as Babel does, a stream of tokens: a sentence within an f-string
    is a sentence, and the key of a table of sentences is none.

    Examples
    --------
    >>> list(marked("# Translators: short\nsay(f'<b>{_(\"Yes\")}</b>', C_('a fruit', 'date'))"))
    [('Yes', None, 'short'), ('date', 'a fruit', 'short')]
    """
    lines = source.split("\n")
    calls = [n for n in ast.walk(ast.parse(source)) if isinstance(n, ast.Call)]
    for call in sorted(calls, key=lambda n: (n.lineno, n.col_offset)):
        name = call.func.id if isinstance(call.func, ast.Name) else ""
        given = [a.value if isinstance(a, ast.Constant) else None for a in call.args]
        if len(given) != KEYWORDS.get(name) or not all(isinstance(g, str) and g for g in given):
            continue
        above = lines[call.lineno - 2].strip() if call.lineno > 1 else ""
        comment = above.removeprefix(f"# {TAG}").strip() if above.startswith(f"# {TAG}") else ""
        yield str(given[-1]), str(given[0]) if len(given) == 2 else None, comment


def _of_template(source: str) -> Iterator[tuple[str, str | None, str]]:
    """The same of a template."""
    from jinja2 import Environment
    from jinja2.ext import extract_from_ast

    tree = Environment().parse(source)
    for _line, name, given in extract_from_ast(tree, tuple(KEYWORDS), babel_style=False):
        texts = given if isinstance(given, tuple) else (given,)
        if len(texts) == KEYWORDS[name] and all(texts):
            yield str(texts[-1]), str(texts[0]) if len(texts) == 2 else None, ""


def _add(
    catalog: Catalog, text: str, at: str, comment: str = "", context: str | None = None
) -> None:
    there = catalog.get(text, context)
    if there and (at, 0) in there.locations:
        return
    catalog.add(text, locations=[(at, 0)], auto_comments=[comment] * bool(comment), context=context)


# --- files ---------------------------------------------------------------------------------------


def template(project: Path, domain: str) -> Path:
    """Where the template of a domain lies."""
    return project / "labkit" / "locale" / f"{domain}.pot"


def translated(project: Path, language: str, domain: str, suffix: str = ".po") -> Path:
    """Where the translations of a domain lie."""
    return project / "labkit" / "locale" / language / "LC_MESSAGES" / (domain + suffix)


def begun(project: Path) -> list[str]:
    """The languages that somebody has begun to translate into."""
    return sorted(
        p.parents[1].name for p in (project / "labkit/locale").glob("*/LC_MESSAGES/labkit.po")
    )


def as_text(catalog: Words) -> bytes:
    """A catalogue as a file that changes only when a sentence does: no dates, no line numbers."""
    out = io.BytesIO()
    write_po(out, catalog, width=LINE, include_lineno=False, include_previous=True)
    return out.getvalue().rstrip(b"\n") + b"\n"


def compiled(catalog: Words) -> bytes:
    """What the lab reads: only what is translated, nothing that somebody has yet to look at."""
    out = io.BytesIO()
    write_mo(out, catalog)
    return out.getvalue()


def read(path: Path, language: str) -> Words:
    """Translations from a file.

    Raises
    ------
    ValueError
        With one sentence, when the file cannot be read as such.
    """
    try:
        with open(path, "rb") as stream:
            found = read_po(stream, locale=language, abort_invalid=True)
    except (PoFileError, ValueError) as error:
        raise ValueError(f"{path} cannot be read: {error}") from None
    out = _catalog(language)
    out.header_comment = found.header_comment
    for message in found:
        if message.id:
            _remember(message)
            out[message.id] = message
    out.obsolete = found.obsolete
    return out


def _remember(message: Message) -> None:
    """The English that a changed sentence had before, which Babel writes and reads as a remark."""
    old = [line for line in message.user_comments if line.startswith("|")]
    if old:
        texts = re.findall(r'"(?:[^"\\]|\\.)*"', " ".join(line[1:].strip() for line in old))
        message.previous_id = ["".join(map(ast.literal_eval, texts))] if message.fuzzy else []
        message.user_comments = [line for line in message.user_comments if line not in old]


def done(message: Message) -> bool:
    """Whether a sentence is translated, and somebody has looked at it since it was changed."""
    return bool(message.string) and not message.fuzzy


def merged(there: Words | None, found: Words, language: str) -> Words:
    """The translations of a language for today's sentences; what no sentence has is kept."""
    out = there if there is not None else _catalog(language)
    for key, message in list(out.obsolete.items()):
        if found.get(message.id, message.context):  # a sentence that went and has come back
            out[message.id] = out.obsolete.pop(key)
    before = {(m.id, m.context): m.previous_id for m in out if m.fuzzy}
    out.update(found, update_creation_date=False)
    used = {message.string for message in out if message.id and done(message)}
    for message in out:
        message.previous_id = before.get((message.id, message.context)) or message.previous_id
        # One that is like another sentence, which is still there, is no changed one.
        if message.fuzzy and message.string in used:
            message.string, message.previous_id = "", []
            message.flags.discard("fuzzy")
    return out


def wanted(project: Path) -> list[notebooks.Wanted]:
    """Every file below ``labkit/locale`` as it should be."""
    out = []
    for domain, found in gathered(project).items():
        out.append(notebooks.Wanted(template(project, domain), as_text(found)))
        for language in begun(project):
            path = translated(project, language, domain)
            there = read(path, language) if path.is_file() else None
            now = merged(there, found, language)
            out.append(notebooks.Wanted(path, as_text(now)))
            out.append(notebooks.Wanted(path.with_suffix(".mo"), compiled(now)))
    return out


def _not_as_wanted(project: Path) -> Iterator[notebooks.Wanted]:
    for file in wanted(project):
        if not file.path.is_file() or file.path.read_bytes() != file.content:
            yield file


def out_of_step(project: Path) -> list[str]:
    """One sentence for every file of ``labkit/locale`` that is missing or not as it should be."""
    names = (file.path.relative_to(project) for file in _not_as_wanted(project))
    return [f"{name} is not in step: run python -m labkit words" for name in names]


def write(project: Path) -> list[Path]:
    """Write what is not in step; returns the files written."""
    out = []
    for file in _not_as_wanted(project):
        write_whole(file.path, file.content)
        out.append(file.path)
    return out


def begin(project: Path, language: str) -> list[Path]:
    """The files of a language that is new, with nothing translated yet.

    Raises
    ------
    ValueError
        When it has been begun already, or no language is called so.
    """
    try:
        Locale.parse(language)
    except (UnknownLocaleError, ValueError):
        raise ValueError(
            f"no language is called {language!r}: give its code, such as es, fr or pt_BR"
        ) from None
    if language == words.ENGLISH or language in begun(project):
        raise ValueError(
            f"{language} is there already: python -m labkit words brings it up to date"
        )
    for domain in DOMAINS:
        write_whole(translated(project, language, domain), as_text(_catalog(language)))
    return write(project)


# --- what a translation must keep ----------------------------------------------------------------


def faults(project: Path, language: str) -> list[str]:
    """One sentence for each translation that lost something, or says something twice."""
    out = []
    with words.use(language) if language in words.languages() else contextlib.nullcontext():
        for domain in DOMAINS:
            path = translated(project, language, domain)
            if not path.is_file():
                out.append(f"{path.relative_to(project)} is missing: run python -m labkit words")
                continue
            name = path.relative_to(project)
            out += [f"{name}: {text!r} stands in it twice" for text in doubles(path)]
            for message in read(path, language):
                if message.id and done(message):
                    out += [f"{name}: {message.id!r}: {fault}" for fault in wrong(message, domain)]
    return out


def wrong(message: Message, domain: str) -> list[str]:
    """What a translation must have as its original has it, and has not."""
    original, new = str(message.id), str(message.string)
    out = []
    if _ends(original) != _ends(new):
        out.append("it must begin and end with the same blanks and line breaks")
    if domain == words.DOMAIN:
        return (
            out
            + differing("{}", fields(original), fields(new))
            + differing("tag", prose.TAG.findall(original), prose.TAG.findall(new))
        )
    if any(comment == KINDS["f-string"] for comment in message.auto_comments):
        out += told.lost(original, new)
    if any(comment in _PROSE for comment in message.auto_comments):
        out += prose.lost(original, new)
    return out


_PROSE = {KINDS[kind] for kind in ("heading", "text", "item", "row")}


def _ends(text: str) -> tuple[str, str]:
    """The blanks and line breaks at both ends of a text."""
    bare = text.strip()
    at = text.find(bare)
    return text[:at], text[at + len(bare) :]


def fields(text: str) -> list[str]:
    """What numbers are put into: each as it is written, once.

    Examples
    --------
    >>> fields("{n:,} of {all}, {n:,}"), fields("a { b")
    (['{all}', '{n:,}'], ['{', '{'])
    """
    try:
        parts = list(string.Formatter().parse(text))
    except ValueError:  # a text into which nothing is put
        return re.findall(r"[{}]", text) * 2
    found = set()
    for _text, name, spec, conversion in parts:
        if name is not None:
            found.add(
                "{"
                + name
                + (f"!{conversion}" if conversion else "")
                + (f":{spec}" if spec else "")
                + "}"
            )
    return sorted(found)


def differing(what: str, here: Iterable[str], there: Iterable[str]) -> list[str]:
    """What is in one list and not in the other, each as often."""
    before, now = Counter(here), Counter(there)
    lost = [f"{one} is lost" for one in before - now]
    return lost + [f"{one} is new" for one in now - before]


def doubles(path: Path) -> list[str]:
    """Sentences that stand in a file of translations more than once."""
    seen: Counter[tuple[str, str]] = Counter()
    context, text, field = "", "", ""
    for line in [*path.read_text(encoding="utf-8").splitlines(), ""]:
        key, _gap, rest = line.partition(" ")
        if key in ("msgctxt", "msgid", "msgstr"):
            field = key
            if key == "msgctxt":
                context = ast.literal_eval(rest)
            elif key == "msgid":
                text = ast.literal_eval(rest)
            else:
                seen[context, text] += 1
                context = ""
        elif line.startswith('"') and field in ("msgctxt", "msgid"):
            if field == "msgid":
                text += ast.literal_eval(line)
            else:
                context += ast.literal_eval(line)
    return [text for (_context, text), count in seen.items() if count > 1]


# --- what is missing -----------------------------------------------------------------------------


@dataclass(frozen=True)
class Count:
    """How much of a part is translated."""

    part: str
    done: int
    of: int


def parts(project: Path) -> dict[str, tuple[str, ...]]:
    """Part -> patterns of the files whose sentences it holds: each notebook, and ``PARTS``."""
    numbers = [path.stem[:2] for path in notebooks.sources(project)]
    own = {n: (f"{notebooks.SOURCE.as_posix()}/{n}_*.py", f"lessons/nb{n}/*") for n in numbers}
    return {**own, **PARTS}


def _of_part(project: Path, language: str, part: str) -> Iterator[Message]:
    """The sentences of a part, translated or not, as they are in the sources now."""
    patterns = parts(project)[part]
    for domain, found in gathered(project).items():
        path = translated(project, language, domain)
        now = merged(read(path, language) if path.is_file() else None, found, language)
        for message in now:
            at = [place for place, _line in message.locations]
            if message.id and any(fnmatch.fnmatch(p, pattern) for p in at for pattern in patterns):
                yield message


def counts(project: Path, language: str) -> list[Count]:
    """How much of each part is translated."""
    everything = list(_of_part(project, language, "everything"))
    out = []
    for part, patterns in parts(project).items():
        mine = [
            message
            for message in everything
            if any(fnmatch.fnmatch(p, q) for p, _line in message.locations for q in patterns)
        ]
        out.append(Count(part, sum(map(done, mine)), len(mine)))
    return out


def missing(project: Path, language: str, part: str = "everything") -> list[Message]:
    """The sentences of a part that are not translated, in the order of their files.

    Raises
    ------
    ValueError
        When there is no such language or part.
    """
    if language not in begun(project):
        raise ValueError(
            f"nobody has begun to translate into {language!r} (there is"
            f" {', '.join(begun(project)) or 'none'}): python -m labkit words --new {language}"
        )
    if part not in parts(project):
        raise ValueError(f"there is no part {part!r}: there are {', '.join(parts(project))}")
    return [message for message in _of_part(project, language, part) if not done(message)]


# --- the command ---------------------------------------------------------------------------------


def run(*, only_check: bool = False, new: str = "", missing_in: str = "", part: str = "") -> int:
    """The command ``python -m labkit words``: 0 when all is in step, else 1."""
    project = notebooks.root()
    if part and not missing_in:
        raise ValueError("--part goes with --missing and a language, such as --missing es")
    if missing_in:
        left = missing(project, missing_in, part or "everything")
        for message in left:
            places = ", ".join(dict.fromkeys(place for place, _line in message.locations))
            words.put(f"{places}{' (changed, look at it)' if message.fuzzy else ''}")
            words.put(f"    {message.id!r}")
        words.put(f"{len(left)} of {part or 'everything'} are missing in {missing_in}")
        return 0
    if new:
        for path in begin(project, new):
            words.put(f"{path.relative_to(project)}: written")
        return 0
    problems = out_of_step(project) if only_check else []
    if not only_check:
        for path in write(project):
            words.put(f"{path.relative_to(project)}: written")
    for language in begun(project):
        problems += faults(project, language)
        _print_counts(project, language)
    for sentence in problems:
        words.put(sentence)
    return 1 if problems else 0


def _print_counts(project: Path, language: str) -> None:
    words.put(f"{language:12} translated      of  missing")
    for count in counts(project, language):
        words.put(f"{count.part:12}{count.done:11,}{count.of:8,}{count.of - count.done:9,}")

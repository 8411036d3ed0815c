"""The house rules: what every notebook and the glossary keep to, each as a function.

In: the path of a source, ``instructors/source/NN_name.py`` (or of the glossary).  Out: one sentence
for everything that breaks the rule, with what to do about it; nothing where it is kept.  ``python
-m labkit notebooks --check`` prints them, the tests ask for each rule and notebook, and what
``python -m labkit new notebook`` writes keeps all of them.
"""

from __future__ import annotations

import ast
import dataclasses
import itertools
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any, NamedTuple

from labkit.app import layout, notebooks
from labkit.learning import catalogue
from labkit.learning.exercises import Check

LONGEST_CELL = 12
LONGEST_LINE = 100
CORE_MINUTES = 20
OBJECTIVES = 3
ALT_WORDS = 5
ENDING = ("What this does not show", "Key points", "Talk about it", "Next")
AVOIDED = (
    "simply",
    "obviously",
    "debias",
    "debiasing",
    "solve bias",
    "ai thinks",
    "subjects",
    "suspects",
    "ethnicity",
    "ethnicities",
)
# What cells call; each may stand alone (from labkit import predict) or behind its module.
CHECK = ("check", "checks.check")
PREDICT = ("predict", "journal.predict")
RESULT = ("result", "journal.result")
RECALL = ("recall", "journal.recall")
SENTENCES, ENTRY_WORDS = (1, 3), (4, 75)
"""Fewest and most sentences and words of a glossary entry."""


class Kind(NamedTuple):
    """What a kind of notebook may hold: fewest and most of each; of exercises a fixed number."""

    cells: tuple[int, int]
    exercises: int
    words: tuple[int, int]
    minutes: tuple[int, int]


KINDS: Mapping[str, Kind] = {
    "reading": Kind((4, 10), 1, (400, 1400), (5, 30)),
    "working": Kind((12, 22), 3, (600, 1800), (60, 90)),
    "deciding": Kind((6, 12), 2, (400, 1600), (30, 90)),
}

Rule = Callable[[Path], Iterator[str]]


def broken(source: Path) -> list[str]:
    """Every sentence of every rule about one source; empty when it keeps them all."""
    return [f"{source.name}: {sentence}" for rule in RULES for sentence in rule(source)]


def broken_glossary(glossary: Path) -> list[str]:
    """Every sentence of every rule about the glossary."""
    rules = GLOSSARY_RULES
    return [f"{glossary.name}: {sentence}" for rule in rules for sentence in rule(glossary)]


# ---- reading a source ---------------------------------------------------------------------------


class Cell(NamedTuple):
    """One cell: ``"markdown"`` or ``"code"``, its tags, its text."""

    kind: str
    tags: list[str]
    text: str


def cells(source: Path, form: str | None = "open") -> list[Cell]:
    """The cells of one form of a notebook; of all forms together for ``None``."""
    read = (
        Cell(c.cell_type, c.metadata.get("tags", []), c.source)
        for c in notebooks.read_source(source)
    )
    return [c for c in read if form is None or notebooks.belongs(c.tags, form)]


def prose(source: Path, form: str | None = "open") -> list[str]:
    """The texts of a notebook."""
    return [c.text for c in cells(source, form) if c.kind == "markdown"]


def code(source: Path, form: str | None = "open") -> list[str]:
    """The code cells of a notebook."""
    return [c.text for c in cells(source, form) if c.kind == "code"]


def number(source: Path) -> str:
    """The number of a notebook, ``"03"``."""
    return source.stem[:2]


class Said(NamedTuple):
    """What the header of a notebook says; 0 and empty where it says nothing."""

    core: int
    full: int
    kind: str


def said(source: Path) -> Said:
    """Minutes and kind, as the header says them."""
    header = next(iter(prose(source)), "")
    minutes = re.search(r"^\*\*Minutes:\*\* core (\d+), full (\d+)\s*$", header, re.M)
    kind = re.search(r"^\*\*Kind:\*\* (\w+)\s*$", header, re.M)
    return Said(
        int(minutes[1]) if minutes else 0,
        int(minutes[2]) if minutes else 0,
        kind[1] if kind else "",
    )


def headings(texts: Iterable[str]) -> list[tuple[int, str]]:
    r"""(level, words) of every heading, in order.

    Examples
    --------
    >>> headings(["# Title", "text", "## Part", "```\n# a comment\n```"])
    [(1, 'Title'), (2, 'Part')]
    """
    lines = "\n".join(_without_code(t) for t in texts).splitlines()
    found = (re.match(r"(#{1,6}) +(.+)", line) for line in lines)
    return [(len(f[1]), f[2].strip()) for f in found if f]


def anchor(words: str) -> str:
    """The anchor of a heading as JupyterLab makes it: capitals and signs stay.

    Examples
    --------
    >>> anchor("False match")
    'False-match'
    """
    return words.replace(" ", "-")


def calls(texts: Iterable[str], names: Iterable[str]) -> list[Any]:
    """First arguments of every call of one of these functions; what is no constant as text.

    Examples
    --------
    >>> calls(['check("03-a", answer)', "check(NAME, 1)"], CHECK)
    ['03-a', 'NAME']
    """
    names = set(names)
    out = []
    for text in texts:
        for node in ast.walk(_tree(text)):
            if isinstance(node, ast.Call) and node.args and ast.unparse(node.func) in names:
                first = node.args[0]
                out.append(first.value if isinstance(first, ast.Constant) else ast.unparse(first))
    return out


def _tree(text: str) -> ast.Module:
    """A cell's syntax tree; an empty one where it is no Python (:func:`plain_python` says so)."""
    try:
        return ast.parse(text)
    except SyntaxError:
        return ast.Module([], [])


def _without_code(text: str) -> str:
    return re.sub(r"```.*?```", "", text, flags=re.DOTALL)


def _links(text: str) -> list[str]:
    return re.findall(r"(?<!!)\[[^\]]+\]\(([^)\s]+)\)", _without_code(text))


def _skipped(found: list[tuple[int, str]]) -> Iterator[str]:
    """One title first, and no level left out below it."""
    levels = [level for level, _ in found]
    if levels.count(1) != 1 or levels[0] != 1:
        yield "one title is needed, as the first heading: '# Title', and '##' for all that follow"
    for (before, _), (after, words) in itertools.pairwise(found):
        if after > before + 1:
            yield f"the heading {words!r} skips a level: write it with {'#' * (before + 1)}"


def _avoided(text: str) -> Iterator[str]:
    for word in AVOIDED:
        found = re.search(rf".*\b{word}\b.*", text, re.IGNORECASE)
        if found:
            yield f"{word!r} is avoided, say it another way: {found[0].strip()[:200]}"


def _outside(value: int, low: int, high: int, what: str, change: str) -> Iterator[str]:
    if not low <= value <= high:
        yield f"{value} {what}, and there may be {low} to {high}: {change}"


# ---- rules about how it is laid out -------------------------------------------------------------


def one_title_and_headings_in_order(source: Path) -> Iterator[str]:
    """One title, and no heading skips a level."""
    yield from _skipped(headings(prose(source)))


def the_header_says_what_it_takes(source: Path) -> Iterator[str]:
    """The first cell names minutes, kind, three objectives, what is needed and what came before."""
    header, (core, full, kind) = next(iter(prose(source)), ""), said(source)
    if not full:
        yield "the first cell has no line '**Minutes:** core 10, full 20': add it"
    if kind not in KINDS:
        yield f"the first cell has no line '**Kind:** ' with one of {', '.join(KINDS)}: add it"
    elif full:
        low, high = KINDS[kind].minutes
        yield from _outside(full, low, high, f"minutes for a {kind} notebook", "cut or add")
    if core > min(CORE_MINUTES, full):
        yield f"the core takes {core} minutes: at most {CORE_MINUTES}, and no more than the full"
    for words in ("**You will**", "**You need**", "**Before this**"):
        if words not in header:
            yield f"the first cell does not say {words}: add a paragraph that begins so"
    goals = header.partition("**You will**")[2].partition("**You need**")[0]
    count = len(re.findall(r"^[-*] +\S", goals, re.M))
    if count != OBJECTIVES:
        yield f"{count} objectives under **You will**: give three, each in a line that begins '- '"


def it_ends_as_all_do(source: Path) -> Iterator[str]:
    """Every form ends with the same four sections."""
    for form in notebooks.FORMS:
        found = [words for level, words in headings(prose(source, form)) if level == 2]
        if tuple(found[-len(ENDING) :]) != ENDING:
            yield f"the {form} form must end with the sections {', '.join(ENDING)}, in that order"


def cells_are_short(source: Path) -> Iterator[str]:
    """A code cell has few lines, and short ones."""
    for text in dict.fromkeys(itertools.chain(*(code(source, f) for f in notebooks.FORMS))):
        lines = [line for line in text.splitlines() if line.strip()]
        if len(lines) > LONGEST_CELL:
            yield f"{len(lines)} lines in a cell, at most {LONGEST_CELL}: split it at\n{text}"
        if max(map(len, lines)) > LONGEST_LINE:
            yield f"a line is longer than {LONGEST_LINE} characters: break it in\n{text}"


def as_many_cells_as_its_kind_allows(source: Path) -> Iterator[str]:
    """The open form has neither too few nor too many code cells; a folded set-up is none."""
    if kind := KINDS.get(said(source).kind):
        texts = code(source)
        count = len(texts) - any(map(layout.is_set_up, texts[:1]))
        yield from _outside(count, *kind.cells, "code cells in the open form", "split or join some")


def as_much_prose_as_its_kind_allows(source: Path) -> Iterator[str]:
    """The open form has neither too few nor too many words."""
    if kind := KINDS.get(said(source).kind):
        text = re.sub(r"\]\([^)]*\)", "]", " ".join(prose(source)))
        count = len(re.findall(r"[A-Za-z0-9][\w'’.,-]*", text))
        yield from _outside(count, *kind.words, "words of text in the open form", "add or cut")


def solutions_have_more_prose(source: Path) -> Iterator[str]:
    """Solutions teach: the solved form says more than the open one."""
    if len(" ".join(prose(source, "solved"))) <= len(" ".join(prose(source))):
        yield "the solved form says no more than the open one: explain each solution in a text"


def somebody_reads_each_output(source: Path) -> Iterator[str]:
    """Not three code cells in a row."""
    kinds = [c.kind for c in cells(source)]
    for n in range(len(kinds) - 2):
        if kinds[n : n + 3] == ["code"] * 3:
            yield f"cells {n + 1} to {n + 3} are code: put a sentence that reads an output between"


def words_that_are_avoided(source: Path) -> Iterator[str]:
    """Some words say too much or too little; the exercises are read as well."""
    texts = [c.text for c in cells(source, None)]
    for exercise in catalogue.of_notebook(number(source)):
        texts += _strings(exercise)
    yield from _avoided("\n".join(texts))


def _strings(value: object) -> Iterator[str]:
    """Every text in an exercise, however deep."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, Mapping):
        for one in (*value, *value.values()):
            yield from _strings(one)
    elif isinstance(value, list | tuple | set | frozenset):
        for one in value:
            yield from _strings(one)
    elif dataclasses.is_dataclass(value):
        for field in dataclasses.fields(value):
            yield from _strings(getattr(value, field.name))


def plain_python(source: Path) -> Iterator[str]:
    """Plain Python that waits for no key and shows no bare figure."""
    for text in code(source, None):
        try:
            tree = ast.parse(text)
        except SyntaxError as error:
            yield f"a cell is no plain Python ({error.msg}; no magic commands either):\n{text}"
            continue
        called = {ast.unparse(n.func) for n in ast.walk(tree) if isinstance(n, ast.Call)}
        if "input" in called:
            yield f"a notebook waits for nobody: give a variable instead of input() in\n{text}"
        shown = {c for c in called if re.match(r"(plt|pyplot|fig|figure)\.show$", c)}
        bare = re.search(r"\bfig\b", text) and any(c.startswith("display") for c in called)
        if shown or bare:
            yield f"a figure needs its alt text and table: plots.show(*plots....) in\n{text}"
        if re.search(r"^\s*[%!]", text, re.M):
            yield f"no magic commands, plain Python only:\n{text}"


def pictures_have_alt_texts(source: Path) -> Iterator[str]:
    """Every picture says in words what it shows."""
    for text in prose(source, None):
        for alt in re.findall(r"!\[([^\]]*)\]", text):
            if len(alt.split()) < ALT_WORDS:
                yield f"the alt text {alt!r} says too little: say what the picture shows"
        if "<img" in text:
            yield "write a picture as ![what it shows](path), not as <img>"


def links_lead_somewhere(source: Path) -> Iterator[str]:
    """Files, notebooks and glossary entries that are linked exist."""
    project = source.resolve().parents[2]
    glossary = project / notebooks.OPEN / notebooks.GLOSSARY
    words = glossary.read_text(encoding="utf-8") if glossary.is_file() else ""
    known = {anchor(w) for _, w in headings([words])}
    for text in prose(source, None):
        for link in _links(text) + re.findall(r"!\[[^\]]*\]\(([^)\s]+)\)", text):
            target, _, at = link.partition("#")
            if "://" in target:
                continue
            made = project / notebooks.SOURCE / (Path(target).stem + ".py")
            if target and not ((project / notebooks.OPEN / target).exists() or made.exists()):
                yield f"{link} leads nowhere: links are written as seen from notebooks/"
            if target == notebooks.GLOSSARY and at and at not in known:
                yield f"the glossary has no {at!r}: add it to notebooks/glossary.md"


# ---- rules about exercises and predictions ------------------------------------------------------


def exercises_are_asked_and_registered(source: Path) -> Iterator[str]:
    """What the notebook asks is in ``lessons/nbNN/exercises.py``, and the reverse."""
    registered = sorted(e.id for e in catalogue.of_notebook(number(source)))
    place = f"lessons/nb{number(source)}/exercises.py"
    for form in ("open", "solved"):
        asked = sorted(map(str, calls(code(source, form), CHECK)))
        if asked != registered:
            yield (
                f"the {form} form checks {', '.join(asked) or 'nothing'}, and EXERCISES in {place}"
                f" has {', '.join(registered) or 'nothing'}: each once in both"
            )


def as_many_exercises_as_its_kind_asks_for(source: Path) -> Iterator[str]:
    """A fixed number of exercises; most of a working notebook's have a right value."""
    if kind := KINDS.get(said(source).kind):
        found = catalogue.of_notebook(number(source))
        if len(found) != kind.exercises:
            yield f"{len(found)} exercises in a {said(source).kind} notebook: give {kind.exercises}"
        if said(source).kind == "working" and sum(isinstance(e, Check) for e in found) < 2:
            yield "fewer than two exercises with a right value (Check) in a working notebook"


def an_exercise_is_open_and_its_solution_follows(source: Path) -> Iterator[str]:
    """A cell tagged exercise leaves ``...`` open; the solution's cells come right after it."""
    order = cells(source, None)
    for n, cell in enumerate(order):
        if "exercise" not in cell.tags:
            continue
        if cell.kind != "code" or "..." not in cell.text:
            yield f"nothing is left open: put ... where the answer goes in\n{cell.text}"
        solution = itertools.takewhile(lambda c: "solution" in c.tags, order[n + 1 :])
        asked = calls([cell.text], CHECK)
        solved = calls([c.text for c in solution if c.kind == "code"], CHECK)
        if not asked or asked != solved:
            yield (
                f"{asked or 'a cell without check(...)'} is not followed by its solution: put cells"
                " tagged solution, which check the same, right after it"
            )


def an_exercise_is_named_where_it_is_asked(source: Path) -> Iterator[str]:
    """The text says ``**Exercise 03-a (check).**``."""
    text = " ".join(prose(source))
    for name in calls(code(source), CHECK):
        if not re.search(rf"\*\*Exercise {name}\b", text):
            yield f"the text never says '**Exercise {name} (...).**': say there what is asked"


def the_core_has_one_prediction_and_one_exercise(source: Path) -> Iterator[str]:
    """Twenty minutes hold one of each."""
    parts = code(source, "core")
    for what, names in (("exercise", CHECK), ("prediction", PREDICT)):
        count = len(calls(parts, names))
        if count != 1:
            yield f"the core has {count} calls of {names[0]}(...), and one {what} belongs in it"


def a_guess_comes_before_its_result(source: Path) -> Iterator[str]:
    """Every form asks for a guess, and for each before its result is shown."""
    for form in notebooks.FORMS:
        guessed: list[Any] = []
        for text in code(source, form):
            for key in calls([text], RESULT):
                if key not in guessed:
                    yield f"the result {key!r} has no predict(...) before it in the {form} form"
            guessed += calls([text], PREDICT)
        if not guessed:
            yield f"the {form} form asks for no guess: let learners predict(...) before they see"


RULES: tuple[Rule, ...] = (
    one_title_and_headings_in_order,
    the_header_says_what_it_takes,
    it_ends_as_all_do,
    cells_are_short,
    as_many_cells_as_its_kind_allows,
    as_much_prose_as_its_kind_allows,
    solutions_have_more_prose,
    somebody_reads_each_output,
    words_that_are_avoided,
    plain_python,
    pictures_have_alt_texts,
    links_lead_somewhere,
    exercises_are_asked_and_registered,
    as_many_exercises_as_its_kind_asks_for,
    an_exercise_is_open_and_its_solution_follows,
    an_exercise_is_named_where_it_is_asked,
    the_core_has_one_prediction_and_one_exercise,
    a_guess_comes_before_its_result,
)
"""Every rule about a notebook; each takes its source."""


# ---- rules about the glossary -------------------------------------------------------------------


def entries(glossary: Path) -> dict[str, str]:
    """Term -> its text."""
    text = glossary.read_text(encoding="utf-8")
    parts = re.split(r"^#{2,3} +(.+)$", text, flags=re.M)[1:]
    pairs = zip(parts[::2], parts[1::2], strict=True)
    return {term: body.strip() for term, body in pairs if body.strip()}


def glossary_headings_are_in_order(glossary: Path) -> Iterator[str]:
    """One title, no level skipped, and no anchor twice."""
    found = headings([glossary.read_text(encoding="utf-8")])
    yield from _skipped(found)
    names = [anchor(words) for _, words in found]
    for name in sorted({n for n in names if names.count(n) > 1}):
        yield f"the heading {name!r} stands twice: give one of them another name"


def entries_are_one_to_three_sentences(glossary: Path) -> Iterator[str]:
    """An entry is short."""
    for term, text in entries(glossary).items():
        flat = re.sub(r"\]\([^)]*\)", "]", text)
        count = len(re.findall(r"[.?!](?:\s|$)", flat))
        yield from _outside(count, *SENTENCES, f"sentences under {term!r}", "add or cut")
        yield from _outside(len(text.split()), *ENTRY_WORDS, f"words under {term!r}", "add or cut")


def entries_link_to_entries(glossary: Path) -> Iterator[str]:
    """Links inside the glossary lead to another entry."""
    known = {anchor(term) for term in entries(glossary)}
    for term, text in entries(glossary).items():
        for link in _links(text):
            if not link.startswith("#") or link[1:] not in known:
                yield f"{link} under {term!r} leads nowhere: link to an entry, as in (#FMR)"


def entries_avoid_some_words(glossary: Path) -> Iterator[str]:
    """The words that notebooks avoid are avoided here too."""
    for text in entries(glossary).values():
        yield from _avoided(text)


def the_list_on_top_holds_every_entry_from_a_to_z(glossary: Path) -> Iterator[str]:
    """The list before the first section names every entry once, in the order of the alphabet."""
    text = glossary.read_text(encoding="utf-8")
    top = re.split(r"^## ", text, maxsplit=1, flags=re.M)[0]
    listed = re.findall(r"\[([^\]]+)\]\(#([^)\s]+)\)", top)
    wanted = [(term, anchor(term)) for term in sorted(entries(glossary), key=str.lower)]
    if listed != wanted:
        pairs = itertools.zip_longest(wanted, listed, fillvalue=("its end", ""))
        term = next(w[0] for w, x in pairs if w != x)
        yield f"the list on top is not every entry from A to Z: look at {term!r}"


GLOSSARY_RULES: tuple[Rule, ...] = (
    glossary_headings_are_in_order,
    entries_are_one_to_three_sentences,
    entries_link_to_entries,
    entries_avoid_some_words,
    the_list_on_top_holds_every_entry_from_a_to_z,
)
"""Every rule about the glossary; each takes its path."""

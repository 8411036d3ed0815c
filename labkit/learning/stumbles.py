"""When Python stops in the cell of an exercise before ``check`` can answer: one sentence on top.

In: an error and the cell in which it happened.  Out: what it means for whoever answers an exercise.
:func:`listen` shows that sentence below Python's own message, which stays as it is.
"""

from __future__ import annotations

import ast
import builtins
import contextlib
import difflib
import json
import re
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from types import ModuleType
from typing import Any

from labkit.base.places import PROJECT
from labkit.base.words import N_, _

STUMBLES = {
    "percent": N_(
        "Python knows no percent sign. Leave it away: 12 where so many of 100 are asked for, 0.12"
        " where a share is."
    ),
    "comma": N_(
        "Python takes a comma as the end of a number. Write no commas in numbers (4987, not 4,987)"
        " and a point for decimals (0.02, not 0,02)."
    ),
    "unit": N_("Write the number alone, without a unit or words behind it."),
    "bracket": N_("A bracket is open: count that each ( has its ), and each [ its ]."),
    "else": N_("After `if ...` Python wants `else` and the other value: `a if condition else b`."),
    "quotes open": N_("A quotation mark is missing: a text has one before and one behind it."),
    "unread": N_(
        "Python could not read the cell. Look at the line it shows: a bracket, a quotation mark or"
        " a comma may be missing there, or be one too many."
    ),
    "text": N_("If you mean the word, put quotes around it: `{text!r}`."),
    "options": N_("An answer is a text: put quotes around all of it, as in `{text!r}`."),
    "name": N_(
        "There is no `{name}` yet. Names are made by the cells above: run them first (Run > Run"
        " All Above Selected Cell), and look at the spelling."
    ),
    "meant": N_("There is no `{name}`. Did you mean `{near}`?"),
    "nowhere": N_(
        "There is no `{name}`, and no cell of this notebook makes it. Look at the spelling; a name"
        " of your own is made first, as in `{name} = ...`; a word stands in quotes."
    ),
    "part": N_("`{whole}` has no `{name}`. Look at the spelling."),
    "part meant": N_("`{whole}` has no `{name}`. Did you mean `{near}`?"),
    "in front": N_(
        "`{name}` is a function: it stands in front, and what it is given stands in round brackets,"
        " as in `{name}({whole})`."
    ),
    "round": N_(
        "Square brackets pick a place. A function such as `len` is called with round ones:"
        " `len(table)`."
    ),
    "list": N_(
        "Square brackets make a list, curly ones a set. Parts of a calculation are kept together by"
        " round ones: `(a + b) / c`."
    ),
    "curly": N_(
        "Curly brackets belong to sets and dictionaries. A function is called with round ones:"
        " `len(table)`."
    ),
    "in": N_(
        "`in` asks whether a list holds something. A rate such as 1 in 20 is a fraction: `1 / 20`."
        " Where it is asked for as 1 in so many, write that number alone: 20."
    ),
    "call": N_(
        "Round brackets call a function. Square ones pick a place from a list or an array:"
        " `scores[3]`."
    ),
    "power": N_("A power is written with two stars: `a ** b` is a to the b."),
    "method": N_(
        "A function gives a number only when it is called, with brackets, as in `.sum()`."
    ),
    "compare": N_(
        "A number is compared with something that is none. A result such as `chosen` holds its"
        " number in `chosen.value`; a function gives one when it is called, with brackets."
    ),
    "key": N_(
        "There is no {name} here. Names of rows and columns are spelled as the table shows them."
    ),
    "place": N_(
        "A place in a list is a whole number, counted from 0, and below how many there are. Is"
        " there a name above that holds it already?"
    ),
    "unpack": N_(
        "There are more values than names, or fewer. A comma ends a value: write no commas in"
        " numbers."
    ),
    "division": N_("Something is divided by 0: is what stands below the line the right number?"),
}
"""What an error means; a few words or a sentence each."""

ANSWERS = ("yes", "no")
"""What somebody who answers a question with a word may forget to put quotes around."""

UNIT = re.compile(r"\d\s+(?!(?:if|else|for|in|and|or|is|not)\b)[a-z]")
CALLS = re.compile(r"\b(check|predict)\((?:\s*['\"](\d\d)-)?")
LIKE = 0.75
"""How alike two names must be for one to be offered in place of the other (1: the same)."""


def advice(error: BaseException | None, cell: str) -> str:
    r"""What an error in an exercise's cell means; empty for a cell without an exercise or guess.

    Examples
    --------
    >>> cell = "answer = 12%\ncheck('03-b', answer)"
    >>> advice(SyntaxError("invalid syntax"), cell).split(".")[0]
    'Python knows no percent sign'
    """
    asked = CALLS.search(cell)
    if error is None or not asked:
        return ""
    if isinstance(error, SyntaxError):
        return _(STUMBLES[_unread(error, cell)])
    return of_running(error, _texts(cell), cell)


def _unread(error: SyntaxError, cell: str) -> str:
    """A key of :data:`STUMBLES` for a cell that Python cannot read."""
    why, line = error.msg or "", error.text or cell
    if re.search(r"\d\s*%\s*($|[,)\]#])", line, re.M):
        return "percent"
    if "leading zeros" in why:
        return "comma"
    if re.search(r"\w\{", re.sub(r"(['\"]).*?\1", "", line)):
        return "curly"
    if "never closed" in why or "does not match" in why or "unmatched" in why:
        return "bracket"
    if "'else'" in why:
        return "else"
    if "string literal" in why:
        return "quotes open"
    if "decimal literal" in why or UNIT.search(line):
        return "unit"
    return "unread"


def of_running(error: BaseException, texts: tuple[str, ...] = (), cell: str = "") -> str:
    """What an error means that stopped a cell, or a function, while it ran; empty when unknown.

    Parameters
    ----------
    error
        What Python stopped with.
    texts
        Answers of the exercise that are texts: a name of theirs may lack its quotes.
    cell
        The cell in which it stopped.

    Examples
    --------
    >>> of_running(NameError("name 'C' is not defined", name="C"), ("A", "B", "C"))
    "If you mean the word, put quotes around it: `'C'`."
    """
    why = str(error)
    if isinstance(error, NameError):
        name = error.name or ""
        if name in texts or name in ANSWERS:
            return _(STUMBLES["text"]).format(text=name)
        whole = next((t for t in texts if name and name in re.findall(r"\w+", t)), "")
        if whole:
            return _(STUMBLES["options"]).format(text=whole)
        return _unknown(error, name, texts, cell)
    if isinstance(error, AttributeError) and error.name:
        return _no_part(error.obj, error.name, cell)
    if isinstance(error, KeyError):
        return _(STUMBLES["key"]).format(name=why)
    for kind, part, key in (
        (TypeError, "not callable", "call"),
        (TypeError, "method' object is not subscriptable", "round"),
        (TypeError, "function' object is not subscriptable", "round"),
        (TypeError, "argument of type 'int'", "in"),
        (TypeError, "argument of type 'float'", "in"),
        (TypeError, "'list'", "list"),
        (TypeError, "'set'", "list"),
        (TypeError, "operand type(s) for ^", "power"),
        (TypeError, "not supported between", "compare"),
        (TypeError, "method'", "method"),
        (IndexError, "", "place"),
        (ValueError, "to unpack", "unpack"),
        (ZeroDivisionError, "", "division"),
    ):
        if isinstance(error, kind) and part in why:
            return _(STUMBLES[key])
    return ""


def _unknown(error: NameError, name: str, texts: tuple[str, ...], cell: str) -> str:
    """What is said to a name that is not there: what was meant, or how it is made."""
    asked = CALLS.search(cell)
    made, told = _notebook(asked[2]) if asked and asked[2] else (set(), "")
    if name in made:
        return _(STUMBLES["name"]).format(name=name)
    words = difflib.get_close_matches(name, texts, 1, LIKE)
    if words:
        return _(STUMBLES["meant"]).format(name=name, near=repr(words[0]))
    there = {k: v for k, v in _there(error).items() if not k.startswith("_") and k not in SHELL}
    parts = {part: f"{whole}.{part}" for whole, part in _parts(there, told)}
    names = {*there, *made, *(n for n in dir(builtins) if n.islower() and n[0] != "_")}
    near = parts.get(name) or _alike(name, names) or parts.get(_alike(name, parts), "")
    if near:
        return _(STUMBLES["meant"]).format(name=name, near=near)
    return _(STUMBLES["name" if not made else "nowhere"]).format(name=name)


SHELL = {"In", "Out", "exit", "quit", "get_ipython", "open"}
"""Names that are there in every notebook and are nobody's answer."""


def _there(error: BaseException) -> Mapping[str, Any]:
    """The names that were there where a name was missing."""
    step, names = error.__traceback__, {}
    while step is not None:
        names = step.tb_frame.f_globals
        step = step.tb_next
    return names


def _parts(there: Mapping[str, Any], told: str) -> Iterator[tuple[str, str]]:
    """Names of objects, and what can be read of each; those of the lab come last and so count.

    Of the lab's objects only what the notebook tells of: they have more parts than a learner knows.
    """
    ours = {name: _is_ours(thing) for name, thing in there.items()}
    for name in sorted(there, key=lambda name: ours[name]):
        module = isinstance(there[name], ModuleType)
        if module or ours[name]:
            shown = (p for p in _public(there[name]) if module or not told or f".{p}" in told)
            yield from ((name, part) for part in shown)


def _public(thing: Any) -> list[str]:
    with contextlib.suppress(Exception):
        return [part for part in dir(thing) if not part.startswith("_")]
    return []


def _is_ours(thing: Any) -> bool:
    where = thing.__name__ if isinstance(thing, ModuleType) else type(thing).__module__
    return where.startswith("labkit") and not isinstance(thing, type)


def _alike(name: str, names: Iterable[str]) -> str:
    """The name most like another, capitals aside; empty when none is."""
    plain = {n.casefold(): n for n in names}
    near = difflib.get_close_matches(name.casefold(), list(plain), 1, LIKE)
    return plain[near[0]] if near else ""


def _notebook(notebook: str) -> tuple[set[str], str]:
    """Names that the cells of a shipped notebook make, and its text; none when it is not there."""
    names, told = set[str](), ""
    for path in sorted(Path(PROJECT, "notebooks").glob(f"{notebook}_*.ipynb")):
        with contextlib.suppress(OSError, ValueError, KeyError):
            for cell in json.loads(path.read_text(encoding="utf-8"))["cells"]:
                source = "".join(cell["source"])
                names |= _bound(source) if cell["cell_type"] == "code" else set()
                told += source
    return names, told


def _bound(code: str) -> set[str]:
    """Names that a cell makes."""
    names: set[str] = set()
    with contextlib.suppress(SyntaxError, ValueError):
        for node in ast.walk(ast.parse(code)):
            if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
                names.add(node.id)
            elif isinstance(node, ast.alias):
                names.add((node.asname or node.name).split(".")[0])
            elif isinstance(node, ast.FunctionDef):
                names.add(node.name)
    return names


def _no_part(thing: Any, name: str, cell: str) -> str:
    """What is said when a thing has no such part: a function behind it, or a name misspelt."""
    whole = type(thing).__name__
    with contextlib.suppress(SyntaxError):
        for node in ast.walk(ast.parse(cell)):
            if isinstance(node, ast.Attribute) and node.attr == name:
                whole = ast.unparse(node.value)
    if callable(getattr(builtins, name, None)):
        return _(STUMBLES["in front"]).format(name=name, whole=whole)
    near = _alike(name, _public(thing))
    if near:
        return _(STUMBLES["part meant"]).format(whole=whole, name=name, near=near)
    return _(STUMBLES["part"]).format(whole=whole, name=name)


def _texts(cell: str) -> tuple[str, ...]:
    """The answers in words of the exercise that a cell asks."""
    from labkit.learning import catalogue
    from labkit.learning.exercises import Check, Choose

    with contextlib.suppress(Exception):
        for node in ast.walk(ast.parse(cell)):
            if isinstance(node, ast.Call) and ast.unparse(node.func).endswith("check"):
                exercise = catalogue.find(ast.literal_eval(node.args[0]))
                if isinstance(exercise, Choose):
                    return tuple(exercise.options)
                if isinstance(exercise, Check):
                    return tuple(exercise.among)
    return ()


def after_a_cell(result: Any) -> None:
    """Show the advice on a cell that stopped; called by IPython when a cell has run."""
    from labkit.views.callouts import callout

    error = result.error_before_exec or result.error_in_exec
    told = advice(error, getattr(result.info, "raw_cell", "") or "")
    if told:
        callout("hint", told, title=_("Before your answer can be checked"))


def listen() -> None:
    """Ask IPython to call :func:`after_a_cell`; does nothing elsewhere, and nothing twice."""
    try:
        from IPython.core.getipython import get_ipython
    except ImportError:
        return
    shell = get_ipython()
    if shell is not None:  # which itself keeps each function once
        shell.events.register("post_run_cell", after_a_cell)

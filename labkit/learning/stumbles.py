"""When Python stops in the cell of an exercise before ``check`` can answer: one sentence on top.

In: an error and the cell in which it happened.  Out: what it means for whoever answers an exercise.
:func:`listen` shows that sentence below Python's own message, which stays as it is.
"""

from __future__ import annotations

import ast
import contextlib
import re
from typing import Any

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
    "call": N_(
        "Round brackets call a function. Square ones pick a place from a list or an array:"
        " `scores[3]`."
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

UNIT = re.compile(r"\d\s+(?!(?:if|else|for|in|and|or|is|not)\b)[a-z]")
CALLS = re.compile(r"\b(check|predict)\(")


def advice(error: BaseException | None, cell: str) -> str:
    r"""What an error in an exercise's cell means; empty for a cell without an exercise or guess.

    Examples
    --------
    >>> cell = "answer = 12%\ncheck('03-b', answer)"
    >>> advice(SyntaxError("invalid syntax"), cell).split(".")[0]
    'Python knows no percent sign'
    """
    if error is None or not CALLS.search(cell):
        return ""
    if isinstance(error, SyntaxError):
        return _(STUMBLES[_unread(error, cell)])
    return of_running(error, _texts(cell))


def _unread(error: SyntaxError, cell: str) -> str:
    """A key of :data:`STUMBLES` for a cell that Python cannot read."""
    why, line = error.msg or "", error.text or cell
    if re.search(r"\d\s*%\s*($|[,)\]#])", line, re.M):
        return "percent"
    if "leading zeros" in why:
        return "comma"
    if "never closed" in why or "does not match" in why or "unmatched" in why:
        return "bracket"
    if "'else'" in why:
        return "else"
    if "string literal" in why:
        return "quotes open"
    if "decimal literal" in why or UNIT.search(line):
        return "unit"
    return "unread"


def of_running(error: BaseException, texts: tuple[str, ...] = ()) -> str:
    """What an error means that stopped a cell, or a function, while it ran; empty when unknown.

    Parameters
    ----------
    error
        What Python stopped with.
    texts
        Answers of the exercise that are texts: a name of theirs may lack its quotes.

    Examples
    --------
    >>> of_running(NameError("name 'C' is not defined", name="C"), ("A", "B", "C"))
    "If you mean the word, put quotes around it: `'C'`."
    """
    why = str(error)
    if isinstance(error, NameError):
        name = error.name or ""
        if name in texts:
            return _(STUMBLES["text"]).format(text=name)
        whole = next((t for t in texts if name and name in re.findall(r"\w+", t)), "")
        if whole:
            return _(STUMBLES["options"]).format(text=whole)
        return _(STUMBLES["name"]).format(name=name)
    if isinstance(error, KeyError):
        return _(STUMBLES["key"]).format(name=why)
    for kind, part, key in (
        (TypeError, "not callable", "call"),
        (TypeError, "not supported between", "compare"),
        (IndexError, "", "place"),
        (ValueError, "to unpack", "unpack"),
        (ZeroDivisionError, "", "division"),
    ):
        if isinstance(error, kind) and part in why:
            return _(STUMBLES[key])
    return ""


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

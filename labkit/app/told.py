"""What the code of a notebook says: texts that its cells print, and comments.

In: the code of a cell.  Out: a :class:`Piece` for each text that a learner reads, and the same code
with other words in them.  The code itself stays as it is, so that a translated cell runs and a
learner types the same names.

A text is what stands in ``print``, ``say``, ``finding`` and ``views.caption``, what is put into a
sentence of such a call by a name of the same cell, and what a figure is told to write: in words, or
as the names of the curves of a ``dict`` that is drawn and not looked up.  Keys,
names of columns and answers are code.  In an f-string what stands in braces is code, but for the
words of a choice within it: ``{'yes' if right else 'no'}``.
"""

from __future__ import annotations

import ast
import io
import re
import textwrap
import tokenize
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from labkit.app.prose import WORD

SAYS = {"print", "say", "finding", "caption"}
"""Calls whose texts are sentences."""

PASSED_ON = {"result", "open_ballot"}
"""Calls that pass a sentence on: texts with a space in them are words, others are keys."""

FIGURE_WORDS = {"about", "footer", "title", "label"}
"""What figures are told to write."""

LITERAL = re.compile(r"""(?s)([fF]?)("{3}|'{3}|"|')(.*)\2""")
ENDS = re.compile(r"(?s)((?:\\n|\s)*)(.*?)((?:\\n|\s)*)")
NOT_SAID = re.compile(r"#\s*(noqa|type:|%%)")
COMMENT_WIDTH = 88


@dataclass(frozen=True)
class Piece:
    """A text in code.

    Parameters
    ----------
    start, end
        Where it stands in the code.
    text
        The text for translators, as it is typed between the quotes, without blanks at its ends.
    kind
        ``"printed"``, ``"f-string"`` or ``"comment"``.
    """

    start: int
    end: int
    text: str
    kind: str


def pieces(code: str) -> list[Piece]:
    r"""The texts of a cell that a learner reads, in order.

    Examples
    --------
    >>> [(p.kind, p.text) for p in pieces("x = t['a b']  # why\nprint(f'\\n{x:.2f} people')")]
    [('comment', 'why'), ('f-string', '{x:.2f} people')]
    """
    try:
        found = [*_comments(code), *_strings(code)]
    except (SyntaxError, tokenize.TokenError):  # a cell that is being written says nothing yet
        return []
    return sorted(found, key=lambda p: p.start)


def put(code: str, said: Callable[[str], str]) -> str:
    r"""The code of a cell with other words in its texts.

    Raises
    ------
    ValueError
        With one sentence, when the code would be another one or none at all.

    Examples
    --------
    >>> put('print(f"{n} people.")', {"{n} people.": 'Hay {n} "personas".'}.get)
    'print(f"Hay {n} \\"personas\\".")'
    """
    out, at = [], 0
    for piece in pieces(code):
        new = said(piece.text) or piece.text
        if new == piece.text:
            continue
        if piece.kind == "comment":
            new = _comment(code, piece, new)
        else:
            new = _quoted(new, code[piece.end :], piece)
        out += [code[at : piece.start], new]
        at = piece.end
    made = "".join([*out, code[at:]])
    if out and _skeleton(code) != _skeleton(made):
        raise ValueError(f"translated, this cell would be another program: {made}")
    return made


def lost(original: str, translated: str) -> list[str]:
    """What stands in braces in a translated f-string and not in the original, or the other way.

    Examples
    --------
    >>> lost("{n:,} of {all}", "{all}: {n}")
    ['{n:,} is lost', '{n} is new']
    >>> lost("{'yes' if a else 'no'}", "{'sí' if a else 'no'}")
    []
    """
    here, there = _holes(original), _holes(translated)
    if there is None:
        return ["what stands in braces cannot be read any more"]
    here = here or {}
    return [f"{{{text}}} is lost" for key, text in here.items() if key not in there] + [
        f"{{{text}}} is new" for key, text in there.items() if key not in here
    ]


def _holes(text: str) -> dict[str, str] | None:
    """What stands in the braces of an f-string: its meaning -> its text; ``None`` if unreadable."""
    for quotes in ('"', "'", '"""', "'''"):
        try:
            tree = ast.parse(f"f{quotes}{text}{quotes}", mode="eval").body
        except (SyntaxError, ValueError):
            continue
        if isinstance(tree, ast.JoinedStr):
            holes = [n for n in tree.values if isinstance(n, ast.FormattedValue)]
            return {ast.dump(_Blank().visit(n)): _hole(n) for n in holes}
    return None


def _hole(node: ast.FormattedValue) -> str:
    spec = "".join(
        str(n.value) if isinstance(n, ast.Constant) else f"{{{ast.unparse(n)}}}"
        for n in getattr(node.format_spec, "values", [])
    )
    return ast.unparse(node.value) + (f":{spec}" if spec else "")


class _Blank(ast.NodeTransformer):
    """Takes the words out of a choice between words."""

    def visit_IfExp(self, node: ast.IfExp) -> ast.AST:
        self.generic_visit(node)
        for name in ("body", "orelse"):
            if isinstance(getattr(node, name), ast.Constant):
                setattr(node, name, ast.Constant("..."))
        return node


# --- comments ------------------------------------------------------------------------------------


def _comments(code: str) -> Iterator[Piece]:
    """Comments; those in whole lines that follow one another are one text."""
    starts = _line_starts(code)
    run: list[tuple[int, int, int, str]] = []  # line, start, end, words
    for token in tokenize.generate_tokens(io.StringIO(code).readline):
        if token.type != tokenize.COMMENT or NOT_SAID.match(token.string):
            continue
        (line, column), words = token.start, token.string.lstrip("#").strip()
        start = starts[line - 1] + column
        here = (line, start, start + len(token.string), words)
        alone = not token.line[:column].strip()
        if run and alone and run[-1][0] == line - 1 and _alone(code, run[0][1]):
            run.append(here)
            continue
        yield from _comment_of(run)
        run = [here]
    yield from _comment_of(run)


def _comment_of(run: list[tuple[int, int, int, str]]) -> Iterator[Piece]:
    text = " ".join(words for *_, words in run)
    if run and WORD.search(text):
        yield Piece(run[0][1], run[-1][2], text, "comment")


def _alone(code: str, start: int) -> bool:
    return not code[code.rfind("\n", 0, start) + 1 : start].strip()


def _comment(code: str, piece: Piece, words: str) -> str:
    """A comment with other words: beside code on its line, else in lines of a readable length."""
    if not _alone(code, piece.start):
        return f"# {words}"
    indent = code[code.rfind("\n", 0, piece.start) + 1 : piece.start]
    lines = textwrap.wrap(words, COMMENT_WIDTH - len(indent) - 2, break_long_words=False)
    return f"\n{indent}".join(f"# {line}" for line in lines)


# --- texts ---------------------------------------------------------------------------------------


def _strings(code: str) -> Iterator[Piece]:
    starts = _line_starts(code)
    lines = code.split("\n")

    def at(line: int, column: int) -> int:
        before = lines[line - 1].encode()[:column].decode()  # columns of a tree count bytes
        return starts[line - 1] + len(before)

    for node in _told(ast.parse(code)):
        assert node.end_lineno is not None and node.end_col_offset is not None
        start, end = at(node.lineno, node.col_offset), at(node.end_lineno, node.end_col_offset)
        literal = LITERAL.fullmatch(code[start:end])
        if not literal or not _single(literal[3], literal[2]):
            raise ValueError(f"write one text, not several in a row: {code[start:end]}")
        before, text, _after = ENDS.fullmatch(literal[3]).groups()  # type: ignore[union-attr]
        first = start + len(literal[1]) + len(literal[2]) + len(before)
        kind = "f-string" if literal[1] else "printed"
        if WORD.search(re.sub(r"\{[^{}]*\}", "", text)) or "'" in text:
            yield Piece(first, first + len(text), text, kind)


def _single(inner: str, quotes: str) -> bool:
    """Whether this is the inside of one text, in which its own quotes do not end."""
    return quotes not in re.sub(r"\\.", "", inner)


def _told(tree: ast.Module) -> list[ast.expr]:
    """Texts that are read: in a call that says something, or put into one by name."""
    calls = [node for node in ast.walk(tree) if isinstance(node, ast.Call)]
    out: list[ast.expr] = []
    names: set[str] = set()
    for call in calls:
        for argument, strict in _said(call):
            out += _texts(argument, strict)
            names |= _names(argument)
    curves = _curves(tree, calls)
    for statement in ast.walk(tree):
        if not isinstance(statement, ast.Assign):
            continue
        given = _names(statement.targets[0]) if len(statement.targets) == 1 else set()
        if given & (names - {"answer"}):
            out += _texts(statement.value, strict=True, whole=True)
        if given & curves and isinstance(statement.value, ast.Dict):
            for key in statement.value.keys:
                out += _texts(key, strict=True) if key else ()
    return list({id(node): node for node in out}.values())


def _said(call: ast.Call) -> Iterator[tuple[ast.expr, bool]]:
    """The arguments of a call that are said or drawn; whether a text without a space is a key."""
    name = _name(call.func)
    if name in SAYS | PASSED_ON or _of_words(call.func):
        yield from ((argument, name not in SAYS) for argument in call.args)
    yield from ((k.value, False) for k in call.keywords if k.arg in FIGURE_WORDS)


def _curves(tree: ast.Module, calls: list[ast.Call]) -> set[str]:
    """Names that are given to a figure and not looked up: their keys are names of curves."""
    drawn = [call for call in calls if ast.unparse(call.func).startswith("plots.")]
    given = {a.id for call in drawn for a in call.args if isinstance(a, ast.Name)}
    return given - {ast.unparse(n.value) for n in ast.walk(tree) if isinstance(n, ast.Subscript)}


def _names(node: ast.AST) -> set[str]:
    return {n.id for n in ast.walk(node) if isinstance(n, ast.Name)}


def _name(function: ast.expr) -> str:
    return function.attr if isinstance(function, ast.Attribute) else getattr(function, "id", "")


def _of_words(function: ast.expr) -> bool:
    """``words.anything(...)``: a sentence of the lesson."""
    return isinstance(function, ast.Attribute) and getattr(function.value, "id", "") == "words"


def _texts(node: ast.AST, strict: bool, whole: bool = False) -> Iterator[ast.expr]:
    """Texts within an argument; with ``strict`` only those with a space, or a choice with one.

    With ``whole`` only the node itself or the branches of a choice: what is inside a call there is
    an argument of something else.
    """
    if isinstance(node, ast.Subscript):  # a key is not said
        if not whole:
            yield from _texts(node.value, strict)
        return
    if isinstance(node, ast.IfExp):
        branches = [node.body, node.orelse]
        spaced = any(_spaced(b) for b in branches)
        for branch in branches:
            yield from _texts(branch, strict and not spaced, whole)
        return
    if isinstance(node, ast.JoinedStr) or (
        isinstance(node, ast.Constant) and isinstance(node.value, str)
    ):
        if _spaced(node) or not strict:
            yield node  # type: ignore[misc]
        return
    if isinstance(node, ast.Call) and _name(node.func) not in SAYS and not whole:
        strict = True  # an argument of another function: a key, unless it reads like a sentence
        if _of_words(node.func) or _name(node.func) == "check":
            return  # looked at by itself; the name of an exercise
    if whole:
        return
    for child in ast.iter_child_nodes(node):
        yield from _texts(child, strict)


def _spaced(node: ast.AST) -> bool:
    if isinstance(node, ast.JoinedStr):
        return True
    return isinstance(node, ast.Constant) and isinstance(node.value, str) and " " in node.value


def _quoted(words: str, rest: str, piece: Piece) -> str:
    """Words as they are typed within the quotes that end what follows them."""
    quotes = re.match(r"""(?s)(?:\\n|\s)*("{3}|'{3}|"|')""", rest)
    mark = quotes[1] if quotes else '"'
    if piece.kind != "f-string":
        return re.sub(rf"(?<!\\){mark[0]}", rf"\\{mark[0]}", words)
    parts = re.split(r"(\{[^{}]*\})", words)  # within braces no quotes of this kind may stand
    return "".join(
        part if part.startswith("{") else re.sub(rf"(?<!\\){mark[0]}", rf"\\{mark[0]}", part)
        for part in parts
    )


def _line_starts(code: str) -> list[int]:
    starts = [0]
    for line in code.split("\n"):
        starts.append(starts[-1] + len(line) + 1)
    return starts


def _skeleton(code: str) -> str:
    """The program without its texts: two that differ only in what they say have the same."""
    return ast.dump(_Bare().visit(ast.parse(code)))


class _Bare(_Blank):
    """Takes the words out of all texts; what stands in braces stays, in whatever order."""

    def visit_JoinedStr(self, node: ast.JoinedStr) -> ast.AST:
        holes = [self.visit(n) for n in node.values if isinstance(n, ast.FormattedValue)]
        return ast.JoinedStr([ast.Constant(text) for text in sorted({ast.dump(h) for h in holes})])

    def visit_Constant(self, node: ast.Constant) -> ast.AST:
        return ast.Constant("...") if isinstance(node.value, str) else node

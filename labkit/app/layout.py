"""How cells are laid out for readers: the card at the head, chips, signs, the set-up.

In: the text of a cell as it stands in the source.  Out: the text a learner sees.  Sources stay
plain; only what is the same in every notebook is done here.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Callable, Sequence

from labkit.base.words import C_, N_, _
from labkit.views.callouts import KINDS

CARD = re.compile(
    r"(?s)\A(# [^\n]+)\n+\*\*Minutes:\*\* ([^\n]+)\n+\*\*Kind:\*\* (\w+)\n+(.*)\Z",
)
SECTION = re.compile(r"^(## .+)$", re.MULTILINE)
FULL_ONLY = "`full form`"
CORE_AGAIN = "`core`"
SET_UP = N_("# Set-up: run this cell, then go on")
SIGNED = (
    (re.compile(r"^\*\*(Exercise \d\d-[a-z]) \((?:check|choose|write)\)\.\*\*", re.M), "exercise"),
    (re.compile(r"^\*\*(Predict\b[^*\n]*)\*\*", re.M), "predict"),
)
"""What begins an exercise and a guess, and the call-out whose sign it gets."""

_SIGNS = tuple(f"{KINDS[kind][0]} " for _pattern, kind in SIGNED)


def prose(text: str, tags: Sequence[str], before: str = "") -> str:
    r"""A markdown cell as learners see it.

    Parameters
    ----------
    text
        The cell's source.
    tags
        Its tags; a section outside the core says that the core edition has it not.
    before
        ``"core"`` or ``"full"``: what the cell before belonged to, in the forms that hold both.  A
        cell that changes this within a section says so.

    Examples
    --------
    >>> prose("## More", [])
    '## More\n\n`full form`'
    >>> prose("**Exercise 03-a (check).** Find it.", ["core"])
    '✎ **Exercise 03-a.** Find it.'
    >>> prose("A detail.", [], before="core"), prose("On.", ["core"], before="full")
    ('`full form`\n\nA detail.', '`core`\n\nOn.')
    """
    text = CARD.sub(_card, signs(text))
    if text.startswith("#") or not before:
        chip = ""
    elif "core" in tags:
        chip = f"{chip_of(CORE_AGAIN)}\n\n" if before == "full" else ""
    else:
        chip = f"{chip_of(FULL_ONLY)}\n\n" if before == "core" else ""
    return chip + (text if "core" in tags else SECTION.sub(rf"\1\n\n{chip_of(FULL_ONLY)}", text))


def signs(text: str) -> str:
    """A markdown cell with the signs of exercises and guesses, which a translation keeps."""
    for pattern, kind in SIGNED:
        text = pattern.sub(rf"{KINDS[kind][0]} **\1.**" if kind == "exercise" else _predict, text)
    return text


def unsigned(text: str) -> str:
    """The words of a block without such a sign.

    Examples
    --------
    >>> unsigned(signs("**Predict first:** how many?"))
    '**Predict first:** how many?'
    """
    for sign in _SIGNS:
        text = text.replace(sign, "")
    return text


def resigned(text: str, said: Callable[[str], str]) -> str:
    """A block with other words behind its sign."""
    words = unsigned(text)
    new = said(words)
    sign = next((sign for sign in _SIGNS if text.startswith(sign)), "")
    return text if new == words else sign + new


def _predict(found: re.Match[str]) -> str:
    return f"{KINDS['predict'][0]} **{found[1]}**"


def _card(found: re.Match[str]) -> str:
    """Minutes and kind as chips, and what follows up to the next heading, as one quoted block."""
    title, minutes, kind, rest = found.groups()
    chips = [*map(_minutes, minutes.split(",")), _kinds().get(kind, kind)]
    shown = " ".join(f"`{chip}`" for chip in chips)
    inside, heading, after = rest.partition("\n## ")
    quoted = "\n".join(f"> {line}".rstrip() for line in f"{shown}\n\n{inside.strip()}".split("\n"))
    return f"{title}\n\n{quoted}" + (f"\n\n## {after}" if heading else "")


def chip_of(name: str) -> str:
    """A chip, in the reader's language."""
    known = {FULL_ONLY: _("full form"), CORE_AGAIN: C_("the short way through a notebook", "core")}
    return f"`{known[name]}`" if name in known else name


def _minutes(part: str) -> str:
    """How long an edition takes: "core 20", "full 75", "20"."""
    name, _gap, minutes = part.strip().rpartition(" ")
    known = {"core": _("core {minutes} min"), "full": _("full {minutes} min")}
    return known.get(name, _("{minutes} min")).format(minutes=minutes)


def _kinds() -> dict[str, str]:
    return {
        "reading": C_("kind of a notebook", "reading"),
        "working": C_("kind of a notebook", "working"),
        "deciding": C_("kind of a notebook", "deciding"),
    }


def is_set_up(code: str) -> bool:
    r"""Whether a code cell only imports and sets options, and is shown folded.

    Examples
    --------
    >>> is_set_up("import numpy as np\n\nfrom labkit import data")
    True
    >>> is_set_up("import numpy as np\nx = np.zeros(3)"), is_set_up("")
    (False, False)
    """
    try:
        body = ast.parse(code).body
    except SyntaxError:
        return False
    return bool(body) and all(
        isinstance(n, ast.Import | ast.ImportFrom)
        or (isinstance(n, ast.Assign) and ast.unparse(n.targets[0]).startswith("pd.options."))
        for n in body
    )

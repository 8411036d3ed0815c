"""Sentences for learners: in their language, and in lines that no notebook has to break.

In: text.  Out: the same text, translated where a translation is there, in lines of a readable
length.  Every sentence that a learner may read passes through :func:`_`, with
its numbers put in afterwards: ``_("{n} of {all} people").format(n=3, all=40)``.  A table of
sentences marks each with :func:`N_`, so that translators find it, and translates it when it is
said: a language chosen while a module is imported would stay.
"""

from __future__ import annotations

import functools
import gettext
import sys
import textwrap
from pathlib import Path

WIDTH = 88
"""Characters in a line; what fits beside JupyterLab's file list on a small laptop."""

LOCALES = Path(__file__).resolve().parents[1] / "locale"
"""Where translations lie: ``es/LC_MESSAGES/labkit.mo`` and the like."""


@functools.lru_cache(maxsize=1)
def translations() -> gettext.NullTranslations:
    """The reader's language, as ``LANGUAGE`` or ``LANG`` name it; English where there is none."""
    return gettext.translation("labkit", LOCALES, fallback=True)


def _(text: str) -> str:
    """A sentence in the reader's language; unchanged when it has not been translated.

    Examples
    --------
    >>> _("{n} of {all} people").format(n=3, all=40)
    '3 of 40 people'
    """
    return translations().gettext(text) if text else text  # gettext answers "" with its own header


def N_(text: str) -> str:
    """The same text, marked: it will pass through :func:`_` when it is said.

    Examples
    --------
    >>> WORDS = {"few": N_("{n} people, too few")}
    >>> _(WORDS["few"]).format(n=3)
    '3 people, too few'
    """
    return text


def put(text: str) -> None:
    """Print on any terminal: what it cannot show is written as an escape."""
    encoding = getattr(sys.stdout, "encoding", None) or "utf-8"
    print(text.encode(encoding, "backslashreplace").decode(encoding))


def wrapped(text: str, width: int = WIDTH) -> str:
    r"""Text with lines of at most ``width`` characters; an indented line stays indented.

    A single word that is longer, such as an address, stays whole.

    Examples
    --------
    >>> print(wrapped("one two three\n  four five six", 10))
    one two
    three
      four
      five six
    """
    lines = []
    for line in text.splitlines() or [""]:
        indent = line[: len(line) - len(line.lstrip())]
        lines += textwrap.wrap(
            line.strip(),
            width,
            initial_indent=indent,
            subsequent_indent=indent,
            break_long_words=False,
            break_on_hyphens=False,
        ) or [""]
    return "\n".join(lines)

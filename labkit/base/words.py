"""Sentences for learners: in their language, and in lines that no notebook has to break.

In: text.  Out: the same text, translated where a translation is there, in lines of a readable
length.  Every sentence that a learner may read passes through :func:`_`, with
its numbers put in afterwards: ``_("{n} of {all} people").format(n=3, all=40)``.  A table of
sentences marks each with :func:`N_`, so that translators find it, and translates it when it is
said: a language chosen while a module is imported would stay.  Where one English word needs two
words elsewhere, :func:`C_` says which is meant.

The language is the one that the environment names, as gettext does: ``LANGUAGE``, else ``LC_ALL``,
``LC_MESSAGES`` or ``LANG``.  :func:`use` sets it for a while.  What is not translated is said in
English.
"""

from __future__ import annotations

import contextlib
import functools
import gettext
import os
import sys
import textwrap
from collections.abc import Iterator
from pathlib import Path

WIDTH = 88
"""Characters in a line; what fits beside JupyterLab's file list on a small laptop."""

LOCALES = Path(__file__).resolve().parents[1] / "locale"
"""Where translations lie: ``es/LC_MESSAGES/labkit.mo`` and the like."""

DOMAIN = "labkit"
"""Sentences of the code; those of the notebooks' own text are the domain ``notebooks``."""

ENGLISH = "en"
"""The language of the sources, which needs no translation."""

_NAMED_BY = ("LANGUAGE", "LC_ALL", "LC_MESSAGES", "LANG")
_SOURCES = (ENGLISH, "C", "POSIX")


def languages() -> list[str]:
    """The languages that can be chosen, English first.

    Examples
    --------
    >>> languages()[0]
    'en'
    """
    found = {path.parents[1].name for path in LOCALES.glob(f"*/LC_MESSAGES/{DOMAIN}.mo")}
    return [ENGLISH, *sorted(found)]


def wished() -> tuple[str, ...]:
    """The languages that the environment names, best first, up to English.

    Whoever names English reads English, and not the language named after it.
    """
    named = next((value for name in _NAMED_BY if (value := os.environ.get(name))), "")
    out = []
    for name in named.split(":"):
        if name.partition(".")[0].partition("_")[0] in _SOURCES:
            break
        if name:
            out.append(name)
    return tuple(out)


def translations(domain: str = DOMAIN) -> gettext.NullTranslations:
    """The reader's language, as the environment names it; English where there is none."""
    return _loaded(domain, LOCALES, wished())


@functools.lru_cache(maxsize=8)
def _loaded(domain: str, folder: Path, names: tuple[str, ...]) -> gettext.NullTranslations:
    if not names:
        return gettext.NullTranslations()
    return gettext.translation(domain, folder, list(names), fallback=True)


def language() -> str:
    """The language that sentences come out in: ``"en"``, ``"es"``; for ``<html lang>``.

    Examples
    --------
    >>> with use("en"):
    ...     language()
    'en'
    """
    return translations().info().get("language") or ENGLISH


@contextlib.contextmanager
def use(language: str) -> Iterator[None]:
    """Sentences in a language, within a ``with``; what was chosen before is back afterwards.

    It sets ``LANGUAGE``, so threads and programs started within, kernels too, speak it as well.

    Raises
    ------
    ValueError
        With one sentence, when there is no such translation.

    Examples
    --------
    >>> with use("en"):
    ...     _("none")
    'none'
    """
    if language not in languages():
        raise ValueError(
            f"there is no translation into {language!r}: there are {', '.join(languages())};"
            " docs/languages.md says how to add one"
        )
    before = os.environ.get("LANGUAGE")
    os.environ["LANGUAGE"] = language
    try:
        yield
    finally:
        if before is None:
            os.environ.pop("LANGUAGE", None)
        else:
            os.environ["LANGUAGE"] = before


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


def C_(context: str, text: str) -> str:
    """A word in the reader's language, where the same English word may mean something else.

    Parameters
    ----------
    context
        Which meaning; translators read it, learners never.
    text
        The word.

    Examples
    --------
    >>> C_("a button", "match"), C_("two photographs that were called one person", "match")
    ('match', 'match')
    """
    return translations().pgettext(context, text)


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

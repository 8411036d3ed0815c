"""Sentences on a page: printed in lines that no notebook has to break in the middle of a word.

In: text.  Out: the same text in lines of a readable length, printed or returned.
"""

from __future__ import annotations

import textwrap

WIDTH = 88
"""Characters in a line; what fits beside JupyterLab's file list on a small laptop."""


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


def say(*texts: object) -> None:
    """Print sentences one after the other, wrapped.

    Examples
    --------
    >>> say("Two people,", 3, "photographs.")
    Two people, 3 photographs.
    """
    print(wrapped(" ".join(str(t) for t in texts)))

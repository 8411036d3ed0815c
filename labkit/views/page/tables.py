"""Tables of a page: what stands in their cells.

In: text.  Out: :class:`Table`, which the part ``table`` of ``parts.html.j2`` marks up.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple


class Head(NamedTuple):
    """A column of a table: its name, and whether it holds numbers."""

    name: str
    number: bool = False


@dataclass(frozen=True)
class Table:
    """A table whose first column names the row.

    Parameters
    ----------
    caption
        Its name.
    heads
        Its columns.
    rows
        Text of each cell.
    thin
        Which rows have too little for a number; empty when none has.
    terms
        Whether the first column holds words of the field, and not names from the input.
    """

    caption: str
    heads: Sequence[Head]
    rows: Sequence[Sequence[str]]
    thin: Sequence[bool] = ()
    terms: bool = False


def columns(first: str, *numbers: str) -> list[Head]:
    """A column of names and columns of numbers."""
    return [Head(first), *(Head(name, True) for name in numbers)]

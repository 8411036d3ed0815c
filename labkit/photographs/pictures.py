"""Pictures of real people, read one by one when they are asked for, never kept.

In: paths of files.  Out: pictures, uint8 RGB, upright, made smaller where they are very large.
Matchers know them by their class and search them as photographs of real life
(:mod:`labkit.matchers.finding`).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import overload

from labkit.base.pictures import Picture, read_smaller

MOST = 12_000_000
"""Pixels; a larger photograph is made smaller when it is read."""


class RealPictures(Sequence[Picture]):
    """Photographs in files.

    Parameters
    ----------
    files
        Their paths.
    names
        What to call each in tables and messages.

    Examples
    --------
    >>> RealPictures([], [])
    RealPictures(0)
    """

    def __init__(self, files: Sequence[Path], names: Sequence[str]) -> None:
        self._files = list(files)
        self.names = list(names)

    def __repr__(self) -> str:
        return f"RealPictures({len(self)})"

    def __len__(self) -> int:
        return len(self._files)

    @overload
    def __getitem__(self, index: int) -> Picture: ...
    @overload
    def __getitem__(self, index: slice) -> RealPictures: ...
    def __getitem__(self, index: int | slice) -> Picture | RealPictures:
        if isinstance(index, slice):
            return RealPictures(self._files[index], self.names[index])
        return read_smaller(self._files[index], MOST, name=self.names[index])[0]

    def only(self, rows: Iterable[int]) -> RealPictures:
        """Some of them, by their places in the list."""
        chosen = list(rows)
        return RealPictures([self._files[k] for k in chosen], [self.names[k] for k in chosen])

    def __iter__(self) -> Iterator[Picture]:
        return (self[k] for k in range(len(self)))

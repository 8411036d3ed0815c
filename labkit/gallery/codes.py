"""Templates with 8 bits a number: a quarter of the room of float32.

In: templates, in blocks when there are too many to hold.  Out: codes as ``data/gallery`` stores
them (:func:`labkit.data.decoded`), which :class:`labkit.gallery.Exact` searches as they are.
"""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
from numpy.typing import ArrayLike, NDArray

from labkit.base.words import _
from labkit.data import NO_FACE, decoded

LEVELS = NO_FACE - 1
"""The highest code of a number."""


class Codes:
    """Templates as one byte a number, each of the d numbers on a scale of its own.

    Parameters
    ----------
    numbers
        Codes, shape (n, d), uint8; :data:`labkit.data.NO_FACE` throughout for a missing template.
    low, step
        What code 0 stands for, and how far apart two neighbouring codes are; shape (d,) each.

    Examples
    --------
    >>> codes = Codes.of([[[0.0, 1.0], [254.0, 2.0]], [[np.nan, np.nan]]], 3, [0, 1], [254, 2])
    >>> codes[:3].tolist()
    [[0.0, 1.0], [254.0, 2.0], [nan, nan]]
    """

    def __init__(self, numbers: NDArray[np.uint8], low: ArrayLike, step: ArrayLike) -> None:
        self.numbers = numbers
        self.low, self.step = (np.asarray(x, np.float32) for x in (low, step))
        if numbers.ndim != 2 or numbers.dtype != np.uint8 or self.low.shape != numbers.shape[1:]:
            words = _("codes of type {kind} and shape {shape}: give bytes, (n, d), and d scales")
            raise ValueError(words.format(kind=numbers.dtype, shape=numbers.shape))

    @classmethod
    def of(cls, blocks: Iterable[ArrayLike], n: int, low: ArrayLike, high: ArrayLike) -> Codes:
        """Codes of ``n`` templates that come in blocks.

        Parameters
        ----------
        blocks
            Templates, shape (b, d) each, ``n`` in all; a row with a NaN is a missing template.
        n
            How many they are.
        low, high
            The ends of the scale of each number, shape (d,); what lies beyond is moved to the end.

        Raises
        ------
        ValueError
            If the blocks hold another number of templates.
        """
        ends = [np.asarray(x, np.float32) for x in (low, high)]
        step = np.maximum((ends[1] - ends[0]) / LEVELS, np.finfo(np.float32).tiny)
        numbers, filled = np.empty((n, len(step)), np.uint8), 0
        for block in blocks:
            rows = (np.asarray(block, np.float32) - ends[0]) / step
            missing = np.isnan(rows).any(1)
            rows[missing] = 0
            np.clip(np.rint(rows, out=rows), 0, LEVELS, out=rows)
            if filled + len(rows) <= n:
                numbers[filled : filled + len(rows)] = rows
                numbers[filled : filled + len(rows)][missing] = NO_FACE
            filled += len(rows)
        if filled != n:
            raise ValueError(
                _("{filled} templates came, and {n} were to").format(filled=filled, n=n)
            )
        return cls(numbers, ends[0], step)

    def __repr__(self) -> str:
        n, d = self.shape
        return f"Codes({n:,} templates of {d} bytes)"

    @property
    def shape(self) -> tuple[int, ...]:
        """Templates, and numbers in each."""
        return self.numbers.shape

    @property
    def nbytes(self) -> int:
        """Bytes of the codes."""
        return self.numbers.nbytes

    def __len__(self) -> int:
        """Templates."""
        return len(self.numbers)

    def __getitem__(self, rows: slice | NDArray[np.int64]) -> NDArray[np.float32]:
        """The templates of some rows, as the codes give them."""
        return decoded(self.numbers[rows], self.low, self.step)

    def only(self, rows: NDArray[np.int64]) -> Codes:
        """Codes of some rows."""
        return Codes(self.numbers[rows], self.low, self.step)

"""The grid that scores of a whole table are rounded to.

In: scores of blocked products.  Out: scores on points that lie 2**-20 of the range apart.

Products computed in another order or in other blocks differ in their last bits, and no count may
hang on these.  Lists of scores that somebody brings are never rounded: two scores that differ are
two scores.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

STEPS = 2**20
"""Scores of a table are rounded to this fraction of their range before anything is counted."""


def on_grid(values: NDArray[np.floating], low: float, high: float) -> NDArray[np.float32]:
    """Scores on the nearest points of a grid of 2**-20 of ``low`` to ``high``.

    Examples
    --------
    >>> bool(on_grid(np.array([0.1 + 0.2]), 0, 1)[0] == on_grid(np.array([0.3]), 0, 1)[0])
    True
    """
    step = (high - low) / STEPS
    exact = values.astype(np.float64)
    exact -= low
    exact /= step
    np.rint(exact, out=exact)
    exact *= step
    exact += low
    return exact.astype(np.float32)


def range_of(low: float, high: float) -> tuple[float, float]:
    """Ends that a last bit of a float64 does not move; a range of one point gets a width."""
    if not low <= high:
        return -1.0, 0.0
    low, high = float(np.float32(low)), float(np.float32(high))
    return (low, high) if low < high else (low, low + 1.0)

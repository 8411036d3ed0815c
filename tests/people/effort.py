"""How much work a call is, in units that a slow or busy computer does not change."""

from __future__ import annotations

import time
from collections.abc import Callable


def effort(call: Callable[[], object], times: int = 8) -> float:
    """Processor time of a call over that of adding up a million numbers, which takes turns with it.

    The best of several for both: on a computer that is three times slower both are.
    """
    ours, unit = float("inf"), float("inf")
    for _ in range(times):
        ours = min(ours, _spent(call))
        unit = min(unit, _spent(lambda: sum(range(1_000_000))))
    return ours / unit


def _spent(call: Callable[[], object]) -> float:
    begun = time.process_time()
    call()
    return time.process_time() - begun

"""How much memory is left, so that a table that will not fit is refused before it is made."""

from __future__ import annotations

import math
from pathlib import Path


def memory_left() -> float:
    """Bytes that this process may still take; infinity where the system does not say.

    The least of what the machine has to spare, what a container allows and what a limit on the
    process leaves (Linux); elsewhere nothing is known.
    """
    return min(_machine(), _container(), _limit())


def _machine(path: Path = Path("/proc/meminfo")) -> float:
    for line in _lines(path):
        if line.startswith("MemAvailable:"):
            return float(line.split()[1]) * 1024
    return math.inf


def _container(folder: Path = Path("/sys/fs/cgroup")) -> float:
    most, used = (_lines(folder / name) for name in ("memory.max", "memory.current"))
    if not most or not used or not most[0].isdigit():
        return math.inf
    kept = [line.split()[1] for line in _lines(folder / "memory.stat") if "inactive_file" in line]
    return float(most[0]) - float(used[0]) + sum(map(float, kept))


def _limit(path: Path = Path("/proc/self/statm")) -> float:
    try:
        import resource
    except ImportError:  # Windows
        return math.inf
    most = resource.getrlimit(resource.RLIMIT_AS)[0]
    if most == resource.RLIM_INFINITY:
        return math.inf
    used = [float(line.split()[0]) for line in _lines(path)]
    return most - sum(used) * resource.getpagesize()


def _lines(path: Path) -> list[str]:
    try:
        return path.read_text("utf-8").splitlines()
    except OSError:
        return []

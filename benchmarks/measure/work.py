"""Work spread over the cores, with a progress bar, and what every measurement is told."""

from __future__ import annotations

import functools
import hashlib
import multiprocessing
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import cv2
import numpy as np
from tqdm import tqdm

ROOT = Path(__file__).resolve().parents[2]


@dataclass(frozen=True)
class Setting:
    """How large a measurement is, and of whom.

    Parameters
    ----------
    people
        People in the main arms.
    seeds
        Seed of the first person; the n-th person of a part has ``seeds + offset + n``.
    jobs
        Processes.
    quick
        Whether this is a short trial whose figures nobody should quote.
    """

    people: int
    seeds: int = 60_000
    jobs: int = 2
    quick: bool = False


def seed_of(*numbers: int) -> int:
    """A seed for one styling or capture, from the numbers that name it; no two names share one."""
    return int(
        np.random.SeedSequence([77, *numbers]).generate_state(1, np.uint64)[0] >> np.uint64(33)
    )


def _one_thread() -> None:
    cv2.setNumThreads(1)


@functools.cache
def _pool(jobs: int) -> Any:
    """Workers, started once.  Fresh processes, not forks: a fork of a process whose OpenCV has
    threads waits for ever."""
    return multiprocessing.get_context("spawn").Pool(jobs, _one_thread)


def spread(
    job: Callable[[Any], Any], tasks: Iterable[Any], setting: Setting, what: str
) -> list[Any]:
    """Results of ``job`` for every task, in the order of the tasks."""
    tasks = list(tasks)
    bar: dict[str, Any] = {"total": len(tasks), "desc": what, "unit": "task", "mininterval": 1.0}
    if setting.jobs == 1:
        _one_thread()
        return [job(t) for t in tqdm(tasks, **bar)]
    return list(tqdm(_pool(setting.jobs).imap(job, tasks), **bar))


def renderer_hash() -> str:
    """Twelve digits that change with any byte of the renderer's source (labkit/people/*.py)."""
    digest = hashlib.sha256()
    for path in sorted((ROOT / "labkit" / "people").glob("*.py")):
        digest.update(path.name.encode() + b"\0" + path.read_bytes() + b"\0")
    return digest.hexdigest()[:12]

"""Many independent pieces of work on all cores, with a progress bar.

In: a function and its arguments.  Out: its results, as they are finished.  Used by the data maker
and by the walls of portraits; nothing here knows what the work is.  The processes are joblib's
(backend loky): started afresh, because a forked copy of a process with threads may hang.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures.process import BrokenProcessPool
from typing import Any

from tqdm import tqdm


def cores() -> int:
    """Cores this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def check_workers(workers: int | None) -> int:
    """The number of processes; ``None`` means all cores.  ``ValueError`` below 1."""
    if workers is None:
        return cores()
    if workers < 1:
        raise ValueError(f"workers {workers} cannot work: give 1 or more")
    return workers


def each(
    function: Callable[..., Any],
    jobs: Sequence[tuple[Any, ...]],
    *,
    workers: int | None = None,
    label: str = "",
    unit: str = "person",
    quiet: bool = False,
) -> Iterator[tuple[int, Any]]:
    """Call ``function(*job)`` for each job; yield (number of the job, result) as they are finished.

    With one worker, or one job, all is done in this process, in order.  Otherwise every process
    computes on one thread: more would fight for the same cores, and sums over threads need not give
    the same bytes twice.

    Raises
    ------
    RuntimeError
        When a process was ended from outside, mostly for lack of memory.

    Examples
    --------
    >>> list(each(pow, [(2, 3), (3, 2)], workers=1, quiet=True))
    [(0, 8), (1, 9)]
    """
    workers = min(check_workers(workers), max(1, len(jobs)))
    bar = tqdm(total=len(jobs), desc=label, unit=unit, disable=quiet or not jobs, smoothing=0.1)
    with bar:
        source = _here(function, jobs) if workers == 1 else _there(function, jobs, workers)
        for done in source:
            bar.update()
            yield done


def _here(
    function: Callable[..., Any], jobs: Sequence[tuple[Any, ...]]
) -> Iterator[tuple[int, Any]]:
    return (_numbered(k, function, job) for k, job in enumerate(jobs))


def _there(
    function: Callable[..., Any], jobs: Sequence[tuple[Any, ...]], workers: int
) -> Iterator[tuple[int, Any]]:
    from joblib import Parallel, delayed, parallel_config

    with parallel_config("loky", inner_max_num_threads=1, initializer=_one_thread):
        parallel = Parallel(workers, return_as="generator_unordered", batch_size=1, max_nbytes=None)
    try:
        yield from parallel(delayed(_numbered)(k, function, job) for k, job in enumerate(jobs))
    except BrokenProcessPool:
        raise RuntimeError(
            "a worker process was ended from outside, mostly for lack of memory:"
            " run the same command again with fewer --workers"
        ) from None


def _numbered(k: int, function: Callable[..., Any], job: tuple[Any, ...]) -> tuple[int, Any]:
    return k, function(*job)


def _one_thread() -> None:
    import cv2

    cv2.setNumThreads(1)

"""Many independent pieces of work on all cores, with a progress bar.

In: a function and its arguments.  Out: its results, as they are finished.  Used by the data maker
and by the walls of portraits; nothing here knows what the work is.
"""

from __future__ import annotations

import multiprocessing
import os
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from typing import Any

from tqdm import tqdm

# Every process computes on one thread: more would fight for the same cores, and sums over threads
# need not give the same bytes twice.
ONE_THREAD = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "NUMBA_NUM_THREADS")


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


def _one_thread() -> None:
    import cv2

    cv2.setNumThreads(1)


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

    With one worker, or one job, all is done in this process, in order.

    Raises
    ------
    RuntimeError
        When a process was ended from outside, mostly for lack of memory.
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
    for k, job in enumerate(jobs):
        yield k, function(*job)


def _there(
    function: Callable[..., Any], jobs: Sequence[tuple[Any, ...]], workers: int
) -> Iterator[tuple[int, Any]]:
    before = {name: os.environ.get(name) for name in ONE_THREAD}
    os.environ.update(dict.fromkeys(ONE_THREAD, "1"))
    # Started afresh on every system: a forked copy of a process with threads may hang.
    context = multiprocessing.get_context("spawn")
    pool = ProcessPoolExecutor(workers, mp_context=context, initializer=_one_thread)
    waiting: dict[Future[Any], int] = {}
    todo = iter(enumerate(jobs))
    try:
        while True:
            for k, job in todo:
                waiting[pool.submit(function, *job)] = k
                if len(waiting) >= 3 * workers:
                    break
            if not waiting:
                return
            for future in wait(waiting, return_when=FIRST_COMPLETED).done:
                yield waiting.pop(future), future.result()
    except BrokenProcessPool:
        raise RuntimeError(
            "a worker process was ended from outside, mostly for lack of memory:"
            " run the same command again with fewer --workers"
        ) from None
    finally:
        pool.shutdown(wait=True, cancel_futures=True)
        for name, value in before.items():
            if value is None:
                os.environ.pop(name, None)
            else:
                os.environ[name] = value

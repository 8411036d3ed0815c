"""One round of a load test: so many learners start, fetch, run and save, all at the same time.

In: a hub that runs, and notebooks.  Out: a :class:`Round`.  In the middle of it the kernel of one
learner is killed, and then the hub, which is started again, and once more; what was saved must be
there afterwards, and nobody else may notice.
"""

from __future__ import annotations

import os
import shutil
import signal
import statistics
import subprocess
import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from benchmarks import served
from benchmarks.classroom.learner import Learner, is_server, written
from benchmarks.classroom.memory import Sampler
from benchmarks.classroom.serving import Hub, until
from labkit.base.places import PROJECT


@dataclass
class Round:
    """What a class of so many learners took; bytes and seconds.

    Parameters
    ----------
    learners
        All of them, with their times and failures.
    sampler
        What was seen of memory and processor.
    all_started
        Until the last of them had a server.
    servers
        All servers together, before any notebook was opened.
    starting
        Seconds of processor until then.
    worked
        From then until the last notebook was saved.
    hub_away
        How long the hub did not answer, after it was killed and after it was told to end.
    lost
        What was not there afterwards.
    """

    learners: list[Learner]
    sampler: Sampler
    all_started: float = 0.0
    servers: int = 0
    starting: float = 0.0
    worked: float = 0.0
    hub_away: list[float] = field(default_factory=list)
    lost: list[str] = field(default_factory=list)

    @property
    def failures(self) -> list[str]:
        """Everything that went wrong."""
        return [f for one in self.learners for f in one.failures] + self.lost

    def waited(self, what: str, key: str | None = None) -> list[float]:
        """A time of every learner who has it, in seconds."""
        times = [getattr(one.times, what) for one in self.learners]
        return times if key is None else [t[key] for t in times if key in t]

    def middle(self, what: str, key: str | None = None) -> float:
        """The median of a time."""
        return statistics.median(self.waited(what, key) or [0.0])


def repository(folder: Path, notebooks: Path = PROJECT / "notebooks") -> Path:
    """A repository that holds the notebooks alone, on a branch ``class``, as README.md advises."""
    shutil.copytree(notebooks, folder)
    git = ["git", "-C", str(folder), "-c", "user.name=class", "-c", "user.email=class@localhost"]
    for words in (["init", "-q", "-b", "class"], ["add", "."], ["commit", "-q", "-m", "notebooks"]):
        subprocess.run(
            [*git, *words], check=True, env=os.environ | {"GIT_CONFIG_GLOBAL": os.devnull}
        )
    return folder


def skeleton(folder: Path, python: str) -> Path:
    """What a new home begins with: the renderer, compiled once for all, as README.md advises."""
    cache = folder / ".cache" / "numba"
    cache.mkdir(parents=True)
    words = ["-m", "labkit", "people", "--sheet", "1", "--workers", "1", "--quiet"]
    subprocess.run(
        [python, *words, str(folder.parent / "first.png")],
        check=True,
        cwd=PROJECT,
        env=os.environ | {"NUMBA_CACHE_DIR": str(cache)},
    )
    return folder


class Breaker:
    """Kills a kernel, and then ends the hub twice, while everybody works."""

    def __init__(self, hub: Hub, victim: Learner) -> None:
        self.hub, self.victim = hub, victim
        self.kernel_back, self.hub_gone = threading.Event(), threading.Event()
        self.away: list[float] = []

    def kill_kernel(self, kernel: served.Kernel, path: str) -> bool:
        """Kill it half-way through a notebook, see what was saved, and wait for the hub's end."""
        try:
            journal = self.victim.journal()
            self.victim.kill(kernel)
            if written(self.victim.read(path)) != self.victim.saved[path]:
                self.victim.failures.append(f"{self.victim.name}: {path} was lost with the kernel")
            if self.victim.journal() != journal:
                self.victim.failures.append(f"{self.victim.name}: the journal was changed")
        finally:
            self.kernel_back.set()
        self.hub_gone.wait()
        return True

    def restart_hub(self, learners: list[Learner], over: Callable[[], bool]) -> None:
        """Twice, once after a crash: see that learners go on without it, and find it all again.

        In the thread that started the hub, with which it would end.
        """
        until(lambda: self.kernel_back.is_set() or over(), "a kernel was killed", 3600)
        for number in (signal.SIGKILL, signal.SIGTERM):
            self._without(learners, over, number)

    def _without(
        self, learners: list[Learner], over: Callable[[], bool], number: signal.Signals
    ) -> None:
        servers = set(filter(is_server, self.hub.everybody()))
        began = time.monotonic()
        self.hub.stop(number)
        done = sum(one.cells for one in learners)
        self.hub_gone.set()
        try:
            until(lambda: sum(one.cells for one in learners) > done or over(), "cells are run")
        finally:
            self.hub.start()
            self.away.append(time.monotonic() - began)
        for one in learners:
            try:
                until(one.ready, "a server is found", 60)
            except TimeoutError:
                one.failures.append(f"{one.name}: the hub that was started again lost the server")
        ended = servers - self.hub.everybody().keys()
        self.victim.failures += [
            f"{self.victim.name}: server {pid} ended with the hub" for pid in ended
        ]


def run(
    hub: Hub, count: int, notebooks: list[str], repo: Path, every: float, skel: Path | None = None
) -> Round:
    """Let so many learners start at once, and work through the notebooks without a pause.

    Parameters
    ----------
    hub
        Where they do.
    count
        How many they are.
    notebooks
        Names of notebooks, two at least: in the second one a kernel is killed, and then the hub.
    repo
        The repository that they fetch, of :func:`repository`.
    every
        Seconds between two looks at the memory.
    skel
        What every home begins with, of :func:`skeleton`.
    """
    learners = [Learner(hub, f"learner-{k:02}") for k in range(1, count + 1)]
    for one in learners if skel else ():
        shutil.copytree(skel, hub.home(one.name))
    hub.api("users", "POST", {"usernames": [one.name for one in learners]})
    sampler = Sampler(hub, every)
    sampler.start()
    result = Round(learners, sampler)
    breaker = Breaker(hub, learners[0])
    with ThreadPoolExecutor(count) as pool:
        began = time.perf_counter()
        _all(pool, Learner.start, learners)
        result.all_started = time.perf_counter() - began
        result.servers, result.starting = sampler.look().total, sampler.processor
        _all(pool, lambda one: one.pull(repo), learners)
        began = time.perf_counter()

        def work(one: Learner) -> None:
            one.keep_name()
            for number, name in enumerate(notebooks):
                hit = one is breaker.victim and number == 1
                one.notebook(name, breaker.kill_kernel if hit else None)
                if hit:
                    del one.times.notebook[name]  # it was run one and a half times

        working = [pool.submit(_noting, work, one) for one in learners]
        breaker.restart_hub(learners, lambda: all(w.done() for w in working))
        result.hub_away = breaker.away
        for one in working:
            one.result()
        result.worked = time.perf_counter() - began
        _all(pool, lambda one: result.lost.extend(one.lost()), learners)
    sampler.stop()
    return result


def _all(pool: ThreadPoolExecutor, do: Any, learners: list[Learner]) -> None:
    for done in [pool.submit(_noting, do, one) for one in learners]:
        done.result()


def _noting(do: Any, one: Learner) -> None:
    """Let a learner do something; what stops it is a failure of this learner, not of the test."""
    try:
        do(one)
    except Exception as error:
        one.failures.append(f"{one.name}: {type(error).__name__}: {error}")

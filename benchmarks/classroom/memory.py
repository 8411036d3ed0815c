"""What a class takes of a computer: memory with shared pages counted once, and processor time.

In: a hub that runs.  Out: :class:`Sampler`, which looks at every process of every learner again and
again.  Memory is the proportional set size that Linux gives (PSS): a page that twenty processes
share counts for a twentieth in each, so that the sum over all is what the computer needs.
"""

from __future__ import annotations

import os
import threading
import time
from dataclasses import dataclass, field
from pathlib import Path

from benchmarks import served
from benchmarks.classroom.learner import is_server
from benchmarks.classroom.serving import Hub


@dataclass
class Look:
    """What was there at one moment, in bytes; what a kernel starts counts with the kernels."""

    servers: dict[str, int] = field(default_factory=dict)
    kernels: dict[str, int] = field(default_factory=dict)
    hub: int = 0

    @property
    def learners(self) -> dict[str, int]:
        """Server and kernels together, by learner."""
        names = self.servers.keys() | self.kernels.keys()
        return {n: self.servers.get(n, 0) + self.kernels.get(n, 0) for n in names}

    @property
    def total(self) -> int:
        """All learners together, without hub and proxy."""
        return sum(self.servers.values()) + sum(self.kernels.values())


class Sampler(threading.Thread):
    """Looks at a class every so many seconds, until told to stop.

    Attributes
    ----------
    busiest
        The look with the largest sum over all learners.
    largest
        The most that one learner had at one moment, in bytes.
    kernel
        The most that the kernels of one learner had at one moment, in bytes.
    hub
        The most that hub and proxy had at one moment, in bytes.
    """

    def __init__(self, hub: Hub, every: float) -> None:
        super().__init__(daemon=True)
        self.served, self.every = hub, every
        self.busiest = Look()
        self.largest = self.kernel = self.hub = 0
        self._seconds: dict[tuple[int, int], float] = {}
        self._done = threading.Event()

    @property
    def processor(self) -> float:
        """Seconds of processor that all learners took together, as far as was seen."""
        return sum(self._seconds.values())

    def run(self) -> None:
        began = time.monotonic()
        while not self._done.wait(max(0.0, began + self.every - time.monotonic())):
            began = time.monotonic()
            self.look()

    def stop(self) -> None:
        """Look once more, and end."""
        self._done.set()
        self.join()
        self.look()

    def look(self) -> Look:
        """Look now."""
        now = Look()
        for pid, name in self.served.everybody().items():
            part = now.servers if is_server(pid) else now.kernels
            part[name] = part.get(name, 0) + served.pss_of(pid)
            self._note_seconds(pid)
        # Learners' servers are children of the hub, and counted with the learners.
        now.hub = sum(served.pss_of(p.pid) for p in list(self.served.processes.values()))
        if now.total > self.busiest.total:
            self.busiest = now
        self.largest = max(self.largest, *now.learners.values(), 0)
        self.kernel = max(self.kernel, *now.kernels.values(), 0)
        self.hub = max(self.hub, now.hub)
        return now

    def _note_seconds(self, pid: int) -> None:
        try:
            words = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
        except OSError:  # it has ended
            return
        # By process and the moment it began: numbers are given again.
        ticks = os.sysconf("SC_CLK_TCK")
        self._seconds[pid, int(words[19])] = sum(map(int, words[11:13])) / ticks

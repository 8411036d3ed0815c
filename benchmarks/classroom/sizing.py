"""How large a computer a class needs, and what it costs an hour, from what was measured.

In: :class:`Measured`, and the machines of ``instructors/hub/prices.csv``.  Out: a Markdown table.

The formula, for N learners who work at the same time:

- memory: the hub's, and N times a server with two kernels (the notebook that is worked on, and the
  last one, which is ended after forty idle minutes), at the largest that was seen;
- cores: the larger of what starting all servers within a minute takes, and of
  :data:`RUSH` times what the notebooks take on average over the minutes of their cores;
- as many machines as both need, :data:`SYSTEM` GiB of each left to its system; up to
  :data:`ALONE` learners one machine.
"""

from __future__ import annotations

import csv
import math
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from labkit.base.places import PROJECT

PRICES = PROJECT / "instructors" / "hub" / "prices.csv"
CLASSES = 30, 100, 500
RUSH = 4.0
"""How much more a class computes at once than on average; assumed, not measured."""
ALONE = 100
"""Up to how many learners The Littlest JupyterHub is made for, which is one computer."""
SYSTEM = 1.0
"""GiB of each machine that its own system keeps; assumed."""
GIB = 2**30


@dataclass(frozen=True)
class Measured:
    """What a load test found.

    Parameters
    ----------
    server, kernel, hub
        Memory of one learner's server, of one kernel, and of hub and proxy, in bytes.
    start, work
        Seconds of processor to start one learner's server, and to run all notebooks.
    minutes
        What the cores of these notebooks take a learner.
    """

    server: float
    kernel: float
    hub: float
    start: float
    work: float
    minutes: float

    @property
    def learner(self) -> float:
        """Bytes for one learner: a server and two kernels."""
        return self.server + 2 * self.kernel

    def memory(self, learners: int) -> float:
        """Bytes that so many learners need."""
        return self.hub + learners * self.learner

    def cores(self, learners: int) -> float:
        """Cores that so many learners need."""
        return learners * max(self.start / 60, RUSH * self.work / (60 * self.minutes))


@dataclass(frozen=True)
class Machine:
    """One that can be rented."""

    provider: str
    name: str
    cores: int
    gib: int
    dollars: float
    source: str

    def needed(self, measured: Measured, learners: int) -> int:
        """How many of these so many learners need."""
        memory = measured.memory(learners) / GIB / (self.gib - SYSTEM)
        return max(math.ceil(memory), math.ceil(measured.cores(learners) / self.cores))


def machines(path: Path = PRICES) -> list[Machine]:
    """The machines of a price list."""
    with path.open(encoding="utf-8", newline="") as file:
        return [
            Machine(
                row["provider"],
                row["machine"],
                int(row["cores"]),
                int(row["gib"]),
                float(row["dollars_an_hour"]),
                row["source"],
            )
            for row in csv.DictReader(file)
        ]


def cheapest(measured: Measured, learners: int, offered: Iterable[Machine]) -> tuple[int, Machine]:
    """How many of which machine cost the least; of equal ones the fewest.

    Up to :data:`ALONE` learners one machine is taken where one holds them.
    """

    def cost(one: Machine) -> tuple[bool, float, int]:
        count = one.needed(measured, learners)
        return learners <= ALONE and count > 1, round(count * one.dollars, 6), count

    best = min(offered, key=cost)
    return best.needed(measured, learners), best


def table(measured: Measured, offered: list[Machine]) -> str:
    """Memory, cores, machines and dollars for each of :data:`CLASSES`, as Markdown."""
    providers = list(dict.fromkeys(one.provider for one in offered))
    heads = ["learners", "memory, GiB", "cores", *providers]
    lines = [f"| {' | '.join(heads)} |", "|---:|---:|---:|" + "---|" * len(providers)]
    for learners in CLASSES:
        cells = [
            f"{learners}",
            f"{measured.memory(learners) / GIB:.0f}",
            f"{measured.cores(learners):.1f}",
        ]
        for provider in providers:
            count, one = cheapest(
                measured, learners, [m for m in offered if m.provider == provider]
            )
            cells.append(f"{count} x {one.name}: ${count * one.dollars:.2f} an hour")
        lines.append(f"| {' | '.join(cells)} |")
    return "\n".join(lines) + "\n"

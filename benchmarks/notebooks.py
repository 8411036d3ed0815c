"""What each notebook costs: seconds, peak memory, and a reader's minutes, in a fresh kernel each.

Run it with ``python benchmarks/notebooks.py``; name notebooks (``03``) or forms (``--form open``)
to measure fewer.  Prints a table and writes it to ``benchmarks/results/notebooks.md`` when all
were measured.  Ends with 1 when one took longer or more than is promised.

Peak memory is one number, of the kernel and the processes that it starts.  Every 50 ms the most
that the kernel had resident so far (``VmHWM`` where Linux says it, else the peak that psutil
reports, else what is resident now) and what all its children have resident at that moment are
added; the peak is the largest sum.  It is never too small, save for a child that lives less than
50 ms, and too large where the kernel gave memory back before it started a child.  Memory that two
processes share counts in both.

Minutes are an estimate, not a measurement with learners: words of prose and of output at 200 a
minute, and for what is done the minutes of ``DOING``.
"""

from __future__ import annotations

import argparse
import os
import platform
import re
import sys
import tempfile
import threading
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
RESULTS = ROOT / "benchmarks" / "results" / "notebooks.md"
SECONDS, MEGABYTES = 60, 450
LOOK = 0.05
WORDS_A_MINUTE = 200
DOING = {"check(": 2.0, "predict(": 0.5, "explorers.game(": 4.0, "explorers.": 2.0}
"""What a code cell asks of a reader -> minutes; the first that is in a cell counts."""

sys.path.insert(0, str(ROOT))
os.environ.setdefault("OMP_NUM_THREADS", "1")


def read(book: Any) -> tuple[int, int]:
    """Words of prose and words of output in a notebook that was run; figures' tables are folded."""
    prose = sum(words(c.source) for c in book.cells if c.cell_type == "markdown")
    return prose, sum(words(text) for _kind, text in texts(book))


def sentences(book: Any) -> int:
    """Words of call-outs and of what was printed; no tables, no exercise or guess left open."""
    return sum(words(text) for kind, text in texts(book) if kind not in (TABLE, *OPEN))


PRINTED, TABLE = "printed", "table"
OPEN = ("lab-exercise", "lab-predict")
NOT_READ = ("<figure", "lx-still")


def texts(book: Any) -> list[tuple[str, str]]:
    """Each output that is read as text with its kind: printed, a call-out's class, or a table.

    Left out are figures, whose table is folded, and explorers: what is read in them is seen.
    """
    found = []
    for output in (o for cell in book.cells for o in cell.get("outputs", [])):
        if output.output_type == "stream":
            found.append((PRINTED, output.text))
            continue
        shown = output.get("data", {})
        page = "".join(shown.get("text/html", ""))
        if any(mark in page for mark in NOT_READ) or any("widget" in kind for kind in shown):
            continue
        callout = re.search(r'class="lab-callout ([\w-]+)"', page)
        kind = callout[1] if callout else TABLE
        found.append((kind, "".join(shown.get("text/plain", ""))))
    return found


def words(text: str | list[str]) -> int:
    """Words and numbers of a text, without addresses."""
    text = re.sub(r"\]\([^)]*\)", "]", "".join(text))
    return len(re.findall(r"[A-Za-z0-9][\w'’.,-]*", text))


def doing(book: Any) -> float:
    """Minutes for what a notebook asks to be done."""
    cells = [c.source for c in book.cells if c.cell_type == "code"]
    found = [[m for sign, m in DOING.items() if sign in cell] for cell in cells]
    return sum(minutes[0] for minutes in found if minutes)


class Watch(threading.Thread):
    """Looks at a process and its children until told to stop; ``.peak`` in bytes."""

    def __init__(self, pid: int) -> None:
        import psutil

        super().__init__(daemon=True)
        self.process = psutil.Process(pid)
        self.own = self.peak = 0
        self.processor = 0.0
        self.done = threading.Event()

    def run(self) -> None:
        while not self.done.wait(LOOK):
            self.look()

    def look(self) -> None:
        import psutil

        try:
            info = self.process.memory_info()
            self.own = max(self.own, info.rss, getattr(info, "peak_wset", 0), self._high_water())
            spent = self.process.cpu_times()
            self.processor = spent.user + spent.system
            children = self.process.children(recursive=True)
        except psutil.Error:
            return
        self.peak = max(self.peak, self.own + sum(map(resident, children)))

    def _high_water(self) -> int:
        try:
            text = Path(f"/proc/{self.process.pid}/status").read_text(encoding="ascii")
        except OSError:
            return 0
        line = next((x for x in text.splitlines() if x.startswith("VmHWM")), "VmHWM: 0 kB")
        return int(line.split()[1]) * 1024


def resident(process: Any) -> int:
    """Bytes that a process has resident; 0 when it has ended."""
    import psutil

    try:
        return int(process.memory_info().rss)
    except psutil.Error:
        return 0


@dataclass(frozen=True)
class Cost:
    """What one form of one notebook took."""

    name: str
    form: str
    cells: int
    seconds: float
    processor: float
    slowest: float
    peak: float
    prose: int = 0
    printed: int = 0
    minutes: float = 0.0

    @property
    def within(self) -> bool:
        return self.seconds <= SECONDS and self.peak <= MEGABYTES


def run(path: Path, form: str) -> Cost:
    """Run one form of one notebook in a fresh kernel, with an empty journal."""
    import nbformat
    from nbclient import NotebookClient

    from labkit.app import notebooks

    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        os.environ["LABKIT_JOURNAL"] = str(folder / "journal.json")
        made = notebooks.build(path, form, folder, ROOT).decode()
        book = nbformat.reads(made, as_version=4)
        client = NotebookClient(
            book, timeout=900, kernel_name="python3", resources={"metadata": {"path": folder}}
        )
        start = time.perf_counter()
        with client.setup_kernel():
            watch = Watch(client.km.provisioner.pid)
            watch.start()
            times = []
            for number, cell in enumerate(book.cells):
                if cell.cell_type == "code":
                    began = time.perf_counter()
                    client.execute_cell(cell, number)
                    times.append(time.perf_counter() - began)
            watch.done.set()
            watch.join()
            watch.look()
            seconds = time.perf_counter() - start
    slowest, peak = max(times), watch.peak / 1e6
    prose, printed = read(book)
    minutes = (prose + printed) / WORDS_A_MINUTE + doing(book)
    took = (seconds, watch.processor, slowest, peak, prose, printed, minutes)
    return Cost(path.stem, form, len(times), *took)


def table(costs: list[Cost]) -> str:
    """The costs as Markdown."""
    lines = [
        "| notebook | form | code cells | seconds | processor, s | slowest cell, s"
        " | peak with children, MB | within | words of prose | words of output"
        " | minutes, estimated |",
        "|---|---|---:|---:|---:|---:|---:|---|---:|---:|---:|",
    ]
    for c in costs:
        lines.append(
            f"| {c.name} | {c.form} | {c.cells} | {c.seconds:.1f} | {c.processor:.1f} |"
            f" {c.slowest:.1f} | {c.peak:.0f} | {'yes' if c.within else 'NO'} | {c.prose:,} |"
            f" {c.printed:,} | {c.minutes:.0f} |"
        )
    return "\n".join(lines) + "\n"


def document(costs: list[Cost]) -> str:
    """What is written to ``benchmarks/results/notebooks.md``."""
    return (
        "# What the notebooks cost\n\n"
        f"Each in a fresh kernel, the kernel's start included, no network needed. Promised: at most"
        f" {SECONDS} seconds, and {MEGABYTES} MB in the kernel and the processes that it starts,"
        f" together. Measured with Python"
        f" {platform.python_version()} on {platform.system()} {platform.machine()},"
        f" {os.cpu_count()} cores, one thread for linear algebra, by"
        " `python benchmarks/notebooks.py`, whose first lines say how memory and minutes are"
        " counted. The minutes were not measured with learners.\n\n"
        f"{table(costs)}"
    )


def main(words: list[str] | None = None) -> int:
    from labkit.app import notebooks
    from labkit.base.files import write_whole

    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("numbers", nargs="*", help="notebooks to measure, such as 03 (all)")
    parser.add_argument("--form", action="append", choices=notebooks.FORMS, help="(all)")
    args = parser.parse_args(words)
    sources = notebooks.sources(ROOT)
    chosen = [p for p in sources if not args.numbers or p.stem[:2] in args.numbers]
    if not chosen:
        print(f"there is no notebook {' '.join(args.numbers)} in instructors/source")
        return 2
    costs = []
    for path in chosen:
        for form in args.form or notebooks.FORMS:
            costs.append(run(path, form))
            print(table(costs[-1:]).splitlines()[-1], flush=True)
    print("\n" + table(costs))
    if not args.numbers and not args.form:
        write_whole(RESULTS, document(costs).encode())
        print(f"{RESULTS.relative_to(ROOT)}: written")
    return 0 if all(c.within for c in costs) else 1


if __name__ == "__main__":
    sys.exit(main())

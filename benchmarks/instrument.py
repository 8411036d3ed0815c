"""Measure the renderer as an instrument and print the tables.

    python benchmarks/instrument.py                      everything, about half an hour on two cores
    python benchmarks/instrument.py --part leaks         one part
    python benchmarks/instrument.py --quick              a trial of a few minutes; quote none of it
    python benchmarks/instrument.py --part speed --prototype FOLDER    beside the prototype

Results go to benchmarks/results/: one CSV for each table, one Markdown file for each part, and
instrument.md with all parts that were measured on the present renderer.
"""

from __future__ import annotations

import argparse
import os
import sys
import time
from pathlib import Path

# One thread a process, before numpy and friends are loaded: the processes share the cores.
for _name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "NUMBA_NUM_THREADS"):
    os.environ.setdefault(_name, "1")

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from benchmarks.measure import factor, found, identity, leaks, speed, tone  # noqa: E402
from benchmarks.measure.tables import Table  # noqa: E402
from benchmarks.measure.work import Setting, renderer_hash  # noqa: E402

PARTS = {"leaks": leaks, "factor": factor, "identity": identity, "found": found, "tone": tone,
         "speed": speed}  # fmt: skip
TITLES = {
    "leaks": "No leaks", "factor": "One factor at a time", "identity": "It is the face",
    "found": "Found", "tone": "What differs by tone and why", "speed": "Speed",
}  # fmt: skip


def arguments(words: list[str] | None = None) -> argparse.Namespace:
    """What was asked for on the command line."""
    parser = argparse.ArgumentParser(description="Measure the renderer as an instrument.")
    parser.add_argument("--part", choices=[*PARTS, "all"], default="all")
    parser.add_argument("--quick", action="store_true", help="few people; quote none of it")
    parser.add_argument("--people", type=int, help="people in the main arms (150; quick: 24)")
    parser.add_argument("--seeds", type=int, default=60_000, help="first seed (tuning: below 2000)")
    parser.add_argument("--jobs", type=int, default=min(os.cpu_count() or 1, 8))
    parser.add_argument("--prototype", type=Path, help="folder of synthfaces.py, for --part speed")
    parser.add_argument("--out", type=Path, help="folder for results")
    options = parser.parse_args(words)
    if options.people is not None and options.people < 16:
        parser.error(f"--people {options.people} is too few to measure anything: give 16 or more")
    return options


def heading(name: str, setting: Setting, seconds: float, tables: list[Table]) -> str:
    """One part as Markdown, with what it was measured on."""
    quick = " A quick trial: quote none of it." if setting.quick else ""
    # speed has people and a process of its own, named below its table
    who = "" if name == "speed" else f" {setting.people} people in the main arms,"
    how = "one process" if name == "speed" else f"{setting.jobs} processes"
    lines = [
        f"## {TITLES[name]}",
        "",
        f"Renderer {renderer_hash()}, seeds from {setting.seeds},{who} {how},"
        f" {seconds:.0f} s.{quick}",
        "",
    ]
    return "\n".join(lines) + "\n" + "\n".join(t.markdown() for t in tables)


def gather(folder: Path) -> None:
    """Put the parts that were measured on the present renderer together."""
    mark = f"Renderer {renderer_hash()},"
    texts = {name: folder / f"{name}.md" for name in PARTS}
    present = [p.read_text("utf-8") for p in texts.values() if p.exists()]
    fresh = [t for t in present if mark in t]
    intro = (
        "# The instrument, measured\n\n"
        "Invented people drawn for the purpose, not those of the data that ship. Brackets hold 95%"
        " intervals in which people, not pairs, are what could have been others.\n\n"
        f"{mark[:-1]} (hash of labkit/people/*.py).\n\n"
    )
    (folder / "instrument.md").write_text(intro + "\n".join(fresh), encoding="utf-8")


def main(words: list[str] | None = None) -> None:
    """Measure, print and save."""
    options = arguments(words)
    people = options.people or (24 if options.quick else 150)
    setting = Setting(people, options.seeds, options.jobs, options.quick)
    folder = options.out or ROOT / "benchmarks" / "results" / ("quick" if options.quick else "")
    folder.mkdir(parents=True, exist_ok=True)
    for name in PARTS if options.part == "all" else [options.part]:
        start = time.perf_counter()
        if name == "speed":
            tables = speed.run(setting, options.prototype)
        else:
            tables = PARTS[name].run(setting)
        text = heading(name, setting, time.perf_counter() - start, tables)
        for table in tables:
            table.save(folder)
        (folder / f"{name}.md").write_text(text, encoding="utf-8")
        print(text, flush=True)
    gather(folder)


if __name__ == "__main__":
    main()

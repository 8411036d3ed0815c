"""What an audit of a million scored pairs costs, beside reading the file with pandas alone.

    python benchmarks/audit.py              print, and write benchmarks/results/audit.md
    python benchmarks/audit.py --pairs N    another number of pairs; nothing is written

Every run is a process of its own, and the most memory it ever held is read by itself.  What is
compared takes turns, and the least of the repeats counts: other work on the machine can only add.
Ratios carry over to other machines, seconds do not.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

import numpy as np  # noqa: E402
import pandas as pd  # noqa: E402

from benchmarks.measure.tables import Table  # noqa: E402
from labkit.base.files import write_whole  # noqa: E402

RESULTS = ROOT / "benchmarks" / "results" / "audit.md"
PAIRS, REPEATS, LIMIT, MOST_MB = 1_000_000, 3, 10.0, 500
GROUPS = np.array(["east", "north", "south", "west"])
THREADS = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "NUMBA_NUM_THREADS")

TIMED = """
import re, sys, time
start = time.perf_counter()
{code}
took = time.perf_counter() - start
most = re.search(r"VmHWM:\\s*(\\d+) kB", open("/proc/self/status").read())
print(took, time.process_time(), int(most[1]) / 1024)
"""
READ = """
import pandas
semicolons = b";" in open(sys.argv[1], "rb").readline()
odd = {"sep": ";", "decimal": ",", "encoding": "cp1252"}
pandas.read_csv(sys.argv[1], **(odd if semicolons else {}))
"""
AUDIT = """
import contextlib, io, labkit.audit.command
with contextlib.redirect_stdout(io.StringIO()):
    assert labkit.audit.command.main([sys.argv[1], "--out", sys.argv[2], "--fmr", "1e-3"]) == 0
"""


def made(path: Path, pairs: int, people: int, each: int, named: bool) -> None:
    """A file of that many pairs, drawn from all pairs of these people's pictures."""
    rng = np.random.default_rng(0)
    who = np.repeat(np.arange(people), each)
    faces = rng.normal(size=(people, 12))[who] + 0.4 * rng.normal(size=(len(who), 12))
    own = np.arange(len(who)).reshape(people, each)
    mated = [own[:, [a, b]] for a in range(each) for b in range(a + 1, each)]
    ends = np.concatenate([*mated, *_strangers(rng, who, pairs - sum(map(len, mated)))])
    i, j = ends.T
    score = -np.sqrt(((faces[i] - faces[j]) ** 2).sum(1))
    names = np.array([f"photo_{k:06}" for k in range(len(who))])
    table = pd.DataFrame(
        {
            "probe": names[i],
            "gallery": names[j],
            "same_person": (who[i] == who[j]).astype(int),
            "score": score.astype(np.float32),
        }
    )
    if named:
        for side, at in (("probe", i), ("gallery", j)):
            table[f"{side}_person"], table[f"{side}_group"] = who[at], GROUPS[who[at] % 4]
    table.sample(frac=1, random_state=0).to_csv(path, index=False)


def of_a_spreadsheet(path: Path, plain: Path) -> None:
    """The same file as a spreadsheet in Germany writes it: semicolons, commas, Windows-1252."""
    table = pd.read_csv(plain)
    table["probe_group"] = table["probe_group"].replace("south", "süd")
    table["gallery_group"] = table["gallery_group"].replace("south", "süd")
    table.to_csv(path, index=False, sep=";", decimal=",", encoding="cp1252")


def _strangers(rng: np.random.Generator, who: np.ndarray, wanted: int) -> list[np.ndarray]:
    """Different pairs of pictures of two people, in any order."""
    n, keys = len(who), np.empty(0, np.int64)
    while len(keys) < wanted:
        i, j = rng.integers(0, n, (2, 2 * wanted))
        i, j = np.minimum(i, j), np.maximum(i, j)
        keys = np.unique(np.concatenate([keys, (i * n + j)[who[i] != who[j]]]))
    keys = rng.permutation(keys)[:wanted]
    return [np.stack([keys // n, keys % n], 1)]


def run(code: str, *words: Path) -> tuple[float, float, float]:
    """Seconds on the clock and of the processor, and the most megabytes of one process (Linux)."""
    done = subprocess.run(
        [sys.executable, "-c", TIMED.format(code=code), *map(str, words)],
        capture_output=True,
        text=True,
        check=True,
        env={**os.environ, **dict.fromkeys(THREADS, "1"), "PYTHONPATH": str(ROOT)},
        cwd=ROOT,
    )
    seconds, processor, memory = map(float, done.stdout.split())
    return seconds, processor, memory


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--pairs", type=int, default=PAIRS)
    parser.add_argument("--repeats", type=int, default=REPEATS)
    options = parser.parse_args()
    n = options.pairs
    table = Table("audit", f"An audit of {n:,} scored pairs")
    cases = {
        "1,000 people, 4 groups": (1_000, 3, True),
        "50,000 people, 4 groups": (50_000, 2, True),
        "nobody said who is in a picture, no groups": (50_000, 2, False),
        "the first with semicolons, decimal commas, Windows-1252": (1_000, 3, True),
    }
    slowest = most = 0.0
    with tempfile.TemporaryDirectory() as folder:
        path, out = Path(folder) / "scores.csv", Path(folder) / "report.html"
        for name, case in cases.items():
            made(path, n, *case)
            if name.startswith("the first"):
                odd = Path(folder) / "odd.csv"
                of_a_spreadsheet(odd, path)
                odd.replace(path)
            best = {"pandas.read_csv alone": (np.inf,) * 3, "audit, file to report": (np.inf,) * 3}
            for _ in range(options.repeats):
                for what, call in zip(
                    best, (lambda: run(READ, path), lambda: run(AUDIT, path, out))
                ):
                    best[what] = tuple(map(min, best[what], call()))
            read = next(iter(best.values()))
            for what, (seconds, processor, memory) in best.items():
                table.add(
                    file=f"{name}, {path.stat().st_size / 1e6:.0f} MB",
                    what=what,
                    seconds=f"{seconds:.1f}",
                    of_the_processor=f"{processor:.1f}",
                    most_MB=f"{memory:.0f}",
                    beyond_the_reading=f"{processor - read[1]:.1f}",
                )
                slowest, most = max(slowest, seconds), max(most, memory)
    table.notes = [
        "Each a process of its own on one thread, start of Python and imports included; the least"
        f" of {options.repeats} repeats in turns, and the most memory the process ever held. The"
        " audit reads, checks, chooses a threshold at FMR 1e-3, counts, draws people (or, of more"
        " than 2,000, rates) again and writes the page.",
        f"The audit must take less than {LIMIT:g} s and {MOST_MB} MB for a million pairs; the"
        f" slowest run here took {slowest:.1f} s, the largest {most:.0f} MB.",
    ]
    print(table.markdown())
    if n == PAIRS:
        write_whole(RESULTS, f"# The audit report\n\n{table.markdown()}\n".encode())
    return 0 if (slowest < LIMIT and most < MOST_MB) or n != PAIRS else 1


if __name__ == "__main__":
    sys.exit(main())

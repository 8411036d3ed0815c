"""What searches of large galleries take, beside faiss on the same arrays in the same run.

    python benchmarks/search.py                   print, and write benchmarks/results/search.md,
                                                  search.csv and the table of docs/sizing.md
    python benchmarks/search.py --size 100000     galleries of at most so many; nothing is written
    python benchmarks/search.py --part 8bit       the part of 8 bits alone, put in place of the last
    python benchmarks/search.py --threads 2       default: as many as its users have

The largest gallery needs 12 GB of memory (10,000,000 templates in float32, and faiss's copy) and
about 20 minutes.  What is compared takes turns, and the least of several rounds counts; each index
of 8 bits is made and searched in a process of its own, whose peak memory is all that it has held.

Templates are drawn with the means and covariances of the templates of dev's people.  They are there
for SPEED, and for what an index misses of what an exact search finds; they say nothing about errors
of matching.
"""

from __future__ import annotations

import argparse
import csv
import functools
import json
import math
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

THREADS = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "NUMBA_NUM_THREADS")
SIZES = (1_000_000, 10_000_000)
CODED = ("Codes", "Faiss 8bit")


def arguments(given: list[str] | None = None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--size", type=int, help="templates of the largest gallery")
    parser.add_argument("--threads", type=int)
    parser.add_argument("--repeats", type=int, default=2)
    parser.add_argument("--part", choices=("8bit",), help="measure this part again")
    parser.add_argument("--coded", choices=CODED, help=argparse.SUPPRESS)
    parser.add_argument("--people", help=argparse.SUPPRESS)
    return parser.parse_args(given)


ROOT = Path(__file__).resolve().parents[1]
if __name__ != "__main__":
    sys.path.insert(0, str(ROOT))
else:
    sys.path[0] = str(ROOT)
    ARGUMENTS = arguments()
    if ARGUMENTS.threads:  # before numpy is loaded
        os.environ |= dict.fromkeys(THREADS, str(ARGUMENTS.threads))

import numpy as np  # noqa: E402
from numpy.typing import NDArray  # noqa: E402

from benchmarks.measure.tables import Table  # noqa: E402
from labkit import data  # noqa: E402
from labkit.base.files import write_whole  # noqa: E402
from labkit.gallery import Codes, Exact, Faiss  # noqa: E402

RESULTS = ROOT / "benchmarks" / "results"
PAGE = ROOT / "docs" / "sizing.md"
MARKS = ("<!-- sizing -->", "<!-- /sizing -->")

PROBES, BATCH, CANDIDATES = 535, 16, 10
BLOCK = 2**13
NUMBERS = 128
Rows = NDArray[np.float32]


# ---- templates ----------------------------------------------------------------------------------


@functools.cache
def people() -> tuple[Rows, Rows, Rows]:
    """Of dlib's templates of dev: their mean, and how people, and photographs of one, spread.

    The latter two as matrices that turn numbers of a standard normal distribution into theirs.  A
    process whose memory is measured reads them from a file.
    """
    if __name__ == "__main__" and ARGUMENTS.people:
        middle, between, within = np.load(ARGUMENTS.people)
        return middle[0], between, within
    faces = data.load("anytown/dev")
    known = np.isfinite(faces.templates).all(1)
    e, who = faces.templates[known].astype(float), faces.of("person")[known]
    names, place = np.unique(who, return_inverse=True)
    centres = np.stack([e[place == k].mean(0) for k in range(len(names))])

    def spread(x: NDArray) -> Rows:
        values, vectors = np.linalg.eigh(np.cov(x.T))
        return (np.sqrt(np.maximum(values, 0))[:, None] * vectors.T).astype(np.float32)

    return e.mean(0).astype(np.float32), spread(centres), spread(e - centres[place])


def simulated(n: int, photograph: int = 0) -> Iterator[Rows]:
    """Templates of n people in blocks, of length 1; the same people in another photograph."""
    middle, between, within = people()
    for k, start in enumerate(range(0, n, BLOCK)):
        shape = (BLOCK, NUMBERS)
        centres = np.random.default_rng([0, k]).standard_normal(shape, np.float32) @ between
        other = np.random.default_rng([1 + photograph, k]).standard_normal(shape, np.float32)
        rows = (middle + centres + other @ within)[: n - start]
        rows /= np.linalg.norm(rows, axis=1, keepdims=True)
        yield rows


def gallery_of(n: int) -> Rows:
    rows = np.empty((n, NUMBERS), np.float32)
    for start, block in zip(range(0, n, BLOCK), simulated(n)):
        rows[start : start + len(block)] = block
    return rows


def probes() -> Rows:
    """Other photographs of the first people."""
    return next(simulated(BLOCK, 1))[:PROBES].copy()


# ---- time ---------------------------------------------------------------------------------------


def in_turns(
    calls: dict[str, Callable[[], Any]], repeats: int
) -> tuple[dict[str, tuple[float, float]], dict[str, Any]]:
    """Least seconds on the clock and of the processor, children's too, measured in turns.

    And what the calls gave.
    """
    best, given = dict.fromkeys(calls, (np.inf, np.inf)), {}
    for _ in range(repeats):
        for name, call in calls.items():
            clock, processor = time.perf_counter(), processor_time()
            given[name] = call()
            took = time.perf_counter() - clock, processor_time() - processor
            best[name] = (min(best[name][0], took[0]), min(best[name][1], took[1]))
    return best, given


def processor_time() -> float:
    """Of this process and of children that have ended."""
    return time.process_time() + sum(os.times()[2:4])


def product(gallery: Rows, asked: Rows, block: int = 2048) -> None:
    """The bare work: every product, by blocks into one buffer, no score looked at."""
    room = np.empty(len(asked) * block, np.float32)
    for start in range(0, len(gallery), block):
        some = gallery[start : start + block]
        out = room[: len(asked) * len(some)].reshape(len(asked), -1)
        np.matmul(asked, some.T, out=out)


def settings() -> str:
    """What the figures were measured on."""
    import faiss
    from threadpoolctl import threadpool_info

    number = max([lib["num_threads"] for lib in threadpool_info() if lib["user_api"] == "blas"])
    load = f", load {os.getloadavg()[0]:.1f}" if hasattr(os, "getloadavg") else ""
    return (
        f"{number} thread(s) for NumPy, {faiss.omp_get_max_threads()} for faiss"
        f" {faiss.__version__}{load}."
    )


FAISS = ("faiss IndexFlatIP", "faiss.knn")
BARE = "the bare blocked product"


def flat(n: int, repeats: int) -> tuple[Table, dict[str, float], NDArray[np.int64]]:
    """Everything compared with everything, beside faiss; and the answers."""
    import faiss

    gallery, asked = gallery_of(n), probes()
    exact = Exact(gallery, "cosine")
    index = faiss.IndexFlatIP(NUMBERS)
    index.add(gallery)
    table = Table("flat", f"{n:,} templates of {NUMBERS} numbers, the {CANDIDATES} nearest")
    figures: dict[str, float] = {"exact_bytes": exact.nbytes}
    for m, rounds in ((PROBES, repeats), (BATCH, 2 * repeats), (1, 10 * repeats)):
        some = asked[:m]
        calls: dict[str, Callable[[], Any]] = {
            "Exact": lambda some=some: exact.search(some, CANDIDATES),
            FAISS[0]: lambda some=some: index.search(some, CANDIDATES),
            FAISS[1]: lambda some=some: faiss.knn(
                some, gallery, CANDIDATES, faiss.METRIC_INNER_PRODUCT
            ),
            BARE: lambda some=some: product(gallery, some),
        }
        took, given = in_turns(calls, rounds)
        if m == PROBES:
            found, theirs = given["Exact"], given[FAISS[0]][1]
        faster = min(took[name][0] for name in FAISS)
        for name, (clock, processor) in took.items():
            table.add(
                probes=str(m), what=name, seconds=clock, processor_seconds=processor,
                seconds_a_probe=clock / m, times_the_faster_faiss=clock / faster,
            )  # fmt: skip
        figures |= {
            f"exact_{m}": took["Exact"][0] / m,
            f"times_faiss_{m}": took["Exact"][0] / faster,
        }
    table.notes = [
        f"{settings()} Exact and faiss found the same {share(found.rows, theirs):.5f} of the"
        " candidates (faiss does not settle what float32 leaves open)."
    ]
    return table, figures, found.rows


def share(wanted: NDArray[np.int64], found: NDArray[np.int64]) -> float:
    """Recall: of the candidates of an exact search, how many were found."""
    return float(np.mean([np.isin(a, b).mean() for a, b in zip(wanted, found, strict=True)]))


# ---- 8 bits, and cells --------------------------------------------------------------------------


def coded(name: str, n: int, repeats: int) -> None:
    """Make an index of 8 bits in blocks, search it; print what it took.  It starts no other."""
    asked = probes()
    begun = time.perf_counter()
    if name == "Codes":
        ends = [f(next(simulated(min(n, BLOCK))), axis=0) for f in (np.min, np.max)]
        wide = (ends[1] - ends[0]) / 4  # beyond the block that is looked at
        index: Any = Exact(Codes.of(simulated(n), n, ends[0] - wide, ends[1] + wide), "cosine")
    else:
        index = faiss_codes(n)
    made = time.perf_counter() - begun
    took = in_turns({"": lambda: index.search(asked[:BATCH], CANDIDATES)}, 5 * repeats)[0][""]
    found = index.search(asked, CANDIDATES)
    rows = found.rows if name == "Codes" else found[1]
    told = {"made": made, "seconds": took[0] / BATCH, "processor": took[1] / BATCH}
    told |= {"peak": peak(), "rows": rows.tolist()}
    told["bytes"] = index.nbytes if name == "Codes" else index.sa_code_size() * index.ntotal
    print(json.dumps(told))


def faiss_codes(n: int) -> Any:
    """What ``Faiss(..., "8bit")`` makes, filled in blocks, as its own users would."""
    import faiss

    index = faiss.index_factory(NUMBERS, "SQ8", faiss.METRIC_INNER_PRODUCT)
    for block in simulated(n):
        if not index.is_trained:
            index.train(block)
        index.add(block)
    return index


def peak() -> float:
    """The most memory that this process has held, MB; NaN where the system does not say."""
    status = Path("/proc/self/status")
    if not status.exists():
        return float("nan")
    most = [line for line in status.read_text("utf-8").splitlines() if line.startswith("VmHWM")]
    return float(most[0].split()[1]) * 1024 / 1e6


def bytes_a_number(
    n: int, wanted: NDArray[np.int64], options: argparse.Namespace
) -> tuple[Table, dict[str, float]]:
    """Codes of 8 bits in a process of their own, and what they miss of the exact candidates."""
    table = Table("8bit", f"{n:,} templates with 8 bits a number, {BATCH} probes together")
    figures = {}
    for name in CODED:
        with tempfile.TemporaryDirectory() as folder:
            middle, between, within = people()
            drawn = [np.broadcast_to(middle, between.shape), between, within]
            np.save(f"{folder}/people.npy", np.array(drawn))
            call = [sys.executable, __file__, "--coded", name, "--people", f"{folder}/people.npy"]
            call += ["--size", str(n), "--repeats", str(options.repeats)]
            call += ["--threads", str(options.threads)] if options.threads else []
            told = subprocess.run(call, capture_output=True, text=True, check=True).stdout
        one = json.loads(told)
        recall = share(wanted, np.array(one["rows"]))
        label = "Exact over Codes" if name == "Codes" else "faiss SQ8"
        table.add(
            what=label, seconds_a_probe=one["seconds"],
            processor_seconds_a_probe=one["processor"], MB=one["bytes"] / 1e6,
            peak_MB=one["peak"], recall_at_10=recall, seconds_to_make=one["made"],
        )  # fmt: skip
        if name == "Codes":
            figures = {
                f"codes_{BATCH}": one["seconds"],
                "codes_bytes": one["bytes"],
                "codes_peak": one["peak"],
                "codes_recall": recall,
            }
    table.notes = [
        f"{settings()} Peak: all that a process has held which does nothing else, libraries"
        f" included; MB are millions of bytes. Recall at {CANDIDATES}: of the exact candidates of"
        f" {PROBES} probes, the share that is found."
    ]
    return table, figures


def cells(n: int, wanted: NDArray[np.int64], repeats: int) -> Table:
    """An index that does not look at everything."""
    from labkit.gallery import faiss as ours

    begun = time.perf_counter()
    index, asked = Faiss(gallery_of(n), "cosine", "ivf"), probes()
    made = time.perf_counter() - begun
    table = Table("ivf", f"{n:,} templates in cells: what the index itself misses")
    for visited in (1, 4, ours.VISITED, 4 * ours.VISITED):
        index._index.nprobe = visited
        times, given = in_turns({"": lambda: index.search(asked, CANDIDATES)}, repeats)
        took, found = times[""][0], given[""]
        table.add(
            cells_looked_into=str(visited), seconds_a_probe=took / PROBES,
            recall_at_10=share(wanted, found.rows),
            recall_of_the_first=share(wanted[:, :1], found.rows),
        )  # fmt: skip
    table.notes = [
        f"{index._index.nlist:,} cells, made in {made:.0f} seconds; Faiss(kind='ivf') looks into"
        f" {ours.VISITED}. {settings()} What a cell hides is missed whatever the matcher can do:"
        " these misses come on top of the matcher's own."
    ]
    return table


# ---- sizing -------------------------------------------------------------------------------------

FACES = (10**6, 10**7, 10**8, 10**9)
GIGABYTES = 16
"""Memory of the computers in the table, a choice."""


def sizing(figures: dict[str, float]) -> Table:
    """What 10^6 to 10^9 faces need, from the figures of one run.

    Parameters
    ----------
    figures
        ``size``, templates of the gallery that was measured; ``exact_535`` and ``codes_16``,
        seconds for a probe of it in float32 and with 8 bits; ``exact_bytes`` and ``codes_bytes``,
        what the two kept.
    """
    table = Table("sizing", "What faces need")
    for faces in FACES:
        times = faces / figures["size"]
        codes, single = times * figures["codes_bytes"] / 1e9, times * figures["exact_bytes"] / 1e9
        seconds = times * figures["codes_16"]
        table.add(
            faces=f"{faces:,}",
            **{
                "GB, 8 bits a number": codes,
                "GB, float32": single,
                f"computers of {GIGABYTES} GB, 8 bits": f"{math.ceil(codes / GIGABYTES):,}",
                "seconds for a probe, 8 bits": seconds,
                "seconds for a probe, float32": times * figures["exact_535"],
                "cores for a probe a second, 8 bits": f"{math.ceil(seconds):,}",
            },
        )
    return table


def sizing_text(figures: dict[str, float]) -> str:
    """The table as it stands in docs/sizing.md."""
    return "\n".join(sizing(figures).markdown().splitlines()[2:]).strip()


def read_figures(path: Path = RESULTS / "search.csv") -> dict[str, float]:
    with open(path, newline="", encoding="utf-8") as file:
        return {row["figure"]: float(row["value"]) for row in csv.DictReader(file)}


def write(texts: list[str], figures: dict[str, float]) -> None:
    """The results, and the table of the page; tables that were not measured stay as they were."""
    last = (RESULTS / "search.md").read_text("utf-8") if (RESULTS / "search.md").exists() else ""
    kept = ["### " + part.strip() + "\n" for part in last.split("### ")[1:]]
    fresh = {text.splitlines()[0]: text for text in texts}
    texts = [fresh.pop(text.splitlines()[0], text) for text in kept] + list(fresh.values())
    head = (
        "## Searches of large galleries, timed\n\nMade by `python benchmarks/search.py`.\n\n"
        "Templates are simulated, for speed only: recall is what an index finds of what an exact"
        " search finds, and nothing here says how often people are confused.\n\n"
    )
    write_whole(RESULTS / "search.md", (head + "\n".join(texts)).encode())
    lines = ["figure,value", *(f"{name},{value:.6g}" for name, value in figures.items())]
    write_whole(RESULTS / "search.csv", ("\n".join(lines) + "\n").encode())
    if PAGE.exists():
        before, rest = PAGE.read_text("utf-8").split(MARKS[0])
        after = rest.split(MARKS[1])[1]
        table = f"{MARKS[0]}\n{sizing_text(read_figures())}\n{MARKS[1]}"
        write_whole(PAGE, (before + table + after).encode())


def measured(options: argparse.Namespace) -> tuple[list[str], dict[str, float]]:
    """All tables, printed as they are made, and the figures of the largest gallery."""
    largest = options.size or SIZES[-1]
    sizes = sorted({min(n, largest) for n in SIZES})
    texts: list[str] = []

    def add(table: Table) -> None:
        texts.append(table.markdown())
        print(texts[-1], flush=True)

    figures: dict[str, float] = {}
    if options.part:
        figures = read_figures()
        sizes, wanted = [], Exact(gallery_of(largest), "cosine").search(probes(), CANDIDATES).rows
    for n in sizes:
        table, figures, wanted = flat(n, options.repeats if n < SIZES[-1] else 1)
        add(table)
        if n == sizes[0]:
            add(cells(n, wanted, options.repeats))
    table, more = bytes_a_number(largest, wanted, options)
    add(table)
    figures = {"size": largest} | figures | more
    add(sizing(figures))
    return texts, figures


def main() -> int:
    if ARGUMENTS.coded:
        coded(ARGUMENTS.coded, ARGUMENTS.size, ARGUMENTS.repeats)
        return 0
    texts, figures = measured(ARGUMENTS)
    if not ARGUMENTS.size:
        write(texts, figures)
    return 0


if __name__ == "__main__":
    sys.exit(main())

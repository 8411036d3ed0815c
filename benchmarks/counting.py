"""How fast the numbers are made, beside other ways to make them on the same arrays.

    python benchmarks/counting.py                 print, and write benchmarks/results/counting.md
    python benchmarks/counting.py --peers PYTHON  also bob.measure and pyeer, run by another Python
    python benchmarks/counting.py --part curve    one of counts, curve, areas, groups; not written
    python benchmarks/counting.py --threads 1     default: as many as its users have

What is compared takes turns in one run, and the least of several repeats counts: other work on the
machine can only add.  Ratios carry over to other machines, seconds do not.  A threshold and a curve
are asked of raw scores, which lie on no grid; a product is that of one half of all pairs, because
the other half is the same.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

THREADS = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "NUMBA_NUM_THREADS")


PARTS = ("counts", "curve", "areas", "groups")
ONCE = ("euclidean", "cosine", "area")


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--peers", metavar="PYTHON", help="a Python with bob.measure or pyeer")
    parser.add_argument("--part", choices=PARTS, help="measure one part only; nothing is written")
    parser.add_argument("--threads", type=int)
    parser.add_argument("--repeats", type=int, default=5)
    parser.add_argument("--memory", choices=ONCE, help=argparse.SUPPRESS)
    return parser.parse_args()


ROOT = Path(__file__).resolve().parents[1]
if __name__ != "__main__":
    sys.path.insert(0, str(ROOT))
else:
    sys.path[0] = str(ROOT)  # not this folder: numba would take coverage.py in it for another
    ARGUMENTS = arguments()
    if ARGUMENTS.threads:  # before numpy is loaded
        os.environ |= dict.fromkeys(THREADS, str(ARGUMENTS.threads))

import numpy as np  # noqa: E402
from numpy.typing import NDArray  # noqa: E402

from benchmarks.measure.tables import Table  # noqa: E402
from labkit import data  # noqa: E402
from labkit.base.files import write_whole  # noqa: E402
from labkit.measure import RATES, areas, disparity, rates, scores  # noqa: E402

RESULTS = ROOT / "benchmarks" / "results" / "counting.md"

IMAGES, EACH, GROUPS, BINS = 25_000, 5, 8, 4096
TEMPLATES, RATE = 3_600, 1e-3
TABLE = 8_000

Times = dict[str, tuple[float, float]]


def in_turns(what: dict[str, Callable[[], Any]], repeats: int) -> Times:
    """Least seconds on the clock and of the processor for each, measured in turns."""
    best = dict.fromkeys(what, (np.inf, np.inf))
    for _ in range(repeats):
        for name, call in what.items():
            clock, processor = time.perf_counter(), time.process_time()
            call()
            took = time.perf_counter() - clock, time.process_time() - processor
            best[name] = (min(best[name][0], took[0]), min(best[name][1], took[1]))
    return best


# ---- counts by group as they stream -------------------------------------------------------------


def large_set() -> tuple[NDArray[np.float32], NDArray[np.int64], NDArray[np.int64]]:
    """Templates of as many people as it takes, spread like those of ``dev``; people, groups."""
    faces = data.load("anytown/dev")
    known = np.isfinite(faces.templates).all(1)
    e, who = faces.templates[known].astype(float), faces.of("person")[known]
    names, place = np.unique(who, return_inverse=True)
    centres = np.stack([e[place == k].mean(0) for k in range(len(names))])
    rng = np.random.default_rng(0)

    def like(x: NDArray, n: int) -> NDArray:
        """Draws with the mean and the covariance of the rows of x."""
        return rng.multivariate_normal(x.mean(0), np.cov(x.T), n, method="eigh")

    people = np.repeat(np.arange(IMAGES // EACH), EACH)
    templates = like(centres, IMAGES // EACH)[people] + like(e - centres[place], IMAGES)
    return templates.astype(np.float32), people, people % GROUPS


def product(x: NDArray[np.float32], columns: int, block: int = 512) -> None:
    """The upper half of X X^T in float32, by blocks of rows and columns into one buffer."""
    buffer = np.empty(block * columns, np.float32)
    for r in range(0, len(x), block):
        for c in range(r, len(x), columns):
            rows, others = x[r : r + block], x[c : c + columns]
            out = buffer[: len(rows) * len(others)].reshape(len(rows), -1)
            np.matmul(rows, others.T, out=out)


def threads(options: argparse.Namespace) -> str:
    """What the figures were measured on."""
    from threadpoolctl import threadpool_info

    number = max([lib["num_threads"] for lib in threadpool_info() if lib["user_api"] == "blas"])
    load = f", load {os.getloadavg()[0]:.1f}" if hasattr(os, "getloadavg") else ""
    return f"{number} thread(s){load}."


def edges_of(measure: str) -> NDArray[np.float64]:
    dev = data.load("anytown/dev")
    return scores.dev_edges(scores.all_pairs(dev.templates, dev.of("person"), measure), BINS)


def counts(options: argparse.Namespace) -> Table:
    table = Table(
        "counts",
        f"Every pair of {IMAGES:,} templates of 128 numbers, counted in {BINS:,} bins by {GROUPS}"
        " groups",
    )
    x, people, groups = large_set()
    edges = {m: edges_of(m) for m in scores.MEASURES}

    def count(measure: str, n: int = IMAGES) -> scores.ScoreCounts:
        return scores.score_counts(x[:n], people[:n], groups[:n], edges[measure], measure)

    for m in scores.MEASURES:
        count(m, 1000)  # compile
    calls: dict[str, Callable[[], Any]] = {
        "float32 product of one half, in tiles of 512 x 512": lambda: product(x, 512),
        "the same, in rows of 512 x all the rest": lambda: product(x, len(x)),
    }
    bare = list(calls)
    calls |= {f"score_counts, {m}": lambda m=m: count(m) for m in scores.MEASURES}
    took = in_turns(calls, options.repeats)
    base = np.min([took[name] for name in bare], axis=0)
    for name, (clock, processor) in took.items():
        measure = name.split(", ")[-1]
        table.add(
            what=name, seconds=clock, times_the_product=clock / base[0],
            processor_seconds=processor, times_the_product_processor=processor / base[1],
            peak_MB=peak(measure, options) if measure in scores.MEASURES else "-",
        )  # fmt: skip
    same = all(_same_counts(x[:4000], people, groups, edges[m], m) for m in scores.MEASURES)
    table.notes = [
        f"{IMAGES * (IMAGES - 1) // 2:,} pairs; templates drawn with the means and covariances of"
        f" dev's people. {threads(options)} The product is the bare work: one half of X X^T, no"
        " score looked at; times the quicker of the two ways. Peak: all of a process that does"
        " nothing else, libraries included.",
        "Counts of the first 4,000 images are those of rounded scores held all at once: "
        f"{'yes' if same else 'NO'}.",
    ]
    return table


def _same_counts(x: NDArray, people: NDArray, groups: NDArray, edges: NDArray, m: str) -> bool:
    n = len(x)
    c = scores.score_counts(x, people[:n], groups[:n], edges, m)
    pairs = scores.all_pairs(x, people[:n], m, limits=(edges[0], edges[-1]))
    cuts = edges.astype(np.float32)
    sides = ((pairs.impostor, c.all_impostors()), (pairs.genuine, c.all_genuine()))
    return all(
        (np.bincount(np.searchsorted(cuts, s, "right"), minlength=len(t)) == t).all()
        for s, t in sides
    )


def peak(what: str, options: argparse.Namespace) -> float | str:
    """Peak memory, MB, of a process of its own that does it once."""
    call = [sys.executable, __file__, "--memory", what]
    call += ["--threads", str(options.threads)] if options.threads else []
    told = subprocess.run(call, capture_output=True, text=True, check=True).stdout
    return float(told) if told.strip() != "-" else "-"


def once(what: str) -> str:
    """Do it, and say the most memory that this process has held; it starts no other."""
    x, people, groups = large_set()
    if what == "area":
        areas.auc_interval(scores.all_pairs(x[:TABLE], people[:TABLE]))
    else:
        scores.score_counts(x, people, groups, edges_of(what), what)
    # What getrusage says of a process begins with the size of the one that started it.
    status = Path("/proc/self/status")
    if not status.exists():
        return "-"
    most = [line for line in status.read_text("utf-8").splitlines() if line.startswith("VmHWM")]
    return str(float(most[0].split()[1]) / 2**10)


# ---- a curve and a threshold --------------------------------------------------------------------

# Run by the other Python; prints seconds for each peer and keeps its results as arrays.
PEER = """
import json, sys, time
import numpy as np
folder, rate, peer = sys.argv[1], float(sys.argv[2]), sys.argv[3]
genuine, impostor = (np.load(f"{folder}/{n}.npy").astype(float) for n in ("genuine", "impostor"))
if peer == "bob.measure":
    import bob.measure as b
    b.roc(impostor[:99], genuine[:99], 100), b.far_threshold(impostor[:99], genuine[:99], rate)
    times = []
    for _ in range(3):
        start = time.process_time()
        fmr, fnmr = b.roc(impostor, genuine, 100)
        middle = time.process_time()
        t = b.far_threshold(impostor, genuine, rate)
        times.append((time.process_time() - start, time.process_time() - middle))
    values = np.r_[t, b.farfrr(impostor, genuine, t)]
    seconds, alone = np.min(times, 0)
else:
    from pyeer.eer_stats import calculate_roc, get_fmr_op
    start = time.process_time()
    t, false, missed = calculate_roc(genuine, impostor, rates=False)
    fmr, fnmr = false / impostor.size, missed / genuine.size
    at, _ = get_fmr_op(fmr, fnmr, rate)
    seconds, alone = time.process_time() - start, None
    values = np.r_[t[at], fmr[at], fnmr[at]]
    np.save(f"{folder}/thresholds.npy", t)
np.save(f"{folder}/fmr.npy", fmr), np.save(f"{folder}/fnmr.npy", fnmr)
print(json.dumps([seconds, alone, values.tolist()]))
"""


OURS = "labkit, curve and threshold"


def curve(options: argparse.Namespace) -> Table:
    from sklearn.metrics import roc_curve

    faces = [data.load(f"anytown/{n}") for n in ("eval", "dev")]
    templates = np.concatenate([f.templates for f in faces])
    people = np.concatenate([f.of("person") for f in faces])
    pick = np.flatnonzero(np.isfinite(templates).all(1))[:TEMPLATES]
    table = scores.all_pairs(templates[pick], people[pick])
    # The same comparisons as a program would hand them over: float64, on no grid.
    raw = scores.Comparisons.all_pairs(
        scores.compare(templates[pick], templates[pick], "euclidean"), people[pick]
    )
    genuine, impostor = raw.genuine, raw.impostor
    truth = np.r_[np.ones(genuine.size), np.zeros(impostor.size)]
    everything = np.r_[genuine, impostor]

    def ours() -> tuple[rates.RateCurve, float]:
        c = rates.curve(genuine, impostor)
        assert c.fmr.size == c.fnmr.size
        return c, c.threshold_at_fmr(RATE)

    def sklearn() -> tuple[NDArray, NDArray, NDArray, float]:
        fmr, tar, at = roc_curve(truth, everything, drop_intermediate=False)
        return fmr, 1 - tar, at, at[np.searchsorted(fmr, RATE, "right") - 1]

    c, t = ours()
    rounded = table.genuine, table.impostor
    calls = {
        OURS: ours,
        "labkit, threshold alone": lambda: rates.threshold_at_fmr(impostor, RATE),
        "labkit, curve and threshold of a table (float32)": lambda: rates.curve(
            *rounded
        ).threshold_at_fmr(RATE),
        "scikit-learn roc_curve": sklearn,
    }
    took: dict[str, Any] = {n: p for n, (_, p) in in_turns(calls, options.repeats).items()}
    fmr, fnmr, at, theirs = sklearn()
    same = {
        "scikit-learn roc_curve": _same_curve(c, t, at[1:][::-1], fmr[1:][::-1], fnmr[1:][::-1])
        and c.at(theirs) == c.at(t)
    }
    for peer in ("bob.measure", "pyeer"):
        _ask(peer, options, c, t, (genuine, impostor), took, same)
    own = took[OURS]
    assert rates.threshold_at_fmr(impostor, RATE) == t
    told = rates.threshold_text(t, impostor, genuine)
    table = Table("curve", f"FMR and FNMR at every threshold, and the threshold at FMR {RATE:g}")
    for name, seconds in took.items():
        missing = isinstance(seconds, str)
        table.add(
            what=name, processor_seconds=seconds, times_ours="-" if missing else seconds / own,
            same_results=same.get(name, "-"),
        )  # fmt: skip
    table.notes = [
        f"{TEMPLATES:,} templates of eval and dev, {everything.size:,} comparisons in float64,"
        f" {c.thresholds.size - 1:,} different scores; exact counts of sorted scores, no bins."
        f" Threshold {told}: FMR {c.at(t)[0]:.6g}, FNMR {c.at(t)[1]:.6g}.",
        "bob.measure's roc looks at 100 thresholds that it chooses; the row after it is its"
        " threshold alone, without a curve, beside our curve and threshold. Putting scores and"
        " truth into one array for scikit-learn is not counted. pyeer's threshold is the one whose"
        " FMR is nearest to the rate, ours the lowest that holds it. Seconds of the processor, as"
        f" the peers cannot take turns with us; least of {options.repeats} (bob.measure: 3, pyeer:"
        " 1).",
    ]
    return table


def _same_curve(c: rates.RateCurve, t: float, at: NDArray, fmr: NDArray, fnmr: NDArray) -> bool:
    """Whether another curve has our counts at each of our thresholds."""
    false, missed = np.rint(fmr * c.impostors), np.rint(fnmr * c.mated)
    return bool(
        np.array_equal(c.thresholds[:-1], at)
        and np.array_equal(c.false_matches[:-1], false)
        and np.array_equal(c.misses[:-1], missed)
    )


def _ask(
    peer: str,
    options: argparse.Namespace,
    c: rates.RateCurve,
    t: float,
    sides: tuple[NDArray, NDArray],
    took: dict[str, Any],
    same: dict[str, bool],
) -> None:
    """Run a peer under its own Python, and compare what it found."""
    python = options.peers or sys.executable
    if subprocess.run([python, "-c", f"import {peer}"], capture_output=True).returncode:
        took[peer] = "not installed: name a Python that has it with --peers"
        return
    with tempfile.TemporaryDirectory() as folder:
        for name, side in zip(("genuine", "impostor"), sides, strict=True):
            np.save(f"{folder}/{name}.npy", side)
        call = [python, "-c", PEER, folder, str(RATE), peer]
        told = subprocess.run(call, capture_output=True, text=True, check=True).stdout
        seconds, alone, (theirs, *at_theirs) = json.loads(told)
        fmr, fnmr = (np.load(f"{folder}/{n}.npy") for n in ("fmr", "fnmr"))
        if peer == "pyeer":
            equal = _same_curve(c, t, np.load(f"{folder}/thresholds.npy"), fmr, fnmr)
            took[peer], same[peer] = seconds, equal and np.allclose(at_theirs, c.at(theirs))
            return
    # Its thresholds are not told, but every point of its curve must be one of ours.
    points = set(zip(c.false_matches.tolist(), c.misses.tolist(), strict=True))
    seen = zip(np.rint(fmr * c.impostors), np.rint(fnmr * c.mated), strict=True)
    on_curve = all((int(f), int(m)) in points for f, m in seen)
    equal = np.allclose(at_theirs, c.at(t))
    took["bob.measure roc, far_threshold"], took["bob.measure far_threshold alone"] = seconds, alone
    same["bob.measure roc, far_threshold"] = on_curve and equal
    same["bob.measure far_threshold alone"] = equal


# ---- a table, and an area with its interval -----------------------------------------------------


def area(options: argparse.Namespace) -> Table:
    """Everybody with everybody in memory, and the area under the curve with its interval."""
    x, people, _groups = large_set()
    half = TABLE // 2
    pairs = scores.all_pairs(x[:TABLE], people[:TABLE])
    calls: dict[str, Callable[[], Any]] = {
        f"all_pairs, {half:,} templates": lambda: scores.all_pairs(x[:half], people[:half]),
        f"all_pairs, {TABLE:,} templates": lambda: scores.all_pairs(x[:TABLE], people[:TABLE]),
        f"auc_interval of the {TABLE:,}": lambda: areas.auc_interval(pairs),
    }
    table = Table("areas", "A table of scores, and the area under its curve with an interval")
    for name, (clock, processor) in in_turns(calls, options.repeats).items():
        memory = peak("area", options) if name.startswith("auc") else "-"
        table.add(what=name, seconds=clock, processor_seconds=processor, peak_MB=memory)
    small = scores.all_pairs(x[:1000], people[:1000])
    same = areas.auc_interval(small) == areas.auc_interval(small.comparisons())
    table.notes = [
        f"{TABLE * (TABLE - 1) // 2:,} comparisons. {threads(options)} Peak: all of a process that"
        " makes the table and the interval, libraries included.",
        f"The interval of 1,000 templates is that of their sorted list: {'yes' if same else 'NO'}.",
    ]
    return table


# ---- the group table ----------------------------------------------------------------------------


def groups(options: argparse.Namespace) -> Table:
    """Every interval, every contrast, and spread beside that of equal groups."""
    faces = data.load("anytown/eval")
    band, half = faces.of("tone_band"), faces.of("presentation_half")
    cell = np.array([f"{b}, {h}" for b, h in zip(band, half, strict=True)])
    pairs = scores.all_pairs(faces.templates, faces.of("person"))
    t = rates.threshold_at_fmr(pairs.impostor, 1e-2)

    def tables_of() -> list[disparity.GroupTable]:
        made = [disparity.group_table(pairs, by, t) for by in (band, half, cell)]
        assert [len(table.frame) for table in made] == [3, 2, 6]
        return made

    def with_contrasts() -> None:
        for table in tables_of():
            for rate in RATES:
                table.contrasts(table.names[0], rate)

    def with_everything() -> None:
        for table in tables_of():
            for rate in RATES.values():
                table.contrasts(table.names[0], rate.name)
                if rate.partner:
                    table.spread(rate.name, replicates=2000)

    with_everything()  # what loads on first use is not counted
    calls: dict[str, Callable[[], Any]] = {
        "11 rows (3 bands, 2 halves, 6 cells), every interval": tables_of,
        f"and contrasts of all {len(RATES)} rates": with_contrasts,
        "and spread with its null, 2,000 replicates, rates that have a partner": with_everything,
    }
    table = Table("groups", "Group table of 480 people x 6")
    for name, (clock, processor) in in_turns(calls, options.repeats).items():
        table.add(what=name, seconds=clock, processor_seconds=processor)
    table.notes = [f"{threads(options)} The pairs' scores are there already."]
    return table


def main() -> int:
    if ARGUMENTS.memory:
        print(once(ARGUMENTS.memory))
        return 0
    parts = {"counts": counts, "curve": curve, "areas": area, "groups": groups}
    chosen = [ARGUMENTS.part] if ARGUMENTS.part else list(PARTS)
    texts = []
    for part in chosen:
        texts.append(parts[part](ARGUMENTS).markdown())
        print(texts[-1], flush=True)
    if not ARGUMENTS.part:
        head = "## The numbers, timed\n\nMade by `python benchmarks/counting.py`.\n\n"
        write_whole(RESULTS, (head + "\n".join(texts)).encode())
    return 0


if __name__ == "__main__":
    sys.exit(main())

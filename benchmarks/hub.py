"""How a class on JupyterHub fares: 1, 5 and 20 learners on this computer.

Run it with ``python benchmarks/hub.py --tools DIR --node DIR --python PYTHON``: the folder of the
environment that ``requirements-tools.lock`` gives, the folder in which npm put
configurable-http-proxy, and the Python of the learners (``instructors/hub/README.md`` says how to
make all three).  Linux only.  Everything stays on 127.0.0.1, in processes that end with it.  Writes
``benchmarks/results/hub.md`` when every round was run; ends with 1 when anything failed.
"""

from __future__ import annotations

import argparse
import os
import platform
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from benchmarks.classroom import rounds, sizing  # noqa: E402
from benchmarks.classroom.rounds import Round  # noqa: E402
from benchmarks.classroom.serving import Hub  # noqa: E402
from labkit.base.files import write_whole  # noqa: E402

RESULTS = ROOT / "benchmarks" / "results" / "hub.md"
NUMBERS = "02", "03", "05", "08"
CLASSES = 1, 5, 20
MINUTES = 20 * len(NUMBERS)
"""What the cores of these notebooks take, as they say themselves."""
MB = 1e6


def chosen() -> list[str]:
    """The notebooks that everybody runs."""
    return [next((ROOT / "notebooks").glob(f"{n}_*.ipynb")).name for n in NUMBERS]


def growth(results: list[Round]) -> str:
    """Times and memory for each size of class."""
    waited = [
        "| learners | all have a server after, s | a server, median s | notebooks fetched, median s"
        " | first cell of 02, median s | all notebooks, s | processor, s a learner | failures |",
        "|" + "---:|" * 8,
    ]
    memory = [
        "| learners | servers alone, MB a learner | busiest moment, MB | a learner then, MB"
        " | largest learner, MB | most for one learner's kernels, MB | hub and proxy, MB |",
        "|" + "---:|" * 7,
    ]
    for r in results:
        n, seen = len(r.learners), r.sampler
        waited.append(
            f"| {n} | {r.all_started:.1f} | {r.middle('start'):.1f} | {r.middle('pull'):.1f}"
            f" | {r.middle('first', chosen()[0]):.1f} | {r.worked:.0f} | {seen.processor / n:.0f}"
            f" | {len(r.failures) or 'none'} |"
        )
        total = seen.busiest.total / MB
        memory.append(
            f"| {n} | {r.servers / n / MB:.0f} | {total:,.0f} | {total / n:.0f}"
            f" | {seen.largest / MB:.0f} | {seen.kernel / MB:.0f} | {seen.hub / MB:.0f} |"
        )
    return "\n".join([*waited, "", *memory]) + "\n"


def notebooks(results: list[Round]) -> str:
    """Seconds for each notebook, for each size of class."""
    sizes = [f"{len(r.learners)} at once" for r in results]
    lines = [
        f"| notebook, median s (slowest) | {' | '.join(sizes)} |",
        "|---|" + "---:|" * len(sizes),
    ]
    for name in chosen():
        cells = []
        for r in results:
            times = r.waited("notebook", name)
            cells.append(f"{r.middle('notebook', name):.0f} ({max(times):.0f})" if times else "-")
        lines.append(f"| {name.removesuffix('.ipynb')} | {' | '.join(cells)} |")
    return "\n".join(lines) + "\n"


def measured(largest: Round) -> sizing.Measured:
    """What the sizes of computers are computed from: the largest class."""
    n = len(largest.learners)
    return sizing.Measured(
        server=largest.servers / n,
        kernel=largest.sampler.kernel,
        hub=largest.sampler.hub,
        start=largest.starting / n,
        work=(largest.sampler.processor - largest.starting) / n,
        minutes=MINUTES,
    )


def broken(results: list[Round]) -> str:
    """What was done to the classes, and what became of it."""
    again = sum(one.again for r in results for one in r.learners)
    away = ", ".join(f"{seconds:.0f}" for r in results for seconds in r.hub_away)
    lost = sum(len(r.lost) for r in results)
    return (
        "In each round the kernel of one learner was killed (SIGKILL) half-way through the second"
        " notebook, then the hub (SIGKILL), and once it was back it was told to end (SIGTERM) and"
        f" started again. It was away for {away} s while learners went on. Saved"
        f" notebooks and journals that were not as they were saved: {lost or 'none'}. Servers that"
        " the new hub did not find: "
        f"{sum('lost the server' in f for r in results for f in r.failures) or 'none'}."
        f" Requests that had to be made again because the hub was away: {again or 'none'}.\n"
    )


def document(results: list[Round], python: str) -> str:
    """What is written to ``benchmarks/results/hub.md``."""
    found = measured(results[-1])
    offered = sizing.machines()
    sources = dict.fromkeys(f"{m.provider}: {m.source}" for m in offered if m.source != "the same")
    failures = [f"- {failure}" for r in results for failure in r.failures]
    return (
        "# A class on JupyterHub\n\n"
        f"{versions(python)} Everybody starts at the same moment, fetches the notebooks with"
        f" nbgitpuller, and runs every cell of {', '.join(NUMBERS)} (the open form) without a"
        " pause, which no class does: times are the worst that this computer gives. Memory is PSS:"
        " a page that many processes share is counted once; looked at every second or two, so that"
        " a shorter peak may be missed.\n\n"
        f"{growth(results)}\n{notebooks(results)}\n"
        "## A killed kernel, a hub that is started again\n\n"
        f"{broken(results)}\n"
        + ("## Failures\n\n" + "\n".join(failures) + "\n\n" if failures else "")
        + "## How large a computer\n\n"
        "Computed by `benchmarks/classroom/sizing.py`, whose first lines hold the formula, from the"
        f" class of {len(results[-1].learners)}: a server {found.server / MB:.0f} MB, a kernel at"
        f" its largest {found.kernel / MB:.0f} MB, so a learner with two kernels"
        f" {found.learner / MB:.0f} MB; {found.start:.1f} s of processor to start a server,"
        f" {found.work:.0f} s for the notebooks, {MINUTES} minutes of cores. That a class computes"
        f" {sizing.RUSH:.0f} times as much in a rush as on average is assumed.\n\n"
        f"{sizing.table(found, offered)}\n"
        "List prices on demand, without disks, traffic, taxes or a cluster's own fee: "
        + "; ".join(sources)
        + ". The days on which they were read stand in `instructors/hub/prices.csv`; they could not"
        " be checked with the providers from here. Ask yours before you decide.\n"
    )


def versions(python: str) -> str:
    """What it was measured with, in a sentence or two."""
    code = (
        "from importlib.metadata import version as v; import platform;"
        " print(v('jupyterhub'), v('jupyterlab'), platform.python_version())"
    )
    said = subprocess.run([python, "-c", code], capture_output=True, text=True, check=False)
    learners = said.stdout.split() or ["borrowed from the hub's environment", "?", "?"]
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 1e9
    return (
        f"Measured with real JupyterHub {learners[0]}, configurable-http-proxy and JupyterLab"
        f" {learners[1]} in Python {learners[2]} on {platform.system()} {platform.machine()},"
        f" {os.cpu_count()} cores and {memory:.0f} GB, hub, proxy, learners and the test itself on"
        " this one computer, learners as processes of one user with a home folder each, by"
        " `python benchmarks/hub.py`. A learner's server and kernels run in one environment:"
        " `requirements.lock` and JupyterHub, as both hubs of `instructors/hub` give them."
    )


def main(words: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--tools", type=Path, default=os.environ.get("LABKIT_TOOLS"))
    parser.add_argument("--node", type=Path, default=os.environ.get("LABKIT_NODE"))
    parser.add_argument("--python", default=sys.executable, help="the Python of the learners")
    parser.add_argument("--learners", type=int, action="append", help="(1, 5 and 20)")
    parser.add_argument("--notebook", action="append", help="such as 03 (02, 03, 05 and 08)")
    args = parser.parse_args(words)
    if args.tools is None or args.node is None:
        parser.error("say with --tools and --node where JupyterHub and its proxy are")
    names = [n for n in chosen() if not args.notebook or n[:2] in args.notebook]
    if len(names) < 2:
        parser.error("name two notebooks at least: in the second one a kernel is killed")
    proxy = args.node / "node_modules" / ".bin" / "configurable-http-proxy"
    results = []
    with tempfile.TemporaryDirectory(prefix="hub-") as name:
        repo = rounds.repository(Path(name) / "class")
        skel = rounds.skeleton(Path(name) / "skel", args.python)
        for count in args.learners or CLASSES:
            place = Path(name) / f"hub-{count}"
            with Hub(place, str(args.tools / "bin" / "python"), str(proxy), args.python) as hub:
                every = 1 if count <= 5 else 2
                results.append(rounds.run(hub, count, names, repo, every, skel))
            print(growth(results[-1:]), *results[-1].failures, sep="\n", flush=True)
    text = document(results, args.python)
    print(text)
    if not args.learners and not args.notebook:
        write_whole(RESULTS, text.encode())
        print(f"{RESULTS.relative_to(ROOT)}: written")
    return 1 if any(r.failures for r in results) else 0


if __name__ == "__main__":
    sys.exit(main())

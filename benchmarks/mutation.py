"""Do the tests notice when the meaning of the code changes?  One change at a time, and a table.

Run it with a Python that has the lab's packages and ``pip install cosmic-ray==8.7.0``::

    python benchmarks/mutation.py --seed 8 --count 100

Cosmic Ray lists every place where an operator, a number, a comparison or a decision can be changed.
Places are drawn first and then one change of each place, so that a plus sign, which can be changed
in eleven ways, does not count eleven times.  Changes that do nothing (in annotations, or that give
the same syntax tree) are passed over.  Each change is made in a copy of the project; first the
tests of its own file run, then those of its room; of what they do not notice, those marked slow and
those of all rooms that stand on it.

Out: ``results/mutation.md``.  Why a change that nobody notices is harmless, or what was done
about it, stands in ``results/mutation-survivors.json``, by the change's number; without a reason
the table says that there is none.
"""

from __future__ import annotations

import argparse
import ast
import functools
import itertools
import json
import os
import random
import shutil
import subprocess
import sys
import tempfile
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from queue import SimpleQueue

ROOT = Path(__file__).resolve().parents[1]
TABLE = ROOT / "benchmarks" / "results" / "mutation.md"
REASONS = ROOT / "benchmarks" / "results" / "mutation-survivors.json"
ROOMS = ("measure", "audit", "learning", "matchers")
# Whose tests run when a room's own notice nothing: everybody who stands on it.
BEYOND = ("measure", "matchers", "published", "views", "learning", "audit", "lessons")
LONGEST = 3600  # seconds for the tests of one change: it hangs
LEFT_OUT = ("BitXor", "LShift", "RShift", "_Is", "_IsNot")  # changes that nobody makes by mistake


@dataclass(frozen=True)
class Mutant:
    """One change."""

    number: int
    file: str
    line: int
    operator: str
    before: str
    after: str
    source: str


@dataclass(frozen=True)
class Verdict:
    """What the tests said."""

    mutant: Mutant
    caught: bool
    by: str
    seconds: float


# ---- drawing ------------------------------------------------------------------------------------


def meaning(source: str) -> str:
    """A syntax tree as text, without annotations and docstrings; they do not run."""
    tree = ast.parse(source)
    for node in ast.walk(tree):
        for name in ("annotation", "returns"):
            if getattr(node, name, None) is not None:
                setattr(node, name, None if name == "returns" else ast.Constant(0))
        body = getattr(node, "body", None)
        first = body[0] if isinstance(body, list) and body else None
        if isinstance(first, ast.Expr) and isinstance(first.value, ast.Constant):
            first.value = ast.Constant("")
        if isinstance(node, ast.If) and "TYPE_CHECKING" in ast.unparse(node.test):
            node.body, node.test = [ast.Pass()], ast.Constant(False)
    return ast.dump(tree)


def draw(rooms: list[str], count: int, seed: int) -> list[Mutant]:
    """Changes drawn at random; the same seed and code give the same changes."""
    from cosmic_ray.mutating import mutate_code
    from cosmic_ray.plugins import get_operator
    from cosmic_ray.work_item import MutationSpec

    files = [p for room in rooms for p in sorted((ROOT / "labkit" / room).rglob("*.py"))]
    places: dict[tuple[str, int, int], list[MutationSpec]] = {}
    for spec in every_change(files):
        if not any(word in spec.operator_name for word in LEFT_OUT):
            key = (str(spec.module_path), *spec.start_pos)
            places.setdefault(key, []).append(spec)
    rng = random.Random(seed)
    order = sorted(places)
    rng.shuffle(order)
    out: list[Mutant] = []
    for key in order:
        if len(out) == count:
            break
        spec = rng.choice(places[key])
        source = Path(spec.module_path).read_text(encoding="utf-8")
        operator = get_operator(spec.operator_name)(**spec.operator_args)
        changed = mutate_code(source, operator, spec.occurrence)
        if changed is None or not changes_meaning(source, changed):
            continue
        line = spec.start_pos[0]
        lines = [text.splitlines()[line - 1].strip() for text in (source, changed)]
        name = Path(spec.module_path).relative_to(ROOT).as_posix()
        kind = spec.operator_name.removeprefix("core/")
        out.append(Mutant(len(out) + 1, name, line, kind, *lines, changed))
    return out


def every_change(files: list[Path]) -> list:
    """All that Cosmic Ray can change in these files."""
    from cosmic_ray.commands import init
    from cosmic_ray.work_db import WorkDB, use_db

    with (
        tempfile.TemporaryDirectory() as folder,
        use_db(str(Path(folder) / "all.sqlite"), WorkDB.Mode.create) as database,
    ):
        init(files, database, {})
        return [item.mutations[0] for item in database.work_items]


def changes_meaning(source: str, changed: str) -> bool:
    """Whether anything that runs is different; a change that is no Python is none."""
    try:
        return meaning(source) != meaning(changed)
    except SyntaxError:
        return False


# ---- trying -------------------------------------------------------------------------------------


class Copy:
    """A copy of the project in which one change at a time is made."""

    ages = itertools.count(int(time.time()) + 10)

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        listed = subprocess.run(
            ["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=True
        )
        for name in listed.stdout.splitlines():
            if not name.startswith("data/") and (ROOT / name).is_file():
                (folder / name).parent.mkdir(parents=True, exist_ok=True)
                shutil.copy2(ROOT / name, folder / name)
        (folder / "data").symlink_to(ROOT / "data")

    def write(self, file: str, source: str) -> None:
        """Every writing has a time of its own, so that no cache takes an older one for it."""
        path = self.folder / file
        path.write_text(source, encoding="utf-8")
        age = next(Copy.ages)
        os.utime(path, (age, age))

    def test(self, paths: list[str], *options: str) -> str:
        """The first test that fails, or nothing."""
        env = {
            **os.environ,
            "PYTHONPATH": str(self.folder),
            "OMP_NUM_THREADS": "1",
            "LABKIT_DATA": str(ROOT / "data"),
        }
        command = [sys.executable, "-m", "pytest", "-x", "-q", "-p", "no:cacheprovider"]
        there = [p for p in paths if (self.folder / p).exists()]
        try:
            done = subprocess.run(
                [*command, *options, *there],
                cwd=self.folder,
                env=env,
                capture_output=True,
                text=True,
                timeout=LONGEST,
            )
        except subprocess.TimeoutExpired:
            return "no end"
        if done.returncode in (0, 5):
            return ""
        failed = [x for x in done.stdout.splitlines() if x.startswith(("FAILED", "ERROR"))]
        return failed[0].split(" - ")[0].split(" ", 1)[1] if failed else "does not start"

    def judge(self, mutant: Mutant, *, far: bool) -> Verdict:
        """Make a change, run the tests near it or those far from it, take the change back."""
        begun = time.time()
        original = (ROOT / mutant.file).read_text(encoding="utf-8")
        room = mutant.file.split("/")[1]
        own = f"tests/{room}/test_{Path(mutant.file).stem}.py"
        everywhere = [f"tests/{room}", "tests/test_conventions.py"]
        rest = [f"tests/{name}" for name in BEYOND if name != room]
        self.write(mutant.file, mutant.source)
        try:
            if far:
                by = self.test([f"tests/{room}"], "-m", "slow") or self.test(rest)
            else:
                by = self.test([own, mutant.file]) or self.test(everywhere, "-m", "not slow")
        finally:
            self.write(mutant.file, original)
        return Verdict(mutant, bool(by), by, time.time() - begun)


def try_all(
    mutants: list[Mutant], jobs: int, kept: Kept, sure: bool = False, near: bool = False
) -> list[Verdict]:
    """Every change, a few at a time, each in a copy of its own: near tests first, for all."""
    with tempfile.TemporaryDirectory() as name:
        copies: SimpleQueue[Copy] = SimpleQueue()
        for k in range(jobs):
            folder = Path(name) / str(k)
            folder.mkdir()
            copies.put(Copy(folder))
        first = copies.get()
        broken = "" if sure else first.test([f"tests/{room}" for room in BEYOND])
        copies.put(first)
        if broken:
            raise SystemExit(f"{broken} fails without any change: mend that first")

        def one(mutant: Mutant, far: bool) -> None:
            copy = copies.get()
            try:
                verdict = copy.judge(mutant, far=far)
            finally:
                copies.put(copy)
            kept.add(verdict, far)
            print(line_of(verdict, {}), f"({verdict.seconds:.0f} s)", flush=True)

        with ThreadPoolExecutor(jobs) as pool:
            for far in (False,) if near else (False, True):
                left = [m for m in mutants if kept.open(m, far)]
                list(pool.map(one, left, itertools.repeat(far)))
    return [kept.verdict(m) for m in mutants]


class Kept:
    """Verdicts in a file, so that a round which was ended goes on where it stopped."""

    def __init__(self, path: Path | None) -> None:
        self.path = path
        self.lock = threading.Lock()
        there = path is not None and path.is_file()
        self.rows = json.loads(path.read_text(encoding="utf-8")) if path and there else {}

    def add(self, verdict: Verdict, far: bool) -> None:
        with self.lock:
            row = {"by": verdict.by, "seconds": verdict.seconds, "far": far}
            self.rows[key_of(verdict.mutant)] = row
            if self.path:
                self.path.write_text(json.dumps(self.rows, indent=1), encoding="utf-8")

    def open(self, mutant: Mutant, far: bool) -> bool:
        """Whether these tests have still to look at a change."""
        row = self.rows.get(key_of(mutant))
        return row is None or (far and not row["by"] and not row["far"])

    def verdict(self, mutant: Mutant) -> Verdict:
        row = self.rows[key_of(mutant)]
        return Verdict(mutant, bool(row["by"]), row["by"], row["seconds"])


# ---- telling ------------------------------------------------------------------------------------


NEAR = (
    " Only the tests of the changed file's own room were asked, without those marked slow; other"
    " tests may notice more."
)


FIRST = "before"
"""In the list of reasons: what an earlier round found."""


@functools.cache
def reasons() -> dict[str, str]:
    """Why changes that nobody notices may stay, by file and changed line."""
    return json.loads(REASONS.read_text(encoding="utf-8")) if REASONS.is_file() else {}


def key_of(mutant: Mutant) -> str:
    """A change's name in the list of reasons; it does not move with the lines above it."""
    return f"{mutant.file}: {mutant.before} -> {mutant.after}"


def line_of(verdict: Verdict, why: dict[str, str]) -> str:
    m = verdict.mutant
    cells = [str(m.number), f"`{m.file}:{m.line}`", f"`{m.before}`", f"`{m.after}`"]
    said = verdict.by if verdict.caught else "**not caught**: " + why.get(key_of(m), "no reason")
    return "| " + " | ".join(c.replace("|", "\\|") for c in [*cells, said]) + " |"


def document(verdicts: list[Verdict], options: argparse.Namespace) -> str:
    """What is written to ``benchmarks/results/mutation.md``."""
    caught = sum(v.caught for v in verdicts)
    words = f"--seed {options.seed} --count {options.count}{' --near' if options.near else ''}"
    lines = [
        "# Changes of meaning, and the tests that notice them",
        "",
        f"{len(verdicts)} changes drawn with seed {options.seed} from"
        f" {', '.join(options.rooms)}: **{caught} caught**, {len(verdicts) - caught} not."
        f"{NEAR if options.near else ''} Made by `python benchmarks/mutation.py {words}` (needs"
        " `pip install cosmic-ray==8.7.0`).",
        "",
        *([reasons()[FIRST], ""] if FIRST in reasons() else []),
        "| no. | where | before | after | noticed by |",
        "|---:|---|---|---|---|",
        *(line_of(v, reasons()) for v in verdicts),
    ]
    return "\n".join(lines) + "\n"


def main(words: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--seed", type=int, default=8)
    parser.add_argument("--count", type=int, default=100)
    parser.add_argument("--rooms", nargs="+", default=list(ROOMS))
    parser.add_argument("--jobs", type=int, default=len(os.sched_getaffinity(0)))
    parser.add_argument("--list", action="store_true", help="show the changes, try none")
    parser.add_argument("--only", nargs="+", type=int, help="try these numbers, write nothing")
    parser.add_argument("--sure", action="store_true", help="all tests passed just now: begin")
    parser.add_argument("--near", action="store_true", help="leave out the tests far from a change")
    parser.add_argument("--keep", type=Path, help="keep verdicts there, and go on from them")
    options = parser.parse_args(words)
    mutants = draw(options.rooms, options.count, options.seed)
    if options.list:
        for m in mutants:
            print(f"{m.number:4} {m.file}:{m.line} {m.operator}\n     {m.before}\n     {m.after}")
        return 0
    if options.only:
        mutants = [m for m in mutants if m.number in options.only]
    verdicts = try_all(mutants, options.jobs, Kept(options.keep), options.sure, options.near)
    caught = sum(v.caught for v in verdicts)
    print(f"{caught} of {len(verdicts)} caught")
    if not options.only:
        TABLE.write_text(document(verdicts, options), encoding="utf-8")
    return 0 if caught >= 0.9 * len(verdicts) else 1


if __name__ == "__main__":
    sys.exit(main())

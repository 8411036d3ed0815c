"""Binder rehearsed: ``python benchmarks/binder.py --user NAME`` (Linux).

In: this clone as it is committed, and the name of an ordinary user of this computer.  Out: the
steps that Binder takes, taken for real, and a table in ``benchmarks/results/binder.md``.  Ends with
1 when a cell fails or the memory that a learner has there is not enough.

As on Binder: files of the newest commit in the user's home folder; the server that repo2docker
brings, in its versions; then what ``environment.yml`` and ``postBuild`` say; one processor
(taskset) and 2 GB for the server and all that it starts.  Not as on Binder: conda's packages come
from PyPI in the same versions, in a new environment of Python's venv, and there is no image to
fetch.

Memory is the sum of proportional set sizes (PSS), in which shared pages count once; it is counted
ten times a second, and above the limit everything is killed, as a container would be.  No control
group is used: making one needs rights that are not everybody's.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import pwd
import re
import shutil
import socket
import subprocess
import sys
import tempfile
import threading
import time
import urllib.error
import urllib.request
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import IO, Any

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from benchmarks import served  # noqa: E402
from labkit.base.files import write_whole  # noqa: E402

RESULTS = ROOT / "benchmarks" / "results" / "binder.md"
LIMIT = 2_000_000_000
"""Bytes that a session has on mybinder.org."""
AT_ONCE = 3
TOKEN = "for-this-rehearsal-only"
FIRST = "00_start_here.ipynb"
# Name at conda-forge and on PyPI of what starts a server on Binder.
SERVER = {
    "notebook": "notebook",
    "jupyterlab": "jupyterlab",
    "jupyterhub-base": "jupyterhub",
    "jupyter_server": "jupyter-server",
    "jupyterlab_server": "jupyterlab-server",
    "jupyter-resource-usage": "jupyter-resource-usage",
    "jupyter-offlinenotebook": "jupyter-offlinenotebook",
    "ipywidgets": "ipywidgets",
    "ipykernel": "ipykernel",
}


@dataclass
class Built:
    """What making the environment took."""

    base: list[str]
    seconds: dict[str, float]
    peak: float
    environment: float
    files: float
    complaints: list[str]


@dataclass(frozen=True)
class Rehearsed:
    """What one notebook took."""

    name: str
    first: float
    seconds: float
    peak: float
    errors: tuple[str, ...]


class User:
    """An ordinary user with one processor, in a folder that is their home."""

    def __init__(self, name: str, folder: Path, processor: int) -> None:
        self.who = pwd.getpwnam(name)
        self.folder, self.home = folder, folder / "home"
        self.python = folder / "environment" / "bin" / "python"
        self.processor = processor

    def start(self, words: list[str], **more: Any) -> subprocess.Popen[bytes]:
        """Start a program with nothing of this one's surroundings but the way to the packages."""
        kept = {k: v for k, v in os.environ.items() if k.startswith("PIP_") or "proxy" in k.lower()}
        env = kept | {
            "HOME": str(self.home),
            "USER": self.who.pw_name,
            "PATH": f"{self.python.parent}:/usr/bin:/bin",
            "LANG": "C.UTF-8",
            "JUPYTER_TOKEN": TOKEN,
        }
        if os.geteuid() == 0:
            more |= {"user": self.who.pw_uid, "group": self.who.pw_gid, "extra_groups": []}
        program = ["taskset", "-c", str(self.processor), *words]
        return subprocess.Popen(program, env=env, cwd=self.home, **more)

    def own(self, path: Path) -> None:
        """Give a folder and all in it to the user."""
        if os.geteuid() == 0:
            subprocess.run(
                ["chown", "-R", f"{self.who.pw_uid}:{self.who.pw_gid}", path], check=True
            )


def base_packages(tools: Path) -> list[str]:
    """The server that repo2docker brings, from its own list of conda's packages."""
    (lock,) = tools.glob(
        "lib/python*/site-packages/repo2docker/buildpacks/conda/environment.py-3.11-linux-64.lock"
    )
    found = dict(re.findall(r"/([\w.-]+)-([\d.]+)-[^/]+\.conda", lock.read_text(encoding="utf-8")))
    return [f"{name}=={found[conda]}" for conda, name in SERVER.items()]


def build(user: User, python: str, tools: Path) -> Built:
    """The home folder, the server's environment, the learner's lock and postBuild."""
    home = user.home
    home.mkdir()
    tape = subprocess.run(
        ["git", "-C", str(ROOT), "archive", "HEAD"], check=True, capture_output=True
    )
    subprocess.run(["tar", "x", "-C", str(home)], input=tape.stdout, check=True)
    user.own(user.folder)
    base = base_packages(tools)
    pip = [str(user.python), "-m", "pip", "install", "--quiet", "--no-cache-dir"]
    steps = {
        "an empty environment": [python, "-m", "venv", str(user.python.parents[1])],
        "pip": [*pip, "--upgrade", "pip"],
        "the server that Binder brings": [*pip, *base],
        "requirements.lock": [*pip, "-r", "requirements.lock"],
        "postBuild": ["bash", "./postBuild"],
    }
    seconds, peak = {}, 0
    for step, words in steps.items():
        print(f"{step} ...", flush=True)
        began = time.perf_counter()
        process = user.start(words)
        watch = served.Watch(process.pid)
        watch.start()
        if process.wait():
            raise SystemExit(f"{step} ended with {process.returncode}: read the lines above")
        peak = max(peak, watch.stop())
        seconds[step] = time.perf_counter() - began
    checked = user.start([str(user.python), "-m", "pip", "check"], stdout=subprocess.PIPE)
    said, _ = checked.communicate()
    return Built(
        base,
        seconds,
        peak / 1e9,
        on_disk(user.python.parents[1]) / 1e9,
        on_disk(home) / 1e9,
        said.decode().splitlines() if checked.returncode else [],
    )


def on_disk(folder: Path) -> int:
    """Bytes that a folder takes, in whole blocks."""
    done = subprocess.run(["du", "-sk", str(folder)], check=True, capture_output=True, text=True)
    return int(done.stdout.split()[0]) * 1024


class Server:
    """A server as Binder starts it, watched from its first moment."""

    def __init__(self, user: User, log: IO[bytes]) -> None:
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            port = probe.getsockname()[1]
        self.user, self.base = user, f"http://127.0.0.1:{port}"
        words = ["--ServerApp.default_url=/lab/", "--ip=127.0.0.1", f"--port={port}"]
        program = str(user.python.with_name("jupyter-notebook"))
        began = time.perf_counter()
        self.process = user.start([program, "--no-browser", *words], stdout=log, stderr=log)
        self.watch = served.Watch(self.process.pid, LIMIT)
        self.watch.start()
        while not self._shows(f"/lab/tree/notebooks/{FIRST}"):
            if self.process.poll() is not None:
                raise SystemExit(f"the server ended: {log.name} says why")
            time.sleep(0.05)
        self.page = time.perf_counter() - began
        kernel = served.Kernel(self.base, TOKEN, f"notebooks/{FIRST}")
        kernel.run(next(served.cells(user.home / "notebooks" / FIRST)))
        self.first = time.perf_counter() - began
        kernel.close()

    def _shows(self, path: str) -> bool:
        try:
            asked = urllib.request.Request(
                self.base + path, headers={"Authorization": f"token {TOKEN}"}
            )
            urllib.request.urlopen(asked, timeout=served.LONG).close()
        except urllib.error.URLError:
            return False
        return True

    def run(self, name: str, keep: bool = False) -> Rehearsed:
        """One notebook, and the most that the server and its kernels took meanwhile."""
        self.watch.since()
        file = self.user.home / "notebooks" / name
        ran = served.notebook(self.base, TOKEN, file, f"notebooks/{name}", keep)
        return Rehearsed(name, ran.first, ran.seconds, self.watch.peak / 1e6, tuple(ran.errors))

    def at_once(self, names: list[str]) -> list[Rehearsed]:
        """Some notebooks at the same time, whose kernels stay afterwards."""
        found: list[Rehearsed] = []
        threads = [
            threading.Thread(target=lambda n=name: found.append(self.run(n, keep=True)))
            for name in names
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        return found

    def stop(self) -> None:
        self.watch.stop()
        self.process.terminate()
        self.process.wait()


@dataclass
class Session:
    """What a learner's session took; memory in MB."""

    page: float
    first: float
    empty: float
    each: list[Rehearsed]
    three: list[Rehearsed]
    peak: float
    rest: float
    killed: bool
    culled: str
    load: float

    @property
    def wrong(self) -> list[str]:
        """Notebooks with cells that failed, and how."""
        return [f"{r.name}: {'; '.join(r.errors)}" for r in self.each + self.three if r.errors]


ABOUT = """\
The steps of repo2docker, taken for real by an ordinary user in a new environment: the server that
Binder brings in its versions, `environment.yml`, `postBuild`; one processor (taskset) and 2 GB,
above which a watcher that counts proportional set sizes ten times a second kills everything (no
control group was used). Conda's packages came from PyPI, and no image was built or fetched: what
that takes on Binder is not in these figures."""


def document(built: Built, session: Session) -> str:
    """What is written to ``benchmarks/results/binder.md``."""
    each, three = session.each, session.three
    steps = ", ".join(f"{step} {seconds:.0f} s" for step, seconds in built.seconds.items())
    lines = [
        "# Binder, rehearsed",
        "",
        f"{' '.join(ABOUT.split())}"
        f" Measured with Python {platform.python_version()} on {platform.system()}"
        f" {platform.machine()} by `python benchmarks/binder.py`; the computer's load before the"
        f" session was {session.load:.1f} of {os.cpu_count()} processors.",
        "",
        "| what | measured |",
        "|---|---:|",
        f"| the environment on the disk | {built.environment:.2f} GB |",
        f"| the lab's files on the disk | {built.files:.2f} GB |",
        f"| building, packages fetched included | {sum(built.seconds.values()) / 60:.1f} minutes |",
        f"| most memory while building | {built.peak:.2f} GB |",
        f"| from the server's start to the page of 00 | {session.page:.1f} s |",
        f"| from the server's start to the first cell's result | {session.first:.1f} s |",
        f"| most memory, one notebook after another | {max(r.peak for r in each):.0f} MB |",
        f"| most memory, {len(three)} notebooks at once | {session.peak:.0f} MB |",
        f"| the server alone | {session.empty:.0f} MB |",
        f"| the server and {len(three)} notebooks at rest | {session.rest:.0f} MB |",
        f"| cells that failed | {len(session.wrong)} |",
        "",
        f"Steps: {steps}. The server's packages: {', '.join(built.base)}."
        + (f" pip says afterwards: {'; '.join(built.complaints)}." if built.complaints else ""),
        "",
        f"The server says: {session.culled}",
        "",
        f"One notebook after another, each closed before the next; then {len(three)} at once"
        f" ({', '.join(r.name[:2] for r in three)}), which stay open.",
        "",
        "| notebook | to the first cell, s | all cells, s | most memory, server included, MB |",
        "|---|---:|---:|---:|",
        *(f"| {r.name[:-6]} | {r.first:.1f} | {r.seconds:.1f} | {r.peak:.0f} |" for r in each),
        "",
        "| at once | to the first cell, s | all cells, s |",
        "|---|---:|---:|",
        *(f"| {r.name[:-6]} | {r.first:.1f} | {r.seconds:.1f} |" for r in three),
        *(["", "Cells that failed:", ""] if session.wrong else []),
        *(f"- {line}" for line in session.wrong),
    ]
    return "\n".join(lines) + "\n"


def main(words: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=str(__doc__).splitlines()[0])
    parser.add_argument("numbers", nargs="*", help="notebooks to run, such as 03 (all)")
    parser.add_argument("--user", default=pwd.getpwuid(os.geteuid()).pw_name, help="who runs it")
    parser.add_argument("--python", default="/usr/bin/python3", help="makes the environment")
    parser.add_argument("--folder", type=Path, help="keep the environment here, and use it again")
    parser.add_argument("--processor", type=int, default=0, help="the one that is used (0)")
    args = parser.parse_args(words)
    if pwd.getpwnam(args.user).pw_uid == 0:
        print("Binder has no root: give the name of an ordinary user with --user")
        return 2
    tools = Path(os.environ.get("LABKIT_TOOLS", ROOT / "build" / "tools"))
    folder = args.folder or Path(tempfile.mkdtemp(prefix="lab-binder-"))
    folder.mkdir(exist_ok=True)
    folder.chmod(0o755)
    user = User(args.user, folder, args.processor)
    known = folder / "built.json"
    try:
        if known.exists():
            built = Built(**json.loads(known.read_text(encoding="utf-8")))
        else:
            built = build(user, args.python, tools)
            write_whole(known, json.dumps(asdict(built)).encode())
        return rehearse(user, built, args.numbers)
    finally:
        if not args.folder:
            shutil.rmtree(folder)


def rehearse(user: User, built: Built, numbers: list[str]) -> int:
    """Run the notebooks on a server of the environment; 1 when something went wrong."""
    names = sorted(p.name for p in (user.home / "notebooks").glob("[0-9]*.ipynb"))
    chosen = [name for name in names if not numbers or name[:2] in numbers]
    load = os.getloadavg()[0]
    with (user.folder / "server.log").open("wb") as log:
        server = Server(user, log)
        try:
            empty = server.watch.look() / 1e6
            each = []
            for name in chosen:
                each.append(server.run(name))
                print(each[-1], flush=True)
            heavy = sorted(sorted(each, key=lambda r: -r.peak)[:AT_ONCE], key=lambda r: r.name)
            server.watch.since()
            three = sorted(server.at_once([r.name for r in heavy]), key=lambda r: r.name)
            peak, rest = server.watch.peak / 1e6, server.watch.look() / 1e6
        finally:
            server.stop()
    said = (user.folder / "server.log").read_text(encoding="utf-8", errors="replace")
    culled = " ".join(re.findall(r"ServerApp\] (Culling kernels .*)", said))
    killed = server.watch.killed
    starts = (server.page, server.first)
    session = Session(*starts, empty, each, three, peak, rest, killed, culled, load)
    text = document(built, session)
    print(text)
    if not numbers:
        write_whole(RESULTS, text.encode())
        print(f"{RESULTS.relative_to(ROOT)}: written")
    return 1 if session.wrong or killed or not culled else 0


if __name__ == "__main__":
    sys.exit(main())

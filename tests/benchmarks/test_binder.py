"""Binder's rehearsal: whom it runs as, what it installs, how memory is counted and held to."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from benchmarks import binder, served

linux = pytest.mark.skipif(not Path("/proc/self/smaps_rollup").exists(), reason="needs Linux")
LARGE = 64_000_000
# Says when it has its bytes, which a child of it then shares; ends when its input does.
HOLDS = f"""
import os, sys
held = b"1" * {LARGE}
child = os.fork() if "fork" in sys.argv else 1
if child:
    print("has them", flush=True)
sys.stdin.read()
"""


def holding(*words: str) -> subprocess.Popen[bytes]:
    run = [sys.executable, "-c", HOLDS, *words]
    process = subprocess.Popen(run, stdin=subprocess.PIPE, stdout=subprocess.PIPE)
    assert process.stdout is not None
    assert process.stdout.readline() == b"has them\n"
    return process


@linux
def test_shared_memory_counts_once() -> None:
    """As a container counts it: two processes with the same 64 MB hold 64 MB."""
    process = holding("fork")
    try:
        assert len(served.family(process.pid)) == 2
        assert LARGE < served.pss(process.pid) < 1.7 * LARGE
    finally:
        process.communicate()
    assert served.pss(process.pid) == 0


@linux
def test_above_the_limit_everything_is_killed() -> None:
    process = holding()
    watch = served.Watch(process.pid, limit=LARGE // 2)
    watch.start()
    try:
        assert process.wait() == -9
    finally:
        process.kill()
    assert watch.stop() > LARGE and watch.killed


@linux
def test_below_it_nobody_is() -> None:
    process = holding()
    watch = served.Watch(process.pid, limit=10 * LARGE)
    assert watch.look() > LARGE
    watch.since()
    assert watch.peak == 0
    process.communicate()
    assert process.returncode == 0 and not watch.killed


def test_the_server_is_the_one_that_binder_brings(tmp_path: Path) -> None:
    folder = tmp_path / "lib/python3.11/site-packages/repo2docker/buildpacks/conda"
    folder.mkdir(parents=True)
    lines = [f"https://conda.anaconda.org/conda-forge/noarch/{name}-7.{k}.0-py_0.conda#0123"
             for k, name in enumerate(["python", *binder.SERVER])]  # fmt: skip
    (folder / "environment.py-3.11-linux-64.lock").write_text("@EXPLICIT\n" + "\n".join(lines))
    assert binder.base_packages(tmp_path) == [
        f"{name}==7.{k}.0" for k, name in enumerate(binder.SERVER.values(), start=1)
    ]


def test_root_is_refused(capsys: pytest.CaptureFixture[str]) -> None:
    assert binder.main(["--user", "root"]) == 2
    assert "Binder has no root: give the name of an ordinary user" in capsys.readouterr().out


def session(*errors: str, killed: bool = False) -> binder.Session:
    one = binder.Rehearsed("00_start_here.ipynb", 2.0, 3.0, 300.0, ())
    two = binder.Rehearsed("03_tune_the_threshold.ipynb", 2.5, 6.0, 400.0, errors)
    return binder.Session(
        4.0, 6.0, 90.0, [one, two], [one, two], 700.0, 500.0, killed, "Culling", 0.1
    )


def test_what_is_written_down() -> None:
    built = binder.Built(["notebook==7.4.7"], {"pip": 60.0, "postBuild": 30.0}, 0.5, 1.9, 0.2, [])
    text = binder.document(built, session())
    assert "| building, packages fetched included | 1.5 minutes |" in text
    assert "| most memory, one notebook after another | 400 MB |" in text
    assert (
        "| 03_tune_the_threshold | 2.5 | 6.0 | 400 |" in text
        and "| cells that failed | 0 |" in text
    )
    wrong = binder.document(built, session("NameError: x"))
    assert "- 03_tune_the_threshold.ipynb: NameError: x" in wrong

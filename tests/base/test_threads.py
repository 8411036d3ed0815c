"""One thread a kernel, wherever it is started."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import nbformat
import pytest
from nbclient import NotebookClient

from labkit.base.places import PROJECT
from labkit.base.threads import VARIABLES

LOOK = """\
import json, os, threadpoolctl
{before}
import labkit
import numpy, scipy.linalg, sklearn.cluster, cv2, numba
def threads():
    import numpy, threadpoolctl
    return [lib["num_threads"] for lib in threadpoolctl.threadpool_info()]
def inside():
    import json, subprocess, sys
    from joblib import Parallel, delayed
    return Parallel(2)(delayed(threads)() for _ in range(2))
print(json.dumps([threads(), cv2.getNumThreads(), numba.get_num_threads(), {inside}]))
"""


@pytest.fixture
def plain(monkeypatch: pytest.MonkeyPatch) -> dict[str, str]:
    """An environment that says nothing of threads, as on Binder, a hub or in nbval."""
    for name in VARIABLES:
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("PYTHONPATH", str(PROJECT))
    return dict(os.environ)


def look(env: dict[str, str], before: str = "", inside: str = "None") -> list:
    code = LOOK.format(before=before, inside=inside)
    words = [sys.executable, "-c", code]
    ran = subprocess.run(words, env=env, capture_output=True, text=True, check=True)
    return json.loads(ran.stdout)


@pytest.mark.parametrize(
    "before", ["", "import numpy, scipy.linalg, sklearn.cluster, cv2; cv2.getNumThreads()"]
)
def test_after_import_labkit_there_is_one_thread(plain: dict[str, str], before: str) -> None:
    """Learners had no thread setting, which the benchmarks had; some cells took ten times longer.

    Whether or not NumPy was there first, and in the processes that joblib starts.
    """
    pools, opencv, _, processes = look(plain, before, "inside()")
    assert len(pools) >= 3 and set(pools) == {1} and opencv == 1
    assert all(set(pool) == {1} for pool in processes)


def test_numba_too(plain: dict[str, str]) -> None:
    assert look(plain)[2] == 1
    look(
        plain, "import numba; numba.njit(parallel=True)(lambda: 1)()"
    )  # numba would refuse a change


def test_whoever_asks_for_more_gets_it(plain: dict[str, str]) -> None:
    two = plain | {"OMP_NUM_THREADS": "2", "OPENBLAS_NUM_THREADS": "2"}
    assert set(look(two)[0]) == {min(2, os.cpu_count() or 1)}


def test_a_kernel_that_is_started_plainly_has_one_thread(
    plain: dict[str, str], tmp_path: Path
) -> None:
    cell = nbformat.v4.new_code_cell(LOOK.format(before="", inside="None"))
    book = nbformat.v4.new_notebook(cells=[cell])
    NotebookClient(
        book, kernel_name="python3", resources={"metadata": {"path": tmp_path}}
    ).execute()
    pools, opencv, numba, _ = json.loads(book.cells[0].outputs[0].text)
    assert (set(pools), opencv, numba) == ({1}, 1, 1)

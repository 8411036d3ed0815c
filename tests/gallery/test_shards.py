"""A gallery on several workers: the answers of one, or the missing shards by name."""

from __future__ import annotations

import contextlib
import os
import signal
import time
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest

from labkit.gallery.index import Exact
from labkit.gallery.shards import Shards, ShardsMissing

dask = pytest.importorskip("dask", reason="needs the extra cluster")
distributed = pytest.importorskip("distributed", reason="needs the extra cluster")

CEILING = 300  # seconds, for what takes a few on an idle computer
NAMES = ("north", "east", "south")


@pytest.fixture(scope="module")
def two_workers():
    """Two workers, a process each, on this computer only; one that is killed is started again."""
    slow = dict.fromkeys(("connect", "tcp"), f"{CEILING}s")  # on a busy computer a start takes long
    with (
        dask.config.set({"distributed.comm.timeouts": slow}),
        distributed.LocalCluster(
            n_workers=2,
            threads_per_worker=1,
            processes=True,
            host="127.0.0.1",
            dashboard_address=None,
        ) as cluster,
        distributed.Client(cluster, timeout=CEILING) as client,
    ):
        yield client


@pytest.fixture
def client(two_workers):
    two_workers.wait_for_workers(2, timeout=CEILING)
    return two_workers


@pytest.fixture
def rows():
    rows = np.random.default_rng(1).normal(size=(900, 16)).astype(np.float32)
    rows[600:630] = rows[:30]  # the same score in two shards
    rows[[5, 400]] = np.nan
    return rows


@pytest.fixture
def files(rows, tmp_path):
    """A file for each shard, of different lengths."""
    paths = {name: tmp_path / f"{name}.npy" for name in NAMES}
    for path, part in zip(paths.values(), np.split(rows, [250, 500])):
        np.save(path, part)
    return paths


def same(ours, theirs):
    for a, b in zip(ours, theirs, strict=True):
        np.testing.assert_array_equal(a, b)


def holder(path):
    """Probes that hold the first worker which reads them, until it is killed; and only that one."""
    here = os.getpid()

    class Probes:
        def __init__(self, rows):
            self.rows = rows

        def __len__(self):
            return len(self.rows)

        def __array__(self, dtype=None, copy=None):
            if os.getpid() != here:
                with contextlib.suppress(FileExistsError), open(path, "x") as file:
                    file.write(f"{os.getpid()}\n")
                    file.flush()
                    signal.pause()
            return self.rows.astype(dtype or self.rows.dtype)

    return Probes


def killed(path, before):
    """Kill the worker in the middle of a search, after ``before`` was called with its id."""
    until = time.monotonic() + CEILING
    while not (path.exists() and path.read_text().endswith("\n")):
        assert time.monotonic() < until, "no worker began the search"
        time.sleep(0.02)
    worker = int(path.read_text())
    before(worker)
    os.kill(worker, signal.SIGKILL)


def test_the_answers_of_one_computer(client, rows, files):
    """Every kind of question, the same row in two shards, missing templates, nobody's mate."""
    probes = np.r_[rows[:20], rows[400:401]]
    one, many = Exact(rows, "cosine"), Shards(files, "cosine", client)
    assert len(many) == 900 and "900 templates in 3" in repr(many)
    same(many.search(probes, 10), one.search(probes, 10))
    threshold = float(one.search(probes, 40).scores[0, -1])
    same(many.above(probes, threshold), one.above(probes, threshold))
    np.testing.assert_array_equal(many.best(probes), one.best(probes))
    mates = np.r_[-1, 5, 600:619]
    same(many.mate(probes, mates), one.mate(probes, mates))
    np.testing.assert_array_equal(many.reaching(probes, 0.2), one.reaching(probes, 0.2))
    with pytest.raises(ValueError, match="probes of 3 numbers"):
        many.search(np.ones((2, 3)), 1)
    with pytest.raises(ValueError, match="without a shard"):
        Shards({}, "cosine", client)


def test_a_worker_killed_in_the_middle_changes_no_answer(client, rows, files, tmp_path):
    """What the killed worker held is loaded again elsewhere, and the search is whole."""
    probes = rows[:20]
    many, path = Shards(files, "euclidean", client), tmp_path / "searching"
    pids = client.run(os.getpid)
    held = {}

    def before(worker):
        held.update({a: list(keys) for a, keys in client.has_what().items() if pids[a] == worker})

    with ThreadPoolExecutor(1) as pool:
        found = pool.submit(many.search, holder(path)(probes), 10)
        killed(path, before)
        same(found.result(CEILING), Exact(rows, "euclidean").search(probes, 10))
    assert any(held.values()), "the killed worker held no shard"


def test_a_shard_lost_with_its_worker_is_named(client, rows, files, tmp_path):
    """A disk that goes with its computer: never a silent gap; and whole again when it is back."""
    probes = rows[:20]
    many, path = Shards(files, "cosine", client), tmp_path / "searching"
    pids = client.run(os.getpid)
    lost = []

    def before(worker):
        names = {future.key: name for name, future in many._shards.items()}
        for address, keys in client.has_what().items():
            if pids[address] == worker:
                lost.extend(names[key] for key in keys if key in names)
        for name in lost:
            files[name].rename(files[name].with_suffix(".away"))

    with ThreadPoolExecutor(1) as pool:
        found = pool.submit(many.search, holder(path)(probes), 10)
        killed(path, before)
        with pytest.raises(ShardsMissing) as told:
            found.result(CEILING)
    assert 0 < len(lost) < 3 and sorted(told.value.missing) == sorted(lost)
    assert all(f"{name}: FileNotFoundError" in str(told.value) for name in lost)
    gone = np.zeros(900, bool)
    for name, part in many._rows.items():
        gone[part] = name in lost
    assert told.value.rows == gone.sum()
    rest = np.where(gone[:, None], np.float32(np.nan), rows)
    same(told.value.found, Exact(rest, "cosine").search(probes, 10))
    for name in lost:
        files[name].with_suffix(".away").rename(files[name])
    same(many.search(probes, 10), Exact(rows, "cosine").search(probes, 10))


def test_a_shard_that_was_never_there_is_named(client, files):
    files["east"].unlink()
    with pytest.raises(ShardsMissing, match="east: FileNotFoundError"):
        Shards(files, "cosine", client)
    sizes = {"north": 250, "east": 250, "south": 400}
    many = Shards(files, "cosine", client, sizes)
    with pytest.raises(ShardsMissing, match="250 rows were not searched") as told:
        many.search(np.ones((1, 16)), 3)
    assert (told.value.found.rows >= 0).all() and list(told.value.missing) == ["east"]


def test_a_shard_that_does_not_answer_is_named(client, rows, files, tmp_path):
    """A worker that hangs is waited for so long, and no longer."""
    many = Shards(files, "cosine", client)
    many._patience = 0.5
    with pytest.raises(ShardsMissing, match=r"no answer in 0\.5 seconds"):
        many.search(holder(tmp_path / "hangs")(rows[:2]), 1)
    killed(tmp_path / "hangs", lambda worker: None)

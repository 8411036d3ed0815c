"""A program is stopped at any moment, and two write at once: nothing is lost, nothing is half."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from labkit.base.places import PROJECT
from labkit.gallery import Collection, GalleryError
from tests.gallery import forks

HERE = Path(__file__).parent
ENVIRONMENT = {**os.environ, "OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"}
BETWEEN, ANYWHERE = 110, 90
PATIENCE = 600  # seconds; only a test that hangs meets it

needs_fork = pytest.mark.skipif(not hasattr(os, "fork"), reason="this system cannot fork")


class Server:
    """The process that forks; see ``forks.py``."""

    def __init__(self) -> None:
        self.process = subprocess.Popen(
            [sys.executable, "-m", "tests.gallery.forks"],
            cwd=PROJECT,
            env=ENVIRONMENT,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            bufsize=1,
        )

    def order(self, **order: object) -> int:
        """The process id of the child that does it."""
        assert self.process.stdin is not None
        self.process.stdin.write(json.dumps(order) + "\n")
        first, pid = self.hear().split()
        assert first == "child"
        return int(pid)

    def hear(self) -> str:
        assert self.process.stdout is not None
        line = self.process.stdout.readline().strip()
        assert line and not line.startswith("error"), line
        return line

    def close(self) -> None:
        assert self.process.stdin is not None and self.process.stdout is not None
        self.process.stdin.close()
        self.process.wait(PATIENCE)
        self.process.stdout.close()


@pytest.fixture
def server():
    made = Server()
    yield made
    made.close()


def after(state: tuple[frozenset[str], int], name: str, rounds: int, faces: int) -> list:
    """The states of a gallery after 0, 1, 2 ... transactions of a child: ids, lines of the log."""
    ids, lines = state
    states = [state]
    for number in range(rounds):
        new = [f"{name}-{number}-{k}" for k in range(faces)]
        states.append((ids | set(new), lines))
        states.append((ids | set(new), lines + 2))
        ids, lines = ids | {new[0]}, lines + 2
        states.append((ids, lines))
    return states


def found(path: Path) -> tuple[frozenset[str], int]:
    """The state that a gallery opens with; its log must be whole and its templates searchable."""
    with Collection(path) as gallery:
        verdict = gallery.verify()
        assert verdict.whole, verdict.words
        with gallery._file.reading() as db:
            assert db.execute("PRAGMA quick_check").fetchall() == [("ok",)]
            rows = db.execute("SELECT id, length(template) FROM faces").fetchall()
        assert {length for _id, length in rows} <= {4 * forks.WIDTH}
        return frozenset(name for name, _length in rows), verdict.lines


@needs_fork
def test_killed_two_hundred_times(tmp_path: Path, server: Server) -> None:
    """Finding: a power cut or a closed lid could leave half a list of faces, or a lost search.

    110 times the process stands still between BEGIN and COMMIT and is killed there, at each
    statement in turn; 90 times it is killed while it works, wherever it is.  The gallery opens with
    the state before or after the transaction, and what was acknowledged is there.
    """
    path = tmp_path / "killed.gallery"
    Collection.create(path, forks.MATCHER, measure="euclidean").close()
    draw = np.random.default_rng(12)
    state = found(path)
    places, kept = set(), [0, 0]
    for number in range(BETWEEN + ANYWHERE):
        between = number < BETWEEN
        faces = int(draw.choice([2, 3, 200]))
        statements = (faces + 4) + 5 + (faces - 1 + 2)  # of the three transactions
        stop = int(draw.integers(1, statements + 1)) if between else 0
        if between and faces > 3 and draw.random() < 0.5:
            stop = faces + 4  # the COMMIT of much
        rounds = 1 if between else 50
        pid = server.order(path=str(path), name=f"n{number}", rounds=rounds, faces=faces, stop=stop)
        done, wanted = 0, int(draw.integers(0, 7))
        while True:
            if not between and done == wanted:
                break
            heard = server.hear()
            if heard.startswith("between"):
                places.add(heard.split()[1])
                break
            assert heard == "done", heard
            done += 1
        os.kill(pid, signal.SIGKILL)
        while (heard := server.hear()) != "gone":
            assert heard == "done" and not between
            done += 1
        states = after(state, f"n{number}", rounds, faces)
        state = found(path)
        assert state in states[done : done + 2], (number, done, stop)
        if between:
            assert state == states[done], "nothing was committed"
        kept[state == states[done]] += 1
    assert places == {"SELECT", "INSERT", "UPDATE", "DELETE", "COMMIT"}
    assert sum(kept) == 200 and kept[True] >= BETWEEN


def test_two_processes_write_at_once(tmp_path: Path) -> None:
    """No write is lost, and nobody reads 'database is locked'."""
    path = tmp_path / "two.gallery"
    Collection.create(path, "numbers", measure="euclidean").close()
    batches = 40
    writers = [
        subprocess.Popen(
            [sys.executable, "-m", "tests.gallery.writer", str(path), name, str(batches)],
            cwd=PROJECT,
            env=ENVIRONMENT,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        for name in ("ada", "ben")
    ]
    for writer in writers:
        assert writer.stdout is not None and writer.stdout.readline() == "ready\n"
    for writer in writers:
        assert writer.stdin is not None
        writer.stdin.write("go\n")
        writer.stdin.flush()
    for writer in writers:
        _out, trouble = writer.communicate(timeout=PATIENCE)
        assert writer.returncode == 0 and not trouble, trouble
    with Collection(path) as gallery:
        wanted = {f"{n}-{k}-{j}" for n in ("ada", "ben") for k in range(batches) for j in (1, 2)}
        assert set(gallery.faces()["id"]) == wanted
        assert gallery.log()["by"].value_counts().to_dict() == {"ada": batches, "ben": batches}
        assert gallery.verify().whole


def test_two_processes_create_one_gallery(tmp_path: Path) -> None:
    """One of them makes it, the other is told that it is there; neither finds half of it."""
    path = tmp_path / "one.gallery"
    code = (
        "import sys; from labkit.gallery import Collection, GalleryError\n"
        "print('ready', flush=True); sys.stdin.readline()\n"
        "try: Collection.create(sys.argv[1], 'numbers', measure='cosine'); print('made')\n"
        "except GalleryError as error: print(error)"
    )
    makers = [
        subprocess.Popen(
            [sys.executable, "-c", code, str(path)],
            cwd=PROJECT,
            env=ENVIRONMENT,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        for _ in range(2)
    ]
    for maker in makers:
        assert maker.stdout is not None and maker.stdout.readline() == "ready\n"
    said = []
    for maker in makers:
        assert maker.stdin is not None
        maker.stdin.write("go\n")
        maker.stdin.flush()
    for maker in makers:
        said.append(maker.communicate(timeout=PATIENCE)[0].strip())
    said.sort(key=len)
    assert said[0] == "made" and "exists already" in said[1]
    assert len(Collection.open(path)) == 0


@needs_fork
def test_a_fork_opens_the_file_again(tmp_path: Path) -> None:
    """SQLite's locks do not survive a fork: a child that used its parent's connection could
    damage the file, and its end could let the parent's locks go."""
    gallery = Collection.create(tmp_path / "f.gallery", "numbers", measure="euclidean")
    gallery.index([[1.0]], ["before"], matcher="numbers")
    ours = gallery._file.connection()
    pid = os.fork()
    if pid == 0:
        try:
            gallery.index([[2.0]], ["child"], matcher="numbers")
            os._exit(0 if gallery._file.connection() is not ours else 2)
        except BaseException:
            os._exit(1)
    assert os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]) == 0
    assert gallery._file.connection() is ours
    assert gallery.faces()["id"].tolist() == ["before", "child"]


def test_a_writer_that_does_not_end_is_named(tmp_path: Path) -> None:
    """Somebody else's long transaction: one sentence after some patience; reading goes on."""
    path = tmp_path / "busy.gallery"
    first = Collection.create(path, "numbers", measure="euclidean")
    first.index([[1.0]], ["a"], matcher="numbers")
    second = Collection(path, patience=0.0)
    with first._file.writing():
        assert len(second) == 1
        with pytest.raises(GalleryError, match="another program has been writing"):
            second.index([[1.0]], ["b"], matcher="numbers")
    second.index([[1.0]], ["b"], matcher="numbers")
    assert len(first) == 2

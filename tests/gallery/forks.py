"""A process that forks once for each order: children that write into a gallery, to be killed.

Orders come as lines on standard input, what happens goes to standard output; a child's last words
come before the server says that it is gone.
"""

from __future__ import annotations

import json
import os
import signal
import sys

import numpy as np

import labkit.gallery.index  # noqa: F401  loaded once, for all children
from labkit.gallery.collection import Collection

MATCHER = "numbers"
WIDTH = 32


def say(*words: object) -> None:
    os.write(1, (" ".join(map(str, words)) + "\n").encode())


def steps(name: str, faces: int):
    """What a child does in a round, one transaction each: add, search twice, delete but one."""
    ids = [f"{name}-{k}" for k in range(faces)]
    templates = np.random.default_rng(0).normal(size=(faces, WIDTH))
    ask = {"matcher": MATCHER, "by": "a child", "why": "a test", "threshold": -1.0}
    yield lambda gallery: gallery.index(templates, ids, matcher=MATCHER)
    yield lambda gallery: gallery.search_all(templates[:2], **ask)
    yield lambda gallery: gallery.delete(ids[1:])


class Stop:
    """Stands still at the n-th statement after BEGIN IMMEDIATE, its COMMIT included."""

    def __init__(self, at: int) -> None:
        self.left, self.inside = at, False

    def __call__(self, statement: str) -> None:
        if self.inside:
            self.left -= 1
            if self.left == 0:
                say("between", statement.split()[0])
                while True:
                    signal.pause()
        self.inside = statement == "BEGIN IMMEDIATE" or (self.inside and statement != "COMMIT")


def child(order: dict) -> None:
    gallery = Collection(order["path"])
    db = gallery._file.connection()
    if order["stop"]:
        db.execute("PRAGMA cache_size = 10")  # much is written before its COMMIT
        db.set_trace_callback(Stop(order["stop"]))
    for number in range(order["rounds"]):
        for step in steps(f"{order['name']}-{number}", order["faces"]):
            step(gallery)
            say("done")
    gallery.close()


def main() -> None:
    for line in sys.stdin:
        order = json.loads(line)
        pid = os.fork()
        if pid == 0:
            try:
                say("child", os.getpid())
                child(order)
                os._exit(0)
            except BaseException as error:
                say("error", type(error).__name__, error)
                os._exit(1)
        os.waitpid(pid, 0)
        say("gone")


if __name__ == "__main__":
    main()

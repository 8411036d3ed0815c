"""Runs notebooks on a Jupyter server as its page does, and counts what memory that takes.

In: the address and token of a server that runs, and notebooks in its folder.  Out: seconds, errors,
and bytes.  Used by ``benchmarks/binder.py`` and by what measures a hub; nothing here starts a
server.

Memory is counted as a container's limit counts it, by proportional set size (PSS, of Linux): a page
that three processes share counts a third in each, so that the sum counts it once.
"""

from __future__ import annotations

import contextlib
import json
import signal
import threading
import time
import urllib.error
import urllib.request
import uuid
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import psutil
import websocket

LOOK = 0.1
"""Seconds between two looks at the memory."""
LONG = 900
"""Seconds after which a server that says nothing is given up."""


@dataclass(frozen=True)
class Answer:
    """What one cell gave."""

    seconds: float
    errors: tuple[str, ...] = ()


@dataclass
class Ran:
    """What one notebook gave: seconds to a kernel's first answer, in all, and its errors."""

    name: str
    first: float = 0.0
    seconds: float = 0.0
    errors: list[str] = field(default_factory=list)


class Kernel:
    """A notebook's session on a server: opened, asked, closed.

    Parameters
    ----------
    base
        Address of the server, ``http://127.0.0.1:8888`` or with ``/user/NAME`` of a hub.
    token
        What lets one in.
    path
        The notebook, from the folder that the server shows.
    """

    def __init__(self, base: str, token: str, path: str) -> None:
        self.base, self.token = base.rstrip("/"), token
        wanted = {"path": path, "name": path, "type": "notebook", "kernel": {"name": "python3"}}
        made = self._ask("POST", "/api/sessions", wanted)
        self.session, self.kernel = made["id"], made["kernel"]["id"]
        address = f"ws{self.base[4:]}/api/kernels/{self.kernel}/channels"
        self._channel = websocket.create_connection(
            address, timeout=LONG, header={"Authorization": f"token {token}"}
        )

    def _ask(self, method: str, path: str, content: Any = None) -> Any:
        return ask(self.base, self.token, method, path, content)

    def run(self, code: str, heard: Callable[[dict[str, Any]], None] | None = None) -> Answer:
        """Run one cell to its end; ``heard`` is told every message that belongs to it."""
        number = uuid.uuid4().hex
        header = {"msg_id": number, "msg_type": "execute_request", "version": "5.3", "username": ""}
        wanted = {"code": code, "silent": False, "store_history": True, "allow_stdin": False}
        began = time.perf_counter()
        self._channel.send(
            json.dumps(
                {
                    "header": header | {"session": "lab"},
                    "parent_header": {},
                    "metadata": {},
                    "channel": "shell",
                    "content": wanted,
                }
            )
        )
        errors: list[str] = []
        missing = {"execute_reply", "idle"}  # they come in either order
        while missing:
            said = self._channel.recv()
            if isinstance(said, bytes):  # a picture for a widget
                continue
            message = json.loads(said)
            if message["parent_header"].get("msg_id") != number:
                continue
            if heard is not None:
                heard(message)
            kind, content = message["msg_type"], message["content"]
            if kind == "error":
                errors.append(f"{content['ename']}: {content['evalue']}")
            missing.discard(content.get("execution_state") if kind == "status" else kind)
        return Answer(time.perf_counter() - began, tuple(errors))

    def close(self) -> None:
        """End the kernel and wait until the server has let it go."""
        self._channel.close()
        with contextlib.suppress(urllib.error.HTTPError):  # it was culled before
            self._ask("DELETE", f"/api/sessions/{self.session}")


def ask(base: str, token: str, method: str, path: str, content: Any = None) -> Any:
    """What a server answers to one request of its REST API; ``None`` where it says nothing."""
    request = urllib.request.Request(
        base.rstrip("/") + path,
        None if content is None else json.dumps(content).encode(),
        {"Authorization": f"token {token}"},
        method=method,
    )
    with urllib.request.urlopen(request, timeout=LONG) as answer:
        text = answer.read()
    return json.loads(text) if text else None


def cells(path: Path) -> Iterator[str]:
    """The code cells of a notebook, in order."""
    for cell in json.loads(path.read_text(encoding="utf-8"))["cells"]:
        if cell["cell_type"] == "code":
            yield "".join(cell["source"])


def notebook(base: str, token: str, file: Path, path: str, keep: bool = False) -> Ran:
    """Open a notebook on a server, run every cell, and close it again unless it is to be kept.

    Parameters
    ----------
    base, token
        As for :class:`Kernel`.
    file
        The notebook, from which the cells are read.
    path
        The same, from the folder that the server shows.
    keep
        Leave its kernel running, as a learner does who opens the next one.
    """
    ran = Ran(path)
    began = time.perf_counter()
    kernel = Kernel(base, token, path)
    try:
        for number, code in enumerate(cells(file)):
            ran.errors += kernel.run(code).errors
            if number == 0:
                ran.first = time.perf_counter() - began
    finally:
        if not keep:
            kernel.close()
    ran.seconds = time.perf_counter() - began
    return ran


# ---- memory -------------------------------------------------------------------------------------


def family(pid: int) -> list[int]:
    """A process and all that it has started and that still run."""
    try:
        return [pid, *(child.pid for child in psutil.Process(pid).children(recursive=True))]
    except psutil.NoSuchProcess:
        return []


def pss_of(pid: int) -> int:
    """Bytes of one process, each shared page divided by those who share it; 0 when it has ended."""
    try:
        text = Path(f"/proc/{pid}/smaps_rollup").read_text(encoding="ascii")
    except OSError:
        return 0
    return sum(int(line.split()[1]) for line in text.splitlines() if line.startswith("Pss:")) * 1024


def pss(pid: int) -> int:
    """Bytes of a process and its children, shared pages counted once."""
    return sum(map(pss_of, family(pid)))


class Watch(threading.Thread):
    """Looks at a process and its children until :meth:`stop`; kills them above a limit.

    Attributes
    ----------
    peak
        The largest sum seen since the last :meth:`since`, in bytes.
    killed
        Whether the limit was passed.
    """

    def __init__(self, pid: int, limit: int | None = None) -> None:
        super().__init__(daemon=True)
        self.pid, self.limit = pid, limit
        self.peak, self.killed = 0, False
        self._done = threading.Event()

    def run(self) -> None:
        while not self._done.wait(LOOK):
            self.look()

    def look(self) -> int:
        """Count now."""
        now = pss(self.pid)
        self.peak = max(self.peak, now)
        if self.limit is not None and now > self.limit:
            self.killed = True
            for pid in family(self.pid):
                with contextlib.suppress(psutil.NoSuchProcess):
                    psutil.Process(pid).send_signal(signal.SIGKILL)
        return now

    def since(self) -> None:
        """Forget the peak so far."""
        self.peak = 0

    def stop(self) -> int:
        """End, and give the peak in bytes."""
        self._done.set()
        self.join()
        self.look()
        return self.peak

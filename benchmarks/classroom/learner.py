"""A learner without a browser: starts a server, fetches the notebooks, runs and saves them.

In: a hub that runs (:class:`benchmarks.classroom.serving.Hub`) and a repository of notebooks.  Out:
seconds, and everything that went wrong, in :class:`Learner`.  It asks the hub, the server and the
kernel what the pages of JupyterHub, nbgitpuller and JupyterLab ask them.
"""

from __future__ import annotations

import json
import os
import signal
import time
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeVar

import nbformat
import websocket

from benchmarks import served
from benchmarks.classroom.serving import LONG, Hub, until

FOLDER = "lab"
"""Where the notebooks are in a learner's home."""
BUSY = (500, 502, 503, 504)
"""What a server answers while the hub, which knows who may come in, is away."""
HELD_BACK = "data rate exceeded", "message rate exceeded"
"""What a server says when it drops output of a cell because there is too much of it."""
OWN = "load-test"
"""The entry that each learner makes in their journal, with their name."""

Given = TypeVar("Given")


@dataclass
class Times:
    """What one learner waited for, in seconds."""

    start: float = 0.0
    pull: float = 0.0
    first: dict[str, float] = field(default_factory=dict)
    notebook: dict[str, float] = field(default_factory=dict)


class Learner:
    """One learner of a hub.

    Parameters
    ----------
    hub
        The hub, which knows the learner's name.
    name
        The name.

    Attributes
    ----------
    times
        What was waited for.
    failures
        A sentence for everything that went wrong.
    again
        How often something was asked again because the hub was away.
    cells
        How many cells were run.
    saved
        Notebook -> what was saved last (:func:`written`).
    """

    def __init__(self, hub: Hub, name: str) -> None:
        self.hub, self.name = hub, name
        self.base = f"{hub.address}/user/{name}"
        self.times = Times()
        self.failures: list[str] = []
        self.again = self.cells = 0
        self.saved: dict[str, str] = {}

    def start(self) -> None:
        """Ask for a server, and wait until it answers."""
        began = time.perf_counter()
        self.hub.api(f"users/{self.name}/server", "POST")
        until(self.ready, f"{self.name} has a server")
        self.ask("/api/status")
        self.times.start = time.perf_counter() - began

    def ready(self) -> bool:
        """Whether the hub says that the server runs."""
        servers = self.hub.api(f"users/{self.name}")["servers"]
        return bool(servers.get("", {}).get("ready"))

    def pull(self, repository: Path) -> None:
        """Fetch the notebooks, as the link of nbgitpuller does."""
        began = time.perf_counter()
        wanted = {"repo": repository.as_uri(), "branch": "class", "targetpath": FOLDER}
        request = urllib.request.Request(
            f"{self.base}/git-pull/api?{urllib.parse.urlencode(wanted)}",
            headers={"Authorization": f"token {self.hub.token}"},
        )
        with urllib.request.urlopen(request, timeout=LONG) as stream:
            lines = stream.read().decode().split("\n\n")
        last = json.loads([line for line in lines if line][-1].removeprefix("data: "))
        if last["phase"] != "finished":
            self.failures.append(f"{self.name}: nbgitpuller: {last}")
        self.times.pull = time.perf_counter() - began

    def notebook(
        self, name: str, between: Callable[[served.Kernel, str], bool] | None = None
    ) -> None:
        """Open a notebook, run its cells in order, save it, and end its kernel.

        ``between`` is called once, half-way, after the notebook was saved.  When it answers
        ``True`` it has ended the kernel, and all cells are run again.
        """
        path = f"{FOLDER}/{name}"
        book = self.read(path)
        began = time.perf_counter()
        kernel = self._kernel(path)
        code = [cell for cell in book["cells"] if cell["cell_type"] == "code"]
        if between is not None:
            self._run(kernel, name, code[: len(code) // 2])
            self.save(path, book)
            if between(kernel, path):
                kernel = self._kernel(path)
        self._run(kernel, name, code, began)
        self.save(path, book)
        self.times.notebook[name] = time.perf_counter() - began
        kernel.close()

    def keep_name(self) -> None:
        """Write the name into the journal, in a kernel."""
        path = f"{FOLDER}/00_start_here.ipynb"
        kernel = self._kernel(path)
        line = f"from labkit import journal\njournal.keep({OWN!r}, {self.name!r})"
        self._note("journal", kernel.run(line))
        kernel.close()

    def journal(self) -> Any:
        """The learner's journal, as the file holds it."""
        return json.loads((self.hub.home(self.name) / ".lab" / "journal.json").read_bytes())

    def kill(self, kernel: served.Kernel) -> None:
        """End a kernel's process, and wait until the server has started another."""
        old = self._process(kernel)
        os.kill(old, signal.SIGKILL)
        until(lambda: self._process(kernel, but=old), f"{self.name} gets a kernel again")

    def read(self, path: str) -> Any:
        """A notebook as the server gives it."""
        return self._patient(lambda: self.ask(f"/api/contents/{path}"))["content"]

    def save(self, path: str, book: Any) -> None:
        """Save a notebook."""
        body = {"type": "notebook", "content": book}
        self._patient(lambda: self.ask(f"/api/contents/{path}", "PUT", body))
        self.saved[path] = written(book)

    def lost(self) -> list[str]:
        """Everything of the learner's that is not as it was saved: a sentence each."""
        gone = [path for path, saved in self.saved.items() if written(self.read(path)) != saved]
        lost = [f"{self.name}: {path} is not what was saved" for path in gone]
        text = json.dumps(self.journal())
        kept = json.loads(text)["kept"].get(OWN, {}).get("value")
        if kept != self.name:
            lost.append(f"{self.name}: the journal holds {kept!r} for the learner's name")
        return lost

    def ask(self, path: str, method: str = "GET", body: Any = None) -> Any:
        """Ask the learner's server."""
        return served.ask(self.base, self.hub.token, method, path, body)

    def _kernel(self, path: str) -> served.Kernel:
        return self._patient(lambda: served.Kernel(self.base, self.hub.token, path))

    def _process(self, kernel: served.Kernel, but: int = 0) -> int:
        """The process of a kernel; 0 when there is none yet."""
        for pid, name in self.hub.everybody().items():
            if name == self.name and pid != but and kernel.kernel in command(pid):
                return pid
        return 0

    def _patient(self, call: Callable[[], Given]) -> Given:
        """Call, and again while the hub is away, as somebody does who looks at a page."""
        limit = time.monotonic() + LONG
        while True:
            try:
                return call()
            except urllib.error.HTTPError as error:
                if error.code not in BUSY or time.monotonic() > limit:
                    raise
            except websocket.WebSocketBadStatusException as error:
                if error.status_code not in BUSY or time.monotonic() > limit:
                    raise
            self.again += 1
            time.sleep(0.5)

    def _run(self, kernel: served.Kernel, name: str, code: list[Any], began: float = 0) -> None:
        for number, cell in enumerate(code, 1):
            outputs: list[Any] = []

            def heard(message: Any, outputs: list[Any] = outputs) -> None:
                kinds = ("stream", "display_data", "execute_result", "error")
                if message["msg_type"] in kinds:
                    outputs.append(nbformat.v4.output_from_msg(message))

            self._note(f"{name}, cell {number}", kernel.run("".join(cell["source"]), heard))
            text = json.dumps(outputs)
            if any(words in text for words in HELD_BACK):
                self.failures.append(f"{self.name}: {name}, cell {number}: output was held back")
            cell["outputs"], cell["execution_count"] = outputs, number
            self.cells += 1
            if began and number == 1:
                self.times.first[name] = time.perf_counter() - began

    def _note(self, where: str, answer: served.Answer) -> None:
        self.failures += [f"{self.name}: {where}: {error}" for error in answer.errors]


def written(book: Any) -> str:
    """What somebody wrote into a notebook and what came of it, without the server's own notes."""
    parts = ("cell_type", "source", "outputs", "execution_count")
    cells = [{part: cell.get(part) for part in parts} for cell in book["cells"]]
    return json.dumps(cells, sort_keys=True)


def is_server(pid: int) -> bool:
    """Whether a process of a learner is the server, and not a kernel or what a kernel started."""
    return "jupyterhub.singleuser" in command(pid)


def command(pid: int) -> str:
    """The words that a process was started with."""
    try:
        return Path(f"/proc/{pid}/cmdline").read_bytes().replace(b"\0", b" ").decode()
    except OSError:  # it has ended
        return ""

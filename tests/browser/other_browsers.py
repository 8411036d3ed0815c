"""Firefox and WebKit, driven with what the standard library has: no driver has to be installed.

In: a browser of the system.  Out: an object that opens pages, runs scripts in them and presses
keys.  Firefox speaks Marionette over a socket, WebKitGTK's ``WebKitWebDriver`` WebDriver over HTTP.
Playwright's own builds of both come from a network; these are what a system's packages give.
"""

from __future__ import annotations

import contextlib
import json
import os
import shutil
import socket
import subprocess
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

LONG = 120  # seconds; every wait is for an event, this only ends one that hangs
ELEMENT = "element-6066-11e4-a52e-4f735466cecf"  # the name that WebDriver's standard gives it
RIGHT, ENTER = "\ue014", "\ue007"  # keys, as the standard writes them
CLOSED = 9  # a port where nobody listens: where a proxy is asked for, nothing is to be had
PREFERENCES = {
    "network.proxy.type": 1,
    "network.proxy.http": "127.0.0.1",
    "network.proxy.http_port": CLOSED,
    "network.proxy.ssl": "127.0.0.1",
    "network.proxy.ssl_port": CLOSED,
    "datareporting.policy.dataSubmissionEnabled": False,
    "browser.shell.checkDefaultBrowser": False,
}


class Missing(Exception):
    """A browser that is not installed; the words say how to have it."""


def found(*names: str) -> str | None:
    """The first program of these that is on the path."""
    return next(filter(None, map(shutil.which, names)), None)


def free_port() -> int:
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return one.getsockname()[1]


def until(answer: Callable[[], Any], process: subprocess.Popen[bytes]) -> Any:
    """Ask again and again until there is an answer; an error once the process has ended."""
    limit = time.monotonic() + LONG
    while True:
        try:
            return answer()
        except OSError:
            if process.poll() is not None or time.monotonic() > limit:
                raise
            time.sleep(0.1)


class Driven:
    """What both browsers do; ``_do`` sends one command and gives its value."""

    def go(self, address: str) -> None:
        raise NotImplementedError

    def run(self, script: str, *args: Any) -> Any:
        """What a script returns; an element comes as a mapping that the others take."""
        raise NotImplementedError

    def press(self, element: dict[str, str], keys: str) -> None:
        raise NotImplementedError

    def wait(self, script: str, *args: Any) -> Any:
        """What a script returns as soon as that is anything."""
        limit = time.monotonic() + LONG
        while not (value := self.run(script, *args)):
            assert time.monotonic() < limit, script
            time.sleep(0.1)
        return value


class Firefox(Driven):
    """Firefox without a window, by Marionette: ``LENGTH:[0, number, command, arguments]``."""

    def __init__(self, line: socket.socket) -> None:
        self.line, self.held, self.number = line, b"", 0
        self._read()  # its greeting
        self._do("WebDriver:NewSession", capabilities={})

    def _read(self) -> Any:
        while b":" not in self.held:
            self.held += self._more()
        length, self.held = self.held.split(b":", 1)
        while len(self.held) < int(length):
            self.held += self._more()
        whole, self.held = self.held[: int(length)], self.held[int(length) :]
        return json.loads(whole)

    def _more(self) -> bytes:
        got = self.line.recv(65536)
        if not got:
            raise ConnectionError("Firefox has ended")
        return got

    def _do(self, command: str, **given: Any) -> Any:
        self.number += 1
        text = json.dumps([0, self.number, command, given]).encode()
        self.line.sendall(f"{len(text)}:".encode() + text)
        _kind, _number, error, answer = self._read()
        if error:
            raise RuntimeError(f"{command}: {error['message']}")
        return answer

    def go(self, address: str) -> None:
        self._do("WebDriver:Navigate", url=address)

    def run(self, script: str, *args: Any) -> Any:
        return self._do("WebDriver:ExecuteScript", script=script, args=list(args))["value"]

    def press(self, element: dict[str, str], keys: str) -> None:
        self._do("WebDriver:ElementSendKeys", id=element[ELEMENT], text=keys)


class WebKit(Driven):
    """WebKitGTK's small browser, by WebDriver."""

    def __init__(self, address: str) -> None:
        self.address = address
        made = self._do("", {"capabilities": {"alwaysMatch": {}}})
        self.address = f"{address}/{made['sessionId']}"

    def _do(self, path: str, given: Any = None, method: str = "POST") -> Any:
        request = urllib.request.Request(
            f"{self.address}{path}",
            json.dumps(given or {}).encode() if method == "POST" else None,
            {"Content-Type": "application/json"},
            method=method,
        )
        try:
            with urllib.request.urlopen(request, timeout=LONG) as answer:
                return json.load(answer)["value"]
        except urllib.error.HTTPError as error:
            said = error.read().decode(errors="replace")
            raise RuntimeError(f"{path or 'session'}: {said[:600]}") from error

    def go(self, address: str) -> None:
        self._do("/url", {"url": address})

    def run(self, script: str, *args: Any) -> Any:
        return self._do("/execute/sync", {"script": script, "args": list(args)})

    def press(self, element: dict[str, str], keys: str) -> None:
        self._do(f"/element/{element[ELEMENT]}/value", {"text": keys})

    def end(self) -> None:
        self._do("", method="DELETE")


@contextlib.contextmanager
def running(command: list[str], folder: Path, **more: str) -> Iterator[subprocess.Popen[bytes]]:
    """A process that is ended with the block, and keeps its files in a folder of its own."""
    environment = os.environ | {"HOME": str(folder), "XDG_RUNTIME_DIR": str(folder)} | more
    for name in ("http_proxy", "https_proxy", "all_proxy"):
        environment[name] = f"http://127.0.0.1:{CLOSED}"
    environment["no_proxy"] = "127.0.0.1"  # WebKit's parts speak to each other over it
    with (folder / "log.txt").open("ab") as log:
        process = subprocess.Popen(command, env=environment, stdout=log, stderr=log)
        try:
            yield process
        finally:
            process.terminate()
            try:
                process.wait(LONG)
            finally:
                process.kill()


@contextlib.contextmanager
def firefox(folder: Path) -> Iterator[Firefox]:
    """Firefox of the system, with a profile in a folder."""
    program = found("firefox-esr", "firefox")
    if program is None:
        raise Missing("no Firefox: apt-get install firefox-esr includes it (here and in CI)")
    port, profile = free_port(), folder / "profile"
    profile.mkdir(parents=True)
    held = PREFERENCES | {"marionette.port": port}
    lines = [f"user_pref({json.dumps(name)}, {json.dumps(value)});" for name, value in held.items()]
    (profile / "user.js").write_text("\n".join(lines), encoding="utf-8")
    command = [program, "--marionette", "--headless", "--profile", str(profile)]
    with running(command, folder, MOZ_HEADLESS="1") as process:
        line = until(lambda: socket.create_connection(("127.0.0.1", port), timeout=LONG), process)
        with line:
            one = Firefox(line)
            yield one
            one._do("Marionette:Quit", flags=["eForceQuit"])
            process.wait(LONG)


@contextlib.contextmanager
def webkit(folder: Path) -> Iterator[WebKit]:
    """WebKitGTK of the system, on a screen that nobody sees where there is none."""
    program, screen = found("WebKitWebDriver"), found("Xvfb")
    if program is None or not (screen or os.environ.get("DISPLAY")):
        raise Missing(
            "no WebKit: apt-get install webkit2gtk-driver xvfb includes it (here and in CI)"
        )
    folder.mkdir(parents=True)
    with contextlib.ExitStack() as ending:
        display = os.environ.get("DISPLAY") or ending.enter_context(_screen(str(screen), folder))
        port = free_port()
        command = [program, "--host=127.0.0.1", f"--port={port}"]
        look = {"DISPLAY": display, "GDK_BACKEND": "x11", "LIBGL_ALWAYS_SOFTWARE": "1"}
        process = ending.enter_context(running(command, folder, **look))

        def status() -> None:
            urllib.request.urlopen(f"http://127.0.0.1:{port}/status", timeout=LONG).close()

        until(status, process)
        one = WebKit(f"http://127.0.0.1:{port}/session")
        yield one
        one.end()


@contextlib.contextmanager
def _screen(program: str, folder: Path) -> Iterator[str]:
    """The name of a screen of a server that chooses a free number itself."""
    reads, writes = os.pipe()
    command = [
        program,
        "-displayfd",
        str(writes),
        "-screen",
        "0",
        "1280x900x24",
        "-nolisten",
        "tcp",
    ]
    with (folder / "screen.txt").open("ab") as log:
        process = subprocess.Popen(command, pass_fds=[writes], stdout=log, stderr=log)
    os.close(writes)
    try:
        with os.fdopen(reads) as told:
            yield f":{told.readline().strip()}"
    finally:
        process.terminate()
        process.wait(LONG)


BROWSERS = {"Firefox": firefox, "WebKit": webkit}

EARS = """<script>window.labErrors = [];
addEventListener("error", (e) => labErrors.push(String(e.message || e.target.outerHTML)), true);
addEventListener("unhandledrejection", (e) => labErrors.push(String(e.reason)));</script>"""


def with_ears(site: Path, pages: tuple[str, ...], out: Path) -> Path:
    """The site again, its files by links, but these pages note every error from their first line.

    Parameters
    ----------
    site
        The folder.
    pages
        Addresses of pages, such as ``"explore/threshold.html"``.
    out
        A folder that does not exist yet.
    """
    changed = {page.partition("/")[0] for page in pages}
    out.mkdir()
    for path in site.iterdir():
        if path.name not in changed:
            (out / path.name).symlink_to(path)
        elif path.is_dir():
            (out / path.name).mkdir()
            for inner in path.iterdir():
                (out / path.name / inner.name).symlink_to(inner)
    for page in pages:
        text = (site / page).read_text("utf-8")
        assert "<head>" in text
        (out / page).unlink(missing_ok=True)
        (out / page).write_text(text.replace("<head>", f"<head>{EARS}", 1), encoding="utf-8")
    return out

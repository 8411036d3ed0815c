"""A JupyterHub of local processes, for a load test: proxy and hub, started, restarted and ended.

In: a folder for everything it writes, the Python that has JupyterHub, the proxy's program, and the
Python in which learners work.  Out: :class:`Hub`, which answers on 127.0.0.1 alone.  It loads
``instructors/hub/tljh/face_lab.py``, as The Littlest JupyterHub would, and runs everybody as the
user who runs the test, each with a home folder of their own.  As on a real hub the proxy is a
process apart, so that learners go on working while the hub is away; and nobody compiles anything
into the lab's own folder, which learners there cannot write.
"""

from __future__ import annotations

import os
import secrets
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from benchmarks import served
from labkit.base.places import PROJECT

SETTINGS = PROJECT / "instructors" / "hub" / "tljh" / "face_lab.py"
ADMIN = "load-test"
LONG = 300  # seconds; every wait is for an event, this only ends a test that hangs
UNUSED = 900
"""Seconds after which a server that nobody asks anything ends itself, should the test be killed."""

CONFIG = """
c = get_config()
load_subconfig({settings!r})
c.JupyterHub.bind_url = "http://127.0.0.1:{port}"
c.JupyterHub.hub_bind_url = "http://127.0.0.1:{hub_port}"
c.JupyterHub.db_url = "sqlite:///{folder}/hub.sqlite"
c.JupyterHub.cookie_secret_file = "{folder}/cookie"
c.JupyterHub.authenticator_class = "null"
c.JupyterHub.spawner_class = "simple"
c.SimpleLocalProcessSpawner.home_dir_template = "{folder}/home/{{username}}"
c.Spawner.ip = "127.0.0.1"
c.Spawner.cmd = {command!r}
c.Spawner.args.extend({args!r})
c.Spawner.env_keep = ["PATH", "PYTHONPATH", "LANG", "LC_ALL"]
c.Spawner.environment.update({environment!r})
at_home = "{folder}/home/{{}}/.cache/numba".format
c.Spawner.environment.update({{"NUMBA_CACHE_DIR": lambda spawner: at_home(spawner.user.name)}})
c.ConfigurableHTTPProxy.should_start = False
c.ConfigurableHTTPProxy.api_url = "http://127.0.0.1:{proxy_port}"
c.ConfigurableHTTPProxy.auth_token = {token!r}
c.JupyterHub.cleanup_proxy = False
c.JupyterHub.services = [{{"name": "{admin}", "api_token": {token!r}}}]
c.JupyterHub.load_roles = [{{
    "name": "{admin}", "services": ["{admin}"],
    "scopes": ["admin:users", "admin:servers", "admin:server_state", "tokens", "access:servers"],
}}]
"""
# What a learner's Python lacks of JupyterHub is found behind everything that it has itself.
BORROWED = "import sys; sys.path.append({there!r}); from jupyterhub.singleuser import main; main()"


def free_ports(count: int) -> list[int]:
    """Ports that nobody listens on."""
    held = [socket.socket() for _ in range(count)]
    for one in held:
        one.bind(("127.0.0.1", 0))
    ports = [one.getsockname()[1] for one in held]
    for one in held:
        one.close()
    return ports


def ends_with_me() -> None:
    """In a process about to start: end when the one that starts it has ended (Linux)."""
    import ctypes

    ctypes.CDLL(None).prctl(1, signal.SIGTERM)  # PR_SET_PDEATHSIG


def until(happened: Callable[[], Any], what: str, seconds: float = LONG) -> Any:
    """Look again and again until something has happened; what it gave.

    Raises
    ------
    TimeoutError
        When it has not happened after so many seconds.
    """
    limit = time.monotonic() + seconds
    while time.monotonic() < limit:
        if found := happened():
            return found
        time.sleep(0.1)
    raise TimeoutError(f"{what}: not within {seconds:.0f} s")


def single_user(python: str, hub_python: str) -> list[str]:
    """How a learner's server is started in an environment.

    One that has JupyterHub itself starts as a deployer's does.  For another, JupyterHub is taken
    from the hub's own environment, looked up behind everything that the learner's has.
    """
    has = [python, "-c", "import jupyterhub"]
    if subprocess.run(has, stderr=subprocess.DEVNULL, check=False).returncode == 0:
        return [python, "-m", "jupyterhub.singleuser"]
    where = [hub_python, "-c", "import sysconfig; print(sysconfig.get_paths()['purelib'])"]
    there = subprocess.run(where, capture_output=True, text=True, check=True).stdout.strip()
    return [python, "-c", BORROWED.format(there=there)]


class Hub:
    """Proxy and hub in a folder of their own; a context that ends everything it started.

    Parameters
    ----------
    folder
        Where configuration, data base, logs and the learners' homes go.
    hub_python
        A Python with JupyterHub.
    proxy
        The program ``configurable-http-proxy``.
    python
        The Python of the learners.
    """

    def __init__(
        self, folder: Path, hub_python: str, proxy: str, python: str = sys.executable
    ) -> None:
        self.folder = folder
        self.hub_python, self.proxy_program = hub_python, proxy
        self.token = secrets.token_hex(16)
        self.mark = f"LABKIT_LOAD_TEST={secrets.token_hex(8)}"
        self.port, hub_port, proxy_port = free_ports(3)
        self._ports = (hub_port, proxy_port)
        self.address = f"http://127.0.0.1:{self.port}"
        self.processes: dict[str, subprocess.Popen[bytes]] = {}
        args = [f"--ServerApp.shutdown_no_activity_timeout={UNUSED}"]
        args += ['--ServerApp.jpserver_extensions={"nbgitpuller": True}']
        if os.geteuid() == 0:
            args.append("--allow-root")
        (folder / "home").mkdir(parents=True)
        self._config = folder / "jupyterhub_config.py"
        self._config.write_text(
            CONFIG.format(
                settings=str(SETTINGS),
                port=self.port,
                hub_port=hub_port,
                proxy_port=proxy_port,
                folder=folder,
                command=single_user(python, hub_python),
                args=args,
                environment=dict([self.mark.split("=")]),
                token=self.token,
                admin=ADMIN,
            ),
            encoding="utf-8",
        )

    def __enter__(self) -> Hub:
        try:
            self._start_proxy()
            self.start()
        except BaseException:
            self.end()
            raise
        return self

    def __exit__(self, *error: object) -> None:
        self.end()

    def home(self, name: str) -> Path:
        """The home folder of a learner."""
        return self.folder / "home" / name

    def log(self, name: str) -> str:
        """What the hub or the proxy wrote."""
        return (self.folder / f"{name}.log").read_text(errors="replace")

    def api(self, path: str, method: str = "GET", body: Any = None) -> Any:
        """Ask the hub's REST interface, with every right that the test has."""
        return served.ask(self.address, self.token, method, f"/hub/api/{path}", body)

    def start(self) -> None:
        """Start the hub, and wait until it answers through the proxy."""
        command = [self.hub_python, "-m", "jupyterhub", "-f", str(self._config)]
        process = self._run("hub", command)

        def answers() -> bool:
            if process.poll() is not None:
                raise RuntimeError(f"the hub has ended:\n{self.log('hub')[-3000:]}")
            try:
                return bool(self.api(""))
            except OSError:
                return False

        until(answers, "the hub answers")

    def stop(self, number: signal.Signals) -> None:
        """End the hub: ``SIGKILL`` as a crash does, ``SIGTERM`` as whoever restarts a service.

        The proxy and the learners' servers go on.
        """
        process = self.processes.pop("hub")
        process.send_signal(number)
        process.wait(LONG)

    def end(self) -> None:
        """End everything that was started here, the learners' servers first."""
        for process in self.processes.values():
            process.terminate()
        for pid in self.everybody():
            _signal(pid, signal.SIGTERM)
        limit = time.monotonic() + 10
        while self.everybody() and time.monotonic() < limit:
            time.sleep(0.1)
        for pid in self.everybody():
            _signal(pid, signal.SIGKILL)
        for process in self.processes.values():
            try:
                process.wait(10)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()

    def everybody(self) -> dict[int, str]:
        """Process -> learner, of all that learners' servers and kernels are: read in ``/proc``."""
        found = {}
        for entry in os.scandir("/proc"):
            if entry.name.isdigit():
                words = _environment(entry.path)
                if self.mark in words:
                    named = (w for w in words if w.startswith("JUPYTERHUB_USER="))
                    found[int(entry.name)] = next(named, "=?").split("=", 1)[1]
        return found

    def _start_proxy(self) -> None:
        hub_port, proxy_port = self._ports
        options = {
            "ip": "127.0.0.1",
            "port": self.port,
            "api-ip": "127.0.0.1",
            "api-port": proxy_port,
            "error-target": f"http://127.0.0.1:{hub_port}/hub/error",
        }
        words = [word for name, value in options.items() for word in (f"--{name}", str(value))]
        self._run("proxy", [self.proxy_program, *words])

        def listens() -> bool:
            with socket.socket() as s:
                return s.connect_ex(("127.0.0.1", proxy_port)) == 0

        until(listens, "the proxy listens")

    def _run(self, name: str, command: list[str]) -> subprocess.Popen[bytes]:
        environment = os.environ | {"CONFIGPROXY_AUTH_TOKEN": self.token}
        with (self.folder / f"{name}.log").open("ab") as log:
            self.processes[name] = subprocess.Popen(
                command,
                cwd=self.folder,
                env=environment,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                preexec_fn=ends_with_me,
            )
        return self.processes[name]


def _environment(process: str) -> list[str]:
    try:
        content = Path(process, "environ").read_bytes()
    except OSError:  # it has ended, or is another user's
        return []
    return content.decode(errors="replace").split("\0")


def _signal(pid: int, number: int) -> None:
    try:
        os.kill(pid, number)
    except ProcessLookupError:
        return

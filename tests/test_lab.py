"""The front door, lab.py; nothing here touches the network."""

from __future__ import annotations

import ast
import contextlib
import errno
import importlib.util
import json
import os
import re
import signal
import socket
import subprocess
import sys
import threading
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType

import psutil
import pytest

from labkit.base.places import PROJECT


@pytest.fixture
def lab(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    """lab.py as a module, with its .venv in a temporary folder."""
    spec = importlib.util.spec_from_file_location("lab_under_test", PROJECT / "lab.py")
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    monkeypatch.setattr(module, "VENV", str(tmp_path / ".venv"))
    monkeypatch.setattr(module, "READY", str(tmp_path / ".venv" / "lab-ready"))
    return module


# ---- lab.py


def test_lab_uses_the_standard_library_only() -> None:
    tree = ast.parse((PROJECT / "lab.py").read_text(encoding="utf-8"), feature_version=(3, 5))
    used = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            used |= {name.name.split(".")[0] for name in node.names}
        if isinstance(node, ast.ImportFrom):
            used.add(str(node.module).split(".")[0])
        assert not isinstance(node, ast.JoinedStr | ast.AnnAssign | ast.NamedExpr)
    assert used <= set(sys.stdlib_module_names)


def test_old_python_is_told_so(lab: ModuleType) -> None:
    with pytest.raises(lab.LabError, match=r"This is Python 3\.10\.2, .* 3\.11 or newer: install"):
        lab.check_python((3, 10, 2, "final", 0))
    lab.check_python((3, 11, 0))


@pytest.mark.parametrize(
    ("system", "machine", "release", "bits64", "sentence"),
    [
        ("darwin", "x86_64", "15.1", True, "no ready-made dlib for Intel Macs"),
        ("darwin", "arm64", "13.6", True, "macOS before 14"),
        ("linux", "i686", "", False, "32-bit"),
        ("darwin", "arm64", "14.0", True, None),
        ("linux", "x86_64", "", True, None),
        ("linux", "aarch64", "", True, None),
        ("win32", "AMD64", "", True, None),
    ],
)
def test_platforms(
    lab: ModuleType, system: str, machine: str, release: str, bits64: bool, sentence: str | None
) -> None:
    if sentence is None:
        lab.check_platform(system, machine, release, bits64)
        return
    with pytest.raises(lab.LabError, match=sentence):
        lab.check_platform(system, machine, release, bits64)


@pytest.mark.parametrize("missing", ["venv", "ensurepip"])
def test_missing_venv_module_is_named(lab: ModuleType, missing: str) -> None:
    with pytest.raises(lab.LabError, match=f"no module '{missing}': on Debian or Ubuntu run"):
        lab.check_venv_module(lambda name: None if name == missing else object())


def test_a_disk_too_small_is_refused_before_anything_is_fetched(
    lab: ModuleType, tmp_path: Path
) -> None:
    with pytest.raises(lab.LabError, match="GB free and the lab needs"):
        lab.check_disk(str(tmp_path), needed=10**18)


PIP_SAYS = {
    "The disk is full": "ERROR: Could not install packages due to an OSError: [Errno 28] "
    "No space left on device",
    "The package index could not be reached": "WARNING: Retrying (Retry(total=0)) after connection"
    " broken by 'NewConnectionError: Failed to establish a new connection: [Errno -3] Temporary"
    " failure in name resolution'\nERROR: No matching distribution found for numpy==2.4.6",
    "does not exist ready-made for this computer": "ERROR: No matching distribution found for"
    " dlib-bin==20.0.1.post1",
    "could not put pip into": "The virtual environment was not created successfully because"
    " ensurepip is not available.",
    "failed with exit code 3": "ERROR: something new",
}


@pytest.mark.parametrize("sentence", PIP_SAYS)
def test_what_pip_says_becomes_one_sentence(lab: ModuleType, sentence: str) -> None:
    error = str(lab.explain("Installing requirements.lock", 3, PIP_SAYS[sentence]))
    assert sentence in error
    assert "run this command again" in error or "use Python 3.11" in error
    assert "\n" not in error


def test_an_interrupted_installation_is_made_anew(
    lab: ModuleType, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Step two fails, leaving a half-filled folder; the next start removes it and finishes."""
    venv = Path(lab.VENV)
    answers = iter([0, 1, 0, 0, 0])

    def pretend(command: list[str]) -> tuple[int, str]:
        venv.mkdir(exist_ok=True)
        if "-r" in command:
            (venv / "half-unpacked").touch()
        return next(answers), "ERROR: cut short"

    monkeypatch.setattr(lab, "run_and_listen", pretend)
    monkeypatch.setattr(lab, "check_disk", lambda: None)
    with pytest.raises(lab.LabError, match="failed with exit code 1"):
        lab.install("mark")
    assert not Path(lab.READY).exists() and not lab.is_ready("mark")

    (venv / "stale").touch()
    lab.install("mark")
    assert Path(lab.READY).read_text().strip() == "mark"
    assert not (venv / "stale").exists()
    assert not lab.is_ready("another lock"), "a changed lock must be installed"


def test_the_environment_is_kept_clean(lab: ModuleType, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PYTHONPATH", "/somewhere/else")
    monkeypatch.setenv("PIP_USER", "1")
    monkeypatch.setenv("HTTPS_PROXY", "http://proxy.example:3128")
    env = lab.clean_env()
    assert "PYTHONPATH" not in env and "PIP_USER" not in env
    assert env["HTTPS_PROXY"] == "http://proxy.example:3128"


def test_errors_of_the_system_become_sentences(
    lab: ModuleType, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    cases = [
        (OSError(errno.ENOSPC, "No space left on device"), 1, "The disk is full"),
        (PermissionError(errno.EACCES, "denied", "/srv/lab"), 1, "/srv/lab cannot be written"),
        (KeyboardInterrupt(), 130, "stopped; run the same command to go on"),
    ]
    for error, code, sentence in cases:

        def fail(arguments: list[str], error: BaseException = error) -> int:
            raise error

        monkeypatch.setattr(lab, "main", fail)
        assert lab.guarded([]) == code
        assert sentence in capsys.readouterr().err


def test_lab_from_outside() -> None:
    """Help and a wrong command, as a person types them, from another folder."""
    run = [sys.executable, str(PROJECT / "lab.py")]
    told = subprocess.run([*run, "help"], capture_output=True, text=True, cwd="/", check=True)
    assert "lab.py test" in told.stdout
    wrong = subprocess.run([*run, "tset"], capture_output=True, text=True, check=False)
    assert wrong.returncode == 1 and "no command 'tset'" in wrong.stderr
    assert "Traceback" not in wrong.stderr


# ---- lab.py test

LINTERS = ["ruff check", "ruff format", "mypy", "lint-imports --no-cache"]


@pytest.mark.parametrize(
    ("words", "linters", "pytest_words", "left_out"),
    [
        ([], LINTERS, "-n auto", None),
        (["-x", "-n0"], LINTERS, "-x -n0", None),
        (["--quick"], LINTERS, "-n auto -m not slow", "tests marked slow"),
        (
            ["--notebook", "03"],
            [],
            "-n auto tests/notebooks tests/lessons tests/learning/test_exercises.py lessons/nb03"
            " -k 03",
            "the linters, and what belongs to no or another notebook;",
        ),
        (
            ["--notebook=03", "--quick", "-x"],
            [],
            "-n auto tests/notebooks tests/lessons tests/learning/test_exercises.py lessons/nb03"
            " -k 03 -m not slow -x",
            "the linters, and what belongs to no or another notebook; tests marked slow",
        ),
    ],
)
def test_what_is_run(
    lab: ModuleType,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    words: list[str],
    linters: list[str],
    pytest_words: str,
    left_out: str | None,
) -> None:
    ran: list[str] = []

    def run(arguments: list[str]) -> int:
        ran.append(" ".join(arguments))
        return int(arguments[0] == "mypy")

    monkeypatch.setattr(lab, "set_up", lambda: None)
    monkeypatch.setattr(lab, "run", run)
    assert lab.main(["test", *words]) == int(bool(linters)), "a linter's complaint is a failure"
    assert [r.startswith(name) for r, name in zip(ran, linters)] == [True] * len(linters)
    assert ran[len(linters) :] == [f"pytest {pytest_words}"]
    last = capsys.readouterr().out.splitlines()[-1:]
    assert (left_out is None) or (left_out in last[0] and "runs them too" in last[0])
    for path in pytest_words.split():
        assert "/" not in path or (PROJECT / path).exists()


@pytest.mark.parametrize("words", [["--notebook"], ["--notebook", "99"], ["--notebook=3"]])
def test_a_notebook_that_is_none_is_refused(lab: ModuleType, words: list[str]) -> None:
    with pytest.raises(lab.LabError, match=r"There is no notebook '.*': give its two digits, one"):
        lab.main(["test", *words])


# ---- lab.py audit


def test_an_audit_runs_in_the_environment_and_in_the_folder_of_the_reader(
    lab: ModuleType, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """A Python outside .venv has no labkit: lab.py passes every word on to the one that has."""
    called: list[tuple[list[str], str]] = []
    set_up: list[None] = []
    monkeypatch.setattr(lab, "set_up", lambda: set_up.append(None))
    monkeypatch.setattr(
        lab.subprocess, "call", lambda words, env, cwd: called.append((words, cwd)) or 2
    )
    monkeypatch.chdir(tmp_path)
    words = ["audit", "scores.csv", "--out", "report.html", "--no-browser"]
    assert lab.main(words) == 2, "its exit code is handed on"
    assert called == [([lab.venv_python(), "-m", "labkit", *words], str(tmp_path))] and set_up


# ---- opening the lab


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ([], (True, None)),
        (["--no-browser"], (False, None)),
        (["--port", "8900"], (True, 8900)),
        (["--no-browser", "--port=8901"], (False, 8901)),
    ],
)
def test_options(lab: ModuleType, words: list[str], expected: tuple[bool, int | None]) -> None:
    assert lab.options_of(words) == expected


@pytest.mark.parametrize(
    "words", [["--port"], ["--port", "x"], ["--port", "0"], ["--port=70000"], ["--port=-1"]]
)
def test_a_port_that_is_none(lab: ModuleType, words: list[str]) -> None:
    with pytest.raises(lab.LabError, match="--port needs a number from 1 to 65535"):
        lab.options_of(words)


def test_an_unknown_option_is_named(lab: ModuleType) -> None:
    with pytest.raises(lab.LabError, match="no option '--prot'"):
        lab.options_of(["--prot", "1"])


def test_a_taken_port_is_passed_over_or_refused(
    lab: ModuleType, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    with socket.socket() as taken:
        taken.bind((lab.LOOPBACK, 0))
        taken.listen()
        port = taken.getsockname()[1]
        with pytest.raises(lab.LabError, match=f"Port {port} is taken .* finds a free one"):
            lab.choose_port(port)
        monkeypatch.setattr(lab, "PORT", port)
        assert lab.choose_port() > port
        assert f"port {port} is taken" in capsys.readouterr().out
        monkeypatch.setattr(lab, "PORTS", 1)
        with pytest.raises(lab.LabError, match="all taken"):
            lab.choose_port()


def test_jupyter_stays_on_loopback(lab: ModuleType, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lab.os, "geteuid", lambda: 0, raising=False)
    command = lab.jupyter_command(8888, browser=False)
    assert "--ip=127.0.0.1" in command and "--ServerApp.port_retries=0" in command
    assert "--allow-root" in command and "--no-browser" in command
    assert not any("token" in word or "password" in word for word in command)
    monkeypatch.setattr(lab.os, "geteuid", lambda: 1000, raising=False)
    command = lab.jupyter_command(8888, browser=True)
    assert "--allow-root" not in command and "--no-browser" not in command


def test_settings_are_written_once(
    lab: ModuleType, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(lab, "STATE", str(tmp_path))
    folder = Path(lab.jupyter_settings())
    (path,) = folder.rglob("notification.jupyterlab-settings")
    assert len(list(folder.rglob("*.jupyterlab-settings"))) == len(lab.SETTINGS)
    assert json.loads(path.read_text()) == {"checkForUpdates": False, "fetchNews": "false"}
    path.write_text("{}")
    lab.jupyter_settings()
    assert path.read_text() == "{}", "a learner's own settings are kept"


LONG = 600  # seconds; nothing here waits for a clock, this only ends a test that hangs


class Started:
    """``lab.py --no-browser`` in this environment, and what it prints."""

    def __init__(self, state: Path) -> None:
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = probe.getsockname()[1]
        script = (
            "import sys; sys.path.insert(0, sys.argv[1]); import lab\n"
            "lab.set_up = lambda: None; lab.venv_python = lambda: sys.executable\n"
            "lab.STATE = sys.argv[2]\n"
            "sys.exit(lab.guarded(['--no-browser', '--port', sys.argv[3]]))"
        )
        self.process = subprocess.Popen(
            [sys.executable, "-u", "-c", script, str(PROJECT), str(state), str(self.port)],
            stdout=subprocess.PIPE,
            text=True,
            cwd=PROJECT,
            start_new_session=True,
        )
        self.ceiling = threading.Timer(LONG, self.end)
        self.ceiling.start()

    def end(self) -> None:
        """End it and what it started, whatever state they are in."""
        self.ceiling.cancel()
        if self.process.poll() is None:
            all_ = psutil.Process(self.process.pid).children(recursive=True)
            for one in (*all_, self.process):
                with contextlib.suppress(psutil.NoSuchProcess):
                    one.kill()

    def line(self, pattern: str) -> re.Match[str]:
        """The first line that is like this."""
        assert self.process.stdout is not None
        for line in self.process.stdout:
            if found := re.search(pattern, line):
                return found
        pytest.fail(f"lab.py ended with {self.process.wait()} and never printed {pattern}")

    def listens(self) -> bool:
        with socket.socket() as probe:
            return probe.connect_ex(("127.0.0.1", self.port)) == 0

    def interrupt(self) -> None:
        """Ctrl-C: the terminal sends it to all that was started in it."""
        os.killpg(self.process.pid, signal.SIGINT)


@pytest.fixture
def started(tmp_path: Path) -> Iterator[Started]:
    one = Started(tmp_path)
    yield one
    one.end()


@pytest.mark.slow
def test_the_lab_opens_and_closes(started: Started) -> None:
    """JupyterLab as `lab.py` starts it: token needed, loopback only, closed by Ctrl-C."""
    found = started.line(r"(http://127\.0\.0\.1:\d+)/lab/tree/(\S+)\?token=\w+")
    assert found[2] == "notebooks/00_start_here.ipynb"
    with urllib.request.urlopen(found[0], timeout=LONG) as answer:
        assert answer.status == 200
    with pytest.raises(urllib.error.HTTPError, match="403"):
        urllib.request.urlopen(found[1] + "/api/contents", timeout=LONG)
    started.interrupt()
    started.line("closed; run the same command")
    assert started.process.wait(LONG) == 0 and not started.listens()


@pytest.mark.slow
@pytest.mark.parametrize("when", ["at once", "when it listens"])
def test_ctrl_c_while_the_lab_starts_closes_it(started: Started, when: str) -> None:
    started.line("opening JupyterLab")
    while when == "when it listens" and not started.listens():
        assert started.process.poll() is None
    started.interrupt()
    started.line("closed; run the same command")
    assert started.process.wait(LONG) == 0 and not started.listens()


def test_doctor_before_the_installation(
    lab: ModuleType, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(lab, "check_disk", lambda: None)
    assert lab.main(["doctor"]) == 1
    assert "run 'python3 lab.py' to install it" in capsys.readouterr().out

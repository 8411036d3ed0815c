"""The front door, lab.py; nothing here touches the network."""

from __future__ import annotations

import ast
import contextlib
import errno
import importlib.util
import json
import os
import re
import shutil
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
import websocket

from labkit.base.places import PROJECT

HERE = Path(__file__).parent


def load(path: Path) -> ModuleType:
    spec = importlib.util.spec_from_file_location("lab_under_test", path)
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture
def lab(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    """lab.py as a module, with its installations in a temporary folder."""
    module = load(PROJECT / "lab.py")
    monkeypatch.setattr(module, "VENVS", str(tmp_path / ".venvs"))
    monkeypatch.setattr(module, "LINK", str(tmp_path / ".venv"))
    return module


@pytest.fixture
def settled(lab: ModuleType, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    """The same in a folder of its own, with an installation that really starts.

    It is an empty environment with modules of the right names.
    """
    root = tmp_path / "the lab"
    for name in lab.LOCKS:
        (root / name).parent.mkdir(exist_ok=True)
        (root / name).write_text(name)
    (root / "pyproject.toml").touch()
    (root / "labkit").mkdir()
    (root / "labkit" / "__init__.py").touch()
    for name, place in (("ROOT", ""), ("VENVS", ".venvs"), ("LINK", ".venv"), ("STATE", ".lab")):
        monkeypatch.setattr(lab, name, str(root / place) if place else str(root))
    home = root / ".venvs" / "1-1"
    subprocess.run([sys.executable, "-I", "-m", "venv", "--without-pip", str(home)], check=True)
    (packages,) = [*home.glob("lib/*/site-packages"), *home.glob("Lib/site-packages")]
    (packages / "numpy.py").write_text("float32 = float\n")
    (packages / "jupyterlab.py").touch()
    (packages / "labkit.pth").write_text(f"{root}\n")
    (home / lab.READY).write_text(lab.fingerprint() + "\n")
    return lab


def never(*words: object, **named: object) -> None:
    pytest.fail("this must not be called")


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
    ("version", "kind", "sentence"),
    [
        ((3, 11), "CPython", None),
        ((3, 14), "CPython", None),
        ((3, 15), "CPython", r"This is CPython 3\.15, .* install Python 3\.14 from python\.org"),
        ((3, 11), "PyPy", "This is PyPy"),
    ],
)
def test_a_python_that_is_too_new_is_told_so_before_anything_is_fetched(
    lab: ModuleType, version: tuple[int, int], kind: str, sentence: str | None
) -> None:
    """3.15 passed the checks and failed after the downloads; so did other kinds of Python."""
    if sentence is None:
        lab.check_made_for(version, kind)
        return
    with pytest.raises(lab.LabError, match=sentence):
        lab.check_made_for(version, kind)


def test_all_that_is_said_of_pythons_says_the_same(lab: ModuleType) -> None:
    """The README stopped at 3.13, though there were packages for 3.14."""
    from labkit.app import doctor

    oldest, newest = (".".join(map(str, version)) for version in (lab.OLDEST, lab.NEWEST))
    assert f"Python {oldest} to {newest}" in (PROJECT / "README.md").read_text(encoding="utf-8")
    assert (doctor.OLDEST, doctor.NEWEST) == (lab.OLDEST, lab.NEWEST)
    wanted = (PROJECT / "pyproject.toml").read_text(encoding="utf-8")
    named = re.findall(r"Python :: 3\.(\d+)", wanted)
    assert list(map(int, named)) == list(range(lab.OLDEST[1], lab.NEWEST[1] + 1))
    needed = f"{lab.NEEDED_BYTES[0] / 1e9:.1f} GB of disk"
    assert needed in (PROJECT / "README.md").read_text(encoding="utf-8")


NEW, OLD = (2, 36), (2, 27)


@pytest.mark.parametrize(
    ("system", "machine", "release", "bits64", "libc", "sentence"),
    [
        ("darwin", "x86_64", "15.1", True, None, "no ready-made dlib for Intel Macs"),
        ("darwin", "arm64", "13.6", True, None, "macOS before 14"),
        ("linux", "i686", "", False, NEW, "32-bit"),
        ("win32", "ARM64", "", True, None, "Windows on ARM: install the 64-bit x86 Python"),
        ("freebsd14", "amd64", "", True, None, r"for this computer \(freebsd14 on x86_64\)"),
        ("linux", "riscv64", "", True, NEW, r"for this computer \(linux on riscv64\)"),
        ("linux", "x86_64", "", True, None, "glibc 2.28 or newer"),
        ("linux", "aarch64", "", True, OLD, "glibc 2.28 or newer"),
        ("darwin", "arm64", "14.0", True, None, None),
        ("linux", "x86_64", "", True, NEW, None),
        ("linux", "aarch64", "", True, (2, 28), None),
        ("win32", "AMD64", "", True, None, None),
    ],
)
def test_platforms(
    lab: ModuleType,
    system: str,
    machine: str,
    release: str,
    bits64: bool,
    libc: tuple[int, int] | None,
    sentence: str | None,
) -> None:
    """Where the packages do not exist, nothing is fetched; FreeBSD and Windows on ARM passed."""
    if sentence is None:
        lab.check_platform(system, machine, release, bits64, lambda: libc)
        return
    with pytest.raises(lab.LabError, match=sentence):
        lab.check_platform(system, machine, release, bits64, lambda: libc)


def test_this_computer_can_run_the_lab(lab: ModuleType) -> None:
    lab.check_platform()
    lab.check_made_for()


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
    "is not the one that requirements.lock names": "ERROR: THESE PACKAGES DO NOT MATCH THE HASHES"
    " FROM THE REQUIREMENTS FILE. If you have updated the package versions, please update the"
    " hashes.",
    "failed with exit code 3": "ERROR: something new",
}


@pytest.mark.parametrize("sentence", PIP_SAYS)
def test_what_pip_says_becomes_one_sentence(lab: ModuleType, sentence: str) -> None:
    error = str(lab.explain("Installing requirements.lock", 3, PIP_SAYS[sentence]))
    assert sentence in error
    assert "run this command again" in error or "use Python 3.11" in error
    assert "\n" not in error


# ---- an installation that works is never touched


@pytest.mark.skipif(os.name == "nt", reason="the helper forks")
@pytest.mark.parametrize(
    "start", ["nothing", "earlier", "unfinished", "in .venv", "made, not started again"]
)
def test_ended_at_any_moment_nothing_is_lost(tmp_path: Path, start: str) -> None:
    """lab.py deleted the lab first and built it again afterwards, if it could.

    At whatever moment the set-up is killed, what worked before still works, and the next start ends
    with one installation, whole, and ``.venv`` leading to it.
    """
    helper = [sys.executable, str(HERE / "ended.py"), str(PROJECT / "lab.py"), start, str(tmp_path)]
    ran = subprocess.run(helper, capture_output=True, text=True, check=False)
    assert ran.returncode == 0, ran.stderr
    assert int(ran.stdout) > 20, "it was ended at many moments"


def test_a_failed_installation_leaves_the_earlier_one_in_use(
    settled: ModuleType, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """A new lock, and no network: the packages from before go on serving, and this is said."""
    home = settled.find().folder
    Path(settled.ROOT, "requirements.lock").write_text("another")
    failure = ["ERROR: No matching distribution", "Temporary failure in name resolution"]

    def pretend(command: list[str]) -> tuple[int, str]:
        if "venv" in command:
            os.makedirs(command[-1])
        return int("-r" in command), "\n".join(failure)

    monkeypatch.setattr(settled, "run_and_listen", pretend)
    monkeypatch.setattr(settled, "check_disk", lambda **words: None)
    assert settled.set_up().folder == home
    told = capsys.readouterr().out
    assert "package index could not be reached" in told and "an earlier installation" in told
    with pytest.raises(settled.LabError, match="package index"):
        settled.set_up(settled.LOCKS[1])
    assert settled.find().folder == home, "and tests, which need theirs, remove nothing either"


def test_what_does_not_start_is_not_used(
    settled: ModuleType, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An installation is marked once it was seen to start."""
    Path(settled.ROOT, "requirements.lock").write_text("another")

    def pretend(command: list[str]) -> tuple[int, str]:
        if "venv" in command:
            os.makedirs(command[-1])
        return 0, ""

    monkeypatch.setattr(settled, "run_and_listen", pretend)
    monkeypatch.setattr(settled, "check_disk", lambda **words: None)
    with pytest.raises(settled.LabError, match="do not start: run "):
        settled.install()
    assert [one.folder for one in settled.installations() if one.marks()] == [settled.find().folder]


def test_what_was_cut_short_makes_room_before_the_next(
    settled: ModuleType, monkeypatch: pytest.MonkeyPatch
) -> None:
    """On a small disk there is no room for a half installation beside a whole one."""
    half = Path(settled.VENVS, "2-1")
    half.mkdir()
    Path(settled.VENVS, "going-3-1").mkdir()
    Path(settled.ROOT, "requirements.lock").write_text("another")
    left: list[str] = []

    def look(needed: int) -> None:
        left.extend(p.name for p in Path(settled.VENVS).iterdir() if p.is_dir())
        raise settled.LabError("no room")

    monkeypatch.setattr(settled, "check_disk", look)
    assert settled.set_up().works() and left == ["1-1"]


@pytest.mark.parametrize("where", ["the caller's folder", "the lab's folder", "PYTHONPATH"])
def test_a_file_of_the_readers_does_not_make_the_lab_look_broken(
    settled: ModuleType, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, where: str
) -> None:
    """A numpy.py in the folder that lab.py was called from had the whole lab deleted."""
    folder = tmp_path / "caller"
    folder.mkdir()
    hostile = Path(settled.ROOT) if where == "the lab's folder" else folder
    (hostile / "numpy.py").write_text("raise SystemExit(3)\n")
    monkeypatch.chdir(folder)
    if where == "PYTHONPATH":
        monkeypatch.setenv("PYTHONPATH", str(folder))
    monkeypatch.setattr(settled, "install", never)
    assert settled.set_up().works()
    run = settled.run(settled.find(), ["labkit"], str(folder))
    assert run == 1, "labkit here has no __main__; numpy.py would have ended it with 3"


def test_an_installation_of_another_folder_does_not_count(settled: ModuleType) -> None:
    """A copy of the folder must not run the labkit of the folder that it was copied from."""
    one = settled.find()
    assert one is not None
    shutil.move(Path(settled.ROOT, "labkit"), Path(settled.ROOT, "away"))
    Path(settled.ROOT, "labkit").mkdir()
    (packages,) = Path(one.folder).glob("[lL]ib/**/site-packages")
    (packages / "labkit.pth").unlink()
    shutil.copytree(Path(settled.ROOT, "away"), packages / "labkit")
    assert not one.works()


def test_through_a_link_it_is_the_same_lab(tmp_path: Path) -> None:
    """Opened through a symbolic link, the lab took itself for another one and began anew."""
    link = tmp_path / "link"
    link.symlink_to(PROJECT, target_is_directory=True)
    here, there = load(PROJECT / "lab.py"), load(link / "lab.py")
    assert here.fingerprint() == there.fingerprint() and here.VENVS == there.VENVS


def test_another_python_uses_what_is_there(
    settled: ModuleType, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Started with Python 3.13, lab.py deleted what Python 3.11 had installed and was in use."""
    before = settled.fingerprint()
    monkeypatch.setattr(settled.sys, "version", "3.13.0 (another one)")
    monkeypatch.setattr(settled, "install", never)
    assert settled.fingerprint() == before and settled.set_up().works()


def test_another_lock_or_another_place_is_another_installation(
    settled: ModuleType, monkeypatch: pytest.MonkeyPatch
) -> None:
    learner, tests = (settled.fingerprint(lock) for lock in settled.LOCKS)
    Path(settled.ROOT, "requirements-dev.lock").write_text("changed")
    assert settled.fingerprint() == learner, "learners do not install what only tests need"
    assert settled.fingerprint(settled.LOCKS[1]) != tests
    Path(settled.ROOT, "requirements.lock").write_text("changed")
    assert settled.fingerprint() != learner
    monkeypatch.setattr(settled, "ROOT", str(PROJECT))
    assert settled.fingerprint() != learner
    Path(settled.LINK).unlink(missing_ok=True)


def test_what_was_installed_for_tests_opens_the_lab_too(
    settled: ModuleType, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Who tests and learns has one installation, not two."""
    one = settled.find(settled.fingerprint())
    (Path(one.folder) / settled.READY).write_text(
        "\n".join(settled.fingerprint(lock) for lock in settled.LOCKS)
    )
    monkeypatch.setattr(settled, "install", never)
    assert settled.set_up(settled.LOCKS[1]).folder == settled.set_up().folder == one.folder


COPY = """\
import sys; sys.path.insert(0, sys.argv[1]); import lab
lab.VENVS = sys.argv[2]
with lab.alone():
    print("alone", flush=True)
    sys.stdin.read()
"""


def test_two_copies_do_not_install_at_once(tmp_path: Path) -> None:
    """The second deleted the first's folder in the middle of its installation."""
    words = [sys.executable, "-u", "-c", COPY, str(PROJECT), str(tmp_path / ".venvs")]
    with contextlib.ExitStack() as stack:

        def start() -> subprocess.Popen[str]:
            one = stack.enter_context(
                subprocess.Popen(words, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
            )
            stack.callback(one.kill)
            return one

        first = start()
        assert first.stdout is not None and first.stdout.readline() == "alone\n"
        second = start()
        assert second.stdout is not None
        assert "another copy is installing; waiting" in second.stdout.readline()
        first.kill()  # no chance to tidy up: the system frees the lock
        assert second.stdout.readline() == "alone\n"


@pytest.mark.skipif(os.name == "nt", reason="Windows itself keeps folders of running programs")
def test_an_installation_in_use_is_not_removed(settled: ModuleType) -> None:
    """A JupyterLab that runs keeps its packages, even when the lab.py that started it is gone."""
    one = settled.find()
    wait = [sys.executable, "-c", "input()"]
    program = subprocess.Popen(wait, stdin=subprocess.PIPE, **one.passed_on())
    one.let_go()
    again = settled.installations()[0]
    assert not again.remove() and Path(one.folder, settled.READY).exists()
    program.communicate(b"\n")
    assert again.remove() and not Path(one.folder).exists()


def test_earlier_installations_are_removed_at_the_next_start_not_before(
    settled: ModuleType, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    earlier = settled.find().folder
    settled.installations()[0].let_go()
    newer = Path(settled.VENVS, "2-1")
    shutil.copytree(earlier, newer, symlinks=True)
    monkeypatch.setattr(settled, "install", never)
    for _ in range(2):
        assert Path(settled.set_up().folder) == newer
    assert not Path(earlier).exists() and os.path.samefile(settled.LINK, newer)
    said = capsys.readouterr().out
    assert "removing 1 earlier installation(s) that nobody uses" in said and "removed 1" in said


def test_a_folder_that_the_lab_did_not_make_stays(
    settled: ModuleType, capsys: pytest.CaptureFixture[str]
) -> None:
    """Somebody's own .venv is not the lab's to remove; lab.py needs no .venv to work."""
    Path(settled.LINK).mkdir()
    (Path(settled.LINK) / "mine").touch()
    one = settled.set_up()
    assert one.works() and [p.name for p in Path(settled.LINK).iterdir()] == ["mine"]
    assert f"the lab's Python is {one.python}" in capsys.readouterr().out
    assert not os.path.lexists(settled.LINK + ".new")


def test_the_usual_path_leads_to_the_installation(settled: ModuleType) -> None:
    """README and CONTRIBUTING say `.venv/bin/python`."""
    one = settled.set_up()
    usual = Path(settled.LINK, *Path(one.python).relative_to(one.folder).parts)
    words = [str(usual), "-I", "-c", "import sys, labkit; print(sys.prefix)"]
    ran = subprocess.run(words, capture_output=True, text=True, check=True)
    assert os.path.samefile(ran.stdout.strip(), one.folder)


def test_a_folder_that_cannot_be_written_is_named_and_not_tried_for_ever(
    lab: ModuleType, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """A read-only copy said "run this command again", for ever."""

    def refuse(path: str) -> None:
        raise OSError(errno.EROFS, "Read-only file system", path)

    monkeypatch.setattr(lab.os, "makedirs", refuse)
    monkeypatch.setattr(lab, "run_and_listen", never)
    assert lab.guarded([]) == 1
    told = capsys.readouterr().err
    assert f"{lab.VENVS} cannot be written: put the lab into a folder that is yours" in told
    monkeypatch.setattr(lab, "can_write", lambda folder: False)
    assert lab.guarded(["doctor"]) == 1
    assert "cannot be written: put the lab into a folder that is yours" in capsys.readouterr().err


# ---- surroundings


def test_each_program_computes_on_one_thread_unless_asked(
    lab: ModuleType, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Learners had no thread setting, which the benchmarks had: cells took ten times as long."""
    from labkit.base.threads import VARIABLES

    assert lab.THREADS == VARIABLES
    for name in lab.THREADS:
        monkeypatch.delenv(name, raising=False)
    assert {lab.clean_env()[name] for name in lab.THREADS} == {"1"}
    monkeypatch.setenv("OMP_NUM_THREADS", "2")
    assert lab.clean_env()["OMP_NUM_THREADS"] == "2"


def test_a_home_that_cannot_be_written_is_passed_by(
    lab: ModuleType, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Jupyter ended with a traceback, numba with "cannot cache function"."""
    (tmp_path / "home").mkdir()
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    monkeypatch.setattr(lab, "STATE", str(tmp_path / ".lab"))
    assert not set(lab.ELSEWHERE) & (set(lab.clean_env()) - set(os.environ))
    (tmp_path / "home" / ".local").touch()  # a file: nothing can be put below it
    env = lab.clean_env()
    assert {Path(env[name]).parent for name in lab.ELSEWHERE} == {tmp_path / ".lab"}
    assert not list((tmp_path / "home").iterdir())[1:] and not (tmp_path / ".lab").exists()
    (tmp_path / ".lab").touch()
    spare = Path(lab.clean_env()["JUPYTER_DATA_DIR"]).parent
    assert spare.is_dir() and spare == Path(lab.clean_env()["NUMBA_CACHE_DIR"]).parent
    assert Path(lab.jupyter_settings()).parent == spare


def test_whoever_stops_reading_is_not_shown_an_error() -> None:
    """`lab.py help | head` ended with "[Errno 32] Broken pipe"."""
    read, write = os.pipe()
    os.close(read)
    run = [sys.executable, str(PROJECT / "lab.py"), "help"]
    ran = subprocess.run(run, stdout=write, stderr=subprocess.PIPE, text=True, check=False)
    os.close(write)
    assert (ran.returncode, ran.stderr) == (0, "")


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (["doctor", "extra"], "'doctor' takes no more words: leave 'extra' away"),
        (["--port", "²"], "--port needs a number from 1 to 65535, not '²'"),
        (["--port", "1" * 5000], "--port needs a number"),
        (["install", "--test"], "'install' knows --tests and no more: leave '--test' away"),
    ],
)
def test_odd_words_get_a_sentence(
    lab: ModuleType, capsys: pytest.CaptureFixture[str], words: list[str], sentence: str
) -> None:
    """A superscript 2 was a traceback; 'doctor extra' was "no command 'doctor'"."""
    assert lab.guarded(words) == 1 and sentence in capsys.readouterr().err


@pytest.mark.parametrize("words", [["test", "--help"], ["test", "-h"], ["--help"], ["-h"]])
def test_asking_for_help_installs_nothing(
    lab: ModuleType,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    words: list[str],
) -> None:
    """`lab.py test --help` began the installation."""
    monkeypatch.setattr(lab, "set_up", never)
    assert lab.main(words) == 0 and "--notebook 03" in capsys.readouterr().out


def test_every_command_is_in_the_help(lab: ModuleType) -> None:
    named = set(re.findall(r"python3 lab\.py (\w+)", lab.USAGE))
    assert named == {name for name in lab.COMMANDS if not name.startswith("-")}


def test_the_environment_is_kept_clean(lab: ModuleType, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PYTHONPATH", "/somewhere/else")
    monkeypatch.setenv("PIP_USER", "1")
    monkeypatch.setenv("HTTPS_PROXY", "http://proxy.example:3128")
    monkeypatch.setenv("PIP_FIND_LINKS", "/stick/packages")  # a room without a network
    env = lab.clean_env()
    assert "PYTHONPATH" not in env and "PIP_USER" not in env
    assert env["PIP_FIND_LINKS"] == "/stick/packages"
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

    def run(one: object, arguments: list[str]) -> int:
        ran.append(" ".join(arguments))
        return int(arguments[0] == "mypy")

    locks: list[str] = []
    monkeypatch.setattr(lab, "set_up", locks.append)
    monkeypatch.setattr(lab, "run", run)
    assert lab.main(["test", *words]) == int(bool(linters)), "a linter's complaint is a failure"
    assert [r.startswith(name) for r, name in zip(ran, linters)] == [True] * len(linters)
    assert ran[len(linters) :] == [f"pytest {pytest_words}"]
    assert locks == ["requirements-dev.lock"]
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
    one = lab.Installation("somewhere")
    monkeypatch.setattr(lab, "set_up", lambda: one)
    monkeypatch.setattr(
        lab.subprocess, "call", lambda words, env, cwd: called.append((words, cwd)) or 2
    )
    monkeypatch.chdir(tmp_path)
    words = ["audit", "scores.csv", "--out", "report.html", "--no-browser"]
    assert lab.main(words) == 2, "its exit code is handed on"
    assert called == [([one.python, "-P", "-m", "labkit", *words], str(tmp_path))]


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


@pytest.mark.parametrize(("words", "lock"), [([], 0), (["--tests"], 1)])
def test_installing_opens_nothing(
    lab: ModuleType, monkeypatch: pytest.MonkeyPatch, words: list[str], lock: int
) -> None:
    """A room of computers is prepared the evening before; so is a devcontainer."""
    asked: list[str] = []
    monkeypatch.setattr(lab, "set_up", asked.append)
    monkeypatch.setattr(lab, "open_lab", never)
    assert lab.main(["install", *words]) == 0 and asked == [lab.LOCKS[lock]]


def test_badges_need_no_environment() -> None:
    run = [sys.executable, str(PROJECT / "lab.py"), "badge", "anna/face-lab", "--branch", "b"]
    done = subprocess.run(run, capture_output=True, text=True, check=True, cwd="/")
    assert "mybinder.org/v2/gh/anna/face-lab/b?" in done.stdout and "lab: " in done.stderr


def test_jupyter_stays_on_loopback(lab: ModuleType, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lab.os, "geteuid", lambda: 0, raising=False)
    command = lab.jupyter_command("python", 8888, browser=False)
    assert "--ip=127.0.0.1" in command and "--ServerApp.port_retries=0" in command
    assert "--allow-root" in command and "--no-browser" in command
    assert not any("token" in word or "password" in word for word in command)
    assert f"--MappingKernelManager.cull_idle_timeout={lab.IDLE}" in command
    monkeypatch.setattr(lab.os, "geteuid", lambda: 1000, raising=False)
    command = lab.jupyter_command("python", 8888, browser=True)
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

    def __init__(self, state: Path, **env: str) -> None:
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = probe.getsockname()[1]
        script = (
            "import sys; sys.path.insert(0, sys.argv[1]); import lab\n"
            "one = lab.Installation(sys.argv[2]); one.python = sys.executable\n"
            "lab.set_up = lambda: one\n"
            "lab.STATE = sys.argv[2]\n"
            "sys.exit(lab.guarded(['--no-browser', '--port', sys.argv[3]]))"
        )
        self.process = subprocess.Popen(
            [sys.executable, "-u", "-c", script, str(PROJECT), str(state), str(self.port)],
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            cwd=PROJECT,
            env=os.environ | env,
            start_new_session=True,
        )
        self.printed = ""
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
            self.printed += line
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


ASK = {
    "header": {"msg_id": "1", "msg_type": "execute_request", "version": "5.3", "session": "1"},
    "parent_header": {},
    "metadata": {},
    "channel": "shell",
}
COMPUTES = """\
import json, os, numpy, threadpoolctl, IPython
from labkit.measure.scores import _counting
pools = [pool["num_threads"] for pool in threadpoolctl.threadpool_info()]
print(json.dumps([pools, IPython.paths.get_ipython_dir(), os.environ["NUMBA_CACHE_DIR"]]))
"""


@pytest.mark.slow
def test_a_kernel_without_a_home_computes_on_one_thread_and_frightens_nobody(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """HOME not writable was a traceback; each kernel greeted with "susceptible to eavesdropping".

    What the server and its kernels say to each other is encrypted now.
    """
    (tmp_path / "home").touch()
    for name in load(PROJECT / "lab.py").THREADS:
        monkeypatch.delenv(name, raising=False)
    state = tmp_path / "lab"
    one = Started(state, HOME=str(tmp_path / "home"), PYTHONPATH=str(PROJECT))
    try:
        found = one.line(r"http://(127\.0\.0\.1:\d+)/lab/tree/\S+\?token=(\w+)")
        sent = {"Authorization": f"token {found[2]}"}
        url = f"http://{found[1]}/api/kernels"
        made = urllib.request.Request(url, json.dumps({"name": "python3"}).encode(), sent)
        with urllib.request.urlopen(made, timeout=LONG) as answer:
            kernel = json.load(answer)["id"]
        channel = websocket.create_connection(
            f"ws://{found[1]}/api/kernels/{kernel}/channels", timeout=LONG, header=sent
        )
        channel.send(json.dumps(ASK | {"content": {"code": COMPUTES, "silent": False}}))
        while (said := json.loads(channel.recv()))["msg_type"] not in ("stream", "error"):
            pass
        channel.close()
        assert said["msg_type"] == "stream", said["content"]
        pools, *folders = json.loads(said["content"]["text"])
        assert set(pools) == {1} and {Path(folder).parent for folder in folders} == {state}
        one.interrupt()
        one.line("closed; run the same command")
        assert "Traceback" not in one.printed and "encryption" not in one.printed
    finally:
        one.end()


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


@pytest.mark.parametrize(("words", "code"), [([], 2), (["--help"], 0)])
def test_asking_how_an_audit_goes_installs_nothing(lab, monkeypatch, capsys, words, code):
    monkeypatch.setattr(lab, "find", lambda mark=None: None)
    monkeypatch.setattr(lab, "set_up", lambda *_: pytest.fail("it installs"))
    assert lab.audit(words) == code
    assert "docs/audit.md" in capsys.readouterr().out

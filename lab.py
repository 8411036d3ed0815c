"""Start here: ``python3 lab.py`` opens the lab, ``python3 lab.py test`` runs its tests.

``python3 lab.py doctor`` says whether everything is in place.

In: a computer with Python 3.11 or newer and a network connection, the first time.  Out: a numbered
folder in ``.venvs`` beside this file with the exact versions in ``requirements.lock``, a link
``.venv`` to it, and the command run in it.  Nothing is installed elsewhere.

An installation that works is never touched: a new one is made beside it, in a folder of its own,
and is used once it has been seen to start.  The last thing written into it is the mark that says
so.  Whenever lab.py is ended, the next start finds either the mark, or a folder without one that
nobody uses, which it removes.

Only the standard library is used, and only syntax that an old Python can read: a Python too old to
run the lab must still be able to say so.
"""

from __future__ import print_function

import atexit
import contextlib
import errno
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time

try:
    import fcntl
except ImportError:  # Windows
    fcntl = None

ROOT = os.path.dirname(os.path.realpath(__file__))
VENVS = os.path.join(ROOT, ".venvs")  # installations, in numbered folders
LINK = os.path.join(ROOT, ".venv")  # shows the one in use to people; lab.py does not go through it
LOCKS = ("requirements.lock", "requirements-dev.lock")  # for learners; for tests, which has more
READY = "lab-ready"  # the mark, in an installation that came to its end

OLDEST, NEWEST = (3, 11), (3, 14)  # what the locked packages exist for
# Installed, byte-code included, and room for what pip unpacks: for learners; for tests.
NEEDED_BYTES = (25 * 10**8, 31 * 10**8)
FIRST = "notebooks/00_start_here.ipynb"
LOOPBACK = "127.0.0.1"  # nobody else on the network may reach the notebooks
PORT, PORTS = 8888, 20  # where JupyterLab listens, and how many ports are tried from there
IDLE = 2 * 60 * 60  # seconds after which a notebook that nobody uses gives its memory back
STATE = os.path.join(ROOT, ".lab")  # what the lab writes down beside the notebooks
UPDATE = os.path.join(ROOT, "labkit", "app", "update.py")  # needs no environment
BADGE = os.path.join(ROOT, "labkit", "app", "badge.py")  # likewise
UNFINISHED = os.path.join(STATE, "update", "plan.json")  # an update that was stopped in the middle
# One thread a program, from its first moment; labkit/base/threads.py says why.
THREADS = (
    "OMP_NUM_THREADS",
    "OPENBLAS_NUM_THREADS",
    "MKL_NUM_THREADS",
    "NUMBA_NUM_THREADS",
    "OPENCV_FOR_THREADS_NUM",
)
USAGE = """\
python3 lab.py                 set up the lab and open its notebooks in JupyterLab
        --no-browser           do not open a browser; print the address instead
        --port N               use this port (8888, or the next one that is free)
python3 lab.py test [options]  set up the lab and run its tests; options go to pytest
        --quick                under two minutes: what a change usually breaks
        --notebook 03          under a minute: what belongs to one notebook
python3 lab.py install         set up the lab and stop there, for example before a class
        --tests                with what its tests and the instructors' kit need
python3 lab.py badge OWNER/REPO [--branch NAME] [--hub ADDRESS]
                               links that open your copy on GitHub with one click: Binder, a hub
python3 lab.py update          bring the newest version of the lab; what you did stays yours
python3 lab.py update FILE     the same from an archive (.zip, .tar.gz) or a folder
python3 lab.py audit FILE --out report.html
                               write a report on any matcher; --help says more
python3 lab.py doctor          say what is in place, what is not, and what to do
python3 lab.py help            show these lines"""

# What pip prints on its error channel, and what that means for the person who reads it.
NO_NETWORK = (
    "Failed to establish a new connection",
    "Temporary failure in name resolution",
    "Name or service not known",
    "getaddrinfo failed",
    "nodename nor servname",
    "NewConnectionError",
    "NameResolutionError",
    "ConnectTimeoutError",
    "ReadTimeoutError",
    "Network is unreachable",
    "Cannot connect to proxy",
    "ProxyError",
    "IncompleteRead",
    "Connection aborted",
)
NO_SPACE = ("No space left on device", "Disk quota exceeded", "not enough space on the disk")
OTHER_BYTES = ("DO NOT MATCH THE HASHES", "THESE PACKAGES DO NOT MATCH")
NOT_MADE_FOR = ("No matching distribution found", "is not a supported wheel on this platform")


class LabError(Exception):
    """Something a person can mend; its text is one sentence that says how."""


def show(text):
    """Print at once; when nobody reads any more (``| head``), go on without a word."""
    try:
        print(text)
        sys.stdout.flush()
    except (IOError, OSError) as error:
        if error.errno not in (errno.EPIPE, errno.EINVAL):  # Windows says the second
            raise
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def say(text):
    """Print one line at once, so that it stands before what the next program prints."""
    show("lab: " + text)


# ---- what must be true before anything is installed ---------------------------------------------


def check_python(version=None):
    """Refuse a Python that is too old."""
    version = tuple((version or sys.version_info)[:3])
    if version < OLDEST:
        raise LabError(
            "This is Python %s, and the lab needs Python %d.%d or newer: install one from"
            " python.org and start lab.py with it."
            % ((".".join(str(v) for v in version),) + OLDEST)
        )


def check_made_for(version=None, implementation=None):
    """Refuse a Python for which the locked packages do not exist yet, before they are fetched."""
    import platform

    version = tuple((version or sys.version_info)[:2])
    implementation = implementation or platform.python_implementation()
    if version > NEWEST or implementation != "CPython":
        raise LabError(
            "This is %s %d.%d, and some packages that the lab needs do not exist for it: install"
            " Python %d.%d from python.org and start lab.py with it."
            % ((implementation,) + version + NEWEST)
        )


def glibc():
    """The version of the C library, as (2, 36); ``None`` where it is another one."""
    try:
        number = os.confstr("CS_GNU_LIBC_VERSION").split()[1]
        return tuple(int(part) for part in number.split(".")[:2])
    except (AttributeError, IndexError, ValueError, OSError):
        return None


def check_platform(system=None, machine=None, mac_version=None, bits64=None, libc=glibc):
    """Refuse computers for which no ready-made dlib exists."""
    import platform
    import sysconfig

    system = system or sys.platform
    # On Windows this is the Python's own kind: one for x86 runs on an ARM computer too.
    machine = (machine or sysconfig.get_platform().split("-")[-1]).lower()
    machine = {"amd64": "x86_64", "universal2": platform.machine().lower()}.get(machine, machine)
    if bits64 is None:
        bits64 = sys.maxsize > 2**32
    if not bits64:
        raise LabError(
            "This is a 32-bit Python, and the packages the lab needs exist for 64-bit only:"
            " install the 64-bit Python from python.org."
        )
    if system == "darwin":
        release = mac_version or platform.mac_ver()[0] or "14"
        if machine == "x86_64" or int(release.split(".")[0]) < 14:
            raise LabError(
                "There is no ready-made dlib for Intel Macs or for macOS before 14 (this is macOS"
                " %s on %s): use a newer Mac, a Linux or Windows computer, or open the lab on"
                " Binder (README.md says how)." % (release, machine)
            )
    elif system == "win32":
        if machine != "x86_64":
            raise LabError(
                "There is no ready-made dlib for a Python made for Windows on ARM: install the"
                " 64-bit x86 Python (the 'Windows installer (64-bit)') from python.org, which runs"
                " on this computer too, or open the lab on Binder (README.md says how)."
            )
    elif not system.startswith("linux") or machine not in ("x86_64", "aarch64"):
        raise LabError(
            "There is no ready-made dlib for this computer (%s on %s): use 64-bit Linux on x86 or"
            " ARM, Windows or a Mac, or open the lab on Binder (README.md says how)."
            % (system, machine)
        )
    elif (libc() or (0,)) < (2, 28):
        raise LabError(
            "The packages that the lab needs exist for Linux with glibc 2.28 or newer, which this"
            " is not: use a newer Linux (Alpine has another C library), or open the lab on Binder"
            " (README.md says how)."
        )


def check_venv_module(find_spec=None):
    """Refuse a Python whose ``venv`` or ``ensurepip`` was split off by the distribution."""
    if find_spec is None:
        from importlib.util import find_spec
    for name in ("venv", "ensurepip"):
        if find_spec(name) is None:
            raise LabError(
                "This Python has no module '%s': on Debian or Ubuntu run"
                " 'apt-get install python%d.%d-venv', elsewhere install Python from python.org,"
                " then run this command again." % ((name,) + tuple(sys.version_info[:2]))
            )


def check_disk(folder=ROOT, needed=NEEDED_BYTES[0]):
    """Refuse to begin an installation that cannot end."""
    free = shutil.disk_usage(folder).free
    if free < needed:
        raise LabError(
            "The disk that holds %s has %.1f GB free and the lab needs %.1f GB: make room and run"
            " this command again." % (folder, free / 1e9, needed / 1e9)
        )


# ---- an installation ----------------------------------------------------------------------------


def taken(file, shared=False):
    """Lock an open file, at once or not at all; ``False`` when another program has it locked.

    The system takes the lock away when the program ends, however it ends.  Where a disk has no
    locks, nobody has it locked.
    """
    try:
        if fcntl:
            fcntl.flock(file, (fcntl.LOCK_SH if shared else fcntl.LOCK_EX) | fcntl.LOCK_NB)
        else:
            import msvcrt

            file.seek(0)
            msvcrt.locking(file.fileno(), msvcrt.LK_NBLCK, 1)
    except (IOError, OSError) as error:
        if error.errno in (errno.EAGAIN, errno.EACCES, errno.EWOULDBLOCK, errno.EDEADLK):
            return False
    return True


class Installation(object):
    """One numbered folder of ``.venvs``."""

    def __init__(self, folder):
        self.folder = folder
        self.scripts = os.path.join(folder, "Scripts" if os.name == "nt" else "bin")
        self.python = os.path.join(self.scripts, "python.exe" if os.name == "nt" else "python")
        self._use = None

    def marks(self):
        """The fingerprints of what is in it; none before the installation came to its end."""
        try:
            with open(os.path.join(self.folder, READY)) as file:
                return file.read().split()
        except (IOError, OSError):
            return []

    def works(self):
        """Whether it starts, with the labkit of this folder, whatever lies in the caller's."""
        script = (
            "import os, sys, numpy, jupyterlab, labkit; numpy.float32(1);"
            " sys.exit(not os.path.samefile(os.path.dirname(labkit.__file__), sys.argv[1]))"
        )
        probe = [self.python, "-I", "-c", script, os.path.join(ROOT, "labkit")]
        try:
            code = subprocess.call(probe, env=clean_env(), cwd=ROOT, stderr=subprocess.DEVNULL)
            return code == 0
        except OSError:
            return False

    def hold(self):
        """Keep it from being removed for as long as this program runs, and those it starts."""
        if fcntl and self._use is None:  # Windows keeps folders of running programs by itself
            with contextlib.suppress(IOError, OSError):  # a folder that is read only
                self._use = open(os.path.join(self.folder, "in-use"), "a")  # noqa: SIM115
                taken(self._use, shared=True)

    def let_go(self):
        """Allow it to be removed."""
        if self._use is not None:
            self._use.close()
            self._use = None

    def passed_on(self):
        """What ``subprocess`` needs so that a started program holds it too."""
        return {} if self._use is None else {"pass_fds": (self._use.fileno(),)}

    def remove(self):
        """Remove it unless a program uses it; return whether it is gone.

        It is renamed first, which Windows refuses while a program runs in it: what has a number is
        never half removed.
        """
        gone = os.path.join(VENVS, "going-" + os.path.basename(self.folder))
        shutil.rmtree(gone, ignore_errors=True)
        try:
            with open(os.path.join(self.folder, "in-use"), "a") as use:
                if fcntl and not taken(use):
                    return False
                if fcntl:
                    os.rename(self.folder, gone)
            if not fcntl:  # where an open file would keep its folder
                os.rename(self.folder, gone)
        except (IOError, OSError):
            return False
        shutil.rmtree(gone, ignore_errors=True)
        return True


def installations():
    """All that are in ``.venvs``, the newest first."""
    names = os.listdir(VENVS) if os.path.isdir(VENVS) else []
    numbered = sorted((number_of(name), name) for name in names if number_of(name))
    return [Installation(os.path.join(VENVS, name)) for _, name in reversed(numbered)]


def going():
    """Folders whose removal was cut short."""
    names = os.listdir(VENVS) if os.path.isdir(VENVS) else []
    return [os.path.join(VENVS, name) for name in names if name.startswith("going-")]


def number_of(name):
    """The number of an installation: 3 for ``3-4711``; 0 for what is none."""
    first = name.split("-")[0]
    return int(first) if first.isdigit() else 0


def fingerprint(lock=LOCKS[0]):
    """Name everything that an installation depends on: the locked packages, and where it stands.

    The Python that starts lab.py is no part of it: an installation works with the one that it was
    made with.
    """
    import hashlib

    digest = hashlib.sha256()
    for name in LOCKS[: LOCKS.index(lock) + 1] + ("pyproject.toml",):
        path = os.path.join(ROOT, name)
        if not os.path.exists(path):
            raise LabError(
                "The file %s is missing: fetch the lab again, all of it, and start there." % path
            )
        if name in LOCKS:
            with open(path, "rb") as file:
                digest.update(file.read())
    digest.update(os.path.normcase(ROOT).encode("utf-8", "surrogateescape"))
    return digest.hexdigest()


def find(mark=None):
    """The newest installation with this mark (with any, for ``None``) that works, held; or none."""
    for one in installations():
        marks = one.marks()
        if mark in marks or (marks and mark is None):
            one.hold()
            if one.works():
                return one
            one.let_go()
    return None


def can_write(folder):
    """Whether files can be put into this folder, which may be still to be made."""
    while not os.path.lexists(folder) and os.path.dirname(folder) != folder:
        folder = os.path.dirname(folder)
    return os.path.isdir(folder) and os.access(folder, os.W_OK | os.X_OK)


# Where Jupyter, IPython, numba and Matplotlib write, in the home folder of Linux, macOS, Windows.
AT_HOME = (
    ".local/share/jupyter/runtime",
    ".jupyter",
    ".ipython/profile_default",
    ".cache",
    ".config",
    "Library/Jupyter/runtime",
    "Library/Caches",
    "AppData/Roaming/jupyter/runtime",
)
ELSEWHERE = {
    "JUPYTER_CONFIG_DIR": "jupyter",
    "JUPYTER_DATA_DIR": "jupyter-data",
    "JUPYTER_RUNTIME_DIR": "jupyter-runtime",
    "IPYTHONDIR": "ipython",
    "NUMBA_CACHE_DIR": "numba",
    "MPLCONFIGDIR": "matplotlib",
}


def places():
    """Variables that lead programs to folders that can be written, where those at home cannot."""
    home = os.path.expanduser("~")
    if all(can_write(os.path.join(home, *place.split("/"))) for place in AT_HOME):
        return {}
    return {name: os.path.join(state(), place) for name, place in ELSEWHERE.items()}


def state():
    """``.lab``, or a folder for this start alone where that cannot be written."""
    if not can_write(STATE) and not state.spare:
        state.spare.append(tempfile.mkdtemp(prefix="face-lab-"))
        atexit.register(shutil.rmtree, state.spare[0], ignore_errors=True)
    return state.spare[0] if state.spare else STATE


state.spare = []  # the one that was made, so that a start makes no two


def clean_env():
    """Keep the caller's environment, less what would lead Python or pip out of the new folder."""
    env = dict(os.environ)
    for name in ("PYTHONPATH", "PYTHONHOME", "PIP_USER", "PIP_TARGET", "PIP_PREFIX", "PIP_ROOT"):
        env.pop(name, None)
    env.update(
        PIP_ROOT_USER_ACTION="ignore",
        PIP_DISABLE_PIP_VERSION_CHECK="1",
        PIP_NO_INPUT="1",
        PYTHONNOUSERSITE="1",
        DEEPFACE_BACKEND_ENGINE="onnx",
    )
    for name in THREADS:
        env.setdefault(name, "1")
    env.update(places())
    return env


# ---- making one ---------------------------------------------------------------------------------


def run_and_listen(command):
    """Run a command whose progress is shown; return its exit code and what it said of errors.

    Its ordinary output goes straight to the terminal (pip's progress bar needs one); its error
    channel is shown as well, and kept.
    """
    process = subprocess.Popen(command, env=clean_env(), cwd=ROOT, stderr=subprocess.PIPE)
    heard = []

    def listen():
        for line in process.stderr:
            text = line.decode("utf-8", "replace")
            heard.append(text)
            sys.stderr.write(text)
            sys.stderr.flush()

    thread = threading.Thread(target=listen)
    thread.start()
    try:
        code = process.wait()
    except KeyboardInterrupt:
        process.terminate()
        process.wait()
        raise
    finally:
        thread.join()
    return code, "".join(heard[-400:])


def explain(step, code, heard, needed=NEEDED_BYTES[0]):
    """Turn a failed step into one sentence that says what to do."""
    if any(sign in heard for sign in NO_SPACE):
        return LabError(
            "The disk is full: make %.1f GB of room and run this command again." % (needed / 1e9)
        )
    if any(sign in heard for sign in NO_NETWORK):
        return LabError(
            "The package index could not be reached: connect to the network (or name your proxy in"
            " HTTPS_PROXY) and run this command again; what was fetched is kept."
        )
    if any(sign in heard for sign in OTHER_BYTES):
        return LabError(
            "A package that was fetched is not the one that requirements.lock names (pip says which"
            " above): nothing of it is used; try another network, or fetch the lab again, and run"
            " this command again."
        )
    if any(sign in heard for sign in NOT_MADE_FOR):
        return LabError(
            "A package in requirements.lock does not exist ready-made for this computer (Python"
            " %d.%d on %s; pip names it above): use Python %d.%d to %d.%d on 64-bit Linux with"
            " glibc, Windows, or macOS 14 on Apple silicon."
            % (tuple(sys.version_info[:2]) + (sys.platform,) + OLDEST + NEWEST)
        )
    if "ensurepip" in heard:
        return LabError(
            "Python could not put pip into .venvs: on Debian or Ubuntu run 'apt-get install"
            " python%d.%d-venv', then run this command again." % tuple(sys.version_info[:2])
        )
    return LabError(
        "%s failed with exit code %d: read the lines above, then run this command again, which"
        " starts from a clean folder." % (step, code)
    )


@contextlib.contextmanager
def alone():
    """Wait until no other copy of lab.py is installing, and keep others waiting meanwhile."""
    if not os.path.isdir(VENVS):
        os.makedirs(VENVS)
    with open(os.path.join(VENVS, "installing"), "a") as file:
        told = False
        while not taken(file):
            if not told:
                say("another copy is installing; waiting for it to end (Ctrl-C stops waiting)")
                told = True
            time.sleep(0.2)
        yield


def clear_away():
    """Remove what an installation that was cut short has left; only while :func:`alone`."""
    for folder in going():
        shutil.rmtree(folder, ignore_errors=True)
    for one in installations():
        if not one.marks():
            say("removing an unfinished installation")
            one.remove()


def new_folder():
    """Name the next numbered folder.

    The number of this process is part of its name: if lab.py was killed, a pip that it started may
    still be writing into a folder that was removed, and must never meet a new one.
    """
    last = max([0] + [number_of(os.path.basename(one.folder)) for one in installations()])
    return os.path.join(VENVS, "%d-%d" % (last + 1, os.getpid()))


def install(lock=LOCKS[0]):
    """Make a new installation beside those that are there; return it once it works.

    The mark is written last; pip's cache keeps what was downloaded.
    """
    needed = NEEDED_BYTES[LOCKS.index(lock)]
    marks = [fingerprint(name) for name in LOCKS[: LOCKS.index(lock) + 1]]
    check_made_for()
    check_platform()
    check_venv_module()
    clear_away()
    check_disk(needed=needed)
    one = Installation(new_folder())
    pip = [one.python, "-I", "-m", "pip", "install"]
    own = ["--no-deps", "--no-build-isolation", "--editable", ROOT]
    steps = [
        (
            "Making %s" % os.path.relpath(one.folder, ROOT),
            [sys.executable, "-I", "-m", "venv", one.folder],
        ),
        ("Installing " + lock, pip + ["--require-hashes", "-r", os.path.join(ROOT, lock)]),
        ("Installing labkit", pip + own),
    ]
    begun = time.time()
    for number, (step, command) in enumerate(steps, start=1):
        say("step %d of %d: %s" % (number, len(steps), step))
        code, heard = run_and_listen(command)
        if code != 0:
            raise explain(step, code, heard, needed)
    if not one.works():
        raise LabError(
            "The packages are installed and do not start: run '%s -I -c \"import numpy, jupyterlab,"
            " labkit\"' to see why, then run this command again." % one.python
        )
    settings = os.path.join(one.folder, "etc", "ipython", "ipython_kernel_config.py")
    if not os.path.isdir(os.path.dirname(settings)):
        os.makedirs(os.path.dirname(settings))
    with open(settings, "w") as file:  # a name that is not there yet is explained
        file.write('c.InteractiveShellApp.extensions = ["labkit.base.waking"]\n')
    ready = os.path.join(one.folder, READY)
    with open(ready + ".new", "w") as file:
        file.write("\n".join(marks) + "\n")
    os.replace(ready + ".new", ready)
    one.hold()
    update(["--remember"])  # what was shipped, for later updates
    say("installed in %d s" % (time.time() - begun))
    return one


def point(one):
    """Let ``.venv`` show this installation.

    An installation that an earlier lab.py made there becomes a numbered one.  Anything else that is
    no link stays.
    """
    try:
        shown = os.readlink(LINK)
    except (IOError, OSError):
        shown = None
    if shown and os.path.realpath(LINK) == os.path.realpath(one.folder):
        return
    try:
        if not shown and os.path.exists(os.path.join(LINK, READY)):
            os.rename(LINK, new_folder())
        if os.name == "nt":
            import _winapi

            if shown:
                os.rmdir(LINK)  # the junction, not what it leads to
            _winapi.CreateJunction(one.folder, LINK)
        else:
            with contextlib.suppress(OSError):
                os.unlink(LINK + ".new")
            os.symlink(os.path.relpath(one.folder, ROOT), LINK + ".new")
            os.replace(LINK + ".new", LINK)
    except (ImportError, AttributeError, IOError, OSError):
        with contextlib.suppress(OSError):
            os.unlink(LINK + ".new")
        say(".venv stays as it is; the lab's Python is %s" % one.python)


def set_up(lock=LOCKS[0]):
    """See to it that there is an installation, complete and current; return it.

    Where a new one is needed and cannot be made, a learner goes on with an earlier one that works.
    """
    mark = fingerprint(lock)
    one = find(mark)
    if one is None:
        with alone():
            one = find(mark)  # what another copy has made meanwhile
            if one is None:
                say("setting up (once; about 500 MB to fetch, some minutes); Ctrl-C is safe")
                try:
                    one = install(lock)
                except LabError as error:
                    one = find() if lock == LOCKS[0] else None
                    if one is None:
                        raise
                    say(str(error))
                    say("until then the lab goes on with the packages of an earlier installation")
            point(one)
        return one
    tidy(one)
    return one


def tidy(one):
    """Once a new installation has been started a second time, remove those before it."""
    others = [other for other in installations() if other.folder != one.folder]
    shown = os.path.realpath(LINK) == os.path.realpath(one.folder)
    if shown and not others and not going():
        return
    try:
        with open(os.path.join(VENVS, "installing"), "a") as file:
            if not taken(file):
                return
            point(one)
            if others:
                say("removing %d earlier installation(s) that nobody uses" % len(others))
            gone = [other for other in others if other.remove()]
            for folder in going():
                shutil.rmtree(folder, ignore_errors=True)
    except (IOError, OSError):  # a folder that is read only
        return
    if gone:
        say("removed %d" % len(gone))


# ---- the commands -------------------------------------------------------------------------------


def run(one, arguments, folder=ROOT):
    """Run a program of an installation (``pytest``, ``labkit``, ...) and return its exit code.

    ``-P``: a ``numpy.py`` in the caller's folder is not taken for NumPy.
    """
    say(" ".join(arguments))
    program, rest = arguments[0], list(arguments[1:])
    beside = os.path.join(one.scripts, program)  # one that is no module
    start = [beside] if program == "lint-imports" else [one.python, "-P", "-m", program]
    return subprocess.call(start + rest, env=clean_env(), cwd=folder, **one.passed_on())


LINTERS = (
    ("ruff", "check", "--output-format", "concise", "."),
    ("ruff", "format", "--check", "--output-format", "concise", "."),
    ("mypy",),
    ("lint-imports", "--no-cache", "--no-logo"),  # who may import whom: pyproject.toml
)
OWN = ("tests/notebooks", "tests/lessons", "tests/learning/test_exercises.py")


def test_options(options):
    """Read ``--quick`` and ``--notebook NN``; return (quick, number or None, the rest)."""
    quick, number, rest = False, None, []
    words = list(options)
    while words:
        word = words.pop(0)
        if word == "--quick":
            quick = True
        elif word == "--notebook" or word.startswith("--notebook="):
            number = word[len("--notebook=") :] if "=" in word else (words.pop(0) if words else "")
        else:
            rest.append(word)
    sources = os.path.join(ROOT, "instructors", "source")
    known = sorted(name[:2] for name in os.listdir(sources) if name[:2].isdigit())
    if number is not None and number not in known:
        raise LabError(
            "There is no notebook '%s': give its two digits, one of %s, as in --notebook %s."
            % (number, ", ".join(known), known[-1])
        )
    return quick, number, rest


def test(options):
    """Run the linters and pytest, all of them whatever the first say; pytest's line comes last."""
    if "--help" in options or "-h" in options:
        return show_help()
    quick, number, rest = test_options(options)
    one = set_up(LOCKS[1])
    failed = [] if number else [linter for linter in LINTERS if run(one, linter) != 0]
    if failed:
        names = ", ".join(" ".join(linter[:2]) for linter in failed)
        say("complaints from %s, shown above; the tests run all the same" % names)
    words = [] if any(o.startswith(("-n", "-p", "--pdb")) for o in rest) else ["-n", "auto"]
    left_out = []
    if number:
        words += list(OWN) + ["lessons/nb" + number, "-k", number]
        left_out.append("the linters, and what belongs to no or another notebook")
    if quick:
        words += ["-m", "not slow"]
        left_out.append(
            "tests marked slow: whole notebooks, pages in a browser, renderer, benchmarks"
        )
    code = run(one, ["pytest"] + words + rest)
    if left_out:
        say("left out: %s; 'python3 lab.py test' runs them too" % "; ".join(left_out))
    return code or (1 if failed else 0)


def options_of(arguments):
    """Read ``--no-browser`` and ``--port N``; return (open a browser, port or None)."""
    browser, port = True, None
    rest = list(arguments)
    while rest:
        word = rest.pop(0)
        if word == "--no-browser":
            browser = False
        elif word == "--port" or word.startswith("--port="):
            number = word[len("--port=") :] if "=" in word else (rest.pop(0) if rest else "")
            if not re.match("[0-9]{1,5}$", number) or not 1 <= int(number) <= 65535:
                raise LabError(
                    "--port needs a number from 1 to 65535, not '%s': for example --port 8900."
                    % number
                )
            port = int(number)
        else:
            raise LabError("lab.py knows no option '%s'; it knows:\n%s" % (word, USAGE))
    return browser, port


def is_free(port):
    """Whether a server could listen on this port of the loopback address."""
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as probe:
        if os.name != "nt":  # there the option would let two servers share one port
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        failure = 0
        try:
            probe.bind((LOOPBACK, port))
        except OSError as error:
            failure = error.errno
    if failure == errno.EACCES:
        raise LabError(
            "Port %d may not be used by ordinary programs: give another, for example --port 8900."
            % port
        )
    return not failure


def choose_port(wanted=None):
    """Take the port asked for, or the first free one; refuse in words when there is none."""
    if wanted is not None:
        if is_free(wanted):
            return wanted
        raise LabError(
            "Port %d is taken by another program: leave --port away, and the lab finds a free one."
            % wanted
        )
    for port in range(PORT, PORT + PORTS):
        if is_free(port):
            if port != PORT:
                say("port %d is taken (perhaps by this lab, already open); using %d" % (PORT, port))
            return port
    raise LabError(
        "Ports %d to %d are all taken: close what uses them, or give a free one with --port."
        % (PORT, PORT + PORTS - 1)
    )


SETTINGS = {
    # News and update checks ask the network, and in use the lab needs none.
    "apputils-extension/notification": '{"checkForUpdates": false, "fetchNews": "false"}',
    # A link to the glossary opens it to be read, at the word.
    "docmanager-extension/plugin": '{"defaultViewers": {"markdown": "Markdown Preview"}}',
    # The notebooks are short; leaving out cells that are out of sight only makes pages jump.
    "notebook-extension/tracker": '{"windowingMode": "none"}',
}


def jupyter_settings():
    """Write JupyterLab's settings for this lab, where there are none yet; return the folder.

    The lab has a settings folder of its own, so that nobody's own JupyterLab settings change how
    it listens.
    """
    folder = os.path.join(state(), "jupyter")
    for name, content in SETTINGS.items():
        path = os.path.join(folder, "lab", "user-settings", "@jupyterlab", *name.split("/"))
        path += ".jupyterlab-settings"
        if not os.path.exists(path):
            if not os.path.isdir(os.path.dirname(path)):
                os.makedirs(os.path.dirname(path))
            with open(path, "w") as file:
                file.write(content + "\n")
    return folder


def jupyter_command(python, port, browser):
    """Write out the command that starts JupyterLab, on loopback only."""
    command = [
        python,
        "-P",
        "-m",
        "jupyterlab",
        "--ip=" + LOOPBACK,
        "--port=%d" % port,
        "--ServerApp.port_retries=0",
        "--ServerApp.root_dir=" + ROOT,
        "--LabApp.default_url=/lab/tree/" + FIRST,
        "--ServerApp.answer_yes=True",
        "--ServerApp.log_level=WARN",
        "--MappingKernelManager.cull_idle_timeout=%d" % IDLE,
        "--MappingKernelManager.cull_connected=True",  # a page that nobody looks at
        "--LabApp.extension_manager=readonly",
        "--LabApp.check_for_updates_class=jupyterlab.NeverCheckForUpdate",
        # The kernel's own wish is to encrypt what it and the server say to each other.
        "--KernelManager.transport_encryption=auto",
    ]
    if not browser:
        command.append("--no-browser")
    if hasattr(os, "geteuid") and os.geteuid() == 0:
        command.append("--allow-root")  # a container; the server stays on loopback, with its token
    return command


def announce(process, port, token):
    """Say where the lab is, as soon as it answers, however long that takes."""
    from urllib import error, request

    direct = request.build_opener(request.ProxyHandler({}))  # no proxy knows this address
    while process.poll() is None:
        try:
            direct.open("http://%s:%d/api" % (LOOPBACK, port), timeout=5).close()
        except error.HTTPError:
            pass  # an answer all the same
        except Exception:  # nobody listens yet, or whoever listens does not speak yet
            time.sleep(0.2)
            continue
        say("the lab is open at")
        show("\n    http://%s:%d/lab/tree/%s?token=%s\n" % (LOOPBACK, port, FIRST, token))
        say("to close it, press Ctrl-C here; your notebooks and journal are kept")
        return


def open_lab(arguments):
    """Open JupyterLab on the first notebook and stay until it is closed."""
    browser, wanted = options_of(arguments)
    one = set_up()
    if not os.path.exists(os.path.join(ROOT, FIRST)):
        raise LabError("%s is missing: fetch the lab again, all of it, and start there." % FIRST)
    port = choose_port(wanted)
    import binascii

    token = binascii.hexlify(os.urandom(24)).decode("ascii")
    env = clean_env()
    # The token goes through the environment, which other users cannot read, not the command line.
    env.update(
        JUPYTER_CONFIG_DIR=jupyter_settings(), JUPYTER_TOKEN=token, JUPYTER_PREFER_ENV_PATH="1"
    )
    asked = listen_for_the_end()
    say("opening JupyterLab on %s" % FIRST)
    # In a session of its own, so that Ctrl-C reaches lab.py alone, even while the server starts.
    # (On Windows there is no such thing: there the server gets the same Ctrl-C and closes.)
    process = subprocess.Popen(
        jupyter_command(one.python, port, browser),
        env=env,
        cwd=ROOT,
        start_new_session=os.name != "nt",
        **one.passed_on(),
    )
    teller = threading.Thread(target=announce, args=(process, port, token))
    teller.daemon = True
    teller.start()
    while process.poll() is None and not asked:
        time.sleep(0.1)
    if not asked:
        return process.returncode
    say("closing; Ctrl-C once more ends it at once")
    if os.name != "nt":
        process.terminate()  # the server ends its kernels, then itself
    while process.poll() is None:
        if len(asked) > 1:
            process.kill()
        time.sleep(0.1)
    say("closed; run the same command to go on")
    return 0


def listen_for_the_end():
    """A list that gets one entry for every Ctrl-C and every other wish that the lab close.

    Nothing is interrupted by it: whatever :func:`open_lab` is doing, it comes to where it looks.
    """
    asked = []
    for name in ("SIGINT", "SIGTERM", "SIGHUP"):
        if hasattr(signal, name):
            signal.signal(getattr(signal, name), lambda number, frame: asked.append(number))
    return asked


def doctor(words):
    """Say what is in place; before the installation, say what stands in its way."""
    if words:
        raise LabError("'doctor' takes no more words: leave '%s' away." % " ".join(words))
    one = find(fingerprint())
    if one is not None:
        return run(one, ["labkit", "doctor"])
    check_made_for()
    check_platform()
    check_venv_module()
    if not can_write(VENVS):
        raise LabError(NOT_YOURS % ROOT)
    check_disk()
    if find() is not None:
        say("the lab's packages are those of an earlier version, and work")
    say("this computer can run the lab, but its packages are not installed yet")
    say("run 'python3 lab.py' to install it; that needs a network connection")
    return 1


def audit(words):
    """Write a report on any matcher; files are named from the folder that it is called in."""
    if (not words or words[0] in ("-h", "--help")) and find() is None:
        show(USAGE + "\n\ndocs/audit.md says what FILE may hold, and what can be asked for.")
        return 0 if words else 2
    return run(set_up(), ["labkit", "audit"] + list(words), os.getcwd())


def show_help(words=()):
    """Print what lab.py can do."""
    show(USAGE)
    return 0


def update(words):
    """Bring a new version of the lab; needs no environment, so that it can mend one."""
    return subprocess.call([sys.executable, "-I", UPDATE] + list(words))


def install_only(words):
    """Set up the lab, or with ``--tests`` what its tests need too, and stop there."""
    rest = [word for word in words if word != "--tests"]
    if rest:
        raise LabError("'install' knows --tests and no more: leave '%s' away." % " ".join(rest))
    set_up(LOCKS[1] if words else LOCKS[0])
    say("the lab is set up; run 'python3 lab.py' to open it")
    return 0


def badge(words):
    """Print the links that open a copy on GitHub; needs no environment."""
    return subprocess.call([sys.executable, "-I", BADGE] + list(words))


# A command is a function that takes the words after its name and returns an exit code: one line
# here, and its lines in USAGE.
COMMANDS = {
    "test": test,
    "install": install_only,
    "badge": badge,
    "update": update,
    "audit": audit,
    "doctor": doctor,
    "help": show_help,
    "--help": show_help,
    "-h": show_help,
}


def main(arguments):
    """Carry out one command and return the exit code."""
    check_python()
    if os.path.exists(UNFINISHED) and arguments[:1] != ["update"]:
        update(["--finish"])
    if arguments and arguments[0] in COMMANDS:
        return COMMANDS[arguments[0]](arguments[1:])
    if not arguments or arguments[0].startswith("--"):
        return open_lab(arguments)
    raise LabError("lab.py knows no command '%s'; it knows:\n%s" % (arguments[0], USAGE))


NOT_YOURS = (
    "%s cannot be written: put the lab into a folder that is yours, close programs that use it, and"
    " run this command again there."
)


def guarded(arguments):
    """Run :func:`main`; one sentence instead of a traceback for what a person can mend."""
    try:
        return main(arguments)
    except LabError as error:
        sentence = str(error)
    except KeyboardInterrupt:
        sys.stderr.write("\nlab: stopped; run the same command to go on.\n")
        return 130
    except (IOError, OSError) as error:
        if error.errno in (errno.ENOSPC, getattr(errno, "EDQUOT", -1)):
            sentence = "The disk is full: make room and run this command again."
        elif error.errno in (errno.EACCES, errno.EPERM, errno.EROFS):
            sentence = NOT_YOURS % (error.filename or ROOT)
        else:
            raise
    sys.stderr.write("lab: " + sentence + "\n")
    return 1


if __name__ == "__main__":
    sys.exit(guarded(sys.argv[1:]))

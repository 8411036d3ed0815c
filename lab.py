"""Start here: ``python3 lab.py`` opens the lab, ``python3 lab.py test`` runs its tests.

``python3 lab.py doctor`` says whether everything is in place.

In: a computer with Python 3.11 or newer and a network connection, the first time.  Out: a folder
``.venv`` beside this file with the exact versions in ``requirements.lock``, and the command run in
it.  Nothing is installed elsewhere.  An interrupted installation is repaired by running the same
command again.

Only the standard library is used, and only syntax that an old Python can read: a Python too old to
run the lab must still be able to say so.
"""

from __future__ import print_function

import errno
import os
import shutil
import signal
import socket
import subprocess
import sys
import threading
import time

ROOT = os.path.dirname(os.path.abspath(__file__))
VENV = os.path.join(ROOT, ".venv")
LOCK = os.path.join(ROOT, "requirements.lock")
READY = os.path.join(VENV, "lab-ready")

OLDEST = (3, 11)
NEEDED_BYTES = 28 * 10**8  # about 1.9 GB installed, and room for what pip unpacks
FIRST = "notebooks/00_start_here.ipynb"
LOOPBACK = "127.0.0.1"  # nobody else on the network may reach the notebooks
PORT, PORTS = 8888, 20  # where JupyterLab listens, and how many ports are tried from there
STATE = os.path.join(ROOT, ".lab")  # what the lab writes down beside the notebooks
USAGE = """\
python3 lab.py                 set up the lab and open its notebooks in JupyterLab
        --no-browser           do not open a browser; print the address instead
        --port N               use this port (8888, or the next one that is free)
python3 lab.py test [options]  set up the lab and run its tests; options go to pytest
        --quick                under two minutes: what a change usually breaks
        --notebook 03          under a minute: what belongs to one notebook
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
NOT_MADE_FOR = ("No matching distribution found", "is not a supported wheel on this platform")


class LabError(Exception):
    """Something a person can mend; its text is one sentence that says how."""


def say(text):
    """Print one line at once, so that it stands before what the next program prints."""
    print("lab: " + text)
    sys.stdout.flush()


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


def check_platform(system=None, machine=None, mac_version=None, bits64=None):
    """Refuse computers for which no ready-made dlib exists."""
    import platform

    system = system or sys.platform
    machine = (machine or platform.machine()).lower()
    if bits64 is None:
        bits64 = sys.maxsize > 2**32
    if not bits64:
        raise LabError(
            "This is a 32-bit Python, and the packages the lab needs exist for 64-bit only:"
            " install the 64-bit Python from python.org."
        )
    if system != "darwin":
        return
    release = mac_version or platform.mac_ver()[0] or "14"
    if machine == "x86_64" or int(release.split(".")[0]) < 14:
        raise LabError(
            "There is no ready-made dlib for Intel Macs or for macOS before 14 (this is macOS %s"
            " on %s): use a newer Mac, a Linux or Windows computer, or open the lab on Binder"
            " (README.md says how)." % (release, machine)
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


def check_disk(folder=ROOT, needed=NEEDED_BYTES):
    """Refuse to begin an installation that cannot end."""
    free = shutil.disk_usage(folder).free
    if free < needed:
        raise LabError(
            "The disk that holds %s has %.1f GB free and the lab needs %.1f GB: make room and run"
            " this command again." % (folder, free / 1e9, needed / 1e9)
        )


# ---- the installation ---------------------------------------------------------------------------


def venv_python():
    """Where the environment's Python is, on this kind of system."""
    if os.name == "nt":
        return os.path.join(VENV, "Scripts", "python.exe")
    return os.path.join(VENV, "bin", "python")


def fingerprint():
    """Name everything that the installation depends on."""
    import hashlib

    digest = hashlib.sha256()
    for name in ("requirements.lock", "pyproject.toml"):
        path = os.path.join(ROOT, name)
        if not os.path.exists(path):
            raise LabError(
                "The file %s is missing: fetch the lab again, all of it, and start there." % path
            )
    with open(LOCK, "rb") as file:
        digest.update(file.read())
    digest.update((ROOT + sys.version).encode("utf-8"))
    return digest.hexdigest()


def is_ready(mark):
    """Whether an earlier installation of exactly this came to its end and still starts."""
    try:
        with open(READY) as file:
            if file.read().strip() != mark:
                return False
        probe = [venv_python(), "-c", "import numpy, labkit, jupyterlab; numpy.float32(1)"]
        return subprocess.call(probe, env=clean_env(), stderr=subprocess.DEVNULL) == 0
    except OSError:
        return False


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
    return env


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


def explain(step, code, heard):
    """Turn a failed step into one sentence that says what to do."""
    if any(sign in heard for sign in NO_SPACE):
        return LabError(
            "The disk is full: make %.1f GB of room and run this command again."
            % (NEEDED_BYTES / 1e9)
        )
    if any(sign in heard for sign in NO_NETWORK):
        return LabError(
            "The package index could not be reached: connect to the network (or name your proxy in"
            " HTTPS_PROXY) and run this command again; what was fetched is kept."
        )
    if any(sign in heard for sign in NOT_MADE_FOR):
        return LabError(
            "A package in requirements.lock does not exist ready-made for this computer (Python"
            " %d.%d on %s; pip names it above): use Python 3.11 to 3.13 on 64-bit Linux with glibc,"
            " Windows, or macOS 14 on Apple silicon." % (sys.version_info[:2] + (sys.platform,))
        )
    if "ensurepip" in heard:
        return LabError(
            "Python could not put pip into .venv: on Debian or Ubuntu run 'apt-get install"
            " python%d.%d-venv', then run this command again." % tuple(sys.version_info[:2])
        )
    return LabError(
        "%s failed with exit code %d: read the lines above, then run this command again, which"
        " starts from a clean .venv." % (step, code)
    )


def install(mark):
    """Make ``.venv`` anew and put the locked packages and labkit into it.

    The mark is written last.  Without it the next start makes the folder anew, so that no package
    is left half unpacked; pip's cache keeps what was downloaded.
    """
    check_platform()
    check_venv_module()
    if os.path.isdir(VENV):
        say("removing the unfinished or outdated .venv")
        shutil.rmtree(VENV)
    check_disk()
    python = venv_python()
    pip = [python, "-m", "pip", "install"]
    steps = [
        ("Making .venv", [sys.executable, "-m", "venv", VENV]),
        ("Installing requirements.lock", pip + ["-r", LOCK]),
        ("Installing labkit", pip + ["--no-deps", "--no-build-isolation", "--editable", ROOT]),
    ]
    begun = time.time()
    for number, (step, command) in enumerate(steps, start=1):
        say("step %d of %d: %s" % (number, len(steps), step))
        code, heard = run_and_listen(command)
        if code != 0:
            raise explain(step, code, heard)
    with open(READY + ".new", "w") as file:
        file.write(mark + "\n")
    os.replace(READY + ".new", READY)
    say("installed in %d s" % (time.time() - begun))


def set_up():
    """See to it that the environment is there, complete and current."""
    mark = fingerprint()
    if not is_ready(mark):
        say("setting up (once; about 500 MB to fetch, some minutes); Ctrl-C is safe")
        install(mark)


# ---- the commands -------------------------------------------------------------------------------


def run(arguments, folder=ROOT):
    """Run a program of the environment (``pytest``, ``labkit``, ...) and return its exit code."""
    say(" ".join(arguments))
    program, rest = arguments[0], list(arguments[1:])
    beside = os.path.join(os.path.dirname(venv_python()), program)  # one that is no module
    start = [beside] if program == "lint-imports" else [venv_python(), "-m", program]
    return subprocess.call(start + rest, env=clean_env(), cwd=folder)


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
    quick, number, rest = test_options(options)
    set_up()
    failed = [] if number else [linter for linter in LINTERS if run(linter) != 0]
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
    code = run(["pytest"] + words + rest)
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
            if not number.isdigit() or not 1 <= int(number) <= 65535:
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
    folder = os.path.join(STATE, "jupyter")
    for name, content in SETTINGS.items():
        path = os.path.join(folder, "lab", "user-settings", "@jupyterlab", *name.split("/"))
        path += ".jupyterlab-settings"
        if not os.path.exists(path):
            if not os.path.isdir(os.path.dirname(path)):
                os.makedirs(os.path.dirname(path))
            with open(path, "w") as file:
                file.write(content + "\n")
    return folder


def jupyter_command(port, browser):
    """Write out the command that starts JupyterLab, on loopback only."""
    command = [
        venv_python(), "-m", "jupyterlab", "--ip=" + LOOPBACK, "--port=%d" % port,
        "--ServerApp.port_retries=0", "--ServerApp.root_dir=" + ROOT,
        "--LabApp.default_url=/lab/tree/" + FIRST, "--ServerApp.answer_yes=True",
        "--ServerApp.log_level=WARN", "--LabApp.extension_manager=readonly",
        "--LabApp.check_for_updates_class=jupyterlab.NeverCheckForUpdate",
    ]  # fmt: skip
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
        print("\n    http://%s:%d/lab/tree/%s?token=%s\n" % (LOOPBACK, port, FIRST, token))
        say("to close it, press Ctrl-C here; your notebooks and journal are kept")
        return


def open_lab(arguments):
    """Open JupyterLab on the first notebook and stay until it is closed."""
    browser, wanted = options_of(arguments)
    set_up()
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
        jupyter_command(port, browser), env=env, cwd=ROOT, start_new_session=os.name != "nt"
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
        raise LabError(
            "doctor takes no more words, and here is '%s'; run 'python3 lab.py doctor'." % words[0]
        )
    if is_ready(fingerprint()):
        return run(["labkit", "doctor"])
    check_platform()
    check_venv_module()
    check_disk()
    say("this computer can run the lab, but it is not installed yet (or its .venv is out of date)")
    say("run 'python3 lab.py' to install it; that needs a network connection")
    return 1


def audit(words):
    """Write a report on any matcher; files are named from the folder that it is called in."""
    set_up()
    return run(["labkit", "audit"] + list(words), os.getcwd())


def show_help(words=()):
    """Print what lab.py can do."""
    print(USAGE)
    return 0


# A command is a function that takes the words after its name and returns an exit code: one line
# here, and its lines in USAGE.
COMMANDS = {
    "test": test,
    "audit": audit,
    "doctor": doctor,
    "help": show_help,
    "--help": show_help,
    "-h": show_help,
}


def main(arguments):
    """Carry out one command and return the exit code."""
    check_python()
    if arguments and arguments[0] in COMMANDS:
        return COMMANDS[arguments[0]](arguments[1:])
    if not arguments or arguments[0].startswith("--"):
        return open_lab(arguments)
    raise LabError("lab.py knows no command '%s'; it knows:\n%s" % (arguments[0], USAGE))


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
            sentence = (
                "%s cannot be written: put the lab into a folder that is yours, close programs"
                " that use it, and run this command again." % (error.filename or ROOT)
            )
        else:
            raise
    sys.stderr.write("lab: " + sentence + "\n")
    return 1


if __name__ == "__main__":
    sys.exit(guarded(sys.argv[1:]))

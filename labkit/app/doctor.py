"""Is everything here that the lab needs?  One table, with what to do where something is not.

In: nothing.  Out: a :class:`Report`, shown as a table.  Nothing is installed, changed or sent; no
network is used.
"""

from __future__ import annotations

import argparse
import importlib.util
import os
import re
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from importlib import metadata
from pathlib import Path

from labkit.base.places import PROJECT

OLDEST, NEWEST = (3, 11), (3, 14)  # what the packages of requirements.lock exist for
NEEDED_MEMORY = 450 * 2**20  # bytes; what one notebook may use at its peak
NEEDED_MODELS = (
    "dlib_face_recognition_resnet_model_v1.dat",
    "shape_predictor_5_face_landmarks.dat",
)
GOOD, LOOK, WRONG = "in place", "look here", "not in place"


@dataclass(frozen=True)
class Finding:
    """One thing that was looked at.

    Parameters
    ----------
    check
        What was looked at.
    state
        ``"in place"``, ``"look here"`` (the lab works, something may surprise) or
        ``"not in place"``.
    found
        What was seen.
    advice
        What to do; empty when nothing has to be done.
    """

    check: str
    state: str
    found: str
    advice: str = ""


@dataclass(frozen=True)
class Report:
    """All findings; a notebook shows it as a table.

    Examples
    --------
    >>> report = Report((Finding("Python", GOOD, "3.11.7"),))
    >>> report.ok
    True
    >>> print(report)
    in place      Python    3.11.7
    Everything is in place.
    """

    findings: tuple[Finding, ...]

    @property
    def ok(self) -> bool:
        """Whether nothing is missing."""
        return all(f.state != WRONG for f in self.findings)

    @property
    def verdict(self) -> str:
        """One sentence about all of it."""
        missing = [f.check for f in self.findings if f.state == WRONG]
        if missing:
            return f"Not in place: {', '.join(missing)}. The last column says what to do."
        odd = [f.check for f in self.findings if f.state == LOOK]
        return f"The lab can run; look at: {', '.join(odd)}." if odd else "Everything is in place."

    def __str__(self) -> str:
        width = max((len(f.check) for f in self.findings), default=0)
        lines = []
        for f in self.findings:
            lines.append(f"{f.state:12}  {f.check:{width}}    {f.found}".rstrip())
            if f.advice:
                lines.append(f"{'':12}  {'':{width}}    -> {f.advice}")
        return "\n".join([*lines, self.verdict])

    def __repr__(self) -> str:
        return str(self)

    def _repr_html_(self) -> str:
        from labkit.published.listed import listed

        heads = ["check", "state", "found", "what to do"]
        rows = [[f.check, f.state, f.found, f.advice] for f in self.findings]
        return listed(self.verdict, heads, rows).page


def doctor() -> Report:
    """Look at everything the notebooks need.

    Returns
    -------
    Report
        Displayed as a table by a notebook; ``.ok`` says whether nothing is missing.

    Examples
    --------
    >>> doctor().ok
    True
    """
    looks: tuple[Callable[[], Iterator[Finding]], ...] = (
        _python,
        _packages,
        _models,
        _data,
        _journal,
        _memory,
    )
    findings: list[Finding] = []
    for look in looks:
        try:
            findings.extend(look())
        except Exception as error:  # a doctor who faints helps nobody
            name = look.__name__.strip("_")
            advice = "start the lab again with `python3 lab.py`"
            findings.append(Finding(name, WRONG, f"{type(error).__name__}: {error}", advice))
    return Report(tuple(findings))


def _python() -> Iterator[Finding]:
    have, text = sys.version_info[:2], ".".join(map(str, sys.version_info[:3]))
    if have < OLDEST:
        advice = "install Python 3.11 or newer and start `python3 lab.py` with it"
        yield Finding("Python", WRONG, text, advice)
    elif have > NEWEST:
        known = " to ".join(".".join(map(str, version)) for version in (OLDEST, NEWEST))
        yield Finding("Python", LOOK, text, f"the lab's packages are for {known}")
    else:
        yield Finding("Python", GOOD, text)


def pins(lock: str) -> dict[str, str]:
    r"""Name -> version of the packages in a lock that are meant for this computer.

    Examples
    --------
    >>> pins("numpy==2.4.6 \\\n    --hash=sha256:0\npywin==1 ; sys_platform == 'nowhere'\n")
    {'numpy': '2.4.6'}
    """
    from packaging.requirements import Requirement

    out = {}
    for line in lock.splitlines():
        if not line.strip() or line.lstrip().startswith(("#", "--hash")):
            continue
        wanted = Requirement(line.rstrip(" \\"))
        if wanted.marker is None or wanted.marker.evaluate():
            out[wanted.name] = str(wanted.specifier).removeprefix("==")
    return out


def _packages() -> Iterator[Finding]:
    path = PROJECT / "requirements.lock"
    if not path.is_file():
        yield Finding("packages", LOOK, "no requirements.lock beside labkit", "nothing to compare")
        return
    missing, other = [], []
    wanted = pins(path.read_text(encoding="utf-8"))
    for name, version in wanted.items():
        try:
            have = metadata.version(name)
        except metadata.PackageNotFoundError:
            missing.append(name)
            continue
        if have != version:
            other.append(f"{name} {have} instead of {version}")
    again = "start the lab with `python3 lab.py`, which installs what is in requirements.lock"
    if missing:
        yield Finding("packages", WRONG, f"missing: {_few(missing)}", again)
    elif other:
        yield Finding("packages", LOOK, _few(other), again)
    else:
        yield Finding("packages", GOOD, f"{len(wanted)} packages, as in requirements.lock")


def _few(names: list[str], most: int = 4) -> str:
    more = f" and {len(names) - most} more" if len(names) > most else ""
    return ", ".join(names[:most]) + more


def _models() -> Iterator[Finding]:
    from labkit.base.files import DamagedFile
    from labkit.matchers.weights import again, sound_model

    try:
        size = sum(sound_model(name).stat().st_size for name in NEEDED_MODELS)
    except (FileNotFoundError, DamagedFile) as error:
        yield Finding("matcher", WRONG, str(error), f"run {again()}")
        return
    lost = [name for name in ("dlib", "deepface") if importlib.util.find_spec(name) is None]
    if lost:
        advice = "start the lab with `python3 lab.py`, which installs what is in requirements.lock"
        yield Finding("matcher", WRONG, f"missing: {', '.join(lost)}", advice)
    else:
        found = f"DeepFace {metadata.version('deepface')}, dlib's models ({size / 1e6:.0f} MB)"
        yield Finding("matcher", GOOD, f"{found}, every checksum agrees")


def _data() -> Iterator[Finding]:
    from labkit import data
    from labkit.base.files import DamagedFile
    from labkit.published import record as published

    try:
        count = data.verify() + published.verify()
    except (DamagedFile, FileNotFoundError) as error:
        yield Finding("data", WRONG, str(error), "fetch the lab again, all of it")
        return
    yield Finding("data", GOOD, f"{count} files, every checksum agrees")


def _journal() -> Iterator[Finding]:
    named = os.environ.get("LABKIT_JOURNAL")
    folder = Path(named).expanduser().parent if named else PROJECT / ".lab"
    there = next(p for p in (folder, *folder.absolute().parents) if p.is_dir())
    if os.access(there, os.W_OK):
        yield Finding("journal", GOOD, "your guesses and answers can be kept")
    else:
        advice = "name a file you may write to in LABKIT_JOURNAL, or your answers are not kept"
        yield Finding("journal", LOOK, f"{there} cannot be written to", advice)


def free_memory() -> int | None:
    """Bytes of memory free for use, a container's limit included; ``None`` when unknown."""
    try:
        text = Path("/proc/meminfo").read_text(encoding="ascii")
    except OSError:
        return None
    found = re.search(r"^MemAvailable:\s+(\d+) kB", text, re.MULTILINE)
    free = int(found[1]) * 1024 if found else None
    try:  # a container (Binder) is held to less than the machine has
        limit = int(Path("/sys/fs/cgroup/memory.max").read_text(encoding="ascii"))
        used = int(Path("/sys/fs/cgroup/memory.current").read_text(encoding="ascii"))
    except (OSError, ValueError):
        return free
    return limit - used if free is None else min(free, limit - used)


def _memory() -> Iterator[Finding]:
    free = free_memory()
    if free is None:
        yield Finding("memory", GOOD, "not measured on this kind of computer; 450 MB are needed")
    elif free < NEEDED_MEMORY:
        advice = "close other notebooks and programs: a notebook may need 450 MB"
        yield Finding("memory", LOOK, f"{free / 1e6:.0f} MB free", advice)
    else:
        yield Finding("memory", GOOD, f"{free / 1e6:,.0f} MB free")


def main(args: argparse.Namespace | None = None) -> int:
    """Print the report; 0 when nothing is missing, else 1."""
    report = doctor()
    print(report)
    return 0 if report.ok else 1

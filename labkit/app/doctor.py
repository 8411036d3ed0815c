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
from labkit.base.words import N_, _

OLDEST, NEWEST = (3, 11), (3, 14)  # what the packages of requirements.lock exist for
NEEDED_MEMORY = 450 * 2**20  # bytes; what one notebook may use at its peak
NEEDED_MODELS = (
    "dlib_face_recognition_resnet_model_v1.dat",
    "shape_predictor_5_face_landmarks.dat",
)
GOOD, LOOK, WRONG = N_("in place"), N_("look here"), N_("not in place")
CHECKS = (N_("packages"), N_("matcher"), N_("data"), N_("journal"), N_("memory"))
"""What is looked at beside Python, as the report names it."""

AGAIN = N_("start the lab with `python3 lab.py`, which installs what is in requirements.lock")


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
        missing = [_(f.check) for f in self.findings if f.state == WRONG]
        if missing:
            words = _("Not in place: {names}. The last column says what to do.")
            return words.format(names=", ".join(missing))
        odd = [_(f.check) for f in self.findings if f.state == LOOK]
        if odd:
            return _("The lab can run; look at: {names}.").format(names=", ".join(odd))
        return _("Everything is in place.")

    def __str__(self) -> str:
        width = max((len(_(f.check)) for f in self.findings), default=0)
        lines = []
        for f in self.findings:
            lines.append(f"{_(f.state):12}  {_(f.check):{width}}    {f.found}".rstrip())
            if f.advice:
                lines.append(f"{'':12}  {'':{width}}    -> {f.advice}")
        return "\n".join([*lines, self.verdict])

    def __repr__(self) -> str:
        return str(self)

    def _repr_html_(self) -> str:
        from labkit.published.listed import listed

        heads = [_("check"), _("state"), _("found"), _("what to do")]
        rows = [[_(f.check), _(f.state), f.found, f.advice] for f in self.findings]
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
            advice = _("start the lab again with `python3 lab.py`")
            findings.append(Finding(name, WRONG, f"{type(error).__name__}: {error}", advice))
    return Report(tuple(findings))


def _python() -> Iterator[Finding]:
    have, text = sys.version_info[:2], ".".join(map(str, sys.version_info[:3]))
    if have < OLDEST:
        advice = _("install Python 3.11 or newer and start `python3 lab.py` with it")
        yield Finding("Python", WRONG, text, advice)
    elif have > NEWEST:
        old, new = (".".join(map(str, version)) for version in (OLDEST, NEWEST))
        advice = _("the lab's packages are for {old} to {new}").format(old=old, new=new)
        yield Finding("Python", LOOK, text, advice)
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
        found = _("no requirements.lock beside labkit")
        yield Finding("packages", LOOK, found, _("nothing to compare"))
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
            words = _("{name} {have} instead of {version}")
            other.append(words.format(name=name, have=have, version=version))
    if missing:
        found = _("missing: {names}").format(names=_few(missing))
        yield Finding("packages", WRONG, found, _(AGAIN))
    elif other:
        yield Finding("packages", LOOK, _few(other), _(AGAIN))
    else:
        found = _("{n} packages, as in requirements.lock").format(n=len(wanted))
        yield Finding("packages", GOOD, found)


def _few(names: list[str], most: int = 4) -> str:
    first = ", ".join(names[:most])
    if len(names) <= most:
        return first
    return _("{names} and {n} more").format(names=first, n=len(names) - most)


def _models() -> Iterator[Finding]:
    from labkit.base.files import DamagedFile
    from labkit.matchers.weights import again, sound_model

    try:
        size = sum(sound_model(name).stat().st_size for name in NEEDED_MODELS)
    except (FileNotFoundError, DamagedFile) as error:
        yield Finding("matcher", WRONG, str(error), _("run {command}").format(command=again()))
        return
    lost = [name for name in ("dlib", "deepface") if importlib.util.find_spec(name) is None]
    if lost:
        found = _("missing: {names}").format(names=", ".join(lost))
        yield Finding("matcher", WRONG, found, _(AGAIN))
    else:
        words = _("DeepFace {version}, dlib's models ({size:.0f} MB), every checksum agrees")
        found = words.format(version=metadata.version("deepface"), size=size / 1e6)
        yield Finding("matcher", GOOD, found)


def _data() -> Iterator[Finding]:
    from labkit import data
    from labkit.base.files import DamagedFile
    from labkit.published import record as published

    try:
        count = data.verify() + published.verify()
    except (DamagedFile, FileNotFoundError) as error:
        yield Finding("data", WRONG, str(error), _("fetch the lab again, all of it"))
        return
    found = _("{n} files, every checksum agrees").format(n=count)
    yield Finding("data", GOOD, found)


def _journal() -> Iterator[Finding]:
    named = os.environ.get("LABKIT_JOURNAL")
    folder = Path(named).expanduser().parent if named else PROJECT / ".lab"
    there = next(p for p in (folder, *folder.absolute().parents) if p.is_dir())
    if os.access(there, os.W_OK):
        yield Finding("journal", GOOD, _("your guesses and answers can be kept"))
    else:
        advice = _("name a file you may write to in LABKIT_JOURNAL, or your answers are not kept")
        found = _("{folder} cannot be written to").format(folder=there)
        yield Finding("journal", LOOK, found, advice)


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
        found = _("not measured on this kind of computer; 450 MB are needed")
        yield Finding("memory", GOOD, found)
    elif free < NEEDED_MEMORY:
        advice = _("close other notebooks and programs: a notebook may need 450 MB")
        yield Finding("memory", LOOK, _("{mb:,.0f} MB free").format(mb=free / 1e6), advice)
    else:
        yield Finding("memory", GOOD, _("{mb:,.0f} MB free").format(mb=free / 1e6))


def main(args: argparse.Namespace | None = None) -> int:
    """Print the report; 0 when nothing is missing, else 1."""
    report = doctor()
    print(report)
    return 0 if report.ok else 1

"""The archives of a version: ``python -m labkit release --out DIR``.

In: this copy of the lab as it is committed, and the instructors' kit that ``python -m labkit kit``
makes from it.  Out: two archives and their checksums.

``face-surveillance-lab-VERSION.zip`` is the whole lab, for learners and for ``lab.py update
FILE``.  Nothing is left out of it: whoever has it can run every command of the README, the tests
too, and an update from it brings to every copy the same files that a clone or Binder has.  So the
solutions are in it, as they are there; the lab tells them to whoever asks, and hiding them here
alone would hide nothing.  ``face-surveillance-lab-VERSION-instructors.zip`` is what is made and in
no copy: solutions as pages that were run, slides, handout, cards.

The same commit gives the same bytes of the first on every computer: names in order, the commit's
own time, files as git has them, and nothing compressed, because two versions of zlib compress
differently (most of it is pictures, which are small already).
"""

from __future__ import annotations

import hashlib
import io
import os
import re
import subprocess
import sys
import tarfile
import tempfile
import time
import zipfile
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import NamedTuple

from labkit.app.update import version_of
from labkit.base.files import write_whole

NAME = "face-surveillance-lab"
SUMS = "SHA256SUMS"
EARLIEST = 315_532_800  # 1980, before which a zip knows no time
Say = Callable[[str], None]


class File(NamedTuple):
    """What an archive holds of a file."""

    content: bytes
    runs: bool = False
    """Whether it is a program."""


def _git(root: Path, *words: str) -> bytes:
    try:
        done = subprocess.run(["git", "-C", str(root), *words], capture_output=True, check=False)
    except FileNotFoundError:
        raise ValueError("the program git is not installed: a release is made from it") from None
    if done.returncode:
        why = done.stderr.decode(errors="replace").strip()
        raise ValueError(
            f"{root} is no clone that git can read ({why}): make a release in a clone of the lab"
        )
    return done.stdout


def committed(root: Path) -> tuple[dict[str, File], int]:
    """The files of the newest commit, and its time in seconds since 1970.

    Raises
    ------
    ValueError
        With one sentence, where files were changed since or there is no commit.
    """
    changed = _git(root, "status", "--porcelain", "--untracked-files=no").decode().splitlines()
    if changed:
        raise ValueError(
            f"{len(changed)} files differ from what is committed ({changed[0][3:]} first): commit"
            " them, so that the release can be made again"
        )
    when = int(_git(root, "log", "-1", "--format=%ct"))
    # Line ends as git has them, whatever this computer's are.
    tape = _git(root, "-c", "core.autocrlf=false", "archive", "--format=tar", "HEAD")
    with tarfile.open(fileobj=io.BytesIO(tape)) as archive:
        found = {}
        for item in archive:
            if item.isreg():
                file = archive.extractfile(item)
                assert file is not None
                found[item.name] = File(file.read(), bool(item.mode & 0o100))
    return found, when


def folder_of(path: Path) -> dict[str, File]:
    """The files of a folder."""
    return {
        p.relative_to(path).as_posix(): File(p.read_bytes()) for p in path.rglob("*") if p.is_file()
    }


def packed(files: Mapping[str, File], top: str, when: int) -> bytes:
    """An archive of some files below one folder; the same files give the same bytes.

    Parameters
    ----------
    files
        Name, with ``/``, and what it holds.
    top
        The folder at the top of the archive.
    when
        The time that every file gets, in seconds since 1970.

    Examples
    --------
    >>> one = packed({"b": File(b"2"), "a": File(b"1")}, "lab", 1_800_000_000)
    >>> one == packed({"a": File(b"1"), "b": File(b"2")}, "lab", 1_800_000_000)
    True
    """
    written = io.BytesIO()
    stamp = time.gmtime(max(when, EARLIEST))[:6]
    with zipfile.ZipFile(written, "w", zipfile.ZIP_STORED) as archive:
        for name in sorted(files):
            entry = zipfile.ZipInfo(f"{top}/{name}", stamp)
            entry.create_system = 3  # Unix: else Windows would write another number here
            entry.external_attr = (0o100755 if files[name].runs else 0o100644) << 16
            archive.writestr(entry, files[name].content)
    return written.getvalue()


def make_kit(root: Path, out: Path) -> None:
    """The instructors' kit, by its own command."""
    words = [sys.executable, "-m", "labkit", "kit", "--out", str(out)]
    env = os.environ | {"PYTHONPATH": str(root)}
    if subprocess.run(words, cwd=root, env=env, check=False).returncode:
        raise RuntimeError(
            "the instructors' kit could not be made: run 'python -m labkit kit --out DIR' and mend"
            " what it says; no archive was written"
        )


def release(
    root: Path,
    out: Path,
    kit: Callable[[Path, Path], None] = make_kit,
    say: Say = print,
) -> list[Path]:
    """Write the archives of the version that is committed here, and their checksums.

    Parameters
    ----------
    root
        A clone of the lab without changes.
    out
        The folder to write to.
    kit
        Writes the instructors' kit of ``root`` to a folder.
    say
        Is told what was written.

    Returns
    -------
    list of Path
        The learners' archive, the instructors', and ``SHA256SUMS``.

    Raises
    ------
    ValueError
        With one sentence: changes that are not committed, a version that the changelog does not
        have.
    RuntimeError
        Where the kit could not be made.
    """
    files, when = committed(root)
    version = version_of(root)
    log = files.get("CHANGELOG.md", File(b"")).content.decode()
    if not re.search(rf"^## {re.escape(version)}\b", log, re.MULTILINE):
        raise ValueError(f"CHANGELOG.md has no section '## {version}': say what is new, and commit")
    name = f"{NAME}-{version}"
    with tempfile.TemporaryDirectory() as folder:
        kit(root, Path(folder) / "kit")
        made = folder_of(Path(folder) / "kit")
    archives = {
        f"{name}.zip": packed(files, name, when),
        f"{name}-instructors.zip": packed(made, f"{name}-instructors", when),
    }
    written = []
    for file, content in archives.items():
        write_whole(out / file, content)
        say(f"{out / file}: {len(content) / 1e6:.1f} MB")
        written.append(out / file)
    sums = [f"{hashlib.sha256(archives[file]).hexdigest()}  {file}\n" for file in archives]
    write_whole(out / SUMS, "".join(sums).encode())
    say(f"{out / SUMS}: written")
    return [*written, out / SUMS]

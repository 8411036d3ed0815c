"""Files that are whole or not there at all, and checksums that notice a changed one.

In: bytes and paths.  Out: files.  Everything is written beside its place and then renamed, so that
an interrupted program leaves nothing half-written.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
import shutil
import tempfile
from pathlib import Path

CHECKSUMS = "checksums.txt"
DOCUMENTS = (".md", ".png")  # written about the data, not part of it


class DamagedFile(ValueError):
    """A data file is missing, cut short or changed."""


def write_whole(path: Path, content: bytes) -> None:
    """Write a file so that it is never seen half-written, also after a power cut.

    Raises
    ------
    OSError
        With one sentence, when the place cannot be written to.
    """
    path = Path(path)
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        handle, name = tempfile.mkstemp(prefix=f".{path.name}.", dir=path.parent)
    except OSError as error:
        raise OSError(f"cannot write to {path.parent}: {error.strerror or error}") from None
    try:
        with os.fdopen(handle, "wb") as stream:
            stream.write(content)
            stream.flush()
            os.fsync(stream.fileno())  # else a power cut may leave the new name with nothing in it
        os.chmod(name, 0o644)
        os.replace(name, path)
    except OSError as error:
        with contextlib.suppress(OSError):
            os.unlink(name)
        raise OSError(f"cannot write {path}: {error.strerror or error}") from None
    except BaseException:
        with contextlib.suppress(OSError):
            os.unlink(name)
        raise


def put_folder(part: Path, folder: Path) -> None:
    """Put a finished folder in the place of another, which is kept until the new one stands there.

    Parameters
    ----------
    part
        The finished folder, beside the other one.
    folder
        The place; what was there is gone afterwards.
    """
    old = folder.with_name(f".{folder.name}.old")
    shutil.rmtree(old, ignore_errors=True)
    if folder.is_dir():
        folder.rename(old)
    part.rename(folder)
    shutil.rmtree(old, ignore_errors=True)


def sha256(content: bytes) -> str:
    """Checksum of some bytes, as hexadecimal text."""
    return hashlib.sha256(content).hexdigest()


def write_checksums(folder: Path) -> None:
    """Write ``checksums.txt``, in the form of ``sha256sum``, for a folder; not for documents."""
    lines = []
    for path in sorted(p for p in folder.rglob("*") if p.is_file()):
        if path.name == CHECKSUMS or path.name.startswith(".") or path.suffix in DOCUMENTS:
            continue
        lines.append(f"{sha256(path.read_bytes())}  {path.relative_to(folder).as_posix()}\n")
    write_whole(folder / CHECKSUMS, "".join(lines).encode())


def read_checksums(folder: Path) -> dict[str, str]:
    """Path below the folder -> checksum.

    Raises
    ------
    DamagedFile
        When the list is missing or cannot be read.
    """
    path = folder / CHECKSUMS
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
    except OSError:
        raise DamagedFile(f"{path} is missing: get the data folder again, whole") from None
    out = {}
    for line in lines:
        digest, _, name = line.partition("  ")
        if len(digest) != 64 or not name:
            raise DamagedFile(f"{path} was changed: get the data folder again, whole")
        out[name] = digest
    return out


def checksum_of(folder: Path, name: str, checksums: dict[str, str]) -> str:
    """The checksum that one file was shipped with.

    Raises
    ------
    DamagedFile
        When the file is not in the list.
    """
    if name not in checksums:
        path = folder / name
        raise DamagedFile(f"{path} is not in {folder / CHECKSUMS}: it does not belong to the data")
    return checksums[name]


def read_checked(folder: Path, name: str, checksums: dict[str, str]) -> bytes:
    """The bytes of one file, once they are known to be the ones that were shipped.

    Raises
    ------
    DamagedFile
        When the file is missing, cut short, changed, or not in the list.
    """
    path, expected = folder / name, checksum_of(folder, name, checksums)
    try:
        content = path.read_bytes()
    except OSError:
        raise DamagedFile(f"{path} is missing: get the data folder again, whole") from None
    if sha256(content) != expected:
        raise DamagedFile(f"{path} was changed or cut short: get that file again before using it")
    return content

"""What a command makes from sources: files that say from what they were made.

In: a name, what it rests on, how it is made.  Out: a file that is written whole and ends with a
mark, a checksum of what it rests on.  A command that was stopped goes on where it stopped, and what
is there and rests on the same is kept.  The instructors' kit and the site are made so.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from labkit.base.files import write_whole

CODE = ("*.py", "*.js", "*.css", "*.j2", "*.mo")
MARKS = {".html": ("<!-- ", " -->"), ".js": ("/* ", " */"), ".css": ("/* ", " */")}
"""How a file of each kind says from what it was made; one of another kind says nothing."""

MARK = re.compile(rb"(?:<!--|/\*) made from ([0-9a-f]{64}) (?:-->|\*/)\n\Z")
LONGEST_MARK = 100

Made = str | bytes | Mapping[str, str | bytes]


@dataclass(frozen=True)
class Product:
    r"""One file that a command makes, or one with others beside it.

    Parameters
    ----------
    name
        Its file, as seen from the folder that the command writes to, with ``/``.
    says
        What it is, for a list of all.
    rests_on
        Whatever it is made from, as bytes; a file made from the same is kept.
    make
        Gives what it holds, as text or bytes; or several files by name, this one among them, which
        is then written last.
    needs
        What has to be there before it can be made, for a command that can make many of these at
        once: the site's executed notebooks.

    Examples
    --------
    >>> page = Product("a.html", "A page", b"1", lambda: "<p>one</p>")
    >>> page.content()["a.html"][:26]
    b'<p>one</p>\n<!-- made from '
    """

    name: str
    says: str
    rests_on: bytes
    make: Callable[[], Made]
    needs: tuple[str, ...] = ()

    @property
    def mark(self) -> str:
        """The checksum of what it is made from."""
        return hashlib.sha256(self.rests_on).hexdigest()

    @property
    def says_mark(self) -> bool:
        """Whether a file of its kind can say from what it was made."""
        return PurePosixPath(self.name).suffix in MARKS

    def content(self) -> dict[str, bytes]:
        """What is to be written, by name, the file itself last and with its mark."""
        made = self.make()
        files = dict(made) if isinstance(made, Mapping) else {self.name: made}
        own = _bytes(files.pop(self.name))
        if self.says_mark:
            before, after = MARKS[PurePosixPath(self.name).suffix]
            end = b"" if own.endswith(b"\n") else b"\n"
            own += end + f"{before}made from {self.mark}{after}\n".encode()
        return {name: _bytes(content) for name, content in files.items()} | {self.name: own}

    def is_there(self, folder: Path) -> bool:
        """Whether the file is in the folder and rests on the same; no where it cannot say so."""
        return self.says_mark and mark_of(folder / self.name) == self.mark

    def write(self, folder: Path) -> list[Path]:
        """Make it and write what is new of it; returns the files written."""
        return put(self.content(), folder)


def _bytes(content: str | bytes) -> bytes:
    return content.encode("utf-8") if isinstance(content, str) else content


def put(files: Mapping[str, bytes], folder: Path) -> list[Path]:
    """Write files whole, in their order, but for those that are there already; which were."""
    written = []
    for name, content in files.items():
        path = folder / name
        if not path.is_file() or path.read_bytes() != content:
            write_whole(path, content)
            written.append(path)
    return written


def mark_of(path: Path) -> str:
    """From what a file was made; empty where there is none, or one that was cut short."""
    if not path.is_file():
        return ""
    with path.open("rb") as stream:
        stream.seek(max(0, path.stat().st_size - LONGEST_MARK))
        found = MARK.search(stream.read())
    return found[1].decode() if found else ""


def code_of(project: Path) -> bytes:
    """Checksum of all code, words and data that a page may show something of."""
    made = hashlib.sha256()
    for folder in ("labkit", "lessons"):
        for path in sorted(p for kind in CODE for p in (project / folder).rglob(kind)):
            made.update(path.relative_to(project).as_posix().encode() + path.read_bytes())
    for path in sorted((project / "data").glob("*/checksums.txt")):
        made.update(path.read_bytes())
    return made.digest()

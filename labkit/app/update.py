"""A new version of the lab for a copy that somebody works in: ``python3 lab.py update``.

In: this copy, and the place it was cloned from or an archive of the new version.  Out: the new
version in its place, and one sentence for everything of the learner's that was in the way and where
it is now.  Nothing of theirs is ever overwritten: a notebook that they wrote in or ran is kept in
``notebooks/yours``, a file of the lab that they changed in ``yours/DAY``; their journal and their
own files are not touched.

Started by its path with any Python from 3.8, before anything is installed: only the standard
library is used here, and labkit is not imported.
"""

from __future__ import annotations

import contextlib
import functools
import hashlib
import itertools
import json
import os
import re
import shutil
import stat
import subprocess
import sys
import tarfile
import tempfile
import zipfile
import zlib
from collections.abc import Callable, Iterator, Sequence
from datetime import date
from pathlib import Path, PurePosixPath
from typing import IO, Any, NamedTuple

ROOT = Path(__file__).resolve().parents[2]
YOURS = "yours"
MARK = "lab"
"""Under this name a generated notebook says in its metadata what was generated."""

NEEDED = (
    "lab.py",
    "requirements.lock",
    "pyproject.toml",
    "labkit/__init__.py",
    "labkit/app/update.py",
)
PACKAGES = ("requirements.lock", "pyproject.toml")
# Never brought by an archive and never looked at here: a copy's own state.
STATE = (".git", ".lab", ".venv", ".venvs", YOURS, "build", "dist")
MADE = ("__pycache__", ".ipynb_checkpoints", ".pytest_cache", ".mypy_cache", ".ruff_cache")
LARGEST = 2 * 10**9  # bytes that an archive may hold
MOST = 100_000  # files in it
PIECE = 1 << 20
CODE = ("labkit", "lessons", "tests", "benchmarks", ".ci")  # folders without a learner's own files
GUESSED = "/"  # beside the names in shipped.json: they are what a copy held, not what was shipped
SHOWN = 8  # names in a sentence

SENTENCES = {
    "usage": "say 'python3 lab.py update', or 'python3 lab.py update FILE' with the archive (.zip,"
    " .tar.gz) or the folder of a new version",
    "address": "{path} is an address: download that file first, then give its name",
    "missing": "{path} does not exist: check the name and the folder",
    "itself": "{path} is this copy of the lab: give the archive or the folder of the new version",
    "no archive": "{path} is no archive that can be read here: give a .zip, a .tar.gz or a folder",
    "damaged": "{path} is damaged or cut short: get it again (nothing was changed)",
    "secret": "{path} is locked with a password: get the lab's own archive (nothing was changed)",
    "unsafe": "{path} holds {name!r}, which could be written outside the lab's folder: get the"
    " lab's own archive (nothing was changed)",
    "link": "{path} holds {name!r}, which is a link and no file: get the lab's own archive"
    " (nothing was changed)",
    "twice": "{path} holds {name!r} twice: get the lab's own archive (nothing was changed)",
    "large": "{path} is larger than the lab can be: get the lab's own archive (nothing was"
    " changed)",
    "not whole": "{path} is no whole copy of the lab, {name} is not in it: get it again (nothing"
    " was changed)",
    "older": "{path} holds version {new}, which is older than this copy, version {old}: get a newer"
    " one (nothing was changed)",
    "busy": "another update of this copy is running: wait until it has ended",
    "no git here": "this copy was not made with git, so it cannot look for a new version by itself:"
    " download the new version's archive and run 'python3 lab.py update FILE' with its name",
    "no git": "the program git is not installed: install it, or download the new version's archive"
    " and run 'python3 lab.py update FILE' with its name",
    "refused": "git does not trust this folder, because it belongs to another user: start the"
    " update as the user to whom it belongs, or give the archive of the new version",
    "half": "a {what} in this copy was begun and not ended: end it, or undo it with"
    " 'git {undo} --abort', then update again",
    "locked": "git is at work in this copy, or was stopped in the middle: close other programs that"
    " use it, delete {path} if nothing runs, then update again",
    "detached": "this copy stands at one fixed version and on no branch: choose a branch with"
    " 'git switch main', then update again, or give the archive of the new version",
    "unborn": "this copy has no version yet: clone the lab again, or give the archive of the new"
    " version",
    "no origin": "this copy does not say where it came from (it has no 'origin'): give the archive"
    " of the new version",
    "staged": "changes are prepared for a commit in this copy ({names}): commit them, or take them"
    " back with 'git restore --staged .', then update again; the files stay as they are",
    "no network": "the place this copy came from cannot be reached: connect to the network and"
    " update again, or give the archive of the new version",
    "no access": "the place this copy came from asks for a name and a password: sign in with git"
    " first, or give the archive of the new version",
    "no branch": "the branch {branch} is no longer where this copy came from: choose another with"
    " 'git switch', or give the archive of the new version",
    "no fetch": "the new version could not be fetched from where this copy came from: look at its"
    " address with 'git remote -v', or give the archive of the new version",
    "diverged": "this copy has {count} of its own, and the lab has newer ones: bring them together"
    " with git, or give the archive of the new version, which changes files and no commits",
    "no exchange": "the files could not be exchanged: close programs that use them and update"
    " again; nothing of yours is lost",
    "no room": "the disk is full: make {bytes:.0f} MB of room and update again",
    "cannot write": "{path} cannot be written ({why}): mend that and update again; nothing of yours"
    " is lost",
    "ended": "an update that was stopped in the middle has been ended",
    "cannot end": "an update that was stopped cannot be ended, because what it brought is damaged"
    " or gone: update again with the archive of the new version",
    "current": "this copy is the newest version already",
    "now": "the lab is now version {new}; it was {old}",
    "now same": "the new version is in place ({count} files changed)",
    "kept": "{name}: you worked in it; your version is now {kept}, and the new one is in its place",
    "kept gone": "{name}: you worked in it; your version is now {kept}, and the new version of the"
    " lab has no such file",
    "left": "left as you have them, because the new version does not change them: {names}",
    "set aside": "files of the lab that you changed ({count}) are now in {folder}: {names}",
    "unknown": "nothing in this copy says which files of the lab you changed, so every one that"
    " differs from the new version is kept too",
    "next": "run 'python3 lab.py' to open it; that brings the packages up to date too",
    "next inside": "close notebooks that are open, without saving, and open them again; then choose"
    " Kernel > Restart Kernel and Run All Cells",
    "packages": "the new version needs other packages: close the lab and start it again with"
    " 'python3 lab.py' (on Binder, begin a new session)",
}

UNREACHABLE = (
    "could not resolve",
    "failed to connect",
    "could not connect",
    "connection refused",
    "connection timed out",
    "connection reset",
    "network is unreachable",
    "no route to host",
    "name or service not known",
    "temporary failure",
    "operation too slow",
    "operation timed out",
    "early eof",
    "unexpected disconnect",
    "does not appear to be a git repository",
    "repository not found",
)
NO_ACCESS = (
    "could not read username",
    "could not read password",
    "terminal prompts disabled",
    "authentication failed",
    "permission denied",
    "host key verification failed",
    "returned error: 403",
)


class CannotUpdate(Exception):
    """Something a person can mend; its text is one sentence that says how."""

    def __init__(self, sentence: str, **parts: Any) -> None:
        super().__init__(SENTENCES[sentence].format(**parts))


def say(text: str) -> None:
    """Print one line at once."""
    print("lab: " + text, flush=True)


# ---- whose notebook it is -----------------------------------------------------------------------


def generated_mark(stem: str, cells: Sequence[dict[str, Any]]) -> str:
    """Name of what a notebook says: kinds, texts, tags and attached pictures of its cells.

    JupyterLab's opening and saving changes none of these; writing, adding, taking away and moving
    cells does.  ``stem`` is the name of its file, so that a copy under another name is no generated
    notebook.
    """
    text = json.dumps([stem, [_said(c) for c in cells]], sort_keys=True)
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def _said(cell: dict[str, Any]) -> list[Any]:
    tags = (cell.get("metadata") or {}).get("tags") or []
    return [cell["cell_type"], "".join(cell["source"]), tags, cell.get("attachments") or {}]


def mark_of(content: bytes) -> str:
    """What a notebook says it was generated as; empty when it says nothing."""
    try:
        return str(json.loads(content)["metadata"][MARK]["made"])
    except (ValueError, KeyError, TypeError, RecursionError):
        return ""


def is_theirs(content: bytes, stem: str) -> bool:
    """Whether a notebook holds anything that the lab did not generate: text, cells, or outputs.

    What only JupyterLab adds when it opens and saves a notebook is nothing of theirs.

    Parameters
    ----------
    content
        The bytes of its file.
    stem
        The name of its file, without ``.ipynb``.
    """
    if not content.strip():
        return False
    try:
        book = json.loads(content)
        made = generated_mark(stem, book["cells"])
        ran = any(c.get("outputs") for c in book["cells"])
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        return True
    return ran or made != mark_of(content)


def keep_notebook(path: Path) -> Path:
    """Copy a notebook into ``yours`` beside it, under its name and today's day; returns the copy.

    The same bytes are kept once only.
    """
    return _keep(path, path.parent / YOURS, f"{path.stem} {date.today().isoformat()}", path.stem)


def _keep(path: Path, folder: Path, stem: str, same: str) -> Path:
    """A copy that takes the place of no other; ``same`` begins the names of possible twins."""
    content = path.read_bytes()
    if folder.is_dir():
        for old in sorted(folder.iterdir()):
            alike = old.name.startswith(same) and old.suffix == path.suffix and old.is_file()
            if alike and old.read_bytes() == content:
                return old
    for number in itertools.count(1):
        copy = folder / (stem + (f" ({number})" if number > 1 else "") + path.suffix)
        if not os.path.lexists(copy):
            break
    put(copy, content)
    return copy


def put(path: Path, content: bytes, mode: int = 0o644) -> None:
    """Write a file so that it is never seen half-written, also after a power cut."""
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(prefix=f".{path.name[:40]}.", dir=str(path.parent))
    try:
        with os.fdopen(handle, "wb") as stream:
            stream.write(content)
            stream.flush()
            os.fsync(stream.fileno())
        os.chmod(name, mode)
        os.replace(name, str(path))
    except BaseException:
        with contextlib.suppress(OSError):
            os.unlink(name)
        raise


# ---- a new version from an archive --------------------------------------------------------------


class Member(NamedTuple):
    """A file of an archive: its name in it, its mode, and how to read it."""

    name: str
    mode: int
    open: Callable[[], IO[bytes] | None]


def unpack(path: Path, folder: Path) -> dict[str, int]:
    """Copy the files of an archive or a folder, all or none, to ``folder``; returns their modes.

    Raises
    ------
    CannotUpdate
        With one sentence: what is no archive, damaged, unsafe, too large or no copy of the lab.
    """
    broken = (zipfile.BadZipFile, tarfile.TarError, zlib.error, EOFError, NotImplementedError)
    try:
        modes = _unpack(path, folder)
    except RuntimeError:  # how zipfile says that a file is encrypted
        raise CannotUpdate("secret", path=path) from None
    except broken:
        raise CannotUpdate("damaged", path=path) from None
    except OSError as error:
        if error.errno is None or "lzma" in type(error).__module__:
            raise CannotUpdate("damaged", path=path) from None
        raise
    except Exception as error:
        if type(error).__name__ == "LZMAError":
            raise CannotUpdate("damaged", path=path) from None
        raise
    for name in NEEDED:
        if name not in modes:
            raise CannotUpdate("not whole", path=path, name=name)
    return modes


def _unpack(path: Path, folder: Path) -> dict[str, int]:
    with contextlib.ExitStack() as stack:
        found = []
        seen = set()
        for member in _members(path, stack):
            name = _safe(member.name, path)
            if name.lower() in seen:
                raise CannotUpdate("twice", path=path, name=name)
            seen.add(name.lower())
            found.append(member._replace(name=name))
            if len(found) > MOST:
                raise CannotUpdate("large", path=path)
        # The lab lies at the top, or in the one folder that most archives have there.
        places = [m.name[: -len("lab.py")] for m in found if m.name.split("/")[-1] == "lab.py"]
        prefix = min(places, key=len, default="")
        modes, size = {}, 0
        for member in found:
            name = member.name[len(prefix) :]
            if not member.name.startswith(prefix) or not is_shipped(name):
                continue
            target = folder / name
            target.parent.mkdir(parents=True, exist_ok=True)
            source = member.open()
            if source is None:
                raise CannotUpdate("damaged", path=path)
            with source, open(str(target), "wb") as out:
                for piece in iter(functools.partial(source.read, PIECE), b""):
                    size += len(piece)
                    if size > LARGEST:
                        raise CannotUpdate("large", path=path)
                    out.write(piece)
            modes[name] = 0o755 if member.mode & 0o100 else 0o644
        return modes


def _members(path: Path, stack: contextlib.ExitStack) -> Iterator[Member]:
    """The files of a folder, a zip or a tar; a link or a device among them is refused."""
    if path.is_dir():
        for place, folders, names in os.walk(str(path)):
            below = os.path.relpath(place, str(path))
            folders[:] = [f for f in folders if below != "." or f not in STATE]
            for name in folders + names:
                full = Path(place, name)
                short = full.relative_to(path).as_posix()
                mode = full.lstat().st_mode
                if not is_shipped(short):
                    continue
                if not (stat.S_ISREG(mode) or stat.S_ISDIR(mode)):
                    raise CannotUpdate("link", path=path, name=short)
                if stat.S_ISREG(mode):
                    yield Member(short, mode, functools.partial(_opened, full))
        return
    if not path.is_file():
        raise CannotUpdate("no archive", path=path)
    if zipfile.is_zipfile(str(path)):
        book = stack.enter_context(zipfile.ZipFile(str(path)))
        for info in book.infolist():
            mode = info.external_attr >> 16
            if stat.S_IFMT(mode) not in (0, stat.S_IFREG, stat.S_IFDIR):
                raise CannotUpdate("link", path=path, name=info.filename)
            _safe(info.filename, path)
            if not info.is_dir():
                yield Member(info.filename, mode, functools.partial(book.open, info))
        return
    try:
        tape = tarfile.open(str(path))  # noqa: SIM115 (the stack closes it)
    except tarfile.ReadError:
        with path.open("rb") as file:
            head = file.read(6)
        known = head[:2] in (b"\x1f\x8b", b"BZ", b"PK") or head == b"\xfd7zXZ\0"
        raise CannotUpdate("damaged" if known else "no archive", path=path) from None
    stack.enter_context(tape)
    for item in tape:
        if not (item.isreg() or item.isdir()):
            raise CannotUpdate("link", path=path, name=item.name)
        _safe(item.name, path)
        if item.isreg():
            yield Member(item.name, item.mode, functools.partial(tape.extractfile, item))
    _to_the_end(tape, path)


def _to_the_end(tape: tarfile.TarFile, path: Path) -> None:
    """Refuse a tar whose rest is not the zeros that end one.

    At a header that is damaged or cut off ``tarfile`` stops as if that were the end: the files
    behind it would be missing, and be deleted from the copy.  And only reading to the very end
    makes gzip compare its checksum.
    """
    assert tape.fileobj is not None
    tape.fileobj.seek(tape.offset)
    size = 0
    for piece in iter(functools.partial(tape.fileobj.read, PIECE), b""):
        size += len(piece)
        if size > LARGEST:
            raise CannotUpdate("large", path=path)
        if piece.strip(b"\0"):
            raise CannotUpdate("damaged", path=path)
    if size < tarfile.BLOCKSIZE:
        raise CannotUpdate("damaged", path=path)


def _opened(path: Path) -> IO[bytes]:
    return path.open("rb")


def _safe(name: str, path: Path) -> str:
    """A name as it will be below the lab's folder; refused when it could lead elsewhere."""
    parts = [p for p in name.split("/") if p not in ("", ".")]
    odd = "\\" in name or ":" in name or any(ord(c) < 32 for c in name)
    if name.startswith("/") or odd or ".." in [p.rstrip(" ") for p in parts]:
        raise CannotUpdate("unsafe", path=path, name=name)
    return "/".join(parts)


def is_shipped(name: str) -> bool:
    """Whether a file can be part of a version of the lab, by its name below the lab's folder.

    Examples
    --------
    >>> is_shipped("labkit/data.py"), is_shipped(".git/config"), is_shipped("notebooks/yours/a")
    (True, False, False)
    """
    parts = [p.lower().rstrip(". ") for p in name.split("/")]
    if not parts[0] or parts[0] in STATE or any(p == ".git" or p[:4] == "git~" for p in parts):
        return False
    if any(p in MADE or p.endswith((".egg-info", ".pyc")) for p in parts):
        return False
    return not (YOURS in parts and _is_book_folder(parts))


def _is_book_folder(parts: Sequence[str]) -> bool:
    return parts[0] == "notebooks" or list(parts[:2]) == ["instructors", "solutions"]


def is_book(name: str) -> bool:
    """Whether a file is one of the lab's generated notebooks, by its name."""
    return name.endswith(".ipynb") and _is_book_folder(name.split("/"))


def version_of(folder: Path) -> str:
    """The number of a version, ``"1.2"``; ``"?"`` when the folder does not say."""
    try:
        text = (folder / "labkit" / "__init__.py").read_text(encoding="utf-8")
    except (OSError, ValueError):
        return "?"
    found = re.search(r"^__version__ = \"([^\"]+)\"", text, re.MULTILINE)
    return found.group(1) if found else "?"


def _order(version: str) -> tuple[int, ...]:
    return tuple(int(n) for n in re.findall(r"\d+", version))


# ---- what becomes of each file ------------------------------------------------------------------


class Told:
    """What will be said at the end: what was kept and where, and what was left as it is.

    What was kept is written down at once: when the update is stopped, the next one says it.
    """

    def __init__(self, root: Path) -> None:
        self.root = root
        self.books: list[tuple[str, str, bool]] = []
        self.files: list[tuple[str, str]] = []  # its name, and the folder where it is now
        with contextlib.suppress(OSError, ValueError, KeyError, TypeError):
            read = json.loads(self._unsaid.read_bytes())
            books = [(str(name), str(kept), bool(stays)) for name, kept, stays in read["books"]]
            files = [(str(name), str(folder)) for name, folder in read["files"]]
            self.books, self.files = books, files
        self.left: list[str] = []
        self.unknown = False
        self.changed = 0

    @property
    def aside(self) -> Path:
        """Where files of the lab go that the learner changed."""
        return self.root / YOURS / date.today().isoformat()

    @property
    def _unsaid(self) -> Path:
        return _room(self.root) / "kept.json"

    def keep(self, name: str, stays: bool = True) -> None:
        """Put a copy of a file, or a folder itself, where the learner finds it."""
        path = self.root / name
        aside = self.aside.relative_to(self.root).as_posix()
        if path.is_dir() and not path.is_symlink():
            target = self.aside / name
            while target.exists():
                target = target.with_name(target.name + "-")
            target.parent.mkdir(parents=True, exist_ok=True)
            os.replace(str(path), str(target))
            self.files.append((name, aside))
        elif is_book(name) and path.is_file():
            copy = keep_notebook(path)
            self.books.append((name, copy.relative_to(self.root).as_posix(), stays))
        elif path.is_file():
            target = self.aside / name
            _keep(path, target.parent, target.stem, target.stem)
            self.files.append((name, aside))
        # An update that goes on with one that was stopped meets the same files again.
        self.books, self.files = list(dict.fromkeys(self.books)), list(dict.fromkeys(self.files))
        put(self._unsaid, json.dumps({"books": self.books, "files": self.files}).encode())

    def report(self, old: str, packages: bool) -> None:
        """Say it all."""
        new = version_of(self.root)
        say(SENTENCES["now" if new != old else "now same"].format(
            new=new, old=old, count=self.changed))  # fmt: skip
        self.say_kept()
        if os.environ.get("JPY_PARENT_PID") or os.environ.get("JUPYTERHUB_USER"):
            say(SENTENCES["next inside"])
            if packages:
                say(SENTENCES["packages"])
        else:
            say(SENTENCES["next"])

    def say_kept(self) -> None:
        """Say what is the learner's and where it is, also of an update that was stopped."""
        for name, kept, stays in self.books:
            say(SENTENCES["kept" if stays else "kept gone"].format(name=name, kept=kept))
        if self.left:
            say(SENTENCES["left"].format(names=some_names(self.left)))
        if self.unknown and self.files:
            say(SENTENCES["unknown"])
        for folder in sorted({folder for _, folder in self.files}):
            those = [name for name, place in self.files if place == folder]
            names = some_names(those)
            say(SENTENCES["set aside"].format(count=len(those), folder=folder, names=names))
        with contextlib.suppress(OSError):
            self._unsaid.unlink()


def some_names(names: Sequence[str]) -> str:
    """Names for a sentence: the first few, and how many more there are."""
    more = len(names) - SHOWN
    return ", ".join(sorted(names)[:SHOWN]) + (f" and {more} more" if more > 0 else "")


def _sum(path: Path) -> str | None:
    """Checksum of a file; ``None`` where none is."""
    try:
        return hashlib.sha256(path.read_bytes()).hexdigest()
    except OSError:
        return None


def _room(root: Path) -> Path:
    """Where an update is prepared."""
    return root / ".lab" / "update"


def shipped(root: Path) -> dict[str, str]:
    """File of the version that is here -> checksum, as it was written down; empty if it was not."""
    try:
        read = json.loads((_room(root) / "shipped.json").read_text(encoding="utf-8"))
        return {str(k): str(v) for k, v in read.items()}
    except (OSError, ValueError, AttributeError):
        return {}


def remember(root: Path = ROOT) -> None:
    """Write down what the files of a fresh copy are, so that a later change is known as one.

    Called once, when a copy without git is set up; later calls change nothing.
    """
    if (root / ".git").exists() or shipped(root):
        return
    sums = {}
    for place, folders, names in os.walk(str(root)):
        below = Path(place).relative_to(root)
        folders[:] = [f for f in folders if is_shipped((below / f).as_posix())]
        for name in names:
            short = (below / name).as_posix()
            # A notebook that somebody worked in before is not what was shipped.
            book = is_book(short) and (root / short).read_bytes()
            if is_shipped(short) and not (book and is_theirs(book, Path(name).stem)):
                sums[short] = _sum(root / short) or ""
    put(_room(root) / "shipped.json", json.dumps({**sums, GUESSED: ""}).encode())


def from_archive(root: Path, path: Path) -> None:
    """Bring the version in an archive or a folder to this copy.

    Raises
    ------
    CannotUpdate
        With one sentence; this copy is then as it was.
    """
    if path.resolve() in (root, *root.parents):
        raise CannotUpdate("itself", path=path)
    room = _room(root)
    room.mkdir(parents=True, exist_ok=True)
    new, plan = room / "new", room / "plan.json"
    shutil.rmtree(str(new), ignore_errors=True)
    try:
        modes = unpack(path, new)
        old, coming = version_of(root), version_of(new)
        if _order(coming) < _order(old):
            raise CannotUpdate("older", path=path, new=coming, old=old)
        told = Told(root)
        put_, delete = _decide(root, new, modes, told)
        if not put_ and not delete:
            Told(root).say_kept()  # of an update that was stopped
            say(SENTENCES["current"])
            return
        packages = any(name in put_ for name in PACKAGES)
        size = sum((new / name).stat().st_size for name in put_) * 2 + 10**7
        if shutil.disk_usage(str(root)).free < size:
            raise CannotUpdate("no room", bytes=size / 1e6)
        sums = {name: _sum(new / name) for name in modes}
        before = {name: _sum(root / name) for name in [*put_, *delete]}
        # From here an update that is stopped is ended by the next start, not taken back.
        put(plan, json.dumps({"put": {n: modes[n] for n in put_}, "delete": delete,
                              "before": before, "shipped": sums}).encode())  # fmt: skip
    finally:
        if not plan.exists():
            shutil.rmtree(str(new), ignore_errors=True)
    finish(root, told)
    told.changed = len(put_) + len(delete)
    told.report(old, packages)


def _decide(
    root: Path, new: Path, modes: dict[str, int], told: Told
) -> tuple[list[str], list[str]]:
    """Which files to put and to delete; what is the learner's is kept on the way."""
    known, clean = shipped(root), _clean(root)
    told.unknown = not known and clean is None

    def ours(name: str) -> bool:
        if name in (clean or ()) or known.get(name) == _sum(root / name):
            return True
        if not is_book(name):
            return False
        return not is_theirs((root / name).read_bytes(), PurePosixPath(name).stem)

    put_ = []
    for name in sorted(modes):
        path = root / name
        for parent in PurePosixPath(name).parents:
            if (root / parent).is_file():
                told.keep(str(parent))
                (root / parent).unlink()
        if path.is_dir() and not path.is_symlink():
            told.keep(name)
        if path.is_file():
            if _sum(path) == _sum(new / name):
                continue
            if is_book(name) and not ours(name):
                made = mark_of(path.read_bytes())
                if made and made == mark_of((new / name).read_bytes()):
                    told.left.append(name)
                    continue
            if not ours(name):
                told.keep(name)
        put_.append(name)
    gone = (set(known) | set(clean or ())) - set(modes)
    if told.unknown:  # modules that nobody needs would still be found and run
        gone = {
            p.relative_to(root).as_posix()
            for folder in ("labkit", "lessons", "tests")
            for p in (root / folder).rglob("*.py")
        } - set(modes)
    delete = [n for n in sorted(gone) if is_shipped(n) and (root / n).is_file()]
    for name in delete:
        # What lay here before the first start may be the learner's own, though it is written down.
        code = name.split("/")[0] in CODE
        guessed = GUESSED in known and name not in (clean or ()) and not (code or is_book(name))
        if guessed or not ours(name):
            told.keep(name, stays=False)
    return put_, delete


def _clean(root: Path) -> set[str] | None:
    """Files that git knows to be as they were shipped; ``None`` where there is no git."""
    if not (root / ".git").exists() or not shutil.which("git"):
        return None
    try:
        tracked = _git(root, "ls-files", "-z").split("\0")
        return set(filter(None, tracked)) - _changed(root)
    except GitFailed:
        return None


def finish(root: Path, told: Told | None = None) -> bool:
    """End an update whose files are all there; returns whether there was one.

    What was changed since it was prepared is kept first.
    """
    room = _room(root)
    try:
        plan = json.loads((room / "plan.json").read_bytes())
    except (OSError, ValueError):
        return False
    told = told or Told(root)
    if any(_sum(room / "new" / name) != plan["shipped"][name] for name in plan["put"]):
        (room / "plan.json").unlink()  # as after a power cut: this copy is a mixture until then
        shutil.rmtree(str(room / "new"), ignore_errors=True)
        say(SENTENCES["cannot end"])
        return False
    for name, mode in plan["put"].items():
        content = (room / "new" / name).read_bytes()
        now = _sum(root / name)
        if now not in (None, plan["before"][name], plan["shipped"][name]):
            told.keep(name)
        put(root / name, content, mode)
    for name in plan["delete"]:
        path = root / name
        if path.is_file():
            if _sum(path) != plan["before"][name]:
                told.keep(name, stays=False)
            path.unlink()
            for parent in list(PurePosixPath(name).parents)[:-1]:
                with contextlib.suppress(OSError):
                    (root / parent).rmdir()
    put(room / "shipped.json", json.dumps(plan["shipped"]).encode())
    (room / "plan.json").unlink()
    shutil.rmtree(str(room / "new"), ignore_errors=True)
    return True


# ---- a new version from where the copy was cloned -----------------------------------------------


class GitFailed(Exception):
    """Git ended with a complaint, which is for programs to read."""


def _git(root: Path, *words: str, stdin: str | None = None) -> str:
    """What git says on its ordinary channel; nothing of it reaches the terminal."""
    env = {k: v for k, v in os.environ.items() if not k.startswith("GIT_")}
    env.update(LC_ALL="C", GIT_TERMINAL_PROMPT="0", GIT_LITERAL_PATHSPECS="1")
    env["GIT_SSH_COMMAND"] = os.environ.get("GIT_SSH_COMMAND", "ssh -oBatchMode=yes")
    # No hook of the learner's runs, and a connection that stands still ends.
    own = ("core.hooksPath=" + os.devnull, "http.lowSpeedLimit=100", "http.lowSpeedTime=60")
    command = ["git", "-C", str(root), *itertools.chain(*(("-c", o) for o in own)), *words]
    done = subprocess.run(
        command,
        env=env,
        stdin=None if stdin is not None else subprocess.DEVNULL,
        input=None if stdin is None else stdin.encode("utf-8", "surrogateescape"),
        capture_output=True,
        check=False,
    )
    if done.returncode:
        raise GitFailed(done.stderr.decode("utf-8", "replace").strip())
    return done.stdout.decode("utf-8", "surrogateescape")


def _changed(root: Path) -> set[str]:
    """Tracked files that differ from the version that is here."""
    lines = _git(root, "status", "--porcelain=v1", "-z", "--no-renames", "--untracked-files=no")
    return {line[3:] for line in lines.split("\0") if line}


def _checked(root: Path) -> str:
    """The branch that this copy stands on; everything that stops an update is refused here."""
    if not (root / ".git").exists():
        raise CannotUpdate("no git here")
    if not shutil.which("git"):
        raise CannotUpdate("no git")
    try:
        inner = Path(root, _git(root, "rev-parse", "--git-dir").strip())
    except GitFailed as error:
        raise CannotUpdate("refused" if "dubious" in str(error) else "unborn") from None
    for file, what, undo in (
        ("rebase-merge", "rebase", "rebase"),
        ("rebase-apply", "rebase", "rebase"),
        ("MERGE_HEAD", "merge", "merge"),
        ("CHERRY_PICK_HEAD", "cherry-pick", "cherry-pick"),
        ("REVERT_HEAD", "revert", "revert"),
    ):
        if (inner / file).exists():
            raise CannotUpdate("half", what=what, undo=undo)
    if (inner / "index.lock").exists():
        raise CannotUpdate("locked", path=inner / "index.lock")
    try:
        branch = _git(root, "symbolic-ref", "--short", "HEAD").strip()
    except GitFailed:
        raise CannotUpdate("detached") from None
    try:
        staged = _git(root, "diff", "--cached", "--name-only", "-z", "HEAD").split("\0")
    except GitFailed:
        raise CannotUpdate("unborn") from None
    if any(staged):
        raise CannotUpdate("staged", names=some_names([s for s in staged if s]))
    return branch


def _fetched(root: Path, branch: str) -> str:
    """The newest version of the branch, fetched from where this copy came from."""

    def setting(name: str, default: str) -> str:
        try:
            return _git(root, "config", f"branch.{branch}.{name}").strip()
        except GitFailed:
            return default

    remote, there = setting("remote", "origin"), setting("merge", f"refs/heads/{branch}")
    if remote not in _git(root, "remote").split():
        raise CannotUpdate("no origin")
    try:
        _git(root, "fetch", "--quiet", "--no-tags", remote, there)
    except GitFailed as error:
        why = str(error).lower()
        if "couldn't find remote ref" in why:
            raise CannotUpdate("no branch", branch=branch) from None
        if any(sign in why for sign in NO_ACCESS):
            raise CannotUpdate("no access") from None
        reason = "no network" if any(sign in why for sign in UNREACHABLE) else "no fetch"
        raise CannotUpdate(reason) from None
    return _git(root, "rev-parse", "FETCH_HEAD").strip()


def _behind(root: Path, one: str, other: str) -> int:
    return int(_git(root, "rev-list", "--count", f"{one}..{other}"))


def from_origin(root: Path) -> None:
    """Bring the newest version to a clone, from where it came.

    Raises
    ------
    CannotUpdate
        With one sentence; this copy is then as it was.
    """
    new = _fetched(root, _checked(root))
    newer, own = _behind(root, "HEAD", new), _behind(root, new, "HEAD")
    if not newer:
        Told(root).say_kept()
        say(SENTENCES["current"])
        return
    if own:
        raise CannotUpdate("diverged", count="1 commit" if own == 1 else f"{own} commits")
    held = set(_git(root, "ls-tree", "-r", "--name-only", "-z", new).split("\0"))
    for name in NEEDED:
        if name not in held:
            raise CannotUpdate("not whole", path="what was fetched", name=name)
    old, told = version_of(root), Told(root)
    rows = _git(root, "diff", "--name-status", "--no-renames", "-z", "HEAD", new).split("\0")
    coming = dict(zip(rows[1::2], rows[0::2]))
    known, restore = shipped(root), []

    def same(name: str) -> bool:
        try:
            there = _git(root, "rev-parse", f"{new}:{name}").strip()
            return _git(root, "hash-object", "--", name).strip() == there
        except GitFailed:
            return False

    def theirs(name: str) -> bool:
        path = root / name
        if not path.is_file():
            return path.is_dir()
        if is_book(name):
            return is_theirs(path.read_bytes(), path.stem)
        return known.get(name) != _sum(path) and not same(name)

    for name in sorted(_changed(root)):
        if is_book(name) and name not in coming and (root / name).is_file():
            if theirs(name):
                told.left.append(name)
            continue
        if theirs(name):
            told.keep(name, stays=name in held)
        restore.append(name)
    for name, what in coming.items():
        if what != "A":
            continue
        for place in (*(str(p) for p in list(PurePosixPath(name).parents)[:-1]), name):
            path = root / place
            if path.is_file() and (place == name or place not in held):
                if theirs(place):
                    told.keep(place)
                path.unlink()
        if (root / name).is_dir():
            told.keep(name)
    try:
        if restore:
            words = ("checkout", "--quiet", "HEAD", "--pathspec-from-file=-", "--pathspec-file-nul")
            _git(root, *words, stdin="\0".join(restore))
        _git(root, "merge", "--ff-only", "--quiet", new)
    except GitFailed:
        raise CannotUpdate("no exchange") from None
    with contextlib.suppress(OSError):
        (_room(root) / "shipped.json").unlink()  # from here git knows again
    told.changed = len(coming)
    told.report(old, any(name in coming for name in PACKAGES))


# ---- the command --------------------------------------------------------------------------------


@contextlib.contextmanager
def _alone(root: Path) -> Iterator[None]:
    """Only one update of a copy at a time; the system frees the lock of one that was killed."""
    _room(root).mkdir(parents=True, exist_ok=True)
    with open(str(_room(root) / "lock"), "ab") as file:
        try:
            if os.name == "nt":
                import msvcrt

                msvcrt.locking(file.fileno(), msvcrt.LK_NBLCK, 1)  # type: ignore[attr-defined]
            else:
                import fcntl

                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise CannotUpdate("busy") from None
        except OSError:
            if os.name == "nt":
                raise CannotUpdate("busy") from None
        yield


def update(words: Sequence[str], root: Path = ROOT) -> None:
    """Carry out ``update``, ``update FILE``, or what :mod:`lab` asks for by itself.

    Raises
    ------
    CannotUpdate
        With one sentence that says what to do.
    """
    if list(words) == ["--remember"]:
        remember(root)
        return
    if len(words) > 1 or any(w.startswith("-") and w != "--finish" for w in words):
        raise CannotUpdate("usage")
    given = None
    if words and words[0] != "--finish":
        if re.match(r"[a-zA-Z][a-zA-Z0-9+.-]+://", words[0]):
            raise CannotUpdate("address", path=words[0])
        given = Path(words[0]).expanduser()
        if not given.exists():
            raise CannotUpdate("missing", path=words[0])
    with _alone(root):
        told = Told(root)
        if finish(root, told):
            say(SENTENCES["ended"])
            told.report(version_of(root), packages=True)
        if given:
            from_archive(root, given.resolve())
        elif not words:
            from_origin(root)


def main(words: Sequence[str], root: Path = ROOT) -> int:
    """Run one update; 0 when it worked, 1 with one sentence when it did not."""
    try:
        update(words, root)
        return 0
    except CannotUpdate as error:
        sentence = str(error)
    except GitFailed:
        sentence = SENTENCES["no fetch"]
    except KeyboardInterrupt:
        sentence = "stopped; run the same command to go on, nothing of yours is lost"
    except OSError as error:
        parts = {"path": error.filename or root, "why": error.strerror or error}
        sentence = SENTENCES["cannot write"].format(**parts)
    print("lab: " + sentence, file=sys.stderr, flush=True)
    return 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

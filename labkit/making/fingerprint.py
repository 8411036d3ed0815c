"""A short name for the code that decides every stored byte, so that a change of it is noticed.

In: the package's own sources.  Out: sixteen hexadecimal digits.  Read are all files below
``people/`` but those in :data:`APART`, and those named in :data:`ALSO`, as syntax trees: comments,
docstrings, layout and the folder a file lies in do not count, a constant does.  Versions of the
libraries that decide bytes are part of the name.

``data/fingerprint.json`` says which code made the data.  A change that draws nothing differently (a
function moved to another file, say) changes the name all the same; ``python -m labkit make
--accept`` (:func:`labkit.making.remake.accept`) then draws people of every set again and writes the
new name down only if every byte, template and table row is what is stored.
"""

from __future__ import annotations

import ast
import functools
import hashlib
import json
from collections.abc import Iterable, Iterator
from importlib.metadata import version
from pathlib import Path

from labkit.base.files import write_whole
from labkit.data import data_folder

PACKAGE = Path(__file__).resolve().parents[1]
ALSO = (
    "base/codec.py",
    "matchers/align.py",
    "making/plans.py",
    "making/studio.py",
    "making/rows.py",
    "making/basis.py",
    "making/store.py",
)
"""What touches a stored byte outside ``people/``: coding, finding and cropping, plans, tables."""
APART = ("people/photo/crowd.py", "people/photo/crowd_camera.py")
"""What lies below ``people/`` and touches no byte of a set: the pictures of crowds.  They are drawn
with the renderer and the renderer does not know of them; a test holds that nothing that draws a set
imports them.  ``data/street``, which they are in, is named by its own maker."""
LIBRARIES = ("numpy", "opencv-contrib-python-headless", "dlib-bin", "face-recognition-models")
RECORD = "fingerprint.json"
PASSED_OVER = {"ctx", "kind", "type_comment", "type_params", "type_ignores"}


@functools.lru_cache(maxsize=1)
def fingerprint() -> str:
    """The name of the code that is installed, with the libraries that are installed.

    Examples
    --------
    >>> len(fingerprint())
    16
    """
    return name_of(PACKAGE, [f"{name} {version(name)}" for name in LIBRARIES])


def name_of(package: Path, libraries: Iterable[str] = ()) -> str:
    """The name of the code below a folder.

    Parameters
    ----------
    package
        A folder like ``labkit/``.
    libraries
        Names with versions, part of the name.

    Raises
    ------
    FileNotFoundError
        When one of the files that decide bytes is not there.
    """
    trees = filter(None, (tree(path, package) for path in files(package)))
    names = sorted(hashlib.sha256(text.encode()).hexdigest() for text in trees)
    return hashlib.sha256("\n".join([*names, *libraries]).encode()).hexdigest()[:16]


def files(package: Path) -> list[Path]:
    """The files that decide a stored byte.

    Raises
    ------
    FileNotFoundError
        When one of them is not there.
    """
    apart = {package / name for name in APART}
    below = sorted(set((package / "people").rglob("*.py")) - apart)
    found = below + [package / name for name in ALSO]
    lost = [path for path in found if not path.is_file()]
    if lost or not (package / "people").is_dir():
        raise FileNotFoundError(
            f"{lost[0] if lost else package / 'people'} decides stored bytes and is not there: if"
            " it was moved, say so in labkit/making/fingerprint.py"
        )
    return found


def tree(path: Path, package: Path) -> str:
    """What a file does, as text: its syntax tree without docstrings, imports of labkit by name.

    Imports that only a type checker sees do not count; a file that does nothing gives no text.
    """
    module = ast.parse(path.read_text(encoding="utf-8"))
    imports: set[str] = set()
    body = "".join(_dump(node, package, imports) for node in _statements(module))
    return "\n".join([*sorted(imports), *filter(None, [body])])


def _statements(node: ast.AST) -> list[ast.stmt]:
    """The statements of a module, class or function without its docstring."""
    body: list[ast.stmt] = node.body  # type: ignore[attr-defined]
    first = body[0] if body else None
    if isinstance(first, ast.Expr) and isinstance(first.value, ast.Constant):
        return body[1:] if isinstance(first.value.value, str) else body
    return body


def _dump(node: object, package: Path, imports: set[str]) -> str:
    """A node as text that is the same for every version of Python."""
    if isinstance(node, list):
        return "[" + "".join(_dump(item, package, imports) for item in node) + "]"
    if not isinstance(node, ast.AST):
        return f"{type(node).__name__} {node!r};"
    if isinstance(node, ast.ImportFrom) and (node.module or "").split(".")[0] == "labkit":
        imports.update(_imported(node, package))
        return ""
    if isinstance(node, ast.If) and ast.unparse(node.test).endswith("TYPE_CHECKING"):
        return ""
    parts = []
    for name, value in ast.iter_fields(node):
        if name in PASSED_OVER or value is None or value == []:
            continue
        if name == "body" and isinstance(
            node, ast.Module | ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef
        ):
            value = _statements(node)
        parts.append(f"{name}={_dump(value, package, imports)}")
    return f"{type(node).__name__}({','.join(parts)})"


def _imported(node: ast.ImportFrom, package: Path) -> Iterator[str]:
    """What one import from labkit brings in, whichever folder it stands in now."""
    place = package.joinpath(*(node.module or "").split(".")[1:])
    for alias in node.names:
        whole = place / alias.name
        if whole.is_dir() or whole.with_suffix(".py").is_file():
            yield f"module {alias.name} as {alias.asname or alias.name}"
        else:
            yield f"{place.name}: {alias.name} as {alias.asname or alias.name}"


# ---- what is written down -----------------------------------------------------------------------


def recorded(data: Path | None = None) -> str:
    """The name of the code that made the data.

    Raises
    ------
    ValueError
        With one sentence, when no code is recorded.
    """
    path = (data_folder() if data is None else data) / RECORD
    try:
        return str(json.loads(path.read_text(encoding="utf-8"))["code"])
    except (OSError, ValueError, KeyError, TypeError):
        raise ValueError(
            f"{path} does not say which code made the data: run python -m labkit make --accept"
        ) from None


def earlier(data: Path | None = None) -> list[str]:
    """The names of code before today's that drew what today's draws."""
    path = (data_folder() if data is None else data) / RECORD
    try:
        return list(json.loads(path.read_text(encoding="utf-8"))["earlier"])
    except (OSError, ValueError, KeyError, TypeError):
        return []


def record(data: Path, remade: str) -> None:
    """Write the name of today's code beside the data, and the names that the sets were made by.

    To be called when people of every set were drawn again and all was as stored.
    """
    made_by = {json.loads(p.read_text("utf-8"))["code"] for p in data.rglob("seeds.json")}
    before = sorted({*earlier(data), *made_by} - {fingerprint()})
    content = {"code": fingerprint(), "shown by": remade, "earlier": before}
    write_whole(data / RECORD, (json.dumps(content, indent=1) + "\n").encode())

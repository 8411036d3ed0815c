"""onnxruntime-web, which runs the networks in a browser: found, and known to be the right one.

In: a folder that is named in :data:`NAMED`, or ``build/ort``.  Out: :class:`Runtime`, or nothing
and one sentence that says the command.  It is not in this repository, and no command of the lab
fetches it: npm does, once, in the version of :data:`VERSION`.  Whatever fetched it, each file is
compared with its checksum here.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from types import MappingProxyType

from labkit.base.files import sha256

PACKAGE, VERSION = "onnxruntime-web", "1.30.0"
PLACE = Path("build") / "ort"
NAMED = "LABKIT_ORT"
"""Variable of the environment that may name the folder in which the package lies."""

FILES: Mapping[str, tuple[str, str]] = MappingProxyType(
    {
        "ort": (
            "dist/ort.wasm.min.js",
            "faece07e84faa9001f5104bbe4e5c70861d06cb2376a0dea1fa0ad33a67adc81",
        ),
        "ort-glue": (
            "dist/ort-wasm-simd-threaded.mjs",
            "e13f7f94fc51b4ca72b12faeb1ee95f4ace6dfbc8939bc718aabdc0a27c4299b",
        ),
        "ort-wasm": (
            "dist/ort-wasm-simd-threaded.wasm",
            "3398c10d07d229bd91b364548e130e0e51a8e5704b88c7c083ebbeb78842dee2",
        ),
    }
)
"""Name within the page -> file of the package, and its SHA-256."""

COMMAND = f"npm install --prefix {PLACE} --ignore-scripts --no-audit {PACKAGE}@{VERSION}"

LICENCE = """onnxruntime-web {version}, https://github.com/microsoft/onnxruntime

MIT License

Copyright (c) Microsoft Corporation

Permission is hereby granted, free of charge, to any person obtaining a copy of this software
and associated documentation files (the "Software"), to deal in the Software without
restriction, including without limitation the rights to use, copy, modify, merge, publish,
distribute, sublicense, and/or sell copies of the Software, and to permit persons to whom the
Software is furnished to do so, subject to the following conditions:

The above copyright notice and this permission notice shall be included in all copies or
substantial portions of the Software.

THE SOFTWARE IS PROVIDED "AS IS", WITHOUT WARRANTY OF ANY KIND, EXPRESS OR IMPLIED, INCLUDING
BUT NOT LIMITED TO THE WARRANTIES OF MERCHANTABILITY, FITNESS FOR A PARTICULAR PURPOSE AND
NONINFRINGEMENT. IN NO EVENT SHALL THE AUTHORS OR COPYRIGHT HOLDERS BE LIABLE FOR ANY CLAIM,
DAMAGES OR OTHER LIABILITY, WHETHER IN AN ACTION OF CONTRACT, TORT OR OTHERWISE, ARISING FROM,
OUT OF OR IN CONNECTION WITH THE SOFTWARE OR THE USE OR OTHER DEALINGS IN THE SOFTWARE.
"""


@dataclass(frozen=True)
class Runtime:
    """onnxruntime-web as it lies on this computer.

    Parameters
    ----------
    files
        Name within the page -> bytes.
    version
        Of the package.
    """

    files: dict[str, bytes] = field(repr=False)
    version: str = VERSION

    @property
    def checksum(self) -> str:
        """Of all its files together."""
        return sha256(b"".join(sha256(content).encode() for content in self.files.values()))

    @property
    def licence(self) -> str:
        """The text that has to go with it."""
        return LICENCE.format(version=self.version)


def find(project: Path) -> Runtime | None:
    """onnxruntime-web where it was named or brought before; ``None`` where it is not.

    Parameters
    ----------
    project
        The lab's folder.

    Raises
    ------
    ValueError
        With one sentence, when a file of it is not the one that was pinned.
    """
    named = os.environ.get(NAMED)
    place = Path(named) if named else project / PLACE
    first = next(iter(FILES.values()))[0]
    for found in sorted(place.rglob(first)) if place.is_dir() else ():
        folder = found.parent.parent
        if all((folder / file).is_file() for file, _checksum in FILES.values()):
            return Runtime({name: _checked(folder / file, c) for name, (file, c) in FILES.items()})
    return None


def _checked(path: Path, checksum: str) -> bytes:
    content = path.read_bytes()
    if sha256(content) != checksum:
        raise ValueError(
            f"{path} is not the file of {PACKAGE} {VERSION}: delete that folder, then {COMMAND}"
        )
    return content


def missing(page: str) -> str:
    """What to say where it is not there."""
    return (
        f"{PACKAGE} is not there, so {page} is made without its matcher: bring it with"
        f" {COMMAND}, and make the site again"
    )

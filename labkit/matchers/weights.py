"""dlib's model files, once they are known to be the ones that the lab was measured with.

In: the name of a file.  Out: its path.  The files come with the package
``face_recognition_models``, as it is pinned in ``requirements.lock``; what they should be stands
here.  SFace and YuNet lie in ``data/models``, with their checksums.
"""

from __future__ import annotations

import functools
import hashlib
import sys
from importlib import metadata
from pathlib import Path

from labkit.base.files import DamagedFile
from labkit.base.words import _
from labkit.matchers.align import LANDMARKS, NETWORK, model_file

PACKAGE = "face_recognition_models"
PINNED = {
    LANDMARKS: "c4b1e9804792707d3a405c2c16a80a20269e6675021f64a41d30fffafbc41888",
    NETWORK: "55533b28a95800a551ba546ba62fe69625c7e95a7061c338adffead08719da30",
}
"""SHA-256 of the files in face_recognition_models 0.3.0."""


def again(package: str = PACKAGE) -> str:
    """What to type to get a package back as it should be.

    Examples
    --------
    >>> again().endswith("pip install --force-reinstall --no-deps face_recognition_models==0.3.0")
    True
    """
    try:
        pinned = f"{package}=={metadata.version(package)}"
    except metadata.PackageNotFoundError:
        pinned = package
    return f"{sys.executable} -m pip install --force-reinstall --no-deps {pinned}"


def sound_model(name: str) -> Path:
    """Path of one of dlib's model files, compared with its checksum once in each program.

    Raises
    ------
    FileNotFoundError
        With one sentence, when the package or the file is missing.
    DamagedFile
        With one sentence, when the file was changed or cut short.

    Examples
    --------
    >>> sound_model(LANDMARKS).name
    'shape_predictor_5_face_landmarks.dat'
    """
    path = model_file(name)
    if not is_sound(path, name):
        raise DamagedFile(
            _("{path} was changed or cut short: install it again with {again}").format(
                path=path, again=again()
            )
        )
    return path


def is_sound(path: Path, name: str) -> bool:
    """Whether a file, or a copy of it, holds the bytes of the model of this name."""
    try:
        stat = path.stat()
    except OSError:
        return False
    return _sha256(path, stat.st_size, stat.st_mtime_ns) == PINNED[name]


@functools.lru_cache(maxsize=8)
def _sha256(path: Path, size: int, changed: int) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()

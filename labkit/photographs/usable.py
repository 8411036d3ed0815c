"""Which files of a folder can be used: read in small, held against each other.

In: files, each with whose it is.  Out: the same, each with why it is not used, or what there is to
say of it: damaged, a format that is not read here, the same photograph twice.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from labkit.base.files import sha256
from labkit.base.pictures import PictureError, read_smaller
from labkit.base.words import N_, _
from labkit.photographs.pictures import MOST

HEIC = (".heic", ".heif", ".hif")

LOOKED = 60_000
"""Pixels of the copy by which it is seen that a file can be read."""

THUMB = 24
"""Pixels a side of the copies by which the same photograph is known again."""

ALIKE = 0.998
"""Correlation of two such copies that are taken for the same photograph, saved again or made
smaller; tried on drawings only, so two of a burst of photographs may be taken for one."""

WORDS = {
    "heic": N_(
        "{file} is in the format HEIC, which cannot be read here: save it as JPEG (Mac: Preview,"
        " File > Export; Windows: Photos, Save as; iPhone: Settings > Camera > Formats > Most"
        " Compatible, for new ones)"
    ),
    "not read": N_("{file} cannot be read ({why}): check that you may open it"),
    "twice": N_("{file} is the same file as {other}: it counts once"),
    "again": N_("{file} is the same photograph as {other}, saved again: it counts once"),
    "two names": N_(
        "{file} is the same photograph as {other}, under another name: neither is used until it"
        " stands under one name"
    ),
    "large": N_("{file} has {size:.0f} million pixels: it is made smaller when it is read"),
}


@dataclass
class File:
    """One file: whose it is, where it lies, what there is to say; ``why`` it is not used."""

    name: str
    path: Path
    shown: str
    words: str = ""
    why: str = ""
    digest: str = field(default="", repr=False)
    thumb: NDArray[np.float32] | None = field(default=None, repr=False)


def checked(files: list[File]) -> list[File]:
    """The same files, each with why it cannot be used, or what there is to say of it."""
    seen: list[File] = []
    for entry in files:
        if entry.path.suffix.lower() in HEIC or _is_heic(entry.path):
            entry.why = _(WORDS["heic"]).format(file=entry.shown)
            continue
        try:
            small, scale = read_smaller(entry.path, LOOKED, name=entry.shown)
            entry.thumb = _thumb(small)
            entry.digest = sha256(entry.path.read_bytes())
        except PictureError as error:
            entry.why = str(error)
            continue
        except OSError as error:  # its own words would hold the whole path
            why = error.strerror or type(error).__name__
            entry.why = _(WORDS["not read"]).format(file=entry.shown, why=why)
            continue
        size = scale**2 * small.shape[0] * small.shape[1]
        if size > 1.01 * MOST:
            entry.words = _(WORDS["large"]).format(file=entry.shown, size=size / 1e6)
        same = next((other for other in seen if _same(entry, other)), None)
        if same is None:
            seen.append(entry)
        elif same.name == entry.name:
            words = WORDS["twice" if same.digest == entry.digest else "again"]
            entry.why = _(words).format(file=entry.shown, other=same.shown)
        else:
            for one, other in ((entry, same), (same, entry)):
                one.why = _(WORDS["two names"]).format(file=one.shown, other=other.shown)
    return files


def _is_heic(path: Path) -> bool:
    """Whether a file is HEIC by its first bytes, whatever its name says."""
    try:
        with path.open("rb") as file:
            head = file.read(12)
    except OSError:
        return False
    return head[4:8] == b"ftyp" and head[8:12] in (b"heic", b"heix", b"hevc", b"mif1", b"msf1")


def _thumb(picture: NDArray[np.uint8]) -> NDArray[np.float32]:
    """A small grey copy at one brightness and contrast, as a row of numbers."""
    import cv2

    grey = cv2.cvtColor(picture, cv2.COLOR_RGB2GRAY)
    small = cv2.resize(grey, (THUMB, THUMB), interpolation=cv2.INTER_AREA).astype(np.float32)
    small -= small.mean()
    return np.asarray(small.ravel() / max(float(np.linalg.norm(small)), 1.0), np.float32)


def _same(one: File, other: File) -> bool:
    if one.digest == other.digest:
        return True
    assert one.thumb is not None and other.thumb is not None
    return float(one.thumb @ other.thumb) >= ALIKE

"""A folder of photographs of known people: ``name/photo``, a folder for each person.

In: the path of the folder and the answers to the consent questions.  Out: :class:`Photographs`, or
one sentence that says what is missing.  Files are only read: nothing is written, copied or sent,
and pictures are opened one by one when they are asked for.
"""

from __future__ import annotations

import os
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from labkit.base.consent import require
from labkit.base.files import sha256
from labkit.base.pictures import PictureError, read_smaller, shown
from labkit.base.words import N_, _
from labkit.photographs.pictures import MOST, RealPictures

if TYPE_CHECKING:
    import pandas as pd

HEIC = (".heic", ".heif", ".hif")
SKIPPED = ("thumbs.db", "desktop.ini")
"""What systems lay beside pictures, as they do files that begin with a dot."""

LOOKED = 60_000
"""Pixels of the copy by which it is seen that a file can be read."""

THUMB = 24
"""Pixels a side of the copies by which the same photograph is known again."""

ALIKE = 0.998
"""Correlation of two such copies of the same photograph, saved again or made smaller."""

WORDS = {
    "missing": N_("the folder {path} does not exist: check its name, or make it"),
    "file": N_("{path} is a file: give the folder in which every person has a folder"),
    "path": N_("{given!r} is no path of a folder: give a text such as 'my_photographs'"),
    "unreadable": N_("the folder {path} cannot be opened ({why}): check that you may read it"),
    "flat": N_(
        "the pictures lie in {path} itself: make a folder for each person in it, named as you like,"
        " and move each picture into the folder of whoever it shows"
    ),
    "empty": N_(
        "there are no pictures in {path}: make a folder for each person in it, with two or more"
        " JPEG or PNG files of that person"
    ),
    "none left": N_("none of the {n} files in {path} can be used; the first: {words}"),
    "beside": N_("{file} lies beside the people's folders: move it into the folder of a person"),
    "deep": N_("{file} is a folder within a person's folder: move its pictures up"),
    "heic": N_(
        "{file} is in the format HEIC, which cannot be read here: save it as JPEG (Mac: Preview,"
        " File > Export; iPhone: Settings > Camera > Formats > Most Compatible, for new ones)"
    ),
    "twice": N_("{file} is the same file as {other}: it counts once"),
    "again": N_("{file} is the same photograph as {other}, saved again: it counts once"),
    "two names": N_(
        "{file} is the same photograph as {other}, under another name: neither is used until it"
        " stands under one name"
    ),
    "large": N_("{file} has {size:.0f} million pixels: it is made smaller when it is read"),
    "nobody else": N_(
        "There is one person: without a second, no comparison of two people can be made, so false"
        " matches cannot be counted. Add a folder of somebody else."
    ),
    "one each": N_(
        "Everybody has one picture: no person can be compared with themselves, so misses cannot be"
        " counted. Add a second picture of each."
    ),
    "alone": N_("With one picture only, {names} can be compared with others, not with themselves."),
    "merged": N_("{name} is written in two ways that look the same: it is taken as one name."),
    "read": N_("{n} photographs of {people} people can be used, {left} files cannot."),
    "read all": N_("{n} photographs of {people} people can be used."),
}


class FolderError(ValueError):
    """A folder cannot be used as it is; the message is one sentence that says what to do."""


@dataclass(frozen=True, eq=False)
class Photographs:
    """Photographs of known people, read on demand.

    Parameters
    ----------
    images
        One row a photograph: ``person`` (a number), ``name``, ``file`` (below the folder),
        ``words`` (what there is to say of it, else empty).
    left_out
        One row a file that is not used: ``file``, ``words``.
    pictures
        The photographs, uint8 RGB, upright, in the order of ``images``; matchers take them as they
        are.
    notes
        Sentences about the folder as a whole.
    """

    images: pd.DataFrame
    left_out: pd.DataFrame
    pictures: RealPictures = field(repr=False)
    notes: tuple[str, ...] = ()

    def __repr__(self) -> str:
        return f"Photographs({len(self)} of {len(self.names)} people)"

    def __len__(self) -> int:
        return len(self.images)

    @property
    def names(self) -> list[str]:
        """The people, in the order of their numbers."""
        return list(dict.fromkeys(self.images["name"]))

    def of(self, column: str) -> NDArray[Any]:
        """A column of ``images``, one value a photograph.

        Raises
        ------
        KeyError
            For a column that is not there.
        """
        if column not in self.images.columns:
            raise KeyError(f"photographs have no column {column!r}: see .images.columns")
        return self.images[column].to_numpy()

    @property
    def words(self) -> str:
        """What was found, in sentences, one a line."""
        said = [row for row in self.images["words"] if row] + list(self.left_out["words"])
        return "\n".join([*self.notes, *said])


def load_folder(path: str | os.PathLike[str], *, consent: Any = None) -> Photographs:
    """Photographs of known people from a folder: in it, a folder for each person.

    ==================================  ==========================================================
    in the folder                       outcome
    ==================================  ==========================================================
    JPEG, PNG, WebP, TIFF, BMP          used; JPEGs turned upright as the camera says
    more than 12 million pixels         made smaller when it is read, and said
    HEIC                                left out, with how to save it as JPEG
    cut short, damaged, no picture      left out, with why
    the same photograph twice           used once
    the same photograph, two people     neither is used
    a name in two Unicode forms         one person
    ==================================  ==========================================================

    Parameters
    ----------
    path
        The folder.
    consent
        A complete :class:`labkit.base.consent.Consent`; asked for before the folder is looked at.

    Raises
    ------
    ConsentMissing
        When a consent question was not answered yes.
    FolderError
        With one sentence, when there is no folder or nothing in it can be used.

    Examples
    --------
    >>> load_folder("my_photographs")
    Traceback (most recent call last):
    ...
    labkit.base.consent.ConsentMissing: pictures of real people are used only after ...
    """
    require(consent)
    root = _root(path)
    found, stray, merged = _files(root)
    files = _checked(root, found)
    left = [(file, words) for file, words in stray if words]
    left += [(entry.shown, entry.why) for entry in files if entry.why]
    used = [entry for entry in files if not entry.why]
    if not files:
        raise FolderError(_(WORDS["flat" if stray else "empty"]).format(path=shown(str(root))))
    if not used:
        words = _(WORDS["none left"])
        raise FolderError(words.format(n=len(files), path=shown(str(root)), words=left[0][1]))
    notes = [_(WORDS["merged"]).format(name=name) for name in merged]
    return photographs(used, left, notes)


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


def photographs(
    used: Sequence[File], left: Sequence[tuple[str, str]], notes: Sequence[str]
) -> Photographs:
    """Tables and pictures of the files that can be used."""
    import pandas as pd

    names = list(dict.fromkeys(entry.name for entry in used))
    number = {name: k for k, name in enumerate(names)}
    columns: dict[str, Any] = {
        "person": np.array([number[entry.name] for entry in used], int),
        "name": [entry.name for entry in used],
        "file": [entry.shown for entry in used],
        "words": [entry.words for entry in used],
    }
    images = pd.DataFrame(columns)
    left_out = pd.DataFrame(list(left), columns=["file", "words"], dtype=object)
    pictures = RealPictures([entry.path for entry in used], columns["file"])
    words = WORDS["read" if left else "read all"]
    first = _(words).format(n=len(used), people=len(names), left=len(left))
    return Photographs(images, left_out, pictures, (first, *notes, *_too_few(columns["name"])))


def _too_few(names: Sequence[str]) -> Iterator[str]:
    """What cannot be counted with these people."""
    each = {name: names.count(name) for name in dict.fromkeys(names)}
    if len(each) == 1:
        yield _(WORDS["nobody else"])
    alone = [name for name, count in each.items() if count == 1]
    if len(alone) == len(each):
        yield _(WORDS["one each"])
    elif alone:
        yield _(WORDS["alone"]).format(names=", ".join(alone))


# ---- what lies in the folder --------------------------------------------------------------------


def _root(path: Any) -> Path:
    if not isinstance(path, (str, os.PathLike)) or not os.fspath(path):
        raise FolderError(_(WORDS["path"]).format(given=shown(str(path))))
    root = Path(path).expanduser()
    if root.is_file():
        raise FolderError(_(WORDS["file"]).format(path=shown(str(root))))
    if not root.is_dir():
        raise FolderError(_(WORDS["missing"]).format(path=shown(str(root))))
    return root


def _listed(folder: Path) -> list[Path]:
    """What lies in a folder, without what systems lay there themselves."""
    try:
        inside = sorted(folder.iterdir(), key=lambda p: _plain(p.name))
    except OSError as error:
        why = error.strerror or str(error)
        raise FolderError(_(WORDS["unreadable"]).format(path=shown(str(folder)), why=why)) from None
    return [p for p in inside if p.name[0] not in ".~" and p.name.lower() not in SKIPPED]


def _plain(name: str) -> str:
    """A name in one form: an accent may be a letter's own or stand behind it."""
    return unicodedata.normalize("NFC", name)


def _files(root: Path) -> tuple[list[File], list[tuple[str, str]], list[str]]:
    """Files of people, what lies elsewhere, and names that were written in two ways."""
    found: list[File] = []
    stray: list[tuple[str, str]] = []
    folders: dict[str, int] = {}
    for place in _listed(root):
        if not place.is_dir():
            stray.append((_plain(place.name), _(WORDS["beside"]).format(file=_plain(place.name))))
            continue
        name = _plain(place.name)
        folders[name] = folders.get(name, 0) + 1
        for path in _listed(place):
            file = f"{name}/{_plain(path.name)}"
            if path.is_dir():
                stray.append((file, _(WORDS["deep"]).format(file=file)))
            else:
                found.append(File(name, path, file))
    return found, stray, [name for name, count in folders.items() if count > 1]


# ---- which can be used --------------------------------------------------------------------------


def _checked(root: Path, files: list[File]) -> list[File]:
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
        except (PictureError, OSError) as error:
            entry.why = str(error)
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

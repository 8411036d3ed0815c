"""A folder of photographs of known people: ``name/photo``, a folder for each person.

In: the path of the folder and the answers to the consent questions.  Out: :class:`Photographs`, or
one sentence that says what is missing.  Files are only read: nothing is written, copied or sent,
and pictures are opened one by one when they are asked for.
"""

from __future__ import annotations

import contextlib
import os
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from labkit.base.consent import ConsentMissing, require
from labkit.base.pictures import shown
from labkit.base.words import N_, _
from labkit.photographs import elsewhere
from labkit.photographs.pictures import RealPictures
from labkit.photographs.usable import File, checked

if TYPE_CHECKING:
    import pandas as pd

SKIPPED = ("thumbs.db", "desktop.ini")
"""What systems lay beside pictures, as they do files that begin with a dot."""

MOST_SHOWN = 5
"""So many files are named one by one; of more, how many there are."""

WORDS = {
    "missing": N_(
        "there is no folder {path} (looked for in {where}): write the whole path with quotation"
        " marks, such as '~/Desktop/friends' or 'C:/Users/anna/friends'"
    ),
    "elsewhere": N_(
        "this lab runs on {service}, somebody else's computer, to which your pictures would have to"
        " be uploaded first: install the lab on your own computer, or use the invented people"
    ),
    "no list": N_(
        "the list of those who said yes is {given!r}: write the names of their folders, such as"
        " ['A', 'B']"
    ),
    "no folder of": N_(
        "nobody on the list of those who said yes ({names}) has a folder in {path}: the folders'"
        " names and the list must be the same"
    ),
    "without": N_(
        "{names} on the list of those who said yes, but no folder of that name is there."
    ),
    "not listed": N_(
        "Folders that are not on the list of those who said yes: {n}. Nothing in them was looked"
        " at."
    ),
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
    "too deep": N_(
        "the people's folders in {path} hold folders and no pictures: move the pictures up into the"
        " folder of whoever they show"
    ),
    "deep": N_("{file} is a folder within a person's folder: move its pictures up"),
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
    "more": N_("{n} more files have something said of them: see .images and .left_out."),
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
    invented
        Whether the people in them exist nowhere.
    """

    images: pd.DataFrame
    left_out: pd.DataFrame
    pictures: RealPictures = field(repr=False)
    notes: tuple[str, ...] = ()
    invented: bool = False

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
        """What was found, in sentences, one a line; of many files, the first few."""
        said = list(self.left_out["words"]) + [row for row in self.images["words"] if row]
        more = len(said) - MOST_SHOWN
        rest = [_(WORDS["more"]).format(n=more)] if more > 0 else []
        return "\n".join([*self.notes, *said[:MOST_SHOWN], *rest])


def load_folder(
    path: str | os.PathLike[str], *, consent: Any = None, people: Sequence[str] | None = None
) -> Photographs:
    """Photographs of known people from a folder: in it, a folder for each person.

    ==================================  ==========================================================
    in the folder                       outcome
    ==================================  ==========================================================
    JPEG, PNG, WebP, TIFF, BMP          used; JPEGs turned upright as the camera says
    more than 12 million pixels         made smaller when it is read, and said
    HEIC                                left out, with how to save it as JPEG
    cut short, damaged, no picture      left out, with why
    people who are not in ``people``    their folders are not opened
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
    people
        Names of those who said yes: the folders of these people alone are opened.  Whoever changes
        their mind is taken off the list.  ``None`` opens every folder.

    Raises
    ------
    ConsentMissing
        When a consent question was not answered yes, and on a computer that is seen not to be the
        reader's own (:mod:`labkit.photographs.elsewhere`).
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
    if service := elsewhere.service():
        raise ConsentMissing(_(WORDS["elsewhere"]).format(service=service))
    return read_folder(path, people)


def read_folder(
    path: str | os.PathLike[str], people: Sequence[str] | None = None, *, invented: bool = False
) -> Photographs:
    """What :func:`load_folder` does once it may; by itself for invented people, who have no say."""
    root = _root(path)
    listed = None if people is None else _names(people)
    found, stray, merged, unlisted = _files(root, listed)
    notes = [_(WORDS["not listed"]).format(n=unlisted)] if unlisted else []
    if listed is not None:
        without = [name for name in listed if name not in {entry.name for entry in found}]
        if len(without) == len(listed):
            words = _(WORDS["no folder of"])
            raise FolderError(words.format(names=", ".join(listed), path=shown(str(root))))
        if without:
            notes.append(_(WORDS["without"]).format(names=", ".join(without)))
    files = checked(found)
    left = [(file, words) for file, words in stray if words]
    left += [(entry.shown, entry.why) for entry in files if entry.why]
    used = [entry for entry in files if not entry.why]
    if not files:
        inside = any("/" in file for file, words in stray)
        kind = "too deep" if inside else "flat" if stray else "empty"
        raise FolderError(_(WORDS[kind]).format(path=shown(str(root))))
    if not used:
        words = _(WORDS["none left"])
        raise FolderError(words.format(n=len(files), path=shown(str(root)), words=left[0][1]))
    notes += [_(WORDS["merged"]).format(name=name) for name in merged]
    return photographs(used, left, notes, invented)


def photographs(
    used: Sequence[File],
    left: Sequence[tuple[str, str]],
    notes: Sequence[str],
    invented: bool = False,
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
    said = (first, *notes, *_too_few(columns["name"]))
    return Photographs(images, left_out, pictures, said, invented)


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
    root = Path(path)
    with contextlib.suppress(RuntimeError):  # ~nobody: there is no home folder of that name
        root = root.expanduser()
    try:
        if root.is_file():
            raise FolderError(_(WORDS["file"]).format(path=shown(str(root))))
        there = root.is_dir()
    except OSError as error:
        raise _unreadable(root, error) from None
    if not there:
        words = _(WORDS["missing"])
        raise FolderError(words.format(path=shown(str(root)), where=shown(str(Path.cwd()))))
    return root


def _unreadable(folder: Path, error: OSError) -> FolderError:
    why = error.strerror or type(error).__name__
    return FolderError(_(WORDS["unreadable"]).format(path=shown(str(folder)), why=why))


def _names(people: Any) -> list[str]:
    """Names of those who said yes, in the form in which folders' names are held against them."""
    if isinstance(people, str) or not isinstance(people, (list, tuple, set, frozenset)):
        raise FolderError(_(WORDS["no list"]).format(given=people))
    names = [_plain(name.strip()) for name in people if isinstance(name, str) and name.strip()]
    if not names or len(names) < len(people):
        raise FolderError(_(WORDS["no list"]).format(given=people))
    return list(dict.fromkeys(names))


def _listed(folder: Path) -> list[Path]:
    """What lies in a folder, without what systems lay there themselves."""
    try:
        inside = sorted(folder.iterdir(), key=lambda p: _plain(p.name))
    except OSError as error:
        raise _unreadable(folder, error) from None
    return [p for p in inside if p.name[0] not in ".~" and p.name.lower() not in SKIPPED]


def _plain(name: str) -> str:
    """A name in one form: an accent may be a letter's own or stand behind it."""
    return unicodedata.normalize("NFC", name)


def _files(
    root: Path, listed: list[str] | None
) -> tuple[list[File], list[tuple[str, str]], list[str], int]:
    """Files of people, what lies elsewhere, names written in two ways, folders not on the list."""
    found: list[File] = []
    stray: list[tuple[str, str]] = []
    folders: dict[str, int] = {}
    unlisted = 0
    for place in _listed(root):
        if not place.is_dir():
            stray.append((_plain(place.name), _(WORDS["beside"]).format(file=_plain(place.name))))
            continue
        name = _plain(place.name)
        if listed is not None and name not in listed:
            unlisted += 1
            continue
        folders[name] = folders.get(name, 0) + 1
        for path in _listed(place):
            file = f"{name}/{_plain(path.name)}"
            if path.is_dir():
                stray.append((file, _(WORDS["deep"]).format(file=file)))
            else:
                found.append(File(name, path, file))
    return found, stray, [name for name, count in folders.items() if count > 1], unlisted

"""Pairs of Labeled Faces in the Wild, through scikit-learn, which fetches and keeps them.

In: nothing, or the folder in which scikit-learn keeps data.  Out: :class:`Pairs`: photographs, and
which two are to be compared.

Nobody in these news photographs was asked (Huang and others 2007), so there is no checklist that
could be answered with yes.  They are therefore not fetched unless it is asked for by name, and no
notebook does.
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from labkit.base.pictures import shown
from labkit.base.words import N_, _
from labkit.photographs.folder import FolderError
from labkit.photographs.pictures import RealPictures

if TYPE_CHECKING:
    import pandas as pd

LISTS = {"train": "pairsDevTrain.txt", "test": "pairsDevTest.txt", "10_folds": "pairs.txt"}
"""The parts of LFW and the file that lists the pairs of each."""

HOME, PHOTOGRAPHS = "lfw_home", "lfw_funneled"

WORDS = {
    "subset": N_("there is no part {subset!r}: use {known}"),
    "absent": N_(
        "Labeled Faces in the Wild is not on this computer: load_lfw_pairs(download=True) fetches"
        " it once (some 200 MB); the people in it were not asked, so read about it first"
    ),
    "no network": N_(
        "Labeled Faces in the Wild could not be fetched ({why}): connect to the internet and try"
        " again, or use the invented people, which are here"
    ),
    "damaged": N_("{path} was changed or cut short: delete {home} and fetch it again"),
    "count": N_("{count!r} pairs are none: give a whole number of 1 or more, or None for all"),
}


@dataclass(frozen=True, eq=False)
class Pairs:
    """Photographs, and which two of them are to be compared.

    Parameters
    ----------
    images
        One row a photograph: ``person`` (a number), ``name``, ``file``.
    pairs
        One row a comparison: ``first`` and ``second`` (rows of ``images``), ``same``.
    pictures
        The photographs, uint8 RGB, in the order of ``images``.
    """

    images: pd.DataFrame
    pairs: pd.DataFrame
    pictures: RealPictures = field(repr=False)

    def __repr__(self) -> str:
        same = int(self.pairs["same"].sum())
        return f"Pairs({len(self.pairs)} pairs, {same} of one person, {len(self.images)} pictures)"

    def of(self, column: str) -> Any:
        """A column of ``images``, one value a photograph."""
        return self.images[column].to_numpy()


def load_lfw_pairs(
    subset: str = "test",
    *,
    download: bool = False,
    count: int | None = None,
    data_home: str | os.PathLike[str] | None = None,
) -> Pairs:
    """Pairs of Labeled Faces in the Wild; the first half of a part shows one person twice.

    Parameters
    ----------
    subset
        ``"train"``, ``"test"`` or ``"10_folds"``.
    download
        Whether scikit-learn may fetch it, which takes a network, once.
    count
        How many pairs, half of them of one person; all for ``None``.
    data_home
        Where scikit-learn keeps data; its own folder for ``None``.

    Raises
    ------
    FolderError
        With one sentence, when it is not on this computer, cannot be fetched, or was changed.

    References
    ----------
    Huang, Ramesh, Berg and Learned-Miller 2007, "Labeled Faces in the Wild", UMass 07-49.
    """
    if subset not in LISTS:
        raise FolderError(_(WORDS["subset"]).format(subset=subset, known=", ".join(LISTS)))
    if count is not None and (not isinstance(count, int) or count < 1):
        raise FolderError(_(WORDS["count"]).format(count=count))
    home = _home(subset, download, None if data_home is None else os.fspath(data_home))
    listed = _listed(home, subset)
    if count is not None:
        same = [pair for pair in listed if pair[0][0] == pair[1][0]]
        other = [pair for pair in listed if pair[0][0] != pair[1][0]]
        listed = [*same[: (count + 1) // 2], *other[: count // 2]]
    return _pairs(home, listed)


def _home(subset: str, download: bool, data_home: str | None) -> Path:
    """The folder in which scikit-learn has laid it, fetched if that is allowed."""
    # scikit-learn's own get_data_home would make the folder.
    kept = data_home or os.environ.get("SCIKIT_LEARN_DATA") or "~/scikit_learn_data"
    home = Path(kept).expanduser() / HOME
    whole = (home / LISTS[subset]).is_file() and (home / PHOTOGRAPHS).is_dir()
    if whole:
        return home
    if not download:
        raise FolderError(_(WORDS["absent"]))
    from sklearn.datasets import fetch_lfw_pairs

    try:
        # One pixel of each picture: what is wanted is the download; pictures are read when needed.
        one = (slice(0, 1), slice(0, 1))
        fetch_lfw_pairs(subset=subset, data_home=data_home, slice_=one, resize=None)
    except OSError as error:
        why = " ".join(str(error).split())[:80] or type(error).__name__
        raise FolderError(_(WORDS["no network"]).format(why=why)) from None
    return home


Photo = tuple[str, int]
"""Name of a person, as in the list, and number of the photograph from 1."""


def _listed(home: Path, subset: str) -> list[tuple[Photo, Photo]]:
    path = home / LISTS[subset]
    out: list[tuple[Photo, Photo]] = []
    for line in path.read_text(encoding="utf-8").splitlines():
        words = line.split("\t")
        try:
            if len(words) == 3:
                out.append(((words[0], int(words[1])), (words[0], int(words[2]))))
            elif len(words) == 4:
                out.append(((words[0], int(words[1])), (words[2], int(words[3]))))
            elif len(words) > 4:
                raise ValueError(line)
        except ValueError:
            raise _damaged(path, home) from None
    if not out:
        raise _damaged(path, home)
    return out


def _damaged(path: Path, home: Path) -> FolderError:
    return FolderError(_(WORDS["damaged"]).format(path=shown(str(path)), home=shown(str(home))))


def _pairs(home: Path, listed: Sequence[tuple[Photo, Photo]]) -> Pairs:
    import pandas as pd

    photos = list(dict.fromkeys(photo for pair in listed for photo in pair))
    row = {photo: k for k, photo in enumerate(photos)}
    names = list(dict.fromkeys(name for name, number in photos))
    files = []
    for name, number in photos:
        folder = home / PHOTOGRAPHS / name
        inside = sorted(folder.iterdir()) if folder.is_dir() else []
        if not 1 <= number <= len(inside):
            raise _damaged(folder, home)
        files.append(inside[number - 1])
    shown_as = [f"{path.parent.name}/{path.name}" for path in files]
    images = pd.DataFrame(
        {
            "person": [names.index(name) for name, number in photos],
            "name": [name for name, number in photos],
            "file": shown_as,
        }
    )
    pairs = pd.DataFrame(
        {
            "first": [row[a] for a, b in listed],
            "second": [row[b] for a, b in listed],
            "same": [a[0] == b[0] for a, b in listed],
        }
    )
    return Pairs(images, pairs, RealPictures(files, shown_as))

"""Pairs of Labeled Faces in the Wild, through scikit-learn, which fetches and keeps them.

In: nothing, or the folder in which scikit-learn keeps data.  Out: :class:`Pairs`: photographs, and
which two are to be compared.

The photographs were collected from the news, and their report (Huang and others 2007) tells of no
consent, so there is no checklist that could be answered with yes.  They are not fetched unless it
is asked for by name, and no notebook does.  The set holds only faces that the detector of Viola and
Jones found: that a path with a detector of this kind finds them says little.
"""

from __future__ import annotations

import os
import tarfile
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
        " it once, for good, until you delete the folder lfw_home; its report tells of no consent"
        " of the people in it, so read about it first"
    ),
    "no network": N_(
        "Labeled Faces in the Wild could not be fetched ({why}): connect to the internet and try"
        " again, or use the invented people, which are here"
    ),
    "damaged": N_("{path} was changed or cut short: delete {home} and fetch it again"),
    "count": N_(
        "{count!r} pairs cannot be taken: give a whole number of 2 or more, or None for all"
    ),
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
    """Pairs of Labeled Faces in the Wild, in the order of its lists; no consent is asked for.

    What is fetched stays in the folder ``lfw_home`` of scikit-learn's data until it is deleted.

    Parameters
    ----------
    subset
        ``"train"``, ``"test"`` or ``"10_folds"``.
    download
        Whether scikit-learn may fetch it, which takes a network, once.
    count
        How many pairs, half of them of one person, or fewer where the list has fewer; all for
        ``None``.
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
    whole = isinstance(count, int) and not isinstance(count, bool)
    if count is not None and (not whole or count < 2):
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
    except (ValueError, EOFError, tarfile.TarError):
        raise _damaged(home, home) from None
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
    place = path.name if path == home else f"{home.name}/{path.relative_to(home).as_posix()}"
    return FolderError(_(WORDS["damaged"]).format(path=shown(place), home=home.name))


def _pairs(home: Path, listed: Sequence[tuple[Photo, Photo]]) -> Pairs:
    import pandas as pd

    photos = list(dict.fromkeys(photo for pair in listed for photo in pair))
    row = {photo: k for k, photo in enumerate(photos)}
    names = list(dict.fromkeys(name for name, number in photos))
    files = []
    for name, number in photos:
        folder = home / PHOTOGRAPHS / name
        path = folder / f"{name}_{number:04d}.jpg"
        if not path.is_file():
            raise _damaged(folder, home)
        files.append(path)
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

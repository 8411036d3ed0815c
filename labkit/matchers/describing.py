"""What matchers of photographs share: outcomes, turned faces, batches, memory, progress.

In: photographs (arrays or paths) and, from the matcher, how a face is cut out and described.  Out:
templates, shape (n, d), float32, with a table that says what became of each picture.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
import sys
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self

import numpy as np
from numpy.typing import NDArray

from labkit.base.files import DamagedFile, write_whole
from labkit.base.pictures import PictureError, read_smaller, shown
from labkit.photographs.pictures import MOST, RealPictures

if TYPE_CHECKING:
    import pandas as pd

    from labkit.matchers.finding import Seen

Picture = NDArray[np.uint8]
Templates = NDArray[np.float32]
Box = tuple[float, float, float, float]

SEVERAL = ("largest", "refuse")
BATCH = 1  # chips described together: more take memory (4 MB each) and save no time
PATIENCE = 2  # seconds before a progress bar is shown
FEW = 8  # pictures that never need one

WORDS = {
    "no face": "no face was found",
    "kept": "templates of people's own photographs are not written to disk: make the matcher"
    " without cache=",
    "several": "{n} faces were found: the largest is used",
    "too many": "{n} faces were found: give a picture of one person",
    "turned": "the face lies turned by {degrees:.0f} degrees: it was turned upright",
    "which": "{n} faces were found: the largest is used, {where}",
    "small": "the face is {width:.0f} pixels wide: there is little to tell it by, so give a larger"
    " picture",
    "left": "on the left",
    "right": "on the right",
    "middle": "in the middle",
    "top": "near the top",
    "bottom": "near the bottom",
    "one picture": "this is one picture: give a list of pictures, [picture]",
    "one path": "{path} is one path: give a list of pictures, for example"
    ' sorted(pathlib.Path("folder").glob("*.jpg"))',
    "broken": "{where} could not be searched for faces ({why})",
    "not finite": "the network described {where} with numbers that are not finite: its file may be"
    " damaged; `python3 lab.py doctor` says how to get it back",
    "no list": "a {kind} is not a list of pictures: give arrays or paths in a list",
    "choice": "several={several!r} is not known: use 'largest' or 'refuse'",
    "none read": "none of the {n} pictures could be used; the first: {words}",
    "progress": "faces",
}


class MatcherError(ValueError):
    """A matcher cannot be used as asked; the message is one sentence."""


@dataclass(frozen=True)
class Found:
    """A face found in a picture.

    Parameters
    ----------
    box
        Left, top, right, bottom, in pixels of the picture.
    points
        Five landmarks (x, y), shape (5, 2), float32.  Of dlib's detector: outer and inner corner
        of the eye on the right of the picture, outer and inner corner of the one on the left, base
        of the nose.  Of YuNet: the eye on the left of the picture, the one on the right, the tip of
        the nose, the corner of the mouth on the left, the one on the right.
    chip
        What the network is given, uint8 RGB: the face cut out, turned and scaled.
    faces
        How many faces were found; this is the largest.
    turned
        By how many degrees, counter-clockwise, the face lies turned in the picture; 0 for one that
        is taken as it stands (:func:`labkit.matchers.upright.lies`).
    """

    box: tuple[int, int, int, int]
    points: NDArray[np.float32]
    chip: Picture
    faces: int = 1
    turned: float = 0.0


@dataclass(frozen=True)
class Described:
    """Templates and what became of each picture.

    Parameters
    ----------
    templates
        Shape (n, d), float32; NaN where there is none.
    table
        One row a picture: ``picture`` (its path, or its place in the list), ``status`` (``"ok"``,
        ``"no face"``, ``"several faces"``, ``"refused"``), ``faces`` (how many were found) and
        ``words`` (a sentence where there is something to say, else empty).
    """

    templates: Templates
    table: pd.DataFrame


@dataclass(frozen=True)
class _Entry:
    """What is remembered of one picture."""

    status: str
    faces: int = 0
    words: str = ""
    template: Templates | None = field(default=None, repr=False)


class PictureMatcher:
    """A matcher of photographs: what is alike in all of them.

    A kind of it says how to get ready (``_load``), how to find faces (``_faces``), how to cut the
    largest out (``_cut``) and how to describe what was cut out (``_represent``).

    Outcomes, for each picture:

    ==============================  ==================================================
    picture                         outcome
    ==============================  ==================================================
    one face                        status ``ok``
    no face                         status ``no face``, NaN
    several faces                   the largest, status ``ok``, with a note; with
                                    ``several="refuse"`` status ``several faces``, NaN
    the face lies on its side or    turned upright first, status ``ok``, with a note
    upside down
    cannot be read, see             status ``refused``, NaN, and the sentence; the
    :func:`.read_picture`           other pictures of the list are not lost
    more pixels than ``searched``   made smaller first, so faces that are small
                                    *after that* are not found
    files without a face in one     searched at several sizes and in several turns, and
    look, photographs of real       the face is cut out of the picture itself
    people
    ==============================  ==================================================

    Parameters
    ----------
    cache
        A folder to keep templates in; ``None`` keeps them in memory only.  Refused for what
        :func:`labkit.data.load_folder` gives.
    progress
        Whether long work shows a bar (from about two seconds on).
    several
        ``"largest"`` or ``"refuse"``: what to do with a picture of several faces.
    thorough
        Whether to search as :mod:`labkit.matchers.finding` does, for photographs of real life.
        ``None``: all of :func:`labkit.data.load_folder`, and files in which one look finds no face;
        arrays, as the bundled people are, get one look.

    Attributes
    ----------
    measure
        How its templates are compared: ``"euclidean"`` or ``"cosine"``.
    searched
        Pixels; larger pictures are made smaller before faces are looked for.

    Raises
    ------
    MatcherError
        For an option that does not exist; later, when weights cannot be had.
    """

    measure: str
    searched: int = 1_000_000

    def __init__(
        self,
        cache: str | os.PathLike[str] | None = None,
        progress: bool = True,
        several: str = "largest",
        thorough: bool | None = None,
    ) -> None:
        if several not in SEVERAL:
            raise MatcherError(WORDS["choice"].format(several=several))
        self.cache = None if cache is None else Path(cache)
        self.progress = progress
        self.several = several
        self.thorough = thorough
        self._memory: dict[str, _Entry] = {}

    def __repr__(self) -> str:
        return f"{type(self).__name__}()"

    # ---- what a kind of it says -----------------------------------------------------------------

    def _load(self) -> int:
        """Get ready; the length of a template.  ``MatcherError`` when weights cannot be had."""
        raise NotImplementedError

    def _cut(self, picture: Picture) -> tuple[int, NDArray[Any] | None]:
        """How many faces there are, and the largest, cut out."""
        raise NotImplementedError

    def _face(self, picture: Picture) -> tuple[int, Box, NDArray[np.float32], Picture] | None:
        """How many faces there are; box, landmarks and chip of the largest."""
        raise NotImplementedError

    def _cut_seen(self, seen: Seen) -> NDArray[Any] | None:
        """The face that was found in a photograph of real life, cut out."""
        return self._cut(seen.patch)[1]

    def _represent(self, chips: list[NDArray[Any]]) -> Templates:
        """Templates of what was cut out, shape (n, d), float32."""
        raise NotImplementedError

    def _made_by(self) -> str:
        """What decides a template beside the picture: network, options, versions."""
        raise NotImplementedError

    # ---- what a learner calls -------------------------------------------------------------------

    def fit(self, pictures: Any = None, people: Any = None) -> Self:
        """Nothing is learned: the network was trained by others.  Returns itself."""
        return self

    def transform(self, pictures: Sequence[Any] | NDArray[Any]) -> Templates:
        """Templates of pictures.

        Parameters
        ----------
        pictures
            A list of arrays or paths, or an array (n, height, width, 3).

        Returns
        -------
        ndarray
            Shape (n, d), float32; d is 128 for dlib and SFace.  NaN where no face was found or the
            picture could not be used; :meth:`describe` says which and why.

        Raises
        ------
        PictureError
            If not one of the pictures could be read.
        MatcherError
            If the model's weights cannot be had.
        """
        described = self.describe(pictures)
        table = described.table
        if len(table) and (table["status"] == "refused").all():
            first = table["words"].iloc[0]
            if len(table) == 1:
                raise PictureError(first)
            raise PictureError(WORDS["none read"].format(n=len(table), words=first))
        return described.templates

    def describe(self, pictures: Sequence[Any] | NDArray[Any]) -> Described:
        """Templates and a table of what became of each picture; see :class:`Described`.

        It may be interrupted: what was described stays in the cache, and calling it again goes on
        from there.
        """
        many = _several(pictures)
        if isinstance(many, RealPictures) and self.cache is not None:
            raise MatcherError(WORDS["kept"])
        thorough = isinstance(many, RealPictures) if self.thorough is None else self.thorough
        width = self._load()
        entries: list[_Entry | None] = [None] * len(many)
        names: list[Any] = []
        waiting: list[tuple[int, str, _Entry, Any]] = []
        with self._bar(len(many)) as bar:
            for k in range(len(many)):
                name, entry, key, chip = self._look(many, k, thorough)
                names.append(name)
                if chip is None:
                    entries[k] = entry
                    bar.update()
                else:
                    waiting.append((k, key, entry, chip))
                if len(waiting) == BATCH:
                    self._finish(waiting, entries, bar)
            self._finish(waiting, entries, bar)
        return _described(names, entries, width)

    def find(self, picture: Any) -> Found | None:
        """The largest face of one picture, as the network will see it; ``None`` without a face.

        Parameters
        ----------
        picture
            An array or a path.

        Raises
        ------
        PictureError
            If the picture cannot be read.
        MatcherError
            If the model's weights cannot be had.
        """
        from labkit.matchers import upright

        small, scale = read_smaller(picture, self.searched)
        self._load()
        degrees = upright.lies(small)
        found = self._face(upright.turned(small, -degrees))
        if found is None:
            return None
        faces, box, points, chip = found
        back = upright.back(small.shape, -degrees)
        corners = back(np.array([box[:2], (box[2], box[1]), box[2:], (box[0], box[3])]))
        low, high = corners.min(0) * scale, corners.max(0) * scale
        left, top, right, bottom = (int(v) for v in np.rint([*low, *high]))
        marks = (back(points) * scale).astype(np.float32)
        return Found((left, top, right, bottom), marks, chip, faces, degrees)

    # ---- one picture ----------------------------------------------------------------------------

    def _look(
        self, many: Any, k: int, thorough: bool
    ) -> tuple[Any, _Entry, str, NDArray[Any] | None]:
        """Read picture k and find its face: its name, what is known of it, its key, the chip."""
        name: Any = many.names[k] if isinstance(many, RealPictures) else k
        try:
            given = many[k]
            if not isinstance(given, np.ndarray):
                name = os.fspath(given) if isinstance(given, (str, os.PathLike)) else k
            where = name if isinstance(name, str) else f"picture {k} of the list"
            picture, _ = read_smaller(given, MOST if thorough else self.searched, name=where)
        except (PictureError, DamagedFile) as error:
            return name, _Entry("refused", words=str(error)), "", None
        again = self.thorough is None and not isinstance(given, np.ndarray)
        key = self._key(picture, thorough, again)
        known = self._recall(key)
        if known is not None:
            return name, known, key, None
        try:
            entry, chip = self._thoroughly(picture) if thorough else self._at_once(picture)
            if chip is None and again and not entry.faces:
                entry, chip = self._thoroughly(read_smaller(given, MOST, name=where)[0])
        except Exception as error:  # of a library; one picture does not lose the others
            words = WORDS["broken"].format(where=where, why=" ".join(str(error).split())[:120])
            return name, _Entry("refused", words=words), "", None
        if entry.faces > 1 and self.several == "refuse":
            words = WORDS["too many"].format(n=entry.faces)
            entry, chip = _Entry("several faces", entry.faces, words), None
        if chip is None:
            self._keep(key, entry)
        return name, entry, key, chip

    def _at_once(self, picture: Picture) -> tuple[_Entry, NDArray[Any] | None]:
        """The face as the network's own detector finds it, in one look."""
        from labkit.matchers import upright

        degrees = upright.lies(picture)
        count, chip = self._cut(upright.turned(picture, -degrees))
        if not count:
            return _Entry("no face", words=WORDS["no face"]), None
        return _Entry("ok", count, _note(count, degrees)), chip

    def _thoroughly(self, picture: Picture) -> tuple[_Entry, NDArray[Any] | None]:
        """The face as :mod:`labkit.matchers.finding` finds it."""
        from labkit.matchers import finding

        found = finding.seen(picture)
        chip = None if found is None else self._cut_seen(found)
        if found is None or chip is None:
            return _Entry("no face", words=WORDS["no face"]), None
        return _Entry("ok", found.faces, finding.note(found)), chip

    def _finish(self, waiting: list[Any], entries: list[_Entry | None], bar: Any) -> None:
        """Describe the faces found so far, together."""
        if not waiting:
            return
        vectors = self._represent([chip for *_, chip in waiting])
        for (k, key, entry, _), vector in zip(waiting, vectors, strict=True):
            if not np.isfinite(vector).all():
                words = WORDS["not finite"].format(where=f"picture {k} of the list")
                entries[k] = _Entry("refused", entry.faces, words)
                continue
            entries[k] = _Entry(entry.status, entry.faces, entry.words, vector)
            self._keep(key, entries[k])
        bar.update(len(waiting))
        waiting.clear()

    @contextlib.contextmanager
    def _bar(self, total: int) -> Iterator[Any]:
        """A progress bar that appears only when the work is long."""
        if not self.progress or total <= FEW:
            yield _Quiet()
            return
        from tqdm.auto import tqdm

        with tqdm(
            total=total, desc=WORDS["progress"], delay=PATIENCE, leave=False, file=sys.stdout
        ) as bar:
            yield bar

    # ---- what is remembered ---------------------------------------------------------------------

    def _key(self, picture: Picture, thorough: bool, again: bool) -> str:
        from labkit.matchers import finding, upright

        rule = "" if thorough else upright.RULE
        rule += finding.RULE if thorough or again else ""
        text = f"{picture.shape} {self._made_by()} {self.several} {rule}"
        return hashlib.sha256(text.encode() + b"\0" + picture.tobytes()).hexdigest()

    def _recall(self, key: str) -> _Entry | None:
        known = self._memory.get(key)
        if known is None and self.cache is not None:
            known = _unpack(self._file(key))
            if known is not None and known.template is not None:
                known = known if np.isfinite(known.template).all() else None
            if known is not None:
                self._memory[key] = known
        return known

    def _keep(self, key: str, entry: _Entry | None) -> None:
        if entry is None:
            return
        self._memory[key] = entry
        if self.cache is not None:
            write_whole(self._file(key), _pack(entry))

    def _file(self, key: str) -> Path:
        assert self.cache is not None
        return self.cache / key[:2] / f"{key}.template"


class _Quiet:
    """A progress bar that shows nothing."""

    def update(self, n: int = 1) -> None:
        """Nothing to show."""


def _note(count: int, degrees: float) -> str:
    """What there is to say of a face that was found."""
    turned = WORDS["turned"].format(degrees=abs(degrees)) if degrees else ""
    several = WORDS["several"].format(n=count) if count > 1 else ""
    return "; ".join(filter(None, (several, turned)))


def _described(names: list[Any], entries: Sequence[_Entry | None], width: int) -> Described:
    import pandas as pd

    done = [e for e in entries if e is not None]
    templates = np.full((len(done), width), np.nan, np.float32)
    for row, entry in zip(templates, done, strict=True):
        if entry.template is not None:
            row[:] = entry.template
    table = pd.DataFrame(
        {
            "picture": pd.Series(names, dtype=object),
            "status": [e.status for e in done],
            "faces": np.array([e.faces for e in done], int),
            "words": [e.words for e in done],
        }
    )
    return Described(templates, table)


def _several(pictures: Any) -> Any:
    """What was given, once it is sure that it is several pictures."""
    if isinstance(pictures, (str, os.PathLike)):
        raise PictureError(WORDS["one path"].format(path=shown(os.fspath(pictures))))
    if isinstance(pictures, np.ndarray):
        if pictures.ndim == 2 or (pictures.ndim == 3 and pictures.shape[2] in (3, 4)):
            raise PictureError(WORDS["one picture"])
        return pictures
    if isinstance(pictures, Sequence):  # also the bundled pictures, which are read one by one
        return pictures
    if isinstance(pictures, Mapping):
        raise PictureError(WORDS["no list"].format(kind=type(pictures).__name__))
    try:
        return list(pictures)
    except TypeError:
        raise PictureError(WORDS["no list"].format(kind=type(pictures).__name__)) from None


# ---- cache files --------------------------------------------------------------------------------


def _pack(entry: _Entry) -> bytes:
    """An entry as bytes, its checksum first."""
    import json

    head = json.dumps({"status": entry.status, "faces": entry.faces, "words": entry.words})
    vector = b"" if entry.template is None else entry.template.astype("<f4").tobytes()
    body = head.encode() + b"\n" + vector
    return hashlib.sha256(body).digest() + body


def _unpack(path: Path) -> _Entry | None:
    """An entry from its file; ``None`` when it is not there or was damaged."""
    import json

    try:
        content = path.read_bytes()
    except OSError:
        return None
    if len(content) < 33 or hashlib.sha256(content[32:]).digest() != content[:32]:
        return None
    head, _, vector = content[32:].partition(b"\n")
    return _Entry(
        **json.loads(head), template=np.frombuffer(vector, "<f4").copy() if vector else None
    )

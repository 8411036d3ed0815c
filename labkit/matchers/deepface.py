"""DeepFace as a matcher: find a face, cut it out, describe it.

In: photographs (arrays or paths).  Out: templates, shape (n, d), float32, with a table that says
what became of each picture.

DeepFace runs on ONNX, from a folder of the lab's own, with the weights that the package
``face_recognition_models`` brought; nothing is fetched for its ``Dlib`` model.  DeepFace, dlib and
OpenCV load on first use.
"""

from __future__ import annotations

import atexit
import contextlib
import functools
import hashlib
import os
import shutil
import sys
import tempfile
import warnings
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from labkit.base.files import DamagedFile, write_whole
from labkit.base.places import PROJECT
from labkit.matchers.pictures import PictureError, read_smaller

if TYPE_CHECKING:
    import pandas as pd

    from labkit.matchers.align import DlibPipeline

Picture = NDArray[np.uint8]
Templates = NDArray[np.float32]

ALIGNMENTS = ("dlib", "deepface")
SEVERAL = ("largest", "refuse")
BATCH = 4  # chips described together: more take memory (4 MB each) and save no time
# Pixels; larger pictures are made smaller before faces are looked for, which takes memory for each
# pixel.  DeepFace needs more of it: its border makes a picture four times as large.
SEARCHED = {"dlib": 1_000_000, "deepface": 500_000}
PATIENCE = 2  # seconds before a progress bar is shown
FEW = 8  # pictures that never need one
MEMORY = ".deepface"  # DeepFace's own name for its folder

WORDS = {
    "no face": "no face was found",
    "several": "{n} faces were found: the largest is used",
    "too many": "{n} faces were found: give a picture of one person",
    "one picture": "this is one picture: give a list of pictures, [picture]",
    "one path": "{path} is one path: give a list of pictures, for example"
    ' sorted(pathlib.Path("folder").glob("*.jpg"))',
    "broken": "{where} could not be searched for faces ({why})",
    "no list": "a {kind} is not a list of pictures: give arrays or paths in a list",
    "model": "there is no model {model!r}: DeepFace has {models}",
    "weights": "the weights of {model} are not on this computer and could not be fetched: connect"
    ' to the internet once, or use model="Dlib", whose weights are installed',
    "fails": '{model} cannot be loaded ({why}): use model="Dlib", which is installed',
    "alignment": "there is no alignment {align!r}: use 'dlib' (as the network was trained) or"
    " 'deepface' (DeepFace's own crop)",
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
        Five landmarks (x, y), shape (5, 2), float32: outer and inner corner of the eye on the
        right of the picture, outer and inner corner of the one on the left, base of the nose.
    chip
        What DeepFace is given, uint8 RGB: shape (150, 150, 3) with ``align="dlib"``, else its own
        crop, which it then brings to the size that the network needs.
    faces
        How many faces were found; this is the largest.
    """

    box: tuple[int, int, int, int]
    points: NDArray[np.float32]
    chip: Picture
    faces: int = 1


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


class DeepFaceMatcher:
    """DeepFace, as the other matchers are used: ``transform`` gives templates.

    Weights of ``Dlib`` are installed; other models of DeepFace (``Facenet512``, ``ArcFace``,
    ``SFace``, ...) work where their weights can be fetched, which DeepFace then does by itself.

    Outcomes, for each picture:

    ==============================  ==================================================
    picture                         outcome
    ==============================  ==================================================
    one face                        status ``ok``
    no face                         status ``no face``, NaN
    several faces                   the largest, status ``ok``, with a note; with
                                    ``several="refuse"`` status ``several faces``, NaN
    cannot be read, see             status ``refused``, NaN, and the sentence; the
    :func:`.read_picture`           other pictures of the list are not lost
    more than 1 million pixels      made smaller first, so faces below about 40 pixels
                                    *after that* are not found; half a million with
                                    ``align="deepface"``, which needs more memory
    ==============================  ==================================================

    Parameters
    ----------
    model
        A face recognition model of DeepFace.
    align
        ``"dlib"``: dlib's detector and its aligned chip, 150 pixels, as the network was trained.
        ``"deepface"``: DeepFace's own use of the same detector and its own crop.
    cache
        A folder to keep templates in; ``None`` keeps them in memory only.
    progress
        Whether long work shows a bar (from about two seconds on).
    several
        ``"largest"`` or ``"refuse"``: what to do with a picture of several faces.

    Attributes
    ----------
    measure
        How its templates are compared: ``"euclidean"`` for Dlib, ``"cosine"`` for the others.

    Raises
    ------
    MatcherError
        For a model or an option that does not exist; later, when weights cannot be had.

    Examples
    --------
    >>> import numpy as np
    >>> DeepFaceMatcher().describe([np.zeros((80, 80, 3), np.uint8)]).table["status"].tolist()
    ['no face']
    """

    def __init__(
        self,
        model: str = "Dlib",
        align: str = "dlib",
        cache: str | os.PathLike[str] | None = None,
        progress: bool = True,
        several: str = "largest",
    ) -> None:
        if align not in ALIGNMENTS:
            raise MatcherError(WORDS["alignment"].format(align=align))
        if several not in SEVERAL:
            raise MatcherError(WORDS["choice"].format(several=several))
        if model != "Dlib" and model not in model_names():
            raise MatcherError(WORDS["model"].format(model=model, models=", ".join(model_names())))
        self.model = model
        self.align = align
        self.cache = None if cache is None else Path(cache)
        self.progress = progress
        self.several = several
        self.measure = "euclidean" if model == "Dlib" else "cosine"
        self._memory: dict[str, _Entry] = {}

    def __repr__(self) -> str:
        return f"DeepFaceMatcher(model={self.model!r}, align={self.align!r})"

    # ---- what a learner calls -------------------------------------------------------------------

    def fit(self, pictures: Any = None, people: Any = None) -> DeepFaceMatcher:
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
            Shape (n, d), float32; d is 128 for Dlib.  NaN where no face was found or the picture
            could not be used; :meth:`describe` says which and why.

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
        if len(many):
            load(self.model)
        entries: list[_Entry | None] = [None] * len(many)
        names: list[Any] = []
        waiting: list[tuple[int, str, int, Any]] = []
        with self._bar(len(many)) as bar:
            for k in range(len(many)):
                name, entry, key, face = self._look(many, k)
                names.append(name)
                if face is None:
                    entries[k] = entry
                    bar.update()
                else:
                    waiting.append((k, key, *face))
                if len(waiting) == BATCH:
                    self._finish(waiting, entries, bar)
            self._finish(waiting, entries, bar)
        return self._described(names, entries)

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
        """
        small, scale = read_smaller(picture, SEARCHED[self.align])
        marks = _marks(small)
        if not marks:
            return None
        mark = marks[0]
        rect = mark.rect
        corners = np.array([rect.left(), rect.top(), rect.right(), rect.bottom()]) * scale
        points = np.array([(p.x, p.y) for p in mark.parts()], np.float32) * np.float32(scale)
        _, cut = _cut(small, self.align)
        if cut is None:  # DeepFace looks at a padded picture and may not find what dlib found
            return None
        chip = np.ascontiguousarray(cut[..., ::-1])
        if chip.dtype != np.uint8:  # DeepFace's own crop is in fractions
            chip = np.rint(chip * 255).astype(np.uint8)
        left, top, right, bottom = (int(v) for v in np.rint(corners))
        return Found((left, top, right, bottom), points, chip, len(marks))

    def defaults(self) -> pd.DataFrame:
        """DeepFace's own thresholds for this model, one row a metric.

        Returns
        -------
        DataFrame
            ``metric``; ``threshold``, a distance, as DeepFace has it: two pictures are of the same
            person, it says, when their distance is at most that; ``measure`` and
            ``similarity``, the same threshold in this lab's terms, where a match is a similarity
            of at least that.

        Examples
        --------
        >>> DeepFaceMatcher().defaults().columns.tolist()
        ['metric', 'threshold', 'measure', 'similarity']
        """
        import pandas as pd

        _deepface()
        from deepface.config.threshold import thresholds
        from deepface.modules.verification import find_threshold

        rows = []
        for metric in sorted(thresholds[self.model]):
            t = float(find_threshold(self.model, metric))
            rows.append((metric, t, *_as_similarity(metric, t)))
        return pd.DataFrame(rows, columns=["metric", "threshold", "measure", "similarity"])

    # ---- one picture ----------------------------------------------------------------------------

    def _look(self, many: Any, k: int) -> tuple[Any, _Entry, str, tuple[int, Any] | None]:
        """Read picture k and find its face: its name, and an entry or (faces, chip)."""
        name: Any = k
        try:
            given = many[k]
            if not isinstance(given, np.ndarray):
                name = os.fspath(given) if isinstance(given, (str, os.PathLike)) else k
            where = name if isinstance(name, str) else f"picture {k} of the list"
            picture, _ = read_smaller(given, SEARCHED[self.align], name=where)
        except (PictureError, DamagedFile) as error:
            return name, _Entry("refused", words=str(error)), "", None
        key = self._key(picture)
        known = self._recall(key)
        if known is not None:
            return name, known, key, None
        try:
            count, chip = _cut(picture, self.align)
        except Exception as error:  # of dlib or DeepFace; one picture does not lose the others
            words = WORDS["broken"].format(where=where, why=" ".join(str(error).split())[:120])
            return name, _Entry("refused", words=words), "", None
        if not count:
            entry = _Entry("no face", words=WORDS["no face"])
        elif count > 1 and self.several == "refuse":
            entry = _Entry("several faces", count, WORDS["too many"].format(n=count))
        else:
            return name, _Entry("ok"), key, (count, chip)
        self._keep(key, entry)
        return name, entry, key, None

    def _finish(self, waiting: list[Any], entries: list[_Entry | None], bar: Any) -> None:
        """Describe the faces found so far, together."""
        if not waiting:
            return
        vectors = _represent([chip for *_, chip in waiting], self.model)
        for (k, key, faces, _), vector in zip(waiting, vectors, strict=True):
            words = WORDS["several"].format(n=faces) if faces > 1 else ""
            entries[k] = _Entry("ok", faces, words, vector)
            self._keep(key, entries[k])
        bar.update(len(waiting))
        waiting.clear()

    def _described(self, names: list[Any], entries: Sequence[_Entry | None]) -> Described:
        import pandas as pd

        done = [e for e in entries if e is not None]
        width = next((len(e.template) for e in done if e.template is not None), _width(self.model))
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

    def _key(self, picture: Picture) -> str:
        text = f"{picture.shape} {self.model} {self.align} {self.several} {_versions()}"
        return hashlib.sha256(text.encode() + b"\0" + picture.tobytes()).hexdigest()

    def _recall(self, key: str) -> _Entry | None:
        known = self._memory.get(key)
        if known is None and self.cache is not None:
            known = _unpack(self._file(key))
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


def _several(pictures: Any) -> Any:
    """What was given, once it is sure that it is several pictures."""
    if isinstance(pictures, (str, os.PathLike)):
        raise PictureError(WORDS["one path"].format(path=os.fspath(pictures)))
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


# ---- DeepFace and dlib --------------------------------------------------------------------------


def _project_cache() -> Iterator[Path]:
    """Folders where DeepFace's weights may be kept, best first."""
    root = PROJECT
    if (root / "lab.py").is_file():
        yield root / ".lab" / "deepface"
    home = Path.home()
    if sys.platform == "win32":
        base = Path(os.environ.get("LOCALAPPDATA") or home / "AppData" / "Local")
    elif sys.platform == "darwin":
        base = home / "Library" / "Caches"
    else:
        base = Path(os.environ.get("XDG_CACHE_HOME") or home / ".cache")
    yield base / "labkit" / "deepface"


def _weights(home: Path) -> None:
    """Put the installed weights where DeepFace looks for them."""
    from labkit.matchers.align import LANDMARKS, NETWORK, model_file

    folder = home / MEMORY / "weights"
    folder.mkdir(parents=True, exist_ok=True)
    for name in (NETWORK, LANDMARKS):
        source, target = model_file(name), folder / name
        if target.is_file() and target.stat().st_size == source.stat().st_size:
            continue
        handle, spare = tempfile.mkstemp(prefix=f".{name}.", dir=folder)
        os.close(handle)
        try:
            _link(source, Path(spare))
            os.replace(spare, target)
        finally:
            Path(spare).unlink(missing_ok=True)


def _link(source: Path, target: Path) -> None:
    """A link where the system allows it, else a copy."""
    target.unlink()
    try:
        target.symlink_to(source)
    except OSError:
        shutil.copyfile(source, target)


@functools.cache
def deepface_home() -> Path:
    """The folder DeepFace is to use, with the installed weights in it.

    ``DEEPFACE_HOME`` when it is set, else ``.lab/deepface`` of the project, else a cache folder of
    the user, else a temporary folder.
    """
    named = os.environ.get("DEEPFACE_HOME")
    for home in [Path(named)] if named else _project_cache():
        try:
            _weights(home)
        except FileNotFoundError as error:
            raise MatcherError(str(error)) from None
        except OSError:
            continue
        return home
    home = Path(tempfile.mkdtemp(prefix="labkit-deepface-"))
    atexit.register(shutil.rmtree, home, ignore_errors=True)
    _weights(home)
    return home


@functools.cache
def _deepface() -> Any:
    """The module ``deepface.DeepFace``, set up for this lab before it is first imported."""
    os.environ["DEEPFACE_HOME"] = str(deepface_home())
    os.environ.setdefault("DEEPFACE_BACKEND_ENGINE", "onnx")
    level = os.environ.setdefault("DEEPFACE_LOG_LEVEL", "50")
    try:
        with warnings.catch_warnings():  # DeepFace turns all warnings off for everyone
            from deepface import DeepFace
            from deepface.commons.logger import Logger
    except ImportError as error:
        raise MatcherError(
            f"DeepFace cannot be loaded ({error}): install the lab's requirements again"
        ) from None
    if level.isdigit():  # read only once, by whoever imported DeepFace first
        Logger().log_level = int(level)
    return DeepFace


@functools.cache
def model_names() -> tuple[str, ...]:
    """Names of DeepFace's face recognition models, as DeepFace lists them."""
    _deepface()
    from deepface.modules.modeling import AVAILABLE_MODELS

    return tuple(AVAILABLE_MODELS["facial_recognition"])


def load(model: str) -> Any:
    """DeepFace's client for a model.

    Raises
    ------
    MatcherError
        With one sentence, when the weights cannot be had.
    """
    deepface = _deepface()
    try:
        return deepface.build_model(model, task="facial_recognition")
    except Exception as error:
        text = " ".join(str(error).split())
        if "download" in text or "reach" in text:
            raise MatcherError(WORDS["weights"].format(model=model)) from None
        raise MatcherError(WORDS["fails"].format(model=model, why=text[:120])) from None


def _width(model: str) -> int:
    return int(load(model).output_shape)


def _represent(chips: list[NDArray[Any]], model: str) -> Templates:
    """Templates of BGR chips, shape (n, d), in one call."""
    out = _deepface().represent(
        chips, model_name=model, detector_backend="skip", enforce_detection=False
    )
    rows = [out[0]] if len(chips) == 1 else [one[0] for one in out]
    return np.array([row["embedding"] for row in rows], np.float32)


def _cut(picture: Picture, align: str) -> tuple[int, NDArray[Any] | None]:
    """How many faces there are, and the largest as DeepFace is to be given it (BGR)."""
    if align == "deepface":
        crops = _deepface_crops(picture)
        return len(crops), crops[0] if crops else None
    marks = _marks(picture)
    if not marks:
        return 0, None
    return len(marks), np.ascontiguousarray(_dlib().chip(picture, marks[0])[..., ::-1])


def _deepface_crops(picture: Picture) -> list[NDArray[np.float64]]:
    """DeepFace's own crops of all faces, BGR fractions, the largest face first."""
    _deepface()
    from deepface.modules.detection import extract_faces
    from deepface.modules.exceptions import FaceNotDetected, ImgNotFound

    bgr = np.ascontiguousarray(picture[..., ::-1])
    try:
        faces = extract_faces(bgr, detector_backend="dlib", align=True, enforce_detection=True)
    except (FaceNotDetected, ImgNotFound):
        return []
    faces.sort(key=lambda f: -f["facial_area"]["w"] * f["facial_area"]["h"])
    return [f["face"][..., ::-1] for f in faces]


@functools.cache
def _dlib() -> DlibPipeline:
    from labkit.matchers.align import DlibPipeline

    return DlibPipeline()


def _marks(picture: Picture) -> list[Any]:
    """Landmarks of all faces, the largest first, as dlib holds them."""
    dlib = _dlib()
    boxes = list(dlib._detector(picture, dlib.upsample))
    boxes.sort(key=lambda box: -box.area())
    return [dlib._predictor(picture, box) for box in boxes]


@functools.cache
def _versions() -> str:
    import cv2
    import dlib
    from deepface import __version__ as deepface_version

    return f"deepface {deepface_version} dlib {dlib.__version__} cv2 {cv2.__version__}"


def _as_similarity(metric: str, t: float) -> tuple[str, float]:
    """A distance threshold of DeepFace as (measure, similarity) in this lab's terms."""
    import math

    if metric == "euclidean":
        return "euclidean", -t
    if metric == "cosine":
        return "cosine", 1 - t
    if metric == "euclidean_l2":  # of vectors of length 1: distance^2 = 2 - 2 cos
        return "cosine", 1 - t**2 / 2
    if metric == "angular":
        return "cosine", math.cos(math.pi * t)
    return "", math.nan

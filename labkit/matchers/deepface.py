"""DeepFace as a matcher: find a face, cut it out, describe it.

In: photographs (arrays or paths).  Out: templates, shape (n, d), float32, with a table that says
what became of each picture.

DeepFace runs on ONNX, from a folder of the lab's own, with the weights that the package
``face_recognition_models`` brought; nothing is fetched for its ``Dlib`` model.  DeepFace, dlib and
OpenCV load on first use.
"""

from __future__ import annotations

import atexit
import functools
import os
import shutil
import sys
import tempfile
import warnings
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from labkit.base.files import DamagedFile
from labkit.base.places import PROJECT
from labkit.matchers import yunet
from labkit.matchers.describing import Box, MatcherError, Picture, PictureMatcher, Templates

if TYPE_CHECKING:
    import pandas as pd

    from labkit.matchers.align import DlibPipeline
    from labkit.matchers.finding import Seen

ALIGNMENTS = ("dlib", "deepface")
# Pixels; larger pictures are made smaller before faces are looked for, which takes memory for each
# pixel.  DeepFace needs more of it: its border makes a picture four times as large.
SEARCHED = {"dlib": 1_000_000, "deepface": 500_000}
AS_LARGE = 0.96
"""Side of dlib's box of a face as a share of the root of the area of YuNet's; on 58 photographs of
Anytown's dev people and others it was .96 on average, with a standard deviation of .08."""

MEMORY = ".deepface"  # DeepFace's own name for its folder

WORDS = {
    "model": "there is no model {model!r}: DeepFace has {models}",
    "weights": "the weights of {model} are not on this computer and could not be fetched: connect"
    ' to the internet once, or use model="Dlib", whose weights are installed',
    "fails": '{model} cannot be loaded ({why}): use model="Dlib", which is installed',
    "Dlib fails": "Dlib cannot be loaded ({why}): its model files are sound, so install dlib again"
    " with {again}",
    "alignment": "there is no alignment {align!r}: use 'dlib' (as the network was trained) or"
    " 'deepface' (DeepFace's own crop)",
}


class DeepFaceMatcher(PictureMatcher):
    """DeepFace, as the other matchers are used: ``transform`` gives templates.

    Weights of ``Dlib`` are installed; other models of DeepFace (``Facenet512``, ``ArcFace``, ...)
    work where their weights can be fetched, which DeepFace then does by itself.

    Outcomes are those of :class:`~labkit.matchers.describing.PictureMatcher`.  Pictures with more
    than 1 million pixels are made smaller first, so faces below about 40 pixels *after that* are
    not found; half a million with ``align="deepface"``, which needs more memory.

    Parameters
    ----------
    model
        A face recognition model of DeepFace.
    align
        ``"dlib"``: dlib's detector and its aligned chip, 150 pixels, as the network was trained.
        ``"deepface"``: DeepFace's own use of the same detector and its own crop.
    cache, progress, several, thorough
        As for :class:`~labkit.matchers.describing.PictureMatcher`.

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
        thorough: bool | None = None,
    ) -> None:
        super().__init__(cache, progress, several, thorough)
        if align not in ALIGNMENTS:
            raise MatcherError(WORDS["alignment"].format(align=align))
        if model != "Dlib" and model not in model_names():
            raise MatcherError(WORDS["model"].format(model=model, models=", ".join(model_names())))
        self.model = model
        self.align = align
        self.searched = SEARCHED[align]
        self.measure = "euclidean" if model == "Dlib" else "cosine"

    def __repr__(self) -> str:
        return f"DeepFaceMatcher(model={self.model!r}, align={self.align!r})"

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

    def _load(self) -> int:
        yunet.detector()  # says whether a face stands upright
        return int(load(self.model).output_shape)

    def _cut(self, picture: Picture) -> tuple[int, NDArray[Any] | None]:
        return _cut(picture, self.align)

    def _face(self, picture: Picture) -> tuple[int, Box, NDArray[np.float32], Picture] | None:
        marks = _marks(picture)
        if not marks:
            return None
        _, cut = _cut(picture, self.align)
        if cut is None:  # DeepFace looks at a padded picture and may not find what dlib found
            return None
        chip = np.ascontiguousarray(cut[..., ::-1])
        if chip.dtype != np.uint8:  # DeepFace's own crop is in fractions
            chip = np.rint(chip * 255).astype(np.uint8)
        rect = marks[0].rect
        points = np.array([(p.x, p.y) for p in marks[0].parts()], np.float32)
        return len(marks), (rect.left(), rect.top(), rect.right(), rect.bottom()), points, chip

    def _cut_seen(self, seen: Seen) -> NDArray[Any] | None:
        if self.align == "deepface":
            return super()._cut_seen(seen)
        chip = _dlib().chip(seen.patch, _marks_of(seen))
        return np.ascontiguousarray(chip[..., ::-1])

    def _represent(self, chips: list[NDArray[Any]]) -> Templates:
        return _represent(chips, self.model)

    def _made_by(self) -> str:
        return f"{self.model} {self.align} {_versions()}"


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
    from labkit.matchers.align import LANDMARKS, NETWORK
    from labkit.matchers.weights import is_sound, sound_model

    folder = home / MEMORY / "weights"
    folder.mkdir(parents=True, exist_ok=True)
    for name in (NETWORK, LANDMARKS):
        source, target = sound_model(name), folder / name
        if is_sound(target, name):  # a link, or where the system has none a copy
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
        except (FileNotFoundError, DamagedFile) as error:
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
        if model == "Dlib":  # it must not be offered instead of itself
            from labkit.matchers.weights import again

            words = WORDS["Dlib fails"].format(why=text[:120], again=again("dlib-bin"))
            raise MatcherError(words) from None
        raise MatcherError(WORDS["fails"].format(model=model, why=text[:120])) from None


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


def _deepface_crops(picture: Picture, detector: str = "dlib") -> list[NDArray[np.float64]]:
    """DeepFace's own crops of all faces, BGR fractions, the largest face first."""
    _deepface()
    from deepface.modules.detection import extract_faces
    from deepface.modules.exceptions import FaceNotDetected, ImgNotFound

    bgr = np.ascontiguousarray(picture[..., ::-1])
    try:
        faces = extract_faces(bgr, detector_backend=detector, align=True, enforce_detection=True)
    except (FaceNotDetected, ImgNotFound):
        return []
    faces.sort(key=lambda f: -f["facial_area"]["w"] * f["facial_area"]["h"])
    return [f["face"][..., ::-1] for f in faces]


def haar_crops(picture: Picture) -> list[NDArray[np.float64]]:
    """Every face that ``DeepFace.verify`` compares with its own default detector, Haar, as a crop.

    Parameters
    ----------
    picture
        Shape (height, width, 3), uint8 RGB.

    Returns
    -------
    crops
        BGR, fractions, the largest face first; what :func:`represented` takes.

    Examples
    --------
    >>> haar_crops(np.zeros((80, 80, 3), np.uint8))
    []
    """
    return _deepface_crops(picture, "opencv")


def represented(crops: list[NDArray[Any]], model: str = "Dlib") -> Templates:
    """Templates of crops, shape (n, d), by one of DeepFace's networks.

    Examples
    --------
    >>> represented([]).shape
    (0, 128)
    """
    width = int(load(model).output_shape)
    rows = [_represent([crop], model)[0] for crop in crops]
    return np.array(rows, np.float32).reshape(-1, width)


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


def _marks_of(seen: Seen) -> Any:
    """Landmarks of a face that was found already, as dlib holds them.

    The model that finds them was made for boxes of dlib's detector.  Where that finds none on the
    face, the box is made from YuNet's: as a rule the same middle, and :data:`AS_LARGE` its size.
    """
    import dlib

    dlib_ = _dlib()
    left, top, right, bottom = seen.box
    for rect in sorted(dlib_._detector(seen.patch, 1), key=lambda r: -r.area()):
        x, y = rect.center().x, rect.center().y
        if left <= x <= right and top <= y <= bottom and rect.width() < 2 * (right - left):
            return dlib_._predictor(seen.patch, rect)
    half = AS_LARGE * ((right - left) * (bottom - top)) ** 0.5 / 2
    x, y = (left + right) / 2, (top + bottom) / 2
    if seen.row is not None:
        x, y = seen.row[[4, 6, 10, 12]].mean(), seen.row[[5, 7, 11, 13]].mean()
    rect = dlib.rectangle(*(round(float(v)) for v in (x - half, y - half, x + half, y + half)))
    return dlib_._predictor(seen.patch, rect)


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

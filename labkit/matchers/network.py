"""Networks that were trained here, on invented people alone, and one of them as a matcher.

In: photographs (arrays or paths), or chips.  Out: templates, shape (n, 128), float32.

dlib's detector finds the face and its five points, from which a chip is cut; onnxruntime runs the
network.  The networks lie in ``data/networks``, whose data sheet says who was drawn for them and
how they were trained.
"""

from __future__ import annotations

import functools
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from labkit.base.files import DamagedFile, read_checked, read_checksums, sha256
from labkit.data import NETWORKS, data_folder, networks
from labkit.matchers.align import DlibPipeline
from labkit.matchers.describing import Box, MatcherError, Picture, PictureMatcher, Templates

if TYPE_CHECKING:
    from labkit.data import FaceSet

SIDE = 64  # pixels of a chip
PADDING = 0.25  # the margin around the face, as dlib cuts it
"""Both belong to the trained networks: another side or margin would need other networks."""

LENGTH = 128  # numbers of a template
REGISTERED = "thirds-2500-0"
"""The network that the registry has, as AnytownNet."""

BLOCK = 8  # chips described together: more take memory (half a megabyte each), and save no time
POINTS = [f"point{k}_{axis}" for k in range(5) for axis in "xy"]


class NetworkMatcher(PictureMatcher):
    """A network trained on invented people alone, as the other matchers are used.

    Outcomes are those of :class:`~labkit.matchers.describing.PictureMatcher`.  It knows drawings:
    on photographs of real people it is worth little.

    Parameters
    ----------
    network
        One of :func:`labkit.data.networks` that is shipped.
    cache, progress, several, thorough
        As for :class:`~labkit.matchers.describing.PictureMatcher`.

    Raises
    ------
    MatcherError
        For an option that does not exist; later, when a network is missing, cut short or changed.

    Examples
    --------
    >>> NetworkMatcher().describe([np.zeros((80, 80, 3), np.uint8)]).table["status"].tolist()
    ['no face']
    """

    measure = "cosine"

    def __init__(
        self,
        network: str = REGISTERED,
        cache: Any = None,
        progress: bool = True,
        several: str = "largest",
        thorough: bool | None = None,
    ) -> None:
        super().__init__(cache, progress, several, thorough)
        self.network = network

    def __repr__(self) -> str:
        return f"NetworkMatcher({self.network!r})"

    def _load(self) -> int:
        _loaded(self.network)
        return LENGTH

    def _cut(self, picture: Picture) -> tuple[int, NDArray[Any] | None]:
        found = self._face(picture)
        return (0, None) if found is None else (found[0], found[3])

    def _face(self, picture: Picture) -> tuple[int, Box, NDArray[np.float32], Picture] | None:
        boxes, marks = _found(picture)
        if marks is None:
            return None
        points = np.array([(p.x, p.y) for p in marks.parts()], np.float32)
        rect = marks.rect
        box = (rect.left(), rect.top(), rect.right(), rect.bottom())
        return boxes, box, points, chip_of(picture, points)

    def _represent(self, chips: list[NDArray[Any]]) -> Templates:
        return describe(np.stack(chips), self.network)

    def _made_by(self) -> str:
        import onnxruntime

        return f"{self.network} onnxruntime {onnxruntime.__version__}"


def _found(picture: Picture) -> tuple[int, Any]:
    """How many faces dlib finds, and the landmarks of the largest."""
    pipeline = _dlib()
    picture = np.ascontiguousarray(picture)
    boxes = pipeline._detector(picture, pipeline.upsample)
    return len(boxes), pipeline.find(picture) if boxes else None


@functools.cache
def _dlib() -> DlibPipeline:
    return DlibPipeline()


# ---- chips --------------------------------------------------------------------------------------


def chip_of(picture: Picture, points: ArrayLike) -> Picture:
    """The face of a picture, turned and scaled so that its five points lie where they should.

    Parameters
    ----------
    picture
        Shape (h, w, 3), uint8 RGB.
    points
        dlib's five points, shape (5, 2), pixels, as in ``images.csv``.

    Returns
    -------
    ndarray
        Shape (64, 64, 3), uint8 RGB.

    Raises
    ------
    ValueError
        For a picture or points of another shape or kind, and points that are not finite.
    """
    import dlib

    picture, marks = np.asarray(picture), np.asarray(points, np.float64)
    if picture.dtype != np.uint8 or picture.ndim != 3 or picture.shape[2] != 3:
        raise ValueError(
            f"the picture has the shape {picture.shape} and holds {picture.dtype}: give (height,"
            " width, 3), uint8 RGB"
        )
    if marks.shape != (5, 2):
        raise ValueError(f"the points have the shape {marks.shape}: give dlib's five, (5, 2)")
    if not np.isfinite(marks).all():
        raise ValueError("no face was found in this picture: it has no points to cut it out by")
    marks = marks.round().astype(int)
    (left, top), (right, bottom) = marks.min(0).tolist(), marks.max(0).tolist()
    found = dlib.full_object_detection(
        dlib.rectangle(left, top, right, bottom), [dlib.point(x, y) for x, y in marks.tolist()]
    )
    chip = dlib.get_face_chip(np.ascontiguousarray(picture), found, size=SIDE, padding=PADDING)
    return np.asarray(chip, np.uint8)


def chips_in(pictures: Sequence[Picture]) -> NDArray[np.uint8]:
    """The largest face of each picture, as dlib finds and cuts it out.

    Parameters
    ----------
    pictures
        Each of shape (h, w, 3), uint8 RGB.

    Returns
    -------
    chips
        Shape (n, 64, 64, 3), uint8 RGB; 0 where no face was found.

    Examples
    --------
    >>> chips_in([np.zeros((80, 80, 3), np.uint8)]).any()
    np.False_
    """
    chips = np.zeros((len(pictures), SIDE, SIDE, 3), np.uint8)
    for chip, picture in zip(chips, pictures, strict=True):
        _boxes, marks = _found(picture)
        if marks is not None:
            chip[:] = chip_of(picture, [(p.x, p.y) for p in marks.parts()])
    return chips


def chips_of(faces: FaceSet, rows: slice = slice(None)) -> NDArray[np.uint8]:
    """The faces of a bundled set, cut out by the points that its table has.

    Parameters
    ----------
    faces
        A set whose pictures are shipped.
    rows
        Which photographs; all of them, of which each takes 12 KB.

    Returns
    -------
    chips
        Shape (n, 64, 64, 3), uint8 RGB; 0 where no face was found.

    Raises
    ------
    LookupError
        For a set whose pictures are not shipped.

    Examples
    --------
    >>> from labkit import data
    >>> chips_of(data.load("anytown/dev"), slice(0, 12, 4)).shape
    (3, 64, 64, 3)
    """
    return _chips(faces, _points(faces), range(len(faces))[rows])


def _points(faces: FaceSet) -> NDArray[np.float64]:
    return faces.images[POINTS].to_numpy(np.float64).reshape(-1, 5, 2)


def _chips(faces: FaceSet, points: NDArray[np.float64], rows: range) -> NDArray[np.uint8]:
    chips = np.zeros((len(rows), SIDE, SIDE, 3), np.uint8)
    for chip, k in zip(chips, rows, strict=True):
        if np.isfinite(points[k]).all():
            chip[:] = chip_of(faces.pictures[k], points[k])
    return chips


def templates_of(faces: FaceSet, network: str = REGISTERED) -> Templates:
    """Templates of a bundled set, from its shipped pictures.

    They are described a few at a time, in little memory, and kept until Python ends: the same
    pictures are not described twice by the same network.

    Parameters
    ----------
    faces
        A set whose pictures are shipped.
    network
        One of :func:`labkit.data.networks` that is shipped.

    Returns
    -------
    templates
        Shape (n, 128), float32; NaN where no face was found.

    Raises
    ------
    LookupError
        For a set whose pictures are not shipped.
    MatcherError
        When there is no such network, or its file is missing, cut short or changed.
    DamagedFile
        When a picture is.
    """
    points, (checksum, content) = _points(faces), _read(network)
    shown = ";".join(faces.pictures.checksums())
    key = (checksum, sha256(shown.encode() + points.tobytes()))
    if key not in _known:
        session = session_of(content)  # let go afterwards: it takes 20 MB
        _known[key] = np.concatenate(
            [
                described(session, _chips(faces, points, range(len(points))[k : k + BLOCK]))
                for k in range(0, len(points), BLOCK)
            ]
        )
    return _known[key].copy()


_known: dict[tuple[str, str], Templates] = {}
"""Checksums of a network, and of pictures with their points -> templates."""


# ---- the networks -------------------------------------------------------------------------------


def describe(chips: NDArray[np.uint8], network: str = REGISTERED) -> Templates:
    """Templates of chips.

    Parameters
    ----------
    chips
        Shape (n, 64, 64, 3), uint8 RGB, from :func:`chip_of`.
    network
        One of :func:`labkit.data.networks` that is shipped.

    Returns
    -------
    templates
        Shape (n, 128), float32; NaN where a chip is all 0, which stands for "no face found".

    Raises
    ------
    ValueError
        For chips of another shape.
    MatcherError
        When there is no such network, or its file is missing, cut short or changed.
    """
    chips = np.asarray(chips)
    if chips.ndim != 4 or chips.shape[1:] != (SIDE, SIDE, 3):
        raise ValueError(
            f"chips have the shape {chips.shape}: give (n, {SIDE}, {SIDE}, 3), as"
            " labkit.matchers.network.chip_of makes them"
        )
    return described(_loaded(network), chips)


def describe_once(chips: NDArray[np.uint8], network: str) -> Templates:
    """As :func:`describe`, and the network is let go afterwards: it takes 20 MB."""
    return described(session_of(_read(network)[1]), chips)


def described(session: Any, chips: NDArray[np.uint8]) -> Templates:
    """Templates of chips by a network that is loaded, as :func:`describe` gives them."""
    out = np.full((len(chips), LENGTH), np.nan, np.float32)
    name = session.get_inputs()[0].name
    shown = np.flatnonzero(chips.any(axis=(1, 2, 3)))
    for start in range(0, len(shown), BLOCK):
        rows = shown[start : start + BLOCK]
        out[rows] = session.run(None, {name: chips[rows].astype(np.float32)})[0]
    return out


def _loaded(network: str) -> Any:
    """What runs a network; kept for as long as its file stays the same."""
    return _running(*_read(network))


@functools.lru_cache(maxsize=4)
def _running(checksum: str, content: bytes) -> Any:
    return session_of(content)


def _read(network: str) -> tuple[str, bytes]:
    """Checksum and bytes of a network's file, once they are known to be those that were shipped."""
    try:
        folder = data_folder() / NETWORKS
        checksums = read_checksums(folder)
        file = f"{network}.onnx"
        if file not in checksums:
            known = ", ".join(
                sorted(n.removesuffix(".onnx") for n in checksums if n.endswith(".onnx"))
            )
            table = networks()
            judged = network in table.index and not table.loc[network, "shipped"]
            what = (
                f"the network {network!r} is not shipped"
                if judged
                else f"there is no network {network!r}"
            )
            raise MatcherError(f"{what}: use one of {known}")
        return checksums[file], read_checked(folder, file, checksums)
    except (DamagedFile, FileNotFoundError) as error:
        raise MatcherError(str(error)) from None


def session_of(content: bytes) -> Any:
    """What runs a network: one thread, so that the same picture gives the same numbers."""
    import onnxruntime

    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = options.inter_op_num_threads = 1
    options.log_severity_level = 3
    options.enable_cpu_mem_arena = options.enable_mem_pattern = False  # they keep 5 MB
    return onnxruntime.InferenceSession(content, options, providers=["CPUExecutionProvider"])

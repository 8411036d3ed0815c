"""Probes as police have used them: blurred, with another mouth, or of somebody who looks alike.

In: photographs of people who are enrolled.  Out: altered ones (:func:`blurred`,
:func:`pasted_mouth`, :func:`look_alike`), and :func:`searched`, what a search of the gallery makes
of each of them, beside the unaltered photograph of the same person.

What is copied here is told, from the police's own papers, by Garvie (2019), "Garbage In, Garbage
Out: Face Recognition on Flawed Data", Georgetown Law Center on Privacy & Technology.
"""

from __future__ import annotations

import functools
import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

import cv2
import numpy as np
from numpy.typing import ArrayLike, NDArray

from labkit.base.codec import Picture, decode
from labkit.base.words import N_, _
from labkit.data import data_folder
from labkit.measure.intervals import Interval, paired_difference
from labkit.street import stored as stored_files
from labkit.street.review import BANDS, CANDIDATES, MATCHER, TILE, enrolled_in

if TYPE_CHECKING:
    import pandas as pd

    from labkit.people.who.person import Person

EACH = 20
"""People of each band whose photographs are altered."""
BLUR = 3.0
"""Standard deviation of the blur, in pixels of a picture of 160."""
KINDS = {
    "unaltered": N_("unaltered"),
    "blurred": N_("blurred"),
    "mouth": N_("another mouth"),
    "look-alike": N_("a look-alike"),
}
ALTERED = tuple(KINDS)[1:]
TABLE, TEMPLATES, SHEET = "probes.csv", "probes.npz", "probes.webp"
SHOWN = (0, 2 * EACH)
"""Who is shown with pictures: the first lighter and the first darker person of the table."""
TILES = 3 + len(KINDS)
"""Pictures of each: the probe, whose mouth, the look-alike, the first candidate of each probe."""


# ---- pictures -----------------------------------------------------------------------------------


def blurred(picture: Picture, sigma: float = BLUR) -> Picture:
    """A photograph as a poor camera, or an editor who hides a seam, leaves it.

    Parameters
    ----------
    picture
        Shape (h, w, 3), uint8 RGB.
    sigma
        Standard deviation of the blur, pixels.

    Examples
    --------
    >>> dots = np.zeros((9, 9, 3), np.uint8)
    >>> dots[4, 4] = 255
    >>> int(blurred(dots, 1.0)[4, 4, 0])
    40
    """
    return np.asarray(cv2.GaussianBlur(picture, (0, 0), sigma), np.uint8)


def pasted_mouth(
    picture: Picture, points: ArrayLike, other: Picture, other_points: ArrayLike
) -> Picture:
    """A photograph with the mouth of another one, turned and sized to fit, its edge softened.

    Parameters
    ----------
    picture, other
        Shape (h, w, 3), uint8 RGB: whose photograph it is, and whose mouth.
    points, other_points
        dlib's five points in each, shape (5, 2): corners of the eyes, and under the nose.

    Returns
    -------
    picture
        Its brightness and colour are those of the place where the mouth goes.

    Raises
    ------
    ValueError
        When a face was not found in one of them.
    """
    own, their = np.asarray(points, float), np.asarray(other_points, float)
    if not (np.isfinite(own).all() and np.isfinite(their).all()):
        raise ValueError("no face was found in one of the two pictures: there is no mouth to paste")
    height, width = picture.shape[:2]
    placed = cv2.warpAffine(
        other, _fit(their, own), (width, height), borderMode=cv2.BORDER_REPLICATE
    ).astype(float)
    mask = _mouth(own, height, width)[..., None]
    inside = mask[..., 0] > 0.5
    if inside.any():
        placed *= picture[inside].mean(0) / np.maximum(placed[inside].mean(0), 1.0)
    mixed = picture * (1 - mask) + placed * mask
    return np.asarray(np.clip(mixed, 0, 255).round(), np.uint8)


def _fit(source: NDArray[np.float64], target: NDArray[np.float64]) -> NDArray[np.float64]:
    """The turn, size and shift that bring five points nearest to five others, shape (2, 3)."""
    a, b = (p[:, 0] + 1j * p[:, 1] for p in (source, target))
    first, second = a - a.mean(), b - b.mean()
    turn = (first.conj() @ second) / (first.conj() @ first)
    shift = b.mean() - turn * a.mean()
    return np.array([[turn.real, -turn.imag, shift.real], [turn.imag, turn.real, shift.imag]])


def _mouth(points: NDArray[np.float64], height: int, width: int) -> NDArray[np.float64]:
    """Where the mouth is, softly: 1 within, 0 outside."""
    across = points[2] - points[0] if points[2, 0] > points[0, 0] else points[0] - points[2]
    size = float(np.linalg.norm(across))
    right = across / size
    down = np.array([-right[1], right[0]])
    centre = points[4] + 0.32 * size * down
    y, x = np.mgrid[0:height, 0:width]
    off = np.stack([x - centre[0], y - centre[1]], -1)
    r = np.hypot(off @ right / (0.40 * size), off @ down / (0.24 * size))
    return np.clip((1.0 - r) / 0.25, 0, 1)


def look_alike(person: Person, others: Sequence[Person]) -> int:
    """Who of the others is drawn most like a person: place of the nearest by shape.

    Parameters
    ----------
    person
        Whom somebody should look like.
    others
        Among whom to look; those of the same half of presentation and of nearly the same tone come
        first, as whoever looks for a look-alike would have it.

    Raises
    ------
    ValueError
        Without anybody to look among.
    """
    from labkit.people.who.parameters import PARAMETERS

    if not others:
        raise ValueError("there is nobody among whom to look for a look-alike: give some people")
    names = [p.name for p in PARAMETERS if p.name in person.shape] or list(person.shape)

    def far(other: Person) -> tuple[bool, float]:
        apart = sum((person.shape.get(n, 0.0) - other.shape.get(n, 0.0)) ** 2 for n in names)
        unlike = abs(person.tone - other.tone) > 0.15
        unlike |= (person.presentation < 0) != (other.presentation < 0)
        return unlike, apart

    return min(range(len(others)), key=lambda k: far(others[k]))


# ---- what a search makes of them ----------------------------------------------------------------


@dataclass(frozen=True)
class Probes:
    """Searches by the same people's photographs, unaltered and altered; made by :func:`searched`.

    Parameters
    ----------
    table
        A row for each person: ``image`` (row of ``data.gallery().images``, the unaltered probe),
        ``band``, ``other`` (whose mouth), ``look_alike`` (whose photograph).
    places
        By kind: the place of the person's own entry, 1 for the first; 0 where the probe has no
        face.
    first
        By kind: the score of the first candidate; NaN where the probe has no face.
    points
        dlib's five points in the unaltered probe and in the one whose mouth it gets, shape
        (people, 2, 5, 2); NaN where no face was found.
    """

    table: pd.DataFrame
    places: Mapping[str, NDArray[np.int64]]
    first: Mapping[str, NDArray[np.float64]]
    points: NDArray[np.float64] = field(default_factory=lambda: np.zeros((0, 2, 5, 2)), repr=False)

    def listed(self, kind: str, within: int = CANDIDATES) -> NDArray[np.bool_]:
        """Whether the person's own entry is among the first candidates."""
        return (self.places[kind] > 0) & (self.places[kind] <= within)

    def stranger_first(self, kind: str) -> NDArray[np.bool_]:
        """Whether somebody else leads the list."""
        return self.places[kind] > 1

    def lost(self, kind: str, within: int = CANDIDATES) -> Interval:
        """By how much more often the person is not among the first than by the unaltered probe.

        Paired by person; see :func:`labkit.measure.intervals.paired_difference`.
        """
        each = np.ones(len(self.table))
        return paired_difference(
            ((~self.listed(kind, within)).astype(float), each),
            ((~self.listed("unaltered", within)).astype(float), each),
        )

    def strangers(self, kind: str, threshold: float) -> NDArray[np.bool_]:
        """Whether somebody else leads the list with a score at or above a threshold."""
        return self.stranger_first(kind) & (self.first[kind] >= threshold)

    def counts(self, threshold: float) -> pd.DataFrame:
        """A row for each kind of probe, counts of people.

        Parameters
        ----------
        threshold
            A score from which on a candidate counts as found.
        """
        import pandas as pd

        n = len(self.table)
        rows = {
            _(name): {
                _("people"): n,
                _("no face found"): int((self.places[kind] == 0).sum()),
                _("first is the person"): int((self.places[kind] == 1).sum()),
                _("person among the first five"): int(self.listed(kind).sum()),
                _("a stranger first"): int(self.stranger_first(kind).sum()),
                _("of these above the threshold"): int(self.strangers(kind, threshold).sum()),
            }
            for kind, name in KINDS.items()
        }
        return pd.DataFrame.from_dict(rows, orient="index").rename_axis(_("probe"))


def stored() -> tuple[pd.DataFrame, dict[str, NDArray[np.float32]]]:
    """The people whose photographs were altered, and the templates of the altered ones.

    Raises
    ------
    DamagedFile
        When a file is missing or changed.
    """
    return _stored(str(data_folder()))


@functools.lru_cache(maxsize=2)
def _stored(folder: str) -> tuple[pd.DataFrame, dict[str, NDArray[np.float32]]]:
    content = io.BytesIO(stored_files.read(TEMPLATES, Path(folder)))
    with np.load(content, allow_pickle=False) as held:
        templates = {kind: held[kind].astype(np.float32) for kind in held.files}
    return stored_files.table(TABLE, Path(folder)), templates


def searched(gallery: Any = None) -> Probes:
    """Search the town's gallery with photographs of enrolled people, unaltered and altered.

    Parameters
    ----------
    gallery
        Of :func:`labkit.data.gallery`; without it that of the lab.
    """
    from labkit import data
    from labkit.gallery.index import Exact

    of = data.gallery() if gallery is None else gallery
    table, held = stored()
    templates = of.templates(MATCHER)
    enrolled = enrolled_in(of)
    index = Exact(templates[enrolled], of.measure(MATCHER))
    person = of.images["person"].to_numpy()
    images = table["image"].to_numpy()
    at = {int(seed): k for k, seed in enumerate(person[enrolled])}
    mates = np.array([at[int(seed)] for seed in person[images]])
    vectors = {
        "unaltered": templates[images],
        **{kind: held[kind] for kind in ("blurred", "mouth")},
        "look-alike": templates[table["look_alike"].to_numpy()],
    }
    places, first = {}, {}
    for kind in KINDS:
        found = np.isfinite(vectors[kind]).all(1)
        _scores, ranks = index.mate(vectors[kind], mates)
        last = np.where(ranks > 0, ranks, len(index) + 1)  # their own entry has no template
        places[kind] = np.where(found, last, 0).astype(int)
        first[kind] = np.where(found, index.best(vectors[kind]), np.nan).astype(float)
    return Probes(table, places, first, np.asarray(held["points"], float))


def demonstrated(gallery: Any = None) -> tuple[list[Picture], list[str]]:
    """Two people's four probes, altered now, each with its first candidate.

    Parameters
    ----------
    gallery
        Of :func:`labkit.data.gallery`; without it that of the lab.

    Returns
    -------
    pictures, captions
        Probe and candidate in turn, eight of each person.
    """
    tried = searched(gallery)
    points, sheet = tried.points, decode(stored_files.read(SHEET, data_folder()))
    pictures: list[Picture] = []
    captions: list[str] = []
    for line, place in enumerate(SHOWN):
        row = sheet[line * TILE : (line + 1) * TILE]
        own, other, alike, *first = (row[:, k * TILE : (k + 1) * TILE] for k in range(TILES))
        mouth = with_mouth(own, points[place, 0], other, points[place, 1])
        probes = (own, blurred(own), mouth, alike)
        for kind, probe, candidate in zip(KINDS, probes, first, strict=True):
            where = tried.places[kind][place]
            found = _("no face found") if where < 1 else _("first: a stranger")
            pictures += [probe, candidate]
            captions += [_(KINDS[kind]), _("first: the person") if where == 1 else found]
    return pictures, captions


def with_mouth(own: Picture, points: ArrayLike, other: Picture, theirs: ArrayLike) -> Picture:
    """A photograph with another's mouth; as it is where a face was not found in one of the two."""
    if not (np.isfinite(points).all() and np.isfinite(theirs).all()):
        return own
    return pasted_mouth(own, points, other, theirs)


def chosen(gallery: Any) -> pd.DataFrame:
    """Whose photographs are altered: people of each band by their order, nobody left out.

    Each gets the mouth of the next one of the band, and the nearest look-alike among people of
    ``dev``, who are enrolled nowhere.

    Parameters
    ----------
    gallery
        Of :func:`labkit.data.gallery`.
    """
    import pandas as pd

    rows = gallery.rows("mates", photo=1)
    bands = gallery.images["tone_band"].to_numpy()[rows]
    portraits = gallery.rows("dev", photo=0)
    others = [gallery.person(int(row)) for row in portraits]
    out = []
    for band in BANDS:
        of = rows[bands == band][:EACH]
        for k, row in enumerate(of.tolist()):
            near = look_alike(gallery.person(row), others)
            out.append(
                {
                    "image": row,
                    "band": band,
                    "other": int(of[(k + 1) % len(of)]),
                    "look_alike": int(portraits[near]),
                }
            )
    return pd.DataFrame(out)

"""Finding faces in a crowd: what two detectors find, by the size of a face and by what hides it.

In: a picture of a crowd, and where its faces are.  Out: found, missed and false detections, with
intervals by people.

dlib's detector slides a window of fixed size over the picture and looks at the directions of edges
in it (histograms of oriented gradients: Dalal and Triggs 2005; the detector: King 2015).  YuNet is
a network of 2023 (Wu, Peng and Yu).  That the first misses small faces is a property of a method of
2005, and says nothing about any vendor's "100 largest faces".
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from labkit.base.words import N_, _
from labkit.street import stored

if TYPE_CHECKING:
    import pandas as pd

    from labkit.measure.intervals import Interval

Picture = NDArray[np.uint8]

DETECTORS = {
    "dlib": N_("dlib, gradients in a window (a method of 2005)"),
    "YuNet": N_("YuNet, a network (2023)"),
}
"""The detectors, and what to call them."""

CONDITIONS = (N_("good"), N_("worn by night"))
"""How the scenes were photographed: by a good fixed camera, and by a body-worn one at night."""

SIDES = ("left", "top", "right", "bottom")
LEAST = 0.3
"""Overlap of a detection with a face, from which it counts as that face."""

SIZES = (6.0, 9.0, 12.0, 16.0, 22.0, 32.0)
"""Pixels between the eyes at which bins of size meet."""

HIDDEN = (0.05, 0.25, 0.5, 0.75)
"""Shares hidden at which bins meet."""

MOST_HIDDEN = 0.25
"""Faces hidden by more than this have no part in what is said about size."""

REDRAWS = 400
DEALT = 4_000
"""How often tones are dealt out again."""
ENOUGH_OF_BOTH = 10


@dataclass(frozen=True)
class Crowd:
    """Crowd pictures, what is true of each face in them, and what the detectors found.

    Parameters
    ----------
    people
        One row for each person of each scene: ``scene``; ``person``, the seed; ``left``, ``top``,
        ``right``, ``bottom`` of the face from brow to chin, pixels; ``eyes``, the pixels between
        the eyes of this face seen from in front; ``hidden``, the share of the face that nearer
        people or the picture's edge hide; ``yaw``, degrees turned away; ``distance``, metres;
        ``tone_band``.
    found
        One row for each detection: ``scene``; ``condition``, one of :data:`CONDITIONS`;
        ``detector``, one of :data:`DETECTORS`; its box, in pixels of the scene; ``score``, the
        detector's own; ``person``, whose face it is, -1 where there is no face (a false detection).

    Examples
    --------
    >>> crowd = load_crowd()
    >>> crowd.detectors, crowd.conditions
    (('dlib', 'YuNet'), ('good', 'worn by night'))
    """

    people: pd.DataFrame
    found: pd.DataFrame
    _data: Path | None = field(default=None, repr=False)

    def __repr__(self) -> str:
        scenes = self.people["scene"].nunique()
        return f"Crowd({len(self.people):,} people in {scenes} scenes)"

    @property
    def detectors(self) -> tuple[str, ...]:
        """Names of the detectors."""
        return tuple(DETECTORS)

    @property
    def conditions(self) -> tuple[str, ...]:
        """How the scenes were photographed."""
        return CONDITIONS

    def picture(self, condition: str = "good") -> Picture:
        """The first scene as it was photographed, uint8 RGB; its detections were made on it.

        Raises
        ------
        ValueError
            For another condition.
        DamagedFile
            When the file is missing, cut short or changed.
        """
        from labkit.base.codec import decode

        _known(condition, CONDITIONS, "condition")
        return decode(stored.read(picture_file(condition), self._data))

    def faces(self, detector: str, condition: str = "good") -> pd.DataFrame:
        """The people, with ``found``: whether the detector found their face."""
        _known(detector, DETECTORS, "detector")
        _known(condition, CONDITIONS, "condition")
        mine = self.found[
            (self.found["detector"] == detector) & (self.found["condition"] == condition)
        ]
        seen = set(zip(mine["scene"], mine["person"]))
        hits = [key in seen for key in zip(self.people["scene"], self.people["person"])]
        return self.people.assign(found=hits)

    def false(self, detector: str, condition: str = "good") -> int:
        """How many detections are no face of anybody."""
        mine = self.found[
            (self.found["detector"] == detector) & (self.found["condition"] == condition)
        ]
        return int((mine["person"] < 0).sum())


def picture_file(condition: str) -> str:
    """The name of the stored picture of a condition."""
    return f"crowd-{condition.replace(' ', '-')}.webp"


def load_crowd(*, data: Path | None = None) -> Crowd:
    """The stored crowd pictures with their truth and detections.

    Raises
    ------
    DamagedFile
        When a file is missing, cut short or changed.
    """
    return Crowd(stored.table("faces.csv", data), stored.table("detections.csv", data), data)


# ---- finding ------------------------------------------------------------------------------------


def detect(picture: Picture, detector: str) -> pd.DataFrame:
    """Every face that a detector finds in a whole picture, without making it smaller.

    Parameters
    ----------
    picture
        uint8 RGB.  A crowd picture takes some seconds.
    detector
        One of :data:`DETECTORS`.  dlib's looks at the picture enlarged to twice its size, as in all
        of this lab, so it finds faces from about 40 pixels.

    Returns
    -------
    table
        ``left``, ``top``, ``right``, ``bottom``, ``score``; the largest face first.

    Raises
    ------
    ValueError
        For a detector that is not here, or what is no picture.

    Examples
    --------
    >>> len(detect(np.zeros((90, 90, 3), np.uint8), "YuNet"))
    0
    """
    import pandas as pd

    from labkit.matchers.align import DlibPipeline, check_picture
    from labkit.matchers.yunet import faces

    _known(detector, DETECTORS, "detector")
    picture = check_picture(picture)
    if detector == "YuNet":
        found = faces(picture)
        rows = [(x, y, x + w, y + h, score) for x, y, w, h, score in found[:, [0, 1, 2, 3, 14]]]
    else:
        pipeline = DlibPipeline()
        boxes, scores, _kinds = pipeline._detector.run(picture, pipeline.upsample, 0.0)
        rows = [
            (box.left(), box.top(), box.right(), box.bottom(), score)
            for box, score in zip(boxes, scores, strict=True)
        ]
    table = pd.DataFrame(rows, columns=[*SIDES, "score"]).astype(float)
    area = (table["right"] - table["left"]) * (table["bottom"] - table["top"])
    return table.iloc[np.argsort(-area.to_numpy(), kind="stable")].reset_index(drop=True)


def overlap(first: ArrayLike, second: ArrayLike) -> NDArray[np.float64]:
    """Intersection over union of boxes, shapes (n, 4) and (m, 4) to (n, m).

    Examples
    --------
    >>> overlap([[0, 0, 2, 2]], [[0, 0, 2, 2], [1, 0, 3, 2]]).round(2).tolist()
    [[1.0, 0.33]]
    """
    a = np.asarray(first, np.float64).reshape(-1, 1, 4)
    b = np.asarray(second, np.float64).reshape(1, -1, 4)
    low, high = np.maximum(a[..., :2], b[..., :2]), np.minimum(a[..., 2:], b[..., 2:])
    common = np.prod(np.clip(high - low, 0, None), axis=-1)
    areas = np.prod(a[..., 2:] - a[..., :2], -1) + np.prod(b[..., 2:] - b[..., :2], -1)
    return np.asarray(common / np.maximum(areas - common, 1e-12))


def matched(boxes: Any, faces: Any, least: float = LEAST) -> NDArray[np.int64]:
    """Which face each detection is: the assignment with the most overlap, one to one.

    The Hungarian method (:func:`scipy.optimize.linear_sum_assignment`).

    Parameters
    ----------
    boxes, faces
        Tables with ``left``, ``top``, ``right``, ``bottom``, or arrays of shapes (n, 4) and (m, 4).
    least
        Overlap below which a detection is no face of anybody.

    Returns
    -------
    faces
        Shape (n,): the row of the face, -1 for a false detection.

    Examples
    --------
    >>> matched([[0, 0, 10, 10], [50, 50, 60, 60]], [[1, 0, 11, 10]]).tolist()
    [0, -1]
    """
    from scipy.optimize import linear_sum_assignment

    sides = list(SIDES)
    first = boxes[sides].to_numpy() if hasattr(boxes, "columns") else boxes
    second = faces[sides].to_numpy() if hasattr(faces, "columns") else faces
    common = overlap(first, second)
    worth = np.where(common >= least, common, 0.0)
    rows, columns = linear_sum_assignment(-worth)
    out = np.full(len(worth), -1, np.int64)
    hit = worth[rows, columns] > 0
    out[rows[hit]] = columns[hit]
    return out


# ---- counting -----------------------------------------------------------------------------------


def by_size(
    crowd: Crowd, condition: str = "good", most_hidden: float = MOST_HIDDEN
) -> pd.DataFrame:
    """Who is found, by the pixels between the eyes; only faces that are hardly hidden.

    Returns
    -------
    table
        ``detector``; ``eyes``, the bin in words; ``middle``, the mean of the bin in pixels;
        ``people``, ``found``, ``share`` with ``low`` and ``high`` (Wilson, 95%; one person is one
        trial).
    """
    keep = crowd.people["hidden"].to_numpy() <= most_hidden
    return _binned(crowd, condition, "eyes", SIZES, keep, _("{a:g} to {b:g}"), _("below {b:g}"))


def by_hidden(crowd: Crowd, condition: str = "good", least_eyes: float = SIZES[3]) -> pd.DataFrame:
    """Who is found, by the share of the face that is hidden; only faces of some size.

    Returns
    -------
    table
        As of :func:`by_size`, with ``hidden`` in place of ``eyes``.
    """
    keep = crowd.people["eyes"].to_numpy() >= least_eyes
    return _binned(
        crowd, condition, "hidden", HIDDEN, keep, _("{a:.0%} to {b:.0%}"), _("below {b:.0%}")
    )


def _binned(
    crowd: Crowd,
    condition: str,
    column: str,
    edges: Sequence[float],
    keep: NDArray[np.bool_],
    between: str,
    below: str,
) -> pd.DataFrame:
    import pandas as pd

    from labkit.measure.intervals import wilson

    rows = []
    for detector in DETECTORS:
        faces = crowd.faces(detector, condition)[keep]
        place = np.searchsorted(edges, faces[column].to_numpy(), side="right")
        for k in range(len(edges) + 1):
            mine = faces[place == k]
            if not len(mine):
                continue
            hits = int(mine["found"].sum())
            rate = wilson(hits, len(mine))
            a = edges[k - 1] if k else 0.0
            b = edges[k] if k < len(edges) else None
            name = (
                below.format(b=b)
                if not k
                else between.format(a=a, b=b)
                if b is not None
                else _("from {a}").format(a=f"{a:.0%}" if column == "hidden" else f"{a:g}")
            )
            rows.append(
                {
                    "detector": detector,
                    column: name,
                    "middle": float(mine[column].mean()),
                    "people": len(mine),
                    "found": hits,
                    "share": rate.value,
                    "low": rate.low,
                    "high": rate.high,
                }
            )
    return pd.DataFrame(rows)


@dataclass(frozen=True)
class HalfFound:
    """The size at which half of the faces are found, pixels between the eyes.

    ``words`` stands in place of numbers where too few were found, or too few missed.
    """

    eyes: float
    low: float
    high: float
    people: int
    words: str = ""

    def __str__(self) -> str:
        if self.words:
            return self.words
        return f"{self.eyes:.1f} [{self.low:.1f}, {self.high:.1f}]"


def half_found(
    crowd: Crowd,
    detector: str,
    condition: str = "good",
    most_hidden: float = MOST_HIDDEN,
    seed: int = 0,
) -> HalfFound:
    """At how many pixels between the eyes a detector finds half of the faces.

    A logistic curve in the logarithm of the size, over faces that are hardly hidden; its interval
    is that of the middle 95% of the same when as many people are drawn again.
    """
    faces = crowd.faces(detector, condition)
    faces = faces[faces["hidden"] <= most_hidden]
    size, hit = np.log2(faces["eyes"].to_numpy()), faces["found"].to_numpy(bool)
    hits = int(hit.sum())
    if min(hits, len(hit) - hits) < ENOUGH_OF_BOTH:
        words = _("{hits} of {n} found: too few of one kind for a curve").format(
            hits=hits, n=len(hit)
        )
        return HalfFound(np.nan, np.nan, np.nan, len(hit), words)
    rng = np.random.default_rng(seed)
    value = _half(size, hit)
    again = []
    for _k in range(REDRAWS):
        rows = rng.integers(len(hit), size=len(hit))
        if 0 < hit[rows].sum() < len(hit):
            again.append(_half(size[rows], hit[rows]))
    low, high = np.quantile(again, (0.025, 0.975))
    return HalfFound(value, float(low), float(high), len(hit))


def _half(size: NDArray[np.float64], hit: NDArray[np.bool_]) -> float:
    """Where a logistic curve crosses a half, in pixels; a slight prior keeps steep curves finite.

    Newton's method on the likelihood of slope and height.
    """
    middle = float(size.mean())
    x = np.stack([np.ones_like(size), size - middle], 1)
    prior = np.diag([1e-3, 1e-2])
    beta = np.array([0.0, 1.0])
    for _k in range(60):
        p = 1 / (1 + np.exp(-np.clip(x @ beta, -30, 30)))
        step = np.linalg.solve(
            (x * (p * (1 - p))[:, None]).T @ x + prior, x.T @ (hit - p) - prior @ beta
        )
        beta = beta + np.clip(step, -4, 4)
        if np.abs(step).max() < 1e-9:
            break
    slope = beta[1] if abs(beta[1]) > 1e-6 else 1e-6
    return float(2 ** np.clip(middle - beta[0] / slope, 0, 10))


# ---- in words -----------------------------------------------------------------------------------


@dataclass(frozen=True)
class BandGap:
    """Found faces of two tone bands, at equal size, from :func:`band_gap`.

    Parameters
    ----------
    detector, condition
        Who looked, and how the scenes were photographed.
    darker, lighter
        Share of the faces of each band that are found, with exact limits, one person a trial.
    p
        How often a difference as large or larger, to either side, comes from dealing the tones out
        again by lot among faces of about one size.
    """

    detector: str
    condition: str
    darker: Interval
    lighter: Interval
    p: float


def band_gap(crowd: Crowd, detector: str, condition: str = "good") -> BandGap:
    """Whether faces drawn darker are found as often as lighter ones, at equal size.

    The tones are dealt out again by lot, among faces in one bin of :data:`SIZES`, 4,000 times: a
    permutation test within strata.  What hides a face, or turns it, was drawn without regard to
    tone.

    Raises
    ------
    ValueError
        For an unknown detector or condition.

    Examples
    --------
    >>> gap = band_gap(load_crowd(), "dlib")
    >>> gap.darker.trials, gap.lighter.trials
    (101, 109)
    """
    from labkit.measure.searches import exact

    faces = crowd.faces(detector, condition)
    faces = faces[faces["tone_band"].isin(["darker", "lighter"])]
    hit, dark = faces["found"].to_numpy(bool), (faces["tone_band"] == "darker").to_numpy()
    stratum = np.digitize(faces["eyes"].to_numpy(float), SIZES)
    rng = np.random.default_rng(0)
    places = [np.flatnonzero(stratum == k) for k in np.unique(stratum)]
    expected = sum(hit[of].mean() * dark[of].sum() for of in places)
    seen = abs(float(hit[dark].sum()) - expected)
    as_far = 0
    for _again in range(DEALT):
        found = sum(int(hit[rng.permutation(of)][dark[of]].sum()) for of in places)
        as_far += abs(found - expected) >= seen - 1e-9
    found_faces = _("faces found")
    return BandGap(
        detector,
        condition,
        exact(hit[dark], found_faces, _("faces")),
        exact(hit[~dark], found_faces, _("faces")),
        (as_far + 1) / (DEALT + 1),
    )


def read_bands(gaps: Sequence[BandGap]) -> str:
    """What is shown of tone, for each detector and condition; a look is judged among all of them.

    Parameters
    ----------
    gaps
        All looks of a page: each needs a p below .05 divided by how many there are.
    """
    level = 0.05 / max(len(gaps), 1)
    lines = []
    for gap in gaps:
        words = _(
            "{detector}, {condition}: finds {a} of {n} faces drawn darker and {b} of {m} lighter;"
            " {verdict} (p {p})."
        )
        if gap.p > level:
            verdict = _("at equal size no difference is shown")
        elif gap.darker.value < gap.lighter.value:
            verdict = _("at equal size darker faces are missed more")
        else:
            verdict = _("at equal size lighter faces are missed more")
        lines.append(
            words.format(
                detector=gap.detector,
                condition=_(gap.condition),
                a=gap.darker.errors,
                n=gap.darker.trials,
                b=gap.lighter.errors,
                m=gap.lighter.trials,
                verdict=verdict,
                p=f"{gap.p:.4f}" if gap.p > 1 / DEALT else _("below {p:.4f}").format(p=1 / DEALT),
            )
        )
    lines.append(
        _(
            "Tones were drawn by lot, so it is tone, in these drawings: less light comes back from"
            " a darker face, and less contrast with it. How much of that a camera or a detector"
            " could mend was not tested here."
        )
        if any(gap.p <= level for gap in gaps)
        else _("A smaller difference can be there and go unseen.")
    )
    return "\n".join(lines)


def about_detectors() -> str:
    """What the comparison of the two detectors does and does not show."""
    return _(
        "That dlib's detector misses small faces is a property of a method of 2005, looking at the"
        " picture at twice its size: it needs a face of about 40 pixels. It is not set against any"
        ' vendor\'s "100 largest faces", which nobody has measured here.'
    )


def read_crowd(crowd: Crowd, condition: str = "good") -> str:
    """What each detector found, in sentences."""
    total = len(crowd.people)
    said = []
    for detector in DETECTORS:
        hits = int(crowd.faces(detector, condition)["found"].sum())
        half = half_found(crowd, detector, condition)
        words = _("{detector} finds {hits} of {total} faces, with {false}").format(
            detector=detector,
            hits=hits,
            total=total,
            false=_counted(crowd.false(detector, condition)),
        )
        if not half.words:
            words += _(
                "; of faces that are hardly hidden, half are found at {eyes:.0f} pixels between the"
                " eyes [{low:.0f}, {high:.0f}]"
            ).format(eyes=half.eyes, low=half.low, high=half.high)
        said.append(words + ".")
    return " ".join(said)


def _counted(n: int) -> str:
    if n == 1:
        return _("1 false detection")
    return _("{n} false detections").format(n=n)


def _known(name: str, names: Any, what: str) -> None:
    if name not in names:
        raise ValueError(f"there is no {what} {name!r}: use {' or '.join(names)}")

"""A gallery shown in the words and within the limits of one vendor, taught as a way of showing it.

In: a :class:`~labkit.gallery.Collection` and a percent map.  Out: the same candidates, with a
"similarity" in percent, the formula that made it, and the scores it was made from.

The words and limits are those of Amazon Rekognition's developer guide, as its public source had
them (``data/published/aws_docs.csv``; :data:`SOURCES` names the rows).  Nothing here is
Rekognition: neither its detector nor its network, and above all not its percentages.  How it turns
a comparison into a percentage is not published.  So this lab makes two maps that pass through the
same two measured points and are equally good as far as anything measured goes (:func:`maps`).

A walk through it, with a gallery of invented templates:

>>> import tempfile, pathlib
>>> from labkit.gallery import Collection, Measured
>>> town = Collection.create(
...     pathlib.Path(tempfile.mkdtemp()) / "town.gallery", "numbers", measure="euclidean"
... )
>>> faces = [[0.0], [0.3], [0.7], [5.0]]
>>> town.index(faces, ["ada", "ben", "cem", "dee"], matcher="numbers").read()
'4 of 4 faces are in the gallery now.'

Two thresholds whose cost was measured are given names in percent: 50 and 80.

>>> straight, bent = maps(
...     at_50=Measured(-1.0, fmr=1e-2, on="an example"),
...     at_80=Measured(-0.5, fmr=1e-3, on="an example"),
... )
>>> print(straight.words())
similarity % = 50 + 30 x (score + 1) / 0.5, not below 0 and not above 100

Both call the second point 80, and they part after it:

>>> beside((straight, bent)).round(3)
   similarity %  straight  logistic
0            50    -1.000    -1.000
1            80    -0.500    -0.500
2            95    -0.250     0.062
3            99    -0.183     0.657

A search in the vendor's words, with its documented default of 80, then with 95:

>>> shown = Display(town, straight)
>>> ask = {"matcher": "numbers", "by": "a reader", "why": "an example"}
>>> shown.search_faces([0.1], **ask).table().round(2)
  FaceId  Similarity  score
0    ada       100.0   -0.1
1    ben        98.0   -0.2
>>> matches = shown.search_faces([0.2], face_match_threshold=95, **ask)
>>> [m["Face"]["FaceId"] for m in matches.in_their_words()["FaceMatches"]]
['ben', 'ada']
>>> print(matches.read())
FaceMatches: 2, with a FaceMatchThreshold of 95. This percentage is this lab's own (map "straight":
similarity % = 50 + 30 x (score + 1) / 0.5, not below 0 and not above 100), not
Rekognition's. In this lab's words: 2 of 4 faces pass the threshold -0.25. How many false candidates
to expect is not known: the threshold came without a measured false match rate.
>>> town.close()
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from labkit.base.words import N_, _
from labkit.gallery.answers import Answer, Measured, Outcomes
from labkit.gallery.checks import GalleryError, threshold_of

if TYPE_CHECKING:
    import pandas as pd

    from labkit.gallery.collection import Collection
    from labkit.matchers.registry import Matcher

FACES_IN_AN_IMAGE = 100
"""The largest faces of an image that are indexed; 15 with the first face model."""

FACES_IN_A_COLLECTION = 20_000_000
"""Faces that one collection may hold."""

DEFAULTS = (
    ("compare", "2017-12-21", 80),
    ("search", "2017-12-21", 80),
    ("stream", "2017-12-21", 70),
    ("stream", "2020-05-01", 80),
)
"""What is done, since which day the public guide names a default for it, and which percentage."""

SOURCES = {
    "FACES_IN_AN_IMAGE": "faces-per-image",
    "FACES_IN_A_COLLECTION": "collection-limit",
    "compare 2017-12-21": "compare-default",
    "search 2017-12-21": "search-default-80",
    "stream 2017-12-21": "stream-default-70",
    "stream 2020-05-01": "stream-default-80",
}
"""Each of these facts -> its row in ``data/published/aws_docs.csv``.

The page of the search call itself named no default until July 2019
(``search-reference-none``, ``search-reference-80``); the guide beside it named 80 all along."""

NAMES = (N_("straight"), N_("logistic"))


def default(what: str, day: str = "2018-07-26") -> int:
    """The default percentage that the public guide named on a day.

    Parameters
    ----------
    what
        ``"compare"`` for two faces, ``"search"`` for a gallery, ``"stream"`` for a gallery searched
        from a video stream.
    day
        As ``"2018-07-26"``, the day on which the Congress test was published.

    Raises
    ------
    ValueError
        For something else, or a day before the guide's first public version.

    Examples
    --------
    >>> default("search"), default("stream"), default("stream", "2021-01-01")
    (80, 70, 80)
    """
    known = [percent for name, since, percent in DEFAULTS if name == what and since <= day]
    if not known:
        words = _("no default of {what!r} is known for {day}: ask for {names}, from {first} on")
        names = ", ".join(dict.fromkeys(name for name, _since, _percent in DEFAULTS))
        first = min(since for _name, since, _percent in DEFAULTS)
        raise ValueError(words.format(what=what, day=day, names=names, first=first))
    return known[-1]


# ---- percentages --------------------------------------------------------------------------------


@dataclass(frozen=True)
class Anchor:
    """A score with what was measured at it.

    Parameters
    ----------
    score
        On the matcher's own scale.
    measured
        What was measured, in a few words.
    fmr
        The false match rate there, where it is known.
    """

    score: float
    measured: str
    fmr: float | None = None

    @classmethod
    def of(cls, threshold: Any) -> Anchor:
        """The anchor of a threshold that knows its cost.

        Parameters
        ----------
        threshold
            A :class:`~labkit.gallery.Measured`, a :class:`labkit.measure.Threshold`, a
            :class:`labkit.measure.searches.SearchThreshold`, or an anchor.

        Raises
        ------
        GalleryError
            For a bare number: at a score where nothing was measured, a percentage means nothing.
        """
        if isinstance(threshold, Anchor):
            return threshold
        score, fmr = threshold_of(threshold)
        if score is not None and fmr is not None:
            words = _("false match rate {fmr:.2g}").format(fmr=fmr)
            on = threshold.on if isinstance(threshold, Measured) else ""
            return cls(score, f"{words} ({on})" if on else words, fmr)
        if score is not None and hasattr(threshold, "alerts") and hasattr(threshold, "searches"):
            words = _("{n} of {all} searches by people enrolled nowhere returned somebody")
            return cls(score, words.format(n=threshold.alerts, all=threshold.searches))
        words = _(
            "nothing is known to have been measured at {threshold!r}: give a threshold object, or"
            " Anchor(score, what was measured)"
        )
        raise GalleryError(words.format(threshold=threshold))


@dataclass(frozen=True)
class PercentMap:
    """A rule that turns scores into percentages; one of the two of :func:`maps`.

    Parameters
    ----------
    name
        ``"straight"`` or ``"logistic"``.
    at_50, at_80
        What it calls 50 and 80.

    Raises
    ------
    GalleryError
        For another name, or when 80 is not above 50.
    """

    name: str
    at_50: Anchor
    at_80: Anchor

    def __post_init__(self) -> None:
        if self.name not in NAMES:
            words = _("there is no map {name!r}: use {names}")
            raise GalleryError(words.format(name=self.name, names=" or ".join(NAMES)))
        if not self.at_50.score < self.at_80.score:
            words = _("the score that is called 80 ({high}) must lie above that called 50 ({low})")
            raise GalleryError(words.format(high=self.at_80.score, low=self.at_50.score))

    @property
    def step(self) -> float:
        """From the score called 50 to that called 80."""
        return self.at_80.score - self.at_50.score

    def percent(self, scores: ArrayLike) -> NDArray[np.float64]:
        """Percentages of scores, any shape; NaN stays NaN.

        Examples
        --------
        >>> straight, logistic = maps(Anchor(0.2, "a"), Anchor(0.5, "b"))
        >>> straight.percent([0.2, 0.5, 0.6]).round(1).tolist()
        [50.0, 80.0, 90.0]
        >>> logistic.percent([0.2, 0.5, 0.6]).round(1).tolist()
        [50.0, 80.0, 86.4]
        """
        steps = (np.asarray(scores, np.float64) - self.at_50.score) / self.step
        if self.name == "straight":
            return np.clip(50 + 30 * steps, 0, 100)
        with np.errstate(over="ignore"):
            return 100 / (1 + np.exp(-math.log(4) * steps))

    def score(self, percent: float) -> float:
        """The score from which on a comparison is called that percentage or more.

        Parameters
        ----------
        percent
            Above 0 and below 100.

        Raises
        ------
        GalleryError
            For another number.

        Examples
        --------
        >>> straight, logistic = maps(Anchor(0.2, "a"), Anchor(0.5, "b"))
        >>> straight.score(80), logistic.score(80), round(logistic.score(99), 3)
        (0.5, 0.5, 1.194)
        """
        if isinstance(percent, bool) or not 0 < percent < 100:
            words = _("{percent} is no percentage to ask for: give one above 0 and below 100")
            raise GalleryError(words.format(percent=percent))
        for anchor, own in ((self.at_50, 50), (self.at_80, 80)):
            if percent == own:
                return anchor.score
        if self.name == "straight":
            return self.at_50.score + self.step * (percent - 50) / 30
        return self.at_50.score + self.step * math.log(percent / (100 - percent)) / math.log(4)

    def words(self) -> str:
        """The formula, with its numbers."""
        if self.name == "straight":
            words = _(
                "similarity % = 50 + 30 x (score {low}) / {step:.6g}, not below 0 and not above 100"
            )
        else:
            words = _("similarity % = 100 / (1 + 4 to the power of (-(score {low}) / {step:.6g}))")
        low = self.at_50.score
        return words.format(low=f"{'+' if low < 0 else '-'} {abs(low):.6g}", step=self.step)

    def read(self) -> str:
        """The formula, what was measured at its two points, and whose it is not."""
        words = _(
            'Map "{name}": {formula}. 50 stands where this was measured: {low}; 80 where this was:'
            " {high}. Nothing was measured for any other percentage. The map is this lab's own, not"
            " Rekognition's, which is not published."
        )
        return words.format(
            name=_(self.name),
            formula=self.words(),
            low=self.at_50.measured,
            high=self.at_80.measured,
        )


def maps(at_50: Any, at_80: Any) -> tuple[PercentMap, PercentMap]:
    """Two maps through the same two measured points: one straight, one logistic.

    They agree at 50 and at 80.  At 95 and at 99 they do not, and nothing that was measured chooses
    between them.

    Parameters
    ----------
    at_50, at_80
        Thresholds that know their cost (:meth:`Anchor.of`), the second the stricter one.

    Raises
    ------
    GalleryError
        For bare numbers, or when the second does not lie above the first.

    Examples
    --------
    >>> straight, logistic = maps(Anchor(0.2, "a"), Anchor(0.5, "b"))
    >>> straight.score(80) == logistic.score(80), straight.score(99) < logistic.score(99)
    (True, True)
    """
    low, high = Anchor.of(at_50), Anchor.of(at_80)
    return PercentMap("straight", low, high), PercentMap("logistic", low, high)


def beside(
    both: Sequence[PercentMap], percents: Sequence[float] = (50, 80, 95, 99)
) -> pd.DataFrame:
    """Scores that maps ask for, side by side.

    Parameters
    ----------
    both
        Maps, such as those of :func:`maps`.
    percents
        Percentages, a row each.

    Returns
    -------
    table
        ``similarity %`` and a column for each map, with the scores it asks for.
    """
    import pandas as pd

    table = pd.DataFrame({"similarity %": list(percents)})
    for one in both:
        table[_(one.name)] = [one.score(p) for p in percents]
    return table


# ---- the gallery, shown so ----------------------------------------------------------------------


@dataclass(frozen=True)
class FaceMatches:
    """An answer in the vendor's words, with this lab's beside.

    Parameters
    ----------
    answer
        What the gallery found.
    percent_map
        How its scores are turned into percentages.
    asked
        The ``FaceMatchThreshold``, in percent.
    """

    answer: Answer
    percent_map: PercentMap
    asked: float

    def table(self) -> pd.DataFrame:
        """A row a candidate: ``FaceId``, ``Similarity``, and the ``score`` that it was made of."""
        import pandas as pd

        ids = [c.id for c in self.answer.candidates]
        scores = np.array([c.score for c in self.answer.candidates], np.float64)
        similarity = self.percent_map.percent(scores).round(1)
        return pd.DataFrame({"FaceId": ids, "Similarity": similarity, "score": scores})

    def in_their_words(self) -> dict[str, list[dict[str, Any]]]:
        """What a program of the vendor's customer would read: no score, no rate, no size."""
        rows = self.table()
        return {
            "FaceMatches": [
                {"Similarity": float(similarity), "Face": {"FaceId": name}}
                for name, similarity in zip(rows["FaceId"], rows["Similarity"], strict=True)
            ]
        }

    def read(self) -> str:
        """The vendor's words, the map beside them, and the same in this lab's words."""
        words = _(
            "FaceMatches: {n}, with a FaceMatchThreshold of {asked:g}. This percentage is this"
            " lab's own (map \"{name}\": {formula}), not Rekognition's. In this lab's words:"
            " {answer}"
        )
        return words.format(
            n=len(self.answer.candidates),
            asked=self.asked,
            name=_(self.percent_map.name),
            formula=self.percent_map.words(),
            answer=self.answer.read(),
        )


class Display:
    """A gallery, shown in the vendor's words and within its documented limits.

    Parameters
    ----------
    collection
        The gallery; its log is written as always, so that a reason is needed here too.
    percent_map
        One of :func:`maps`.
    """

    def __init__(self, collection: Collection, percent_map: PercentMap) -> None:
        self.collection, self.percent_map = collection, percent_map

    def __repr__(self) -> str:
        return f"Display({self.collection!r}, {self.percent_map.name})"

    def index_faces(self, picture: Any, name: str, *, describer: Matcher | None = None) -> Outcomes:
        """Index the faces of one photograph: of many, the 100 largest.

        The faces are found by YuNet, which is not the vendor's detector; each is cut out with some
        room around it, and described by the gallery's matcher.

        Parameters
        ----------
        picture
            A photograph, an array or a path.
        name
            Its name; the faces are called ``name-1``, ``name-2`` and so on, the largest first.
        describer
            As for :meth:`labkit.gallery.Collection.index_images`.

        Returns
        -------
        outcomes
            For each face that was found whether it is in the gallery, or why not.

        Raises
        ------
        GalleryError
            When the picture cannot be read, or the collection would hold more than 20 million.
        """
        from labkit.matchers import PictureError, read_picture, yunet

        try:
            whole = read_picture(picture)
        except PictureError as error:
            raise GalleryError(str(error)) from None
        boxes = yunet.faces(whole)[:, :4]
        names = [f"{name}-{k}" for k in range(1, len(boxes) + 1)]
        taken = names[:FACES_IN_AN_IMAGE]
        if len(self.collection) + len(taken) > FACES_IN_A_COLLECTION:
            words = _("a collection of this vendor holds at most {most:,} faces")
            raise GalleryError(words.format(most=FACES_IN_A_COLLECTION))
        left = _("not among the {n} largest faces of the photograph").format(n=FACES_IN_AN_IMAGE)
        reasons: tuple[str, ...] = ()
        if taken:
            cut = [_cut_out(whole, box) for box in boxes[: len(taken)]]
            reasons = self.collection.index_images(cut, taken, describer=describer).reasons
        return Outcomes(tuple(names), (*reasons, *[left] * (len(names) - len(taken))))

    def search_faces_by_image(
        self,
        picture: Any,
        *,
        by: str,
        why: str,
        whom: str = "",
        face_match_threshold: float | None = None,
        max_faces: int | None = None,
        describer: Matcher | None = None,
    ) -> FaceMatches:
        """Search for the largest face of a photograph; the others are not looked at.

        Parameters
        ----------
        picture
            A photograph, an array or a path.
        by, why, whom
            As for :meth:`labkit.gallery.Collection.search`.
        face_match_threshold
            A percentage; without one the documented default of 80.  The guide says "greater than",
            this lab counts a score at the threshold too.
        max_faces
            How many matches to return at most.
        describer
            As for :meth:`labkit.gallery.Collection.search_image`.

        Raises
        ------
        GalleryError
            As :meth:`labkit.gallery.Collection.search_image`, and for what is no percentage.
        """
        asked, threshold = self._asked(face_match_threshold)
        ask = {"by": by, "why": why, "whom": whom, "threshold": threshold, "most": max_faces}
        answer = self.collection.search_image(picture, describer=describer, **ask)
        return FaceMatches(answer, self.percent_map, asked)

    def search_faces(
        self,
        template: ArrayLike,
        *,
        matcher: str,
        by: str,
        why: str,
        whom: str = "",
        face_match_threshold: float | None = None,
        max_faces: int | None = None,
    ) -> FaceMatches:
        """Search for a template; otherwise as :meth:`search_faces_by_image`.

        Raises
        ------
        GalleryError
            As :meth:`labkit.gallery.Collection.search`, and for what is no percentage.
        """
        asked, threshold = self._asked(face_match_threshold)
        ask = {"by": by, "why": why, "whom": whom, "threshold": threshold, "most": max_faces}
        answer = self.collection.search(template, matcher=matcher, **ask)
        return FaceMatches(answer, self.percent_map, asked)

    def _asked(self, percent: float | None) -> tuple[float, Any]:
        """The percentage, and the threshold it stands for with the rate measured there, if any."""
        asked = default("search") if percent is None else percent
        score = self.percent_map.score(asked)
        for anchor in (self.percent_map.at_50, self.percent_map.at_80):
            if score == anchor.score and anchor.fmr is not None:
                return asked, Measured(score, anchor.fmr, anchor.measured)
        return asked, score


ROOM = 0.4
"""Around a face that is cut out: this share of its box on each side."""

AT_LEAST = 200
"""Pixels: smaller pieces are enlarged, because detectors miss faces that fill few pixels."""


def _cut_out(picture: NDArray[np.uint8], box: NDArray[np.float32]) -> NDArray[np.uint8]:
    """A face with some room around it; box: left, top, width, height."""
    import cv2

    left, top, width, height = map(float, box)
    high, wide = picture.shape[:2]
    x0, x1 = max(0, int(left - ROOM * width)), min(wide, math.ceil(left + (1 + ROOM) * width))
    y0, y1 = max(0, int(top - ROOM * height)), min(high, math.ceil(top + (1 + ROOM) * height))
    piece = np.ascontiguousarray(picture[y0:y1, x0:x1])
    factor = AT_LEAST / min(piece.shape[:2])
    if factor > 1:
        piece = cv2.resize(piece, None, fx=factor, fy=factor, interpolation=cv2.INTER_CUBIC)
    return np.asarray(piece, np.uint8)

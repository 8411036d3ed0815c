"""The game: pairs of pictures, the same person or not?  And the same pairs told in facts."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
import traitlets
from numpy.typing import NDArray

from labkit.views.explorers.base import Explorer, pack, source, style

if TYPE_CHECKING:
    import pandas as pd

    from labkit.data import FaceSet

SAME, DIFFERENT, OPEN = "same", "different", ""
QUALITY = 90


class GameExplorer(Explorer):
    """Pairs to judge; see :func:`game`.

    ``answers`` holds ``"same"``, ``"different"`` or ``""`` (open) for each pair, and follows what
    is pressed.  ``in_facts`` says whether the pairs are shown in facts instead of pictures.
    """

    TITLE = "The same person, or not?"
    MODULE = "game"
    SENT = ("answers", "in_facts")
    _esm = source(MODULE)
    _css = style()
    answers = traitlets.List(traitlets.Enum([SAME, DIFFERENT, OPEN])).tag(sync=True)
    in_facts = traitlets.Bool(False).tag(sync=True)

    @property
    def truth(self) -> list[bool]:
        """Which pairs are of one person."""
        return [bool(x) for x in self.meta["truth"]]

    @property
    def finished(self) -> bool:
        """Whether every pair has an answer."""
        return OPEN not in self.answers

    @property
    def right(self) -> int:
        """How many answers are right: a count, since so few pairs give no rate."""
        return sum((a == SAME) == t for a, t in zip(self.answers, self.truth) if a != OPEN)

    @traitlets.validate("answers")
    def _one_each(self, proposal: Any) -> list[str]:
        pairs = len(self.truth) if self.data else len(proposal["value"])
        if len(proposal["value"]) != pairs:
            raise traitlets.TraitError(
                f"{len(proposal['value'])} answers for {pairs} pairs: give one for each,"
                ' "" where it is open'
            )
        return proposal["value"]


def game(
    pictures: Sequence[tuple[NDArray, NDArray]],
    truth: Sequence[bool],
    *,
    texts: Sequence[Sequence[str]] | None = None,
) -> GameExplorer:
    """A game of pairs: the same person or not?  Nothing is said of right or wrong until the end.

    Parameters
    ----------
    pictures
        Pairs of pictures, uint8 RGB.
    truth
        Whether each pair is of one person.
    texts
        For each pair the facts that stand for the pictures, such as :func:`pair_facts` gives; they
        can be read aloud.  They should not give the answer away.

    Raises
    ------
    ValueError
        If the lengths differ.

    Examples
    --------
    >>> grey = np.full((8, 8, 3), 128, np.uint8)
    >>> view = game([(grey, grey)], [True], texts=[["Distance between the eyes: both 40 pixels."]])
    >>> view.answers = ["same"]
    >>> view.right, view.finished
    (1, True)
    """
    n = len(pictures)
    told = [list(map(str, t)) for t in texts] if texts is not None else [[] for _ in range(n)]
    if not n or len(truth) != n or len(told) != n:
        raise ValueError(f"{n} pairs, {len(truth)} truths, {len(told)} texts: give one of each")
    blocks = [encoded(p) for pair in pictures for p in pair]
    meta = {
        "truth": [bool(t) for t in truth],
        "texts": told,
        "sizes": [len(b) for b in blocks],
    }
    arrays = {"pictures": np.frombuffer(b"".join(blocks), np.uint8)}
    return GameExplorer(data=pack(meta, arrays), answers=[OPEN] * n)


def encoded(picture: NDArray) -> bytes:
    """A picture as WebP."""
    import cv2

    rgb = np.asarray(picture)
    if rgb.ndim != 3 or rgb.shape[2] != 3 or rgb.dtype != np.uint8:
        raise ValueError(
            f"a picture of shape {rgb.shape}, {rgb.dtype}: give uint8 (height, width, 3)"
        )
    good, block = cv2.imencode(
        ".webp", np.ascontiguousarray(rgb[..., ::-1]), [cv2.IMWRITE_WEBP_QUALITY, QUALITY]
    )
    if not good:
        raise ValueError("a picture could not be written as WebP")
    return block.tobytes()


# What the five landmarks give, each as a share of the distance between the outer eye corners:
# the landmarks 0 and 2 are the outer corners, 1 and 3 the inner ones, 4 lies under the nose.
MEASURES = (
    ("between the inner corners of the eyes", (1, 3)),
    ("one eye from corner to corner", (0, 1)),
    ("the other eye from corner to corner", (2, 3)),
    ("from under the nose to the outer corner of one eye", (4, 0)),
    ("from under the nose to the outer corner of the other eye", (4, 2)),
)
SEEN = (("glasses", "glasses"), ("head covering", "covering"), ("facial hair", "facial_hair"))


def face_measures(row: pd.Series) -> dict[str, float]:
    """Distances between landmarks of a picture, as shares of that between the outer eye corners.

    Parameters
    ----------
    row
        A row of ``FaceSet.images``; NaN distances where no face was found.
    """
    points = np.array([[row[f"point{k}_x"], row[f"point{k}_y"]] for k in range(5)], float)
    whole = np.linalg.norm(points[0] - points[2])
    out = {name: np.linalg.norm(points[a] - points[b]) / whole for name, (a, b) in MEASURES}
    line = points[2] - points[0]
    down = points[4] - points[0]
    drop = abs(line[0] * down[1] - line[1] * down[0]) / whole
    return {
        **{k: float(v) for k, v in out.items()},
        "from the line of the eyes down to under the nose": float(drop / whole),
    }


def pair_facts(faces: FaceSet, first: int, second: int) -> list[str]:
    """What can be told of two pictures without showing them: measured distances, what is worn.

    Parameters
    ----------
    faces
        A set of photographs.
    first, second
        Places of the two images.

    Returns
    -------
    facts
        Sentences, the same ones for every pair, so that none tells who it is.

    Examples
    --------
    >>> from labkit.data import load  # doctest: +SKIP
    >>> pair_facts(load("anytown/dev"), 0, 1)[0]  # doctest: +SKIP
    'Between the inner corners of the eyes: 0.41 and 0.43 of the width over both eyes.'
    """
    rows = [faces.images.iloc[k] for k in (first, second)]
    bands = [faces.of("tone_band")[k] for k in (first, second)]
    one, two = (face_measures(row) for row in rows)
    facts = []
    for name in one:
        a, b = (f"{v:.2f}" if np.isfinite(v) else "not found" for v in (one[name], two[name]))
        facts.append(f"{name.capitalize()}: {a} and {b} of the width over both eyes.")
    facts.append(f"Skin tone band: {bands[0]} and {bands[1]}.")
    hair = [str(row["haircut"]).replace("_", " ") for row in rows]
    facts.append(f"Haircut: {hair[0]} and {hair[1]}.")
    for name, column in SEEN:
        a, b = (str(row[column]).replace("_", " ") or "none" for row in rows)
        facts.append(f"{name.capitalize()}: {a} and {b}.")
    return facts

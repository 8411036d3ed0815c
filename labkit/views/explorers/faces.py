"""The faces behind errors: the pairs of photographs that stand just beside each threshold.

In: all comparisons of a set, the thresholds of a slider and the photographs.  Out: for every
threshold a pair of two people just above it and a pair of one person just below it, every face
once in one picture, and what is said of each pair.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from labkit.base.words import _

if TYPE_CHECKING:
    from labkit.data import FaceSet
    from labkit.measure.scores import AllPairs

TILE = 120  # pixels, each way
COLUMNS = 16
QUALITY = 75
MOST_BYTES = 400_000
"""The picture with all faces is at most so large; thresholds share pairs until it is."""
MOST_PAIRS = 96
"""Thresholds that get a pair of their own, of each kind; those between show the nearest one."""
NEAR = 8  # scores next to a threshold among which people not seen yet are looked for
NONE = 255


class Pair(NamedTuple):
    """Two images of a table of comparisons, their people by place, and their score."""

    first: int
    second: int
    people: tuple[int, int]
    score: float


class Beside(NamedTuple):
    """What stands beside each threshold.

    ``above`` and ``below`` have an entry for each step: a place in ``pairs``, 255 for none.
    """

    pairs: list[Pair]
    above: NDArray[np.uint8]
    below: NDArray[np.uint8]


def beside(pairs: AllPairs, steps: NDArray[np.float64], most: int = MOST_PAIRS) -> Beside:
    """For every threshold a false match just above it, and a miss just below it.

    So many thresholds as ``most``, equally far apart on the slider, get a pair of their own, each
    of another pair of people; a threshold between them shows the nearest one that is still an
    error there.

    Parameters
    ----------
    pairs
        All comparisons of a set of images.
    steps
        Thresholds, ascending.
    most
        At most so many pairs of each kind, up to 127.

    Examples
    --------
    >>> from labkit.measure.scores import all_pairs
    >>> pairs = all_pairs([[0.0], [1.0], [3.0], [7.0]], [1, 1, 2, 2])
    >>> found = beside(pairs, np.array([-2.5, -1.5]))
    >>> [(pair.first, pair.second, pair.score) for pair in found.pairs]
    [(1, 2, -2.0), (2, 3, -4.0)]
    >>> found.above.tolist(), found.below.tolist()
    ([0, 255], [1, 1])
    """
    single = steps.astype(np.float32)
    highest, lowest = pairs.impostor.max(initial=-np.inf), pairs.genuine.min(initial=np.inf)
    some, others = spread(single[single <= highest], most), spread(single[single > lowest], most)
    false = chosen(impostors_near(pairs, some), some, above=True) if some.size else []
    missed = chosen(mated_near(pairs, others), others, above=False) if others.size else []
    both = [*false, *missed]
    scores = np.array([pair.score for pair in both], np.float32)
    above, below = np.full(len(single), NONE, np.uint8), np.full(len(single), NONE, np.uint8)
    for k, t in enumerate(single):
        errors = np.flatnonzero(scores[: len(false)] >= t)
        if errors.size:
            above[k] = errors[np.argmin(scores[errors])]
        errors = np.flatnonzero(scores[len(false) :] < t) + len(false)
        if errors.size:
            below[k] = errors[np.argmax(scores[errors])]
    return Beside(both, above, below)


def chosen(candidates: list[Pair], some: NDArray[np.float32], *, above: bool) -> list[Pair]:
    """For thresholds a pair next to each, of people not seen yet where there are such.

    From the end of the slider where errors are rare to the other.
    """
    side = 1 if above else -1
    scores = np.array([pair.score for pair in candidates], np.float32)
    order = np.argsort(side * scores, kind="stable")  # outwards from a threshold
    ranked = side * scores[order]
    out: list[Pair] = []
    seen: set[int] = set()
    taken: set[tuple[int, int]] = set()
    for t in some[::-1] if above else some:
        start = np.searchsorted(ranked, side * t, "left" if above else "right")
        near = [candidates[k] for k in order[start : start + NEAR]]
        new = [pair for pair in near if pair.people not in taken]
        fresh = [pair for pair in new if not seen & {*pair.people}]
        for pair in (fresh or new)[:1]:
            out.append(pair)
            seen |= {*pair.people}
            taken.add(pair.people)
    return out


def spread(steps: NDArray[np.float32], most: int) -> NDArray[np.float32]:
    """So many of the steps, or all, equally far apart on the slider."""
    if not steps.size:
        return steps
    return steps[np.unique(np.linspace(0, len(steps) - 1, most).astype(int))]


def impostors_near(pairs: AllPairs, some: NDArray[np.float32]) -> list[Pair]:
    """The comparisons of two people whose scores stand next above some thresholds."""
    impostor = np.sort(pairs.impostor)
    starts = np.searchsorted(impostor, some)
    wanted = np.unique(np.concatenate([impostor[k : k + NEAR] for k in starts]))
    place = np.unique(pairs.people, return_inverse=True)[1]
    found = []
    for rows, block, counts in pairs.impostor_blocks():
        i, j = np.nonzero(counts & np.isin(block, wanted))
        for a, b in zip((i + rows.start).tolist(), (j + rows.start).tolist(), strict=True):
            p, q = sorted((int(place[a]), int(place[b])))
            found.append(Pair(a, b, (p, q), float(pairs.matrix[a, b])))
    return found


def mated_near(pairs: AllPairs, some: NDArray[np.float32]) -> list[Pair]:
    """The comparisons of one person whose scores stand next below some thresholds."""
    scores, place = pairs.genuine_and_place()
    order = np.argsort(scores, kind="stable")
    ends = np.searchsorted(scores[order], some)
    wanted = np.unique(np.concatenate([order[max(k - NEAR, 0) : k] for k in ends]))
    names, found = np.unique(pairs.people), []
    for score, p in zip(scores[wanted], place[wanted], strict=True):
        own = np.flatnonzero(pairs.people == names[p])
        a, b = np.argwhere(np.triu(pairs.matrix[np.ix_(own, own)] == score, 1))[0]
        found.append(Pair(int(own[a]), int(own[b]), (int(p), int(p)), float(score)))
    return found


# ---- the picture --------------------------------------------------------------------------------


def sheet(pictures: Iterable[NDArray[np.uint8]]) -> bytes:
    """Pictures as tiles of one WebP, :data:`COLUMNS` in a row.

    Examples
    --------
    >>> sheet([np.zeros((8, 8, 3), np.uint8)])[8:12]
    b'WEBP'
    """
    import cv2

    tiles = [cv2.resize(p, (TILE, TILE), interpolation=cv2.INTER_AREA) for p in pictures]
    rows = -(-len(tiles) // COLUMNS)
    whole = np.zeros((rows * TILE, COLUMNS * TILE, 3), np.uint8)
    for k, tile in enumerate(tiles):
        y, x = TILE * (k // COLUMNS), TILE * (k % COLUMNS)
        whole[y : y + TILE, x : x + TILE] = tile
    options = [cv2.IMWRITE_WEBP_QUALITY, QUALITY]
    return cv2.imencode(".webp", whole[..., ::-1], options)[1].tobytes()


def behind(
    pairs: AllPairs, faces: FaceSet, steps: NDArray[np.float64], most_bytes: int = MOST_BYTES
) -> tuple[dict[str, Any], dict[str, NDArray]]:
    """What a page needs to show the faces beside each threshold.

    Parameters
    ----------
    pairs, steps
        As :func:`beside` takes them.
    faces
        The photographs that were compared, a set with pictures.
    most_bytes
        The picture is at most so large.

    Returns
    -------
    meta, arrays
        ``pairs`` (the two tiles, the score, and what is said of the two photographs), the size of
        a ``tile`` and the number of ``columns``; ``above``, ``below`` and the picture ``faces``.

    Raises
    ------
    ValueError
        When the photographs are not those that were compared.
    """
    if len(faces) <= pairs.images.max(initial=0) or not np.array_equal(
        faces.of("person")[pairs.images], pairs.people
    ):
        raise ValueError(
            f"{faces.name} does not hold the photographs that were compared: give faces= the set"
            " whose templates you compared"
        )
    most = MOST_PAIRS
    while True:
        found = beside(pairs, steps, most)
        used = sorted({k for pair in found.pairs for k in pair[:2]})
        picture = sheet(faces.pictures[int(pairs.images[k])] for k in used)
        if len(picture) <= most_bytes or most <= 1:
            break
        most = 4 * most // 5
    tile = {k: place for place, k in enumerate(used)}
    described = []
    for pair in found.pairs:
        whole = int(pairs.images[pair.first]), int(pairs.images[pair.second])
        score = f"{pair.score:.4g}"
        described.append([tile[pair.first], tile[pair.second], score, about(faces, *whole)])
    meta = {"pairs": described, "tile": TILE, "columns": COLUMNS}
    arrays = {
        "above": found.above,
        "below": found.below,
        "faces": np.frombuffer(picture, np.uint8),
    }
    return {"faces": meta}, arrays


# ---- what is said -------------------------------------------------------------------------------

TURNED = 12.0  # degrees between two photographs from which on a head is turned otherwise


def styling() -> dict[str, str]:
    """What may differ between two photographs, and the column that says so."""
    return {
        "haircut": _("hair"),
        "facial_hair": _("facial hair"),
        "glasses": _("glasses"),
        "covering": _("head covering"),
        "light": _("light"),
        "camera": _("camera"),
    }


def about(faces: FaceSet, first: int, second: int) -> str:
    """What the set says of two photographs: age and band of who is in them, and what differs.

    Parameters
    ----------
    faces
        A set of photographs.
    first, second
        Places of the two images.

    Examples
    --------
    >>> from labkit.data import load
    >>> about(load("anytown/dev"), 0, 3)
    '72 years, medium skin tone. What differs: facial hair.'
    """
    rows = [faces.images.iloc[k] for k in (first, second)]
    return " ".join([_who(faces, *rows), _differences(rows[0], rows[1])]).strip()


def _who(faces: FaceSet, one: Any, other: Any) -> str:
    """Age and band of the one or two people, as far as the set says them."""
    same = one["person"] == other["person"]
    people = [faces.people.loc[row["person"]] for row in (one, other)]
    if not {"age", "tone_band"} <= set(faces.people.columns):
        return ""
    (a, b), (band, band_b) = ([p[key] for p in people] for key in ("age", "tone_band"))
    if same:
        words = _("{age:.0f} years, {band} skin tone.")
        return words.format(age=a, band=band)
    if band == band_b:
        words = _("{a:.0f} and {b:.0f} years, both {band} skin tone.")
        return words.format(a=a, b=b, band=band)
    words = _("{a:.0f} and {b:.0f} years, {band} and {other} skin tone.")
    return words.format(a=a, b=b, band=band, other=band_b)


def _differences(one: Any, other: Any) -> str:
    """What differs between two photographs; nothing where the set does not say."""
    known = [key for key in styling() if key in one.index]
    differ = [styling()[key] for key in known if str(one[key]) != str(other[key])]
    if "yaw" in one.index and abs(float(one["yaw"]) - float(other["yaw"])) > TURNED:
        differ.append(_("turn of the head"))
    if differ:
        return _("What differs: {what}.").format(what=", ".join(differ))
    return _("Nothing that the set lists differs.") if known else ""

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

from labkit.base.words import N_, _

if TYPE_CHECKING:
    from labkit.data import FaceSet
    from labkit.measure.scores import AllPairs

TILE = 120  # pixels, each way
COLUMNS = 16
QUALITY = 75
MOST_BYTES = 400_000
"""The picture with all faces is at most so large; thresholds share pairs until it is."""
MOST_PAIRS = 144
"""Thresholds that get a pair of one person of their own; those between show the nearest one."""
SHARE = 0.4
"""So many new pairs of two people for each of these: most are found among faces shown anyway."""
NEAR = 8  # scores next to a threshold among which people not seen yet are looked for
JUST = 1e-3
"""A pair beyond these stands "just" beside a threshold within this part of all scores: a pixel."""
NONE = 65535


class Pair(NamedTuple):
    """Two images of a table of comparisons, their people by place, and their score."""

    first: int
    second: int
    people: tuple[int, int]
    score: float


class Beside(NamedTuple):
    """What stands beside each threshold.

    ``above`` and ``below`` have an entry for each step: a place in ``pairs``, 65535 for none.
    ``near_above`` and ``near_below`` say whether that pair stands just beside the threshold: among
    the :data:`NEAR` scores next to it, or within :data:`JUST` of all scores.
    """

    pairs: list[Pair]
    above: NDArray[np.uint16]
    below: NDArray[np.uint16]
    near_above: NDArray[np.uint8]
    near_below: NDArray[np.uint8]


def beside(pairs: AllPairs, steps: NDArray[np.float64], most: int = MOST_PAIRS) -> Beside:
    """For every threshold a false match just above it, and a miss just below it.

    So many thresholds as ``most``, equally far apart on the slider, get a miss of their own, each
    of another person.  The images of these give most false matches; where they have none just
    above a threshold, other images are taken, for a part of the thresholds.  Any other threshold
    shows the nearest pair that is still an error there.

    Parameters
    ----------
    pairs
        All comparisons of a set of images.
    steps
        Thresholds, ascending.
    most
        At most so many pairs of one person.

    Examples
    --------
    >>> from labkit.measure.scores import all_pairs
    >>> pairs = all_pairs([[0.0], [1.0], [3.0], [7.0]], [1, 1, 2, 2])
    >>> found = beside(pairs, np.array([-2.5, -1.5]))
    >>> [(pair.first, pair.second, pair.score) for pair in found.pairs]
    [(1, 2, -2.0), (2, 3, -4.0)]
    >>> found.above.tolist(), found.below.tolist()
    ([0, 65535], [1, 1])
    """
    single = steps.astype(np.float32)
    genuine, impostor = np.sort(pairs.genuine), np.sort(pairs.impostor)
    ends = [scores[k] for scores in (genuine, impostor) if scores.size for k in (0, -1)]
    just = JUST * (max(ends) - min(ends)) if ends else 0.0
    some = spread(single[single > genuine.min(initial=np.inf)], most)
    missed = chosen(mated_near(pairs, some), some, above=False) if some.size else []
    again = among(pairs, missed, single)
    lonely = ~is_near(single, nearest_above(again, single), impostor, just)
    lonely &= single <= impostor.max(initial=-np.inf)
    some = spread(single[lonely], max(round(SHARE * most), 1))
    false = [*again, *(chosen(impostors_near(pairs, some), some, above=True) if some.size else [])]
    shown = [nearest_above(false, single), nearest_above(missed, single, -1)]
    near = [
        is_near(single, shown[0], impostor, just),
        is_near(-single, -shown[1], -genuine[::-1], just),
    ]
    # Only what some threshold shows, each pair once.
    both: list[Pair] = []
    entries = []
    for kind, scores in zip((false, missed), shown, strict=True):
        of = {pair.score: pair for pair in reversed(kind)}
        place: dict[float, int] = {}
        out = np.full(len(single), NONE, np.uint16)
        for k in np.flatnonzero(np.isfinite(scores)):
            score = float(scores[k])
            if score not in place:
                place[score] = len(both)
                both.append(of[score])
            out[k] = place[score]
        entries.append(out)
    (above, below), (by_above, by_below) = entries, (x.astype(np.uint8) for x in near)
    return Beside(both, above, below, by_above, by_below)


def nearest_above(
    candidates: list[Pair], steps: NDArray[np.float32], side: int = 1
) -> NDArray[np.float32]:
    """The lowest score at or above each step, infinity for none; side -1: the highest below it."""
    scores = np.sort(np.array([pair.score for pair in candidates], np.float32))
    if side > 0:
        return np.append(scores, np.float32(np.inf))[np.searchsorted(scores, steps)]
    return np.append(scores, np.float32(-np.inf))[np.searchsorted(scores, steps) - 1]


def is_near(
    steps: NDArray[np.float32], shown: NDArray[np.float32], ascending: NDArray, just: float
) -> NDArray[np.bool_]:
    """Whether a score stands just above its step, as :class:`Beside` says; of all scores sorted."""
    between = np.searchsorted(ascending, shown) - np.searchsorted(ascending, steps)
    return np.isfinite(shown) & ((between < NEAR) | (shown - steps <= just))


def among(pairs: AllPairs, chosen_: list[Pair], steps: NDArray[np.float32]) -> list[Pair]:
    """The comparison of two people next above each step, of the images in these pairs."""
    images = np.array(sorted({k for pair in chosen_ for k in pair[:2]}), int)
    if not images.size:
        return []
    people = pairs.people[images]
    scores = pairs.matrix[np.ix_(images, images)]
    i, j = np.nonzero(np.triu(people[:, None] != people[None], 1) & np.isfinite(scores))
    order = np.argsort(scores[i, j], kind="stable")
    i, j = i[order], j[order]
    at = np.unique(np.searchsorted(scores[i, j], steps))
    place = np.unique(pairs.people, return_inverse=True)[1]
    out = []
    for k in at[at < len(i)]:
        a, b = int(images[i[k]]), int(images[j[k]])
        p, q = sorted((int(place[a]), int(place[b])))
        out.append(Pair(a, b, (p, q), float(pairs.matrix[a, b])))
    return out


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
        ``pairs`` (the two tiles, the score, and the places in ``said`` of who they are and of what
        differs), ``ages`` by tile, the size of a ``tile`` and the number of ``columns``;
        ``above``, ``below``, ``near_above``, ``near_below`` and the picture ``faces``.

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
    described, said = [], dict[str, int]()
    for pair in found.pairs:
        rows = [faces.images.iloc[int(pairs.images[k])] for k in pair[:2]]
        words = [_who(faces, *rows), _differences(*rows)]
        places = [said.setdefault(text, len(said)) for text in words]
        described.append([tile[pair.first], tile[pair.second], f"{pair.score:.4g}", *places])
    ages = [age(faces, int(pairs.images[k])) for k in used]
    meta = {"pairs": described, "said": [*said], "ages": ages, "tile": TILE, "columns": COLUMNS}
    arrays: dict[str, NDArray] = {
        "above": found.above,
        "below": found.below,
        "near_above": found.near_above,
        "near_below": found.near_below,
        "faces": np.frombuffer(picture, np.uint8),
    }
    return {"faces": meta}, arrays


# ---- what is said -------------------------------------------------------------------------------

TONES = {"lighter": N_("lighter"), "medium": N_("medium"), "darker": N_("darker")}
"""Bands of drawn tone, as a sentence says them."""

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
    who = _who(faces, *rows).format(a=age(faces, first), b=age(faces, second))
    return " ".join([who, _differences(rows[0], rows[1])]).strip()


def age(faces: FaceSet, image: int) -> str:
    """Age of who is in a photograph; nothing where the set does not say."""
    if "age" not in faces.people.columns:
        return ""
    return f"{faces.people.loc[faces.images['person'].iloc[image], 'age']:.0f}"


def _who(faces: FaceSet, one: Any, other: Any) -> str:
    """Band of the one or two people, with {a} and {b} for their ages, as far as the set says."""
    same = one["person"] == other["person"]
    people = [faces.people.loc[row["person"]] for row in (one, other)]
    if not {"age", "tone_band"} <= set(faces.people.columns):
        return ""
    band, other_band = (_(TONES.get(p["tone_band"], p["tone_band"])) for p in people)
    ages = {"a": "{a}", "b": "{b}"}
    if same:
        return _("{a} years, {band} skin tone.").format(band=band, **ages)
    if band == other_band:
        return _("{a} and {b} years, both {band} skin tone.").format(band=band, **ages)
    words = _("{a} and {b} years, {band} and {other} skin tone.")
    return words.format(band=band, other=other_band, **ages)


def _differences(one: Any, other: Any) -> str:
    """What differs between two photographs; nothing where the set does not say."""
    known = {key: name for key, name in styling().items() if key in one.index}
    differ = [name for key, name in known.items() if str(one[key]) != str(other[key])]
    if "yaw" in one.index and abs(float(one["yaw"]) - float(other["yaw"])) > TURNED:
        differ.append(_("turn of the head"))
    if differ:
        return _("What differs: {what}.").format(what=", ".join(differ))
    return _("Nothing that the set lists differs.") if known else ""

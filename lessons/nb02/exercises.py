"""Notebook 02: its exercises, and what it hands out ready made.

In: the shipped people of ``anytown/dev`` and ``anytown/train``.  Out: the exercises;
:func:`found_again`, whom a leaked template still finds; :func:`lost_triples`, how often a stranger
comes out nearer than the same person; and :func:`rebuilding`, a slider that puts a face together
again from eigenfaces.
"""

from __future__ import annotations

import base64
import functools
import html
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from labkit.learning.exercises import Cases, Check, Exact, Relative

Whole = NDArray[np.int64]

if TYPE_CHECKING:
    from labkit.matchers import Eigenfaces
    from labkit.measure.intervals import Interval

NAMES = ("Ari", "Bo", "Chris", "Dana", "Eli")
NOBODY = "nobody"
EACH = 4  # photographs of a person in dev and train

WORDS = {
    "both": "Triples lost of 100, {people} people: {trained:.1f} as trained, {own:.1f} with"
    " DeepFace's own crop.",
    "clear": "Difference: with DeepFace's own crop {value:.1f} [{low:.1f}, {high:.1f}] of 100"
    " {worse} are lost.",
    "not clear": "Difference: {value:.1f} [{low:.1f}, {high:.1f}] of 100, so it may be none. A"
    " difference of less than about {missed:.1f} could have been missed.",
    "too few": "No interval for the difference: {words}.",
    "slider": "Directions",
    "part": "With {k} of {most} directions: {share:.0%} of what sets this picture apart from the"
    " mean face.",
    "alt": "On the left the aligned face as the method sees it, on the right the same face put"
    " together from the mean face and {k} directions.",
    "call": "two templates of similarity {similarity:.3f} and the threshold {threshold:g}",
    "won": "{won:.1f} [{low:.1f}, {high:.1f}]",
    "mean face": "mean face",
    "less": "{n}: taken away",
    "more": "{n}: added",
    "wall": "The mean face, and each of three directions taken from it and added to it.",
}


# --- what the exercises compare ------------------------------------------------------------------


@functools.cache
def _templates(name: str) -> NDArray[np.float32]:
    from labkit import data

    return data.load(name).templates


def _pair() -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """Templates of the two photographs that the notebook opens with."""
    dev = _templates("anytown/dev")
    return dev[EACH], dev[EACH + 1]


def distance(a: ArrayLike, b: ArrayLike) -> float:
    """The Euclidean distance of two templates.

    Examples
    --------
    >>> distance([0, 0], [3, 4])
    5.0
    """
    gaps = np.asarray(a, float) - np.asarray(b, float)
    return float(np.sqrt((gaps**2).sum()))


def _cosine(a: NDArray, b: NDArray) -> float:
    return float(a @ b / np.sqrt((a @ a) * (b @ b)))


def typical() -> tuple[float, float]:
    """Mean similarity of two photographs of one person, and of two people, of ``train``.

    Portrait against first probe: of one person, and of each person and the next in the list.
    """
    from labkit.measure.scores import compare

    train = _templates("anytown/train")
    scores = compare(train[0::EACH], train[1::EACH], "euclidean")
    strangers = np.roll(scores, 1, axis=0)
    return float(np.nanmean(np.diag(scores))), float(np.nanmean(np.diag(strangers)))


def halfway() -> float:
    """The similarity in the middle of the two of :func:`typical`."""
    return sum(typical()) / 2


def _door() -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """Five enrolled templates, and six probes of which the last is of a stranger."""
    dev, count = _templates("anytown/dev"), len(NAMES)
    return dev[: EACH * count : EACH], dev[1 : EACH * (count + 1) : EACH]


def _named(rule: Any) -> list[str]:
    """The answer of the third exercise under a rule (scores of one probe, threshold) -> name."""
    enrolled, probes = _door()
    threshold = halfway()
    return [rule([-distance(p, e) for e in enrolled], threshold) for p in probes]


def _nearest(scores: list[float]) -> str:
    return NAMES[int(np.argmax(scores))]


# --- same_person on cases ------------------------------------------------------------------------


def _cases() -> list[tuple[Any, ...]]:
    """Pairs on both sides of a threshold, one that lies exactly on it, and one that none reaches.

    The last has a threshold above 0: it tells "yes" to everything from a comparison of distances.
    """
    dev = _templates("anytown/dev")
    zero, five = np.zeros(128, np.float32), np.zeros(128, np.float32)
    five[:2] = 3, 4  # at a distance of exactly 5, whatever way it is computed
    pairs = [(dev[0], dev[1]), (dev[4], dev[5]), (dev[0], dev[4]), (dev[8], dev[12])]
    cases: list[tuple[Any, ...]] = [(a, b, -0.45) for a, b in pairs]
    return [*cases, (dev[4], dev[5], -0.3), (zero, five, -5.0), (dev[4], dev[5], 2.0)]


def _told(a: NDArray, b: NDArray, threshold: float) -> str:
    """What one call of ``same_person`` is given, in words."""
    return WORDS["call"].format(similarity=-distance(a, b), threshold=threshold)


def _same_person(a: NDArray, b: NDArray, threshold: float) -> bool:
    return -distance(a, b) >= threshold


def _distance_as_score(a: NDArray, b: NDArray, threshold: float) -> bool:
    return distance(a, b) >= threshold


def _distance_below(a: NDArray, b: NDArray, threshold: float) -> bool:
    return distance(a, b) <= threshold


def _turned(a: NDArray, b: NDArray, threshold: float) -> bool:
    return -distance(a, b) < threshold


def _turned_edge(a: NDArray, b: NDArray, threshold: float) -> bool:
    return -distance(a, b) <= threshold


def _own_threshold(a: NDArray, b: NDArray, threshold: float) -> bool:
    return -distance(a, b) >= -0.45


def _always(a: NDArray, b: NDArray, threshold: float) -> bool:
    return True


def _never(a: NDArray, b: NDArray, threshold: float) -> bool:
    return False


def _strictly(a: NDArray, b: NDArray, threshold: float) -> bool:
    return -distance(a, b) > threshold


def _squared(a: NDArray, b: NDArray, threshold: float) -> bool:
    return -(distance(a, b) ** 2) >= threshold


EXERCISES = (
    Check(
        "02-a",
        question="How far apart are the templates a and b, as the Euclidean distance?",
        reference=lambda: distance(*_pair()),
        tolerance=Relative(0.01),
        wrong={
            "root forgotten": (
                lambda: distance(*_pair()) ** 2,
                "That is the squared distance: the square root around the sum is missing.",
            ),
            "gaps added up": (
                lambda: float(np.abs(np.subtract(*_pair())).sum()),
                "You added up the sizes of the differences. The formula squares each difference,"
                " adds the squares and takes the root of the sum.",
            ),
            "not squared": (
                lambda: float(np.subtract(*_pair()).sum()),
                "Differences above and below zero cancelled each other. Square each one before you"
                " add them.",
            ),
            "mean for sum": (
                lambda: float(np.sqrt((np.subtract(*_pair()) ** 2).mean())),
                "You took the mean of the squares. The formula takes their sum.",
            ),
            "similarity": (
                lambda: -distance(*_pair()),
                "That is the similarity, minus the distance. A distance is never below 0.",
            ),
            "cosine": (
                lambda: _cosine(*_pair()),
                "That is the cosine of the angle between a and b, another measure. The Euclidean"
                " distance starts from the differences a - b.",
            ),
        },
        hint="Work from the inside: a - b, then ** 2, then .sum(), then np.sqrt(...).",
        way="Write answer = np.sqrt(((a - b) ** 2).sum()).",
        expects="one number, a distance",
    ),
    Check(
        "02-b",
        question="Are a and b of the same person, at this threshold of similarity?",
        reference=lambda: _same_person,
        tolerance=Cases(_cases, words=_told),
        wrong={
            "distance for similarity": (
                lambda: _distance_as_score,
                "This answers as if the distance itself were compared with the threshold: yes to"
                " everybody, as soon as the threshold is below 0. Compare similarity(a, b).",
            ),
            "distance below a negative threshold": (
                lambda: _distance_below,
                "This answers as if distances had to lie below the threshold, and no distance lies"
                " below a negative one. Compare similarity(a, b), which is minus the distance.",
            ),
            "wrong way round": (
                lambda: _turned,
                "This says yes to strangers and no to the same person: a match is a similarity of"
                " AT LEAST the threshold.",
            ),
            "wrong way round, with the edge": (
                lambda: _turned_edge,
                "This says yes when the similarity is small. Turn the sign round: a match is a"
                " similarity of at least the threshold, >=.",
            ),
            "yes to everything": (
                lambda: _always,
                "This says yes whatever it is given. The answer has to depend on a, b and"
                " threshold: compare similarity(a, b) with threshold.",
            ),
            "no to everything": (
                lambda: _never,
                "This says no whatever it is given. The answer has to depend on a, b and"
                " threshold: compare similarity(a, b) with threshold.",
            ),
            "a threshold of its own": (
                lambda: _own_threshold,
                "This answers as if the threshold were always -0.45. Use the name threshold, which"
                " may be another number at each call.",
            ),
            "exactly at the threshold": (
                lambda: _strictly,
                "Almost: a similarity exactly at the threshold is a match too. Use >= in place of"
                " >.",
            ),
            "squared": (
                lambda: _squared,
                "This compares the squared distance: the root is missing. Use similarity(a, b).",
            ),
        },
        hint="similarity(a, b) gives one number. A comparison of two numbers gives True or False.",
        way="Write return similarity(a, b) >= threshold.",
        expects="a function of a, b and threshold that gives True or False",
    ),
    Check(
        "02-c",
        question="Which name, or 'nobody', does each of the six probes get?",
        reference=lambda: _named(lambda s, t: _nearest(s) if max(s) >= t else NOBODY),
        tolerance=Exact(),
        wrong={
            "always the nearest": (
                lambda: _named(lambda s, t: _nearest(s)),
                "Everybody got the name of the nearest, the stranger too: somebody is always"
                " nearest. Name the nearest only when best is at least the threshold.",
            ),
            "first enrolled only": (
                lambda: _named(lambda s, t: NAMES[0] if s[0] >= t else NOBODY),
                "Only the first enrolled person was let in. Use nearest and best, which come from"
                " all five.",
            ),
            "wrong way round": (
                lambda: _named(lambda s, t: _nearest(s) if max(s) < t else NOBODY),
                "The stranger got a name and those who are enrolled did not. Turn it round: a match"
                " is best >= threshold.",
            ),
            "all turned away": (
                lambda: _named(lambda s, t: NOBODY),
                "Everybody was turned away, those who are enrolled too. Let best and threshold"
                " decide: a match is best >= threshold.",
            ),
            "the word for the name": (
                lambda: _named(lambda s, t: "nearest" if max(s) >= t else NOBODY),
                "The word 'nearest' was given in place of a name. Without quotes, nearest is the"
                " name of whoever is nearest.",
            ),
            "the word for everybody": (
                lambda: _named(lambda s, t: "nearest"),
                "Everybody got the word 'nearest'. Without quotes it is a name; and a name is due"
                " only when best is at least the threshold.",
            ),
        },
        hint="best is the highest of the five similarities, nearest is the name that has it.",
        way='Write answer.append(nearest if best >= threshold else "nobody").',
        expects="a list of six texts, each a name or 'nobody'",
    ),
)


# --- a leaked list --------------------------------------------------------------------------------


def found_again(fresh: ArrayLike, leaked: ArrayLike) -> tuple[int, int]:
    """How many people a leaked list of templates still finds, by new photographs of them.

    Parameters
    ----------
    fresh, leaked
        Templates, shape (n, 128) each, the same people in the same order; NaN where one failed.

    Returns
    -------
    found, tried
        People whose own leaked template is the nearest of all; people with both templates.

    Examples
    --------
    >>> found_again([[0.1], [1.1], [2.4]], [[0.0], [1.0], [9.0]])
    (2, 3)
    """
    from labkit.measure.scores import compare

    scores = compare(np.asarray(fresh, float), np.asarray(leaked, float), "euclidean")
    usable = np.flatnonzero(~np.isnan(np.diag(scores)))
    nearest = np.nanargmax(scores[usable], axis=1)
    return int((nearest == usable).sum()), len(usable)


# --- triples --------------------------------------------------------------------------------------


def lost_triples(scores: ArrayLike, people: ArrayLike) -> tuple[Whole, Whole]:
    """For each person, triples in which a stranger is at least as near as the person's own photo.

    A triple is a photograph of a person, another of the same person and one of somebody else.  The
    share of triples that are *not* lost is the area under the ROC curve for one photograph at a
    time, and it needs no threshold.

    Parameters
    ----------
    scores
        Similarities of every photograph with every other, shape (n, n); NaN where one failed.
    people
        Who is in each photograph, shape (n,).

    Returns
    -------
    lost, triples
        By person, in the order of their numbers, shape (k,) each.  Failed comparisons are left out.

    Examples
    --------
    >>> from labkit.measure.scores import compare
    >>> photographs = [[0.0], [1.0], [1.5], [9.0]]
    >>> scores = compare(photographs, photographs, "euclidean")
    >>> [x.tolist() for x in lost_triples(scores, [1, 1, 2, 2])]
    [[1, 2], [4, 4]]
    """
    matrix, who = np.array(scores, float), np.asarray(people)
    np.fill_diagonal(matrix, np.nan)  # a photograph is not compared with itself
    lost, triples = [], []
    for person in np.unique(who):
        own, others = np.flatnonzero(who == person), np.flatnonzero(who != person)
        mated = matrix[np.ix_(own, own)][:, :, None]
        strangers = matrix[np.ix_(own, others)][:, None, :]
        made = ~np.isnan(mated) & ~np.isnan(strangers)
        lost.append(int((made & (strangers >= mated)).sum()))
        triples.append(int(made.sum()))
    return np.array(lost), np.array(triples)


def percent_won(lost: ArrayLike, triples: ArrayLike) -> list[float]:
    """Triples won of 100, low and high end of the interval by people, people, triples.

    Parameters
    ----------
    lost, triples
        As :func:`lost_triples` gives them.

    Examples
    --------
    >>> percent_won([0, 1] * 20, [50] * 40)[0]
    99.0
    """
    from labkit.measure.intervals import cluster_interval

    share = cluster_interval(lost, triples, "lost triples")
    won = [100 * (1 - x) for x in (share.value, share.high, share.low)]
    return [*won, share.people, share.trials]


def won_row(lost: ArrayLike, triples: ArrayLike) -> dict[str, Any]:
    """A row of the table of matchers, with the interval as it is written everywhere.

    Examples
    --------
    >>> won_row([0, 1] * 20, [50] * 40)["right of 100"]
    '99.0 [98.7, 99.3]'
    """
    won, low, high, people, made = percent_won(lost, triples)
    said = WORDS["won"].format(won=won, low=low, high=high)
    return {"right of 100": said, "triples": f"{made:,.0f}", "people": int(people)}


def alignment_words(
    own: tuple[Whole, Whole], as_trained: tuple[Whole, Whole], gap: Interval
) -> str:
    """What two ways of cutting out faces lose, and what their difference allows to say.

    Parameters
    ----------
    own, as_trained
        Lost triples and triples by person under DeepFace's own crop and under dlib's.
    gap
        Paired difference, own crop minus as trained.
    """
    from labkit.measure.intervals import missed_difference

    first, second = (100 * lost.sum() / triples.sum() for lost, triples in (as_trained, own))
    said = WORDS["both"].format(trained=first, own=second, people=gap.people)
    if gap.words:
        return f"{said}\n{WORDS['too few'].format(words=gap.words)}"
    value, low, high = (100 * x for x in (gap.value, gap.low, gap.high))
    if low <= 0 <= high:
        missed = 100 * missed_difference(gap)
        more = WORDS["not clear"].format(value=value, low=low, high=high, missed=missed)
        return f"{said}\n{more}"
    worse, ends = ("more", (low, high)) if value > 0 else ("fewer", (-high, -low))
    more = WORDS["clear"].format(value=abs(value), worse=worse, low=ends[0], high=ends[1])
    return f"{said}\n{more}"


# --- the slider -----------------------------------------------------------------------------------


def rebuilt(eigenfaces: Eigenfaces, crop: NDArray[np.uint8], k: int) -> tuple[NDArray, float]:
    """A face put together from the mean face and ``k`` directions.

    Parameters
    ----------
    eigenfaces
        Fitted with ``skip=0, whiten=False``: otherwise the parts do not add up to the face.
    crop
        Aligned grey crop, shape (64, 64).
    k
        How many directions, 0 or more.

    Returns
    -------
    picture, share
        uint8, shape (64, 64); and how much of the squared difference from the mean face is there.
    """
    from labkit.matchers.align import crop_vectors

    gap = crop_vectors(crop[None])[0] - eigenfaces.mean_
    parts = eigenfaces.components_[:k]
    near = (parts @ gap) @ parts
    share = 1 - float(((gap - near) ** 2).sum() / (gap**2).sum())
    return as_grey(eigenfaces.mean_ + near), share


def seen(crop: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """A crop as Eigenfaces and Fisherfaces see it: the oval of the face, at one brightness."""
    from labkit.matchers.align import crop_vectors

    return as_grey(crop_vectors(crop[None])[0])


def direction_wall(eigenfaces: Eigenfaces, amounts: NDArray, count: int = 3) -> Any:
    """The mean face with each of the first directions taken away and added, for ``plots.show``.

    Parameters
    ----------
    eigenfaces
        Fitted with ``skip=0, whiten=False``.
    amounts
        How much of each direction is in each photograph; two standard deviations are shown.
    count
        How many directions.
    """
    from labkit.views import plots

    pictures, captions = [as_grey(eigenfaces.mean_)], [WORDS["mean face"]]
    for n in range(count):
        step = 2 * np.nanstd(np.asarray(amounts)[:, n]) * eigenfaces.components_[n]
        pictures += [as_grey(eigenfaces.mean_ - step), as_grey(eigenfaces.mean_ + step)]
        captions += [WORDS["less"].format(n=n), WORDS["more"].format(n=n)]
    return plots.wall(pictures, captions=captions, columns=len(pictures), alt=WORDS["wall"])


def as_grey(vector: NDArray) -> NDArray[np.uint8]:
    """A vector of 4,096 numbers around 0 as a grey picture, shape (64, 64), uint8."""
    return np.clip(128 + 48 * vector.reshape(64, 64), 0, 255).astype(np.uint8)


def rebuilding(eigenfaces: Eigenfaces, crop: NDArray[np.uint8], k: int = 20) -> Any:
    """A slider for the number of directions, with the picture and a sentence that follow it.

    Each move sends a picture of a few kilobytes; no figure is drawn.  ``.children`` are the slider
    and the view.

    Parameters
    ----------
    eigenfaces, crop
        As for :func:`rebuilt`.
    k
        Where the slider starts.
    """
    import ipywidgets as widgets  # type: ignore[import-untyped]

    most, original = len(eigenfaces.components_), seen(crop)
    slider = widgets.IntSlider(value=k, min=0, max=most, description=WORDS["slider"])
    view = widgets.HTML()

    def move(change: Any = None) -> None:
        picture, share = rebuilt(eigenfaces, crop, slider.value)
        words = WORDS["part"].format(k=slider.value, most=most, share=share)
        alt = html.escape(WORDS["alt"].format(k=slider.value) + " " + words, quote=True)
        both = base64.b64encode(_png(np.hstack([original, picture]))).decode()
        view.value = (
            f'<img alt="{alt}" width="384" height="192" src="data:image/png;base64,{both}">'
            f'<p role="status" aria-live="polite">{html.escape(words)}</p>'
        )

    slider.observe(move, names="value")
    move()
    return widgets.VBox([slider, view])


def _png(picture: NDArray[np.uint8]) -> bytes:
    import cv2

    return cv2.imencode(".png", picture)[1].tobytes()

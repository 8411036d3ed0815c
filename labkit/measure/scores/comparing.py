"""Two templates, or two lists of them, compared; and templates that cannot be.

In: templates, a row for each image, NaN where no face was found.  Out: scores, larger meaning more
alike, in float64; or one sentence that names the images whose templates are no templates.
"""

from __future__ import annotations

import warnings
from collections.abc import Callable, Sequence

import numpy as np
from numpy.typing import ArrayLike, NDArray

from labkit.base.words import _
from labkit.measure.scores.grid import STEPS

Templates = NDArray[np.float32]
Whole = NDArray[np.int64]

MEASURES = ("euclidean", "cosine")
"""How templates are compared: minus their distance as they are, or the cosine of their angle."""


def euclidean_scores(first: ArrayLike, second: ArrayLike) -> NDArray[np.float64]:
    """Minus the Euclidean distance of raw descriptors, as dlib's network is meant to be compared.

    Parameters
    ----------
    first, second
        Descriptors, shapes (n, d) and (m, d).

    Returns
    -------
    scores
        Shape (n, m), at most 0; 0 is the same descriptor.

    Examples
    --------
    >>> euclidean_scores([[0.0, 0.0]], [[3.0, 4.0]]).tolist()
    [[-5.0]]
    """
    a, b = np.asarray(first, np.float64), np.asarray(second, np.float64)
    lengths = (a**2).sum(1)[:, None]
    squares = lengths + (b**2).sum(1)[None] - 2 * a @ b.T
    # What is left of two nearly equal lengths is mostly rounding: there from the differences.
    i, j = np.nonzero(squares < 1e-8 * lengths)
    squares[i, j] = ((a[i] - b[j]) ** 2).sum(1)
    return -np.sqrt(np.maximum(squares, 0))


def cosine_scores(first: ArrayLike, second: ArrayLike) -> NDArray[np.float64]:
    """Cosine of the angle between descriptors of shapes (n, d) and (m, d); shape (n, m).

    Examples
    --------
    >>> cosine_scores([[1.0, 0.0]], [[0.0, 2.0], [3.0, 0.0]]).tolist()
    [[0.0, 1.0]]
    """
    a, b = np.asarray(first, np.float64), np.asarray(second, np.float64)
    a = a / np.maximum(np.linalg.norm(a, axis=1, keepdims=True), 1e-12)
    b = b / np.maximum(np.linalg.norm(b, axis=1, keepdims=True), 1e-12)
    return a @ b.T


def compare(first: ArrayLike, second: ArrayLike, measure: str) -> NDArray[np.float64]:
    """Scores of every template of ``first`` with every one of ``second``; larger = more alike.

    Parameters
    ----------
    first, second
        Templates, shapes (n, d) and (m, d).  A template of NaN gives NaN.
    measure
        One of :data:`MEASURES`.

    Returns
    -------
    scores
        Shape (n, m), not rounded.

    Raises
    ------
    ValueError
        For another measure, templates of different lengths, an infinite number, or a template of
        zeros whose angle is asked for.

    Examples
    --------
    >>> compare([[0.0, 1.0]], [[0.0, 3.0], [1.0, 1.0]], "euclidean").tolist()
    [[-2.0, -1.0]]
    """
    a, b = np.asarray(first), np.asarray(second)
    if a.ndim != 2 or b.ndim != 2 or a.shape[1] != b.shape[1]:
        raise ValueError(
            f"templates of shapes {a.shape} and {b.shape} cannot be compared: give (n, d), (m, d)"
        )
    for rows in (a, b):
        refuse_no_templates(rows, measure)
    return scorer(measure)(a, b)


def paired_scores(first: ArrayLike, second: ArrayLike, measure: str) -> NDArray[np.float32]:
    """Scores of the first template with the first, the second with the second, and so on.

    Those of :func:`compare`, each from its own two templates alone and rounded to float32: it is
    the same to the last bit whatever else is compared with it, in whatever order.

    Parameters
    ----------
    first, second
        Templates that :func:`compare` takes, shape (n, d) each.  A template of NaN gives NaN.
    measure
        One of :data:`MEASURES`.

    Returns
    -------
    scores
        Shape (n,); larger means more alike.

    Examples
    --------
    >>> paired_scores([[0.0, 0.0], [1.0, 0.0]], [[3.0, 4.0], [1.0, 0.0]], "euclidean").tolist()
    [-5.0, 0.0]
    """
    a, b = (np.ascontiguousarray(x, np.float64) for x in (first, second))
    if scorer(measure) is euclidean_scores:
        return -np.sqrt(((a - b) ** 2).sum(1)).astype(np.float32)
    lengths = np.sqrt((a * a).sum(1)) * np.sqrt((b * b).sum(1))
    return ((a * b).sum(1) / np.maximum(lengths, 1e-24)).astype(np.float32)


def similarity(first: ArrayLike, second: ArrayLike, measure: str) -> float:
    """Score of two templates, shape (d,) each; larger = more alike.

    Examples
    --------
    >>> similarity([1.0, 0.0], [1.0, 1.0], "cosine")
    0.7071067811865475
    """
    return float(compare(np.asarray(first)[None], np.asarray(second)[None], measure)[0, 0])


def scorer(measure: str) -> Callable[[ArrayLike, ArrayLike], NDArray[np.float64]]:
    """The function that compares templates by a measure, or a ``ValueError``."""
    scorers = {"euclidean": euclidean_scores, "cosine": cosine_scores}
    if measure not in scorers:
        raise ValueError(f"there is no measure {measure!r}: use {' or '.join(MEASURES)}")
    return scorers[measure]


def per_image(values: ArrayLike, n: int, what: str) -> NDArray[np.generic]:
    """``values`` as an array with one entry for each of n images, or a ``ValueError``."""
    array = np.asarray(values)
    if array.shape != (n,):
        raise ValueError(f"{what} of shape {array.shape} for {n} images: give one for each image")
    return array


# ---- templates that are none --------------------------------------------------------------------


def checked_templates(
    templates: ArrayLike, people: ArrayLike, measure: str
) -> tuple[Templates, Whole, NDArray[np.bool_]]:
    """Templates that can be compared with one another.

    Parameters
    ----------
    templates
        Shape (n, d), taken as float32; a row with a NaN is an image without a usable face.
    people
        Number of the person in each image, shape (n,), whole numbers.
    measure
        How they will be compared.

    Returns
    -------
    rows, who, usable
        float32 (n, d), int64 (n,), and which images have a template, (n,).

    Raises
    ------
    ValueError
        With one sentence, which names the images: see :func:`refuse_no_templates` and
        :func:`refuse_far_templates`; and when shapes or types do not fit.

    Warns
    -----
    UserWarning
        When images have the very same template; see :func:`warn_of_copies`.
    """
    rows = np.ascontiguousarray(templates, np.float32)
    if rows.ndim != 2:
        raise ValueError(f"templates of shape {rows.shape}: give a row for each image, (n, d)")
    given = per_image(people, len(rows), "people")
    if given.size and not np.issubdtype(given.dtype, np.integer):
        raise ValueError(f"people are of type {given.dtype}: give a whole number for each image")
    who: Whole = given.astype(np.int64)
    compared = scorer(measure)
    refuse_no_templates(rows, measure)
    usable: NDArray[np.bool_] = np.asarray(~np.isnan(rows).any(axis=1), bool)
    warn_of_copies(rows, who, usable)
    refuse_far_templates(rows, usable, compared)
    return rows, who, usable


def refuse_no_templates(rows: NDArray[np.generic], measure: str) -> None:
    """Raise a ``ValueError`` for infinite numbers, and for zeros whose angle is asked for."""
    infinite = np.flatnonzero(np.isinf(rows).any(axis=1))
    if infinite.size:
        words = _("the template of {images} holds an infinite number: mark failed images with NaN")
        raise ValueError(words.format(images=named(infinite)))
    if measure == "cosine" and rows.shape[1]:
        zeros = np.flatnonzero(~rows.any(axis=1))
        if zeros.size:
            words = _(
                "the template of {images} is all zeros and has no angle: mark failed images with"
                " NaN"
            )
            raise ValueError(words.format(images=named(zeros)))


def warn_of_copies(rows: Templates, who: Whole, usable: NDArray[np.bool_]) -> None:
    """Warn, once and by number, of images that have the same template to the last bit.

    Two people never do: a picture stands under two names, or something else than a face was
    described.  One person's two photographs do not either: one picture is there twice.
    """
    at = np.flatnonzero(usable)
    if len(at) < 2 or not rows.shape[1]:
        return
    ends = (
        np.ascontiguousarray(rows[np.ix_(at, np.array([0, -1]))] + np.float32(0))
        .view(np.uint64)
        .ravel()
    )
    _values, place, many = np.unique(ends, return_inverse=True, return_counts=True)
    at = at[many[place] > 1]  # only these can be the same
    seen: dict[bytes, int] = {}
    plain = rows[at] + np.float32(0)  # minus zero is zero
    copies = [(seen.setdefault(row.tobytes(), k), k) for k, row in zip(at.tolist(), plain)]
    same = np.array([(a, b) for a, b in copies if a != b]).reshape(-1, 2)
    if not same.size:
        return
    apart = same[who[same[:, 0]] != who[same[:, 1]]]
    words = _(
        "{images} have the same template and different people, a perfect match ({n} such images in"
        " all): look whether one picture stands under two names, or no face was described"
    )
    if not apart.size:
        apart = same
        words = _(
            "{images} of one person have the same template ({n} such images in all): look whether"
            " one picture is there twice"
        )
    text = words.format(images=named(apart[0]), n=len(np.unique(apart)))
    warnings.warn(text, UserWarning, stacklevel=4)


ENOUGH_STEPS = 2**12
"""The middle half of all scores must reach over this many points of the grid."""

PARTNERS = 16
"""With so many other images each is compared to see whether its template is far from all."""


def refuse_far_templates(
    rows: Templates,
    usable: NDArray[np.bool_],
    compared: Callable[[ArrayLike, ArrayLike], NDArray[np.float64]],
) -> None:
    """Raise a ``ValueError`` where a few templates lie so far off that the grid is theirs alone.

    Scores are rounded to 2**-20 of their range, and one template that is ten thousand times as long
    as the others stretches it until all others' scores fall on ten points.  Each image is compared
    with 16 others, spread evenly over the list: when the middle half of these scores reaches over
    fewer than :data:`ENOUGH_STEPS` points of the grid, the images furthest from the others are
    named.  (The scores of our matchers reach over 90,000; those of templates of 4,096 random
    numbers, where all distances are nearly alike, over 10,000 even with a copy among them.)

    A template is refused, not borne with a coarser or a longer grid: it is a fault in the data, and
    counts beside it are worth nothing until somebody has looked.
    """
    at = np.flatnonzero(usable)
    if len(at) < 3:
        return
    partner = np.unique(np.linspace(0, len(at) - 1, PARTNERS).astype(np.int64))
    others, parts = rows[at[partner]], len(at) // 512 + 1
    scores = np.concatenate([compared(rows[k], others) for k in np.array_split(at, parts)])
    few = np.sort(scores[:: len(at) // 500 + 1], axis=None)
    scores[partner, np.arange(len(partner))] = few[len(few) // 2]  # an image with itself
    low, high = few[[len(few) // 4, -1 - len(few) // 4]]
    step = (scores.max() - scores.min()) / STEPS
    if not 0 < high - low < ENOUGH_STEPS * step:
        return
    typical = np.median(scores, axis=1)
    off = np.abs(typical - np.median(typical))
    far = np.flatnonzero(off > off.max() / 2)
    far = far[np.argsort(-off[far], kind="stable")]
    words = _(
        "the template of {images} lies far from all others, with scores about {score:.4g} where"
        " half of all lie from {low:.4g} to {high:.4g}, and would make them indistinguishable: look"
        " at it, or mark it as failed with NaN"
    )
    raise ValueError(words.format(images=named(at[far]), score=typical[far[0]], low=low, high=high))


def named(images: Sequence[int] | Whole, most: int = 5) -> str:
    """Images by their number, the first few when there are many.

    Examples
    --------
    >>> named([3]), named([3, 5]), named(range(9), 3)
    ('image 3', 'images 3 and 5', 'images 0, 1, 2 and 6 more')
    """
    first = [str(int(k)) for k in images[:most]]
    if len(images) == 1:
        return _("image {number}").format(number=first[0])
    if len(images) > most:
        return _("images {numbers} and {n:,} more").format(
            numbers=", ".join(first), n=len(images) - most
        )
    return _("images {numbers} and {last}").format(numbers=", ".join(first[:-1]), last=first[-1])

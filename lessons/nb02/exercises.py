"""Notebook 02: its exercises.

In: the shipped people of ``anytown/dev`` and ``anytown/train``.  Out: what is asked, what is right
and what each mistake looks like.
"""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from labkit.base.words import N_, _
from labkit.learning.exercises import Cases, Check, Exact, Relative
from labkit.measure.scores import similarity
from labkit.measure.templates import distance, typical_similarities

NAMES = ("Ari", "Bo", "Chris", "Dana", "Eli")
NOBODY = "nobody"
EACH = 4  # photographs of a person in dev and train

Templates = NDArray[np.float32]


# --- what the exercises compare ------------------------------------------------------------------


@functools.cache
def _templates(name: str) -> Templates:
    from labkit import data

    return data.load(name).templates


def _pair() -> tuple[Templates, Templates]:
    """Templates of the two photographs that the notebook opens with."""
    dev = _templates("anytown/dev")
    return dev[EACH], dev[EACH + 1]


def threshold_at_door() -> float:
    """The middle between the mean similarities of one person and of two, on ``anytown/train``."""
    train = _templates("anytown/train")
    return sum(typical_similarities(train[0::EACH], train[1::EACH])) / 2


def _door() -> tuple[Templates, Templates]:
    """Five enrolled templates, and six probes of which the last is of a stranger."""
    dev, count = _templates("anytown/dev"), len(NAMES)
    return dev[: EACH * count : EACH], dev[1 : EACH * (count + 1) : EACH]


def _named(rule: Callable[[list[float], float], str]) -> list[str]:
    """The answer of the third exercise under a rule (scores of one probe, threshold) -> name."""
    enrolled, probes = _door()
    threshold = threshold_at_door()
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
    return _("two templates of similarity {similarity:.3f} and the threshold {threshold:g}").format(
        similarity=-distance(a, b), threshold=threshold
    )


Rule = Callable[[NDArray, NDArray, float], bool]


def _rule(verdict: Callable[[float, float], bool]) -> Callable[[], Rule]:
    """Makes a ``same_person`` from what it makes of a distance and a threshold."""
    return lambda: lambda a, b, threshold: verdict(distance(a, b), threshold)


EXERCISES = (
    Check(
        "02-a",
        question=N_("How far apart are the templates a and b, as the Euclidean distance?"),
        reference=lambda: distance(*_pair()),
        tolerance=Relative(0.01),
        wrong={
            "root forgotten": (
                lambda: distance(*_pair()) ** 2,
                N_("That is the squared distance: the square root around the sum is missing."),
            ),
            "gaps added up": (
                lambda: float(np.abs(np.subtract(*_pair())).sum()),
                N_(
                    "You added up the sizes of the differences. The formula squares each"
                    " difference, adds the squares and takes the root of the sum."
                ),
            ),
            "not squared": (
                lambda: float(np.subtract(*_pair()).sum()),
                N_(
                    "Differences above and below zero cancelled each other. Square each one before"
                    " you add them."
                ),
            ),
            "mean for sum": (
                lambda: float(np.sqrt((np.subtract(*_pair()) ** 2).mean())),
                N_("You took the mean of the squares. The formula takes their sum."),
            ),
            "root without squares": (
                lambda: float(np.sqrt(np.subtract(*_pair()).sum())),
                N_(
                    "The root is there, the squares are not: differences above and below zero take"
                    " from each other. Square each one before you add them."
                ),
            ),
            "mean of the sizes": (
                lambda: float(np.abs(np.subtract(*_pair())).mean()),
                N_(
                    "You took the mean size of the differences, as with the dots of pictures. Here"
                    " each difference is squared, and the root of their sum is taken."
                ),
            ),
            "similarity": (
                lambda: -distance(*_pair()),
                N_("That is the similarity, minus the distance. A distance is never below 0."),
            ),
            "cosine": (
                lambda: similarity(*_pair(), "cosine"),
                N_(
                    "That is the cosine of the angle between a and b, another measure. The"
                    " Euclidean distance starts from the differences a - b."
                ),
            ),
        },
        hint=N_("Work from the inside: the differences first, then squares, their sum, its root."),
        way=N_("Write `answer = np.sqrt(((a - b) ** 2).sum())`."),
        expects=N_("one number, a distance"),
        unit="distance",
    ),
    Check(
        "02-b",
        question=N_("Are a and b of the same person, at this threshold of similarity?"),
        reference=_rule(lambda d, t: -d >= t),
        tolerance=Cases(_cases, words=_told),
        wrong={
            "distance for similarity": (
                _rule(lambda d, t: d >= t),
                N_(
                    "This answers as if the distance itself were compared with the threshold: yes"
                    " to everybody, as soon as the threshold is below 0. Compare"
                    " `similarity(a, b)`."
                ),
            ),
            "distance below a negative threshold": (
                _rule(lambda d, t: d <= t),
                N_(
                    "This answers as if distances had to lie below the threshold, and no distance"
                    " lies below a negative one. Compare `similarity(a, b)`, which is minus the"
                    " distance."
                ),
            ),
            "wrong way round": (
                _rule(lambda d, t: -d < t),
                N_(
                    "This says yes to strangers and no to the same person: a match is a similarity"
                    " of AT LEAST the threshold."
                ),
            ),
            "wrong way round, with the edge": (
                _rule(lambda d, t: -d <= t),
                N_(
                    "This says yes when the similarity is small. Turn the sign round: a match is a"
                    " similarity of at least the threshold, `>=`."
                ),
            ),
            "yes to everything": (
                _rule(lambda d, t: True),
                N_(
                    "This says yes whatever it is given. The answer has to depend on a, b and"
                    " threshold: compare `similarity(a, b)` with `threshold`."
                ),
            ),
            "no to everything": (
                _rule(lambda d, t: False),
                N_(
                    "This says no whatever it is given. The answer has to depend on a, b and"
                    " threshold: compare `similarity(a, b)` with `threshold`."
                ),
            ),
            "a threshold of its own": (
                _rule(lambda d, t: -d >= -0.45),
                N_(
                    "This answers as if the threshold were always -0.45. Use the name threshold,"
                    " which may be another number at each call."
                ),
            ),
            "exactly at the threshold": (
                _rule(lambda d, t: -d > t),
                N_(
                    "Almost: a similarity exactly at the threshold is a match too. Use `>=` in"
                    " place of `>`."
                ),
            ),
            "squared": (
                _rule(lambda d, t: -(d**2) >= t),
                N_(
                    "This compares the squared distance: the root is missing. Use"
                    " `similarity(a, b)`."
                ),
            ),
        },
        hint=N_("`similarity(a, b)` gives one number. Comparing two numbers gives True or False."),
        way=N_("Write `return similarity(a, b) >= threshold`."),
        expects=N_("a function of a, b and threshold that gives True or False"),
    ),
    Check(
        "02-c",
        question=N_("Which name, or 'nobody', does each of the six probes get?"),
        reference=lambda: _named(lambda s, t: _nearest(s) if max(s) >= t else NOBODY),
        tolerance=Exact(),
        wrong={
            "always the nearest": (
                lambda: _named(lambda s, t: _nearest(s)),
                N_(
                    "Everybody got the name of the nearest, the stranger too: somebody is always"
                    " nearest. Name the nearest only when `best` is at least the threshold."
                ),
            ),
            "first enrolled only": (
                lambda: _named(lambda s, t: NAMES[0] if s[0] >= t else NOBODY),
                N_(
                    "Only the first enrolled person was let in. Use `nearest` and `best`, which"
                    " come from all five."
                ),
            ),
            "wrong way round": (
                lambda: _named(lambda s, t: _nearest(s) if max(s) < t else NOBODY),
                N_(
                    "The stranger got a name and those who are enrolled did not. Turn it round (the"
                    " value before `if` is given when what follows it is true): a"
                    " match is `best >= threshold`."
                ),
            ),
            "all turned away": (
                lambda: _named(lambda s, t: NOBODY),
                N_(
                    "Everybody was turned away, those who are enrolled too. Let `best` and"
                    " `threshold` decide: a match is `best >= threshold`."
                ),
            ),
            "the word for the name": (
                lambda: _named(lambda s, t: "nearest" if max(s) >= t else NOBODY),
                N_(
                    "The word 'nearest' was given in place of a name. Without quotes, nearest is"
                    " the name of whoever is nearest."
                ),
            ),
            "the word for everybody": (
                lambda: _named(lambda s, t: "nearest"),
                N_(
                    "Everybody got the word 'nearest'. Without quotes it is a name; and a name is"
                    " due only when `best` is at least the threshold."
                ),
            ),
        },
        hint=N_(
            "`best` is the highest of the five similarities, `nearest` the name that has it. When"
            " is nobody the right answer?"
        ),
        way=N_('Write `answer.append(nearest if best >= threshold else "nobody")`.'),
        expects=N_("a list of six texts, each a name or 'nobody'"),
        among=(*NAMES, NOBODY),
    ),
)

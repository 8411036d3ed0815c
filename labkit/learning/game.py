"""The game of notebook 00: 20 pairs of photographs, judged by people.  One person, or two?

In: the shipped people of ``anytown/eval``.  Out: :func:`game_pairs`, the same 20 pairs every time,
which notebook 03 gives to the matcher; :func:`counted`, what a list of answers comes to, as counts;
and :func:`telling_distance`, how much a measured distance tells to whoever plays without looking.
"""

from __future__ import annotations

import functools
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

from labkit.base.words import _
from labkit.learning import journal

if TYPE_CHECKING:
    from labkit.data import FaceSet

PAIRS = 20
SEED = 7
ANSWERS = "00-answers"
"""Name under which the journal keeps the 20 answers: ``"same"``, ``"different"`` or ``""``."""

SAME, DIFFERENT = "same", "different"

HAIRLESS = ("bald", "shaved")


# --- the pairs -----------------------------------------------------------------------------------


@dataclass(frozen=True)
class GamePairs:
    """The pairs of the game, from ``anytown/eval``; made by :func:`game_pairs`.

    Parameters
    ----------
    images
        Places of the two pictures of each pair in the set, shape (20, 2).
    same
        Whether both pictures show one person, shape (20,).
    """

    images: NDArray[np.int64]
    same: NDArray[np.bool_]

    def pictures(self) -> list[tuple[NDArray[np.uint8], NDArray[np.uint8]]]:
        """The two pictures of each pair, uint8 RGB."""
        faces = _eval()
        return [(faces.pictures[int(a)], faces.pictures[int(b)]) for a, b in self.images]

    def texts(self) -> list[list[str]]:
        """What the two pictures of each pair hold, for whoever plays without looking."""
        from labkit.views.explorers import pair_facts

        faces = _eval()
        told = []
        for a, b in self.images.tolist():
            first, second = (_hair(faces.images.iloc[k]) for k in (a, b))
            hair = _("Hair that can be seen: {first} and {second}.")
            told.append([*pair_facts(faces, a, b), hair.format(first=first, second=second)])
        return told


@functools.cache
def _eval() -> FaceSet:
    from labkit import data

    return data.load("anytown/eval")


def _hair(row: Any) -> str:
    """How curly the hair in a picture is, where it can be seen."""
    if row["haircut"] in HAIRLESS or row["covering"]:
        return _("none")
    curls = (_("straight"), _("wavy"), _("curly"), _("tightly curled"))  # a quarter of 0..1 each
    return curls[min(int(row["hair_type"] * len(curls)), len(curls) - 1)]


@functools.cache
def game_pairs() -> GamePairs:
    """The 20 pairs of the game; the same every time.

    A coin with a fixed seed decides for each pair whether it shows one person or two, so nobody can
    work out the last answers by counting.  Two people have the same tone band, presentation half
    and kind of head covering and are the nearest in age among those not used yet: otherwise skin or
    a hat would give the answer away.  Nobody is in two pairs.

    Returns
    -------
    pairs
        Places of the pictures in ``anytown/eval``, and the truth.

    Examples
    --------
    >>> pairs = game_pairs()
    >>> pairs.images.shape, len(set(pairs.images.ravel().tolist()))
    ((20, 2), 40)
    """
    faces = _eval()
    people = faces.people
    rng = np.random.default_rng(np.random.SeedSequence([0, SEED]))
    free = list(rng.permutation(people.index.to_numpy()))
    images: list[tuple[int, int]] = []
    same: list[bool] = []
    while len(images) < PAIRS:
        person = free.pop(0)
        one = bool(rng.random() < 0.5)
        other = person if one else _alike(people, person, free)
        if other is None:
            continue
        if not one:
            free.remove(other)
        first = rng.choice(_usable(faces, person))
        rest = _usable(faces, other)
        second = rng.choice(rest[rest != first])
        images.append((int(first), int(second)))
        same.append(one)
    return GamePairs(np.array(images), np.array(same))


def _usable(faces: FaceSet, person: Any) -> NDArray[np.int64]:
    """Places of a person's pictures in which a face was found."""
    table = faces.images
    return np.flatnonzero((table["person"] == person) & (table["status"] == "ok"))


def _alike(people: Any, person: Any, free: list[Any]) -> Any:
    """Another person of the same cell and covering, nearest in age; ``None`` if none is left."""
    row, rest = people.loc[person], people.loc[free]
    for column in ("tone_band", "presentation_half", "covering_kind"):
        rest = rest[rest[column] == row[column]]
    return (rest["age"] - row["age"]).abs().idxmin() if len(rest) else None


# --- the answers ---------------------------------------------------------------------------------


def kept_answers() -> list[str]:
    """The learner's answers, as the journal keeps them: an open one for each pair where none are.

    Examples
    --------
    >>> len(kept_answers()) == PAIRS
    True
    """
    known = {SAME, DIFFERENT, ""}
    kept = journal.recall(ANSWERS, [""] * PAIRS, fits=lambda answers: set(answers) <= known)
    return list(kept.value)


class Counted(NamedTuple):
    """What answers of the game come to: counts, since so few pairs give no rate.

    Parameters
    ----------
    pairs, answered
        Pairs of the game; pairs with an answer.
    same, different
        Answered pairs of one person; of two people.
    missed, mixed
        Pairs of one person called different; pairs of two people called the same.
    """

    pairs: int
    answered: int
    same: int
    different: int
    missed: int
    mixed: int

    @property
    def right(self) -> int:
        """How many answers are right."""
        return self.answered - self.missed - self.mixed


def counted(answers: Sequence[str], same: ArrayLike) -> Counted:
    """Count the answers of the game.

    Parameters
    ----------
    answers
        ``"same"``, ``"different"`` or anything else for "not answered"; one for each pair.
    same
        The truth, shape (n,).

    Raises
    ------
    ValueError
        When there is not one answer for each pair.

    Examples
    --------
    >>> count = counted(["same", "same", ""], [True, False, True])
    >>> count.answered, count.right, count.mixed
    (2, 1, 1)
    """
    truth = np.asarray(same, bool)
    if len(answers) != len(truth):
        words = _(
            "the game has {pairs} pairs and these are {given} answers: give one for each pair"
        )
        raise ValueError(words.format(pairs=len(truth), given=len(answers)))
    given = np.array([str(a) for a in answers], dtype=object)
    called_same, called_different = given == SAME, given == DIFFERENT
    answered = called_same | called_different
    return Counted(
        pairs=len(truth),
        answered=int(answered.sum()),
        same=int((answered & truth).sum()),
        different=int((answered & ~truth).sum()),
        missed=int((called_different & truth).sum()),
        mixed=int((called_same & ~truth).sum()),
    )


# --- playing without looking ---------------------------------------------------------------------


class Telling(NamedTuple):
    """A measured distance, and how much it typically differs between two photographs.

    Parameters
    ----------
    name
        Between which points of a face, in words.
    one_person, two_people
        Median size of the difference between two photographs of one person, and of two people
        picked at random; as shares of the distance between the outer corners of the eyes.
    """

    name: str
    one_person: float
    two_people: float


def telling_distance(faces: FaceSet) -> Telling:
    """The measured distance that sets people apart most, by its median differences.

    Medians over the people of a set: each one's portrait and another photograph, and the portrait
    and another photograph of the next person.

    Parameters
    ----------
    faces
        A set with at least two photographs of each person, numbered in its column ``photo``.

    Returns
    -------
    telling
        Of all measured distances the one whose two medians are furthest apart.
    """
    import pandas as pd

    from labkit.views.explorers import face_measures

    table = faces.images
    places = [table[table["photo"] == n].index for n in (0, 1)]
    portrait, other = (pd.DataFrame([face_measures(table.loc[k]) for k in p]) for p in places)
    one = (portrait - other).abs().median()
    two = (portrait - other.shift(-1)).abs().median()
    name = str((two - one).idxmax())
    return Telling(name, float(one[name]), float(two[name]))

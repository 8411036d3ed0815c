"""Notebook 00: its exercise, and the 20 pairs of the game.

In: the shipped people of ``anytown``.  Out: :func:`first_faces`, a wall of portraits;
:func:`game_pairs`, the same 20 pairs every time, which notebook 03 gives to the matcher;
:func:`scale`, what a difference of distances tells; and :func:`counted`, what 20 answers come to.
"""

from __future__ import annotations

import functools
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from labkit.learning.exercises import Check, Exact

if TYPE_CHECKING:
    from labkit.data import FaceSet

PAIRS = 20
SEED = 7
ANSWERS = "00-answers"
"""Name under which the journal keeps the 20 answers: ``"same"``, ``"different"`` or ``""``."""

SAME, DIFFERENT, OPEN = "same", "different", ""

WORDS = {
    "length": "the game has {pairs} pairs and these are {given} answers: give one for each pair",
    "none": "No pair is answered yet: play above, then run this cell again.",
    "counts": "You answered {answered} of {pairs} pairs, {right} of them right. Of {same} answered"
    " pairs of one person you called {missed} different; of {different} answered pairs of two"
    " people you called {mixed} the same.",
    "wall": "Drawn portraits of invented adults, from {young:.0f} to {old:.0f} years, {covered} of"
    " them with a head covering.",
    "hair": "Hair that can be seen: {first} and {second}.",
    "unseen": "none",
    "scale": "For the version in words: the distance that tells most goes {name}. Between two"
    " photographs of one person it typically differs by {one:.2f}, between two people picked at"
    " random by {two:.2f}: one distance alone seldom decides.",
    "waiting": "{count} of {pairs} pairs are answered: run this cell again to count and keep them"
    " (click it, then press Shift and Enter).",
    "few": "{pairs} pairs cannot rank you: with so few, two people of the same skill often differ"
    " by several answers.",
}


# --- the exercise --------------------------------------------------------------------------------


@functools.cache
def _dev() -> FaceSet:
    from labkit import data

    return data.load("anytown/dev")


def _photographs() -> int:
    return len(_dev().images)


def _people() -> int:
    return len(_dev().people)


def _each() -> int:
    return _photographs() // _people()


def _numbers() -> int:
    return len(_dev().images.columns)


EXERCISES = (
    Check(
        "00-a",
        question="How many photographs are there of the people in anytown/dev?",
        reference=_photographs,
        tolerance=Exact(),
        wrong={
            "people counted": (
                _people,
                "That is the number of people. Everybody was photographed several times: count the"
                " rows of faces.images.",
            ),
            "photographs of one person": (
                _each,
                "That is how often one person was photographed. Count everybody's photographs.",
            ),
            "columns counted": (
                _numbers,
                "That is the number of columns of the table. len(table) counts its rows.",
            ),
        },
        hint="The table faces.images has one row for each photograph.",
        way="Write answer = len(faces.images), then run the cell.",
    ),
)


# --- the game ------------------------------------------------------------------------------------


@dataclass(frozen=True)
class GamePairs:
    """The pairs of the game, from ``anytown/eval``.

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
        rows = [[faces.images.iloc[int(k)] for k in pair] for pair in self.images]
        return [
            [
                *pair_facts(faces, int(a), int(b)),
                WORDS["hair"].format(first=_hair(x), second=_hair(y)),
            ]
            for (a, b), (x, y) in zip(self.images, rows, strict=True)
        ]


CURLS = ("straight", "wavy", "curly", "tightly curled")
HAIRLESS = ("bald", "shaved")


def _hair(row: Any) -> str:
    """How curly the hair in a picture is, where it can be seen."""
    if row["haircut"] in HAIRLESS or row["covering"]:
        return WORDS["unseen"]
    return CURLS[min(int(row["hair_type"] * len(CURLS)), len(CURLS) - 1)]


def first_faces(faces: FaceSet, count: int) -> Any:
    """A wall of the first portraits of a set, for ``plots.show``; the table says who they are."""
    from labkit.views import plots

    first = faces.images[faces.images["photo"] == 0].head(count)
    styles = first.set_index("person")[["haircut", "covering"]]
    details = faces.people.loc[styles.index, ["age", "tone_band"]].join(styles)
    alt = WORDS["wall"].format(
        young=details["age"].min(),
        old=details["age"].max(),
        covered=(details["covering"] != "").sum(),
    )
    fig, alt, _ = plots.wall([faces.pictures[int(k)] for k in first.index], columns=10, alt=alt)
    return fig, alt, details


def scale() -> str:
    """How much measured distances differ within one person and between two, in words.

    Medians over the people of ``anytown/dev``: each one's portrait and another photograph, and the
    portrait and another photograph of the next person.  Of the distances the one is told in which
    the two medians are furthest apart.
    """
    import pandas as pd

    from labkit.views.explorers import face_measures

    table = _dev().images
    places = [table[table["photo"] == n].index for n in (0, 1)]
    portrait, other = (pd.DataFrame([face_measures(table.loc[k]) for k in p]) for p in places)
    one = (portrait - other).abs().median()
    two = (portrait - other.shift(-1)).abs().median()
    name = str((two - one).idxmax())
    return WORDS["scale"].format(name=name, one=one[name], two=two[name])


@functools.cache
def _eval() -> FaceSet:
    from labkit import data

    return data.load("anytown/eval")


@functools.cache
def game_pairs() -> GamePairs:
    """The 20 pairs of the game; the same every time.

    A coin with a fixed seed decides for each pair whether it shows one person or two, so nobody can
    work out the last answers by counting.  Two people have the same tone band, presentation half
    and kind of head covering and are the nearest in age among those not used yet: otherwise skin or
    a hat would give the answer away.  Nobody is in two pairs.

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


def counted(answers: Sequence[str], same: NDArray[np.bool_]) -> tuple[int, str]:
    """How many answers of the game are right, and the counts in words.

    Parameters
    ----------
    answers
        ``"same"``, ``"different"`` or anything else for "not answered"; one for each pair.
    same
        The truth, shape (n,).

    Returns
    -------
    right, words

    Raises
    ------
    ValueError
        When there is not one answer for each pair.

    Examples
    --------
    >>> counted(["same", "same", ""], np.array([True, False, True]))[0]
    1
    """
    if len(answers) != len(same):
        raise ValueError(WORDS["length"].format(pairs=len(same), given=len(answers)))
    given = np.array([str(a) for a in answers], dtype=object)
    called_same, called_different = given == SAME, given == DIFFERENT
    answered = called_same | called_different
    missed, mixed = int((called_different & same).sum()), int((called_same & ~same).sum())
    right = int(answered.sum()) - missed - mixed
    if not answered.any():
        return 0, WORDS["none"]
    words = WORDS["counts"].format(
        answered=int(answered.sum()),
        pairs=len(same),
        right=right,
        missed=missed,
        mixed=mixed,
        same=int((answered & same).sum()),
        different=int((answered & ~same).sum()),
    )
    return right, words + " " + WORDS["few"].format(pairs=len(same))


def waiting(game: Any) -> Any:
    """A line that asks to run the cell again as soon as more pairs are answered.

    Parameters
    ----------
    game
        A widget with the trait ``answers``.
    """
    import ipywidgets as widgets  # type: ignore[import-untyped]

    line = widgets.HTML()

    def said(change: Any) -> None:
        count = sum(a in (SAME, DIFFERENT) for a in change["new"])
        words = WORDS["waiting"].format(count=count, pairs=len(change["new"]))
        line.value = f'<p role="status" aria-live="polite"><strong>{words}</strong></p>'

    game.observe(said, names="answers")
    return line

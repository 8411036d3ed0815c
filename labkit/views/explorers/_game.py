"""The game: pairs of pictures, the same person or not?  And the same pairs told in facts."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
import traitlets
from numpy.typing import NDArray

from labkit.base.codec import decode
from labkit.base.words import _
from labkit.views.explorers.base import Explorer
from labkit.views.explorers.still import Still

if TYPE_CHECKING:
    import pandas as pd

SAME, DIFFERENT, OPEN = "same", "different", ""
QUALITY = 90


class GameExplorer(Explorer):
    """Pairs to judge; see :func:`game`.

    ``answers`` holds ``"same"``, ``"different"`` or ``""`` (open) for each pair, and follows what
    is pressed.  ``in_facts`` says whether the pairs are shown in facts instead of pictures.
    """

    NAME = "game"
    SENT = ("answers", "in_facts")
    answers = traitlets.List(traitlets.Enum([SAME, DIFFERENT, OPEN])).tag(sync=True)
    in_facts = traitlets.Bool(False).tag(sync=True)

    @property
    def truth(self) -> list[bool]:
        """Which pairs are of one person."""
        return [bool(x) for x in self.meta["truth"]]

    @property
    def answered(self) -> int:
        """How many pairs have an answer."""
        return sum(answer != OPEN for answer in self.answers)

    @property
    def finished(self) -> bool:
        """Whether every pair has an answer: before that nothing is compared, and nothing kept."""
        return bool(self.data) and self.answered == len(self.truth)

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

    @classmethod
    def example(cls) -> Explorer:
        """Four pairs of grey squares."""
        shade = [np.full((40, 40, 3), 30 * k, np.uint8) for k in range(8)]
        pairs = [(shade[k], shade[k + 1]) for k in (0, 2, 4, 6)]
        facts = [[f"Between the eyes: {k} and {k + 1}.", "Glasses: none, none."] for k in range(4)]
        return game(pairs, [True, False, True, False], texts=facts, guess=3)

    def table(self) -> pd.DataFrame:
        """Each pair and its answer; what it shows and whether that is right, once all are answered.

        Returns
        -------
        DataFrame
            ``pair``, ``answer``, ``one_person`` and ``right`` (missing before the last answer).
        """
        import pandas as pd

        n = len(self.answers)
        right = [(a == SAME) == t for a, t in zip(self.answers, self.truth, strict=True)]
        hidden = [pd.NA] * n
        rows = {
            "pair": range(1, n + 1),
            "answer": self.answers,
            "one_person": pd.array(self.truth if self.finished else hidden, "boolean"),
            "right": pd.array(right if self.finished else hidden, "boolean"),
        }
        return pd.DataFrame(rows)

    def still(self) -> Still:
        """The first pair, and how many are answered."""
        n, done = len(self.truth), self.answered
        if self.finished:
            words = _("{n} pairs of photographs, all answered: {right} right. The first pair:")
        elif done:
            words = _("{n} pairs of photographs, of which {done} are answered. The first pair:")
        else:  # shown before it is played: a count of answers would soon be untrue
            words = _("{n} pairs of photographs. The first pair:")
        said = words.format(n=n, done=done, right=self.right)
        sizes = self.meta["sizes"][:2]
        first, second = (
            decode(self.arrays["pictures"][sum(sizes[:k]) : sum(sizes[: k + 1])].tobytes())
            for k in range(2)
        )
        side = np.concatenate([first, second], axis=1) if first.shape == second.shape else first
        return Still(
            str(self.words()["title"]),
            said,
            picture=encoded(side),
            alt=_("Two drawn photographs side by side: one person, or two?"),
        )

    @classmethod
    def words(cls) -> dict[str, str | list[str]]:
        """Sentences of the page."""
        return {
            "title": _("The same person, or not?"),
            "name": _("The game: the same person, or not?"),
            "button_same": _("Same person"),
            "button_different": _("Different people"),
            "back": _("One pair back"),
            "again": _("Start again"),
            "play_again": _("Play again"),
            "in_facts": _("Facts instead of pictures (can be read aloud)"),
            "keys": _(
                "Keys: S for the same person, D for different people; click the game if they do"
                " nothing. Nothing says right or wrong until the last pair."
            ),
            "progress": _("Pairs answered"),
            "pair_of": _("Pair {n} of {all}"),
            # A pair, in pictures or in facts.
            "first_photograph": _("Pair {n}, first photograph: an invented face"),
            "second_photograph": _("Pair {n}, second photograph: an invented face"),
            "facts_about": _(
                "Facts about the two photographs of pair {n}: first photograph, then second."
            ),
            "question": _("Pair {n} of {all}: the same person, or not?"),
            "kept": _("Kept: pair {n}, {answer}."),
            "same": _("one person"),
            "different": _("two people"),
            "open": _("no answer"),
            # The end.
            "you": _("You {good} of {n}"),
            "you_guessed": _("You {good}, your guess {guess}"),
            "result": _(
                "{good} of {n} answers are right: {good_same} of {same} pairs of one person,"
                " {good_different} of {different} pairs of two people. {n} pairs cannot rank"
                " anyone: a second {n} would give another count."
            ),
            "squares": _("Every pair in its order: {list}"),
            "square": _("{n} {judged}"),
            "wrong_ones": _("The pairs that you judged wrongly"),
            "none_wrong": _("All {n} are right."),
            "you_said": _("Pair {n}. You said: {answer}. They are: {truth}."),
            "every_answer": _("All your answers"),
            "your_answers": _("Your answers"),
            "column_pair": _("Pair"),
            "column_photographs": _("photographs"),
            "column_your_answer": _("your answer"),
            "column_shows": _("the pair shows"),
            "column_right": _("right"),
            "first_of_pair": _("first of pair {n}"),
            "second_of_pair": _("second of pair {n}"),
            "right": _("right"),
            "not_right": _("not right"),
        }


def game(
    pictures: Sequence[tuple[NDArray, NDArray]],
    truth: Sequence[bool],
    *,
    texts: Sequence[Sequence[str]] | None = None,
    guess: object = None,
    answers: Sequence[str] | None = None,
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
    guess
        How many the player thinks will be right, shown beside the count at the end.  What is no
        whole number from 0 to the number of pairs is left out, such as three dots.
    answers
        Answers that were kept, ``"same"``, ``"different"`` or ``""`` for each pair in its order.
        With one for every pair the game opens at its end, from where it can be played again;
        with fewer it goes on where they end.

    Raises
    ------
    ValueError
        If the lengths differ, or for an answer that is none of the three.

    Examples
    --------
    >>> grey = np.full((8, 8, 3), 128, np.uint8)
    >>> view = game([(grey, grey)], [True], texts=[["Distance between the eyes: both 40 pixels."]])
    >>> view.answers = ["same"]
    >>> view.right, view.finished
    (1, True)
    >>> game([(grey, grey)], [True], answers=view.answers).finished
    True
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
        "guess": guess if type(guess) is int and 0 <= guess <= n else None,
    }
    arrays = {"pictures": np.frombuffer(b"".join(blocks), np.uint8)}
    return GameExplorer.of(meta, arrays, answers=kept(answers or [], n))


def kept(answers: Sequence[str], pairs: int) -> list[str]:
    """Answers given before, and an open one for each other pair.

    Examples
    --------
    >>> kept(["same"], 3)
    ['same', '', '']
    """
    known = (SAME, DIFFERENT, OPEN)
    other = [a for a in answers if a not in known]
    if other or len(answers) > pairs:
        among = f", among them {other[0]!r}" if other else ""
        raise ValueError(
            f"{len(answers)} answers for {pairs} pairs{among}: give at most one for each, of"
            f" {', '.join(map(repr, known))}"
        )
    return [*answers, *[OPEN] * (pairs - len(answers))]


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

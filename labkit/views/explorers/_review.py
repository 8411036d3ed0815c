"""Human review: a probe and five candidates; the learner names one of them, or nobody."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd
import traitlets

from labkit.base.codec import decode
from labkit.base.words import _
from labkit.street.review import (
    CANDIDATES,
    COLUMNS,
    DISTANCES,
    NAMES,
    NOBODY,
    OPEN,
    TILE,
    Review,
    cases,
    counted,
)
from labkit.views.explorers._game import encoded
from labkit.views.explorers.base import Explorer
from labkit.views.explorers.still import Still


class ReviewExplorer(Explorer):
    """Cases to review; see :func:`review`.

    ``answers`` holds for each case ``"1"`` to ``"5"``, ``"nobody"``, or ``""`` while it is open,
    and follows what is pressed.  ``in_facts`` says whether a case is shown as a table of facts.
    """

    NAME = "review"
    SENT = ("answers", "in_facts")
    answers = traitlets.List(traitlets.Enum([*NAMES, NOBODY, OPEN])).tag(sync=True)
    in_facts = traitlets.Bool(False).tag(sync=True)

    @property
    def answered(self) -> int:
        """How many cases have an answer."""
        return sum(answer != OPEN for answer in self.answers)

    @property
    def finished(self) -> bool:
        """Whether every case has an answer: before that nothing is counted, and nothing kept."""
        return bool(self.data) and self.answered == len(self.meta["mates"])

    @traitlets.validate("answers")
    def _one_each(self, proposal: Any) -> list[str]:
        n = len(self.meta["mates"]) if self.data else len(proposal["value"])
        if len(proposal["value"]) != n:
            raise traitlets.TraitError(
                f"{len(proposal['value'])} answers for {n} cases: give one for each,"
                ' "" where it is open'
            )
        return proposal["value"]

    @classmethod
    def example(cls) -> Explorer:
        """Four cases of grey squares: the mate second, absent, first, absent."""
        return review(made_up([2, 0, 1, 0]))

    def table(self) -> pd.DataFrame:
        """Each case and its answer; the right one and whether it was given, once all are answered.

        Returns
        -------
        DataFrame
            ``case``, ``percent_shown``, ``answer``, ``truth`` (the place of the person, 0 for
            nobody) and ``right``; the last two are missing before the last answer.
        """
        mates, n = self.meta["mates"], len(self.answers)
        right = [a == (str(m) if m else NOBODY) for a, m in zip(self.answers, mates, strict=True)]
        hidden = [pd.NA] * n
        rows = {
            "case": range(1, n + 1),
            "percent_shown": [bool(x) for x in self.meta["shown"]],
            "answer": self.answers,
            "truth": pd.array(mates if self.finished else hidden, "Int64"),
            "right": pd.array(right if self.finished else hidden, "boolean"),
        }
        return pd.DataFrame(rows)

    def still(self) -> Still:
        """The first case, and how many are answered."""
        n = len(self.meta["mates"])
        if self.finished:
            c = counted(self.answers, self.meta["mates"])
            words = _(
                "{n} cases, all answered: {right} right names in {present} cases, {named} in"
                " {absent} where the person was not enrolled. The first case:"
            )
            said = words.format(n=n, **c._asdict())
        else:
            said = _("{n} cases, each a probe and five candidates. The first case:").format(n=n)
        sheet = self.arrays["sheet"].tobytes()
        return Still(
            str(self.words()["title"]),
            said,
            picture=encoded(decode(sheet)[:TILE]),
            alt=_("Six drawn photographs: the probe, then five candidates."),
        )

    @classmethod
    def words(cls) -> dict[str, str | list[str]]:
        """Sentences of the page."""
        return {
            "title": _("Who is it, or is it nobody?"),
            "name": _("Human review: who is it, or is it nobody?"),
            "button_candidate": _("Candidate"),
            "button_nobody": _("Nobody"),
            "back": _("One case back"),
            "again": _("Start again"),
            "play_again": _("Play again"),
            "in_facts": _("Facts instead of pictures (can be read aloud)"),
            "keys": _(
                "Keys: 1 to 5 for a candidate, N for nobody; click the game if they do nothing."
                " Nothing says right or wrong until the last case."
            ),
            "progress": _("Cases answered"),
            "case_of": _("Case {n} of {all}"),
            "ended": _("All {n} cases"),
            # A case, in pictures or in facts.
            "probe": _("The probe"),
            "candidates": _("Candidates, by the machine's score"),
            "candidate": _("Candidate {n}"),
            "percent": _("{n}%"),
            "with": _("{name}: {percent}"),
            "picture_of": _("Case {n}. {name}: an invented face"),
            "facts_about": _("Case {n}: the probe and the five candidates, in facts."),
            "column_fact": _("fact"),
            "question": _("Case {n} of {all}: which candidate is it, or is it nobody?"),
            "question_with": _(
                "Case {n} of {all}, with the machine's percentage: which candidate is it, or is it"
                " nobody?"
            ),
            "kept": _("Kept: case {n}, {answer}."),
            "nobody": _("nobody"),
            "open": _("no answer"),
            "absent": _("nobody (not enrolled)"),
            # The end.
            "result": _(
                "Where the person was enrolled, {right} right names in {present} cases, {other}"
                " other names, and {missed} times nobody. Where the person was not, {named} names"
                " in {absent} cases. {n} cases cannot rank you."
            ),
            "counts": _("What you named"),
            "count_shown": _("percentage"),
            "count_right": _("right name"),
            "count_other": _("another name"),
            "count_missed": _("nobody, though enrolled"),
            "count_named": _("a name, though not enrolled"),
            "count_first": _("first candidate named"),
            "with_percent": _("shown"),
            "without_percent": _("not shown"),
            "part": _("{part} of {whole}"),
            "wrong_ones": _("The cases that you judged wrongly"),
            "none_wrong": _("All {n} are right."),
            "you_said": _("Case {n}. You said: {answer}. Right is: {truth}."),
            "every_answer": _("All your answers"),
            "your_answers": _("Your answers"),
            "column_case": _("Case"),
            "column_percent": _("percentage shown"),
            "column_answer": _("you said"),
            "column_truth": _("right is"),
            "column_right": _("you were right"),
            "yes": _("yes"),
            "no": _("no"),
        }


def review(of: Review | None = None, *, answers: Sequence[str] | None = None) -> ReviewExplorer:
    """Cases of human review to play; nothing is said of right or wrong until the last.

    Parameters
    ----------
    of
        The cases; without it those of notebook 10, :func:`labkit.street.review.cases`.
    answers
        Answers that were kept, one for each case; it goes on where they end.

    Raises
    ------
    ValueError
        For more answers than cases, or an answer that is none.

    Examples
    --------
    >>> view = ReviewExplorer.example()
    >>> view.answers = ["2", "nobody", "1", "3"]
    >>> view.finished, counted(view.answers, view.meta["mates"]).named
    (True, 1)
    """
    of = cases() if of is None else of
    given = [*(answers or [])]
    given += [OPEN] * (len(of) - len(given))
    counted(given, of.mates)  # refuses what is no answer, and too many of them
    meta = {
        "mates": of.mates.tolist(),
        "shown": of.shown.tolist(),
        "percents": [[f"{p:.1f}" for p in row] for row in of.percents],
        "facts": [of.facts(k) for k in range(len(of))],
        "tile": TILE,
        "candidates": CANDIDATES,
    }
    arrays = {"sheet": np.frombuffer(of.sheet, np.uint8)}
    return ReviewExplorer.of(meta, arrays, answers=given)


def made_up(mates: Sequence[int]) -> Review:
    """Cases of grey squares, every other one with the percentage: for tests and examples.

    Parameters
    ----------
    mates
        The place of the mate in each case, 0 where it is absent.
    """
    rows: list[dict[str, Any]] = [
        {
            "case": case,
            "place": place,
            "image": 10 * case + place,
            "mate": place > 0 and place == mate,
            "score": -0.3 - 0.01 * place,
            "percent": 96.0 - 3 * place,
            "shown": case % 2 == 0,
            **dict.fromkeys(DISTANCES, 0.3 + 0.01 * place),
            "tone_band": "medium",
            "haircut": "crop",
            "glasses": "",
            "covering": "",
            "facial_hair": "none",
        }
        for case, mate in enumerate(mates)
        for place in range(COLUMNS)
    ]
    sheet = np.zeros((TILE * len(mates), TILE * COLUMNS, 3), np.uint8)
    for row in rows:
        y, x = TILE * row["case"], TILE * row["place"]
        sheet[y : y + TILE, x : x + TILE] = 30 + 30 * row["place"]
    import cv2

    good, block = cv2.imencode(".webp", sheet, [cv2.IMWRITE_WEBP_QUALITY, 60])
    return Review(pd.DataFrame(rows), block.tobytes() if good else b"")

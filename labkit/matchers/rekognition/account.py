"""What may be spent, what leaves, and answers that are kept: what pairs and galleries share.

In: questions, each with what asks it.  Out: answers, from before where there are any.  Before the
first picture is sent it is said what leaves this computer and what it costs; what would cost more
than the budget has left is not begun.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

from labkit.base.words import _
from labkit.matchers.describing import PATIENCE, MatcherError
from labkit.matchers.rekognition import VENDOR
from labkit.matchers.rekognition.calls import Calls, Unusable
from labkit.matchers.rekognition.kept import Answer, Kept
from labkit.matchers.rekognition.prices import PRICES, Estimate, Prices, dollars

NOTHING = 0.0
"""US dollars that may be spent when nobody says otherwise."""

DOUBTS = 5
"""So many pictures in a row of which the service only says that the request is wrong, before it
answered any, are an error of the request and not pictures without a face."""

_NO_FACE = re.compile(r"no faces?\b", re.IGNORECASE)


class TooDear(MatcherError):
    """A job would cost more than the budget has left; nothing of it was sent."""


@dataclass(frozen=True)
class Question:
    """Something to ask about pictures.

    Parameters
    ----------
    asked
        What decides the answer: hashes of pictures, parameters.
    ask
        Asks the service.
    words
        Why it is not asked: a picture that cannot be used.
    """

    asked: Mapping[str, Any]
    ask: Callable[[], Answer] = field(repr=False)
    words: str = ""


class Account:
    """The service, and what this object may spend there.

    Parameters
    ----------
    calls
        Asks the service.
    kept
        Answers from before.
    budget
        US dollars at list prices.
    prices
        Of a picture, and of a face that is kept.
    progress
        Whether long work shows a bar.
    say
        Where to say what leaves.

    Attributes
    ----------
    paid
        Calls with a picture that were answered.
    """

    def __init__(
        self,
        calls: Calls,
        kept: Kept,
        budget: float = NOTHING,
        prices: Prices = PRICES,
        progress: bool = True,
        say: Callable[[str], Any] = print,
    ) -> None:
        self.calls, self.kept, self.budget, self.prices = calls, kept, budget, prices
        self.progress, self.say = progress, say
        self.paid = 0
        self._told: set[bool] = set()

    def __repr__(self) -> str:
        return f"Account({self.name}, {dollars(self.spent)} of {dollars(self.budget)} spent)"

    @property
    def name(self) -> str:
        """As tables and figures name it: the vendor, or the stand-in at another address."""
        if self.calls.endpoint_url is None:
            return VENDOR
        return _("a stand-in at {host}").format(host=urlsplit(self.calls.endpoint_url).hostname)

    @property
    def spent(self) -> float:
        """US dollars at list prices for the calls that were made."""
        return self.paid * self.prices.picture

    def unanswered(self, what: str, questions: Sequence[Question]) -> int:
        """How many different questions would have to be asked."""
        return sum(self.kept.get(what, q.asked) is None for q in different(questions))

    def announce(
        self, calls: Mapping[str, int], kept: int, of_whom: str, ids: Sequence[str] = ()
    ) -> None:
        """Say what leaves and what it costs, and refuse what is beyond the budget.

        Parameters
        ----------
        calls
            Name of a call -> how many would be made.
        kept
            How many answers are there already.
        of_whom
            Whose pictures they are, in a few words (:func:`whose`).
        ids
            What is sent as the names of people in a gallery.

        Raises
        ------
        TooDear
            With one sentence; nothing was sent.
        """
        job = Estimate(calls, kept, self.prices, self.calls.per_second)
        if not job.pictures:
            return
        if bool(ids) not in self._told:
            self.say(self._leaves(of_whom, ids))
            self._told.add(bool(ids))
        self.say(job.read())
        if self.spent + job.dollars > self.budget + 1e-9:
            words = _(
                "nothing was sent: this would cost {cost} at list prices, after {spent}, and"
                " the budget is {budget}; give budget={least:.2f} or more if you want to pay it"
            )
            raise TooDear(
                words.format(
                    cost=dollars(job.dollars),
                    spent=dollars(self.spent),
                    budget=dollars(self.budget),
                    least=self.spent + job.dollars + 0.005,
                )
            )

    def _leaves(self, of_whom: str, ids: Sequence[str]) -> str:
        words = _(
            "To {name} ({where}), under the account of the profile {profile}, this sends pictures"
            " of {whose} as PNG, without file names, places or dates{ids}. What comes back,"
            " similarities, is kept {kept}. Age, gender and emotions are not asked for. The"
            " service may keep pictures to improve itself unless the account opted out of that:"
            " docs/vendor.md."
        )
        folder = self.kept.folder
        in_folder = _("as long as this program runs") if folder is None else _("in {folder}")
        sent = _("; with each of a gallery goes the id that was given for it, such as {ids}")
        return words.format(
            name=self.name,
            where=self.calls.where(),
            profile=self.calls.profile or "default",
            whose=of_whom,
            ids=sent.format(ids=", ".join(map(repr, ids[:3]))) if ids else "",
            kept=in_folder.format(folder=folder),
        )

    def answers(self, what: str, questions: Sequence[Question]) -> list[Answer]:
        """Answers to questions: those from before, and the others from the service, once each.

        An answer ``{"unusable": why}`` says that the service could do nothing with a picture.

        Raises
        ------
        MatcherError
            With one sentence, for what is in the way; answers that came are kept.
        """
        found: list[Answer] = []
        doubts: list[Question] = []
        sure = False
        for question in self._shown(what, questions):
            if question.words:
                found.append({"unusable": question.words, "refused": True})
                continue
            answer = self.kept.get(what, question.asked)
            if answer is None:
                answer = self._asked(question)
                self.kept.put(what, question.asked, answer)
                if answer.get("doubtful"):
                    doubts.append(question)
            sure = sure or not answer.get("doubtful")
            if len(doubts) == DOUBTS and not sure:
                for doubt in doubts:
                    self.kept.forget(what, doubt.asked)
                words = _(
                    "{name} said of each of the first {n} pictures that the request is wrong"
                    " ({why}): pictures, region or options do not fit this service"
                )
                why = answer["unusable"][:120]
                raise MatcherError(words.format(name=self.name, n=DOUBTS, why=why))
            found.append(answer)
        return found

    def _asked(self, question: Question) -> Answer:
        try:
            answer = question.ask()
        except Unusable as error:
            answer = {"unusable": str(error), "doubtful": not _NO_FACE.search(str(error))}
        self.paid += 1
        return answer

    def _shown(self, what: str, questions: Sequence[Question]) -> Iterable[Question]:
        """The questions, with a bar when they take long."""
        if not self.progress:
            return questions
        from tqdm.auto import tqdm

        return tqdm(questions, desc=what, delay=PATIENCE, leave=False, file=sys.stdout)


def different(questions: Sequence[Question]) -> list[Question]:
    """Questions that can be asked, each once."""
    return list({repr(sorted(q.asked.items())): q for q in questions if not q.words}.values())


def whose(pictures: Sequence[Any]) -> str:
    """Whose pictures are sent, in a few words."""
    others = sum(not picture.invented for picture in pictures if not picture.words)
    if not others:
        return _("invented people")
    words = _(
        "people, {n} of {all} of them not known to be Anytown's and sent because consent was given"
    )
    return words.format(n=others, all=len(pictures))

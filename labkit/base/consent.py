"""What must be answered before photographs of real people are used, and by whom they may be seen.

In: answers that a person types, yes or no, one for each question.  Out: a :class:`Consent`, which
is complete only when every answer is yes, or says that a question does not apply where that can be.
``data.load_folder`` and what sends pictures to a service take ``consent=`` and call
:meth:`Consent.require` before they open one.  A matcher that is given a path does not ask.

A program cannot know whether an answer is true.  It keeps no record of the answers either: whoever
has to be able to show consent keeps it on paper.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any

from labkit.base.words import N_, _

HERE = "here"
"""Where pictures stay that leave this computer for nobody."""

QUESTIONS: Mapping[str, str] = MappingProxyType(
    {
        "asked": N_("Did every person who can be seen in these pictures say yes to this?"),
        "told": N_(
            "Did each of them know, before they said yes, that a program will turn their face into"
            " numbers and compare it with other faces?"
        ),
        "results": N_("Did each of them know, before they said yes, who will see what comes out?"),
        "free": N_(
            "Could each of them say no and lose nothing by it: no mark, no job, no friendship?"
        ),
        "children": N_(
            "Did a parent or guardian of each child in the pictures say yes, as well as the child?"
            " (If there is no child, and you are none: 'does not apply'.)"
        ),
        "background": N_(
            "Does each picture show one person only, with nobody else in the background, in a"
            " mirror or on a poster?"
        ),
        "place": N_(
            "Did whoever is responsible there (school, club, employer) allow it? (If this is done"
            " privately, in and for none of them: 'does not apply'.)"
        ),
        "withdraw": N_("Does each of them know how to change their mind, whom to tell and how?"),
        "delete": N_(
            "Will you delete the pictures of whoever changes their mind, and what came of them?"
        ),
        "only_this": N_(
            "Will you use the pictures for this exercise and for nothing else: not to find out who"
            " a stranger is, not to decide anything about a person?"
        ),
    }
)
"""Asked of everybody, in this order: a short name for the answer, and the question."""

MAY_NOT_APPLY = ("children", "place")
"""Questions to which "does not apply" is an answer as good as yes."""

SENT = N_(
    "Did each of them say yes to their pictures being sent to {where}, which makes templates of"
    " their faces and may keep the pictures?"
)
"""Asked as well, under the name ``sent``, when pictures leave this computer."""

YES, NO, DOES_NOT_APPLY = N_("yes"), N_("no"), N_("does not apply")

WORDS = {
    "none": N_(
        "pictures of real people are used only after the consent questions were answered: make a"
        " Consent with yes to every question and give it as consent="
    ),
    "open": N_("the consent question {name!r} has no answer yet ({question}): answer it yes or no"),
    "no": N_(
        "the consent question {name!r} was answered no ({question}): these pictures are not used;"
        " leave out whoever was not asked, or use the invented people"
    ),
    "neither": N_("the consent answer {name!r} is {answer!r}: write 'yes' or 'no'"),
    "applies": N_("the consent question {name!r} always applies: write 'yes' or 'no'"),
    "unknown": N_("there is no consent question {name!r}: the questions are {known}"),
    "mapping": N_(
        "consent answers are a table such as {{'asked': 'yes'}}, one answer a question, not {kind}"
    ),
    "elsewhere": N_(
        "this consent is for pictures that {covered}, not for sending them to {where}: ask the"
        " people again and answer with Consent(answers, where={where!r})"
    ),
    "stay": N_("stay on this computer"),
    "go": N_("go to {where}"),
    "complete": N_("nothing open in {n} questions"),
    "of": N_("{done} of {n} questions answered yes"),
}


class ConsentMissing(PermissionError):
    """Pictures of real people may not be used; the message is one sentence that says why."""


def questions(where: str = HERE) -> dict[str, str]:
    """The questions, in the reader's language.

    Parameters
    ----------
    where
        :data:`HERE`, or the name of a service that pictures are to be sent to, which asks one more.

    Examples
    --------
    >>> list(questions())
    ['asked', 'told', 'results', 'free', 'children', 'background', 'place', 'withdraw', 'delete',
    'only_this']
    >>> list(questions("Amazon Rekognition"))[-1]
    'sent'
    """
    asked = {name: _(text) for name, text in QUESTIONS.items()}
    if where != HERE:
        asked["sent"] = _(SENT).format(where=where)
    return asked


@dataclass(frozen=True)
class Consent:
    """The answers to the consent questions.

    Parameters
    ----------
    answers
        Name of a question -> ``"yes"`` or ``"no"`` (or ``True`` and ``False``); ``...`` where there
        is no answer yet; for :data:`MAY_NOT_APPLY` also ``"does not apply"``.  A question that is
        not named has no answer.
    where
        :data:`HERE`, or the name of the service that the people agreed their pictures may be sent
        to.

    Raises
    ------
    ValueError
        For a question that does not exist, and for an answer that is neither yes nor no, nor
        "does not apply" where that can be.

    Examples
    --------
    >>> consent = Consent({"asked": "yes", "told": ..., "place": "does not apply"})
    >>> consent
    Consent(2 of 10 questions answered yes)
    >>> consent.require()
    Traceback (most recent call last):
    ...
    labkit.base.consent.ConsentMissing: the consent question 'told' has no answer yet (Did each of
    them know, before they said yes, that a program will turn their face into numbers and compare it
    with other faces): answer it yes or no
    """

    answers: Mapping[str, Any] = field(default_factory=dict)
    where: str = HERE

    def __post_init__(self) -> None:
        if not isinstance(self.answers, Mapping):
            raise ValueError(_(WORDS["mapping"]).format(kind=type(self.answers).__name__))
        known = questions(self.where)
        for name in self.answers:
            if name not in known:
                words = _(WORDS["unknown"]).format(name=name, known=", ".join(known))
                raise ValueError(words)
        read = {name: _read(name, self.answers.get(name, ...)) for name in known}
        object.__setattr__(self, "answers", MappingProxyType(read))

    def __repr__(self) -> str:
        words = WORDS["complete"] if self.complete else WORDS["of"]
        done = sum(answer is True for answer in self.answers.values())
        return f"Consent({_(words).format(done=done, n=len(self.answers))})"

    @property
    def complete(self) -> bool:
        """Whether every question was answered yes, or does not apply."""
        return all(answer is True for answer in self.answers.values())

    def require(self, where: str = HERE) -> None:
        """Go on only when every question was answered yes, for this place.

        Parameters
        ----------
        where
            :data:`HERE`, or the name of the service that pictures would be sent to.

        Raises
        ------
        ConsentMissing
            With one sentence: the question that stands in the way, and what to do.
        """
        asked = questions(self.where)
        for name, answer in self.answers.items():
            if answer is not True:
                words = WORDS["open"] if answer is None else WORDS["no"]
                text = asked[name].split("?")[0]
                raise ConsentMissing(_(words).format(name=name, question=text))
        if where not in (HERE, self.where):
            covered = _(WORDS["stay"]) if self.where == HERE else _(WORDS["go"])
            covered = covered.format(where=self.where)
            raise ConsentMissing(_(WORDS["elsewhere"]).format(covered=covered, where=where))


def require(consent: Any, where: str = HERE) -> None:
    """:meth:`Consent.require` of what was given as ``consent=``, or of nothing.

    Raises
    ------
    ConsentMissing
        When it is not a complete :class:`Consent`; ``True`` is none: nobody read the questions.

    Examples
    --------
    >>> require(True)
    Traceback (most recent call last):
    ...
    labkit.base.consent.ConsentMissing: pictures of real people are used only after the consent
    questions were answered: make a Consent with yes to every question and give it as consent=
    """
    if not isinstance(consent, Consent):
        raise ConsentMissing(_(WORDS["none"]))
    consent.require(where)


def _read(name: str, answer: Any) -> bool | None:
    """Whether nothing stands in the way; ``None`` where there is no answer."""
    if answer is ... or answer is None:
        return None
    if isinstance(answer, bool):
        return answer
    text = str(answer).strip().strip(".!").casefold()
    if not text:
        return None
    for words, value in (((YES, _(YES)), True), ((NO, _(NO)), False)):
        if text in {word.casefold() for word in words}:
            return value
    if text in {word.casefold() for word in (DOES_NOT_APPLY, _(DOES_NOT_APPLY))}:
        if name in MAY_NOT_APPLY:
            return True
        raise ValueError(_(WORDS["applies"]).format(name=name))
    raise ValueError(_(WORDS["neither"]).format(name=name, answer=answer))

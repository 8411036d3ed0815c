"""What was guessed: each guess's question in one sentence, and what its number counts.

In: the name under which the journal keeps a guess.  Out: the sentence and the name of the axis.
Notebooks ask at length and beside a picture; a class that looks back needs one sentence.
"""

from __future__ import annotations

from typing import NamedTuple

from labkit.base.words import N_, _
from labkit.learning import ballot


class Asked(NamedTuple):
    """A guess: its question, and what the number counts (both as they are translated)."""

    words: str
    unit: str


SHARE = N_("a share: 0.01 is 1 in 100")
TIMES = N_("times as often; 1 means equally often")

ASKED = {
    "00-game": Asked(
        N_("Of 20 pairs of photographs, how many will you get right?"), N_("right, of 20 pairs")
    ),
    "01-ballot-a": Asked(ballot.QUESTIONS["a"].words, N_("searches of 100 that return somebody")),
    "01-ballot-b": Asked(ballot.QUESTIONS["b"].words, N_("missed, of 100 comparisons")),
    "01-ballot-c": Asked(ballot.QUESTIONS["c"].words, N_("in 1,000")),
    "01-ballot-d": Asked(ballot.QUESTIONS["d"].words, TIMES),
    "01-ballot-e": Asked(ballot.QUESTIONS["e"].words, N_("falsely matched again, of 10")),
    "02-pixels": Asked(
        N_(
            "Pixels are compared, and the light has changed. In 100 triples, how often is the wrong"
            " person nearer?"
        ),
        N_("wrong, of 100 triples"),
    ),
    "02-eigenfaces": Asked(
        N_("Of 100 triples, how many do eigenfaces get right, without being told who is who?"),
        N_("right, of 100 triples"),
    ),
    "03-default": Asked(
        N_(
            "Take 100 comparisons of two different people. For how many does the library's default"
            ' say "same person"?'
        ),
        N_("of 100 comparisons"),
    ),
    "04-highest": Asked(
        N_(
            "The town's FMR is 0.01, and 20 testers each meet 80 people of it. What is the highest"
            " of their 20 rates?"
        ),
        SHARE,
    ),
    "05-ratio": Asked(
        N_("How many times as high is dlib's FMR in the darker band as in the lighter one?"), TIMES
    ),
    "06-mix": Asked(
        N_(
            "Networks that met nine lighter people for each darker one: how many times as high is"
            " their FMR in the darker band as in the lighter one?"
        ),
        TIMES,
    ),
    "07-rejected": Asked(
        N_(
            "The threshold of the darker group is raised until false matches are equal. What share"
            " of darker people's pairs is now rejected?"
        ),
        SHARE,
    ),
    "08-right": Asked(
        N_("Of 100 alerts, how many are for a person who is in the gallery?"),
        N_("right, of 100 alerts"),
    ),
    "09-darker": Asked(
        N_(
            "Of 100 falsely matched members who are drawn darker or lighter, how many are darker?"
            " 50 is no difference."
        ),
        N_("darker, of 100 falsely matched"),
    ),
    "09-blind": Asked(
        N_("X or Y: which network was trained on nine lighter people for each darker one?"), ""
    ),
    "10-found": Asked(
        N_("How many of the faces in the pictures of a crowd does dlib's detector find?"),
        N_("faces found"),
    ),
    "11-singled": Asked(
        N_(
            "How many sightings, drawn by lot, fit one person's file only, for more than half of"
            " the people?"
        ),
        N_("sightings"),
    ),
    "12-undone": Asked(
        N_(
            "Seven times a row of the record says that lawmakers forbade it. How many of the seven"
            " have ended since, or were taken back in whole or in part?"
        ),
        N_("of seven"),
    ),
    "13-haar": Asked(
        N_(
            "Of 100 comparisons of two different people, how many does DeepFace with its Dlib model"
            " and its own default detector call the same person?"
        ),
        N_("in 100"),
    ),
}
"""Name in the journal -> what was asked, in the order of the notebooks."""


def asked(key: str) -> Asked:
    """What was asked under a name, in the reader's language; of an unknown one, its name.

    Examples
    --------
    >>> asked("08-right").unit, asked("my own").words
    ('right, of 100 alerts', 'my own')
    """
    found = ASKED.get(key, Asked(key, ""))
    return Asked(_(found.words).replace("*", ""), _(found.unit))

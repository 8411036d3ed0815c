"""Notebook 00: the sentences that numbers decide."""

from __future__ import annotations

from labkit.base.words import _
from labkit.learning.game import Counted, Telling
from labkit.views.callouts import Marked


def told_distance(telling: Telling) -> str:
    """How much one measured distance tells to whoever plays without looking.

    Examples
    --------
    >>> told_distance(Telling("between the eyes", 0.02, 0.03))[-40:]
    '0.03: one distance alone seldom decides.'
    """
    return _(
        "For the version in words: the distance that tells most goes {name}. Between two"
        " photographs of one person it typically differs by {one:.2f}, between two people picked at"
        " random by {two:.2f}: one distance alone seldom decides."
    ).format(name=telling.name, one=telling.one_person, two=telling.two_people)


def told_count(count: Counted) -> str:
    """What the answers of the game come to, and what so few cannot say.

    Examples
    --------
    >>> told_count(Counted(20, 0, 0, 0, 0, 0))
    'No pair is answered yet: play above, then run this cell again.'
    """
    counts = _(
        "You answered {answered} of {pairs} pairs, {right} of them right. Of {same} answered pairs"
        " of one person you called {missed} different; of {different} answered pairs of two people"
        " you called {mixed} the same."
    )
    few = _(
        "{pairs} pairs cannot rank you: with so few, two people of the same skill often differ by"
        " several answers."
    )
    sentence = f"{counts} {few}"
    said = sentence.format(**count._asdict(), right=count.right)
    if not count.answered:
        said = _("No pair is answered yet: play above, then run this cell again.")
    return Marked(said, shows="game", sentence=sentence)

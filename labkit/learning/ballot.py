"""The ballot of notebook 01: five guesses before anybody measures, each opened by a later notebook.

In: the letter of a question and what a later notebook measured.  Out: the question again, the
learner's own guess from the journal, and the measured value beside it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from labkit.base.words import N_, _
from labkit.learning import journal
from labkit.learning.store import plain
from labkit.measure.reading import in_words
from labkit.published.listed import listed
from labkit.published.reading import Page
from labkit.views.callouts import Marked, callout, labelled


@dataclass(frozen=True)
class Question:
    """One question of the ballot.

    Parameters
    ----------
    notebook
        Number of the notebook that measures it and opens the guess.
    words
        The question, as notebook 01 asks it.
    """

    notebook: str
    words: str


QUESTIONS = {
    "a": Question(
        "08",
        N_(
            "A matcher falsely matches 1 in 1,000 pairs of two people. A hundred people who are"
            " **not** enrolled are searched among 25,000. For how many does the search return"
            " somebody?"
        ),
    ),
    "b": Question(
        "03",
        N_(
            "The threshold is raised until false matches are ten times rarer, from 1 in 100 to 1 in"
            " 1,000. Of 100 comparisons of the *same* person, how many does dlib then miss?"
        ),
    ),
    "c": Question(
        "04",
        N_(
            "A test of 535 people finds no false match. How high, in 1,000, could the true rate be"
            " and still give none by luck, one time in twenty?"
        ),
    ),
    "d": Question(
        "05",
        N_(
            "People drawn with darker skin, compared with those drawn lighter: how many times as"
            " often does dlib fail to recognise them? 1 means equally often."
        ),
    ),
    "e": Question(
        "09",
        N_(
            "Everybody who was falsely matched is searched again with a second photograph. Of ten,"
            " how many are falsely matched again?"
        ),
    ),
}
"""Letter -> question, in the order in which notebook 01 asks."""


def key(letter: str) -> str:
    """The name under which the journal keeps the guess.

    Raises
    ------
    ValueError
        For a letter that is not on the ballot, with those that are.

    Examples
    --------
    >>> key("b")
    '01-ballot-b'
    """
    if letter not in QUESTIONS:
        sentence = _("the ballot has no question {letter!r}: its letters are {letters}")
        raise ValueError(sentence.format(letter=letter, letters=", ".join(QUESTIONS)))
    return f"01-ballot-{letter}"


def open_ballot(letter: str, value: Any, text: str | None = None) -> None:
    """Show a question of the ballot with the learner's guess and what was measured.

    Parameters
    ----------
    letter
        A letter of :data:`QUESTIONS`.
    value
        What was measured, in the unit that the question asks for.
    text
        The result in words, shown in place of the bare value.

    Raises
    ------
    ValueError
        For a letter that is not on the ballot, with those that are.

    Examples
    --------
    >>> open_ballot("d", 1.2)  # doctest: +ELLIPSIS
    ◇ Your ballot of notebook 01, question d: People drawn with darker skin, ...
    """
    name = key(letter)
    asked = _(QUESTIONS[letter].words).replace("*", "")
    callout(
        "predict",
        asked,
        title=_("Your ballot of notebook 01, question {letter}").format(letter=letter),
        about={"shows": "ballot", "letter": letter, "key": name},
    )
    journal.result(name, value, text)


@dataclass(frozen=True, repr=False)
class _Rest(Page):
    """The table of all five questions, whose output says what was measured."""

    found: Mapping[str, list[Any]]

    def _repr_mimebundle_(self, include: Any = None, exclude: Any = None) -> Any:
        about = {"shows": "ballot rest", "found": plain(self.found)}
        return {"text/html": self.page, "text/plain": self.text}, labelled(about)["metadata"]


def open_rest(found: Mapping[str, tuple[Any, str]]) -> Page:
    """Open every guess that no notebook has opened yet, and show all five beside what was measured.

    Parameters
    ----------
    found
        Letter -> what was measured, in the unit that the question asks for, and in words.

    Returns
    -------
    page
        Question, the learner's guess, what was measured, and which notebook measures it.
    """
    kept = journal.read()["predictions"]
    for letter, (value, text) in sorted(found.items()):
        entry = kept.get(key(letter)) or {}
        if "guess" in entry and "result" not in entry:
            open_ballot(letter, value, text)
    rows = []
    for letter, question in QUESTIONS.items():
        entry = kept.get(key(letter)) or {}
        guess = journal.spoken(entry["guess"]) if "guess" in entry else _("none")
        asked = _(question.words).replace("*", "")
        rows.append([[letter, asked], guess, found[letter][1], question.notebook])
    heads = [_("question"), _("your guess"), _("measured"), _("notebook")]
    page = listed(_("Your ballot of notebook 01"), heads, rows)
    return _Rest(page.text, page.page, {letter: list(found[letter]) for letter in QUESTIONS})


def returned(alerts: int, searches: int, *, gallery: int, fmr: float) -> str:
    """Question a, answered: how many of a hundred searches return somebody, and why not all.

    Parameters
    ----------
    alerts, searches
        Searches by people enrolled nowhere that returned somebody, and searches made.
    gallery
        People enrolled.
    fmr
        The FMR of the threshold.

    Examples
    --------
    >>> print(returned(470, 500, gallery=25_000, fmr=1e-3))
    94 of 100 (470 of 500). A search meets 25 false candidates on average, at 1 in 1,000 times
    25,000. They are not shared out equally, so some searches return nobody.
    """
    hundred = 100 * alerts / searches
    said = _(
        "{hundred} of 100 ({alerts:,} of {searches:,}). A search meets {candidates} false"
        " candidates on average, at {fmr} times {gallery:,}."
    ).format(
        hundred=f"{hundred:.3g}",
        alerts=alerts,
        searches=searches,
        candidates=f"{fmr * gallery:.3g}",
        fmr=in_words(fmr),
        gallery=gallery,
    )
    if alerts == searches:
        return f"{said} {_('So every search returned somebody.')}"
    if alerts == 0:
        return f"{said} {_('All the same no search returned anybody.')}"
    why = _("They are not shared out equally, so some searches return nobody.")
    return f"{said} {why}"


def told() -> str:
    """Which guesses are in the ballot box, and which notebooks open them."""
    kept = [letter for letter in QUESTIONS if journal.recall(key(letter), None).yours]
    if not kept:
        sentence = _("The ballot box is empty: {all} guesses are still open.")
        return Marked(sentence.format(all=len(QUESTIONS)), shows="ballot box")
    opened = [
        _("{letter} in {notebook}").format(letter=letter, notebook=QUESTIONS[letter].notebook)
        for letter in kept
    ]
    sentence = _("In the ballot box: {kept} of {all} guesses, to be opened: {opened}.")
    said = sentence.format(kept=len(kept), all=len(QUESTIONS), opened=", ".join(opened))
    return Marked(said, shows="ballot box")

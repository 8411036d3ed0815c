"""Notebook 13: whose pictures are used, and what was counted in them.

In: the learner's folder and consent, or neither.  Out: photographs and sentences.  Without a folder
of the learner's own, portraits of invented people are laid in a temporary folder, and it is said.
"""

from __future__ import annotations

import atexit
import shutil
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from labkit import data
from labkit.base.consent import Consent, questions
from labkit.base.files import write_whole
from labkit.base.words import N_, _, wrapped
from labkit.photographs.folder import Photographs, load_folder, read_folder
from labkit.published.listed import listed

if TYPE_CHECKING:
    from labkit.experiment.two_paths import TwoPaths
    from labkit.published.reading import Page

PEOPLE, EACH = 6, 3
"""Invented people in the folder that is made here, and portraits of each."""

TOWN = "anytown/dev"

WORDS = {
    "invented": N_(
        "No folder is named, so this goes on with {n} portraits of {people} invented people, in a"
        " temporary folder that goes when you shut the kernel down. Nobody in them exists."
    ),
    "fell back": N_("Your folder was not used: {why}. This goes on with invented people."),
    "own": N_("These are your own photographs. They are read where they lie and stay there."),
    "person": N_("invented {letter}"),
    "bound": N_(
        "With {pairs} pairs of people and no false match, the true rate could still be about"
        " 3 in {pairs} ({bound:.2f}, or 1 in {one_in:.0f}), at 95%, if no pair had anything to do"
        " with another. But the pairs share {people} people: if one of them were like everybody,"
        " even {most:.2f} could not be excluded. A search among 10,000 people compares 10,000"
        " times."
    ),
    "whose invented": N_("Invented people:"),
    "whose own": N_("Your photographs:"),
    "first": N_(
        "Of 100 comparisons of two people, DeepFace with its Dlib model and its own default"
        " detector called {rate:.0f} the same person ({errors} of {trials})."
    ),
    "best": N_(
        "The path as trained called {rate:.0f} of 100 the same person ({errors} of {trials})."
    ),
    "invented threshold": N_(
        "These are drawings, and the network was made from photographs: that alone can make many"
        " false matches. On your own folder the numbers will be others."
    ),
    "unkept": N_(
        "In your photographs, {rate:.0f} of 100 comparisons of two people were called the same"
        " person. This is shown here and not written to your journal."
    ),
    "no rate": N_(
        "There was no comparison of two people in your photographs, so there is no rate to hold"
        " against your guess."
    ),
}


def asked(where: str = "here") -> Page:
    """The consent questions, to be read before they are answered."""
    rows = [[name, text] for name, text in questions(where).items()]
    return listed(_("Before a picture is loaded"), [_("name"), _("question")], rows)


def photographs(folder: Any, said_yes: Any, answers: Mapping[str, Any]) -> Photographs:
    """The learner's photographs, or invented portraits where there are none; says which.

    Parameters
    ----------
    folder
        Path of a folder, ``name/photo``; ``...`` or empty where there is none.
    said_yes
        Names of the people in it who said yes; no other folder is opened.
    answers
        To the consent questions.
    """
    if folder is ... or not folder:
        found = invented()
        said = _(WORDS["invented"]).format(n=len(found), people=len(found.names))
    else:
        try:
            listed = () if said_yes is ... or said_yes is None else said_yes
            found = load_folder(folder, consent=Consent(answers), people=listed)
            said = _(WORDS["own"])
        except (OSError, ValueError) as error:
            found, said = invented(), _(WORDS["fell back"]).format(why=error)
    print(wrapped(f"{said}\n{found.words}"))
    return found


def invented(people: int = PEOPLE, each: int = EACH) -> Photographs:
    """Portraits of invented people, laid in a temporary folder and read from it as any other.

    Examples
    --------
    >>> invented(2, 2)
    Photographs(4 of 2 people)
    """
    from labkit.base.codec import encode

    place = Path(tempfile.mkdtemp(prefix="labkit-invented-"))
    atexit.register(shutil.rmtree, place, ignore_errors=True)
    faces = data.load(TOWN)
    for k, person in enumerate(faces.people.index[:people]):
        name = _(WORDS["person"]).format(letter=chr(ord("A") + k))
        rows = np.flatnonzero(faces.of("person") == person)[:each]
        for row in rows:
            write_whole(place / name / f"{row}.webp", encode(faces.pictures[int(row)]))
    return read_folder(place, invented=True)


def per_hundred(paths: TwoPaths, name: str) -> float:
    """False matches in 100 comparisons of two people, by one path."""
    false = paths.rates(name)[0]
    return 100 * false.value


def unkept(rate: float) -> str:
    """What the learner's own photographs gave, in a sentence that goes into no journal."""
    return _(WORDS["no rate" if np.isnan(rate) else "unkept"]).format(rate=rate)


def told(paths: TwoPaths, photographs: Photographs) -> str:
    """False matches by the first and the last path, and whose pictures they are of."""
    said = []
    for key, name in (("first", next(iter(paths.pairs))), ("best", list(paths.pairs)[-1])):
        false = paths.rates(name)[0]
        if false.trials:
            counted = {"errors": f"{false.errors:,}", "trials": f"{false.trials:,}"}
            said.append(_(WORDS[key]).format(rate=100 * false.value, **counted))
    if photographs.invented:
        said.append(_(WORDS["invented threshold"]))
    whose = WORDS["whose invented" if photographs.invented else "whose own"]
    return " ".join([_(whose), *said]) if said else ""


def bound(pairs: int) -> str:
    """How high a rate may be of which nothing was seen, in a sentence."""
    people = (1 + (1 + 8 * pairs) ** 0.5) / 2
    counted = {"bound": min(3 / pairs, 1), "most": min(6 / people, 1)}
    words = _(WORDS["bound"])
    return words.format(pairs=pairs, people=round(people), one_in=1 / counted["bound"], **counted)

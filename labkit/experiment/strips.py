"""Strips: one drawn parameter at a time on two invented people, which the face maker shows.

In: nothing, or ``data/maker``.  Out: who is drawn at which values; pictures, and what two matchers
make of each beside the starting picture.

**Written down before any matcher saw a picture of a strip**, by these rules:

* *Which parameters.*  Half belong to the person and are the same in every photograph of one; half
  belong to the photograph and say nothing of who is in it.  Of the person's shape there is one of
  each part of the face in :data:`labkit.people.who.parameters.PARAMETERS`, seen from the front
  (eyes, nose, mouth, face, brows, other), and none of ``skin``.  Of the photograph there is one of
  each that :mod:`labkit.people.who.capture` names (pose, mood, light, exposure), and two of the
  camera.
* *Not among them*: tone, age and presentation.  They belong to a person and yet do not say who it
  is, so neither half fits; and two people cannot show what they do.  Sets of hundreds of people in
  which one of them differs can (``data/counterfactual``).
* *How far.*  Shape over the whole range that the drawing has; a photograph from ordinary to what a
  photographer would call strong, in round numbers, at equal steps.  The starting value is an
  ordinary one: the middle where a parameter has two sides, near the low end where it has one.
* *Who.*  The first person from seed 0 in each half of presentation, of the middle third of tone,
  who wears no head covering: tuning people, who are in no set.  Both have one tone band, so that no
  comparison by tone is invited, and the same short hair, so that nothing is hidden.  The six
  numbers of shape are set to their middle, so that the steps are the same for both; all else is
  theirs.
"""

from __future__ import annotations

import functools
import io
import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING

from labkit import data as bundled
from labkit import matchers
from labkit.base.files import read_checked, read_checksums
from labkit.base.words import N_, _
from labkit.experiment.factors import Draw
from labkit.measure.scores import all_pairs
from labkit.measure.thresholds import Threshold, choose_threshold
from labkit.people.who import Capture, Person, Styling, sample_person
from labkit.people.who.parameters import LIMIT

if TYPE_CHECKING:
    import pandas as pd

FMR = 1e-3
"""The FMR on ``anytown/dev`` for which each matcher's threshold is chosen."""

MATCHERS = ("dlib", "SFace")
TABLE, START = "strips.csv", "start"
TUNING = 2_000
"""Seeds below are for tuning the drawing; nobody of a set has one."""

PERSON, PICTURE = "person", "picture"
"""What a parameter belongs to."""


@dataclass(frozen=True)
class Strip:
    """One parameter and the values that are drawn.

    Parameters
    ----------
    name
        As the person's shape or the capture calls it.
    of
        ``"person"`` or ``"picture"``: what it belongs to.
    means, low, high
        What it is, and its two ends, for learners.
    amount
        A value in words, with ``{n}`` in it.
    values
        What is drawn, ascending.
    start
        Place of the starting value.
    """

    name: str
    of: str
    means: str
    low: str
    high: str
    amount: str
    values: tuple[float, ...]
    start: int

    def told(self, step: int) -> str:
        """The value at a step in words, in the reader's language.

        Examples
        --------
        >>> STRIPS["yaw"].told(0), STRIPS["yaw"].told(3)
        ('\u221240 degrees', '+20 degrees')
        """
        value = self.values[step]
        sign = "" if min(self.values) >= 0 or not value else "+" if value > 0 else "\u2212"
        return _(self.amount).format(n=f"{sign}{abs(value):g}")

    def at(self, draw: Draw, step: int) -> Draw:
        """The same photograph with this one value."""
        change = {self.name: self.values[step]}
        if self.of == PERSON:
            return draw._replace(person=draw.person.with_(**change))
        return draw._replace(capture=draw.capture.with_(**change))


_SHAPE = (-LIMIT, -LIMIT / 2, 0.0, LIMIT / 2, LIMIT)
_UNITS = N_("{n} units")


def _shape(name: str, means: str, low: str, high: str) -> Strip:
    return Strip(name, PERSON, means, low, high, _UNITS, _SHAPE, 2)


def _shot(
    name: str, means: str, ends: tuple[str, str], amount: str, values: Sequence[float], start: int
) -> Strip:
    return Strip(name, PICTURE, means, *ends, amount, tuple(values), start)


STRIPS: Mapping[str, Strip] = MappingProxyType(
    {
        strip.name: strip
        for strip in (
            _shape("eye_spacing", N_("distance between the eyes"), N_("close"), N_("far apart")),
            _shape("nose_width", N_("width of the nose"), N_("narrow"), N_("wide")),
            _shape("mouth_width", N_("width of the mouth"), N_("small"), N_("wide")),
            _shape("jaw_width", N_("width of the jaw"), N_("narrow"), N_("wide")),
            _shape("brow_height", N_("height of the brows"), N_("low"), N_("high")),
            _shape("ear_size", N_("size of the ears"), N_("small"), N_("large")),
            _shot(
                "yaw",
                N_("turn of the head"),
                (N_("to the left of the picture"), N_("to the right of the picture")),
                N_("{n} degrees"),
                (-40, -20, 0, 20, 40),
                2,
            ),
            _shot(
                "smile",
                N_("smile"),
                (N_("none"), N_("broad")),
                N_("{n} of 1"),
                (0, 0.25, 0.5, 0.75, 1),
                1,
            ),
            _shot(
                "key_azimuth",
                N_("direction of the light"),
                (N_("from the left of the picture"), N_("from the right of the picture")),
                N_("{n} degrees"),
                (-80, -40, 0, 40, 80),
                2,
            ),
            _shot(
                "ev", N_("exposure"), (N_("dark"), N_("bright")), N_("{n} stops"), range(-2, 3), 2
            ),
            _shot(
                "noise",
                N_("noise of the camera"),
                (N_("a good camera"), N_("a very poor one")),
                N_("{n} (1 is a poor camera)"),
                (0.2, 0.9, 1.6, 2.3, 3.0),
                0,
            ),
            _shot(
                "blur",
                N_("blur"),
                (N_("sharp"), N_("strongly blurred")),
                N_("{n} pixels"),
                (0, 0.75, 1.5, 2.25, 3),
                0,
            ),
        )
    }
)
"""What the face maker changes, by name: six of the person, then six of the photograph."""


@functools.cache
def people() -> tuple[Person, ...]:
    """Who is drawn: the first of each half of presentation, by the rule of this module.

    Examples
    --------
    >>> one, other = people()
    >>> one.presentation < 0 <= other.presentation, max(one.seed, other.seed) < TUNING
    (True, True)
    """
    fit = [
        person
        for person in map(sample_person, range(TUNING // 10))
        if 1 / 3 <= person.tone < 2 / 3 and person.covering_kind is None
    ]
    first = [next(p for p in fit if (p.presentation >= 0) == upper) for upper in (False, True)]
    middle = {s.name: s.values[s.start] for s in STRIPS.values() if s.of == PERSON}
    return tuple(person.with_(**middle) for person in first)


def starting(person: Person) -> Draw:
    """The photograph that every strip of a person starts from: calm, from the front, evenly lit."""
    styling = Styling(haircut="crop", hair_type=0.3, hair_length=2.0, seed=person.seed)
    own = {s.name: s.values[s.start] for s in STRIPS.values() if s.of == PICTURE}
    return Draw(person, styling, Capture(**own, backdrop=3, shirt=5))  # type: ignore[arg-type]


def file_of(person: int, name: str, step: int) -> str:
    """The file of one picture below ``data/maker``; all strips of a person share the first.

    Examples
    --------
    >>> file_of(7, "blur", 0), file_of(7, "blur", 4)
    ('7/start.webp', '7/blur-4.webp')
    """
    return f"{person}/{START if step == STRIPS[name].start else f'{name}-{step}'}.webp"


def drawn() -> Iterator[tuple[int, str, int, Draw]]:
    """Every picture of every strip: person's seed, parameter, step, and what is drawn."""
    for person in people():
        first = starting(person)
        for name, strip in STRIPS.items():
            for step in range(len(strip.values)):
                yield person.seed, name, step, strip.at(first, step)


# ---- what is stored -----------------------------------------------------------------------------


@dataclass(frozen=True)
class Strips:
    """Strips as they are stored.

    Parameters
    ----------
    table
        One row a picture of a strip: ``person``, ``parameter``, ``step``, ``value``, ``file``, and
        for each of :data:`MATCHERS` the similarity to the person's starting picture, NaN where it
        found no face in one of the two.
    pictures
        The bytes of each file, WebP.
    thresholds
        By matcher: a match is a similarity of at least that.
    """

    table: pd.DataFrame
    pictures: Mapping[str, bytes] = field(repr=False)
    thresholds: Mapping[str, float] = field(repr=False)


@functools.cache
def load(data: Path | None = None) -> Strips:
    """The strips of ``data/maker``, with thresholds at :data:`FMR` chosen on ``anytown/dev``.

    Parameters
    ----------
    data
        The data folder, when it is another one.

    Raises
    ------
    DamagedFile
        When a file is missing, cut short or changed.

    Examples
    --------
    >>> strips = load()
    >>> len(strips.table), len(strips.pictures)
    (120, 98)
    """
    import pandas as pd

    folder = (bundled.data_folder() if data is None else data) / bundled.MAKER
    sums = read_checksums(folder)
    table = pd.read_csv(io.BytesIO(read_checked(folder, TABLE, sums)))
    files = dict.fromkeys(table["file"])
    pictures = {file: read_checked(folder, file, sums) for file in files}
    return Strips(table, pictures, {name: threshold(name).value for name in MATCHERS})


@functools.cache
def threshold(matcher: str) -> Threshold:
    """The threshold of a matcher at :data:`FMR` over all pairs of people of ``anytown/dev``."""
    entry, dev = matchers.get(matcher), bundled.load("anytown/dev")
    return choose_threshold(all_pairs(entry.templates(dev), dev.of("person"), entry.measure), FMR)


# ---- what is said of it -------------------------------------------------------------------------

ITSELF, SAME, OTHER, LOST = "itself", "same", "other", "lost"
"""What a matcher makes of a picture: it is the starting picture, it matches it, it does not, or no
face was found in one of the two."""


def outcome(strip: Strip, step: int, score: float, least: float) -> str:
    """What a matcher makes of the picture of a step.

    Parameters
    ----------
    strip, step
        Which picture.
    score
        Similarity to the starting picture, NaN where no face was found.
    least
        The threshold: a match is a similarity of at least that.

    Examples
    --------
    >>> [outcome(STRIPS["blur"], 4, s, 0.5) for s in (0.5, 0.4, float("nan"))]
    ['same', 'other', 'lost']
    >>> outcome(STRIPS["blur"], 0, 1.0, 0.5)
    'itself'
    """
    if not math.isfinite(score):
        return LOST
    if step == strip.start:
        return ITSELF
    return SAME if score >= least else OTHER


def read(strip: Strip, found: Mapping[str, Sequence[str]]) -> str:
    """What a strip of one person shows, in sentences that the outcomes decide.

    Parameters
    ----------
    strip
        The parameter.
    found
        For each matcher the :func:`outcome` at every step.

    Examples
    --------
    >>> print(read(STRIPS["blur"], {"dlib": ["itself", "same", "same", "other", "other"]}))
    Of 4 changed pictures dlib calls 2 the same person and 2 somebody else. The person is the same
    in all of them: those that do not match are misses, made by the photograph alone.
    """
    changed = {
        matcher: [what for step, what in enumerate(all_) if step != strip.start]
        for matcher, all_ in found.items()
    }
    said = [_counted(matcher, outcomes) for matcher, outcomes in changed.items()]
    every = [what for outcomes in changed.values() for what in outcomes]
    compared = [what for what in every if what != LOST]
    same = compared.count(SAME)
    if not compared:
        said.append(_("Without a face nothing is compared, so nothing is said of who it is."))
    elif strip.of == PERSON:
        said.append(_meaning(same, len(compared), _OF_PERSON))
    else:
        said.append(_meaning(same, len(compared), _OF_PICTURE))
    if compared and len(compared) < len(every):
        said.append(
            _("Where no face is found nothing is compared: that is a failure of another kind.")
        )
    return " ".join(said)


_OF_PERSON = (
    N_("Whoever differs in this one number is taken for the first person, as far as it is drawn."),
    N_("Each of these steps in one number is enough for it to be called somebody else."),
    N_(
        "The same number changes everywhere on the slider; where it crosses the threshold, and for"
        " which matcher, decides what it is called."
    ),
)
_OF_PICTURE = (
    N_("The person is the same in all of them, and is recognised in all that are compared."),
    N_("The person is the same in all of them: each that is compared is a miss."),
    N_(
        "The person is the same in all of them: those that do not match are misses, made by the"
        " photograph alone."
    ),
)
"""What it means that all that is compared matches, nothing of it, or some of it."""


def _meaning(same: int, compared: int, words: tuple[str, str, str]) -> str:
    return _(words[0] if same == compared else words[1] if not same else words[2])


def _counted(matcher: str, outcomes: Sequence[str]) -> str:
    """How many changed pictures a matcher calls what."""
    n, same = len(outcomes), outcomes.count(SAME)
    other, lost = outcomes.count(OTHER), outcomes.count(LOST)
    if lost == n:
        return _("{matcher} finds no face in any of {n} changed pictures.").format(
            matcher=matcher, n=n
        )
    words = _(
        "Of {n} changed pictures {matcher} calls {same} the same person and {other} somebody else."
    )
    if same == n:
        words = _("{matcher} calls all {n} changed pictures the same person.")
    elif other == n:
        words = _("{matcher} calls all {n} changed pictures somebody else.")
    elif lost:
        words = _(
            "Of {n} changed pictures {matcher} calls {same} the same person and {other} somebody"
            " else; in {lost} it finds no face."
        )
    return words.format(n=n, matcher=matcher, same=same, other=other, lost=lost)


def limit() -> str:
    """What these strips do not show."""
    return _(
        "Two invented people in one drawn photograph each: what a network does with a drawing is no"
        " error rate and no statement about real faces, and the drawing's units do not say how much"
        " people differ."
    )

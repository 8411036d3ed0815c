"""Who is in each set of the bundled data, and how each of them is photographed.

In: the seeds below.  Out: people, stylings and captures, the same every time.  Nothing is drawn
here.

The people of ``linked`` are a control of notebook 05: their face shape is mildly linked to skin
tone **on purpose**.  The link (:data:`labkit.people.who.person.LINK`) alternates in sign from one
shape parameter to the next: it is built from no real group's face, and the pictures are not
shipped, so that nobody is shown "what a tone looks like".  What the control turned out to show, and
what not, stands in ``data/teaching/DATASHEET.md``.

The people of ``narrow`` are the other control: the faces of one band (:data:`NARROW`) vary less in
shape **on purpose**, so its people are more alike, and an audit must find more false matches among
them.  It is the middle band, chosen by its place and before any result, so that neither end of the
range is the one singled out.  It stands for no group of people either.
"""

from __future__ import annotations

import functools
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from labkit.people.who import (
    Capture,
    Person,
    Styling,
    sample_capture,
    sample_covering,
    sample_person,
    sample_styling,
)

ROOM = 16  # this module's number in the seeds
ROLES = ("kept styling", "redrawn styling", "capture", "fabric")
HARD = 0.5  # how much probes vary, see sample_capture
BANDS = ("lighter", "medium", "darker")  # thirds of the continuous tone
HALVES = ("lower", "upper")  # of presentation
SHOWN = 12  # people of the counterfactual set whose pictures are kept
NARROW = "medium"
"""The band of ``narrow`` whose people vary less in shape; the others are as everywhere."""
# In tone experiments pigment of hair and iris is the same dark brown for everybody.
DARK_BROWN = (0.0242, 0.0124, 0.0076)
DARK_IRIS = (0.0550, 0.0290, 0.0110)

# One radiance is developed under each of these.
CAMERAS: Mapping[str, Mapping[str, Any]] = {
    "equal": {"exposure": "equal"},
    "natural": {"exposure": "natural"},
    "light-metered": {"exposure": "light-metered"},
    "light-metered noisy": {"exposure": "light-metered", "noise": 2.5},
}


@dataclass(frozen=True)
class Plan:
    """One set of people.

    Parameters
    ----------
    name
        Folder below ``data/anytown`` (or, with ``tones``, part of ``data/counterfactual``).
    start
        First person seed; seeds are scanned upwards from it.
    cell
        People in each cell of tone band x presentation half; with ``halves_only`` in each half.
    photos
        Photographs of each person.
    pictures
        Whether pictures and crops are shipped, or templates only.
    tones
        Draw everybody at these tones instead of their own.
    cameras
        Names of :data:`CAMERAS`; empty: as the capture says.
    linked
        Shape is linked to tone, on purpose; seeds, tones, presentations and ages are what they
        would be without the link.
    narrow
        How much of their variety of shape the people of one band (:data:`NARROW`) keep; where it is
        not 1, less on purpose.  All else of these people is what it would be.
    """

    name: str
    start: int
    cell: int
    photos: int
    pictures: bool = True
    halves_only: bool = False
    tones: tuple[float, ...] = ()
    cameras: tuple[str, ...] = ()
    linked: bool = False
    narrow: float = 1.0

    @property
    def top(self) -> str:
        """The folder below ``data/`` that the set lies in."""
        if self.linked or self.narrow != 1:
            return "teaching"
        return "counterfactual" if self.tones else "anytown"


PLANS: Mapping[str, Plan] = {
    p.name: p
    for p in (
        Plan("train", 10_000, 50, 4),
        Plan("dev", 20_000, 80, 4),
        Plan("eval", 30_000, 80, 6),
        Plan("holdout", 40_000, 40, 6, pictures=False),
        Plan("paired", 50_000, 80, 4, False, True, (0.1, 0.5, 0.9), tuple(CAMERAS)),
        Plan("train-two-tones", 10_000, 50, 4, False, False, (0.1, 0.9), ("natural",)),
        Plan("linked", 70_000, 80, 4, pictures=False, linked=True),
        Plan("narrow", 80_000, 80, 4, pictures=False, narrow=0.7),
    )
}
ANYTOWN = ("train", "dev", "eval", "holdout")
COUNTERFACTUAL = ("paired", "train-two-tones")
TEACHING = ("linked", "narrow")


# ---- who and what is photographed ---------------------------------------------------------------


def band(tone: float) -> str:
    """Tone band: thirds of 0..1.

    Examples
    --------
    >>> band(0.2), band(0.5), band(1.0)
    ('lighter', 'medium', 'darker')
    """
    return BANDS[min(int(tone * 3), 2)]


def half(presentation: float) -> str:
    """Half of the presentation range: ``'lower'`` below 0, ``'upper'`` from 0."""
    return HALVES[int(presentation >= 0)]


def person_of(plan: Plan, seed: int) -> Person:
    """The person of a seed, as a set has them.

    Examples
    --------
    >>> plain = sample_person(80_002)
    >>> person_of(PLANS["eval"], 80_002) == plain
    True
    >>> narrow = person_of(PLANS["narrow"], 80_002)
    >>> band(plain.tone), narrow.tone == plain.tone, narrow.shape == plain.shape
    ('medium', True, False)
    """
    person = sample_person(seed, linked=plan.linked)
    if plan.narrow != 1 and band(person.tone) == NARROW:
        return sample_person(seed, linked=plan.linked, spread=plan.narrow)
    return person


@functools.lru_cache(maxsize=16)
def choose(plan: Plan, limit: int | None = None) -> tuple[Person, ...]:
    """The people of a set, in the order of their seeds.

    Seeds are scanned upwards and accepted while their cell has room, so everybody is an ordinary
    draw.  ``limit`` keeps the first few, for trials.

    Examples
    --------
    >>> [p.seed for p in choose(PLANS["train"], 3)]
    [10000, 10001, 10002]
    >>> first = choose(PLANS["linked"], 1)[0]
    >>> plain = sample_person(first.seed)
    >>> first.tone == plain.tone, first.shape == plain.shape
    (True, False)
    """
    filled: Counter[tuple[str, ...]] = Counter()
    cells = len(HALVES) * (1 if plan.halves_only else len(BANDS))
    out: list[Person] = []
    seed = plan.start
    while len(out) < cells * plan.cell and (limit is None or len(out) < limit):
        person = sample_person(seed)
        key = (half(person.presentation),) + (() if plan.halves_only else (band(person.tone),))
        if filled[key] < plan.cell:
            filled[key] += 1
            out.append(person_of(plan, seed))
        seed += 1
    return tuple(out)


def number(role: str, person_seed: int, photo: int) -> int:
    """A seed for one purpose in one photograph of one person."""
    sequence = np.random.SeedSequence([ROOM, ROLES.index(role), person_seed, photo])
    return int(sequence.generate_state(1)[0] >> 1)


def kept(photo: int) -> bool:
    """Whether photograph 0, 1, ... shows the person's kept styling: every second one does."""
    return photo % 2 == 0


def styling_of(person: Person, photo: int) -> Styling:
    """Styling of one photograph; the fabric of a covering is redrawn in every one."""
    role = "kept styling" if kept(photo) else "redrawn styling"
    styling = sample_styling(number(role, person.seed, 0 if kept(photo) else photo), person)
    fabric = sample_covering(number("fabric", person.seed, photo), person.covering_kind)
    return styling.with_(covering=fabric)


def capture_of(person: Person, photo: int) -> Capture:
    """Capture of one photograph: the first is an enrolment portrait, the others are probes."""
    return sample_capture(number("capture", person.seed, photo), 0.0 if photo == 0 else HARD)


def at_tone(person: Person, tone: float) -> Person:
    """The person at another tone, with the dark brown hair and eyes of all tone experiments."""
    return person.with_(tone=tone, hair_colour=DARK_BROWN, iris=DARK_IRIS)


def shots(plan: Plan) -> list[tuple[float | None, int, str]]:
    """Tone, photograph and camera of each picture of a person, in the order of the arrays."""
    return [
        (tone, photo, camera)
        for tone in plan.tones or (None,)
        for photo in range(plan.photos)
        for camera in plan.cameras or ("",)
    ]

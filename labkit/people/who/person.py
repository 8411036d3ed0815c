"""Who the invented people are: shape, tone, age, presentation and marks, as numbers.

In: a seed (and, if wanted, a fixed tone, presentation or age).  Out: a :class:`Person`, a frozen
dataclass that holds numbers and nothing else.  How they are styled that day is in
:mod:`labkit.people.who.styling`, how they are photographed in :mod:`labkit.people.who.capture`.
Nothing here draws a picture.

Three promises the rest of the lab rests on, each with a test:

* **Tone is independent of shape.**  No shape parameter, latent factor, haircut, hair type, covering
  or pair of glasses is drawn with the tone in hand.  Only the natural colours of hair and iris are
  read at the tone, because pigment is pigment; ``person.with_(tone=...)`` keeps those fixed too.
  :func:`sample_person` with ``linked=True`` breaks this promise on purpose, for teaching.
* **One seed, one person.**  Every aspect has its own stream of random numbers
  (:data:`labkit.people.who.draws.ASPECTS`), and everything is always drawn, so that fixing one
  aspect never moves another.
* **Nothing but the face says who it is.**  Styling comes from the styling seed, backdrop and shirt
  from the capture seed; the person's seed plays no part in either.  The one exception is that a
  person who wears a covering wears that kind of covering in every photograph.

Presentation is a continuous drawing parameter from -1 to 1 which moves the means of soft tissue.
It is neither gender nor sex, it is never inferred from a picture, and its middle is well filled.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field, fields, replace
from types import MappingProxyType
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray
from scipy.special import gammaincinv

from labkit.people.who.draws import (
    Colour,
    as_colour,
    check_colour,
    check_one_of,
    check_range,
    check_seed,
    pick,
    rounded,
    smooth,
    stream,
)
from labkit.people.who.parameters import (
    FACTORS,
    LIMIT,
    NAMES,
    PARAMETERS,
    check_name,
    covariance,
    freckle_amount,
    shift_of,
    temper,
    untemper,
)

COVERINGS = ("hijab", "turban", "patka", "headwrap", "kippah", "beanie", "cap", "bandana")
AGE_RANGE = (18.0, 85.0)


@dataclass(frozen=True)
class Marks:
    """Marks of the skin.

    Parameters
    ----------
    freckles
        Amount 0..1.
    moles
        Up to two, each ``(u, v, size)``: place in the head's texture coordinates 0..1 and diameter
        in centimetres.

    Raises
    ------
    ValueError
        If an amount is out of range.
    """

    freckles: float = 0.0
    moles: tuple[tuple[float, float, float], ...] = ()

    def __post_init__(self) -> None:
        check_range("Marks", "freckles", self.freckles, 0, 1)
        for mole in self.moles:
            if len(mole) != 3:
                raise ValueError(f"Marks: mole {mole!r} should be (u, v, size)")
            check_range("Marks", "mole u", mole[0], 0, 1)
            check_range("Marks", "mole v", mole[1], 0, 1)
            check_range("Marks", "mole size (cm)", mole[2], 0, 0.5)


@dataclass(frozen=True)
class Person:
    """An invented adult: numbers that stay the same in every photograph.

    Parameters
    ----------
    seed
        Whole number; texture rooms draw small detail (freckle places, ...) from it.
    shape
        Score for each of :data:`NAMES`, -1.9 to 1.9, with the shifts of presentation and age
        already in it.  Missing names count as 0.
    tone
        Skin tone, 0 light .. 1 deep.
    presentation
        Drawing parameter -1..1.  Neither gender nor sex.
    age
        Years, 18..85.
    hair_colour
        Linear albedo (R, G, B) of natural hair without grey.
    greyness
        Share of grey strands, 0..1.
    iris
        Linear albedo (R, G, B).
    hair_loss
        0 full hair .. 1 bald crown.
    marks
        Freckles and moles.
    covering_kind
        One of :data:`COVERINGS`, or ``None``.  The kind stays; its fabric belongs to the styling.

    Raises
    ------
    ValueError
        For an unknown shape name or a value out of range.

    Examples
    --------
    >>> someone = sample_person(7)
    >>> someone.with_(tone=0.9).shape == someone.shape
    True
    """

    seed: int
    shape: Mapping[str, float] = field(default_factory=dict)
    tone: float = 0.5
    presentation: float = 0.0
    age: float = 40.0
    hair_colour: Colour = (0.02, 0.014, 0.01)
    greyness: float = 0.0
    iris: Colour = (0.06, 0.04, 0.02)
    hair_loss: float = 0.0
    marks: Marks = Marks()
    covering_kind: str | None = None

    def __post_init__(self) -> None:
        object.__setattr__(self, "seed", check_seed(self.seed))
        for name, value in self.shape.items():
            check_name(name)
            check_range("Person", name, value, -LIMIT, LIMIT)
        full = {name: float(self.shape.get(name, 0.0)) for name in NAMES}
        object.__setattr__(self, "shape", MappingProxyType(full))
        check_range("Person", "tone", self.tone, 0, 1)
        check_range("Person", "presentation", self.presentation, -1, 1)
        check_range("Person", "age", self.age, *AGE_RANGE)
        check_range("Person", "greyness", self.greyness, 0, 1)
        check_range("Person", "hair_loss", self.hair_loss, 0, 1)
        for name in ("hair_colour", "iris"):
            object.__setattr__(self, name, check_colour("Person", name, getattr(self, name)))
        if self.covering_kind is not None:
            check_one_of("Person", "covering_kind", self.covering_kind, COVERINGS)

    def __hash__(self) -> int:
        return hash((*self._values()[:1], tuple(self.shape.values()), *self._values()[2:]))

    def __reduce__(self) -> tuple[Any, ...]:
        # A read-only mapping cannot be sent to another process; a plain dict can.
        seed, shape, *rest = self._values()
        return (Person, (seed, dict(shape), *rest))

    def _values(self) -> tuple[Any, ...]:
        return tuple(getattr(self, f.name) for f in fields(self))

    def with_(self, **changes: Any) -> Self:
        """A copy with some fields or shape parameters changed, and nothing else.

        ``presentation`` and ``age`` move the shape parameters whose means depend on them
        (:data:`PARAMETERS`); hair colour, greyness and hair loss stay, so that one thing changes.

        Raises
        ------
        ValueError
            For an unknown name or a value out of range.

        Examples
        --------
        >>> sample_person(3).with_(nose_width=1.5).shape["nose_width"]
        1.5
        """
        own = {f.name for f in fields(self)}
        shape = dict(changes.pop("shape", self.shape))
        if "presentation" in changes or "age" in changes:
            after = (changes.get("presentation", self.presentation), changes.get("age", self.age))
            check_range("Person", "presentation", after[0], -1, 1)
            check_range("Person", "age", after[1], *AGE_RANGE)
            shape = _moved(shape, (self.presentation, self.age), after)
        for name in [n for n in changes if n not in own]:
            check_name(name, extra=tuple(sorted(own)))
            value = changes.pop(name)
            check_range("Person", name, value, -LIMIT, LIMIT)
            shape[name] = float(value)
            if name == "freckles" and "marks" not in changes:
                changes["marks"] = replace(self.marks, freckles=freckle_amount(float(value)))
        return replace(self, shape=shape, **changes)


def _moved(
    shape: dict[str, float], before: tuple[float, float], after: tuple[float, float]
) -> dict[str, float]:
    """Shape after a change of presentation and age: means move, what is the person's own stays."""
    out = dict(shape)
    for p in PARAMETERS:
        by = shift_of(p, *after) - shift_of(p, *before)
        if by:
            out[p.name] = round(float(temper(untemper(out[p.name]) + by)), 4)
    return out


# How far the means of shape move with tone in the teaching population, in standard deviations at
# the ends of the tone range.  Signs alternate down the table, so the link is to no real group's
# face.
LINK = 0.35


def sample_person(
    seed: int,
    *,
    tone: float | None = None,
    presentation: float | None = None,
    age: float | None = None,
    linked: bool = False,
    spread: float = 1.0,
) -> Person:
    """Draw an invented person.

    Every aspect is drawn from its own stream, in the order of
    :data:`labkit.people.who.draws.ASPECTS`, whether or not it is used.  Fixing ``tone`` therefore
    changes nothing else but the two pigments that are read at it (natural hair colour and iris:
    same draw, read at another tone); to hold those as well, use
    ``sample_person(seed).with_(tone=...)``.

    Parameters
    ----------
    seed
        Whole number from 0.  Below 2000 are for tuning the drawing.
    tone, presentation, age
        Fixed value instead of the drawn one: 0..1, -1..1 and 18..85 years, each flat when drawn.
    linked
        Draw from the *teaching population*, in which the means of shape move mildly with tone
        (:data:`LINK`).  It is a positive control: it shows what a difference would look like if
        there were one.  It is built from alternating signs and stands for no real group of people.
    spread
        Multiplies the variety of shape; 1 is the shipped population, 0 the mean face.

    Returns
    -------
    Person

    Raises
    ------
    ValueError
        For a value out of range.

    Notes
    -----
    Shape scores are ten latent factors (:data:`FACTORS`) and a residual, normal, redrawn while the
    Mahalanobis distance lies beyond the 90th percentile of its chi-squared distribution, then
    shifted by presentation and age and tempered (:func:`temper`).

    Examples
    --------
    >>> a, b = sample_person(7), sample_person(7, tone=0.9)
    >>> a.shape == b.shape and a.age == b.age
    True
    """
    seed = check_seed(seed)
    check_range("sample_person", "spread", spread, 0, 1.5)
    drawn_tone = float(stream("tone", seed).random())
    drawn_presentation = float(stream("presentation", seed).uniform(-1, 1))
    drawn_age = float(stream("age", seed).uniform(*AGE_RANGE))
    tone = round(drawn_tone if tone is None else tone, 4)
    presentation = round(drawn_presentation if presentation is None else presentation, 4)
    age = round(drawn_age if age is None else age, 1)
    check_range("sample_person", "tone", tone, 0, 1)
    check_range("sample_person", "presentation", presentation, -1, 1)
    check_range("sample_person", "age", age, *AGE_RANGE)
    raw = SPREAD * spread * _sample_scores(stream("shape", seed))
    raw += [shift_of(p, presentation, age) for p in PARAMETERS]
    if linked:
        raw += _link(tone)
    shape = dict(zip(NAMES, rounded(temper(raw)), strict=True))
    return Person(
        seed=seed,
        shape=shape,
        tone=tone,
        presentation=presentation,
        age=age,
        hair_colour=_sample_hair_colour(stream("hair colour", seed), tone),
        greyness=_sample_greyness(stream("grey", seed), age),
        iris=_sample_iris(stream("iris", seed), tone),
        hair_loss=_sample_hair_loss(stream("hair loss", seed), age, presentation),
        marks=_sample_marks(stream("marks", seed), shape["freckles"]),
        covering_kind=_sample_covering_kind(stream("covered", seed), presentation),
    )


def _sample_scores(rng: np.random.Generator) -> NDArray[np.float64]:
    loads, residual, inverse = covariance()
    limit = 2.0 * gammaincinv(len(NAMES) / 2.0, 0.9)  # chi-squared, 90th percentile
    while True:
        z = loads @ rng.standard_normal(len(FACTORS)) + residual * rng.standard_normal(len(NAMES))
        if z @ inverse @ z <= limit:
            return np.asarray(z)


def _link(tone: float) -> NDArray[np.float64]:
    sign = np.where(np.arange(len(NAMES)) % 2 == 0, 1.0, -1.0)
    moves = np.array([p.part != "skin" and not p.name.startswith("asymmetry") for p in PARAMETERS])
    return LINK * (2.0 * tone - 1.0) * sign * moves


# Absorption of the two hair pigments at red, green and blue (d'Eon et al. 2011, "An
# energy-conserving hair reflectance model", EGSR), and the map from absorption to albedo of Chiang
# et al. 2016 ("A practical and controllable hair and fur model for production path tracing", EGSR),
# its constant set by eye, with a floor for what the surface of a strand returns.
EUMELANIN = np.array([0.419, 0.697, 1.37])
PHEOMELANIN = np.array([0.187, 0.4, 1.05])


def hair_albedo(eumelanin: float, pheomelanin: float) -> Colour:
    """Linear albedo (R, G, B) of a strand for two amounts of pigment from 0.

    About 0.2 and 0.05 is blond, 0.08 and 0.5 ginger, 0.7 brown, 1.3 dark brown, above 3 black.

    Examples
    --------
    >>> hair_albedo(4.0, 0.1)[0] < 0.012 < hair_albedo(0.2, 0.05)[0]
    True
    """
    absorption = eumelanin * EUMELANIN + pheomelanin * PHEOMELANIN
    return as_colour(0.007 + np.exp(-5.0 * np.sqrt(absorption)))


def _light_share(tone: float, light: float, deep: float) -> float:
    """Share of people with light pigment at a tone: falls smoothly, never reaches zero."""
    return deep + (light - deep) * (1.0 - tone) ** 2.2


def _sample_hair_colour(rng: np.random.Generator, tone: float) -> Colour:
    u_light, u_red, u_pheo, u_depth = rng.random(4)
    z_dark = rng.standard_normal()
    if u_light < _light_share(tone, 0.48, 0.02):
        eumelanin = math.exp(math.log(0.16) + (math.log(0.85) - math.log(0.16)) * u_depth)
    else:
        eumelanin = math.exp(math.log(2.0) + 0.4 * z_dark)
    red = u_red < _light_share(tone, 0.07, 0.006)
    pheomelanin = 0.35 + 0.5 * u_pheo if red else 0.02 + 0.16 * u_pheo**2
    return hair_albedo(eumelanin * (0.5 if red else 1.0), pheomelanin)


def _sample_iris(rng: np.random.Generator, tone: float) -> Colour:
    """Iris albedo: a grey-blue stroma behind melanin, from blue over hazel to dark brown."""
    u_light, u_depth = rng.random(2)
    z_dark, z_warm = rng.standard_normal(2)
    if u_light < _light_share(tone, 0.5, 0.015):
        melanin = 0.9 * u_depth
    else:
        melanin = 2.1 + 0.35 * float(np.clip(z_dark, -2, 2))
    absorption = melanin * np.array([0.5, 1.0 - 0.05 * np.clip(z_warm, -2, 2), 2.1])
    return as_colour(0.007 + np.array([0.15, 0.19, 0.23]) * np.exp(-absorption))


def _sample_greyness(rng: np.random.Generator, age: float) -> float:
    """Share of grey: a logistic in age whose middle lies at 66 +- 10 years (our drawing choice)."""
    middle = 66.0 + 10.0 * float(np.clip(rng.standard_normal(), -2, 2))
    share = 1.0 / (1.0 + math.exp(-(age - middle) / 6.5))
    return round(share if share > 0.015 else 0.0, 4)


def _sample_hair_loss(rng: np.random.Generator, age: float, presentation: float) -> float:
    """A continuum: grows with age, for some people only, more often at higher presentation."""
    u = float(rng.random())
    by_age = smooth(age, 24.0, 72.0)
    by_presentation = 0.22 + 0.78 * smooth(presentation, -0.8, 0.8)
    return round(u**1.7 * by_age * by_presentation, 4)


def _sample_marks(rng: np.random.Generator, freckles: float) -> Marks:
    number = int(rng.choice(3, p=[0.55, 0.3, 0.15]))
    places = rng.random((2, 3))
    moles = []
    for u, v, size in places[:number]:
        place = rounded((0.36 + 0.28 * u, 0.36 + 0.24 * v, 0.08 + 0.14 * size))
        moles.append((place[0], place[1], place[2]))
    return Marks(freckle_amount(freckles), tuple(moles))


# Weight of each kind at presentation -1 and at +1; between them it goes in a straight line.
_COVERING_WEIGHTS = {
    "hijab": (5.0, -4.0),
    "turban": (0.0, 3.2),
    "patka": (-0.3, 0.9),
    "headwrap": (2.0, 0.7),
    "kippah": (0.2, 1.2),
    "beanie": (0.7, 0.9),
    "cap": (0.6, 1.2),
    "bandana": (0.6, 0.5),
}
COVERED_SHARE = 0.08

# Standard deviation of a shape score before it is tempered: chosen on tuning seeds, so that dlib
# can tell people apart without their hair, and no higher, so that nobody is a caricature.
SPREAD = 1.2


def _sample_covering_kind(rng: np.random.Generator, presentation: float) -> str | None:
    u_covered, u_kind = rng.random(2)
    kind = pick(u_kind, _COVERING_WEIGHTS, presentation)
    return kind if u_covered < COVERED_SHARE else None

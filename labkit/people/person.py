"""Who the invented people are, how they are styled that day, and how they are photographed.

In: a seed (and, if wanted, a fixed tone, presentation or age).  Out: a :class:`Person`, a
:class:`Styling` or a :class:`Capture`, three frozen dataclasses that hold numbers and nothing else.
Nothing here draws a picture.

Three promises the rest of the lab rests on, each with a test:

* **Tone is independent of shape.**  No shape parameter, latent factor, haircut, hair type, covering
  or pair of glasses is drawn with the tone in hand.  Only the natural colours of hair and iris are
  read at the tone, because pigment is pigment; ``person.with_(tone=...)`` keeps those fixed too.
  :func:`sample_person` with ``linked=True`` breaks this promise on purpose, for teaching.
* **One seed, one person.**  Every aspect has its own stream of random numbers (:data:`ASPECTS`), and
  everything is always drawn, so that fixing one aspect never moves another.
* **Nothing but the face says who it is.**  Styling comes from the styling seed, backdrop and shirt
  from the capture seed; the person's seed plays no part in either.  The one exception is that a
  person who wears a covering wears that kind of covering in every photograph.

Presentation is a continuous drawing parameter from -1 to 1 which moves the means of soft tissue.  It
is neither gender nor sex, it is never inferred from a picture, and its middle is well filled.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field, fields, replace
from functools import lru_cache
from types import MappingProxyType
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray
from scipy.special import gammaincinv

Colour = tuple[float, float, float]

ROOM = 6
# The order is part of the file format: a new aspect is added at the end, never in between.
ASPECTS = (
    "shape", "tone", "presentation", "age", "hair colour", "iris", "grey", "hair loss", "marks",
    "covered", "hair type", "haircut", "hair detail", "dye", "covering", "glasses", "facial hair",
    "pose", "expression", "light", "camera", "setting", "shirt",
)  # fmt: skip

LIMIT = 1.9  # tempered scores approach this value and never pass it
AGE_RANGE = (18.0, 85.0)


def _stream(aspect: str, seed: int) -> np.random.Generator:
    """The random numbers of one aspect of one seed, apart from those of all other aspects."""
    return np.random.default_rng(np.random.SeedSequence([ROOM, ASPECTS.index(aspect), seed]))


def _check_seed(seed: Any) -> int:
    if isinstance(seed, bool) or not isinstance(seed, int | np.integer) or seed < 0:
        raise ValueError(f"seed {seed!r} cannot be used: give a whole number from 0 upwards")
    return int(seed)


def _check_range(owner: str, name: str, value: Any, low: float, high: float) -> None:
    try:
        number = float(value)
    except (TypeError, ValueError):
        raise ValueError(f"{owner}: {name} is {value!r}: give a number from {low:g} to {high:g}") from None
    if not low <= number <= high:
        raise ValueError(f"{owner}: {name} {number:g} is out of range: give {low:g} to {high:g}")


def _check_one_of(owner: str, name: str, value: Any, allowed: tuple[str, ...]) -> None:
    if value not in allowed:
        raise ValueError(f"{owner}: {name} {value!r} is unknown: use one of {', '.join(allowed)}")


def _check_colour(owner: str, name: str, value: Any) -> Colour:
    try:
        r, g, b = (float(v) for v in value)
    except (TypeError, ValueError):
        raise ValueError(f"{owner}: {name} is {value!r}: give three linear albedos (R, G, B)") from None
    for v in (r, g, b):
        _check_range(owner, name, v, 0.0, 1.0)
    return (r, g, b)


def _round(values: Any, digits: int = 4) -> tuple[float, ...]:
    """Rounded at the source, so that a table of four decimals holds exactly what was drawn."""
    return tuple(round(float(v), digits) for v in np.atleast_1d(values))


# ---------------------------------------------------------------------------------------------
# The table of shape parameters


@dataclass(frozen=True)
class Parameter:
    """One named number that makes a face.

    Parameters
    ----------
    name
        As used in :attr:`Person.shape` and :meth:`Person.with_`.
    part
        ``'face'``, ``'eyes'``, ``'brows'``, ``'nose'``, ``'mouth'``, ``'other'`` or ``'skin'``.
    low, high
        Plain words for the two ends of the range.
    meaning
        What the number changes.
    presentation
        Shift of the mean per unit of presentation, in standard deviations.
    age
        Shift of the mean per 40 years away from 45, in standard deviations.
    """

    name: str
    part: str
    low: str
    high: str
    meaning: str
    presentation: float = 0.0
    age: float = 0.0


# Sources for the direction of the shifts: Farkas 1994, "Anthropometry of the Head and Face"
# (presentation); Albert, Ricanek and Patterson 2007, "A review of the literature on the aging adult
# skull and face", Forensic Science International 172 (age).  Their sizes are our drawing choice.
_P = Parameter
PARAMETERS: tuple[Parameter, ...] = (
    _P("face_width", "face", "narrow face", "wide face", "width of the whole face", 0.1),
    _P("face_length", "face", "short face", "long face", "height from brow to chin", 0.15),
    _P("cranium_height", "face", "low crown", "high crown", "height of the skull above the brows"),
    _P("temple_width", "face", "narrow temples", "wide temples", "width of the forehead at the temples"),
    _P("cheekbone_width", "face", "narrow cheekbones", "wide cheekbones", "width across the cheekbones", 0.1),
    _P("cheekbone_height", "face", "low cheekbones", "high cheekbones", "height of the cheekbones"),
    _P("cheek_fullness", "face", "flat cheeks", "full cheeks", "soft tissue of the cheeks", -0.4, -0.3),
    _P("jaw_width", "face", "narrow jaw", "wide jaw", "width at the corners of the jaw", 0.6),
    _P("jaw_angle", "face", "soft jaw corner", "square jaw corner", "how low and square the corner of the jaw is", 0.3),
    _P("chin_height", "face", "short chin", "tall chin", "height from lower lip to chin", 0.3),
    _P("chin_width", "face", "pointed chin", "broad chin", "width of the chin", 0.6),
    _P("chin_projection", "face", "chin set back", "chin forward", "how far the chin comes forward", 0.2),
    _P("forehead_slope", "face", "upright forehead", "sloping forehead", "lean of the forehead", 0.4),
    _P("brow_ridge", "face", "smooth brow", "marked brow ridge", "bone above the eyes", 0.9),
    _P("midface_projection", "face", "flat midface", "midface forward", "how far cheeks and nose base come forward"),
    _P("mouth_projection", "face", "mouth set back", "mouth forward", "how far the lower face comes forward"),
    _P("eye_spacing", "eyes", "eyes close together", "eyes far apart", "distance between the eyes"),
    _P("eye_width", "eyes", "short eye opening", "long eye opening", "length of the eye opening"),
    _P("eye_opening", "eyes", "low eye opening", "high eye opening", "height of the eye opening", -0.5, -0.2),
    _P("eye_tilt", "eyes", "outer corners lower", "outer corners higher", "tilt of the eye opening", -0.1, -0.15),
    _P("eye_depth", "eyes", "shallow-set eyes", "deep-set eyes", "how deep the eyes sit", 0.3, 0.15),
    _P("lid_crease", "eyes", "no crease (single lid)", "high crease", "height of the upper-lid fold; none below -0.8"),
    _P("epicanthus", "eyes", "inner corner open", "inner corner folded", "fold over the inner corner of the eye"),
    _P("lid_fullness", "eyes", "flat lid", "full lid", "soft rim along the lashes", 0.0, -0.15),
    _P("lid_hooding", "eyes", "lid plainly seen", "lid hooded outside", "skin lying over the outer lid", 0.2, 0.4),
    _P("lid_peak", "eyes", "highest towards the nose", "highest towards the temple", "where the lid is highest"),
    _P("lower_lid", "eyes", "straight lower lid", "curved lower lid", "curve of the lower lid"),
    _P("under_eye", "eyes", "smooth under the eye", "soft fold under the eye", "fold under the eye", 0.0, 0.4),
    _P("brow_height", "brows", "brows low", "brows high", "distance from eye to brow", -0.5, -0.2),
    _P("brow_arch", "brows", "straight brows", "arched brows", "curve of the brows", -0.5),
    _P("brow_thickness", "brows", "fine brows", "broad brows", "height of the band of brow hair", 0.5),
    _P("brow_length", "brows", "short brows", "long brows", "length of the brows"),
    _P("brow_tilt", "brows", "outer ends lower", "outer ends higher", "slope of the brows"),
    _P("brow_spacing", "brows", "brows close together", "brows far apart", "gap between the brows"),
    _P("brow_density", "brows", "sparse brows", "dense brows", "number of brow hairs", 0.3, -0.25),
    _P("nose_length", "nose", "short nose", "long nose", "length from eye line to nose base", 0.2, 0.2),
    _P("nose_projection", "nose", "low nose", "prominent nose", "how far the nose comes forward", 0.3),
    _P("nose_width", "nose", "narrow nose", "wide nose", "width across the wings of the nose", 0.3, 0.1),
    _P("bridge_width", "nose", "narrow bridge", "wide bridge", "width of the bridge of the nose", 0.2),
    _P("bridge_height", "nose", "low bridge", "high bridge", "height of the bridge between the eyes", 0.2),
    _P("nose_profile", "nose", "concave profile", "convex profile", "line of the nose seen from the side", 0.1),
    _P("tip_width", "nose", "fine tip", "round broad tip", "width of the tip of the nose", 0.1),
    _P("tip_rotation", "nose", "tip turned down", "tip turned up", "turn of the tip of the nose", -0.2, -0.25),
    _P("nostril_flare", "nose", "close nostrils", "flared nostrils", "roundness of the nostril wings"),
    _P("alar_height", "nose", "wings low", "wings high", "height of the nostril wings on the cheek"),
    _P("nasion_depth", "nose", "smooth root", "deep root", "dip between forehead and nose", 0.2),
    _P("mouth_width", "mouth", "small mouth", "wide mouth", "width of the mouth", 0.1),
    _P("mouth_height", "mouth", "mouth low", "mouth high", "height of the mouth on the face"),
    _P("upper_lip", "mouth", "thin upper lip", "full upper lip", "height of the upper lip", -0.4, -0.35),
    _P("lower_lip", "mouth", "thin lower lip", "full lower lip", "height of the lower lip", -0.4, -0.25),
    _P("cupid_bow", "mouth", "even upper lip", "marked cupid's bow", "dip in the middle of the upper lip", -0.1),
    _P("lip_projection", "mouth", "flat lips", "lips forward", "how far the lips come forward", 0.0, -0.2),
    _P("lip_contour", "mouth", "soft lip edge", "crisp lip edge", "edge between lip and skin", 0.0, -0.2),
    _P("philtrum_depth", "mouth", "flat philtrum", "deep philtrum", "groove between nose and lip"),
    _P("philtrum_width", "mouth", "narrow philtrum", "wide philtrum", "width of the groove between nose and lip"),
    _P("mouth_corner", "mouth", "level corners", "corners turned up", "rise of the corners of the mouth"),
    _P("ear_size", "other", "small ears", "large ears", "height of the ears", 0.2, 0.3),
    _P("ear_projection", "other", "close ears", "ears standing out", "angle of the ears to the head"),
    _P("ear_lobe", "other", "free lobe", "attached lobe", "how the ear lobe joins the cheek"),
    _P("dimples", "other", "no dimples", "dimples", "dimples when smiling"),
    _P("chin_cleft", "other", "smooth chin", "cleft chin", "groove in the chin"),
    _P("smile_fold", "other", "smooth cheek", "soft smile fold", "fold from nose to mouth corner", 0.0, 0.4),
    _P("asymmetry_brow", "other", "left brow lower", "left brow higher", "difference between the brows"),
    _P("asymmetry_eye", "other", "left eye smaller", "left eye larger", "difference between the eyes"),
    _P("asymmetry_nose", "other", "tip to one side", "tip to the other", "sideways lean of the nose"),
    _P("asymmetry_mouth", "other", "left corner lower", "left corner higher", "difference between the mouth corners"),
    _P("redness", "skin", "even flush", "rosy", "blood near the surface of the skin"),
    _P("undertone", "skin", "cool undertone", "golden undertone", "yellow or blue cast of the skin"),
    _P("mottling", "skin", "even skin", "varied skin", "slow change of colour over the face", 0.0, 0.2),
    _P("lip_colour", "skin", "pale lips", "rich lips", "strength of lip colour", -0.4),
    _P("skin_gloss", "skin", "matt skin", "glossy skin", "oil on the skin; never depends on tone", 0.0, -0.15),
    _P("freckles", "skin", "no freckles", "many freckles", "freckles; seen above 0.4"),
)
NAMES: tuple[str, ...] = tuple(p.name for p in PARAMETERS)
BY_NAME: Mapping[str, Parameter] = MappingProxyType({p.name: p for p in PARAMETERS})

# Ten latent factors.  Two parameters of one factor correlate by the product of their loadings:
# about .5 among widths, .4 among heights, .3 among the widths of eyes, nose and mouth.  What a factor
# does not explain stays a parameter's own.  The factors follow how faces grow together (widths with
# widths, heights with heights), not any group of people, and none of them sees the tone.
FACTORS: Mapping[str, Mapping[str, float]] = MappingProxyType(
    {
        "breadth": {"face_width": 0.71, "jaw_width": 0.71, "temple_width": 0.71, "cheekbone_width": 0.71,
                    "chin_width": 0.4},
        "features": {"nose_width": 0.55, "mouth_width": 0.55, "eye_width": 0.55, "philtrum_width": 0.4,
                     "ear_size": 0.2},
        "heights": {"face_length": 0.63, "chin_height": 0.63, "nose_length": 0.63, "cranium_height": 0.45,
                    "cheekbone_height": -0.2},
        "bridge": {"bridge_height": 0.6, "nose_projection": 0.6, "nose_profile": 0.4, "nasion_depth": 0.3},
        "tip": {"tip_width": 0.55, "nostril_flare": 0.5, "bridge_width": 0.5},
        "lips": {"upper_lip": 0.65, "lower_lip": 0.65, "lip_projection": 0.45, "mouth_projection": 0.35},
        "lids": {"lid_crease": 0.6, "epicanthus": -0.55, "lid_fullness": -0.3, "eye_depth": 0.3},
        "brows": {"brow_thickness": 0.55, "brow_density": 0.55, "brow_length": 0.4, "brow_spacing": -0.3},
        "fullness": {"cheek_fullness": 0.6, "lid_hooding": 0.3, "ear_lobe": 0.2, "chin_cleft": -0.2,
                     "dimples": 0.3},
        "slope": {"eye_tilt": 0.5, "brow_tilt": 0.5, "brow_arch": 0.25, "lid_peak": 0.3},
    }
)  # fmt: skip


@lru_cache(maxsize=1)
def _covariance() -> tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.float64]]:
    """Loadings (k, factors), residual standard deviations (k,), inverse covariance (k, k)."""
    loads = np.zeros((len(NAMES), len(FACTORS)))
    for j, members in enumerate(FACTORS.values()):
        for name, load in members.items():
            loads[NAMES.index(name), j] = load
    residual = np.sqrt(1.0 - (loads**2).sum(1))
    inverse = np.linalg.inv(loads @ loads.T + np.diag(residual**2))
    return loads, residual, inverse


def temper(z: Any) -> NDArray[np.float64]:
    """Bend a score so that it stays within :data:`LIMIT`: ``1.9 tanh(z / 1.9)``.

    Ordinary values hardly change and extremes come closer, which keeps faces from caricature
    without making everybody alike.

    Examples
    --------
    >>> [round(float(v), 2) for v in temper([-4.0, 0.0, 1.0])]
    [-1.84, 0.0, 0.92]
    """
    return np.asarray(LIMIT * np.tanh(np.asarray(z, float) / LIMIT))


def _untemper(z: float) -> float:
    top = LIMIT - 1e-4
    return LIMIT * math.atanh(min(max(z, -top), top) / LIMIT)


def _shift(parameter: Parameter, presentation: float, age: float) -> float:
    return parameter.presentation * presentation + parameter.age * (age - 45.0) / 40.0


def freckle_amount(z: float) -> float:
    """Amount of freckles 0..1 for the score of the parameter ``freckles``: none up to 0.4."""
    return round(min(max((z - 0.4) / 1.4, 0.0), 1.0), 4)


# ---------------------------------------------------------------------------------------------
# Person

COVERINGS = ("hijab", "turban", "patka", "headwrap", "kippah", "beanie", "cap", "bandana")


@dataclass(frozen=True)
class Marks:
    """Marks of the skin.

    Parameters
    ----------
    freckles
        Amount 0..1.
    moles
        Up to two, each ``(u, v, size)``: place in the head's texture coordinates 0..1 and diameter in
        centimetres.

    Raises
    ------
    ValueError
        If an amount is out of range.
    """

    freckles: float = 0.0
    moles: tuple[tuple[float, float, float], ...] = ()

    def __post_init__(self) -> None:
        _check_range("Marks", "freckles", self.freckles, 0, 1)
        for mole in self.moles:
            if len(mole) != 3:
                raise ValueError(f"Marks: mole {mole!r} should be (u, v, size)")
            _check_range("Marks", "mole u", mole[0], 0, 1)
            _check_range("Marks", "mole v", mole[1], 0, 1)
            _check_range("Marks", "mole size (cm)", mole[2], 0, 0.5)


@dataclass(frozen=True)
class Person:
    """An invented adult: numbers that stay the same in every photograph.

    Parameters
    ----------
    seed
        Whole number; texture rooms draw small detail (freckle places, ...) from it.
    shape
        Score for each of :data:`NAMES`, -1.9 to 1.9, with the shifts of presentation and age already
        in it.  Missing names count as 0.
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
        object.__setattr__(self, "seed", _check_seed(self.seed))
        for name, value in self.shape.items():
            _check_name(name)
            _check_range("Person", name, value, -LIMIT, LIMIT)
        full = {name: float(self.shape.get(name, 0.0)) for name in NAMES}
        object.__setattr__(self, "shape", MappingProxyType(full))
        _check_range("Person", "tone", self.tone, 0, 1)
        _check_range("Person", "presentation", self.presentation, -1, 1)
        _check_range("Person", "age", self.age, *AGE_RANGE)
        _check_range("Person", "greyness", self.greyness, 0, 1)
        _check_range("Person", "hair_loss", self.hair_loss, 0, 1)
        for name in ("hair_colour", "iris"):
            object.__setattr__(self, name, _check_colour("Person", name, getattr(self, name)))
        if self.covering_kind is not None:
            _check_one_of("Person", "covering_kind", self.covering_kind, COVERINGS)

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
            _check_range("Person", "presentation", after[0], -1, 1)
            _check_range("Person", "age", after[1], *AGE_RANGE)
            shape = _moved(shape, (self.presentation, self.age), after)
        for name in [n for n in changes if n not in own]:
            _check_name(name, extra=tuple(sorted(own)))
            value = changes.pop(name)
            _check_range("Person", name, value, -LIMIT, LIMIT)
            shape[name] = float(value)
            if name == "freckles" and "marks" not in changes:
                changes["marks"] = replace(self.marks, freckles=freckle_amount(float(value)))
        return replace(self, shape=shape, **changes)


def _check_name(name: str, extra: tuple[str, ...] = ()) -> None:
    if name in BY_NAME:
        return
    import difflib

    near = difflib.get_close_matches(name, [*NAMES, *extra], n=3, cutoff=0.5)
    hint = f"did you mean {' or '.join(near)}?" if near else "labkit.people.person.NAMES lists them all"
    raise ValueError(f"there is no parameter {name!r}: {hint}")


def _moved(
    shape: dict[str, float], before: tuple[float, float], after: tuple[float, float]
) -> dict[str, float]:
    """Shape after a change of presentation and age: means move, what is the person's own stays."""
    out = dict(shape)
    for p in PARAMETERS:
        by = _shift(p, *after) - _shift(p, *before)
        if by:
            out[p.name] = round(float(temper(_untemper(out[p.name]) + by)), 4)
    return out


# How far the means of shape move with tone in the teaching population, in standard deviations at the
# ends of the tone range.  Signs alternate down the table, so the link is to no real group's face.
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

    Every aspect is drawn from its own stream, in the order of :data:`ASPECTS`, whether or not it is
    used.  Fixing ``tone`` therefore changes nothing else but the two pigments that are read at it
    (natural hair colour and iris: same draw, read at another tone); to hold those as well, use
    ``sample_person(seed).with_(tone=...)``.

    Parameters
    ----------
    seed
        Whole number from 0.  Below 2000 are for tuning the drawing.
    tone, presentation, age
        Fixed value instead of the drawn one: 0..1, -1..1 and 18..85 years, each flat when drawn.
    linked
        Draw from the *teaching population*, in which the means of shape move mildly with tone
        (:data:`LINK`).  It is a positive control: it shows what a difference would look like if there
        were one.  It is built from alternating signs and stands for no real group of people.
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
    Mahalanobis distance lies beyond the 90th percentile of its chi-squared distribution, then shifted
    by presentation and age and tempered (:func:`temper`).

    Examples
    --------
    >>> a, b = sample_person(7), sample_person(7, tone=0.9)
    >>> a.shape == b.shape and a.age == b.age
    True
    """
    seed = _check_seed(seed)
    _check_range("sample_person", "spread", spread, 0, 1.5)
    drawn_tone = float(_stream("tone", seed).random())
    drawn_presentation = float(_stream("presentation", seed).uniform(-1, 1))
    drawn_age = float(_stream("age", seed).uniform(*AGE_RANGE))
    tone = round(drawn_tone if tone is None else tone, 4)
    presentation = round(drawn_presentation if presentation is None else presentation, 4)
    age = round(drawn_age if age is None else age, 1)
    _check_range("sample_person", "tone", tone, 0, 1)
    _check_range("sample_person", "presentation", presentation, -1, 1)
    _check_range("sample_person", "age", age, *AGE_RANGE)
    raw = spread * _sample_scores(_stream("shape", seed))
    raw += [_shift(p, presentation, age) for p in PARAMETERS]
    if linked:
        raw += _link(tone)
    shape = dict(zip(NAMES, _round(temper(raw)), strict=True))
    return Person(
        seed=seed,
        shape=shape,
        tone=tone,
        presentation=presentation,
        age=age,
        hair_colour=_sample_hair_colour(_stream("hair colour", seed), tone),
        greyness=_sample_greyness(_stream("grey", seed), age),
        iris=_sample_iris(_stream("iris", seed), tone),
        hair_loss=_sample_hair_loss(_stream("hair loss", seed), age, presentation),
        marks=_sample_marks(_stream("marks", seed), shape["freckles"]),
        covering_kind=_sample_covering_kind(_stream("covered", seed), presentation),
    )


def _sample_scores(rng: np.random.Generator) -> NDArray[np.float64]:
    loads, residual, inverse = _covariance()
    limit = 2.0 * gammaincinv(len(NAMES) / 2.0, 0.9)  # chi-squared, 90th percentile
    while True:
        z = loads @ rng.standard_normal(len(FACTORS)) + residual * rng.standard_normal(len(NAMES))
        if z @ inverse @ z <= limit:
            return np.asarray(z)


def _link(tone: float) -> NDArray[np.float64]:
    sign = np.where(np.arange(len(NAMES)) % 2 == 0, 1.0, -1.0)
    moves = np.array([p.part != "skin" and not p.name.startswith("asymmetry") for p in PARAMETERS])
    return LINK * (2.0 * tone - 1.0) * sign * moves


# Absorption of the two hair pigments at red, green and blue (d'Eon et al. 2011, "An energy-conserving
# hair reflectance model", EGSR), and the map from absorption to albedo of Chiang et al. 2016 ("A
# practical and controllable hair and fur model for production path tracing", EGSR), its constant set
# by eye, with a floor for what the surface of a strand returns.
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
    return _colour(0.007 + np.exp(-5.0 * np.sqrt(absorption)))


def _colour(values: Any) -> Colour:
    r, g, b = _round(np.clip(values, 0.0, 1.0))
    return (r, g, b)


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
    """Iris albedo: a grey-blue stroma behind melanin, from blue over green and hazel to dark brown."""
    u_light, u_depth = rng.random(2)
    z_dark, z_warm = rng.standard_normal(2)
    if u_light < _light_share(tone, 0.5, 0.015):
        melanin = 0.9 * u_depth
    else:
        melanin = 1.75 + 0.35 * float(np.clip(z_dark, -2, 2))
    absorption = melanin * np.array([0.6, 1.0 - 0.05 * np.clip(z_warm, -2, 2), 2.0])
    return _colour(0.010 + np.array([0.15, 0.19, 0.23]) * np.exp(-absorption))


def _sample_greyness(rng: np.random.Generator, age: float) -> float:
    """Share of grey: a logistic in age whose middle lies at 56 +- 9 years (our drawing choice)."""
    middle = 56.0 + 9.0 * float(np.clip(rng.standard_normal(), -2, 2))
    share = 1.0 / (1.0 + math.exp(-(age - middle) / 6.5))
    return round(share if share > 0.015 else 0.0, 4)


def _sample_hair_loss(rng: np.random.Generator, age: float, presentation: float) -> float:
    """A continuum: grows with age, for some people only, more often at higher presentation."""
    u = float(rng.random())
    by_age = _smooth(age, 24.0, 72.0)
    by_presentation = 0.22 + 0.78 * _smooth(presentation, -0.8, 0.8)
    return round(u**1.7 * by_age * by_presentation, 4)


def _smooth(x: float, low: float, high: float) -> float:
    t = min(max((x - low) / (high - low), 0.0), 1.0)
    return t * t * (3.0 - 2.0 * t)


def _sample_marks(rng: np.random.Generator, freckles: float) -> Marks:
    number = int(rng.choice(3, p=[0.55, 0.3, 0.15]))
    places = rng.random((2, 3))
    moles = []
    for u, v, size in places[:number]:
        place = _round((0.36 + 0.28 * u, 0.36 + 0.24 * v, 0.08 + 0.14 * size))
        moles.append((place[0], place[1], place[2]))
    return Marks(freckle_amount(freckles), tuple(moles))


# Weight of each kind at presentation -1 and at +1; between them it goes in a straight line.
_COVERING_WEIGHTS = {
    "hijab": (5.0, 0.2), "turban": (0.6, 3.0), "patka": (0.1, 0.9), "headwrap": (2.0, 0.7),
    "kippah": (0.2, 1.2), "beanie": (0.7, 0.9), "cap": (0.6, 1.2), "bandana": (0.6, 0.5),
}  # fmt: skip
COVERED_SHARE = 0.08


def _sample_covering_kind(rng: np.random.Generator, presentation: float) -> str | None:
    u_covered, u_kind = rng.random(2)
    kind = _pick(u_kind, _COVERING_WEIGHTS, presentation)
    return kind if u_covered < COVERED_SHARE else None


def _pick(u: float, weights: Mapping[str, tuple[float, float]], presentation: float) -> str:
    """The name whose share of the weights holds ``u``, the weights read at a presentation."""
    t = (presentation + 1.0) / 2.0
    values = np.array([a + (b - a) * t for a, b in weights.values()])
    edges = np.cumsum(values) / values.sum()
    return list(weights)[min(int(np.searchsorted(edges, u, side="right")), len(weights) - 1)]


# ---------------------------------------------------------------------------------------------
# Styling

HAIRCUTS = (
    "bald", "shaved", "fade", "crop", "short", "side_part", "swept", "curly_top", "afro", "twa",
    "bob", "shoulder", "long", "fringe", "bun", "ponytail", "puff", "plait", "locs", "box_braids",
    "cornrows", "twists", "thinning",
)  # fmt: skip
FACIAL_HAIR = ("none", "shadow", "stubble", "moustache", "goatee", "short", "full", "long")
GLASSES_SHAPES = ("round", "oval", "square", "rectangle", "browline", "cat_eye", "aviator", "rimless")
SHIRTS = ("crew", "v_neck", "scoop", "collar", "polo", "turtleneck", "hoodie", "cardigan", "jacket", "kurta")


class _With:
    """Adds ``with_`` to a frozen dataclass."""

    def with_(self, **changes: Any) -> Self:
        """A copy with some fields changed; ``ValueError`` for an unknown field or a bad value."""
        known = [f.name for f in fields(self)]  # type: ignore[arg-type]
        for name in changes:
            if name not in known:
                raise ValueError(
                    f"{type(self).__name__} has no field {name!r}: its fields are {', '.join(known)}"
                )
        return replace(self, **changes)  # type: ignore[type-var]


@dataclass(frozen=True)
class Glasses(_With):
    """A pair of glasses.

    Parameters
    ----------
    shape
        One of :data:`GLASSES_SHAPES`.
    width, height
        Size of one lens in centimetres, 4..6 and 2.4..5.
    rim
        Thickness of the rim in centimetres, 0.05 (wire) .. 0.5.
    colour
        Linear albedo of the frame.
    metal
        Whether the frame shines like metal.
    tint
        Darkness of the lens, 0..0.3.
    """

    shape: str = "round"
    width: float = 4.9
    height: float = 4.0
    rim: float = 0.2
    colour: Colour = (0.03, 0.02, 0.02)
    metal: bool = False
    tint: float = 0.04

    def __post_init__(self) -> None:
        _check_one_of("Glasses", "shape", self.shape, GLASSES_SHAPES)
        _check_range("Glasses", "width (cm)", self.width, 4.0, 6.0)
        _check_range("Glasses", "height (cm)", self.height, 2.4, 5.0)
        _check_range("Glasses", "rim (cm)", self.rim, 0.05, 0.5)
        _check_range("Glasses", "tint", self.tint, 0, 0.3)
        object.__setattr__(self, "colour", _check_colour("Glasses", "colour", self.colour))


@dataclass(frozen=True)
class Covering(_With):
    """A head covering: kind (:data:`COVERINGS`), variant of wrap 0..5, linear colour, fabric seed."""

    kind: str
    wrap: int = 0
    colour: Colour = (0.2, 0.2, 0.25)
    seed: int = 0

    def __post_init__(self) -> None:
        _check_one_of("Covering", "kind", self.kind, COVERINGS)
        _check_range("Covering", "wrap", self.wrap, 0, 5)
        _check_seed(self.seed)
        object.__setattr__(self, "colour", _check_colour("Covering", "colour", self.colour))


@dataclass(frozen=True)
class Shirt(_With):
    """What is worn below the neck: kind (:data:`SHIRTS`), two linear colours, pattern, seed.

    ``pattern`` is ``'plain'``, ``'stripes'``, ``'knit'``, ``'check'`` or ``'band'`` and uses ``accent``.
    """

    kind: str = "crew"
    colour: Colour = (0.15, 0.2, 0.3)
    accent: Colour = (0.6, 0.58, 0.55)
    pattern: str = "plain"
    seed: int = 0

    def __post_init__(self) -> None:
        _check_one_of("Shirt", "kind", self.kind, SHIRTS)
        _check_one_of("Shirt", "pattern", self.pattern, PATTERNS)
        _check_seed(self.seed)
        for name in ("colour", "accent"):
            object.__setattr__(self, name, _check_colour("Shirt", name, getattr(self, name)))


PATTERNS = ("plain", "stripes", "knit", "check", "band")


@dataclass(frozen=True)
class Styling(_With):
    """What a person could change before the next photograph.

    Parameters
    ----------
    haircut
        One of :data:`HAIRCUTS`.
    hair_type
        0 straight, 0.35 wavy, 0.6 curly, 1 coily.  Belongs to the styling, because wigs, straightening
        and perms are ordinary; drawn independently of tone.
    hair_length
        Centimetres along the strand, 0..60.
    parting
        -1 right .. 0 middle .. 1 left.
    volume, fringe
        0..1.
    dye
        Linear albedo that replaces the natural hair colour and its grey, or ``None``.
    facial_hair
        One of :data:`FACIAL_HAIR`.
    facial_hair_length
        Centimetres, 0..8.
    glasses, covering
        :class:`Glasses` and :class:`Covering`, or ``None``.
    shirt
        :class:`Shirt`; ``None`` lets the capture's seed decide, see :func:`worn_shirt`.
    seed
        Randomness of strands and folds.

    Raises
    ------
    ValueError
        For an unknown name or a value out of range.
    """

    haircut: str = "short"
    hair_type: float = 0.0
    hair_length: float = 4.0
    parting: float = 0.4
    volume: float = 0.5
    fringe: float = 0.0
    dye: Colour | None = None
    facial_hair: str = "none"
    facial_hair_length: float = 0.0
    glasses: Glasses | None = None
    covering: Covering | None = None
    shirt: Shirt | None = None
    seed: int = 0

    def __post_init__(self) -> None:
        _check_one_of("Styling", "haircut", self.haircut, HAIRCUTS)
        _check_one_of("Styling", "facial_hair", self.facial_hair, FACIAL_HAIR)
        _check_range("Styling", "hair_type", self.hair_type, 0, 1)
        _check_range("Styling", "hair_length (cm)", self.hair_length, 0, 60)
        _check_range("Styling", "parting", self.parting, -1, 1)
        _check_range("Styling", "volume", self.volume, 0, 1)
        _check_range("Styling", "fringe", self.fringe, 0, 1)
        _check_range("Styling", "facial_hair_length (cm)", self.facial_hair_length, 0, 8)
        _check_seed(self.seed)
        if self.dye is not None:
            object.__setattr__(self, "dye", _check_colour("Styling", "dye", self.dye))


# For each haircut: weight at presentation -1 and +1, range of hair type, range of length (cm).
_CUTS: Mapping[str, tuple[float, float, float, float, float, float]] = MappingProxyType(
    {
        "bald": (0.25, 0.9, 0.0, 1.0, 0.0, 0.0),
        "shaved": (0.4, 1.1, 0.0, 1.0, 0.2, 0.6),
        "fade": (0.3, 1.5, 0.0, 1.0, 1.0, 4.0),
        "crop": (0.8, 1.4, 0.0, 1.0, 1.5, 4.0),
        "short": (0.9, 1.7, 0.0, 1.0, 3.0, 7.0),
        "side_part": (0.6, 1.3, 0.0, 0.6, 5.0, 10.0),
        "swept": (0.6, 1.0, 0.0, 0.65, 6.0, 12.0),
        "curly_top": (0.5, 0.9, 0.4, 1.0, 5.0, 10.0),
        "afro": (0.9, 0.7, 0.75, 1.0, 6.0, 14.0),
        "twa": (0.8, 0.8, 0.75, 1.0, 1.0, 3.5),
        "bob": (1.5, 0.2, 0.0, 0.75, 18.0, 26.0),
        "shoulder": (1.6, 0.45, 0.0, 1.0, 26.0, 34.0),
        "long": (1.7, 0.5, 0.0, 1.0, 36.0, 52.0),
        "fringe": (1.1, 0.3, 0.0, 0.6, 22.0, 40.0),
        "bun": (1.1, 0.4, 0.0, 1.0, 25.0, 40.0),
        "ponytail": (1.1, 0.4, 0.0, 0.8, 28.0, 45.0),
        "puff": (0.9, 0.25, 0.7, 1.0, 12.0, 20.0),
        "plait": (0.8, 0.2, 0.0, 0.9, 35.0, 50.0),
        "locs": (0.8, 0.8, 0.6, 1.0, 10.0, 40.0),
        "box_braids": (0.9, 0.4, 0.6, 1.0, 20.0, 45.0),
        "cornrows": (0.7, 0.6, 0.6, 1.0, 10.0, 25.0),
        "twists": (0.7, 0.6, 0.65, 1.0, 5.0, 18.0),
        "thinning": (0.1, 0.7, 0.0, 1.0, 2.0, 6.0),
    }
)
_TYPES = {"straight": (0.0, 0.15), "wavy": (0.2, 0.45), "curly": (0.5, 0.7), "coily": (0.8, 1.0)}
_TYPE_SHARES = (0.28, 0.24, 0.22, 0.26)
_DYES = (
    (0.30, 0.20, 0.10), (0.14, 0.05, 0.025), (0.09, 0.045, 0.025), (0.012, 0.010, 0.011),
    (0.16, 0.03, 0.03), (0.05, 0.09, 0.22), (0.17, 0.06, 0.20), (0.28, 0.10, 0.16),
    (0.05, 0.16, 0.13), (0.45, 0.42, 0.38),
)  # fmt: skip


def sample_styling(seed: int, person: Person) -> Styling:
    """Draw how a person is styled on one day.

    Another seed redraws everything: cut, hair type, dye, facial hair, glasses, and the fabric (not the
    kind) of a covering.  Nothing is read from the person but presentation, hair loss, age (very young
    adults have thinner beards) and the kind of covering; never the tone or the shape.

    Parameters
    ----------
    seed
        Whole number from 0.
    person
        Who is styled.

    Returns
    -------
    Styling

    Examples
    --------
    >>> someone = sample_person(7)
    >>> sample_styling(1, someone) == sample_styling(1, someone.with_(tone=0.1))
    True
    """
    seed = _check_seed(seed)
    hair_type = _sample_hair_type(_stream("hair type", seed))
    haircut, length = _sample_haircut(_stream("haircut", seed), person, hair_type)
    detail = _stream("hair detail", seed).random(4)
    dye = _stream("dye", seed)
    dyed, tint = dye.random() < 0.12, _DYES[int(dye.integers(len(_DYES)))]
    beard, beard_length = _sample_facial_hair(_stream("facial hair", seed), person)
    return Styling(
        haircut=haircut,
        hair_type=hair_type,
        hair_length=length,
        parting=round((0.25 + 0.6 * detail[0]) * (1 if detail[1] < 0.55 else -1) if detail[0] > 0.2 else 0.0, 4),
        volume=round(0.2 + 0.6 * detail[2], 4),
        fringe=round(0.6 + 0.4 * detail[3] if haircut == "fringe" else max(0.0, detail[3] - 0.65), 4),
        dye=tint if dyed else None,
        facial_hair=beard,
        facial_hair_length=beard_length,
        glasses=_sample_glasses(_stream("glasses", seed)),
        covering=sample_covering(seed, person.covering_kind),
        seed=int(_stream("hair detail", seed).integers(2**31)),
    )


def _sample_hair_type(rng: np.random.Generator) -> float:
    low, high = list(_TYPES.values())[int(rng.choice(4, p=_TYPE_SHARES))]
    return round(float(rng.uniform(low, high)), 4)


def _sample_haircut(rng: np.random.Generator, person: Person, hair_type: float) -> tuple[str, float]:
    u_cut, u_length = rng.random(2)
    weights = {}
    for name, (low, high, from_type, to_type, _, _) in _CUTS.items():
        fits = from_type <= hair_type <= to_type
        if name == "thinning":
            fits = person.hair_loss > 0.3
        loss = 1.0 + 2.5 * person.hair_loss if name in ("bald", "shaved", "crop", "thinning") else 1.0
        weights[name] = (low * fits * loss, high * fits * loss)
    name = _pick(u_cut, weights, person.presentation)
    low, high = _CUTS[name][4:]
    return name, round(low + (high - low) * u_length, 2)


# Of those who wear facial hair: share of each kind, range of length (cm).
_BEARDS = {
    "shadow": (0.22, 0.02, 0.06), "stubble": (0.22, 0.1, 0.3), "moustache": (0.1, 0.5, 1.0),
    "goatee": (0.11, 0.4, 1.2), "short": (0.17, 0.5, 1.2), "full": (0.13, 1.5, 3.0),
    "long": (0.05, 3.5, 7.0),
}  # fmt: skip


def _sample_facial_hair(rng: np.random.Generator, person: Person) -> tuple[str, float]:
    u_any, u_kind, u_length = rng.random(3)
    if u_any >= 0.66 * _smooth(person.presentation, -0.35, 0.75):
        return "none", 0.0
    kind = _pick(u_kind, {k: (v[0], v[0]) for k, v in _BEARDS.items()}, 0.0)
    if person.age < 21 and kind in ("full", "long"):
        kind = "stubble"
    low, high = _BEARDS[kind][1:]
    return kind, round(low + (high - low) * u_length, 3)


_FRAME_COLOURS = (
    (0.012, 0.012, 0.013), (0.05, 0.025, 0.014), (0.14, 0.07, 0.03), (0.02, 0.035, 0.08),
    (0.10, 0.02, 0.03), (0.30, 0.30, 0.31), (0.36, 0.27, 0.14), (0.04, 0.07, 0.05),
)  # fmt: skip


def _sample_glasses(rng: np.random.Generator) -> Glasses | None:
    u = rng.random(7)
    shape = GLASSES_SHAPES[int(u[1] * len(GLASSES_SHAPES))]
    metal = bool(u[2] < (0.9 if shape in ("aviator", "rimless") else 0.35))
    colour = _FRAME_COLOURS[5 + int(u[3] * 2) if metal and u[6] < 0.8 else int(u[3] * len(_FRAME_COLOURS))]
    height = {"rectangle": 3.0, "rimless": 3.2, "oval": 3.4, "round": 4.3, "aviator": 4.4}.get(shape, 3.8)
    glasses = Glasses(
        shape=shape,
        width=round(4.6 + 0.6 * u[4] + (0.3 if shape in ("aviator", "square") else 0.0), 3),
        height=round(height + 0.4 * (u[5] - 0.5), 3),
        rim=round(0.07 + 0.05 * u[6] if metal else 0.16 + 0.16 * u[6], 3),
        colour=colour,
        metal=metal,
        tint=round(0.03 + 0.03 * u[5], 3),
    )
    return glasses if u[0] < 0.27 else None


_FABRICS = (
    (0.03, 0.03, 0.035), (0.035, 0.05, 0.10), (0.10, 0.13, 0.20), (0.30, 0.28, 0.25), (0.50, 0.46, 0.40),
    (0.20, 0.06, 0.07), (0.26, 0.11, 0.06), (0.30, 0.20, 0.08), (0.08, 0.13, 0.09), (0.06, 0.16, 0.16),
    (0.16, 0.10, 0.18), (0.34, 0.20, 0.20), (0.20, 0.24, 0.19), (0.14, 0.12, 0.10), (0.28, 0.33, 0.38),
)  # fmt: skip


def sample_covering(seed: int, kind: str | None) -> Covering | None:
    """Wrap and fabric of a covering of one kind; ``None`` for ``None``.

    The data maker calls this with each photograph's own seed, so that no fabric names its wearer.
    """
    rng = _stream("covering", _check_seed(seed))
    wrap, fabric = int(rng.integers(4)), _FABRICS[int(rng.integers(len(_FABRICS)))]
    colour = _colour(np.array(fabric) * rng.uniform(0.8, 1.2))
    number = int(rng.integers(2**31))
    return None if kind is None else Covering(kind, wrap, colour, number)


def sample_shirt(seed: int) -> Shirt:
    """A shirt from a seed of its own (the capture's), the same for whoever stands in front of it."""
    rng = _stream("shirt", _check_seed(seed))
    kind = SHIRTS[int(rng.integers(len(SHIRTS)))]
    main, accent = rng.choice(len(_FABRICS), 2, replace=False)
    scale = rng.uniform(0.75, 1.2)
    pattern = str(rng.choice(PATTERNS, p=[0.6, 0.1, 0.14, 0.08, 0.08]))
    return Shirt(kind, _colour(np.array(_FABRICS[main]) * scale), _FABRICS[accent], pattern, int(rng.integers(2**31)))


def worn_shirt(styling: Styling, capture: Capture) -> Shirt:
    """The shirt in a photograph: the styling's own, or the one of the capture's seed."""
    return styling.shirt if styling.shirt is not None else sample_shirt(capture.shirt)


# ---------------------------------------------------------------------------------------------
# Capture

EXPOSURES = ("equal", "natural", "light-metered", "locked")
LIGHTS = ("studio", "window", "overhead", "evening", "flat", "side")


@dataclass(frozen=True)
class Capture(_With):
    """How one photograph is taken.  The defaults are a calm, friendly studio portrait.

    Parameters
    ----------
    yaw, pitch, roll
        Turn of the head in degrees: to the right of the picture, up, clockwise; +-90, +-60, +-60.
    smile, jaw, squint, blink
        0..1: corners and cheeks lifted, jaw opened, lids narrowed, lids closed.
    brow
        -1 lowered .. 1 raised.
    gaze
        Degrees (x, y) away from the lens, +-30.
    light
        Name of the light, one of :data:`LIGHTS`; a label, the numbers below are what is drawn.
    key_azimuth, key_elevation
        Direction of the key light in degrees: to the right of the lens, above it.
    key_size
        Angular radius of its soft box in degrees, 1..45.
    key, fill, rim, bounce
        Relative strengths, 0..3.
    warmth
        -1 cool .. 1 warm.
    backdrop, shirt
        Seeds; they come from the capture alone.
    exposure
        ``'equal'`` (face metered to one brightness), ``'natural'``, ``'light-metered'`` (metered for
        light skin) or ``'locked'`` (fixed gain).
    ev
        Exposure correction in stops, -4..4.
    noise
        Sensor noise: 0 none, 0.3 a good camera, 1 a poor one; up to 3.
    blur
        Standard deviation in pixels of a 160 px picture, 0..5.
    jpeg
        Quality 5..100; 100 means no compression.
    scale, shift
        Enlargement 0.3..2 and offset (x, y) of the picture in centimetres at the face.
    seed
        Seed of sensor noise.

    Raises
    ------
    ValueError
        For an unknown name or a value out of range.
    """

    yaw: float = 0.0
    pitch: float = 0.0
    roll: float = 0.0
    smile: float = 0.18
    jaw: float = 0.0
    brow: float = 0.0
    squint: float = 0.06
    blink: float = 0.0
    gaze: tuple[float, float] = (0.0, 0.0)
    light: str = "studio"
    key_azimuth: float = -37.0
    key_elevation: float = 30.0
    key_size: float = 18.0
    key: float = 1.0
    fill: float = 0.4
    rim: float = 0.35
    bounce: float = 0.16
    warmth: float = 0.25
    backdrop: int = 0
    shirt: int = 0
    exposure: str = "equal"
    ev: float = 0.0
    noise: float = 0.2
    blur: float = 0.0
    jpeg: int = 100
    scale: float = 1.0
    shift: tuple[float, float] = (0.0, 0.0)
    seed: int = 0

    def __post_init__(self) -> None:
        for name, (low, high) in _CAPTURE_RANGES.items():
            _check_range("Capture", name, getattr(self, name), low, high)
        for name, limit in (("gaze", 30.0), ("shift", 10.0)):
            pair = getattr(self, name)
            if len(pair) != 2:
                raise ValueError(f"Capture: {name} is {pair!r}: give two numbers (x, y)")
            for value in pair:
                _check_range("Capture", name, value, -limit, limit)
        _check_one_of("Capture", "light", self.light, LIGHTS)
        _check_one_of("Capture", "exposure", self.exposure, EXPOSURES)
        for name in ("backdrop", "shirt", "seed"):
            object.__setattr__(self, name, _check_seed(getattr(self, name)))


_CAPTURE_RANGES = {
    "yaw": (-90, 90), "pitch": (-60, 60), "roll": (-60, 60), "smile": (0, 1), "jaw": (0, 1),
    "brow": (-1, 1), "squint": (0, 1), "blink": (0, 1), "key_azimuth": (-180, 180),
    "key_elevation": (-90, 90), "key_size": (1, 45), "key": (0, 3), "fill": (0, 3), "rim": (0, 3),
    "bounce": (0, 3), "warmth": (-1, 1), "ev": (-4, 4), "noise": (0, 3), "blur": (0, 5),
    "jpeg": (5, 100), "scale": (0.3, 2),
}  # fmt: skip

# Name: share among probes, azimuth, elevation, size, fill, warmth, and how far each wanders.
_RIGS = {
    "studio": (0.30, 37, 30, 18, 0.40, 0.25), "window": (0.24, 55, 18, 28, 0.42, -0.1),
    "overhead": (0.14, 15, 55, 20, 0.45, 0.15), "evening": (0.12, 48, 14, 14, 0.38, 0.8),
    "flat": (0.12, 12, 18, 30, 0.75, 0.0), "side": (0.08, 68, 20, 16, 0.34, 0.1),
}  # fmt: skip


def sample_capture(seed: int, hard: float = 0.0) -> Capture:
    """Draw how one photograph is taken.

    Parameters
    ----------
    seed
        Whole number from 0; alone decides backdrop and shirt.
    hard
        0: an enrolment portrait, calm or warm, looking at the lens under a large soft key.  Above 0: a
        probe, whose pose, mood, light, exposure and camera vary more the larger it is; at 1 yaw has a
        standard deviation of 10 degrees.  No one is caught with closing eyes.

    Returns
    -------
    Capture

    Raises
    ------
    ValueError
        If ``hard`` is outside 0..1.

    Examples
    --------
    >>> sample_capture(3).gaze
    (0.0, 0.0)
    """
    seed = _check_seed(seed)
    _check_range("sample_capture", "hard", hard, 0, 1)
    values: dict[str, Any] = {}
    values |= _sample_pose(_stream("pose", seed), hard)
    values |= _sample_expression(_stream("expression", seed), hard)
    values |= _sample_light(_stream("light", seed), hard)
    values |= _sample_camera(_stream("camera", seed), hard)
    backdrop, shirt, noise = (int(v) for v in _stream("setting", seed).integers(2**31, size=3))
    return Capture(**values, backdrop=backdrop, shirt=shirt, seed=noise)


def _sample_pose(rng: np.random.Generator, hard: float) -> dict[str, Any]:
    z = np.clip(rng.standard_normal(6), -2.2, 2.2)
    return {
        "yaw": round(float(z[0] * (2.5 + 7.5 * hard)), 3),
        "pitch": round(float(z[1] * (1.5 + 3.0 * hard)), 3),
        "roll": round(float(z[2] * (1.2 + 2.3 * hard)), 3),
        "scale": round(float(1.0 + z[3] * 0.02 * (0.5 + hard)), 4),
        "shift": _round(z[4:6] * 0.3 * (0.3 + hard), 3),
    }


def _sample_expression(rng: np.random.Generator, hard: float) -> dict[str, Any]:
    """Calm or warm at enrolment; probes are calm, smile a little, laugh or think."""
    u = rng.random(6)
    z = np.clip(rng.standard_normal(3), -2, 2)
    mood = ("calm", "smile", "laugh", "thoughtful")[int(np.searchsorted([0.36, 0.70, 0.85], u[0]))]
    gaze = (0.0, 0.0)
    smile, jaw, brow, squint = 0.10 + 0.15 * u[1], 0.0, 0.04 * z[0], 0.05 + 0.05 * u[2]
    if hard > 0:
        gaze = (0.7 * z[1], 0.4 * z[2])
        if mood == "smile":
            smile, jaw, squint = 0.28 + 0.25 * u[1], 0.04 * u[3], 0.1 + 0.1 * u[2]
        elif mood == "laugh":
            smile, jaw, squint = 0.62 + 0.3 * u[1], 0.12 + 0.22 * u[3], 0.2 + 0.2 * u[2]
        elif mood == "thoughtful":
            smile, brow = 0.05 + 0.1 * u[1], 0.18 * z[0]
            gaze = (6.0 * z[1], 3.0 * z[2])
    return {
        "smile": round(smile, 3),
        "jaw": round(jaw, 3),
        "brow": round(float(brow), 3),
        "squint": round(squint, 3),
        "blink": 0.0,
        "gaze": _round(gaze, 2),
    }


def _sample_light(rng: np.random.Generator, hard: float) -> dict[str, Any]:
    u_rig, u_side = rng.random(2)
    z = np.clip(rng.standard_normal(6), -2, 2)
    shares = np.cumsum([r[0] for r in _RIGS.values()])
    name = "studio"
    if hard > 0:
        name = list(_RIGS)[min(int(np.searchsorted(shares / shares[-1], u_rig)), len(_RIGS) - 1)]
    _, azimuth, elevation, size, fill, warmth = _RIGS[name]
    side = 1.0 if u_side < 0.5 else -1.0
    wander = 0.3 + 0.7 * hard
    return {
        "light": name,
        "key_azimuth": round(side * float(azimuth + 6 * z[0] * wander), 2),
        "key_elevation": round(float(elevation + 5 * z[1] * wander), 2),
        "key_size": round(float(size * math.exp(0.12 * z[2] * wander)), 2),
        "key": 1.0,
        "fill": round(float(fill * math.exp(0.14 * z[3] * wander)), 3),
        "rim": round(float(0.35 * math.exp(0.3 * z[4] * wander)), 3),
        "bounce": 0.16,
        "warmth": round(float(np.clip(warmth + 0.15 * z[5] * wander, -1, 1)), 3),
    }


def _sample_camera(rng: np.random.Generator, hard: float) -> dict[str, Any]:
    u = rng.random(3)
    z = float(np.clip(rng.standard_normal(), -2, 2))
    return {
        "exposure": "equal",
        "ev": round(0.28 * z * hard, 3),
        "noise": round(0.15 + hard * 0.7 * float(u[0]), 3),
        "blur": round(hard * 0.8 * float(u[1]) ** 2, 3),
        "jpeg": int(round(95 - 35 * hard * float(u[2]))),
    }


# ---------------------------------------------------------------------------------------------
# Rows of tables


def _rgb(prefix: str, colour: Colour | None) -> dict[str, Any]:
    values = colour if colour is not None else ("", "", "")
    return dict(zip((f"{prefix}_r", f"{prefix}_g", f"{prefix}_b"), values, strict=True))


def _read_rgb(row: Mapping[str, Any], prefix: str) -> Colour | None:
    values = [row[f"{prefix}_{c}"] for c in "rgb"]
    if any(_empty(v) for v in values):
        return None
    return _check_colour("row", prefix, values)


def _empty(value: Any) -> bool:
    return value is None or value == "" or (isinstance(value, float) and math.isnan(value))


def person_row(person: Person) -> dict[str, Any]:
    """Every number of a person as one flat row for a CSV table; :func:`person_from_row` reads it back.

    Examples
    --------
    >>> someone = sample_person(7)
    >>> person_from_row(person_row(someone)) == someone
    True
    """
    moles = ";".join(":".join(f"{v:.4f}" for v in mole) for mole in person.marks.moles)
    return {
        "person_seed": person.seed,
        "tone": person.tone,
        "presentation": person.presentation,
        "age": person.age,
        **_rgb("hair", person.hair_colour),
        "greyness": person.greyness,
        **_rgb("iris", person.iris),
        "hair_loss": person.hair_loss,
        "freckle_amount": person.marks.freckles,
        "moles": moles,
        "covering_kind": person.covering_kind or "",
        **person.shape,
    }


def person_from_row(row: Mapping[str, Any]) -> Person:
    """The person of a row of :func:`person_row`; ``KeyError`` names a column that is missing."""
    text = "" if _empty(row["moles"]) else str(row["moles"])
    moles = []
    for part in filter(None, text.split(";")):
        u, v, size = (float(x) for x in part.split(":"))
        moles.append((u, v, size))
    return Person(
        seed=int(row["person_seed"]),
        shape={name: float(row[name]) for name in NAMES},
        tone=float(row["tone"]),
        presentation=float(row["presentation"]),
        age=float(row["age"]),
        hair_colour=_read_rgb(row, "hair") or (0.0, 0.0, 0.0),
        greyness=float(row["greyness"]),
        iris=_read_rgb(row, "iris") or (0.0, 0.0, 0.0),
        hair_loss=float(row["hair_loss"]),
        marks=Marks(float(row["freckle_amount"]), tuple(moles)),
        covering_kind=None if _empty(row["covering_kind"]) else str(row["covering_kind"]),
    )


def styling_row(styling: Styling) -> dict[str, Any]:
    """Every value of a styling as one flat row; empty text where something is not worn.

    A shirt that belongs to the styling is not written: in the shipped data the capture decides it.
    """
    if styling.shirt is not None:
        raise ValueError("a styling with its own shirt cannot be written as a row: leave shirt=None")
    g, c = styling.glasses, styling.covering
    return {
        "styling_seed": styling.seed,
        "haircut": styling.haircut,
        "hair_type": styling.hair_type,
        "hair_length": styling.hair_length,
        "parting": styling.parting,
        "volume": styling.volume,
        "fringe": styling.fringe,
        **_rgb("dye", styling.dye),
        "facial_hair": styling.facial_hair,
        "facial_hair_length": styling.facial_hair_length,
        "glasses": g.shape if g else "",
        "glasses_width": g.width if g else "",
        "glasses_height": g.height if g else "",
        "glasses_rim": g.rim if g else "",
        **_rgb("glasses", g.colour if g else None),
        "glasses_metal": int(g.metal) if g else "",
        "glasses_tint": g.tint if g else "",
        "covering": c.kind if c else "",
        "covering_wrap": c.wrap if c else "",
        **_rgb("covering", c.colour if c else None),
        "covering_seed": c.seed if c else "",
    }


def styling_from_row(row: Mapping[str, Any]) -> Styling:
    """The styling of a row of :func:`styling_row`."""
    glasses = covering = None
    if not _empty(row["glasses"]):
        glasses = Glasses(
            shape=str(row["glasses"]),
            width=float(row["glasses_width"]),
            height=float(row["glasses_height"]),
            rim=float(row["glasses_rim"]),
            colour=_read_rgb(row, "glasses") or (0.0, 0.0, 0.0),
            metal=bool(int(row["glasses_metal"])),
            tint=float(row["glasses_tint"]),
        )
    if not _empty(row["covering"]):
        colour = _read_rgb(row, "covering") or (0.0, 0.0, 0.0)
        covering = Covering(str(row["covering"]), int(row["covering_wrap"]), colour, int(row["covering_seed"]))
    numbers = ("hair_type", "hair_length", "parting", "volume", "fringe", "facial_hair_length")
    return Styling(
        haircut=str(row["haircut"]),
        dye=_read_rgb(row, "dye"),
        facial_hair=str(row["facial_hair"]),
        glasses=glasses,
        covering=covering,
        seed=int(row["styling_seed"]),
        **{name: float(row[name]) for name in numbers},
    )


def capture_row(capture: Capture) -> dict[str, Any]:
    """Every value of a capture as one flat row; pairs become two columns."""
    row: dict[str, Any] = {}
    for f in fields(capture):
        value = getattr(capture, f.name)
        if isinstance(value, tuple):
            row |= {f"{f.name}_x": value[0], f"{f.name}_y": value[1]}
        else:
            row["capture_seed" if f.name == "seed" else f.name] = value
    return row


def capture_from_row(row: Mapping[str, Any]) -> Capture:
    """The capture of a row of :func:`capture_row`."""
    values: dict[str, Any] = {}
    for f in fields(Capture):
        if f.name in ("gaze", "shift"):
            values[f.name] = (float(row[f"{f.name}_x"]), float(row[f"{f.name}_y"]))
        elif f.name in ("light", "exposure"):
            values[f.name] = str(row[f.name])
        else:
            cell = row["capture_seed" if f.name == "seed" else f.name]
            values[f.name] = int(cell) if f.name in ("backdrop", "shirt", "jpeg", "seed") else float(cell)
    return Capture(**values)

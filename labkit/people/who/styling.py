"""What a person could change before the next photograph: hair, beard, glasses, covering, clothes.

In: a styling seed and a person.  Out: a :class:`Styling`.  Of the person only presentation, age,
hair loss and the kind of covering are read: never the tone, never the shape, never the person's
seed.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

import numpy as np

from labkit.people.who.capture import Capture
from labkit.people.who.draws import (
    Colour,
    With,
    as_colour,
    check_colour,
    check_one_of,
    check_range,
    check_seed,
    pick,
    smooth,
    stream,
)
from labkit.people.who.person import COVERINGS, Person

HAIRCUTS = (
    "bald",
    "shaved",
    "fade",
    "crop",
    "short",
    "side_part",
    "swept",
    "curly_top",
    "afro",
    "twa",
    "bob",
    "shoulder",
    "long",
    "fringe",
    "bun",
    "ponytail",
    "puff",
    "plait",
    "locs",
    "box_braids",
    "cornrows",
    "twists",
    "thinning",
)
FACIAL_HAIR = ("none", "shadow", "stubble", "moustache", "goatee", "short", "full", "long")
GLASSES_SHAPES = (
    "round",
    "oval",
    "square",
    "rectangle",
    "browline",
    "cat_eye",
    "aviator",
    "rimless",
)
SHIRTS = (
    "crew",
    "v_neck",
    "scoop",
    "collar",
    "polo",
    "turtleneck",
    "hoodie",
    "cardigan",
    "jacket",
    "kurta",
)


@dataclass(frozen=True)
class Glasses(With):
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
        check_one_of("Glasses", "shape", self.shape, GLASSES_SHAPES)
        check_range("Glasses", "width (cm)", self.width, 4.0, 6.0)
        check_range("Glasses", "height (cm)", self.height, 2.4, 5.0)
        check_range("Glasses", "rim (cm)", self.rim, 0.05, 0.5)
        check_range("Glasses", "tint", self.tint, 0, 0.3)
        object.__setattr__(self, "colour", check_colour("Glasses", "colour", self.colour))


@dataclass(frozen=True)
class Covering(With):
    """A covering: kind (:data:`COVERINGS`), variant of wrap 0..5, linear colour, fabric seed."""

    kind: str
    wrap: int = 0
    colour: Colour = (0.2, 0.2, 0.25)
    seed: int = 0

    def __post_init__(self) -> None:
        check_one_of("Covering", "kind", self.kind, COVERINGS)
        check_range("Covering", "wrap", self.wrap, 0, 5)
        check_seed(self.seed)
        object.__setattr__(self, "colour", check_colour("Covering", "colour", self.colour))


@dataclass(frozen=True)
class Shirt(With):
    """What is worn below the neck: kind (:data:`SHIRTS`), two linear colours, pattern, seed.

    ``pattern`` is ``'plain'``, ``'stripes'``, ``'knit'``, ``'check'`` or ``'band'`` and uses
    ``accent``.
    """

    kind: str = "crew"
    colour: Colour = (0.15, 0.2, 0.3)
    accent: Colour = (0.6, 0.58, 0.55)
    pattern: str = "plain"
    seed: int = 0

    def __post_init__(self) -> None:
        check_one_of("Shirt", "kind", self.kind, SHIRTS)
        check_one_of("Shirt", "pattern", self.pattern, PATTERNS)
        check_seed(self.seed)
        for name in ("colour", "accent"):
            object.__setattr__(self, name, check_colour("Shirt", name, getattr(self, name)))


PATTERNS = ("plain", "stripes", "knit", "check", "band")


@dataclass(frozen=True)
class Styling(With):
    """What a person could change before the next photograph.

    Parameters
    ----------
    haircut
        One of :data:`HAIRCUTS`.
    hair_type
        0 straight, 0.35 wavy, 0.6 curly, 1 coily.  Belongs to the styling, because wigs,
        straightening and perms are ordinary; drawn independently of tone.
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
        check_one_of("Styling", "haircut", self.haircut, HAIRCUTS)
        check_one_of("Styling", "facial_hair", self.facial_hair, FACIAL_HAIR)
        check_range("Styling", "hair_type", self.hair_type, 0, 1)
        check_range("Styling", "hair_length (cm)", self.hair_length, 0, 60)
        check_range("Styling", "parting", self.parting, -1, 1)
        check_range("Styling", "volume", self.volume, 0, 1)
        check_range("Styling", "fringe", self.fringe, 0, 1)
        check_range("Styling", "facial_hair_length (cm)", self.facial_hair_length, 0, 8)
        check_seed(self.seed)
        if self.dye is not None:
            object.__setattr__(self, "dye", check_colour("Styling", "dye", self.dye))


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
        "fringe": (1.1, 0.3, 0.0, 0.45, 22.0, 40.0),
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
    (0.30, 0.20, 0.10),
    (0.14, 0.05, 0.025),
    (0.09, 0.045, 0.025),
    (0.012, 0.010, 0.011),
    (0.22, 0.14, 0.07),
    (0.06, 0.032, 0.018),
    (0.17, 0.08, 0.035),
    (0.035, 0.02, 0.013),
    (0.16, 0.03, 0.03),
    (0.05, 0.09, 0.22),
    (0.17, 0.06, 0.20),
    (0.28, 0.10, 0.16),
    (0.05, 0.16, 0.13),
    (0.45, 0.42, 0.38),
)


def sample_styling(seed: int, person: Person) -> Styling:
    """Draw how a person is styled on one day.

    Another seed redraws everything: cut, hair type, dye, facial hair, glasses, and the fabric (not
    the kind) of a covering.  Nothing is read from the person but presentation, hair loss, age (very
    young adults have thinner beards) and the kind of covering; never the tone or the shape.

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
    >>> from labkit.people.who.person import sample_person
    >>> someone = sample_person(7)
    >>> sample_styling(1, someone) == sample_styling(1, someone.with_(tone=0.1))
    True
    """
    seed = check_seed(seed)
    hair_type = _sample_hair_type(stream("hair type", seed))
    haircut, length = _sample_haircut(stream("haircut", seed), person, hair_type)
    detail = stream("hair detail", seed).random(4)
    dye = stream("dye", seed)
    dyed, tint = dye.random() < 0.14, _DYES[int(dye.integers(len(_DYES)))]
    beard, beard_length = _sample_facial_hair(stream("facial hair", seed), person)
    return Styling(
        haircut=haircut,
        hair_type=hair_type,
        hair_length=length,
        parting=round(
            (0.25 + 0.6 * detail[0]) * (1 if detail[1] < 0.55 else -1) if detail[0] > 0.2 else 0.0,
            4,
        ),
        volume=round(0.2 + 0.6 * detail[2], 4),
        fringe=round(
            0.6 + 0.4 * detail[3] if haircut == "fringe" else max(0.0, detail[3] - 0.65), 4
        ),
        dye=tint if dyed else None,
        facial_hair=beard,
        facial_hair_length=beard_length,
        glasses=_sample_glasses(stream("glasses", seed)),
        covering=sample_covering(seed, person.covering_kind),
        seed=int(stream("hair detail", seed).integers(2**31)),
    )


def _sample_hair_type(rng: np.random.Generator) -> float:
    low, high = list(_TYPES.values())[int(rng.choice(4, p=_TYPE_SHARES))]
    return round(float(rng.uniform(low, high)), 4)


def _sample_haircut(
    rng: np.random.Generator, person: Person, hair_type: float
) -> tuple[str, float]:
    u_cut, u_length = rng.random(2)
    weights = {}
    for name, (low, high, from_type, to_type, _, _) in _CUTS.items():
        fits = from_type <= hair_type <= to_type
        if name == "thinning":
            fits = person.hair_loss > 0.3
        # over hair that has thinned much, people wear it shaved, or short and combed
        if name in ("bald", "shaved"):
            loss = 1.0 + 2.5 * person.hair_loss
        elif name == "thinning":
            loss = 1.0 + 2.5 * person.hair_loss if hair_type < 0.45 else 0.0
        else:
            loss = 1.0 - smooth(person.hair_loss, 0.2, 0.45)
        weights[name] = (low * fits * loss, high * fits * loss)
    name = pick(u_cut, weights, person.presentation)
    low, high = _CUTS[name][4:]
    return name, round(low + (high - low) * u_length, 2)


# Of those who wear facial hair: share of each kind, range of length (cm).
_BEARDS = {
    "shadow": (0.22, 0.02, 0.06),
    "stubble": (0.22, 0.1, 0.3),
    "moustache": (0.1, 0.5, 1.0),
    "goatee": (0.11, 0.4, 1.2),
    "short": (0.17, 0.5, 1.2),
    "full": (0.13, 1.5, 3.0),
    "long": (0.05, 3.5, 7.0),
}


def _sample_facial_hair(rng: np.random.Generator, person: Person) -> tuple[str, float]:
    u_any, u_kind, u_length = rng.random(3)
    if u_any >= 0.66 * smooth(person.presentation, -0.35, 0.75):
        return "none", 0.0
    kind = pick(u_kind, {k: (v[0], v[0]) for k, v in _BEARDS.items()}, 0.0)
    if person.age < 21 and kind in ("full", "long"):
        kind = "stubble"
    low, high = _BEARDS[kind][1:]
    return kind, round(low + (high - low) * u_length, 3)


_FRAME_COLOURS = (
    (0.012, 0.012, 0.013),
    (0.05, 0.025, 0.014),
    (0.14, 0.07, 0.03),
    (0.02, 0.035, 0.08),
    (0.10, 0.02, 0.03),
    (0.30, 0.30, 0.31),
    (0.36, 0.27, 0.14),
    (0.04, 0.07, 0.05),
)


def _sample_glasses(rng: np.random.Generator) -> Glasses | None:
    u = rng.random(7)
    shape = GLASSES_SHAPES[int(u[1] * len(GLASSES_SHAPES))]
    metal = bool(u[2] < (0.9 if shape in ("aviator", "rimless") else 0.35))
    colour = _FRAME_COLOURS[
        5 + int(u[3] * 2) if metal and u[6] < 0.8 else int(u[3] * len(_FRAME_COLOURS))
    ]
    height = {"rectangle": 3.0, "rimless": 3.2, "oval": 3.4, "round": 4.3, "aviator": 4.4}.get(
        shape, 3.8
    )
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
    (0.03, 0.03, 0.035),
    (0.035, 0.05, 0.10),
    (0.10, 0.13, 0.20),
    (0.30, 0.28, 0.25),
    (0.50, 0.46, 0.40),
    (0.20, 0.06, 0.07),
    (0.26, 0.11, 0.06),
    (0.30, 0.20, 0.08),
    (0.08, 0.13, 0.09),
    (0.06, 0.16, 0.16),
    (0.16, 0.10, 0.18),
    (0.34, 0.20, 0.20),
    (0.20, 0.24, 0.19),
    (0.14, 0.12, 0.10),
    (0.28, 0.33, 0.38),
)


def sample_covering(seed: int, kind: str | None) -> Covering | None:
    """Wrap and fabric of a covering of one kind; ``None`` for ``None``.

    The data maker calls this with each photograph's own seed, so that no fabric names its wearer.
    """
    rng = stream("covering", check_seed(seed))
    wrap, fabric = int(rng.integers(4)), _FABRICS[int(rng.integers(len(_FABRICS)))]
    colour = as_colour(np.array(fabric) * rng.uniform(0.8, 1.2))
    number = int(rng.integers(2**31))
    return None if kind is None else Covering(kind, wrap, colour, number)


def sample_shirt(seed: int) -> Shirt:
    """A shirt from a seed of its own (the capture's), the same for whoever wears it."""
    rng = stream("shirt", check_seed(seed))
    kind = SHIRTS[int(rng.integers(len(SHIRTS)))]
    main, accent = rng.choice(len(_FABRICS), 2, replace=False)
    scale = rng.uniform(0.75, 1.2)
    pattern = str(rng.choice(PATTERNS, p=[0.6, 0.1, 0.14, 0.08, 0.08]))
    return Shirt(
        kind,
        as_colour(np.array(_FABRICS[main]) * scale),
        _FABRICS[accent],
        pattern,
        int(rng.integers(2**31)),
    )


def worn_shirt(styling: Styling, capture: Capture) -> Shirt:
    """The shirt in a photograph: the styling's own, or the one of the capture's seed."""
    return styling.shirt if styling.shirt is not None else sample_shirt(capture.shirt)

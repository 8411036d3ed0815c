"""The named numbers that make a face, how they go together and how they are kept from extremes.

In: nothing.  Out: the table :data:`PARAMETERS`, the latent factors behind it, and the curve that
tempers a score.  No number here knows the tone of anybody's skin.
"""

from __future__ import annotations

import difflib
import math
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from types import MappingProxyType
from typing import Any

import numpy as np
from numpy.typing import NDArray

LIMIT = 1.9  # tempered scores approach this value and never pass it


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
    _P("temple_width", "face", "narrow temples", "wide temples",
       "width of the forehead at the temples"),
    _P("cheekbone_width", "face", "narrow cheekbones", "wide cheekbones",
       "width across the cheekbones", 0.1),
    _P("cheekbone_height", "face", "low cheekbones", "high cheekbones", "height of the cheekbones"),
    _P("cheek_fullness", "face", "flat cheeks", "full cheeks",
       "soft tissue of the cheeks", -0.4, -0.3),
    _P("jaw_width", "face", "narrow jaw", "wide jaw", "width at the corners of the jaw", 0.6),
    _P("jaw_angle", "face", "soft jaw corner", "square jaw corner",
       "how low and square the corner of the jaw is", 0.3),
    _P("chin_height", "face", "short chin", "tall chin", "height from lower lip to chin", 0.3),
    _P("chin_width", "face", "pointed chin", "broad chin", "width of the chin", 0.6),
    _P("chin_projection", "face", "chin set back", "chin forward",
       "how far the chin comes forward", 0.2),
    _P("forehead_slope", "face", "upright forehead", "sloping forehead",
       "lean of the forehead", 0.4),
    _P("brow_ridge", "face", "smooth brow", "marked brow ridge", "bone above the eyes", 0.9),
    _P("midface_projection", "face", "flat midface", "midface forward",
       "how far cheeks and nose base come forward"),
    _P("mouth_projection", "face", "mouth set back", "mouth forward",
       "how far the lower face comes forward"),
    _P("eye_spacing", "eyes", "eyes close together", "eyes far apart", "distance between the eyes"),
    _P("eye_width", "eyes", "short eye opening", "long eye opening", "length of the eye opening"),
    _P("eye_opening", "eyes", "low eye opening", "high eye opening",
       "height of the eye opening", -0.5, -0.2),
    _P("eye_tilt", "eyes", "outer corners lower", "outer corners higher",
       "tilt of the eye opening", -0.1, -0.15),
    _P("eye_depth", "eyes", "shallow-set eyes", "deep-set eyes",
       "how deep the eyes sit", 0.3, 0.15),
    _P("lid_crease", "eyes", "no crease (single lid)", "high crease",
       "height of the upper-lid fold; none below -0.8"),
    _P("epicanthus", "eyes", "inner corner open", "inner corner folded",
       "fold over the inner corner of the eye"),
    _P("lid_fullness", "eyes", "flat lid", "full lid", "soft rim along the lashes", 0.0, -0.15),
    _P("lid_hooding", "eyes", "lid plainly seen", "lid hooded outside",
       "skin lying over the outer lid", 0.2, 0.4),
    _P("lid_peak", "eyes", "highest towards the nose", "highest towards the temple",
       "where the lid is highest"),
    _P("lower_lid", "eyes", "straight lower lid", "curved lower lid", "curve of the lower lid"),
    _P("under_eye", "eyes", "smooth under the eye", "soft fold under the eye",
       "fold under the eye", 0.0, 0.4),
    _P("brow_height", "brows", "brows low", "brows high", "distance from eye to brow", -0.5, -0.2),
    _P("brow_arch", "brows", "straight brows", "arched brows", "curve of the brows", -0.5),
    _P("brow_thickness", "brows", "fine brows", "broad brows",
       "height of the band of brow hair", 0.5),
    _P("brow_length", "brows", "short brows", "long brows", "length of the brows"),
    _P("brow_tilt", "brows", "outer ends lower", "outer ends higher", "slope of the brows"),
    _P("brow_spacing", "brows", "brows close together", "brows far apart", "gap between the brows"),
    _P("brow_density", "brows", "sparse brows", "dense brows", "number of brow hairs", 0.3, -0.25),
    _P("nose_length", "nose", "short nose", "long nose",
       "length from eye line to nose base", 0.2, 0.2),
    _P("nose_projection", "nose", "low nose", "prominent nose",
       "how far the nose comes forward", 0.3),
    _P("nose_width", "nose", "narrow nose", "wide nose",
       "width across the wings of the nose", 0.3, 0.1),
    _P("bridge_width", "nose", "narrow bridge", "wide bridge",
       "width of the bridge of the nose", 0.2),
    _P("bridge_height", "nose", "low bridge", "high bridge",
       "height of the bridge between the eyes", 0.2),
    _P("nose_profile", "nose", "concave profile", "convex profile",
       "line of the nose seen from the side", 0.1),
    _P("tip_width", "nose", "fine tip", "round broad tip", "width of the tip of the nose", 0.1),
    _P("tip_rotation", "nose", "tip turned down", "tip turned up",
       "turn of the tip of the nose", -0.2, -0.25),
    _P("nostril_flare", "nose", "close nostrils", "flared nostrils",
       "roundness of the nostril wings"),
    _P("alar_height", "nose", "wings low", "wings high",
       "height of the nostril wings on the cheek"),
    _P("nasion_depth", "nose", "smooth root", "deep root", "dip between forehead and nose", 0.2),
    _P("mouth_width", "mouth", "small mouth", "wide mouth", "width of the mouth", 0.1),
    _P("mouth_height", "mouth", "mouth low", "mouth high", "height of the mouth on the face"),
    _P("upper_lip", "mouth", "thin upper lip", "full upper lip",
       "height of the upper lip", -0.4, -0.35),
    _P("lower_lip", "mouth", "thin lower lip", "full lower lip",
       "height of the lower lip", -0.4, -0.25),
    _P("cupid_bow", "mouth", "even upper lip", "marked cupid's bow",
       "dip in the middle of the upper lip", -0.1),
    _P("lip_projection", "mouth", "flat lips", "lips forward",
       "how far the lips come forward", 0.0, -0.2),
    _P("lip_contour", "mouth", "soft lip edge", "crisp lip edge",
       "edge between lip and skin", 0.0, -0.2),
    _P("philtrum_depth", "mouth", "flat philtrum", "deep philtrum", "groove between nose and lip"),
    _P("philtrum_width", "mouth", "narrow philtrum", "wide philtrum",
       "width of the groove between nose and lip"),
    _P("mouth_corner", "mouth", "level corners", "corners turned up",
       "rise of the corners of the mouth"),
    _P("ear_size", "other", "small ears", "large ears", "height of the ears", 0.2, 0.3),
    _P("ear_projection", "other", "close ears", "ears standing out",
       "angle of the ears to the head"),
    _P("ear_lobe", "other", "free lobe", "attached lobe", "how the ear lobe joins the cheek"),
    _P("dimples", "other", "no dimples", "dimples", "dimples when smiling"),
    _P("chin_cleft", "other", "smooth chin", "cleft chin", "groove in the chin"),
    _P("smile_fold", "other", "smooth cheek", "soft smile fold",
       "fold from nose to mouth corner", 0.0, 0.4),
    _P("asymmetry_brow", "other", "left brow lower", "left brow higher",
       "difference between the brows"),
    _P("asymmetry_eye", "other", "left eye smaller", "left eye larger",
       "difference between the eyes"),
    _P("asymmetry_nose", "other", "tip to one side", "tip to the other",
       "sideways lean of the nose"),
    _P("asymmetry_mouth", "other", "left corner lower", "left corner higher",
       "difference between the mouth corners"),
    _P("redness", "skin", "even flush", "rosy", "blood near the surface of the skin"),
    _P("undertone", "skin", "cool undertone", "golden undertone",
       "yellow or blue cast of the skin"),
    _P("mottling", "skin", "even skin", "varied skin",
       "slow change of colour over the face", 0.0, 0.2),
    _P("lip_colour", "skin", "pale lips", "rich lips", "strength of lip colour", -0.4),
    _P("skin_gloss", "skin", "matt skin", "glossy skin",
       "oil on the skin; never depends on tone", 0.0, -0.15),
    _P("freckles", "skin", "no freckles", "many freckles", "freckles; seen above 0.4"),
)  # fmt: skip
NAMES: tuple[str, ...] = tuple(p.name for p in PARAMETERS)
BY_NAME: Mapping[str, Parameter] = MappingProxyType({p.name: p for p in PARAMETERS})

# Ten latent factors.  Two parameters of one factor correlate by the product of their loadings:
# about .5 among widths, .4 among heights, .3 among the widths of eyes, nose and mouth.  What a
# factor does not explain stays a parameter's own.  The factors follow how faces grow together
# (widths with widths, heights with heights), not any group of people, and none of them sees the
# tone.
FACTORS: Mapping[str, Mapping[str, float]] = MappingProxyType(
    {
        "breadth": {
            "face_width": 0.71, "jaw_width": 0.71, "temple_width": 0.71, "cheekbone_width": 0.71,
            "chin_width": 0.4,
        },
        "features": {
            "nose_width": 0.55, "mouth_width": 0.55, "eye_width": 0.55, "philtrum_width": 0.4,
            "ear_size": 0.2,
        },
        "heights": {
            "face_length": 0.63, "chin_height": 0.63, "nose_length": 0.63,
            "cranium_height": 0.45, "cheekbone_height": -0.2,
        },
        "bridge": {
            "bridge_height": 0.6, "nose_projection": 0.6, "nose_profile": 0.4,
            "nasion_depth": 0.3,
        },
        "tip": {
            "tip_width": 0.55, "nostril_flare": 0.5, "bridge_width": 0.5,
        },
        "lips": {
            "upper_lip": 0.65, "lower_lip": 0.65, "lip_projection": 0.45,
            "mouth_projection": 0.35,
        },
        "lids": {
            "lid_crease": 0.6, "epicanthus": -0.55, "lid_fullness": -0.3, "eye_depth": 0.3,
        },
        "brows": {
            "brow_thickness": 0.55, "brow_density": 0.55, "brow_length": 0.4,
            "brow_spacing": -0.3,
        },
        "fullness": {
            "cheek_fullness": 0.6, "lid_hooding": 0.3, "ear_lobe": 0.2, "chin_cleft": -0.2,
            "dimples": 0.3,
        },
        "slope": {
            "eye_tilt": 0.5, "brow_tilt": 0.5, "brow_arch": 0.25, "lid_peak": 0.3,
        },
    }
)  # fmt: skip


@lru_cache(maxsize=1)
def covariance() -> tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.float64]]:
    """Loadings (k, factors), residual standard deviations (k,), inverse covariance (k, k)."""
    loads = np.zeros((len(NAMES), len(FACTORS)))
    for j, members in enumerate(FACTORS.values()):
        for name, load in members.items():
            loads[NAMES.index(name), j] = load
    residual = np.asarray(np.sqrt(1.0 - (loads**2).sum(1)), np.float64)
    inverse = np.asarray(np.linalg.inv(loads @ loads.T + np.diag(residual**2)), np.float64)
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


def untemper(z: float) -> float:
    """The score that :func:`temper` bends to ``z``."""
    top = LIMIT - 1e-4
    return LIMIT * math.atanh(min(max(z, -top), top) / LIMIT)


def shift_of(parameter: Parameter, presentation: float, age: float) -> float:
    """How far presentation and age move the mean of one parameter, in standard deviations."""
    return parameter.presentation * presentation + parameter.age * (age - 45.0) / 40.0


def freckle_amount(z: float) -> float:
    """Amount of freckles 0..1 for the score of the parameter ``freckles``: none up to 0.4."""
    return round(min(max((z - 0.4) / 1.4, 0.0), 1.0), 4)


def check_name(name: str, extra: tuple[str, ...] = ()) -> None:
    """Raise ``ValueError`` with the nearest names when there is no such parameter."""
    if name in BY_NAME:
        return
    near = difflib.get_close_matches(name, [*NAMES, *extra], n=3, cutoff=0.5)
    hint = (
        f"did you mean {' or '.join(near)}?"
        if near
        else "labkit.people.who.parameters.NAMES lists them all"
    )
    raise ValueError(f"there is no parameter {name!r}: {hint}")

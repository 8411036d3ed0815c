"""What is given to a gallery: templates, ids, names and reasons; and why one is refused.

In: whatever a caller gives.  Out: the same in the form that is stored, a reason in a few words for
each face that is refused, or a :class:`GalleryError` where nothing can be done at all.
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np
from numpy.typing import NDArray

from labkit.base.words import N_, _

Templates = NDArray[np.float32]

MEASURES = ("euclidean", "cosine")

LARGEST, SMALLEST = 1e12, 1e-12
"""Numbers of a template between which squares and their sums keep their meaning in float32."""

NO_FACE = N_("no face was found, so there is no template")
NOT_FINITE = N_("its template has numbers that are not finite")
NO_ANGLE = N_("its template is all zeros, which has no angle to compare")
TOO_LONG = N_("its template has numbers too large to compare")
LENGTH = N_("its template has {n} numbers, those of this gallery have {width}")
NO_LIST = N_("its template is no list of numbers")
NO_ID = N_("its id is blank, or neither a text nor a whole number")
NO_TEXT = N_("its id cannot be written as text")
TAKEN = N_("a face with this id is there already")
TWICE = N_("its id stands twice in the list, and the first of the two was taken")
ABSENT = N_("no face has this id")
DELETED_TWICE = N_("its id stands twice in the list")


class GalleryError(ValueError):
    """A gallery cannot do what was asked; the message is one sentence."""


def matcher_and_measure(matcher: str, measure: str | None) -> tuple[str, str]:
    """The name of a matcher, and how its templates are compared."""
    name = said(matcher, "matcher")
    if not _has_words(name):
        raise GalleryError(_("no matcher was named: say whose templates the gallery will hold"))
    from labkit.matchers.registry import MATCHERS

    known = {entry.name.lower(): entry for entry in MATCHERS.values()}.get(name.lower())
    if known is not None:
        if known.measure not in MEASURES:
            words = _("{name} gives no templates that a gallery could hold: see docs/vendor.md")
            raise GalleryError(words.format(name=known.name))
        if measure not in (None, known.measure):
            words = _("templates of {name} are compared by {known}, and not by {measure}")
            raise GalleryError(words.format(name=known.name, known=known.measure, measure=measure))
        return known.name, known.measure
    if measure not in MEASURES:
        words = _("{name} is no matcher of the lab: say measure={choices}")
        choices = _(" or ").join(map(repr, MEASURES))
        raise GalleryError(words.format(name=name, choices=choices))
    return name, str(measure)


def rows_of(templates: Any) -> list[Any]:
    """Rows of templates; each is looked at by itself, so that one does not lose the others."""
    if isinstance(templates, np.ndarray) and templates.ndim == 1 and templates.dtype != object:
        raise GalleryError(_("this is one template: give a list of templates, [template]"))
    try:
        return list(templates)
    except TypeError:
        kind = type(templates).__name__
        raise GalleryError(_("a {kind} is no list of templates").format(kind=kind)) from None


def as_template(row: Any) -> Templates | str:
    """One template, float32; or why it is none."""
    try:
        with np.errstate(over="ignore"):
            template = np.asarray(row, dtype="<f4")
    except (TypeError, ValueError, OverflowError):
        return _(NO_LIST)
    return np.ascontiguousarray(template) if template.ndim == 1 else _(NO_LIST)


def why_not(template: Templates | str, width: int | None, measure: str) -> str:
    """Why a template cannot be compared, or an empty text."""
    if isinstance(template, str):
        return template
    if width is not None and len(template) != width:
        return _(LENGTH).format(n=len(template), width=width)
    if not len(template):
        return _(NO_LIST)
    if np.isnan(template).all():
        return _(NO_FACE)
    if not np.isfinite(template).all():
        return _(NOT_FINITE)
    if np.abs(template).max() > LARGEST:
        return _(TOO_LONG)
    if measure == "cosine" and np.abs(template).max() < SMALLEST:
        return _(NO_ANGLE)
    return ""


def ids_of(ids: Any) -> list[str]:
    """Ids as texts; an empty one for what is neither a text nor a whole number."""
    if isinstance(ids, str):
        raise GalleryError(_("the ids are one text: give a list of ids, [id]"))
    try:
        given = list(ids)
    except TypeError:
        kind = type(ids).__name__
        raise GalleryError(_("a {kind} is no list of ids").format(kind=kind)) from None
    kinds = (str, int, np.integer)
    return [str(i) if isinstance(i, kinds) and not isinstance(i, bool) else "" for i in given]


def why_no_id(name: str) -> str:
    """Why a name is no id, or an empty text."""
    if not name.strip():
        return _(NO_ID)
    return "" if name == plain(name) else _(NO_TEXT)


def plain(text: str) -> str:
    """The text without what a file cannot hold: halves of characters, and the end-of-text sign."""
    return text.encode("utf-8", "ignore").decode().replace("\0", "")


def said(text: Any, what: str) -> str:
    """A text without blanks around it, as a file can hold it."""
    if not isinstance(text, str):
        words = _("{what} is a {kind}: say it in a text")
        raise GalleryError(words.format(what=what, kind=type(text).__name__))
    return plain(text).strip()


def _has_words(text: str) -> bool:
    return any(c.isalnum() for c in text)


def who_and_why(by: Any, why: Any) -> tuple[str, str]:
    """Who searches, and the reason; a text without a letter or a digit is blank."""
    who, reason = said(by, "by"), said(why, "why")
    if not _has_words(reason):
        raise GalleryError(_('no reason was given: say why you search, why="..."'))
    if not _has_words(who):
        raise GalleryError(_('nobody was named as searching: say who you are, by="..."'))
    return who, reason


def threshold_of(given: Any) -> tuple[float | None, float | None]:
    """The threshold, and the false match rate that came with it; never a guess."""
    if given is None:
        return None, None
    value = getattr(given, "value", given)
    fmr = getattr(given, "fmr", None)
    if value is not given and fmr is None:
        from labkit.measure.thresholds import Threshold

        fmr = given.measured if isinstance(given, Threshold) else None
    try:
        number = float(value)
    except (TypeError, ValueError):
        number = math.nan
    if not math.isfinite(number) or isinstance(value, bool):
        words = _(
            "the threshold {value!r} is no number: give a number, a threshold object, or None"
        )
        raise GalleryError(words.format(value=value))
    if isinstance(fmr, (int, float, np.number)) and 0 < float(fmr) <= 1:
        return number, float(fmr)
    return number, None

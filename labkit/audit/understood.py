"""What was understood of a file, before anybody reads a report of it.

In: pairs and, once there is one, the threshold.  Out: lines of plain text of at most 80 characters.
"""

from __future__ import annotations

import textwrap
from collections.abc import Iterable
from typing import TYPE_CHECKING

import numpy as np

from labkit.audit.formats import printable
from labkit.audit.pairs import PairList
from labkit.base.words import _
from labkit.measure.thresholds import ENOUGH_PEOPLE_FOR_A_MEAN

if TYPE_CHECKING:
    from labkit.audit.facts import Point

WIDTH, INDENT = 80, 13
MOST = 20
"""So many groups or strata are listed one by one."""
NEARLY_ALL = 0.95
"""When such a part of the pairs of two people match, the threshold is probably a mistake."""


def understood(pairs: PairList, point: Point | None = None, *, chosen: bool = True) -> list[str]:
    """What was read: pairs, people, groups, direction, failures; and the threshold, if it is given.

    Parameters
    ----------
    pairs
        From :func:`labkit.audit.csv.read_pairs`.
    point
        The threshold and how it was chosen.
    chosen
        Whether a threshold is chosen on these pairs; groups that take no part are then named.

    Returns
    -------
    lines
        Of at most 80 characters.
    """
    facts = [
        (_("file"), [pairs.name, *([pairs.kind] if pairs.kind else [])]),
        (_("pairs"), _pairs(pairs)),
        (_("people"), _people(pairs)),
        (_("groups"), [*_groups(pairs), *(_no_part(pairs) if chosen else [])]),
        (_("strata"), _strata(pairs)),
        (_("direction"), [_direction(pairs)]),
        (_("failures"), [_failures(pairs)]),
        (_("notes"), list(pairs.notes)),
    ]
    lines = [line for name, texts in facts for line in _set(name, texts)]
    return lines + (threshold(pairs, point) if point else [])


def threshold(
    pairs: PairList, point: Point, *, read: str = "", wanted: float | None = None
) -> list[str]:
    """The threshold, how it was chosen, and what it means where that is not what one expects.

    Parameters
    ----------
    pairs
        The pairs.
    point
        The threshold and how it was chosen.
    read
        A sentence on how it was read.
    wanted
        The FMR that it would have been chosen at, if these people were enough.

    Returns
    -------
    lines
        Of at most 80 characters.
    """
    texts = [f"{_shown(pairs, point.value)!r}, {_chosen(pairs, point)}", read]
    if wanted is not None and point.asked > wanted:
        words = _(
            "an FMR of {wanted:g} was not possible with these people; {asked:g} (1 in {n:g}) is"
            " used only so that something can be counted"
        )
        texts.append(words.format(wanted=wanted, asked=point.asked, n=1 / point.asked))
    texts.append(beyond_all(pairs, point.value) or _nearly_all(pairs, point))
    return _set(_("threshold"), filter(None, texts))


def _nearly_all(pairs: PairList, point: Point) -> str:
    """A sentence on a given threshold that nearly every pair of two people reaches, or nothing."""
    match = float((pairs.impostor >= point.value).mean())
    if point.here or match < NEARLY_ALL:
        return ""
    words = _(
        "threshold {t:g}: {share:.1%} of the pairs of two people match; is it in the unit of the"
        " scores? Half of the pairs of one person lie between {low:g} and {high:g}"
    )
    low, high = sorted(_shown(pairs, float(x)) for x in np.quantile(pairs.genuine, [0.25, 0.75]))
    return words.format(t=_shown(pairs, point.value), share=match, low=low, high=high)


def beyond_all(pairs: PairList, value: float) -> str:
    """A sentence on a threshold that every score seen lies on one side of, or nothing.

    Parameters
    ----------
    pairs
        The pairs.
    value
        The threshold, larger meaning more alike.
    """
    low, high = ends(pairs)
    if low < value <= high:
        return ""
    first, last = sorted((_shown(pairs, low), _shown(pairs, high)))
    shown = _shown(pairs, value)
    if value <= low:
        words = _("threshold {t:g}: every score seen ({first:g} to {last:g}) is a match")
    elif pairs.distance:
        words = _(
            "threshold {t:g} lies below every distance seen ({first:g} to {last:g}): nothing"
            " matches"
        )
    else:
        words = _(
            "threshold {t:g} lies above every score seen ({first:g} to {last:g}): nothing matches"
        )
    return words.format(t=shown, first=first, last=last)


def ends(pairs: PairList) -> tuple[float, float]:
    """The lowest and the highest score, larger meaning more alike."""
    return float(np.nanmin(pairs.scores)), float(np.nanmax(pairs.scores))


def _shown(pairs: PairList, score: float) -> float:
    return 0.0 - score if pairs.distance else score


def _set(name: str, texts: Iterable[str]) -> list[str]:
    """A name and texts beside it, each beginning a line."""
    out: list[str] = []
    for text in texts:
        begin = f"{'' if out else name:{INDENT}}"
        out += textwrap.wrap(
            printable(" ".join(text.split()), 2_000),
            WIDTH,
            initial_indent=begin,
            subsequent_indent=" " * (INDENT + 2),
            break_on_hyphens=False,
        )
    return out


def _pairs(pairs: PairList) -> list[str]:
    words = _("{n:,}: {one:,} of one person, {two:,} of two people")
    one = pairs.planned_mated
    return [words.format(n=len(pairs), one=one, two=len(pairs) - one)]


def _people(pairs: PairList) -> list[str]:
    if pairs.known_people:
        words = _("{n:,}, named in the file, in {m:,} pictures")
    else:
        words = _(
            "{n:,} as far as pairs of one person link the {m:,} pictures; nobody said who is in"
            " each, so intervals will be too narrow"
        )
    return [words.format(n=pairs.people_count, m=len(pairs.pictures))]


def _groups(pairs: PairList) -> list[str]:
    if pairs.group is None:
        return [_("none given")]
    small = pairs.left_out
    out = []
    for g, name in enumerate(pairs.groups):
        mine = pairs.group == g
        words = _("{name}: {people:,} people, {pictures:,} pictures")
        text = words.format(
            name=name, people=len(np.unique(pairs.person[mine])), pictures=int(mine.sum())
        )
        out.append(text)
    if len(out) > MOST:
        words = _("and {n:,} more groups, {small:,} of them of fewer than {need} people")
        rest = [name for name in pairs.groups[MOST - 1 :] if name in small]
        more = words.format(n=len(out) - MOST + 1, small=len(rest), need=ENOUGH_PEOPLE_FOR_A_MEAN)
        out[MOST - 1 :] = [more]
    if pairs.missing_groups:
        words = _("{n:,} of {m:,} pictures have none: they take no part in comparing groups")
        out.append(words.format(n=pairs.missing_groups, m=len(pairs.pictures)))
    return out


def _no_part(pairs: PairList) -> list[str]:
    """One sentence on all groups that take no part in choosing a threshold."""
    small = [f"{name} ({n:,})" for name, n in pairs.left_out.items()]
    if pairs.group is None or not small:
        return []
    if len(small) > MOST:
        small[MOST - 1 :] = [_("and {n:,} more").format(n=len(small) - MOST + 1)]
    words = _(
        "no part in choosing a threshold, for fewer than {need} people were compared within the"
        " group: {names}"
    )
    return [words.format(need=ENOUGH_PEOPLE_FOR_A_MEAN, names=", ".join(small))]


def _strata(pairs: PairList) -> list[str]:
    if pairs.stratum is None:
        return []
    words = _("{name}: {pictures:,} pictures")
    out = [
        words.format(name=name, pictures=int((pairs.stratum == s).sum()))
        for s, name in enumerate(pairs.strata)
    ]
    if len(out) > MOST:
        out[MOST - 1 :] = [_("and {n:,} more").format(n=len(out) - MOST + 1)]
    missing = int((pairs.stratum < 0).sum())
    if missing:
        out.append(_("{n:,} pictures have none").format(n=missing))
    return out


def _direction(pairs: PairList) -> str:
    words = (
        _("smaller means more alike (distances from {low:g} to {high:g})")
        if pairs.distance
        else _("larger means more alike (scores from {low:g} to {high:g})")
    )
    low, high = sorted(_shown(pairs, end) for end in ends(pairs))
    return words.format(low=low, high=high)


def _failures(pairs: PairList) -> str:
    n = pairs.failed_comparisons
    if not n:
        return _("none: every comparison in the file has a score")
    words = _("{n:,} comparisons could not be made; {m:,} pictures are in no other")
    return words.format(n=n, m=int(pairs.failed_pictures.sum()))


def _chosen(pairs: PairList, point: Point) -> str:
    """How a threshold was chosen, in words."""
    if not point.here:
        return _("given")
    n = len(pairs.cells)
    if not n:
        words = _("the lowest with an FMR of at most {x:g} over all pairs, on these people")
    elif n == 1:
        words = _(
            "the lowest with an FMR of at most {x:g} within the group {name}, the only one of at"
            " least {need} people, on these people"
        )
    else:
        words = _(
            "the lowest at which the mean of the FMRs within {n} groups of at least {need} people"
            " is at most {x:g}, on these people"
        )
    name = next(iter(pairs.cells), "")
    return words.format(x=point.asked, n=n, need=ENOUGH_PEOPLE_FOR_A_MEAN, name=name)

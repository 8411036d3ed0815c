"""Notebook 11, "Following people": the sentences that its numbers decide.

Every sentence that draws a conclusion has a branch for each way the numbers can fall.
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from labkit import published
from labkit.base.dates import in_words
from labkit.base.words import N_, _
from labkit.measure.searches import LEVEL
from labkit.street.dials import DIALS, QUESTIONS, Study

FINDS = ("home", "places", "pairs", "protest")
"""What is found, of :data:`labkit.street.dials.QUESTIONS`."""
HARDLY = 3.0
"""A dial that moves something by less, in 100, hardly moves it."""
TOP = 100
"""The residents with most false links: one in so many."""


# ---- how few sightings --------------------------------------------------------------------------


def needed(study: Study) -> int | None:
    """The smallest number of sightings that singles out more than half; ``None`` if none tried."""
    shares = study.found().unique
    return next((k for k, share in shares.items() if share > 0.5), None)


def singled(study: Study) -> tuple[int, str]:
    """How many sightings single out more than half of the people, and the sentence for it.

    Parameters
    ----------
    study
        The city.
    """
    shares, k = study.found().unique, needed(study)
    if k is None:
        most = max(shares)
        words = _("More than {most}: {most} sightings single out {n:.0f} in 100")
        return most + 1, words.format(most=most, n=100 * shares[most])
    before = shares.get(k - 1)
    words = (
        _("{k}: they single out {n:.0f} in 100, {less} only {before:.0f}")
        if before is not None
        else _("{k}: they single out {n:.0f} in 100")
    )
    told = words.format(
        k=k, n=100 * shares[k], less=k - 1, before=100 * before if before is not None else 0
    )
    return k, told


# ---- whose name it stands under -----------------------------------------------------------------


def links(study: Study) -> str:
    """How many sightings of others a name has on average, and how unevenly they fall.

    Parameters
    ----------
    study
        The city.
    """
    one = study.found()
    each = np.sort(one.false_links)[::-1]
    total = int(each.sum())
    if not total:
        return _("Nobody's file holds a sighting of somebody else.")
    top = max(1, len(each) // TOP)
    share, even = each[:top].sum() / total, top / len(each)
    told = _(
        "Counted: {mean:.2f} a name, where rates for all alike lead to {expected:.2f}. In"
        " {none:.0f} of 100 files stands nobody else; the fullest holds {most}."
    ).format(
        mean=one.false_links_each,
        expected=expected(study),
        none=100 * (1 - one.with_a_false_link),
        most=int(each[0]),
    )
    if share <= 2 * even:
        return f"{told} {_('They fall on everybody about alike.')}"
    uneven = _(
        "The {top} people with most of them, {part:.0f} in 100, hold {share:.0f} in 100 of all: the"
        " mean says little about anybody."
    ).format(top=top, part=100 * even, share=100 * share)
    return f"{told} {uneven}"


def expected(study: Study) -> float:
    """Sightings of others under an average name, from the measured rates."""
    passed = study.passages()
    return float((passed["passages"] * passed["wrong name"]).sum() / study.residents)


# ---- what is found ------------------------------------------------------------------------------


def found(study: Study) -> str:
    """The matcher as measured against one without error, and the null town beside both.

    Parameters
    ----------
    study
        The city.
    """
    table: Any = study.compared()
    measured, exact, null = table["as measured"], table["perfect"], table["null town"]
    more = [name for name in FINDS if exact[name] > measured[name]]
    most = max(FINDS, key=lambda name: abs(exact[name] - measured[name]))
    words = {
        True: N_("With no error all four are found out more often; most changes: {what}"),
        False: N_("With no error {n} of the four are found out more often; most changes: {what}"),
    }[len(more) == len(FINDS)]
    verdict = _(words).format(n=len(more), what=_(QUESTIONS[most]))
    told = [
        _("{verdict}, {a:.0f} to {b:.0f} in 100.").format(
            verdict=verdict, a=measured[most], b=exact[most]
        )
    ]
    told.append(
        _("Of somebody else under an average name: {a:.1f} sightings, then none.").format(
            a=measured["false links"]
        )
    )
    told.append(_wrong_pairs(measured["pairs_wrong"], exact["pairs_wrong"]))
    by_luck = max(null[name] for name in FINDS)
    least = min(measured[name] for name in FINDS)
    told.append(
        _("Shuffled names give at most {luck:.0f}: what is found comes from people's days.").format(
            luck=by_luck
        )
        if by_luck < least / 2
        else _(
            "Shuffled names give up to {luck:.0f}: a part would be found in any heap of sightings."
        ).format(luck=by_luck)
    )
    return "\n".join(told)


def _wrong_pairs(measured: float, exact: float) -> str:
    """What the end of errors does to pairs that were written down wrongly."""
    if math.isnan(exact) or not exact:
        return _("Of the pairs written down none is wrong then.")
    if math.isnan(measured):
        words = _(
            "Of the pairs written down {b:.0f} in 100 are wrong: strangers who pass together look"
            " like friends."
        )
    elif exact > measured + HARDLY:
        words = _(
            "Of the pairs written down {b:.0f} in 100 are wrong all the same, {a:.0f} before:"
            " strangers who pass together look like friends."
        )
    elif exact < measured - HARDLY:
        words = _(
            "Of the pairs written down {b:.0f} in 100 are wrong, {a:.0f} before: strangers who"
            " pass together look like friends, whoever names them."
        )
    else:
        words = _(
            "Of the pairs written down {b:.0f} in 100 are wrong, about as before ({a:.0f}):"
            " strangers who pass together look like friends."
        )
    return words.format(a=measured, b=exact)


# ---- the dials ----------------------------------------------------------------------------------


def dials(study: Study) -> str:
    """What each dial moves most, from low to high, and what it hardly moves.

    Parameters
    ----------
    study
        The city.
    """
    table: Any = study.dials()
    told = []
    for dial in DIALS:
        low, high = table.loc[(dial, "low")], table.loc[(dial, "high")]
        moved = {name: high[name] - low[name] for name in FINDS}
        most = max(moved, key=lambda name: abs(moved[name]))
        still = [_(QUESTIONS[name]) for name in FINDS if abs(moved[name]) < HARDLY]
        if abs(moved[most]) < HARDLY:
            words = _("{dial}: hardly moves anything.").format(dial=_(dial))
        else:
            words = _("{dial}: moves {what} most, {a:.0f} to {b:.0f} in 100.").format(
                dial=_(dial), what=_(QUESTIONS[most]), a=low[most], b=high[most]
            )
            if still:
                words += " " + _("Hardly moved: {names}.").format(names=", ".join(still))
        told.append(words)
    links_of = [table.loc[("cameras", level), "false links"] for level in ("low", "high")]
    told.append(
        _("More cameras also put more of others under a name: {a:.1f} to {b:.1f}.").format(
            a=links_of[0], b=links_of[1]
        )
        if links_of[1] > links_of[0]
        else _("More cameras do not put more of others under a name.")
    )
    return "\n".join(told)


# ---- whom errors hit ----------------------------------------------------------------------------


def groups(study: Study) -> str:
    """Darker against lighter people in the measured searches: two looks, exact, adjusted.

    Parameters
    ----------
    study
        The city.
    """
    looks = study.searches().contrasts()
    asked = {
        "not named": N_("Enrolled people who are not named"),
        "named all the same": N_("People in no register who get a name"),
    }
    order = sorted(looks, key=lambda name: looks[name].p)
    passed, told = True, {}
    for place, name in enumerate(order):
        one = looks[name]
        need = LEVEL / (len(order) - place) if passed else LEVEL / len(order)
        passed = passed and one.p <= need
        words = (
            _(
                "{who}: darker {a:.0f}, lighter {b:.0f} in 100, {ratio:.2f} times; a difference"
                " that luck alone seldom makes (p = {p:.3f})."
            )
            if passed
            else _(
                "{who}: darker {a:.0f}, lighter {b:.0f} in 100; no difference is shown (p ="
                " {p:.3f}; at most {need:g} was needed); alone, {least:.1f} times as many would be"
                " found four times in five."
            )
        )
        told[name] = words.format(
            who=_(asked[name]),
            a=100 * one.group.value,
            b=100 * one.reference.value,
            ratio=one.ratio,
            p=one.p,
            need=need,
            least=one.detectable,
        )
    rule = _(
        "Two questions were asked, and each more question is one more chance for luck: the smaller"
        " p needs at most {half:g}, half of the usual {level:g}, and only then the other at most"
        " {level:g} (Holm)."
    ).format(half=LEVEL / len(order), level=LEVEL)
    return "\n".join([*(told[name] for name in asked), rule])


# ---- both sides ---------------------------------------------------------------------------------


def sides() -> str:
    """The strongest forms of both answers, in their own words, and what became of the function."""
    table: Any = published.load("arguments").table.set_index("id")
    told = []
    for name in ("v-police", "c-accurate"):
        row = table.loc[name]
        told.append(
            _('{who}, {when}: "{words}". {reply_by}, {reply_when}: "{reply}".').format(
                who=row["who"],
                when=in_words(str(row["date"])),
                words=row["words"],
                reply_by=row["reply_by"],
                reply_when=in_words(str(row["reply_date"])),
                reply=row["reply_words"],
            )
        )
        if str(row["note"]) not in ("", "nan"):
            told.append(
                _("In numbers: {argument}. {note}").format(
                    argument=row["argument"], note=row["note"]
                )
            )
    policies: Any = published.load("policies").table.set_index("id")
    end = policies.loc["people-pathing-ends"]
    told.append(
        _("{when}: {what} ({source}).").format(
            what=end["measure"],
            when=str(end["date"])[:10],
            source=end["source"],
        )
    )
    return "\n".join(told)

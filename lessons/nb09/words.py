"""Notebook 09, "The Congress test": the sentences of this notebook alone.

Every sentence that draws a conclusion has a branch for each way the numbers can fall.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from labkit import published
from labkit.base.words import _
from labkit.gallery import sealed
from labkit.gallery.council import in_hundred
from labkit.gallery.council_words import ratios
from labkit.learning import journal
from labkit.measure import searches

KEY = "09-sealed"
"""Name under which the journal keeps the secret of X and Y."""

ASSUMED = (0.18, 0.22)
"""The share of members of color is printed as a round 20 in 100: it may have been any of these."""


# ---- the test of 2018 ---------------------------------------------------------------------------


def congress() -> str:
    """What 28 of 535 and 11 of 28 carry, and what they do not; from the published record."""
    table: Any = published.load("congress_test").table.set_index("id")
    test, color, again = (
        table.loc[name] for name in ("aclu-2018", "aclu-2018-color", "amazon-99-retest")
    )
    base = float(table.loc["aclu-2018-base", "value"]) / 100
    members, matched, of_color = int(test["of"]), int(test["count"]), int(color["count"])
    p = luck(matched, of_color, members, base)
    ends = sorted(luck(matched, of_color, members, share) for share in ASSUMED)
    group = round(base * members)
    size = ratios(of_color, group, matched - of_color, members - group)
    none = searches.exact(np.zeros(int(again["of"]), bool), "false matches")
    told = [
        _("{k} of {n} is {rate} in 100: it happened, with that gallery, at that setting.").format(
            k=matched, n=members, rate=in_hundred(_share(matched, members))
        ),
        _(
            "{k} of {n} is {rate} in 100, and of Congress {base:.0f} in 100 are people of color:"
            " p = {p:.3f} ({low:.3f} to {high:.3f}, if that round share was 18 to 22). The counts"
            " allow from {least:.1f} to {most:.1f} times as often as other members."
        ).format(
            k=of_color,
            n=matched,
            rate=in_hundred(_share(of_color, matched)),
            base=100 * base,
            p=p,
            low=ends[0],
            high=ends[1],
            least=size[0],
            most=size[1],
        ),
        _(
            "A gallery with many people of color, a matcher that confuses them more, or both would"
            " give such numbers."
        ),
        _(
            "{k} of {n} at {setting}, as Amazon reported, was in another gallery, of {gallery:,}"
            " faces. A larger gallery makes that stronger, not weaker. A share of up to {high:.1f}"
            " in 100 could still give none among {n}. Who is missed, neither test says, in what we"
            " read."
        ).format(
            k=int(again["count"]),
            n=int(again["of"]),
            setting=f"{float(again['threshold']):.0f}",
            gallery=int(again["gallery"]),
            high=100 * none.high,
        ),
    ]
    return "\n".join([_verdict(p, ends[1]), *(f"- {one}" for one in told)])


def _verdict(p: float, most: float) -> str:
    if p > searches.LEVEL:
        return _("False matches are shown; that they fall on some more than on others is not.")
    if most > searches.LEVEL:
        return _("False matches are shown; whether chance is doubtful hangs on a round share.")
    return _("False matches are shown, and chance alone is doubtful; the cause is not named.")


def luck(matched: int, of_group: int, members: int, share: float) -> float:
    """The exact two-sided p when a group of this share has so many of the false matches.

    Examples
    --------
    >>> round(luck(28, 11, 535, 0.20), 3)
    0.014
    """
    group = round(share * members)
    who = np.arange(members) < group
    alerts = np.concatenate(
        [np.arange(group) < of_group, np.arange(members - group) < matched - of_group]
    )
    return searches.fisher(alerts, who, False, True).p


def _share(errors: int, trials: int) -> Any:
    return searches.exact(np.arange(trials) < errors, "false matches")


# ---- the blind audit ----------------------------------------------------------------------------


def sealed_order() -> sealed.Sealed:
    """The learner's own order of X and Y: drawn once, and kept in the journal.

    The journal holds the secret and not the order, so that looking into it tells nothing.
    """
    kept = journal.recall(KEY, sealed.draw(), fits=sealed.is_secret)
    if not kept.yours:
        journal.keep(KEY, kept.value)
    return sealed.Sealed(kept.value)


def seal(order: sealed.Sealed) -> str:
    """The seal on the order, before anybody looks."""
    return _("The seal on your order of X and Y: {seal}").format(seal=order.seal)


# ---- a list of five -----------------------------------------------------------------------------


def client() -> str:
    """What Amazon said of its customer's use, and what was answered; from the record."""
    row: Any = published.load("arguments").table.set_index("id").loc["v-client"]
    return _('{who}, {when}: "{words}". {reply_by}: "{reply}".').format(
        who=row["who"],
        when=str(row["date"])[:4],
        words=row["words"],
        reply_by=row["reply_by"],
        reply=row["reply_words"],
    )

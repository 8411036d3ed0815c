"""Searches in words: what a gallery that grows does, by whichever way the numbers fall.

In: what :mod:`labkit.gallery.nested` measured.  Out: sentences, each with a branch for every way
the numbers can fall.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import TYPE_CHECKING

from labkit.base.words import _
from labkit.measure import searches
from labkit.measure.reading import in_words

if TYPE_CHECKING:
    import pandas as pd

    from labkit.gallery.nested import Nested
    from labkit.measure.intervals import Interval

NEARLY_ALL = 0.99
"""A chance of having been an alert above this, by a model, is told without digits."""

CLEAR = 0.05
"""A p-value below this is called a difference."""


def in_hundred(found: Interval) -> str:
    """A share in a hundred with its interval, or what can be said instead."""
    if found.reason == "none":
        return _("none of {n:,} (at most {bound})").format(
            n=found.trials, bound=in_words(found.high)
        )
    if found.words:
        return found.words
    return _("{value} [{low}, {high}] of 100").format(
        value=hundred(found.value), low=hundred(found.low), high=hundred(found.high)
    )


def hundred(share: float) -> str:
    """A share in a hundred: two digits that count, and no more than whole ones from ten on."""
    value = 100 * share
    return f"{value:.0f}" if value >= 9.95 else f"{value:.2g}"


def people(found: Mapping[str, Nested]) -> str:
    """How many candidates there are, how many searches they belong to, and who has most of them.

    Parameters
    ----------
    found
        Name -> searches at one threshold each.
    """
    lines = []
    for name, one in found.items():
        got = one.selectivity()
        if not got.candidates:
            lines.append(f"{name}: {got.per_search.words}.")
            continue
        few = max(got.searches // 100, 1)
        lot = searches.busiest_by_lot(got.searches, got.candidates)
        words = _(
            "{name}: {candidates:,} false candidates in {searches} searches, {each:.2g} a search;"
            " {people} searches return somebody. Returned are {entries:,} different people. The"
            " {few} with most have {busiest} of all candidates; dealt out by lot it would be {lot}."
        )
        lines.append(
            words.format(
                name=name,
                candidates=got.candidates,
                searches=got.searches,
                each=got.per_search.value,
                people=got.people,
                entries=len(set(one.rows.tolist())),
                few=few,
                busiest=in_words(got.busiest),
                lot=in_words(lot),
            )
        )
    return "\n".join(lines)


def beyond(found: Mapping[str, Nested], n: int = 1_000_000) -> str:
    """What can be said of a gallery that nobody searched: a bound, or nothing.

    Parameters
    ----------
    found
        Name -> searches at one threshold each.
    n
        Its size.
    """
    lines = []
    for name, one in found.items():
        each = one.selectivity().per_search
        per_search = each.value / one.town.size * n
        if not each.errors:
            words = _("{name}: no false candidate was seen, so nothing follows for {n:,}.")
        elif per_search >= 1:
            words = _(
                "{name}: among {n:,} about {candidates:.2g} false candidates a search, if FMR stays"
                " what it is. How many searches return somebody is not known: at most all."
            )
        else:
            words = _(
                "{name}: among {n:,} about {candidates:.2g} false candidates a search, if FMR stays"
                " what it is. So at most {share} of the searches return somebody."
            )
        share = in_words(per_search) if per_search < 1 else ""
        lines.append(words.format(name=name, n=n, candidates=per_search, share=share))
    return "\n".join(lines)


def formula(found: Mapping[str, Nested]) -> str:
    """Whether the formula is above what was measured, in the largest gallery and one in between.

    Parameters
    ----------
    found
        Name -> searches at one threshold each.
    """
    lines = []
    for name, one in found.items():
        table = one.table()
        n = table.index[len(table) // 2]
        row = table.loc[n]
        lines.append(_against(name, int(n), row["redrawn"], float(row["bound"])))
    return "\n".join(lines)


def _against(name: str, n: int, rate: Interval, limit: float) -> str:
    facts = {
        "name": name,
        "n": n,
        "rate": in_hundred(rate),
        "limit": _("{n} of 100").format(n=hundred(limit)),
    }
    if rate.words:
        words = _("{name}, {n:,} enrolled: {rate}; by formula {limit}.")
    elif rate.high < limit:
        words = _(
            "{name}, {n:,} enrolled: {rate}; by formula {limit}. So the formula is too high here,"
            " by more than the luck of people and gallery: people differ in how easily they match."
        )
    elif rate.low > limit:
        words = _(
            "{name}, {n:,} enrolled: {rate}; by formula {limit}. The formula is too LOW here, by"
            " more than luck: the people of this gallery match more often than those of the"
            " largest, from which its FMR comes."
        )
    else:
        words = _(
            "{name}, {n:,} enrolled: {rate}; by formula {limit}. A difference between the two is"
            " not shown."
        )
    return words.format(**facts)


def listed(found: Nested, k: int) -> str:
    """What a list without a threshold returns for people in the gallery, and for others.

    Parameters
    ----------
    found
        Searches; their threshold plays no part.
    k
        Candidates on the list.
    """
    town = found.town
    first = town.tpir(-math.inf, within=k)
    seen = int((~found.missing).sum())
    return _(
        "{name}: of {mates} people who are enrolled, {hit} are on their list of {k}. Of {n} people"
        " who are enrolled nowhere, all {seen} whose face was found get a list of {k}: that is"
        " {wrong:,} candidates, and nobody among them is right."
    ).format(
        name=town.matcher,
        mates=first.trials,
        hit=in_hundred(first),
        k=k,
        n=found.searches,
        seen=seen,
        wrong=seen * k,
    )


def daily(rate: Interval) -> pd.DataFrame:
    """The chance of having been a false alert at least once, by days, between two assumptions.

    Parameters
    ----------
    rate
        FPIR of one day's search.
    """
    import pandas as pd

    days = {_("1 day"): 1, _("30 days"): 30, _("1 year"): 365, _("5 years"): 5 * 365}
    rows = [searches.passage(rate.value, n) for n in days.values()]
    columns = [_("if every day repeats the first"), _("if every day is a new draw")]
    table = pd.DataFrame(rows, columns=columns, index=pd.Index(list(days), name=""))
    return table.map(lambda share: _("nearly all") if share > NEARLY_ALL else in_words(share))


def lists(found: Nested, k: int = 10) -> str:
    """On how many lists the same people are false alerts, beside people who are all alike.

    Parameters
    ----------
    found
        Searches at one threshold.
    k
        Lists that have no entry in common.
    """
    got = searches.alike(found.lists(k), k)
    each = found.town.size // k
    told = _(
        "{k} lists of {each:,} people, nobody on two of them: {rate} of the searches are a false"
        " alert. Of {n} people {never} are on none of the lists and {always} on all; if all were"
        " alike it would be {never_if:.1f} and {always_if:.1f}."
    ).format(
        k=k,
        each=each,
        rate=in_words(got.rate),
        n=found.searches,
        never=got.never,
        always=got.always,
        never_if=got.never_if_alike,
        always_if=got.always_if_alike,
    )
    if math.isnan(got.p):
        verdict = _("With nobody or everybody an alert, nothing can differ.")
    elif got.p < CLEAR:
        verdict = _(
            "People differ by more than luck: with this photograph, some are taken for somebody on"
            " list after list, and some never."
        )
    else:
        verdict = _("That people differ is not shown: luck gives counts that differ as much.")
    return f"{told} {verdict}"

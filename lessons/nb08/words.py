"""Notebook 08, "One face in a million": the sentences that its numbers decide.

Every sentence that draws a conclusion has a branch for each way the numbers can fall.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from labkit import published
from labkit.base.words import _
from labkit.measure import searches
from labkit.measure.reading import in_words
from lessons.nb08 import exercises

if TYPE_CHECKING:
    import pandas as pd

    from labkit.gallery.nested import Nested
    from labkit.measure.intervals import Interval
    from labkit.views.plots import Operating

MET_ALERTS, MET_FACES = "met-2025-alerts", "met-2025-faces"
NPL_FPIR, NPL_TPIR = "npl-2023-fpir", "npl-2023-tpir"
"""Rows of the published record."""

CLEAR = 0.05
"""A p-value below this is called a difference; the page has one such test."""


def _rate(rate: Interval) -> str:
    """A share in a hundred with its interval, or what can be said instead."""
    if rate.reason == "none":
        return _("none of {n:,} (at most {bound})").format(n=rate.trials, bound=in_words(rate.high))
    if rate.words:
        return rate.words
    return _("{value} [{low}, {high}] of 100").format(
        value=_hundred(rate.value), low=_hundred(rate.low), high=_hundred(rate.high)
    )


def _hundred(share: float) -> str:
    """A share in a hundred: two digits that count, and no more than whole ones from ten on."""
    value = 100 * share
    return f"{value:.0f}" if value >= 9.95 else f"{value:.2g}"


def ballot(found: Mapping[str, Nested]) -> str:
    """How many of a hundred searches return somebody, with each matcher.

    Parameters
    ----------
    found
        Name -> searches at the threshold of the ballot.
    """
    told = [
        _("{name} {rate}").format(name=name, rate=_rate(one.fpir())) for name, one in found.items()
    ]
    return _("In a gallery of {n:,}: {each}").format(
        n=next(iter(found.values())).town.size, each="; ".join(told)
    )


def curve(found: Mapping[str, Nested]) -> str:
    """What grows with the gallery although the matcher stays the same.

    Parameters
    ----------
    found
        Name -> searches at one threshold each.
    """
    lines = []
    for name, one in found.items():
        table = one.table()
        small, large = table.index[0], table.index[-1]
        first, last = table["redrawn"].iloc[0], table["redrawn"].iloc[-1]
        lines.append(
            _("{name}: {first} among {small:,}, {last} among {large:,}.").format(
                name=name, first=_rate(first), small=small, last=_rate(last), large=large
            )
        )
    lines.append(
        _(
            "The matcher, its threshold and the people searched for are the same at every size."
            " Only the number of people in the gallery grew."
        )
    )
    return "\n".join(lines)


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
            " {people} searches return somebody. The {few} with most have {busiest} of all"
            " candidates; dealt out by lot it would be {lot}."
        )
        lines.append(
            words.format(
                name=name,
                candidates=got.candidates,
                searches=got.searches,
                each=got.per_search.value,
                people=got.people,
                few=few,
                busiest=in_words(got.busiest),
                lot=in_words(lot),
            )
        )
    return "\n".join(lines)


def shown(cell: Any) -> str:
    """A cell of the table of sizes, to read: counts whole, rates with their interval."""
    if isinstance(cell, float):
        return f"{cell:.3f}"
    return f"{cell:,}" if isinstance(cell, int) else cell.short(3)


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
        "rate": _rate(rate),
        "limit": _("{n} of 100").format(n=_hundred(limit)),
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


def alerts(point: Operating) -> str:
    """How many of the alerts are right, and whether most are, by the interval of the false ones.

    Parameters
    ----------
    point
        A station and a matcher.
    """
    low, high = (
        searches.precision(point.prevalence, t, f)
        for t, f in (
            (_end(point.tpir, "low"), _end(point.fpir, "high")),
            (_end(point.tpir, "high"), _end(point.fpir, "low")),
        )
    )
    if math.isnan(point.precision):
        return _("No alert at all: nothing can be right or wrong.")
    if high < 0.5:
        verdict = _("Most alerts are false.")
    elif low > 0.5:
        verdict = _("Most alerts are right.")
    else:
        verdict = _("Whether most are right is not known from so few searches.")
    return _(
        "{right} of 100 alerts are right (between {low} and {high}, as TPIR and FPIR may lie)."
        " {verdict}"
    ).format(
        right=_hundred(point.precision), low=_hundred(low), high=_hundred(high), verdict=verdict
    )


def _end(rate: Any, end: str) -> float:
    """An end of a rate's interval, or the rate itself where it has none."""
    value = float(getattr(rate, end, rate))
    return value if math.isfinite(value) else float(rate)


def frames(point: Operating, many: int = 10) -> str:
    """What becomes of the false alerts when a passage has many frames.

    Parameters
    ----------
    point
        A station and a matcher, one search a passage.
    many
        Frames.
    """
    low, high = searches.passage(float(point.fpir), many)
    return _(
        "With {many} frames a passage FPIR lies between {low} (all frames alike) and {high} (as"
        " different as pictures of {many} occasions). Which of it, nothing here says."
    ).format(many=many, low=in_words(low), high=in_words(high))


def record() -> pd.DataFrame:
    """The published operating points, from the record, with where each was read."""
    rows = [NPL_TPIR, NPL_FPIR, MET_ALERTS, MET_FACES]
    return published.show(
        "live_trials", rows=rows, columns=["study", "figure", "what it counts", "how checked"]
    )


def others() -> dict[str, float]:
    """Numbers of the published operating points, by what they are."""
    table: Any = published.load("live_trials").table.set_index("id")
    return {
        "tpir": float(table.loc[NPL_TPIR, "value"]) / 100,
        "fpir": float(table.loc[NPL_FPIR, "value"]) / 100,
        "gallery": int(table.loc[NPL_FPIR, "gallery"]),
        "false": int(table.loc[MET_ALERTS, "count"]),
        "alerts": int(table.loc[MET_ALERTS, "of"]),
        "faces": int(table.loc[MET_FACES, "of"]),
    }


def beside(ours: Operating, theirs: Operating) -> str:
    """Two operating points side by side: where most alerts are right, and what makes it so.

    Parameters
    ----------
    ours, theirs
        The same people and the same number wanted, this lab's rates and published ones.
    """
    told = []
    for point in (ours, theirs):
        half = _("most are right") if point.precision > 0.5 else _("most are false")
        told.append(
            _("{name}: {right} of 100 alerts right, {half}.").format(
                name=point.name, right=_hundred(point.precision), half=half
            )
        )
    factor = float(ours.fpir) / float(theirs.fpir)
    if factor > 1:
        words = _(
            "Our FPIR is about {factor:.0f} times theirs. People, cameras, pictures, matcher and"
            " threshold all differ, so this compares no two matchers."
        )
    else:
        words = _(
            "Our FPIR is no larger than theirs. People, cameras, pictures, matcher and threshold"
            " all differ, so this compares no two matchers."
        )
    told.append(words.format(factor=factor))
    return "\n".join(told)


def both_denominators() -> str:
    """A police force's alerts, out of alerts and out of faces, and faces for each right one."""
    met = others()
    right = met["alerts"] - met["false"]
    return _(
        "Metropolitan Police, September 2024 to September 2025, as the police classified them:"
        " {wrong:,.0f} of {alerts:,.0f} alerts were false, {of_alerts} of the alerts, and"
        " {million:.1f} for each million of {faces:,.0f} faces scanned. Both are true. About"
        " {each:,.0f} faces were scanned for each right alert. How many wanted people passed"
        " without one is not known: nobody counted them."
    ).format(
        wrong=met["false"],
        alerts=met["alerts"],
        of_alerts=in_words(met["false"] / met["alerts"]),
        million=1e6 * met["false"] / met["faces"],
        faces=met["faces"],
        each=met["faces"] / right,
    )


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
        hit=_rate(first),
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
    return table.map(in_words)


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


def station(matcher: str = exercises.MATCHER) -> dict[str, Any]:
    """A station at the strict threshold: arguments of :class:`labkit.views.plots.Operating`.

    Parameters
    ----------
    matcher
        Whose rates they are.
    """
    found = exercises.strict(matcher)
    return {
        "people": exercises.PASSING,
        "wanted": exercises.WANTED,
        "tpir": found.town.tpir(found.threshold),
        "fpir": found.fpir(),
        "gallery": found.town.size,
    }

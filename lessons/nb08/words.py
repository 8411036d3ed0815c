"""Notebook 08, "One face in a million": the sentences that its numbers decide.

Every sentence that draws a conclusion has a branch for each way the numbers can fall.  Those about
searches at large are :mod:`labkit.gallery.reading`; here stand those about the station.
"""

from __future__ import annotations

import math
from typing import Any

from labkit import published
from labkit.base.words import _
from labkit.gallery.reading import hundred
from labkit.measure import searches
from labkit.measure.reading import in_words
from labkit.views.plots import Operating

MET_ALERTS, MET_FACES = "met-2025-alerts", "met-2025-faces"
NPL_FPIR, NPL_TPIR = "npl-2023-fpir", "npl-2023-tpir"
"""Rows of the published record."""


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
    ).format(right=hundred(point.precision), low=hundred(low), high=hundred(high), verdict=verdict)


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


def _row(name: str) -> Any:
    """A row of the published record."""
    return published.load("live_trials").table.set_index("id").loc[name]


def npl(ours: Operating) -> Operating:
    """The same people before the matcher that NPL tested in 2023, at the gallery it was tested at.

    Parameters
    ----------
    ours
        Who passes, and how many of them are in the gallery.
    """
    fpir, tpir = _row(NPL_FPIR), _row(NPL_TPIR)
    return Operating(
        _("NPL 2023, as printed"),
        ours.people,
        ours.wanted,
        tpir=float(tpir["value"]) / 100,
        fpir=float(fpir["value"]) / 100,
        gallery=int(fpir["gallery"]),
    )


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
                name=point.name, right=hundred(point.precision), half=half
            )
        )
    factor = float(ours.fpir) / float(theirs.fpir)
    low, high = (_end(ours.fpir, end) / float(theirs.fpir) for end in ("low", "high"))
    if factor > 1:
        words = _(
            "Our FPIR is about {factor} times theirs (from {low} to {high}, by our"
            " interval alone). People, cameras, pictures, matcher and"
            " threshold all differ, so this compares no two matchers."
        )
    else:
        words = _(
            "Our FPIR is no larger than theirs. People, cameras, pictures, matcher and threshold"
            " all differ, so this compares no two matchers."
        )
    told.append(words.format(factor=_two(factor), low=_two(low), high=_two(high)))
    return "\n".join(told)


def _two(value: float) -> str:
    """Two digits that count.

    Examples
    --------
    >>> _two(121.3), _two(3.46)
    ('120', '3.5')
    """
    return f"{float(f'{value:.2g}'):g}"


def met() -> str:
    """A police force's alerts, out of alerts and out of faces, and faces for each right one."""
    alerts, faces = _row(MET_ALERTS), _row(MET_FACES)
    wrong, all_alerts, scanned = int(alerts["count"]), int(alerts["of"]), int(faces["of"])
    return _(
        "Metropolitan Police, September 2024 to September 2025, as the police classified them:"
        " {wrong:,.0f} of {alerts:,.0f} alerts were false, {of_alerts} of the alerts, and"
        " {million:.1f} for each million of {faces:,.0f} faces scanned. Both are true. About"
        " {each:,.0f} faces were scanned for each right alert. How many wanted people passed"
        " without one is not known: nobody counted them."
    ).format(
        wrong=wrong,
        alerts=all_alerts,
        of_alerts=in_words(wrong / all_alerts),
        million=1e6 * wrong / scanned,
        faces=scanned,
        each=scanned / (all_alerts - wrong),
    )

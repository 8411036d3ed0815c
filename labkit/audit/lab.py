"""Reports on the lab's own matchers: threshold chosen on dev people, reported on eval people.

In: the name of a matcher.  Out: an :class:`labkit.audit.report.AuditReport`.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from labkit import data
from labkit.audit.numbers import ends_around, tick
from labkit.audit.report import AuditReport, audit
from labkit.base.words import _
from labkit.measure.faces import threshold_cells
from labkit.measure.rates import shortest_threshold
from labkit.measure.scores import all_pairs
from labkit.measure.thresholds import choose_threshold

BY = {"tone": "tone_band", "presentation": "presentation_half"}
"""Groups that can be asked for -> the column that they are."""

ORDERS = {"tone": ["lighter", "medium", "darker"], "presentation": ["lower", "upper"]}
RATE = 1e-2
"""FMR that the threshold is chosen at unless another is asked for."""

LIMITS = (
    _(
        "Anything about real people. The people of Anytown are invented; tone bands and"
        " presentation halves are drawing parameters, not races or genders. {not_built_in}"
    ).format(not_built_in=_(data.NOT_BUILT_IN)),
    _(
        "Which matcher is better on photographs: how a matcher does on drawn people says little of"
        " how it does on others, and matchers that learned from drawn people are at home here."
    ),
)


def lab_audit(matcher: str, by: str = "tone", rate: float = RATE, **options: Any) -> AuditReport:
    """The report on one of the lab's matchers: threshold chosen on dev, reported on eval.

    Parameters
    ----------
    matcher
        The name of a matcher that works offline, of :mod:`labkit.matchers.registry`, in any case.
    by
        ``"tone"`` or ``"presentation"``: the groups.
    rate
        Mean FMR within the cells of :func:`labkit.measure.faces.threshold_cells` that the
        threshold is chosen at, on dev people.
    **options
        Given to :func:`labkit.audit.report.audit`; a part on searches is there only with
        ``galleries``.

    Raises
    ------
    ValueError
        With the names there are, for a matcher or groups that are not here.
    """
    from labkit import matchers

    entry = matchers.get(matcher)
    if not entry.offline:
        words = _("{name} needs a network or an account: audit a CSV of its scored pairs instead")
        raise ValueError(words.format(name=entry.name))
    if by not in BY:
        words = _("there are no groups {name!r}: use one of {known}")
        raise ValueError(words.format(name=by, known=", ".join(BY)))
    dev, rest = data.load("anytown/dev"), data.load("anytown/eval")
    pairs = all_pairs(entry.templates(dev), dev.of("person"), entry.measure)
    chosen = choose_threshold(pairs, rate, cells=threshold_cells(dev))
    around = ends_around(chosen.value, np.sort(pairs.genuine), np.sort(pairs.impostor))
    compared = _("{matcher}, compared by {measure}").format(
        matcher=entry.name, measure=entry.measure
    )
    if entry.fitted:
        learned = _("other people drawn by this project (train)")
    elif entry.at_home:
        learned = _("other people drawn by this project, and nobody else")
    else:
        learned = _("by others, before this project")
    drawn = _("{groups}, a drawing parameter of invented people").format(groups=by)
    standard = {
        "threshold": float(shortest_threshold(chosen.value, *around)),
        "about": [
            (_("Matcher"), compared),
            (_("Trained on"), learned),
            (_("Pictures"), _("anytown/eval: invented people, drawn by this project")),
            (_("Groups"), drawn),
        ],
        "limits": LIMITS,
        "chosen_on": _(
            "{n} other people of Anytown (dev), at a mean FMR of {fmr} within the cells of tone"
            " band and presentation"
        ).format(n=len(dev.people), fmr=tick(rate)),
        "true": chosen.true,
        "galleries": (),  # a forecast from a rate that was asked for would say it again
        "title": _("Audit of {matcher} on the people of Anytown").format(matcher=entry.name),
    }
    return audit(
        all_pairs(entry.templates(rest), rest.of("person"), entry.measure),
        groups=rest.of(BY[by]).astype(str),
        names=ORDERS[by],
        pictures=[f"eval_{i}" for i in range(len(rest))],
        **{**standard, **{name: x for name, x in options.items() if x is not None}},
    )

"""Reports on the lab's own matchers: threshold chosen on dev people, reported on eval people.

In: the name of a matcher.  Out: an :class:`labkit.audit.report.AuditReport`.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from labkit.audit.numbers import tick
from labkit.audit.report import AuditReport, audit
from labkit.base.words import _
from labkit.measure.rates import choose_threshold
from labkit.measure.scores import all_pairs

Sets = tuple[Any, ...]
"""Templates of some sets of people."""


def _shipped(*sets: Any) -> tuple[Sets, str]:
    """Templates that the data come with, and how they are compared."""
    return tuple(s.templates for s in sets), "euclidean"


def _fitted(name: str) -> Callable[..., tuple[Sets, str]]:
    """A matcher that is fitted on train people first."""

    def described(*sets: Any) -> tuple[Sets, str]:
        from labkit import data, matchers

        train = data.load("anytown/train")
        fitted = getattr(matchers, name)().fit(train.crops, train.of("person"))
        return tuple(fitted.transform(s.crops) for s in sets), fitted.measure

    return described


# The one list of matchers of this room.  A registry of matchers (labkit.matchers.registry) is to
# replace it: what is needed of an entry is its name, and templates and measure for some sets.
MATCHERS: dict[str, Callable[..., tuple[Sets, str]]] = {
    "dlib": _shipped,
    "Fisherfaces": _fitted("Fisherfaces"),
    "Eigenfaces": _fitted("Eigenfaces"),
}
"""Name of a matcher -> what describes sets of people with it."""

BY = {"tone": "tone_band", "presentation": "presentation_half"}
"""Groups that can be asked for -> the column that they are."""

ORDERS = {"tone": ["lighter", "medium", "darker"], "presentation": ["lower", "upper"]}
RATE = 1e-2
"""FMR that the threshold is chosen at unless another is asked for."""

LIMITS = (
    _(
        "Anything about real people. The people of Anytown are invented; tone bands and"
        " presentation halves are drawing parameters, not races or genders. Tone was drawn"
        " independently of the shape of the face, so differences in false matches that come from"
        " face shape or ancestry cannot appear here."
    ),
    _(
        "Which matcher is better on photographs: Eigenfaces and Fisherfaces were fitted on other"
        " people drawn by the same program, dlib's network on photographs of real people."
    ),
)


def lab_audit(matcher: str, by: str = "tone", rate: float = RATE, **options: Any) -> AuditReport:
    """The report on one of the lab's matchers: threshold chosen on dev, reported on eval.

    Parameters
    ----------
    matcher
        One of :data:`MATCHERS`, in any case.
    by
        ``"tone"`` or ``"presentation"``: the groups.
    rate
        Mean FMR within groups that the threshold is chosen at, on dev people.
    **options
        Given to :func:`labkit.audit.report.audit`.

    Raises
    ------
    ValueError
        With the names there are, for a matcher or groups that are not here.
    """
    from labkit import data

    known = {name.lower(): name for name in MATCHERS}
    if matcher.lower() not in known:
        words = _("there is no matcher {name!r} here: use one of {known}")
        raise ValueError(words.format(name=matcher, known=", ".join(MATCHERS)))
    if by not in BY:
        words = _("there are no groups {name!r}: use one of {known}")
        raise ValueError(words.format(name=by, known=", ".join(BY)))
    name = known[matcher.lower()]
    dev, rest = data.load("anytown/dev"), data.load("anytown/eval")
    (of_dev, of_rest), measure = MATCHERS[name](dev, rest)
    chosen = choose_threshold(
        all_pairs(of_dev, dev.of("person"), measure), rate, cells=dev.of(BY[by]).astype(str)
    )
    compared = _("{matcher}, compared by {measure}").format(matcher=name, measure=measure)
    drawn = _("{groups}, a drawing parameter of invented people").format(groups=by)
    standard = {
        "threshold": chosen.value,
        "about": [
            (_("Matcher"), compared),
            (_("Pictures"), _("anytown/eval: invented people, drawn by this project")),
            (_("Groups"), drawn),
        ],
        "limits": LIMITS,
        "chosen_on": _(
            "{n} other people of Anytown (dev), at a mean FMR within groups of {fmr}"
        ).format(n=len(dev.people), fmr=tick(rate)),
        "title": _("Audit of {matcher} on the people of Anytown").format(matcher=name),
    }
    return audit(
        all_pairs(of_rest, rest.of("person"), measure),
        groups=rest.of(BY[by]).astype(str),
        names=ORDERS[by],
        pictures=[f"eval_{i}" for i in range(len(rest))],
        **{**standard, **options},
    )

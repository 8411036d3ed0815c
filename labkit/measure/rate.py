"""The error rates of a matcher, one object each: what is an error, what is a trial, its names.

In: what was counted in a group of people.  Out: errors and trials.  Tables, figures, the audit, the
explorers and the published record go through :data:`RATES`; a new rate is one entry there.

Definitions after secondary descriptions of ISO/IEC 19795-1; no conformity is claimed.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any

import numpy as np
from numpy.typing import NDArray

from labkit.base.words import N_

Counts = NDArray[np.float64]


UNITS = ("person", "pair")


@dataclass(frozen=True)
class Rate:
    """One error rate.

    Parameters
    ----------
    name
        In code and in columns, ``"fmr"``.
    short
        In tables, ``"FMR"``.
    axis
        On the axis of a figure.
    heading
        Above a section of a report.
    means
        What it counts, in one or two sentences.
    errors, trials
        Words for what is counted and for what it is divided by.
    unit
        Whose trials they are: ``"person"``, or ``"pair"`` for pairs of two people.
    log
        Whether a figure shows it on a log axis.
    terms
        Errors and trials of each unit, from what was counted in a group
        (:class:`labkit.measure.counts.GroupCounts`).
    none
        Words for no error at all; ``"no "`` and ``errors`` when empty.
    partner
        The rate of the other kind of error that summaries of both kinds set beside it; empty for a
        rate that is in no such summary.

    Raises
    ------
    ValueError
        For a unit that nothing is counted by.

    Examples
    --------
    >>> from types import SimpleNamespace
    >>> counted = SimpleNamespace(images=np.array([4, 4]), failed=np.array([0, 1]))
    >>> RATES["fta"].terms(counted)
    (array([0, 1]), array([4, 4]))
    """

    name: str
    short: str
    axis: str
    heading: str
    means: str
    errors: str
    trials: str
    terms: Callable[[Any], tuple[Counts, Counts]] = field(repr=False)
    unit: str = "person"
    log: bool = False
    none: str = ""
    partner: str = ""

    def __post_init__(self) -> None:
        if self.unit not in UNITS:
            raise ValueError(f"{self.name} counts by {self.unit!r}: use {' or '.join(UNITS)}")
        if not self.none:
            object.__setattr__(self, "none", f"no {self.errors}")

    @property
    def of_pairs(self) -> bool:
        """Whether its trials belong to pairs of two people, so that whole people decide twice."""
        return self.unit == "pair"


def rate(name: str, among: Iterable[str] | None = None) -> Rate:
    """One of :data:`RATES`, or of those that are named ``among`` them.

    Raises
    ------
    ValueError
        With the names there are, when there is none of that name.

    Examples
    --------
    >>> rate("fnmr").short
    'FNMR'
    >>> rate("fmrr")
    Traceback (most recent call last):
    ValueError: there is no rate 'fmrr': use one of fta, fnmr, ...
    """
    known = list(RATES if among is None else among)
    if name not in known:
        raise ValueError(f"there is no rate {name!r}: use one of {', '.join(known)}")
    return RATES[name]


_ALL = (
    Rate(
        name="fta",
        short=N_("FTA"),
        axis=N_("FTA: pictures without a template"),
        heading=N_("Failures to acquire (FTA)"),
        means=N_("FTA: pictures without a usable face, out of all pictures."),
        errors=N_("images without a usable face"),
        trials=N_("images"),
        terms=lambda c: (c.failed, c.images),
    ),
    Rate(
        name="fnmr",
        short=N_("FNMR"),
        axis=N_("FNMR: genuine pairs that do not"),
        heading=N_("Misses among the comparisons made (FNMR)"),
        means=N_(
            "FNMR: pairs of one person that do not match, out of those whose comparison was made."
        ),
        errors=N_("misses"),
        trials=N_("mated comparisons made"),
        terms=lambda c: (c.missed, c.made),
        partner="fmr",
    ),
    Rate(
        name="false_rejection",
        short=N_("false rejection"),
        axis=N_("false rejection, failures counted"),
        heading=N_("False rejection, failures counted"),
        means=N_(
            "Pairs of one person that do not match or whose comparison failed, out of all such"
            " pairs planned. This is the rate to compare across groups: FNMR alone rewards a system"
            " that loses faces."
        ),
        errors=N_("rejections"),
        trials=N_("mated pairs planned"),
        terms=lambda c: (c.missed + c.planned - c.made, c.planned),
        partner="fmr",
    ),
    Rate(
        name="fmr",
        short=N_("FMR"),
        axis=N_("FMR: impostor pairs that match"),
        heading=N_("False matches (FMR)"),
        means=N_(
            "FMR: impostor comparisons that match, out of those made. In a group, both people are"
            " of the group."
        ),
        errors=N_("false matches"),
        trials=N_("impostor comparisons"),
        terms=lambda c: (c.false, c.compared),
        unit="pair",
        log=True,
        none=N_("no false match"),
        partner="fnmr",
    ),
)
_KNOWN = {r.name: r for r in _ALL}

RATES: Mapping[str, Rate] = MappingProxyType(_KNOWN)
"""The rates of a group table, in its order."""

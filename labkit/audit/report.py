"""A report on any matcher: who was tested, how often it errs, for whom, and how sure that is.

In: a CSV of scored pairs of any matcher in the world (:mod:`labkit.audit.csv` says its columns),
templates with people and groups, or :class:`labkit.measure.scores.AllPairs`.  Out: an
:class:`AuditReport`, one HTML file that needs nothing else, and its numbers as tables and for JSON.

The same input gives the same bytes.  The report covers what the scope of ISO/IEC 19795-10 names; no
conformity is claimed.
"""

from __future__ import annotations

import json
import math
from collections.abc import Hashable, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from labkit.audit import sentences
from labkit.audit.csv import Reading, read_pairs
from labkit.audit.facts import Facts, Point
from labkit.audit.numbers import ends_around
from labkit.audit.page import html
from labkit.audit.pairs import PairList, PairTable
from labkit.base.files import write_whole
from labkit.base.words import _
from labkit.measure.counts import PairCounts
from labkit.measure.disparity import ALL_OTHERS, group_table
from labkit.measure.intervals import Interval
from labkit.measure.rates import shortest_threshold
from labkit.measure.scores import AllPairs, all_pairs
from labkit.measure.thresholds import ENOUGH_PEOPLE_FOR_A_MEAN, true_fmr

if TYPE_CHECKING:
    import pandas as pd

GALLERIES = (1_000, 10_000, 25_000, 1_000_000)
"""Sizes of galleries for which a report says what the measured FMR means."""

DEFAULT_RATES = (1e-3, 1e-2, 1e-1)
"""FMRs tried one after the other when nobody gave a threshold or an FMR."""


@dataclass(frozen=True, eq=False)
class AuditReport:
    """A finished audit, from :func:`audit`.

    Parameters
    ----------
    html
        The whole page.
    numbers
        Every number of the page as a plain dict that JSON can keep; ``None`` for what is not known
        or has no end.  ``title``, ``date``, ``labkit`` (the version); ``input`` (what came in);
        ``threshold`` (``value`` in the unit of the scores, ``fmr_asked``, ``fmr_refused`` where a
        lower one was tried first, and the ends of the interval of its true FMR on other people
        where that is known); ``auc``; ``left_out`` (groups
        too small to compare, by rate); and one list of rows for each of ``tables``.  Names of
        people and pictures are in it only with ``show_names``.
    tables
        The same rows as data frames, also numbers in whose place the page has a dash: ``who``,
        ``rates`` (one row for each group and rate; ``shown``: whether the page gives the rate),
        ``failures`` (comparisons that failed), ``contrasts`` (ratios of groups; ``claimed`` says
        which differences the page calls shown; ``p_family`` is ``p_pooled`` adjusted),
        ``strata`` (the same within strata), ``spread``, ``scores``, ``thresholds``, ``search``,
        ``highest``.
    point
        The threshold (``value``, larger meaning more alike) and what it was chosen by.
    """

    html: str = field(repr=False)
    numbers: dict[str, Any] = field(repr=False)
    tables: dict[str, pd.DataFrame] = field(repr=False)
    point: Point

    @property
    def threshold(self) -> float:
        """The threshold, larger meaning more alike."""
        return self.point.value

    def write(self, path: str | Path) -> Path:
        """Write the page, whole or not at all; the path it was written to."""
        place = checked_out(path)
        write_whole(place, self.html.encode())
        return place

    def write_json(self, path: str | Path) -> Path:
        """Write the numbers as JSON, whole or not at all; the path they were written to."""
        place = checked_out(path, ".json")
        text = json.dumps(self.numbers, indent=1, ensure_ascii=False, allow_nan=False)
        write_whole(place, f"{text}\n".encode())
        return place


def checked_out(path: str | Path, *kinds: str) -> Path:
    """A path that can be written to; ``ValueError`` with one sentence if it cannot be.

    Parameters
    ----------
    path
        The path.
    *kinds
        How its name may end: ``.html`` or ``.htm`` when nothing is given.
    """
    place, kinds = Path(path), kinds or (".html", ".htm")
    if place.suffix.lower() not in kinds:
        words = _("{path} is no {kind}: give a file name that ends in {kind}")
    elif place.is_dir():
        words = _("{path} is a folder: give a file name that ends in {kind}")
    elif not place.parent.is_dir():
        words = _("the folder {parent} does not exist: make it first")
    else:
        return place
    raise ValueError(words.format(path=path, parent=place.parent, kind=kinds[0]))


# ---- the audit ----------------------------------------------------------------------------------


def audit(
    source: str | Path | PairList | AllPairs | ArrayLike,
    people: ArrayLike | None = None,
    groups: ArrayLike | None = None,
    *,
    reading: Reading | None = None,
    measure: str = "euclidean",
    names: Sequence[Hashable] | None = None,
    pictures: Sequence[str] | None = None,
    threshold: float | None = None,
    fmr: float | None = None,
    chosen_on: str = "",
    true: Interval | None = None,
    distance: bool = False,
    reference: Hashable = ALL_OTHERS,
    galleries: Sequence[int] | None = None,
    title: str = "",
    about: Sequence[tuple[str, str]] = (),
    limits: Sequence[str] = (),
    command: str = "",
    date: str = "",
    show_names: bool = False,
) -> AuditReport:
    """A report on a matcher, at one operating point.

    Parameters
    ----------
    source
        The path of a file of scored pairs (see :func:`labkit.audit.csv.read_pairs`), what that
        function read, :class:`~labkit.measure.scores.AllPairs`, or templates of shape (n, d), NaN
        where there is none.
    people
        Number of the person in each picture, shape (n,); for templates only.
    groups
        Group of each picture, shape (n,); for templates and AllPairs.
    reading
        How to read the file; recognised when ``None``.
    measure
        How templates are compared, one of :data:`labkit.measure.scores.MEASURES`.
    names
        The groups in the order wanted.
    pictures
        Names of the pictures, shape (n,); for templates and AllPairs.
    threshold
        In the unit of the scores: a match is ``score >= threshold``, or ``distance <= threshold``
        with ``distance``.  Beyond all scores is a result too: nothing matches.
    fmr
        Instead: choose the lowest threshold at which the mean of the FMRs within groups (without
        groups: the FMR) is at most this, on the people reported on; the report says what that
        means.  Without either, the first of :data:`DEFAULT_RATES` that these people carry.
    chosen_on
        Where a given threshold comes from, in words.
    true
        The interval for a given threshold's true FMR on other people than those it was chosen on.
    distance
        The CSV's scores are distances: smaller means more alike.
    reference
        The group that others are compared with, chosen before anyone looked; without it each group
        is compared with all others together.
    galleries
        Sizes of galleries for the part on searches, which a page has only where a threshold was
        given; :data:`GALLERIES` when ``None``.
    title
        Heading of the report.
    about
        Further lines of "what was tested": name, value.
    limits
        Further sentences of "what this report does not show".
    command
        The command to print under "how to reproduce".
    date
        Printed when given; nothing is dated otherwise, so that the same input gives the same bytes.
    show_names
        Whether the highest impostor scores name pictures and people; off, for a page may be
        published.

    Returns
    -------
    AuditReport

    Raises
    ------
    ValueError
        With one sentence, when the input cannot be audited (:class:`~labkit.audit.csv.BadFile` for
        a CSV).

    Examples
    --------
    >>> rng = np.random.default_rng(0)
    >>> people = np.repeat(np.arange(60), 3)
    >>> faces = rng.normal(size=(60, 8))[people] + 0.3 * rng.normal(size=(180, 8))
    >>> report = audit(faces, people, np.array(["a", "b"])[people % 2], fmr=0.05)
    >>> report.tables["rates"].query("rate == 'fmr'")["group"].tolist()
    ['everyone', 'a', 'b']
    >>> [row["group"] for row in report.numbers["who"]], report.numbers["input"]["people"]
    (['everyone', 'a', 'b'], 60)
    """
    if threshold is not None and fmr is not None:
        raise ValueError(_("give a threshold or an FMR, not both"))
    sizes = GALLERIES if galleries is None else tuple(galleries)
    if any(n < 1 for n in sizes):
        raise ValueError(_("a gallery holds at least one person: give sizes such as 1000"))
    pairs = _source(source, people, groups, measure, names, pictures, distance, reading)
    facts = Facts(
        pairs=pairs,
        point=_point(pairs, threshold, fmr, chosen_on, distance, true),
        distance=distance,
        reference=reference,
        galleries=() if threshold is None else sizes,
        show_names=show_names,
        title=title or _("Audit of {name}").format(name=pairs.name),
        about=tuple(about),
        limits=tuple(limits),
        command=command,
        date=date,
    )
    return AuditReport(html(facts), facts.numbers(), facts.tables(), facts.point)


def _source(
    source: Any,
    people: Any,
    groups: Any,
    measure: str,
    names: Any,
    pictures: Any,
    distance: bool,
    reading: Reading | None,
) -> PairList | PairTable:
    """The pairs of any of the three kinds of input, checked."""
    if isinstance(source, PairList):
        return source
    if isinstance(source, str | Path):
        if people is not None or groups is not None:
            raise ValueError(
                _("a CSV has its people and groups in columns: leave people, groups out")
            )
        return read_pairs(source, distance=distance, reading=reading)
    if distance:
        raise ValueError(_("distance is for a CSV: templates are compared by measure="))
    if not isinstance(source, AllPairs):
        if people is None:
            raise ValueError(_("templates need the number of the person in each: give people="))
        source = all_pairs(source, people, measure)
    labels: NDArray[np.object_] | None = None
    order: list[Hashable] = []
    if groups is not None:
        counted = group_table(source, groups, 0.0, names=names)
        order = [r.name for r in counted.rows if len(r.people)]
        labels = np.asarray(groups).astype(object)
    if pictures is not None and len(pictures) != len(source):
        words = _("{names} names for {pictures} pictures: give one each")
        raise ValueError(words.format(names=len(pictures), pictures=len(source)))
    table = PairTable(source, labels, order, None if pictures is None else list(pictures))
    table.check()
    return table


def _point(
    pairs: PairList | PairTable,
    threshold: float | None,
    rate: float | None,
    chosen_on: str,
    distance: bool,
    true: Interval | None,
) -> Point:
    """The threshold: given, at an FMR, or at the first default rate that can be had."""
    if threshold is not None:
        if math.isnan(threshold):
            raise ValueError(_("threshold nan is no number: give one such as 0.5"))
        said = sentences.CHOSEN_ON.format(people=chosen_on) if chosen_on else sentences.GIVEN
        value = -float(threshold) if distance else float(threshold)
        return Point(value, math.nan, False, said, true)
    if rate is not None:
        if not 0 < rate < 1:
            words = _("FMR {rate:g} is no rate to aim at: give one such as 1e-3")
            raise ValueError(words.format(rate=rate))
        return _chosen(pairs, rate, sentences.SAME_PEOPLE)
    refused: ValueError | None = None
    for rate in DEFAULT_RATES:
        said = f"{sentences.NOBODY_GAVE} {sentences.SAME_PEOPLE}"
        try:
            found = _chosen(pairs, rate, said)
            return replace(found, refused=DEFAULT_RATES[0]) if refused else found
        except ValueError as error:
            refused = refused or error
    raise refused or ValueError(_("no threshold could be chosen"))


def _chosen(pairs: PairList | PairTable, rate: float, said: str) -> Point:
    """The lowest threshold at an FMR: of those that count the same, the one with fewest digits."""
    value = pairs.threshold_at(rate)
    around = ends_around(value, np.sort(pairs.genuine), np.sort(pairs.impostor))
    value = float(shortest_threshold(value, *around))
    table = pairs.by_group(value) or pairs.everyone(value)
    counts = [c for row in table.rows if isinstance(c := row.of("fmr"), PairCounts)]
    need = ENOUGH_PEOPLE_FOR_A_MEAN if pairs.groups else 0
    cells = [c for c in counts if c.trials.any() and c.people_with_trials >= need]
    return Point(value, rate, True, said, true_fmr(cells) if cells else None)

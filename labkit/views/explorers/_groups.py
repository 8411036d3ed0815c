"""The group explorer: errors of each group at one threshold, with intervals by people."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

import numpy as np
import traitlets
from numpy.typing import ArrayLike, NDArray

from labkit.base.words import _
from labkit.measure.intervals import Interval, cluster_interval, fmr_interval
from labkit.measure.labels import Labels, labels
from labkit.measure.rate import RATES, Rate
from labkit.measure.reading import in_words
from labkit.measure.thresholds import ENOUGH_PERSON_PAIRS
from labkit.views.explorers.base import Explorer
from labkit.views.explorers.counts import (
    at_least,
    best_by_person_pair,
    floor_step,
    ladder,
    place_of,
    sparse_matches,
    told,
    with_exact,
)
from labkit.views.explorers.made_up import made_up_pairs
from labkit.views.explorers.still import Still

if TYPE_CHECKING:
    import pandas as pd

    from labkit.measure.scores import AllPairs

HIGHEST = 0.05  # FMR at the lowest threshold: below it the lists sent would grow long
MOST_STEPS = 250  # a step is kept in one byte
ORDER = ("lighter", "medium", "darker", "lower", "middle", "upper")


class GroupsExplorer(Explorer):
    """Rates of groups with intervals by people; see :func:`groups`.

    ``matcher``, ``grouping`` and ``rate`` are names, ``step`` the place of the slider.
    """

    NAME = "groups"
    SENT = ("matcher", "grouping", "rate", "step")
    matcher = traitlets.Unicode("").tag(sync=True)
    grouping = traitlets.Unicode("").tag(sync=True)
    rate = traitlets.Unicode(RATES["fmr"].short).tag(sync=True)
    step = traitlets.Int(0, min=0).tag(sync=True)

    @property
    def thresholds(self) -> NDArray[np.float64]:
        """Every threshold on the slider of the matcher chosen, ascending."""
        place = self.meta["matchers"].index(self.matcher)
        return self.arrays[f"{place} thresholds"]

    @property
    def threshold(self) -> float:
        """Threshold where the slider stands."""
        return float(self.thresholds[min(self.step, len(self.thresholds) - 1)])

    @traitlets.validate("matcher", "grouping", "rate")
    def _known(self, proposal: Any) -> str:
        kind = proposal["trait"].name + "s"
        if self.data and proposal["value"] not in self.meta[kind]:
            raise traitlets.TraitError(
                f"there is no {proposal['trait'].name} {proposal['value']!r}:"
                f" use {', '.join(self.meta[kind])}"
            )
        return proposal["value"]

    @classmethod
    def example(cls) -> Explorer:
        """One matcher with a long name, three groups."""
        pairs, band = made_up_pairs()
        return groups({"a matcher with a long name": pairs}, {"tone band": band})

    def still(self) -> Still:
        """False matches within each group at the threshold where the slider stands."""
        meta, words = self.meta, self.words()
        place = meta["matchers"].index(self.matcher)
        which = meta["groupings"].index(self.grouping)
        said = _("{matcher} at threshold {threshold}: false matches (FMR) by {grouping}.")
        step = min(self.step, len(self.thresholds) - 1)
        values = {
            "matcher": self.matcher,
            "threshold": meta["described"][place]["told"][step],
            "grouping": self.grouping,
        }
        group = self.arrays[f"group {which}"]
        false, compared = self._false_matches(step)
        rows = []
        for k, name in enumerate(meta["names"][which]):
            own = np.ix_(group == k, group == k)
            found = fmr_interval(false[own], compared[own])
            rate = found.words or f"{in_words(found.value)} ({found.errors:,})"
            rows.append((name, f"{int((group == k).sum()):,}", rate))
        columns = [str(words[key]) for key in ("column_group", "column_people", "column_rate")]
        return Still(str(words["name"]), said.format(**values), columns, rows)

    def table(self) -> pd.DataFrame:
        """The rate of each group where the slider stands, with its interval by people.

        Returns
        -------
        DataFrame
            ``group``, ``people``, ``errors``, ``trials``, ``value``, ``low``, ``high`` (NaN where
            there is too little for them) and ``words``, which then say why.
        """
        import pandas as pd

        meta = self.meta
        which = meta["groupings"].index(self.grouping)
        group = self.arrays[f"group {which}"]
        step = min(self.step, len(self.thresholds) - 1)
        rows = []
        for k, name in enumerate(meta["names"][which]):
            found = self._rate_of(group == k, step)
            rows.append(
                {
                    "group": name,
                    "people": int((group == k).sum()),
                    "errors": found.errors,
                    "trials": found.trials,
                    "value": found.value,
                    "low": found.low,
                    "high": found.high,
                    "words": found.words,
                }
            )
        return pd.DataFrame(rows)

    def _rate_of(self, own: NDArray[np.bool_], step: int) -> Interval:
        """The chosen rate of some people at a step."""
        kind = next(name for name, rate in RATES.items() if rate.short == self.rate)
        place = self.meta["matchers"].index(self.matcher)
        if RATES[kind].of_pairs:
            false, compared = self._false_matches(step)
            return fmr_interval(false[np.ix_(own, own)], compared[np.ix_(own, own)])
        size = self.meta["people"]

        def counts(what: str) -> NDArray[np.int64]:
            found = self.arrays[f"{place} {what} {kind}"].astype(np.int64)
            return (found if len(found) == size else found.reshape(-1, size)[step])[own]

        return cluster_interval(counts("errors"), counts("trials"))

    def _false_matches(self, step: int) -> tuple[NDArray, NDArray]:
        """False matches and comparisons by pair of people, as far as they share some group."""
        arrays, size = self.arrays, self.meta["people"]
        place = self.meta["matchers"].index(self.matcher)
        listed = self.meta["described"][place]["list"]
        first, second, many, last = (
            arrays[f"{listed} {part}"] for part in ("first", "second", "many", "last")
        )
        pair = np.repeat(np.arange(len(many)), many)[last >= step]
        false = np.zeros((size, size), np.int64)
        false[first, second] = np.bincount(pair, minlength=len(many))
        images = arrays[f"{place} usable"].astype(np.int64)
        compared = np.outer(images, images)
        np.fill_diagonal(compared, 0)
        return false + false.T, compared

    @classmethod
    def words(cls) -> dict[str, str | list[str]]:
        """Sentences of the page."""
        pairs = ENOUGH_PERSON_PAIRS
        return {
            "title": _("Who is failed, at one threshold"),
            "name": _("Who is failed, at one threshold for everybody"),
            "label": _("Groups explorer"),
            "choose_grouping": _("Groups"),
            "choose_rate": _("Rate"),
            "slider": _("Threshold (arrows: 1 step, Page Up, Down: 10; right: stricter)"),
            "mated_only": _(
                "FMR counts comparisons of two people. It does not depend on the mated pairs: it is"
                " the same for {names}."
            ),
            "value": _("threshold {threshold}, FMR of all pairs {fmr}"),
            "lab": _("The lab's threshold ({threshold})"),
            "in_words": _("The same in words"),
            "as_table": _("The same as a table"),
            # What the threshold means for each group.
            "sentence": _(
                "{matcher} at threshold {threshold} (FMR of all pairs {fmr}): {rate} by {grouping}:"
                " {groups}."
            ),
            "group": _("{group}: {said}"),
            "group_counted": _("{group}: {said} ({errors} of {trials})"),
            "with_interval": _("{rate}, interval {range}"),
            "mean": _("Mean of the groups' {rate}s: {mean}."),
            "mean_without": _(
                "Mean of the {rate}s of groups with {n} people or more: {mean}; too few: {groups}."
            ),
            "all_few": _("No mean of their {rate}s: every group has too little for a rate."),
            "no_mean": _("No group has {n} people: there is no mean of their {rate}s."),
            # The picture.
            "picture": _(
                "{rate} of {n} groups as dots with intervals. The table has the same numbers."
            ),
            "log_axis": _("{rate} within the group (each step is ten times)"),
            "log_axis_short": _("{rate}, steps of ten times"),
            "asked": _("{fmr} asked"),
            "see_table": _("see the table"),
            "how_to_read": _(
                "Dot: the rate. Line with ends: interval by people. Hollow dashed dot, group in"
                " grey: too few people or errors for a rate with an interval, said in words. Short"
                " upright line under a row (FMR): the lowest FMR this group can show, from"
                " {pairs} pairs of people."
            ).format(pairs=pairs),
            # The table.
            "caption": _("{matcher}, {rate} by {grouping} at threshold {threshold}"),
            "column_group": _("Group"),
            "column_people": _("people"),
            "column_errors": _("errors"),
            "column_trials": _("of"),
            "column_rate": _("rate"),
            "column_interval": _("interval by people, 95%"),
            "column_from": _("errors from"),
            "column_lowest": _("lowest FMR it can show"),
            "not_shown": _("not shown"),
            "not_on_slider": _("not on this slider"),
            "for_fmr": _("for FMR only"),
            "takes": _("takes {people}"),
        }


def groups(
    matchers: Mapping[str, AllPairs],
    groupings: Mapping[str, ArrayLike],
    *,
    start_fmr: float = 1e-2,
    thresholds: Mapping[str, float] | None = None,
    named: str | None = None,
) -> GroupsExplorer:
    """A view of the errors of groups: choose matcher, grouping, rate and threshold.

    FMR counts impostor comparisons with both people in the group.  The slider moves over the FMR of
    all pairs, from 5% down to where 30 pairs of people are left.

    Parameters
    ----------
    matchers
        By name, all comparisons of the same images.  Parts such as
        ``pairs.mated_only("restyled")`` may stand beside the whole: impostor pairs are sent once.
    groupings
        By name, the group of each image, shape (n,); one group for each person.  Images without
        one (:func:`labkit.measure.labels.labels`) take no part and are counted apart.
    start_fmr
        FMR that is asked for, a faint line in the picture.  Without ``thresholds`` the page starts
        near it: at most 2.5% away, exactly at powers of ten.
    thresholds
        By name of a matcher, a threshold that must be on the slider exactly; it is started from.
    named
        What the box that chooses among ``matchers`` is called, such as ``"Pairs"`` where they are
        parts of one table; else "Matcher".

    Returns
    -------
    widget
        With ``.matcher``, ``.grouping``, ``.rate``, ``.step``, ``.threshold``, ``.to_html(path)``.

    Raises
    ------
    ValueError
        If matchers differ in their images, or a person is in two groups; as
        :func:`labkit.measure.labels.labels` for labels that cannot be read.

    Examples
    --------
    >>> from labkit.measure.scores import all_pairs
    >>> rng = np.random.default_rng(0)
    >>> people = np.repeat(np.arange(60), 3)
    >>> band = np.where(people % 2, "lighter", "darker")
    >>> view = groups({"random": all_pairs(rng.normal(size=(180, 4)), people)}, {"tone band": band})
    >>> view.matcher, view.grouping, view.rate
    ('random', 'tone band', 'FMR')
    """
    if not matchers or not groupings:
        raise ValueError("nothing to show: give at least one matcher and one grouping")
    first = next(iter(matchers.values()))
    for name, pairs in matchers.items():
        if not np.array_equal(pairs.people, first.people):
            raise ValueError(f"{name!r} is of other images than {next(iter(matchers))!r}")
    people, place = np.unique(first.people, return_inverse=True)
    read = {str(k): of_people(str(k), v, place) for k, v in groupings.items()}
    codes = {name: found for name, (found, _words) in read.items()}
    same = np.zeros((len(people), len(people)), bool)
    for found in codes.values():
        same |= (found.place[:, None] == found.place[None]) & found.known
    # Who has no group gets a place beyond the names.
    arrays: dict[str, NDArray] = {
        f"group {k}": smallest(np.where(found.known, found.place, len(found.names)))
        for k, found in enumerate(codes.values())
    }
    # Parts of one table share its impostor pairs, its slider and what must be on it.
    exact: dict[int, list[float]] = {}
    for name, value in (thresholds or {}).items():
        if name not in matchers:
            raise ValueError(f"a threshold for {name!r}, but the matchers are {list(matchers)}")
        exact.setdefault(id(matchers[name].matrix), []).append(float(value))
    listed: dict[int, int] = {}
    described: list[dict[str, Any]] = []
    for k, pairs in enumerate(matchers.values()):
        table = id(pairs.matrix)
        if table not in listed:
            listed[table] = k
            arrays |= prefixed(k, impostors(pairs, exact.get(table, []), same, place))
        for part in ("thresholds", "false"):
            arrays[f"{k} {part}"] = arrays[f"{listed[table]} {part}"]
        arrays |= prefixed(k, by_person(pairs, arrays[f"{k} thresholds"], place))
        size = int(pairs.impostor.size)
        scores = np.sort(pairs.impostor), np.sort(pairs.genuine)
        described.append(
            {
                "list": listed[table],
                "impostor": size,
                "exact": exact.get(table, []),
                "told": told(arrays[f"{k} thresholds"], *scores),
            }
        )
    meta: dict[str, Any] = {
        "matchers": [str(name) for name in matchers],
        "named": named or _("Matcher"),
        "described": described,
        "groupings": list(codes),
        "names": [found.names for found in codes.values()],
        "missing": [words for _found, words in read.values()],
        "rates": [rate.short for rate in shown_rates()],
        "about_rates": [about(rate) for rate in shown_rates()],
        "people": len(people),
        "asked": float(start_fmr),
    }
    rates = arrays["0 false"] / first.impostor.size
    start = int(np.argmin(np.abs(np.log(np.maximum(rates, 1e-12) / start_fmr))))
    if described[0]["exact"]:
        start = place_of(arrays["0 thresholds"], described[0]["exact"][0])
    return GroupsExplorer.of(
        meta,
        arrays,
        matcher=meta["matchers"][0],
        grouping=meta["groupings"][0],
        step=start,
    )


def prefixed(k: int, arrays: Mapping[str, NDArray]) -> dict[str, NDArray]:
    """Arrays under names that say which matcher they belong to."""
    return {f"{k} {name}": a for name, a in arrays.items()}


def impostors(
    pairs: AllPairs, exact: list[float], same: NDArray[np.bool_], place: NDArray[np.intp]
) -> dict[str, NDArray]:
    """Thresholds of the slider, false matches of all pairs at each, the list by pair of people."""
    impostor = np.sort(pairs.impostor)
    steps = ladder(impostor, HIGHEST)
    last = floor_step(at_least(np.sort(best_by_person_pair(pairs).pairs), steps))
    steps = steps[: max(last + 1, 1)][-MOST_STEPS:]
    if exact and min(exact) < steps[0]:
        raise ValueError(
            f"threshold {min(exact):g} has an FMR above {HIGHEST:g}, where this slider starts"
            f" ({told(steps[:1], impostor)[0]}): give a higher one"
        )
    steps = with_exact(steps, exact)
    found = sparse_matches(pairs, steps, same, place)
    return {
        "thresholds": steps,
        "false": at_least(impostor, steps).astype(np.uint32),
        "first": found.first,
        "second": found.second,
        "many": smallest(found.many),
        "last": found.step,
    }


def shown_rates() -> list[Rate]:
    """FMR, for which the page has a list of false matches, then all rates counted by person."""
    return [RATES["fmr"], *(rate for rate in RATES.values() if not rate.of_pairs)]


def about(rate: Rate) -> dict[str, Any]:
    """What the page is told of a rate."""
    errors = _(rate.errors)
    return {
        "name": rate.name,
        "short": _(rate.short),
        "title": _("{rate}: {errors}").format(rate=_(rate.short), errors=errors),
        "errors": errors,
        "pairs": rate.of_pairs,
        "log": rate.log,
    }


def by_person(pairs: AllPairs, steps: NDArray, place: NDArray[np.intp]) -> dict[str, NDArray]:
    """For each person usable images, and errors and trials of every rate counted by person.

    Errors and trials have one entry for each person, or, where they change with the threshold, for
    each step and then each person.
    """
    size = int(place.max()) + 1
    images = np.bincount(place, minlength=size)
    failed = np.bincount(place[~pairs.usable], minlength=size)
    counts = [pairs.mated_counts(t) for t in steps]
    counted = [
        SimpleNamespace(
            missed=c.missed, made=c.made, planned=c.planned, images=images, failed=failed
        )
        for c in counts
    ]
    out = {"usable": smallest(images - failed)}
    for rate in RATES.values():
        if not rate.of_pairs:
            errors, trials = zip(*(rate.terms(c) for c in counted), strict=True)
            out[f"errors {rate.name}"] = by_step(errors)
            out[f"trials {rate.name}"] = by_step(trials)
    return out


def by_step(rows: Sequence[ArrayLike]) -> NDArray:
    """Counts by step and person, a table, or by person alone where every step has the same."""
    table = np.stack([np.asarray(row) for row in rows])
    return smallest(table[0] if (table == table[0]).all() else table)


def smallest(counts: ArrayLike) -> NDArray:
    """Counts in the smallest whole numbers that hold them.

    Examples
    --------
    >>> smallest([3, 300]).dtype, smallest([3.0]).dtype
    (dtype('uint16'), dtype('uint8'))
    """
    given = np.asarray(counts)
    return given.astype(np.result_type(np.uint8, np.min_scalar_type(int(given.max(initial=0)))))


def of_people(name: str, groups_: ArrayLike, place: NDArray[np.intp]) -> tuple[Labels, str]:
    """Groups in reading order with the place of each person among them, and who has none in words.

    Raises
    ------
    ValueError
        If there is not one group for each image, or not one for each person.
    """
    try:
        found = labels(groups_, len(place))
    except ValueError as error:
        raise ValueError(f"{name!r}: {error}") from error
    order = sorted(range(len(found.names)), key=lambda k: reading_order(str(found.names[k])))
    code = np.append(np.argsort(order), -1)[found.place]  # -1 stays -1
    by_person = np.zeros(place.max() + 1, np.int64)
    by_person[place] = code
    if (by_person[place] != code).any():
        raise ValueError(
            f"{name!r} puts one person in two groups, or only some images of a person in one:"
            " give one group for each person"
        )
    return Labels([str(found.names[k]) for k in order], by_person), found.words


def reading_order(name: str) -> tuple[Any, ...]:
    """Sorts "lighter" before "darker", in compound names too; other words by the alphabet."""
    words = re.findall(r"\w+", name)
    return tuple((ORDER.index(w), "") if w in ORDER else (len(ORDER), w) for w in words)

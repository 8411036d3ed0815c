"""The threshold explorer: two heaps of scores, one threshold, two kinds of error."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import numpy as np
import traitlets
from numpy.typing import ArrayLike, NDArray

from labkit.base.words import _
from labkit.measure.thresholds import (
    ENOUGH_PEOPLE_FOR_A_MEAN,
    ENOUGH_PERSON_PAIRS,
    cells_with_people,
)
from labkit.views.explorers.base import Explorer
from labkit.views.explorers.counts import (
    STEP,
    at_least,
    best_by_person_pair,
    floor_step,
    ladder,
    place_of,
    told,
    with_exact,
)
from labkit.views.explorers.made_up import made_up_pairs

if TYPE_CHECKING:
    from labkit.measure.scores import AllPairs

BINS = 96
START = 0.1


class ThresholdExplorer(Explorer):
    """Both histograms, a slider over thresholds, errors counted at each; see :func:`threshold`.

    ``step`` is the place of the slider, 0 the lowest threshold; the properties say what it means.
    """

    NAME = "threshold"
    SENT = ("step", "log_heights")
    step = traitlets.Int(0).tag(sync=True)
    log_heights = traitlets.Bool(False).tag(sync=True)

    @property
    def threshold(self) -> float:
        """Threshold where the slider stands."""
        return float(self.arrays["thresholds"][self.step])

    @property
    def fmr(self) -> float:
        """FMR where the slider stands: false matches / impostor comparisons."""
        return float(self.arrays["false"][self.step]) / self.meta["impostor"]

    @property
    def fnmr(self) -> float:
        """FNMR where the slider stands: misses / mated comparisons made."""
        return float(self.arrays["missed"][self.step]) / self.meta["mated"]

    @traitlets.validate("step")
    def _in_range(self, proposal: Any) -> int:
        steps = len(self.arrays["thresholds"]) if self.data else 0
        if steps and not 0 <= proposal["value"] < steps:
            raise traitlets.TraitError(
                f"step {proposal['value']} is not on the slider: give 0 to {steps - 1}"
            )
        return proposal["value"]

    @classmethod
    def example(cls) -> Explorer:
        """Two marked thresholds, one with a long name."""
        pairs, band = made_up_pairs()
        marks = {"a library's own default": -2.0, "another one with a long name": -1.2}
        return threshold(pairs, cells=band, marks=marks)

    @classmethod
    def words(cls) -> dict[str, str | list[str]]:
        """Sentences of the page."""
        pairs = ENOUGH_PERSON_PAIRS
        return {
            "title": _("One threshold, two kinds of error"),
            "label": _("Threshold explorer"),
            "slider": _(
                "Threshold: a score at or above it counts as a match (arrow keys: one step)"
            ),
            "value": _("threshold {threshold}, FMR {fmr}"),
            "stretch": _("Stretch small counts (height = logarithm of the count)"),
            "go_to": _("Go to"),
            "go_to_mark": _("Go to a marked threshold"),
            "jump": _("{letter}: {name} ({threshold}, FMR {fmr})"),
            # What the threshold means.
            "sentence": _(
                "At threshold {threshold}: {errors} of {impostor} impostor comparisons match:"
                " FMR {fmr}{who}; {fnmr} mated pairs are missed ({missed} of {mated})."
            ),
            "who": _(
                " (from {pairs} of {all_pairs} pairs of people;"
                " {people} of {all_people} people are confused with someone)"
            ),
            "within": _("Within the same group the mean FMR is {fmr}."),
            "too_few": _(
                "These false matches come from fewer than {pairs} pairs of people: this set of"
                " people is too small to set an FMR this low."
            ).format(pairs=pairs),
            # The heaps.
            "heaps": _(
                "Two heaps of scores on one axis from {low} to {high}: mated pairs above, impostor"
                " comparisons below. The tables have the same numbers."
            ),
            "threshold": _("threshold {threshold}"),
            "match": _("match \u2192"),
            "no_match": _("\u2190 no match"),
            "mated_pairs": _("mated pairs: {n}"),
            "impostor_comparisons": _("impostor comparisons: {n}"),
            "score_short": _("score (further right: more alike)"),
            "score": _("score"),
            "about_heaps": _(
                "Each heap has its own height: there are far more impostor comparisons than mated"
                " pairs. Striped: errors. Above, mated pairs left of the threshold are missed;"
                " below, impostor comparisons right of it are false matches."
            ),
            # FNMR against FMR.
            "trade": _(
                "FNMR against FMR on a logarithmic axis: one curve, a dot where the slider stands,"
                " letters at the marked thresholds. The table has the same numbers."
            ),
            "floor_fmr": _("floor: FMR {fmr},"),
            "floor_pairs": _("{pairs} pairs of people").format(pairs=pairs),
            "missed_axis": _("missed (FNMR)"),
            "fmr_axis": _("false matches (FMR; each step is ten times)"),
            "fmr_axis_short": _("false matches (FMR), steps of ten times"),
            "about_trade": _(
                "The large dot is where the slider stands. Left of the floor the false matches come"
                " from too few pairs of people to set a threshold by."
            ),
            # The tables.
            "errors_as_table": _("The same as a table"),
            "errors_caption": _(
                "Errors; false matches are of {impostor} impostor comparisons of {people} people,"
                " misses of {mated} mated pairs."
            ),
            "column_at": _("Threshold at"),
            "column_threshold": _("threshold"),
            "column_fmr": _("FMR"),
            "column_false": _("false matches"),
            "column_pairs": _("from pairs of people"),
            "column_within": _("mean FMR within groups"),
            "column_fnmr": _("FNMR"),
            "column_missed": _("misses"),
            "the_slider": _("the slider"),
            "the_floor": _("the floor ({pairs} pairs of people)").format(pairs=pairs),
            "heaps_as_table": _("The heaps as a table"),
            "heaps_caption": _("How many scores lie in each range (from is included, to is not)."),
            "column_range": _("from ... to"),
            "column_mated": _("mated pairs"),
            "column_impostor": _("impostor comparisons"),
        }


def threshold(
    pairs: AllPairs,
    *,
    cells: ArrayLike | None = None,
    marks: Mapping[str, float] | None = None,
    start: float | None = None,
) -> ThresholdExplorer:
    """A view of genuine and impostor scores with a threshold to move.

    Parameters
    ----------
    pairs
        All comparisons of a set of images.
    cells
        Group of each image, shape (n,).  With it the mean of the FMRs within the groups is shown
        beside the FMR of all pairs: of groups with people enough, as in
        :func:`labkit.measure.thresholds.choose_threshold`; the page names the others, and counts
        images without a group.
    marks
        Thresholds to point out, such as a library's defaults: ``{"name": threshold}``.
    start
        Threshold to start from; else the one with an FMR of 1 in 10.

    Returns
    -------
    widget
        With ``.threshold``, ``.fmr``, ``.fnmr``, ``.step`` and ``.to_html(path)``.

    Raises
    ------
    ValueError
        Without genuine or without impostor comparisons, for a threshold that is no number, or where
        no group has people enough.

    Examples
    --------
    >>> from labkit.measure.scores import all_pairs
    >>> rng = np.random.default_rng(0)
    >>> people = np.repeat(np.arange(40), 4)
    >>> faces = rng.normal(size=(40, 8))[people] + 0.5 * rng.normal(size=(160, 8))
    >>> view = threshold(all_pairs(faces, people), start=-1.5)
    >>> view.threshold, 0 < view.fmr < view.fnmr < 1
    (-1.5, True)
    """
    genuine, impostor = np.sort(pairs.genuine), np.sort(pairs.impostor)
    if not genuine.size or not impostor.size:
        raise ValueError(
            f"{genuine.size} mated and {impostor.size} impostor comparisons: the view needs both"
        )
    named = {str(k): float(v) for k, v in (marks or {}).items()}
    exact = [*named.values(), *([] if start is None else [float(start)])]
    steps = with_exact(ladder(impostor), exact)
    by_pair = best_by_person_pair(pairs)
    arrays: dict[str, NDArray[Any]] = {
        "thresholds": steps.astype(np.float64),
        "false": at_least(impostor, steps).astype(np.uint32),
        "missed": (genuine.size - at_least(genuine, steps)).astype(np.uint32),
        "person_pairs": at_least(np.sort(by_pair.pairs), steps).astype(np.uint32),
        "people": at_least(np.sort(by_pair.people), steps).astype(np.uint32),
        **histograms(genuine, impostor),
    }
    without = ""
    if cells is not None:
        arrays["within"], without = mean_within(pairs, cells, steps)
    floor = floor_step(arrays["person_pairs"])
    meta = {
        "impostor": int(impostor.size),
        "mated": int(genuine.size),
        "planned": int(pairs.planned_mated),
        "people": int(by_pair.people.size),
        "all_person_pairs": int(by_pair.pairs.size),
        "score": score_name(pairs.measure),
        "told": told(steps, genuine, impostor),
        "marks": [[name, place_of(steps, t)] for name, t in named.items()],
        "floor": floor,
        "step_size": STEP,
        "without": without,
    }
    if start is not None:
        first = place_of(steps, float(start))
    else:
        first = int(np.argmin(abs(arrays["false"] / impostor.size - START)))
    return ThresholdExplorer.of(meta, arrays, step=first)


def score_name(measure: str) -> str:
    """What a score is, for the axis."""
    known = {
        "euclidean": _("score (minus the distance of two templates; further right is more alike)"),
        "cosine": _("score (cosine of two templates; further right is more alike)"),
    }
    return known.get(measure) or _("score ({measure})").format(measure=measure)


def histograms(genuine: NDArray, impostor: NDArray) -> dict[str, NDArray]:
    """Counts of both kinds of scores in the same bins from the lowest to the highest score."""
    low = float(min(genuine[0], impostor[0]))
    high = float(max(genuine[-1], impostor[-1]))
    edges = np.linspace(low, high if high > low else low + 1, BINS + 1)
    return {
        "edges": edges,
        "genuine": np.histogram(genuine, edges)[0].astype(np.uint32),
        "impostors": np.histogram(impostor, edges)[0].astype(np.uint32),
    }


def mean_within(
    pairs: AllPairs, cells: ArrayLike, steps: NDArray
) -> tuple[NDArray[np.float64], str]:
    """Mean of the FMRs within groups at every step, and who has no part in it, in words.

    Groups take part as in :func:`labkit.measure.thresholds.choose_threshold`.
    """
    parts, left_out, missing = cells_with_people(pairs, cells)
    scores = [np.sort(part.impostor) for part in parts]
    without = []
    if left_out:
        words = _("Fewer than {n} people, and so no part in the mean within groups: {groups}.")
        groups = ", ".join(left_out)
        without.append(words.format(n=ENOUGH_PEOPLE_FOR_A_MEAN, groups=groups))
    if missing:
        words = _("{missing:,} of {n:,} images have no group: they take no part in that mean.")
        without.append(words.format(missing=missing, n=len(pairs)))
    return np.mean([at_least(s, steps) / s.size for s in scores], axis=0), " ".join(without)

"""The threshold explorer: two heaps of scores, one threshold, two kinds of error."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import numpy as np
import traitlets
from numpy.typing import ArrayLike, NDArray

from labkit.base.words import _
from labkit.measure.intervals import ENOUGH_FALSE_MATCH_PAIRS
from labkit.measure.rates import allowed_false_matches
from labkit.measure.reading import in_words
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
    filled,
    floor_step,
    ladder,
    place_of,
    told,
    with_exact,
)
from labkit.views.explorers.faces import behind
from labkit.views.explorers.made_up import made_up_faces, made_up_pairs
from labkit.views.explorers.still import Still

if TYPE_CHECKING:
    import pandas as pd

    from labkit.data import FaceSet
    from labkit.measure.scores import AllPairs

BINS = 96
GAPS = 150  # between two steps of the slider at most about this part of the axis: 6 pixels of 900
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
        """Two marked thresholds, one with a long name, the lab's own, and made-up faces."""
        pairs, band = made_up_pairs()
        marks = {"a library's own default": -2.0, "another one with a long name": -1.2}
        faces: Any = made_up_faces()
        return threshold(pairs, cells=band, marks=marks, lab=-1.6, faces=faces)

    def still(self) -> Still:
        """Both kinds of error where the slider stands, and at FMRs that people ask for."""
        arrays, meta, words = self.arrays, self.meta, self.words()
        false, missed = arrays["false"], arrays["missed"]
        tens = [10.0**-p for p in range(1, len(str(meta["impostor"])))]
        allowed = [allowed_false_matches(ten, meta["impostor"]) for ten in tens]
        steps = {int(np.argmax(false <= k)) for k in allowed if k >= false.min()}
        rows = [
            (
                meta["told"][k],
                counted(false[k], meta["impostor"], arrays["person_pairs"][k]),
                counted(missed[k], meta["mated"], arrays["missed_people"][k]),
            )
            for k in sorted({self.step, *steps})
        ]
        columns = ("column_threshold", "column_strangers", "column_same")
        said = _("Comparisons of two people that match, and of one person that are missed.")
        return Still(str(words["title"]), said, [str(words[key]) for key in columns], rows)

    def table(self) -> pd.DataFrame:
        """Both errors where the line stands, at the lab's threshold, the marked ones and the floor.

        Returns
        -------
        DataFrame
            ``at``, ``step``, ``threshold``, ``fmr``, ``fnmr``, ``false_matches``, ``person_pairs``
            (pairs of people behind them), ``missed``, ``missed_people``, and with groups
            ``within``, the mean FMR within them.
        """
        import pandas as pd

        meta, arrays, words = self.meta, self.arrays, self.words()
        places = [(str(words["the_line"]), self.step)]
        if meta["lab"] is not None:
            places.append((str(words["the_lab"]), meta["lab"]))
        letters = (chr(ord("A") + k) for k in range(len(meta["marks"])))
        places += [
            (f"{letter}: {name}", k)
            for letter, (name, k) in zip(letters, meta["marks"], strict=True)
        ]
        if meta["floor"] >= 0:
            places.append((str(words["the_floor"]), meta["floor"]))
        at = [k for _name, k in places]
        rows: dict[str, Any] = {
            "at": [name for name, _k in places],
            "step": at,
            "threshold": arrays["thresholds"][at],
            "fmr": arrays["false"][at] / meta["impostor"],
            "fnmr": arrays["missed"][at] / meta["mated"],
            "false_matches": arrays["false"][at],
            "person_pairs": arrays["person_pairs"][at],
            "missed": arrays["missed"][at],
            "missed_people": arrays["missed_people"][at],
        }
        if "within" in arrays:
            rows["within"] = arrays["within"][at]
        return pd.DataFrame(rows)

    @classmethod
    def words(cls) -> dict[str, str | list[str]]:
        """Sentences of the page."""
        pairs = ENOUGH_PERSON_PAIRS
        return {
            "title": _("One threshold, two kinds of error"),
            "label": _("Threshold explorer"),
            "slider": _("Drag the line or slider (arrow: 1 step, Page Up, Down: 10)"),
            "value": _("threshold {threshold}: {fmr} strangers match, {fnmr} are missed"),
            "stretch": _("Stretch small counts (logarithm)"),
            "go_to_mark": _("Go to a marked threshold"),
            "jump": _("{letter}: {name} ({threshold})"),
            "lab": _("The lab's threshold"),
            # The two large numbers, and what stands under them.
            "none_of": _("none of {n}"),
            "few_of_all": _("{errors} of {n}"),
            "strangers": _("strangers match: false matches (FMR)"),
            "strangers_none": _("strangers match: the rate could still be up to {bound}"),
            "strangers_few": _("strangers match, from {pairs}: too few for a rate"),
            "strangers_few_to_set": _(
                "strangers match, from {pairs}: too few to set a threshold by"
            ),
            "missed": _("are missed: one person called two (FNMR)"),
            "missed_none": _("are missed: the rate could still be up to {bound}"),
            "missed_few": _("are missed, of {people}: too few for a rate"),
            # What the threshold means.
            "sentence": _(
                "At threshold {threshold}: {errors} of {impostor} comparisons of two people"
                " match{who}; {missed} of {mated} comparisons of one person are missed."
            ),
            "who": _(
                ", from {pairs} of {all_pairs} pairs of people, and {people} of {all_people} people"
                " are taken for someone else"
            ),
            "within": _("Within the same group, on average, {fmr} match."),
            # The heaps.
            "heaps": _(
                "Two heaps of scores on one axis from {low} to {high}: one person above, two people"
                " below, and a line at threshold {threshold}. The tables have the same numbers."
            ),
            "threshold": _("threshold {threshold}"),
            "match": _("match \u2192"),
            "no_match": _("\u2190 no match"),
            "missed_here": [_("{n} missed"), _("{n} missed")],
            "same_person": _("same person"),
            "two_people": _("two people"),
            "comparisons": _("{what}: {n} comparisons"),
            "score_short": _("score (further right: more alike)"),
            "score": _("score"),
            "about_heaps": _(
                "Striped: errors. Each heap has its own height: there are far more comparisons of"
                " two people than of one."
            ),
            # The faces behind the errors.
            "faces": _("Faces behind the errors"),
            "above": _("Two people, taken for one"),
            "below": _("One person, missed"),
            "none_above": _("No two people are taken for one here."),
            "none_below": _("Nobody is missed here."),
            "above_says": _("Score {score}, just above the line. {about}"),
            "below_says": _("Score {score}, just below the line. {about}"),
            "above_far": _("Score {score}, the nearest shown above the line. {about}"),
            "below_far": _("Score {score}, the nearest shown below the line. {about}"),
            "face_first": _("{which}, first photograph, drawn"),
            "face_second": _("{which}, second photograph, drawn"),
            "invented": _("Faces: invented people in drawn photographs."),
            # FNMR against FMR.
            "trade_as_picture": _("Both rates at every threshold"),
            "trade": _(
                "Missed (FNMR) against false matches (FMR) on a logarithmic axis: one curve, a dot"
                " where the line stands, letters at the marked thresholds. The table has the same"
                " numbers."
            ),
            "floor_fmr": _("floor: {fmr},"),
            "floor_pairs": _("{pairs} pairs of people").format(pairs=pairs),
            "missed_axis": _("missed (FNMR)"),
            "fmr_axis": _("false matches (FMR; each step is ten times)"),
            "fmr_axis_short": _("false matches (FMR)"),
            "about_trade": _(
                "The large dot is where the line stands. Left of the floor the false matches come"
                " from too few pairs of people to set a threshold by."
            ),
            # The tables.
            "as_tables": _("The same as tables"),
            "errors_caption": _(
                "Errors; false matches are of {impostor} comparisons of two people ({people}"
                " people), misses of {mated} comparisons of one person."
            ),
            "column_at": _("Threshold at"),
            "column_threshold": _("threshold"),
            "column_strangers": _("strangers match (FMR)"),
            "column_false": _("false matches"),
            "column_pairs": _("from pairs of people"),
            "column_within": _("mean FMR within groups"),
            "column_same": _("missed (FNMR)"),
            "column_missed": _("misses"),
            "the_line": _("the line"),
            "the_lab": _("the lab's"),
            "the_floor": _("the floor ({pairs} pairs of people)").format(pairs=pairs),
            "heaps_caption": _("How many scores lie in each range (from is included, to is not)."),
            "column_range": _("from ... to"),
            "column_mated": _("same person"),
            "column_impostor": _("two people"),
        }


def counted(errors: int, trials: int, units: int) -> str:
    """A rate in words and its counts; the counts alone where they come from too few.

    Parameters
    ----------
    errors, trials
        What was counted.
    units
        People, or pairs of people, behind the errors.

    Examples
    --------
    >>> counted(30, 1000, 20), counted(30, 1000, 2), counted(0, 1000, 0)
    ('3 in 100 (30)', '30 of 1,000: too few for a rate', 'none of 1,000')
    """
    if not errors:
        return _("none of {n:,}").format(n=trials)
    if units < ENOUGH_FALSE_MATCH_PAIRS:
        return _("{errors:,} of {n:,}: too few for a rate").format(errors=errors, n=trials)
    return f"{in_words(float(errors / trials))} ({errors:,})"


def threshold(
    pairs: AllPairs,
    *,
    cells: ArrayLike | None = None,
    marks: Mapping[str, float] | None = None,
    start: float | None = None,
    lab: float | None = None,
    faces: FaceSet | None = None,
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
    lab
        The lab's own threshold: a button goes back to it.
    faces
        The photographs that were compared.  With it the page shows, at every threshold, two people
        just above it and one person just below it, or the nearest that one picture of at most
        400 kB has room for; the words say which.

    Returns
    -------
    widget
        With ``.threshold``, ``.fmr``, ``.fnmr``, ``.step`` and ``.to_html(path)``.

    Raises
    ------
    ValueError
        Without genuine or without impostor comparisons, for a threshold that is no number, where no
        group has people enough, or for photographs that were not compared.

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
    exact = [*named.values(), *(float(t) for t in (start, lab) if t is not None)]
    both = np.concatenate([genuine[[0, -1]], impostor[[0, -1]]]).astype(float)
    steps = with_exact(filled(ladder(impostor), both.min(), both.max(), GAPS), exact)
    by_pair = best_by_person_pair(pairs)
    arrays: dict[str, NDArray[Any]] = {
        "thresholds": steps.astype(np.float64),
        "false": at_least(impostor, steps).astype(np.uint32),
        "missed": (genuine.size - at_least(genuine, steps)).astype(np.uint32),
        "person_pairs": at_least(np.sort(by_pair.pairs), steps).astype(np.uint32),
        "people": at_least(np.sort(by_pair.people), steps).astype(np.uint32),
        "missed_people": people_missed(pairs, steps),
        **histograms(genuine, impostor),
    }
    without = ""
    if cells is not None:
        arrays["within"], without = mean_within(pairs, cells, steps)
    floor = floor_step(arrays["person_pairs"])
    meta = {
        "impostor": int(impostor.size),
        "mated": int(genuine.size),
        "mated_people": len(np.unique(pairs.genuine_and_place()[1])),
        "people": int(by_pair.people.size),
        "all_person_pairs": int(by_pair.pairs.size),
        "score": score_name(pairs.measure),
        "told": told(steps, genuine, impostor),
        "marks": [[name, place_of(steps, t)] for name, t in named.items()],
        "floor": floor,
        "step_size": STEP,
        "without": without,
        "lab": None if lab is None else place_of(steps, float(lab)),
        "faces": None,
    }
    if faces is not None:
        more, pictures = behind(pairs, faces, steps)
        meta |= more
        arrays |= pictures
    if start is not None:
        first = place_of(steps, float(start))
    else:
        first = int(np.argmin(abs(arrays["false"] / impostor.size - START)))
    return ThresholdExplorer.of(meta, arrays, step=first)


def people_missed(pairs: AllPairs, steps: NDArray) -> NDArray[np.uint32]:
    """How many people are missed at least once, at every step."""
    scores, place = pairs.genuine_and_place()
    lowest = np.full(pairs.people_count, np.inf, np.float32)
    np.minimum.at(lowest, place, scores)
    lowest = np.sort(lowest[np.isfinite(lowest)])
    return (lowest.size - at_least(lowest, steps)).astype(np.uint32)


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

"""Scores, error rates, intervals and differences between groups.

In: templates, a row for each photograph, and who is in each.  Out: scores, rates, and what can
honestly be said about them.  What a notebook needs is here under one name::

    from labkit import measure

    pairs = measure.all_pairs(templates, people)
    chosen = measure.choose_threshold(pairs, 1e-2)
    measure.group_table(pairs, groups, chosen.value).show()

=================  ==================================================================
scores             :func:`compare`, :func:`similarity`, :func:`all_pairs`
                   (:class:`AllPairs`), :func:`score_counts` for many
rates              :func:`fmr`, :func:`fnmr`, :func:`false_rejection`, :func:`auc`,
                   :func:`tar_at_fmr`, :func:`curve`, :func:`curve_of`; :data:`RATES`
thresholds         :func:`threshold_at_fmr`, :func:`threshold_at_mean_fmr`,
                   :func:`choose_threshold`, :func:`true_fmr`
labels             :func:`labels`: what is a group, and what says nothing
intervals          :func:`fmr_interval`, :func:`cluster_interval`,
                   :func:`auc_interval`, :func:`dyadic_interval`, :func:`wilson`
differences        :func:`paired_difference`, :func:`weighted_difference`,
                   :func:`missed_difference`, :func:`fmr_ratio`
groups             :func:`group_table` (:class:`GroupTable`), :func:`by_style`,
                   :func:`style_difference`, :func:`confusion`,
                   :func:`confusion_counts`, :func:`across_within`,
                   :func:`against_everyone`, :func:`random_group_rates`,
                   :func:`looks` (all contrasts of an analysis), :func:`holm`,
                   :func:`within_strata`
summaries          :func:`max_min`, :func:`max_geomean`, :func:`gini`, :func:`garbe`,
                   :func:`inequity_rate`, :func:`fdr`
templates          :func:`distance`, :func:`typical_similarities`, :func:`found_again`
triples            :func:`lost_triples`, :func:`triples_won`
faces              :func:`compare_faces`, :func:`threshold_cells`; how drawn faces
                   differ: :func:`near_and_far`
people             :func:`misses_by_person`, :func:`rate_and_error`,
                   :func:`people_reached`, :func:`mated_summary`,
                   :func:`share_of_busiest`, :func:`fmr_within`
more people        :func:`coverage`, :func:`smallest_fmr`,
                   :func:`first_photographs`, :func:`worth_of_more`
other tools        :func:`impostor_rows`, :func:`beside_rows`
searches           :mod:`~labkit.measure.searches`: one face against a gallery
in words           :mod:`~labkit.measure.reading`
=================  ==================================================================

The rooms below, each imported only by those after it: :mod:`~labkit.measure.scores`,
:mod:`~labkit.measure.rate`, :mod:`~labkit.measure.rates`, :mod:`~labkit.measure.thresholds`,
:mod:`~labkit.measure.intervals`, :mod:`~labkit.measure.areas`,
:mod:`~labkit.measure.counts`, :mod:`~labkit.measure.disparity`; then what looks at people
(``templates``, ``triples``, ``faces``, ``shapes``, ``people``, ``redraws``), cuts groups another
way (``groups``, ``rows``), counts searches (``searches``) and says it in words (``reading``).
"""

from labkit.measure import reading, searches
from labkit.measure.areas import auc_interval
from labkit.measure.disparity import (
    ALL_OTHERS,
    GroupTable,
    against_everyone,
    confusion,
    group_table,
    random_group_rates,
    within_strata,
)
from labkit.measure.faces import compare_faces, threshold_cells
from labkit.measure.groups import (
    across_within,
    by_style,
    confusion_counts,
    looks,
    style_difference,
)
from labkit.measure.intervals import (
    Interval,
    cluster_interval,
    dyadic_interval,
    fmr_interval,
    fmr_ratio,
    missed_difference,
    pair_totals,
    paired_difference,
    vertex_bootstrap,
    vertex_weights,
    weighted_difference,
    wilson,
)
from labkit.measure.labels import labels
from labkit.measure.people import (
    first_photographs,
    fmr_within,
    mated_summary,
    misses_by_person,
    people_reached,
    rate_and_error,
    share_of_busiest,
    smallest_fmr,
    worth_of_more,
)
from labkit.measure.rate import RATES, Rate
from labkit.measure.rates import (
    RateCurve,
    auc,
    curve,
    curve_of,
    false_rejection,
    fmr,
    fnmr,
    tar_at_fmr,
    threshold_at_fmr,
    threshold_at_mean_fmr,
)
from labkit.measure.redraws import coverage
from labkit.measure.rows import beside_rows, impostor_rows
from labkit.measure.scores import (
    MEASURES,
    AllPairs,
    Comparisons,
    all_pairs,
    compare,
    cosine_scores,
    dev_edges,
    euclidean_scores,
    score_counts,
    similarity,
)
from labkit.measure.shapes import near_and_far
from labkit.measure.summaries import (
    fdr,
    garbe,
    gini,
    holm,
    inequity_rate,
    max_geomean,
    max_min,
)
from labkit.measure.templates import distance, found_again, typical_similarities
from labkit.measure.thresholds import Threshold, choose_threshold, true_fmr
from labkit.measure.triples import lost_triples, triples_won

__all__ = [
    "ALL_OTHERS",
    "MEASURES",
    "RATES",
    "AllPairs",
    "Comparisons",
    "GroupTable",
    "Interval",
    "Rate",
    "RateCurve",
    "Threshold",
    "across_within",
    "against_everyone",
    "all_pairs",
    "auc",
    "auc_interval",
    "beside_rows",
    "by_style",
    "choose_threshold",
    "cluster_interval",
    "compare",
    "compare_faces",
    "confusion",
    "confusion_counts",
    "cosine_scores",
    "coverage",
    "curve",
    "curve_of",
    "dev_edges",
    "distance",
    "dyadic_interval",
    "euclidean_scores",
    "false_rejection",
    "fdr",
    "first_photographs",
    "fmr",
    "fmr_interval",
    "fmr_ratio",
    "fmr_within",
    "fnmr",
    "found_again",
    "garbe",
    "gini",
    "group_table",
    "holm",
    "impostor_rows",
    "inequity_rate",
    "labels",
    "looks",
    "lost_triples",
    "mated_summary",
    "max_geomean",
    "max_min",
    "missed_difference",
    "misses_by_person",
    "near_and_far",
    "pair_totals",
    "paired_difference",
    "people_reached",
    "random_group_rates",
    "rate_and_error",
    "reading",
    "score_counts",
    "searches",
    "share_of_busiest",
    "similarity",
    "smallest_fmr",
    "style_difference",
    "tar_at_fmr",
    "threshold_at_fmr",
    "threshold_at_mean_fmr",
    "threshold_cells",
    "triples_won",
    "true_fmr",
    "typical_similarities",
    "vertex_bootstrap",
    "vertex_weights",
    "weighted_difference",
    "wilson",
    "within_strata",
    "worth_of_more",
]

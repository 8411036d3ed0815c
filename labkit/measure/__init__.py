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
                   :func:`choose_threshold`
intervals          :func:`fmr_interval`, :func:`cluster_interval`,
                   :func:`auc_interval`, :func:`dyadic_interval`, :func:`wilson`
differences        :func:`paired_difference`, :func:`weighted_difference`,
                   :func:`missed_difference`, :func:`fmr_ratio`
groups             :func:`group_table` (:class:`GroupTable`), :func:`confusion`,
                   :func:`against_everyone`, :func:`random_group_rates`, :func:`holm`
summaries          :func:`max_min`, :func:`max_geomean`, :func:`gini`, :func:`garbe`,
                   :func:`inequity_rate`, :func:`fdr`
=================  ==================================================================

A room below is :mod:`~labkit.measure.scores`, :mod:`~labkit.measure.rate`,
:mod:`~labkit.measure.rates`, :mod:`~labkit.measure.intervals`, :mod:`~labkit.measure.counts` and
:mod:`~labkit.measure.disparity`, each imported only by those after it.
"""

from labkit.measure.disparity import (
    ALL_OTHERS,
    GroupTable,
    against_everyone,
    confusion,
    fdr,
    garbe,
    gini,
    group_table,
    holm,
    inequity_rate,
    max_geomean,
    max_min,
    random_group_rates,
)
from labkit.measure.intervals import (
    Interval,
    auc_interval,
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
from labkit.measure.rate import RATES, Rate
from labkit.measure.rates import (
    RateCurve,
    Threshold,
    auc,
    choose_threshold,
    curve,
    curve_of,
    false_rejection,
    fmr,
    fnmr,
    tar_at_fmr,
    threshold_at_fmr,
    threshold_at_mean_fmr,
)
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
    "against_everyone",
    "all_pairs",
    "auc",
    "auc_interval",
    "choose_threshold",
    "cluster_interval",
    "compare",
    "confusion",
    "cosine_scores",
    "curve",
    "curve_of",
    "dev_edges",
    "dyadic_interval",
    "euclidean_scores",
    "false_rejection",
    "fdr",
    "fmr",
    "fmr_interval",
    "fmr_ratio",
    "fnmr",
    "garbe",
    "gini",
    "group_table",
    "holm",
    "inequity_rate",
    "max_geomean",
    "max_min",
    "missed_difference",
    "pair_totals",
    "paired_difference",
    "random_group_rates",
    "score_counts",
    "similarity",
    "tar_at_fmr",
    "threshold_at_fmr",
    "threshold_at_mean_fmr",
    "vertex_bootstrap",
    "vertex_weights",
    "weighted_difference",
    "wilson",
]

"""Scores of comparisons: two templates, everybody against everybody, or counted as they come.

In: templates (n, d), a row for each image, NaN where no face was found, and the number of the
person in each image.  Out: scores, larger meaning more alike, that know the people behind them
(:class:`AllPairs`, :class:`Comparisons`), or counts of scores when there are too many to hold
(:class:`ScoreCounts`).  What is counted from them is the business of :mod:`labkit.measure.rates`.

=====================================  =====================================================
:mod:`~labkit.measure.scores.grid`     what scores of a table are rounded to
:mod:`~labkit.measure.scores.comparing`  two templates; templates that are none
:mod:`~labkit.measure.scores.lists`    :class:`Comparisons`
:mod:`~labkit.measure.scores.pairs`    :class:`AllPairs`, a table held in memory
:mod:`~labkit.measure.scores.streams`  :class:`ScoreCounts`, counted and let go
=====================================  =====================================================
"""

from labkit.measure.scores.comparing import (
    MEASURES,
    compare,
    cosine_scores,
    euclidean_scores,
    paired_scores,
    similarity,
)
from labkit.measure.scores.grid import STEPS
from labkit.measure.scores.lists import Comparisons
from labkit.measure.scores.pairs import MOST_IMAGES, STYLES, AllPairs, MatedCounts, all_pairs
from labkit.measure.scores.streams import ScoreCounts, dev_edges, score_counts

__all__ = [
    "MEASURES",
    "MOST_IMAGES",
    "STEPS",
    "STYLES",
    "AllPairs",
    "Comparisons",
    "MatedCounts",
    "ScoreCounts",
    "all_pairs",
    "compare",
    "cosine_scores",
    "dev_edges",
    "euclidean_scores",
    "paired_scores",
    "score_counts",
    "similarity",
]

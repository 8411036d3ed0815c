"""Groups cut other ways: by whether styling stayed as it was, and by the groups of both people.

In: everybody compared with everybody, the group of each image and a threshold.  Out: a group table
for each kind of mated pair, and counts for each two groups.
"""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import ArrayLike

from labkit.measure.disparity import GroupTable, confusion, group_table
from labkit.measure.scores import STYLES

if TYPE_CHECKING:
    import pandas as pd

    from labkit.measure.scores import AllPairs


def by_style(
    pairs: AllPairs,
    groups: ArrayLike,
    threshold: float,
    *,
    names: Sequence[Hashable] | None = None,
) -> dict[str, GroupTable]:
    """The group table of all mated pairs, of same-style pairs and of restyled ones.

    Restyling changes more in some groups than in others, so a gap that stands in restyled pairs
    alone may come from how people were styled.  FMR is the same in all three tables: every impostor
    comparison counts in each.

    Parameters
    ----------
    pairs, groups, threshold, names
        As for :func:`labkit.measure.disparity.group_table`; ``pairs`` must know who kept their
        style.

    Returns
    -------
    tables
        By kind of mated pair, in the order of :data:`labkit.measure.scores.STYLES`.

    Raises
    ------
    ValueError
        When the pairs do not know who kept their style, or labels do not fit.

    Examples
    --------
    >>> from labkit.measure.scores import all_pairs
    >>> pairs = all_pairs([[0.0], [1.0], [3.0]], [1, 1, 1], kept=[True, True, False])
    >>> tables = by_style(pairs, ["a"] * 3, threshold=-1.5)
    >>> {which: table["a", "fnmr"].errors for which, table in tables.items()}
    {'all': 2, 'same style': 0, 'restyled': 2}
    """
    return {
        which: group_table(pairs.mated_only(which), groups, threshold, names=names)
        for which in STYLES
    }


def confusion_counts(
    pairs: AllPairs,
    groups: ArrayLike,
    threshold: float,
    *,
    names: Sequence[Hashable] | None = None,
) -> pd.DataFrame:
    """Impostor comparisons and false matches for each two groups, one row each.

    Parameters
    ----------
    pairs, groups, threshold, names
        As for :func:`labkit.measure.disparity.confusion`.

    Returns
    -------
    table
        Index: the groups of ``one person`` and ``the other``, each two groups once.  Columns:
        ``comparisons`` and ``false matches``, whole numbers.

    Raises
    ------
    ValueError
        When labels are missing, or a person has several.

    Examples
    --------
    >>> from labkit.measure.scores import all_pairs
    >>> pairs = all_pairs([[0.0], [1.0], [2.0], [5.0]], [1, 2, 3, 4])
    >>> confusion_counts(pairs, ["a", "a", "b", "b"], -1)["comparisons"].to_dict()
    {('a', 'a'): 1, ('a', 'b'): 4, ('b', 'b'): 1}
    """
    import pandas as pd

    compared, false = (
        confusion(pairs, groups, threshold, names=names, show=show)
        for show in ("compared", "false_matches")
    )
    order, (first, second) = compared.index, np.triu_indices(len(compared))
    counts = {
        name: table.to_numpy(np.int64)[first, second]
        for name, table in (("comparisons", compared), ("false matches", false))
    }
    each = pd.MultiIndex.from_arrays(
        [order[first], order[second]], names=["one person", "the other"]
    )
    return pd.DataFrame(counts, each)

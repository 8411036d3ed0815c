"""The lab's intervals beside those of a general tool that takes rows, such as Fairlearn.

In: comparisons, or a ``MetricFrame`` that was made of them.  Out: rows for such a tool, and a table
of its rates with both intervals.  A comparison is not a row: it has two people, who stand in many
comparisons.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import ArrayLike

from labkit.measure.intervals import wilson

if TYPE_CHECKING:
    import pandas as pd

    from labkit.measure.disparity import GroupTable
    from labkit.measure.scores import AllPairs


def impostor_rows(pairs: AllPairs, groups: ArrayLike, threshold: float) -> pd.DataFrame:
    """Impostor comparisons within a group, one row each, as a general tool wants them.

    Parameters
    ----------
    pairs
        Everybody compared with everybody.
    groups
        Group of each image, shape (n,).
    threshold
        A match is ``s >= threshold``.

    Returns
    -------
    rows
        Group by group, in the order of a categorical, else ascending.  Columns: ``group``, of both
        people, and ``match``, 1 or 0.  Comparisons across groups fit no row and are left out; so
        are people, who stand in many rows.

    Examples
    --------
    >>> from labkit.measure.scores import all_pairs
    >>> pairs = all_pairs([[0.0], [1.0], [5.0], [9.0]], [1, 2, 3, 4])
    >>> impostor_rows(pairs, ["a", "a", "a", "b"], -2).to_dict("list")
    {'group': ['a', 'a', 'a'], 'match': [1, 0, 0]}
    """
    import pandas as pd

    parts = pairs.within(np.asarray(groups))
    names = [n for n in getattr(groups, "categories", parts) if n in parts]
    said = [parts[name].impostor >= np.float32(threshold) for name in names]
    group = np.repeat(np.array(names, object), [part.size for part in said])
    return pd.DataFrame({"group": group, "match": np.concatenate(said).astype(int)})


def beside_rows(frame: Any, own: GroupTable, rate: str = "fmr") -> pd.DataFrame:
    """A rate of each group with an interval for separate rows and with the interval by people.

    A tool that takes rows draws rows again for its interval, which is right where each row is an
    observation of its own.  For a share that comes to Wilson's interval, which takes no draws: a
    tail of 2.5% would need a thousand of them.

    Parameters
    ----------
    frame
        Something with ``by_group``, such as Fairlearn's ``MetricFrame`` of one metric.
    own
        The group table of the same comparisons.
    rate
        Which of its rates.

    Returns
    -------
    table
        Index: group.  Columns: ``"MetricFrame"``, its rate; ``"by rows"`` and ``"by people"``, in
        words; ``"times as wide"``, the second interval's width over the first's; ``rows`` and
        ``people`` behind them.  A group with too little for an interval by people has no width.

    Examples
    --------
    >>> import pandas as pd
    >>> from types import SimpleNamespace
    >>> from labkit.measure.disparity import group_table
    >>> from labkit.measure.scores import all_pairs
    >>> pairs = all_pairs(np.random.default_rng(0).normal(size=(60, 2)), np.arange(60))
    >>> own = group_table(pairs, ["a"] * 60, -0.5)
    >>> beside_rows(SimpleNamespace(by_group=pd.Series({"a": 0.055})), own)["MetricFrame"].tolist()
    ['0.0550']
    """
    import pandas as pd

    lines = {}
    for group in own.names:
        i = own[group, rate]
        rows = wilson(i.errors, i.trials) if i.trials else None
        lines[group] = {
            "MetricFrame": f"{frame.by_group[group]:.4f}",
            "by rows": rows.text() if rows else i.text(),
            "by people": i.text(),
            "times as wide": round((i.high - i.low) / (rows.high - rows.low), 1)
            if rows
            else math.nan,
            "rows": f"{i.trials:,}",
            "people": i.people,
        }
    return pd.DataFrame.from_dict(lines, orient="index")

"""One person at every level of an experiment: what was changed, and that nothing else was.

In: the result of an experiment.  Out: figure, alt text, table.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from labkit.base.words import _
from labkit.views.plots.pictures import wall
from labkit.views.plots.style import invented

if TYPE_CHECKING:
    from labkit.experiment import Result
    from labkit.views.plots.style import Shown


def at_levels(result: Result, person: int = 0, *, size: float = 1.5) -> Shown:
    """One person's photographs, a column for each level and a row for each capture.

    Parameters
    ----------
    result
        From :func:`labkit.experiment.run`.
    person
        Which of its people, from 0.
    size
        Inches for each picture.

    Returns
    -------
    figure, alt, table
        A row of the table for each picture.

    Raises
    ------
    ValueError
        When there is no such person.

    Examples
    --------
    >>> import numpy as np
    >>> from types import SimpleNamespace
    >>> grey = np.zeros((8, 8, 3), np.uint8)
    >>> result = SimpleNamespace(
    ...     design=SimpleNamespace(factor="noise", captures=1),
    ...     pictures=lambda person: {"little": [grey], "much": [grey + 9]},
    ... )
    >>> figure, alt, table = at_levels(result)
    >>> table["caption"].tolist()
    ['little', 'much']
    """
    shown = result.pictures(person)
    factor, captures = result.design.factor, result.design.captures
    rows = list(zip(*shown.values(), strict=True))
    return wall(
        [picture for row in rows for picture in row],
        alt=_(
            "One invented person at {n} levels of {factor}, {captures} photographs at each."
        ).format(n=len(shown), factor=factor, captures=captures),
        captions=list(shown) * captures,
        columns=len(shown),
        size=size,
        title=_("The same person, styled and caught alike: only {factor} differs in a row.").format(
            factor=factor
        ),
        footer=invented(1),
    )

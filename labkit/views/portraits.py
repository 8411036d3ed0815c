"""The first people of a set, as a wall of portraits.

In: a set of photographs.  Out: ``(figure, alt text, table)`` for :func:`labkit.views.plots.show`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from labkit.base.words import _
from labkit.views import plots

if TYPE_CHECKING:
    from labkit.data import FaceSet
    from labkit.views.plots.style import Shown


def portraits(faces: FaceSet, count: int, *, columns: int = 10) -> Shown:
    """A wall of the first portraits of a set; the table says who they are.

    Parameters
    ----------
    faces
        A set with pictures, whose portraits have ``photo`` 0.
    count
        How many people, in the order of the set: not selected.
    columns
        Portraits in a row.

    Returns
    -------
    figure, alt, table
        The table has a row for each person: age, tone band, haircut, head covering.

    Raises
    ------
    ValueError
        When nobody is asked for.

    Examples
    --------
    >>> from labkit import data
    >>> fig, alt, table = portraits(data.load("anytown/dev"), 3)
    >>> table.columns.tolist()
    ['age', 'tone_band', 'haircut', 'covering']
    """
    first = faces.images[faces.images["photo"] == 0].head(count)
    if count < 1 or not len(first):
        sentence = _("{count} portraits of {name} are none to show: ask for 1 or more")
        raise ValueError(sentence.format(count=count, name=faces.name))
    styles = first.set_index("person")[["haircut", "covering"]]
    details = faces.people.loc[styles.index, ["age", "tone_band"]].join(styles)
    alt = _(
        "Drawn portraits of invented adults, from {young:.0f} to {old:.0f} years, {covered} of"
        " them with a head covering."
    ).format(
        young=details["age"].min(),
        old=details["age"].max(),
        covered=(details["covering"] != "").sum(),
    )
    pictures = [faces.pictures[int(k)] for k in first.index]
    footer = plots.invented(len(first))
    fig, alt, _places = plots.wall(pictures, columns=columns, alt=alt, footer=footer)
    return fig, alt, details

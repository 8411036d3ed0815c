"""How unlike drawn faces are, known because they were drawn: a control for an audit.

In: the shape parameters of invented people.  Out: distances between them, and groups of people
whose faces are more or less alike by construction.  No picture and no matcher is involved.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

if TYPE_CHECKING:
    import pandas as pd

    from labkit.data import FaceSet

THIRDS = ("near", "between", "far")
"""People whose drawn face lies near the average, far from it, and those between."""


def near_and_far(faces: FaceSet) -> NDArray[Any]:
    """Thirds of the people by how far their drawn face lies from the average.

    People near the average are more alike than people far from it, so an audit must find more
    false matches among them: a positive control.

    Parameters
    ----------
    faces
        A set of invented people.

    Returns
    -------
    groups
        One of :data:`THIRDS` for each image, shape (n,).

    Examples
    --------
    >>> from labkit import data
    >>> faces = data.load("anytown/eval")
    >>> np.unique(near_and_far(faces), return_counts=True)[1].tolist()
    [960, 960, 960]
    """
    import pandas as pd

    from labkit.people.who import NAMES

    shape = faces.people[list(NAMES)]
    far = ((shape - shape.mean()) ** 2).sum(axis=1) ** 0.5
    third = pd.qcut(far, len(THIRDS), labels=list(THIRDS))
    return third.astype(str).loc[faces.of("person")].to_numpy()


def shape_distances(faces: FaceSet, groups: ArrayLike) -> pd.DataFrame:
    """Mean distance of the drawn shapes of two people, by the groups of the two.

    Parameters
    ----------
    faces
        A set of invented people.
    groups
        Group of each image, shape (n,), the same for all images of a person.

    Returns
    -------
    table
        Shape (groups, groups), symmetric; on the diagonal two different people of one group, NaN
        where there is only one.

    Raises
    ------
    ValueError
        If there is not one group for each image, or a person is in two.

    Examples
    --------
    >>> from labkit import data
    >>> faces = data.load("anytown/eval")
    >>> table = shape_distances(faces, near_and_far(faces))
    >>> bool(table.loc["near", "near"] < table.loc["far", "far"])
    True
    """
    import pandas as pd

    from labkit.people.who import NAMES

    given = pd.Series(groups).reset_index(drop=True)
    if len(given) != len(faces):
        raise ValueError(f"{len(given)} groups for {len(faces)} images: give one for each image")
    labels = given.groupby(faces.of("person"))
    if (labels.nunique() > 1).any():
        raise ValueError("a person is in two groups: give groups of people")
    own = labels.first()
    names = given.cat.categories if hasattr(given, "cat") else sorted(own.unique())
    shapes = [faces.people.loc[own.index[own == n], list(NAMES)].to_numpy() for n in names]
    rows = [[_apart(one, other) for other in shapes] for one in shapes]
    return pd.DataFrame(rows, index=list(names), columns=list(names))


def _apart(one: NDArray, other: NDArray) -> float:
    """Mean distance of rows, each of one table and one of the other; of two rows of one table."""
    from scipy.spatial.distance import cdist, pdist

    distances = pdist(one) if one is other else cdist(one, other)
    return float(distances.mean()) if distances.size else np.nan

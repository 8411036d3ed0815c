"""How unlike drawn faces are, known because they were drawn: a control for an audit.

In: the shape parameters of invented people.  Out: groups of people whose faces are more or less
alike by construction.  No picture and no matcher is involved.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from numpy.typing import NDArray

if TYPE_CHECKING:
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
    >>> import numpy as np
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

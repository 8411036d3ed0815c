"""Body-worn cameras: the same people, the same moment, three cameras.

In: the light that reaches the lens, once.  Out: the picture of a good fixed camera, of a body-worn
one by day and of a body-worn one by night.  Nothing but the camera differs, so what is found and
what is missed can be compared person by person.

A body-worn camera moves with who wears it (motion blur), sees widely (distortion, and fewer pixels
for each face), and at night amplifies little light (noise).  How strong each is here was chosen by
eye, before anybody was searched, and not fitted to a product.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from labkit.base.words import _
from labkit.people.photo.crowd_camera import Camera

if TYPE_CHECKING:
    import pandas as pd

    from labkit.street.passages import Passages

FIXED, DAY, NIGHT = "fixed camera", "worn by day", "worn by night"

CONDITIONS: Mapping[str, Camera] = {
    FIXED: Camera(noise=0.4, blur=0.4, jpeg=90),
    DAY: Camera(noise=0.8, blur=0.5, motion=2.2, wide=0.08, pixels=0.8, jpeg=80),
    NIGHT: Camera(ev=-0.8, noise=2.2, blur=0.7, motion=4.0, wide=0.08, pixels=0.8, jpeg=75),
}
"""The three cameras, for portraits of 160 pixels and for scenes alike."""

ROOM = 46  # this module's number in the seeds


def camera_of(condition: str, *seed: int) -> Camera:
    """The camera of a condition at one moment: its own noise, moving in its own direction.

    Raises
    ------
    ValueError
        For another condition.

    Examples
    --------
    >>> camera_of("worn by day", 1) == camera_of("worn by day", 1)
    True
    """
    if condition not in CONDITIONS:
        raise ValueError(f"there is no camera {condition!r}: use {', '.join(CONDITIONS)}")
    rng = np.random.default_rng([ROOM, list(CONDITIONS).index(condition), *seed])
    return replace(
        CONDITIONS[condition],
        angle=float(rng.uniform(0, 180)),
        seed=int(rng.integers(2**31)),
    )


def worsens(passages: Passages, matcher: str, threshold: float) -> pd.DataFrame:
    """What each camera does to finding the watched, beside the good fixed camera.

    Parameters
    ----------
    passages
        Who passed.
    matcher
        ``"dlib"`` or ``"SFace"``.
    threshold
        The same for all cameras.

    Returns
    -------
    table
        Index: the condition.  ``no face``: frames in which no face was found, of all frames, by
        people; ``missed``: passages of watched people without an alert for them; ``difference``:
        missed more often than by the fixed camera, the same people under both; ``false alerts``:
        passages of people on no list that alert, and ``alerts difference``.  All are
        :class:`labkit.measure.intervals.Interval`, with people as units.
    """
    import pandas as pd

    from labkit.measure.intervals import cluster_interval, paired_difference
    from labkit.measure.searches import exact
    from labkit.street.passages import search

    rows = {}
    base = search(passages, matcher, FIXED, threshold)
    for name in CONDITIONS:
        found = search(passages, matcher, name, threshold)
        on = found["watched"].to_numpy(bool)
        frames = passages.frames
        missed = ~found["right"].to_numpy(bool)[on]
        wrong = found["alert"].to_numpy(bool)[~on]
        one = np.ones
        row = {
            "no face": cluster_interval(
                frames - found["frames"].to_numpy(), np.full(len(found), frames), _("lost frames")
            ),
            "missed": exact(missed, _("misses"), _("passages")),
            "false alerts": exact(wrong, _("false alerts"), _("passages")),
        }
        if name != FIXED:
            before = ~base["right"].to_numpy(bool)[on]
            row["difference"] = paired_difference(
                (missed, one(len(missed))), (before, one(len(before)))
            )
            base_wrong = base["alert"].to_numpy(bool)[~on]
            row["alerts difference"] = paired_difference(
                (wrong, one(len(wrong))), (base_wrong, one(len(wrong)))
            )
        rows[name] = row
    return pd.DataFrame.from_dict(rows, orient="index").rename_axis("camera")

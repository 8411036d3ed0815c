"""Made-up searches for a city without the lab's galleries: small, for tests and examples.

In: how many residents.  Out: :class:`~labkit.street.recognised.Searches` by matcher, drawn by lot.
"""

from __future__ import annotations

import numpy as np

from labkit.data import ORDERS, shares
from labkit.measure.searches import search_threshold
from labkit.street.recognised import FPIR, MATCHERS, Searches

ENROLLED, STRANGERS = 300, 300


def made_up_searches(residents: int, seed: int = 0) -> dict[str, Searches]:
    """What two made-up matchers do in a register of so many residents; the second errs less.

    Examples
    --------
    >>> found = made_up_searches(300)
    >>> bool(found["dlib"].right.mean() < found["SFace"].right.mean())
    True
    """
    bands = ORDERS["tone_band"]
    out = {}
    for k, name in enumerate(MATCHERS[:-1]):
        rng = np.random.default_rng([seed, k])
        band = np.repeat(bands, shares("town", residents))
        own_band, strangers_band = (rng.choice(bands, size=n) for n in (ENROLLED, STRANGERS))
        out[name] = Searches(
            matcher=name,
            band=band,
            easily=rng.poisson(3, residents),
            own=rng.normal(1.2 + 0.4 * k, 1, ENROLLED),
            other=rng.normal(-0.6, 1, ENROLLED),
            taken_for=rng.integers(0, residents, ENROLLED),
            own_band=own_band,
            strangers=rng.normal(-0.4, 1, STRANGERS),
            named=rng.integers(0, residents, STRANGERS),
            strangers_band=strangers_band,
            threshold=search_threshold(rng.normal(-0.4, 1, 600), FPIR),
        )
    return out

"""A small made-up gallery in the form of the real one, with what it should show put into it."""

from __future__ import annotations

import numpy as np
import pandas as pd

from labkit.data import MAKE_UPS, ORDERS, SEARCHED_WITH, shares

BANDS = ORDERS["tone_band"]


class Made:
    """As :class:`labkit.data.Gallery`, of numbers drawn by luck.

    Parameters
    ----------
    near
        Matcher -> the band whose people lie near each other for it.
    size
        People in a gallery.
    """

    def __init__(self, near=None, size=1500, seed=0):
        self.size = size
        most = [max(shares(m, size)[b] for m in MAKE_UPS) for b in range(3)]
        rows = []
        for b, band in enumerate(BANDS):
            rows += [("pool", k, band, 0) for k in range(most[b])]
        rows += [("pool", k, band, 1) for band in BANDS for k in range(40)]
        for role, many in (("dev", 600), ("council", 300)):
            rows += [(role, k, BANDS[k % 3], photo) for k in range(many) for photo in (0, 1)]
        self.images = pd.DataFrame(rows, columns=["role", "place", "tone_band", "photo"])
        who = {key: n for n, key in enumerate(dict.fromkeys(r[:3] for r in rows))}
        self.images["person"] = [2_000_000 + who[r[:3]] for r in rows]
        rng = np.random.default_rng(seed)
        people = rng.normal(size=(len(who), 16))
        noise = 0.3 * rng.normal(size=(len(rows), 16))
        self._templates = {}
        for matcher in SEARCHED_WITH:
            own = people[[who[r[:3]] for r in rows]] + noise
            for b, band in enumerate(BANDS):  # people of one band are a little more alike
                own[self.images["tone_band"] == band, -1 - b] += 1.5
            band = (near or {}).get(matcher)
            if band:
                own[self.images["tone_band"] == band, :3] += 2.0
            self._templates[matcher] = own.astype(np.float32)

    def measure(self, matcher):
        return SEARCHED_WITH[matcher]

    def templates(self, matcher, rows=None):
        found = self._templates[matcher]
        return found if rows is None else found[rows]

    def _rows(self, which, photo=0):
        return np.flatnonzero((which & (self.images["photo"] == photo)).to_numpy())

    def enrolled(self, make_up, n):
        role = self.images["role"] == "pool"
        return np.concatenate(
            [
                self._rows(role & (self.images["tone_band"] == band))[:many]
                for band, many in zip(BANDS, shares(make_up, n), strict=True)
            ]
        )

    def rows(self, who, photo=0):
        if who != "mates":
            return self._rows(self.images["role"] == who, photo)
        role = self.images["role"] == "pool"
        mates = self.images.loc[role & (self.images["photo"] == 1), "person"]
        return self._rows(role & self.images["person"].isin(mates), photo)

"""What stands where in the drawings."""

from __future__ import annotations

import re

from labkit.audit import draw


def test_the_marks_of_an_axis_do_not_touch():
    axis = draw.Axis(1e-6, 1.0, True, 40)
    ends = []
    for mark in axis.draw(10, 190, "FMR"):
        if mark.name != "text" or not re.fullmatch(r"[\d.]+", mark.text):
            continue
        wide = len(mark.text) * draw.DIGIT
        before = {"": 0, "middle": wide / 2, "end": wide}[mark.attributes.get("class", "")]
        left = float(mark.attributes["x"]) - before
        ends.append((left, left + wide))
    assert len(ends) >= 5, "most powers of ten keep their label"
    assert all(a[1] < b[0] for a, b in zip(sorted(ends), sorted(ends)[1:]))

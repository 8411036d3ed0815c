"""What the matchers make of a face that lies turned, with the rule of the lab and without it.

    python benchmarks/turned.py     to benchmarks/results/turned.md, about ten minutes on one core

Dev people only: the rule (:mod:`labkit.matchers.upright`) was chosen on them, so this says how well
it does where it was chosen.  Of eval people it is counted how many upright photographs it would
turn; nobody looked at that before it was chosen.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path
from unittest.mock import patch

for _name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "NUMBA_NUM_THREADS"):
    os.environ.setdefault(_name, "1")

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

import cv2  # noqa: E402
import numpy as np  # noqa: E402

from benchmarks.measure.tables import Table  # noqa: E402
from labkit import data  # noqa: E402
from labkit.base.files import write_whole  # noqa: E402
from labkit.matchers import Entry, offline, upright  # noqa: E402
from labkit.measure.scores import all_pairs, similarity  # noqa: E402
from labkit.measure.thresholds import choose_threshold  # noqa: E402

RESULTS = ROOT / "benchmarks" / "results" / "turned.md"
ANGLES = (0, 15, 30, 45, 60, 90, 135, 180)
PICTURES = 60
RATE = 1e-2


def photographs() -> list[np.ndarray]:
    """Of one person in eight of dev, one photograph each, of every kind in turn."""
    pictures = data.load("anytown/dev").pictures
    step = len(pictures) // PICTURES
    return [pictures[k * step + k % 4] for k in range(PICTURES)]


def threshold(entry: Entry) -> float:
    """The similarity from which on two photographs match, chosen on dev people."""
    dev = data.load("anytown/dev")
    pairs = all_pairs(entry.templates(dev), dev.of("person"), entry.measure)
    cells = dev.groups("tone_band", "presentation_half")
    return choose_threshold(pairs, RATE, cells=cells).value


def outcomes(
    entry: Entry, t: float, pictures: list[np.ndarray], angle: int, *, rule: bool
) -> tuple[int, int]:
    """In how many turned photographs a face is found, and how many of those are described as
    somebody else: their template does not match that of the same photograph upright."""
    turned = [upright.turned(p, angle) for p in pictures]
    if rule:
        after = entry.make().transform(turned)
    else:
        with patch.object(upright, "lies", lambda picture: 0.0):
            after = entry.make().transform(turned)
    found = ~np.isnan(after).any(1)
    before = entry.trained().transform(pictures)  # remembered from the first time
    pairs = zip(after[found], before[found], strict=True)
    wrong = sum(similarity(a, b, entry.measure) < t for a, b in pairs)
    return int(found.sum()), int(wrong)


def table() -> Table:
    """Every matcher that reads photographs, at every angle."""
    out = Table("turned", f"{PICTURES} photographs of dev people, turned")
    pictures = photographs()
    for entry in offline():
        if entry.reads != "pictures":
            continue
        t = threshold(entry)
        for angle in ANGLES:
            plain, ruled = (outcomes(entry, t, pictures, angle, rule=r) for r in (False, True))
            out.add(
                matcher=entry.name,
                degrees=angle,
                **{
                    "found, as it stands": plain[0],
                    "of these described as somebody else": plain[1],
                    "found, with the rule": ruled[0],
                    "of those described as somebody else": ruled[1],
                },
            )
    out.notes = [
        "Described as somebody else: the template does not match the template of the same"
        f" photograph upright, at the threshold for FMR {RATE:g} (mean within cells of tone band x"
        " presentation, dev people).",
        left_alone("dev") + " " + left_alone("eval"),
    ]
    return out


def left_alone(part: str) -> str:
    """How many upright photographs of a set the rule would turn, in a sentence."""
    pictures = data.load(f"anytown/{part}").pictures
    moved = sum(upright.lies(picture) != 0 for picture in pictures)
    return f"Of the {len(pictures):,} upright photographs of {part} the rule turns {moved}."


def main() -> None:
    """Measure, print and save."""
    cv2.setNumThreads(1)
    text = (
        "# Faces that lie turned\n\nMade by `python benchmarks/turned.py`. The rule:"
        f" the picture is looked at in turns of {upright.STEP} degrees; the detector's score is"
        " highest for the upright face, and a parabola through the three best gives the angle."
        f" Within {upright.LEFT_ALONE} degrees of a quarter turn it counts as that quarter"
        f" turn.\n\n{table().markdown()}"
    )
    print(text)
    write_whole(RESULTS, text.encode())


if __name__ == "__main__":
    main()

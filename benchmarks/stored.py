"""What it changes that SFace's templates are stored with half the digits (float16).

    python benchmarks/stored.py     to benchmarks/results/stored.md and the data sheet of Anytown;
                                    about a minute on one core

Photographs of eval people are described again and compared with what is stored: the change of a
score, and how many decisions change at thresholds chosen on dev people.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path

for _name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "NUMBA_NUM_THREADS"):
    os.environ.setdefault(_name, "1")

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

import cv2  # noqa: E402
import numpy as np  # noqa: E402
from numpy.typing import NDArray  # noqa: E402

from labkit import data  # noqa: E402
from labkit.base.files import write_whole  # noqa: E402
from labkit.matchers import get  # noqa: E402
from labkit.measure.scores import all_pairs, compare  # noqa: E402
from labkit.measure.thresholds import choose_threshold  # noqa: E402

RESULTS = ROOT / "benchmarks" / "results" / "stored.md"
SHEET = ROOT / "data" / "anytown" / "DATASHEET.md"
MARKS = ("<!-- stored -->", "<!-- /stored -->")
RATES = (1e-2, 1e-3)
PEOPLE = 240  # of the 480 of eval


def sentence() -> str:
    """What was measured, as the data sheet has it."""
    entry, faces = get("SFace"), data.load("anytown/eval")
    some = np.isin(faces.of("person"), faces.people.index[:PEOPLE])
    whole = entry.trained().transform([faces.pictures[int(k)] for k in np.flatnonzero(some)])
    half = entry.templates(faces)[some]
    a, b = _scores(whole), _scores(half)
    change = np.abs(a - b)
    said = [
        f"Over the {len(a):,} pairs of photographs of {PEOPLE} people of eval a score changes by"
        f" {change.mean():.1g} on average and by {change.max():.1g} at most."
    ]
    for rate in RATES:
        t = threshold(rate)
        other = int(((a >= t) != (b >= t)).sum())
        said.append(
            f"At the threshold for FMR {rate:g} (chosen on dev) {other} of them are decided"
            " otherwise."
        )
    return " ".join(said)


def threshold(rate: float) -> float:
    """A threshold from what is stored of dev people, mean within cells."""
    entry, dev = get("SFace"), data.load("anytown/dev")
    pairs = all_pairs(entry.templates(dev), dev.of("person"), entry.measure)
    cells = dev.groups("tone_band", "presentation_half")
    return choose_threshold(pairs, rate, cells=cells).value


def _scores(templates: NDArray[np.float32]) -> NDArray[np.float64]:
    """The cosine of every two different photographs."""
    table = compare(templates.astype(np.float64), templates.astype(np.float64), "cosine")
    values = table[np.triu_indices(len(templates), 1)]
    return np.asarray(values[np.isfinite(values)], np.float64)


def between(text: str, page: str) -> str:
    """A page with this text between the marks.

    Raises
    ------
    ValueError
        When a mark is missing or there twice.
    """
    if any(page.count(mark) != 1 for mark in MARKS):
        raise ValueError(f"the page has no place for the text: put {' and '.join(MARKS)} in it")
    start, end = page.index(MARKS[0]) + len(MARKS[0]), page.index(MARKS[1])
    return f"{page[:start]}\n{text}\n{page[end:]}"


def main() -> None:
    """Measure, print and save."""
    cv2.setNumThreads(1)
    text = sentence()
    print(text)
    head = "# Templates stored with half the digits\n\nMade by `python benchmarks/stored.py`.\n\n"
    write_whole(RESULTS, f"{head}{MARKS[0]}\n{text}\n{MARKS[1]}\n".encode())
    write_whole(SHEET, between(text, SHEET.read_text("utf-8")).encode())


if __name__ == "__main__":
    main()

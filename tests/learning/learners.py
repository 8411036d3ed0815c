"""Invented learners and their journals, for the tests of a class's page."""

from __future__ import annotations

import json
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import numpy as np

from labkit.learning import catalogue
from labkit.learning.classroom.asked import ASKED
from labkit.learning.exercises import Check, Choose

MEASURED = {
    "00-game": None, "01-ballot-a": 94, "01-ballot-b": 8, "01-ballot-c": 5.6, "01-ballot-d": 1.24,
    "02-pixels": 27.6, "02-eigenfaces": 71, "03-default": 77, "04-highest": 0.0304,
    "05-ratio": 3.96, "06-mix": 5.1, "07-rejected": 0.215, "08-right": 4.2, "09-darker": 71,
    "10-found": 92, "11-singled": 4, "12-undone": 3,
}  # fmt: skip
VOTES = ("no", "law", "audit", "strict", "police")


def journal(seed: int, *, notebooks: int = 13) -> dict[str, Any]:
    """The journal of one learner who came as far as a notebook."""
    rng = np.random.default_rng(seed)
    clock = datetime(2026, 11, 2, 9) + timedelta(seconds=int(rng.integers(0, 500_000)))

    def day() -> str:
        nonlocal clock
        clock += timedelta(seconds=int(rng.integers(30, 400)))
        return clock.isoformat()

    out: dict[str, Any] = {"version": 1, "predictions": {}, "attempts": {}, "kept": {}}
    for key in ASKED:
        if int(key[:2]) >= notebooks or rng.random() < 0.08:
            continue
        if key == "09-blind":
            out["predictions"][key] = {"guess": str(rng.choice(["X", "Y"])), "day": day()}
            continue
        result = MEASURED.get(key, 3.4)
        result = int(rng.integers(11, 20)) if result is None else result
        guess = float(result * rng.lognormal(-0.3, 0.7))
        guess = round(guess, 2 if result < 1 else 0)
        top = 20 if key == "00-game" else 10 if key.endswith("-e") else 1e9
        entry = {"guess": min(guess, top), "day": day(), "result": result, "text": None}
        if key == "01-ballot-e":
            del entry["result"]
        out["predictions"][key] = entry
    for name, exercise in catalogue.everything().items():
        if int(name[:2]) >= notebooks or rng.random() < 0.1:
            continue
        tries = []
        if isinstance(exercise, Check):
            names = ["kind", "percent", "digits", "", *exercise.wrong]
            odds = np.array([0.1, 0.1, 0.1, 0.2, *(2.0 ** -np.arange(len(exercise.wrong)))])
            for m in rng.choice(names, size=int(rng.integers(0, 3)), p=odds / odds.sum()):
                wrong = {"answer": float(rng.normal()), "right": False, "mistake": str(m)}
                tries.append({**wrong, "counts": m != "kind", "day": day()})
            if rng.random() < 0.85 or not tries:
                tries.append({"answer": 1.5, "right": True, "mistake": "", "day": day()})
        elif isinstance(exercise, Choose):
            for option in rng.choice(list(exercise.options), size=2):
                good = str(option) in exercise.best_options
                tries.append({"answer": str(option), "right": good, "mistake": "", "day": day()})
                if good:
                    break
        else:
            tries.append({"answer": ["yes"] * 3, "right": True, "mistake": "", "day": day()})
        out["attempts"][name] = {"tries": tries}
    if notebooks > 12:
        before, after = rng.choice(VOTES, size=2, p=[0.3, 0.3, 0.25, 0.11, 0.04])
        vote = {"before": str(before), "after": str(after)}
        out["kept"]["12-vote"] = {"value": vote, "day": day()}
    return out


def write(folder: Path, count: int, first: int = 0) -> Path:
    """A folder with the journals of so many learners."""
    folder.mkdir(exist_ok=True, parents=True)
    for n in range(first, first + count):
        text = json.dumps(journal(n), indent=1)
        (folder / f"lab-journal-code-{n}.json").write_text(text, encoding="utf-8")
    return folder

"""Lists of scored pairs from towns whose truth is known: people, groups, strata, failures.

A score is the sum of what the pair is (one person or two), what each person adds, and noise.  In a
group of :func:`town` the impostor scores may be raised, which raises its FMR and nothing else.
"""

from __future__ import annotations

import itertools
from collections.abc import Mapping
from pathlib import Path

import numpy as np
import pandas as pd

STEADY = 0.15
"""Standard deviation of what a person adds to impostor scores: people differ a little."""


def town(
    sizes: Mapping[str, int],
    *,
    raised: Mapping[str, float] | None = None,
    failing: tuple[str, ...] = (),
    fails: int = 0,
    pictures: int = 2,
    person: float = STEADY,
    seed: int = 0,
) -> pd.DataFrame:
    """Every pair of pictures in a town, one line each.

    Parameters
    ----------
    sizes
        People of each group.
    raised
        Added to impostor scores within a group.
    failing
        Groups whose every picture failed.
    fails
        Pictures of anybody else that failed.
    pictures
        Of each person.
    person
        Standard deviation of what a person adds to impostor scores.
    """
    rng = np.random.default_rng(seed)
    group = np.repeat(list(sizes), list(sizes.values()))
    adds = rng.normal(0, person, len(group))
    owner = np.repeat(np.arange(len(group)), pictures)
    i, j = np.triu_indices(len(owner), 1)
    a, b = owner[i], owner[j]
    mated = a == b
    score = np.where(mated, 3.6, adds[a] + adds[b]) + rng.normal(size=len(i))
    for name, by in (raised or {}).items():
        score[~mated & (group[a] == name) & (group[b] == name)] += by
    lost = np.isin(group[owner], failing)
    lost[rng.choice(np.flatnonzero(~lost), fails, replace=False)] = True
    failed = lost[i] | lost[j]
    name = np.array([f"photo_{k:04}.jpg" for k in range(len(owner))])
    who = np.array([f"person {k:03}" for k in range(len(group))])
    return pd.DataFrame(
        {
            "probe": name[i],
            "gallery": name[j],
            "same_person": mated.astype(int),
            "score": [("" if f else f"{s:.4f}") for s, f in zip(score, failed, strict=True)],
            "status": np.where(failed, "failed", "ok"),
            "probe_person": who[a],
            "gallery_person": who[b],
            "probe_group": group[a],
            "gallery_group": group[b],
        }
    )


def camera_town(seed: int = 0, people: int = 70) -> pd.DataFrame:
    """Two groups served alike by each camera; the worse camera takes most pictures of the second.

    All pairs are within one camera: the crude ratio of FMRs is far above 1, that within cameras 1.
    """
    share = {("old", "ash"): 0.25, ("old", "birch"): 0.75}
    parts = []
    for k, camera in enumerate(("new", "old")):
        sizes = {
            group: round(2 * people * (share["old", group] if k else 1 - share["old", group]))
            for group in ("ash", "birch")
        }
        raised = dict.fromkeys(sizes, 0.75 * k)
        part = town(sizes, raised=raised, seed=seed + k)
        for column in ("probe", "gallery", "probe_person", "gallery_person"):
            part[column] = camera + " " + part[column]
        parts.append(part.assign(stratum=camera))
    return pd.concat(parts, ignore_index=True)


def write(path: Path, frame: pd.DataFrame, *without: str) -> Path:
    """The list as a CSV, without the columns that begin so."""
    drop = [c for c in frame.columns if any(part in c for part in without)]
    frame.drop(columns=drop).to_csv(path, index=False)
    return path


FIVE: Mapping[str, int] = {"ash": 60, "birch": 60, "cedar": 60, "elm": 60, "fir": 3}
"""Four groups with enough people, one tiny."""


def names(frame: pd.DataFrame) -> set[str]:
    """Every name of a person or a picture."""
    columns = ("probe", "gallery", "probe_person", "gallery_person")
    return set(itertools.chain.from_iterable(frame[c].unique() for c in columns))

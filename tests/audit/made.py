"""Files and tables with known error rates, and how reports of them are read."""

from __future__ import annotations

import csv
import functools
import itertools
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

import numpy as np
import pandas as pd

from labkit.measure.scores import AllPairs, all_pairs

HEADER = ["probe", "gallery", "same_person", "score"]
PEOPLE = ["probe_person", "gallery_person", "probe_group", "gallery_group"]


def write(path: Path, rows: list[list[object]], header: list[str] = HEADER) -> Path:
    with open(path, "w", newline="", encoding="utf-8") as file:
        csv.writer(file, lineterminator="\n").writerows([header, *rows])
    return path


def from_table(path: Path, pairs: AllPairs, groups: np.ndarray, *, keep=None, people=True) -> Path:
    """Every pair of a table as a line; failed ones with an empty score."""
    i, j = np.triu_indices(len(pairs), 1)
    if keep is not None:
        i, j = i[keep], j[keep]
    s = pairs.matrix[i, j]
    failed = np.isnan(s)
    frame = pd.DataFrame(
        {
            "probe": np.char.add("p", i.astype(str)),
            "gallery": np.char.add("p", j.astype(str)),
            "same_person": (pairs.people[i] == pairs.people[j]).astype(int),
            "score": [("" if f else repr(float(x))) for x, f in zip(s, failed, strict=True)],
            "status": np.where(failed, "failed", "ok"),
            "probe_group": groups[i],
            "gallery_group": groups[j],
        }
    )
    if people:
        frame["probe_person"], frame["gallery_person"] = pairs.people[i], pairs.people[j]
    frame.to_csv(path, index=False)
    return path


@functools.cache
def town(shift: float = 0.0, failed: int = 0, seed: int = 3) -> tuple[AllPairs, np.ndarray]:
    """240 people with three pictures in three groups; one group may lie closer together."""
    rng = np.random.default_rng(seed)
    people = np.repeat(np.arange(240), 3)
    group = np.array(["ash", "birch", "cedar"])[people % 3]
    faces = rng.normal(size=(240, 8))[people]
    faces[group == "cedar"] *= 1 - shift
    faces = faces + 0.45 * rng.normal(size=(len(people), 8))
    if failed:
        faces[rng.choice(len(people), failed, replace=False)] = np.nan
    return all_pairs(faces, people), group


def known(path: Path, fmr: float, fnmr: float, groups=("a", "b"), each: int = 40) -> Path:
    """A file whose error rates are these exactly, in each group: scores of 0.2 and 0.8."""
    rows: list[list[object]] = []
    for g in groups:
        names = [f"{g}{k:02}" for k in range(each)]
        for k, name in enumerate(names):
            score = 0.2 if k < round(fnmr * each) else 0.8
            rows.append([f"{name}/1", f"{name}/2", 1, score, name, name, g, g])
        pairs = list(itertools.combinations(names, 2))
        wrong = set(pairs[:: round(1 / fmr)])
        for a, b in pairs:
            score = 0.8 if (a, b) in wrong else 0.2
            rows.append([f"{a}/1", f"{b}/1", 0, score, a, b, g, g])
    return write(path, rows, HEADER + PEOPLE)


class Served(NamedTuple):
    """How a group is served: people, misses of each person who has any (of three pairs), matching
    and failed pairs of two people."""

    people: int = 70
    missed: Sequence[int] = ()
    false: int = 0
    failed: int = 0


def unlike(path: Path, groups: Mapping[str, Served]) -> Path:
    """A file whose groups are served differently, each exactly so: scores of 0.2 and 0.8."""
    rows: list[list[object]] = []
    for g, served in groups.items():
        names = [f"{g}{k:02}" for k in range(served.people)]
        for k, name in enumerate(names):
            misses = served.missed[k] if k < len(served.missed) else 0
            for n, (a, b) in enumerate(itertools.combinations("123", 2)):
                score = 0.2 if n < misses else 0.8
                rows.append([f"{name}/{a}", f"{name}/{b}", 1, score, name, name, g, g, "ok"])
        pairs = list(itertools.combinations(names, 2))
        wrong = set(pairs[:: len(pairs) // served.false][: served.false]) if served.false else set()
        lost = set([p for p in pairs if p not in wrong][: served.failed])
        for a, b in pairs:
            score = "" if (a, b) in lost else 0.8 if (a, b) in wrong else 0.2
            state = "failed" if (a, b) in lost else "ok"
            rows.append([f"{a}/1", f"{b}/1", 0, score, a, b, g, g, state])
    return write(path, rows, [*HEADER, *PEOPLE, "status"])


def row(report, group: str, rate: str) -> pd.Series:
    table = report.tables["rates"]
    return table[(table["group"] == group) & (table["rate"] == rate)].iloc[0]


def same(a: pd.DataFrame, b: pd.DataFrame) -> None:
    pd.testing.assert_frame_equal(a, b, check_dtype=False, rtol=1e-12)


# ---- truth counted without the reader -----------------------------------------------------------

Line = tuple[str, str, int, "float | None", str, str, str, str]
"""Two pictures, one person or two, the score (none: failed), their people, their groups."""


def lines(people: int = 12, groups: str = "ab", seed: int = 5) -> list[Line]:
    """Two pictures of each person, all compared; the first picture of the last person failed."""
    rng = np.random.default_rng(seed)
    own = [(f"{k:03}", f"{k:03}_{i}", groups[k % len(groups)]) for k in range(people) for i in "xy"]
    out: list[Line] = []
    for (p, a, g), (q, b, h) in itertools.combinations(own, 2):
        score = round(float(rng.normal(0.7 if p == q else 0.3, 0.15)), 4)
        made = not {a, b} & {f"{people - 1:03}_x"}
        out.append((a, b, int(p == q), score if made else None, p, q, g, h))
    return out


def counted(rows: list[Line], threshold: float, group: str | None = None) -> dict[str, object]:
    """Errors and trials in plain loops: a match is a score of at least the threshold."""
    out = {"fmr": [0, 0], "fnmr": [0, 0], "false_rejection": [0, 0]}
    for _a, _b, same, score, _p, _q, g, h in rows:
        if group is not None and not g == h == group:
            continue
        if same:
            out["false_rejection"][1] += 1
            out["false_rejection"][0] += score is None or score < threshold
        if score is None:
            continue
        rate = "fnmr" if same else "fmr"
        out[rate][1] += 1
        out[rate][0] += score < threshold if same else score >= threshold
    return {rate: tuple(map(int, both)) for rate, both in out.items()}


def found(table, name: str) -> dict[str, object]:
    """The same of a group table."""
    rates = ("fmr", "fnmr", "false_rejection")
    return {r: (int(table[name, r].errors), int(table[name, r].trials)) for r in rates}

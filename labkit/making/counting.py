"""What is true of the teaching people, counted among many more of them: ``make --count``.

In: one of :data:`COUNTS`, groups of further people on seeds that no set has.  Out: their false
matches, in a table of ``data/teaching/counted``; no template is kept.

A set of 480 people can only estimate how far two bands are apart.  Whether an audit of it is right
can be told where the ratio is known better, from thousands of people drawn in the same way.

Everybody here sits for ONE photograph: the first person of a group for the first photograph of the
set's people, the next for the second, and so on in turns.  Two people then make one comparison, and
the comparisons of a group are the same mix of portraits and probes as those of the set, where two
people are compared with all their photographs.
"""

from __future__ import annotations

import functools
import io
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from labkit import data as bundled
from labkit import matchers
from labkit.base.codec import decode, encode
from labkit.base.files import write_checksums, write_whole
from labkit.base.places import PROJECT
from labkit.base.processes import each
from labkit.making.fingerprint import fingerprint
from labkit.making.plans import NARROW, PLANS, Plan, band, capture_of, choose, styling_of
from labkit.making.studio import Studio
from labkit.making.studio import describe as by_dlib
from labkit.measure.disparity import group_table
from labkit.measure.faces import compare_faces, threshold_cells
from labkit.measure.scores import all_pairs
from labkit.measure.thresholds import choose_threshold
from labkit.people.who.person import Person

MATCHERS = ("dlib", "SFace")
RATE = 1e-2
"""The mean FMR that each matcher's threshold is chosen for, on ``anytown/dev``, as notebook 05."""


@dataclass(frozen=True)
class Group:
    """Further people of one band.

    Parameters
    ----------
    name
        What the table calls them.
    band
        Their tone band.
    plan
        How they are drawn; ``plan.name`` is the folder of finished people in the cache.
    """

    name: str
    band: str
    plan: Plan

    def people(self) -> list[Person]:
        """They, in the order of their seeds, as many from each half of presentation."""
        return [p for p in choose(self.plan) if band(p.tone) == self.band]


def _further(start: int, cell: int, of: str, spread: float | None = None) -> Plan:
    """A plan of further people, drawn as those of a set (or with another spread)."""
    plan = PLANS[of]
    narrow = plan.narrow if spread is None else spread
    name = f"counted-{start}-{of}-{narrow:g}"
    return Plan(name, start, cell, plan.photos, False, linked=plan.linked, narrow=narrow)


TRIED = (1.0, 0.85, 0.75, 0.7)
"""Spreads of the trial, on seeds for tuning."""

COUNTS: dict[str, tuple[Group, ...]] = {
    "trial": tuple(
        Group(f"{NARROW}, spread {s:g}", NARROW, _further(0, 100, "narrow", s)) for s in TRIED
    ),
    "narrow": (
        Group("lighter", "lighter", _further(90_000, 500, "narrow")),
        Group(NARROW, NARROW, _further(90_000, 500, "narrow")),
        Group(f"{NARROW}, not narrowed", NARROW, _further(90_000, 500, "narrow", 1.0)),
    ),
    "linked": (
        Group("lighter", "lighter", _further(100_000, 250, "linked")),
        Group("darker", "darker", _further(100_000, 250, "linked")),
    ),
}
"""What is counted, each group against the first: the trial that the spread of ``narrow`` was chosen
by, and the truth about each teaching set."""


def count(
    name: str,
    *,
    data: Path | None = None,
    cache: Path | None = None,
    workers: int | None = None,
    quiet: bool = False,
    studio: Studio | None = None,
) -> Path:
    """Draw the people of a count, compare them and write the table.

    Parameters
    ----------
    name
        One of :data:`COUNTS`.
    data, cache, workers, quiet, studio
        As for :func:`labkit.making.store.make`.

    Returns
    -------
    path
        The table.

    Raises
    ------
    ValueError
        For another name.
    """
    if name not in COUNTS:
        raise ValueError(f"there is no count {name!r}: use {', '.join(COUNTS)}")
    data = PROJECT / "data" if data is None else Path(data)
    cache = (PROJECT / "build" / "make" if cache is None else Path(cache)) / fingerprint()
    found = [
        sit(group, cache, workers=workers, quiet=quiet, studio=studio or Studio())
        for group in COUNTS[name]
    ]
    rows = table(COUNTS[name], found)
    content = rows.to_csv(index=False, lineterminator="\n", float_format="%.6g")
    path = data / "teaching" / "counted" / f"{name}.csv"
    write_whole(path, content.encode())
    write_checksums(data / "teaching")
    return path


def sit(
    group: Group, cache: Path, *, workers: int | None, quiet: bool, studio: Studio
) -> dict[str, NDArray[np.float32]]:
    """Everybody of a group in one photograph each, described: matcher -> templates (n, 128)."""
    people = group.people()
    paths = [cache / group.plan.name / f"{person.seed}.npz" for person in people]
    turns = [k % group.plan.photos for k in range(len(people))]
    jobs = [
        (person, turn, path, studio)
        for person, turn, path in zip(people, turns, paths, strict=True)
        if not path.is_file()
    ]
    for _ in each(_sit, jobs, workers=workers, label=f"{group.name:>24}", quiet=quiet):
        pass
    found = [_finished(path) for path in paths]
    return {name: np.stack([one[name] for one in found]) for name in MATCHERS}


def _finished(path: Path) -> dict[str, NDArray[np.float32]]:
    """The templates of one person; the file is closed again, there are thousands of them."""
    with np.load(path) as archive:
        return {name: archive[name] for name in MATCHERS}


def _sit(person: Person, photo: int, path: Path, studio: Studio) -> None:
    """One photograph of one person, described by each matcher; runs in a worker process."""
    sitter = studio.dress(studio.likeness(person), styling_of(person, photo))
    capture = capture_of(person, photo)
    stored = encode(studio.develop(studio.radiance(sitter, capture), capture))
    sface = _sface().transform([decode(stored)])[0].astype(np.float16)  # as it is shipped
    content = io.BytesIO()
    np.savez(content, dlib=by_dlib([stored])["template"][0], SFace=sface.astype(np.float32))
    write_whole(path, content.getvalue())


@functools.lru_cache(maxsize=1)
def _sface() -> Any:
    return matchers.SFaceMatcher(progress=False)


def table(groups: Sequence[Group], found: Sequence[dict[str, NDArray[np.float32]]]) -> Any:
    """What was counted: one row for each matcher and group.

    Columns: ``matcher``, ``threshold``; ``group``, ``band``, ``spread``, ``first_seed``,
    ``last_seed``, ``people`` (each in one photograph), ``no_face`` found in; ``comparisons``, each
    of two people, ``false_matches`` among them, ``fmr`` with its 95% interval by people; ``ratio``
    to the first group, with its interval, empty for the first group itself; ``code``, the
    fingerprint of the code that drew them.
    """
    import pandas as pd

    return pd.DataFrame([row for m in MATCHERS for row in _rows(m, groups, found)])


def _rows(
    matcher: str, groups: Sequence[Group], found: Sequence[dict[str, NDArray[np.float32]]]
) -> Iterator[dict[str, Any]]:
    dev = bundled.load("anytown/dev")
    cells = threshold_cells(dev)
    threshold = choose_threshold(compare_faces(dev, matcher), RATE, cells=cells).value
    seeds = [[person.seed for person in group.people()] for group in groups]
    names = [group.name for group in groups]
    templates = [f[matcher] for f in found]
    pairs = all_pairs(
        np.concatenate(templates), np.concatenate(seeds), matchers.get(matcher).measure
    )
    rates = group_table(pairs, np.repeat(names, [len(s) for s in seeds]), threshold, names=names)
    contrasts = rates.contrasts(names[0])
    for group, own, of in zip(groups, seeds, templates, strict=True):
        fmr = rates[group.name, "fmr"]
        against: Any = {} if group.name == names[0] else contrasts.loc[group.name]
        yield {
            "matcher": matcher,
            "threshold": threshold,
            "group": group.name,
            "band": group.band,
            "spread": group.plan.narrow if group.band == NARROW else 1.0,
            "first_seed": own[0],
            "last_seed": own[-1],
            "people": len(own),
            "no_face": int(np.isnan(of[:, 0]).sum()),
            "comparisons": fmr.trials,
            "false_matches": fmr.errors,
            "fmr": fmr.value,
            "fmr_low": fmr.low,
            "fmr_high": fmr.high,
            "ratio": against.get("ratio"),
            "ratio_low": against.get("low"),
            "ratio_high": against.get("high"),
            "code": fingerprint(),
        }

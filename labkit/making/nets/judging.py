"""What a network gets wrong on Anytown's people: counts by person, and rates by band.

In: a network's file, and chips of ``train``, ``dev`` and ``eval``.  Out: the errors on ``eval`` at
thresholds chosen on ``dev`` by the lab's one rule, as trained and with the origin moved.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from labkit import data as bundled
from labkit.measure.disparity import GroupTable, group_table
from labkit.measure.faces import threshold_cells
from labkit.measure.scores import AllPairs, all_pairs
from labkit.measure.thresholds import choose_threshold

SETS = ("train", "dev", "eval")
RATES = ("fmr", "fnmr", "false_rejection", "fta")


def judged(templates: Mapping[str, NDArray[np.float32]]) -> Iterator[tuple[Any, ...]]:
    """For each origin and rate asked for: origin, asked, threshold, table of groups, counts.

    Parameters
    ----------
    templates
        Of each of :data:`SETS`, in the order of ``images.csv``.
    """
    dev, test = bundled.load("anytown/dev"), bundled.load("anytown/eval")
    cells, kept = threshold_cells(dev), test.of("styling_kept") == 1
    groups = {
        "tone band": np.asarray(test.groups("tone_band"), object),
        "seed": np.where(test.of("person") % 2 == 1, "odd seed", "even seed").astype(object),
        "all": np.full(len(test), "everybody", object),
    }
    for origin, centre in (
        ("as trained", np.zeros(templates["dev"].shape[1], np.float32)),
        ("recentred", balanced_mean(templates["train"])),
    ):
        chosen_on = all_pairs(templates["dev"] - centre, dev.of("person"), "cosine")
        pairs = all_pairs(templates["eval"] - centre, test.of("person"), "cosine", kept=kept)
        for asked in bundled.ASKED:
            t = choose_threshold(chosen_on, asked, cells=cells).value
            tables = {name: group_table(pairs, labels, t) for name, labels in groups.items()}
            yield origin, asked, t, tables, counts(pairs, groups["tone band"], t)


def balanced_mean(templates: NDArray[np.float32]) -> NDArray[np.float32]:
    """The mean template of ``anytown/train``, where every band has as many people."""
    return np.nanmean(templates, axis=0).astype(np.float32)


def counts(pairs: AllPairs, bands: NDArray[Any], t: float) -> dict[str, NDArray[Any]]:
    """False matches of people of one band, and mated pairs of everybody, as small arrays."""
    false, _, people = pairs.pair_counts(t)
    band = dict(zip(pairs.people.tolist(), bands.tolist(), strict=True))
    code = np.unique([band[p] for p in people.tolist()], return_inverse=True)[1]
    first, second = np.nonzero(np.triu(false * (code[:, None] == code[None, :]), 1))
    place = np.searchsorted(people, pairs.people[pairs.usable])
    out: dict[str, NDArray[Any]] = {
        "threshold": np.array(t, np.float64),
        "first": first.astype(np.int16),
        "second": second.astype(np.int16),
        "false_matches": false[first, second].astype(np.uint8),
        "images": np.bincount(place, minlength=len(people)).astype(np.uint8),
    }
    for style in bundled.MATED:
        mated = pairs.mated_only(style).mated_counts(t)
        out |= {f"{style}/missed": mated.missed, f"{style}/compared": mated.made}
        out |= {f"{style}/planned": mated.planned}
    return {k: v.astype(np.uint8) if "/" in k else v for k, v in out.items()}


def rows(
    network: str, origin: str, asked: float, tables: Mapping[str, GroupTable]
) -> Iterator[Any]:
    """The lines of the table of rates."""
    for table in tables.values():
        for group in table.names:
            for rate in RATES:
                i = table[group, rate]
                yield {
                    "network": network,
                    "origin": origin,
                    "asked": asked,
                    "group": group,
                    "rate": rate,
                    "errors": i.errors,
                    "trials": i.trials,
                    "value": i.value,
                    "low": i.low,
                    "high": i.high,
                    "people": i.people,
                    "person_pairs": i.person_pairs,
                    "words": i.words,
                }

"""Scores, error rates, intervals and differences between groups.

In: templates, and the number of the person in each photograph.  Out, in this order: scores
(``all_pairs``), rates and thresholds, intervals that move whole people, group tables, and sentences
that read them aloud (``reading``).

``from labkit import measure`` gives what a notebook calls; everything else stands in the modules.
"""

from __future__ import annotations

import importlib
from typing import Any

_FROM = {
    "scores": ("all_pairs", "compare", "similarity"),
    "faces": ("compare_faces",),
    "rates": ("choose_threshold", "curve", "fmr", "fnmr", "threshold_at_fmr"),
    "intervals": ("Interval", "cluster_interval", "dyadic_interval", "fmr_interval", "wilson"),
    "redraws": ("coverage",),
    "people": (
        "first_photographs",
        "fmr_within",
        "mated_summary",
        "misses_by_person",
        "people_reached",
        "rate_and_error",
        "share_of_busiest",
        "smallest_fmr",
        "worth_of_more",
    ),
    "disparity": (
        "confusion",
        "fdr",
        "garbe",
        "group_table",
        "inequity_rate",
        "max_geomean",
        "max_min",
    ),
    "groups": ("by_style", "confusion_counts"),
    "rows": ("beside_rows", "impostor_rows"),
    "shapes": ("near_and_far", "shape_distances"),
}
"""Module -> what notebooks call of it; each is read when it is first used."""

_ROOMS = {name: room for room, names in _FROM.items() for name in names}

__all__ = [*_ROOMS, "reading"]


def __getattr__(name: str) -> Any:
    if name in _ROOMS:
        return getattr(importlib.import_module(f"{__name__}.{_ROOMS[name]}"), name)
    if name in _FROM or name == "reading":
        return importlib.import_module(f"{__name__}.{name}")
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}: see dir(measure)")


def __dir__() -> list[str]:
    return sorted([*globals(), *__all__])

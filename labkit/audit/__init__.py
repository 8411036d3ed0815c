"""A report on any matcher, from a file of scored pairs or from templates.

In: a file of scored pairs, templates, or all pairs of them.  Out: one HTML page and its numbers::

    from labkit.audit import audit, lab_audit

    report = audit("scores.csv", threshold=0.62)
    report.write("report.html")
    report.write_json("report.json")  # the same as report.numbers

Importing this loads nothing heavy: each name is read when it is first used.
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from labkit.audit.csv import read_pairs
    from labkit.audit.lab import lab_audit
    from labkit.audit.pairs import BadFile
    from labkit.audit.reading import Reading
    from labkit.audit.report import AuditReport, audit

_ROOMS = {
    "AuditReport": "report",
    "BadFile": "pairs",
    "Reading": "reading",
    "audit": "report",
    "lab_audit": "lab",
    "read_pairs": "csv",
}

__all__ = ["AuditReport", "BadFile", "Reading", "audit", "lab_audit", "read_pairs"]


def __getattr__(name: str) -> Any:
    if name not in _ROOMS:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(importlib.import_module(f"{__name__}.{_ROOMS[name]}"), name)


def __dir__() -> list[str]:
    return sorted([*globals(), *__all__])

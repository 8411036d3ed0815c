"""What others measured, said and decided, each figure with its source, and ours beside it."""

from labkit.published.compare import HERE, THERE, compare
from labkit.published.listed import readable
from labkit.published.reading import Page, figure, show
from labkit.published.record import (
    FIGURE_TABLES,
    NAMES,
    STATISTICS,
    STATUS,
    TESTED,
    VERIFIED,
    Published,
    load,
    verify,
)

__all__ = [
    "FIGURE_TABLES",
    "HERE",
    "NAMES",
    "STATISTICS",
    "STATUS",
    "TESTED",
    "THERE",
    "VERIFIED",
    "Page",
    "Published",
    "compare",
    "figure",
    "load",
    "readable",
    "show",
    "verify",
]

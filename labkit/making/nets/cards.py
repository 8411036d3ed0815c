"""A card for each network: who it learned from, how, and whom it fails."""

from __future__ import annotations

from pathlib import Path


def write(folder: Path, data: Path) -> None:
    """Write the cards below ``folder/cards`` from the tables beside them."""

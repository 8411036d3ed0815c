"""Where the project lies: the folder that holds ``labkit``, ``data`` and ``notebooks``."""

from __future__ import annotations

from pathlib import Path

PROJECT = Path(__file__).resolve().parents[2]

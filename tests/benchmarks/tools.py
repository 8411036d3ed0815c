"""Where the tools are that serve a class; a test that needs them skips, but not in CI."""

from __future__ import annotations

import os
from pathlib import Path

import pytest


def _folder(variable: str, what: str) -> Path:
    named = os.environ.get(variable)
    if named:
        return Path(named)
    if os.environ.get("CI"):
        pytest.fail(f"{variable} names no folder with {what}")
    pytest.skip(f"{variable} names no folder with {what}")


def jupyterhub() -> Path:
    """The Python of the environment that ``requirements-tools.lock`` gives."""
    return _folder("LABKIT_TOOLS", "the environment of requirements-tools.lock") / "bin" / "python"


def node() -> Path:
    """The folder ``node_modules`` with configurable-http-proxy."""
    return _folder("LABKIT_NODE", "configurable-http-proxy") / "node_modules"

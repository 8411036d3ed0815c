"""Head coverings: not drawn yet."""

from __future__ import annotations

from typing import Any

from labkit.people.mesh import Mesh
from labkit.people.person import Covering


def covering_mesh(covering: Covering, person: Any, head: Any) -> tuple[list[Mesh], str]:
    """Nothing yet."""
    return [], "none"


def covers(covering: Covering, head: Any, points: Any) -> Any:
    """Nothing yet."""
    raise NotImplementedError

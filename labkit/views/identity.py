"""The look that figures, explorers and pages share: one list of colours, kept in ``tokens.css``.

In: the style sheet's tokens.  Out: their text, and the colours by name.  Nothing is told apart by
colour alone, so lines, points and bars have styles of their own, listed here too.
"""

from __future__ import annotations

import functools
import re
from pathlib import Path
from typing import Any

TOKENS = Path(__file__).resolve().parent / "page" / "tokens.css"
THEMES = ("light", "JupyterLab dark", "dark")
"""The blocks of colours in ``tokens.css``, in its order."""

MARKERS = ("o", "s", "^", "D", "v", "P", "X", "*")
LINES: tuple[Any, ...] = ("-", "--", "-.", ":", (0, (5, 1, 1, 1, 1, 1)), (0, (1, 2)))


def tokens() -> str:
    """Colours, fonts and spaces as CSS custom properties of ``body``."""
    return TOKENS.read_text("utf-8")


@functools.cache
def palette(theme: str = "light") -> dict[str, str]:
    """Colours by name, as ``#rrggbb``: ``paper``, ``panel``, ``ink``, ``quiet``, ``a``, ``b`` ...

    Parameters
    ----------
    theme
        One of :data:`THEMES`.

    Raises
    ------
    ValueError
        For a theme that is not there, with those that are.

    Examples
    --------
    >>> palette()["paper"], palette("dark")["paper"] < "#333333"
    ('#ffffff', True)
    """
    if theme not in THEMES:
        raise ValueError(f"there is no theme {theme!r}: use one of {', '.join(THEMES)}")
    blocks = re.findall(r"\{([^{}]*--lab-paper:[^{}]*)\}", tokens())
    return dict(re.findall(r"--lab-([\w-]+):\s*(#[0-9a-f]{6});", blocks[THEMES.index(theme)]))


def series() -> tuple[str, ...]:
    """Colours of lines and points: the three of the pages first, then those of Okabe and Ito.

    Okabe and Ito 2008, "Color Universal Design"; their blue and vermilion are what ``a`` and ``b``
    stand for.
    """
    light = palette()
    return (light["a"], light["b"], light["c"], "#009E73", "#CC79A7", "#56B4E9", "#E69F00")

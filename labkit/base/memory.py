"""What is no longer needed goes back to the system at once, wherever the lab is opened.

In: nothing.  Out: one setting of the C library, for this process.  ``import labkit`` does this.

Why: after a large array is freed, glibc takes room for the next ones from a heap that it can make
smaller at one end only.  Tables of scores come and go, small things that stay lie between them, and
a notebook held 60 MB that nobody used.  Other systems return large arrays as it is.
"""

from __future__ import annotations

import ctypes
import os
import sys

LARGE = 1 << 17
"""Bytes from which on an array has room of its own, which is returned with it."""

VARIABLES = ("MALLOC_MMAP_THRESHOLD_", "GLIBC_TUNABLES")
"""What glibc reads when a process starts.  Whoever sets one of them is obeyed."""

M_MMAP_THRESHOLD = -3  # of <malloc.h>


def return_freed() -> bool:
    """Let this process return what it frees of :data:`LARGE` bytes and more; whether it will.

    Examples
    --------
    >>> return_freed() in (True, False)
    True
    """
    if not sys.platform.startswith("linux") or any(name in os.environ for name in VARIABLES):
        return False
    library = ctypes.CDLL(None)
    if not hasattr(library, "gnu_get_libc_version"):  # musl
        return False
    return bool(library.mallopt(M_MMAP_THRESHOLD, LARGE))

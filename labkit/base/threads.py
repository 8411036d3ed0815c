"""One thread for the arithmetic of each program, wherever the lab is opened.

In: nothing.  Out: the settings that NumPy's linear algebra, OpenMP, numba and OpenCV read when they
are loaded, for this process and every one that it starts; libraries that are loaded already are
told.  ``import labkit`` does this, so that it holds on Binder, with conda, on a hub and in tests.

Why: the lab's arrays are small.  On several threads their sums spend most of the time waiting for
one another, and two open notebooks, which share the cores, make each other wait many times longer.
"""

from __future__ import annotations

import os
import sys

VARIABLES = (
    "OMP_NUM_THREADS",
    "OPENBLAS_NUM_THREADS",
    "MKL_NUM_THREADS",
    "NUMBA_NUM_THREADS",
    "OPENCV_FOR_THREADS_NUM",
)
"""What the libraries read when they are loaded.  Whoever sets one of them is obeyed."""


def one_thread() -> None:
    """Let this process, and those it starts, compute on one thread each.

    A number that somebody has set in one of :data:`VARIABLES` stays.

    Examples
    --------
    >>> import os
    >>> one_thread()
    >>> all(name in os.environ for name in VARIABLES[:3])
    True
    """
    asked = any(name in os.environ for name in VARIABLES[:3])
    for name in VARIABLES:
        # numba, once it is loaded, refuses another number.
        if name != "NUMBA_NUM_THREADS" or "numba" not in sys.modules:
            os.environ.setdefault(name, "1")
    if "numpy" in sys.modules and not asked:
        from threadpoolctl import threadpool_limits  # type: ignore[import-untyped]

        threadpool_limits(1)
    if "cv2" in sys.modules and os.environ["OPENCV_FOR_THREADS_NUM"] == "1":
        sys.modules["cv2"].setNumThreads(1)

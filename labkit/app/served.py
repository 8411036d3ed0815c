"""Settings for a Jupyter server that somebody else starts: ``python -m labkit served``.

In: the environment that this Python belongs to.  Out: two files in it, which every server of this
environment reads: one says when a notebook that nobody uses gives its memory back, the other what
:mod:`lab` tells its own JupyterLab (no question about news, the glossary opens to be read, pages
that do not jump).  Binder's ``postBuild`` runs it, and so can the image of a hub; ``lab.py`` starts
its server itself and needs neither.

After ten minutes a kernel that computes nothing is ended, though its page is open: three that rest
take as much memory as one that works.  The page shows "No Kernel", and the next cell starts a new
one, which knows nothing of the cells before; notebook 00 says so.  The journal is a file and stays.
Mybinder.org sets the same ten minutes; other services set nothing.
"""

from __future__ import annotations

import json
import runpy
import sys
from pathlib import Path
from typing import Any

from labkit.base.files import write_whole
from labkit.base.places import PROJECT

IDLE = 600
"""Seconds without computing after which a kernel is ended."""
LOOK = 60
"""Seconds between two looks at the kernels."""
SERVER = Path("etc", "jupyter", "jupyter_server_config.json")
PAGE = Path("share", "jupyter", "lab", "settings", "overrides.json")


def settings(idle: int = IDLE) -> dict[Path, dict[str, Any]]:
    """What is written: file in the environment, and what it says.

    Examples
    --------
    >>> settings(idle=1200)[SERVER]["MappingKernelManager"]["cull_idle_timeout"]
    1200
    """
    culled = {
        "cull_idle_timeout": idle,
        "cull_interval": LOOK,
        "cull_connected": True,  # the page is open in a tab that nobody looks at
        "cull_busy": False,
    }
    if not (PROJECT / "lab.py").is_file():
        raise ValueError(
            f"{PROJECT} has no lab.py, whose settings these are: install labkit from it"
        )
    own = runpy.run_path(str(PROJECT / "lab.py"))["SETTINGS"]
    page = {f"@jupyterlab/{name.replace('/', ':')}": json.loads(text) for name, text in own.items()}
    return {SERVER: {"MappingKernelManager": culled}, PAGE: page}


def write(prefix: Path, idle: int = IDLE) -> list[Path]:
    """Write the settings into an environment; what its files say of other things stays.

    Parameters
    ----------
    prefix
        The environment's folder, :data:`sys.prefix`.
    idle
        Seconds after which a kernel is ended that computes nothing.

    Returns
    -------
    list of Path
        What was written.

    Raises
    ------
    ValueError
        With one sentence: the time is none, a file is there that cannot be read, or labkit was
        installed without the lab.
    OSError
        With one sentence, where the environment cannot be written.
    """
    if idle < 1:
        raise ValueError(f"--idle {idle} would end every kernel: give seconds, such as 600")
    written = []
    for name, wanted in settings(idle).items():
        path = prefix / name
        try:
            there = json.loads(path.read_text(encoding="utf-8")) if path.exists() else {}
        except ValueError:
            raise ValueError(f"{path} is no JSON: mend or remove it, then run this again") from None
        for key, said in wanted.items():
            there[key] = {**there.get(key, {}), **said}
        write_whole(path, (json.dumps(there, indent=2) + "\n").encode())
        written.append(path)
    return written


def run(idle: int) -> None:
    """The command: write into this Python's environment and say so."""
    for path in write(Path(sys.prefix), idle):
        print(f"{path}: written")

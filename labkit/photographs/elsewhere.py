"""Whether the lab runs on a computer that is not the reader's own.

In: environment variables that Binder, JupyterHub and rented notebooks set.  Out: the name of the
service, or nothing.  A server that sets none of them is not recognised.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from types import MappingProxyType

SET_BY: Mapping[str, str] = MappingProxyType(
    {
        "BINDER_": "Binder",
        "CODESPACE": "GitHub Codespaces",
        "COLAB_": "Google Colab",
        "KAGGLE_": "Kaggle",
        "GITPOD_": "Gitpod",
        "JUPYTERHUB_": "JupyterHub",
    }
)
"""How the names of variables begin -> who sets them; the first that fits is named."""


def service(variables: Mapping[str, str] | None = None) -> str:
    """Whose computer this is, as far as it can be seen; empty where nothing says so.

    Parameters
    ----------
    variables
        Of the environment; this program's own for ``None``.

    Examples
    --------
    >>> service({"JUPYTERHUB_USER": "ann", "BINDER_LAUNCH_HOST": "https://mybinder.org/"})
    'Binder'
    >>> service({"HOME": "/home/ann"})
    ''
    """
    names = [
        name for name, value in (os.environ if variables is None else variables).items() if value
    ]
    found = (who for start, who in SET_BY.items() if any(n.startswith(start) for n in names))
    return next(found, "")

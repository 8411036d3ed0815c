"""What a learner reads when a cell is run whose names are not there yet.

In: IPython, which loads this when a kernel starts (``lab.py`` asks it to).  Out: one sentence below
the error.  A notebook that is opened again shows its old outputs, but its kernel is new: whoever
goes on in the middle meets a ``NameError``, which says nothing of that.
"""

from __future__ import annotations

from typing import Any

from labkit.base.words import N_, _, wrapped

NOT_RUN = N_(
    "Nothing has the name {name} yet. If a cell further up makes it, that cell has not been run"
    " since this notebook was opened: choose Run > Run All Above Selected Cell, then run this cell"
    " again. Otherwise look at how the name is spelled."
)

CONFIG = 'c.InteractiveShellApp.extensions = ["labkit.base.waking"]\n'
"""What stands in ``etc/ipython/ipython_kernel_config.py`` of an environment for this to be used."""


def load_ipython_extension(shell: Any) -> None:
    """Explain a missing name from now on; called by IPython."""
    shell.set_custom_exc((NameError,), _explained)


def _explained(shell: Any, kind: Any, error: NameError, trace: Any, tb_offset: Any = None) -> None:
    """Show the error as ever, then the sentence."""
    shell.showtraceback((kind, error, trace), tb_offset=tb_offset)
    name = getattr(error, "name", None)
    if name and not isinstance(error, UnboundLocalError):
        print(wrapped(_(NOT_RUN).format(name=name)))

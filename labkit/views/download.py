"""A link in a notebook that saves a file through the browser, wherever the notebook runs.

In: a name, what the file holds, and words.  Out: a link whose address holds the file itself, so
that nothing is sent anywhere, not even to the server of the notebook.
"""

from __future__ import annotations

import base64
import html
from collections.abc import Mapping
from typing import Any

from labkit.views.callouts import labelled

TYPES = {"json": "application/json", "html": "text/html", "txt": "text/plain"}
"""Ending of a name -> what a browser calls such a file."""


def link(name: str, content: bytes, words: str) -> str:
    """The link as HTML.

    Parameters
    ----------
    name
        The name under which the browser saves it; its ending is one of :data:`TYPES`.
    content
        The file.
    words
        What is read on the link.

    Examples
    --------
    >>> link("a.txt", b"hi", "Save it")
    '<a download="a.txt" href="data:text/plain;base64,aGk=">Save it</a>'
    """
    kind = TYPES[name.rpartition(".")[2]]
    address = f"data:{kind};base64,{base64.b64encode(content).decode()}"
    return f'<a download="{html.escape(name)}" href="{address}">{html.escape(words)}</a>'


def offer(*links: str, about: Mapping[str, Any] | None = None) -> None:
    """Show links one below another.

    Parameters
    ----------
    links
        As :func:`link` makes them.
    about
        What the files are, as :func:`labkit.views.callouts.labelled` takes it.
    """
    from IPython.display import HTML, display

    display(HTML(f"<p>{'<br>'.join(links)}</p>"), **labelled(about or {}))

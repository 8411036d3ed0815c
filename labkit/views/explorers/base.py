"""What all explorers share: one block of data sent once, one module, one single-file page.

In: numbers and arrays.  Out: a widget that computes in the browser, or one HTML file that needs
neither a kernel nor a network.
"""

from __future__ import annotations

import base64
import html
import json
import math
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import anywidget
import numpy as np
import traitlets
from numpy.typing import NDArray

HERE = Path(__file__).resolve().parent
KINDS = {"|u1": "u1", "<u2": "u2", "<u4": "u4", "<f4": "f4", "<f8": "f8"}

# The whole of what stands in for a kernel on a page of its own.
HOST = """
const state = JSON.parse(document.getElementById("state").textContent);
const packed = atob(document.getElementById("data").textContent.trim());
state.data = new DataView(Uint8Array.from(packed, (c) => c.charCodeAt(0)).buffer);
const heard = {};
const tell = (name) => (heard["change:" + name] ?? []).forEach((hear) => hear());
const set = (name, value) => { state[name] = value; tell(name); };
const on = (event, hear) => { (heard[event] ??= []).push(hear); };
const model = { get: (name) => state[name], set, on, off() {}, save_changes() {} };
const text = document.getElementById("module").textContent;
const file = new Blob([text], { type: "text/javascript" });
const module = await import(URL.createObjectURL(file));
module.default.render({ model, el: document.getElementById("explorer") });
window.explorer = model;
"""
PAGE = """<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{title}</title>
<style>
:root {{ color-scheme: light dark; }}
body {{ margin: 0; font-family: system-ui, sans-serif; }}
main {{ max-width: 64rem; margin: 0 auto; padding: 0.5rem; }}
h1 {{ font-size: 1.3rem; }}
{css}
.lx .lx-name {{ display: none; }}
</style>
</head>
<body>
<main>
<h1>{title}</h1>
<div id="explorer"></div>
<noscript>This page computes in the browser: it needs JavaScript.</noscript>
</main>
<script type="application/json" id="state">{state}</script>
<script type="text/plain" id="data">{data}</script>
<script type="text/plain" id="module">{module}</script>
<script type="module">{host}</script>
</body>
</html>
"""


def source(name: str) -> str:
    """The ES module of an explorer: the shared helpers with its own file after them."""
    return "\n".join((HERE / f"{part}.js").read_text("utf-8") for part in ("shared", name))


def style() -> str:
    """The style sheet that all explorers share."""
    return (HERE / "shared.css").read_text("utf-8")


def pack(meta: Mapping[str, Any], arrays: Mapping[str, NDArray[Any]]) -> bytes:
    """One block of bytes: length of the header, the header as JSON, then the arrays.

    Each array starts at a multiple of 8 bytes, counted from where the first one starts.

    Parameters
    ----------
    meta
        Whatever JSON can hold; numbers that are not finite become null.
    arrays
        One-dimensional, of type uint8, uint16, uint32, float32 or float64.

    Raises
    ------
    ValueError
        For an array of another type.

    Examples
    --------
    >>> meta, arrays = unpack(pack({"a": 1}, {"x": np.arange(3, dtype=np.uint8)}))
    >>> meta["a"], arrays["x"].tolist()
    (1, [0, 1, 2])
    """
    flat = {name: np.ascontiguousarray(a).ravel() for name, a in arrays.items()}
    for name, a in flat.items():
        if a.dtype.str not in KINDS:
            raise ValueError(f"array {name!r} is of type {a.dtype}: the page reads {list(KINDS)}")
    places, at = {}, 0
    for name, a in flat.items():
        places[name] = [KINDS[a.dtype.str], at, len(a)]
        at += a.nbytes + -a.nbytes % 8
    content = json.dumps({"meta": finite(meta), "arrays": places}, allow_nan=False)
    header = content.encode("utf-8")
    block = bytearray(len(header).to_bytes(4, "little") + header)
    block += b"\0" * (-len(block) % 8)
    for a in flat.values():
        block += a.tobytes() + b"\0" * (-a.nbytes % 8)
    return bytes(block)


def unpack(block: bytes) -> tuple[dict[str, Any], dict[str, NDArray[Any]]]:
    """What :func:`pack` put together: the JSON part and the arrays."""
    length = int.from_bytes(block[:4], "little")
    header = json.loads(block[4 : 4 + length])
    first = 4 + length + -(4 + length) % 8
    arrays = {
        name: np.frombuffer(block, f"<{kind}", size, first + start)
        for name, (kind, start, size) in header["arrays"].items()
    }
    return header["meta"], arrays


def finite(value: Any) -> Any:
    """The same value in types that JSON knows, None for what is not finite."""
    if isinstance(value, Mapping):
        return {str(k): finite(v) for k, v in value.items()}
    if isinstance(value, list | tuple | np.ndarray):
        return [finite(v) for v in value]
    if isinstance(value, np.generic):
        value = value.item()
    if isinstance(value, float) and not math.isfinite(value):
        return None
    return value


class Explorer(anywidget.AnyWidget):
    """A view that computes in the browser from data sent once.

    ``SENT`` names the traits that a page of its own starts with.
    """

    TITLE = "Explorer"
    MODULE = ""
    SENT: tuple[str, ...] = ()
    data = traitlets.Bytes().tag(sync=True)

    @property
    def meta(self) -> dict[str, Any]:
        """Names and single numbers that were sent."""
        return unpack(self.data)[0]

    @property
    def arrays(self) -> dict[str, NDArray[Any]]:
        """The arrays that were sent, one-dimensional."""
        return unpack(self.data)[1]

    def to_html(self, path: str | Path, *, title: str | None = None) -> Path:
        """Write the explorer as one HTML file that needs no kernel and no network.

        Parameters
        ----------
        path
            The file; an older one is replaced.
        title
            Heading of the page.

        Returns
        -------
        path
        """
        module = source(self.MODULE)
        state = json.dumps(finite({name: getattr(self, name) for name in self.SENT}))
        page = PAGE.format(
            title=html.escape(title or self.TITLE),
            css=style(),
            state=state.replace("<", "\\u003c"),
            data=base64.b64encode(self.data).decode("ascii"),
            module=module,
            host=HOST,
        )
        Path(path).write_text(page, encoding="utf-8")
        return Path(path)

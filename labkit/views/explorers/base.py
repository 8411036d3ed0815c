"""What all explorers share: data sent once, a module that the browser runs, a page of its own.

In: numbers, arrays and words.  Out: a widget that computes in the browser, or one HTML file that
needs neither a kernel nor a network.

An explorer is one class here and one ES module beside it with the same name, ``threshold.js``, a
real file: anywidget watches it when ``ANYWIDGET_HMR=1`` is set, and node and editors read it as it
is.  It imports its pieces (``words.js``, ``scales.js``, ...) by relative address.  A browser cannot
follow these: what a widget sends has no address of its own.  So :func:`linked` puts the pieces in
front at the moment the module is sent or a page is written.  Nothing generated is stored, so
nothing can be out of step, and the result is a single module without imports: it runs under any
rule that lets anywidget run, in JupyterLab, from a file, with no network.  (Tried: pieces as
``data:`` addresses work in a plain page, but not under a content security policy that admits what
anywidget needs, ``blob:``, and no more.  Pieces sent as values and imported while running would
leave an editor, a linter and node blind to them.)
"""

from __future__ import annotations

import base64
import html
import json
import math
import os
import re
import threading
import zlib
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar, Self

import anywidget
import numpy as np
import traitlets
from numpy.typing import NDArray

from labkit.base.files import write_whole
from labkit.base.words import _
from labkit.measure import intervals, thresholds
from labkit.views.explorers.sentences import shared
from labkit.views.explorers.still import Still
from labkit.views.identity import TOKENS, tokens
from labkit.views.page import in_script

if TYPE_CHECKING:
    import pandas as pd

HERE = Path(__file__).resolve().parent
KINDS = {"|u1": "u1", "<u2": "u2", "<u4": "u4", "<f4": "f4", "<f8": "f8"}
IMPORT = re.compile(r'^import \{[^}]*\} from "\./([\w-]+\.js)";\n', re.MULTILINE)
POINTS_OF_T = 17
WORTH = 0.8
"""An array is sent deflated where that leaves at most this share of its bytes."""
EXPORT = re.compile(r"^export (?=const |function |class )", re.MULTILINE)

PAGE = """<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{title}</title>
<style>
{css}
:root {{ color-scheme: light dark; }}
body {{ margin: 0; background: var(--lab-paper); font-family: var(--lab-font); }}
main {{ max-width: 64rem; margin: 0 auto; padding: 0.5rem; }}
h1 {{ font-size: 1.3rem; color: var(--lab-ink); }}
.lx .lx-name {{ display: none; }}
</style>
</head>
<body>
<main>
<h1>{title}</h1>
<div id="explorer"></div>
<noscript>{noscript}</noscript>
</main>
<script type="application/json" id="state">{state}</script>
<script type="text/plain" id="data">{data}</script>
<script type="text/plain" id="module">{module}</script>
<script type="module">{host}</script>
</body>
</html>
"""


def linked(module: str) -> str:
    r"""The text of a module with the pieces that it imports, each once, in front of it.

    Parameters
    ----------
    module
        Text of an ES module whose imports all have the form
        ``import { one, two } from "./piece.js";``.

    Raises
    ------
    ValueError
        When something is left to import.

    Examples
    --------
    >>> "import" in linked('import { count } from "./words.js";\nexport default { count };\n')
    False
    """
    parts: list[str] = []
    seen: set[str] = set()

    def add(text: str) -> None:
        for name in IMPORT.findall(text):
            if name not in seen:
                seen.add(name)
                add((HERE / name).read_text("utf-8"))
        parts.append(EXPORT.sub("", IMPORT.sub("", text)))

    add(module)
    whole = "\n".join(parts)
    left = re.search(r"^(import\b|export \{).*", whole, re.MULTILINE)
    if left:
        raise ValueError(
            f"{left[0]!r} cannot be put into one module: write"
            ' import { name } from "./piece.js"; and export const, function or class'
        )
    return whole


def style() -> str:
    """The style sheet that all explorers share, with the tokens it is written in."""
    return dressed((HERE / "shared.css").read_text("utf-8"))


def dressed(css: str) -> str:
    """A style sheet with the tokens that it is written in, in front of it."""
    return f"{tokens()}\n{css}"


def pack(meta: Mapping[str, Any], arrays: Mapping[str, NDArray[Any]]) -> bytes:
    """One block of bytes: length of the header, the header as JSON, then the arrays.

    Each array starts at a multiple of 8 bytes, counted from where the first one starts.  Where that
    makes it much smaller (:data:`WORTH`) it is deflated, whole numbers perhaps as differences from
    the one before, or in a table from the one above.

    Parameters
    ----------
    meta
        Whatever JSON can hold; numbers that are not finite become null.
    arrays
        Of type uint8, uint16, uint32, float32 or float64; a table arrives flat, row after row.

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
    for name, a in arrays.items():
        if a.dtype.str not in KINDS:
            raise ValueError(f"array {name!r} is of type {a.dtype}: the page reads {list(KINDS)}")
    places: dict[str, list[Any]] = {}
    stored, at = [], 0
    for name, a in arrays.items():
        content, how = _small(a)
        places[name] = [KINDS[a.dtype.str], at, a.size, *how]
        stored.append(content + b"\0" * (-len(content) % 8))
        at += len(stored[-1])
    head = {"meta": finite(meta), "arrays": places}
    told = json.dumps(head, allow_nan=False, separators=(",", ":"))
    header = told.encode("utf-8")
    block = bytearray(len(header).to_bytes(4, "little") + header)
    block += b"\0" * (-len(block) % 8)
    return bytes(block + b"".join(stored))


def _small(a: NDArray[Any]) -> tuple[bytes, tuple[int, ...]]:
    """The bytes of an array as they are sent, and how: nothing, or deflated to so many bytes of
    differences over so many places (0 for none).
    """
    flat = np.ascontiguousarray(a).ravel()
    found = []
    for back in {0, 1, a.shape[-1] if a.ndim > 1 else 1} if a.dtype.kind == "u" else {0}:
        differences = flat.copy()
        if back:
            differences[back:] -= flat[:-back]  # whole numbers that begin anew below 0
        packer = zlib.compressobj(9, zlib.DEFLATED, -zlib.MAX_WBITS)  # RFC 1951, without a head
        found.append((packer.compress(differences.tobytes()) + packer.flush(), back))
    content, back = min(found, key=lambda one: len(one[0]))
    if len(content) < WORTH * flat.nbytes:
        return content, (len(content), back)
    return flat.tobytes(), ()


def _whole(content: memoryview, kind: str, size: int, how: Sequence[int]) -> NDArray[Any]:
    """An array from its bytes as :func:`_small` gave them."""
    if not how:
        return np.frombuffer(content, kind, size)
    deflated, back = how
    a = np.frombuffer(zlib.decompress(content[:deflated], -zlib.MAX_WBITS), kind, size)
    return np.cumsum(a.reshape(-1, back), axis=0, dtype=a.dtype).ravel() if back else a


def unpack(block: bytes) -> tuple[dict[str, Any], dict[str, NDArray[Any]]]:
    """What :func:`pack` put together: the JSON part and the arrays."""
    length = int.from_bytes(block[:4], "little")
    header = json.loads(block[4 : 4 + length])
    first = 4 + length + -(4 + length) % 8
    arrays = {
        name: _whole(memoryview(block)[first + start :], f"<{kind}", size, how)
        for name, (kind, start, size, *how) in header["arrays"].items()
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


def rules() -> dict[str, Any]:
    """What the page must know of :mod:`labkit.measure` to say when there is enough for a number.

    ``student`` are quantiles of Student's t at some degrees of freedom, from one to infinity: at
    Chebyshev points of their inverse, between which a polynomial comes within 1e-10 of all others.
    """
    at = ((1 + np.cos(np.pi * np.arange(POINTS_OF_T) / (POINTS_OF_T - 1))) / 2).tolist()
    return {
        "z": intervals.Z,
        "student": {
            "at": at,
            "t": [intervals.student(0.975, 1 / x if x else math.inf) for x in at],
        },
        "last_bits": intervals.LAST_BITS,
        "error_pairs": intervals.ENOUGH_FALSE_MATCH_PAIRS,
        "people_for_fmr": intervals.ENOUGH_PEOPLE_FOR_AN_FMR,
        "people": intervals.ENOUGH_PEOPLE,
        "erring_people": intervals.ENOUGH_PEOPLE_WITH_ERRORS,
        "person_pairs": thresholds.ENOUGH_PERSON_PAIRS,
        "people_for_mean": thresholds.ENOUGH_PEOPLE_FOR_A_MEAN,
    }


class Explorer(anywidget.AnyWidget):
    """A view that computes in the browser from data sent once.

    A new one is a subclass with a ``NAME``, a file ``NAME.js`` beside it that exports
    ``default { render }``, and an entry in :data:`labkit.views.explorers.ALL`.

    Attributes
    ----------
    NAME
        The module's file without ``.js``; a subclass without one is not shown itself.
    SENT
        Names of the traits that a page of its own starts with.
    """

    NAME: ClassVar[str] = ""
    SENT: ClassVar[tuple[str, ...]] = ()
    data = traitlets.Bytes().tag(sync=True)

    def __init_subclass__(cls, **options: Any) -> None:
        """Give anywidget the explorer's two files."""
        if "NAME" in cls.__dict__:
            cls._esm = HERE / f"{cls.NAME}.js"
            cls._css = HERE / "shared.css"
        super().__init_subclass__(**options)

    def __init__(self, **traits: Any) -> None:
        super().__init__(**traits)
        if os.environ.get("ANYWIDGET_HMR") == "1":
            threading.Thread(target=self._send_when_pieces_change, daemon=True).start()

    def __repr__(self) -> str:
        """A fixed text; what a notebook shows where no explorer can be is :meth:`still`."""
        return _("[explorer: {title}]").format(title=self.words()["title"])

    def still(self) -> Still:
        """What stands in the saved notebook: at least the heading, better its table."""
        return Still(str(self.words()["title"]))

    def outputs(self) -> list[dict[str, Any]]:
        """What a notebook shows: a still for the saved file, and the widget that hides it."""
        still, live = self.still(), self._repr_mimebundle_()
        return [{"text/html": still.html, "text/plain": still.plain}, *([live[0]] if live else [])]

    def _ipython_display_(self) -> None:
        """Show both."""
        from IPython.display import display

        for output in self.outputs():
            display(output, raw=True)

    def _send_when_pieces_change(self) -> None:
        """For who writes explorers: anywidget watches their own files, this the shared ones."""
        from watchfiles import watch  # type: ignore[import-not-found,unused-ignore]

        for _changes in watch(HERE, TOKENS):
            self.send_state(["_esm", "_css"])

    def get_state(self, *args: Any, **options: Any) -> dict[str, Any]:
        """What the browser is sent; the module and its style as single files."""
        state = super().get_state(*args, **options)
        if "_esm" in state:
            state["_esm"] = linked(state["_esm"])
        if "_css" in state:
            state["_css"] = dressed(state["_css"])
        return state

    @classmethod
    def of(cls, meta: Mapping[str, Any], arrays: Mapping[str, NDArray[Any]], **traits: Any) -> Self:
        """An explorer of these numbers, with its words and the rules of intervals.

        Parameters
        ----------
        meta, arrays
            As :func:`pack` takes them.
        traits
            What the explorer starts with.
        """
        words = {**shared(), **cls.words()}
        content = {**meta, "words": words, "rules": rules()}
        return cls(data=pack(content, arrays), **traits)

    @classmethod
    def words(cls) -> dict[str, str | list[str]]:
        """Sentences of the page by key, in the reader's language; ``title`` is its heading.

        A pair of sentences is for counting: the first for one, the second for any other number.
        """
        raise NotImplementedError(f"{cls.__name__} needs words(): the sentences of its page")

    @classmethod
    def example(cls) -> Explorer:
        """One of made-up people, small: for tests, and to try the page while writing it."""
        raise NotImplementedError(f"{cls.__name__} needs example(): a small one of made-up people")

    def table(self) -> pd.DataFrame:
        """What the page's table holds at this moment, as numbers: one row for each of its rows.

        The first column is the head of a row as the page has it.
        """
        raise NotImplementedError(f"{type(self).__name__} needs table(): what its page shows")

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
            The file; an older one is replaced, whole.
        title
            Heading of the page.

        Returns
        -------
        path

        Raises
        ------
        OSError
            With one sentence, when the place cannot be written to.
        """
        state = finite({name: getattr(self, name) for name in self.SENT})
        page = PAGE.format(
            title=html.escape(title or str(self.words()["title"])),
            css=style(),
            noscript=_("This page computes in the browser: it needs JavaScript."),
            state=in_script(state),
            data=base64.b64encode(self.data).decode("ascii"),
            module=linked((HERE / f"{self.NAME}.js").read_text("utf-8")),
            host=linked((HERE / "host.js").read_text("utf-8")),
        )
        write_whole(Path(path), page.encode("utf-8"))
        return Path(path)

r"""Scripts and style sheets of the site.

In: ES modules, which import each other by relative address.  Out: classic scripts, for a browser
reads no module from a memory stick: Chromium asks a server for each, and ``file:`` has none.
Each module becomes a function of its own, so that names of one cannot meet those of another.

``assets/site.js`` is on every page; it starts what a page has.  ``assets/explorers/NAME.js`` is
loaded by a page that shows this explorer and puts it into ``window.labExplorers``.
"""

from __future__ import annotations

import functools
import json
import re
from collections.abc import Iterator
from pathlib import Path

from labkit.app.products import Product
from labkit.app.site.frame import HERE, Site
from labkit.views import explorers
from labkit.views.explorers import base
from labkit.views.page import style

IMPORT = re.compile(
    r'^import\s+(?:(?P<names>\{[^}]*\})\s+from\s+)?"(?P<path>\.{1,2}/[^"]+)";[^\S\n]*$',
    re.MULTILINE,
)
EXPORT = re.compile(
    r"^export (?=(?:const|function\*?|async function|class) (?P<name>[\w$]+))", re.MULTILINE
)
LISTED = re.compile(r"^export (?P<names>\{[^}]*\});[^\S\n]*$", re.MULTILINE)
DEFAULT = re.compile(r"^export default ", re.MULTILINE)
LEFT = re.compile(r"^(?:import|export)\b.*", re.MULTILINE)
AS = re.compile(r"\s+as\s+")

SCRIPT, SHEET = "assets/site.js", "assets/site.css"
EXPLORERS = "assets/explorers.css"


def of_explorer(name: str) -> str:
    """The address of an explorer's script."""
    return f"assets/explorers/{name}.js"


def products(site: Site) -> Iterator[Product]:
    """Style sheets and scripts."""
    yield Product(SHEET, "The look of every page", site.code, sheet)
    yield Product(EXPLORERS, "The look of explorers", site.code, lambda: _file("shared.css"))
    yield Product(
        SCRIPT, "What every page does", site.code, lambda: bundle(HERE / "js" / "site.js")
    )
    for name in explorers.ALL:
        yield Product(
            of_explorer(name),
            f"The explorer {name}",
            site.code,
            functools.partial(explorer, name),
        )


def _file(name: str) -> str:
    return (base.HERE / name).read_text("utf-8")


def sheet() -> str:
    """The style sheet of every page: what pages of the lab share, call-outs, figures, the site."""
    from labkit.views import callouts
    from labkit.views.plots import showing

    own = [path.read_text("utf-8") for path in sorted(HERE.glob("*.css"))]
    return "\n".join([style(), callouts.CSS, showing.CSS, *own])


def explorer(name: str) -> str:
    """The script that puts an explorer into ``window.labExplorers``."""
    place = f"(window.labExplorers ??= {{}})[{json.dumps(name)}]"
    return _script([base.HERE / f"{name}.js"], f"{place} = MODULE.default;\n")


def bundle(*entries: Path) -> str:
    """Modules and all that they import as one classic script, which runs each once, in order.

    Parameters
    ----------
    entries
        ES modules.  An import has the form ``import { one, two as other } from "./piece.js";`` or
        ``import "./piece.js";``; an export is in front of a const, function or class, a list, or
        the default.

    Raises
    ------
    ValueError
        With one sentence: a module that is not there, one that imports itself through others, an
        import or export of another form.
    """
    return _script(list(entries))


def _script(entries: list[Path], last: str = "") -> str:
    order: dict[Path, str] = {}
    for entry in entries:
        _add(entry.resolve(), order, ())
    whole = "\n".join(order.values())
    end = last.replace("MODULE", _name(list(order).index(entries[-1].resolve()))) if last else ""
    return f'(() => {{\n"use strict";\n{whole}\n{end}}})();\n'


def _name(number: int) -> str:
    return f"module{number}"


def _add(path: Path, order: dict[Path, str], above: tuple[Path, ...]) -> None:
    """Put a module behind all that it imports."""
    if path in order:
        return
    if path in above:
        raise ValueError(f"{path.name} imports itself through {above[-1].name}: part them")
    if not path.is_file():
        raise ValueError(f"{above[-1].name if above else 'the site'} imports {path}: not there")
    text = path.read_text("utf-8")
    for found in IMPORT.finditer(text):
        _add((path.parent / found["path"]).resolve(), order, (*above, path))
    order[path] = _as_function(path, text, list(order))


def _as_function(path: Path, text: str, before: list[Path]) -> str:
    """A module as a function that is called at once and gives what the module exports."""
    given = [found["name"] for found in EXPORT.finditer(text)]
    for found in LISTED.finditer(text):
        given += [_pair(one, outward=True) for one in _names(found["names"])]
    if DEFAULT.search(text):
        given.append("default: moduleDefault")

    def taken(found: re.Match[str]) -> str:
        if not found["names"]:
            return ""
        names = ", ".join(_pair(one, outward=False) for one in _names(found["names"]))
        return (
            f"const {{ {names} }} = {_name(before.index((path.parent / found['path']).resolve()))};"
        )

    body = LISTED.sub("", EXPORT.sub("", IMPORT.sub(taken, text)))
    body = DEFAULT.sub("const moduleDefault = ", body)
    left = LEFT.search(body)
    if left:
        raise ValueError(
            f"{path.name}: {left[0]!r} cannot be put into one script: write"
            ' import { name } from "./piece.js"; and export const, function or class'
        )
    return (
        f"const {_name(len(before))} = (() => {{ // {path.name}\n"
        f"{body.strip()}\nreturn {{ {', '.join(given)} }};\n}})();"
    )


def _names(listed: str) -> list[str]:
    return [one.strip() for one in listed.strip("{}").split(",") if one.strip()]


def _pair(one: str, *, outward: bool) -> str:
    """``a as b`` as it stands in an object that gives it, or in the pattern that takes it."""
    if not AS.search(one):
        return one
    inside, other = AS.split(one)
    return f"{other}: {inside}" if outward else f"{inside}: {other}"

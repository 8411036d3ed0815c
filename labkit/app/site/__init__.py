"""The edition without Python: ``python -m labkit site --out DIR``.

In: the sources of the notebooks, the data, the published record.  Out: a folder of pages that work
in any browser, from a memory stick or a static host, with no network: every notebook executed,
every explorer alive, every exercise judged in the page.

Each file is written whole and says from what it was made: a site that was interrupted goes on where
it stopped, and what rests on the same is kept.  Notebooks that ran are kept in ``build/site`` of
the lab's folder, until something they rest on changes.
"""

from __future__ import annotations

import dataclasses
import importlib
import re
import tempfile
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from labkit.app import notebooks
from labkit.app.products import Product, code_of, mark_of, put
from labkit.app.site.frame import FIRST, PICTURES, SECTIONS, Site
from labkit.base.words import use

PARTS = (
    "scripts",
    "books",
    "live",
    "asked",
    "match",
    "audits",
    "record",
    "glossary",
    "sheets",
    "rows",
    "front",
)
"""Modules of this folder, each with ``products(site)``."""

MOST = 60_000_000
MOST_FIRST = 600_000
"""Bytes of all files together, and of the first page with everything that it loads."""

LOADED = re.compile(
    r'<(?:script|img|source)\b[^>]*\bsrc="([^":#]+)"|<link\b[^>]*rel="stylesheet"[^>]*href="([^":#]+)"'
    r"|url\(\"?([^\"():]+)\"?\)"
)
PICTURE = re.compile(rb"pictures/([0-9a-f]{16}\.\w+)")


def make(
    out: Path,
    *,
    language: str = "en",
    only: Sequence[str] = (),
    quiet: bool = False,
    say: Callable[[str], object] = print,
    parts: Sequence[str] = PARTS,
) -> list[Path]:
    """Make the site, or what is missing of it; returns the files that were written.

    Parameters
    ----------
    out
        A folder outside the lab's own.
    language
        Of the pages: ``"en"``, or one whose translations are in ``labkit/locale``.
    only
        Names of pages or folders, such as ``"learn/03"`` or ``"record"``; style and scripts are
        made too.  Empty for all.
    quiet
        Whether to leave the progress bar out.
    say
        Is told what was made.
    parts
        Modules that give the pages.

    Raises
    ------
    ValueError, OSError, RuntimeError
        With one sentence: the folder cannot be used, there is no such page or language, a notebook
        stopped, or the site would become too large.
    """
    project, begun = notebooks.root().resolve(), time.monotonic()
    out = _checked(out, project)
    with use(language):
        site = Site(project, language, code_of(project), say)
        every = _products(site, parts)
        _only_ours(out, every)
        wanted = _chosen(every, only)
        todo = [one for one in wanted if not _is_there(one, out)]
        say(
            f"{len(todo)} of {len(wanted)} files are to be made. Each is written when it is whole."
            " If you stop this, run it again: it goes on."
        )
        written = _made(site, todo, out, quiet)
    if not only:
        _tidied(out, every)
    pages = sum(path.suffix == ".html" for path in written)
    first = next((one for one in reversed(wanted) if one.name.endswith(".html")), wanted[0])
    say(
        f"{out / first.name}: open this. {pages} pages made, {size_of(out) / 1e6:.1f} MB in all,"
        f" {_minutes(time.monotonic() - begun)}."
    )
    if (out / FIRST).is_file():
        say(f"The first page loads {size_of_first(out) / 1e3:.0f} KB.")
    return written


def _made(site: Site, todo: Sequence[Product], out: Path, quiet: bool) -> list[Path]:
    from tqdm import tqdm

    from labkit.app.site import runs

    asked = runs.missing(site, [need for one in todo for need in one.needs])
    total = len(todo) + sum(run.cells for run in asked)
    written: list[Path] = []
    with tqdm(total=total, unit="step", disable=quiet or not total, smoothing=0.05) as bar:

        def told(what: str, steps: int = 1) -> None:
            bar.set_postfix_str(what, refresh=False)
            bar.update(steps)

        runs.run(site, asked, told)
        whole = size_of(out)
        for product in todo:
            bar.set_postfix_str(product.name)
            files = product.content()
            whole += sum(len(new) - _size(out / name) for name, new in files.items())
            if whole > MOST:
                raise RuntimeError(
                    f"with {product.name} the site would have {whole / 1e6:.1f} MB, more than"
                    f" {MOST / 1e6:.0f} MB: it was not written; make something smaller"
                )
            if product.name == FIRST:
                _first(files, out)
            written += put(files, out)
            bar.update()
    return written


def _first(files: Mapping[str, bytes], out: Path) -> None:
    """Refuse a first page that is too large with all that it loads."""
    size = size_of_first(out, files)
    if size > MOST_FIRST:
        raise RuntimeError(
            f"the first page would have {size / 1e3:.0f} KB with what it loads, more than"
            f" {MOST_FIRST / 1e3:.0f} KB: it was not written; show less on it"
        )


def size_of_first(out: Path, files: Mapping[str, bytes] | None = None) -> int:
    """Bytes of the first page with all that it loads, of which some may not be written yet."""
    new = files or {}
    page = new[FIRST] if FIRST in new else (out / FIRST).read_bytes()
    sizes = (len(new[one]) if one in new else _size(out / one) for one in loaded(page.decode()))
    return len(page) + sum(sizes)


def loaded(page: str) -> set[str]:
    """What a page loads by itself, by relative address: scripts, style sheets, pictures.

    Examples
    --------
    >>> sorted(loaded('<script src="assets/a.js" defer></script><img src="data:image/gif;x">'))
    ['assets/a.js']
    """
    return {one for found in LOADED.findall(page) for one in found if one}


def size_of(out: Path) -> int:
    """Bytes of all files of a folder."""
    return sum(path.stat().st_size for path in out.rglob("*") if path.is_file())


def _size(path: Path) -> int:
    return path.stat().st_size if path.is_file() else 0


def _minutes(seconds: float) -> str:
    return f"{int(seconds // 60)} min {seconds % 60:02.0f} s"


# ---- what is made, and where --------------------------------------------------------------------


def _products(site: Site, parts: Sequence[str]) -> list[Product]:
    """What all parts give, each resting on the language too; the first page last."""
    found: dict[str, Product] = {}
    for name in parts:
        part = importlib.import_module(f"labkit.app.site.{name}")
        for product in part.products(site):
            if product.name in found:
                raise ValueError(f"{product.name} is made by two parts of the site: {name} too")
            rests_on = f"site {site.language}\n".encode() + product.rests_on
            found[product.name] = dataclasses.replace(product, rests_on=rests_on)
    return sorted(found.values(), key=lambda one: one.name == FIRST)


def _chosen(every: Sequence[Product], only: Sequence[str]) -> list[Product]:
    """The pages that were asked for, and what pages load."""
    if not only:
        return list(every)
    kept: set[str] = set()
    for name in only:
        exact = {one.name for one in every if one.name in (name, f"{name}.html")}
        found = exact or {one.name for one in every if f"/{name}" in f"/{one.name}"}
        if not found:
            folders = sorted({one.name.split("/")[0] for one in every if "/" in one.name})
            raise ValueError(
                f"the site has no page {name!r}: name one such as learn/03, or a folder:"
                f" {', '.join(folders)}"
            )
        kept |= found
    return [one for one in every if one.name in kept or one.name.startswith("assets/")]


def _checked(out: Path, project: Path) -> Path:
    """The folder to write to, made where it was not there."""
    out = out.expanduser().resolve()
    if out == project or project in out.parents:
        raise ValueError(
            f"{out} is inside the lab's folder: name a folder elsewhere, such as ../site"
        )
    if out.exists() and not out.is_dir():
        raise ValueError(f"{out} is a file: name a folder")
    try:
        out.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=out):
            pass
    except OSError as error:
        why = error.strerror or error
        raise OSError(f"{out} cannot be written to ({why}): name another folder") from None
    return out


def _only_ours(out: Path, every: Sequence[Product]) -> None:
    """Refuse to write over a file that this command has not made."""
    for product in every:
        path = out / product.name
        if product.says_mark and path.exists() and not mark_of(path):
            raise ValueError(
                f"{path} was not made by this command, or was changed: name another folder, or move"
                " that file away"
            )


def _is_there(product: Product, out: Path) -> bool:
    """Whether a page is there, with the pictures that it shows."""
    if not product.is_there(out):
        return False
    names = pictures_of(out / product.name)
    return all((out / PICTURES / name).is_file() for name in names)


def pictures_of(page: Path) -> set[str]:
    """Names of the pictures in ``assets/pictures`` that a page shows."""
    if page.suffix != ".html":
        return set()
    return {name.decode() for name in PICTURE.findall(page.read_bytes())}


def _tidied(out: Path, every: Sequence[Product]) -> None:
    """Remove what an earlier version of the site had and this one has not."""
    names = {one.name for one in every}
    for folder in sorted({name.split("/")[0] for name in [*names, *dict(SECTIONS)] if "/" in name}):
        for path in sorted((out / folder).rglob("*")):
            ours = path.is_file() and mark_of(path)
            if ours and path.relative_to(out).as_posix() not in names:
                path.unlink()
    shown = {name for page in out.rglob("*.html") for name in pictures_of(page)}
    for path in (out / PICTURES).glob("*"):
        if path.name not in shown:
            path.unlink()

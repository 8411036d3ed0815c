"""Texts of the project, in Markdown, as HTML whose links lead within the site.

In: a text, the file it stands in, the page it is for.  Out: HTML; a link to a file that has a page
leads to that page, a link to anything else of the project becomes plain words.
"""

from __future__ import annotations

import posixpath
import re
import urllib.parse
from collections.abc import Callable
from pathlib import PurePosixPath

from labkit.app.kit import documents
from labkit.app.site.frame import way
from labkit.base.words import _

NOTEBOOK = re.compile(r"\d\d_\w+")
WORDS = "words/index.html"
"""Where the glossary is."""

TABLE = re.compile(r'(<div class="lab-table"[^>]*>)?(<table\b.*?</table>)', re.DOTALL)
CAPTION = re.compile(r"<caption>(.*?)</caption>", re.DOTALL)
TAG = re.compile(r"<[^>]+>")


def page_of(path: str) -> str:
    """The address, seen from the site's folder, of the page of a file; empty for none.

    Parameters
    ----------
    path
        The file as seen from the project's folder, perhaps with ``#`` and a place in it.

    Examples
    --------
    >>> page_of("notebooks/03_tune_the_threshold.ipynb#The-line")
    'learn/03_tune_the_threshold.html#The-line'
    >>> page_of("notebooks/glossary.md#FMR"), page_of("data/gallery/DATASHEET.md")
    ('words/index.html#fmr', 'data/gallery.html')
    >>> page_of("docs/sizing.md"), page_of("data/published/courts.csv")
    ('', 'record/index.html#courts')
    """
    name, hash_, anchor = path.partition("#")
    file = PurePosixPath(name)
    folder = file.parent.as_posix()
    if NOTEBOOK.fullmatch(file.stem) and file.suffix in (".ipynb", ".py"):
        part = {"notebooks": "learn", "instructors/solutions": "teach"}.get(folder)
        return f"{part}/{file.stem}.html{hash_}{anchor}" if part else ""
    if name == "notebooks/glossary.md":
        return f"{WORDS}#{address(anchor)}" if anchor else WORDS
    if file.name == "DATASHEET.md":
        return f"data/{file.parent.name}.html{hash_}{anchor}"
    if folder == "data/published" and file.suffix == ".csv":
        return f"record/index.html#{file.stem}"
    return ""


def address(words: str) -> str:
    """The address of a word of the glossary within its page, however a link writes it.

    Examples
    --------
    >>> address("winner's-curse"), address("winner%27s-curse"), address("Euclidean distance")
    ('winners-curse', 'winners-curse', 'euclidean-distance')
    """
    return documents.anchor_of(urllib.parse.unquote(words))


def leading(file: str, at: str) -> Callable[[str], str]:
    """Where the links of a file lead on a page; empty for those that lead nowhere.

    Parameters
    ----------
    file
        Where the text stands, as seen from the project's folder.
    at
        The page it is shown on.

    Examples
    --------
    >>> lead = leading("data/gallery/DATASHEET.md", "data/gallery.html")
    >>> lead("../street/DATASHEET.md"), lead("../../docs/sizing.md"), lead("#limits")
    ('street.html', '', '#limits')
    """

    def lead(link: str) -> str:
        if "://" in link or link.startswith(("#", "mailto:")):
            return link
        found = page_of(posixpath.normpath(posixpath.join(posixpath.dirname(file), link)))
        return way(at, found) if found else ""

    return lead


def as_html(text: str, file: str, at: str) -> str:
    r"""A text in Markdown as HTML for a page; its first heading is that of the page, and left out.

    Parameters
    ----------
    text
        The text, with or without a title.
    file, at
        As for :func:`leading`.

    Examples
    --------
    >>> as_html("# A sheet\n\n[words](../notebooks/glossary.md#fmr)", "docs/x.md", "data/x.html")
    '<p><a href="../words/index.html#fmr">words</a></p>\n'
    """
    return boxed(unboxed(text, file, at))


def unboxed(text: str, file: str, at: str) -> str:
    """The same without boxes around tables, for a part of a page."""
    body = re.sub(r"\A\s*# .+\n", "", text)
    return documents.as_html(body, lead=leading(file, at))


def boxed(page: str) -> str:
    """The page with each table in a box that scrolls and that the keyboard reaches.

    Examples
    --------
    >>> boxed("<table><tr></tr></table>")[:60]
    '<div class="scroll" role="region" tabindex="0" aria-label="T'
    """
    count = iter(range(1, 10_000))

    def box(found: re.Match[str]) -> str:
        caption = CAPTION.search(found[2])
        label = _("Table {n}").format(n=next(count))
        if caption:
            label = f"{label}: {' '.join(TAG.sub('', caption[1]).split())}".replace('"', "&quot;")
        opened = f'<div class="scroll" role="region" tabindex="0" aria-label="{label}">'
        return opened + found[2] + ("" if found[1] else "</div>")

    return TABLE.sub(box, page)


def title_of(text: str) -> str:
    r"""The title of a text in Markdown.

    Raises
    ------
    ValueError
        When it does not begin with one.

    Examples
    --------
    >>> title_of("# The people: datasheet\n\nWords.")
    'The people: datasheet'
    """
    found = re.match(r"\s*# (.+)", text)
    if not found:
        raise ValueError(f"a document begins with '# ' and its title, not with {text[:40]!r}")
    return found[1].strip()

"""Texts of the project, in Markdown, as HTML whose links lead within the site.

In: a text, the file it stands in, the page it is for.  Out: HTML; a link to a file that has a page
leads to that page, a link to anything else of the project becomes plain words.
"""

from __future__ import annotations

import html
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

TABLE = re.compile(r"<table>.*?</table>", re.DOTALL)


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
    body = re.sub(r"\A\s*# .+\n", "", text)
    return boxed(documents.as_html(body, lead=leading(file, at)))


def boxed(page: str) -> str:
    """The page with each table in a box of its own, which scrolls and can be reached by keys.

    Examples
    --------
    >>> boxed("<p>x</p><table></table>").split("<table>")[0]
    '<p>x</p><div class="wide" tabindex="0" role="group" aria-label="Table 1">'
    """
    count = 0

    def box(found: re.Match[str]) -> str:
        nonlocal count
        count += 1
        said = html.escape(_("Table {number}").format(number=count), quote=True)
        return f'<div class="wide" tabindex="0" role="group" aria-label="{said}">{found[0]}</div>'

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

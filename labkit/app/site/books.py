"""Executed notebooks as pages: open for learners, solved for those who teach.

In: a notebook that ran.  Out: a page with its prose, its results, its explorers alive; code is
folded.  Pictures become files of their own, which both forms share and a browser loads as its
screen and theme need them.
"""

from __future__ import annotations

import base64
import functools
import html
import posixpath
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, NamedTuple

from labkit.app import notebooks, update
from labkit.app.kit.solutions import COLOURS, SAVED, with_formulas
from labkit.app.products import Product
from labkit.app.site import asked, live, runs, scripts
from labkit.app.site import prose as texts
from labkit.app.site.frame import HERE, STYLE, Site, picture_file, way
from labkit.app.site.prose import TAG, boxed
from labkit.base.words import _

FOLDERS = {"open": "learn", "solved": "teach"}
TITLE = re.compile(r"^# (.+)\n+", re.MULTILINE)
HEADING = re.compile(r'<h2 id="([^"]*)">(.*?)</h2>')
PICTURE = re.compile(r"data:image/(webp|png|jpeg);base64,([A-Za-z0-9+/=]+)")
INSIDE = re.compile(r'href="([^":#]+\.(?:ipynb|md|csv))(#[^"]*)?"')
BOOK = re.compile(r"(?:.*/)?(\d\d_\w+)\.ipynb")


OF_THE_COMPUTER = "doctor()"
"""A cell that tells about the computer on which it runs: on a page, about another one."""

OF_KERNELS = "journal.restore("
"""What a paragraph speaks of that says how to stop and come back in a notebook."""


OF_HELP, HELP = "`what_to_ask()`", "../data/published/remedies.csv"
"""A call that a page cannot make, and the file whose table shows the same."""


class Chapter(NamedTuple):
    """A notebook as lists name it: its file, title, minutes, what a learner will do."""

    name: str
    title: str
    core: str
    full: str
    goals: tuple[str, ...]

    @property
    def number(self) -> str:
        """Its two digits."""
        return self.name[:2]


@dataclass
class Piece:
    """A cell as the template shows it.

    Parameters
    ----------
    text
        Prose as HTML; empty for a cell with code.
    code
        Coloured code as HTML; empty where none is shown.
    lines
        How many lines of code.
    outputs
        Each as HTML.
    kind
        ``exercise``, ``solution`` or empty.
    waits
        The guess for which the outputs wait; empty where they do not.
    language
        Of the prose, where it is not the page's; else empty.
    """

    text: str = ""
    code: str = ""
    lines: int = 0
    outputs: tuple[str, ...] = ()
    kind: str = ""
    waits: str = ""
    language: str = ""


def products(site: Site) -> Iterator[Product]:
    """A page for each notebook in both forms, and a list of each form."""
    chapters = all_chapters(site)
    for form, folder in FOLDERS.items():
        for chapter in chapters:
            source = site.project / notebooks.SOURCE / f"{chapter.name}.py"
            needs = (runs.need(chapter.name, "open"), runs.need(chapter.name, "solved"))
            yield Product(
                f"{folder}/{chapter.name}.html",
                chapter.title,
                site.code + source.read_bytes(),
                functools.partial(_page, site, chapter.name, form),
                needs if form == "open" else needs[1:],
            )
        listed = "".join(map(repr, chapters)).encode()
        yield Product(
            f"{folder}/index.html",
            _("All notebooks"),
            site.code + listed,
            functools.partial(_list, site, form),
        )


def all_chapters(site: Site) -> list[Chapter]:
    """Every notebook, as its first cell names it in the site's language."""
    return [chapter(site, source.stem) for source in notebooks.sources(site.project)]


@functools.cache
def chapter(site: Site, name: str) -> Chapter:
    """A notebook, as its first cell names it."""
    first = _first_cell(site, name)
    title = TITLE.search(first)
    goals = re.findall(r"^> - (.+(?:\n>   .+)*)$", first, re.MULTILINE)
    joined = tuple(" ".join(one.replace("\n>", " ").split()) for one in goals)
    source = site.project / notebooks.SOURCE / f"{name}.py"
    core, full = map(str, notebooks.minutes_of(source) or "??")
    return Chapter(name, title[1] if title else name, core, full, joined)


def _first_cell(site: Site, name: str) -> str:
    import json

    return "".join(json.loads(runs.of(site, name, "open").content)["cells"][0]["source"])


# ---- one page -----------------------------------------------------------------------------------


def _page(site: Site, name: str, form: str) -> dict[str, str | bytes]:
    at = f"{FOLDERS[form]}/{name}.html"
    book = runs.executed(site, name, form)
    if form == "open":
        book = asked.placed(book, site, runs.executed(site, name, "solved"))
    found = live.placed(book)
    book.cells[0].source = TITLE.sub("", book.cells[0].source, count=1)
    pieces = [piece(cell) for cell in book.cells]
    chapters = all_chapters(site)
    here = [one.name for one in chapters].index(name)
    page = site.render(
        HERE / "book.html.j2",
        title=f"{name[:2]} {chapters[here].title}",
        at=at,
        form=form,
        chapter=chapters[here],
        pieces=pieces,
        contents=_headings(pieces),
        before=chapters[here - 1] if here else None,
        after=chapters[here + 1] if here + 1 < len(chapters) else None,
        styles=scripts.EXPLORERS if found else "",
        scripts=[scripts.of_explorer(one) for one in found],
    )
    page, pictures = apart(boxed(once_styled(led(page, at))), at)
    return {**pictures, at: page}


def piece(cell: Any) -> Piece:
    """A cell of an executed notebook as HTML."""
    _without_what_only_notebooks_need(cell)
    if cell.cell_type == "markdown":
        cell.source = _leading_to_help(cell.source)
    tags = cell.metadata.get("tags", [])
    kind = next((tag for tag in ("exercise", "solution") if tag in tags), "")
    if cell.cell_type == "markdown":
        other = cell.metadata.get(update.MARK, {}).get("language", "")
        return Piece(text=prose(cell.source), kind=kind, language=other)
    about = cell.metadata.get("labkit", {})
    hidden = about.get("code") == "hidden"
    return Piece(
        code="" if hidden else coloured(cell.source),
        lines=cell.source.count("\n") + 1,
        outputs=tuple(filter(None, map(output, cell.outputs))),
        kind=kind,
        waits=about.get("waits", ""),
    )


def _without_what_only_notebooks_need(cell: Any) -> None:
    """Put sentences about pages where a cell speaks of the computer or of kernels."""
    if cell.cell_type == "code" and cell.source.strip() == OF_THE_COMPUTER:
        words = _("This page needs nothing but a browser, so there is nothing to look for.")
        cell.outputs = [{"output_type": "display_data", "data": {"text/html": f"<p>{words}</p>"}}]
    if cell.cell_type == "markdown" and OF_KERNELS in cell.source:
        heading = cell.source.partition("\n")[0]
        cell.source = f"{heading}\n\n" + _(
            "What you answer on these pages is kept by this browser, on this device. Some browsers"
            " delete it after a while, and on a shared device others can see it. Save a copy of"
            " your journal to keep it, or to go on elsewhere: these pages take it in on another"
            " device, and so do the notebooks."
        )


def _leading_to_help(source: str) -> str:
    """Prose with a link to the table of the record where it names a call that shows that table."""
    words = _("If it happened to you, in the published record")
    return source.replace(OF_HELP, f"[{words}]({HELP})")


def prose(text: str) -> str:
    r"""A cell of prose as HTML; headings have the addresses that links in notebooks use.

    Examples
    --------
    >>> prose("## Two *kinds*")
    '<h2 id="Two-kinds">Two <em>kinds</em></h2>\n'
    """
    import mistune

    class Renderer(mistune.HTMLRenderer):
        def heading(self, text: str, level: int, **attrs: Any) -> str:
            anchor = html.escape(html.unescape(TAG.sub("", text)).replace(" ", "-"))
            return f'<h{level} id="{anchor}">{text}</h{level}>\n'

    made = mistune.create_markdown(renderer=Renderer(escape=False), plugins=["table"])
    return str(made(with_formulas(text)))


def coloured(code: str) -> str:
    """Code as HTML, its words marked by kind."""
    from pygments import highlight  # type: ignore[import-untyped]
    from pygments.formatters import HtmlFormatter  # type: ignore[import-untyped]
    from pygments.lexers import PythonLexer  # type: ignore[import-untyped]

    return str(highlight(code, PythonLexer(), HtmlFormatter(nowrap=True)))


def output(one: Any) -> str:
    """An output as HTML; empty where a page cannot show it.

    Examples
    --------
    >>> output({"output_type": "stream", "name": "stdout", "text": "1 < 2"})
    '<pre class="said">1 &lt; 2</pre>'
    """
    if one["output_type"] == "stream":
        return _said(one["text"])
    data = one.get("data", {})
    if "text/html" in data:
        return str(data["text/html"])
    if live.WIDGET in data:
        return ""
    if "image/png" in data:
        words = html.escape(data.get("text/plain", ""), quote=True)
        return f'<p><img src="data:image/png;base64,{data["image/png"].strip()}" alt="{words}"></p>'
    return _said(data.get("text/plain", ""))


def _said(text: str) -> str:
    words = html.escape(COLOURS.sub("", text).rstrip())
    return f'<pre class="said">{words}</pre>' if words else ""


def _headings(pieces: list[Piece]) -> list[tuple[str, str]]:
    return [
        (anchor, TAG.sub("", heading))
        for one in pieces
        for anchor, heading in HEADING.findall(one.text)
    ]


# ---- the whole page -----------------------------------------------------------------------------


def led(page: str, at: str) -> str:
    """The page with its links led to pages of the site; what is in none becomes plain words.

    A file to save holds the day on which the notebook ran, and nobody's answers: it is left out.

    Examples
    --------
    >>> led('<a href="05_unequal_errors.ipynb#The-group-table">05</a>', "learn/03_a.html")
    '<a href="05_unequal_errors.html#The-group-table">05</a>'
    >>> led('<a href="glossary.md#FMR">FMR</a> <a href="../LICENSE.md">it</a>', "teach/03_a.html")
    '<a href="../words/index.html#fmr">FMR</a> <a>it</a>'
    """
    folder = at.split("/")[0]

    def link(found: re.Match[str]) -> str:
        target = html.unescape(found[1])
        book = BOOK.fullmatch(target)
        if book:
            place, anchor = f"{folder}/{book[1]}.html", found[2] or ""
        else:
            place, anchor = texts.page_of(_from_project(target, found[2])), ""
        return f'href="{html.escape(way(at, place))}{anchor}"' if place else ""

    page = INSIDE.sub(link, SAVED.sub(r"\1", page))
    return page.replace("<a >", "<a>")


def _from_project(target: str, anchor: str | None) -> str:
    """A link of a notebook as seen from the project's folder."""
    path = posixpath.normpath(posixpath.join(notebooks.OPEN.as_posix(), target))
    return path + html.unescape(anchor or "")


def once_styled(page: str) -> str:
    """The page without styles that the site's own sheet has, each other one once.

    Examples
    --------
    >>> once_styled("<style>p { x: 1 }</style><p>a</p><style>p { x: 1 }</style>")
    '<style>p { x: 1 }</style><p>a</p>'
    """
    from labkit.views import callouts
    from labkit.views.plots import showing

    seen: set[str] = set()

    def style(found: re.Match[str]) -> str:
        css = found[0][len("<style>") : -len("</style>")]
        for known in (callouts._style(), showing._style()):
            css = css.removeprefix(known)
        if not css.strip() or css in seen:
            return ""
        seen.add(css)
        return f"<style>{css}</style>"

    return STYLE.sub(style, page)


def apart(page: str, at: str) -> tuple[str, dict[str, str | bytes]]:
    """The page with its pictures as files of their own, and these files by name.

    Examples
    --------
    >>> apart('<img src="data:image/png;base64,AAAA">', "learn/03_a.html")[0]
    '<img src="../assets/pictures/709e80c88487a241.png">'
    """
    files: dict[str, str | bytes] = {}

    def picture(found: re.Match[str]) -> str:
        content = base64.b64decode(found[2])
        name = picture_file(content, found[1])
        files[name] = content
        return way(at, name)

    return PICTURE.sub(picture, page), files


# ---- lists --------------------------------------------------------------------------------------


def _list(site: Site, form: str) -> str:
    folder = FOLDERS[form]
    return site.render(
        HERE / f"{folder}.html.j2",
        title=_("Learn") if form == "open" else _("Teach"),
        at=f"{folder}/index.html",
        folder=folder,
        chapters=all_chapters(site),
        goals=[[inline(goal) for goal in one.goals] for one in all_chapters(site)],
    )


def inline(text: str) -> str:
    """A line of Markdown as HTML, without its paragraph and its links."""
    made = re.sub(r"</?(?:p|a)\b[^>]*>", "", prose(text))
    return made.strip()

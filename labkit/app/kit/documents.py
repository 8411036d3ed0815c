"""Instructors' documents as pages: Markdown in, one HTML file with the lab's look out.

In: a text in Markdown.  Out: a page that needs nothing else.  Links between the documents lead to
their pages, links to notebooks lead to the solutions that were executed; a link to anything that is
not in the kit becomes plain words.
"""

from __future__ import annotations

import html
import re
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from labkit.views.page import render

HERE = Path(__file__).resolve().parent
PAGES = ("guide", "handout", "questions", "rubric", "wrong_answers", "glossary")
"""Documents that have a page of their own in the kit, by the name of their file."""

SHEET = re.compile(r"<!-- sheet -->(.*?)<!-- /sheet -->", re.DOTALL)
KEY = re.compile(r"<!-- key -->(.*?)<!-- /key -->", re.DOTALL)
FIELD = re.compile(r"\{(\w+)\}")


def linked(address: str, below: bool = False) -> str:
    """Where a link of a document leads in the kit; empty where that is not in it.

    Parameters
    ----------
    address
        As it stands in the document.
    below
        Whether the page lies in a folder of the kit, as solutions do.

    Examples
    --------
    >>> linked("wrong_answers.md#03-a"), linked("solutions/03_tune_the_threshold.ipynb")
    ('wrong_answers.html#03-a', 'solutions/03_tune_the_threshold.html')
    >>> linked("../notebooks/glossary.md#fmr", below=True), linked("../docs/sizing.md")
    ('../glossary.html#fmr', '')
    """
    if "://" in address or address.startswith(("#", "mailto:")):
        return address
    path, _, anchor = address.partition("#")
    name, up, end = Path(path), "../" if below else "", f"#{anchor}" if anchor else ""
    if re.match(r"\d\d_", name.name) and name.suffix == ".ipynb":
        return f"{up}solutions/{name.stem}.html{end}"
    if name.suffix == ".md" and name.stem in PAGES:
        return f"{up}{name.stem}.html{end}"
    return ""


def as_html(text: str, below: bool = False, *, lead: Callable[[str], str] | None = None) -> str:
    r"""A text in Markdown as HTML, with an address for each heading.

    Parameters
    ----------
    text
        The text.
    below
        As for :func:`linked`.
    lead
        Where links lead, in place of :func:`linked`; empty for those that become plain words.

    Examples
    --------
    >>> as_html("## Read *this*\n\n[there](rubric.md), [not here](../LICENSE)")
    '<h2 id="read-this">Read <em>this</em></h2>\n<p><a href="rubric.html">there</a>, not here</p>\n'
    """
    import mistune

    class Renderer(mistune.HTMLRenderer):
        def heading(self, text: str, level: int, **attrs: Any) -> str:
            return f'<h{level} id="{anchor_of(text)}">{text}</h{level}>\n'

        def link(self, text: str, url: str, title: str | None = None) -> str:
            address = lead(url) if lead else linked(url, below)
            return f'<a href="{html.escape(address)}">{text}</a>' if address else text

    made = mistune.create_markdown(renderer=Renderer(escape=True), plugins=["table"])
    return labelled(str(made(re.sub(r"<!--.*?-->\n?", "", text, flags=re.DOTALL))))


def labelled(page: str) -> str:
    """The page with the name of its column on each cell: what a narrow screen shows before it.

    Examples
    --------
    >>> labelled("<table><th>who</th><th></th><tr><td>Ari</td><td>7</td></tr></table>")
    '<table><th>who</th><th></th><tr><td data-label="who">Ari</td><td>7</td></tr></table>'
    """

    def table(found: re.Match[str]) -> str:
        heads = [re.sub(r"<[^>]+>", "", one) for one in re.findall(r"<th>(.*?)</th>", found[0])]

        def row(cells: re.Match[str]) -> str:
            names = iter(heads)

            def cell(opened: re.Match[str]) -> str:
                name = next(names, "")
                return f'<td data-label="{name}">' if name else opened[0]

            return re.sub(r"<td>", cell, cells[0])

        return re.sub(r"<tr>.*?</tr>", row, found[0], flags=re.DOTALL)

    return re.sub(r"<table>.*?</table>", table, page, flags=re.DOTALL)


def anchor_of(heading: str) -> str:
    """The address of a heading within its page, as GitHub makes it.

    Examples
    --------
    >>> anchor_of("What <em>each</em> answer shows: 03-a")
    'what-each-answer-shows-03-a'
    """
    words = html.unescape(re.sub(r"<[^>]+>", "", heading)).lower()
    return re.sub(r" ", "-", re.sub(r"[^\w\- ]", "", words).strip())


def page(text: str, template: str = "document.html.j2", **shown: Any) -> str:
    """The page of a document whose first line is its title.

    Raises
    ------
    ValueError
        When the text does not begin with a title.
    """
    found = re.match(r"\s*# (.+)\n", text)
    if not found:
        raise ValueError(f"a document begins with '# ' and its title, not with {text[:40]!r}")
    body = as_html(text[found.end() :])
    return render(HERE / template, title=found[1], content=body, **shown)


def fill(text: str, facts: Mapping[str, str]) -> str:
    """A text with the numbers that its ``{names}`` stand for.

    Raises
    ------
    ValueError
        When a name stands for nothing.

    Examples
    --------
    >>> fill("{alerts} alerts", {"alerts": "1,190"})
    '1,190 alerts'
    """

    def value(field: re.Match[str]) -> str:
        if field[1] not in facts:
            known = ", ".join(sorted(facts))
            raise ValueError(f"there is no number {field[0]}: the names are {known}")
        return facts[field[1]]

    return FIELD.sub(value, text)


def sheet(questions: str) -> str:
    """The learners' sheet of questions: without the key, with boxes to tick."""
    body = _part(SHEET, questions)
    body = re.sub(r"^- \*\*(\w)\*\* ", r"- ☐ **\1** ", body, flags=re.MULTILINE)
    body = re.sub(r"^## (\d+)$", r"## Question \1", body, flags=re.MULTILINE)
    return page(f"# Ten questions\n{body}", "questions.html.j2")


def key(questions: str) -> str:
    """The page with the answer key."""
    return page(_part(KEY, questions))


def _part(pattern: re.Pattern[str], text: str) -> str:
    found = pattern.search(text)
    if not found:
        raise ValueError(f"the questions have no part {pattern.pattern.split('(')[0]}")
    return found[1]


def options() -> str:
    """The sheet of the eight options: each with its strongest argument and the best reply."""
    from labkit.published.options import OPTIONS, said

    rows = [
        "# The options of a council\n",
        "The same as in notebook 12, from the option that allows least. Words in quotation marks"
        " are those of people who meant them; somebody may be quoted for one option and against"
        " another. Some lines speak of wrong arrests: you can vote by the names alone. There is no"
        " right vote.\n",
        "| option | what would hold | strongest argument for it | best reply |",
        "| --- | --- | --- | --- |",
    ]
    for word, option in OPTIONS.items():
        words = [f"{one.quoted} {one.by}" for one in map(said, (option.case, option.reply))]
        cells = (f"**{word}**: {option.name}", option.means, *words)
        rows.append("| " + " | ".join(cell.replace("|", "/") for cell in cells) + " |")
    return page("\n".join(rows) + "\n", "handout.html.j2")


def handout(text: str, facts: Mapping[str, str]) -> str:
    """The handout of two pages, with its numbers from the code."""
    return page(fill(text, facts), "handout.html.j2")

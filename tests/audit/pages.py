"""How a page is read: the text of its sections, and its tables cell by cell."""

from __future__ import annotations

import html
import html.parser
import re

Cells = dict[str, dict[str, str]]


class Tables(html.parser.HTMLParser):
    """Caption -> name of a row -> heading -> text, and the rows that are greyed."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.tables: dict[str, Cells] = {}
        self.grey: dict[str, list[str]] = {}
        self.tag, self.heads, self.cells, self.caption = "", [], [], ""
        self.feed(page)

    def handle_starttag(self, tag, attrs):
        if tag == "a":
            return
        self.tag = tag
        if tag == "table":
            self.heads, self.caption = [], ""
        if tag == "tr":
            self.cells, self.thin = [], dict(attrs).get("class") == "thin"
        if tag in ("th", "td"):
            (self.heads if dict(attrs).get("scope") == "col" else self.cells).append("")

    def handle_endtag(self, tag):
        if tag == "a":
            return
        self.tag = ""
        if tag == "tr" and self.cells:
            name = self.cells[0]
            row = dict(zip(self.heads, self.cells, strict=True))
            self.tables.setdefault(self.caption, {})[name] = row
            self.grey.setdefault(self.caption, []).extend([name] if self.thin else [])

    def handle_data(self, data):
        if self.tag == "caption":
            self.caption += data
        elif self.tag in ("th", "td"):
            (self.cells or self.heads)[-1] += data


def read(report) -> Tables:
    return Tables(report.html)


def plain(markup: str) -> str:
    """The text of some markup, as it is read."""
    return " ".join(html.unescape(re.sub(r"<[^>]+>", "", markup)).split())


def markup(report, name: str) -> str:
    """A section, or nothing when it is not there."""
    found = re.search(rf'<h2 id="{name}">.*?</section>', report.html, re.S)
    return found[0] if found else ""


def section(report, name: str) -> str:
    """The text of a section."""
    return plain(markup(report, name))


def bullets(report, name: str) -> list[str]:
    """The text of each line of a section's lists."""
    return [plain(line) for line in re.findall(r"<li>(.*?)</li>", markup(report, name))]


def short(report, name: str = "") -> list[str]:
    """The lines of "In short", or those of one name without it."""
    lines, start = bullets(report, "short"), f"{name}. "
    return [s.removeprefix(start) for s in lines if s.startswith(start)] if name else lines


def number(text: str) -> float:
    return float(text.replace(",", "").replace("−", "-"))

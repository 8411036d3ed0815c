"""What tests of the site's content share: a site to make pages for, a page as it is read."""

from __future__ import annotations

import posixpath
import re
from html.parser import HTMLParser

from labkit.app.products import Product
from labkit.app.site.frame import Site
from labkit.base.places import PROJECT

VOID = {"area", "br", "col", "hr", "img", "input", "link", "meta", "source", "wbr"}


def site() -> Site:
    """A site in English that says nothing."""
    return Site(PROJECT, "en", b"code", lambda words: None)


def made(part, name: str) -> str:
    """One page of a part."""
    return text_of(next(p for p in part.products(site()) if p.name == name))


def text_of(product: Product) -> str:
    """What a product holds, as text."""
    return product.content()[product.name].decode()


class Read(HTMLParser):
    """A page: ids, links, headings, the text of each element with an id."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.ids: list[str] = []
        self.links: list[str] = []
        self.headings: list[int] = []
        self.texts: dict[str, str] = {}
        self._open: list[tuple[str, str | None]] = []
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        own = given.get("id")
        if own is not None:
            self.ids.append(own)
            self.texts[own] = ""
        if tag == "a" and given.get("href"):
            self.links.append(given["href"] or "")
        if re.fullmatch(r"h[1-6]", tag):
            self.headings.append(int(tag[1]))
        if tag not in VOID:
            self._open.append((tag, own))

    def handle_endtag(self, tag: str) -> None:
        while tag not in VOID and self._open and self._open.pop()[0] != tag:
            pass

    def handle_data(self, data: str) -> None:
        for _tag, own in self._open:
            if own is not None:
                self.texts[own] += data


def lost(page: str, at: str) -> set[str]:
    """Links of a page of the site that lead to nothing in the site, or to no place in the page."""
    from labkit.app.site import PARTS, _products

    known = {product.name for product in _products(site(), PARTS)}
    read = Read(page)
    out = set()
    for link in read.links:
        path, _hash, anchor = link.partition("#")
        if "://" in link or link.startswith("mailto:"):
            continue
        target = posixpath.normpath(posixpath.join(posixpath.dirname(at), path)) if path else at
        if target not in known or (target == at and anchor and anchor not in read.ids):
            out.add(link)
    return out


def plain(text: str) -> str:
    """Text with single spaces."""
    return " ".join(text.split())


def published(name: str):
    """A table of the published record by the names of its rows."""
    from labkit.published import load

    table = load(name).table
    return table.set_index(table.columns[0], drop=False)

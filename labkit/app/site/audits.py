"""The audit report of each matcher that works offline, and their index.

In: the registry of matchers.  Out: ``audit/index.html`` and ``audit/MATCHER.html``: the very report
that ``python -m labkit audit --lab MATCHER`` writes, with a way back to the site.

The index has no rate: matchers that learned from drawings are at home among drawn people, and a
list of rates would invite a comparison that says nothing about photographs.
"""

from __future__ import annotations

import functools
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from markupsafe import escape

from labkit import data, matchers
from labkit.app.products import Product
from labkit.app.site.frame import FIRST, way
from labkit.base.words import N_, _

if TYPE_CHECKING:
    from labkit.app.site.frame import Site
    from labkit.matchers.registry import Entry

HERE = Path(__file__).resolve().parent
INDEX = "audit/index.html"
HEADER = "<header>"
LEARNED = {
    "others": N_("It learned from photographs of real people: drawings are new to it."),
    "fitted": N_("It was fitted on other people drawn by the same program: it is at home here."),
    "home": N_(
        "It learned from other people drawn by the same program and from nobody else: it is at home"
        " here."
    ),
}
"""From whom a matcher learned."""


def products(site: Site) -> Iterator[Product]:
    """A report for each offline matcher, then the index."""
    entries = list(matchers.offline())
    for entry in entries:
        yield Product(
            at_of(entry),
            _("Audit of {matcher}").format(matcher=entry.name),
            site.code,
            functools.partial(_report, entry),
        )
    yield Product(INDEX, _("Audit"), site.code, lambda: _index(site, entries))


def at_of(entry: Entry) -> str:
    """The address of a matcher's report.

    Examples
    --------
    >>> at_of(matchers.get("dlib"))
    'audit/dlib.html'
    """
    return f"audit/{entry.name.lower()}.html"


def _report(entry: Entry) -> str:
    from labkit.audit.lab import lab_audit

    command = f"python -m labkit audit --lab {entry.name} --out report.html"
    return with_way_back(lab_audit(entry.name, command=command).html, at_of(entry))


def with_way_back(page: str, at: str) -> str:
    """A page that has a frame of its own, with links to the site above its heading.

    Raises
    ------
    ValueError
        When it has no place for them.

    Examples
    --------
    >>> with_way_back("<header><h1>Audit</h1></header>", "audit/dlib.html").split("<h1>")[0][-40:]
    '"../index.html">The first page</a></nav>'
    """
    if HEADER not in page:
        raise ValueError(f"{at}: the page has no {HEADER} to put the way back into")
    links = [(INDEX, _("All audit reports")), (FIRST, _("The first page"))]
    made = " &middot; ".join(f'<a href="{way(at, to)}">{escape(words)}</a>' for to, words in links)
    said = escape(_("Site"))
    return page.replace(
        HEADER, f'{HEADER}<nav class="back" style="padding: 0" aria-label="{said}">{made}</nav>', 1
    )


def learned_from(entry: Entry) -> str:
    """From whom a matcher learned, in words."""
    return _(LEARNED["fitted" if entry.fitted else "home" if entry.at_home else "others"])


def _index(site: Site, entries: list[Entry]) -> str:
    faces = data.load("anytown/eval")
    return site.render(
        HERE / "audits.html.j2",
        title=_("Audit"),
        at=INDEX,
        matchers=[(at_of(e), e.name, e.described(), learned_from(e)) for e in entries],
        people=f"{len(faces.people):,}",
        photographs=f"{len(faces):,}",
        limits=data.limits().split("\n"),
    )

"""The glossary as a page that can be searched.

In: ``notebooks/glossary.md``.  Out: ``words/index.html``, in which each word has the address that
the notebooks link to, ``words/index.html#fmr``.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from labkit.app.products import Product
from labkit.app.site import prose
from labkit.app.site.rows import spoken
from labkit.base.words import N_, _

if TYPE_CHECKING:
    from labkit.app.site.frame import Site

HERE = Path(__file__).resolve().parent
SOURCE = "notebooks/glossary.md"
TERMS = "words/terms.html"
"""Where the terms in both languages are."""

COUNTED = {
    "all": N_("All {all} words are shown."),
    "some": N_("{shown} of {all} words have what you typed."),
    "one": N_("1 of {all} words has what you typed."),
    "most": N_(
        "No word has all you typed; those that have {have} of its {of} parts: {shown} of {all}."
    ),
    "none": N_("None of the {all} words has what you typed."),
    "count": N_("{shown} of {all}"),
}
"""What is said after each key that is pressed."""


@dataclass(frozen=True)
class Word:
    """A word of the glossary.

    Parameters
    ----------
    name
        The word.
    means
        What it means, as HTML.
    """

    name: str
    means: str

    @property
    def id(self) -> str:
        """Its address within the page."""
        return prose.address(self.name)

    @property
    def also(self) -> str:
        """Its address as JupyterLab writes it, where that is another one; else empty."""
        other = self.name.replace(" ", "-")
        return other if other != self.id else ""


@dataclass(frozen=True)
class Part:
    """Words that belong together."""

    title: str
    words: list[Word] = field(default_factory=list)

    @property
    def id(self) -> str:
        """Its address within the page; no word has the same."""
        return f"part-{prose.address(self.title)}"


def products(site: Site) -> Iterator[Product]:
    """The glossary's page; in another language than English also the terms in both."""
    text = (site.project / SOURCE).read_text("utf-8")
    yield Product(prose.WORDS, _("Glossary"), site.code + text.encode(), lambda: _page(site, text))
    terms = terms_of(site)
    if terms:
        said = terms.read_text("utf-8")
        yield Product(
            TERMS,
            _("The terms in both languages"),
            site.code + said.encode(),
            lambda: _terms(site, said),
        )


def terms_of(site: Site) -> Path | None:
    """The file with the terms in English and the site's language; none where there is none."""
    path = site.project / "docs" / f"terms_{site.language}.md"
    return path if path.is_file() else None


def _terms(site: Site, text: str) -> str:
    return site.render(
        HERE / "sheet.html.j2",
        title=_("The terms in both languages"),
        at=TERMS,
        content=prose.as_html(text, f"docs/terms_{site.language}.md", TERMS),
        english=True,
        beside=[],
        back=prose.WORDS,
        above=_("Glossary"),
    )


def parts_of(text: str) -> list[Part]:
    r"""The glossary by its parts.

    Parameters
    ----------
    text
        In Markdown: ``##`` begins a part, ``###`` a word.

    Examples
    --------
    >>> parts = parts_of("# Glossary\n\n## Errors\n\n### FMR\n\nSee [match](#match).\n")
    >>> parts[0].title, parts[0].words[0].id, parts[0].words[0].means
    ('Errors', 'fmr', '<p>See <a href="#match">match</a>.</p>\n')
    """
    found = []
    for part in re.split(r"^## ", text, flags=re.MULTILINE)[1:]:
        title, *words = re.split(r"^### ", part, flags=re.MULTILINE)
        found.append(Part(title.strip(), [_word(word) for word in words]))
    return found


def _word(text: str) -> Word:
    name, _newline, means = text.partition("\n")
    led = re.sub(r"\]\(#([^)]+)\)", lambda link: f"](#{prose.address(link[1])})", means)
    return Word(name.strip(), prose.as_html(led, SOURCE, prose.WORDS))


def _page(site: Site, text: str) -> str:
    parts = parts_of(text)
    return site.render(
        HERE / "glossary.html.j2",
        title=_("Glossary"),
        at=prose.WORDS,
        parts=parts,
        terms=TERMS if terms_of(site) else "",
        alphabet=sorted((w for part in parts for w in part.words), key=lambda w: w.name.casefold()),
        words=spoken(COUNTED),
        counted=_(COUNTED["all"]).format(all=sum(len(part.words) for part in parts)),
        english=site.language != "en",
    )

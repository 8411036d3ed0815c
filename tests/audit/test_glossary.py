"""Each word of the field is explained where it is used, and nothing else is."""

from __future__ import annotations

import re

import pytest

from labkit.audit import audit
from labkit.audit.glossary import GLOSSARY, Entry, Glossary

from . import towns
from .made import known, town
from .pages import plain

MUST = ("GARBE", "Inequity Rate", "FDR", "alpha", "Holm", "AUC", "impostor", "genuine", "mated")
MORE = ("FMR", "FNMR", "FTA", "threshold", "interval", "equal groups", "stratum", "p value")


@pytest.fixture(scope="module")
def pages(tmp_path_factory) -> list[str]:
    """Pages that say everything between them."""
    folder = tmp_path_factory.mktemp("glossary")
    pairs, group = town(0.25, 7)
    path = towns.write(folder / "c.csv", towns.camera_town())
    return [
        audit(pairs, groups=group, fmr=1e-2).html,
        audit(path, threshold=2.5).html,
        audit(known(folder / "k.csv", 1 / 200, 0.05), threshold=0.5).html,
    ]


def links(page: str) -> set[str]:
    return set(re.findall(r'href="#term-([\w-]+)"', page))


def targets(page: str) -> list[str]:
    return re.findall(r'id="term-([\w-]+)"', page)


def test_every_link_has_its_entry_and_every_entry_its_link(pages):
    for page in pages:
        assert links(page) == set(targets(page)) and len(targets(page)) == len(set(targets(page)))


def test_every_entry_is_used_by_some_report(pages):
    assert {entry.id for entry in GLOSSARY} == set().union(*map(links, pages))


def test_the_words_that_readers_stumbled_over_are_explained():
    forms = {form for entry in GLOSSARY for form in entry.forms}
    assert set(MUST) | set(MORE) <= forms
    fdr = next(entry for entry in GLOSSARY if entry.id == "fdr")
    assert "not the false discovery rate" in fdr.means


def test_no_word_of_the_field_stands_in_a_section_without_a_link(pages):
    """In each section the first use is linked; capitals and plurals are the same word."""
    for page in pages:
        for section in re.findall(r"<section.*?</section>", page, re.S):
            if 'id="again"' in section or 'id="glossary"' in section:
                continue
            section = re.sub(
                r"<h[23].*?</h[23]>|<svg.*?</svg>|<figcaption.*?>|<code.*?</code>",
                "",
                section,
                flags=re.S,
            )
            text = plain(section)
            for word in ("FMR", "FNMR", "FTA", "GARBE", "FDR", "AUC", "Holm", "alpha"):
                if re.search(rf"(?<![\w/]){word}(?![\w/])", text):
                    entry = next(e.id for e in GLOSSARY if word in e.forms)
                    assert entry in links(section), (word, text[:60])


def test_definitions_link_no_further_than_the_page():
    page = Glossary(
        [
            Entry("a", ("alder",), "Like a birch."),
            Entry("b", ("birch",), "A tree."),
            Entry("c", ("cedar",), "Not here."),
        ]
    )
    assert "term-a" in page.linked("An alder.")
    assert [entry.id for entry, _means in page.used()] == ["a", "b"]


def test_a_word_is_linked_once_in_a_section_and_only_whole():
    page = Glossary()
    assert page.linked("FMRs and AUC").count("<a") == 1
    assert page.linked("AUC, FMR") == 'AUC, <a class="term" href="#term-fmr">FMR</a>'
    page.begin()
    assert "<a" in page.linked("AUC")
    assert "<a" not in page.linked("alphabet, subgroup, fmr")
    assert page.linked("<FMR>").startswith("&lt;")


def test_definitions_say_where_they_come_from():
    means = {entry.id: entry.means for entry in GLOSSARY}
    assert "arXiv:2203.05051" in means["garbe"] and "arXiv:2011.02395" in means["fdr"]
    assert "NISTIR 8429" in means["inequity"] and "Holm 1979" in means["holm"]
    assert sorted(means) == [entry.id for entry in GLOSSARY]

"""The glossary as a page: each word at the address that the notebooks link to."""

from __future__ import annotations

import dataclasses
import importlib
import re

import pytest

from labkit.app import notebooks, site
from labkit.app.site import glossary, prose
from labkit.base import words as base_words
from labkit.base.places import PROJECT

from . import content


@pytest.fixture(scope="module")
def page() -> str:
    return content.made(glossary, "words/index.html")


@pytest.fixture(scope="module")
def read(page: str) -> content.Read:
    return content.Read(page)


def text() -> str:
    return (PROJECT / glossary.SOURCE).read_text("utf-8")


def test_every_word_is_there_with_what_it_means(read: content.Read) -> None:
    found = re.findall(r"^### (.+)$", text(), re.MULTILINE)
    assert len(found) > 100
    for name in found:
        said = content.plain(read.texts[prose.address(name)])
        assert said.startswith(name)
        assert len(said) > len(name) + 10, name


def test_every_word_that_a_notebook_links_to_has_that_address(read: content.Read) -> None:
    linked = set()
    for source in notebooks.sources(PROJECT):
        linked |= set(re.findall(r"glossary\.md#([^)\s]+)\)", source.read_text("utf-8")))
    assert len(linked) > 50
    for anchor in linked:
        assert prose.page_of(f"notebooks/glossary.md#{anchor}").split("#")[1] in read.ids, anchor
        assert anchor in read.ids, anchor  # as JupyterLab writes it, too


def test_links_between_words_lead_to_words(read: content.Read) -> None:
    inside = [link[1:] for link in read.links if link.startswith("#")]
    assert set(inside) <= set(read.ids)
    assert len(inside) > 150


def test_no_address_is_given_twice_and_headings_are_in_order(read: content.Read) -> None:
    assert len(read.ids) == len(set(read.ids))
    assert all(two <= one + 1 for one, two in zip(read.headings, read.headings[1:]))


def test_every_link_leads_to_a_page_of_the_site(page: str) -> None:
    assert content.lost(page, "words/index.html") == set()


def test_another_language_has_its_terms_beside_the_words(tmp_path) -> None:
    terms = tmp_path / "docs" / "terms_xx.md"
    terms.parent.mkdir()
    terms.write_text("# Terms\n\n| English | other |\n|---|---|\n| score | xyz |\n")
    (tmp_path / "notebooks").mkdir()
    (tmp_path / glossary.SOURCE).write_text(text())
    made = {
        product.name: content.text_of(product)
        for product in glossary.products(
            dataclasses.replace(content.site(), project=tmp_path, language="xx")
        )
    }
    assert 'href="terms.html"' in made["words/index.html"]
    assert "xyz" in made["words/terms.html"]
    assert 'lang="en"' in made["words/index.html"]
    assert "words/terms.html" not in {p.name for p in glossary.products(content.site())}


def test_no_part_of_the_site_takes_the_place_of_a_name_that_the_command_uses() -> None:
    for name in site.PARTS:
        importlib.import_module(f"labkit.app.site.{name}")
    assert site.use is base_words.use

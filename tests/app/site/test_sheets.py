"""Datasheets and the handout as pages: all are there, and their links lead to pages or nowhere."""

from __future__ import annotations

import re

import pytest

from labkit.app.kit.facts import facts
from labkit.app.site import sheets
from labkit.base.places import PROJECT

from . import content

SHEETS = sorted(PROJECT.glob(sheets.SHEETS))


def test_every_datasheet_has_a_page_that_the_index_names() -> None:
    names = {product.name for product in sheets.products(content.site())}
    index = content.Read(content.made(sheets, sheets.INDEX))
    assert len(SHEETS) >= 10
    for path in SHEETS:
        assert sheets.at_of(path) in names
        assert f"{path.parent.name}.html" in index.links


@pytest.mark.parametrize("path", SHEETS, ids=lambda path: path.parent.name)
def test_a_datasheet_is_whole_and_its_headings_come_in_order(path) -> None:
    read = content.Read(content.made(sheets, sheets.at_of(path)))
    said = content.plain(read.texts["main"])
    for heading in re.findall(r"^##+ ([^*`\[\n]+)$", path.read_text("utf-8"), re.MULTILINE):
        assert heading.strip() in said
    assert read.headings[0] == 1
    assert read.headings.count(1) == 1
    assert all(two <= one + 1 for one, two in zip(read.headings, read.headings[1:]))
    assert len(read.ids) == len(set(read.ids))


def test_a_picture_of_a_datasheet_comes_with_its_page_and_is_small() -> None:
    product = next(p for p in sheets.products(content.site()) if p.name == "data/anytown.html")
    files = product.content()
    shown = re.findall(r'<img src="\.\./([^"]+)" alt="([^"]+)"', files[product.name].decode())
    assert [place for place, _alt in shown] == [name for name in files if name != product.name]
    assert shown
    assert all(alt for _place, alt in shown)
    assert all(len(files[place]) < 900_000 for place, _alt in shown)


def test_every_link_leads_to_a_page_of_the_site() -> None:
    for product in sheets.products(content.site()):
        if product.name != sheets.HANDOUT_AT:  # whose numbers take long, and which links nowhere
            assert content.lost(content.text_of(product), product.name) == set(), product.name


def test_the_cards_of_the_networks_have_their_tables_and_no_address_twice() -> None:
    page = content.made(sheets, sheets.CARDS_AT)
    read = content.Read(page)
    cards = sorted(PROJECT.glob(sheets.CARDS))
    assert page.count("What it is not for") == len(cards)
    assert len(read.ids) == len(set(read.ids))


def test_the_handout_has_the_lab_s_numbers() -> None:
    page = content.made(sheets, sheets.HANDOUT_AT)
    said = content.plain(content.Read(page).texts["main"])
    assert "{" not in said
    for name in ("returned", "alerts", "met_alerts", "aclu_matched"):
        assert facts()[name] in said, name

"""Audit reports on the site: one for each offline matcher, and an index that compares nothing."""

from __future__ import annotations

import re

import pytest

from labkit import data, matchers
from labkit.app.site import audits
from labkit.audit import command

from . import content


@pytest.fixture(scope="module")
def page() -> str:
    return content.made(audits, audits.INDEX)


@pytest.fixture(scope="module")
def index(page: str) -> content.Read:
    return content.Read(page)


def test_every_link_leads_to_a_page_of_the_site(page: str) -> None:
    assert content.lost(page, audits.INDEX) == set()


def test_every_offline_matcher_has_its_report_and_says_from_whom_it_learned(
    index: content.Read,
) -> None:
    said = content.plain(index.texts["main"])
    names = {product.name for product in audits.products(content.site())}
    for entry in matchers.offline():
        assert audits.at_of(entry) in names
        assert audits.at_of(entry).split("/")[1] in index.links
        assert content.plain(entry.described()) in said
        assert audits.learned_from(entry) in said
    assert "Rekognition" not in said


def test_the_index_has_no_rate_to_compare(index: content.Read) -> None:
    said = content.plain(index.texts["main"])
    for sentence in data.limits().split("\n"):  # NIST's factors stand there, with their source
        said = said.replace(content.plain(sentence), "")
    assert not re.search(r"\d+ in [\d,]+|0\.\d|\d%|FMR|FNMR", said)
    assert "says nothing about which errs less on photographs" in said


@pytest.mark.slow
def test_a_report_is_the_very_page_that_the_command_writes(tmp_path) -> None:
    path = tmp_path / "report.html"
    assert command.main(["--lab", "dlib", "--out", str(path)]) == 0
    page = content.made(audits, "audit/dlib.html")
    back = re.search(r'<nav class="back".*?</nav>', page)
    assert back
    assert 'href="index.html"' in back[0]
    assert 'href="../index.html"' in back[0]
    without = re.sub(r"<!-- made from \w+ -->\n", "", page.replace(back[0], ""))
    assert without == path.read_text("utf-8")


def test_a_page_without_a_place_for_the_way_back_is_refused() -> None:
    with pytest.raises(ValueError, match=r"audit/x\.html: the page has no <header>"):
        audits.with_way_back("<p>nothing</p>", "audit/x.html")

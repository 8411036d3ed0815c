"""The page: well formed, complete, and nothing in it but text can come from a file."""

from __future__ import annotations

import html.parser
import itertools
import re

import numpy as np
import pytest

from labkit.audit import audit, draw
from labkit.measure.reading import in_words

from . import pages
from .made import from_table, known, town

VOID = {"meta", "line", "circle", "rect", "path", "polyline", "br", "link", "img"}


class Reader(html.parser.HTMLParser):
    """Notes what a page is made of, and fails where a tag is closed that was not opened."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.seen: list[tuple[str, dict[str, str | None]]] = []
        self.headings: list[int] = []

    def handle_starttag(self, tag, attrs):
        self.seen.append((tag, dict(attrs)))
        if re.fullmatch("h[1-6]", tag):
            self.headings.append(int(tag[1]))
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag, attrs):
        self.seen.append((tag, dict(attrs)))

    def handle_endtag(self, tag):
        assert self.open and self.open[-1] == tag, f"</{tag}> closes {self.open[-3:]}"
        self.open.pop()


@pytest.fixture(scope="module")
def page(tmp_path_factory) -> str:
    pairs, group = town(0.15, 7)
    folder = tmp_path_factory.mktemp("page")
    return audit(from_table(folder / "all.csv", pairs, group), fmr=1e-2).html


def test_the_page_is_well_formed(page):
    reader = Reader()
    reader.feed(page)
    assert not reader.open and page.startswith("<!DOCTYPE html>")
    first, *others = reader.headings
    assert first == 1 and 1 not in others
    assert all(b <= a + 1 for a, b in itertools.pairwise(reader.headings))
    tags = [tag for tag, _ in reader.seen]
    assert {"header", "nav", "main", "footer", "title"} <= set(tags)
    assert dict(reader.seen)["html"] == {"lang": "en"}
    ids = [a["id"] for _, a in reader.seen if "id" in a]
    assert len(ids) == len(set(ids))
    for tag, a in reader.seen:
        for target in (a.get("href"), *(a.get("aria-labelledby") or "").split()):
            assert not target or target.removeprefix("#") in ids
        if tag == "svg":
            assert a["role"] == "img" and len(a["aria-labelledby"].split()) == 2
    assert tags.count("table") == tags.count("caption") and tags.count("svg") == 8
    words = re.findall(r"<desc[^>]*>(.*?)</desc>", page)
    assert len(words) == 4 and all(len(w.split()) > 10 and re.search(r"\d", w) for w in words)


def test_the_page_needs_nothing_else(page):
    """No script, and nothing that a browser would fetch."""
    assert not re.search(r"<(script|link|iframe|object|embed|base|form)\b", page)
    assert not re.search(r"\bon\w+=|javascript:|@import|url\(", page)
    outside = set(re.findall(r"""(?:src|href|action)=["']([^"'#][^"']*)""", page))
    assert not outside
    assert not re.search(r"https?://|//\w+\.", page)


def test_the_primary_results_come_before_the_exploratory_ones(page, tmp_path):
    found = re.findall(r"<h2 id=[^>]*>([^<]*)</h2>", page)
    assert found == [
        "In short",
        "What was tested",
        "Who was in it",
        "Failures",
        "Errors at the threshold",
        "Differences between groups",
        "Summaries of spread (exploratory)",
        "Scores, and other thresholds",
        "The 20 highest impostor scores",
        "What this report does not show",
        "Words explained",
        "How to make it again, and the numbers",
    ]
    given = audit(known(tmp_path / "k.csv", 1 / 20, 0.3), threshold=0.5).html
    more = re.findall(r"<h2 id=[^>]*>([^<]*)</h2>", given)
    place = found.index("The 20 highest impostor scores")
    assert more == [*found[:place], "In a search (1:N)", *found[place:]]


def test_the_page_names_what_it_must(page):
    for words in (
        "Covers what the scope of ISO/IEC 19795-10 names; no conformity is claimed.",
        "SHA-256",
        "four times in five",
        "Equal groups: middle",
        "NumPy",
    ):
        assert words in page


def test_long_tables_are_folded_and_short_ones_are_not(page, tmp_path):
    folded = re.findall(r"<details><summary>([^<]*)</summary>", page)
    assert folded == ["Summaries of spread", "Pairs of two people that are most alike (20)"]
    many = known(tmp_path / "m.csv", 1 / 10, 0.5, groups=[f"g{k:02}" for k in range(11)], each=12)
    report = audit(many, threshold=0.5)
    folded = re.findall(r"<details><summary>([^<]*)</summary>", report.html)
    assert "False matches (FMR) by group (12)" in folded
    assert "in 11 groups:" in pages.short(report, "Tested")[0]


def test_text_from_the_file_is_text(tmp_path):
    """A name cannot become part of the page, and a group called FMR is no word of the glossary."""
    path = known(tmp_path / "k.csv", 1 / 20, 0.3, groups=("<script>alert(1)</script>", 'b"&'))
    report = audit(path, threshold=0.5, title="<b>x</b>")
    assert "<script" not in report.html and "<b>" not in report.html
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in report.html
    report = audit(known(tmp_path / "f.csv", 1 / 20, 0.3, groups=("FMR", "AUC")), threshold=0.5)
    assert not re.search(r'<th scope="row"[^>]*><a[^>]*>(FMR|AUC)</a></th>', report.html)


def test_the_command_is_text_too(tmp_path):
    report = audit(known(tmp_path / "k.csv", 1 / 20, 0.3), threshold=0.5, command="a <i> && b")
    assert "<pre><code>a &lt;i&gt; &amp;&amp; b</code></pre>" in report.html


def test_the_drawings_stand_on_the_axes_that_their_numbers_need(page):
    """FMR in steps of ten, false rejection from nought, and the threshold where it is."""
    titles = re.findall(r'class="quiet">([^<]*)</text>', page)
    assert titles[:4] == ["FMR (steps of ten)"] * 2 + ["False rejection"] * 2
    pairs, group = town(0.15, 7)
    report = audit(pairs, groups=group, fmr=1e-2)
    drawn = re.search(r'id="fig-scores-t".*?</svg>', report.html, re.S)[0]
    x = float(re.search(r'<line x1="([\d.]+)"[^>]*class="mark"', drawn)[1])
    scores = np.r_[pairs.genuine, pairs.impostor]
    ends = float(scores.min()), float(scores.max())
    axis = draw.Axis(*ends, False, right=712.0, width=720)
    assert x == pytest.approx(axis.at(report.threshold), abs=0.06)


def cards(report) -> dict[str, tuple[str, str]]:
    """Name of each card -> its value and its text."""
    found = re.findall(
        r"<h3>([^<]*)</h3><p class=\"value\">([^<]*)</p><p>(.*?)</p></div>", report.html, re.S
    )
    return {name: (value, pages.plain(text)) for name, value, text in found}


def test_the_page_opens_with_three_cards(tmp_path):
    """Finding: whoever reads ten seconds saw a table of contents and a wall of text."""
    pairs, group = town(0.15, 7)
    report = audit(from_table(tmp_path / "c.csv", pairs, group), fmr=1e-2)
    found = cards(report)
    assert list(found) == ["Strangers matched", "Own photographs rejected", "Not decided"]
    rates = report.tables["rates"].query("group == 'everyone'").set_index("rate")
    for name, rate in (
        ("Strangers matched", "fmr"),
        ("Own photographs rejected", "false_rejection"),
    ):
        value, text = found[name]
        assert value == in_words(rates.loc[rate, "value"])
        assert f"{rates.loc[rate, 'errors']:,.0f} of {rates.loc[rate, 'trials']:,.0f}" in text
    contrasts = report.tables["contrasts"]
    value, text = found["Not decided"]
    assert value == f"{(~contrasts['claimed']).sum()} of {len(contrasts)}" and "not 'equal'" in text
    worst = contrasts.loc[~contrasts["claimed"], "detectable"].max()
    assert f"from about {worst:.1f} on" in text
    assert report.html.index('class="cards"') < report.html.index('class="short"')


def test_a_card_says_where_there_is_no_rate_or_no_group(tmp_path):
    report = audit(known(tmp_path / "k.csv", 1 / 20, 0.3, each=8), threshold=0.5)
    found = cards(report)
    assert found["Own photographs rejected"][0] == "too few for a rate"
    assert found["Not decided"] == (
        "Between groups",
        "No two groups have people and errors enough to be compared.",
    )
    nothing = cards(audit(known(tmp_path / "n.csv", 1 / 20, 0.3, each=8), threshold=0.9))
    assert (
        nothing["Strangers matched"][0] == "none"
        and nothing["Own photographs rejected"][0] == "all"
    )
    pairs, _group = town()
    alone = cards(audit(pairs, fmr=1e-2))["Not decided"]
    assert alone[0] == "Between groups" and "no two groups" in alone[1]

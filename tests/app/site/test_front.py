"""The first page: its two people are the worst of all comparisons, its numbers are counted anew."""

from __future__ import annotations

import base64
import re

import numpy as np
import pytest

from labkit import data, matchers
from labkit.app import notebooks
from labkit.app.site import front
from labkit.base.codec import encode
from labkit.base.places import PROJECT
from labkit.measure.reading import in_words

from . import content


@pytest.fixture(scope="module")
def shown() -> front.Shown:
    return front.shown()


@pytest.fixture(scope="module")
def page() -> str:
    return content.made(front, "index.html")


@pytest.fixture(scope="module")
def read(page: str) -> content.Read:
    return content.Read(page)


def distances(name: str) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Distances of all pairs of photographs, and who is in each; straight from the templates."""
    faces = data.load(name)
    templates = faces.templates.astype(np.float64)
    squares = (templates**2).sum(1)
    both = squares[:, None] + squares[None] - 2 * templates @ templates.T
    return np.sqrt(np.maximum(both, 0)), faces.of("person"), np.isfinite(templates[:, 0])


def test_no_comparison_of_two_people_has_a_higher_score(shown: front.Shown) -> None:
    found, people, there = distances("anytown/eval")
    strangers = (people[:, None] != people[None]) & there[:, None] & there[None]
    nearest = np.where(strangers, found, np.inf).min()
    worst = shown.worst
    assert people[worst.first] != people[worst.second]
    assert found[worst.first, worst.second] == pytest.approx(nearest, abs=1e-4)
    assert worst.score == pytest.approx(-nearest, abs=1e-4)


def test_its_counts_are_those_of_the_templates(shown: front.Shown) -> None:
    found, people, there = distances("anytown/eval")
    upper = np.triu(there[:, None] & there[None], 1)
    same = people[:, None] == people[None]
    worst, line = shown.worst, -shown.threshold.value
    assert worst.compared == (upper & ~same).sum()
    assert worst.mated == (upper & same).sum()
    assert worst.matched == pytest.approx((upper & ~same & (found <= line)).sum(), abs=2)
    assert worst.missed == pytest.approx((upper & same & (found > line)).sum(), abs=2)
    assert worst.pairs == 480 * 479 // 2
    assert 30 <= worst.matched_pairs <= worst.matched


def test_the_line_was_chosen_on_other_people_at_the_rate_that_is_said(shown: front.Shown) -> None:
    found, people, there = distances(front.CHOSEN_ON)
    strangers = np.triu((people[:, None] != people[None]) & there[:, None] & there[None], 1)
    rate = (found[strangers] <= -shown.threshold.value).mean()
    assert rate == pytest.approx(front.RATE, rel=0.01)
    assert not set(people) & set(data.load(front.SHOWN_ON).of("person"))


def test_every_number_of_the_rule_is_on_the_page(shown: front.Shown, read: content.Read) -> None:
    said, w = content.plain(read.texts["main"]), shown.worst
    for number in (w.compared, w.pairs, w.matched, w.matched_pairs, w.mated, w.missed):
        assert re.search(rf"(?<![\d,]){number:,}(?![\d,])", said), number
    assert in_words(w.matched / w.compared) in said
    for score in (w.score, shown.threshold.value):
        assert f"{score:.2f}".replace("-", "\u2212") in said
    assert "not the typical one" in said


def test_the_caption_of_the_pair_says_of_how_many_it_is_the_worst(
    shown: front.Shown, page: str
) -> None:
    caption = re.search(r"<figcaption>(.*?)</figcaption>", page, re.DOTALL)
    assert caption
    assert f"The worst of {shown.worst.compared:,} comparisons" in caption[1]


def test_the_way_to_begin_stands_under_the_title(page: str) -> None:
    head = page[page.index("<header>") : page.index("</header>")]
    first = notebooks.sources(PROJECT)[0].stem
    assert f'<a href="learn/{first}.html">Start here' in head


def test_the_photographs_are_the_two_that_were_compared(shown: front.Shown, page: str) -> None:
    pictures = re.findall(r'<img src="data:image/webp;base64,([^"]+)"[^>]* alt="([^"]+)"', page)
    assert len(pictures) == 4
    assert all("drawn" in alt for _data, alt in pictures)
    for (held, _alt), place in zip(pictures[:2], (shown.worst.first, shown.worst.second)):
        pixels = data.load(front.SHOWN_ON).pictures[place]
        assert base64.b64decode(held) == encode(pixels, front.QUALITY)


def test_the_explorer_stands_at_the_line_of_the_page(shown: front.Shown) -> None:
    state = re.search(r"data-state>(\{[^<]*\})<", shown.place)
    assert state
    assert '"step"' in state[1]
    assert "lx-still" in shown.place  # where no script runs its numbers stand there


def test_three_ways_in_with_the_minutes_of_the_notebooks(read: content.Read) -> None:
    said = content.plain(read.texts["main"])
    assert {"learn", "teach", "audit"} <= set(read.ids)
    times = front.minutes(PROJECT)
    assert len(times) == len(notebooks.sources(PROJECT))
    assert f"{len(times)} notebooks, each with a core of at most {max(c for c, _ in times)}" in said
    assert f"Start here ({times[0][0]} minutes)" in said
    assert f"Reports on {len(list(matchers.offline()))} matchers" in said


def test_the_test_of_2018_is_told_with_both_sides_and_the_record_s_numbers(
    read: content.Read,
) -> None:
    said = content.plain(read.texts["main"])
    table = content.published("congress_test")
    for row, column in (
        ("aclu-2018", "count"),
        ("aclu-2018", "of"),
        ("aclu-2018", "gallery"),
        ("aclu-2018-color", "count"),
        ("amazon-99-retest", "gallery"),
    ):
        assert f"{table.loc[row, column]:,}" in said, (row, column)
    assert f"about {table.loc['aclu-2018-base', 'value']:.0f} in 100 of Congress" in said
    guide = content.published("aws_docs").loc["search-default-80", "value"]
    assert f"{guide:.0f}%, the default of a search by Amazon's guide of the time" in said
    assert "Amazon answered" in said
    assert "Neither published its pictures" in said


def test_what_tones_cannot_show_stands_beside_them(read: content.Read) -> None:
    said = content.plain(read.texts["main"])
    for sentence in data.limits().split("\n"):
        assert content.plain(sentence) in said


def test_headings_come_in_order_and_there_is_one_title(read: content.Read) -> None:
    assert read.headings[0] == 1
    assert read.headings.count(1) == 1
    assert all(two <= one + 1 for one, two in zip(read.headings, read.headings[1:]))


def test_every_link_leads_to_a_page_of_the_site(page: str) -> None:
    assert content.lost(page, "index.html") == set()

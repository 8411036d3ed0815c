"""A timeline shows every event once, in order, and says what it shows."""

from __future__ import annotations

import re

import pytest

from labkit.views.plots import as_html
from labkit.views.timeline import Event, timeline

EVENTS = [
    Event("2019", "said", "An <answer>", "the press", "secondary"),
    Event("2018-05-22", "asked", "A letter", "its text", "primary"),
    Event("2018-12", "asked", "A test", "its report", "primary"),
    Event("2024-02-03", "said", "A pause", "the press", "secondary"),
]


def test_the_table_is_in_order_and_whole():
    table = timeline(EVENTS)[2]
    assert table.index.tolist() == ["22 May 2018", "December 2018", "2019", "3 February 2024"]
    assert table["what happened"].tolist() == ["A letter", "A test", "An <answer>", "A pause"]
    assert table["what kind"].tolist() == ["asked", "asked", "said", "said"]
    assert table["verified"].tolist() == ["primary", "primary", "secondary", "secondary"]


def test_the_text_counts_what_is_shown():
    assert timeline(EVENTS)[1] == (
        "A timeline with 4 events: 2 said, 2 asked. It begins in 22 May 2018 (A letter) and ends in"
        " 3 February 2024 (A pause). The year with most events is 2018, with 2."
    )


def test_each_event_stands_in_its_year_with_the_sign_of_its_lane():
    body = timeline(EVENTS)[0].body
    shown = {
        year: [re.sub(r"<[^>]+>", "", line) for line in re.findall(r"<li>(.*?)</li>", lines)]
        for year, lines in re.findall(r"<b>(\d+)</b><ul>(.*?)</ul>", body)
    }
    assert shown == {
        "2018": ["■A letter 22 May", "■A test December"],
        "2019": ["●An &lt;answer&gt;"],
        "2024": ["●A pause 3 February"],
    }
    key = re.sub(r"<[^>]+>", "", re.search(r"<p>(.*?)</p>", body)[1])
    assert key == "● said■ asked", "lanes are named in the order given, and not by colour alone"


def test_its_words_wrap_and_take_the_colours_of_the_theme():
    """Finding: as a picture its words were cut off on a telephone and small elsewhere."""
    page = as_html(*timeline(EVENTS))
    assert "<img" not in page and "An &lt;answer&gt;" in page
    assert not re.search(r"color:\s*#", timeline(EVENTS)[0].body)


def test_no_event_no_date_and_too_many_lanes_are_refused():
    with pytest.raises(ValueError, match="at least one event"):
        timeline([])
    with pytest.raises(ValueError, match="'soon' is no date"):
        timeline([Event("soon", "said", "An answer", "the press", "secondary")])
    with pytest.raises(ValueError, match="5 lanes, and there are signs for 4"):
        timeline([Event("2018", lane, "x", "y", "primary") for lane in "abcde"])

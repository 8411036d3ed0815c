"""A timeline shows every event once, in order, and says what it shows."""

from __future__ import annotations

import matplotlib.pyplot as plt
import pytest

from labkit.views.timeline import Event, timeline

EVENTS = [
    Event("2019", "said", "An answer", "the press", "secondary"),
    Event("2018-05-22", "asked", "A letter", "its text", "primary"),
    Event("2018-12", "asked", "A test", "its report", "primary"),
    Event("2024-02-03", "said", "A pause", "the press", "secondary"),
]


@pytest.fixture
def shown():
    fig, alt, table = timeline(EVENTS)
    yield fig, alt, table
    plt.close(fig)


def test_the_table_is_in_order_and_whole(shown):
    table = shown[2]
    assert table.index.tolist() == ["22 May 2018", "December 2018", "2019", "3 February 2024"]
    assert table["what happened"].tolist() == ["A letter", "A test", "An answer", "A pause"]
    assert table["what kind"].tolist() == ["asked", "asked", "said", "said"]
    assert table["verified"].tolist() == ["primary", "primary", "secondary", "secondary"]


def test_the_text_counts_what_is_shown(shown):
    assert shown[1] == (
        "A timeline with 4 events: 2 said, 2 asked. It begins in 22 May 2018 (A letter) and ends in"
        " 3 February 2024 (A pause). The year with most events is 2018, with 2."
    )


def test_each_event_is_drawn_at_its_date_in_the_shape_of_its_lane(shown):
    (axis,) = shown[0].axes
    drawn = {lane.get_label(): lane.get_offsets().tolist() for lane in axis.collections}
    assert list(drawn) == ["said", "asked"], "lanes are named in the order given"
    assert drawn["asked"] == [[EVENTS[1].year, 0], [EVENTS[2].year, 1]]
    assert drawn["said"] == [[2019.5, 2], [EVENTS[3].year, 3]]
    assert axis.get_xlim() == (2018, 2025.2) and axis.get_ylim() == (4, -1)


def test_words_of_late_events_stand_on_the_left(shown):
    (axis,) = shown[0].axes
    sides = {text.get_text(): text.get_ha() for text in axis.texts}
    assert sides == {"A letter": "left", "A test": "left", "An answer": "left", "A pause": "right"}


def test_no_event_and_no_date_are_refused():
    with pytest.raises(ValueError, match="at least one event"):
        timeline([])
    with pytest.raises(ValueError, match="'soon' is no date"):
        timeline([Event("soon", "said", "An answer", "the press", "secondary")])

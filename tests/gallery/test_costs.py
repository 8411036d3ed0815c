"""What a search costs: measured on this computer, with every input of the price named."""

from __future__ import annotations

import dataclasses
import itertools
import tracemalloc

import pytest

from labkit import gallery
from labkit.gallery import costs
from labkit.gallery.costs import Cost, cost, needs


def test_every_number_of_the_price_has_its_origin():
    one = Cost(10_000_000, 16, 0.036, 9.0, 1_320_000_000, hour=0.5, searches=1_000_000)
    assert one.hours == pytest.approx(10) and one.price == pytest.approx(5)
    frame = one.frame().set_index("what")
    assert frame.loc["price of all the searches"].tolist() == ["5", "follows"]
    assert frame.loc["seconds for one probe"].tolist() == ["0.036", "measured here"]
    assert (frame["from"] == "input").sum() == 4
    assert (
        "in 0.036 seconds" in one.read()
        and "take 10 hours: at 0.5 an hour they cost 5." in one.read()
    )
    dearer = dataclasses.replace(one, hour=5.0)
    assert dearer.price == 10 * one.price and dearer.hours == one.hours


def test_the_fastest_round_counts_and_rounds_end(monkeypatch):
    """A clock that tells 5 s for drawing, then rounds of 3, 1 and 2 s within 4 s."""
    clock = iter([0, 5, 5, 5, 8, 8, 9, 9, 11])
    monkeypatch.setattr(costs.time, "perf_counter", lambda: next(clock))
    one = cost(500, probes=4, seconds=4)
    assert (one.made, one.seconds) == (5, 1 / 4)


def test_nothing_but_the_codes_is_held():
    """Galleries above 100,000 are made and searched in blocks: never held in float32."""
    n = 100_000
    tracemalloc.start()
    try:
        one = cost(n, probes=4, seconds=0)
        most = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert one.bytes == costs._bytes(n) == 132 * n
    assert one.bytes < most < one.bytes + costs.BESIDE


def test_too_little_memory_is_said_before_it_starts(monkeypatch):
    monkeypatch.setattr(costs, "memory_left", lambda: 1e9)
    monkeypatch.setattr(costs, "_drawn", lambda n, probes: pytest.fail("it started"))
    with pytest.raises(ValueError, match=r"10,000,000 .* need 1.4 GB of memory. 1.0 GB are left"):
        cost()


def test_what_it_needs(monkeypatch):
    """Time grows with the gallery: 20,000 in 1 s of drawing and 0.5 s of searching."""
    clock = itertools.chain([0, 1, 1, 1, 1.25])
    monkeypatch.setattr(costs.time, "perf_counter", lambda: next(clock))
    assert needs(2_000_000) == (
        "2,000,000 templates of 128 bytes need 0.3 GB of memory. Drawing and searching them takes"
        " about 150 seconds."
    )


@pytest.mark.parametrize("wrong", [{"n": 0}, {"probes": 0}, {"hour": -1}, {"seconds": -1}])
def test_numbers_that_are_none(wrong):
    with pytest.raises(ValueError, match="at least one"):
        cost(**{"n": 10} | wrong)


def test_the_room_has_it_under_its_name():
    """A module of the same name hid the function after its first use."""
    for _round in range(2):
        assert gallery.cost is cost and gallery.needs is needs

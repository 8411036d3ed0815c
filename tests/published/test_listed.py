"""Rows of words are a table where there is room and cards where there is not, and say the same."""

from __future__ import annotations

import re

import numpy as np
import pandas as pd
import pytest

from labkit import views
from labkit.published.listed import listed, readable, sentence, together

HEADS = ["who", "wanted", "where"]
ROWS = [["<A & B>", ["rules", "their letter"], [("02", "02_x.ipynb#A")]], ["C", "", "nowhere"]]


def test_a_row_is_named_by_its_first_cell_and_each_other_cell_by_its_head():
    page = listed("Who", HEADS, ROWS).page
    assert re.findall(r'<th scope="row"[^>]*>(.*?)</th>', page) == ["&lt;A &amp; B&gt;", "C"]
    assert re.findall(r'data-head="([^"]+)"', page) == ["wanted", "where", "where"]
    assert '<a href="02_x.ipynb#A">02</a>' in page and "<br><small>their letter</small>" in page


def test_plain_text_says_the_same_without_empty_cells():
    said = listed("Who", HEADS, ROWS).text
    assert said.splitlines() == ["Who", "<A & B>; rules; their letter; 02", "C; nowhere"]


def test_it_stays_a_table_for_those_who_hear_it():
    """Rows that are laid out as cards lose their meaning for a screen reader without roles."""
    page = listed("Who", HEADS, ROWS).page
    for role, count in {"table": 1, "row": 3, "columnheader": 3, "rowheader": 2, "cell": 4}.items():
        assert page.count(f'role="{role}"') == count


def test_many_rows_stand_in_a_frame_that_can_be_reached_by_key():
    page = listed("Who", HEADS, ROWS, framed=True).page
    assert 'tabindex="0" role="region" aria-label="Who"' in page
    assert "tabindex" not in listed("Who", HEADS, ROWS).page


def test_no_colour_is_named():
    style = re.search(r"<style>(.*?)</style>", listed("Who", HEADS, ROWS).page)[1]
    assert not re.search(r"#[0-9a-fA-F]{3,8}\b|rgb|hsl", style)


def test_two_dollars_are_no_formula():
    """A notebook typesets what stands between two bare dollar signs."""
    page = listed("Fines", ["who", "how much"], [["A", "$1,000 or $5,000"]]).page
    assert not re.search(r">[^<]*\$[^<]*\$[^<]*<", page) and page.count("<span>$</span>") == 2


def test_a_row_of_another_length_is_refused():
    with pytest.raises(ValueError, match="2 cells under 3 heads"):
        listed("Who", HEADS, [["C", ""]])


def test_pages_stand_below_one_another():
    both = together(sentence("one"), sentence("t < o"))
    assert both.text == "one\nt < o" and both.page == "<p>one</p><p>t &lt; o</p>"


def test_numbers_stand_in_a_table_that_becomes_cards():
    """At 400 pixels the column that an exercise asks for was cut off, and nothing said so."""
    index = pd.MultiIndex.from_tuples([("lighter", "lighter"), ("lighter", "darker")])
    table = pd.DataFrame({"comparisons": [457_920, 3], "FMR": [0.00000123456, np.nan]}, index)
    page = readable(table, about="Whose rate?")
    assert "@container (max-width: 40rem)" in page.page and "lab-close" in page.page
    assert re.findall(r'<th scope="row"[^>]*>(.*?)</th>', page.page) == [
        "lighter, lighter",
        "lighter, darker",
    ], "every row has all its names, also those that pandas leaves out"
    cells = re.findall(r'data-head="([^"]+)">([^<]*)<', page.page)
    assert cells == [("comparisons", "457,920"), ("FMR", "0.0000012"), ("comparisons", "3")]
    assert page.text.splitlines() == [
        "Whose rate?",
        "comparisons; FMR",
        "lighter, lighter; 457,920; 0.0000012",
        "lighter, darker; 3; ",
    ]
    assert views.table is readable


def test_what_needs_no_words_above_it_has_none():
    assert "<caption>" in listed("Who", HEADS, ROWS).page
    assert "<caption>" not in listed("", HEADS, ROWS).page
    assert listed("", HEADS, ROWS).text.splitlines()[1] == "C; nowhere"

"""The published record as a page: every row is there, with all that its table says of it."""

from __future__ import annotations

import re

import pandas as pd
import pytest

from labkit import published
from labkit.app.site import record
from labkit.base.dates import in_words
from labkit.base.places import PROJECT
from labkit.published.arrests import UNREAD
from labkit.published.record import COLUMNS, STATISTICS, VERIFIED

from . import content


@pytest.fixture(scope="module")
def page() -> str:
    return content.made(record, record.AT)


@pytest.fixture(scope="module")
def read(page: str) -> content.Read:
    return content.Read(page)


def test_every_table_of_the_record_is_on_the_page_in_a_section_of_its_name(
    read: content.Read,
) -> None:
    assert set(record.TITLES) == set(published.NAMES)
    assert set(published.NAMES) <= set(read.ids)


def test_no_address_is_given_twice(read: content.Read) -> None:
    assert len(read.ids) == len(set(read.ids))


SHOWN_OTHERWISE = {
    "planned",  # says whether a notebook is there, which the link shows
    "count",
    "of",
    "value",
    "unit",
    "bound",  # these five are the figure
    "verified",
    "statistic",
    "side",
    "seed",
}


@pytest.mark.parametrize("name", published.NAMES)
def test_every_row_is_there_with_every_text_of_its_table(name: str, read: content.Read) -> None:
    table = published.load(name).table
    key = COLUMNS[name][0]
    for row in table.to_dict("records"):
        said = content.plain(read.texts[f"{name}-{row[key]}"])
        assert VERIFIED[row["verified"]] in said
        for column in COLUMNS[name]:
            value = row[column]
            if column in SHOWN_OTHERWISE or pd.isna(value) or value == "":
                continue
            if (
                name == "claims"
                and column in ("notebook", "section")
                and row["tested"] in ("cannot be",)
            ):
                continue  # a claim that no section tests
            words = str(value)
            if column in ("date", "until", "when", "since", "reply_date"):
                words = in_words(words)
            elif isinstance(value, int | float):
                words = f"{value:,.10g}"
            elif column in ("words", "reply_words"):
                words = words.rstrip(".")
            assert content.plain(words) in said, (name, row[key], column)
        if name in published.FIGURE_TABLES and row["statistic"] != "finding":
            assert published.figure(row) in said
            assert STATISTICS[row["statistic"]] in said


def test_every_row_has_its_source(read: content.Read) -> None:
    for name in published.NAMES:
        for row in published.load(name).table.to_dict("records"):
            said = content.plain(read.texts[f"{name}-{row[COLUMNS[name][0]]}"])
            assert f"source{row['source'][:20]}"[:10] in said.replace("source ", "source"), row


def test_where_a_side_has_no_words_that_is_said_of_both(read: content.Read) -> None:
    for name, columns in record.BOTH_SIDES.items():
        for row in published.load(name).table.to_dict("records"):
            said = content.plain(read.texts[f"{name}-{row['id']}"])
            assert said.count(UNREAD) == sum(not row[column] for column in columns), row["id"]


def test_every_side_and_state_can_be_chosen() -> None:
    for name, (column, _heading, known) in record.STATES.items():
        assert set(published.load(name).table[column]) <= set(known), name
    for table in record.tables(PROJECT):
        if table.name in record.STATES:
            assert sum(count for _state, _words, count in table.states) == len(table.rows)


def test_cases_of_people_are_folded_behind_a_sentence_that_says_what_is_there(page: str) -> None:
    for name in ("wrongful_arrests", "stops"):
        section = page.split(f'<section data-rows-of id="{name}"')[1].split("</section>")[0]
        before, folded = section.split("<details")
        assert record.HEAVY[name] in content.plain(before)
        assert "data-row " not in before
        assert folded.count("data-row ") == len(published.load(name))
        assert " open" not in folded.split(">")[0]


def test_whoever_it_happened_to_finds_first_what_notebook_01_says(page: str) -> None:
    top, section = page.split('<section data-rows-of id="remedies"')
    assert 'href="#remedies"' in top.split("<form")[0]
    before = content.plain(section.split("data-row ")[0])
    assert "say that you want a lawyer, and wait" in before
    assert "Who helps without charge" in before
    assert "This is not legal advice: laws differ, and change." in before
    assert "misidentified" in before
    assert "what_to_ask" not in before
    assert "learn/01_the_case.html" in section.split("data-row ")[0]


def test_the_page_says_that_people_can_be_found_and_that_it_has_no_way_to_take_a_row_out(
    page: str,
) -> None:
    said = content.plain(page.split("<form")[0])
    assert "Not named does not mean hidden" in said
    assert "no address yet" in said


def test_names_of_rows_lead_to_rows_that_are_there(read: content.Read) -> None:
    inside = [link[1:] for link in read.links if link.startswith("#")]
    assert set(inside) <= set(read.ids)
    assert "courts-swp-2020" in inside


def test_claims_lead_to_the_sections_that_test_them(read: content.Read) -> None:
    led = [link for link in read.links if link.startswith("../learn/") and "#" in link]
    assert len(led) > 20
    for link in led:
        path, _, anchor = link.partition("#")
        source = PROJECT / "instructors" / "source" / f"{path[len('../learn/') : -len('.html')]}.py"
        headings = re.findall(r"^# #+ (.+)$", source.read_text("utf-8"), re.MULTILINE)
        assert anchor in [heading.replace(" ", "-") for heading in headings], link


def test_the_page_does_not_say_that_its_cases_are_invented(read: content.Read, page: str) -> None:
    foot = page.split("<footer>")[1]
    assert "every person shown is invented" not in foot
    assert "real, told without names" in foot


def test_headings_come_in_order(read: content.Read) -> None:
    assert all(two <= one + 1 for one, two in zip(read.headings, read.headings[1:]))


def test_every_link_leads_to_a_page_of_the_site(page: str) -> None:
    assert content.lost(page, record.AT) == set()

"""The memo holds the writer's sentences and no other, with numbers, intervals and limits."""

from __future__ import annotations

import html
import re

import pytest

from labkit.learning import memo, vote
from labkit.learning.deciding import Value
from labkit.learning.memo import MADE, NOT_MEASURED, PARTS, Memo
from labkit.learning.own import MEASURED, Own, OwnNumbers
from labkit.published.options import OPTIONS

DAY = "2026-11-29"


@pytest.fixture(autouse=True)
def a_journal(tmp_path, monkeypatch):
    monkeypatch.setenv("LABKIT_JOURNAL", str(tmp_path / "journal.json"))


@pytest.fixture
def mine():
    table = {name: Own(n, Value(20.0, 15.0, 25.0)) for name, n in MEASURED.items()}
    table["right"] = Own(MEASURED["right"], Value(2.8, 1.8, 4.5), 2.8, 50.0)
    return OwnNumbers(table)


def words_of(page):
    body = re.sub(r"<(style|head)>.*?</\1>", "", page, flags=re.DOTALL)
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", body)).split())


def test_what_is_written_stands_there_as_it_was_written(mine):
    written = Memo(
        option="audit",
        because="Of 100 alerts 3 were <right>.\n\nAnd one more line.",
        signed="Code & 7",
    )
    page, text = written.page(mine, DAY), written.text(mine, DAY)
    assert "Of 100 alerts 3 were &lt;right&gt;." in page and "Code &amp; 7" in page
    for form in (words_of(page), " ".join(text.split())):
        assert "Of 100 alerts 3 were <right>." in form and "And one more line." in form
        assert "Code & 7, 29 November 2026" in form and OPTIONS["audit"].means in form


def test_no_word_is_put_in_the_writer_s_mouth(mine):
    """Where nothing was written there are lines to write on, and no sentence."""
    page, text = Memo().page(mine, DAY), Memo().text(mine, DAY)
    assert page.count('class="to-write"') == 3 * len(PARTS)
    for head in PARTS.values():
        part = text.split(f"\n{head}\n")[1].split("\n\n")[0]
        assert set(part) == {"_"}, head
    assert all(option.name in words_of(page) for option in OPTIONS.values()), "boxes to tick"
    assert not any(option.means in words_of(page) for option in OPTIONS.values())


def test_numbers_have_intervals_and_owners_and_those_that_bear_come_first(mine):
    written = Memo(option="law")
    text = written.text(mine, DAY)
    assert all(f"{own.text}: " in " ".join(text.split()) for own in mine.table.values())
    first = " ".join(
        text.split("Numbers that bear on it")[1].split("What was not measured")[0].split()
    )
    for name in OPTIONS["law"].numbers:
        assert MEASURED[name].counts in first
    assert "2.8 [1.8 to 4.5]" in first and "yours, and the same here" in first
    assert "my guess: 50" in first and "computed here" in first
    page = words_of(written.page(mine, DAY))
    assert (
        page.count("[15 to 25]") + page.count("[15.0 to 25.0]") + page.count("[15.00 to 25.00]")
        == len(mine.table) - 1
    )


def test_what_was_not_measured_is_said_with_the_option_s_own_question(mine):
    for form in (Memo(option="no").text(mine), words_of(Memo(option="no").page(mine))):
        flat = " ".join(form.split())
        assert all(sentence in flat for sentence in NOT_MEASURED)
        assert OPTIONS["no"].no_number in flat and MADE in flat
    said = " ".join(NOT_MEASURED)
    assert "25,000" in said and "any real person" in said and "crimes" in said


def test_an_option_of_one_s_own_is_taken_as_written(mine):
    text = " ".join(Memo(option="Only for missing people").text(mine).split())
    assert "What I decide Only for missing people" in text and "Numbers that bear" not in text


def test_votes_stand_in_the_memo_where_they_were_given(mine):
    assert "My vote" not in Memo().text(mine)
    vote.cast("before", "no")
    vote.cast("after", "law")
    for form in (Memo().text(mine), words_of(Memo().page(mine))):
        assert "My vote before: No" in form and "My vote afterwards: With rules in law" in form


def test_what_was_written_can_be_read_alone():
    assert Memo("no", because="Why not.").written.splitlines() == [
        f"- What I decide: {OPTIONS['no'].name}. {OPTIONS['no'].means}",
        "- Why: Why not.",
    ]


def test_what_is_left_open_is_told(mine):
    assert "Still open" in Memo().told() and "What I decide" in Memo().told()
    full = Memo("no", "a", "b", "c", "d", "e")
    assert full.missing == () and full.told() == "Every part of your memo is filled in."
    assert Memo(because=..., against=None, reply=3).missing == (
        "because",
        "against",
        "bears",
        "change",
    )


def test_both_files_are_written_whole(mine, tmp_path):
    paths = Memo(option="no").write(mine, tmp_path / "new")
    assert [p.name for p in paths] == ["decision-memo.html", "decision-memo.txt"]
    assert paths[0].read_text("utf-8").rstrip().endswith("</html>")
    assert max(map(len, paths[1].read_text("utf-8").splitlines())) <= memo.WIDTH


def test_the_page_fetches_nothing_and_runs_nothing(mine):
    page = Memo(option="no").page(mine)
    assert not re.search(r"<script|https?://|url\(|@import|<link", page)


def test_two_links_are_offered_in_a_notebook(mine, monkeypatch):
    shown = []
    monkeypatch.setattr(memo, "offer", lambda *links, **how: shown.extend(links))
    Memo(option="no").export(mine)
    assert len(shown) == 2 and 'download="decision-memo.html"' in shown[0]
    assert "data:text/plain;base64," in shown[1]

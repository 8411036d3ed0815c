"""Both sides get the same shape and length, in court as in argument, and rules say who must act."""

from __future__ import annotations

import html
import re

import pytest

from labkit import published
from labkit.published import sides
from labkit.published.listed import DOLLAR


def rows(page):
    return re.findall(r'<tr role="row"><th scope="row"(.*?)</tr>', page.page, re.DOTALL)


@pytest.mark.parametrize("each", [1, 3, None])
def test_each_side_has_as_many_arguments_in_turn_each_with_a_reply(each):
    """Finding: five rebuttals in the lab's own voice answered one side, nobody the other."""
    shown = rows(sides.arguments(each))
    who = [next(s for s in sides.SIDES.values() if f"<small>{s}<" in row) for row in shown]
    table = published.load("arguments").table
    assert who == list(sides.SIDES.values()) * (each or len(table) // 2)
    for row in shown:
        words = html.unescape(row)
        found = [r for r in table.to_dict("records") if r["words"].rstrip(".") in words]
        assert len(found) == 1 and found[0]["reply_words"].rstrip(".") in words
        assert words.count("“") == words.count("”") == 2, "both in their own words"


def test_no_argument_is_refused():
    with pytest.raises(ValueError, match="at least 1"):
        sides.arguments(0)


def test_courts_say_what_each_side_won():
    """Finding: the judgment of 2020 stood alone, without the one of 2026 for the police."""
    table = published.load("courts").table
    page = sides.courts()
    assert len(rows(page)) == len(table) and set(table["won"]) <= set(sides.WON)
    objected, police = ((table["won"] == w).sum() for w in sides.WON[:2])
    first = page.text.splitlines()[0]
    assert f"those who objected won {objected}, the police or a company {police};" in first
    text = html.unescape(page.page)
    assert "[2020] EWCA Civ 1058" in text and "[2026] EWHC 915 (Admin)" in text


def test_a_case_that_another_points_to_is_marked():
    table = published.load("courts").table
    pointed = re.findall(r"see ([a-z-]+-\d{4})", " ".join(table["after"]))
    assert pointed and all(f"[{name}]" in sides.courts().page for name in pointed)


def test_rules_say_who_must_act_and_whether_they_still_hold():
    """Finding: laws and bans reached notebook 01 as one-line labels."""
    table = published.load("policies").table
    page = html.unescape(sides.rules().page).replace(DOLLAR, "$")
    wanted = table[~table["kind"].isin(sides.NO_RULES)]
    assert len(rows(sides.rules())) == len(wanted) >= 20
    for row in wanted.to_dict("records"):
        assert row["acts"] in page and row["measure"] in page
        assert f">{row['state']}" in page and row["ended"] in page
    assert {"repealed", "ended"} <= set(wanted["state"])


def test_what_to_ask_for_says_of_whom_and_where_it_holds():
    table = published.load("remedies").table
    page = (
        html.unescape(sides.what_to_ask().page).replace(DOLLAR, "$").replace("<span>$</span>", "$")
    )
    assert "no legal advice" in page
    for row in table.to_dict("records"):
        assert all(row[c] in page for c in ("place", "situation", "ask", "whom", "basis", "limit"))

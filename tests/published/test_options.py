"""Options of a council: one shape for all, in words of people who meant them."""

from __future__ import annotations

import html
import re

import pytest

from labkit import published
from labkit.learning.own import MEASURED
from labkit.published import options
from labkit.published.options import OPTIONS, said

CASES = [(word, o) for word, o in OPTIONS.items()]


def side(place):
    """Who speaks: in a reply, the side that the row is not of."""
    row = published.load("arguments").rows([place[0]]).iloc[0]
    return (row["side"] == "vendor") == (place[1] == "words")


def test_they_go_from_no_to_the_police_s_own_rules_by_way_of_an_audit():
    assert next(iter(OPTIONS)) == "no" and list(OPTIONS)[-1] == "police" and "audit" in OPTIONS
    assert all(re.fullmatch("[a-z]+", word) for word in OPTIONS)


@pytest.mark.parametrize(("word", "option"), CASES, ids=list(OPTIONS))
def test_all_have_one_shape(word, option):
    case, reply = said(option.case), said(option.reply)
    assert side(option.case) != side(option.reply), "the reply is the other side's"
    for one in (case, reply):
        assert one.who and one.words and one.gist and one.source and re.match("20", one.date)
        assert 5 <= len(one.words.split()) <= 25
    assert 1 <= len(option.name.split()) <= 8 and option.no_number.endswith(".")
    assert len(list(options.since(option))) == len(option.since) >= 2
    assert 2 <= len(list(options.published(option))) <= len(option.published)
    assert 3 <= len(option.numbers) <= 4 and set(option.numbers) <= set(MEASURED)
    assert len(option.means.split()) <= 40


def test_each_side_speaks_for_as_many_options_and_at_about_one_length():
    """Of eight options each side has words for three at least, so neither is a straw man."""
    users = [side(o.case) for o in OPTIONS.values()]
    assert min(sum(users), len(users) - sum(users)) >= 3
    for part in ("case", "reply"):
        length = {True: [], False: []}
        for option in OPTIONS.values():
            place = getattr(option, part)
            length[side(place)].append(len(said(place).words.split()))
        means = [sum(lengths) / len(lengths) for lengths in length.values()]
        assert max(means) <= 1.7 * min(means), (part, means)


def test_every_number_of_the_lab_bears_on_some_option_or_on_the_ballot():
    used = {name for o in OPTIONS.values() for name in o.numbers}
    rest = set(MEASURED) - used
    assert rest <= {"returned", "mix"}, rest


def test_the_page_holds_both_sides_words_who_and_when():
    page = html.unescape(options.options().page)
    for word, option in OPTIONS.items():
        for place in (option.case, option.reply):
            one = said(place)
            assert one.quoted in page and one.by in page, word
        assert option.name in page and option.means in page


def test_what_became_of_them_has_repeals_and_courts_of_both_sides():
    text = options.tried().text
    for words in ("Repealed (2022)", "Repealed in part (2022)", "Ended (2022)", "Changed (2024)"):
        assert words in text
    assert "won by: those who objected" in text and "won by: police or company" in text
    assert not re.search(r"see [a-z]+-[a-z0-9-]+", text), "the name of a row is no word to read"
    assert options.tried("no").text.count("\n") == 1


def test_no_case_and_no_rule_is_told_twice_in_an_option():
    for word, option in OPTIONS.items():
        lines = [*options.since(option), *options.published(option)]
        assert len(set(lines)) == len(lines), word


def test_what_lawmakers_forbade_is_counted_from_the_table():
    rows = published.load("policies").table
    forbidden = rows[rows["kind"].isin(["ban", "moratorium"])]
    assert options.forbidden() == (len(forbidden), 3) == (7, 3)
    told = options.undone()
    assert told.startswith("3 of 7 are over, in whole or in part")
    for place in forbidden[forbidden["state"].isin(options.OVER)]["place"]:
        assert f"- {place}, " in told
    notes = rows.set_index("id")["note"]
    assert "neighbouring agencies" in notes["san-francisco"] and "neighbouring" in told
    assert "live alerts from a private camera network" in notes["new-orleans-2022"]
    assert "live alerts from a private camera network" in " ".join(told.split())


def test_an_option_is_known_however_it_is_written_and_others_are_refused():
    assert options.known(' "Audit" ') == "audit"
    with pytest.raises(ValueError, match="no option 'ban': use one of 'no', 'pause'"):
        options.known("ban")
    with pytest.raises(ValueError, match="'words' and 'reply', not 'gist'"):
        said(("v-setting", "gist"))
    with pytest.raises(ValueError, match="no option"):
        options.tried("ban")


def test_nothing_is_said_for_or_against_an_option_in_the_lab_s_own_voice():
    text = " ".join(f"{o.name} {o.means} {o.no_number}" for o in OPTIONS.values()).casefold()
    for word in (
        "must",
        "better",
        "best",
        "dangerous",
        "safe",
        "right to",
        "unfortunately",
    ):
        assert word not in text, word


def test_who_shows_one_group_of_a_test_shows_all():
    """Finding: of a test's five groups the two ends were shown, in one option of eight."""
    table = published.load("live_trials").table
    groups = set(table[table["id"].str.startswith("npl-2025-")]["id"])
    shown = [w for w, o in OPTIONS.items() if groups & {name for _table, name in o.published}]
    assert set(shown) >= {"after", "law", "audit", "strict"}
    for word in shown:
        assert groups <= {name for _table, name in OPTIONS[word].published}, word
        (line,) = (x for x in options.published(OPTIONS[word]) if x.startswith("NPL 2025"))
        for figure in ("0.04%", "0.4%", "4%", "5.5%", "9.9%"):
            assert figure in line
    cities = {"johnson-2022", "johnson-2024"}
    for word, option in OPTIONS.items():
        both = cities & {name for _table, name in option.published}
        assert both in (set(), cities), f"{word}: the two studies point two ways"


def test_our_own_words_are_marked_as_ours():
    page = html.unescape(options.options().page)
    for option in OPTIONS.values():
        for place in (option.case, option.reply):
            assert f"In short, by us: {said(place).gist}" in page
        assert option.besides in page


def test_no_seller_speaks_for_more_than_one_option():
    """Finding: the strongest case for a law and for an audit was a seller's."""
    sellers = [w for w, o in OPTIONS.items() if re.match("Amazon|Microsoft", said(o.case).who)]
    assert sellers == ["strict"]


def test_what_stands_beside_the_quotations_is_in_the_record():
    arrests = published.load("wrongful_arrests").table["used_for"]
    assert not arrests.str.contains("live").any() and "live camera" in OPTIONS["after"].besides
    rows = published.load("policies").table.set_index("id")
    assert rows.loc["washington-county", "date"].startswith("2020")
    assert (
        rows.loc["met-2026", "date"].startswith("2026-04")
        and "clear" in rows.loc["met-2026", "measure"]
    )
    lower = published.load("live_trials").rows(["npcc-2025-leads-lower"]).iloc[0]["note"]
    assert "the next month" in lower and "within a month" in OPTIONS["strict"].besides

"""What notebook 01 says, held against the published tables and its own text."""

from __future__ import annotations

import html
import re

import pytest

from labkit import published
from labkit.app import notebooks, rules
from labkit.base.places import PROJECT
from labkit.learning import catalogue
from labkit.learning.checks import judge
from labkit.published.claims import claims, count_claims
from labkit.published.positions import POSITIONS, positions
from labkit.published.sides import arguments
from lessons.nb01 import exercises as asked
from lessons.nb01 import words

SOURCE = next(p for p in notebooks.sources(PROJECT) if p.stem.startswith("01"))
SAID = {name: r.told for name, r in asked.RETELLINGS.items()}
EXERCISE = catalogue.find("01-a")
READ, WORK = 200, 4
"""Words a minute, and minutes for the guess and for judging nine sentences."""


def record(name):
    table = published.load(name).table
    return table.set_index(table.columns[0])


def rows(page):
    return re.findall(r'<tr role="row"><th scope="row"[^>]*>(.*?)</th>', page.page)


def after(answer):
    """What the cell of the exercise shows after an answer."""
    return words.judged(judge(EXERCISE, answer, keep=False), answer)


@pytest.fixture(scope="module")
def text():
    return "\n".join(c.source for c in notebooks.read_source(SOURCE))


# --- the exercise --------------------------------------------------------------------------------


def test_the_exercise_is_even():
    pattern = r"Wrong, and it helps (the critics|the vendor|vendors)\."
    for name, retelling in asked.RETELLINGS.items():
        found = re.match(pattern, retelling.told)
        assert bool(found) == bool(retelling.pleases), name
        if found:
            critics = found.group(1) == "the critics"
            assert critics == (retelling.pleases == asked.CRITICS), name
    assert len(asked.wrong(asked.CRITICS)) == len(asked.wrong(asked.VENDORS)) == 3
    sound = [name for name, said in SAID.items() if said.startswith("Sound")]
    assert len(sound) == 2 and not set(sound) & asked.wrong()


def test_who_does_what_the_exercise_says_is_not_called_wrong(text):
    """Finding: "then try one that you hold to be sound" was recorded as wrong: "Think again"."""
    flat = " ".join(text.replace("\n# ", " ").split())
    question = flat[flat.index("**Exercise 01-a") : flat.index("Which ones would you have")]
    assert "Which of them would you correct" in question and "hold to be sound" not in flat
    assert judge(EXERCISE, list(asked.wrong()), keep=False).right
    assert not judge(EXERCISE, [*asked.wrong(), "Cardiff"], keep=False).right


def test_before_an_answer_the_record_is_shown_and_no_verdict():
    page = after(...)
    assert rows(page) == list(SAID)
    assert not re.search(r"Wrong|Sound|slip|one in seven|\d\d\.\d%", page.text.replace("34.7%", ""))
    plain = html.unescape(page.page)
    assert "27 / 188" in plain and "2,297 / 2,470" in plain, "a sum is left to be done"
    assert "no face is compared with another" in plain


def test_after_an_answer_the_record_speaks_of_what_was_chosen_alone():
    page = after(["one in six", "  cardiff"])
    assert rows(page) == ["one in six", "Cardiff"]
    assert SAID["Cardiff"] in html.unescape(page.page)
    everything = after(sorted(asked.wrong()))
    assert rows(everything) == list(SAID)
    for other in ("one in 6", 6, None, ["x"]):
        assert "None of the nine" in after(other).text
    assert rows(after("PST")) == ["PST"]


def test_names_whose_comma_is_missing_or_inside_are_found_again():
    """Finding: below the hint for ["banned" "PST"] stood "None of the nine is called that"."""
    assert rows(after(["bannedPST"])) == rows(after("banned, PST")) == ["banned", "PST"]


def test_each_retelling_can_be_judged_by_a_row_of_the_record():
    for retelling in asked.RETELLINGS.values():
        assert retelling.rows
        for name, key in retelling.rows:
            assert key in record(name).index


def test_figures_in_the_exercise_stand_in_the_tables():
    test, trials, gender = record("congress_test"), record("live_trials"), record("gender_shades")
    athletes, congress = test.loc["aclu-2019-massachusetts"], test.loc["aclu-2018"]
    share = f"{athletes['count']} of {athletes['of']} is {athletes['rate']:.1%}"
    assert share in SAID["one in six"]
    assert (congress["count"], congress["of"], congress["threshold"]) == (28, 535, 80)
    assert f"{3 / congress['of']:.1%}" in SAID["never at 99"]
    cardiff = trials.loc["swp-final"]
    assert f"{cardiff['count']:,} of {cardiff['of']:,} alerts" in SAID["Cardiff"]
    assert f"{cardiff['rate']:.1%}" in SAID["Cardiff"] and "170,000" not in SAID["Cardiff"]
    assert f"{gender.loc['gs-ibm-df', 'value']}%" in SAID["Gender Shades"]
    first = test.loc["amazon-95", ["value", "day"]].tolist()
    assert first < test.loc["amazon-99-retest", ["threshold", "day"]].tolist()
    assert record("aws_docs").loc["law-enforcement-99", "date"] == "2018-09-19"
    assert "identification (one-to-many) algorithms" in SAID["cleared by NIST"]


def test_every_retelling_of_the_exercise_stands_in_the_text(text):
    assert re.findall(r"^- `'([^`]+)'`: \"", text, re.M) == list(SAID)


# --- what is told --------------------------------------------------------------------------------


def test_figures_in_the_text_of_the_notebook_stand_in_the_tables(text):
    numbers = set(re.findall(r"\b\d{1,3}(?:,\d{3})+\b|\b\d+ of \d+\b", text))
    allowed = {"27 of 188", "28 of 535", "2,297", "2,470"}
    assert numbers - allowed <= {"1,000", "25,000"}, "a figure that no table holds"
    docs = record("aws_docs")
    for row, value in {
        "compare-default": 80,
        "search-default-80": 80,
        "stream-default-70": 70,
    }.items():
        assert docs.loc[row, "value"] == value
    assert (
        "So a customer who set nothing got 80, for a comparison and for a search (70 in a" in text
    )


def test_sentences_that_were_false_are_gone(text):
    """Findings: the guide did name a default for a search; no row says that amusement parks used
    it; "Being right" presumed who is; the reason for leaving names out contradicted itself."""
    flat = " ".join(text.split())
    for gone in (
        "the guide named none",
        "Amusement parks",
        "Being right does not",
        "would be heard",
    ):
        assert gone not in flat
    assert "search-default-80" in words.SOLD


def test_what_was_sold_is_told_in_the_order_of_its_dates():
    guide = record("aws_docs").loc[list(words.SOLD)].sort_values("date", kind="stable")
    page = words.sold()
    assert [day[-4:] for day in rows(page)] == [date[:4] for date in guide["date"]]
    for said in guide["said"]:
        assert html.escape(said) in page.page


def test_those_who_spoke_have_words_and_a_source_each():
    page = positions()
    assert rows(page) == [html.escape(who) for who, *_ in POSITIONS.values()]
    for who, wanted, why, where, then in POSITIONS.values():
        assert wanted and where and then, who
        assert why.count("“") == why.count("”") == 1, "in their own words"


def test_what_became_of_it_is_told_of_everybody_and_not_as_what_they_wanted():
    """Point: a man's loss in court and a sheriff's end stood in the column of what they wanted,
    and Amazon's row ended in 2019."""
    policies, court = record("policies"), record("courts")
    then = {who: then for who, _w, _why, _where, then in POSITIONS.values()}
    assert "in 20" not in " ".join(w for _who, w, *_ in list(POSITIONS.values())[1:])
    amazon, sheriff, detroit, london = (list(then.values())[n] for n in (0, 1, 3, 4))
    for key, year in (("amazon-moratorium", "2020"), ("amazon-extended", "2021")):
        assert policies.loc[key, "date"].startswith(year) and year in amazon
    assert policies.loc["amazon-extended", "until"][:4] in amazon
    assert (
        policies.loc["washington-county", "date"].startswith("2020-06") and "June 2020" in sheriff
    )
    assert "enforces it for four years" in court.loc["detroit-2024", "held"]
    assert "enforces for four years" in detroit and "$" not in detroit, "rules, and no price"
    assert court.loc["met-2026", "date"].startswith("2026-04") and "April 2026" in london
    vote = record("claims").loc["researchers-08", "detail"]
    assert all(share in vote and share in then["some shareholders"] for share in ("2.4%", "27.5%"))


def test_whoever_it_happened_to_is_helped_in_the_core():
    """Point: it was in the full form alone, and had nothing for somebody in custody."""
    core = rules.prose(SOURCE, "core")
    said = " ".join(" ".join(core).split())
    part = said[said.index("If it happened to you") :]
    assert part.index("you want a lawyer") < part.index("Who helps without charge")
    assert "not legal advice" in part and "duty solicitor" in part and "public defender" in part


def test_a_report_that_was_read_in_notes_is_told_so():
    """Point: the lab's most used report was cited flat."""
    assert "which we read in notes" in SAID["cleared by NIST"]
    shown = after(...).text
    assert shown.count("NIST IR 8280 (read in notes)") == shown.count("NIST IR 8280") == 3


def test_no_second_objection_is_denied():
    """Point: "about the setting, not about the count" denied that Amazon objected to more."""
    assert "not about the count" not in SAID["28 members"]
    assert "not published" in SAID["28 members"] and "objects to the setting" in SAID["28 members"]


def test_that_nothing_needs_the_section_is_said_once(text):
    """Point: told three times, it sounds as if these people were a detour."""
    assert len(re.findall(r"nothing\s+(?:> )?later needs it", text)) == 1


def test_people_who_were_misidentified_are_among_those_who_speak():
    """Finding: nobody like them stood in "Who objected, who defended"."""
    theirs = [why for who, _w, why, *_ in POSITIONS.values() if "after a wrong match" in who]
    assert len(theirs) >= 2 and all(why.startswith("“") for why in theirs)


def test_events_come_from_the_tables_and_are_whole():
    listed = words.events()
    assert len(listed) == len(words.EVENTS)
    assert all(2016 <= e.year < 2027 for e in listed)
    assert all("{" not in e.words and e.source and e.verified for e in listed)
    told = {e.words: e.when for e in listed}
    congress = record("congress_test").loc["aclu-2018"]
    test = f"ACLU test: {congress['count']} of {congress['of']} in Congress, at 80"
    assert told[test] == congress["date"] == "2018-07-26"
    assert told["Letter of the coalition to Amazon"] == "2018-05-22"


def test_the_timeline_leans_to_nobody():
    """Finding: a police force's own count stood among the tests without its context, NPL 2025
    without its number, and no arrest or stop was there."""
    listed = words.events()
    lanes = {e.words: e.lane for e in listed}
    trials = record("live_trials")
    alerts, black = trials.loc["met-2025-alerts"], trials.loc["met-2025-black"]
    own = f"London police, own count: {alerts['count']} of {alerts['of']:,} alerts false,"
    assert lanes[f"{own} {black['count']} of Black people"] == words.SAID
    white, other = (trials.loc[f"npl-2025-{g}", "value"] for g in ("white", "black"))
    assert f"NPL, UK, a low setting: wrong hits {white:g}% (White), {other:g}% (Black)" in lanes
    hit = {name for name, _keys, lane, _words in words.EVENTS if lane == words.HIT}
    assert hit == {"wrongful_arrests", "stops"}
    assert all((name in hit) == (lane == words.HIT) for name, _keys, lane, _words in words.EVENTS)
    courts = [e.words for e in listed if e.words.startswith("Court: ")]
    assert any("unlawful" in c for c in courts) and any(c.endswith("lawful") for c in courts)


def test_nobody_who_was_misidentified_is_named_in_the_notebook(text):
    """Finding: a name leaked through a source in the timeline's table."""
    shown = " ".join([text, positions().text, *(f"{e.words} {e.source}" for e in words.events())])
    initials = r"\b(?:and|v\.|of) [A-Z]\. [A-Z][a-z]+"
    assert not re.search(initials, shown)
    assert "We name nobody who was taken for somebody else." in " ".join(text.split())


# --- its size ------------------------------------------------------------------------------------


def test_the_core_takes_no_longer_than_it_says():
    """Finding: the minutes of the core were an estimate; here its words are counted."""
    shown = [
        words.sold(),
        positions(),
        arguments(3),
        claims("BuzzFeed"),
        after(...),
        after(sorted(asked.wrong())),
    ]
    read = [*rules.prose(SOURCE, "core"), *(page.text for page in shown), count_claims().words]
    read += [event.words for event in words.events()]
    count = sum(len(re.findall(r"[A-Za-z0-9][\w'’.,-]*", part)) for part in read)
    # What the core shows is what is counted here.
    calls = " ".join(rules.code(SOURCE, "core"))
    assert 'who = "BuzzFeed"' in calls and "arguments(3)" in calls
    assert count / READ + WORK <= rules.said(SOURCE).core, f"{count} words"

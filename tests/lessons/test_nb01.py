"""The table of claims covers every claim of the five documents and points to what is there.

``PLACES`` was made by reading the documents, apart from the table: for each claim the paragraph in
which it stands (counted without headline and lists of contacts) and a word on what it is.
"""

from __future__ import annotations

import csv
import re

import pytest

from labkit.app import notebooks
from labkit.base.places import PROJECT
from labkit.learning import journal
from labkit.published import record as published
from lessons.nb01 import exercises as nb01

ROOT = PROJECT
CLAIMS = ROOT / "data" / "published" / "claims.csv"
COLUMNS = ["claim", "seed", "who", "when", "words", "where", "status", "detail", "notebook",
           "section", "planned", "why_not", "source", "verified"]  # fmt: skip
STATUS = {"confirmed", "disputed", "corrected", "open"}
NUMBERS = {f"{n:02}" for n in range(14)}

PLACES = {
    "letter": [  # 22 May 2018
        "1, 7: stop; not in this business; off the table",
        "1, 7: grave threat to communities and customers",
        "2: customer-centric, note 1",
        "2: opposed secret surveillance, note 2",
        "2: Bezos on press freedom and the travel ban, note 3",
        "2: runs counter to these values",
        "2, 5: readily available to violate rights; delivered directly to government",
        "3: tens of millions of faces, note 4",
        "3: person tracking is easy and accurate, note 5",
        "3: for surveillance, note 5",
        "3: all faces in crowds, note 6",
        "3: protests without precedent",
        "4: people of interest",
        "4: those labeled suspicious will be targeted",
        "4: officer body cameras, note 7",
        "4: cameras aimed at the public",
        "5: free to walk down the street",
        "5: threatens freedom; could eliminate it",
        "5: federal government tracks immigrants",
        "5: police identify protesters",
        "6: both coasts, documents, three states, note 8",
        "6: product support, free consulting",
        "6: asked for feedback",
        "6: secrecy agreement",
        "6: no meaningful restrictions",
        "7: primed for abuse",
        "7: threat to trust",
        "1 and signatures: who signs",
        "note 7: letter to Axon's board",
    ],
    "petition": [  # 18 June 2018
        "line under the headline, 1, 7: 150,000",
        "1: nearly 70 organizations",
        "headline, 1: shareholders' demand",
        "1: CREDO and Demand Progress",
        "2: rights put at risk",
        "2: listen, and protect customers",
        "3: dragnet",
        "3: emails and documents",
        "4: privacy threat",
        "4: risk to the company",
        "5: the caucus wrote",
        "5: consequences for people of color",
        "6: surveillance state",
        "6: true public safety",
        "7: attack, target, spy",
        "7: if customer-centric, then stop",
        "line under the headline: discrimination",
        "3: mounting pressure",
    ],
    "buzzfeed": [  # June 2018
        "1: 1 p.m. PST",
        "1: thousands of signatures",
        "headline, 1: get out of the business",
        "2: pitching to police",
        "2: bad business",
        "line under the headline, 3: supercharge",
        "4: no answer",
        "4: quality of life",
        "4: a computer",
        "6: responsibilities of the vendor",
        "7, 8 (tweets): 40 organizations",
        "5, 7, 8: others demand the same",
        "9: reports on people of color",
        "9: drawn from all areas",
        "10: a new level",
        "10: invisible",
        "10: deters people",
        "11: start with communities",
        "11: transparency and approval",
    ],
    "biometric": [  # June 2018
        "headline, 1: investors' demand",
        "2: ACLU, petition, almost 70",
        "3: automate surveillance",
        "3: identification and tracking",
        "4: Washington County",
        "5: dragnet and emails",
        "6: privacy and risk",
        "7: surveillance state",
        "7: true public safety",
    ],
    "researchers": [  # 3 April 2019
        "1: 25 researchers",
        "3: joins a chorus",
        "3: power without precedent",
        "3: especially communities of color",
        "3: responsibility cannot be outsourced",
        "3: stop entirely",
        "4: 90 groups",
        "4: shareholders' resolution",
        "5: Google",
        "5: immune response",
        "5: damage ignored",
        "5: ICE",
        "6: documents on marketing",
        "6: 28 members",
        "6: members of color",
        "6: six of the caucus",
    ],
}
KEYS = {seed: [f"{seed}-{n:02}" for n in range(1, len(p) + 1)] for seed, p in PLACES.items()}


def rows():
    with open(CLAIMS, newline="", encoding="utf-8") as file:
        return list(csv.DictReader(file))


ROWS = rows()
each = pytest.mark.parametrize("row", ROWS, ids=[r["claim"] for r in ROWS])
SOURCES = {p.stem[:2]: p for p in notebooks.sources(ROOT)}


def sections(path):
    text = "\n".join(c.source for c in notebooks.read_source(path) if c.cell_type == "markdown")
    return re.findall(r"^## +(.+?)\s*$", text, re.MULTILINE)


def told(row, sources):
    """What is wrong with where a row says that its claim is tested; empty when nothing is."""
    number, section = row["notebook"], row["section"]
    if bool(number) != bool(section):
        return "a notebook and a section go together"
    if not number:
        return "" if row["why_not"] else "neither a section nor a reason"
    if number not in NUMBERS:
        return f"the lab has no notebook {number}"
    if row["planned"] == "true":
        return f"{number} exists: planned is over" if number in sources else ""
    if number not in sources:
        return f"{number} does not exist, and the row does not say planned"
    return "" if section in sections(sources[number]) else f"{number} has no section {section!r}"


@pytest.mark.parametrize("seed", PLACES)
def test_every_claim_of_a_document_has_a_row_and_no_other(seed):
    assert [r["claim"] for r in ROWS if r["seed"] == seed] == KEYS[seed]


def test_there_is_no_other_document_and_no_claim_twice():
    assert {r["seed"] for r in ROWS} == set(PLACES)
    assert len({r["claim"] for r in ROWS}) == len(ROWS) == sum(map(len, PLACES.values()))


@each
def test_a_row_is_whole(row):
    assert list(row) == COLUMNS
    assert all(v == v.strip() for v in row.values())
    assert all(row[c] for c in ("who", "words", "detail", "source"))
    assert row["status"] in STATUS
    assert row["verified"] in {"primary", "secondary", "derived"}
    assert row["planned"] in {"true", "false"}
    assert re.fullmatch(r"20\d\d-\d\d(-\d\d)?|20\d\d", row["when"])
    assert row["where"] or row["status"] == "open", "confirmed, disputed, corrected: by whom?"


@each
def test_it_is_tested_somewhere_or_says_why_not(row):
    assert told(row, SOURCES) == ""
    assert row["planned"] == "false" or row["notebook"]


@each
def test_it_is_short(row):
    assert len(row["words"].split()) <= 25
    assert len(row["detail"].split()) <= 45 and len(row["why_not"].split()) <= 30


@pytest.mark.parametrize("seed", PLACES)
def test_one_quotation_of_a_document_at_most(seed):
    quoted = [r["words"] for r in ROWS if r["seed"] == seed and '"' in r["words"]]
    assert len(quoted) <= 1 and all(q.count('"') == 2 for q in quoted)


def test_a_row_that_points_nowhere_is_noticed():
    good = next(r for r in ROWS if r["notebook"] == "05")
    planned = next(r for r in ROWS if r["planned"] == "true")
    assert told(good, SOURCES) == ""
    assert "no section" in told({**good, "section": "The group tables"}, SOURCES)
    assert "planned is over" in told({**good, "planned": "true"}, SOURCES)
    assert "does not exist" in told({**planned, "planned": "false"}, {})
    assert "neither" in told({**good, "notebook": "", "section": "", "why_not": ""}, SOURCES)
    assert "go together" in told({**good, "section": ""}, SOURCES)


# --- what notebook 01 makes of it ---------------------------------------------------------------


def record(name):
    return published.load(name).table.set_index("id")


def test_links_lead_to_notebooks_that_exist():
    assert {k: p.stem for k, p in SOURCES.items()}.items() <= nb01.NOTEBOOKS.items()
    page = nb01.claims("everyone").page
    linked = re.findall(r'href="(\d\d)_\w+\.ipynb#([^"]+)"', page)
    assert len(linked) == sum(r["planned"] == "false" and bool(r["notebook"]) for r in ROWS)
    for number, anchor in linked:
        assert anchor in [s.replace(" ", "-") for s in sections(SOURCES[number])]


@pytest.mark.parametrize("who", ["Amazon", "ACLU", "shareholders", "Narayan"])
def test_the_table_can_be_read_by_who_says_it(who):
    page = nb01.claims(who)
    wanted = [r["claim"] for r in ROWS if who.casefold() in r["who"].casefold()]
    assert wanted and re.findall(r'scope="row"[^>]*>([^<]+)<', page.page) == wanted
    assert page.text.startswith(f"{len(wanted)} of {len(ROWS)} claims")


def test_the_table_of_everyone_holds_every_row_and_of_a_document_its_own():
    assert len(re.findall(r'scope="row"', nb01.claims().page)) == len(ROWS)
    for seed in PLACES:
        assert nb01.DOCUMENTS[seed]
        found = re.findall(r'scope="row"[^>]*>([^<]+)<', nb01.claims(document=seed).page)
        assert found == KEYS[seed]


@pytest.mark.parametrize("who", ["nobody at all", "<b>", "["])
def test_a_name_that_nobody_has_gets_one_sentence(who):
    page = nb01.claims(who)
    assert page.text.count("Try one of") == 1 and "Narayan" in page.text
    assert "<b>" not in page.page and "<table" not in page.page


def test_what_can_be_tested_is_counted():
    words = nb01.told_tested()
    weighed = [r for r in ROWS if r["notebook"] == "12"]
    measured = [r for r in ROWS if r["notebook"] not in ("", "12")]
    for number in (len(ROWS), len(weighed), len(measured), len(ROWS) - len(weighed + measured)):
        assert re.search(rf"\b{number}\b", words), number
    for status in STATUS:
        assert sum(r["status"] == status for r in ROWS) > 0 and status in words


def test_the_exercise_is_even_and_its_figures_stand_in_the_tables():
    said = nb01.RETELLINGS.options
    sides = [re.match(r"Wrong, in favour of (the critics|the vendor|vendors)\.", said[k]) for k in
             nb01.WRONG]  # fmt: skip
    assert [s.group(1) == "the critics" for s in sides] == [True] * 3 + [False] * 3
    test, trials, gender = record("congress_test"), record("live_trials"), record("gender_shades")
    athletes, congress = test.loc["aclu-2019-massachusetts"], test.loc["aclu-2018"]
    assert (
        f"{athletes['count']} of {athletes['of']} is {athletes['rate']:.1%}"
        in (said[nb01.ONE_IN_SIX])
    )
    assert (congress["count"], congress["of"], congress["threshold"]) == (28, 535, 80)
    assert f"{3 / congress['of']:.1%}" in said[nb01.ZERO]
    cardiff = trials.loc["swp-final"]
    assert f"{cardiff['count']:,} of {cardiff['of']:,} ALERTS" in said[nb01.CARDIFF]
    assert f"{cardiff['rate']:.1%}" in said[nb01.CARDIFF]
    assert f"{trials.loc['swp-final-people', 'of']:,} people" in said[nb01.CARDIFF]
    ibm = gender[(gender["group"] == "darker-skinned women") & (gender["system"].str[:3] == "IBM")]
    assert f"{ibm['value'].item()}%" in said[nb01.GENDER]
    assert test.loc["amazon-95", ["value", "day"]].tolist() < (
        test.loc["amazon-99-retest", ["threshold", "day"]].tolist()
    )
    assert record("aws_docs").loc["law-enforcement-99", "date"] == "2018-09-19"


def test_figures_in_the_text_of_the_notebook_stand_in_the_tables():
    text = "\n".join(c.source for c in notebooks.read_source(SOURCES["01"]))
    again = record("congress_test").loc["amazon-99-retest"]
    assert f"{again['gallery']:,} faces" in text and again["threshold"] == 99
    numbers = set(re.findall(r"\b\d{1,3}(?:,\d{3})+\b|\b\d+ of \d+\b", text))
    allowed = {"850,000", "27 of 188", "28 of 535", "2,297", "2,470", "170,000"}
    assert numbers - allowed <= {"1,000", "25,000"}, "a figure that no table holds"


def test_the_timeline_is_in_order_and_says_what_it_shows():
    fig, alt, table = nb01.timeline()
    assert len(table) == len(nb01.EVENTS) and len(nb01.events()) == len(table)
    years = [e.year for e in nb01.events()]
    assert years == sorted(years) and 2016 <= min(years) and max(years) < 2027
    assert str(len(table)) in alt and "2018" in alt
    assert all("{" not in e.words and e.source for e in nb01.events())
    assert len(fig.axes) == 1


def test_arrests_are_shown_only_when_asked_for_and_without_names():
    names = [n for n in record("wrongful_arrests")["name"] if n]
    assert names
    for no in (False, ..., "no", None, 0):
        assert nb01.arrests(no).text == nb01.WORDS["skipped"]
    page = nb01.arrests(True).page
    assert page.count('scope="row"') == len(record("wrongful_arrests"))
    for name in names:
        assert name not in page and name.split()[-1] not in page


def test_a_table_to_read_is_not_cut_short_and_holds_no_stand_ins():
    import pandas as pd

    long = "a sentence of more than fifty characters, which a notebook would cut short"
    table = pd.DataFrame(
        {"a": pd.array([1234567, None], "Int64"), "b": [0.000123, 2.0], "c": [long, "<b>"]},
        index=pd.Index(["x", "y"], name="row"),
    )
    page = nb01.readable(table)
    assert page.text == f"x; 1,234,567; 0.00012; {long}\ny; ; 2; <b>"
    assert long in page.page and "<b>" not in page.page and "NA" not in page.page


def test_the_ballot_says_what_was_kept(tmp_path, monkeypatch):
    monkeypatch.setenv("LABKIT_JOURNAL", str(tmp_path / "journal.json"))
    assert "empty" in nb01.told_ballot()
    journal.predict("01-ballot-c", 5)
    assert "1 of 5" in nb01.told_ballot() and "c in 04" in nb01.told_ballot()
    text = "\n".join(c.source for c in notebooks.read_source(SOURCES["01"]))
    assert re.findall(r'predict\("(01-ballot-\w)"', text) == list(nb01.BALLOT)
    for key, number in list(nb01.BALLOT.items())[1:]:
        assert f"**{key[-1]}** (notebook {number})" in text

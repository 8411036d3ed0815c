"""The table of claims covers every claim of the five documents and points to what is there.

``PLACES`` was made by reading the documents, apart from the table: for each claim the paragraph in
which it stands (counted without headline and lists of contacts) and a word on what it is.
"""

from __future__ import annotations

import csv
import html
import re

import pytest

from labkit.app import notebooks
from labkit.base.places import PROJECT
from labkit.published import claims
from labkit.published.record import COLUMNS, TESTED, WEIGHING, load

ROOT = PROJECT
CLAIMS = ROOT / "data" / "published" / "claims.csv"
STATUS = {"confirmed", "one source", "disputed", "corrected", "open"}
NUMBERS = {f"{n:02}" for n in range(14)}

PLACES = {
    "letter": [  # 22 May 2018
        "1, 7: stop; not in this business; off the table",
        "1, 7: grave threat to communities and customers",
        "2: customer-centric, note 1",
        "2: opposed secret surveillance, note 2",
        "2: Bezos on the First Amendment and the Muslim Ban, note 3",
        "2: runs counter to these values",
        "2: readily available to violate rights",
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
        "note 3: Bezos's gift of $1 million",
        "1: powering a surveillance infrastructure",
        "5: delivered directly to the government",
    ],
    "petition": [  # 18 June 2018
        "line under the headline, 1, 7: 150,000",
        "1: nearly 70 organizations",
        "headline, 1: shareholders' demand",
        "1: CREDO and Demand Progress",
        "2: rights put at risk",
        "2: listen",
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
        "line under the headline: privacy",
        "6: before it's too late, with groups named",
        "2: protect customers, no infrastructure",
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
        "10: in protests and in places of worship",
        "6: rang hollow",
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
        "3: uniquely authoritative",
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
    assert tuple(row) == COLUMNS["claims"]
    assert all(v == v.strip() for v in row.values())
    assert all(row[c] for c in ("who", "words", "detail", "source"))
    assert row["status"] in STATUS
    assert row["verified"] in {"primary", "secondary", "derived"}
    assert row["planned"] in {"true", "false"}
    assert re.fullmatch(r"20\d\d-\d\d(-\d\d)?|20\d\d", row["when"])
    assert row["where"] or row["status"] in ("open", "one source"), "by whom?"


@each
def test_it_is_tested_somewhere_or_says_why_not(row):
    assert told(row, SOURCES) == ""
    assert row["planned"] == "false" or row["notebook"]


@each
def test_it_is_short(row):
    assert len(row["words"].split()) <= 25
    assert len(row["detail"].split()) <= 45 and len(row["why_not"].split()) <= 30


QUOTED = {
    "letter-05": ["discriminatory Muslim Ban"],
    "letter-09": ["makes investigation and monitoring of individuals easy and accurate"],
    "letter-10": ["surveillance applications"],
    "letter-11": ["all faces in group photos, crowded events, and public places such as airports"],
    "letter-13": ["people of interest"],
    "researchers-09": ["general-purpose facial recognition APIs"],
    "researchers-10": [
        "immune response",
        "Society develops an immune response eventually to the bad uses of new technology, but it"
        " takes time.",
    ],
    "buzzfeed-08": [
        "Quality of life would be much worse today if we outlawed new technology because some"
        " people could choose to abuse the technology."
    ],
}
"""What stands between quotation marks, each found letter by letter in the document of the row (and
what Google and Jeff Bezos said in ZDNet and Business Insider) on 28 November 2026."""


@each
def test_only_what_was_quoted_stands_between_quotation_marks(row):
    """The letter's words are the letter's: "identify" stood inside, "travel ban" for its words."""
    quoted = re.findall('"([^"]*)"', row["words"] + " " + row["detail"])
    assert quoted == QUOTED.get(row["claim"], [])


@pytest.mark.parametrize("seed", PLACES)
def test_quotations_are_short(seed):
    words = [
        w for key, said in QUOTED.items() if key.startswith(seed) for q in said for w in q.split()
    ]
    assert len(words) <= 35


PUBLISHERS = {
    "letter": "ACLU|American Civil Liberties|Electronic Frontier|Human Rights Watch",
    "petition": "ACLU|American Civil Liberties",
    "buzzfeed": "BuzzFeed",
    "biometric": "Biometric Update",
    "researchers": "ACLU|American Civil Liberties",
}


@each
def test_confirmed_needs_an_independent_second_source(row):
    """Five claims were "confirmed" by nobody but their own publisher."""
    assert (row["status"] == "confirmed") == bool(row["second"])
    assert not re.search(PUBLISHERS[row["seed"]], row["second"])
    # Whoever is named as the second source is not only "see another row".
    assert not re.match("see |the document|the letter\\b", row["second"])


def test_one_rule_for_numbers_that_do_not_match():
    """A wider number that fits an exact one, and counts of other days, are no errors."""
    status = {r["claim"]: r["status"] for r in ROWS}
    assert status["buzzfeed-02"] == status["researchers-07"] == status["buzzfeed-11"] == "confirmed"
    assert status["petition-02"] == status["biometric-02"] == "one source"
    for row in ROWS:
        assert not (row["status"] == "disputed" and "not disputed" in row["detail"]), row["claim"]
        assert "The letter was read" not in row["detail"]  # no finding


def test_the_paraphrases_of_the_shareholders_are_corrected():
    """They asked to halt expansion until oversight is shown, and the vote printed was another's."""
    by = {r["claim"]: r for r in ROWS}
    for key in ("petition-03", "biometric-01"):
        assert by[key]["status"] == "corrected" and "oversight" in by[key]["detail"]
    assert "2.4%" in by["researchers-08"]["detail"] and "27.5%" in by["researchers-08"]["detail"]
    assert "IndexFaces, then SearchFaces" in by["letter-11"]["detail"]
    assert "another function" in by["letter-10"]["detail"]


def test_there_are_a_hundred_and_each_says_where_it_is_measured_or_why_not():
    """Nine checkable claims had no row, and nine that could be looked up were not."""
    assert len(ROWS) == 100
    assert not [r["claim"] for r in ROWS if re.search("looked up", r["detail"])]
    table = load("claims").table.set_index("claim")
    for row in ROWS:
        tested = table.loc[row["claim"], "tested"]
        if row["notebook"] in ("", WEIGHING):
            assert tested == "cannot be" and row["why_not"]
        elif row["planned"] == "true":
            assert tested == "not yet"
        else:
            assert tested == ("method shown" if row["why_not"] else "measured")
    assert set(table["tested"]) <= set(TESTED) and len(TESTED) == 4


def test_nothing_is_measured_on_people_whom_the_lab_does_not_measure():
    """Point: three claims about real people were marked as measured, by drawn people."""
    table = load("claims").table.set_index("claim")
    for key in ("petition-12", "petition-17", "buzzfeed-13"):
        assert table.loc[key, "tested"] == "method shown" and table.loc[key, "why_not"]
    assert not ((table["tested"] == "measured") & (table["why_not"] != "")).any()
    said = claims.count_claims().words
    assert "has measured none on what they are about" in said and "on drawn people" in said


def test_what_nist_found_for_searches_is_not_told_of_all_algorithms():
    """Point: "for some, differences too small to detect" had lost that it is about searches."""
    for row in ROWS:
        if "too small to detect" in row["detail"]:
            assert "that search among many, differences too small" in row["detail"], row["claim"]


def test_a_row_that_points_nowhere_is_noticed():
    good = next(r for r in ROWS if r["notebook"] == "05")
    planned = {**good, "planned": "true", "notebook": "13", "section": "To come"}
    assert told(good, SOURCES) == ""
    assert "no section" in told({**good, "section": "The group tables"}, SOURCES)
    assert "planned is over" in told({**good, "planned": "true"}, SOURCES)
    assert "does not exist" in told({**planned, "planned": "false"}, {})
    assert "neither" in told({**good, "notebook": "", "section": "", "why_not": ""}, SOURCES)
    assert "go together" in told({**good, "section": ""}, SOURCES)


# --- the table as a page, and counted ------------------------------------------------------------


def shown(page):
    """The names of the claims on a page, in its order."""
    return re.findall(r'scope="row"(?:(?!</th>).)*<small>([^<]+)</small></th>', page.page)


def test_links_lead_to_notebooks_that_exist():
    page = claims.claims("everyone").page
    linked = re.findall(r'href="((\d\d)_\w+\.ipynb)#([^"]+)"', page)
    count = claims.count_claims()
    assert len(linked) == count.measured + count.shown + count.weighed > 0
    for file, number, anchor in linked:
        assert (ROOT / "notebooks" / file).exists() and SOURCES[number].stem == file[:-6]
        assert html.unescape(anchor) in [s.replace(" ", "-") for s in sections(SOURCES[number])]


def test_a_notebook_that_is_not_there_is_named_and_not_linked(tmp_path, monkeypatch):
    (tmp_path / "notebooks").mkdir()
    (tmp_path / "notebooks" / "05_unequal_errors.ipynb").touch()
    monkeypatch.setattr(claims, "PROJECT", tmp_path)
    page = claims.claims().page
    linked = re.findall(r'href="([^"#]+)#', page)
    assert set(linked) == {"05_unequal_errors.ipynb"}
    assert len(linked) == sum(r["notebook"] == "05" for r in ROWS)
    assert page.count("The method is shown in ") >= len(linked) > 0


def test_every_row_says_one_of_four_verdicts():
    """Finding: a row said only "still to come", or a reason; now each says measured, the method is
    shown, not yet, or cannot be."""
    page = claims.claims().page
    cells = re.findall(r'data-head="measured here">(.*?)</td>', page)
    assert len(cells) == len(ROWS)
    for cell, row in zip(cells, ROWS, strict=True):
        words = re.sub(r"<[^>]+>", "", cell)
        verdicts = r"(Measured in \d\d, |The method is shown in \d\d, |Not yet: \d\d, |Cannot be)"
        assert re.match(verdicts, words), row["claim"]
        assert words.startswith("The method") == ("itself is not tested" in words), row["claim"]
        assert words.startswith("Cannot be") == (row["notebook"] in ("", "12")), row["claim"]
        if not row["notebook"]:
            assert html.escape(row["why_not"]) in cell, "cannot be, and why"


@pytest.mark.parametrize("who", ["Amazon", "ACLU", "shareholders", "Narayan"])
def test_the_table_can_be_read_by_who_says_it(who):
    page = claims.claims(who)
    wanted = [r["claim"] for r in ROWS if who.casefold() in r["who"].casefold()]
    assert wanted and shown(page) == wanted
    assert page.text.startswith(f"{len(wanted)} of {len(ROWS)} claims")


def test_the_table_of_everyone_holds_every_row_and_of_a_document_its_own():
    assert len(shown(claims.claims())) == len(ROWS)
    assert set(claims.DOCUMENTS) == set(PLACES)
    for seed in PLACES:
        assert shown(claims.claims(document=seed)) == KEYS[seed]


def test_a_document_that_there_is_not_is_refused_with_those_there_are():
    with pytest.raises(ValueError, match="no document 'leter': use letter, petition"):
        claims.claims(document="leter")


@pytest.mark.parametrize("who", ["nobody at all", "<b>", "["])
def test_a_name_that_nobody_has_gets_one_sentence(who):
    page = claims.claims(who)
    assert page.text.count("Try one of") == 1 and "Narayan" in page.text
    assert "<b>" not in page.page and "<table" not in page.page


def test_a_row_says_who_when_and_what_others_say():
    row = next(r for r in ROWS if r["claim"] == "petition-05")
    page = claims.claims("Narayan").page
    assert f">{row['who']}, 18 June 2018<" in page and f"{row['status']}: " in page


def test_claims_are_counted():
    count = claims.count_claims()
    assert count.claims == len(ROWS) and count.documents == len(PLACES)
    assert count.weighed == sum(r["notebook"] == "12" for r in ROWS) > 0
    assert count.cannot == sum(r["notebook"] == "" for r in ROWS) > 0
    elsewhere = [r for r in ROWS if r["notebook"] in SOURCES and r["notebook"] != WEIGHING]
    assert count.measured + count.shown == len(elsewhere) > 0
    parts = (count.measured, count.shown, count.not_yet, count.weighed, count.cannot)
    assert sum(parts) == len(ROWS)
    assert count.status == {s: sum(r["status"] == s for r in ROWS) for s in STATUS}
    assert all(count.status.values())


def test_the_sentence_for_the_readme_holds_every_count():
    """Finding: the README spoke of "the section that tests it" where most claims have none yet."""
    said = claims.ClaimCounts(
        claims=90, documents=4, measured=2, shown=9, not_yet=22, weighed=35, cannot=22, status={}
    ).words
    assert said == (
        "Of 90 claims in 4 documents, this lab has measured 2 on what they are about. For 9 a"
        " notebook that exists shows how one would measure, on drawn people; for 22 one is to come."
        " The other 57 cannot be measured: 35 are demands or judgements, which notebook 12"
        " weighs, and each of the last 22 says why."
    )
    assert f"Of {len(ROWS)} claims" in claims.count_claims().words


def test_the_sentence_speaks_of_no_notebook_to_come_when_there_is_none():
    """With 08 to 11 there it would have read "for 0 one is to come"."""
    said = claims.ClaimCounts(
        claims=90, documents=4, measured=0, shown=31, not_yet=0, weighed=35, cannot=24, status={}
    ).words
    assert said == (
        "Of 90 claims in 4 documents, this lab has measured none on what they are about. For 31 a"
        " notebook shows how one would measure, on drawn people. The other 59 cannot be measured:"
        " 35 are demands or judgements, which notebook 12 weighs, and each of the last 24 says"
        " why."
    )

"""The published record: its rules, held against every row, and the functions that read it."""

from __future__ import annotations

import csv
import re
import shutil
import sys
from dataclasses import replace
from types import MappingProxyType

import numpy as np
import pandas as pd
import pytest

from labkit import published
from labkit.base.files import CHECKSUMS, DamagedFile, read_checksums, sha256, write_checksums
from labkit.base.places import PROJECT
from labkit.measure.disparity import group_table
from labkit.measure.rate import RATES
from labkit.measure.scores import all_pairs
from labkit.published.compare import HERE, NOT_PRINTED, OTHER_STATISTIC, SAME_STATISTIC, statistics
from labkit.published.record import (
    BOUNDS,
    COLUMNS,
    FIGURE_TABLES,
    NUMBER,
    STATISTICS,
    UNITS,
    VERIFIED,
    WHOLE,
)

FOLDER = PROJECT / "data" / "published"
CURATED = tuple(n for n in published.NAMES if n != "claims")  # claims: test_claims.py
FILES = tuple(n for n in published.NAMES if (FOLDER / f"{n}.csv").is_file())
ISO = re.compile(r"(19|20)\d\d(-(0[1-9]|1[0-2])(-(0[1-9]|[12]\d|3[01]))?)?$")
NOT_REPORTED = "not reported in what was read"
CITATION = re.compile(r"^[A-Z][\w.,&' -]+ \((19|20)\d\d\)\. \S.{8,}$")


def text(name):
    with open(FOLDER / f"{name}.csv", newline="", encoding="utf-8") as f:
        return list(csv.DictReader(f))


ROWS = [(name, row) for name in CURATED for row in text(name)]
FIGURES = [(name, row) for name, row in ROWS if name in FIGURE_TABLES]


def row_of(name, key):
    (found,) = [r for r in text(name) if r["id"] == key]
    return found


def rounding(printed):
    """Half a unit of the last printed digit."""
    return 0.5 * 10.0 ** -len(printed.partition(".")[2])


def fault(row):
    """What is wrong with a row of figures by the rules of the datasheet, or nothing."""
    count, of, value = (float(row[c]) if row[c] else None for c in ("count", "of", "value"))
    if count is not None and count < 0:
        return "below 0"
    if count is not None and of is not None and count > of:
        return "more than there are"
    if row["of"] and not row["of_what"]:
        return "a denominator of nothing"
    if value is not None and row["unit"] not in UNITS:
        return "no unit"
    if row["bound"] not in BOUNDS or (row["bound"] and row["of"]):
        return "no bound"
    if value is None and row["unit"]:
        return "a unit of nothing"
    if row["unit"] == "percent" and not 0 <= value <= 100:
        return "no share"
    both = row["unit"] == "percent" and count is not None and of and not row["conflict"]
    # As printed, and a hair for binary fractions.
    if both and abs(100 * count / of - value) > rounding(row["value"]) * (1 + 1e-9):
        return "the share is not what the counts give"
    if count is None and value is None and not (row["statistic"] == "finding" and row["note"]):
        return "no figure and no finding"
    return ""


# --- the rules ----------------------------------------------------------------------------------


@pytest.mark.parametrize("name", FILES)
def test_columns_are_those_of_the_schema(name):
    with open(FOLDER / f"{name}.csv", encoding="utf-8") as f:
        assert tuple(next(csv.reader(f))) == COLUMNS[name]


@pytest.mark.parametrize("name", CURATED)
def test_rows_have_names_of_their_own(name):
    ids = [row["id"] for row in text(name)]
    assert len(set(ids)) == len(ids) > 5
    assert all(re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", i) for i in ids)


def test_no_cell_is_padded_and_every_file_ends_its_lines_alike():
    for name in FILES:
        content = (FOLDER / f"{name}.csv").read_bytes()
        assert b"\r" not in content and content.endswith(b"\n"), name
        content.decode("utf-8")
    assert not [(n, r["id"], c) for n, r in ROWS for c, v in r.items() if v != v.strip()]


def test_figures_keep_the_arithmetic():
    assert not [(name, row["id"], why) for name, row in FIGURES if (why := fault(row))]


@pytest.mark.parametrize(
    ("change", "why"),
    [
        ({"count": "536"}, "more than there are"),
        ({"value": "5.3", "unit": "percent"}, "the share is not what the counts give"),
        ({"value": "5.2"}, "no unit"),
        ({"unit": "percent"}, "a unit of nothing"),
        ({"of_what": ""}, "a denominator of nothing"),
        ({"bound": "about"}, "no bound"),
        ({"count": "", "of": "", "of_what": ""}, "no figure and no finding"),
        ({"value": "5.2", "unit": "percent"}, ""),
    ],
)
def test_the_arithmetic_test_can_fail(change, why):
    assert fault(row_of("congress_test", "aclu-2018") | change) == why


def test_statistics_are_known_and_used():
    used = {row["statistic"] for _, row in FIGURES}
    assert used == set(STATISTICS)
    assert {"fmr", "fnmr", "fta", "false_rejection"} <= set(RATES)
    assert used | set(RATES) == set(statistics())


def test_verified_says_one_of_three_things_and_where_it_was_read():
    assert {row["verified"] for _, row in ROWS} == set(VERIFIED)
    # What was not read in the source itself says where it was read, or what was calculated.
    assert not [(n, r["id"]) for n, r in ROWS if (r["verified"] != "primary") != bool(r["read_in"])]
    derived = [r for _, r in ROWS if r["verified"] == "derived"]
    assert all(re.search("our arithmetic|worked out", r["read_in"]) for r in derived)


def test_every_row_cites_author_and_year():
    assert not [(name, row["id"]) for name, row in ROWS if not CITATION.match(row["source"])]
    assert not CITATION.match("https://www.example.org/report-2018")
    assert not CITATION.match("aclu.org (2018). blog")
    years = {int(re.search(r"\((\d{4})\)", row["source"]).group(1)) for _, row in ROWS}
    assert min(years) >= 1999 and max(years) <= 2026


def test_no_addresses_and_nothing_from_memory():
    for name, row in ROWS:
        everything = " ".join(row.values())
        assert not re.search(r"https?:|www\.|\bmirror", everything), (name, row["id"])
        assert not re.search(r"\bmemory\b|\bremember", everything), (name, row["id"])


def test_dates_are_iso_and_in_order():
    for name, row in ROWS:
        if "date" not in row:
            continue
        assert ISO.match(row["date"]), (name, row["id"])
        pd.Timestamp(row["date"])
        if row.get("until"):
            assert ISO.match(row["until"]) and row["until"] >= row["date"], (name, row["id"])


def test_conflicts_have_both_values_and_a_sentence():
    conflicts = [(name, row) for name, row in ROWS if row["conflict"]]
    assert len(conflicts) >= 10
    for name, row in conflicts:
        assert row["note"].endswith(".") and row["conflict"] in row["note"], (name, row["id"])
        shipped = [row.get(c, "") for c in ("value", "count", "gallery", "held", "measure")]
        assert row["conflict"] not in shipped, (name, row["id"])
        if name in FIGURE_TABLES:  # the value that is in the row stands in the note too
            own = [v for v in (row["value"], row["count"], row["gallery"]) if v]
            assert any(v in row["note"].replace(",", "") for v in own), (name, row["id"])


def test_words_of_the_house():
    for name, row in ROWS:
        words = " ".join(v for c, v in row.items() if c not in ("source", "read_in", "id"))
        assert not re.search(r"\b(subjects?|suspects?|ethnicit|simply|obviously)", words), (
            name,
            row["id"],
        )


# --- what must be right, row by row -------------------------------------------------------------


def test_congress_tests():
    rows = published.load("congress_test").table.set_index("id")
    athletes = rows.loc["aclu-2019-massachusetts"]
    assert (athletes["count"], athletes["of"], athletes["conflict"]) == (27, 188, "28")
    assert round(1 / athletes["rate"]) == 7 and "one in seven" in athletes["note"]
    first, second = rows.loc["amazon-95"], rows.loc["amazon-99-retest"]
    assert (first["threshold"], second["threshold"]) == (95, 99) and first["day"] < second["day"]
    assert second["of"] == rows.loc["aclu-2018", "of"] and "vendor" in second["note"]
    assert f"{3 / second['of']:.1%}" in second["note"]


def test_derived_test_of_the_congress_split():
    from scipy.stats import fisher_exact

    rows = published.load("congress_test").table.set_index("id")
    a, b = rows.loc["aclu-2018-color-rate"], rows.loc["aclu-2018-other-rate"]
    assert a["count"] + b["count"] == rows.loc["aclu-2018", "count"]
    assert a["of"] + b["of"] == rows.loc["aclu-2018", "of"]
    table = [[r["count"], r["of"] - r["count"]] for r in (a, b)]
    one, two = (fisher_exact(table, alternative=s).pvalue for s in ("greater", "two-sided"))
    assert f"p = {one:.3f} one-sided, {two:.3f} two-sided".replace("0.", ".") in a["note"]
    assert f"{a['rate'] / b['rate']:.1f} times" in a["note"]


def test_gender_shades_is_about_gender_classification_and_ships_its_conflict():
    for name in ("gender_shades", "actionable_auditing"):
        record = published.load(name)
        assert "gender classification" in record.about.casefold()
        errors = record.table[record.table["statistic"] == "classification_error"]
        assert errors["system"].str.contains("gender classification").all()
    (note,) = published.load("gender_shades").notes
    assert "6.0" in note and "9.8" in note
    rows = published.load("gender_shades").table
    rates = rows[rows["statistic"] == "classification_error"].set_index("id")["value"]
    assert rates.max() == rates["gs-ibm-df"] == 34.7
    gap = rates["gs-ibm-df"] - rates[[i for i in rates.index if i.startswith("gs-ibm")]].min()
    assert f"{gap:.1f} points" in row_of("gender_shades", "gs-ibm-df")["note"]
    sizes = rows[rows["id"].isin(["ppb-df", "ppb-dm", "ppb-lf", "ppb-lm"])]["value"]
    assert sizes.sum() == rows.set_index("id").loc["ppb-people", "value"] == 1270


def test_shares_that_are_no_whole_number_of_people_say_so():
    for name in ("gender_shades", "actionable_auditing"):
        for row in text(name):
            if row["statistic"] != "classification_error" or row["conflict"]:
                continue
            shares = 100 * np.arange(int(row["of"]) + 1) / int(row["of"])
            fits = (abs(shares - float(row["value"])) <= rounding(row["value"]) + 1e-9).any()
            assert fits == ("no whole number" not in row["note"]), row["id"]


def test_the_later_audit_leads_back_to_the_first():
    first = published.load("gender_shades").table.set_index("id")["value"]
    later = published.load("actionable_auditing").table.set_index("id")["value"]
    changes = [i for i in later.index if i.endswith("-change")]
    assert len(changes) == 15
    conflicts = {r["id"]: float(r["conflict"]) for r in text("gender_shades") if r["conflict"]}
    for change in changes:
        now = change.removesuffix("-change")
        # Rounded once or twice on the way: a few tenths of a point.
        key = now.replace("aa-", "gs-")
        before = conflicts.get(key, first[key])  # what the press printed does not lead back
        assert abs(later[now] - later[change] - before) <= 0.31, now


def test_both_denominators_of_alerts():
    rows = published.load("live_trials").table.set_index("id")
    alerts, faces = rows.loc["met-2025-alerts"], rows.loc["met-2025-faces"]
    assert alerts["count"] == faces["count"] == 10
    assert (alerts["of"], faces["of"]) == (2077, 3147436)
    assert rows.loc["met-2025-true", "count"] == alerts["of"] - alerts["count"]
    final, people = rows.loc["swp-final"], rows.loc["swp-final-people"]
    # 170,000 people over four days are no denominator for one day's alerts: no rate is made.
    assert (final["of"], people["count"]) == (2470, 170000) and "four days" in people["note"]
    assert pd.isna(people["rate"]) and final["until"] == "2017-06-03"
    assert round(100 * final["rate"], 1) == 93.0 and final["conflict"] == "92"


def test_south_wales_adds_up():
    rows = text("live_trials")
    events = [r for r in rows if r["study"].startswith("South Wales") and r["of_what"] == "alerts"]
    total = row_of("live_trials", "swp-all")
    parts = [r for r in events if r["id"] != "swp-all"]
    assert len(parts) == 15
    for column in ("count", "of"):
        assert sum(int(r[column]) for r in parts) == int(total[column])


def test_intervals_in_notes():
    from scipy.stats import binomtest

    for name, key in (("live_trials", "met-2025-black"), ("congress_test", "aclu-2018-color")):
        row = row_of(name, key)
        count, of = int(row["count"]), int(row["of"])
        exact = binomtest(count, of).proportion_ci(method="exact")
        share = f"{100 * count / of:.0f}% [{100 * exact.low:.0f}, {100 * exact.high:.0f}]"
        assert share in row["note"]


def test_npl_2025_says_what_became_of_its_setting():
    """Point: "a lower setting than the police then chose" read as not in use; it was taken up
    again a month later, as the table itself said a few rows on."""
    rows = [r for r in text("live_trials") if r["id"].startswith("npl-2025-")]
    by_group = [r for r in rows if r["statistic"] == "fpir"]
    assert len(by_group) == 5 and not any(r["threshold"] or r["of"] for r in by_group)
    higher, lower = (row_of("live_trials", f"npcc-2025-leads-{x}") for x in ("higher", "lower"))
    for row in by_group:
        assert "raised, then lowered again" in row["note"] and "axis" in row["note"]
        assert f"({lower['value']}% and {higher['value']}%)" in row["note"]
        assert "check every possible match" in row["note"]
    assert not [r["id"] for r in text("live_trials") if "LOWER setting" in r["note"]]


def test_insightface_has_both_metrics_or_no_lfw():
    rows = published.load("vendors").table
    for _, model in rows.groupby("system"):
        assert sorted(model["statistic"]) == ["accuracy"] + ["tar"] * 4
        assert (model["data_set"].str.contains("LFW") == (model["statistic"] == "accuracy")).all()
    tar = rows[rows["statistic"] == "tar"]
    assert tar["note"].str.contains("1e-6").all()


def test_nist_rows_name_data_set_and_statistic():
    rows = published.load("nist").table
    assert (rows["data_set"] != "").all() and (rows["statistic"] != "").all()
    factors = rows[rows["statistic"] == "fmr_ratio"]
    assert factors["value"].tolist() == [10, 100]
    assert factors["data_set"].str.contains("border").all()
    assert factors["group"].str.contains("countries of birth").all()


MISIDENTIFIED = {
    "11d467de82c5e1fcde454e2d610b7d6b0182317999fdbeb4e6de52bbfddfeb68",
    "7efa869d0364eea0cd0106a2ef4d1ae9eaec58fe62928c3f1af8fa8da9204ea0",
    "6e8d8801f51aafe8426f8d95c75de8f3f404ccae62f116070ca643403484a243",
    "a6b366578615e2209b4281b7d0fded176cc325b356845b511ed915d4abb6d508",
    "d9f1cc927e330c6a6704803663066f39ea71e76444c79c75e56814a64c0bc6e3",
    "ed3a666af915a8099c9ae947621f297832bf95d0e06bdbe3d00d508ec0caec9d",
    "7eda9949566709d98d11abf940df33798943ac770388e45781dda9b781e9a47c",
    "4043d97132857a33f7b31c7d193187e960b7fe79560d4fa4987ece8a8c7e20a7",
    "c706058b4a3b3921367b615ec5fb75de5978891be366a4b4b0136833d48b2352",
    "2c0801cd5346370c9eec196b4db2b5d600057edabca3d8f23bdcf7554d73a6ef",
    "98bfd161fae4c6252ee402ede287ab9fe05c81a8ffdcde9f635d9c23e5ddd902",
    "9c8c0429debc5f5872e6fffa276c2071c73c6770b3860e401f11be1978d9be9c",
    "91b2d84f6ce54827194496d5a4cce83222434e961dfb2c5280dfc32938fa5f47",
    "7746a2ab29566ccb8964bfa2cd8e56e49127723c555f2155971556a6526999cf",
    "7f36df0b525d458fdff07102342b138e50fc794015b489dcb4d3c0a8da453ffc",
    "7412505af9e0fe1bdbb2e732ee382673b5496f8a941b7f740f937fe0ffae3ee3",
    "6dfbf50b6bb1daed8c70ea26315c1ff348bcafdc48ba40afcfafc39b1847f18f",
    "a1161f6445c68707092f5c86b611b6ed8660aedeb846638c4b37fb1c88b33817",
}
"""SHA-256 of the surnames that the sources print, so that this list names nobody either."""


def test_nobody_who_was_misidentified_or_accused_is_named():
    """One rule for all: the table named four people, a row of policies one of them."""
    for name in published.NAMES:
        for row in text(name):
            for column, cell in row.items():
                # Biometric Update's reporter of 2018 shares a surname with somebody else.
                words = re.findall(r"[A-Z][a-z]+", cell.replace("Le Williams", ""))
                named = {w for w in words if sha256(w.encode()) in MISIDENTIFIED}
                assert not named, (name, row.get("id") or row["claim"], column)
    assert len(MISIDENTIFIED) >= 15
    ids = [row["id"] for row in text("wrongful_arrests")]
    assert all(re.fullmatch(r"[a-z-]+-20\d\d(-[a-z]+)?", i) for i in ids)
    assert "name" not in COLUMNS["wrongful_arrests"]


def test_arrests_are_told_with_care_for_both_sides():
    rows = published.load("wrongful_arrests").table.set_index("id")
    dated = rows[rows.index != "maryland-2026"]  # the month of the report
    assert all(len(date) == 4 for date in dated["date"])
    assert set(rows["status"]) == {"dropped", "settled", "suit dismissed", "disputed", "open"}
    dismissed = rows.loc["detroit-2023"]
    assert "own suit was dismissed" in dismissed["outcome"] and "pregnant" in dismissed["note"]
    assert "never run" in rows.loc["detroit-2024", "note"] + rows.loc["detroit-2024", "police_say"]
    assert (
        rows.loc[["new-jersey-2019", "detroit-2019"], "day"].max() < rows.loc["detroit-2020", "day"]
    )
    for _, row in rows.iterrows():
        accused = r"theft|robb|assault|carjack|murder|fraud|luring|exposure|steal|purse|watch"
        assert not re.search(accused, " ".join(map(str, row.drop("day"))).casefold())
    # People who were arrested speak, and so do the police.
    assert (rows["words"] != "").sum() >= 4 and (rows["police_say"] != "").sum() >= 4
    assert "10 June 2026" in rows.loc["florida-2024-lee", "outcome"]


def test_race_is_as_reported_for_all_or_said_not_to_be():
    """It was filled only where it was Black, so that the pattern could not be counted."""
    for name in ("wrongful_arrests", "stops"):
        assert all(row["race_as_reported"] for row in text(name))
    race = published.load("wrongful_arrests").table["race_as_reported"].value_counts()
    assert set(race.index) == {"Black", "white", NOT_REPORTED}
    sheet = (FOLDER / "DATASHEET.md").read_text(encoding="utf-8")
    said = (
        f"Of the {race.sum()} people arrested, {race['Black']} are reported to be Black,"
        f" {race['white']} white, and for {race[NOT_REPORTED]} the race is not reported"
    )
    assert said in sheet


def test_the_count_of_known_arrests_is_not_the_number_of_rows():
    """Text said that how many there were in all is in no source; the ACLU counts known cases."""
    counts = published.load("live_trials").rows({"statistic": "known_arrests"})
    assert counts["count"].tolist() == [14, 15] and set(counts["bound"]) == {"at least"}
    assert counts["day"].is_monotonic_increasing
    assert "maryland-2026" in published.load("wrongful_arrests").table["id"].tolist()


# --- laws, courts, arguments, remedies, stops ---------------------------------------------------

STATES = {"no end known", "ended", "repealed", "repealed in part", "changed", "single act"}


def test_policies_say_who_must_act_and_when_they_ended():
    """Nineteen one-line labels said neither who must act nor what was repealed since."""
    rows = {row["id"]: row for row in text("policies")}
    for key, row in rows.items():
        assert row["acts"] and row["measure"] and row["state"] in STATES, key
        over = row["state"] in {"ended", "repealed", "repealed in part", "changed"}
        assert over == bool(row["ended"]) == bool(row["until"]), key
    assert rows["virginia"]["state"] == "repealed" and "virginia-2022" in rows
    assert rows["new-orleans"]["until"] < rows["new-orleans-2022"]["date"]
    assert rows["washington-county"]["date"] == "2020-06-10"
    for key in ("clearview-aclu", "clearview-equity", "maryland", "met-2026", "detroit", "bipa"):
        assert key in rows


WON = {"police or company", "those who objected", "in part", "settled", "pending"}


def test_courts_show_what_each_side_won():
    """The judgment of 2020 against the police stood alone; that of 2026 for them was missing."""
    rows = {row["id"]: row for row in text("courts")}
    won = [row["won"] for row in rows.values()]
    assert set(won) == WON
    assert min(won.count("police or company"), won.count("those who objected")) >= 2
    assert rows["swp-2020"]["won"] == "those who objected" and "no ban" in rows["swp-2020"]["note"]
    assert rows["met-2026"]["won"] == "police or company"
    assert rows["met-2026"]["date"] == "2026-04-21" and "915" in rows["met-2026"]["citation"]
    assert all(row["between"] and row["asked"] and row["held"] for row in rows.values())


def test_both_sides_argue_in_the_same_shape_and_length():
    """Five quotations for the vendor stood against one sentence, in our words, for critics."""
    rows = text("arguments")
    sides = {side: [r for r in rows if r["side"] == side] for side in ("vendor", "critics")}
    assert len(sides["vendor"]) == len(sides["critics"]) >= 5
    assert len(rows) == sum(map(len, sides.values()))
    for row in rows:
        for column in set(COLUMNS["arguments"]) - {"conflict", "note"}:
            assert row[column], (row["id"], column)
        assert ISO.match(row["reply_date"]) and CITATION.match(row["reply_source"])
        for column in ("words", "reply_words"):  # short quotations, without marks of their own
            assert 5 <= len(row[column].split()) <= 25 and '"' not in row[column], row["id"]
        assert row["who"] != row["reply_by"]
        assert all(len(row[column].split()) <= 20 for column in ("argument", "reply")), row["id"]
    for columns in (("words",), ("reply_words",), ("argument", "words", "reply", "reply_words")):
        length = [sum(len(r[c].split()) for r in side for c in columns) for side in sides.values()]
        assert max(length) <= 1.15 * min(length), (columns, length)


def test_the_setting_is_answered_by_the_client_that_used_none():
    rows = {row["id"]: row for row in text("arguments")}
    assert "as we recommend in our documentation" in rows["v-setting"]["note"]
    assert "threshold" in rows["v-client"]["reply"] + rows["v-client"]["note"]


def test_the_vendors_case_is_told_with_what_it_is_for_and_answered_by_the_best():
    """Points: the three arguments that the core shows for the vendor were three denials; its line
    on its documentation was on no screen; the reply to "set it to 99" did not answer it."""
    vendor = [r for r in text("arguments") if r["side"] == "vendor"]
    assert [r["id"] for r in vendor][:3] == ["v-setting", "v-tool", "v-human"]
    setting = vendor[0]
    assert "as we recommend in our documentation" in setting["words"]
    assert "its own test" in setting["argument"] and "sets no threshold" in setting["reply"]
    unequal = row_of("arguments", "c-unequal")
    assert (
        "its own test found none" in unequal["reply"] and "there are none" not in unequal["reply"]
    )
    for row in text("arguments"):
        assert not row["reply_words"].startswith(("The latter", "The former")), row["id"]


def test_what_was_read_in_notes_alone_says_so():
    """Point: the report was not read, and the rows that are shown gave its findings flat."""
    for row in text("nist"):
        assert row["verified"] == "secondary"
        assert row["read_in"].startswith("notes on the report; the report itself was not at hand")
    order = row_of("nist", "nist-mugshots")["note"]
    assert "the order depends on sex and on the algorithm" in order


def test_rules_that_changed_say_since_when():
    """Points: the law of Illinois counted each scan, two years after that ended; a company's
    promise stood without the contract that its critics hold against it, and without its answer."""
    bipa, ibm = row_of("policies", "bipa"), row_of("policies", "ibm")
    assert (bipa["state"], bipa["until"]) == ("changed", "2024-08-02")
    assert "at most one recovery" in bipa["ended"]
    assert "Home Office" in ibm["measure"] and "IBM: no mass surveillance" in ibm["measure"]
    remedies = {row["id"]: row for row in text("remedies")}
    assert "not the police" in remedies["us-illinois"]["limit"]
    assert "2 August 2026" in remedies["eu-ai-complaint"]["limit"]
    assert "2 December 2027" in remedies["eu-explanation"]["limit"]
    assert not [k for k, row in remedies.items() if "was not checked" in row["limit"]]


def test_whoever_is_held_or_was_let_go_finds_a_row():
    """Point: nobody who was arrested and let go, or stopped and photographed, could use a row."""
    rows = {row["id"]: row for row in text("remedies")}
    for key in ("us-custody", "uk-custody"):
        assert "hold you" in rows[key]["situation"] and rows[key]["ask"]
    dropped = rows["us-dropped"]
    assert "1983" in dropped["basis"]
    ended = {row["id"]: row["held"] for row in text("courts")}
    for key in ("detroit-2024", "louisiana-2025"):
        amount = re.search(r"\$[\d,]+\d", ended[key])[0]
        assert amount in dropped["limit"] and ended[key].startswith("settled")
    assert ended["detroit-2025"].startswith("dismissed") and "one was dismissed" in dropped["limit"]
    assert "sections 46 to 48" in rows["uk-police-erase"]["basis"]
    assert "Article" in rows["eu-police-copy"]["basis"] and "16" in rows["eu-police-copy"]["basis"]


def test_what_to_ask_for_names_the_place_and_is_no_legal_advice():
    rows = published.load("remedies").table
    for place in ("United States", "United Kingdom", "European Union"):
        assert rows["place"].str.startswith(place).any(), place
    for column in ("situation", "ask", "whom", "basis", "limit", "since"):
        assert (rows[column] != "").all(), column
    assert "candidates" in " ".join(rows["ask"])
    assert "Not legal advice" in published.load("remedies").about
    assert "not legal advice" in (FOLDER / "DATASHEET.md").read_text(encoding="utf-8").casefold()


def test_stops_and_ejections_stand_beside_arrests():
    rows = published.load("stops").table.set_index("id")
    kinds = " ".join(rows["kind"])
    assert all(kind in kinds for kind in ("stop", "search", "ejection", "refused entry"))
    assert set(rows["error"]) == {"false match", "wrong entry on the list", "not clear"}
    trials = published.load("live_trials").table.set_index("id")
    assert rows.loc["london-trials", "count"] == trials.loc["essex-stopped-wrong", "count"]
    assert rows.loc["london-2025-met", "count"] == trials.loc["met-2025-alerts", "count"]
    assert (rows["words"] != "").sum() >= 3


def test_the_default_of_a_search_was_documented_from_the_first():
    """ "For a search, the guide named none" was false: only the API reference lacked it."""
    rows = published.load("aws_docs").table.set_index("id")
    test = published.load("congress_test").table.set_index("id").loc["aclu-2018"]
    first = rows.loc["search-default-80"]
    assert first["value"] == 80 and first["date"] == "2017-12-21" and first["day"] < test["day"]
    assert "collections-search-faces.md" in first["source"]
    assert pd.isna(rows.loc["search-reference-none", "value"])
    assert rows.loc["search-reference-80", "date"] == "2019-07-02"
    assert "no default" not in test["note"] and "search-default-80" in test["note"]


def test_values_stand_as_printed_and_findings_keep_what_they_are_about():
    face = row_of("gender_shades", "gs-facepp-lf")
    assert (face["value"], face["conflict"]) == ("6.0", "9.8")
    assert "1:N" in row_of("nist", "nist-undetectable")["system"]
    for row in text("live_trials"):
        if row["statistic"] == "searches_with_leads":
            assert "Police Chiefs" in row["source"] and "Physical" not in row["source"]


def test_aws_advice_came_after_the_test():
    rows = published.load("aws_docs").table.set_index("id")
    test = published.load("congress_test").table.set_index("id").loc["aclu-2018", "day"]
    assert rows.loc["law-enforcement-absent", "day"] > test
    assert rows.loc["law-enforcement-99", "date"] == "2018-09-19"
    for key in ("law-enforcement-absent", "law-enforcement-99"):
        assert "may lag" in rows.loc[key, "note"]
    assert (rows["verified"] == "primary").all()
    assert rows.apply(lambda r: r["commit"] in r["source"], axis=1).all()


def test_skin_tones_follow_from_their_colours():
    rows = published.load("skin_tone_scales").table
    assert rows["step"].tolist() == list(range(1, 11))
    rgb = rows[["red", "green", "blue"]].to_numpy(float)
    assert ["#" + "".join(f"{int(v):02x}" for v in c) for c in rgb] == rows["hex"].tolist()
    linear = np.where(rgb / 255 <= 0.04045, rgb / 255 / 12.92, ((rgb / 255 + 0.055) / 1.055) ** 2.4)
    xyz = (
        linear
        @ np.array([[0.4124, 0.3576, 0.1805], [0.2126, 0.7152, 0.0722], [0.0193, 0.1192, 0.9505]]).T
        / [0.95047, 1.0, 1.08883]
    )
    f = np.where(xyz > (6 / 29) ** 3, np.cbrt(xyz), xyz / (3 * (6 / 29) ** 2) + 4 / 29)
    lab = np.c_[116 * f[:, 1] - 16, 500 * (f[:, 0] - f[:, 1]), 200 * (f[:, 1] - f[:, 2])]
    assert abs(lab - rows[["lightness", "a", "b"]].to_numpy()).max() < 0.1
    ita = np.degrees(np.arctan2(lab[:, 0] - 50, lab[:, 2]))
    assert abs(ita - rows["ita"]).max() < 0.3
    bands = np.array(["dark", "brown", "tan", "intermediate", "light", "very light"])
    assert bands[np.digitize(rows["ita"], [-30, 10, 28, 41, 55])].tolist() == (
        rows["ita_band"].tolist()
    )


def test_the_datasheet_counts_the_rows_and_explains_the_columns():
    sheet = (FOLDER / "DATASHEET.md").read_text(encoding="utf-8")
    for name in published.NAMES:
        assert f"| `{name}.csv` | {len(text(name))} |" in sheet
    assert f"{len(published.NAMES)} small tables" in sheet
    quoted = [sum(r[c].count('"') // 2 for r in text("claims")) for c in ("words", "detail")]
    assert "{} in the `words` of claims, and {} in a `detail`".format(*quoted) in sheet
    for name in published.NAMES:
        for column in COLUMNS[name]:
            assert f"`{column}`" in sheet, (name, column)


# --- loading ------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", FILES)
def test_load_gives_types(name):
    record = published.load(name)
    table = record.table
    assert record.name == name and len(record) == len(table) > 0 and record.about
    assert set(COLUMNS[name]) <= set(table.columns)
    for column in COLUMNS[name]:
        kind = str(table[column].dtype)
        if column in WHOLE:
            assert kind == "Int64"
        elif column in NUMBER:
            assert kind == "float64"
        elif column == "planned":
            assert kind == "bool"
        else:
            assert table[column].map(type).eq(str).all(), column
    if {"date", "when"} & set(table.columns):
        assert str(table["day"].dtype).startswith("datetime64")
    assert set(record.source) == set(table["source"]) - {""}


def test_every_file_is_in_the_checksums():
    # Change a table and write them anew: the command is in data/published/DATASHEET.md.
    listed = read_checksums(FOLDER)
    assert (
        set(listed)
        == {p.name for p in FOLDER.glob("*.csv")}
        <= {f"{n}.csv" for n in published.NAMES}
    )
    assert all(sha256((FOLDER / n).read_bytes()) == digest for n, digest in listed.items())
    assert published.verify() == len(listed)


def test_rates_come_from_counts_and_else_from_the_printed_share():
    rows = published.load("live_trials").table.set_index("id")
    assert rows.loc["met-2025-alerts", "rate"] == 10 / 2077  # not the printed 0.48
    assert rows.loc["npl-2025-black-women", "rate"] == pytest.approx(0.099)
    assert pd.isna(rows.loc["swp-royal", "rate"])  # 0 of 0
    assert pd.isna(rows.loc["rite-aid-far", "rate"])
    assert pd.isna(published.load("nist").table["rate"]).all()  # factors are no rates
    points = published.load("actionable_auditing").table.set_index("id")
    assert pd.isna(points.loc["aa-ibm-df-change", "rate"])


def test_days_are_the_first_of_what_is_known():
    rows = published.load("congress_test").table.set_index("id")["day"]
    assert rows["aclu-2018"] == pd.Timestamp("2018-07-26")
    assert rows["aclu-2019-california"] == pd.Timestamp("2019-08-01")
    assert rows["comparitech-2020-us"] == pd.Timestamp("2020-01-01")


def test_unknown_name():
    with pytest.raises(ValueError, match=r"no published table 'nits': use congress_test, .*claims"):
        published.load("nits")
    with pytest.raises(ValueError, match="no published table"):
        published.show("")
    with pytest.raises(ValueError, match="no published table"):
        published.compare(pd.DataFrame({"errors": [1], "of": [2]}), "nits")


@pytest.fixture
def copy(tmp_path):
    shutil.copytree(FOLDER, tmp_path / "published")
    return tmp_path


def test_damaged_files(copy):
    file = copy / "published" / "nist.csv"
    whole = file.read_bytes()
    assert len(published.load("nist", data=copy)) == 9
    for content in (whole[:-40], whole.replace(b"100", b"101", 1), b""):
        file.write_bytes(content)
        with pytest.raises(DamagedFile, match=r"nist.csv was changed or cut short: get that file"):
            published.load("nist", data=copy)
        with pytest.raises(DamagedFile, match=r"nist.csv"):
            published.verify(data=copy)
    assert len(published.load("vendors", data=copy)) == 10  # the others can still be read
    file.unlink()
    with pytest.raises(DamagedFile, match=r"nist.csv is missing"):
        published.load("nist", data=copy)
    (copy / "published" / CHECKSUMS).unlink()
    with pytest.raises(DamagedFile, match=r"checksums.txt is missing"):
        published.load("vendors", data=copy)


def test_a_table_that_is_not_there_yet(copy):
    (copy / "published" / "claims.csv").unlink(missing_ok=True)
    write_checksums(copy / "published")
    with pytest.raises(DamagedFile, match=r"claims.csv is not in .*checksums.txt"):
        published.load("claims", data=copy)


CLAIM = {
    "claim": "x-01",
    "seed": "letter",
    "who": "Somebody",
    "when": "2018-05",
    "words": "It is so",
    "where": "",
    "second": "",
    "status": "open",
    "detail": "",
    "notebook": "05",
    "section": "A section",
    "planned": "true",
    "why_not": "",
    "source": "Somebody (2018). Letter",
    "verified": "primary",
}


def put(copy, name, rows):
    pd.DataFrame(rows).to_csv(copy / "published" / f"{name}.csv", index=False, lineterminator="\n")
    write_checksums(copy / "published")


def test_claims_are_loaded_when_they_are_there(copy):
    put(copy, "claims", [CLAIM, CLAIM | {"claim": "x-02", "planned": "false", "when": ""}])
    table = published.load("claims", data=copy).table
    assert table["planned"].tolist() == [True, False] and table["notebook"].tolist() == ["05"] * 2
    assert table["day"].tolist() == [pd.Timestamp("2018-05-01"), pd.NaT]
    assert published.show("claims", data=copy).loc["x-01", "how checked"].startswith("read in the")


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"verified": "maybe"}, r"line 3, column verified: 'maybe' is not one of primary, sec"),
        ({"status": "so-so"}, r"line 3, column status: 'so-so' is not one of confirmed, one "),
        ({"planned": "yes"}, r"line 3, column planned: 'yes' is not true or false"),
        ({"when": "in May"}, r"line 3, column when: 'in May' is not a date such as 2018-07"),
        ({"extra": "1"}, r"does not have its columns \(extra\): they are claim, seed"),
    ],
)
def test_a_cell_that_does_not_fit_is_named(copy, change, sentence):
    first = CLAIM | ({"extra": ""} if "extra" in change else {})
    put(copy, "claims", [first, CLAIM | change])
    with pytest.raises(DamagedFile, match=sentence) as caught:
        published.load("claims", data=copy)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize(
    ("column", "cell", "wanted"),
    [("count", "2.5", "a whole number"), ("of", "many", "a whole number"), ("value", "x", "a num")],
)
def test_numbers_that_are_none(copy, column, cell, wanted):
    rows = text("nist")
    rows[1][column] = cell
    put(copy, "nist", rows)
    with pytest.raises(DamagedFile, match=f"line 3, column {column}: '{cell}' is not {wanted}"):
        published.load("nist", data=copy)


def test_a_data_folder_can_be_named(copy, monkeypatch):
    monkeypatch.setenv("LABKIT_DATA", str(copy))
    (copy / "published" / "nist.csv").write_bytes(b"")
    with pytest.raises(DamagedFile):
        published.load("nist")


# --- reading ------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", FILES)
def test_show_has_a_row_for_each_and_says_how_it_was_checked(name):
    shown = published.show(name)
    assert len(shown) == len(published.load(name).table)
    assert shown.index.tolist() == published.load(name).table.iloc[:, 0].tolist()
    assert set(shown["how checked"]) <= set(VERIFIED.values())
    assert not shown.isna().any().any()


def test_figures_in_words():
    def words(name, key):
        return published.show(name).loc[key, "figure"]

    assert words("congress_test", "aclu-2018") == "28 of 535 (5.2%)"
    assert words("congress_test", "amazon-99-retest") == "0 of 535 (0.0%)"
    assert words("congress_test", "amazon-95") == "95 similarity"
    assert words("live_trials", "met-2025-alerts") == "10 of 2,077 (0.48%)"
    assert words("live_trials", "swp-royal") == "0 of 0"
    assert words("live_trials", "swp-gallagher") == "0 of 6 (0.0%)"
    assert words("actionable_auditing", "aa-ibm-df-change") == "-17.73 points"
    assert words("actionable_auditing", "aa-face-pp-dm-change".replace("face-", "face")) == (
        "+0.6 points"
    )
    assert words("nist", "nist-fmr-factor-low") == "10-fold"
    assert words("nist", "nist-fnmr-factor") == "less than 3-fold"
    assert words("live_trials", "rite-aid-far") == "more than 5,000"
    assert words("nist", "nist-women") == "in words"


def test_show_chooses_rows_and_columns():
    shown = published.show("aws_docs", rows=["law-enforcement-99", "compare-default"])
    assert shown.index.tolist() == ["law-enforcement-99", "compare-default"]  # as asked for
    assert published.show("aws_docs", rows="compare-default").index.tolist() == ["compare-default"]
    columns = ["data set", "figure"]
    shown = published.show("nist", rows={"statistic": "fmr_ratio"}, columns=columns)
    assert shown.columns.tolist() == columns and shown["figure"].tolist() == [
        "10-fold",
        "more than 100-fold",
    ]
    claims = published.show("claims", rows={"status": ["disputed", "corrected"]})
    assert set(claims["state"]) == {"disputed", "corrected"} and claims.index.name == "claim"


def test_show_sets_tables_of_figures_below_one_another():
    names = ("gender_shades", "actionable_auditing")
    rows = {"statistic": "classification_error", "group": ["lighter-skinned men"]}
    both = published.show(names, rows=rows)
    parts = [published.load(name).rows(rows)["id"].tolist() for name in names]
    assert both.index.tolist() == parts[0] + parts[1] and all(parts)
    assert set(both["group"]) == {"lighter-skinned men"}


@pytest.mark.parametrize(
    ("name", "options", "sentence"),
    [
        ("nist", {"rows": ["x"]}, "nist has no row 'x': its rows are nist-"),
        ("nist", {"rows": {"matcher": "y"}}, "nist has no column 'matcher': use id, date"),
        ("nist", {"rows": {"group": "y"}}, "no row of nist fits {'group': 'y'}: see show('nist')"),
        ("nist", {"columns": ["shape"]}, "there is no column 'shape': use date, study"),
        (["nist", "claims"], {}, "nist and claims have other columns: show one after the other"),
    ],
)
def test_show_refuses_in_one_sentence(name, options, sentence):
    with pytest.raises(ValueError) as caught:
        published.show(name, **options)
    assert str(caught.value).startswith(sentence) and "\n" not in str(caught.value)


def test_readable_cuts_nothing_short():
    long = "a <b>long</b> text " * 30
    values = {
        "count": [1234567],
        "rate": [0.012345],
        "whole": [2.0],
        "none": [None],
        "text": [long],
    }
    page = published.readable(pd.DataFrame(values, index=pd.Index(["row"], name="which")))
    assert page.text.splitlines() == [
        "which; count; rate; whole; none; text",
        f"row; 1,234,567; 0.012; 2; ; {long}",
    ]
    assert page.text == repr(page)
    shown = page._repr_html_()
    assert "<b>" not in shown and "&lt;b&gt;" in shown and shown.count('scope="col"') == 6
    assert ">which<" in shown and shown.count('scope="row"') == 1
    four = published.readable(pd.DataFrame({"rate": [0.0123456]}, index=["row"]), 4)
    assert four.text == "rate\nrow; 0.01235"


def test_readable_takes_the_first_column_as_name_where_rows_are_only_numbered():
    table = pd.DataFrame({"who": ["a", "b"], "rate": [0.5, 0.25], "of": [2, 4]})
    assert published.readable(table).text == "who; rate; of\na; 0.5; 2\nb; 0.25; 4"
    assert published.readable(table, columns=["of", "who"]).text == "of; who\n2; a\n4; b"
    assert published.readable(table.set_index("who")).text == published.readable(table).text
    numbered = table.rename_axis("place")  # a name of its own: the numbers are shown
    assert published.readable(numbered).text == (
        "place; who; rate; of\n0; a; 0.5; 2\n1; b; 0.25; 4"
    )
    with pytest.raises(ValueError, match="there is no column 'what': use who, rate, of"):
        published.readable(table, columns=["what"])
    assert published.readable(pd.DataFrame()).text == ""


# --- beside ours --------------------------------------------------------------------------------


@pytest.fixture
def table():
    """Two groups of three people with two images; in each, counts known by hand."""
    x = np.array([0, 0.1, 0.2, 0.3, 9, 9.1, 20, 20.1, 30, 30.1, 40, 45])[:, None]
    pairs = all_pairs(x, np.repeat(np.arange(6), 2))
    return group_table(pairs, ["a"] * 6 + ["b"] * 6, threshold=-1.0)


def test_compare_puts_ours_first_with_both_denominators(table):
    both = published.compare(table, "live_trials", rows=["met-2025-alerts", "met-2025-faces"])
    assert both["where"].tolist() == ["measured here"] * 2 + ["published"] * 2
    # Three people of two images: 12 comparisons; 0, .1 against .2, .3 are 4 false matches.
    assert both["errors"].tolist() == [4, 0, 10, 10]
    assert both["of"].tolist() == [12, 12, 2077, 3147436]
    assert both["rate"].tolist()[2:] == [10 / 2077, 10 / 3147436]
    assert both["verified"].tolist() == ["measured here"] * 2 + ["secondary"] * 2
    assert both["group"].tolist() == ["a", "b", "all", "all"]
    assert both["to be read with"].tolist() == ["", ""] + [OTHER_STATISTIC] * 2
    assert both.loc[0, "of what"] == "impostor comparisons" and "too few" in both.loc[0, "note"]
    assert both.loc[2:, "source"].str.contains("Metropolitan Police").all()


def test_compare_takes_other_rates_of_a_group_table(table):
    both = published.compare(table, "vendors", statistic="fnmr", rows={"statistic": "tar"})
    ours = both[both["where"] == HERE]
    assert ours["errors"].tolist() == [0, 1] and ours["of"].tolist() == [3, 3]
    assert len(both) == 2 + 8


@pytest.mark.parametrize("rate", RATES)
def test_every_rate_of_a_group_table_can_be_compared(table, rate):
    both = published.compare(table, "live_trials", statistic=rate)
    ours = both[both["where"] == HERE]
    assert ours["errors"].tolist() == [table[group, rate].errors for group in table.names]
    assert ours["of"].tolist() == [table[group, rate].trials for group in table.names]
    assert set(ours["statistic"]) == {f"{RATES[rate].errors} / {RATES[rate].trials}"}
    assert set(ours["of what"]) == {RATES[rate].trials}


@pytest.mark.parametrize("statistic", sorted(set(statistics()) - set(RATES)))
def test_compare_admits_of_a_group_table_only_what_it_has(table, statistic):
    with pytest.raises(ValueError, match="there is no statistic '") as caught:
        published.compare(table, "live_trials", statistic=statistic)
    listed = str(caught.value).partition("use one of ")[2].split(", ")
    assert sorted(listed) == sorted(RATES)
    ours = pd.DataFrame({"errors": [1], "of": [10]})  # what has no rates of its own may count it
    assert len(published.compare(ours, "live_trials", statistic=statistic)) > 1


def test_a_new_rate_can_be_compared_without_a_second_list(table, monkeypatch):
    caught = replace(RATES["fnmr"], name="caught", errors="caught", trials="of those who tried")
    more = MappingProxyType({**RATES, "caught": caught})
    for module in ("measure.rate", "measure.disparity", "published.compare"):
        monkeypatch.setattr(sys.modules[f"labkit.{module}"], "RATES", more)
    both = published.compare(table, "live_trials", statistic="caught")
    assert both["errors"].tolist()[:2] == [table[group, "fnmr"].errors for group in table.names]
    assert both.loc[0, "statistic"] == "caught / of those who tried"


def test_compare_knows_the_same_statistic():
    ours = pd.DataFrame(
        {"group": ["town"], "errors": [30], "of": [600], "low": [0.03], "high": [0.07]}
    )
    both = published.compare(
        ours, "live_trials", statistic="fpir", rows={"study": "NPL 2023, for the police"},
        data_set="anytown/dev", system="dlib", of_what="searches", note="At threshold A.",
    )  # fmt: skip
    mine = both.iloc[0]
    assert (mine["rate"], mine["low"], mine["high"]) == (0.05, 0.03, 0.07)
    assert (mine["data set"], mine["system"], mine["of what"]) == (
        "anytown/dev",
        "dlib",
        "searches",
    )
    assert mine["note"] == "At threshold A."
    said = dict(zip(both["rate"].round(6), both["to be read with"]))
    assert said[0.00017] == SAME_STATISTIC and said[0.89] == OTHER_STATISTIC
    assert both.loc[1:, "of what"].eq(NOT_PRINTED).all()
    assert both["of"].isna().tolist() == [False, True, True, True]


def test_compare_chooses_rows():
    ours = pd.DataFrame({"errors": [1], "of": [10]}, index=["x"])
    compare = published.compare
    whole = compare(ours, "actionable_auditing")
    rates = published.load("actionable_auditing").table["rate"].notna().sum()
    assert len(whole) == 1 + rates
    order = ["aa-kairos-df", "aa-amazon-df"]
    assert compare(ours, "actionable_auditing", rows=order)["rate"].tolist() == [
        0.1,
        0.225,
        85 / 271,
    ]
    assert len(compare(ours, "actionable_auditing", rows="aa-kairos-df")) == 2
    two = compare(ours, "gender_shades", rows={"group": ["women", "all"], "unit": "percent"})
    assert two.loc[1:, "rate"].round(3).tolist() == [0.063, 0.1, 0.121]


@pytest.mark.parametrize(
    ("name", "options", "sentence"),
    [
        ("policies", {}, "policies is no table of figures to compare with: use congress_test"),
        ("nist", {}, "no row of nist has a rate and fits None"),
        (
            "vendors",
            {"statistic": "FMR"},
            f"there is no statistic 'FMR': use one of {', '.join(reversed(list(RATES)))}",
        ),
        ("vendors", {"rows": ["x"]}, "vendors has no row 'x': its rows are insightface-"),
        ("vendors", {"rows": {"matcher": "y"}}, "vendors has no column 'matcher': use id, date"),
        ("vendors", {"rows": {"group": "y"}}, "no row of vendors has a rate and fits {'group'"),
        ("live_trials", {"rows": ["rite-aid-far"]}, "row 'rite-aid-far' of live_trials has no"),
    ],
)
def test_compare_refuses_in_one_sentence(name, options, sentence):
    with pytest.raises(ValueError) as caught:
        published.compare(pd.DataFrame({"errors": [1], "of": [10]}), name, **options)
    assert sentence in str(caught.value) and "\n" not in str(caught.value)


def test_compare_refuses_ours_without_counts():
    with pytest.raises(ValueError, match="ours has no column 'of': give errors and what they are"):
        published.compare(pd.DataFrame({"errors": [1], "rate": [0.1]}), "vendors")
    with pytest.raises(ValueError, match="ours has no column 'errors'"):
        published.compare([0.1], "vendors")
    with pytest.raises(ValueError, match="row 0 of ours has -1 errors of 10"):
        published.compare(pd.DataFrame({"errors": [-1], "of": [10]}), "vendors")
    with pytest.raises(ValueError, match="row 1 of ours has 11 errors of 10"):
        published.compare(pd.DataFrame({"errors": [1, 11], "of": [10, 10]}), "vendors")

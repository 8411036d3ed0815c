"""What stands in the cells of the page: each number under its own heading, as it was counted."""

from __future__ import annotations

import functools
import math

import numpy as np
import pandas as pd
import pytest

from labkit.audit import audit
from labkit.measure.rate import RATES
from labkit.measure.rates import fmr, fnmr

from . import towns
from .made import Served, known, town, unlike
from .made import row as rate_row
from .pages import number, read, section


def near(value: float):
    return pytest.approx(value, rel=6e-3)  # three digits


@functools.cache
def groups():
    """A shifted group, some failures, and what the page of it shows."""
    pairs, group = town(0.25, 7)
    t = audit(pairs, groups=group, fmr=1e-2).threshold
    report = audit(pairs, groups=group, threshold=t, galleries=(700, 3_000))
    return pairs, report, read(report)


@functools.cache
def few(folder) -> tuple:
    """Groups with too few errors for a rate."""
    report = audit(known(folder / "few.csv", 1 / 600, 0.05, each=70), threshold=0.5)
    return report, read(report)


@pytest.mark.parametrize("rate", RATES)
def test_each_rate_has_its_errors_trials_and_people(rate):
    _, report, page = groups()
    table = report.tables["rates"].query(f"rate == '{rate}'").set_index("group")
    shown = page.tables[f"{RATES[rate].heading} by group"]
    assert list(shown) == list(table.index)
    for name, row in shown.items():
        i = table.loc[name]
        assert row["Errors"] == f"{i['errors']:,} of {i['trials']:,}"
        if RATES[rate].of_pairs:
            behind = row["Pairs of people with an error"]
            assert behind == f"{i['error_pairs']:,} of {i['person_pairs']:,}"
            assert i["person_pairs"] != i["error_pairs"]
        else:
            erred, of = row["People with an error"].split(" of ")
            assert number(of) == i["people"] and number(erred) == i["units_with_error"]
        assert (name in page.grey[f"{RATES[rate].heading} by group"]) == bool(i["words"])
        if i["words"]:
            assert row["Rate"] == ("–" if i["errors"] else "0")
            continue
        assert number(row["Rate"]) == near(i["value"])
        low, high = row["95% interval, by people"].split(" to ")
        assert number(low) == near(i["low"]) and number(high) == near(i["high"])


def test_too_little_for_a_rate_says_how_many_people_erred(tmp_path):
    """Five of everybody's pairs are rejected, of four people: people are what counts."""
    path = known(tmp_path / "k.csv", 1 / 20, 0.1)
    with open(path, "a", encoding="utf-8") as file:
        file.write("a00/1,a00/3,1,0.2,a00,a00,a,a\n")  # a second miss of somebody who has one
    page = read(audit(path, threshold=0.5))
    row = page.tables["False rejection, failures counted by group"]["a"]
    assert row["Errors"] == "5 of 41"
    assert row["95% interval, by people"] == "by 4 of 40 people: too few for a rate"


def test_who_was_in_it():
    pairs, _, page = groups()
    row = page.tables["People, pictures and pairs"]["cedar"]
    assert [row[h] for h in ("People", "Pictures", "Pairs of one person")] == ["80", "240", "240"]
    assert number(row["Pairs of people"]) == 80 * 79 / 2
    everyone = page.tables["People, pictures and pairs"]["everyone"]
    assert number(everyone["Impostor comparisons"]) == len(pairs.impostor)


def test_what_was_tested():
    _, report, page = groups()
    rows = {k: v["Value"] for k, v in page.tables["Input, scores, threshold"].items()}
    table = report.tables["rates"].query("rate == 'fmr'").set_index("group")["value"]
    within = table.drop("everyone").mean()
    value, rest = rows["FMR at it"].split(" over all pairs, ")
    assert number(value) == near(table["everyone"])
    assert number(rest.removesuffix(" within groups (mean)")) == near(within)
    assert within != pytest.approx(table["everyone"], rel=0.02)
    assert "FMR asked for" not in rows and "Columns not used" not in rows
    assert rows["Scores"].startswith("similarities")


def test_a_chosen_threshold_stands_beside_its_true_rate():
    pairs, group = town(0.25, 7)
    report = audit(pairs, groups=group, fmr=1e-2)
    rows = {k: v["Value"] for k, v in read(report).tables["Input, scores, threshold"].items()}
    assert rows["FMR asked for"] == "0.01"
    found = report.numbers["threshold"]
    low, high = rows["Its true FMR on other people, 95% interval"].split(" to ")
    assert number(low) == near(found["true_fmr_low"]) and number(low) < 0.01
    assert number(high) == near(found["true_fmr_high"]) and number(high) > 0.01


def test_columns_that_were_not_used_are_named(tmp_path):
    path = known(tmp_path / "k.csv", 1 / 20, 0.3)
    frame = pd.read_csv(path).assign(camera="x", site="y")
    frame.to_csv(path, index=False)
    rows = read(audit(path, threshold=0.5)).tables["Input, scores, threshold"]
    assert rows["Columns not used"]["Value"] == "camera, site"


def test_spread_stands_beside_equal_groups():
    """One table: summaries of one kind of error, then those of both, failures counted."""
    _, report, page = groups()
    table = report.tables["spread"].drop_duplicates(["summary", "of"])
    table = table.set_index(["summary", "of"])
    shown = page.tables["Summaries of spread"]
    both = "FMR and false rejection, alpha 0.5"
    names = [
        *((s, of) for of in ("FMR", "false rejection") for s in ("max/min", "max/geomean")),
        *((s, both) for s in ("GARBE", "Inequity Rate", "FDR")),
    ]
    assert list(shown) == [f"{summary} ({of})" for summary, of in names]
    for (_name, row), key in zip(shown.items(), names, strict=True):
        line = table.loc[key]
        assert number(row["Seen"]) == near(line["value"])
        assert number(row["Equal groups: middle"]) == near(line["null_median"])
        assert number(row["Equal groups: up to (95%)"]) == near(line["null_95"])


def test_a_group_without_errors_makes_max_min_a_lower_limit(tmp_path):
    """It used to be "1.00", or infinite: the group with the fewest errors was passed over."""
    frame = towns.town({"ash": 80, "birch": 80, "cedar": 80}, raised={"cedar": -9.0}, seed=4)
    report = audit(towns.write(tmp_path / "z.csv", frame), threshold=2.0)
    line = report.tables["spread"].set_index(["summary", "of"]).loc[("max/min", "FMR")]
    shown = read(report).tables["Summaries of spread"]["max/min (FMR)"]["Seen"]
    assert line["at_least"] and shown.startswith("at least ")
    assert number(shown.removeprefix("at least ")) == near(line["value"])
    rates = report.tables["rates"].query("rate == 'fmr'").set_index("group")
    highest = rates["value"].drop("everyone").max()
    assert line["value"] == near(highest / (3 / (80 * 79 / 2))) and line["value"] > 5
    assert "for cedar has so few errors" in section(report, "spread")


@pytest.mark.parametrize("rate", ["fmr", "false_rejection"])
def test_ratios_stand_beside_what_could_have_been_found(rate):
    _, report, page = groups()
    table = report.tables["contrasts"].query(f"rate == '{rate}'").set_index("group")
    shown = page.tables[f"{RATES[rate].heading}: ratio to the other groups together"]
    assert list(shown) == list(table.index)
    for name, row in shown.items():
        c = table.loc[name]
        assert number(row["Ratio"]) == near(c["ratio"])
        low, high = map(number, row["95% interval"].split(" to "))
        assert (low, high) == (near(c["low"]), near(c["high"]))
        said, p = row["p value (adjusted)"], c["p_family"]
        assert p < 1e-3 if said == "below 0.001" else said == f"{p:.3f}"
        assert row["Difference"] == ("shown" if p < 0.05 else "not shown")
        assert number(row["Found four times in five"]) == near(c["detectable"])
    assert any(abs(c["p"] - c["p_family"]) > 0.01 for _, c in table.iterrows()) or rate == "fmr"


def test_the_reference_is_a_group_if_one_was_named():
    pairs, group = town(0.25, 7)
    report = audit(pairs, groups=group, fmr=1e-2, reference="ash")
    shown = read(report).tables["False matches (FMR): ratio to ash"]
    rates = report.tables["rates"].query("rate == 'fmr'").set_index("group")["value"]
    assert list(shown) == ["birch", "cedar"]
    for name, row in shown.items():
        assert number(row["Ratio"]) == near(rates[name] / rates["ash"])
    assert " for ash, " in report.html and "No group was picked" not in report.html


def test_searches():
    _, report, page = groups()
    rates = report.tables["rates"].query("rate == 'fmr'").set_index("group")
    everyone = rates.loc["everyone"]
    caption = next(c for c in page.tables if c.startswith("Searches by people who are not"))
    assert list(page.tables[caption]) == ["700", "3,000"]
    for name, row in page.tables[caption].items():
        n = number(name)
        found = row["False candidates a search (N x FMR)"]
        assert number(found) == near(n * everyone["value"])
        low, high = map(number, row["95% interval, by people"].split(" to "))
        assert (low, high) == (near(n * everyone["low"]), near(n * everyone["high"]))
    own = page.tables[
        "False candidates a search, were everybody in the gallery of the searcher's group"
    ]
    for name, row in own.items():
        assert number(row["N = 3,000"]) == near(3_000 * rates.loc[name, "value"])


def test_a_search_without_a_false_match_has_a_limit():
    pairs, group = town()
    top = float(np.nextafter(pairs.impostor.max(), np.float32(1)))
    report = audit(pairs, groups=group, threshold=top, galleries=(1_000,))
    caption = "Searches by people who are not in the gallery, FMR 0"
    row = read(report).tables[caption]["1,000"]
    limit = 1_000 * 3 / (240 * 239 / 2)
    assert row["95% interval, by people"] == f"at most {limit:.3f}"
    most = 1 - (1 - 3 / (240 * 239 / 2)) ** 1_000
    assert row["Searches with any: at most (upper bound)"] == f"{most:.1%}"
    assert not any(c.startswith("False candidates a search, were") for c in read(report).tables)


@pytest.mark.parametrize("distance", [False, True])
def test_scores_and_other_thresholds(tmp_path, distance):
    """The table of thresholds gives its own rates again; distances are shown as they came."""
    pairs, _ = town(0.25, 7)
    i, j = np.triu_indices(len(pairs), 1)
    sign = -1 if distance else 1
    same = pairs.people[i] == pairs.people[j]
    frame = pd.DataFrame({"probe": i, "gallery": j, "same_person": same})
    frame["score"] = sign * pairs.matrix[i, j]
    path = tmp_path / "all.csv"
    frame.dropna().to_csv(path, index=False)
    page = read(audit(path, fmr=1e-2, distance=distance))
    caption = (
        "Distances, from the least alike to the most alike pairs"
        if distance
        else "Scores below which a share of the pairs lies"
    )
    for name, values in (("pairs of one person", pairs.genuine), ("pairs of two", pairs.impostor)):
        row = page.tables[caption][name]
        assert number(row["How many"]) == len(values)
        for share in (5, 50, 95):
            wanted = sign * np.quantile(values, share / 100, method="inverted_cdf")
            assert number(row[f"{share}%"]) == pytest.approx(wanted, abs=6e-3)
    steps = page.tables["FNMR at FMRs in steps of ten, all pairs"]
    assert list(steps)[:2] == ["0.1", "0.01"]
    for asked, row in steps.items():
        t = sign * number(row["Threshold"])
        assert number(row["FMR"]) == near(fmr(pairs.impostor, t))
        assert number(row["FNMR"]) == near(fnmr(pairs.genuine, t))
        assert number(row["FMR"]) <= number(asked)


def test_a_threshold_is_set_past_ties_and_not_below_the_floor():
    """Half of all impostors share one score; what is asked for is never exceeded."""
    people = np.repeat(np.arange(40), 2)
    rng = np.random.default_rng(0)
    faces = rng.normal(size=(40, 6))[people].round() + 0.01 * rng.normal(size=(80, 6)).round()
    report = audit(faces, people, fmr=0.2)
    steps = report.tables["thresholds"]
    assert (steps["fmr"] <= steps["fmr_asked"]).all()
    best = np.sort(_best_of_pairs(faces, people))[::-1]
    floor = float((-_distances(faces)[_two(people)] >= best[29]).mean())
    said = next(s for s in report.html.split("<p") if "can set a threshold is" in s)
    assert number(said.split("can set a threshold is ")[1].split(":")[0]) == near(floor)
    assert best[29] != best[30] or best[28] != best[29]


def _distances(faces: np.ndarray) -> np.ndarray:
    return np.sqrt(((faces[:, None] - faces[None]) ** 2).sum(-1)).astype(np.float32)


def _two(people: np.ndarray) -> np.ndarray:
    return np.triu(people[:, None] != people[None])


def _best_of_pairs(faces: np.ndarray, people: np.ndarray) -> list[float]:
    s, n = -_distances(faces), people.max() + 1
    return [s[np.ix_(people == a, people == b)].max() for a in range(n) for b in range(a + 1, n)]


def test_the_highest_pairs_say_whether_they_match(tmp_path):
    """At the threshold is a match."""
    pairs, group = town(0.25, 7)
    table = pairs.highest(20)
    t = float(table["score"].iloc[6])
    shown = read(audit(pairs, groups=group, threshold=t)).tables[
        "Pairs of two people that are most alike"
    ]
    found = [row["Match"] for row in shown.values()]
    assert found == ["yes"] * 7 + ["no"] * 13
    first = float(table["score"].iloc[0])
    assert number(shown["1"]["Score"]) == pytest.approx(first, abs=5e-4)
    assert len(shown["1"]["Score"].lstrip("−0.")) <= 3, "three digits that matter"


def test_scores_are_printed_as_the_file_gave_them(tmp_path):
    """A file with four decimals used to come back as 0.67060006."""
    frame = towns.town({"ash": 60, "birch": 60}, seed=8)
    report = audit(towns.write(tmp_path / "s.csv", frame), fmr=1e-2)
    page = read(report)
    given = set(frame["score"].str.replace("-", "−").map(lambda x: x.rstrip("0").rstrip(".")))
    assert {row["Score"] for row in page.tables["Pairs of two people that are most alike"].values()}
    for row in page.tables["Pairs of two people that are most alike"].values():
        assert row["Score"] in given
    for row in page.tables["Scores below which a share of the pairs lies"].values():
        assert {row["5%"], row["50%"], row["95%"]} <= given


def test_printed_thresholds_give_the_printed_counts(tmp_path):
    frame = towns.town({"ash": 60, "birch": 60}, seed=8)
    path = towns.write(tmp_path / "s.csv", frame)
    report = audit(path, fmr=1e-2)
    said = read(report).tables["Input, scores, threshold"]["Threshold"]["Value"]
    t = number(said.removeprefix("a match is a score of at least "))
    again = audit(path, threshold=t)
    a, b = (x.tables["rates"][["errors", "trials"]] for x in (report, again))
    pd.testing.assert_frame_equal(a, b)
    assert len(str(t)) <= 7, "four decimals in the file need no more in a threshold"
    scores = frame.query("same_person == 0")["score"].astype(float)
    for row in read(report).tables["FNMR at FMRs in steps of ten, all pairs"].values():
        assert number(row["FMR"]) == near((scores >= number(row["Threshold"])).mean())


def test_rows_without_a_rate_are_grey(tmp_path):
    report, page = few(tmp_path)
    assert page.grey["False matches (FMR) by group"] == ["a", "b"]
    row = page.tables["False matches (FMR) by group"]["a"]
    assert row["Rate"] == "–" and row["95% interval, by people"].startswith(
        "from 5 pairs of people"
    )
    assert not any(c.startswith("False matches (FMR): ratio") for c in page.tables)
    assert "left out, with too little to compare: a (from 5 pairs" in section(report, "differences")
    assert math.isnan(report.tables["contrasts"].query("rate == 'fmr'")["p_family"].iloc[0])


def test_searches_with_any_go_by_the_upper_end(tmp_path):
    """One false match gave 4.9% where none gave 18.6%: the point estimate was called a bound."""
    most = {}
    for false in (0, 1, 90):
        path = unlike(tmp_path / "s.csv", {"a": Served(false=false)})
        report = audit(path, threshold=0.5, galleries=(10,))
        line, i = report.numbers["search"][0], rate_row(report, "everyone", "fmr")
        pairs, page = 70 * 69 / 2, read(report).tables
        (shown,) = (t["10"] for c, t in page.items() if c.startswith("Searches by people"))
        high = {0: 3 / pairs, 1: 4.743865 / pairs, 90: i["high"]}[false]
        most[false] = line["share_at_most"]
        assert most[false] == pytest.approx(1 - (1 - high) ** 10, rel=1e-5)
        found = shown["False candidates a search (N x FMR)"]
        assert (found == "–") == (false == 1) == (line["false_candidates"] is None)
        assert "here at the upper end of FMR" in section(report, "search")
    assert most[0] < most[1] < most[90]
    path = unlike(tmp_path / "s.csv", {"a": Served(3, false=1)})
    page = read(audit(path, threshold=0.5, galleries=(10,))).tables
    (shown,) = (t["10"] for c, t in page.items() if c.startswith("Searches by people"))
    assert shown["Searches with any: at most (upper bound)"] == "–"


def test_the_file_of_numbers_is_no_bolder_than_the_page(tmp_path):
    """Where the page had a dash the JSON had 0.0222, a ratio of 54 and a limit of 1."""
    groups = {"a": Served(missed=[1] * 5, false=56), "b": Served(3), "c": Served(10, [3] * 10, 5)}
    report = audit(unlike(tmp_path / "j.csv", groups), threshold=0.5)
    page = read(report).tables
    names = {rate: f"{RATES[rate].heading} by group" for rate in ("fmr", "false_rejection")}
    dashes = 0
    for line in report.numbers["rates"]:
        if line["rate"] not in names:
            continue
        cell = page[names[line["rate"]]][line["group"]]["Rate"]
        assert (cell == "–") == (line["value"] is None) == (not line["shown"])
        dashes += cell == "–"
        assert line["at_most"] is None or line["at_most"] < 1
    assert dashes >= 2
    assert all(c["ratio"] is None for c in report.numbers["contrasts"] if c["low"] is None)
    assert any(c["low"] is None for c in report.numbers["contrasts"])
    found = next(
        r for r in report.numbers["rates"] if (r["group"], r["rate"]) == ("c", "false_rejection")
    )
    assert found["at_least"] == pytest.approx(0.7)
    said = page[names["false_rejection"]]["c"]["95% interval, by people"]
    assert said == "all of them, of 10 people: at least 0.700"


def test_small_ratios_keep_the_digits_that_tell_them_from_one():
    from types import SimpleNamespace

    from labkit.audit.tables import _ratio

    c = SimpleNamespace(ratio=1.0131, low=1.0004, high=1.0301)
    assert _ratio(c) == ("1.0131", "1.0004 to 1.0301")

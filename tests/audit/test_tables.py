"""What stands in the cells of the page: each number under its own heading, as it was counted."""

from __future__ import annotations

import functools
import html.parser
import math

import numpy as np
import pandas as pd
import pytest

from labkit.audit import audit
from labkit.measure.rate import RATES
from labkit.measure.rates import fmr, fnmr

from .made import known, town

Cells = dict[str, dict[str, str]]


class Reader(html.parser.HTMLParser):
    """Caption -> name of a row -> heading -> text, and the rows that are greyed."""

    def __init__(self) -> None:
        super().__init__()
        self.tables: dict[str, Cells] = {}
        self.grey: dict[str, list[str]] = {}
        self.tag, self.heads, self.cells, self.caption = "", [], [], ""

    def handle_starttag(self, tag, attrs):
        self.tag = tag
        if tag == "table":
            self.heads, self.caption = [], ""
        if tag == "tr":
            self.cells, self.thin = [], dict(attrs).get("class") == "thin"
        if tag in ("th", "td"):
            (self.heads if dict(attrs).get("scope") == "col" else self.cells).append("")

    def handle_endtag(self, tag):
        self.tag = ""
        if tag == "tr" and self.cells:
            name = self.cells[0]
            row = dict(zip(self.heads, self.cells, strict=True))
            self.tables.setdefault(self.caption, {})[name] = row
            self.grey.setdefault(self.caption, []).extend([name] if self.thin else [])

    def handle_data(self, data):
        if self.tag == "caption":
            self.caption += data
        elif self.tag in ("th", "td"):
            (self.cells or self.heads)[-1] += data


def read(report) -> Reader:
    reader = Reader()
    reader.feed(report.html)
    return reader


def number(text: str) -> float:
    return float(text.replace(",", "").replace("−", "-"))


def near(value: float):
    return pytest.approx(value, rel=6e-3)  # three digits


@functools.cache
def groups():
    """A shifted group, some failures, and what the page of it shows."""
    pairs, group = town(0.25, 7)
    report = audit(pairs, groups=group, fmr=1e-2, galleries=(700, 3_000))
    return pairs, report, read(report)


@functools.cache
def few(folder) -> tuple:
    """Groups with too few errors for a rate."""
    report = audit(known(folder / "few.csv", 1 / 200, 0.05), threshold=0.5)
    return report, read(report)


@pytest.mark.parametrize("rate", RATES)
def test_each_rate_has_its_errors_trials_and_people(rate):
    _, report, page = groups()
    table = report.tables["rates"].query(f"rate == '{rate}'").set_index("group")
    shown = page.tables[f"{RATES[rate].heading} by group"]
    assert list(shown) == list(table.index)
    for name, row in shown.items():
        i = table.loc[name]
        assert number(row["Errors"]) == i["errors"] and number(row["Trials"]) == i["trials"]
        if RATES[rate].of_pairs:
            assert number(row["Pairs of people"]) == i["person_pairs"]
            assert number(row["of them behind errors"]) == i["error_pairs"]
            assert i["person_pairs"] != i["error_pairs"]
        else:
            assert number(row["People"]) == i["people"]
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
    assert row["Errors"] == "5"
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
    rows = {k: v["Value"] for k, v in page.tables["Input, scores, operating point"].items()}
    table = report.tables["rates"].query("rate == 'fmr'").set_index("group")["value"]
    within = table.drop("everyone").mean()
    value, rest = rows["FMR at it"].split(" over all pairs, ")
    assert number(value) == near(table["everyone"])
    assert number(rest.removesuffix(" within groups (mean)")) == near(within)
    assert within != pytest.approx(table["everyone"], rel=0.02)
    assert rows["FMR asked for"] == "0.01" and "Columns not used" not in rows
    assert rows["Scores"].startswith("similarities")


def test_columns_that_were_not_used_are_named(tmp_path):
    path = known(tmp_path / "k.csv", 1 / 20, 0.3)
    frame = pd.read_csv(path).assign(camera="x", site="y")
    frame.to_csv(path, index=False)
    rows = read(audit(path, threshold=0.5)).tables["Input, scores, operating point"]
    assert rows["Columns not used"]["Value"] == "camera, site"


@pytest.mark.parametrize("rate", ["fmr", "false_rejection"])
def test_spread_stands_beside_equal_groups(rate):
    _, report, page = groups()
    table = report.tables["spread"].query(f"rate == '{rate}'").set_index("summary")
    shown = page.tables[f"Summaries of spread: {RATES[rate].heading}"]
    assert len(shown) == len(table) >= 3
    for (name, row), (summary, line) in zip(shown.items(), table.iterrows(), strict=True):
        assert name.startswith(f"{summary} (")
        assert number(row["Seen"]) == near(line["value"])
        assert number(row["Equal groups: median"]) == near(line["null_median"])
        assert number(row["Equal groups: up to (95%)"]) == near(line["null_95"])


@pytest.mark.parametrize("rate", ["fmr", "false_rejection"])
def test_ratios_stand_beside_what_could_have_been_found(rate):
    _, report, page = groups()
    table = report.tables["contrasts"].query(f"rate == '{rate}'").set_index("group")
    caption = f"{RATES[rate].heading}: ratio to all others together; p adjusted for 3 comparisons"
    for name, row in page.tables[caption].items():
        c = table.loc[name]
        assert number(row["Ratio"]) == near(c["ratio"])
        low, high = map(number, row["95% interval"].split(" to "))
        assert (low, high) == (near(c["low"]), near(c["high"]))
        said = row["p (Holm)"]
        assert c["p_holm"] < 1e-3 if said == "below 0.001" else said == f"{c['p_holm']:.3f}"
        assert number(row["Found four times in five"]) == near(c["detectable"])
    assert any(abs(c["p"] - c["p_holm"]) > 0.01 for _, c in table.iterrows()) or rate == "fmr"


def test_the_reference_is_a_group_if_one_was_named():
    pairs, group = town(0.25, 7)
    report = audit(pairs, groups=group, fmr=1e-2, reference="ash")
    caption = "False matches (FMR): ratio to ash; p adjusted for 2 comparisons"
    shown = read(report).tables[caption]
    rates = report.tables["rates"].query("rate == 'fmr'").set_index("group")["value"]
    assert list(shown) == ["birch", "cedar"]
    for name, row in shown.items():
        assert number(row["Ratio"]) == near(rates[name] / rates["ash"])
    assert "compared with ash: " in report.html and "No group was picked" not in report.html


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
    assert f"In a gallery of 3,000 the measured FMR means {found} false" in report.html


def test_a_search_without_a_false_match_has_a_limit():
    pairs, group = town()
    top = float(np.nextafter(pairs.impostor.max(), np.float32(1)))
    report = audit(pairs, groups=group, threshold=top, galleries=(1_000,))
    caption = "Searches by people who are not in the gallery, FMR 0"
    row = read(report).tables[caption]["1,000"]
    limit = 1_000 * 3 / (240 * 239 / 2)
    assert row["95% interval, by people"] == f"at most {limit:.3f}"
    own = read(report).tables[
        "False candidates a search, were everybody in the gallery of the searcher's group"
    ]
    assert {row["N = 1,000"] for row in own.values()} == {"–"}


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
            wanted = sign * float(np.quantile(values, share / 100))
            assert number(row[f"{share}%"]) == pytest.approx(wanted, rel=1e-4)
    steps = page.tables["FNMR at FMRs in steps of ten, all pairs"]
    assert list(steps)[:2] == ["0.1", "0.01"]
    for asked, row in steps.items():
        t = sign * number(row["Threshold"])
        assert number(row["FMR"]) == pytest.approx(fmr(pairs.impostor, t), rel=0.02)
        assert number(row["FNMR"]) == pytest.approx(fnmr(pairs.genuine, t), rel=0.02)
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
    assert number(shown["1"]["Score"]) == pytest.approx(table["score"].iloc[0], rel=1e-4)


def test_rows_without_a_rate_are_grey(tmp_path):
    report, page = few(tmp_path)
    assert page.grey["False matches (FMR) by group"] == ["everyone", "a", "b"]
    row = page.tables["False matches (FMR) by group"]["a"]
    assert row["Rate"] == "–" and row["95% interval, by people"].startswith(
        "from 4 pairs of people"
    )
    ratios = next(c for c in page.tables if c.startswith("False matches (FMR): ratio"))
    assert page.grey[ratios] == ["a", "b"]
    assert page.tables[ratios]["a"]["p (Holm)"] == "–"
    assert math.isnan(report.tables["contrasts"]["p_holm"].iloc[0])

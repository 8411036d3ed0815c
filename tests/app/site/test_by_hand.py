"""A learner with a pocket calculator reaches the right answer with what a page shows.

Each way below starts from the texts in the table's cells, as they stand on the page.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from typing import Any

import pytest

from labkit.app.site import by_hand, exercises
from labkit.experiment import confounded
from labkit.learning import catalogue, checks
from labkit.learning.exercises import Cases, Check

CHECKS = {id: e for id, e in catalogue.everything().items() if isinstance(e, Check)}

Table = dict[str, dict[str, float]]
"""Row -> column -> number."""


def numbers(table: Mapping[str, Any]) -> Table:
    """A table's cells as numbers, by the names of their rows and columns."""
    return {
        row[0]: {
            head: float(cell.replace(",", ""))
            for head, cell in zip(table["head"][1:], row[1:], strict=True)
        }
        for row in table["rows"]
    }


def number_of(table: Table) -> dict[str, float]:
    """The only column of a table."""
    return {row: next(iter(cells.values())) for row, cells in table.items()}


def column(table: Table, name: str) -> list[float]:
    return [row[name] for row in table.values()]


def named(tables: list[Any]) -> list[str]:
    threshold = float(tables[0]["caption"].split()[-1])
    best = [max(row.items(), key=lambda cell: cell[1]) for row in numbers(tables[0]).values()]
    return [name if score >= threshold else "nobody" for name, score in best]


def at_place(tables: list[Any]) -> float:
    count = float(tables[0]["caption"].split()[3].replace(",", ""))
    rows = {float(row[0].replace(",", "")): float(row[1]) for row in tables[0]["rows"]}
    return rows[math.floor(count / 100)]


def interval(tables: list[Any]) -> tuple[float, float]:
    seen = number_of(numbers(tables[0]))
    reach = 1.96 * seen["standard error, by people"]
    return seen["rate"] - reach, seen["rate"] + reach


def difference_in_differences(tables: list[Any]) -> float:
    rate = {row: cells["false rejection"] for row, cells in numbers(tables[0]).items()}
    poor = rate["light-metered noisy, darker"] - rate["light-metered noisy, lighter"]
    return poor - (rate["equal, darker"] - rate["equal, lighter"])


def station(tables: list[Any]) -> float:
    seen = number_of(numbers(tables[0]))
    return (seen["people who pass in a day"] - seen["of these in the gallery"]) * seen["FPIR"]


def half_right(tables: list[Any]) -> float:
    seen = number_of(numbers(tables[0]))
    return seen["FPIR"] / (seen["FPIR"] + seen["TPIR"])


def first_half(tables: list[Any]) -> float:
    shares = [(float(n.replace(",", "")), float(share)) for n, share in tables[0]["rows"]]
    return next(n for n, share in shares if share >= 0.5)


def summed(row: dict[str, float], people: dict[str, float]) -> float:
    return sum(row[band] * people[band] for band in row)


def over_policed(tables: list[Any]) -> float:
    rates, people = map(numbers, tables)
    return summed(rates["darker"], people["over-policed"])


def times_as_many(tables: list[Any]) -> float:
    rates, people = map(numbers, tables)
    return summed(rates["darker"], people["over-policed"]) / summed(rates["darker"], people["town"])


def sightings(tables: list[Any]) -> float:
    rows = numbers(tables[0])
    wrong = sum(row["passages"] * row["wrong name"] for row in rows.values())
    return wrong / rows["residents"]["people"]


def exchanged(tables: list[Any]) -> float:
    rows = numbers(tables[0])
    alerted, found = (
        rows["loose"][of] - rows["strict"][of]
        for of in ("innocent people alerted", "wanted people found")
    )
    return alerted / found


def wrong_records(tables: list[Any]) -> float:
    row = numbers(tables[0])["darker"]
    return 0.9 * row["darker"] + 0.05 * row["medium"] + 0.05 * row["lighter"]


def share(tables: list[Any], row: str, above: str, below: str) -> float:
    cells = numbers(tables[0])[row]
    return cells[above] / cells[below]


def thirtieth(tables: list[Any]) -> float:
    places, counts = (number_of(numbers(table)) for table in tables)
    return places["30"] / counts["impostor comparisons of the 240 people"]


def rejected(tables: list[Any]) -> float:
    seen = number_of(numbers(tables[0]))
    lost = seen["mated pairs planned"] - seen["mated pairs compared"]
    return (lost + seen["compared and missed"]) / seen["mated pairs planned"]


def lost(tables: list[Any]) -> float:
    rows = numbers(tables[0])
    more = rows["C"]["not found"] - rows["A"]["not found"]
    return more / rows["A"]["enrolled, searched for"]


def passage(tables: list[Any]) -> float:
    one, frames = number_of(numbers(tables[0])).values()
    return 1 - (1 - one) ** frames


def not_true(tables: list[Any]) -> float:
    seen = number_of(numbers(tables[0]))
    return (seen["written down"] - seen["both"]) / seen["written down"]


def candidates(tables: list[Any]) -> float:
    return sum(r["people"] * r["FMR with a darker person"] for r in numbers(tables[0]).values())


WAYS: dict[str, Callable[[list[Any]], Any]] = {
    "00-a": lambda tables: int(sum(column(numbers(tables[0]), "photographs"))),
    "02-a": lambda tables: math.sqrt(sum(column(numbers(tables[0]), "sum of their squares"))),
    "02-c": named,
    "03-a": at_place,
    "03-b": lambda tables: share(tables, "eval, -0.3793", "of these below it", "genuine"),
    "04-a": interval,
    "04-b": thirtieth,
    "05-a": lambda tables: share(tables, "darker, darker", "false matches", "comparisons"),
    "05-b": rejected,
    "06-a": difference_in_differences,
    "06-b": candidates,
    "07-a": lambda tables: share(tables, "darker", "turned away", "photographs"),
    "07-b": wrong_records,
    "08-a": station,
    "08-b": half_right,
    "08-c": first_half,
    "09-a": lost,
    "09-b": over_policed,
    "10-a": passage,
    "10-b": times_as_many,
    "11-a": sightings,
    "11-b": not_true,
    "12-b": exchanged,
}


def test_every_check_exercise_says_how_it_is_answered_without_python() -> None:
    assert set(by_hand.HOW) == set(CHECKS)
    assert set(by_hand.TABLES) == set(WAYS)


@pytest.mark.parametrize("id", sorted(WAYS))
def test_a_calculator_reaches_the_right_answer_from_the_table(id) -> None:
    answer = WAYS[id](by_hand.of(id)["tables"])
    checked = checks.judge(CHECKS[id], answer, keep=False)
    assert checked.right, (id, answer, checked.words)


def test_the_three_reports_show_the_row_that_differs() -> None:
    """06-c has no table of its own: what is known stands in the notebook, as text."""
    found = []
    for place in (1, 2, 3):
        known = confounded.comparison(place).known.astype(float)
        known = known[(known > 0).all(axis=1)]
        found.append((known.iloc[:, 0] / known.iloc[:, 1]).map(math.log).abs().idxmax())
    assert checks.judge(CHECKS["06-c"], found, keep=False).right


def test_whoever_is_the_function_can_decide_from_what_the_table_shows() -> None:
    one = CHECKS["02-b"]
    assert isinstance(one.tolerance, Cases)
    for case in exercises.exercise(one)["cases"]:
        distance, threshold = map(float, case["shown"])
        assert (-distance >= threshold) == case["right"]["form"]


def test_the_way_of_13_a_is_its_sum() -> None:
    assert checks.judge(CHECKS["13-a"], 7 + 6 + 5 + 4 + 3 + 2 + 1, keep=False).right

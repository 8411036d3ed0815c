"""Every number in prose has an origin, and the origin says the same."""

from __future__ import annotations

import pytest

from labkit.app import numbers
from labkit.app.numbers import Entry, report
from labkit.base.places import PROJECT


def test_no_number_in_prose_is_without_its_origin() -> None:
    assert report(PROJECT).problems == []


def looked_up(tmp_path, text: str, *rows: str) -> numbers.Report:
    (tmp_path / "docs").mkdir()
    (tmp_path / "data" / "published").mkdir(parents=True)
    (tmp_path / "data" / "published" / "t.csv").write_text("id,count,share\nx,1270,0.425\n")
    (tmp_path / "made.md").write_text("| 11.5 | 1,270 |\n")
    lines = ["where,words,kind,origin", *rows, ""]
    (tmp_path / numbers.ENTRIES).write_text("\n".join(lines))
    return report(tmp_path, [("a.md", text)])


CASES = [
    ("It holds 30 people.", "a.md,30 people,code,labkit.measure.intervals:ENOUGH_PEOPLE", ""),
    (
        "It holds 31 people.",
        "a.md,31 people,code,labkit.measure.intervals:ENOUGH_PEOPLE",
        "gives 30",
    ),
    ("It holds 30 people.", "a.md,30 people,code,labkit.measure.intervals:NONE", "cannot be read"),
    ("It took 12 s.", "a.md,took 12 s,file,made.md", ""),
    ("It took 13 s.", "a.md,took 13 s,file,made.md", "gives 11.5, 1270"),
    ("Of 1,270 people.", 'a.md,"1,270 people",published,t/x', ""),
    ("It is 42.5%.", "a.md,42.5%,published,t/x", ""),
    ("It is 44%.", "a.md,44%,published,t/x", "gives"),
    ("It is 43%.", "a.md,43%,published,t/y", "no row 'y'"),
    ("Of 7,485 people.", 'a.md,"7,485 people",cited,"King, notes on models, 2017"', ""),
    ("Of 7,485 people.", 'a.md,"7,485 people",cited,somebody said so', "no year"),
    ("Say 7 people.", "a.md,Say 7 people,chosen,an example", ""),
]


@pytest.mark.parametrize(("text", "row", "fault"), CASES)
def test_an_origin_is_looked_up(tmp_path, text: str, row: str, fault: str) -> None:
    problems = looked_up(tmp_path, text, row).problems
    assert bool(problems) == bool(fault)
    assert not fault or fault in problems[0]


def test_a_number_without_origin_is_named_with_its_neighbours(tmp_path) -> None:
    (problem,) = looked_up(tmp_path, "In all 17 people came.").problems
    assert problem == "a.md, 'In all [17] people came.': nothing says where this number comes from"


def test_an_entry_whose_words_are_gone_is_named(tmp_path) -> None:
    (problem,) = looked_up(tmp_path, "Nobody.", "a.md,Say 7 people,chosen,an example").problems
    assert "'Say 7 people' stands nowhere in a.md" in problem


@pytest.mark.parametrize("row", ["a.md,7 people,guessed,x", "a.md,7 people,chosen,"])
def test_a_faulty_entry_is_refused(tmp_path, row: str) -> None:
    with pytest.raises(ValueError, match="line 2: give where, words, an origin"):
        looked_up(tmp_path, "7 people", row)


@pytest.mark.parametrize(
    ("text", "origin"),
    [
        ("See notebook 05.", "the name of a notebook"),
        ("See notebooks 03, 10 and 11.", "name of a notebook"),
        ("About 1 in 1,000 match.", "the form of a rate"),
        ("On 26 July 2018 it rained.", "a date"),
        ("It was shown (Huang and others, 2007).", "the year of a work"),
    ],
)
def test_some_numbers_say_what_they_are_by_their_form(tmp_path, text: str, origin: str) -> None:
    found = looked_up(tmp_path, text)
    assert found.problems == [] and origin in found.origins[0][1]


def test_code_addresses_and_generated_parts_are_no_prose(tmp_path) -> None:
    text = "`x = 3` [a](b-4.md) <!-- t -->\n| 5 |\n<!-- /t -->\n```\n6\n``` https://a.org/7"
    found = looked_up(tmp_path, text)
    assert found.origins == [] and found.problems == []


def test_an_entry_covers_only_its_own_words() -> None:
    found = numbers.numbers("a.md", "Of 20 people 20 came.")
    entry = Entry("a.md", "20 came", "chosen", "an example")
    assert [numbers.covers(entry, n) for n in found] == [False, True]

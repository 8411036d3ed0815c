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
    (tmp_path / "data" / "published" / "t.csv").write_text(
        "id,count,share\nx,1270,0.425\n1270,9,0\n"
    )
    (tmp_path / "made.md").write_text("| dlib | 11.5 | 1,270 |\n| SFace | 12.9 | 4 |\n")
    (tmp_path / "made.py").write_text("# SIZE = 9\nSIZE = 10_000  # model_7\n")
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
    ("It is 30.", "a.md,is 30,code,labkit.measure.intervals:3 * 10", "no name of labkit"),
    ("It took 12 s.", "a.md,took 12 s,file,made.md:dlib", ""),
    ("It took 13 s.", "a.md,took 13 s,file,made.md:dlib", "gives 11.5, 1270"),
    ("It took 12 s.", "a.md,took 12 s,file,made.md:Eigen", "no line of made.md has 'Eigen'"),
    ("It took 12 s.", "a.md,took 12 s,file,made.md", "no line of made.md"),
    ("Of 10,000.", 'a.md,"10,000",file,made.py:SIZE', ""),
    ("Of 9.", "a.md,Of 9,file,made.py:SIZE", "gives 10000"),
    ("Of 7.", "a.md,Of 7,file,made.py:SIZE", "gives 10000"),
    ("Of 0,43 Euro.", 'a.md,"0,43",published,t/x', ""),
    ("Of 1,270 people.", 'a.md,"1,270 people",published,t/x', ""),
    ("It is 42.5%.", "a.md,42.5%,published,t/x", ""),
    ("It is 44%.", "a.md,44%,published,t/x", "gives"),
    ("Of 1,270.", 'a.md,"1,270",published,t/x/count', ""),
    ("Of 1,270.", 'a.md,"1,270",published,t/x/share', "gives 0.425"),
    ("Of 9.", "a.md,Of 9,published,t/1270", ""),
    ("Of 9.", "a.md,Of 9,published,t/9", "no row '9'"),
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
        ("It was shown (ACLU, 26 July 2018).", "the date of a work"),
        ("It was shown (Huang and others, 2007).", "the year of a work"),
        ("It was shown (de Freitas Pereira, 2021).", "the year of a work"),
        ("First:\n\n1. Make misses rare.", "the number of a step"),
        ("Apache 2.0, CC BY 4.0", "which version of a licence"),
        ("| [a](b.ipynb) | 20 / 75 | words |", "a notebook's header"),
    ],
)
def test_some_numbers_say_what_they_are_by_their_form(tmp_path, text: str, origin: str) -> None:
    found = looked_up(tmp_path, text)
    assert found.problems == [] and origin in found.origins[0][1]


@pytest.mark.parametrize(
    ("text", "missing"),
    [
        ("About 1 in 1,000 match.", "1,000"),
        ("At an FMR of 1e-3 it errs.", "1e-3"),
        ("On 26 July it rained.", "26"),
        ("In Seattle (in 2018) it rained.", "2018"),
        ("It fails 12. Then it works.", "12"),
        ("| errors | 20 / 7,200 |", "20"),
    ],
)
def test_a_figure_is_not_taken_for_a_form(tmp_path, text: str, missing: str) -> None:
    """A measured rate, and the date of an event, stood unlooked-up because of how they look."""
    problems = looked_up(tmp_path, text).problems
    assert f"[{missing}]" in problems[0]


@pytest.mark.parametrize(
    ("text", "seen"),
    [
        ("3-4 people", ["3", "4"]),
        ("3\u20134 people", ["3", "4"]),
        ("2.8 GB, 95%, 80s, the 30th", ["2.8", "95", "80", "30"]),
        ("from -1 or \u22120.4 to .5", ["-1", "\u22120.4", ".5"]),
        ("1 in 145 at 1e-3", ["1", "145", "1e-3"]),
        ("0,62 of 1,234,567", ["0,62", "1,234,567"]),
        ("a 5-point model, x^2, {128}", ["5", "2", "128"]),
        ("SHA-256, UTF-8, dlib2, a_1, #4", []),
    ],
)
def test_every_number_is_seen_once(text: str, seen: list[str]) -> None:
    """Ends of ranges, numbers with a unit at their tail and decimal commas were overlooked."""
    assert [n.number for n in numbers.numbers("a.md", text)] == seen


def test_a_number_is_listed_once_with_the_entry_that_holds(tmp_path) -> None:
    rows = ["a.md,of 30 people,chosen,an example", "a.md,30 people,published,t/x"]
    found = looked_up(tmp_path, "of 30 people", *reversed(rows))
    assert found.problems == [] and [o for _, o in found.origins] == ["chosen: an example"]
    wrong = numbers.report(tmp_path, [("a.md", "30 people")])
    assert wrong.origins == [] and len(wrong.problems) == 2  # the figure, and the words gone


def test_a_part_that_a_command_makes_is_listed_with_the_command(tmp_path) -> None:
    text = "\n<!-- {0} -->\n| 5 |\n<!-- /{0} -->"
    made = looked_up(tmp_path, text.format("claims"))
    assert made.made == ["a.md:2, claims: made by python -m labkit notebooks"]
    assert made.problems == []
    (problem,) = numbers.report(tmp_path, [("a.md", text.format("mine"))]).problems
    assert "nothing says which command makes this part" in problem


def test_code_addresses_and_generated_parts_are_no_prose(tmp_path) -> None:
    text = "`x = 3` [a](b-4.md) <!-- claims -->\n| 5 |\n<!-- /claims -->\n```\n6\n```"
    text += " https://a.org/7\n\n    x = 8\n    y = 9\n\nand"
    found = looked_up(tmp_path, text)
    assert found.origins == [] and found.problems == []


def test_an_entry_covers_only_its_own_words() -> None:
    found = numbers.numbers("a.md", "Of 20 people 20 came.")
    entry = Entry("a.md", "20 came", "chosen", "an example")
    assert [numbers.covers(entry, n) for n in found] == [False, True]

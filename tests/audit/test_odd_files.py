"""Odd files with known truth: the numbers are those of plain loops over what was written."""

from __future__ import annotations

import gzip
import importlib.util
import io
import os
import re
import subprocess
import sys
from collections.abc import Callable

import numpy as np
import pandas as pd
import pytest

from labkit.audit.csv import Reading, read_pairs
from labkit.audit.pairs import EVERYONE

from .made import HEADER, PEOPLE, Line, counted, found, lines

ROWS = lines()
COLUMNS = HEADER + PEOPLE
T = 0.45


def text(
    rows: list[Line] = ROWS,
    sep: str = ",",
    header: list[str] = COLUMNS,
    score: Callable[[float], str] = str,
    failed: str = "",
    same: tuple[str, str] = ("0", "1"),
    end: str = "\n",
) -> str:
    """The lines as a CSV; failed comparisons have this score."""
    out = [sep.join(header)]
    for a, b, one, s, *rest in rows:
        out.append(sep.join([a, b, same[one], failed if s is None else score(s), *rest]))
    return end.join(out) + end


def comma(x: float) -> str:
    return str(x).replace(".", ",")


def thousands(x: float) -> str:
    return f"{10_000 * x + 20_000:,.2f}"


def shuffled(rows: list[Line]) -> list[Line]:
    return [rows[i] for i in np.random.default_rng(0).permutation(len(rows))]


def both_ways() -> str:
    """The usual export of N x N: A-B, B-A and A-A."""
    back = [(b, a, one, s, q, p, h, g) for a, b, one, s, p, q, g, h in ROWS]
    own = {(r[0], r[4], r[6]) for r in ROWS} | {(r[1], r[5], r[7]) for r in ROWS}
    alone = [(a, a, 1, 1.0, p, p, g, g) for a, p, g in sorted(own)]
    return text(ROWS + back + alone, failed="-1")


FAILED = Reading(failed_value=("",))
ODD: dict[str, tuple[bytes, Reading | None, str]] = {
    "semicolons, decimal commas": (
        text(sep=";", score=comma).encode(),
        FAILED,
        r"semicolons between columns.*decimal commas were recognised: 0,\d+ is 0\.\d+",
    ),
    "tabs, CRLF, byte order mark": (
        text(sep="\t", end="\r\n").encode("utf-8-sig"),
        FAILED,
        "tabs between columns",
    ),
    "vertical bars": (text(sep="|").encode(), FAILED, "vertical bars between columns"),
    "UTF-16 with a mark": (text(sep="\t").encode("utf-16"), FAILED, "tabs"),
    "UTF-16 without, little end first": (text().encode("utf-16-le"), FAILED, ""),
    "UTF-16 without, big end first": (text().encode("utf-16-be"), FAILED, ""),
    "Windows-1252": (
        text().replace("007", "Zoë Müller").encode("cp1252"),
        FAILED,
        "read as Windows-1252",
    ),
    "gzip": (gzip.compress(text(failed="FTE").encode()), Reading(failed_value=("fte",)), "'fte'"),
    "a line that names the separator, blank lines, empty columns": (
        (
            "sep=;\r\n" + text(sep=";", score=comma, end=";;\r\n") + ";;;;;;;;;\r\n\r\n   \r\n"
        ).encode(),
        FAILED,
        "separator was passed over.*3 blank lines passed over; 2 empty columns without a name",
    ),
    "commas at the ends of some lines": (
        text().replace("\n000_", ",,\n000_", 5).replace(",,\n", "\n", 1).encode(),
        FAILED,
        "empty fields at the ends of 4 lines passed over",
    ),
    "blanks and quotes": (
        re.sub(r"(\d{3}_[xy])", r' "\1" ', text(score=lambda x: f" {x} ")).encode(),
        FAILED,
        "",
    ),
    "repeats in both orders, and pictures with themselves": (
        both_ways().encode(),
        Reading(drop_repeats=True, failed_value=("-1", "-1.0")),
        r"24 comparisons of pictures with themselves.*276 repeats \(A-B and B-A",
    ),
    "words of another language, other names": (
        text(
            same=("nein", "ja"),
            header=["Bild A", "Bild B", "gleich", "punkte", *PEOPLE],
            failed="N/A",
        ).encode(),
        Reading(
            rename={
                "Bild A": "probe",
                "bild b": "gallery",
                "gleich": "same_person",
                "punkte": "score",
            },
            same={"yes": "JA", "no": "nein"},
            failed_value=("n/a",),
        ),
        "'n/a' was taken for a failed comparison in 23 of 276 pairs",
    ),
    "1.0 and 0.0": (text(same=("0.0", "1.0")).encode(), FAILED, ""),
    "genuine and impostor, an order of columns, a comment column": (
        pd.read_csv(io.StringIO(text(same=("Impostor", "GENUINE"))), dtype=str)
        .assign(comment="x")[["comment", *reversed(COLUMNS)]]
        .to_csv(index=False)
        .encode(),
        FAILED,
        "columns that were not used: comment",
    ),
    "per cent": (
        text(score=lambda s: f"{100 * s:.2f}%").encode(),
        FAILED,
        "scores in per cent were recognised",
    ),
    "thousands": (
        text(score=lambda s: f'"{thousands(s)}"').encode(),
        FAILED,
        r"marks of thousands were recognised: \d\d,\d{3}\.\d\d is \d{5}\.\d\d",
    ),
    "thousands with points": (
        text(sep=";", score=lambda s: thousands(s).translate({44: ".", 46: ","})).encode(),
        FAILED,
        "semicolons",
    ),
    "old line ends, shuffled": (text(shuffled(ROWS), end="\r").encode(), FAILED, ""),
    "a status beside": (
        "\n".join(
            line + (",status" if k == 0 else "," + ("FTA" if ",," in line else ""))
            for k, line in enumerate(text().splitlines())
        ).encode(),
        None,
        "",
    ),
}
SCALE = {
    "per cent": lambda t: 100 * t,
    "thousands": lambda t: 10_000 * t + 20_000,
    "thousands with points": lambda t: 10_000 * t + 20_000,
}


def check(pairs, rows: list[Line], t: float = T, scale=lambda x: x) -> None:
    """Everything that can be counted in plain loops."""
    assert len(pairs) == len(rows)
    assert pairs.planned_mated == sum(r[2] for r in rows)
    assert pairs.failed_comparisons == sum(r[3] is None for r in rows)
    assert len(pairs.pictures) == len({r[0] for r in rows} | {r[1] for r in rows})
    assert pairs.people_count == len({r[4] for r in rows} | {r[5] for r in rows})
    assert found(pairs.everyone(scale(t)), EVERYONE) == counted(rows, t)
    by_group = pairs.by_group(scale(t))
    for group in pairs.groups:
        assert found(by_group, group) == counted(rows, t, group)


@pytest.mark.parametrize("name", ODD)
def test_an_odd_file_has_the_numbers_of_what_was_written(tmp_path, name):
    content, reading, said = ODD[name]
    path = tmp_path / "odd.csv"
    path.write_bytes(content)
    pairs = read_pairs(path, reading=reading)
    assert pairs.groups == ["a", "b"]
    check(pairs, ROWS, scale=SCALE.get(name, lambda t: t))
    names = {a for row in ROWS for a in row[:2]}
    if name == "Windows-1252":
        names = {n.replace("007", "Zoë Müller") for n in names}
    assert set(pairs.pictures) == names
    assert re.search(said, "; ".join(pairs.notes)), pairs.notes


def small(path, scores: list[str], header: str = "probe,gallery,same_person,score\n"):
    """Two pairs of one person, then pairs of two, with scores as they are written."""
    path.write_text(header + "".join(f"p{i},g{i},{int(i < 2)},{t}\n" for i, t in enumerate(scores)))
    return path


def test_thousands_beside_points(tmp_path):
    path = small(tmp_path / "t.csv", ['"1,200"', '"1,300"', "950.25", '"1,100"'])
    assert read_pairs(path).scores.tolist() == [1200, 1300, 950.25, 1100]
    path = small(tmp_path / "t.csv", ['"8,776"', '"8,900"', '"1,100"'])
    assert read_pairs(path, reading=Reading(decimal=".")).scores.tolist() == [8776, 8900, 1100]


def german(x: float) -> str:
    """Integers of up to 2,208 with a point between thousands."""
    return f"{round(2_000 * x):,}".replace(",", ".")


@pytest.mark.parametrize("sep", [",", ";", "\t"])
@pytest.mark.parametrize("last", [False, True])
def test_marks_of_thousands_are_not_taken_for_decimal_points(tmp_path, sep, last):
    """1.003 beside 998 was read as 1.003: 0 of 330 misses became 74, and no note said so."""
    path = tmp_path / "t.csv"
    rows = sorted((r for r in ROWS if r[3]), key=lambda r: r[3] if last else -r[3])
    path.write_text(text(rows, sep=sep, score=german))
    assert max(r[3] for r in rows) > 0.5 > min(r[3] for r in rows)
    several = r"the point in '[12]\.\d{3}' \(\d+ lines \(.*\)\) may mark thousands or decimals"
    with pytest.raises(ValueError, match=rf"{several}: add --decimal , for .* or --decimal \. for"):
        read_pairs(path)
    pairs = read_pairs(path, reading=Reading(decimal=","))
    assert pairs.scores.tolist() == [round(2_000 * r[3]) for r in rows]
    assert any("marks of thousands were recognised" in note for note in pairs.notes)
    with pytest.raises(ValueError, match="these look like distances"):  # as decimals they do
        read_pairs(path, reading=Reading(decimal="."))


def test_commas_of_thousands_in_the_first_line_are_not_taken_for_decimal_commas(tmp_path):
    """Only a first score without a comma led to the question."""
    path = tmp_path / "t.csv"
    rows = sorted((r for r in ROWS if r[3]), key=lambda r: -r[3])
    path.write_text(text(rows, sep=";", score=lambda x: f"{round(2_000 * x):,}"))
    assert float(rows[0][3]) > 1
    with pytest.raises(ValueError, match=r"the comma in '2,\d{3}' .* or --decimal , for decimals"):
        read_pairs(path)
    pairs = read_pairs(path, reading=Reading(decimal="."))
    assert pairs.scores.tolist() == [round(2_000 * r[3]) for r in rows]


def test_distances_with_points_of_thousands_get_that_sentence_first(tmp_path):
    """The advice was to rerun with --distance, which made it worse."""
    path = tmp_path / "t.csv"
    scores = ["1.003", "1.200", "998", "997"]
    path.write_text(
        "probe;gallery;same_person;score\n"
        + "".join(f"p{i};g{i};{int(i < 2)};{t}\n" for i, t in enumerate(scores))
    )
    with pytest.raises(ValueError, match="may mark thousands or decimals"):
        read_pairs(path)


@pytest.mark.parametrize(
    "scores",
    [
        ["1.554", "2.365", "1.103", "1.072"],  # no integer: the order is the same either way
        ["1.554", "2", "0.103", "1"],  # a thousand does not begin with 0
        ["1.554", "2", "1.1", "1"],
        ["1.5541", "2", "1.103", "1"],
        ["998", "997", "3", "4"],
    ],
)
def test_points_that_can_only_be_decimal_are_read_without_a_word(tmp_path, scores):
    pairs = read_pairs(small(tmp_path / "t.csv", scores))
    assert pairs.scores.tolist() == [float(t) for t in scores] and pairs.notes == ()


def test_a_thousand_does_not_begin_with_nought(tmp_path):
    """0,123 among decimal points was read as 123."""
    path = small(tmp_path / "t.csv", ['"0,823"', "0.9", "0.1"])
    with pytest.raises(ValueError, match=r"'0,823' has a decimal comma in line 2, and others"):
        read_pairs(path)


TITLE = {
    "semicolons": ("Export;;;\n\n", ";"),
    "commas": ("Export of May\n", ","),
    "commas in the title": ("Export, of May\nScores\n", ";"),
}


@pytest.mark.parametrize("name", TITLE)
@pytest.mark.parametrize("renamed", [False, True])
def test_a_title_above_the_header_is_passed_over(tmp_path, name, renamed):
    """The title was taken for the header, and the advice was to rename its cells."""
    title, sep = TITLE[name]
    path = tmp_path / "t.csv"
    header = ["Bild 1", *COLUMNS[1:]] if renamed else COLUMNS
    path.write_text(title + text(sep=sep, header=header))
    said = Reading(failed_value=("",), rename={"Bild 1": "probe"} if renamed else {})
    pairs = read_pairs(path, reading=said)
    check(pairs, ROWS)
    assert any("taken for a title and passed over: 'Export" in note for note in pairs.notes)
    assert pairs.lines[0] == title.count("\n") + 2


def test_a_title_above_names_that_nobody_knows(tmp_path):
    """Then the sentence is about the header, not about the title."""
    path = tmp_path / "t.csv"
    header = ["Bild 1", "Bild 2", "gleich", "Punkte"]
    path.write_text("Export of May\n" + text([r[:4] for r in ROWS], sep=";", header=header))
    with pytest.raises(
        ValueError, match=r"its columns are Bild 1, Bild 2, gleich, Punkte: .*'Bild 1"
    ):
        read_pairs(path)


def test_a_name_with_commas_makes_no_title_of_the_header(tmp_path):
    """Split at commas, the header is one cell and the first line four: that is no table."""
    path = tmp_path / "t.csv"
    rows = [("Li, A", "Li, B", 1, 0.9), ("Wu, C", "Wu, D", 0, 0.1)]
    lines = [";".join(map(str, row)).replace(".", ",") for row in rows]
    path.write_text("\n".join(["Bild 1;Bild 2;gleich;Punkte", *lines]))
    with pytest.raises(ValueError, match=r"its columns are Bild 1, Bild 2, gleich, Punkte"):
        read_pairs(path)


def test_what_is_said_of_same_person_counts_alone(tmp_path):
    """Where 0 means one person, 1 may not go on meaning it."""
    path = small(tmp_path / "s.csv", ["0.1", "0.2", "0.8", "0.9"])
    turned = read_pairs(path, reading=Reading(same={"yes": "0", "no": "1"}))
    assert turned.mated.tolist() == [False, False, True, True]
    with pytest.raises(ValueError, match=r"neither 1 nor 0 in 2 lines \(2, 3\)"):
        read_pairs(path, reading=Reading(same={"yes": "0", "no": "9"}))


def test_the_line_of_a_pair_is_that_of_the_file(tmp_path):
    path = small(
        tmp_path / "s.csv", ["0.8", "0.9", "0.1", "0.2"], "\n\nprobe,gallery,same_person,score\n\n"
    )
    pairs = read_pairs(path)
    assert pairs.lines.tolist() == [5, 6, 7, 8]
    assert pairs.highest(2)["line"].tolist() == [8, 7]


def test_a_label_that_one_line_leaves_out_is_known_from_another(tmp_path):
    path = tmp_path / "g.csv"
    rows = ["a,b,1,0.9,x,unknown", "c,d,1,0.8,,x", "b,c,0,0.1,y,x", "a,d,0,0.2,,"]
    header = "probe,gallery,same_person,score,probe_group,gallery_group"
    path.write_text("\n".join([header, *rows]))
    pairs = read_pairs(path)
    own = dict(zip(pairs.pictures, [pairs.groups[g] for g in pairs.group], strict=True))
    assert own == {"a": "x", "b": "y", "c": "x", "d": "x"} and pairs.missing_groups == 0


def test_what_is_as_it_should_be_has_no_notes(tmp_path):
    (tmp_path / "plain.csv").write_text(text([r for r in ROWS if r[3] is not None]))
    assert read_pairs(tmp_path / "plain.csv").notes == ()


def test_distances(tmp_path):
    path = tmp_path / "d.csv"
    path.write_text(text(score=lambda s: str(round(1 - s, 4))))
    pairs = read_pairs(path, distance=True, reading=FAILED)
    check(pairs, ROWS, scale=lambda t: round(t - 1, 10))


def test_names_that_are_numbers_stay_apart(tmp_path):
    """007, 07 and 7 are three pictures: read as categories they would become one number."""
    rows = [("007", "07", 1, 0.9), ("7", "8", 1, 0.8), ("007", "7", 0, 0.1), ("07", "8.0", 0, 0.2)]
    path = tmp_path / "n.csv"
    path.write_text(
        "probe,gallery,same_person,score\n" + "".join(f"{a},{b},{c},{d}\n" for a, b, c, d in rows)
    )
    assert read_pairs(path).pictures == ["007", "7", "07", "8", "8.0"]


def test_scores_are_compared_in_64_bits(tmp_path):
    """In 32 bits .619999999 is .62, and a threshold of .62 turned every such pair into a match."""
    rows = [(a, b, one, s and (0.9 if one else 0.619999999), *rest) for a, b, one, s, *rest in ROWS]
    path = tmp_path / "f.csv"
    path.write_text(text(rows))
    pairs = read_pairs(path, reading=FAILED)
    assert pairs.scores.dtype == np.float64
    assert found(pairs.everyone(0.62), EVERYONE) == counted(rows, 0.62)
    assert counted(rows, 0.62)["fmr"][0] == 0
    near = [(a, b, one, s and 1000 + s / 1e6, *rest) for a, b, one, s, *rest in ROWS]
    path.write_text(text(near, score=repr))
    pairs = read_pairs(path, reading=FAILED)
    assert len(np.unique(pairs.impostor)) == len({r[3] for r in near if r[3] and not r[2]})
    for t in sorted({r[3] for r in near if r[3]})[::20]:  # a threshold equal to a score
        assert found(pairs.everyone(t), EVERYONE) == counted(near, t)
    t = pairs.threshold_at(0.5)
    assert t == np.nextafter(max(s for s in pairs.impostor if s < t), np.inf)


def test_every_digit_of_a_score_counts(tmp_path):
    """Read to the nearest 64-bit number, as Python itself reads text; pandas once did not."""
    rng = np.random.default_rng(2)
    far, near = 10 ** rng.uniform(-8, 8, 400), 1 - 10 ** rng.uniform(-16, -2, 400)
    texts = [
        repr(x) for x in sorted([*rng.normal(size=400).tolist(), *far.tolist(), *near.tolist()])
    ]
    path = tmp_path / "r.csv"
    rows = [f"p{i},g{i},{int(i >= 600)},{t}" for i, t in enumerate(texts)]
    path.write_text("\n".join(["probe,gallery,same_person,score", *rows]))
    assert read_pairs(path).scores.tolist() == [float(t) for t in texts]


# ---- tables of other programs -------------------------------------------------------------------


def frame() -> pd.DataFrame:
    table = pd.read_csv(io.StringIO(text()), dtype={c: str for c in COLUMNS if c != "score"})
    return table.assign(same_person=table["same_person"] == "1")


@pytest.mark.parametrize("package", ["openpyxl", "pyarrow"])
def test_a_workbook_or_parquet_without_its_reader(tmp_path, monkeypatch, package):
    """One sentence says what to install; a file of that kind is known by its first bytes."""
    path = tmp_path / "scores.csv"
    if package == "pyarrow":
        path.write_bytes(b"PAR1....PAR1")
    else:
        import zipfile

        with zipfile.ZipFile(path, "w") as packed:
            packed.writestr("xl/workbook.xml", "")
    real = importlib.util.find_spec
    monkeypatch.setattr(importlib.util, "find_spec", lambda n: None if n == package else real(n))
    with pytest.raises(ValueError, match=f"scores.csv is .*'pip install {package}'") as caught:
        read_pairs(path)
    assert "\n" not in str(caught.value)


def test_the_first_sheet_of_a_workbook(tmp_path):
    pytest.importorskip("openpyxl")
    path = tmp_path / "scores.xlsx"
    with pd.ExcelWriter(path) as book:
        frame().to_excel(book, sheet_name="Scores", index=False, startrow=2)
        pd.DataFrame({"x": [1]}).to_excel(book, sheet_name="Notes", index=False)
    pairs = read_pairs(path, reading=FAILED)
    check(pairs, ROWS)
    assert pairs.kind == "Excel workbook, sheet Scores"
    assert "only the first sheet, Scores, was read; others: Notes" in pairs.notes
    assert pairs.lines[0] == 4  # the row of the sheet
    titled = tmp_path / "titled.xlsx"
    with pd.ExcelWriter(titled) as book:
        frame().to_excel(book, sheet_name="Scores", index=False, startrow=2)
        book.sheets["Scores"]["A1"] = "Export of May"
    again = read_pairs(titled, reading=FAILED)
    check(again, ROWS)
    assert any("taken for a title and passed over: 'Export of May'" in n for n in again.notes)
    assert again.lines[0] == 4
    path.write_bytes(path.read_bytes()[:-200])
    with pytest.raises(ValueError, match=r"scores\.xlsx is damaged or cut short"):
        read_pairs(path)


def test_a_parquet_file(tmp_path):
    pytest.importorskip("pyarrow")
    path = tmp_path / "scores.parquet"
    frame().to_parquet(path)
    pairs = read_pairs(path, reading=FAILED)
    check(pairs, ROWS)
    assert pairs.kind == "Parquet" and pairs.scores.dtype == np.float64
    path.write_bytes(path.read_bytes()[:-200])
    with pytest.raises(ValueError, match=r"scores\.parquet cannot be read"):
        read_pairs(path)


def test_a_parquet_file_where_its_reader_is_beside():
    """pandas loads pyarrow in every kernel where it finds it, so the lab does not install it."""
    if importlib.util.find_spec("pyarrow"):
        pytest.skip("it is installed: the test before this one has run")
    beside = os.environ.get("LABKIT_PYARROW", "")
    if not beside:
        assert not os.environ.get("CI"), ".ci/run installs pyarrow and names its folder"
        pytest.skip("LABKIT_PYARROW names no folder with pyarrow: .ci/run installs it")
    paths = [beside, *filter(None, [os.environ.get("PYTHONPATH")])]
    done = subprocess.run(
        [
            *(sys.executable, "-m", "pytest", "-q", "-rs", "-p", "no:cacheprovider"),
            *("-k", "test_a_parquet_file and not beside", __file__),
        ],
        env=os.environ | {"PYTHONPATH": os.pathsep.join(paths)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert "1 passed" in done.stdout, done.stdout + done.stderr


def test_packed_files_that_are_cut(tmp_path):
    path = tmp_path / "scores.csv.gz"
    path.write_bytes(gzip.compress(text().encode())[:-30])
    with pytest.raises(ValueError, match="damaged or cut gzip file"):
        read_pairs(path)


def test_an_archive_or_an_old_workbook(tmp_path):
    import zipfile

    path = tmp_path / "scores.zip"
    with zipfile.ZipFile(path, "w") as packed:
        packed.writestr("scores.csv", text())
    with pytest.raises(ValueError, match=r"is a ZIP archive and no Excel workbook: unpack it"):
        read_pairs(path)
    path.write_bytes(b"\xd0\xcf\x11\xe0 and so on")
    with pytest.raises(ValueError, match=r"old Excel workbook \(\.xls\): save it as \.xlsx"):
        read_pairs(path)

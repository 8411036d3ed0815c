"""Bad files get one sentence that names the line; harmless oddities are read."""

from __future__ import annotations

import re

import pandas as pd
import pytest

from labkit.audit import audit
from labkit.audit.command import main
from labkit.audit.csv import BadFile, read_pairs

from .made import HEADER, PEOPLE, known, row, same, write


def good() -> list[list[object]]:
    return [
        ["a1", "a2", 1, 0.9, "a", "a"],
        ["b1", "b2", 1, 0.8, "b", "b"],
        ["a1", "b1", 0, 0.1, "a", "b"],
        ["a2", "b2", 0, 0.2, "a", "b"],
    ]


G = [*HEADER, "probe_person", "gallery_person"]


def edit(row: int, column: str, value: object):
    def change(header: list[str], rows: list[list[object]]) -> None:
        rows[row][header.index(column)] = value

    return change


def drop(column: str):
    def change(header: list[str], rows: list[list[object]]) -> None:
        at = header.index(column)
        for line in [header, *rows]:
            del line[at]

    return change


def append(*row: object):
    return lambda _, rows: rows.append(list(row))


def extra(name: str, values: list[object]):
    def change(header: list[str], rows: list[list[object]]) -> None:
        header.append(name)
        for line, value in zip(rows, values, strict=True):
            line.append(value)

    return change


BAD = {
    "no score": (drop("score"), r"has no column score"),
    "no truth": (drop("same_person"), r"has no column same_person"),
    "half of the people": (drop("gallery_person"), r"no column gallery_person: give both or none"),
    "only mated": (lambda h, r: r.__delitem__(slice(2, None)), r"no scored pair of two people"),
    "only impostors": (lambda h, r: r.__delitem__(slice(0, 2)), r"no scored pair of one person"),
    "no pairs": (lambda h, r: r.clear(), r"has a header and no pairs"),
    "text NaN": (edit(1, "score", "NaN"), r"line 3 .*the score 'NaN', which is no number"),
    "text": (edit(2, "score", "high"), r"line 4 .*'high', which is no number"),
    "infinite": (edit(2, "score", "inf"), r"line 4 .*score inf.*finite"),
    "comma as point": (edit(0, "score", "0,9"), r"line 2 .*'0,9'"),
    "empty": (edit(3, "score", ""), r"line 5 .*has no score: .*status failed"),
    "truth": (edit(1, "same_person", "maybe"), r"line 3 .*same_person 'maybe': write 1 or 0"),
    "no truth value": (edit(1, "same_person", ""), r"line 3 .*has no same_person"),
    "no name": (edit(1, "probe", " "), r"line 3 .*has no probe"),
    "twice": (append("a1", "b1", 0, 0.3, "a", "b"), r"line 6 .*a1, b1 of line 4 again"),
    "turned round": (append("b1", "a1", 0, 0.3, "b", "a"), r"line 6 .*b1, a1 of line 4 again"),
    "itself": (append("a1", "a1", 1, 1.0, "a", "a"), r"line 6 .*compares a1 with itself"),
    "two people": (append("a1", "c1", 0, 0.3, "z", "c"), r"a1 with person"),
    "contradiction": (edit(2, "same_person", 1), r"line 4 .*says one person and names a and b"),
    "a group of one": (
        extra("group", ["x", "y", "x", "y"]),
        r"line \d .*with group",
    ),
    "status": (extra("status", ["ok", "lost", "ok", "ok"]), r"line 3 .*status 'lost'"),
    "failed with a score": (
        extra("status", ["failed", "", "", ""]),
        r"line 2 .*status failed and the score 0.9",
    ),
    "distances": (
        lambda h, r: [line.__setitem__(3, -line[3]) for line in r],
        r"these look like"
        r" distances: rerun with --distance",
    ),
}


@pytest.mark.parametrize("name", BAD)
def test_bad_files_get_one_sentence_and_no_report(tmp_path, capsys, name):
    change, words = BAD[name]
    header, rows = list(G), good()
    change(header, rows)
    path, out = write(tmp_path / "bad.csv", rows, header), tmp_path / "out.html"
    with pytest.raises(BadFile, match=words) as caught:
        read_pairs(path)
    assert "\n" not in str(caught.value)
    assert main([str(path), "--out", str(out), "--threshold", "0.5"]) == 2
    said = capsys.readouterr().err
    assert said == f"labkit: {caught.value}\n"
    assert not list(tmp_path.glob("*.html"))


def test_a_group_of_one_person(tmp_path):
    rows = [[*line, "x", "x"] for line in good()] + [
        ["c1", "c2", 1, 0.7, "c", "c", "z", "z"],
        ["a1", "c1", 0, 0.1, "a", "c", "x", "z"],
    ]
    with pytest.raises(BadFile, match=r"group 'z' of .* has one person: nobody of the group"):
        read_pairs(write(tmp_path / "one.csv", rows, HEADER + PEOPLE))


def test_linked_pictures_that_are_said_to_be_two_people(tmp_path):
    rows = [["a", "b", 1, 0.9], ["b", "c", 1, 0.8], ["c", "a", 0, 0.2], ["a", "d", 0, 0.1]]
    with pytest.raises(BadFile, match=r"line 4 .*c and a are two people, but other lines link"):
        read_pairs(write(tmp_path / "l.csv", rows))


def test_lines_are_those_of_the_file(tmp_path):
    """Empty lines and line breaks within quotes do not shift what is named."""
    text = 'probe,gallery,same_person,score\n\na,b,1,0.9\n"c\nx",d,1,0.8\n\na,c,0,oops\n'
    (tmp_path / "t.csv").write_text(text)
    with pytest.raises(BadFile, match=r"line 7 .*'oops'"):
        read_pairs(tmp_path / "t.csv")


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "is empty"),
        (b"\n", "is empty"),
        (b"\xff\xfe\x00p", "is not text in UTF-8"),
        (b"probe,gallery,same_person,score\na,b,1,\xe9\n", "is not text in UTF-8"),
        (b"probe;gallery;same_person;score\na;b;1;0.4\n", "separate the columns with commas"),
        (b"probe,gallery,same_person,score\na,b,1,0.4,9\n", "line 2 .* has 5 fields"),
        (b"probe,gallery,same_person,score\na,b,1,0.4\nc,d,1,1,1\n", "line 3 .* has 5 fields"),
        (b"probe,gallery,same_person,score,score\na,b,1,0.4,1\n", "two columns 'score'"),
    ],
)
def test_files_that_are_no_such_csv(tmp_path, capsys, content, words):
    path, out = tmp_path / "x.csv", tmp_path / "out.html"
    path.write_bytes(content)
    assert main([str(path), "--out", str(out)]) == 2
    said = capsys.readouterr().err
    assert re.search(words, said) and said.count("\n") == 1 and not out.exists()


def test_files_that_are_not_there(tmp_path, capsys):
    assert main([str(tmp_path / "no.csv"), "--out", str(tmp_path / "o.html")]) == 2
    assert "there is no file" in capsys.readouterr().err
    assert main([str(tmp_path), "--out", str(tmp_path / "o.html")]) == 2
    assert "cannot be read" in capsys.readouterr().err


def test_similarities_called_distances(tmp_path):
    path = known(tmp_path / "k.csv", 1 / 20, 0.3)
    with pytest.raises(BadFile, match="look like similarities: rerun without --distance"):
        audit(path, distance=True, threshold=0.5)


def test_a_byte_order_mark_blanks_and_capitals_are_no_fault(tmp_path):
    path = known(tmp_path / "k.csv", 1 / 20, 0.3)
    text = (
        path.read_text().replace("probe,gallery,", "Probe, Gallery ,", 1).replace(",1,", ", Yes ,")
    )
    path.write_text(text, encoding="utf-8-sig")
    assert row(audit(path, threshold=0.5), "a", "fnmr")["value"] == pytest.approx(0.3)


def test_one_group_column_means_both(tmp_path):
    path = known(tmp_path / "k.csv", 1 / 20, 0.3)
    frame = pd.read_csv(path)
    both = frame.rename(columns={"probe_group": "group"}).drop(columns="gallery_group")
    both.to_csv(tmp_path / "g.csv", index=False)
    a, b = audit(path, threshold=0.5), audit(tmp_path / "g.csv", threshold=0.5)
    same(a.tables["rates"], b.tables["rates"])

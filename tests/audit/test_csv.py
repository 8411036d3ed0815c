"""Bad files get one sentence that names the line; harmless oddities are read."""

from __future__ import annotations

import re

import numpy as np
import pandas as pd
import pytest

from labkit.audit import audit
from labkit.audit.columns import guesses, renaming
from labkit.audit.command import main
from labkit.audit.csv import BadFile, Reading, read_pairs

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
    "no score": (
        drop("score"),
        r"has no column score; its columns are probe, gallery, same_person, probe_person,"
        r" gallery_person: say which is which, as in --rename img1=score",
    ),
    "names with blanks": (
        lambda h, r: h.__setitem__(slice(0, 4), ["Bild 1", "Bild 2", "gleiche Person", "Sim"]),
        r"add --rename 'Bild 1=probe' --rename 'Bild 2=gallery'"
        r" --rename 'gleiche Person=same_person' --rename Sim=score",
    ),
    "one strange name with a blank": (
        lambda h, r: h.__setitem__(2, "wer ist es"),
        r"has no column same_person; .*as in --rename 'wer ist es=same_person'$",
    ),
    "names that end in ID": (
        lambda h, r: h.__setitem__(slice(0, 4), ["Probe_ID", "Gallery_ID", "Label", "Similarity"]),
        r"add --rename Probe_ID=probe --rename Gallery_ID=gallery --rename Label=same_person"
        r" --rename Similarity=score$",
    ),
    "truth in words of two parts": (
        lambda h, r: [line.__setitem__(2, ["two of them", "gleich"][line[2]]) for line in r],
        r"if gleich means one person, add --same 'yes=gleich,no=two of them'",
    ),
    "a score that says nothing": (
        edit(1, "score", "k. A."),
        r"the score 'k. A.' in line 3 of 4: .*add --failed-value 'k. A.'$",
    ),
    "other names": (
        lambda h, r: h.__setitem__(slice(0, 4), ["img1", "Img2", "label", "similarity"]),
        r"has no columns probe, gallery, same_person, score; its columns are img1, Img2, label,"
        r" similarity, probe_person, gallery_person: if that is what they are, add --rename"
        r" img1=probe --rename Img2=gallery --rename label=same_person --rename similarity=score",
    ),
    "a distance": (
        lambda h, r: h.__setitem__(3, "distance"),
        r"no column score; .*add --rename distance=score --distance$",
    ),
    "half of the names": (
        lambda h, r: h.__setitem__(slice(2, 4), ["similarty", "zzz"]),
        r"add --rename similarty=score, and give same_person",
    ),
    "half of the people": (drop("gallery_person"), r"no column gallery_person: give both or none"),
    "only mated": (
        lambda h, r: r.__delitem__(slice(2, None)),
        r"no scored pair of two people \(same_person 0 in 0 of 2 lines\)",
    ),
    "only impostors": (lambda h, r: r.__delitem__(slice(0, 2)), r"no scored pair of one person"),
    "no pairs": (lambda h, r: r.clear(), r"has a header and no pairs"),
    "text NaN": (
        edit(1, "score", "NaN"),
        r"the score 'NaN' in line 3 of 4: if .* could not be made, add --failed-value NaN",
    ),
    "text": (edit(2, "score", "high"), r"the score 'high' in line 4 is no number: write it as"),
    "infinite": (edit(2, "score", "inf"), r"score inf in line 4: give finite .*--failed-value=inf"),
    "comma and point": (
        edit(0, "score", "0,9"),
        r"'0,9' has a decimal comma in line 2, and others have a point: write all alike",
    ),
    "thousands or decimals": (
        lambda h, r: [line.__setitem__(3, "8,776") for line in r],
        r"comma in '8,776' \(4 lines \(2, 3, 4, \.\.\.\)\) may mark thousands or decimals: add"
        r" --decimal \. for thousands",
    ),
    "some per cent": (edit(1, "score", "88%"), r"0.9' has no % in 3 lines \(2, 4, 5\), and others"),
    "empty": (
        edit(3, "score", ""),
        r"no score in line 5 of 4: if these comparisons could not be made, add --failed-value ''",
    ),
    "truth": (
        edit(1, "same_person", "maybe"),
        r"neither 1 nor 0 in line 3; it says '0' \(2\), '1' \(1\), 'maybe' \(1\): write 1 or 0, or",
    ),
    "truth in words": (
        lambda h, r: [line.__setitem__(2, ["faux", "vrai"][line[2]]) for line in r],
        r"neither 1 nor 0 in 4 lines \(2, 3, 4, \.\.\.\); it says 'vrai' \(2\), 'faux' \(2\):"
        r" if vrai means one person, add --same yes=vrai,no=faux",
    ),
    "no truth value": (edit(1, "same_person", ""), r"no same_person in line 3: fill it in"),
    "no name": (edit(1, "probe", " "), r"no probe in line 3: fill it in"),
    "twice": (
        append("a1", "b1", 0, 0.3, "a", "b"),
        r"again in line 6 \(line 6 is the pair of line 4; A-B is B-A\), 1 with another score than"
        r" the first, by up to 0\.2: add --drop-repeats",
    ),
    "turned round": (
        append("b1", "a1", 0, 0.1, "b", "a"),
        r"line 6 is the pair of line 4; A-B is B-A\): add --drop-repeats to keep the first",
    ),
    "itself": (
        append("a1", "a1", 1, 1.0, "a", "a"),
        r"compared with itself in line 6 \(the first: a1\).*add --drop-repeats to leave them out",
    ),
    "two truths of one pair": (
        append("b1", "a1", 1, 0.1, "b", "b"),
        r"same_person is not that of the first line of the pair in line 6: correct it",
    ),
    "two people": (
        append("a1", "c1", 0, 0.3, "z", "c"),
        r"picture a1 has the person a, and z else",
    ),
    "contradiction": (
        edit(2, "same_person", 1),
        r"says one person and the persons are a and b in line 4; .* disagree in line 4: correct",
    ),
    "two groups of one picture": (
        extra("group", ["x", "y", "x", "y"]),
        r"picture [ab]. has the group .*, and .* in [234] lines .*give probe_group and gallery_",
    ),
    "two strata of one picture": (
        extra("stratum", ["x", "y", "x", "y"]),
        r"picture [ab]. has the stratum .*give probe_stratum and gallery_stratum",
    ),
    "status": (extra("status", ["ok", "lost", "ok", "ok"]), r"status 'lost' in line 3: write ok"),
    "failed with a score": (
        extra("status", ["failed", "", "", ""]),
        r"status failed and the score 0.9 in line 2: .*or add --failed-value=0.9",
    ),
    "distances": (
        lambda h, r: [line.__setitem__(3, -line[3]) for line in r],
        r"these look like distances: rerun with --distance",
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


def test_a_group_of_one_person_or_without_a_face_is_reported(tmp_path):
    """One person in a group, or no face found in any picture of it, stopped the whole audit."""
    path = known(tmp_path / "k.csv", 1 / 20, 0.3)
    more = pd.DataFrame(
        [
            ["c1/1", "c1/2", 1, 0.7, "c1", "c1", "one", "one"],
            ["a00/1", "c1/1", 0, 0.1, "a00", "c1", "a", "one"],
            ["d1/1", "d1/2", 1, None, "d1", "d1", "lost", "lost"],
            ["d2/1", "d2/2", 1, None, "d2", "d2", "lost", "lost"],
            ["d1/1", "d2/1", 0, None, "d1", "d2", "lost", "lost"],
            ["d1/2", "a00/1", 0, None, "d1", "a00", "lost", "a"],
        ],
        columns=HEADER + PEOPLE,
    )
    pd.concat([pd.read_csv(path), more]).to_csv(path, index=False)
    report = audit(read_pairs(path, reading=Reading(failed_value=("",))), threshold=0.5)
    assert row(report, "lost", "fta")["errors"] == row(report, "lost", "fta")["trials"] == 4
    rejected = row(report, "lost", "false_rejection")
    assert (rejected["errors"], rejected["trials"]) == (2, 2)
    assert row(report, "one", "fmr")["trials"] == 0
    assert row(report, "a", "fnmr")["value"] == pytest.approx(0.3)


def test_linked_pictures_that_are_said_to_be_two_people(tmp_path):
    rows = [["a", "b", 1, 0.9], ["b", "c", 1, 0.8], ["c", "a", 0, 0.2], ["a", "d", 0, 0.1]]
    with pytest.raises(BadFile, match=r"two people in line 4 \(the first: c and a\) whom other"):
        read_pairs(write(tmp_path / "l.csv", rows))


def test_lines_are_those_of_the_file(tmp_path):
    """Empty lines and line breaks within quotes do not shift what is named."""
    text = 'probe,gallery,same_person,score\n\na,b,1,0.9\n"c\nx",d,1,0.8\n\na,c,0,oops\n'
    (tmp_path / "t.csv").write_text(text)
    with pytest.raises(BadFile, match=r"'oops' in line 7 is no number"):
        read_pairs(tmp_path / "t.csv")


H = b"probe,gallery,same_person,score\n"


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "is empty"),
        (b"\n", "is empty"),
        (b"\xff\xfe\x00", "is no text in UTF-8, UTF-16 or Windows-1252"),
        (H + b"a,b,1,\x81\n", "is no text in UTF-8, UTF-16 or Windows-1252"),
        (H + b"a,b,1,0.4\0\n", "is no text in UTF-8, UTF-16 or Windows-1252"),
        (b"probe gallery same_person score\n", "has one column, .*give what does with --sep"),
        (H + b"a,b,1,0.4,9\n", r"too many fields in line 2 \(5, and the header has 4\)"),
        (H + b"a,b,1,0.4\nc,d,1,1,1\n", r"fields in line 3 \(5.*0.62, not 0,62"),
        (H + b"a,b,1,0,4\n" * 9, r"too many fields in 9 lines \(2, 3, 4, \.\.\.\)"),
        (H + b'a,b,1,0.4\nc,d,1,0.4\n"e,f,0,0.1\n', "line 4 .* has a quote that is never closed"),
        (H + b'"a,b,1,0.4\n' + b"c,d,1,0.4\n" * 20_000, "line 2 .* a quote that is never closed"),
        (b"probe,gallery,same_person,score,score\na,b,1,0.4,1\n", "two columns 'score'"),
        (b"PK\x03\x04", "is damaged or cut short"),
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


# ---- what is said about a file that is read -----------------------------------------------------


def test_repeats_are_dropped_when_that_is_asked(tmp_path):
    """The first stays, in both orders; how many there were, and how far off, is said."""
    rows = [*good(), *[[b, a, c, round(s + 0.01, 2), q, p] for a, b, c, s, p, q in good()]]
    rows += [["a1", "a2", 1, "", "a", "a"], ["e", "e", 1, 1.0, "e", "e"]]
    path = write(tmp_path / "r.csv", rows, G)
    reading = Reading(drop_repeats=True, failed_value=("",))
    pairs = read_pairs(path, reading=reading)
    assert pairs.scores.tolist() == [line[3] for line in good()]
    assert pairs.pictures == ["a1", "b1", "a2", "b2"]  # e was compared with itself only
    assert pairs.notes[:2] == (
        "a comparison of a picture with itself was left out",
        "5 repeats (A-B and B-A, or the same pair again) were dropped, 5 with another score than"
        " the first, by up to 0.01 (in 1 one of the two failed)",
    )
    with pytest.raises(BadFile, match=r"6, 7, 8, \.\.\.\).* 5 with another.*; 1 compare a picture"):
        read_pairs(path, reading=Reading(failed_value=("",)))
    assert pairs.highest(1)["line"].tolist() == [5]


def test_groups_that_say_nothing_are_none(tmp_path):
    """Empty and unknown labels are counted apart and are no group; they stopped the audit."""
    path = known(tmp_path / "k.csv", 1 / 20, 0.3)
    frame = pd.read_csv(path)
    for side in ("probe", "gallery"):
        frame.loc[frame[f"{side}_person"] == "a00", f"{side}_group"] = "Unknown"
        frame.loc[frame[f"{side}_person"] == "a01", f"{side}_group"] = ""
    frame.to_csv(path, index=False)
    pairs = read_pairs(path)
    assert pairs.groups == ["a", "b"] and pairs.missing_groups == 4
    assert [len(r.people) for r in pairs.by_group(0.5).rows] == [38, 40]
    assert pairs.by_group(0.5)["a", "fmr"].trials == 38 * 37 / 2
    assert pairs.everyone(0.5)["everyone", "fmr"].trials == 2 * 780
    frame["probe_group"] = frame["gallery_group"] = "n/a"
    frame.to_csv(path, index=False)
    assert read_pairs(path).group is None
    assert "no picture has a group: the columns say nothing" in read_pairs(path).notes


def test_strata_count_pairs_with_both_pictures_in_them(tmp_path):
    path = tmp_path / "s.csv"
    frame = pd.read_csv(known(path, 1 / 20, 0.3))
    for side in ("probe", "gallery"):
        number = frame[f"{side}_person"].str[1:].astype(int)
        frame[f"{side}_stratum"] = np.where(number < 10, "", np.where(number < 25, "gate", "hall"))
    frame.to_csv(path, index=False)
    pairs = read_pairs(path)
    assert pairs.strata == ["gate", "hall"]
    tables = pairs.by_stratum(0.5)
    assert list(tables) == ["gate", "hall"]
    for stratum, table in tables.items():
        for group in "ab":
            here = frame[
                (frame["probe_stratum"] == stratum)
                & (frame["gallery_stratum"] == stratum)
                & (frame["probe_group"] == group)
                & (frame["gallery_group"] == group)
            ]
            two = here[here["same_person"] == 0]
            one = here[here["same_person"] == 1]
            fmr, fnmr = table[group, "fmr"], table[group, "fnmr"]
            assert (fmr.errors, fmr.trials) == ((two["score"] >= 0.5).sum(), len(two))
            assert (fnmr.errors, fnmr.trials) == ((one["score"] < 0.5).sum(), len(one))
    assert read_pairs(known(path, 1 / 20, 0.3)).by_stratum(0.5) == {}


def scored(path, scores: np.ndarray):
    """A file of pairs of one person and of two in turns, with these scores."""
    ends = np.arange(len(scores))
    frame = pd.DataFrame(
        {
            "probe": [f"p{i}" for i in ends],
            "gallery": [f"g{i}" for i in ends],
            "same_person": ends % 2,
            "score": scores,
        }
    )
    frame.to_csv(path, index=False)
    return path


@pytest.mark.parametrize("code", [-1.0, 0.0, 999.0])
def test_one_score_that_holds_many_pairs_is_named(tmp_path, code):
    """-1 for a failure lowered an AUC from .989 to .934, and nobody said so."""
    rng = np.random.default_rng(1)
    scores = rng.normal(0.4, 0.1, 2_000) + 0.2 * (np.arange(2_000) % 2)
    scores[rng.choice(2_000, 60, replace=False)] = code
    path = scored(tmp_path / "c.csv", scores)
    (note,) = read_pairs(path).notes
    assert f"{code:g} stands in 60 of 2,000 pairs" in note
    assert f"add --failed-value={code:g}" in note
    pairs = read_pairs(path, reading=Reading(failed_value=(f"{code:g}",)))
    assert pairs.failed_comparisons == 60
    assert pairs.notes == (f"'{code:g}' was taken for a failed comparison in 60 of 2,000 pairs",)


def test_scores_that_all_repeat_are_no_code(tmp_path):
    rng = np.random.default_rng(1)
    scores = rng.normal(0.4, 0.1, 2_000) + 0.2 * (np.arange(2_000) % 2)
    for few in (np.round(scores, 1), np.round(scores, 2), scores):
        assert read_pairs(scored(tmp_path / "c.csv", few)).notes == ()


def test_a_code_explains_scores_the_wrong_way_round(tmp_path):
    scores = np.linspace(0.3, 0.6, 400)
    scores[1::2] += 0.1
    scores[1:300:2] = -1
    with pytest.raises(BadFile, match=r"these look like distances.*-1 stands in 150 of 400 pairs"):
        read_pairs(scored(tmp_path / "c.csv", scores))


def test_a_lone_lowest_score_far_below_all_others_is_named(tmp_path):
    """-1 in 15 of 4,329 pairs, other scores in up to six: nobody said a word."""
    rng = np.random.default_rng(1)
    scores = np.round(rng.normal(0.4, 0.1, 4_000) + 0.2 * (np.arange(4_000) % 2), 3)
    path = tmp_path / "c.csv"
    assert read_pairs(scored(path, scores)).notes == ()
    for code, n, noted in ((-1.0, 5, True), (-1.0, 4, False), (scores.min() - 0.01, 5, False)):
        lower = scores.copy()
        lower[1 : 2 * n : 2] = code
        notes = read_pairs(scored(path, lower)).notes
        assert bool(notes) == noted, (code, n, notes)
    lower[1:10:2] = -1
    (note,) = read_pairs(scored(path, lower)).notes
    assert note == (
        f"-1 stands in 5 of 4,000 pairs, far below the next score, {scores.min():g}: it looks like"
        " a failure code; if it is one, add --failed-value=-1"
    )


def grouped(path, labels: tuple[str, str], **more: list[str]):
    """The good file with the groups of its two people, and other columns."""
    frame = pd.DataFrame(good(), columns=G)
    of = dict(zip("ab", labels, strict=True))
    for side in ("probe", "gallery"):
        frame[f"{side}_group"] = frame[f"{side}_person"].map(of)
    frame.assign(**more).to_csv(path, index=False)
    return read_pairs(path)


@pytest.mark.parametrize("labels", [("a", "A"), ("North East", "north  east"), ("é", "e\u0301")])
def test_labels_that_differ_in_capitals_or_blanks_are_named(tmp_path, labels):
    """Two groups were made of one, and nobody said so."""
    pairs = grouped(tmp_path / "g.csv", labels)
    assert pairs.groups == sorted(labels)
    (note,) = pairs.notes
    assert all(repr(label) in note for label in labels)
    assert note.endswith("counted as its own group; if they are one, write them alike")
    assert grouped(tmp_path / "g.csv", ("a", "b")).notes == ()


@pytest.mark.parametrize("nothing", ["unbekannt", "Inconnu", "k. A."])
def test_groups_that_say_nothing_in_other_languages_are_none(tmp_path, nothing):
    pairs = grouped(tmp_path / "g.csv", ("a", nothing))
    assert pairs.groups == ["a"] and pairs.missing_groups == 2


def test_a_group_called_everyone_is_told_from_the_row_of_all(tmp_path):
    """Two rows of the page had one name."""
    pairs = grouped(tmp_path / "g.csv", ("everyone", "b"))
    assert pairs.groups == ["b", "everyone (group)"]
    assert pairs.notes == (
        "the group 'everyone' is called 'everyone (group)' here: everyone is the row of all people",
    )
    report = audit(pairs, threshold=0.5)
    assert [row["group"] for row in report.numbers["who"]] == ["everyone", *pairs.groups]
    assert report.numbers["who"][0] != report.numbers["who"][2]
    assert (
        "everyone (group)'" in grouped(tmp_path / "g.csv", ("everyone", "everyone (group)")).groups
    )


@pytest.mark.parametrize(
    ("one", "two"), [("Gruppe 1", "Gruppe 2"), ("gender1", "gender2"), ("Group_A", "Group_B")]
)
def test_unused_columns_of_groups_get_a_hint_as_those_of_people_do(tmp_path, one, two):
    """Gruppe 1 and Gruppe 2 were not used, and nobody said what they may be."""
    rows = [[*row, "x", "y"] for row in good()]
    header = [*HEADER, "Person 1", "Person 2", one, two]
    (note,) = read_pairs(write(tmp_path / "h.csv", rows, header)).notes
    assert note == (
        f"columns that were not used: Person 1, Person 2, {one}, {two}; if Person 1 and Person 2"
        " say who is in each picture, add --rename 'Person 1=probe_person' --rename"
        f" 'Person 2=gallery_person'; if {one} and {two} say the group of each picture, add"
        f" {renaming({one: 'probe_group', two: 'gallery_group'})}"
    )
    known = grouped(tmp_path / "h.csv", ("a", "b"), **{one: ["x"] * 4, two: ["y"] * 4})
    assert known.notes == (f"columns that were not used: {one}, {two}",)


def test_columns_of_different_things_are_no_pair():
    """race1 and gender2 say two things."""
    assert guesses(["race1", "gender1", "gender2"], ("probe_group", "gallery_group")) == {
        "gender1": "probe_group",
        "gender2": "gallery_group",
    }
    assert len(guesses(["group_a"], ("probe_group", "gallery_group"))) == 1
    assert "gender1" not in guesses(["race1", "gender1"], ("probe_group", "gallery_group"))

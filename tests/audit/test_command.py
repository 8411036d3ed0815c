"""What can be typed, and what cannot."""

from __future__ import annotations

import contextlib
import html
import json
import os
import re
import shlex
import subprocess
import sys
from dataclasses import fields

import numpy as np
import pandas as pd
import pytest

import labkit.audit
from labkit.audit import audit
from labkit.audit.command import main, parser
from labkit.audit.csv import ENOUGH_FOR_A_CODE
from labkit.audit.formats import TITLES
from labkit.audit.reading import OPTIONAL, REQUIRED, Reading, reading_of
from labkit.audit.report import DEFAULT_RATES
from labkit.audit.understood import NEARLY_ALL
from labkit.base.places import PROJECT
from labkit.measure.intervals import (
    ENOUGH_FALSE_MATCH_PAIRS,
    ENOUGH_PEOPLE,
    ENOUGH_PEOPLE_FOR_AN_FMR,
    ENOUGH_PEOPLE_WITH_ERRORS,
)
from labkit.measure.thresholds import ENOUGH_PEOPLE_FOR_A_MEAN, ENOUGH_PERSON_PAIRS

from .made import known


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["--gallery", "1000"], "--gallery needs --threshold"),
        (["--fmr", "0.1", "--gallery", "1000"], "--gallery needs --threshold"),
        (["--sep", "ab"], "--sep 'ab' is no separator: give one character, or one of comma"),
        (["--decimal", "x"], "--decimal 'x' is neither . nor ,"),
        (["--sep", ",", "--decimal", ","], "a comma cannot stand between columns and in numbers"),
        (
            ["--rename", "score"],
            "give the column of the file and what it is, as in --rename score=",
        ),
        (["--rename", "a=points"], "there is no column points to be; one of probe"),
        (["--rename", "a=score", "--rename", "b=score"], "--rename gives two columns one name"),
        (["--rename", "a=score", "--rename", "a=probe"], "--rename names the column a twice"),
        (["--rename", "img1=probe"], "has no column 'img1' to rename; its columns are probe, gall"),
        (["--same", "ja"], "as in --same yes=ja,no=nein"),
        (["--same", "yes=1,no=1"], "as in --same yes=ja,no=nein"),
        (["--json", "numbers.txt"], "numbers.txt is no .json: give a file name that ends in .json"),
        (["--threshold", "nan"], "is no number"),
        (["--threshold", "half"], "--threshold 'half' is no number: give one such as 0.5"),
        (["--threshold", "50%"], "--threshold 50%: the scores are not in per cent"),
        (["--threshold", "5,000"], "may be 5000 or 5: write 5000 or 5.0, as the scores are"),
        (["--fmr", "2"], "FMR 2 is no rate"),
        (["--fmr", "1e-6"], "it takes 30; add people, or ask for an FMR of"),
        (["--threshold", "0.5", "--reference", "q"], "there is no group 'q'"),
        (["--threshold", "0.5", "--gallery", "0"], "a gallery holds at least one person"),
        (["--by", "tone"], "--by is for --lab"),
    ],
)
def test_wrong_words(tmp_path, capsys, words, said):
    path, out = known(tmp_path / "k.csv", 1 / 20, 0.3), tmp_path / "o.html"
    assert main([str(path), "--out", str(out), *words]) == 2
    assert said in capsys.readouterr().err and not out.exists()


def test_places_that_cannot_be_written_to(tmp_path, capsys):
    path = known(tmp_path / "k.csv", 1 / 20, 0.3)
    for out, said in (
        ("report.txt", "ends in .html"),
        ("no/where.html", "does not exist"),
        ("d.html", "a folder"),
    ):
        (tmp_path / "d.html").mkdir(exist_ok=True)
        assert main([str(path), "--out", str(tmp_path / out), "--threshold", "0.5"]) == 2
        assert said in capsys.readouterr().err
    assert main(["--out", str(tmp_path / "o.html")]) == 2
    assert "give a file of scored pairs" in capsys.readouterr().err


def test_the_same_input_gives_the_same_bytes(tmp_path, capsys):
    path = known(tmp_path / "k.csv", 1 / 20, 0.3)
    words = [str(path), "--threshold", "0.5", "--reference", "a", "--gallery", "500"]
    made = []
    for name in ("one.html", "two.html"):
        assert main([*words, "--out", str(tmp_path / name)]) == 0
        made.append((tmp_path / name).read_bytes())
    assert made[0] == made[1]
    text = made[0].decode()
    command = "python -m labkit audit k.csv --threshold=0.5 --reference=a --gallery=500"
    assert command in text and str(tmp_path) not in text
    assert not re.search(r"\b20\d\d-\d\d-\d\d\b", text)
    dated = audit(path, threshold=0.5, date="2031-05-06")
    assert "Date: 2031-05-06" in dated.html


def test_the_command_in_the_report_can_be_typed_again(tmp_path):
    """Typed again in the folder of the file, it makes the same report."""
    path, out = tmp_path / "d.csv", tmp_path / "report.html"
    frame = pd.read_csv(known(path, 1 / 20, 0.3))
    frame["score"] = 1 - frame["score"]
    frame.to_csv(path, index=False)
    words = ["--distance", "--threshold", "0.30000000000000004", "--reference", "b"]
    words += ["--gallery", "70", "--gallery", "9", "--title", "Two words", "--date", "2031-05-06"]
    words += ["--names", "--sep", ",", "--decimal", ".", "--rename", "img 1=probe"]
    words += ["--drop-repeats", "--failed-value", "-1", "--failed-value", ""]
    words += ["--same", "yes=1,no=0"]
    path.write_text(path.read_text().replace("probe,", "img 1,", 1))
    assert main([str(path), *words, "--out", str(out)]) == 0
    first = out.read_bytes()
    shown = html.unescape(re.search(r"<pre><code>(.*?)</code></pre>", first.decode())[1])
    python, *rest = shlex.split(shown)
    assert (python, rest[:3]) == ("python", ["-m", "labkit", "audit"])
    assert "--threshold=0.30000000000000004" in rest  # every digit that matters
    out.unlink()
    with contextlib.chdir(tmp_path):
        assert main(rest[3:]) == 0
    assert out.read_bytes() == first
    named = [w for w in words if w.startswith("--")]
    assert all(any(r.split("=")[0] == w for r in rest) for w in named)


def test_every_option_of_reading_is_in_the_command():
    """A field of Reading that the printed command forgets would make another report."""
    said = Reading("tab", ",", {"a": "score"}, True, ("-1", ""), {"yes": "ja", "no": "nein"})
    assert all(getattr(said, f.name) != getattr(Reading(), f.name) for f in fields(Reading))
    typed = parser().parse_args(["x.csv", "--out", "r.html", *said.options])
    assert reading_of(typed) == said
    assert reading_of(parser().parse_args(["x.csv", "--out", "r.html"])) == Reading()


def test_names_are_off_unless_asked_for(tmp_path, capsys):
    """Names of the people most alike were printed by default; the old word is understood still."""
    path, out = known(tmp_path / "k.csv", 1 / 20, 0.3), tmp_path / "o.html"
    pages = {}
    for words in ([], ["--no-names"], ["--names"]):
        assert main([str(path), "--threshold", "0.5", "--out", str(out), *words]) == 0
        pages[" ".join(words)] = out.read_text(encoding="utf-8")
    assert "a00/1" in pages["--names"]
    assert "a00/1" not in pages[""] and pages[""] == pages["--no-names"]
    assert "--no-names" not in pages["--no-names"].split("<pre><code>")[1].split("</code>")[0]


def test_the_numbers_are_written_too(tmp_path, capsys):
    path, out = known(tmp_path / "k.csv", 1 / 20, 0.3), tmp_path / "o.html"
    words = [str(path), "--threshold", "0.5", "--out", str(out)]
    for k in "ab":
        assert main([*words, "--json", str(tmp_path / f"{k}.json")]) == 0
        assert f"{k}.json" in capsys.readouterr().out
    text = (tmp_path / "a.json").read_text(encoding="utf-8")
    assert text == (tmp_path / "b.json").read_text(encoding="utf-8")
    (fmr,) = (r for r in json.loads(text)["rates"] if (r["group"], r["rate"]) == ("a", "fmr"))
    assert (fmr["errors"], fmr["trials"]) == (39, 780)
    assert sorted(p.name for p in tmp_path.iterdir()) == ["a.json", "b.json", "k.csv", "o.html"]


def test_all_files_or_none(tmp_path, capsys, monkeypatch):
    """A report whose numbers could not be written is not left alone."""
    path = known(tmp_path / "k.csv", 1 / 20, 0.3)
    out, numbers = tmp_path / "o.html", tmp_path / "o.json"
    words = [str(path), "--threshold", "0.5", "--out", str(out), "--json", str(numbers)]

    def full(*_args):
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as broken:
        broken.setattr("labkit.audit.report.AuditReport.write_json", full)
        assert main(words) == 2
    assert "No space left on device; nothing was written" in capsys.readouterr().err
    assert sorted(p.name for p in tmp_path.iterdir()) == ["k.csv"]
    real = os.replace

    def second(a, b):
        if str(b) == str(numbers):
            full()
        real(a, b)

    with monkeypatch.context() as broken:
        broken.setattr("labkit.audit.command.os.replace", second)
        assert main(words) == 2
    assert sorted(p.name for p in tmp_path.iterdir()) == ["k.csv"]


# ---- what is printed ----------------------------------------------------------------------------


def test_what_was_understood_is_printed_before_the_report(tmp_path, capsys):
    """It said only the file's size: nothing about pairs, people, groups, direction, threshold."""
    path = known(tmp_path / "k.csv", 1 / 20, 0.3, groups=("a", "b"))
    with path.open("a") as file:
        file.write("c1/1,c2/1,0,0.1,c1,c2,unknown,tiny\n\n")
    assert main([str(path), "--out", str(tmp_path / "o.html"), "--fmr", "0.2"]) == 0
    said = capsys.readouterr().out
    lines = said.splitlines()
    assert max(map(len, lines[:-1])) <= 80 and lines[-1].endswith("open it in a browser")
    flat = " ".join(said.split())
    for words in (
        "file k.csv CSV, commas between columns, UTF-8",
        "pairs 1,641: 80 of one person, 1,561 of two people",
        "people 82, named in the file, in 162 pictures",
        "groups a: 40 people, 80 pictures b: 40 people, 80 pictures tiny: 1 people, 1 pictures",
        "no part in choosing a threshold, for fewer than 30 people were compared within the group:"
        " tiny (0)",
        "1 of 162 pictures have none: they take no part in comparing groups",
        "direction larger means more alike (scores from 0.1 to 0.8)",
        "failures none: every comparison in the file has a score",
        "notes a blank line passed over",
        "the lowest at which the mean of the FMRs within 2 groups of at least 30 people is at most"
        " 0.2, on these people",
    ):
        assert words in flat, flat


@pytest.mark.parametrize(
    ("words", "said", "fmr", "fnmr"),
    [
        (["--threshold", "99"], "threshold 99 lies above every score seen (0.2 to 0.8)", 0, 1),
        (["--threshold", "-5"], "threshold -5: every score seen (0.2 to 0.8) is a match", 1, 0),
        (["--threshold", "0.2"], "threshold 0.2: every score seen (0.2 to 0.8) is a match", 1, 0),
        (["--threshold", "0.8"], "", 0.05, 0.3),
    ],
)
def test_a_threshold_beyond_all_scores_is_a_result(tmp_path, capsys, words, said, fmr, fnmr):
    """'No match at 99' is a result in this lab's own story; it was refused as an error."""
    path, out = known(tmp_path / "k.csv", 1 / 20, 0.3), tmp_path / "o.html"
    assert main([str(path), "--out", str(out), *words, "--json", str(tmp_path / "o.json")]) == 0
    printed = " ".join(capsys.readouterr().out.split())
    assert said in printed and ("nothing matches" in printed) == (fnmr == 1)
    rates = json.loads((tmp_path / "o.json").read_text())["rates"]
    seen = {r["rate"]: r["errors"] / r["trials"] for r in rates if r["group"] == "everyone"}
    assert seen["fmr"] == pytest.approx(fmr) and seen["fnmr"] == pytest.approx(fnmr)


def test_a_distance_below_all_seen_matches_nothing(tmp_path, capsys):
    path = tmp_path / "d.csv"
    frame = pd.read_csv(known(path, 1 / 20, 0.3))
    frame.assign(score=1 - frame["score"]).to_csv(path, index=False)
    words = [str(path), "--distance", "--out", str(tmp_path / "o.html"), "--threshold"]
    assert main([*words, "0.01"]) == 0
    printed = " ".join(capsys.readouterr().out.split())
    assert "direction smaller means more alike (distances from 0.2 to 0.8)" in printed
    assert "threshold 0.01 lies below every distance seen (0.2 to 0.8): nothing matches" in printed


def test_what_is_printed_fits_any_terminal(tmp_path):
    """A terminal without UTF-8 gets escapes; a name of many characters breaks no line."""
    path = known(tmp_path / "k.csv", 1 / 20, 0.3)
    named = (
        path.read_text()
        .replace(",a,a", ",Zoë 日本,Zoë 日本")
        .replace(",b,b", f",{'b' * 90},{'b' * 90}")
    )
    path.write_text(named, encoding="utf-8")
    words = ["audit", path, "--out", tmp_path / "o.html", "--threshold", "0.5"]
    done = subprocess.run(
        [sys.executable, "-m", "labkit", *map(str, words)],
        capture_output=True,
        env={**os.environ, "PYTHONIOENCODING": "ascii", "PYTHONPATH": str(PROJECT)},
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert rb"Zo\xeb \u65e5\u672c: 40 people" in done.stdout
    assert max(map(len, done.stdout.splitlines()[:-1])) <= 90


def rewritten(path, score, sep: str = ","):
    """A file of known rates whose scores are written otherwise."""
    frame = pd.read_csv(known(path, 1 / 20, 0.3), dtype=str)
    frame.assign(score=frame["score"].astype(float).map(score)).to_csv(path, index=False, sep=sep)
    return path


@pytest.mark.parametrize(
    ("score", "sep", "typed", "said"),
    [
        (str, ",", "0,5", "'0,5' was read as 0.5"),
        (lambda s: f"{s}".replace(".", ","), ";", "0,5", "'0,5' was read as 0.5"),
        (lambda s: f"{s}".replace(".", ","), ";", "0.5", "threshold 0.5, given"),
        (lambda s: f"{100 * s:.1f}%", ",", "50%", "threshold 50.0, given"),
        (lambda s: f"{100 * s:.1f}%", ",", "50", "threshold 50.0, given"),
        (lambda s: f"{100 * s:.1f}%".replace(".", ","), ";", "50,5 %", "'50,5' was read as 50.5"),
        (lambda s: f"{5 * s:.3f}".replace(".", ","), ";", "3,125", "'3,125' was read as 3.125"),
        (lambda s: f"{5 * s:.3f}", ",", "3.125", "threshold 3.125, given"),
        (lambda s: f"{1e4 * s + 0.5:.1f}".replace(".", ","), ";", "5.000,5", "read as 5000.5"),
    ],
)
def test_a_threshold_is_read_as_the_scores_are_written(tmp_path, capsys, score, sep, typed, said):
    """0,5 and 50% were "invalid float value", and 5.000 beside decimal commas was 5."""
    path, out = rewritten(tmp_path / "k.csv", score, sep), tmp_path / "o.html"
    words = [str(path), "--out", str(out), "--json", str(tmp_path / "o.json")]
    assert main([*words, "--threshold", typed]) == 0
    assert said in " ".join(capsys.readouterr().out.split())
    rates = json.loads((tmp_path / "o.json").read_text())["rates"]
    seen = {r["rate"]: r["errors"] / r["trials"] for r in rates if r["group"] == "everyone"}
    assert seen["fmr"] == pytest.approx(78 / 3160) or seen["fmr"] == pytest.approx(0.05)
    assert seen["fnmr"] == pytest.approx(0.3)
    shown = html.unescape(re.search(r"<pre><code>(.*?)</code></pre>", out.read_text("utf-8"))[1])
    assert f"--threshold={typed}" in shlex.split(shown)  # typed again, it is read the same way


@pytest.mark.parametrize(
    ("score", "sep", "typed", "said"),
    [
        (lambda s: f"{1e4 * s:,.1f}".translate({44: ".", 46: ","}), ";", "5.000", "5000 or 5,0"),
        (lambda s: f"{100 * s:.1f}%", ",", "0.5", "in per cent: write 0.5% or 50%"),
    ],
)
def test_a_threshold_that_can_be_meant_in_two_ways_is_refused(
    tmp_path, capsys, score, sep, typed, said
):
    """Taken as they stand, both made nearly every pair a match, and nobody said so."""
    path, out = rewritten(tmp_path / "k.csv", score, sep), tmp_path / "o.html"
    assert main([str(path), "--out", str(out), "--threshold", typed]) == 2
    assert said in capsys.readouterr().err and not out.exists()


def test_a_threshold_that_nearly_everything_reaches_is_named(tmp_path, capsys):
    """0.5 on scores from 0 to 100 is a mistake that no other line shows."""
    path = known(tmp_path / "k.csv", 1 / 20, 0.3)
    frame = pd.read_csv(path)
    frame["score"] = 100 * frame["score"]
    frame.loc[frame.index[-1], "score"] = 0.1
    frame.to_csv(path, index=False)
    words = [str(path), "--out", str(tmp_path / "o.html"), "--threshold"]
    assert main([*words, "0.5"]) == 0
    said = " ".join(capsys.readouterr().out.split())
    assert "threshold 0.5: 99.9% of the pairs of two people match; is it in the unit" in said
    assert main([*words, "50"]) == 0
    assert "is it in the unit" not in capsys.readouterr().out


def test_a_default_that_these_people_cannot_carry_is_said_at_the_threshold(tmp_path, capsys):
    """It fell from 1e-3 to 1e-1, and only "at most 0.1" said so."""
    path = known(tmp_path / "k.csv", 1 / 20, 0.3)
    words = [str(path), "--out", str(tmp_path / "o.html")]
    assert main(words) == 0
    said = " ".join(capsys.readouterr().out.split())
    used = DEFAULT_RATES[2]
    assert f"is at most {used:g}, on these people" in said
    assert (
        f"an FMR of {DEFAULT_RATES[0]:g} was not possible with these people; {used:g} (1 in 10) is"
        " used only so that something can be counted"
    ) in said
    assert main([*words, "--fmr", "0.1"]) == 0
    assert "not possible" not in capsys.readouterr().out


def test_a_file_that_is_not_there_is_a_sentence(tmp_path, capsys, monkeypatch):
    """Where the page stood there already it was "[Errno 2] No such file or directory"."""
    out = tmp_path / "o.html"
    out.write_text("of yesterday")
    assert main([str(tmp_path / "no.csv"), "--out", str(out), "--threshold", "1"]) == 2
    said = capsys.readouterr().err
    assert "there is no file" in said and "Errno" not in said

    def broken(*_args, **_options):
        raise PermissionError(13, "Permission denied", "scores.csv")

    monkeypatch.setattr("labkit.audit.command.read_pairs", broken)
    assert main(["scores.csv", "--out", str(out), "--threshold", "1"]) == 2
    assert capsys.readouterr().err == "labkit: cannot use scores.csv: Permission denied\n"


def test_the_rule_for_the_threshold_is_in_the_help(capsys):
    with pytest.raises(SystemExit):
        main(["--help"])
    said = " ".join(capsys.readouterr().out.split())
    assert (
        f"Only groups of at least {ENOUGH_PEOPLE_FOR_A_MEAN} people take part in the mean" in said
    )
    assert "too few for that, 0.01, then 0.1." in said
    for name in (*REQUIRED, *OPTIONAL):
        assert name in said


def test_the_document_of_the_audit_names_what_there_is(capsys):
    """Every column and option in docs/audit.md exists, and none is missing there."""
    text = (PROJECT / "docs" / "audit.md").read_text(encoding="utf-8")
    known = {word for action in parser()._actions for word in action.option_strings}
    assert set(re.findall(r"--[a-z][a-z-]+", text)) <= known
    of_reading = [f"--{f.name.replace('_', '-')}" for f in fields(Reading)]
    assert all(word in text for word in of_reading)
    assert all(f"`{name}`" in text or f"`{name}" in text for name in (*REQUIRED, *OPTIONAL))
    assert f"at least {ENOUGH_PEOPLE_FOR_A_MEAN} people" in text


def test_the_document_of_the_audit_names_floors_and_fallbacks():
    """The floors stood inside cells of the page only, and the rates fallen back to nowhere."""
    text = " ".join((PROJECT / "docs" / "audit.md").read_text(encoding="utf-8").split())
    one, two, three = (np.format_float_scientific(x, trim="-", exp_digits=1) for x in DEFAULT_RATES)
    assert f"at most {one} (" in text and f"{two} is taken, then {three}" in text
    assert f"fewer than {ENOUGH_PERSON_PAIRS} different pairs of people" in text
    assert (
        f"| {ENOUGH_PEOPLE_FOR_AN_FMR} people, and {ENOUGH_FALSE_MATCH_PAIRS} different pairs"
    ) in text
    enough = ENOUGH_PEOPLE_WITH_ERRORS
    assert f"| {ENOUGH_PEOPLE} people, of whom {enough} have an error and {enough} a trial" in text
    assert f"| {ENOUGH_PEOPLE_FOR_A_MEAN} people compared within the group |" in text
    assert f"at least {NEARLY_ALL:.0%} of the pairs of two people" in text
    assert ENOUGH_FOR_A_CODE == 5 and "at least five pairs" in text
    assert TITLES == 10 and "in the first ten rows" in text


def test_names_of_the_room_are_read_when_they_are_used():
    code = "import sys, labkit.audit; print({'numpy', 'pandas', 'jinja2'} & set(sys.modules))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == "set()\n"
    assert all(getattr(labkit.audit, name).__name__ == name for name in labkit.audit.__all__)
    with pytest.raises(AttributeError, match="no attribute 'nothing'"):
        labkit.audit.nothing  # noqa: B018

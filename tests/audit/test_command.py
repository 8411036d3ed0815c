"""What can be typed, and what cannot."""

from __future__ import annotations

import re

import pytest

from labkit.audit import audit
from labkit.audit.command import main

from .made import known


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["--threshold", "7"], "threshold 7 lies outside all scores seen (0.2 to 0.8)"),
        (["--threshold", "nan"], "is no number"),
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
    assert "give a CSV" in capsys.readouterr().err


def test_the_same_input_gives_the_same_bytes(tmp_path, capsys):
    path = known(tmp_path / "k.csv", 1 / 20, 0.3)
    words = [str(path), "--threshold", "0.5", "--reference", "a", "--gallery", "500"]
    made = []
    for name in ("one.html", "two.html"):
        assert main([*words, "--out", str(tmp_path / name)]) == 0
        made.append((tmp_path / name).read_bytes())
    assert made[0] == made[1]
    text = made[0].decode()
    command = "python -m labkit audit k.csv --threshold 0.5 --reference a --gallery 500"
    assert command in text and str(tmp_path) not in text
    assert not re.search(r"\b20\d\d-\d\d-\d\d\b", text)
    dated = audit(path, threshold=0.5, date="2031-05-06")
    assert "Date: 2031-05-06" in dated.html

"""What can be typed, and what cannot."""

from __future__ import annotations

import contextlib
import html
import re
import shlex
import subprocess
import sys

import pandas as pd
import pytest

import labkit.audit
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


def test_the_command_in_the_report_can_be_typed_again(tmp_path):
    """Typed again in the folder of the file, it makes the same report."""
    path, out = tmp_path / "d.csv", tmp_path / "report.html"
    frame = pd.read_csv(known(path, 1 / 20, 0.3))
    frame["score"] = 1 - frame["score"]
    frame.to_csv(path, index=False)
    words = ["--distance", "--fmr", "0.2", "--reference", "b", "--gallery", "70", "--gallery", "9"]
    words += ["--title", "Two words", "--date", "2031-05-06", "--no-names"]
    assert main([str(path), *words, "--out", str(out)]) == 0
    first = out.read_bytes()
    shown = html.unescape(re.search(r"<pre><code>(.*?)</code></pre>", first.decode())[1])
    python, *rest = shlex.split(shown)
    assert (python, rest[:3]) == ("python", ["-m", "labkit", "audit"])
    out.unlink()
    with contextlib.chdir(tmp_path):
        assert main(rest[3:]) == 0
    assert out.read_bytes() == first
    named = [w for w in words if w.startswith("--")]
    assert all(w in rest for w in named)


def test_names_of_the_room_are_read_when_they_are_used():
    code = "import sys, labkit.audit; print({'numpy', 'pandas', 'jinja2'} & set(sys.modules))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == "set()\n"
    assert all(getattr(labkit.audit, name).__name__ == name for name in labkit.audit.__all__)
    with pytest.raises(AttributeError, match="no attribute 'nothing'"):
        labkit.audit.nothing  # noqa: B018

"""From an input to a report: operating points, units, and whole files or none."""

from __future__ import annotations

import json
import re

import numpy as np
import pandas as pd
import pytest

from labkit.audit import audit, sentences
from labkit.audit.csv import read_pairs

from . import towns
from .made import from_table, known, row, same, town
from .pages import read, section


def test_default_operating_point_is_one_these_people_carry(tmp_path):
    path = known(tmp_path / "k.csv", 1 / 20, 0.3)
    frame = pd.read_csv(path)
    rng = np.random.default_rng(0)
    frame["score"] += rng.random(len(frame)).round(4) / 10
    frame.to_csv(path, index=False)
    report = audit(path)
    assert sentences.NOBODY_GAVE in section(report, "tested")
    assert row(report, "everyone", "fmr")["errors"] >= 30


def test_distances_are_turned_round_and_shown_as_they_came(tmp_path):
    pairs, group = town()
    path = from_table(tmp_path / "s.csv", pairs, group)
    frame = pd.read_csv(path)
    frame["score"] = -frame["score"]
    frame.to_csv(tmp_path / "d.csv", index=False)
    a = audit(path, fmr=1e-2)
    b = audit(tmp_path / "d.csv", fmr=1e-2, distance=True)
    same(a.tables["rates"], b.tables["rates"])
    assert "a distance of at most" in section(b, "tested")
    assert (b.tables["highest"]["score"] > 0).all()
    given = audit(tmp_path / "d.csv", threshold=-a.threshold, distance=True)
    same(a.tables["rates"], given.tables["rates"])


def test_writing_is_all_or_nothing(tmp_path, monkeypatch):
    report = audit(known(tmp_path / "k.csv", 1 / 20, 0.3), threshold=0.5)
    out = tmp_path / "r.html"
    out.write_text("old")

    def full(*_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("os.replace", full)
    with pytest.raises(OSError, match="No space left"):
        report.write(out)
    assert out.read_text() == "old"
    assert sorted(p.name for p in tmp_path.iterdir()) == ["k.csv", "r.html"]


def test_templates_with_wrong_company():
    faces, people = np.random.default_rng(0).normal(size=(6, 3)), [1, 1, 2, 2, 3, 3]
    with pytest.raises(ValueError, match="give people="):
        audit(faces, threshold=-1)
    with pytest.raises(ValueError, match="not both"):
        audit(faces, people, threshold=-1, fmr=0.1)
    with pytest.raises(ValueError, match="no scored pair of one person"):
        audit(faces, range(6), threshold=-1)


# ---- the numbers --------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def full(tmp_path_factory):
    """A list with groups, a tiny one, and failures; its frame too."""
    frame = towns.town(towns.FIVE, raised={"cedar": 0.5}, pictures=2, fails=5)
    path = towns.write(tmp_path_factory.mktemp("full") / "five.csv", frame)
    return frame, audit(path, threshold=2.0, galleries=(700,), date="a day")


def test_the_numbers_go_through_json_and_back(full, tmp_path):
    _, report = full
    out = report.write_json(tmp_path / "n.json")
    text = out.read_text("utf-8")
    assert json.loads(text) == report.numbers
    assert not re.search(r"\b(NaN|Infinity)\b", text)
    assert set(report.numbers) == {
        *("title", "date", "labkit", "input", "threshold", "auc", "left_out"),
        *report.tables,
    }
    for name, table in report.tables.items():
        assert len(report.numbers[name]) == len(table)
    with pytest.raises(ValueError, match=r"no \.json"):
        report.write_json(tmp_path / "n.txt")


def _all(x):
    """Every number in what JSON keeps."""
    if isinstance(x, dict):
        x = list(x.values())
    if isinstance(x, list):
        return [number for part in x for number in _all(part)]
    return [x] if isinstance(x, int | float) and not isinstance(x, bool) else []


def test_every_number_of_the_tables_is_among_the_numbers(full):
    """Read from the page with its own digits and looked for with all of them."""
    _, report = full
    kept = np.abs(np.array(_all(report.numbers), float))
    cells = [
        (caption, cell)
        for caption, rows in read(report).tables.items()
        for row in rows.values()
        for cell in list(row.values())[1:]
        if not re.fullmatch(r"[0-9a-f]{64}|.*\.csv|below 0.1%|above 99.9%|below 0.001", cell)
    ]
    found = 0
    for caption, cell in cells:
        for text in re.findall(r"(?<![\w.])\d[\d,]*(?:\.\d+)?%?", cell.split(", which takes")[0]):
            unit = 0.01 if text.endswith("%") else 1.0
            value = unit * float(text.rstrip("%").replace(",", ""))
            digits = len(text.rstrip("%").partition(".")[2])
            near = np.abs(kept - value) <= 0.501 * unit * 10.0**-digits
            assert near.any(), (caption, cell, text)
            found += 1
    assert found > 200


def test_no_name_is_in_page_or_numbers_unless_asked_for(full, tmp_path):
    """Names of the most alike people used to be printed unless somebody thought of --no-names."""
    frame, report = full
    names = towns.names(frame)
    for text in (report.html, json.dumps(report.numbers)):
        assert not any(name in text for name in names)
    path = towns.write(tmp_path / "five.csv", frame)
    shown = audit(path, threshold=2.0, show_names=True)
    for text in (shown.html, json.dumps(shown.numbers)):
        assert any(name in text for name in names)


def test_pairs_that_were_read_are_audited_as_their_file(full, tmp_path):
    frame, _ = full
    path = towns.write(tmp_path / "five.csv", frame)
    a, b = audit(path, threshold=2.0), audit(read_pairs(path), threshold=2.0)
    assert a.numbers == b.numbers and a.html == b.html

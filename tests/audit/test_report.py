"""From an input to a report: operating points, units, and whole files or none."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from labkit.audit import audit

from .made import from_table, known, row, same, town


def test_default_operating_point_is_one_these_people_carry(tmp_path):
    path = known(tmp_path / "k.csv", 1 / 20, 0.3)
    frame = pd.read_csv(path)
    rng = np.random.default_rng(0)
    frame["score"] += rng.random(len(frame)).round(4) / 10
    frame.to_csv(path, index=False)
    report = audit(path)
    assert "Nobody gave a threshold. These people are too few for a lower one." in report.html
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
    assert "a distance of at most" in b.html
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

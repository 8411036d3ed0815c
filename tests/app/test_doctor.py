"""The doctor: what it says when something is missing, changed or short."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import pytest

from labkit import data
from labkit.app import doctor
from labkit.base.places import PROJECT

ROOT = PROJECT


def finding(check: str) -> doctor.Finding:
    (found,) = [f for f in doctor.doctor().findings if f.check == check]
    return found


def test_here_everything_is_in_place() -> None:
    report = doctor.doctor()
    assert report.ok, str(report)
    assert [f.check for f in report.findings] == [
        "Python",
        "packages",
        "matcher",
        "data",
        "journal",
        "memory",
    ]


def test_its_table_is_one_that_becomes_cards_with_heads_above_their_cells() -> None:
    """Heads stood at the right of cells that stand at the left; at 400 pixels advice was cut."""
    report = doctor.Report((doctor.Finding("<x>", doctor.WRONG, "nothing", "fetch <it>"),))
    page = report._repr_html_()
    assert f"<caption>{report.verdict.replace('<x>', '&lt;x&gt;')}</caption>" in page
    assert "@container (max-width: 40rem)" in page and "style=" not in page
    assert re.findall(r'data-head="([^"]+)">([^<]*)<', page) == [
        ("state", doctor.WRONG),
        ("found", "nothing"),
        ("what to do", "fetch &lt;it&gt;"),
    ]


def test_a_missing_and_an_other_version_are_told_apart(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(doctor, "PROJECT", tmp_path)
    lock = tmp_path / "requirements.lock"
    lock.write_text("numpy==0.0.1\n")
    found = finding("packages")
    assert found.state == doctor.LOOK and "instead of 0.0.1" in found.found
    lock.write_text("no-such-package==1\nnot-for-us==2 ; python_version < '3'\n")
    found = finding("packages")
    assert found.state == doctor.WRONG and found.found == "missing: no-such-package"
    assert "lab.py" in found.advice and not doctor.doctor().ok


def test_a_changed_data_file_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for root in {name.split("/")[0] for name in data.SETS}:
        (tmp_path / root).mkdir()
        shutil.copy(ROOT / "data" / root / "checksums.txt", tmp_path / root)
    monkeypatch.setenv("LABKIT_DATA", str(tmp_path))
    found = finding("data")
    assert found.state == doctor.WRONG and "missing" in found.found
    assert "Not in place: data" in str(doctor.doctor())


def test_missing_models_are_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(doctor, "NEEDED_MODELS", ("no_such_model.dat",))
    found = finding("matcher")
    assert found.state == doctor.WRONG and "no_such_model.dat" in found.found


def test_little_memory_is_a_warning_not_an_end(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(doctor, "free_memory", lambda: 100 * 2**20)
    assert finding("memory").state == doctor.LOOK
    report = doctor.doctor()
    assert report.ok and report.verdict == "The lab can run; look at: memory."
    monkeypatch.setattr(doctor, "free_memory", lambda: None)
    assert "not measured" in finding("memory").found


def test_a_doctor_who_fails_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    def broken() -> int:
        raise RuntimeError("odd disk")

    monkeypatch.setattr(doctor, "free_memory", broken)
    found = finding("memory")
    assert found.state == doctor.WRONG and found.found == "RuntimeError: odd disk"


def test_old_and_new_pythons(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(doctor.sys, "version_info", (3, 10, 4))
    assert finding("Python").state == doctor.WRONG
    monkeypatch.setattr(doctor.sys, "version_info", (3, 99, 0))
    assert finding("Python").state == doctor.LOOK


def test_exit_code(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    assert doctor.main() == 0 and "Everything is in place." in capsys.readouterr().out
    monkeypatch.setattr(doctor, "OLDEST", (99, 0))
    assert doctor.main() == 1

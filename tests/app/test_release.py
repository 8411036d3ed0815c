"""The archives of a version: the same bytes again, whole, and taken by an update."""

from __future__ import annotations

import hashlib
import os
import re
import subprocess
import time
import zipfile

import pytest

import labkit
from labkit.app import command, release, update
from labkit.base.places import PROJECT
from tests.app.test_update import NEW, OLD, clean_env, fill, run

LOG = {"CHANGELOG.md": "# Changes\n\n## 1.2 (2026-11-29)\n\nNew.\n\n## 1.1\n\nOld.\n"}
DAY = "2026-11-29T12:00:00+0000"


def git(folder, *words, **env):
    who = {"GIT_AUTHOR_DATE": DAY, "GIT_COMMITTER_DATE": DAY}
    subprocess.run(["git", "-C", str(folder), *words], env={**clean_env(), **who, **env},
                   check=True, capture_output=True)  # fmt: skip


def clone(folder, tree, **env):
    """A small lab under git, committed."""
    fill(folder, tree)
    os.chmod(folder / ".ci/run", 0o755)
    git(folder, "init", "-q", "-b", "main", **env)
    git(folder, "add", ".", **env)
    git(folder, "commit", "-q", "-m", "a version", **env)
    return folder


def small_kit(root, out):
    fill(out, {"solutions/03.html": "<p>3</p>", "handout.html": "<p>two pages</p>"})


@pytest.fixture
def lab(tmp_path):
    return clone(tmp_path / "lab", {**NEW, **LOG})


def made(lab, out):
    said = []
    return release.release(lab, out, kit=small_kit, say=said.append), said


def test_the_same_commit_gives_the_same_bytes(lab, tmp_path, monkeypatch):
    """In another folder, time zone and year, with other times and modes of the files."""
    first, said = made(lab, tmp_path / "one")
    other = clone(tmp_path / "other", {**NEW, **LOG})
    for path in other.rglob("*.py"):
        os.utime(path, (10**9, 10**9))
        path.chmod(0o600)
    monkeypatch.setenv("TZ", "Pacific/Auckland")
    time.tzset()
    again, _ = made(other, tmp_path / "two")
    monkeypatch.undo()
    time.tzset()
    assert [p.name for p in first] == [
        "face-surveillance-lab-1.2.zip",
        "face-surveillance-lab-1.2-instructors.zip",
        "SHA256SUMS",
    ]
    assert [p.read_bytes() for p in first] == [p.read_bytes() for p in again]
    assert all(str(path) in line for path, line in zip(first, said, strict=True))
    for line in first[2].read_text().splitlines():
        total, name = line.split("  ")
        assert hashlib.sha256((tmp_path / "one" / name).read_bytes()).hexdigest() == total


def test_what_is_in_them(lab, tmp_path):
    """All that is committed and nothing else; the kit apart from it; programs still are some."""
    fill(lab, {"diary.txt": "mine", ".lab/journal.json": "{}"})
    (learners, instructors, _), _ = made(lab, tmp_path / "out")
    with zipfile.ZipFile(learners) as archive:
        names = archive.namelist()
        modes = {i.filename: i.external_attr >> 16 & 0o777 for i in archive.infolist()}
    top = "face-surveillance-lab-1.2/"
    assert names == sorted(top + name for name in {**NEW, **LOG})
    assert {n for n, mode in modes.items() if mode & 0o100} == {top + ".ci/run"}
    with zipfile.ZipFile(instructors) as archive:
        assert sorted(archive.namelist()) == [
            "face-surveillance-lab-1.2-instructors/handout.html",
            "face-surveillance-lab-1.2-instructors/solutions/03.html",
        ]


def test_an_older_copy_takes_it_and_a_newer_one_refuses(lab, tmp_path):
    (learners, *_), _ = made(lab, tmp_path / "out")
    old = fill(tmp_path / "old", OLD)
    code, said = run(old, learners)
    assert code == 0 and "the lab is now version 1.2; it was 1.1" in said
    assert (old / "CHANGELOG.md").read_text() == LOG["CHANGELOG.md"]
    newer = fill(tmp_path / "newer", {**NEW, "labkit/__init__.py": '__version__ = "1.3"\n'})
    code, said = run(newer, learners)
    assert code == 1 and "holds version 1.2, which is older than this copy, version 1.3" in said


def test_every_lab_of_before_is_older_than_this_one():
    """All milestones called themselves 0.1.0: an archive of any of them passed for the newest."""
    assert update._order("0.1.0") < update._order(labkit.__version__)


def test_what_stops_a_release_is_one_sentence_and_nothing_is_written(lab, tmp_path):
    out = tmp_path / "out"

    def refused(folder, words, kit=small_kit):
        with pytest.raises((ValueError, RuntimeError), match=words) as error:
            release.release(folder, out, kit=kit)
        assert "\n" not in str(error.value) and not out.exists()

    refused(tmp_path, "no clone that git can read")
    (lab / "lab.py").write_text("changed")
    refused(lab, r"1 files differ from what is committed \(lab.py first\)")
    git(lab, "checkout", "--", "lab.py")
    (lab / "CHANGELOG.md").write_text("# Changes\n\n## 1.20\n\n## 1.1\n")
    git(lab, "commit", "-q", "-am", "a log without this version")
    refused(lab, r"no section '## 1\.2'")


def test_without_the_kit_there_is_no_release(lab, tmp_path):
    """The real command, in a folder that has none."""
    (lab / "labkit" / "__main__.py").write_text("raise SystemExit(2)")
    git(lab, "add", ".")
    git(lab, "commit", "-q", "-m", "a command that fails")
    with pytest.raises(RuntimeError, match=r"kit could not be made.*no archive was written"):
        release.release(lab, tmp_path / "out")
    assert not (tmp_path / "out").exists()


def test_the_command_hands_its_folder_on(monkeypatch, tmp_path):
    given = []
    monkeypatch.setattr(release, "release", lambda root, out: given.append((root, out)))
    assert command.main(["release", "--out", str(tmp_path)]) == 0
    assert given == [(PROJECT, tmp_path)]


def test_changelog_and_citation_tell_this_version():
    log = (PROJECT / "CHANGELOG.md").read_text(encoding="utf-8")
    found = re.findall(r"^## (\d+\.\d+\.\d+) \((\d{4}-\d\d-\d\d)\)$", log, flags=re.MULTILINE)
    version, day = found[0]
    assert version == labkit.__version__
    order = [update._order(v) for v, _ in found]
    assert order == sorted(order, reverse=True)
    cited = (PROJECT / "CITATION.cff").read_text(encoding="utf-8")
    assert f"\nversion: {version}\n" in cited and f"\ndate-released: {day}\n" in cited

"""Files are whole or not there, also after a power cut."""

from __future__ import annotations

import os

import pytest

from labkit.base.files import write_whole


def test_the_content_is_on_the_disk_before_the_name_is(tmp_path, monkeypatch):
    """Finding: a new name without its content, after a power cut, is an empty journal."""
    seen = []
    sync, replace = os.fsync, os.replace

    def synced(handle):
        seen.append(("fsync", os.fstat(handle).st_size))
        sync(handle)

    def replaced(old, new):
        seen.append(("replace", os.path.getsize(old)))
        replace(old, new)

    monkeypatch.setattr(os, "fsync", synced)
    monkeypatch.setattr(os, "replace", replaced)
    write_whole(tmp_path / "a" / "b.txt", b"words")
    assert seen[:2] == [("fsync", 5), ("replace", 5)]
    assert (tmp_path / "a" / "b.txt").read_bytes() == b"words"


def test_what_cannot_be_written_leaves_nothing_and_the_old_file(tmp_path, monkeypatch):
    write_whole(tmp_path / "b.txt", b"old")

    def full(handle):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(OSError, match=r"cannot write .*b\.txt: No space left"):
        write_whole(tmp_path / "b.txt", b"new")
    assert [p.read_bytes() for p in tmp_path.iterdir()] == [b"old"]

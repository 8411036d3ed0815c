"""What an installation takes is added up from what is on the disk."""

from __future__ import annotations

from benchmarks import installed


def test_files_and_byte_code_count_in_whole_blocks(tmp_path, monkeypatch) -> None:
    """README's size of an installation stood there without anything that gave it."""
    (tmp_path / "__pycache__").mkdir()
    module, code = tmp_path / "m.py", tmp_path / "data.bin"
    module.write_text("x = 1\n")
    code.write_bytes(b"0" * (installed.BLOCK + 1))
    byte_code = installed.util.cache_from_source(str(module))
    (tmp_path / byte_code).write_bytes(b"0")
    listed = [installed.metadata.PackagePath(p) for p in ("m.py", "./m.py", "data.bin", "gone.py")]
    for name in listed:
        name.dist = installed.metadata.PathDistribution(tmp_path / "p.dist-info")
    monkeypatch.setattr(installed.metadata, "files", lambda name: listed)
    assert installed.taken("p") == 4 * installed.BLOCK  # 1 for m.py, 1 its byte-code, 2 the data


def test_a_package_that_is_not_here_takes_nothing() -> None:
    assert installed.taken("no-such-package") == 0
    assert installed.taken("packaging") > installed.BLOCK

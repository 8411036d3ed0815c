"""Reports on the lab's own matchers."""

from __future__ import annotations

import pytest

from labkit.audit import lab_audit
from labkit.audit.command import main

from .made import row


@pytest.mark.slow
def test_a_matcher_of_the_lab(tmp_path, capsys):
    out = tmp_path / "dlib.html"
    assert main(["--lab", "DLIB", "--out", str(out)]) == 0
    text = out.read_text()
    assert "480 other people of Anytown (dev)" in text and "cannot appear here" in text
    report = lab_audit("dlib", "presentation")
    assert row(report, "upper", "fmr")["people"] == 240
    with pytest.raises(ValueError, match="there is no matcher 'x'"):
        lab_audit("x")

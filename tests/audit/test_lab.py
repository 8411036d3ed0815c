"""Reports on the lab's own matchers."""

from __future__ import annotations

import numpy as np
import pytest

from labkit import data
from labkit.audit import lab_audit
from labkit.audit.command import main
from labkit.matchers import registry
from labkit.measure.disparity import group_table
from labkit.measure.faces import threshold_cells
from labkit.measure.rate import RATES
from labkit.measure.scores import all_pairs
from labkit.measure.thresholds import choose_threshold

from .made import row
from .pages import section


@pytest.mark.slow
def test_a_matcher_of_the_lab(tmp_path, capsys):
    out = tmp_path / "dlib.html"
    assert main(["--lab", "DLIB", "--out", str(out)]) == 0
    text = out.read_text()
    assert "480 other people of Anytown (dev)" in text and "is not built in" in text
    report = lab_audit("dlib", "presentation")
    assert row(report, "upper", "fmr")["people"] == 240
    with pytest.raises(ValueError, match="there is no matcher 'x'"):
        lab_audit("x")


@pytest.mark.slow
def test_the_threshold_is_of_dev_people_and_the_rates_of_eval_people():
    dev, rest = data.load("anytown/dev"), data.load("anytown/eval")
    bands = [s.of("tone_band").astype(str) for s in (dev, rest)]
    of_dev, of_rest = (all_pairs(s.templates, s.of("person"), "euclidean") for s in (dev, rest))
    wanted = choose_threshold(of_dev, 1e-2, cells=threshold_cells(dev)).value
    report = lab_audit("dlib")
    assert report.threshold == pytest.approx(wanted, rel=1e-4)
    for scores in (of_dev.impostor, of_dev.genuine):  # fewer digits, the same counts
        assert (scores >= np.float32(report.threshold)).sum() == (scores >= wanted).sum()
    table = group_table(of_rest, bands[1], report.threshold)
    for band in ("lighter", "medium", "darker"):
        for rate in RATES:
            assert row(report, band, rate)["errors"] == table[band, rate].errors
    assert report.tables["who"]["group"].tolist() == ["everyone", "lighter", "medium", "darker"]


@pytest.mark.slow
@pytest.mark.parametrize("matcher", [entry.name for entry in registry.offline()])
def test_every_matcher_of_the_lab_has_a_report(matcher):
    report = lab_audit(matcher, "presentation", 0.05)
    assert f"<h1>Audit of {matcher} on the people of Anytown</h1>" in report.html
    within = [row(report, half, "fmr")["value"] for half in ("lower", "upper")]
    assert 0.01 < sum(within) / 2 < 0.15, "near what was asked for on other people"
    learned = {
        "dlib": "by others, before this project",
        "SFace": "by others, before this project",
        "AnytownNet": "other people drawn by this project, and nobody else",
    }
    assert learned.get(matcher, "other people drawn by this project (train)") in report.html
    rule = "at a mean FMR of 0.05 within the cells of tone band and presentation."
    assert rule in section(report, "tested")
    true = report.numbers["threshold"]
    assert true["true_fmr_low"] < 0.05 < true["true_fmr_high"], "dev's threshold is an estimate"
    assert report.numbers["search"] == [] and "name" not in report.numbers["highest"][0]

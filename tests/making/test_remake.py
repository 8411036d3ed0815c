"""Stored pictures made again: the same bytes, or a difference that is noticed; what it costs."""

from __future__ import annotations

import numpy as np
import pytest

from labkit.making import costs, remake, store
from labkit.making.fingerprint import RECORD, fingerprint, recorded
from labkit.making.remake import remake_sample
from tests.making.cartoon import Cartoon


@pytest.mark.slow
def test_remaking_a_sample_gives_the_same_bytes(tmp_path):
    data = tmp_path / "data"
    options = {"data": data, "cache": tmp_path / "cache", "workers": 1, "quiet": True}
    store.make(**options, only=["train"], limit=3, studio=Cartoon())
    store.make(**options, only=["holdout", "paired"], limit=1, studio=Cartoon())
    for name in ("train", "holdout", "paired"):
        found = remake_sample([name], people=1, data=data, studio=Cartoon())
        assert found and all(r.same_bytes and r.same for r in found)
    other = Cartoon()
    other.develop = lambda radiance, capture: np.zeros((160, 160, 3), np.uint8)
    assert not any(r.same_bytes for r in remake_sample(["train"], data=data, studio=other))


@pytest.mark.parametrize("part", ["picture", "row", "template", "nothing"])
def test_code_that_draws_something_else_is_not_written_down(tmp_path, monkeypatch, part):
    one = remake.Remade(
        "10000-00",
        same_bytes=part != "picture",
        pixels=0.0,
        template=0.01 if part == "template" else 0.0,
        same_row=part != "row",
    )
    monkeypatch.setattr(remake, "remake_sample", lambda names, **options: [one])
    said = []
    code = remake.accept(data=tmp_path, say=said.append)
    if part == "nothing":
        assert code == 0 and recorded(tmp_path) == fingerprint()
    else:
        assert code == 1 and "Nothing was written down" in said[0]
        assert not (tmp_path / RECORD).exists()


def test_costs_are_said_step_by_step_and_for_all_of_it(capsys):
    costs.measure(people=1, workers=3, studio=Cartoon())
    said = capsys.readouterr().out
    for step in ("likeness", "dress", "radiance", "develop", "encode", "align and describe"):
        assert f"{step}: " in said
    assert "WebP quality 88:" in said and "minutes on one core, about" in said and "on 3" in said

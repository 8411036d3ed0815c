"""``data/maker``: whole, small, what the code draws and what the matchers make of it."""

from __future__ import annotations

import json

import numpy as np
import pandas as pd
import pytest

from labkit.base.codec import decode
from labkit.data import MAKER, data_folder
from labkit.experiment import strips
from labkit.making import maker

MOST_BYTES = 310_000
PIXELS, SCORE = 1.0, 0.02
"""On another machine sums may round otherwise: grey levels of 255 on average, a similarity."""


def test_the_folder_is_whole_and_small() -> None:
    stored = strips.load()
    assert sum(map(len, stored.pictures.values())) < MOST_BYTES
    assert set(stored.pictures) == set(maker.pictures())
    table = stored.table
    rows = [(seed, name, step) for seed, name, step, _draw in strips.drawn()]
    assert list(table[["person", "parameter", "step"]].itertuples(index=False, name=None)) == rows
    wanted = [strips.STRIPS[name].values[step] for _seed, name, step in rows]
    assert table["value"].tolist() == pytest.approx(wanted)
    about = json.loads((data_folder() / MAKER / "made.json").read_text("utf-8"))
    assert about["people"] == [p.seed for p in strips.people()]
    assert about["command"] == maker.COMMAND and len(about["code"]) == 16
    assert all(decode(content).shape == (160, 160, 3) for content in stored.pictures.values())


def test_what_is_shown_was_drawn_by_todays_code() -> None:
    """Whoever changes the drawing is told here too."""
    from labkit.making.fingerprint import earlier, recorded

    about = json.loads((data_folder() / MAKER / "made.json").read_text("utf-8"))
    assert about["code"] in (recorded(), *earlier())


def test_the_matchers_make_the_stored_numbers_of_the_stored_pictures() -> None:
    """All strips of one parameter of each kind, as both matchers see them today."""
    stored = strips.load()
    some = stored.table[stored.table["parameter"].isin(["nose_width", "yaw"])]
    starts = [f"{seed}/{strips.START}.webp" for seed in some["person"].unique()]
    contents = {file: stored.pictures[file] for file in dict.fromkeys([*starts, *some["file"]])}
    again = maker.described(contents)
    for row in some.itertuples():
        for name in strips.MATCHERS:
            pair = (again[name][f"{row.person}/{strips.START}.webp"], again[name][row.file])
            found = maker._alike(*pair, name)
            assert found == pytest.approx(getattr(row, name), abs=SCORE, nan_ok=True), row.file


@pytest.mark.slow
def test_a_sample_can_be_drawn_again() -> None:
    """One picture of the person's and one of the photograph's parameters."""
    stored = strips.load()
    drawn = maker.pictures()
    one, other = (p.seed for p in strips.people())
    for file in (strips.file_of(one, "jaw_width", 4), strips.file_of(other, "key_azimuth", 0)):
        before, now = decode(stored.pictures[file]), decode(maker.draw_one(drawn[file]))
        off = np.abs(before.astype(float) - now.astype(float)).mean()
        assert off <= PIXELS, f"{file}: {off:.2f} grey levels on average"


def test_parts_are_refused() -> None:
    with pytest.raises(ValueError, match="leave out --only"):
        maker.make(only=["nose_width"])


def test_whatever_was_drawn_is_not_drawn_again(tmp_path, monkeypatch) -> None:
    """A run that was interrupted goes on; the table and the checksums are of what is there."""
    stored = strips.load()
    from labkit.making.fingerprint import fingerprint

    cache = tmp_path / "cache"
    for file, content in stored.pictures.items():
        path = cache / fingerprint() / "maker" / file
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
    monkeypatch.setattr(maker, "draw_one", None)  # a second drawing would fail
    templates = {name: {f: np.ones(4) for f in stored.pictures} for name in strips.MATCHERS}
    monkeypatch.setattr(maker, "described", lambda _stored: templates)
    path = maker.make(data=tmp_path / "data", cache=cache, workers=1, quiet=True)
    table = pd.read_csv(path)
    assert len(table) == len(stored.table)
    assert set(table["dlib"]) == {0.0} and set(table["SFace"]) == {1.0}
    sums = (path.parent / "checksums.txt").read_text("utf-8").splitlines()
    assert len(sums) == len(stored.pictures) + 2

"""What is written for the human review and for the altered probes, from made-up people."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from labkit.base.codec import decode
from labkit.making.street import probes as making_probes
from labkit.making.street import review as making_review
from labkit.matchers.align import Face
from labkit.street import probes, review
from tests.street import made

POINTS = np.array([[120, 70], [95, 70], [40, 70], [65, 70], [80, 100]], np.float32)


class Finder:
    """Finds the same five points in every picture but black ones."""

    def many(self, pictures):
        """A face for each picture; its descriptor is the picture's mean."""
        return [
            None
            if not picture.any()
            else Face(
                (0, 0, 1, 1), POINTS, picture, np.full(made.WIDTH, picture.mean(), np.float32)
            )
            for picture in pictures
        ]


@pytest.fixture
def finder(monkeypatch):
    """Both makers look with it."""
    monkeypatch.setattr(making_probes, "WIDTH", made.WIDTH)
    for module in (making_review, making_probes):
        monkeypatch.setattr(module, "DlibPipeline", Finder)


def drawn(_gallery, row):
    """A grey picture, lighter for later rows."""
    return np.full((160, 160, 3), 20 + row % 200, np.uint8)


def test_a_sheet_and_a_table_hold_the_same_cases(finder, tmp_path):
    people = made.gallery()
    making_review.make_review(tmp_path, gallery=people, drawn=drawn)
    table = pd.read_csv(tmp_path / review.TABLE, keep_default_na=False)
    assert len(table) == 12 * 6 and table["place"].tolist() == [*range(6)] * 12
    cases = review.Review(table, (tmp_path / review.SHEET).read_bytes())
    for case in (0, 11):
        for place, seen in enumerate(cases.pictures(case)):
            row = table[(table["case"] == case) & (table["place"] == place)]["image"].iloc[0]
            assert abs(float(seen.mean()) - drawn(people, row).mean()) < 3
    assert (cases.mates > 0).sum() == 6
    assert table["eyes inner"].astype(float).round(4).nunique() == 1
    assert float(table["eyes inner"].iloc[0]) == pytest.approx(30 / 80)


def test_the_least_alike_have_the_lowest_percentage(finder, tmp_path):
    making_review.make_review(tmp_path, gallery=made.gallery(), drawn=drawn)
    table = pd.read_csv(tmp_path / review.TABLE)
    for _case, of in table[table["place"] > 0].groupby("case"):
        assert of["percent"].is_monotonic_decreasing and of["score"].is_monotonic_decreasing


def test_a_picture_without_a_face_has_no_distances():
    assert np.isnan(list(making_review._distances(None).values())).all()


def test_a_sheet_of_too_few_pictures_is_refused():
    grey = np.zeros((160, 160, 3), np.uint8)
    with pytest.raises(ValueError, match="480 pixels wide"):
        making_review.sheet_of([grey] * 2, 3)
    assert decode(making_review.sheet_of([grey] * 6, 3)).shape == (320, 480, 3)


def test_altered_probes_are_described_and_two_people_are_shown(finder, tmp_path, monkeypatch):
    people = made.gallery(dev=4)
    monkeypatch.setattr(making_probes, "chosen", lambda of: chosen(of))

    def chosen(of):
        rows = of.rows("mates", photo=1)[:4]
        return pd.DataFrame(
            {"image": rows, "band": "lighter", "other": np.roll(rows, 1), "look_alike": rows}
        )

    making_probes.make_probes(tmp_path, gallery=people, drawn=drawn)
    names = [probes.TABLE, probes.TEMPLATES, probes.SHEET]
    assert sorted(p.name for p in tmp_path.iterdir()) == sorted(names)
    with np.load(tmp_path / probes.TEMPLATES) as held:
        assert sorted(held.files) == ["blurred", "mouth", "points"]
        assert held["blurred"].shape == (4, made.WIDTH) and np.isfinite(held["mouth"]).all()
        assert held["points"].shape == (4, 2, 5, 2)
    sheet = decode((tmp_path / probes.SHEET).read_bytes())
    assert sheet.shape == (160, 160 * probes.TILES, 3), "of the first of these four only"
    own = drawn(people, people.rows("mates", photo=1)[0])
    assert abs(float(sheet[:, :160].mean()) - own.mean()) < 3


def test_a_lost_face_gives_no_template(finder):
    black = np.zeros((160, 160, 3), np.uint8)
    out = making_probes.described(Finder(), [black, black + 9])
    assert np.isnan(out[0]).all() and np.isfinite(out[1]).all()
    lost = making_probes.points_of(None)
    assert probes.with_mouth(black, lost, black, POINTS) is black

"""The final table: made once, from what was written down, and what is stored is what comes out."""

from __future__ import annotations

import json
import math

import pytest

from labkit import data, remedies
from labkit.base.files import DamagedFile
from labkit.making import remedies as making
from labkit.remedies import holdout
from tests.remedies import made


@pytest.fixture
def small(monkeypatch):
    """The command with a made-up town in the place of holdout."""
    town = made.town()
    looked = []

    def of(name, test):
        looked.append((name, test))
        return town

    monkeypatch.setattr(making.room.Town, "of", of)
    monkeypatch.setattr(making, "final_remedies", lambda t: [remedies.drawn_again(t, draws=5)])
    monkeypatch.setattr(making, "registered", lambda: ["dlib"])
    monkeypatch.setattr(making, "crops_of_holdout", lambda *args, **how: None)
    return looked


def test_the_final_table_is_made_once(small, tmp_path):
    """A second look at holdout is refused: whoever chooses after looking has no final table."""
    path = making.make(data=tmp_path)
    assert small == [("dlib", "anytown/holdout")]
    table = holdout.final(data=tmp_path)
    assert len(table) == 4 + 2 + 4 and (table["people"] == 80).all()
    about = holdout.made(data=tmp_path)
    assert about["set"] == "anytown/holdout" and about["people"] == 160
    assert about["command"] == "python -m labkit make remedies"
    with pytest.raises(FileExistsError, match="the people of holdout are used once"):
        making.make(data=tmp_path)
    path.write_text("changed", encoding="utf-8")
    with pytest.raises(DamagedFile, match=r"final\.csv"):
        holdout.final(data=tmp_path)


def test_pictures_can_be_drawn_without_looking(small, tmp_path):
    making.make(data=tmp_path, only=["pictures"])
    assert not list(tmp_path.rglob("final.csv")) and not small
    with pytest.raises(ValueError, match="makes no"):
        making.make(data=tmp_path, only=["table"])


def test_the_remedies_of_the_final_table_are_those_written_down():
    """Names and settings, as they were before anybody looked at holdout."""
    found = holdout.final_remedies(remedies.Town.of("dlib"))
    assert [r.name for r in found] == [
        "nothing, dev drawn again",
        "group thresholds",
        "group thresholds, 10% wrong records",
        "quality gate (brightness)",
        "quality gate (sharpness)",
        "recentred, balanced sample",
        "S-norm, balanced cohort",
        "S-norm, lighter cohort",
    ]


def test_a_summary_has_a_row_for_each_remedy():
    town = made.town()
    null = remedies.drawn_again(town, draws=5)
    table = holdout.as_rows([null])
    shown = holdout.summary(table, "fmr")
    assert shown.columns.tolist() == ["a", "b"] and len(shown) == 1
    before, after = (t["b", "fmr"].value for t in (null.before, null.after))
    assert shown.iloc[0]["b"] == f"{before:.4f} → {after:.4f}"


@pytest.mark.parametrize("matcher", ["dlib", "SFace"])
def test_what_is_stored_comes_out_again(matcher):
    """A part of the final table, computed anew from the people of holdout."""
    town = remedies.Town.of(matcher, test="anytown/holdout")
    table = remedies.final()
    own = table[(table["matcher"] == matcher) & (table["remedy"] == "group thresholds")]
    changes = remedies.group_thresholds(town, draws=0).changes
    stored = own.set_index(["what", "group"])
    for key, row in changes.iterrows():
        for column in ("before", "after", "change", "low", "high"):
            one, other = float(row[column]), float(stored.loc[key, column])
            assert (math.isnan(one) and math.isnan(other)) or one == pytest.approx(other, rel=1e-5)


def test_everybody_of_the_final_table_is_there():
    table, about = remedies.final(), remedies.made()
    assert set(table["matcher"]) == set(about["matchers"])
    assert set(about["matchers"]) <= set(holdout.MATCHERS)
    assert json.dumps(about) and about["people"] == len(data.load("anytown/holdout").people)
    per = table.groupby(["matcher", "remedy"]).size()
    assert len(per) == 8 * len(about["matchers"]) and per.nunique() == 1
    assert set(table["group"]) == {"lighter", "medium", "darker"}

"""Group tables by style of the mated pairs, and counts by the groups of both people."""

from __future__ import annotations

import numpy as np
import pytest

from labkit import data
from labkit.measure.disparity import confusion, group_table
from labkit.measure.faces import compare_faces
from labkit.measure.groups import by_style, confusion_counts
from labkit.measure.scores import STYLES, all_pairs

T = -0.379
BANDS = ["lighter", "medium", "darker"]


@pytest.fixture(scope="module")
def faces():
    return data.load("anytown/eval")


@pytest.fixture(scope="module")
def pairs(faces):
    return compare_faces(faces)


def test_styles_share_out_the_mated_pairs_and_none_of_the_false_matches(pairs, faces):
    half = faces.groups("presentation_half")
    tables = by_style(pairs, half, T)
    assert tuple(tables) == STYLES
    for name in half.categories:
        whole, same, other = (t[name, "false_rejection"] for t in tables.values())
        assert same.errors + other.errors == whole.errors > same.errors
        assert same.trials + other.trials == whole.trials
        assert len({t[name, "fmr"].text() for t in tables.values()}) == 1
        plain = group_table(pairs.mated_only("restyled"), half, T)
        assert tables["restyled"][name, "fnmr"] == plain[name, "fnmr"]


def test_a_group_named_by_hand_keeps_its_place():
    pairs = all_pairs([[0.0], [1.0], [3.0]], [1, 1, 2], kept=[True, True, False])
    table = by_style(pairs, ["b", "b", "a"], -1.5, names=["b", "a"])["same style"]
    assert table.names == ["b", "a"]


def test_pairs_that_do_not_know_their_styles_are_refused():
    with pytest.raises(ValueError, match="do not know who kept their style"):
        by_style(all_pairs([[0.0], [1.0]], [1, 1]), ["a", "a"], -1.5)


def test_counts_by_both_groups_add_up_to_the_whole_table(pairs, faces):
    band = faces.groups("tone_band")
    small = confusion_counts(pairs, band, T)
    false, compared, _ = pairs.pair_counts(T)
    assert small["comparisons"].sum() == compared.sum() // 2 == pairs.impostor.size
    assert small["false matches"].sum() == false.sum() // 2
    assert small.index.names == ["one person", "the other"] and len(small) == 6
    assert small.index[0] == ("lighter", "lighter") and small.index[-1] == ("darker", "darker")
    rate = small["false matches"] / small["comparisons"]
    cell = confusion(pairs, band, T)
    for a, b in small.index:
        assert rate[a, b] == pytest.approx(cell.loc[a, b]) == cell.loc[b, a]


def test_counts_keep_the_order_that_was_asked_for():
    pairs = all_pairs([[0.0], [1.0], [5.0]], [1, 2, 3])
    small = confusion_counts(pairs, ["a", "b", "b"], -2, names=["b", "a"])
    assert small.index.tolist() == [("b", "b"), ("b", "a"), ("a", "a")]
    assert small.to_numpy().tolist() == [[1, 0], [2, 1], [0, 0]]
    assert all(np.issubdtype(kind, np.integer) for kind in small.dtypes)


def test_a_group_table_is_shown_with_the_columns_asked_for_in_short_cells(pairs, faces):
    table = group_table(pairs, faces.groups("tone_band"), T)
    columns = ["people", "FTA", "FNMR", "false rejection", "FMR"]
    behind = "pairs of people with a false match"
    shown = table.show(columns=[*columns, behind])
    assert list(shown) == [*columns, behind] and shown.index.tolist() == BANDS
    assert max(len(str(x)) for x in shown.to_numpy().ravel()) < 50
    i = table["darker", "fmr"]
    assert shown.loc["darker", behind] == f"{i.error_pairs:,} of {i.person_pairs:,}"
    assert behind not in table.show()
    with pytest.raises(ValueError, match="there is no column 'FMRR': use people, images, FTA"):
        table.show(columns=["people", "FMRR"])

"""What notebook 05 concludes, held against the data; and each sentence in all its branches."""

from __future__ import annotations

import math

import numpy as np
import pandas as pd
import pytest

from labkit import data
from labkit.measure import rates
from labkit.measure.disparity import confusion, group_table
from labkit.measure.intervals import Interval
from labkit.people.who import NAMES
from lessons.nb05 import exercises as nb05


@pytest.fixture(scope="module")
def faces():
    return data.load("anytown/eval")


@pytest.fixture(scope="module")
def pairs():
    return nb05.pairs()


@pytest.fixture(scope="module")
def t():
    return nb05.threshold()


@pytest.fixture(scope="module")
def table(pairs, faces, t):
    return group_table(pairs, faces.of("tone_band"), t, names=nb05.BANDS)


# ---- what the prose and the headlines say --------------------------------------------------------


def test_the_threshold_is_what_the_protocol_says(t):
    dev = data.load("anytown/dev")
    parts = nb05.pairs("anytown/dev").within(dev.of("tone_band")).values()
    assert np.mean([rates.fmr(p.impostor, t) for p in parts]) == pytest.approx(1e-2, rel=1e-3)
    whole = rates.fmr(nb05.pairs("anytown/dev").impostor, t)
    assert whole < 0.9e-2, "the text says that the rate over all pairs is lower"


def test_the_primary_question_is_open_and_twofold_was_not_excluded(table):
    row = table.contrasts("lighter").loc["darker"]
    assert row["low"] <= 1 <= row["high"], "headlines 'equal' and 'open' speak of this"
    assert row["high"] > 2


def test_rejections_differ_at_deeper_tones(table):
    row = table.contrasts("lighter", "false_rejection").loc["darker"]
    assert row["low"] > 1 and row["p_holm"] < 0.05, "headline 'misses' says so"


def test_worst_of_six_cells_is_nearly_twice_the_best_and_luck_gives_as_much(pairs, faces, t):
    cells = group_table(pairs, nb05.cells(faces), t, names=nb05.CELLS)
    row = cells.spread().loc["max/min"]
    assert 1.7 < row["value"] < 2.1
    assert row["share_of_null_at_least"] > 0.05


def test_people_of_two_bands_are_rarely_confused(pairs, faces, t):
    small = nb05.small()
    rate = small["false matches"] / small["comparisons"]
    assert rate["lighter", "darker"] < 0.5 * rate["darker", "darker"]
    cell = confusion(pairs, faces.of("tone_band"), t, names=nb05.BANDS)
    assert rate["darker", "darker"] == pytest.approx(cell.loc["darker", "darker"])


def test_hardly_a_face_was_lost_on_eval_and_many_under_the_poor_camera(pairs):
    counts = nb05.counts()
    lost = counts["photographs without a face found"] / counts["photographs"]
    assert (~pairs.usable).mean() < 0.005 < 0.02 < lost
    assert counts["mated pairs planned"] == 160 * 6 and counts["photographs"] == 160 * 4


def test_restyled_pairs_carry_the_gap_by_presentation(pairs, faces, t):
    words = nb05.told_style(pairs, faces.of("presentation_half"), t, nb05.HALVES)
    assert "restyled pairs: false rejection of upper / false rejection of lower" in words
    assert "a difference" in words and "too few for a ratio" in words
    assert "has no support here" in words


def test_portraits_stand_in_the_pairs_as_the_caution_says(faces):
    kept = faces.of("styling_kept")[:6] == 1
    photos = faces.of("photo")[:6]
    both = [(i, j) for i in range(6) for j in range(i + 1, 6)]
    same = [p for p in both if kept[list(p)].all()]
    assert len(same) == 3 and sum(photos[i] == 0 for i, _ in same) == 2
    assert len(both) - len(same) == 12
    assert sum(photos[i] == 0 for i, j in both if (i, j) not in same) == 3


def test_who_shares_a_tone_is_confused_more_often(pairs, faces, t):
    assert "confused more often. The all-pairs" in nb05.told_confusion(
        pairs, faces.of("tone_band"), t
    )


def test_summaries_that_mix_in_misses_are_far_from_equal(table):
    words = nb05.told_summaries(table.spread())
    assert "Those that mix in misses are far, those of FMR alone are not." in words


def test_the_audit_sees_alike_faces_and_keeps_quiet_about_parity(pairs, faces, t):
    shape = faces.people[list(NAMES)]
    far = ((shape - shape.mean()) ** 2).sum(axis=1) ** 0.5
    third = pd.qcut(far, 3, labels=["near", "between", "far"]).astype(str)
    near, apart = (nb05.shape_distance(faces, third, k, k) for k in ("near", "far"))
    assert near < 0.95 * apart, "the text says that people near the average are more alike"
    rows = [
        group_table(pairs, groups, t).contrasts(reference).loc[group]
        for groups, group, reference in (
            (third.loc[faces.of("person")].to_numpy(), "near", "far"),
            (np.where(faces.of("person") % 2, "odd", "even"), "odd", "even"),
        )
    ]
    assert "sees what was put there" in nb05.told_control(rows[0], "near", "far", True)
    assert "Rightly, nothing" in nb05.told_control(rows[1], "odd", "even", False)


def test_the_linked_population_came_out_as_the_text_and_its_datasheet_say(faces, t):
    linked = data.load("teaching/linked")
    by_band = group_table(nb05.compare(linked, linked.templates), linked.of("tone_band"), t)
    row = by_band.contrasts("lighter").loc["darker"]
    words = nb05.told_linked(row, *nb05.distances(linked, faces))
    assert "bands move apart, but people within a band are not more" in words


def test_rows_make_intervals_too_narrow(pairs, faces, t):
    from fairlearn.metrics import MetricFrame, selection_rate

    portrait, band = faces.of("photo") == 0, faces.of("tone_band")
    chosen = pairs.select(portrait)
    parts = chosen.within(band[portrait])
    said = np.concatenate([parts[b].impostor >= t for b in nb05.BANDS]).astype(int)
    frame = MetricFrame(
        metrics=selection_rate, y_true=said * 0, y_pred=said,
        sensitive_features=np.repeat(nb05.BANDS, [parts[b].impostor.size for b in nb05.BANDS]),
        n_boot=40, ci_quantiles=[0.025, 0.975], random_state=0,
    )  # fmt: skip
    own = group_table(chosen, band[portrait], t, names=nb05.BANDS)
    for b in nb05.BANDS:
        assert frame.by_group[b] == pytest.approx(own[b, "fmr"].value)  # "the rates agree"
    assert (nb05.side_by_side(frame, own)["times as wide"] > 1.3).all()


# ---- every branch of every sentence --------------------------------------------------------------


def row(ratio=1.5, low=0.8, high=2.5, **more):
    return pd.Series({"ratio": ratio, "low": low, "high": high, "detectable": 2.2, "p_holm": 0.2,
                      "words": "why", **more}, dtype=object)  # fmt: skip


@pytest.mark.parametrize(
    ("one", "said"),
    [
        (row(), "no difference was shown. That is not 'equal': ratios from 0.80 to 2.50"),
        (row(2, 1.2, 3.1), "a difference, FMR is higher for b"),
        (row(0.5, 0.2, 0.9), "a difference, FMR is lower for b"),
        (row(1.2, math.nan, math.nan), "FMR, b against a: why."),
    ],
)
def test_a_contrast_in_words(one, said):
    assert said in nb05.told_contrast(one, "b", "a")
    table = pd.DataFrame({"b": one}).T
    primary = nb05.told_primary(table, "b", "a")
    assert primary.startswith("Primary question.") and said in primary
    assert (nb05.CAUSE in primary) == ("a difference" in said and "no diff" not in said)


@pytest.mark.parametrize(
    ("one", "expected", "said"),
    [
        (row(2, 1.2, 3.1), True, "The audit sees what was put there"),
        (row(), True, "THE AUDIT MISSED"),
        (row(1.2, math.nan, math.nan), True, "THE AUDIT MISSED"),
        (row(), False, "Rightly, nothing was found"),
        (row(2, 1.2, 3.1), False, "A FALSE ALARM"),
    ],
)
def test_a_control_in_words(one, expected, said):
    assert said in nb05.told_control(one, "b", "a", expected)


@pytest.mark.parametrize(
    ("one", "across", "said"),
    [
        (row(2, 1.2, 3.1), (10.3, 10.0), "finds a false-match gap"),
        (row(), (10.3, 10.0), "bands move apart"),
        (row(), (10.0, 10.0), "though shape IS linked to tone."),
    ],
)
def test_the_linked_population_in_words(one, across, said):
    within = {"lighter": (9.9, 10.0), "darker": (10.0, 10.0)}
    words = nb05.told_linked(one, within, across)
    assert said in words and "within lighter -1.0%" in words


@pytest.mark.parametrize(
    ("share", "median", "said"),
    [(0.01, 1.4, "more than luck alone gives"), (0.3, 1.4, "no more than luck"),
     (math.nan, math.nan, "max/min: why.")],
)  # fmt: skip
def test_max_min_in_words(share, median, said):
    one = {"value": 1.9, "null_median": median, "null_95": 2.5, "words": "why",
           "share_of_null_at_least": share}  # fmt: skip
    assert said in nb05.told_spread(pd.Series(one, dtype=object), 3)


@pytest.mark.parametrize(
    ("shares", "there", "not_there"),
    [
        ((0.2, 0.01), "Those that mix in misses are far", "zzz"),
        ((0.01, 0.01), "Farther from equal", "Those that mix"),
        ((0.2, 0.3), "Within what equal groups give", "Farther"),
        ((math.nan, math.nan), "Too few errors", "Within"),
    ],
)
def test_summaries_in_words(shares, there, not_there):
    spread = pd.DataFrame(
        {"of": ["FMR", "FMR and FNMR, alpha 0.5"], "share_of_null_at_least": shares},
        index=["max/min", "GARBE"],
    )
    words = nb05.told_summaries(spread)
    assert there in words and not_there not in words


@pytest.mark.parametrize(("high", "said"), [(0.002, "confused more often. The"), (0.02, "is not")])
def test_confusion_in_words(monkeypatch, high, said):
    own, across = Interval(0.01, 0.008, 0.013), Interval(0.0015, 0.001, high)
    cells = {"lighter": {"lighter": own, "darker": across}, "darker": {"darker": own}}
    monkeypatch.setattr(nb05, "confusion", lambda *_, **__: pd.DataFrame(cells).T)
    assert said in nb05.told_confusion(None, None, 0.0)


def test_matchers_in_words():
    class Table:
        def contrasts(self, reference, rate):
            return pd.DataFrame({
                "medium": row(0.5, 0.3, 0.8, p=0.012),
                "darker": row(p=math.nan, low=math.nan, high=math.nan),
                "other": row(p=0.3),
            }).T  # fmt: skip

    words = nb05.told_matchers({"dlib": Table()}, "lighter")
    assert "3 looks" in words and "medium 0.50 [0.30, 0.80], differs" in words
    assert "darker: why" in words and "other 1.50 [0.80, 2.50], not shown to differ" in words
    many = nb05.told_matchers({k: Table() for k in "abc"}, "lighter")
    assert "], differs" not in many, "six p-values of .012 to .3 are adjusted together"


def test_the_sentence_beside_tables_by_tone_is_whole():
    for part in ("independent of face shape", "cannot appear", "factors of 10 to beyond 100",
                 "by country of birth and sex, border and visa photographs", "not for all",
                 "Grother, Ngan and Hanaoka 2019, NIST IR 8280",
                 "not races or genders"):  # fmt: skip
        assert part in nb05.LIMITS
    assert "independent of face shape" in nb05.LIMIT and nb05.LIMIT.count(".") == 1


@pytest.mark.parametrize(
    ("one", "said"),
    [
        (row(1.59, 0.94, 2.68), "100 false matches of two a people there would be 200 of two b"),
        (row(0.7, 0.4, 1.2), "100 false matches of two b people there would be 200 of two a"),
        (row(1.2, 0.8, 1.7), ""),
        (row(3, 2.2, 4), ""),
        (row(1.2, math.nan, math.nan), ""),
    ],
)
def test_a_gap_that_could_have_been_missed_is_told_for_people(one, said):
    words = nb05.told_primary(pd.DataFrame({"b": one}).T, "b", "a")
    assert said in words and ("twofold" in words) == bool(said)


class Rejections:
    """As much of a group table as the sentence about rejections asks for."""

    def __init__(self, **rows):
        self.rows = pd.DataFrame(rows).T

    def contrasts(self, reference, rate):
        return self.rows

    def __getitem__(self, key):
        errors = 20 if key[0] == "lighter" else 40
        return Interval(errors / 200, errors=errors, trials=200)


def test_rejections_that_differ_are_told_first():
    words = nb05.told_misses(
        Rejections(medium=row(), darker=row(2, 1.4, 2.9, p_holm=0.01)), "lighter"
    )
    assert words.startswith(
        "People drawn darker were rejected more often than people drawn lighter: 20.0 of 100 times"
        " against 10.0 (40 of 200 pairs of their own photographs, and 20 of 200)"
    )
    assert words.index("Exploratory, adjusted for 2") < words.index("no difference was shown")
    fewer = nb05.told_misses(Rejections(medium=row(0.5, 0.3, 0.8, p_holm=0.01)), "lighter")
    assert "rejected less often" in fewer


def test_rejections_that_do_not_differ_after_adjusting():
    words = nb05.told_misses(Rejections(medium=row(), darker=row(1.6, 1.1, 2.4)), "lighter")
    assert nb05.CAUSE not in words and words.count("After adjusting it is not shown.") == 1


def test_the_explorer_is_read_with_the_numbers_of_the_group_table(table):
    words = nb05.told_explorer(table)
    for name in nb05.BANDS:
        assert f"{name} {table[name, 'fmr'].short()}" in words
        assert f"{name} {table[name, 'false_rejection'].short()}" in words


def test_the_names_in_the_explorer_say_which_matcher():
    assert list(nb05.VIEWS) == ["dlib, all pairs", "dlib, same style", "dlib, restyled"]
    assert set(nb05.VIEWS.values()) == set(nb05.STYLES)


def test_tables_for_reading_hold_short_cells(table):
    shown, spread = nb05.shown(table), nb05.shown_spread(table.spread())
    assert max(len(str(x)) for x in shown.to_numpy().ravel()) < 50
    assert max(len(str(x)) for x in spread.to_numpy().ravel()) < 30
    assert shown.loc["darker"].iloc[-1] == (
        f"{table['darker', 'fmr'].error_pairs:,} of {table['darker', 'fmr'].person_pairs:,}"
    )
    shares = pd.DataFrame(
        {"of": "FMR", "value": 1.0, "null_median": 1.0, "null_95": 1.0,
         "share_of_null_at_least": [0.004, 0.22, math.nan]}
    )  # fmt: skip
    last = nb05.shown_spread(shares).iloc[:, -1].tolist()
    assert last == ["below 1%", "22%", "not known"]

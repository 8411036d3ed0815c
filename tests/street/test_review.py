"""Human review: who is in the cases, what answers come to, and that rules are no people."""

from __future__ import annotations

import numpy as np
import pytest

from labkit import data
from labkit.street import review
from tests.street import made


@pytest.fixture(scope="module")
def people():
    return made.gallery()


@pytest.fixture(scope="module")
def found(people):
    return review.searches(people)


def test_the_mate_is_there_in_half_of_the_cases_and_absent_in_the_other_half(people, found):
    """Finding: whether somebody is named when nobody is right was asked in no test of the lab."""
    bands = people.images["tone_band"].to_numpy()[found.images]
    cases = review.chosen(found, bands)
    there = np.array([found.mates[k] > 0 for k, _ in cases])
    shown = np.array([with_percent for _, with_percent in cases])
    assert len(cases) == len({k for k, _ in cases}) == 12
    assert there.sum() == 6 and (found.present[[k for k, _ in cases]] == there).all()
    for band in made.BANDS:
        of = np.array([bands[k] == band for k, _ in cases])
        for present in (True, False):
            assert sorted(shown[of & (there == present)]) == [False, True]


def test_the_order_of_the_cases_tells_nothing(people, found):
    bands = people.images["tone_band"].to_numpy()[found.images]
    first = [found.mates[review.chosen(found, bands, seed)[0][0]] > 0 for seed in range(40)]
    assert 8 < sum(first) < 32
    assert review.chosen(found, bands) == review.chosen(found, bands)


def test_a_band_with_too_few_is_refused(people, found):
    bands = people.images["tone_band"].to_numpy()[found.images]
    nobody = found._replace(mates=np.where(bands == "medium", 0, found.mates))
    with pytest.raises(ValueError, match="0 medium people for two cases"):
        review.chosen(nobody, bands)


def test_a_search_knows_the_place_of_the_mate(people, found):
    person = people.images["person"].to_numpy()
    for k in np.flatnonzero(found.mates)[:20]:
        assert person[found.rows[k, found.mates[k] - 1]] == person[found.images[k]]
    assert (found.mates[~found.present] == 0).all() and (found.mates[found.present] > 0).any()
    assert (np.diff(found.scores, axis=1) <= 0).all()


def test_a_probe_without_a_face_has_no_candidates(people):
    lost = people.vectors.copy()
    probe = people.rows("council", photo=1)[0]
    lost[probe] = np.nan
    found = review.searches(made.Made(people.images, people._root, lost))
    (k,) = np.flatnonzero(found.images == probe)
    assert (found.rows[k] == -1).all() and np.isnan(found.scores[k]).all()
    assert review.by_rule(found.scores[[k], 0]) == ["nobody"]


def test_a_gallery_made_in_part_is_searched_as_far_as_it_goes(people):
    rows = review.enrolled_in(people)
    bands = people.images["tone_band"].to_numpy()[rows]
    assert [(bands == b).sum() for b in made.BANDS] == [60, 36, 24]


def test_answers_are_counted_where_somebody_is_enrolled_and_where_not():
    """Finding: counts, not rates, and wrong names apart from misses."""
    c = review.counted(["1", "3", "nobody", "2", "nobody", ""], [1, 2, 1, 0, 0, 3])
    assert c == review.Counted(5, 3, 1, 1, 1, 2, 1, 1)


def test_whose_entry_is_not_listed_can_only_be_missed_or_mistaken():
    c = review.counted(["1", "nobody"], [0, 0], present=[True, True])
    assert (c.present, c.right, c.other, c.missed, c.named) == (2, 0, 1, 1, 0)


def test_wrong_answers_are_refused():
    with pytest.raises(ValueError, match="2 cases and 1 answers"):
        review.counted(["1"], [0, 0])
    with pytest.raises(ValueError, match="'6' is no answer"):
        review.counted(["6"], [0])


def test_a_rule_that_always_names_the_first_names_somebody_in_every_absent_case():
    found = review.searches(made.gallery(noise=0.6))
    always = review.counted(review.by_rule(found.scores[:, 0]), found.mates, found.present)
    assert always.named == always.absent > 0 and always.missed == 0
    cut = float(np.median(found.scores[:, 0]))
    some = review.counted(review.by_rule(found.scores[:, 0], cut), found.mates, found.present)
    assert 0 < some.named < always.named and some.missed > 0


def test_the_rule_s_threshold_comes_from_people_who_are_in_no_case(people):
    """Finding: a threshold is chosen on other people than it is judged on."""
    cut = review.threshold_of(people, 0.2)
    index_free = people.vectors.copy()
    for who in ("mates", "council"):
        index_free[people.rows(who, photo=1)] += 5
    other = made.Made(people.images, people._root, index_free)
    assert review.threshold_of(other, 0.2).value == cut.value
    assert cut.searches == len(people.rows("dev", photo=1))


def test_the_table_of_rates_has_both_kinds_of_error(found):
    table = review.rates(found, float(np.median(found.scores[:, 0])))
    assert list(table["not enrolled"]) == [(~found.present).sum()] * 2
    assert table["a name all the same"].iloc[0].startswith("1.00")


# ---- what is shipped ----------------------------------------------------------------------------


def test_the_shipped_cases_are_balanced_and_have_pictures_and_facts():
    cases = review.cases()
    assert len(cases) == 12 and (cases.mates > 0).sum() == 6
    assert cases.shown[cases.mates > 0].sum() == cases.shown[cases.mates == 0].sum() == 3
    assert len(cases.sheet) < 300_000
    pictures = cases.pictures(11)
    assert [p.shape for p in pictures] == [(160, 160, 3)] * 6
    for case in range(12):
        rows = cases.facts(case)
        assert len(rows) == 11 and all(len(row) == 7 for row in rows)
        assert not any(str(seed) in str(rows) for seed in cases.table["person"])


def test_the_shipped_cases_are_what_the_gallery_gives():
    people, cases = data.gallery(), review.cases()
    found = review.searches(people)
    bands = people.images["tone_band"].to_numpy()[found.images]
    for case, (k, shown) in enumerate(review.chosen(found, bands)):
        of = cases.table[cases.table["case"] == case]
        assert of["image"].tolist() == [found.images[k], *found.rows[k]]
        assert cases.mates[case] == found.mates[k] and cases.shown[case] == shown
        assert np.allclose(cases.scores[case], found.scores[k], atol=1e-5)
        assert people.images["person"].iloc[of["image"]].tolist() == of["person"].tolist()


def test_the_percentage_is_deepface_s_and_falls_with_the_score():
    from deepface.modules.verification import find_confidence

    cases = review.cases()
    wanted = [[find_confidence(-s, "Dlib", True, "euclidean") for s in row] for row in cases.scores]
    assert np.allclose(cases.percents, wanted, atol=0.05)
    assert (np.diff(cases.percents, axis=1) <= 0).all()

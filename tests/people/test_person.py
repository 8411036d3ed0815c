"""Who the people are: the promises of person, styling and capture, with bounds derived from n."""

from __future__ import annotations

import math
import pickle

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from labkit.people.who import (
    Capture,
    Covering,
    Glasses,
    Person,
    sample_capture,
    sample_covering,
    sample_person,
    sample_shirt,
    sample_styling,
    tables,
)
from labkit.people.who.parameters import BY_NAME, FACTORS, LIMIT, NAMES, PARAMETERS
from labkit.people.who.person import COVERINGS
from labkit.people.who.styling import HAIRCUTS

N = 4000
# A correlation of independent numbers has standard error 1/sqrt(n).  Of about 80 looked at,
# 4.5 standard errors are passed by chance once in about 2,000 test runs.
BOUND = 4.5 / math.sqrt(N)


@pytest.fixture(scope="module")
def people() -> list[Person]:
    return [sample_person(seed) for seed in range(N)]


@pytest.fixture(scope="module")
def shapes(people):
    return np.array([list(p.shape.values()) for p in people])


def correlations(x, table):
    x = (x - x.mean()) / x.std()
    z = (table - table.mean(0)) / table.std(0)
    return z.T @ x / len(x)


def share_bound(p: float, n: int) -> float:
    """4.5 standard errors of a share."""
    return 4.5 * math.sqrt(p * (1 - p) / n)


def test_the_table_names_every_parameter_once_and_describes_both_ends():
    assert len(NAMES) == len(set(NAMES)) == 72
    for p in PARAMETERS:
        assert p.low and p.high and p.meaning and p.low != p.high, p.name
        assert abs(p.presentation) <= 1 and abs(p.age) <= 0.5
    for members in FACTORS.values():
        assert set(members) <= set(NAMES)


def test_tone_is_independent_of_shape_presentation_age_and_marks(people, shapes):
    tone = np.array([p.tone for p in people])
    assert np.abs(correlations(tone, shapes)).max() < BOUND
    rest = np.array(
        [[p.presentation, p.age, p.greyness, p.hair_loss, p.marks.freckles, len(p.marks.moles)]
         for p in people]
    )  # fmt: skip
    assert np.abs(correlations(tone, rest)).max() < BOUND
    # Independence is more than no correlation: spread does not depend on tone either.
    assert np.abs(correlations(np.abs(tone - 0.5), np.abs(shapes - shapes.mean(0)))).max() < BOUND


def test_tone_presentation_and_age_are_flat(people):
    for values, low, high in (
        ([p.tone for p in people], 0, 1),
        ([p.presentation for p in people], -1, 1),
        ([p.age for p in people], 18, 85),
    ):
        counts = np.histogram(values, 10, (low, high))[0] / N
        assert np.abs(counts - 0.1).max() < share_bound(0.1, N)


def test_presentation_moves_means_only_where_the_table_says(people, shapes):
    presentation = np.array([p.presentation for p in people])
    age = np.array([p.age for p in people])
    r = correlations(presentation, shapes)
    for j, name in enumerate(NAMES):
        if BY_NAME[name].presentation == 0:
            assert abs(r[j]) < BOUND, name
        if abs(BY_NAME[name].presentation) >= 0.3:
            assert r[j] * BY_NAME[name].presentation > 0, name
        if BY_NAME[name].age == 0:
            assert abs(correlations(age, shapes[:, [j]])[0]) < BOUND, name


def test_widths_go_together_and_nobody_is_a_caricature(shapes):
    r = np.corrcoef(shapes.T)
    at = NAMES.index
    assert 0.4 < r[at("face_width"), at("temple_width")] < 0.6
    assert 0.3 < r[at("face_length"), at("nose_length")] < 0.5
    assert 0.2 < r[at("nose_width"), at("mouth_width")] < 0.4
    assert np.abs(shapes).max() <= LIMIT
    # Tempered scores: under 1 parameter in 20 beyond 1.6 on an ordinary face.
    assert (np.abs(shapes) > 1.6).mean() < 0.05


def test_about_one_person_in_four_has_no_or_a_partial_crease(shapes):
    crease = shapes[:, NAMES.index("lid_crease")]
    assert 0.15 < (crease < -0.8).mean() < 0.25
    assert 0.22 < (crease < -0.55).mean() < 0.33


def test_giving_a_tone_changes_nothing_but_the_pigments_read_at_it(people):
    for p in people[:200]:
        q = sample_person(p.seed, tone=0.95)
        assert q.with_(tone=p.tone, hair_colour=p.hair_colour, iris=p.iris) == p


def test_giving_presentation_or_age_leaves_tone_and_own_detail(people):
    for p in people[:50]:
        q = sample_person(p.seed, presentation=0.2, age=33)
        assert (q.tone, q.iris, q.hair_colour) == (p.tone, p.iris, p.hair_colour)
        still = [n for n in NAMES if not BY_NAME[n].presentation and not BY_NAME[n].age]
        assert all(q.shape[n] == p.shape[n] for n in still)


def test_with_changes_that_and_nothing_else(people):
    p = people[7]
    assert p.with_(tone=0.9).with_(tone=p.tone) == p
    q = p.with_(nose_width=1.5)
    assert {n for n in NAMES if q.shape[n] != p.shape[n]} == {"nose_width"}
    assert q.with_(nose_width=p.shape["nose_width"]) == p
    assert p.with_(presentation=p.presentation, age=p.age) == p
    older = p.with_(age=80)
    assert {n for n in NAMES if older.shape[n] != p.shape[n]} <= {
        n for n in NAMES if BY_NAME[n].age
    }
    assert (older.hair_colour, older.greyness, older.tone) == (p.hair_colour, p.greyness, p.tone)
    assert p.with_(freckles=1.8).marks.freckles == 1.0


def test_with_presentation_agrees_with_sampling_at_it(people):
    for p in people[:50]:
        q, r = p.with_(presentation=0.5), sample_person(p.seed, presentation=0.5)
        assert np.allclose(list(q.shape.values()), list(r.shape.values()), atol=2e-3)


def test_same_seed_same_person_and_people_can_be_sent_to_other_processes(people):
    for p in people[:20]:
        assert sample_person(p.seed) == p and hash(sample_person(p.seed)) == hash(p)
        assert pickle.loads(pickle.dumps(p)) == p
    assert len({p.shape["nose_width"] for p in people[:500]}) > 490
    with pytest.raises(TypeError):
        people[0].shape["nose_width"] = 0  # type: ignore[index]


def test_pigments_are_plausible_and_light_ones_rare_but_present_at_deep_tones():
    deep = [sample_person(s, tone=0.95) for s in range(N)]
    light = [sample_person(s, tone=0.05) for s in range(N)]
    fair = lambda group: np.mean([p.hair_colour[0] > 0.08 for p in group])  # noqa: E731
    blue = lambda group: np.mean([p.iris[2] > 0.08 for p in group])  # noqa: E731
    assert 0 < fair(deep) < 0.04 and 0.1 < fair(light) < 0.5
    assert 0 < blue(deep) < 0.04 and 0.1 < blue(light) < 0.5
    assert np.mean([p.hair_colour[0] < 0.04 for p in light]) > 0.4  # dark is common everywhere
    for p in deep[:200] + light[:200]:
        assert p.hair_colour[0] >= p.hair_colour[1] >= p.hair_colour[2] > 0


def test_grey_and_hair_loss_grow_with_age_and_stay_a_continuum(people):
    young = [p for p in people if p.age < 30]
    old = [p for p in people if p.age > 70]
    assert np.mean([p.greyness for p in young]) < 0.06 < 0.7 < np.mean([p.greyness for p in old])
    assert np.mean([p.hair_loss for p in young]) < 0.03
    loss = np.array([p.hair_loss for p in old])
    assert 0.1 < loss.mean() < 0.45 and np.unique(loss).size > 0.85 * loss.size


def test_the_linked_population_moves_with_tone_and_says_so(people):
    linked = [sample_person(s, linked=True) for s in range(2000)]
    tone = np.array([p.tone for p in linked])
    r = correlations(tone, np.array([list(p.shape.values()) for p in linked]))
    moved = [n for n, v in zip(NAMES, r, strict=True) if abs(v) > 0.1]
    assert len(moved) > 50
    assert np.abs(r).max() < 0.35  # mild
    assert linked[3].tone == people[3].tone and linked[3].age == people[3].age
    assert "redness" not in moved and "asymmetry_eye" not in moved


def test_styling_does_not_know_the_tone_or_the_shape_or_who_it_is(people):
    for p in people[:100]:
        s = sample_styling(p.seed, p)
        assert sample_styling(p.seed, p.with_(tone=0.5, nose_width=1.0)) == s
        twin = Person(10**6, {}, 0.1, p.presentation, p.age, hair_loss=p.hair_loss,
                      covering_kind=p.covering_kind)  # fmt: skip
        assert sample_styling(p.seed, twin) == s


def test_another_styling_seed_redraws_everything(people):
    # Shares of two stylings of one person that agree are those of two different people.
    bare = [p for p in people if p.covering_kind is None][:1500]
    a = [sample_styling(2 * i, p) for i, p in enumerate(bare)]
    b = [sample_styling(2 * i + 1, p) for i, p in enumerate(bare)]
    types = np.corrcoef([s.hair_type for s in a], [s.hair_type for s in b])[0, 1]
    assert abs(types) < 4.5 / math.sqrt(len(bare))
    worn = np.corrcoef([s.glasses is not None for s in a], [s.glasses is not None for s in b])[0, 1]
    assert abs(worn) < 4.5 / math.sqrt(len(bare))
    # People whose hair has thinned choose among few cuts; the others must not keep theirs.
    pairs = zip(bare, a, b, strict=True)
    agree = [x.haircut == y.haircut for p, x, y in pairs if p.hair_loss < 0.2]
    assert len(agree) > 1000 and np.mean(agree) < 0.10
    assert all(x.seed != y.seed for x, y in zip(a, b, strict=True))


def test_coverings_glasses_and_beards(people):
    covered = [p for p in people if p.covering_kind]
    assert abs(len(covered) / N - 0.08) < share_bound(0.08, N)
    assert {p.covering_kind for p in covered} == set(COVERINGS)
    for kind in (lambda p: p.tone < 0.5, lambda p: p.presentation < 0):
        first = np.mean([p.covering_kind is not None for p in people if kind(p)])
        assert abs(first - 0.08) < share_bound(0.08, N // 2) + 0.002
    for p in covered[:40]:  # covered in every photograph, by another fabric
        kinds = {sample_styling(s, p).covering.kind for s in range(4)}
        assert kinds == {p.covering_kind}
        assert len({sample_styling(s, p).covering.seed for s in range(4)}) == 4
    styled = [sample_styling(s, p) for s, p in enumerate(people)]
    glasses = np.array([s.glasses is not None for s in styled])
    assert abs(glasses.mean() - 0.27) < share_bound(0.27, N)
    beard = np.array([s.facial_hair != "none" for s in styled])
    p = np.array([q.presentation for q in people])
    steps = [beard[(p > lo) & (p <= lo + 0.4)].mean() for lo in (-1, -0.6, -0.2, 0.2, 0.6)]
    assert steps == sorted(steps) and steps[0] == 0 and 0.5 < steps[-1] < 0.75


def test_every_haircut_is_worn_and_none_belongs_to_one_presentation(people):
    styled = [sample_styling(s, p) for s, p in enumerate(people)]
    long_hair = {"shoulder", "long", "bun", "ponytail", "plait", "locs", "box_braids", "bob"}
    short_hair = {"bald", "shaved", "fade", "crop", "short"}
    assert {s.haircut for s in styled} == set(HAIRCUTS)
    high = [s.haircut for s, p in zip(styled, people, strict=True) if p.presentation > 0.5]
    low = [s.haircut for s, p in zip(styled, people, strict=True) if p.presentation < -0.5]
    assert np.mean([h in long_hair for h in high]) > 0.15
    assert np.mean([h in short_hair for h in low]) > 0.12
    assert "bald" in low


def test_captures_are_calm_at_enrolment_and_vary_as_probes():
    enrol = [sample_capture(s) for s in range(500)]
    assert all(0.15 <= c.smile <= 0.30 and c.gaze == (0, 0) and c.jaw == 0 for c in enrol)
    assert all(c.light == "studio" and 20 < abs(c.key_azimuth) < 55 for c in enrol)
    probes = [sample_capture(s, 1.0) for s in range(2000)]
    assert 8 < np.std([c.yaw for c in probes]) < 11
    assert all(c.blink == 0 for c in enrol + probes)
    assert len({c.light for c in probes}) == 6
    assert len({c.backdrop for c in probes} | {c.shirt for c in probes}) == 4000
    assert sample_capture(5, 0.0).shirt == sample_capture(5, 0.9).shirt


@pytest.mark.parametrize(
    ("call", "says"),
    [
        (lambda: sample_person(1).with_(nose_widht=1), "did you mean nose_width"),
        (
            lambda: sample_person(1).with_(nose_width=3),
            "nose_width 3 is out of range: give -1.9 to",
        ),
        (lambda: sample_person(1).with_(tone=2), "tone 2 is out of range: give 0 to 1"),
        (lambda: sample_person(1).with_(tone="dark"), "tone is 'dark': give a number"),
        (lambda: sample_person(1, age=12), "age 12 is out of range: give 18 to 85"),
        (lambda: sample_person(-1), "seed -1 cannot be used"),
        (lambda: sample_person(1.5), "seed 1.5 cannot be used"),
        (lambda: sample_person(1, tone=float("nan")), "out of range"),
        (lambda: sample_capture(1, 2), "hard 2 is out of range"),
        (lambda: Capture(exposure="auto"), "exposure 'auto' is unknown"),
        (lambda: Capture(gaze=(0, 90)), "gaze 90 is out of range"),
        (lambda: Capture(gaze=3), "gaze is 3: give two numbers"),
        (lambda: Capture().with_(yall=3), "Capture has no field 'yall'"),
        (lambda: Covering("veil"), "kind 'veil' is unknown"),
        (lambda: Glasses(rim=9), "rim \\(cm\\) 9 is out of range"),
        (lambda: Person(1, {"nose": 1}), "there is no parameter 'nose'"),
        (lambda: Person(1, hair_colour=(1, 2)), "hair_colour is \\(1, 2\\): give three"),
    ],
)
def test_wrong_input_gets_one_clear_sentence(call, says):
    with pytest.raises(ValueError, match=says) as error:
        call()
    assert "\n" not in str(error.value)


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 2**31), st.integers(0, 2**31), st.floats(0, 1))
def test_rows_hold_everything(person_seed, other_seed, hard):
    person = sample_person(person_seed)
    styling = sample_styling(other_seed, person)
    capture = sample_capture(other_seed, hard)
    assert tables.person_from_row(tables.person_row(person)) == person
    assert tables.styling_from_row(tables.styling_row(styling)) == styling
    assert tables.capture_from_row(tables.capture_row(capture)) == capture


def test_rows_survive_a_csv_file(tmp_path, people):
    import pandas as pd

    some = people[:300]
    styled = [sample_styling(i, p) for i, p in enumerate(some)]
    path = tmp_path / "rows.csv"
    rows = [tables.person_row(p) | tables.styling_row(s) for p, s in zip(some, styled, strict=True)]
    pd.DataFrame(rows).to_csv(path, index=False)
    back = pd.read_csv(path).to_dict("records")
    assert [tables.person_from_row(r) for r in back] == some
    assert [tables.styling_from_row(r) for r in back] == styled


def test_fabric_and_shirt_come_from_their_own_seeds():
    assert sample_covering(5, None) is None
    assert sample_covering(5, "hijab") == sample_covering(5, "hijab")
    assert len({sample_shirt(s).colour for s in range(100)}) > 90

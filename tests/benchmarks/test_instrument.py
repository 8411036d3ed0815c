"""The renderer as an instrument, in small samples: leaks, tone, detection, identity.

``python benchmarks/instrument.py`` measures the same with hundreds of people; here the samples are
just large enough for a real fault to show.  What each bound can and cannot see is said beside it.
Seeds lie below 2000: these people are for tuning.
"""

import itertools

import numpy as np
import pytest

from benchmarks import instrument
from benchmarks.measure import faces, factor, found, leaks, tone
from benchmarks.measure.tables import Table
from benchmarks.measure.work import Setting, renderer_hash, seed_of, spread
from labkit.measure.areas import auc_interval
from labkit.measure.intervals import Interval
from labkit.measure.scores import Comparisons, euclidean_scores
from labkit.people.photo.camera import develop
from labkit.people.photo.render import render_radiance
from labkit.people.who import sample_capture, sample_person, sample_styling

SEEDS = 300
SETTING = Setting(people=40, seeds=SEEDS, jobs=2, quick=True)


def shots_of(arm: str, people: int, first: int) -> list[leaks.Shot]:
    tasks = [leaks.Task(i, first + i, arm) for i in range(people)]
    return [s for one in spread(leaks.photograph, tasks, SETTING, arm) for s in one]


@pytest.fixture(scope="module")
def equal() -> list[leaks.Shot]:
    return shots_of("equal", 40, SEEDS)


@pytest.fixture(scope="module")
def control() -> list[leaks.Shot]:
    return shots_of("control", 32, SEEDS + 100)


@pytest.fixture(scope="module")
def free() -> list[leaks.Shot]:
    return shots_of("free", 32, SEEDS + 200)


# ---- no leaks ----------------------------------------------------------------------------------


@pytest.mark.slow
def test_a_covered_face_names_nobody(equal):
    """40 people x 4, 240 mated pairs: standard error of AUC about .025, so .53 is .58 with luck."""
    areas = leaks.same_or_different(equal)
    for name, area in areas.items():
        if name != leaks.OPEN:
            assert area.low <= leaks.BOUND, f"{name}: AUC {area}"
            assert area.value < 0.60, f"{name}: AUC {area}"
    # The same pictures, the same chips, uncovered: the matcher would have known them.
    assert areas[leaks.OPEN].low > 0.85
    assert np.mean([s.bare for s in equal]) < 0.01  # the oval does cover the face


@pytest.mark.slow
def test_the_leak_test_sees_a_leak(control):
    """Everyone keeps one shirt: the same test must then fail."""
    areas = leaks.same_or_different(control, pixels_only=True)
    assert max(area.low for area in areas.values()) > leaks.BOUND


@pytest.mark.slow
@pytest.mark.parametrize("part", ["backdrop", "cloth"])
def test_tone_is_not_told_by_what_is_behind_or_below(free, part):
    """128 pictures of 32 people: chance is .5 with a standard error of about .05."""
    exposures = free[0].backdrop if part == "backdrop" else ["before the camera"]
    for exposure in exposures:
        told = leaks.told_tone(free, part, exposure).value
        assert 0.33 < told < 0.67, f"{part}, {exposure}: {told:.3f} right"


@pytest.mark.slow
def test_the_tone_test_sees_a_leak(free):
    """With the tone mixed into the backdrop's colour a little, the classifier finds it."""
    for s in free:
        s.backdrop["leaking"] = s.backdrop["equal"] + 60 * s.tone
    assert leaks.told_tone(free, "backdrop", "leaking").value > 0.75


def test_the_backdrop_is_the_same_to_the_byte_at_every_tone():
    """Far from the person, the finished pictures of two tones agree under every exposure."""
    person = sample_person(SEEDS)
    sitter = faces.Studio.of(person).dressed(sample_styling(1, person))
    capture = sample_capture(5, 0.5).with_(jpeg=100)
    light, deep = (render_radiance(faces.toned(sitter, t), None, capture) for t in (0.0, 1.0))
    far = faces.shrunk(light.alpha, light.ss) == 0
    far &= ~np.any([np.roll(~far, (i, j), (0, 1)) for i in (-6, 0, 6) for j in (-6, 0, 6)], axis=0)
    assert far.sum() > 500
    for exposure in factor.EXPOSURES:
        a, b = (develop(r, capture.with_(exposure=exposure))[far] for r in (light, deep))
        assert (a == b).all(), exposure


# ---- one factor at a time ----------------------------------------------------------------------


@pytest.fixture(scope="module")
def toned() -> list[dict]:
    return spread(factor.measure, range(SEEDS + 300, SEEDS + 304), SETTING, "factor")


@pytest.mark.slow
def test_tone_changes_the_skin_and_nothing_else(toned):
    for person in toned:
        for row in person["same"]:
            assert row["geometry"] == 0
            assert row["mask_values"] == 0
            assert row["pixels_outside"] == 0
            # Rims of the lids and the pink corner count as skin; the rest of the eye is unchanged.
            assert row["pixels_in_eyes"] == 0
            assert row["shortcut"] == 0
            assert row["of"] > 20_000


@pytest.mark.slow
def test_gloss_does_not_depend_on_tone(toned):
    for person in toned:
        first = person["gloss"][0]
        assert first.max() > 0.01
        for gloss in person["gloss"][1:]:
            np.testing.assert_allclose(gloss, first, atol=1e-5)


@pytest.mark.slow
def test_deep_skin_is_deep_and_rich_and_eyes_do_not_glow(toned):
    def mean(exposure: str, tone_at: int, what: str) -> float:
        return float(np.mean([p["rows"][tone_at][exposure][what] for p in toned]))

    skin = [mean("natural", k, "L") for k in range(5)]
    assert all(a > b + 4 for a, b in itertools.pairwise(skin))
    assert skin[0] - skin[-1] > 25  # a portrait keeps light light and deep deep
    assert mean("natural", 4, "C") > 12  # not ashen
    assert 40 < mean("natural", 4, "hue") < 70  # nor mauve
    eyes = [mean("locked", k, "eye") for k in range(5)]
    # The same eye, whatever the skin: lids lend it a little light, deep ones never more.
    assert max(eyes) < eyes[0] + 1
    assert np.ptp(eyes) < 5
    assert mean("natural", 4, "eye") < 80
    assert max(mean(e, k, "clipped") for e in factor.EXPOSURES for k in range(5)) < 0.01


# ---- found, and told apart ---------------------------------------------------------------------


@pytest.mark.slow
def test_frontal_portraits_are_found_at_every_tone():
    """8 people x 5 tones x 2 exposures: HOG may lose 1 of 80 (99%), Haar 1 in 10."""
    results = spread(found.frontal, range(SEEDS + 400, SEEDS + 408), SETTING, "found")
    sums = found._sums(results)
    for name, at_most in (("hog", 1), ("haar", 8)):
        cells = [v for k, v in sums.items() if k[3] == name]
        assert sum(v[2] for v in cells) == 80
        assert sum(v[2] - v[0] for v in cells) <= at_most, name


@pytest.mark.slow
def test_dlib_knows_people_by_the_face(free):
    """32 people x 4, styling redrawn: AUC .98 is wanted; its standard error here is below .01."""
    seen = [s for s in free if s.face is not None]
    assert len(seen) >= 0.98 * len(free)
    e = np.stack([s.face for s in seen])
    who = np.array([s.person for s in seen])
    area = auc_interval(Comparisons.all_pairs(euclidean_scores(e, e), who))
    assert area.value > 0.955, str(area)


# ---- the measuring itself ----------------------------------------------------------------------


def test_the_oval_knows_the_capture_and_not_the_person():
    a = leaks.oval_mask(sample_capture(1, 0.5), 160, 13.0)
    assert 0.2 < a.mean() < 0.6
    wide, narrow = leaks.chip_oval(leaks.WIDE), leaks.chip_oval(0.25)
    assert wide.mean() < narrow.mean() < 0.95


def test_seeds_have_no_collisions():
    seeds = {seed_of(k, p, j) for k in range(4) for p in range(500) for j in range(6)}
    assert len(seeds) == 12_000


def test_counts_keep_people_who_were_never_found():
    rng = np.random.default_rng(0)
    c = tone.REFERENCE
    people = []
    for k in range(6):
        own = rng.normal(size=128)
        rows = {
            (c, t): [(own + 0.1 * rng.normal(size=128)).astype(np.float32) / 20 for _ in range(4)]
            for t in tone.TONES
        }
        people.append(tone.Shots(k, k % 2, rows))
    people[2].templates[c, tone.DEEP] = [None] * 4
    people[3].templates[c, tone.DEEP][0] = None
    k = tone.count(people, c, tone.DEEP, threshold=-1e9)
    assert k.failed.tolist() == [0, 0, 4, 1, 0, 0]
    assert k.rejected.tolist() == [0, 0, 6, 3, 0, 0]
    assert k.made.tolist() == [6, 6, 0, 3, 6, 6]
    assert k.compared[1, 3] == 12  # the same half; one picture of four lost
    assert k.compared[1, 2] == 0


def test_tables_print_and_save(tmp_path):
    table = Table("t", "Title")
    table.add(group="a", rate=Interval(0.0123, 0.008, 0.019, people=80, errors=3), ok=True)
    table.add(group="b", rate=Interval(0.0, words="no error; at most .04"), ok=False)
    text = table.markdown()
    assert "| a | 0.0123 [0.0080, 0.0190] | yes |" in text
    assert "no error; at most .04" in text and "NO" in text
    table.save(tmp_path)
    assert (tmp_path / "t.csv").read_text().startswith("group,rate,rate_low,rate_high")


def test_too_few_people_are_refused(capsys):
    with pytest.raises(SystemExit):
        instrument.arguments(["--people", "3"])
    assert "too few to measure anything" in capsys.readouterr().err


def test_hash_of_the_renderer_is_stable():
    assert renderer_hash() == renderer_hash()
    assert len(renderer_hash()) == 12

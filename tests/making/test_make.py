"""The data maker, with a stand-in for the renderer: whole folders, same bytes again, resumed."""

from __future__ import annotations

import shutil
from collections import Counter

import cv2
import numpy as np
import pytest

from labkit import data as bundled
from labkit.base import codec
from labkit.base.files import DamagedFile
from labkit.making import plans, store, studio
from labkit.making.plans import PLANS, Plan, band, capture_of, choose, half, kept, shots, styling_of
from labkit.making.remake import remake_sample
from labkit.people.who.person import sample_person


class Cartoon(studio.Studio):
    """Draws a face that dlib finds, without a renderer."""

    def __init__(self, fail_at: int | None = None) -> None:
        self.drawn = 0
        self.fail_at = fail_at

    def likeness(self, person):
        if person.seed == self.fail_at:
            raise RuntimeError("the light went out")
        return person

    def dress(self, likeness, styling):
        return (likeness, styling)

    def again(self, sitter, person):
        return (person, sitter[1])

    def radiance(self, sitter, capture):
        self.drawn += 1
        return sitter

    def develop(self, radiance, capture):
        person, _ = radiance
        rng = np.random.default_rng(capture.seed)
        paper = np.full((640, 640, 3), 90 + capture.backdrop % 60, np.uint8)
        skin = np.array([235, 195, 165]) * (1 - 0.6 * person.tone)
        eye = round(85 + 10 * person.shape["eye_spacing"])
        colour = tuple(int(v) for v in skin)
        shade = tuple(int(v * 0.6) for v in skin)
        cv2.ellipse(paper, (320, 340), (190, 250), 0, 0, 360, colour, -1, cv2.LINE_AA)
        for side in (-1, 1):
            at = (320 + side * eye, 290)
            cv2.ellipse(paper, at, (42, 20), 0, 0, 360, (240, 240, 240), -1, cv2.LINE_AA)
            cv2.circle(paper, at, 18, (40, 30, 20), -1, cv2.LINE_AA)
            cv2.ellipse(paper, (at[0], 245), (52, 12), 0, 180, 360, shade, 12, cv2.LINE_AA)
        cv2.ellipse(paper, (320, 385), (38, 18), 0, 0, 180, shade, 10, cv2.LINE_AA)
        cv2.ellipse(paper, (320, 460), (75, 22), 0, 0, 180, (150, 80, 80), 14, cv2.LINE_AA)
        small = cv2.resize(paper, (160, 160), interpolation=cv2.INTER_AREA).astype(np.float32)
        small += capture.noise * 4 * rng.standard_normal(small.shape)
        return np.clip(small, 0, 255).astype(np.uint8)


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    """A small data folder: a few people of three sets."""
    top = tmp_path_factory.mktemp("made")
    options = {"data": top / "data", "cache": top / "cache", "workers": 1, "quiet": True}
    report = store.make(**options, only=["train"], limit=3, studio=Cartoon())
    store.make(**options, only=["holdout", "paired"], limit=1, studio=Cartoon())
    return top, report


def contents(folder):
    return {
        p.relative_to(folder).as_posix(): p.read_bytes()
        for p in sorted(folder.rglob("*"))
        if p.is_file()
    }


@pytest.mark.parametrize("name", list(PLANS))
def test_cells_are_full_and_seeds_lie_where_the_plan_says(name):
    plan = PLANS[name]
    people = choose(plan)
    cells = Counter(
        (half(p.presentation), "" if plan.halves_only else band(p.tone)) for p in people
    )
    assert set(cells.values()) == {plan.cell}
    assert len(cells) == (2 if plan.halves_only else 6)
    seeds = [p.seed for p in people]
    assert seeds == sorted(seeds) and seeds[0] >= plan.start and seeds[-1] < plan.start + 10_000
    assert min(seeds) >= 2000


def test_the_sets_have_the_sizes_promised():
    sizes = {name: (len(choose(p)), p.photos, len(shots(p))) for name, p in PLANS.items()}
    assert sizes == {
        "train": (300, 4, 4),
        "dev": (480, 4, 4),
        "eval": (480, 6, 6),
        "holdout": (240, 6, 6),
        "paired": (160, 4, 48),
        "train-two-tones": (300, 4, 8),
        "linked": (480, 4, 4),
    }
    assert choose(PLANS["train"]) == choose(PLANS["train-two-tones"])


def test_ages_are_flat_in_every_set():
    for plan in PLANS.values():
        ages = [p.age for p in choose(plan)]
        counts = np.histogram(ages, 4, (18, 85))[0]
        # Four cells of a flat distribution: 4.5 standard errors of a share of one quarter.
        assert np.abs(counts / len(ages) - 0.25).max() < 4.5 * np.sqrt(0.1875 / len(ages))


def test_styling_is_redrawn_in_half_the_photographs_and_the_setting_in_all():
    for person in choose(PLANS["eval"], 60):
        bare = [styling_of(person, k).with_(covering=None) for k in range(6)]
        assert sum(kept(k) for k in range(6)) == 3
        assert len({bare[k] for k in range(6) if kept(k)}) == 1
        assert len(set(bare)) == 4
        captures = [capture_of(person, k) for k in range(6)]
        assert len({c.shirt for c in captures}) == len({c.backdrop for c in captures}) == 6
        assert captures[0].light == "studio" and captures[0].jaw == 0
    covered = next(p for p in choose(PLANS["eval"]) if p.covering_kind)
    fabrics = [styling_of(covered, k).covering for k in range(6)]
    assert len({f.seed for f in fabrics}) == 6
    assert {f.kind for f in fabrics} == {covered.covering_kind}


def test_a_made_set_can_be_loaded_and_says_who_and_how(made):
    top, report = made
    faces = bundled.load("anytown/train", data=top / "data")
    assert len(faces) == 12 and faces.templates.shape == (12, 128)
    assert report["train"] == {
        "people": 3, "pictures": 12, "failed": int((faces.images["status"] == "failed").sum()),
        "bytes": report["train"]["bytes"],
    }  # fmt: skip
    assert faces.templates.dtype == np.float32
    ok = (faces.images["status"] == "ok").to_numpy()
    assert ok.any() and (np.isfinite(faces.templates).all(1) == ok).all()
    assert faces.pictures[0].shape == (160, 160, 3) and len(faces.pictures[2:5]) == 3
    assert faces.crops.shape == (12, 64, 64)
    assert faces.of("tone_band").tolist()[:4] == [band(faces.people["tone"].iloc[0])] * 4
    again = studio.describe([(top / "data/anytown/train" / f).read_bytes()
                            for f in faces.images["file"]])  # fmt: skip
    assert np.array_equal(again["template"], faces.templates, equal_nan=True)
    with pytest.raises(KeyError, match="no column 'race'"):
        faces.of("race")


def test_tables_hold_every_parameter(made):
    from labkit.people.who import tables

    faces = bundled.load("anytown/train", data=made[0] / "data")
    people = choose(PLANS["train"], 3)
    rows = faces.people.reset_index().to_dict("records")
    assert [tables.person_from_row(r) for r in rows] == list(people)
    for row in faces.images.to_dict("records"):
        person = next(p for p in people if p.seed == row["person"])
        assert tables.styling_from_row(row) == styling_of(person, row["photo"])
        assert tables.capture_from_row(row) == capture_of(person, row["photo"])


def test_counterfactual_sets_hold_templates_coefficients_and_a_few_pictures(made):
    top, _ = made
    faces = bundled.load("counterfactual/paired", data=top / "data")
    assert len(faces) == 3 * 4 * 4
    first = faces.images.head(48)
    assert sorted(set(first["tone"])) == [0.1, 0.5, 0.9]
    assert set(first["camera"]) == set(plans.CAMERAS)
    noisy = first[first["camera"] == "light-metered noisy"]
    assert set(noisy["exposure"]) == {"light-metered"} and set(noisy["noise"]) == {2.5}
    # One photograph is the same at every tone and under every camera.
    assert (first.groupby("photo")[["yaw", "backdrop", "styling_seed"]].nunique() == 1).all().all()
    ok = (faces.images["status"] == "ok").to_numpy()
    assert (np.isfinite(faces.coefficients).all(1) == ok).all()
    basis = bundled.load_basis(data=top / "data")
    assert basis.components.shape[1] == 4096
    gram = basis.components @ basis.components.T
    assert np.allclose(gram, np.eye(len(gram)), atol=5e-3)
    with pytest.raises(LookupError, match="has no crops"):
        _ = faces.crops
    holdout = bundled.load("anytown/holdout", data=top / "data")
    with pytest.raises(LookupError, match="is not shipped"):
        _ = holdout.pictures[0]
    assert not list((top / "data/anytown/holdout").rglob("*.webp"))


def test_remaking_a_sample_gives_the_same_bytes(made):
    top, _ = made
    for name in ("train", "holdout", "paired"):
        found = remake_sample([name], people=1, data=top / "data", studio=Cartoon())
        assert found and all(r.same_bytes for r in found)
    other = Cartoon()
    other.develop = lambda radiance, capture: np.zeros((160, 160, 3), np.uint8)
    assert not any(r.same_bytes for r in remake_sample(["train"], data=top / "data", studio=other))


def test_an_interrupted_run_leaves_no_set_and_goes_on_where_it_stopped(tmp_path, made):
    options = {"data": tmp_path / "data", "cache": tmp_path / "cache", "only": ["train"],
               "limit": 3, "workers": 1, "quiet": True}  # fmt: skip
    with pytest.raises(RuntimeError, match="person 10001 of train: the light went out"):
        store.make(**options, studio=Cartoon(fail_at=10001))
    assert not (tmp_path / "data").exists()
    second = Cartoon()
    store.make(**options, studio=second)
    assert second.drawn == 8  # two people, the first was kept
    third = Cartoon()
    store.make(**options, studio=third)
    assert third.drawn == 0
    same = contents(made[0] / "data" / "anytown" / "train")
    assert contents(tmp_path / "data" / "anytown" / "train") == same
    assert not list(tmp_path.rglob(".*"))


@pytest.mark.slow
def test_two_processes_make_what_one_makes(tmp_path, made):
    store.make(data=tmp_path / "data", cache=tmp_path / "cache", only=["train"], limit=3,
               workers=2, quiet=True, studio=Cartoon())  # fmt: skip
    same = contents(made[0] / "data" / "anytown" / "train")
    assert contents(tmp_path / "data" / "anytown" / "train") == same


def test_a_picture_without_a_face_is_recorded_and_counted(tmp_path):
    blank = Cartoon()
    blank.develop = lambda radiance, capture: np.full((160, 160, 3), 128, np.uint8)
    report = store.make(data=tmp_path / "d", cache=tmp_path / "c", only=["holdout"], limit=1,
                        workers=1, quiet=True, studio=blank)  # fmt: skip
    assert report["holdout"]["failed"] == report["holdout"]["pictures"] == 6
    faces = bundled.load("anytown/holdout", data=tmp_path / "d")
    assert set(faces.images["status"]) == {"failed"} and np.isnan(faces.templates).all()


@pytest.mark.parametrize("damage", ["flip", "cut", "remove"])
@pytest.mark.parametrize("file", ["people.csv", "templates.npy", "crops.webp", "pictures"])
def test_damage_is_noticed_before_use(made, tmp_path, file, damage):
    shutil.copytree(made[0] / "data", tmp_path / "data")
    path = tmp_path / "data" / "anytown" / "train" / file
    if file == "pictures":
        path = sorted(path.iterdir())[0]
    content = bytearray(path.read_bytes())
    if damage == "flip":
        content[len(content) // 2] ^= 1
        path.write_bytes(content)
    elif damage == "cut":
        path.write_bytes(content[:-1])
    else:
        path.unlink()
    says = "is missing" if damage == "remove" else "was changed or cut short"
    with pytest.raises(DamagedFile, match=says):
        faces = bundled.load("anytown/train", data=tmp_path / "data")
        _ = faces.crops, faces.pictures[0]


def test_a_folder_without_data_says_how_to_make_it(tmp_path, monkeypatch):
    with pytest.raises(DamagedFile, match="make it with `python -m labkit make`"):
        bundled.load("anytown/dev", data=tmp_path)
    with pytest.raises(ValueError, match="there is no set 'anytown/test'"):
        bundled.load("anytown/test", data=tmp_path)
    monkeypatch.setenv("LABKIT_DATA", str(tmp_path / "nowhere"))
    with pytest.raises(FileNotFoundError, match="LABKIT_DATA"):
        bundled.load("anytown/dev")


@pytest.mark.parametrize(
    ("options", "says"),
    [
        ({"only": ["test"]}, "there is no set 'test'"),
        ({"limit": 3}, "give it another folder"),
        ({"limit": 0, "data": "x"}, "limit 0 leaves nobody"),
        ({"workers": 0}, "workers 0 cannot work"),
    ],
)
def test_wrong_options_get_one_sentence(options, says):
    with pytest.raises(ValueError, match=says):
        store.make(**options)


def test_a_place_that_cannot_be_written_to_is_named(tmp_path):
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(OSError, match="cannot write to"):
        store.make(data=tmp_path / "d", cache=tmp_path / "file", only=["train"], limit=1,
                   workers=1, quiet=True, studio=Cartoon())  # fmt: skip


def test_crops_survive_their_sheet():
    rng = np.random.default_rng(0)
    base = cv2.GaussianBlur(rng.random((70, 64, 64)).astype(np.float32), (0, 0), 3)
    crops = np.clip((base - base.min()) / np.ptp(base) * 255, 0, 255).astype(np.uint8)
    back = codec.untile(codec.tile(crops), 70)
    assert np.abs(back.astype(int) - crops).mean() < 4


def test_the_basis_explains_most_of_what_it_saw():
    x = np.random.default_rng(1).integers(0, 255, (40, 64, 64), dtype=np.uint8)
    mean, axes, variance = store.fit_basis(x, 20)
    assert axes.shape == (20, 4096) and mean.shape == (4096,)
    assert (np.diff(variance) <= 1e-3).all()
    assert (axes[np.arange(20), np.abs(axes).argmax(1)] > 0).all()


def test_plans_are_only_what_they_say():
    assert isinstance(PLANS["train"], Plan)
    assert band(sample_person(5).tone) in plans.BANDS


@pytest.mark.slow
def test_with_the_renderer_bytes_repeat_and_a_new_tone_costs_no_new_sitter():
    real = studio.Studio()
    plan = Plan("trial", 3, 1, 2, tones=(0.1, 0.9), cameras=("natural",))
    person = sample_person(3)
    first, second = (studio.photograph(plan, person, real) for _ in range(2))
    for name in first:
        assert np.array_equal(first[name], second[name], equal_nan=first[name].dtype.kind == "f")
    styling, capture = styling_of(person, 0), capture_of(person, 0).with_(exposure="natural")
    deep = plans.at_tone(person, 0.9)
    sitter = real.dress(real.likeness(deep), styling)
    fresh = real.develop(real.radiance(sitter, capture), capture)
    assert codec.encode(fresh) == studio.pictures_in(first)[2]

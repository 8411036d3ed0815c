"""Each matcher by itself: what it gives, says, leaves alone; test_registry.py: what all share."""

from __future__ import annotations

import functools
import os
import re
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from sklearn.base import clone
from sklearn.exceptions import NotFittedError
from sklearn.pipeline import make_pipeline

from labkit import data
from labkit.base.places import PROJECT
from labkit.matchers import (
    DeepFaceMatcher,
    Eigenfaces,
    Fisherfaces,
    MatcherError,
    NetworkMatcher,
    PictureError,
    SFaceMatcher,
    deepface,
    describing,
    get,
    read_picture,
)
from labkit.matchers.align import DlibPipeline, grey_crop
from labkit.measure.rates import auc
from labkit.measure.scores import all_pairs
from labkit.people.photo.camera import develop
from labkit.people.photo.scene import Place, compose
from labkit.people.who import Capture, sample_person, sample_styling

ROOT = PROJECT
NOBODY = np.full((120, 120, 3), 128, np.uint8)
PIXEL = [Eigenfaces, Fisherfaces]
PHOTOGRAPHS = [DeepFaceMatcher, SFaceMatcher, NetworkMatcher]


@functools.cache
def town(name):
    return data.load(f"anytown/{name}")


@pytest.fixture(scope="module")
def faces():
    return list(town("eval").pictures[:6])


@pytest.fixture(scope="module")
def matcher():
    return DeepFaceMatcher(progress=False)


@pytest.fixture(scope="module", params=PHOTOGRAPHS, ids=["dlib", "SFace", "AnytownNet"])
def either(request):
    """Each matcher of photographs: a picture has the same outcome with all of them."""
    return request.param(progress=False)


@functools.cache
def two_people(first_height=0.45, second_height=0.7):
    """A picture of two people, the second nearer, and where their faces are."""
    people = [sample_person(s) for s in (3, 11)]
    places = [
        Place(person, sample_styling(s, person), Capture(), x, 0.55, height)
        for s, person, x, height in zip(
            (3, 11), people, (0.25, 0.68), (first_height, second_height), strict=True
        )
    ]
    radiance, boxes = compose(places, Capture(), 420)
    return develop(radiance, Capture()), boxes


# ---- importing ----------------------------------------------------------------------------------


def test_importing_the_matchers_loads_no_heavy_library():
    code = (
        "import sys, labkit.matchers\n"
        "heavy = {'sklearn', 'deepface', 'cv2', 'dlib', 'pandas', 'PIL', 'tqdm'}\n"
        "assert not heavy & set(sys.modules), heavy & set(sys.modules)\n"
        "assert 'DeepFaceMatcher' in dir(labkit.matchers)\n"
    )
    subprocess.run([sys.executable, "-c", code], check=True, cwd=ROOT)


def test_a_name_that_does_not_exist_is_an_attribute_error():
    import labkit.matchers

    with pytest.raises(AttributeError, match="has no attribute 'Elasticfaces'"):
        labkit.matchers.Elasticfaces  # noqa: B018


# ---- pixel matchers -----------------------------------------------------------------------------


@functools.cache
def fitted(kind):
    train = town("train")
    return kind().fit(train.crops, train.of("person"))


@pytest.mark.parametrize("kind", PIXEL)
def test_a_pixel_matcher_tells_people_apart(kind):
    dev = town("dev")
    some = dev.of("person") < 20_060
    templates = fitted(kind).transform(dev.crops[some])
    assert templates.dtype == np.float32 and templates.shape == (240, kind().components)
    pairs = all_pairs(templates, dev.of("person")[some], kind.measure)
    # far above chance (.5), and better when it was told who is who
    assert auc(pairs.genuine, pairs.impostor) > {Eigenfaces: 0.85, Fisherfaces: 0.97}[kind]


@pytest.mark.parametrize("kind", PIXEL)
def test_a_crop_without_a_face_gives_no_template(kind):
    crops = town("dev").crops[:4].copy()
    crops[2] = 0
    templates = fitted(kind).transform(crops)
    assert np.isnan(templates[2]).all() and not np.isnan(templates[[0, 1, 3]]).any()


@pytest.mark.parametrize("kind", PIXEL)
def test_failed_crops_do_not_change_what_is_learned(kind):
    crops, people = town("train").crops[:120], town("train").of("person")[:120]
    failed = np.concatenate([crops, np.zeros((5, 64, 64), np.uint8)])
    sizes = {"components": 10} | ({"principal": 60} if kind is Fisherfaces else {})
    plain = kind(**sizes).fit(crops, people)
    mixed = kind(**sizes).fit(failed, np.concatenate([people, np.arange(5)]))
    assert np.array_equal(plain.components_, mixed.components_)


@pytest.mark.parametrize("kind", PIXEL)
def test_the_same_crops_give_the_same_matcher(kind):
    again = kind().fit(town("train").crops, town("train").of("person"))
    assert np.array_equal(again.components_, fitted(kind).components_)


@pytest.mark.parametrize("kind", PIXEL)
def test_templates_do_not_depend_on_what_else_is_described(kind):
    crops = town("dev").crops[:9]
    together = fitted(kind).transform(crops)
    alone = np.concatenate([fitted(kind).transform(c[None]) for c in crops])
    assert np.allclose(together, alone, atol=1e-4 * np.abs(together).max())


@pytest.mark.parametrize("kind", PIXEL)
def test_crops_may_come_as_rows_so_that_a_pipeline_can_hold_it(kind):
    crops, people = town("train").crops[:120], town("train").of("person")[:120]
    sizes = {"components": 8} | ({"principal": 50} if kind is Fisherfaces else {})
    pipe = make_pipeline(kind(**sizes)).fit(crops.reshape(120, -1), people)
    direct = kind(**sizes).fit(crops, people).transform(crops)
    assert np.array_equal(pipe.transform(crops.reshape(120, -1)), direct)


@pytest.mark.parametrize("kind", PIXEL)
def test_it_is_a_scikit_learn_estimator(kind):
    from sklearn.utils import estimator_checks as checks

    # The others feed rows of any length; a crop has 64 x 64 pixels.
    for check in (
        "check_no_attributes_set_in_init",
        "check_parameters_default_constructible",
        "check_get_params_invariance",
        "check_set_params",
        "check_estimator_repr",
        "check_estimator_cloneable",
    ):
        getattr(checks, check)(kind.__name__, kind())
    assert clone(kind(components=7)).components == 7
    with pytest.raises(NotFittedError):
        kind().transform(town("dev").crops[:1])


def test_eigenfaces_stand_square_to_each_other_and_leave_the_strongest_out():
    train = town("train").crops[:300]
    everything = Eigenfaces(components=8, skip=0, whiten=False).fit(train)
    later = Eigenfaces(components=5, skip=3, whiten=False).fit(train)
    assert np.allclose(everything.components_ @ everything.components_.T, np.eye(8), atol=1e-4)
    assert np.allclose(
        np.abs((everything.components_[3:] * later.components_).sum(1)), 1, atol=1e-3
    )
    assert (np.diff(everything.share_) <= 0).all() and everything.share_.sum() < 1
    whitened = Eigenfaces(components=5, skip=0, whiten=True).fit(train).transform(train)
    assert np.allclose(whitened.std(0, ddof=1), 1, atol=0.01)


def few(kind, **sizes):
    crops, people = town("train").crops[:20], town("train").of("person")[:20]
    return lambda: kind(**sizes).fit(crops, people)


@pytest.mark.parametrize(
    ("call", "says"),
    [
        (few(Eigenfaces), "103 principal components from 20 usable crops"),
        (few(Eigenfaces, components=0, skip=0), "0 principal components from 20"),
        (few(Fisherfaces), "25 fisherfaces from 5 people"),
        (few(Fisherfaces, components=0), "0 fisherfaces from 5 people"),
        (few(Fisherfaces, components=4), "200 principal components from 20 usable crops"),
        (lambda: Fisherfaces().fit(np.ones((4, 64, 64)), [1, 2]), "4 crops but 2 people"),
        (
            lambda: Eigenfaces().fit(np.ones((4, 32, 32))),
            r"shape \(4, 32, 32\): give \(n, 64, 64\)",
        ),
        (lambda: Eigenfaces().fit(np.full((4, 64, 64), np.nan)), "a failed crop is all 0"),
        (lambda: Eigenfaces().fit(np.full((4, 64, 64), "a")), "give numbers from 0 to 255"),
        (lambda: Eigenfaces().fit(np.zeros((4, 64, 64))), "from 0 usable crops"),
    ],
)
def test_a_pixel_matcher_refuses_in_one_sentence(call, says):
    with pytest.raises(ValueError, match=says) as caught:
        call()
    assert "\n" not in str(caught.value)


# ---- DeepFace: what it gives --------------------------------------------------------------------


def test_templates_are_those_that_are_shipped(matcher, faces):
    templates = matcher.transform(faces)
    assert templates.dtype == np.float32 and templates.shape == (6, 128)
    assert np.allclose(templates, town("eval").templates[:6], atol=1e-5)


def test_pictures_are_described_alike_alone_and_together(monkeypatch, faces):
    monkeypatch.setattr(describing, "BATCH", 4)
    many = faces + faces[:1]  # more than one batch, the last one short
    assert len(many) % describing.BATCH and len(many) > describing.BATCH
    together = DeepFaceMatcher(progress=False).transform(many)
    for picture, row in zip(many, together, strict=True):
        assert np.array_equal(DeepFaceMatcher(progress=False).transform([picture])[0], row)


def test_its_own_crop_is_what_deepface_makes_of_the_picture(faces):
    found = DeepFaceMatcher(align="deepface", progress=False)
    templates = found.transform(faces[:3])
    whole = deepface._deepface().represent(
        [np.ascontiguousarray(p[..., ::-1]) for p in faces[:3]],
        model_name="Dlib",
        detector_backend="dlib",
    )
    direct = np.array([one[0]["embedding"] for one in whole], np.float32)
    assert np.array_equal(templates, direct)
    assert np.abs(templates - town("eval").templates[:3]).max() > 0.01  # not dlib's chip
    crop = found.find(faces[0]).chip
    assert crop.dtype == np.uint8 and crop.ndim == 3 and crop.max() > 100


def test_a_path_and_an_array_of_one_picture_agree(tmp_path, either, faces):
    Image.fromarray(faces[0]).save(tmp_path / "one.png")
    by_path = either.transform([tmp_path / "one.png", str(tmp_path / "one.png")])
    assert np.array_equal(by_path, either.transform([faces[0]])[[0, 0]])


def test_bundled_pictures_may_be_given_unread(either):
    few_pictures = town("eval").pictures[:2]
    assert np.array_equal(either.transform(few_pictures), either.transform(list(few_pictures)))


def test_a_face_is_shown_as_the_network_will_see_it(matcher, faces):
    found, direct = matcher.find(faces[0]), DlibPipeline()(faces[0])
    assert found.box == direct.box and found.faces == 1
    assert np.array_equal(found.points, direct.points) and np.array_equal(found.chip, direct.chip)
    assert grey_crop(found.chip).shape == (64, 64)  # the pixel matchers start from the same chip
    assert matcher.find(NOBODY) is None
    with pytest.raises(PictureError, match="does not exist"):
        matcher.find("nobody.png")


def test_a_large_picture_is_made_smaller_and_its_face_found_in_place(matcher, faces):
    large = np.repeat(np.repeat(faces[0], 8, 0), 8, 1)
    assert large.shape[0] * large.shape[1] > deepface.SEARCHED["dlib"]
    found, small = matcher.find(large), matcher.find(faces[0])
    assert np.allclose(found.points / 8, small.points, atol=3)
    assert np.allclose(np.array(found.box) / 8, small.box, atol=8)
    away = np.linalg.norm(matcher.transform([large])[0] - matcher.transform([faces[0]])[0])
    assert away < 0.3  # the same face, a little resampled


def test_default_thresholds_are_those_of_deepface_itself(monkeypatch):
    from deepface.modules import verification

    table = DeepFaceMatcher().defaults().set_index("metric")
    assert {"cosine", "euclidean", "euclidean_l2"} <= set(table.index)
    for metric, t in table["threshold"].items():
        assert t == verification.find_threshold("Dlib", metric)
    monkeypatch.setattr(verification, "find_threshold", lambda model, metric: 0.123)
    assert (DeepFaceMatcher().defaults()["threshold"] == 0.123).all()


@pytest.mark.parametrize("metric", ["cosine", "euclidean", "euclidean_l2", "angular"])
def test_a_default_as_a_similarity_decides_as_deepface_does(metric):
    from deepface.modules.verification import find_distance

    from labkit.measure.scores import similarity

    row = DeepFaceMatcher().defaults().set_index("metric").loc[metric]
    templates = town("eval").templates[::144]
    said = {True: 0, False: 0}
    for a in templates:
        for b in templates:
            distance = float(find_distance(a.tolist(), b.tolist(), metric))
            ours = similarity(a, b, row["measure"])
            if abs(distance - row["threshold"]) > 1e-5:
                assert (distance <= row["threshold"]) == (ours >= row["similarity"])
                said[distance <= row["threshold"]] += 1
    assert min(said.values()) > 5  # both answers were given


# ---- DeepFace: outcomes -------------------------------------------------------------------------


def test_each_picture_has_an_outcome_and_no_bad_one_loses_the_others(tmp_path, either, faces):
    Image.fromarray(faces[1]).save(tmp_path / "cut.jpg", quality=95)
    (tmp_path / "cut.jpg").write_bytes((tmp_path / "cut.jpg").read_bytes()[:2000])
    (tmp_path / "notes.txt").write_text("no picture")
    given = [
        faces[0], tmp_path / "cut.jpg", NOBODY, tmp_path / "notes.txt", two_people()[0],
        tmp_path / "gone.png", np.zeros((4, 4), bool), np.zeros((1, 1), np.uint8), faces[1],
    ]  # fmt: skip
    described = either.describe(given)
    table = described.table
    assert table["status"].tolist() == [
        "ok", "refused", "no face", "refused", "ok", "refused", "refused", "no face", "ok"
    ]  # fmt: skip
    assert table["faces"].tolist() == [1, 0, 0, 0, 2, 0, 0, 0, 1]
    assert table["picture"].tolist() == [
        0, str(tmp_path / "cut.jpg"), 2, str(tmp_path / "notes.txt"), 4,
        str(tmp_path / "gone.png"), 6, 7, 8,
    ]  # fmt: skip
    words = table["words"].tolist()
    assert words[0] == words[8] == "" and words[2] == "no face was found"
    assert "cut.jpg is damaged or cut short" in words[1] and "gone.png does not exist" in words[5]
    assert words[4] == "2 faces were found: the largest is used"
    assert words[6].startswith("picture 6 of the list holds bool values")
    good = table["status"] == "ok"
    assert np.array_equal(~np.isnan(described.templates).any(1), good)
    assert np.array_equal(described.templates[8], either.transform([faces[1]])[0])


def test_of_several_faces_the_largest_is_used(either):
    picture, boxes = two_people()
    found = either.find(picture)
    assert found.faces == 2
    middle = (found.box[0] + found.box[2]) / 2
    assert boxes[1].left < middle < boxes[1].right  # the nearer one
    other, boxes = two_people(0.7, 0.45)
    found = either.find(other)
    assert boxes[0].left < (found.box[0] + found.box[2]) / 2 < boxes[0].right


@pytest.mark.parametrize("kind", PHOTOGRAPHS)
def test_several_faces_can_be_refused(faces, kind):
    described = kind(several="refuse", progress=False).describe([two_people()[0], faces[0]])
    assert described.table["status"].tolist() == ["several faces", "ok"]
    assert described.table["words"][0] == "2 faces were found: give a picture of one person"
    assert np.isnan(described.templates[0]).all() and not np.isnan(described.templates[1]).any()


@pytest.mark.parametrize("form", ["grey", "rgba", "16 bits", "fractions"])
def test_other_forms_of_a_picture_are_described(matcher, faces, form):
    picture = faces[0]
    given = {
        "grey": picture[..., 1],
        "rgba": np.dstack([picture, np.full(picture.shape[:2], 255, np.uint8)]),
        "16 bits": picture.astype(np.uint16) * 257,
        "fractions": picture / 255,
    }[form]
    row = matcher.transform([given])[0]
    if form == "grey":
        assert 0 < np.linalg.norm(row - matcher.transform([picture])[0]) < 0.6
    else:
        assert np.array_equal(row, matcher.transform([picture])[0])


def test_transform_says_so_when_not_one_picture_could_be_read(either, tmp_path):
    with pytest.raises(PictureError, match=r"a\.png does not exist: check the name"):
        either.transform([tmp_path / "a.png"])
    with pytest.raises(PictureError, match=r"none of the 2 pictures .* the first: .*a\.png"):
        either.transform([tmp_path / "a.png", tmp_path / "b.png"])
    assert np.isnan(either.transform([NOBODY])).all()  # read, but nobody in it


def test_no_pictures_give_an_empty_table(matcher):
    described = matcher.describe([])
    assert described.templates.shape == (0, 128) and len(described.table) == 0
    assert described.table.columns.tolist() == ["picture", "status", "faces", "words"]


@pytest.mark.parametrize(
    ("given", "says"),
    [
        (NOBODY, "this is one picture: give a list"),
        (NOBODY[..., 0], "this is one picture: give a list"),
        ("photographs", "photographs is one path: give a list"),
        (Path("photographs"), "photographs is one path: give a list"),
        (None, "a NoneType is not a list of pictures"),
        ({"a": NOBODY}, "a dict is not a list of pictures"),
    ],
)
def test_one_picture_instead_of_a_list_is_named(either, given, says):
    with pytest.raises(PictureError, match=says):
        either.describe(given)


def test_a_picture_that_breaks_the_detector_does_not_lose_the_others(monkeypatch, faces):
    real = deepface._cut

    def breaks(picture, align):
        if np.array_equal(picture, NOBODY):
            raise RuntimeError("bad\nluck")
        return real(picture, align)

    monkeypatch.setattr(deepface, "_cut", breaks)
    table = DeepFaceMatcher(progress=False).describe([NOBODY, faces[0]]).table
    assert table["status"].tolist() == ["refused", "ok"]
    assert table["words"][0] == "picture 0 of the list could not be searched for faces (bad luck)"


# ---- DeepFace: options, models, weights ---------------------------------------------------------


@pytest.mark.parametrize(
    ("options", "says"),
    [
        (
            {"model": "Rekognition"},
            "there is no model 'Rekognition': DeepFace has .*Facenet512.*Dlib",
        ),
        ({"align": "eyes"}, "there is no alignment 'eyes': use 'dlib'"),
        ({"several": "all"}, "several='all' is not known"),
    ],
)
def test_an_option_that_does_not_exist_is_named(options, says):
    with pytest.raises(MatcherError, match=says) as caught:
        DeepFaceMatcher(**options)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize("model", ["Facenet512", "ArcFace", "SFace"])
def test_weights_that_cannot_be_fetched_are_named_in_one_sentence(model, faces, capfd):
    one = DeepFaceMatcher(model=model, progress=False)
    assert one.measure == "cosine" and "cosine" in one.defaults()["metric"].tolist()
    with pytest.raises(MatcherError) as caught:  # tests reach no network
        one.transform(faces[:1])
    assert str(caught.value).startswith(f"the weights of {model} are not on this computer")
    assert "\n" not in str(caught.value)
    assert capfd.readouterr() == ("", "")


def test_a_model_that_fails_says_why_in_so_many_letters(monkeypatch):
    """Not a page of it: DeepFace repeats what a library below it said."""

    class Breaks:
        def build_model(self, model, task):
            raise RuntimeError("no\nmemory " + "x" * 300)

    monkeypatch.setattr(deepface, "_deepface", Breaks)
    with pytest.raises(MatcherError) as caught:
        deepface.load("Dlib")
    assert "no memory xxx" in str(caught.value) and "\n" not in str(caught.value)
    assert str(caught.value).count("x") >= 120 - len("no memory ")
    assert "x" * (121 - len("no memory ")) not in str(caught.value)


def test_dlib_is_compared_by_distance():
    assert DeepFaceMatcher().measure == "euclidean"


def run(code, **variables):
    """Run code in a Python of its own; its output."""
    environment = {k: v for k, v in os.environ.items() if not k.startswith("DEEPFACE")}
    done = subprocess.run(
        [sys.executable, "-c", code],
        env=environment | variables,
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert done.stderr == ""
    return done.stdout.strip()


def test_deepface_keeps_to_a_folder_of_the_labs_own_and_is_silent(tmp_path):
    code = (
        "import os, warnings, numpy as np\n"
        "from labkit.matchers import DeepFaceMatcher, deepface\n"
        "filters = list(warnings.filters)\n"
        "m = DeepFaceMatcher()\n"
        "m.transform([np.zeros((80, 80, 3), np.uint8)])\n"
        "assert warnings.filters == filters, 'warnings of others were switched off'\n"
        "from deepface.commons.backend_utils import get_backend_engine\n"
        "import sys\n"
        "assert 'tensorflow' not in sys.modules and 'face_recognition_models' not in sys.modules\n"
        "print(get_backend_engine(), os.environ['DEEPFACE_HOME'])\n"
    )
    out = run(code, HOME=str(tmp_path), XDG_CACHE_HOME=str(tmp_path / "cache"))
    assert out == f"onnx {ROOT / '.lab' / 'deepface'}"
    assert not (tmp_path / ".deepface").exists()
    weights = ROOT / ".lab" / "deepface" / ".deepface" / "weights"
    assert not [p.name for p in weights.iterdir() if "68" in p.name]


def test_weights_go_to_the_users_cache_when_the_project_cannot_be_written(tmp_path, monkeypatch):
    monkeypatch.delenv("DEEPFACE_HOME", raising=False)
    blocked = tmp_path / "file"
    blocked.touch()  # a folder cannot be made below a file, whoever asks
    places = [blocked / ".lab", tmp_path / "cache"]
    monkeypatch.setattr(deepface, "_project_cache", lambda: iter(places))
    deepface.deepface_home.cache_clear()
    try:
        assert deepface.deepface_home() == tmp_path / "cache"
        deepface.deepface_home.cache_clear()
        places[1] = blocked
        home = deepface.deepface_home()  # the last resort, a temporary folder
        assert home.name.startswith("labkit-deepface-")
        assert len(list((home / ".deepface" / "weights").iterdir())) == 2
    finally:
        deepface.deepface_home.cache_clear()


@pytest.mark.parametrize("state", ["missing", "dangling", "cut short", "no links"])
def test_weights_that_are_not_whole_are_put_in_place_again(tmp_path, monkeypatch, state):
    folder = tmp_path / ".deepface" / "weights"
    folder.mkdir(parents=True)
    one = folder / deepface_names()[0]
    if state == "dangling":
        try:
            one.symlink_to(tmp_path / "gone")
        except OSError:
            pytest.skip("this system allows no links here")
    elif state == "cut short":
        one.write_bytes(b"half")
    elif state == "no links":

        def refused(*_):
            raise OSError("no privilege")

        monkeypatch.setattr(Path, "symlink_to", refused)
    deepface._weights(tmp_path)
    from labkit.matchers.align import model_file

    for name in deepface_names():
        assert (folder / name).read_bytes() == model_file(name).read_bytes()
    assert sorted(p.name for p in folder.iterdir()) == sorted(deepface_names())  # no leavings


def deepface_names():
    from labkit.matchers.align import LANDMARKS, NETWORK

    return [NETWORK, LANDMARKS]


# ---- DeepFace: memory, files, interruption ------------------------------------------------------


@pytest.fixture
def counted(monkeypatch):
    """How many faces were described by the network."""
    calls = []
    real = deepface._represent

    def counting(chips, model):
        calls.append(len(chips))
        return real(chips, model)

    monkeypatch.setattr(deepface, "_represent", counting)
    return calls


def test_a_picture_is_described_once(counted, faces):
    one = DeepFaceMatcher(progress=False)
    first = one.transform(faces[:2])
    assert np.array_equal(one.transform([faces[1], faces[0]]), first[::-1])
    assert sum(counted) == 2
    DeepFaceMatcher(align="deepface", progress=False).transform(faces[:1])
    assert sum(counted) == 3  # another alignment is another template


def test_a_change_of_one_pixel_is_another_picture(counted, faces):
    one = DeepFaceMatcher(progress=False)
    changed = faces[0].copy()
    changed[0, 0] ^= 255
    one.transform([faces[0], changed])
    assert sum(counted) == 2


def test_nothing_is_kept_on_disk_unless_asked(tmp_path, monkeypatch, faces):
    path = tmp_path / "mine.png"
    Image.fromarray(faces[0]).save(path)
    monkeypatch.chdir(tmp_path)
    written = []
    monkeypatch.setattr(describing, "write_whole", lambda path, content: written.append(path))
    DeepFaceMatcher(progress=False).transform([path])
    assert not written and [p.name for p in tmp_path.iterdir()] == ["mine.png"]


def test_a_cache_on_disk_is_used_by_the_next_matcher(counted, tmp_path, faces):
    given = [faces[0], NOBODY, two_people()[0]]
    first = DeepFaceMatcher(cache=tmp_path / "kept", progress=False).describe(given)
    again = DeepFaceMatcher(cache=tmp_path / "kept", progress=False).describe(given)
    assert sum(counted) == 2
    assert np.array_equal(first.templates, again.templates, equal_nan=True)
    assert first.table.equals(again.table)


@pytest.mark.parametrize("harm", ["cut", "changed", "emptied", "another format"])
def test_a_damaged_cache_entry_is_noticed_and_made_again(counted, tmp_path, faces, harm):
    first = DeepFaceMatcher(cache=tmp_path, progress=False).transform(faces[:1])
    (file,) = tmp_path.rglob("*.template")
    content = file.read_bytes()
    bad = bytearray(content)
    bad[-5] ^= 1
    harmed = {
        "cut": content[:-8], "changed": bytes(bad), "emptied": b"", "another format": b"x" * 600
    }  # fmt: skip
    file.write_bytes(harmed[harm])
    again = DeepFaceMatcher(cache=tmp_path, progress=False).transform(faces[:1])
    assert sum(counted) == 2 and np.array_equal(first, again)
    assert file.read_bytes() == content  # mended


def test_entries_of_other_versions_are_not_used(counted, tmp_path, monkeypatch, faces):
    DeepFaceMatcher(cache=tmp_path, progress=False).transform(faces[:1])
    monkeypatch.setattr(deepface, "_versions", lambda: "deepface 9")
    DeepFaceMatcher(cache=tmp_path, progress=False).transform(faces[:1])
    assert sum(counted) == 2


def test_an_interrupted_run_goes_on_where_it_stopped(counted, tmp_path, monkeypatch, faces):
    monkeypatch.setattr(describing, "BATCH", 4)
    one = DeepFaceMatcher(cache=tmp_path, progress=False)
    real = deepface._cut
    seen = []

    def interrupted(picture, align):
        seen.append(1)
        if len(seen) == describing.BATCH + 2:
            raise KeyboardInterrupt
        return real(picture, align)

    monkeypatch.setattr(deepface, "_cut", interrupted)
    with pytest.raises(KeyboardInterrupt):
        one.transform(faces)
    assert sum(counted) == describing.BATCH
    assert len(list(tmp_path.rglob("*"))) and not list(tmp_path.rglob(".*"))  # nothing half-written
    templates = one.transform(faces)
    assert sum(counted) == len(faces)
    assert np.allclose(templates, town("eval").templates[: len(faces)], atol=1e-5)


def test_a_cache_that_cannot_be_written_is_named(tmp_path, faces):
    (tmp_path / "file").touch()
    with pytest.raises(OSError, match="cannot write to"):
        DeepFaceMatcher(cache=tmp_path / "file", progress=False).transform(faces[:1])


# ---- progress -----------------------------------------------------------------------------------


def test_short_work_shows_no_bar(monkeypatch, faces, capfd):
    monkeypatch.setattr(describing, "PATIENCE", 0)  # however slow this computer is
    DeepFaceMatcher().transform(faces[:2])
    assert capfd.readouterr() == ("", "")


def test_long_work_shows_a_bar_that_goes_away_and_leaves_stderr_alone(monkeypatch, faces, capfd):
    monkeypatch.setattr(describing, "PATIENCE", 0)
    DeepFaceMatcher().transform([*faces, *faces[:4]])
    out, err = capfd.readouterr()
    assert "faces" in out and re.search(r"\d+/10\b", out) and err == ""
    assert out.rsplit("\r", 1)[-1].strip() == ""


def test_the_same_people_are_more_alike_than_others(matcher):
    people = town("eval").of("person")[:24]
    templates = matcher.transform(town("eval").pictures[:24])
    pairs = all_pairs(templates, people, matcher.measure)
    assert auc(pairs.genuine, pairs.impostor) > 0.9


def test_read_picture_is_what_the_matcher_uses(tmp_path, either, faces):
    exif = Image.Exif()
    exif[0x0112] = 8
    Image.fromarray(np.rot90(faces[0], -1)).save(tmp_path / "turned.jpg", exif=exif, quality=97)
    upright = read_picture(tmp_path / "turned.jpg")
    assert np.array_equal(either.transform([tmp_path / "turned.jpg"]), either.transform([upright]))
    assert not np.isnan(either.transform([upright])).any()


# ---- the tables of the README -------------------------------------------------------------------


@pytest.fixture(scope="module")
def bench():
    if str(ROOT) not in sys.path:
        sys.path.insert(0, str(ROOT))
    from benchmarks import matchers

    return matchers


def test_the_readme_shows_what_the_results_hold(bench):
    shown = []
    for file in (bench.README, bench.RESULTS):
        text = file.read_text("utf-8")
        start, end = bench.part(text, file.name)
        shown.append(text[start:end])
    assert shown[0] == shown[1]
    assert "Drawn by renderer-1:" in shown[0] and bench.NOT_ABOUT_REAL in shown[0]
    assert shown[0].count("\n|---") == 3


def test_every_table_by_tone_is_followed_by_what_it_cannot_show(bench):
    parts = bench.RESULTS.read_text("utf-8").split("### ")
    by_tone = [p for p in parts if p.startswith("By tone band")]
    assert len(by_tone) == 2  # by tone, and by tone and presentation
    assert all(bench.NOT_ABOUT_REAL in p for p in by_tone)


@pytest.mark.slow
def test_the_results_are_those_of_the_present_code_and_data(bench):
    text = bench.RESULTS.read_text("utf-8")
    assert bench.provenance() in text
    dlib = bench.measured(get("dlib"))
    for rate, t in dlib.thresholds.items():
        cells = [bench.tar(dlib.eval.mated_only(s), t.value) for s in bench.STYLES]
        assert f"| dlib | {rate:g} | {t.text} | {cells[0]} | {cells[1]} |" in text
        assert t.words in text
    for name, row in bench.by_group(dlib, "tone band").frame.iterrows():
        assert f"| dlib | {name} | {row['people']} | {bench.cell(row['fta'], 4)} |" in text
        assert bench.cell(row["fmr"], 4) in text


def test_a_set_by_another_renderer_is_not_called_by_the_tag(bench, monkeypatch):
    assert "Drawn by renderer-1:" in bench.provenance()
    monkeypatch.setattr(bench, "RENDERERS", {})
    assert "a renderer without a tag" in bench.provenance()


@pytest.mark.parametrize(
    "text",
    [
        "no markers",
        "<!-- results -->",
        "<!-- /results --><!-- results -->",
        "<!-- results --><!-- results --><!-- /results -->",
    ],
)
def test_a_readme_without_a_place_for_results_is_left_as_it_is(bench, tmp_path, text):
    readme, results = tmp_path / "README.md", tmp_path / "results.md"
    readme.write_text(text)
    results.write_text("<!-- results -->\nnew\n<!-- /results -->")
    with pytest.raises(ValueError, match=r"README\.md has no place for the results: put") as caught:
        bench.put_into_readme(readme, results)
    assert "\n" not in str(caught.value) and readme.read_text() == text
    assert sorted(p.name for p in tmp_path.iterdir()) == ["README.md", "results.md"]


def test_results_go_between_the_markers_and_nowhere_else(bench, tmp_path):
    readme, results = tmp_path / "README.md", tmp_path / "results.md"
    readme.write_text("before\n<!-- results -->\nold\n<!-- /results -->\nafter\n")
    results.write_text("x\n<!-- results -->\nnew\n<!-- /results -->\ny")
    bench.put_into_readme(readme, results)
    assert readme.read_text() == "before\n<!-- results -->\nnew\n<!-- /results -->\nafter\n"


def test_the_command_says_in_one_sentence_that_the_readme_has_no_place(
    bench, tmp_path, monkeypatch, capsys
):
    (tmp_path / "README.md").write_text("nothing")
    monkeypatch.setattr(bench, "README", tmp_path / "README.md")
    monkeypatch.setattr(bench, "page", lambda: pytest.fail("it should not measure first"))
    assert bench.main(["--readme"]) == 1
    assert capsys.readouterr().err.startswith("matchers: README.md has no place for the results")

"""What must hold for every matcher of the lab; a new entry of the registry is tested too."""

from __future__ import annotations

import functools
import subprocess
import sys
from typing import Any

import numpy as np
import pytest

from labkit import data, matchers
from labkit.matchers import registry
from labkit.matchers.registry import Entry, Matcher
from labkit.measure.rates import auc
from labkit.measure.scores import MEASURES, all_pairs, compare

NAMES = [entry.name for entry in matchers.offline()]
SOME = 7  # pictures; more than a matcher describes at once, so that the last batch is short


@pytest.fixture(params=NAMES)
def entry(request) -> Entry:
    return matchers.get(request.param)


@functools.cache
def town(name: str) -> data.FaceSet:
    return data.load(f"anytown/{name}")


def some(entry: Entry, count: int = SOME) -> list[Any]:
    """The first pictures or crops of dev, each of the kind that the matcher reads."""
    return list(entry.pictures(town("dev"))[:count])


def nobody(entry: Entry) -> np.ndarray:
    """What stands for a picture without a face: an empty wall, or a crop that failed."""
    like = some(entry, 1)[0]
    return np.full_like(like, 128) if entry.reads == "pictures" else np.zeros_like(like)


def close(a: np.ndarray, b: np.ndarray) -> bool:
    """Equal but for the last bits of a sum."""
    return np.allclose(a, b, atol=1e-5 * np.nanmax(np.abs(b)), equal_nan=True)


# ---- the entry ----------------------------------------------------------------------------------


def test_an_entry_says_what_it_is(entry):
    assert entry.means.strip() == entry.means and entry.means.endswith(".")
    assert entry.described() == entry.means  # no translation is there yet
    assert entry.measure in MEASURES and entry.reads in registry.READS
    assert entry.shipped is None or not entry.fitted
    assert entry.at_home or not entry.fitted  # it is fitted on drawings
    assert matchers.get(entry.name.upper()) is entry
    assert matchers.MATCHERS[entry.name] is entry


def test_it_is_used_as_the_protocol_says(entry):
    matcher = entry.make()
    assert isinstance(matcher, Matcher)
    assert matcher.measure == entry.measure
    assert isinstance(matcher, type(entry.make())) and matcher is not entry.make()


def test_the_registry_loads_no_library():
    code = (
        "import sys\n"
        "from labkit import matchers\n"
        "assert [e.name for e in matchers.offline()]\n"
        "heavy = {'sklearn', 'deepface', 'cv2', 'dlib', 'pandas', 'scipy'} & set(sys.modules)\n"
        "assert not heavy, heavy\n"
    )
    subprocess.run([sys.executable, "-c", code], check=True)


# ---- templates ----------------------------------------------------------------------------------


def test_templates_have_a_row_for_each_picture(entry):
    templates = entry.trained().transform(some(entry))
    assert templates.dtype == np.float32 and templates.ndim == 2 and len(templates) == SOME
    assert np.isfinite(templates).all()
    assert entry.trained().transform(some(entry, 1)).shape == (1, templates.shape[1])
    none = entry.trained().transform(entry.pictures(town("dev"))[:0])
    assert none.shape == (0, templates.shape[1]) and none.dtype == np.float32


def test_the_same_picture_has_the_same_template(entry):
    pictures = some(entry)
    templates = entry.trained().transform([*pictures, pictures[2].copy()])
    assert close(templates[[-1]], templates[[2]])
    others = np.linalg.norm(templates[:SOME] - templates[-1], axis=1)
    assert (np.sort(others)[1:] > 100 * np.sort(others)[0]).all()  # and others have others


def test_neither_order_nor_batch_matters(entry):
    pictures, matcher = some(entry), entry.trained()
    together = matcher.transform(pictures)
    shuffle = np.random.default_rng(0).permutation(SOME)
    fresh = entry.trained() if entry.fitted else entry.make()  # what was seen is remembered
    assert close(fresh.transform([pictures[i] for i in shuffle]), together[shuffle])
    alone = np.concatenate([matcher.transform([p]) for p in pictures])
    assert close(alone, together)


def test_a_picture_without_a_face_is_a_row_of_nan_and_loses_no_other(entry):
    pictures = some(entry, 3)
    templates = entry.trained().transform([pictures[0], nobody(entry), pictures[2]])
    assert np.isnan(templates[1]).all()
    assert close(templates[[0, 2]], entry.trained().transform([pictures[0], pictures[2]]))
    assert np.isnan(entry.trained().transform([nobody(entry)])).all()


@pytest.mark.parametrize(
    "given", ["face.png", None, 3, {"a": 1}, np.zeros(5), [np.full((64, 64), "x")]]
)
def test_what_is_no_list_of_pictures_is_refused_in_a_sentence(entry, given):
    with pytest.raises(ValueError) as error:
        entry.trained().transform(given)
    words = str(error.value)
    assert "\n" not in words and 10 < len(words) < 300


def test_it_tells_people_apart(entry):
    faces = town("dev")
    here = faces.of("person") < 20_080
    templates = entry.templates(faces)[here]
    pairs = all_pairs(templates, faces.of("person")[here], entry.measure)
    assert auc(pairs.genuine, pairs.impostor) > 0.8


# ---- bundled sets, and what must not leak -------------------------------------------------------


def test_templates_of_a_set_are_those_of_its_pictures(entry):
    faces = town("dev")
    templates = entry.templates(faces)
    assert templates.shape[0] == len(faces) and templates.dtype == np.float32
    lost = np.isnan(templates)
    assert (lost.any(1) == lost.all(1)).all()
    if entry.reads == "crops" or entry.name == "dlib":  # whose detector wrote the table
        assert lost.any(1).tolist() == (faces.of("status") == "failed").tolist()
    live = entry.trained().transform(some(entry))
    halves = np.array_equal(templates, templates.astype(np.float16), equal_nan=True)
    last_digit = 2**-11 if halves else 0.0  # of a number that was stored with half precision
    assert np.allclose(templates[:SOME], live, rtol=last_digit, atol=1e-5 * np.abs(live).max())


def test_a_set_is_described_without_keeping_its_crops(entry):
    faces = data.load("anytown/dev")
    entry.templates(faces)
    assert "crops" not in vars(faces)


def test_learning_and_describing_take_little_memory(entry):
    """Beside the pictures themselves: a notebook does this in its own process."""
    import tracemalloc

    if entry.shipped is not None:
        return
    faces, train = town("eval"), town("train")
    read = sum(entry.pictures(s).nbytes for s in (faces, train))
    tracemalloc.start()
    matcher = entry.make()
    matcher.fit(entry.pictures(train), train.of("person"))
    matcher.transform(entry.pictures(faces))
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    vectors = train.crops.size * 4  # of the crops it learns from, as float32
    assert peak < read + 2 * vectors


def test_templates_do_not_hang_on_who_else_is_there(entry):
    """Two people in the company of others, and alone with each other."""
    pictures = some(entry, 8)
    matcher = entry.trained()
    whole, pair = matcher.transform(pictures), matcher.transform(pictures[:2])
    ours = compare(pair[:1], pair[1:], entry.measure)
    assert ours == pytest.approx(compare(whole[:1], whole[1:2], entry.measure), abs=1e-5)


def test_it_is_fitted_on_other_people_than_those_it_is_judged_on(entry):
    train = set(town("train").people.index)
    for name in ("dev", "eval", "holdout"):
        assert not train & set(town(name).people.index)
    assert registry.TRAINED_ON == "anytown/train"
    if entry.fitted:
        with pytest.raises(ValueError, match=f"{entry.name} was fitted on people of anytown/train"):
            entry.templates(town("train"))
        assert entry.trained() is entry.trained()
    else:
        assert len(entry.templates(town("train"))) == len(town("train"))


def test_what_people_are_called_does_not_matter(entry):
    if not entry.fitted:
        matcher = entry.make()
        assert matcher.fit(some(entry), np.arange(SOME)) is matcher
        return
    train = town("train")
    renamed = np.random.default_rng(1).permutation(10**6)[train.of("person")]
    other = entry.make()
    other.fit(entry.pictures(train), renamed)
    ours, theirs = (m.transform(some(entry, 40)) for m in (entry.trained(), other))
    assert compare(ours, ours, entry.measure) == pytest.approx(
        compare(theirs, theirs, entry.measure), abs=2e-3
    )


# ---- other entries ------------------------------------------------------------------------------


class Middle:
    """Describes a crop by its four quarters: a matcher as short as one can be."""

    measure = "euclidean"

    def fit(self, pictures: Any, people: Any = None) -> Middle:
        return self

    def transform(self, pictures: Any) -> np.ndarray:
        crops = np.asarray(pictures, np.float32).reshape(-1, 2, 32, 2, 32)
        return crops.mean((2, 4)).reshape(-1, 4)


def trial(name: str, **more: Any) -> Entry:
    return Entry(name, "A trial.", Middle, measure="euclidean", reads="crops", **more)


def test_one_entry_adds_a_matcher_and_one_that_needs_a_network_is_left_out(monkeypatch):
    for new in (trial("Middle"), trial("Vendor", offline=False)):
        monkeypatch.setitem(registry._KNOWN, new.name, new)
    assert [e.name for e in matchers.offline()] == [*NAMES, "Middle"]
    assert matchers.get("vendor").offline is False
    templates = matchers.get("middle").templates(town("dev"))
    assert templates.shape == (1920, 4)
    assert np.array_equal(templates[5], Middle().transform(town("dev").crops[[5]])[0])
    with pytest.raises(LookupError, match="has no crops"):
        matchers.get("middle").templates(data.load("teaching/linked"))


def test_what_does_not_fit_is_one_sentence():
    with pytest.raises(ValueError, match=f"no matcher 'x': use one of {', '.join(NAMES)}"):
        matchers.get("x")
    with pytest.raises(ValueError, match="y reads 'sound': use pictures or crops"):
        Entry("y", "A trial.", Middle, measure="cosine", reads="sound")

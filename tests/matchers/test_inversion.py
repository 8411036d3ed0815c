"""From templates back to faces: what it shows, what it learns from, what it refuses."""

from __future__ import annotations

import functools
import time

import numpy as np
import pytest
from sklearn.base import clone
from sklearn.exceptions import NotFittedError

from labkit import data, matchers
from labkit.matchers import network
from labkit.matchers.inversion import Inversion
from labkit.measure.templates import found_again


@functools.cache
def chips(name: str) -> np.ndarray:
    rows = slice(None) if name == "train" else slice(0, None, 4)
    return network.chips_of(data.load(f"anytown/{name}"), rows)


@functools.cache
def learned(alpha: float = Inversion().alpha) -> Inversion:
    return Inversion(alpha).fit(data.load("anytown/train").templates, chips("train"))


def off(made: np.ndarray, true: np.ndarray) -> float:
    return float(np.abs(made.astype(float) - true).mean())


def test_the_people_it_is_tried_on_are_not_those_it_learned_from():
    train, dev = data.load("anytown/train"), data.load("anytown/dev")
    assert not set(train.people.index) & set(dev.people.index)


def test_a_rebuilt_face_is_nearer_to_the_true_one_than_the_mean_face():
    made = learned().rebuild(data.load("anytown/dev").templates[0::4])
    true, mean = chips("dev"), learned().mean_
    nearer = [off(m, t) < off(mean, t) for m, t in zip(made, true, strict=True)]
    assert np.mean(nearer) > 0.85
    assert off(made, true) < 0.8 * off(mean, true)


def test_another_matcher_finds_the_person_of_a_rebuilt_face_on_another_day():
    """The claim that a template is a password: it is carried by this count, far above chance."""
    dev = data.load("anytown/dev")
    described = network.describe(learned().rebuild(dev.templates[0::4]))
    other_day = matchers.get("AnytownNet").templates(dev)[1::4]
    found, tried = found_again(described, other_day, "cosine")
    assert tried > 470 and found > 50
    mixed = np.random.default_rng(1).permutation(len(described))
    assert found_again(described[mixed], other_day, "cosine")[0] < 10


def test_how_strongly_weights_are_kept_small_changes_little():
    """Seen on people of train, some of whom are left out of the learning."""
    train = data.load("anytown/train")
    part = train.of("person") % 5 != 0
    rest = ~part & np.isfinite(train.templates).all(1)
    errors = []
    for alpha in (3, Inversion().alpha, 100):
        one = Inversion(alpha).fit(train.templates[part], chips("train")[part])
        errors.append(off(one.rebuild(train.templates[rest]), chips("train")[rest]))
    assert max(errors) < 1.03 * min(errors)


def test_it_is_learned_in_seconds_and_learns_the_same_each_time():
    start = time.process_time()
    again = Inversion().fit(data.load("anytown/train").templates, chips("train"))
    assert time.process_time() - start < 10
    some = data.load("anytown/dev").templates[:3]
    assert np.array_equal(again.rebuild(some), learned().rebuild(some))


def test_failed_photographs_neither_teach_nor_are_rebuilt():
    train = data.load("anytown/train")
    templates, shown = train.templates[:80].copy(), chips("train")[:80].copy()
    plain = Inversion().fit(templates, shown)
    # The failed one comes first: each template after it must still learn its own picture.
    templates, shown = (
        np.vstack([templates[:1], templates]),
        np.concatenate([255 - shown[:1], shown]),
    )
    templates[0] = np.nan
    mixed = Inversion().fit(templates, shown)
    made = mixed.rebuild(templates)
    assert np.array_equal(made[1:], plain.rebuild(templates[1:]))
    assert not made[0].any() and made[1:].any((1, 2, 3)).all()
    assert mixed.rebuild(np.full((2, 128), np.nan)).shape == (2, 64, 64, 3)


def test_what_failed_half_way_has_not_learned():
    """A fit that failed left an object that counted as fitted, and could not rebuild."""
    rng = np.random.default_rng(2)
    templates, shown = rng.normal(size=(9, 4)), rng.integers(0, 256, (9, 4, 4, 3))
    broken = Inversion(alpha=-1.0)
    with pytest.raises(ValueError, match="alpha"):
        broken.fit(templates, shown)
    with pytest.raises(NotFittedError):
        broken.rebuild(templates)
    once = Inversion().fit(templates, shown)
    before = once.rebuild(templates)
    with pytest.raises(ValueError, match="alpha"):
        once.set_params(alpha=-1.0).fit(templates[:, :3], shown)
    assert np.array_equal(once.rebuild(templates), before)


@pytest.mark.parametrize("by", [1 / 255, 100, -1, np.nan])
def test_pictures_out_of_range_are_refused(by):
    """Colours in 0..1 gave black faces, larger ones than 255 faces of any colour."""
    rng = np.random.default_rng(2)
    templates, shown = rng.normal(size=(9, 4)), rng.integers(0, 256, (9, 4, 4, 3))
    Inversion().fit(templates, shown.astype(float))
    with pytest.raises(ValueError, match=r"^the pictures hold .*: give colours from 0 to 255$"):
        Inversion().fit(templates, by * shown)


def test_what_does_not_fit_is_one_sentence():
    with pytest.raises(ValueError, match=r"templates of shape \(3, 4\) do not go with"):
        Inversion().fit(np.zeros((3, 4)), np.zeros((2, 8, 8, 3)))
    with pytest.raises(ValueError, match="fewer than two photographs have a template"):
        Inversion().fit(np.full((3, 4), np.nan), np.zeros((3, 8, 8, 3)))
    with pytest.raises(ValueError, match=r"the shape \(2, 5\): give rows of 128 numbers"):
        learned().rebuild(np.zeros((2, 5)))
    with pytest.raises(NotFittedError):
        clone(learned()).rebuild(np.zeros((2, 128)))

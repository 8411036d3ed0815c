"""The PCA basis of the pixel matchers."""

from __future__ import annotations

import numpy as np
import pytest

from labkit import data
from labkit.making.basis import COMPONENTS, fit_basis


def test_the_basis_explains_most_of_what_it_saw():
    x = np.random.default_rng(1).integers(0, 255, (40, 64, 64), dtype=np.uint8)
    mean, axes, variance = fit_basis(x, 20)
    assert axes.shape == (20, 4096) and mean.shape == (4096,)
    assert (np.diff(variance) <= 1e-3).all()
    assert (axes[np.arange(20), np.abs(axes).argmax(1)] > 0).all()


@pytest.mark.slow
def test_the_stored_basis_is_that_of_the_stored_crops():
    train, stored = data.load("anytown/train"), data.load_basis()
    found = np.isfinite(train.templates[:, 0])
    mean, axes, variance = fit_basis(train.crops[found], COMPONENTS)
    assert np.abs(mean - stored.mean).max() < 1e-3
    assert np.abs(axes - stored.components).max() < 1e-3
    assert np.allclose(variance, stored.variance, rtol=1e-3)

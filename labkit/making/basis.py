"""One PCA basis for the pixel matchers, fitted on the people of ``train``.

In: crops.  Out: ``data/counterfactual/basis.npz``, and the coefficients of the counterfactual sets,
whose crops are not shipped.
"""

from __future__ import annotations

import io
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from labkit.base.codec import untile
from labkit.base.files import write_whole
from labkit.matchers.align import crop_vectors

COMPONENTS = 150


def fit_basis(crops: NDArray[np.uint8], components: int) -> tuple[NDArray[np.float32], ...]:
    """Mean (4096,), components (k, 4096) and variances (k,) of crops, rounded to half precision.

    Principal components of :func:`labkit.matchers.align.crop_vectors` (Turk and Pentland 1991).
    Signs are fixed: the largest weight of a component is positive.
    """
    x = crop_vectors(crops).astype(np.float64)
    mean = x.mean(0)
    _, scale, axes = np.linalg.svd(x - mean, full_matrices=False)
    axes = axes[:components]
    axes *= np.sign(axes[np.arange(len(axes)), np.abs(axes).argmax(1)])[:, None]
    variance = scale[: len(axes)] ** 2 / max(1, len(x) - 1)
    short = [np.asarray(a, np.float16).astype(np.float32) for a in (mean, axes)]
    return short[0], short[1], variance.astype(np.float32)


def write_basis(data: Path, sets: Mapping[str, Iterable[Mapping[str, NDArray[Any]]]]) -> None:
    """Fit the basis on the crops of ``train``; write it, and coefficients of these sets.

    Parameters
    ----------
    data
        The data folder; ``anytown/train`` is in it.
    sets
        Name of a counterfactual set -> what was found in the photographs of each of its people.
    """
    train = data / "anytown" / "train"
    ok = np.isfinite(np.load(train / "templates.npy")[:, 0])
    crops = untile((train / "crops.webp").read_bytes(), len(ok))[ok]
    mean, axes, variance = fit_basis(crops, min(COMPONENTS, len(crops) - 1))
    content = io.BytesIO()
    np.savez_compressed(
        content, mean=mean.astype(np.float16), components=axes.astype(np.float16), variance=variance
    )
    write_whole(data / "counterfactual" / "basis.npz", content.getvalue())
    for name, everybody in sets.items():
        results = list(everybody)
        found = np.concatenate([r["ok"] for r in results])
        x = crop_vectors(np.concatenate([r["crop"] for r in results]))
        weights = ((x - mean) @ axes.T).astype(np.float16)
        weights[~found] = np.nan
        write_array(data / "counterfactual" / name / "coefficients.npy", weights)


def write_array(path: Path, array: NDArray[Any]) -> None:
    """An array as a ``.npy`` file, whole."""
    content = io.BytesIO()
    np.save(content, array)
    write_whole(path, content.getvalue())

"""The data in ``data/``: whole, balanced, and what the code makes.

Skipped until it has been made.
"""

from __future__ import annotations

import json
from collections import Counter

import numpy as np
import pytest

from labkit import data
from labkit.base.places import PROJECT
from labkit.making.plans import PLANS, choose
from labkit.making.remake import remake_sample

FOLDER = PROJECT / "data"
MADE = (FOLDER / "anytown" / "checksums.txt").is_file()
pytestmark = pytest.mark.skipif(not MADE, reason="data/ was not made yet: python -m labkit make")

# On another machine sums may round otherwise: pictures may then differ by this much on average
# (grey levels of 255), templates by this distance.
PIXELS, TEMPLATE = 1.0, 0.05


def test_every_file_is_as_it_was_shipped():
    assert data.verify() > 6000


def test_pictures_fit_the_budget():
    pictures = list(FOLDER.rglob("pictures/*.webp"))
    assert len(pictures) == 300 * 4 + 480 * 4 + 480 * 6 + 12 * 48
    assert sum(p.stat().st_size for p in pictures) <= 22e6


# The teaching population has its own tests (test_linked.py).
@pytest.mark.parametrize("name", [n for n in data.SETS if not n.startswith("teaching/")])
def test_sets_are_whole_and_balanced(name):
    faces = data.load(name)
    plan = PLANS[name.split("/")[1]]
    seeds = json.loads((FOLDER / name / "seeds.json").read_text())
    assert seeds["people"] == faces.people.index.tolist()
    people = choose(plan)
    assert [p.seed for p in people] == faces.people.index.tolist()
    cells = Counter(zip(faces.people["tone_band"], faces.people["presentation_half"], strict=True))
    if not plan.halves_only:
        assert set(cells.values()) == {plan.cell} and len(cells) == 6
    ok = (faces.images["status"] == "ok").to_numpy()
    assert (np.isfinite(faces.templates).all(1) == ok).all()
    assert ok.mean() > 0.95
    assert len(set(faces.images["image"])) == len(faces)


def test_no_template_or_picture_appears_twice():
    seen = np.concatenate([data.load(f"anytown/{n}").templates for n in ("train", "dev", "eval")])
    seen = seen[np.isfinite(seen).all(1)]
    assert len(np.unique(seen, axis=0)) == len(seen)
    digests = [line.split()[0] for line in (FOLDER / "anytown" / "checksums.txt").open()]
    assert len(set(digests)) == len(digests)


@pytest.mark.slow
@pytest.mark.parametrize("name", ["train", "dev", "eval", "holdout"])
def test_a_sample_can_be_made_again(name):
    for remade in remake_sample([name], people=1, seed=1):
        if remade.same_bytes:
            continue
        assert not remade.pixels > PIXELS, remade
        assert remade.template < TEMPLATE, remade

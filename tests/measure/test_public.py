"""The public face: what a notebook calls is there under one name, said in words, and light."""

from __future__ import annotations

import inspect
import subprocess
import sys

import numpy as np
import pytest

import labkit
from labkit import measure


@pytest.mark.parametrize("name", measure.__all__)
def test_each_name_is_there_and_says_what_it_is(name):
    thing = getattr(measure, name)
    if inspect.isroutine(thing) or inspect.isclass(thing):
        assert inspect.getdoc(thing) and thing.__name__ == name
        assert thing.__module__.startswith("labkit.measure.")
        assert f"`{name}`" in (measure.__doc__ or "") or name[0].isupper() or name in QUIET


QUIET = {
    "cosine_scores",
    "dev_edges",
    "euclidean_scores",
    "pair_totals",
    "vertex_bootstrap",
    "vertex_weights",
}
"""Exported for one notebook each; the table of the module's docstring leaves them out."""


def test_each_name_of_the_docstring_is_exported():
    import re

    told = re.findall(r":(?:func|class|data):`(\w+)`", measure.__doc__ or "")
    assert len(told) > 30 and set(told) <= set(measure.__all__)


def test_a_group_table_takes_three_lines():
    people = np.repeat(np.arange(60), 3)
    templates = np.random.default_rng(0).normal(size=(180, 6))
    pairs = labkit.measure.all_pairs(templates, people)
    chosen = labkit.measure.choose_threshold(pairs, 0.05)
    table = labkit.measure.group_table(pairs, people % 2, chosen.value)
    assert [r.short in table.show() for r in measure.RATES.values()] == [True] * len(measure.RATES)


def test_importing_the_lab_loads_no_library_and_measuring_loads_numpy_alone():
    code = (
        "import sys, labkit\n"
        "assert 'numpy' not in sys.modules\n"
        "labkit.measure.group_table\n"
        "heavy = {'pandas', 'numba', 'scipy', 'sklearn', 'matplotlib'} & set(sys.modules)\n"
        "assert 'numpy' in sys.modules and not heavy, heavy\n"
    )
    subprocess.run([sys.executable, "-c", code], check=True)

"""Three comparisons, each confounded by one thing."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from labkit.experiment import confounded
from labkit.experiment.confounded import A, B

NUMBERS = (1, 2, 3)


@pytest.mark.parametrize("number", NUMBERS)
def test_as_printed_the_districts_differ_and_like_with_like_they_do_not(number):
    ratios = confounded.comparison(number).ratios
    crude, honest = ratios.loc["as printed"], ratios.loc["like with like"]
    assert not crude["low"] <= 1 <= crude["high"]
    assert honest["low"] <= 1 <= honest["high"]
    assert abs(np.log(honest["ratio"])) < 0.6 * abs(np.log(crude["ratio"]))


@pytest.mark.parametrize("number", NUMBERS)
def test_one_thing_differs_and_it_is_the_answer(number):
    found = confounded.comparison(number)
    apart = found.parameters["apart"].abs().sort_values(ascending=False)
    assert apart.index[0] == found.thing
    assert apart.iloc[0] > 0.8 > 0.25 > apart.iloc[1]
    assert found.known.columns.tolist() == [A, B], "the answer is not printed beside the question"


def test_each_thing_confounds_one_comparison():
    things = [confounded.comparison(number).thing for number in NUMBERS]
    assert sorted(things) == sorted(confounded.THINGS)


@pytest.mark.parametrize("number", NUMBERS)
def test_an_answer_is_checked(number):
    found = confounded.comparison(number)
    assert [thing for thing in confounded.THINGS if found.check(f" {thing.upper()} ")] == [
        found.thing
    ]
    with pytest.raises(ValueError, match="'tone' is no answer: use one of camera, age, images"):
        found.check("tone")
    with pytest.raises(ValueError, match="None is no answer"):
        found.check(None)


@pytest.mark.parametrize("number", NUMBERS)
def test_the_printed_table_is_what_was_counted(number):
    found = confounded.comparison(number)
    assert found.table.index.tolist() == [A, B]
    rates = found.table["errors"] / found.table["of"]
    ratio = found.ratios.loc["as printed", "ratio"]
    assert rates[B] / rates[A] == pytest.approx(ratio)
    said = found.told()
    assert f"Comparison {number}," in said and f"{ratio:.2f}" in said
    crude, honest = (found.ratios.loc[name] for name in ("as printed", "like with like"))
    weak = honest["detectable"] >= max(crude["ratio"], 1 / crude["ratio"])
    assert ("too few people to tell" in said) == weak == (number != 2)
    assert ("no difference is shown any more" in said) == (not weak)


@pytest.mark.parametrize(
    ("crude", "honest", "said"),
    [
        ((2.0, 1.5, 2.7), (1.8, 1.3, 2.5), "does not explain it"),
        ((2.0, 1.5, 2.7), (1.1, 0.7, 1.6), "no difference is shown any more"),
        ((0.5, 0.4, 0.7), (1.1, 0.7, 1.6), "no difference is shown any more"),
        ((1.6, 1.2, 2.1), (1.1, 0.7, 1.6), "too few people to tell"),
        ((0.65, 0.5, 0.8), (1.1, 0.7, 1.6), "it dealt it out, not from this comparison"),
        ((1.1, 0.8, 1.5), (1.0, 0.7, 1.4), "Neither as printed"),
        ((2.0, 1.5, 2.7), (np.nan, np.nan, np.nan), "too little to compare (a: 3 people)"),
    ],
)
def test_what_is_left_is_told_in_each_way(crude, honest, said):
    """Finding: a test that could not have seen the printed ratio was read as an explanation."""
    names = ["ratio", "low", "high"]
    rows = [
        pd.Series({**dict(zip(names, of, strict=True)), "detectable": 1.7, "words": "a: 3 people"})
        for of in (crude, honest)
    ]
    assert said in confounded.comparison(1)._told_left(*rows)


def test_there_are_three():
    with pytest.raises(ValueError, match="no comparison 4: use 1, 2, 3"):
        confounded.comparison(4)

"""The one check of group labels."""

import math

import numpy as np
import pandas as pd
import pytest

from labkit.measure.labels import NOT_SAID, labels


@pytest.mark.parametrize(
    "nothing",
    [
        *(None, math.nan, pd.NA, pd.NaT, "", "  ", "Unknown", "N/A", "?"),
        *("unbekannt", "Keine Angabe", "k. A.", "k.A.", "Inconnu", "inconnue", "non renseigné"),
        *("desconocido", "No consta", "Desconhecida", "não informado", "sconosciuto"),
    ],
)
def test_what_says_nothing_is_no_group(nothing):
    found = labels(["b", nothing, "a", "b"], 4)
    assert found.names == ["a", "b"] and found.place.tolist() == [1, -1, 0, 1]
    assert found.known.tolist() == [True, False, True, True]
    assert found.missing == 1 and found.words.startswith("1 of 4 images have no group")
    assert found.of("b").tolist() == [True, False, False, True]


def test_every_word_for_nothing_is_small_and_without_blanks():
    assert all(word == word.strip().lower() for word in NOT_SAID)


def test_whoever_names_a_group_means_it():
    """A group that is really called "None" or "na" is one when it is asked for."""
    found = labels(["na", "x", ""], names=["x", "na"])
    assert found.place.tolist() == [1, 0, -1]


def test_numbers_and_categories_keep_their_order():
    assert labels([10, 2, 2]).names == [2, 10]
    assert labels([10, "a", 2]).names == [10, 2, "a"]
    assert labels(pd.Categorical(["b", "a", None], ["b", "c", "a"])).names == ["b", "a"]
    assert labels(np.array([1.5, math.nan])).names == [1.5]
    assert labels([True, False]).names == [False, True]
    assert labels([]).names == []


def test_what_does_not_fit_is_one_sentence():
    for ask, words in (
        (lambda: labels(["a"], 2), "1 group labels for 2 images"),
        (lambda: labels([None, "unknown"]), "none of 2 images has a group"),
        (lambda: labels(["a", "b"], names=["a"]), "give every group once, also 'b'"),
        (lambda: labels(["a"], names=["a", "a"]), "give every group once"),
    ):
        with pytest.raises(ValueError, match=words) as error:
            ask()
        assert "\n" not in str(error.value)

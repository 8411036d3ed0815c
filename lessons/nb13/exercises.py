"""Notebook 13: its exercise, how little a small folder can show.

Out: how many pairs of people a friend's folder holds, and what each slip gives.
"""

from __future__ import annotations

from math import comb

from labkit.base.words import N_
from labkit.learning.exercises import Check, Exact

PEOPLE, EACH = 8, 5
"""A friend's folder: people, and photographs of each."""

EXERCISES = (
    Check(
        "13-a",
        question=N_("How many different pairs of two people are there among eight people?"),
        reference=lambda: comb(PEOPLE, 2),
        tolerance=Exact(),
        unit="count",
        goes_on=False,
        wrong={
            "all comparisons": (
                lambda: comb(PEOPLE * EACH, 2),
                N_(
                    "That is every comparison of two photographs, also those of one person. Ask for"
                    " PEOPLE: whoever they are, two of them make one pair."
                ),
            ),
            "comparisons of two people": (
                lambda: comb(PEOPLE, 2) * EACH * EACH,
                N_(
                    "That is how many comparisons of photographs of two people there are. Those of"
                    " the same two people share the same two faces: count the pairs of people."
                ),
            ),
            "comparisons of one person": (
                lambda: PEOPLE * comb(EACH, 2),
                N_(
                    "These are the comparisons of a person with themselves: they tell of misses. A"
                    " false match takes two people."
                ),
            ),
            "each pair twice": (
                lambda: PEOPLE * (PEOPLE - 1),
                N_("Ann with Ben is the same pair as Ben with Ann: here each is counted twice."),
            ),
            "with oneself": (
                lambda: PEOPLE * PEOPLE,
                N_("Here people are paired with themselves too, and every pair is counted twice."),
            ),
            "the people": (
                lambda: PEOPLE,
                N_("That is the number of people. How many ways are there to choose two of them?"),
            ),
            "the photographs": (
                lambda: PEOPLE * EACH,
                N_("That is the number of photographs. The question asks for pairs of people."),
            ),
            "twice the people": (
                lambda: 2 * PEOPLE,
                N_("That is two for each person. Each of the eight can be paired with seven."),
            ),
            "standing in pairs": (
                lambda: PEOPLE // 2,
                N_(
                    "So many pairs can stand side by side at once. Ask for every two who could be"
                    " compared: Ann with Ben, Ann with Cem, and so on."
                ),
            ),
            "with oneself, once": (
                lambda: comb(PEOPLE + 1, 2),
                N_("Nobody is a pair with themselves: leave those eight out."),
            ),
        },
        hint=N_(
            "The first person makes a pair with each of seven others, the second with six who were"
            " not paired with them yet, and so on."
        ),
        way=N_("7 + 6 + 5 + 4 + 3 + 2 + 1, which is 8 * 7 / 2."),
    ),
)

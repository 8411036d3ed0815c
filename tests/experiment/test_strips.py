"""The face maker's strips: one thing changes, by the written rules; every way numbers may fall."""

from __future__ import annotations

import itertools
import math

import pytest

from labkit.experiment import strips
from labkit.experiment.factors import drawn
from labkit.experiment.strips import ITSELF, LOST, OTHER, PERSON, PICTURE, SAME, STRIPS
from labkit.people.who import sample_person
from labkit.people.who.parameters import BY_NAME, LIMIT

NOSE, BLUR = STRIPS["nose_width"], STRIPS["blur"]


def test_half_belong_to_the_person_and_half_to_the_photograph() -> None:
    kinds = [strip.of for strip in STRIPS.values()]
    assert kinds.count(PERSON) == kinds.count(PICTURE) == 6
    for strip in STRIPS.values():
        assert (strip.name in BY_NAME) == (strip.of == PERSON)
        assert 5 <= len(strip.values) <= 7 and list(strip.values) == sorted(set(strip.values))
    parts = [BY_NAME[strip.name].part for strip in STRIPS.values() if strip.of == PERSON]
    assert sorted(parts) == sorted({p.part for p in BY_NAME.values()} - {"skin"})
    assert not {"tone", "age", "presentation"} & set(STRIPS)


def test_a_step_changes_one_thing_and_the_start_nothing() -> None:
    first = strips.starting(strips.people()[0])
    for name, strip in STRIPS.items():
        for step in range(len(strip.values)):
            before, after = drawn(*first), drawn(*strip.at(first, step))
            changed = [key for key in before if before[key] != after[key]]
            assert changed == ([] if step == strip.start else [name]), (name, step)


def test_who_is_drawn_follows_the_written_rule() -> None:
    chosen = strips.people()
    everybody = [sample_person(seed) for seed in range(max(p.seed for p in chosen) + 1)]
    fit = [p for p in everybody if 1 / 3 <= p.tone < 2 / 3 and p.covering_kind is None]
    for one, upper in zip(chosen, (False, True), strict=True):
        assert one.seed == next(p.seed for p in fit if (p.presentation >= 0) == upper)
        assert one.seed < strips.TUNING
        assert all(one.shape[s.name] == 0 for s in STRIPS.values() if s.of == PERSON)


def test_strips_of_a_person_share_the_starting_picture() -> None:
    files = {strips.file_of(seed, name, step) for seed, name, step, _draw in strips.drawn()}
    n = sum(len(strip.values) - 1 for strip in STRIPS.values())
    assert len(files) == 2 * (n + 1)
    by_file: dict[str, list] = {}
    for seed, name, step, draw in strips.drawn():
        by_file.setdefault(strips.file_of(seed, name, step), []).append(draw)
    assert all(draw == same[0] for same in by_file.values() for draw in same)


def test_values_are_told_with_sign_and_unit() -> None:
    assert NOSE.told(0) == f"\u2212{LIMIT:g} units" and NOSE.told(2) == "0 units"
    assert BLUR.told(0) == "0 pixels" and STRIPS["ev"].told(4) == "+2 stops"


@pytest.mark.parametrize(
    ("score", "least", "step", "wanted"),
    [
        (0.5, 0.5, 1, SAME),
        (0.499, 0.5, 1, OTHER),
        (math.nan, 0.5, 1, LOST),
        (math.nan, 0.5, 2, LOST),  # no face in the starting picture itself
        (1.0, 0.5, 2, ITSELF),
        (-0.3, -0.4, 0, SAME),
    ],
)
def test_outcomes(score: float, least: float, step: int, wanted: str) -> None:
    assert strips.outcome(NOSE, step, score, least) == wanted


def row(*changed: str, strip: strips.Strip = NOSE) -> list[str]:
    out = list(changed)
    out.insert(strip.start, ITSELF)
    return out


S, O, L = SAME, OTHER, LOST


@pytest.mark.parametrize(
    ("one", "other", "person", "picture"),
    [
        ((S, S, S, S), (S, S, S, S), "is taken for the first person", "recognised in all"),
        ((O, O, O, O), (O, O, O, O), "enough for it to be called somebody else", "is a miss"),
        ((S, S, S, S), (O, O, O, O), "for which matcher", "made by the photograph alone"),
        ((S, S, O, S), (S, S, S, S), "where it crosses the threshold", "those that do not match"),
        ((L, L, L, L), (L, L, L, L), "Without a face", "Without a face"),
        ((L, L, L, L), (S, S, S, S), "is taken for the first person", "recognised in all"),
        ((S, S, S, L), (O, S, S, S), "which matcher", "those that do not match"),
        ((O, O, O, L), (O, O, L, L), "enough for it", "each that is compared is a miss"),
    ],
)
def test_there_is_a_sentence_for_every_way(one, other, person: str, picture: str) -> None:
    for strip, words in ((NOSE, person), (BLUR, picture)):
        said = strips.read(
            strip, {"dlib": row(*one, strip=strip), "SFace": row(*other, strip=strip)}
        )
        assert words in said
        some = LOST in (*one, *other) and {*one, *other} != {LOST}
        assert ("failure of another kind" in said) == some


def test_what_is_counted_adds_up_whatever_came() -> None:
    for changed in itertools.product((S, O, L), repeat=4):
        said = strips.read(NOSE, {"dlib": row(*changed)})
        if set(changed) == {L}:
            assert said.startswith("dlib finds no face in any of 4 changed pictures.")
            continue
        if len(set(changed)) == 1:
            name = {S: "the same person", O: "somebody else"}[changed[0]]
            assert said.startswith(f"dlib calls all 4 changed pictures {name}.")
            continue
        assert f"calls {changed.count(S)} the same person and {changed.count(O)} some" in said
        assert (f"in {changed.count(L)} it finds no face" in said) == (L in changed)


def test_the_limit_is_said_whole() -> None:
    for part in ("Two invented people", "no error rate", "no statement about real faces"):
        assert part in strips.limit()

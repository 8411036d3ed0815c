"""An experiment about one factor: what is refused, counted and said, and how many it takes."""

from __future__ import annotations

import dataclasses
import importlib.util
import math
import zlib

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from labkit import data, experiment, measure
from labkit.experiment import design as designing
from labkit.experiment import factors, power
from labkit.experiment.factors import PLACES, THINGS, Draw, drawn, draws, parameters_of
from labkit.people.who import COVERINGS, NAMES, Covering, Glasses, Marks, Shirt
from labkit.people.who.capture import _CAPTURE_RANGES, EXPOSURES, LIGHTS
from labkit.people.who.styling import FACIAL_HAIR, HAIRCUTS


class Sketch(experiment.Studio):
    """Draws flat colours and describes what was asked for: who it is, moved by noise and blur.

    A face is lost where ``ev`` is below -3.
    """

    def __init__(self):
        self.waiting = []

    def photographs(self, drawn_):
        self.waiting += drawn_
        made = [zlib.crc32(repr(drawn(*d)).encode()) for d in drawn_]
        return [
            np.full((16, 16, 3), (m & 255, m >> 8 & 255, m >> 16 & 255), np.uint8) for m in made
        ]

    def describe(self, pictures, matcher):
        own, self.waiting = self.waiting[: len(pictures)], self.waiting[len(pictures) :]
        return np.array([self.template(*draw) for draw in own], np.float32)

    def template(self, person, styling, capture):
        if capture.ev < -3:
            return np.full(12, np.nan)
        rng = np.random.default_rng([person.seed, capture.backdrop])
        who = np.array([person.shape[name] for name in NAMES[:12]])
        return 0.1 * who + (0.06 + 0.03 * capture.noise) * rng.normal(size=12)


def run(factor, levels, **options):
    return experiment.run(factor, levels, studio=Sketch(), **options)


@pytest.fixture(scope="module")
def noisy():
    """60 people with little noise and with much."""
    return run("noise", {"good": 0, "poor": 2}, people=60, captures=3)


# ---- one thing at a time ------------------------------------------------------------------------


def numbers(low, high):
    return st.floats(low, high).map(lambda v: round(v, 3))


COLOURS = st.tuples(*[numbers(0, 1)] * 3)
WHOLE = st.integers(0, 2**31)
VALUES = {
    "person.seed": WHOLE,
    "tone": numbers(0, 1),
    "presentation": numbers(-1, 1),
    "age": numbers(18, 85),
    "hair_colour": COLOURS,
    "iris": COLOURS,
    "greyness": numbers(0, 1),
    "hair_loss": numbers(0, 1),
    "marks": st.builds(Marks, freckles=numbers(0, 1)),
    "covering_kind": st.sampled_from([None, *COVERINGS]),
    "haircut": st.sampled_from(HAIRCUTS),
    "hair_type": numbers(0, 1),
    "hair_length": numbers(0, 60),
    "parting": numbers(-1, 1),
    "volume": numbers(0, 1),
    "fringe": numbers(0, 1),
    "dye": st.none() | COLOURS,
    "facial_hair": st.sampled_from(FACIAL_HAIR),
    "facial_hair_length": numbers(0, 8),
    "glasses": st.none() | st.builds(Glasses, tint=numbers(0, 0.3)),
    "covering": st.none() | st.builds(Covering, st.sampled_from(COVERINGS)),
    "styling.shirt": st.builds(Shirt, seed=WHOLE),
    "styling.seed": WHOLE,
    "gaze": st.tuples(*[numbers(-30, 30)] * 2),
    "shift": st.tuples(*[numbers(-10, 10)] * 2),
    "light": st.sampled_from(LIGHTS),
    "exposure": st.sampled_from(EXPOSURES),
    "backdrop": WHOLE,
    "capture.shirt": WHOLE,
    "capture.seed": WHOLE,
    "jpeg": st.integers(5, 99),
    **{name: numbers(-1.8, 1.8) for name in NAMES},
    **{name: numbers(*ends) for name, ends in _CAPTURE_RANGES.items() if name != "jpeg"},
}
"""What each drawn parameter may be."""


def test_every_drawn_parameter_has_values_here():
    """A parameter that is added to people, stylings or captures is drawn as a second change too."""
    assert set(VALUES) == set(PLACES)
    everything = drawn(*draws(factors.START, 2)[0])
    assert set(everything) == set(PLACES)
    fields = [dataclasses.fields(kind) for kind in factors.OWNERS.values()]
    assert len(everything) == sum(map(len, fields)) - 1 + len(NAMES)  # shape is its own names


def changed(draw, values):
    """A photograph with parameters changed as whoever writes a function would: with ``with_``."""
    parts = {owner: {} for owner in factors.OWNERS}
    for key, value in values.items():
        owner, name = PLACES[key]
        parts[owner][name] = value
    return tuple(
        part.with_(**parts[owner]) for owner, part in zip(factors.OWNERS, draw, strict=True)
    )


@settings(max_examples=200)
@given(st.data())
def test_a_second_change_is_refused_wherever_it_hides(drawing):
    """Property: one other parameter, changed by a function in one photograph only, is found."""
    factor = drawing.draw(st.sampled_from([*PLACES, *THINGS]), "factor")
    own = parameters_of(factor)
    value = {key: drawing.draw(VALUES[key], key) for key in own}
    second = drawing.draw(st.sampled_from([key for key in PLACES if key not in own]), "second")
    other = drawing.draw(VALUES[second], "its value")
    where = drawing.draw(st.integers(0, 3), "photograph")
    base = [d for k in range(2) for d in draws(factors.START + k, 2)]
    level = [Draw(*changed(d, value)) for d in base]
    both = Draw(*changed(base[where], {**value, second: other}))
    if drawn(*both)[second] == drawn(*level[where])[second]:
        return  # not a change: the factor moved it there by definition, or it was so before
    level[where] = both
    with pytest.raises(ValueError, match=r"too, in \d of 4 photographs") as refusal:
        factors.check_one_thing(factor, {"as drawn": base, "changed": level}, base)
    person = base[where].person.seed
    assert second in str(refusal.value) or "more too" in str(refusal.value)
    assert f"person {person}" in str(refusal.value)


@settings(max_examples=100)
@given(st.data())
def test_one_change_is_accepted(drawing):
    """Property: any parameter, or thing, changed alone; also where it takes others along."""
    factor = drawing.draw(st.sampled_from([*PLACES, *THINGS]), "factor")
    value = {key: drawing.draw(VALUES[key], key) for key in parameters_of(factor)}
    base = [d for k in range(2) for d in draws(factors.START + k, 2)]
    level = [Draw(*changed(d, value)) for d in base]
    if level != base:
        factors.check_one_thing(factor, {"as drawn": base, "changed": level}, base)


@pytest.mark.parametrize("factor", ["presentation", "age"])
def test_what_moves_means_of_shape_may_move_no_other_shape(factor):
    """Presentation is a move of several means; one of them moved further is a second change."""
    value = {"presentation": 0.9, "age": 70.0}[factor]
    levels = {
        "as drawn": lambda p, s, c: (p, s, c),
        "moved": lambda p, s, c: (p.with_(**{factor: value}), s, c),
    }
    experiment.Design(factor, levels, people=3)
    levels["moved"] = lambda p, s, c: (p.with_(**{factor: value}, brow_thickness=1.0), s, c)
    with pytest.raises(ValueError, match="differ in brow_thickness too, in 6 of 6"):
        experiment.Design(factor, levels, people=3)


def test_two_declared_changes_are_refused_and_for_whom_is_said():
    with pytest.raises(ValueError) as refusal:
        experiment.Design(
            "exposure",
            {"day": "natural", "night": {"exposure": "light-metered", "noise": 2.5}},
            people=4,
        )
    assert "'day' and 'night' of exposure differ in noise too, in 8 of 8" in str(refusal.value)
    assert "change one thing at a time" in str(refusal.value)


def test_a_styling_drawn_for_the_changed_person_is_a_second_change():
    """Somebody of another presentation would be dressed anew: hidden in a function, and refused."""
    from labkit.people.who import sample_styling

    def moved(person, styling, capture):
        other = person.with_(presentation=0.95)
        return other, sample_styling(styling.seed, other), capture

    levels = {"as drawn": lambda p, s, c: (p, s, c), "moved": moved}
    with pytest.raises(ValueError, match="haircut"):
        experiment.Design("presentation", levels, people=5)


def test_what_is_alike_at_all_levels_is_held_and_no_second_change():
    levels = {
        "a": lambda p, s, c: (p, s, c.with_(noise=0, blur=1)),
        "b": lambda p, s, c: (p, s, c.with_(noise=2, blur=1)),
    }
    experiment.Design("noise", levels, people=3)
    held = experiment.Design("tone", [0.1, 0.9], people=3, held={"yaw": 0, "light": "flat"})
    captures = {d.capture.yaw for level in held.drawn.values() for d in level}
    lights = {d.capture.light for level in held.drawn.values() for d in level}
    assert captures == {0} and lights == {"flat"}
    hair = [[d.person.hair_colour for d in level] for level in held.drawn.values()]
    assert hair[0] == hair[1], "another tone brought another colour of hair"


def test_a_light_by_its_name_is_drawn_and_not_only_named():
    """``light`` alone is a label that changes no picture: its numbers come with it."""
    found = experiment.Design("light", ["studio", "side"], people=4)
    away = {
        name: np.median([abs(d.capture.key_azimuth) for d in level])
        for name, level in found.drawn.items()
    }
    assert away["side"] > away["studio"] + 15
    assert len({d.capture.key_azimuth for d in found.drawn["side"]}) > 3, "one light for everybody"
    beards = experiment.Design("facial_hair", ["none", "full"], people=4)
    assert min(d.styling.facial_hair_length for d in beards.drawn["full"]) > 1


# ---- people of nobody else ----------------------------------------------------------------------


def test_experiments_have_people_of_their_own():
    """Learners judge on nobody of a set, of the counted people, or of a network's training."""
    from labkit.making import counting, plans

    used = list(plans.PLANS.values())
    used += [group.plan for groups in counting.COUNTS.values() for group in groups]
    if importlib.util.find_spec("labkit.making.nets"):
        used += importlib.import_module("labkit.making.nets.people").POOLS
    # Seeds are passed over where a cell is full: ten for one that is taken would be many.
    taken = [(plan.start, plan.start + 60 * plan.cell) for plan in used]
    dev = data.load("anytown/dev").people.index
    assert any(first <= dev.min() and dev.max() < last for first, last in taken)
    assert max(last for _first, last in taken) < factors.START
    a, b = (experiment.Design("noise", [0, 1], people=3, group=g) for g in (0, 1))
    assert not set(a.seeds) & set(b.seeds)


def test_the_same_people_stylings_and_captures_at_every_level():
    found = experiment.Design("noise", [0, 1, 2], people=3, captures=3)
    for one, two, three in zip(*found.drawn.values(), strict=True):
        assert one.person == two.person == three.person
        assert one.styling == two.styling == three.styling
        assert one.capture.with_(noise=0) == two.capture.with_(noise=0)


# ---- wrong calls --------------------------------------------------------------------------------


SAYS = lambda *_given: None  # noqa: E731

WRONG = {
    "misspelled": (("exposre", [1, 2]), {}, "did you mean exposure?"),
    "unknown": (("zodiac", [1, 2]), {}, "name a parameter that is drawn"),
    "not text": ((3, [1, 2]), {}, "there is no factor 3"),
    "gender": (("gender", [1, 2]), {}, "neither gender nor sex"),
    "race": (("race", [1, 2]), {}, "stands for no group of people"),
    "several": (("seed", [1, 2]), {}, "write person.seed or styling.seed or capture.seed"),
    "out of range": (("noise", [0, 30]), {}, "noise 30 is out of range: give 0 to 3"),
    "nan": (("noise", [0, math.nan]), {}, "noise nan is out of range"),
    "no number": (("noise", [0, "much"]), {}, "noise is 'much': give a number"),
    "unknown name": (("exposure", ["natural", "best"]), {}, "exposure 'best' is unknown"),
    "unknown light": (("light", ["studio", "moon"]), {}, "light 'moon' is unknown"),
    "one level": (("noise", [1]), {}, "two levels or more of noise: there is 1"),
    "no list": (("noise", 2), {}, "give two or more in a list"),
    "text": (("noise", "high"), {}, "give two or more in a list"),
    "twice": (("noise", [1, 1.0]), {}, "the level '1' is given twice"),
    "equal": (("noise", {"a": 1, "b": 1}), {}, "nothing differs between the levels 'a' and 'b'"),
    "two of three": (("noise", {"a": 1, "b": 2, "c": 2}), {}, "the levels 'b' and 'c'"),
    "nameless": (("noise", [{"noise": 1}, {"noise": 2}]), {}, "these levels have no names"),
    "not three": (("noise", {"a": 1, "b": SAYS}), {}, "returns (person, styling, capture)"),
    "two of them": (("noise", {"a": 1, "b": lambda p, s, c: (p, c)}), {}, "this one returned"),
    "a thing": (("expression", ["calm", "smile"]), {}, "expression is several parameters"),
    "second misspelled": (("noise", {"a": {"niose": 1}, "b": 2}), {}, "did you mean noise"),
    "held misspelled": (("noise", [1, 2]), {"held": {"yawn": 1}}, "did you mean"),
    "one person": (("noise", [1, 2]), {"people": 1}, "one person has nobody to be compared with"),
    "no person": (("noise", [1, 2]), {"people": 0}, "people=0: give a whole number from 2"),
    "half": (("noise", [1, 2]), {"people": 2.5}, "people=2.5: give a whole number"),
    "one photo": (("noise", [1, 2]), {"captures": 1}, "two photographs of one person"),
    "matcher": (("noise", [1, 2]), {"matcher": "Elastic"}, "there is no matcher 'Elastic'"),
    "collide": (("noise", {1: 0.3, "1": 2.5, "2": 3}), {}, "the level '1' is given twice"),
    "numbers as text": (("yaw", ["0", "30"]), {}, "yaw is '0', of type str: give a number"),
    "noise as text": (("noise", ["0", "3"]), {}, "noise is '0', of type str: give a number"),
    "jpeg as text": (("jpeg", ["50", "90"]), {}, "jpeg is '50', of type str: give a number"),
    "pair as text": (("gaze", [["0", "0"], [9, 9]]), {}, "give a number"),
    "text in a function": (
        ("noise", {"a": 1, "b": lambda p, s, c: (p, s, c.with_(noise="2"))}),
        {},
        "noise is '2', of type str: give a number",
    ),
    "held as text": (("noise", [1, 2]), {"held": {"yaw": "0"}}, "yaw is '0', of type str"),
    "glasses": (("glasses", [None, 3]), {}, "glasses is 3, of type int: give Glasses or None"),
    "covering": (("covering", [None, 3]), {}, "covering is 3, of type int: give Covering or None"),
    "shirt": (
        ("styling.shirt", [None, 3]),
        {},
        "styling.shirt is 3, of type int: give Shirt or None",
    ),
    "group": (("noise", [1, 2]), {"group": 10**30}, "give a whole number from 0 to 99,999"),
    "held list": (("noise", [1, 2]), {"held": ["yaw"]}, "give parameters by name, such as"),
    "held text": (("noise", [1, 2]), {"held": "yaw"}, "held='yaw': give parameters by name"),
    "no matcher": (("noise", [1, 2]), {"matcher": None}, "there is no matcher None"),
    "matchers": (("noise", [1, 2]), {"matcher": ["dlib"]}, "there is no matcher ['dlib']"),
    "arity": (("noise", {"a": 1, "b": lambda p: p}), {}, "the level 'b' failed (TypeError: "),
    "type": (("noise", {"a": 1, "b": int}), {}, "the level 'b' failed (TypeError: "),
    "raises": (("noise", {"a": 1, "b": lambda *_: 1 / 0}), {}, "'b' failed (ZeroDivisionError: "),
    "captures": (("noise", [1, 2]), {"captures": 5000}, "2 people with 750 photographs each here"),
    "levels": (("age", np.linspace(18, 80, 900)), {}, "750 levels with 2 people and 2 photographs"),
    "absurd": (("noise", [1, 2]), {"people": 10**6}, "an experiment has at most 3,000"),
}


@pytest.mark.parametrize("name", WRONG)
def test_a_wrong_call_is_answered_in_one_sentence_before_anything_is_drawn(name):
    arguments, options, words = WRONG[name]
    with pytest.raises(ValueError) as refusal:
        experiment.run(*arguments, **{"people": 3, **options})
    said = str(refusal.value)
    assert words in said and "\n" not in said and len(said) < 400


def test_a_size_that_cannot_be_is_told_without_absurd_figures():
    with pytest.raises(ValueError) as refusal:
        experiment.Design("noise", [0, 3], people=10**30)
    assert "minutes" not in str(refusal.value)
    with pytest.raises(ValueError, match="held=None: give parameters by name"):
        experiment.Design("noise", [0, 3], people=2, held=None)


def test_levels_from_numpy_are_levels():
    """numpy's text has a shape of its own, which was taken for the level's name."""
    assert factors.changes("exposure", np.array(["natural", "equal"])) == {
        "natural": "natural",
        "equal": "equal",
    }
    assert list(factors.changes("exposure", [np.str_("natural"), np.str_("equal")])) == [
        "natural",
        "equal",
    ]
    pairs = experiment.Design("gaze", np.array([[0.0, 0.0], [9.0, 9.0]]), people=2)
    assert pairs.names == ["[0.0, 0.0]", "[9.0, 9.0]"]


@pytest.mark.parametrize(
    ("factor", "levels", "held", "key"),
    [
        ("age", [20, 80], {"nose_width": 1.0}, "nose_width"),
        ("presentation", [-1, 1], {"jaw_width": 0.0}, "jaw_width"),
        ("freckles", [-1, 1], {"marks": Marks()}, "marks"),
        ("noise", {"a": {}, "b": {"noise": 2}}, {"noise": 1.0}, "noise"),
    ],
)
def test_what_the_factor_moves_cannot_be_held(factor, levels, held, key):
    """Held was said to be alike at all levels, and age moved it along."""
    with pytest.raises(ValueError, match=f"^{key} cannot be held: at the level '[^\n]*held=$"):
        experiment.Design(factor, levels, people=3, held=held)
    experiment.Design(factor, levels, people=3, held={"iris": (0.1, 0.1, 0.1)})


def test_a_second_change_in_the_third_level_alone_is_refused():
    """All levels are compared, not the first two."""
    levels = {"a": 0, "b": 1, "c": {"noise": 2, "blur": 1}}
    with pytest.raises(ValueError, match="'a' and 'c' of noise differ in blur too, in 6 of 6"):
        experiment.Design("noise", levels, people=3)


def test_a_level_that_is_not_the_same_for_all_people_is_said():
    """A function may do more for some people than for others: whoever reads is told."""
    some = {"A": 0.3, "B": lambda p, s, c: (p, s, c.with_(noise=3 if p.tone > 0.5 else 0.3))}
    design = experiment.Design("noise", some, people=20)
    deep = sum(d.person.tone > 0.5 for d in design.drawn["A"])
    assert 0 < deep < 40
    words = (
        f" noise at B is another than at A in {deep} of 40 photographs."
        " It varies between people at B."
    )
    assert design.read().endswith(words)
    assert words.strip() in run("noise", some, people=20).read().splitlines()
    drawn_anew = iter(np.linspace(1, 3, 6))
    level = {"A": 0.3, "B": lambda p, s, c: (p, s, c.with_(noise=next(drawn_anew)))}
    assert (
        experiment.Design("noise", level, people=3)
        .read()
        .endswith(" noise varies between people at B.")
    )
    assert experiment.Design("noise", [0, 3], people=3).read().endswith(" seconds.")


def test_results_answer_what_is_no_rate_and_no_person_in_one_sentence(noisy):
    with pytest.raises(ValueError, match="there is no rate 'None'"):
        noisy.difference(None)
    for person in ("0", 1.5):
        with pytest.raises(ValueError, match=f"there is no person {person!r}: give a whole"):
            noisy.pictures(person)


def test_how_many_people_an_absurd_size_leaves():
    with pytest.raises(ValueError, match="which is 750 people here"):
        experiment.Design("noise", [0, 3], people=751)
    assert experiment.Design("noise", [0, 3], people=10).pictures == 40


# ---- what is counted ----------------------------------------------------------------------------


def test_rates_are_counted_within_levels(noisy):
    """Counted again, comparison by comparison, from the templates."""
    studio, t = Sketch(), np.float32(noisy.threshold.value)
    for name, level in noisy.design.drawn.items():
        templates = np.array([studio.template(*d) for d in level], np.float32)
        people = np.array([d.person.seed for d in level])
        apart = np.linalg.norm(templates[:, None] - templates[None], axis=2)
        upper = np.triu(np.ones_like(apart, bool), 1)
        mated = (people[:, None] == people[None]) & upper
        other = (people[:, None] != people[None]) & upper
        rejection, fmr = (noisy.groups[name, r] for r in ("false_rejection", "fmr"))
        assert (rejection.trials, fmr.trials) == (mated.sum(), other.sum()) == (180, 15930)
        assert abs(rejection.errors - (-apart[mated] < t).sum()) <= 1  # scores are rounded
        assert abs(fmr.errors - (-apart[other] >= t).sum()) <= 1


def test_a_difference_is_paired_by_person(noisy):
    found = noisy.difference("false rejection")
    first, second = noisy.terms("false_rejection")
    again = measure.paired_difference(second, first)
    assert (found.value, found.low, found.high) == (again.value, again.low, again.high)
    assert found.low > 0
    apart = [noisy.groups[name, "false_rejection"] for name in ("good", "poor")]
    assert found.value == pytest.approx(apart[1].value - apart[0].value)
    ratio = noisy.difference("fmr")
    assert ratio.value == pytest.approx(
        noisy.groups["poor", "fmr"].value / noisy.groups["good", "fmr"].value
    )


def test_the_table_and_the_differences(noisy):
    assert noisy.table.index.tolist() == ["good", "poor"] and noisy.table.index.name == "noise"
    assert noisy.table["people"].tolist() == [60, 60]
    assert noisy.table["photographs"].tolist() == [180, 180]
    assert noisy.table["pictures changed"].tolist() == [0, 180]
    assert noisy.differences.index.tolist() == ["poor"]
    assert noisy.difference("fnmr").text(3) == noisy.differences.loc["poor", "FNMR: difference"]
    with pytest.raises(ValueError, match="'good' is not set against 'good': use one of 'poor'"):
        noisy.difference("fmr", "good")
    with pytest.raises(ValueError, match="there is no rate 'fmmr'"):
        noisy.difference("fmmr")
    assert "object at" not in repr(noisy) + repr(noisy.design)
    looked = measure.looks({("dlib", "noise"): noisy.groups}, {"noise": "good"})
    assert "poor" in looked.index.get_level_values("group")


def test_the_threshold_is_the_one_rule_on_dev(noisy):
    dev = data.load("anytown/dev")
    chosen = measure.choose_threshold(
        measure.compare_faces(dev), 1e-2, cells=measure.threshold_cells(dev)
    )
    assert noisy.threshold.value == chosen.value == noisy.groups.threshold


def test_three_levels_and_levels_named_like_nothing():
    """A level called ``none`` is a level, and no photograph without one."""
    found = run("glasses", [None, "round", "square"], people=40)
    assert found.table.index.tolist() == ["none", "round", "square"]
    assert found.differences.index.tolist() == ["round", "square"]
    assert found.read().count("\n") == 4


def test_everybodys_face_is_lost_at_a_level():
    found = run("ev", {"day": 0, "night": -4}, people=40)
    assert found.groups["night", "false_rejection"].value == 1
    assert found.groups["night", "fta"].value == 1
    assert math.isnan(found.groups["night", "fnmr"].value)
    assert found.difference("fnmr").words == "nothing to count in one condition"
    assert "No face was found in 80 of 80 photographs at night and in 0 at day" in found.read()
    assert "False rejection is higher at night (1.000)" in found.read()
    with pytest.raises(ValueError, match="false matches come from 0 pairs of people"):
        experiment.needed(2, found, rate="fmr")


def test_two_people_get_words_and_no_number():
    found = run("noise", [0, 3], people=2)
    assert "too few" in found.difference("false rejection").words
    assert "of the difference nothing more can be said" in found.read()
    with pytest.raises(ValueError, match=r"the pilot has errors by \d people: too few"):
        experiment.needed(0.1, found)


# ---- what is said -------------------------------------------------------------------------------


def test_an_effect_is_said_with_its_interval(noisy):
    said = noisy.read()
    found = noisy.difference("false rejection")
    assert (
        f"False rejection is higher at poor ({noisy.groups['poor', 'false_rejection'].value:.3f}"
        in said
    )
    assert found.text(3) in said
    turned = run("noise", {"poor": 2, "good": 0}, people=60, captures=3)
    assert "False rejection is lower at good" in turned.read()


def test_no_difference_is_said_with_the_size_that_could_be_missed():
    found = run("capture.seed", experiment.PLACEBO, people=60, held={"noise": 2})
    # the sketch reads no seed, so the templates are the same: everybody the same at both
    assert "no interval: the difference is the same in all people" in found.read()
    found = run("noise", {"a": 1.0, "b": 1.05}, people=60, captures=3)
    difference = found.difference("false rejection")
    assert "No difference in false rejection was shown between b" in found.read()
    assert f"about {difference.detectable:.3f} or more" in found.read()


def test_a_factor_that_changes_no_picture_is_named():
    class Blind(Sketch):
        def photographs(self, drawn_):
            self.waiting += drawn_
            return [np.zeros((8, 8, 3), np.uint8) for _ in drawn_]

    found = experiment.run("covering_kind", [None, "cap"], people=2, studio=Blind())
    assert found.changed == [0, 0]
    assert "so this changes nothing that is drawn" in found.read()


# ---- how many people ----------------------------------------------------------------------------


def test_the_effect_that_a_pilot_would_find_takes_the_pilots_people(noisy):
    """The formula is the one of the intervals: their detectable difference takes as many people."""
    for rate in ("false_rejection", "fmr"):
        found = experiment.needed(noisy.difference(rate).detectable, noisy, rate=rate)
        assert abs(found.people - 60) <= 1
        assert found.low < 60 < found.high or found.low == 60


def test_half_the_effect_takes_four_times_the_people():
    one, two = (experiment.needed(e, spread=0.4).people for e in (0.1, 0.05))
    assert 3.8 < two / one < 4.2
    assert experiment.needed(-0.1, spread=0.4).people == one


@pytest.mark.parametrize(
    ("arguments", "options", "words"),
    [
        ((0,), {"spread": 1}, "effect=0: give a difference of two rates"),
        ((5,), {"spread": 1}, "effect=5: give a difference of two rates"),
        ((math.nan,), {"spread": 1}, "effect=nan"),
        (("much",), {"spread": 1}, "effect='much'"),
        ((1,), {"spread": 1, "rate": "fmr"}, "an effect on FMR is a ratio"),
        ((-2,), {"spread": 1, "rate": "fmr"}, "an effect on FMR is a ratio"),
        ((0.1,), {}, "give either a pilot"),
        ((0.1,), {"spread": 0}, "give a number above 0"),
        ((0.1,), {"spread": 1, "rate": "fnm"}, "there is no rate 'fnm'"),
        ((0.1,), {"spread": "a"}, "spread='a': give a number above 0"),
        ((0.1, "pilot"), {}, "pilot='pilot': give what labkit.experiment.run returned"),
        ((1e-9,), {"spread": 1}, "no number of people up to"),
    ],
)
def test_needed_refuses_in_one_sentence(arguments, options, words):
    with pytest.raises(ValueError, match="^[^\n]*" + words.replace("(", r"\(")):
        experiment.needed(*arguments, **options)


def test_an_effect_written_as_text_is_the_number():
    assert experiment.needed("0.1", spread=0.4) == experiment.needed(0.1, spread=0.4)


def rejections(rng, people, low, high, n=3):
    """Rejections of each person under two conditions: who is hard under one is hard under both."""
    hard = rng.beta(0.6, 2.4, people)  # many are never rejected, some often
    rates = [np.clip(hard + shift * (0.5 + rng.random(people)), 0, 1) for shift in (low, high)]
    return [rng.binomial(n, rate).astype(float) for rate in rates], np.full(people, float(n))


@pytest.mark.slow
def test_the_effect_is_found_four_times_in_five_with_the_people_that_are_needed():
    """Simulated: the power of the lab's paired interval at the number that ``needed`` gives."""
    rng = np.random.default_rng(11)
    (many, more), n = rejections(rng, 400_000, 0.0, 0.1)
    effect = (more.sum() - many.sum()) / n.sum()
    spread = np.std((more - many) / 3)
    people = experiment.needed(effect, spread=spread).people
    found = 0
    for _ in range(2000):
        (a, b), t = rejections(rng, people, 0.0, 0.1)
        interval = measure.paired_difference((b, t), (a, t))
        found += interval.low > 0
    assert 0.76 < found / 2000 < 0.84
    wrong = 0
    for _ in range(2000):
        (a, b), t = rejections(rng, people, 0.0, 0.0)
        interval = measure.paired_difference((b, t), (a, t))
        wrong += not interval.low <= 0 <= interval.high
    assert wrong / 2000 < 0.065


@pytest.mark.slow
def test_the_range_that_a_pilot_leaves_open_holds_the_truth():
    """Simulated: pilots of 60 people; how often the range holds the number of the true spread."""
    rng = np.random.default_rng(12)
    (many, more), n = rejections(rng, 400_000, 0.0, 0.1)
    effect = (more.sum() - many.sum()) / n.sum()
    truth = experiment.needed(effect, spread=np.std((more - many) / 3)).people
    held, middle = 0, []
    for _ in range(600):
        (a, b), t = rejections(rng, 60, 0.0, 0.1)
        moves = measure.intervals.Moves(
            np.arange(60),
            measure.intervals.cluster_moves(b, t) - measure.intervals.cluster_moves(a, t),
        )
        own, share = moves.error * math.sqrt(60), moves.weight / 60
        low, high = (power._people(effect, own * f, share) for f in power._spread_range(moves))
        middle.append(power._people(effect, own, share))
        held += low <= truth <= high
    assert held / 600 > 0.9
    assert abs(np.median(middle) / truth - 1) < 0.15


# ---- the true studio ----------------------------------------------------------------------------


def test_what_is_built_once_is_what_would_be_built_each_time():
    """The pictures of the studio are those that the renderer makes of each photograph alone."""
    from labkit.people.photo.render import render

    for factor, levels in {"exposure": ["natural", "equal"], "tone": [0.1, 0.9]}.items():
        found = experiment.Design(factor, levels, people=2)
        own = [d for level in found.drawn.values() for d in level[:2]]
        for picture, draw in zip(experiment.Studio().photographs(own), own, strict=True):
            assert np.array_equal(picture, render(*draw))


def test_pictures_are_described_as_those_of_the_bundled_sets():
    """One threshold serves both: a bundled picture gets its bundled template, and its crop."""
    dev = data.load("anytown/dev")
    pictures = [dev.pictures[k] for k in range(3)]
    templates = experiment.Studio().describe(pictures, "dlib")
    assert np.abs(templates - dev.templates[:3]).max() < 0.01
    crops = designing._crops([*pictures, np.zeros((80, 80, 3), np.uint8)])
    assert np.abs(crops[:3].astype(int) - dev.crops[:3]).mean() < 4
    assert not crops[3].any()


def test_a_real_experiment_from_end_to_end():
    found = experiment.run("exposure", ["natural", "light-metered"], people=2)
    assert found.table["pictures changed"].tolist() == [0, 4]
    shown = found.pictures(1)
    assert [len(p) for p in shown.values()] == [2, 2] and shown["natural"][0].shape == (160, 160, 3)
    with pytest.raises(ValueError, match="no person 2: give a whole number from 0 to 1"):
        found.pictures(2)
    assert found.groups["natural", "fta"].errors == 0

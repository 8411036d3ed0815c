"""The face maker from Python's side: what is sent, what is read back, what is refused."""

from __future__ import annotations

import cv2
import numpy as np
import pytest
import traitlets

from labkit.experiment import strips
from labkit.experiment.strips import ITSELF, LOST, OTHER, SAME, STRIPS
from labkit.views import explorers
from labkit.views.explorers._maker import _shown


@pytest.fixture(scope="module")
def view() -> explorers.MakerExplorer:
    return explorers.maker()


def test_what_is_sent_stays_small(view) -> None:
    """At most 50 kB of numbers and words, 300 kB of pictures."""
    pictures = view.arrays["pictures"].nbytes
    assert pictures == sum(view.meta["sizes"]) < 310_000
    assert len(view.data) - pictures <= 50_000


def test_the_parameter_and_the_step_are_read_back() -> None:
    view = explorers.MakerExplorer.example()
    view.parameter, view.step = "ev", 4
    assert view.value == 2 and view.strip is STRIPS["ev"]
    view.guesses = {"1 ev": "2"}
    with pytest.raises(traitlets.TraitError, match="there is no parameter 'tone'"):
        view.parameter = "tone"
    with pytest.raises(traitlets.TraitError, match="step 5 is not on the slider: use 0 to 4"):
        view.step = 5
    with pytest.raises(traitlets.TraitError, match="there is no person 2: use 0 to 1"):
        view.person = 2
    with pytest.raises(traitlets.TraitError, match="guess 'three'"):
        view.guesses = {"0 ev": "three"}


def test_a_start_that_is_not_there_is_refused() -> None:
    made = explorers._maker.made_up()
    with pytest.raises(ValueError, match="there is no parameter 'age'"):
        explorers.maker(made, parameter="age")
    with pytest.raises(ValueError, match="there is no person 7: use 0 to 1"):
        explorers.maker(made, person=7)


def test_the_table_says_what_the_thresholds_say(view) -> None:
    """Outcomes are those of the similarities with all digits, at every person and parameter."""
    stored = strips.load()
    least = {name: strips.threshold(name).value for name in strips.MATCHERS}
    seeds = [p.seed for p in strips.people()]
    for person, seed in enumerate(seeds):  # noqa: B007 (query reads it)
        for name, strip in STRIPS.items():
            view.person, view.parameter = person, name
            table = view.table()
            rows = stored.table.query("person == @seed and parameter == @name")
            assert table["value"].tolist() == pytest.approx(list(strip.values))
            for matcher in strips.MATCHERS:
                pairs = zip(table[matcher], rows[matcher], table[f"{matcher} says"], strict=True)
                for step, (shown, exact, says) in enumerate(pairs):
                    if np.isnan(exact):
                        assert np.isnan(shown) and says == LOST
                        continue
                    assert shown == pytest.approx(exact, abs=5.1e-4)
                    wanted = SAME if exact >= least[matcher] else OTHER
                    assert says == (ITSELF if step == strip.start else wanted)


def test_the_picture_that_is_compared_is_the_one_that_is_shown(view) -> None:
    view.person, view.parameter = 1, "blur"
    seed = strips.people()[1].seed
    stored = strips.load().pictures
    assert view._pictures() == [stored[strips.file_of(seed, "blur", k)] for k in range(5)]
    still = view.still()
    shown = cv2.imdecode(np.frombuffer(still.picture, np.uint8), cv2.IMREAD_COLOR)
    assert shown.shape == (160, 800, 3) and len(still.rows) == 5
    assert still.rows[0][0] == "0 pixels" and "the picture itself" in still.rows[0]


def test_digits_stand_on_the_right_side_of_the_threshold(view) -> None:
    """Whoever compares the two numbers that are shown comes to what is said."""
    assert _shown(0.5004, 0.5003) == "0.5004" and _shown(-0.4, -0.3) == "-0.400"
    at = [float(one["threshold"]) for one in view.meta["matchers"]]
    for person in view.meta["people"]:
        for strip in person["strips"]:
            for k, least in enumerate(at):
                for score, says in zip(strip["scores"][k], strip["outcomes"][k], strict=True):
                    if says in (SAME, OTHER):
                        assert (float(score) >= least) == (says == SAME)


def test_a_branch_for_lost_faces_reaches_the_page() -> None:
    view = explorers.MakerExplorer.example()
    view.parameter = "blur"
    assert view.table()["dlib says"].tolist()[-1] == LOST
    place = list(STRIPS).index("blur")
    assert "finds no face" in view.meta["people"][0]["strips"][place]["read"]

"""What notebook 09 concludes, held against the shipped data, and every branch of its sentences."""

from __future__ import annotations

import re

import numpy as np
import pandas as pd
import pytest

from labkit import data, published
from labkit.app import notebooks, rules
from labkit.base.places import PROJECT
from labkit.gallery import council_words, sealed, vendor
from labkit.gallery.council import LIGHTER, POINTS, Together, Trial, expected
from labkit.measure import searches
from lessons.nb09 import exercises, words

SOURCE = PROJECT / notebooks.SOURCE / "09_the_congress_test.py"


@pytest.fixture(scope="module")
def people():
    return data.gallery()


@pytest.fixture(scope="module")
def town():
    return exercises.town()


@pytest.fixture(scope="module")
def found(people, town):
    t = town.at("A")
    return Together({n: Trial(people, "dlib", n).hits(t) for n in data.MAKE_UPS})


@pytest.fixture(scope="module")
def stored(people):
    return {name: Trial(people, name, "town") for name in sealed.STORED}


def text(form="open"):
    return " ".join(" ".join(rules.prose(SOURCE, form)).split())


def code(form="open"):
    return "\n".join(rules.code(SOURCE, form))


# ---- what the prose says ------------------------------------------------------------------------


def test_the_sections_that_claims_point_to_are_there():
    """Claims of the letters point to them by their exact words; one of them is in the core."""
    found = [words for level, words in rules.headings(rules.prose(SOURCE)) if level == 2]
    table = published.load("claims").table
    assert set(table["section"][table["notebook"] == "09"]) <= set(found)
    assert {"The town's own test", "Three galleries"} <= set(found)
    core = [words for _, words in rules.headings(rules.prose(SOURCE, "core"))]
    assert {"The town's own test", "One threshold moved", "What 28 of 535 shows"} <= set(core)


def test_the_protocol_stands_before_any_search():
    """A test that is described after its result has been seen is not a test."""
    parts = rules.code(SOURCE)
    place = next(n for n, cell in enumerate(parts) if "protocol = {" in cell)
    assert "council_words.power" in parts[place]
    assert not any("council(" in c or "costs" in c or "result(" in c for c in parts[: place + 1])
    guess = next(n for n, cell in enumerate(parts) if 'predict("09-darker"' in cell)
    shown = next(n for n, cell in enumerate(parts) if "town.council(" in cell)
    assert place < guess < shown


def test_no_result_by_band_is_shown_before_the_guess():
    """The table of costs counts members too: that column is dropped until the learner guessed."""
    parts = rules.code(SOURCE, "core")
    (costs,) = [cell for cell in parts if "costs = town.costs()" in cell]
    assert 'costs.drop(columns="members matched")' in costs


def test_the_protocol_says_what_is_done(people, town):
    assert f"C: {100 * POINTS['C']:.0f} of 100 searches" in code()
    assert f"p <= {searches.LEVEL}" in code()
    assert "A, B and C** 50, 10 and 5" in text().replace("**A**, **B** and **C**", "A, B and C**")
    assert [100 * POINTS[p] for p in "ABC"] == [50, 10, 5]
    assert len(town.probes("council")) == 535 and len(town.enrolled) == 25_000
    shares = town.entries / town.entries.sum()
    assert [round(100 * s) for s in shares] == [50, 30, 20]
    assert "50 in 100 lighter, 30 medium, 20 darker" in text()
    bands = pd.Series(town.bands("council")).value_counts()
    assert bands.max() - bands.min() <= 1, "the council has as many of each band"
    enrolled = set(people.images["person"].iloc[town.enrolled])
    for who in ("council", "dev"):
        assert enrolled.isdisjoint(people.images["person"].iloc[town.probes(who)])


def test_the_photographs_of_each_error_are_told_apart(people, town):
    """Finding: the same dev, gallery and 5 of 100 gave two thresholds in 08 and 09, unexplained."""
    from labkit.gallery import nested

    told = text("core")
    assert "Portraits of dev chose A, B and C, and the council's portraits are judged" in told
    assert "searched for with an everyday photograph" in told
    assert "for the same cost it needed a lower threshold: C is not the station's" in told
    assert (town.probes("dev") == people.rows("dev", 0)).all()
    assert (town.probes("council") == people.rows("council", 0)).all()
    assert nested.PHOTO == 1
    assert nested.searched("dlib").threshold(POINTS["C"]).value < town.at("C")
    portrait, everyday = (
        searches.fpir(town.best("dev", photo), town.at("C")).errors for photo in (0, 1)
    )
    assert everyday < portrait, "a search with an everyday photograph returns somebody less often"


def test_a_higher_threshold_costs_true_matches(town):
    """The text: fewer wrong people, and the right ones? The exercise asks by how much."""
    told = council_words.price(town)
    assert told.startswith("A higher threshold takes away false matches and true ones.")
    assert exercises.PRICE.reference() > 0.05


def test_over_policed_is_twice_the_town_s_share():
    """Finding: a label named a cause; the text says whose word it is, and that none is known."""
    assert "a word of those who wrote to Amazon; here it only names a gallery" in text()
    assert "twice their share of the town. Nothing here says why" in text()
    letters = published.load("claims").table
    assert letters["words"].str.contains("over-policed").any()
    policed, town = (data.MAKE_UPS[n][-1] for n in ("over-policed", "town"))
    assert policed == pytest.approx(2 * town)


def test_the_gallery_decides_who_is_returned(town, found):
    """The text: an excess seen in one gallery does not say what caused it."""
    moved = found.times("over-policed", "town")
    assert moved.low > 1
    rates = found.found["town"].rates()
    for name in ("balanced", "over-policed"):
        for band in rates.index:
            asked = expected(rates, Trial(town.gallery, "dlib", name).entries)[band]
            assert asked == pytest.approx(found.found[name].per_search(band), rel=0.25)


def test_the_council_alone_gives_the_same_answers(people, town, found):
    """Finding: dev chose the threshold and is counted; no conclusion hangs on that."""
    assert "the council alone gives the same answers" in text()
    t = town.at("A")
    alone = Together(
        {name: Trial(people, "dlib", name).hits(t, ("council",)) for name in data.MAKE_UPS}
    )
    for counted in (found, alone):
        assert counted.ratio("balanced").low > 1
        assert counted.ratio("town").low < 1 < counted.ratio("town").high
        assert counted.times("over-policed", "town").low > 1


def test_even_a_fair_matcher_matches_fewer_darker_members(found):
    """The text says why: fewer are enrolled. With as many enrolled, more are returned than here."""
    assert "fewer darker people are enrolled" in text()
    assert found.ratio("town").value < found.ratio("balanced").value


def test_the_audit_tells_the_two_networks_apart(stored):
    """On the shipped data it names one of them, whichever of X and Y that is."""
    both = Together({name: trial.hits(trial.at("A")) for name, trial in stored.items()})
    assert council_words.named(both) in sealed.STORED
    assert max(both.times(*order).low for order in (("one", "two"), ("two", "one"))) > 2


def test_one_matcher_s_members_would_mislead(stored):
    """By members alone both may differ: the gallery is in each of these tests."""
    told = council_words.members({n: t.council(t.at("C")) for n, t in stored.items()})
    assert told.count("\n- ") == 1


def test_the_dial_has_two_maps_that_agree_at_80_and_part_at_99(town):
    maps = vendor.maps(at_50=town.points["A"], at_80=town.points["C"])
    assert len({one.score(80) for one in maps}) == 1
    low, high = sorted(town.found(one.score(99)).errors for one in maps)
    assert low < high
    assert "part at 99" in council_words.dial(town, maps, (80, 95, 99))


def test_a_list_is_full_for_everybody(town):
    rows = town.first("council", count=5)[1]
    faces = ~np.isnan(town.best("council"))
    assert (rows[faces] >= 0).all() and (rows[~faces] == -1).all()


def test_a_list_has_places_and_fewer_people(town):
    """Finding: 2,675 places were called as many people; own scores of all were set against those of
    strangers with another kind of photograph."""
    rows = town.first("council", count=5)[1]
    told = council_words.five(town)
    filled, people = (rows >= 0).sum(), len(np.unique(rows[rows >= 0]))
    assert f"{filled:,} places, filled with {people:,} different people" in told
    own, ranks = town.mates
    usual = np.nanmedian(town.best("council", photo=1))
    below = (own[np.isfinite(own) & (ranks <= 5)] < usual).sum()
    right = town.found(-np.inf, within=5).errors
    assert f"{below} of these {right} score lower" in told and below < right


def test_every_figure_carries_its_stamp(town, found):
    """In the picture: whoever copies it copies which matcher it is of."""
    from labkit.views import plots

    council = town.council(town.at("C"))
    for shown in (
        plots.council({"dlib": council}),
        plots.trade({"dlib": town}),
        plots.candidates(found, "dlib"),
    ):
        fig, alt, _table = shown
        assert fig.get_supxlabel() == "matcher: dlib 2017 on invented faces, not Rekognition"
        assert "not Rekognition" in alt
    drawn = re.findall(r"plots\.(\w+)\(", code("solved"))
    assert set(drawn) == {"show", "council", "trade", "candidates", "mistaken"}


def test_limits_stand_beside_what_is_told_by_tone():
    cells = rules.code(SOURCE)
    for cell in cells:
        if "plots.council(" in cell or "council_words.galleries(" in cell:
            assert "data.limits(" in cell, cell
    assert "do differ by tone, because of whom they were trained on" in text()


def test_a_content_note_stands_before_and_names_the_way_around():
    first = rules.prose(SOURCE)[1]
    assert "Content note" in first and "*What 28 of 535 shows*: you can leave it out" in (
        " ".join(first.replace("\n> ", " ").split())
    )


def test_the_photographs_that_are_shown_are_stored(people, town):
    """Finding: drawing them in the notebook took 180 MB and half a minute."""
    from labkit.making.gallery import seen

    with np.load(PROJECT / "data" / data.GALLERY / data.SEEN) as archive:
        assert archive["row"].tolist() == seen.rows(people)
    test = town.council(town.at("C"))
    first = test.highest(seen.PAIRS)
    for row in (*test.rows[first], *test.found[first], *people.rows("dev")[: seen.DESCRIBED]):
        assert people.seen(int(row)).shape == (160, 160, 3)
    assert f'people.rows("dev")[:{seen.DESCRIBED}], people.seen' in code()
    with pytest.raises(LookupError, match="draws it again"):
        people.seen(int(people.rows("dev")[-1]))


@pytest.mark.slow
def test_a_stored_photograph_is_the_one_that_is_drawn(people):
    from labkit.making.gallery import picture, seen

    for row in seen.rows(people)[::7]:
        assert (people.seen(row) == picture(people, row)).all()


# ---- the seal -----------------------------------------------------------------------------------


def test_nothing_in_the_notebook_tells_the_order():
    """No cell before the opening names a stored set, but for the stamp of both in one order."""
    text = code("solved")
    before = text[: text.index("described_again(")]
    assert re.findall(r"""["'](?:one|two)["']""", before) == ['"one"', '"two"']
    assert 'plots.candidates(both, "one", "two"' in before
    assert not re.search(r"90.10|50.50", before)


@pytest.mark.parametrize("secret", [f"{k:032x}" for k in range(6)])
def test_before_the_opening_both_orders_say_the_same_but_for_the_names(stored, secret):
    """X and Y change places and nothing else does."""
    order = sealed.Sealed(secret)
    tests = {n: stored[order.stored(n)] for n in ("X", "Y")}
    told = council_words.members({n: t.council(t.at("C")) for n, t in tests.items()})
    other = council_words.members({n: t.council(t.at("C")) for n, t in reversed(tests.items())})
    assert sorted(told.splitlines()) == sorted(other.splitlines())
    assert "one" not in re.findall(r"\w+", told) and "two" not in re.findall(r"\w+", told)


# ---- what 28 of 535 shows -----------------------------------------------------------------------


def test_what_the_test_of_2018_carries():
    """Chance is doubtful, the cause is not named, and none of 535 still allows 0.6 in 100."""
    told = words.congress()
    assert "28 of 535 is 5.2 [3.5, 7.5] in 100" in told
    assert "11 of 28 is 39.3 [21.5, 59.4] in 100" in told and "p = 0.014" in told
    assert told.startswith("False matches are shown, and chance alone is doubtful; the cause")
    assert "up to 0.6 in 100 could still" in told and "stronger, not weaker" in told
    # Finding: a p without its size.
    assert "The counts allow from 1.1 to 5.9 times as often as other members" in told
    # Findings: it was another gallery; and nobody counted who is missed, on either side.
    assert "as Amazon reported, was in another gallery, of 850,000 faces" in told
    assert "Who is missed, neither test says" in told
    assert round(100 * 3 / 535, 1) == 0.6


def test_luck_is_the_exact_test_of_members():
    from scipy.stats import fisher_exact

    assert words.luck(28, 11, 535, 0.2) == pytest.approx(fisher_exact([[11, 96], [17, 411]]).pvalue)
    assert words.luck(28, 6, 535, 0.2) > 0.5


@pytest.mark.parametrize(
    ("p", "most", "said"),
    [(0.2, 0.3, "more than on others is not"), (0.04, 0.06, "hangs on a round share"),
     (0.014, 0.03, "chance alone is doubtful")],
)  # fmt: skip
def test_the_verdict_on_chance_follows_p(p, most, said):
    assert said in words._verdict(p, most)


def test_the_client_is_told_with_an_answer():
    told = words.client()
    assert "human driven investigation" in told and told.count('"') == 4


# ---- exercises ----------------------------------------------------------------------------------


def test_the_exercises_are_the_tables_of_the_notebook(town):
    costs = town.costs()
    more = costs.loc["C", "not found"] - costs.loc["A", "not found"]
    assert exercises.PRICE.reference() == pytest.approx(more / 500)
    assert exercises.CANDIDATES.reference() > 0


def test_wrong_answers_of_09_lie_apart_as_they_are_printed():
    """Whoever copies the rounded table never gets the verdict of another mistake."""
    for exercise in (exercises.PRICE, exercises.CANDIDATES):
        right = exercise.reference()
        for name, (make, _hint) in exercise.wrong.items():
            assert exercise.tolerance.steps(right, make()) > 1.5, name


def test_rounded_rates_give_the_right_answer():
    """The table shows seven digits behind the point; by hand they are enough."""
    shown = exercises.rates().round(7).loc["darker"]
    by_hand = float((shown * exercises.entries(exercises.POLICED)).sum())
    assert exercises.CANDIDATES.tolerance.steps(exercises.CANDIDATES.reference(), by_hand) < 0.5


def test_the_row_and_not_the_column_is_asked_for():
    rates = exercises.rates()
    assert list(rates.index) == list(rates.columns) and rates.index[0] == LIGHTER

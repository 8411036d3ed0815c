"""The city explorer from Python's side, and the figures of the city."""

from __future__ import annotations

import itertools

import numpy as np
import pytest
import traitlets

from labkit import published
from labkit.street import Study, followed
from labkit.street.city import DAY, PLACES, SENSITIVE, SQUARE, blocks
from labkit.street.dials import DIALS, QUESTIONS
from labkit.street.made_up import made_up_searches
from labkit.views import explorers, plots
from labkit.views.explorers import _city

N = 300


@pytest.fixture(scope="module")
def study():
    return Study(residents=N, visitors=60, searches=made_up_searches(N))


@pytest.fixture(scope="module")
def view(study):
    return explorers.city(study)


def state_of(view, **changed):
    return {name: getattr(view, name) for name in view.SENT} | changed


SETTINGS = list(itertools.product(("low", "middle", "high"), repeat=3))


@pytest.mark.parametrize("levels", SETTINGS[::4], ids=" ".join)
def test_a_file_on_the_map_is_the_file_of_the_record(study, view, levels):
    """What is sent and filtered is what was written down at these levels, for every person."""
    routine, cameras, matcher = levels
    record = study.record(routine, cameras, DIALS["matcher"][matcher])
    homes = followed.homes(record)
    visits = {name: followed.visits(record, name) for name in (*SENSITIVE, SQUARE)}
    for k, person in enumerate(_city.somebody(study)):
        state = state_of(view, person=k, routine=routine, cameras=cameras, matcher=matcher)
        file = _city.file_of(view.meta, view.arrays, state)
        mine = record.named == person
        assert file["minute"].tolist() == record.seen.minute[mine].tolist()
        assert file["corner"].tolist() == record.seen.corner[mine].tolist()
        assert file["true"].tolist() == record.true[mine].tolist()
        passed = study.city(routine).passages(cameras)
        assert len(file["passed"]) == int((passed.person == person).sum())
        guess = _city._seems(file)
        assert (-1 if guess is None else guess) == homes[person]
        for place, name in zip(view.meta["visits"], visits, strict=True):
            assert _city._visited(file, place) == visits[name][person]


def test_the_slider_cuts_the_file(view):
    state = state_of(view, person=3, cameras="high")
    whole = _city.file_of(view.meta, view.arrays, state)
    for hour in (0, 100, 335):
        part = _city.file_of(view.meta, view.arrays, state | {"hour": hour})
        assert len(part["minute"]) == int((whole["minute"] < 60 * hour).sum())


def test_what_is_said_is_counted(study, view):
    k = len(view.meta["people"]) - 1
    state = state_of(view, person=k)
    said = _city.sentence(view.words(), view.meta, view.arrays, state)
    file = _city.file_of(view.meta, view.arrays, state)
    true, n = int(file["true"].sum()), len(file["true"])
    assert f"{n} sightings under this name: {true} of this person, {n - true} of" in said
    assert n - true == study.found().false_links.max(), "the last one has most of others"
    nothing = _city.sentence(view.words(), view.meta, view.arrays, state | {"hour": 0})
    assert "0 sightings" in nothing and "Nothing speaks of a home yet." in nothing
    assert "Monday 1, 00:00" in nothing and "Sunday 2, 23:59" in said


def test_a_home_is_called_right_or_wrong_and_a_visit_too(study, view):
    heard = set()
    for k, person in enumerate(_city.somebody(study)):
        for cameras in ("low", "middle", "high"):
            state = state_of(view, person=k, cameras=cameras)
            said = _city.sentence(view.words(), view.meta, view.arrays, state)
            file = _city.file_of(view.meta, view.arrays, state)
            guess = _city._seems(file)
            if guess is not None:
                near = blocks(guess, study.city().home[person]) <= followed.NEAR_HOME
                assert (": right, it is" in said) == near
                heard.add(bool(near))
            was = study.city().stayed[person, PLACES.index(SQUARE)]
            if "the protest (" in said:
                assert ("the protest (true)" in said) == was
    assert heard == {True, False}


def test_half_of_those_to_choose_from_were_at_the_protest(study):
    shown = _city.somebody(study)
    assert len(set(shown)) == _city.PEOPLE
    assert study.city().protests[shown[:-1]].sum() == _city.PEOPLE // 2


def test_places_and_levels_that_are_not_there_are_refused(view):
    with pytest.raises(traitlets.TraitError, match="hour 337 is not in the two weeks"):
        view.hour = 337
    with pytest.raises(traitlets.TraitError, match="there is no person 12"):
        view.person = 12
    with pytest.raises(traitlets.TraitError, match="a dial has no level 'most'"):
        view.matcher = "most"


def test_the_map_stays_light(view):
    assert len(view.data) < 400_000
    assert view.arrays["middle_minute"].max() < 14 * DAY


def test_it_says_that_it_is_an_illustration(view):
    """Finding: what follows from assumptions was shown as if it had been measured."""
    assert view.still().said.startswith("Illustration: an invented city.")
    assert view.meta["words"]["illustration"].startswith("Illustration")


# ---- figures ------------------------------------------------------------------------------------

FIGURES = {
    "compared": plots.city_compared,
    "dials": plots.city_dials,
    "unique": plots.city_unique,
    "false links": plots.city_false_links,
}


@pytest.mark.parametrize("name", FIGURES)
def test_a_figure_says_that_it_is_an_illustration_and_whose_errors_they_are(study, name):
    fig, alt, table = FIGURES[name](study)
    assert fig.footer.startswith("Illustration: an invented city.")
    assert "Matcher: SFace, on invented faces." in fig.footer and f"{N} invented" in fig.footer
    assert len(alt.split()) > 20 and len(table)
    page = plots.as_html(fig, alt, table)
    assert "<img alt=" in page and "Illustration" in page


def test_a_dial_is_drawn_from_its_table(study):
    fig, alt, table = plots.city_dials(study)
    assert table.shape[0] == 9
    for ax, dial in zip(fig.axes, DIALS, strict=True):
        assert ax.get_title(loc="left") == dial
        lines = [line for line in ax.lines if len(line.get_xdata()) == 3]
        drawn = sorted(tuple(np.round(line.get_ydata(), 1)) for line in lines)
        names = [QUESTIONS[n] for n in ("home", "places", "pairs", "protest")]
        assert drawn == sorted(tuple(table.loc[dial, n]) for n in names)
        assert len({(str(line.get_linestyle()), line.get_marker()) for line in lines}) == 4
    assert "routine: home" in alt


def test_sightings_of_others_are_counted_in_classes(study):
    _fig, alt, table = plots.city_false_links(study)
    counts = table.iloc[:, 0]
    links = study.found().false_links
    assert counts.sum() == N and counts.iloc[0] == int((links == 0).sum())
    assert table.iloc[:, 1].sum() == pytest.approx(100, abs=0.5)
    assert f"0: {counts.iloc[0]}" in alt


def test_what_was_published_stands_beside_ours(study):
    record = published.load("mobility").table
    fig, alt, table = plots.city_unique(study, record)
    assert "4 points, 95 in 100 (Montjoye and others 2013)" in alt
    assert "4 points, at least 22 in 100" in alt, "the strongest fact against it, too"
    marks = {line.get_marker() for line in fig.axes[0].lines if len(line.get_xdata()) == 1}
    assert marks == {"x", "^"}
    assert "Montjoye" in table.loc[4, "published"]
    assert "published" not in plots.city_unique(study)[2].columns


def test_the_null_town_is_in_the_comparison(study):
    _fig, alt, table = plots.city_compared(study)
    assert table.columns.tolist() == ["null town", "as measured", "perfect"]
    assert len(table) == len(QUESTIONS) and "null town" in alt
    gone = table.isna().any(axis=1)
    assert "none written down" in alt if gone.any() else "none written down" not in alt

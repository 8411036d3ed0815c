"""The human review from Python's side: what is sent, what is kept, what is refused."""

from __future__ import annotations

import pytest
import traitlets

from labkit.street.review import cases
from labkit.views import explorers
from labkit.views.explorers._review import made_up


def test_answers_are_counted_by_whether_the_person_is_enrolled():
    """Finding: names that are wrong where nobody is right were counted nowhere."""
    view = explorers.review(made_up([2, 0, 1, 0]))
    assert not view.finished and view.answered == 0
    view.answers = ["2", "4", "nobody", "nobody"]
    assert view.finished
    assert "1 right names in 2 cases, 1 in 2 where" in view.still().said


def test_a_half_played_review_is_not_finished():
    view = explorers.review(made_up([2, 0, 1, 0]), answers=["1"])
    assert view.answers == ["1", "", "", ""] and not view.finished
    assert "all answered" not in view.still().said
    assert not explorers.ReviewExplorer().finished


def test_what_is_no_answer_is_refused():
    with pytest.raises(ValueError, match="'6' is no answer"):
        explorers.review(made_up([2, 0]), answers=["6"])
    with pytest.raises(ValueError, match="2 cases and 3 answers"):
        explorers.review(made_up([2, 0]), answers=["1", "1", "1"])
    view = explorers.review(made_up([2, 0]))
    with pytest.raises(traitlets.TraitError, match="one for each"):
        view.answers = ["1"]


def test_every_case_can_be_reviewed_without_looking():
    """Finding: a wall of faces shuts out whoever does not see it."""
    view = explorers.review()
    facts = view.meta["facts"]
    assert len(facts) == len(cases()) and all(len(row) == 7 for case in facts for row in case)


def test_a_percentage_stands_only_where_it_is_shown():
    view = explorers.review()
    assert sum(view.meta["shown"]) == len(view.meta["shown"]) / 2
    for row in view.meta["percents"]:
        assert len(row) == 5 and all(0 < float(p) <= 100 for p in row)


def test_the_page_is_small(tmp_path):
    assert explorers.review().to_html(tmp_path / "review.html").stat().st_size < 600_000

"""Nobody loads a real person's picture without having answered every question yes."""

from __future__ import annotations

import pytest

from labkit.base.consent import HERE, MAY_NOT_APPLY, Consent, ConsentMissing, questions, require

SERVICE = "Amazon Rekognition"


def all_yes(where=HERE):
    return dict.fromkeys(questions(where), "yes")


def test_it_is_complete_only_when_every_answer_is_yes():
    assert Consent(all_yes()).complete
    for name in questions():
        for answer in ("no", False, ..., None, ""):
            consent = Consent({**all_yes(), name: answer})
            assert not consent.complete
            with pytest.raises(ConsentMissing, match=repr(name)):
                require(consent)
        short = {k: v for k, v in all_yes().items() if k != name}
        with pytest.raises(ConsentMissing, match=f"{name!r} has no answer yet"):
            Consent(short).require()


@pytest.mark.parametrize("yes", ["yes", "Yes", " YES. ", "yes!", True])
def test_yes_is_read_as_it_is_typed(yes):
    Consent(dict.fromkeys(questions(), yes)).require()


def test_two_questions_have_an_answer_for_those_to_whom_they_do_not_apply():
    for name in questions():
        answers = {**all_yes(), name: "Does not apply."}
        if name in MAY_NOT_APPLY:
            Consent(answers).require()
            assert "does not apply" in questions()[name]
        else:
            with pytest.raises(ValueError, match=f"{name!r} always applies"):
                Consent(answers)


def test_the_questions_ask_of_the_background_and_of_the_place_and_are_named_for_it():
    assert "background" in questions()["background"]
    assert "school" in questions()["place"] and "employer" in questions()["place"]
    assert "for nothing else" in questions()["only_this"]
    for text in questions(SERVICE).values():
        assert text.count("?") == 1, "each asks one thing"


@pytest.mark.parametrize("neither", ["maybe", "yes and no", 1, "asked"])
def test_what_is_neither_yes_nor_no_is_refused(neither):
    with pytest.raises(ValueError, match="write 'yes' or 'no'"):
        Consent({**all_yes(), "free": neither})


def test_a_question_that_does_not_exist_is_refused():
    with pytest.raises(ValueError, match="no consent question 'ask': the questions are asked"):
        Consent({"ask": "yes"})
    with pytest.raises(ValueError, match="one answer a question, not list"):
        Consent(["yes"])


def test_no_answers_at_all_are_not_complete():
    assert not Consent().complete and not Consent({}, where=SERVICE).complete


@pytest.mark.parametrize("given", [None, True, "yes", {"asked": "yes"}])
def test_what_is_no_consent_opens_nothing(given):
    with pytest.raises(ConsentMissing, match="only after the consent questions were answered"):
        require(given)


def test_consent_for_this_computer_sends_nothing():
    with pytest.raises(ConsentMissing, match="stay on this computer, not for sending them to"):
        require(Consent(all_yes()), SERVICE)


def test_consent_for_a_service_asks_one_question_more_and_covers_no_other_service():
    assert set(questions(SERVICE)) - set(questions()) == {"sent"}
    with pytest.raises(ConsentMissing, match=SERVICE):
        Consent(all_yes(), where=SERVICE).require(SERVICE)
    consent = Consent(all_yes(SERVICE), where=SERVICE)
    consent.require(SERVICE)
    consent.require()
    with pytest.raises(ConsentMissing, match=f"that go to {SERVICE}, not for"):
        consent.require("Other")


def test_answers_cannot_be_changed_afterwards():
    answers = all_yes()
    consent = Consent(answers)
    answers["asked"] = "no"
    assert consent.complete
    with pytest.raises(TypeError):
        consent.answers["asked"] = False


def test_a_message_is_one_sentence():
    with pytest.raises(ConsentMissing) as refused:
        Consent({**all_yes(), "told": "no"}).require()
    assert "? " not in str(refused.value) and "\n" not in str(refused.value)

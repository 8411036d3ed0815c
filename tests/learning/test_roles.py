"""Cards of the hearing: both sides alike, and nobody has to play, least of all who was harmed."""

from __future__ import annotations

import html
import re

import pytest

from labkit.learning import roles
from labkit.learning.roles import FOR, LIMITS, ROLES, VOICES
from labkit.published.options import OPTIONS, said
from labkit.published.positions import POSITIONS


@pytest.fixture(scope="module")
def page():
    return roles.page()


def test_both_sides_have_as_many_roles_in_one_shape():
    sides = [role.side for role in ROLES.values()]
    assert sides.count(FOR) == sides.count(LIMITS) == 3
    for name, role in ROLES.items():
        assert len(role.words) == 2 and role.ready.endswith("?"), name
        assert bool(role.position) != bool(role.wanted), name
    length = [
        sum(
            len(words.split())
            for role in ROLES.values()
            if role.side == side
            for words, _source in map(roles._words, (*role.words, role.hardest))
        )
        for side in (FOR, LIMITS)
    ]
    assert max(length) <= 1.3 * min(length), length


def test_words_are_of_those_who_want_it_and_the_hardest_of_the_other_side():
    for name, role in ROLES.items():
        for_use = role.side == FOR
        for place in (*role.words, role.hardest):
            if place[0] == "position":
                assert place[1] == role.position
                continue
            vendor = place[0].startswith("v-") == (place[1] == "words")
            assert vendor == (for_use == (place != role.hardest)), (name, place)


def test_nobody_plays_a_person_who_was_harmed(page):
    assert not {role.position for role in ROLES.values()} & set(VOICES)
    text = html.unescape(page)
    for name in VOICES:
        assert POSITIONS[name].words in text
    assert "words that nobody plays" in text and "Nobody plays a person who was taken" in text


def test_everybody_may_stay_out_and_gives_no_reason(page):
    text = " ".join(html.unescape(page).split())
    assert "Nobody has to take a role" in text and "no reason is asked for" in text
    assert "Nobody will ask" in text and "do not play how a person looks" in text
    assert text.index("Nobody has to take a role") < text.index("The company that sells it")


def test_every_card_has_its_words_with_source_and_every_option_is_there(page):
    text = html.unescape(page)
    for role in ROLES.values():
        for place in (*role.words, role.hardest):
            if place[0] != "position":
                assert said(place).quoted in text and said(place).source in text
        assert role.name in text and role.ready in text
    assert page.count('class="role"') == len(ROLES) + len(roles.WITHOUT_SIDE) + 1
    assert all(option.means in text for option in OPTIONS.values())


def test_minutes_add_up(page):
    found = [int(n) for n in re.findall(r"<li>(\d+) minutes:", page)]
    assert sum(found) == roles.minutes() and f"The hearing: {sum(found)} minutes" in page


def test_the_page_is_one_file_and_is_written_whole(page, tmp_path):
    assert not re.search(r"<script|https?://|url\(|@import|<link", page)
    assert roles.write(tmp_path / "cards.html").read_text("utf-8") == page
    assert roles.page() == page, "the same each time"

"""A class's page: everything counted once and right, nobody to be picked out, odd files said."""

from __future__ import annotations

import ast
import copy
import json
import os
import random
import re
from collections import Counter
from datetime import datetime
from pathlib import Path

import pytest

from labkit.app.command import main
from labkit.base.places import PROJECT
from labkit.learning import ballot, check, journal, slips, store, vote
from labkit.learning.classroom import asked, command, counted, dots, folder, page
from labkit.published.options import OPTIONS
from tests.learning import learners


@pytest.fixture
def klass(tmp_path):
    return learners.write(tmp_path / "class", 24)


def made(place: Path, **options) -> str:
    out = place.parent / "class.html"
    command.run(place, out, **options)
    return out.read_text(encoding="utf-8")


def count(place: Path) -> counted.Counted:
    return counted.counted(folder.read_folder(place).journals)


def said(capsys) -> list[str]:
    return capsys.readouterr().out.splitlines()


def text(html: str) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", html.partition("<main")[2]).split())


# --- what is counted ------------------------------------------------------------------------------


def test_every_guess_is_counted_once(klass):
    every = [json.loads(p.read_text(encoding="utf-8")) for p in klass.iterdir()]
    found = {g.key: g for g in count(klass).guessed}
    came = {key for key in asked.ASKED if int(key[:2]) < 13}  # 13 is for whoever wants to
    assert set(found) == came
    for key, guess in found.items():
        own = [j["predictions"][key] for j in every if key in j["predictions"]]
        if key == "09-blind":
            assert guess.texts == Counter(e["guess"] for e in own)
            continue
        assert list(guess.guesses) == sorted(e["guess"] for e in own)
        lower = sum(e["guess"] < e["result"] for e in own if "result" in e)
        assert guess.sides[0] == lower and sum(guess.sides) == len(guess.results)
    assert found["03-default"].result == 77
    assert found["00-game"].result is None, "each learner's own"
    assert found["01-ballot-e"].results == []


def test_mistakes_are_counted_by_person_and_said_with_their_hint(klass):
    every = [json.loads(p.read_text(encoding="utf-8")) for p in klass.iterdir()]
    tries = [t for j in every if (t := j["attempts"].get("03-a", {}).get("tries"))]
    tried = next(t for t in count(klass).tried if t.exercise.id == "03-a")
    assert tried.people == len(tries)
    assert tried.right == sum(any(t["right"] for t in one) for one in tries)
    assert tried.met, "somebody met one"
    for met in tried.met:
        people = [one for one in tries if any(t["mistake"] == met.name for t in one)]
        assert met.people == len(people) >= counted.ALIKE
        assert met.right == sum(any(t["right"] for t in one) for one in people)
        assert met.hint == tried.exercise.wrong[met.name][1]
    shown = text(made(klass))
    top = max(
        (t for t in count(klass).tried if t.met and not page._is_opinion(t)),
        key=lambda t: t.met[0].people,
    )
    hint = " ".join(top.met[0].hint.replace("`", " ").split())
    assert hint[:30] in " ".join(shown.split())


def test_the_vote_adds_up_and_an_option_of_few_is_not_named(klass):
    shown = page.Shown(count(klass), [], ())
    rows = shown.vote.table.rows
    assert sum(int(row[1]) for row in rows) == sum(int(row[2]) for row in rows) == 24
    every = [json.loads(p.read_text(encoding="utf-8"))["kept"]["12-vote"] for p in klass.iterdir()]
    before = Counter(v["value"]["before"] for v in every)
    after = Counter(v["value"]["after"] for v in every)
    rare = [o for o in before | after if max(before[o], after[o]) < counted.ALIKE]
    assert rare, "the example has one"
    names = [row[0] for row in rows]
    assert not {OPTIONS[word].name for word in rare} & set(names)
    assert names[-1].startswith("Others")
    words = {option.name: word for word, option in OPTIONS.items()}
    for name, first, second in rows[:-1]:
        assert (int(first), int(second)) == (before[words[name]], after[words[name]])


def test_what_is_no_option_is_no_vote(klass):
    """Whoever writes something of their own into the journal does not have it projected."""
    for path in sorted(klass.iterdir())[:8]:
        own = json.loads(path.read_text(encoding="utf-8"))
        own["kept"]["12-vote"]["value"]["after"] = "something rude"
        path.write_text(json.dumps(own), encoding="utf-8")
    assert count(klass).voted.people == 16
    assert "rude" not in made(klass)


def test_every_guess_of_a_notebook_has_its_question_here():
    found = set()
    for source in (PROJECT / "instructors" / "source").glob("*.py"):
        for node in ast.walk(ast.parse(source.read_text(encoding="utf-8"))):
            called = isinstance(node, ast.Call) and isinstance(node.func, ast.Name)
            if called and node.func.id == "predict" and isinstance(node.args[0], ast.Constant):
                found.add(node.args[0].value)
    assert found == set(asked.ASKED)
    assert [ballot.key(letter) for letter in ballot.QUESTIONS] == [
        key for key in asked.ASKED if "ballot" in key
    ]


def test_every_slip_that_a_journal_can_hold_has_words():
    """A slip in quotes or with a comma is kept as the kind, or as what the number itself is."""
    unseen = {"quotes", "code", "thousands", "either", "decimal", "decimal minus", "fraction"}
    assert set(slips.SLIPS) - unseen <= set(counted.SLIPS)
    written = (PROJECT / "labkit" / "learning" / "checks.py").read_text(encoding="utf-8")
    own = set(re.findall(r'_Found\((?:True|False), (?:True|False), .*, "([a-z ]+)"', written))
    assert own and own - {"open"} <= set(counted.SLIPS)


def test_what_the_lab_itself_writes_is_what_is_counted(tmp_path, monkeypatch, capsys):
    """Through the functions that notebooks call, and the file that a learner exports."""
    place = tmp_path / "class"
    place.mkdir()
    for n in range(counted.FEWEST):
        monkeypatch.setenv("LABKIT_JOURNAL", str(tmp_path / str(n) / "journal.json"))
        # Each at a time of their own, however fast or slow this computer is.
        monkeypatch.setattr(journal, "_now", lambda n=n: f"2026-11-29T10:{n:02}:00")
        journal.predict("08-right", 10 + n, low=0, high=100)
        journal.result("08-right", 4.2, "4 of 100 alerts are right")
        check("04-c", "A")
        check("04-c", "C")
        check("03-c", "gate, strict")
        check("00-a", 480)
        vote.cast("before", "no")
        vote.cast("after", "law")
        journal.export(place / f"lab-journal-{n}.json")
    capsys.readouterr()
    found = count(place)
    assert [(g.key, list(g.guesses), g.result) for g in found.guessed] == [
        ("08-right", [10, 11, 12, 13, 14], 4.2)
    ]
    assert {t.exercise.id: (t.right, [m.people for m in t.met]) for t in found.tried} == {
        "00-a": (0, [5]), "03-c": (5, []), "04-c": (5, [5])
    }  # fmt: skip
    assert (found.voted.before, found.voted.after, found.voted.changed) == (
        {"no": 5}, {"law": 5}, 5
    )  # fmt: skip
    assert "Measured: 4 of 100 alerts are right. Most guessed higher." in text(made(place))


# --- nobody can be picked out ---------------------------------------------------------------------


def test_a_guess_cannot_be_followed_from_one_chart_to_the_next(klass, tmp_path):
    """Answers dealt out anew among the learners, each question for itself, give the same page."""
    every = [json.loads(p.read_text(encoding="utf-8")) for p in sorted(klass.iterdir())]
    before = made(klass)
    rng = random.Random(3)
    for part, keys in (
        ("predictions", list(asked.ASKED)),
        ("attempts", sorted({name for j in every for name in j["attempts"]})),
    ):
        for key in keys:
            hands = [j[part].pop(key, None) for j in every]
            rng.shuffle(hands)
            for own, hand in zip(every, hands, strict=True):
                if hand is not None:
                    own[part][key] = hand
    other = tmp_path / "other"
    other.mkdir()
    rng.shuffle(every)
    for n, own in enumerate(every):
        (other / f"{n}.json").write_text(json.dumps(own), encoding="utf-8")

    def without_slips(html):  # they are counted by person over all exercises
        return re.sub(r"<table[^>]*><caption>Slips.*?</table>", "", html, flags=re.S)

    assert without_slips(made(other)) == without_slips(before)


@pytest.mark.parametrize("people", [1, counted.FEWEST - 1])
def test_of_a_handful_nothing_is_shown(tmp_path, people):
    place = learners.write(tmp_path / "few", people)
    html = made(place)
    assert "<svg" not in html and "<table" not in html
    left = count(place).withheld
    assert left > 30 and f"Left out for this reason: {left}." in text(html)


def test_from_five_on_it_is_shown(tmp_path):
    place = learners.write(tmp_path / "some", 12)
    keys = {g.key: len(g.guesses) for g in count(place).guessed if g.guesses}
    assert keys and min(keys.values()) >= counted.FEWEST
    assert "<svg" in made(place)


def test_one_or_two_are_never_counted_out():
    assert page._most(19, 20) == page._most(18, 20) == "nearly all"
    assert page._most(1, 20) == page._most(2, 20) == "a few"


def test_names_stand_on_the_page_only_where_they_are_asked_for(klass):
    named = klass / "lab-journal-code-3.json"
    named.rename(klass / "lab-journal-Zebra.json")
    (klass / "Quokka.json").write_text("{", encoding="utf-8")
    (klass / "lab-journal-code-4.json").rename(klass / "lab-journal (2).json")
    html = made(klass)
    assert not re.search(r"Zebra|Quokka|code-", html)
    html = made(klass, names=True)
    assert "Zebra" in html and "code-5" in html and "Quokka" not in html
    assert "lab-journal" not in html and "(2)" not in html


# --- files ----------------------------------------------------------------------------------------

ODD = {
    "cut": (json.dumps(learners.journal(1))[:900].encode(), "damaged"),
    "edited": (b'{"version": 1, "predictions": [], "attempts": {}, "kept": {}}', "damaged"),
    "notes": (b"Dear teacher, my journal is at home.", "no journal"),
    "picture": (b"\x89PNG\r\n\x1a\n\x00\x00", "no journal"),
    "nothing": (b"", "no journal"),
    "list": (b"[1, 2]", "no journal"),
    "notebook": (b'{"cells": [], "metadata": {}, "nbformat": 4}', "no journal"),
    "future": (b'{"version": 7, "predictions": {}, "more": {}}', "newer version"),
    "past": (b'{"version": 0, "predictions": {}}', "older than journals"),
    "blank": (store.written(store.empty()), "without entries"),
    "deep": (b'{"version": 1, "kept": ' + b"[" * 90_000, "damaged"),
    "vast": (b" " * (folder.LARGEST + 1), "too large"),
}


def test_an_odd_file_is_named_in_one_sentence_and_passed_over(klass, capsys):
    before = made(klass)
    said(capsys)
    for name, (content, _why) in ODD.items():
        (klass / f"{name}.dat").write_bytes(content)
    html = made(klass)
    lines = said(capsys)
    assert len(lines) == len(ODD) + 1
    assert lines[-1].endswith(
        f"24 journals counted, {len(ODD)} files passed over; open it in a browser"
    )
    for name, (_content, why) in ODD.items():
        (line,) = [line for line in lines if line.startswith(f"{name}.dat: ")]
        assert why in line

    def rest(page):
        return re.sub(r"<li>Files that are not counted.*?</li>", "", page)

    assert rest(html) == rest(before)
    assert "Files that are not counted: no journal of this lab: 5, damaged: 3" in text(html)


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no named pipes here")
def test_a_pipe_and_a_link_to_nowhere_are_not_waited_for(klass, capsys):
    os.mkfifo(klass / "pipe.json")
    (klass / "gone.json").symlink_to(klass / "nowhere")
    made(klass)
    lines = said(capsys)
    assert "pipe.json: no journal of this lab." in lines
    assert any(line.startswith("gone.json: it cannot be read") for line in lines)


def test_hidden_files_and_the_page_itself_are_left_alone(klass, capsys):
    (klass / ".DS_Store").write_bytes(b"x")
    (klass / "__MACOSX").mkdir()
    (klass / "__MACOSX" / "a.json").write_bytes(b"x")
    out = klass / "class.html"
    command.run(klass, out)
    command.run(klass, out)
    assert all("24 journals counted, 0 files passed over" in line for line in said(capsys))


def test_a_folder_for_each_learner_is_read_too(tmp_path, capsys):
    """As a learning platform hands files over: a folder with the learner's name, the same file."""
    for n in range(6):
        place = tmp_path / "class" / f"Learner {n}_file"
        place.mkdir(parents=True)
        (place / "lab-journal.json").write_text(json.dumps(learners.journal(n)), encoding="utf-8")
    html = made(tmp_path / "class", names=True)
    assert "6 journals counted" in said(capsys)[-1] and "Learner 3_file" in html


# --- the same person twice ------------------------------------------------------------------------


def test_the_same_journal_twice_is_one_person(klass, capsys):
    before = made(klass)
    said(capsys)
    again = klass / "lab-journal (1).json"
    again.write_bytes((klass / "lab-journal-code-7.json").read_bytes())
    html = made(klass)
    lines = said(capsys)
    assert lines[0] == (
        "lab-journal (1).json: by the same person as lab-journal-code-7.json. Counted once, with"
        " the entries of both."
    )
    assert "24 journals" in lines[-1] and len(lines) == 2
    assert re.sub(r"<li>Files.*?</li>", "", html) == before


def test_an_earlier_export_of_the_same_journal_is_the_same_person(klass, capsys):
    """The guess was changed and more was done since."""
    late = learners.journal(5)
    early = copy.deepcopy(late)
    early["predictions"]["03-default"] = {"guess": 1, "day": "2026-10-01T08:00:00"}
    early["attempts"] = dict(list(early["attempts"].items())[:6])
    (klass / "early.json").write_text(json.dumps(early), encoding="utf-8")
    made(klass)
    assert said(capsys)[0].startswith("early.json: by the same person as lab-journal-code-5.json")


def test_two_people_in_the_same_second_stay_two(tmp_path):
    """Run together on a word of the teacher: some entries are alike to the second."""
    one, other = learners.journal(1), learners.journal(2)
    for name in list(other["attempts"])[:9]:
        one["attempts"][name] = copy.deepcopy(other["attempts"][name])
    for n, entries in enumerate((one, other)):
        (tmp_path / f"{n}.json").write_text(json.dumps(entries), encoding="utf-8")
    shared = folder.events(one) & folder.events(other)
    assert len(shared) >= folder.SHARED
    assert len(folder.read_folder(tmp_path).journals) == 2


def test_all_who_run_the_same_cells_in_one_second_are_told_apart_by_their_guess(tmp_path):
    """Finding: five journals written in one second counted as one, though each guessed its own."""
    for n in range(5):
        own = learners.journal(1)
        own["predictions"]["03-default"]["guess"] = n
        (tmp_path / f"{n}.json").write_text(json.dumps(own), encoding="utf-8")
    assert len(folder.read_folder(tmp_path).journals) == 5


def test_journals_without_days_are_nobodys_twice(tmp_path):
    for n in range(3):
        bare = {"version": 1, "predictions": {"k": {"guess": 1}}, "attempts": {}, "kept": {}}
        (tmp_path / f"{n}.json").write_text(json.dumps(bare), encoding="utf-8")
    assert len(folder.read_folder(tmp_path).journals) == 3


# --- whatever a journal holds ---------------------------------------------------------------------

DAY = datetime(2026, 11, 2).isoformat()
STRANGE = [
    "<script>alert(1)</script>", "\ud800", "\u202e", 10**400, -1e308, 1e308, True, None, [], {},
    [[[[1]]]], {"before": 3}, "x" * 5000, float("nan"), 0, -0.0,
]  # fmt: skip


@pytest.mark.parametrize("value", STRANGE, ids=repr)
def test_nothing_in_a_journal_stops_the_page(tmp_path, capsys, value):
    for n in range(6):
        own = learners.journal(n)
        for key in ("03-default", "<b>own</b>", "05-ratio"):
            entry = {"guess": value, "result": value, "text": value, "day": DAY}
            own["predictions"][key] = entry
        tried = {"answer": value, "right": value, "mistake": value, "day": value}
        for name in ("03-a", "03-c", "09-c", "88-z"):
            own["attempts"][name] = {"tries": [tried]}
        own["kept"]["12-vote"] = {"value": {"before": value, "after": value}, "day": value}
        own["kept"]["12-own"] = {"value": value}
        content = json.dumps(own, allow_nan=True)
        (tmp_path / f"{n}.json").write_text(content, encoding="utf-8")
    html = made(tmp_path)
    assert "6 journals counted" in said(capsys)[-1]
    assert "<script" not in html and "<b>own" not in html and "nan" not in html
    for number in re.findall(r' (?:cx|cy|x|y|x1|r)="([^"]*)"', html):
        assert abs(float(number)) < 5000


# --- how much work --------------------------------------------------------------------------------


@pytest.mark.parametrize("same", [False, True])
def test_five_hundred_are_read_once_each_and_not_compared_in_pairs(tmp_path, monkeypatch, same):
    small = [learners.journal(n, notebooks=3) for n in range(1 if same else 500)]
    for n in range(500):
        text = json.dumps(small[0] if same else small[n])
        (tmp_path / f"{n}.json").write_text(text, encoding="utf-8")
    loads, pairs = [], []
    real_loads, real = store._loaded, folder.itertools.combinations

    def loaded(content):
        loads.append(len(content))
        return real_loads(content)

    def combined(numbers, two):
        found = list(real(numbers, two))
        pairs.extend(found)
        return found

    monkeypatch.setattr(store, "_loaded", loaded)
    monkeypatch.setattr(folder.itertools, "combinations", combined)
    journals = folder.read_folder(tmp_path).journals
    assert len(journals) == (1 if same else 500)
    assert len(loads) == 500
    assert len(pairs) < 500, "all pairs would be 124,750"


# --- drawings -------------------------------------------------------------------------------------


def circles(figure, kind="dot"):
    return [
        (float(m.attributes["cx"]), float(m.attributes["cy"]))
        for m in figure.marks
        if m.name == "circle" and m.attributes["class"] == kind
    ]


def drawn(guesses, results=(), result=None):
    middle = counted.Guessed("k", sorted(guesses), []).middle
    return dots.guessed("f", "t", "unit", "said", guesses, middle, results, result)


def test_each_guess_is_a_dot_and_no_two_touch():
    rng = random.Random(1)
    guesses = [rng.gauss(50, 15) for _n in range(60)]
    figure = drawn(guesses, [50] * 60, 50.0)
    for shape in (figure, figure.phone):
        found = circles(shape)
        assert len(found) == 60
        for n, (x, y) in enumerate(found):
            assert all(
                abs(x - a) >= 2 * dots.RADIUS - 0.01 or abs(y - b) >= 2 * dots.RADIUS - 0.01
                for a, b in found[:n]
            )
            assert 0 < x < shape.width and 0 < y < shape.height


def test_a_dot_of_equal_guesses_stands_at_their_value():
    figure = drawn([0, 1, 1, 1, 2, 2, 4])
    low, high = dots.ends([0, 1, 1, 1, 2, 2, 4], [])
    axis = dots.Axis(low, high, False, 12.0, dots.WIDE - 12.0, dots.WIDE)
    heaps = sorted(Counter(x for x, _y in circles(figure)).items())
    assert [n for _x, n in heaps] == [1, 3, 2, 1]
    assert [x for x, _n in heaps] == pytest.approx([axis.at(v) for v in (0, 1, 2, 4)], abs=0.06)


def test_many_guesses_make_dots_of_several_and_the_axis_says_so():
    figure = drawn([1.0] * 100 + [2.0] * 3)
    heaps = Counter(x for x, _y in circles(figure))
    assert max(heaps.values()) <= dots.HIGHEST and sorted(heaps.values()) == [1, 13]
    assert any("each dot: up to 8 learners" in m.text for m in figure.marks)


def test_one_guess_far_away_does_not_press_the_others_together():
    guesses = [float(n) for n in range(20)] + [1e6]
    assert dots.ends(guesses, [])[1] < 100
    assert len(circles(drawn(guesses))) == 20
    told = page._spread(counted.Guessed("k", guesses, []))
    assert "far from the others and are not drawn: 1." in told
    table = page._ranges(counted.Guessed("k", guesses, []))
    assert table.rows[-1] == ["beyond", "1"]
    assert sum(int(row[1]) for row in table.rows) == len(guesses)


def test_one_result_that_was_changed_by_hand_changes_nothing():
    guess = counted.Guessed("k", [5.0] * 20, [27.6] * 19 + [1e12])
    assert guess.result == 27.6
    assert dots.ends(guess.guesses, guess.results)[1] < 100


def test_what_each_learner_measured_for_themselves_is_drawn_too():
    figure = drawn([5.0] * 6, [11.0, 12.0, 13.0, 13.0, 19.0, 20.0])
    assert len(circles(figure)) == len(circles(figure, "ring")) == 6


def test_the_table_beside_a_drawing_says_the_same(klass):
    shown = page.Shown(count(klass), [], ())
    for question in [*shown.ballot, *shown.guesses]:
        if question.figure is None:
            continue
        total = sum(int(row[1]) for row in question.table.rows)
        assert question.figure.title == f"{total} guesses"
        assert question.figure.said in question.lines[-1]


# --- the command ----------------------------------------------------------------------------------


def test_the_command_as_it_is_typed(klass, tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    assert main(["class", "class", "--title", "Tuesday & Friday"]) == 0
    assert "class.html: 24 journals counted" in said(capsys)[-1]
    html = (tmp_path / "class.html").read_text(encoding="utf-8")
    assert "<title>Tuesday &amp; Friday</title>" in html
    assert "http" not in re.sub(r"xmlns=\"[^\"]*\"", "", html) and "<script" not in html


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (["class", "nowhere"], "nowhere is no folder"),
        (["class", "bare"], "bare holds no files"),
        (["class", "odd"], "odd holds no journal that can be counted: nothing was written"),
        (["class", "odd", "--out", "page.txt"], "page.txt is no name of a page"),
    ],
)
def test_what_cannot_be_done_is_said_in_one_sentence(tmp_path, monkeypatch, capsys, words, says):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "bare").mkdir()
    (tmp_path / "odd").mkdir()
    (tmp_path / "odd" / "a.txt").write_text("x", encoding="utf-8")
    assert main(words) == 2
    err = capsys.readouterr().err
    assert says in err and err.count("\n") == 1
    assert not (tmp_path / "class.html").exists()

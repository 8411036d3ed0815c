"""What a notebook asks, as places on a page, and the browser's journal beside Python's."""

from __future__ import annotations

import copy
import dataclasses
import json
import os
import random
import re
from pathlib import Path
from typing import Any

import pytest

from labkit.app import notebooks
from labkit.app.site import asked
from labkit.app.site.frame import HERE, Site
from labkit.base.places import PROJECT
from labkit.learning import ballot, checks, journal, store, vote
from labkit.views import callouts
from tests.views.test_javascript import node  # noqa: F401  (a fixture)

JS = Path(__file__).parent / "js"


def some_journal(rng: random.Random) -> store.Entries:
    """A journal with few names, so that two of them meet."""
    entries = store.empty()
    for name in rng.sample("abcde", rng.randint(0, 4)):
        entries["predictions"][name] = {"guess": rng.choice([1, 2.5, "x", [1, 2]]), "day": "d"}
    for name in rng.sample("abcde", rng.randint(0, 4)):
        entries["kept"][name] = {"value": rng.choice([1, None, {"p": 1, "q": [2]}])}
    for name in rng.sample(["03-a", "03-b", "04-c"], rng.randint(0, 3)):
        tries = [{"answer": rng.randint(0, 2), "right": rng.random() < 0.5} for _ in range(3)]
        entries["attempts"][name] = {"tries": tries[: rng.randint(0, 3)]}
    return entries


def taken(here: store.Entries, other: store.Entries) -> dict:
    after = copy.deepcopy(here)
    done = store.take_in(after, copy.deepcopy(other))
    return {"here": here, "other": other, "after": after, "done": dataclasses.asdict(done)}


FILES = (
    "", "[1]", "{}", "name,mark", '{"version": 1, "predictions": {"03-fmr"', '{"version": 0}',
    '{"version": 0, "predictions": {}}', '{"version": 2, "entries": []}', '{"version": true}',
    '{"version": 1, "predictions": {}, "attempts": {}, "kept": {}}',
    '{"version": 1, "predictions": {}, "attempts": {"a": {}}, "kept": {}}',
    '{"version": 1, "predictions": {"a": 3}, "attempts": {}, "kept": {}}',
    '{"version": 1, "predictions": {}, "attempts": {"a": {"tries": [1]}}, "kept": {}}',
    '{"version": 1, "predictions": {}, "attempts": {"a": {"tries": [{}]}}, "kept": {}}',
    '{"version": 1, "predictions": [], "attempts": {}, "kept": {}}', '"version"', "null",
)  # fmt: skip


def test_the_browsers_journal_is_pythons(node, tmp_path):  # noqa: F811
    rng = random.Random(14)
    old = PROJECT / "tests" / "learning" / "journal_version_1.json"
    written = old.read_text("utf-8")
    cases = {
        "taken": [taken(some_journal(rng), some_journal(rng)) for _ in range(300)],
        "files": [
            [text, store.parsed(text.encode()) is not None, store.trouble(text.encode())]
            for text in FILES
        ],
        "written": written,
        "count": store.count(json.loads(written)),
    }
    path = tmp_path / "cases.json"
    path.write_text(json.dumps(cases), encoding="utf-8")
    ran = node("--test", str(JS / "journal.test.mjs"), env=os.environ | {"LABKIT_CASES": str(path)})
    assert ran.returncode == 0, ran.stdout[-5000:] + ran.stderr[-2000:]


# ---- what outputs say ---------------------------------------------------------------------------

SITE = Site(PROJECT, "en", b"")


@pytest.fixture
def shown(monkeypatch, tmp_path):
    """What a notebook would show: each output's bundle and metadata."""
    out: list[dict[str, Any]] = []

    def display(one, metadata=None):
        held = (
            one._repr_mimebundle_()
            if hasattr(one, "_repr_mimebundle_")
            else {"text/html": one.data}
        )
        out.append({"output_type": "display_data", "data": held, "metadata": metadata or {}})

    monkeypatch.setenv("LABKIT_JOURNAL", str(tmp_path / "journal.json"))
    monkeypatch.setattr(callouts, "in_notebook", lambda: True)
    monkeypatch.setattr("IPython.display.display", display)
    return out


def abouts(shown: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return [one["metadata"].get("labkit", {}) for one in shown]


def test_an_output_says_what_it_asks_or_shows(shown):
    journal.predict("03-default", ..., low=0, high=100, whole=True)
    journal.predict("03-default", 7, low=0, high=100, whole=True)
    journal.result("03-default", 40.0, "40 of 100.")
    journal.keep("05-protocol", 1)
    ballot.open_ballot("a", 94, "94 of 100")
    vote.cast("before", "audit")
    callouts.say(ballot.told())
    callouts.say("Nothing is asked here.")
    asks = {"asks": "predict", "key": "03-default", "low": 0, "high": 100, "whole": True}
    result = {"shows": "result", "key": "03-default", "value": 40.0, "text": "40 of 100."}
    opened = {"shows": "ballot", "letter": "a", "key": "01-ballot-a"}
    assert abouts(shown)[:4] == [asks, asks, result, {"keeps": "05-protocol"}]
    assert abouts(shown)[4] == opened
    assert [one.get("asks") or one.get("shows") for one in abouts(shown)[5:]] == [
        "result", "vote", "ballot box", None
    ]  # fmt: skip
    json.dumps(abouts(shown), allow_nan=False)


def test_what_readers_see_does_not_depend_on_what_an_output_is_about(shown):
    callouts.callout("hint", "Look again.", about={"asks": "check", "id": "03-a"})
    callouts.callout("hint", callouts.Marked("Look again.", follows="03-a"))
    callouts.callout("hint", "Look again.")
    assert shown[0]["data"] == shown[1]["data"] == shown[2]["data"]
    assert abouts(shown) == [{"asks": "check", "id": "03-a"}, {"follows": "03-a"}, {}]


def test_a_check_and_what_follows_from_it_say_so(shown):
    for answer in (..., 4, 5):
        callouts.say(checks.check("13-a", answer).then("{} pairs".format))
    told = abouts(shown)
    assert told[0::2] == [{"asks": "check", "id": "13-a"}] * 3
    assert told[1::2] == [{"follows": "13-a"}] * 3
    checks.check("99-z")
    assert abouts(shown)[-1] == {}


# ---- places -------------------------------------------------------------------------------------


def book(*cells: tuple[str, list[dict[str, Any]]]) -> Any:
    import nbformat

    made = nbformat.v4.new_notebook()
    for source, outputs in cells:
        made.cells.append(nbformat.v4.new_code_cell(source, outputs=copy.deepcopy(outputs)))
    return nbformat.from_dict(made)


def texts(cell: Any) -> list[str]:
    return [one["data"]["text/html"] for one in cell.outputs]


def held(text: str) -> dict[str, Any]:
    """What a place holds for the script."""
    found = re.search(r'data-ask="[^"]*"><script type="application/json">(.*?)</script>', text)
    return json.loads(found[1])


def test_outputs_that_ask_become_places_and_others_stay(shown):
    journal.predict("03-default", ..., low=0, high=100, whole=True)
    callouts.say("Nothing is asked here.")
    asks = list(shown)
    shown.clear()
    journal.result("03-default", 40, "40 of 100, <b>all</b>.")
    made = asked.placed(
        book(
            ('guess = ...\npredict("03-default", guess)', asks),
            ("n = count()\nresult('03-default', n)", shown),
        ),
        SITE,
    )
    first, second = made.cells
    assert first.metadata["labkit"] == {"code": "hidden"}
    assert second.metadata["labkit"] == {"waits": "03-default"}
    assert texts(first)[1] == asks[1]["data"]["text/html"]
    assert [text.count('id="asked-words"') for text in texts(first) + texts(second)] == [1, 0, 0]
    facts = held(texts(first)[0])
    assert (facts["low"], facts["high"], facts["whole"]) == (0, 100, True)
    assert facts["label"] == "Your guess, a whole number from 0 to 100"
    assert facts["unit"] == "of 100 comparisons"
    assert held(texts(second)[0])["text"] == "40 of 100, <b>all</b>."
    assert "<b>all" not in texts(second)[0]
    assert all("data-ask" not in text for text in texts(first)[1:])


def test_what_is_only_kept_by_a_notebook_is_not_said_to_be_kept_by_a_page(shown):
    journal.keep("05-protocol", 1)
    journal.export()
    made = asked.placed(book(("keep()", shown)), SITE)
    (text,) = texts(made.cells[0])
    assert 'data-ask="journal"' in text and held(text) == {"link": "../journal/index.html"}


def test_what_follows_is_taken_from_the_solved_notebook(shown):
    checked = checks.check("13-a", ...)
    callouts.say(checked.then("{} pairs".format))
    opened = list(shown)
    shown.clear()
    callouts.say(checks.check("13-a", 28).then("{} <pairs>".format))
    made = asked.placed(book(("a", opened)), SITE, book(("b", shown)))
    exercise, follows = texts(made.cells[0])
    assert held(exercise)["exercise"]["right"]["values"] == [28.0]
    assert "This comes when exercise 13-a is answered and right." in follows
    assert 'class="ask-then" hidden' in follows and "28 &lt;pairs&gt;" in follows
    assert "<style>" not in follows and "run this cell" not in follows
    alone = asked.placed(book(("a", opened)), SITE)
    assert "ask-then" not in texts(alone.cells[0])[1]


def test_every_cell_of_the_notebooks_that_only_asks_is_known():
    """Cells with a calculation of their own keep their code: an exercise builds on it."""
    hidden, kept = set(), set()
    for path in notebooks.sources(PROJECT):
        for cell in notebooks.read_source(path):
            tags = cell.metadata.get("tags", [])
            if cell.cell_type != "code" or "solution" in tags:
                continue
            if re.search(r"\b(predict|check|cast)\(", cell.source):
                (hidden if asked.only_asks(cell.source) else kept).add(path.stem[:2])
    assert {"00", "01", "09", "12", "13"} <= hidden
    assert {"02", "03"} <= kept


def test_exercises_get_the_fields_that_their_answers_need():
    assert asked._form(*both("13-a"))["form"] == "value"
    pair = asked._form(*both("04-a"))
    assert pair["form"] == "list" and pair["numeric"] and len(pair["fields"]) == 2
    assert asked._form(*both("09-c"))["form"] == "write"


def both(name: str) -> tuple[Any, Any]:
    from labkit.learning import catalogue

    return catalogue.find(name), asked._exported(name[:2], "")[name]


def test_every_sentence_of_the_scripts_is_there():
    words = asked.words()
    for name in ("asked", "exercise", "journal_page", "memo"):
        script = (HERE / "js" / f"{name}.js").read_text("utf-8")
        for key in ("asked", "verdicts", "kinds", *(["page"] if name == "journal_page" else [])):
            named = set(re.findall(rf"(?<![\w.]){key}\.(\w+)", script))
            assert named <= set(words[key]), (name, key)

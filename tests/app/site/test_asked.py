"""What a notebook asks, as places on a page, and the browser's journal beside Python's."""

from __future__ import annotations

import copy
import dataclasses
import json
import random
from pathlib import Path

from labkit.learning import store
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
    old = Path(__file__).parents[2] / "learning" / "journal_version_1.json"
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
    import os

    ran = node("--test", str(JS / "journal.test.mjs"), env=os.environ | {"LABKIT_CASES": str(path)})
    assert ran.returncode == 0, ran.stdout[-5000:] + ran.stderr[-2000:]

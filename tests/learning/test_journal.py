"""The journal: nothing is lost, nothing raises, and one sentence says what is the matter."""

from __future__ import annotations

import contextlib
import json
import math
import os
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from labkit.base.places import PROJECT
from labkit.learning import journal, store

ROOT = PROJECT


def said(capsys):
    """What was printed, as one line: where it wraps is the business of labkit.base.words."""
    return " ".join(capsys.readouterr().out.split())


@pytest.fixture
def file(tmp_path, monkeypatch):
    place = tmp_path / "lab" / "journal.json"
    monkeypatch.setenv("LABKIT_JOURNAL", str(place))
    return place


HOLLOW: list = []
HOLLOW.append(HOLLOW)


def kept(file):
    return json.loads(file.read_text(encoding="utf-8"))


# --- guesses and results ------------------------------------------------------------------------


def test_a_guess_stands_beside_its_result(file, capsys):
    journal.predict("03-fmr", 0.2)
    journal.result("03-fmr", 0.77, "77.0% of the impostor pairs match.")
    out = said(capsys)
    assert "Kept your guess for 03-fmr: 0.2." in out
    assert "Your guess for 03-fmr: 0.2. Measured: 77.0% of the impostor pairs match." in out
    assert "lower, by a factor of 3.9" in out
    entry = kept(file)["predictions"]["03-fmr"]
    assert (entry["guess"], entry["result"]) == (0.2, 0.77)


@pytest.mark.parametrize(
    ("guess", "value", "says"),
    [
        (20, 38.01, "lower by 18."), (0, 153, "lower by 153."), (0.5, 0.6234, "lower by 0.12."),
        (0.5, 0.5, "exactly"), (0.6, 0.5, "higher by 0.1"), (0.2, 0.3, "lower by 0.1"),
        (1.0, 0.01, "higher, by a factor of 100"), (-1, 1, "lower by 2"), (0, 3, "lower by 3"),
        (np.int64(3), np.float32(1), "higher, by a factor of 3"),
    ],
)  # fmt: skip
def test_how_far_a_guess_was(file, capsys, guess, value, says):
    journal.predict("k", guess)
    journal.result("k", value)
    assert says in said(capsys)


@pytest.mark.parametrize(
    ("guess", "keeps", "says"),
    [
        (25, 25, "Did you mean a number from 0 to 20?"),
        (-1, -1, "Did you mean a number from 0 to 20?"),
        (0.75, 0.75, "Did you mean a share of it, 15?"),
        (10**400, None, "something else"),
        (0, 0, ""),
        (20, 20, ""),
        ("15", 15, "A number needs no quotes, and nothing behind it: taken as 15."),
        ("about 15", 15, "taken as 15."),
        ("75%", 75, "Did you mean a number from 0 to 20?"),
        ("ten", None, "write it without words and without quotes"),
        ((15, 5), None, "Write a point: 15.5."),
        ((1, 500), None, "You mean 1500."),
        ([14, 16], None, "take one from the middle"),
        ([], None, "A guess is one number here"),
        (True, None, "something else"),
        (math.nan, None, "no number (NaN)"),
        (np.zeros((2, 2)), None, "A guess is one number here"),
    ],
)
def test_a_guess_that_makes_no_sense_is_asked_about(file, capsys, guess, keeps, says):
    """Finding: "twice" and 0.05 of 100 were kept without a word, and compared with the result."""
    journal.predict("k", guess, low=0, high=20)
    told = said(capsys)
    assert says in told and ("Did you mean" in told) is ("Did you mean" in says)
    entries = journal.read()["predictions"]
    assert entries.get("k", {}).get("guess") == keeps


def test_a_guess_without_a_range_may_be_a_text_or_a_list(file, capsys):
    for guess in ("the phone", [1, 2], {"a": 1}):
        journal.predict("k", guess)
        assert kept(file)["predictions"]["k"]["guess"] == guess
    journal.predict("m", object())
    assert "m" not in kept(file)["predictions"]


@pytest.mark.parametrize("guess", ["ten", math.nan, [3, 21], [], True, "..", "9" * 400])
def test_what_is_no_number_is_not_kept_where_one_is_asked_for(file, capsys, guess):
    journal.predict("k", guess, low=0, high=20)
    assert "No guess was kept for k" in said(capsys)
    assert not kept(file)["predictions"] if file.exists() else True


def test_a_range_may_be_open_on_one_side(file, capsys):
    journal.predict("k", -1, low=0)
    journal.predict("k", 2, high=1)
    journal.predict("k", -5, high=1)
    journal.predict("k", -5)
    out = said(capsys)
    assert "of at least 0?" in out and "of at most 1?" in out and out.count("?") == 2


@pytest.mark.parametrize(
    ("guess", "asks", "read", "asked"),
    [
        (-1, {"low": 0}, -1, "Did you mean a number of at least 0?"),
        ("12%", {"low": 0, "high": 100}, 12, "A number needs no quotes"),
        ("12 %", {"low": 0, "high": 1}, 0.12, "taken as 0.12."),
        ("300%", {"low": 0, "high": 100}, 300, "Did you mean a number from 0 to 100?"),
        ("1,920", {"low": 0, "whole": True}, 1920, "taken as 1920."),
        ("0,5", {"low": 0, "high": 1}, 0.5, "taken as 0.5."),
        ("0,5", {"low": 0, "high": 9, "whole": True}, 0.5, "a whole number?"),
        (0.05, {"low": 0, "high": 100, "whole": True}, 0.05, "Did you mean a share of it, 5?"),
        (0.5, {"whole": True}, 0.5, "Did you mean a whole number?"),
        (-3.5, {"high": 1, "whole": True}, -3.5, "Did you mean a whole number?"),
        (3.0, {"low": 0, "whole": True}, 3.0, ""),
        (np.int64(3), {"whole": True}, 3, ""),
        ("the gate", {}, "the gate", ""),
        ("12%", {}, "12%", ""),
    ],
)
def test_a_guess_of_another_kind_is_read_or_asked_about(file, capsys, guess, asks, read, asked):
    """Finding: guesses that cannot be (-1, "twice", 0.05 of 100) were kept without a word."""
    journal.predict("k", guess, **asks)
    out = said(capsys)
    assert asked in out and ("?" in out or "taken as" in out) == bool(asked)
    assert kept(file)["predictions"]["k"]["guess"] == read


def test_no_guess_is_said(file, capsys):
    journal.predict("k", ...)
    journal.predict("k", None)
    journal.result("k", 0.5)
    out = said(capsys)
    assert out.count("No guess was kept for k") == 2 and "For k no guess was kept. Measured" in out
    assert not kept(file)["predictions"]


def test_of_two_guesses_the_last_one_counts(file, capsys):
    journal.predict("k", 1)
    journal.predict("k", 2)
    journal.result("k", 5)
    assert kept(file)["predictions"]["k"]["guess"] == 2
    assert "Your guess for k: 2. Measured: 5." in said(capsys)


def test_a_guess_after_the_result_is_marked(file, capsys):
    for guess in (1, 1, 2):
        journal.predict("k", guess)
        journal.result("k", 5)
    assert said(capsys).count("already seen this result") == 1


ANY = [math.nan, math.inf, "text" * 5000, [1, "a", None], {"a": {1, 2}}, np.arange(5000), object(),
       pd.DataFrame({"a": [1]}), 1j, lambda: 1, {(1, 2): 3}, b"x", 10**400, 10**5000,
       HOLLOW]  # fmt: skip


@pytest.mark.parametrize("guess", ANY, ids=range(len(ANY)))
def test_any_guess_can_be_kept(file, capsys, guess):
    journal.predict("k", guess)
    journal.result("k", guess)
    journal.keep("k", guess)
    assert len(file.read_text(encoding="utf-8")) < 200_000
    assert "NaN" not in file.read_text() and "Infinity" not in file.read_text()
    assert len(journal.show()) >= 1 and len(said(capsys)) < 5000


# --- recall -------------------------------------------------------------------------------------


def test_what_was_kept_comes_back(file, capsys):
    journal.keep("a", [1, 2, 3])
    got = journal.recall("a", [0, 0, 0])
    assert (got.value, got.yours) == ([1, 2, 3], True) and "Your own" in got.words
    assert "20" in got.words, "the day is told"


def test_a_default_is_said_to_be_one(file):
    got = journal.recall("a", 0.5)
    assert (got.value, got.yours) == (0.5, False) and "values of this notebook" in got.words
    assert not file.exists(), "reading makes no file"


@pytest.mark.parametrize(
    ("value", "default"),
    [([1, 2], [1, 2, 3]), ("a", 1), (1, "a"), ([1, "a"], [1, 2]), ({"a": 1}, {"a": 1, "b": 2}),
     (True, 1), (1, True), ([None], [1]), ({"a": "x"}, {"a": 1}), ([[1], [2]], [1, 2])],
)  # fmt: skip
def test_what_does_not_fit_is_not_used(file, value, default):
    journal.keep("a", value)
    got = journal.recall("a", default)
    assert got.value is default and not got.yours and "does not fit" in got.words


def test_a_notebook_may_ask_for_more(file):
    journal.keep("a", 5)
    assert journal.recall("a", 1, fits=lambda v: v > 3).yours
    assert not journal.recall("a", 1, fits=lambda v: v > 9).yours
    assert not journal.recall("a", 1, fits=lambda v: v["x"]).yours


def test_a_guess_can_be_recalled(file):
    journal.predict("a", 3)
    assert journal.recall("a", 1).value == 3


# --- the file: empty, damaged, locked, unwritable -----------------------------------------------


DAMAGED = [b"{", b"null", b"[]", b"\xff\xfe\x00", b"{}", b'{"version": 1}', b"[" * 100_000,
           b'{"version": 1, "predictions": [], "attempts": {}, "kept": {}}',
           b'{"version": 1, "predictions": {"a": 3}, "attempts": {}, "kept": {}}',
           b'{"version": 1, "predictions": {}, "attempts": {"a": {}}, "kept": {}}',
           b'{"version": 0, "predictions": {}, "attempts": {}, "kept": {}}',
           b'{"version": true}', b"", b" \n", bytes(400)]  # fmt: skip


@pytest.mark.parametrize("content", DAMAGED, ids=range(len(DAMAGED)))
def test_a_damaged_journal_is_set_aside(file, capsys, content):
    """Finding: an empty or blank file was a new journal without a word; other damage was said."""
    file.parent.mkdir()
    file.write_bytes(content)
    journal.predict("k", 1)
    journal.result("k", 2)
    out = said(capsys)
    assert out.count("was damaged") == 1 and "Your guess for k: 1." in out
    aside = [p for p in file.parent.iterdir() if "set-aside" in p.name]
    assert len(aside) == 1 and aside[0].read_bytes() == content and aside[0].name in out
    assert kept(file)["predictions"]["k"]["guess"] == 1


NEWER = [b'{"version": 9, "predictions": {}, "attempts": {}, "kept": {}}',
         b'{"version": 2, "pages": [1, 2]}']  # fmt: skip


@pytest.mark.parametrize("content", NEWER, ids=range(len(NEWER)))
def test_a_journal_of_a_newer_lab_is_left_alone(file, capsys, content):
    """Finding: a version-2 journal was called damaged and set aside."""
    file.parent.mkdir()
    file.write_bytes(content)
    journal.predict("k", 1)
    journal.result("k", 2)
    journal.keep("a", 7)
    out = said(capsys)
    assert out.count("by a newer version of the lab") == 1 and "damaged" not in out
    assert "python3 lab.py update" in out and "Your guess for k: 1." in out
    assert journal.recall("a", 1).value == 7
    assert file.read_bytes() == content and not [
        p for p in file.parent.iterdir() if "set" in p.name
    ]
    (file.parent / "saved.json").write_bytes(content)
    journal.restore(file.parent / "saved.json")
    assert "was saved by a newer version of the lab: nothing was changed" in said(capsys)


def test_what_killed_programs_left_is_cleared_and_nothing_else(file):
    """Finding: files such as .journal.json.k2j4x_9q stayed for ever."""
    file.parent.mkdir()
    old = time.time() - 2 * store.STALE
    names = (".journal.json.k2j4x_9q", ".journal.json.notes", "mine.txt", ".other.json.abcdefgh")
    for name in names:
        (file.parent / name).write_text("x")
        os.utime(file.parent / name, (old, old))
    (file.parent / ".journal.json.newfile_").write_text("being written now")
    journal.keep("a", 1)
    left = {p.name for p in file.parent.iterdir()}
    assert left == {*names[1:], ".journal.json.newfile_", "journal.json", "journal.json.lock"}


@pytest.mark.parametrize("number", ["NaN", "Infinity", "1e999"])
def test_what_is_no_number_is_not_recalled_as_one(file, number):
    """Finding: NaN was recalled as the learner's number."""
    file.parent.mkdir()
    text = (
        '{"version": 1, "predictions": {"g": {"guess": %s}}, "attempts": {},'
        ' "kept": {"a": {"value": %s}, "b": {"value": [1, %s]}}}'
    )
    file.write_text(text % ((number,) * 3))
    for key, default in (("g", 0.5), ("a", 0.5), ("b", [1, 2])):
        got = journal.recall(key, default)
        assert (got.value, got.yours) == (default, False)
    assert number == "1e999" or not journal.recall("a", None).yours, "whatever kind is asked for"


def test_where_nothing_can_be_written_entries_live_in_memory(tmp_path, monkeypatch, capsys):
    (tmp_path / "file").write_text("")
    monkeypatch.setenv("LABKIT_JOURNAL", str(tmp_path / "file" / "journal.json"))
    journal.predict("k", 1)
    journal.result("k", 2)
    journal.keep("a", 7)
    assert journal.recall("a", 1).value == 7
    out = said(capsys)
    assert out.count("cannot be") == 1 and "until the kernel stops" in out
    assert "Your guess for k: 1." in out


def test_a_full_disk_is_said_once_and_the_old_journal_stays(file, monkeypatch, capsys):
    journal.predict("before", 1)
    before = file.read_bytes()

    def full(path, content):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(store, "write_whole", full)
    journal.predict("k", 2)
    journal.result("k", 3)
    out = said(capsys)
    assert out.count("cannot be saved") == 1 and "No space left" in out
    assert file.read_bytes() == before and "Your guess for k: 2." in out
    assert journal.recall("before", 0).value == 1


def test_a_folder_in_the_journals_place(file, capsys):
    file.mkdir(parents=True)
    journal.predict("k", 1)
    journal.result("k", 2)
    assert "Your guess for k: 1." in said(capsys)


def test_nothing_half_written_is_left(file):
    for n in range(5):
        journal.predict(f"k{n}", n)
    assert sorted(p.name for p in file.parent.iterdir()) == ["journal.json", "journal.json.lock"]


WRITER = """
import sys
from labkit.learning import journal, store
store.PATIENCE = 600  # a slow computer may wait long; nothing may be lost
print("ready", flush=True)
sys.stdin.readline()
for n in range(25):
    journal.keep(f"{sys.argv[1]}-{n}", n)
    journal.attempt("99-a", f"{sys.argv[1]}-{n}", False)
"""

HOLDER = """
import sys
from pathlib import Path
from labkit.learning.store import locked
with locked(Path(sys.argv[1])) as held:
    print("held" if held else "not held", flush=True)
    sys.stdin.readline()
"""


@contextlib.contextmanager
def python(program, *words):
    """Another Python that runs a program; it says a first line when it is ready."""
    with subprocess.Popen(
        [sys.executable, "-c", program, *map(str, words)],
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as running:
        try:
            yield running
        finally:
            running.kill()


def test_two_notebooks_lose_nothing(file):
    with contextlib.ExitStack() as stack:
        running = [stack.enter_context(python(WRITER, name)) for name in ("one", "two", "three")]
        assert [r.stdout.readline() for r in running] == ["ready\n"] * 3
        for r in running:  # all have loaded what they need: from here they write side by side
            r.stdin.write("go\n")
            r.stdin.flush()
        for r in running:
            r.communicate()
        assert [r.returncode for r in running] == [0, 0, 0]
    assert len(kept(file)["kept"]) == 75
    assert len(kept(file)["attempts"]["99-a"]["tries"]) == 75


def test_an_entry_waits_for_another_notebook_that_is_writing(file, monkeypatch):
    monkeypatch.setattr(store, "PATIENCE", 600)
    seen = []
    with python(HOLDER, file) as holder:
        assert holder.stdout.readline() == "held\n"
        writing = threading.Thread(target=lambda: seen.append(journal.attempt("99-a", 1, False)))
        writing.start()
        # Whoever cannot have the lock looks again and again: it is let go after a few looks.
        looks, real = threading.Semaphore(0), time.sleep
        monkeypatch.setattr(time, "sleep", lambda s: (looks.release(), real(s)))
        for _ in range(3):
            assert looks.acquire(timeout=300)
        assert not seen and not file.exists()
        holder.communicate("done\n")
        writing.join()
    assert seen == [1] and len(kept(file)["attempts"]["99-a"]["tries"]) == 1


def test_a_lock_left_by_a_killed_process_does_not_block(file, monkeypatch):
    monkeypatch.setattr(store, "PATIENCE", 600)
    with python(HOLDER, file) as holder:
        assert holder.stdout.readline() == "held\n"
        holder.kill()
        holder.wait()
    assert file.with_name("journal.json.lock").exists()
    with store.locked(file) as held:
        assert held
    journal.keep("a", 1)
    assert kept(file)["kept"]["a"]["value"] == 1


def test_threads_lose_nothing(file):
    def work(name):
        for n in range(20):
            journal.keep(f"{name}-{n}", n)

    threads = [threading.Thread(target=work, args=(n,)) for n in range(4)]
    for t in threads:
        t.start()
    for t in threads:
        t.join()
    assert len(kept(file)["kept"]) == 80


def test_a_lock_that_is_never_freed_delays_once_and_is_said(file, monkeypatch, capsys):
    """Finding: a held lock cost five seconds at every entry, without a word."""
    from filelock import FileLock

    monkeypatch.setattr(store, "PATIENCE", 0.05)
    waits, real = [], FileLock.acquire

    def acquire(self, timeout, **options):
        waits.append(timeout)
        return real(self, timeout=timeout, **options)

    monkeypatch.setattr(FileLock, "acquire", acquire)
    with python(HOLDER, file) as holder:
        assert holder.stdout.readline() == "held\n"
        with store.locked(file) as held:
            assert not held
        for n in range(4):
            journal.keep("a", n)
        assert kept(file)["kept"]["a"]["value"] == 3
        assert waits == [0.05, 0.05, 0, 0, 0]
        assert said(capsys).count("Another program has held the journal") == 1
        holder.communicate("done\n")
    journal.keep("a", 5)
    journal.keep("a", 6)
    assert waits[-1] == 0.05, "once it is free, it is waited for again"


@pytest.fixture
def read_only(monkeypatch):
    """A journal in a folder that may be read and not written, for root too."""
    with tempfile.TemporaryDirectory(dir=tempfile.gettempdir()) as folder:
        place = Path(folder) / "lab" / "journal.json"
        monkeypatch.setenv("LABKIT_JOURNAL", str(place))
        journal.keep("before", 1)  # loads all that writing needs, too
        before = place.read_bytes()
        place.with_name("journal.json.lock").unlink()
        for path, mode in ((Path(folder), 0o755), (place, 0o444), (place.parent, 0o555)):
            path.chmod(mode)
        journal._store.cache_clear()
        root = os.geteuid() == 0
        try:
            if root:
                os.seteuid(65534)
            yield place
        finally:
            if root:
                os.seteuid(0)
            place.parent.chmod(0o755)
        assert place.read_bytes() == before


@pytest.mark.skipif(os.name == "nt", reason="Windows has no folder that only its files protect")
def test_a_read_only_folder_gives_one_sentence(read_only, capsys):
    capsys.readouterr()
    journal.predict("k", 1)
    journal.result("k", 2)
    journal.keep("a", 7)
    assert journal.recall("a", 1).value == 7 and journal.recall("before", 0).value == 1
    out = said(capsys)
    assert out.count("cannot be") == 1 and "cannot be saved (cannot write to" in out
    assert "Your guess for k: 1." in out and sorted(read_only.parent.iterdir()) == [read_only]


OLD = Path(__file__).with_name("journal_version_1.json")
"""Written by the lab's first journal: guesses, a result, kept values, attempts of each kind."""


def test_a_journal_of_the_first_version_is_read_and_added_to(file, capsys):
    file.parent.mkdir()
    file.write_bytes(OLD.read_bytes())
    old = json.loads(OLD.read_text(encoding="utf-8"))
    assert journal.recall("03-threshold", 0.0).value == -0.46
    sizes = journal.recall("04-sizes", {"people": [0, 0], "share": 0.0})
    assert (sizes.value, sizes.yours) == ({"people": [10, 20], "share": 0.5}, True)
    assert journal.recall("05-text", "").value == "the gate, naïve"
    assert "28 November 2026" in sizes.words
    table = journal.show()
    assert len(table) == 4 + 5 + 2 and table["name"].tolist().count("03-a") == 3
    journal.result("03-fmr", 0.4)
    assert journal.attempt("03-a", 2.0, False) == 2, "1.0 and 2.0 were of the kind asked for"
    assert journal.attempt("03-a", "b", False, "kind", counts=False) == 2
    out, now = said(capsys), kept(file)
    assert "damaged" not in out and "Your guess for 03-fmr: 0.2." in out
    assert now["predictions"]["03-fmr"].pop("result") == 0.4
    assert now["predictions"]["03-fmr"].pop("text", "none") is None
    added = now["attempts"]["03-a"]["tries"].pop()
    assert set(added) == {"answer", "right", "mistake", "counts", "day"}
    assert now == old, "everything else is as it was, in the same form"


def test_the_file_is_written_in_the_form_of_the_first_version(file):
    file.parent.mkdir()
    file.write_bytes(OLD.read_bytes())
    before = OLD.read_text(encoding="utf-8")
    journal.attempt("03-a", 2.0, False)  # kept already: nothing is added
    assert file.read_text(encoding="utf-8") == before


def test_without_a_name_it_lies_in_the_project(monkeypatch):
    monkeypatch.delenv("LABKIT_JOURNAL")
    assert journal.place() == ROOT / ".lab" / "journal.json"


# --- taking it along ------------------------------------------------------------------------------


def test_export_and_restore(file, tmp_path, monkeypatch, capsys):
    journal.predict("k", 1)
    journal.keep("a", [1, 2])
    journal.attempt("99-a", 3, False)
    saved = tmp_path / "mine.json"
    journal.export(saved)
    assert "3 entries" in said(capsys)
    monkeypatch.setenv("LABKIT_JOURNAL", str(tmp_path / "elsewhere" / "journal.json"))
    journal.keep("a", [9, 9])
    journal.attempt("99-a", 4, False)
    capsys.readouterr()
    journal.restore(saved)
    assert said(capsys) == (
        f"Took 2 of the 3 entries of {saved} into your journal: guesses: 1, exercises: 1."
        " Yours differ and stay as they are: a."
    )
    assert journal.recall("a", [0, 0]).value == [9, 9], "what is here stays"
    assert journal.recall("k", 0).value == 1
    assert journal.attempt("99-a", 3, False) == 2


def test_restoring_says_how_much_was_really_taken(file, tmp_path, monkeypatch, capsys):
    """Finding: it said "Took 2 entries" when it kept none of them."""
    journal.keep("a", 1)
    journal.attempt("99-a", 3, False)
    saved = tmp_path / "mine.json"
    journal.export(saved)
    capsys.readouterr()
    before = file.read_bytes()
    journal.restore(saved)
    assert said(capsys) == (
        f"Took none of the 2 entries of {saved}. Already in your journal, just the same: 2."
    )
    assert file.read_bytes() == before
    monkeypatch.setenv("LABKIT_JOURNAL", str(tmp_path / "elsewhere" / "journal.json"))
    journal.restore(saved)
    assert said(capsys) == (
        f"Took 2 of the 2 entries of {saved} into your journal: exercises: 1, values for a later"
        " notebook: 1."
    )


def test_restoring_names_what_stayed_and_not_without_end(file, tmp_path, capsys):
    """A guess made again here is not overwritten, and whoever restores is told which."""
    for name in "abcdefghij":
        journal.predict(name, 1)
    saved = tmp_path / "mine.json"
    journal.export(saved)
    for name in "abcdefghi":
        journal.predict(name, 2)
    capsys.readouterr()
    journal.restore(saved)
    told = said(capsys)
    assert "Yours differ and stay as they are: a, b, c, d, e, f, g, h, ..." in told
    assert "just the same: 1." in told
    assert journal.recall("a", 0).value == 2


def test_an_export_can_be_named_by_its_learner(file, monkeypatch, capsys):
    shown = []
    monkeypatch.setattr("IPython.display.display", lambda one, **how: shown.append(one))
    journal.predict("k", 1)
    journal.export(name="Owl 7/../x")
    assert 'download="lab-journal-Owl-7-x.json"' in shown[0].data
    assert "journal.restore('lab-journal-Owl-7-x.json')" in said(capsys)
    assert "Owl" not in json.dumps(kept(file)), "the name stands in no journal"


def test_export_shows_a_link_that_holds_the_journal(file, monkeypatch, capsys):
    import base64

    shown = []
    monkeypatch.setattr("IPython.display.display", lambda one, **how: shown.append(one))
    journal.predict("k", 1)
    journal.export()
    data = shown[0].data.split("base64,")[1].split('"')[0]
    assert json.loads(base64.b64decode(data)) == kept(file)
    assert 'download="lab-journal.json"' in shown[0].data
    assert "journal.restore" in said(capsys)


@pytest.mark.parametrize("content", [None, b"", b"{}", b"\xff"])
def test_a_file_that_is_no_journal_changes_nothing(file, tmp_path, capsys, content):
    journal.predict("k", 1)
    before = file.read_bytes()
    if content is not None:
        (tmp_path / "x.json").write_bytes(content)
    journal.restore(tmp_path / "x.json")
    assert "nothing was changed" in said(capsys) and file.read_bytes() == before


def test_an_export_that_cannot_be_written_says_so(file, tmp_path):
    with pytest.raises(OSError, match="cannot write"):
        journal.export(tmp_path)


def test_show_is_a_readable_table(file, capsys):
    assert len(journal.show()) == 0 and "empty" in said(capsys)
    journal.predict("03-fmr", 0.2)
    journal.result("03-fmr", 0.77)
    journal.attempt("03-a", -0.5, False)
    table = journal.show()
    assert list(table.columns) == ["name", "yours", "result", "day"]
    assert table.loc["guess"].tolist()[:3] == ["03-fmr", "0.2", "0.77"]
    assert table.loc["exercise"].tolist()[:3] == ["03-a", "-0.5", "not right"]


def test_starting_again_keeps_the_old_one(file, capsys):
    journal.start_again()
    journal.predict("k", 1)
    journal.start_again()
    assert "set aside as" in said(capsys) and not file.exists()
    assert len([p for p in file.parent.iterdir() if "set-aside" in p.name]) == 1
    assert not journal.recall("k", 0).yours


def test_starting_again_forgets_what_could_not_be_saved(file, monkeypatch, capsys):
    def full(path, content):
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patched:
        patched.setattr(store, "write_whole", full)
        journal.keep("a", 7)
    assert journal.recall("a", 0).value == 7
    journal.start_again()
    assert journal.recall("a", 0).value == 0 and not journal.recall("a", 0).yours
    journal.keep("a", 8)
    assert kept(file)["kept"]["a"]["value"] == 8, "from here it is saved again"


def test_a_whole_number_is_kept_up_to_three_hundred_digits():
    """Longer ones cannot be read back everywhere; they are named instead."""
    assert store.plain(10**300 - 1) == 10**300 - 1 and store.plain(-(10**300 - 1)) < 0
    assert store.plain(10**300) == store.plain(-(10**300)) == store.LARGE

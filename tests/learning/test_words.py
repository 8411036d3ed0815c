"""Sentences come out in the reader's language, with no change of code and none left behind."""

from __future__ import annotations

import ast
import functools
import re

import numpy as np
import pandas as pd
import pytest
from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_file
from babel.messages.mofile import write_mo

from labkit import published
from labkit.base import dates, words
from labkit.base.places import PROJECT
from labkit.learning import answers, catalogue, checks, guesses, journal, slips, store, stumbles
from labkit.learning.checks import check, judge
from labkit.learning.exercises import Absolute, Cases, Check, Choose, Exact, Relative, Write
from labkit.published import reading, record
from labkit.published.compare import HERE, NOT_PRINTED, OTHER_STATISTIC, SAME_STATISTIC, THERE

FOLDERS = ("labkit/learning", "labkit/published", "lessons")
"""Whose sentences are put into marks and looked at when they come out."""

ALSO_READ = ("views", "measure", "remedies", "experiment", "street", "gallery", "audit", "app/site")
"""Rooms whose sources are read, too; add a folder to widen the rules below."""

COMMANDS = ("audit/command.py", "app/site/__init__.py", "app/site/match/__main__.py")
"""What these print is read in a terminal by whoever typed an English command."""

SHARED = ("base/words.py", "base/dates.py", "views/callouts.py")
"""What their sentences are made with."""

FILES = [path for folder in FOLDERS for path in sorted((PROJECT / folder).rglob("*.py"))]
READ = FILES + [p for name in ALSO_READ for p in sorted((PROJECT / "labkit" / name).rglob("*.py"))]
READ = [p for p in READ if not p.as_posix().endswith(COMMANDS)]
each = pytest.mark.parametrize("path", READ, ids=[str(p.relative_to(PROJECT)) for p in READ])


@pytest.fixture(autouse=True)
def own_journal(tmp_path, monkeypatch):
    monkeypatch.setenv("LABKIT_JOURNAL", str(tmp_path / "journal.json"))


@pytest.fixture
def speak(tmp_path, monkeypatch):
    """Gives a language: sentences and what they are in it, as a translator would ship them."""

    def start(sentences):
        catalog = Catalog(locale=None, domain="labkit", charset="utf-8")
        for sentence, translated in sentences.items():
            catalog.add(sentence, translated)
        file = tmp_path / "locale" / "xx" / "LC_MESSAGES" / "labkit.mo"
        file.parent.mkdir(parents=True)
        with open(file, "wb") as stream:
            write_mo(stream, catalog)
        monkeypatch.setattr(words, "LOCALES", tmp_path / "locale")
        monkeypatch.setenv("LANGUAGE", "xx")

    return start


@functools.cache
def sentences_in(*paths):
    """What a translator's tool finds in some files."""
    keywords = {"_": None, "N_": None}
    found = (extract_from_file("python", path, keywords=keywords) for path in paths)
    return {message for messages in found for _, message, _, _ in messages}


# --- a language -----------------------------------------------------------------------------------

HALF = Check(
    "99-a",
    "Half of 10?",
    lambda: 5,
    Relative(0.02),
    {"doubled": (lambda: 20, "That is twice 10.")},
    hint="Divide it.",
    way="Write 10 / 2.",
)


def test_an_answer_comes_out_in_the_reader_s_language(speak, monkeypatch, capsys):
    speak(
        {
            "{id}: not right yet": "{id} : pas encore juste",
            "That is twice 10.": "C'est le double de 10.",
            "Until it is right, the notebook goes on with the lab's own value.": (
                "Le cahier continue avec sa propre valeur."
            ),
        }
    )
    monkeypatch.setattr(checks, "find", lambda name: HALF)
    found = check("99-a", 20)
    assert found.title == "99-a : pas encore juste"
    assert found.words == "C'est le double de 10.\nLe cahier continue avec sa propre valeur."
    shown = " ".join(capsys.readouterr().out.split())
    assert shown == f"→ {found.title}: {' '.join(found.words.split())}"
    assert "It is too high." in judge(HALF, 7, keep=False).words, "what is missing stays English"


def test_without_a_translation_it_is_english(monkeypatch):
    monkeypatch.setenv("LANGUAGE", "xx")
    assert judge(HALF, 5, keep=False).title == "99-a: right"
    assert words._("") == "", "gettext answers an empty text with the header of its file"


# --- nothing is left behind -----------------------------------------------------------------------

OUTSIDE = re.compile(r"«[^«»]*»")


def left_behind(text):
    """What stands outside every «translated» sentence."""
    while OUTSIDE.search(text):
        text = OUTSIDE.sub("", text)
    return re.sub(r"[\s\d.,:()✓→◇✎-]+", "", text)


OWN = {"Ask.", "Too many.", "Second thoughts.", "Like this.", "For a.", "For b.", "a letter"}
OWN |= {"One?", "Two?", "Three?"}
"""Sentences of the exercises below, which a lesson would mark."""


@pytest.fixture
def marked(speak):
    """Every sentence of labkit that a translator can find, in «marks»; and those of the tests."""
    known = sentences_in(*FILES, *(PROJECT / "labkit" / n for n in SHARED))
    speak({s: f"«{s}»" for s in known | OWN})


def exercise(right, tolerance=None, **more):
    wrong = {"many": (lambda: 1e9, "Too many.")}
    return Check(
        "99-a",
        "Ask.",
        lambda: right,
        tolerance or Exact(),
        wrong,
        "Second thoughts.",
        "Like this.",
        **more,
    )


KINDS = [
    exercise(0.25, Relative(0.02)),
    exercise(25.0),
    exercise(7),
    exercise((0.1, 0.2, 0.3), Absolute(0.01)),
    exercise(np.eye(2)),
    exercise(True),
    exercise("gate"),
    exercise("gate", expects="a letter"),
    exercise({"phone", "gate"}),
    exercise(["yes", "no"]),
    exercise({"low": 0.1, "high": 0.2}, Absolute(0.01)),
    exercise(lambda a, b: a + b, Cases([(1, 2), (3, 4)])),
    Choose("99-c", "Ask.", {"a": "For a.", "b": "For b."}, {"b"}),
    Write("99-d", "Ask.", ("One?", "Two?", "Three?")),
]
ANSWERS = [
    *(..., None, True, "0.25", "aa", "gate", 0.25, 0.5, 25, -0.25, 1e9, [], [1, 2], ["a", 1]),
    *([None, 1], [[1], [2]], ["yes", "yes"], {"low": 5, "high": 0.2}, {"low": 0.1, "high": 0}),
    *((0.1, 0.5, 0.3), (0.1, 0.0, 0.3), np.ones((2, 2)), np.zeros(9), float("nan"), {"gate"}),
    *(pd.DataFrame({"a": [1]}), print, int, object(), lambda a, b: a, lambda a, b: "x", "b", "a"),
    *(lambda a, b: ..., lambda: 1, "yes no yes", "yes yes yes", "maybe"),
]


@pytest.mark.parametrize("kind", KINDS, ids=lambda e: f"{type(e).__name__}")
def test_no_part_of_an_answer_is_left_in_english(marked, kind):
    for answer in ANSWERS:
        for again in range(4):  # the hints of the second and the third wrong answer, too
            tried = answer + again if isinstance(answer, float) else answer
            found = judge(kind, tried)
            said = found.title + found.words + found.mark
            assert left_behind(said) == "", said
            for own in OWN:
                assert found.words.count(own) == found.words.count(f"«{own}»"), found.words


@pytest.mark.parametrize("answer", ANSWERS, ids=range(len(ANSWERS)))
def test_what_an_answer_is_has_one_sentence(marked, answer):
    assert re.fullmatch(r"«.*»", answers.describe(answer), re.DOTALL)


@pytest.mark.parametrize("kind", KINDS[:6] + KINDS[8:11])
def test_what_is_expected_has_one_sentence(marked, kind):
    assert re.fullmatch(r"«[^«»]*»", answers.expected(kind.reference()))


def test_no_part_of_the_journal_is_left_in_english(marked, capsys, tmp_path, monkeypatch):
    journal.start_again()
    journal.show()
    journal.predict("1", ...)
    for low, high in ((0, 1), (9, None), (None, 1), (None, None)):
        journal.predict("1", 5, low=low, high=high)
    for value in (5, 20, 1, 4, 6, 10**400):
        journal.result("1", value)
    journal.predict("1", 6)
    journal.result("2", 3)
    journal.keep("3", None)
    journal.keep("3", [1, 2])
    journal.export(tmp_path / "9.json")
    journal.restore(tmp_path / "9.json")
    journal.restore(tmp_path / "8.json")
    (tmp_path / "journal.json").write_text("{")
    journal.result("2", 3)
    journal.start_again()
    monkeypatch.setenv("LABKIT_JOURNAL", str(tmp_path / "9.json" / "1"))
    journal.keep("3", 1)
    printed = capsys.readouterr().out
    assert printed.count("«") > 30 and left_behind(printed) == ""
    for default in (0, "x", [1]):
        assert left_behind(journal.recall("3", default).words) == ""
    assert left_behind(journal.recall("4", 1).words) == ""
    table = journal.show()
    assert left_behind(" ".join([table.index.name, *table.index, *table.columns])) == ""
    assert all(day.startswith("«") for day in table["«day»"])


def test_an_exercise_that_is_not_there_is_said_in_the_reader_s_language(marked, capsys):
    check("99-z", 3)
    assert left_behind(capsys.readouterr().out) == ""
    with pytest.raises(KeyError) as caught:
        catalogue.find("00-z")
    assert left_behind(caught.value.args[0]) == ""


def test_tables_of_the_record_are_shown_in_the_reader_s_language(marked):
    shown = published.show("live_trials", columns=["figure", "what it counts", "how checked"])
    assert shown.columns.tolist() == ["figure", "what it counts", "how checked"], "code names them"
    page = published.readable(shown)
    for line in page.text.splitlines()[1:]:
        assert left_behind("".join(line.split(";")[1:]).replace("%", "")) == "", line
    heads = re.findall(r'scope="col"[^>]*>([^<]*)<', page.page)
    assert heads == ["«row»", "«figure»", "«what it counts»", "«how checked»"]
    ours = pd.DataFrame({"errors": [1], "of": [10]}, index=["1"])
    both = published.compare(ours, "live_trials", rows="met-2025-alerts")
    columns = ["where", "statistic", "to be read with"]
    rows = published.readable(both, columns=columns).text.splitlines()[1:]
    assert [left_behind(row.replace(";", "")) for row in rows] == ["", ""]
    assert both.loc[0, "of what"] == "impostor comparisons", "whole: nothing is cut out of «both»"


@pytest.mark.parametrize(
    "wrong",
    [
        lambda: published.load("x"),
        lambda: published.show("nist", rows=["x"]),
        lambda: published.show("nist", rows={"x": 1}),
        lambda: published.show("nist", rows={"group": "x"}),
        lambda: published.show("nist", columns=["x"]),
        lambda: published.show(["nist", "claims"]),
        lambda: published.compare(pd.DataFrame({"errors": [1]}), "vendors"),
        lambda: published.compare(pd.DataFrame({"errors": [3], "of": [2]}), "vendors"),
        lambda: published.compare(pd.DataFrame({"errors": [1], "of": [2]}), "claims"),
        lambda: published.compare(pd.DataFrame({"errors": [1], "of": [2]}), "nist"),
    ],
)
def test_what_is_wrong_is_said_in_the_reader_s_language(marked, wrong):
    with pytest.raises(ValueError) as caught:
        wrong()
    assert left_behind(str(caught.value)) == ""


def test_a_table_of_sentences_is_found_by_translators():
    found = sentences_in(*FILES, *(PROJECT / "labkit" / n for n in SHARED))
    tables = [
        *(checks.TEXTS, journal.SENTENCES, answers.IS, answers.THINGS, answers.EXPECTED),
        *(slips.SLIPS, slips.UNITS, guesses.ASKS, stumbles.STUMBLES),
        *(reading.HEADINGS, record.STATISTICS, record.VERIFIED, record.ABOUT),
    ]
    shown = [text for table in tables for text in table.values()]
    shown += [*dates.MONTHS, *journal.HEADINGS, *record.BOUNDS[1:], store.LARGE]
    shown += [HERE, THERE, OTHER_STATISTIC, SAME_STATISTIC, NOT_PRINTED]
    assert set(shown) <= found


# --- rules of the source --------------------------------------------------------------------------

SAYS = {"say", "print"}
WORD = re.compile(r"[^\W\d_]{2,}")


def named(call):
    """The name of what is called, without what stands before its last dot."""
    function = call.func
    return function.attr if isinstance(function, ast.Attribute) else getattr(function, "id", "")


def parts(node):
    """All nodes of an argument but those that went through ``_`` already."""
    if isinstance(node, ast.Call) and named(node) in ("_", "C_"):
        return
    if isinstance(node, ast.Subscript):  # a key in square brackets is not said
        yield from parts(node.value)
        return
    yield node
    for child in ast.iter_child_nodes(node):
        yield from parts(child)


def untranslated(source):
    """Words that are said or printed as they stand in the source: (line, words)."""
    out = []
    for call in ast.walk(ast.parse(source)):
        if isinstance(call, ast.Call) and named(call) in SAYS:
            for argument in call.args:
                for node in parts(argument):
                    text = node.value if isinstance(node, ast.Constant) else None
                    if isinstance(text, str) and WORD.search(text):
                        out.append((node.lineno, text))
    return out


def not_found_by_translators(source):
    """What passes through ``_`` or ``N_`` and is put together before: (line, source)."""
    out = []
    for call in ast.walk(ast.parse(source)):
        if isinstance(call, ast.Call) and named(call) in ("_", "N_", "C_"):
            argument = call.args[-1]
            whole = isinstance(argument, ast.Constant)
            looked_up = isinstance(argument, ast.Name | ast.Attribute | ast.Subscript)
            later = isinstance(argument, ast.IfExp | ast.Call) and named_parts(argument)
            if not (whole or (named(call) == "_" and (looked_up or later))):
                out.append((call.lineno, ast.unparse(call)))
    return out


def named_parts(node):
    """Whether a choice or a call gives a text that is marked elsewhere, not one put together."""
    return not any(
        isinstance(n, ast.JoinedStr | ast.BinOp)
        or (isinstance(n, ast.Call) and named(n) == "format")
        for n in ast.walk(node)
    )


@each
def test_what_is_said_passes_through_the_translator(path):
    assert untranslated(path.read_text(encoding="utf-8")) == [], "write say(_('...').format(...))"


@each
def test_a_sentence_is_whole_before_its_numbers_are_put_in(path):
    assert not_found_by_translators(path.read_text(encoding="utf-8")) == [], (
        "write _('{n} people').format(n=n): what is put together before is in no translation"
    )


@pytest.mark.parametrize(
    ("source", "found"),
    [
        ("say(f'{n} people')", True),
        ("print('No people.')", True),
        ("say('No ' + name)", True),
        ("say('{} people'.format(n))", True),
        ("words.say(a if b else 'No people.')", True),
        ("say(_('{n} people').format(n=n))", False),
        ("say(_(WORDS['few people']).format(n=n), f'{n:.2f} {unit}')", False),
        ("say(words, end='none')", False),
        ("write('No people.')", False),
    ],
)
def test_the_first_rule_can_fail(source, found):
    assert bool(untranslated(source)) is found


@pytest.mark.parametrize(
    ("source", "found"),
    [
        ("_(f'{n} people')", True),
        ("_('{n} people'.format(n=n))", True),
        ("_('people: ' + name)", True),
        ("N_(sentence)", True),
        ("_('{n} people').format(n=n)", False),
        ("_(TEXTS['a' if b else 'c'])", False),
        ("_(exercise.hint)", False),
        ("N_('people')", False),
    ],
)
def test_the_second_rule_can_fail(source, found):
    assert bool(not_found_by_translators(source)) is found

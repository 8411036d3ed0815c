"""Each house rule sees what breaks it, and says what to do; a fresh notebook keeps them all."""

from __future__ import annotations

import importlib.util
import shutil

import pytest

from labkit.app import new, notebooks, rules
from labkit.base.places import PROJECT

SOURCE = "06_one_factor.py"


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    """A project with a glossary and one new notebook."""
    project = tmp_path_factory.mktemp("project")
    (project / notebooks.OPEN).mkdir()
    shutil.copy(PROJECT / notebooks.OPEN / notebooks.GLOSSARY, project / notebooks.OPEN)
    new.notebook(SOURCE.removesuffix(".py"), project=project)
    return project


@pytest.fixture
def project(made, tmp_path, monkeypatch):
    """A copy of it, whose exercises are read from there."""
    shutil.copytree(made, tmp_path, dirs_exist_ok=True)

    def of_notebook(number):
        path = tmp_path / "lessons" / f"nb{number}" / "exercises.py"
        spec = importlib.util.spec_from_file_location("exercises_under_test", path)
        module = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(module)
        return module.EXERCISES

    monkeypatch.setattr(rules.catalogue, "of_notebook", of_notebook)
    return tmp_path


def change(path, before, after):
    text = path.read_text(encoding="utf-8")
    assert before in text, f"{path.name} has no {before!r}"
    path.write_text(text.replace(before, after, 1), encoding="utf-8")


def test_a_new_notebook_keeps_every_rule(project):
    assert rules.broken(project / notebooks.SOURCE / SOURCE) == []
    assert rules.broken_glossary(project / notebooks.OPEN / notebooks.GLOSSARY) == []


MARK, CORE, EXERCISE = "# %% [markdown]\n", '# %% tags=["core"]\n', '# %% tags=["exercise"]\n'
TALK = "# ## Talk about it"
BROKEN = [
    (rules.one_title_and_headings_in_order, "# # One factor", "# ## One factor", "one title is"),
    (
        rules.one_title_and_headings_in_order,
        TALK,
        "# #### Talk about it",
        "skips a level: write it",
    ),
    (rules.the_header_says_what_it_takes, "**Minutes:** core 20, full 90", "Long", "has no line '"),
    (rules.the_header_says_what_it_takes, "full 90", "full 91", "91 minutes for a working note"),
    (
        rules.the_header_says_what_it_takes,
        "core 20",
        "core 21",
        "the core takes 21 minutes: at most",
    ),
    (rules.the_header_says_what_it_takes, "**Kind:** working", "**Kind:** odd", "one of reading,"),
    (rules.the_header_says_what_it_takes, "**You need**", "You need", "does not say **You need**"),
    (rules.the_header_says_what_it_takes, "# - give three", "# give three", "2 objectives under"),
    (rules.it_ends_as_all_do, TALK, "# ## Talk", "the core form must end with the sections What"),
    (rules.cells_are_short, CORE, CORE + "1\n" * 13, "in a cell, at most 12: split it"),
    (rules.cells_are_short, CORE, CORE + f"'{'x' * 99}'\n", "longer than 100 characters: break"),
    (
        rules.as_many_cells_as_its_kind_allows,
        MARK,
        "# %%\n1\n\n" * 12 + MARK,
        "24 code cells in the",
    ),
    (
        rules.as_much_prose_as_its_kind_allows,
        MARK,
        MARK + "# word" * 2000 + "\n",
        "words of text in",
    ),
    (rules.solutions_have_more_prose, None, None, "the solved form says no more than the open one"),
    (rules.somebody_reads_each_output, MARK, "# %%\n1\n\n" * 3 + MARK, "are code: put a sentence"),
    (rules.words_that_are_avoided, TALK, "# It simply works.\n#\n" + TALK, "'simply' is avoided"),
    (rules.words_that_are_avoided, "exercise", "Write `answer =", "'obviously' is avoided, say it"),
    (rules.plain_python, CORE, CORE + "input()\n", "a notebook waits for nobody"),
    (rules.plain_python, CORE, CORE + "plt.show()\n", "needs its alt text and table"),
    (rules.plain_python, CORE, CORE + "%pip list\n", "is no plain Python"),
    (
        rules.pictures_have_alt_texts,
        TALK,
        "# ![a face](../docs/x.webp)\n#\n" + TALK,
        "says too lit",
    ),
    (rules.pictures_have_alt_texts, TALK, "# <img src='x'>\n#\n" + TALK, "write a picture as ![wh"),
    (
        rules.links_lead_somewhere,
        TALK,
        "# [a](nowhere.ipynb)\n#\n" + TALK,
        "nowhere.ipynb leads now",
    ),
    (rules.links_lead_somewhere, TALK, "# [a](glossary.md#no)\n#\n" + TALK, "glossary has no 'no'"),
    (
        rules.exercises_are_asked_and_registered,
        'check("06-c"',
        'check("06-d"',
        "checks 06-a, 06-b,",
    ),
    (rules.as_many_exercises_as_its_kind_asks_for, "kind", "deciding", "3 exercises in a deciding"),
    (rules.as_many_exercises_as_its_kind_asks_for, "exercise", "Check", "fewer than two exercises"),
    (rules.an_exercise_is_open_and_its_solution_follows, "answer = ...", "answer = 1", "left open"),
    (
        rules.an_exercise_is_open_and_its_solution_follows,
        MARK + "# Then say",
        EXERCISE + "x = ...\n\n" + MARK + "# Then say",
        "a cell without check(...) is not followed by its solution",
    ),
    (
        rules.an_exercise_is_named_where_it_is_asked,
        "**Exercise 06-b",
        "**Task 06-b",
        "never says '",
    ),
    (
        rules.the_core_has_one_prediction_and_one_exercise,
        'predict("06-glasses", guess, low=0, high=100)',
        "journal",
        "the core has 0 calls of predict(...), and one prediction belongs in it",
    ),
    (
        rules.the_core_has_one_prediction_and_one_exercise,
        CORE,
        CORE + 'check("06-a", 1)\n',
        "the core has 2 calls of check(...), and one exercise belongs in it",
    ),
    (
        rules.a_guess_comes_before_its_result,
        "result(",
        'result("06-x", 1); result(',
        "'06-x' has no",
    ),
    (
        rules.a_guess_comes_before_its_result,
        "predict(",
        "print(",
        "asks for no guess: let learners",
    ),
]


@pytest.mark.parametrize(
    ("rule", "before", "after", "says"), BROKEN, ids=lambda x: getattr(x, "__name__", None)
)
def test_a_broken_rule_is_said(project, monkeypatch, rule, before, after, says):
    source = project / notebooks.SOURCE / SOURCE
    if rule is rules.solutions_have_more_prose:
        text = source.read_text(encoding="utf-8")
        source.write_text(
            text.replace('# %% [markdown] tags=["solution"', '# %% [raw] tags=["solution"')
        )
    elif before == "kind":
        change(source, "**Kind:** working", f"**Kind:** {after}")
    elif before == "exercise" and after == "Check":
        monkeypatch.setattr(rules, "Check", type(None))
    elif before == "exercise":
        change(project / "lessons" / "nb06" / "exercises.py", after, "Obviously, write answer =")
    else:
        change(source, before, after)
    assert any(says in sentence for sentence in rule(source)), list(rule(source))


@pytest.mark.parametrize(
    ("line", "broken"),
    [
        ('journal.predict("06-glasses", guess, low=0, high=100)', False),
        ('predict("06-glasses", guess, low=0, high=100)', False),
        ('other.predict("06-glasses", guess, low=0, high=100)', True),
    ],
)
def test_a_call_may_stand_alone_or_behind_its_module(project, line, broken):
    source = project / notebooks.SOURCE / SOURCE
    change(source, 'predict("06-glasses", guess, low=0, high=100)', line)
    change(source, 'result("06-glasses"', 'journal.result("06-glasses"')
    assert bool(rules.broken(source)) == broken


@pytest.mark.parametrize(
    ("rule", "before", "after", "says"),
    [
        (rules.glossary_headings_are_in_order, "# Glossary", "## Glossary", "one title is needed"),
        (
            rules.glossary_headings_are_in_order,
            "## A",
            "## A\n\n## A",
            "'A' stands twice: give one",
        ),
        (rules.entries_are_one_to_three_sentences, "One.", "One. Two. Three. Four.", "6 sentences"),
        (
            rules.entries_are_one_to_three_sentences,
            "A word is one. One.",
            "Short.",
            "3 words under",
        ),
        (rules.entries_link_to_entries, "(#B).", "(#C).", "#C under 'A' leads nowhere: link to an"),
        (rules.entries_link_to_entries, "(#B).", "(b.md).", "b.md under 'A' leads nowhere"),
        (rules.entries_avoid_some_words, "One.", "Simply one.", "'simply' is avoided"),
        (rules.the_list_on_top_holds_every_entry_from_a_to_z, "[A](#A), ", "", "look at 'A'"),
        (rules.the_list_on_top_holds_every_entry_from_a_to_z, ", [B](#B)", "", "look at 'B'"),
        (rules.the_list_on_top_holds_every_entry_from_a_to_z, "[B](#B)", "[B](#b)", "look at 'B'"),
    ],
)
def test_a_broken_rule_of_the_glossary_is_said(tmp_path, rule, before, after, says):
    glossary = tmp_path / "glossary.md"
    glossary.write_text(
        "# Glossary\n\n[A](#A), [B](#B)\n\n## A\n\nA word is one. One. See [B](#B).\n\n"
        "## B\n\nAnother word is two.\n"
    )
    assert rules.broken_glossary(glossary) == []
    change(glossary, before, after)
    assert any(says in sentence for sentence in rule(glossary)), list(rule(glossary))


def test_every_rule_is_broken_once_above():
    assert {rule for rule, *_ in BROKEN} == set(rules.RULES)

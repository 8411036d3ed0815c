"""Translations keep what code and readers hang on, and are in step with the sentences."""

from __future__ import annotations

import ast
import gettext
import json
import os

import pytest

from labkit.app import command, notebooks, prose, told
from labkit.app import words as command_words
from labkit.base import words
from labkit.base.places import PROJECT

LANGUAGES = command_words.begun(PROJECT)
each_language = pytest.mark.parametrize("language", LANGUAGES)
each_source = pytest.mark.parametrize("path", notebooks.sources(PROJECT), ids=lambda p: p.stem[:2])

SOURCE = """\
# %% [markdown] tags=["core"]
# # Try it
#
# **Minutes:** core 5, full 10
#
# **Kind:** reading
#
# **You will**
#
# - say "yes", with [a word](glossary.md#word) and
#   `code`
#
# **Before this** comes nothing.

# %% tags=["core"]
# First a comment
# in two lines.
n, all_of = 3, 40  # beside code
told = "few" if n < 5 else "very many"
print(f"{n} of {all_of} people: {told}.")

# %% [markdown]
# ## More
#
# | one | two |
# |---|---|
# | red | `x` |
#
# > **Note.** A call-out
# > in two lines.
#
# **Predict:** how many?
#
# **Exercise 00-a (check).** Count.
"""


@pytest.fixture
def project(tmp_path, monkeypatch):
    """A project with one notebook and one module, and a language that nobody speaks fluently."""
    (tmp_path / "instructors/source").mkdir(parents=True)
    (tmp_path / "instructors/source/00_try.py").write_text(SOURCE)
    (tmp_path / "labkit").mkdir()
    (tmp_path / "labkit/a.py").write_text('_("{n:,} people")\nC_("a fruit", "date")\nN_("date")\n')
    (tmp_path / "labkit/page.html.j2").write_text("<p>{{ _('Hello') }}</p>")
    (tmp_path / "notebooks").mkdir()
    (tmp_path / "notebooks/glossary.md").write_text("# Words\n\n- **tone**: light\n  or dark\n")
    monkeypatch.setattr(words, "LOCALES", tmp_path / "labkit/locale")
    monkeypatch.setattr(notebooks, "root", lambda: tmp_path)
    monkeypatch.setattr(command_words.notebooks, "root", lambda: tmp_path)
    return tmp_path


def translate(project, sentences, domain="notebooks"):
    """What a translator does: fill in some sentences of a file, then run the command."""
    path = command_words.translated(project, "es", domain)
    catalog = command_words.read(path, "es")
    for message in catalog:
        if message.id in sentences:
            message.string = sentences[message.id]
    path.write_bytes(command_words.as_text(catalog))
    renew(project)


def renew(project):
    """The command, and a reader who starts afterwards: gettext reads a file once in a process."""
    command_words.write(project)
    words._loaded.cache_clear()
    gettext._translations.clear()


SPANISH = {
    "Try it": "Pruébalo",
    'say "yes", with [a word](glossary.md#word) and `code`': (
        'decir "sí", con [una palabra](glossary.md#word) y `code`'
    ),
    "First a comment in two lines.": "Primero un comentario en dos líneas.",
    "beside code": "junto al código",
    "few": "pocas",
    "very many": "muchas",
    "{n} of {all_of} people: {told}.": 'De {all_of} personas, {n}: "{told}".',
    "| one | two |": "| uno | dos |",
    "**Note.** A call-out in two lines.": "**Nota.** Un aviso en dos líneas.",
    "**Predict:** how many?": "**Predice:** ¿cuántas?",
    "**Exercise 00-a.** Count.": "**Ejercicio 00-a.** Cuenta.",
}


def text_of(notebook):
    return ["".join(cell["source"]) for cell in json.loads(notebook)["cells"]]


# --- what is found -------------------------------------------------------------------------------


def test_every_sentence_is_found_with_its_file_and_its_meaning(project):
    found = command_words.gathered(project)
    ours = {(m.id, m.context): m.locations for m in found["labkit"] if m.id}
    assert ours == {
        ("{n:,} people", None): [("labkit/a.py", 0)],
        ("date", "a fruit"): [("labkit/a.py", 0)],
        ("date", None): [("labkit/a.py", 0)],
        ("Hello", None): [("labkit/page.html.j2", 0)],
    }
    texts = {m.id for m in found["notebooks"]}
    assert set(SPANISH) < texts
    assert "**tone**: light or dark" in texts, "the glossary, too"
    assert not any("Minutes" in t or "Kind" in t for t in texts), "the notebook maker reads these"


def test_a_sentence_within_another_text_is_found_and_a_key_is_not():
    code = "a = f'<b>{_(\"Yes\")}</b>'\nb = _(TEXTS['to do'])\nc = N_('one ' 'two')\nd = _(f'{a}')"
    assert [text for text, *_ in command_words.marked(code)] == ["Yes", "one two"]


@each_source
def test_the_blocks_of_a_text_are_the_text(path):
    for cell in notebooks.read_source(path):
        if cell.cell_type == "markdown":
            assert "\n".join(b.raw for b in prose.blocks(cell.source)) == cell.source
            for block in prose.blocks(cell.source):
                bare = [" ".join(s.replace(">", "").split()) for s in (block.text, block.raw)]
                assert bare[0] in bare[1]


@each_source
def test_other_words_in_a_cell_leave_the_program_alone(path):
    def shouted(text):
        return text.upper() if "{" not in text else f"« {text} »"

    for cell in notebooks.read_source(path):
        if cell.cell_type == "code":
            made = told.put(cell.source, shouted)
            names = [
                {n.id for n in ast.walk(ast.parse(code)) if isinstance(n, ast.Name)}
                for code in (cell.source, made)
            ]
            assert names[0] == names[1]


def test_answers_keys_and_columns_are_code():
    code = 'answer = "search, strict"\nt = x["of all"]\nprint(t, y[f"a {b}"], "two words")'
    assert [p.text for p in told.pieces(code)] == ["two words"]


def test_a_translation_that_would_change_the_program_is_refused():
    with pytest.raises(ValueError, match="another program"):
        told.put('print(f"{n} people")', lambda text: "{m} personas")
    with pytest.raises((ValueError, SyntaxError)):
        told.put('print(f"{n} people")', lambda text: "{n personas")


# --- a notebook in a language --------------------------------------------------------------------


def test_a_notebook_comes_out_in_a_language_and_runs(project, capsys):
    command_words.begin(project, "es")
    translate(project, SPANISH)
    path = project / "instructors/source/00_try.py"
    english = text_of(notebooks.build(path, "open", project / "notebooks", project))
    made = notebooks.build(path, "open", project / "notebooks", project, "es")
    card, code, more = text_of(made)
    assert card.startswith("# Pruébalo\n\n> `core 5 min` `full 10 min` `reading`\n>\n> ")
    assert '> - decir "sí", con [una palabra](glossary.md#word) y `code`' in card
    assert '<span lang="en">**Before this** comes nothing.</span>' in card
    assert "# Primero un comentario en dos líneas.\n" in code and "# junto al código\n" in code
    exec(code, {})
    assert capsys.readouterr().out == 'De 40 personas, 3: "pocas".\n'
    assert "| uno | dos |\n|---|---|\n" in more
    assert "> **Nota.** Un aviso en dos líneas." in more
    assert "◇ **Predice:** ¿cuántas?" in more and "✎ **Ejercicio 00-a.** Cuenta." in more
    assert english == text_of(notebooks.build(path, "open", project / "notebooks", project, "en"))
    cells = json.loads(made)["cells"]
    ids = [c["id"] for c in json.loads(notebooks.build(path, "open", project, project))["cells"]]
    assert [c["id"] for c in cells] == ids, "a cell has one name in all languages"
    assert json.loads(made)["metadata"]["lab"]["language"] == "es"


def test_a_cell_that_stayed_english_says_so(project):
    command_words.begin(project, "es")
    translate(project, {"Try it": "Pruébalo"})
    path = project / "instructors/source/00_try.py"
    cells = json.loads(notebooks.build(path, "open", project, project, "es"))["cells"]
    marks = [cell["metadata"].get("lab") for cell in cells]
    assert marks == [None, None, {"language": "en"}]
    assert not any("lang=" in "".join(cell["source"]) for cell in cells[1:])


def test_english_notebooks_are_the_same_whatever_the_reader_s_language(project, monkeypatch):
    command_words.begin(project, "es")
    translate(project, SPANISH)
    path = project / "instructors/source/00_try.py"
    before = notebooks.build(path, "open", project, project)
    monkeypatch.setenv("LANGUAGE", "es")
    assert notebooks.build(path, "open", project, project) == before


# --- the files -----------------------------------------------------------------------------------


def test_nothing_translated_is_lost_when_english_changes(project):
    command_words.begin(project, "es")
    translate(project, {"{n:,} people": "{n:,} personas", "Hello": "Hola"}, "labkit")
    (project / "labkit/a.py").write_text('_("{n:,} people!")\n')
    (project / "labkit/page.html.j2").write_text("<p></p>")
    renew(project)
    path = command_words.translated(project, "es", "labkit")
    catalog = command_words.read(path, "es")
    changed = catalog["{n:,} people!"]
    assert changed.string == "{n:,} personas" and changed.fuzzy, "kept, and to be looked at"
    once = path.read_bytes()
    assert b'#| msgid "{n:,} people"' in once, "with the English that it translates"
    renew(project)
    assert path.read_bytes() == once, "running again changes nothing"
    assert 'msgid "Hello"' in path.read_text() and "Hola" in path.read_text()
    with words.use("es"):
        assert words._("{n:,} people!") == "{n:,} people!", "not shown until it is looked at"
    (project / "labkit/page.html.j2").write_text("<p>{{ _('Hello') }}</p>")
    renew(project)
    with words.use("es"):
        assert words._("Hello") == "Hola", "back again"


def test_the_command_counts_what_is_missing(project, capsys):
    command_words.begin(project, "es")
    translate(project, SPANISH)
    translate(project, {"Hello": "Hola"}, "labkit")
    assert command_words.run() == 0
    lines = {line.split()[0]: line.split()[1:] for line in capsys.readouterr().out.splitlines()}
    counts = {count.part: count for count in command_words.counts(project, "es")}
    assert counts["everything"].done == len(SPANISH) + 1
    assert lines["everything"] == [
        str(n)
        for n in (
            counts["everything"].done,
            counts["everything"].of,
            counts["everything"].of - counts["everything"].done,
        )
    ]
    assert lines["00"][0] == str(len(SPANISH))
    left = command_words.missing(project, "es", "00")
    assert "More" in {m.id for m in left} and "Try it" not in {m.id for m in left}
    assert command_words.run(missing_in="es", part="00") == 0
    assert "instructors/source/00_try.py\n    'More'" in capsys.readouterr().out


def test_what_is_not_translated_is_said_in_english(project):
    command_words.begin(project, "es")
    translate(project, {"Hello": "Hola"}, "labkit")
    with words.use("es"):
        assert words._("Hello") == "Hola" and words._("{n:,} people") == "{n:,} people"
        assert words.C_("a fruit", "date") == "date"
        assert words.language() == "es"


def test_one_english_word_can_have_two_translations(project):
    command_words.begin(project, "es")
    path = command_words.translated(project, "es", "labkit")
    catalog = command_words.read(path, "es")
    catalog.get("date", "a fruit").string = "dátil"
    catalog.get("date").string = "fecha"
    path.write_bytes(command_words.as_text(catalog))
    renew(project)
    with words.use("es"):
        assert (words._("date"), words.C_("a fruit", "date")) == ("fecha", "dátil")


@pytest.mark.parametrize(
    ("domain", "original", "translated", "fault"),
    [
        ("labkit", "{n:,} people", "{n} personas", "{n:,} is lost"),
        ("labkit", "Hello", "Hola, {n}", "{n} is new"),
        ("labkit", "Hello", "Hola ", "same blanks"),
        ("notebooks", "Try it", "**Pruébalo", "bold"),
        ("notebooks", "| one | two |", "| uno y dos |", "cells"),
        (
            "notebooks",
            "{n} of {all_of} people: {told}.",
            "{n} personas: {told}.",
            "{all_of} is lost",
        ),
        (
            "notebooks",
            'say "yes", with [a word](glossary.md#word) and `code`',
            "decir, con [una palabra](glossary.md#palabra) y `código`",
            "link glossary.md#word is lost",
        ),
    ],
)
def test_a_translation_that_lost_something_is_named(
    project, capsys, domain, original, translated, fault
):
    command_words.begin(project, "es")
    assert command_words.run(only_check=True) == 0
    translate(project, {original: translated}, domain)
    capsys.readouterr()
    assert command_words.run(only_check=True) == 1
    printed = capsys.readouterr().out
    assert fault in printed and "es/LC_MESSAGES" in printed and repr(original) in printed


def test_a_sentence_that_stands_in_a_file_twice_is_named(project):
    command_words.begin(project, "es")
    path = command_words.translated(project, "es", "labkit")
    path.write_text(path.read_text() + '\nmsgid "Hello"\nmsgstr "Buenas"\n')
    (fault,) = command_words.faults(project, "es")
    assert "'Hello' stands in it twice" in fault


def test_a_file_that_is_out_of_step_is_named(project, capsys):
    command_words.begin(project, "es")
    command_words.write(project)
    assert command_words.run(only_check=True) == 0
    translated = command_words.translated(project, "es", "labkit")
    translated.write_text(
        translated.read_text().replace('msgid "Hello"\nmsgstr ""', 'msgid "Hello"\nmsgstr "Hola"')
    )
    assert command_words.run(only_check=True) == 1
    assert "es/LC_MESSAGES/labkit.mo is not in step" in capsys.readouterr().out
    translated.write_text("msgid 3\n")
    with pytest.raises(ValueError, match="cannot be read"):
        command_words.run()


# --- wrong input ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        (["--missing", "xx"], "nobody has begun to translate into 'xx'"),
        (["--missing", "es", "--part", "99"], "there is no part '99'"),
        (["--part", "03"], "--part goes with --missing"),
        (["--new", "zz"], "no language is called 'zz'"),
        (["--new", "en"], "en is there already"),
        (["--new", "es"], "es is there already"),
    ],
)
def test_what_cannot_be_done_gets_one_sentence(project, capsys, typed, sentence):
    command_words.begin(project, "es")
    before = sorted(project.rglob("*"))
    assert command.main(["words", *typed]) == 2
    error = capsys.readouterr().err
    assert sentence in error and error.count("\n") == 1
    assert sorted(project.rglob("*")) == before


def test_a_language_that_is_not_there_gets_one_sentence(project):
    path = project / "instructors/source/00_try.py"
    with pytest.raises(ValueError, match="there is no translation into 'xx': there are en"):
        notebooks.build(path, "open", project, project, "xx")


def test_a_language_is_chosen_for_a_while_and_for_what_is_started_within(project, monkeypatch):
    command_words.begin(project, "es")
    monkeypatch.setenv("LANGUAGE", "fr")
    with words.use("es"):
        assert os.environ["LANGUAGE"] == "es"
        with words.use("en"):
            assert words.language() == "en"
        assert words.language() == "es"
    assert os.environ["LANGUAGE"] == "fr"
    monkeypatch.delenv("LANGUAGE")
    with pytest.raises(RuntimeError), words.use("es"):
        raise RuntimeError
    assert "LANGUAGE" not in os.environ


def test_whoever_names_english_first_reads_english(monkeypatch):
    monkeypatch.setenv("LANGUAGE", "en_GB:es")
    assert words.wished() == ()
    monkeypatch.setenv("LANGUAGE", "es_MX.UTF-8:en:fr")
    assert words.wished() == ("es_MX.UTF-8",)
    monkeypatch.setenv("LANGUAGE", "")
    monkeypatch.setenv("LC_ALL", "C.UTF-8")
    monkeypatch.setenv("LANG", "es_ES.UTF-8")
    assert words.wished() == (), "as gettext does: the first that is set"


# --- what is shipped -----------------------------------------------------------------------------


def test_the_files_are_in_step_with_the_sentences():
    assert command_words.out_of_step(PROJECT) == []


@each_language
def test_no_translation_lost_anything(language):
    assert command_words.faults(PROJECT, language) == []


@each_language
@each_source
def test_a_notebook_can_be_made_in_every_language(path, language):
    for form in notebooks.FORMS:
        content = notebooks.build(path, form, PROJECT / "notebooks", PROJECT, language)
        for cell in json.loads(content)["cells"]:
            if cell["cell_type"] == "code":
                ast.parse("".join(cell["source"]))


DONE = {"es": ("00", "01", "03", "explorers", "front", "hints")}
"""Language -> what is complete in it, and stays so."""

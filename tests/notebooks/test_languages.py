"""A translated notebook runs like the English one, and nothing that it says is left in English."""

from __future__ import annotations

import json

import nbformat
import pytest

from labkit.app import notebooks
from labkit.app import words as languages
from labkit.base import words
from labkit.base.places import PROJECT

from .test_notebooks import place, run  # noqa: F401  # the fixture is used by its name

pytestmark = pytest.mark.slow

COMPLETE = {"es": ("00", "01", "03")}
"""Language -> the notebooks that say nothing in English."""

PARTS = {"es": ("explorers", "front", "hints")}
"""Language -> what else is complete in it."""

RUNS = [(l, n, form) for l, ns in COMPLETE.items() for n in ns for form in ("open", "solved")]

# Put before the first cell: whatever is asked of the translator and is not there is written down.
LISTEN = """
import json, os
from labkit.base import words as _words
class _Listening:
    def __init__(self, found): self.found, self.missing = found, {}
    def __getattr__(self, name): return getattr(self.found, name)
    def gettext(self, text): return self._heard(self.found.gettext(text), text)
    def pgettext(self, meaning, text): return self._heard(self.found.pgettext(meaning, text), text)
    def _heard(self, said, text):
        if said == text: self.missing[text] = 1
        return said
_listening = _Listening(_words.translations())
_words.translations = lambda domain="labkit": _listening
"""
TOLD = "json.dump(list(_listening.missing), open(os.environ['LAB_MISSING'], 'w'))"


def known():
    """Every sentence that a translator can see; names of columns and the like are none."""
    return {m.id for m in languages.gathered(PROJECT)[words.DOMAIN] if m.id}


@pytest.mark.parametrize(("language", "number", "form"), RUNS)
def test_a_notebook_runs_in_a_language_and_says_nothing_in_english(
    language,
    number,
    form,
    place,  # noqa: F811
    monkeypatch,
):
    (path,) = [p for p in notebooks.sources(PROJECT) if p.stem.startswith(number)]
    monkeypatch.setenv("LANGUAGE", language)
    monkeypatch.setenv("LAB_MISSING", str(place / "missing.json"))
    content = notebooks.build(path, form, place, PROJECT, language)
    assert b'lang=\\"en\\"' not in content and b'"language": "en"' not in content
    book = nbformat.reads(content.decode(), as_version=4)
    book.cells.insert(0, nbformat.v4.new_code_cell(LISTEN))
    book.cells.append(nbformat.v4.new_code_cell(TOLD))
    run(book, place)
    outputs = [o for c in book.cells if c.cell_type == "code" for o in c.outputs]
    assert not [o for o in outputs if o.output_type == "error" or o.get("name") == "stderr"]
    missing = set(json.loads((place / "missing.json").read_text()))
    translated = languages.read(languages.translated(PROJECT, language, words.DOMAIN), language)
    same = {m.id for m in translated if m.id and languages.done(m)}  # the same word in both
    assert sorted((missing & known()) - same) == []


@pytest.mark.parametrize(("language", "part"), [(l, p) for l, ps in PARTS.items() for p in ps])
def test_a_part_that_is_complete_stays_complete(language, part):
    assert [m.id for m in languages.missing(PROJECT, language, part)] == []

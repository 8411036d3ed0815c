"""What every notebook keeps to: its source, the forms made from it, and the glossary."""

from __future__ import annotations

import ast
import itertools
import json
import re
from pathlib import Path

import nbformat
import pytest

from labkit.base.places import PROJECT
from labkit.app import notebooks

from labkit.learning import catalogue as exercises
from labkit.learning.exercises import Check

ROOT = PROJECT
SOURCES = notebooks.sources(ROOT)
GLOSSARY = ROOT / "notebooks" / "glossary.md"

LONGEST_CELL = 12
# kind: code cells, exercises, words of prose, minutes
KINDS = {
    "reading": ((4, 10), 1, (400, 1400), (5, 30)),
    "working": ((12, 22), 3, (600, 1800), (60, 90)),
    "deciding": ((6, 12), 2, (400, 1600), (30, 90)),
}
CORE_MINUTES = 20
ENDING = ["What this does not show", "Key points", "Talk about it", "Next"]
AVOIDED = ("simply", "obviously", "debias", "debiasing", "solve bias", "ai thinks", "subjects",
           "suspects", "ethnicity", "ethnicities")  # fmt: skip

each = pytest.mark.parametrize("path", SOURCES, ids=[p.stem for p in SOURCES])


# --- reading a source ---------------------------------------------------------------------------


def cells(path, form="open"):
    """Cells of one form of a notebook: (kind, tags, text)."""
    out = []
    for cell in notebooks.read_source(path):
        tags = cell.metadata.get("tags", [])
        if form is None or notebooks.belongs(tags, form):
            out.append((cell.cell_type, tags, cell.source))
    return out


def prose(path, form="open"):
    return [text for kind, _, text in cells(path, form) if kind == "markdown"]


def code(path, form="open"):
    return [text for kind, _, text in cells(path, form) if kind == "code"]


def without_code(text):
    return re.sub(r"```.*?```", "", text, flags=re.DOTALL)


def headings(texts):
    """(level, words) of every heading, in order."""
    lines = "\n".join(without_code(t) for t in texts).splitlines()
    found = (re.match(r"(#{1,6}) +(.+)", line) for line in lines)
    return [(len(f.group(1)), f.group(2).strip()) for f in found if f]


def sections(path, form):
    return [words for level, words in headings(prose(path, form)) if level == 2]


def header(path):
    return prose(path)[0]


def said(path):
    """Minutes and kind as the header says them."""
    minutes = re.search(r"^\*\*Minutes:\*\* core (\d+), full (\d+)\s*$", header(path), re.M)
    kind = re.search(r"^\*\*Kind:\*\* (\w+)\s*$", header(path), re.M)
    assert minutes, "the header has no line '**Minutes:** core 10, full 20'"
    assert kind, f"the header has no line '**Kind:** ' with one of {', '.join(KINDS)}"
    return int(minutes.group(1)), int(minutes.group(2)), kind.group(1)


def calls(texts, name):
    """First arguments of every call of ``name`` (``check``, ``predict`` or ``journal.predict``)."""
    out = []
    for text in texts:
        for node in ast.walk(ast.parse(text)):
            if not (isinstance(node, ast.Call) and node.args):
                continue
            if ast.unparse(node.func).removeprefix("journal.") == name:
                first = node.args[0]
                out.append(first.value if isinstance(first, ast.Constant) else ast.unparse(first))
    return out


def slug(words):
    """The anchor of a heading as JupyterLab makes it: capitals and signs stay."""
    return words.replace(" ", "-")


def links(text):
    return re.findall(r"(?<!!)\[[^\]]+\]\(([^)\s]+)\)", without_code(text))


# --- rules ------------------------------------------------------------------------------------


def test_there_are_notebooks():
    assert SOURCES, "instructors/source holds no source: every rule below would pass unread"


@each
def test_one_title_and_headings_in_order(path):
    found = headings(prose(path))
    assert [level for level, _ in found].count(1) == 1 and found[0][0] == 1
    for (before, _), (after, words) in itertools.pairwise(found):
        assert after <= before + 1, f"the heading {words!r} skips a level"


@each
def test_the_header_says_what_it_takes(path):
    core, full, kind = said(path)
    assert kind in KINDS
    low, high = KINDS[kind][3]
    assert low <= full <= high, f"{full} minutes for a {kind} notebook: {low} to {high}"
    assert core <= min(CORE_MINUTES, full)
    text = header(path)
    assert re.search(r"\*\*You need\*\*", text) and re.search(r"\*\*Before this\*\*", text)
    goals = text.split("**You will**")[1].split("**You need**")[0]
    assert len(re.findall(r"^[-*] +\S", goals, re.M)) == 3, "three objectives, each in a line"


@each
def test_it_ends_as_all_do(path):
    for form in ("open", "solved", "core"):
        assert sections(path, form)[-4:] == ENDING, form


@each
@pytest.mark.parametrize("form", notebooks.FORMS)
def test_cells_are_short(path, form):
    for text in code(path, form):
        lines = [line for line in text.splitlines() if line.strip()]
        assert len(lines) <= LONGEST_CELL, f"{len(lines)} lines:\n{text}"
        assert max(map(len, lines)) <= 100


@each
def test_as_many_cells_as_its_kind_allows(path):
    (low, high), *_ = KINDS[said(path)[2]]
    assert low <= len(code(path)) <= high


@each
def test_as_much_prose_as_its_kind_allows(path):
    low, high = KINDS[said(path)[2]][2]
    text = re.sub(r"\]\([^)]*\)", "]", " ".join(prose(path)))
    words = len(re.findall(r"[A-Za-z0-9][\w'’.,-]*", text))
    assert low <= words <= high, f"{words} words"


@each
def test_solutions_have_more_prose(path):
    assert len(" ".join(prose(path, "solved"))) > len(" ".join(prose(path)))


@each
def test_somebody_reads_each_output(path):
    kinds = [kind for kind, _, _ in cells(path)]
    for n in range(len(kinds) - 2):
        assert kinds[n : n + 3] != ["code"] * 3, f"cells {n + 1} to {n + 3}: code, no sentence"


@each
def test_words_that_are_avoided(path):
    texts = [text for _, _, text in cells(path, None)]
    number = path.stem[:2]
    for e in exercises.of_notebook(number):
        texts += [json.dumps(vars(e), default=str)]
        if isinstance(e, Check):
            texts += [hint for _, hint in e.wrong.values()]
    no_avoided_words("\n".join(texts))


def no_avoided_words(text):
    for word in AVOIDED:
        found = re.search(rf".*\b{word}\b.*", text, re.IGNORECASE)
        assert not found, f"{word!r} is avoided: {found.group(0)[:200]}"


@each
def test_nothing_waits_for_a_key_or_shows_a_bare_figure(path):
    for text in code(path, None):
        tree = ast.parse(text)
        called = {ast.unparse(n.func) for n in ast.walk(tree) if isinstance(n, ast.Call)}
        assert "input" not in called
        shown = {c for c in called if re.match(r"(plt|pyplot|fig|figure|ax)\.(show|plot)$", c)}
        assert "plt.show" not in shown and "fig.show" not in shown
        assert not any(c.startswith("display") and "fig" in text for c in called)
        assert not re.search(r"^\s*[%!]", text, re.M), "no magic commands: plain Python only"


@each
def test_pictures_have_alt_texts(path):
    for text in prose(path, None):
        for alt in re.findall(r"!\[([^\]]*)\]", text):
            assert len(alt.split()) >= 5, f"the alt text {alt!r} says too little"
        assert "<img" not in text


@each
def test_links_lead_somewhere(path):
    known = {slug(words) for _, words in headings([GLOSSARY.read_text(encoding="utf-8")])}
    for text in prose(path, None):
        for link in links(text) + re.findall(r"!\[[^\]]*\]\(([^)\s]+)\)", text):
            target, _, anchor = link.partition("#")
            if "://" in target:
                continue
            made = ROOT / "instructors" / "source" / (Path(target).stem + ".py")
            there = (ROOT / "notebooks" / target).exists() or made.exists()
            assert not target or there, f"{link} leads nowhere"
            if target == "glossary.md" and anchor:
                assert anchor in known, f"the glossary has no {anchor!r}"


# --- exercises and predictions ------------------------------------------------------------------


@each
def test_exercises_stand_in_the_registry_and_the_reverse(path):
    registered = [e.id for e in exercises.of_notebook(path.stem[:2])]
    for form in ("open", "solved"):
        assert sorted(calls(code(path, form), "check")) == sorted(registered), form


@each
def test_as_many_exercises_as_its_kind_asks_for(path):
    kind = said(path)[2]
    found = exercises.of_notebook(path.stem[:2])
    assert len(found) == KINDS[kind][1]
    if kind == "working":
        assert sum(isinstance(e, Check) for e in found) >= 2


@each
def test_an_exercise_is_open_and_its_solution_follows(path):
    order = cells(path, None)
    for n, (kind, tags, text) in enumerate(order):
        if "exercise" not in tags:
            continue
        assert kind == "code" and "..." in text, f"nothing is left open in:\n{text}"
        following = [order[k] for k in range(n + 1, len(order))]
        solution = []
        for one in following:
            if "solution" not in one[1]:
                break
            solution.append(one)
        asked = calls([text], "check")
        solved = calls([t for k, _, t in solution if k == "code"], "check")
        assert asked and asked == solved, f"{asked} is not followed by its solution"


@each
def test_an_exercise_is_named_where_it_is_asked(path):
    text = " ".join(prose(path))
    for name in calls(code(path), "check"):
        assert re.search(rf"\*\*Exercise {name}\b", text), (
            f"no '**Exercise {name} (...)' in the text"
        )


@each
def test_the_core_has_one_prediction_and_one_exercise(path):
    parts = code(path, "core")
    assert len(calls(parts, "check")) == 1
    assert len(calls(parts, "predict")) == 1


@each
def test_a_guess_comes_before_its_result(path):
    for form in notebooks.FORMS:
        parts = code(path, form)
        guessed: list[str] = []
        for text in parts:
            for key in calls([text], "result"):
                assert key in guessed, f"the result {key!r} has no guess before it ({form})"
            guessed += calls([text], "predict")
        assert guessed


# --- what is generated --------------------------------------------------------------------------


def test_notebooks_are_in_step_with_their_sources():
    assert notebooks.out_of_step(ROOT) == [], "run python -m labkit notebooks"


@each
@pytest.mark.parametrize("folder", ["notebooks", "instructors/solutions"])
def test_generated_notebooks_are_valid_and_hold_no_outputs(path, folder):
    made = nbformat.read(ROOT / folder / f"{path.stem}.ipynb", as_version=nbformat.NO_CONVERT)
    nbformat.validate(made)
    assert made.metadata.kernelspec.name == "python3"
    names = [c.id for c in made.cells]
    assert len(set(names)) == len(names)
    for cell in made.cells:
        if cell.cell_type == "code":
            assert cell.outputs == [] and cell.execution_count is None


@each
def test_solutions_are_not_in_the_open_form(path):
    opened = (ROOT / "notebooks" / f"{path.stem}.ipynb").read_text(encoding="utf-8")
    assert '"solution"' not in opened
    solved = (ROOT / "instructors" / "solutions" / f"{path.stem}.ipynb").read_text(encoding="utf-8")
    assert '"exercise"' not in solved


@each
def test_the_core_edition_says_its_own_minutes(path, tmp_path):
    core, full, _ = said(path)
    made = json.loads(notebooks.build(path, "core", tmp_path, ROOT))
    first = "".join(made["cells"][0]["source"])
    assert f"**Minutes:** {core}\n" in first and f"full {full}" not in first


# --- the glossary -------------------------------------------------------------------------------


def entries():
    """Glossary term -> its text."""
    text = GLOSSARY.read_text(encoding="utf-8")
    parts = re.split(r"^#{2,3} +(.+)$", text, flags=re.M)[1:]
    pairs = zip(parts[::2], parts[1::2], strict=True)
    return {term: body.strip() for term, body in pairs if body.strip()}


def test_the_glossary_has_one_title_and_headings_in_order():
    found = headings([GLOSSARY.read_text(encoding="utf-8")])
    levels = [level for level, _ in found]
    assert levels[0] == 1 and levels.count(1) == 1
    assert all(b <= a + 1 for a, b in itertools.pairwise(levels))
    anchors = [slug(words) for _, words in found]
    assert len(set(anchors)) == len(anchors)


@pytest.mark.parametrize("term", entries())
def test_a_glossary_entry_is_one_to_three_sentences(term):
    text = entries()[term]
    sentences = re.findall(r"[.:?](?:\s|$)", re.sub(r"\]\([^)]*\)", "]", text))
    assert 1 <= len(sentences) <= 5 and 4 <= len(text.split()) <= 75
    anchors = {slug(t) for t in entries()}
    for link in links(text):
        assert link.startswith("#") and link[1:] in anchors, f"{link} leads nowhere"
    no_avoided_words(text)


def test_the_list_on_top_of_the_glossary_holds_every_entry_from_a_to_z():
    top = re.split(r"^## ", GLOSSARY.read_text(encoding="utf-8"), maxsplit=1, flags=re.M)[0]
    listed = re.findall(r"\[([^\]]+)\]\(#([^)\s]+)\)", top)
    assert [term for term, _ in listed] == sorted(entries(), key=str.lower)
    assert all(anchor == slug(term) for term, anchor in listed)


def test_the_words_of_the_field_are_in_the_glossary():
    anchors = {slug(t) for t in entries()}
    needed = {"genuine", "impostor", "probe", "gallery", "enrol", "template", "threshold", "FMR",
              "FNMR", "FTA", "false-rejection", "interval", "person-pair", "jackknife", "dev",
              "eval", "holdout", "1e-3", "log-axis", "operating-point", "exploratory", "Holm",
              "GARBE", "FDR", "positive-control"}  # fmt: skip
    assert needed <= anchors

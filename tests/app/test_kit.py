"""The instructors' kit: the guide adds up, its numbers are the lab's, pages are whole."""

from __future__ import annotations

import itertools
import json
import re
from collections.abc import Iterator
from pathlib import Path

import nbformat
import pytest
from scipy.stats import binomtest, fisher_exact

from labkit.app import command, kit, notebooks
from labkit.app.kit import Product, documents, facts, shown, slides, solutions
from labkit.base.places import PROJECT
from labkit.learning import catalogue

INSTRUCTORS = PROJECT / "instructors"
OWN_WORDS = ("guide.md", "questions.md", "rubric.md")


def text(name: str) -> str:
    return (INSTRUCTORS / name).read_text(encoding="utf-8")


# ---- ten questions ------------------------------------------------------------------------------


def questions() -> dict[int, tuple[str, dict[str, str]]]:
    parts = re.split(
        r"^## (\d+)\n", documents._part(documents.SHEET, text("questions.md")), flags=re.M
    )
    out = {}
    for number, part in zip(parts[1::2], parts[2::2], strict=True):
        asked, _, options = part.partition("\n- **a**")
        found = re.findall(r"^- \*\*(\w)\*\* (.+(?:\n  .+)*)", f"- **a**{options}", re.MULTILINE)
        out[int(number)] = (asked, {letter: " ".join(words.split()) for letter, words in found})
    return out


def right() -> dict[int, str]:
    rows = re.findall(r"^\| (\d+) \| (\w) \|", text("questions.md"), re.MULTILINE)
    return {int(number): letter for number, letter in rows}


def test_there_are_ten_questions_and_a_key_that_names_an_option_of_each() -> None:
    asked, key = questions(), right()
    assert list(asked) == list(key) == list(range(1, 11))
    for number, (words, options) in asked.items():
        assert words.strip().endswith(("?",)), number
        assert list(options) == list("abcde"), number
        assert options["e"] == "I do not know."
        assert key[number] in "abcd"


def test_neither_place_nor_length_gives_the_right_answer_away() -> None:
    asked, key = questions(), right()
    letters = list(key.values())
    assert max(letters.count(letter) for letter in "abcd") <= 3
    longest = [
        number
        for number, (_, options) in asked.items()
        if key[number] == max("abcd", key=lambda letter, of=options: len(of[letter]))
    ]
    assert len(longest) <= 4, longest
    assert all(one != two for one, two in itertools.pairwise(letters))


def test_each_other_answer_is_spoken_of_in_the_key() -> None:
    told = re.split(
        r"^\*\*(\d+)\.\*\*", documents._part(documents.KEY, text("questions.md")), flags=re.M
    )
    for number, words in zip(told[1::2], told[2::2], strict=True):
        others = set("abcd") - {right()[int(number)]}
        spoken = set(re.findall(r"\*(\w)\*", words.split("## Reading")[0]))
        assert others <= spoken, (number, others - spoken)


def test_the_arithmetic_of_the_questions_is_right() -> None:
    assert 18 / (18 + (20_000 - 20) / 100) == pytest.approx(0.08, abs=0.005)
    assert 10_000 * 2 / 1_000 == 20
    assert (1 - 1 / 200) ** 500 == pytest.approx(0.08, abs=0.005)  # said at minute 70
    assert (1 - 1 / 150) ** 300 == pytest.approx(0.13, abs=0.006)
    assert (1 - 1 / 300) ** 300 > 1 / 3
    assert (1 - 1 / 20) ** 300 < 1e-6
    assert fisher_exact([[15, 285], [9, 291]]).pvalue == pytest.approx(0.3, abs=0.02)
    low, high = binomtest(28, 535).proportion_ci()
    assert (round(100 * low), round(100 * high)) in ((3, 7), (3, 8), (4, 7), (4, 8))
    assert binomtest(11, 28, 0.2, alternative="greater").pvalue < 0.02


def test_what_the_questions_say_of_2018_is_in_the_record() -> None:
    known, asked = facts.facts(), questions()[8][0]
    for name in ("aclu_members", "aclu_matched", "aclu_color", "aclu_base"):
        assert re.search(rf"\b{known[name]}\b", asked), name


def test_numbers_of_the_lessons_cannot_be_remembered_in_the_questions() -> None:
    known = facts.facts()
    for number in (1, 6, 7, 9):
        asked = questions()[number][0]
        for name in ("enrolled", "returned", "members_darker", "false_alerts"):
            assert not re.search(rf"\b{known[name]}\b", asked), (number, name)


def test_careful_words_do_not_give_the_right_answer_away() -> None:
    asked, key = questions(), right()
    for words in ("has to be measured", " may ", "not known", "perhaps"):
        holders = [
            letter == key[number]
            for number, (_, options) in asked.items()
            for letter, option in options.items()
            if words in f" {option.lower()} "
        ]
        assert sum(holders) <= max(1, len(holders) / 2), words


# ---- the guide ----------------------------------------------------------------------------------


def section(title: str) -> str:
    return re.split(r"^## ", text("guide.md").split(f"\n## {title}\n", 1)[1], flags=re.MULTILINE)[0]


def route(title: str) -> list[tuple[int, int, str]]:
    rows = re.findall(r"^\| (\d+)-(\d+) \| ([^|]+) \|", section(title), re.MULTILINE)
    return [(int(start), int(end), what.strip()) for start, end, what in rows]


def minutes() -> dict[str, tuple[int, int]]:
    out = {}
    for source in notebooks.sources(PROJECT):
        found = notebooks.MINUTES.search(source.read_text("utf-8").replace("# **", "**"))
        assert found, source
        out[source.stem[:2]] = (int(found[2]), int(found[3]))
    return out


@pytest.mark.parametrize(
    ("title", "length", "of_notebooks"), [("90 minutes, tomorrow", 90, 70), ("A day", 300, None)]
)
def test_a_route_has_no_gap_and_fits_its_time(
    title: str, length: int, of_notebooks: int | None
) -> None:
    steps = route(title)
    assert steps[0][0] == 0
    assert steps[-1][1] == length
    assert all(one[1] == two[0] for one, two in itertools.pairwise(steps))
    planned = {what: end - start for start, end, what in steps if re.fullmatch(r"\d\d", what)}
    for number, time in planned.items():
        core, full = minutes().get(number, (15, 75))
        assert time <= (core if length == 90 else full), number
    if of_notebooks:
        assert sum(planned.values()) == of_notebooks


def test_the_printed_minutes_are_those_of_the_notebooks() -> None:
    found = re.search(
        r"Printed in the notebooks are more \(([^)]+)\)", section("90 minutes, tomorrow")
    )
    assert found
    said = [int(one) for one in found[1].replace("\n", " ").split(",")]
    known = minutes()
    assert said == [known[n][0] if n in known else 15 for n in ("00", "03", "08", "09", "12")]


def test_what_a_day_leaves_out_are_sections_outside_the_core() -> None:
    for number, left in re.findall(r"^\| \d+-\d+ \| (\d\d) \| ([^|]+) \|", section("A day"), re.M):
        for source in (p for p in notebooks.sources(PROJECT) if p.stem.startswith(number)):
            full = [
                c.source
                for c in notebooks.read_source(source)
                if c.cell_type == "markdown" and "core" not in c.metadata.get("tags", [])
            ]
            for title in re.findall(r"\*([^*]+)\*", left):
                assert any(f"## {title}" in one for one in full), (number, title)


def test_every_exercise_and_guess_is_linked_to_what_its_wrong_answers_show() -> None:
    asked = json.loads(text("wrong_answers.json"))
    linked = set(re.findall(r"wrong_answers\.md#([\w-]+)", text("guide.md")))
    assert linked <= set(asked)
    missing = set(asked) - linked
    assert not missing, sorted(missing)


@pytest.mark.parametrize("name", OWN_WORDS)
def test_every_link_leads_somewhere(name: str) -> None:
    for address in re.findall(r"\]\(([^)\s]+)\)", text(name)):
        path, _, anchor = address.partition("#")
        place = INSTRUCTORS / (path or name)
        assert "://" in address or place.is_file(), address
        if anchor and place.suffix == ".md":
            headings = re.findall(r"^#+ (.+)$", place.read_text("utf-8"), re.MULTILINE)
            assert anchor in map(documents.anchor_of, headings), address


def test_every_command_that_the_guide_prints_is_there() -> None:
    named = re.findall(r"python -m labkit ([\w-]+)", text("guide.md"))
    assert len(set(named)) >= 4
    assert set(named) <= set(command.RUN)
    lab = (PROJECT / "lab.py").read_text(encoding="utf-8")
    for word in re.findall(r"python3 lab\.py (\w+)", text("guide.md")):
        assert f'"{word}"' in lab, word


def test_every_notebook_has_its_part_with_all_that_is_promised() -> None:
    parts = dict(re.findall(r"^### (\d\d) .+\n((?:(?!^##).*\n)*)", text("guide.md"), re.MULTILINE))
    assert [f"{n:02}" for n in range(14)] == list(parts)
    for number in parts:
        for label in ("Goals.", "Wrong answers.", "Prompt.", "Goes wrong:", "Content.", "Access."):
            assert f"**{label}**" in parts[number], (number, label)
        assert f"<!-- shown_{number} -->" in parts[number]


def test_no_document_claims_that_a_class_was_measured() -> None:
    for name in OWN_WORDS:
        assert re.search(r"[Nn]o\s+class\s+has\s+been\s+(measured|marked)", text(name)), name


def test_numbers_that_the_guide_repeats_in_prose_are_the_labs() -> None:
    known, guide = facts.facts(), " ".join(text("guide.md").split())
    assert f"{known['right_alerts']} and {known['false_alerts']}" in guide
    assert f"{known['right_alerts']} of {known['alerts']}, about" in guide
    assert f"{known['met_false']} false of {known['met_alerts']} alerts" in guide
    assert f"{known['met_faces']} faces scanned" in guide
    assert f"a gallery of {known['amazon_gallery']}" in guide
    silent = round(100 - float(known["fpir"]))
    assert f"{silent} in 100 innocent passages are silent" in guide
    assert f"{silent} get no alert" in guide
    missed = facts.WANTED - int(known["right_alerts"])
    assert f"{missed} who are sought and not found" in guide
    assert f"{known['matched_darker']} against {known['matched_lighter']}" in guide
    photographs = catalogue.find("00-a")
    assert f"({photographs.reference():,})" in guide  # type: ignore[union-attr]


def test_the_handouts_station_is_the_notebooks() -> None:
    known = facts.facts()
    alerts = catalogue.find("08-a").reference()  # type: ignore[union-attr]
    assert f"{round(alerts):,}" == known["false_alerts"]
    from lessons.nb08 import exercises

    assert (exercises.PASSING, exercises.WANTED) == (facts.PASSING, facts.WANTED)


@pytest.mark.slow
def test_the_numbers_that_will_appear_are_in_step() -> None:
    told = shown.of_all(PROJECT)
    guide = text("guide.md")
    assert all(told.values()), [number for number, rows in told.items() if not rows]
    assert shown.filled(guide, told) == guide, "run python -m labkit kit --numbers"


def test_filling_writes_between_the_marks_and_nowhere_else() -> None:
    guide = "before\n<!-- shown_03 -->\nold\n<!-- /shown_03 -->\nafter <!-- shown_04 -->\n"
    rows = {"03": [shown.Shown("A | b", "guess", "one\n| two")]}
    made = shown.filled(guide, rows)
    assert made.startswith("before\n<!-- shown_03 -->\n\n| section |")
    assert "one \\| two" in made
    assert "old" not in made
    assert made.endswith("<!-- /shown_03 -->\nafter <!-- shown_04 -->\n")
    assert shown.filled(made, rows) == made


# ---- pages --------------------------------------------------------------------------------------


def test_a_number_that_is_not_known_is_refused() -> None:
    with pytest.raises(ValueError, match=r"there is no number \{nonsense\}"):
        documents.fill("{nonsense}", facts.facts())


def test_every_number_of_the_handout_is_filled() -> None:
    page = documents.handout(text("handout.md"), facts.facts())
    assert not documents.FIELD.findall(re.sub(r"<style>.*?</style>", "", page, flags=re.DOTALL))


def test_the_sheet_of_questions_does_not_hold_the_key() -> None:
    sheet, key = documents.sheet(text("questions.md")), documents.key(text("questions.md"))
    assert sheet.count("☐ <strong>") == 50
    assert "what it asks for" in key
    assert "what it asks for" not in sheet
    assert "18 of 218" not in sheet


def solved() -> nbformat.NotebookNode:
    book = nbformat.v4.new_notebook()
    widget = nbformat.v4.new_output(
        "display_data", {solutions.WIDGET: {"model_id": "x"}, "text/plain": "Explorer()"}
    )
    file = nbformat.v4.new_output(
        "display_data",
        {"text/html": '<a download="x" href="data:text/plain;base64,eA==">Save it</a>'},
    )
    still = nbformat.v4.new_output(
        "display_data", {"text/html": '<div class="lx-still">still</div>'}
    )
    head = "# Title\n\nSee [this](glossary.md#fmr), [03](03_tune_the_threshold.ipynb): $k^2$."
    head += "\n\n$$\\frac{a}{b}$$"
    book.cells = [
        nbformat.v4.new_markdown_cell(head),
        nbformat.v4.new_code_cell("view", outputs=[still, widget, file]),
        nbformat.v4.new_code_cell("answer = 1", metadata={"tags": ["solution"]}),
    ]
    return book


def test_a_solution_is_a_page_without_scripts_whose_formulas_are_drawn() -> None:
    page = solutions.page(solved())
    assert "<title>Title</title>" in page
    assert page.count("<h1") == 1
    assert 'href="../glossary.html#fmr"' in page
    assert 'href="../solutions/03_tune_the_threshold.html"' in page
    assert page.count("data:image/svg+xml") == 2
    assert "$$" not in page
    assert "still" in page
    assert "Explorer()" not in page
    assert "Save it" in page
    assert "data:text/plain" not in page
    assert "<script" not in page
    assert "celltag_solution" in page


def test_every_formula_of_the_notebooks_can_be_drawn() -> None:
    drawn = 0
    for source in notebooks.sources(PROJECT):
        for cell in notebooks.read_source(source):
            if cell.cell_type == "markdown":
                made = solutions.with_formulas(cell.source)
                drawn += made.count("<img class='formula")
    assert drawn >= 2


def test_a_cell_that_fails_is_told_in_one_sentence() -> None:
    book = nbformat.v4.new_notebook()
    book.cells = [nbformat.v4.new_code_cell("1 / 0")]
    with pytest.raises(
        RuntimeError, match="07 stopped, so it has no page: ZeroDivisionError"
    ) as told:
        solutions.run_notebook(nbformat.writes(book), PROJECT, "07")
    assert "\n" not in str(told.value)


def test_without_reveal_the_slides_are_a_page_to_scroll() -> None:
    page = slides.page(solved(), None)
    assert "Slides to scroll" in page
    assert "<script" not in page


# ---- making -------------------------------------------------------------------------------------


@pytest.fixture
def few(monkeypatch: pytest.MonkeyPatch) -> dict[str, object]:
    """Three small pages in place of the kit's own: what they hold and what is asked of them."""
    state: dict[str, object] = {"made": [], "stop": "", "of": b"one"}

    def page(name: str) -> str:
        if state["stop"] == name:
            raise KeyboardInterrupt
        state["made"].append(name)  # type: ignore[attr-defined]
        return f"<p>{name}</p>\n"

    def products(project: Path, say: object) -> Iterator[Product]:
        for name in ("a.html", "b.html", "solutions/c.html"):
            yield Product(name, name, state["of"], lambda of=name: page(of))  # type: ignore[arg-type]

    monkeypatch.setattr(kit, "products", products)
    return state


def test_a_kit_that_was_interrupted_goes_on_where_it_stopped(few, tmp_path: Path) -> None:
    out, said = tmp_path / "kit", []
    few["stop"] = "b.html"
    with pytest.raises(KeyboardInterrupt):
        kit.make(out, said.append)
    assert [p.name for p in out.rglob("*") if p.is_file()] == ["a.html"]
    few["stop"] = ""
    kit.make(out, said.append)
    assert few["made"] == ["a.html", "b.html", "solutions/c.html"]
    assert "a.html: is there already, and nothing it rests on has changed" in said
    assert {p.relative_to(out).as_posix() for p in out.rglob("*") if p.is_file()} == {
        "a.html",
        "b.html",
        "index.html",
        "solutions/c.html",
    }


def test_a_page_is_made_again_when_it_was_cut_short_or_rests_on_something_new(
    few, tmp_path: Path
) -> None:
    out = tmp_path / "kit"
    kit.make(out, lambda said: None)
    (out / "b.html").write_bytes((out / "b.html").read_bytes()[:-5])
    assert [p.name for p in kit.make(out, lambda said: None)] == ["b.html"]
    assert kit.make(out, lambda said: None) == []
    few["of"] = b"two"
    assert len(kit.make(out, lambda said: None)) == 3


def test_the_kit_is_refused_where_learners_look(few) -> None:
    for place in (PROJECT, PROJECT / "notebooks" / "kit"):
        with pytest.raises(ValueError, match="inside the lab's folder"):
            kit.make(place)


def test_a_file_in_place_of_the_folder_is_named(few, tmp_path: Path) -> None:
    (tmp_path / "kit").write_text("mine")
    with pytest.raises(ValueError, match=r"is a file: name a folder"):
        kit.make(tmp_path / "kit")
    assert (tmp_path / "kit").read_text() == "mine"


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (["kit"], "say --out and a folder"),
        (["kit", "--numbers", "--check"], "one of --out DIR, --numbers and --check"),
        (["kit", "--out", str(PROJECT)], "inside the lab's folder"),
    ],
)
def test_the_command_says_what_to_do(
    words: list[str], told: str, capsys: pytest.CaptureFixture
) -> None:
    assert command.main(words) == 2
    assert told in capsys.readouterr().err


def test_the_sheet_of_options_has_them_all_with_both_sides() -> None:
    from labkit.published.options import OPTIONS

    sheet = documents.options()
    for word in OPTIONS:
        assert f"<strong>{word}</strong>" in sheet
    assert sheet.count("\N{LEFT DOUBLE QUOTATION MARK}") == 2 * len(OPTIONS)


def test_the_kit_holds_all_that_is_promised(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(slides, "bring", lambda project, say: None)
    said: list[str] = []
    names = [product.name for product in kit.products(PROJECT, said.append)]
    assert len(set(names)) == len(names)
    promised = {"guide", "slides", "handout", "options", "questions", "questions_key", "rubric"}
    assert {f"{name}.html" for name in promised} <= set(names)
    assert {f"solutions/{p.stem}.html" for p in notebooks.sources(PROJECT)} <= set(names)
    assert any("a page to scroll" in one for one in said)

"""What a notebook asks, answered on a page in Chromium: guesses, exercises, votes, the journal."""

from __future__ import annotations

import functools
import json
import re
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from labkit.app.kit.solutions import run_notebook
from labkit.app.site import asked, live, scripts
from labkit.app.site.frame import HERE, Site
from labkit.base.places import PROJECT
from labkit.learning import catalogue, journal
from labkit.learning.classroom.folder import read_folder
from labkit.learning.game import ANSWERS
from labkit.views import explorers

pytestmark = pytest.mark.slow

CELLS = (
    "from labkit import check, journal, predict, result, say\n"
    "from labkit.learning import ballot, vote\n"
    "from labkit.learning.memo import Memo\n"
    "from labkit.learning import own",
    'guess = ...\npredict("03-default", guess, low=0, high=100, whole=True)',
    'result("03-default", 40, "40 of 100 comparisons of two people match")\nprint("all of it")',
    'predict("01-ballot-a", ..., low=0, high=100)\npredict("01-ballot-d", ..., low=0)\n'
    "say(ballot.told())",
    'guess = ...\npredict("09-blind", guess)',
    'before = ...\nvote.cast("before", before)',
    'answer = ...\nthree = check("13-a", answer)',
    'say(three.then("That makes {} pairs.".format))',
    'ballot.open_ballot("a", 94, "94 of 100")\nprint("after the ballot")',
    'journal.keep("05-protocol", {"a": 1})',
    "journal.export()",
    'after = ...\nvote.cast("after", after)',
)  # fmt: skip
SOLVED = 'answer = 28\nthree = check("13-a", answer)'

EXERCISES = {
    "00-a": ("480", "1,920"),
    "02-a": ("0.167", "0.41"),
    "02-c": (["Ari"] * 6, ["Ari", "Bo", "Chris", "Dana", "Eli", "nobody"]),
    "03-c": ("default for all", "search, strict"),
    "04-a": (["7.5 %", "20"], ["0,075", "0.208"]),
    "05-c": ("races", ["misses", "open"]),
    "06-c": (["camera"] * 3, ["age", "images", "camera"]),
    "09-a": ("21.2", "0.212"),
    "10-c": ("years", ["absent", "evidence"]),
    "11-b": ("0.5", "0.215"),
    "12-b": ("4", "421"),
    "13-a": ("64", "28"),
}
"""A wrong and a right answer to exercises of eleven notebooks, as they are typed or chosen."""


def notebook(cells: tuple[str, ...]) -> Any:
    import nbformat

    made = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(cell) for cell in cells])
    with tempfile.TemporaryDirectory() as folder:
        return run_notebook(nbformat.writes(made), Path(folder), "made up")


@functools.cache
def executed() -> tuple[Any, Any]:
    """A small notebook, open and solved, each run by a kernel."""
    solved = tuple(SOLVED if "13-a" in cell else cell for cell in CELLS[:8] if "guess" not in cell)
    return notebook(CELLS), notebook(solved)


def shown(cell: Any) -> str:
    """The outputs of a cell as the page of a notebook has them."""
    waits = cell.metadata.get("labkit", {}).get("waits", "")
    parts = []
    for output in cell.outputs:
        text = output.get("text") or output["data"].get("text/html") or output["data"]["text/plain"]
        parts.append(f'<div class="output">{"".join(text)}</div>')
    held = f' data-waits="{waits}"' if waits else ""
    return f'<div class="outputs"{held}>{"".join(parts)}</div>'


@pytest.fixture(scope="module")
def folder(tmp_path_factory) -> Path:
    """A site of three pages: a notebook, exercises, the journal."""
    out = tmp_path_factory.mktemp("site")
    site = Site(PROJECT, "en", b"")
    template = out / "book.html.j2"
    template.write_text(
        '{% extends "shell.html.j2" %}{% block main %}{{ content|safe }}{% endblock %}', "utf-8"
    )

    def write(at: str, title: str, content: str) -> None:
        page = site.render(template, title=title, at=at, content=content)
        (out / at).parent.mkdir(exist_ok=True)
        (out / at).write_text(page, encoding="utf-8")

    opened, solved = (json.loads(json.dumps(book)) for book in executed())
    import nbformat

    book = asked.placed(nbformat.from_dict(opened), site, nbformat.from_dict(solved))
    write("learn/book.html", "A notebook", "".join(map(shown, book.cells)))
    places = "".join(asked._exercise(name, memo=False) for name in EXERCISES)
    function = asked._exercise("02-b", memo=False)
    written = asked._exercise("09-c", memo=False)
    write("learn/exercises.html", "Exercises", asked.told_words() + places + function + written)
    (out / "journal").mkdir()
    (out / asked.JOURNAL).write_text(asked.journal_page(site), encoding="utf-8")
    (out / "assets").mkdir()
    write("learn/game.html", "A game", game())
    files = {
        scripts.SCRIPT: scripts.bundle(HERE / "js" / "site.js"),
        scripts.SHEET: scripts.sheet(),
        scripts.of_explorer("game"): scripts.explorer("game"),
    }
    for name, content in files.items():
        (out / name).parent.mkdir(exist_ok=True)
        (out / name).write_text(content, encoding="utf-8")
    return out


def game() -> str:
    """A game of four pairs with the place below it, and what a later notebook says of it."""
    view = explorers.ALL["game"].example()
    facts = {
        "key": "00-game",
        "kept": ANSWERS,
        "explorer": "game",
        "n": 4,
        "truth": view.truth,
        "sentence": "{right} of {answered} right, {mixed} mixed up.",
        "open": "Nobody has played.",
    }
    later = {**facts, "sentence": "{who}: {right} of {answered}."}
    recall = {"kept": ANSWERS, "n": 4, "explorer": "game", "open": "Nothing is kept."}
    parts = [
        asked.told_words(),
        live.place_of(view),
        asked._place("game", facts, ""),
        asked._place("recall", recall, ""),
        asked._place("game count", later, ""),
        f'<script src="../{scripts.of_explorer("game")}" defer></script>',
    ]
    return "".join(parts)


@pytest.fixture
def opened(watch, folder) -> Iterator[Callable[..., Any]]:
    """Opens a page of the site from the file system, in one browser with one journal."""
    held = watch(360, offline=True, accept_downloads=True)
    pages = [held.page]

    def go(at: str, new: bool = False) -> Any:
        if new:
            pages.append(held.context.new_page())
        page = pages[-1]
        page.goto((folder / at).as_uri())
        page.wait_for_function("window.labJournal")
        return page

    yield go


def entries(page: Any) -> dict[str, Any]:
    return page.evaluate("labJournal.read()")


def place(page: Any, kind: str, n: int = 0) -> Any:
    return page.locator(f'[data-ask="{kind}"]').nth(n)


def exercise(page: Any, name: str) -> Any:
    return page.get_by_role("group", name=f"Exercise {name}")


def guess(page: Any, n: int, text: str) -> str:
    here = place(page, "predict", n)
    here.get_by_role("textbox").fill(text)
    here.get_by_role("button", name="Keep").click()
    return here.get_by_role("status").inner_text()


def answer(here: Any, given: Any) -> None:
    """Type or choose an answer, and have it checked."""
    boxes, fields = (
        here.locator("input[type=checkbox], input[type=radio]"),
        here.get_by_role("textbox"),
    )
    if boxes.count():
        for box in boxes.all():
            if box.is_checked() and box.get_attribute("type") == "checkbox":
                box.uncheck()
        for one in [given] if isinstance(given, str) else given:
            here.get_by_label(one, exact=True).check()
    elif fields.count():
        for field, text in zip(
            fields.all(), [given] if isinstance(given, str) else given, strict=True
        ):
            field.fill(text)
    else:
        for field, text in zip(here.locator("select").all(), given, strict=True):
            field.select_option(text)
    here.get_by_role("button", name="Check my answer").click()


# --- guesses, results ----------------------------------------------------------------------------


def test_a_result_opens_beside_the_guess_in_the_words_of_a_notebook(
    opened, capsys, monkeypatch, tmp_path
):
    page = opened("learn/book.html")
    assert not page.get_by_text("Measured:").count()
    assert page.get_by_text("all of it").is_hidden()
    said = guess(page, 0, "7")
    monkeypatch.setenv("LABKIT_JOURNAL", str(tmp_path / "j.json"))
    journal.predict("03-default", 7, low=0, high=100, whole=True)
    journal.result("03-default", 40, "40 of 100 comparisons of two people match")
    told = " ".join(capsys.readouterr().out.split())
    assert f"◇ Predict: {said}" in told
    shown = place(page, "result").get_by_role("status").inner_text()
    assert f"◇ Your guess, opened: {shown}" in told
    assert page.get_by_text("all of it").is_visible()
    kept, python = (
        entries(page)["predictions"]["03-default"],
        journal.read()["predictions"]["03-default"],
    )
    assert {**kept, "day": ""} == {**python, "day": ""}
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d", kept["day"])
    assert "You have already seen this result." in guess(page, 0, "8")
    page.reload()
    assert place(page, "predict").get_by_role("textbox").input_value() == "8"
    assert page.get_by_text("all of it").is_visible()


def test_a_guess_is_read_kindly_and_asked_about(opened):
    page = opened("learn/book.html")
    assert "Did you mean a number from 0 to 100?" in guess(page, 0, "140")
    assert "Did you mean a share of it, 50?" in guess(page, 0, "0,5")
    assert "No guess was kept for 03-default" in guess(page, 0, "many")
    assert entries(page)["predictions"]["03-default"]["guess"] == 0.5
    guess(page, 3, "X")
    assert entries(page)["predictions"]["09-blind"]["guess"] == "X"


def test_a_result_is_shown_without_a_guess_to_whoever_asks_for_it(opened):
    page = opened("learn/book.html")
    here = place(page, "result")
    here.get_by_role("button", name="Show it without a guess").press("Enter")
    assert "For 03-default no guess was kept. Measured: 40 of 100" in here.inner_text()
    assert page.get_by_text("all of it").is_visible()
    assert entries(page)["predictions"] == {}


def test_the_ballot_is_opened_where_the_guess_was_given_elsewhere(opened):
    page = opened("learn/book.html")
    box = place(page, "ballot box")
    assert "The ballot box is empty: 5 guesses are still open." in box.inner_text()
    assert page.get_by_text("after the ballot").is_hidden()
    assert place(page, "result", 1).get_by_role("link").get_attribute("href") == "01_the_case.html"
    guess(page, 1, "50")
    assert "In the ballot box: 1 of 5 guesses, to be opened: a in 08." in box.inner_text()
    assert (
        "Your guess for 01-ballot-a: 50. Measured: 94 of 100."
        in place(page, "result", 1).inner_text()
    )


def test_votes_are_kept_and_spoken_of_as_in_a_notebook(opened):
    page = opened("learn/book.html")
    before, after = place(page, "vote"), place(page, "vote", 1)
    before.get_by_role("button", name="Keep").click()
    assert "That is a choice, too: go on." in before.inner_text()
    before.get_by_label("audit").check()
    before.get_by_role("button", name="Keep").click()
    assert "Your vote before: " in before.get_by_role("status").inner_text()
    after.get_by_label("pause").check()
    after.get_by_role("button", name="Keep").click()
    assert "(audit). Your vote afterwards: " in after.get_by_role("status").inner_text()
    before.get_by_label("no:").check()
    before.get_by_role("button", name="Keep").click()
    assert "so your vote before stays as it was" in before.get_by_role("status").inner_text()
    assert entries(page)["kept"]["12-vote"]["value"] == {"before": "audit", "after": "pause"}


# --- exercises -----------------------------------------------------------------------------------


def test_what_follows_comes_with_the_right_answer(opened):
    page = opened("learn/book.html")
    assert page.get_by_text("This comes when exercise 13-a is answered and right.").is_visible()
    assert page.get_by_text("That makes 28 pairs.").is_hidden()
    answer(exercise(page, "13-a"), "64")
    assert page.get_by_text("That makes 28 pairs.").is_hidden()
    answer(exercise(page, "13-a"), "28")
    assert page.get_by_text("That makes 28 pairs.").is_visible()
    assert page.get_by_text("This comes when").is_hidden()
    assert not page.get_by_text("Kept for a later notebook").count()


def test_a_wrong_and_a_right_answer_to_twelve_exercises_of_eleven_notebooks(opened):
    page = opened("learn/exercises.html")
    for name, (wrong, right) in EXERCISES.items():
        here = exercise(page, name)
        answer(here, wrong)
        said = here.get_by_role("status")
        tries = entries(page)["attempts"][name]["tries"]
        assert [t["right"] for t in tries] == [False], (name, said.inner_text())
        answer(here, right)
        tries = entries(page)["attempts"][name]["tries"]
        assert [t["right"] for t in tries] == [False, True], (name, said.inner_text())
        assert said.inner_text().startswith(f"✓ {name}"), said.inner_text()
    page.reload()
    for name in EXERCISES:
        assert exercise(page, name).get_by_role("status").inner_text().startswith(f"✓ {name}")


def test_the_numbers_for_a_calculator_stand_open_beside_the_field(opened):
    page = opened("learn/exercises.html")
    here = exercise(page, "09-a")
    assert here.get_by_role("table").is_visible()
    assert here.get_by_role("row").count() > 2
    assert here.get_by_text("on this page, answer here").is_visible()
    here.get_by_text("Without Python").click()
    assert here.get_by_role("table").is_hidden()


def test_a_function_is_answered_in_a_table(opened):
    page = opened("learn/exercises.html")
    here = exercise(page, "02-b")
    for field in here.locator("select").all():
        field.select_option("yes")
    here.get_by_role("button", name="Check my answer").click()
    assert "02-b: not right yet" in here.get_by_role("status").inner_text()
    for case, field in zip(cases(page), here.locator("select").all(), strict=True):
        field.select_option("yes" if case else "no")
    here.get_by_role("button", name="Check my answer").click()
    assert "✓ 02-b: right" in here.get_by_role("status").inner_text()


def cases(page: Any) -> list[bool]:
    from labkit.app.site.exercises import exported

    found = exported("02")["exercises"]["02-b"]["cases"]
    return [bool(case["right"]["form"]) for case in found]


def test_a_text_stays_on_the_device_and_outside_of_the_journal(opened):
    page = opened("learn/exercises.html")
    here = exercise(page, "09-c")
    here.get_by_role("textbox").fill("Two headlines")
    for n, word in enumerate(("yes", "no", "yes")):
        here.get_by_role("group").nth(n).get_by_label(word).check()
    here.get_by_role("button", name="Check my answer").click()
    assert "2 of 3 answered with yes" in here.get_by_role("status").inner_text()
    assert entries(page)["attempts"]["09-c"]["tries"][0]["answer"] == ["yes", "no", "yes"]
    assert "Two headlines" not in json.dumps(entries(page))
    page.reload()
    assert here.get_by_role("textbox").input_value() == "Two headlines"


# --- games ---------------------------------------------------------------------------------------


def test_answers_of_the_game_reach_the_journal_as_python_keeps_them(opened):
    page = opened("learn/game.html")
    assert [place(page, kind).inner_text() for kind in ("recall", "game count")] == [
        "Nothing is kept.", "Nobody has played."
    ]  # fmt: skip
    for name in ("Same person", "Different people"):
        page.get_by_role("button", name=name).click()
    assert entries(page)["kept"] == {}
    page.reload()
    page.get_by_text("Pair 3 of 4", exact=True).wait_for()
    for name in ("Same person", "Same person"):
        page.get_by_role("button", name=name).click()
    kept = entries(page)["kept"][ANSWERS]
    assert kept["value"] == ["same", "different", "same", "same"]
    assert "Measured: 3." in place(page, "game").inner_text()
    assert "3 of 4 right, 1 mixed up." in place(page, "game").inner_text()
    assert "Your own, kept in your journal on" in place(page, "recall").inner_text()
    assert place(page, "game count").inner_text() == "You: 3 of 4."
    page.get_by_role("button", name="Play again").click()
    assert entries(page)["kept"][ANSWERS] == kept


# --- the journal ---------------------------------------------------------------------------------


def test_a_journal_saved_by_the_browser_is_read_by_python_and_the_other_way_round(
    opened, tmp_path, monkeypatch, capsys
):
    page = opened("learn/book.html")
    guess(page, 0, "7")
    answer(exercise(page, "13-a"), "64")
    place(page, "vote").get_by_label("audit").check()
    place(page, "vote").get_by_role("button", name="Keep").click()
    page = opened("journal/index.html")
    page.get_by_label("A name or a code").fill("owl 7")
    with page.expect_download() as waiting:
        page.get_by_role("button", name="Save a copy").click()
    file = tmp_path / waiting.value.suggested_filename
    waiting.value.save_as(file)
    assert file.name == "lab-journal-owl-7.json" and "owl" not in file.read_text("utf-8")
    monkeypatch.setenv("LABKIT_JOURNAL", str(tmp_path / "mine.json"))
    journal.keep("own", 3)
    journal.restore(file)
    assert "Took 3 of the 3 entries" in " ".join(capsys.readouterr().out.split())
    assert journal.read()["attempts"]["13-a"] == entries(page)["attempts"]["13-a"]
    (handed,) = folder_of_a_class(file)
    assert handed.name == "owl-7" and handed.entries == entries(page)
    page.get_by_label("A file that you saved").set_input_files(tmp_path / "mine.json")
    told = page.get_by_text("Took 1 of the 4 entries of mine.json into your journal")
    told.wait_for()
    assert "Already in your journal, just the same: 3." in told.inner_text()
    assert entries(page)["kept"]["own"] == journal.read()["kept"]["own"]


def folder_of_a_class(file: Path) -> list[Any]:
    inbox = file.with_name("class")
    inbox.mkdir()
    (inbox / file.name).write_bytes(file.read_bytes())
    found = read_folder(inbox)
    assert not found.passed
    return found.journals


def test_a_file_that_is_no_journal_changes_nothing(opened, tmp_path):
    page = opened("journal/index.html")
    for content, says in {
        "name,mark": "is not a journal that was saved by this lab",
        '{"version": 9, "entries": []}': "was saved by a newer version of the lab",
        '{"version": 1, "predictions": {"a"': "is a journal that is not whole",
    }.items():
        file = tmp_path / "odd.json"
        file.write_text(content)
        page.get_by_label("A file that you saved").set_input_files(file)
        page.get_by_text(says).wait_for()
    assert page.get_by_text("Your journal is empty.").is_visible()


def test_the_journal_leads_to_its_notebooks_and_reads_as_a_list_on_a_phone(watch, folder):
    page = watch(320, offline=True).page
    page.goto((folder / "journal/index.html").as_uri())
    page.wait_for_function("window.labJournal")
    page.evaluate("labJournal.attempt('13-a', { answer: 28, right: true })")
    page.evaluate("labJournal.keep('05-protocol', { a: 1 })")
    table = page.locator(".ask-list")
    assert table.evaluate("(box) => box.scrollWidth <= box.clientWidth")
    (first, second) = table.locator("tbody tr").all()
    assert second.get_by_role("link").get_attribute("href").startswith("../learn/13_")
    assert catalogue.find("13-a").question[:40] in second.inner_text()
    assert "notebook 05" in first.inner_text()
    labels = table.locator("td").evaluate_all(
        "(all) => all.map((td) => [td.textContent, getComputedStyle(td, '::before').content])"
    )
    for text, label in labels:
        assert label == "none" if not text else re.fullmatch(r'"[a-z]+" ?": "|"[a-z]+: "', label)


def test_what_is_said_of_a_file_stands_right_under_its_button(opened, tmp_path):
    page = opened("journal/index.html")
    file = tmp_path / "odd.json"
    file.write_text("name,mark")
    button = page.get_by_label("A file that you saved")
    button.set_input_files(file)
    told = page.get_by_text("is not a journal that was saved by this lab")
    told.wait_for()
    gap = told.bounding_box()["y"] - button.bounding_box()["y"]
    assert 0 < gap < 120
    page.get_by_role("button", name="Save a copy").click()
    told.wait_for(state="detached")


def test_everything_is_deleted_after_a_question(opened):
    page = opened("learn/book.html")
    guess(page, 0, "7")
    page = opened("journal/index.html")
    assert page.get_by_role("row", name="03-default").is_visible()
    page.get_by_role("button", name="Delete everything").press("Enter")
    assert page.evaluate("document.activeElement.textContent") == "Keep everything"
    page.keyboard.press("Enter")
    assert entries(page)["predictions"]
    page.get_by_role("button", name="Delete everything").click()
    page.get_by_role("button", name="Delete", exact=True).click()
    page.get_by_text("was deleted from this browser").wait_for()
    assert entries(page)["predictions"] == {} and page.evaluate("localStorage.length") == 0


def test_two_open_pages_do_not_lose_each_others_entries(opened):
    one = opened("learn/book.html")
    other = opened("learn/exercises.html", new=True)
    guess(one, 0, "7")
    answer(exercise(other, "13-a"), "28")
    guess(one, 1, "50")
    assert set(entries(other)["predictions"]) == {"03-default", "01-ballot-a"}
    assert entries(one)["attempts"]["13-a"]["tries"][0]["right"]
    one.get_by_text("That makes 28 pairs.").wait_for()


def test_where_storage_is_refused_the_page_works_and_says_so_once(watch, folder):
    page = watch(360, offline=True).page
    page.add_init_script(
        "Object.defineProperty(window, 'localStorage', { get() { throw new DOMException('no') } })"
    )
    page.goto((folder / "learn/book.html").as_uri())
    assert page.get_by_text("This browser keeps nothing for this page").count() == 1
    guess(page, 0, "7")
    assert page.get_by_text("all of it").is_visible()
    assert page.get_by_text("This browser keeps nothing for this page").count() == 1


def test_without_javascript_the_page_reads_on(browser, folder):
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto((folder / "learn/book.html").as_uri())
    assert page.get_by_text("all of it").is_visible()
    assert page.get_by_text("What was measured").first.is_visible()
    assert page.get_by_text("This comes when exercise 13-a").is_visible()
    assert not page.locator(".ask input, .ask button").count()
    context.close()


@pytest.mark.parametrize("at", ["learn/book.html", "learn/exercises.html", "journal/index.html"])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_a_narrow_page_scrolls_down_only(watch, folder, at, scheme, shots):
    page = watch(320, scheme, offline=True).page
    page.goto((folder / at).as_uri())
    page.wait_for_function("window.labJournal")
    assert page.evaluate("document.documentElement.scrollWidth") <= 320
    page.screenshot(path=shots / f"asked-{Path(at).stem}-{scheme}.png", full_page=True)

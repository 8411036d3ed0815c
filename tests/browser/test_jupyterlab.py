"""Every notebook in JupyterLab, in a real browser: run from top to bottom, its explorer worked.

What the sources give today (or a copy of the folder that LABKIT_NOTEBOOKS names) is opened, so
nothing of a learner's is touched, and nothing that a learner wrote fails here.  Screenshots go to
the folder that LABKIT_SHOTS names.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from labkit.app import notebooks, update
from labkit.base.places import PROJECT
from labkit.views import explorers

from .test_site import labkits_own

NAMED = os.environ.get("LABKIT_NOTEBOOKS")
SOURCES = [] if NAMED else notebooks.sources(PROJECT)
NOTEBOOKS = (
    sorted(p.name for p in Path(NAMED).glob("*.ipynb"))
    if NAMED
    else [f"{path.stem}.ipynb" for path in SOURCES]
)
TOKEN = "for-this-test-only"
LONG = 600  # seconds; every wait is for an event, this only ends a test that hangs
CALL = re.compile(rf"explorers\.({'|'.join(explorers.ALL)})\(")
# JupyterLab shows errors as it shows warnings: what tells them apart is how they are written.
SHOWN = '.jp-Notebook [data-mime-type="application/vnd.jupyter.stderr"] pre'
ERROR = re.compile(r"^(Traceback |\w*Error\b.*Traceback |\w*Error: )", re.MULTILINE)
# What JupyterLab says by itself, each by its name: everything else is ours.
OF_JUPYTERLAB: tuple[re.Pattern[str], ...] = ()
SETTINGS = {
    # Cells out of sight are taken out of the page otherwise, and could not be looked at.
    "@jupyterlab/notebook-extension/tracker": {"windowingMode": "none"},
    # No question about news in front of the notebook, and nothing asked of the network.
    "@jupyterlab/apputils-extension/notification": {
        "fetchNews": "false",
        "checkForUpdates": False,
    },
}

pytestmark = pytest.mark.slow


def free_port() -> int:
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        return s.getsockname()[1]


def notebook(*cells: str) -> str:
    """A notebook of these code cells, as a file."""
    listed = [
        {
            "cell_type": "code",
            "id": f"cell-{k}",
            "metadata": {},
            "source": source,
            "outputs": [],
            "execution_count": None,
        }
        for k, source in enumerate(cells)
    ]
    kernel = {"kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"}}
    return json.dumps({"cells": listed, "metadata": kernel, "nbformat": 4, "nbformat_minor": 5})


@pytest.fixture(scope="module")
def lab(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, Path]]:
    """Address of a JupyterLab that serves a copy of the notebooks, and the copy's folder."""
    home = tmp_path_factory.mktemp("lab")
    work = home / "work"
    if NAMED:
        shutil.copytree(NAMED, work)
    work.mkdir(exist_ok=True)
    for path in SOURCES:
        made = notebooks.build(path, "open", work, PROJECT)
        (work / f"{path.stem}.ipynb").write_bytes(made)
    for name, values in SETTINGS.items():
        file = home / "settings" / f"{name}.jupyterlab-settings"
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(json.dumps(values))
    port = free_port()
    environment = os.environ | {
        "JUPYTERLAB_SETTINGS_DIR": str(home / "settings"),
        "JUPYTERLAB_WORKSPACES_DIR": str(home / "workspaces"),
        "JUPYTER_CONFIG_DIR": str(home / "config"),
        "JUPYTER_RUNTIME_DIR": str(home / "runtime"),
        "IPYTHONDIR": str(home / "ipython"),
        "LABKIT_JOURNAL": str(home / "journal.json"),
        "LABKIT_DATA": os.environ.get("LABKIT_DATA", str(PROJECT / "data")),
        "OMP_NUM_THREADS": "1",
    }
    command = [sys.executable, "-m", "jupyterlab", "--no-browser", "--allow-root"]
    options = [
        f"--ServerApp.port={port}",
        "--ServerApp.port_retries=0",
        "--ServerApp.ip=127.0.0.1",
        f"--IdentityProvider.token={TOKEN}",
        f"--ServerApp.root_dir={work}",
    ]
    log = (home / "lab.log").open("wb")
    server = subprocess.Popen([*command, *options], env=environment, stdout=log, stderr=log)
    try:
        wait_for(server, port, home / "lab.log")
        yield f"http://127.0.0.1:{port}", work
    finally:
        server.terminate()
        try:
            server.wait(LONG)
        finally:
            server.kill()
            log.close()


def until(happened: Callable[[], bool]) -> bool:
    """Look again and again until something has happened; whether it did."""
    limit = time.monotonic() + LONG
    while time.monotonic() < limit:
        if happened():
            return True
        time.sleep(0.1)
    return False


def wait_for(server: subprocess.Popen, port: int, log: Path) -> None:
    """Until the server answers, or has ended."""

    def answers() -> bool:
        address = f"http://127.0.0.1:{port}/api?token={TOKEN}"
        try:
            urllib.request.urlopen(address, timeout=LONG).close()
        except OSError:
            return server.poll() is not None
        return True

    if not until(answers) or server.poll() is not None:
        pytest.fail(f"JupyterLab did not start:\n{log.read_text(errors='replace')[-3000:]}")


class Opened:
    """A notebook on the screen."""

    def __init__(self, browser, address: str, name: str) -> None:
        self.address = address
        self.outside: list[str] = []
        self.wrong: list[str] = []  # errors on the console, and requests that failed
        self.context = browser.new_context(viewport={"width": 1280, "height": 1500})
        self.page = self.context.new_page()
        self.page.set_default_timeout(LONG * 1000)
        self.page.on("request", self._asked)
        self.page.on("response", self._answered)
        self.page.on("requestfailed", self._failed)
        self.page.on("console", self._said)
        self.page.on("pageerror", lambda error: self._note(f"uncaught: {error}"))
        self.page.goto(f"{address}/lab/tree/{name}?token={TOKEN}&reset")
        self.page.wait_for_selector(".jp-Notebook .jp-CodeCell")
        self._wait_for_kernel()

    def _wait_for_kernel(self) -> None:
        """The page says "idle" before it has a kernel, too, and then asks which one to run on."""

        def idle() -> bool:
            kernels = [session["kernel"] for session in self._sessions()]
            return any(k["connections"] and k["execution_state"] == "idle" for k in kernels)

        assert until(idle), "the notebook got no kernel"
        self.page.wait_for_selector(".jp-NotebookPanel [data-status=idle]", state="attached")

    def _sessions(self) -> list[dict]:
        listing = f"{self.address}/api/sessions?token={TOKEN}"
        with urllib.request.urlopen(listing, timeout=LONG) as answer:
            return json.load(answer)

    def _asked(self, request) -> None:
        if not request.url.startswith((self.address, "data:", "blob:")):
            self.outside.append(request.url)

    def _note(self, text: str) -> None:
        if not any(own.search(text) for own in OF_JUPYTERLAB):
            self.wrong.append(text[:600])

    def _answered(self, response) -> None:
        if response.status >= 400:
            self._note(f"{response.status} {response.url}")

    def _failed(self, request) -> None:
        self._note(f"{request.failure} {request.url}")

    def _said(self, message) -> None:
        if message.type == "error":
            self._note(f"console: {message.text} {message.location.get('url', '')}")

    def run_all(self) -> None:
        """Run all, and wait for the last; a folded set-up has no text in the page."""
        self.page.locator(".lm-MenuBar-item", has_text="Run").first.click()
        self.page.locator(".lm-Menu-item", has_text="Run All Cells").first.click()
        self.page.wait_for_function(
            """([shown, errors]) => {
              const cells = [...document.querySelectorAll(".jp-Notebook .jp-CodeCell")]
                .filter((c) => c.querySelector(".cm-content")?.textContent.trim());
              const prompts = cells.map((c) => c.querySelector(".jp-InputPrompt").textContent);
              const failed = [...document.querySelectorAll(shown)]
                .some((e) => new RegExp(errors, "m").test(e.textContent));
              const busy = prompts.some((p) => p.includes("*"));
              return cells.length > 0 && !busy && (failed || prompts.every((p) => /[0-9]/.test(p)));
            }""",
            arg=[SHOWN, ERROR.pattern],
            timeout=LONG * 1000,
        )

    def save(self) -> None:
        """Save, and wait until the file has changed and the page says so."""
        self.page.locator(".lm-MenuBar-item", has_text="File").first.click()
        self.page.locator('.lm-Menu-item[data-command="docmanager:save"]').click()
        self.page.wait_for_selector(".jp-mod-dirty", state="detached")

    def errors(self) -> list[str]:
        texts = self.page.locator(SHOWN).all_inner_texts()
        return [text[-600:] for text in texts if ERROR.search(text)]

    def shoot(self, folder: Path, name: str) -> None:
        self.page.screenshot(path=folder / f"{name}.png")
        for k, explorer in enumerate(self.page.locator(".jp-Notebook .lx").all()):
            explorer.scroll_into_view_if_needed()
            explorer.screenshot(path=folder / f"{name}-explorer-{k}.png")

    def close(self) -> None:
        """Leave the page and end its kernel: two of them do not fit every computer."""
        self.context.close()
        for session in self._sessions():
            there = f"{self.address}/api/sessions/{session['id']}?token={TOKEN}"
            urllib.request.urlopen(urllib.request.Request(there, method="DELETE"), timeout=LONG)


@pytest.fixture
def opened(browser, lab) -> Iterator:
    """Opens a notebook by name; closes it and its kernel afterwards."""
    address, _ = lab
    all_: list[Opened] = []

    def go(name: str) -> Opened:
        all_.append(Opened(browser, address, name))
        return all_[-1]

    yield go
    for one in all_:
        one.close()


def expected(path: Path) -> int:
    """How many explorers a notebook makes."""
    cells = json.loads(path.read_text("utf-8"))["cells"]
    code = "".join("".join(c["source"]) + "\n" for c in cells if c["cell_type"] == "code")
    return len(CALL.findall(code))


# ---- the notebooks ------------------------------------------------------------------------------


def test_what_jupyterlab_does_by_opening_and_saving_is_not_taken_for_the_learners(opened, lab):
    """An update must keep what somebody wrote, and only that: JupyterLab writes stamps by itself.

    The file is changed, saved, and changed back, so that it is written twice.
    """
    path = lab[1] / "00_start_here.ipynb"
    made = notebooks.build(notebooks.sources(PROJECT)[0], "open", lab[1], PROJECT)
    path.write_bytes(made)
    one = opened(path.name)
    text = one.page.locator(".jp-Notebook .jp-CodeCell .cm-content").first
    for key, theirs in (("x", True), ("Backspace", False)):
        text.click()
        one.page.keyboard.press("Control+End")
        one.page.keyboard.press(key)
        one.page.wait_for_selector(".jp-mod-dirty", state="attached")
        one.save()
        assert until(lambda theirs=theirs: update.is_theirs(path.read_bytes(), path.stem) is theirs)
    assert path.read_bytes() != made and update.mark_of(path.read_bytes()) == update.mark_of(made)


@pytest.mark.parametrize("name", NOTEBOOKS)
def test_notebook_runs_and_its_explorer_answers(opened, lab, shots, name: str) -> None:
    one = opened(name)
    one.run_all()
    one.shoot(shots, f"lab-{Path(name).stem}")
    assert not one.errors()
    assert not one.outside
    assert not one.wrong
    views = one.page.locator(".jp-Notebook .lx")
    assert views.count() == expected(lab[1] / name)
    for view in views.all():
        view.scroll_into_view_if_needed()
        assert view.is_visible() and view.bounding_box()["height"] > 150
        assert view.locator("[data-lx=live]").text_content().strip()  # it may be folded
        assert view.evaluate("(e) => e.scrollWidth <= e.clientWidth + 1")
    if name.startswith("03"):
        slider = one.page.locator(".jp-Notebook .lx input[type=range]").first
        live = one.page.locator(".jp-Notebook .lx [data-lx=live]").first
        before = live.inner_text()
        slider.focus()
        one.page.keyboard.press("ArrowRight")
        assert live.inner_text() != before
        labkits_own(live.inner_text())
        one.page.screenshot(path=shots / "lab-03-slider-moved.png")


# ---- the harness itself, and what only JupyterLab can show ---------------------------------------

MAKE = """import numpy as np
from labkit.views import explorers
from labkit.measure.scores import all_pairs
people = np.repeat(np.arange(60), 3)
rng = np.random.default_rng(0)
pairs = all_pairs(rng.normal(size=(60, 5))[people] + 0.5 * rng.normal(size=(180, 5)), people)
band = np.where(people % 2, "lighter", "darker")
grey = np.full((40, 40, 3), 128, np.uint8)"""


def test_an_error_in_a_notebook_is_seen(opened, lab) -> None:
    (lab[1] / "broken.ipynb").write_text(notebook("1 + 1", "raise ValueError('on purpose')", "2"))
    one = opened("broken.ipynb")
    one.run_all()
    assert "on purpose" in one.errors()[0]


def test_what_fails_on_the_page_of_a_notebook_is_seen(opened, lab) -> None:
    shown = '<img src="/files/nothing.png" onerror="console.error(`on purpose`)">'
    code = "from IPython.display import Javascript, HTML\nJavascript('console.error(`said`)')"
    (lab[1] / "failing.ipynb").write_text(notebook(code, f"HTML({shown!r})"))
    one = opened("failing.ipynb")
    one.run_all()
    assert not one.errors()
    assert until(lambda: one.page.evaluate("1") and len(one.wrong) >= 2)
    assert any("said" in text for text in one.wrong)
    assert any("nothing.png" in text for text in one.wrong)


def test_all_four_explorers_in_jupyterlab(opened, lab, shots) -> None:
    cells = (
        MAKE,
        "view = explorers.threshold(pairs)\nview",
        "explorers.redraw(pairs, -0.8, sizes=(20, 40))",
        "explorers.groups({'one': pairs}, {'band': band})",
        "play = explorers.game([(grey, grey)] * 4, [True, False, True, True])\nplay",
    )
    (lab[1] / "four.ipynb").write_text(notebook(*cells, "print(play.answers, view.step)"))
    one = opened("four.ipynb")
    one.run_all()
    assert not one.errors() and not one.outside
    page, views = one.page, one.page.locator(".jp-Notebook .lx")
    assert views.count() == 4

    views.first.locator("input[type=range]").focus()
    page.keyboard.press("Home")
    for _ in range(5):
        page.keyboard.press("ArrowRight")

    # In a notebook D D deletes a cell and S saves: inside the game they must do neither.
    same = views.nth(3).get_by_role("button", name="Same person")
    same.focus()
    for key in "ddsd":
        page.keyboard.press(key)
    assert "You 2 of 4" in views.nth(3).inner_text()
    assert page.locator(".jp-Notebook .jp-CodeCell").count() == len(cells) + 1
    one.shoot(shots, "lab-four")

    last = page.locator(".jp-Notebook .jp-CodeCell").last
    last.locator(".cm-content").click()
    page.keyboard.press("Control+Enter")
    text = "['different', 'different', 'same', 'different'] 5"
    last.locator(".jp-OutputArea-output", has_text=text).wait_for()


GAME = "play = explorers.game([(grey, grey)] * 40, [True] * 40)\nplay"


def test_the_games_keys_never_reach_jupyterlab(opened, lab) -> None:
    """Finding: a click on a picture, or Shift+Enter, and then D D deleted a cell."""
    (lab[1] / "keys.ipynb").write_text(notebook(MAKE, GAME, "play.answers", "1 + 1"))
    one = opened("keys.ipynb")
    page, cells = one.page, one.page.locator(".jp-Notebook .jp-CodeCell")
    cells.nth(0).locator(".cm-content").click()
    page.keyboard.press("Shift+Enter")
    page.keyboard.press("Shift+Enter")  # and the next cell is the active one, as for a learner
    game = page.locator(".jp-Notebook .lx")
    game.wait_for()
    page.wait_for_function("document.querySelector('.lx').contains(document.activeElement)")

    def press_two(answered: int) -> None:
        page.keyboard.press("d")
        page.keyboard.press("d")
        assert game.locator("[data-lx=progress]").inner_text() == f"Pair {answered + 1} of 40"
        assert cells.count() == 4, "D D deleted a cell"

    press_two(2)
    places = ["img >> nth=0", "[data-lx=progress]", "[data-lx=live]", "progress", ".lx-note"]
    for n, place in enumerate(places):
        cells.nth(2).locator(".cm-content").click()
        game.locator(place).click()
        press_two(4 + 2 * n)
    back, again = (game.get_by_role("button", name=name) for name in ("One pair back", "Start"))
    back.click()
    back.click()
    press_two(4 + 2 * n)
    again.click()
    press_two(2)
    back.click()
    back.click()  # and now there is nothing to go back to
    assert back.is_disabled()
    box = back.bounding_box()
    page.mouse.click(box["x"] + 5, box["y"] + 5)
    press_two(2)
    for _ in range(38):
        page.keyboard.press("s")
    assert "You 38 of 40" in game.inner_text()
    for key in "dxdsz":  # the game has ended: its keys do nothing, and nothing to the notebook
        page.keyboard.press(key)
    assert cells.count() == 4 and "You 38 of 40" in game.inner_text()


DEEDS = "done = globals().get('done', 0) + 1\nprint('deeds', done)"


def test_keys_that_go_on_and_save_work_from_inside_an_explorer(opened, lab) -> None:
    """Findings: Shift+Enter in the game was an answer, and nothing after the last pair; Ctrl+S with
    the focus in a game or on a slider saved nothing."""
    file = lab[1] / "onward.ipynb"
    play = "play = explorers.game([(grey, grey)] * 2, [True, False])\nplay"
    file.write_text(notebook(MAKE, play, DEEDS, "explorers.threshold(pairs)", "1 + 1"))
    one = opened("onward.ipynb")
    one.run_all()
    page, cells = one.page, one.page.locator(".jp-Notebook .jp-CodeCell")
    game = page.locator(".jp-Notebook .lx").first

    def deeds(n: int) -> None:
        cells.nth(2).locator(".jp-OutputArea-output", has_text=f"deeds {n}").wait_for()

    deeds(1)
    same = game.get_by_role("button", name="Same person")
    for n, key in ((2, "Shift+Enter"), (3, "Control+Enter")):
        game.locator("[data-lx=progress]").click()
        same.focus()
        page.keyboard.press(key)
        deeds(n)
        assert game.locator("[data-lx=progress]").inner_text() == "Pair 1 of 2", key
    same.click()
    same.click()
    game.get_by_role("button", name="Play again").wait_for()
    page.wait_for_function(
        "() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame("
        "() => done(document.querySelector('.jp-Notebook .lx').contains(document.activeElement)))))"
    )
    page.keyboard.press("Shift+Enter")
    deeds(4)
    assert "You 1 of 2" in game.inner_text(), "the game's own cell did not run again"
    for focus in (game.get_by_role("button", name="One pair back"), page.locator(".lx-on-axis")):
        focus.focus()
        page.wait_for_selector(".jp-mod-dirty", state="attached")
        before = file.stat().st_mtime_ns
        page.keyboard.press("Control+s")
        page.wait_for_selector(".jp-mod-dirty", state="detached")
        assert file.stat().st_mtime_ns > before
        focus.press("Shift+Enter")  # runs a cell, so that there is something to save again


def test_the_game_takes_no_focus_from_who_is_writing(opened, lab) -> None:
    code = f"import time\nfor _ in range(40): time.sleep(0.05)\n{GAME}"
    (lab[1] / "writing.ipynb").write_text(notebook(MAKE, code, "# here"))
    one = opened("writing.ipynb")
    page, cells = one.page, one.page.locator(".jp-Notebook .jp-CodeCell")
    cells.nth(0).locator(".cm-content").click()
    page.keyboard.press("Shift+Enter")
    page.keyboard.press("Shift+Enter")
    cells.nth(2).locator(".cm-content").click()
    page.locator(".jp-Notebook .lx").wait_for()
    page.keyboard.type("sd")
    assert "sd" in cells.nth(2).locator(".cm-content").inner_text()


STILL, DEAD = ".lx-still:visible", "text=Error displaying widget >> visible=true"


def test_a_notebook_opened_again_shows_what_its_explorers_showed(opened, lab, shots) -> None:
    """Finding: each of them had become "Error displaying widget: model not found"."""
    made = (
        "explorers.threshold(pairs)",
        "explorers.redraw(pairs, -0.8, sizes=(20, 40))",
        "display(explorers.groups({'one': pairs}, {'band': band}))",
        "explorers.game([(grey, grey)] * 4, [True, False, True, True])",
    )
    file = lab[1] / "still.ipynb"
    file.write_text(notebook(MAKE, *made))
    one = opened("still.ipynb")
    one.run_all()
    alive = one.page.locator(".jp-Notebook .lx")
    alive.nth(3).wait_for()
    assert alive.count() == 4 and one.page.locator(STILL).count() == 0
    one.save()
    one.close()

    two = opened("still.ipynb")
    two.page.locator(STILL).nth(3).wait_for()
    assert two.page.locator(STILL).count() == 4
    two.page.locator("text=model not found").nth(3).wait_for(state="attached")
    assert two.page.locator(DEAD).count() == 0
    two.shoot(shots, "lab-still")
    for still in two.page.locator(STILL).all():
        assert still.inner_text().count("Run > Run All Cells") == 1
    two.run_all()
    two.page.locator(".jp-Notebook .lx").nth(3).wait_for()
    assert two.page.locator(STILL).count() == 0
    two.close()

    # A copy that this computer did not run: not trusted, so that no widget is shown at all.
    (lab[1] / "copy.ipynb").write_text(file.read_text().replace("128, np", "129, np"))
    three = opened("copy.ipynb")
    tables = three.page.locator(".jp-OutputArea-output table")
    tables.nth(2).wait_for()
    assert tables.count() == 3 and three.page.locator(DEAD).count() == 0
    text = three.page.locator(".jp-Notebook").inner_text()
    assert text.count("Run > Run All Cells") == 4 and "0x" not in text


def test_explorers_in_the_dark_theme(opened, lab, shots) -> None:
    (lab[1] / "dark.ipynb").write_text(notebook(MAKE, "explorers.threshold(pairs)"))
    one = opened("dark.ipynb")
    one.page.locator(".lm-MenuBar-item", has_text="Settings").first.click()
    one.page.locator(".lm-Menu-item", has_text="Theme").first.hover()
    one.page.locator(".lm-Menu-item", has_text="JupyterLab Dark").first.click()
    one.page.wait_for_selector('body[data-jp-theme-light="false"]', state="attached")
    one.run_all()
    view = one.page.locator(".jp-Notebook .lx").first
    paper, ink = view.evaluate(
        "(e) => [getComputedStyle(e).backgroundColor, getComputedStyle(e).color]"
    )
    one.shoot(shots, "lab-dark")
    assert paper == "rgb(17, 17, 17)"
    assert re.match(r"rgba?\(255, 255, 255", ink)

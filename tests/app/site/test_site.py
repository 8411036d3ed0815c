"""The command that makes the site: what it refuses, where it goes on, what it leaves alone."""

from __future__ import annotations

import os
import re
import select
import signal
import subprocess
import sys
import types
from collections.abc import Callable, Iterator
from pathlib import Path

import nbformat
import pytest

from labkit.app import command, site
from labkit.app.products import Product, mark_of, put
from labkit.app.site import frame, runs, scripts
from labkit.base.places import PROJECT

PARTS = ("scripts", "trial")
PATIENCE = 300  # seconds, for what takes two


@pytest.fixture
def trial(monkeypatch: pytest.MonkeyPatch) -> types.SimpleNamespace:
    """A part of the site with three pages that can be changed, and those that were made."""
    state = types.SimpleNamespace(
        texts={
            "index.html": "<p>first</p>\n",
            "learn/03_a.html": "a\n",
            "record/index.html": "r\n",
        },
        made=[],
        beside={},
    )

    def content(name: str):
        state.made.append(name)
        text = state.texts[name]
        if isinstance(text, BaseException):
            raise text
        return {**state.beside[name], name: text} if name in state.beside else text

    def products(_site: frame.Site) -> Iterator[Product]:
        for name, text in state.texts.items():
            rests_on = f"{name} {text}".encode()
            yield Product(name, name, rests_on, lambda name=name: content(name))

    module = types.ModuleType("labkit.app.site.trial")
    module.products = products
    monkeypatch.setitem(sys.modules, "labkit.app.site.trial", module)
    return state


def make(out: Path, **options) -> list[str]:
    written = site.make(out, quiet=True, say=lambda text: None, parts=PARTS, **options)
    return [path.relative_to(out).as_posix() for path in written]


def test_everything_is_made_once_and_kept_until_it_changes(trial, tmp_path: Path) -> None:
    first = make(tmp_path / "site")
    assert {"index.html", "learn/03_a.html", scripts.SHEET, scripts.SCRIPT} <= set(first)
    assert first[-1] == "index.html"
    assert make(tmp_path / "site") == []
    trial.texts["learn/03_a.html"] = "b\n"
    assert make(tmp_path / "site") == ["learn/03_a.html"]
    assert (tmp_path / "site/learn/03_a.html").read_text("utf-8").startswith("b\n<!-- made from ")


def test_a_site_that_was_interrupted_goes_on_where_it_stopped(trial, tmp_path: Path) -> None:
    out = tmp_path / "site"
    trial.texts["record/index.html"] = KeyboardInterrupt()
    with pytest.raises(KeyboardInterrupt):
        make(out)
    there = {path for path in out.rglob("*") if path.is_file()}
    assert all(mark_of(path) for path in there)
    assert not (out / "record/index.html").exists()
    trial.texts["record/index.html"] = "r\n"
    trial.made.clear()
    make(out)
    assert trial.made == ["record/index.html", "index.html"]


def test_a_page_that_was_cut_short_is_not_taken_for_a_page(trial, tmp_path: Path) -> None:
    out = tmp_path / "site"
    make(out)
    page = out / "learn/03_a.html"
    page.write_bytes(page.read_bytes()[:-5])
    with pytest.raises(ValueError, match=r"learn/03_a\.html was not made by this command"):
        make(out)


def test_pictures_that_went_are_made_again_and_those_that_nobody_shows_go(
    trial, tmp_path: Path
) -> None:
    out, picture = tmp_path / "site", f"{site.PICTURES}/0123456789abcdef.webp"
    trial.texts["learn/03_a.html"] = '<img src="../assets/pictures/0123456789abcdef.webp">\n'
    trial.beside = {"learn/03_a.html": {picture: b"webp"}}
    make(out)
    assert (out / picture).read_bytes() == b"webp"
    (out / picture).unlink()
    assert set(make(out)) == {picture}
    (out / site.PICTURES / "fedcba9876543210.webp").write_bytes(b"old")
    make(out)
    assert not (out / site.PICTURES / "fedcba9876543210.webp").exists()


def test_what_the_site_has_no_more_is_removed_and_what_is_not_ours_stays(
    trial, tmp_path: Path
) -> None:
    out = tmp_path / "site"
    make(out)
    (out / "learn/mine.html").write_text("mine", encoding="utf-8")
    (out / "notes.txt").write_text("mine", encoding="utf-8")
    del trial.texts["learn/03_a.html"]
    make(out)
    assert not (out / "learn/03_a.html").exists()
    assert (out / "learn/mine.html").exists()
    assert (out / "notes.txt").exists()


@pytest.mark.parametrize(
    ("only", "pages"),
    [
        ("learn/03", {"learn/03_a.html"}),
        ("03", {"learn/03_a.html"}),
        ("record", {"record/index.html"}),
        ("index", {"index.html"}),
        ("index.html", {"index.html"}),
    ],
)
def test_only_some_pages_are_made_with_what_they_load(
    trial, tmp_path: Path, only: str, pages: set[str]
) -> None:
    written = make(tmp_path / "site", only=[only])
    assert {name for name in written if not name.startswith("assets/")} == pages
    assert scripts.SHEET in written


def test_a_page_that_is_not_there_is_named_with_those_that_are(trial, tmp_path: Path) -> None:
    with pytest.raises(ValueError, match=r"no page 'audits'.*learn, record"):
        make(tmp_path / "site", only=["audits"])


@pytest.mark.parametrize(
    ("place", "words"),
    [
        (lambda tmp: PROJECT, "inside the lab's folder"),
        (lambda tmp: PROJECT / "build" / "here", "inside the lab's folder"),
        (lambda tmp: file_in(tmp), "is a file"),
        (lambda tmp: file_in(tmp) / "below", "cannot be written to"),
    ],
)
def test_a_folder_that_cannot_be_used_is_refused_in_one_sentence(
    trial, tmp_path: Path, place: Callable[[Path], Path], words: str
) -> None:
    with pytest.raises((ValueError, OSError), match=words) as error:
        make(place(tmp_path))
    assert "\n" not in str(error.value)
    assert trial.made == []


def file_in(folder: Path) -> Path:
    path = folder / "file"
    path.write_text("mine", encoding="utf-8")
    return path


@pytest.mark.skipif(
    not hasattr(os, "geteuid") or os.geteuid() == 0, reason="to root every folder is open"
)
def test_a_folder_that_is_closed_is_refused(trial, tmp_path: Path) -> None:
    closed = tmp_path / "closed"
    closed.mkdir(mode=0o500)
    with pytest.raises(OSError, match="cannot be written to"):
        make(closed)


def test_a_file_of_somebody_else_is_not_written_over(trial, tmp_path: Path) -> None:
    (tmp_path / "index.html").write_text("mine", encoding="utf-8")
    with pytest.raises(ValueError, match=r"index\.html was not made by this command"):
        make(tmp_path)
    assert (tmp_path / "index.html").read_text("utf-8") == "mine"
    assert trial.made == []


def test_a_site_that_would_be_too_large_stops_before_it_is(
    trial, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    make(tmp_path / "site", only=["index"])
    now = site.size_of(tmp_path / "site")
    monkeypatch.setattr(site, "MOST", now + 50)
    with pytest.raises(RuntimeError, match=r"learn/03_a\.html the site would have .* MB"):
        make(tmp_path / "site")
    assert site.size_of(tmp_path / "site") == now


def test_a_first_page_that_loads_too_much_is_not_written(trial, tmp_path: Path) -> None:
    trial.texts["index.html"] = (
        '<link rel="stylesheet" href="assets/site.css"><img src="assets/pictures/'
        + "0" * 16
        + '.webp">'
    )
    trial.beside = {"index.html": {f"{site.PICTURES}/{'0' * 16}.webp": b"0" * site.MOST_FIRST}}
    with pytest.raises(RuntimeError, match=r"first page would have 6.. KB"):
        make(tmp_path / "site")
    assert not (tmp_path / "site/index.html").exists()


def test_a_language_that_the_lab_has_not_is_named_with_those_it_has(
    trial, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LANGUAGE", "fr")
    with pytest.raises(ValueError, match="no translation into 'xx': there are en"):
        make(tmp_path / "site", language="xx")
    assert os.environ["LANGUAGE"] == "fr"


def test_two_parts_cannot_make_the_same_page(trial, tmp_path: Path) -> None:
    trial.texts[scripts.SHEET] = "p {}"
    with pytest.raises(ValueError, match="made by two parts"):
        make(tmp_path / "site")


def test_the_command_says_what_was_wrong_in_one_line(
    tmp_path: Path, capsys: pytest.CaptureFixture
) -> None:
    assert command.main(["site", "--out", str(PROJECT)]) == 2
    heard = capsys.readouterr()
    assert re.fullmatch(r"labkit: .* is inside the lab's folder: .*\n", heard.err)


# ---- the frame ----------------------------------------------------------------------------------


@pytest.mark.parametrize("at", ["index.html", "learn/index.html", "learn/03_a.html"])
def test_every_link_of_the_frame_ends_in_a_file_and_is_right_from_each_folder(at: str) -> None:
    page = frame.Site(PROJECT, "en", b"").render(frame.HERE / "shell.html.j2", title="T", at=at)
    links = re.findall(r'(?:href|src)="([^"#][^"]*)"', page)
    inside = [link for link in links if not link.startswith("data:")]
    assert all(re.search(r"\.(html|css|js)$", link) for link in inside)
    known = {address for address, _ in frame.SECTIONS} | {
        "index.html",
        scripts.SHEET,
        scripts.SCRIPT,
    }
    folder = os.path.dirname(at)
    assert {os.path.normpath(os.path.join(folder, link)) for link in inside} == known
    assert page.count("aria-current") == 1


def test_nothing_that_a_page_shows_can_take_the_place_of_the_frame() -> None:
    page = frame.Site(PROJECT, "en", b"").render(
        frame.HERE / "shell.html.j2", title="T", at="a.html", name="x", first="y", sections=[]
    )
    assert page.count("A face-surveillance lab") == 2
    assert page.count("<li>") == len(frame.SECTIONS)


def test_the_frame_says_its_language_and_its_words(tmp_path: Path) -> None:
    site_ = frame.Site(PROJECT, "es", b"")
    page = site_.render(frame.HERE / "shell.html.j2", title="T", at="a.html", words={"x": "</p>"})
    assert '<html lang="es">' in page
    assert '<script type="application/json" id="words">{"x": "\\u003c/p\\u003e"}</script>' in page


# ---- products -----------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["a.html", "a.js", "a.css"])
def test_a_file_says_from_what_it_was_made(tmp_path: Path, name: str) -> None:
    product = Product(name, "", b"one", lambda: "x")
    assert not product.is_there(tmp_path)
    assert product.write(tmp_path) == [tmp_path / name]
    assert product.is_there(tmp_path)
    assert not Product(name, "", b"two", lambda: "x").is_there(tmp_path)


def test_bytes_without_a_mark_are_written_when_they_differ(tmp_path: Path) -> None:
    product = Product("a.bin", "", b"", lambda: b"\0\1")
    assert product.write(tmp_path) == [tmp_path / "a.bin"]
    assert (tmp_path / "a.bin").read_bytes() == b"\0\1"
    assert not product.is_there(tmp_path)
    assert put(product.content(), tmp_path) == []


# ---- notebooks that ran --------------------------------------------------------------------------


def test_a_run_rests_on_cells_and_code_but_not_on_how_pages_look() -> None:
    site_ = frame.Site(PROJECT, "en", b"")
    one = runs.of(site_, "00_start_here", "open")
    assert one.place.parent == PROJECT / "build" / "site"
    assert runs.of(frame.Site(PROJECT, "en", b"other pages"), one.name, "open").place == one.place
    assert runs.of(site_, one.name, "solved").place != one.place
    assert runs.of(frame.Site(PROJECT, "es", b""), one.name, "open").place != one.place


BUSY = """
import os, time
line = open(os.environ["LINE"], "w")
print(os.getpid(), file=line, flush=True)
time.sleep(3600)
"""

STOPPED = """
import signal
import sys
from pathlib import Path
from labkit.app.site import frame, runs
from labkit.base.places import PROJECT
# Whoever started the tests in the background has had this signal ignored for all that follows.
signal.signal(signal.SIGINT, signal.default_int_handler)
one = runs.Run("00_busy", "open", sys.argv[1], Path(sys.argv[2]))
try:
    runs.run(frame.Site(PROJECT, "en", b""), [one], print)
except KeyboardInterrupt:
    print("stopped")
"""


@pytest.mark.slow
@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="the kernel speaks through a named pipe")
def test_a_run_that_is_interrupted_ends_its_kernel_and_keeps_nothing(tmp_path: Path) -> None:
    line, kept = tmp_path / "line", tmp_path / "kept.json"
    os.mkfifo(line)
    heard = os.open(line, os.O_RDONLY | os.O_NONBLOCK)
    cell = nbformat.v4.new_code_cell(BUSY)
    book = nbformat.writes(nbformat.v4.new_notebook(cells=[cell]))
    words = [sys.executable, "-c", STOPPED, book, str(kept)]
    env = os.environ | {"LINE": str(line)}
    with subprocess.Popen(words, env=env, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as build:
        assert select.select([heard], [], [], PATIENCE)[0], "the kernel has not started"
        assert int(os.read(heard, 100)) > 0
        build.send_signal(signal.SIGINT)
        out, err = build.communicate(timeout=PATIENCE)
    assert out.decode().splitlines()[-1:] == ["stopped"], err.decode()
    assert b"Traceback" not in err, err.decode()
    assert not kept.exists()
    assert select.select([heard], [], [], PATIENCE)[0], "the kernel has not ended"
    assert os.read(heard, 100) == b""  # whoever held the other end is gone
    os.close(heard)


@pytest.mark.slow
def test_a_notebook_that_stops_is_named_in_one_sentence_and_ends_the_others(tmp_path: Path) -> None:
    def one(name: str, code: str) -> runs.Run:
        book = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(code)])
        return runs.Run(name, "open", nbformat.writes(book), tmp_path / f"{name}.json")

    both = [one("00_waits", "import time; time.sleep(3600)"), one("01_fails", "1 / 0")]
    with pytest.raises(RuntimeError, match=r"01_fails stopped.*ZeroDivisionError") as error:
        runs.run(frame.Site(PROJECT, "en", b""), both, lambda what: None)
    assert "\n" not in str(error.value)
    assert list(tmp_path.iterdir()) == []


def test_what_was_run_lies_where_git_does_not_look() -> None:
    ignored = (PROJECT / ".gitignore").read_text("utf-8").splitlines()
    assert f"{runs.KEPT.parts[0]}/" in ignored

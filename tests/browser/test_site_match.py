"""The page "Match two faces" in Chromium: opened from a file, with the network blocked.

What it computes is held against Python; a photograph of a real person is used for what a learner
may do with their own (skimage's ``astronaut``, NASA, in the public domain), never stored.
"""

from __future__ import annotations

import base64
import io
import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

from benchmarks import match as measuring
from labkit.app.site import match
from labkit.app.site.match import runtime, shown
from labkit.base import consent
from labkit.base.places import PROJECT
from labkit.matchers import SFaceMatcher
from labkit.measure.scores import similarity

from .conftest import Watched

RIGHT, LEFT = "1", "0"


@pytest.fixture(scope="session")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The page and what it loads.  No onnxruntime-web: a failure where CI=true, else a skip."""
    if runtime.find(PROJECT) is None:
        words = runtime.missing(match.AT)
        if os.environ.get("CI") == "true":
            pytest.fail(words)
        pytest.skip(words)
    made = tmp_path_factory.mktemp("site")
    measuring.made(made)
    return made


def open_page(watched: Watched, folder: Path) -> Any:
    watched.page.set_default_timeout(measuring.WAIT)
    measuring.ready(watched.page, folder / match.AT)
    return watched.page


@pytest.fixture(scope="module")
def shared(browser, folder: Path) -> Iterator[Watched]:
    """One page with the matcher in it: to bring it takes some seconds."""
    watched = Watched(browser, viewport={"width": 360, "height": 900}, offline=True)
    open_page(watched, folder)
    yield watched
    errors, outside = watched.errors, watched.outside()
    watched.context.close()
    assert not errors
    assert not outside


@pytest.fixture
def fresh(shared: Watched) -> Any:
    """That page, as it begins: the first pair, the lab's own threshold, no photograph."""
    page = shared.page
    page.evaluate("document.getElementById('forget').disabled = false")
    page.click("#forget")
    page.select_option("#case", "1")
    done(page, lambda: page.select_option("#case", "0"))
    page.click("#named button >> nth=0")
    page.evaluate("document.querySelector('#h-own ~ details').open = true")
    page.select_option("#own-side", RIGHT)
    page.asked = shared.asked
    return page


def done(page: Any, act: Callable[[], Any]) -> None:
    """Do something that compares anew, and wait until it has."""
    before = page.evaluate("document.body.dataset.compared")
    act()
    page.wait_for_function("before => document.body.dataset.compared !== before", arg=before)


# ---- the same numbers as in Python --------------------------------------------------------------


def test_fifty_pairs_come_out_as_in_python(shared: Watched) -> None:
    found = measuring.measured(shared.page)
    assert len(found.chip) == measuring.PAIRS
    assert found.chip.max() < measuring.NEAR_CHIP
    assert found.whole.max() < measuring.NEAR_WHOLE
    assert found.town.max() < measuring.NEAR_CHIP
    assert found.town_rounded.max() < measuring.NEAR_ROUNDED


def test_every_pair_on_the_page_is_as_python_says(shared: Watched) -> None:
    page = shared.page
    for k, row in enumerate(match.table(shown.shown())):
        done(page, lambda k=k: page.select_option("#case", str(k)))
        for by in row["by"]:
            if not page.is_checked(f"[name=matcher][value={by['name']}]"):
                done(page, lambda by=by: page.check(f"[name=matcher][value={by['name']}]"))
            said = float(page.inner_text("#similarity").split(": ")[1])
            near = measuring.NEAR_ROUNDED if by["name"] == "AnytownNet" else measuring.NEAR_CHIP
            assert said == pytest.approx(float(by["similarity"]), abs=near + 0.001)


def test_pairs_shown_as_errors_are_errors_at_the_labs_own_threshold() -> None:
    found = shown.shown()
    place = {photo.row: k for k, photo in enumerate(found.photos)}
    for case in found.cases:
        if case.kind == "ordinary":
            continue
        judged = found.judged[case.matcher]
        value = judged.similarities[place[case.first], place[case.second]]
        assert (value >= judged.own) == (case.kind == "false match")
    people = [{found.photos[place[r]].person for r in (c.first, c.second)} for c in found.cases]
    assert sum(map(len, people)) == len(set.union(*people)), "nobody is in two pairs"
    assert len(found.photos) == shown.EACH * len(set.union(*people))


# ---- from a file, with no network ---------------------------------------------------------------


def test_nothing_is_brought_before_it_is_asked_for_and_all_of_it_from_beside_the_page(
    watch: Callable, folder: Path
) -> None:
    watched = watch(1280, offline=True)
    watched.page.goto((folder / match.AT).as_uri())
    watched.page.wait_for_selector("#bring:enabled")
    before = list(watched.asked)
    assert not [url for url in before if "sface" in url or "ort" in url.rsplit("/", 1)[-1]]
    measuring.ready(watched.page, folder / match.AT)
    brought = [url for url in watched.asked if not url.startswith(("data:", "blob:"))]
    assert all(url.startswith(folder.as_uri()) for url in brought)
    assert any("sface" in url for url in brought)


def test_all_that_it_brings_is_small_enough(folder: Path) -> None:
    size = sum(path.stat().st_size for path in (folder / "match").iterdir())
    assert size < 40_000_000


def test_a_damaged_piece_is_told_in_one_sentence(
    watch: Callable, folder: Path, tmp_path: Path
) -> None:
    copy = tmp_path / "site"
    shutil.copytree(folder, copy)
    piece = copy / "match" / "yunet-0.js"
    text = piece.read_text("utf-8")
    piece.write_text(text.replace(text[100:108], "AAAAAAAA"), encoding="utf-8")
    page = watch(360, offline=True).page
    page.goto((copy / match.AT).as_uri())
    page.click("#bring")
    page.wait_for_selector("#bring:enabled")
    said = page.inner_text("#said")
    assert "yunet-0.js" in said and said.count(".") == 2, said
    assert page.is_hidden("#lab")


# ---- a threshold --------------------------------------------------------------------------------


def test_the_threshold_moves_by_keyboard_to_labkits_own_numbers(fresh: Any) -> None:
    judged = shown.shown().judged["SFace"]
    steps = [step.threshold for step in judged.steps]
    at = steps.index(judged.own)
    fresh.focus("#threshold")
    for key, move in (("ArrowRight", 1), ("ArrowLeft", 0), ("ArrowLeft", -1), ("Home", -at)):
        fresh.keyboard.press(key)
        step = judged.steps[at + move]
        shown_now = f"{step.threshold:.3f}"
        assert fresh.inner_text("#threshold-value") == shown_now
        assert fresh.get_attribute("#threshold", "aria-valuetext") == shown_now
        rates = fresh.inner_text("#rates")
        assert step.fmr.short() in rates and step.fnmr.short() in rates


def test_the_default_of_the_library_matches_nearly_everybody_and_says_so(fresh: Any) -> None:
    judged = shown.shown().judged["SFace"]
    fresh.click("#named button >> nth=1")
    at = next(step for step in judged.steps if step.threshold == judged.library)
    assert at.fmr.value > 0.9
    assert at.fmr.short(2) in fresh.inner_text("#threshold-means")
    assert "false match" in fresh.inner_text("#verdict")


# ---- a photograph of one's own ------------------------------------------------------------------


@pytest.fixture(scope="session")
def astronaut() -> np.ndarray:
    skimage_data = pytest.importorskip("skimage.data")
    return np.asarray(skimage_data.astronaut())


def stored(picture: np.ndarray, kind: str = "PNG", **options: Any) -> bytes:
    out = io.BytesIO()
    Image.fromarray(picture).save(out, kind, **options)
    return out.getvalue()


def agree(page: Any) -> None:
    for name in consent.QUESTIONS:
        page.select_option(f"#consent-{name}", "yes")


def give(page: Any, content: bytes, name: str = "photo.png") -> str:
    """Choose a file, and wait for what is said of it."""
    page.evaluate("document.getElementById('own-said').textContent = ''")
    page.set_input_files("#file", {"name": name, "mimeType": "image/png", "buffer": content})
    done_with = match.words.SAID["reading"]
    page.wait_for_function(
        "words => !['', words].includes(document.getElementById('own-said').textContent)",
        arg=done_with,
    )
    return page.inner_text("#own-said")


def drop(page: Any, content: bytes) -> None:
    page.evaluate(
        """text => {
          const bytes = Uint8Array.from(atob(text), (c) => c.charCodeAt(0));
          const carried = new DataTransfer();
          carried.items.add(new File([bytes], "photo.png", { type: "image/png" }));
          const event = new DragEvent("drop", { dataTransfer: carried, cancelable: true,
            bubbles: true });
          document.body.dispatchEvent(event);
        }""",
        base64.b64encode(content).decode(),
    )


def test_no_photograph_is_read_before_every_question_is_answered(
    fresh: Any, astronaut: np.ndarray
) -> None:
    assert fresh.is_disabled("#file")
    drop(fresh, stored(astronaut))
    first = match._question(next(iter(consent.QUESTIONS)))
    assert fresh.inner_text("#own-said") == first["open"]
    for name in consent.QUESTIONS:
        assert fresh.is_disabled("#file")
        fresh.select_option(f"#consent-{name}", "yes")
    assert fresh.is_enabled("#file")
    fresh.select_option("#consent-told", "no")
    assert fresh.is_disabled("#file")
    assert fresh.inner_text("#consent-said") == match._question("told")["no"]
    assert fresh.evaluate("labMatch.tried.state.own.every((one) => one === null)")


def test_ones_own_photograph_is_compared_and_forgotten_and_nothing_is_asked_for(
    fresh: Any, astronaut: np.ndarray
) -> None:
    agree(fresh)
    before = len(fresh.asked)
    done(fresh, lambda: give(fresh, stored(astronaut)))
    assert fresh.inner_text("#name-1") == match.words.SAID["own_name"]
    other = shown.stored(shown.shown().photos[int(fresh.input_value("#side-0"))].row)
    pictures = [np.asarray(Image.open(io.BytesIO(other)).convert("RGB")), astronaut]
    wanted = similarity(*SFaceMatcher().transform(pictures), "cosine")
    said = float(fresh.inner_text("#similarity").split(": ")[1])
    assert said == pytest.approx(wanted, abs=measuring.NEAR_WHOLE)
    assert fresh.inner_text("#python") == ""

    done(fresh, lambda: fresh.click("#forget"))
    assert fresh.evaluate("labMatch.tried.state.own.every((one) => one === null)")
    assert fresh.locator("option[value=own]").count() == 0
    assert fresh.is_disabled("#file") and fresh.is_disabled("#forget")
    assert fresh.evaluate("document.getElementById('file').files.length") == 0
    kept = "[localStorage.length, sessionStorage.length, document.cookie]"
    assert fresh.evaluate(kept) == [0, 0, ""]
    assert fresh.evaluate("indexedDB.databases().then((all) => all.length)") == 0
    assert len(fresh.asked) == before, "no request at all"


def test_two_photographs_of_ones_own_are_compared_with_each_other(
    fresh: Any, astronaut: np.ndarray
) -> None:
    agree(fresh)
    done(fresh, lambda: give(fresh, stored(astronaut)))
    fresh.select_option("#own-side", LEFT)
    done(fresh, lambda: give(fresh, stored(astronaut[:, ::-1])))
    assert float(fresh.inner_text("#similarity").split(": ")[1]) > 0.6
    assert match.words.SAID["own_both"] in fresh.inner_text("#verdict")


def test_a_turned_photograph_is_the_same_face(fresh: Any, astronaut: np.ndarray) -> None:
    """By its EXIF data, and lying where it has none."""
    agree(fresh)
    exif = Image.Exif()
    exif[0x0112] = 6  # to be turned a quarter to the right when shown
    lying = np.rot90(astronaut)
    for content, words in (
        (stored(lying, "JPEG", quality=95, exif=exif), ""),
        (stored(lying), "turned"),
    ):
        fresh.select_option("#own-side", RIGHT)
        done(fresh, lambda content=content: give(fresh, content))
        fresh.select_option("#own-side", LEFT)
        done(fresh, lambda: give(fresh, stored(astronaut)))
        assert float(fresh.inner_text("#similarity").split(": ")[1]) > 0.95
        assert ("turned" in fresh.inner_text("#found-1")) == bool(words)


def test_a_large_photograph_and_one_of_two_people_are_read(
    fresh: Any, astronaut: np.ndarray
) -> None:
    agree(fresh)
    large = np.asarray(Image.fromarray(astronaut).resize((3600, 3600), Image.Resampling.LANCZOS))
    done(fresh, lambda: give(fresh, stored(large, "JPEG", quality=90)))
    assert fresh.inner_text("#name-1") == match.words.SAID["own_name"]
    assert "faces were found" not in fresh.inner_text("#found-1")
    fresh.select_option("#own-side", LEFT)
    small = np.asarray(Image.fromarray(astronaut).resize((300, 300)))
    two = np.full((512, 812, 3), 128, np.uint8)
    two[:, :512] = astronaut
    two[:300, 512:] = small
    done(fresh, lambda: give(fresh, stored(two)))
    assert "2 faces were found" in fresh.inner_text("#found-0")
    assert float(fresh.inner_text("#similarity").split(": ")[1]) > 0.9


def test_what_cannot_be_used_is_told_in_one_sentence(fresh: Any) -> None:
    agree(fresh)
    said = match.words.SAID
    assert give(fresh, b"no picture at all", "a.png") == said["own_no_picture"]
    assert give(fresh, b"", "a.png") == said["own_empty"]
    plain = stored(np.full((200, 200, 3), 90, np.uint8))
    assert give(fresh, plain) == said["own_no_face"]
    assert fresh.inner_text("#found-1") == said["no_face"]
    assert fresh.inner_text("#similarity") == said["no_similarity"]
    assert fresh.inner_text("#verdict") == said["no_verdict"]


# ---- how it looks -------------------------------------------------------------------------------


@pytest.mark.parametrize(("width", "scheme"), [(320, "light"), (360, "dark"), (1280, "light")])
def test_the_page_fits(fresh: Any, shots: Path, width: int, scheme: str) -> None:
    fresh.set_viewport_size({"width": width, "height": 900})
    if scheme == "dark":
        done(fresh, lambda: fresh.emulate_media(color_scheme=scheme))  # it is drawn anew
    fresh.screenshot(path=shots / f"match-{width}-{scheme}.png", full_page=True)
    assert fresh.evaluate("document.documentElement.scrollWidth") <= width
    levels = fresh.evaluate("Array.from(document.querySelectorAll('h1,h2,h3'), (h) => h.tagName)")
    assert levels[0] == "H1" and "H1" not in levels[1:]
    unnamed = "canvas[role=img]:not([aria-label]):not([hidden]), img:not([alt])"
    assert fresh.locator(unnamed).count() == 0
    if scheme == "dark":
        done(fresh, lambda: fresh.emulate_media(color_scheme="light"))

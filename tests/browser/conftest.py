"""A browser for the tests that look at pages, and what must hold for every page."""

from __future__ import annotations

import importlib.util
import os
import re
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

playwright = pytest.importorskip("playwright.sync_api")

BROWSERS = ("chromium", "chromium-browser", "google-chrome")
WAIT = 60_000  # milliseconds: far more than any page needs


@pytest.fixture(scope="session")
def browser() -> Iterator:
    """Chromium without a window.  Missing: a failure where CI=true, else a skip that says so."""
    found = next(filter(None, map(shutil.which, BROWSERS)), None)
    with playwright.sync_playwright() as engine:
        try:
            # Chromium refuses its sandbox to root, and containers often have no other user.
            made = engine.chromium.launch(executable_path=found, args=["--no-sandbox"])
        except playwright.Error as error:
            words = f"no browser to look at pages with: install chromium ({error.message[:200]})"
            if os.environ.get("CI") == "true":
                pytest.fail(words)
            pytest.skip(words)
        yield made
        made.close()


@pytest.fixture(scope="session")
def shots(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Folder for screenshots: what LABKIT_SHOTS names, else a temporary one."""
    named = os.environ.get("LABKIT_SHOTS")
    folder = Path(named) if named else tmp_path_factory.mktemp("shots")
    folder.mkdir(parents=True, exist_ok=True)
    return folder


class Watched:
    """A page with everything noted that must not happen."""

    def __init__(self, browser, **options) -> None:
        self.context = browser.new_context(**options)
        self.page = self.context.new_page()
        self.page.set_default_timeout(WAIT)
        self.errors: list[str] = []
        self.asked: list[str] = []
        self.page.on("pageerror", lambda e: self.errors.append(str(e)))
        self.page.on("console", self._heard)
        self.page.on("request", lambda r: self.asked.append(r.url))

    def _heard(self, message) -> None:
        if message.type in ("error", "warning"):
            self.errors.append(message.text)

    def outside(self) -> list[str]:
        """Requests that are neither the page itself nor made from bytes within it."""
        own = re.compile(r"^(file:|data:|blob:)")
        return [url for url in self.asked if not own.match(url)]


@pytest.fixture
def watch(browser) -> Iterator[Callable[..., Watched]]:
    """Gives pages that are watched; afterwards nothing may have gone wrong on any of them."""
    seen: list[Watched] = []

    def go(width: int, scheme: str = "light", **options) -> Watched:
        size = {"width": width, "height": 900}
        seen.append(Watched(browser, viewport=size, color_scheme=scheme, **options))
        return seen[-1]

    yield go
    for watched in seen:
        errors, outside = watched.errors, watched.outside()
        watched.context.close()
        assert not errors
        assert not outside


@pytest.fixture
def opened_offline(watch) -> Callable:
    """Opens a file without a network."""

    def go(path: Path, width: int, scheme: str = "light"):
        page = watch(width, scheme, offline=True).page
        page.goto(path.as_uri())
        return page

    return go


@pytest.fixture
def show(watch, tmp_path: Path) -> Callable:
    """Opens the one-file page of an explorer."""

    def go(view, width: int = 1000, scheme: str = "light", **options):
        page = watch(width, scheme, **options).page
        page.goto(view.to_html(tmp_path / f"{view.NAME}.html").as_uri())
        page.wait_for_selector(".lx [data-lx=live]", state="attached")
        return page

    return go


AXE = "axe-core@4.14.1"
"""The checker of accessible pages that npm has; ``npm install --prefix FOLDER`` and LABKIT_NODE."""
RULES_THAT_PASS = 10  # on any page of ours at least so many find something that is in order


def _axe() -> Path | None:
    """The file of axe-core below ``LABKIT_NODE``, or the older one in axe-playwright-python."""
    named = os.environ.get("LABKIT_NODE")
    script = Path(named) / "node_modules" / "axe-core" / "axe.min.js" if named else None
    if script is not None and script.is_file():
        return script
    if os.environ.get("CI") == "true":
        return None
    found = importlib.util.find_spec("axe_playwright_python")
    inside = Path(found.origin).with_name("axe.min.js") if found and found.origin else None
    return inside if inside is not None and inside.is_file() else None


@pytest.fixture(scope="session")
def axe() -> Callable[..., list[dict]]:
    """``axe(page)`` lets axe look at a page: nothing serious or critical may be found.

    It gives what else it finds, each with its rule (``id``), ``impact`` and the ``html`` of the
    first place, for tests that ask for more.  Missing: a failure where CI=true, else a skip.
    """
    script = _axe()
    if script is None:
        words = f"no axe to check pages with: npm install --prefix FOLDER {AXE}, LABKIT_NODE=FOLDER"
        if os.environ.get("CI") == "true":
            pytest.fail(words)
        pytest.skip(words)
    source = script.read_text("utf-8")

    def look(page) -> list[dict]:
        page.evaluate(source)
        found = page.evaluate("axe.run(document, { resultTypes: ['violations'] })")
        assert len(found["passes"]) > RULES_THAT_PASS, "it did not look"
        all_ = [
            {"id": v["id"], "impact": v["impact"], "html": v["nodes"][0]["html"][:160]}
            for v in found["violations"]
        ]
        bad = [v for v in all_ if v["impact"] in ("serious", "critical")]
        assert bad == [], page.url
        return all_

    return look

"""How near the matcher in the page "Match two faces" comes to the one in Python.

    python benchmarks/match.py     to benchmarks/results/match.md

It makes the page, opens it from a file in Chromium with the network off, and compares photographs
of invented people through the page and through Python: the same cut-out face through both, and the
whole path from the picture.  onnxruntime-web has to be there (docs/match.md says how).
"""

from __future__ import annotations

import base64
import itertools
import os
import platform
import shutil
import sys
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

os.environ.setdefault("OMP_NUM_THREADS", "1")

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

import numpy as np  # noqa: E402
from numpy.typing import NDArray  # noqa: E402

from labkit import data  # noqa: E402
from labkit.app.site import match, scripts  # noqa: E402
from labkit.app.site.frame import Site  # noqa: E402
from labkit.app.site.match import runtime, shown  # noqa: E402
from labkit.base.files import write_whole  # noqa: E402
from labkit.matchers import SFaceMatcher, network  # noqa: E402
from labkit.measure.scores import paired_scores  # noqa: E402

RESULTS = ROOT / "benchmarks" / "results" / "match.md"
PAIRS = 50
NEAR_CHIP, NEAR_WHOLE = 0.001, 0.02
"""How far a similarity of the page may lie from Python's: of the same cut-out, of a picture."""

NEAR_ROUNDED = 0.01
"""The same for AnytownNet as labkit runs it: on some processors onnxruntime then rounds what goes
into the last layer to 8 bits, and in the page it does not."""

WAIT = 600_000  # milliseconds: far more than the page needs

ASKED = """async ([pictures, chips, town]) => {
  const { bytes, described, shipped, state, templateOf, townTemplate, data } = labMatch.tried;
  const { networks } = state;
  const square = (side, text) => ({ width: side, height: side, data: bytes(text) });
  const [whole, times, cut, ours] = [[], [], [], []];
  for (const address of pictures) {
    const picture = await shipped(address);
    const before = performance.now();
    const found = await described(picture, networks, data.rules);
    times.push(performance.now() - before);
    whole.push(found && Array.from(found.template));
  }
  for (const chip of chips) cut.push(Array.from(await templateOf(square(112, chip), networks)));
  for (const chip of town) ours.push(Array.from(await townTemplate(square(64, chip), networks)));
  return { whole, times, cut, ours };
}"""


@dataclass(frozen=True)
class Measured:
    """Similarities of pairs, by the page and by Python, and what a face takes.

    Parameters
    ----------
    chip, whole
        How far the page's similarities lie from Python's: by SFace, of the same cut-out and of the
        pictures.  Shape (pairs,).
    town, town_rounded
        The same by AnytownNet, of the same cut-out: computed as its file says, and as labkit runs
        it.
    seconds
        For each picture, from its pixels to its numbers.
    """

    chip: NDArray[np.float64]
    whole: NDArray[np.float64]
    town: NDArray[np.float64]
    town_rounded: NDArray[np.float64]
    seconds: NDArray[np.float64]


def made(folder: Path) -> Path:
    """The page and what every page of the site loads, in a folder; its path."""
    site = Site(ROOT, "en", b"")
    wanted = (scripts.SHEET, scripts.SCRIPT)
    for product in itertools.chain(scripts.products(site), match.products(site)):
        if product.name in (*wanted, match.AT):
            product.write(folder)
    return folder / match.AT


def ready(page: Any, path: Path) -> None:
    """Open the page, bring the matcher, and wait until it has compared."""
    page.goto(path.as_uri())
    page.click("#bring")
    page.wait_for_selector("body[data-match=ready]", timeout=WAIT)


def pairs() -> Iterator[tuple[int, int]]:
    """Photographs of two people, and of one, in turns, spread over the whole set."""
    faces = data.load(shown.SHOWN_OF)
    people, photos = len(faces.people), len(faces) // len(faces.people)
    found = faces.images["status"].to_numpy() == "ok"
    step = people // PAIRS
    made = 0
    for k in range(people):
        first = k * photos + k % photos
        other = k * photos + (k + 3) % photos if k % 2 else ((k + 7) % people) * photos
        if k >= made * step and found[first] and found[other] and made < PAIRS:
            made += 1
            yield first, other


def measured(page: Any) -> Measured:
    """What the page gives for :data:`PAIRS` pairs, beside what Python gives."""
    faces, chosen = data.load(shown.SHOWN_OF), list(pairs())
    rows = sorted({row for pair in chosen for row in pair})
    matcher = SFaceMatcher(progress=False)
    pictures = [faces.pictures[row] for row in rows]
    cut = [matcher.find(picture) for picture in pictures]
    assert all(found is not None for found in cut)
    chips = [found.chip for found in cut if found is not None]
    town = [shown.chip(row) for row in rows]
    sent = [
        ["data:image/webp;base64," + _text(shown.stored(row)) for row in rows],
        [_text(chip.tobytes()) for chip in chips],
        [_text(chip.tobytes()) for chip in town],
    ]
    got = page.evaluate(ASKED, sent)
    by_python = matcher.transform(pictures)
    where = [tuple(rows.index(row) for row in pair) for pair in chosen]

    def apart(templates: list[list[float]], python: NDArray[np.float32]) -> NDArray[np.float64]:
        return np.abs(_similar(np.array(templates, np.float32), where) - _similar(python, where))

    return Measured(
        apart(got["cut"], by_python),
        apart(got["whole"], by_python),
        apart(got["ours"], _as_written(np.stack(town))),
        apart(got["ours"], network.describe(np.stack(town))),
        np.array(got["times"]) / 1000,
    )


def _as_written(chips: NDArray[np.uint8]) -> NDArray[np.float32]:
    """AnytownNet's templates, every step computed as its file says."""
    import onnxruntime

    options = onnxruntime.SessionOptions()
    options.graph_optimization_level = onnxruntime.GraphOptimizationLevel.ORT_DISABLE_ALL
    options.log_severity_level = 3
    content = match.networks()["anytownnet"]
    session = onnxruntime.InferenceSession(content, options, providers=["CPUExecutionProvider"])
    return network.described(session, chips)


def _similar(
    templates: NDArray[np.float32], where: Sequence[tuple[int, ...]]
) -> NDArray[np.float64]:
    first, second = (templates[[pair[k] for pair in where]] for k in (0, 1))
    return np.asarray(paired_scores(first, second, "cosine"), np.float64)


def _text(content: bytes) -> str:
    return base64.b64encode(content).decode("ascii")


def report(found: Measured, browser: str) -> str:
    """The file of results."""
    middle, longest = np.median(found.seconds), found.seconds.max()
    rows = [
        ("SFace, the same cut-out face", found.chip, NEAR_CHIP),
        ("SFace, from the picture on", found.whole, NEAR_WHOLE),
        ("AnytownNet, the same cut-out face, as its file says", found.town, NEAR_CHIP),
        ("AnytownNet, the same, as labkit runs it", found.town_rounded, NEAR_ROUNDED),
    ]
    table = "\n".join(
        f"| {name} | {len(apart)} | {apart.max():.1e} | {np.median(apart):.1e} | {near:g} |"
        for name, apart, near in rows
    )
    return f"""# The matcher in the page, beside the one in Python

Made by `python benchmarks/match.py`. Pairs of photographs of invented people of `{shown.SHOWN_OF}`,
half of them of one person; how far the similarity that the page computes lies from Python's
(OpenCV for SFace, onnxruntime for AnytownNet). The page was opened from a file, with the network
off, in Chromium {browser}, with onnxruntime-web {runtime.VERSION} on one thread.

| what | pairs | largest difference | median | allowed |
|---|---|---|---|---|
{table}

As labkit runs AnytownNet, onnxruntime rounds what goes into its last layer to 8 bits on some
processors; the page computes what the file says.

Seconds for a face by SFace, from the pixels to the numbers, with the looks from several sides that
tell how it lies: median {middle:.2f}, longest {longest:.2f}, over {len(found.seconds)} pictures, on
{platform.machine()} with {os.cpu_count()} processors that other work shared: a quiet one is faster.
"""


def main() -> None:
    """Make the page, measure, write the results."""
    from playwright.sync_api import sync_playwright

    if runtime.find(ROOT) is None:
        raise SystemExit(runtime.missing(match.AT))
    names = ("chromium", "chromium-browser", "google-chrome")
    program = next(filter(None, map(shutil.which, names)), None)
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as engine:
        path = made(Path(folder))
        browser = engine.chromium.launch(executable_path=program, args=["--no-sandbox"])
        page = browser.new_context(offline=True).new_page()
        ready(page, path)
        text = report(measured(page), browser.version)
        browser.close()
    write_whole(RESULTS, text.encode("utf-8"))
    print(text)


if __name__ == "__main__":
    main()

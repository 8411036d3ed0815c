"""A report on any matcher: who was tested, how often it errs, for whom, and how sure that is.

In: a CSV of scored pairs of any matcher in the world (:mod:`labkit.audit.csv` says its columns),
templates with people and groups, or :class:`labkit.measure.scores.AllPairs`.  Out: an
:class:`AuditReport`, one HTML file that needs nothing else, and its numbers as tables.

    python -m labkit.audit.command scores.csv --out report.html --fmr 1e-3
    python -m labkit.audit.command --lab dlib --out dlib.html

The same input gives the same bytes.  The report covers what the scope of ISO/IEC 19795-10 names; no
conformity is claimed.
"""

from __future__ import annotations

import argparse
import math
import shlex
import sys
from collections.abc import Hashable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from labkit.audit.csv import read_pairs
from labkit.audit.page import tick
from labkit.audit.pairs import PairList, PairTable
from labkit.audit.report import GIVEN, SAME_PEOPLE, Facts, Point
from labkit.base.files import write_whole
from labkit.measure.disparity import ALL_OTHERS, group_table
from labkit.measure.rates import choose_threshold
from labkit.measure.scores import AllPairs, all_pairs

if TYPE_CHECKING:
    import pandas as pd

GALLERIES = (1_000, 10_000, 25_000, 1_000_000)
"""Sizes of galleries for which a report says what the measured FMR means."""

DEFAULT_RATES = (1e-3, 1e-2, 1e-1)
"""FMRs tried one after the other when nobody gave a threshold or an FMR."""


@dataclass(frozen=True, eq=False)
class AuditReport:
    """A finished audit, from :func:`audit`.

    Parameters
    ----------
    html
        The whole page.
    tables
        Its numbers: ``who``, ``rates`` (one row for each group and rate), ``spread``,
        ``contrasts``, ``search``, ``thresholds``, ``highest``.
    threshold
        The operating point, larger meaning more alike.
    """

    html: str = field(repr=False)
    tables: dict[str, pd.DataFrame] = field(repr=False)
    threshold: float

    def write(self, path: str | Path) -> Path:
        """Write the page, whole or not at all; the path it was written to."""
        place = checked_out(path)
        write_whole(place, self.html.encode())
        return place


def checked_out(path: str | Path) -> Path:
    """A path that a report can be written to; ``ValueError`` with one sentence if it cannot be."""
    place = Path(path)
    if place.suffix.lower() not in (".html", ".htm"):
        raise ValueError(f"{path} is no .html: give a file name that ends in .html")
    if place.is_dir():
        raise ValueError(f"{path} is a folder: give a file name that ends in .html")
    if not place.parent.is_dir():
        raise ValueError(f"the folder {place.parent} does not exist: make it first")
    return place


# ---- the audit ----------------------------------------------------------------------------------


def audit(
    source: str | Path | AllPairs | ArrayLike,
    people: ArrayLike | None = None,
    groups: ArrayLike | None = None,
    *,
    measure: str = "euclidean",
    names: Sequence[Hashable] | None = None,
    pictures: Sequence[str] | None = None,
    threshold: float | None = None,
    fmr: float | None = None,
    chosen_on: str = "",
    distance: bool = False,
    reference: Hashable = ALL_OTHERS,
    galleries: Sequence[int] = GALLERIES,
    title: str = "",
    about: Sequence[tuple[str, str]] = (),
    limits: Sequence[str] = (),
    command: str = "",
    date: str = "",
    show_names: bool = True,
) -> AuditReport:
    """A report on a matcher, at one operating point.

    Parameters
    ----------
    source
        The path of a CSV of scored pairs (see :func:`labkit.audit.csv.read_pairs`),
        :class:`~labkit.measure.scores.AllPairs`, or templates of shape (n, d), NaN where there is
        none.
    people
        Number of the person in each picture, shape (n,); for templates only.
    groups
        Group of each picture, shape (n,); for templates and AllPairs.
    measure
        How templates are compared, one of :data:`labkit.measure.scores.MEASURES`.
    names
        The groups in the order wanted.
    pictures
        Names of the pictures, shape (n,); for templates and AllPairs.
    threshold
        The operating point, in the unit of the scores: a match is ``score >= threshold``, or
        ``distance <= threshold`` with ``distance``.
    fmr
        Instead: choose the lowest threshold at which the mean of the FMRs within groups (without
        groups: the FMR) is at most this, on the people reported on; the report says what that
        means.  Without either, the first of :data:`DEFAULT_RATES` that these people carry.
    chosen_on
        Where a given threshold comes from, in words.
    distance
        The CSV's scores are distances: smaller means more alike.
    reference
        The group that others are compared with, chosen before anyone looked; without it each group
        is compared with all others together.
    galleries
        Sizes of galleries for the part on searches.
    title
        Heading of the report.
    about
        Further lines of "what was tested": name, value.
    limits
        Further sentences of "what this report does not show".
    command
        The command to print under "how to reproduce".
    date
        Printed when given; nothing is dated otherwise, so that the same input gives the same bytes.
    show_names
        Whether the highest impostor scores name pictures and people.

    Returns
    -------
    AuditReport

    Raises
    ------
    ValueError
        With one sentence, when the input cannot be audited (:class:`~labkit.audit.csv.BadFile` for
        a CSV).

    Examples
    --------
    >>> rng = np.random.default_rng(0)
    >>> people = np.repeat(np.arange(60), 3)
    >>> faces = rng.normal(size=(60, 8))[people] + 0.3 * rng.normal(size=(180, 8))
    >>> report = audit(faces, people, np.array(["a", "b"])[people % 2], fmr=0.05)
    >>> report.tables["rates"].query("rate == 'fmr'")["group"].tolist()
    ['everyone', 'a', 'b']
    """
    if threshold is not None and fmr is not None:
        raise ValueError("give a threshold or an FMR, not both")
    if any(n < 1 for n in galleries) or not galleries:
        raise ValueError("a gallery holds at least one person: give sizes such as 1000")
    pairs = _source(source, people, groups, measure, names, pictures, distance)
    point = _point(pairs, threshold, fmr, chosen_on, distance)
    facts = Facts(
        pairs,
        point,
        distance,
        reference,
        tuple(galleries),
        title or f"Audit of {pairs.name}",
        tuple(about),
        tuple(limits),
        command,
        date,
        show_names,
    )
    return AuditReport(facts.html(), facts.tables(), point.value)


def _source(
    source: Any, people: Any, groups: Any, measure: str, names: Any, pictures: Any, distance: bool
) -> PairList | PairTable:
    if isinstance(source, str | Path):
        if people is not None or groups is not None:
            raise ValueError("a CSV has its people and groups in columns: leave people, groups out")
        return read_pairs(source, distance=distance)
    if distance:
        raise ValueError("distance is for a CSV: templates are compared by measure=")
    if not isinstance(source, AllPairs):
        if people is None:
            raise ValueError("templates need the number of the person in each: give people=")
        source = all_pairs(source, people, measure)
    labels: NDArray[np.object_] | None = None
    order: list[Hashable] = []
    if groups is not None:
        counted = group_table(source, groups, 0.0, names=names)
        order = [r.name for r in counted.rows if len(r.people)]
        labels = np.asarray(groups).astype(object)
    if pictures is not None and len(pictures) != len(source):
        raise ValueError(f"{len(pictures)} names for {len(source)} pictures: give one each")
    table = PairTable(source, labels, order, None if pictures is None else list(pictures))
    table.check()
    return table


def _point(
    pairs: PairList | PairTable,
    threshold: float | None,
    rate: float | None,
    chosen_on: str,
    distance: bool,
) -> Point:
    if threshold is not None:
        value = -threshold if distance else threshold
        ends = [float(f(s)) for s in (pairs.genuine, pairs.impostor) for f in (np.min, np.max)]
        low, high = min(ends), max(ends)
        if math.isnan(value) or not low <= value <= high:
            said = sorted(abs(x) for x in (low, high)) if distance else (low, high)
            where = "is no number" if math.isnan(value) else "lies outside all scores seen"
            raise ValueError(
                f"threshold {threshold:g} {where} ({said[0]:g} to {said[1]:g}): give one between"
                " them"
            )
        words = f"The threshold was chosen on {chosen_on}." if chosen_on else GIVEN
        return Point(float(np.float32(value)), math.nan, False, words)
    if rate is not None:
        if not 0 < rate < 1:
            raise ValueError(f"FMR {rate:g} is no rate to aim at: give one such as 1e-3")
        return Point(pairs.threshold_at(rate), rate, True, SAME_PEOPLE)
    refused: ValueError | None = None
    for rate in DEFAULT_RATES:
        try:
            value = pairs.threshold_at(rate)
        except ValueError as error:
            refused = refused or error
            continue
        extra = "" if rate == DEFAULT_RATES[0] else " These people are too few for a lower one."
        return Point(value, rate, True, f"Nobody gave a threshold.{extra} {SAME_PEOPLE}")
    raise refused or ValueError("no threshold could be chosen")


# ---- the lab's own matchers ---------------------------------------------------------------------

LAB = ("dlib", "Fisherfaces", "Eigenfaces")
BY = {"tone": "tone_band", "presentation": "presentation_half"}
ORDERS = {"tone": ["lighter", "medium", "darker"], "presentation": ["lower", "upper"]}
LAB_RATE = 1e-2

LAB_LIMITS = (
    "Anything about real people. The people of Anytown are invented; tone bands and presentation"
    " halves are drawing parameters, not races or genders. Tone was drawn independently of the"
    " shape of the face, so differences in false matches that come from face shape or ancestry"
    " cannot appear here.",
)
AT_HOME = (
    "Which matcher is better on photographs: Eigenfaces and Fisherfaces were fitted on other people"
    " drawn by the same program, dlib's network on photographs of real people.",
)


def lab_audit(
    matcher: str, by: str = "tone", rate: float = LAB_RATE, **options: Any
) -> AuditReport:
    """The report on one of the lab's three matchers: threshold chosen on dev, reported on eval.

    Parameters
    ----------
    matcher
        One of :data:`LAB`, in any case.
    by
        ``"tone"`` or ``"presentation"``: the groups.
    rate
        Mean FMR within groups that the threshold is chosen at, on dev people.
    **options
        Given to :func:`audit`.
    """
    from labkit import data

    known = {name.lower(): name for name in LAB}
    if matcher.lower() not in known:
        raise ValueError(f"there is no matcher {matcher!r} here: use one of {', '.join(LAB)}")
    if by not in BY:
        raise ValueError(f"there are no groups {by!r}: use one of {', '.join(BY)}")
    name = known[matcher.lower()]
    dev, rest = data.load("anytown/dev"), data.load("anytown/eval")
    (of_dev, of_rest), measure = _templates(name, dev, rest)
    chosen = choose_threshold(
        all_pairs(of_dev, dev.of("person"), measure), rate, cells=dev.of(BY[by]).astype(str)
    )
    people = len(dev.people)
    about = [
        ("Matcher", f"{name}, compared by {measure}"),
        ("Pictures", "anytown/eval: invented people, drawn by this project"),
        ("Groups", f"{by}, a drawing parameter of invented people"),
    ]
    return audit(
        all_pairs(of_rest, rest.of("person"), measure),
        groups=rest.of(BY[by]).astype(str),
        names=ORDERS[by],
        pictures=[f"eval_{i}" for i in range(len(rest))],
        **{
            "threshold": chosen.value,
            "about": about,
            "limits": (*LAB_LIMITS, *AT_HOME),
            "chosen_on": f"{people} other people of Anytown (dev), at a mean FMR within groups of"
            f" {tick(rate)}",
            "title": f"Audit of {name} on the people of Anytown",
            **options,
        },
    )


def _templates(name: str, dev: Any, rest: Any) -> tuple[tuple[Any, Any], str]:
    """Templates of two sets by one matcher, and how they are compared."""
    if name == "dlib":
        return (dev.templates, rest.templates), "euclidean"
    from labkit import data
    from labkit.matchers import Eigenfaces, Fisherfaces

    train = data.load("anytown/train")
    kind = {"Eigenfaces": Eigenfaces, "Fisherfaces": Fisherfaces}[name]
    fitted = kind().fit(train.crops, train.of("person"))
    return (fitted.transform(dev.crops), fitted.transform(rest.crops)), fitted.measure


# ---- command line -------------------------------------------------------------------------------

EXAMPLES = """\
columns of the CSV:
  required  probe, gallery (names of pictures), same_person (1 or 0), score
  optional  probe_person, gallery_person    who is in each; without them intervals are too narrow
            probe_group, gallery_group      or one column group for both
            status                          failed, with an empty score: could not be compared
examples:
  python -m labkit audit scores.csv --out report.html --threshold 0.62
  python -m labkit audit distances.csv --out report.html --distance --fmr 1e-3
  python -m labkit audit --lab dlib --out dlib.html
"""


def parser() -> argparse.ArgumentParser:
    """What can be typed."""
    top = argparse.ArgumentParser(
        prog="python -m labkit audit",
        description="A report on any matcher, from a CSV of scored pairs.",
        epilog=EXAMPLES,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    top.add_argument("scores", nargs="?", metavar="scores.csv", help="scored pairs")
    top.add_argument("--lab", metavar="MATCHER", help=f"a matcher of the lab: {', '.join(LAB)}")
    top.add_argument("--by", choices=list(BY), help="groups of the lab's people (tone)")
    top.add_argument("--out", required=True, metavar="report.html", help="where to write")
    top.add_argument("--distance", action="store_true", help="smaller scores mean more alike")
    point = top.add_mutually_exclusive_group()
    point.add_argument("--threshold", type=float, metavar="T", help="the operating point")
    point.add_argument(
        "--fmr",
        type=float,
        metavar="X",
        help="choose the threshold at this FMR, on the same people (1e-3, if they are enough)",
    )
    top.add_argument("--reference", metavar="GROUP", help="group to compare the others with")
    top.add_argument(
        "--gallery",
        type=int,
        action="append",
        metavar="N",
        help=f"size of a gallery, may be repeated ({', '.join(map(str, GALLERIES))})",
    )
    top.add_argument("--title", default="", help="heading of the report")
    top.add_argument("--date", default="", help="a date to print; none is printed otherwise")
    top.add_argument(
        "--no-names", action="store_true", help="leave names of pictures and people out"
    )
    return top


def _command(args: argparse.Namespace) -> str:
    """The command as it can be typed again; files by their names, without their folders."""
    words = ["python", "-m", "labkit", "audit"]
    words += ["--lab", args.lab] if args.lab else [Path(args.scores).name]
    for name in ("by", "threshold", "fmr", "reference", "title", "date"):
        value = getattr(args, name)
        if value not in (None, ""):
            words += [f"--{name}", f"{value:g}" if isinstance(value, float) else str(value)]
    for size in args.gallery or ():
        words += ["--gallery", str(size)]
    words += [f"--{n}" for n in ("distance", "no-names") if getattr(args, n.replace("-", "_"))]
    return shlex.join([*words, "--out", "report.html"])


def run(args: argparse.Namespace) -> int:
    """Make the report that was asked for."""
    if (args.scores is None) == (args.lab is None):
        raise ValueError("give a CSV of scored pairs, or one matcher of the lab with --lab")
    out = checked_out(args.out)
    options: dict[str, Any] = {
        "command": _command(args),
        "date": args.date,
        "show_names": not args.no_names,
        "galleries": tuple(args.gallery or GALLERIES),
        "reference": args.reference or ALL_OTHERS,
    }
    if args.title:
        options["title"] = args.title
    if args.lab:
        if args.distance or args.threshold is not None:
            raise ValueError(
                "--lab chooses its threshold on dev people: leave out --distance and --threshold"
            )
        report = lab_audit(args.lab, args.by or "tone", args.fmr or LAB_RATE, **options)
    else:
        if args.by:
            raise ValueError("--by is for --lab: a CSV has its groups in columns")
        if out.exists() and out.samefile(args.scores):
            raise ValueError(f"{out} is the input: give another name with --out")
        report = audit(
            args.scores, distance=args.distance, threshold=args.threshold, fmr=args.fmr, **options
        )
    report.write(out)
    print(f"{out}: {len(report.html) / 1e3:.0f} kB; open it in a browser")
    return 0


def main(argv: Sequence[str] | None = None) -> int:
    """Run the command; 0 when the report was written, 2 with one sentence when it was not."""
    args = parser().parse_args(argv)
    try:
        return run(args)
    except (ValueError, OSError) as error:
        print(f"labkit: {error}", file=sys.stderr)
        return 2


if __name__ == "__main__":
    sys.exit(main())

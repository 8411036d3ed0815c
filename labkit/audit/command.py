"""The command of an audit: words typed, a report written.

    python -m labkit.audit.command scores.csv --out report.html --fmr 1e-3
    python -m labkit.audit.command --lab dlib --out dlib.html

In: what was typed.  Out: an HTML file, or one sentence that says what is wrong.
"""

from __future__ import annotations

import argparse
import shlex
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from labkit.audit import lab
from labkit.audit.report import GALLERIES, audit, checked_out
from labkit.base.words import _
from labkit.matchers import registry as matchers
from labkit.measure.disparity import ALL_OTHERS

EXAMPLES = _(
    """\
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
)


def parser() -> argparse.ArgumentParser:
    """What can be typed."""
    known, sizes = (
        ", ".join(entry.name for entry in matchers.offline()),
        ", ".join(map(str, GALLERIES)),
    )
    top = argparse.ArgumentParser(
        prog="python -m labkit audit",
        description=_("A report on any matcher, from a CSV of scored pairs."),
        epilog=EXAMPLES,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    top.add_argument("scores", nargs="?", metavar="scores.csv", help=_("scored pairs"))
    top.add_argument(
        "--lab", metavar="MATCHER", help=_("a matcher of the lab: {known}").format(known=known)
    )
    top.add_argument("--by", choices=list(lab.BY), help=_("groups of the lab's people (tone)"))
    top.add_argument("--out", required=True, metavar="report.html", help=_("where to write"))
    top.add_argument("--distance", action="store_true", help=_("smaller scores mean more alike"))
    point = top.add_mutually_exclusive_group()
    point.add_argument("--threshold", type=float, metavar="T", help=_("the operating point"))
    point.add_argument(
        "--fmr",
        type=float,
        metavar="X",
        help=_("choose the threshold at this FMR, on the same people (1e-3, if they are enough)"),
    )
    top.add_argument("--reference", metavar="GROUP", help=_("group to compare the others with"))
    top.add_argument(
        "--gallery",
        type=int,
        action="append",
        metavar="N",
        help=_("size of a gallery, may be repeated ({sizes})").format(sizes=sizes),
    )
    top.add_argument("--title", default="", help=_("heading of the report"))
    top.add_argument("--date", default="", help=_("a date to print; none is printed otherwise"))
    top.add_argument(
        "--no-names", action="store_true", help=_("leave names of pictures and people out")
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
        raise ValueError(_("give a CSV of scored pairs, or one matcher of the lab with --lab"))
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
                _("--lab chooses its threshold on dev people: leave out --distance and --threshold")
            )
        report = lab.lab_audit(args.lab, args.by or "tone", args.fmr or lab.RATE, **options)
    else:
        if args.by:
            raise ValueError(_("--by is for --lab: a CSV has its groups in columns"))
        if out.exists() and out.samefile(args.scores):
            raise ValueError(
                _("{file} is the input: give another name with --out").format(file=out)
            )
        report = audit(
            args.scores, distance=args.distance, threshold=args.threshold, fmr=args.fmr, **options
        )
    report.write(out)
    size = f"{len(report.html) / 1e3:.0f}"
    print(_("{file}: {size} kB; open it in a browser").format(file=out, size=size))
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
